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

/// The line and column of a byte, from 1; columns in characters.
pub(crate) fn line_and_column(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let last = before.rsplit('\n').next().unwrap_or("");
    (line, last.chars().count() + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pointer_finds_its_place_in_the_text() {
        let json = "{\n \"a\": [1, {\"b/c\": \"x\\n\"}]\n}";
        let laid = read(json).unwrap();
        assert_eq!(line_and_column(json, laid.find("/a/1/b~1c")), (2, 19));
        assert_eq!(line_and_column(json, laid.find("/a/0")), (2, 8));
        assert_eq!(line_and_column(json, laid.find("/a/1/gone")), (2, 11));
        assert_eq!(line_and_column(json, laid.find("")), (1, 1));
        assert!(read("{\"a\": }").is_none() && read("").is_none());
    }
}
