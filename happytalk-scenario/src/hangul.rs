//! Hangul as letters, as keystrokes of the two-set keyboard, and with its particles (조사).

const FIRST: u32 = 0xAC00;
const LAST: u32 = 0xD7A3;

const INITIALS: [char; 19] = [
    'ㄱ', 'ㄲ', 'ㄴ', 'ㄷ', 'ㄸ', 'ㄹ', 'ㅁ', 'ㅂ', 'ㅃ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅉ', 'ㅊ', 'ㅋ',
    'ㅌ', 'ㅍ', 'ㅎ',
];
const VOWELS: [char; 21] = [
    'ㅏ', 'ㅐ', 'ㅑ', 'ㅒ', 'ㅓ', 'ㅔ', 'ㅕ', 'ㅖ', 'ㅗ', 'ㅘ', 'ㅙ', 'ㅚ', 'ㅛ', 'ㅜ', 'ㅝ', 'ㅞ',
    'ㅟ', 'ㅠ', 'ㅡ', 'ㅢ', 'ㅣ',
];
/// Final consonants from the first real one; "none" is index 0 of the Unicode formula.
const FINALS: [char; 27] = [
    'ㄱ', 'ㄲ', 'ㄳ', 'ㄴ', 'ㄵ', 'ㄶ', 'ㄷ', 'ㄹ', 'ㄺ', 'ㄻ', 'ㄼ', 'ㄽ', 'ㄾ', 'ㄿ', 'ㅀ', 'ㅁ',
    'ㅂ', 'ㅄ', 'ㅅ', 'ㅆ', 'ㅇ', 'ㅈ', 'ㅊ', 'ㅋ', 'ㅌ', 'ㅍ', 'ㅎ',
];
/// Letters that take two keystrokes, with the letters of these.
const DOUBLES: [(char, char, char); 18] = [
    ('ㅘ', 'ㅗ', 'ㅏ'),
    ('ㅙ', 'ㅗ', 'ㅐ'),
    ('ㅚ', 'ㅗ', 'ㅣ'),
    ('ㅝ', 'ㅜ', 'ㅓ'),
    ('ㅞ', 'ㅜ', 'ㅔ'),
    ('ㅟ', 'ㅜ', 'ㅣ'),
    ('ㅢ', 'ㅡ', 'ㅣ'),
    ('ㄳ', 'ㄱ', 'ㅅ'),
    ('ㄵ', 'ㄴ', 'ㅈ'),
    ('ㄶ', 'ㄴ', 'ㅎ'),
    ('ㄺ', 'ㄹ', 'ㄱ'),
    ('ㄻ', 'ㄹ', 'ㅁ'),
    ('ㄼ', 'ㄹ', 'ㅂ'),
    ('ㄽ', 'ㄹ', 'ㅅ'),
    ('ㄾ', 'ㄹ', 'ㅌ'),
    ('ㄿ', 'ㄹ', 'ㅍ'),
    ('ㅀ', 'ㄹ', 'ㅎ'),
    ('ㅄ', 'ㅂ', 'ㅅ'),
];
/// The two-set keyboard (두벌식): key, letter.
const KEYS: [(char, char); 33] = [
    ('q', 'ㅂ'),
    ('w', 'ㅈ'),
    ('e', 'ㄷ'),
    ('r', 'ㄱ'),
    ('t', 'ㅅ'),
    ('y', 'ㅛ'),
    ('u', 'ㅕ'),
    ('i', 'ㅑ'),
    ('o', 'ㅐ'),
    ('p', 'ㅔ'),
    ('a', 'ㅁ'),
    ('s', 'ㄴ'),
    ('d', 'ㅇ'),
    ('f', 'ㄹ'),
    ('g', 'ㅎ'),
    ('h', 'ㅗ'),
    ('j', 'ㅓ'),
    ('k', 'ㅏ'),
    ('l', 'ㅣ'),
    ('z', 'ㅋ'),
    ('x', 'ㅌ'),
    ('c', 'ㅊ'),
    ('v', 'ㅍ'),
    ('b', 'ㅠ'),
    ('n', 'ㅜ'),
    ('m', 'ㅡ'),
    ('Q', 'ㅃ'),
    ('W', 'ㅉ'),
    ('E', 'ㄸ'),
    ('R', 'ㄲ'),
    ('T', 'ㅆ'),
    ('O', 'ㅒ'),
    ('P', 'ㅖ'),
];

/// Single letters (compatibility jamo) stand in one row, from ㄱ on.
const LETTERS: usize = 51;
/// What is in no place of a table.
const NONE: u8 = u8::MAX;

/// The place of a single letter among all of them.
fn row(letter: char) -> Option<usize> {
    let at = u32::from(letter).checked_sub('ㄱ' as u32)?;
    usize::try_from(at).ok().filter(|at| *at < LETTERS)
}

/// Where each single letter stands in a list.
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "worked out while compiling, where a slip is an error; no list has more than 27 letters"
)]
const fn places(letters: &[char]) -> [u8; LETTERS] {
    let mut places = [NONE; LETTERS];
    let mut at = 0;
    while at < letters.len() {
        places[letters[at] as usize - 'ㄱ' as usize] = at as u8;
        at += 1;
    }
    places
}

static INITIAL_PLACES: [u8; LETTERS] = places(&INITIALS);
static VOWEL_PLACES: [u8; LETTERS] = places(&VOWELS);
static FINAL_PLACES: [u8; LETTERS] = places(&FINALS);

/// The place in [`DOUBLES`] of the letter that two letters make.
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "worked out while compiling, where a slip is an error; there are 18"
)]
static JOINED: [[u8; LETTERS]; LETTERS] = {
    let mut joined = [[NONE; LETTERS]; LETTERS];
    let mut at = 0;
    while at < DOUBLES.len() {
        let (_, a, b) = DOUBLES[at];
        joined[a as usize - 'ㄱ' as usize][b as usize - 'ㄱ' as usize] = at as u8;
        at += 1;
    }
    joined
};

/// The place in [`DOUBLES`] of a letter that takes two keystrokes.
#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "worked out while compiling, where a slip is an error; there are 18"
)]
static HALVED: [u8; LETTERS] = {
    let mut halved = [NONE; LETTERS];
    let mut at = 0;
    while at < DOUBLES.len() {
        halved[DOUBLES[at].0 as usize - 'ㄱ' as usize] = at as u8;
        at += 1;
    }
    halved
};

fn place(places: &[u8; LETTERS], letter: char) -> Option<u32> {
    let at = *places.get(row(letter)?)?;
    (at != NONE).then_some(u32::from(at))
}

fn letter(letters: &[char], at: u32) -> Option<char> {
    letters.get(usize::try_from(at).ok()?).copied()
}

/// A composed syllable.
pub(crate) const fn is_syllable(c: char) -> bool {
    matches!(c as u32, FIRST..=LAST)
}

/// A consonant standing alone, as in ㄱㅎ.
pub(crate) const fn is_lone_consonant(c: char) -> bool {
    matches!(c, 'ㄱ'..='ㅎ')
}

const fn is_lone_vowel(c: char) -> bool {
    matches!(c, 'ㅏ'..='ㅣ')
}

/// The letters of a syllable: initial, vowel, final.
pub(crate) fn split(syllable: char) -> Option<(char, char, Option<char>)> {
    let code = u32::from(syllable).checked_sub(FIRST)?;
    if code > LAST - FIRST {
        return None;
    }
    let last = code % 28;
    Some((
        letter(&INITIALS, code / 588)?,
        letter(&VOWELS, code % 588 / 28)?,
        last.checked_sub(1).and_then(|at| letter(&FINALS, at)),
    ))
}

/// The syllable of these letters, where there is one.
pub(crate) fn join(initial: char, vowel: char, last: Option<char>) -> Option<char> {
    let last = match last {
        Some(last) => place(&FINAL_PLACES, last)? + 1,
        None => 0,
    };
    let (initial, vowel) = (
        place(&INITIAL_PLACES, initial)?,
        place(&VOWEL_PLACES, vowel)?,
    );
    char::from_u32(FIRST + initial * 588 + vowel * 28 + last)
}

/// What the key of a Latin letter types in Korean, by the letter's code.
#[expect(
    clippy::indexing_slicing,
    reason = "worked out while compiling, where a slip is an error"
)]
const TYPED: [Option<char>; 128] = {
    let mut typed = [None; 128];
    let mut at = 0;
    while at < KEYS.len() {
        let (key, letter) = KEYS[at];
        typed[key as usize] = Some(letter);
        at += 1;
    }
    typed
};

fn typed(key: char) -> Option<char> {
    TYPED
        .get(usize::try_from(u32::from(key)).ok()?)
        .copied()
        .flatten()
}

fn double(a: char, b: char) -> Option<char> {
    let at = *JOINED.get(row(a)?)?.get(row(b)?)?;
    DOUBLES.get(usize::from(at)).map(|&(whole, _, _)| whole)
}

fn halves(whole: char) -> Option<(char, char)> {
    let at = *HALVED.get(row(whole)?)?;
    DOUBLES.get(usize::from(at)).map(|&(_, a, b)| (a, b))
}

/// The first letter of a syllable; what is none stands for itself.
pub(crate) fn initial(c: char) -> char {
    split(c).map_or(c, |(initial, _, _)| initial)
}

/// What the two-set keyboard is struck with for `text`: ㅘ is ㅗ and ㅏ. What is not Hangul stands for itself.
pub(crate) fn keystrokes(text: &str) -> Vec<char> {
    let mut keys = Vec::with_capacity(text.len());
    let mut push = |letter: char| match halves(letter) {
        Some((a, b)) => keys.extend([a, b]),
        None => keys.push(letter),
    };
    for c in text.chars() {
        match split(c) {
            Some((initial, vowel, last)) => {
                push(initial);
                push(vowel);
                if let Some(last) = last {
                    push(last);
                }
            }
            None => push(c),
        }
    }
    keys
}

/// Hangul typed while the keyboard was on Latin: `ryghks` is 교환. What is no key stands for itself.
pub(crate) fn from_latin(text: &str) -> String {
    let shouted = !text.chars().any(|c| c.is_ascii_lowercase());
    let letters = text.chars().map(|c| {
        let key = if shouted { c.to_ascii_lowercase() } else { c };
        typed(key)
            .or_else(|| typed(key.to_ascii_lowercase()))
            .unwrap_or(c)
    });
    compose(letters)
}

/// Latin typed while the keyboard was on Hangul: ㅊㄷㅁ is `cea`.
pub(crate) fn to_latin(text: &str) -> String {
    let key = |letter: char| {
        let found = KEYS.iter().find(|&&(_, l)| l == letter);
        found.map_or(letter, |&(key, _)| key)
    };
    keystrokes(text).into_iter().map(key).collect()
}

/// Puts single letters together into syllables the way an input method does.
pub(crate) fn compose(letters: impl IntoIterator<Item = char>) -> String {
    let letters = letters.into_iter();
    let mut done = String::with_capacity(letters.size_hint().0.saturating_mul(2));
    let (mut initial, mut vowel, mut last) = (None, None, None);
    for c in letters {
        match (initial, vowel, last) {
            _ if !is_lone_consonant(c) && !is_lone_vowel(c) => {
                flush(&mut done, &mut initial, &mut vowel, &mut last);
                done.push(c);
            }
            (Some(i), None, _) if is_lone_vowel(c) && place(&INITIAL_PLACES, i).is_some() => {
                vowel = Some(c);
            }
            (_, Some(v), None) if is_lone_vowel(c) && double(v, c).is_some() => {
                vowel = double(v, c);
            }
            (Some(_), Some(_), None) if place(&FINAL_PLACES, c).is_some() => last = Some(c),
            (Some(_), Some(_), Some(l)) if double(l, c).is_some() => last = double(l, c),
            (Some(_), Some(_), Some(l)) if is_lone_vowel(c) => {
                // The final consonant, or its second half, begins the next syllable.
                let (stays, goes) = halves(l).map_or((None, l), |(a, b)| (Some(a), b));
                last = stays;
                flush(&mut done, &mut initial, &mut vowel, &mut last);
                (initial, vowel) = (Some(goes), Some(c));
            }
            _ => {
                flush(&mut done, &mut initial, &mut vowel, &mut last);
                if is_lone_consonant(c) {
                    initial = Some(c);
                } else {
                    vowel = Some(c);
                }
            }
        }
    }
    flush(&mut done, &mut initial, &mut vowel, &mut last);
    done
}

fn flush(
    done: &mut String,
    initial: &mut Option<char>,
    vowel: &mut Option<char>,
    last: &mut Option<char>,
) {
    let letters = (initial.take(), vowel.take(), last.take());
    if let (Some(i), Some(v), l) = letters
        && let Some(syllable) = join(i, v, l)
    {
        done.push(syllable);
        return;
    }
    done.extend([letters.0, letters.1, letters.2].into_iter().flatten());
}

/// How a word ends, for the choice of a particle.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Ending {
    Vowel,
    /// ㄹ, which 으로 treats as a vowel.
    Rieul,
    Consonant,
}

fn ending(word: &str) -> Ending {
    let letters = word.chars().rev();
    let Some(last) = letters
        .into_iter()
        .find(|c| c.is_alphanumeric() || *c == '%')
    else {
        return Ending::Vowel;
    };
    if let Some((_, _, tail)) = split(last) {
        return match tail {
            None => Ending::Vowel,
            Some('ㄹ') => Ending::Rieul,
            Some(_) => Ending::Consonant,
        };
    }
    match crate::normal::half_width(last).to_ascii_lowercase() {
        // 영·십·백·천·만, 삼, 육; 엠, 엔.
        '0' | '3' | '6' | 'm' | 'n' => Ending::Consonant,
        // 일, 칠, 팔; 엘, 알.
        '1' | '7' | '8' | 'l' | 'r' => Ending::Rieul,
        // A final letter that stands apart (NFD).
        '\u{11AF}' => Ending::Rieul,
        '\u{11A8}'..='\u{11C2}' => Ending::Consonant,
        c if is_lone_consonant(c) => Ending::Consonant,
        _ => Ending::Vowel,
    }
}

/// A pair of particles such as 은/는.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Josa {
    after_consonant: String,
    after_vowel: String,
}

/// Forms that stand after a vowel, so that a pair may be written either way round.
const AFTER_VOWEL: [&str; 9] = ["는", "가", "를", "와", "로", "나", "란", "야", "랑"];

impl Josa {
    /// Reads `은/는`, in either order; the pair must differ and hold Hangul alone.
    pub(crate) fn read(pair: &str) -> Option<Self> {
        let (a, b) = pair.split_once('/')?;
        let fits = |form: &str| !form.is_empty() && form.chars().all(is_syllable);
        if !fits(a) || !fits(b) || a == b {
            return None;
        }
        let turned = AFTER_VOWEL.contains(&a)
            || (b.starts_with('이') && !a.starts_with('이'))
            || (b.starts_with("으로") && a.starts_with('로'));
        let (consonant, vowel) = if turned { (b, a) } else { (a, b) };
        Some(Self {
            after_consonant: consonant.to_owned(),
            after_vowel: vowel.to_owned(),
        })
    }

    /// The form that follows `word`.
    pub(crate) fn after(&self, word: &str) -> &str {
        match ending(word) {
            Ending::Vowel => &self.after_vowel,
            Ending::Rieul if self.after_consonant.starts_with("으로") => &self.after_vowel,
            Ending::Rieul | Ending::Consonant => &self.after_consonant,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn latin_typing_becomes_the_hangul_that_was_meant() {
        assert_eq!(from_latin("ryghks"), "교환");
        assert_eq!(from_latin("RYGHKS"), "교환");
        assert_eq!(from_latin("dkdlvhs16"), "아이폰16");
        assert_eq!(from_latin("qksvna"), "반품");
        assert_eq!(from_latin("ekfrrhrl"), "닭고기");
        assert_eq!(from_latin("EKfrl"), "딸기");
        assert_eq!(to_latin("메ㅔㅣㄷ"), "apple");
    }

    #[test]
    fn letters_that_make_no_syllable_stay_letters() {
        assert_eq!(compose("ㅃㅞㄹㄱㅅ".chars()), "쀍ㅅ");
        assert_eq!(compose("ㅋㅋㅋ".chars()), "ㅋㅋㅋ");
        assert_eq!(compose("ㅏㄱ".chars()), "ㅏㄱ");
        assert_eq!(compose("ㄳㅏ".chars()), "ㄳㅏ");
    }

    #[test]
    fn a_particle_follows_how_the_word_is_read() {
        let josa = |pair: &str, word: &str| Josa::read(pair).unwrap().after(word).to_owned();
        assert_eq!(josa("은/는", "면 티셔츠"), "는");
        assert_eq!(josa("은/는", "가방"), "은");
        assert_eq!(josa("는/은", "가방"), "은");
        assert_eq!(josa("와/과", "가방"), "과");
        assert_eq!(josa("가/이", "가방"), "이");
        assert_eq!(josa("이/가", "가방"), "이");
        assert_eq!(josa("으로/로", "서울"), "로");
        assert_eq!(josa("으로/로", "부산"), "으로");
        assert_eq!(josa("로/으로", "부산"), "으로");
        assert_eq!(josa("을/를", "서울"), "을");
        assert_eq!(josa("이에요/예요", "신발"), "이에요");
        assert_eq!(josa("으로부터/로부터", "친구"), "로부터");
        assert_eq!(josa("을/를", "C-10"), "을");
        assert_eq!(josa("이/가", "C-2"), "가");
        assert_eq!(josa("으로/로", "아이폰7"), "로");
        assert_eq!(josa("은/는", "XL"), "은");
        assert_eq!(josa("이/가", "３"), "이");
        assert_eq!(josa("이/가", "２"), "가");
        let nfd = |word: &str| word.nfd().collect::<String>();
        assert_eq!(josa("으로/로", &nfd("부산")), "으로");
        assert_eq!(josa("으로/로", &nfd("서울")), "로");
        assert_eq!(josa("은/는", &nfd("모자")), "는");
        assert_eq!(josa("은/는", "가방(검정)"), "은");
        assert_eq!(josa("은/는", "\"모자\""), "는");
        assert_eq!(Josa::read("은"), None);
        assert_eq!(Josa::read("a/b"), None);
    }

    #[test]
    fn letters_are_joined_and_halved_as_the_list_says() {
        for a in 'ㄱ'..='ㅣ' {
            for b in 'ㄱ'..='ㅣ' {
                let listed = DOUBLES.iter().find(|(_, x, y)| (*x, *y) == (a, b));
                assert_eq!(double(a, b), listed.map(|(whole, ..)| *whole));
            }
            let listed = DOUBLES.iter().find(|(whole, ..)| *whole == a);
            assert_eq!(halves(a), listed.map(|(_, x, y)| (*x, *y)));
        }
        assert_eq!(
            (double('a', '가'), halves('가'), place(&FINAL_PLACES, 'ㄸ')),
            (None, None, None)
        );
    }

    proptest! {
        #[test]
        fn every_syllable_splits_and_joins_as_unicode_says(code in FIRST..=LAST) {
            let syllable = char::from_u32(code).unwrap();
            let (i, v, l) = split(syllable).unwrap();
            prop_assert_eq!(join(i, v, l), Some(syllable));
            prop_assert_eq!(compose(keystrokes(&syllable.to_string())), syllable.to_string());
            let parts = 2 + usize::from(l.is_some());
            prop_assert_eq!(syllable.to_string().nfd().count(), parts);
        }

        #[test]
        fn nothing_typed_makes_it_panic(text in "\\PC{0,40}") {
            let hangul = from_latin(&text);
            let _ = (to_latin(&text), keystrokes(&hangul), ending(&text));
        }
    }
}
