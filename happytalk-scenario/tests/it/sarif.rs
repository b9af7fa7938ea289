//! What `sarif` writes is SARIF 2.1.0: by the schema that OASIS publishes, and by what the standard asks for beside it.

use std::collections::BTreeSet;

use happytalk_scenario::{Diagnostic, check, sarif};
use serde_json::Value;

use crate::chat::FLOW_A;
use crate::every_check;

fn schema() -> jsonschema::Validator {
    let text = include_str!("../fixtures/sarif-2.1.0.schema.json");
    let mut schema: Value = serde_json::from_str(text).unwrap();
    // A pattern with a bracket too many, of a member that no log of ours has.
    for of in ["run", "toolComponent"] {
        let language = &mut schema["definitions"][of]["properties"]["language"];
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    jsonschema::options()
        .should_validate_formats(true)
        .build(&schema)
        .unwrap()
}

fn log(documents: &[(&str, &str)]) -> Value {
    let found: Vec<Vec<Diagnostic>> = documents.iter().map(|(_, text)| check(text)).collect();
    let all = documents.iter().zip(&found);
    let text = sarif(all.map(|((name, text), found)| (*name, *text, found.as_slice())));
    serde_json::from_str(&text).unwrap()
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

#[test]
fn a_log_of_every_check_fits_the_schema_and_the_standard() {
    let texts = every_check::texts();
    let broken = "{ \"say\": \"가나다\" x";
    let mut documents: Vec<(&str, &str)> = texts
        .iter()
        .map(|text| ("흐름 모음/a.json", text.as_str()))
        .collect();
    documents.extend([("-", broken), ("clean.json", FLOW_A), ("empty.json", "")]);
    let log = log(&documents);
    let validator = schema();
    let faults: Vec<String> = validator
        .iter_errors(&log)
        .map(|fault| fault.to_string())
        .collect();
    assert_eq!(faults, Vec::<String>::new());

    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    let ids: BTreeSet<&str> = rules
        .iter()
        .map(|rule| rule["id"].as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), rules.len(), "each rule once");
    assert!(
        ids.len() > 60,
        "nearly every check has spoken: {}",
        ids.len()
    );
    for result in results(&log) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
        assert!(
            !rules[index]["shortDescription"]["text"]
                .as_str()
                .unwrap()
                .is_empty()
        );
        let region = &result["locations"][0]["physicalLocation"]["region"];
        assert!(region["startLine"].as_u64().unwrap() >= 1);
        assert!(region["startColumn"].as_u64().unwrap() >= 1);
    }
}

#[test]
fn the_schema_would_see_a_deviation() {
    let validator = schema();
    let good = log(&[("a.json", "{}")]);
    assert!(validator.is_valid(&good));
    for (pointer, wrong) in [
        ("/version", Value::from("2.0.0")),
        ("/runs/0/results/0/level", Value::from("info")),
        (
            "/runs/0/results/0/locations/0/physicalLocation/region/startLine",
            Value::from(0),
        ),
        ("/runs/0/results/0/message", Value::from("text")),
        ("/runs/0/tool/driver/rules/0/name", Value::Null),
        ("/runs/0/columnKind", Value::from("bytes")),
    ] {
        let mut bad = good.clone();
        match bad.pointer_mut(pointer) {
            Some(place) => *place = wrong,
            None => bad["runs"][0]["tool"]["driver"]["rules"][0]["unheard_of"] = wrong,
        }
        assert!(!validator.is_valid(&bad), "{pointer}");
    }
}

#[test]
fn a_finding_stands_where_its_value_begins_in_characters() {
    let document = r#"{"format":1,"id":"t","version":1,"start":"a",
 "nodes":{"a":{"say":"가나다라","to":"gone"}}}"#;
    let place = |text: &str| {
        let log = log(&[("a.json", text)]);
        let told = results(&log)
            .iter()
            .find(|result| result["ruleId"] == "R2")
            .unwrap()
            .clone();
        let region = told["locations"][0]["physicalLocation"]["region"].clone();
        (
            region["startLine"].as_u64().unwrap(),
            region["startColumn"].as_u64().unwrap(),
        )
    };
    assert_eq!(place(document), (2, 34));
    // A mark at the beginning of the file moves nothing.
    assert_eq!(place(&format!("\u{FEFF}{document}")), (2, 34));
}

#[test]
fn a_finding_is_known_again_when_its_line_has_moved() {
    let text = r#"{"format":1,"id":"t","version":1,"start":"gone","nodes":{}}"#;
    let marks = |text: &str| {
        let log = log(&[("a.json", text)]);
        let all = results(&log).iter();
        all.map(|result| result["partialFingerprints"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(marks(text), marks(&format!("\n\n{text}")));
    let different: BTreeSet<String> = marks(text).iter().map(Value::to_string).collect();
    assert_eq!(different.len(), marks(text).len());
}
