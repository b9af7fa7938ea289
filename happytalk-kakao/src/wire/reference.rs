//! `POST {domain}/reference`: the customer asked for a consultation (메타 정보).
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21). It may come after the
//! first `message`, several times in one session, or never.

use std::collections::BTreeMap;

use happytalk_core::id::{AccountId, CustomerId, SessionId};
use happytalk_core::inbound::Private;
use happytalk_core::{Inbound, InboundKind};
use serde::Deserialize;

use super::identity::Identity;
use super::lenient::{Id, Loose, Millis, Nested};
use super::metadata::{LAST_REFERENCE, Metadata};
use crate::error::Error;

/// The body.
#[derive(Deserialize)]
pub(crate) struct Reference {
    user_key: Option<Id<CustomerId>>,
    sender_key: Option<Id<AccountId>>,
    session_id: Option<Id<SessionId>>,
    time: Option<Millis>,
    #[serde(default)]
    app_user_id: Loose,
    #[serde(default)]
    reference: Nested<Metadata>,
    #[serde(default)]
    last_reference: Nested<Metadata>,
}

impl Reference {
    /// The customer entered. Of `reference` the parameters have its own names, of `last_reference` that prefix;
    /// `bot` is whichever of the two says it, and so no parameter.
    pub(crate) fn into_inbound(self, account: Option<&AccountId>) -> Result<Inbound, Error> {
        let identity = Identity {
            user_key: self.user_key,
            sender_key: self.sender_key,
            session_id: self.session_id,
            time: self.time,
        };
        let Nested(mut reference) = self.reference;
        let Nested(mut last_reference) = self.last_reference;
        let last_bot = last_reference.take_bot();
        let bot = reference.take_bot().or(last_bot);

        let mut parameters = BTreeMap::new();
        if let Some(app_user_id) = self.app_user_id.non_empty() {
            parameters.insert("app_user_id".to_owned(), Private::from(app_user_id));
        }
        reference.fill("", &mut parameters);
        last_reference.fill(LAST_REFERENCE, &mut parameters);
        let what = InboundKind::Entered {
            parameters: (!parameters.is_empty()).then_some(parameters),
            inflow: None,
            referrer: None,
            bot,
        };
        identity.into_inbound(account, what)
    }
}
