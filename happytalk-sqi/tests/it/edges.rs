//! The rules beside the worked examples.

use happytalk_core::Line;
use happytalk_sqi::{Figures, Options, Row, TimeFigure};

use serde_json::json;

use crate::script::{self, clock, conversation, figures, line, report, row, total};

fn sum(figure: TimeFigure) -> (u64, u128) {
    (
        figure.count,
        figure.spread.map_or(0, |spread| spread.sum_ms),
    )
}

fn counts_nothing(story: &str) -> bool {
    report("", &conversation("c", story)).rows.is_empty()
}

fn abandoned(row: &Row) -> (u64, u64) {
    (row.abandon_rate.count, row.abandon_rate.of)
}

#[test]
fn a_message_that_failed_before_the_close_was_never_said() {
    let story = |failed: &str| {
        format!(
            "10:00:00 opened
             10:00:00 requested
             10:00:10 assigned kim
             10:01:00 agent kim m-first
             10:02:00 agent kim m-second
             10:03:00 customer
             {failed}
             10:05:00 ended agent then-work
             10:06:00 worked"
        )
    };
    let row = total(&story(""));
    assert_eq!(sum(row.first_response), (1, 60_000));
    let row = total(&story("10:04:00 failed m-first"));
    assert_eq!(sum(row.first_response), (1, 120_000));
    assert_eq!(sum(row.agent_wait), (1, 60_000));
    let row = total(&story("10:04:00 failed m-other"));
    assert_eq!(sum(row.first_response), (1, 60_000));
}

#[test]
fn a_failure_counts_in_after_work_and_no_longer_after_the_close() {
    let story = |failed: &str| {
        format!(
            "10:00:00 opened
             10:00:10 assigned kim
             10:01:00 agent kim m-only
             10:02:00 ended customer then-work
             {failed}"
        )
    };
    let row = total(&story("10:02:30 failed m-only\n 10:03:00 worked"));
    assert_eq!(abandoned(&row), (1, 1));
    assert_eq!(row.first_response.count, 0);
    let row = total(&story("10:03:00 worked\n 10:03:30 failed m-only"));
    assert_eq!(abandoned(&row), (0, 1));
    assert_eq!(row.first_response.count, 1);
}

#[test]
fn greetings_and_bots_are_no_answer() {
    let row = total(
        "10:00:00 opened bot
         10:00:01 bot
         10:01:00 requested
         10:01:01 auto
         10:01:02 bot
         10:02:00 ended customer",
    );
    assert_eq!(abandoned(&row), (1, 1));
    assert_eq!(sum(row.abandon_wait), (1, 60_000));
}

#[test]
fn a_bot_only_room_is_in_none_of_the_eight() {
    assert!(counts_nothing(
        "10:00:00 opened bot
         10:00:01 bot
         10:00:05 customer
         10:00:09 bot-ended customer"
    ));
}

#[test]
fn a_refused_request_is_no_request() {
    assert!(counts_nothing(
        "10:00:00 opened bot
         10:01:00 requested
         10:01:00 rejected
         10:02:00 bot-ended customer"
    ));
    assert!(counts_nothing(
        "10:00:00 opened
         10:00:00 rejected final"
    ));
    let row = total(
        "10:00:00 opened bot
         10:01:00 requested
         10:01:00 rejected
         10:05:00 requested
         10:05:30 assigned kim
         10:06:00 ended channel left",
    );
    assert_eq!(sum(row.queue_time), (1, 30_000));
    assert_eq!(sum(row.abandon_wait), (1, 60_000));
}

#[test]
fn without_a_bot_the_opening_is_the_request() {
    let row = total(
        "10:00:00 opened
         10:00:05 assigned kim
         10:00:20 agent kim
         10:01:00 ended agent",
    );
    assert_eq!(sum(row.queue_time), (1, 5_000));
    assert_eq!(sum(row.first_response_from_request), (1, 20_000));
}

#[test]
fn the_profile_bots_time_is_taken_off_the_queue() {
    let row = total(
        "10:00:00 opened bot
         10:00:50 profile holds
         10:01:00 requested
         10:01:20 profile-done
         10:01:30 profile
         10:01:40 profile-skipped
         10:01:45 profile holds
         10:02:00 assigned kim
         10:03:00 ended agent",
    );
    // One minute, without 20 s after the request and without the last 15 s; the one that holds nothing counts.
    assert_eq!(sum(row.queue_time), (1, 25_000));
}

#[test]
fn an_automatic_end_before_any_answer_is_missed_and_not_abandoned() {
    let row = total(
        "10:00:00 opened
         10:30:00 ended auto queue_timeout",
    );
    assert_eq!((abandoned(&row), row.missed), ((0, 1), 1));
    assert_eq!(row.abandon_wait.count, 0);
    let row = total(
        "10:00:00 opened
         10:30:00 ended manager",
    );
    assert_eq!((abandoned(&row), row.missed), ((0, 1), 0));
}

#[test]
fn what_is_missed_can_count_as_abandoned_too() {
    let lines = [
        conversation(
            "late",
            "10:00:00 opened\n 10:30:00 ended auto queue_timeout",
        ),
        conversation("left", "10:00:00 opened\n 10:00:09 ended customer"),
        conversation(
            "answered",
            "10:00:00 opened\n 10:00:05 assigned kim\n 10:00:06 agent kim\n 10:01:00 ended agent",
        ),
    ]
    .concat();
    let options = Options::new().with("missed", "abandoned").unwrap();
    let report = figures(options, &lines).report();
    let row = &report.rows[0];
    assert_eq!((abandoned(row), row.missed), ((2, 3), 1));
    assert_eq!(sum(row.abandon_wait), (1, 9_000));
    let json = report.to_json();
    assert!(
        json.contains(r#""quantiles":"linear","missed":"abandoned","rows""#),
        "{json}"
    );
}

#[test]
fn a_bot_that_ends_a_conversation_which_asked_for_an_agent_ends_it_before_any_answer() {
    for (by, counted, missed) in [
        ("customer", 1, 0),
        ("channel", 1, 0),
        ("idle", 0, 1),
        ("flow", 0, 0),
    ] {
        let row = total(&format!(
            "10:00:00 opened bot
             10:01:00 requested
             10:03:00 bot-ended {by}"
        ));
        assert_eq!(abandoned(&row), (counted, 1), "{by}");
        assert_eq!(row.missed, missed, "{by}");
        assert_eq!(row.abandon_wait.count, counted, "{by}");
    }
}

#[test]
fn the_talk_ends_with_the_last_message_only_where_silence_or_the_channel_ended_it() {
    for (ending, talk, tail) in [
        ("ended agent", 600_000, 0),
        ("ended customer", 600_000, 0),
        ("ended manager", 600_000, 0),
        ("ended auto agent_late", 600_000, 0),
        ("ended channel left", 600_000, 0),
        ("ended channel blocked", 600_000, 0),
        ("ended auto customer_silent", 60_000, 540_000),
        ("ended channel expired", 60_000, 540_000),
        ("ended channel unknown", 60_000, 540_000),
    ] {
        let row = total(&format!(
            "10:00:00 opened
             10:00:00 assigned kim
             10:01:00 agent kim
             10:02:00 customer
             10:11:00 {ending}"
        ));
        assert_eq!(sum(row.talk_time), (1, talk), "{ending}");
        assert_eq!(sum(row.idle_tail), (1, tail), "{ending}");
    }
}

#[test]
fn one_unanswered_reply_is_a_talk_of_zero() {
    let lines = conversation(
        "c",
        "10:00:00 opened
         10:00:00 assigned kim
         10:01:00 agent kim
         10:31:00 ended auto customer_silent",
    );
    let report = report("agent", &lines);
    let row = row(&report, "kim");
    assert_eq!(sum(row.talk_time), (1, 0));
    assert_eq!(sum(row.agent_wait), (1, 0));
    assert_eq!(sum(row.total_time), (1, 0));
}

#[test]
fn after_a_return_to_the_queue_time_stays_with_the_agent_before() {
    let lines = conversation(
        "c",
        "10:00:00 opened
         10:00:00 assigned kim
         10:01:00 agent kim
         10:02:00 returned kim transfer
         10:05:00 assigned lee
         10:06:00 agent lee
         10:07:00 ended agent",
    );
    let report = report("agent", &lines);
    assert_eq!(sum(row(&report, "kim").talk_time), (1, 240_000));
    assert_eq!(sum(row(&report, "lee").talk_time), (1, 120_000));
    assert_eq!(sum(row(&report, "lee").transfer_wait), (1, 240_000));
    assert_eq!(sum(row(&report, "kim").queue_time), (1, 0));
    assert_eq!(row(&report, "lee").queue_time.count, 0);
}

#[test]
fn an_abandonment_belongs_to_who_holds_it_then() {
    let held = "10:00:00 opened
         10:00:10 assigned kim
         10:01:00 transferred kim lee forced
         10:02:00 ended customer";
    let lines = conversation("c", held);
    assert_eq!(abandoned(row(&report("agent", &lines), "lee")), (1, 1));
    let waiting = "10:00:00 opened
         10:00:10 assigned kim
         10:01:00 returned kim accept_timeout
         10:02:00 ended customer";
    let lines = conversation("c", waiting);
    assert_eq!(abandoned(row(&report("agent", &lines), "(none)")), (1, 1));
}

#[test]
fn a_transfer_waits_from_its_request_or_else_from_the_move() {
    let wait = |moves: &str| {
        let row = total(&format!(
            "10:00:00 opened
             10:00:00 assigned kim
             10:01:00 agent kim
             {moves}
             10:10:00 agent lee
             10:11:00 ended agent"
        ));
        sum(row.transfer_wait)
    };
    assert_eq!(wait("10:02:00 transferred kim lee forced"), (1, 480_000));
    assert_eq!(
        wait("10:02:00 asks kim lee\n 10:03:00 keeps\n 10:04:00 transferred kim lee forced"),
        (1, 360_000)
    );
    assert_eq!(
        wait("10:02:00 asks kim lee\n 10:03:00 agent kim\n 10:04:00 transferred kim lee accepted"),
        (1, 480_000)
    );
    assert_eq!(
        wait("10:02:00 asks kim lee\n 10:03:00 returned kim transfer\n 10:04:00 assigned lee"),
        (1, 480_000)
    );
    // Park let it go without a word: the same transfer goes on.
    assert_eq!(
        wait(
            "10:02:00 returned kim transfer\n 10:03:00 assigned park\n 10:04:00 returned park accept_timeout\n 10:05:00 assigned lee"
        ),
        (1, 480_000)
    );
    // Taken back without a transfer.
    assert_eq!(
        wait("10:02:00 returned kim offline\n 10:03:00 assigned lee"),
        (0, 0)
    );
    // The agent it led to never wrote.
    assert_eq!(wait("10:02:00 transferred kim park forced"), (0, 0));
}

#[test]
fn each_episode_counts_once_and_for_itself() {
    let lines = conversation(
        "c",
        "10:00:00 opened
         10:00:10 assigned kim
         10:01:00 agent kim
         10:02:00 ended agent
         11:00:00 reopened
         11:00:30 assigned lee
         11:02:00 agent lee
         11:03:00 ended customer",
    );
    let report = report("hour", &lines);
    let second = row(&report, "2024-05-13T11");
    assert_eq!(sum(second.queue_time), (1, 30_000));
    assert_eq!(sum(second.first_response), (1, 120_000));
    assert_eq!(
        sum(row(&report, "2024-05-13T10").first_response),
        (1, 60_000)
    );
    assert_eq!(report.open, 0);
}

#[test]
fn a_message_in_after_work_ends_that_and_goes_on_with_the_same_agent() {
    let lines = conversation(
        "c",
        "10:00:00 opened
         10:00:10 assigned kim
         10:01:00 agent kim
         10:02:00 ended customer then-work
         10:02:40 reopened
         10:02:40 customer
         10:03:40 agent kim
         10:04:40 ended agent then-work",
    );
    let report = report("agent", &lines);
    assert_eq!(report.open, 1);
    let row = row(&report, "kim");
    assert_eq!(sum(row.after_work), (1, 40_000));
    let worked = json!({"type": "after_work_ended", "by": "agent"});
    let mut lines = lines;
    lines.push(line(("conversation", "c"), 9, clock("10:05:00"), worked));
    let report = script::report("agent", &lines);
    let row = script::row(&report, "kim");
    assert_eq!(sum(row.after_work), (2, 60_000));
    assert_eq!(sum(row.first_response), (2, 120_000));
    assert_eq!(row.queue_time.count, 1);
}

#[test]
fn who_was_written_to_first_has_no_queue_time() {
    let row = total(
        "10:00:00 opened by-agent
         10:00:00 assigned kim opener
         10:00:10 agent kim
         10:05:00 customer
         10:06:00 agent kim
         10:07:00 ended agent",
    );
    assert_eq!(row.queue_time.count, 0);
    assert_eq!(sum(row.first_response), (1, 360_000));
    assert_eq!(sum(row.first_response_from_request), (1, 60_000));
    assert_eq!(sum(row.talk_time), (1, 60_000));
    assert!(counts_nothing(
        "10:00:00 opened by-agent
         10:00:00 assigned kim opener
         10:00:10 agent kim
         10:05:00 ended auto customer_silent"
    ));
}

#[test]
fn what_is_not_known_is_passed_over() {
    let row = total(
        "10:00:00 opened
         10:00:01 unknown
         10:00:05 assigned kim
         10:01:00 unknown
         10:02:00 ended channel left",
    );
    assert_eq!(sum(row.queue_time), (1, 5_000));
}

#[test]
fn a_closed_message_counts_like_an_open_one() {
    let lines = conversation(
        "c",
        "10:00:00 opened
         10:00:00 assigned kim
         10:01:00 agent kim m-1
         10:02:00 agent kim m-2
         10:03:00 failed m-1
         10:04:00 ended agent",
    );
    let whole = report("", &lines);
    assert_eq!(sum(whole.rows[0].first_response), (1, 120_000));
    let content = r#"{"content":[{"text":"…","type":"text"}],"id":"m-1"}"#;
    for closed in [
        r#"{"id":"m-1","content":{"sealed":"b64"}}"#,
        r#"{"id":"m-1","content":{"erased":true}}"#,
        r#"{"id":"m-1","erased":true}"#,
    ] {
        let erased: Vec<String> = lines
            .iter()
            .map(|line| line.replace(content, closed))
            .collect();
        assert_ne!(lines, erased);
        assert_eq!(report("", &erased), whole, "{closed}");
    }
}

#[test]
fn a_line_that_goes_back_in_time_is_clamped_and_counted() {
    let report = report(
        "",
        &conversation(
            "c",
            "10:00:10 opened
             10:00:05 assigned kim
             10:00:40 ended channel left",
        ),
    );
    assert_eq!(report.skewed, 1);
    assert!(report.to_json().ends_with(r#""open":0,"skewed":1}"#));
    assert_eq!(sum(report.rows[0].queue_time), (1, 0));
    assert_eq!(sum(report.rows[0].abandon_wait), (1, 30_000));
}

#[test]
fn a_repeat_is_counted_and_a_gap_is_an_error() {
    let lines = conversation("c", crate::examples::A);
    let mut figures = figures(Options::new(), &lines);
    let once = figures.report();
    for line in &lines {
        figures.push(&Line::parse(line).unwrap()).unwrap();
    }
    let twice = figures.report();
    assert_eq!(twice.repeated, 14);
    assert!(twice.to_json().ends_with(r#""open":0,"repeated":14}"#));
    assert_eq!(twice.rows, once.rows);

    let mut figures = Figures::new(Options::new());
    figures.push(&Line::parse(&lines[0]).unwrap()).unwrap();
    let error = figures.push(&Line::parse(&lines[2]).unwrap()).unwrap_err();
    assert_eq!(error.code(), "sqi.gap");
    assert_eq!(
        error.to_string(),
        "line is missing. stream=`conversation c` expected_seq=`2` found_seq=`3`"
    );
    // The line was not taken: the log can go on where it was right.
    figures.push(&Line::parse(&lines[1]).unwrap()).unwrap();
}

#[test]
fn streams_of_agents_and_the_site_have_no_gaps_either() {
    let mut figures = Figures::new(Options::new());
    let mut push = |text: &str| figures.push(&Line::parse(text).unwrap());
    push(r#"{"agent":"kim","seq":1,"at":1,"type":"agent_set","group":"g"}"#).unwrap();
    push(r#"{"agent":"kim","seq":1,"at":1,"type":"agent_set","group":"g"}"#).unwrap();
    push(r#"{"site":"s","seq":1,"at":1,"type":"top_up","key":"k"}"#).unwrap();
    let gap = push(r#"{"agent":"kim","seq":3,"at":1,"type":"agent_removed"}"#).unwrap_err();
    assert!(gap.to_string().contains("agent kim"), "{gap}");
    let gap = push(r#"{"site":"s","seq":0,"at":1,"type":"top_up"}"#).unwrap_err();
    assert!(gap.to_string().contains("site s"), "{gap}");
    assert_eq!(figures.report().repeated, 1);
}

#[test]
fn a_conversation_begins_with_opened_and_has_it_once() {
    let lines = conversation(
        "c",
        "10:00:00 opened
         10:00:01 opened",
    );
    let mut figures = Figures::new(Options::new());
    figures.push(&Line::parse(&lines[0]).unwrap()).unwrap();
    let error = figures.push(&Line::parse(&lines[1]).unwrap()).unwrap_err();
    assert_eq!(error.code(), "sqi.opened");
    let lines = conversation("d", "10:00:00 requested");
    let error = figures.push(&Line::parse(&lines[0]).unwrap()).unwrap_err();
    assert_eq!(error.code(), "sqi.opened");
}

#[test]
fn a_log_that_is_read_says_which_line_does_not_fit() {
    let lines = conversation("c", crate::examples::C);
    let log = [lines[0].as_str(), "", lines[2].as_str()].join("\n");
    let mut figures = Figures::new(Options::new());
    let error = figures.read(log.as_bytes()).unwrap_err();
    assert_eq!((error.code(), error.line()), ("sqi.gap", Some(3)));
    let mut figures = Figures::new(Options::new());
    figures.read(lines.join("\n").as_bytes()).unwrap();
    assert_eq!(figures.report(), report("", &lines));
}
