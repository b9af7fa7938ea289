//! Kakao's dealer and Naver TalkTalk as a small server on loopback: it takes what the adapters send, keeps the rules
//! of the platforms, and calls the webhooks that their users would cause.

mod kakao;
mod naver;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use serde_json::Value;
use tokio::net::TcpListener;

use crate::clock::Clock;

pub use kakao::{CLIENT_ID, CLIENT_SECRET, KakaoUser};
pub use naver::{AUTHORIZATION, NaverUser};

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
    /// Open 상담톡 sessions by user.
    sessions: BTreeMap<String, String>,
    serials: BTreeSet<String>,
    /// What each user can press: the label and what it carries.
    buttons: BTreeMap<String, Vec<(String, String)>>,
    counter: u64,
}

/// The platforms.
#[derive(Debug, Clone)]
pub struct Sandbox {
    rooms: Arc<Mutex<Rooms>>,
    client: reqwest::Client,
    clock: Clock,
    hooks: Arc<Mutex<Option<Hooks>>>,
    under_way: Arc<AtomicUsize>,
    sender_key: String,
}

impl Sandbox {
    /// Starts the platforms on a free port of loopback, with one 상담톡 channel, and gives their address.
    ///
    /// # Errors
    /// Where no port can be opened.
    pub async fn start(clock: Clock, sender_key: &str) -> io::Result<(Self, String)> {
        let sandbox = Self {
            rooms: Arc::default(),
            client: reqwest::Client::new(),
            clock,
            hooks: Arc::default(),
            under_way: Arc::default(),
            sender_key: sender_key.to_owned(),
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

    /// Whether no webhook is under way.
    #[must_use]
    pub fn is_quiet(&self) -> bool {
        self.under_way.load(Ordering::SeqCst) == 0
    }

    /// Posts a raw body to a webhook and gives the status it was answered with.
    pub async fn post(&self, url: &str, body: String) -> u16 {
        self.under_way.fetch_add(1, Ordering::SeqCst);
        let sent = self
            .client
            .post(url)
            .header("content-type", "application/json")
            .body(body)
            .send()
            .await;
        self.under_way.fetch_sub(1, Ordering::SeqCst);
        sent.map_or(0, |response| response.status().as_u16())
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

    fn next(&self) -> u64 {
        let mut rooms = self.rooms();
        rooms.counter += 1;
        rooms.counter
    }

    fn keep(&self, platform: &'static str, path: &str, body: Value, answer: &Value) {
        let received = Received {
            platform,
            path: path.to_owned(),
            body,
            answer: answer.clone(),
        };
        self.rooms().received.push(received);
    }

    /// What the button with this label carries for the user; the last one shown counts.
    fn carried(&self, user: &str, label: &str) -> Option<String> {
        let rooms = self.rooms();
        let shown = rooms.buttons.get(user)?;
        shown
            .iter()
            .rev()
            .find(|(shown, _)| shown == label)
            .map(|(_, carried)| carried.clone())
    }
}
