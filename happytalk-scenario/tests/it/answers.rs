//! SCENARIO 5 C and D: questions, conditions and variables.

use happytalk_core::Value;
use happytalk_scenario::{Effect, Trace};

use crate::chat::{Chat, FLOW_A, call, words};

fn ask(ask: &str, var: &str) -> Chat {
    let nodes = format!(
        r#""q": {{"ask": {{"var": "v", "prompt": "답해 주세요.", {ask}}}, "to": "said"}},
           "said": {{"say": "[{{{{v}}}}]", "end": "done"}},
           "gone": {{"say": "그만둘게요.", "end": "gone"}}"#
    );
    let mut chat = Chat::with(&nodes, &format!(r#""vars":{{"v":{{"type":"{var}"}}}},"#));
    chat.start();
    chat
}

const RETRY: &str = r#""retry": {"max": 1, "say": "다시요.", "then": "gone"}"#;

#[test]
fn cases_29_and_30_an_answer_is_stored_in_its_one_form() {
    let mut chat = ask(&format!(r#""as": "name_kr", {RETRY}"#), "string");
    assert_eq!(words(&chat.say("c")), ["다시요."]);
    assert_eq!(words(&chat.say("가나다")), ["[가나다]"]);

    let mut chat = ask(&format!(r#""as": "phone_kr", {RETRY}"#), "phone");
    assert_eq!(words(&chat.say("02-123-4567")), ["다시요."]);
    assert_eq!(
        words(&chat.say("０１０－１２３４－５６７８")),
        ["[01012345678]"]
    );
}

#[test]
fn case_32_the_default_is_stored_when_nobody_answers_well() {
    let retry =
        r#""as": "number", "min": 1, "retry": {"max": 2, "say": "숫자로요.", "default": 7}"#;
    let mut chat = ask(retry, "int");
    chat.say("많이");
    chat.say("0");
    assert_eq!(words(&chat.say("아주 많이")), ["[7]"]);
}

#[test]
fn case_39_a_pattern_that_looks_catastrophic_takes_linear_time() {
    let chat_of = || {
        ask(
            &format!(r#""as": "pattern", "pattern": "(a+)+b", {RETRY}"#),
            "string",
        )
    };
    assert_eq!(words(&chat_of().say(&"a".repeat(9_000))), ["다시요."]);
    assert_eq!(words(&chat_of().say(&"a".repeat(100_000))), ["다시요."]);
    assert_eq!(words(&chat_of().say("aaab")), ["[aaab]"]);
    assert_eq!(words(&chat_of().say("aaabc")), ["다시요."]);
}

#[test]
fn a_command_interrupts_a_question_only_where_it_may() {
    let mut open = ask(&format!(r#""as": "text", {RETRY}"#), "string");
    open.say("처음으로");
    assert_eq!(open.at(), "q");
    // A sentence that holds the words of a command is an answer.
    assert_eq!(
        words(&open.say("처음으로 산 물건이에요")),
        ["[처음으로 산 물건이에요]"]
    );

    let mut closed = ask(
        &format!(r#""as": "text", "interrupt": "none", {RETRY}"#),
        "string",
    );
    assert_eq!(words(&closed.say("처음으로")), ["[처음으로]"]);
}

#[test]
fn case_42_a_question_may_have_buttons() {
    let nodes = r#"
        "q": {"ask": {"var": "v", "as": "number", "prompt": "몇 개요?"},
              "buttons": [{"id": "one", "label": "하나만", "value": "1"},
                          {"id": "no", "label": "그만", "to": "@end"}], "to": "said"},
        "said": {"say": "{{v}}개", "end": "done"}"#;
    let chat = || {
        let mut chat = Chat::with(nodes, r#""vars":{"v":{"type":"int"}},"#);
        chat.start();
        chat
    };
    assert_eq!(words(&chat().say("12")), ["12개"]);
    assert_eq!(words(&chat().say("하나만요")), ["1개"]);
    assert_eq!(words(&chat().press("one")), ["1개"]);
    let mut left = chat();
    left.say("그만");
    assert!(crate::chat::ended(&left.state.status()).is_some());
}

#[test]
fn case_45_the_first_condition_that_holds_is_taken() {
    let mut chat = Chat::with(
        r#""a": {"set": {"n": "5"}, "if": [{"when": "n > 1", "to": "first"}, {"when": "n > 2", "to": "second"}, {"else": "second"}], "say": "."},
           "first": {"say": "하나", "end": "one"}, "second": {"say": "둘", "end": "two"}"#,
        r#""vars":{"n":{"type":"int"}},"#,
    );
    let step = chat.start();
    assert_eq!(words(&step), [".", "하나"]);
}

#[test]
fn what_a_node_does_follows_what_it_says() {
    let mut chat = Chat::with(
        r#""a": {"say": "{{n|default:'없음'}}", "set": {"n": "41 + 1"}, "emit": "counted", "with": {"n": "n"},
                 "tag": "교환", "category": {"main": "주문", "sub": "교환"}, "offer": {"id": "o-1", "amount_won": 9900}, "to": "b"},
           "b": {"say": "{{n}}", "clear": ["n"], "to": "c"},
           "c": {"say": "{{n|default:'비움'}}", "end": "x"}"#,
        r#""vars":{"n":{"type":"int"}},"#,
    );
    let step = chat.start();
    assert_eq!(words(&step), ["없음", "42", "비움"]);
    let [
        Effect::Emit { name, with },
        Effect::Tag { tag },
        Effect::Category { main, sub },
        Effect::Offer { amount_won, .. },
    ] = step.effects.as_slice()
    else {
        panic!("{:?}", step.effects)
    };
    assert_eq!(
        (name.as_str(), with.get("n")),
        ("counted", Some(&Value::Int(42)))
    );
    assert_eq!(
        (tag.as_str(), main.as_str(), sub.as_deref(), *amount_won),
        ("교환", "주문", Some("교환"), 9_900)
    );
    // A node that speaks and goes on is no stop on the customer's way.
    let entered: Vec<_> = step
        .trace
        .iter()
        .filter(|t| matches!(t, Trace::Entered { .. }))
        .collect();
    assert_eq!(entered.len(), 1);
}

#[test]
fn the_texts_of_the_shipped_scenario_read_well() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    chat.say("교환");
    chat.say("20260101-00001");
    let asked = chat.say("010-1234-5678");
    assert_eq!(words(&asked), ["주문을 조회하고 있어요…"]);
    let order = |status: &str| {
        let member = |name: &str, value: Value| (name.to_owned(), value);
        Value::Object(
            [
                member("item", "면 티셔츠".into()),
                member("status", status.into()),
                member("delivered_on", "2026-01-10".into()),
                member("fee", 6_000.into()),
            ]
            .into_iter()
            .collect(),
        )
    };
    let (id, ..) = call(&asked);
    let mut other = chat.fork(FLOW_A);
    let step = chat.answer(&id, happytalk_scenario::CallOutcome::Ok(order("shipping")));
    assert_eq!(
        words(&step),
        ["면 티셔츠는 아직 배송 중이에요. 받으신 뒤 신청해 주세요."]
    );
    let step = other.answer(&id, happytalk_scenario::CallOutcome::Ok(order("delivered")));
    assert_eq!(words(&step), ["면 티셔츠의 교환 사유를 골라 주세요."]);
    let step = other.say("단순변심");
    assert_eq!(words(&step), ["배송비 6,000원이 발생해요. 접수할까요?"]);
}

#[test]
fn what_is_known_of_the_customer_fills_only_the_variables_that_ask_for_it() {
    let nodes = r#"
        "a": {"say": "{{profile.name|default:'손님'}} {{name|default:'모름'}}", "clear": ["profile"], "to": "b"},
        "b": {"say": "{{profile.name|default:'손님'}}", "end": "x"}"#;
    let vars = r#""vars":{"profile":{"type":"object","scope":"customer","fields":{"name":"string?"}},"name":{"type":"string"}},"#;
    let mut chat = Chat::with(nodes, vars);
    let name = |name: &str| Value::Object([("name".to_owned(), name.into())].into_iter().collect());
    let known = [
        ("profile".to_owned(), name("콩")),
        ("name".to_owned(), "팥".into()),
    ];
    chat.env.customer = Value::Object(known.into_iter().collect());
    assert_eq!(words(&chat.start()), ["콩 모름", "손님"]);
}

#[test]
fn a_picture_with_words_beside_it_is_no_answer_in_words() {
    let mut chat = ask(&format!(r#""as": "text", {RETRY}"#), "string");
    let step = chat.give(happytalk_scenario::Input::Customer {
        id: "m",
        text: Some("이거요"),
        token: None,
        media: Some("image"),
    });
    assert_eq!(words(&step), ["다시요."]);
    let mut chat = ask(&format!(r#""as": "image", {RETRY}"#), "string");
    assert_eq!(words(&chat.send("image")), ["[m-1]"]);
}

#[test]
fn values_too_large_to_save_are_not_stored() {
    let nodes = r#"
        "q": {"ask": {"var": "a", "as": "text", "prompt": "?"}, "to": "more"},
        "more": {"set": {"b": "a", "c": "a", "d": "a", "e": "a", "f": "a", "g": "a", "h": "a"}, "to": "q"}"#;
    let names = ["a", "b", "c", "d", "e", "f", "g", "h"];
    let vars: Vec<String> = names
        .iter()
        .map(|name| format!(r#""{name}":{{"type":"string"}}"#))
        .collect();
    let mut chat = Chat::with(nodes, &format!(r#""vars":{{{}}},"#, vars.join(",")));
    chat.start();
    let step = chat.say(&"가".repeat(10_000));
    assert!(
        step.trace
            .iter()
            .any(|trace| matches!(trace, Trace::TooLarge { .. }))
    );
    let bytes = chat.state.to_bytes();
    assert!(happytalk_scenario::State::from_bytes(&bytes).is_ok());
}

#[test]
fn case_49_sums_of_money_are_exact() {
    let nodes = r#"
        "ask": {"ask": {"var": "price", "as": "money", "prompt": "얼마요?", "retry": {"max": 1, "say": "금액을 적어 주세요.", "then": "@end"}}, "to": "sum"},
        "sum": {"set": {"total": "price + fee + fee"}, "to": "tell"},
        "tell": {"if": [{"when": "has(total)", "to": "said"}, {"else": "much"}]},
        "said": {"say": "{{total|won}}", "end": "x"},
        "much": {"say": "너무 커요.", "end": "y"}"#;
    let more = r#""vars":{"price":{"type":"money"},"fee":{"type":"money","default":3000},"total":{"type":"money?"}},"#;
    for (typed, said) in [
        ("12,345원", "18,345원"),
        ("3만 5천원", "41,000원"),
        ("9007199254740993", "9,007,199,254,746,993원"),
        ("9223372036854775807", "너무 커요."),
    ] {
        let mut chat = Chat::with(nodes, more);
        chat.start();
        assert_eq!(words(&chat.say(typed)), [said], "{typed}");
    }
    // A part of a won is no amount, in an answer as in an expression.
    let mut chat = Chat::with(nodes, more);
    chat.start();
    assert_eq!(words(&chat.say("0.1"))[0], "금액을 적어 주세요.");
    let parts = nodes.replace("price + fee + fee", "price + 0.1 + 0.2");
    let found = happytalk_scenario::check(&crate::chat::document(&parts, more));
    assert!(found.iter().any(|found| found.code == "D3"), "{found:?}");
}

#[test]
fn a_child_gives_no_birthday_to_a_single_question_either() {
    let born = |text: &str| {
        let mut chat = ask(&format!(r#""as": "birth_kr", {RETRY}"#), "date");
        let step = chat.say(text);
        (words(&step).pop().unwrap(), chat.state.slot("v").is_some())
    };
    assert_eq!(born("2012-01-12"), ("[2012-01-12]".to_owned(), true));
    assert_eq!(born("2012-01-13"), ("그만둘게요.".to_owned(), false));
}

#[test]
fn an_answer_is_read_without_the_polite_words_around_it() {
    let said = |slot: &str, var: &str, text: &str| {
        let mut chat = ask(&format!(r#""as": "{slot}", {RETRY}"#), var);
        words(&chat.say(text)).swap_remove(0)
    };
    assert_eq!(
        said("phone_kr", "phone", "010-1234-5678이에요"),
        "[01012345678]"
    );
    assert_eq!(said("phone_kr", "phone", "010–1234–5678"), "[01012345678]");
    assert_eq!(
        said("phone_kr", "phone", "+82 010 1234 5678"),
        "[01012345678]"
    );
    assert_eq!(said("number", "int", "세 개요"), "[3]");
    assert_eq!(said("money", "int", "3만원이요"), "[30000]");
    assert_eq!(said("date", "date", "1월 5일이요"), "[2026-01-05]");
    assert_eq!(said("birth_kr", "date", "90.03.02"), "[1990-03-02]");
    assert_eq!(said("time", "string", "오후 두 시 반이요"), "[14:30]");
    assert_eq!(said("name_kr", "string", "홍길동입니다"), "[홍길동]");
    assert_eq!(said("yesno", "bool", "네 맞습니다"), "[예]");
    assert_eq!(said("yesno", "bool", "동의하지 않습니다"), "[아니요]");
}
