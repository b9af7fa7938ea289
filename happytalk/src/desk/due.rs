//! What happens because time passed.

use happytalk_core::conversation::{Command, Ending};
use happytalk_core::event::{AfterWorkEndedBy, EndRule, TransferEnd};
use happytalk_core::id::ConversationId;

use super::Desk;
use super::live::Due;
use crate::Error;

impl Desk {
    /// Does everything that is due. Afterwards the next deadline is later than the clock.
    pub(super) fn run_due(&mut self) {
        while let Some((at, id)) = self.deadlines.first().cloned()
            && at <= self.clock
        {
            let due = self
                .live
                .get(&id)
                .and_then(|live| live.deadline(&self.settings))
                .map(|(_, due)| due);
            if let Some(due) = due
                && let Err(error) = self.run(&id, due)
            {
                self.pass_over(error.code());
            }
            // Whatever was done moved the deadline; if nothing was, it must not be met again.
            self.deadlines.remove(&(at, id));
        }
        if self
            .router
            .next_deadline()
            .is_some_and(|at| at <= self.clock)
            && let Err(error) = self.route(happytalk_routing::Input::Tick)
        {
            self.pass_over(error.code());
        }
    }

    fn run(&mut self, id: &ConversationId, due: Due) -> Result<(), Error> {
        match due {
            Due::BotIdle | Due::CustomerSilent => {
                self.end_by(id, Ending::Rule(EndRule::CustomerSilent))
            }
            Due::AgentLate => self.end_by(id, Ending::Rule(EndRule::AgentLate)),
            Due::AfterWork => {
                self.act(
                    id,
                    &Command::EndAfterWork {
                        by: AfterWorkEndedBy::Limit,
                    },
                )?;
                self.route(happytalk_routing::Input::Release {
                    conversation: id.clone(),
                })
            }
            Due::Transfer => {
                self.act(
                    id,
                    &Command::EndTransfer {
                        why: TransferEnd::Expired,
                    },
                )?;
                Ok(())
            }
        }
    }
}
