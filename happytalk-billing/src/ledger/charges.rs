//! What was charged under a name, and is not given back.

use std::collections::BTreeMap;

use crate::lookup::Places;
use crate::pages::Pages;
use crate::row::Row;

/// The charges of day-cases by their key, or of messages by their id. As a rule there is one, and the entry is all that
/// is kept of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Charges {
    /// The number of the first entry of each name.
    firsts: Places,
    /// The later ones that are not given back, by the first.
    later: BTreeMap<u64, Vec<u64>>,
}

impl Charges {
    /// Whether anything was ever charged under the name: the number of its first entry.
    pub(super) fn first(&self, name: &str, has_name: impl Fn(u64) -> bool) -> Option<u64> {
        let first = self
            .firsts
            .find(name, |number| has_name(u64::from(number)))?;
        Some(u64::from(first))
    }

    /// The entries of a name that are not given back, in their order, by the first that it ever had.
    pub(super) fn open<'a>(
        &'a self,
        first: u64,
        rows: &'a Pages<Row>,
    ) -> impl Iterator<Item = (u64, &'a Row)> {
        let later = self.later.get(&first).into_iter().flatten().copied();
        let numbers = [first].into_iter().chain(later);
        let rows = numbers.filter_map(move |number| Some((number, rows.of_number(number)?)));
        rows.filter(|(_, row)| !row.is_given_back)
    }

    /// Takes the charge with that number.
    pub(super) fn add(&mut self, name: &str, number: u64, has_name: impl Fn(u64) -> bool) {
        let has_name = |number| has_name(u64::from(number));
        // Four thousand million entries of one site are more than any memory holds.
        let place = u32::try_from(number).unwrap_or(u32::MAX);
        if let Some(first) = self.firsts.find_or_put(name, place, has_name) {
            self.later.entry(u64::from(first)).or_default().push(number);
        }
    }

    /// The charge with that number was given back, under the name that has that first entry.
    pub(super) fn remove(&mut self, first: u64, number: u64) {
        if let Some(later) = self.later.get_mut(&first) {
            later.retain(|other| *other != number);
            if later.is_empty() {
                self.later.remove(&first);
            }
        }
    }

    pub(super) fn await_soon(&self, name: &str) {
        self.firsts.await_soon(name);
    }
}
