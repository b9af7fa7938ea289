//! Why a document is no calendar.

use crate::id::IdError;
use crate::json::JsonError;

/// Where a calendar document is not right, and why.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{fault}. pointer=`{pointer}`")]
pub struct CalendarError {
    pointer: String,
    fault: CalendarFault,
}

impl CalendarError {
    pub(super) fn new(pointer: impl Into<String>, fault: CalendarFault) -> Self {
        Self {
            pointer: pointer.into(),
            fault,
        }
    }

    /// The place as a JSON pointer (RFC 6901), such as `/weekly/0/from`; empty for the document as a whole.
    #[must_use]
    pub fn pointer(&self) -> &str {
        &self.pointer
    }

    /// What is wrong there.
    #[must_use]
    pub const fn fault(&self) -> &CalendarFault {
        &self.fault
    }

    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        self.fault.code()
    }
}

/// What is wrong with a place of a calendar document.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum CalendarFault {
    /// The document is longer than [`Calendar::BYTES_MAX`](super::Calendar::BYTES_MAX).
    #[error("calendar is too long. bytes_max=`{bytes_max}`")]
    TooLong {
        /// How long it may be.
        bytes_max: usize,
    },
    /// Not JSON, or not the documented shape: a member is missing, unknown, or of another kind.
    #[error("{}", .0.reason())]
    Json(JsonError),
    /// No zone of the bundled database has this name.
    #[error("unknown time zone")]
    UnknownZone,
    /// Not a time from 00:00 to 24:00.
    #[error("expected a time of the day such as 09:00")]
    NotATime,
    /// Not a date of the calendar.
    #[error("expected a date such as 2026-02-17")]
    NotADate,
    /// Not a weekday from 1, Monday, to 7, Sunday.
    #[error("expected a weekday, 1 for Monday to 7 for Sunday")]
    NotADay,
    /// A list of weekdays with none in it.
    #[error("a row needs at least one day")]
    NoDays,
    /// Neither `from` and `until` nor `all_day`, or both; or a start at 24:00.
    #[error("a window is either `from` and `until`, or `all_day`; it starts before 24:00")]
    NotAWindow,
    /// Another entry is for the same date.
    #[error("another entry is for this date")]
    DateTwice,
    /// Another schedule has this name, or it is `site`, which is the site's own.
    #[error("another schedule has this name")]
    NameTwice,
    /// Another schedule is for the same group, queue or category.
    #[error("another schedule is for the same")]
    ScopeTwice,
    /// A list holds more than it may.
    #[error("too many entries. max=`{max}`")]
    TooMany {
        /// How many it may hold.
        max: usize,
    },
    /// A name that is no name.
    #[error("{0}")]
    BadName(IdError),
}

impl CalendarFault {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "calendar.too_long",
            Self::Json(_) => "calendar.json",
            Self::UnknownZone => "calendar.unknown_zone",
            Self::NotATime => "calendar.not_a_time",
            Self::NotADate => "calendar.not_a_date",
            Self::NotADay => "calendar.not_a_day",
            Self::NoDays => "calendar.no_days",
            Self::NotAWindow => "calendar.not_a_window",
            Self::DateTwice => "calendar.date_twice",
            Self::NameTwice => "calendar.name_twice",
            Self::ScopeTwice => "calendar.scope_twice",
            Self::TooMany { .. } => "calendar.too_many",
            Self::BadName(_) => "calendar.bad_name",
        }
    }
}
