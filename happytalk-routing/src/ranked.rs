//! Numbers in the order of a key, with the place of each.

use std::cmp::Ordering;
use std::mem;

/// How many entries a block holds at most.
const BLOCK_MAX: usize = 128;

/// An empty block of no more room than this is kept, so that a set of few does not ask for memory over and over.
const KEPT_MAX: usize = 16;

/// How many emptied blocks of full size are kept for the next ones.
const SPARE_MAX: usize = 2;

/// Numbers in the order of a key: sorted blocks of at most [`BLOCK_MAX`]. The first is at hand; to put, to take and to
/// find a place are two binary searches, and a place adds up one length a block besides.
///
/// Entries of equal keys are told apart by `tie`, which must order any two of them the same way every time.
#[derive(Debug, Clone)]
pub(crate) struct Ranked<K, N> {
    /// None of them is empty, but one that is the only one may be.
    blocks: Vec<Block<K, N>>,
    /// The key at the end of each block, where the search among blocks finds it without looking into them.
    lasts: Vec<K>,
    /// How many blocks at the front are no longer there.
    gone: usize,
    /// Room for blocks to come.
    spare: Vec<Vec<(K, N)>>,
    #[cfg(any(debug_assertions, test))]
    count: usize,
}

/// Neighbours. What was taken off the front leaves its room there, so that to take the first moves nothing.
#[derive(Debug, Clone)]
struct Block<K, N> {
    /// How many at the front are no longer there.
    gone: usize,
    /// At most [`BLOCK_MAX`], those that are gone included.
    entries: Vec<(K, N)>,
}

impl<K, N> Default for Ranked<K, N> {
    fn default() -> Self {
        Self {
            blocks: Vec::new(),
            lasts: Vec::new(),
            gone: 0,
            spare: Vec::new(),
            #[cfg(any(debug_assertions, test))]
            count: 0,
        }
    }
}

impl<K: Copy + Ord, N: Copy + Eq> Block<K, N> {
    fn present(&self) -> &[(K, N)] {
        self.entries.get(self.gone..).unwrap_or_default()
    }

    const fn is_empty(&self) -> bool {
        self.entries.len() == self.gone
    }

    /// Whether there is room for one more; where a good part of the block is gone, it is made.
    fn has_room(&mut self) -> bool {
        if self.entries.len() < BLOCK_MAX {
            return true;
        }
        let closes_up = self.gone >= BLOCK_MAX / 4;
        if closes_up {
            self.entries.drain(..self.gone);
            self.gone = 0;
        }
        closes_up
    }

    /// Puts one where there is room for it.
    fn put(&mut self, place: usize, entry: (K, N)) {
        let at = self.gone + place;
        if at == self.entries.len() {
            self.entries.push(entry);
        } else {
            self.entries.insert(at, entry);
        }
    }

    /// Puts one at the front where the first was taken off; whether it did.
    fn put_back(&mut self, entry: (K, N)) -> bool {
        let Some(gone) = self.gone.checked_sub(1) else {
            return false;
        };
        let Some(room) = self.entries.get_mut(gone) else {
            return false;
        };
        *room = entry;
        self.gone = gone;
        true
    }

    fn take(&mut self, place: usize) {
        if place == 0 {
            self.gone += 1;
            return;
        }
        self.entries.remove(self.gone + place);
    }
}

impl<K: Copy + Ord, N: Copy + Eq> Ranked<K, N> {
    #[cfg(any(debug_assertions, test))]
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    #[inline]
    fn present(&self) -> &[Block<K, N>] {
        self.blocks.get(self.gone..).unwrap_or_default()
    }

    #[inline]
    fn block_mut(&mut self, at: usize) -> Option<&mut Block<K, N>> {
        self.blocks.get_mut(self.gone + at)
    }

    #[inline]
    pub(crate) fn is_empty(&self) -> bool {
        self.present().first().is_none_or(Block::is_empty)
    }

    #[inline]
    pub(crate) fn first(&self) -> Option<(K, N)> {
        self.present().first()?.present().first().copied()
    }

    /// Who may come after the first; only a hint, as it looks no further than the first block.
    #[inline]
    pub(crate) fn hint_of_second(&self) -> Option<N> {
        let second = self.present().first()?.present().get(1)?;
        Some(second.1)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, N)> {
        self.present().iter().flat_map(Block::present).copied()
    }

    /// The block and the place in it where an entry stands or would stand.
    #[inline]
    fn seek(&self, key: K, number: N, tie: impl Fn(N, N) -> Ordering) -> (usize, usize) {
        // Few keys are equal, and what compares keys alone is searched without guessing.
        let lasts = self.lasts.get(self.gone..).unwrap_or_default();
        let at = lasts.partition_point(|last| *last < key);
        let Some(block) = self.present().get(at) else {
            return (at, 0);
        };
        let place = block.present().partition_point(|entry| entry.0 < key);
        match block.present().get(place) {
            Some(found) if found.0 == key && found.1 != number => self.seek_tied(key, number, tie),
            _ => (at, place),
        }
    }

    #[cold]
    fn seek_tied(&self, key: K, number: N, tie: impl Fn(N, N) -> Ordering) -> (usize, usize) {
        let is_before = |entry: &(K, N)| order(*entry, (key, number), &tie).is_lt();
        let blocks = self.present();
        let at = blocks.partition_point(|block| block.present().last().is_some_and(is_before));
        let block = blocks.get(at);
        let place = block.map_or(0, |it| it.present().partition_point(is_before));
        (at, place)
    }

    /// A block of one. The first one of all begins small.
    fn block_of(&mut self, entry: (K, N)) -> Block<K, N> {
        let mut entries = match self.present().is_empty() {
            true => Vec::new(),
            false => self.room(),
        };
        entries.push(entry);
        Block { gone: 0, entries }
    }

    fn room(&mut self) -> Vec<(K, N)> {
        let spare = self.spare.pop();
        spare.unwrap_or_else(|| Vec::with_capacity(BLOCK_MAX))
    }

    /// Notes anew which key a block ends with.
    #[inline]
    fn note_last(&mut self, at: usize) {
        let at = self.gone + at;
        let last = self.blocks.get(at).and_then(|it| it.entries.last());
        if let Some((key, _)) = last
            && let Some(noted) = self.lasts.get_mut(at)
        {
            *noted = *key;
        }
    }

    /// Puts a block between others.
    fn insert(&mut self, at: usize, block: Block<K, N>) {
        if let Some((key, _)) = block.entries.last() {
            self.lasts.insert(self.gone + at, *key);
            self.blocks.insert(self.gone + at, block);
        }
    }

    pub(crate) fn put(&mut self, key: K, number: N, tie: impl Fn(N, N) -> Ordering) {
        #[cfg(any(debug_assertions, test))]
        {
            self.count += 1;
        }
        let entry = (key, number);
        if let Some(only) = self.block_mut(0)
            && only.is_empty()
        {
            only.entries.clear();
            only.gone = 0;
            only.put(0, entry);
            return self.note_last(0);
        }
        let (at, place) = self.seek(key, number, tie);
        // Between two blocks it goes to the end of the one before: whoever comes after one of the same kind comes there.
        if place == 0
            && let Some(before) = at.checked_sub(1)
            && let Some(block) = self.block_mut(before)
            && block.has_room()
        {
            block.put(block.present().len(), entry);
            return self.note_last(before);
        }
        let Some(block) = self.block_mut(at) else {
            let block = self.block_of(entry);
            return self.insert(at, block);
        };
        if place == 0 && block.put_back(entry) {
            return;
        }
        if block.has_room() {
            return block.put(place, entry);
        }
        if place == 0 {
            let block = self.block_of(entry);
            return self.insert(at, block);
        }
        self.split(at);
        let half = self.present().get(at);
        let half = half.map_or(0, |it| it.present().len());
        let (at, place) = match place.checked_sub(half) {
            Some(place) if place > 0 => (at + 1, place),
            _ => (at, place),
        };
        if let Some(block) = self.block_mut(at) {
            block.put(place, entry);
            self.note_last(at);
        }
    }

    /// Makes two of a block that is full.
    fn split(&mut self, at: usize) {
        let mut entries = self.room();
        if let Some(block) = self.block_mut(at) {
            entries.extend(block.entries.drain(BLOCK_MAX / 2..));
            self.note_last(at);
            self.insert(at + 1, Block { gone: 0, entries });
        }
    }

    /// Whether it stood there.
    pub(crate) fn take(&mut self, key: K, number: N, tie: impl Fn(N, N) -> Ordering) -> bool {
        // Whoever is served is the first.
        if let Some(front) = self.block_mut(0)
            && front.present().first() == Some(&(key, number))
        {
            front.gone += 1;
            let is_empty = front.is_empty();
            self.taken(0, is_empty);
            return true;
        }
        let (at, place) = self.seek(key, number, tie);
        let Some(block) = self.block_mut(at) else {
            return false;
        };
        if block.present().get(place) != Some(&(key, number)) {
            return false;
        }
        block.take(place);
        let is_empty = block.is_empty();
        self.note_last(at);
        self.taken(at, is_empty);
        true
    }

    /// One was taken from a block, which may be empty now.
    #[inline]
    fn taken(&mut self, at: usize, is_empty: bool) {
        #[cfg(any(debug_assertions, test))]
        {
            self.count -= 1;
        }
        if is_empty {
            self.put_aside(at);
        }
    }

    /// Takes an empty block out, save a small one that is the only one.
    #[cold]
    fn put_aside(&mut self, at: usize) {
        if let [only] = self.present()
            && only.entries.capacity() <= KEPT_MAX
        {
            return;
        }
        let Some(block) = self.block_mut(at) else {
            return;
        };
        let mut entries = mem::take(&mut block.entries);
        if entries.capacity() == BLOCK_MAX && self.spare.len() < SPARE_MAX {
            entries.clear();
            self.spare.push(entries);
        }
        if at > 0 {
            self.blocks.remove(self.gone + at);
            self.lasts.remove(self.gone + at);
            return;
        }
        // The room at the front is left until there is more of it than of blocks.
        self.gone += 1;
        if self.gone * 2 > self.blocks.len() {
            self.blocks.drain(..self.gone);
            self.lasts.drain(..self.gone);
            self.gone = 0;
        }
    }

    /// How many stand before this key, whether it stands here or not.
    pub(crate) fn before(&self, key: K, number: N, tie: impl Fn(N, N) -> Ordering) -> usize {
        let (at, place) = self.seek(key, number, tie);
        let whole = self.present().iter().take(at);
        whole.map(|block| block.present().len()).sum::<usize>() + place
    }
}

fn order<K: Ord, N: Copy + Eq>(a: (K, N), b: (K, N), tie: &impl Fn(N, N) -> Ordering) -> Ordering {
    a.0.cmp(&b.0).then_with(|| match a.1 == b.1 {
        true => Ordering::Equal,
        false => tie(a.1, b.1),
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn it_keeps_what_an_ordered_set_keeps_and_knows_each_place() {
        let mut ranked: Ranked<i64, u32> = Ranked::default();
        let mut plain: BTreeSet<(i64, u32)> = BTreeSet::new();
        let mut seed = 7_u64;
        for step in 0..20_000_u32 {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            let key = i64::try_from((seed >> 33) % 900).unwrap();
            let number = u32::try_from((seed >> 20) % 40).unwrap();
            if (seed >> 50).is_multiple_of(3) {
                let stood = ranked.take(key, number, |a, b| a.cmp(&b));
                assert_eq!(stood, plain.remove(&(key, number)));
            } else if plain.insert((key, number)) {
                ranked.put(key, number, |a, b| a.cmp(&b));
            }
            assert_eq!(ranked.first(), plain.first().copied());
            assert_eq!(ranked.count(), plain.len());
            if step % 500 == 0 {
                assert!(ranked.iter().eq(plain.iter().copied()));
                for (place, (key, number)) in plain.iter().enumerate() {
                    assert_eq!(ranked.before(*key, *number, |a, b| a.cmp(&b)), place);
                }
            }
        }
        assert!(ranked.count() > 5_000, "{}", ranked.count());
    }

    #[test]
    fn what_comes_at_the_end_and_goes_at_the_front_keeps_its_order() {
        let tie = |a: u32, b: u32| a.cmp(&b);
        let mut ranked: Ranked<i64, u32> = Ranked::default();
        let mut plain: BTreeSet<(i64, u32)> = BTreeSet::new();
        for step in 0..3_000_i64 {
            for (key, number) in [(step, 1), (step, 0), (step - 40, 2)] {
                ranked.put(key, number, tie);
                plain.insert((key, number));
            }
            // More comes than goes, then it all goes but one.
            let gone = match step % 1_000 {
                999 => plain.len() - 1,
                _ => 2,
            };
            for _ in 0..gone {
                let (key, number) = ranked.first().unwrap();
                assert_eq!(plain.pop_first(), Some((key, number)));
                assert!(ranked.take(key, number, tie));
                assert!(!ranked.take(key, number, tie));
            }
        }
        assert!(ranked.iter().eq(plain.iter().copied()));
        assert_eq!((ranked.count(), ranked.is_empty()), (plain.len(), false));
    }
}
