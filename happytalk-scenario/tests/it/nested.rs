//! Scenarios that run one another, texts an agent looks at, and what a channel shows differently.

use std::sync::Arc;

use happytalk_core::ChannelName;
use happytalk_scenario::{
    ApprovalOutcome, Compiled, Effect, Fate, Input, Policy, State, Status, Trace, Versions,
};

use crate::chat::{Chat, document, ended, ignored, labels, pressables, words};

const OUTER: &str = r#"
    "menu": {"menu": true, "say": "바깥", "buttons": [{"id": "in", "label": "들어가기", "to": "run"}, {"id": "out", "label": "끝내기", "to": "@end"}]},
    "run": {"sub": {"scenario": "inner", "version": 3, "with": {"given": "'빨강'"}, "out": {"got": "answer"}}, "to": "after"},
    "after": {"say": "{{got|default:'없음'}}", "buttons": [{"id": "x", "label": "확인", "to": "@end"}]}"#;
const INNER: &str = r#"
    "ask": {"say": "{{given}}", "ask": {"var": "answer", "as": "text", "prompt": "안쪽"}, "to": "end"},
    "end": {"say": "고마워요.", "end": "done"}"#;

fn nested() -> Chat {
    let vars = r#""vars":{"given":{"type":"string","default":""},"answer":{"type":"string"}},"#;
    let commands = r#""commands":[{"id":"home","label":"처음으로","to":"@home"},{"id":"back","label":"이전으로","to":"@back"}],"#;
    let inner = document(INNER, &format!("{vars}{commands}")).replace(
        "\"id\":\"test\",\"version\":1",
        "\"id\":\"inner\",\"version\":3",
    );
    let inner = Arc::new(Compiled::load(&inner).unwrap());
    let outer = document(
        OUTER,
        &format!(r#""vars":{{"got":{{"type":"string"}}}},{commands}"#),
    );
    let mut chat = Chat::of(&outer);
    assert_eq!(chat.flow.needed_subs(), [("inner", 3)]);
    chat.flow = Compiled::load(&outer).unwrap().with_subs([inner]);
    chat.state = State::new(&chat.flow);
    chat.start();
    chat
}

#[test]
fn case_62_a_scenario_inside_gives_back_its_result() {
    let mut chat = nested();
    assert_eq!(words(&chat.say("들어가기")), ["빨강", "안쪽"]);
    chat.state = State::from_bytes(&chat.state.to_bytes()).unwrap();
    assert_eq!(chat.state.scenario().0.as_str(), "test");
    let step = chat.say("하늘");
    assert_eq!(words(&step), ["고마워요.", "하늘"]);
    assert_eq!(chat.at(), "after");
    chat.say("확인");
    assert!(matches!(chat.state.status(), Status::Ended { .. }));
}

#[test]
fn case_59_home_leads_out_of_a_scenario_inside() {
    let mut chat = nested();
    chat.say("들어가기");
    assert_eq!(words(&chat.say("처음으로")), ["바깥"]);
    chat.say("들어가기");
    assert_eq!(words(&chat.say("이전으로")), ["바깥"]);
}

#[test]
fn case_60_a_button_of_the_menu_outside_still_works_inside() {
    let mut chat = nested();
    let again = chat.say("뭐라고요?");
    let (buttons, _) = pressables(&again);
    assert_eq!(labels(&buttons), ["들어가기", "끝내기"]);
    chat.say("들어가기");
    let step = chat.press(&buttons[1].value.clone());
    assert_eq!(ended(&step.status), Some(("end", false)));
}

#[test]
fn a_scenario_that_is_not_linked_is_passed_over_and_told() {
    let outer = document(OUTER, r#""vars":{"got":{"type":"string"}},"#);
    let mut chat = Chat::of(&outer);
    chat.start();
    let step = chat.say("들어가기");
    assert_eq!(words(&step), ["없음"]);
    let told = |trace: &Trace| {
        matches!(
            trace,
            Trace::Sub {
                what: "missing",
                ..
            }
        )
    };
    assert!(step.trace.iter().any(told));
}

#[test]
fn a_text_waits_for_an_agent_who_may_change_it() {
    let nodes = r#"
        "a": {"say": "시작", "buttons": [{"id": "x", "label": "다음", "to": "b"}]},
        "b": {"approve": true, "say": "환불해 드릴게요.", "buttons": [{"id": "y", "label": "좋아요", "to": "@end"}]}"#;
    let asked = |chat: &mut Chat| {
        chat.start();
        let step = chat.say("다음");
        assert!(step.outputs.is_empty());
        assert_eq!(step.status, Status::WaitingApproval);
        match step.effects.as_slice() {
            [Effect::Approve { id, content, .. }] => {
                assert_eq!(content[0].words(), Some("환불해 드릴게요."));
                id.clone()
            }
            other => panic!("{other:?}"),
        }
    };
    let mut chat = Chat::with(nodes, "");
    let id = asked(&mut chat);
    assert_eq!(words(&chat.say("아직이에요?")).len(), 1);
    chat.state = State::from_bytes(&chat.state.to_bytes()).unwrap();
    let outcome = ApprovalOutcome::Changed("반만 환불돼요.".to_owned());
    let step = chat.give(Input::Approval { id: &id, outcome });
    assert_eq!(
        (words(&step), chat.at()),
        (vec!["반만 환불돼요.".to_owned()], "b")
    );
    let outcome = ApprovalOutcome::Approved;
    let twice = chat.give(Input::Approval { id: &id, outcome });
    assert_eq!(ignored(&twice), Some("unknown_result"));

    let mut chat = Chat::with(nodes, "");
    let id = asked(&mut chat);
    let outcome = ApprovalOutcome::Refused;
    let step = chat.give(Input::Approval { id: &id, outcome });
    assert_eq!(step.status, Status::HandedOff);
}

#[test]
fn a_channel_has_its_own_words_and_buttons() {
    let nodes = r#"
        "a": {"say": "고르세요.", "buttons": [{"id": "x", "label": "하나", "to": "@end"}],
              "channels": {"naver_talktalk": {"say": "톡톡에서 고르세요.", "buttons": [{"id": "z", "label": "다른 것", "to": "b"}]}}},
        "b": {"end": "naver"}"#;
    let mut chat = Chat::with(nodes, "");
    assert_eq!(words(&chat.start()), ["고르세요."]);
    let mut chat = Chat::with(nodes, "");
    chat.env.channel = ChannelName::NAVER_TALKTALK;
    assert_eq!(words(&chat.start()), ["톡톡에서 고르세요."]);
    let step = chat.say("다른 것");
    assert_eq!(ended(&step.status), Some(("naver", false)));
}

#[test]
fn case_76_the_diff_says_what_customers_will_see() {
    let old = r#"
        "a": {"say": "가", "buttons": [{"id": "x", "label": "하나", "to": "b"}]},
        "b": {"say": "나", "buttons": [{"id": "x", "label": "둘", "to": "c"}]},
        "c": {"say": "다", "buttons": [{"id": "x", "label": "셋", "to": "d"}]},
        "d": {"say": "라", "buttons": [{"id": "x", "label": "넷", "to": "@end"}]}"#;
    let new = r#"
        "a": {"say": "가가", "buttons": [{"id": "x", "label": "하나", "to": "b"}]},
        "b": {"say": "나", "buttons": [{"id": "x", "label": "둘", "to": "see"}, {"id": "y", "label": "끝내기", "to": "@end"}]},
        "see": {"say": "다", "buttons": [{"id": "x", "label": "셋", "to": "@end"}]}"#;
    let newer = document(new, r#""migrate":[{"from":1,"nodes":{"c":"see"}}],"#)
        .replace("\"version\":1", "\"version\":2");
    let (older, newer) = (
        Compiled::load(&document(old, "")).unwrap(),
        Compiled::load(&newer).unwrap(),
    );
    // The sessions of the diff, and what really happens to each when it goes on.
    let mut sessions = Vec::new();
    for presses in 0..4 {
        let mut chat = Chat::of(&document(old, ""));
        chat.start();
        for label in ["하나", "둘", "셋"].iter().take(presses) {
            chat.say(label);
        }
        sessions.push(chat.state.clone());
    }
    let diff = older.diff(&newer, &sessions);
    let fates: Vec<_> = diff
        .nodes
        .iter()
        .map(|node| (node.node.as_str(), node.fate.clone(), node.waiting))
        .collect();
    assert!(matches!(&fates[0], ("a", Fate::Unchanged, 1)), "{fates:?}");
    assert!(matches!(&fates[1], ("b", Fate::Reshown, 1)), "{fates:?}");
    assert!(
        matches!(&fates[2], ("c", Fate::Moved { .. }, 1)),
        "{fates:?}"
    );
    assert!(matches!(&fates[3], ("d", Fate::Lost, 1)), "{fates:?}");
    assert_eq!((diff.see_again, diff.sessions), (3, 4));
    for (state, node) in sessions.into_iter().zip(&diff.nodes) {
        let mut chat = Chat::of(&document(old, ""));
        chat.flow = Compiled::load(&newer_text(new)).unwrap();
        chat.state = state;
        let step = chat.press("x");
        let silent = step
            .trace
            .iter()
            .any(|trace| matches!(trace, Trace::Upgraded { how: "same" }));
        assert_eq!(
            silent,
            matches!(node.fate, Fate::Unchanged),
            "{}",
            node.node
        );
    }
}

fn newer_text(nodes: &str) -> String {
    document(nodes, r#""migrate":[{"from":1,"nodes":{"c":"see"}}],"#)
        .replace("\"version\":1", "\"version\":2")
}

#[test]
fn customers_follow_stay_or_begin_again_as_the_host_decides() {
    let of = |version: u32| {
        let nodes =
            r#""a": {"say": "가", "buttons": [{"id": "x", "label": "하나", "to": "@end"}]}"#;
        let text = document(nodes, "").replace("\"version\":1", &format!("\"version\":{version}"));
        Arc::new(Compiled::load(&text).unwrap())
    };
    let started = |flow: &Compiled| {
        let mut chat = Chat::with(r#""a": {"end": "x"}"#, "");
        chat.state = State::new(flow);
        happytalk_scenario::step(flow, &mut chat.state, Input::Start, &chat.env);
        chat.state
    };
    for (policy, version, at) in [
        (Policy::Follow, 2, Some("a")),
        (Policy::Pin, 1, Some("a")),
        (Policy::Restart, 2, None),
    ] {
        let first = of(1);
        let mut state = started(&first);
        let mut versions = Versions::new(first, policy);
        versions.release(of(2));
        assert_eq!(versions.for_session(&mut state).version(), version);
        assert_eq!(state.at().map(|node| node.as_str()), at);
        assert_eq!(
            versions.forget_unused([&state]),
            usize::from(policy != Policy::Restart)
        );
    }
}
