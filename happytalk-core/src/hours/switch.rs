//! The manual switch: what was switched, for how long, and the hours seen through it.

use crate::event::Event;
use crate::time::Timestamp;

use super::schedule::Schedule;
use super::why::Why;

/// One turn of the manual switch: from `from` up to `until` it is open, or closed, whatever the schedule says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Override {
    /// Open, or closed.
    pub open: bool,
    /// Since when.
    pub from: Timestamp,
    /// Until when; the schedule decides from here on.
    pub until: Timestamp,
}

/// What the manual switch did, as the log's `hours_overridden` tell: a fold over those facts.
///
/// A later turn ends the one before it, and one whose `until` has passed already when it is written only ends it. All of
/// them are kept, so that the open time of a day that is over is what it was; [`Overrides::forget_before`] shortens them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Overrides {
    /// In order, none of them empty, none of them overlapping.
    turns: Vec<Override>,
}

impl Overrides {
    /// Nobody touched the switch.
    #[must_use]
    pub const fn none() -> Self {
        Self { turns: Vec::new() }
    }

    /// Takes a fact of the site's stream; every other event changes nothing.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        let Event::HoursOverridden { open, until } = event else {
            return;
        };
        let from = self.turns.last().map_or(at, |last| at.max(last.from));
        if let Some(last) = self.turns.last_mut() {
            last.until = last.until.min(from);
            if last.until <= last.from {
                self.turns.pop();
            }
        }
        if *until > from {
            self.turns.push(Override {
                open: *open,
                from,
                until: *until,
            });
        }
    }

    /// The turn that counts at `time`.
    #[must_use]
    pub fn at(&self, time: Timestamp) -> Option<Override> {
        let next = self.turns.partition_point(|turn| turn.from <= time);
        let turn = self.turns.get(next.checked_sub(1)?)?;
        (time < turn.until).then_some(*turn)
    }

    /// All turns, in order; none of them overlap.
    #[must_use]
    pub fn turns(&self) -> &[Override] {
        &self.turns
    }

    /// Drops the turns that ended at or before `time`.
    pub fn forget_before(&mut self, time: Timestamp) {
        self.turns.retain(|turn| turn.until > time);
    }
}

/// A schedule seen through the manual switch: what counts in the end.
#[derive(Debug, Clone, Copy)]
pub struct Hours<'a> {
    schedule: &'a Schedule,
    overrides: &'a Overrides,
}

/// What an operator, a scenario or an admission rule needs to know of one instant.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Status {
    /// Open or closed, and why.
    pub why: Why,
    /// Whether requests are taken while it is closed.
    pub intake: bool,
    /// The first instant from then on at which it is open; `None` when it never is.
    pub next_open: Option<Timestamp>,
    /// The first instant after it at which it opens or closes; `None` when it stays as it is.
    pub next_change: Option<Timestamp>,
}

impl Status {
    /// Whether it is open.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.why.is_open()
    }

    /// Whether a request for an agent is taken: at once when open, else to wait for the next window where there is intake.
    #[must_use]
    pub const fn takes_requests(&self) -> bool {
        self.is_open() || self.intake
    }
}

impl<'a> Hours<'a> {
    /// `schedule`, and what was done to the switch.
    #[must_use]
    pub const fn new(schedule: &'a Schedule, overrides: &'a Overrides) -> Self {
        Self {
            schedule,
            overrides,
        }
    }

    /// The schedule alone.
    #[must_use]
    pub const fn schedule(&self) -> &'a Schedule {
        self.schedule
    }

    /// Everything about `time`.
    #[must_use]
    pub fn status(&self, time: Timestamp) -> Status {
        Status {
            why: self.why(time),
            intake: self.schedule.intake(),
            next_open: self.next_open(time),
            next_change: self.next_change(time),
        }
    }

    /// Whether it is open at `time`.
    #[must_use]
    pub fn is_open(&self, time: Timestamp) -> bool {
        match self.overrides.at(time) {
            Some(turn) => turn.open,
            None => self.schedule.is_open(time),
        }
    }

    /// Why it is open or closed at `time`.
    #[must_use]
    pub fn why(&self, time: Timestamp) -> Why {
        match self.overrides.at(time) {
            Some(turn) if turn.open => Why::SwitchedOn,
            Some(_) => Why::SwitchedOff,
            None => self.schedule.why(time),
        }
    }

    /// The first instant from `time` on at which it is open: `time` itself when it is open then, `None` when it never
    /// opens again. Who waits for the hours to open is served at this instant.
    #[must_use]
    pub fn next_open(&self, time: Timestamp) -> Option<Timestamp> {
        if self.is_open(time) {
            Some(time)
        } else {
            self.next_change(time)
        }
    }

    /// The first instant after `time` at which it opens or closes; `None` when it stays as it is.
    #[must_use]
    pub fn next_change(&self, time: Timestamp) -> Option<Timestamp> {
        let open = self.is_open(time);
        let turns = &self.overrides.turns;
        let mut next = turns.partition_point(|turn| turn.until <= time);
        let mut probe = time;
        loop {
            // At `probe` it is as it was at `time`, or this is the change.
            match turns.get(next) {
                Some(turn) if turn.from <= probe => {
                    if turn.open != open {
                        return Some(probe);
                    }
                    probe = turn.until;
                    next += 1;
                }
                following => {
                    if self.schedule.is_open(probe) != open {
                        return Some(probe);
                    }
                    let change = self.schedule.next_change(probe);
                    match (change, following) {
                        (Some(change), Some(turn)) if turn.from <= change => probe = turn.from,
                        (None, Some(turn)) => probe = turn.from,
                        (change, _) => return change,
                    }
                }
            }
        }
    }

    /// How many milliseconds from `from` up to `until` it is open; 0 when `until` is not after `from`.
    #[must_use]
    pub fn business_ms(&self, from: Timestamp, until: Timestamp) -> u64 {
        let millis =
            |a: Timestamp, b: Timestamp| u64::try_from(b.since(a).as_millis()).unwrap_or(0);
        let first = self
            .overrides
            .turns
            .partition_point(|turn| turn.until <= from);
        let turns = self.overrides.turns.get(first..).unwrap_or_default();
        let mut sum = 0;
        let mut done = from;
        for turn in turns.iter().take_while(|turn| turn.from < until) {
            sum += self.schedule.business_ms(done, turn.from);
            if turn.open {
                sum += millis(turn.from.max(done), turn.until.min(until));
            }
            done = turn.until;
        }
        sum + self.schedule.business_ms(done, until)
    }
}
