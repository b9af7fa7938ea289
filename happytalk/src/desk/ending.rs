//! How conversations end, and what follows: the platform's session, the agent's slot.

use happytalk_core::Action;
use happytalk_core::conversation::{Command, Ending, Phase};
use happytalk_core::effect::Notice;
use happytalk_core::event::{AfterWorkEndedBy, AutoKind};
use happytalk_core::id::{AgentId, ConversationId, EffectId, MessageId, Word};
use happytalk_routing::Input;

use super::{Awaited, CustomerKey, Desk, Output};
use crate::Error;

impl Desk {
    pub(super) fn end(
        &mut self,
        id: &ConversationId,
        agent: Option<&AgentId>,
    ) -> Result<(), Error> {
        let by = self.ending_by(id, agent)?;
        self.end_by(id, by)
    }

    /// By whom a conversation would end, where they may end it.
    pub(super) fn ending_by(
        &self,
        id: &ConversationId,
        agent: Option<&AgentId>,
    ) -> Result<Ending, Error> {
        let conversation = self.held_here(id)?;
        let owner = conversation.agent().filter(|_| {
            matches!(
                conversation.phase(),
                Phase::Assigned | Phase::InProgress | Phase::AfterWork
            )
        });
        let by = match agent {
            Some(agent) if owner == Some(agent) => Ending::Agent,
            Some(_) => {
                return Err(happytalk_core::Error::NotOwner {
                    owner: owner.cloned(),
                }
                .into());
            }
            None => Ending::Manager,
        };
        if self.settings.require_category_to_close
            && agent.is_some()
            && conversation.category().is_none()
        {
            return Err(Error::NoCategory);
        }
        Ok(by)
    }

    /// Ends a conversation from our side: the closing text, the survey, the fact, the platform's session, the slot.
    pub(super) fn end_by(&mut self, id: &ConversationId, by: Ending) -> Result<(), Error> {
        let conversation = self.held_here(id)?;
        let after_work = self.rules.after_work.is_some();
        // What would be refused must not have said goodbye already.
        let ends = conversation.decide(&Command::End { by, after_work }, self.clock)?;
        let was_talking = conversation.session_open();
        let answered = conversation.answers() > 0;
        let had_it = conversation.agent().cloned();
        if was_talking
            && !ends.is_empty()
            && matches!(conversation.phase(), Phase::Assigned | Phase::InProgress)
        {
            self.say_own(id, AutoKind::Closing)?;
            if answered && matches!(by, Ending::Agent | Ending::Customer | Ending::Rule(_)) {
                self.say_own(id, AutoKind::Survey)?;
            }
        }
        if self.act(id, &Command::End { by, after_work })? {
            if let (Ending::Customer | Ending::Manager | Ending::Rule(_), Some(agent)) =
                (by, had_it)
            {
                self.tell(id, &agent, Notice::Ended);
            }
            self.after_end(id, was_talking);
        }
        Ok(())
    }

    /// What follows once a conversation ended, by whomever: the platform's session and the agent's slot.
    pub(super) fn after_end(&mut self, id: &ConversationId, end_session: bool) {
        let Some(live) = self.live.get(id) else {
            return;
        };
        let phase = live.conversation.phase();
        let number = live.conversation.seq();
        let channel = live.conversation.party().map(|party| party.channel.clone());
        if end_session && channel.is_some_and(|channel| self.settings.sessions.contains(&channel)) {
            let message = MessageId::numbered(id, number);
            self.end_session(id, &message);
        }
        self.drop_bot(id);
        let slot = match phase {
            Phase::AfterWork => Input::StartAfterWork {
                conversation: id.clone(),
            },
            _ => Input::Release {
                conversation: id.clone(),
            },
        };
        if let Err(error) = self.route_known(id, slot) {
            self.pass_over(error.code());
        }
    }

    /// Has the platform end the customer's session.
    fn end_session(&mut self, id: &ConversationId, message: &MessageId) {
        let Some(key) = self.key_of(id) else { return };
        if let Some(record) = self.customers.get_mut(&key) {
            record.ending = Some(EffectId::of_message(message));
        }
        self.send(id, message, Action::End {}, Awaited::SessionEnd(key));
    }

    /// The customer is there again, and the platform did not take the end of their session yet: later it would end what
    /// begins now.
    pub(super) fn take_back_end(&mut self, key: &CustomerKey) {
        let ending = self
            .customers
            .get_mut(key)
            .and_then(|record| record.ending.take());
        if let Some(effect) = ending
            && self.awaited.remove(&effect).is_some()
        {
            self.others.push_back(Output::Settled(effect));
        }
    }

    pub(super) fn end_after_work(
        &mut self,
        id: &ConversationId,
        by: AfterWorkEndedBy,
    ) -> Result<(), Error> {
        if self.act(id, &Command::EndAfterWork { by })? {
            self.route_known(
                id,
                Input::Release {
                    conversation: id.clone(),
                },
            )?;
        }
        Ok(())
    }

    /// Row 18: the platform blocks them, which ends its session, and the conversation is over at once.
    pub(super) fn block(&mut self, id: &ConversationId, by: &AgentId) -> Result<(), Error> {
        let conversation = self.held_here(id)?;
        let manager = conversation.agent() != Some(by);
        let number = conversation.seq();
        let owner = conversation.agent().cloned().filter(|_| manager);
        let by: Word = by
            .as_str()
            .parse()
            .map_err(|_| Error::NoAgent { agent: by.clone() })?;
        if self.act(id, &Command::Block { by, manager })? {
            // After the lines of the block: their numbers are past `number`, so the id is nobody else's.
            let message = MessageId::numbered(id, number + 1);
            self.send(id, &message, Action::Block {}, Awaited::Nothing);
            if let Some(agent) = owner {
                self.tell(id, &agent, Notice::Ended);
            }
            self.after_end(id, false);
        }
        Ok(())
    }

    pub(super) fn unblock(&mut self, id: &ConversationId, by: &AgentId) -> Result<(), Error> {
        let by: Word = by
            .as_str()
            .parse()
            .map_err(|_| Error::NoAgent { agent: by.clone() })?;
        if self.act(id, &Command::Unblock { by })? {
            let number = self.held_here(id)?.seq();
            let message = MessageId::numbered(id, number);
            self.send(id, &message, Action::Unblock {}, Awaited::Nothing);
        }
        Ok(())
    }
}
