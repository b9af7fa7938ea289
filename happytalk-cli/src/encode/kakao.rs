//! What `encode kakao` reads: what any channel is asked to do, and what Kakao alone has.

use std::fmt;

use happytalk_core::id::{AccountId, CustomerId, MessageId};
use happytalk_core::{Action, Outbound};
use happytalk_kakao::{Bubble, CentreCall, Config, Dialect, encode, encode_bubble, encode_call};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// One thing to be asked.
pub(super) enum Line {
    /// `action`: of any channel.
    Outbound(Outbound),
    /// `bubble`: a message as Kakao draws it.
    Bubble {
        id: MessageId,
        account: AccountId,
        customer: CustomerId,
        bubble: Box<Bubble>,
    },
    /// `call`: of the centre.
    Call {
        account: AccountId,
        call: Box<CentreCall>,
    },
}

impl Line {
    pub(super) fn requests(&self, dialect: Dialect) -> Result<Vec<http::Request<Vec<u8>>>, String> {
        let config =
            |account: &AccountId| Config::for_display(account.clone()).with_dialect(dialect);
        match self {
            Self::Outbound(outbound) => encode(outbound, &config(&outbound.account)),
            Self::Bubble {
                id,
                account,
                customer,
                bubble,
            } => {
                // What is looked at and never sent may be in the shape that is likely.
                let config = config(account).with_unconfirmed();
                encode_bubble(id, customer, bubble, &config).map(|request| vec![request])
            }
            Self::Call { account, call } => {
                encode_call(call, &config(account)).map(|request| vec![request])
            }
        }
        .map_err(|error| error.to_string())
    }
}

#[derive(Deserialize)]
struct Members {
    id: Option<MessageId>,
    account: Option<AccountId>,
    customer: Option<CustomerId>,
    action: Option<Action>,
    bubble: Option<Bubble>,
    call: Option<CentreCall>,
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LineVisitor;
        impl<'de> Visitor<'de> for LineVisitor {
            type Value = Line;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with an action, a bubble or a call")
            }
            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Line, A::Error> {
                let members = Members::deserialize(MapAccessDeserializer::new(members))?;
                let missing = A::Error::missing_field;
                if let (Some(call), Some(account)) = (members.call, &members.account) {
                    return Ok(Line::Call {
                        account: account.clone(),
                        call: Box::new(call),
                    });
                }
                let id = members.id.ok_or_else(|| missing("id"))?;
                let account = members.account.ok_or_else(|| missing("account"))?;
                let customer = members.customer.ok_or_else(|| missing("customer"))?;
                match (members.bubble, members.action) {
                    (Some(bubble), _) => Ok(Line::Bubble {
                        id,
                        account,
                        customer,
                        bubble: Box::new(bubble),
                    }),
                    (None, Some(action)) => {
                        Ok(Line::Outbound(Outbound::new(id, account, customer, action)))
                    }
                    (None, None) => Err(missing("action")),
                }
            }
        }
        deserializer.deserialize_map(LineVisitor)
    }
}
