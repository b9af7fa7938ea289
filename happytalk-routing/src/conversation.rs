//! A conversation as the router sees it.

use std::sync::Arc;

use happytalk_core::Timestamp;
use happytalk_core::id::{AgentId, ConversationId, QueueId};

use crate::line::WaitKey;
use crate::settings::PriorityRule;
use crate::slab::{AgentNo, ChannelNo, QueueNo};

/// Who has a conversation: a queue or exactly one agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the router knows no other owner")]
pub enum Owner<'a> {
    /// It waits here.
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

#[derive(Debug, Clone)]
pub(crate) struct Conversation {
    pub(crate) id: Arc<ConversationId>,
    pub(crate) queue: QueueNo,
    pub(crate) channel: ChannelNo,
    pub(crate) priority: i32,
    pub(crate) weight: u32,
    pub(crate) enqueued_at: Timestamp,
    pub(crate) held: bool,
    /// The agents it came back from, sorted.
    pub(crate) tried: Vec<AgentNo>,
    pub(crate) seat: Seat,
}

impl Conversation {
    /// Its place among those who wait: constant while it waits.
    pub(crate) fn key(&self, rule: PriorityRule) -> WaitKey {
        let since = self.enqueued_at.as_millis();
        let first = match rule {
            PriorityRule::Aging { millis_per_point } => {
                let worth = i64::from(self.priority) * i64::from(millis_per_point);
                since.saturating_sub(worth)
            }
            PriorityRule::Strict => -i64::from(self.priority),
        };
        WaitKey::new(first, since, Arc::clone(&self.id))
    }
}
