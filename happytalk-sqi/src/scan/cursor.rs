//! A place in a JSON text, and the steps over what stands there.
//!
//! Every step checks JSON's grammar and gives `None` where it is broken, or where the text does something rare: the
//! caller then reads the line the slow way, which says what is wrong, if anything is.

/// How deep arrays and objects that are passed over may stand in each other. Deeper is rare, not wrong.
const DEPTH_MAX: u32 = 64;

#[derive(Debug, Clone)]
pub(super) struct Cursor<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Cursor<'a> {
    pub(super) const fn new(text: &'a str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    /// Over white space, to the next byte that is none.
    fn next_solid(&mut self) -> Option<u8> {
        loop {
            match self.peek()? {
                b' ' | b'\t' | b'\r' | b'\n' => self.at += 1,
                byte => return Some(byte),
            }
        }
    }

    /// Over `byte`, and over the white space on both its sides.
    pub(super) fn take(&mut self, byte: u8) -> Option<()> {
        if self.next_solid()? != byte {
            return None;
        }
        self.at += 1;
        let _ = self.next_solid();
        Some(())
    }

    /// Over `byte` where it is next; else over nothing.
    pub(super) fn take_if(&mut self, byte: u8) -> bool {
        self.take(byte).is_some()
    }

    /// Over `text`, where it is next to the letter.
    #[inline]
    pub(super) fn literal(&mut self, text: &str) -> Option<()> {
        let rest = self.text.as_bytes().get(self.at..)?;
        rest.starts_with(text.as_bytes())
            .then(|| self.at += text.len())
    }

    /// What is left of a string whose quote is behind, without escapes, and over its end.
    #[inline]
    pub(super) fn string_end(&mut self) -> Option<&'a str> {
        let from = self.at;
        self.at += plain_bytes(self.text.as_bytes().get(from..)?);
        if self.peek()? != b'"' {
            return None;
        }
        let text = self.text.get(from..self.at)?;
        self.at += 1;
        Some(text)
    }

    /// Over what is left of a string whose quote is behind, and over its end.
    #[inline]
    pub(super) fn pass_string_end(&mut self) -> Option<()> {
        loop {
            self.at += plain_bytes(self.text.as_bytes().get(self.at..)?);
            let byte = self.peek()?;
            self.at += 1;
            match byte {
                b'"' => return Some(()),
                b'\\' => self.escape()?,
                // A control character.
                _ => return None,
            }
        }
    }

    /// Whether nothing but white space is left.
    pub(super) fn is_at_end(&mut self) -> bool {
        self.next_solid().is_none()
    }

    /// A string without escapes.
    pub(super) fn string(&mut self) -> Option<&'a str> {
        let (text, escapes) = self.any_string()?;
        (!escapes).then_some(text)
    }

    /// A string as it is written, and whether there are escapes in it.
    fn any_string(&mut self) -> Option<(&'a str, bool)> {
        if self.peek()? != b'"' {
            return None;
        }
        let from = self.at + 1;
        self.at = from;
        let mut escapes = false;
        loop {
            self.at += plain_bytes(self.text.as_bytes().get(self.at..)?);
            match self.peek()? {
                b'"' => {
                    let text = self.text.get(from..self.at)?;
                    self.at += 1;
                    return Some((text, escapes));
                }
                b'\\' => {
                    escapes = true;
                    self.at += 1;
                    self.escape()?;
                }
                // A control character.
                _ => return None,
            }
        }
    }

    fn escape(&mut self) -> Option<()> {
        let byte = self.peek()?;
        self.at += 1;
        match byte {
            b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some(()),
            b'u' => {
                let digits = self.text.as_bytes().get(self.at..self.at + 4)?;
                // Of a surrogate nothing is known before its other half: that is rare.
                let is_surrogate = matches!(
                    digits,
                    [b'd' | b'D', b'8'..=b'9' | b'a'..=b'f' | b'A'..=b'F', ..]
                );
                if is_surrogate || !digits.iter().all(u8::is_ascii_hexdigit) {
                    return None;
                }
                self.at += 4;
                Some(())
            }
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub(super) fn unsigned(&mut self) -> Option<u64> {
        let from = self.at;
        let mut number = 0_u64;
        let rest = self.text.as_bytes().get(from..)?;
        if let Some(eight) = rest.first_chunk().copied().and_then(eight_digits) {
            number = eight;
            self.at += 8;
        }
        while let Some(byte @ b'0'..=b'9') = self.peek() {
            number = number
                .checked_mul(10)?
                .checked_add(u64::from(byte - b'0'))?;
            self.at += 1;
        }
        let digits = self.at - from;
        let padded = digits > 1 && self.text.as_bytes().get(from) == Some(&b'0');
        let goes_on = matches!(self.peek(), Some(b'.' | b'e' | b'E'));
        (digits > 0 && !padded && !goes_on).then_some(number)
    }

    pub(super) fn boolean(&mut self) -> Option<bool> {
        match self.peek()? {
            b't' => self.word("true").map(|()| true),
            b'f' => self.word("false").map(|()| false),
            _ => None,
        }
    }

    fn word(&mut self, word: &str) -> Option<()> {
        self.text
            .as_bytes()
            .get(self.at..)?
            .starts_with(word.as_bytes())
            .then(|| self.at += word.len())
    }

    /// Over a value of any kind; gives its text.
    pub(super) fn value(&mut self) -> Option<&'a str> {
        let from = self.at;
        self.pass(DEPTH_MAX)?;
        self.text.get(from..self.at)
    }

    /// Over the value that is next.
    fn pass(&mut self, depth: u32) -> Option<()> {
        match self.peek()? {
            b'"' => self.any_string().map(|_| ()),
            b'{' => {
                let depth = depth.checked_sub(1)?;
                self.take(b'{')?;
                if self.peek() != Some(b'}') {
                    loop {
                        self.any_string()?;
                        self.take(b':')?;
                        self.pass(depth)?;
                        if !self.take_if(b',') {
                            break;
                        }
                    }
                }
                self.close(b'}')
            }
            b'[' => {
                let depth = depth.checked_sub(1)?;
                self.take(b'[')?;
                if self.peek() != Some(b']') {
                    loop {
                        self.pass(depth)?;
                        if !self.take_if(b',') {
                            break;
                        }
                    }
                }
                self.close(b']')
            }
            b't' | b'f' => self.boolean().map(|_| ()),
            b'n' => self.word("null"),
            _ => self.number(),
        }
    }

    /// Over a closing bracket, and the white space before it only.
    pub(super) fn close(&mut self, byte: u8) -> Option<()> {
        if self.next_solid()? != byte {
            return None;
        }
        self.at += 1;
        Some(())
    }

    fn number(&mut self) -> Option<()> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits()?;
        }
        Some(())
    }

    fn digits(&mut self) -> Option<()> {
        let from = self.at;
        while let Some(b'0'..=b'9') = self.peek() {
            self.at += 1;
        }
        (self.at > from).then_some(())
    }
}

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = 0x8080_8080_8080_8080;

/// Marks, with their highest bits, the bytes of `word` that are zero, and maybe some above the lowest of them.
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(ONES) & !word & HIGHS
}

/// The number that eight digits are; `None` where one of them is none.
const fn eight_digits(bytes: [u8; 8]) -> Option<u64> {
    let word = u64::from_le_bytes(bytes);
    let digits = word ^ (ONES * 0x30);
    // Above nine, or not below 128.
    if (digits.wrapping_add(ONES * 0x76) | digits) & HIGHS != 0 {
        return None;
    }
    // Two digits, then four, then eight: each step adds up neighbours.
    let pairs = (digits * 10 + (digits >> 8)) & 0x00ff_00ff_00ff_00ff;
    let fours = (pairs * 100 + (pairs >> 16)) & 0x0000_ffff_0000_ffff;
    Some((fours * 10_000 + (fours >> 32)) & 0xffff_ffff)
}

/// Whether a string that was read may hold a control character: at and above 0x7f alone, and then behind 0xc2.
pub(super) fn may_hold_control(text: &str) -> bool {
    let (words, rest) = text.as_bytes().as_chunks::<8>();
    let may_hold = |word: u64| {
        let delete = zero_bytes(word ^ (ONES * 0x7f));
        (delete | zero_bytes(word ^ (ONES * 0xc2))) != 0
    };
    words.iter().any(|word| may_hold(u64::from_le_bytes(*word)))
        || rest.iter().any(|byte| matches!(byte, 0x7f | 0xc2))
}

/// How many bytes there are before a quote, a backslash or a control character; eight are looked at in one step.
#[inline]
fn plain_bytes(bytes: &[u8]) -> usize {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut plain = 0;
    for word in words {
        let word = u64::from_le_bytes(*word);
        let quote = zero_bytes(word ^ (ONES * 0x22));
        let backslash = zero_bytes(word ^ (ONES * 0x5c));
        let control = word.wrapping_sub(ONES * 0x20) & !word & HIGHS;
        let found = quote | backslash | control;
        if found != 0 {
            // The lowest find is a true one; only those above it may be borrows of it.
            return plain + found.trailing_zeros() as usize / 8;
        }
        plain += 8;
    }
    let ends = |byte: &u8| matches!(byte, 0..0x20 | b'"' | b'\\');
    plain + rest.iter().position(ends).unwrap_or(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether a whole text is one value.
    fn is_json(text: &str) -> bool {
        let mut cursor = Cursor::new(text);
        cursor.value().is_some() && cursor.is_at_end()
    }

    #[test]
    fn values_are_passed_over_as_json_has_them() {
        for text in [
            "0",
            "-0",
            "12",
            "-1.50e+3",
            "1E9",
            "true",
            "false",
            "null",
            "\"\"",
            "[]",
            "{}",
            "[ ]",
            "{ }",
            "[1, [2], {\"a\":[]}]",
            "{\"a\" : \"\\u00e9\\n\" , \"b\":{}}",
            "\"가나다라마바사 {[\"",
        ] {
            assert_eq!(
                is_json(text),
                serde_json::from_str::<serde_json::Value>(text).is_ok(),
                "{text}"
            );
        }
        for text in [
            "",
            "01",
            "-",
            "1.",
            ".5",
            "1e",
            "+1",
            "tru",
            "nul",
            "\"",
            "\"\\x\"",
            "\"\\u12\"",
            "[1,]",
            "[,]",
            "{\"a\"}",
            "{\"a\":}",
            "{\"a\":1,}",
            "{a:1}",
            "[1",
            "{\"a\":1",
            "[1}",
            "\"\t\"",
            "1 2",
        ] {
            assert!(!is_json(text), "{text}");
            assert!(
                serde_json::from_str::<serde_json::Value>(text).is_err(),
                "{text}"
            );
        }
    }

    #[test]
    fn eight_digits_at_once_are_the_number_they_are_one_by_one() {
        for number in [
            "0",
            "7",
            "12345678",
            "00000000",
            "1715562000000",
            "18446744073709551615",
        ] {
            let mut cursor = Cursor::new(number);
            let is_padded = number.len() > 1 && number.starts_with('0');
            let expected = number.parse().ok().filter(|_| !is_padded);
            assert_eq!(cursor.unsigned(), expected, "{number}");
        }
        for text in [
            "18446744073709551616",
            "-1",
            "",
            "a",
            "/2345678",
            ":2345678",
        ] {
            assert_eq!(Cursor::new(text).unsigned(), None, "{text}");
        }
        for byte in 0..=u8::MAX {
            for place in 0..8 {
                let mut bytes = *b"90817263";
                bytes[place] = byte;
                let expected = std::str::from_utf8(&bytes)
                    .ok()
                    .and_then(|text| text.parse().ok());
                let is_digit = byte.is_ascii_digit();
                assert_eq!(
                    eight_digits(bytes),
                    expected.filter(|_| is_digit),
                    "{bytes:?}"
                );
            }
        }
    }

    #[test]
    fn a_control_character_in_a_name_is_found_wherever_it_stands() {
        for length in 0..20 {
            let plain = "a가".repeat(length);
            assert!(!may_hold_control(&plain));
            for end in ["\u{7f}", "\u{80}", "\u{9f}"] {
                assert!(may_hold_control(&format!("{plain}{end}")));
                assert!(may_hold_control(&format!("{end}{plain}")));
            }
        }
    }

    #[test]
    fn the_end_of_a_string_is_found_wherever_it_stands() {
        for length in 0..40 {
            for end in ["\"", "\\", "\n", "\u{1f}"] {
                for filler in ["a", "!", "\u{7f}", "가", "\u{80}"] {
                    let plain = filler.repeat(length);
                    let text = format!("{plain}{end}rest of it, {end}");
                    assert_eq!(plain_bytes(text.as_bytes()), plain.len());
                }
            }
        }
    }

    #[test]
    fn what_stands_too_deep_is_left_to_the_slow_way() {
        let deep = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(is_json(&deep(64)));
        assert!(!is_json(&deep(65)));
        assert!(!is_json(&deep(100_000)));
    }
}
