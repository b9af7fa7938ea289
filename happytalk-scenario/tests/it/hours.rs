//! SCENARIO 5 G, cases 66 and 67: the way a scenario takes by the calendar of a site.

use happytalk_core::Timestamp;
use happytalk_core::hours::{Asker, Calendar, HoursCommand, SiteHours};
use happytalk_scenario::Hours;

use crate::chat::{Chat, words};

const DOOR: &str = r#"
    "door": {"hours": {"calendar": "cs", "open": "desk", "lunch": "lunch", "holiday": "holiday", "closed": "closed"}},
    "desk": {"say": "열려 있어요.", "end": "open"},
    "lunch": {"say": "{{hours.next_open|when}}부터요.", "end": "lunch"},
    "holiday": {"say": "{{hours.holiday}}이에요. {{hours.next_open|date:'M월 D일 H시'}}에 열어요.", "end": "holiday"},
    "closed": {"say": "{{hours.next_open|date:'M월 D일 H시'}}에 열어요.", "end": "closed"}"#;

/// Weekdays 9 to 18, lunch from 12 to 13; in 2026 Seollal is from Monday to Wednesday.
const CALENDAR: &str = r#"{"zone":"Asia/Seoul",
    "weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}],
    "breaks":[{"from":"12:00","until":"13:00","name":"점심시간"}],
    "special":[{"date":"2026-02-16","name":"설날 연휴"},{"date":"2026-02-17","name":"설날"},{"date":"2026-02-18","name":"설날 연휴"}]}"#;

fn site(text: &str) -> SiteHours {
    let calendar = Calendar::read(text).unwrap_or_else(|error| panic!("{error}"));
    SiteHours::new(calendar)
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// Where a customer comes out, and what they read.
fn door(site: &SiteHours, time: &str) -> (String, String) {
    let mut chat = Chat::with(DOOR, "");
    chat.env.now = at(time);
    chat.env.hours = Hours::of(&site.hours(Asker::anybody()).status(chat.env.now));
    let said = words(&chat.start()).join(" ");
    (chat.at().to_owned(), said)
}

#[track_caller]
fn comes_to(site: &SiteHours, time: &str, node: &str, said: &str) {
    let (at, words) = door(site, time);
    assert_eq!((at.as_str(), words.as_str()), (node, said), "{time}");
}

#[test]
fn case_66_lunch_and_holidays_have_their_ways_and_the_next_opening() {
    let site = site(CALENDAR);
    comes_to(&site, "2026-02-12T11:59:59+09:00", "desk", "열려 있어요.");
    comes_to(
        &site,
        "2026-02-12T12:00:00+09:00",
        "lunch",
        "오늘 오후 1시부터요.",
    );
    comes_to(&site, "2026-02-12T13:00:00+09:00", "desk", "열려 있어요.");
    comes_to(
        &site,
        "2026-02-13T18:00:00+09:00",
        "closed",
        "2월 19일 9시에 열어요.",
    );
    comes_to(
        &site,
        "2026-02-17T10:00:00+09:00",
        "holiday",
        "설날이에요. 2월 19일 9시에 열어요.",
    );
}

#[test]
fn case_66_a_leap_day_and_a_zone_with_summer_time_are_days_like_others() {
    let leap = site(CALENDAR);
    // 2028-02-29 is a Tuesday.
    comes_to(&leap, "2028-02-29T10:00:00+09:00", "desk", "열려 있어요.");
    comes_to(
        &leap,
        "2028-02-28T20:00:00+09:00",
        "closed",
        "2월 29일 9시에 열어요.",
    );
    let berlin = r#"{"zone":"Europe/Berlin","weekly":[{"days":[1,2,3,4,5,6,7],"from":"09:00","until":"18:00"}]}"#;
    let berlin = site(berlin);
    // The clocks go forward on 2026-03-29: nine o'clock is an hour earlier than the day before.
    let opens = |time: &str| Hours::of(&berlin.hours(Asker::anybody()).status(at(time))).next_open;
    assert_eq!(
        opens("2026-03-28T00:00:00Z"),
        Some(at("2026-03-28T08:00:00Z"))
    );
    assert_eq!(
        opens("2026-03-29T00:00:00Z"),
        Some(at("2026-03-29T07:00:00Z"))
    );
    assert!(Calendar::read(&CALENDAR.replace("Asia/Seoul", "Asia/Nowhere")).is_err());
}

#[test]
fn case_67_a_switch_turned_on_by_hand_holds_until_the_next_change_and_no_longer() {
    let mut site = site(CALENDAR);
    let now = at("2026-02-12T12:30:00+09:00");
    for event in site.decide(HoursCommand::SwitchOn, now) {
        site.apply(&event, now);
    }
    comes_to(&site, "2026-02-12T12:30:00+09:00", "desk", "열려 있어요.");
    comes_to(&site, "2026-02-12T17:59:00+09:00", "desk", "열려 있어요.");
    comes_to(
        &site,
        "2026-02-12T18:00:00+09:00",
        "closed",
        "2월 13일 9시에 열어요.",
    );
    comes_to(
        &site,
        "2026-02-13T12:10:00+09:00",
        "lunch",
        "오늘 오후 1시부터요.",
    );
}
