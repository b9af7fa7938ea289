//! TalkTalk: webhooks, what it alone can say, and its sandbox.

use std::sync::{Arc, LazyLock};

use happytalk_core::channel::{Channel, Verdict};
use happytalk_core::testing::ScriptedTransport;
use happytalk_core::{Secret, Timestamp};
use happytalk_naver::message::{Menu, Message};
use happytalk_naver::room::{Room, RoomEvent, RoomInput};
use happytalk_naver::sandbox::{Sandbox, UserAct};
use happytalk_naver::{Naver, SyncReply, encode_menu, encode_message};

const ANN: &str = "al-2eGuGr5WQOnco1_V-FQ";

static NAVER: LazyLock<Naver> = LazyLock::new(|| {
    let config =
        happytalk_naver::Config::new("account".parse().expect("an id"), Secret::new("key"))
            .with_any_user();
    Naver::new(config, Arc::new(ScriptedTransport::default())).expect("a plain configuration")
});

/// A webhook call of Naver. What is read goes into a room's memory, and nothing echoed is ever answered.
pub fn naver_receive(data: &[u8]) {
    super::receive(&*NAVER, "/", data);
    let request = http::Request::post("/")
        .body(data.to_vec())
        .expect("a plain request");
    let message = Message::text("네");
    let _ = NAVER.reply_with(&request, &Verdict::Accepted, SyncReply::Message(&message));
    let Ok(inbound) = NAVER.receive(&request, Timestamp::EPOCH) else {
        return;
    };
    let mut room = Room::new();
    for inbound in &inbound {
        let is_echo = matches!(inbound.what, happytalk_core::InboundKind::Echo { .. });
        for event in room.decide(&RoomInput::Told(inbound), Timestamp::EPOCH) {
            assert!(
                !is_echo || !matches!(event, RoomEvent::Spoke { .. } | RoomEvent::Entered { .. })
            );
            room.apply(&event, Timestamp::EPOCH);
        }
    }
}

/// A platform that knows one person.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new("account".parse().expect("an id"));
    let hello = UserAct::write("안녕하세요");
    sandbox
        .user(ANN, &hello, Timestamp::EPOCH)
        .expect("a person");
    let _ = sandbox.poll_event();
    sandbox
}

fn post(sandbox: &mut Sandbox, path: &str, body: &[u8]) -> Vec<u8> {
    let request = http::Request::post(format!("http://sandbox.invalid{path}"))
        .header("authorization", "sandbox-key")
        .body(body.to_vec())
        .expect("a plain request");
    sandbox.answer(&request, Timestamp::EPOCH).into_body()
}

/// A message or a fixed menu of TalkTalk's own, as JSON: what is let through here, the platform's limits let through.
pub fn naver_message(data: &[u8]) {
    let ann = ANN.parse().expect("an id");
    let message = serde_json::from_slice::<Message>(data).ok();
    let message = message.and_then(|message| encode_message(&ann, &message).ok());
    let menu = serde_json::from_slice::<Menu>(data).ok();
    let menu = menu.and_then(|menu| encode_menu(&menu).ok());
    for request in message.iter().chain(&menu) {
        let answer = post(&mut sandbox(), "/chatbot/v1/event", request.body());
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(answer.contains("\"success\":true"), "{answer}");
    }
}

/// A request to the sandbox. Whatever it is, what the sandbox tells after it can be read.
pub fn naver_sandbox(data: &[u8]) {
    let mut sandbox = sandbox();
    for path in ["/chatbot/v1/event", "/chatbot/v1/imageUpload"] {
        post(&mut sandbox, path, data);
    }
    let said = String::from_utf8_lossy(data);
    let _ = sandbox.user(ANN, &UserAct::press(said.clone()), Timestamp::EPOCH);
    let _ = sandbox.user(ANN, &UserAct::Pay { paid: true }, Timestamp::EPOCH);
    let _ = sandbox.user(ANN, &UserAct::write(said), Timestamp::EPOCH);
    while let Some(event) = sandbox.poll_event() {
        let request = event.request("http://desk.invalid/").expect("an address");
        let read = NAVER.receive(&request, Timestamp::EPOCH);
        assert!(read.is_ok(), "{read:?}");
        let mut answer = NAVER.reply(&request, &Verdict::Accepted);
        *answer.body_mut() = data.to_vec();
        sandbox.event_answered(&event, Some(&answer));
        // What the answer says comes back as an echo, which is answered with the same: once is enough.
        if event.name() == "echo" {
            break;
        }
    }
}
