//! The own names of a book's items, by number.

use std::collections::BTreeSet;
use std::num::NonZeroU8;
use std::ptr;

use happytalk_core::id::Word;

use super::Period;

/// What can be charged by name, so that whoever keeps many of these names may keep a byte of each.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct ItemNames {
    /// Sorted.
    names: Vec<Word>,
}

impl ItemNames {
    /// Those of `periods`, which share their texts from then on.
    pub(super) fn of(periods: &mut [Period]) -> Self {
        let mut names: BTreeSet<Word> = BTreeSet::new();
        for period in periods.iter() {
            names.extend(period.plans.keys().cloned());
            for items in [&period.messages, &period.add_ons] {
                names.extend(items.by_name.values().map(|(name, _)| name.clone()));
            }
        }
        let own = Self {
            names: names.into_iter().collect(),
        };
        for period in periods {
            for items in [&mut period.messages, &mut period.add_ons] {
                for (name, _) in items.by_name.values_mut() {
                    if let Ok(at) = own.names.binary_search(name)
                        && let Some(shared) = own.names.get(at)
                    {
                        name.clone_from(shared);
                    }
                }
            }
        }
        own
    }

    /// The number of a name; `None` where it is not the book's own, and for the few names of a very long book.
    pub(super) fn number(&self, name: &Word) -> Option<NonZeroU8> {
        let first = self.names.iter().take(usize::from(u8::MAX));
        // The book's own text is known without reading it.
        let shared = |own: &Word| ptr::eq(own.as_str(), name.as_str());
        let index = first.clone().position(shared);
        let index = index.or_else(|| self.names.binary_search(name).ok())?;
        NonZeroU8::new(u8::try_from(index).ok()?.checked_add(1)?)
    }

    /// The name with that number.
    pub(super) fn name(&self, number: NonZeroU8) -> Option<&Word> {
        self.names.get(usize::from(number.get()).checked_sub(1)?)
    }
}

#[cfg(test)]
mod tests {
    use super::super::PriceBook;

    #[test]
    fn every_item_of_a_book_has_a_number_of_its_own() {
        let plans: Vec<String> = (0..300)
            .map(|number| format!(r#""p-{number:03}":{{"fee_mwon":1}}"#))
            .collect();
        let period = |dates: &str| {
            let plans = plans.join(",");
            format!(
                r#"{{{dates}"day_case_mwon":1,"plans":{{{plans}}},"messages":{{"b":{{"price_mwon":1,"also":["c"]}}}}}}"#
            )
        };
        let text = format!(
            r#"{{"name":"b","periods":[{},{}]}}"#,
            period(r#""until":"2024-01-01","#),
            period(r#""from":"2024-01-01","#)
        );
        let book = PriceBook::parse(&text).unwrap();
        let number = |name: &str| book.item_number(&name.parse().unwrap());
        let numbered = [("b", Some(1)), ("p-000", Some(2)), ("p-253", Some(255))];
        for (name, expected) in numbered {
            assert_eq!(number(name).map(u8::from), expected, "{name}");
            let name_of = number(name).and_then(|number| book.item_name(number));
            assert_eq!(name_of.map(AsRef::as_ref), Some(name));
        }
        for name in ["c", "d", "p-254", "p-299"] {
            assert_eq!(number(name), None, "{name}");
        }
        for date in ["2023-12-31", "2024-01-01"] {
            let (name, _) = book
                .message(&"c".parse().unwrap(), date.parse().unwrap())
                .unwrap();
            assert_eq!(book.item_number(name).map(u8::from), Some(1));
        }
    }
}
