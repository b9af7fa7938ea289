//! What a bot says only after somebody looked at it (승인).

use happytalk_core::Content;
use happytalk_core::effect::{Approval, EffectKind};
use happytalk_core::id::{ConversationId, EffectId, NodeId};
use happytalk_scenario::{ApprovalOutcome, Input};

use super::memory::Which;
use super::{Awaited, Desk, Output};
use crate::Error;

impl Desk {
    pub(super) fn ask_approval(
        &mut self,
        id: &ConversationId,
        which: Which,
        effect: EffectId,
        call: String,
        node: NodeId,
        content: Vec<Content>,
    ) {
        let Some(live) = self.live.get_mut(id) else {
            return;
        };
        let Some(state) = live.memory.of(which) else {
            return;
        };
        let scenario = state.scenario().0.clone();
        live.memory.approval = Some(effect.clone());
        let awaited = Awaited::Approval {
            conversation: id.clone(),
            which,
            call: call.clone(),
        };
        let approval = Approval::new(call, scenario, node, content);
        self.effect(effect, id, EffectKind::Approve { approval }, awaited);
    }

    /// Somebody looked at it.
    ///
    /// # Errors
    /// [`Error::NoApproval`] where nobody asks for it, or any more.
    pub(super) fn answer_approval(
        &mut self,
        id: &ConversationId,
        effect: &EffectId,
        outcome: ApprovalOutcome,
    ) -> Result<(), Error> {
        let asked = self
            .live
            .get(id)
            .is_some_and(|live| live.memory.approval.as_ref() == Some(effect));
        let Some(Awaited::Approval { which, call, .. }) =
            self.awaited.get(effect).filter(|_| asked).cloned()
        else {
            return Err(Error::NoApproval);
        };
        // A bot that may not speak now may later: the question stays.
        self.may_send()?;
        self.drop_approval(id);
        let input = Input::Approval { id: &call, outcome };
        self.bot_turn(id, which, input, None);
        Ok(())
    }

    /// Nobody has to look at anything of this conversation any more.
    pub(super) fn drop_approval(&mut self, id: &ConversationId) {
        let asked = self
            .live
            .get_mut(id)
            .and_then(|live| live.memory.approval.take());
        if let Some(effect) = asked
            && self.awaited.remove(&effect).is_some()
        {
            self.others.push_back(Output::Settled(effect));
        }
    }
}
