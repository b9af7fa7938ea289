//! What a command comes to, or why it is refused.

use super::{Command, Conversation, Ending, Opening, Phase};
use crate::channel_name::ChannelName;
use crate::error::Error;
use crate::event::{
    AfterWorkEndedBy, BotEndedBy, ChannelEnd, EndedBy, Event, OpenedBy, RejectReason, ReturnCause,
    TransferHow, TransferTarget,
};
use crate::id::{AgentId, MessageId, SessionId, Word};
use crate::sealed::Sealable;
use crate::time::Timestamp;

impl Conversation {
    /// The facts that `command` leads to at `now`; none when it changes nothing. Changes nothing itself.
    ///
    /// # Errors
    /// - [`Error::TimeWentBack`] when `now` is before the last event.
    /// - [`Error::Closed`] when it is over and the command is more than a note, [`Error::NotOpen`] before it began.
    /// - [`Error::WrongPhase`] where the phase does not allow the command.
    /// - [`Error::NotOwner`] when an agent acts on a conversation that is not theirs.
    /// - [`Error::NoSession`] when something is to be said and the platform's session is over.
    /// - [`Error::AgentCannotOpen`] when an agent opens a conversation on Kakao.
    /// - [`Error::SameAgent`] for a transfer to the agent who has it.
    pub fn decide(&self, command: &Command, now: Timestamp) -> Result<Vec<Event>, Error> {
        if now < self.last_at {
            return Err(Error::TimeWentBack);
        }
        match command {
            Command::Open(opening) => self.open(opening),
            _ if self.phase == Phase::New => Err(Error::NotOpen {
                command: command.name(),
            }),
            Command::Categorise { category, by } if self.category.as_ref() != Some(category) => {
                Ok(vec![Event::CategoryChanged {
                    category: category.clone(),
                    by: by.clone(),
                }])
            }
            Command::Tag { tag, by } if !self.tags.contains(tag) => Ok(vec![Event::Tagged {
                tag: tag.clone(),
                by: by.clone(),
            }]),
            Command::Untag { tag, by } if self.tags.contains(tag) => Ok(vec![Event::Untagged {
                tag: tag.clone(),
                by: by.clone(),
            }]),
            Command::Categorise { .. } | Command::Tag { .. } | Command::Untag { .. } => {
                Ok(Vec::new())
            }
            Command::Note { agent, text } => Ok(vec![Event::Noted {
                agent: agent.clone(),
                text: text.clone(),
            }]),
            Command::Convert { offer, amount_won } => Ok(vec![Event::Converted {
                offer: offer.clone(),
                amount_won: *amount_won,
            }]),
            Command::Rate {
                score,
                scale,
                comment,
            } => self.rate(*score, *scale, comment.as_ref()),
            Command::FailMessage { message, code } => Ok(self.fail(message, code)),
            Command::EndAfterWork { by } => match self.phase {
                Phase::AfterWork => Ok(vec![Event::AfterWorkEnded { by: *by }]),
                Phase::Closed => Ok(Vec::new()),
                _ => Err(self.wrong_phase(command)),
            },
            _ if !self.phase.is_live() => Err(Error::Closed {
                phase: self.phase.as_str(),
            }),
            _ => self.decide_live(command),
        }
    }

    fn decide_live(&self, command: &Command) -> Result<Vec<Event>, Error> {
        match command {
            Command::Reject { reason } => self.reject(*reason, command),
            Command::CustomerSay { message } => {
                if self.messages.contains_key(&message.id) {
                    return Ok(Vec::new());
                }
                let said = Event::CustomerSaid {
                    message: Sealable::Open(message.clone()),
                };
                Ok(match self.phase {
                    Phase::AfterWork => vec![
                        Event::Reopened {
                            by: Word::fixed("customer"),
                            session: None,
                        },
                        said,
                    ],
                    _ => vec![said],
                })
            }
            Command::BotSay { message } => {
                self.in_phase(&[Phase::Bot, Phase::Waiting], command)?;
                self.say(&message.id, || Event::BotSaid {
                    message: Sealable::Open(message.clone()),
                })
            }
            Command::AutoSay { kind, message } => self.say(&message.id, || Event::AutoSaid {
                kind: *kind,
                message: Sealable::Open(message.clone()),
            }),
            Command::AgentSay { agent, message } => {
                self.in_phase(&[Phase::Assigned, Phase::InProgress], command)?;
                self.owned_by(agent)?;
                self.say(&message.id, || Event::AgentSaid {
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
            Command::EndBot { by } => {
                self.in_phase(&[Phase::Bot], command)?;
                Ok(vec![Event::BotEnded { by: *by }])
            }
            Command::RequestAgent {
                by,
                category,
                queue,
            } => match self.phase {
                Phase::Waiting if self.requested_at.is_some() => Ok(Vec::new()),
                Phase::Bot | Phase::Waiting => Ok(vec![Event::AgentRequested {
                    by: *by,
                    category: category.clone(),
                    queue: queue.clone(),
                }]),
                _ => Err(self.wrong_phase(command)),
            },
            Command::Assign {
                agent,
                how,
                over_cap,
            } => match self.phase {
                Phase::Waiting => Ok(vec![Event::Assigned {
                    agent: agent.clone(),
                    how: *how,
                    over_cap: *over_cap,
                }]),
                Phase::Assigned | Phase::InProgress if self.agent.as_ref() == Some(agent) => {
                    Ok(Vec::new())
                }
                Phase::Assigned | Phase::InProgress => Err(Error::AlreadyTaken {
                    by: self.agent.clone(),
                }),
                _ => Err(self.wrong_phase(command)),
            },
            Command::ReturnToQueue { cause, to } => {
                // An agent who has answered is not late (row 6).
                let late = *cause == ReturnCause::AcceptTimeout;
                let from: &[Phase] = if late {
                    &[Phase::Assigned]
                } else {
                    &[Phase::Assigned, Phase::InProgress]
                };
                self.in_phase(from, command)?;
                let agent = self
                    .agent
                    .clone()
                    .ok_or_else(|| self.wrong_phase(command))?;
                Ok(vec![Event::ReturnedToQueue {
                    agent,
                    cause: *cause,
                    to: to.clone(),
                }])
            }
            Command::RequestTransfer { from, to } => {
                self.in_phase(&[Phase::Assigned, Phase::InProgress], command)?;
                self.owned_by(from)?;
                if *to == TransferTarget::Agent(from.clone()) {
                    return Err(Error::SameAgent);
                }
                match &self.transfer {
                    Some(pending) if pending.to == *to => Ok(Vec::new()),
                    Some(_) => Err(Error::TransferPending),
                    None => Ok(vec![Event::TransferRequested {
                        from: from.clone(),
                        to: to.clone(),
                    }]),
                }
            }
            Command::EndTransfer { why } => match &self.transfer {
                Some(_) => Ok(vec![Event::TransferEnded { why: *why }]),
                None => Ok(Vec::new()),
            },
            Command::Transfer { to, how } => self.hand_on(to, *how, command),
            Command::Hold { by } if !self.held => Ok(vec![Event::Held { by: by.clone() }]),
            Command::Unhold { by } if self.held => Ok(vec![Event::Unheld {
                by: by.clone(),
                over_cap: None,
            }]),
            Command::Hold { .. } | Command::Unhold { .. } => Ok(Vec::new()),
            Command::End { by, after_work } => Ok(self.end(*by, *after_work)),
            Command::EndChannel {
                cause,
                session,
                after_work,
            } => Ok(self.end_channel(*cause, session.as_ref(), *after_work)),
            Command::Open(_)
            | Command::Categorise { .. }
            | Command::Tag { .. }
            | Command::Untag { .. }
            | Command::Note { .. }
            | Command::Convert { .. }
            | Command::Rate { .. }
            | Command::FailMessage { .. }
            | Command::EndAfterWork { .. } => Err(self.wrong_phase(command)),
        }
    }

    fn open(&self, opening: &Opening) -> Result<Vec<Event>, Error> {
        if self.phase != Phase::New {
            return Err(Error::AlreadyOpen);
        }
        if opening.opened_by == OpenedBy::Agent && opening.channel == ChannelName::KAKAO_CONSULT {
            return Err(Error::AgentCannotOpen);
        }
        Ok(vec![Event::Opened {
            channel: opening.channel.clone(),
            account: opening.account.clone(),
            customer: Sealable::Open(opening.customer.clone()),
            opened_by: opening.opened_by,
            bot: opening.bot,
            session: opening.session.clone(),
            category: opening.category.clone(),
            parameters: (!opening.parameters.is_empty())
                .then(|| Sealable::Open(opening.parameters.clone())),
            previous: opening.previous.clone(),
            title: None,
        }])
    }

    /// A refused request leaves a bot going on; where there is none, it is over.
    fn reject(&self, reason: RejectReason, command: &Command) -> Result<Vec<Event>, Error> {
        self.in_phase(&[Phase::Bot, Phase::Waiting], command)?;
        if self.agent.is_some() {
            // It was let in before an agent had it; to turn it away now would unmake that request.
            return Err(self.wrong_phase(command));
        }
        if self.refused {
            return Ok(Vec::new());
        }
        let bot_goes_on = self.bot && self.phase == Phase::Waiting;
        Ok(vec![Event::Rejected {
            reason,
            is_final: !bot_goes_on,
        }])
    }

    fn rate(
        &self,
        score: u8,
        scale: u8,
        comment: Option<&Sealable<String>>,
    ) -> Result<Vec<Event>, Error> {
        if !matches!(scale, 5 | 10) || score > scale {
            return Err(Error::BadScore { score, scale });
        }
        if self.rated {
            return Ok(Vec::new());
        }
        let comment = comment.cloned();
        Ok(vec![Event::Rated {
            score,
            scale,
            comment,
        }])
    }

    fn fail(&self, message: &MessageId, code: &Word) -> Vec<Event> {
        if self.failed.contains(message) || !self.messages.contains_key(message) {
            return Vec::new();
        }
        vec![Event::MessageFailed {
            message: message.clone(),
            code: code.clone(),
        }]
    }

    fn hand_on(
        &self,
        to: &AgentId,
        how: TransferHow,
        command: &Command,
    ) -> Result<Vec<Event>, Error> {
        self.in_phase(&[Phase::Assigned, Phase::InProgress], command)?;
        let from = self
            .agent
            .clone()
            .ok_or_else(|| self.wrong_phase(command))?;
        if from == *to {
            return Err(Error::SameAgent);
        }
        let asked = self
            .transfer
            .as_ref()
            .is_some_and(|pending| match &pending.to {
                TransferTarget::Agent(agent) => agent == to,
                TransferTarget::Group(_)
                | TransferTarget::Category(_)
                | TransferTarget::Queue(_) => true,
            });
        if how == TransferHow::Accepted && !asked {
            return Err(Error::NoTransfer);
        }
        Ok(vec![Event::Transferred {
            from,
            to: to.clone(),
            how,
        }])
    }

    fn end(&self, ending: Ending, after_work: bool) -> Vec<Event> {
        let (by, rule, cause) = match ending {
            Ending::Agent => (EndedBy::Agent, None, None),
            Ending::Customer => (EndedBy::Customer, None, None),
            Ending::Manager => (EndedBy::Manager, None, None),
            Ending::Rule(rule) => (EndedBy::Auto, Some(rule), None),
            Ending::Channel(cause) => (EndedBy::Channel, None, Some(cause)),
        };
        match self.phase {
            Phase::Bot => {
                let by = match by {
                    EndedBy::Agent => BotEndedBy::Agent,
                    EndedBy::Customer => BotEndedBy::Customer,
                    EndedBy::Manager => BotEndedBy::Manager,
                    EndedBy::Auto => BotEndedBy::Idle,
                    EndedBy::Channel => BotEndedBy::Channel,
                };
                vec![Event::BotEnded { by }]
            }
            Phase::AfterWork => match by {
                EndedBy::Auto => vec![Event::AfterWorkEnded {
                    by: AfterWorkEndedBy::Limit,
                }],
                // The talk is over already. A second end, whoever's, must not cut the writing up short.
                EndedBy::Agent | EndedBy::Manager | EndedBy::Customer | EndedBy::Channel => {
                    Vec::new()
                }
            },
            phase => {
                let after_work = after_work && phase == Phase::InProgress && by != EndedBy::Auto;
                vec![Event::Ended {
                    by,
                    after_work,
                    rule,
                    cause,
                }]
            }
        }
    }

    fn end_channel(
        &self,
        cause: ChannelEnd,
        session: Option<&SessionId>,
        after_work: bool,
    ) -> Vec<Event> {
        let other = match (session, &self.session) {
            (Some(ended), Some(ours)) => ended != ours,
            _ => false,
        };
        if other {
            Vec::new()
        } else {
            self.end(Ending::Channel(cause), after_work)
        }
    }

    fn say(&self, id: &MessageId, said: impl FnOnce() -> Event) -> Result<Vec<Event>, Error> {
        if self.messages.contains_key(id) {
            return Ok(Vec::new());
        }
        if !self.session_open {
            return Err(Error::NoSession);
        }
        Ok(vec![said()])
    }

    fn in_phase(&self, phases: &[Phase], command: &Command) -> Result<(), Error> {
        if phases.contains(&self.phase) {
            Ok(())
        } else {
            Err(self.wrong_phase(command))
        }
    }

    const fn wrong_phase(&self, command: &Command) -> Error {
        Error::WrongPhase {
            command: command.name(),
            phase: self.phase.as_str(),
        }
    }

    fn owned_by(&self, agent: &AgentId) -> Result<(), Error> {
        if self.agent.as_ref() == Some(agent) {
            Ok(())
        } else {
            Err(Error::NotOwner {
                owner: self.agent.clone(),
            })
        }
    }
}
