//! Days off out of iCalendar files.

use happytalk_core::hours::{Calendar, Holidays, Why};
use happytalk_core::time::Date;

fn file(events: &[&str]) -> String {
    let mut text =
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//example//holidays//KO\r\n".to_owned();
    for event in events {
        text.push_str("BEGIN:VEVENT\r\n");
        text.push_str(event);
        text.push_str("\r\nEND:VEVENT\r\n");
    }
    text + "END:VCALENDAR\r\n"
}

fn date(text: &str) -> Date {
    text.parse().unwrap()
}

fn of_2026(text: &str) -> Holidays {
    Holidays::read(text, date("2026-01-01"), date("2026-12-31")).unwrap()
}

fn days(holidays: &Holidays) -> Vec<(String, Option<&str>)> {
    let days = holidays.days.iter();
    days.map(|(date, name)| (date.to_string(), name.as_ref().map(|name| name.as_str())))
        .collect()
}

fn skipped(holidays: &Holidays) -> Vec<(usize, &'static str)> {
    let skipped = holidays.skipped.iter();
    skipped.map(|one| (one.line, one.why.as_str())).collect()
}

#[test]
fn an_event_of_whole_days_is_off_without_the_day_on_which_it_ends() {
    let holidays = of_2026(&file(&[
        "DTSTART;VALUE=DATE:20260216\r\nDTEND;VALUE=DATE:20260219\r\nSUMMARY:설날\\, 연휴\r\n 와 그 다음 날",
        "DTSTART;VALUE=DATE:20260301\r\nSUMMARY:삼일절",
        "DTSTART;VALUE=DATE:20260505\r\nDURATION:P1D",
        "DTSTART:20261003\r\nDTEND:20261003\r\nSUMMARY:개천절",
    ]));
    assert_eq!(
        days(&holidays),
        [
            ("2026-02-16".to_owned(), Some("설날, 연휴와 그 다음 날")),
            ("2026-02-17".to_owned(), Some("설날, 연휴와 그 다음 날")),
            ("2026-02-18".to_owned(), Some("설날, 연휴와 그 다음 날")),
            ("2026-03-01".to_owned(), Some("삼일절")),
            ("2026-05-05".to_owned(), None),
            ("2026-10-03".to_owned(), Some("개천절")),
        ]
    );
    assert!(holidays.skipped.is_empty());
}

#[test]
fn yearly_events_come_in_the_years_that_are_asked_for() {
    let holidays = of_2026(&file(&[
        "DTSTART;VALUE=DATE:20001225\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:성탄절",
        "DTSTART;VALUE=DATE:20201126\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\r\nSUMMARY:Thanksgiving",
        "DTSTART;VALUE=DATE:20251231\r\nDTEND;VALUE=DATE:20260103\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:연말",
        "DTSTART;VALUE=DATE:20200606\r\nRRULE:FREQ=YEARLY\r\nEXDATE;VALUE=DATE:20260606\r\nRDATE;VALUE=DATE:20260608",
        "DTSTART;VALUE=DATE:20300101\r\nSUMMARY:later",
    ]));
    let dates: Vec<String> = holidays.days.keys().map(ToString::to_string).collect();
    assert_eq!(
        dates,
        [
            "2026-01-01",
            "2026-01-02",
            "2026-06-08",
            "2026-11-26",
            "2026-12-25",
            "2026-12-31"
        ]
    );
    assert!(holidays.skipped.is_empty());
}

#[test]
fn what_is_not_taken_is_reported_with_its_line_and_reason() {
    let text = file(&[
        "DTSTART;TZID=Asia/Seoul:20260302T090000\r\nDTEND;TZID=Asia/Seoul:20260302T100000\r\nSUMMARY:회의",
        "DTSTART;VALUE=DATE:20260101\r\nSTATUS:CANCELLED",
        "DTSTART;VALUE=DATE:20260101\r\nRECURRENCE-ID;VALUE=DATE:20260102",
        "SUMMARY:nothing",
        "DTSTART;VALUE=DATE:20260230",
        "DTSTART;VALUE=DATE:20260105\r\nDTEND;VALUE=DATE:20260101",
        "DTSTART;VALUE=DATE:20260101\r\nDURATION:PT1H",
        "DTSTART;VALUE=DATE:20260101\r\nDTEND;VALUE=DATE:20280101",
        "DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=WEEKLY",
        "DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=YEARLY\r\nEXDATE:20260101T000000Z",
        "DTSTART;VALUE=DATE:20260101\r\nthis is no line",
    ]);
    let holidays = of_2026(&text);
    assert_eq!(days(&holidays), []);
    let reasons: Vec<&str> = skipped(&holidays).iter().map(|(_, why)| *why).collect();
    assert_eq!(
        reasons,
        [
            "timed",
            "cancelled",
            "exception",
            "bad_start",
            "bad_start",
            "bad_end",
            "bad_end",
            "too_long",
            "bad_rule",
            "bad_rule",
            "bad_line"
        ]
    );
    let lines: Vec<&str> = text.split("\r\n").collect();
    for (line, _) in skipped(&holidays) {
        assert_eq!(lines[line - 1], "BEGIN:VEVENT");
    }
    let cut = of_2026(text.split_once("DTEND").unwrap().0);
    assert_eq!(skipped(&cut), [(4, "unfinished")]);
}

#[test]
fn a_name_that_is_too_long_is_left_out_and_the_day_is_not() {
    let holidays = of_2026(&file(&[&format!(
        "DTSTART;VALUE=DATE:20260101\r\nSUMMARY:{}",
        "가".repeat(200)
    )]));
    assert_eq!(days(&holidays), [("2026-01-01".to_owned(), None)]);
    assert_eq!(skipped(&holidays), [(4, "long_name")]);
}

#[test]
fn alarms_inside_an_event_say_nothing_about_it() {
    let holidays = of_2026(&file(&[
        "DTSTART;VALUE=DATE:20260101\r\nBEGIN:VALARM\r\nDURATION:PT15M\r\nSUMMARY:alarm\r\nEND:VALARM\r\nSUMMARY:신정",
    ]));
    assert_eq!(days(&holidays), [("2026-01-01".to_owned(), Some("신정"))]);
}

#[test]
fn a_file_that_is_no_calendar_is_refused() {
    let read = |text: &str, first: &str, last: &str| {
        Holidays::read(text, date(first), date(last))
            .map_err(|error| error.code())
            .err()
    };
    let year = ("2026-01-01", "2026-12-31");
    assert_eq!(read("", year.0, year.1), Some("holidays.not_icalendar"));
    assert_eq!(
        read("<html>", year.0, year.1),
        Some("holidays.not_icalendar")
    );
    let long = " ".repeat(Holidays::BYTES_MAX + 1);
    assert_eq!(read(&long, year.0, year.1), Some("holidays.too_long"));
    let good = file(&[]);
    assert_eq!(read(&good, year.1, year.0), Some("holidays.bad_range"));
    assert_eq!(
        read(&good, "1900-01-01", "2026-01-01"),
        Some("holidays.bad_range")
    );
    assert_eq!(
        read(
            &format!("\u{feff}{}", good.replace("\r\n", "\n")),
            year.0,
            year.1
        ),
        None
    );
}

#[test]
fn a_calendar_takes_the_holidays_and_keeps_what_its_operator_wrote() {
    let calendar = Calendar::read(
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}],
        "special":[{"date":"2026-02-18","name":"당직","windows":[{"from":"10:00","until":"12:00"}]}],
        "schedules":[{"name":"returns","weekly":[{"days":[1,2,3,4,5],"all_day":true}]},
                     {"name":"vip","special":[]}]}"#,
    )
    .unwrap();
    let holidays = of_2026(&file(&[
        "DTSTART;VALUE=DATE:20260216\r\nDTEND;VALUE=DATE:20260219\r\nSUMMARY:설날",
    ]));
    let (calendar, kept) = calendar.with_holidays(&holidays).unwrap();
    assert_eq!(kept, [date("2026-02-18")]);
    let monday = "2026-02-16T11:00:00+09:00".parse().unwrap();
    let wednesday = "2026-02-18T11:00:00+09:00".parse().unwrap();
    let seollal = Why::Holiday {
        name: Some("설날".parse().unwrap()),
    };
    assert_eq!(calendar.site().why(monday), seollal);
    assert!(calendar.site().is_open(wednesday));
    let named = |name| calendar.schedule_named(name).unwrap();
    assert_eq!(named("returns").why(monday), seollal);
    assert!(named("vip").is_open(monday), "it has its own list");
    assert_eq!(Calendar::read(&calendar.to_json()).unwrap(), calendar);
}
