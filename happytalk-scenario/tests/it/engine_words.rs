//! The texts that are said after a miss, and those of the engine itself, are checked like what a node says.

use happytalk_scenario::{Diagnostic, Severity, check};

use crate::chat::document;
use crate::every_check::{E, W, holds};

const ASK: &str = r#""a":{"ask":{"var":"p","as":"phone_kr","prompt":"번호요.","retry":{"max":1,"say":"S","default_say":"D","default":"01012345678"}},"to":"b"},
    "b":{"form":{"slots":[{"var":"q","as":"text","prompt":"글요.","retry":{"max":1,"say":"F","then":"@end"}}],"on":{"done":"@end"}}}"#;
const VARS: &str = r#""vars":{"p":{"type":"phone","pii":true,"basis":"law"},"q":{"type":"string","default":""},"late":{"type":"string"}},"#;

fn with(text: &str, more: &str) -> Vec<Diagnostic> {
    check(&document(ASK, &format!("{VARS}{more}")).replace("\"S\"", &format!("\"{text}\"")))
}

fn in_each_place(told: impl Fn(&str, &str)) {
    for (letter, at) in [
        ("S", "/nodes/a/ask/retry/say"),
        ("D", "/nodes/a/ask/retry/default_say"),
        ("F", "/nodes/b/form/slots/0/retry/say"),
    ] {
        told(&format!("\"{letter}\""), at);
    }
}

fn told(letter: &str, text: &str, more: &str) -> Vec<Diagnostic> {
    let nodes = ASK.replace(letter, &format!("\"{text}\""));
    check(&document(&nodes, &format!("{VARS}{more}")))
}

#[test]
fn what_is_personal_is_masked_after_a_miss_too() {
    in_each_place(|letter, at| {
        let found = told(letter, "{{p|default:'-'}}", "");
        holds(&found, "D7", E, at);
        let masked = told(letter, "{{p|mask|default:'-'}}", "");
        assert!(masked.iter().all(|found| found.code != "D7"), "{masked:?}");
    });
    let limits = r#""limits":{"busy_say":"{{p|default:'-'}} 처리 중"},"#;
    holds(&with("S", limits), "D7", E, "/limits/busy_say");
}

#[test]
fn what_is_not_set_yet_is_not_said_after_a_miss_either() {
    in_each_place(|letter, at| holds(&told(letter, "{{late}}", ""), "D1", E, at));
    let limits = r#""limits":{"steps_say":"{{late}}"},"#;
    holds(&with("S", limits), "D1", E, "/limits/steps_say");
    let found = with(
        "S",
        r#""limits":{"steps_say":"{{late|default:'고객'}}님"},"#,
    );
    assert!(
        found.iter().all(|found| found.severity != Severity::Error),
        "{found:?}"
    );
}

#[test]
fn a_text_after_a_miss_has_the_length_of_its_channel() {
    let long = "가".repeat(1_001);
    in_each_place(|letter, at| holds(&told(letter, &long, ""), "T3", W, at));
    let all = format!(r#""fallback":{{"say":"{long}","max":1,"then":"@end"}},"#);
    holds(&with("S", &all), "T3", W, "/fallback/say");
    let instead = format!("{{{{late|default:'{long}'}}}}");
    holds(
        &told("\"S\"", &instead, ""),
        "T3",
        W,
        "/nodes/a/ask/retry/say",
    );
}

#[test]
fn buttons_under_a_picture_are_a_message_of_their_own() {
    let node = |say: &str| {
        let nodes =
            format!(r#""a":{{"say":[{say}],"buttons":[{{"id":"x","label":"끝","to":"@end"}}]}}"#);
        let found = check(&document(&nodes, ""));
        found.iter().any(|found| found.code == "T1")
    };
    let picture = r#"{"image":{"url":"https://example.com/a.png","alt":"그림"}}"#;
    assert!(!node(&format!(r#"{picture},"하나","둘""#)));
    assert!(node(&format!(r#""하나","둘",{picture}"#)));
}

#[test]
fn only_an_address_with_a_host_is_an_address() {
    let address = |url: &str| {
        let nodes =
            format!(r#""a":{{"say":{{"link":{{"label":"보기","url":"{url}"}}}},"end":"x"}}"#);
        check(&document(&nodes, ""))
            .iter()
            .any(|found| found.code == "T6")
    };
    for url in [
        "http://example.com",
        "https://",
        "https:///a",
        "https://a b",
        "example.com",
        "javascript:alert(1)",
    ] {
        assert!(address(url), "{url}");
    }
    assert!(!address("https://example.com/a?b=c#d"));
}

#[test]
fn nothing_visible_is_nothing() {
    let empty = |say: &str| {
        let nodes = format!(r#""a":{{"say":"{say}","end":"x"}}"#);
        check(&document(&nodes, ""))
            .iter()
            .any(|found| found.code == "T7")
    };
    for say in ["", "  ", "\\u200b", "\\u3164", "\\n"] {
        assert!(empty(say), "{say}");
    }
    assert!(!empty("."));
}

#[test]
fn what_has_no_order_is_not_compared_by_size() {
    let vars = r#""vars":{"k":{"type":"enum","of":["x","y"],"default":"x"},"b":{"type":"bool","default":true}},"#;
    let when = |when: &str| {
        let nodes = format!(r#""a":{{"if":[{{"when":"{when}","to":"@end"}},{{"else":"@home"}}]}}"#);
        check(&document(&nodes, vars))
    };
    holds(&when("k < 'y'"), "D3", E, "/nodes/a/if/0/when");
    holds(&when("b >= true"), "D3", E, "/nodes/a/if/0/when");
    holds(&when("k == 'z'"), "G10", W, "/nodes/a/if/0");
    assert!(
        when("k == 'y'")
            .iter()
            .all(|found| !matches!(found.code, "D3" | "G10"))
    );
}

fn codes(nodes: &str, more: &str) -> Vec<(&'static str, String)> {
    let found = check(&document(nodes, more)).into_iter();
    let faults = found.filter(|found| found.severity == Severity::Error);
    faults.map(|found| (found.code, found.pointer)).collect()
}

fn one(code: &'static str, pointer: &str) -> Vec<(&'static str, String)> {
    vec![(code, pointer.to_owned())]
}

#[test]
fn what_is_personal_stays_so_when_it_is_copied() {
    let nodes = r#""a":{"ask":{"var":"p","as":"phone_kr","prompt":"번호요."},"to":"b"},
        "b":{"set":{"copy":"p"},"to":"c"},"c":{"set":{"again":"copy"},"to":"d"},
        "d":{"say":"{{again}}","to":"e"},"e":{"say":"{{other}}","end":"x"}"#;
    let vars = r#""vars":{"p":{"type":"phone","pii":true,"basis":"law"},"copy":{"type":"phone"},"again":{"type":"phone"},"other":{"type":"phone","default":"1"}},"#;
    assert_eq!(codes(nodes, vars), one("D7", "/nodes/d/say"));
    assert_eq!(
        codes(&nodes.replace("{{again}}", "{{again|mask}}"), vars),
        []
    );
}

#[test]
fn what_a_call_takes_and_gives_is_of_a_kind_that_is_known() {
    let nodes = r#""a":{"call":"x.y","with":{"i":"p"},"into":"r","on":{"ok":"b","timeout":"c","error":"c"}},
        "b":{"say":"{{r}}","end":"x"},"c":{"end":"y"}"#;
    let vars = r#""vars":{"p":{"type":"phone","pii":true,"scope":"customer","default":"1"},"n":{"type":"int"},"q":{"type":"phone"},"r":{"type":"string"}},"#;
    let with = |call: &str| {
        codes(
            nodes,
            &format!(r#"{vars}"calls":{{"x.y":{{"timeout_ms":9,{call}}}}},"#),
        )
    };
    assert_eq!(with(r#""in":{"i":"p"},"out":"r""#), []);
    assert_eq!(with(r#""in":{"i":"phone"},"out":"string""#), []);
    // An input that is declared by the name of a variable has that variable's kind, and its secrecy.
    assert_eq!(
        with(r#""in":{"i":"n"},"out":"r""#),
        [one("C3", "/nodes/a/with/i"), one("D7", "/nodes/a/with/i")].concat()
    );
    assert_eq!(
        with(r#""in":{"i":"q"},"out":"r""#),
        one("D7", "/nodes/a/with/i")
    );
    assert_eq!(
        with(r#""in":{"i":"gone"},"out":"r""#),
        [one("R5", "/calls/x.y/in/i"), one("D7", "/nodes/a/with/i")].concat()
    );
    assert_eq!(
        with(r#""in":{"i":"p"},"out":"gone""#),
        one("R5", "/calls/x.y/out")
    );
    assert_eq!(with(r#""in":{"i":"p"}"#), one("C3", "/nodes/a/into"));
}

#[test]
fn what_a_button_answers_is_an_answer() {
    let ask = |kind: &str, more: &str, value: &str, var: &str| {
        let nodes = format!(
            r#""a":{{"ask":{{"var":"v","as":"{kind}","prompt":"?"{more}}},"buttons":[{{"id":"p","label":"이것","value":"{value}"}}],"to":"b"}},
            "b":{{"say":"{{{{v}}}}","end":"x"}}"#
        );
        codes(&nodes, &format!(r#""vars":{{"v":{var}}},"#))
    };
    let colours = r#"{"type":"enum","of":["red","blue"]}"#;
    assert_eq!(ask("choice", "", "red", colours), []);
    assert_eq!(
        ask("choice", "", "rd", colours),
        one("D11", "/nodes/a/buttons/0/value")
    );
    assert_eq!(ask("number", "", "3개", r#"{"type":"int"}"#), []);
    assert_eq!(
        ask("number", "", "많이", r#"{"type":"int"}"#),
        one("D3", "/nodes/a/buttons/0/value")
    );
    assert_eq!(
        ask("text", r#","min":5"#, "짧다", r#"{"type":"string"}"#),
        []
    );
}

#[test]
fn a_question_of_consent_gives_the_consent_of_its_name() {
    let nodes = r#""a":{"ask":{"var":"contact","as":"consent","prompt":"연락처를 받아도 될까요?"},"to":"b"},
        "b":{"ask":{"var":"p","as":"phone_kr","prompt":"번호요.","needs":"contact"},"to":"c"},
        "c":{"emit":"got","with":{"p":"p","contact":"contact"},"to":"d"},"d":{"end":"x"}"#;
    let vars = r#""vars":{"contact":{"type":"bool"},"p":{"type":"phone","pii":true}},"#;
    assert_eq!(codes(nodes, vars), []);
    assert_eq!(
        codes(&nodes.replace(r#""as":"consent""#, r#""as":"yesno""#), vars),
        one("D8", "/nodes/b/ask")
    );
    let mut chat = crate::chat::Chat::with(nodes, vars);
    chat.start();
    chat.say("네 동의합니다");
    assert_eq!(chat.at(), "b");
}

#[test]
fn kinds_are_the_same_inside_a_list_and_null_may_be_asked_for() {
    let vars = r#""vars":{"n":{"type":"int","default":0},"l":{"type":"list","of":"int","default":[]},"d":{"type":"date?"},"p":{"type":"phone"}},"#;
    let when = |when: &str| {
        codes(
            &format!(
                r#""a":{{"if":[{{"when":"{when}","to":"b"}},{{"else":"@end"}}]}},"b":{{"end":"x"}}"#
            ),
            vars,
        )
    };
    assert_eq!(when("n in [1, 'a']"), one("D3", "/nodes/a/if/0/when"));
    assert_eq!(when("contains(l, 'a')"), one("D3", "/nodes/a/if/0/when"));
    assert_eq!(when("contains(l, 3)"), []);
    assert_eq!(when("d != null && days_since(d) > 1"), []);
    assert_eq!(when("d == null || days_since(d) > 1"), []);
    assert_eq!(
        when("d == null && days_since(d) > 1"),
        one("D4", "/nodes/a/if/0/when")
    );
    let set = |value: &str| {
        codes(
            &format!(r#""a":{{"set":{{"p":"'{value}'"}},"to":"b"}},"b":{{"end":"x"}}"#),
            vars,
        )
    };
    assert_eq!(set("모름"), one("D3", "/nodes/a/set/p"));
    assert_eq!(set("02-123-4567"), []);
}

#[test]
fn of_what_stands_twice_one_is_looked_at() {
    let found = codes(r#""a":{"end":"x"},"a":{"say":"가","end":"y"}"#, "");
    assert_eq!(found, one("S4", "/nodes/a"));
    let warnings = check(&document(
        r#""a":{"end":"x"},"a":{"say":"가","end":"y"}"#,
        "",
    ));
    assert!(
        warnings.iter().all(|found| found.code != "G1"),
        "{warnings:?}"
    );
    assert_eq!(
        codes(r#""a":{"say":[],"end":"x"}"#, ""),
        one("T7", "/nodes/a/say")
    );
    assert_eq!(
        codes(r#""a":{"say":"가","end":" "}"#, ""),
        one("S5", "/nodes/a/end")
    );
    let nothing = r#""a":{"ask":{"var":"v","as":"pattern","pattern":"^$","prompt":"?"},"to":"b"},"b":{"say":"{{v}}","end":"x"}"#;
    assert_eq!(
        codes(nothing, r#""vars":{"v":{"type":"string"}},"#),
        one("D5", "/nodes/a/ask/pattern")
    );
}
