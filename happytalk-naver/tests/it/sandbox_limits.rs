//! The sandbox as a judge: what the adapter lets through it takes, and what breaks a limit it does not.

use happytalk_core::outbound::Owner;
use happytalk_core::{Action, Content, Retry, Timestamp};
use happytalk_naver::encode_message;
use happytalk_naver::message::{Message, SendOptions};
use happytalk_naver::sandbox::{Sandbox, UserAct};
use http::Request;
use serde_json::{Value, json};

use crate::golden::cases;
use crate::sandbox_stage::{ANN, Stage};

const NOW: Timestamp = Timestamp::EPOCH;

/// A platform that knows Ann.
fn sandbox() -> Sandbox {
    let mut sandbox = Sandbox::new("wc1234".parse().unwrap());
    sandbox
        .user(ANN, &UserAct::write("안녕하세요"), NOW)
        .unwrap();
    sandbox
}

fn post(sandbox: &mut Sandbox, path: &str, key: &str, body: String) -> Value {
    let request = Request::post(format!("http://sandbox.invalid{path}"))
        .header("authorization", key)
        .body(body.into_bytes())
        .unwrap();
    let response = sandbox.answer(&request, NOW);
    assert_eq!(response.status(), 200);
    serde_json::from_slice(response.body()).unwrap()
}

const EVENTS: &str = "/chatbot/v1/event";

fn code(body: &Value) -> String {
    let answer = post(&mut sandbox(), EVENTS, "sandbox-key", body.to_string());
    answer["resultCode"].as_str().unwrap().to_owned()
}

#[test]
fn whatever_the_fixtures_send_is_taken() {
    for (case, (bodies, _)) in cases("event", ".outbound", 15) {
        for body in serde_json::from_str::<Vec<Value>>(&bodies).unwrap() {
            assert_eq!(code(&body), "00", "{case}");
        }
    }
    for (folder, suffix) in [("message", ".message"), ("menu", ".menu")] {
        for (case, (body, _)) in cases(folder, suffix, 2) {
            let body: Value = serde_json::from_str(&body).unwrap();
            assert_eq!(code(&body), "00", "{case}");
        }
    }
}

#[test]
fn whoever_has_no_key_is_told_so() {
    let body = json!({"event": "send", "user": ANN, "textContent": {"text": "네"}});
    let answer = post(&mut sandbox(), EVENTS, "wrong", body.to_string());
    assert_eq!(
        answer,
        json!({"success": false, "resultCode": "01", "resultMessage": "Authorization 정보 오류"})
    );
}

#[test]
fn a_customer_or_a_partner_that_is_none_is_refused() {
    let text = json!({"text": "네"});
    let nobody = json!({"event": "send", "user": "zz-2eGuGr5WQOnco1_V-FQ", "textContent": text});
    assert_eq!(code(&nobody), "99");
    let no_user = json!({"event": "send", "textContent": text});
    assert_eq!(code(&no_user), "02");
    let other = json!({"event": "send", "user": ANN, "partner": "wc9", "textContent": text});
    assert_eq!(code(&other), "03");
    let own = json!({"event": "send", "user": ANN, "partner": "wc1234", "textContent": text});
    assert_eq!(code(&own), "00");
    assert_eq!(code(&json!({"event": "wink", "user": ANN})), "02");
    assert_eq!(
        post(&mut sandbox(), EVENTS, "sandbox-key", "{".to_owned())["resultCode"],
        "02"
    );
}

#[test]
fn what_breaks_a_limit_of_its_place_is_refused() {
    let send = |content: Value| {
        let mut body = json!({"event": "send", "user": ANN});
        for (key, part) in content.as_object().unwrap() {
            body[key] = part.clone();
        }
        code(&body)
    };
    let ga = |count: usize| "가".repeat(count);
    let button =
        |kind: &str, count: usize| json!({"type": kind, "data": {"title": ga(count), "code": "x"}});
    let composite =
        |composite: Value| send(json!({"compositeContent": {"compositeList": [composite]}}));
    let quick = |button: Value| {
        send(json!({"textContent": {"text": "말", "quickReply": {"buttonList": [button]}}}))
    };
    let element = |button: Value| {
        let rows = json!({"type": "LIST", "data": [{"title": "줄", "button": button}]});
        composite(json!({"title": "제목", "elementList": rows}))
    };
    for (taken, broken) in [
        (
            send(json!({"textContent": {"text": ga(10_000)}})),
            send(json!({"textContent": {"text": ga(10_001)}})),
        ),
        (
            composite(json!({"title": ga(200), "description": "말"})),
            composite(json!({"title": ga(201), "description": "말"})),
        ),
        (
            composite(json!({"title": "말", "description": ga(1_000)})),
            composite(json!({"title": "말", "description": ga(1_001)})),
        ),
        (
            composite(json!({"title": "말", "buttonList": [button("TEXT", 18)]})),
            composite(json!({"title": "말", "buttonList": [button("TEXT", 19)]})),
        ),
        (
            composite(json!({"title": "말", "image": {"imageUrl": "https://a.example"}})),
            composite(json!({"title": "말", "image": "https://a.example"})),
        ),
        (
            composite(json!({"title": "말", "description": "말"})),
            composite(json!({"title": "말"})),
        ),
        (quick(button("TEXT", 10)), quick(button("TEXT", 11))),
        (quick(button("TIME", 10)), quick(button("OPTION", 1))),
        (element(button("TEXT", 10)), element(button("TEXT", 11))),
        (element(button("CALENDAR", 4)), element(button("PAY", 1))),
    ] {
        assert_eq!((taken.as_str(), broken.as_str()), ("00", "02"));
    }
}

#[test]
fn a_menu_on_a_row_is_taken_and_shows_nothing() {
    let option = json!({"type": "OPTION", "data": {"title": "메뉴", "buttonList": [{"type": "TEXT", "data": {"title": "네"}}]}});
    let rows = json!({"type": "LIST", "data": [{"title": "줄", "button": option}]});
    let composite = json!({"compositeList": [{"title": "제목", "elementList": rows}]});
    let body = json!({"event": "send", "user": ANN, "compositeContent": composite});
    let mut sandbox = sandbox();
    let answer = post(&mut sandbox, EVENTS, "sandbox-key", body.to_string());
    assert_eq!(answer["success"], true);
    assert!(sandbox.room(ANN).unwrap().shown().is_empty());
    let nothing = json!({"event": "send", "user": ANN}).to_string();
    post(&mut sandbox, EVENTS, "sandbox-key", nothing);
    assert!(sandbox.room(ANN).unwrap().shown().is_empty());
}

#[test]
fn with_the_switch_off_nobody_hands_over_and_nothing_is_echoed() {
    let mut stage = Stage::with(|sandbox| sandbox.without_handovers().without_echoes());
    stage.user(&UserAct::write("안녕하세요")).unwrap();
    stage.events();
    let error = stage.send(Action::Handover { to: Owner::Bot }).unwrap_err();
    assert_eq!(
        (error.code, error.retry),
        ("naver.not_allowed", Retry::Never)
    );
    stage.say(Content::text("네")).unwrap();
    assert!(stage.events().is_empty());
}

#[test]
fn an_unknown_path_or_method_is_no_answer_of_the_platforms() {
    let mut sandbox = sandbox();
    for request in [
        Request::post("http://sandbox.invalid/chatbot/v2/event"),
        Request::get("http://sandbox.invalid/chatbot/v1/event"),
    ] {
        let response = sandbox.answer(&request.body(Vec::new()).unwrap(), NOW);
        assert!(!response.status().is_success());
    }
}

#[test]
fn nothing_of_what_is_said_shows_in_debug() {
    let mut sandbox = sandbox();
    let message = Message::text("홍길동님").with_options(SendOptions::new());
    let request = encode_message(&ANN.parse().unwrap(), &message).unwrap();
    let body = String::from_utf8(request.into_body()).unwrap();
    post(&mut sandbox, EVENTS, "sandbox-key", body);
    let exchange = sandbox.exchanges().next().unwrap().clone();
    assert!(exchange.body.contains("홍길동"));
    let event = sandbox.poll_event().unwrap();
    let room = sandbox.room(ANN).unwrap();
    let act = UserAct::write("홍길동");
    let all = format!(
        "{sandbox:?}{exchange:?}{event:?}{room:?}{:?}{act:?}",
        room.shown()
    );
    for hidden in ["홍길동", ANN, "안녕"] {
        assert!(!all.contains(hidden), "{all}");
    }
}
