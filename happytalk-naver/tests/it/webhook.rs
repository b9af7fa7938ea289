//! Webhook calls that are not what they should be, and the answers to them.

use std::sync::Arc;

use happytalk_core::channel::Verdict;
use happytalk_core::testing::ScriptedTransport;
use happytalk_core::{Channel, InboundKind, Timestamp};
use happytalk_naver::{Naver, decode};
use http::{Request, Response};
use proptest::prelude::*;

use crate::desk::{ACCOUNT, CUSTOMER, config, over};

fn naver() -> Naver {
    over(&Arc::new(ScriptedTransport::default()))
}

fn call(body: &str) -> Request<Vec<u8>> {
    Request::post("/").body(body.as_bytes().to_vec()).unwrap()
}

fn reply(body: &str, verdict: Verdict) -> Response<Vec<u8>> {
    naver().reply(&call(body), &verdict)
}

#[test]
fn what_is_no_event_is_an_error_that_says_where() {
    for (body, message) in [
        (
            "{\"user\":\"u\"}",
            "webhook body is not an event: missing field `event`. line=`1` column=`12`",
        ),
        (
            "[\"open\",\"u\"]",
            "webhook body is not an event: expected an object. line=`1` column=`0`",
        ),
        (
            "{\"event\":null}",
            "webhook body is not an event: expected a string. line=`1` column=`13`",
        ),
        (
            "{\"event\":\"send\",\n\"user\":",
            "webhook body is not an event: not JSON: EOF while parsing a value. line=`2` column=`7`",
        ),
        (
            "{\"event\":\"send\"}",
            "event lacks a field. event=`send` field=`user`",
        ),
        (
            "{\"event\":\"send\",\"user\":null}",
            "event lacks a field. event=`send` field=`user`",
        ),
        (
            "{\"event\":\"leave\",\"user\":\"\"}",
            "user of the event is not an id. event=`leave`",
        ),
    ] {
        let error = decode(body.as_bytes(), None).unwrap_err();
        assert_eq!(error.to_string(), message, "{body}");
        assert!(naver().receive(&call(body), Timestamp::EPOCH).is_err());
    }
}

#[test]
fn a_body_may_have_as_many_bytes_as_the_settings_say() {
    let body = format!(r#"{{"event":"leave","user":"{CUSTOMER}"}}"#);
    let receive = |bytes_max| {
        let config = config().with_body_bytes_max(bytes_max);
        Naver::new(config, Arc::new(ScriptedTransport::default()))
            .unwrap()
            .receive(&call(&body), Timestamp::EPOCH)
    };
    let inbound = &receive(body.len()).unwrap()[0];
    assert_eq!(inbound.what, InboundKind::Left {});
    assert_eq!(inbound.account, Some(ACCOUNT.parse().unwrap()));
    assert_eq!(
        receive(body.len() - 1).unwrap_err().code,
        "naver.body_too_long"
    );
}

#[test]
fn a_body_nested_deeper_than_any_event_is_an_error() {
    let body = format!(
        r#"{{"event":"profile","user":"u","options":{}1{}}}"#,
        r#"{"a":"#.repeat(500),
        "}".repeat(500)
    );
    assert_eq!(
        decode(body.as_bytes(), None).unwrap_err().code(),
        "naver.bad_body"
    );
}

#[test]
fn a_withdrawal_that_names_no_field_does_not_pass_for_one_that_deletes_nothing() {
    for withdrawals in ["null", "[]", "[null]", "\"cellphone\""] {
        let body = format!(
            r#"{{"event":"profile","user":"u","options":{{"result":"WITHDRAW","withdrawals":{withdrawals}}}}}"#
        );
        let inbound = &decode(body.as_bytes(), None).unwrap()[0];
        assert_eq!(inbound.what, InboundKind::unknown("profile"));
    }
}

#[test]
fn the_platform_gets_200_with_an_empty_body_for_what_was_taken() {
    let body = r#"{"event":"leave","user":"u"}"#;
    let status = |verdict| {
        let response = reply(body, verdict);
        assert!(response.body().is_empty());
        response.status().as_u16()
    };
    assert_eq!(status(Verdict::Accepted), 200);
    assert_eq!(status(Verdict::Refused), 400);
    assert_eq!(status(Verdict::Failed), 503);
}

#[test]
fn a_payment_is_approved_by_an_approval_and_by_nothing_else() {
    for body in [
        r#"{"event":"pay_complete","user":"u","options":{"paymentResult":{"code":"Success"}}}"#,
        r#"{"options":null,"event":"pay_complete"}"#,
    ] {
        assert_eq!(reply(body, Verdict::Approve).status(), 200);
        for verdict in [
            Verdict::Accepted,
            Verdict::Decline,
            Verdict::Refused,
            Verdict::Failed,
        ] {
            assert!(!reply(body, verdict).status().is_success(), "{verdict:?}");
        }
    }
    let confirmed = r#"{"event":"pay_confirm","user":"u"}"#;
    assert_eq!(reply(confirmed, Verdict::Accepted).status(), 200);
}

/// JSON of any shape, with the platform's own names among the keys.
fn json() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        Just("null".to_owned()),
        any::<bool>().prop_map(|yes| yes.to_string()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| serde_json::json!(number).to_string()),
        "[a-z가-힣 ]{0,6}".prop_map(|text| serde_json::json!(text).to_string()),
    ];
    leaf.prop_recursive(6, 64, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6)
                .prop_map(|items| format!("[{}]", items.join(","))),
            members(inner),
        ]
    })
}

fn members(value: impl Strategy<Value = String>) -> impl Strategy<Value = String> {
    let key = prop::sample::select(vec![
        "textContent",
        "text",
        "code",
        "inputType",
        "quickReply",
        "buttonList",
        "type",
        "data",
        "imageContent",
        "imageUrl",
        "compositeContent",
        "compositeList",
        "elementList",
        "title",
        "fileContent",
        "downloadUrl",
        "marketingContent",
        "options",
        "product",
        "set",
        "control",
        "metadata",
        "result",
        "withdrawals",
        "address",
        "paymentResult",
        "paymentConfirmResult",
        "sourceId",
        "standby",
        "messageId",
        "later",
    ]);
    prop::collection::btree_map(key, value, 0..8).prop_map(|members| {
        let members: Vec<_> = members
            .into_iter()
            .map(|(key, value)| format!("\"{key}\":{value}"))
            .collect();
        format!("{{{}}}", members.join(","))
    })
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_a_panic(body in prop::collection::vec(any::<u8>(), 0..512)) {
        let request = Request::post("/").body(body).unwrap();
        let naver = naver();
        let _ = naver.receive(&request, Timestamp::EPOCH);
        for verdict in [Verdict::Accepted, Verdict::Approve, Verdict::Failed] {
            prop_assert!(naver.reply(&request, &verdict).body().is_empty());
        }
    }

    #[test]
    fn an_event_that_names_a_customer_is_read_whatever_else_stands_in_it(
        event in prop::sample::select(vec![
            "open", "leave", "friend", "send", "echo", "profile", "handover", "pay_complete",
            "pay_confirm", "later",
        ]),
        rest in members(json()),
    ) {
        let rest = rest.strip_prefix('{').unwrap();
        let comma = if rest == "}" { "" } else { "," };
        let body = format!(r#"{{"event":"{event}","user":"{CUSTOMER}"{comma}{rest}"#);
        let inbound = &decode(body.as_bytes(), None).unwrap()[0];
        prop_assert_eq!(inbound.customer.as_ref().unwrap().as_str(), CUSTOMER);
        if let InboundKind::Message { content, .. } = &inbound.what {
            prop_assert!(!content.is_empty());
        }
        let line = inbound.to_json();
        prop_assert_eq!(&happytalk_core::Inbound::parse(&line).unwrap(), inbound);
    }
}
