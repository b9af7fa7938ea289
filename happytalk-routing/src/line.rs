//! The two sides the router brings together: lines of waiting conversations and shelves of free agents.
//!
//! Conversations of one line ask the same of an agent, so whoever may take its head may take any of it and whoever may
//! not may take none. Lines that may be served by the same agents in the same order share a shelf, which holds exactly
//! the agents who may take one now, best first. To choose is to look at the two ends.

use std::cmp::Ordering;

use crate::agent::Agent;
use crate::conversation::Place;
use crate::ranked::Ranked;
use crate::settings::{Queue, Strategy};
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
    /// Whether they were left unanswered and went back.
    pub(crate) came_back: bool,
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
            && !self.came_back
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Rank {
    /// Load, the number of the last turn, how little they are scored, or the upper part of load over limit.
    first: u64,
    /// The lower part of load over limit, or the load of who is scored alike.
    second: u32,
    /// An instant in milliseconds; never is the lowest.
    last: i64,
    /// The order number, where it decides.
    number: u32,
}

/// Load over limit in units of 2⁻⁶⁴, as its upper 64 and its lower 32 bits. Two fractions of 32-bit numbers that differ
/// do so by more than one such unit, so their order is exact.
fn share(load: u64, limit: u32) -> (u64, u32) {
    let load = u128::from(load).min(u128::from(u32::MAX));
    let units = (load << 64) / u128::from(limit.max(1));
    let (upper, lower) = (units >> 32, units & u128::from(u32::MAX));
    (
        u64::try_from(upper).unwrap_or(u64::MAX),
        u32::try_from(lower).unwrap_or(u32::MAX),
    )
}

impl Rank {
    /// By what the queue asks for.
    pub(crate) fn new(agent: &Agent, order: Order, queue: Option<&Queue>) -> Self {
        let by_load = Self {
            first: agent.load,
            second: 0,
            last: agent.last_assigned_at.as_millis(),
            number: agent.order,
        };
        match order {
            Order::Load => by_load,
            Order::Share => {
                // Without a limit nothing is a part of it; at a limit of 0 nobody is chosen.
                let limit = agent.lowest_cap().filter(|limit| *limit > 0);
                let (first, second) = limit.map_or((0, 0), |limit| share(agent.load, limit));
                Self {
                    first,
                    second,
                    ..by_load
                }
            }
            Order::Turns(queue) => Self {
                first: agent.turn(queue),
                last: i64::MIN,
                ..by_load
            },
            Order::Idle if agent.load == 0 => Self {
                last: agent.left_at.as_millis(),
                number: 0,
                ..by_load
            },
            Order::Idle => by_load,
            Order::Score(_) => {
                let score = queue.and_then(|queue| queue.scores.get(&agent.id));
                let score = i128::from(score.copied().unwrap_or(0));
                Self {
                    first: u64::try_from(i128::from(i64::MAX) - score).unwrap_or(u64::MAX),
                    second: u32::try_from(agent.load).unwrap_or(u32::MAX),
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
#[derive(Debug, Clone, Copy)]
pub(crate) struct Post {
    /// Their key among the free, while they are.
    pub(crate) rank: Rank,
    pub(crate) shelf: ShelfNo,
    /// Whether they stand among the free.
    pub(crate) free: bool,
    /// Whether the shelf counts them as eligible.
    pub(crate) eligible: bool,
}

impl Post {
    /// A place on a shelf, not yet taken.
    pub(crate) const fn on(shelf: ShelfNo) -> Self {
        Self {
            rank: Rank {
                first: 0,
                second: 0,
                last: 0,
                number: 0,
            },
            shelf,
            free: false,
            eligible: false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_ordered_as_fractions_are() {
        let most = u64::from(u32::MAX);
        let numbers = [0, 1, 2, 3, 7, 1000, most - 2, most - 1, most];
        for load in numbers {
            for limit in numbers.into_iter().filter(|limit| *limit > 0) {
                for other in numbers {
                    for over in numbers.into_iter().filter(|over| *over > 0) {
                        let exact = (u128::from(load) * u128::from(over))
                            .cmp(&(u128::from(other) * u128::from(limit)));
                        let part = |load, limit| share(load, u32::try_from(limit).unwrap());
                        let found = part(load, limit).cmp(&part(other, over));
                        assert_eq!(found, exact, "{load}/{limit} {other}/{over}");
                    }
                }
            }
        }
    }
}
