//! Why a saved state could not be taken up again, or why bots could not be bound.

use happytalk_core::id::ScenarioId;
use happytalk_core::json::JsonError;

/// Why the bytes given to [`State::from_bytes`](crate::State::from_bytes) are no state.
///
/// Messages hold nothing of the bytes: a state is personal data.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// There are more bytes than a state may have.
    #[error("state is too long. bytes=`{bytes}` bytes_max=`{bytes_max}`")]
    StateTooLong {
        /// How many there are.
        bytes: usize,
        /// How many there may be.
        bytes_max: usize,
    },
    /// The checksum is missing or does not fit: bytes were changed, cut or added.
    #[error("state is damaged")]
    StateDamaged,
    /// The bytes are whole but not the shape of a state, as of another release.
    #[error("state was not understood. pointer=`{pointer}`")]
    StateNotUnderstood {
        /// Where, as a JSON pointer; empty where it is the whole.
        pointer: String,
        /// Why.
        source: JsonError,
    },
    /// The packed bytes are whole but not the shape of a state, as of another release.
    #[error("packed state was not understood. byte=`{byte}`")]
    StatePackedNotUnderstood {
        /// Where the part ends that was not understood.
        byte: usize,
    },
    /// A part of the state is longer than it may be, or parts contradict each other.
    #[error("state breaks a limit. pointer=`{pointer}`")]
    StateOverLimit {
        /// The part, as a JSON pointer.
        pointer: &'static str,
    },
    /// No bot answers where no other does.
    #[error("no bot is bound to everything (대표봇)")]
    NoDefaultBot,
    /// Two bots are bound to the same place.
    #[error("two bots are bound to the same place. scenario=`{scenario}`")]
    BoundTwice {
        /// The first of them.
        scenario: ScenarioId,
    },
    /// A catalogue of the host is not the shape of one.
    #[error("catalogue was not understood")]
    CatalogueNotUnderstood(#[source] JsonError),
    /// Another input was taken since: the step has to be made again from the state as it is.
    #[error("state is of another turn. expected=`{expected}` found=`{found}`")]
    TurnConflict {
        /// The turn the step was made from.
        expected: u64,
        /// The turn the state is at.
        found: u64,
    },
}

impl Error {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::StateTooLong { .. } => "scenario.state_too_long",
            Self::StateDamaged => "scenario.state_damaged",
            Self::StateNotUnderstood { .. } | Self::StatePackedNotUnderstood { .. } => {
                "scenario.state_not_understood"
            }
            Self::StateOverLimit { .. } => "scenario.state_over_limit",
            Self::NoDefaultBot => "scenario.no_default_bot",
            Self::BoundTwice { .. } => "scenario.bound_twice",
            Self::CatalogueNotUnderstood(_) => "scenario.catalogue_not_understood",
            Self::TurnConflict { .. } => "scenario.turn_conflict",
        }
    }
}
