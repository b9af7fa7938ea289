//! Days, months and leap years of Seoul, to the millisecond.

use happytalk_billing::{EntryKind, Terms};
use happytalk_core::Timestamp;
use proptest::prelude::*;

use crate::till::Till;

const DAY: i64 = 86_400_000;

/// Midnight in Seoul of a date, by the count of days since 1970 and nine hours: no calendar of the crate's.
fn midnight(year: i64, month: i64, day: i64) -> i64 {
    let leaps = |year: i64| year / 4 - year / 100 + year / 400;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    let of_year = before[usize::try_from(month - 1).unwrap()] + i64::from(is_leap && month > 2);
    let days = 365 * (year - 1970) + leaps(year - 1) - leaps(1969) + of_year + day - 1;
    days * DAY - 9 * 3_600_000
}

fn next(year: i64, month: i64) -> (i64, i64) {
    if month == 12 {
        (year + 1, 1)
    } else {
        (year, month + 1)
    }
}

fn book(till: &mut Till, at: i64, fields: &str) {
    let line = format!(
        r#"{{"at":{at},"key":"k-{at}-{}","type":{fields}}}"#,
        fields.len()
    );
    till.account.command(&line).unwrap();
}

fn fees(till: &Till) -> Vec<(i64, String)> {
    let entries = till.account.ledger().entries();
    let fees = entries.filter(|entry| entry.kind == EntryKind::AccountFee);
    fees.map(|fee| (fee.at.as_millis(), fee.key.to_string()))
        .collect()
}

proptest! {
    #[test]
    fn a_fee_is_booked_at_the_first_instant_of_a_month_in_seoul_and_not_a_millisecond_before(
        year in 1989..2100_i64, month in 1..=12_i64, months in 1..15_i64, steps in 1..4_i64,
    ) {
        let mut till = Till::new("", Terms::OnInvoice);
        let first = midnight(year, month, 1);
        book(&mut till, first, r#""plan_set","plan":"pro","accounts":1"#);
        let (mut y, mut m) = (year, month);
        let mut expected = Vec::new();
        for _ in 0..months {
            (y, m) = next(y, m);
            let begins = midnight(y, m, 1);
            if steps > 1 {
                till.account.advance(Timestamp::from_millis(begins - 1)).unwrap();
                prop_assert_eq!(fees(&till).len(), expected.len() + 1);
            }
            expected.push((begins, format!("account_fee/{y:04}-{m:02}")));
            if steps > 2 {
                till.account.advance(Timestamp::from_millis(begins)).unwrap();
                prop_assert_eq!(fees(&till).len(), expected.len() + 1);
            }
        }
        // After downtime everything that was missed is booked, each at its own instant and once.
        let last = midnight(y, m, 1);
        for at in [last, last - DAY, last + 5] {
            till.account.advance(Timestamp::from_millis(at)).unwrap();
        }
        prop_assert_eq!(&fees(&till)[1..], &expected[..]);
    }

    #[test]
    fn the_parts_of_a_month_are_the_days_that_are_left_29_in_a_leap_february(
        year in 1989..2100_i64, month in 1..=12_i64, part in 0..31_i64, late in 0..DAY,
    ) {
        let (first, after) = (midnight(year, month, 1), next(year, month));
        let days = (midnight(after.0, after.1, 1) - first) / DAY;
        let day = part % days;
        let mut till = Till::new("", Terms::OnInvoice);
        book(&mut till, first + day * DAY + late, r#""plan_set","plan":"pro","accounts":1"#);
        let fee = -till.account.ledger().entries().next().unwrap().amount.as_millis() / 1_000;
        prop_assert_eq!(fee, 85_000 * (days - day) / days);
    }

    #[test]
    fn a_customers_day_ends_at_the_boundary_in_seoul(
        year in 1989..2100_i64, month in 1..=12_i64, day in 1..=28_i64, hour in 0..24_i64, minute in 0..60_i64,
    ) {
        let mut till = Till::new("", Terms::OnInvoice);
        let start = midnight(year, month, day);
        let settings = format!(r#""settings","boundary":"{hour:02}:{minute:02}""#);
        book(&mut till, start - 2 * DAY, &settings);
        let boundary = start + hour * 3_600_000 + minute * 60_000;
        let instants = [boundary - DAY, boundary - 1, boundary, boundary + DAY - 1, boundary + DAY];
        let opened = r#""opened","channel":"kakao_consult","account":"s","customer":"K","opened_by":"customer","bot":false"#;
        let mut seq = 0;
        let mut line = |at: i64, fields: &str| {
            seq += 1;
            let text = format!(r#"{{"conversation":"c","seq":{seq},"at":{at},"type":{fields}}}"#);
            till.account.observe(&happytalk_core::Line::parse(&text).unwrap()).unwrap();
            till.account.ledger().entries().len()
        };
        line(instants[0], opened);
        let ask = r#""profile_requested","fields":[],"holds_queue":false"#;
        let counts: Vec<usize> = instants.iter().map(|at| line(*at, ask)).collect();
        prop_assert_eq!(counts, [1, 1, 2, 2, 3]);
    }
}

#[test]
fn a_leap_day_is_a_day_and_1900_and_2100_have_none() {
    for (year, leap) in [(2024, true), (2000, true), (2100, false), (2023, false)] {
        let march = midnight(year, 3, 1);
        let days = (march - midnight(year, 2, 1)) / DAY;
        assert_eq!(days, if leap { 29 } else { 28 }, "{year}");
        let mut till = Till::new("", Terms::OnInvoice);
        book(
            &mut till,
            march - DAY,
            r#""plan_set","plan":"pro","accounts":1"#,
        );
        let fee = till.account.ledger().entries().next().unwrap().amount;
        assert_eq!(fee.as_millis(), -85_000 / days * 1_000, "{year}");
    }
}

#[test]
fn a_month_of_the_summer_time_of_1988_begins_an_hour_earlier() {
    let mut till = Till::new("", Terms::OnInvoice);
    let june: Timestamp = "1988-05-31T14:00:00Z".parse().unwrap();
    let november: Timestamp = "1988-10-31T15:00:00Z".parse().unwrap();
    let may = midnight(1988, 5, 1);
    book(&mut till, may, r#""plan_set","plan":"pro","accounts":1"#);
    till.account.advance(november).unwrap();
    let fees = fees(&till);
    assert_eq!(fees.len(), 7);
    let june = (june.as_millis(), "account_fee/1988-06".to_owned());
    let november = (november.as_millis(), "account_fee/1988-11".to_owned());
    assert_eq!((&fees[1], &fees[6]), (&june, &november));
}
