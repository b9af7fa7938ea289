//! Why an agent was chosen, or why nobody was.

use std::collections::BTreeMap;
use std::fmt;

use happytalk_core::Timestamp;
use happytalk_core::id::{AgentId, QueueId};

use crate::cap::Ineligible;
use crate::settings::Strategy;

/// An agent as a choice saw them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Candidate {
    /// Who.
    pub agent: AgentId,
    /// How many slots they have taken, in all, offers included.
    pub load: u32,
    /// The lowest of their own limit in all, their group's and the site's; `None` where there is none.
    pub cap: Option<u32>,
    /// When a conversation last came to them; `None` for never.
    pub last_assigned_at: Option<Timestamp>,
    /// Whether they may take it, or the first reason why not.
    pub eligible: Result<(), Ineligible>,
}

/// `kim 1/3: free`, or the reason why not after the colon.
impl fmt::Display for Candidate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.agent, self.load)?;
        if let Some(cap) = self.cap {
            write!(f, "/{cap}")?;
        }
        match self.eligible {
            Ok(()) => f.write_str(": free"),
            Err(why) => write!(f, ": {why}"),
        }
    }
}

/// What a choice is made from.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// Where the conversation waits.
    pub queue: QueueId,
    /// How the queue chooses.
    pub strategy: Strategy,
    /// Its place in the queue, from 1.
    pub place: u32,
    /// Every agent: first who may take it in the order the strategy chooses, then the others in the same order.
    pub candidates: Vec<Candidate>,
}

impl Explanation {
    /// Whom the router chooses; `None` when nobody may take it.
    #[must_use]
    pub fn chosen(&self) -> Option<&Candidate> {
        self.candidates.first().filter(|it| it.eligible.is_ok())
    }
}

/// What keeps the router from giving a conversation to anybody, whoever may be free.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum HeldBy {
    /// The window is closed.
    Closed,
    /// In manual mode, or in hybrid mode without back-fill, it waits to be picked.
    Mode,
    /// The host holds it back: a profile is asked for.
    Host,
    /// Its queue gives out only what has waited for a time.
    Delay,
    /// Its customer did nothing for too long.
    Silence,
    /// It was left unanswered too often; a manager is told.
    Unanswered,
    /// It is offered to as many agents as it may be at once.
    Offered,
    /// More was to be given out than one call may: the rest comes with the next tick.
    NextTick,
}

impl HeldBy {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::Closed => "closed",
            Self::Mode => "mode",
            Self::Host => "host",
            Self::Delay => "delay",
            Self::Silence => "silence",
            Self::Unanswered => "unanswered",
            Self::Offered => "offered",
            Self::NextTick => "next_tick",
        }
    }
}

impl fmt::Display for HeldBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Closed => "the window is closed",
            Self::Mode => "it waits to be picked",
            Self::Host => "the host holds it back",
            Self::Delay => "its queue's delay is not over",
            Self::Silence => "its customer did nothing for too long",
            Self::Unanswered => "it was left unanswered too often",
            Self::Offered => "it is offered, and not yet answered",
            Self::NextTick => "the rest is given out with the next tick",
        })
    }
}

/// Why a conversation still waits.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Why {
    /// Where it waits.
    pub queue: QueueId,
    /// Its place there, from 1.
    pub place: u32,
    /// Since when it waits.
    pub since: Timestamp,
    /// What keeps it from everybody; where that is nothing, the agents say why.
    pub held_by: Option<HeldBy>,
    /// How many agents there are to each first reason against them.
    pub against: BTreeMap<Ineligible, u32>,
    /// How many steps of skills and overflow are behind it.
    pub steps: u32,
    /// To whom it is offered.
    pub offered_to: Vec<AgentId>,
    /// When the clock changes something about it by itself: a step, the end of a wait, an offer that runs out.
    pub changes_at: Option<Timestamp>,
    /// When it has waited too long and is let go.
    pub times_out_at: Option<Timestamp>,
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "place {} in {}", self.place, self.queue)?;
        if let Some(held_by) = self.held_by {
            write!(f, "; {held_by}")?;
        }
        for (why, count) in &self.against {
            write!(f, "; {count}: {why}")?;
        }
        Ok(())
    }
}
