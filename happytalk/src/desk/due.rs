//! What happens because time passed.

use happytalk_core::closing::{ClosingRules, Due, OpenTime, RuleClock};
use happytalk_core::conversation::{Command, Ending};
use happytalk_core::effect::Notice;
use happytalk_core::event::{AfterWorkEndedBy, ChannelEnd, TransferEnd};
use happytalk_core::id::{ConversationId, Word};
use happytalk_core::time::Timestamp;

use super::Desk;
use super::live::Live;
use crate::Error;

/// Who sets an alarm off.
const RANG: &str = "alarm";

impl Desk {
    /// Does everything that is due. Afterwards the next deadline is later than the clock.
    pub(super) fn run_due(&mut self) {
        if self.opens_at.is_some_and(|at| at <= self.clock) {
            self.open_doors();
        }
        while let Some((at, id)) = self.deadlines.first().cloned()
            && at <= self.clock
        {
            if let Some(due) = self.live.get(&id).and_then(|live| self.due(live))
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

    /// What is due next in a conversation, and when.
    pub(super) fn due(&self, live: &Live) -> Option<(Timestamp, Due)> {
        self.due_by(&self.rules, live)
    }

    fn due_by(&self, rules: &ClosingRules, live: &Live) -> Option<(Timestamp, Due)> {
        let hours = (rules.clock == RuleClock::Business)
            .then(|| self.hours_for(&live.conversation, None))
            .flatten();
        let open_time = hours.as_ref().map(|hours| -> &dyn OpenTime { hours });
        rules.next(&live.conversation, open_time)
    }

    fn run(&mut self, id: &ConversationId, due: (Timestamp, Due)) -> Result<(), Error> {
        match due.1 {
            Due::Close(rule) => self.end_by(id, Ending::Rule(rule)),
            Due::Remind(kind) => {
                self.say_own(id, kind)?;
                if self.live.get(id).and_then(|live| self.due(live)) != Some(due) {
                    return Ok(());
                }
                // It could not be said. The closing that it comes before must not wait for it.
                let mut rules = self.rules.clone();
                rules.reminders = false;
                rules.closing_notice = None;
                match self.live.get(id).and_then(|live| self.due_by(&rules, live)) {
                    Some(next) if next.0 <= self.clock => return self.run(id, next),
                    next => self.arm(id, next.map(|(at, _)| at)),
                }
                Ok(())
            }
            Due::EndAfterWork => self.end_after_work(id, AfterWorkEndedBy::Limit),
            Due::EndSession => self.channel_ends(Some(id.clone()), ChannelEnd::Expired, None),
            Due::ExpireTransfer => self.end_transfer(id, TransferEnd::Expired),
            Due::Alarm => {
                let rang = Command::SetAlarm {
                    at: self.clock,
                    by: Word::from_code(RANG),
                };
                self.act(id, &rang)?;
                self.tell_owner(id, Notice::Alarm);
                Ok(())
            }
            _ => Ok(()),
        }
    }
}
