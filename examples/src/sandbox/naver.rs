//! Naver TalkTalk: HTTP around the sandbox of `happytalk-naver`, which keeps the rules.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use happytalk_naver::sandbox::{Inflow, UserAct};

use super::Sandbox;

/// The largest request the platform takes.
const BODY_BYTES_MAX: usize = 1024 * 1024;

pub(super) fn routes() -> Router<Sandbox> {
    Router::new().route("/chatbot/{*rest}", any(answer))
}

async fn answer(State(sandbox): State<Sandbox>, request: Request) -> Response {
    let answered = sandbox
        .answered("naver", &sandbox.naver, request, BODY_BYTES_MAX)
        .await;
    // With the switch on, everything that is sent comes back as an echo, beside the answer.
    let told = sandbox.clone();
    tokio::spawn(async move { told.tell_naver().await });
    answered
}

/// A person on TalkTalk.
#[derive(Debug, Clone)]
pub struct NaverUser {
    sandbox: Sandbox,
    user: String,
}

impl Sandbox {
    /// The person with this user id, 22 characters of base64url.
    #[must_use]
    pub fn naver_user(&self, user: &str) -> NaverUser {
        NaverUser {
            sandbox: self.clone(),
            user: user.to_owned(),
        }
    }

    /// Posts the events that wait, in their order; gives the status of the last.
    async fn tell_naver(&self) -> u16 {
        let mut last = 0;
        // One loop at a time, so that the order stays what it is.
        let _turn = self.telling_naver.lock().await;
        while let Some(event) = self.naver.with(|naver| naver.poll_event()) {
            if event.name() == "echo" {
                self.rooms().echoes += 1;
            }
            let body = String::from_utf8_lossy(event.body()).into_owned();
            let answered = self.post_and_read(&self.hooks().naver, body).await;
            last = answered
                .as_ref()
                .map_or(0, |answer| answer.status().as_u16());
            self.naver
                .with(|naver| naver.event_answered(&event, answered.as_ref()));
        }
        last
    }
}

impl NaverUser {
    /// Comes into the room from a page of the shop.
    pub async fn open(&self) -> u16 {
        let page = "https://smartstore.naver.com/shop/products/7";
        self.does(&UserAct::Enter(Inflow::page(page))).await
    }

    /// Comes into the room from their own list of chats.
    pub async fn look(&self) -> u16 {
        self.does(&UserAct::Enter(Inflow::List)).await
    }

    /// Writes.
    pub async fn say(&self, words: &str) -> u16 {
        self.does(&UserAct::write(words)).await
    }

    /// Presses a button of ours.
    pub async fn press(&self, label: &str) -> u16 {
        self.does(&UserAct::press(label)).await
    }

    /// Leaves the room (나가기).
    pub async fn leave(&self) -> u16 {
        self.does(&UserAct::Leave).await
    }

    /// Does something, and tells the centre what comes of it: the status of the last answer, 0 where nothing came of it.
    pub async fn does(&self, act: &UserAct) -> u16 {
        let now = self.sandbox.clock.now();
        let done = self
            .sandbox
            .naver
            .with(|naver| naver.user(&self.user, act, now));
        match done {
            Ok(()) => self.sandbox.tell_naver().await,
            Err(_) => 0,
        }
    }
}
