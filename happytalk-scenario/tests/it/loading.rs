//! SCENARIO 5 J: what is refused before a customer meets it, with its code and its place.

use happytalk_scenario::{Compiled, Diagnostic, NODES_MAX, Severity, check, parse};

use crate::chat::{FLOW_A, document};

fn codes(found: &[Diagnostic]) -> Vec<(&str, &str)> {
    found
        .iter()
        .map(|found| (found.code, found.pointer.as_str()))
        .collect()
}

/// What refuses a scenario, without warnings and hints.
fn errors(found: &[Diagnostic]) -> Vec<(&str, &str)> {
    let errors = found
        .iter()
        .filter(|found| found.severity == Severity::Error);
    errors
        .map(|found| (found.code, found.pointer.as_str()))
        .collect()
}

/// What a person has to look at, without hints.
fn faults(found: &[Diagnostic]) -> Vec<(&str, &str)> {
    let faults = found
        .iter()
        .filter(|found| found.severity != Severity::Info);
    faults
        .map(|found| (found.code, found.pointer.as_str()))
        .collect()
}

/// The scenario with one piece of its text changed.
#[track_caller]
fn broken(from: &str, to: &str) -> Vec<Diagnostic> {
    assert!(FLOW_A.contains(from), "nothing to change: {from}");
    check(&FLOW_A.replacen(from, to, 1))
}

#[track_caller]
fn refused(from: &str, to: &str, code: &str, pointer: &str) {
    let found = broken(from, to);
    let hit = found
        .iter()
        .find(|found| found.code == code && found.pointer == pointer);
    let Some(hit) = hit else {
        panic!("{code} at {pointer} was expected: {:?}", codes(&found))
    };
    assert_eq!(hit.severity, Severity::Error);
    assert!(!hit.message.ko.is_empty() && !hit.message.en.is_empty() && !hit.hint.is_empty());
    assert!(Compiled::load(&FLOW_A.replacen(from, to, 1)).is_err());
}

#[track_caller]
fn nodes_refused(nodes: &str, more: &str, code: &str, pointer: &str) {
    let found = check(&document(nodes, more));
    assert!(
        codes(&found).contains(&(code, pointer)),
        "{code} at {pointer} was expected: {found:#?}"
    );
}

#[test]
fn the_shipped_scenario_is_clean_and_its_test_runs() {
    assert_eq!(faults(&check(FLOW_A)), []);
    let flow = Compiled::load(FLOW_A).unwrap();
    assert_eq!((flow.id().as_str(), flow.version()), ("exchange-return", 3));
    assert_eq!(flow.run_tests(), []);
    assert_eq!(flow.document().nodes_count(), 19);
}

#[test]
fn s1_a_syntax_error_has_its_line_and_column() {
    let found = check("{\n  \"format\": 1,\n  oops\n}");
    assert_eq!(codes(&found), [("S1", "")]);
    assert!(
        found[0].message.en.contains("line 3 column 3"),
        "{:?}",
        found[0]
    );
    assert!(found[0].message.ko.contains("3번째 줄 3번째 칸"));
    let empty = check("");
    assert_eq!(codes(&empty), [("S1", "")]);
    assert!(
        empty[0].message.en.contains("line 1 column 1"),
        "{:?}",
        empty[0]
    );
    assert_eq!(codes(&check(&"[".repeat(100_000))), [("S1", "")]);
}

#[test]
fn s2_an_unknown_format_is_not_guessed_at() {
    refused("\"format\": 1", "\"format\": 2", "S2", "/format");
    refused("\"format\": 1,", "", "S2", "/format");
}

#[test]
fn s3_an_unknown_field_is_guessed() {
    refused(
        "\"interrupt\"",
        "\"interupt\"",
        "S3",
        "/nodes/ask_order/ask/interupt",
    );
    let found = broken("\"interrupt\"", "\"interupt\"");
    assert_eq!(found[0].hint, "did you mean 'interrupt'?");
    refused("\"locale\"", "\"local\"", "S3", "/local");
    refused(
        "\"max\": 3",
        "\"max\": \"3\"",
        "S3",
        "/nodes/ask_order/ask/retry/max",
    );
}

#[test]
fn comments_may_stand_anywhere() {
    let text = FLOW_A
        .replace(
            "\"menu\": true,",
            "\"menu\": true, \"_why\": {\"x\": [1.5]},",
        )
        .replace("\"max\": 2,", "\"max\": 2, \"_max\": 9,");
    assert_eq!(faults(&check(&text)), []);
}

#[test]
fn s4_and_s5_and_s6_are_found_at_once() {
    let text = FLOW_A
        .replace("\"goal\": true,", "\"goal\": true, \"goal\": true,")
        .replace("\"sys_down\": {", "\"Sys-Down\": {");
    let found = check(&text);
    let codes = codes(&found);
    assert!(codes.contains(&("S4", "/nodes/done/goal")), "{codes:?}");
    assert!(codes.contains(&("S5", "/nodes/Sys-Down")), "{codes:?}");
    assert!(
        codes.contains(&("R2", "/nodes/lookup/on/timeout")),
        "{codes:?}"
    );
    let long = "가".repeat(10_001);
    refused("이미 접수된 주문이에요.", &long, "S6", "/nodes/dup/say");
    let deep = format!("\"{}has(phone)\"", "!".repeat(70));
    refused("\"has(phone)\"", &deep, "S6", "/nodes/ask_phone/if/0/when");
    assert!(parse(&text).is_err());
    assert!(parse(FLOW_A).is_ok());
}

#[test]
fn case_83_ten_thousand_nodes_load_and_one_more_does_not() {
    let flow = |count: usize| {
        let nodes: Vec<String> = (0..count)
            .map(|n| match n + 1 == count {
                true => format!(r#""n{n}":{{"end":"x"}}"#),
                false => format!(
                    r#""n{n}":{{"say":"{n}","buttons":[{{"id":"a","label":"다음","to":"n{}"}}]}}"#,
                    n + 1
                ),
            })
            .collect();
        document(&nodes.join(","), "")
    };
    assert_eq!(errors(&check(&flow(NODES_MAX))), []);
    let found = check(&flow(NODES_MAX + 1));
    assert!(
        codes(&found).contains(&("S6", "/nodes")),
        "{:?}",
        found.first()
    );
}

#[test]
fn case_80_a_target_that_is_not_there_is_refused_wherever_it_stands() {
    refused("\"start\": \"main\"", "\"start\": \"mian\"", "R1", "/start");
    assert_eq!(
        broken("\"start\": \"main\"", "\"start\": \"mian\"")[0].hint,
        "did you mean 'main'?"
    );
    refused(
        "\"to\": \"ask_order\", \"set\"",
        "\"to\": \"gone\", \"set\"",
        "R2",
        "/nodes/main/buttons/0/to",
    );
    refused(
        "\"to\": \"lookup\" }, {",
        "\"to\": \"gone\" }, {",
        "R2",
        "/nodes/ask_phone/if/0/to",
    );
    refused(
        "\"else\": \"ask_phone2\"",
        "\"else\": \"gone\"",
        "R2",
        "/nodes/ask_phone/if/1/else",
    );
    refused(
        "\"ok\": \"check\"",
        "\"ok\": \"gone\"",
        "R2",
        "/nodes/lookup/on/ok",
    );
    refused(
        "\"closed\": \"after\"",
        "\"closed\": \"gone\"",
        "R2",
        "/nodes/agent/handoff/on/closed",
    );
    refused(
        "\"to\": \"agent\", \"words\"",
        "\"to\": \"gone\", \"words\"",
        "R2",
        "/commands/2/to",
    );
    refused(
        "\"max\": 2, \"then\": \"agent\"",
        "\"max\": 2, \"then\": \"gone\"",
        "R2",
        "/fallback/then",
    );
    refused(
        "\"max\": 3,\n          \"then\": \"agent\"",
        "\"max\": 3,\n          \"then\": \"gone\"",
        "R2",
        "/nodes/ask_order/ask/retry/then",
    );
    refused(
        "\"to\": \"@end\"",
        "\"to\": \"@edn\"",
        "R2",
        "/nodes/not_yet/buttons/0/to",
    );
    refused(
        "\"ask_num\": \"ask_order\"",
        "\"ask_num\": \"gone\"",
        "R8",
        "/migrate/0/nodes/ask_num",
    );
    nodes_refused(
        r#""a": {"hours": {"calendar": "cs", "open": "gone", "closed": "b"}}, "b": {"end": "x"}"#,
        "",
        "R2",
        "/nodes/a/hours/open",
    );
}

#[test]
fn what_is_named_must_be_declared() {
    refused(
        "\"call\": \"order.lookup\"",
        "\"call\": \"order.lokup\"",
        "R4",
        "/nodes/lookup/call",
    );
    refused("{{claim.no}}", "{{claim.number}}", "R5", "/nodes/done/say");
    refused(
        "\"when\": \"has(phone)\"",
        "\"when\": \"has(fone)\"",
        "R5",
        "/nodes/ask_phone/if/0/when",
    );
    refused(
        "\"clear\": [\"phone\"]",
        "\"clear\": [\"fone\"]",
        "R5",
        "/nodes/bad_phone/clear/0",
    );
    refused(
        "\"var\": \"phone\"",
        "\"var\": \"fone\"",
        "R5",
        "/nodes/ask_phone2/ask/var",
    );
    refused(
        "\"into\": \"claim\"",
        "\"into\": \"clam\"",
        "R5",
        "/nodes/submit/into",
    );
    refused(
        "\"note\": [\"kind\"",
        "\"note\": [\"kid\"",
        "R5",
        "/nodes/agent/handoff/note/0",
    );
}

#[test]
fn case_23_nobody_is_asked_for_ever() {
    refused(
        "\"repeat\": true, \"max\": 2, \"then\": \"agent\"",
        "\"repeat\": true, \"max\": 2",
        "I7",
        "/fallback",
    );
    refused(
        "\"repeat\": true, \"max\": 2,",
        "\"repeat\": true,",
        "I7",
        "/fallback",
    );
    refused(
        "\"max\": 3,\n          \"then\"",
        "\"then\"",
        "I7",
        "/nodes/ask_order/ask/retry",
    );
    refused(
        "\"max\": 3,\n",
        "\"max\": 0,\n",
        "I8",
        "/nodes/ask_order/ask/retry/max",
    );
    let fallback = FLOW_A
        .lines()
        .find(|line| line.contains("\"fallback\""))
        .unwrap();
    refused(fallback, "", "I6", "/nodes/main");
}

#[test]
fn case_19_two_choices_that_read_the_same_are_refused() {
    refused(
        "\"label\": \"반품\"",
        "\"label\": \"교 환!\"",
        "I1",
        "/nodes/main/buttons/1/label",
    );
    refused(
        "\"label\": \"반품\"",
        "\"label\": \"이전 으로\"",
        "I2",
        "/nodes/main/buttons/1/label",
    );
    let words = "\"label\": \"취소\", \"to\"";
    refused(
        words,
        "\"label\": \"취소\", \"words\": [\"접수하기\"], \"to\"",
        "I3",
        "/nodes/confirm_paid/buttons/1/words",
    );
}

#[test]
fn ways_that_lead_nowhere_are_refused() {
    refused(
        "\"say\": \"주문자 연락처와 달라요.\", \"clear\": [\"phone\"], \"to\": \"ask_phone2\"",
        "\"say\": \"주문자 연락처와 달라요.\"",
        "G2",
        "/nodes/bad_phone",
    );
    refused(
        "\"end\": \"resolved\"",
        "\"to\": \"done\"",
        "G3",
        "/nodes/done",
    );
    refused(
        ",\n        { \"else\": \"reason\" }",
        "",
        "G9",
        "/nodes/check/if",
    );
    nodes_refused(
        r#""a": {"say": "가", "buttons": [{"id": "x", "label": "다시", "to": "a"}]}"#,
        r#""fallback":{"say":"?","max":1,"then":"a"},"#,
        "G5",
        "/start",
    );
    let lonely = check(&document(r#""a": {"end": "x"}, "b": {"end": "y"}"#, ""));
    assert_eq!(faults(&lonely), [("G1", "/nodes/b")]);
}

#[test]
fn case_46_a_switch_over_an_enum_names_every_value() {
    let vars = r#""vars":{"k":{"type":"enum","of":["a","b"],"default":"a"}},"#;
    let switch = |cases: &str| format!(r#""s": {{"if": [{cases}]}}, "e": {{"end": "x"}}"#);
    let a = r#"{"when": "k == 'a'", "to": "e"}"#;
    let b = r#"{"when": "'b' == k", "to": "e"}"#;
    assert_eq!(
        faults(&check(&document(&switch(&format!("{a},{b}")), vars))),
        []
    );
    nodes_refused(&switch(a), vars, "G9", "/nodes/s/if");
}

#[test]
fn cases_43_and_44_kinds_that_do_not_go_together_are_refused() {
    let vars = r#""vars":{"n":{"type":"int","default":0},"s":{"type":"string","default":""},"o":{"type":"object","fields":{"on":"date?"}},"k":{"type":"enum","of":["a"],"default":"a"}},"#;
    let when = |when: &str| {
        let nodes = format!(
            r#""a": {{"if": [{{"when": "{when}", "to": "b"}}, {{"else": "b"}}]}}, "b": {{"end": "x"}}"#
        );
        errors(&check(&document(&nodes, vars)))
            .first()
            .map(|(code, _)| (*code).to_owned())
    };
    assert_eq!(when("n == '9'").as_deref(), Some("D3"));
    assert_eq!(when("n == s").as_deref(), Some("D3"));
    assert_eq!(when("n").as_deref(), Some("D3"));
    assert_eq!(when("n > 1.5").as_deref(), Some("D3"));
    assert_eq!(when("s = 'x'").as_deref(), Some("D3"));
    assert_eq!(when("days_since(o.on) > 7").as_deref(), Some("D4"));
    assert_eq!(when("has(o.on) && days_since(o.on) > 7"), None);
    assert_eq!(when("!has(o.on) || days_since(o.on) > 7"), None);
    assert_eq!(when("k in ['a', 'b'] && n + 1 > 2 && hours.open"), None);
    let set = |set: &str| {
        let nodes = format!(r#""a": {{"set": {{{set}}}, "end": "x"}}"#);
        errors(&check(&document(&nodes, vars)))
            .first()
            .map(|(code, _)| (*code).to_owned())
    };
    assert_eq!(set(r#""k": "'b'""#).as_deref(), Some("D11"));
    assert_eq!(set(r#""n": "'1'""#).as_deref(), Some("D3"));
    assert_eq!(set(r#""n": "n + 1""#), None);
    assert_eq!(set(r#""o.on": "'2026-01-05'""#), None);
}

#[test]
fn templates_are_checked() {
    refused("|won}}", "|wonn}}", "D9", "/nodes/confirm_paid/say");
    refused(
        "{{order.fee|won}}",
        "{{order.item|won}}",
        "D3",
        "/nodes/confirm_paid/say",
    );
    refused("{{order_no}}", "{{order_no", "D9", "/nodes/no_order/say");
    refused("josa:'은/는'", "josa:'은'", "D9", "/nodes/not_yet/say");
    refused("이미 접수된 주문이에요.", " ", "T7", "/nodes/dup/say");
}

#[test]
fn calls_hours_and_hand_offs_answer_for_every_way() {
    refused("\"timeout\": \"sys_down\",\n", "", "C1", "/nodes/lookup/on");
    refused(
        "\"not_found\": \"no_order\",\n",
        "",
        "C1",
        "/nodes/lookup/on",
    );
    refused(
        "\"already_claimed\": \"dup\"",
        "\"already_claimed\": \"dup\", \"odd\": \"dup\"",
        "C2",
        "/nodes/submit/on/odd",
    );
    refused(
        "\"with\": { \"order_no\": \"order_no\", \"phone\": \"phone\" }",
        "\"with\": { \"order_no\": \"order_no\" }",
        "C3",
        "/nodes/lookup/with",
    );
    refused(
        "\"reason\": \"reason\" },\n",
        "\"reason\": \"order.fee\" },\n",
        "C3",
        "/nodes/submit/with/reason",
    );
    refused("\"closed\": \"after\", ", "", "H2", "/nodes/agent/handoff");
    nodes_refused(
        r#""a": {"hours": {"calendar": "cs", "open": "b"}}, "b": {"end": "x"}"#,
        "",
        "H1",
        "/nodes/a/hours",
    );
}

#[test]
fn patterns_and_limits_of_questions_are_checked() {
    refused(
        "[0-9]{8}-[0-9]{4,8}",
        "[0-9]{8",
        "D5",
        "/nodes/ask_order/ask/pattern",
    );
    let ask = |rest: &str| {
        format!(r#""a": {{"ask": {{"var": "v", "prompt": "?", {rest}}}, "to": "@end"}}"#)
    };
    let vars = r#""vars":{"v":{"type":"string"}},"#;
    nodes_refused(
        &ask(r#""as": "text", "min": 5, "max": 2"#),
        vars,
        "D6",
        "/nodes/a/ask",
    );
    nodes_refused(&ask(r#""as": "choice""#), vars, "D6", "/nodes/a/ask");
    nodes_refused(&ask(r#""as": "pattern""#), vars, "D5", "/nodes/a/ask");
    nodes_refused(&ask(r#""as": "number""#), vars, "D3", "/nodes/a/ask/var");
    nodes_refused(&ask(r#""as": "fone""#), vars, "S3", "/nodes/a/ask/as");
}

#[test]
fn case_79_the_three_flows_of_the_format_load() {
    for text in [
        FLOW_A,
        include_str!("../fixtures/profile-bot.json"),
        include_str!("../fixtures/after-hours.json"),
    ] {
        let found: Vec<_> = check(text)
            .into_iter()
            .filter(|found| found.severity != Severity::Info)
            .collect();
        assert_eq!(codes(&found), []);
        assert!(Compiled::load(text).is_ok());
    }
}

#[test]
fn x1_an_embedded_test_that_fails_refuses_the_scenario() {
    refused("\"@done\"]", "\"@dup\"]", "X1", "/tests/0/turns/4");
    let found = broken(
        "[\"단순변심\", \"배송비 6,000원이",
        "[\"단순변심\", \"배송비 7,000원이",
    );
    assert_eq!(faults(&found), [("X1", "/tests/0/turns/3")]);
    assert!(
        found.iter().any(|it| it.message.en.contains("6,000원")),
        "{found:?}"
    );
}

#[test]
fn everything_is_reported_at_once() {
    let text = FLOW_A
        .replacen(
            "\"to\": \"ask_order\", \"set\"",
            "\"to\": \"gone\", \"set\"",
            1,
        )
        .replacen("\"max\": 2,", "", 1)
        .replacen("|won}}", "|wonn}}", 1)
        .replacen("\"locale\"", "\"local\"", 1);
    let refused = Compiled::load(&text).unwrap_err();
    for code in ["S3", "R2", "I7", "D9"] {
        assert!(refused.has(code), "{code}: {refused:#?}");
    }
}
