//! Why an input was refused.

use happytalk_core::id::AgentId;

use crate::cap::{CapLevel, Ineligible};

/// Why an input was refused, or settings do not hold together. What was refused changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two queues have one id.
    #[error("two queues have the same id")]
    DuplicateQueue,
    /// No queue has this id.
    #[error("queue is not known")]
    UnknownQueue,
    /// No agent has this id.
    #[error("agent is not known")]
    UnknownAgent,
    /// The router does not hold this conversation: it was never enqueued, or is released.
    #[error("conversation is not known")]
    UnknownConversation,
    /// Somebody has it.
    #[error("conversation is already taken")]
    AlreadyTaken {
        /// Who.
        by: AgentId,
    },
    /// It waits: no agent has it.
    #[error("conversation is with no agent")]
    NotAssigned,
    /// As many wait as may wait (상담 건수 초과).
    #[error("queue is full")]
    QueueFull,
    /// Nobody of the pool is on duty, and the settings say to turn requests away then.
    #[error("no agent is on duty")]
    NoAgentOnDuty,
    /// The agent may not take it.
    #[error("agent may not take the conversation")]
    Ineligible(#[source] Ineligible),
}

impl Error {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::DuplicateQueue => "routing.duplicate_queue",
            Self::UnknownQueue => "routing.unknown_queue",
            Self::UnknownAgent => "routing.unknown_agent",
            Self::UnknownConversation => "routing.unknown_conversation",
            Self::AlreadyTaken { .. } => "routing.already_taken",
            Self::NotAssigned => "routing.not_assigned",
            Self::QueueFull => "routing.queue_full",
            Self::NoAgentOnDuty => "routing.no_agent_on_duty",
            Self::Ineligible(why) => match why {
                Ineligible::NotInPool => "routing.not_in_pool",
                Ineligible::Status(_) => "routing.not_accepting",
                Ineligible::Channel => "routing.channel_not_taken",
                Ineligible::Tried => "routing.tried",
                Ineligible::Cap(level) => match level {
                    CapLevel::Agent => "routing.agent_cap",
                    CapLevel::Group => "routing.group_cap",
                    CapLevel::Queue => "routing.queue_cap",
                    CapLevel::Channel => "routing.channel_cap",
                    CapLevel::Site => "routing.site_cap",
                },
            },
        }
    }
}

impl From<Ineligible> for Error {
    fn from(why: Ineligible) -> Self {
        Self::Ineligible(why)
    }
}

#[cfg(test)]
mod tests {
    use happytalk_core::event::StatusClass;

    use super::*;

    #[test]
    fn codes_never_change_meaning() {
        let by = "kim".parse().unwrap();
        let codes = [
            (Error::DuplicateQueue, "routing.duplicate_queue"),
            (Error::UnknownQueue, "routing.unknown_queue"),
            (Error::UnknownAgent, "routing.unknown_agent"),
            (Error::UnknownConversation, "routing.unknown_conversation"),
            (Error::AlreadyTaken { by }, "routing.already_taken"),
            (Error::NotAssigned, "routing.not_assigned"),
            (Error::QueueFull, "routing.queue_full"),
            (Error::NoAgentOnDuty, "routing.no_agent_on_duty"),
            (Ineligible::NotInPool.into(), "routing.not_in_pool"),
            (
                Ineligible::Status(StatusClass::Paused).into(),
                "routing.not_accepting",
            ),
            (Ineligible::Channel.into(), "routing.channel_not_taken"),
            (Ineligible::Tried.into(), "routing.tried"),
            (Ineligible::Cap(CapLevel::Agent).into(), "routing.agent_cap"),
            (Ineligible::Cap(CapLevel::Group).into(), "routing.group_cap"),
            (Ineligible::Cap(CapLevel::Queue).into(), "routing.queue_cap"),
            (
                Ineligible::Cap(CapLevel::Channel).into(),
                "routing.channel_cap",
            ),
            (Ineligible::Cap(CapLevel::Site).into(), "routing.site_cap"),
        ];
        for (error, code) in codes {
            assert_eq!(error.code(), code);
        }
    }
}
