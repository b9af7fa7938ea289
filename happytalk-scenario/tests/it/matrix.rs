//! SCENARIO 2.1: every row of the matrix, and what lies beside it.

use happytalk_scenario::{ButtonId, Trace};

use crate::chat::{Chat, document, stage, words};

const MENU: &str = r#"
    "menu": {"menu": true, "say": "무엇을 도와드릴까요?", "buttons": [
        {"id": "ex", "label": "교환", "to": "exchange"},
        {"id": "re", "label": "반품", "to": "returns"},
        {"id": "home", "label": "처음으로", "to": "first"}]},
    "exchange": {"say": "교환입니다.", "end": "ex"},
    "returns": {"say": "반품입니다.", "end": "re"},
    "first": {"say": "처음입니다.", "end": "home"}"#;

fn menu() -> Chat {
    let mut chat = Chat::of(&document(MENU, r#""commands":[],"#));
    chat.start();
    chat
}

/// What became of an input: the button that was taken, or `confirm`, `ask`, `miss`.
fn taken(text: &str) -> (String, Option<&'static str>) {
    let mut chat = menu();
    let step = chat.say(text);
    let what = step.trace.iter().find_map(|trace| match trace {
        Trace::Matched { choice, .. } => Some(choice.to_string()),
        Trace::Unsure { choice, .. } => Some(format!("confirm {choice}")),
        Trace::Ambiguous { choices, .. } => {
            let choices: Vec<_> = choices.iter().map(ButtonId::as_str).collect();
            Some(format!("ask {}", choices.join(" ")))
        }
        _ => None,
    });
    (what.unwrap_or_else(|| "miss".to_owned()), stage(&step))
}

#[track_caller]
fn row(text: &str, what: &str, by: &str) {
    let (taken, stage) = taken(text);
    assert_eq!((taken.as_str(), stage.unwrap_or("")), (what, by), "{text}");
}

#[test]
fn every_row_of_the_matrix_is_as_its_last_column_says() {
    row("교환", "ex", "normal");
    row("\u{1100}\u{116d}\u{1112}\u{116a}\u{11ab}", "ex", "normal");
    row(" 교환 ", "ex", "normal");
    row("처음 으로", "home", "spacing");
    row("교환이요", "ex", "ending");
    row("교환 해주세요", "ex", "ending");
    row("교환해주세요", "ex", "ending");
    row("교환을 하고 싶어요", "ex", "ending");
    row("ryghks", "ex", "keyboard");
    row("교한", "confirm ex", "");
    row("ㄱㅎ", "ex", "initials");
    row("1", "ex", "index");
    row("１", "ex", "index");
    row("1번", "ex", "index");
    row("첫번째", "ex", "index");
    row("주문한 지 2일 됐어요", "miss", "");
    row("교환 말고 반품", "re", "contained");
    row("교환 안 할래요", "confirm ex", "");
}

#[test]
fn what_is_like_a_row_goes_like_it() {
    let rows = [
        ("반품", "re"),
        ("반품이요~", "re"),
        ("반품 부탁드려요", "re"),
        ("반품할게요!", "re"),
        ("반품 하고 싶습니다", "re"),
        ("반품입니다", "re"),
        ("반품이에요", "re"),
        ("반품은요", "re"),
        ("반품 좀 해주세요", "re"),
        ("반품으로 해주세요", "re"),
        ("qksvna", "re"),
        ("QKSVNA", "re"),
        ("qksvnadldy", "re"),
        ("ㅂㅍ", "re"),
        ("ㅊㅇㅇㄹ", "home"),
        ("2", "re"),
        ("②", "re"),
        ("2번이요", "re"),
        ("2번 할게요", "re"),
        ("두 번째", "re"),
        ("두번째요", "re"),
        ("마지막", "home"),
        ("마지막 거요", "home"),
        ("저 반품하려고 하는데요", "re"),
        ("반품 대신 교환", "ex"),
        ("교환이 아니라 반품이요", "re"),
        ("교환 아니고 반품", "re"),
        ("교환 반품", "ask ex re"),
        ("교환이나 반품", "ask ex re"),
        ("반폼", "confirm re"),
        ("바품", "confirm re"),
        ("처음으루", "confirm home"),
        ("반품 안 해요", "confirm re"),
        ("반품 못 하나요", "confirm re"),
        ("반품은 싫어요", "confirm re"),
        ("반품 취소", "confirm re"),
        ("3일 전에 샀어요", "miss"),
        ("12번", "miss"),
        ("0번", "miss"),
        ("4", "miss"),
        ("안녕하세요", "miss"),
        ("ㅋㅋㅋ", "miss"),
        ("ㄱ", "miss"),
        ("교", "miss"),
        ("hello", "miss"),
        ("🙂", "miss"),
        ("교환🙂", "ex"),
        ("\"교환\"", "ex"),
        ("교\u{200b}환", "ex"),
    ];
    let wrong: Vec<_> = rows
        .into_iter()
        .map(|(text, what)| (text, what, taken(text).0))
        .filter(|(_, what, taken)| what != taken)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn cases_14_and_15_asking_back_spends_no_try() {
    let mut chat = menu();
    let asked = chat.say("교한");
    assert!(words(&asked).concat().contains("혹시 '교환'"));
    let again = chat.say("아니요");
    assert_eq!(chat.at(), "menu");
    assert!(
        !again
            .trace
            .iter()
            .any(|trace| matches!(trace, Trace::Missed { .. })),
        "{again:?}"
    );
    chat.say("교한");
    chat.say("네");
    assert_eq!(chat.at(), "exchange");
}
