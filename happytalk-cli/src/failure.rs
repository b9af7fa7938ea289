//! How a command ends: well, with findings, or with one line that says where and why.

use std::fmt::{self, Display};
use std::io;

use happytalk_core::json::JsonError;
use happytalk_core::log::LineError;

/// How a command ended that could do its work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Exit 0.
    Fine,
    /// An error-level diagnostic was found: exit 1.
    Found,
}

/// Why a command could not do its work: exit 2.
#[derive(Debug)]
pub(crate) enum Failure {
    /// Bad usage or unreadable input, said in one line.
    Said(String),
    /// What was printed did not go out.
    Output(io::Error),
}

/// A point in an input: line and column from 1, columns in bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Place {
    line: u64,
    column: usize,
}

impl Place {
    /// The first byte of an input.
    pub(crate) const START: Self = Self { line: 1, column: 1 };

    /// A place; what an error leaves open (0) is the first.
    pub(crate) fn new(line: u64, column: usize) -> Self {
        Self {
            line: line.max(1),
            column: column.max(1),
        }
    }

    /// The place of the byte at `offset` of `text`.
    pub(crate) fn of(text: &[u8], offset: usize) -> Self {
        let before = text.get(..offset).unwrap_or(text);
        let breaks = before.iter().filter(|byte| **byte == b'\n').count();
        let column = before.iter().rev().take_while(|byte| **byte != b'\n');
        Self::new(
            u64::try_from(breaks).unwrap_or(u64::MAX).saturating_add(1),
            column.count() + 1,
        )
    }
}

impl Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

impl Failure {
    /// The command line is not right.
    pub(crate) fn usage(why: impl Display) -> Self {
        Self::Said(format!("happytalk: {why}"))
    }

    /// The input called `name` is not right at that place.
    pub(crate) fn at(name: &str, place: Place, why: impl Display) -> Self {
        Self::Said(format!("{name}:{place}: {why}"))
    }

    /// The input called `name` is not right as a whole.
    pub(crate) fn of(name: &str, why: impl Display) -> Self {
        Self::Said(format!("{name}: {why}"))
    }

    /// The input called `name` is not the JSON it should be.
    pub(crate) fn json(name: &str, error: &JsonError) -> Self {
        let line = u64::try_from(error.line()).unwrap_or(u64::MAX);
        Self::at(name, Place::new(line, error.column()), error.reason())
    }

    /// A line of the log called `name` is not one.
    pub(crate) fn log_line(name: &str, line: u64, column: usize, error: &LineError) -> Self {
        let place = Place::new(line, column);
        match error {
            LineError::Json { reason, .. } => Self::at(name, place, reason),
            other => Self::at(name, place, other),
        }
    }

    /// The one line for standard error.
    pub(crate) fn line(&self) -> String {
        let text = match self {
            Self::Said(text) => text.clone(),
            Self::Output(error) => format!("stdout: could not be written: {error}"),
        };
        // The name of a file may hold anything.
        text.replace(char::is_control, " ")
    }
}

/// Of writing alone: what reading fails with becomes a [`Failure`] where the name of the input is known.
impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_counted_from_one_in_lines_and_bytes() {
        let text = "a\n가b\n".as_bytes();
        let at = |offset| Place::of(text, offset).to_string();
        assert_eq!(at(0), "1:1");
        assert_eq!(at(2), "2:1");
        assert_eq!(at(5), "2:4");
        assert_eq!(at(7), "3:1");
        assert_eq!(at(99), "3:1");
        assert_eq!(Place::new(0, 0), Place::START);
    }

    #[test]
    fn a_failure_is_one_line_whatever_a_file_is_called() {
        let failure = Failure::at("a\nb\u{1b}[31m.json", Place::START, "not JSON");
        assert_eq!(failure.line(), "a b [31m.json:1:1: not JSON");
    }
}
