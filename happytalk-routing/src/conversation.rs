//! A conversation as the router sees it.

use happytalk_core::Timestamp;
use happytalk_core::id::{AgentId, ConversationId, QueueId};

use crate::lookup::Named;
use crate::request::Terms;
use crate::settings::{PriorityRule, Queue};
use crate::slab::{AgentNo, ChannelNo, LineNo, Number, QueueNo, RouteNo};

/// Who has a conversation: a queue or exactly one agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the router knows no other owner")]
pub enum Owner<'a> {
    /// It waits here, also while it is offered.
    Queue(&'a QueueId),
    /// This agent talks with the customer.
    Agent(&'a AgentId),
    /// The talk is over; this agent works on it (후처리).
    AfterWork(&'a AgentId),
}

/// Where a conversation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Seat {
    Waiting,
    With(AgentNo),
    AfterWork(AgentNo),
}

impl Seat {
    pub(crate) const fn agent(self) -> Option<AgentNo> {
        match self {
            Self::Waiting => None,
            Self::With(agent) | Self::AfterWork(agent) => Some(agent),
        }
    }
}

/// An agent who was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Offer {
    pub(crate) agent: AgentNo,
    pub(crate) until: Timestamp,
    /// Whether they were asked because they were the agent of last time.
    pub(crate) sticky: bool,
}

/// What few conversations have. The first part is told, the second follows from it and the time.
#[derive(Debug, Clone, Default)]
pub(crate) struct Extra {
    pub(crate) terms: Terms,
    /// The agents it came back from, sorted.
    pub(crate) tried: Vec<AgentNo>,
    pub(crate) offers: Vec<Offer>,
    /// Since when it waits this time, where that is not since it came.
    pub(crate) waits_from: Option<Timestamp>,
    /// How often it was left unanswered.
    pub(crate) returns: u32,
    pub(crate) held_back: bool,
    /// Whether the agent it is with has written.
    pub(crate) answered: bool,
    /// Whether its customer wrote while it took no slot.
    pub(crate) waking: bool,
    /// When the agent it is with was given it.
    pub(crate) assigned_at: Option<Timestamp>,
    /// When anybody last did something in it, where that counts.
    pub(crate) active_at: Option<Timestamp>,

    pub(crate) route: Option<RouteNo>,
    pub(crate) stage: usize,
    /// Whether it waits for the agent of last time alone.
    pub(crate) sticks: bool,
    pub(crate) delayed: bool,
    pub(crate) silent: bool,
    /// Whether it takes no slot because nobody writes.
    pub(crate) dormant: bool,
    pub(crate) turn_at: Option<Timestamp>,
    pub(crate) call_at: Option<Timestamp>,
}

static NOTHING: Extra = Extra {
    terms: Terms {
        need: None,
        rules: Vec::new(),
        group: None,
        sticky: None,
        barred: std::collections::BTreeSet::new(),
        active_at: None,
    },
    tried: Vec::new(),
    offers: Vec::new(),
    waits_from: None,
    returns: 0,
    held_back: false,
    answered: false,
    waking: false,
    assigned_at: None,
    active_at: None,
    route: None,
    stage: 0,
    sticks: false,
    delayed: false,
    silent: false,
    dormant: false,
    turn_at: None,
    call_at: None,
};

/// A cache line, and never a part of two: there may be a hundred thousand of them.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(crate) struct Conversation {
    pub(crate) id: ConversationId,
    pub(crate) enqueued_at: Timestamp,
    pub(crate) extra: Option<Box<Extra>>,
    pub(crate) seat: Seat,
    pub(crate) priority: i32,
    pub(crate) weight: u32,
    /// Where it stands while it waits; of no meaning otherwise.
    pub(crate) line: LineNo,
    pub(crate) revision: u32,
    pub(crate) queue: QueueNo,
    pub(crate) channel: ChannelNo,
    pub(crate) held: bool,
}

impl Named for Conversation {
    type Name = ConversationId;
    fn name(&self) -> &ConversationId {
        &self.id
    }
}

/// The place of one that waits among others; the lowest is served first, and of equals the one with the lower id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    pub(crate) first: i64,
    pub(crate) since: i64,
}

/// How many bits of a packed place are for the time.
const SINCE_BITS: u32 = 50;

impl Conversation {
    /// One of one slot that waits since the epoch and asks for nothing more.
    pub(crate) fn waiting(id: ConversationId, queue: QueueNo, channel: ChannelNo) -> Self {
        Self {
            id,
            enqueued_at: Timestamp::EPOCH,
            extra: None,
            seat: Seat::Waiting,
            priority: 0,
            weight: 1,
            line: LineNo::from_place(u32::MAX),
            revision: 1,
            queue,
            channel,
            held: false,
        }
    }

    pub(crate) fn extra(&self) -> &Extra {
        self.extra.as_deref().unwrap_or(&NOTHING)
    }

    pub(crate) fn extra_mut(&mut self) -> &mut Extra {
        self.extra.get_or_insert_default()
    }

    /// Since when it waits this time.
    pub(crate) fn waits_from(&self) -> Timestamp {
        self.extra().waits_from.unwrap_or(self.enqueued_at)
    }

    pub(crate) fn place(&self, rule: PriorityRule, queue: &Queue) -> Place {
        let since = self.enqueued_at.as_millis();
        let worth = |points: u32| i64::from(self.priority).saturating_mul(i64::from(points));
        let first = match rule {
            PriorityRule::Aging { millis_per_point } => {
                since.saturating_sub(worth(millis_per_point))
            }
            PriorityRule::Strict => -i64::from(self.priority),
            PriorityRule::Slack {
                answer_within_millis,
                millis_per_point,
            } => {
                let owed = queue.answer_within_millis.unwrap_or(answer_within_millis);
                let due = since.saturating_add(i64::try_from(owed).unwrap_or(i64::MAX));
                due.saturating_sub(worth(millis_per_point))
            }
        };
        Place { first, since }
    }

    /// A number that is lower for a lower place, though it may be equal for different ones.
    pub(crate) fn packed(&self, rule: PriorityRule, queue: &Queue) -> i64 {
        let Place { first, since } = self.place(rule, queue);
        match rule {
            PriorityRule::Strict => {
                let most = i64::MAX >> (SINCE_BITS + 1);
                let clipped = first.clamp(-most, most);
                let since = match clipped.abs() < most {
                    true => since,
                    false => 0,
                };
                (clipped << SINCE_BITS).saturating_add(since)
            }
            PriorityRule::Aging { .. } | PriorityRule::Slack { .. } => first,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_fits_in_a_cache_line() {
        assert_eq!(size_of::<Conversation>(), 64);
        assert_eq!(size_of::<Option<Conversation>>(), size_of::<Conversation>());
    }
}
