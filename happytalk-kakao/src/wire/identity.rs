//! Who, from which profile, in which session: what every event says first.

use happytalk_core::id::{AccountId, CustomerId, IdError, SessionId};
use happytalk_core::{ChannelName, Inbound, InboundKind, Timestamp};

use super::lenient::{Millis, Token};
use crate::error::Error;

/// The fields that every event has.
pub(crate) struct Identity {
    pub(crate) user_key: Option<Token>,
    pub(crate) sender_key: Option<Token>,
    pub(crate) session_id: Option<Token>,
    pub(crate) time: Option<Millis>,
}

impl Identity {
    /// The event that says `what`. `account` stands in where the wire names no sender key.
    pub(crate) fn into_inbound(
        self,
        account: Option<&AccountId>,
        what: InboundKind,
    ) -> Result<Inbound, Error> {
        let customer: CustomerId = required("/user_key", self.user_key)?;
        let account: AccountId = match (self.sender_key, account) {
            (None, Some(account)) => account.clone(),
            (sender_key, _) => required("/sender_key", sender_key)?,
        };
        let session: SessionId = required("/session_id", self.session_id)?;
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
pub(crate) fn required<T: TryFrom<String, Error = IdError>>(
    pointer: &'static str,
    token: Option<Token>,
) -> Result<T, Error> {
    let Some(Token(text)) = token else {
        return Err(Error::MissingField { pointer });
    };
    T::try_from(text).map_err(|source| Error::BadId { pointer, source })
}
