//! The published schemas of a price book and of a line of the site file, and the readers: what one takes, the other does.

use happytalk_billing::{Error, PriceBook, SiteLine};
use jsonschema::Validator;
use serde_json::{Map, Value};

fn validator(schema: &str) -> Validator {
    jsonschema::draft202012::new(&serde_json::from_str(schema).unwrap()).unwrap()
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
        Value::from("x".repeat(161)),
        Value::from("a\u{7}"),
        Value::from("a\u{85}b"),
        Value::from(0),
        Value::from(100_001),
        Value::from(i64::MIN),
        Value::from(u64::MAX),
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
    let schema = validator(PriceBook::SCHEMA);
    let shipped: Value = serde_json::from_str(include_str!("../../prices/2021-01.json")).unwrap();
    for book in [shipped, full_book()] {
        assert!(schema.is_valid(&book), "{book}");
        PriceBook::parse(&book.to_string()).unwrap();
    }
}

/// Whether the schema and the reader are of one mind, but for what no schema says.
fn agree(schema: &Validator, value: &Value, read: Result<(), Error>, unsaid: &[&str]) {
    let fits = schema.is_valid(value);
    let code = read.err().map(|error| error.code());
    match code {
        None => assert!(fits, "only the reader takes {value}"),
        Some(code) if unsaid.contains(&code) => {}
        Some(code) => assert!(!fits, "{code}: only the schema takes {value}"),
    }
}

#[test]
fn the_schema_and_the_reader_refuse_the_same_books() {
    let schema = validator(PriceBook::SCHEMA);
    let mutants = mutants(&full_book());
    assert!(mutants.len() > 400, "{}", mutants.len());
    for mutant in mutants {
        let text = mutant.to_string();
        // Dates that are of no calendar are no pattern's business.
        if text.contains("2026-13-01") {
            continue;
        }
        let read = PriceBook::parse(&text).map(|_| ());
        // What no schema says: dates that follow each other, and names of one item alone.
        let unsaid = ["billing.book_periods", "billing.book_name"];
        agree(&schema, &mutant, read, &unsaid);
    }
}

#[test]
fn the_schema_and_the_reader_refuse_the_same_site_lines() {
    let lines = [
        r#"{"type":"top_up","at":1715558400000,"key":"k","amount_won":110000,"vat":"included"}"#,
        r#"{"type":"granted","at":1,"key":"k","amount_won":10,"expires_at":5}"#,
        r#"{"type":"plan_set","at":1,"key":"k","plan":"pro","accounts":10,"trial_until":9,"add_ons":["상담콜"]}"#,
        r#"{"type":"message_sent","at":1,"key":"k","id":"m","kind":"sms","reservation":"r"}"#,
        r#"{"type":"message_failed","at":1,"key":"k","id":"m"}"#,
        r#"{"type":"reserved","at":1,"key":"k","id":"r","amount_won":10,"expires_at":5}"#,
        r#"{"type":"released","at":1,"key":"k","id":"r"}"#,
        r#"{"type":"refunded","at":1,"key":"k","amount_won":10}"#,
        r#"{"type":"adjusted","at":1,"key":"k","amount_won":-10,"reason":"double"}"#,
        r#"{"type":"settings","at":1,"key":"k","day_case":"per_session","boundary":"04:00","credit_limit_won":0,
            "auto_top_up":{"threshold_won":50000,"amount_won":100000}}"#,
    ];
    let schema = validator(SiteLine::SCHEMA);
    let mut seen = 0;
    for line in lines {
        let line: Value = serde_json::from_str(line).unwrap();
        assert!(schema.is_valid(&line), "{line}");
        SiteLine::parse(&line.to_string()).unwrap();
        for mutant in mutants(&line) {
            seen += 1;
            let read = SiteLine::parse(&mutant.to_string()).map(|_| ());
            // What no schema says: one member of two numbers exceeds the other.
            agree(&schema, &mutant, read, &["billing.auto_top_up"]);
        }
    }
    assert!(seen > 900, "{seen}");
}
