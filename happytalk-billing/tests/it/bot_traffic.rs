//! Bot traffic above the plan.

use happytalk_billing::{EntryKind, Terms};

use crate::scene::{kst, won};
use crate::till::Till;

const BOOK: &str = r#"{"name":"b","periods":[{"day_case_mwon":100000,
    "plans":{"free":{"fee_mwon":0},"pro":{"fee_mwon":0,"bot_dau_included":2,"bot_over_mwon":180000}}}]}"#;

fn till(plan: &str) -> Till {
    let mut till = Till::new(BOOK, Terms::OnInvoice);
    let fields = format!(r#""plan_set","plan":"{plan}","accounts":1"#);
    till.book("2024-05-01 00:00:00", &fields).unwrap();
    till
}

fn visit(till: &mut Till, room: &str, channel: &str, customer: &str, at: &str) {
    let opened = format!(
        r#""opened","channel":"{channel}","account":"a","customer":"{customer}","opened_by":"customer","bot":true"#
    );
    till.says(room, at, &opened);
    let entered = r#""bot_entered","scenario":"s","version":1,"node":"main","depth":1"#;
    till.says(room, at, entered);
    till.says(room, at, r#""bot_said","message":{"id":"1","content":[]}"#);
}

fn charged(till: &Till) -> usize {
    let entries = till.account.ledger().entries();
    entries
        .filter(|entry| entry.kind == EntryKind::BotOver)
        .count()
}

#[test]
fn each_customer_day_beyond_the_plan_is_charged_once() {
    let mut till = till("pro");
    for (number, (customer, day)) in [
        ("A", "2024-05-13"),
        ("B", "2024-05-13"),
        ("A", "2024-05-13"),
        ("C", "2024-05-13"),
        ("C", "2024-05-13"),
        ("A", "2024-05-14"),
    ]
    .into_iter()
    .enumerate()
    {
        let room = format!("c-{number}");
        visit(
            &mut till,
            &room,
            "webchat",
            customer,
            &format!("{day} 10:0{number}:00"),
        );
    }
    // A and B are included; C on the 13th and A on the 14th are not.
    assert_eq!(charged(&till), 2);
    assert_eq!(till.account.balance(), won(-360));
    let last = till.account.ledger().entries().last().unwrap();
    assert_eq!(last.channel().unwrap().as_str(), "webchat");
    assert!(last.key.as_str().ends_with("/2024-05-14"));
    assert!(!last.key.as_str().contains("/A/"));
}

#[test]
fn what_is_included_is_counted_anew_on_the_first_in_seoul() {
    let mut till = till("pro");
    for (number, at) in [
        "2024-05-31 23:59:59.997",
        "2024-05-31 23:59:59.998",
        "2024-05-31 23:59:59.999",
        "2024-06-01 00:00:00",
        "2024-06-01 00:00:00.001",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("u-{number}");
        visit(&mut till, &name, "webchat", &name, at);
    }
    assert_eq!(charged(&till), 1);
    let june = happytalk_core::time::Zone::default().date(kst("2024-06-01 00:00:00"));
    assert_eq!(till.account.ledger().bot_days(june), 2);
}

#[test]
fn on_consult_talk_the_day_case_is_charged_beside_it() {
    let mut till = till("pro");
    for name in ["A", "B", "C"] {
        visit(
            &mut till,
            name,
            "kakao_consult",
            name,
            "2024-05-13 10:00:00",
        );
    }
    assert_eq!(till.account.balance(), won(-300 - 180));
}

#[test]
fn a_plan_without_a_price_and_a_trial_cost_nothing() {
    let mut free = till("free");
    for name in ["A", "B", "C"] {
        visit(&mut free, name, "webchat", name, "2024-05-13 10:00:00");
    }
    assert_eq!(charged(&free), 0);
    let mut trial = Till::new(BOOK, Terms::OnInvoice);
    let until = kst("2024-05-15 00:00:00").as_millis();
    let fields = format!(r#""plan_set","plan":"pro","accounts":1,"trial_until":{until}"#);
    trial.book("2024-05-01 00:00:00", &fields).unwrap();
    for name in ["A", "B", "C"] {
        visit(&mut trial, name, "webchat", name, "2024-05-13 10:00:00");
    }
    assert_eq!(charged(&trial), 0);
    visit(&mut trial, "D", "webchat", "D", "2024-05-15 00:00:00");
    assert_eq!(charged(&trial), 1);
}
