//! One cell: everything that is kept of the conversations of one row.

use crate::label::Label;
use crate::lookup::Lookup;
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

/// Partial sums: what of two cells is added up does not depend on the order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cell {
    times: [Samples; TIMES],
    pub(crate) abandoned: u64,
    /// The conversations that could have been abandoned: an agent was asked for, and they ended.
    pub(crate) abandonable: u64,
    pub(crate) missed: u64,
}

impl Cell {
    pub(crate) fn push(&mut self, time: Time, millis: u64) {
        if let Some(samples) = self.times.get_mut(time as usize) {
            samples.push(millis);
        }
    }

    pub(crate) fn time(&self, time: Time) -> TimeFigure {
        self.times
            .get(time as usize)
            .map(Samples::figure)
            .unwrap_or_default()
    }
}

/// Cells by row, in the order in which rows first came up.
#[derive(Debug, Clone, Default)]
pub(crate) struct Cells {
    places: Lookup<Box<[Label]>, usize>,
    cells: Vec<(Box<[Label]>, Cell)>,
}

impl Cells {
    /// Changes the cell of `row`, a blank one at first.
    pub(crate) fn update(&mut self, row: &[Label], change: impl FnOnce(&mut Cell)) {
        let place = match self.places.get(row) {
            Some(place) => *place,
            None => {
                let place = self.cells.len();
                self.places.insert(row.into(), place);
                self.cells.push((row.into(), Cell::default()));
                place
            }
        };
        if let Some((_, cell)) = self.cells.get_mut(place) {
            change(cell);
        }
    }

    pub(crate) fn iter(&self) -> impl ExactSizeIterator<Item = (&[Label], &Cell)> {
        self.cells.iter().map(|(row, cell)| (&**row, cell))
    }
}
