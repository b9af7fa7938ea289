//! Kakao's dealer and Naver TalkTalk as a small server on loopback: it takes what the adapters send, keeps the rules
//! of the platforms, and calls the webhooks that their users would cause.

mod kakao;
mod naver;

use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use happytalk::core::sandbox::{Local, Platform};
use happytalk_kakao::sandbox::LocalSandbox;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::clock::Clock;

pub use kakao::KakaoUser;
pub use naver::NaverUser;

/// A request that reached the sandbox.
#[derive(Debug, Clone)]
pub struct Received {
    /// `kakao` or `naver`.
    pub platform: &'static str,
    /// The path.
    pub path: String,
    /// The body.
    pub body: Value,
    /// What the sandbox answered.
    pub answer: Value,
}

/// Where the platforms call back.
#[derive(Debug, Clone)]
pub struct Hooks {
    /// The address below which Kakao calls `/message`, `/reference` and `/expired_session`.
    pub kakao: String,
    /// The address that Naver calls.
    pub naver: String,
}

#[derive(Debug, Default)]
struct Rooms {
    received: Vec<Received>,
    /// How many echoes Naver sent.
    echoes: usize,
}

/// The platforms.
#[derive(Debug, Clone)]
pub struct Sandbox {
    rooms: Arc<Mutex<Rooms>>,
    client: reqwest::Client,
    clock: Clock,
    hooks: Arc<Mutex<Option<Hooks>>>,
    under_way: Arc<AtomicUsize>,
    kakao: Arc<LocalSandbox>,
    naver: Arc<happytalk_naver::sandbox::LocalSandbox>,
    telling: Arc<tokio::sync::Mutex<()>>,
    telling_naver: Arc<tokio::sync::Mutex<()>>,
}

impl Sandbox {
    /// Starts the platforms on a free port of loopback, `kakao` and `naver`, and gives their address.
    ///
    /// # Errors
    /// Where no port can be opened.
    pub async fn start(
        clock: Clock,
        kakao: happytalk_kakao::sandbox::Sandbox,
        naver: happytalk_naver::sandbox::Sandbox,
    ) -> io::Result<(Self, String)> {
        let sandbox = Self {
            rooms: Arc::default(),
            client: reqwest::Client::new(),
            clock,
            hooks: Arc::default(),
            under_way: Arc::default(),
            kakao: Arc::new(LocalSandbox::new(kakao)),
            naver: Arc::new(happytalk_naver::sandbox::LocalSandbox::new(naver)),
            telling: Arc::default(),
            telling_naver: Arc::default(),
        };
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let address = format!("http://{}", listener.local_addr()?);
        let routes: Router = kakao::routes()
            .merge(naver::routes())
            .with_state(sandbox.clone());
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Ok((sandbox, address))
    }

    /// Tells the platforms where to call.
    pub fn call_back(&self, hooks: Hooks) {
        *self.hooks.lock().unwrap_or_else(PoisonError::into_inner) = Some(hooks);
    }

    /// What reached the platforms so far.
    #[must_use]
    pub fn received(&self) -> Vec<Received> {
        self.rooms().received.clone()
    }

    /// Whether no webhook waits or is under way.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        let waiting = self.kakao.with(|kakao| kakao.events_waiting())
            + self.naver.with(|naver| naver.events_waiting());
        waiting == 0
            && self.under_way.load(Ordering::SeqCst) == 0
            && self.telling.try_lock().is_ok()
            && self.telling_naver.try_lock().is_ok()
    }

    /// The dealer, to look at rooms and to let something go wrong.
    #[must_use]
    pub fn kakao(&self) -> &LocalSandbox {
        &self.kakao
    }

    /// TalkTalk, to look at rooms and to let something go wrong.
    #[must_use]
    pub fn naver(&self) -> &happytalk_naver::sandbox::LocalSandbox {
        &self.naver
    }

    /// How many echoes TalkTalk sent so far.
    #[must_use]
    pub fn echoes(&self) -> usize {
        self.rooms().echoes
    }

    /// Posts a raw body to a webhook and gives the status it was answered with.
    pub async fn post(&self, url: &str, body: String) -> u16 {
        let answer = self.post_and_read(url, body).await;
        answer.map_or(0, |answer| answer.status().as_u16())
    }

    async fn post_and_read(&self, url: &str, body: String) -> Option<http::Response<Vec<u8>>> {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        let answer = self.posted(url, body).await.ok();
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        answer
    }

    async fn posted(
        &self,
        url: &str,
        body: String,
    ) -> Result<http::Response<Vec<u8>>, reqwest::Error> {
        let sent = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await?;
        let status = sent.status();
        let mut response = http::Response::new(sent.bytes().await?.to_vec());
        *response.status_mut() = status;
        Ok(response)
    }

    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.rooms.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The address below which Kakao calls.
    #[must_use]
    pub fn hooks_for_kakao(&self) -> String {
        self.hooks().kakao
    }

    fn hooks(&self) -> Hooks {
        let hooks = self
            .hooks
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        hooks.unwrap_or(Hooks {
            kakao: String::new(),
            naver: String::new(),
        })
    }

    /// What the platform `name` answers to a request of at most so many bytes; keeps both.
    async fn answered<P: Platform>(
        &self,
        name: &'static str,
        platform: &Local<P>,
        request: Request,
        body_bytes_max: usize,
    ) -> Response {
        let (parts, body) = request.into_parts();
        let Ok(body) = to_bytes(body, body_bytes_max).await else {
            return StatusCode::PAYLOAD_TOO_LARGE.into_response();
        };
        let request = http::Request::from_parts(parts, body.to_vec());
        let now = self.clock.now();
        let response = platform.with(|platform| platform.answer(&request, now));
        let json = |bytes: &[u8]| serde_json::from_slice(bytes).unwrap_or_default();
        let received = Received {
            platform: name,
            path: request.uri().path().to_owned(),
            body: json(request.body()),
            answer: json(response.body()),
        };
        self.rooms().received.push(received);
        response.map(Body::from)
    }
}
