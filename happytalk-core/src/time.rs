//! Points in time, and the calendar of a zone.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use serde::{Deserialize, Serialize};

/// A point in time: whole milliseconds since 1970-01-01T00:00:00Z, leap seconds not counted.
///
/// Serialised as that number. From -9999-01-02 to 9999-12-30, which is what the calendar can name;
/// a reader refuses what is outside.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Timestamp(i64);

/// A text or number that is not a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TimeError {
    /// Not an RFC 3339 instant such as `2026-01-12T10:00:00+09:00`.
    #[error("not an RFC 3339 instant")]
    NotAnInstant,
    /// Outside the years the calendar knows.
    #[error("time is outside the calendar. millis=`{millis}`")]
    OutOfRange {
        /// The milliseconds that were given.
        millis: i64,
    },
    /// Not a date such as `2026-01-12`.
    #[error("not a date")]
    NotADate,
    /// The bundled database has no zone of this name.
    #[error("unknown time zone")]
    UnknownZone,
}

impl Timestamp {
    /// 1970-01-01T00:00:00Z.
    pub const EPOCH: Self = Self(0);
    /// The first instant.
    pub const MIN: Self = Self(-377_705_023_201_000 + 86_400_000);
    /// The last instant.
    pub const MAX: Self = Self(253_402_207_200_999 - 86_400_000);

    /// The instant `millis` after the epoch, or the nearest one the calendar can name.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        if millis < Self::MIN.0 {
            Self::MIN
        } else if millis > Self::MAX.0 {
            Self::MAX
        } else {
            Self(millis)
        }
    }

    /// Milliseconds since the epoch.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.0
    }

    /// `self` later by `span`, whole milliseconds; [`Timestamp::MAX`] at the most.
    #[must_use]
    pub fn plus(self, span: Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_add(millis))
    }

    /// `self` earlier by `span`, whole milliseconds; [`Timestamp::MIN`] at the least.
    #[must_use]
    pub fn minus(self, span: Duration) -> Self {
        let millis = i64::try_from(span.as_millis()).unwrap_or(i64::MAX);
        Self::from_millis(self.0.saturating_sub(millis))
    }

    /// How long after `earlier` this is; zero when it is not after it.
    #[must_use]
    pub fn since(self, earlier: Self) -> Duration {
        Duration::from_millis(u64::try_from(self.0 - earlier.0).unwrap_or(0))
    }

    fn to_jiff(self) -> jiff::Timestamp {
        // In range by construction: every `Timestamp` went through `from_millis`.
        jiff::Timestamp::from_millisecond(self.0).unwrap_or(jiff::Timestamp::UNIX_EPOCH)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let millis = i64::deserialize(deserializer)?;
        let time = Self::from_millis(millis);
        if time.0 == millis {
            Ok(time)
        } else {
            Err(serde::de::Error::custom(
                "expected a time of the calendar, in milliseconds",
            ))
        }
    }
}

/// RFC 3339 in UTC with milliseconds.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.3}", self.to_jiff())
    }
}

impl fmt::Debug for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Timestamp({self})")
    }
}

/// Reads RFC 3339, any offset; what is finer than a millisecond is dropped.
impl FromStr for Timestamp {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        let instant: jiff::Timestamp = text.parse().map_err(|_| TimeError::NotAnInstant)?;
        let millis = instant.as_millisecond();
        let time = Self::from_millis(millis);
        if time.0 == millis {
            Ok(time)
        } else {
            Err(TimeError::OutOfRange { millis })
        }
    }
}

/// A day of the calendar, with no zone.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(jiff::civil::Date);

impl Date {
    /// The day, or `None` where the calendar has none such.
    #[must_use]
    pub fn new(year: i16, month: i8, day: i8) -> Option<Self> {
        jiff::civil::Date::new(year, month, day).ok().map(Self)
    }

    /// The year, such as 2026.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub fn day(self) -> i8 {
        self.0.day()
    }

    /// How many days the month of this day has, 28 to 31.
    #[must_use]
    pub fn days_in_month(self) -> i8 {
        self.0.days_in_month()
    }

    /// The day of the week: Monday is 1, Sunday 7.
    #[must_use]
    pub fn weekday(self) -> i8 {
        self.0.weekday().to_monday_one_offset()
    }

    /// The ISO 8601 week: its year, and its number from 1 to 53.
    #[must_use]
    pub fn iso_week(self) -> (i16, i8) {
        let week = self.0.iso_week_date();
        (week.year(), week.week())
    }

    /// The first day of this day's month.
    #[must_use]
    pub fn first_of_month(self) -> Self {
        Self(self.0.first_of_month())
    }

    /// The first day of the month after this day's.
    #[must_use]
    pub fn first_of_next_month(self) -> Self {
        Self(
            self.0
                .last_of_month()
                .tomorrow()
                .unwrap_or(jiff::civil::Date::MAX),
        )
    }

    /// `self` later by `days` (earlier when negative), within the calendar.
    #[must_use]
    pub fn plus_days(self, days: i32) -> Self {
        Self(
            self.0
                .saturating_add(jiff::Span::new().days(days.clamp(-7_304_484, 7_304_484))),
        )
    }

    /// How many days after `earlier` this is; negative when before it.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i32 {
        self.0
            .duration_since(earlier.0)
            .as_hours()
            .try_into()
            .map_or(0, |hours: i32| hours / 24)
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Date({self})")
    }
}

impl FromStr for Date {
    type Err = TimeError;
    fn from_str(text: &str) -> Result<Self, TimeError> {
        // jiff reads more than a date; only `YYYY-MM-DD` is one here.
        if text.len() != 10 {
            return Err(TimeError::NotADate);
        }
        text.parse().map(Self).map_err(|_| TimeError::NotADate)
    }
}

impl Serialize for Date {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// What a clock on the wall of a zone shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub struct WallTime {
    /// The day.
    pub date: Date,
    /// Milliseconds of the wall clock since its 00:00, 0 to 86 399 999.
    pub millis_of_day: u32,
}

impl WallTime {
    /// `millis_of_day` after the 00:00 of `date`; a full day or more is cut to the day's last millisecond.
    #[must_use]
    pub fn new(date: Date, millis_of_day: u32) -> Self {
        Self {
            date,
            millis_of_day: millis_of_day.min(86_399_999),
        }
    }

    /// The hour, 0 to 23.
    #[must_use]
    pub const fn hour(self) -> u32 {
        self.millis_of_day / 3_600_000
    }

    /// The minute, 0 to 59.
    #[must_use]
    pub const fn minute(self) -> u32 {
        self.millis_of_day / 60_000 % 60
    }

    /// The second, 0 to 59.
    #[must_use]
    pub const fn second(self) -> u32 {
        self.millis_of_day / 1_000 % 60
    }
}

/// A time zone of the bundled IANA database, so that no host changes a figure. Default: `Asia/Seoul`.
#[derive(Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// The zone of that IANA name.
    ///
    /// # Errors
    /// [`TimeError::UnknownZone`].
    pub fn named(name: &str) -> Result<Self, TimeError> {
        TimeZoneDatabase::bundled()
            .get(name)
            .map(Self)
            .map_err(|_| TimeError::UnknownZone)
    }

    /// The IANA name.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().unwrap_or("UTC")
    }

    /// What the zone's wall clock shows at `time`.
    #[must_use]
    pub fn wall(&self, time: Timestamp) -> WallTime {
        let wall = self.0.to_datetime(time.to_jiff());
        let of_day = wall
            .time()
            .duration_since(jiff::civil::Time::midnight())
            .as_millis();
        WallTime {
            date: Date(wall.date()),
            millis_of_day: u32::try_from(of_day).unwrap_or(0),
        }
    }

    /// The zone's day at `time`.
    #[must_use]
    pub fn date(&self, time: Timestamp) -> Date {
        Date(self.0.to_datetime(time.to_jiff()).date())
    }

    /// The instant at which the wall clock shows `wall`. Where it shows it twice, the first;
    /// where it skips it, as many milliseconds later as it skips.
    #[must_use]
    pub fn instant(&self, wall: WallTime) -> Timestamp {
        let of_day = jiff::SignedDuration::from_millis(i64::from(wall.millis_of_day));
        let time = jiff::civil::Time::midnight().saturating_add(of_day);
        let wall = wall.date.0.to_datetime(time);
        self.0
            .to_ambiguous_timestamp(wall)
            .compatible()
            .map_or(Timestamp::MAX, |instant| {
                Timestamp::from_millis(instant.as_millisecond())
            })
    }

    /// The instant at which `date` begins.
    #[must_use]
    pub fn start_of(&self, date: Date) -> Timestamp {
        self.instant(WallTime {
            date,
            millis_of_day: 0,
        })
    }
}

impl Default for Zone {
    fn default() -> Self {
        // The bundled database always holds Asia/Seoul; a test says so.
        Self::named("Asia/Seoul").unwrap_or(Self(TimeZone::fixed(jiff::tz::offset(9))))
    }
}

impl fmt::Debug for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Zone({})", self.name())
    }
}

impl FromStr for Zone {
    type Err = TimeError;
    fn from_str(name: &str) -> Result<Self, TimeError> {
        Self::named(name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_in_seoul_begins_nine_hours_before_utc() {
        let zone = Zone::default();
        assert_eq!(zone.name(), "Asia/Seoul");
        let time: Timestamp = "2024-05-12T15:00:00Z".parse().unwrap();
        assert_eq!(zone.date(time).to_string(), "2024-05-13");
        assert_eq!(
            zone.date(time.minus(Duration::from_millis(1))).to_string(),
            "2024-05-12"
        );
        assert_eq!(zone.start_of("2024-05-13".parse().unwrap()), time);
        assert_eq!(zone.instant(zone.wall(time)), time);
    }

    #[test]
    fn the_ends_of_time_have_a_date() {
        for end in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(Timestamp::from_millis(end.as_millis()), end);
            assert_eq!(end.to_string().parse(), Ok(end));
            let zone = Zone::default();
            assert_eq!(zone.instant(zone.wall(end)), end);
        }
    }

    #[test]
    fn seconds_are_milliseconds_here() {
        assert_eq!(
            serde_json::to_string(&Timestamp::from_millis(1_715_562_130_000)).unwrap(),
            "1715562130000"
        );
        assert_eq!(
            "2024-05-13T01:02:10Z".parse(),
            Ok(Timestamp::from_millis(1_715_562_130_000))
        );
    }

    #[test]
    fn weeks_and_months_follow_the_calendar() {
        let day: Date = "2024-12-30".parse().unwrap();
        assert_eq!(day.iso_week(), (2025, 1));
        assert_eq!(day.weekday(), 1);
        assert_eq!(day.first_of_next_month().to_string(), "2025-01-01");
        assert_eq!(day.plus_days(-30).days_since(day), -30);
        assert!("2024-02-30".parse::<Date>().is_err());
    }
}
