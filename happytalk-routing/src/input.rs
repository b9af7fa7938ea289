//! What the router is told.

use happytalk_core::ChannelName;
use happytalk_core::event::{ReturnCause, StatusClass, TransferHow, TransferTarget};
use happytalk_core::id::{AgentId, ConversationId, QueueId, Word};
use serde::{Deserialize, Serialize};

use crate::agent::AgentSpec;
use crate::request::Request;
use crate::settings::Mode;

/// Who wrote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the router tells no others apart")]
pub enum Speaker {
    /// The customer.
    Customer,
    /// The agent who has the conversation.
    Agent,
}

/// What the router is told. One that repeats, or comes late, changes nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Input {
    /// Who an agent is, the whole of it. An agent the router did not know begins as [`StatusClass::Off`].
    SetAgent {
        /// Who.
        agent: AgentId,
        /// What holds for them from here on.
        #[serde(default)]
        spec: AgentSpec,
    },
    /// What an agent does. See [`Input::status`].
    SetStatus {
        /// Who.
        agent: AgentId,
        /// The status, as the site calls it.
        status: Word,
        /// What it means for distribution.
        class: StatusClass,
    },
    /// An agent is no more. What they had waits again; their after-work is over.
    RemoveAgent {
        /// Who.
        agent: AgentId,
    },
    /// A conversation wants an agent. See [`Input::enqueue`].
    Enqueue {
        /// Which.
        conversation: ConversationId,
        /// What it brings.
        request: Request,
    },
    /// A conversation begins with an agent, who wrote first. The agent's limits are not asked.
    Open {
        /// Which.
        conversation: ConversationId,
        /// Who.
        agent: AgentId,
        /// Where it would wait; the default queue when left out.
        #[serde(default)]
        queue: Option<QueueId>,
        /// Where it goes.
        channel: ChannelName,
        /// How many slots it takes; 0 is read as 1.
        #[serde(default)]
        weight: u32,
    },
    /// An agent takes one that waits. Refused unless they may take it; in [`Mode::Hybrid`] above their limit too.
    Pick {
        /// Which.
        conversation: ConversationId,
        /// Who.
        agent: AgentId,
    },
    /// An agent takes one that is offered to them.
    Accept {
        /// Which.
        conversation: ConversationId,
        /// Who.
        agent: AgentId,
    },
    /// An agent does not want one that is offered to them.
    Decline {
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
    /// A conversation goes from one agent to another, or to whoever serves a group, a category or a queue (이관).
    Transfer {
        /// Which.
        conversation: ConversationId,
        /// To whom. To a group, a category or a queue it waits with its old place, and not for the agent who had it.
        to: TransferTarget,
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
        #[serde(default)]
        queue: Option<QueueId>,
    },
    /// Somebody wrote. Only needed where the settings have an accept limit, inactive conversations, a longest silence or
    /// a time within which to answer.
    Said {
        /// In which.
        conversation: ConversationId,
        /// Who.
        by: Speaker,
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
    /// While it waits the router gives it to nobody: the profile bot is not done, or the window is closed. Agents and
    /// managers may take it nevertheless. Nothing where it is held back already.
    HoldBack {
        /// Which.
        conversation: ConversationId,
    },
    /// The router may give it out again, and does so in the same call. Nothing where it was not held back.
    LetIn {
        /// Which.
        conversation: ConversationId,
    },
    /// From here on, conversations are given out like this. What waits is given out in the same call where the mode says
    /// so; what is with agents stays with them, and offers stand.
    SetMode {
        /// How.
        mode: Mode,
    },
    /// The site opens or closes its window: closed, conversations are taken and wait, and the router gives none out;
    /// agents may pick. Opened, what waits is given out in its order in the same call.
    SetOpen {
        /// Whether it is open.
        open: bool,
    },
    /// Time went by.
    Tick,
}

impl Input {
    /// A conversation of this channel wants an agent, and everything else is by default.
    #[must_use]
    pub const fn enqueue(conversation: ConversationId, channel: ChannelName) -> Self {
        Self::Enqueue {
            conversation,
            request: Request::new(channel),
        }
    }

    /// An agent does something that has no name beside its class.
    #[must_use]
    pub fn status(agent: AgentId, class: StatusClass) -> Self {
        Self::SetStatus {
            agent,
            status: crate::status::named(class),
            class,
        }
    }
}
