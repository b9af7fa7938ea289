//! Where one customer is inside a scenario.

mod bytes;
#[cfg(test)]
mod full;
mod json;
mod packed;
mod seen;

use std::collections::BTreeMap;
use std::fmt;

use happytalk_core::Value;
use happytalk_core::id::{NodeId, ScenarioId};
use serde::{Deserialize, Serialize};

use crate::compiled::Compiled;
use crate::error::Error;

/// CRC-32 (IEEE 802.3): finds every single changed byte.
pub(crate) use crc32fast::hash as crc32;
pub(crate) use seen::{Seen, seen_id};

/// The most bytes a saved state may have.
pub const STATE_BYTES_MAX: usize = 512 * 1024;
/// The most bytes the values of all variables may have together, as JSON.
pub const SLOTS_BYTES_MAX: usize = 192 * 1024;
/// The most steps that are remembered for 이전으로.
pub const TRAIL_MAX: usize = 32;
/// The most scenarios that run one inside the other.
pub const SUBS_MAX: usize = 8;
/// How many input ids are remembered to recognise a repeated one.
pub const SEEN_MAX: usize = 8;

/// What the customer or the host has to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Status {
    /// The customer's word is awaited; before [`Input::Start`](crate::Input::Start) too.
    Waiting,
    /// The result of a call is awaited.
    WaitingCall,
    /// An agent has to look at a text before it goes out.
    WaitingApproval,
    /// A person was asked for, or has taken over; the bot is silent.
    HandedOff,
    /// The scenario is over.
    Ended {
        /// The word of the `end` that was reached; `end` for `@end`.
        outcome: String,
        /// Whether a node marked as a goal was reached in this session.
        goal: bool,
    },
}

#[derive(Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Phase {
    #[default]
    Fresh,
    Waiting,
    Call,
    Approval,
    HandedOff,
    Ended,
}

/// Where in a form the customer is.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum FormStep {
    /// At the question of this slot; the next ones follow.
    Ask(u32),
    /// At the look at all answers.
    Review,
    /// Asked which answer is wrong.
    Which,
    /// At the question of this slot again; the look at all answers follows.
    Fix(u32),
}

/// A scenario that runs another one and goes on when that is over.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Frame {
    pub(crate) scenario: ScenarioId,
    pub(crate) version: u32,
    /// The node that runs the other one.
    pub(crate) at: NodeId,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) trail: Vec<NodeId>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) slots: BTreeMap<String, Value>,
}

/// What is awaited from the host.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Wait {
    /// The id of the effect.
    pub(crate) id: String,
    /// Of a call: which try this is, from 1.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) attempt: u32,
    /// Of a call: the idempotency key.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) key: String,
    /// Of a call: whether the customer was told that it takes a moment.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) told: bool,
    /// Of a hand-off: whether an agent's side has accepted.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) accepted: bool,
}

impl Wait {
    /// For the result of that effect, of which nothing else is to be remembered.
    pub(crate) const fn on(id: String) -> Self {
        Self {
            id,
            attempt: 0,
            key: String::new(),
            told: false,
            accepted: false,
        }
    }
}

/// Where to look first for what is found by its name. No part of a state: two that differ in it alone are the same.
#[derive(Clone, Copy, Default)]
pub(crate) struct Guess(pub(crate) usize);

impl PartialEq for Guess {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Guess {}

/// Where one customer is inside a scenario, and what they have said so far.
///
/// Small and flat: ids, variables and bounded lists; no texts of the scenario. Holds personal data, which
/// `Debug` does not show.
#[derive(Clone, PartialEq, Eq)]
pub struct State {
    pub(crate) inner: Inner,
}

#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Inner {
    pub(crate) scenario: ScenarioId,
    pub(crate) version: u32,
    pub(crate) phase: Phase,
    /// The node that was entered last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) at: Option<NodeId>,
    /// Where that stands in the document.
    #[serde(skip)]
    pub(crate) at_place: Guess,
    /// What the waiting customer depends on, so that an edited node can be told from the same one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) contract: Option<u32>,
    /// The nodes at which the customer waited, oldest first, this one last.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) trail: Vec<NodeId>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) slots: BTreeMap<String, Value>,
    /// Invalid inputs at this node since it was entered.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) tries: u32,
    /// Nodes entered since the customer last said something.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) steps: u32,
    /// The inputs that came last, oldest first; see [`seen_id`].
    #[serde(default, skip_serializing_if = "Seen::is_empty")]
    pub(crate) seen: Seen,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) wait: Option<Wait>,
    /// The choice that "did you mean …?" was asked about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) confirm: Option<Confirm>,
    /// Where in a form the customer is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) form: Option<FormStep>,
    /// The scenarios that run this one, the outermost first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) below: Vec<Frame>,
    /// What the customer agreed to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) consents: Vec<String>,
    /// Inputs that were taken.
    #[serde(default, skip_serializing_if = "is_zero_long")]
    pub(crate) turn: u64,
    /// Effects with ids so far.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub(crate) effects: u32,
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) goal: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) outcome: Option<String>,
}

/// What the customer was asked about: a choice by the id of its button or command, or which of several.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Confirm {
    Button(String),
    Command(String),
    /// In the order in which they were shown.
    Which(Vec<Offered>),
}

/// One of several choices, by the id of its button or command.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Offered {
    Button(String),
    Command(String),
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
const fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
const fn is_zero_long(number: &u64) -> bool {
    *number == 0
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl State {
    /// Before the first step.
    #[must_use]
    pub fn new(flow: &Compiled) -> Self {
        Self {
            inner: Inner {
                scenario: flow.id().clone(),
                version: flow.version(),
                phase: Phase::Fresh,
                at: None,
                at_place: Guess::default(),
                contract: None,
                trail: Vec::new(),
                slots: BTreeMap::new(),
                tries: 0,
                steps: 0,
                seen: Seen::default(),
                wait: None,
                confirm: None,
                form: None,
                below: Vec::new(),
                consents: Vec::new(),
                turn: 0,
                effects: 0,
                goal: false,
                outcome: None,
            },
        }
    }

    /// What has to happen next.
    #[must_use]
    pub fn status(&self) -> Status {
        match self.inner.phase {
            Phase::Fresh | Phase::Waiting => Status::Waiting,
            Phase::Call => Status::WaitingCall,
            Phase::Approval => Status::WaitingApproval,
            Phase::HandedOff => Status::HandedOff,
            Phase::Ended => Status::Ended {
                outcome: self.inner.outcome.clone().unwrap_or_default(),
                goal: self.inner.goal,
            },
        }
    }

    /// The node the customer is at; `None` before the first step.
    #[must_use]
    pub const fn at(&self) -> Option<&NodeId> {
        self.inner.at.as_ref()
    }

    /// How many inputs were taken. A host that may run two steps at once compares it before it saves:
    /// two steps made from the same turn are a conflict, and the second is to be made again.
    #[must_use]
    pub const fn turn(&self) -> u64 {
        self.inner.turn
    }

    /// The scenario it belongs to, and the version of it that made the last step.
    #[must_use]
    pub fn scenario(&self) -> (&ScenarioId, u32) {
        self.inner.root()
    }

    /// Whether this is still the state of that turn.
    ///
    /// # Errors
    /// [`Error::TurnConflict`] where another input was taken meanwhile: read the state again and make the step anew.
    pub const fn expect_turn(&self, turn: u64) -> Result<(), Error> {
        if self.inner.turn == turn {
            Ok(())
        } else {
            Err(Error::TurnConflict {
                expected: turn,
                found: self.inner.turn,
            })
        }
    }

    /// The value of a variable; `None` where it is not set. Personal data.
    #[must_use]
    pub fn slot(&self, name: &str) -> Option<&Value> {
        self.inner.slots.get(name)
    }
}

impl Inner {
    /// The scenario that the host knows: the outermost one.
    pub(crate) fn root(&self) -> (&ScenarioId, u32) {
        let frame = self.below.first();
        frame.map_or((&self.scenario, self.version), |frame| {
            (&frame.scenario, frame.version)
        })
    }

    /// What the shape does not say: lists within their limits, parts that belong together.
    fn check(&self) -> Result<(), Error> {
        let over = |pointer| Err(Error::StateOverLimit { pointer });
        if self.trail.len() > TRAIL_MAX {
            return over("/trail");
        }
        if self.seen.len() > SEEN_MAX {
            return over("/seen");
        }
        if self.below.len() > SUBS_MAX {
            return over("/below");
        }
        if self.below.iter().any(|frame| frame.trail.len() > TRAIL_MAX) {
            return over("/below/trail");
        }
        let needs_place = matches!(
            self.phase,
            Phase::Waiting | Phase::Call | Phase::Approval | Phase::HandedOff
        );
        if needs_place && self.at.is_none() {
            return over("/at");
        }
        let needs_wait = matches!(self.phase, Phase::Call | Phase::Approval | Phase::HandedOff);
        if needs_wait && self.wait.is_none() {
            return over("/wait");
        }
        Ok(())
    }
}

impl fmt::Debug for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("State")
            .field("scenario", &self.inner.scenario)
            .field("version", &self.inner.version)
            .field("at", &self.inner.at)
            .field("turn", &self.inner.turn)
            .finish_non_exhaustive()
    }
}
