//! What the sandboxes of all platforms share: a [`Platform`] that answers from memory, and the same as a transport, for a
//! centre in the same process. The adapters bring the platforms, behind a feature of the same name.

use std::collections::VecDeque;
use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use http::{Request, Response};
use serde::de::IgnoredAny;

use crate::time::Timestamp;
use crate::transport::{Body, HttpTransport, TransportError, TransportErrorKind};

/// The most exchanges that are kept to be looked at.
const EXCHANGES_MAX: usize = 10_000;

/// A platform with the people on it, as far as the host carries requests and events. It opens no socket and reads no clock.
pub trait Platform {
    /// The latest time that it was given.
    fn now(&self) -> Timestamp;

    /// Answers a request of the centre's.
    fn answer(&mut self, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>>;

    /// What it posts next, in the order in which it came to it, to the address `registered`. An event that has no address
    /// there is passed over.
    fn poll_request(&mut self, registered: &str) -> Option<Request<Vec<u8>>>;
}

/// A [`Platform`] that an adapter can send to without a socket. Its answers are always ready, at the time that it was
/// last given. What streams is read whole.
pub struct Local<P>(Mutex<P>);

impl<P: Platform> Local<P> {
    /// Shares `platform` between the adapter and whoever plays the people.
    #[must_use]
    pub const fn new(platform: P) -> Self {
        Self(Mutex::new(platform))
    }

    /// Does something with the platform. Must not send over it meanwhile.
    pub fn with<T>(&self, what: impl FnOnce(&mut P) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The events that are due, as requests to the address `registered`. Nobody tells the platform how they were answered.
    pub fn events(&self, registered: &str) -> Vec<Request<Vec<u8>>> {
        self.with(|platform| std::iter::from_fn(|| platform.poll_request(registered)).collect())
    }
}

#[async_trait]
impl<P: Platform + Send> HttpTransport for Local<P> {
    async fn call(
        &self,
        request: Request<Body>,
        response_bytes_max: usize,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts, whole(body).await?);
        let response = self.with(|platform| {
            let now = platform.now();
            platform.answer(&request, now)
        });
        match response.body().len() > response_bytes_max {
            true => Err(TransportError::new(TransportErrorKind::TooLarge)),
            false => Ok(response),
        }
    }
}

/// All of a body. One that breaks off never arrives.
async fn whole(body: Body) -> Result<Vec<u8>, TransportError> {
    match body {
        Body::Bytes(bytes) => Ok(bytes.to_vec()),
        Body::Stream { mut pieces, .. } => {
            let mut whole = Vec::new();
            while let Some(piece) = poll_fn(|context| pieces.as_mut().poll_next(context)).await {
                let piece = piece.map_err(|_| TransportError::new(TransportErrorKind::Connect))?;
                whole.extend_from_slice(&piece);
            }
            Ok(whole)
        }
    }
}

impl<P> fmt::Debug for Local<P> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Local").finish_non_exhaustive()
    }
}

/// A request, and what was answered. Shows no body in `Debug`.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// The method and path; a secret in it as `***`.
    pub path: String,
    /// The body where it was JSON, else nothing.
    pub body: String,
    /// The HTTP status.
    pub status: u16,
    /// The body of the answer, where it was JSON.
    pub answer: String,
}

impl fmt::Debug for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Exchange")
            .field("path", &self.path)
            .field("status", &self.status)
            .finish_non_exhaustive()
    }
}

/// The exchanges that a platform had, the latest 10,000.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Exchanges(VecDeque<Exchange>);

impl Exchanges {
    /// None yet.
    #[must_use]
    pub const fn new() -> Self {
        Self(VecDeque::new())
    }

    /// Keeps one, and drops the oldest where there are too many. `path` is the path as it may be shown.
    pub fn keep(&mut self, path: &str, request: &Request<Vec<u8>>, response: &Response<Vec<u8>>) {
        if self.0.len() >= EXCHANGES_MAX {
            self.0.pop_front();
        }
        self.0.push_back(Exchange {
            path: format!("{} {path}", request.method()),
            body: json(request.body()),
            status: response.status().as_u16(),
            answer: json(response.body()),
        });
    }

    /// Those that are kept, the oldest first.
    pub fn iter(&self) -> impl Iterator<Item = &Exchange> {
        self.0.iter()
    }
}

/// The text where it is JSON, else nothing.
fn json(bytes: &[u8]) -> String {
    match serde_json::from_slice::<IgnoredAny>(bytes) {
        Ok(_) => String::from_utf8_lossy(bytes).into_owned(),
        Err(_) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_latest_exchanges_are_kept_and_no_file_is() {
        let mut exchanges = Exchanges::new();
        let response = Response::new(br#"{"code":"0"}"#.to_vec());
        for number in 0..=EXCHANGES_MAX {
            let body = match number % 2 {
                0 => br#"{"a":1}"#.to_vec(),
                _ => vec![0xff, 0xd8],
            };
            let request = Request::post("/secret/talk").body(body).unwrap();
            exchanges.keep("/***/talk", &request, &response);
        }
        assert_eq!(exchanges.iter().count(), EXCHANGES_MAX);
        let first = exchanges.iter().next().unwrap();
        assert_eq!((first.path.as_str(), first.status), ("POST /***/talk", 200));
        assert_eq!(
            (first.body.as_str(), first.answer.as_str()),
            ("", r#"{"code":"0"}"#)
        );
        assert_eq!(exchanges.iter().nth(1).unwrap().body, r#"{"a":1}"#);
        assert!(!format!("{exchanges:?}").contains("code"));
    }
}
