//! [`HttpTransport`] for [`reqwest::Client`].

use async_trait::async_trait;

use crate::transport::{Body, HttpTransport, TransportError, TransportErrorKind};

#[async_trait]
impl HttpTransport for reqwest::Client {
    async fn call(
        &self,
        request: http::Request<Body>,
        response_bytes_max: usize,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (parts, body) = request.into_parts();
        let mut builder = self
            .request(parts.method, parts.uri.to_string())
            .headers(parts.headers);
        builder = match body {
            Body::Bytes(bytes) => builder.body(bytes),
            Body::Stream { bytes, pieces } => builder
                .header(http::header::CONTENT_LENGTH, bytes)
                .body(reqwest::Body::wrap_stream(pieces)),
        };
        let mut response = builder.send().await.map_err(failure)?;
        let mut whole = http::Response::new(Vec::new());
        *whole.status_mut() = response.status();
        *whole.headers_mut() = std::mem::take(response.headers_mut());
        while let Some(piece) = response.chunk().await.map_err(failure)? {
            if whole.body().len().saturating_add(piece.len()) > response_bytes_max {
                return Err(TransportError::new(TransportErrorKind::TooLarge));
            }
            whole.body_mut().extend_from_slice(&piece);
        }
        Ok(whole)
    }
}

/// Without the URL: it can hold a token.
fn failure(error: reqwest::Error) -> TransportError {
    let kind = if error.is_connect() || error.is_builder() {
        TransportErrorKind::Connect
    } else if error.is_timeout() {
        TransportErrorKind::Timeout
    } else {
        TransportErrorKind::Other
    };
    TransportError::new(kind).with_source(error.without_url())
}
