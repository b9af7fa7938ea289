//! What the host is asked to do. An effect leaves only after the facts it rests on are committed.

use serde::{Deserialize, Serialize};

use crate::call::{Call, CallOutcome};
use crate::channel_name::ChannelName;
use crate::content::Content;
use crate::error::Retry;
use crate::id::{AgentId, ConversationId, EffectId, NodeId, ScenarioId};
use crate::outbound::Outbound;

/// Something for the host to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Effect {
    /// Its id.
    pub id: EffectId,
    /// For which conversation.
    pub conversation: ConversationId,
    /// What.
    pub what: EffectKind,
}

impl Effect {
    /// Asks for `what`.
    #[must_use]
    pub const fn new(id: EffectId, conversation: ConversationId, what: EffectKind) -> Self {
        Self {
            id,
            conversation,
            what,
        }
    }
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum EffectKind {
    /// Send something over a channel.
    Send {
        /// Which channel.
        channel: ChannelName,
        /// What.
        outbound: Outbound,
    },
    /// Perform a scenario's call.
    Call {
        /// Which.
        call: Call,
    },
    /// Show what a bot would say to somebody who may let it (승인). It is answered by a command, and stays open until
    /// then or until the bot's part is over.
    Approve {
        /// What.
        approval: Approval,
    },
    /// Tell an agent. There is no result to wait for.
    Notify {
        /// Whom.
        agent: AgentId,
        /// About what.
        notice: Notice,
    },
}

/// What a bot would say, for somebody to look at first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Approval {
    /// The scenario's own name for it.
    pub call: String,
    /// Which scenario.
    pub scenario: ScenarioId,
    /// Its node that would say it.
    pub node: NodeId,
    /// What it would say.
    pub content: Vec<Content>,
}

impl Approval {
    /// Asks whether `node` of `scenario` may say `content`.
    #[must_use]
    pub const fn new(
        call: String,
        scenario: ScenarioId,
        node: NodeId,
        content: Vec<Content>,
    ) -> Self {
        Self {
            call,
            scenario,
            node,
            content,
        }
    }
}

/// What an agent is told.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Notice {
    /// A conversation is theirs now.
    Assigned,
    /// The customer wrote.
    CustomerSaid,
    /// They are asked to take a conversation over.
    TransferRequested,
    /// A conversation is no longer theirs.
    TakenAway,
    /// The conversation is over.
    Ended,
    /// A message of theirs did not reach the customer.
    MessageFailed,
    /// The alarm (알람) of a conversation of theirs rings.
    Alarm,
    /// Somebody looked at what they wanted looked at (상담내용 검토).
    ReviewAnswered,
    /// A transfer they asked for came to nothing.
    TransferEnded,
}

/// What became of an effect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EffectResult {
    /// The channel took it.
    Sent,
    /// The channel did not, or may not have.
    SendFailed {
        /// The adapter's code.
        code: &'static str,
        /// Whether to try again.
        retry: Retry,
    },
    /// The call came to this.
    Called(CallOutcome),
}
