//! What agents, managers and operators do.

use happytalk_core::Sealable;
use happytalk_core::conversation::{Command, Ending, Phase};
use happytalk_core::effect::Notice;
use happytalk_core::event::{
    AfterWorkEndedBy, AutoKind, Event, ReturnCause, TransferHow, TransferTarget,
};
use happytalk_core::id::{AgentId, ConversationId, MessageId, QueueId};
use happytalk_core::log::Stream;
use happytalk_core::{Action, Line};
use happytalk_routing::{AgentSpec, Input, Speaker};

use super::{Awaited, Desk, DeskCommand};
use crate::Error;

impl Desk {
    pub(super) fn take_command(&mut self, command: DeskCommand) -> Result<(), Error> {
        match command {
            DeskCommand::SetAgent { agent, .. } if agent == AgentId::bot() => {
                Err(Error::NoAgent { agent })
            }
            DeskCommand::SetAgent { agent, spec } => {
                if self.router.spec(&agent) != Some(&spec) {
                    self.emit(Stream::Agent(agent.clone()), agent_set(&spec));
                }
                self.route(Input::SetAgent { agent, spec })
            }
            DeskCommand::SetStatus {
                agent,
                status,
                class,
            } => {
                self.known(&agent)?;
                self.route(Input::SetStatus {
                    agent,
                    status,
                    class,
                })
            }
            DeskCommand::RemoveAgent { agent } => {
                self.known(&agent)?;
                self.emit(Stream::Agent(agent.clone()), Event::AgentRemoved {});
                self.route(Input::RemoveAgent { agent })
            }
            DeskCommand::Pick {
                agent,
                conversation,
            } => {
                self.known(&agent)?;
                self.held_here(&conversation)?;
                self.route(Input::Pick {
                    conversation,
                    agent,
                })
            }
            DeskCommand::Assign {
                conversation,
                agent,
            } => {
                self.known(&agent)?;
                self.held_here(&conversation)?;
                self.route(Input::Assign {
                    conversation,
                    agent,
                })
            }
            DeskCommand::Say {
                agent,
                conversation,
                message,
                content,
            } => {
                self.may_send()?;
                self.say(&conversation, Some(message), content, |message| {
                    Command::AgentSay { agent, message }
                })?;
                self.route_known(
                    &conversation,
                    Input::Said {
                        conversation: conversation.clone(),
                        by: Speaker::Agent,
                    },
                )
            }
            DeskCommand::RequestTransfer {
                agent,
                conversation,
                to,
            } => self.request_transfer(agent, &conversation, to),
            DeskCommand::AcceptTransfer {
                agent,
                conversation,
            } => self.transfer(&conversation, &agent, TransferHow::Accepted),
            DeskCommand::ForceTransfer { conversation, to } => {
                self.transfer(&conversation, &to, TransferHow::Forced)
            }
            DeskCommand::EndTransfer { conversation, why } => {
                self.act(&conversation, &Command::EndTransfer { why })?;
                Ok(())
            }
            DeskCommand::Withdraw { conversation } => {
                self.held_here(&conversation)?;
                self.route(Input::Return {
                    conversation,
                    cause: ReturnCause::Withdrawn,
                    queue: None,
                })
            }
            DeskCommand::End {
                conversation,
                agent,
            } => self.end(&conversation, agent.as_ref()),
            DeskCommand::EndAfterWork { conversation } => {
                if self.act(
                    &conversation,
                    &Command::EndAfterWork {
                        by: AfterWorkEndedBy::Agent,
                    },
                )? {
                    self.route(Input::Release { conversation })?;
                }
                Ok(())
            }
            DeskCommand::Hold {
                conversation,
                on: true,
                by,
            } => {
                self.act(&conversation, &Command::Hold { by })?;
                self.route_known(
                    &conversation,
                    Input::Hold {
                        conversation: conversation.clone(),
                    },
                )
            }
            DeskCommand::Hold {
                conversation,
                on: false,
                by,
            } => {
                self.act(&conversation, &Command::Unhold { by })?;
                self.route_known(
                    &conversation,
                    Input::Unhold {
                        conversation: conversation.clone(),
                    },
                )
            }
            DeskCommand::Categorise {
                conversation,
                category,
                by,
            } => {
                self.act(&conversation, &Command::Categorise { category, by })?;
                Ok(())
            }
            DeskCommand::Tag {
                conversation,
                tag,
                by,
            } => {
                self.act(&conversation, &Command::Tag { tag, by })?;
                Ok(())
            }
            DeskCommand::Note {
                agent,
                conversation,
                text,
            } => {
                self.act(
                    &conversation,
                    &Command::Note {
                        agent,
                        text: Sealable::Open(text),
                    },
                )?;
                Ok(())
            }
            DeskCommand::Book { json } => self.book(&json),
        }
    }

    /// Tells the router, where it has heard of the conversation: one that is with the bot is none of its business.
    pub(super) fn route_known(
        &mut self,
        conversation: &ConversationId,
        input: Input,
    ) -> Result<(), Error> {
        if self.router.owner(conversation).is_some() {
            self.route(input)
        } else {
            Ok(())
        }
    }

    /// Whether the site may still say anything that a person or a bot says.
    pub(super) fn may_send(&self) -> Result<(), Error> {
        let suspended = self
            .account
            .as_ref()
            .is_some_and(|account| !account.may_send());
        if suspended {
            Err(Error::Billing {
                code: "billing.suspended",
            })
        } else {
            Ok(())
        }
    }

    fn known(&self, agent: &AgentId) -> Result<(), Error> {
        if self.router.spec(agent).is_some() {
            Ok(())
        } else {
            Err(Error::NoAgent {
                agent: agent.clone(),
            })
        }
    }

    fn held_here(&self, conversation: &ConversationId) -> Result<&super::Conversation, Error> {
        self.conversation(conversation)
            .ok_or_else(|| Error::NoConversation {
                conversation: conversation.clone(),
            })
    }

    fn request_transfer(
        &mut self,
        agent: AgentId,
        conversation: &ConversationId,
        to: TransferTarget,
    ) -> Result<(), Error> {
        if let TransferTarget::Agent(target) = &to {
            self.known(target)?;
        }
        self.act(
            conversation,
            &Command::RequestTransfer {
                from: agent.clone(),
                to: to.clone(),
            },
        )?;
        let queue = match &to {
            TransferTarget::Agent(target) => {
                self.tell(conversation, target, Notice::TransferRequested);
                return Ok(());
            }
            TransferTarget::Queue(queue) => self.settings.queue_for(Some(queue), None),
            TransferTarget::Category(category) => self.settings.queue_for(None, Some(category)),
            _ => return Ok(()),
        };
        self.act(
            conversation,
            &Command::ReturnToQueue {
                cause: ReturnCause::Transfer,
                to: Some(to),
            },
        )?;
        self.tell(conversation, &agent, Notice::TakenAway);
        self.return_to(conversation, queue)
    }

    fn return_to(&mut self, conversation: &ConversationId, queue: QueueId) -> Result<(), Error> {
        self.route(Input::Return {
            conversation: conversation.clone(),
            cause: ReturnCause::Transfer,
            queue: Some(queue),
        })
    }

    fn transfer(
        &mut self,
        conversation: &ConversationId,
        to: &AgentId,
        how: TransferHow,
    ) -> Result<(), Error> {
        self.known(to)?;
        // The conversation's own rules first: a router that had moved it could not take that back.
        self.held_here(conversation)?.decide(
            &Command::Transfer {
                to: to.clone(),
                how,
            },
            self.clock,
        )?;
        self.route(Input::Transfer {
            conversation: conversation.clone(),
            to: TransferTarget::Agent(to.clone()),
            how,
        })
    }

    fn end(&mut self, id: &ConversationId, agent: Option<&AgentId>) -> Result<(), Error> {
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
        self.end_by(id, by)
    }

    /// Ends a conversation from our side: the closing text, the fact, the platform's session, the agent's slot.
    pub(super) fn end_by(&mut self, id: &ConversationId, by: Ending) -> Result<(), Error> {
        let conversation = self.held_here(id)?;
        let was_talking = conversation.session_open();
        if was_talking && matches!(conversation.phase(), Phase::Assigned | Phase::InProgress) {
            self.say_own(id, AutoKind::Closing)?;
        }
        let after_work = self.settings.after_work.is_some();
        if self.act(id, &Command::End { by, after_work })? {
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
            self.send(id, &message, Action::End {}, Awaited::Nothing);
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

    fn book(&mut self, json: &str) -> Result<(), Error> {
        let Some(account) = &self.account else {
            return Err(Error::Billing {
                code: "billing.no_account",
            });
        };
        let line = Line::of_site(self.site.clone(), self.site_seq + 1, self.clock, json)
            .map_err(|error| Error::Billing { code: error.code() })?;
        // Tried on a copy first: what the ledger refuses must not stand in the log.
        account
            .clone()
            .observe(&line)
            .map_err(|error| Error::Billing { code: error.code() })?;
        self.fold(&line);
        self.facts.push_back(super::Output::Line(line));
        Ok(())
    }
}

/// An agent as the log writes them.
fn agent_set(spec: &AgentSpec) -> Event {
    Event::AgentSet {
        group: spec.group.clone(),
        order: Some(spec.order),
        caps: Some(spec.caps.clone()),
        skills: (!spec.skills.is_empty()).then(|| spec.skills.clone()),
        weight: (spec.weight > 1).then_some(spec.weight),
        channels: spec
            .channels
            .as_ref()
            .map(|channels| channels.iter().cloned().collect()),
        shifts: spec.shifts.clone(),
    }
}
