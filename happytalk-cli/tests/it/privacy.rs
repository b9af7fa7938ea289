//! What customers write, who they are and what opens doors is never told on standard error, however an input is broken.

use serde_json::Value;

use crate::prompt::{Ended, happytalk_on};

/// What must not show: a sentence, a customer's key, a telephone number, a sealed value, a token of a URL.
const PERSONAL: [&str; 5] = [
    "제 비밀은 칠칠삼일",
    "cust-Zk7731",
    "01077317731",
    "c2VhbGVkNzczMQ",
    "tok7731tok",
];

/// Inputs that are good, with everything in them that must not show: the command, lines before, the line itself.
const GOOD: [(&str, &str, &str); 14] = [
    (
        "decode kakao message",
        "",
        r#"{"user_key":"cust-Zk7731","sender_key":"5b8f","session_id":"41","time":1763692800123,"serial_number":1793846205517730913,"type":"text","contents":["제 비밀은 칠칠삼일"],"extra":"tok7731tok","attachment":{"url":"http://dn-m.talk.kakao.com/tok7731tok.txt"}}"#,
    ),
    (
        "decode kakao reference",
        "",
        r#"{"user_key":"cust-Zk7731","session_id":"41","sender_key":"5b8f","app_user_id":1077317731,"time":1763692800123,"reference":{"extra":"tel=01077317731"},"last_reference":{"extra":"제 비밀은 칠칠삼일","bot":"auto","bot_event":"","created_at":"2025-11-20T18:03:21.456"}}"#,
    ),
    (
        "decode kakao expired_session",
        "",
        r#"{"user_key":"cust-Zk7731","session_id":"41","sender_key":"5b8f","time":1763692800123}"#,
    ),
    (
        "decode naver",
        "",
        r#"{"event":"send","user":"cust-Zk7731","textContent":{"text":"제 비밀은 칠칠삼일","code":"tok7731tok","inputType":"button"},"messageId":9}"#,
    ),
    (
        "decode naver",
        "",
        r#"{"event":"profile","user":"cust-Zk7731","options":{"cellphone":"01077317731","result":"SUCCESS"}}"#,
    ),
    (
        "encode kakao",
        "",
        r#"{"id":"m-1","account":"5b8f","customer":"cust-Zk7731","action":{"type":"say","content":[{"type":"text","text":"제 비밀은 칠칠삼일","quick_replies":[{"label":"네","action":"postback","value":"tok7731tok"}]}]}}"#,
    ),
    (
        "encode naver",
        "",
        r#"{"id":"m-1","account":"wc1","customer":"cust-Zk7731","action":{"type":"say","content":[{"type":"card","title":"제 비밀은 칠칠삼일","text":"01077317731","buttons":[{"label":"보기","action":"url","value":"https://a.example/?k=tok7731tok"}]}]}}"#,
    ),
    (
        "sqi -",
        "",
        r#"{"conversation":"c-1","seq":1,"at":1715562000000,"type":"opened","channel":"kakao_consult","account":"5b8f","customer":"cust-Zk7731","opened_by":"customer","bot":false,"parameters":{"tel":"01077317731"}}"#,
    ),
    (
        "sqi -",
        OPENED,
        r#"{"conversation":"c-1","seq":2,"at":1715562000000,"type":"customer_said","message":{"id":"m-1","content":[{"type":"text","text":"제 비밀은 칠칠삼일"}],"postback":"tok7731tok"}}"#,
    ),
    (
        "sqi -",
        OPENED,
        r#"{"conversation":"c-1","seq":2,"at":1715562000000,"type":"customer_said","message":{"sealed":"c2VhbGVkNzczMQ"}}"#,
    ),
    (
        "bill - --format json",
        OPENED,
        r#"{"conversation":"c-1","seq":2,"at":1715562000000,"type":"agent_said","agent":"kim","message":{"id":"m-1","content":[{"type":"text","text":"제 비밀은 칠칠삼일"}]}}"#,
    ),
    (
        "bill - --format json",
        OPENED,
        r#"{"conversation":"c-1","seq":2,"at":1715562000000,"type":"noted","agent":"kim","text":"01077317731"}"#,
    ),
    (
        "bill sqi/day.jsonl --site -",
        "",
        r#"{"type":"adjusted","at":1715562000000,"key":"adj-1","amount_won":100,"reason":"제 비밀은 칠칠삼일"}"#,
    ),
    (
        "encode naver",
        "",
        r#"{"id":"m-1","account":"wc1","customer":"cust-Zk7731","action":{"type":"ask_profile","field":"cellphone","agreements":["address"]}}"#,
    ),
];

const OPENED: &str = r#"{"conversation":"c-1","seq":1,"at":1715562000000,"type":"opened","channel":"kakao_consult","account":"5b8f","customer":"cust-Zk7731","opened_by":"customer","bot":false}
"#;

#[track_caller]
fn is_discreet(ended: &Ended) {
    if ended.code() == Some(2) {
        ended.refused();
    } else {
        assert_eq!(
            (ended.code(), ended.err.as_str()),
            (Some(0), ""),
            "{ended:#?}"
        );
    }
    for personal in PERSONAL {
        assert!(
            !ended.err.contains(personal),
            "{personal} shows: {ended:#?}"
        );
    }
}

#[test]
fn a_good_input_is_good_or_this_proves_nothing() {
    for (command, before, good) in GOOD {
        happytalk_on(command, format!("{before}{good}\n")).fine();
    }
}

#[test]
fn an_input_that_is_cut_or_has_a_wrong_byte_tells_nothing_of_itself() {
    for (command, before, good) in GOOD {
        for at in (1..good.len()).step_by(11) {
            let cut = [before.as_bytes(), &good.as_bytes()[..at]].concat();
            is_discreet(&happytalk_on(command, &cut));
            let mut wrong = [before.as_bytes(), good.as_bytes()].concat();
            wrong[before.len() + at] = b'\x07';
            is_discreet(&happytalk_on(command, &wrong));
        }
    }
}

#[test]
fn an_input_with_a_value_of_another_kind_tells_nothing_of_itself() {
    for (command, before, good) in GOOD {
        let good: Value = serde_json::from_str(good).unwrap();
        for broken in with_another_value(&good) {
            is_discreet(&happytalk_on(command, format!("{before}{broken}\n")));
        }
    }
}

/// The document once for each of its values and each thing that may stand there instead.
fn with_another_value(good: &Value) -> Vec<Value> {
    let mut others = vec![
        Value::from("제 비밀은 칠칠삼일 cust-Zk7731"),
        Value::from("01077317731\u{0}"),
        Value::from(1_077_317_731),
        Value::from(vec!["01077317731"]),
        serde_json::json!({ "제 비밀은 칠칠삼일": "cust-Zk7731" }),
    ];
    match good {
        Value::Object(members) => {
            for (name, value) in members {
                // A fault names the stream of its line, and the host makes those names.
                if name == "conversation" {
                    continue;
                }
                for other in with_another_value(value) {
                    let mut members = members.clone();
                    members.insert(name.clone(), other);
                    others.push(Value::Object(members));
                }
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                for other in with_another_value(item) {
                    let mut items = items.clone();
                    items[place] = other;
                    others.push(Value::Array(items));
                }
            }
        }
        _ => {}
    }
    others
}

#[test]
fn an_argument_that_is_not_right_is_not_repeated() {
    for line in [
        "decode kakao cust-Zk7731",
        "decode kakao message --dialect cust-Zk7731",
        "decode kakao message cust-Zk7731",
        "decode naver --account",
        "sqi - --by 01077317731",
        "sqi - --zone 01077317731",
        "sqi - --clock tok7731tok",
        "sqi - --short-abandon tok7731tok",
        "sqi - --format tok7731tok",
        "sqi - --secret=tok7731tok",
        "bill - --at 01077317731x",
        "bill - --zone tok7731tok",
        "scenario play talk/delivery.json --now tok7731tok",
        "scenario play talk/delivery.json --calls {\"order.lookup\":[tok7731tok]}",
        "scenario play talk/delivery.json --hours tok7731tok",
    ] {
        let ended = happytalk_on(line, "");
        ended.refused();
        is_discreet(&ended);
    }
}

#[test]
fn what_a_customer_types_is_not_told_when_it_cannot_be_read() {
    let typed = "제 비밀은 칠칠삼일 ".repeat(4_000);
    let ended = happytalk_on("scenario play talk/delivery.json", typed);
    ended.refused();
    is_discreet(&ended);
    let bytes = ["제 비밀은 칠칠삼일".as_bytes(), b"\xFF\n"].concat();
    let ended = happytalk_on("scenario play talk/delivery.json", bytes);
    ended.refused();
    is_discreet(&ended);
}
