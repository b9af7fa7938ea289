//! What a command comes to, or why it is refused.

mod beginning;
mod ending;
mod marks;
mod ownership;
mod saying;

use super::{Command, Conversation, Phase};
use crate::error::Error;
use crate::event::{AfterWorkEndedBy, Event};
use crate::id::AgentId;
use crate::time::Timestamp;

impl Conversation {
    /// The facts that `command` leads to at `now`; none when it changes nothing. Changes nothing itself.
    ///
    /// # Errors
    /// - [`Error::TimeWentBack`] when `now` is before the last event.
    /// - [`Error::Closed`] when it is over and the command is more than a note, [`Error::NotOpen`] before it began.
    /// - [`Error::WrongPhase`] where the phase does not allow the command.
    /// - [`Error::NotOwner`] when an agent acts on a conversation that is not theirs, [`Error::AlreadyTaken`] when
    ///   it is given to one and another has it, [`Error::KeptBack`] when it is kept for another.
    /// - [`Error::NoSession`] when something is to be said and the platform's session is over.
    /// - [`Error::AgentCannotOpen`] when an agent opens a conversation on Kakao.
    /// - [`Error::SameAgent`], [`Error::TransferPending`] and [`Error::NoTransfer`] of transfers.
    /// - [`Error::NoOffer`], [`Error::NoProfile`] and [`Error::NoReview`] when what is answered was not asked.
    /// - [`Error::TooLate`] when it is taken up again, or rated, after the time that is given for that.
    /// - [`Error::BadScore`] and [`Error::NothingToRate`] of ratings.
    /// - [`Error::TooLong`] and [`Error::Empty`] of texts.
    pub fn decide(&self, command: &Command, now: Timestamp) -> Result<Vec<Event>, Error> {
        if now < self.last_at {
            return Err(Error::TimeWentBack);
        }
        match command {
            Command::Open(opening) => return self.open(opening),
            _ if self.phase == Phase::New => {
                return Err(Error::NotOpen {
                    command: command.name(),
                });
            }
            _ => {}
        }
        // What a conversation that is over still takes, and a live one too.
        match command {
            Command::Categorise { .. }
            | Command::Tag { .. }
            | Command::Untag { .. }
            | Command::Note { .. }
            | Command::Title { .. }
            | Command::Flag { .. }
            | Command::Convert { .. }
            | Command::Link { .. }
            | Command::Unblock { .. }
            | Command::RequestReview { .. }
            | Command::AnswerReview { .. } => return self.mark(command),
            Command::FailMessage { message, code } => return Ok(self.fail(message, code)),
            Command::Rate {
                score,
                scale,
                comment,
                within,
            } => return self.rate((*score, *scale), comment.as_ref(), *within, now),
            Command::Reopen {
                by,
                session,
                within,
            } => return self.reopen(by, session.as_ref(), *within, now),
            Command::EndAfterWork { by } => {
                return match self.phase {
                    Phase::AfterWork => Ok(vec![Event::AfterWorkEnded { by: *by }]),
                    Phase::Closed => Ok(Vec::new()),
                    _ => Err(self.wrong_phase(command)),
                };
            }
            _ => {}
        }
        if self.phase.is_live() {
            self.decide_live(command, now)
        } else {
            Err(Error::Closed {
                phase: self.phase.as_str(),
            })
        }
    }

    fn decide_live(&self, command: &Command, now: Timestamp) -> Result<Vec<Event>, Error> {
        match command {
            Command::Reject { reason } => self.reject(*reason, command),
            Command::CustomerSay { .. }
            | Command::BotSay { .. }
            | Command::AutoSay { .. }
            | Command::AgentSay { .. }
            | Command::BotEnter { .. }
            | Command::BotMiss { .. } => self.decide_saying(command, now),
            Command::RequestAgent { .. }
            | Command::RequestProfile { .. }
            | Command::CompleteProfile { .. }
            | Command::SkipProfile { .. }
            | Command::Offer { .. }
            | Command::Decline { .. }
            | Command::Assign { .. }
            | Command::ReturnToQueue { .. }
            | Command::RequestTransfer { .. }
            | Command::EndTransfer { .. }
            | Command::Transfer { .. } => self.decide_ownership(command, now),
            Command::Hold { .. }
            | Command::Unhold { .. }
            | Command::Wake { .. }
            | Command::SetAlarm { .. }
            | Command::Supervise { .. } => self.decide_live_mark(command, now),
            Command::EndBot { .. }
            | Command::End { .. }
            | Command::EndChannel { .. }
            | Command::Block { .. } => self.decide_ending(command),
            _ => Err(self.wrong_phase(command)),
        }
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

    /// The end of after-work that comes with something else.
    const fn after_work_cut_short() -> Event {
        Event::AfterWorkEnded {
            by: AfterWorkEndedBy::Agent,
        }
    }
}

/// # Errors
/// [`Error::Empty`] and [`Error::TooLong`].
fn check_text(what: &'static str, text: &str, chars_max: usize) -> Result<(), Error> {
    if text.trim().is_empty() {
        return Err(Error::Empty { what });
    }
    let chars = text.chars().count();
    if chars > chars_max {
        return Err(Error::TooLong {
            what,
            chars,
            chars_max,
        });
    }
    Ok(())
}
