//! What a bill is made from, and which line of it cannot be booked.

use std::collections::BTreeMap;
use std::error::Error as _;

use happytalk_billing::{Error, PriceBook, SiteLine, bill_in};
use happytalk_core::time::Zone;
use happytalk_core::{Stream, Timestamp};

use crate::failure::{Failure, Place};
use crate::log::Numbered;

/// What a bill is made from.
pub(crate) struct Papers {
    pub(crate) zone: Zone,
    pub(crate) log_name: String,
    pub(crate) log: Vec<Numbered>,
    pub(crate) site_name: String,
    /// Each with its number in the file.
    pub(crate) site: Vec<(u64, SiteLine)>,
    pub(crate) book: PriceBook,
    pub(crate) at: Option<Timestamp>,
}

impl Papers {
    /// The bill, or the line that cannot be booked.
    pub(crate) fn bill(&self) -> Result<happytalk_billing::Statement, Failure> {
        let all: Vec<usize> = (0..self.log.len()).collect();
        self.bill_of(&all, self.at)
            .map_err(|error| self.fault(&error))
    }

    /// The bill of the log's lines at `places` alone.
    fn bill_of(
        &self,
        places: &[usize],
        at: Option<Timestamp>,
    ) -> Result<happytalk_billing::Statement, Error> {
        let log = places.iter().filter_map(|place| self.log.get(*place));
        bill_in(
            self.zone.clone(),
            log.map(|one| &one.line),
            self.site.iter().map(|(_, line)| line),
            self.book.clone(),
            at,
        )
    }

    fn fault(&self, error: &Error) -> Failure {
        if let Error::AtLine { number, source } = error {
            let line = self.site.get(number.saturating_sub(1));
            let line = line.map_or(1, |(number, _)| *number);
            return Failure::at(&self.site_name, Place::new(line, 1), said(source));
        }
        match self.faulty_log_line() {
            Some(line) => Failure::at(&self.log_name, Place::new(line, 1), said(error)),
            None => Failure::of(&self.log_name, said(error)),
        }
    }

    /// The ledger names no line of the log: it is the last of the shortest beginning, in the order of time, whose bill
    /// fails. `None` where it is not a line that fails, but what falls due after the last one.
    fn faulty_log_line(&self) -> Option<u64> {
        // As the bill orders them: a clock that stepped back does not put a stream's lines out of their order.
        let mut latest_of: BTreeMap<&Stream, Timestamp> = BTreeMap::new();
        let mut order: Vec<(Timestamp, usize)> = Vec::with_capacity(self.log.len());
        for (place, Numbered { line, .. }) in self.log.iter().enumerate() {
            let latest = latest_of.entry(&line.stream).or_insert(line.at);
            *latest = line.at.max(*latest);
            order.push((*latest, place));
        }
        order.sort_unstable();
        let last_of = |count: usize| order.get(count.checked_sub(1)?).copied();
        let fails = |count: usize| {
            let begin = order.get(..count).unwrap_or_default();
            let mut places: Vec<usize> = begin.iter().map(|(_, place)| *place).collect();
            places.sort_unstable();
            let at = last_of(count).map(|(at, _)| at);
            self.bill_of(&places, at).is_err()
        };
        if !fails(order.len()) {
            return None;
        }
        let (mut good, mut bad) = (0, order.len());
        while bad - good > 1 {
            let middle = good.midpoint(bad);
            if fails(middle) {
                bad = middle;
            } else {
                good = middle;
            }
        }
        let (_, place) = last_of(bad)?;
        self.log.get(place).map(|one| one.number)
    }
}

/// An error with what is behind it, in one sentence.
pub(crate) fn said(error: &Error) -> String {
    let mut text = error.to_string();
    let mut behind = error.source();
    while let Some(cause) = behind {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        behind = cause.source();
    }
    text
}
