//! A table that is only looked up, never walked through, so that its order cannot show in a bill.

use std::fmt;
use std::hint;

use crate::pages::Pages;

/// What is found by a name of its own.
pub(crate) trait Named {
    fn name(&self) -> &str;
}

/// Where eight things are, beside the hashes of their names, so that the table grows without a look at the names.
///
/// As long as a cache line: to look a new name up, and to put it there, is one way to the memory and not two.
#[derive(Clone, Default)]
#[repr(align(64))]
struct Bucket {
    hashes: [u32; Self::SLOTS],
    /// From 1 on; 0 is free. Filled from the first on, and never freed: once the last is taken, the next bucket holds more.
    places: [u32; Self::SLOTS],
}

impl Bucket {
    const SLOTS: usize = 8;

    /// A bit for each slot with that hash, the first the lowest. No early end, so that four are compared at once.
    fn with(&self, hash: u32) -> u32 {
        let bits = (0_u32..).zip(&self.hashes);
        bits.fold(0, |found, (bit, other)| {
            found | u32::from(*other == hash) << bit
        })
    }

    fn place(&self, slot: u32) -> u32 {
        let slot = usize::try_from(slot).unwrap_or(usize::MAX);
        self.places.get(slot).copied().unwrap_or(0)
    }

    fn is_full(&self) -> bool {
        let [.., last] = self.places;
        last != 0
    }

    /// Whether there was room.
    fn put(&mut self, hash: u32, place: u32) -> bool {
        let mut slots = self.places.iter_mut().zip(&mut self.hashes);
        let free = slots.find(|(place, _)| **place == 0);
        if let Some((free, its_hash)) = free {
            (*free, *its_hash) = (place, hash);
            return true;
        }
        false
    }
}

/// Where things are, by the hashes of their names.
#[derive(Clone, Default)]
struct Table {
    /// None, or a power of two, in the order of the hashes, so that growing goes through both in order.
    buckets: Vec<Bucket>,
    taken: usize,
}

impl Table {
    /// The bucket that a hash begins at: its highest bits.
    fn first(hash: u32, buckets: usize) -> usize {
        let wide = u64::from(hash).saturating_mul(u64::try_from(buckets).unwrap_or(u64::MAX));
        usize::try_from(wide >> 32).unwrap_or(usize::MAX)
    }

    /// The place, from 1 on, of the thing with that hash which `is_it`.
    #[inline]
    fn find(&self, hash: u32, is_it: impl Fn(u32) -> bool) -> Option<u32> {
        let mut at = Self::first(hash, self.buckets.len());
        for _ in 0..self.buckets.len() {
            let bucket = self.buckets.get(at)?;
            let mut slots = bucket.with(hash);
            while slots != 0 {
                let place = bucket.place(slots.trailing_zeros());
                if place != 0 && is_it(place) {
                    return Some(place);
                }
                slots &= slots - 1;
            }
            if !bucket.is_full() {
                return None;
            }
            at = at.saturating_add(1) % self.buckets.len();
        }
        None
    }

    /// Asks the memory for where a hash begins, without waiting for it.
    #[inline]
    fn await_soon(&self, hash: u32) {
        let bucket = self.buckets.get(Self::first(hash, self.buckets.len()));
        hint::black_box(bucket.map(Bucket::is_full));
    }

    fn put(&mut self, hash: u32, place: u32) {
        // Three of four slots at most, so that few buckets run over.
        if self.taken >= self.buckets.len().saturating_mul(Bucket::SLOTS) / 4 * 3 {
            let mut wider = vec![Bucket::default(); self.buckets.len().saturating_mul(2).max(2)];
            for bucket in &self.buckets {
                for (hash, place) in bucket.hashes.iter().zip(&bucket.places) {
                    if *place != 0 {
                        Self::put_into(&mut wider, *hash, *place);
                    }
                }
            }
            self.buckets = wider;
        }
        Self::put_into(&mut self.buckets, hash, place);
        self.taken = self.taken.saturating_add(1);
    }

    fn put_into(buckets: &mut [Bucket], hash: u32, place: u32) {
        let mut at = Self::first(hash, buckets.len());
        for _ in 0..buckets.len() {
            if buckets
                .get_mut(at)
                .is_some_and(|bucket| bucket.put(hash, place))
            {
                return;
            }
            at = at.saturating_add(1) % buckets.len();
        }
    }
}

/// Where things are that are kept elsewhere, by a name that can be read off each.
#[derive(Clone, Default)]
pub(crate) struct Places(Table);

impl Places {
    /// The place, from 1 on, of the thing with that name.
    pub(crate) fn find(&self, name: &str, has_name: impl Fn(u32) -> bool) -> Option<u32> {
        self.0.find(hash(name), has_name)
    }

    /// The place of the thing that has the name; where there is none, it is at `place` from now on.
    pub(crate) fn find_or_put(
        &mut self,
        name: &str,
        place: u32,
        has_name: impl Fn(u32) -> bool,
    ) -> Option<u32> {
        let hash = hash(name);
        let known = self.0.find(hash, has_name);
        if known.is_none() {
            self.0.put(hash, place);
        }
        known
    }

    /// Says that a name will be asked for soon: what is far away in memory then comes while other things are done.
    pub(crate) fn await_soon(&self, name: &str) {
        self.0.await_soon(hash(name));
    }
}

/// What stands where follows from the things.
impl PartialEq for Places {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}

impl Eq for Places {}

impl fmt::Debug for Places {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Places({})", self.0.taken)
    }
}

/// Things by name, in the order in which they came; none is ever removed, and the names are gone through nowhere.
#[derive(Clone)]
pub(crate) struct Index<T> {
    table: Table,
    things: Pages<T>,
}

impl<T> Default for Index<T> {
    fn default() -> Self {
        Self {
            table: Table::default(),
            things: Pages::default(),
        }
    }
}

/// The table follows from the things.
impl<T: PartialEq> PartialEq for Index<T> {
    fn eq(&self, other: &Self) -> bool {
        self.things == other.things
    }
}

impl<T: Eq> Eq for Index<T> {}

impl<T: Named> Index<T> {
    fn place(&self, hash: u32, name: &str) -> Option<usize> {
        let is_it = |place: u32| {
            let thing = Self::index(place).and_then(|index| self.things.get(index));
            thing.is_some_and(|thing| thing.name() == name)
        };
        Self::index(self.table.find(hash, is_it)?)
    }

    fn index(place: u32) -> Option<usize> {
        usize::try_from(place).ok()?.checked_sub(1)
    }

    pub(crate) fn get(&self, name: &str) -> Option<&T> {
        self.things.get(self.place(hash(name), name)?)
    }

    pub(crate) fn contains(&self, name: &str) -> bool {
        self.place(hash(name), name).is_some()
    }

    /// The thing that came as the `index`th, from 0 on.
    pub(crate) fn nth(&self, index: u32) -> Option<&T> {
        self.things.get(usize::try_from(index).ok()?)
    }

    /// What came last.
    pub(crate) fn last(&self) -> Option<&T> {
        self.things.last()
    }

    /// How many there are. Four thousand million commands of one site are more than any memory holds.
    pub(crate) fn count(&self) -> u32 {
        u32::try_from(self.things.len()).unwrap_or(u32::MAX)
    }

    /// Adds what no other has the name of, or takes its place.
    pub(crate) fn put(&mut self, it: T) {
        let hash = hash(it.name());
        let known = self.place(hash, it.name());
        if let Some(thing) = known.and_then(|place| self.things.get_mut(place)) {
            *thing = it;
            return;
        }
        self.add(hash, it);
    }

    /// Adds what is known to have a name that no other has.
    pub(crate) fn put_new(&mut self, it: T) {
        self.add(hash(it.name()), it);
    }

    fn add(&mut self, hash: u32, it: T) {
        self.things.push(it);
        self.table.put(hash, self.count());
    }
}

/// Names may be personal.
impl<T> fmt::Debug for Index<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Index({})", self.things.len())
    }
}

/// Eight bytes a multiplication. The names are keys of the site's own books and digests, not text that customers choose.
///
/// Names are often numbered. The last two bits of a name are those of its hash, and tell a digit from its neighbours alone: names
/// that end in 0, 1, 2 and 3 and are the same before begin at one bucket, which is near when the next of them comes.
fn hash(name: &str) -> u32 {
    const NEIGHBOURS: u8 = 3;
    let (last, before) = name.as_bytes().split_last().unwrap_or((&0, &[]));
    let mut hash = u64::try_from(before.len()).unwrap_or(u64::MAX);
    let mut mix = |word: u64| {
        hash = (hash.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    };
    // What is read at the end may lie over what was read before; put together elsewhere first, it would be waited for.
    if let Some(end) = name.as_bytes().last_chunk() {
        let (words, _) = before.as_chunks();
        for word in words {
            mix(u64::from_le_bytes(*word));
        }
        mix(u64::from_le_bytes(*end) & !(u64::from(NEIGHBOURS) << 56));
    } else if let (Some(start), Some(end)) = (before.first_chunk(), before.last_chunk()) {
        mix(u64::from(u32::from_le_bytes(*start)) << 32 | u64::from(u32::from_le_bytes(*end)));
        mix(u64::from(last & !NEIGHBOURS));
    } else {
        let start = before
            .iter()
            .fold(0, |word, byte| word << 8 | u64::from(*byte));
        mix(start << 8 | u64::from(last & !NEIGHBOURS));
    }
    let z = (hash ^ (hash >> 32)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    let [_, _, _, _, a, b, c, d] = z.to_le_bytes();
    u32::from_le_bytes([a & !NEIGHBOURS | last & NEIGHBOURS, b, c, d])
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
        let high = |n: u32| hash(&format!("msg-{n:09}")) >> 16;
        let places: BTreeSet<u32> = (0..65_536 * 10).step_by(10).map(high).collect();
        // Thrown at random, about 63 of 100 places are hit.
        assert!(places.len() > 40_000, "{}", places.len());
        let hashes: BTreeSet<u32> = (0..65_536).map(|n| hash(&format!("msg-{n:09}"))).collect();
        assert_eq!(hashes.len(), 65_536);
    }

    #[test]
    fn neighbours_begin_at_one_bucket() {
        let first = |name: &str| Table::first(hash(name), 1 << 20);
        assert_eq!(first("order-1230"), first("order-1233"));
        assert_eq!(first("5"), first("7"));
        assert_ne!(first("order-1230"), first("order-1234"));
        assert_ne!(first("order-1230"), first("order-1240"));
        let hashes: BTreeSet<u32> = ["", "\u{1}", "4", "5", "6", "7"].map(hash).into();
        assert_eq!(hashes.len(), 6);
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
            index.things.push(Named3(name, number));
            index.table.put(hash("a"), u32::from(number));
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

    #[test]
    fn more_things_of_one_hash_than_a_bucket_holds_run_over_and_past_the_end() {
        for hash in [0, 1 << 31, u32::MAX] {
            let mut table = Table::default();
            for place in 1..=100 {
                table.put(hash, place);
                table.put(place, 1_000 + place);
            }
            for place in 1..=100 {
                assert_eq!(table.find(hash, |it| it == place), Some(place));
                let other = 1_000 + place;
                assert_eq!(table.find(place, |it| it == other), Some(other));
            }
            assert_eq!(table.find(hash, |_| false), None);
            assert_eq!(table.find(hash ^ 0x0100_0000, |_| true), None);
        }
    }

    #[derive(Debug)]
    struct Number(String, u32);

    impl Named for Number {
        fn name(&self) -> &str {
            &self.0
        }
    }
}
