//! The two sides the router brings together: lines of waiting conversations and shelves of free agents.
//!
//! Conversations of one line ask the same of an agent, so whoever may take its head may take any of it and whoever may
//! not may take none. Lines that may be served by the same agents in the same order share a shelf, which holds exactly
//! the agents who may take one now, best first. To choose is to look at the two ends.

use std::cmp::Ordering;

use crate::agent::Agent;
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
    /// Its key in the line, which orders conversations of different lines as well.
    pub(crate) packed: i64,
    pub(crate) conversation: ConversationNo,
    pub(crate) line: LineNo,
}

impl Head {
    /// Who is served first; `tie` orders conversations of equal keys.
    pub(crate) fn order(
        &self,
        other: &Self,
        tie: impl Fn(ConversationNo, ConversationNo) -> Ordering,
    ) -> Ordering {
        (self.tier, self.packed)
            .cmp(&(other.tier, other.packed))
            .then_with(|| tie(self.conversation, other.conversation))
    }
}

/// The place of a free agent; the lowest is chosen first, and of equals the one with the lower id.
///
/// Load, the number of the last turn, how little they are scored, or the upper part of load over limit; then the lower
/// part of load over limit, or the load of who is scored alike; then an instant in milliseconds, never being the lowest;
/// then the order number, where it decides: one after the other in three words, which are compared without guessing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rank([u64; 3]);

impl Ord for Rank {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(&other.0)
    }
}

impl PartialOrd for Rank {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }

    #[inline]
    fn lt(&self, other: &Self) -> bool {
        let ([a, b, c], [x, y, z]) = (self.0, other.0);
        let pair = |upper: u64, lower: u64| u128::from(upper) << 64 | u128::from(lower);
        (a < x) | ((a == x) & (pair(b, c) < pair(y, z)))
    }
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
    const fn of(first: u64, second: u32, last: i64, number: u32) -> Self {
        // Instants before the epoch are lower than those after it also without a sign.
        let last = last.cast_unsigned() ^ (1 << 63);
        Self([
            first,
            (second as u64) << 32 | last >> 32,
            last << 32 | number as u64,
        ])
    }

    /// By what the queue asks for.
    #[inline]
    pub(crate) fn new(agent: &Agent, order: Order, queue: Option<&Queue>) -> Self {
        let last = agent.last_assigned_at.as_millis();
        match order {
            Order::Load => Self::of(agent.load, 0, last, agent.order),
            Order::Share => {
                // Without a limit nothing is a part of it; at a limit of 0 nobody is chosen.
                let limit = agent.lowest_cap().filter(|limit| *limit > 0);
                let (first, second) = limit.map_or((0, 0), |limit| share(agent.load, limit));
                Self::of(first, second, last, agent.order)
            }
            Order::Turns(queue) => Self::of(agent.turn(queue), 0, i64::MIN, agent.order),
            Order::Idle if agent.load == 0 => Self::of(0, 0, agent.left_at.as_millis(), 0),
            Order::Idle => Self::of(agent.load, 0, last, agent.order),
            Order::Score(_) => {
                let score = queue.and_then(|queue| queue.scores.get(&agent.id));
                let score = i128::from(score.copied().unwrap_or(0));
                let first = u64::try_from(i128::from(i64::MAX) - score).unwrap_or(u64::MAX);
                let second = u32::try_from(agent.load).unwrap_or(u32::MAX);
                Self::of(first, second, last, agent.order)
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
            rank: Rank([0; 3]),
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
    fn ranks_are_ordered_by_each_part_in_turn() {
        let (u, i) = ([0, 1, u64::MAX], [i64::MIN, -1, 0, 1, i64::MAX]);
        let mut all = Vec::new();
        for (first, second) in u.into_iter().flat_map(|a| [0, 1, u32::MAX].map(|b| (a, b))) {
            for (last, number) in i.into_iter().flat_map(|a| [0, 1, u32::MAX].map(|b| (a, b))) {
                all.push((first, second, last, number));
            }
        }
        for a in &all {
            for b in &all {
                let rank = |it: &(u64, u32, i64, u32)| Rank::of(it.0, it.1, it.2, it.3);
                assert_eq!(rank(a).cmp(&rank(b)), a.cmp(b), "{a:?} {b:?}");
                assert_eq!(rank(a) < rank(b), a < b, "{a:?} {b:?}");
            }
        }
    }

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
