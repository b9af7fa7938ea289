//! Time within working hours: example F of DOMAIN 6.6, and the dimension in and out of them.

use happytalk_core::hours;
use happytalk_sqi::{Calendar, Options, TimeFigure};
use serde_json::json;

use crate::script::{clock, conversation, figures, line};

/// Monday to Friday, nine to six.
fn week() -> Calendar {
    let document =
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}]}"#;
    Calendar::of_site("week", hours::Calendar::read(document).unwrap())
}

/// Asked on Friday at 18:50, assigned on Monday at 9:00, answered five minutes later.
fn f() -> Vec<String> {
    conversation(
        "f",
        "-54:50:00 opened
         -54:50:00 requested
         09:00:00 assigned kim
         09:05:00 agent kim
         09:10:00 ended agent",
    )
}

fn sum(figure: TimeFigure) -> u128 {
    figure.spread.unwrap().sum_ms
}

#[test]
fn f_waited_a_weekend_on_the_calendar_and_five_minutes_of_working_time() {
    let raw = figures(Options::new(), &f()).report();
    assert_eq!(sum(raw.rows[0].queue_time), 223_800_000);
    assert_eq!(sum(raw.rows[0].first_response), 224_100_000);
    assert_eq!(raw.business, None);
    let business = figures(Options::new().with_business(week()), &f()).report();
    assert_eq!(sum(business.rows[0].queue_time), 0);
    assert_eq!(sum(business.rows[0].first_response), 300_000);
    assert_eq!(sum(business.rows[0].talk_time), 300_000);
    assert!(
        business
            .to_json()
            .contains(r#""quantiles":"linear","business":"week","rows""#)
    );
}

#[test]
fn rows_in_and_out_of_hours_go_by_the_request() {
    let mut lines = f();
    lines.extend(conversation(
        "in",
        "08:59:00 opened bot
         09:00:00 requested
         20:00:00 ended customer",
    ));
    let options = Options::new().with("by", "hours").unwrap();
    assert_eq!(options.check().unwrap_err().code(), "sqi.no_calendar");
    let report = figures(options.clone().with_hours(week()), &lines).report();
    let keys: Vec<_> = report.rows.iter().map(|row| row.keys[0].as_str()).collect();
    assert_eq!(keys, ["in", "out"]);
    // The hours are asked, and times stay on the calendar.
    assert_eq!(sum(report.rows[1].queue_time), 223_800_000);
    // Without a calendar nobody can say.
    assert_eq!(figures(options, &lines).report().rows[0].keys, ["(none)"]);
}

#[test]
fn a_team_has_the_hours_of_its_own_category_or_queue() {
    let document = r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}],
        "schedules":[{"name":"night","for":[{"category":{"main":"환불"}},{"queue":"vip"}],
                  "weekly":[{"days":[1,2,3,4,5,6,7],"all_day":true}]}]}"#;
    let calendar = hours::Calendar::read(document).unwrap();
    let options = Options::new()
        .with("by", "category,hours")
        .unwrap()
        .with_business(Calendar::of_site("site", calendar));
    let story = |main: &str| {
        format!(
            "02:00:00 opened{main}
             02:30:00 assigned kim
             03:00:00 ended customer"
        )
    };
    let mut lines = conversation("a", &story(""));
    lines.extend(conversation("b", &story(" main=환불")));
    lines.extend(conversation("c", &story(" main=배송")));
    // What counts is what it is about when it closes.
    let moved = "02:00:00 opened main=배송
         02:30:00 assigned kim
         02:40:00 category 환불 부분
         03:00:00 ended customer";
    lines.extend(conversation("d", moved));
    let to_queue = json!({"type": "agent_requested", "by": "flow", "queue": "vip"});
    let mut vip = conversation("e", &story(""));
    vip.insert(
        1,
        line(("conversation", "e"), 2, clock("02:00:00"), to_queue),
    );
    let vip: Vec<String> = vip
        .iter()
        .enumerate()
        .map(|(index, line)| match index {
            0 | 1 => line.clone(),
            _ => line.replace(
                &format!("\"seq\":{index}"),
                &format!("\"seq\":{}", index + 1),
            ),
        })
        .collect();
    lines.extend(vip);
    let report = figures(options.clone(), &lines).report();
    let told: Vec<(String, u128)> = report
        .rows
        .iter()
        .map(|row| (row.keys.join(" "), sum(row.queue_time)))
        .collect();
    let half_an_hour = 1_800_000;
    assert_eq!(
        told,
        [
            ("(none) in".to_owned(), half_an_hour),
            ("(none) out".to_owned(), 0),
            ("배송 out".to_owned(), 0),
            ("환불 in".to_owned(), 2 * half_an_hour),
        ]
    );
    let mut read = happytalk_sqi::Figures::new(options.clone());
    read.read(lines.join("\n").as_bytes()).unwrap();
    assert_eq!(read.report(), report);
    let log = lines.join("\n");
    let why = happytalk_sqi::explain(log.as_bytes(), &"d".parse().unwrap(), &options).unwrap();
    assert_eq!(why.episodes[0].figures[0].value, 1_800_000);
}

#[test]
fn the_manual_switch_of_the_log_counts() {
    let overridden = json!({"type": "hours_overridden", "open": true, "until": clock("08:30:00")});
    let mut lines = vec![line(("site", "s"), 1, clock("08:00:00"), overridden)];
    lines.extend(conversation(
        "c",
        "08:10:00 opened
         08:40:00 assigned kim
         09:01:00 agent kim
         09:02:00 ended agent",
    ));
    let report = figures(Options::new().with_business(week()), &lines).report();
    assert_eq!(sum(report.rows[0].queue_time), 20 * 60_000);
    assert_eq!(sum(report.rows[0].first_response), 21 * 60_000);
    let mut read = happytalk_sqi::Figures::new(Options::new().with_business(week()));
    read.read(lines.join("\n").as_bytes()).unwrap();
    assert_eq!(read.report(), report);
}

#[test]
fn an_impatient_customer_is_impatient_at_night_too() {
    let lines = conversation("c", "02:00:00 opened\n 03:00:00 ended customer");
    let options = Options::new()
        .with_business(week())
        .with("short-abandon", "5s")
        .unwrap();
    let report = figures(options, &lines).report();
    // No working time at all, and yet an hour of patience.
    assert_eq!(report.rows[0].abandon_rate.count, 1);
    assert_eq!(sum(report.rows[0].abandon_wait), 0);
}
