//! A hashed table that is only looked up: it has no order, and nothing runs over it.

/// Places of a list, found by the hash of what stands there.
///
/// The list itself is the owner's, who says on a look-up whether a place is the right one. The same list gives the same
/// table on every platform: nothing in it is random.
#[derive(Default)]
pub(crate) struct Table {
    /// A place and one, 0 for none; a power of two of them, at most half of them taken.
    slots: Vec<u32>,
}

impl Table {
    /// For as many as `count` places.
    pub(crate) fn with_room(count: usize) -> Self {
        let length = count
            .saturating_mul(2)
            .checked_next_power_of_two()
            .unwrap_or(2);
        Self {
            slots: vec![0; length.max(2)],
        }
    }

    fn first(&self, hash: u64) -> usize {
        // The upper half is the better mixed one; more than 32 bits of places do not exist.
        usize::try_from(hash >> 32).unwrap_or(0) & (self.slots.len().wrapping_sub(1))
    }

    /// Adds a place; more than there was room made for are not taken.
    pub(crate) fn insert(&mut self, hash: u64, place: usize) {
        let Some(kept) = u32::try_from(place)
            .ok()
            .and_then(|place| place.checked_add(1))
        else {
            return;
        };
        let mut at = self.first(hash);
        for _ in 0..self.slots.len() {
            match self.slots.get_mut(at) {
                Some(slot @ 0) => {
                    *slot = kept;
                    return;
                }
                Some(_) => at = (at + 1) & (self.slots.len() - 1),
                None => return,
            }
        }
    }

    /// The first place with that hash, in the order in which they were added, for which `is` holds.
    pub(crate) fn find(&self, hash: u64, mut is: impl FnMut(usize) -> bool) -> Option<usize> {
        let mut at = self.first(hash);
        for _ in 0..self.slots.len() {
            let slot = *self.slots.get(at)?;
            let place = usize::try_from(slot.checked_sub(1)?).ok()?;
            if is(place) {
                return Some(place);
            }
            at = (at + 1) & (self.slots.len() - 1);
        }
        None
    }
}

const ODD: u64 = 0x9e37_79b9_7f4a_7c15;

/// A hash of what has several parts, made like [`hash`] and the same on every run.
#[derive(Default)]
pub(crate) struct Sum(u64);

impl Sum {
    fn take(&mut self, word: u64) {
        let wide = u128::from(self.0 ^ word ^ ODD) * u128::from(ODD);
        self.0 = fold(wide) ^ self.0.rotate_left(23);
    }
}

impl std::hash::Hasher for Sum {
    fn write(&mut self, bytes: &[u8]) {
        self.take(hash(bytes));
    }

    fn write_u8(&mut self, byte: u8) {
        self.take(byte.into());
    }

    fn write_usize(&mut self, number: usize) {
        self.take(u64::try_from(number).unwrap_or(u64::MAX));
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// A hash of bytes: eight at a time, multiplied and folded. Not against people who choose what is hashed to be slow:
/// the texts in a table are an author's.
pub(crate) fn hash(bytes: &[u8]) -> u64 {
    let mut sum = ODD ^ u64::try_from(bytes.len()).unwrap_or(u64::MAX);
    let (words, rest) = bytes.as_chunks::<8>();
    let mut take = |word: u64| {
        let wide = u128::from(sum ^ word) * u128::from(ODD);
        sum = fold(wide) ^ sum.rotate_left(23);
    };
    for word in words {
        take(u64::from_le_bytes(*word));
    }
    if !rest.is_empty() {
        let mut last = [0; 8];
        for (to, from) in last.iter_mut().zip(rest) {
            *to = *from;
        }
        take(u64::from_le_bytes(last));
    }
    let wide = u128::from(sum ^ (sum >> 29)) * u128::from(0xd6e8_feb8_6659_fd93_u64);
    fold(wide)
}

fn fold(wide: u128) -> u64 {
    let high = u64::try_from(wide >> 64).unwrap_or(0);
    let low = u64::try_from(wide & u128::from(u64::MAX)).unwrap_or(0);
    high ^ low
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found_and_nothing_else() {
        let words: Vec<String> = (0..5_000).map(|n| format!("낱말{n}")).collect();
        let mut table = Table::with_room(words.len());
        for (place, word) in words.iter().enumerate() {
            table.insert(hash(word.as_bytes()), place);
        }
        let find = |word: &str| table.find(hash(word.as_bytes()), |place| words[place] == word);
        assert!(
            (0..5_000).all(|place| find(&words[place]) == Some(place)),
            "each is found where it was put"
        );
        assert_eq!(find("낱말5000"), None);
        assert_eq!(Table::default().find(hash(b""), |_| true), None);
    }

    #[test]
    fn the_first_of_two_that_are_alike_is_found_first() {
        let mut table = Table::with_room(2);
        table.insert(hash(b"x"), 7);
        table.insert(hash(b"x"), 3);
        assert_eq!(table.find(hash(b"x"), |_| true), Some(7));
        assert_eq!(table.find(hash(b"x"), |place| place != 7), Some(3));
    }

    #[test]
    fn short_and_long_texts_have_hashes_of_their_own() {
        let texts = ["", "a", "\0", "aaaaaaaa", "aaaaaaaaa", "aaaaaaaa\0"];
        for (place, a) in texts.iter().enumerate() {
            for b in texts.iter().skip(place + 1) {
                assert_ne!(hash(a.as_bytes()), hash(b.as_bytes()), "{a:?} {b:?}");
            }
        }
    }
}
