//! The options of the pickers. The platform wants all of them as texts.
//!
//! Source: <https://github.com/navertalk/chatbot-api> time_interval_component_v1.md, calendar_component_v1.md
//! (read 2026-11-21)

use happytalk_core::hours::ClockTime;
use happytalk_core::time::Date;
use serde::Serialize;

use super::{filled, in_range};
use crate::error::Error;
use crate::message::{Calendar, DayOff, TimeInterval, TimeOff};

/// Minutes between two times that are offered.
const MINUTES: (u64, u64) = (5, 720);
/// Times stand at multiples of this many minutes.
const STEP: u16 = 5;
/// The last time of a day that can be chosen, in minutes.
const LAST: u16 = 23 * 60 + 55;
/// The last day of a week, counted from Sunday.
const SATURDAY: u8 = 6;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) enum PickerOptions<'a> {
    TimeInterval(Times),
    Calendar(Days<'a>),
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
pub(super) struct Times {
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    interval: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disables: Option<String>,
}

#[derive(Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Days<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    placeholder: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    start: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    disables: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    is_range: Option<bool>,
}

impl<'a> PickerOptions<'a> {
    /// Nothing where the platform's own times will do.
    pub(super) fn times(picker: &TimeInterval) -> Result<Option<Self>, Error> {
        if let Some(minutes) = picker.minutes {
            let (min, max) = MINUTES;
            in_range("interval.minutes", u64::from(minutes), min, max)?;
            if !minutes.is_multiple_of(STEP) {
                return Err(Error::BadValue {
                    place: "interval.minutes",
                });
            }
        }
        if let (Some(from), Some(until)) = (picker.from, picker.until)
            && until < from
        {
            return Err(Error::BadValue {
                place: "interval.until",
            });
        }
        let off = picker.off.iter().map(|off| time_off(*off));
        let times = Times {
            start: picker.from.map(hour_and_minute).transpose()?,
            end: picker.until.map(hour_and_minute).transpose()?,
            interval: picker.minutes.map(|minutes| minutes.to_string()),
            disables: joined(off.collect::<Result<_, _>>()?),
        };
        Ok((times != Times::default()).then_some(Self::TimeInterval(times)))
    }

    /// Nothing where any day will do.
    pub(super) fn calendar(picker: &'a Calendar) -> Result<Option<Self>, Error> {
        if picker.days.is_some_and(|(first, last)| last < first) {
            return Err(Error::BadValue {
                place: "calendar.days",
            });
        }
        let off = picker.off.iter().map(|off| day_off(*off));
        let days = Days {
            placeholder: filled(picker.placeholder.as_deref()),
            start: picker.days.map(|(first, _)| compact(first)),
            end: picker.days.map(|(_, last)| compact(last)),
            disables: joined(off.collect::<Result<_, _>>()?),
            is_range: picker.range.then_some(true),
        };
        Ok((days != Days::default()).then_some(Self::Calendar(days)))
    }
}

fn joined(list: Vec<String>) -> Option<String> {
    (!list.is_empty()).then(|| list.join(","))
}

/// `HHMM`, where the platform has such a time.
fn hour_and_minute(time: ClockTime) -> Result<String, Error> {
    let minutes = time.minutes();
    if !minutes.is_multiple_of(STEP) || minutes > LAST {
        return Err(Error::BadValue {
            place: "interval.time",
        });
    }
    Ok(format!("{:02}{:02}", minutes / 60, minutes % 60))
}

fn time_off(off: TimeOff) -> Result<String, Error> {
    let from = hour_and_minute(off.from)?;
    match off.until {
        None => Ok(from),
        Some(until) if until < off.from => Err(Error::BadValue {
            place: "interval.off",
        }),
        Some(until) => Ok(format!("{from}-{}", hour_and_minute(until)?)),
    }
}

fn day_off(off: DayOff) -> Result<String, Error> {
    let bad = Err(Error::BadValue {
        place: "calendar.off",
    });
    match off {
        DayOff::Weekday(day) if day > SATURDAY => bad,
        DayOff::Weekday(day) => Ok(day.to_string()),
        DayOff::Day(day) => Ok(compact(day)),
        DayOff::Days(first, last) if last < first => bad,
        DayOff::Days(first, last) => Ok(format!("{}-{}", compact(first), compact(last))),
    }
}

/// `yyyyMMdd`.
pub(super) fn compact(day: Date) -> String {
    format!("{:04}{:02}{:02}", day.year(), day.month(), day.day())
}
