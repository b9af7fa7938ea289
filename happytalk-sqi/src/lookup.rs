//! A table that is only looked up, never walked through, so that its order cannot show in a figure.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{BuildHasher, BuildHasherDefault, Hash, Hasher};

#[expect(
    clippy::disallowed_types,
    reason = "hot, looked up only, and hashed the same on every run"
)]
type Hashed<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<Fold>>;

/// A quick hash that is the same on every run and platform: words of eight bytes, folded by a multiplication.
///
/// Keys are ids that the integrator mints and names that a site gives; what a customer writes never is one, but for
/// parameters that somebody asked rows by.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fold(u64);

const SEED: u64 = 0x9e37_79b9_7f4a_7c15;
const FACTOR: u64 = 0xd6e8_feb8_6659_fd93;

fn fold(one: u64, other: u64) -> u64 {
    let wide = u128::from(one) * u128::from(other);
    // The high half always fits.
    one.wrapping_mul(other) ^ u64::try_from(wide >> 64).unwrap_or(0)
}

impl Default for Fold {
    fn default() -> Self {
        Self(SEED)
    }
}

impl Hasher for Fold {
    fn write(&mut self, bytes: &[u8]) {
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.write_u64(u64::from_le_bytes(*word));
        }
        let mut last = [0; 8];
        for (slot, byte) in last.iter_mut().zip(rest) {
            *slot = *byte;
        }
        // The length keeps a text apart from the same one with zeros behind it.
        self.write_u64(u64::from_le_bytes(last) ^ ((bytes.len() as u64) << 56));
    }

    fn write_u8(&mut self, byte: u8) {
        self.write_u64(u64::from(byte));
    }

    fn write_u32(&mut self, number: u32) {
        self.write_u64(u64::from(number));
    }

    fn write_u64(&mut self, number: u64) {
        self.0 = fold(self.0 ^ number, FACTOR);
    }

    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }

    fn finish(&self) -> u64 {
        fold(self.0, SEED)
    }
}

/// The hash of `key`.
pub(crate) fn hash(key: &str) -> u64 {
    BuildHasherDefault::<Fold>::default().hash_one(key)
}

/// Values by key. Has no iteration.
#[derive(Clone)]
pub(crate) struct Lookup<K, V>(Hashed<K, V>);

impl<K: Hash + Eq, V> Lookup<K, V> {
    pub(crate) fn get<Q: Hash + Eq + ?Sized>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.0.get(key)
    }

    pub(crate) fn get_mut<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.0.get_mut(key)
    }

    pub(crate) fn insert(&mut self, key: K, value: V) {
        self.0.insert(key, value);
    }

    pub(crate) fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.0.remove(key)
    }
}

impl<K, V> Default for Lookup<K, V> {
    fn default() -> Self {
        Self(Hashed::default())
    }
}

/// Keys and values may be personal.
impl<K, V> fmt::Debug for Lookup<K, V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lookup({})", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_that_are_alike_hash_apart_and_the_same_on_every_run() {
        let mut seen: Vec<u64> = (0..20_000).map(|n| hash(&format!("c-{n}"))).collect();
        seen.extend([
            hash(""),
            hash("\0"),
            hash("\0\0"),
            hash("12345678"),
            hash("12345678\0"),
        ]);
        let all = seen.len();
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), all);
        assert_eq!(hash("c-17"), hash("c-17"));
        // The low bits choose the slot of a table: none of 64 may be left out.
        let low: std::collections::BTreeSet<u64> = seen.iter().map(|hash| hash % 64).collect();
        assert_eq!(low.len(), 64);
    }
}
