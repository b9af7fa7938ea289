//! Comma-separated values (RFC 4180), safe to open in a spreadsheet.

use happytalk_core::Won;

/// Lines of cells, the head first.
#[derive(Debug, Default)]
pub(super) struct Csv(String);

/// One cell.
#[derive(Debug)]
pub(super) enum Cell<'a> {
    /// Somebody's words: what a spreadsheet would compute is made plain text.
    Text(&'a str),
    /// A count.
    Count(i64),
    /// In won, without separators: `-1234.5`.
    Won(Won),
}

impl Csv {
    pub(super) fn line<'a>(&mut self, cells: impl IntoIterator<Item = Cell<'a>>) {
        for (place, cell) in cells.into_iter().enumerate() {
            if place > 0 {
                self.0.push(',');
            }
            match cell {
                Cell::Text(text) => self.text(text),
                Cell::Count(count) => self.0.push_str(&count.to_string()),
                Cell::Won(won) => self.0.push_str(&won.to_string().replace(',', "")),
            }
        }
        self.0.push_str("\r\n");
    }

    fn text(&mut self, text: &str) {
        // OWASP ASVS 1.2.10: a cell that begins like a formula is computed by whoever opens it.
        let is_formula = text.starts_with(['=', '+', '-', '@', '\t', '\0', '＝', '＋', '－', '＠']);
        let is_plain = !is_formula && !text.contains(['"', ',', '\r', '\n']);
        if is_plain {
            self.0.push_str(text);
            return;
        }
        self.0.push('"');
        if is_formula {
            self.0.push('\'');
        }
        self.0.push_str(&text.replace('"', "\"\""));
        self.0.push('"');
    }

    pub(super) fn finish(self) -> String {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(text: &str) -> String {
        let mut csv = Csv::default();
        csv.line([Cell::Text(text), Cell::Count(-1)]);
        csv.finish()
    }

    #[test]
    fn a_cell_that_would_be_computed_is_text() {
        assert_eq!(line("=1+1"), "\"'=1+1\",-1\r\n");
        assert_eq!(line("@SUM(A1)"), "\"'@SUM(A1)\",-1\r\n");
        assert_eq!(line("k-1"), "k-1,-1\r\n");
        assert_eq!(line("a,\"b\""), "\"a,\"\"b\"\"\",-1\r\n");
    }

    #[test]
    fn an_amount_is_a_number() {
        let mut csv = Csv::default();
        csv.line([
            Cell::Won(Won::from_millis(-1_234_567_500)),
            Cell::Won(Won::ZERO),
        ]);
        assert_eq!(csv.finish(), "-1234567.5,0\r\n");
    }
}
