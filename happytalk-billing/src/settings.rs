//! How a site is charged: the day-case policy, the credit limit, the automatic top-up.

use std::fmt;
use std::str::FromStr;

use happytalk_core::time::{Date, Zone};
use happytalk_core::{Timestamp, Won};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::digest::Canon;
use crate::error::Error;
use crate::rules::Rules;

/// The minute of the day at which one charging day ends and the next begins: `00:00` to `23:59`.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Boundary {
    minutes: u32,
}

impl Boundary {
    /// 00:00, the calendar day.
    pub const MIDNIGHT: Self = Self { minutes: 0 };
    /// 04:00.
    pub const FOUR: Self = Self { minutes: 240 };

    /// The charging day of `time`: the calendar day in `zone`, before the boundary the one before.
    #[must_use]
    pub fn day_of(self, time: Timestamp, zone: &Zone) -> Date {
        let wall = zone.wall(time);
        if wall.millis_of_day < self.minutes * 60_000 {
            wall.date.plus_days(-1)
        } else {
            wall.date
        }
    }
}

impl fmt::Display for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:02}:{:02}", self.minutes / 60, self.minutes % 60)
    }
}

impl fmt::Debug for Boundary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Boundary({self})")
    }
}

impl FromStr for Boundary {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let two_digits = |part: &str| {
            let digits = part.len() == 2 && part.bytes().all(|byte| byte.is_ascii_digit());
            digits.then(|| part.parse::<u32>().ok()).flatten()
        };
        let read = |(hour, minute)| Some((two_digits(hour)?, two_digits(minute)?));
        match text.split_once(':').and_then(read) {
            Some((hour, minute)) if hour < 24 && minute < 60 => Ok(Self {
                minutes: hour * 60 + minute,
            }),
            _ => Err(Error::Boundary),
        }
    }
}

impl Serialize for Boundary {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Boundary {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// What one Kakao day-case is (DOMAIN 11.3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DayCasePolicy {
    /// One customer of one Kakao channel on one day, however many rooms. The default, with 00:00.
    PerCustomerDay,
    /// One session, and again when it goes on past the boundary; 04:00 by default.
    PerSession,
}

impl DayCasePolicy {
    /// The boundary where none is set.
    #[must_use]
    pub const fn boundary(self) -> Boundary {
        match self {
            Self::PerCustomerDay => Boundary::MIDNIGHT,
            Self::PerSession => Boundary::FOUR,
        }
    }
}

/// An automatic top-up (자동충전): asked for when the balance is at the threshold or below after a debit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct AutoTopUp {
    /// At this balance or below.
    pub threshold: Won,
    /// By this much, VAT not counted.
    pub amount: Won,
}

impl AutoTopUp {
    /// An automatic top-up.
    ///
    /// # Errors
    /// [`Error::AutoTopUp`] unless `threshold` is zero or more and `amount` is above it.
    pub fn new(threshold: Won, amount: Won) -> Result<Self, Error> {
        if threshold < Won::ZERO || amount <= threshold {
            return Err(Error::AutoTopUp);
        }
        Ok(Self { threshold, amount })
    }
}

/// How a site is charged.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Settings {
    /// What a day-case is; as the price book's rules say when not set.
    pub day_case: Option<DayCasePolicy>,
    /// Where its day ends; as the rules say when not set.
    pub boundary: Option<Boundary>,
    /// How far day-cases may take the balance below zero; as the rules say when not set.
    pub credit_limit: Option<Won>,
    /// The automatic top-up; off when not set.
    pub auto_top_up: Option<AutoTopUp>,
}

/// A change of [`Settings`]: what it does not name stays as it is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SettingsChange {
    /// What a day-case is. Without a `boundary` beside it, the policy's own boundary holds.
    pub day_case: Option<DayCasePolicy>,
    /// Where its day ends.
    pub boundary: Option<Boundary>,
    /// How far day-cases may take the balance below zero.
    pub credit_limit: Option<Won>,
    /// The automatic top-up; `Some(None)` switches it off.
    pub auto_top_up: Option<Option<AutoTopUp>>,
}

impl Settings {
    /// These settings after `change`.
    #[must_use]
    pub fn with(&self, change: &SettingsChange) -> Self {
        let own = change.day_case.map(DayCasePolicy::boundary);
        Self {
            day_case: change.day_case.or(self.day_case),
            boundary: change.boundary.or(own).or(self.boundary),
            credit_limit: change.credit_limit.or(self.credit_limit),
            auto_top_up: change.auto_top_up.unwrap_or(self.auto_top_up),
        }
    }

    /// What a day-case is under these settings and `rules`, and where its day ends.
    #[must_use]
    pub fn day_case_under(&self, rules: &Rules) -> (DayCasePolicy, Boundary) {
        (
            self.day_case.unwrap_or(rules.day_case),
            self.boundary.unwrap_or(rules.boundary),
        )
    }
}

impl SettingsChange {
    pub(crate) fn write(&self, canon: &mut Canon) {
        canon.byte(match self.day_case {
            None => 0,
            Some(DayCasePolicy::PerCustomerDay) => 1,
            Some(DayCasePolicy::PerSession) => 2,
        });
        canon.count(
            self.boundary
                .map_or(0, |boundary| u64::from(boundary.minutes) + 1),
        );
        canon.int(self.credit_limit.map_or(-1, Won::as_millis));
        match self.auto_top_up {
            None => canon.byte(0),
            Some(None) => canon.byte(1),
            Some(Some(auto)) => canon
                .byte(2)
                .int(auto.threshold.as_millis())
                .int(auto.amount.as_millis()),
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_moves_the_small_hours_to_the_day_before() {
        let zone = Zone::default();
        let four: Boundary = "04:00".parse().unwrap();
        let before: Timestamp = "2024-05-14T03:59:59.999+09:00".parse().unwrap();
        let after: Timestamp = "2024-05-14T04:00:00+09:00".parse().unwrap();
        assert_eq!(four.day_of(before, &zone).to_string(), "2024-05-13");
        assert_eq!(four.day_of(after, &zone).to_string(), "2024-05-14");
        assert_eq!(
            Boundary::MIDNIGHT.day_of(before, &zone).to_string(),
            "2024-05-14"
        );
    }

    #[test]
    fn a_boundary_is_two_digits_and_two_digits() {
        for wrong in ["24:00", "4:00", "04:60", "0400", "+4:00", "04:00 "] {
            assert_eq!(wrong.parse::<Boundary>(), Err(Error::Boundary), "{wrong}");
        }
    }

    #[test]
    fn a_change_of_policy_brings_its_own_boundary() {
        let settings = Settings::default();
        let per_session = SettingsChange {
            day_case: Some(DayCasePolicy::PerSession),
            ..SettingsChange::default()
        };
        let rules = Rules::default();
        let day_case = (DayCasePolicy::PerCustomerDay, Boundary::MIDNIGHT);
        assert_eq!(settings.day_case_under(&rules), day_case);
        assert_eq!(settings.with(&per_session).boundary, Some(Boundary::FOUR));
        let limit_alone = SettingsChange {
            credit_limit: Some(Won::ZERO),
            ..SettingsChange::default()
        };
        let both = settings.with(&per_session).with(&limit_alone);
        assert_eq!(both.boundary, Some(Boundary::FOUR));
        assert_eq!(both.credit_limit, Some(Won::ZERO));
    }
}
