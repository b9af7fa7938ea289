//! `encode`: Outbound in, the requests that would go out.

use crate::fixture::{is_golden, names, text};
use crate::prompt::{happytalk, happytalk_on};

const SAY: &str = r#"{"id":"m-1","account":"5b8f","customer":"u-1","action":{"type":"say","content":[{"type":"text","text":"안녕하세요"}]}}"#;
const END: &str = r#"{"id":"e-1","account":"5b8f","customer":"u-1","action":{"type":"end"}}"#;
const TYPING: &str =
    r#"{"id":"t-1","account":"5b8f","customer":"u-1","action":{"type":"typing","on":true}}"#;

#[test]
fn an_outbound_comes_out_as_the_requests_beside_it() {
    for channel in ["kakao", "naver"] {
        for outbound in names(&format!("encode/{channel}"), ".json") {
            let out = happytalk_on(&format!("encode {channel}"), text(&outbound)).fine();
            is_golden(&format!("{outbound}l"), &out);
        }
    }
}

#[test]
fn what_kakao_alone_has_comes_out_in_every_dialect_as_the_requests_beside_it() {
    for (folder, dialect) in [
        ("kakao_v3", "happytalk-v3"),
        ("kakao_bizgo", "bizgo"),
        ("kakao_hub", "hub"),
    ] {
        for lines in names(&format!("encode/{folder}"), ".json") {
            let command = format!("encode kakao --dialect {dialect}");
            let out = happytalk_on(&command, text(&lines)).fine();
            is_golden(&format!("{lines}l"), &out);
        }
    }
}

#[test]
fn a_line_for_kakao_that_says_nothing_to_do_says_what_it_lacks() {
    for (line, lacks) in [
        (
            r#"{"id":"m-1","account":"5b8f","customer":"u-1"}"#,
            "action",
        ),
        (
            r#"{"account":"5b8f","customer":"u-1","bubble":{"type":"text","text":"x"}}"#,
            "id",
        ),
        (
            r#"{"id":"m-1","account":"5b8f","bubble":{"type":"text","text":"x"}}"#,
            "customer",
        ),
        (r#"{"call":{"type":"sender"}}"#, "id"),
    ] {
        let refused = happytalk_on("encode kakao", line);
        let why = format!("missing field `{lacks}`");
        assert!(refused.refused().contains(&why), "{refused:?}");
    }
    let refused = happytalk_on(
        "encode kakao",
        r#"{"account":"5b8f","call":{"type":"session","customer":"u-1"}}"#,
    );
    refused.says(
        "stdin:1:1: dialect has no such call. endpoint=`center/session` dialect=`happytalk-v1`",
    );
}

#[test]
fn credentials_stand_there_as_stars() {
    let line = happytalk_on("encode kakao", SAY).fine();
    for header in ["ht-client-id", "ht-client-secret"] {
        assert!(line.contains(&format!("\"{header}\":\"***\"")), "{line}");
    }
    let line = happytalk_on("encode kakao --dialect bizgo", SAY).fine();
    assert!(line.contains(r#""authorization":"***""#), "{line}");
    let line = happytalk_on("encode kakao --dialect hub", SAY).fine();
    assert!(line.contains(r#""path":"/v2/***/chat/write""#), "{line}");
    let line = happytalk_on("encode naver", TYPING).fine();
    assert!(line.contains(r#""authorization":"***""#), "{line}");
}

#[test]
fn several_outbounds_come_out_in_their_order_however_they_are_spaced() {
    let each = format!(
        "{}{}",
        happytalk_on("encode kakao", SAY).fine(),
        happytalk_on("encode kakao", END).fine()
    );
    for between in ["", "\n", " \r\n\t"] {
        let both = format!("{SAY}{between}{END}\n");
        assert_eq!(happytalk_on("encode kakao", both).fine(), each);
    }
}

#[test]
fn what_was_good_before_a_fault_is_printed_and_the_fault_has_its_place() {
    let good = happytalk_on("encode kakao", SAY).fine();
    let broken = happytalk_on("encode kakao", format!("{SAY}\n{{\"id\":7}}\n"));
    assert_eq!(broken.out, good);
    assert_eq!(broken.refused(), "stdin:2:7: expected a string");
    let cut = happytalk_on("encode kakao", format!("{SAY}\n\n{{\"id\":\"m-2\""));
    assert_eq!(cut.out, good);
    assert_eq!(
        cut.refused(),
        "stdin:3:11: not JSON: EOF while parsing an object"
    );
}

#[test]
fn what_a_channel_cannot_do_is_refused_where_it_stands() {
    let refused = happytalk_on("encode kakao", format!("{END}\n{TYPING}"));
    assert_eq!(
        refused.refused(),
        "stdin:2:1: channel does not carry this. what=`typing`"
    );
    let refused = happytalk_on("encode naver", END);
    assert!(refused.refused().starts_with("stdin:1:1: "), "{refused:?}");
}

#[test]
fn nothing_to_encode_is_told() {
    happytalk("encode kakao").says("stdin:1:1: no outbound to encode");
    happytalk_on("encode naver", "\n \n").says("stdin:3:1: no outbound to encode");
}

#[test]
fn naver_has_no_dialects() {
    let refused = happytalk_on("encode naver --dialect happytalk-v1", SAY);
    assert!(
        refused.refused().contains("unknown option `--dialect`"),
        "{refused:?}"
    );
}

#[test]
fn how_talktalk_sends_stands_in_its_options() {
    let line = happytalk_on("encode naver --notification --mark-read", SAY).fine();
    assert!(
        line.contains(r#""options":{"notification":true,"readBySend":true}"#),
        "{line}"
    );
    assert!(!happytalk_on("encode naver", SAY).fine().contains("options"));
}

#[test]
fn what_talktalk_alone_has_is_refused_where_it_stands() {
    let menu = |label: &str| {
        format!(r#"{{"menu":{{"entries":[{{"type":"text","label":"{label}","code":"x"}}]}}}}"#)
    };
    let long = format!("{}\n{}", menu("네"), menu(&"가".repeat(21)));
    let refused = happytalk_on("encode naver", long);
    assert_eq!(
        refused.refused(),
        "stdin:2:1: more than the platform takes. place=`menu.label` count=`21` count_max=`20`"
    );
    happytalk_on(
        "encode naver",
        r#"{"talk":{"body":{"type":"text","text":"네"}}}"#,
    )
    .says("stdin:1:46: missing field `customer`");
    happytalk_on(
        "encode naver",
        r#"{"id":"m-1","account":"5b8f","customer":"u-1"}"#,
    )
    .says("stdin:1:46: missing field `action`");
}
