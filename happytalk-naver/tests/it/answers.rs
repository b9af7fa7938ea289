//! What comes of a request: taken, refused, in part, unknown.

use std::sync::Arc;
use std::time::Duration;

use happytalk_core::outbound::Owner;
use happytalk_core::testing::{ScriptedTransport, assert_contract};
use happytalk_core::transport::TransportErrorKind;
use happytalk_core::{Action, ChannelError, Content, Retry};
use happytalk_naver::{Error, Refusal};

use crate::desk::{TAKEN, outbound, over, say, send};

const BUSY: &str = r#"{"success":false,"resultCode":"01","resultMessage":"현재 이 사용자에게 메시지를 보낼 수 없음"}"#;

fn say_two() -> happytalk_core::Outbound {
    say(vec![Content::text("첫째"), Content::text("둘째")])
}

fn failure(transport: ScriptedTransport, outbound: &happytalk_core::Outbound) -> ChannelError {
    send(&over(&Arc::new(transport)), outbound).unwrap_err()
}

#[test]
fn the_adapter_keeps_the_contract_of_a_channel() {
    let transport = Arc::new(ScriptedTransport::default());
    assert_contract(&over(&transport), &|| transport.seen().len());
}

#[test]
fn the_two_meanings_of_01_are_told_apart() {
    let say = say(vec![Content::text("안녕하세요")]);
    let error = failure(ScriptedTransport::answering(&[BUSY]), &say);
    assert_eq!(error.code, "naver.customer_busy");
    assert_eq!(error.retry, Retry::After(Duration::from_secs(30)));

    let body = r#"{"success":false,"resultCode":"01","resultMessage":"Authorization 정보 오류"}"#;
    let error = failure(ScriptedTransport::answering(&[body]), &say);
    assert_eq!((error.code, error.retry), ("naver.bad_key", Retry::Never));
}

#[test]
fn taking_the_room_back_with_the_handover_function_off_is_not_allowed() {
    let take = outbound(Action::Handover { to: Owner::Bot });
    let body = r#"{"success":false,"resultCode":"01"}"#;
    let error = failure(ScriptedTransport::answering(&[body]), &take);
    assert_eq!(
        (error.code, error.retry),
        ("naver.not_allowed", Retry::Never)
    );
}

#[test]
fn an_unknown_code_survives() {
    let body = r#"{"success":false,"resultCode":"57","resultMessage":"새 오류"}"#;
    let say = say(vec![Content::text("안녕하세요")]);
    let error = failure(ScriptedTransport::answering(&[body]), &say);
    assert_eq!(
        (error.code, error.retry),
        ("naver.unknown_code", Retry::Never)
    );
    match error.source.downcast_ref() {
        Some(Error::Refused {
            refusal: Refusal::Other(code),
        }) => assert_eq!(code.as_str(), "57"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn no_answer_in_time_may_have_been_a_delivery_and_no_connection_was_none() {
    let say = say(vec![Content::text("안녕하세요")]);
    for (kind, code, retry) in [
        (
            TransportErrorKind::Timeout,
            "naver.no_answer",
            Retry::Unknown,
        ),
        (TransportErrorKind::Other, "naver.no_answer", Retry::Unknown),
        (
            TransportErrorKind::Connect,
            "naver.unreachable",
            Retry::After(Duration::from_secs(1)),
        ),
    ] {
        let transport = ScriptedTransport::default();
        transport.then(Err(kind));
        let error = failure(transport, &say);
        assert_eq!((error.code, error.retry), (code, retry));
    }
}

#[test]
fn an_answer_longer_than_allowed_may_have_been_a_delivery() {
    let long = format!(r#"{{"success":true,"more":"{}"}}"#, "x".repeat(1 << 16));
    let say = say(vec![Content::text("안녕하세요")]);
    let error = failure(ScriptedTransport::answering(&[&long]), &say);
    assert_eq!(
        (error.code, error.retry),
        ("naver.no_answer", Retry::Unknown)
    );
}

#[test]
fn a_message_that_was_sent_in_part_is_never_sent_again() {
    // Each of these alone could be tried again; after the first part it cannot.
    for second in [Some(BUSY), None] {
        let transport = ScriptedTransport::answering(&[TAKEN]);
        if let Some(body) = second {
            transport.then(Ok(http::Response::new(body.as_bytes().to_vec())));
        }
        let error = failure(transport, &say_two());
        assert_eq!(
            (error.code, error.retry),
            ("naver.sent_in_part", Retry::Unknown)
        );
        assert_eq!(
            error.source.to_string(),
            "message was sent in part. taken=`1` parts=`2`"
        );
    }
}

#[test]
fn a_refused_first_part_stops_the_rest() {
    let transport = Arc::new(ScriptedTransport::answering(&[BUSY, TAKEN]));
    let error = send(&over(&transport), &say_two()).unwrap_err();
    assert_eq!(error.code, "naver.customer_busy");
    assert_eq!(transport.seen().len(), 1);
}

#[test]
fn a_message_for_another_account_is_not_sent() {
    let transport = Arc::new(ScriptedTransport::answering(&[TAKEN]));
    let mut message = say(vec![Content::text("안녕하세요")]);
    message.account = "wc9999".parse().unwrap();
    let error = send(&over(&transport), &message).unwrap_err();
    assert_eq!(
        (error.code, error.retry),
        ("naver.other_account", Retry::Never)
    );
    assert!(transport.seen().is_empty());
}
