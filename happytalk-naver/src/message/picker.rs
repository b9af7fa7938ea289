//! Pickers: a customer chooses a time or a day instead of typing one.

use happytalk_core::hours::ClockTime;
use happytalk_core::time::Date;
use serde::{Deserialize, Deserializer, Serialize};

use super::debug_hides;

/// One of the times of a day, at even spaces.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TimeInterval {
    /// What stands on it; the platform's own words where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it carries.
    pub code: String,
    /// The first time, in steps of 5 minutes; 06:00 where there is none.
    #[serde(
        default,
        deserialize_with = "time",
        skip_serializing_if = "Option::is_none"
    )]
    pub from: Option<ClockTime>,
    /// The last time, in steps of 5 minutes; 23:55 where there is none.
    #[serde(
        default,
        deserialize_with = "time",
        skip_serializing_if = "Option::is_none"
    )]
    pub until: Option<ClockTime>,
    /// Minutes between two times, 5 to 720 in steps of 5; 30 where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub minutes: Option<u16>,
    /// Times that cannot be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub off: Vec<TimeOff>,
}

impl TimeInterval {
    /// The platform's own times, carrying `code`.
    #[must_use]
    pub fn new(code: impl Into<String>) -> Self {
        Self {
            label: None,
            code: code.into(),
            from: None,
            until: None,
            minutes: None,
            off: Vec::new(),
        }
    }
}

/// A time that cannot be chosen, or all from one up to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct TimeOff {
    /// The time, or the first.
    #[serde(deserialize_with = "one_time")]
    pub from: ClockTime,
    /// The last, where there are several.
    #[serde(
        default,
        deserialize_with = "time",
        skip_serializing_if = "Option::is_none"
    )]
    pub until: Option<ClockTime>,
}

impl TimeOff {
    /// One time.
    #[must_use]
    pub const fn at(from: ClockTime) -> Self {
        Self { from, until: None }
    }

    /// All from `from` to `until`.
    #[must_use]
    pub const fn between(from: ClockTime, until: ClockTime) -> Self {
        Self {
            from,
            until: Some(until),
        }
    }
}

/// A day, or a range of days.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Calendar {
    /// What stands on it; `날짜 선택하기` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// What it carries.
    pub code: String,
    /// What stands in the empty field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub placeholder: Option<String>,
    /// The first and the last day that can be chosen; any day where there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<(Date, Date)>,
    /// Days that cannot be chosen.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub off: Vec<DayOff>,
    /// Whether a range is chosen: it comes back as `yyyyMMdd-yyyyMMdd`.
    #[serde(default, skip_serializing_if = "is_false")]
    pub range: bool,
}

impl Calendar {
    /// Any one day, carrying `code`.
    #[must_use]
    pub fn new(code: impl Into<String>) -> Self {
        Self {
            label: None,
            code: code.into(),
            placeholder: None,
            days: None,
            off: Vec::new(),
            range: false,
        }
    }
}

/// Days that cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DayOff {
    /// A day of the week, 0 (Sunday) to 6 (Saturday).
    Weekday(u8),
    /// One day.
    Day(Date),
    /// All from the first to the last.
    Days(Date, Date),
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde asks for a reference"
)]
const fn is_false(yes: &bool) -> bool {
    !*yes
}

fn one_time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<ClockTime, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
    text.parse().map_err(serde::de::Error::custom)
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<ClockTime>, D::Error> {
    one_time(deserializer).map(Some)
}

debug_hides!(TimeInterval, Calendar);
