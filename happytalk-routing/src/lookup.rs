//! Names to numbers, where the lookup is on the hot path.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::hint;
use std::marker::PhantomData;

use crate::slab::{Number, Slab};

/// A thing that is found by its name.
pub(crate) trait Named {
    type Name: Eq + Hash;
    fn name(&self) -> &Self::Name;
}

/// What is left of a name where it is looked up: made once, and used for each step with that name.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Digest(u32);

impl Digest {
    pub(crate) fn of(name: &impl Hash) -> Self {
        let mut mixer = Mixer::default();
        name.hash(&mut mixer);
        let [_, _, _, _, a, b, c, d] = mixer.finish().to_le_bytes();
        Self(u32::from_le_bytes([a, b, c, d]))
    }
}

/// Ten numbers beside a part of the digests of their names, as long as a cache line: to look a name up is one way to the
/// memory.
#[derive(Clone, Copy, Default)]
#[repr(align(64))]
struct Bucket {
    /// From 1 on; 0 is free.
    numbers: [u32; Self::SLOTS],
    tags: [u16; Self::SLOTS],
    /// How many whose way begins here or before stand behind, because there was no room here.
    passed: u32,
}

impl Bucket {
    const SLOTS: usize = 10;

    /// What stands in the slots with that tag.
    #[inline]
    fn with(&self, tag: u16) -> impl Iterator<Item = u32> {
        let slots = self.tags.iter().zip(&self.numbers);
        slots.filter_map(move |(other, number)| (*other == tag).then_some(*number))
    }

    /// Whether there was room.
    #[inline]
    fn put(&mut self, tag: u16, number: u32) -> bool {
        let mut slots = self.numbers.iter_mut().zip(&mut self.tags);
        let Some((free, its_tag)) = slots.find(|(number, _)| **number == 0) else {
            return false;
        };
        (*free, *its_tag) = (number, tag);
        true
    }

    /// Whether it stood here. No two slots have the same number.
    #[inline]
    fn take(&mut self, number: u32) -> bool {
        let found = self.numbers.iter_mut().find(|other| **other == number);
        found.map(|found| *found = 0).is_some()
    }
}

/// A table that is only looked up, hashed alike in every process. The names stand where the things are.
#[derive(Clone)]
pub(crate) struct Lookup<N> {
    buckets: Vec<Bucket>,
    taken: usize,
    number: PhantomData<N>,
}

impl<N> Default for Lookup<N> {
    fn default() -> Self {
        Self {
            buckets: Vec::new(),
            taken: 0,
            number: PhantomData,
        }
    }
}

impl<N> fmt::Debug for Lookup<N> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lookup({})", self.taken)
    }
}

impl Digest {
    /// The bucket where its way begins: its highest bits.
    #[inline]
    fn first(self, buckets: usize) -> usize {
        // There is no memory for so many buckets that this is too much.
        let wide = u64::from(self.0).wrapping_mul(u64::try_from(buckets).unwrap_or(u64::MAX));
        usize::try_from(wide >> 32).unwrap_or(usize::MAX)
    }

    /// What is kept of it beside a number: its lowest bits.
    #[inline]
    const fn tag(self) -> u16 {
        let [a, b, ..] = self.0.to_le_bytes();
        u16::from_le_bytes([a, b])
    }
}

/// The bucket after that one.
#[inline]
const fn next(at: usize, buckets: usize) -> usize {
    if at + 1 < buckets { at + 1 } else { 0 }
}

/// A number as it stands in a slot.
#[inline]
fn slotted(number: impl Number) -> u32 {
    let place = u32::try_from(number.place()).unwrap_or(u32::MAX);
    place.saturating_add(1)
}

/// Puts a number into the first room on its way. There is some.
#[inline]
fn put_into(buckets: &mut [Bucket], digest: Digest, number: u32) {
    let count = buckets.len();
    let mut at = digest.first(count);
    while let Some(bucket) = buckets.get_mut(at) {
        if bucket.put(digest.tag(), number) {
            return;
        }
        bucket.passed = bucket.passed.saturating_add(1);
        at = next(at, count);
    }
}

impl<N: Number> Lookup<N> {
    pub(crate) fn get<T: Named>(&self, name: &T::Name, things: &Slab<N, T>) -> Option<N> {
        self.find(Digest::of(name), name, things)
    }

    /// The number of the name that this is the digest of.
    #[inline]
    pub(crate) fn find<T: Named>(
        &self,
        digest: Digest,
        name: &T::Name,
        things: &Slab<N, T>,
    ) -> Option<N> {
        let mut at = digest.first(self.buckets.len());
        for _ in 0..self.buckets.len() {
            let bucket = self.buckets.get(at)?;
            for place in bucket.with(digest.tag()).filter_map(|it| it.checked_sub(1)) {
                let number = N::from_place(place);
                if things.get(number).is_some_and(|it| it.name() == name) {
                    return Some(number);
                }
            }
            if bucket.passed == 0 {
                return None;
            }
            at = next(at, self.buckets.len());
        }
        None
    }

    /// What may be the number of the name that this is the digest of: as good as always, where one stands near at hand.
    #[inline]
    pub(crate) fn hint(&self, digest: Digest) -> Option<N> {
        let bucket = self.buckets.get(digest.first(self.buckets.len()))?;
        let place = bucket.with(digest.tag()).next()?.checked_sub(1)?;
        Some(N::from_place(place))
    }

    /// Asks the memory for where the way of a digest begins, without waiting for it.
    #[inline]
    pub(crate) fn await_soon(&self, digest: Digest) {
        let bucket = self.buckets.get(digest.first(self.buckets.len()));
        hint::black_box(bucket.map(|bucket| bucket.passed));
    }

    /// Adds what is not there yet. Whatever is there already stands among the things.
    #[inline]
    pub(crate) fn put<T: Named>(&mut self, digest: Digest, number: N, things: &Slab<N, T>) {
        // Four of five slots at most, so that few ways are longer than a bucket.
        if self.taken >= self.buckets.len() * Bucket::SLOTS / 5 * 4 {
            self.grow(things);
        }
        put_into(&mut self.buckets, digest, slotted(number));
        self.taken += 1;
    }

    /// Makes room for that many in an empty table, so that it need not grow while they come.
    pub(crate) fn make_room(&mut self, count: usize) {
        if self.buckets.is_empty() && count > 0 {
            self.buckets = vec![Bucket::default(); count / (Bucket::SLOTS / 5 * 4) + 1];
        }
    }

    #[cold]
    fn grow<T: Named>(&mut self, things: &Slab<N, T>) {
        let more = (self.buckets.len() / 2).max(1);
        let mut wider = vec![Bucket::default(); self.buckets.len().saturating_add(more)];
        let numbers = self.buckets.iter().flat_map(|bucket| bucket.numbers);
        for number in numbers {
            let place = number.checked_sub(1);
            if let Some(thing) = place.and_then(|place| things.get(N::from_place(place))) {
                put_into(&mut wider, Digest::of(thing.name()), number);
            }
        }
        self.buckets = wider;
    }

    /// Takes out what was put under this digest.
    #[inline]
    pub(crate) fn take(&mut self, digest: Digest, number: N) {
        let (number, count) = (slotted(number), self.buckets.len());
        let first = digest.first(count);
        let mut at = first;
        for passed in 0..count {
            let Some(bucket) = self.buckets.get_mut(at) else {
                return;
            };
            if bucket.take(number) {
                self.taken -= 1;
                return self.pass_no_more(first, passed);
            }
            at = next(at, count);
        }
    }

    /// One that stood that many buckets behind the first of its way stands there no more.
    #[inline]
    fn pass_no_more(&mut self, first: usize, passed: usize) {
        let mut at = first;
        for _ in 0..passed {
            if let Some(bucket) = self.buckets.get_mut(at) {
                bucket.passed = bucket.passed.saturating_sub(1);
            }
            at = next(at, self.buckets.len());
        }
    }
}

/// Eight bytes a multiplication. The keys are ids that the integrator mints, not text that customers choose.
#[derive(Debug, Clone, Copy, Default)]
struct Mixer(u64);

impl Mixer {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        self.0 ^= u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        // The last eight bytes may lie over those before: put together elsewhere first, they would be waited for.
        if let Some(last) = bytes.last_chunk() {
            let (words, _) = bytes.as_chunks();
            for word in words {
                self.mix(u64::from_le_bytes(*word));
            }
            self.mix(u64::from_le_bytes(*last));
        } else {
            let word = bytes
                .iter()
                .fold(0, |word, byte| word << 8 | u64::from(*byte));
            self.mix(word);
        }
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn finish(&self) -> u64 {
        let z = (self.0 ^ (self.0 >> 32)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z ^ (z >> 29)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use happytalk_core::id::ConversationId;

    use super::*;
    use crate::slab::ConversationNo;

    struct Thing(ConversationId);

    impl Named for Thing {
        type Name = ConversationId;
        fn name(&self) -> &ConversationId {
            &self.0
        }
    }

    fn id(n: usize) -> ConversationId {
        format!("conversation-{n:09}").parse().unwrap()
    }

    #[test]
    fn names_that_differ_in_a_digit_do_not_crowd() {
        for shape in ["conversation-", "c", ""] {
            let low = |n: u32| Digest::of(&format!("{shape}{n:06}")).0 % 65_536;
            let high = |n: u32| Digest::of(&format!("{shape}{n:06}")).0 >> 16;
            let lows: BTreeSet<u32> = (0..65_536).map(low).collect();
            let highs: BTreeSet<u32> = (0..65_536).map(high).collect();
            // Thrown at random, about 63 of 100 places are hit.
            assert!(lows.len() > 40_000, "{shape}: {}", lows.len());
            assert!(highs.len() > 40_000, "{shape}: {}", highs.len());
        }
    }

    #[test]
    fn names_of_one_letter_that_differ_in_length_do_not_crowd() {
        let all: BTreeSet<u32> = (1..=128).map(|n| Digest::of(&"a".repeat(n)).0).collect();
        assert_eq!(all.len(), 128);
    }

    /// Things of this name all have one digest.
    #[derive(Debug, PartialEq, Eq)]
    struct Alike(u32);

    impl Hash for Alike {
        fn hash<H: Hasher>(&self, _: &mut H) {}
    }

    impl Named for Alike {
        type Name = Self;
        fn name(&self) -> &Self {
            self
        }
    }

    #[test]
    fn names_come_and_go_and_each_is_found_while_it_is_there() {
        let mut things: Slab<ConversationNo, Thing> = Slab::default();
        let mut lookup = Lookup::default();
        let mut there = BTreeMap::new();
        let mut seed = 7_u64;
        for _ in 0..60_000 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let n = usize::try_from(seed >> 33).unwrap() % 6_000;
            let name = id(n);
            let found = lookup.get(&name, &things);
            assert_eq!(found, there.get(&n).copied());
            let digest = Digest::of(&name);
            if let Some(number) = found {
                things.take(number);
                lookup.take(digest, number);
                there.remove(&n);
            } else {
                let number = things.put(Thing(name));
                lookup.put(digest, number, &things);
                there.insert(n, number);
            }
        }
        for n in 0..6_000 {
            assert_eq!(lookup.get(&id(n), &things), there.get(&n).copied());
        }
        assert!(there.len() > 2_000, "{}", there.len());
    }

    #[test]
    fn what_comes_and_goes_leaves_no_longer_ways_behind() {
        let mut things: Slab<ConversationNo, Thing> = Slab::default();
        let mut lookup = Lookup::default();
        for round in 0..50 {
            let ids: Vec<_> = (0..1_000).map(|n| id(round * 1_000 + n)).collect();
            for name in &ids {
                let number = things.put(Thing(name.clone()));
                lookup.put(Digest::of(name), number, &things);
            }
            for name in &ids {
                let number = lookup.get(name, &things).unwrap();
                lookup.take(Digest::of(name), number);
                things.take(number);
            }
        }
        assert_eq!(lookup.taken, 0);
        assert!(lookup.buckets.iter().all(|bucket| bucket.passed == 0));
        assert!(lookup.buckets.len() <= 256, "{}", lookup.buckets.len());
    }

    #[test]
    fn more_names_of_one_digest_than_a_bucket_holds_run_over_and_past_the_end() {
        let mut things: Slab<ConversationNo, Alike> = Slab::default();
        let mut lookup = Lookup::default();
        let digest = Digest::of(&Alike(0));
        for n in 0..100 {
            let number = things.put(Alike(n));
            lookup.put(digest, number, &things);
        }
        for n in (0..100).step_by(3) {
            let number = lookup.get(&Alike(n), &things).unwrap();
            lookup.take(digest, number);
            things.take(number);
        }
        for n in 0..100 {
            let found = lookup.get(&Alike(n), &things);
            assert_eq!(found.is_some(), n % 3 != 0, "{n}");
        }
    }

    #[test]
    fn where_room_was_made_nothing_grows() {
        let mut things: Slab<ConversationNo, Thing> = Slab::default();
        let mut lookup = Lookup::default();
        lookup.make_room(1_000);
        let buckets = lookup.buckets.len();
        for n in 0..1_000 {
            let number = things.put(Thing(id(n)));
            lookup.put(Digest::of(&id(n)), number, &things);
        }
        assert_eq!(lookup.buckets.len(), buckets);
        assert!((0..1_000).all(|n| lookup.get(&id(n), &things).is_some()));
    }

    #[test]
    fn what_is_not_there_is_missed_also_where_every_way_goes_on() {
        let mut things: Slab<ConversationNo, Alike> = Slab::default();
        let mut lookup = Lookup::default();
        for n in 0..32 {
            let number = things.put(Alike(n));
            lookup.put(Digest::of(&Alike(n)), number, &things);
        }
        for bucket in &mut lookup.buckets {
            bucket.passed += 1;
        }
        assert_eq!(lookup.get(&Alike(99), &things), None);
    }
}
