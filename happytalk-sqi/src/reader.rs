//! Reads the lines of a log, and says where it could not.

use std::io::BufRead;

use happytalk_core::Line;
use happytalk_core::log::LineError;

use crate::error::Error;
use crate::fact::Fact;
use crate::figures::Refusal;
use crate::scan::scan;

/// Reads JSON lines, one event each; blank lines are passed over. No line is held but the one being read, and of a
/// line that is too long no more than [`Line::BYTES_MAX`].
///
/// ```
/// let log = "\n{\"conversation\":\"c\",\"seq\":1,\"at\":0,\"type\":\"held\",\"by\":\"kim\"}\n{]\n";
/// let mut reader = happytalk_sqi::read_log(log.as_bytes());
/// assert_eq!(reader.next().unwrap()?.seq, 1);
/// let error = reader.next().unwrap().unwrap_err();
/// assert_eq!(error.to_string(), "line was not understood. line=`3` column=`2`");
/// assert!(reader.next().is_none());
/// # Ok::<(), happytalk_sqi::Error>(())
/// ```
pub const fn read_log<R: BufRead>(log: R) -> LogReader<R> {
    LogReader {
        log,
        line: 0,
        buffer: Vec::new(),
        done: false,
    }
}

/// The lines of a log, as [`read_log`] gives them.
///
/// A line that is not understood is an error with its place ([`Error::Line`], [`Error::NotUtf8`]), after which the
/// next one can be read; [`Error::Io`] is the last item.
#[derive(Debug)]
pub struct LogReader<R> {
    log: R,
    line: u64,
    buffer: Vec<u8>,
    done: bool,
}

impl<R> LogReader<R> {
    /// The number of the line that was read last, from 1; 0 before the first.
    #[must_use]
    pub const fn line_number(&self) -> u64 {
        self.line
    }
}

impl<R: BufRead> LogReader<R> {
    /// Reads a line into the buffer, its break left off; gives its length, `None` at the end of the log.
    fn fill(&mut self) -> std::io::Result<Option<usize>> {
        self.buffer.clear();
        let mut bytes = 0;
        loop {
            let chunk = match self.log.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                return Ok((bytes > 0).then_some(bytes));
            }
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or(chunk);
            // One byte more than allowed shows that it is too long; what follows is only counted.
            let room = (Line::BYTES_MAX + 1).saturating_sub(self.buffer.len());
            self.buffer
                .extend_from_slice(part.get(..room).unwrap_or(part));
            bytes += part.len();
            let used = part.len() + usize::from(end.is_some());
            self.log.consume(used);
            if end.is_some() {
                return Ok(Some(bytes));
            }
        }
    }
}

/// The text of line number `line`, whose length is `bytes`.
fn text(line: u64, buffer: &[u8], bytes: usize) -> Result<&str, Error> {
    if bytes > Line::BYTES_MAX {
        return Err(Error::Line {
            line,
            column: Line::BYTES_MAX + 1,
            source: LineError::TooLong { bytes },
        });
    }
    std::str::from_utf8(buffer).map_err(|error| Error::NotUtf8 {
        line,
        column: error.valid_up_to() + 1,
    })
}

/// Line number `line`, in full.
fn parse(line: u64, text: &str) -> Result<Line, Error> {
    Line::parse(text).map_err(|source| Error::Line {
        line,
        column: match source {
            LineError::Json { column, .. } => column.max(1),
            _ => 1,
        },
        source,
    })
}

impl<R: BufRead> Iterator for LogReader<R> {
    type Item = Result<Line, Error>;

    fn next(&mut self) -> Option<Self::Item> {
        while !self.done {
            self.line += 1;
            match self.fill() {
                Ok(Some(_)) if self.buffer.trim_ascii().is_empty() => {}
                Ok(Some(bytes)) => {
                    let line = self.line;
                    return Some(
                        text(line, &self.buffer, bytes).and_then(|text| parse(line, text)),
                    );
                }
                Ok(None) => {
                    self.done = true;
                    self.line -= 1;
                }
                Err(source) => {
                    self.done = true;
                    let line = self.line;
                    return Some(Err(Error::Io { line, source }));
                }
            }
        }
        None
    }
}

/// Reads every line of a log and gives what it says to `take`: the quick way where that is sure, else in full. A line
/// that is whole in the reader's buffer is read there, without a copy.
pub(crate) fn read_facts<R: BufRead>(
    mut log: R,
    mut watch: impl FnMut(u64),
    take: impl FnMut(&Fact<'_>) -> Result<(), Refusal>,
    refused: impl Fn(Refusal, &Line) -> Error,
) -> Result<(), Error> {
    let mut told = Told {
        line: 0,
        take,
        refused,
    };
    let mut read = 0_u64;
    // The beginning of a line whose end is not in the buffer yet, and how long it is: one that is too long is not held.
    let (mut begun, mut begun_bytes) = (Vec::new(), 0);
    loop {
        let chunk = match log.fill_buf() {
            Ok(chunk) => chunk,
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(source) => {
                let line = told.line + 1;
                return Err(Error::Io { line, source });
            }
        };
        if chunk.is_empty() {
            break;
        }
        let mut rest = chunk;
        if begun_bytes > 0
            && let Some(end) = memchr::memchr(b'\n', rest)
        {
            let (whole, after) = cut(rest, end);
            rest = after;
            hold(&mut begun, whole);
            told.tell_bytes(&begun, begun_bytes + whole.len())?;
            (begun_bytes, begun) = (0, Vec::new());
        }
        while begun_bytes == 0
            && let Some(end) = lines_end(rest)
        {
            let (whole, after) = cut(rest, end);
            rest = after;
            told.tell_lines(whole)?;
        }
        hold(&mut begun, rest);
        begun_bytes += rest.len();
        let used = chunk.len();
        log.consume(used);
        read += used as u64;
        watch(read);
    }
    if begun_bytes > 0 {
        told.tell_bytes(&begun, begun_bytes)?;
    }
    Ok(())
}

/// How much is read in one go: it stays in the processor's cache.
const WINDOW_BYTES: usize = 1 << 16;

/// Where the last line ends that is whole in the first window of `bytes`; the first line, where that is longer.
fn lines_end(bytes: &[u8]) -> Option<usize> {
    let window = bytes.get(..WINDOW_BYTES).unwrap_or(bytes);
    memchr::memrchr(b'\n', window).or_else(|| memchr::memchr(b'\n', bytes))
}

/// What stands before the break at `end`, and behind it.
fn cut(bytes: &[u8], end: usize) -> (&[u8], &[u8]) {
    let (before, after) = bytes.split_at(end);
    (before, after.get(1..).unwrap_or_default())
}

/// Lines on their way to whoever takes them.
struct Told<T, F> {
    /// The number of the last one.
    line: u64,
    take: T,
    refused: F,
}

impl<T, F> Told<T, F>
where
    T: FnMut(&Fact<'_>) -> Result<(), Refusal>,
    F: Fn(Refusal, &Line) -> Error,
{
    /// Lines with breaks between them. Whether they are UTF-8 is asked of all at once; where one is not, one by one.
    fn tell_lines(&mut self, mut lines: &[u8]) -> Result<(), Error> {
        let text = simdutf8::basic::from_utf8(lines).ok();
        let mut from = 0;
        loop {
            let end = memchr::memchr(b'\n', lines);
            let line = lines.get(..end.unwrap_or(lines.len())).unwrap_or(lines);
            match text.and_then(|text| text.get(from..from + line.len())) {
                Some(text) if text.len() <= Line::BYTES_MAX => {
                    self.line += 1;
                    self.tell(text)?;
                }
                _ => self.tell_bytes(line, line.len())?,
            }
            let Some(end) = end else {
                return Ok(());
            };
            from += end + 1;
            lines = lines.get(end + 1..).unwrap_or_default();
        }
    }

    /// The next line, of which no more than its beginning may be held.
    fn tell_bytes(&mut self, held: &[u8], bytes: usize) -> Result<(), Error> {
        self.line += 1;
        let text = text(self.line, held, bytes)?;
        self.tell(text)
    }

    fn tell(&mut self, text: &str) -> Result<(), Error> {
        let line = self.line;
        let misplaced = |refusal, parsed: &Line, refused: &F| Error::Misplaced {
            line,
            source: Box::new(refused(refusal, parsed)),
        };
        if let Some(fact) = scan(text) {
            return match (self.take)(&fact) {
                Ok(()) => Ok(()),
                // In full for what the error has to say.
                Err(refusal) => Err(misplaced(refusal, &parse(line, text)?, &self.refused)),
            };
        }
        if text.trim_ascii().is_empty() {
            return Ok(());
        }
        let parsed = parse(line, text)?;
        (self.take)(&Fact::from(&parsed))
            .map_err(|refusal| misplaced(refusal, &parsed, &self.refused))
    }
}

/// Adds to the beginning of a line, one byte more than allowed at the most: that shows that it is too long.
fn hold(begun: &mut Vec<u8>, part: &[u8]) {
    let room = (Line::BYTES_MAX + 1).saturating_sub(begun.len());
    begun.extend_from_slice(part.get(..room).unwrap_or(part));
}

#[cfg(test)]
mod tests {
    use std::io::{BufReader, Read};

    use super::*;

    const LINE: &str = r#"{"agent":"kim","seq":1,"at":0,"type":"agent_removed"}"#;

    #[test]
    fn lines_are_read_whatever_the_breaks_and_the_buffer() {
        let log = format!("{LINE}\r\n\n  \n{LINE}");
        for capacity in [1, 7, 4096] {
            let mut reader = read_log(BufReader::with_capacity(capacity, log.as_bytes()));
            assert!(reader.next().unwrap().is_ok());
            assert_eq!(reader.line_number(), 1);
            assert!(reader.next().unwrap().is_ok());
            assert_eq!(reader.line_number(), 4);
            assert!(reader.next().is_none());
            assert_eq!(reader.line_number(), 4);
        }
    }

    #[test]
    fn a_fault_has_its_line_and_column_and_the_next_line_is_read() {
        let mut log = format!("{LINE}\n{{\"agent\":\"kim\",\"seq\":2,}}\n").into_bytes();
        log.extend_from_slice(b"{\"a\":\"\xff\"}\n{\"seq\":1,\"at\":1,\"type\":\"x\"}\n");
        log.extend_from_slice(LINE.as_bytes());
        let places: Vec<_> = read_log(log.as_slice())
            .map(|line| line.err().map(|error| (error.code(), error.to_string())))
            .collect();
        assert_eq!(places.len(), 5);
        assert_eq!((&places[0], &places[4]), (&None, &None));
        let place = |index: usize| places[index].clone().unwrap();
        assert_eq!(
            place(1),
            (
                "sqi.line",
                "line was not understood. line=`2` column=`24`".into()
            )
        );
        assert_eq!(
            place(2),
            (
                "sqi.not_utf8",
                "line is not UTF-8. line=`3` column=`7`".into()
            )
        );
        assert_eq!(place(3).1, "line was not understood. line=`4` column=`1`");
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped_and_not_held() {
        let long = std::io::repeat(b' ').take(3 * 1024 * 1024);
        let log = BufReader::new(
            b"{".chain(long)
                .chain(b"\n".as_slice())
                .chain(LINE.as_bytes()),
        );
        let mut reader = read_log(log);
        let error = reader.next().unwrap().unwrap_err();
        assert_eq!(error.line(), Some(1));
        assert!(reader.buffer.capacity() < 3 * 1024 * 1024);
        assert!(reader.next().unwrap().is_ok());
    }

    #[test]
    fn a_failing_source_is_the_end() {
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
                Err(std::io::Error::other("gone"))
            }
        }
        let mut reader = read_log(BufReader::new(Broken));
        assert_eq!(reader.next().unwrap().unwrap_err().code(), "sqi.io");
        assert!(reader.next().is_none());
    }
}
