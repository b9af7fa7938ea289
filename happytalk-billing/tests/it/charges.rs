//! What is charged, when, and what is not.

use happytalk_billing::{EntryKind, Language, LotKind, Terms};

use crate::scene::{Scene, kst, row, rows, won};

#[test]
fn the_statement_is_the_json_of_the_command_line() {
    let mut scene = Scene::new();
    scene
        .site(
            "2024-05-13 09:00:00",
            r#""top_up","amount_won":1000,"vat":"excluded""#,
        )
        .opens("c-17", "user-77", "2024-05-13 10:00:00")
        .answers("c-17", "m-1", "2024-05-13 10:02:50");
    let json = scene.bill().to_json();
    let key = json
        .split("\"key\":\"")
        .nth(2)
        .and_then(|rest| rest.split('"').next())
        .unwrap();
    assert!(key.starts_with("day_case/sender-1/") && key.ends_with("/2024-05-13"));
    assert_eq!(
        json,
        format!(
            r#"{{"price_book":"2021-01","entries":[{{"id":1,"at":1715558400000,"kind":"top_up","amount_mwon":1000000,"balance_mwon":1000000,"key":"k-1"}},{{"id":2,"at":1715562170000,"kind":"day_case","amount_mwon":-100000,"balance_mwon":900000,"key":"{key}","conversation":"c-17"}}],"totals":{{"top_up":{{"count":1,"amount_mwon":1000000}},"day_case":{{"count":1,"amount_mwon":-100000}}}},"balance_mwon":900000}}"#
        )
    );
}

#[test]
fn a_customer_shows_in_no_statement_and_no_debug() {
    let mut scene = Scene::new();
    scene
        .opens("c-1", "user-key-77", "2024-05-13 10:00:00")
        .answers("c-1", "m-1", "2024-05-13 10:02:50")
        .site(
            "2024-05-13 11:00:00",
            r#""adjusted","amount_won":5,"reason":"for Hong Gildong""#,
        );
    let statement = scene.bill();
    let account = scene.live(Terms::OnInvoice);
    for text in [
        statement.to_json(),
        statement.to_table(Language::Korean),
        format!("{statement:?}"),
        format!("{account:?}"),
        format!("{:?}", scene.site),
    ] {
        assert!(!text.contains("user-key-77") && !text.contains("Gildong"));
    }
}

#[test]
fn a_table_has_the_names_people_use() {
    let mut scene = Scene::new();
    scene
        .opens("c-1", "K1", "2024-05-13 10:00:00")
        .answers("c-1", "m-1", "2024-05-13 10:02:50");
    let statement = scene.bill();
    let korean = statement.to_table(Language::Korean);
    assert!(korean.contains("상담톡 이용") && korean.contains("2024-05-13 10:02:50"));
    let english = statement.to_table(Language::English);
    assert!(english.contains("Day-case") && english.contains("-100"));
}

#[test]
fn a_bot_on_consult_talk_charges_with_its_first_words() {
    let mut scene = Scene::new();
    let said = |id: &str| {
        format!(r#""bot_said","message":{{"id":"{id}","content":[{{"type":"text","text":"?"}}]}}"#)
    };
    scene
        .opens("c-1", "K1", "2024-05-13 10:00:00")
        .says("c-1", "2024-05-13 10:00:01", &said("b-1"))
        .says("c-1", "2024-05-13 10:00:09", &said("b-2"))
        .answers("c-1", "m-1", "2024-05-13 10:02:50");
    let statement = scene.bill();
    assert_eq!(statement.totals[&EntryKind::DayCase].count, 1);
    assert_eq!(statement.entries[0].at, kst("2024-05-13 10:00:01"));
}

#[test]
fn the_profile_bot_charges_when_it_asks() {
    let mut scene = Scene::new();
    scene.opens("c-1", "K1", "2024-05-13 10:00:00").says(
        "c-1",
        "2024-05-13 10:00:05",
        r#""profile_requested","fields":["name"],"holds_queue":true"#,
    );
    assert_eq!(scene.bill().balance, won(-100));
}

#[test]
fn our_own_texts_and_other_channels_are_not_charged() {
    let mut scene = Scene::new();
    scene.opens("c-1", "K1", "2024-05-13 10:00:00").says(
        "c-1",
        "2024-05-13 10:00:01",
        r#""auto_said","kind":"greeting","message":{"id":"a","content":[]}"#,
    );
    for channel in ["naver_talktalk", "webchat", "messenger"] {
        scene
            .opens_on(channel, channel, r#""N1""#, "2024-05-13 10:00:00")
            .answers(channel, "m", "2024-05-13 10:00:01");
    }
    let statement = scene.bill();
    assert!(statement.entries.is_empty());
    assert!(statement.totals.is_empty());
}

#[test]
fn two_kakao_channels_are_two_cases() {
    let mut scene = Scene::new();
    for account in ["s-1", "s-2"] {
        let opened = format!(
            r#""opened","channel":"kakao_consult","account":"{account}","customer":"K1","opened_by":"customer","bot":false"#
        );
        scene.says(account, "2024-05-13 10:00:00", &opened).answers(
            account,
            "m",
            "2024-05-13 10:00:01",
        );
    }
    assert_eq!(scene.bill().balance, won(-200));
}

#[test]
fn a_message_that_failed_before_the_close_was_never_said() {
    let mut scene = Scene::new();
    scene
        .opens("c-1", "K1", "2024-05-13 10:00:00")
        .answers("c-1", "m-1", "2024-05-13 10:01:00")
        .fails("c-1", "m-1", "2024-05-13 10:01:02");
    let statement = scene.bill();
    assert!(statement.entries.is_empty());
    // A live account charged before it could know.
    let live = scene.live(Terms::OnInvoice);
    assert_eq!(
        rows(&live.statement()),
        [
            row(EntryKind::DayCase, "-100", "-100"),
            row(EntryKind::DayCase, "100", "0"),
        ]
    );
    assert!(live.statement().totals.is_empty());

    scene.answers("c-1", "m-2", "2024-05-13 10:03:00");
    let statement = scene.bill();
    assert_eq!(statement.entries.len(), 1);
    assert_eq!(statement.entries[0].at, kst("2024-05-13 10:03:00"));
    let live = scene.live(Terms::OnInvoice).statement();
    assert_eq!(live.totals, statement.totals);
    assert_eq!(live.balance, statement.balance);
}

#[test]
fn one_message_of_two_that_arrives_is_enough() {
    let mut scene = Scene::new();
    scene
        .opens("c-1", "K1", "2024-05-13 10:00:00")
        .answers("c-1", "m-1", "2024-05-13 10:01:00")
        .answers("c-1", "m-2", "2024-05-13 10:01:01")
        .fails("c-1", "m-1", "2024-05-13 10:01:02");
    assert_eq!(scene.bill().balance, won(-100));
    assert_eq!(scene.live(Terms::OnInvoice).balance(), won(-100));
    scene.fails("c-1", "m-2", "2024-05-13 10:01:03");
    assert_eq!(scene.bill().balance, won(0));
    assert_eq!(scene.live(Terms::OnInvoice).balance(), won(0));
}

#[test]
fn a_failure_after_the_close_changes_nothing() {
    let mut scene = Scene::new();
    scene
        .opens("c-1", "K1", "2024-05-13 10:00:00")
        .answers("c-1", "m-1", "2024-05-13 10:01:00")
        .ends("c-1", "2024-05-13 10:02:00")
        .fails("c-1", "m-1", "2024-05-13 10:03:00");
    assert_eq!(scene.bill().balance, won(-100));
    assert_eq!(scene.live(Terms::OnInvoice).balance(), won(-100));
    // Nor does one that comes after a re-opening, of a message before it.
    scene
        .says(
            "c-1",
            "2024-05-13 10:04:00",
            r#""reopened","by":"customer""#,
        )
        .fails("c-1", "m-1", "2024-05-13 10:05:00");
    assert_eq!(scene.bill().balance, won(-100));
    assert_eq!(scene.live(Terms::OnInvoice).balance(), won(-100));
}

#[test]
fn an_erased_customer_is_charged_as_before() {
    let figures = |customer: &dyn Fn(&str) -> String| {
        let mut scene = Scene::new();
        let rooms = [("c-1", "K1", ""), ("c-2", "K2", ""), ("c-3", "K1", "c-1")];
        for (minute, (room, who, previous)) in rooms.into_iter().enumerate() {
            let previous = match previous {
                "" => String::new(),
                room => format!(r#","previous":"{room}""#),
            };
            let opened = format!(
                r#""opened","channel":"kakao_consult","account":"s","customer":{},"opened_by":"customer","bot":false{previous}"#,
                customer(who)
            );
            let at = format!("2024-05-13 10:0{minute}:00");
            scene
                .says(room, &at, &opened)
                .answers(room, &format!("m-{minute}"), &at);
        }
        scene.bill().totals
    };
    let readable = figures(&|who| format!(r#""{who}""#));
    assert_eq!(readable[&EntryKind::DayCase].count, 2);
    assert_eq!(figures(&|_| r#"{"erased":true}"#.to_owned()), readable);
    assert_eq!(
        figures(&|who| format!(r#"{{"sealed":"{who}=="}}"#)),
        readable
    );
}

#[test]
fn under_per_session_the_platforms_session_counts_and_04_00_begins_another() {
    let mut scene = Scene::new();
    let opened = r#""opened","channel":"kakao_consult","account":"s","customer":"K1","opened_by":"customer","bot":true,"session":"s-1""#;
    scene
        .site(
            "2024-05-13 00:00:00",
            r#""settings","day_case":"per_session""#,
        )
        .says("c-1", "2024-05-13 23:00:00", opened)
        .answers("c-1", "m-1", "2024-05-13 23:01:00")
        .ends("c-1", "2024-05-13 23:02:00")
        // Back to the bot: the session goes on in another conversation.
        .says("c-2", "2024-05-13 23:02:00", opened)
        .answers("c-2", "m-2", "2024-05-14 03:59:59")
        .answers("c-2", "m-3", "2024-05-14 04:00:00")
        .ends("c-2", "2024-05-14 04:10:00")
        .says(
            "c-2",
            "2024-05-14 04:20:00",
            r#""reopened","by":"customer","session":"s-2""#,
        )
        .answers("c-2", "m-4", "2024-05-14 04:21:00");
    let statement = scene.bill();
    let at: Vec<_> = statement.entries.iter().map(|entry| entry.at).collect();
    assert_eq!(
        at,
        [
            kst("2024-05-13 23:01:00"),
            kst("2024-05-14 04:00:00"),
            kst("2024-05-14 04:21:00")
        ]
    );
}

#[test]
fn free_cash_is_spent_first_and_expires_with_what_is_left() {
    let mut scene = Scene::new();
    let expires_at = kst("2024-05-20 00:00:00").as_millis();
    scene
        .site(
            "2024-05-01 09:00:00",
            r#""top_up","amount_won":1000,"vat":"excluded""#,
        )
        .site(
            "2024-05-02 09:00:00",
            &format!(r#""granted","amount_won":300,"expires_at":{expires_at}"#),
        )
        .opens("c-1", "K1", "2024-05-13 10:00:00")
        .answers("c-1", "m-1", "2024-05-13 10:01:00")
        .opens("c-2", "K2", "2024-05-20 10:00:00")
        .answers("c-2", "m-2", "2024-05-20 10:01:00");
    let statement = scene.bill();
    assert_eq!(
        rows(&statement),
        [
            row(EntryKind::TopUp, "1,000", "1,000"),
            row(EntryKind::FreeGrant, "300", "1,300"),
            row(EntryKind::DayCase, "-100", "1,200"),
            row(EntryKind::Expire, "-200", "1,000"),
            row(EntryKind::DayCase, "-100", "900"),
        ]
    );
    assert_eq!(statement.entries[3].at.as_millis(), expires_at);
}

#[test]
fn a_refunded_message_returns_to_its_lot_and_expires_with_it() {
    let mut scene = Scene::new();
    let expires_at = kst("2024-05-20 00:00:00").as_millis();
    scene
        .site(
            "2024-05-01 09:00:00",
            &format!(r#""granted","amount_won":10,"expires_at":{expires_at}"#),
        )
        .site(
            "2024-05-01 09:00:00",
            r#""top_up","amount_won":50,"vat":"excluded""#,
        )
        .site(
            "2024-05-19 23:00:00",
            r#""message_sent","id":"m","kind":"sms""#,
        )
        .site("2024-05-20 01:00:00", r#""message_failed","id":"m""#);
    let account = scene.live(Terms::Prepaid);
    assert_eq!(
        rows(&account.statement())[2..],
        [
            row(EntryKind::Message, "-10", "50"),
            row(EntryKind::MessageRefund, "10", "60"),
            row(EntryKind::Expire, "-10", "50"),
        ]
    );
    assert_eq!(account.ledger().balance_of(LotKind::Paid), won(50));
}

#[test]
fn monthly_fees_are_caught_up_once_each_with_their_add_ons() {
    let mut scene = Scene::new();
    scene.site(
        "2024-01-01 00:00:00",
        r#""plan_set","plan":"starter","accounts":2,"add_ons":["상담콜"]"#,
    );
    let statement = scene.bill_at(Some("2024-03-15 00:00:00")).unwrap();
    let keys: Vec<_> = statement
        .entries
        .iter()
        .map(|entry| entry.key.as_str())
        .collect();
    assert_eq!(
        keys,
        [
            "k-1",
            "k-1/consult_call",
            "account_fee/2024-02",
            "account_fee/2024-02/consult_call",
            "account_fee/2024-03",
            "account_fee/2024-03/consult_call",
        ]
    );
    assert_eq!(statement.balance, won(-3 * (70_000 + 39_000)));
    let mut live = scene.live(Terms::OnInvoice);
    for at in [
        "2024-02-10 00:00:00",
        "2024-02-01 00:00:00",
        "2024-03-15 00:00:00",
    ] {
        // The clock may step back.
        live.advance(kst(at)).unwrap();
    }
    assert_eq!(live.statement(), statement);
}

#[test]
fn a_month_begins_at_midnight_in_seoul() {
    let mut scene = Scene::new();
    scene.site(
        "2024-02-01 00:00:00",
        r#""plan_set","plan":"pro","accounts":1"#,
    );
    // 2024-02-29 23:59:59.999 in Seoul is still February; in UTC both are.
    let last = scene.bill_at(Some("2024-02-29 23:59:59.999")).unwrap();
    assert_eq!(last.entries.len(), 1);
    let first = scene.bill_at(Some("2024-03-01 00:00:00")).unwrap();
    assert_eq!(first.entries.len(), 2);
}

#[test]
fn a_trial_charges_from_its_end() {
    let mut scene = Scene::new();
    let until = kst("2024-06-17 14:00:00").as_millis();
    scene.site(
        "2024-06-03 14:00:00",
        &format!(r#""plan_set","plan":"pro","accounts":1,"trial_until":{until}"#),
    );
    let statement = scene.bill_at(Some("2024-07-01 00:00:00")).unwrap();
    assert_eq!(
        rows(&statement),
        [
            row(EntryKind::AccountFee, "-39,666", "-39,666"),
            row(EntryKind::AccountFee, "-85,000", "-124,666"),
        ]
    );
    assert_eq!(statement.entries[0].at.as_millis(), until);
}

#[test]
fn a_trial_that_ends_with_the_month_leaves_the_fee_to_the_first() {
    let mut scene = Scene::new();
    let until = kst("2024-07-01 00:00:00").as_millis();
    scene.site(
        "2024-05-20 00:00:00",
        &format!(r#""plan_set","plan":"pro","accounts":1,"trial_until":{until}"#),
    );
    let statement = scene.bill_at(Some("2024-07-31 00:00:00")).unwrap();
    let keys: Vec<_> = statement
        .entries
        .iter()
        .map(|entry| entry.key.as_str())
        .collect();
    assert_eq!(keys, ["account_fee/2024-07"]);
}

#[test]
fn an_upgrade_credits_the_old_fee_and_a_downgrade_waits() {
    let mut scene = Scene::new();
    scene
        .site(
            "2024-06-01 00:00:00",
            r#""plan_set","plan":"starter","accounts":1"#,
        )
        .site(
            "2024-06-16 09:00:00",
            r#""plan_set","plan":"pro","accounts":1"#,
        )
        .site(
            "2024-06-20 09:00:00",
            r#""plan_set","plan":"starter","accounts":1"#,
        );
    let statement = scene.bill_at(Some("2024-07-01 00:00:00")).unwrap();
    assert_eq!(
        rows(&statement),
        [
            row(EntryKind::AccountFee, "-35,000", "-35,000"),
            row(EntryKind::AccountFee, "17,500", "-17,500"),
            row(EntryKind::AccountFee, "-42,500", "-60,000"),
            row(EntryKind::AccountFee, "-35,000", "-95,000"),
        ]
    );
}

#[test]
fn what_an_upgrade_credits_goes_back_to_where_the_fee_was_taken_from() {
    let mut scene = Scene::new();
    scene
        .site("2024-06-01 00:00:00", r#""granted","amount_won":20000"#)
        .site(
            "2024-06-01 00:00:00",
            r#""top_up","amount_won":100000,"vat":"excluded""#,
        )
        .site(
            "2024-06-01 00:00:00",
            r#""plan_set","plan":"starter","accounts":1"#,
        )
        .site(
            "2024-06-16 09:00:00",
            r#""plan_set","plan":"pro","accounts":1"#,
        );
    let account = scene.live(Terms::Prepaid);
    // 20,000 of the grant and 15,000 paid were taken; 15,000 and 2,500 come back, and 42,500 are charged.
    assert_eq!(
        rows(&account.statement())[3..],
        [
            row(EntryKind::AccountFee, "17,500", "102,500"),
            row(EntryKind::AccountFee, "-42,500", "60,000"),
        ]
    );
    let credit = account.ledger().entries().nth(3).unwrap();
    let parts: Vec<_> = credit
        .moves
        .iter()
        .map(|part| (part.lot.kind, part.amount))
        .collect();
    assert_eq!(
        parts,
        [(LotKind::Paid, won(15_000)), (LotKind::Free, won(2_500))]
    );
    assert_eq!(account.ledger().balance_of(LotKind::Free), won(0));
    assert_eq!(account.ledger().balance_of(LotKind::Paid), won(60_000));
}

#[test]
fn a_credit_of_free_cash_whose_time_is_up_can_still_be_spent() {
    let mut scene = Scene::new();
    let until = kst("2024-06-10 00:00:00").as_millis();
    scene
        .site(
            "2024-06-01 00:00:00",
            &format!(r#""granted","amount_won":35000,"expires_at":{until}"#),
        )
        .site(
            "2024-06-01 00:00:00",
            r#""plan_set","plan":"starter","accounts":1"#,
        )
        .site(
            "2024-06-16 00:00:00",
            r#""top_up","amount_won":25000,"vat":"excluded""#,
        )
        .site(
            "2024-06-16 00:00:00",
            r#""plan_set","plan":"pro","accounts":1"#,
        );
    let statement = scene.live(Terms::Prepaid).statement();
    assert_eq!(
        rows(&statement)[3..],
        [
            row(EntryKind::AccountFee, "17,500", "42,500"),
            row(EntryKind::AccountFee, "-42,500", "0"),
        ]
    );
}

#[test]
fn the_credit_of_a_fee_that_was_never_covered_is_not_paid_out() {
    let mut scene = Scene::new();
    scene
        .site("2024-06-01 00:00:00", r#""granted","amount_won":1"#)
        .site(
            "2024-06-01 00:00:00",
            r#""plan_set","plan":"starter","accounts":1"#,
        )
        .site(
            "2024-06-06 00:00:00",
            r#""plan_set","plan":"pro","accounts":1"#,
        );
    let account = scene.live(Terms::Prepaid);
    assert_eq!(account.ledger().balance_of(LotKind::Paid), won(0));
    // 25 days of 30, beside the grant; both fees wait.
    assert_eq!(account.balance(), won(29_167));
    assert_eq!(account.ledger().dues().count(), 2);
}

#[test]
fn paid_cash_is_paid_out_and_free_cash_is_not() {
    let mut scene = Scene::new();
    scene
        .site("2024-05-01 09:00:00", r#""granted","amount_won":300"#)
        .site(
            "2024-05-01 09:00:00",
            r#""top_up","amount_won":1000,"vat":"excluded""#,
        )
        .site("2024-05-02 09:00:00", r#""refunded","amount_won":1000"#);
    let account = scene.live(Terms::Prepaid);
    assert_eq!(account.ledger().balance_of(LotKind::Free), won(300));
    assert_eq!(account.ledger().balance_of(LotKind::Paid), won(0));
    scene.site("2024-05-02 09:00:01", r#""refunded","amount_won":1"#);
    let refused = scene.bill_at(None).unwrap_err();
    assert_eq!(refused.code(), "billing.not_refundable");
    assert!(refused.to_string().contains("line=`4`"), "{refused}");
}

#[test]
fn the_logs_site_stream_holds_the_same_commands() {
    let mut scene = Scene::new();
    scene.site(
        "2024-05-01 09:00:00",
        r#""top_up","amount_won":1000,"vat":"excluded""#,
    );
    let at = kst("2024-05-01 09:00:00").as_millis();
    for (seq, key) in [(1, "k-1"), (2, "other")] {
        let text = format!(
            r#"{{"site":"s","seq":{seq},"at":{at},"type":"top_up","key":"{key}","amount_won":1000,"vat":"excluded"}}"#
        );
        scene.log.push(happytalk_core::Line::parse(&text).unwrap());
    }
    // `k-1` stands in both and is booked once.
    assert_eq!(scene.bill().balance, won(2_000));
}

#[test]
fn what_lies_after_the_asked_time_is_left_out() {
    let mut scene = Scene::new();
    scene
        .opens("c-1", "K1", "2024-05-13 10:00:00")
        .answers("c-1", "m-1", "2024-05-13 10:01:00")
        .answers("c-1", "m-2", "2024-05-14 10:01:00");
    let statement = scene.bill_at(Some("2024-05-13 12:00:00")).unwrap();
    assert_eq!(statement.entries.len(), 1);
}

#[test]
fn a_clock_that_stepped_back_loses_no_charge() {
    let mut scene = Scene::new();
    scene
        .opens("c-1", "K1", "2024-05-14 00:00:01")
        .answers("c-1", "m-1", "2024-05-13 23:59:59")
        .answers("c-1", "m-2", "2024-05-14 00:00:02");
    let statement = scene.bill();
    let days: Vec<_> = statement
        .entries
        .iter()
        .map(|entry| entry.key.as_str().rsplit('/').next().unwrap())
        .collect();
    assert_eq!(days, ["2024-05-13", "2024-05-14"]);
    assert_eq!(statement.entries[0].at, kst("2024-05-14 00:00:01"));
}
