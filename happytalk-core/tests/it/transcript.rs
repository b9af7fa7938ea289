//! Transcripts: what each audience reads, what no text gets past, and what a file looks like.

use std::borrow::Cow;
use std::collections::BTreeSet;

use happytalk_core::Language;
use happytalk_core::content::Content;
use happytalk_core::event::{Event, RequestedBy};
use happytalk_core::log::{self, Line};
use happytalk_core::time::Zone;
use happytalk_core::transcript::{Audience, Transcript, View};
use proptest::collection::vec;
use proptest::prelude::any;
use proptest::{prop_assert, proptest};

use crate::golden_log::EVERY_TYPE;

const DAY: &str = r#"
{"conversation":"c-1","seq":1,"at":1715612370000,"type":"opened","channel":"kakao_consult","account":"sender-1","customer":"u-1","opened_by":"customer","bot":true,"parameters":{"inflow":"button"}}
{"conversation":"c-1","seq":2,"at":1715612370000,"type":"bot_entered","scenario":"returns","version":3,"node":"main","depth":1,"via":"auto"}
{"conversation":"c-1","seq":3,"at":1715612370000,"type":"bot_said","message":{"id":"m-3","content":[{"type":"card","text":"무엇을 도와드릴까요?","buttons":[{"label":"교환","action":"postback","value":"tok_1"},{"label":"안내","action":"url","value":"https://example.com"}]}]}}
{"conversation":"c-1","seq":4,"at":1715612390000,"type":"customer_said","message":{"id":"m-4","content":[{"type":"text","text":"교환"}],"postback":"tok_1"}}
{"conversation":"c-1","seq":5,"at":1715612390000,"type":"bot_entered","scenario":"returns","version":3,"node":"ask_order","depth":2,"via":"button"}
{"conversation":"c-1","seq":6,"at":1715612391000,"type":"customer_said","message":{"id":"m-6","content":[{"type":"text","text":"뭐라고요"}]}}
{"conversation":"c-1","seq":7,"at":1715612391000,"type":"bot_missed","scenario":"returns","version":3,"node":"ask_order","message":"m-6","count":1}
{"conversation":"c-1","seq":8,"at":1715612392000,"type":"category_changed","category":{"main":"배송","sub":"교환"},"by":"bot"}
{"conversation":"c-1","seq":9,"at":1715612392000,"type":"noted","agent":"bot","text":"order: 20260101-00001\nphone: 010-1234-5678"}
{"conversation":"c-1","seq":10,"at":1715612392000,"type":"agent_requested","by":"flow","queue":"cs"}
{"conversation":"c-1","seq":11,"at":1715612400000,"type":"assigned","agent":"kim","how":"auto"}
{"conversation":"c-1","seq":12,"at":1715612401000,"type":"noted","agent":"kim","text":"단골"}
{"conversation":"c-1","seq":13,"at":1715612402000,"type":"supervised","by":"boss","mode":"whisper"}
{"conversation":"c-1","seq":14,"at":1715612403000,"type":"agent_said","agent":"kim","message":{"id":"m-14","content":[{"type":"text","text":"안녕하세요\n10:00:00 고객: 환불해 준다고 했잖아요"}]}}
{"conversation":"c-1","seq":15,"at":1715612404000,"type":"agent_said","agent":"kim","message":{"id":"m-15","content":[{"type":"image","url":"https://example.com/a.png","comment":"예시"}]}}
{"conversation":"c-1","seq":16,"at":1715612405000,"type":"message_failed","message":"m-15","code":"kakao.no_session"}
{"conversation":"c-1","seq":17,"at":1715612406000,"type":"customer_said","message":{"sealed":"c2VjcmV0"}}
{"conversation":"c-1","seq":18,"at":1715612407000,"type":"customer_said","message":{"id":"m-18","content":{"erased":true}}}
{"conversation":"c-1","seq":19,"at":1715612408000,"type":"teleported","to":"010-1234-5678"}
{"conversation":"c-1","seq":20,"at":1715612409000,"type":"ended","by":"agent","after_work":true}
{"conversation":"c-1","seq":21,"at":1715612410000,"type":"after_work_ended","by":"agent"}
{"conversation":"c-1","seq":22,"at":1715612411000,"type":"rated","score":5,"scale":5,"comment":"고맙습니다"}
{"conversation":"c-2","seq":1,"at":1715612411000,"type":"opened","channel":"webchat","account":"a","customer":"other","opened_by":"customer","bot":false}
"#;

fn read(log: &str) -> Vec<Line> {
    log::lines(log).map(|(_, line)| line.unwrap()).collect()
}

fn as_it_is(text: &str) -> Cow<'_, str> {
    Cow::Borrowed(text)
}

fn day(view: &View) -> Transcript {
    Transcript::of(&"c-1".parse().unwrap(), &read(DAY), view, as_it_is).unwrap()
}

#[test]
fn a_customer_reads_what_was_said_the_end_and_their_rating() {
    let mut view = View::new(Audience::Customer);
    let text = day(&view).to_text(Language::Korean);
    let expected = "\
상담 c-1 · kakao_consult · Asia/Seoul
개설: 2024-05-13 23:59:30
종료: 2024-05-14 00:00:09

-- 2024-05-13 --
23:59:30 챗봇: 무엇을 도와드릴까요?
         [교환] [안내: https://example.com]
23:59:50 고객: 교환
23:59:51 고객: 뭐라고요

-- 2024-05-14 --
00:00:03 상담사: 안녕하세요
         10:00:00 고객: 환불해 준다고 했잖아요
00:00:04 상담사: [사진] https://example.com/a.png
         예시 [전송 실패]
00:00:06 고객: [암호화됨]
00:00:07 고객: [삭제됨]
00:00:09 * 상담 종료 (by=agent)
00:00:11 * 만족도 (comment=고맙습니다, scale=5, score=5)
";
    assert_eq!(text, expected);
    view.agent_names
        .insert("kim".parse().unwrap(), "김상담".to_owned());
    assert!(
        day(&view)
            .to_text(Language::Korean)
            .contains("상담사 김상담: 안녕하세요")
    );
}

#[test]
fn a_customer_reads_no_note_no_whisper_and_nothing_about_who_had_it() {
    let kinds: BTreeSet<String> = Transcript::of(
        &"c-1".parse().unwrap(),
        &read(EVERY_TYPE),
        &View::new(Audience::Customer),
        as_it_is,
    )
    .unwrap()
    .entries
    .iter()
    .map(|entry| entry.event.kind().to_owned())
    .collect();
    let kinds: Vec<&str> = kinds.iter().map(String::as_str).collect();
    assert_eq!(
        kinds,
        [
            "agent_said",
            "auto_said",
            "bot_said",
            "customer_said",
            "ended",
            "rated",
            "reopened"
        ]
    );
    let json = day(&View::new(Audience::Customer)).to_json();
    for hidden in [
        "kim",
        "boss",
        "단골",
        "tok_1",
        "seq",
        "sender-1",
        "u-1",
        "inflow",
        "배송",
        "flow",
        "c2VjcmV0",
        "no_session",
    ] {
        let shown = json.replace("kakao.no_session", "");
        assert!(!shown.contains(hidden), "{hidden}: {json}");
    }
}

#[test]
fn an_agent_reads_everything_and_what_the_bot_hands_over() {
    let transcript = day(&View::new(Audience::Agent));
    let handover = transcript.handover.as_ref().unwrap();
    assert_eq!(handover.by, RequestedBy::Flow);
    let path: Vec<&str> = handover
        .path
        .iter()
        .map(|visit| visit.node.as_str())
        .collect();
    assert_eq!((path, handover.missed), (vec!["main", "ask_order"], 1));
    assert_eq!(handover.variables["order"], "20260101-00001");
    assert_eq!(handover.category.as_ref().unwrap().main.as_str(), "배송");
    let text = transcript.to_text(Language::English);
    for line in [
        "Customer: u-1",
        "Category: 배송 > 교환",
        "Parameters: inflow=button",
        "Handed over by the bot (flow)",
        "  Path: main > ask_order",
        "  order: 20260101-00001",
        "23:59:50 Customer: 교환 [button: tok_1]",
        "00:00:00 * assigned (agent=kim, how=auto)",
        "00:00:01 * note (agent=kim, text=단골)",
        "00:00:02 * supervised (by=boss, mode=whisper)",
        "         예시 [not delivered: kakao.no_session]",
        "00:00:10 * after-work ended (by=agent)",
    ] {
        assert!(text.lines().any(|shown| shown == line), "{line}\n{text}");
    }
    assert!(!text.contains("teleported"));
}

#[test]
fn a_refused_request_hands_nothing_over() {
    let refused = r#"{"conversation":"c-1","seq":11,"at":1715612393000,"type":"rejected","reason":"off_hours","final":false}"#;
    let mut lines = read(DAY);
    lines.truncate(10);
    lines.push(Line::parse(refused).unwrap());
    let view = View::new(Audience::Agent);
    let of = Transcript::of(&"c-1".parse().unwrap(), &lines, &view, as_it_is);
    assert!(of.unwrap().handover.is_none());
}

#[test]
fn an_export_has_a_line_also_for_what_nobody_knows_but_not_its_fields() {
    let json = day(&View::new(Audience::Export)).to_json();
    assert!(json.contains(r#"{"seq":19,"at":1715612408000,"time":"2024-05-14T00:00:08+09:00","type":"teleported"}"#), "{json}");
    let log = read(EVERY_TYPE);
    let view = View::new(Audience::Export);
    let whole = Transcript::of(&"c-1".parse().unwrap(), &log, &view, as_it_is).unwrap();
    // All but the opening, which is the head, and the failure, which is on its message.
    let ours = log
        .iter()
        .filter(|line| line.stream == log[0].stream)
        .count();
    assert_eq!(whole.entries.len(), ours - 2);
    assert!(whole.entries.iter().any(|entry| entry.failed.is_some()));
}

#[test]
fn no_text_gets_past_the_mask() {
    const CANARY: &str = "01047112358";
    let content = r#"[{"type":"text","text":"C","full_text_url":"C","quick_replies":[{"label":"C","action":"url","value":"C"}]},{"type":"image","url":"C","comment":"C","name":"C"},{"type":"carousel","cards":[{"title":"C","text":"C","image":"C","buttons":[{"label":"C","action":"phone","value":"C","targets":{"web":"C","pc":"C","ios":"C","android":"C"}}],"quick_replies":[{"label":"C","action":"postback","value":"C"}]}]}]"#;
    let category = r#"{"main":"m","extra":"C"}"#;
    let events = [
        format!(
            r#""type":"opened","channel":"webchat","account":"a","customer":"C","opened_by":"customer","bot":true,"category":{category},"parameters":{{"phone":"C"}},"title":"C""#
        ),
        format!(
            r#""type":"customer_said","message":{{"id":"m","content":{content},"postback":"C"}}"#
        ),
        format!(r#""type":"bot_said","message":{{"id":"m2","content":{content}}}"#),
        format!(r#""type":"agent_said","agent":"kim","message":{{"id":"m3","content":{content}}}"#),
        format!(
            r#""type":"auto_said","kind":"greeting","message":{{"id":"m4","content":{content}}}"#
        ),
        r#""type":"bot_entered","scenario":"s","version":1,"node":"n","depth":1"#.to_owned(),
        r#""type":"noted","agent":"bot","text":"phone: C"#.to_owned() + "\"",
        format!(r#""type":"agent_requested","by":"flow","category":{category}"#),
        format!(r#""type":"category_changed","category":{category},"by":"kim""#),
        format!(r#""type":"transfer_requested","from":"kim","to":{{"category":{category}}}"#),
        format!(
            r#""type":"returned_to_queue","agent":"kim","cause":"transfer","to":{{"category":{category}}}"#
        ),
        r#""type":"noted","agent":"kim","text":"C""#.to_owned(),
        r#""type":"titled","title":"C","by":"kim""#.to_owned(),
        r#""type":"review_requested","agent":"kim","text":"C""#.to_owned(),
        r#""type":"review_answered","agent":"kim","text":"C""#.to_owned(),
        r#""type":"customer_linked","person":"C""#.to_owned(),
        r#""type":"rated","score":5,"scale":5,"comment":"C""#.to_owned(),
        r#""type":"unheard_of","text":"C""#.to_owned(),
    ];
    let line = |(index, event): (usize, &String)| {
        let json = format!(
            r#"{{"conversation":"c","seq":{},"at":1715612400000,{event}}}"#,
            index + 1
        );
        Line::parse(
            &json
                .replace("\"C\"", &format!("\"{CANARY}\""))
                .replace(": C\"", &format!(": {CANARY}\"")),
        )
        .unwrap()
    };
    let lines: Vec<Line> = events.iter().enumerate().map(line).collect();
    let masked = |text: &str| -> String { text.replace(CANARY, "***") };
    for audience in [Audience::Customer, Audience::Agent, Audience::Export] {
        let view = View::new(audience);
        let transcript = Transcript::of(&"c".parse().unwrap(), &lines, &view, |text| {
            Cow::Owned(masked(text))
        })
        .unwrap();
        for shown in [
            transcript.to_json(),
            transcript.to_text(Language::Korean),
            transcript.to_text(Language::English),
            format!("{transcript:?}"),
        ] {
            assert!(!shown.contains(CANARY), "{audience:?}: {shown}");
        }
        assert!(transcript.to_text(Language::Korean).contains("***"));
    }
}

#[test]
fn a_closed_value_shows_as_such_without_its_bytes() {
    let transcript = day(&View::new(Audience::Export));
    let json = transcript.to_json();
    assert!(!json.contains("c2VjcmV0"));
    assert!(json.contains(r#""type":"customer_said","message":{"sealed":"…"}"#));
    assert!(json.contains(r#""message":{"id":"m-18","content":{"erased":true}}"#));
}

#[test]
fn times_are_of_the_zone_that_was_asked_for() {
    for (zone, time) in [
        ("Asia/Seoul", "2024-05-13T23:59:30+09:00"),
        ("America/New_York", "2024-05-13T10:59:30-04:00"),
        ("Asia/Kolkata", "2024-05-13T20:29:30+05:30"),
        ("UTC", "2024-05-13T14:59:30+00:00"),
    ] {
        let view = View::new(Audience::Agent).in_zone(Zone::named(zone).unwrap());
        let json = day(&view).to_json();
        assert!(json.contains(time) && json.contains(zone), "{json}");
    }
}

#[test]
fn a_line_that_repeats_is_passed_over_and_a_conversation_that_is_not_there_has_none() {
    let view = View::new(Audience::Agent);
    let twice = [read(DAY), read(DAY)].concat();
    let of =
        |id: &str, lines: &[Line]| Transcript::of(&id.parse().unwrap(), lines, &view, as_it_is);
    assert!(of("c-1", &twice) == of("c-1", &read(DAY)));
    assert!(of("c-9", &twice).is_none());
}

#[test]
fn what_a_customer_writes_looks_like_no_line_and_moves_no_cursor() {
    let said = r#"{"conversation":"c","seq":1,"at":0,"type":"customer_said","message":{"id":"m","content":[{"type":"text","text":"a\r\n\n-- 2024 --\u2028b\u001b[31m"}]}}"#;
    let lines = read(said);
    let view = View::new(Audience::Agent);
    let of = Transcript::of(&"c".parse().unwrap(), &lines, &view, as_it_is).unwrap();
    let text = of.to_text(Language::Korean);
    assert!(!text.contains('\u{1b}') && !text.contains('\r'));
    assert!(text.contains("\n         -- 2024 -- b [31m\n"), "{text}");
}

proptest! {
    #[test]
    fn any_lines_make_a_transcript(picks in vec(any::<proptest::sample::Index>(), 0..40)) {
        let all = read(EVERY_TYPE);
        let id = "c-1".parse().unwrap();
        let lines = picks.iter().enumerate().map(|(seq, pick)| {
            let mut line = pick.get(&all).clone();
            line.seq = u64::try_from(seq).unwrap() + 1;
            line.stream = all[0].stream.clone();
            line
        });
        let lines: Vec<Line> = lines.collect();
        for audience in [Audience::Customer, Audience::Agent, Audience::Export] {
            let Some(of) = Transcript::of(&id, &lines, &View::new(audience), as_it_is) else {
                prop_assert!(lines.is_empty());
                continue;
            };
            let json = of.to_json();
            let begins = r#"{"conversation":"c-1","for":"#;
            prop_assert!(json.starts_with(begins));
            let said = of.entries.iter().filter_map(|entry| match &entry.event {
                Event::CustomerSaid { message } => message.open()?.content.open(),
                _ => None,
            });
            let text = of.to_text(Language::Korean);
            for words in said.flatten().filter_map(Content::words) {
                prop_assert!(text.contains(words));
            }
        }
    }
}
