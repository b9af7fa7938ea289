//! A list that grows without moving what it holds.

use std::fmt;
use std::iter::FusedIterator;
use std::ops::Range;

use crate::entry::Entry;

/// Things in the order in which they came, in pages, so that a ledger of years never stops to copy what it holds, and
/// never holds much more room than it needs. None is ever removed.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Pages<T> {
    /// All full but the last, and none empty.
    pages: Vec<Vec<T>>,
}

impl<T> Pages<T> {
    const PER_PAGE: usize = 256;

    pub(crate) fn push(&mut self, it: T) {
        if let Some(page) = self.pages.last_mut()
            && page.len() < Self::PER_PAGE
        {
            page.push(it);
            return;
        }
        // A list that fits a page stays as small as what is in it.
        let room = if self.pages.is_empty() {
            0
        } else {
            Self::PER_PAGE
        };
        let mut page = Vec::with_capacity(room);
        page.push(it);
        self.pages.push(page);
    }

    #[inline]
    pub(crate) fn get(&self, index: usize) -> Option<&T> {
        let page = self.pages.get(index / Self::PER_PAGE)?;
        page.get(index % Self::PER_PAGE)
    }

    #[inline]
    pub(crate) fn get_mut(&mut self, index: usize) -> Option<&mut T> {
        let page = self.pages.get_mut(index / Self::PER_PAGE)?;
        page.get_mut(index % Self::PER_PAGE)
    }

    #[inline]
    pub(crate) fn last(&self) -> Option<&T> {
        self.pages.last()?.last()
    }

    #[inline]
    pub(crate) fn len(&self) -> usize {
        let Some((last, full)) = self.pages.split_last() else {
            return 0;
        };
        full.len()
            .saturating_mul(Self::PER_PAGE)
            .saturating_add(last.len())
    }
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self { pages: Vec::new() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.pages.iter().flatten()).finish()
    }
}

/// Entries of a ledger, one after the other in the order of booking; from either end, and to any by `nth`, at once.
#[derive(Debug, Clone)]
pub struct Entries<'a> {
    all: &'a Pages<Entry>,
    left: Range<usize>,
}

impl<'a> Entries<'a> {
    pub(crate) fn of(all: &'a Pages<Entry>) -> Self {
        let left = 0..all.len();
        Self { all, left }
    }

    /// `count` of them from the index `first` on; `None` where there are fewer.
    pub(crate) fn part(all: &'a Pages<Entry>, first: usize, count: usize) -> Option<Self> {
        let end = first.checked_add(count).filter(|end| *end <= all.len())?;
        let left = first..end;
        Some(Self { all, left })
    }
}

impl<'a> Iterator for Entries<'a> {
    type Item = &'a Entry;

    fn next(&mut self) -> Option<&'a Entry> {
        self.all.get(self.left.next()?)
    }

    fn nth(&mut self, count: usize) -> Option<&'a Entry> {
        self.all.get(self.left.nth(count)?)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }

    fn count(self) -> usize {
        self.left.len()
    }

    fn last(mut self) -> Option<&'a Entry> {
        self.next_back()
    }
}

impl<'a> DoubleEndedIterator for Entries<'a> {
    fn next_back(&mut self) -> Option<&'a Entry> {
        self.all.get(self.left.next_back()?)
    }

    fn nth_back(&mut self, count: usize) -> Option<&'a Entry> {
        self.all.get(self.left.nth_back(count)?)
    }
}

impl ExactSizeIterator for Entries<'_> {}

impl FusedIterator for Entries<'_> {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_down_is_found_where_it_was_put_down() {
        let mut pages = Pages::default();
        assert_eq!((pages.len(), pages.last()), (0, None));
        for number in 0..1_000_usize {
            pages.push(number);
            assert_eq!((pages.len(), pages.last()), (number + 1, Some(&number)));
        }
        for number in 0..1_000 {
            assert_eq!(pages.get(number), Some(&number));
        }
        assert_eq!(pages.get(1_000), None);
        *pages.get_mut(700).unwrap() = 7;
        assert_eq!(pages.get(700), Some(&7));
        assert_eq!(pages.get_mut(1_024), None);
    }
}
