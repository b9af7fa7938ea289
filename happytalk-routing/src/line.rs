//! The two sides the router brings together: lines of waiting conversations and shelves of free agents.
//!
//! Conversations of one line ask the same of an agent, so whoever may take its head may take any of it and whoever may
//! not may take none. Lines that may be served by the same agents in the same order share a shelf, which holds exactly
//! the agents who may take one now, best first. To choose is to look at the two ends.

use std::collections::BTreeMap;
use std::sync::Arc;

use happytalk_core::id::{AgentId, ConversationId};

use crate::agent::Agent;
use crate::slab::{AgentNo, ChannelNo, ConversationNo, LineNo, PoolNo, QueueNo, ShelfNo};

/// The place of one that waits; the lowest is served first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct WaitKey {
    first: i64,
    since: i64,
    id: Arc<ConversationId>,
}

impl WaitKey {
    pub(crate) const fn new(first: i64, since: i64, id: Arc<ConversationId>) -> Self {
        Self { first, since, id }
    }
}

/// What conversations have in common that ask the same of an agent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LineKey {
    pub(crate) queue: QueueNo,
    pub(crate) channel: ChannelNo,
    pub(crate) weight: u32,
    /// Sorted.
    pub(crate) tried: Vec<AgentNo>,
}

#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) key: LineKey,
    pub(crate) shelf: ShelfNo,
    pub(crate) waiting: BTreeMap<WaitKey, ConversationNo>,
    /// What its shelf knows as its head.
    pub(crate) head: Option<WaitKey>,
}

/// The place of a free agent; the lowest is chosen first.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    /// Load, or the number of the last turn.
    first: u64,
    /// When last assigned, never being the lowest.
    last: i64,
    order: u32,
    id: Arc<AgentId>,
}

impl Rank {
    /// By turns of this queue, or by load.
    pub(crate) fn new(agent: &Agent, turns: Option<QueueNo>) -> Self {
        let last = agent.last_assigned_at.map_or(i64::MIN, |at| at.as_millis());
        let (first, last) = match turns {
            Some(queue) => (agent.turn(queue), i64::MIN),
            None => (agent.load, last),
        };
        Self {
            first,
            last,
            order: agent.spec.order,
            id: Arc::clone(&agent.id),
        }
    }
}

/// Which agents may take what is asked, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ShelfKey {
    pub(crate) pool: PoolNo,
    /// In turns of this queue; by load when unset.
    pub(crate) turns: Option<QueueNo>,
    /// Held against the limits of this queue; unset where there are none.
    pub(crate) queue: Option<QueueNo>,
    /// Held against the limits and the lists of this channel; unset where there are none.
    pub(crate) channel: Option<ChannelNo>,
    pub(crate) weight: u32,
}

#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    pub(crate) key: ShelfKey,
    /// Who may take one now.
    pub(crate) free: BTreeMap<Rank, AgentNo>,
    /// How many may take one now or when a slot of theirs becomes free.
    pub(crate) eligible: u32,
    /// The first of each line that is not empty.
    pub(crate) heads: BTreeMap<WaitKey, LineNo>,
}

impl Shelf {
    pub(crate) const fn new(key: ShelfKey) -> Self {
        Self {
            key,
            free: BTreeMap::new(),
            eligible: 0,
            heads: BTreeMap::new(),
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        !self.free.is_empty() && !self.heads.is_empty()
    }
}

/// Where an agent stands on one shelf.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Post {
    pub(crate) shelf: ShelfNo,
    /// Their key among the free, while they are.
    pub(crate) rank: Option<Rank>,
    /// Whether the shelf counts them as eligible.
    pub(crate) eligible: bool,
}
