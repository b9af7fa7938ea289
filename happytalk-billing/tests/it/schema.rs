//! The published schema of a price book, and the reader: what one takes, the other does.

use happytalk_billing::PriceBook;
use serde_json::{Map, Value};

/// As much of JSON Schema as the book's uses; any other word in it is a fault of the schema.
fn fits(schema: &Value, value: &Value, root: &Value) -> bool {
    schema.as_object().unwrap().iter().all(|(word, wanted)| {
        let whole = |value: &Value| value.as_i64().is_some() || value.as_u64().is_some();
        match word.as_str() {
            "$schema" | "title" | "description" | "default" | "$defs" | "required" => true,
            "$ref" => {
                let place = wanted.as_str().unwrap().trim_start_matches('#');
                fits(root.pointer(place).unwrap(), value, root)
            }
            "type" => match wanted.as_str().unwrap() {
                "object" => value.as_object().is_some_and(|object| {
                    let required = schema.get("required").and_then(Value::as_array);
                    let mut names = required.into_iter().flatten();
                    names.all(|name| object.contains_key(name.as_str().unwrap()))
                }),
                "array" => value.is_array(),
                "string" => value.is_string(),
                "integer" => whole(value),
                other => panic!("type {other}"),
            },
            "enum" => wanted.as_array().unwrap().contains(value),
            "minimum" => value.as_i64() >= wanted.as_i64(),
            "maximum" => value.as_i64() <= wanted.as_i64(),
            "minLength" => value.as_str().is_some_and(|text| !text.is_empty()),
            "maxLength" => {
                let most = usize::try_from(wanted.as_u64().unwrap()).unwrap();
                value
                    .as_str()
                    .is_some_and(|text| text.chars().count() <= most)
            }
            "minItems" => value.as_array().is_some_and(|list| !list.is_empty()),
            "maxItems" => {
                let most = usize::try_from(wanted.as_u64().unwrap()).unwrap();
                value.as_array().is_some_and(|list| list.len() <= most)
            }
            "pattern" => matches(wanted.as_str().unwrap(), value.as_str().unwrap_or("")),
            "items" => {
                let mut list = value.as_array().into_iter().flatten();
                list.all(|item| fits(wanted, item, root))
            }
            "properties" => {
                let mut members = value.as_object().into_iter().flatten();
                members.all(|(name, member)| match wanted.get(name) {
                    Some(schema) => fits(schema, member, root),
                    None => true,
                })
            }
            "additionalProperties" => {
                let known = schema.get("properties").and_then(Value::as_object);
                let mut members = value.as_object().into_iter().flatten();
                members.all(|(name, member)| {
                    known.is_some_and(|known| known.contains_key(name))
                        || *wanted != Value::Bool(false) && fits(wanted, member, root)
                })
            }
            other => panic!("schema word {other}"),
        }
    })
}

/// The two patterns of the schema.
fn matches(pattern: &str, text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    if pattern.contains(':') {
        let parts = text.split_once(':');
        return text.len() == 5
            && parts.is_some_and(|(hour, minute)| {
                digits(hour) && digits(minute) && hour < "24" && minute < "60"
            });
    }
    let parts: Vec<&str> = text.split('-').collect();
    text.len() == 10 && parts.len() == 3 && parts.iter().all(|part| digits(part))
}

fn full_book() -> Value {
    serde_json::from_str(
        r#"{"$schema":"https://example.com/s.json","name":"2026-01","periods":[
        {"until":"2026-01-01","day_case_mwon":100000,"plans":{"pro":{"fee_mwon":1,"bot_dau_included":5,"bot_over_mwon":2}},
         "rules":{"vat":"half_up_won","prices":"included","vat_per":"line","tax_base":"consumption","proration":"whole_month",
          "day_case":"per_session","boundary":"04:30","grace_days":3,"credit_day_cases":20,"refund_fee_percent":0,
          "refund_free_days":1,"trial_days":30,"alert_percents":[50],"auto_top_up_pause_min":0},
         "messages":{"alimtalk":{"price_mwon":8000,"also":["알림톡"]}},"add_ons":{"call":{"price_mwon":39000000}}},
        {"from":"2026-01-01","day_case_mwon":1,"plans":{}}]}"#,
    )
    .unwrap()
}

/// Every value with one member or item changed to something else, or left out.
fn mutants(value: &Value) -> Vec<Value> {
    let others = [
        Value::Null,
        Value::from(-1),
        Value::from(1_000_000_000_001_i64),
        Value::from(367),
        Value::from(0.5),
        Value::from(""),
        Value::from("2026-13-01"),
        Value::from("24:00"),
        Value::from("x".repeat(129)),
        Value::Array(Vec::new()),
        Value::Object(Map::new()),
    ];
    let mut all: Vec<Value> = others.to_vec();
    match value {
        Value::Object(object) => {
            for (name, member) in object {
                let mut less = object.clone();
                less.remove(name);
                all.push(Value::Object(less));
                for mutant in mutants(member) {
                    let mut changed = object.clone();
                    changed.insert(name.clone(), mutant);
                    all.push(Value::Object(changed));
                }
            }
            let mut more = object.clone();
            more.insert("else".to_owned(), Value::from(true));
            all.push(Value::Object(more));
        }
        Value::Array(list) => {
            for (place, item) in list.iter().enumerate() {
                for mutant in mutants(item) {
                    let mut changed = list.clone();
                    changed[place] = mutant;
                    all.push(Value::Array(changed));
                }
            }
        }
        _ => {}
    }
    all
}

#[test]
fn the_schema_takes_the_shipped_book_and_one_that_says_everything() {
    let schema: Value = serde_json::from_str(PriceBook::SCHEMA).unwrap();
    let shipped: Value = serde_json::from_str(include_str!("../../prices/2021-01.json")).unwrap();
    for book in [shipped, full_book()] {
        assert!(fits(&schema, &book, &schema), "{book}");
        PriceBook::parse(&book.to_string()).unwrap();
    }
}

#[test]
fn the_schema_and_the_reader_refuse_the_same_books() {
    let schema: Value = serde_json::from_str(PriceBook::SCHEMA).unwrap();
    let mutants = mutants(&full_book());
    assert!(mutants.len() > 400, "{}", mutants.len());
    for mutant in mutants {
        let text = mutant.to_string();
        let read = PriceBook::parse(&text);
        let fits = fits(&schema, &mutant, &schema);
        match read.map_err(|error| error.code()) {
            Ok(_) => assert!(
                fits || text.contains("null"),
                "only the reader takes {text}"
            ),
            // What no schema says: dates that follow each other and are of the calendar, and names of one item alone.
            Err("billing.book_periods" | "billing.book_name") => {}
            Err("billing.book") if text.contains("2026-13-01") => {}
            Err(code) => assert!(!fits, "{code}: only the schema takes {text}"),
        }
    }
}
