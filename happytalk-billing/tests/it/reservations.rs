//! Cash set aside for messages: reserved, posted, released.

use happytalk_billing::{EntryKind, Error, LedgerAccount, LotKind};

use crate::scene::{kst, won};
use crate::till::Till;

const NINE: &str = "2024-05-13 09:00:00";

fn sent(id: &str, kind: &str) -> String {
    format!(r#""message_sent","id":"{id}","kind":"{kind}","reservation":"r""#)
}

#[test]
fn a_reservation_is_spent_message_by_message_and_the_rest_is_free_again() {
    let mut till = Till::prepaid();
    till.top_up(NINE, 100);
    till.book(NINE, r#""reserved","id":"r","amount_won":30"#)
        .unwrap();
    assert_eq!(till.account.balance(), won(70));
    assert_eq!(till.account.ledger().reserved(), won(30));
    till.book(NINE, &sent("1", "sms")).unwrap();
    till.book(NINE, &sent("2", "alimtalk")).unwrap();
    assert_eq!(till.account.balance(), won(70));
    assert_eq!(till.account.ledger().reserved(), won(12));
    till.book(NINE, r#""released","id":"r""#).unwrap();
    assert_eq!(till.account.balance(), won(82));
    let row = |kind, amount: &str| (kind, amount.to_owned());
    assert_eq!(
        till.rows(2),
        [
            row(EntryKind::Reserve, "-30"),
            row(EntryKind::Release, "10"),
            row(EntryKind::Message, "-10"),
            row(EntryKind::Release, "8"),
            row(EntryKind::Message, "-8"),
            row(EntryKind::Release, "12"),
        ]
    );
    let ledger = till.account.ledger();
    assert_eq!(ledger.sum_of(LedgerAccount::Reserved), 0);
    assert_eq!(ledger.sum_of(LedgerAccount::Messages), 18_000);
}

#[test]
fn what_is_reserved_cannot_be_spent_elsewhere_nor_paid_out() {
    let mut till = Till::prepaid();
    till.top_up(NINE, 100);
    till.book(NINE, r#""reserved","id":"r","amount_won":95"#)
        .unwrap();
    let other = r#""message_sent","id":"x","kind":"sms""#;
    assert_eq!(till.book(NINE, other), Err(Error::InsufficientCash));
    assert_eq!(
        till.book(NINE, r#""refunded","amount_won":6"#),
        Err(Error::NotRefundable)
    );
    assert_eq!(
        till.book(NINE, r#""reserved","id":"s","amount_won":6"#),
        Err(Error::InsufficientCash)
    );
}

#[test]
fn a_bulk_send_can_spend_no_more_than_its_reservation() {
    let mut till = Till::prepaid();
    till.top_up(NINE, 1_000);
    till.book(NINE, r#""reserved","id":"r","amount_won":25"#)
        .unwrap();
    till.book(NINE, &sent("1", "sms")).unwrap();
    till.book(NINE, &sent("2", "sms")).unwrap();
    let third = till.book(NINE, &sent("3", "sms")).unwrap_err();
    assert_eq!(third, Error::InsufficientCash);
    assert!(third.wants_cash());
    assert_eq!(till.account.ledger().reserved(), won(5));
}

#[test]
fn a_failed_alimtalk_goes_back_into_the_reservation_its_sms_is_paid_from() {
    let mut till = Till::prepaid();
    till.top_up(NINE, 10);
    till.book(NINE, r#""reserved","id":"r","amount_won":10"#)
        .unwrap();
    till.book(NINE, &sent("m", "alimtalk")).unwrap();
    till.book(NINE, r#""message_failed","id":"m""#).unwrap();
    assert_eq!(till.account.balance(), won(0));
    assert_eq!(till.account.ledger().reserved(), won(10));
    till.book(NINE, &sent("m", "sms")).unwrap();
    till.book(NINE, r#""released","id":"r""#).unwrap();
    assert_eq!(till.account.balance(), won(0));
    assert_eq!(
        till.account.ledger().sum_of(LedgerAccount::Messages),
        10_000
    );
    // Failed as well: the reservation is over, so it is cash again.
    till.book(NINE, r#""message_failed","id":"m""#).unwrap();
    assert_eq!(till.account.balance(), won(10));
}

#[test]
fn a_reservation_nobody_released_is_released_after_72_hours_or_when_it_says() {
    let mut till = Till::prepaid();
    till.top_up(NINE, 100);
    let until = kst("2024-05-13 10:00:00").as_millis();
    let short = format!(r#""reserved","id":"s","amount_won":20,"expires_at":{until}"#);
    till.book(NINE, &short).unwrap();
    till.book(NINE, r#""reserved","id":"r","amount_won":30"#)
        .unwrap();
    till.account
        .advance(kst("2024-05-13 09:59:59.999"))
        .unwrap();
    assert_eq!(till.account.balance(), won(50));
    till.account.advance(kst("2024-05-13 10:00:00")).unwrap();
    assert_eq!(till.account.balance(), won(70));
    let late = kst("2024-05-16 09:00:00");
    assert_eq!(till.account.next_deadline(), Some(late));
    till.account.advance(late).unwrap();
    assert_eq!(till.account.balance(), won(100));
    let gone = till.book("2024-05-16 09:00:00", &sent("1", "sms"));
    assert_eq!(gone, Err(Error::UnknownReservation));
    // To release it again is no error: it was to be released.
    till.book("2024-05-16 09:00:00", r#""released","id":"r""#)
        .unwrap();
    assert_eq!(till.account.balance(), won(100));
}

#[test]
fn free_cash_that_was_reserved_goes_back_to_its_lot_and_expires_with_it() {
    let mut till = Till::prepaid();
    let until = kst("2024-05-14 00:00:00").as_millis();
    let grant = format!(r#""granted","amount_won":20,"expires_at":{until}"#);
    till.book(NINE, &grant).unwrap();
    till.top_up(NINE, 100);
    till.book(NINE, r#""reserved","id":"r","amount_won":50"#)
        .unwrap();
    till.account.advance(kst("2024-05-15 00:00:00")).unwrap();
    // 20 of the grant and 30 paid were set aside; a message is paid from the grant even now.
    till.book("2024-05-15 00:00:00", &sent("1", "sms")).unwrap();
    till.book("2024-05-15 00:00:00", r#""released","id":"r""#)
        .unwrap();
    assert_eq!(till.account.balance(), won(100));
    assert_eq!(till.account.ledger().balance_of(LotKind::Paid), won(100));
    assert_eq!(
        till.rows(6),
        [
            (EntryKind::Release, "40".to_owned()),
            (EntryKind::Expire, "-10".to_owned()),
        ]
    );
}

#[test]
fn a_reservation_has_a_name_of_its_own_for_ever() {
    let mut till = Till::prepaid();
    till.top_up(NINE, 100);
    let reserved = r#""reserved","id":"r","amount_won":10"#;
    till.book(NINE, reserved).unwrap();
    assert_eq!(till.book(NINE, reserved), Err(Error::ReservationRepeated));
    till.book(NINE, r#""released","id":"r""#).unwrap();
    assert_eq!(till.book(NINE, reserved), Err(Error::ReservationRepeated));
    let never = till.book(NINE, r#""released","id":"x""#);
    assert_eq!(never, Err(Error::UnknownReservation));
    let past = kst("2024-05-13 08:00:00").as_millis();
    let past = format!(r#""reserved","id":"p","amount_won":1,"expires_at":{past}"#);
    assert_eq!(till.book(NINE, &past), Err(Error::Expired));
}
