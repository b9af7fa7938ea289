//! Why an input was refused.

use happytalk_core::id::{AgentId, QueueId};

use crate::cap::{CapLevel, Ineligible};

/// Why an input was refused, or settings do not hold together. What was refused changed nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two queues have one id.
    #[error("two queues have the same id")]
    DuplicateQueue,
    /// Two rule rows have one id.
    #[error("two rules have the same id")]
    DuplicateRule,
    /// There are more queues than a router holds.
    #[error("too many queues. queues_max=`{queues_max}`")]
    TooManyQueues {
        /// How many there may be.
        queues_max: usize,
    },
    /// A queue's overflow leads back to itself.
    #[error("overflow comes round. queue=`{queue}`")]
    OverflowCycle {
        /// The queue the chain begins with.
        queue: QueueId,
    },
    /// The bundled database has no zone of this name.
    #[error("unknown time zone")]
    UnknownZone,
    /// A snapshot does not hold together, or is of another version.
    #[error("snapshot does not hold together")]
    BadSnapshot,
    /// No queue has this id.
    #[error("queue is not known")]
    UnknownQueue,
    /// No agent is of this group.
    #[error("group is not known")]
    UnknownGroup,
    /// No agent has this id.
    #[error("agent is not known")]
    UnknownAgent,
    /// A shift names no day of the week, or no time of the day.
    #[error("shift names no day and two times of a day")]
    BadShift,
    /// The router has met as many channels, or as many different needs, as it tells apart.
    #[error("too many kinds of conversations. kinds_max=`{kinds_max}`")]
    TooManyKinds {
        /// How many there may be.
        kinds_max: usize,
    },
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
    /// It is not offered to this agent, or no longer.
    #[error("conversation is not offered to the agent")]
    NotOffered,
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
            Self::DuplicateRule => "routing.duplicate_rule",
            Self::TooManyQueues { .. } => "routing.too_many_queues",
            Self::OverflowCycle { .. } => "routing.overflow_cycle",
            Self::UnknownZone => "routing.unknown_zone",
            Self::BadSnapshot => "routing.bad_snapshot",
            Self::UnknownQueue => "routing.unknown_queue",
            Self::UnknownGroup => "routing.unknown_group",
            Self::UnknownAgent => "routing.unknown_agent",
            Self::BadShift => "routing.bad_shift",
            Self::TooManyKinds { .. } => "routing.too_many_kinds",
            Self::UnknownConversation => "routing.unknown_conversation",
            Self::AlreadyTaken { .. } => "routing.already_taken",
            Self::NotAssigned => "routing.not_assigned",
            Self::NotOffered => "routing.not_offered",
            Self::QueueFull => "routing.queue_full",
            Self::NoAgentOnDuty => "routing.no_agent_on_duty",
            Self::Ineligible(why) => why.code(),
        }
    }
}

impl Ineligible {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NotInPool => "routing.not_in_pool",
            Self::Status(_) => "routing.not_accepting",
            Self::Shift => "routing.not_on_shift",
            Self::Skill => "routing.skill",
            Self::Channel => "routing.channel_not_taken",
            Self::Barred => "routing.barred",
            Self::NotLastAgent => "routing.not_last_agent",
            Self::Tried => "routing.tried",
            Self::Offered => "routing.offered",
            Self::Reserved => "routing.reserved",
            Self::RateLimit => "routing.rate_limit",
            Self::Excluded => "routing.channel_excluded",
            Self::Cap(level) => match level {
                CapLevel::Agent => "routing.agent_cap",
                CapLevel::Group => "routing.group_cap",
                CapLevel::Queue => "routing.queue_cap",
                CapLevel::Channel => "routing.channel_cap",
                CapLevel::Site => "routing.site_cap",
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
            (Error::DuplicateRule, "routing.duplicate_rule"),
            (
                Error::TooManyQueues { queues_max: 1 },
                "routing.too_many_queues",
            ),
            (
                Error::OverflowCycle {
                    queue: "a".parse().unwrap(),
                },
                "routing.overflow_cycle",
            ),
            (Error::UnknownZone, "routing.unknown_zone"),
            (Error::BadSnapshot, "routing.bad_snapshot"),
            (Error::UnknownGroup, "routing.unknown_group"),
            (Error::BadShift, "routing.bad_shift"),
            (
                Error::TooManyKinds { kinds_max: 1 },
                "routing.too_many_kinds",
            ),
            (Error::NotAssigned, "routing.not_assigned"),
            (Error::NotOffered, "routing.not_offered"),
            (Error::QueueFull, "routing.queue_full"),
            (Error::NoAgentOnDuty, "routing.no_agent_on_duty"),
            (Ineligible::Shift.into(), "routing.not_on_shift"),
            (Ineligible::Skill.into(), "routing.skill"),
            (Ineligible::Barred.into(), "routing.barred"),
            (Ineligible::NotLastAgent.into(), "routing.not_last_agent"),
            (Ineligible::Offered.into(), "routing.offered"),
            (Ineligible::Reserved.into(), "routing.reserved"),
            (Ineligible::RateLimit.into(), "routing.rate_limit"),
            (Ineligible::Excluded.into(), "routing.channel_excluded"),
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
