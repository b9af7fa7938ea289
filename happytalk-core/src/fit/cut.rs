//! Where a text may be cut.

use unicode_segmentation::UnicodeSegmentation;

use crate::capability::TextUnit;

/// What stands first, with at most `max` of `unit`, and the rest, which is empty where `text` fits as a whole. The cut is
/// after the last sentence that has room, else at the last white space, else between two graphemes; white space around
/// it is left out. `None` where not even one grapheme has room.
pub(super) fn head(text: &str, unit: TextUnit, max: usize) -> Option<(&str, &str)> {
    if room(text, unit, max) == text.len() {
        return Some((text, ""));
    }
    let text = text.trim();
    let room = room(text, unit, max);
    if room == text.len() {
        return Some((text, ""));
    }
    let cut = after_sentence(text, room)
        .or_else(|| at_space(text, room))
        .or_else(|| between_graphemes(text, room))?;
    let (piece, rest) = text.split_at_checked(cut)?;
    Some((piece.trim_end(), rest.trim_start()))
}

/// How many bytes of `text` have room.
fn room(text: &str, unit: TextUnit, max: usize) -> usize {
    let mut used = 0;
    for (at, c) in text.char_indices() {
        used += match unit {
            TextUnit::Chars => 1,
            TextUnit::Utf16 => c.len_utf16(),
        };
        if used > max {
            return at;
        }
    }
    text.len()
}

/// The end of the last whole sentence, with the white space after it, which needs no room.
fn after_sentence(text: &str, room: usize) -> Option<usize> {
    let mut cut = None;
    for (start, sentence) in text.split_sentence_bound_indices() {
        if start + sentence.trim_end().len() > room {
            break;
        }
        // A question mark inside an address ends no sentence.
        let ended =
            |last: char| last.is_whitespace() || !last.is_ascii() && !last.is_alphanumeric();
        if sentence.chars().next_back().is_some_and(ended) {
            cut = Some(start + sentence.len());
        }
    }
    cut.filter(|cut| *cut < text.len())
}

/// The last white space at which a line may break.
fn at_space(text: &str, room: usize) -> Option<usize> {
    let breaks = |c: char| c.is_whitespace() && c != '\u{a0}' && c != '\u{202f}';
    let spaces = text.char_indices().take_while(|(at, _)| *at <= room);
    spaces.filter(|(_, c)| breaks(*c)).map(|(at, _)| at).last()
}

fn between_graphemes(text: &str, room: usize) -> Option<usize> {
    let starts = text.grapheme_indices(true).map(|(at, _)| at);
    starts
        .take_while(|at| *at <= room)
        .last()
        .filter(|at| *at > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(text: &str, max: usize) -> Vec<&str> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while !rest.is_empty() {
            let (piece, after) = head(rest, TextUnit::Chars, max).unwrap();
            pieces.push(piece);
            rest = after;
        }
        pieces
    }

    #[test]
    fn a_sentence_is_the_first_choice_then_a_space_then_a_grapheme() {
        assert_eq!(all("하나. 둘 셋. 넷 다섯", 8), ["하나. 둘 셋.", "넷 다섯"]);
        assert_eq!(all("하나 둘 셋 넷", 5), ["하나 둘", "셋 넷"]);
        assert_eq!(all("가나다라마바사", 3), ["가나다", "라마바", "사"]);
        assert_eq!(all("첫 줄\n둘째 줄", 5), ["첫 줄", "둘째 줄"]);
        assert_eq!(all("これは長い。次の文。", 7), ["これは長い。", "次の文。"]);
    }

    #[test]
    fn white_space_at_a_cut_needs_no_room() {
        assert_eq!(all("하나.   둘.", 3), ["하나.", "둘."]);
        assert_eq!(all("   가나다", 3), ["가나다"]);
        assert_eq!(all("가나 ", 3), ["가나 "]);
    }

    #[test]
    fn an_address_is_not_cut_at_its_question_mark() {
        assert_eq!(
            all("보기 https://a.kr/b?c=d.e!f", 24),
            ["보기", "https://a.kr/b?c=d.e!f"]
        );
    }

    #[test]
    fn a_family_and_a_syllable_of_three_letters_stay_whole() {
        let family = "👨\u{200d}👩\u{200d}👧";
        let text = format!("{family}{family}");
        assert_eq!(all(&text, 6), [family, family]);
        assert_eq!(head(&text, TextUnit::Chars, 4), None);
        let han = "\u{1112}\u{1161}\u{11ab}";
        assert_eq!(all(&format!("{han}{han}"), 5), [han, han]);
    }

    #[test]
    fn a_platform_that_counts_utf_16_counts_two_for_an_emoji() {
        assert_eq!(head("가😀나", TextUnit::Utf16, 3), Some(("가😀", "나")));
        assert_eq!(head("가😀나", TextUnit::Utf16, 2), Some(("가", "😀나")));
        assert_eq!(head("😀", TextUnit::Utf16, 1), None);
    }
}
