//! One way to write a text, for labels, words and what customers type alike.

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfc_quick};

/// N1: NFC, full-width to ASCII, lower case, invisible characters gone, white space collapsed.
pub(crate) fn n1(text: &str) -> String {
    if is_nfc_quick(text.chars()) == IsNormalized::Yes {
        fold(text.chars(), text.len())
    } else {
        fold(text.nfc(), text.len())
    }
}

fn fold(letters: impl Iterator<Item = char>, capacity: usize) -> String {
    let mut out = String::with_capacity(capacity);
    let mut gap = false;
    for c in letters {
        if is_invisible(c) {
            continue;
        }
        let c = half_width(c);
        if c.is_whitespace() || c.is_control() {
            gap = !out.is_empty();
            continue;
        }
        if gap {
            out.push(' ');
            gap = false;
        }
        if c.is_ascii() {
            out.push(c.to_ascii_lowercase());
        } else {
            out.extend(c.to_lowercase());
        }
    }
    out
}

/// N2: N1 without white space, punctuation and emoji. May be empty.
pub(crate) fn n2(n1: &str) -> String {
    n1.chars().filter(|c| c.is_alphanumeric()).collect()
}

const fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{115F}' | '\u{1160}' | '\u{180B}'..='\u{180F}' | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
            | '\u{FEFF}' | '\u{E0000}'..='\u{E01EF}'
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

/// A text with full-width digits, letters and marks made plain, its ends trimmed; case and inner spaces stay.
pub(crate) fn plain(text: &str) -> String {
    let letters = text.nfc().filter(|c| !is_invisible(*c)).map(half_width);
    letters.collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
