//! SCENARIO 5 B: what fits nothing, and how often.

use happytalk_core::event::RequestedBy;
use happytalk_scenario::{CallOutcome, Effect, Status, Trace};

use crate::chat::{Chat, FLOW_A, call, document, labels, pressables, words};

fn missed(step: &happytalk_scenario::Step) -> Option<u32> {
    step.trace.iter().find_map(|trace| match trace {
        Trace::Missed { count, .. } => Some(*count),
        _ => None,
    })
}

#[test]
fn case_21_two_are_asked_again_and_the_third_goes_on() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    for count in 1..=2 {
        let step = chat.say("날씨가 좋네요");
        assert_eq!(missed(&step), Some(count));
        assert_eq!(
            words(&step),
            [
                "이해하지 못했어요. 아래 버튼에서 골라 주세요.",
                "안녕하세요! 교환·반품을 도와드릴게요."
            ]
        );
        assert!(
            !step
                .trace
                .iter()
                .any(|t| matches!(t, Trace::Entered { .. }))
        );
    }
    let step = chat.say("날씨가 좋네요");
    assert_eq!(step.status, Status::HandedOff);
    assert!(matches!(
        step.effects.as_slice(),
        [Effect::Handoff {
            by: RequestedBy::Fallback,
            ..
        }]
    ));
}

#[test]
fn case_21_a_right_answer_sets_the_count_back() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    chat.say("음");
    chat.say("음");
    chat.say("교환");
    chat.say("처음으로");
    assert_eq!(missed(&chat.say("음")), Some(1));
}

#[test]
fn case_24_the_same_step_is_shown_with_the_ways_out() {
    let mut chat = Chat::with(
        r#""a": {"say": "하나", "buttons": [{"id": "x", "label": "다음", "to": "b"}]},
           "b": {"say": "둘", "buttons": [{"id": "x", "label": "다음", "to": "c"}]},
           "c": {"say": "셋", "buttons": [{"id": "x", "label": "다음", "to": "@end"}]}"#,
        "",
    );
    let (_, replies) = pressables(&chat.start());
    assert!(replies.is_empty());
    chat.say("다음");
    chat.say("다음");
    let step = chat.say("???");
    assert_eq!(words(&step), ["아래에서 골라 주세요.", "셋"]);
    let (buttons, replies) = pressables(&step);
    assert_eq!(labels(&buttons), ["다음"]);
    assert_eq!(labels(&replies), ["처음으로", "이전으로"]);
    chat.press(&replies[1].value);
    assert_eq!(chat.at(), "b");
}

#[test]
fn case_25_a_picture_where_words_are_due_gets_the_questions_own_text() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    chat.say("교환");
    let step = chat.send("image");
    assert_eq!(
        words(&step),
        ["주문번호 형식이 맞지 않아요. 숫자 8자리, 하이픈, 숫자 순서예요."]
    );
    assert_eq!((chat.at(), missed(&step)), ("ask_order", Some(1)));
    let (_, replies) = pressables(&step);
    assert_eq!(labels(&replies), ["처음으로", "이전으로", "상담원 연결"]);
}

#[test]
fn the_limit_of_a_question_counts_the_times_it_is_asked_again() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    chat.say("교환");
    for _ in 0..3 {
        chat.say("abc");
        assert_eq!(chat.at(), "ask_order");
    }
    chat.say("abc");
    assert_eq!(
        (chat.at(), chat.state.status()),
        ("agent", Status::HandedOff)
    );
}

#[test]
fn case_26_a_hundred_silent_steps_end_with_a_code_and_the_customer_where_they_were() {
    let mut nodes = String::from(
        r#""menu": {"say": "메뉴", "buttons": [{"id": "go", "label": "시작", "set": {"n": "1"}, "to": "n0"},
                                               {"id": "bye", "label": "종료", "to": "@end"}]}"#,
    );
    for n in 0..120 {
        let next = if n == 119 {
            "menu".to_owned()
        } else {
            format!("n{}", n + 1)
        };
        nodes += &format!(
            r#","n{n}": {{"if": [{{"when": "n == 99", "to": "@end"}}, {{"else": "{next}"}}]}}"#
        );
    }
    let more = r#""vars":{"n":{"type":"int"}},"limits":{"steps_say":"다시 골라 주세요."},"#;
    let mut chat = Chat::with(&nodes, more);
    chat.start();
    let step = chat.say("시작");
    assert!(
        step.trace
            .iter()
            .any(|t| matches!(t, Trace::StepLimit { node } if node.as_str() == "n100"))
    );
    assert_eq!(words(&step), ["다시 골라 주세요."]);
    assert_eq!((chat.at(), chat.state.status()), ("menu", Status::Waiting));
    let step = chat.say("종료");
    assert!(crate::chat::ended(&step.status).is_some());
}

#[test]
fn a_repeated_input_does_nothing_twice() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    let input = || happytalk_scenario::Input::Customer {
        id: "same",
        text: Some("교환"),
        token: None,
        media: None,
    };
    chat.give(input());
    let before = chat.state.clone();
    let step = chat.give(input());
    assert_eq!(crate::chat::ignored(&step), Some("duplicate_input"));
    assert!(step.outputs.is_empty() && chat.state == before);
}

#[test]
fn case_27_an_error_that_leads_back_to_the_start_never_goes_round_for_ever() {
    let calls = r#""calls":{"x.y":{"in":{},"retry":1}},"#;
    let ring = r#""a":{"call":"x.y","on":{"ok":"@end","timeout":"a","error":"@home"}}"#;
    let found = happytalk_scenario::check(&document(ring, calls));
    let told = found.iter().find(|found| found.code == "G3").unwrap();
    assert!(told.message.en.contains("a → a"), "{}", told.message.en);

    let stops = r#""menu":{"say":"메뉴","buttons":[{"id":"go","label":"조회","to":"a"},{"id":"x","label":"종료","to":"@end"}]},
        "a":{"call":"x.y","on":{"ok":"@end","timeout":"menu","error":"@home"}}"#;
    let mut chat = Chat::with(stops, calls);
    chat.start();
    for _ in 0..5 {
        let mut step = chat.say("조회");
        for attempt in 1..=2 {
            let (id, _, tried) = call(&step);
            assert_eq!(tried, attempt);
            step = chat.answer(&id, CallOutcome::Error);
        }
        assert!(step.effects.is_empty());
        assert_eq!((words(&step), chat.at()), (vec!["메뉴".to_owned()], "menu"));
    }
}

#[test]
fn case_31_what_is_not_understood_and_what_is_invalid_get_texts_of_their_own() {
    let nodes = r#"
        "menu": {"say": "메뉴", "buttons": [{"id": "a", "label": "수량", "to": "ask"}]},
        "ask": {"ask": {"var": "n", "as": "number", "max": 50, "prompt": "몇 개요?",
                        "retry": {"max": 2, "say": "1에서 50까지 적어 주세요.", "then": "@end"}}, "to": "@end"}"#;
    let more = r#""vars":{"n":{"type":"int"}},"fallback":{"say":"골라 주세요.","repeat":true,"max":2,"then":"@end"},"#;
    let mut chat = Chat::with(nodes, more);
    chat.start();
    assert_eq!(words(&chat.say("99"))[0], "골라 주세요.");
    chat.say("수량");
    assert_eq!(words(&chat.say("99"))[0], "1에서 50까지 적어 주세요.");
}

#[test]
fn case_41_an_interruption_at_the_last_try_spends_none() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    chat.say("교환");
    for count in 1..=3 {
        assert_eq!(missed(&chat.say("abc")), Some(count));
    }
    let step = chat.say("이전으로");
    assert_eq!((missed(&step), chat.at()), (None, "main"));
    assert!(step.effects.is_empty(), "nobody is asked for");
    chat.say("교환");
    assert_eq!(missed(&chat.say("abc")), Some(1));
}

#[test]
fn case_62_the_limit_of_steps_counts_in_both_scenarios() {
    let silent = |from: usize, to: usize, last: &str| {
        let nodes = (from..to).map(|n| {
            let next = if n + 1 == to {
                last.to_owned()
            } else {
                format!("n{}", n + 1)
            };
            format!(r#","n{n}":{{"to":"{next}"}}"#)
        });
        nodes.collect::<String>()
    };
    let inner = format!(
        r#""in":{{"to":"n0"}}{},"out":{{"end":"x"}}"#,
        silent(0, 58, "out")
    );
    let inner = document(&inner, "").replace("\"id\":\"test\"", "\"id\":\"inner\"");
    let inner = std::sync::Arc::new(happytalk_scenario::Compiled::load(&inner).unwrap());
    let outer = format!(
        r#""menu":{{"say":"메뉴","buttons":[{{"id":"go","label":"시작","to":"run"}},{{"id":"x","label":"종료","to":"@end"}}]}},
           "run":{{"sub":{{"scenario":"inner","version":1}},"to":"n0"}}{}"#,
        silent(0, 50, "@end")
    );
    let mut chat = Chat::with(&outer, "");
    chat.flow = happytalk_scenario::Compiled::load(&document(&outer, ""))
        .unwrap()
        .with_subs([inner]);
    chat.state = happytalk_scenario::State::new(&chat.flow);
    chat.start();
    // 1 and 60 inside, and 50 after that.
    let step = chat.say("시작");
    assert!(
        step.trace
            .iter()
            .any(|trace| matches!(trace, Trace::StepLimit { .. })),
        "{:?}",
        step.trace
    );
    assert_eq!((chat.at(), step.status), ("menu", Status::Waiting));
}
