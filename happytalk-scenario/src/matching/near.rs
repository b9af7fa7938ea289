//! Stage 8: words that are a slip of the finger or two away from what was typed, counted in keystrokes.

use super::Entry;
use crate::hangul;

/// The longest text in which a slip is looked for, in keystrokes.
const KEYSTROKES_MAX: usize = 24;
/// The longest word that such a text may be two slips away from.
const WORD_KEYSTROKES_MAX: usize = KEYSTROKES_MAX + 2;
/// From how many words on they are looked up rather than gone through.
const INDEX_FROM: usize = 48;

/// Half slips that a word of so many keystrokes forgives.
const fn forgiven(keystrokes: usize) -> usize {
    match keystrokes {
        0..=3 => 0,
        4..=8 => 2,
        _ => 4,
    }
}

/// The words of a matcher in keystrokes.
pub(super) struct Near {
    words: Vec<Word>,
    /// Only where there are many words.
    index: Option<Index>,
}

struct Word {
    entry: usize,
    keys: Box<[char]>,
}

impl Near {
    pub(super) fn new(entries: &[Entry]) -> Self {
        let mut words = Vec::new();
        for (place, entry) in entries.iter().enumerate() {
            // A keystroke is at least one byte of three, so that a much longer text is too long.
            if !entry.within || entry.n2().len() > WORD_KEYSTROKES_MAX * 3 {
                continue;
            }
            let keys = hangul::keystrokes(entry.n2());
            if forgiven(keys.len()) > 0 && keys.len() <= WORD_KEYSTROKES_MAX {
                words.push(Word {
                    entry: place,
                    keys: keys.into(),
                });
            }
        }
        Self {
            index: (words.len() >= INDEX_FROM).then(|| Index::new(&words)),
            words,
        }
    }

    /// Visits the entries that are near enough; one may be visited twice.
    pub(super) fn each(&self, n2: &str, visit: &mut dyn FnMut(usize)) {
        if self.words.is_empty() || n2.len() > KEYSTROKES_MAX * 3 {
            return;
        }
        let typed = hangul::keystrokes(n2);
        if typed.len() > KEYSTROKES_MAX {
            return;
        }
        let mut judge = |word: &Word| {
            if is_within(&typed, &word.keys, forgiven(word.keys.len())) {
                visit(word.entry);
            }
        };
        match &self.index {
            Some(index) => index.each(&typed, &mut |place| {
                if let Some(word) = self.words.get(place) {
                    judge(word);
                }
            }),
            None => self.words.iter().for_each(judge),
        }
    }
}

/// What is left of each word when up to as many keys are taken out as it forgives slips. Two rows of keys that are so
/// many slips apart have such a rest in common; a swap of two keys is one taken out of each. Shift does not count here.
struct Index {
    /// The rests by their hashes, in order; and the word.
    rests: Vec<(u32, u32)>,
    /// Where in `rests` the hashes with these upper bits begin.
    starts: Vec<u32>,
    /// A bit for each hash that may be there: most rests of what is typed are nowhere, and this is seen here.
    bits: Vec<u64>,
    shift: u32,
}

impl Index {
    fn new(words: &[Word]) -> Self {
        let mut rests: Vec<(u32, u32)> = Vec::new();
        for (place, word) in (0_u32..).zip(words) {
            let deep = forgiven(word.keys.len()) / 2;
            rests_of(&word.keys, deep, &mut |hash| rests.push((hash, place)));
        }
        rests.sort_unstable();
        rests.dedup();
        // About two rests begin with the same bits; the places of 32-bit hashes fit 32 bits.
        let bits_used = rests.len().max(2).ilog2().min(24);
        let shift = 32 - bits_used;
        let buckets = 1_usize << bits_used;
        let mut starts = vec![0_u32; buckets + 1];
        for (hash, _) in &rests {
            let bucket = usize::try_from(hash >> shift).unwrap_or(0);
            if let Some(count) = starts.get_mut(bucket + 1) {
                *count += 1;
            }
        }
        let mut sum = 0_u32;
        for start in &mut starts {
            sum = sum.saturating_add(*start);
            *start = sum;
        }
        let mut bits = vec![0_u64; (buckets * 16 / 64).max(1)];
        for (hash, _) in &rests {
            let (cell, bit) = place_of_bit(*hash, bits.len());
            if let Some(cell) = bits.get_mut(cell) {
                *cell |= bit;
            }
        }
        Self {
            rests,
            starts,
            bits,
            shift,
        }
    }

    fn each(&self, typed: &[char], visit: &mut dyn FnMut(usize)) {
        // A word that forgives two slips has nine keys, so that no shorter text than seven is two away.
        let deep = if typed.len() >= 7 { 2 } else { 1 };
        let mut found: Vec<u32> = Vec::new();
        rests_of(typed, deep, &mut |hash| {
            let (cell, bit) = place_of_bit(hash, self.bits.len());
            if self.bits.get(cell).is_none_or(|cell| cell & bit == 0) {
                return;
            }
            let bucket = usize::try_from(hash >> self.shift).unwrap_or(0);
            let start = self.starts.get(bucket).copied().unwrap_or(0);
            let end = self.starts.get(bucket + 1).copied().unwrap_or(0);
            let (Ok(start), Ok(end)) = (usize::try_from(start), usize::try_from(end)) else {
                return;
            };
            let bucket = self.rests.get(start..end).unwrap_or_default();
            found.extend(bucket.iter().filter(|(h, _)| *h == hash).map(|(_, w)| *w));
        });
        found.sort_unstable();
        found.dedup();
        for place in found {
            visit(usize::try_from(place).unwrap_or(usize::MAX));
        }
    }
}

/// The cell and the bit of a hash; the lower bits of it, the buckets go by the upper ones.
fn place_of_bit(hash: u32, cells: usize) -> (usize, u64) {
    let mixed = hash.wrapping_mul(0x9e37_79b1);
    let cell = usize::try_from(mixed >> 6).unwrap_or(0) & (cells - 1);
    (cell, 1 << (mixed & 63))
}

/// The hashes of what is left of the keys with up to `deep` of them taken out, Shift not counted.
///
/// The hash of a row is a polynomial of its keys, so that the hash of a rest is put together from the hashes of the
/// parts before, between and behind what is taken out.
fn rests_of(keys: &[char], deep: usize, visit: &mut dyn FnMut(u32)) {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    // powers[n] is BASE to the n; before[n] the hash of the first n keys.
    let mut powers = [1_u64; WORD_KEYSTROKES_MAX + 2];
    let mut before = [0_u64; WORD_KEYSTROKES_MAX + 2];
    let (mut power, mut sum) = (1_u64, 0_u64);
    let rows = powers.iter_mut().zip(&mut before).skip(1);
    for ((power_at, before_at), key) in rows.zip(keys) {
        let key = u64::from(u32::from(unshifted(*key)));
        power = power.wrapping_mul(BASE);
        sum = sum.wrapping_mul(BASE).wrapping_add(key);
        (*power_at, *before_at) = (power, sum);
    }
    let count = keys.len().min(WORD_KEYSTROKES_MAX);
    let at = |row: &[u64], place: usize| row.get(place).copied().unwrap_or(0);
    // The hash of the keys from one place up to another.
    let part = |from: usize, to: usize| {
        let gone = at(&before, from).wrapping_mul(at(&powers, to - from));
        at(&before, to).wrapping_sub(gone)
    };
    let mut tell = |sum: u64, left: usize| {
        let mixed = (sum ^ (sum >> 31)).wrapping_mul(0xd6e8_feb8_6659_fd93);
        let length = u64::try_from(left).unwrap_or(0).wrapping_mul(BASE);
        let high = (mixed ^ (mixed >> 32)).wrapping_add(length) >> 16;
        visit(u32::try_from(high & u64::from(u32::MAX)).unwrap_or(0));
    };
    tell(at(&before, count), count);
    if deep == 0 {
        return;
    }
    for first in 0..count {
        let behind = count - first - 1;
        let head = at(&before, first);
        let rest = head
            .wrapping_mul(at(&powers, behind))
            .wrapping_add(part(first + 1, count));
        tell(rest, count - 1);
        if deep < 2 {
            continue;
        }
        for second in first + 1..count {
            let (between, tail) = (second - first - 1, count - second - 1);
            let rest = head
                .wrapping_mul(at(&powers, between))
                .wrapping_add(part(first + 1, second))
                .wrapping_mul(at(&powers, tail))
                .wrapping_add(part(second + 1, count));
            tell(rest, count - 2);
        }
    }
}

/// Letters that the Shift key alone tells apart.
const SHIFTED: [(char, char); 7] = [
    ('ㅂ', 'ㅃ'),
    ('ㅈ', 'ㅉ'),
    ('ㄷ', 'ㄸ'),
    ('ㄱ', 'ㄲ'),
    ('ㅅ', 'ㅆ'),
    ('ㅐ', 'ㅒ'),
    ('ㅔ', 'ㅖ'),
];

/// The letter of the same key without Shift.
const fn unshifted(key: char) -> char {
    match key {
        'ㅃ' => 'ㅂ',
        'ㅉ' => 'ㅈ',
        'ㄸ' => 'ㄷ',
        'ㄲ' => 'ㄱ',
        'ㅆ' => 'ㅅ',
        'ㅒ' => 'ㅐ',
        'ㅖ' => 'ㅔ',
        other => other,
    }
}

/// What one key instead of another costs, in half slips: Shift is 1, a wrong key 2.
fn cost(x: char, y: char) -> usize {
    match x == y {
        true => 0,
        false if SHIFTED.contains(&(x, y)) || SHIFTED.contains(&(y, x)) => 1,
        false => 2,
    }
}

/// Whether two rows of keystrokes are at most `allowed` half slips apart; no more than 4. A wrong, missing, extra or
/// swapped key is 2, Shift is 1. Only the two keys to either
/// side are looked at, for further away are more slips than that.
pub(crate) fn is_within(a: &[char], b: &[char], allowed: usize) -> bool {
    const WIDE: usize = 2;
    const CELLS: usize = WIDE * 2 + 1;
    const FAR: usize = 100;
    if a.len().abs_diff(b.len()) * 2 > allowed {
        return false;
    }
    // Cell c of row i is column i + c - WIDE.
    let mut rows = [[FAR; CELLS]; 3];
    let [before, row, next] = &mut rows;
    for (cell, at) in row.iter_mut().zip(0_usize..) {
        if let Some(column) = at.checked_sub(WIDE) {
            *cell = column * 2;
        }
    }
    for (i, &x) in a.iter().enumerate() {
        let at = |row: &[usize; CELLS], cell: usize| row.get(cell).copied().unwrap_or(FAR);
        let mut least = FAR;
        for cell in 0..CELLS {
            // The column of row i + 1.
            let Some(column) = (i + 1 + cell).checked_sub(WIDE) else {
                continue;
            };
            let mut best = at(row, cell + 1) + 2;
            if let Some(left) = cell.checked_sub(1) {
                best = best.min(at(next, left) + 2);
            }
            match column.checked_sub(1).map(|j| (j, b.get(j))) {
                None => best = best.min((i + 1) * 2),
                Some((_, None)) => best = FAR,
                Some((j, Some(&y))) => {
                    best = best.min(at(row, cell) + cost(x, y));
                    if let (Some(i0), Some(j0)) = (i.checked_sub(1), j.checked_sub(1))
                        && a.get(i0) == Some(&y)
                        && b.get(j0) == Some(&x)
                    {
                        best = best.min(at(before, cell) + 2);
                    }
                }
            }
            if let Some(cell) = next.get_mut(cell) {
                *cell = best;
            }
            least = least.min(best);
        }
        if least > allowed {
            return false;
        }
        (*before, *row) = (*row, *next);
        *next = [FAR; CELLS];
    }
    let last = (b.len() + WIDE).checked_sub(a.len());
    last.and_then(|cell| row.get(cell))
        .is_some_and(|slips| *slips <= allowed)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::matching::{Answer, Matcher, Name, Stage};

    /// The distance of two rows of keystrokes in half slips: a wrong, missing, extra or swapped key is 2, Shift is 1.
    fn slip(a: &[char], b: &[char]) -> usize {
        let mut before: Vec<usize> = Vec::new();
        let mut row: Vec<usize> = (0..=b.len()).map(|place| place * 2).collect();
        let mut last = None;
        for (i, &x) in a.iter().enumerate() {
            let mut next = vec![(i + 1) * 2];
            for (j, &y) in b.iter().enumerate() {
                let at =
                    |row: &[usize], place: usize| row.get(place).copied().unwrap_or(usize::MAX / 2);
                let mut best = (at(&row, j) + cost(x, y))
                    .min(at(&row, j + 1) + 2)
                    .min(at(&next, j) + 2);
                if let (Some(last), Some(j0)) = (last, j.checked_sub(1))
                    && last == y
                    && b.get(j0) == Some(&x)
                {
                    best = best.min(at(&before, j0) + 2);
                }
                next.push(best);
            }
            before = std::mem::replace(&mut row, next);
            last = Some(x);
        }
        row.last().copied().unwrap_or(0)
    }

    #[test]
    fn slips_are_counted_in_keystrokes() {
        let far = |a: &str, b: &str| slip(&hangul::keystrokes(a), &hangul::keystrokes(b));
        assert_eq!(far("교한", "교환"), 2);
        assert_eq!(far("하빈다", "합니다"), 2);
        assert_eq!(far("교한", "교한"), 0);
        assert_eq!(far("까방", "가방"), 1);
        assert_eq!(far("", "가"), 4);
    }

    #[test]
    fn a_slip_is_found_among_ten_thousand_words() {
        let syllable = |n: u32| char::from_u32(0xAC00 + n % 11_172).unwrap();
        let word = |n: u32| (1..5).map(|k| syllable(n * 7_919 + k * n * 613)).collect();
        let mut words: Vec<String> = (0..2_000).map(word).collect();
        words.push("배송조회".to_owned());
        let names: Vec<_> = words.iter().map(|word| Name::new(word)).collect();
        let many = Matcher::new(&names);
        for typed in ["배송조헤", "베송조회", "배숭조히"] {
            assert_eq!(
                many.find(typed),
                Answer::Likely(2_000, Stage::Typo),
                "{typed}"
            );
        }
        assert_eq!(many.find("벼슝죠휘"), Answer::None);
    }

    fn keys() -> impl Strategy<Value = Vec<char>> {
        let key = prop::sample::select(vec!['ㄱ', 'ㄲ', 'ㅏ', 'ㅐ', 'ㅒ', 'ㄴ']);
        prop::collection::vec(key, 1..14)
    }

    proptest! {
        #[test]
        fn the_narrow_look_sees_what_the_wide_one_does(a in keys(), b in keys(), allowed in 0..5_usize) {
            prop_assert_eq!(is_within(&a, &b, allowed), slip(&a, &b) <= allowed);
        }

        #[test]
        fn whatever_is_near_is_in_the_index(words in prop::collection::vec(keys(), 1..60), typed in keys()) {
            let words: Vec<Word> = words
                .into_iter()
                .filter(|keys| forgiven(keys.len()) > 0)
                .enumerate()
                .map(|(entry, keys)| Word { entry, keys: keys.into() })
                .collect();
            let near = |word: &Word| slip(&typed, &word.keys) <= forgiven(word.keys.len());
            let expected: Vec<usize> = words.iter().filter(|w| near(w)).map(|w| w.entry).collect();
            let index = Near { index: Some(Index::new(&words)), words };
            let mut found = Vec::new();
            index.index.as_ref().unwrap().each(&typed, &mut |place| {
                if near(&index.words[place]) {
                    found.push(place);
                }
            });
            prop_assert_eq!(found, expected);
        }
    }
}
