//! What the router says.

use happytalk_core::event::{AssignedHow, OverCap, ReturnCause, StatusClass, TransferHow};
use happytalk_core::id::{AgentId, ConversationId, QueueId};
use happytalk_core::{ChannelName, Timestamp};

use crate::agent::AgentSpec;
use crate::error::Error;
use crate::explanation::Explanation;
use crate::settings::Mode;

/// What happened. The router is the fold of these: whoever keeps them can build it again.
///
/// Most have a line in the log of the same name: `agent_requested` is [`Fact::Enqueued`], `ended` is
/// [`Fact::AfterWorkStarted`] or [`Fact::Released`].
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fact {
    /// An agent is as told.
    AgentSet {
        /// Who.
        agent: AgentId,
        /// What holds for them.
        spec: AgentSpec,
    },
    /// An agent does something else.
    AgentStatus {
        /// Who.
        agent: AgentId,
        /// What it means for distribution.
        class: StatusClass,
    },
    /// An agent is no more; their after-work is over.
    AgentRemoved {
        /// Who.
        agent: AgentId,
    },
    /// A conversation waits.
    Enqueued {
        /// Which.
        conversation: ConversationId,
        /// Where.
        queue: QueueId,
        /// Where it comes from.
        channel: ChannelName,
        /// Points.
        priority: i32,
        /// How many slots it takes.
        weight: u32,
        /// Since when.
        enqueued_at: Timestamp,
    },
    /// A conversation began with an agent.
    Opened {
        /// Which.
        conversation: ConversationId,
        /// Who.
        agent: AgentId,
        /// Where it would wait.
        queue: QueueId,
        /// Where it goes.
        channel: ChannelName,
        /// How many slots it takes.
        weight: u32,
        /// Why above the agent's limit, where it is.
        over_cap: Option<OverCap>,
    },
    /// An agent has it.
    Assigned {
        /// Which.
        conversation: ConversationId,
        /// Who.
        agent: AgentId,
        /// How.
        how: AssignedHow,
        /// Why above their limit, where it is.
        over_cap: Option<OverCap>,
    },
    /// Another agent has it.
    Transferred {
        /// Which.
        conversation: ConversationId,
        /// Who had it.
        from: AgentId,
        /// Who has it.
        to: AgentId,
        /// How; whoever is forced may be above their limit.
        how: TransferHow,
    },
    /// It waits again, with its old place.
    Returned {
        /// Which.
        conversation: ConversationId,
        /// Who had it.
        agent: AgentId,
        /// Why.
        cause: ReturnCause,
        /// Where it waits, when that is another queue than before.
        queue: Option<QueueId>,
    },
    /// The talk is over; its agent works on it.
    AfterWorkStarted {
        /// Which.
        conversation: ConversationId,
    },
    /// The talk goes on with the agent of its after-work.
    Resumed {
        /// Which.
        conversation: ConversationId,
        /// Why above their limit, where it is.
        over_cap: Option<OverCap>,
    },
    /// The router holds it no more.
    Released {
        /// Which.
        conversation: ConversationId,
    },
    /// It is on hold.
    Held {
        /// Which.
        conversation: ConversationId,
    },
    /// It is off hold.
    Unheld {
        /// Which.
        conversation: ConversationId,
        /// Why above the agent's limit, where it is.
        over_cap: Option<OverCap>,
    },
    /// Conversations are given out like this.
    ModeSet {
        /// How.
        mode: Mode,
    },
}

/// An input that was refused and changed nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refusal {
    /// The conversation it named.
    pub conversation: Option<ConversationId>,
    /// The agent it named.
    pub agent: Option<AgentId>,
    /// Why.
    pub error: Error,
}

/// Something happened, or something was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller must act on both")]
pub enum What {
    /// It happened.
    Fact(Fact),
    /// It was refused.
    Refused(Refusal),
}

/// One thing the router says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Output {
    /// When.
    pub at: Timestamp,
    /// How many facts there are up to and with this one; each fact has another. A refusal has that of the last
    /// fact before it.
    pub revision: u64,
    /// What.
    pub what: What,
    /// Why this agent, where the router chose and the settings ask for explanations.
    pub why: Option<Box<Explanation>>,
}

impl Output {
    /// The fact, where it is one.
    #[must_use]
    pub const fn fact(&self) -> Option<&Fact> {
        match &self.what {
            What::Fact(fact) => Some(fact),
            What::Refused(_) => None,
        }
    }
}
