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
