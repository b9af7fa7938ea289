//! Sealed and erased values, and types nobody knows yet, come out of the log as they went in.

use happytalk_core::{Conversation, Event, Line, Sealable};

fn kept(text: &str) -> Event {
    let line = Line::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(line.to_json(), text);
    line.event
}

/// The two ways in which a value is closed, one of them with members that may come later.
const CLOSED: [&str; 3] = [
    r#"{"sealed":"b64+/=="}"#,
    r#"{"erased":true}"#,
    r#"{"sealed":"b64","key":"k-7","alg":"x"}"#,
];

#[test]
fn every_personal_value_of_the_log_may_be_closed() {
    for closed in CLOSED {
        for pattern in [
            r#""type":"opened","channel":"webchat","account":"a","customer":$,"opened_by":"customer","bot":true"#,
            r#""type":"opened","channel":"webchat","account":"a","customer":"u","opened_by":"customer","bot":true,"parameters":$,"title":$"#,
            r#""type":"opened","channel":"webchat","account":"a","customer":"u","opened_by":"customer","bot":true,"parameters":{"a":$,"b":"open","c":$}"#,
            r#""type":"customer_said","message":$"#,
            r#""type":"bot_said","message":$"#,
            r#""type":"auto_said","kind":"survey","message":$"#,
            r#""type":"agent_said","agent":"kim","message":$"#,
            r#""type":"customer_said","message":{"id":"m","content":$,"provider_id":"p","postback":$}"#,
            r#""type":"customer_said","message":{"id":"m","content":[{"type":"text","text":$},{"type":"sticker"}]}"#,
            r#""type":"customer_said","message":{"id":"m","content":[{"type":"image","url":$,"comment":$}]}"#,
            r#""type":"bot_said","message":{"id":"m","content":[{"type":"carousel","cards":[{"title":$,"buttons":[]}]}]}"#,
            r#""type":"noted","agent":"kim","text":$"#,
            r#""type":"titled","title":$,"by":"kim""#,
            r#""type":"review_requested","agent":"kim","text":$"#,
            r#""type":"review_answered","agent":"kim","text":$"#,
            r#""type":"rated","score":4,"scale":5,"comment":$"#,
            r#""type":"customer_linked","person":$"#,
        ] {
            let fields = pattern.replace('$', closed);
            let event = kept(&format!(
                r#"{{"conversation":"c","seq":1,"at":1,{fields}}}"#
            ));
            assert!(!matches!(event, Event::Unknown(_)), "{fields}");
        }
    }
}

#[test]
fn a_closed_content_leaves_the_id_of_its_message_readable() {
    let event = kept(
        r#"{"conversation":"c","seq":1,"at":1,"type":"customer_said","message":{"id":"m-7","content":{"erased":true}}}"#,
    );
    let Event::CustomerSaid { message } = event else {
        panic!("not what was read")
    };
    let message = message.open().expect("the message around it is open");
    assert_eq!(message.id.as_str(), "m-7");
    assert_eq!(message.content.open(), None);
    assert_eq!(message.words(), "");
}

#[test]
fn one_closed_parameter_leaves_the_others_readable() {
    let event = kept(
        r#"{"conversation":"c","seq":1,"at":1,"type":"opened","channel":"webchat","account":"a","customer":"u","opened_by":"customer","bot":true,"parameters":{"grade":"VIP","phone":{"sealed":"x"}}}"#,
    );
    let Event::Opened {
        parameters: Some(Sealable::Open(parameters)),
        ..
    } = event
    else {
        panic!("not what was read")
    };
    assert_eq!(parameters["grade"].open().map(String::as_str), Some("VIP"));
    assert_eq!(parameters["phone"].open(), None);
}

#[test]
fn words_about_sealing_are_words_and_not_a_sealed_value() {
    let event = kept(
        r#"{"conversation":"c","seq":1,"at":1,"type":"noted","agent":"kim","text":"{\"sealed\":\"x\"} \"erased\""}"#,
    );
    let Event::Noted { text, .. } = event else {
        panic!("not what was read")
    };
    assert_eq!(
        text.open().map(String::as_str),
        Some("{\"sealed\":\"x\"} \"erased\"")
    );
}

#[test]
fn not_erased_is_not_a_value() {
    for text in [
        r#"{"conversation":"c","seq":1,"at":1,"type":"noted","agent":"kim","text":{"erased":false}}"#,
        r#"{"conversation":"c","seq":1,"at":1,"type":"noted","agent":"kim","text":{"sealed":7}}"#,
        r#"{"conversation":"c","seq":1,"at":1,"type":"noted","agent":"kim","text":{}}"#,
        r#"{"conversation":"c","seq":1,"at":1,"type":"noted","agent":"kim","text":null}"#,
    ] {
        assert_eq!(Line::parse(text).unwrap_err().code(), "log.json", "{text}");
    }
}

#[test]
fn a_conversation_goes_the_same_way_when_its_words_are_erased() {
    let open = [
        r#"{"conversation":"c","seq":1,"at":1,"type":"opened","channel":"kakao_consult","account":"a","customer":"u","opened_by":"customer","bot":false}"#,
        r#"{"conversation":"c","seq":2,"at":2,"type":"customer_said","message":{"id":"m-1","content":[{"type":"text","text":"하이"}]}}"#,
        r#"{"conversation":"c","seq":3,"at":3,"type":"agent_requested","by":"customer"}"#,
        r#"{"conversation":"c","seq":4,"at":4,"type":"assigned","agent":"kim","how":"auto"}"#,
        r#"{"conversation":"c","seq":5,"at":5,"type":"agent_said","agent":"kim","message":{"id":"m-2","content":[{"type":"text","text":"네"}]}}"#,
        r#"{"conversation":"c","seq":6,"at":6,"type":"message_failed","message":"m-2","code":"x"}"#,
        r#"{"conversation":"c","seq":7,"at":7,"type":"ended","by":"customer","after_work":false}"#,
    ];
    let mut readable = Conversation::new();
    let mut erased = Conversation::new();
    for text in open {
        let line = Line::parse(text).unwrap();
        readable.apply(&line.event, line.at);
        let text = text
            .replace(r#""customer":"u""#, r#""customer":{"erased":true}"#)
            .replace(r#"[{"type":"text","text":"하이"}]"#, r#"{"erased":true}"#)
            .replace(r#"[{"type":"text","text":"네"}]"#, r#"{"erased":true}"#);
        let line = Line::parse(&text).unwrap();
        assert_eq!(line.to_json(), text);
        erased.apply(&line.event, line.at);
        assert_eq!(erased.phase(), readable.phase());
        assert_eq!(erased.agent(), readable.agent());
    }
    // The only answer never reached the customer.
    assert!(readable.abandoned() && erased.abandoned());
}

#[test]
fn a_type_nobody_knows_is_kept_with_its_spaces_its_order_and_its_numbers() {
    for text in [
        r#"{ "type" : "teleported","seq":3,"conversation":"c","at":5,"to":{"z":1.50,"a":[1e3,"é"]} }"#,
        r#"{"agent":"kim","seq":1,"at":1,"type":"agent_cloned","of":{"sealed":"x"}}"#,
        r#"{"site":"s","seq":1,"at":1,"type":"top_up","amount_won":100000000000000000000000,"vat":"included"}"#,
        r#"{"conversation":"c","agent":"kim","seq":1,"at":1,"type":"hugged","agents":["kim","lee"]}"#,
    ] {
        assert!(matches!(kept(text), Event::Unknown(_)), "{text}");
    }
}

#[test]
fn a_conversation_passes_over_a_type_it_does_not_know() {
    let mut conversation = Conversation::new();
    let opened = r#"{"conversation":"c","seq":1,"at":1,"type":"opened","channel":"webchat","account":"a","customer":"u","opened_by":"customer","bot":true}"#;
    let line = Line::parse(opened).unwrap();
    conversation.apply(&line.event, line.at);
    let phase = conversation.phase();
    let strange =
        Line::parse(r#"{"conversation":"c","seq":2,"at":2,"type":"teleported","phase":"closed"}"#)
            .unwrap();
    conversation.apply(&strange.event, strange.at);
    assert_eq!(conversation.phase(), phase);
    // Its number and its instant still count.
    assert_eq!(conversation.seq(), 2);
    assert_eq!(conversation.last_at(), strange.at);
}

#[test]
fn a_command_of_the_site_is_given_its_place_and_nothing_else_changes() {
    let at = happytalk_core::Timestamp::from_millis(1_715_562_000_000);
    let of = |json: &str| Line::of_site("site-1".parse().unwrap(), 3, at, json);
    let line = of(r#"{"type":"granted","key":"g-1","amount_won":5000, "why" : [1.50]}"#).unwrap();
    let text = r#"{"site":"site-1","seq":3,"at":1715562000000,"type":"granted","key":"g-1","amount_won":5000, "why" : [1.50]}"#;
    assert_eq!(line.to_json(), text);
    assert_eq!(Line::parse(text).as_ref(), Ok(&line));
    assert_eq!(line.event.kind(), "granted");
    for placed in [
        r#"{"type":"granted","site":"other"}"#,
        r#"{"type":"granted","at":1}"#,
        r#"{"type":"granted","conversation":"c"}"#,
        r#"{"key":"g-1"}"#,
        r#"{"type":"granted"} {"type":"granted"}"#,
        "",
        "{}",
    ] {
        assert_eq!(of(placed).unwrap_err().code(), "log.json", "{placed}");
    }
}
