//! The hash chain, and what stands under a key.

use happytalk_billing::{
    Account, Command, Digest, Entry, EntryKind, Error, Ledger, LedgerEvent, PriceBook, SiteLine,
    Terms, verify,
};
use happytalk_core::time::Zone;
use happytalk_core::{Timestamp, Won};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::scene::{Scene, won};
use crate::till::Till;

fn scene() -> Scene {
    let mut scene = Scene::new();
    scene
        .site(
            "2024-05-13 09:00:00",
            r#""top_up","amount_won":1000,"vat":"excluded""#,
        )
        .site(
            "2024-05-13 09:01:00",
            r#""message_sent","id":"1","kind":"sms""#,
        )
        .opens("c-1", "K1", "2024-05-13 10:00:00")
        .answers("c-1", "m-1", "2024-05-13 10:01:00")
        .site("2024-05-13 11:00:00", r#""message_failed","id":"1""#);
    scene
}

#[test]
fn a_replay_has_the_same_hash_and_another_history_another() {
    let head = scene().bill().head();
    assert_ne!(head, Digest::GENESIS);
    assert_eq!(scene().bill().head(), head);
    assert_eq!(scene().live(Terms::Prepaid).ledger().head(), head);
    let mut other = scene();
    other.site(
        "2024-05-13 12:00:00",
        r#""adjusted","amount_won":1,"reason":"r""#,
    );
    assert_ne!(other.bill().head(), head);
}

#[test]
fn an_entry_that_was_changed_taken_out_or_put_elsewhere_is_found() {
    let entries = scene().bill().entries;
    assert_eq!(verify(&entries), Ok(entries[3].hash));
    assert_eq!(verify([] as [Entry; 0]), Ok(Digest::GENESIS));
    let mut amount = entries.clone();
    amount[1].amount = won(-9);
    assert_eq!(verify(&amount), Err(Error::Chain { entry: 2 }));
    let mut at = entries.clone();
    at[2].at = at[1].at;
    assert_eq!(verify(&at), Err(Error::Chain { entry: 3 }));
    let mut conversation = entries.clone();
    conversation[2].place = None;
    assert_eq!(verify(&conversation), Err(Error::Chain { entry: 3 }));
    let mut shorter = entries.clone();
    shorter.remove(0);
    assert_eq!(verify(&shorter), Err(Error::Chain { entry: 1 }));
    let mut turned = entries.clone();
    turned.swap(1, 2);
    assert_eq!(verify(&turned), Err(Error::Chain { entry: 2 }));
    let mut vat = entries;
    vat[0].vat = Won::ZERO;
    assert_eq!(verify(&vat), Err(Error::Chain { entry: 1 }));
}

#[test]
fn the_chain_is_the_same_once_a_customer_is_erased() {
    let head = |customer: &str| {
        let mut scene = Scene::new();
        scene
            .opens_on("kakao_consult", "c-1", customer, "2024-05-13 10:00:00")
            .answers("c-1", "m-1", "2024-05-13 10:01:00");
        scene.bill().head()
    };
    assert_eq!(head(r#""K1""#), head(r#"{"erased":true}"#));
}

#[test]
fn a_key_tells_which_entries_it_led_to() {
    let mut till = Till::prepaid();
    till.book(
        "2024-06-01 00:00:00",
        r#""plan_set","plan":"pro","accounts":1"#,
    )
    .unwrap();
    till.top_up("2024-06-02 00:00:00", 100_000);
    let booked = |key: &str| {
        let key = key.parse().unwrap();
        let entries = till.account.ledger().booked_under(&key)?;
        Some(entries.map(|entry| entry.kind).collect::<Vec<_>>())
    };
    assert_eq!(booked("k-1"), Some(vec![]));
    assert_eq!(
        booked("k-2"),
        Some(vec![EntryKind::TopUp, EntryKind::AccountFee])
    );
    assert_eq!(booked("k-3"), None);
}

#[test]
fn a_ledger_whose_sides_differ_books_nothing_more() {
    use happytalk_billing::{Command, Ledger, LedgerEvent, PriceBook, SiteLine};
    use happytalk_core::time::Zone;
    let mut ledger = Ledger::new(PriceBook::shipped(), Zone::default(), Terms::Prepaid);
    let mut entry = scene().bill().entries.remove(0);
    // The lots say something else than the amount.
    entry.amount = won(5);
    ledger.apply(&LedgerEvent::Booked(entry));
    assert!(!ledger.is_balanced());
    let line = r#"{"type":"granted","at":1,"key":"k","amount_won":1}"#;
    let line = SiteLine::parse(line).unwrap();
    let refused = ledger.decide(&Command::Site(line.clone()), line.at);
    assert_eq!(refused, Err(Error::Unbalanced));
}

#[test]
fn a_command_far_behind_the_last_entry_is_refused_and_one_a_little_behind_is_booked_with_it() {
    let mut ledger = Ledger::new(PriceBook::shipped(), Zone::default(), Terms::Prepaid);
    let command = |key: &str| {
        let line = format!(r#"{{"type":"granted","at":0,"key":"{key}","amount_won":1}}"#);
        Command::Site(SiteLine::parse(&line).unwrap())
    };
    let at = |seconds: i64| Timestamp::from_millis(seconds * 1_000);
    for event in ledger.decide(&command("a"), at(1_000)).unwrap() {
        ledger.apply(&event);
    }
    let late = ledger.decide(&command("b"), at(399)).unwrap_err();
    assert_eq!(late, Error::OutOfOrder { behind_ms: 601_000 });
    for event in ledger.decide(&command("b"), at(400)).unwrap() {
        ledger.apply(&event);
    }
    assert_eq!(ledger.entries().nth(1).unwrap().at, at(1_000));
    assert_eq!(ledger.decide(&command("b"), at(2_000)), Ok(vec![]));
}

proptest! {
    #[test]
    fn any_facts_in_any_order_are_taken_and_what_does_not_add_up_stops_the_ledger(
        order in vec((0..40_usize, any::<i64>(), 0..6_u8), 1..60),
    ) {
        let mut facts = Vec::new();
        let mut account = Account::new(PriceBook::shipped(), Zone::default());
        let mut ledger = Ledger::new(PriceBook::shipped(), Zone::default(), Terms::Prepaid);
        for (place, fields) in [
            r#""top_up","amount_won":100000,"vat":"excluded""#,
            r#""granted","amount_won":70,"expires_at":1715700000000"#,
            r#""plan_set","plan":"starter","accounts":1"#,
            r#""message_sent","id":"1","kind":"sms""#,
            r#""reserved","id":"r","amount_won":50"#,
            r#""message_sent","id":"2","kind":"sms","reservation":"r""#,
            r#""message_failed","id":"1""#,
            r#""message_failed","id":"2""#,
            r#""released","id":"r""#,
            r#""plan_set","plan":"pro","accounts":5"#,
            r#""settings","auto_top_up":{"threshold_won":1,"amount_won":2}"#,
            r#""adjusted","amount_won":-90000,"reason":"r""#,
        ].into_iter().enumerate() {
            let line = format!(r#"{{"at":1715558400000,"key":"k-{place}","type":{fields}}}"#);
            let line = SiteLine::parse(&line).unwrap();
            let now = line.at;
            for fact in ledger.decide(&Command::Site(line.clone()), now).unwrap() {
                ledger.apply(&fact);
                facts.push(fact);
            }
            account.book(&line).unwrap();
        }
        prop_assert!(ledger.is_balanced());
        prop_assert_eq!(account.ledger(), &ledger);
        let mut other = Ledger::new(PriceBook::shipped(), Zone::default(), Terms::Prepaid);
        for (place, number, change) in order {
            let mut fact = facts[place % facts.len()].clone();
            if let LedgerEvent::Booked(entry) = &mut fact {
                match change {
                    0 => entry.amount = Won::from_millis(number),
                    1 => entry.id = number.unsigned_abs(),
                    2 => entry.at = Timestamp::from_millis(number),
                    3 => entry.gives_back = Some(number.unsigned_abs()),
                    4 => entry.price_book = "another".into(),
                    _ => {}
                }
            }
            other.apply(&fact);
            if let LedgerEvent::Booked(entry) = fact {
                prop_assert_eq!(other.entries().last(), Some(entry));
            }
        }
        let now = Timestamp::from_millis(1_800_000_000_000);
        let top_up = r#"{"type":"top_up","at":1,"key":"z","amount_won":1,"vat":"excluded"}"#;
        let decided = other.decide(&Command::Site(SiteLine::parse(top_up).unwrap()), now);
        if !other.is_balanced() {
            prop_assert_eq!(decided, Err(Error::Unbalanced));
        }
        let _ = other.decide(&Command::FallDue, now);
    }
}

#[test]
fn entries_are_read_from_either_end_and_by_their_number() {
    let mut till = Till::new("", Terms::Prepaid);
    for _ in 0..600 {
        till.top_up("2024-06-02 00:00:00", 1);
    }
    let entries = till.account.ledger().entries();
    assert_eq!(entries.len(), 600);
    let ids: Vec<u64> = entries.clone().map(|entry| entry.id).collect();
    assert_eq!(ids, (1..=600).collect::<Vec<_>>());
    let mut turned = entries.clone().rev();
    assert!(
        ids.iter()
            .rev()
            .copied()
            .eq(turned.by_ref().map(|entry| entry.id))
    );
    assert_eq!(turned.next(), None);
    let id = |entry: Option<Entry>| entry.map(|entry| entry.id);
    assert_eq!(id(entries.clone().nth(299)), Some(300));
    assert_eq!(id(entries.clone().nth_back(299)), Some(301));
    assert_eq!(id(entries.clone().last()), Some(600));
    assert_eq!(id(entries.clone().nth(600)), None);
    assert_eq!(entries.skip(598).count(), 2);
}
