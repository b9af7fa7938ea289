//! Names to numbers, where the lookup is on the hot path.

use std::hash::{Hash, Hasher};

use hashbrown::HashTable;

use crate::slab::{Number, Slab};

/// A thing that is found by its name.
pub(crate) trait Named {
    type Name: Eq + Hash;
    fn name(&self) -> &Self::Name;
}

/// A hashed table without iteration, hashed alike in every process. It holds numbers alone: the names stand where the
/// things are.
#[derive(Debug, Clone)]
pub(crate) struct Lookup<N>(HashTable<N>);

impl<N> Default for Lookup<N> {
    fn default() -> Self {
        Self(HashTable::new())
    }
}

impl<N: Number + Eq> Lookup<N> {
    pub(crate) fn get<T: Named>(&self, name: &T::Name, things: &Slab<N, T>) -> Option<N> {
        let is_it = |number: &N| things.get(*number).is_some_and(|it| it.name() == name);
        self.0.find(mixed(name), is_it).copied()
    }

    /// Adds what is not there yet and stands among the things already.
    pub(crate) fn put<T: Named>(&mut self, name: &T::Name, number: N, things: &Slab<N, T>) {
        let hash = |number: &N| things.get(*number).map_or(0, |it| mixed(it.name()));
        self.0.insert_unique(mixed(name), number, hash);
    }

    /// Takes out what still stands among the things.
    pub(crate) fn take(&mut self, name: &impl Hash, number: N) {
        if let Ok(found) = self.0.find_entry(mixed(name), |it| *it == number) {
            found.remove();
        }
    }
}

fn mixed(name: &impl Hash) -> u64 {
    let mut mixer = Mixer::default();
    name.hash(&mut mixer);
    mixer.finish()
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
        let (words, rest) = bytes.as_chunks::<8>();
        for word in words {
            self.mix(u64::from_le_bytes(*word));
        }
        let mut word = [0; 8];
        for (to, from) in word.iter_mut().zip(rest) {
            *to = *from;
        }
        self.mix(u64::from_le_bytes(word));
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
    fn names_that_differ_in_a_digit_do_not_crowd() {
        let low = |n: u32| mixed(&format!("conversation-{n:09}")) % 65_536;
        let places: BTreeSet<u64> = (0..65_536).map(low).collect();
        // Thrown at random, about 63 of 100 places are hit.
        assert!(places.len() > 40_000, "{}", places.len());
    }
}
