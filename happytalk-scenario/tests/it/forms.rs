//! SCENARIO 5 C: forms and the profile bot.

use happytalk_core::Value;
use happytalk_scenario::{Compiled, Severity, Status, Trace, check};

use crate::chat::{Chat, document, ended, labels, pressables, words};

const PROFILE: &str = include_str!("../../scenarios/profile-bot.json");

fn form(more: &str) -> Chat {
    let nodes = format!(
        r#""form": {{"form": {{"slots": [
            {{"var": "name", "as": "name_kr", "prompt": "성함요.", "retry": {{"max": 1, "say": "이름이 아니에요."}}}},
            {{"var": "mail", "as": "email", "prompt": "메일요.", "optional": "건너뛰기", "retry": {{"max": 1, "say": "메일이 아니에요."}}}}],
            {more} "on": {{"done": "done", "gave_up": "gave"}}}}}},
        "done": {{"say": "{{{{name}}}}/{{{{mail|default:'없음'}}}}", "end": "done"}}, "gave": {{"end": "gave"}}"#
    );
    let vars = r#""vars":{"name":{"type":"string"},"mail":{"type":"string"}},"#;
    let mut chat = Chat::of(&document(&nodes, vars));
    chat.start();
    chat
}

#[test]
fn the_profile_bot_is_clean_and_plays_its_tests() {
    let faults: Vec<_> = check(PROFILE)
        .into_iter()
        .filter(|found| found.severity != Severity::Info)
        .collect();
    assert_eq!(faults, []);
    assert_eq!(Compiled::load(PROFILE).unwrap().run_tests(), []);
}

#[test]
fn case_34_whoever_is_known_is_asked_nothing() {
    let mut chat = Chat::of(PROFILE);
    chat.env.customer = serde_json::from_str(
        r#"{"profile":{"name":"홍길동","phone":"01012345678","birth":"1990-03-02"}}"#,
    )
    .unwrap();
    let step = chat.start();
    assert!(step.outputs.is_empty());
    assert_eq!(ended(&step.status), Some(("profile_ready", false)));
}

#[test]
fn case_35_whoever_refuses_is_asked_nothing_personal() {
    let mut chat = Chat::of(PROFILE);
    chat.start();
    let step = chat.say("동의하지 않음");
    assert_eq!(ended(&step.status), Some(("profile_refused", false)));
    assert_eq!(chat.state.slot("profile"), None);
}

#[test]
fn a_child_leaves_nothing_behind() {
    let mut chat = Chat::of(PROFILE);
    chat.start();
    for text in ["동의합니다", "김하늘", "01012345678"] {
        chat.say(text);
    }
    let step = chat.say("2015-03-02");
    assert_eq!(ended(&step.status), Some(("under_14", false)));
    let bytes = String::from_utf8(chat.state.to_bytes()).unwrap();
    for trace in ["김하늘", "01012345678", "2015-03-02"] {
        assert!(!bytes.contains(trace), "{bytes}");
    }
}

#[test]
fn case_33_a_known_value_is_asked_for_only_where_it_has_to_be() {
    let nodes = r#""a": {"set": {"name": "'홍길동'"}, "to": "form"},
        "form": {"form": {"slots": [{"var": "name", "as": "name_kr", "prompt": "성함요.", ALWAYS "retry": {"max": 1}}],
            "skip_known": true, "on": {"done": "@end", "gave_up": "@end"}}}"#;
    let vars = r#""vars":{"name":{"type":"string"}},"#;
    let mut skips = Chat::of(&document(&nodes.replace("ALWAYS", ""), vars));
    assert!(matches!(skips.start().status, Status::Ended { .. }));
    let mut asks = Chat::of(&document(
        &nodes.replace("ALWAYS", "\"always\": true,"),
        vars,
    ));
    assert_eq!(words(&asks.start()), ["성함요."]);
}

#[test]
fn case_36_an_optional_question_is_passed_over() {
    let mut chat = form("");
    let step = chat.say("가나다");
    let (_, replies) = pressables(&step);
    assert_eq!(labels(&replies), ["건너뛰기"]);
    let step = chat.press(&replies[0].value.clone());
    assert_eq!(words(&step), ["가나다/없음"]);
    assert_eq!(chat.state.slot("mail"), Some(&Value::Null));
}

#[test]
fn case_37_only_the_wrong_item_is_asked_for_again() {
    let mut chat = form(r#""review": "{{name}}님 맞으신가요?","#);
    chat.say("가나다");
    assert_eq!(words(&chat.say("a@b.co")), ["가나다님 맞으신가요?"]);
    let which = chat.say("아니요");
    let (buttons, _) = pressables(&which);
    assert_eq!(labels(&buttons), ["성함", "이메일"]);
    assert_eq!(words(&chat.press(&buttons[0].value.clone())), ["성함요."]);
    assert_eq!(words(&chat.say("라마바")), ["라마바님 맞으신가요?"]);
    assert_eq!(words(&chat.say("네")), ["라마바/a@b.co"]);
}

#[test]
fn the_limit_of_a_slot_ends_the_form_unless_it_is_optional() {
    let mut chat = form("");
    assert_eq!(words(&chat.say("1"))[0], "이름이 아니에요.");
    let step = chat.say("2");
    assert_eq!(ended(&step.status), Some(("gave", false)));
    let mut chat = form("");
    chat.say("가나다");
    chat.say("x");
    assert_eq!(words(&chat.say("y")), ["가나다/없음"]);
}

#[test]
fn a_resident_number_is_never_an_answer() {
    let mut chat = form("");
    let step = chat.say("900101-1234567");
    assert!(words(&step)[0].contains("주민등록번호"), "{step:?}");
    let text = r#""a": {"ask": {"var": "name", "as": "text", "prompt": "글요."}, "to": "@end"}"#;
    let vars = r#""vars":{"name":{"type":"string"}},"#;
    let mut chat = Chat::of(&document(text, vars));
    chat.start();
    chat.say("제 번호는 9001011234567 이에요");
    assert_eq!((chat.at(), chat.state.slot("name")), ("a", None));
}

#[test]
fn a_form_survives_being_saved_in_the_middle() {
    let mut chat = form(r#""review": "{{name}}님 맞으신가요?","#);
    for text in ["가나다", "a@b.co", "아니요", "이메일", "c@d.co"] {
        chat.state = happytalk_scenario::State::from_bytes(&chat.state.to_bytes()).unwrap();
        chat.say(text);
    }
    let step = chat.say("네");
    assert_eq!(words(&step), ["가나다/c@d.co"]);
    let done = step.trace.iter().any(
        |trace| matches!(trace, Trace::Form { what: "done", fields, .. } if fields.len() == 2),
    );
    assert!(done);
}

#[test]
fn a_question_is_passed_over_however_its_word_is_said() {
    for said in ["건너뛰기", "건너뛰기요", "건너 뛰기!", "건너뛰기 할게요"] {
        let mut chat = form("");
        chat.say("가나다");
        assert_eq!(words(&chat.say(said)), ["가나다/없음"], "{said}");
    }
    // A question that is not optional has no such word.
    let mut chat = form("");
    assert_eq!(words(&chat.say("건너뛰기"))[0], "메일요.");
}

#[test]
fn what_the_host_knows_is_brought_into_its_one_form() {
    let mut chat = Chat::of(PROFILE);
    chat.env.customer = serde_json::from_str(
        r#"{"profile":{"name":"홍길동","phone":"010-1234-5678","birth":"1990-03-02"}}"#,
    )
    .unwrap();
    assert_eq!(ended(&chat.start().status), Some(("profile_ready", false)));

    let nodes = r#""a": {"if": [{"when": "profile.phone == '01012345678'", "to": "b"}, {"else": "c"}]},
        "b": {"end": "same"}, "c": {"end": "other"}"#;
    let vars =
        r#""vars":{"profile":{"type":"object","scope":"customer","fields":{"phone":"phone?"}}},"#;
    let mut other = Chat::with(nodes, vars);
    other.env.customer = chat.env.customer.clone();
    assert_eq!(ended(&other.start().status), Some(("same", false)));
}
