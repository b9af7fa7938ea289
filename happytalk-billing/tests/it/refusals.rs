//! What is refused, and that a refusal leaves nothing behind.

use happytalk_billing::{Account, Error, PriceBook, SiteLine, Terms};
use happytalk_core::Line;
use happytalk_core::time::Zone;

use crate::scene::{Scene, kst, won};
use crate::till::Till;

fn account() -> Account {
    Account::new(PriceBook::shipped(), Zone::default())
}

fn code(account: &mut Account, fields: &str) -> &'static str {
    let before = account.statement();
    let error = account.command(&format!("{{{fields}}}")).unwrap_err();
    assert_eq!(account.statement(), before);
    error.code()
}

#[test]
fn a_key_is_booked_once_and_means_one_thing() {
    let mut account = account();
    let top_up = r#"{"type":"top_up","at":1,"key":"t","amount_won":100,"vat":"excluded"}"#;
    account.command(top_up).unwrap();
    account.command(top_up).unwrap();
    // A retry may come later.
    account
        .command(&top_up.replace(r#""at":1"#, r#""at":9"#))
        .unwrap();
    assert_eq!(account.balance(), won(100));
    let other = r#""type":"top_up","at":1,"key":"t","amount_won":101,"vat":"excluded""#;
    assert_eq!(code(&mut account, other), "billing.conflict");
    let kind = r#""type":"granted","at":1,"key":"t","amount_won":100"#;
    assert_eq!(code(&mut account, kind), "billing.conflict");
}

#[test]
fn a_refused_key_may_be_used_again() {
    let mut account = account();
    let sent = r#"{"type":"message_sent","at":1,"key":"m","id":"m","kind":"sms"}"#;
    assert_eq!(account.command(sent), Err(Error::InsufficientCash));
    account
        .command(r#"{"type":"top_up","at":1,"key":"t","amount_won":100,"vat":"excluded"}"#)
        .unwrap();
    account.command(sent).unwrap();
    assert_eq!(account.balance(), won(90));
}

#[test]
fn what_the_book_does_not_name_is_refused() {
    let mut account = account();
    for fields in [
        r#""type":"message_sent","at":1,"key":"k","id":"m","kind":"lms""#,
        r#""type":"plan_set","at":1,"key":"k","plan":"gold","accounts":1"#,
        r#""type":"plan_set","at":1,"key":"k","plan":"pro","accounts":1,"add_ons":["fax"]"#,
    ] {
        assert_eq!(code(&mut account, fields), "billing.not_in_book");
    }
    let many = r#""type":"plan_set","at":1,"key":"k","plan":"pro","accounts":100001"#;
    assert_eq!(code(&mut account, many), "billing.accounts");
}

#[test]
fn a_message_is_charged_once_and_given_back_once() {
    let mut account = account();
    let mut book = |fields: &str| account.command(&format!("{{{fields}}}"));
    book(r#""type":"top_up","at":1,"key":"t","amount_won":100,"vat":"excluded""#).unwrap();
    book(r#""type":"message_sent","at":1,"key":"1","id":"m","kind":"sms""#).unwrap();
    let again = book(r#""type":"message_sent","at":1,"key":"2","id":"m","kind":"sms""#);
    assert_eq!(again, Err(Error::MessageRepeated));
    let never = book(r#""type":"message_failed","at":1,"key":"3","id":"n""#);
    assert_eq!(never, Err(Error::UnknownMessage));
    book(r#""type":"message_failed","at":1,"key":"4","id":"m""#).unwrap();
    book(r#""type":"message_failed","at":1,"key":"5","id":"m""#).unwrap();
    assert_eq!(account.balance(), won(100));
}

#[test]
fn a_command_from_long_ago_is_refused_and_a_slow_one_is_not() {
    let mut account = account();
    let grant =
        |at: i64, key: &str| format!(r#""type":"granted","at":{at},"key":"{key}","amount_won":1"#);
    account
        .command(&format!("{{{}}}", grant(1_000_000, "a")))
        .unwrap();
    account
        .command(&format!("{{{}}}", grant(400_000, "b")))
        .unwrap();
    assert_eq!(
        code(&mut account, &grant(399_999, "c")),
        "billing.out_of_order"
    );
    let at: Vec<_> = account
        .statement()
        .entries
        .iter()
        .map(|entry| entry.at)
        .collect();
    assert_eq!(at[0], at[1]);
}

#[test]
fn a_grant_that_is_over_and_a_trial_after_paying_are_refused() {
    let mut account = account();
    let grant = r#""type":"granted","at":5,"key":"k","amount_won":1,"expires_at":5"#;
    assert_eq!(code(&mut account, grant), "billing.expired");
    account
        .command(r#"{"type":"plan_set","at":5,"key":"p","plan":"pro","accounts":1}"#)
        .unwrap();
    let trial = r#""type":"plan_set","at":5,"key":"q","plan":"pro","accounts":1,"trial_until":9"#;
    assert_eq!(code(&mut account, trial), "billing.trial_too_late");
}

#[test]
fn words_of_a_conversation_nobody_opened_are_refused() {
    let mut account = account();
    let said = r#"{"conversation":"c","seq":4,"at":1,"type":"bot_said","message":{"id":"m","content":[]}}"#;
    let said = Line::parse(said).unwrap();
    assert_eq!(account.observe(&said), Err(Error::NotOpened));
}

#[test]
fn a_bill_goes_on_past_a_message_without_cash_and_says_so() {
    let mut scene = Scene::new();
    scene
        .site(
            "2024-05-13 09:00:00",
            r#""top_up","amount_won":15,"vat":"excluded""#,
        )
        .site(
            "2024-05-13 09:01:00",
            r#""message_sent","id":"1","kind":"sms""#,
        )
        .site(
            "2024-05-13 09:02:00",
            r#""message_sent","id":"2","kind":"sms""#,
        );
    let statement = scene.bill();
    assert_eq!(statement.balance, won(5));
    let refused = &statement.refused[0];
    assert_eq!(
        (refused.key.as_str(), refused.code),
        ("k-3", "billing.insufficient_cash")
    );
    assert!(statement.to_json().ends_with(
        r#""refused":[{"at":1715558520000,"key":"k-3","code":"billing.insufficient_cash"}]}"#
    ));
}

#[test]
fn what_is_told_of_a_message_that_was_never_paid_for_stops_no_bill() {
    let mut scene = Scene::new();
    let at = "2024-05-13 09:00:00";
    scene
        .site(at, r#""top_up","amount_won":5,"vat":"excluded""#)
        .site(at, r#""message_sent","id":"1","kind":"sms""#)
        .site(at, r#""message_failed","id":"1""#)
        .site(at, r#""reserved","id":"r","amount_won":10"#)
        .site(
            at,
            r#""message_sent","id":"2","kind":"sms","reservation":"r""#,
        )
        .site(at, r#""message_failed","id":"2""#)
        .site(at, r#""released","id":"r""#);
    let codes = |statement: &happytalk_billing::Statement| {
        let refused = statement.refused.iter();
        refused.map(|refused| refused.code).collect::<Vec<_>>()
    };
    let statement = scene.bill();
    assert_eq!(statement.balance, won(5));
    assert_eq!(
        codes(&statement),
        [
            "billing.insufficient_cash",
            "billing.unknown_message",
            "billing.insufficient_cash",
            "billing.unknown_reservation",
            "billing.unknown_message",
            "billing.unknown_reservation",
        ]
    );
    // Of one that was never named before, it is a fault of the file.
    scene.site(at, r#""message_failed","id":"3""#);
    let refused = scene.bill_at(None).unwrap_err();
    assert_eq!(refused.code(), "billing.unknown_message");
    assert!(refused.to_string().contains("line=`8`"), "{refused}");
}

#[test]
fn a_site_nothing_was_paid_into_is_on_invoice() {
    let mut scene = Scene::new();
    scene
        .site(
            "2024-06-01 00:00:00",
            r#""plan_set","plan":"pro","accounts":1"#,
        )
        .site(
            "2024-06-02 00:00:00",
            r#""message_sent","id":"1","kind":"sms""#,
        );
    let statement = scene.bill();
    assert_eq!(statement.balance, won(-85_010));
    assert!(statement.refused.is_empty());
    assert!(scene.live(Terms::OnInvoice).may_start());
}

#[test]
fn a_month_the_book_does_not_price_is_an_error_and_not_a_gift() {
    let book = r#"{"name":"b","periods":[{"until":"2024-07-01","day_case_mwon":1,
        "plans":{"pro":{"fee_mwon":1000}}}]}"#;
    let book = PriceBook::parse(book).unwrap();
    let mut account = Account::on_terms(book, Zone::default(), Terms::OnInvoice);
    let at = kst("2024-06-01 00:00:00").as_millis();
    let set = format!(r#"{{"type":"plan_set","at":{at},"key":"p","plan":"pro","accounts":1}}"#);
    account.command(&set).unwrap();
    let late = kst("2024-08-01 00:00:00");
    assert_eq!(account.advance(late), Err(Error::NoPrices));
    assert_eq!(account.statement().entries.len(), 1);
}

#[test]
fn under_one_key_every_body_but_the_same_is_a_conflict() {
    let mut till = Till::prepaid();
    let at = "2024-05-13 09:00:00";
    for fields in [
        r#""top_up","amount_won":1000,"vat":"excluded""#,
        r#""reserved","id":"r","amount_won":100"#,
        r#""message_sent","id":"m-0","kind":"sms""#,
        r#""message_sent","id":"m-1","kind":"alimtalk""#,
    ] {
        till.book(at, fields).unwrap();
    }
    let bodies = [
        r#""message_sent","id":"m-2","kind":"sms""#,
        r#""message_sent","id":"m-3","kind":"sms""#,
        r#""message_sent","id":"m-2","kind":"alimtalk""#,
        r#""message_sent","id":"m-2","kind":"알림톡""#,
        r#""message_sent","id":"m-2","kind":"AlimTalk""#,
        r#""message_sent","id":"m-2","kind":"sms","reservation":"r""#,
        r#""message_failed","id":"m-0""#,
        r#""message_failed","id":"m-1""#,
        r#""reserved","id":"s","amount_won":8"#,
        r#""reserved","id":"s","amount_won":9"#,
        r#""released","id":"r""#,
        r#""refunded","amount_won":8"#,
        r#""refunded","amount_won":9"#,
        r#""adjusted","amount_won":-8,"reason":"m-2""#,
        r#""adjusted","amount_won":-8,"reason":"m-3""#,
        r#""granted","amount_won":8"#,
        r#""granted","amount_won":8,"expires_at":1800000000000"#,
        r#""top_up","amount_won":8,"vat":"excluded""#,
        r#""top_up","amount_won":8,"vat":"included""#,
        r#""plan_set","plan":"free","accounts":1"#,
        r#""plan_set","plan":"free","accounts":2"#,
        r#""settings","credit_limit_won":1"#,
        r#""settings","credit_limit_won":2"#,
    ];
    let line = |fields: &str, later: i64| {
        let at = kst(at).as_millis() + later;
        SiteLine::parse(&format!(r#"{{"at":{at},"key":"one","type":{fields}}}"#)).unwrap()
    };
    for first in bodies {
        let mut booked = till.account.clone();
        booked.book(&line(first, 1)).unwrap();
        for second in bodies {
            let mut account = booked.clone();
            let expected = if first == second {
                Ok(())
            } else {
                Err(Error::Conflict)
            };
            let result = account.book(&line(second, 2));
            assert_eq!(result, expected, "{first}, then {second}");
            assert_eq!(account, booked, "{first}, then {second}");
        }
    }
}

#[test]
fn what_led_to_nothing_is_told_from_what_was_booked_too() {
    let mut till = Till::prepaid();
    let at = "2024-05-13 09:00:00";
    till.top_up(at, 1_000);
    till.book(at, r#""message_sent","id":"m","kind":"sms""#)
        .unwrap();
    till.book(at, r#""message_failed","id":"m""#).unwrap();
    let line = |fields: &str| {
        let at = kst(at).as_millis();
        SiteLine::parse(&format!(r#"{{"at":{at},"key":"again","type":{fields}}}"#)).unwrap()
    };
    // Told once more, under another key: nothing is given back, and that is what stands under the key.
    let failed = line(r#""message_failed","id":"m""#);
    for _ in 0..2 {
        till.account.book(&failed).unwrap();
    }
    let sent = line(r#""message_sent","id":"m","kind":"sms""#);
    assert_eq!(till.account.book(&sent), Err(Error::Conflict));
    assert_eq!(till.rows(1).len(), 3);
}
