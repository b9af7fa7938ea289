//! Laws of money: exact, checked, rounded where it says so.

use happytalk_core::{Rounding, Won};
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::{prop_assert, prop_assert_eq, prop_assume, proptest};

fn amounts() -> impl Strategy<Value = Won> {
    prop_oneof![
        any::<i64>(),
        -10_000_000_i64..10_000_000,
        (i64::MAX - 2_000)..=i64::MAX,
        i64::MIN..(i64::MIN + 2_000),
    ]
    .prop_map(Won::from_millis)
}

proptest! {
    #[test]
    fn what_is_added_can_be_taken_away_again(a in amounts(), b in amounts()) {
        if let Some(sum) = a.checked_add(b) {
            prop_assert_eq!(sum.checked_sub(b), Some(a));
            prop_assert_eq!(sum.checked_sub(a), Some(b));
            prop_assert_eq!(b.checked_add(a), Some(sum));
        }
        if let Some(difference) = a.checked_sub(b) {
            prop_assert_eq!(difference.checked_add(b), Some(a));
        }
    }

    #[test]
    fn a_sum_that_does_not_fit_is_none_and_never_wraps(a in amounts(), b in amounts(), count in any::<i64>()) {
        let (x, y) = (i128::from(a.as_millis()), i128::from(b.as_millis()));
        let fits = |millis: i128| i64::try_from(millis).ok().map(Won::from_millis);
        prop_assert_eq!(a.checked_add(b), fits(x + y));
        prop_assert_eq!(a.checked_sub(b), fits(x - y));
        prop_assert_eq!(a.checked_mul(count), fits(x * i128::from(count)));
        prop_assert_eq!(a.checked_neg(), fits(-x));
        prop_assert_eq!(Won::from_won(count), fits(i128::from(count) * 1_000));
    }

    #[test]
    fn many_times_an_amount_is_its_sum(millis in -1_000_000_i64..1_000_000, count in 0_i64..50) {
        let one = Won::from_millis(millis);
        let mut sum = Won::ZERO;
        for _ in 0..count {
            sum = sum.checked_add(one).unwrap();
        }
        prop_assert_eq!(one.checked_mul(count), Some(sum));
    }

    #[test]
    fn shares_of_a_fee_are_never_more_than_the_fee(
        millis in 0_i64..=i64::MAX,
        whole in 1_u32..=u32::MAX,
        cut in any::<u32>(),
    ) {
        let (fee, cut) = (Won::from_millis(millis), cut % whole);
        let first = fee.share(cut, whole, Rounding::Floor).unwrap();
        let second = fee.share(whole - cut, whole, Rounding::Floor).unwrap();
        let sum = first.checked_add(second).unwrap();
        prop_assert!(sum <= fee);
        prop_assert!(first >= Won::ZERO && second >= Won::ZERO);
        // Each cut loses less than a won.
        prop_assert!(fee.checked_sub(sum).unwrap() < Won::from_millis(2_000));
        prop_assert!(first.as_millis() % 1_000 == 0 && second.as_millis() % 1_000 == 0);
    }

    #[test]
    fn a_share_is_what_integers_say(a in amounts(), part in any::<u32>(), whole in 1_u32..=u32::MAX) {
        let exact = i128::from(a.as_millis()) * i128::from(part);
        let unit = i128::from(whole) * 1_000;
        if let Some(floor) = a.share(part, whole, Rounding::Floor) {
            let won = i128::from(floor.as_millis() / 1_000);
            prop_assert!(won * unit <= exact && exact < (won + 1) * unit);
        }
        if let Some(half_up) = a.share(part, whole, Rounding::HalfUp) {
            let off = (exact - i128::from(half_up.as_millis() / 1_000) * unit).abs() * 2;
            prop_assert!(off <= unit);
        }
        prop_assert_eq!(a.share(part, 0, Rounding::Floor), None);
    }

    #[test]
    fn whole_won_are_within_a_won_of_the_amount(a in amounts()) {
        let millis = i128::from(a.as_millis());
        let floor = i128::from(a.to_won(Rounding::Floor)) * 1_000;
        prop_assert!(floor <= millis && millis < floor + 1_000);
        let near = i128::from(a.to_won(Rounding::HalfUp)) * 1_000;
        prop_assert!((millis - near).abs() <= 500);
        // A half goes away from zero, so the sign does not matter.
        if let Some(opposite) = a.checked_neg() {
            prop_assert_eq!(opposite.to_won(Rounding::HalfUp), -a.to_won(Rounding::HalfUp));
        }
    }

    #[test]
    fn an_amount_is_printed_with_a_comma_every_three_digits_and_nothing_lost(a in amounts()) {
        let text = a.to_string();
        let (whole, part) = text.split_once('.').unwrap_or((&text, ""));
        let groups: Vec<&str> = whole.trim_start_matches('-').split(',').collect();
        prop_assert!((1..=3).contains(&groups[0].len()));
        prop_assert!(groups[1..].iter().all(|group| group.len() == 3));
        prop_assert!(part.len() <= 3 && !part.ends_with('0'));
        let digits: String = whole.chars().filter(|c| *c != ',').collect();
        let read: i128 = format!("{digits}{part:0<3}").parse().unwrap();
        prop_assert_eq!(read, i128::from(a.as_millis()));
    }

    #[test]
    fn an_amount_is_stored_as_its_thousandths(a in amounts()) {
        let json = serde_json::to_string(&a).unwrap();
        prop_assert_eq!(&json, &a.as_millis().to_string());
        prop_assert_eq!(serde_json::from_str::<Won>(&json).unwrap(), a);
    }

    #[test]
    fn more_thousandths_are_more_money(a in amounts(), b in amounts()) {
        prop_assume!(a != b);
        prop_assert_eq!(a < b, a.as_millis() < b.as_millis());
        prop_assert!(a.to_won(Rounding::Floor) <= b.to_won(Rounding::Floor) || a > b);
    }
}

#[test]
fn money_with_a_fraction_of_a_thousandth_is_no_money() {
    for json in ["1.5", "\"1\"", "9223372036854775808", "null"] {
        assert!(serde_json::from_str::<Won>(json).is_err(), "{json}");
    }
}
