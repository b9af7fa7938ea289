//! Rows: every dimension, the clocks and the zone.

use happytalk_core::time::Zone;
use happytalk_sqi::{Clock, Options};
use serde_json::json;

use crate::examples::{B, day};
use crate::script::{clock, conversation, figures, line, report, row};

fn keys(by: &str, lines: &[String]) -> Vec<String> {
    let report = report(by, lines);
    report.rows.iter().map(|row| row.keys.join(",")).collect()
}

/// Two conversations that differ in all a dimension can ask.
fn two() -> Vec<String> {
    let mut lines = conversation(
        "one",
        "10:00:00 opened channel=kakao_consult main=배송 inflow=search order=7
         10:00:10 assigned kim
         10:01:00 agent kim
         10:02:00 category 환불 부분
         10:03:00 ended agent then-work
         11:00:00 worked",
    );
    lines.extend(conversation(
        "two",
        "10:30:00 opened previous=one
         10:30:10 assigned lee
         10:31:00 ended auto queue_timeout",
    ));
    lines
}

#[test]
fn every_dimension_has_its_values() {
    let lines = two();
    assert_eq!(keys("day", &lines), ["2024-05-13"]);
    assert_eq!(keys("hour", &lines), ["2024-05-13T10", "2024-05-13T11"]);
    assert_eq!(keys("week", &lines), ["2024-W20"]);
    assert_eq!(keys("month", &lines), ["2024-05"]);
    assert_eq!(keys("agent", &lines), ["kim", "lee"]);
    assert_eq!(keys("channel", &lines), ["kakao_consult", "webchat"]);
    assert_eq!(keys("category", &lines), ["(none)", "환불"]);
    assert_eq!(keys("sub", &lines), ["(none)", "부분"]);
    assert_eq!(keys("end", &lines), ["agent", "auto"]);
    assert_eq!(keys("returning", &lines), ["first", "returning"]);
    assert_eq!(keys("inflow", &lines), ["(none)", "search"]);
    assert_eq!(keys("parameter:order", &lines), ["(none)", "7"]);
    assert_eq!(
        keys("returning,agent", &lines),
        ["first,kim", "returning,lee"]
    );
}

#[test]
fn a_category_is_the_one_at_closing() {
    let story = "10:00:00 opened main=배송
         10:00:10 assigned kim
         10:01:00 returned kim transfer 교환
         10:02:00 ended customer
         10:03:00 category 환불 부분";
    assert_eq!(keys("category", &conversation("c", story)), ["교환"]);
}

#[test]
fn a_clock_says_into_which_bucket_a_conversation_falls() {
    let lines = conversation(
        "c",
        "09:59:00 opened bot
         10:59:00 requested
         11:30:00 ended customer then-work
         12:10:00 worked",
    );
    for (clock, hour) in [
        (Clock::Opening, "2024-05-13T09"),
        (Clock::Request, "2024-05-13T10"),
        (Clock::Closing, "2024-05-13T12"),
    ] {
        let options = Options::new().with("by", "hour").unwrap().with_clock(clock);
        let report = figures(options, &lines).report();
        assert_eq!(report.rows[0].keys, [hour], "{clock}");
        assert_eq!(report.rows[0].abandon_rate.count, 1);
    }
    // 08:10 in Seoul is yesterday in UTC.
    let lines = conversation("c", "08:00:00 opened\n 08:10:00 ended customer");
    let options = Options::new().with("by", "day").unwrap();
    let report = figures(options.with_zone(Zone::named("UTC").unwrap()), &lines).report();
    assert_eq!(
        (report.rows[0].keys[0].as_str(), report.zone.as_str()),
        ("2024-05-12", "UTC")
    );
}

#[test]
fn a_group_is_the_one_the_agents_stream_had_at_the_close() {
    let set = |seq, agent, group: Option<&str>| {
        let mut event = json!({"type": "agent_set"});
        if let Some(group) = group {
            event["group"] = json!(group);
        }
        line(("agent", agent), seq, clock("08:00:00"), event)
    };
    let mut lines = vec![set(1, "A1", Some("교환팀")), set(1, "A2", Some("교환팀"))];
    lines.extend(conversation("b", B));
    let one_group = report("group", &lines);
    // Both agents are of one group: the conversation is one value there, as it is in the total.
    assert_eq!(one_group.rows.len(), 1);
    assert_eq!(
        row(&one_group, "교환팀").talk_time,
        report("", &lines).rows[0].talk_time
    );
    assert_eq!(
        row(&report("agent,group", &lines), "A2,교환팀")
            .talk_time
            .count,
        1
    );

    lines.push(set(2, "A2", Some("환불팀")));
    lines.push(set(2, "A1", None));
    lines.extend(conversation("b2", B));
    let groups = report("group", &lines);
    assert_eq!(row(&groups, "환불팀").after_work.count, 1);
    assert_eq!(row(&groups, "(none)").queue_time.count, 1);
    assert_eq!(row(&groups, "교환팀").total_time.count, 1);
}

#[test]
fn what_is_not_closed_is_left_out_and_counted() {
    let mut lines = day();
    lines.extend(conversation("bot", "12:00:00 opened bot\n 12:00:01 bot"));
    lines.extend(conversation("waits", "12:00:00 opened"));
    lines.extend(conversation(
        "after-work",
        "12:00:00 opened\n 12:00:01 assigned kim\n 12:00:02 agent kim\n 12:00:03 ended agent then-work",
    ));
    lines.extend(conversation(
        "bot-ended",
        "12:00:00 opened bot\n 12:00:01 bot-ended idle",
    ));
    lines.extend(conversation(
        "refused",
        "12:00:00 opened\n 12:00:01 rejected final",
    ));
    let with_open = report("day", &lines);
    assert_eq!(with_open.open, 3);
    assert_eq!(with_open.rows, report("day", &day()).rows);
}

#[test]
fn a_customers_parameter_does_not_show_in_debug() {
    let lines = conversation(
        "c",
        "12:00:00 opened phone=010-1234-5678\n 12:00:01 ended customer",
    );
    let options = Options::new().with("by", "parameter:phone").unwrap();
    let figures = figures(options, &lines);
    let report = figures.report();
    assert_eq!(report.rows[0].keys, ["010-1234-5678"]);
    let shown = format!("{figures:?} {report:?}");
    assert!(!shown.contains("1234"), "{shown}");
}
