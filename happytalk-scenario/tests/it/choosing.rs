//! SCENARIO 5 A: what a customer's input means.

use happytalk_core::Value;
use happytalk_core::event::Via;
use happytalk_scenario::{ButtonId, Trace};

use crate::chat::{Chat, labels, pressables, stage, words};

const MENU: &str = r#"
    "menu": {"menu": true, "say": "어떻게 도와드릴까요?", "buttons": [
        {"id": "ex", "label": "교환", "to": "exchange"},
        {"id": "re", "label": "반품", "to": "return"},
        {"id": "gift", "label": "선물", "when": "setting.gifts", "to": "gifts"}]},
    "exchange": {"say": "교환이에요.", "buttons": [{"id": "ok", "label": "확인", "to": "deep"}]},
    "deep": {"say": "정말요?", "buttons": [{"id": "ok", "label": "확인", "to": "@end"}]},
    "return": {"say": "반품이에요.", "end": "return"},
    "gifts": {"say": "선물이에요.", "end": "gift"}"#;

fn menu() -> Chat {
    let mut chat = Chat::with(MENU, "");
    chat.start();
    chat
}

#[test]
fn case_1_a_token_decides_whatever_the_text_says() {
    let mut chat = menu();
    let step = chat.press("ex");
    assert_eq!((chat.at(), stage(&step)), ("exchange", Some("token")));

    let mut chat = Chat::with(MENU, "");
    let (buttons, _) = pressables(&chat.start());
    assert_eq!(labels(&buttons), ["교환", "반품"]);
    assert!(buttons[0].value.len() <= 40);
    let step = chat.press(&buttons[1].value);
    assert_eq!((chat.at(), stage(&step)), ("return", Some("token")));
    assert!(step.trace.iter().any(|trace| matches!(
        trace,
        Trace::Entered { node, depth: 2, goal: false, via: Via::Button, .. } if node.as_str() == "return"
    )));
}

#[test]
fn a_token_nobody_knows_leaves_the_words_to_decide() {
    let mut chat = menu();
    let id = "x".to_owned();
    chat.give(happytalk_scenario::Input::Customer {
        id: &id,
        text: Some("반품"),
        token: Some("hforeign_9"),
        media: None,
    });
    assert_eq!(chat.at(), "return");
}

#[test]
fn the_words_that_are_typed_mean_what_they_say() {
    for text in [
        "교환",
        "  교환 \n",
        "교환이요",
        "교환 해주세요",
        "1",
        "①",
        "ryghks",
        "ㄱㅎ",
        "ex",
    ] {
        let mut chat = menu();
        chat.say(text);
        assert_eq!(chat.at(), "exchange", "{text}");
    }
}

#[test]
fn case_11_two_choices_are_both_shown_again() {
    let mut chat = menu();
    let step = chat.say("교환 반품");
    let (buttons, _) = pressables(&step);
    assert_eq!(labels(&buttons), ["교환", "반품"]);
    assert_eq!(chat.at(), "menu");
    assert!(step.trace.iter().any(|trace| matches!(
        trace,
        Trace::Ambiguous { choices, .. } if choices.iter().map(ButtonId::as_str).eq(["ex", "re"])
    )));
    chat.press(&buttons[1].value);
    assert_eq!(chat.at(), "return");
}

#[test]
fn case_14_what_is_not_sure_is_asked_about_and_costs_no_try() {
    let mut chat = menu();
    let step = chat.say("교한");
    assert!(words(&step)[0].contains("교환"));
    chat.say("네");
    assert_eq!(chat.at(), "exchange");

    let mut chat = menu();
    let step = chat.say("교환 안 할래요");
    let (_, replies) = pressables(&step);
    assert_eq!(labels(&replies), ["네", "아니요"]);
    let step = chat.press(&replies[1].value);
    assert_eq!(
        (chat.at(), words(&step)[0].as_str()),
        ("menu", "어떻게 도와드릴까요?")
    );
    assert!(
        !step
            .trace
            .iter()
            .any(|trace| matches!(trace, Trace::Missed { .. }))
    );
}

#[test]
fn asking_back_ends_when_nobody_answers() {
    let mut chat = menu();
    for _ in 0..8 {
        chat.say("교환 안 할래요");
    }
    assert!(crate::chat::ended(&chat.state.status()).is_some());
}

#[test]
fn case_18_a_hidden_button_cannot_be_chosen() {
    let hidden = |step: &happytalk_scenario::Step| {
        step.trace
            .iter()
            .any(|trace| matches!(trace, Trace::Hidden { choice, .. } if choice.as_str() == "gift"))
            && step
                .trace
                .iter()
                .any(|trace| matches!(trace, Trace::Missed { count: 1, .. }))
    };
    let mut chat = menu();
    assert!(hidden(&chat.press("gift")));
    assert!(hidden(&menu().say("선물")));
    assert_eq!(chat.at(), "menu");

    let mut chat = Chat::with(MENU, "");
    let gifts = [("gifts".to_owned(), Value::Bool(true))];
    chat.env.settings = Value::Object(gifts.into_iter().collect());
    chat.start();
    chat.say("선물");
    assert_eq!(chat.at(), "gifts");
}

#[test]
fn case_60_an_old_button_jumps_to_a_menu_and_nowhere_else() {
    let mut chat = Chat::with(MENU, "");
    let (old, _) = pressables(&chat.start());
    chat.say("교환");
    let (ok, _) = pressables(&chat.say("확인"));
    assert_eq!(chat.at(), "deep");
    chat.press(&old[1].value);
    assert_eq!(chat.at(), "return");

    let mut chat = menu();
    let (confirm, _) = pressables(&chat.say("교환"));
    chat.say("확인");
    assert_ne!(ok[0].value, confirm[0].value);
    let step = chat.press(&confirm[0].value);
    assert_eq!((chat.at(), words(&step)[1].as_str()), ("deep", "정말요?"));
    assert!(
        step.trace
            .iter()
            .any(|trace| matches!(trace, Trace::OldButton { .. }))
    );
    assert!(
        !step
            .trace
            .iter()
            .any(|trace| matches!(trace, Trace::Missed { .. }))
    );
}

#[test]
fn home_and_back_are_there_without_being_declared() {
    let mut chat = menu();
    chat.say("교환");
    chat.say("확인");
    let step = chat.say("이전으로");
    assert_eq!(chat.at(), "exchange");
    assert!(
        step.trace
            .iter()
            .any(|t| matches!(t, Trace::Entered { via: Via::Back, .. }))
    );
    let step = chat.say("처음으로");
    assert_eq!(chat.at(), "menu");
    assert!(
        step.trace
            .iter()
            .any(|t| matches!(t, Trace::Entered { via: Via::Home, .. }))
    );
    // Back at the first node is home.
    chat.say("이전으로");
    assert_eq!(chat.at(), "menu");
}

#[test]
fn back_from_a_step_that_does_not_wait_is_where_the_customer_was() {
    let nodes = r#"
        "menu": {"say": "메뉴", "buttons": [{"id": "a", "label": "다음", "to": "next"}]},
        "next": {"say": "다음 메뉴", "buttons": [{"id": "a", "label": "안내", "to": "note"}, {"id": "b", "label": "그만", "to": "@end"}]},
        "note": {"say": "안내예요.", "to": "@back"}"#;
    let mut chat = Chat::with(nodes, "");
    chat.start();
    chat.say("다음");
    assert_eq!(words(&chat.say("안내")), ["안내예요.", "다음 메뉴"]);
    assert_eq!(chat.at(), "next");
    chat.say("이전으로");
    assert_eq!(chat.at(), "menu");
}

/// The matrix of SCENARIO 2.1: what its last column asks for.
#[test]
fn the_matrix_of_korean_typing_holds() {
    let nodes = r#"
        "menu": {"say": "메뉴", "buttons": [{"id": "ex", "label": "교환", "to": "exchange"},
            {"id": "re", "label": "반품", "to": "return"}, {"id": "first", "label": "처음으로", "to": "menu"}]},
        "exchange": {"end": "exchange"}, "return": {"end": "return"}"#;
    let after = |text: &str| {
        let mut chat = Chat::with(nodes, "");
        chat.start();
        let step = chat.say(text);
        let asks = step
            .trace
            .iter()
            .any(|trace| matches!(trace, Trace::Unsure { .. } | Trace::Ambiguous { .. }));
        let missed = step
            .trace
            .iter()
            .any(|trace| matches!(trace, Trace::Missed { .. }));
        match (asks, missed) {
            (true, _) => "ask".to_owned(),
            (_, true) => "miss".to_owned(),
            _ => chat.at().to_owned(),
        }
    };
    let nfd = "\u{1100}\u{116d}\u{1112}\u{116a}\u{11ab}";
    for text in [
        "교환",
        nfd,
        " 교환 ",
        "교환이요",
        "교환 해주세요",
        "교환해주세요",
        "교환을 하고 싶어요",
        "ryghks",
        "ㄱㅎ",
        "1",
        "１",
        "1번",
        "첫번째",
    ] {
        assert_eq!(after(text), "exchange", "{text}");
    }
    assert_eq!(after("처음 으로"), "menu");
    assert_eq!(after("교한"), "ask");
    assert_eq!(after("주문한 지 2일 됐어요"), "miss");
    assert_eq!(after("교환 말고 반품"), "return");
    assert_eq!(after("교환 안 할래요"), "ask");
}

#[test]
fn a_link_has_a_place_in_the_list_and_cannot_be_chosen() {
    let nodes = r#""a": {"say": "고르세요.", "buttons": [
            {"id": "web", "label": "홈페이지", "url": "https://example.com"},
            {"id": "ex", "label": "교환", "to": "b"}, {"id": "re", "label": "반품", "to": "c"}]},
        "b": {"say": "교환", "end": "ex"}, "c": {"say": "반품", "end": "re"}"#;
    let after = |text: &str| {
        let mut chat = Chat::with(nodes, "");
        chat.start();
        chat.say(text);
        chat.at().to_owned()
    };
    assert_eq!([after("1"), after("2"), after("3")], ["a", "b", "c"]);
    assert_eq!([after("마지막"), after("홈페이지")], ["c", "a"]);
    let mut chat = Chat::with(nodes, "");
    chat.start();
    chat.press("web");
    assert_eq!(chat.at(), "a");
}

#[test]
fn a_command_that_opens_a_link_ends_nothing() {
    let more = r#""commands":[{"id":"web","label":"홈페이지","url":"https://example.com"}],"#;
    let mut chat = Chat::with(MENU, more);
    chat.start();
    chat.say("홈페이지");
    assert_eq!(chat.at(), "menu");
    chat.press("web");
    assert_eq!(chat.at(), "menu");
}

#[test]
fn the_place_of_an_answer_is_counted_among_the_answers_that_were_offered() {
    for (answer, at) in [
        ("1", "return"),
        ("2", "menu"),
        ("첫 번째", "return"),
        ("마지막", "menu"),
    ] {
        let mut chat = menu();
        // 혹시 '반품'을 원하시나요? 네, 아니요.
        chat.say("반푼");
        chat.say(answer);
        assert_eq!(chat.at(), at, "{answer}");
    }
}

#[test]
fn of_several_that_were_offered_one_is_chosen_by_its_place_among_them() {
    let nodes = r#""menu": {"say": "고르세요.", "buttons": [{"id": "a", "label": "조회", "to": "a"},
            {"id": "ex", "label": "교환", "to": "exchange"}, {"id": "re", "label": "반품", "to": "return"}]},
        "a": {"end": "a"}, "exchange": {"end": "exchange"}, "return": {"end": "return"}"#;
    let after = |answer: &str| {
        let mut chat = Chat::with(nodes, "");
        chat.start();
        chat.say("교환 반품");
        // Whatever the host does in between.
        chat.state = happytalk_scenario::State::from_bytes(&chat.state.to_packed()).unwrap();
        chat.say(answer);
        chat.at().to_owned()
    };
    assert_eq!(
        [after("1"), after("2번이요"), after("마지막")],
        ["exchange", "return", "return"]
    );
    assert_eq!(
        [after("3"), after("조회"), after("반품")],
        ["return", "a", "return"]
    );
}
