//! DOMAIN 12.8: parameters, their names and limits.

use std::collections::BTreeMap;

use happytalk_core::Timestamp;
use happytalk_core::event::Category;
use happytalk_core::inbound::Private;
use happytalk_core::parameters::{Flaw, Latest, ParameterRules, Taken};
use proptest::collection::vec;
use proptest::prelude::{Strategy, prop_oneof};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq, proptest};

fn lenient(name: &str, value: &str) -> Taken {
    ParameterRules::new().take([(name, value)]).unwrap()
}

#[test]
fn rule_12_8_each_name_has_its_limit() {
    let limits = [
        ("site_uid", 255),
        ("cus_extra_username", 100),
        ("cus_extra_phone", 100),
        ("cus_extra_email", 100),
        ("user_parameter", 200),
        ("parameter1", 20),
        ("parameter10", 20),
        ("order_number", 100),
        ("product_number", 100),
        ("parcel_number", 40),
        ("title", 100),
        ("uuid", 20),
        ("extra", 50),
        ("our_own", 1_000),
    ];
    for (name, chars_max) in limits {
        let (full, over) = ("가".repeat(chars_max), "가".repeat(chars_max + 1));
        let taken = lenient(name, &full);
        assert_eq!(taken.parameters[name].as_str(), full, "{name}");
        assert!(taken.flags.is_empty(), "{name}");
        let taken = lenient(name, &over);
        assert_eq!(taken.parameters[name].as_str(), full, "{name}");
        assert_eq!(taken.flags[0].name, name);
        assert_eq!(taken.flags[0].flaw, Flaw::Cut { chars_max });
        let refused = ParameterRules::strict().take([(name, over)]).unwrap_err();
        assert_eq!(
            (refused.code(), refused.name()),
            ("parameter.too_long", Some(name))
        );
        let told = format!("{refused} {refused:?}");
        assert!(told.contains(name) && !told.contains('가'), "{told}");
    }
}

#[test]
fn rule_12_8_a_value_is_cut_between_graphemes() {
    let han = "\u{1112}\u{1161}\u{11ab}";
    let taken = lenient("parameter1", &han.repeat(7));
    assert_eq!(taken.parameters["parameter1"].as_str(), han.repeat(6));
    let long = format!("e{}", "\u{301}".repeat(30));
    let taken = lenient("parameter1", &long);
    assert_eq!(taken.parameters["parameter1"].as_str().chars().count(), 20);
}

#[test]
fn rule_12_8_what_cannot_be_cut_into_shape_is_left_out_and_flagged() {
    for (name, value, flaw, code) in [
        (
            "uuid",
            "abcd",
            Flaw::TooShort { chars_min: 5 },
            "parameter.too_short",
        ),
        ("bot", "yes", Flaw::NotAWord, "parameter.not_a_word"),
        ("bot", "maybe so", Flaw::NotAWord, "parameter.not_a_word"),
        ("phone_os", "X", Flaw::NotAWord, "parameter.not_a_word"),
        ("", "v", Flaw::BadName, "parameter.bad_name"),
        ("a\nb", "v", Flaw::BadName, "parameter.bad_name"),
        (&"n".repeat(65), "v", Flaw::BadName, "parameter.bad_name"),
    ] {
        let taken = lenient(name, value);
        assert!(taken.parameters.is_empty(), "{name}");
        assert_eq!(taken.flags[0].flaw, flaw);
        let refused = ParameterRules::strict().take([(name, value)]).unwrap_err();
        assert_eq!(refused.code(), code);
    }
    let spaces = format!("{}x", " ".repeat(30));
    assert!(lenient("parameter1", &spaces).parameters.is_empty());
    assert!(lenient("bot", "auto").flags.is_empty());
    let many = (0..65).map(|n| (format!("p{n}"), "v"));
    let taken = ParameterRules::new().take(many.clone()).unwrap();
    assert_eq!((taken.parameters.len(), taken.flags.len()), (64, 1));
    let refused = ParameterRules::strict().take(many).unwrap_err();
    assert_eq!(refused.code(), "parameter.too_many");
}

#[test]
fn rule_12_8_the_newest_value_wins() {
    let given = [
        ("order_number", "1"),
        ("order_number", "2"),
        ("order_number", " "),
    ];
    let taken = ParameterRules::new().take(given).unwrap();
    assert_eq!(taken.parameters["order_number"].as_str(), "2");
    let one = |value: &str| BTreeMap::from([("a".to_owned(), Private::from(value))]);
    let mut latest = Latest::new();
    for (value, at) in [("second", 20), ("first", 10), ("third", 20), ("zeroth", 5)] {
        latest.learn(&one(value), Timestamp::from_millis(at));
    }
    assert_eq!(latest.get("a").unwrap().as_str(), "third");
    assert_eq!(latest.values(), one("third"));
    latest.forget("a");
    assert!(latest.get("a").is_none());
}

#[test]
fn rule_12_8_a_link_or_a_parameter_says_the_category() {
    let mut rules = ParameterRules::new();
    let mut bound = Category::new("주문".parse().unwrap());
    bound.sub = Some("취소".parse().unwrap());
    let by_value = BTreeMap::from([("shop_top".to_owned(), bound.clone())]);
    rules.categories.insert("from".to_owned(), by_value);
    let of = |given: &[(&str, &str)]| {
        let taken = rules.take(given.iter().copied()).unwrap();
        rules.category(&taken.parameters)
    };
    let both = of(&[
        ("category", "배송"),
        ("division", "교환"),
        ("from", "shop_top"),
    ])
    .unwrap();
    assert_eq!(both.main.as_str(), "배송");
    assert_eq!(both.sub.unwrap().as_str(), "교환");
    assert_eq!(of(&[("category_id", "17")]).unwrap().main.as_str(), "17");
    assert_eq!(of(&[("from", "shop_top")]), Some(bound));
    assert_eq!(of(&[("from", "elsewhere"), ("division_id", "3")]), None);
}

#[test]
fn rules_are_a_document() {
    let json = r#"{"strict":true,"chars_max":{"extra":1000}}"#;
    let rules: ParameterRules = serde_json::from_str(json).unwrap();
    assert!(rules.take([("extra", "x".repeat(1000))]).is_ok());
    assert!(rules.take([("extra", "x".repeat(1001))]).is_err());
    assert!(serde_json::from_str::<ParameterRules>(r#"{"stricht":true}"#).is_err());
}

fn names() -> impl Strategy<Value = String> {
    let known = select(vec![
        "parameter1",
        "uuid",
        "bot",
        "extra",
        "title",
        "category",
    ]);
    prop_oneof![known.prop_map(str::to_owned), ".{0,9}"]
}

proptest! {
    #[test]
    fn what_was_taken_is_taken_again_without_a_flag(given in vec((names(), "[ a-zé가\u{300}]{0,60}"), 0..12)) {
        let rules = ParameterRules::new();
        let taken = rules.take(given).unwrap();
        let pairs = taken.parameters.iter().map(|(name, value)| (name.clone(), value.as_str().to_owned()));
        let again = rules.take(pairs.clone()).unwrap();
        prop_assert!(again.flags.is_empty());
        prop_assert_eq!(&again.parameters, &taken.parameters);
        prop_assert!(ParameterRules::strict().take(pairs).is_ok());
    }
}
