//! The entries of a ledger, made of its rows one by one.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::Range;

use super::Ledger;
use crate::entry::Entry;

/// Entries of a ledger, one after the other in the order of booking; from either end, and to any by `nth`, at once.
///
/// A ledger keeps them shorter than an [`Entry`] is: each is made when it is asked for, without a copy of its texts.
#[derive(Clone)]
pub struct Entries<'a> {
    ledger: &'a Ledger,
    left: Range<usize>,
}

impl<'a> Entries<'a> {
    pub(super) fn of(ledger: &'a Ledger) -> Self {
        let left = 0..ledger.rows.len();
        Self { ledger, left }
    }

    /// `count` of them from the index `first` on; `None` where there are fewer.
    pub(super) fn part(ledger: &'a Ledger, first: usize, count: usize) -> Option<Self> {
        let end = first
            .checked_add(count)
            .filter(|end| *end <= ledger.rows.len())?;
        let left = first..end;
        Some(Self { ledger, left })
    }
}

impl Iterator for Entries<'_> {
    type Item = Entry;

    fn next(&mut self) -> Option<Entry> {
        self.ledger.entry_at(self.left.next()?)
    }

    fn nth(&mut self, count: usize) -> Option<Entry> {
        self.ledger.entry_at(self.left.nth(count)?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }

    fn count(self) -> usize {
        self.left.len()
    }

    fn last(mut self) -> Option<Entry> {
        self.next_back()
    }
}

impl DoubleEndedIterator for Entries<'_> {
    fn next_back(&mut self) -> Option<Entry> {
        self.ledger.entry_at(self.left.next_back()?)
    }

    fn nth_back(&mut self, count: usize) -> Option<Entry> {
        self.ledger.entry_at(self.left.nth_back(count)?)
    }
}

impl ExactSizeIterator for Entries<'_> {}

impl FusedIterator for Entries<'_> {}

impl fmt::Debug for Entries<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.clone()).finish()
    }
}
