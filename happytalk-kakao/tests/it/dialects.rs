//! The dealers' dialects: the same events and the same orders, written in four ways.

use std::sync::Arc;

use happytalk_core::channel::Verdict;
use happytalk_core::id::{CustomerId, MessageId};
use happytalk_core::testing::{ScriptedTransport, poll_once};
use happytalk_core::{Action, Channel, Content, InboundKind, Outbound, Retry, Secret, Timestamp};
use happytalk_kakao::{
    Bubble, CentreCall, Config, Dialect, Error, Kakao, Kind, encode, encode_bubble, encode_call,
};
use serde_json::{Value, json};

use crate::fixture::{self, SENDER_KEY, USER_KEY, post};

/// What an answer of each dialect says when all went well.
pub(crate) fn done(dialect: Dialect) -> &'static str {
    match dialect {
        Dialect::Bizgo => {
            r#"{"common":{"authCode":"A000"},"data":{"code":"A000","msgKey":"k-17","ref":"m-1"}}"#
        }
        _ => r#"{"code":0}"#,
    }
}

pub(crate) fn config(dialect: Dialect) -> Config {
    Config::for_display(SENDER_KEY.parse().unwrap()).with_dialect(dialect)
}

fn kakao(dialect: Dialect, transport: &Arc<ScriptedTransport>) -> Kakao {
    fixture::kakao_with(config(dialect), transport)
}

fn shown(request: &http::Request<Vec<u8>>) -> Value {
    let path = request.uri().path_and_query().unwrap().as_str();
    let headers: serde_json::Map<String, Value> = request
        .headers()
        .iter()
        .map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()))
        .collect();
    let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
    json!({"method": request.method().as_str(), "path": path, "headers": headers, "body": body})
}

fn part<T: serde::de::DeserializeOwned>(line: &Value, name: &str) -> T {
    serde_json::from_value(line[name].clone()).unwrap()
}

#[test]
fn every_bubble_order_and_call_goes_out_in_every_dialect_as_its_fixture_says() {
    for dialect in Dialect::ALL {
        let config = config(*dialect).with_unconfirmed();
        for group in ["bubble", "action", "centre"] {
            for (name, fixture) in fixture::all(&format!("dialect/{dialect}/{group}")) {
                let line = &fixture["line"];
                let requests = match group {
                    "bubble" => {
                        let (id, customer): (MessageId, CustomerId) =
                            (part(line, "id"), part(line, "customer"));
                        let bubble: Bubble = part(line, "bubble");
                        encode_bubble(&id, &customer, &bubble, &config).map(|one| vec![one])
                    }
                    "action" => {
                        let outbound: Outbound = serde_json::from_value(line.clone()).unwrap();
                        encode(&outbound, &config)
                    }
                    _ => {
                        let call: CentreCall = part(line, "call");
                        encode_call(&call, &config).map(|one| vec![one])
                    }
                };
                let what = format!("{dialect}/{group}/{name}");
                match requests {
                    Ok(requests) => {
                        let requests: Vec<_> = requests.iter().map(shown).collect();
                        assert_eq!(json!(requests), fixture["requests"], "{what}");
                    }
                    Err(error) => {
                        assert_eq!(error.retry(), Retry::Never, "{what}");
                        assert_eq!(error.to_string(), fixture["refused"], "{what}");
                    }
                }
            }
        }
    }
}

#[test]
fn every_bubble_is_written_and_read_again_alike() {
    for dialect in Dialect::ALL {
        for (name, fixture) in fixture::all(&format!("dialect/{dialect}/bubble")) {
            let bubble: Bubble = part(&fixture["line"], "bubble");
            let written = serde_json::to_value(&bubble).unwrap();
            assert_eq!(written, fixture["line"]["bubble"], "{name}");
            assert_eq!(written["type"], bubble.kind());
        }
        for (name, fixture) in fixture::all(&format!("dialect/{dialect}/centre")) {
            let call: CentreCall = part(&fixture["line"], "call");
            assert_eq!(fixture["line"]["call"]["type"], call.kind(), "{name}");
        }
    }
}

#[test]
fn without_the_setting_what_no_document_confirms_is_refused() {
    let refused = |dialect: Dialect| -> Vec<String> {
        let all = fixture::all(&format!("dialect/{dialect}/bubble")).into_iter();
        let refused = all.filter(|(_, fixture)| {
            let bubble: Bubble = part(&fixture["line"], "bubble");
            let (id, customer) = ("m-1".parse().unwrap(), USER_KEY.parse().unwrap());
            let result = encode_bubble(&id, &customer, &bubble, &config(dialect));
            fixture.get("refused").is_none() && result.is_err()
        });
        refused.map(|(name, _)| name).collect()
    };
    let v1 = ["audio", "text_buttons", "text_deliver"];
    assert_eq!(refused(Dialect::HappytalkV1), v1);
    assert_eq!(refused(Dialect::Hub), v1);
    let v3 = [
        "carousel",
        "item_list",
        "text_buttons",
        "text_coupon",
        "wide_item_list",
    ];
    assert_eq!(refused(Dialect::HappytalkV3), v3);
    let mut bizgo: Vec<_> = v3
        .into_iter()
        .chain(["system_message", "text_locked"])
        .collect();
    bizgo.sort_unstable();
    assert_eq!(refused(Dialect::Bizgo), bizgo);
}

#[test]
fn every_event_of_bizgo_becomes_what_its_fixture_says() {
    for kind in Kind::ALL {
        for (name, fixture) in fixture::all(&format!("bizgo/{kind}")) {
            let body = fixture["event"].to_string();
            let kakao = kakao(Dialect::Bizgo, &Arc::default());
            let path = format!("/h/cstalk/{kind}");
            let inbound = kakao.receive(&post(&path, body.clone()), Timestamp::EPOCH);
            let inbound = inbound.unwrap();
            assert_eq!(inbound.len(), 1, "{kind}/{name}");
            let line: Value = serde_json::from_str(&inbound[0].to_json()).unwrap();
            assert_eq!(line, fixture["inbound"], "{kind}/{name}");

            let account = SENDER_KEY.parse().unwrap();
            let decoded = Dialect::Bizgo.decode(*kind, body.as_bytes(), Some(&account));
            assert_eq!(decoded.unwrap(), inbound, "{kind}/{name}");
        }
    }
}

#[test]
fn happytalks_second_generation_and_the_hub_post_what_its_first_does() {
    for endpoint in ["message", "reference", "expired_session"] {
        for (name, fixture) in fixture::all(endpoint) {
            let body = fixture["event"].to_string();
            let kind = endpoint.parse().unwrap();
            let read = |dialect: Dialect| dialect.decode(kind, body.as_bytes(), None).unwrap();
            let first = read(Dialect::HappytalkV1);
            assert_eq!(read(Dialect::HappytalkV3), first, "{endpoint}/{name}");
            assert_eq!(read(Dialect::Hub), first, "{endpoint}/{name}");
        }
    }
}

#[test]
fn an_event_of_bizgo_that_lacks_what_names_it_says_what() {
    let event = |kind: &str| fixture::all(&format!("bizgo/{kind}"))[0].1["event"].clone();
    for (kind, field) in [
        ("message", "msgKey"),
        ("message", "userKey"),
        ("message", "senderKey"),
        ("message", "msgType"),
        ("message", "contents"),
        ("reference", "userKey"),
        ("expired_session", "msgKey"),
        ("seen_info", "userKey"),
        ("personal_info", "userKey"),
        ("result", "reportCode"),
    ] {
        let mut event = event(kind);
        event.as_object_mut().unwrap().remove(field).unwrap();
        let body = event.to_string();
        let decoded = Dialect::Bizgo.decode(kind.parse().unwrap(), body.as_bytes(), None);
        let error = decoded.unwrap_err();
        assert_eq!(error.code(), "kakao.missing_field", "{kind} {field}");
        assert!(error.to_string().contains(field), "{error}");
    }
}

#[test]
fn of_a_certificate_nothing_is_read_in_any_dialect() {
    for (_, fixture) in fixture::all("bizgo/cert_result") {
        for dialect in Dialect::ALL {
            let body = fixture["event"].to_string();
            let decoded = dialect.decode(Kind::CertResult, body.as_bytes(), None);
            let inbound = decoded.unwrap().remove(0);
            assert_eq!(inbound.what, InboundKind::unknown("cert_result"));
            let line = inbound.to_json();
            assert!(
                !line.contains("tx-30012") && !line.contains("6rWQ"),
                "{line}"
            );
        }
    }
}

#[test]
fn each_dialect_is_answered_as_it_expects() {
    let request = post("/h/message", "");
    for (dialect, taken) in [
        (Dialect::HappytalkV1, r#"{"code":0}"#),
        (Dialect::HappytalkV3, r#"{"code":0}"#),
        (Dialect::Hub, r#"{"code":0}"#),
        (Dialect::Bizgo, r#"{"code":"A000","result":"Success"}"#),
    ] {
        let kakao = kakao(dialect, &Arc::default());
        let response = kakao.reply(&request, &Verdict::Accepted);
        assert_eq!(response.status(), 200);
        assert_eq!(String::from_utf8(response.into_body()).unwrap(), taken);
        for verdict in [Verdict::Refused, Verdict::Failed] {
            let response = kakao.reply(&request, &verdict);
            assert!(!response.status().is_success());
            assert_ne!(response.body(), taken.as_bytes());
        }
    }
}

#[test]
fn whoever_asks_whether_anybody_is_there_is_answered() {
    let mut request = post("/ping", "");
    *request.method_mut() = http::Method::GET;
    for dialect in Dialect::ALL {
        let kakao = kakao(*dialect, &Arc::default());
        assert_eq!(kakao.receive(&request, Timestamp::EPOCH).unwrap(), []);
    }
}

#[test]
fn bizgo_says_twice_what_is_sent_twice_so_a_part_that_failed_is_told_as_such() {
    let transport = Arc::new(ScriptedTransport::answering(&[done(Dialect::Bizgo)]));
    let kakao = kakao(Dialect::Bizgo, &transport);
    assert!(!kakao.capabilities().idempotent);
    assert_eq!(kakao.capabilities().delivered, Some("A000"));
    let parts = fixture::say(vec![Content::text("하나"), Content::text("둘")]);
    let error = poll_once(kakao.send(&parts, Timestamp::EPOCH)).unwrap();
    let error = error.unwrap_err();
    // The second alone would be safe to send again, the whole is not.
    assert_eq!(
        (error.code, error.retry),
        ("kakao.partly_sent", Retry::Unknown)
    );
    let text = error.source.to_string();
    assert!(text.contains("parts_sent=`1` parts=`2`"), "{text}");
}

#[test]
fn bizgo_gives_what_was_said_a_key_and_an_end_that_is_over_is_no_error() {
    let over = r#"{"common":{"authCode":"A000"},"data":{"code":"A821"}}"#;
    let transport = Arc::new(ScriptedTransport::answering(&[
        done(Dialect::Bizgo),
        over,
        over,
    ]));
    let kakao = kakao(Dialect::Bizgo, &transport);
    let send = |outbound: &Outbound| poll_once(kakao.send(outbound, Timestamp::EPOCH)).unwrap();
    let hello = fixture::say(vec![Content::text("안녕하세요")]);
    let receipt = send(&hello).unwrap();
    assert_eq!(receipt.provider_id.unwrap().as_str(), "k-17");
    assert!(send(&fixture::outbound(Action::End {})).unwrap().repeated);
    let error = send(&hello).unwrap_err();
    assert_eq!(
        (error.code, error.retry),
        ("kakao.no_session", Retry::Never)
    );
}

#[test]
fn a_bubble_that_was_said_before_counts_as_said_where_the_platform_tells() {
    let bubble: Bubble = serde_json::from_value(json!({"type": "text", "text": "네"})).unwrap();
    let (id, customer) = ("m-1".parse().unwrap(), USER_KEY.parse().unwrap());
    let transport = Arc::new(ScriptedTransport::answering(&[r#"{"code":"-504"}"#]));
    let kakao = kakao(Dialect::HappytalkV3, &transport);
    let receipt = poll_once(kakao.send_bubble(&id, &customer, &bubble)).unwrap();
    assert!(receipt.unwrap().repeated);
}

#[test]
fn the_key_of_the_hub_stands_in_the_path_and_in_nothing_that_is_shown() {
    let secret = || Secret::new("hub-secret-7");
    let sender_key = || SENDER_KEY.parse().unwrap();
    let config =
        Config::hub("https://hub.example.com", secret(), sender_key()).with_hub_version("v3");
    let hello = fixture::say(vec![Content::text("안녕하세요")]);
    let request = encode(&hello, &config).unwrap().remove(0);
    assert_eq!(request.uri().path(), "/v3/hub-secret-7/chat/write");
    assert!(request.headers().get("ht-client-secret").is_none());

    let transport = Arc::new(ScriptedTransport::default());
    let kakao = fixture::kakao_with(config.clone(), &transport);
    let error = poll_once(kakao.send(&hello, Timestamp::EPOCH)).unwrap();
    let shown = format!("{config:?} {kakao:?} {error:?}");
    assert!(!shown.contains("hub-secret-7"), "{shown}");

    for key in ["", "a/b", "a?b", "../x", "가"] {
        let config = Config::hub("https://hub.example.com", Secret::new(key), sender_key());
        let error = encode(&hello, &config).unwrap_err();
        assert!(
            matches!(
                error,
                Error::BadSetting {
                    setting: "client_secret"
                }
            ),
            "{key}"
        );
    }
}

#[test]
fn bizgo_wants_its_key_bare() {
    let sender_key = SENDER_KEY.parse().unwrap();
    let config = Config::bizgo("https://bizgo.example.com", Secret::new("k-7"), sender_key);
    let hello = fixture::say(vec![Content::text("안녕하세요")]);
    let request = encode(&hello, &config).unwrap().remove(0);
    let key = &request.headers()["authorization"];
    assert_eq!(key, "k-7");
    assert!(key.is_sensitive());
}

#[test]
fn a_session_is_ended_with_an_event_of_the_bot_of_a_hundred_characters_at_most() {
    let end = |event: &str| {
        let event = Some(event.to_owned());
        let outbound = fixture::outbound(Action::EndWithBot { event });
        encode(&outbound, &config(Dialect::HappytalkV3))
    };
    assert!(end(&"가".repeat(100)).is_ok());
    assert_eq!(
        end(&"가".repeat(101)).unwrap_err().code(),
        "kakao.over_limit"
    );
    let body: Value = serde_json::from_slice(end("").unwrap()[0].body()).unwrap();
    assert!(body.get("bot_event").is_none());
}
