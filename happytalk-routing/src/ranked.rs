//! Numbers in the order of a key, with the place of each.

use std::cmp::Ordering;
use std::collections::VecDeque;

/// How many entries a block holds before it is split.
const BLOCK_MAX: usize = 256;

/// Numbers in the order of a key: sorted blocks of at most [`BLOCK_MAX`]. The first is at hand; to put, to take and to
/// find a place are two binary searches, and a place adds up one length a block besides.
///
/// Entries of equal keys are told apart by `tie`, which must order any two of them the same way every time.
#[derive(Debug, Clone)]
pub(crate) struct Ranked<K, N> {
    blocks: VecDeque<VecDeque<(K, N)>>,
    count: usize,
}

impl<K, N> Default for Ranked<K, N> {
    fn default() -> Self {
        Self {
            blocks: VecDeque::new(),
            count: 0,
        }
    }
}

impl<K: Copy + Ord, N: Copy + Eq> Ranked<K, N> {
    #[cfg(any(debug_assertions, test))]
    pub(crate) const fn count(&self) -> usize {
        self.count
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    pub(crate) fn first(&self) -> Option<(K, N)> {
        self.blocks.front()?.front().copied()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (K, N)> {
        self.blocks.iter().flatten().copied()
    }

    /// The block in which an entry stands or would stand.
    fn block(&self, key: K, number: N, tie: &impl Fn(N, N) -> Ordering) -> usize {
        let before = |block: &VecDeque<(K, N)>| {
            block
                .back()
                .is_some_and(|last| order(*last, (key, number), tie).is_lt())
        };
        self.blocks.partition_point(before)
    }

    fn within(
        block: &VecDeque<(K, N)>,
        key: K,
        number: N,
        tie: &impl Fn(N, N) -> Ordering,
    ) -> usize {
        block.partition_point(|entry| order(*entry, (key, number), tie).is_lt())
    }

    pub(crate) fn put(&mut self, key: K, number: N, tie: impl Fn(N, N) -> Ordering) {
        self.count += 1;
        let at = self.block(key, number, &tie);
        // Behind everybody: most come here, and a full last block is left full.
        let at = if at == self.blocks.len() {
            match self.blocks.back() {
                Some(last) if last.len() < BLOCK_MAX => at - 1,
                _ => {
                    self.blocks.push_back(VecDeque::from([(key, number)]));
                    return;
                }
            }
        } else {
            at
        };
        let Some(block) = self.blocks.get_mut(at) else {
            return;
        };
        let place = Self::within(block, key, number, &tie);
        block.insert(place, (key, number));
        if block.len() > BLOCK_MAX {
            let half = block.split_off(BLOCK_MAX / 2);
            self.blocks.insert(at + 1, half);
        }
    }

    /// Whether it stood there.
    pub(crate) fn take(&mut self, key: K, number: N, tie: impl Fn(N, N) -> Ordering) -> bool {
        let at = self.block(key, number, &tie);
        let Some(block) = self.blocks.get_mut(at) else {
            return false;
        };
        let place = Self::within(block, key, number, &tie);
        if block.get(place).is_none_or(|entry| *entry != (key, number)) {
            return false;
        }
        block.remove(place);
        if block.is_empty() {
            self.blocks.remove(at);
        }
        self.count -= 1;
        true
    }

    /// How many stand before this key, whether it stands here or not.
    pub(crate) fn before(&self, key: K, number: N, tie: impl Fn(N, N) -> Ordering) -> usize {
        let at = self.block(key, number, &tie);
        let whole: usize = self.blocks.iter().take(at).map(VecDeque::len).sum();
        let part = self.blocks.get(at);
        whole + part.map_or(0, |block| Self::within(block, key, number, &tie))
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
}
