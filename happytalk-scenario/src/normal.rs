//! One way to write a text, for labels, words and what customers type alike.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// N1: NFC, full-width to ASCII, lower case, invisible characters gone, white space collapsed. Borrowed where the
/// text is that already, as nearly all that is typed is.
pub(crate) fn n1(text: &str) -> Cow<'_, str> {
    match form(text) {
        Form::Done => Cow::Borrowed(text),
        Form::Plain => Cow::Owned(fold(text.chars(), text.len())),
        Form::Jamo => Cow::Owned(fold(Composed::of(text.chars()), text.len())),
        Form::Other if is_nfc_quick(visible(text)) == IsNormalized::Yes => {
            Cow::Owned(fold(visible(text), text.len()))
        }
        Form::Other => Cow::Owned(fold(visible(text).nfc(), text.len())),
    }
}

/// What is seen of a text, in plain letters. What is not seen may stand between letters that compose.
fn visible(text: &str) -> impl Iterator<Item = char> + Clone {
    text.chars().filter(|c| !is_invisible(*c)).map(half_width)
}

/// A text as labels and what customers type are compared: composed (NFC), full-width letters and digits made plain, in
/// lower case, invisible characters gone, white space collapsed. Borrowed where it is that already.
///
/// ```
/// assert_eq!(happytalk_scenario::normal_form(" ＡＢＣ\u{200B}  교환 "), "abc 교환");
/// ```
#[must_use]
pub fn normal_form(text: &str) -> Cow<'_, str> {
    n1(text)
}

/// How much there is to do to a text.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Nothing.
    Done,
    /// Case and white space, but nothing to compose.
    Plain,
    /// Hangul in its letters (NFD), and nothing else to compose.
    Jamo,
    /// Who knows.
    Other,
}

/// One look at the text. Syllables, single letters and ASCII are composed as they stand, and nothing that follows in
/// the same text can compose with them; conjoining letters compose among themselves alone.
fn form(text: &str) -> Form {
    let (mut form, mut gap) = (Form::Done, true);
    for c in text.chars() {
        match c {
            '가'..='힣' | 'ㄱ'..='ㅣ' | '!'..='@' | '['..='~' => gap = false,
            ' ' if !gap => gap = true,
            'A'..='Z' | ' ' | '\t' | '\n' | '\r' => {
                gap = gap && !c.is_ascii_uppercase();
                if form == Form::Done {
                    form = Form::Plain;
                }
            }
            '\u{1100}'..='\u{1112}' | '\u{1161}'..='\u{1175}' | '\u{11A8}'..='\u{11C2}' => {
                gap = false;
                form = Form::Jamo;
            }
            _ => return Form::Other,
        }
    }
    match form {
        Form::Done if gap && !text.is_empty() => Form::Plain,
        form => form,
    }
}

/// Conjoining letters put together into syllables, as Unicode says; everything else as it stands.
struct Composed<I> {
    letters: I,
    held: Option<char>,
}

impl<I: Iterator<Item = char>> Composed<I> {
    const fn of(letters: I) -> Self {
        Self {
            letters,
            held: None,
        }
    }
}

impl<I: Iterator<Item = char>> Iterator for Composed<I> {
    type Item = char;

    fn next(&mut self) -> Option<char> {
        let mut whole = self.held.take().or_else(|| self.letters.next())?;
        for next in self.letters.by_ref() {
            match joined(whole, next) {
                Some(joined) => whole = joined,
                None => {
                    self.held = Some(next);
                    break;
                }
            }
        }
        Some(whole)
    }
}

/// An initial and a vowel, or an open syllable and a final, as one syllable.
fn joined(first: char, second: char) -> Option<char> {
    let (a, b) = (u32::from(first), u32::from(second));
    match (a, b) {
        (0x1100..=0x1112, 0x1161..=0x1175) => {
            char::from_u32(0xAC00 + (a - 0x1100) * 588 + (b - 0x1161) * 28)
        }
        (0xAC00..=0xD7A3, 0x11A8..=0x11C2) if (a - 0xAC00).is_multiple_of(28) => {
            char::from_u32(a + b - 0x11A7)
        }
        _ => None,
    }
}

fn fold(letters: impl Iterator<Item = char>, capacity: usize) -> String {
    let mut out = String::with_capacity(capacity);
    let mut gap = false;
    for c in letters {
        if c.is_ascii_graphic() || matches!(c, '가'..='힣' | 'ㄱ'..='ㅣ') {
            if std::mem::take(&mut gap) {
                out.push(' ');
            }
            out.push(c.to_ascii_lowercase());
            continue;
        }
        if is_invisible(c) {
            continue;
        }
        let c = half_width(c);
        if c.is_whitespace() || c.is_control() {
            gap = !out.is_empty();
            continue;
        }
        if std::mem::take(&mut gap) {
            out.push(' ');
        }
        out.extend(c.to_lowercase());
    }
    out
}

/// N2: N1 without white space, punctuation and emoji. May be empty; borrowed where there is nothing of that.
pub(crate) fn n2(n1: &str) -> Cow<'_, str> {
    if n1.chars().all(is_kept) {
        return Cow::Borrowed(n1);
    }
    let mut kept = String::with_capacity(n1.len());
    kept.extend(n1.chars().filter(|c| is_kept(*c)));
    Cow::Owned(kept)
}

fn is_kept(c: char) -> bool {
    matches!(c, '가'..='힣') || c.is_alphanumeric()
}

/// N2 of a text as it was typed.
pub(crate) fn n2_of(text: &str) -> Cow<'_, str> {
    match n1(text) {
        Cow::Borrowed(n1) => n2(n1),
        Cow::Owned(mut n1) => {
            n1.retain(is_kept);
            Cow::Owned(n1)
        }
    }
}

const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{20E3}' | '\u{FEFF}' | '\u{E0000}'..='\u{E01EF}'
    )
}

/// `！` is `!`, `０` is `0`; any other character is itself.
pub(crate) const fn half_width(c: char) -> char {
    match c {
        '\u{FF01}'..='\u{FF5E}' => match char::from_u32(c as u32 - 0xFEE0) {
            Some(ascii) => ascii,
            None => c,
        },
        _ => c,
    }
}

/// A text with its letters composed (NFC), and nothing else changed.
pub(crate) fn composed(text: &str) -> Cow<'_, str> {
    match is_nfc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfc().collect()),
    }
}

/// A hyphen, or what keyboards and text programs make of one.
pub(crate) const fn is_dash(c: char) -> bool {
    matches!(
        c,
        '-' | '\u{2010}'
            ..='\u{2015}'
                | '\u{2212}'
                | '\u{30FC}'
                | '\u{FE58}'
                | '\u{FE63}'
                | '\u{FF0D}'
                | '\u{FF70}'
    )
}

/// A text with full-width digits, letters and marks made plain, its ends trimmed; case and inner spaces stay.
pub(crate) fn plain(text: &str) -> String {
    let letters: String = visible(text).nfc().collect();
    letters.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_same_words_are_written_the_same() {
        let nfd: String = "교환".nfd().collect();
        assert_eq!(n1(&nfd), "교환");
        assert_eq!(n1("  교환 \n"), "교환");
        assert_eq!(n1("교\u{200B}환\u{FE0F}"), "교환");
        assert_eq!(n1("ＡＢＣ　１２"), "abc 12");
        assert_eq!(n1("ㄱㅎ"), "ㄱㅎ");
        assert_eq!(n2(&n1("처음 으로! 🙂")), "처음으로");
        assert_eq!(plain(" ０１０－１２３４ "), "010-1234");
    }

    #[test]
    fn what_is_not_seen_keeps_no_letters_apart() {
        for text in [
            "가\u{FE0F}\u{11A8}",
            "가\u{200B}\u{11A8}",
            "\u{1100}\u{200D}\u{1161}\u{11A8}",
        ] {
            assert_eq!(
                n1(text),
                if text.ends_with('\u{11A8}') {
                    "각"
                } else {
                    "가"
                },
                "{text:?}"
            );
            assert_eq!(n1(&n1(text)), n1(text));
        }
        assert_eq!(n1("Ｅ\u{301}"), "é");
        assert_eq!(plain("교\u{200B}\u{11A8}"), "굑");
    }

    #[test]
    fn a_text_that_is_right_already_is_not_written_again() {
        let is_borrowed = |text: &str| matches!(n1(text), Cow::Borrowed(_));
        assert!(is_borrowed("교환 해주세요 010-1234!") && is_borrowed("") && is_borrowed("ㄱㅎ"));
        for text in [" 교환", "교환 ", "교  환", "Abc", "교\t환", "é", " "] {
            assert!(!is_borrowed(text), "{text:?}");
        }
    }

    /// What N1 is, without any short cut.
    fn the_long_way(text: &str) -> String {
        let kept = text.chars().filter(|c| !is_invisible(*c));
        let kept = kept.map(half_width).collect::<String>();
        let kept = kept.nfc();
        let spaced: String = kept
            .map(|c| {
                if c.is_whitespace() || c.is_control() {
                    ' '
                } else {
                    c
                }
            })
            .flat_map(char::to_lowercase)
            .collect();
        let pieces: Vec<&str> = spaced
            .split(' ')
            .filter(|piece| !piece.is_empty())
            .collect();
        pieces.join(" ")
    }

    proptest! {
        #[test]
        fn the_short_cuts_lead_where_the_long_way_does(text in "\\PC{0,20}|[가-힣 A-z\u{1100}-\u{11FF}ㄱ-ㅣ\t]{0,20}") {
            prop_assert_eq!(n1(&text), the_long_way(&text));
            let form = n1(&text).into_owned();
            prop_assert_eq!(n1(&form), form.as_str());
            let nfd: String = text.nfd().collect();
            prop_assert_eq!(n1(&nfd), the_long_way(&text));
        }
    }
}
