//! A table that is only looked up, never walked through, so that its order cannot show in a figure.

use std::borrow::Borrow;
use std::fmt;
use std::hash::{BuildHasherDefault, DefaultHasher, Hash};

#[expect(
    clippy::disallowed_types,
    reason = "hot, looked up only, and hashed the same on every run"
)]
type Hashed<K, V> = std::collections::HashMap<K, V, BuildHasherDefault<DefaultHasher>>;

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

    pub(crate) fn remove<Q: Hash + Eq + ?Sized>(&mut self, key: &Q)
    where
        K: Borrow<Q>,
    {
        self.0.remove(key);
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
