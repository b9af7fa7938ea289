//! The sandbox as a transport, for a centre in the same process.

use std::fmt;
use std::sync::{Mutex, PoisonError};

use async_trait::async_trait;
use happytalk_core::HttpTransport;
use happytalk_core::transport::{Body, TransportError, TransportErrorKind};
use http::{Request, Response};

use super::Sandbox;

/// A [`Sandbox`] that an adapter can send to without a socket. Its answers are always ready, at the time that it was last
/// given.
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
}

#[async_trait]
impl HttpTransport for LocalSandbox {
    async fn call(
        &self,
        request: Request<Body>,
        response_bytes_max: usize,
    ) -> Result<Response<Vec<u8>>, TransportError> {
        let (parts, body) = request.into_parts();
        // The adapter streams nothing to this platform.
        let body = body.as_bytes().map(|bytes| bytes.to_vec());
        let request = Request::from_parts(parts, body.unwrap_or_default());
        let response = self.with(|sandbox| {
            let now = sandbox.now();
            sandbox.answer(&request, now)
        });
        if response.body().len() > response_bytes_max {
            return Err(TransportError::new(TransportErrorKind::TooLarge));
        }
        Ok(response)
    }
}

impl fmt::Debug for LocalSandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("LocalSandbox").finish_non_exhaustive()
    }
}
