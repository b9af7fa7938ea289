//! A table that is only looked up, never walked through, so that its order cannot show in a bill.

#![expect(
    clippy::disallowed_types,
    reason = "hot and looked up only: the table offers no iteration, so no order of it shows"
)]

use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

/// What is found by a name of its own.
pub(crate) trait Named {
    fn name(&self) -> &str;
}

/// Things by name, in the order in which they came; none is ever removed, and the names are gone through nowhere.
///
/// The table holds hashes and places alone, so that it grows without a look at the names.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Index<T> {
    places: HashMap<u64, usize, BuildHasherDefault<Same>>,
    things: Vec<Thing<T>>,
}

#[derive(Clone, PartialEq, Eq)]
struct Thing<T> {
    it: T,
    /// Another thing whose name has the same hash.
    other: Option<usize>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self {
            places: HashMap::default(),
            things: Vec::new(),
        }
    }
}

impl<T: Named> Index<T> {
    fn place(&self, name: &str) -> Option<usize> {
        let mut next = self.places.get(&hash(name)).copied();
        while let Some(place) = next {
            let thing = self.things.get(place)?;
            if thing.it.name() == name {
                return Some(place);
            }
            next = thing.other;
        }
        None
    }

    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        let place = self.place(name)?;
        self.things.get(place).map(|thing| &thing.it)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.place(name).is_some()
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let place = self.place(name)?;
        self.things.get_mut(place).map(|thing| &mut thing.it)
    }

    /// Adds what no other has the name of, or takes its place.
    pub(crate) fn put(&mut self, it: T) {
        if let Some(thing) = self.get_mut(it.name()) {
            *thing = it;
            return;
        }
        let other = self.places.insert(hash(it.name()), self.things.len());
        self.things.push(Thing { it, other });
    }
}

/// Names may be personal.
impl<T> fmt::Debug for Index<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index({})", self.things.len())
    }
}

/// Eight bytes a multiplication. The names are keys of the site's own books and digests, not text that customers choose.
fn hash(name: &str) -> u64 {
    let mut hash = 0_u64;
    let mut mix = |word: u64| {
        hash = (hash.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    };
    let (words, rest) = name.as_bytes().as_chunks::<8>();
    for word in words {
        mix(u64::from_le_bytes(*word));
    }
    let mut last = [0xFF; 8];
    for (to, from) in last.iter_mut().zip(rest) {
        *to = *from;
    }
    mix(u64::from_le_bytes(last));
    // The table uses both ends of the number; a multiplication leaves the low end poor.
    let z = (hash ^ (hash >> 32)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z ^ (z >> 29)
}

/// A number that is a hash already.
#[derive(Debug, Clone, Copy, Default)]
struct Same(u64);

impl Hasher for Same {
    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = self.0.rotate_left(8) ^ u64::from(*byte);
        }
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = number;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[derive(Debug, PartialEq)]
    struct Named3(&'static str, u8);

    impl Named for Named3 {
        fn name(&self) -> &str {
            self.0
        }
    }

    #[test]
    fn names_that_differ_in_a_digit_do_not_crowd() {
        let low = |n: u32| hash(&format!("msg-{n:09}")) % 65_536;
        let places: BTreeSet<u64> = (0..65_536).map(low).collect();
        // Thrown at random, about 63 of 100 places are hit.
        assert!(places.len() > 40_000, "{}", places.len());
    }

    #[test]
    fn a_thing_is_found_by_its_name_and_replaced_under_it() {
        let mut index = Index::default();
        index.put(Named3("a", 1));
        index.put(Named3("b", 2));
        index.put(Named3("a", 3));
        assert_eq!(index.get("a"), Some(&Named3("a", 3)));
        assert_eq!(index.things.len(), 2);
        assert!(!index.contains("c"));
    }

    #[test]
    fn two_names_with_one_hash_are_two_things() {
        let mut index = Index::default();
        for (name, number) in [("a", 1), ("b", 2), ("c", 3)] {
            // As if all had the hash of "a".
            let other = index.places.insert(hash("a"), index.things.len());
            let it = Named3(name, number);
            index.things.push(Thing { it, other });
        }
        assert_eq!(index.get("a"), Some(&Named3("a", 1)));
        index.places.insert(hash("b"), 2);
        assert_eq!(index.get("b"), Some(&Named3("b", 2)));
    }
}
