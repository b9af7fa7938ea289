//! A table that is only looked up, never walked through, so that its order cannot show in a bill.

#![expect(
    clippy::disallowed_types,
    reason = "hot and looked up only: the table offers no iteration, so no order of it shows"
)]

use std::borrow::Borrow;
use std::collections::HashMap;
use std::fmt;
use std::hash::{BuildHasherDefault, Hash, Hasher};

/// Values by key, hashed alike in every process. Has no iteration.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Lookup<K: Eq + Hash, V>(HashMap<K, V, BuildHasherDefault<Mixer>>);

impl<K: Eq + Hash, V> Default for Lookup<K, V> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<K: Eq + Hash, V> Lookup<K, V> {
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.get(key)
    }

    pub(crate) fn contains<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.0.contains_key(key)
    }

    pub(crate) fn get_mut<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.0.get_mut(key)
    }

    /// The value of the key, made where there is none.
    pub(crate) fn of(&mut self, key: K) -> &mut V
    where
        V: Default,
    {
        self.0.entry(key).or_default()
    }

    pub(crate) fn put(&mut self, key: K, value: V) {
        self.0.insert(key, value);
    }

    pub(crate) fn take<Q: Eq + Hash + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.0.remove(key)
    }
}

/// Keys may be personal.
impl<K: Eq + Hash, V> fmt::Debug for Lookup<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lookup({})", self.0.len())
    }
}

/// Eight bytes a multiplication. The keys are those of the site's own books and digests, not text that customers choose.
#[derive(Debug, Clone, Copy, Default)]
struct Mixer(u64);

impl Mixer {
    fn mix(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(23) ^ word).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    }
}

impl Hasher for Mixer {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        self.mix(u64::from_le_bytes(last));
    }

    fn write_u8(&mut self, byte: u8) {
        self.mix(u64::from(byte));
    }

    fn finish(&self) -> u64 {
        // The table uses both ends of the number; a multiplication leaves the low end poor.
        let z = (self.0 ^ (self.0 >> 32)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z ^ (z >> 29)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_that_differ_in_a_digit_do_not_crowd() {
        let low = |n: u32| {
            let mut mixer = Mixer::default();
            format!("msg-{n:09}").hash(&mut mixer);
            mixer.finish() % 65_536
        };
        let places: BTreeSet<u64> = (0..65_536).map(low).collect();
        // Thrown at random, about 63 of 100 places are hit.
        assert!(places.len() > 40_000, "{}", places.len());
    }
}
