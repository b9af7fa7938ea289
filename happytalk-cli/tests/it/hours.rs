//! `hours`: the worked examples of DOMAIN 4 at the prompt, the documents of docs/formats.md, and what is refused.

use serde_json::{Value, json};

use crate::fixture::is_golden;
use crate::prompt::{happytalk, happytalk_on};

const NINE_TO_SIX: &str =
    r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}]}"#;
const TWO_WINDOWS: &str = r#"{"zone":"Asia/Seoul","weekly":[
    {"days":[1,2,3,4,5],"from":"09:00","until":"12:00"},{"days":[1,2,3,4,5],"from":"13:00","until":"18:00"}]}"#;

/// What is said of a time in Seoul, such as `2026-02-16T09:00`, of a calendar on standard input.
fn asked(calendar: &str, options: &str) -> Value {
    let out = happytalk_on(&format!("hours - {options} --format json"), calendar).fine();
    assert_eq!(out.lines().count(), 1, "{out}");
    serde_json::from_str(&out).unwrap()
}

#[test]
fn business_time_of_a_weekend_is_five_minutes_of_rule_6() {
    let answer = asked(
        NINE_TO_SIX,
        "--at 2024-05-10T18:50:00+09:00 --until 2024-05-13T09:05:00+09:00",
    );
    let raw = answer["until"].as_i64().unwrap() - answer["at"].as_i64().unwrap();
    assert_eq!(
        (raw, &answer["business_ms"]),
        (224_100_000, &json!(300_000))
    );
    assert_eq!(answer["why"], "off_hours");
    assert_eq!(
        answer["next_open"], 1_715_558_400_000_i64,
        "Monday 09:00 in Seoul"
    );
}

#[test]
fn the_switch_lasts_as_rule_5_says() {
    for (at, way, until) in [
        ("07:00", "on", 1_763_866_800_000_i64), // 12:00
        ("12:30", "on", 1_763_888_400_000),     // 18:00
        ("10:00", "off", 1_763_870_400_000),    // 13:00
    ] {
        let options = format!("--at 2025-11-23T{at}:00+09:00 --switch {way}");
        let calendar = TWO_WINDOWS.replace("[1,2,3,4,5]", "[7]");
        let answer = asked(&calendar, &options);
        assert_eq!(
            answer["hours_overridden"],
            json!({"open": way == "on", "until": until}),
            "{at} {way}"
        );
        assert_eq!(answer["open"], way == "on");
        assert_eq!(answer["next_change"], until);
    }
    let answer = asked(
        TWO_WINDOWS,
        "--at 2026-11-23T10:00:00+09:00 --switch calendar",
    );
    assert_eq!(
        answer.get("hours_overridden"),
        None,
        "nobody had switched it"
    );
}

#[test]
fn what_the_log_says_of_the_switch_counts() {
    let line = r#"{"site":"shop","seq":1,"at":1715561000000,"type":"hours_overridden","open":false,"until":1715572800000}"#;
    let options = "hours hours/calendar.json --at 2024-05-13T10:30:00+09:00 --format json";
    let out = happytalk_on(&format!("{options} --log -"), line).fine();
    let answer: Value = serde_json::from_str(&out).unwrap();
    assert_eq!(
        (&answer["why"], &answer["next_open"]),
        (&json!("switched_off"), &json!(1_715_572_800_000_i64))
    );
    let answer: Value = serde_json::from_str(&happytalk(options).fine()).unwrap();
    assert_eq!(answer["why"], "in_hours");
}

#[test]
fn teams_and_categories_have_their_own_schedule() {
    for (options, name, open) in [
        ("", "site", false),
        ("--group vip", "vip", true),
        ("--queue q-vip", "vip", true),
        ("--category 반품/환불", "returns", false),
        ("--category 반품", "site", false),
        ("--schedule vip", "vip", true),
        ("--schedule site", "site", false),
    ] {
        let line = format!(
            "hours hours/calendar.json --at 2026-02-17T14:00:00+09:00 --format json {options}"
        );
        let answer: Value = serde_json::from_str(&happytalk(&line).fine()).unwrap();
        assert_eq!(
            (&answer["schedule"], &answer["open"]),
            (&json!(name), &json!(open)),
            "{line}"
        );
    }
}

#[test]
fn the_table_is_for_people_in_two_languages() {
    let line = "hours hours/calendar.json --at 2026-02-16T12:30:00+09:00 --until 2026-02-18T09:05:00+09:00 --switch on";
    is_golden("hours/switched_on_at_lunch.txt", &happytalk(line).fine());
    let line = "hours hours/calendar.json --at 2026-02-16T12:30:00+09:00 --holidays hours/holidays.ics --lang en";
    is_golden("hours/holidays.txt", &happytalk(line).fine());
}

#[test]
fn holidays_are_taken_and_what_was_not_is_told() {
    let line = "hours hours/calendar.json --at 2026-02-16T12:30:00+09:00 --holidays hours/holidays.ics --format";
    let answer: Value = serde_json::from_str(&happytalk(&format!("{line} json")).fine()).unwrap();
    assert_eq!(
        (&answer["why"], &answer["name"]),
        (&json!("holiday"), &json!("설날 연휴"))
    );
    assert_eq!(
        answer["holidays"],
        json!({"taken": 4, "kept": ["2026-02-17"], "skipped": [{"line": 16, "why": "timed"}]})
    );
    let document = happytalk(&format!("{line} calendar")).fine();
    is_golden("hours/with_holidays.json", &document);
    let again = happytalk_on(
        "hours - --at 2026-03-01T12:00:00+09:00 --format calendar",
        &document,
    );
    assert_eq!(again.fine(), document);
}

#[test]
fn a_calendar_that_is_not_right_is_told_with_its_place() {
    for (calendar, told) in [
        (
            "{",
            "stdin:1:1: not JSON: EOF while parsing an object. pointer=``",
        ),
        (
            "{\n\"zone\": 1}",
            "stdin:2:9: expected a string. pointer=`/zone`",
        ),
        (
            r#"{"zone":"Asia/Soul","weekly":[]}"#,
            "stdin: unknown time zone. pointer=`/zone`",
        ),
        (
            r#"{"zone":"Asia/Seoul","weekly":[{"days":[1],"from":"9:00","until":"18:00"}]}"#,
            "stdin: expected a time of the day such as 09:00. pointer=`/weekly/0/from`",
        ),
    ] {
        happytalk_on("hours - --at 0", calendar).says(told);
    }
    happytalk("hours hours/calendar.json --at 0 --holidays hours/calendar.json")
        .says("hours/calendar.json: not an iCalendar file: it does not begin with BEGIN:VCALENDAR");
}

#[test]
fn options_that_make_no_sense_are_refused() {
    for (options, told) in [
        (
            "",
            "missing argument `--at <TIME>` (see `happytalk --help`)",
        ),
        (
            "--at noon",
            "bad value of `--at`. expected=`a time such as 2026-01-12T10:00:00+09:00, or milliseconds since 1970`",
        ),
        (
            "--at 0 --schedule nobody",
            "bad value of `--schedule`: the calendar has none of this name",
        ),
        (
            "--at 0 --schedule vip --group vip",
            "`--schedule` names one: `--category`, `--queue` and `--group` choose one",
        ),
        (
            "--at 0 --log - --holidays -",
            "standard input can be read once: `-` stands twice",
        ),
    ] {
        happytalk(&format!("hours hours/calendar.json {options}"))
            .says(&format!("happytalk: {told}"));
    }
}
