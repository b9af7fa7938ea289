//! Rust source cut into tokens, so that a check is not fooled by comments, docs, texts or tests.
//!
//! Not a parser: it knows where comments and literals end and which items exist only for tests, and no more.

/// What a token is. Comments and white space are no tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// An identifier or a keyword; of `r#type` the `type`.
    Word,
    /// A number without a fraction, exponent or float suffix.
    Integer,
    /// A number with one of them.
    Float,
    /// The text, byte or character literals, whatever is in them.
    Literal,
    /// `'a`, without being a character.
    Lifetime,
    /// `::`, or any other character on its own.
    Punctuation,
}

/// A piece of source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Token<'t> {
    pub(crate) kind: Kind,
    pub(crate) text: &'t str,
    /// Counted from 1.
    pub(crate) line: usize,
}

impl Token<'_> {
    pub(crate) fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Punctuation) && self.text == text
    }
}

/// Cuts `source` into tokens. What does not lex is taken character by character, since rustc has the last word.
pub(crate) fn tokens(source: &str) -> Vec<Token<'_>> {
    let mut cursor = Cursor {
        rest: source,
        line: 1,
    };
    let mut found: Vec<Token<'_>> = Vec::new();
    loop {
        cursor.skip_blanks_and_comments();
        let Some(first) = cursor.rest.chars().next() else {
            return found;
        };
        // `pair.0.1` has no number in it: the tuple's fields are taken one by one.
        let after_dot = found.last().is_some_and(|token| token.is("."));
        let (kind, length) = measure(cursor.rest, first, after_dot);
        let line = cursor.line;
        let text = cursor.take(length);
        let text = text
            .strip_prefix("r#")
            .filter(|_| kind == Kind::Word)
            .unwrap_or(text);
        found.push(Token { kind, text, line });
    }
}

struct Cursor<'t> {
    rest: &'t str,
    line: usize,
}

impl<'t> Cursor<'t> {
    fn take(&mut self, length: usize) -> &'t str {
        let (taken, rest) = self
            .rest
            .split_at_checked(length)
            .unwrap_or((self.rest, ""));
        self.line += taken.matches('\n').count();
        self.rest = rest;
        taken
    }

    fn skip_blanks_and_comments(&mut self) {
        loop {
            let blanks = self.rest.len() - self.rest.trim_start().len();
            self.take(blanks);
            if self.rest.starts_with("//") {
                self.take(self.rest.find('\n').unwrap_or(self.rest.len()));
            } else if self.rest.starts_with("/*") {
                self.take(block_comment(self.rest));
            } else {
                return;
            }
        }
    }
}

/// The length of the comment that `rest` begins with; comments nest.
fn block_comment(rest: &str) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some(tail) = rest.get(at..) {
        if tail.starts_with("/*") {
            depth += 1;
            at += 2;
        } else if tail.starts_with("*/") {
            depth -= 1;
            at += 2;
            if depth == 0 {
                return at;
            }
        } else {
            match tail.chars().next() {
                Some(character) => at += character.len_utf8(),
                None => break,
            }
        }
    }
    rest.len()
}

/// The kind and the length in bytes of the token that `rest` begins with.
fn measure(rest: &str, first: char, after_dot: bool) -> (Kind, usize) {
    if let Some(length) = text_literal(rest) {
        return (Kind::Literal, length);
    }
    if first == '\'' {
        return quote(rest);
    }
    if first.is_ascii_digit() {
        return number(rest, after_dot);
    }
    if is_word_start(first) {
        let raw = if rest.starts_with("r#") { 2 } else { 0 };
        let word = rest.get(raw..).map_or(0, word_length);
        return (Kind::Word, raw + word);
    }
    if rest.starts_with("::") {
        return (Kind::Punctuation, 2);
    }
    (Kind::Punctuation, first.len_utf8())
}

fn is_word_start(character: char) -> bool {
    character == '_' || character.is_alphabetic()
}

fn word_length(rest: &str) -> usize {
    rest.find(|character: char| character != '_' && !character.is_alphanumeric())
        .unwrap_or(rest.len())
}

/// `".."`, `r#".."#`, and both after `b` or `c`: the length of the whole.
fn text_literal(rest: &str) -> Option<usize> {
    let prefix = ["br", "cr", "b", "c", "r"]
        .into_iter()
        .find(|prefix| {
            rest.strip_prefix(prefix)
                .is_some_and(|tail| tail.starts_with(['"', '#']))
        })
        .unwrap_or_default();
    let tail = rest.get(prefix.len()..)?;
    if prefix.ends_with('r') {
        let hashes = tail.len() - tail.trim_start_matches('#').len();
        let body = tail.get(hashes..)?.strip_prefix('"')?;
        let end = format!("\"{}", "#".repeat(hashes));
        let body_length = body.find(&end).map_or(body.len(), |at| at + end.len());
        return Some(prefix.len() + hashes + 1 + body_length);
    }
    let body = tail.strip_prefix('"')?;
    let mut escaped = false;
    let body_length = body.find(|character| {
        let ends = character == '"' && !escaped;
        escaped = character == '\\' && !escaped;
        ends
    });
    Some(prefix.len() + 1 + body_length.map_or(body.len(), |at| at + 1))
}

/// A character or a lifetime: `'x'`, `'\n'`, `'a`.
fn quote(rest: &str) -> (Kind, usize) {
    let body = rest.get(1..).unwrap_or_default();
    let mut characters = body.chars();
    match (characters.next(), characters.next()) {
        (Some('\\'), Some(escape)) => {
            let at = 1 + escape.len_utf8();
            let end = body.get(at..).and_then(|tail| tail.find('\''));
            (
                Kind::Literal,
                1 + end.map_or(body.len(), |end| at + end + 1),
            )
        }
        (Some(character), Some('\'')) => (Kind::Literal, 2 + character.len_utf8()),
        _ => (Kind::Lifetime, 1 + word_length(body)),
    }
}

fn number(rest: &str, after_dot: bool) -> (Kind, usize) {
    if after_dot {
        let digits = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        return (Kind::Integer, digits);
    }
    if ["0x", "0o", "0b"]
        .iter()
        .any(|radix| rest.starts_with(radix))
    {
        return (Kind::Integer, word_length(rest));
    }
    let mut length = number_part(rest);
    let mut is_float = false;
    if let Some(fraction) = rest.get(length..).and_then(|tail| tail.strip_prefix('.')) {
        // `1..2` is a range and `1.max(2)` a call; `1.5` and a bare `1.` are floats.
        let next = fraction.chars().next();
        if !next.is_some_and(|next| next == '.' || is_word_start(next)) {
            is_float = true;
            length += 1 + number_part(fraction);
        }
    }
    let text = rest.get(..length).unwrap_or_default();
    let has_exponent = text.contains(['e', 'E']) && !text.ends_with("size");
    let has_suffix = text.ends_with("f32") || text.ends_with("f64");
    let kind = if is_float || has_exponent || has_suffix {
        Kind::Float
    } else {
        Kind::Integer
    };
    (kind, length)
}

/// Digits, suffix and exponent with its sign.
fn number_part(rest: &str) -> usize {
    let mut previous = ' ';
    rest.find(|character: char| {
        let sign = matches!(character, '+' | '-') && matches!(previous, 'e' | 'E');
        previous = character;
        !(sign || character == '_' || character.is_ascii_alphanumeric())
    })
    .unwrap_or(rest.len())
}

/// Source without what only tests see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Shipping<'t> {
    pub(crate) tokens: Vec<Token<'t>>,
    /// Modules behind `#[cfg(test)]` that stand in files of their own.
    pub(crate) test_modules: Vec<&'t str>,
}

/// Drops each item that stands behind `#[cfg(test)]` or `#[cfg(all(test, ..))]`, and everything when the file does.
pub(crate) fn shipping<'t>(tokens: &[Token<'t>]) -> Shipping<'t> {
    let mut kept = Vec::new();
    let mut test_modules = Vec::new();
    let mut rest = tokens;
    while let Some((first, tail)) = rest.split_first() {
        let Some(attribute) = attribute_length(rest) else {
            kept.push(*first);
            rest = tail;
            continue;
        };
        let (attribute, tail) = rest.split_at(attribute);
        if !is_for_tests(attribute) {
            kept.extend_from_slice(attribute);
            rest = tail;
        } else if attribute.get(1).is_some_and(|token| token.is("!")) {
            return Shipping {
                tokens: Vec::new(),
                test_modules: Vec::new(),
            };
        } else {
            let (item, tail) = tail.split_at(item_length(tail));
            test_modules.extend(module_elsewhere(item));
            rest = tail;
        }
    }
    Shipping {
        tokens: kept,
        test_modules,
    }
}

/// The length of `#[..]` or `#![..]` in tokens, if `rest` begins with one.
fn attribute_length(rest: &[Token<'_>]) -> Option<usize> {
    let (hash, tail) = rest.split_first()?;
    let bang = usize::from(tail.first()?.is("!"));
    let bracket = tail.get(bang)?;
    if !hash.is("#") || !bracket.is("[") {
        return None;
    }
    let mut depth = 0_usize;
    for (at, token) in rest.iter().enumerate() {
        if token.is("[") {
            depth += 1;
        } else if token.is("]") {
            depth -= 1;
            if depth == 0 {
                return Some(at + 1);
            }
        }
    }
    Some(rest.len())
}

fn is_for_tests(attribute: &[Token<'_>]) -> bool {
    let words: Vec<&str> = attribute
        .iter()
        .filter(|token| !matches!(token.text, "#" | "!" | "["))
        .map(|token| token.text)
        .collect();
    words.starts_with(&["cfg", "(", "test", ")"])
        || words.starts_with(&["cfg", "(", "all", "(", "test"])
}

/// The length of the item, field or arm that `rest` begins with, its further attributes included.
fn item_length(rest: &[Token<'_>]) -> usize {
    let mut at = 0;
    while let Some(length) = rest.get(at..).and_then(attribute_length) {
        at += length;
    }
    const ITEMS: [&str; 13] = [
        "pub", "fn", "mod", "use", "struct", "enum", "impl", "trait", "const", "static", "type",
        "async", "extern",
    ];
    let is_item = rest
        .get(at)
        .is_some_and(|first| ITEMS.contains(&first.text));
    let mut depth = 0_usize;
    for (offset, token) in rest.iter().enumerate().skip(at) {
        match token.text {
            _ if token.kind != Kind::Punctuation => {}
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => {
                // The end of what the field or arm stands in.
                let Some(outer) = depth.checked_sub(1) else {
                    return offset;
                };
                depth = outer;
                if depth == 0 && token.is("}") {
                    return offset + 1;
                }
            }
            ";" if depth == 0 => return offset + 1,
            "," if depth == 0 && !is_item => return offset + 1,
            _ => {}
        }
    }
    rest.len()
}

/// The name of `mod name;`.
fn module_elsewhere<'t>(item: &[Token<'t>]) -> Option<&'t str> {
    let at = item.iter().position(|token| token.is("mod"))?;
    let name = item.get(at + 1)?;
    item.get(at + 2)?.is(";").then_some(name.text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<&str> {
        tokens(source)
            .into_iter()
            .filter(|token| token.kind == Kind::Word)
            .map(|token| token.text)
            .collect()
    }

    fn shipped(source: &str) -> Vec<String> {
        let all = tokens(source);
        let kept = shipping(&all).tokens;
        kept.iter()
            .filter(|token| token.kind == Kind::Word)
            .map(|token| token.text.to_owned())
            .collect()
    }

    fn kinds(source: &str) -> Vec<(Kind, &str)> {
        tokens(source)
            .into_iter()
            .map(|token| (token.kind, token.text))
            .collect()
    }

    #[test]
    fn comments_docs_and_texts_hold_no_words() {
        let source = "/// SystemTime\n//! tokio\n/* a /* nested */ b */ fn f() { \"Instant \\\" now\"; r#\"env \" x\"#; b\"y\"; }";
        assert_eq!(words(source), ["fn", "f"]);
    }

    #[test]
    fn a_quote_is_a_character_or_a_lifetime() {
        let source = r"fn f<'a>(x: &'a str) { '\''; '\u{1F600}'; '가'; '\\'; last }";
        assert_eq!(words(source), ["fn", "f", "x", "str", "last"]);
    }

    #[test]
    fn a_raw_identifier_is_its_word() {
        assert_eq!(words("r#type r#\"text\"# rest"), ["type", "rest"]);
    }

    #[test]
    fn lines_are_counted_through_comments_and_texts() {
        let source = "/*\n\n*/ \"\n\" here";
        assert_eq!(tokens(source).last().map(|token| token.line), Some(4));
    }

    #[test]
    fn floats_are_told_from_ranges_calls_and_tuple_fields() {
        let float = |text| kinds(text).first().copied();
        for text in ["1.5", "1e9", "1.5e-3", "2f64", "2_f32", "1."] {
            assert_eq!(float(text), Some((Kind::Float, text)), "{text}");
        }
        for text in [
            "1..2", "1.max(2)", "pair.0.1", "0x1e5", "1_000u64", "3usize", "0xf32", "7isize",
        ] {
            assert!(
                kinds(text).iter().all(|(kind, _)| *kind != Kind::Float),
                "{text}"
            );
        }
    }

    #[test]
    fn what_stands_behind_cfg_test_is_dropped_and_what_follows_is_kept() {
        let source = "fn before() {} #[cfg(test)] #[path = \"x\"] mod tests { fn inner() { if x { } } } fn after() {}";
        assert_eq!(shipped(source), ["fn", "before", "fn", "after"]);
        assert_eq!(
            shipped("#[cfg(test)] use std::{fs, env}; fn after() {}"),
            ["fn", "after"]
        );
        assert_eq!(
            shipped("#[cfg(all(test, unix))] fn f<A, B>() -> [u8; 2] {} fn after() {}"),
            ["fn", "after"]
        );
        assert_eq!(
            shipped("struct S { #[cfg(test)] clock: Instant, kept: u8 }"),
            ["struct", "S", "kept", "u8"]
        );
        assert_eq!(
            shipped("struct S { kept: u8, #[cfg(test)] clock: Instant }"),
            ["struct", "S", "kept", "u8"]
        );
        assert_eq!(shipped("#![cfg(test)] fn f() {}"), Vec::<String>::new());
    }

    #[test]
    fn what_a_feature_ships_is_kept() {
        let source = "#[cfg(any(test, feature = \"testing\"))] mod testing { fn f() {} }";
        assert!(shipped(source).contains(&"f".to_owned()));
        assert!(shipped("#[cfg(not(test))] fn f() {}").contains(&"f".to_owned()));
    }

    #[test]
    fn a_test_module_in_its_own_file_is_named() {
        let all = tokens("mod shipped; #[cfg(test)] mod tests; #[cfg(test)] mod inline {}");
        assert_eq!(shipping(&all).test_modules, ["tests"]);
    }

    #[test]
    fn what_does_not_end_ends_with_the_file() {
        for source in [
            "\"",
            "/*",
            "r#\"",
            "'",
            "'\\",
            "#[",
            "#[cfg(test)]",
            "#[cfg(test)] mod",
            "b",
            "1.",
            "\u{feff}",
        ] {
            let all = tokens(source);
            let length: usize = all.iter().map(|token| token.text.len()).sum();
            assert!(shipping(&all).tokens.len() <= length, "{source}");
        }
    }
}
