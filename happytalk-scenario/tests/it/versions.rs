//! SCENARIO 4.3: a scenario that was edited while a customer was inside.

use happytalk_core::Value;
use happytalk_scenario::{Against, CallOutcome, Compiled, Trace, parse};

use crate::chat::{Chat, call, document, words};

const V1: &str = r#"
    "menu": {"say": "메뉴", "buttons": [{"id": "a", "label": "다음", "to": "ask"}]},
    "ask": {"ask": {"var": "v", "as": "text", "prompt": "이름요."}, "to": "done"},
    "done": {"say": "{{v|default:'고객'}}님", "end": "x"}"#;
const VARS: &str = r#""vars":{"v":{"type":"string"}},"#;

fn edited(nodes: &str, more: &str) -> Compiled {
    let text = document(nodes, more).replace("\"version\":1", "\"version\":2");
    Compiled::load(&text).unwrap()
}

fn how(step: &happytalk_scenario::Step) -> Option<&'static str> {
    step.trace.iter().find_map(|trace| match trace {
        Trace::Upgraded { how } => Some(*how),
        _ => None,
    })
}

#[test]
fn case_69_other_texts_and_targets_show_nothing_again() {
    let mut chat = Chat::with(V1, VARS);
    chat.start();
    let nodes = V1
        .replace("메뉴", "고르세요")
        .replace(r#""to": "ask""#, r#""to": "done""#);
    chat.flow = edited(&nodes, VARS);
    let step = chat.say("다음");
    assert_eq!((how(&step), chat.at()), (Some("same"), "done"));
}

#[test]
fn a_changed_step_is_shown_again_once() {
    let mut chat = Chat::with(V1, VARS);
    chat.start();
    chat.say("다음");
    chat.flow = edited(&V1.replace("\"as\": \"text\"", "\"as\": \"name_kr\""), VARS);
    let step = chat.say("가나다");
    assert_eq!(
        (how(&step), words(&step)),
        (Some("shown_again"), vec!["이름요.".to_owned()])
    );
    assert_eq!(words(&chat.say("가나다")), ["가나다님"]);
}

#[test]
fn a_node_that_is_gone_is_looked_up_or_left_for_the_one_before() {
    let mut chat = Chat::with(V1, VARS);
    chat.start();
    chat.say("다음");
    let before = chat.state.clone();
    let nodes = V1
        .replace("\"ask\": {\"ask\"", "\"name\": {\"ask\"")
        .replace("\"to\": \"ask\"", "\"to\": \"name\"");
    let migrate = format!(r#"{VARS}"migrate":[{{"from":1,"nodes":{{"ask":"name"}}}}],"#);
    chat.flow = edited(&nodes, &migrate);
    let step = chat.say("가나다");
    assert_eq!((how(&step), chat.at()), (Some("renamed"), "name"));

    chat.state = before;
    chat.flow = edited(&nodes, VARS);
    let step = chat.say("가나다");
    assert_eq!((how(&step), chat.at()), (Some("ancestor"), "menu"));
}

#[test]
fn case_75_a_call_under_way_is_answered_in_the_newer_version() {
    let nodes = r#"
        "go": {"ask": {"var": "v", "as": "text", "prompt": "?"}, "to": "call"},
        "call": {"call": "c", "into": "v", "on": {"ok": "done", "timeout": "done", "error": "done"}},
        "done": {"say": "[{{v}}]", "end": "x"}"#;
    let more = r#""vars":{"v":{"type":"string"}},"calls":{"c":{"in":{},"out":"string"}},"#;
    let mut chat = Chat::with(nodes, more);
    chat.start();
    let (id, ..) = call(&chat.say("가"));
    chat.flow = edited(&nodes.replace("[{{v}}]", "({{v}})"), more);
    assert_eq!(
        words(&chat.answer(&id, CallOutcome::Ok("나".into()))),
        ["(나)"]
    );
}

#[test]
fn a_state_of_another_scenario_is_left_alone() {
    let mut chat = Chat::with(V1, VARS);
    chat.start();
    let text = document(V1, VARS).replace("\"id\":\"test\"", "\"id\":\"other\"");
    chat.flow = Compiled::load(&text).unwrap();
    let before = chat.state.clone();
    let step = chat.say("다음");
    assert_eq!(crate::chat::ignored(&step), Some("other_scenario"));
    assert!(chat.state == before);
}

#[test]
fn case_71_a_variable_of_another_type_is_refused_or_takes_its_default() {
    let nodes = r#"
        "menu": {"say": "메뉴", "buttons": [{"id": "a", "label": "다음", "set": {"v": "'셋'"}, "to": "wait"}]},
        "wait": {"say": "기다려요.", "buttons": [{"id": "b", "label": "확인", "to": "done"}]},
        "done": {"say": "{{v}}개", "end": "x"}"#;
    let old_text = document(nodes, r#""vars":{"v":{"type":"string","default":""}},"#);
    let counted = nodes.replace("\"set\": {\"v\": \"'셋'\"}", "\"set\": {\"v\": \"3\"}");
    let new = |more: &str| {
        let vars = r#""vars":{"v":{"type":"int","default":0}},"#;
        document(&counted, &format!("{vars}{more}")).replace("\"version\":1", "\"version\":2")
    };
    let old = parse(&old_text).unwrap();
    let against = Against::nothing().with_previous(&old, &old_text);
    let refused = Compiled::load_against(&new(""), &against).unwrap_err();
    assert!(refused.has("V4"));
    let kept = new(r#""migrate":[{"from":1,"defaults":{"v":7}}],"#);
    let newer = Compiled::load_against(&kept, &against).unwrap();
    let mut chat = Chat::of(&old_text);
    chat.start();
    chat.say("다음");
    assert_eq!(chat.state.slot("v"), Some(&Value::from("셋")));
    chat.flow = newer;
    assert_eq!(words(&chat.say("확인")), ["7개"]);
}

#[test]
fn who_has_to_begin_again_is_told_so_once() {
    let mut chat = Chat::with(V1, VARS);
    chat.start();
    let nodes = r#""other": {"say": "다른 시나리오예요.", "buttons": [{"id": "x", "label": "확인", "to": "@end"}]}"#;
    chat.flow = edited(nodes, VARS);
    let step = chat.say("가나다");
    assert_eq!((how(&step), chat.at()), (Some("restarted"), "other"));
    let explained = "안내가 새로 바뀌어 처음부터 다시 도와드릴게요.";
    assert_eq!(words(&step), [explained, "다른 시나리오예요."]);
    assert_eq!(chat.say("확인").outputs, []);
}
