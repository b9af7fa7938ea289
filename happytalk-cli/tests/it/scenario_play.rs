//! `scenario play`: a talk over standard input and output.

use crate::fixture::is_golden;
use crate::prompt::{Ended, happytalk, happytalk_on};

const FLOW: &str = "talk/delivery.json";

/// Plays the delivery flow with these options and what the customer types.
fn play(options: &str, typed: &str) -> Ended {
    happytalk_on(&format!("scenario play {FLOW} {options}"), typed)
}

#[test]
fn a_talk_goes_by_words_to_its_goal_and_can_be_read_afterwards() {
    let out = play("", "택배 어디예요\n12\n20260115\n").fine();
    is_golden("talk/delivery.goal.txt", &out);
}

#[test]
fn a_button_is_pressed_by_its_number_its_label_or_its_place() {
    for typed in ["1", "배송 조회", "#1"] {
        let out = play("", &format!("{typed}\n")).fine();
        assert!(out.ends_with("= left at `ask_order`\n"), "{typed}: {out}");
    }
}

#[test]
fn calls_answer_as_they_are_told_in_turn() {
    let calls = r#"--calls {"order.lookup":["not_found","timeout"]}"#;
    let out = play(calls, "배송\n20260115\n20260116\n").fine();
    is_golden("talk/delivery.calls.txt", &out);
}

#[test]
fn how_a_call_answers_is_asked_for_where_nobody_said() {
    let play = "scenario play talk/without_tests.json";
    let typed = "배송\n20260115\n글쎄요\n{\"ok\":{\"status\":\"오늘 도착\"}}\n";
    let out = happytalk_on(play, typed).fine();
    is_golden("talk/delivery.asked.txt", &out);
    let out = happytalk_on(play, "배송\n20260115\n").fine();
    assert!(out.ends_with("= left at `lookup`\n"), "{out}");
}

#[test]
fn a_hand_off_goes_as_it_is_told() {
    for (word, last) in [
        ("accepted", "= ended `end`\n"),
        ("unavailable", "= ended `after_hours`\n"),
        ("closed", "= ended `after_hours`\n"),
    ] {
        let out = play(&format!("--handoff {word}"), "상담원 연결\n").fine();
        assert!(out.contains("* hand-off to cs by "), "{word}: {out}");
        assert!(out.ends_with(last), "{word}: {out}");
    }
}

#[test]
fn the_time_is_told_or_that_of_the_first_test() {
    let first_line = |options: &str| play(options, "").fine().lines().next().unwrap().to_owned();
    assert_eq!(
        first_line(""),
        "delivery 3 · 2026-01-12T01:00:00.000Z · test '배송 조회'"
    );
    for now in ["2026-03-01T00:00:00+09:00", "1772290800000"] {
        let line = first_line(&format!("--now {now}"));
        assert!(
            line.starts_with("delivery 3 · 2026-02-28T15:00:00.000Z"),
            "{line}"
        );
    }
}

#[test]
fn the_end_of_the_input_ends_the_talk_where_it_is() {
    let out = play("", "").fine();
    assert!(out.ends_with("= left at `main`\n"), "{out}");
    let out = play("", "\n \n\r\n").fine();
    assert!(out.ends_with("= left at `main`\n"), "{out}");
}

#[test]
fn what_nobody_understands_is_counted_and_then_somebody_else_has_to() {
    let out = play("", "아브라카다브라\n아브라카다브라\n아브라카다브라\n").fine();
    assert!(out.contains("~ not understood, 1\n"), "{out}");
    assert!(out.contains("* hand-off to cs by fallback\n"), "{out}");
}

#[test]
fn the_flow_that_ships_comes_to_its_goal_by_the_words_of_its_own_test() {
    let path = "../../../happytalk-scenario/scenarios/exchange-return.json";
    let document = crate::fixture::text(path);
    let document: serde_json::Value = serde_json::from_str(&document).unwrap();
    let turns = document["tests"][0]["turns"].as_array().unwrap();
    let typed: Vec<_> = turns.iter().map(|turn| turn[0].as_str().unwrap()).collect();
    let out = happytalk_on(&format!("scenario play {path}"), typed.join("\n")).fine();
    assert!(out.contains(", goal reached\n"), "{out}");
}

#[test]
fn a_document_with_an_error_is_not_played_and_exits_with_1() {
    let out = happytalk_on("scenario play talk/dangling.json", "1\n").found();
    assert!(out.contains("error R2"), "{out}");
    assert!(!out.contains("무엇을 도와드릴까요?"), "{out}");
}

#[test]
fn what_is_typed_is_no_document() {
    happytalk("scenario play -")
        .says("happytalk: the document has to be a file: what is typed comes from standard input");
}

#[test]
fn options_that_are_not_right_say_so() {
    for (options, name) in [
        ("--now yesterday", "--now"),
        ("--calls {", "--calls"),
        ("--calls {\"order.lookup\":7}", "--calls"),
        ("--hours never", "--hours"),
        ("--handoff perhaps", "--handoff"),
    ] {
        let refused = play(options, "");
        let line = refused.refused();
        assert!(
            line.starts_with("happytalk: bad ") && line.contains(name),
            "{line}"
        );
        assert_eq!(refused.out, "");
    }
}

#[test]
fn a_typed_line_that_is_no_text_or_without_end_says_where() {
    let bytes = b"\xEB\xB0\xB0\xEC\x86\xA1\n1\xFF\n";
    let refused = happytalk_on(&format!("scenario play {FLOW}"), bytes);
    assert_eq!(refused.refused(), "stdin:2:2: line is not UTF-8");
    assert!(refused.out.contains("> 배송\n"), "{refused:?}");
    let refused = play("", &"가".repeat(30_000));
    assert_eq!(
        refused.refused(),
        "stdin:1:1: line is too long. bytes_max=`65536`"
    );
}

#[test]
fn a_link_has_its_number_and_is_not_pressed() {
    let out = happytalk_on("scenario play talk/links.json", "#1\n3\n").fine();
    assert!(
        out.contains("    1. 홈페이지 → https://example.com\n    2. 교환\n    3. 반품\n"),
        "{out}"
    );
    assert!(
        out.ends_with("[return] 반품이에요.\n= ended `return`\n"),
        "{out}"
    );
}

#[test]
fn a_talk_is_on_the_channel_that_is_told() {
    let out = happytalk_on("scenario play talk/links.json --channel kakao_consult", "").fine();
    assert!(out.contains("[menu] 카카오에서 오셨네요."), "{out}");
    let out = happytalk_on("scenario play talk/links.json", "").fine();
    assert!(out.contains("[menu] 무엇을 도와드릴까요?"), "{out}");
    let bad = happytalk_on("scenario play talk/links.json --channel=", "");
    assert!(bad.refused().contains("--channel"), "{}", bad.refused());
}

#[test]
fn numbers_begin_anew_with_each_message() {
    let bot = "../../../happytalk-scenario/scenarios/profile-bot.json";
    let out = happytalk_on(&format!("scenario play {bot}"), "2\n").fine();
    assert!(out.contains("    1. 개인정보 처리방침 → "), "{out}");
    assert!(
        out.contains("    1. 동의합니다\n    2. 동의하지 않음\n"),
        "{out}"
    );
    assert!(out.ends_with("= ended `profile_refused`\n"), "{out}");
    let out = happytalk_on(&format!("scenario play {bot}"), "#1\n").fine();
    assert!(out.ends_with("= left at `form`\n"), "{out}");
}
