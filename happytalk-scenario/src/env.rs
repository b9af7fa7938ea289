//! What the host knows at the moment of a step.

use std::collections::BTreeMap;

use happytalk_core::hours::{Status, Why};
use happytalk_core::time::Zone;
use happytalk_core::{ChannelName, Timestamp, Value};

/// What the working-hours calendar says at [`Env::now`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "an `hours` node has a way for each"
)]
pub enum HoursKind {
    /// Agents are there.
    Open,
    /// A break within the day (점심시간).
    Lunch,
    /// A day off (휴무).
    Holiday,
    /// Outside working hours for any other reason.
    Closed,
}

impl HoursKind {
    /// The word an expression compares with: `open`, `lunch`, `holiday` or `closed`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Lunch => "lunch",
            Self::Holiday => "holiday",
            Self::Closed => "closed",
        }
    }
}

/// A snapshot of the working-hours calendar (상담 시간). Default: open.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Hours {
    /// Open, or why not.
    pub kind: HoursKind,
    /// When agents are there again; `None` where nobody knows, and while open.
    pub next_open: Option<Timestamp>,
    /// The name of the day off.
    pub holiday: Option<String>,
}

impl Hours {
    /// Agents are there.
    #[must_use]
    pub const fn open() -> Self {
        Self {
            kind: HoursKind::Open,
            next_open: None,
            holiday: None,
        }
    }

    /// Agents are not there, for the reason of `kind`, until `next_open`.
    #[must_use]
    pub const fn closed(kind: HoursKind, next_open: Option<Timestamp>) -> Self {
        Self {
            kind,
            next_open,
            holiday: None,
        }
    }

    /// What a calendar of the site says: open or switched on is [`HoursKind::Open`], a break [`HoursKind::Lunch`], a day
    /// off [`HoursKind::Holiday`] with its name, anything else [`HoursKind::Closed`].
    #[must_use]
    pub fn of(status: &Status) -> Self {
        let kind = match &status.why {
            Why::InHours | Why::SwitchedOn => return Self::open(),
            Why::Break { .. } => HoursKind::Lunch,
            Why::Holiday { .. } => HoursKind::Holiday,
            Why::OffHours | Why::SwitchedOff => HoursKind::Closed,
        };
        let mut hours = Self::closed(kind, status.next_open);
        if kind == HoursKind::Holiday {
            hours.holiday = status.why.name().map(|name| name.as_str().to_owned());
        }
        hours
    }

    /// With the name of the day off.
    #[must_use]
    pub fn with_holiday(mut self, name: impl Into<String>) -> Self {
        self.holiday = Some(name.into());
        self
    }

    /// Whether agents are there.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        matches!(self.kind, HoursKind::Open)
    }
}

impl Default for Hours {
    fn default() -> Self {
        Self::open()
    }
}

/// Everything a step may know beside the scenario, the state and the input.
///
/// `Debug` shows no value of the customer: [`Value`] hides itself.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Env {
    /// The time.
    pub now: Timestamp,
    /// Where dates and hours of the day are read. Default: `Asia/Seoul`.
    pub zone: Zone,
    /// What the site's calendar says. Default: open.
    pub hours: Hours,
    /// What calendars with a name of their own say, for `hours` nodes that ask one; a name that is not here is the
    /// site's. Default: none.
    pub calendars: BTreeMap<String, Hours>,
    /// What is known about the customer: `customer.…` in expressions, and the variables with `"scope": "customer"`.
    /// Default: nothing.
    pub customer: Value,
    /// The site's settings: `setting.…` in expressions. Default: nothing.
    pub settings: Value,
    /// The platform the customer is on. Default: web chat.
    pub channel: ChannelName,
    /// The only source of chance. Default: 0.
    pub seed: u64,
}

impl Env {
    /// That time in Seoul, open, with nothing known.
    #[must_use]
    pub fn new(now: Timestamp) -> Self {
        Self {
            now,
            zone: Zone::default(),
            hours: Hours::open(),
            calendars: BTreeMap::new(),
            customer: Value::Null,
            settings: Value::Null,
            channel: ChannelName::WEBCHAT,
            seed: 0,
        }
    }

    /// What the calendar of that name says.
    pub(crate) fn hours_of(&self, calendar: Option<&str>) -> &Hours {
        calendar
            .and_then(|name| self.calendars.get(name))
            .unwrap_or(&self.hours)
    }
}
