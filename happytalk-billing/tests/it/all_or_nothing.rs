//! A line that is refused leaves the account as the passing of time alone does, and what is announced is announced once.

use happytalk_billing::{Account, EntryKind, Error, Notice, PriceBook, SiteLine, Standing, Terms};
use happytalk_core::time::Zone;
use happytalk_core::{Line, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::scene::{kst, won};
use crate::till::Till;

const START: i64 = 1_715_526_000_000; // 2024-05-13 00:00 in Seoul.
const DAY: i64 = 86_400_000;

/// Bot traffic and day-cases cost until September, plans always: lines are refused half-way where nothing is held back.
const BOOK: &str = r#"{"name":"b","periods":[
    {"until":"2024-07-15","day_case_mwon":100000,"plans":{"free":{"fee_mwon":0},"pro":{"fee_mwon":85000000,"bot_over_mwon":180000}},
     "messages":{"sms":{"price_mwon":10000}},"rules":{"grace_days":0}},
    {"from":"2024-07-15","until":"2024-09-01","day_case_mwon":100000,"plans":{"free":{"fee_mwon":0}}}]}"#;

#[derive(Debug, Clone)]
enum Given {
    Site(String),
    Open(u8),
    Bot(u8, u8),
    Agent(u8, u8),
    Failed(u8, u8),
    End(u8),
}

fn given() -> impl Strategy<Value = Given> {
    let site = prop_oneof![
        (1..200_000_i64).prop_map(|won| format!(r#""top_up","amount_won":{won},"vat":"excluded""#)),
        (1..500_i64, -2..40_i64).prop_map(|(won, days)| {
            let until = START + days * DAY;
            format!(r#""granted","amount_won":{won},"expires_at":{until}"#)
        }),
        prop::sample::select(vec!["free", "pro", "gold"])
            .prop_map(|plan| format!(r#""plan_set","plan":"{plan}","accounts":1"#)),
        (0..6_u8, 0..4_u8).prop_map(|(id, reservation)| format!(
            r#""message_sent","id":"{id}","kind":"sms","reservation":"{reservation}""#
        )),
        (0..6_u8).prop_map(|id| format!(r#""message_sent","id":"{id}","kind":"sms""#)),
        (0..6_u8).prop_map(|id| format!(r#""message_failed","id":"{id}""#)),
        (0..4_u8, 1..90_i64)
            .prop_map(|(id, won)| format!(r#""reserved","id":"{id}","amount_won":{won}"#)),
        (0..4_u8).prop_map(|id| format!(r#""released","id":"{id}""#)),
        (1..90_000_i64).prop_map(|won| format!(r#""refunded","amount_won":{won}"#)),
        Just(r#""adjusted","amount_won":-999999999999,"reason":"r""#.to_owned()),
    ];
    prop_oneof![
        6 => site.prop_map(Given::Site),
        2 => (0..4_u8).prop_map(Given::Open),
        2 => (0..6_u8, 0..4_u8).prop_map(|(room, id)| Given::Bot(room, id)),
        2 => (0..6_u8, 0..4_u8).prop_map(|(room, id)| Given::Agent(room, id)),
        1 => (0..6_u8, 0..4_u8).prop_map(|(room, id)| Given::Failed(room, id)),
        1 => (0..6_u8).prop_map(Given::End),
    ]
}

/// Gives one to the account; the sequence number is the place in the play, which only grows.
fn give(account: &mut Account, given: &Given, place: usize, key: u8, at: i64) -> Result<(), Error> {
    let said = |kind: &str, id: u8| {
        format!(r#""{kind}","agent":"kim","message":{{"id":"m-{id}","content":[]}}"#)
    };
    let (room, fields) = match given {
        Given::Site(fields) => {
            let line = format!(r#"{{"at":{at},"key":"k-{key}","type":{fields}}}"#);
            return account.book(&SiteLine::parse(&line).unwrap());
        }
        Given::Open(room) => {
            let opened = format!(
                r#""opened","channel":"kakao_consult","account":"s","customer":"K{}","opened_by":"customer","bot":true"#,
                room % 2
            );
            (room, opened)
        }
        Given::Bot(room, id) => (room, said("bot_said", *id)),
        Given::Agent(room, id) => (room, said("agent_said", *id)),
        Given::Failed(room, id) => {
            let failed = format!(r#""message_failed","message":"m-{id}","code":"x""#);
            (room, failed)
        }
        Given::End(room) => (
            room,
            r#""ended","by":"agent","after_work":false"#.to_owned(),
        ),
    };
    let seq = place + 1;
    let text = format!(r#"{{"conversation":"c-{room}","seq":{seq},"at":{at},"type":{fields}}}"#);
    account.observe(&Line::parse(&text).unwrap())
}

proptest! {
    #[test]
    fn what_is_refused_leaves_the_account_as_time_alone_does(
        acts in vec((given(), 0..4_i64, 0..60_u8), 1..80), invoice in any::<bool>(),
    ) {
        let terms = if invoice { Terms::OnInvoice } else { Terms::Prepaid };
        let mut account = Account::on_terms(PriceBook::parse(BOOK).unwrap(), Zone::default(), terms);
        let mut at = START;
        for (place, (given, half_days, key)) in acts.iter().enumerate() {
            at += half_days * DAY / 2;
            let mut waited = account.clone();
            let stood = waited.advance(Timestamp::from_millis(at));
            let result = give(&mut account, given, place, *key, at);
            // A key that is known is answered before the time is looked at.
            let _ = account.advance(Timestamp::from_millis(at));
            if stood.is_err() || result.is_err() {
                prop_assert_eq!(&account, &waited, "{:?} {:?}", given, result);
            }
            prop_assert_eq!(account.fault(), stood.as_ref().err());
            prop_assert!(account.next_deadline().is_none_or(|next| next > account.now()));
        }
    }

    #[test]
    fn however_often_a_host_starts_again_it_hears_of_everything_once(
        acts in vec((given(), 0..30_i64, 0..60_u8), 1..60), stops in vec(0..60_usize, 0..4),
    ) {
        let new = || Account::new(PriceBook::shipped(), Zone::default());
        let told = |account: &mut Account, told: &mut Vec<String>| {
            told.extend(account.take_notices().iter().map(Notice::key));
            told.extend(account.take_top_up_request().map(|wanted| wanted.key.to_string()));
        };
        let on = Given::Site(r#""settings","auto_top_up":{"threshold_won":9,"amount_won":10}"#.to_owned());
        let mut acts = acts;
        acts.insert(0, (on, 0, 200));
        let play = |stops: &[usize]| {
            let (mut account, mut heard, mut at) = (new(), Vec::new(), START);
            for (place, (given, half_days, key)) in acts.iter().enumerate() {
                at += half_days * DAY / 2;
                let _ = give(&mut account, given, place, *key, at);
                told(&mut account, &mut heard);
                if stops.contains(&place) {
                    let before = account.announced();
                    let mut again = new();
                    let mut at = START;
                    for (place, (given, half_days, key)) in acts.iter().enumerate().take(place + 1) {
                        at += half_days * DAY / 2;
                        let _ = give(&mut again, given, place, *key, at);
                    }
                    again.forget_announced(before);
                    account = again;
                }
            }
            told(&mut account, &mut heard);
            heard
        };
        let heard = play(&[]);
        prop_assert_eq!(&play(&stops), &heard);
        let mut once = heard.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(once.len(), heard.len());
    }
}

#[test]
fn a_month_without_a_price_stands_still_says_why_and_asks_nobody_again() {
    let book = r#"{"name":"b","periods":[{"until":"2024-07-01","day_case_mwon":100000,"plans":{"pro":{"fee_mwon":1000}}}]}"#;
    let mut till = Till::new(book, Terms::OnInvoice);
    let set = r#""plan_set","plan":"pro","accounts":1"#;
    till.book("2024-06-01 00:00:00", set).unwrap();
    let july = kst("2024-07-01 00:00:00");
    assert_eq!(till.account.next_deadline(), Some(july));
    assert_eq!(till.account.fault(), None);
    assert_eq!(till.account.advance(july), Err(Error::NoPrices));
    assert_eq!(till.account.fault(), Some(&Error::NoPrices));
    assert_eq!(till.account.next_deadline(), None);
    let before = till.account.clone();
    let granted = r#""granted","amount_won":1"#;
    assert_eq!(
        till.book("2024-07-02 00:00:00", granted),
        Err(Error::NoPrices)
    );
    assert_eq!(till.account, before);
}

#[test]
fn the_bots_day_and_the_days_case_of_one_line_are_booked_both_or_neither() {
    // The plan is free of bot traffic in the second period: its name is not in the book.
    let book = r#"{"name":"b","periods":[{"until":"2024-06-10","day_case_mwon":100000,"plans":{"pro":{"fee_mwon":0,"bot_over_mwon":1000}}},
        {"from":"2024-06-10","day_case_mwon":100000,"plans":{"free":{"fee_mwon":0}}}]}"#;
    let mut till = Till::new(book, Terms::OnInvoice);
    let set = r#""plan_set","plan":"pro","accounts":1"#;
    till.book("2024-06-01 00:00:00", set).unwrap();
    let opened = r#""opened","channel":"kakao_consult","account":"s","customer":"K","opened_by":"customer","bot":true"#;
    till.says("c", "2024-06-09 23:00:00", opened);
    let said = r#""bot_said","message":{"id":"1","content":[]}"#;
    till.says("c", "2024-06-09 23:00:01", said);
    assert_eq!(
        till.rows(1),
        [
            (EntryKind::BotOver, "-1".to_owned()),
            (EntryKind::DayCase, "-100".to_owned())
        ]
    );
    let at = kst("2024-06-10 00:00:00").as_millis();
    let late = format!(r#"{{"conversation":"c","seq":3,"at":{at},"type":{said}}}"#);
    let late = Line::parse(&late).unwrap();
    let refused = till.account.observe(&late);
    assert_eq!(refused, Err(Error::NotInBook { list: "plans" }));
    assert_eq!(till.account.ledger().entries().len(), 2);
}

#[test]
fn cash_that_comes_back_after_its_end_pays_no_fee() {
    let mut till = Till::prepaid();
    let until = kst("2024-06-30 00:00:00").as_millis();
    let grant = format!(r#""granted","amount_won":40000,"expires_at":{until}"#);
    till.book("2024-06-29 00:00:00", &grant).unwrap();
    till.top_up("2024-06-29 00:00:00", 1_000);
    let end = kst("2024-07-02 00:00:00").as_millis();
    let reserve = format!(r#""reserved","id":"r","amount_won":40000,"expires_at":{end}"#);
    till.book("2024-06-29 00:00:00", &reserve).unwrap();
    let set = r#""plan_set","plan":"starter","accounts":1"#;
    till.book("2024-06-29 00:00:00", set).unwrap();
    // 2,333 for two days of June, and July's 35,000: neither is covered.
    till.account.advance(kst("2024-07-02 00:00:00")).unwrap();
    assert_eq!(till.account.balance(), won(1_000));
    assert_eq!(
        till.rows(4),
        [
            (EntryKind::Release, "40,000".to_owned()),
            (EntryKind::Expire, "-40,000".to_owned()),
        ]
    );
    assert!(matches!(till.account.standing(), Standing::Grace { .. }));
}
