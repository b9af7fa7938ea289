//! The inputs that came last, so that one that comes twice is known.
//!
//! As JSON eight letters for each, one after the other.

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::SEEN_MAX;

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// The inputs that came last, as [`seen_id`] remembers them.
///
/// In place rather than in a list of its own: every turn looks through it, and every state that is read would have to
/// make the list.
#[derive(Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// Oldest first, at the end; in front of them zeros.
    ids: [u64; SEEN_MAX],
    /// How many there are; more than fit only as read from bytes, which [`Inner::check`](super::Inner) refuses.
    count: usize,
}

impl Seen {
    pub(crate) const fn len(&self) -> usize {
        self.count
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// Oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = u64> {
        self.ids
            .iter()
            .copied()
            .skip(SEEN_MAX.saturating_sub(self.count))
    }

    pub(crate) fn contains(&self, id: u64) -> bool {
        // Without leaving early, so that several are compared at once. A zero may be one of those in front.
        let is_there = self
            .ids
            .iter()
            .fold(false, |found, seen| found | (*seen == id));
        is_there && (id != 0 || self.iter().any(|seen| seen == id))
    }

    /// Remembers one more, and forgets the oldest where there are too many.
    pub(crate) const fn push(&mut self, id: u64) {
        let [_, b, c, d, e, f, g, h] = self.ids;
        self.ids = [b, c, d, e, f, g, h, id];
        if self.count < SEEN_MAX {
            self.count += 1;
        }
    }

    /// The ids of such parts of bytes, oldest first; `None` where one is no id.
    pub(super) fn of<T>(parts: &[T], read: impl Fn(&T) -> Option<u64>) -> Option<Self> {
        let mut ids = [0; SEEN_MAX];
        for (id, part) in ids.iter_mut().rev().zip(parts.iter().rev()) {
            *id = read(part)?;
        }
        let count = parts.len();
        Some(Self { ids, count })
    }
}

impl Serialize for Seen {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut text = String::with_capacity(self.len() * 8);
        for id in self.iter() {
            text.extend(Letters::of(id).0.map(char::from));
        }
        to.serialize_str(&text)
    }
}

impl<'de> Deserialize<'de> for Seen {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        let wrong = || D::Error::custom("expected eight letters for each input");
        Self::read(text.as_bytes()).ok_or_else(wrong)
    }
}

impl Seen {
    /// From the letters of each; `None` where they are none.
    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let (ids, rest) = text.as_chunks::<8>();
        if !rest.is_empty() {
            return None;
        }
        Self::of(ids, |id| Letters(*id).id())
    }
}

/// The eight letters of an id, six bits each, the highest first.
pub(super) struct Letters(pub(super) [u8; 8]);

/// What a byte is among the letters; 64 for what is none.
const PLACES: [u8; 256] = places();

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "worked out while compiling, where a slip is an error; there are 64 letters"
)]
const fn places() -> [u8; 256] {
    let mut places = [64; 256];
    let mut place = 0;
    while place < LETTERS.len() {
        places[LETTERS[place] as usize] = place as u8;
        place += 1;
    }
    places
}

impl Letters {
    pub(super) fn of(id: u64) -> Self {
        Self(std::array::from_fn(|place| {
            let letter = usize::try_from((id >> ((7 - place) * 6)) & 63).unwrap_or(0);
            LETTERS.get(letter).copied().unwrap_or(b'A')
        }))
    }

    fn id(&self) -> Option<u64> {
        let place = |letter: &u8| PLACES.get(usize::from(*letter)).copied().unwrap_or(64);
        let places = self.0.each_ref().map(place);
        let are_letters = places.iter().fold(0, |all, place| all | place) < 64;
        let id = places
            .iter()
            .fold(0, |id, place| id << 6 | u64::from(*place));
        are_letters.then_some(id)
    }
}

/// How an input id is remembered: 48 bits of its hash, so that a state is small whatever the platform's ids are.
pub(crate) fn seen_id(id: &str) -> u64 {
    crate::table::hash(id.as_bytes()) >> 16
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_eight_are_remembered_and_a_zero_only_where_it_came() {
        let mut seen = Seen::default();
        assert!(!seen.contains(0) && seen.is_empty());
        for id in 1..=9 {
            seen.push(id);
        }
        assert!(!seen.contains(1) && (2..=9).all(|id| seen.contains(id)));
        assert_eq!(seen.iter().collect::<Vec<_>>(), (2..=9).collect::<Vec<_>>());
        assert!(Seen::of(&[0, 7], |id| Some(*id)).unwrap().contains(0));
    }

    #[test]
    fn every_id_comes_back_from_its_letters() {
        for id in [0, 1, 62, 63, (1 << 48) - 1, 0x1234_5678_9abc] {
            assert_eq!(Letters::of(id).id(), Some(id));
        }
        assert_eq!(Letters(*b"AAAA AAA").id(), None);
    }
}
