//! The way to the router and back: what it decides becomes lines.

use happytalk_core::conversation::{Command, Ending};
use happytalk_core::effect::Notice;
use happytalk_core::event::{AssignedHow, AutoKind, EndRule, Event, ReturnCause};
use happytalk_core::id::{ConversationId, Word};
use happytalk_core::log::Stream;
use happytalk_routing::{Explanation, Fact, What};

use super::{Desk, Output};
use crate::Error;

impl Desk {
    /// Puts an input to the router and takes what it decides.
    pub(super) fn route(&mut self, input: happytalk_routing::Input) -> Result<(), Error> {
        self.route_by(input, None)
    }

    /// The same, for somebody whose name stands in the log.
    pub(super) fn route_by(
        &mut self,
        input: happytalk_routing::Input,
        by: Option<&Word>,
    ) -> Result<(), Error> {
        self.router.handle_input(input, self.clock);
        let mut refused = Ok(());
        while let Some(output) = self.router.poll_output() {
            match output.what {
                What::Fact(fact) => self.take_fact(&fact, output.why, by)?,
                What::Refused(refusal) => {
                    refused = Err(Error::Routing {
                        code: refusal.error.code(),
                    })
                }
                What::Unserved(_) => self.pass_over("routing.unserved"),
            }
        }
        refused
    }

    /// Tells the router, where it has heard of the conversation: one that is with the bot is none of its business.
    pub(super) fn route_known(
        &mut self,
        conversation: &ConversationId,
        input: happytalk_routing::Input,
    ) -> Result<(), Error> {
        if self.router.owner(conversation).is_some() {
            self.route(input)
        } else {
            Ok(())
        }
    }

    fn take_fact(
        &mut self,
        fact: &Fact,
        why: Option<Box<Explanation>>,
        by: Option<&Word>,
    ) -> Result<(), Error> {
        match fact {
            Fact::Opened {
                conversation,
                agent,
                over_cap,
                ..
            } => {
                let opens = Command::Assign {
                    agent: agent.clone(),
                    how: AssignedHow::Opener,
                    over_cap: *over_cap,
                };
                self.act(conversation, &opens)?;
            }
            Fact::Held { conversation } => {
                let by = by.cloned().unwrap_or_else(|| Word::from_code("router"));
                self.act(conversation, &Command::Hold { by })?;
            }
            Fact::Unheld {
                conversation,
                over_cap,
            } => {
                let by = by.cloned().unwrap_or_else(|| Word::from_code("router"));
                let over_cap = *over_cap;
                self.act(conversation, &Command::Unhold { by, over_cap })?;
            }
            Fact::Assigned {
                conversation,
                agent,
                how,
                over_cap,
            } => {
                self.act(
                    conversation,
                    &Command::Assign {
                        agent: agent.clone(),
                        how: *how,
                        over_cap: *over_cap,
                    },
                )?;
                self.forget_profile(conversation);
                self.tell(conversation, agent, Notice::Assigned);
                if self.names_agent(AutoKind::Greeting) {
                    self.say_own(conversation, AutoKind::Greeting)?;
                }
                if let Some(why) = why {
                    self.others.push_back(Output::Explained {
                        conversation: conversation.clone(),
                        why,
                    });
                }
            }
            Fact::Transferred {
                conversation,
                from,
                to,
                how,
                ..
            } => {
                self.act(
                    conversation,
                    &Command::Transfer {
                        to: to.clone(),
                        how: *how,
                    },
                )?;
                self.tell(conversation, from, Notice::TakenAway);
                self.tell(conversation, to, Notice::Assigned);
            }
            Fact::Returned {
                conversation,
                agent,
                cause,
                ..
            } if *cause != ReturnCause::Transfer => {
                self.act(
                    conversation,
                    &Command::ReturnToQueue {
                        cause: *cause,
                        to: None,
                    },
                )?;
                self.tell(conversation, agent, Notice::TakenAway);
            }
            Fact::AgentStatus {
                agent,
                status,
                class,
            } => self.emit(
                Stream::Agent(agent.clone()),
                Event::AgentStatus {
                    status: status.clone(),
                    class: *class,
                },
            ),
            Fact::Offered {
                conversation,
                agent,
                until,
            } => {
                let agent = agent.clone();
                let until = *until;
                self.act(conversation, &Command::Offer { agent, until })?;
            }
            Fact::Declined {
                conversation, by, ..
            } => {
                self.act(conversation, &Command::Decline { by: *by })?;
            }
            Fact::Woken {
                conversation,
                over_cap,
            } => {
                let over_cap = *over_cap;
                self.act(conversation, &Command::Wake { over_cap })?;
            }
            Fact::TimedOut { conversation } => {
                self.end_by(conversation, Ending::Rule(EndRule::QueueTimeout))?;
            }
            // The desk wrote the line before it told the router.
            _ => {}
        }
        Ok(())
    }
}
