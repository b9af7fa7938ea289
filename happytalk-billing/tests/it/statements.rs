//! Statements by something, tax documents, and their formats.

use happytalk_billing::{By, EntryKind, Language, Terms};
use happytalk_core::Line;

use crate::scene::{Scene, won};
use crate::till::Till;

/// Two months, two channels' worth of use, two groups.
fn scene() -> Scene {
    let mut scene = Scene::new();
    let set = r#"{"agent":"kim","seq":1,"at":1714489200000,"type":"agent_set","group":"cs"}"#;
    scene.log.push(Line::parse(set).unwrap());
    scene
        .site(
            "2024-05-13 09:00:00",
            r#""top_up","amount_won":110000,"vat":"included""#,
        )
        .opens("c-1", "K1", "2024-05-31 23:50:00")
        .answers("c-1", "m-1", "2024-05-31 23:59:59.999")
        .answers("c-1", "m-2", "2024-06-01 00:00:00")
        .opens("c-2", "K2", "2024-06-01 10:00:00")
        .says(
            "c-2",
            "2024-06-01 10:00:01",
            r#""bot_said","message":{"id":"b","content":[]}"#,
        )
        .site(
            "2024-06-02 09:00:00",
            r#""message_sent","id":"1","kind":"알림톡""#,
        );
    scene
}

#[test]
fn a_statement_by_month_and_kind_adds_up_to_the_balance() {
    let report = scene().bill().by(&[By::Month, By::Kind]);
    let rows: Vec<_> = report
        .rows
        .iter()
        .map(|row| {
            (
                row.values().collect::<Vec<_>>().join(" "),
                row.count,
                row.amount,
            )
        })
        .collect();
    assert_eq!(
        rows,
        [
            ("2024-05 top_up".to_owned(), 1, won(100_000)),
            ("2024-05 day_case".to_owned(), 1, won(-100)),
            ("2024-06 day_case".to_owned(), 2, won(-200)),
            ("2024-06 message".to_owned(), 1, won(-8)),
        ]
    );
    let sum: i64 = report.rows.iter().map(|row| row.amount.as_millis()).sum();
    assert_eq!(sum, report.balance.as_millis());
    assert!(report.to_json().starts_with(
        r#"{"price_book":"2021-01","zone":"Asia/Seoul","by":["month","kind"],"rows":[{"month":"2024-05","kind":"top_up","count":1,"amount_mwon":100000000},"#
    ));
    assert!(report.to_json().ends_with(r#"],"balance_mwon":99692000}"#));
}

#[test]
fn a_statement_by_channel_and_group_says_whose_use_it_was() {
    let report = scene().bill().by(&[By::Channel, By::Group, By::Item]);
    assert_eq!(
        report.to_csv(),
        "channel,group,item,count,amount_won\r\n\
         (none),(none),(none),1,100000\r\n\
         (none),(none),alimtalk,1,-8\r\n\
         kakao_consult,(none),(none),1,-100\r\n\
         kakao_consult,cs,(none),2,-200\r\n"
    );
    assert!("group".parse::<By>() == Ok(By::Group) && "agent".parse::<By>().is_err());
}

#[test]
fn what_a_statement_is_asked_for_twice_stands_there_once() {
    let statement = scene().bill();
    let twice = statement.by(&[By::Kind, By::Month, By::Kind]);
    assert_eq!(twice, statement.by(&[By::Kind, By::Month]));
}

#[test]
fn a_case_that_was_taken_back_counts_nowhere() {
    let mut scene = Scene::new();
    scene
        .opens("c-1", "K1", "2024-05-13 10:00:00")
        .answers("c-1", "m-1", "2024-05-13 10:01:00")
        .fails("c-1", "m-1", "2024-05-13 10:01:02");
    let report = scene.live(Terms::OnInvoice).statement().by(&[By::Day]);
    assert_eq!((report.rows[0].count, report.rows[0].amount), (0, won(0)));
}

#[test]
fn a_table_has_korean_heads_and_a_csv_opens_safely() {
    let mut scene = Scene::new();
    let at = crate::scene::kst("2024-05-13 09:00:00").as_millis();
    let line = format!(
        r#"{{"type":"top_up","at":{at},"key":"=cmd|'/c calc'!A0","amount_won":1000,"vat":"excluded"}}"#
    );
    scene
        .site
        .push(happytalk_billing::SiteLine::parse(&line).unwrap());
    let statement = scene.bill();
    let csv = statement.to_csv();
    let mut lines = csv.lines();
    assert_eq!(
        lines.next(),
        Some(
            "id,at,kind,item,amount_won,balance_won,vat_won,fee_won,key,conversation,channel,group,hash"
        )
    );
    let entry = lines.next().unwrap();
    assert!(
        entry.starts_with(
            "1,2024-05-13 09:00:00,top_up,,1000,1000,100,0,\"'=cmd|'/c calc'!A0\",,,,"
        ),
        "{entry}"
    );
    let table = statement
        .by(&[By::Month, By::Group])
        .to_table(Language::Korean);
    assert!(
        table.starts_with("월       상담 그룹  건수   금액\n"),
        "{table}"
    );
}

#[test]
fn hashes_stand_in_the_json_where_they_are_asked_for() {
    let statement = scene().bill();
    let json = statement.to_json_with_hashes();
    let (head, first) = (statement.head(), statement.entries[0].hash);
    assert!(json.contains(&format!(r#""key":"k-1","hash":"{first}""#)));
    assert!(json.ends_with(&format!(r#""balance_mwon":99692000,"head":"{head}"}}"#)));
    assert!(!statement.to_json().contains("hash"));
}

#[test]
fn a_tax_document_of_top_ups_is_what_was_paid_less_what_went_back() {
    let mut till = Till::prepaid();
    till.book(
        "2024-05-01 09:00:00",
        r#""top_up","amount_won":100000,"vat":"included""#,
    )
    .unwrap();
    till.book(
        "2024-05-02 09:00:00",
        r#""top_up","amount_won":100000,"vat":"included""#,
    )
    .unwrap();
    till.book("2024-05-31 09:00:00", r#""refunded","amount_won":90910"#)
        .unwrap();
    till.book("2024-06-01 00:00:00", r#""granted","amount_won":5"#)
        .unwrap();
    let document = till
        .account
        .statement()
        .tax_document("2024-05-20".parse().unwrap())
        .unwrap();
    let lines: Vec<_> = document
        .lines
        .iter()
        .map(|line| (line.kind, line.count, line.supply, line.vat))
        .collect();
    assert_eq!(
        lines,
        [
            (EntryKind::TopUp, 2, won(181_820), Some(won(18_180))),
            // 10 per cent of it is kept, and stays supplied.
            (EntryKind::Refund, 1, won(-81_819), Some(won(-8_181))),
        ]
    );
    assert_eq!((document.supply, document.vat), (won(100_001), won(9_999)));
    assert_eq!(document.total, won(110_000));
    let june = till
        .account
        .statement()
        .tax_document("2024-06-01".parse().unwrap())
        .unwrap();
    assert!(june.lines.is_empty() && june.total == won(0));
    assert_eq!(
        june.to_csv(),
        "kind,item,count,supply_won,vat_won\r\ntotal,,,0,0\r\n"
    );
}

fn consumption(rules: &str) -> happytalk_billing::TaxDocument {
    let book = format!(
        r#"{{"name":"b","periods":[{{"day_case_mwon":100000,"plans":{{}},
        "messages":{{"a":{{"price_mwon":15000}},"b":{{"price_mwon":25000}}}},
        "rules":{{"tax_base":"consumption"{rules}}}}}]}}"#
    );
    let mut till = Till::new(&book, Terms::Prepaid);
    let at = "2024-05-01 09:00:00";
    till.book(at, r#""granted","amount_won":15"#).unwrap();
    till.top_up(at, 1_000);
    for (id, kind) in ["a", "a", "b", "b"].into_iter().enumerate() {
        till.book(
            at,
            &format!(r#""message_sent","id":"{id}","kind":"{kind}""#),
        )
        .unwrap();
    }
    till.book(at, r#""message_failed","id":"3""#).unwrap();
    till.account
        .statement()
        .tax_document("2024-05-01".parse().unwrap())
        .unwrap()
}

#[test]
fn a_tax_document_of_consumption_rounds_once_and_leaves_free_cash_out() {
    let document = consumption("");
    // The first message was covered by the grant.
    let lines: Vec<_> = document
        .lines
        .iter()
        .map(|line| {
            let item = line.item.as_ref().map(happytalk_core::id::Word::as_str);
            (line.kind, item, line.supply, line.vat)
        })
        .collect();
    assert_eq!(
        lines,
        [
            (EntryKind::Message, Some("a"), won(15), None),
            (EntryKind::Message, Some("b"), won(50), None),
            (EntryKind::MessageRefund, Some("b"), won(-25), None),
        ]
    );
    // 4.0 of 40; of each line alone: 1 + 5 - 2.
    assert_eq!(
        (document.supply, document.vat, document.total),
        (won(40), won(4), won(44))
    );
}

#[test]
fn the_book_names_how_the_vat_of_a_document_is_rounded() {
    let vat = |rules: &str| consumption(rules).vat;
    assert_eq!(vat(r#","vat_per":"line""#), won(1 + 5 - 2));
    assert_eq!(
        vat(r#","vat_per":"line","vat":"half_up_won""#),
        won(2 + 5 - 3)
    );
    assert_eq!(vat(r#","vat":"floor_10_won""#), won(0));
    // 40 with its VAT inside.
    let inside = consumption(r#","prices":"included""#);
    assert_eq!(
        (inside.supply, inside.vat, inside.total),
        (won(37), won(3), won(40))
    );
}

#[test]
fn a_site_on_invoice_is_taxed_for_what_it_used() {
    let mut scene = Scene::new();
    scene.site(
        "2024-06-01 00:00:00",
        r#""plan_set","plan":"pro","accounts":10"#,
    );
    let document = scene
        .bill()
        .tax_document("2024-06-01".parse().unwrap())
        .unwrap();
    // DOMAIN 11.4: 935,000 with VAT.
    assert_eq!(document.total, won(935_000));
    assert!(
        document
            .to_table(Language::Korean)
            .contains("합계금액  935,000 원")
    );
    assert!(document.to_json().starts_with(
        r#"{"price_book":"2021-01","month":"2024-06","base":"consumption","vat_rule":"floor_won","vat_per":"document","lines":[{"kind":"account_fee","item":"pro","count":1,"supply_mwon":850000000}],"supply_mwon":850000000,"#
    ));
}
