//! Naver TalkTalk.

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::routing::post;
use serde_json::{Value, json};

use super::Sandbox;

/// The key the platform knows.
pub const AUTHORIZATION: &str = "sandbox-key";

pub(super) fn routes() -> Router<Sandbox> {
    Router::new().route("/chatbot/v1/event", post(event))
}

async fn event(
    State(sandbox): State<Sandbox>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> String {
    let known = headers
        .get("authorization")
        .is_some_and(|sent| sent == AUTHORIZATION);
    let parsed: Option<Value> = serde_json::from_slice(&body).ok();
    let body = parsed.clone().unwrap_or_default();
    let answer = if !known {
        json!({"success": false, "resultCode": "01", "resultMessage": "Authorization 정보 오류"})
    } else if parsed.is_none() || body["user"].as_str().is_none() {
        json!({"success": false, "resultCode": "02", "resultMessage": "request json 문자열 파싱 오류"})
    } else {
        let user = body["user"].as_str().unwrap_or_default().to_owned();
        let mut shown = Vec::new();
        buttons(&body, &mut shown);
        sandbox
            .rooms()
            .buttons
            .entry(user.clone())
            .or_default()
            .extend(shown);
        // With the switch on, everything that is sent comes back as an echo.
        let echo = echo_of(&body, sandbox.next());
        let told = NaverUser {
            sandbox: sandbox.clone(),
            user,
        };
        tokio::spawn(async move { told.tell(echo).await });
        json!({"success": true, "resultCode": "00"})
    };
    sandbox.keep("naver", uri.path(), body, &answer);
    answer.to_string()
}

fn echo_of(body: &Value, number: u64) -> Value {
    let mut echo = body.clone();
    echo["echoedEvent"] = echo["event"].take();
    echo["event"] = "echo".into();
    echo["messageId"] = number.into();
    echo
}

/// Every button of a message, wherever it stands: its title and its code.
fn buttons(value: &Value, found: &mut Vec<(String, String)>) {
    if let (Some("TEXT"), Some(title)) = (value["type"].as_str(), value["data"]["title"].as_str()) {
        found.push((
            title.to_owned(),
            value["data"]["code"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        ));
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| buttons(item, found)),
        Value::Object(members) => members.values().for_each(|member| buttons(member, found)),
        _ => {}
    }
}

/// A person on TalkTalk.
#[derive(Debug, Clone)]
pub struct NaverUser {
    sandbox: Sandbox,
    user: String,
}

impl Sandbox {
    /// The person with this user id.
    #[must_use]
    pub fn naver_user(&self, user: &str) -> NaverUser {
        NaverUser {
            sandbox: self.clone(),
            user: user.to_owned(),
        }
    }
}

impl NaverUser {
    /// Comes into the room from a page of the shop.
    pub async fn open(&self) -> u16 {
        let options = json!({
            "inflow": "button", "referer": "https://shop.example.com/items/7", "friend": false,
            "under14": false, "under19": false
        });
        self.tell(json!({"event": "open", "user": self.user, "options": options}))
            .await
    }

    /// Writes.
    pub async fn say(&self, words: &str) -> u16 {
        self.message(json!({"text": words, "inputType": "typing"}))
            .await
    }

    /// Presses a button of ours.
    pub async fn press(&self, label: &str) -> u16 {
        let code = self.sandbox.carried(&self.user, label).unwrap_or_default();
        self.message(json!({"text": label, "code": code, "inputType": "button"}))
            .await
    }

    /// Leaves the room (나가기).
    pub async fn leave(&self) -> u16 {
        self.tell(json!({"event": "leave", "user": self.user}))
            .await
    }

    async fn message(&self, content: Value) -> u16 {
        let number = self.sandbox.next();
        self.tell(json!({"event": "send", "user": self.user, "textContent": content, "messageId": number})).await
    }

    async fn tell(&self, event: Value) -> u16 {
        self.sandbox
            .post(&self.sandbox.hooks().naver, event.to_string())
            .await
    }
}
