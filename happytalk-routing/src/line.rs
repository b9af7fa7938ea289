//! The two sides the router brings together: lines of waiting conversations and shelves of free agents.
//!
//! Conversations of one line ask the same of an agent, so whoever may take its head may take any of it and whoever may
//! not may take none. Lines that may be served by the same agents in the same order share a shelf, which holds exactly
//! the agents who may take one now, best first. To choose is to look at the two ends.

use std::cmp::Ordering;

use crate::agent::Agent;
use crate::cap;
use crate::conversation::Place;
use crate::ranked::Ranked;
use crate::settings::{Queue, Settings, Strategy};
use crate::slab::{
    AgentNo, ChannelNo, ConversationNo, LineNo, NeedNo, PoolNo, QueueNo, RouteNo, ShelfNo,
};

/// What conversations have in common that ask the same of an agent.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LineKey {
    pub(crate) queue: QueueNo,
    pub(crate) channel: ChannelNo,
    pub(crate) weight: u32,
    pub(crate) route: RouteNo,
    pub(crate) stage: usize,
    /// Whether they are given to nobody for now.
    pub(crate) closed: bool,
    /// Only this agent.
    pub(crate) only: Option<AgentNo>,
    /// Not these while there is somebody else; sorted.
    pub(crate) tried: Vec<AgentNo>,
    /// Never these; sorted.
    pub(crate) never: Vec<AgentNo>,
    /// These are asked already; sorted.
    pub(crate) offered: Vec<AgentNo>,
}

/// Conversations of more slots than this stand in lines that are not kept when they are empty.
const KEPT_WEIGHT_MAX: u32 = 16;

impl LineKey {
    /// Whether there are few such lines, so that an empty one is kept.
    pub(crate) const fn is_kept(&self) -> bool {
        !self.closed
            && self.stage == 0
            && self.only.is_none()
            && self.tried.is_empty()
            && self.never.is_empty()
            && self.offered.is_empty()
            && self.weight <= KEPT_WEIGHT_MAX
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) key: LineKey,
    pub(crate) shelf: ShelfNo,
    pub(crate) waiting: Ranked<i64, ConversationNo>,
    /// What its shelf knows as its head.
    pub(crate) head: Option<Head>,
}

/// The first of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Head {
    pub(crate) tier: u32,
    pub(crate) place: Place,
    pub(crate) conversation: ConversationNo,
    pub(crate) line: LineNo,
}

impl Head {
    /// Who is served first; `tie` orders conversations of equal places.
    pub(crate) fn order(
        &self,
        other: &Self,
        tie: impl Fn(ConversationNo, ConversationNo) -> Ordering,
    ) -> Ordering {
        (self.tier, self.place)
            .cmp(&(other.tier, other.place))
            .then_with(|| tie(self.conversation, other.conversation))
    }
}

/// The place of a free agent; the lowest is chosen first, and of equals the one with the lower id.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Rank {
    /// Load or the number of the last turn, over `per`.
    first: u64,
    per: u32,
    second: u64,
    /// An instant in milliseconds; never is the lowest.
    last: i64,
    /// The order number, where it decides.
    number: u32,
}

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        let (a, b) = match self.per == other.per {
            true => (u128::from(self.first), u128::from(other.first)),
            // a/b < c/d is a×d < c×b.
            false => (
                u128::from(self.first) * u128::from(other.per),
                u128::from(other.first) * u128::from(self.per),
            ),
        };
        a.cmp(&b)
            .then_with(|| self.second.cmp(&other.second))
            .then_with(|| self.last.cmp(&other.last))
            .then_with(|| self.number.cmp(&other.number))
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Rank {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}

impl Eq for Rank {}

impl Rank {
    /// By what the queue asks for.
    pub(crate) fn new(
        settings: &Settings,
        agent: &Agent,
        order: Order,
        queue: Option<&Queue>,
    ) -> Self {
        let instant =
            |at: Option<happytalk_core::Timestamp>| at.map_or(i64::MIN, |at| at.as_millis());
        let last = instant(agent.last_assigned_at);
        let by_load = Self {
            first: agent.load,
            per: 1,
            second: 0,
            last,
            number: agent.spec.order,
        };
        match order {
            Order::Load => by_load,
            Order::Share => match cap::lowest(settings, agent) {
                Some(cap) if cap > 0 => Self {
                    per: cap,
                    ..by_load
                },
                // Without a limit nothing is a part of it; at a limit of 0 nobody is chosen.
                _ => Self {
                    first: 0,
                    ..by_load
                },
            },
            Order::Turns(queue) => Self {
                first: agent.turn(queue),
                last: i64::MIN,
                ..by_load
            },
            Order::Idle if agent.load == 0 => Self {
                last: instant(agent.left_at),
                number: 0,
                ..by_load
            },
            Order::Idle => by_load,
            Order::Score(_) => {
                let score = queue.and_then(|queue| queue.scores.get(&agent.id));
                let score = i128::from(score.copied().unwrap_or(0));
                Self {
                    first: u64::try_from(i128::from(i64::MAX) - score).unwrap_or(u64::MAX),
                    second: agent.load,
                    ..by_load
                }
            }
        }
    }
}

/// In which order a shelf has its agents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Order {
    Load,
    Share,
    /// In turns of this queue.
    Turns(QueueNo),
    Idle,
    /// As this queue scores them.
    Score(QueueNo),
}

impl Order {
    pub(crate) const fn of(strategy: Strategy, queue: QueueNo) -> Self {
        match strategy {
            Strategy::LeastActive => Self::Load,
            Strategy::LeastUtilised => Self::Share,
            Strategy::Sequential => Self::Turns(queue),
            Strategy::LongestIdle => Self::Idle,
            Strategy::Score => Self::Score(queue),
        }
    }
}

/// Which agents may take what is asked, and in which order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ShelfKey {
    pub(crate) pool: PoolNo,
    pub(crate) need: NeedNo,
    pub(crate) order: Order,
    /// Held against the limits of this queue; unset where there are none.
    pub(crate) queue: Option<QueueNo>,
    /// Held against the limits and the lists of this channel; unset where there are none.
    pub(crate) channel: Option<ChannelNo>,
    pub(crate) weight: u32,
    pub(crate) only: Option<AgentNo>,
}

impl ShelfKey {
    /// Whether there are few such shelves, so that one is kept without lines.
    pub(crate) const fn is_kept(&self) -> bool {
        self.only.is_none() && self.weight <= KEPT_WEIGHT_MAX
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Shelf {
    pub(crate) key: ShelfKey,
    /// Who may take one now.
    pub(crate) free: Ranked<Rank, AgentNo>,
    /// How many may take one now or when a slot of theirs becomes free.
    pub(crate) eligible: u32,
    /// The first of each line that is open and not empty, in the order they are served.
    pub(crate) heads: Vec<Head>,
    /// How many lines it serves.
    pub(crate) lines: u32,
}

impl Shelf {
    pub(crate) fn new(key: ShelfKey) -> Self {
        Self {
            key,
            free: Ranked::default(),
            eligible: 0,
            heads: Vec::new(),
            lines: 0,
        }
    }

    pub(crate) fn is_ready(&self) -> bool {
        !self.free.is_empty() && !self.heads.is_empty()
    }
}

/// Where an agent stands on one shelf.
#[derive(Debug, Clone)]
pub(crate) struct Post {
    pub(crate) shelf: ShelfNo,
    /// Their key among the free, while they are.
    pub(crate) rank: Option<Rank>,
    /// Whether the shelf counts them as eligible.
    pub(crate) eligible: bool,
}
