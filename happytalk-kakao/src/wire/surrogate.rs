//! Halves of characters.
//!
//! A platform that cuts a long text after so many UTF-16 units can cut an emoji in two, and then writes `\ud83d`
//! with no other half. That is no text, so a JSON reader refuses the whole event.

/// The JSON with U+FFFD for each half that stands alone; `None` where there is no such.
pub(crate) fn mended(json: &[u8]) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut rest = json;
    let mut found = false;
    loop {
        rest = match rest {
            [] => break,
            [b'\\', b'u', tail @ ..] => match (unit(tail), tail.get(4..)) {
                (Some(0xD800..=0xDBFF), Some([b'\\', b'u', low @ ..]))
                    if matches!(unit(low), Some(0xDC00..=0xDFFF)) =>
                {
                    copy(&mut out, rest, 12)
                }
                (Some(0xD800..=0xDFFF), Some(after)) => {
                    found = true;
                    out.extend_from_slice(b"\\ufffd");
                    after
                }
                _ => copy(&mut out, rest, 2),
            },
            [b'\\', _, ..] => copy(&mut out, rest, 2),
            _ => copy(&mut out, rest, 1),
        };
    }
    found.then_some(out)
}

/// The four hexadecimal digits at the beginning.
fn unit(digits: &[u8]) -> Option<u16> {
    let digits = digits.get(..4)?;
    if !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    u16::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

fn copy<'a>(out: &mut Vec<u8>, from: &'a [u8], bytes: usize) -> &'a [u8] {
    let (head, tail) = from.split_at_checked(bytes).unwrap_or((from, &[]));
    out.extend_from_slice(head);
    tail
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mended_text(json: &str) -> Option<String> {
        mended(json.as_bytes()).map(|bytes| String::from_utf8(bytes).unwrap())
    }

    #[test]
    fn a_half_of_a_character_becomes_the_replacement_character() {
        assert_eq!(
            mended_text(r#""hi \ud83d""#).as_deref(),
            Some(r#""hi \ufffd""#)
        );
        assert_eq!(
            mended_text(r#""\uDE00\ud83d\ude00\uD83D\u0041""#).as_deref(),
            Some(r#""\ufffd\ud83d\ude00\ufffd\u0041""#)
        );
    }

    #[test]
    fn whole_characters_and_escaped_backslashes_stay() {
        assert_eq!(mended_text(r#""\ud83d\ude00 \\ud83d \u00"#), None);
        assert_eq!(mended_text("\\"), None);
    }
}
