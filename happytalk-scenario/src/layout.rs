//! The text of a document as it stands: every member in its place, numbers as they were written, comments kept.

use std::borrow::Cow;

/// A JSON value with where it begins in the text.
pub(crate) struct Laid<'t> {
    /// The byte at which it begins.
    pub(crate) at: usize,
    pub(crate) what: What<'t>,
}

pub(crate) enum What<'t> {
    /// A number, `true`, `false` or `null`, as written.
    Plain(&'t str),
    Text(Cow<'t, str>),
    List(Vec<Laid<'t>>),
    Object(Vec<(Cow<'t, str>, Laid<'t>)>),
}

/// Reads text that is known to be JSON; `None` where it is not.
pub(crate) fn read(json: &str) -> Option<Laid<'_>> {
    // What this reader does not look at (numbers, escapes, depth) is looked at here.
    serde_json::from_str::<serde::de::IgnoredAny>(json).ok()?;
    let mut reader = Reader { json, at: 0 };
    reader.value()
}

struct Reader<'t> {
    json: &'t str,
    at: usize,
}

impl<'t> Reader<'t> {
    fn peek(&self) -> Option<u8> {
        self.json.as_bytes().get(self.at).copied()
    }

    fn gap(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn eat(&mut self, byte: u8) -> bool {
        self.gap();
        let is_it = self.peek() == Some(byte);
        self.at += usize::from(is_it);
        is_it
    }

    fn value(&mut self) -> Option<Laid<'t>> {
        self.gap();
        let at = self.at;
        let what = match self.peek()? {
            b'{' => {
                self.at += 1;
                let mut members = Vec::new();
                while !self.eat(b'}') {
                    self.eat(b',');
                    self.gap();
                    let name = self.text()?;
                    self.eat(b':');
                    members.push((name, self.value()?));
                }
                What::Object(members)
            }
            b'[' => {
                self.at += 1;
                let mut items = Vec::new();
                while !self.eat(b']') {
                    self.eat(b',');
                    items.push(self.value()?);
                }
                What::List(items)
            }
            b'"' => What::Text(self.text()?),
            _ => {
                let ends = |byte: &u8| !byte.is_ascii_alphanumeric() && !b"+-.".contains(byte);
                let rest = self.json.as_bytes().get(at..)?;
                let length = rest.iter().position(ends).unwrap_or(rest.len());
                self.at += length.max(1);
                What::Plain(self.json.get(at..self.at)?)
            }
        };
        Some(Laid { at, what })
    }

    fn text(&mut self) -> Option<Cow<'t, str>> {
        let start = self.at;
        self.at += 1;
        let mut escaped = false;
        loop {
            match self.peek()? {
                b'"' => break,
                b'\\' => {
                    escaped = true;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
        self.at += 1;
        if escaped {
            let whole = self.json.get(start..self.at)?;
            return serde_json::from_str::<String>(whole).ok().map(Cow::Owned);
        }
        self.json.get(start + 1..self.at - 1).map(Cow::Borrowed)
    }
}

impl Laid<'_> {
    /// Where the value of a JSON pointer begins; of what is not there, where the nearest thing around it does.
    pub(crate) fn find(&self, pointer: &str) -> usize {
        let mut here = self;
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            let inner = match &here.what {
                What::Object(members) => {
                    // Of a key that stands twice, the second is the one that is told about.
                    let mut members = members.iter().rev();
                    members
                        .find(|(name, _)| *name == step)
                        .map(|(_, value)| value)
                }
                What::List(items) => step.parse::<usize>().ok().and_then(|at| items.get(at)),
                What::Plain(_) | What::Text(_) => None,
            };
            match inner {
                Some(inner) => here = inner,
                None => break,
            }
        }
        here.at
    }
}

/// Where the lines of a text begin, so that many places are looked up in it.
pub(crate) struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    pub(crate) fn of(text: &'t str) -> Self {
        let starts = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            text,
            starts: std::iter::once(0).chain(starts).collect(),
        }
    }

    /// The line and column of a byte, from 1; columns in characters.
    pub(crate) fn place(&self, at: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= at).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..at).unwrap_or("");
        (line, before.chars().count() + 1)
    }

    /// Where the text stops being JSON, line and column from 1; nowhere where it is JSON.
    pub(crate) fn syntax_fault(&self) -> Option<(usize, usize)> {
        let error = serde_json::from_str::<serde::de::IgnoredAny>(self.text).err()?;
        Some(self.of_bytes(error.line(), error.column()))
    }

    /// A line and a column in bytes, both from 1, with the column in characters. Where there is nothing at all, the
    /// fault is where the text would begin.
    pub(crate) fn of_bytes(&self, line: usize, column: usize) -> (usize, usize) {
        let (line, column) = (line.max(1), column.max(1));
        let start = self
            .starts
            .get(line - 1)
            .copied()
            .unwrap_or(self.text.len());
        let rest = self.text.get(start..).unwrap_or("");
        let before = rest.char_indices().take_while(|(at, _)| at + 1 < column);
        (line, before.count() + 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_finds_its_place_in_the_text() {
        let json = "{\n \"a\": [1, {\"b/c\": \"x\\n\"}]\n}";
        let laid = read(json).unwrap();
        let place = |pointer: &str| Lines::of(json).place(laid.find(pointer));
        assert_eq!(place("/a/1/b~1c"), (2, 19));
        assert_eq!(place("/a/0"), (2, 8));
        assert_eq!(place("/a/1/gone"), (2, 11));
        assert_eq!(place(""), (1, 1));
        assert!(read("{\"a\": }").is_none() && read("").is_none());
    }

    #[test]
    fn columns_are_characters() {
        let text = "{\n \"가나\": \"다\" x";
        assert_eq!(Lines::of(text).syntax_fault(), Some((2, 12)));
        assert_eq!(Lines::of("").syntax_fault(), Some((1, 1)));
        assert_eq!(Lines::of("{}").syntax_fault(), None);
        assert_eq!(Lines::of("가\n나다").place("가\n나".len()), (2, 2));
    }
}
