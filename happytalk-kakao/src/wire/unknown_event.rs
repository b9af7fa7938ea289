//! An event that this dialect does not document: nothing of it is read but who and when, in either spelling.

use happytalk_core::id::AccountId;
use happytalk_core::{ChannelName, Inbound, InboundKind};
use serde::Deserialize;

use super::bizgo_event::first_time;
use super::identity::at;
use super::lenient::{Loose, Millis};

/// The longest name of a kind, in bytes.
pub(crate) const KIND_BYTES_MAX: usize = 64;

/// The body.
#[derive(Deserialize)]
pub(crate) struct UnknownEvent {
    #[serde(default, alias = "userKey")]
    user_key: Loose,
    #[serde(default, alias = "senderKey")]
    sender_key: Loose,
    #[serde(default, alias = "sessionId")]
    session_id: Loose,
    time: Option<Millis>,
    #[serde(default, rename = "msgKey")]
    msg_key: Loose,
    #[serde(default, rename = "kakaoTime")]
    kakao_time: Loose,
    #[serde(default, rename = "sendTime")]
    send_time: Loose,
}

impl UnknownEvent {
    /// Something of that kind happened. An id that cannot be one is left out.
    pub(crate) fn into_inbound(self, kind: &str, account: Option<&AccountId>) -> Inbound {
        let mut inbound = Inbound::new(ChannelName::KAKAO_CONSULT, InboundKind::unknown(kind));
        let sender_key = id(self.sender_key);
        inbound.account = sender_key.or_else(|| account.cloned());
        inbound.customer = id(self.user_key);
        inbound.session = id(self.session_id);
        inbound.at = at(self.time);
        inbound
    }

    /// The same, with what stands around each of Bizgo's events.
    pub(crate) fn into_inbound_of_bizgo(
        mut self,
        kind: &str,
        account: Option<&AccountId>,
    ) -> Inbound {
        let msg_key = std::mem::take(&mut self.msg_key);
        let times = [
            std::mem::take(&mut self.kakao_time),
            std::mem::take(&mut self.send_time),
        ];
        let mut inbound = self.into_inbound(kind, account);
        inbound.id = id(msg_key);
        inbound.at = first_time(times);
        inbound
    }
}

fn id<T: TryFrom<String>>(text: Loose) -> Option<T> {
    T::try_from(text.non_empty()?).ok()
}
