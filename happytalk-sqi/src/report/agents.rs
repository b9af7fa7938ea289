//! What one agent did with a stretch of time.

use happytalk_core::event::StatusClass;

use super::Rate;
use crate::samples::mean;

/// One agent, over the whole log or one of the stretches of time that rows are made by. All times in milliseconds.
///
/// A conversation is handled from its assignment until it is moved on, given back to the queue or closed, after-work
/// included. At the desk is logged in and not paused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct AgentRow {
    /// The stretch of time: one text for each dimension of time in [`Report::by`](super::Report::by).
    pub keys: Vec<String>,
    /// The agent.
    pub agent: String,
    /// Conversations handled, by when they closed; one that two agents handled counts with both.
    pub handled: u64,
    /// The time of all that was handled, one after the other: two at once count twice.
    pub handling_ms: u64,
    /// The time in which anything was handled: two at once count once.
    pub busy_ms: u64,
    /// Logged in, paused or not.
    pub logged_in_ms: u64,
    /// Logged in and paused.
    pub paused_ms: u64,
    /// How long the agent was in each status, by the names the site gives them, in the order of the names.
    pub statuses: Vec<(String, u64)>,
    busy_at_desk_ms: u64,
    slots_ms: u64,
    handling_in_slots_ms: u64,
}

impl AgentRow {
    pub(crate) fn new(keys: Vec<String>, agent: &str) -> Self {
        Self {
            keys,
            agent: agent.to_owned(),
            handled: 0,
            handling_ms: 0,
            busy_ms: 0,
            logged_in_ms: 0,
            paused_ms: 0,
            statuses: Vec::new(),
            busy_at_desk_ms: 0,
            slots_ms: 0,
            handling_in_slots_ms: 0,
        }
    }

    /// Adds `millis` in which `at_once` conversations were handled, under what holds of the agent.
    pub(crate) fn add(
        &mut self,
        millis: u64,
        at_once: u64,
        held: Option<(StatusClass, Option<u32>)>,
        status: Option<&str>,
    ) {
        let (class, cap) = held.unwrap_or((StatusClass::Off, None));
        let busy_ms = if at_once > 0 { millis } else { 0 };
        let handling_ms = millis.saturating_mul(at_once);
        self.handling_ms = self.handling_ms.saturating_add(handling_ms);
        self.busy_ms += busy_ms;
        match class {
            StatusClass::Accepting | StatusClass::Finishing => {
                self.logged_in_ms += millis;
                self.busy_at_desk_ms += busy_ms;
                if let Some(cap) = cap {
                    self.slots_ms = self
                        .slots_ms
                        .saturating_add(millis.saturating_mul(u64::from(cap)));
                    self.handling_in_slots_ms =
                        self.handling_in_slots_ms.saturating_add(handling_ms);
                }
            }
            StatusClass::Paused => {
                self.logged_in_ms += millis;
                self.paused_ms += millis;
            }
            _ => {}
        }
        if let Some(status) = status {
            match self
                .statuses
                .binary_search_by(|(known, _)| known.as_str().cmp(status))
            {
                Ok(place) => {
                    if let Some((_, sum)) = self.statuses.get_mut(place) {
                        *sum += millis;
                    }
                }
                Err(place) => self.statuses.insert(place, (status.to_owned(), millis)),
            }
        }
    }

    /// Occupancy: of the time at the desk, that in which anything was handled. In milliseconds; never above 100 %,
    /// since what is left open while nobody is at the desk is not work.
    #[must_use]
    pub const fn occupancy(&self) -> Rate {
        Rate::new(self.busy_at_desk_ms, self.logged_in_ms - self.paused_ms)
    }

    /// Slot utilisation: conversations handled at the desk over the agent's limit of conversations, both over time.
    /// Of nothing where the agent has no limit; above 100 % where the limit was passed.
    #[must_use]
    pub const fn slot_utilisation(&self) -> Rate {
        Rate::new(self.handling_in_slots_ms, self.slots_ms)
    }

    /// The handling time of one conversation when those at once are not counted twice; `None` where none was handled.
    #[must_use]
    pub fn concurrency_adjusted_ms(&self) -> Option<u64> {
        (self.handled > 0).then(|| mean(u128::from(self.busy_ms), self.handled))
    }
}
