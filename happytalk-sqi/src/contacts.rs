//! Who came back: whether a matter was settled at the first contact (FCR).
//!
//! A conversation names the one before of the same customer (`previous`); that chain is followed, so that a log whose
//! customers are erased counts the same. A later episode of one conversation is a contact like any other.

use std::collections::BTreeMap;
use std::time::Duration;

use happytalk_core::Timestamp;
use serde::{Deserialize, Serialize};

/// One episode, as a contact: the row it counts as closed in, and what it was about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Contact<R, M> {
    /// None while it is open, or where it counts in no row.
    pub(crate) row: Option<R>,
    pub(crate) main: M,
    pub(crate) opened_ms: i64,
    pub(crate) closed_ms: Option<i64>,
}

/// The contacts of one conversation, in order, and the conversation before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Chain<R, M> {
    pub(crate) previous: Option<Box<str>>,
    pub(crate) contacts: Vec<Contact<R, M>>,
}

/// All of them by conversation.
pub(crate) type Contacts<R, M> = BTreeMap<Box<str>, Chain<R, M>>;

/// How many contacts a chain is followed back. Nobody comes back so often in a few days; a chain that leads into itself
/// ends here.
const STEPS_MAX: usize = 256;

/// How many closed contacts of each row were followed by another of the same main category within `window`.
pub(crate) fn repeats<R: Ord + Clone, M: PartialEq>(
    all: &Contacts<R, M>,
    window: Duration,
) -> BTreeMap<R, u64> {
    let mut followed: BTreeMap<(&str, usize), &R> = BTreeMap::new();
    for (id, chain) in all {
        for (index, contact) in chain.contacts.iter().enumerate() {
            for (before_id, before_index, before) in Before::new(all, id, index) {
                let Some(closed_ms) = before.closed_ms else {
                    continue;
                };
                let closed_at = Timestamp::from_millis(closed_ms);
                let later = Timestamp::from_millis(contact.opened_ms).since(closed_at);
                if later <= window
                    && before.main == contact.main
                    && let Some(row) = &before.row
                {
                    followed.insert((before_id, before_index), row);
                }
            }
        }
    }
    let mut repeats = BTreeMap::new();
    for row in followed.into_values() {
        *repeats.entry(row.clone()).or_default() += 1;
    }
    repeats
}

/// The contacts before one, the latest first.
struct Before<'a, R, M> {
    all: &'a Contacts<R, M>,
    id: &'a str,
    index: usize,
    steps: usize,
}

impl<'a, R, M> Before<'a, R, M> {
    const fn new(all: &'a Contacts<R, M>, id: &'a str, index: usize) -> Self {
        Self {
            all,
            id,
            index,
            steps: 0,
        }
    }
}

impl<'a, R, M> Iterator for Before<'a, R, M> {
    type Item = (&'a str, usize, &'a Contact<R, M>);

    fn next(&mut self) -> Option<Self::Item> {
        let mut chain = self.all.get(self.id)?;
        while self.index == 0 {
            let (id, previous) = self.all.get_key_value(chain.previous.as_deref()?)?;
            self.steps += 1;
            if self.steps > STEPS_MAX {
                return None;
            }
            (self.id, chain, self.index) = (id, previous, previous.contacts.len());
        }
        self.steps += 1;
        if self.steps > STEPS_MAX {
            return None;
        }
        self.index -= 1;
        Some((self.id, self.index, chain.contacts.get(self.index)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chain(
        previous: Option<&str>,
        contacts: &[(&'static str, i64, Option<i64>)],
    ) -> Chain<u8, &'static str> {
        let contacts = contacts.iter().map(|(main, opened_ms, closed_ms)| Contact {
            row: closed_ms.map(|_| 1),
            main: *main,
            opened_ms: *opened_ms,
            closed_ms: *closed_ms,
        });
        Chain {
            previous: previous.map(Into::into),
            contacts: contacts.collect(),
        }
    }

    fn count(chains: &[(&str, Chain<u8, &'static str>)]) -> u64 {
        let all = chains
            .iter()
            .map(|(id, chain)| ((*id).into(), chain.clone()))
            .collect();
        repeats(&all, Duration::from_millis(100)).values().sum()
    }

    #[test]
    fn a_customer_who_comes_back_in_time_with_the_same_matter_was_not_helped() {
        let first = ("a", chain(None, &[("환불", 0, Some(50))]));
        let back = |main, opened| ("b", chain(Some("a"), &[(main, opened, None)]));
        assert_eq!(count(&[first.clone(), back("환불", 150)]), 1);
        assert_eq!(count(&[first.clone(), back("환불", 151)]), 0);
        assert_eq!(count(&[first.clone(), back("배송", 60)]), 0);
        // Something else came between; the matter is the same still.
        let other = ("b", chain(Some("a"), &[("배송", 60, Some(70))]));
        let third = ("c", chain(Some("b"), &[("환불", 80, None)]));
        assert_eq!(count(&[first, other, third]), 1);
    }

    #[test]
    fn a_reopening_is_a_contact_and_a_contact_is_followed_once() {
        assert_eq!(
            count(&[("a", chain(None, &[("x", 0, Some(10)), ("x", 20, Some(30))]))]),
            1
        );
        let twice = [
            ("a", chain(None, &[("x", 0, Some(10))])),
            ("b", chain(Some("a"), &[("x", 20, Some(30))])),
            ("c", chain(Some("a"), &[("x", 40, Some(50))])),
        ];
        assert_eq!(count(&twice), 1);
    }

    #[test]
    fn a_chain_that_leads_into_itself_ends() {
        let loops = [
            ("a", chain(Some("b"), &[("x", 0, Some(10))])),
            ("b", chain(Some("a"), &[("x", 0, Some(10))])),
            ("c", chain(Some("c"), &[])),
        ];
        assert_eq!(count(&loops), 2);
    }
}
