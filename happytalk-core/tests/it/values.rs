//! Values of a scenario: plain JSON without fractions.

use happytalk_core::Value;
use proptest::prelude::{Just, Strategy, any, prop_oneof};
use proptest::{collection, prop_assert_eq, proptest};

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<String>().prop_map(Value::Text),
    ];
    leaf.prop_recursive(4, 32, 6, |inner| {
        prop_oneof![
            collection::vec(inner.clone(), 0..6).prop_map(Value::List),
            collection::btree_map(any::<String>(), inner, 0..6).prop_map(Value::Object),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_that_is_written_is_read_back(value in values()) {
        let json = serde_json::to_string(&value).unwrap();
        prop_assert_eq!(serde_json::from_str::<Value>(&json).unwrap(), value);
    }
}

#[test]
fn a_number_that_is_not_whole_or_does_not_fit_is_refused() {
    for json in [
        "1.5",
        "1e3",
        "9223372036854775808",
        "[0, 0.0]",
        "{\"a\":1.0}",
    ] {
        let error = happytalk_core::json::from_str::<Value>(json).expect_err(json);
        assert_eq!(
            error.reason(),
            "expected a value without fractions",
            "{json}"
        );
    }
    assert_eq!(
        serde_json::from_str::<Value>("-9223372036854775808").unwrap(),
        Value::Int(i64::MIN)
    );
}
