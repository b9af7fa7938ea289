//! A list that grows without moving what it holds.

use std::fmt;

use crate::row::Row;

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

    /// From the first to the last, or back.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &T> {
        self.pages.iter().flatten()
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

impl Pages<Row> {
    /// The row of the entry with that number, from 1 on.
    #[inline]
    pub(crate) fn of_number(&self, number: u64) -> Option<&Row> {
        self.get(index_of(number)?)
    }

    /// The number of the entry at that index.
    pub(crate) fn number_of(index: usize) -> u64 {
        u64::try_from(index).map_or(u64::MAX, |index| index.saturating_add(1))
    }

    pub(crate) fn of_number_mut(&mut self, number: u64) -> Option<&mut Row> {
        self.get_mut(index_of(number)?)
    }
}

fn index_of(number: u64) -> Option<usize> {
    usize::try_from(number).ok()?.checked_sub(1)
}

impl<T> Default for Pages<T> {
    fn default() -> Self {
        Self { pages: Vec::new() }
    }
}

impl<T: fmt::Debug> fmt::Debug for Pages<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

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
