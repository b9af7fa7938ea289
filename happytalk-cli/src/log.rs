//! A whole log in memory, each line with its place in the file; and what is wrong with one that cannot be read.

use std::collections::BTreeMap;

use happytalk_core::{Line, Stream};
use happytalk_sqi::{Error, read_log};

use crate::failure::{Failure, Place};
use crate::source::{Source, unread};

/// A line and its number in the file, from 1.
pub(crate) struct Numbered {
    pub(crate) number: u64,
    pub(crate) line: Line,
}

/// Reads a log. As everywhere at the prompt, a line that repeats is passed over, and one that is missing is an error.
pub(crate) fn read(source: Source) -> Result<(String, Vec<Numbered>), Failure> {
    let Source { name, reader } = source;
    let mut lines = Vec::new();
    let mut last: BTreeMap<Stream, u64> = BTreeMap::new();
    let mut log = read_log(reader);
    while let Some(line) = log.next() {
        let line = line.map_err(|error| log_fault(&name, &error))?;
        let number = log.line_number();
        let seen = last.get(&line.stream).copied().unwrap_or(0);
        if (1..=seen).contains(&line.seq) {
            continue;
        }
        let expected = seen.saturating_add(1);
        if line.seq != expected {
            let gap = Error::Gap {
                stream: line.stream,
                expected,
                found: line.seq,
            };
            let misplaced = Error::Misplaced {
                line: number,
                source: Box::new(gap),
            };
            return Err(log_fault(&name, &misplaced));
        }
        last.insert(line.stream.clone(), line.seq);
        lines.push(Numbered { number, line });
    }
    Ok((name, lines))
}

/// What is wrong with a log, where it stands and in one sentence.
pub(crate) fn log_fault(name: &str, error: &Error) -> Failure {
    match error {
        Error::Io { source, .. } => Failure::of(name, unread(source)),
        Error::NotUtf8 { line, column } => {
            Failure::at(name, Place::new(*line, *column), "line is not UTF-8")
        }
        Error::Line {
            line,
            column,
            source,
        } => Failure::log_line(name, *line, *column, source),
        Error::Misplaced { line, source } => Failure::at(name, Place::new(*line, 1), source),
        other => Failure::of(name, other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(log: &'static str) -> Result<Vec<u64>, String> {
        let source = Source {
            name: "log".to_owned(),
            reader: Box::new(log.as_bytes()),
        };
        match read(source) {
            Ok((_, lines)) => Ok(lines.iter().map(|one| one.number).collect()),
            Err(failure) => Err(failure.line()),
        }
    }

    #[test]
    fn a_repeated_line_is_passed_over_and_a_missing_one_has_its_place() {
        let log = "\n{\"agent\":\"a\",\"seq\":1,\"at\":1,\"type\":\"agent_removed\"}\n\
            {\"agent\":\"a\",\"seq\":1,\"at\":1,\"type\":\"agent_removed\"}\n\
            {\"site\":\"s\",\"seq\":1,\"at\":1,\"type\":\"x\"}\n";
        assert_eq!(numbers(log), Ok(vec![2, 4]));
        let log = "{\"site\":\"s\",\"seq\":2,\"at\":1,\"type\":\"x\"}";
        assert_eq!(
            numbers(log),
            Err(
                "log:1:1: line is missing. stream=`site s` expected_seq=`1` found_seq=`2`"
                    .to_owned()
            )
        );
        let log = "{\"site\":\"s\",\"seq\":0,\"at\":1,\"type\":\"x\"}";
        assert!(numbers(log).is_err());
    }
}
