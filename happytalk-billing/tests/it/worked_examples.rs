//! The worked examples of DOMAIN 11, by number.

use happytalk_billing::{Account, EntryKind, PriceBook, Terms};
use happytalk_core::time::Zone;

use crate::scene::{Scene, kst, on_day, row, rows, won};

/// K1 in two rooms, K2 across midnight in one, K3 leaves before any reply.
fn case_11_3() -> Scene {
    let mut scene = Scene::new();
    scene
        .opens("c-1", "K1", "2024-05-13 10:00:00")
        .answers("c-1", "m-1", "2024-05-13 10:01:00")
        .ends("c-1", "2024-05-13 10:05:00")
        .opens("c-3", "K3", "2024-05-13 11:00:00")
        .says(
            "c-3",
            "2024-05-13 11:01:00",
            r#""ended","by":"channel","after_work":false,"cause":"left""#,
        )
        .opens("c-2", "K1", "2024-05-13 15:00:00")
        .answers("c-2", "m-2", "2024-05-13 15:01:00")
        .answers("c-2", "m-3", "2024-05-13 15:02:00")
        .ends("c-2", "2024-05-13 15:05:00")
        .opens("c-4", "K2", "2024-05-13 23:50:00")
        .answers("c-4", "m-4", "2024-05-13 23:59:00")
        .answers("c-4", "m-5", "2024-05-14 00:03:00")
        .ends("c-4", "2024-05-14 00:10:00");
    scene
}

#[test]
fn case_11_3_one_customer_pays_once_a_day() {
    let mut scene = case_11_3();
    scene.site(
        "2024-05-01 09:00:00",
        r#""top_up","amount_won":11000,"vat":"included""#,
    );
    let statement = scene.bill();
    assert_eq!(on_day(&statement, EntryKind::DayCase, "2024-05-13"), -200);
    assert_eq!(on_day(&statement, EntryKind::DayCase, "2024-05-14"), -100);
    assert_eq!(statement.totals[&EntryKind::DayCase].count, 3);
    assert_eq!(statement.balance, won(9_700));
    let charged: Vec<_> = statement.entries[1..]
        .iter()
        .map(|entry| entry.conversation().unwrap().as_str())
        .collect();
    assert_eq!(charged, ["c-1", "c-4", "c-4"]);
    assert_eq!(statement.entries[1].at, kst("2024-05-13 10:01:00"));
    assert!(statement.entries[3].key.as_str().ends_with("/2024-05-14"));
}

#[test]
fn case_11_3_under_per_session_k1_pays_for_two_sessions_and_k2_for_one() {
    let mut scene = case_11_3();
    scene.site(
        "2024-05-13 00:00:00",
        r#""settings","day_case":"per_session","boundary":"04:00","credit_limit_won":1000"#,
    );
    let statement = scene.bill();
    assert_eq!(statement.totals[&EntryKind::DayCase].count, 3);
    let charged: Vec<_> = statement
        .entries
        .iter()
        .map(|entry| entry.conversation().unwrap().as_str())
        .collect();
    assert_eq!(charged, ["c-1", "c-2", "c-4"]);
}

#[test]
fn case_11_4_ten_pro_accounts_in_june_and_six_from_july() {
    let mut scene = Scene::new();
    scene
        .site(
            "2024-06-01 00:00:00",
            r#""top_up","amount_won":2200000,"vat":"included""#,
        )
        .site(
            "2024-06-01 00:00:00",
            r#""plan_set","plan":"pro","accounts":10"#,
        )
        .site(
            "2024-06-07 11:00:00",
            r#""plan_set","plan":"pro","accounts":6"#,
        );
    let statement = scene.bill_at(Some("2024-07-01 00:00:00")).unwrap();
    assert_eq!(
        rows(&statement),
        [
            row(EntryKind::TopUp, "2,000,000", "2,000,000"),
            row(EntryKind::AccountFee, "-850,000", "1,150,000"),
            row(EntryKind::AccountFee, "-510,000", "640,000"),
        ]
    );
    assert_eq!(statement.entries[2].key.as_str(), "account_fee/2024-07");
    assert_eq!(statement.entries[2].at, kst("2024-07-01 00:00:00"));
    let before = scene.bill_at(Some("2024-06-30 23:59:59")).unwrap();
    assert_eq!(before.entries.len(), 2);
}

#[test]
fn case_11_4_one_account_added_on_17_june_costs_39_666() {
    let mut scene = Scene::new();
    scene
        .site(
            "2024-06-01 00:00:00",
            r#""plan_set","plan":"pro","accounts":10"#,
        )
        .site(
            "2024-06-17 14:00:00",
            r#""plan_set","plan":"pro","accounts":11"#,
        );
    let statement = scene.bill();
    assert_eq!(
        rows(&statement),
        [
            row(EntryKind::AccountFee, "-850,000", "-850,000"),
            row(EntryKind::AccountFee, "-39,666", "-889,666"),
        ]
    );
}

#[test]
fn case_11_5_vat_is_taken_at_the_top_up() {
    let mut scene = Scene::new();
    scene
        .site(
            "2024-05-01 09:00:00",
            r#""top_up","amount_won":110000,"vat":"included""#,
        )
        .site(
            "2024-05-01 09:00:00",
            r#""top_up","amount_won":100000,"vat":"excluded""#,
        );
    let statement = scene.bill();
    assert_eq!(statement.balance, won(200_000));
    for entry in &statement.entries {
        assert_eq!(entry.vat, won(10_000));
    }
}

#[test]
fn case_11_3_each_set_up_is_charged_at_its_own_moment() {
    let said = |kind: &str, id: &str| {
        format!(r#""{kind}","agent":"kim","message":{{"id":"{id}","content":[]}}"#)
    };
    let asked = r#""profile_requested","fields":["name"],"holds_queue":true"#.to_owned();
    let own = r#""auto_said","kind":"greeting","message":{"id":"a","content":[]}"#.to_owned();
    let left = r#""ended","by":"channel","after_work":false,"cause":"left""#.to_owned();
    let agent = said("agent_said", "m");
    let set_ups: [(&str, &str, Vec<String>, Option<i64>); 8] = [
        (
            "no bot",
            "kakao_consult",
            vec![own.clone(), agent.clone(), agent.clone()],
            Some(2),
        ),
        (
            "profile bot",
            "kakao_consult",
            vec![asked, agent.clone()],
            Some(1),
        ),
        (
            "happybot",
            "kakao_consult",
            vec![said("bot_said", "b"), agent.clone()],
            Some(1),
        ),
        (
            "only our own text",
            "kakao_consult",
            vec![own, left.clone()],
            None,
        ),
        ("left before any reply", "kakao_consult", vec![left], None),
        ("web chat", "webchat", vec![agent.clone()], None),
        ("talktalk", "naver_talktalk", vec![agent.clone()], None),
        ("instagram", "instagram", vec![agent], None),
    ];
    for (name, channel, lines, charged) in set_ups {
        let mut scene = Scene::new();
        scene.opens_on(channel, "c", r#""K""#, "2024-05-13 10:00:00");
        for (minute, fields) in lines.iter().enumerate() {
            let at = format!("2024-05-13 10:{:02}:00", minute + 1);
            scene.says("c", &at, fields);
        }
        let entries = scene.bill().entries;
        let at = charged.map(|minute| kst(&format!("2024-05-13 10:{minute:02}:00")));
        assert_eq!(entries.first().map(|entry| entry.at), at, "{name}");
        assert_eq!(entries.len(), usize::from(charged.is_some()), "{name}");
    }
}

#[test]
fn case_11_4_the_vat_of_june_and_july_is_on_top() {
    let mut scene = Scene::new();
    scene
        .site(
            "2024-06-01 00:00:00",
            r#""plan_set","plan":"pro","accounts":10"#,
        )
        .site(
            "2024-06-07 11:00:00",
            r#""plan_set","plan":"pro","accounts":6"#,
        );
    let statement = scene.bill_at(Some("2024-07-31 00:00:00")).unwrap();
    for (month, total) in [("2024-06-01", 935_000), ("2024-07-01", 561_000)] {
        let document = statement.tax_document(month.parse().unwrap()).unwrap();
        assert_eq!(document.total, won(total), "{month}");
    }
}

#[test]
fn case_11_2_what_is_paid_for_counts_and_not_what_is_activated() {
    let mut scene = Scene::new();
    let set = |agent: u8| {
        format!(r#"{{"agent":"a-{agent}","seq":1,"at":1717167600000,"type":"agent_set"}}"#)
    };
    for agent in 0..6 {
        scene
            .log
            .push(happytalk_core::Line::parse(&set(agent)).unwrap());
    }
    scene.site(
        "2024-06-01 00:00:00",
        r#""plan_set","plan":"starter","accounts":10"#,
    );
    assert_eq!(scene.bill().balance, won(-350_000));
}

fn case_11_6(top_up: &str) -> Scene {
    let mut scene = Scene::new();
    if !top_up.is_empty() {
        scene.site("2024-05-13 08:00:00", top_up);
    }
    for id in 0..1_000 {
        let sent = format!(r#""message_sent","id":"a-{id}","kind":"alimtalk""#);
        scene.site("2024-05-13 09:00:00", &sent);
    }
    for id in 0..30 {
        scene.site(
            "2024-05-13 09:10:00",
            &format!(r#""message_failed","id":"a-{id}""#),
        );
        // The fall-back goes out under the same id.
        scene.site(
            "2024-05-13 09:10:00",
            &format!(r#""message_sent","id":"a-{id}","kind":"sms""#),
        );
    }
    scene
}

#[test]
fn case_11_6_failed_messages_come_back_and_their_fall_back_is_charged() {
    let statement = case_11_6("").bill();
    assert_eq!(statement.balance, won(-8_060));
    let count = |kind| statement.totals[&kind].count;
    assert_eq!(count(EntryKind::Message), 1_030);
    assert_eq!(count(EntryKind::MessageRefund), 30);
    let prepaid = case_11_6(r#""top_up","amount_won":100000,"vat":"excluded""#).bill();
    assert_eq!(prepaid.balance, won(100_000 - 8_060));
    // With SMS at 12, as the later price page has it.
    let book = r#"{"name":"later","periods":[{"day_case_mwon":100000,"plans":{},
        "messages":{"alimtalk":{"price_mwon":8000},"sms":{"price_mwon":12000}}}]}"#;
    let scene = case_11_6("");
    let book = PriceBook::parse(book).unwrap();
    let later = happytalk_billing::bill(
        std::iter::empty::<happytalk_core::Line>(),
        scene.site.into_iter(),
        book,
        None,
    );
    assert_eq!(later.unwrap().balance, won(-8_120));
}

#[test]
fn case_11_7_a_balance_of_49_990_at_a_threshold_of_50_000_asks_for_100_000() {
    let mut account = Account::new(PriceBook::shipped(), Zone::default());
    for line in [
        r#"{"type":"settings","at":1,"key":"s","auto_top_up":{"threshold_won":50000,"amount_won":100000}}"#,
        r#"{"type":"top_up","at":1,"key":"t","amount_won":50010,"vat":"excluded"}"#,
        r#"{"type":"reserved","at":1,"key":"r","id":"r","amount_won":20}"#,
    ] {
        assert_eq!(account.take_top_up_request(), None);
        account.command(line).unwrap();
    }
    assert_eq!(account.balance(), won(49_990));
    let wanted = account.take_top_up_request().unwrap();
    assert_eq!(wanted.amount, won(100_000));
    assert_eq!(account.take_top_up_request(), None);
}

#[test]
fn case_11_7_the_automatic_top_up_is_asked_for_once_in_ten_minutes() {
    let mut account = Account::new(PriceBook::shipped(), Zone::default());
    let mut line = |at: &str, key: &str, fields: &str| {
        let at = kst(at).as_millis();
        let text = format!(r#"{{"at":{at},"key":"{key}","type":{fields}}}"#);
        account.command(&text).unwrap();
        account.take_top_up_request()
    };
    let on = r#""settings","auto_top_up":{"threshold_won":50000,"amount_won":100000}"#;
    line("2024-05-13 09:00:00", "s", on);
    let top_up = r#""top_up","amount_won":50010,"vat":"excluded""#;
    assert_eq!(line("2024-05-13 09:00:00", "t", top_up), None);
    let first = line(
        "2024-05-13 09:01:00",
        "m1",
        r#""message_sent","id":"1","kind":"sms""#,
    );
    // 50,000 is at the threshold.
    let first = first.unwrap();
    assert_eq!((first.amount, &*first.key), (won(100_000), "auto_top_up/1"));
    let again = r#""message_sent","id":"2","kind":"sms""#;
    assert_eq!(line("2024-05-13 09:10:59", "m2", again), None);
    let later = r#""message_sent","id":"3","kind":"sms""#;
    assert!(line("2024-05-13 09:11:00", "m3", later).is_some());
    let paid = r#""top_up","amount_won":100000,"vat":"excluded""#;
    assert_eq!(line("2024-05-13 09:12:00", "auto_top_up/1", paid), None);
    assert_eq!(account.balance(), won(149_980));
}

#[test]
fn case_11_7_a_bulk_send_stops_where_the_cash_stops() {
    let book = r#"{"name":"b","periods":[{"day_case_mwon":100000,"plans":{},
        "messages":{"brand":{"price_mwon":25000}}}]}"#;
    let mut account = Account::new(PriceBook::parse(book).unwrap(), Zone::default());
    account
        .command(r#"{"type":"top_up","at":0,"key":"t","amount_won":100000,"vat":"excluded"}"#)
        .unwrap();
    let (mut sent, mut refused) = (0, 0);
    for id in 0..10_000 {
        let line = format!(
            r#"{{"type":"message_sent","at":1,"key":"m-{id}","id":"{id}","kind":"brand"}}"#
        );
        match account.command(&line) {
            Ok(()) => sent += 1,
            Err(error) => {
                assert_eq!(error.code(), "billing.insufficient_cash");
                refused += 1;
            }
        }
    }
    assert_eq!((sent, refused), (4_000, 6_000));
    assert_eq!(account.balance(), won(0));
}

#[test]
fn case_11_7_a_fee_that_is_not_covered_waits_seven_days_and_then_suspends() {
    use happytalk_billing::Standing;
    let mut scene = Scene::new();
    scene
        .site(
            "2024-06-01 00:00:00",
            r#""top_up","amount_won":100000,"vat":"excluded""#,
        )
        .site(
            "2024-06-01 00:00:00",
            r#""plan_set","plan":"pro","accounts":1"#,
        );
    let mut account = scene.live(Terms::Prepaid);
    account.advance(kst("2024-07-01 00:00:00")).unwrap();
    let until = kst("2024-07-08 00:00:00");
    assert_eq!(account.standing(), Standing::Grace { until });
    assert!(account.may_start() && account.may_send());
    assert_eq!(account.balance(), won(15_000));
    account.advance(until).unwrap();
    assert_eq!(account.standing(), Standing::Suspended);
    assert!(!account.may_start() && !account.may_send());
    let sent = r#"{"type":"message_sent","at":1720364400000,"key":"m","id":"m","kind":"sms"}"#;
    assert_eq!(
        account.command(sent).unwrap_err().code(),
        "billing.suspended"
    );
    let at = kst("2024-07-10 10:00:00").as_millis();
    let top_up =
        format!(r#"{{"type":"top_up","at":{at},"key":"t-2","amount_won":70000,"vat":"excluded"}}"#);
    account.command(&top_up).unwrap();
    assert_eq!(account.standing(), Standing::Active);
    assert_eq!(
        rows(&account.statement())[2..],
        [
            row(EntryKind::TopUp, "70,000", "85,000"),
            row(EntryKind::AccountFee, "-85,000", "0"),
        ]
    );
}

#[test]
fn case_11_7_a_live_conversation_goes_on_past_zero_down_to_the_credit_limit() {
    let mut scene = Scene::new();
    for number in 0..10 {
        let room = format!("c-{number}");
        scene
            .opens(&room, &format!("user-{number}"), "2024-05-13 10:00:00")
            .answers(&room, "m", "2024-05-13 10:01:00");
        assert!(scene.live(Terms::Prepaid).may_start() == (number < 9));
    }
    let account = scene.live(Terms::Prepaid);
    assert_eq!(account.balance(), won(-1_000));
    assert!(account.may_send(), "nobody is cut off");
    assert!(account.may_start_on(&happytalk_core::ChannelName::NAVER_TALKTALK));
}
