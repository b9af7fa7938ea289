//! The words of the log's fields: those of the table are read and written, others are refused.

use happytalk_core::Line;
use happytalk_core::log::LineError;

/// `$` in a line stands for each of the words.
const WORDS: &[(&str, &[&str])] = &[
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"opened","channel":"webchat","account":"a","customer":"u","opened_by":"$","bot":false}"#,
        &["customer", "agent"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"rejected","reason":"$","final":true}"#,
        &[
            "blocked",
            "site_suspended",
            "inbound_closed",
            "off_hours",
            "customer_concurrency",
            "queue_full",
            "no_agent_on_duty",
        ],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"auto_said","kind":"$","message":{"id":"m","content":[]}}"#,
        &[
            "greeting",
            "unavailable",
            "absence",
            "busy",
            "place",
            "queue_full",
            "reminder",
            "closing_notice",
            "closing",
            "survey",
            "profile",
            "warning",
        ],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"bot_entered","scenario":"s","version":1,"node":"n","depth":1,"via":"$"}"#,
        &["button", "text", "back", "home", "auto"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"bot_ended","by":"$"}"#,
        &[
            "customer", "agent", "manager", "idle", "channel", "goal", "flow",
        ],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"agent_requested","by":"$"}"#,
        &[
            "button", "keyword", "fallback", "schedule", "customer", "flow",
        ],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"profile_skipped","fields":[],"reason":"$"}"#,
        &["refused", "not_filled", "under_14"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"declined","agent":"a","by":"$"}"#,
        &["agent", "timeout"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"assigned","agent":"a","how":"$"}"#,
        &["auto", "pick", "manager", "sticky", "opener"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"assigned","agent":"a","how":"auto","over_cap":"$"}"#,
        &["pick", "forced"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"returned_to_queue","agent":"a","cause":"$"}"#,
        &["accept_timeout", "withdrawn", "transfer", "offline"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"transfer_requested","from":"a","to":{"$":"x"}}"#,
        &["agent", "group", "queue"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"transfer_ended","why":"$"}"#,
        &["refused", "cancelled", "expired"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"transferred","from":"a","to":"b","how":"$"}"#,
        &["accepted", "forced", "taken_over"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"ended","by":"$","after_work":false}"#,
        &["agent", "customer", "manager", "auto", "channel"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"ended","by":"auto","after_work":false,"rule":"$"}"#,
        &[
            "customer_silent",
            "agent_late",
            "profile_not_filled",
            "queue_timeout",
        ],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"ended","by":"channel","after_work":false,"cause":"$"}"#,
        &["left", "blocked", "expired", "unknown"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"after_work_ended","by":"$"}"#,
        &["agent", "limit"],
    ),
    (
        r#"{"conversation":"c","seq":1,"at":1,"type":"supervised","by":"m","mode":"$"}"#,
        &["monitor", "whisper", "join", "left"],
    ),
    (
        r#"{"agent":"a","seq":1,"at":1,"type":"agent_status","status":"x","class":"$"}"#,
        &["accepting", "finishing", "paused", "off"],
    ),
];

#[test]
fn every_word_of_the_table_is_read_and_written_back() {
    for (pattern, words) in WORDS {
        for word in *words {
            let text = pattern.replace('$', word);
            let line = Line::parse(&text).unwrap_or_else(|error| panic!("{error}: {text}"));
            assert_eq!(line.to_json(), text);
        }
    }
}

#[test]
fn a_word_that_is_not_in_the_table_is_refused_and_not_repeated() {
    for (pattern, words) in WORDS {
        let text = pattern.replace('$', "sesame");
        let error = Line::parse(&text).expect_err(&text);
        assert_eq!(error.code(), "log.json");
        let LineError::Json { column, reason } = error else {
            panic!("{text}")
        };
        assert!(column > 0, "{text}");
        assert!(!reason.contains("sesame"), "{reason}");
        assert!(reason.contains(words[0]), "{reason}");
    }
}

#[test]
fn channels_have_the_names_of_the_table_and_an_integrator_may_add_theirs() {
    for name in [
        "kakao_consult",
        "naver_talktalk",
        "webchat",
        "ticker",
        "messenger",
        "wechat",
        "우리 앱",
    ] {
        let text = format!(
            r#"{{"conversation":"c","seq":1,"at":1,"type":"opened","channel":"{name}","account":"a","customer":"u","opened_by":"customer","bot":true}}"#
        );
        assert_eq!(Line::parse(&text).unwrap().to_json(), text);
    }
}

#[test]
fn ids_are_strings_also_where_they_look_like_numbers() {
    let text = r#"{"conversation":"c","seq":1,"at":1,"type":"reopened","by":"customer","session":9007199254740993}"#;
    assert_eq!(Line::parse(text).unwrap_err().code(), "log.json");
    let text = r#"{"conversation":"c","seq":1,"at":1,"type":"reopened","by":"customer","session":"9007199254740993"}"#;
    assert_eq!(Line::parse(text).unwrap().to_json(), text);
}
