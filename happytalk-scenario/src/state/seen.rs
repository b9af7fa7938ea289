//! The inputs that came last, as a state remembers them: eight letters for each, one after the other.

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};

const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

pub(super) fn serialize<S: Serializer>(seen: &Vec<u64>, to: S) -> Result<S::Ok, S::Error> {
    let mut text = String::with_capacity(seen.len() * 8);
    for id in seen {
        for place in (0..8).rev() {
            let letter = usize::try_from((id >> (place * 6)) & 63).unwrap_or(0);
            text.push(LETTERS.get(letter).copied().map_or('A', char::from));
        }
    }
    to.serialize_str(&text)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u64>, D::Error> {
    let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
    let (ids, rest) = text.as_bytes().as_chunks::<8>();
    let wrong = || D::Error::custom("expected eight letters for each input");
    if !rest.is_empty() {
        return Err(wrong());
    }
    let number = |id: &[u8; 8]| {
        id.iter().try_fold(0_u64, |number, letter| {
            let digit = match letter {
                b'A'..=b'Z' => letter - b'A',
                b'a'..=b'z' => letter - b'a' + 26,
                b'0'..=b'9' => letter - b'0' + 52,
                b'-' => 62,
                b'_' => 63,
                _ => return None,
            };
            Some(number << 6 | u64::from(digit))
        })
    };
    ids.iter().map(|id| number(id).ok_or_else(wrong)).collect()
}

/// How an input id is remembered: 48 bits of its hash, so that a state is small whatever the platform's ids are.
pub(crate) fn seen_id(id: &str) -> u64 {
    crate::table::hash(id.as_bytes()) >> 16
}
