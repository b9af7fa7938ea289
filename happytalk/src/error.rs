//! Why the desk or the centre did not do what was asked.

use happytalk_core::event::RejectReason;
use happytalk_core::id::{AgentId, ConversationId, GroupId, QueueId, ScenarioId};

/// Why the desk or the centre did not do what was asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// No conversation of that id is live, or was within the last day.
    #[error("no such conversation. conversation=`{conversation}`")]
    NoConversation {
        /// Which.
        conversation: ConversationId,
    },
    /// No agent of that id was set.
    #[error("no such agent. agent=`{agent}`")]
    NoAgent {
        /// Who.
        agent: AgentId,
    },
    /// The conversation refuses it.
    #[error("conversation refuses this")]
    Conversation(#[source] happytalk_core::Error),
    /// The router refuses it.
    #[error("router refuses this. why=`{code}`")]
    Routing {
        /// The router's code.
        code: &'static str,
    },
    /// The ledger refuses it.
    #[error("ledger refuses this. why=`{code}`")]
    Billing {
        /// The ledger's code.
        code: &'static str,
    },
    /// The channel cannot carry what is to be said.
    #[error("channel cannot carry this")]
    Fit(#[source] happytalk_core::fit::FitError),
    /// Settings that cannot be worked with.
    #[error("settings cannot be used. what=`{what}`")]
    Settings {
        /// What is wrong with them.
        what: &'static str,
    },
    /// Whoever asks may not.
    #[error("not allowed")]
    Forbidden(#[source] happytalk_core::actor::Forbidden),
    /// No bot answers the customer there.
    #[error("no bot answers there")]
    NoBot,
    /// The site has no scenario of that id.
    #[error("no such scenario. scenario=`{scenario}`")]
    NoScenario {
        /// Which.
        scenario: ScenarioId,
    },
    /// Nobody asks whether a bot may say that, or any more.
    #[error("no such approval is asked for")]
    NoApproval,
    /// No queue of that name.
    #[error("no such queue. queue=`{queue}`")]
    NoQueue {
        /// Which.
        queue: QueueId,
    },
    /// Nobody belongs to that group.
    #[error("no such group. group=`{group}`")]
    NoGroup {
        /// Which.
        group: GroupId,
    },
    /// An agent who is not of the group that was asked.
    #[error("agent is not of the group that was asked. agent=`{agent}`")]
    NotOfGroup {
        /// Who.
        agent: AgentId,
    },
    /// The customer cannot be written to, or the conversation not be taken yet.
    #[error("not admitted. reason=`{reason}`")]
    Refused {
        /// Why.
        reason: RejectReason,
    },
    /// It must be said first what the conversation was about.
    #[error("the conversation has no category")]
    NoCategory,
    /// An id that the desk gives itself: a message id that begins with its conversation's, or the agent `bot`.
    #[error("the id is kept for the desk")]
    ReservedId,
    /// More text than a line of the log holds.
    #[error("text is too long for the log. bytes_max=`{bytes_max}`")]
    TooLong {
        /// How long a line may be.
        bytes_max: usize,
    },
    /// The store did not take it, or nobody knows yet whether it did: give the same command again.
    #[error("store failed. why=`{code}`")]
    Store {
        /// The store's code.
        code: &'static str,
    },
    /// The log does not read as one: a stream has a gap, or a line of a conversation before it was opened.
    #[error("log cannot be restored. line=`{line}`")]
    Log {
        /// Which line, from 1.
        line: usize,
    },
    /// As many inputs wait as may wait.
    #[error("too much waits to be taken in")]
    Full,
    /// The centre is gone.
    #[error("the centre is gone")]
    Gone,
    /// No channel was given for this platform and account.
    #[error("no such channel")]
    NoChannel,
}

impl Error {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoConversation { .. } => "desk.no_conversation",
            Self::NoAgent { .. } => "desk.no_agent",
            Self::Conversation(error) => error.code(),
            Self::Routing { code } | Self::Billing { code } | Self::Store { code } => code,
            Self::Forbidden(why) => why.code(),
            Self::NoQueue { .. } => "desk.no_queue",
            Self::NoGroup { .. } => "desk.no_group",
            Self::NotOfGroup { .. } => "desk.not_of_group",
            Self::Refused { .. } => "desk.refused",
            Self::NoCategory => "desk.no_category",
            Self::NoBot => "desk.no_bot",
            Self::NoScenario { .. } => "desk.no_scenario",
            Self::NoApproval => "desk.no_approval",
            Self::ReservedId => "desk.reserved_id",
            Self::TooLong { .. } => "desk.too_long",
            Self::Fit(error) => error.code(),
            Self::Settings { .. } => "desk.settings",
            Self::Log { .. } => "desk.log",
            Self::Full => "center.full",
            Self::Gone => "center.gone",
            Self::NoChannel => "center.no_channel",
        }
    }
}

impl From<happytalk_core::Error> for Error {
    fn from(error: happytalk_core::Error) -> Self {
        Self::Conversation(error)
    }
}

impl From<happytalk_core::actor::Forbidden> for Error {
    fn from(why: happytalk_core::actor::Forbidden) -> Self {
        Self::Forbidden(why)
    }
}
