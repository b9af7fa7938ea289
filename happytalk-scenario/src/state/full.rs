//! A state in which every part is there, for tests.

use std::collections::BTreeMap;

use happytalk_core::Value;
use happytalk_core::id::NodeId;

use super::{Confirm, FormStep, Frame, Guess, Inner, Offered, Phase, Seen, Wait};

pub(super) fn full() -> Inner {
    let node = |id: &str| id.parse::<NodeId>().unwrap();
    let slots = BTreeMap::from([
        ("a".to_owned(), Value::Int(-7)),
        (
            "b".to_owned(),
            Value::List(vec![Value::Null, Value::Bool(true)]),
        ),
        (
            "c".to_owned(),
            Value::Object(BTreeMap::from([("d".to_owned(), Value::from("값"))])),
        ),
        ("e".to_owned(), Value::Int(i64::MIN)),
    ]);
    Inner {
        scenario: "inner".parse().unwrap(),
        version: u32::MAX,
        phase: Phase::Call,
        at: Some(node("call")),
        at_place: Guess::default(),
        contract: Some(0xFFFF_0001),
        trail: vec![node("a"), node("b")],
        slots: slots.clone(),
        tries: 1,
        steps: 300,
        seen: Seen::of(&[1, (1 << 48) - 1], |id| Some(*id)).unwrap(),
        wait: Some(Wait {
            id: "c-1".to_owned(),
            attempt: 2,
            key: "k".to_owned(),
            told: true,
            accepted: false,
        }),
        confirm: Some(Confirm::Which(vec![
            Offered::Button("ex".to_owned()),
            Offered::Command("home".to_owned()),
        ])),
        form: Some(FormStep::Fix(3)),
        below: vec![Frame {
            scenario: "outer".parse().unwrap(),
            version: 2,
            at: node("sub"),
            trail: vec![node("x")],
            slots,
        }],
        consents: vec!["profile".to_owned()],
        turn: u64::MAX,
        effects: 5,
        goal: true,
        outcome: Some("끝".to_owned()),
    }
}
