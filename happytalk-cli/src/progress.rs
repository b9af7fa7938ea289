//! How far a long log is read, for whoever sits at a terminal.

use std::fs;
use std::io::{self, IsTerminal, Write};
use std::path::Path;

/// How much is read between two signs of life.
const STEP_BYTES: u64 = 64 << 20;

/// Told on standard error, and only where that is a terminal.
pub(crate) struct Progress {
    /// The bytes of the log, where they are known.
    whole: Option<u64>,
    next: u64,
    shown: bool,
}

impl Progress {
    /// Of the log at `path`. Of a packed one, or of standard input, nobody knows how long it is.
    pub(crate) fn of(path: &Path) -> Self {
        let packed = path.extension().is_some_and(|extension| extension == "gz");
        let whole = fs::metadata(path)
            .ok()
            .filter(|found| found.is_file() && !packed);
        let next = if io::stderr().is_terminal() {
            STEP_BYTES
        } else {
            u64::MAX
        };
        Self {
            whole: whole.map(|found| found.len()),
            next,
            shown: false,
        }
    }

    /// So many bytes are read.
    pub(crate) fn at(&mut self, bytes: u64) {
        if bytes < self.next {
            return;
        }
        self.next = bytes.saturating_add(STEP_BYTES);
        self.shown = true;
        // Who cannot be told does not have to be.
        let _ = write!(io::stderr(), "\r{}", line(bytes, self.whole));
    }

    /// The log is read: what was shown goes away.
    pub(crate) fn done(&mut self) {
        if std::mem::take(&mut self.shown) {
            let _ = write!(io::stderr(), "\r{:40}\r", "");
        }
    }
}

fn line(bytes: u64, whole: Option<u64>) -> String {
    let read = format!("{} MB", bytes / 1_000_000);
    match whole {
        Some(whole) if whole > 0 => format!(
            "{read} ({} %)",
            (bytes.min(whole) / (whole / 100).max(1)).min(100)
        ),
        _ => read,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_told_where_the_whole_is_known() {
        assert_eq!(line(64_000_000, None), "64 MB");
        assert_eq!(line(64_000_000, Some(256_000_000)), "64 MB (25 %)");
        assert_eq!(line(300, Some(100)), "0 MB (100 %)");
        assert_eq!(line(3, Some(0)), "0 MB");
    }
}
