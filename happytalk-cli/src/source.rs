//! Where input comes from: a file, or standard input, which is `-`.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::failure::{Failure, Place};

/// An input with the name that faults call it by.
pub(crate) struct Source {
    pub(crate) name: String,
    pub(crate) reader: Box<dyn BufRead>,
}

/// The byte order mark that some editors put before a text.
const MARK: &[u8] = "\u{FEFF}".as_bytes();

/// Whether a path means standard input.
pub(crate) fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

/// What faults call a path by.
pub(crate) fn named(path: &Path) -> String {
    match is_stdin(path) {
        true => "stdin".to_owned(),
        false => path.display().to_string(),
    }
}

impl Source {
    /// Standard input.
    pub(crate) fn stdin() -> Self {
        Self {
            name: named(Path::new("-")),
            reader: Box::new(io::stdin().lock()),
        }
    }

    /// The file at `path`, or standard input for `-`, without a byte order mark.
    pub(crate) fn open(path: &Path) -> Result<Self, Failure> {
        let mut source = Self::opened(path)?;
        // What cannot be read is told by whoever reads it.
        if source
            .reader
            .fill_buf()
            .is_ok_and(|begin| begin.starts_with(MARK))
        {
            source.reader.consume(MARK.len());
        }
        Ok(source)
    }

    fn opened(path: &Path) -> Result<Self, Failure> {
        if is_stdin(path) {
            return Ok(Self::stdin());
        }
        let name = named(path);
        match File::open(path) {
            Ok(file) => Ok(Self {
                name,
                reader: Box::new(BufReader::with_capacity(1 << 16, file)),
            }),
            Err(error) => Err(Failure::of(&name, unread(&error))),
        }
    }

    /// All of it, or one byte more than `bytes_max` where there is more: the reader of it then says that it is too long.
    pub(crate) fn bytes(self, bytes_max: usize) -> Result<(String, Vec<u8>), Failure> {
        let limit = u64::try_from(bytes_max)
            .unwrap_or(u64::MAX)
            .saturating_add(1);
        let mut bytes = Vec::new();
        match self.reader.take(limit).read_to_end(&mut bytes) {
            Ok(_) => Ok((self.name, bytes)),
            Err(error) => Err(Failure::of(&self.name, unread(&error))),
        }
    }

    /// All of it as text.
    pub(crate) fn text(self, bytes_max: usize) -> Result<(String, String), Failure> {
        let (name, bytes) = self.bytes(bytes_max)?;
        if bytes.len() > bytes_max {
            let why = format!("input is too long. bytes_max=`{bytes_max}`");
            return Err(Failure::at(&name, Place::START, why));
        }
        match String::from_utf8(bytes) {
            Ok(text) => Ok((name, text)),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let place = Place::of(error.as_bytes(), valid);
                Err(Failure::at(&name, place, "input is not UTF-8"))
            }
        }
    }
}

/// What is said of an input that could not be read.
pub(crate) fn unread(error: &io::Error) -> String {
    format!("could not be read: {error}")
}
