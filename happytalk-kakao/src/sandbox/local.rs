//! The sandbox as a transport, for a centre in the same process.

use std::fmt;
use std::future::poll_fn;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use happytalk_core::HttpTransport;
use happytalk_core::transport::{Body, TransportError, TransportErrorKind};
use http::{Request, Response};

use super::{Event, Sandbox};

/// A [`Sandbox`] that an adapter can send to without a socket. Its answers are always ready, at the time that it was last
/// given. What streams is read whole.
pub struct LocalSandbox(Mutex<Sandbox>);

impl LocalSandbox {
    /// Shares `sandbox` between the adapter and whoever plays the people.
    #[must_use]
    pub const fn new(sandbox: Sandbox) -> Self {
        Self(Mutex::new(sandbox))
    }

    /// Does something with the sandbox. Must not send over it meanwhile.
    pub fn with<T>(&self, what: impl FnOnce(&mut Sandbox) -> T) -> T {
        what(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The events that are due, as requests below `registered`.
    pub fn events(&self, registered: &str) -> Vec<Request<Vec<u8>>> {
        self.with(|sandbox| {
            let events: Vec<Event> = std::iter::from_fn(|| sandbox.poll_event()).collect();
            let requests = events.iter().filter_map(|event| event.request(registered));
            requests.collect()
        })
    }
}

#[async_trait]
impl HttpTransport for LocalSandbox {
    async fn call(
        &self,
        request: Request<Body>,
        response_bytes_max: usize,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let (parts, body) = request.into_parts();
        let request = Request::from_parts(parts, whole(body).await?);
        let response = self.with(|sandbox| {
            let now = sandbox.now();
            sandbox.answer(&request, now)
        });
        match response.body().len() > response_bytes_max {
            true => Err(TransportError::new(TransportErrorKind::TooLarge)),
            false => Ok(response),
        }
    }
}

/// All of a body. One that breaks off never arrives.
async fn whole(body: Body) -> Result<Vec<u8>, TransportError> {
    let broken = || TransportError::new(TransportErrorKind::Connect);
    match body {
        Body::Bytes(bytes) => Ok(bytes.to_vec()),
        Body::Stream { mut pieces, .. } => {
            let mut whole = Vec::new();
            while let Some(piece) = poll_fn(|context| pieces.as_mut().poll_next(context)).await {
                whole.extend_from_slice(&piece.map_err(|_| broken())?);
            }
            Ok(whole)
        }
        _ => Err(broken()),
    }
}

impl fmt::Debug for LocalSandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LocalSandbox").finish_non_exhaustive()
    }
}
