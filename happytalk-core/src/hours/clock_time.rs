//! What a working day is written with: times of a wall clock, windows between two of them, days of the week.

use std::fmt;
use std::str::FromStr;

use serde::{Serialize, Serializer};

use crate::time::Date;

use super::pieces::Piece;

/// Minutes of a day.
pub(super) const DAY: u16 = 24 * 60;

/// A time of the wall clock in whole minutes, written `HH:MM`: 00:00 to 24:00, the end of the day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClockTime(u16);

/// The text is not a time such as `09:00`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a time of the day such as 09:00")]
#[non_exhaustive]
pub struct NotAClockTime;

impl ClockTime {
    /// 00:00.
    pub const MIDNIGHT: Self = Self(0);
    /// 24:00: where a day ends. A window may end here, and begins at 00:00 of the next day instead.
    pub const END_OF_DAY: Self = Self(DAY);

    /// The time, or `None` where the clock shows none such. `hour` is 0 to 24.
    #[must_use]
    pub const fn new(hour: u8, minute: u8) -> Option<Self> {
        let minutes = hour as u16 * 60 + minute as u16;
        if minute < 60 && minutes <= DAY {
            Some(Self(minutes))
        } else {
            None
        }
    }

    /// Minutes since 00:00, at most 1,440.
    #[must_use]
    pub const fn minutes(self) -> u16 {
        self.0
    }
}

impl fmt::Display for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.0 / 60, self.0 % 60)
    }
}

impl fmt::Debug for ClockTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ClockTime({self})")
    }
}

impl FromStr for ClockTime {
    type Err = NotAClockTime;
    fn from_str(text: &str) -> Result<Self, NotAClockTime> {
        let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
        let [a, b, b':', c, d] = *text.as_bytes() else {
            return Err(NotAClockTime);
        };
        let (Some(a), Some(b), Some(c), Some(d)) = (digit(a), digit(b), digit(c), digit(d)) else {
            return Err(NotAClockTime);
        };
        Self::new(a * 10 + b, c * 10 + d).ok_or(NotAClockTime)
    }
}

impl Serialize for ClockTime {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// From one time of a day up to another, which is not part of it: `[from, until)`.
///
/// One that ends at or before its start ends on the next day and belongs to the day on which it starts: 10:00 to 03:00
/// lasts 17 hours, 09:00 to 09:00 lasts 24.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[non_exhaustive]
pub struct Window {
    /// When it begins, before 24:00.
    pub from: ClockTime,
    /// When it ends.
    pub until: ClockTime,
}

impl Window {
    /// A whole day (종일).
    pub const ALL_DAY: Self = Self {
        from: ClockTime::MIDNIGHT,
        until: ClockTime::END_OF_DAY,
    };

    /// The window, or `None` where it would begin at 24:00.
    #[must_use]
    pub const fn new(from: ClockTime, until: ClockTime) -> Option<Self> {
        if from.0 < DAY {
            Some(Self { from, until })
        } else {
            None
        }
    }

    /// In minutes of the day on which it starts; more than a day's where it runs past midnight.
    pub(super) const fn piece(self) -> Piece {
        let until = if self.until.0 <= self.from.0 {
            self.until.0 + DAY
        } else {
            self.until.0
        };
        Piece::new(self.from.0, until)
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}–{}", self.from, self.until)
    }
}

/// A set of days of the week. In JSON a list of their numbers: Monday is 1, Sunday 7.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Days(u8);

impl Days {
    /// Every day.
    pub const ALL: Self = Self(0b111_1111);
    /// Monday to Friday (평일).
    pub const WEEKDAYS: Self = Self(0b001_1111);
    /// Saturday (토요일).
    pub const SATURDAY: Self = Self(0b010_0000);
    /// Sunday (일요일).
    pub const SUNDAY: Self = Self(0b100_0000);
    /// No day: not a set that anybody can ask for.
    pub(super) const NONE: Self = Self(0);

    /// One day, Monday being 1 and Sunday 7; `None` for another number.
    #[must_use]
    pub const fn one(day: u8) -> Option<Self> {
        Self::NONE.with(day)
    }

    /// With one more day, Monday being 1 and Sunday 7; `None` for another number.
    #[must_use]
    pub const fn with(self, day: u8) -> Option<Self> {
        match day {
            1..=7 => Some(Self(self.0 | 1 << (day - 1))),
            _ => None,
        }
    }

    /// Whether there is no day in it.
    pub(super) const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Whether the weekday of `date` is in it.
    #[must_use]
    pub fn holds(self, date: Date) -> bool {
        self.holds_index(weekday_index(date))
    }

    /// Whether a weekday is in it, Monday being 0.
    pub(super) const fn holds_index(self, index: usize) -> bool {
        index < 7 && self.0 & (1 << index) != 0
    }

    /// Their numbers, Monday being 1, in order.
    pub fn numbers(self) -> impl Iterator<Item = u8> {
        (1..=7_u8).filter(move |day| self.0 & (1 << (day - 1)) != 0)
    }
}

impl fmt::Debug for Days {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Days")?;
        f.debug_list().entries(self.numbers()).finish()
    }
}

impl Serialize for Days {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.numbers())
    }
}

/// The weekday of a date, Monday being 0.
pub(super) fn weekday_index(date: Date) -> usize {
    usize::try_from(date.weekday() - 1).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_two_digits_of_hours_and_two_of_minutes() {
        for text in ["00:00", "09:05", "23:59", "24:00"] {
            assert_eq!(text.parse::<ClockTime>().unwrap().to_string(), text);
        }
        for text in [
            "9:00", "24:01", "12:60", "12:5", "1200", "+1:00", "", "12:00:00", "１:00",
        ] {
            assert_eq!(text.parse::<ClockTime>(), Err(NotAClockTime), "{text}");
        }
    }

    #[test]
    fn a_window_that_ends_where_it_starts_lasts_a_day() {
        let nine: ClockTime = "09:00".parse().unwrap();
        assert_eq!(
            Window::new(nine, nine).unwrap().piece(),
            Piece::new(540, 540 + DAY)
        );
        assert_eq!(Window::ALL_DAY.piece(), Piece::new(0, DAY));
        assert_eq!(Window::new(ClockTime::END_OF_DAY, nine), None);
    }

    #[test]
    fn days_are_numbered_from_monday() {
        assert_eq!(
            serde_json::to_string(&Days::WEEKDAYS).unwrap(),
            "[1,2,3,4,5]"
        );
        assert_eq!(Days::one(7), Some(Days::SUNDAY));
        assert_eq!((Days::one(0), Days::one(8)), (None, None));
        assert!(Days::SUNDAY.holds("2026-11-22".parse().unwrap()));
    }
}
