//! One line of every type, typed by hand from the table of the log's format.

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::log::{self, Line, Stream};
use happytalk_core::{Conversation, Event};

pub(crate) const EVERY_TYPE: &str = include_str!("../fixtures/log/every-type.jsonl");

/// The table: a type, the fields it always has, the fields it may leave out; both in their order.
const TABLE: &[(&str, &[&str], &[&str])] = &[
    (
        "opened",
        &["channel", "account", "customer", "opened_by", "bot"],
        &["session", "category", "parameters", "previous", "title"],
    ),
    ("rejected", &["reason", "final"], &[]),
    ("customer_said", &["message"], &[]),
    ("bot_said", &["message"], &[]),
    ("agent_said", &["agent", "message"], &[]),
    ("auto_said", &["kind", "message"], &[]),
    ("message_failed", &["message", "code"], &[]),
    (
        "bot_entered",
        &["scenario", "version", "node", "depth"],
        &["goal", "via"],
    ),
    (
        "bot_missed",
        &["scenario", "version", "node", "message", "count"],
        &[],
    ),
    ("bot_ended", &["by"], &[]),
    ("agent_requested", &["by"], &["category", "queue"]),
    ("profile_requested", &["fields", "holds_queue"], &[]),
    ("profile_completed", &["fields"], &[]),
    ("profile_skipped", &["fields", "reason"], &[]),
    ("offered", &["agent", "until"], &[]),
    ("declined", &["agent", "by"], &[]),
    ("assigned", &["agent", "how"], &["over_cap"]),
    ("returned_to_queue", &["agent", "cause"], &["to"]),
    ("transfer_requested", &["from", "to"], &[]),
    ("transfer_ended", &["why"], &[]),
    ("transferred", &["from", "to", "how"], &[]),
    ("held", &["by"], &[]),
    ("unheld", &["by"], &["over_cap"]),
    ("woken", &[], &["over_cap"]),
    ("category_changed", &["category", "by"], &[]),
    ("tagged", &["tag", "by"], &[]),
    ("untagged", &["tag", "by"], &[]),
    ("noted", &["agent", "text"], &[]),
    ("titled", &["title", "by"], &[]),
    ("flag_changed", &["kind", "set", "by"], &[]),
    ("alarm_set", &["for", "by"], &[]),
    ("review_requested", &["agent"], &["text"]),
    ("review_answered", &["agent"], &["text"]),
    ("ended", &["by", "after_work"], &["rule", "cause"]),
    ("after_work_ended", &["by"], &[]),
    ("reopened", &["by"], &["session"]),
    ("rated", &["score", "scale"], &["comment"]),
    ("blocked", &["by"], &[]),
    ("unblocked", &["by"], &[]),
    ("supervised", &["by", "mode"], &[]),
    ("converted", &["offer", "amount_won"], &[]),
    ("customer_linked", &["person"], &[]),
    (
        "agent_set",
        &[],
        &[
            "group", "order", "caps", "skills", "weight", "channels", "shifts",
        ],
    ),
    ("agent_status", &["status", "class"], &[]),
    ("agent_removed", &[], &[]),
    ("settings_set", &["kind", "version", "hash"], &[]),
    ("hours_overridden", &["open", "until"], &[]),
];

/// The names of the members of one line, in their order, without those inside members.
fn keys(text: &str) -> Vec<String> {
    let members: BTreeMap<String, &serde_json::value::RawValue> =
        serde_json::from_str(text).unwrap();
    let mut keys: Vec<String> = members.keys().cloned().collect();
    keys.sort_by_key(|key| members[key].get().as_ptr().addr());
    keys
}

#[test]
fn every_line_is_written_back_byte_for_byte() {
    for text in EVERY_TYPE.lines() {
        let line = Line::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(line.to_json(), text);
        assert_eq!(serde_json::to_string(&line).unwrap(), text);
    }
}

#[test]
fn every_type_of_the_table_occurs_and_no_other_is_known() {
    let known: BTreeSet<&str> = Event::KINDS.iter().copied().collect();
    let table: BTreeSet<&str> = TABLE.iter().map(|(kind, ..)| *kind).collect();
    assert_eq!(known, table);
    let seen: BTreeSet<String> = log::lines(EVERY_TYPE)
        .map(|(_, line)| line.unwrap().event)
        .filter(|event| !matches!(event, Event::Unknown(_)))
        .map(|event| event.kind().to_owned())
        .collect();
    assert_eq!(seen, known.iter().map(|&kind| kind.to_owned()).collect());
}

#[test]
fn every_optional_field_is_there_once_and_left_out_once() {
    for (kind, always, sometimes) in TABLE {
        let lines: Vec<Vec<String>> = EVERY_TYPE
            .lines()
            .filter(|text| !matches!(Line::parse(text).unwrap().event, Event::Unknown(_)))
            .filter(|text| text.contains(&format!("\"type\":\"{kind}\"")))
            .map(keys)
            .collect();
        for keys in &lines {
            assert_eq!(keys[1..4], ["seq", "at", "type"], "{kind}");
            let fields: Vec<&str> = keys[4..].iter().map(String::as_str).collect();
            let allowed: Vec<&str> = always
                .iter()
                .chain(*sometimes)
                .copied()
                .filter(|name| always.contains(name) || fields.contains(name))
                .collect();
            assert_eq!(fields, allowed, "{kind}");
        }
        for name in *sometimes {
            let there = |keys: &Vec<String>| keys.iter().any(|key| key == name);
            assert!(lines.iter().any(there), "{kind} with {name}");
            assert!(!lines.iter().all(there), "{kind} without {name}");
        }
    }
}

#[test]
fn a_line_without_a_field_it_must_have_is_refused_by_the_name_of_the_field() {
    for text in EVERY_TYPE.lines() {
        let Ok(Line { event, .. }) = Line::parse(text) else {
            panic!("{text}")
        };
        let Some((kind, always, _)) = TABLE.iter().find(|(kind, ..)| *kind == event.kind()) else {
            continue;
        };
        if matches!(event, Event::Unknown(_)) {
            continue;
        }
        for name in *always {
            let renamed = text.replacen(&format!("\"{name}\":"), "\"else\":", 1);
            if renamed == text {
                continue;
            }
            let error = Line::parse(&renamed).expect_err(kind).to_string();
            assert!(
                error.contains(&format!("missing field `{name}`"))
                    || error.contains("line names no"),
                "{kind} without {name}: {error}"
            );
        }
    }
}

#[test]
fn a_field_that_is_not_known_is_passed_over() {
    for text in EVERY_TYPE.lines() {
        let line = Line::parse(text).unwrap();
        if matches!(line.event, Event::Unknown(_)) {
            continue;
        }
        let longer = format!(
            "{},\"later\":{{\"x\":[1.5,null]}}}}",
            &text[..text.len() - 1]
        );
        assert_eq!(Line::parse(&longer).as_ref(), Ok(&line), "{longer}");
    }
}

#[test]
fn lines_stand_on_the_stream_they_name_and_are_numbered_from_one() {
    let mut last: BTreeMap<Stream, u64> = BTreeMap::new();
    for (number, line) in log::lines(EVERY_TYPE) {
        let line = line.unwrap();
        let seq = last.entry(line.stream.clone()).or_default();
        *seq += 1;
        assert_eq!(line.seq, *seq, "line {number}");
        assert_eq!(
            line.event.is_of_agent(),
            matches!(line.stream, Stream::Agent(_)),
            "line {number}"
        );
    }
    assert_eq!(last.len(), 5);
}

#[test]
fn the_example_lines_of_the_format_are_read() {
    for text in [
        r#"{"conversation":"c-17","seq":4,"at":1715562130000,"type":"assigned","agent":"kim","how":"auto"}"#,
        r#"{"agent":"kim","seq":3,"at":1715562131000,"type":"agent_status","status":"break","class":"paused"}"#,
    ] {
        assert_eq!(Line::parse(text).unwrap().to_json(), text);
    }
}

#[test]
fn a_conversation_is_the_same_from_the_log_and_from_its_json_read_again() {
    let mut once = Conversation::new();
    let mut twice = Conversation::new();
    for (_, line) in log::lines(EVERY_TYPE) {
        let line = line.unwrap();
        let again = Line::parse(&line.to_json()).unwrap();
        assert_eq!(again, line);
        once.apply(&line.event, line.at);
        twice.apply(&again.event, again.at);
    }
    assert_eq!(once, twice);
}
