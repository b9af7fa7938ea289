//! `route`: commands in, what the router made of them out.

use crate::prompt::{happytalk, happytalk_on};

const SETTINGS: &str =
    r#"{"type":"settings","settings":{"default_queue":"cs","queues":[{"id":"cs"}]}}"#;

fn commands() -> String {
    let lines = [
        SETTINGS,
        r#"{"at":1,"type":"set_agent","agent":"kim","spec":{"caps":{"agent":1}}}"#,
        r#"{"at":1,"type":"set_status","agent":"kim","status":"available","class":"accepting"}"#,
        r#"{"at":2,"type":"enqueue","conversation":"c-1","request":{"channel":"webchat"}}"#,
        r#"{"at":3,"type":"enqueue","conversation":"c-2","request":{"channel":"webchat"}}"#,
        r#"{"at":4,"type":"pick","conversation":"c-1","agent":"lee"}"#,
    ];
    lines.join("\n")
}

#[test]
fn what_a_replay_prints_is_what_the_router_decided() {
    let out = happytalk_on("route replay", commands()).fine();
    let lines: Vec<_> = out.lines().skip(2).collect();
    assert_eq!(
        lines,
        [
            r#"{"at":2,"revision":3,"conversation_revision":1,"type":"enqueued","conversation":"c-1","queue":"cs","channel":"webchat","priority":0,"weight":1,"enqueued_at":2}"#,
            r#"{"at":2,"revision":4,"conversation_revision":2,"type":"assigned","conversation":"c-1","agent":"kim","how":"auto"}"#,
            r#"{"at":3,"revision":5,"conversation_revision":1,"type":"enqueued","conversation":"c-2","queue":"cs","channel":"webchat","priority":0,"weight":1,"enqueued_at":3}"#,
            r#"{"at":4,"revision":5,"conversation_revision":2,"type":"refused","conversation":"c-1","agent":"lee","code":"routing.unknown_agent"}"#,
        ]
    );
}

#[test]
fn why_says_who_is_in_the_way_and_who_was_chosen() {
    let out = happytalk_on("route why --conversation c-2", commands()).fine();
    assert!(
        out.starts_with("c-2: place 1 in cs; 1: agent is at a limit."),
        "{out}"
    );
    let out = happytalk_on("route why --conversation c-1 --format json", commands()).fine();
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (told["state"].as_str(), told["agent"].as_str()),
        (Some("assigned"), Some("kim"))
    );
    assert_eq!(told["candidates"][0]["agent"], "kim");
    let refused = happytalk_on("route why --conversation c-9", commands());
    assert_eq!(
        refused.refused(),
        "stdin: the conversation is not with the router at the end"
    );
}

#[test]
fn stats_count_everybody_once() {
    let out = happytalk_on("route stats --format json --at 10001", commands()).fine();
    let told: serde_json::Value = serde_json::from_str(&out).unwrap();
    assert_eq!(told["queues"]["cs"]["asked"], 2);
    assert_eq!(told["queues"]["cs"]["waiting"], 1);
    assert_eq!(told["agents"]["kim"]["status_ms"]["available"], 10_000);
    assert_eq!(told["refused"]["routing.unknown_agent"], 1);
    let out = happytalk_on("route stats", commands()).fine();
    assert!(out.contains("refused routing.unknown_agent: 1"), "{out}");
}

#[test]
fn what_is_no_command_is_told_with_its_line_and_nothing_of_it() {
    let fault = |input: String| happytalk_on("route replay", input).refused().to_owned();
    assert_eq!(
        fault(r#"{"at":1,"type":"tick"}"#.to_owned()),
        "stdin:1:1: expected a line of settings, or `--settings`"
    );
    assert_eq!(
        fault(String::new()),
        "stdin: expected a line of settings, or `--settings`"
    );
    let bad = format!("{SETTINGS}\n\n{{\"at\":1,\"type\":\"pick\",\"agent\":\"010-1234-5678\"}}");
    assert_eq!(fault(bad), "stdin:3:1: missing field `conversation`");
    let twice = format!("{SETTINGS}\n{SETTINGS}");
    assert_eq!(
        fault(twice),
        "stdin:2:1: settings come once, before every command"
    );
    let lost = SETTINGS.replace("\"default_queue\":\"cs\"", "\"default_queue\":\"x\"");
    assert_eq!(fault(lost), "stdin:1:1: queue is not known");
    assert!(
        happytalk("route replay none.jsonl")
            .refused()
            .starts_with("none.jsonl: ")
    );
}
