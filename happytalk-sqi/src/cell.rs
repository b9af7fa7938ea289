//! One cell: everything that is kept of the conversations of one row.

use serde::{Deserialize, Serialize};

use crate::label::Label;
use crate::lookup::Lookup;
use crate::options::Quantiles;
use crate::report::TimeFigure;
use crate::samples::Samples;

/// The times of a row, in the order of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Time {
    Queue,
    FirstResponse,
    AgentWait,
    CustomerWait,
    Talk,
    AfterWork,
    Total,
    FromRequest,
    FromAssignment,
    AbandonWait,
    IdleTail,
    TransferWait,
}

const TIMES: usize = 12;

/// The most of anything that a part of a log may say to have counted: a thousand such parts still add up.
pub(crate) const COUNT_MAX: u64 = 1 << 48;

/// What is counted of a row. All of it adds up.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub(crate) struct Counts {
    pub(crate) abandoned: u64,
    /// Those that could have been abandoned: an agent was asked for, and they ended.
    pub(crate) abandonable: u64,
    pub(crate) missed: u64,
    /// From here on for the standard metrics alone.
    pub(crate) short: u64,
    pub(crate) answered: u64,
    pub(crate) answered_within: u64,
    pub(crate) abandoned_within: u64,
    pub(crate) assigned: u64,
    pub(crate) assigned_answered: u64,
    pub(crate) assigned_answered_within: u64,
    pub(crate) assigned_abandoned_within: u64,
    pub(crate) assigned_short: u64,
    pub(crate) transfers_in: u64,
    pub(crate) transfers_out: u64,
    pub(crate) reopened: u64,
    pub(crate) closed: u64,
    pub(crate) agent_wait_intervals: u64,
    pub(crate) customer_wait_intervals: u64,
    pub(crate) surveyed: u64,
    /// How often each score of five was given, from 0.
    pub(crate) of_five: [u64; 6],
    /// How often each score of ten was given, from 0.
    pub(crate) of_ten: [u64; 11],
}

impl Counts {
    fn merge(&mut self, other: &Self) {
        let Self {
            abandoned,
            abandonable,
            missed,
            short,
            answered,
            answered_within,
            abandoned_within,
            assigned,
            assigned_answered,
            assigned_answered_within,
            assigned_abandoned_within,
            assigned_short,
            transfers_in,
            transfers_out,
            reopened,
            closed,
            agent_wait_intervals,
            customer_wait_intervals,
            surveyed,
            of_five,
            of_ten,
        } = other;
        self.abandoned += abandoned;
        self.abandonable += abandonable;
        self.missed += missed;
        self.short += short;
        self.answered += answered;
        self.answered_within += answered_within;
        self.abandoned_within += abandoned_within;
        self.assigned += assigned;
        self.assigned_answered += assigned_answered;
        self.assigned_answered_within += assigned_answered_within;
        self.assigned_abandoned_within += assigned_abandoned_within;
        self.assigned_short += assigned_short;
        self.transfers_in += transfers_in;
        self.transfers_out += transfers_out;
        self.reopened += reopened;
        self.closed += closed;
        self.agent_wait_intervals += agent_wait_intervals;
        self.customer_wait_intervals += customer_wait_intervals;
        self.surveyed += surveyed;
        for (slot, count) in self.of_five.iter_mut().zip(of_five) {
            *slot += count;
        }
        for (slot, count) in self.of_ten.iter_mut().zip(of_ten) {
            *slot += count;
        }
    }

    /// Whether so much can have been counted: far below where sums would not fit.
    fn is_sound(&self) -> bool {
        let Self {
            abandoned,
            abandonable,
            missed,
            short,
            answered,
            answered_within,
            abandoned_within,
            assigned,
            assigned_answered,
            assigned_answered_within,
            assigned_abandoned_within,
            assigned_short,
            transfers_in,
            transfers_out,
            reopened,
            closed,
            agent_wait_intervals,
            customer_wait_intervals,
            surveyed,
            of_five,
            of_ten,
        } = *self;
        [
            abandoned,
            abandonable,
            missed,
            short,
            answered,
            answered_within,
            abandoned_within,
            assigned,
            assigned_answered,
            assigned_answered_within,
            assigned_abandoned_within,
            assigned_short,
            transfers_in,
            transfers_out,
            reopened,
            closed,
            agent_wait_intervals,
            customer_wait_intervals,
            surveyed,
        ]
        .into_iter()
        .chain(of_five)
        .chain(of_ten)
        .all(|count| count <= COUNT_MAX)
    }

    /// How often this score was given; nothing for a scale that is none of ours, or a score beyond it.
    pub(crate) fn rated(&mut self, (score, scale): (u8, u8)) -> Option<&mut u64> {
        match scale {
            5 => self.of_five.get_mut(usize::from(score)),
            10 => self.of_ten.get_mut(usize::from(score)),
            _ => None,
        }
    }
}

/// Partial sums: what two cells have together does not depend on the order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Cell {
    times: [Samples; TIMES],
    pub(crate) counts: Counts,
}

impl Cell {
    pub(crate) fn push(&mut self, time: Time, millis: u64, quantiles: Quantiles) {
        if let Some(samples) = self.times.get_mut(time as usize) {
            samples.push(millis, quantiles);
        }
    }

    pub(crate) fn time(&self, time: Time) -> TimeFigure {
        self.times
            .get(time as usize)
            .map(Samples::figure)
            .unwrap_or_default()
    }

    pub(crate) fn merge(&mut self, other: &Self, quantiles: Quantiles) {
        for (samples, other) in self.times.iter_mut().zip(&other.times) {
            samples.merge(other, quantiles);
        }
        self.counts.merge(&other.counts);
    }

    pub(crate) fn sort(&mut self) {
        for samples in &mut self.times {
            samples.sort();
        }
    }

    pub(crate) fn is_sound(&self, quantiles: Quantiles) -> bool {
        self.counts.is_sound() && self.times.iter().all(|samples| samples.is_sound(quantiles))
    }
}

/// Cells by row, in the order in which rows first came up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    places: Lookup<Box<[Label]>, u32>,
    cells: Vec<(Box<[Label]>, Cell)>,
}

impl Cells {
    /// The place of the cell of `row`, a blank one at first.
    pub(crate) fn place(&mut self, row: &[Label]) -> u32 {
        match self.places.get(row) {
            Some(place) => *place,
            None => {
                // Four billion rows do not fit into any memory.
                let place = u32::try_from(self.cells.len()).unwrap_or(u32::MAX);
                self.places.insert(row.into(), place);
                self.cells.push((row.into(), Cell::default()));
                place
            }
        }
    }

    pub(crate) fn at(&mut self, place: u32) -> Option<&mut Cell> {
        self.cells.get_mut(place as usize).map(|(_, cell)| cell)
    }

    pub(crate) fn row(&self, place: u32) -> Option<&[Label]> {
        self.cells.get(place as usize).map(|(row, _)| &**row)
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&[Label], &Cell)> {
        self.cells.iter().map(|(row, cell)| (&**row, cell))
    }
}
