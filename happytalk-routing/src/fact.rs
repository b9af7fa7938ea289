//! What the router says.

use happytalk_core::event::{
    AssignedHow, DeclinedBy, OverCap, ReturnCause, StatusClass, TransferHow,
};
use happytalk_core::id::{AgentId, ConversationId, GroupId, QueueId, Word};
use happytalk_core::{ChannelName, Timestamp};
use serde::{Deserialize, Serialize};

use crate::agent::AgentSpec;
use crate::error::Error;
use crate::explanation::Explanation;
use crate::input::Speaker;
use crate::request::Terms;
use crate::settings::Mode;

/// What happened. The router is the fold of these: whoever keeps them can build it again.
///
/// Most have a line in the log of the same name: `agent_requested` is [`Fact::Enqueued`], `ended` is
/// [`Fact::AfterWorkStarted`], [`Fact::TimedOut`] or [`Fact::Released`], `customer_said` and `agent_said` are
/// [`Fact::Said`]. What follows from the clock alone (a step of skills, an overflow, a rate limit that is over, a shift
/// that begins, a conversation that falls silent) is no fact: it follows again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Fact {
    /// An agent is as told.
    AgentSet {
        /// Who.
        agent: AgentId,
        /// What holds for them.
        spec: Box<AgentSpec>,
    },
    /// An agent does something else.
    AgentStatus {
        /// Who.
        agent: AgentId,
        /// The status, as the site calls it.
        status: Word,
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
        /// What else it brought.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        terms: Option<Box<Terms>>,
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over_cap: Option<OverCap>,
    },
    /// An agent is asked whether they take it. It goes on waiting, and takes their slot meanwhile.
    Offered {
        /// Which.
        conversation: ConversationId,
        /// Who.
        agent: AgentId,
        /// Until when.
        until: Timestamp,
    },
    /// The offer was not taken. (An offer also ends when somebody else has the conversation, or it is released.)
    Declined {
        /// Which.
        conversation: ConversationId,
        /// Whose.
        agent: AgentId,
        /// By whom or what.
        by: DeclinedBy,
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
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
        /// Why above their limit, where it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over_cap: Option<OverCap>,
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        queue: Option<QueueId>,
        /// The group whose agents alone may take it, where a transfer named one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        group: Option<GroupId>,
    },
    /// Somebody wrote, where that counts for something.
    Said {
        /// In which.
        conversation: ConversationId,
        /// Who.
        by: Speaker,
    },
    /// A conversation that had become inactive takes a slot again.
    Woken {
        /// Which.
        conversation: ConversationId,
        /// Why above the agent's limit, where it is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over_cap: Option<OverCap>,
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over_cap: Option<OverCap>,
    },
    /// The router holds it no more.
    Released {
        /// Which.
        conversation: ConversationId,
    },
    /// It waited as long as its queue lets anybody wait; the router holds it no more.
    TimedOut {
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
        #[serde(default, skip_serializing_if = "Option::is_none")]
        over_cap: Option<OverCap>,
    },
    /// It is given to nobody for now.
    HeldBack {
        /// Which.
        conversation: ConversationId,
    },
    /// It may be given out again.
    LetIn {
        /// Which.
        conversation: ConversationId,
    },
    /// Conversations are given out like this.
    ModeSet {
        /// How.
        mode: Mode,
    },
    /// The window is open, or closed.
    OpenSet {
        /// Which of the two.
        open: bool,
    },
}

impl Fact {
    /// The conversation it is about, if any.
    #[must_use]
    pub const fn conversation(&self) -> Option<&ConversationId> {
        match self {
            Self::AgentSet { .. }
            | Self::AgentStatus { .. }
            | Self::AgentRemoved { .. }
            | Self::ModeSet { .. }
            | Self::OpenSet { .. } => None,
            Self::Enqueued { conversation, .. }
            | Self::Opened { conversation, .. }
            | Self::Offered { conversation, .. }
            | Self::Declined { conversation, .. }
            | Self::Assigned { conversation, .. }
            | Self::Transferred { conversation, .. }
            | Self::Returned { conversation, .. }
            | Self::Said { conversation, .. }
            | Self::Woken { conversation, .. }
            | Self::AfterWorkStarted { conversation }
            | Self::Resumed { conversation, .. }
            | Self::Released { conversation }
            | Self::TimedOut { conversation }
            | Self::Held { conversation }
            | Self::Unheld { conversation, .. }
            | Self::HeldBack { conversation }
            | Self::LetIn { conversation } => Some(conversation),
        }
    }
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

/// Something happened, something was refused, or a manager should look.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller must act on each")]
pub enum What {
    /// It happened.
    Fact(Fact),
    /// It was refused.
    Refused(Refusal),
    /// A conversation was left unanswered so often that the router gives it to nobody: a manager should.
    Unserved(ConversationId),
}

/// One thing the router says.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Output {
    /// When.
    pub at: Timestamp,
    /// How many facts there are up to and with this one; each fact has another. What is no fact has that of the last
    /// fact before it.
    pub revision: u64,
    /// How many facts there are of its conversation, up to and with this one; 0 where it is about none.
    pub conversation_revision: u32,
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
            What::Refused(_) | What::Unserved(_) => None,
        }
    }
}
