//! `transcript`: what each reader is shown, and what cannot be read.

use serde_json::Value;

use crate::prompt::{happytalk, happytalk_on};

const LOG: &str = r#"{"site":"s","seq":1,"at":1715562000000,"type":"settings_set","kind":"hours","version":1,"hash":"x"}
{"conversation":"c-1","seq":1,"at":1715562000000,"type":"opened","channel":"webchat","account":"a","customer":"u-1","opened_by":"customer","bot":false}
{"conversation":"c-1","seq":2,"at":1715562000000,"type":"customer_said","message":{"id":"m-2","content":[{"type":"text","text":"안녕하세요"}]}}
{"conversation":"c-2","seq":1,"at":1715562000000,"type":"opened","channel":"webchat","account":"a","customer":"u-2","opened_by":"customer","bot":false}
{"conversation":"c-1","seq":3,"at":1715562060000,"type":"noted","agent":"kim","text":"단골"}
"#;

#[test]
fn all_conversations_come_in_the_order_in_which_they_began() {
    let out = happytalk_on("transcript - --format json", LOG).fine();
    let ids: Vec<String> = out
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|of| of["conversation"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, ["c-1", "c-2"]);
    let text = happytalk_on("transcript - --lang en --zone UTC", LOG).fine();
    let expected = "\
Conversation c-1 · webchat · UTC
Opened: 2024-05-13 01:00:00
Account: a
Customer: u-1

-- 2024-05-13 --
01:00:00 Customer: 안녕하세요
01:01:00 * note (agent=kim, text=단골)


Conversation c-2 · webchat · UTC
Opened: 2024-05-13 01:00:00
Account: a
Customer: u-2
";
    assert_eq!(text, expected);
}

#[test]
fn a_customer_reads_no_note_and_an_agent_does() {
    let of = |reader| {
        let line = format!("transcript - --conversation c-1 --for {reader}");
        happytalk_on(&line, LOG).fine()
    };
    assert!(of("customer").contains("고객: 안녕하세요"));
    assert!(!of("customer").contains("단골"));
    assert!(of("agent").contains("단골") && of("export").contains("단골"));
}

#[test]
fn what_is_not_there_or_cannot_be_read_is_told_in_one_line() {
    let ended = happytalk_on("transcript - --conversation c-9", LOG);
    assert_eq!(ended.refused(), "stdin: no such conversation");
    let broken = LOG.replace(r#""seq":2,"#, r#""seq":4,"#);
    let ended = happytalk_on("transcript -", broken);
    assert!(ended.refused().starts_with("stdin:3:"));
    let ended = happytalk("transcript nowhere.jsonl --zone Asia/Nowhere");
    assert_eq!(
        ended.refused(),
        "happytalk: bad value of `--zone`: unknown time zone"
    );
    let ended = happytalk_on("transcript - --for boss", LOG);
    assert!(ended.refused().contains("--for"));
}

#[test]
fn an_empty_log_has_no_conversations() {
    assert_eq!(happytalk("transcript -").fine(), "");
}
