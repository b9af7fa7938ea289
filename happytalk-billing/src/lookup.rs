//! A table that is only looked up, never walked through, so that its order cannot show in a bill.

use std::fmt;

use hashbrown::HashTable;

/// What is found by a name of its own.
pub(crate) trait Named {
    fn name(&self) -> &str;
}

/// Where a thing is, beside the hash of its name, so that the table grows without a look at the names.
#[derive(Clone, Copy)]
struct Slot {
    hash: u32,
    place: u32,
}

impl Slot {
    /// The table uses both ends of the number.
    const fn spread(hash: u32) -> u64 {
        let low = hash as u64;
        low << 32 | low
    }
}

/// Things by name, in the order in which they came; none is ever removed, and the names are gone through nowhere.
#[derive(Clone)]
pub(crate) struct Index<T> {
    slots: HashTable<Slot>,
    things: Vec<T>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self {
            slots: HashTable::new(),
            things: Vec::new(),
        }
    }
}

/// The slots follow from the things.
impl<T: PartialEq> PartialEq for Index<T> {
    fn eq(&self, other: &Self) -> bool {
        self.things == other.things
    }
}

impl<T: Eq> Eq for Index<T> {}

impl<T: Named> Index<T> {
    fn place(&self, hash: u32, name: &str) -> Option<usize> {
        let is_it = |slot: &Slot| {
            let thing = self.at(*slot);
            slot.hash == hash && thing.is_some_and(|thing| thing.name() == name)
        };
        let slot = self.slots.find(Slot::spread(hash), is_it)?;
        usize::try_from(slot.place).ok()
    }

    fn at(&self, slot: Slot) -> Option<&T> {
        self.things.get(usize::try_from(slot.place).ok()?)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.things.get(self.place(hash(name), name)?)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.place(hash(name), name).is_some()
    }

    pub(crate) fn get_mut(&mut self, name: &str) -> Option<&mut T> {
        let place = self.place(hash(name), name)?;
        self.things.get_mut(place)
    }

    /// Adds what no other has the name of, or takes its place.
    pub(crate) fn put(&mut self, it: T) {
        let hash = hash(it.name());
        let known = self.place(hash, it.name());
        if let Some(thing) = known.and_then(|place| self.things.get_mut(place)) {
            *thing = it;
            return;
        }
        // Four thousand million commands of one site are more than any memory holds.
        let place = u32::try_from(self.things.len()).unwrap_or(u32::MAX);
        self.slots
            .insert_unique(Slot::spread(hash), Slot { hash, place }, |slot| {
                Slot::spread(slot.hash)
            });
        self.things.push(it);
    }
}

/// Names may be personal.
impl<T> fmt::Debug for Index<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index({})", self.things.len())
    }
}

/// Eight bytes a multiplication. The names are keys of the site's own books and digests, not text that customers choose.
fn hash(name: &str) -> u32 {
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
    let z = (hash ^ (hash >> 32)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let [_, _, _, _, a, b, c, d] = z.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
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
        let places: BTreeSet<u32> = (0..65_536).map(low).collect();
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
            let place = u32::try_from(index.things.len()).unwrap();
            let slot = Slot {
                hash: hash("a"),
                place,
            };
            let spread = |slot: &Slot| Slot::spread(slot.hash);
            index
                .slots
                .insert_unique(Slot::spread(slot.hash), slot, spread);
            index.things.push(Named3(name, number));
        }
        for (name, place) in [("a", 0), ("b", 1), ("c", 2)] {
            assert_eq!(index.place(hash("a"), name), Some(place));
        }
        assert_eq!(index.place(hash("a"), "d"), None);
    }

    #[test]
    fn a_hundred_thousand_names_are_all_found_again() {
        let mut index = Index::default();
        for n in 0..100_000_u32 {
            index.put(Number(n.to_string(), n));
        }
        for n in 0..100_000_u32 {
            let found = index.get(&n.to_string()).map(|number| number.1);
            assert_eq!(found, Some(n));
        }
        assert!(!index.contains("100000"));
    }

    #[derive(Debug)]
    struct Number(String, u32);

    impl Named for Number {
        fn name(&self) -> &str {
            &self.0
        }
    }
}
