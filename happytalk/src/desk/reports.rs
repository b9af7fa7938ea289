//! What platforms report later of what they took (상담톡 `result` of Bizgo).

use happytalk_core::id::{ConversationId, MessageId, Word};
use happytalk_core::inbound::{Inbound, InboundKind};

use super::Desk;

/// The code of a failure whose own status is no word.
const NOT_DELIVERED: &str = "not_delivered";

impl Desk {
    /// Notes a message of ours that did not arrive, where the report says so and names one of a conversation that is held.
    pub(super) fn take_report(&mut self, inbound: &Inbound) {
        let InboundKind::Delivery { message, status } = &inbound.what else {
            return;
        };
        let channel = self.settings.capabilities.get(&inbound.channel);
        let delivered = channel.and_then(|channel| channel.delivered);
        if delivered.is_none_or(|delivered| delivered == status) {
            return;
        }
        if let Some((conversation, message)) = self.sent_as(message, inbound) {
            let code = format!("{NOT_DELIVERED}.{status}").parse();
            let code = code.unwrap_or_else(|_| Word::from_code(NOT_DELIVERED));
            self.fail_message(&conversation, message, code);
        }
    }

    /// The message that went over the wire under this name, of a conversation with whom the report names.
    fn sent_as(&self, name: &str, inbound: &Inbound) -> Option<(ConversationId, MessageId)> {
        let (conversation, seq) = name.rsplit_once('-')?;
        let (conversation, seq) = (conversation.parse().ok()?, seq.parse().ok()?);
        let held = &self.live.get(&conversation)?.conversation;
        let party = held.party()?;
        let account = inbound.account.as_ref();
        let customer = inbound.customer.as_ref();
        let is_theirs = party.channel == inbound.channel
            && account.is_none_or(|account| *account == party.account)
            && customer.is_none_or(|customer| party.customer.open() == Some(customer));
        if !is_theirs {
            return None;
        }
        // A bot's message and a text of the site's have no other name than that of the wire.
        let own = || MessageId::numbered(&conversation, seq);
        let message = held.agent_message_at(seq).cloned().unwrap_or_else(own);
        Some((conversation, message))
    }
}
