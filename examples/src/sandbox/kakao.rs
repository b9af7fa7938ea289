//! Kakao's dealer: HTTP around the sandbox of `happytalk-kakao`, which keeps the rules.

use axum::Router;
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use happytalk_kakao::sandbox::UserAct;

use super::Sandbox;

/// The largest request the dealer takes: a film, and the form around it.
const BODY_BYTES_MAX: usize = 301_000_000;

pub(super) fn routes() -> Router<Sandbox> {
    // HappyTalk's two generations, Bizgo, and the hub.
    Router::new()
        .route("/v1/{*rest}", any(answer))
        .route("/kakaoWebhook/{*rest}", any(answer))
        .route("/api/comm/{*rest}", any(answer))
        .route("/v2/{*rest}", any(answer))
}

async fn answer(State(sandbox): State<Sandbox>, request: Request) -> Response {
    let answered = sandbox
        .answered("kakao", &sandbox.kakao, request, BODY_BYTES_MAX)
        .await;
    // What follows from it is told beside the answer, as the platform does.
    let told = sandbox.clone();
    tokio::spawn(async move { told.tell().await });
    answered
}

/// A person on KakaoTalk.
#[derive(Debug, Clone)]
pub struct KakaoUser {
    sandbox: Sandbox,
    user: String,
}

impl Sandbox {
    /// The person with this `user_key`.
    #[must_use]
    pub fn kakao_user(&self, user: &str) -> KakaoUser {
        KakaoUser {
            sandbox: self.clone(),
            user: user.to_owned(),
        }
    }

    /// Posts the events that wait, in their order; gives the status and the body of the last.
    async fn tell(&self) -> (u16, String) {
        let mut last = (0, String::new());
        // One loop at a time, so that the order stays what it is.
        let _turn = self.telling.lock().await;
        while let Some(event) = self.kakao.with(|kakao| kakao.poll_event()) {
            let url = format!("{}{}", self.hooks().kakao, event.path());
            let body = String::from_utf8_lossy(event.body()).into_owned();
            let answered = self.post_and_read(&url, body.clone()).await;
            last = (
                answered
                    .as_ref()
                    .map_or(0, |answer| answer.status().as_u16()),
                body,
            );
            self.kakao
                .with(|kakao| kakao.event_answered(event, answered.as_ref()));
        }
        last
    }
}

impl KakaoUser {
    /// Presses 상담하기 in the channel's profile.
    pub async fn ask(&self, extra: &str) -> u16 {
        self.does(&UserAct::ask(extra)).await.0
    }

    /// Writes. Gives the body too, so that it can be delivered twice.
    pub async fn say(&self, words: &str) -> (u16, String) {
        self.does(&UserAct::write(words)).await
    }

    /// Presses a button of ours: the label goes out as words, with what the button carries.
    pub async fn press(&self, label: &str) -> u16 {
        self.does(&UserAct::press(label)).await.0
    }

    /// Leaves the room.
    pub async fn leave(&self) -> u16 {
        self.does(&UserAct::Leave).await.0
    }

    /// Does something, and tells the centre what comes of it: the status of the last answer, 0 where nothing came of it, and
    /// what was posted.
    pub async fn does(&self, act: &UserAct) -> (u16, String) {
        let now = self.sandbox.clock.now();
        let done = self
            .sandbox
            .kakao
            .with(|kakao| kakao.user(&self.user, act, now));
        match done {
            Ok(()) => self.sandbox.tell().await,
            Err(_) => (0, String::new()),
        }
    }
}
