//! `multipart/form-data`, streamed: the file is never held whole.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use futures_core::Stream;
use happytalk_core::transport::Body;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

type Pieces = Pin<Box<dyn Stream<Item = io::Result<Bytes>> + Send + Sync>>;

/// A form with one file in it, which comes last.
pub(crate) struct Form {
    boundary: String,
    head: String,
}

impl Form {
    /// A form whose boundary nobody can foresee who does not know `secret`: a file that held it could add fields.
    pub(crate) fn new(secret: &str, name: &str, bytes: u64) -> Self {
        let mut digest = Sha256::new();
        for part in [secret.as_bytes(), name.as_bytes(), &bytes.to_be_bytes()] {
            digest.update(part.len().to_be_bytes());
            digest.update(part);
        }
        let mut boundary = String::from("happytalk-");
        for byte in digest.finalize().iter().take(20) {
            // Writing to memory does not fail.
            let _ = write!(boundary, "{byte:02x}");
        }
        let head = String::new();
        Self { boundary, head }
    }

    /// Adds a field of text.
    pub(crate) fn field(mut self, name: &str, value: &str) -> Self {
        let boundary = &self.boundary;
        let _ = write!(
            self.head,
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
        );
        self
    }

    /// The value of `Content-Type`.
    pub(crate) fn content_type(&self) -> String {
        format!("multipart/form-data; boundary={}", self.boundary)
    }

    /// The whole, with the file `name` in the field `field`.
    pub(crate) fn into_body(
        mut self,
        field: &str,
        name: &str,
        media_type: &str,
        file: File,
    ) -> Body {
        let boundary = &self.boundary;
        let name = quoted(name);
        let _ = write!(
            self.head,
            "--{boundary}\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\n\
             Content-Type: {media_type}\r\n\r\n"
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let around = self.head.len().saturating_add(tail.len());
        let around = u64::try_from(around).unwrap_or(u64::MAX);
        let bytes = file.bytes.saturating_add(around);
        let (head, tail) = (Bytes::from(self.head), Bytes::from(tail));
        match file.rest {
            None => {
                let pieces: Vec<Bytes> = std::iter::once(head)
                    .chain(file.seen)
                    .chain([tail])
                    .collect();
                Body::from(pieces.concat())
            }
            Some(rest) => Body::Stream {
                bytes,
                pieces: Box::pin(Streamed {
                    before: std::iter::once(head).chain(file.seen).collect(),
                    left: file.left,
                    rest,
                    tail: Some(tail),
                }),
            },
        }
    }
}

/// A file name between quotes, as browsers write it.
fn quoted(name: &str) -> String {
    let mut quoted = String::with_capacity(name.len());
    for letter in name.chars() {
        match letter {
            '"' => quoted.push_str("%22"),
            '\r' => quoted.push_str("%0D"),
            '\n' => quoted.push_str("%0A"),
            letter if letter.is_control() => quoted.push('_'),
            letter => quoted.push(letter),
        }
    }
    quoted
}

/// A file whose beginning may have been looked at.
pub(crate) struct File {
    /// How many bytes it has in all.
    bytes: u64,
    /// What was looked at.
    seen: VecDeque<Bytes>,
    /// How many bytes come after that.
    left: u64,
    rest: Option<Pieces>,
}

impl File {
    pub(crate) fn new(body: Body) -> Option<Self> {
        Some(match body {
            Body::Bytes(bytes) => Self {
                bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
                seen: VecDeque::from([bytes]),
                left: 0,
                rest: None,
            },
            Body::Stream { bytes, pieces } => Self {
                bytes,
                seen: VecDeque::new(),
                left: bytes,
                rest: Some(pieces),
            },
            _ => return None,
        })
    }

    pub(crate) const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// The beginning, as much of it as `is_enough` wants, or all of it.
    pub(crate) async fn head(&mut self, is_enough: impl Fn(&[u8]) -> bool) -> io::Result<Vec<u8>> {
        let mut head: Vec<u8> = self.seen.iter().flatten().copied().collect();
        let Some(rest) = &mut self.rest else {
            return Ok(head);
        };
        while self.left > 0 && !is_enough(&head) {
            let piece = poll_fn(|context| rest.as_mut().poll_next(context)).await;
            let piece = piece.ok_or_else(too_short)??;
            self.left = after(self.left, &piece)?;
            head.extend_from_slice(&piece);
            self.seen.push_back(piece);
        }
        Ok(head)
    }
}

fn after(left: u64, piece: &Bytes) -> io::Result<u64> {
    let length = u64::try_from(piece.len()).unwrap_or(u64::MAX);
    left.checked_sub(length).ok_or_else(|| {
        io::Error::new(
            io::ErrorKind::InvalidData,
            "file is longer than it was said to be",
        )
    })
}

fn too_short() -> io::Error {
    io::Error::new(
        io::ErrorKind::UnexpectedEof,
        "file is shorter than it was said to be",
    )
}

/// What stands before the file, the file, and what stands after it; exactly as long as was said.
struct Streamed {
    before: VecDeque<Bytes>,
    left: u64,
    rest: Pieces,
    tail: Option<Bytes>,
}

impl Stream for Streamed {
    type Item = io::Result<Bytes>;

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        if let Some(piece) = this.before.pop_front() {
            return Poll::Ready(Some(Ok(piece)));
        }
        if this.tail.is_none() {
            return Poll::Ready(None);
        }
        match this.rest.as_mut().poll_next(context) {
            Poll::Pending => Poll::Pending,
            Poll::Ready(Some(Ok(piece))) => Poll::Ready(Some(match after(this.left, &piece) {
                Ok(left) => {
                    this.left = left;
                    Ok(piece)
                }
                Err(error) => {
                    this.tail = None;
                    Err(error)
                }
            })),
            Poll::Ready(Some(Err(error))) => {
                this.tail = None;
                Poll::Ready(Some(Err(error)))
            }
            Poll::Ready(None) if this.left > 0 => {
                this.tail = None;
                Poll::Ready(Some(Err(too_short())))
            }
            Poll::Ready(None) => Poll::Ready(this.tail.take().map(Ok)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boundary_is_the_same_for_the_same_file_and_nobody_else_can_know_it() {
        let boundary = |secret, name, bytes| Form::new(secret, name, bytes).boundary;
        assert_eq!(boundary("s", "a.pdf", 1), boundary("s", "a.pdf", 1));
        assert_ne!(boundary("s", "a.pdf", 1), boundary("t", "a.pdf", 1));
        assert_ne!(boundary("s", "a.pdf", 1), boundary("sa", ".pdf", 1));
        assert!(boundary("s", "a.pdf", 1).len() <= 70, "as RFC 2046 has it");
    }

    #[test]
    fn a_file_name_cannot_leave_its_quotes() {
        assert_eq!(
            quoted("견적서 \"1\"\r\nX: y\0.pdf"),
            "견적서 %221%22%0D%0AX: y_.pdf"
        );
    }
}
