//! What the router is told.

use happytalk_core::ChannelName;
use happytalk_core::event::{ReturnCause, StatusClass, TransferHow};
use happytalk_core::id::{AgentId, ConversationId, QueueId};

use crate::agent::AgentSpec;
use crate::settings::Mode;

/// What the router is told. One that repeats, or comes late, changes nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// Who an agent is, the whole of it. An agent the router did not know begins as [`StatusClass::Off`].
    SetAgent {
        /// Who.
        agent: AgentId,
        /// What holds for them from here on.
        spec: AgentSpec,
    },
    /// What an agent does.
    SetStatus {
        /// Who.
        agent: AgentId,
        /// What it means for distribution.
        class: StatusClass,
    },
    /// An agent is no more. What they had waits again; their after-work is over.
    RemoveAgent {
        /// Who.
        agent: AgentId,
    },
    /// A conversation wants an agent.
    Enqueue {
        /// Which.
        conversation: ConversationId,
        /// Where it waits; the default queue when left out.
        queue: Option<QueueId>,
        /// Where it comes from.
        channel: ChannelName,
        /// Points: normal is 0, a VIP 10.
        priority: i32,
        /// How many slots it takes; 0 is read as 1.
        weight: u32,
    },
    /// A conversation begins with an agent, who wrote first. The agent's limits are not asked.
    Open {
        /// Which.
        conversation: ConversationId,
        /// Who.
        agent: AgentId,
        /// Where it would wait; the default queue when left out.
        queue: Option<QueueId>,
        /// Where it goes.
        channel: ChannelName,
        /// How many slots it takes; 0 is read as 1.
        weight: u32,
    },
    /// An agent takes one that waits. Refused unless they may take it; in [`Mode::Hybrid`] above their limit too.
    Pick {
        /// Which.
        conversation: ConversationId,
        /// Who.
        agent: AgentId,
    },
    /// A manager gives one that waits to an agent, whatever the limits and the agent's status.
    Assign {
        /// Which.
        conversation: ConversationId,
        /// To whom.
        agent: AgentId,
    },
    /// A conversation goes from one agent to another (이관).
    Transfer {
        /// Which.
        conversation: ConversationId,
        /// To whom.
        to: AgentId,
        /// What was agreed is held against the agent's limits and status; what is forced is not.
        how: TransferHow,
    },
    /// A conversation goes back to waiting with its old place, and not to the agent who had it.
    Return {
        /// Which.
        conversation: ConversationId,
        /// Why.
        cause: ReturnCause,
        /// Where it waits; where it waited before when left out.
        queue: Option<QueueId>,
    },
    /// The talk is over and after-work (후처리) begins.
    StartAfterWork {
        /// Which.
        conversation: ConversationId,
    },
    /// The customer wrote during after-work: the talk goes on with the same agent.
    Resume {
        /// Which.
        conversation: ConversationId,
    },
    /// Nothing more is to be done for it: ended, abandoned, or after-work is over.
    Release {
        /// Which.
        conversation: ConversationId,
    },
    /// It is put on hold (종료보류).
    Hold {
        /// Which.
        conversation: ConversationId,
    },
    /// It comes off hold.
    Unhold {
        /// Which.
        conversation: ConversationId,
    },
    /// From here on, conversations are given out like this.
    SetMode {
        /// How.
        mode: Mode,
    },
    /// Time went by.
    Tick,
}
