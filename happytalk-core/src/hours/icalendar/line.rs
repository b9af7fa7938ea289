//! The lines of an iCalendar file: folded ones put together, each taken apart.

/// The lines with what was folded put together again, each with its number in the file, from 1. Empty ones are left out.
pub(super) fn unfolded(text: &str) -> impl Iterator<Item = (usize, String)> {
    let mut lines = (1..).zip(text.split('\n')).peekable();
    std::iter::from_fn(move || {
        loop {
            let (number, begin) = lines.next()?;
            let mut line = begin.strip_suffix('\r').unwrap_or(begin).to_owned();
            while let Some((_, more)) = lines.next_if(|(_, next)| next.starts_with([' ', '\t'])) {
                let more = more.strip_suffix('\r').unwrap_or(more);
                line.extend(more.chars().skip(1));
            }
            if !line.trim().is_empty() {
                return Some((number, line));
            }
        }
    })
}

/// `NAME;PARAMETER=value:value`.
pub(super) struct ContentLine {
    /// In capitals.
    pub(super) name: String,
    /// What `VALUE` says, in capitals.
    kind: Option<String>,
    pub(super) value: String,
}

impl ContentLine {
    /// The line, or `None` where it is none.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut quoted = false;
        let colon = text.find(|c| {
            quoted ^= c == '"';
            c == ':' && !quoted
        })?;
        let (before, value) = text.split_at(colon);
        let mut parts = before.split(';');
        let name = parts.next()?.trim().to_ascii_uppercase();
        let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-';
        if name.is_empty() || !name.bytes().all(is_name) {
            return None;
        }
        let kind = parts.find_map(|part| {
            let (name, value) = part.split_once('=')?;
            name.trim()
                .eq_ignore_ascii_case("VALUE")
                .then(|| value.trim_matches(['"', ' ']).to_ascii_uppercase())
        });
        let value = value.strip_prefix(':')?.to_owned();
        Some(Self { name, kind, value })
    }

    pub(super) fn is(&self, name: &str, value: &str) -> bool {
        self.name == name && self.value.trim().eq_ignore_ascii_case(value)
    }

    /// Whether its value is a time of the day rather than a date. Some programs leave `VALUE=DATE` out.
    pub(super) fn is_timed(&self) -> bool {
        match self.kind.as_deref() {
            Some("DATE") => false,
            Some(_) => true,
            None => self.value.contains(['T', 't']),
        }
    }

    /// Its value as a text: `\,` `\;` `\\` and `\n` stand for what they escape.
    pub(super) fn text(&self) -> String {
        let mut text = String::new();
        let mut chars = self.value.chars();
        while let Some(c) = chars.next() {
            match c {
                '\\' => match chars.next() {
                    Some('n' | 'N') => text.push('\n'),
                    Some(escaped) => text.push(escaped),
                    None => text.push('\\'),
                },
                c => text.push(c),
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_lines_are_put_together() {
        let text = "SUMMARY:설\r\n 날\r\n\r\nX:1\n\t2\n";
        let lines: Vec<_> = unfolded(text).collect();
        assert_eq!(
            lines,
            [(1, "SUMMARY:설날".to_owned()), (4, "X:12".to_owned())]
        );
    }

    #[test]
    fn a_colon_in_quotes_ends_no_name() {
        let line = ContentLine::read("dtstart;tzid=\"a:b;c\";Value=date:20260101").unwrap();
        assert_eq!(
            (line.name.as_str(), line.value.as_str()),
            ("DTSTART", "20260101")
        );
        assert!(!line.is_timed());
        assert!(ContentLine::read("no colon").is_none());
        assert!(ContentLine::read("bad name:1").is_none());
    }

    #[test]
    fn escapes_stand_for_what_they_escape() {
        let line = ContentLine::read(r"SUMMARY:a\, b\; c\\d\ne\").unwrap();
        assert_eq!(line.text(), "a, b; c\\d\ne\\");
    }
}
