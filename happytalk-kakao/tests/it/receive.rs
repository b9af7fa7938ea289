//! Webhooks.

use std::net::IpAddr;

use happytalk_core::channel::Verdict;
use happytalk_core::{Channel, ChannelError, Inbound, InboundKind, Retry, Timestamp};
use happytalk_kakao::{Dialect, Error, Kind, decode};
use serde_json::{Value, json};

use crate::fixture::{self, SENDER_KEY, USER_KEY, idle, post};

fn receive(path: &str, body: impl Into<Vec<u8>>) -> Result<Vec<Inbound>, ChannelError> {
    idle().receive(&post(path, body), Timestamp::EPOCH)
}

fn event() -> Value {
    json!({
        "user_key": USER_KEY, "sender_key": SENDER_KEY, "session_id": "88",
        "time": 1_715_562_130_000_i64, "serial_number": 1_787_654_321_098_765_433_u64,
        "type": "text", "contents": ["안녕하세요"],
    })
}

fn without(field: &str) -> Vec<u8> {
    let mut event = event();
    event.as_object_mut().unwrap().remove(field).unwrap();
    event.to_string().into_bytes()
}

fn with(field: &str, value: Value) -> Vec<u8> {
    let mut event = event();
    event[field] = value;
    event.to_string().into_bytes()
}

fn message(body: &[u8]) -> Result<Inbound, Error> {
    let mut inbound = decode(Kind::Message, body, None)?;
    assert_eq!(inbound.len(), 1);
    Ok(inbound.remove(0))
}

#[test]
fn every_documented_event_becomes_what_its_fixture_says() {
    for endpoint in ["message", "reference", "expired_session"] {
        for (name, fixture) in fixture::all(endpoint) {
            let body = fixture["event"].to_string();
            let path = format!("/hooks/unguessable/{endpoint}");
            let inbound = receive(&path, body.clone()).unwrap();
            assert_eq!(inbound.len(), 1, "{endpoint}/{name}");
            let line: Value = serde_json::from_str(&inbound[0].to_json()).unwrap();
            assert_eq!(line, fixture["inbound"], "{endpoint}/{name}");

            let kind = endpoint.parse().unwrap();
            let decoded = decode(kind, body.as_bytes(), None).unwrap();
            assert_eq!(decoded, inbound, "{endpoint}/{name}");
        }
    }
}

#[test]
fn the_account_given_stands_in_for_a_sender_key_that_is_not_there_and_never_for_one_that_is() {
    let other = "another".parse().unwrap();
    let decoded = decode(Kind::Message, &without("sender_key"), Some(&other)).unwrap();
    assert_eq!(decoded[0].account.as_ref(), Some(&other));
    let decoded = decode(Kind::Message, event().to_string().as_bytes(), Some(&other)).unwrap();
    assert_eq!(decoded[0].account.as_ref().unwrap().as_str(), SENDER_KEY);
}

#[test]
fn a_field_that_identifies_the_event_must_be_there_and_the_error_says_which() {
    for field in [
        "user_key",
        "sender_key",
        "session_id",
        "serial_number",
        "type",
        "contents",
    ] {
        for body in [without(field), with(field, Value::Null)] {
            let error = message(&body).unwrap_err();
            assert_eq!(error.code(), "kakao.missing_field", "{field}");
            let expected = format!("required field is missing. pointer=`/{field}`");
            assert_eq!(error.to_string(), expected);
        }
    }
}

#[test]
fn without_a_usable_time_the_hosts_clock_serves() {
    for value in [
        json!(null),
        json!("soon"),
        json!([]),
        json!(1e300),
        json!(u64::MAX),
    ] {
        assert_eq!(message(&with("time", value)).unwrap().at, None);
    }
    assert_eq!(message(&without("time")).unwrap().at, None);
}

#[test]
fn garbage_is_an_error_that_says_where_and_not_what() {
    for (body, expected) in [
        (&b""[..], "line=`1` column=`0`"),
        (b"{\"user_key\": \"secret-words\"", "line=`1` column=`27`"),
        (b"[\"secret-words\"]", "line=`1` column=`0`"),
        (b"\"secret-words\"", "line=`1` column=`14`"),
        (
            b"{\n\"user_key\": true, \"a\": \"secret-words\"}",
            "line=`2` column=`16`",
        ),
        (b"{\"user_key\": \"\xff\"}", "line=`1`"),
    ] {
        for kind in ["message", "reference", "expired_session", "seen_info"] {
            let result = decode(kind.parse().unwrap(), body, None);
            if kind == "seen_info" && body.starts_with(b"{\n") {
                assert!(result.is_ok(), "of an unknown kind little is asked");
                continue;
            }
            let error = result.unwrap_err();
            assert_eq!(error.code(), "kakao.bad_json", "{kind}");
            let text = error.to_string();
            assert!(text.contains(expected), "{kind} {text}");
            assert!(!text.contains("secret"), "{text}");
        }
    }
}

#[test]
fn an_id_that_can_be_none_is_an_error_that_says_where() {
    for (field, value) in [
        ("user_key", json!("")),
        ("sender_key", json!("a\nb")),
        ("session_id", json!("9".repeat(129))),
        ("serial_number", json!("")),
    ] {
        let error = message(&with(field, value)).unwrap_err();
        assert_eq!(error.code(), "kakao.bad_id", "{field}");
        assert!(error.to_string().contains(field), "{error}");
    }
}

#[test]
fn a_serial_number_never_goes_through_a_float() {
    for digits in [
        "9007199254740993",
        "-9223372036854775808",
        "18446744073709551615",
    ] {
        let body = event().to_string().replace("1787654321098765433", digits);
        assert_eq!(
            message(body.as_bytes()).unwrap().id.unwrap().as_str(),
            digits
        );
    }
    for number in ["1.7e18", "18446744073709551616"] {
        let body = event().to_string().replace("1787654321098765433", number);
        let error = message(body.as_bytes()).unwrap_err();
        assert_eq!(error.code(), "kakao.bad_json", "rounded is not unique");
    }
}

#[test]
fn contents_win_over_content_and_content_serves_where_they_are_empty() {
    let words = |contents: Value| {
        let mut event = event();
        event["content"] = json!("older");
        event["contents"] = contents;
        let InboundKind::Message { content, .. } =
            message(event.to_string().as_bytes()).unwrap().what
        else {
            panic!("a message");
        };
        content[0].words().unwrap().to_owned()
    };
    assert_eq!(words(json!(["newer"])), "newer");
    for empty in [json!(null), json!([]), json!([{}]), json!([null])] {
        assert_eq!(words(empty), "older");
    }
}

#[test]
fn a_text_that_was_cut_inside_an_emoji_is_read_all_the_same() {
    let body = event().to_string().replace("안녕하세요", "안녕\\ud83d");
    let InboundKind::Message { content, .. } = message(body.as_bytes()).unwrap().what else {
        panic!("a message");
    };
    assert_eq!(content[0].words(), Some("안녕\u{fffd}"));
}

#[test]
fn media_whose_words_stand_alone_keep_them() {
    let mut event = event();
    event["type"] = json!("photo");
    event["contents"] =
        json!([{"url": "http://a.example/1.jpg"}, {"comment": "둘"}, "http://a.example/2.jpg"]);
    let inbound = message(event.to_string().as_bytes()).unwrap();
    let line: Value = serde_json::from_str(&inbound.to_json()).unwrap();
    assert_eq!(
        line["content"],
        json!([
            {"type": "image", "url": "http://a.example/1.jpg"},
            {"type": "text", "text": "둘"},
            {"type": "image", "url": "http://a.example/2.jpg"},
        ])
    );
}

#[test]
fn a_kind_that_the_dialect_does_not_have_is_unknown_with_nothing_of_its_content() {
    for kind in ["seen_info", "personal_info", "cert_result", "result"] {
        let body = json!({
            "userKey": USER_KEY, "senderKey": SENDER_KEY, "sessionId": 88,
            "certResult": "bm8=", "personalInfo": {"phone_number": "010-1234-5678"},
        });
        let inbound = receive(&format!("/h/{kind}"), body.to_string()).unwrap();
        let line: Value = serde_json::from_str(&inbound[0].to_json()).unwrap();
        assert_eq!(
            line,
            json!({
                "type": "unknown", "kind": kind, "channel": "kakao_consult",
                "account": SENDER_KEY, "customer": USER_KEY, "session": "88",
            })
        );
        let decoded = Dialect::HappytalkV1
            .decode(kind.parse().unwrap(), body.to_string().as_bytes(), None)
            .unwrap();
        assert_eq!(decoded, inbound);
    }
}

#[test]
fn a_path_that_nobody_documented_is_unknown_when_it_is_for_us() {
    let inbound = receive("/h/telepathy/", event().to_string()).unwrap();
    assert_eq!(inbound[0].what, InboundKind::unknown("telepathy"));
    let error = receive("/h/telepathy", "{}").unwrap_err();
    assert_eq!(error.code, "kakao.wrong_account");
}

#[test]
fn what_is_for_another_profile_is_refused() {
    for path in ["/h/message", "/h/seen_info"] {
        let error = receive(path, with("sender_key", json!("another"))).unwrap_err();
        assert_eq!(
            (error.code, error.retry),
            ("kakao.wrong_account", Retry::Never)
        );
    }
}

#[test]
fn the_event_is_the_last_segment_of_the_path_and_is_posted() {
    let body = event().to_string();
    assert!(receive("/message", body.clone()).is_ok());
    assert!(receive("/h/k/message/?a=/reference", body.clone()).is_ok());
    assert_eq!(
        receive("/", body.clone()).unwrap_err().code,
        "kakao.not_an_event"
    );
    let path = format!("/h/{}", "x".repeat(65));
    assert_eq!(
        receive(&path, body.clone()).unwrap_err().code,
        "kakao.not_an_event"
    );
    let mut got = post("/h/message", body);
    *got.method_mut() = http::Method::GET;
    let error = idle().receive(&got, Timestamp::EPOCH).unwrap_err();
    assert_eq!(error.code, "kakao.not_an_event");
}

#[test]
fn with_allowed_sources_an_event_must_come_from_one_of_them() {
    let allowed = vec!["203.0.113.0/24".parse().unwrap()];
    let config = fixture::config().with_allowed_sources(allowed);
    let kakao = fixture::kakao_with(config, &Default::default());
    let from = |source: Option<&str>| {
        let mut request = post("/h/message", event().to_string());
        if let Some(source) = source {
            let source: IpAddr = source.parse().unwrap();
            request.extensions_mut().insert(source);
        }
        let received = kakao.receive(&request, Timestamp::EPOCH);
        received.map_err(|error| error.code)
    };
    assert!(from(Some("203.0.113.9")).is_ok());
    assert_eq!(from(Some("198.51.100.1")), Err("kakao.source_refused"));
    assert_eq!(from(None), Err("kakao.source_refused"));
}

#[test]
fn a_body_is_limited_in_length_and_in_depth() {
    let padded = |bytes: usize| {
        let mut body = event().to_string().into_bytes();
        body.resize(bytes, b' ');
        body
    };
    assert!(message(&padded(1 << 20)).is_ok());
    let error = message(&padded((1 << 20) + 1)).unwrap_err();
    assert_eq!(error.code(), "kakao.body_too_long");

    let nested = |depth: usize| {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        with("not_documented", serde_json::from_str(&deep).unwrap())
    };
    assert!(message(&nested(31)).is_ok());
    assert_eq!(message(&nested(32)).unwrap_err().code(), "kakao.too_deep");
}

#[test]
fn the_answer_says_how_it_went_in_the_status_that_was_set() {
    let request = post("/h/message", "");
    let reply = |config, verdict: Verdict| {
        let kakao = fixture::kakao_with(config, &Default::default());
        let response = kakao.reply(&request, &verdict);
        assert_eq!(response.headers()["content-type"], "application/json");
        let body = String::from_utf8(response.body().clone()).unwrap();
        (response.status().as_u16(), body)
    };
    let config = fixture::config;
    assert_eq!(
        reply(config(), Verdict::Accepted),
        (200, "{\"code\":0}".to_owned())
    );
    assert_eq!(reply(config(), Verdict::Failed).0, 503);
    assert_eq!(reply(config(), Verdict::Refused).0, 400);
    let created = config().with_accepted_status(201);
    assert_eq!(reply(created, Verdict::Accepted).0, 201);
}

#[test]
fn a_type_that_is_no_text_is_not_the_documented_shape() {
    let error = message(&with("type", json!(7))).unwrap_err();
    assert_eq!(error.code(), "kakao.bad_json");
    assert!(
        error.to_string().starts_with("expected text. line=`1`"),
        "{error}"
    );
}
