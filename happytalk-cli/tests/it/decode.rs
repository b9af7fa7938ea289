//! `decode`: a webhook body in, Inbound lines out.

use happytalk_core::Inbound;

use crate::fixture::{is_golden, names, text};
use crate::prompt::happytalk_on;

const KAKAO_KINDS: [&str; 3] = ["message", "reference", "expired_session"];

const BIZGO_KINDS: [&str; 7] = [
    "message",
    "reference",
    "expired_session",
    "seen_info",
    "personal_info",
    "cert_result",
    "result",
];

/// A message of 상담톡 with nothing in it but what must be there.
const KAKAO: &str = r#"{"user_key":"Qz4_k8Lw-2Xe","sender_key":"5b8f","session_id":"41","time":1763692800123,"serial_number":1793846205517730913,"type":"text","contents":["x"]}"#;
/// An event of TalkTalk with nothing in it but what must be there.
const NAVER: &str = r#"{"event":"leave","user":"kR7-0bZqWm_4yTnEo1HsLA"}"#;

#[test]
fn what_kakao_posts_comes_out_as_the_lines_beside_it() {
    for kind in KAKAO_KINDS {
        for body in names(&format!("decode/kakao/{kind}"), ".json") {
            let out = happytalk_on(&format!("decode kakao {kind}"), text(&body)).fine();
            is_golden(&format!("{body}l"), &out);
        }
    }
}

#[test]
fn what_bizgo_posts_comes_out_as_the_lines_beside_it() {
    for kind in BIZGO_KINDS {
        for body in names(&format!("decode/kakao_bizgo/{kind}"), ".json") {
            let command = format!("decode kakao {kind} --dialect bizgo");
            let out = happytalk_on(&command, text(&body)).fine();
            is_golden(&format!("{body}l"), &out);
        }
    }
}

#[test]
fn what_naver_posts_comes_out_as_the_lines_beside_it() {
    for body in names("decode/naver", ".json") {
        let out = happytalk_on("decode naver --account wc4821", text(&body)).fine();
        is_golden(&format!("{body}l"), &out);
    }
}

#[test]
fn every_line_is_an_inbound_that_core_reads_and_writes_back_alike() {
    let mut folders = KAKAO_KINDS
        .map(|kind| format!("decode/kakao/{kind}"))
        .to_vec();
    folders.extend(BIZGO_KINDS.map(|kind| format!("decode/kakao_bizgo/{kind}")));
    folders.push("decode/naver".to_owned());
    for path in folders.iter().flat_map(|folder| names(folder, ".jsonl")) {
        for line in text(&path).lines() {
            let inbound = Inbound::parse(line).unwrap();
            assert_eq!(inbound.to_json(), line, "{path}");
        }
    }
}

#[test]
fn the_account_is_told_where_the_wire_does_not_name_it() {
    let line = happytalk_on("decode naver", NAVER).fine();
    assert!(!line.contains("account"), "{line}");
    let line = happytalk_on("decode naver --account wc4821", NAVER).fine();
    assert!(line.contains(r#""account":"wc4821""#), "{line}");
}

#[test]
fn the_dialect_that_is_the_default_can_be_named() {
    for dialect in ["happytalk-v1", "happytalk-v3", "hub"] {
        let command = format!("decode kakao message --dialect {dialect}");
        let out = happytalk_on(&command, KAKAO).fine();
        assert_eq!(out, happytalk_on("decode kakao message", KAKAO).fine());
    }
    let refused = happytalk_on("decode kakao message --dialect morse", KAKAO);
    assert!(
        refused
            .refused()
            .starts_with("happytalk: dialect is not known."),
        "{refused:?}"
    );
}

#[test]
fn a_kind_that_is_not_known_is_told_with_those_that_are() {
    happytalk_on("decode kakao telegram", KAKAO).says(
        "happytalk: kind of event is not known. \
         known=`message, reference, expired_session, seen_info, personal_info, cert_result, result`",
    );
}

#[test]
fn of_a_certificate_nothing_comes_out_but_that_there_was_one() {
    let body = r#"{"msgKey":"m-1","userKey":"Qz4_k8Lw-2Xe","senderKey":"5b8f","serviceType":"CSTALK","msgType":"KAKAO_CERT","certTxId":"tx-77","certResult":"bmFtZQ=="}"#;
    let line = happytalk_on("decode kakao cert_result", body).fine();
    let inbound = Inbound::parse(line.trim_end()).unwrap();
    assert_eq!(inbound.to_json(), line.trim_end());
    assert!(line.contains(r#""type":"unknown""#), "{line}");
    assert!(line.contains(r#""kind":"cert_result""#), "{line}");
    assert!(
        !line.contains("tx-77") && !line.contains("bmFtZQ"),
        "{line}"
    );
}

#[test]
fn a_body_that_is_no_json_says_where() {
    for command in ["decode kakao message", "decode naver"] {
        happytalk_on(command, "교환하고 싶어요").says("stdin:1:1: not JSON: expected value");
        happytalk_on(command, "").says("stdin:1:1: not JSON: EOF while parsing a value");
        happytalk_on(command, [0xFF, 0xFE, 0x00]).says("stdin:1:1: not JSON: expected value");
        let refused = happytalk_on(command, "{\n \"user\": tru");
        assert!(refused.refused().starts_with("stdin:2:1"), "{refused:?}");
    }
}

#[test]
fn a_body_of_another_shape_says_where_and_what_is_missing() {
    let without = |field: &str| KAKAO.replace(&format!("\"{field}\""), "\"gone\"");
    for field in [
        "user_key",
        "sender_key",
        "session_id",
        "serial_number",
        "type",
    ] {
        let refused = happytalk_on("decode kakao message", without(field));
        let why = format!("required field is missing. pointer=`/{field}`");
        refused.says(&format!("stdin:1:1: {why}"));
    }
    happytalk_on("decode naver", r#"{"event":"send"}"#)
        .says("stdin:1:1: event lacks a field. event=`send` field=`user`");
    for command in ["decode kakao message", "decode naver"] {
        for body in ["[]", "7", "null", "\"text\""] {
            let refused = happytalk_on(command, body);
            assert!(refused.refused().starts_with("stdin:1:"), "{refused:?}");
        }
    }
}

#[test]
fn a_body_beyond_the_limit_is_refused_and_not_cut() {
    let body = KAKAO.replace("[\"x\"]", &format!("[{:?}]", "가".repeat(1 << 20)));
    for command in ["decode kakao message", "decode naver"] {
        let refused = happytalk_on(command, &body);
        let line = refused.refused();
        assert!(
            line.contains("too long") && line.contains("bytes_max=`1048576`"),
            "{line}"
        );
    }
}

#[test]
fn nesting_without_end_is_refused() {
    let body = format!("{{\"event\":{}", "[".repeat(200_000));
    for command in ["decode kakao message", "decode naver"] {
        let refused = happytalk_on(command, &body);
        assert!(refused.refused().starts_with("stdin:1:"), "{refused:?}");
    }
}

#[test]
fn the_door_by_which_a_customer_came_is_told_when_it_is_asked_for() {
    let open = r#"{"event":"open","user":"kR7-0bZqWm_4yTnEo1HsLA","options":{"inflow":"button","referer":"https://booking.naver.com/1"}}"#;
    let line = happytalk_on("decode naver --entry-points", open).fine();
    assert!(
        line.contains(r#""parameters":{"entry_point":"booking"}"#),
        "{line}"
    );
    assert!(
        !happytalk_on("decode naver", open)
            .fine()
            .contains("entry_point")
    );
}
