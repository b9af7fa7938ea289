//! What an error means to the one who has to act.

use std::time::Duration;

use crate::id::AgentId;

/// Why a conversation refuses a command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The conversation has not begun.
    #[error("conversation has not begun. command=`{command}`")]
    NotOpen {
        /// What was asked.
        command: &'static str,
    },
    /// The conversation has begun already.
    #[error("conversation has begun already")]
    AlreadyOpen,
    /// The conversation is over: only notes, tags, a rating and the like are taken. A customer who writes again
    /// gets another conversation.
    #[error("conversation is over. phase=`{phase}`")]
    Closed {
        /// How it ended.
        phase: &'static str,
    },
    /// The command has no meaning where the conversation stands.
    #[error("conversation does not take this now. command=`{command}` phase=`{phase}`")]
    WrongPhase {
        /// What was asked.
        command: &'static str,
        /// Where it stands.
        phase: &'static str,
    },
    /// Another agent has it, or nobody.
    #[error("conversation is not this agent's. owner=`{}`", .owner.as_ref().map_or("nobody", AgentId::as_str))]
    NotOwner {
        /// Who has it.
        owner: Option<AgentId>,
    },
    /// Somebody else was given it, or took it, first.
    #[error("conversation is taken. by=`{}`", .by.as_ref().map_or("nobody", AgentId::as_str))]
    AlreadyTaken {
        /// Who has it.
        by: Option<AgentId>,
    },
    /// The platform's session is over: nothing may be said until the customer writes again.
    #[error("the session with the customer is over")]
    NoSession,
    /// On Kakao only the customer opens a conversation.
    #[error("an agent cannot write first on this channel")]
    AgentCannotOpen,
    /// A transfer to the agent who has it.
    #[error("conversation is this agent's already")]
    SameAgent,
    /// Another transfer waits for an answer.
    #[error("another transfer is pending")]
    TransferPending,
    /// Nobody asked this agent to take it.
    #[error("no transfer to this agent is pending")]
    NoTransfer,
    /// A score that is not on its scale, or a scale other than 5 and 10.
    #[error("score is not on its scale. score=`{score}` scale=`{scale}`")]
    BadScore {
        /// The score.
        score: u8,
        /// The best score.
        scale: u8,
    },
    /// Too long after the conversation was over: for taking it up again, or for saying how it was.
    #[error("too long after the end. command=`{command}` within_ms=`{within_ms}`")]
    TooLate {
        /// What was asked.
        command: &'static str,
        /// How long after the end it would have been taken.
        within_ms: u64,
    },
    /// Nobody answered the customer, or they were blocked: there is nothing to say about.
    #[error("nothing was answered that could be rated")]
    NothingToRate,
    /// No offer to an agent is pending, or it has run out.
    #[error("no offer is pending")]
    NoOffer,
    /// The conversation is kept for another agent, or from all while the profile bot asks.
    #[error("conversation is kept back")]
    KeptBack,
    /// The profile bot has not asked.
    #[error("no profile was asked for")]
    NoProfile,
    /// Nobody asked for a look.
    #[error("no review was asked for")]
    NoReview,
    /// A text is longer than allowed.
    #[error("text is too long. what=`{what}` chars=`{chars}` chars_max=`{chars_max}`")]
    TooLong {
        /// Which text.
        what: &'static str,
        /// How long it is.
        chars: usize,
        /// How long it may be.
        chars_max: usize,
    },
    /// A text without words, or a message without content.
    #[error("nothing to say. what=`{what}`")]
    Empty {
        /// Which text.
        what: &'static str,
    },
    /// The command is older than the last event.
    #[error("the clock went back")]
    TimeWentBack,
}

impl Error {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotOpen { .. } => "conversation.not_open",
            Self::AlreadyOpen => "conversation.already_open",
            Self::Closed { .. } => "conversation.closed",
            Self::WrongPhase { .. } => "conversation.wrong_phase",
            Self::NotOwner { .. } => "conversation.not_owner",
            Self::AlreadyTaken { .. } => "conversation.already_taken",
            Self::NoSession => "conversation.no_session",
            Self::AgentCannotOpen => "conversation.agent_cannot_open",
            Self::SameAgent => "conversation.same_agent",
            Self::TransferPending => "conversation.transfer_pending",
            Self::NoTransfer => "conversation.no_transfer",
            Self::BadScore { .. } => "conversation.bad_score",
            Self::TooLate { .. } => "conversation.too_late",
            Self::NothingToRate => "conversation.nothing_to_rate",
            Self::NoOffer => "conversation.no_offer",
            Self::KeptBack => "conversation.kept_back",
            Self::NoProfile => "conversation.no_profile",
            Self::NoReview => "conversation.no_review",
            Self::TooLong { .. } => "conversation.too_long",
            Self::Empty { .. } => "conversation.empty",
            Self::TimeWentBack => "conversation.time_went_back",
        }
    }
}

/// Whether it makes sense to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller must decide on each")]
pub enum Retry {
    /// The same would fail again.
    Never,
    /// Nothing was done; try again under the same id after this time.
    After(Duration),
    /// It may have been done. Ask, or resend under the same id where the platform recognises one.
    Unknown,
}

/// Why a channel did not do what was asked, or what came in is not what its platform sends.
#[derive(Debug, thiserror::Error)]
#[error("channel failed. code=`{code}`")]
#[non_exhaustive]
pub struct ChannelError {
    /// The adapter's code, such as `kakao.no_session`.
    pub code: &'static str,
    /// Whether to try again.
    pub retry: Retry,
    /// The adapter's own error.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl ChannelError {
    /// An adapter's error, as the rest of the system sees it.
    #[must_use]
    pub fn new(
        code: &'static str,
        retry: Retry,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            code,
            retry,
            source: Box::new(source),
        }
    }
}
