//! Checks that any implementation of [`Channel`] can be put through, ours or an integrator's, and a transport for
//! tests that answers from a script.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;

use crate::channel::{Channel, Verdict};
use crate::content::{Card, Content, Media};
use crate::error::Retry;
use crate::outbound::{Action, Outbound, Owner};
use crate::time::Timestamp;
use crate::transport::{Body, HttpTransport, TransportError, TransportErrorKind};

/// A request as a [`ScriptedTransport`] saw it.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Seen {
    /// The method.
    pub method: http::Method,
    /// The whole address.
    pub uri: http::Uri,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The body; empty for a stream.
    pub body: Vec<u8>,
}

/// A transport that is always ready: it answers with what it was told to, in order, and keeps what it was asked.
///
/// With nothing left to answer it says that no connection could be made.
#[derive(Debug, Default)]
pub struct ScriptedTransport {
    answers: Mutex<VecDeque<Result<http::Response<Vec<u8>>, TransportErrorKind>>>,
    seen: Mutex<Vec<Seen>>,
}

impl ScriptedTransport {
    /// Answers each request in turn with one of `bodies`, status 200.
    #[must_use]
    pub fn answering(bodies: &[&str]) -> Self {
        let answers = bodies
            .iter()
            .map(|body| Ok(http::Response::new(body.as_bytes().to_vec())));
        Self {
            answers: Mutex::new(answers.collect()),
            seen: Mutex::default(),
        }
    }

    /// Adds one more answer.
    pub fn then(&self, answer: Result<http::Response<Vec<u8>>, TransportErrorKind>) {
        self.answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push_back(answer);
    }

    /// What it was asked so far.
    #[must_use]
    pub fn seen(&self) -> Vec<Seen> {
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }
}

#[async_trait]
impl HttpTransport for ScriptedTransport {
    async fn call(
        &self,
        request: http::Request<Body>,
        response_bytes_max: usize,
    ) -> Result<http::Response<Vec<u8>>, TransportError> {
        let (parts, body) = request.into_parts();
        let body = body
            .as_bytes()
            .map(|bytes| bytes.to_vec())
            .unwrap_or_default();
        let seen = Seen {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            body,
        };
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(seen);
        let answer = self
            .answers
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .pop_front();
        match answer {
            Some(Ok(response)) if response.body().len() > response_bytes_max => {
                Err(TransportError::new(TransportErrorKind::TooLarge))
            }
            Some(Ok(response)) => Ok(response),
            Some(Err(kind)) => Err(TransportError::new(kind)),
            None => Err(TransportError::new(TransportErrorKind::Connect)),
        }
    }
}

/// Polls a future once. `None` when it would have to wait, which nothing over a [`ScriptedTransport`] does.
pub fn poll_once<F: Future>(future: F) -> Option<F::Output> {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => Some(output),
        Poll::Pending => None,
    }
}

/// Puts a channel through the contract of [`Channel`]. `channel` must be built on a transport that is always ready,
/// such as [`ScriptedTransport`], and `sent` must say how many requests went through it so far.
///
/// # Panics
/// Where the channel breaks the contract, with the rule it broke.
#[expect(
    clippy::panic,
    clippy::expect_used,
    reason = "a check says what is wrong by a panic"
)]
pub fn assert_contract(channel: &dyn Channel, sent: &dyn Fn() -> usize) {
    let now = Timestamp::EPOCH;
    let capabilities = channel.capabilities();
    assert_eq!(
        capabilities,
        channel.capabilities(),
        "capabilities are constant"
    );
    assert_eq!(channel.name(), channel.name(), "the name is constant");

    for action in every_action() {
        if capabilities.allows(&action) {
            continue;
        }
        let before = sent();
        let kind = action.kind();
        let error = refused(channel, action, now)
            .unwrap_or_else(|| panic!("`{kind}` is not allowed and was sent"));
        assert_eq!(
            error,
            Retry::Never,
            "`{kind}` is not allowed, which no retry changes"
        );
        assert_eq!(sent(), before, "`{kind}` is refused before any I/O");
    }
    for content in every_content() {
        if capabilities.carries(&content) {
            continue;
        }
        let before = sent();
        let kind = content.kind();
        let error = refused(
            channel,
            Action::Say {
                content: vec![content],
            },
            now,
        )
        .unwrap_or_else(|| panic!("`{kind}` is not carried and was sent"));
        assert_eq!(
            error,
            Retry::Never,
            "`{kind}` is not carried, which no retry changes"
        );
        assert_eq!(sent(), before, "`{kind}` is refused before any I/O");
    }

    for body in [
        &b""[..],
        b"{",
        b"null",
        b"[]",
        b"{}",
        b"\xff\xfe",
        b"{\"type\":7}",
        &[b'['; 4096],
    ] {
        let request = http::Request::post("/")
            .body(body.to_vec())
            .expect("a plain request");
        let _ = channel.receive(&request, now);
        for verdict in [Verdict::Accepted, Verdict::Refused, Verdict::Failed] {
            let status = channel.reply(&request, &verdict).status();
            assert_eq!(
                status.is_success(),
                verdict == Verdict::Accepted,
                "the status says how it went: {verdict:?}"
            );
        }
    }
}

fn refused(channel: &dyn Channel, action: Action, now: Timestamp) -> Option<Retry> {
    let outbound = Outbound::new(
        "m-1".parse().ok()?,
        "account".parse().ok()?,
        "customer".parse().ok()?,
        action,
    );
    let result = poll_once(channel.send(&outbound, now))?;
    result.err().map(|error| error.retry)
}

fn every_action() -> Vec<Action> {
    vec![
        Action::Say {
            content: vec![Content::text("안녕하세요")],
        },
        Action::End {},
        Action::EndWithBot { event: None },
        Action::Block {},
        Action::Unblock {},
        Action::Handover { to: Owner::Agents },
        Action::Typing { on: true },
        Action::AskProfile {
            field: "nickname".to_owned(),
            agreements: Vec::new(),
        },
        Action::SetMenu {
            buttons: Vec::new(),
        },
    ]
}

fn every_content() -> Vec<Content> {
    let media = || Media::new("https://example.com/a");
    vec![
        Content::text("안녕하세요"),
        Content::Image(media()),
        Content::Video(media()),
        Content::Audio(media()),
        Content::File(media()),
        Content::Sticker,
        Content::Location,
        Content::Card(Card::new()),
        Content::Carousel {
            cards: vec![Card::new()],
        },
    ]
}
