//! The manual switch of the hours (DOMAIN 4, rule 5).

use happytalk_core::Stream;
use happytalk_core::event::Event;
use happytalk_core::hours::{Asker, Hours, HoursCommand, Overrides, SiteHours, Why};

use crate::hours::{LUNCH, NINE_TO_SIX, TWO_WINDOWS, calendar, just_before, seoul, site};

#[test]
fn rule_5_the_switch_lasts_until_the_next_boundary() {
    for hours in [TWO_WINDOWS, LUNCH] {
        let site = site(hours);
        let until = |open, time: &str| site.switch_until(open, seoul(time));
        assert_eq!(until(true, "2026-11-23 07:00"), seoul("2026-11-23 12:00"));
        assert_eq!(until(true, "2026-11-23 12:30"), seoul("2026-11-23 18:00"));
        assert_eq!(until(false, "2026-11-23 10:00"), seoul("2026-11-23 13:00"));
        // The same at the boundaries, and where the next window is days away.
        assert_eq!(until(true, "2026-11-23 12:00"), seoul("2026-11-23 18:00"));
        assert_eq!(until(true, "2026-11-23 09:00"), seoul("2026-11-23 12:00"));
        assert_eq!(until(false, "2026-11-23 09:00"), seoul("2026-11-23 13:00"));
        assert_eq!(until(false, "2026-11-23 07:00"), seoul("2026-11-23 09:00"));
        assert_eq!(until(true, "2026-11-27 18:00"), seoul("2026-11-30 12:00"));
        assert_eq!(until(false, "2026-11-27 14:00"), seoul("2026-11-30 09:00"));
    }
}

#[test]
fn rule_5_where_no_window_begins_or_ends_the_switch_lasts_for_the_day() {
    let always = r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5,6,7],"all_day":true}]}"#;
    let never = r#"{"zone":"Asia/Seoul","weekly":[]}"#;
    for hours in [always, never] {
        for open in [true, false] {
            assert_eq!(
                site(hours).switch_until(open, seoul("2026-11-23 10:00")),
                seoul("2026-11-24 00:00")
            );
        }
    }
}

#[test]
fn rule_5_the_switch_is_a_fact_and_its_end_is_exact() {
    let mut hours = SiteHours::new(calendar(LUNCH));
    let now = seoul("2026-11-23 10:00");
    let events = hours.decide(HoursCommand::SwitchOff, now);
    let until = seoul("2026-11-23 13:00");
    assert_eq!(events, [Event::HoursOverridden { open: false, until }]);
    hours.apply(&events[0], now);
    assert!(
        hours.decide(HoursCommand::SwitchOff, now).is_empty(),
        "nothing would change"
    );
    let site = hours.hours(Asker::anybody());
    assert!(site.is_open(just_before(now)), "what was before stays");
    let status = site.status(now);
    assert_eq!(status.why, Why::SwitchedOff);
    assert_eq!(
        (status.next_open, status.next_change),
        (Some(until), Some(until))
    );
    assert!(!site.is_open(just_before(until)));
    assert!(site.is_open(until));
    let day = (seoul("2026-11-23 00:00"), seoul("2026-11-24 00:00"));
    assert_eq!(site.business_ms(day.0, day.1), 6 * 3_600_000);
    assert_eq!(site.schedule().business_ms(day.0, day.1), 8 * 3_600_000);
}

#[test]
fn rule_5_the_switch_can_be_turned_again_and_left_to_the_calendar() {
    let mut hours = SiteHours::new(calendar(TWO_WINDOWS));
    let turn = |hours: &mut SiteHours, command, time| {
        for event in hours.decide(command, time) {
            hours.apply(&event, time);
        }
    };
    turn(
        &mut hours,
        HoursCommand::SwitchOn,
        seoul("2026-11-23 07:00"),
    );
    turn(
        &mut hours,
        HoursCommand::SwitchOff,
        seoul("2026-11-23 08:00"),
    );
    turn(
        &mut hours,
        HoursCommand::SwitchOn,
        seoul("2026-11-23 12:15"),
    );
    turn(
        &mut hours,
        HoursCommand::FollowCalendar,
        seoul("2026-11-23 12:45"),
    );
    let site = hours.hours(Asker::anybody());
    let kinds = [
        "06:59", "07:00", "08:00", "09:00", "12:00", "12:15", "12:45", "13:00",
    ];
    let kinds = kinds.map(|time| {
        let why = site.why(seoul(&format!("2026-11-23 {time}")));
        why.as_str()
    });
    assert_eq!(
        kinds,
        [
            "off_hours",
            "switched_on",
            "switched_off",
            "in_hours",
            "off_hours",
            "switched_on",
            "off_hours",
            "in_hours"
        ]
    );
    assert!(
        hours
            .decide(HoursCommand::FollowCalendar, seoul("2026-11-23 13:00"))
            .is_empty()
    );
    hours.forget_before(seoul("2026-11-23 12:00"));
    assert_eq!(hours.overrides().turns().len(), 1);
}

#[test]
fn rule_5_the_log_tells_the_switch() {
    let text = r#"{"site":"shop","seq":7,"at":1763859600000,"type":"hours_overridden","open":false,"until":1763870400000}"#;
    let line = happytalk_core::Line::parse(text).unwrap();
    assert!(matches!(line.stream, Stream::Site(_)));
    let mut overrides = Overrides::none();
    overrides.apply(&line.event, line.at);
    overrides.apply(&Event::AgentRemoved {}, line.at);
    let site = site(NINE_TO_SIX);
    let hours = Hours::new(&site, &overrides);
    assert_eq!(hours.why(line.at), Why::SwitchedOff);
    assert_eq!(line.to_json(), text);
}

#[test]
fn scenario_67_a_manual_opening_lasts_until_the_next_switch_and_no_longer() {
    let mut hours = SiteHours::new(calendar(NINE_TO_SIX));
    let now = seoul("2026-11-20 07:00");
    for event in hours.decide(HoursCommand::SwitchOn, now) {
        hours.apply(&event, now);
    }
    let hours = hours.hours(Asker::anybody());
    assert_eq!(hours.why(now), Why::SwitchedOn);
    assert_eq!(hours.next_change(now), Some(seoul("2026-11-20 18:00")));
    assert!(!hours.is_open(seoul("2026-11-21 07:00")));
}
