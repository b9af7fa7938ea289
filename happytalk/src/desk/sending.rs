//! What goes out: messages, the site's own texts, and what comes of the effects.

use happytalk_core::automatic::{Placeholder, Values};
use happytalk_core::conversation::Command;
use happytalk_core::effect::{Effect, EffectKind, EffectResult, Notice};
use happytalk_core::event::AutoKind;
use happytalk_core::fit::fit;
use happytalk_core::id::{AgentId, ConversationId, EffectId, MessageId, Word};
use happytalk_core::{Action, Content, Message, Outbound, Timestamp};

use super::live::NAME_PARAMETER;
use super::{Awaited, Desk, Output};
use crate::Error;

impl Desk {
    /// Sends `content`, fitted to the channel, and says so in the log with `said`: what is more than one message there is
    /// more than one here, the first under `message`.
    ///
    /// # Errors
    /// [`Error::Fit`] before anything is said; what the conversation refuses.
    pub(super) fn say(
        &mut self,
        id: &ConversationId,
        message: Option<MessageId>,
        content: Vec<Content>,
        said: impl Fn(Message) -> Command,
    ) -> Result<bool, Error> {
        let mut message = message;
        for content in self.fitted(id, content)? {
            if !self.say_one(id, message.take(), content, &said)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// The messages that say `content` on the conversation's channel.
    fn fitted(
        &self,
        id: &ConversationId,
        content: Vec<Content>,
    ) -> Result<Vec<Vec<Content>>, Error> {
        let live = self.live.get(id).ok_or_else(|| Error::NoConversation {
            conversation: id.clone(),
        })?;
        let party = live.conversation.party();
        let Some(to) = party.and_then(|party| self.settings.capabilities.get(&party.channel))
        else {
            return Ok(vec![content]);
        };
        let parts = fit(&content, to).map_err(Error::Fit)?;
        if parts == content {
            return Ok(vec![parts]);
        }
        Ok(parts.into_iter().map(|part| vec![part]).collect())
    }

    fn say_one(
        &mut self,
        id: &ConversationId,
        message: Option<MessageId>,
        content: Vec<Content>,
        said: impl Fn(Message) -> Command,
    ) -> Result<bool, Error> {
        let live = self.live.get(id).ok_or_else(|| Error::NoConversation {
            conversation: id.clone(),
        })?;
        // Over the wire a message has the number of its line, which no other message of any conversation has.
        let outbound_id = MessageId::numbered(id, live.conversation.seq() + 1);
        let message_id = message.unwrap_or_else(|| outbound_id.clone());
        let message = Message::new(message_id.clone(), content.clone());
        if !self.act(id, &said(message))? {
            return Ok(false);
        }
        let awaited = Awaited::Said {
            conversation: id.clone(),
            message: message_id,
        };
        self.send(id, &outbound_id, Action::Say { content }, awaited);
        Ok(true)
    }

    /// As [`Desk::say`], for what nobody waits for an answer about: what the channel cannot carry is passed over.
    pub(super) fn say_or_pass_over(
        &mut self,
        id: &ConversationId,
        content: Vec<Content>,
        said: impl Fn(Message) -> Command,
    ) -> Result<(), Error> {
        match self.say(id, None, content, said) {
            Ok(_) => Ok(()),
            Err(error @ Error::Fit(_)) => {
                self.pass_over(error.code());
                Ok(())
            }
            Err(error) => Err(error),
        }
    }

    /// Sends the site's own text of this kind, where it has one and all that the text names is known.
    pub(super) fn say_own(&mut self, id: &ConversationId, kind: AutoKind) -> Result<(), Error> {
        let Some(text) = self.settings.texts.get(&kind) else {
            return Ok(());
        };
        match text.fill(&self.values(id)) {
            Ok(content) => {
                // One of a kind is one event, so all of it is one message.
                match self.fitted(id, content) {
                    Ok(parts) => {
                        let said = |message| Command::AutoSay { kind, message };
                        self.say_one(id, None, parts.concat(), said)?;
                    }
                    Err(error @ Error::Fit(_)) => self.pass_over(error.code()),
                    Err(error) => return Err(error),
                }
            }
            Err(missing) => self.pass_over(missing.code()),
        }
        Ok(())
    }

    /// Whether the site's text of this kind names the agent, so that it waits for one.
    pub(super) fn names_agent(&self, kind: AutoKind) -> bool {
        self.settings
            .texts
            .get(&kind)
            .is_some_and(|text| text.names(Placeholder::Agent))
    }

    /// What placeholders stand for in a conversation at this moment.
    fn values(&self, id: &ConversationId) -> Values {
        let live = self.live.get(id);
        let agent = live
            .and_then(|live| live.conversation.agent())
            .and_then(|agent| self.settings.agent_names.get(agent).cloned());
        let known = [
            (Placeholder::Site, self.settings.site_name.clone()),
            (Placeholder::Agent, agent),
            (
                Placeholder::Customer,
                live.and_then(|live| live.parameters.get(NAME_PARAMETER).cloned()),
            ),
            (
                Placeholder::Position,
                self.router.place(id).map(|place| place.to_string()),
            ),
        ];
        let next_open = self
            .hours_status(id, None)
            .and_then(|hours| hours.next_open)
            .map(|at| self.on_the_wall(at));
        known
            .into_iter()
            .chain([(Placeholder::NextOpen, next_open)])
            .filter_map(|(placeholder, value)| Some((placeholder, value?)))
            .collect()
    }

    /// A time as a customer reads it: `MM-DD HH:MM` on the site's wall clock.
    fn on_the_wall(&self, at: Timestamp) -> String {
        let wall = self.settings.zone.wall(at);
        format!(
            "{:02}-{:02} {:02}:{:02}",
            wall.date.month(),
            wall.date.day(),
            wall.hour(),
            wall.minute()
        )
    }

    /// Asks the platform to do something, under `message` as its idempotency key.
    pub(super) fn send(
        &mut self,
        id: &ConversationId,
        message: &MessageId,
        action: Action,
        awaited: Awaited,
    ) {
        let Some(party) = self.live.get(id).and_then(|live| live.conversation.party()) else {
            return;
        };
        let Some(customer) = party.customer.open() else {
            return;
        };
        let outbound = Outbound::new(
            message.clone(),
            party.account.clone(),
            customer.clone(),
            action,
        );
        let what = EffectKind::Send {
            channel: party.channel.clone(),
            outbound,
        };
        self.effect(EffectId::of_message(message), id, what, awaited);
    }

    pub(super) fn effect(
        &mut self,
        id: EffectId,
        conversation: &ConversationId,
        what: EffectKind,
        awaited: Awaited,
    ) {
        self.awaited.insert(id.clone(), awaited);
        self.others
            .push_back(Output::Effect(Effect::new(id, conversation.clone(), what)));
    }

    /// Tells an agent. Nothing is awaited, so nothing is kept.
    pub(super) fn tell(&mut self, conversation: &ConversationId, agent: &AgentId, notice: Notice) {
        let id = EffectId::numbered("tell", conversation, self.position);
        let what = EffectKind::Notify {
            agent: agent.clone(),
            notice,
        };
        self.others
            .push_back(Output::Effect(Effect::new(id, conversation.clone(), what)));
    }

    /// Tells the agent who has it, where one has.
    pub(super) fn tell_owner(&mut self, id: &ConversationId, notice: Notice) {
        let owner = self
            .live
            .get(id)
            .and_then(|live| match live.conversation.owner() {
                happytalk_core::conversation::Owner::Agent(agent) => Some(agent.clone()),
                _ => None,
            });
        if let Some(agent) = owner {
            self.tell(id, &agent, notice);
        }
    }

    pub(super) fn take_result(&mut self, id: &EffectId, result: EffectResult) {
        // What somebody has to look at is answered by a command.
        if matches!(self.awaited.get(id), Some(Awaited::Approval { .. })) {
            return;
        }
        let Some(awaited) = self.awaited.remove(id) else {
            return;
        };
        self.others.push_back(Output::Settled(id.clone()));
        match (awaited, result) {
            (
                Awaited::Said {
                    conversation,
                    message,
                },
                EffectResult::SendFailed { code, .. },
            ) => {
                self.fail_message(&conversation, message, Word::from_code(code));
            }
            (Awaited::SessionEnd(key), _) => {
                if let Some(record) = self.customers.get_mut(&key)
                    && record.ending.as_ref() == Some(id)
                {
                    record.ending = None;
                }
            }
            (
                Awaited::Call {
                    conversation,
                    which,
                    call,
                },
                EffectResult::Called(outcome),
            ) => self.take_call_result(&conversation, which, &call, outcome),
            _ => {}
        }
    }

    /// A message did not reach the customer: the log says so, and whoever wrote it is told. Once a message.
    pub(super) fn fail_message(
        &mut self,
        conversation: &ConversationId,
        message: MessageId,
        code: Word,
    ) {
        let live = self.live.get(conversation);
        let author = live.and_then(|live| live.conversation.author_of(&message).cloned());
        match self.act(conversation, &Command::FailMessage { message, code }) {
            Ok(true) => {
                if let Some(agent) = author {
                    self.tell(conversation, &agent, Notice::MessageFailed);
                }
            }
            Ok(false) => {}
            Err(error) => self.pass_over(error.code()),
        }
    }

    pub(super) fn pass_over(&mut self, code: &'static str) {
        self.others.push_back(Output::PassedOver { code });
    }
}
