//! SCENARIO 5, case 79: one failing example for each of the 76 checks, with its code, severity, place and hint.

use std::collections::BTreeSet;

use happytalk_scenario::{Diagnostic, Severity, check};

use crate::chat::document;

pub(crate) const E: Severity = Severity::Error;
pub(crate) const W: Severity = Severity::Warning;
const I: Severity = Severity::Info;

struct Example {
    code: &'static str,
    severity: Severity,
    pointer: &'static str,
    nodes: &'static str,
    more: &'static str,
}

const fn nodes(
    code: &'static str,
    severity: Severity,
    pointer: &'static str,
    nodes: &'static str,
) -> Example {
    with(code, severity, pointer, nodes, "")
}

const fn with(
    code: &'static str,
    severity: Severity,
    pointer: &'static str,
    nodes: &'static str,
    more: &'static str,
) -> Example {
    Example {
        code,
        severity,
        pointer,
        nodes,
        more,
    }
}

pub(crate) const CALL: &str = r#""calls":{"x.y":{"in":{},"errors":["none"],"timeout_ms":1000}},"#;
const N: &str = r#""vars":{"n":{"type":"int","default":0}},"#;
const PHONE: &str = r#""vars":{"p":{"type":"phone","pii":true}},"#;
const LAW: &str = r#""vars":{"p":{"type":"phone","pii":true,"basis":"law"}},"#;

fn examples() -> Vec<Example> {
    vec![
        with("S2", E, "/format", r#""a":{"end":"x"}"#, ""),
        nodes("S3", E, "/nodes/a/sya", r#""a":{"sya":"가","end":"x"}"#),
        nodes("S4", E, "/nodes/a/end", r#""a":{"end":"x","end":"y"}"#),
        nodes(
            "S5",
            E,
            "/nodes/Big",
            r#""a":{"to":"Big"},"Big":{"end":"x"}"#,
        ),
        with(
            "S6",
            E,
            "/limits/steps_max",
            r#""a":{"end":"x"}"#,
            r#""limits":{"steps_max":101},"#,
        ),
        with("R1", E, "/start", r#""a":{"end":"x"}"#, ""),
        nodes("R2", E, "/nodes/a/to", r#""a":{"to":"gone"}"#),
        nodes(
            "R3",
            E,
            "/nodes/a/sub",
            r#""a":{"sub":{"scenario":"faq"},"to":"@end"}"#,
        ),
        nodes(
            "R4",
            E,
            "/nodes/a/call",
            r#""a":{"call":"x.y","on":{"ok":"@end","timeout":"@end","error":"@end"}}"#,
        ),
        nodes(
            "R5",
            E,
            "/nodes/a/say",
            r#""a":{"say":"{{who}}님","end":"x"}"#,
        ),
        nodes(
            "R6",
            E,
            "/nodes/a/buttons/0/words/0",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"나","words":["@gone"],"to":"@end"}]}"#,
        ),
        with(
            "R8",
            E,
            "/migrate/0/nodes/old",
            r#""a":{"end":"x"}"#,
            r#""migrate":[{"from":1,"nodes":{"old":"gone"}}],"#,
        ),
        nodes("G1", W, "/nodes/b", r#""a":{"end":"x"},"b":{"end":"y"}"#),
        nodes("G2", E, "/nodes/a", r#""a":{"say":"가"}"#),
        nodes("G3", E, "/nodes/a", r#""a":{"to":"b"},"b":{"to":"a"}"#),
        with(
            "G4",
            W,
            "/nodes/b",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"들어가기","to":"b"},{"id":"y","label":"끝내기","to":"@end"}]},
               "b":{"say":"나","buttons":[{"id":"x","label":"다시","to":"c"}]},
               "c":{"say":"다","buttons":[{"id":"x","label":"또","to":"b"}]}"#,
            r#""commands":[],"fallback":{"say":"?","max":1,"then":"b"},"#,
        ),
        with(
            "G5",
            E,
            "/start",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"다시","to":"a"}]}"#,
            r#""fallback":{"say":"?","max":1,"then":"a"},"#,
        ),
        nodes("G7", I, "/nodes", r#""a":{"end":"x"}"#),
        nodes(
            "G8",
            E,
            "/nodes/a/sub/scenario",
            r#""a":{"sub":{"scenario":"test","version":1},"to":"@end"}"#,
        ),
        with(
            "G9",
            E,
            "/nodes/a/if",
            r#""a":{"if":[{"when":"n > 1","to":"@end"}]}"#,
            N,
        ),
        with(
            "G10",
            W,
            "/nodes/a/if/1",
            r#""a":{"if":[{"when":"n > 1","to":"@end"},{"when":"n > 5","to":"@end"},{"else":"@end"}]}"#,
            N,
        ),
        nodes(
            "G11",
            W,
            "/nodes/a/buttons/0/to",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"뒤로","to":"@back"},{"id":"y","label":"끝","to":"@end"}]}"#,
        ),
        nodes(
            "G12",
            I,
            "/nodes/c",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"하나","to":"b"},{"id":"y","label":"다른 길","to":"c"}]},"b":{"end":"x"},"c":{"end":"x"}"#,
        ),
        nodes(
            "I1",
            E,
            "/nodes/a/buttons/1/label",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"주문 조회","to":"@end"},{"id":"y","label":"주문조회!","to":"@end"}]}"#,
        ),
        with(
            "I2",
            E,
            "/nodes/a/buttons/0/label",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"처음 으로","to":"@end"}]}"#,
            r#""commands":[{"id":"h","label":"처음으로","to":"@home"}],"#,
        ),
        nodes(
            "I3",
            E,
            "/nodes/a/buttons/1/words",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"교환","words":["바꿔"],"to":"@end"},{"id":"y","label":"변경","words":["바꿔"],"to":"@home"}]}"#,
        ),
        nodes(
            "I4",
            I,
            "/nodes/a/buttons/1",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"교환","to":"@end"},{"id":"y","label":"교환 규정","to":"@home"}]}"#,
        ),
        with(
            "I5",
            W,
            "/nodes/a/ask",
            r#""a":{"ask":{"var":"v","as":"name_kr","prompt":"성함요.","interrupt":"all"},"to":"b"},"b":{"say":"{{v}}님","end":"x"}"#,
            r#""vars":{"v":{"type":"string"}},"commands":[{"id":"h","label":"처음으로","to":"@home"}],"#,
        ),
        with(
            "I6",
            E,
            "/nodes/a",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"끝","to":"@end"}]}"#,
            r#""_no":{"fallback":1},"_":"\"fallback\"","#,
        ),
        with(
            "I7",
            E,
            "/fallback",
            r#""a":{"end":"x"}"#,
            r#""fallback":{"say":"?","max":2},"#,
        ),
        with(
            "I8",
            E,
            "/fallback/max",
            r#""a":{"end":"x"}"#,
            r#""fallback":{"say":"?","max":0,"then":"@end"},"#,
        ),
        nodes(
            "I9",
            W,
            "/nodes/a/buttons/1/label",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"교환","to":"@end"},{"id":"y","label":"교한","to":"@home"}]}"#,
        ),
        nodes(
            "I10",
            W,
            "/nodes/a/buttons/1/label",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"교환","to":"@end"},{"id":"y","label":"가후","to":"@home"}]}"#,
        ),
        nodes(
            "I11",
            W,
            "/nodes/a/buttons/1/label",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"교환","to":"@end"},{"id":"y","label":"ryghks","to":"@home"}]}"#,
        ),
        nodes(
            "I12",
            W,
            "/nodes/a/buttons/0/label",
            r#""a":{"say":"몇 개요?","buttons":[{"id":"x","label":"2","to":"@end"},{"id":"y","label":"더","to":"@home"}]}"#,
        ),
        with(
            "D1",
            E,
            "/nodes/b/say",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"하나","set":{"v":"'x'"},"to":"b"},{"id":"y","label":"다른 길","to":"b"}]},"b":{"say":"{{v}}요","end":"x"}"#,
            r#""vars":{"v":{"type":"string"}},"#,
        ),
        with(
            "D2",
            W,
            "/vars/v",
            r#""a":{"set":{"v":"'x'"},"end":"x"}"#,
            r#""vars":{"v":{"type":"string"}},"#,
        ),
        with(
            "D3",
            E,
            "/nodes/a/if/0/when",
            r#""a":{"if":[{"when":"n == '9'","to":"@end"},{"else":"@end"}]}"#,
            N,
        ),
        with(
            "D4",
            E,
            "/nodes/a/if/0/when",
            r#""a":{"if":[{"when":"days_since(d) > 7","to":"@end"},{"else":"@end"}]}"#,
            r#""vars":{"d":{"type":"date?"}},"#,
        ),
        with(
            "D5",
            E,
            "/nodes/a/ask/pattern",
            r#""a":{"ask":{"var":"v","as":"pattern","pattern":"[0-9","prompt":"번호요."},"to":"@end"}"#,
            r#""vars":{"v":{"type":"string"}},"#,
        ),
        with(
            "D6",
            E,
            "/nodes/a/ask",
            r#""a":{"ask":{"var":"v","as":"text","min":5,"max":2,"prompt":"글요."},"to":"@end"}"#,
            r#""vars":{"v":{"type":"string"}},"#,
        ),
        with(
            "D7",
            E,
            "/nodes/b/say",
            r#""a":{"ask":{"var":"p","as":"phone_kr","prompt":"번호요."},"to":"b"},"b":{"say":"{{p}} 맞죠?","end":"x"}"#,
            LAW,
        ),
        with(
            "D8",
            E,
            "/nodes/a/ask",
            r#""a":{"ask":{"var":"p","as":"phone_kr","prompt":"번호요.","needs":"contact"},"to":"@end"}"#,
            PHONE,
        ),
        with(
            "D9",
            E,
            "/nodes/a/say",
            r#""a":{"say":"{{n|wonn}}","end":"x"}"#,
            N,
        ),
        with(
            "D10",
            W,
            "/nodes/a/say",
            r#""a":{"say":"{{n|josa:'은/는'}} 어때요?","end":"x"}"#,
            N,
        ),
        with(
            "D11",
            E,
            "/nodes/a/set/k",
            r#""a":{"set":{"k":"'z'"},"end":"x"}"#,
            r#""vars":{"k":{"type":"enum","of":["x"]}},"#,
        ),
        with(
            "D12",
            W,
            "/nodes/a/set/n",
            r#""a":{"say":"{{n}}","set":{"n":"n + 1"},"buttons":[{"id":"x","label":"또","to":"a"},{"id":"y","label":"끝","to":"@end"}]}"#,
            N,
        ),
        with(
            "C1",
            E,
            "/nodes/a/on",
            r#""a":{"call":"x.y","on":{"ok":"@end","timeout":"@end","error":"@end"}}"#,
            CALL,
        ),
        with(
            "C2",
            E,
            "/nodes/a/on/gone",
            r#""a":{"call":"x.y","on":{"ok":"@end","timeout":"@end","error":"@end","none":"@end","gone":"@end"}}"#,
            CALL,
        ),
        with(
            "C3",
            E,
            "/nodes/a/with/n",
            r#""a":{"call":"x.y","with":{"n":"n"},"on":{"ok":"@end","timeout":"@end","error":"@end","none":"@end"}}"#,
            r#""vars":{"n":{"type":"int","default":0}},"calls":{"x.y":{"in":{"n":"date"},"errors":["none"]}},"#,
        ),
        with(
            "C4",
            E,
            "/nodes/a/call",
            r#""a":{"call":"x.y","on":{"ok":"@end","timeout":"b","error":"@end"}},"b":{"ask":{"var":"v","as":"text","prompt":"다시 할까요? {{v|default:''}}"},"to":"a"}"#,
            r#""vars":{"v":{"type":"string"}},"calls":{"x.y":{"in":{},"mutates":true}},"#,
        ),
        with(
            "C5",
            W,
            "/nodes/a/call",
            r#""a":{"call":"x.y","on":{"ok":"@end","timeout":"@end","error":"@end"}}"#,
            r#""calls":{"x.y":{"in":{},"timeout_ms":3000,"retry":1}},"#,
        ),
        with(
            "C6",
            E,
            "/calls/x.y/url",
            r#""a":{"end":"x"}"#,
            r#""calls":{"x.y":{"in":{},"url":"https://api.example.com"}},"#,
        ),
        nodes(
            "T1",
            W,
            "/nodes/a",
            r#""a":{"say":["하나","둘"],"to":"b"},"b":{"say":["셋","넷"],"end":"x"}"#,
        ),
        nodes(
            "T2",
            W,
            "/nodes/a/buttons",
            r#""a":{"say":"가","buttons":[{"id":"a","label":"가방","to":"@end"},{"id":"b","label":"나비","to":"@end"},{"id":"c","label":"다리미","to":"@end"},
               {"id":"d","label":"라디오","to":"@end"},{"id":"e","label":"마차","to":"@end"},{"id":"f","label":"바지","to":"@end"},{"id":"g","label":"사과잼","to":"@end"},
               {"id":"h","label":"아버지","to":"@end"},{"id":"i","label":"자전거","to":"@end"},{"id":"j","label":"초콜릿","to":"@end"},{"id":"k","label":"카메라","to":"@end"}]}"#,
        ),
        nodes(
            "T4",
            W,
            "/nodes/a/buttons/0/label",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"아주아주 길고 긴 버튼 이름이에요","to":"@end"}]}"#,
        ),
        nodes(
            "T5",
            W,
            "/nodes/a/say/0/image",
            r#""a":{"say":[{"image":"https://example.com/a.png"}],"end":"x"}"#,
        ),
        nodes(
            "T6",
            E,
            "/nodes/a/buttons/0/url",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"보기","url":"http://example.com","to":"@end"}]}"#,
        ),
        nodes("T7", E, "/nodes/a/say", r#""a":{"say":"  ","end":"x"}"#),
        nodes(
            "T8",
            W,
            "/nodes/b/say",
            r#""a":{"say":"안녕하세요","to":"b"},"b":{"say":"안녕하세요","end":"x"}"#,
        ),
        nodes(
            "H1",
            E,
            "/nodes/a/hours",
            r#""a":{"hours":{"open":"@end"}}"#,
        ),
        nodes(
            "H2",
            E,
            "/nodes/a/handoff",
            r#""a":{"handoff":{"on":{"closed":"@end"}}}"#,
        ),
        nodes(
            "H3",
            W,
            "/nodes/a/buttons/0/to",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"사람","to":"@agent"}]}"#,
        ),
        nodes(
            "H4",
            E,
            "/nodes/a/handoff/on/returned",
            r#""a":{"handoff":{"on":{"accepted":"@end","closed":"@end","unavailable":"@end","returned":"@end"}}}"#,
        ),
        with(
            "X1",
            E,
            "/tests/0/turns/0",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"끝","to":"@end"}]}"#,
            r#""tests":[{"name":"t","turns":[["끝","없는 말"]]}],"#,
        ),
        with(
            "X2",
            I,
            "/nodes/b",
            r#""a":{"say":"가","buttons":[{"id":"x","label":"끝","to":"@end"},{"id":"y","label":"다른 길","to":"b"}]},"b":{"end":"y"}"#,
            r#""tests":[{"name":"t","turns":[["끝","@end"]]}],"#,
        ),
        with(
            "X3",
            W,
            "/tests/0",
            r#""a":{"say":"{{hours.next_open|when}}","buttons":[{"id":"x","label":"끝","to":"@end"}]}"#,
            r#""tests":[{"name":"t","turns":[["끝","@end"]]}],"#,
        ),
    ]
}

#[track_caller]
pub(crate) fn holds(found: &[Diagnostic], code: &str, severity: Severity, pointer: &str) {
    let hit = found
        .iter()
        .find(|d| d.code == code && d.pointer == pointer);
    let Some(hit) = hit else {
        let short: Vec<_> = found
            .iter()
            .map(|d| (d.code, &d.pointer, &d.message.en))
            .collect();
        panic!("{code} at {pointer} was expected: {short:#?}")
    };
    assert_eq!(hit.severity, severity, "{code}");
    assert!(!hit.message.ko.is_empty() && !hit.message.en.is_empty() && !hit.hint.is_empty());
}

fn text(example: &Example) -> String {
    let text = document(example.nodes, example.more);
    match example.code {
        "S2" => text.replace("\"format\":1", "\"format\":9"),
        "R1" => text.replace("\"start\":\"a\"", "\"start\":\"gone\""),
        _ => text,
    }
}

/// The documents of the examples.
pub(crate) fn texts() -> Vec<String> {
    examples().iter().map(text).collect()
}

#[test]
fn case_79_each_check_finds_its_example() {
    for example in examples() {
        let found = check(&text(&example));
        holds(&found, example.code, example.severity, example.pointer);
    }
    holds(&check("{"), "S1", E, "");
    let long = format!(r#""a":{{"say":"{}","end":"x"}}"#, "가".repeat(1_001));
    holds(&check(&document(&long, "")), "T3", W, "/nodes/a/say");
    let line: Vec<String> = (0..25)
        .map(|n| {
            let to = if n == 24 {
                "@end".to_owned()
            } else {
                format!("n{}", n + 1)
            };
            format!(r#""n{n}":{{"say":"{n}","buttons":[{{"id":"x","label":"다음","to":"{to}"}}]}}"#)
        })
        .collect();
    let more = r#""commands":[],"fallback":{"say":"?","max":1,"then":"@home"},"#;
    holds(
        &check(&document(&line.join(","), more)),
        "G6",
        W,
        "/nodes/n0",
    );
}

#[test]
fn a_clean_document_has_none_of_it() {
    let clean = document(
        r#""a":{"say":"무엇을 도와드릴까요?","buttons":[{"id":"x","label":"교환","to":"b"},{"id":"y","label":"그만두기","to":"c"}]},
           "b":{"say":"교환은 7일 안에 됩니다.","end":"told"},"c":{"end":"left"}"#,
        r#""tests":[{"name":"t","turns":[["교환","@end"]]},{"name":"u","turns":[["그만두기","@end"]]}],"#,
    );
    let codes: Vec<_> = check(&clean).into_iter().map(|found| found.code).collect();
    assert_eq!(codes, ["G7"]);
}

#[test]
fn every_code_of_the_table_has_an_example() {
    let mut codes: BTreeSet<&str> = examples().iter().map(|example| example.code).collect();
    codes.extend(["S1", "T3", "G6", "R7", "V1", "V2", "V3", "V4", "V5"]);
    let table = [
        ("S", 6),
        ("R", 8),
        ("G", 12),
        ("I", 12),
        ("D", 12),
        ("C", 6),
        ("T", 8),
        ("H", 4),
        ("V", 5),
        ("X", 3),
    ];
    let all: BTreeSet<String> = table
        .iter()
        .flat_map(|(class, count)| (1..=*count).map(move |n| format!("{class}{n}")))
        .collect();
    assert_eq!(all.len(), 76);
    let missing: Vec<_> = all
        .iter()
        .filter(|code| !codes.contains(code.as_str()))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn case_82_the_path_without_consent_is_named() {
    let nodes = r#""a":{"say":"가","buttons":[{"id":"y","label":"동의합니다","consent":"contact","to":"b"},{"id":"n","label":"그냥 남기기","to":"b"}]},
        "b":{"ask":{"var":"p","as":"phone_kr","prompt":"번호요.","needs":"contact"},"to":"@end"}"#;
    let found = check(&document(nodes, PHONE));
    let told = found.iter().find(|found| found.code == "D8").unwrap();
    assert!(told.message.ko.contains("a → b"), "{told:?}");
    let both = nodes.replace("\"그냥 남기기\"", "\"그냥 남기기\",\"consent\":\"contact\"");
    assert!(
        check(&document(&both, PHONE))
            .iter()
            .all(|found| found.code != "D8")
    );
}

#[test]
fn a_ring_of_calls_is_let_through_only_where_a_counter_ends_it() {
    let more = r#""vars":{"n":{"type":"int","default":0}},"calls":{"x.y":{"in":{}}},"#;
    let ring = r#""a":{"call":"x.y","on":{"ok":"@end","timeout":"b","error":"@end"}},
        "b":{"set":{"n":"n + 1"},"if":[{"when":"n < 3","to":"a"},{"else":"@end"}]}"#;
    let has = |nodes: &str| {
        check(&document(nodes, more))
            .iter()
            .any(|found| found.code == "G3")
    };
    assert!(!has(ring));
    assert!(has(&ring.replace("n + 1", "n + 0")));
    assert!(has(&ring.replace("n < 3", "hours.open")));
    assert!(has(&ring.replace("\"timeout\":\"b\"", "\"timeout\":\"a\"")));
}
