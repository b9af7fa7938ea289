//! A customer whom an agent gives back to the bot.

use happytalk_core::conversation::{Command, Opening, Owner};
use happytalk_core::effect::Notice;
use happytalk_core::id::{AgentId, ConversationId};
use happytalk_scenario::{HandoffOutcome, Input};

use super::Desk;
use super::live::Live;
use super::memory::Which;
use crate::Error;

impl Desk {
    /// Ends a conversation and begins another with the bot, in the platform's same session: where the hand-off's
    /// `returned` leads, or from the start.
    pub(super) fn return_to_bot(
        &mut self,
        id: &ConversationId,
        agent: Option<&AgentId>,
        next: ConversationId,
    ) -> Result<(), Error> {
        let by = self.ending_by(id, agent)?;
        self.may_send()?;
        let live = self.live.get(id).ok_or_else(|| Error::NoConversation {
            conversation: id.clone(),
        })?;
        let conversation = &live.conversation;
        let had_it = match conversation.owner() {
            // Nobody has to give back what is the bot's.
            Owner::Bot => return Ok(()),
            Owner::Agent(owner) => Some(owner.clone()),
            Owner::Queue | Owner::Nobody => None,
        };
        if self.live.contains_key(&next) {
            return Err(happytalk_core::Error::AlreadyOpen.into());
        }
        let (Some(party), true) = (conversation.party(), conversation.session_open()) else {
            return Err(happytalk_core::Error::NoSession.into());
        };
        let Some(customer) = party.customer.open() else {
            return Err(happytalk_core::Error::NoSession.into());
        };
        let known = live.memory.clone();
        let back = known.front.map(|mut state| {
            let flow = self.settings.bots.going_on(&mut state);
            let call = flow.and_then(|flow| flow.returns_to(&state).map(str::to_owned));
            (state, call)
        });
        let flow = self.answering(&party.channel, conversation.category());
        if flow.is_none() && !matches!(back, Some((_, Some(_)))) {
            return Err(Error::NoBot);
        }
        let mut opening = Opening::by_customer(
            party.channel.clone(),
            party.account.clone(),
            customer.clone(),
        );
        opening.bot = true;
        opening.session = conversation.session().cloned();
        opening.category = conversation.category().cloned();
        opening.previous = Some(id.clone());
        let after_work = self.rules.after_work.is_some();
        if !self.act(id, &Command::End { by, after_work })? {
            return Ok(());
        }
        if let Some(owner) = had_it.filter(|owner| agent != Some(owner)) {
            self.tell(id, &owner, Notice::Ended);
        }
        // The platform's session goes on.
        self.after_end(id, false);
        self.live.insert(next.clone(), Live::new());
        self.act(&next, &Command::Open(opening))?;
        if let Some(live) = self.live.get_mut(&next) {
            live.memory.known = known.known;
        }
        match (back, flow) {
            (Some((state, Some(call))), _) => {
                if let Some(live) = self.live.get_mut(&next) {
                    live.memory.front = Some(state);
                }
                let outcome = HandoffOutcome::Returned;
                let input = Input::HandoffResult { id: &call, outcome };
                self.bot_turn(&next, Which::Front, input, None);
            }
            (_, Some(flow)) => self.start_bot(&next, &flow),
            (_, None) => {}
        }
        Ok(())
    }
}
