//! What agents do with their time: how long in which status, how many conversations at once.

use std::collections::BTreeMap;

use happytalk_core::Timestamp;
use happytalk_core::event::StatusClass;
use serde::{Deserialize, Serialize};

use crate::cell::COUNT_MAX;
use crate::options::Options;
use crate::report::AgentRow;
use crate::span::Span;
use crate::{bucket, dimension::Dimension};

/// One agent: their own stream, and the conversations they handled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Activity<S: Ord> {
    /// The last line of the agent's stream that was taken.
    pub(crate) seq: u64,
    /// Each is what holds from its instant on.
    pub(crate) changes: Vec<Change<S>>,
    /// By how many conversations handled there are more, or fewer, from an instant on; never zero.
    pub(crate) handling: BTreeMap<i64, i64>,
    /// How many conversations they handled, by the buckets of the close.
    #[serde(with = "crate::partial::pairs")]
    #[serde(bound(serialize = "S: Serialize", deserialize = "S: Deserialize<'de>"))]
    pub(crate) handled: BTreeMap<Vec<S>, u64>,
}

/// What an agent is from an instant on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Change<S> {
    pub(crate) at_ms: i64,
    /// None before the first status.
    pub(crate) status: Option<S>,
    pub(crate) class: StatusClass,
    pub(crate) cap: Option<u32>,
}

impl<S: Ord> Default for Activity<S> {
    fn default() -> Self {
        Self {
            seq: 0,
            changes: Vec::new(),
            handling: BTreeMap::new(),
            handled: BTreeMap::new(),
        }
    }
}

impl<S: Ord + Clone> Activity<S> {
    /// Adds what holds from `at` on; not before what is there.
    pub(crate) fn change(&mut self, at: Timestamp, change: impl FnOnce(&mut Change<S>)) {
        let mut next = self.changes.last().cloned().unwrap_or(Change {
            at_ms: at.as_millis(),
            status: None,
            class: StatusClass::Off,
            cap: None,
        });
        next.at_ms = next.at_ms.max(at.as_millis());
        change(&mut next);
        self.changes.push(next);
    }

    /// Adds a conversation that was handled for `span`.
    pub(crate) fn handle(&mut self, span: Span) {
        if span.millis() > 0 {
            self.step(span.from.as_millis(), 1);
            self.step(span.to.as_millis(), -1);
        }
    }

    fn step(&mut self, at_ms: i64, by: i64) {
        let step = self.handling.entry(at_ms).or_default();
        *step += by;
        if *step == 0 {
            self.handling.remove(&at_ms);
        }
    }

    /// Adds what another part of the log says of the same agent. Of the agent's own stream one part may know more
    /// than another: the longer is the whole.
    pub(crate) fn merge(&mut self, other: &Self) {
        if other.seq > self.seq {
            self.seq = other.seq;
            self.changes.clone_from(&other.changes);
        }
        for (at_ms, by) in &other.handling {
            self.step(*at_ms, *by);
        }
        for (buckets, count) in &other.handled {
            *self.handled.entry(buckets.clone()).or_default() += count;
        }
    }

    /// Whether this can be what an agent did: instants of the calendar, in order, and steps that add up.
    pub(crate) fn is_sound(&self) -> bool {
        let is_instant = |millis: i64| Timestamp::from_millis(millis).as_millis() == millis;
        let is_in_order = self.changes.is_sorted_by_key(|change| change.at_ms);
        let mut at_once = 0_i64;
        let steps = self.handling.iter().all(|(at_ms, by)| {
            let is_step = *by != 0 && by.unsigned_abs() <= u64::from(u32::MAX);
            at_once = at_once.saturating_add(*by);
            is_step && is_instant(*at_ms) && (0..=i64::from(u32::MAX)).contains(&at_once)
        });
        let handled = self.handled.values().all(|count| *count <= COUNT_MAX);
        let changes = self.changes.iter().all(|change| is_instant(change.at_ms));
        is_in_order && steps && at_once == 0 && handled && changes
    }

    /// The agent's rows, by the dimensions of time that were asked for, up to `latest`, within the period.
    pub(crate) fn rows<'a>(
        &'a self,
        agent: &str,
        options: &Options,
        latest: Timestamp,
        text: impl Fn(&'a S) -> &'a str,
    ) -> Vec<AgentRow> {
        let mut rows: BTreeMap<Vec<String>, AgentRow> = BTreeMap::new();
        for (buckets, count) in &self.handled {
            let keys: Vec<String> = buckets.iter().map(|key| text(key).to_owned()).collect();
            let row = rows
                .entry(keys)
                .or_insert_with_key(|keys| AgentRow::new(keys.clone(), agent));
            row.handled += count;
        }
        let mut holds: Option<&Change<S>> = None;
        let mut changes = self.changes.iter().peekable();
        let mut steps = self.handling.iter().peekable();
        let mut at_once: i64 = 0;
        let first = [
            changes.peek().map(|c| c.at_ms),
            steps.peek().map(|(at, _)| **at),
        ];
        let Some(from) = first.into_iter().flatten().min() else {
            return rows.into_values().collect();
        };
        let (begin, end) = options.period.unwrap_or((Timestamp::MIN, Timestamp::MAX));
        let mut from = from.max(begin.as_millis());
        let latest = latest.min(end).as_millis();
        while from < latest {
            while let Some(change) = changes.next_if(|change| change.at_ms <= from) {
                holds = Some(change);
            }
            while let Some((_, by)) = steps.next_if(|(at, _)| **at <= from) {
                at_once += by;
            }
            let changes_at = [
                changes.peek().map(|change| change.at_ms),
                steps.peek().map(|(at, _)| **at),
            ];
            let changes_at = changes_at.into_iter().flatten().min();
            let until = changes_at.unwrap_or(latest).min(latest);
            let counts = holds.is_some_and(|change| change.status.is_some()) || at_once > 0;
            let is_split = counts && until.saturating_sub(from) <= SPLIT_MS_MAX;
            let bucket_ends = is_split
                .then(|| bucket_end(options, Timestamp::from_millis(from)))
                .flatten();
            let to = bucket_ends.map_or(until, |end| until.min(end.as_millis()));
            let to = to.max(from + 1);
            if counts {
                let keys = bucket_names(options, Timestamp::from_millis(from));
                let row = rows
                    .entry(keys)
                    .or_insert_with_key(|keys| AgentRow::new(keys.clone(), agent));
                let millis = u64::try_from(to - from).unwrap_or(0);
                let held = holds.map(|change| (change.class, change.cap));
                let status = holds.and_then(|change| change.status.as_ref()).map(&text);
                row.add(millis, u64::try_from(at_once).unwrap_or(0), held, status);
            }
            from = to;
        }
        rows.into_values().collect()
    }
}

/// A stretch in which nothing changes for longer than this, about two months, is counted where it begins: a log with
/// one instant out of all reason must not become a row for every hour in between.
const SPLIT_MS_MAX: i64 = 62 * 86_400_000;

/// The dimensions of time that rows of agents are made by.
pub(crate) fn dimensions(options: &Options) -> impl Iterator<Item = &Dimension> {
    options
        .by
        .iter()
        .filter(|dimension| bucket::is_of_time(dimension))
}

fn bucket_names(options: &Options, at: Timestamp) -> Vec<String> {
    dimensions(options)
        .map(|dimension| bucket::name(dimension, &options.zone, at))
        .collect()
}

/// When the first of the buckets of `at` ends.
fn bucket_end(options: &Options, at: Timestamp) -> Option<Timestamp> {
    let wall = options.zone.wall(at);
    let date = wall.date;
    let ends = dimensions(options).map(|dimension| match dimension {
        Dimension::Hour => {
            let left = 3_600_000 - wall.millis_of_day % 3_600_000;
            at.plus(std::time::Duration::from_millis(u64::from(left)))
        }
        Dimension::Week => {
            let days = 8 - i32::from(date.weekday());
            options.zone.start_of(date.plus_days(days))
        }
        Dimension::Month => options.zone.start_of(date.first_of_next_month()),
        _ => options.zone.start_of(date.plus_days(1)),
    });
    ends.min().filter(|end| *end > at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minutes: i64) -> Timestamp {
        // 2024-05-13 00:00 in Seoul.
        Timestamp::from_millis(1_715_526_000_000 + minutes * 60_000)
    }

    /// 3.5 hours at the desk, half an hour of them paused; two conversations that overlap.
    fn agent() -> Activity<String> {
        let mut agent = Activity::default();
        agent.change(at(0), |change| change.cap = Some(2));
        for (minutes, status, class) in [
            (600, "상담가능", StatusClass::Accepting),
            (720, "식사", StatusClass::Paused),
            (750, "상담가능", StatusClass::Accepting),
            (840, "로그아웃", StatusClass::Off),
        ] {
            agent.change(at(minutes), |change| {
                change.status = Some(status.to_owned());
                change.class = class;
            });
        }
        agent.handle(Span::new(at(600), at(690)));
        agent.handle(Span::new(at(660), at(735)));
        agent.handle(Span::new(at(759), at(840)));
        agent.seq = 5;
        agent
    }

    fn text(status: &String) -> &str {
        status
    }

    #[test]
    fn occupancy_is_of_the_time_at_the_desk_and_counts_overlaps_once() {
        let mut agent = agent();
        agent.handled.insert(Vec::new(), 3);
        let rows = agent.rows("kim", &Options::new(), at(900), text);
        let row = &rows[0];
        let minutes = |millis: u64| millis / 60_000;
        assert_eq!(
            (minutes(row.logged_in_ms), minutes(row.paused_ms)),
            (240, 30)
        );
        assert_eq!((minutes(row.handling_ms), minutes(row.busy_ms)), (246, 216));
        // 600 to 720 and 759 to 840, of 210 minutes.
        assert_eq!(row.occupancy().count, 201 * 60_000);
        assert_eq!(row.occupancy().of, 210 * 60_000);
        // Both at once from 660 to 690.
        assert_eq!(
            (
                minutes(row.slot_utilisation().count),
                minutes(row.slot_utilisation().of)
            ),
            (231, 420)
        );
        assert_eq!(row.concurrency_adjusted_ms(), Some(216 * 60_000 / 3));
        let lunch = row
            .statuses
            .iter()
            .find(|(status, _)| status == "식사")
            .unwrap();
        assert_eq!(minutes(lunch.1), 30);
    }

    #[test]
    fn rows_by_the_hour_have_the_same_time_as_the_whole() {
        let options = Options::new().with("by", "hour,day,agent").unwrap();
        let hours = agent().rows("kim", &options, at(2_000), text);
        let whole = agent().rows("kim", &Options::new(), at(2_000), text);
        let sum = |of: fn(&AgentRow) -> u64| hours.iter().map(of).sum::<u64>();
        assert_eq!(sum(|row| row.busy_ms), whole[0].busy_ms);
        assert_eq!(sum(|row| row.logged_in_ms), whole[0].logged_in_ms);
        assert_eq!(sum(|row| row.handling_ms), whole[0].handling_ms);
        let lunch = hours
            .iter()
            .find(|row| row.keys[0] == "2024-05-13T12")
            .unwrap();
        assert_eq!((lunch.paused_ms, lunch.busy_ms), (1_800_000, 2_160_000));
    }

    #[test]
    fn an_instant_out_of_all_reason_makes_no_row_for_every_hour() {
        let options = Options::new().with("by", "hour").unwrap();
        let mut agent = agent();
        agent.handle(Span::new(Timestamp::MIN, at(0)));
        let rows = agent.rows("kim", &options, Timestamp::MAX, text);
        assert!(rows.len() < 20, "{}", rows.len());
        let handled: u64 = rows.iter().map(|row| row.handling_ms).sum();
        let long = Span::new(Timestamp::MIN, at(0)).millis();
        assert_eq!(handled, long + 246 * 60_000);
    }

    #[test]
    fn parts_merge_to_the_same_bits_in_any_order() {
        let mut whole = agent();
        whole.handled.insert(Vec::new(), 3);
        let mut one = Activity {
            handling: BTreeMap::new(),
            handled: BTreeMap::new(),
            ..agent()
        };
        let mut other = Activity::<String>::default();
        one.handle(Span::new(at(660), at(735)));
        other.handle(Span::new(at(759), at(840)));
        other.handle(Span::new(at(600), at(690)));
        other.handled.insert(Vec::new(), 3);
        let mut forth = one.clone();
        forth.merge(&other);
        let mut back = other;
        back.merge(&one);
        assert_eq!(forth, whole);
        assert_eq!(back, whole);
    }
}
