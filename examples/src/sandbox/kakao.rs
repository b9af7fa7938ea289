//! Kakao's dealer: 상담톡 in HappyTalk's first dialect.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::routing::post;
use serde_json::{Value, json};

use super::Sandbox;

/// The client id the dealer knows.
pub const CLIENT_ID: &str = "sandbox-client";
/// The secret the dealer knows.
pub const CLIENT_SECRET: &str = "sandbox-secret";

/// The first inbound serial number: past 2⁵³, as Kakao's are.
const SERIAL_FIRST: u64 = 1_700_000_000_000_000_000;

pub(super) fn routes() -> Router<Sandbox> {
    Router::new()
        .route("/v1/chat/write", post(write))
        .route("/v1/chat/end", post(end))
}

async fn write(
    State(sandbox): State<Sandbox>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> String {
    answer(&sandbox, &uri, &headers, &body, |sandbox, body| {
        let user = text(body, "user_key");
        if !sandbox.rooms().sessions.contains_key(&user) {
            return json!({"code": -502, "message": "InvalidSessionException"});
        }
        if !sandbox.rooms().serials.insert(text(body, "serial_number")) {
            return json!({"code": -504, "message": "DuplicateSerialNumberException"});
        }
        if text(body, "message").chars().count() > 1_000 {
            return json!({"code": -506, "message": "MessageLengthOverLimitException"});
        }
        let links = body["links"].as_array().cloned().unwrap_or_default();
        let replies = body["supplement"]["quick_reply"]
            .as_array()
            .cloned()
            .unwrap_or_default();
        let shown = links.iter().chain(&replies).map(|button| {
            let carried = ["extra", "chat_extra"]
                .iter()
                .find_map(|key| button[key].as_str())
                .unwrap_or_default();
            (text(button, "name"), carried.to_owned())
        });
        sandbox
            .rooms()
            .buttons
            .entry(user)
            .or_default()
            .extend(shown);
        json!({"code": 0, "createdAt": "2026-11-16T09:00:00.000"})
    })
}

async fn end(State(sandbox): State<Sandbox>, uri: Uri, headers: HeaderMap, body: Bytes) -> String {
    answer(&sandbox, &uri, &headers, &body, |sandbox, body| {
        let user = text(body, "user_key");
        let ended = sandbox.rooms().sessions.remove(&user);
        let Some(session) = ended else {
            return json!({"code": -502, "message": "InvalidSessionException"});
        };
        // Kakao tells of every end, also of ours.
        let sandbox = sandbox.clone();
        let told = session.clone();
        tokio::spawn(async move { KakaoUser { sandbox, user }.tell_expired(&told).await });
        json!({"code": 0, "sessionId": session})
    })
}

fn answer(
    sandbox: &Sandbox,
    uri: &Uri,
    headers: &HeaderMap,
    body: &[u8],
    act: impl FnOnce(&Sandbox, &Value) -> Value,
) -> String {
    let known = |name: &str, value: &str| headers.get(name).is_some_and(|sent| sent == value);
    let body: Value = serde_json::from_slice(body).unwrap_or_default();
    let answer = if !known("HT-Client-Id", CLIENT_ID) || !known("HT-Client-Secret", CLIENT_SECRET) {
        json!({"code": -500, "message": "UnauthorizedException"})
    } else if text(&body, "sender_key") != sandbox.sender_key {
        json!({"code": -501, "message": "InvalidSenderException"})
    } else {
        act(sandbox, &body)
    };
    sandbox.keep("kakao", uri.path(), body, &answer);
    answer.to_string()
}

fn text(value: &Value, key: &str) -> String {
    value[key].as_str().unwrap_or_default().to_owned()
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
}

impl KakaoUser {
    /// Presses 상담하기 in the channel's profile.
    pub async fn ask(&self, extra: &str) -> u16 {
        let session = self.session();
        let body = json!({
            "user_key": self.user, "session_id": session, "sender_key": self.sandbox.sender_key,
            "app_user_id": null, "time": self.sandbox.clock.now().as_millis(),
            "reference": {"extra": extra}, "last_reference": {}
        });
        self.sandbox
            .post(
                &format!("{}/reference", self.sandbox.hooks().kakao),
                body.to_string(),
            )
            .await
    }

    /// Writes. Gives the body too, so that it can be delivered twice.
    pub async fn say(&self, words: &str) -> (u16, String) {
        self.message(words, None).await
    }

    /// Presses a button of ours: the label goes out as words, with what the button carries.
    pub async fn press(&self, label: &str) -> u16 {
        let carried = self.sandbox.carried(&self.user, label);
        self.message(label, carried.as_deref()).await.0
    }

    /// Leaves the room.
    pub async fn leave(&self) -> u16 {
        let session = self.sandbox.rooms().sessions.remove(&self.user);
        match session {
            Some(session) => self.tell_expired(&session).await,
            None => 0,
        }
    }

    async fn message(&self, words: &str, extra: Option<&str>) -> (u16, String) {
        let mut body = json!({
            "user_key": self.user, "sender_key": self.sandbox.sender_key, "session_id": self.session(),
            "time": self.sandbox.clock.now().as_millis(), "serial_number": SERIAL_FIRST + self.sandbox.next(),
            "type": "text", "contents": [words]
        });
        if let Some(extra) = extra {
            body["extra"] = extra.into();
        }
        let body = body.to_string();
        let status = self
            .sandbox
            .post(
                &format!("{}/message", self.sandbox.hooks().kakao),
                body.clone(),
            )
            .await;
        (status, body)
    }

    async fn tell_expired(&self, session: &str) -> u16 {
        let body = json!({
            "user_key": self.user, "session_id": session, "sender_key": self.sandbox.sender_key,
            "time": self.sandbox.clock.now().as_millis()
        });
        self.sandbox
            .post(
                &format!("{}/expired_session", self.sandbox.hooks().kakao),
                body.to_string(),
            )
            .await
    }

    /// The open session; only a user opens one, by whatever they do first.
    fn session(&self) -> String {
        let fresh = (800_000_000_000 + self.sandbox.next()).to_string();
        self.sandbox
            .rooms()
            .sessions
            .entry(self.user.clone())
            .or_insert(fresh)
            .clone()
    }
}
