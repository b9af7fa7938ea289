//! Who, from which profile, in which session: what every event says first.

use happytalk_core::id::{AccountId, CustomerId, SessionId};
use happytalk_core::{ChannelName, Inbound, InboundKind, Timestamp};

use super::lenient::{Id, Millis};
use crate::error::Error;

/// The fields that every event has.
pub(crate) struct Identity {
    pub(crate) user_key: Option<Id<CustomerId>>,
    pub(crate) sender_key: Option<Id<AccountId>>,
    pub(crate) session_id: Option<Id<SessionId>>,
    pub(crate) time: Option<Millis>,
}

impl Identity {
    /// The event that says `what`. `account` stands in where the wire names no sender key.
    pub(crate) fn into_inbound(
        self,
        account: Option<&AccountId>,
        what: InboundKind,
    ) -> Result<Inbound, Error> {
        let customer = required("/user_key", self.user_key)?;
        let account = match (self.sender_key, account) {
            (None, Some(account)) => account.clone(),
            (sender_key, _) => required("/sender_key", sender_key)?,
        };
        let session = required("/session_id", self.session_id)?;
        let mut inbound = Inbound::new(ChannelName::KAKAO_CONSULT, what);
        inbound.account = Some(account);
        inbound.customer = Some(customer);
        inbound.session = Some(session);
        inbound.at = at(self.time);
        Ok(inbound)
    }
}

/// When it was, where the wire says so.
pub(crate) fn at(time: Option<Millis>) -> Option<Timestamp> {
    time.and_then(|Millis(time)| time)
}

/// A field that has to be there, as the id it is.
pub(crate) fn required<T>(pointer: &'static str, id: Option<Id<T>>) -> Result<T, Error> {
    match id {
        None => Err(Error::MissingField { pointer }),
        Some(Id(id)) => id.map_err(|source| Error::BadId { pointer, source }),
    }
}
