//! Names to numbers, where the lookup is on the hot path.

#![expect(
    clippy::disallowed_types,
    reason = "only looked up: the table cannot be gone through, so no order of it shows"
)]

use std::borrow::Borrow;
use std::collections::HashMap;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash};

/// A hashed table without iteration, hashed alike in every process.
#[derive(Debug, Clone)]
pub(crate) struct Lookup<K, V>(HashMap<K, V, BuildHasherDefault<DefaultHasher>>);

impl<K, V> Default for Lookup<K, V> {
    fn default() -> Self {
        Self(HashMap::default())
    }
}

impl<K: Eq + Hash, V: Copy> Lookup<K, V> {
    pub(crate) fn get<Q: Eq + Hash + ?Sized>(&self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.0.get(key).copied()
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
