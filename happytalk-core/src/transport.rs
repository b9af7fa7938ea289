//! HTTP, as much of it as an adapter needs.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use bytes::Bytes;
use futures_core::Stream;

type ByteStream = Pin<Box<dyn Stream<Item = Result<Bytes, std::io::Error>> + Send + Sync>>;

/// What a request carries: bytes, or a stream with its length, which is never held whole.
#[non_exhaustive]
pub enum Body {
    /// All of it.
    Bytes(Bytes),
    /// One piece after the other.
    Stream {
        /// How many bytes it has in all.
        bytes: u64,
        /// The pieces.
        pieces: ByteStream,
    },
}

impl Body {
    /// The bytes, where they are all here.
    #[must_use]
    pub const fn as_bytes(&self) -> Option<&Bytes> {
        match self {
            Self::Bytes(bytes) => Some(bytes),
            Self::Stream { .. } => None,
        }
    }
}

impl From<Vec<u8>> for Body {
    fn from(bytes: Vec<u8>) -> Self {
        Self::Bytes(Bytes::from(bytes))
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "Body({} bytes)", bytes.len()),
            Self::Stream { bytes, .. } => write!(f, "Body({bytes} bytes, streamed)"),
        }
    }
}

/// What went wrong before a whole response was here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TransportErrorKind {
    /// No connection: nothing left, so it is safe to send again.
    Connect,
    /// No answer in time: the platform may have acted.
    Timeout,
    /// The response is longer than was allowed.
    TooLarge,
    /// Anything else: the platform may have acted.
    Other,
}

/// No whole response arrived. Holds no URL: one may carry a key.
#[derive(Debug, thiserror::Error)]
#[error("no whole response arrived. kind=`{kind:?}`")]
#[non_exhaustive]
pub struct TransportError {
    /// What went wrong.
    pub kind: TransportErrorKind,
    /// What the HTTP client says of it.
    #[source]
    pub source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl TransportError {
    /// An error of that kind.
    #[must_use]
    pub const fn new(kind: TransportErrorKind) -> Self {
        Self { kind, source: None }
    }

    /// With what the HTTP client says of it; it must not hold the URL.
    #[must_use]
    pub fn with_source(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self.kind {
            TransportErrorKind::Connect => "transport.connect",
            TransportErrorKind::Timeout => "transport.timeout",
            TransportErrorKind::TooLarge => "transport.too_large",
            TransportErrorKind::Other => "transport.other",
        }
    }
}

/// Sends one HTTP request.
///
/// # Contract
/// A status of 500 is `Ok`: an error means that no whole response arrived. Does not retry, does not follow
/// redirects, and gives up after a time of its own choosing (15 s or more: TalkTalk takes up to 10 s).
#[async_trait]
pub trait HttpTransport: fmt::Debug + Send + Sync {
    /// Sends `request` and reads at most `response_bytes_max` bytes of the response's body.
    async fn call(
        &self,
        request: http::Request<Body>,
        response_bytes_max: usize,
    ) -> Result<http::Response<Vec<u8>>, TransportError>;
}

#[async_trait]
impl<T: HttpTransport + ?Sized> HttpTransport for Arc<T> {
    async fn call(
        &self,
        request: http::Request<Body>,
        response_bytes_max: usize,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        (**self).call(request, response_bytes_max).await
    }
}
