//! `bill`: the worked cases of DOMAIN 11.3 and 11.4, and what cannot be booked.

use serde_json::Value;

use crate::fixture::{is_golden, text};
use crate::prompt::{happytalk, happytalk_on};

/// The kind, the time of day in Seoul, the conversation and the amount in thousandths of a won of each entry.
fn entries(out: &str) -> Vec<(String, i64, String, i64)> {
    let bill: Value = serde_json::from_str(out).unwrap();
    let entries = bill["entries"].as_array().unwrap();
    let mut balance = 0;
    let read = entries.iter().map(|entry| {
        let text = |name: &str| entry[name].as_str().unwrap_or_default().to_owned();
        let amount = entry["amount_mwon"].as_i64().unwrap();
        balance += amount;
        assert_eq!(entry["balance_mwon"], balance, "{entry}");
        let at = entry["at"].as_i64().unwrap();
        (text("kind"), at, text("conversation"), amount)
    });
    let read = read.collect();
    assert_eq!(bill["balance_mwon"], balance);
    read
}

fn entry(kind: &str, at: i64, conversation: &str, won: i64) -> (String, i64, String, i64) {
    (kind.to_owned(), at, conversation.to_owned(), won * 1000)
}

const PAID_AT: i64 = 1_715_558_400_000; // 09:00 on 2024-05-13 in Seoul
const MINUTE: i64 = 60_000;

#[test]
fn a_customer_costs_once_a_day_and_again_after_midnight_11_3() {
    let out = happytalk("bill bill/cases.jsonl --site bill/cases_site.jsonl --format json").fine();
    assert_eq!(
        entries(&out),
        [
            entry("top_up", PAID_AT, "", 100_000),
            entry("day_case", PAID_AT + 61 * MINUTE, "k1-a", -100),
            entry("day_case", PAID_AT + (14 * 60 + 59) * MINUTE, "k2", -100),
            entry("day_case", PAID_AT + (15 * 60 + 3) * MINUTE, "k2", -100),
        ]
    );
    let bill: Value = serde_json::from_str(&out).unwrap();
    let cases = &bill["totals"]["day_case"];
    assert_eq!(
        (cases["count"].as_i64(), cases["amount_mwon"].as_i64()),
        (Some(3), Some(-300_000))
    );
}

#[test]
fn by_session_two_rooms_are_two_cases_and_a_room_over_midnight_is_one_11_3() {
    let out =
        happytalk("bill bill/cases.jsonl --site bill/cases_per_session_site.jsonl --format json")
            .fine();
    let rooms: Vec<_> = entries(&out)
        .into_iter()
        .filter(|(kind, ..)| kind == "day_case")
        .map(|(_, _, room, _)| room)
        .collect();
    assert_eq!(rooms, ["k1-a", "k1-b", "k2"]);
}

#[test]
fn fewer_accounts_cost_less_from_the_next_month_on_11_4() {
    let bill = "bill - --site bill/fees_site.jsonl --format json --at 2024-07-01T00:00:00+09:00";
    let june = 1_717_167_600_000;
    let july = 1_719_759_600_000;
    assert_eq!(
        entries(&happytalk(bill).fine()),
        [
            entry("top_up", june - 60 * MINUTE, "", 2_000_000),
            entry("account_fee", june, "", -850_000),
            entry("account_fee", july, "", -510_000),
        ]
    );
}

#[test]
fn an_account_that_is_added_costs_the_days_that_are_left_11_4() {
    let out = happytalk("bill - --site bill/added_site.jsonl --format json").fine();
    let fees: Vec<_> = entries(&out)
        .into_iter()
        .filter(|(kind, ..)| kind == "account_fee")
        .map(|(.., amount)| amount)
        .collect();
    assert_eq!(fees, [-85_000_000, -39_666_000]);
}

#[test]
fn fees_run_until_the_time_that_is_told_or_the_latest_of_both_files() {
    let fees = |at: &str| {
        let out = happytalk(&format!(
            "bill - --site bill/fees_site.jsonl --format json {at}"
        ))
        .fine();
        entries(&out)
            .iter()
            .filter(|(kind, ..)| kind == "account_fee")
            .count()
    };
    assert_eq!(fees(""), 1);
    assert_eq!(fees("--at 2024-06-30T23:59:59.999+09:00"), 1);
    assert_eq!(fees("--at 1719759600000"), 2);
    assert_eq!(fees("--at 2024-08-01T00:00:00+09:00"), 3);
}

#[test]
fn of_the_day_of_6_7_only_answered_kakao_rooms_are_cases() {
    let out = happytalk("bill sqi/day.jsonl --format json").fine();
    let rooms: Vec<_> = entries(&out)
        .into_iter()
        .map(|(kind, _, room, _)| (kind, room))
        .collect();
    assert_eq!(
        rooms,
        ["A", "B", "E"].map(|room| ("day_case".to_owned(), room.to_owned()))
    );
}

#[test]
fn the_site_may_stand_in_the_log_as_well() {
    let apart =
        happytalk("bill bill/cases.jsonl --site bill/cases_site.jsonl --format json").fine();
    let site = text("bill/cases_site.jsonl").replacen('{', r#"{"site":"shop","seq":1,"#, 1);
    let log = format!("{site}{}", text("bill/cases.jsonl"));
    let together = happytalk_on("bill - --format json", &log).fine();
    assert_eq!(together, apart);
    let both = happytalk_on("bill - --site bill/cases_site.jsonl --format json", log).fine();
    assert_eq!(both, apart, "a key is booked once");
}

#[test]
fn a_price_book_of_ones_own_has_its_own_prices() {
    let bill = |options: &str| {
        let site = "--site bill/cases_site.jsonl --format json";
        happytalk_on(&format!("bill bill/cases.jsonl {site} {options}"), BOOK).fine()
    };
    let out = bill("--prices -");
    assert!(out.starts_with(r#"{"price_book":"ours""#), "{out}");
    let cost: i64 = entries(&out)
        .iter()
        .skip(1)
        .map(|(.., amount)| amount)
        .sum();
    assert_eq!(cost, -360_000);
    assert!(bill("").starts_with(r#"{"price_book":"2021-01""#));
}

const BOOK: &str =
    r#"{"name":"ours","periods":[{"day_case_mwon":120000,"plans":{"free":{"fee_mwon":0}}}]}"#;

#[test]
fn people_get_a_statement_in_either_language() {
    let fees = "bill - --site bill/fees_site.jsonl --at 2024-07-01T00:00:00+09:00";
    is_golden("bill/fees.ko.txt", &happytalk(fees).fine());
    let cases = "bill bill/cases.jsonl --site bill/cases_site.jsonl --lang en";
    is_golden("bill/cases.en.txt", &happytalk(cases).fine());
}

#[test]
fn nothing_at_all_is_a_bill_of_nothing() {
    assert_eq!(entries(&happytalk("bill - --format json").fine()), []);
    assert!(happytalk("bill -").fine().ends_with("잔액  0 원\n"));
}

#[test]
fn a_line_that_cannot_be_booked_is_told_with_its_file_and_its_place() {
    let refused = |site: &str| {
        let ended = happytalk_on("bill bill/cases.jsonl --site -", site);
        assert_eq!(ended.out, "");
        ended.refused().to_owned()
    };
    let good = text("bill/cases_site.jsonl");
    assert!(refused(&format!("{good}garbage\n")).starts_with("stdin:2:1: "));
    assert!(refused(&format!("{good}\n{{\"type\":\"top_up\"")).starts_with("stdin:3:"));
    let other = good.replace("110000", "220000");
    let line = refused(&format!("{good}{other}"));
    assert!(line.starts_with("stdin:2:1: "), "{line}");
    let line = refused(&good.replace("top_up", "windfall"));
    assert!(line.starts_with("stdin:1:"), "{line}");
    let line = refused(&good.replace("110000", "\"110000\""));
    assert!(line.starts_with("stdin:1:"), "{line}");
}

#[test]
fn a_price_book_that_is_none_says_where() {
    let refused = |book: &str| {
        let ended = happytalk_on("bill bill/cases.jsonl --prices -", book);
        ended.refused().to_owned()
    };
    assert!(refused("{\n  \"name\": \"x\",\n  oops").starts_with("stdin:3:"));
    assert!(refused(&BOOK.replace("\"name\"", "\"nam\"")).starts_with("stdin:1:"));
    assert!(refused("").starts_with("stdin:1:1: "));
}

#[test]
fn standard_input_is_read_once() {
    happytalk("bill - --site -")
        .says("happytalk: standard input can be read once: `-` stands twice");
}

#[test]
fn options_that_are_not_right_say_so() {
    for (options, name) in [
        ("--at tomorrow", "--at"),
        ("--zone Mars/Olympus", "--zone"),
        ("--format xml", "--format"),
        ("--by agent", "--by"),
        ("--tax 2024-13", "--tax"),
    ] {
        let refused = happytalk(&format!("bill bill/cases.jsonl {options}"));
        let line = refused.refused();
        assert!(
            line.starts_with("happytalk: bad ") && line.contains(name),
            "{line}"
        );
    }
}

#[test]
fn a_bill_is_added_up_by_what_is_asked_for() {
    let line = "bill bill/cases.jsonl --site bill/cases_site.jsonl --by day,kind";
    let csv = happytalk(&format!("{line} --format csv")).fine();
    assert_eq!(
        csv,
        "day,kind,count,amount_won\r\n\
         2024-05-13,top_up,1,100000\r\n\
         2024-05-13,day_case,2,-200\r\n\
         2024-05-14,day_case,1,-100\r\n"
    );
    let json: Value =
        serde_json::from_str(&happytalk(&format!("{line} --format json")).fine()).unwrap();
    assert_eq!(json["rows"][1]["amount_mwon"], -200_000);
    assert_eq!(json["balance_mwon"], 99_700_000);
    let table = happytalk(line).fine();
    assert!(
        table.starts_with("일자        구분         건수     금액\n"),
        "{table}"
    );
}

#[test]
fn a_months_tax_document_has_the_vat_that_was_paid_11_5() {
    let line = "bill bill/cases.jsonl --site bill/cases_site.jsonl --tax 2024-05";
    let json: Value =
        serde_json::from_str(&happytalk(&format!("{line} --format json")).fine()).unwrap();
    assert_eq!(json["lines"][0]["kind"], "top_up");
    assert_eq!(
        (&json["supply_mwon"], &json["vat_mwon"]),
        (&Value::from(100_000_000), &Value::from(10_000_000))
    );
    let csv = happytalk(&format!("{line} --format csv")).fine();
    assert!(csv.ends_with("total,,,100000,10000\r\n"), "{csv}");
    assert!(happytalk(line).fine().contains("합계금액  110,000 원"));
}

#[test]
fn the_hash_chain_is_printed_where_it_is_asked_for() {
    let line = "bill bill/cases.jsonl --site bill/cases_site.jsonl --hashes --format json";
    let bill: Value = serde_json::from_str(&happytalk(line).fine()).unwrap();
    let last = bill["entries"].as_array().unwrap().last().unwrap();
    assert_eq!(bill["head"], last["hash"]);
    assert_eq!(bill["head"].as_str().map(str::len), Some(64));
    happytalk("bill bill/cases.jsonl --hashes").refused();
}
