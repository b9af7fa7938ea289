//! The standard metrics of DOMAIN 6.9, on the worked day of 6.7.

use happytalk_core::Line;
use happytalk_sqi::{Figures, Options, Rate, Report, StandardRow};
use serde_json::json;

use crate::examples::day;
use crate::script::{clock, conversation, figures, line};

fn of(by: &str, words: &[(&str, &str)], lines: &[String]) -> Report {
    let mut options = Options::new().with("service-level", "60s").unwrap();
    if !by.is_empty() {
        options = options.with("by", by).unwrap();
    }
    for (name, value) in words {
        options = options.with(name, value).unwrap();
    }
    figures(options, lines).report()
}

fn total(words: &[(&str, &str)], lines: &[String]) -> StandardRow {
    of("", words, lines).rows[0].standard.clone().unwrap()
}

fn percent(rate: Rate) -> (u64, u64, Option<u64>) {
    (rate.count, rate.of, rate.basis_points())
}

#[test]
fn the_four_service_levels_of_the_worked_day() {
    let day = total(&[("short-abandon", "5s")], &day());
    assert_eq!((day.offered, day.answered, day.short_abandoned), (5, 3, 1));
    let customer = day.service_level.customer;
    assert_eq!(percent(customer.sl1), (2, 5, Some(4_000)));
    assert_eq!(percent(customer.sl2), (2, 4, Some(5_000)));
    assert_eq!(percent(customer.sl3), (2, 3, Some(6_667)));
    assert_eq!(percent(customer.sl4), (4, 5, Some(8_000)));
    assert_eq!(percent(day.abandonment), (1, 4, Some(2_500)));
    assert_eq!((day.asa_ms, day.aht_ms), (Some(58_333), Some(241_667)));
}

#[test]
fn the_agents_clock_begins_with_the_assignment() {
    // From assignment: A 40 s, B 30 s, C left 40 s after it, D was never assigned, E 30 s.
    let agent = total(&[], &day()).service_level.agent;
    assert_eq!(percent(agent.sl1), (3, 4, Some(7_500)));
    assert_eq!(percent(agent.sl4), (4, 4, Some(10_000)));
    let agent = total(&[("service-level", "30s")], &day())
        .service_level
        .agent;
    assert_eq!(percent(agent.sl3), (2, 3, Some(6_667)));
}

#[test]
fn a_wait_that_a_transfer_cuts_is_one_in_the_total_and_two_by_agent() {
    let lines = conversation("b", crate::examples::B);
    let whole = total(&[], &lines);
    assert_eq!(whole.agent_wait_interval.count, 3);
    assert_eq!(whole.agent_wait_interval.mean_ms, Some(45_000));
    assert_eq!(whole.customer_wait_interval.count, 2);
    let by_agent = of("agent", &[], &lines);
    let waits = by_agent
        .rows
        .iter()
        .map(|row| row.standard.as_ref().unwrap());
    let waits: Vec<u64> = waits.map(|row| row.agent_wait_interval.count).collect();
    assert_eq!(waits, [2, 2]);
    let moved = |index: usize| by_agent.rows[index].standard.clone().unwrap();
    assert_eq!((moved(0).transfers_out, moved(0).transfers_in), (1, 0));
    assert_eq!((moved(1).transfers_out, moved(1).transfers_in), (0, 1));
    assert_eq!(percent(whole.transfer_rate), (1, 1, Some(10_000)));
}

#[test]
fn scores_of_five_and_of_ten_are_csat_and_nps() {
    let mut lines = Vec::new();
    for (index, scores) in [["5 5", "10 10"], ["4 5", "8 10"], ["1 5", "3 10"]]
        .iter()
        .enumerate()
    {
        for (scale, score) in scores.iter().enumerate() {
            lines.extend(conversation(
                &format!("c-{index}-{scale}"),
                &format!(
                    "10:00:00 opened
                     10:00:10 assigned kim
                     10:00:20 agent kim
                     10:01:00 ended agent then-work
                     10:01:01 survey
                     10:01:30 rated {score}
                     10:02:00 worked"
                ),
            ));
        }
    }
    let row = total(&[], &lines);
    assert_eq!(percent(row.csat), (2, 3, Some(6_667)));
    assert_eq!(row.csat_mean_hundredths, Some(333));
    assert_eq!(
        (row.nps.promoters, row.nps.passives, row.nps.detractors),
        (1, 1, 1)
    );
    assert_eq!(row.nps.score_hundredths, Some(0));
    assert_eq!(percent(row.response_rate), (6, 6, Some(10_000)));
}

#[test]
fn who_comes_back_with_the_same_matter_was_not_settled_at_first() {
    let talk = |id: &str, from: &str, main: &str, hour: u32| {
        conversation(
            id,
            &format!(
                "{hour}:00:00 opened main={main} previous={from}
                 {hour}:00:10 assigned kim
                 {hour}:00:20 agent kim
                 {hour}:01:00 ended agent"
            ),
        )
    };
    let mut lines = talk("one", "none", "환불", 9);
    lines.extend(talk("two", "one", "배송", 33));
    lines.extend(talk("three", "two", "환불", 57));
    let row = total(&[], &lines);
    assert_eq!(percent(row.first_contact), (2, 3, Some(6_667)));
    // Eight days later it is another matter.
    lines.extend(talk("four", "three", "환불", 57 + 8 * 24));
    let row = total(&[("horizon", "none")], &lines);
    assert_eq!(percent(row.first_contact), (3, 4, Some(7_500)));
    // Nobody needs to know who the customer is.
    let sealed: Vec<String> = lines
        .iter()
        .map(|line| line.replace("\"customer\":\"u\"", "\"customer\":{\"erased\":true}"))
        .collect();
    assert_ne!(sealed, lines);
    assert_eq!(total(&[("horizon", "none")], &sealed), row);
}

#[test]
fn a_reopened_conversation_is_counted_as_one() {
    let row = total(
        &[],
        &conversation(
            "c",
            "10:00:00 opened
             10:00:10 assigned kim
             10:00:20 agent kim
             10:01:00 ended agent
             11:00:00 reopened
             11:00:05 assigned kim
             11:00:10 agent kim
             11:01:00 ended agent",
        ),
    );
    assert_eq!(percent(row.reopen_rate), (1, 2, Some(5_000)));
    assert_eq!(percent(row.first_contact), (1, 2, Some(5_000)));
}

#[test]
fn agents_have_rows_of_their_own_time() {
    let status = |seq, at, status: &str, class: &str| {
        let event = json!({"type": "agent_status", "status": status, "class": class});
        line(("agent", "kim"), seq, clock(at), event)
    };
    let set = json!({"type": "agent_set", "caps": {"agent": 2}});
    let mut lines = vec![
        line(("agent", "kim"), 1, clock("09:00:00"), set),
        status(2, "09:00:00", "상담가능", "accepting"),
        status(3, "12:00:00", "식사", "paused"),
        status(4, "12:30:00", "상담가능", "accepting"),
        status(5, "13:00:00", "로그아웃", "off"),
    ];
    // Two hours and 48 minutes of three and a half hours, though two overlap for an hour.
    for (id, from, until) in [("a", "09:00:00", "11:00:00"), ("b", "10:00:00", "11:48:00")] {
        let story =
            format!("{from} opened\n {from} assigned kim\n {from} agent kim\n {until} ended agent");
        lines.extend(conversation(id, &story));
    }
    let report = of("day", &[], &lines);
    let row = &report.agents[0];
    assert_eq!((row.agent.as_str(), row.handled), ("kim", 2));
    assert_eq!(
        percent(row.occupancy()),
        (10_080_000, 12_600_000, Some(8_000))
    );
    assert_eq!(row.slot_utilisation().basis_points(), Some(5_429));
    assert_eq!(row.concurrency_adjusted_ms(), Some(5_040_000));
    let json = report.to_json();
    assert!(
        json.contains(r#""agents":[{"day":"2024-05-13","agent":"kim","handled":2,"#),
        "{json}"
    );
    assert!(json.contains(r#"{"status":"식사","ms":1800000}"#), "{json}");
}

#[test]
fn what_nobody_asked_for_is_not_there() {
    let mut figures = Figures::new(Options::new());
    for line in day() {
        figures.push(&Line::parse(&line).unwrap()).unwrap();
    }
    let report = figures.report();
    assert!(report.agents.is_empty() && report.rows[0].standard.is_none());
    let json = report.to_json();
    assert!(
        !json.contains("standard") && !json.contains("agents"),
        "{json}"
    );
}
