//! Lines that come late, and how long a conversation is known.

use std::time::Duration;

use happytalk_core::Line;
use happytalk_sqi::{Figures, Options};

use crate::script::conversation;

const DAY: Duration = Duration::from_secs(86_400);

fn push(figures: &mut Figures, lines: &[String]) -> Result<(), &'static str> {
    for line in lines {
        let line = Line::parse(line).unwrap();
        figures.push(&line).map_err(|error| error.code())?;
    }
    Ok(())
}

/// A conversation that is over within a minute, so many days into the log.
fn on_day(day: u32) -> Vec<String> {
    let hours = day * 24;
    let story = format!(
        "{hours}:00:00 opened
         {hours}:00:10 assigned kim
         {hours}:00:30 agent kim
         {hours}:01:00 ended agent"
    );
    conversation(&format!("c-{day}"), &story)
}

#[test]
fn a_repeat_is_known_within_the_horizon_and_too_late_beyond_it() {
    let mut figures = Figures::new(Options::new().with_horizon(Some(3 * DAY)));
    for day in 0..10 {
        push(&mut figures, &on_day(day)).unwrap();
    }
    let before = figures.report();
    for day in 0..10 {
        let again = push(&mut figures, &on_day(day));
        assert_eq!(
            again,
            if day < 6 { Err("sqi.too_late") } else { Ok(()) },
            "{day}"
        );
    }
    let after = figures.report();
    assert_eq!(after.rows, before.rows);
    assert_eq!((before.repeated, after.repeated), (0, 16));
}

#[test]
fn who_is_forgotten_cannot_come_back_and_that_is_said() {
    let mut figures = Figures::new(Options::new().with_horizon(Some(DAY)));
    for day in 0..10 {
        push(&mut figures, &on_day(day)).unwrap();
    }
    let mut story = conversation(
        "c-0",
        "00:00:00 opened\n 00:00:01 unknown\n 00:00:02 unknown\n 00:00:03 unknown\n 240:00:00 reopened",
    );
    assert_eq!(push(&mut figures, &story.split_off(4)), Err("sqi.too_late"));
    // Nothing of it was taken, and a line that is missing is one still where nothing was forgotten.
    let mut figures = Figures::new(Options::new());
    let missing = push(&mut figures, &on_day(0)[1..]);
    assert_eq!(missing, Err("sqi.gap"));
}

#[test]
fn an_open_conversation_is_known_however_long_it_takes() {
    let mut figures = Figures::new(Options::new().with_horizon(Some(DAY)));
    let long = conversation(
        "long",
        "00:00:00 opened\n 00:00:05 assigned kim\n 480:00:00 ended customer",
    );
    push(&mut figures, &long[..2]).unwrap();
    for day in 0..19 {
        push(&mut figures, &on_day(day)).unwrap();
    }
    push(&mut figures, &long[2..]).unwrap();
    assert_eq!(figures.report().rows[0].abandon_rate.count, 1);
}

#[test]
fn without_a_horizon_a_log_may_be_in_any_order_of_time() {
    let mut figures = Figures::new(Options::new().with_horizon(None));
    for day in (0..400).rev() {
        push(&mut figures, &on_day(day)).unwrap();
    }
    push(&mut figures, &on_day(399)).unwrap();
    let report = figures.report();
    assert_eq!((report.rows[0].queue_time.count, report.repeated), (400, 4));
}

#[test]
fn a_score_after_the_close_changes_the_cell_of_its_conversation_alone() {
    let options = Options::new()
        .with("service-level", "20s")
        .unwrap()
        .with("by", "day")
        .unwrap();
    let mut figures = Figures::new(options);
    for day in 0..3 {
        push(&mut figures, &on_day(day)).unwrap();
    }
    let csat = |figures: &Figures| {
        let rows = figures.report().rows;
        let csat = rows.iter().map(|row| row.standard.as_ref().unwrap().csat);
        csat.map(|rate| (rate.count, rate.of)).collect::<Vec<_>>()
    };
    let whole = conversation(
        "c-1",
        "00:00:00 opened\n 00:00:01 unknown\n 00:00:02 unknown\n 00:00:03 unknown
         48:10:00 survey\n 48:11:00 rated 2 5\n 48:12:00 rated 5 5",
    );
    push(&mut figures, &whole[4..6]).unwrap();
    assert_eq!(csat(&figures), [(0, 0), (0, 1), (0, 0)]);
    // The first answer wins.
    push(&mut figures, &whole[6..]).unwrap();
    assert_eq!(csat(&figures), [(0, 0), (0, 1), (0, 0)]);
    let rows = figures.report().rows;
    let response = rows[1].standard.as_ref().unwrap().response_rate;
    assert_eq!((response.count, response.of), (1, 1));
}

#[test]
fn whoever_scores_without_a_survey_in_the_log_was_asked_all_the_same() {
    let options = Options::new().with("service-level", "20s").unwrap();
    let mut figures = Figures::new(options);
    let mut response = |seconds: &[&str]| {
        let id = format!("c-{}", seconds.len());
        let lines = seconds.join("\n");
        push(&mut figures, &conversation(&id, &lines)).unwrap();
        let rate = figures.report().rows[0]
            .standard
            .as_ref()
            .unwrap()
            .response_rate;
        (rate.count, rate.of)
    };
    let talk = [
        "10:00:00 opened",
        "10:00:00 requested",
        "10:00:10 assigned a",
        "10:00:20 agent a",
        "10:01:00 ended agent",
    ];
    assert_eq!(response(&talk), (0, 0));
    let before = [&talk[..4], &["10:00:50 rated 5 5"], &talk[4..]].concat();
    assert_eq!(response(&before), (1, 1));
    let after = [&talk[..], &["10:02:00 rated 1 5", "10:03:00 survey"]].concat();
    assert_eq!(response(&after), (2, 2));
}
