//! In which row a reading is: the words of each dimension, slowly, and working hours that are easy to reckon.

use std::collections::BTreeMap;

use happytalk_core::event::{Category, Event, OpenedBy};
use happytalk_core::{Line, Sealable, Timestamp};
use happytalk_sqi::Calendar;

use crate::reference::Episode;

/// Open for two of three stretches of ten seconds, for ever.
fn open_until(instant: u64) -> u64 {
    instant / 30_000 * 20_000 + (instant % 30_000).saturating_sub(10_000)
}

pub(crate) fn working_ms(from: u64, to: u64) -> u64 {
    open_until(to.max(from)) - open_until(from)
}

pub(crate) fn is_open(at: u64) -> bool {
    at % 30_000 >= 10_000
}

pub(crate) fn calendar() -> Calendar {
    let millis = |at: Timestamp| u64::try_from(at.as_millis()).unwrap();
    Calendar::new("shifts", move |from, to| {
        working_ms(millis(from), millis(to))
    })
}

/// A date, a week and an hour in Seoul, counted day by day from 1970.
pub(crate) fn bucket(dimension: &str, at: u64) -> String {
    let seoul = at + 9 * 3_600_000;
    let date = |days: u64| {
        let (mut year, mut left) = (1970_u64, days);
        let is_leap = |year: u64| {
            year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400))
        };
        while left >= 365 + u64::from(is_leap(year)) {
            left -= 365 + u64::from(is_leap(year));
            year += 1;
        }
        let day_of_year = left;
        let february = 28 + u64::from(is_leap(year));
        let mut month = 1;
        for length in [31, february, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] {
            if left < length {
                break;
            }
            left -= length;
            month += 1;
        }
        (year, month, left + 1, day_of_year)
    };
    let days = seoul / 86_400_000;
    let (year, month, day, _) = date(days);
    match dimension {
        "day" => format!("{year:04}-{month:02}-{day:02}"),
        "hour" => format!(
            "{year:04}-{month:02}-{day:02}T{:02}",
            seoul / 3_600_000 % 24
        ),
        "month" => format!("{year:04}-{month:02}"),
        _ => {
            // The week is of the year that its Thursday is in. 1970 began on one.
            let thursday = (days + 3) / 7 * 7;
            let (year, _, _, day_of_year) = date(thursday);
            format!("{year:04}-W{:02}", day_of_year / 7 + 1)
        }
    }
}

/// The category as line number `until` leaves it.
pub(crate) fn category(lines: &[&Line], until: u64) -> Option<Category> {
    lines
        .iter()
        .filter(|line| line.seq <= until)
        .rev()
        .find_map(|line| match &line.event {
            Event::Opened { category, .. } | Event::AgentRequested { category, .. } => {
                category.clone()
            }
            Event::CategoryChanged { category, .. } => Some(category.clone()),
            _ => None,
        })
}

pub(crate) fn keys(
    lines: &[&Line],
    episode: &Episode<'_>,
    category: Option<&Category>,
    counted_at: u64,
    requested: u64,
) -> BTreeMap<&'static str, String> {
    let Event::Opened {
        channel,
        parameters,
        previous,
        opened_by: OpenedBy::Customer,
        ..
    } = &lines[0].event
    else {
        unreachable!()
    };
    let parameter = |name: &str| {
        let parameters = parameters.as_ref().and_then(Sealable::open)?;
        parameters
            .get(name)
            .and_then(Sealable::open)
            .map(ToString::to_string)
    };
    let end = episode.events.iter().find_map(|(_, event)| match event {
        Event::Ended { by, .. } => Some(by.as_str().to_owned()),
        _ => None,
    });
    let told = [
        ("day", Some(bucket("day", counted_at))),
        ("hour", Some(bucket("hour", counted_at))),
        ("week", Some(bucket("week", counted_at))),
        ("month", Some(bucket("month", counted_at))),
        ("channel", Some(channel.to_string())),
        (
            "category",
            category.map(|category| category.main.to_string()),
        ),
        (
            "sub",
            category.and_then(|category| Some(category.sub.as_ref()?.to_string())),
        ),
        ("end", end),
        (
            "returning",
            Some(
                if previous.is_some() {
                    "returning"
                } else {
                    "first"
                }
                .to_owned(),
            ),
        ),
        ("inflow", parameter("inflow")),
        ("parameter:campaign", parameter("campaign")),
        (
            "hours",
            Some(if is_open(requested) { "in" } else { "out" }.to_owned()),
        ),
    ];
    told.into_iter()
        .map(|(name, text)| (name, text.unwrap_or_else(|| "(none)".to_owned())))
        .collect()
}
