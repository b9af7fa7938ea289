//! What the customer, the bot, the agents and our own texts say.

use super::super::{Command, Conversation, Phase};
use crate::error::Error;
use crate::event::{AutoKind, Event, SuperviseMode};
use crate::id::{AgentId, MessageId, SessionId, Word};
use crate::message::Message;
use crate::sealed::Sealable;
use crate::time::Timestamp;

impl Conversation {
    pub(super) fn decide_saying(
        &self,
        command: &Command,
        now: Timestamp,
    ) -> Result<Vec<Event>, Error> {
        match command {
            Command::CustomerSay { message, session } => {
                Ok(self.customer_says(message, session.as_ref()))
            }
            Command::BotSay { message } => {
                self.in_phase(&[Phase::Bot, Phase::Waiting], command)?;
                self.say(message, now, || Event::BotSaid {
                    message: Sealable::Open(message.clone()),
                })
            }
            Command::AutoSay { kind, message } => {
                if self.was_sent(*kind) && is_once(*kind) {
                    return Ok(Vec::new());
                }
                self.say(message, now, || Event::AutoSaid {
                    kind: *kind,
                    message: Sealable::Open(message.clone()),
                })
            }
            Command::AgentSay { agent, message } => {
                self.in_phase(&[Phase::Assigned, Phase::InProgress], command)?;
                if !self.joined(agent) {
                    self.owned_by(agent)?;
                }
                self.say(message, now, || Event::AgentSaid {
                    agent: agent.clone(),
                    message: Sealable::Open(message.clone()),
                })
            }
            Command::BotEnter {
                scenario,
                version,
                node,
                depth,
                goal,
                via,
            } => {
                self.in_phase(&[Phase::Bot, Phase::Waiting], command)?;
                Ok(vec![Event::BotEntered {
                    scenario: scenario.clone(),
                    version: *version,
                    node: node.clone(),
                    depth: *depth,
                    goal: goal.then_some(true),
                    via: *via,
                }])
            }
            Command::BotMiss {
                scenario,
                version,
                node,
                message,
                count,
            } => {
                self.in_phase(&[Phase::Bot], command)?;
                Ok(vec![Event::BotMissed {
                    scenario: scenario.clone(),
                    version: *version,
                    node: node.clone(),
                    message: message.clone(),
                    count: *count,
                }])
            }
            _ => Err(self.wrong_phase(command)),
        }
    }

    fn customer_says(&self, message: &Message, session: Option<&SessionId>) -> Vec<Event> {
        if self.messages.contains_key(&message.id) {
            return Vec::new();
        }
        let said = Event::CustomerSaid {
            message: Sealable::Open(message.clone()),
        };
        match self.phase {
            Phase::AfterWork => vec![
                Event::Reopened {
                    by: Word::fixed("customer"),
                    session: session.cloned(),
                },
                said,
            ],
            _ => vec![said],
        }
    }

    /// Whether they look in as a supervisor who may write to all.
    fn joined(&self, agent: &AgentId) -> bool {
        self.supervisors
            .iter()
            .any(|(by, mode)| by.as_str() == agent.as_str() && *mode == SuperviseMode::Join)
    }

    fn say(
        &self,
        message: &Message,
        now: Timestamp,
        said: impl FnOnce() -> Event,
    ) -> Result<Vec<Event>, Error> {
        if self.messages.contains_key(&message.id) {
            return Ok(Vec::new());
        }
        if !self.session.may_speak(now) {
            return Err(Error::NoSession);
        }
        if message.content.open().is_some_and(Vec::is_empty) {
            return Err(Error::Empty { what: "message" });
        }
        Ok(vec![said()])
    }

    pub(super) fn fail(&self, message: &MessageId, code: &Word) -> Vec<Event> {
        if self.failed.contains(message) || !self.messages.contains_key(message) {
            return Vec::new();
        }
        vec![Event::MessageFailed {
            message: message.clone(),
            code: code.clone(),
        }]
    }
}

/// Whether a text of this kind goes out once for each place that a conversation comes to stand in. Reminders, the
/// profile bot's questions and warnings each belong to something that may happen again.
const fn is_once(kind: AutoKind) -> bool {
    !matches!(
        kind,
        AutoKind::Reminder | AutoKind::Profile | AutoKind::Warning
    )
}
