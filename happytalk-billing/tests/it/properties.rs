//! What holds for every log and every site file.

use std::collections::BTreeMap;

use happytalk_billing::{Account, EntryKind, Error, PriceBook, SiteLine, Terms, bill};
use happytalk_core::time::Zone;
use happytalk_core::{Line, Timestamp};
use proptest::collection::vec;
use proptest::prelude::*;

const START: i64 = 1_715_526_000_000; // 2024-05-13 00:00 in Seoul.

#[derive(Debug, Clone)]
enum Act {
    Open(u8, u8),
    Say(u8, u8),
    Fail(u8, u8),
    End(u8),
    Reopen(u8),
    Site(u8, String),
}

fn site_fields() -> impl Strategy<Value = String> {
    prop_oneof![
        (1..200_000_i64).prop_map(|won| format!(r#""top_up","amount_won":{won},"vat":"included""#)),
        (1..5_000_i64, 0..90_i64).prop_map(|(won, days)| {
            let until = START + days * 86_400_000;
            format!(r#""granted","amount_won":{won},"expires_at":{until}"#)
        }),
        (
            prop::sample::select(vec!["free", "starter", "pro"]),
            0..4_u8
        )
            .prop_map(|(plan, accounts)| format!(
                r#""plan_set","plan":"{plan}","accounts":{accounts}"#
            )),
        (0..20_u8).prop_map(|id| format!(r#""message_sent","id":"m-{id}","kind":"sms""#)),
        (0..20_u8).prop_map(|id| format!(r#""message_failed","id":"m-{id}""#)),
        (1..50_000_i64).prop_map(|won| format!(r#""refunded","amount_won":{won}"#)),
        (-500..500_i64).prop_map(|won| format!(r#""adjusted","amount_won":{won},"reason":"r""#)),
        prop::sample::select(vec!["per_customer_day", "per_session"])
            .prop_map(|policy| format!(r#""settings","day_case":"{policy}""#)),
    ]
}

fn act() -> impl Strategy<Value = Act> {
    prop_oneof![
        3 => (0..8_u8, 0..4_u8).prop_map(|(room, who)| Act::Open(room, who)),
        8 => (0..8_u8, 0..12_u8).prop_map(|(room, id)| Act::Say(room, id)),
        3 => (0..8_u8, 0..12_u8).prop_map(|(room, id)| Act::Fail(room, id)),
        1 => (0..8_u8).prop_map(Act::End),
        1 => (0..8_u8).prop_map(Act::Reopen),
        8 => (0..60_u8, site_fields()).prop_map(|(key, fields)| Act::Site(key, fields)),
    ]
}

/// Each act some hours after the one before; rooms nobody opened say nothing.
fn play(acts: &[(Act, i64)]) -> (Vec<Line>, Vec<SiteLine>) {
    let (mut log, mut site) = (Vec::new(), Vec::new());
    let mut seqs: BTreeMap<u8, u64> = BTreeMap::new();
    let mut at = START;
    for (act, minutes) in acts {
        at += minutes * 60_000;
        let (room, fields) = match act {
            Act::Open(room, who) => {
                if seqs.contains_key(room) {
                    continue;
                }
                seqs.insert(*room, 0);
                (
                    room,
                    format!(
                        r#""opened","channel":"kakao_consult","account":"s","customer":"K{who}","opened_by":"customer","bot":false"#
                    ),
                )
            }
            Act::Say(room, id) => (
                room,
                format!(r#""agent_said","agent":"kim","message":{{"id":"m-{id}","content":[]}}"#),
            ),
            Act::Fail(room, id) => (
                room,
                format!(r#""message_failed","message":"m-{id}","code":"x""#),
            ),
            Act::End(room) => (
                room,
                r#""ended","by":"agent","after_work":false"#.to_owned(),
            ),
            Act::Reopen(room) => (room, r#""reopened","by":"customer""#.to_owned()),
            Act::Site(key, fields) => {
                let text = format!(r#"{{"at":{at},"key":"k-{key}","type":{fields}}}"#);
                site.extend(SiteLine::parse(&text));
                continue;
            }
        };
        if let Some(seq) = seqs.get_mut(room) {
            *seq += 1;
            let text =
                format!(r#"{{"conversation":"c-{room}","seq":{seq},"at":{at},"type":{fields}}}"#);
            log.push(Line::parse(&text).unwrap());
        }
    }
    (log, site)
}

/// A live account over both files, each line that is taken given `times`; refusals are part of the play.
fn live(log: &[Line], site: &[SiteLine], times: usize) -> Account {
    let mut account = Account::new(PriceBook::shipped(), Zone::default());
    let mut items: Vec<(Timestamp, Result<&Line, &SiteLine>)> = Vec::new();
    items.extend(site.iter().map(|line| (line.at, Err(line))));
    items.extend(log.iter().map(|line| (line.at, Ok(line))));
    items.sort_by_key(|(at, _)| *at);
    for (at, item) in items {
        for _ in 0..times {
            match item {
                Ok(line) => account.observe(line).unwrap(),
                Err(line) => {
                    if let Err(error) = account.book(line) {
                        assert!(!matches!(error, Error::Overflow | Error::OutOfOrder { .. }));
                        break;
                    }
                }
            }
            account.advance(at).unwrap();
        }
        assert!(account.ledger().is_balanced());
    }
    account
}

proptest! {
    #[test]
    fn the_balance_is_the_sum_of_the_entries_and_both_sides_are_zero(
        acts in vec((act(), 0..2_000_i64), 0..120)
    ) {
        let (log, site) = play(&acts);
        let account = live(&log, &site, 1);
        let statement = account.statement();
        let mut sum = 0;
        let mut last = Timestamp::MIN;
        for (index, entry) in statement.entries.iter().enumerate() {
            sum += entry.amount.as_millis();
            prop_assert_eq!(entry.balance.as_millis(), sum);
            prop_assert_eq!(usize::try_from(entry.id).unwrap(), index + 1);
            prop_assert!(entry.at >= last);
            last = entry.at;
            prop_assert_eq!(entry.postings().iter().map(|(_, amount)| amount).sum::<i128>(), 0);
            let moved: i64 = entry.moves.iter().map(|part| part.amount.as_millis()).sum();
            prop_assert_eq!(moved, entry.amount.as_millis());
        }
        prop_assert_eq!(statement.balance.as_millis(), sum);
        let totals: i64 = statement.totals.values().map(|total| total.amount.as_millis()).sum();
        prop_assert_eq!(totals, sum);
    }

    #[test]
    fn a_replay_is_equal_and_repeats_change_nothing(
        acts in vec((act(), 0..2_000_i64), 0..120)
    ) {
        let (log, site) = play(&acts);
        let once = live(&log, &site, 1);
        prop_assert_eq!(&once, &live(&log, &site, 1));
        prop_assert_eq!(once.statement(), live(&log, &site, 3).statement());
        let mut again = once.clone();
        for line in &log {
            again.observe(line).unwrap();
        }
        prop_assert_eq!(once.statement(), again.statement());
    }

    #[test]
    fn hindsight_and_a_live_account_charge_the_same(
        acts in vec((act(), 0..2_000_i64), 0..120)
    ) {
        let (log, _) = play(&acts);
        let last = log.last().map(|line| line.at);
        let known = bill(log.iter(), std::iter::empty::<SiteLine>(), PriceBook::shipped(), last).unwrap();
        let mut account = Account::on_terms(PriceBook::shipped(), Zone::default(), Terms::OnInvoice);
        for line in &log {
            account.observe(line).unwrap();
        }
        let live = account.statement();
        prop_assert_eq!(live.totals, known.totals);
        prop_assert_eq!(live.balance, known.balance);
        let voids = known.entries.iter().filter(|entry| entry.amount.as_millis() > 0);
        prop_assert_eq!(voids.count(), 0);
    }

    #[test]
    fn a_case_is_charged_once_whatever_the_order_of_its_words(
        words in vec((0..3_u8, 0..3_i64), 1..40)
    ) {
        // Every customer of every day that said something, by a table.
        let mut expected = std::collections::BTreeSet::new();
        let mut account = Account::on_terms(PriceBook::shipped(), Zone::default(), Terms::OnInvoice);
        for who in 0..3 {
            let text = format!(r#"{{"conversation":"c-{who}","seq":1,"at":{START},"type":"opened","channel":"kakao_consult","account":"s","customer":"K{who}","opened_by":"customer","bot":false}}"#);
            account.observe(&Line::parse(&text).unwrap()).unwrap();
        }
        for (index, (who, day)) in words.iter().enumerate() {
            expected.insert((*who, *day));
            let at = START + day * 86_400_000;
            let seq = index + 2;
            let text = format!(r#"{{"conversation":"c-{who}","seq":{seq},"at":{at},"type":"agent_said","agent":"a","message":{{"id":"m-{index}","content":[]}}}}"#);
            account.observe(&Line::parse(&text).unwrap()).unwrap();
        }
        let charged = account.statement().totals[&EntryKind::DayCase].count;
        prop_assert_eq!(usize::try_from(charged).unwrap(), expected.len());
    }

    #[test]
    fn no_text_panics(text in ".{0,200}") {
        let _ = PriceBook::parse(&text);
        let mut account = Account::new(PriceBook::shipped(), Zone::default());
        prop_assert!(account.command(&text).is_err());
    }

    #[test]
    fn any_time_and_any_amount_are_booked_or_refused(
        at in prop_oneof![any::<i64>(), Just(253_402_120_800_999), Just(-377_705_023_201_000 + 86_400_000)],
        amount in any::<i64>(),
        fields in site_fields(),
    ) {
        let mut account = Account::new(PriceBook::shipped(), Zone::default());
        let _ = account.command(&format!(r#"{{"type":"adjusted","at":{at},"key":"a","amount_won":{amount},"reason":""}}"#));
        let _ = account.command(&format!(r#"{{"at":{at},"key":"b","type":{fields}}}"#));
        prop_assert!(account.ledger().is_balanced());
    }
}
