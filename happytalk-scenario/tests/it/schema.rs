//! SCENARIO 5, case 84: the JSON Schema and the loader agree on what a document's shape is.

use happytalk_scenario::{Diagnostics, check, format, parse, schema, upgrade};
use proptest::prelude::*;
use serde_json::{Map, Value};

use crate::chat::FLOW_A;

const FLOWS: [&str; 3] = [
    FLOW_A,
    include_str!("../fixtures/profile-bot.json"),
    include_str!("../fixtures/after-hours.json"),
];

fn validator() -> jsonschema::Validator {
    let schema: Value = serde_json::from_str(schema()).unwrap();
    jsonschema::draft202012::new(&schema).unwrap()
}

/// Whether the loader finds the shape right.
fn is_read(document: &Value) -> Result<(), Diagnostics> {
    match parse(&document.to_string()) {
        Err(refused) if refused.as_slice().iter().any(|it| it.code.starts_with('S')) => {
            Err(refused)
        }
        _ => Ok(()),
    }
}

fn count(value: &Value) -> usize {
    1 + match value {
        Value::Array(items) => items.iter().map(count).sum(),
        Value::Object(members) => members.values().map(count).sum::<usize>(),
        _ => 0,
    }
}

/// The value at that number of the document, counted from the top.
fn at(value: &mut Value, number: usize) -> Option<&mut Value> {
    if number == 0 {
        return Some(value);
    }
    let mut left = number - 1;
    let inner: Vec<&mut Value> = match value {
        Value::Array(items) => items.iter_mut().collect(),
        Value::Object(members) => members.iter_mut().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    };
    for one in inner {
        let here = count(one);
        if left < here {
            return at(one, left);
        }
        left -= here;
    }
    None
}

#[derive(Debug, Clone, Copy)]
enum Change {
    Drop(usize),
    Rename(usize, bool),
    Replace(usize),
    Comment,
}

fn change(value: &mut Value, change: Change) {
    let values = [
        Value::Null,
        Value::Bool(true),
        Value::from(-1),
        Value::from(3),
        Value::from(1.5),
        Value::from("x"),
        Value::from("Big Name"),
        Value::Array(Vec::new()),
        Value::Object(Map::new()),
    ];
    match (value, change) {
        (Value::Object(members), Change::Drop(which)) if !members.is_empty() => {
            let name = members.keys().nth(which % members.len()).cloned().unwrap();
            members.remove(&name);
        }
        (Value::Array(items), Change::Drop(which)) if !items.is_empty() => {
            let which = which % items.len();
            items.remove(which);
        }
        (Value::Object(members), Change::Rename(which, comment)) if !members.is_empty() => {
            let name = members.keys().nth(which % members.len()).cloned().unwrap();
            let inner = members.remove(&name).unwrap();
            let new = if comment {
                format!("_{name}")
            } else {
                format!("{name}x")
            };
            members.insert(new, inner);
        }
        (Value::Object(members), Change::Comment) => {
            members.insert("_note".to_owned(), Value::from(1.5));
        }
        (value, Change::Replace(which)) => *value = values[which % values.len()].clone(),
        _ => {}
    }
}

fn changes() -> impl Strategy<Value = Change> {
    prop_oneof![
        any::<usize>().prop_map(Change::Drop),
        (any::<usize>(), any::<bool>()).prop_map(|(which, comment)| Change::Rename(which, comment)),
        any::<usize>().prop_map(Change::Replace),
        Just(Change::Comment),
    ]
}

#[test]
fn the_three_flows_and_their_canonical_texts_fit_the_schema() {
    let validator = validator();
    for text in FLOWS {
        let flow: Value = serde_json::from_str(text).unwrap();
        assert!(validator.is_valid(&flow));
        let written = format(text).unwrap();
        assert_eq!(format(&written).unwrap(), written);
        let again: Value = serde_json::from_str(&written).unwrap();
        assert_eq!(flow, again);
    }
}

#[test]
fn a_file_of_each_format_is_brought_to_the_present_one() {
    let golden = include_str!("../fixtures/upgraded/format-1.json");
    let before = include_str!("../fixtures/upgraded/format-1.before.json");
    assert_eq!(upgrade(before).unwrap(), golden);
    assert_eq!(upgrade(golden).unwrap(), golden);
    assert!(parse(golden).is_ok());
    assert!(upgrade("{\"format\": 9}").unwrap_err().has("S2"));
    assert!(upgrade("nothing").unwrap_err().has("S1"));
}

proptest! {
    // More with PROPTEST_CASES.
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn case_84_the_schema_refuses_what_the_loader_refuses(
        which in 0..3_usize,
        edits in proptest::collection::vec((any::<usize>(), changes()), 1..3),
    ) {
        let mut flow: Value = serde_json::from_str(FLOWS[which]).unwrap();
        for (number, edit) in edits {
            let places = count(&flow);
            if let Some(value) = at(&mut flow, number % places) {
                change(value, edit);
            }
        }
        let read = is_read(&flow);
        let errors: Vec<String> = validator().iter_errors(&flow).map(|it| format!("{} {it}", it.instance_path())).collect();
        // A value that is no expression is more than a wrong shape; editors may be told all the same.
        let is_expression = check(&flow.to_string()).iter().all(|found| found.code != "D3");
        prop_assert!(
            read.is_ok() == errors.is_empty() || read.is_ok() && !is_expression,
            "loader {:#?}\nschema {:#?}\n{}", read, errors, flow
        );
    }
}
