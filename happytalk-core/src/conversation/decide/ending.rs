//! How it ends.

use super::super::{Command, Conversation, Ending, Phase};
use crate::error::Error;
use crate::event::{AfterWorkEndedBy, BotEndedBy, ChannelEnd, EndedBy, Event};
use crate::id::{SessionId, Word};

impl Conversation {
    pub(super) fn decide_ending(&self, command: &Command) -> Result<Vec<Event>, Error> {
        match command {
            Command::EndBot { by } => {
                self.in_phase(&[Phase::Bot], command)?;
                Ok(vec![Event::BotEnded { by: *by }])
            }
            Command::End { by, after_work } => Ok(self.end(*by, *after_work)),
            Command::EndChannel {
                cause,
                session,
                after_work,
            } => Ok(self.end_channel(*cause, session.as_ref(), *after_work)),
            Command::Block { by, manager } => Ok(self.block(by, *manager)),
            _ => Err(self.wrong_phase(command)),
        }
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
        if self.session.names_another(session) {
            Vec::new()
        } else {
            self.end(Ending::Channel(cause), after_work)
        }
    }

    /// Row 18: it is over at once, nothing is written up.
    fn block(&self, by: &Word, manager: bool) -> Vec<Event> {
        let blocked = Event::Blocked { by: by.clone() };
        let ending = if manager {
            Ending::Manager
        } else {
            Ending::Agent
        };
        let end = match self.phase {
            Phase::AfterWork => vec![Self::after_work_cut_short()],
            _ => self.end(ending, false),
        };
        std::iter::once(blocked).chain(end).collect()
    }
}
