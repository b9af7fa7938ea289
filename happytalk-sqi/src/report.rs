//! The figures as values.

use std::fmt;

use happytalk_core::Timestamp;
use serde::Serialize;

use crate::cell::{Cell, Time};
use crate::dimension::Dimension;
use crate::options::{Clock, Missed, Options, Quantiles};

mod agents;
mod json;
mod standard;

pub use agents::AgentRow;
pub use standard::{Interval, Nps, ServiceLevel, ServiceLevels, StandardRow};

/// A time over all conversations of a row. In milliseconds.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeFigure {
    /// How many values there are.
    pub count: u64,
    /// What they come to; `None` where there are none, which is not the same as zero.
    pub spread: Option<Spread>,
}

/// What at least one value comes to. In milliseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Spread {
    /// Their sum.
    pub sum_ms: u128,
    /// The least.
    pub min_ms: u64,
    /// The greatest.
    pub max_ms: u64,
    /// Sum over count, rounded half up.
    pub mean_ms: u64,
    /// The median, as the report's [`Quantiles`] take it.
    pub p50_ms: u64,
    /// What nine of ten are not above.
    pub p90_ms: u64,
    /// What 99 of a hundred are not above.
    pub p99_ms: u64,
}

/// A count over a count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Rate {
    /// How many it happened to.
    pub count: u64,
    /// Of how many.
    pub of: u64,
}

impl Rate {
    /// `count` of `of`.
    #[must_use]
    pub const fn new(count: u64, of: u64) -> Self {
        Self { count, of }
    }

    /// In hundredths of a percent, rounded half up: 4000 is 40.00 %. `None` of none.
    #[must_use]
    pub fn basis_points(self) -> Option<u64> {
        let (count, of) = (u128::from(self.count), u128::from(self.of));
        (of > 0).then(|| u64::try_from((count * 20_000 + of) / (2 * of)).unwrap_or(u64::MAX))
    }
}

/// One row: the eight indicators (상담품질지표), then what goes with them.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Row {
    /// What it is about, one text for each [`Report::by`]; `(none)` for a missing value. May be personal.
    pub keys: Vec<String>,
    /// 1, 배정 대기시간: from the request to the first assignment, without the time the profile bot held it.
    pub queue_time: TimeFigure,
    /// 2, 응대 전 이탈률: ended by the customer or the channel before a human answer, of all that asked and ended. With
    /// [`Missed::Abandoned`] also what a rule ended.
    pub abandon_rate: Rate,
    /// 3, 방 생성 후 최초 응대 시간: from the opening to the first human answer.
    pub first_response: TimeFigure,
    /// 4, 상담사 대기: the agent waits for the customer.
    pub agent_wait: TimeFigure,
    /// 5, 고객 대기: the customer waits for the agent.
    pub customer_wait: TimeFigure,
    /// 6, 총 대화시간: from the first answer to the end of the talk; always agent wait and customer wait together.
    pub talk_time: TimeFigure,
    /// 7, 상담 후 처리: from the end to the end of after-work, zero where there is none.
    pub after_work: TimeFigure,
    /// 8, 총 상담시간: talk and after-work together.
    pub total_time: TimeFigure,
    /// From the request to the first human answer.
    pub first_response_from_request: TimeFigure,
    /// From the first assignment to the first human answer.
    pub first_response_from_assignment: TimeFigure,
    /// From the request to the end, of those who left and are counted in [`Row::abandon_rate`].
    pub abandon_wait: TimeFigure,
    /// From the end of the talk to the end of the conversation; more than zero where a silent customer or the
    /// channel's limit ended it. In no indicator.
    pub idle_tail: TimeFigure,
    /// From a transfer's request, or the forced move, to the first message of the agent it led to. In no indicator.
    pub transfer_wait: TimeFigure,
    /// Ended by a rule before a human answer.
    pub missed: u64,
    /// The standard metrics, where they were asked for.
    pub standard: Option<StandardRow>,
}

impl Row {
    /// `repeats` is how many of those that closed here came back with the same matter.
    pub(crate) fn new(keys: Vec<String>, cell: &Cell, options: &Options, repeats: u64) -> Self {
        let counts = &cell.counts;
        let abandoned = match options.missed {
            Missed::Apart => counts.abandoned,
            Missed::Abandoned => counts.abandoned + counts.missed,
        };
        Self {
            keys,
            queue_time: cell.time(Time::Queue),
            abandon_rate: Rate::new(abandoned, counts.abandonable),
            first_response: cell.time(Time::FirstResponse),
            agent_wait: cell.time(Time::AgentWait),
            customer_wait: cell.time(Time::CustomerWait),
            talk_time: cell.time(Time::Talk),
            after_work: cell.time(Time::AfterWork),
            total_time: cell.time(Time::Total),
            first_response_from_request: cell.time(Time::FromRequest),
            first_response_from_assignment: cell.time(Time::FromAssignment),
            abandon_wait: cell.time(Time::AbandonWait),
            idle_tail: cell.time(Time::IdleTail),
            transfer_wait: cell.time(Time::TransferWait),
            missed: counts.missed,
            standard: options
                .standard
                .as_ref()
                .map(|standard| StandardRow::new(cell, standard, abandoned, repeats)),
        }
    }
}

/// Keys may be a customer's parameters and do not show.
impl fmt::Debug for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Row")
            .field("queue_time", &self.queue_time)
            .field("abandon_rate", &self.abandon_rate)
            .field("first_response", &self.first_response)
            .field("agent_wait", &self.agent_wait)
            .field("customer_wait", &self.customer_wait)
            .field("talk_time", &self.talk_time)
            .field("after_work", &self.after_work)
            .field("total_time", &self.total_time)
            .field("missed", &self.missed)
            .finish_non_exhaustive()
    }
}

/// The figures of a log, under the definition whose number it carries.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Report {
    /// The number of the definition the figures follow.
    pub definition: u32,
    /// The name of the zone the days are of.
    pub zone: String,
    /// Which instant put a conversation into its bucket.
    pub clock: Clock,
    /// What the rows are made by.
    pub by: Vec<Dimension>,
    /// What counts: on or after the first, and before the second. `None` where everything does.
    pub period: Option<(Timestamp, Timestamp)>,
    /// Whether what was missed counts as abandoned.
    pub missed: Missed,
    /// How quantiles were taken.
    pub quantiles: Quantiles,
    /// The name of the working hours that times are measured in; `None` where they are on the calendar.
    pub business: Option<String>,
    /// In the order of their keys. Only rows in which a figure counts something.
    pub rows: Vec<Row>,
    /// Conversations that have not reached their end and are in no row, those with a bot among them.
    pub open: u64,
    /// Lines that were there before and were passed over.
    pub repeated: u64,
    /// Lines that were before the line before them in their conversation.
    pub skewed: u64,
    /// What agents did with their time, where the standard metrics were asked for: a row an agent, and one for each of
    /// the stretches of time that [`Report::by`] names.
    pub agents: Vec<AgentRow>,
}

impl Report {
    /// The number of the definition of this version.
    pub const DEFINITION: u32 = 1;

    pub(crate) fn new(options: &Options, mut rows: Vec<Row>) -> Self {
        rows.sort_by(|one, other| one.keys.cmp(&other.keys));
        Self {
            definition: Self::DEFINITION,
            zone: options.zone.name().to_owned(),
            clock: options.clock,
            by: options.by.clone(),
            period: options.period,
            missed: options.missed,
            quantiles: options.quantiles,
            business: options
                .business
                .as_ref()
                .map(|calendar| calendar.name().to_owned()),
            rows,
            open: 0,
            repeated: 0,
            skewed: 0,
            agents: Vec::new(),
        }
    }

    /// The JSON that `happytalk sqi --format json` prints, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing to memory does not fail, and every map key is a string.
        serde_json::to_string(self).unwrap_or_default()
    }
}
