//! What agents, managers and operators do: the commands, each to where it is done.

use happytalk_core::event::{AfterWorkEndedBy, Event, RejectReason, TransferHow};
use happytalk_core::id::AgentId;
use happytalk_core::log::Stream;
use happytalk_core::{Content, Line};
use happytalk_routing::{AgentSpec, Input, Speaker};

use super::{Desk, DeskCommand};
use crate::Error;

impl Desk {
    pub(super) fn take_command(&mut self, command: DeskCommand) -> Result<(), Error> {
        match command {
            DeskCommand::As { actor, command } => {
                self.permit(&actor, &command)?;
                self.take_command(*command)
            }
            DeskCommand::SetAgent { agent, spec } => self.set_agent(agent, spec),
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
            DeskCommand::RemoveAgent { agent } => self.remove_agent(agent),
            DeskCommand::Open {
                agent,
                conversation,
                customer,
                category,
            } => self.open_by_agent(agent, conversation, customer, category),
            DeskCommand::AcceptOffer {
                agent,
                conversation,
            } => {
                self.known(&agent)?;
                self.held_here(&conversation)?;
                self.route(Input::Accept {
                    conversation,
                    agent,
                })
            }
            DeskCommand::DeclineOffer {
                agent,
                conversation,
            } => {
                self.known(&agent)?;
                self.held_here(&conversation)?;
                self.route(Input::Decline {
                    conversation,
                    agent,
                })
            }
            DeskCommand::Pick {
                agent,
                conversation,
            } => {
                self.known(&agent)?;
                self.held_here(&conversation)?;
                if self.waits_for_hours().any(|waits| *waits == conversation) {
                    return Err(Error::Refused {
                        reason: RejectReason::OffHours,
                    });
                }
                if self.is_held_for_profile(&conversation) {
                    return Err(happytalk_core::Error::KeptBack.into());
                }
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
                self.assign(conversation, agent)
            }
            DeskCommand::Say {
                agent,
                conversation,
                message,
                content,
            } => self.agent_says(agent, &conversation, message, content),
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
            DeskCommand::TakeOver { conversation, by } => {
                self.transfer(&conversation, &by, TransferHow::TakenOver)
            }
            DeskCommand::EndTransfer { conversation, why } => self.end_transfer(&conversation, why),
            DeskCommand::Withdraw { conversation } => self.withdraw(conversation),
            DeskCommand::End {
                conversation,
                agent,
            } => self.end(&conversation, agent.as_ref()),
            DeskCommand::EndByCustomer { conversation } => self.end_by(
                &conversation,
                happytalk_core::conversation::Ending::Customer,
            ),
            DeskCommand::EndAfterWork { conversation } => {
                self.end_after_work(&conversation, AfterWorkEndedBy::Agent)
            }
            DeskCommand::ReturnToBot {
                conversation,
                agent,
                next,
            } => self.return_to_bot(&conversation, agent.as_ref(), next),
            DeskCommand::Approve {
                conversation,
                approval,
                by,
                outcome,
            } => {
                self.known(&by)?;
                self.answer_approval(&conversation, &approval, outcome)
            }
            DeskCommand::ReleaseBot { newer } => self.settings.bots.release(newer.0),
            DeskCommand::SetMode { mode } => self.route(Input::SetMode { mode }),
            DeskCommand::SetDoor { door } => {
                self.settings.door = door;
                Ok(())
            }
            DeskCommand::Block { conversation, by } => self.block(&conversation, &by),
            DeskCommand::Unblock { conversation, by } => self.unblock(&conversation, &by),
            DeskCommand::SwitchHours { command } => {
                self.switch_hours(command);
                Ok(())
            }
            DeskCommand::SetCalendar { calendar } => {
                self.set_calendar(*calendar);
                Ok(())
            }
            DeskCommand::Book { json } => self.book(&json),
            other => self.take_mark(other),
        }
    }

    fn set_agent(&mut self, agent: AgentId, spec: AgentSpec) -> Result<(), Error> {
        if agent == AgentId::bot() {
            return Err(Error::ReservedId);
        }
        if self.router.spec(&agent).as_ref() != Some(&spec) {
            self.emit(Stream::Agent(agent.clone()), agent_set(&spec));
        }
        self.route(Input::SetAgent { agent, spec })
    }

    /// What they had waits again; what they were writing up is over.
    fn remove_agent(&mut self, agent: AgentId) -> Result<(), Error> {
        self.known(&agent)?;
        let writing_up: Vec<_> = self
            .router
            .conversations_of(&agent)
            .into_iter()
            .filter(|id| {
                self.live.get(*id).is_some_and(|live| {
                    live.conversation.phase() == happytalk_core::conversation::Phase::AfterWork
                })
            })
            .cloned()
            .collect();
        for id in writing_up {
            self.end_after_work(&id, AfterWorkEndedBy::Limit)?;
        }
        self.emit(Stream::Agent(agent.clone()), Event::AgentRemoved {});
        self.route(Input::RemoveAgent { agent })
    }

    fn agent_says(
        &mut self,
        agent: AgentId,
        conversation: &happytalk_core::id::ConversationId,
        message: happytalk_core::id::MessageId,
        content: Vec<Content>,
    ) -> Result<(), Error> {
        self.known(&agent)?;
        self.may_send()?;
        check_size(&content)?;
        // The desk numbers messages itself, by conversation; an agent's screen must not take such a name.
        let own = message
            .as_str()
            .strip_prefix(conversation.as_str())
            .and_then(|rest| rest.strip_prefix('-'))
            .is_some_and(|number| number.bytes().all(|byte| byte.is_ascii_digit()));
        if own {
            return Err(Error::ReservedId);
        }
        self.say(conversation, Some(message), content, |message| {
            happytalk_core::Command::AgentSay {
                agent: agent.clone(),
                message,
            }
        })?;
        self.route_known(
            conversation,
            Input::Said {
                conversation: conversation.clone(),
                by: Speaker::Agent,
            },
        )
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

    pub(super) fn known(&self, agent: &AgentId) -> Result<(), Error> {
        if self.router.spec(agent).is_some() {
            Ok(())
        } else {
            Err(Error::NoAgent {
                agent: agent.clone(),
            })
        }
    }

    fn book(&mut self, json: &str) -> Result<(), Error> {
        let Some(account) = &mut self.account else {
            return Err(Error::Billing {
                code: "billing.no_account",
            });
        };
        let line = Line::of_site(self.site.clone(), self.site_seq + 1, self.clock, json)
            .map_err(|error| Error::Billing { code: error.code() })?;
        match happytalk_billing::SiteLine::from_log(&line) {
            Ok(Some(_)) => {}
            // A line that no ledger knows would stand in the log and book nothing.
            Ok(None) => {
                return Err(Error::Billing {
                    code: "billing.unknown_command",
                });
            }
            Err(error) => return Err(Error::Billing { code: error.code() }),
        }
        // Booked first, all of it or nothing: what the ledger refuses must not stand in the log. To the fold it is a
        // repetition, which books nothing.
        account
            .observe(&line)
            .map_err(|error| Error::Billing { code: error.code() })?;
        self.fold(&line);
        self.facts.push_back(super::Output::Line(line));
        Ok(())
    }
}

/// Whether a line of the log can hold it.
pub(super) fn check_size(content: &[Content]) -> Result<(), Error> {
    let written = serde_json::to_string(content).map_or(usize::MAX, |json| json.len());
    if written > Line::BYTES_MAX - LINE_FRAME {
        Err(Error::TooLong {
            bytes_max: Line::BYTES_MAX - LINE_FRAME,
        })
    } else {
        Ok(())
    }
}

/// What a line has beside the content of its message, at the most.
const LINE_FRAME: usize = 16 * 1024;

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
