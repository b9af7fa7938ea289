//! Before and after: two periods, or two policies.

use std::collections::BTreeSet;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use crate::dimension::Dimension;
use crate::report::{Rate, Report, Row, TimeFigure};

/// Two reports, row by row. Rows are matched by their keys: reports of two periods are best made by dimensions that are
/// not of time.
///
/// ```
/// use happytalk_core::Timestamp;
/// use happytalk_sqi::{Comparison, Figures, Options};
///
/// let log = r#"{"conversation":"a","seq":1,"at":0,"type":"opened","channel":"webchat","account":"s","customer":"u","opened_by":"customer","bot":false}
/// {"conversation":"a","seq":2,"at":4000,"type":"assigned","agent":"kim","how":"auto"}
/// {"conversation":"a","seq":3,"at":5000,"type":"ended","by":"customer","after_work":false}
/// {"conversation":"b","seq":1,"at":60000,"type":"opened","channel":"webchat","account":"s","customer":"v","opened_by":"customer","bot":false}
/// {"conversation":"b","seq":2,"at":63000,"type":"assigned","agent":"kim","how":"auto"}
/// {"conversation":"b","seq":3,"at":65000,"type":"ended","by":"customer","after_work":false}"#;
/// let at = Timestamp::from_millis;
/// let report = |from, until| {
///     let mut figures = Figures::new(Options::new().with_period(at(from), at(until)));
///     figures.read(log.as_bytes()).map(|()| figures.report())
/// };
/// let comparison = Comparison::of(&report(0, 60_000)?, &report(60_000, 120_000)?);
/// let (_, queue) = &comparison.rows[0].times[0];
/// assert_eq!((queue.before_ms, queue.after_ms, queue.change_ms), (Some(4000), Some(3000), Some(-1000)));
/// # Ok::<(), happytalk_sqi::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Comparison {
    /// What the rows are made by.
    pub by: Vec<Dimension>,
    /// Every row of either, in the order of its keys.
    pub rows: Vec<RowChange>,
}

/// One row, before and after.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RowChange {
    /// What it is about, as in [`Row::keys`]. May be personal.
    pub keys: Vec<String>,
    /// The rate of abandonment.
    pub abandon_rate: RateChange,
    /// Every time, by its name in the report.
    pub times: Vec<(&'static str, Change)>,
}

/// The mean of a time, before and after. In milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Change {
    /// How many values there were.
    pub before_count: u64,
    /// How many there are.
    pub after_count: u64,
    /// What it was; `None` of no values.
    pub before_ms: Option<u64>,
    /// What it is.
    pub after_ms: Option<u64>,
    /// What it is more than it was, 0 where it did not change; `None` where there is nothing to compare with.
    pub change_ms: Option<i64>,
}

/// A rate, before and after.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RateChange {
    /// What it was.
    pub before: Rate,
    /// What it is.
    pub after: Rate,
    /// What it is more than it was, in hundredths of a percent.
    pub change_basis_points: Option<i64>,
}

/// Keys may be a customer's parameters and do not show.
impl std::fmt::Debug for RowChange {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RowChange")
            .field("abandon_rate", &self.abandon_rate)
            .field("times", &self.times)
            .finish_non_exhaustive()
    }
}

impl Comparison {
    /// What became of `before` in `after`. A row that only one of them has is compared with nothing.
    #[must_use]
    pub fn of(before: &Report, after: &Report) -> Self {
        let keys: BTreeSet<&Vec<String>> = before
            .rows
            .iter()
            .chain(&after.rows)
            .map(|row| &row.keys)
            .collect();
        let row = |report: &Report, keys: &Vec<String>| {
            let found = report.rows.binary_search_by(|row| row.keys.cmp(keys));
            found.ok().and_then(|place| report.rows.get(place).cloned())
        };
        let rows = keys.into_iter().map(|keys| {
            let (before, after) = (row(before, keys), row(after, keys));
            RowChange::of(keys, before.as_ref(), after.as_ref())
        });
        Self {
            by: after.by.clone(),
            rows: rows.collect(),
        }
    }

    /// As JSON on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing to memory does not fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl RowChange {
    fn of(keys: &[String], before: Option<&Row>, after: Option<&Row>) -> Self {
        let rates =
            [before, after].map(|row| row.map_or_else(Rate::default, |row| row.abandon_rate));
        let [before_rate, after_rate] = rates;
        let of = |time: fn(&Row) -> TimeFigure| {
            let figure = |row: Option<&Row>| row.map(time).unwrap_or_default();
            Change::of(figure(before), figure(after))
        };
        Self {
            keys: keys.to_vec(),
            abandon_rate: RateChange {
                before: before_rate,
                after: after_rate,
                change_basis_points: difference(
                    before_rate.basis_points(),
                    after_rate.basis_points(),
                ),
            },
            times: vec![
                ("queue_time", of(|row| row.queue_time)),
                ("first_response", of(|row| row.first_response)),
                ("agent_wait", of(|row| row.agent_wait)),
                ("customer_wait", of(|row| row.customer_wait)),
                ("talk_time", of(|row| row.talk_time)),
                ("after_work", of(|row| row.after_work)),
                ("total_time", of(|row| row.total_time)),
                (
                    "first_response_from_request",
                    of(|row| row.first_response_from_request),
                ),
                (
                    "first_response_from_assignment",
                    of(|row| row.first_response_from_assignment),
                ),
                ("abandon_wait", of(|row| row.abandon_wait)),
                ("idle_tail", of(|row| row.idle_tail)),
                ("transfer_wait", of(|row| row.transfer_wait)),
            ],
        }
    }
}

impl Change {
    fn of(before: TimeFigure, after: TimeFigure) -> Self {
        let mean = |figure: TimeFigure| figure.spread.map(|spread| spread.mean_ms);
        let (before_ms, after_ms) = (mean(before), mean(after));
        Self {
            before_count: before.count,
            after_count: after.count,
            before_ms,
            after_ms,
            change_ms: difference(before_ms, after_ms),
        }
    }
}

fn difference(before: Option<u64>, after: Option<u64>) -> Option<i64> {
    let change = i128::from(after?) - i128::from(before?);
    i64::try_from(change).ok()
}

impl Serialize for Comparison {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let by: Vec<String> = self.by.iter().map(ToString::to_string).collect();
        let rows: Vec<Named<'_>> = self.rows.iter().map(|row| Named { by: &by, row }).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("definition", &Report::DEFINITION)?;
        map.serialize_entry("by", &by)?;
        map.serialize_entry("rows", &rows)?;
        map.end()
    }
}

struct Named<'a> {
    by: &'a [String],
    row: &'a RowChange,
}

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, text) in self.by.iter().zip(&self.row.keys) {
            map.serialize_entry(name, text)?;
        }
        map.serialize_entry("abandon_rate", &self.row.abandon_rate)?;
        for (name, change) in &self.row.times {
            map.serialize_entry(name, change)?;
        }
        map.end()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_before_is_no_change_and_the_same_is_none() {
        assert_eq!(difference(Some(5), Some(5)), Some(0));
        assert_eq!(difference(None, Some(5)), None);
        assert_eq!(difference(Some(5), None), None);
        assert_eq!(difference(Some(9), Some(5)), Some(-4));
    }
}
