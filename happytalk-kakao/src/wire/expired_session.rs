//! `POST {domain}/expired_session`: the session is over, for whatever reason; none is given.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21). It also answers an end
//! or a block of our own, so it may come for what is closed already.

use happytalk_core::id::{AccountId, CustomerId, SessionId};
use happytalk_core::{Inbound, InboundKind};
use serde::Deserialize;

use super::identity::Identity;
use super::lenient::{Id, Millis};
use crate::error::Error;

/// The body.
#[derive(Deserialize)]
pub(crate) struct ExpiredSession {
    user_key: Option<Id<CustomerId>>,
    sender_key: Option<Id<AccountId>>,
    session_id: Option<Id<SessionId>>,
    time: Option<Millis>,
}

impl ExpiredSession {
    /// The session ended.
    pub(crate) fn into_inbound(self, account: Option<&AccountId>) -> Result<Inbound, Error> {
        let identity = Identity {
            user_key: self.user_key,
            sender_key: self.sender_key,
            session_id: self.session_id,
            time: self.time,
        };
        identity.into_inbound(account, InboundKind::SessionEnded {})
    }
}
