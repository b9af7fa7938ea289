//! What is found with a host's catalogue, and with the version before.

use happytalk_scenario::{Against, Catalogue, Diagnostic, check_against, parse};

use crate::chat::document;
use crate::every_check::{CALL, E, W, holds};

#[test]
fn what_the_host_has_not_is_found_with_a_catalogue() {
    let host = Catalogue::from_json(
        r#"{"calls":[],"queues":["cs"],"calendars":["cs"],"scenarios":{"faq":[12]},"runs":{"faq":["test"]},
            "channels":{"kakao_consult":{"text_chars_max":5}}}"#,
    )
    .unwrap();
    let against = Against::nothing().with_catalogue(&host);
    let found = |nodes: &str, more: &str| check_against(&document(nodes, more), &against);
    let handoff =
        r#""a":{"handoff":{"queue":"sales","on":{"closed":"@end","unavailable":"@end"}}}"#;
    holds(&found(handoff, ""), "R7", E, "/nodes/a/handoff/queue");
    let hours = r#""a":{"hours":{"calendar":"night","open":"@end","closed":"@end"}}"#;
    holds(&found(hours, ""), "R7", E, "/nodes/a/hours/calendar");
    let variant = r#""a":{"say":"가","channels":{"naver_talktalk":{"say":"나"}},"end":"x"}"#;
    holds(
        &found(variant, ""),
        "R7",
        E,
        "/nodes/a/channels/naver_talktalk",
    );
    let call =
        r#""a":{"call":"x.y","on":{"ok":"@end","timeout":"@end","error":"@end","none":"@end"}}"#;
    holds(&found(call, CALL), "R4", E, "/calls/x.y");
    let sub = |name: &str, version: u32| {
        format!(r#""a":{{"sub":{{"scenario":"{name}","version":{version}}},"to":"@end"}}"#)
    };
    holds(
        &found(&sub("fqa", 12), ""),
        "R3",
        E,
        "/nodes/a/sub/scenario",
    );
    holds(&found(&sub("faq", 11), ""), "R3", E, "/nodes/a/sub/version");
    holds(
        &found(&sub("faq", 12), ""),
        "G8",
        E,
        "/nodes/a/sub/scenario",
    );
    let long = r#""a":{"say":"여섯 글자예요","end":"x"}"#;
    holds(&found(long, ""), "T3", E, "/nodes/a/say");
    assert_eq!(
        Catalogue::from_json(r#"{"queue":[]}"#).unwrap_err().code(),
        "scenario.catalogue_not_understood"
    );
}

const OLD: &str = r#""a":{"say":"가","buttons":[{"id":"x","label":"하나","to":"b"},{"id":"y","label":"끝내기","to":"@end"}]},
    "b":{"ask":{"var":"v","as":"number","prompt":"몇 개요?"},"to":"c"},"c":{"say":"{{v}}개","end":"x"}"#;

fn compared(version: u32, nodes: &str, more: &str) -> Vec<Diagnostic> {
    let old_vars = r#""vars":{"v":{"type":"int"}},"#;
    let old = document(OLD, old_vars);
    let before = parse(&old).unwrap();
    let new = document(nodes, more).replace("\"version\":1", &format!("\"version\":{version}"));
    check_against(&new, &Against::nothing().with_previous(&before, &old))
}

#[test]
fn what_changed_under_customers_is_found_with_the_version_before() {
    let vars = r#""vars":{"v":{"type":"int"}},"#;
    let codes = |found: Vec<Diagnostic>| {
        let found = found
            .into_iter()
            .filter(|found| found.code.starts_with('V'));
        found.map(|found| found.code).collect::<Vec<_>>()
    };
    assert_eq!(codes(compared(1, OLD, vars)), Vec::<&str>::new());
    let words = OLD.replace("몇 개요?", "몇 개 드릴까요?");
    holds(&compared(1, &words, vars), "V1", E, "/version");
    assert_eq!(codes(compared(2, &words, vars)), Vec::<&str>::new());
    let renamed = OLD.replace("\"b\"", "\"count\"");
    holds(&compared(2, &renamed, vars), "V2", W, "/nodes/b");
    let told = format!(r#"{vars}"migrate":[{{"from":1,"nodes":{{"b":"count"}}}}],"#);
    assert_eq!(codes(compared(2, &renamed, &told)), Vec::<&str>::new());
    holds(&compared(4, &renamed, &told), "V5", E, "/migrate");
    let gone = OLD.replace("\"id\":\"y\"", "\"id\":\"z\"");
    holds(&compared(2, &gone, vars), "V3", W, "/nodes/a/buttons");
    let typed = OLD.replace("\"number\"", "\"text\"");
    let text = r#""vars":{"v":{"type":"string"}},"#;
    holds(&compared(2, &typed, text), "V4", E, "/vars/v");
    let begun = format!(r#"{text}"migrate":[{{"from":1,"defaults":{{"v":"0"}}}}],"#);
    assert_eq!(codes(compared(2, &typed, &begun)), Vec::<&str>::new());
}
