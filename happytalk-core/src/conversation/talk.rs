//! Who wrote last and since when: what turns, answers and the rules of closing are read off.

use super::Turn;
use crate::id::MessageId;
use crate::time::Timestamp;

/// The talk of one episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Talk {
    pub(super) turn: Turn,
    /// The first message of the side whose turn it is.
    pub(super) turn_since: Timestamp,
    pub(super) silent_since: Timestamp,
    pub(super) answers: u32,
    pub(super) reminders: u8,
    /// What agents wrote since the customer did, and did not fail.
    burst: Vec<MessageId>,
}

impl Talk {
    pub(super) const fn new() -> Self {
        Self {
            turn: Turn::Customer,
            turn_since: Timestamp::MIN,
            silent_since: Timestamp::MIN,
            answers: 0,
            reminders: 0,
            burst: Vec::new(),
        }
    }

    /// Another episode, or the first.
    pub(super) fn begin(&mut self, at: Timestamp) {
        *self = Self::new();
        self.rearm(at);
    }

    /// The clocks of the closing rules start again.
    pub(super) const fn rearm(&mut self, at: Timestamp) {
        self.turn_since = at;
        self.silent_since = at;
        self.reminders = 0;
    }

    pub(super) fn customer_said(&mut self, at: Timestamp) {
        self.silent_since = at;
        if self.turn == Turn::Agent {
            self.turn = Turn::Customer;
            self.turn_since = at;
            self.reminders = 0;
            self.burst.clear();
        }
    }

    pub(super) fn agent_said(&mut self, id: Option<&MessageId>, at: Timestamp) {
        self.answers = self.answers.saturating_add(1);
        if self.turn == Turn::Customer {
            self.turn = Turn::Agent;
            self.turn_since = at;
        }
        self.silent_since = at;
        self.reminders = 0;
        self.burst.extend(id.cloned());
    }

    /// What did not reach the customer was never said: where it was all that the agents wrote, it is still the
    /// customer who waits, and from now on the agent has the time again that a rule gives them.
    pub(super) fn agent_failed(&mut self, id: &MessageId, at: Timestamp) {
        self.answers = self.answers.saturating_sub(1);
        let before = self.burst.len();
        self.burst.retain(|said| said != id);
        if self.turn == Turn::Agent && before > 0 && self.burst.is_empty() {
            self.turn = Turn::Customer;
            self.turn_since = at;
            self.reminders = 0;
        }
    }
}
