//! `sqi`: the figures of a day, worked by hand in DOMAIN 6.4 to 6.7.

use crate::fixture::{is_golden, text};
use crate::prompt::{FIXTURES, happytalk, happytalk_on};

#[test]
fn the_day_of_6_7_comes_out_to_the_millisecond() {
    let out = happytalk("sqi sqi/day.jsonl --by day --format json").fine();
    is_golden("sqi/by_day.json", &out);
}

#[test]
fn a_short_abandon_leaves_the_rate_above_and_below_the_line() {
    let out = happytalk("sqi sqi/day.jsonl --by day --short-abandon 5s --format json").fine();
    is_golden("sqi/by_day_short_abandon.json", &out);
}

#[test]
fn what_each_agent_owns_adds_up_to_the_day() {
    let out = happytalk("sqi sqi/day.jsonl --by agent --format json").fine();
    is_golden("sqi/by_agent.json", &out);
    let rows: serde_json::Value = serde_json::from_str(&out).unwrap();
    let day: serde_json::Value = serde_json::from_str(&text("sqi/by_day.json")).unwrap();
    for figure in [
        "queue_time",
        "agent_wait",
        "customer_wait",
        "talk_time",
        "after_work",
        "total_time",
    ] {
        let rows = rows["rows"].as_array().unwrap();
        let sum: i64 = rows
            .iter()
            .filter_map(|row| row[figure]["sum_ms"].as_i64())
            .sum();
        assert_eq!(
            Some(sum),
            day["rows"][0][figure]["sum_ms"].as_i64(),
            "{figure}"
        );
    }
}

#[test]
fn the_options_that_are_the_default_can_be_written_out() {
    let short = happytalk("sqi sqi/day.jsonl --by day --format json").fine();
    let long = "sqi - --by day --zone Asia/Seoul --clock closing --short-abandon 0s --quantiles exact --format json";
    assert_eq!(happytalk_on(long, text("sqi/day.jsonl")).fine(), short);
}

#[test]
fn a_row_has_the_keys_that_by_names_in_that_order() {
    let by = "day,hour,week,month,channel,category,end,returning,inflow,parameter:inflow";
    let out = happytalk(&format!("sqi sqi/day.jsonl --by {by} --format json")).fine();
    let first = out.find(r#"{"day":"#).unwrap();
    assert_eq!(
        &out[first..out.find(r#","queue_time""#).unwrap()],
        r#"{"day":"2024-05-13","hour":"2024-05-13T10","week":"2024-W20","month":"2024-05","channel":"kakao_consult","category":"배송","end":"agent","returning":"first","inflow":"button","parameter:inflow":"button""#
    );
}

#[test]
fn the_clock_and_the_zone_say_which_hour_a_conversation_is_of() {
    let hours = |options: &str| {
        let out = happytalk(&format!(
            "sqi sqi/day.jsonl --by hour --format json {options}"
        ))
        .fine();
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        let rows = report["rows"].as_array().unwrap().clone();
        let hour = |row: &serde_json::Value| row["hour"].as_str().unwrap()[8..].to_owned();
        rows.iter().map(hour).collect::<Vec<_>>()
    };
    assert_eq!(hours(""), ["13T10", "13T11", "13T14", "13T15"]);
    assert_eq!(hours("--clock opening"), ["13T10", "13T11", "13T14"]);
    assert_eq!(hours("--clock request"), ["13T10", "13T11", "13T14"]);
    assert_eq!(hours("--zone UTC"), ["13T01", "13T02", "13T05", "13T06"]);
}

#[test]
fn people_get_a_table_in_either_language() {
    is_golden(
        "sqi/by_day.ko.txt",
        &happytalk("sqi sqi/day.jsonl --by day").fine(),
    );
    is_golden(
        "sqi/by_channel_and_end.en.txt",
        &happytalk("sqi sqi/day.jsonl --by channel,end --lang en").fine(),
    );
}

#[test]
fn who_still_talks_is_in_no_row_and_counted() {
    let log = text("sqi/day.jsonl");
    let a: Vec<_> = log
        .lines()
        .filter(|line| line.contains(r#""conversation":"A""#))
        .collect();
    let before_the_end = a[..a.len() - 1].join("\n");
    let out = happytalk_on("sqi - --format json", before_the_end).fine();
    assert!(out.ends_with("\"rows\":[],\"open\":1}\n"), "{out}");
}

#[test]
fn a_line_that_repeats_is_passed_over_and_one_that_is_missing_is_an_error() {
    let log = text("sqi/day.jsonl");
    let lines: Vec<_> = log.lines().collect();
    let once = happytalk_on("sqi - --by day --format json", &log).fine();
    let mut repeated = lines.clone();
    repeated.insert(3, lines[1]);
    let out = happytalk_on("sqi - --by day --format json", repeated.join("\n")).fine();
    let rows =
        |out: &str| out[out.find("\"rows\"").unwrap()..out.find(",\"open\"").unwrap()].to_owned();
    assert_eq!(rows(&out), rows(&once));
    let table = happytalk_on("sqi - --lang en", repeated.join("\n")).fine();
    assert!(
        table.ends_with("Lines that repeat and were left out: 1\n"),
        "{table}"
    );
    let mut gap = lines;
    gap.remove(2);
    happytalk_on("sqi -", gap.join("\n"))
        .says("stdin:3:1: line is missing. stream=`conversation A` expected_seq=`3` found_seq=`4`");
}

#[test]
fn an_empty_log_has_no_rows() {
    let out = happytalk("sqi - --format json").fine();
    assert!(out.ends_with("\"rows\":[],\"open\":0}\n"), "{out}");
    assert!(happytalk("sqi -").fine().contains("배정 대기시간"));
}

#[test]
fn a_line_that_is_none_says_where() {
    let good =
        r#"{"site":"s","seq":1,"at":1,"type":"settings_set","kind":"k","version":1,"hash":"h"}"#;
    happytalk_on("sqi -", format!("{good}\ngarbage\n")).says("stdin:2:1: not JSON: expected value");
    let refused = happytalk_on(
        "sqi -",
        format!("{good}\n\n{{\"conversation\":\"c\",\"seq\":1"),
    );
    assert!(refused.refused().starts_with("stdin:3:"), "{refused:?}");
    let mut bytes = good.as_bytes().to_vec();
    bytes.extend_from_slice(b"\n{\"\xFF");
    happytalk_on("sqi -", bytes).says("stdin:2:3: line is not UTF-8");
    let refused = happytalk_on("sqi -", vec![b'a'; (1 << 20) + 2]);
    assert!(refused.refused().starts_with("stdin:1:"), "{refused:?}");
}

#[test]
fn an_option_that_is_not_known_says_what_is() {
    for (option, word, known) in [
        ("by", "moon", "day, hour, week"),
        ("zone", "Mars/Olympus", "--zone"),
        ("clock", "sun", "closing, opening, request"),
        ("short-abandon", "soon", "--short-abandon"),
        ("quantiles", "guess", "exact"),
    ] {
        let refused = happytalk(&format!("sqi sqi/day.jsonl --{option} {word}"));
        let line = refused.refused();
        assert!(
            line.starts_with(&format!("happytalk: bad value of `--{option}`")),
            "{line}"
        );
        assert!(line.contains(known), "{line}");
    }
}

#[test]
fn a_spreadsheet_gets_korean_heads_behind_a_mark() {
    let csv = happytalk("sqi sqi/day.jsonl --by day --format csv").fine();
    assert!(csv.starts_with("\u{feff}일자,배정 대기시간,응대 전 이탈률,"));
    assert!(
        csv.contains("\r\n2024-05-13,00:00:23,40.00%,00:01:28,"),
        "{csv}"
    );
    let english = happytalk("sqi sqi/day.jsonl --format csv --lang en").fine();
    assert!(english.starts_with("\u{feff}Queue time,"));
}

#[test]
fn the_sketch_of_a_few_is_exact_and_named() {
    let exact = happytalk("sqi sqi/day.jsonl --by day --format json").fine();
    let sketch = happytalk("sqi sqi/day.jsonl --by day --quantiles sketch --format json").fine();
    assert_eq!(
        sketch,
        exact.replace("\"quantiles\":\"linear\"", "\"quantiles\":\"sketch\"")
    );
}

#[test]
fn a_packed_log_is_read_like_any_other() {
    // The day's log, packed by gzip.
    let packed = std::fs::read(format!("{FIXTURES}/sqi/day.jsonl.gz")).unwrap();
    let plain = happytalk("sqi sqi/day.jsonl --by agent --format json").fine();
    assert_eq!(
        happytalk("sqi sqi/day.jsonl.gz --by agent --format json").fine(),
        plain
    );
    assert_eq!(
        happytalk_on("sqi - --by agent --format json", &packed).fine(),
        plain
    );
    let cut = &packed[..packed.len() / 2];
    let refused = happytalk_on("sqi -", cut);
    assert!(
        refused.refused().contains("could not be read"),
        "{refused:?}"
    );
}

#[test]
fn working_hours_take_a_weekend_off() {
    let out = happytalk("sqi sqi/weekend.jsonl --format json").fine();
    assert!(
        out.contains(r#""queue_time":{"count":1,"sum_ms":223800000"#),
        "{out}"
    );
    let hours = "sqi sqi/weekend.jsonl --business sqi/hours.json --by hours --format json";
    let out = happytalk(hours).fine();
    assert!(
        out.contains(
            r#""business":"hours.json","rows":[{"hours":"out","queue_time":{"count":1,"sum_ms":0"#
        ),
        "{out}"
    );
    assert!(
        out.contains(r#""first_response":{"count":1,"sum_ms":300000"#),
        "{out}"
    );
    let refused = happytalk("sqi sqi/day.jsonl --by hours");
    assert!(
        refused
            .refused()
            .contains("need a calendar of working hours"),
        "{refused:?}"
    );
}

#[test]
fn the_standard_metrics_come_when_a_service_level_is_named() {
    let out =
        happytalk("sqi sqi/day.jsonl --service-level 60s --short-abandon 5s --format json").fine();
    let report: serde_json::Value = serde_json::from_str(&out).unwrap();
    let level = &report["rows"][0]["standard"]["service_level"]["customer"];
    assert_eq!(level["sl2"], serde_json::json!({"count": 2, "of": 4}));
    assert_eq!(level["sl4"], serde_json::json!({"count": 4, "of": 5}));
    assert!(report["agents"][0]["agent"].is_string(), "{out}");
    let table = happytalk("sqi sqi/day.jsonl --service-level 60s --short-abandon 5s").fine();
    for words in ["SL2", "50.00%", "상담 점유율", "건당 처리 시간"] {
        assert!(table.contains(words), "{table}");
    }
}

#[test]
fn two_logs_are_set_against_each_other() {
    let same = happytalk("sqi sqi/day.jsonl --against sqi/day.jsonl --lang en").fine();
    assert!(
        same.contains("Queue time") && same.contains("00:00:23"),
        "{same}"
    );
    let out = happytalk("sqi sqi/weekend.jsonl --against sqi/day.jsonl --format json").fine();
    assert!(
        out.contains(r#""queue_time":{"before_count":4,"after_count":1,"before_ms":23750,"after_ms":223800000,"change_ms":223776250}"#),
        "{out}"
    );
}

#[test]
fn a_conversation_is_explained_by_its_stretches() {
    let told = happytalk("explain sqi/day.jsonl --conversation A").fine();
    for words in [
        "상담 요청: 2024-05-13 10:01:30.000",
        "2024-05-13 10:02:50.000 ~ 10:03:20.000",
        "00:02:20.000",
    ] {
        assert!(told.contains(words), "{told}");
    }
    let json = happytalk("explain sqi/day.jsonl --conversation C --format json").fine();
    let why: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert_eq!(why["episodes"][0]["outcome"], "abandoned");
    assert_eq!(why["episodes"][0]["figures"][0]["value"], 20_000);
    let unknown = happytalk("explain sqi/day.jsonl --conversation nobody");
    assert!(
        unknown.refused().contains("no such conversation"),
        "{unknown:?}"
    );
    let left =
        happytalk("explain sqi/day.jsonl --conversation D --short-abandon 5s --lang en").fine();
    assert!(
        left.contains("abandon_rate: it was left too soon to count"),
        "{left}"
    );
}

#[test]
fn a_line_that_comes_after_the_horizon_is_an_error_and_not_lost() {
    let log = [
        text("sqi/day.jsonl"),
        text("sqi/weekend.jsonl"),
        text("sqi/day.jsonl"),
    ]
    .join("\n");
    let fine = happytalk_on("sqi - --lang en", &log).fine();
    assert!(
        fine.contains("Lines that repeat and were left out"),
        "{fine}"
    );
    let late = happytalk_on("sqi - --horizon 1h", &log);
    assert!(
        late.refused().contains("too late to be counted"),
        "{late:?}"
    );
}

#[test]
fn a_period_takes_what_the_clock_puts_into_it() {
    let log = [text("sqi/day.jsonl"), text("sqi/weekend.jsonl")].join("\n");
    let requests = |options: &str| {
        let out = happytalk_on(&format!("sqi - --format json {options}"), &log).fine();
        let report: serde_json::Value = serde_json::from_str(&out).unwrap();
        let rows = report["rows"].as_array().unwrap();
        rows.iter()
            .filter_map(|row| row["abandon_rate"]["of"].as_u64())
            .sum::<u64>()
    };
    assert_eq!(requests(""), 6);
    assert_eq!(
        requests("--from 2024-05-13T14:00:00+09:00 --until 2024-05-14"),
        2
    );
    assert_eq!(requests("--until 2024-05-13T14:00:00+09:00"), 4);
    assert_eq!(
        requests("--until 2024-05-13T11:00:00+09:00 --clock opening"),
        2
    );
    let out =
        happytalk("sqi sqi/day.jsonl --from 2024-05-13 --until 2024-05-14 --format json").fine();
    let head = r#""by":[],"period":{"from":1715526000000,"until":1715612400000},"quantiles""#;
    assert!(out.contains(head), "{out}");
    for (options, why) in [
        ("--from soon", "bad value of `--from`"),
        ("--until 2024-02-30", "bad value of `--until`"),
        (
            "--from 2024-05-14 --until 2024-05-13",
            "has to be after --from",
        ),
        ("--preceding", "--from"),
        ("--from 2024-05-14 --preceding", "--until"),
    ] {
        let refused = happytalk(&format!("sqi sqi/day.jsonl {options}"));
        assert!(refused.refused().contains(why), "{refused:?}");
    }
}

#[test]
fn a_period_is_set_against_the_one_before_it() {
    let afternoon = "--from 2024-05-13T12:00:00+09:00 --until 2024-05-14 --preceding";
    let out = happytalk(&format!("sqi sqi/day.jsonl {afternoon} --format json")).fine();
    // A, C and D in the morning; B and E in the afternoon.
    assert!(
        out.contains(r#""queue_time":{"before_count":2,"after_count":2,"before_ms":30000,"after_ms":17500,"change_ms":-12500}"#),
        "{out}"
    );
    let refused = happytalk_on(&format!("sqi - {afternoon}"), text("sqi/day.jsonl"));
    assert!(refused.refused().contains("read once"), "{refused:?}");
}

#[test]
fn what_is_missed_is_abandoned_where_somebody_says_so() {
    let log = text("sqi/day.jsonl");
    // E: nobody answers before the rule closes it.
    let e: Vec<String> = log
        .lines()
        .filter(|line| line.contains(r#""conversation":"E""#) && !line.contains("_said"))
        .enumerate()
        .map(|(index, line)| {
            let (head, rest) = line.split_once(",\"at\"").unwrap();
            let (head, _) = head.split_once("\"seq\":").unwrap();
            format!("{head}\"seq\":{},\"at\"{rest}", index + 1)
        })
        .collect();
    let out = |options: &str| {
        happytalk_on(&format!("sqi - --format json {options}"), e.join("\n")).fine()
    };
    assert!(out("").contains(r#""abandon_rate":{"count":0,"of":1}"#));
    let told = out("--missed abandoned");
    assert!(
        told.contains(r#""abandon_rate":{"count":1,"of":1}"#),
        "{told}"
    );
    assert!(told.contains(r#""missed":{"count":1}"#), "{told}");
}

#[test]
fn repeats_and_lines_before_their_time_are_counted_in_the_json_too() {
    let log = text("sqi/day.jsonl");
    let twice = format!("{log}\n{log}");
    let out = happytalk_on("sqi - --format json", twice).fine();
    assert!(
        out.ends_with(&format!(
            "\"open\":0,\"repeated\":{}}}\n",
            log.lines().count()
        )),
        "{out}"
    );
}
