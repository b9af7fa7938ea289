//! Alerts, suspension, automatic top-up and refunds.

use happytalk_billing::{EntryKind, LedgerAccount, LotKind, Notice, Standing, Terms};

use crate::scene::{kst, won};
use crate::till::Till;

fn send(till: &mut Till, at: &str, id: u32) {
    let fields = format!(r#""message_sent","id":"m-{id}","kind":"sms""#);
    till.book(at, &fields).unwrap();
}

fn low(till: &mut Till) -> Vec<u8> {
    let notices = till.account.take_notices().into_iter();
    notices
        .filter_map(|notice| match notice {
            Notice::LowBalance { percent, .. } => Some(percent),
            _ => None,
        })
        .collect()
}

#[test]
fn a_low_balance_is_told_once_at_30_and_10_per_cent_of_last_months_use_and_at_zero() {
    let mut till = Till::prepaid();
    till.top_up("2024-04-01 00:00:00", 100);
    // April's use is 100, told at zero: there was no month before.
    for id in 0..10 {
        send(&mut till, "2024-04-10 00:00:00", id);
    }
    assert_eq!(low(&mut till), [0]);
    till.top_up("2024-05-01 00:00:00", 50);
    let mut told = Vec::new();
    for id in 10..15 {
        send(&mut till, "2024-05-10 00:00:00", id);
        told.push((till.account.balance(), low(&mut till)));
    }
    assert_eq!(
        told,
        [
            (won(40), vec![]),
            (won(30), vec![30]),
            (won(20), vec![]),
            (won(10), vec![10]),
            (won(0), vec![0]),
        ]
    );
    // Above a level, and down again: another crossing.
    till.book("2024-05-11 00:00:00", r#""message_failed","id":"m-14""#)
        .unwrap();
    assert_eq!(low(&mut till), [0; 0]);
    send(&mut till, "2024-05-12 00:00:00", 15);
    assert_eq!(low(&mut till), [0]);
    till.top_up("2024-05-13 00:00:00", 31);
    assert_eq!(low(&mut till), [0; 0]);
    send(&mut till, "2024-05-13 00:00:00", 16);
    assert_eq!(low(&mut till), [30]);
}

#[test]
fn a_notice_has_a_key_of_its_own_and_a_replay_brings_the_same() {
    let play = || {
        let mut till = Till::prepaid();
        till.top_up("2024-04-01 00:00:00", 20);
        send(&mut till, "2024-04-01 00:00:00", 1);
        send(&mut till, "2024-04-01 00:00:00", 2);
        till.account.take_notices()
    };
    let notices = play();
    assert_eq!(notices[0].key(), "low_balance/0/3");
    assert_eq!(notices[0].at(), kst("2024-04-01 00:00:00"));
    assert_eq!(play(), notices);
}

#[test]
fn grace_suspension_and_resumption_are_told_when_they_come() {
    let mut till = Till::prepaid();
    till.top_up("2024-06-01 00:00:00", 50_000);
    let set = r#""plan_set","plan":"pro","accounts":1,"add_ons":["상담콜"]"#;
    till.book("2024-06-01 00:00:00", set).unwrap();
    let until = kst("2024-06-08 00:00:00");
    let at = kst("2024-06-01 00:00:00");
    let grace = till.account.take_notices();
    assert!(
        matches!(&grace[..], [Notice::Grace { at: since, amount, until: end, .. }]
            if *since == at && *amount == won(124_000) && *end == until),
        "{grace:?}"
    );
    assert_eq!(till.account.next_deadline(), Some(until));
    till.account
        .advance(kst("2024-06-07 23:59:59.999"))
        .unwrap();
    assert_eq!(till.account.take_notices(), []);
    till.account.advance(kst("2024-06-09 00:00:00")).unwrap();
    let told = till.account.take_notices();
    assert!(matches!(&told[..], [Notice::Suspended { at, .. }] if *at == until));
    // The older fee alone is covered: the younger one's grace is over too.
    till.top_up("2024-06-10 00:00:00", 40_000);
    assert_eq!(till.account.standing(), Standing::Suspended);
    assert_eq!(till.account.balance(), won(5_000));
    assert_eq!(till.account.take_notices(), []);
    till.top_up("2024-06-11 00:00:00", 40_000);
    assert_eq!(till.account.standing(), Standing::Active);
    let told = till.account.take_notices();
    assert!(matches!(&told[..], [Notice::Resumed { .. }]), "{told:?}");
}

#[test]
fn a_book_may_give_less_grace_and_more_credit() {
    let book = r#"{"name":"b","periods":[{"day_case_mwon":100000,"plans":{"pro":{"fee_mwon":1000}},
        "rules":{"grace_days":2,"credit_day_cases":1}}]}"#;
    let mut till = Till::new(book, Terms::Prepaid);
    till.book(
        "2024-06-01 00:00:00",
        r#""plan_set","plan":"pro","accounts":1"#,
    )
    .unwrap();
    let until = kst("2024-06-03 00:00:00");
    assert_eq!(till.account.standing(), Standing::Grace { until });
    assert_eq!(till.account.ledger().credit_limit(until), won(100));
}

#[test]
fn a_fee_that_is_not_covered_asks_for_the_automatic_top_up() {
    let mut till = Till::prepaid();
    till.book(
        "2024-06-01 00:00:00",
        r#""settings","auto_top_up":{"threshold_won":1000,"amount_won":200000}"#,
    )
    .unwrap();
    till.top_up("2024-06-01 00:00:00", 50_000);
    till.book(
        "2024-06-01 00:00:00",
        r#""plan_set","plan":"pro","accounts":1"#,
    )
    .unwrap();
    let wanted = till.account.take_top_up_request().unwrap();
    assert_eq!(wanted.amount, won(200_000));
    // The card was refused: it is switched off.
    till.book("2024-06-01 00:01:00", r#""settings","auto_top_up":null"#)
        .unwrap();
    till.account.advance(kst("2024-07-02 00:00:00")).unwrap();
    assert_eq!(till.account.take_top_up_request(), None);
}

#[test]
fn case_11_8_a_payout_costs_10_per_cent_and_an_untouched_top_up_of_7_days_nothing() {
    let refund = |spent: bool, at: &str| {
        let mut till = Till::prepaid();
        till.top_up("2024-05-01 09:00:00", 100_000);
        if spent {
            send(&mut till, "2024-05-01 10:00:00", 1);
        }
        let left = till.account.ledger().balance_of(LotKind::Paid);
        let won = left.as_millis() / 1_000;
        till.book(at, &format!(r#""refunded","amount_won":{won}"#))
            .unwrap();
        assert!(till.account.ledger().is_balanced());
        assert_eq!(till.account.balance(), won_of(0));
        let entry = till.account.ledger().entries().last().unwrap();
        assert_eq!(entry.kind, EntryKind::Refund);
        let fees = till.account.ledger().sum_of(LedgerAccount::RefundFees);
        assert_eq!(i128::from(entry.fee.as_millis()), fees);
        (entry.fee, entry.vat)
    };
    assert_eq!(
        refund(false, "2024-05-08 23:59:59.999"),
        (won_of(0), won_of(-10_000))
    );
    assert_eq!(
        refund(false, "2024-05-09 00:00:00"),
        (won_of(10_000), won_of(-9_000))
    );
    assert_eq!(
        refund(true, "2024-05-01 11:00:00"),
        (won_of(9_999), won_of(-8_999))
    );
}

#[test]
fn case_11_8_an_untouched_top_up_may_go_back_in_parts() {
    let mut till = Till::prepaid();
    till.top_up("2024-05-01 09:00:00", 100_000);
    for part in [30_000, 70_000] {
        let back = format!(r#""refunded","amount_won":{part}"#);
        till.book("2024-05-02 09:00:00", &back).unwrap();
        let entry = till.account.ledger().entries().last().unwrap();
        assert_eq!((entry.fee, entry.vat), (won(0), won(-part / 10)));
    }
}

fn won_of(amount: i64) -> happytalk_core::Won {
    won(amount)
}

#[test]
fn where_prices_have_their_vat_inside_so_has_the_balance() {
    let book = r#"{"name":"b","periods":[{"day_case_mwon":110000,"plans":{},"messages":{"sms":{"price_mwon":11000}},
        "rules":{"prices":"included"}}]}"#;
    let mut till = Till::new(book, Terms::Prepaid);
    let at = "2024-05-01 09:00:00";
    till.book(at, r#""top_up","amount_won":110000,"vat":"included""#)
        .unwrap();
    assert_eq!(till.account.balance(), won(110_000));
    till.book(at, r#""top_up","amount_won":100000,"vat":"excluded""#)
        .unwrap();
    assert_eq!(till.account.balance(), won(220_000));
    send(&mut till, at, 1);
    assert_eq!(till.account.balance(), won(219_989));
    assert_eq!(till.account.ledger().sum_of(LedgerAccount::Vat), 0);
}

#[test]
fn nothing_is_low_where_everything_is_invoiced() {
    let mut till = Till::new("", Terms::OnInvoice);
    send(&mut till, "2024-05-01 09:00:00", 1);
    assert_eq!(till.account.take_notices(), []);
    assert_eq!(till.account.now(), kst("2024-05-01 09:00:00"));
    assert_eq!(till.account.next_deadline(), None);
}

#[test]
fn an_upgrade_credits_what_was_charged_and_not_what_it_costs_by_now() {
    let book = r#"{"name":"b","periods":[
        {"until":"2024-06-10","day_case_mwon":1,"plans":{"starter":{"fee_mwon":30000000},"pro":{"fee_mwon":60000000}}},
        {"from":"2024-06-10","day_case_mwon":1,"plans":{"starter":{"fee_mwon":45000000},"pro":{"fee_mwon":90000000}}}]}"#;
    let charged = |first: &str| {
        let mut till = Till::new(book, Terms::OnInvoice);
        let plan = |name: &str| format!(r#""plan_set","plan":"{name}","accounts":1"#);
        till.book(first, &plan("starter")).unwrap();
        till.book("2024-06-16 00:00:00", &plan("pro")).unwrap();
        let entries = till.account.ledger().entries();
        entries
            .map(|entry| entry.amount.as_millis() / 1_000)
            .collect::<Vec<_>>()
    };
    // 15 of 30 days are left of a month that was charged on its 1st.
    assert_eq!(charged("2024-06-01 00:00:00"), [-30_000, 15_000, -45_000]);
    // And of one that was charged when the prices had changed.
    assert_eq!(charged("2024-06-11 00:00:00"), [-30_000, 22_500, -45_000]);
}
