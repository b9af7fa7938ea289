//! A log that may be packed.

use std::io::{self, BufRead, BufReader, Read};

use flate2::bufread::MultiGzDecoder;

/// A log as its lines are, whether it was packed by gzip or not: its first byte says which. Several packed parts, one
/// behind the other, are one log. However much comes out of little, no more than a line is held.
///
/// # Errors
/// What the reader says of its first byte. What is wrong with the packing comes where the lines are read.
pub fn unpacked<R: BufRead>(mut log: R) -> io::Result<Unpacked<R>> {
    // No line of a log begins with this byte.
    let is_packed = log.fill_buf()?.first() == Some(&0x1f);
    Ok(Unpacked(if is_packed {
        let unpacking = MultiGzDecoder::new(log);
        Kind::Packed(Box::new(BufReader::with_capacity(1 << 16, unpacking)))
    } else {
        Kind::Plain(log)
    }))
}

/// The lines of a log, packed or not: see [`unpacked`].
#[derive(Debug)]
pub struct Unpacked<R>(Kind<R>);

#[derive(Debug)]
enum Kind<R> {
    Plain(R),
    Packed(Box<BufReader<MultiGzDecoder<R>>>),
}

impl<R: BufRead> Read for Unpacked<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        match &mut self.0 {
            Kind::Plain(log) => log.read(buffer),
            Kind::Packed(log) => log.read(buffer),
        }
    }
}

impl<R: BufRead> BufRead for Unpacked<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        match &mut self.0 {
            Kind::Plain(log) => log.fill_buf(),
            Kind::Packed(log) => log.fill_buf(),
        }
    }

    fn consume(&mut self, bytes: usize) {
        match &mut self.0 {
            Kind::Plain(log) => log.consume(bytes),
            Kind::Packed(log) => log.consume(bytes),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;
    use crate::{Figures, Options};

    const OPENED: &str = r#"{"conversation":"c","seq":1,"at":0,"type":"opened","channel":"webchat","account":"a","customer":"u","opened_by":"customer","bot":true}"#;

    fn packed(text: &str) -> Vec<u8> {
        let mut packing = GzEncoder::new(Vec::new(), Compression::fast());
        packing.write_all(text.as_bytes()).unwrap();
        packing.finish().unwrap()
    }

    #[test]
    fn a_log_is_read_packed_or_not_and_in_several_parts() {
        let more = OPENED.replace("\"c\"", "\"d\"");
        let parts = [packed(&format!("{OPENED}\n")), packed(&more)].concat();
        for (log, open) in [
            (OPENED.as_bytes(), 1),
            (&packed(OPENED), 1),
            (&parts, 2),
            (b"", 0),
        ] {
            let mut figures = Figures::new(Options::new());
            figures.read(unpacked(log).unwrap()).unwrap();
            assert_eq!(figures.report().open, open);
        }
    }

    #[test]
    fn a_broken_packing_is_an_error_and_not_the_end_of_the_log() {
        let whole = packed(OPENED);
        for broken in [&whole[..whole.len() - 3], &whole[..1], b"\x1f\x8bgarbage"] {
            let mut figures = Figures::new(Options::new());
            let error = figures.read(unpacked(broken).unwrap()).unwrap_err();
            assert_eq!((error.code(), error.line()), ("sqi.io", Some(1)));
        }
    }
}
