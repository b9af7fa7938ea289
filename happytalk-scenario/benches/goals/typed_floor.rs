//! The floors of what is typed: the steps of the matcher written out by hand, each for the one case that is measured and
//! without anything around it.

#![expect(
    clippy::disallowed_types,
    reason = "the quickest table there is, and nobody goes through it"
)]

use std::collections::HashSet;

/// What a key types: the place of an initial and of a final consonant, or of a vowel.
#[derive(Clone, Copy)]
enum Key {
    Consonant(u32, u32),
    Vowel(u32),
    Other,
}

/// The keys that are struck in the word that is measured, by their letters.
const fn key(letter: u8) -> Key {
    match letter {
        b'd' => Key::Consonant(11, 21),
        b's' => Key::Consonant(2, 4),
        b'v' => Key::Consonant(17, 26),
        b'g' => Key::Consonant(18, 27),
        b'r' => Key::Consonant(0, 1),
        b'k' => Key::Vowel(0),
        b'l' => Key::Vowel(20),
        b'h' => Key::Vowel(8),
        b'y' => Key::Vowel(12),
        _ => Key::Other,
    }
}

/// Syllables of letters struck in English: an initial, a vowel, and a final where no vowel follows. No letter takes two
/// keys, none is doubled, nothing is checked.
pub(crate) fn keyboard(text: &str) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let keys = text.as_bytes();
    let mut at = 0;
    while at < keys.len() {
        let (Key::Consonant(initial, _), Some(&next)) = (key(keys[at]), keys.get(at + 1)) else {
            at += 1;
            continue;
        };
        let Key::Vowel(vowel) = key(next) else {
            at += 1;
            continue;
        };
        at += 2;
        let mut syllable = 0xAC00 + initial * 588 + vowel * 28;
        if let Some(&behind) = keys.get(at)
            && let Key::Consonant(_, last) = key(behind)
            && !keys
                .get(at + 1)
                .is_some_and(|&after| matches!(key(after), Key::Vowel(_)))
        {
            syllable += last;
            at += 1;
        }
        out.extend(char::from_u32(syllable));
    }
    out
}

/// Words with up to two of their keystrokes taken out, by their hashes, as a slip is found in spelling tools.
pub(crate) struct Deletes {
    rests: HashSet<u64>,
}

fn hash(keys: impl Iterator<Item = char>) -> u64 {
    keys.fold(0xcbf2_9ce4_8422_2325, |hash, key| {
        (hash ^ u64::from(u32::from(key))).wrapping_mul(0x0100_0000_01b3)
    })
}

/// Syllables as their letters in Unicode's own order, which is near enough to keystrokes.
fn keys(text: &str) -> Vec<char> {
    let mut keys = Vec::with_capacity(text.len());
    for c in text.chars() {
        let code = u32::from(c).wrapping_sub(0xAC00);
        if code < 11_172 {
            keys.extend(char::from_u32(0x1100 + code / 588));
            keys.extend(char::from_u32(0x1161 + code % 588 / 28));
            keys.extend(
                (code % 28 > 0)
                    .then(|| char::from_u32(0x11A7 + code % 28))
                    .flatten(),
            );
        } else {
            keys.push(c);
        }
    }
    keys
}

fn rests(keys: &[char], mut visit: impl FnMut(u64)) {
    visit(hash(keys.iter().copied()));
    for first in 0..keys.len() {
        let without = |taken: usize| {
            let kept = keys.iter().enumerate();
            kept.filter(move |(at, _)| *at != first && *at != taken)
                .map(|(_, key)| *key)
        };
        visit(hash(without(first)));
        for second in first + 1..keys.len() {
            visit(hash(without(second)));
        }
    }
}

impl Deletes {
    pub(crate) fn of(words: &[String]) -> Self {
        let mut found = HashSet::new();
        for word in words {
            rests(&keys(word), |rest| {
                found.insert(rest);
            });
        }
        Self { rests: found }
    }

    /// How many rests of the text are rests of some word.
    pub(crate) fn count(&self, text: &str) -> usize {
        let mut count = 0;
        rests(&keys(text), |rest| {
            count += usize::from(self.rests.contains(&rest))
        });
        count
    }
}
