//! Why an agent was chosen, or why nobody was.

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
    /// How many slots they have taken, in all.
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
