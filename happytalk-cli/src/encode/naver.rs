//! What TalkTalk is asked for: what every channel can do, or what it alone has.

use std::fmt;

use happytalk_core::Outbound;
use happytalk_core::id::{AccountId, CustomerId, MessageId};
use happytalk_core::outbound::Action;
use happytalk_naver::message::{Menu, Message, SendOptions};
use serde::de::value::MapAccessDeserializer;
use serde::de::{Error as _, MapAccess, Visitor};
use serde::{Deserialize, Deserializer};

/// One thing to ask for.
#[derive(Debug)]
pub(super) enum Line {
    /// An Outbound.
    Outbound(Outbound),
    /// A message of TalkTalk's own: `{"customer":…,"talk":{…}}`.
    Message(CustomerId, Box<Message>),
    /// The fixed menu, with its levels: `{"menu":{…}}`.
    Menu(Menu),
    /// A picture to hand over: `{"upload":"https://…"}`.
    Upload(String),
}

#[derive(Deserialize)]
struct Members {
    id: Option<MessageId>,
    account: Option<AccountId>,
    customer: Option<CustomerId>,
    action: Option<Action>,
    talk: Option<Box<Message>>,
    menu: Option<Menu>,
    upload: Option<String>,
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct LineVisitor;
        impl<'de> Visitor<'de> for LineVisitor {
            type Value = Line;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object with an action, a talk, a menu or an upload")
            }
            fn visit_map<A: MapAccess<'de>>(self, members: A) -> Result<Line, A::Error> {
                let members = Members::deserialize(MapAccessDeserializer::new(members))?;
                let missing = A::Error::missing_field;
                if let Some(message) = members.talk {
                    let customer = members.customer.ok_or_else(|| missing("customer"))?;
                    return Ok(Line::Message(customer, message));
                }
                if let Some(menu) = members.menu {
                    return Ok(Line::Menu(menu));
                }
                if let Some(image_url) = members.upload {
                    return Ok(Line::Upload(image_url));
                }
                Ok(Line::Outbound(Outbound::new(
                    members.id.ok_or_else(|| missing("id"))?,
                    members.account.ok_or_else(|| missing("account"))?,
                    members.customer.ok_or_else(|| missing("customer"))?,
                    members.action.ok_or_else(|| missing("action"))?,
                )))
            }
        }
        deserializer.deserialize_map(LineVisitor)
    }
}

impl Line {
    /// The requests, what is said in the way of every channel sent as `options` say.
    pub(super) fn requests(
        &self,
        options: SendOptions,
    ) -> Result<Vec<http::Request<Vec<u8>>>, String> {
        let one = match self {
            Self::Outbound(outbound) => {
                let requests = happytalk_naver::encode_with(outbound, options);
                return requests.map_err(|error| error.to_string());
            }
            Self::Message(customer, message) => happytalk_naver::encode_message(customer, message),
            Self::Menu(menu) => happytalk_naver::encode_menu(menu),
            Self::Upload(image_url) => happytalk_naver::encode_image_upload(image_url),
        };
        one.map(|request| vec![request])
            .map_err(|error| error.to_string())
    }
}
