//! The rules of working hours (DOMAIN 4), each under its number, and the cases that go with them.

use happytalk_core::Timestamp;
use happytalk_core::event::{Category, Shift};
use happytalk_core::hours::{
    Asker, Calendar, CalendarFault, Hours, Overrides, Schedule, SiteHours, TeamSchedule, Why,
};
use happytalk_core::id::{AgentId, GroupId, QueueId};

pub(crate) const NINE_TO_SIX: &str = r#"{"zone":"Asia/Seoul",
    "weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}]}"#;
/// 09–12 and 13–18, as two windows.
pub(crate) const TWO_WINDOWS: &str = r#"{"zone":"Asia/Seoul","weekly":[
    {"days":[1,2,3,4,5],"from":"09:00","until":"12:00"},
    {"days":[1,2,3,4,5],"from":"13:00","until":"18:00"}]}"#;
/// 09–12 and 13–18, as a window with a break.
pub(crate) const LUNCH: &str = r#"{"zone":"Asia/Seoul",
    "weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}],
    "breaks":[{"from":"12:00","until":"13:00","name":"점심시간"}]}"#;
/// Every day from 10:00 to 03:00 of the next day, as of the vendor's help.
const TO_NEXT_DAY: &str = r#"{"zone":"Asia/Seoul",
    "weekly":[{"days":[1,2,3,4,5,6,7],"from":"10:00","until":"03:00"}],
    "special":[{"date":"2026-02-17","name":"설날"}]}"#;

pub(crate) fn calendar(json: &str) -> Calendar {
    Calendar::read(json).unwrap_or_else(|error| panic!("{error}"))
}

pub(crate) fn site(json: &str) -> Schedule {
    calendar(json).site().clone()
}

/// A time in Seoul, such as `2026-02-16 09:00`.
pub(crate) fn seoul(text: &str) -> Timestamp {
    let text = text.replace(' ', "T");
    let seconds = if text.len() == 16 { ":00" } else { "" };
    format!("{text}{seconds}+09:00").parse().unwrap()
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn just_before(time: Timestamp) -> Timestamp {
    Timestamp::from_millis(time.as_millis() - 1)
}

#[test]
fn rule_1_a_window_holds_its_first_instant_and_not_its_last() {
    let site = site(NINE_TO_SIX);
    let (open, close) = (seoul("2026-11-20 09:00"), seoul("2026-11-20 18:00"));
    assert!(!site.is_open(just_before(open)));
    assert!(site.is_open(open));
    assert!(site.is_open(just_before(close)));
    assert!(!site.is_open(close));
    assert_eq!(
        open,
        at("2026-11-20T00:00:00Z"),
        "Seoul is nine hours ahead of UTC"
    );
}

#[test]
fn rule_1_a_window_that_ends_at_or_before_its_start_is_of_the_day_it_starts_on() {
    let friday_night =
        site(r#"{"zone":"Asia/Seoul","weekly":[{"days":[5],"from":"10:00","until":"03:00"}]}"#);
    assert!(
        friday_night.is_open(seoul("2026-11-21 02:59")),
        "Saturday, of Friday's window"
    );
    assert!(!friday_night.is_open(seoul("2026-11-21 03:00")));
    assert!(
        !friday_night.is_open(seoul("2026-11-20 02:59")),
        "Thursday has none"
    );
    let around =
        site(r#"{"zone":"Asia/Seoul","weekly":[{"days":[5],"from":"09:00","until":"09:00"}]}"#);
    let (from, until) = (seoul("2026-11-20 09:00"), seoul("2026-11-21 09:00"));
    assert_eq!(around.next_change(from), Some(until));
    assert_eq!(
        around.business_ms(Timestamp::from_millis(0), until) % 86_400_000,
        0
    );
}

#[test]
fn rule_1_a_whole_day_ends_at_midnight_however_it_is_written() {
    for window in [
        r#""all_day":true"#,
        r#""from":"00:00","until":"24:00""#,
        r#""from":"00:00","until":"00:00""#,
    ] {
        let text = format!(r#"{{"zone":"Asia/Seoul","weekly":[{{"days":[6],{window}}}]}}"#);
        let saturday = site(&text);
        let (from, until) = (seoul("2026-11-21 00:00"), seoul("2026-11-22 00:00"));
        assert!(!saturday.is_open(just_before(from)));
        assert_eq!(saturday.next_open(just_before(from)), Some(from));
        assert_eq!(saturday.next_change(from), Some(until));
    }
}

#[test]
fn rule_2_a_whole_day_off_takes_away_only_windows_that_start_on_it() {
    let site = site(TO_NEXT_DAY);
    assert!(
        site.is_open(seoul("2026-02-17 02:59")),
        "the tail of the day before"
    );
    let holiday = Why::Holiday {
        name: Some("설날".parse().unwrap()),
    };
    for closed in ["2026-02-17 03:00", "2026-02-17 12:00", "2026-02-18 02:59"] {
        assert_eq!(site.why(seoul(closed)), holiday, "{closed}");
    }
    assert_eq!(site.why(seoul("2026-02-18 03:00")), Why::OffHours);
    assert_eq!(
        site.next_open(seoul("2026-02-17 03:00")),
        Some(seoul("2026-02-18 10:00"))
    );
}

#[test]
fn rule_2_a_changed_day_has_its_windows_in_the_place_of_the_weekly_ones() {
    let site = site(
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}],
        "special":[{"date":"2026-02-19","name":"단축","windows":[{"from":"10:00","until":"15:00"}]},
                   {"date":"2026-02-21","windows":[{"from":"22:00","until":"02:00"}]}]}"#,
    );
    assert!(!site.is_open(seoul("2026-02-19 09:59")));
    assert!(site.is_open(seoul("2026-02-19 10:00")));
    assert_eq!(site.why(seoul("2026-02-19 15:00")), Why::OffHours);
    assert!(
        site.is_open(seoul("2026-02-22 01:59")),
        "a Sunday, of Saturday's window"
    );
    assert!(!site.is_open(seoul("2026-02-22 02:00")));
}

#[test]
fn rule_3_breaks_are_taken_out_of_windows_on_special_dates_too() {
    let site = site(
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}],
        "breaks":[{"from":"12:00","until":"13:00","name":"점심시간"},{"days":[5],"from":"15:00","until":"15:30"}],
        "special":[{"date":"2026-02-19","windows":[{"from":"10:00","until":"15:00"}]},
                   {"date":"2026-02-20","windows":[{"from":"10:00","until":"13:00"}],"breaks":[]}]}"#,
    );
    let lunch = Why::Break {
        name: Some("점심시간".parse().unwrap()),
    };
    assert_eq!(site.why(seoul("2026-02-16 12:00")), lunch);
    assert_eq!(site.why(seoul("2026-02-16 13:00")), Why::InHours);
    assert_eq!(site.why(seoul("2026-02-19 12:30")), lunch, "a changed day");
    assert!(
        site.is_open(seoul("2026-02-20 12:30")),
        "a day with its own list of breaks"
    );
    assert!(site.is_open(seoul("2026-02-16 15:00")), "Monday");
    assert_eq!(
        site.why(seoul("2026-02-27 15:00")),
        Why::Break { name: None }
    );
    assert_eq!(
        site.why(seoul("2026-02-22 12:30")),
        Why::OffHours,
        "Sunday has no break"
    );
}

#[test]
fn rule_3_a_break_may_run_past_midnight_as_a_window_does() {
    let site = site(
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[1],"from":"20:00","until":"06:00"}],
        "breaks":[{"days":[1],"from":"23:30","until":"00:30"}]}"#,
    );
    assert_eq!(
        site.next_change(seoul("2026-02-16 23:00")),
        Some(seoul("2026-02-16 23:30"))
    );
    assert_eq!(
        site.why(seoul("2026-02-17 00:29")),
        Why::Break { name: None }
    );
    assert_eq!(
        site.next_open(seoul("2026-02-16 23:30")),
        Some(seoul("2026-02-17 00:30"))
    );
}

#[test]
fn rule_4_windows_that_overlap_or_touch_are_one() {
    let site = site(
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[1],"from":"09:00","until":"13:00"},
        {"days":[1],"from":"12:00","until":"15:00"},{"days":[1],"from":"15:00","until":"18:00"},
        {"days":[2],"from":"22:00","until":"05:00"},{"days":[3],"from":"04:00","until":"08:00"}]}"#,
    );
    let (from, until) = (seoul("2026-02-16 09:00"), seoul("2026-02-16 18:00"));
    assert_eq!(site.next_change(from), Some(until));
    assert_eq!(site.business_ms(from, until), 9 * 3_600_000);
    assert_eq!(
        site.next_change(seoul("2026-02-17 22:00")),
        Some(seoul("2026-02-18 08:00")),
        "across midnight too"
    );
}

#[test]
fn rule_4_a_team_or_category_has_its_own_hours_in_the_place_of_the_sites() {
    let calendar = calendar(
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}],
        "special":[{"date":"2026-02-17","name":"설날"}],
        "schedules":[
         {"name":"vip","for":[{"group":"vip"},{"queue":"q-vip"}],"weekly":[{"days":[1,2,3,4,5,6,7],"all_day":true}],"special":[]},
         {"name":"returns","for":[{"category":{"main":"반품"}}],"weekly":[{"days":[1,2,3,4,5],"from":"13:00","until":"15:00"}]},
         {"name":"refund","for":[{"category":{"main":"반품","sub":"환불"}}],"intake":true}]}"#,
    );
    let group: GroupId = "vip".parse().unwrap();
    let queue: QueueId = "q-vip".parse().unwrap();
    let category = Category::new("반품".parse().unwrap());
    let [refund, other] = ["환불", "기타"].map(|sub| {
        let mut category = category.clone();
        category.sub = Some(sub.parse().unwrap());
        category
    });
    let night = seoul("2026-02-16 23:00");
    let holiday = seoul("2026-02-17 14:00");
    let open = |asker, time| calendar.schedule_for(asker).is_open(time);
    assert!(!open(Asker::anybody(), night));
    assert!(open(Asker::anybody().of_group(&group), night));
    assert!(open(Asker::anybody().in_queue(&queue), night));
    assert!(
        open(Asker::anybody().of_group(&group), holiday),
        "its list of special dates is empty"
    );
    let returns = Asker::anybody().about(&category);
    assert!(open(returns, seoul("2026-02-16 14:00")));
    assert!(!open(returns, seoul("2026-02-16 10:00")));
    assert!(
        !open(returns, holiday),
        "the site's holidays are kept where it says nothing"
    );
    assert!(
        !open(returns.of_group(&group).in_queue(&queue), night),
        "the category comes first"
    );
    let refund = Asker::anybody().about(&refund);
    assert!(
        open(refund, seoul("2026-02-16 10:00")),
        "the sub category comes before its main one"
    );
    assert!(calendar.schedule_for(refund).intake());
    assert!(!open(
        Asker::anybody().about(&other),
        seoul("2026-02-16 10:00")
    ));
    assert_eq!(calendar.schedule_named("site"), Some(calendar.site()));
    assert!(calendar.schedule_named("vip").unwrap().is_open(night));
    assert_eq!(calendar.schedule_named("nobody"), None);
}

#[test]
fn rule_4_there_are_at_most_thirty_schedules() {
    let mut full = calendar(NINE_TO_SIX);
    for index in 0..Calendar::SCHEDULES_MAX {
        let team = TeamSchedule::new(format!("team-{index}").parse().unwrap());
        full = full.with_team(team).unwrap();
    }
    let one_more = TeamSchedule::new("one-more".parse().unwrap());
    let error = full.with_team(one_more).unwrap_err();
    assert_eq!(error.fault(), &CalendarFault::TooMany { max: 30 });
}

#[test]
fn rule_6_only_open_time_counts() {
    let site = site(NINE_TO_SIX);
    let (friday, monday) = (seoul("2024-05-10 18:50"), seoul("2024-05-13 09:05"));
    assert_eq!(monday.since(friday).as_secs(), 224_100);
    assert_eq!(site.business_ms(friday, monday), 300_000);
    assert_eq!(site.business_ms(monday, friday), 0);
    assert_eq!(site.business_ms(monday, monday), 0);
    // The figures of a request on Friday 18:50, assigned on Monday 09:00 and answered at 09:05 (DOMAIN 6.6 F).
    assert_eq!(site.business_ms(friday, seoul("2024-05-13 09:00")), 0);
}

#[test]
fn rule_6_a_year_has_the_hours_of_its_working_days() {
    let site = site(
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}],
        "breaks":[{"from":"12:00","until":"13:00"}],"special":[{"date":"2026-01-01"}]}"#,
    );
    let year = (seoul("2026-01-01 00:00"), seoul("2027-01-01 00:00"));
    assert_eq!(site.business_ms(year.0, year.1), 260 * 8 * 3_600_000);
}

#[test]
fn rule_7_who_waits_for_the_hours_is_served_at_the_first_instant_of_the_window() {
    let hours = SiteHours::new(calendar(
        r#"{"zone":"Asia/Seoul","intake":true,"weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}]}"#,
    ));
    let hours = hours.hours(Asker::anybody());
    let status = hours.status(seoul("2026-11-20 18:50"));
    assert!(!status.is_open() && status.takes_requests());
    let next = status.next_open.unwrap();
    assert_eq!(next, seoul("2026-11-23 09:00"));
    assert!(!hours.is_open(just_before(next)) && hours.is_open(next));
    let refusing = site(NINE_TO_SIX);
    let none = Overrides::none();
    let status = Hours::new(&refusing, &none).status(seoul("2026-11-20 18:50"));
    assert!(!status.takes_requests());
    assert!(Hours::new(&refusing, &none).status(next).takes_requests());
}

#[test]
fn scenario_66_next_open_is_after_lunch_and_after_a_holiday_of_three_days() {
    let site = site(
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}],
        "breaks":[{"from":"12:00","until":"13:00"}],
        "special":[{"date":"2026-02-16","name":"설날"},{"date":"2026-02-17","name":"설날"},{"date":"2026-02-18","name":"설날"}]}"#,
    );
    let next = |time: &str| site.next_open(seoul(time));
    assert_eq!(next("2026-02-13 12:00"), Some(seoul("2026-02-13 13:00")));
    assert_eq!(next("2026-02-13 18:00"), Some(seoul("2026-02-19 09:00")));
    assert_eq!(next("2028-02-28 18:00"), Some(seoul("2028-02-29 09:00")));
    for missing in [r#"{"weekly":[]}"#, r#"{"zone":"Asia/Soul","weekly":[]}"#] {
        assert!(
            Calendar::read(missing).is_err(),
            "a calendar without a zone"
        );
    }
}

#[test]
fn routing_76_hours_that_are_edited_count_at_once() {
    let mut hours = SiteHours::new(calendar(NINE_TO_SIX));
    let now = seoul("2026-11-20 18:30");
    assert!(!hours.hours(Asker::anybody()).is_open(now));
    let longer = NINE_TO_SIX.replace("18:00", "20:00");
    hours.set_calendar(calendar(&longer));
    assert!(hours.hours(Asker::anybody()).is_open(now));
}

#[test]
fn what_never_changes_is_said_at_once() {
    let always = r#"{"zone":"Europe/Dublin","weekly":[{"days":[1,2,3,4,5,6,7],"from":"07:00","until":"07:00"}]SPECIAL}"#;
    let now = at("2026-01-01T00:00:00Z");
    let ever = site(&always.replace("SPECIAL", ""));
    assert!(ever.is_open(now));
    assert_eq!(ever.next_change(now), None);
    let far = site(&always.replace("SPECIAL", r#","special":[{"date":"9000-06-01"}]"#));
    assert_eq!(far.next_change(now), Some(at("9000-06-01T06:00:00Z")));
    let never = site(r#"{"zone":"Asia/Seoul","weekly":[]}"#);
    assert_eq!((never.next_open(now), never.next_change(now)), (None, None));
    let once = site(
        r#"{"zone":"Asia/Seoul","weekly":[],"special":[{"date":"9000-06-01","windows":[{"from":"23:00","until":"01:00"}]}]}"#,
    );
    let open = at("9000-06-01T14:00:00Z");
    assert_eq!(once.next_open(now), Some(open));
    assert_eq!(once.next_change(open), Some(at("9000-06-01T16:00:00Z")));
    assert_eq!(once.next_open(at("9000-06-01T16:00:00Z")), None);
    assert_eq!(
        once.business_ms(Timestamp::MIN, Timestamp::MAX),
        2 * 3_600_000
    );
}

#[test]
fn a_row_that_is_off_counts_for_nothing() {
    let site = site(
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[6],"from":"09:00","until":"13:00","on":false}]}"#,
    );
    assert_eq!(site.next_open(seoul("2026-11-20 00:00")), None);
    assert!(!site.weekly()[0].on);
}

#[test]
fn an_agent_works_in_their_shifts_without_their_own_breaks() {
    let calendar = calendar(
        r#"{"zone":"Asia/Seoul","weekly":[],
        "agent_breaks":{"kim":[{"from":"15:00","until":"15:20","name":"휴식"}]}}"#,
    );
    let (kim, lee): (AgentId, AgentId) = ("kim".parse().unwrap(), "lee".parse().unwrap());
    let shifts: Vec<Shift> = serde_json::from_str(
        r#"[{"day":1,"from":"14:00","until":"23:00"},{"day":5,"from":"22:00","until":"06:00"}]"#,
    )
    .unwrap();
    let works = |agent, time| {
        calendar
            .is_on_shift(agent, Some(&shifts), seoul(time))
            .unwrap()
    };
    assert!(works(&kim, "2026-11-23 14:00"));
    assert!(!works(&kim, "2026-11-23 15:00"));
    assert!(works(&lee, "2026-11-23 15:00"), "the break is Kim's alone");
    assert!(works(&kim, "2026-11-28 05:59"), "Friday's night");
    assert!(!works(&kim, "2026-11-28 06:00"));
    assert!(
        calendar
            .is_on_shift(&lee, None, seoul("2026-11-22 03:00"))
            .unwrap(),
        "no shifts: always"
    );
    assert!(
        !calendar
            .is_on_shift(&lee, Some(&[]), seoul("2026-11-22 03:00"))
            .unwrap()
    );
    let wrong: Vec<Shift> =
        serde_json::from_str(r#"[{"day":1,"from":"14:00","until":"25:00"}]"#).unwrap();
    let error = calendar.agent_schedule(&kim, Some(&wrong)).unwrap_err();
    assert_eq!(
        (error.code(), error.pointer()),
        ("calendar.not_a_time", "/0/until")
    );
}
