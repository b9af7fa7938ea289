//! Numbers in the order of a key, with the place of each.

use std::cmp::Ordering;
use std::collections::VecDeque;

/// How many entries a block holds before it is split.
const BLOCK_MAX: usize = 128;

/// An empty block of no more room than this is kept, so that a set of few does not ask for memory over and over.
const KEPT_MAX: usize = 16;

/// Numbers in the order of a key: sorted blocks of at most [`BLOCK_MAX`]. The first is at hand; to put, to take and to
/// find a place are two binary searches, and a place adds up one length a block besides.
///
/// Entries of equal keys are told apart by `tie`, which must order any two of them the same way every time.
#[derive(Debug, Clone)]
pub(crate) struct Ranked<K, N> {
    blocks: VecDeque<Block<K, N>>,
    #[cfg(any(debug_assertions, test))]
    count: usize,
}

/// Neighbours. What was taken off the front leaves its room there, so that to take the first moves nothing.
#[derive(Debug, Clone)]
struct Block<K, N> {
    /// The entry at the end, where the search among blocks finds it without looking into them.
    last: (K, N),
    /// How many at the front are no longer there.
    gone: usize,
    entries: Vec<(K, N)>,
}

impl<K, N> Default for Ranked<K, N> {
    fn default() -> Self {
        Self {
            blocks: VecDeque::new(),
            #[cfg(any(debug_assertions, test))]
            count: 0,
        }
    }
}

impl<K: Copy + Ord, N: Copy + Eq> Block<K, N> {
    fn of(entries: Vec<(K, N)>) -> Option<Self> {
        let last = *entries.last()?;
        Some(Self {
            last,
            gone: 0,
            entries,
        })
    }

    fn present(&self) -> &[(K, N)] {
        self.entries.get(self.gone..).unwrap_or_default()
    }

    fn is_empty(&self) -> bool {
        self.entries.len() == self.gone
    }

    /// How many stand before this one.
    fn before(&self, key: K, number: N, tie: &impl Fn(N, N) -> Ordering) -> usize {
        let before = |entry: &(K, N)| order(*entry, (key, number), tie).is_lt();
        self.present().partition_point(before)
    }

    fn close_up(&mut self) {
        self.entries.drain(..self.gone);
        self.gone = 0;
    }

    fn put(&mut self, place: usize, entry: (K, N)) {
        if place == 0
            && let Some(gone) = self.gone.checked_sub(1)
            && let Some(room) = self.entries.get_mut(gone)
        {
            *room = entry;
            self.gone = gone;
        } else {
            self.entries.insert(self.gone + place, entry);
        }
        if self.gone > 0 && self.entries.len() > BLOCK_MAX {
            self.close_up();
        }
        self.last = self.entries.last().copied().unwrap_or(entry);
    }

    fn take(&mut self, place: usize) {
        if place == 0 {
            self.gone += 1;
            return;
        }
        self.entries.remove(self.gone + place);
        self.last = self.entries.last().copied().unwrap_or(self.last);
    }
}

impl<K: Copy + Ord, N: Copy + Eq> Ranked<K, N> {
    #[cfg(any(debug_assertions, test))]
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.blocks.front().is_none_or(Block::is_empty)
    }

    pub(crate) fn first(&self) -> Option<(K, N)> {
        self.blocks.front()?.present().first().copied()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, N)> {
        self.blocks.iter().flat_map(Block::present).copied()
    }

    /// The block in which an entry stands or would stand.
    fn block(&self, key: K, number: N, tie: &impl Fn(N, N) -> Ordering) -> usize {
        let before = |block: &Block<K, N>| {
            !block.is_empty() && order(block.last, (key, number), tie).is_lt()
        };
        self.blocks.partition_point(before)
    }

    pub(crate) fn put(&mut self, key: K, number: N, tie: impl Fn(N, N) -> Ordering) {
        #[cfg(any(debug_assertions, test))]
        {
            self.count += 1;
        }
        let mut at = self.block(key, number, &tie);
        if at == self.blocks.len() {
            // Behind everybody: most come here, and a full last block is left full.
            match self.blocks.back() {
                Some(last) if last.entries.len() < BLOCK_MAX => at -= 1,
                _ => return self.blocks.extend(Block::of(vec![(key, number)])),
            }
        }
        let Some(block) = self.blocks.get_mut(at) else {
            return;
        };
        if block.is_empty() {
            block.entries.clear();
            block.gone = 0;
        }
        block.put(block.before(key, number, &tie), (key, number));
        if block.entries.len() > BLOCK_MAX {
            let half = block.entries.split_off(BLOCK_MAX / 2);
            block.last = block.entries.last().copied().unwrap_or(block.last);
            if let Some(half) = Block::of(half) {
                self.blocks.insert(at + 1, half);
            }
        }
    }

    /// Whether it stood there.
    pub(crate) fn take(&mut self, key: K, number: N, tie: impl Fn(N, N) -> Ordering) -> bool {
        // Whoever is served is the first.
        let (at, place) = match self.first() == Some((key, number)) {
            true => (0, 0),
            false => {
                let at = self.block(key, number, &tie);
                let block = self.blocks.get(at);
                (at, block.map_or(0, |it| it.before(key, number, &tie)))
            }
        };
        let Some(block) = self.blocks.get_mut(at) else {
            return false;
        };
        if block.present().get(place) != Some(&(key, number)) {
            return false;
        }
        block.take(place);
        let is_kept = block.entries.capacity() <= KEPT_MAX;
        if block.is_empty() && !(is_kept && self.blocks.len() == 1) {
            self.blocks.remove(at);
        }
        #[cfg(any(debug_assertions, test))]
        {
            self.count -= 1;
        }
        true
    }

    /// How many stand before this key, whether it stands here or not.
    pub(crate) fn before(&self, key: K, number: N, tie: impl Fn(N, N) -> Ordering) -> usize {
        let at = self.block(key, number, &tie);
        let whole = self.blocks.iter().take(at);
        let whole: usize = whole.map(|block| block.present().len()).sum();
        let part = self.blocks.get(at);
        whole + part.map_or(0, |block| block.before(key, number, &tie))
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
