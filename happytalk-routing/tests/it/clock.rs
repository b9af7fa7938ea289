//! Shifts by the wall clock, and answers by the time they are due. The numbered cases of ROUTING 4.

use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::event::{Shift, TransferHow};
use happytalk_routing::{AgentSpec, Mode, Settings, Speaker, Stats};

use crate::centre::{Centre, id, least_active, queue};

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn case_76_shifts_that_are_changed_take_effect_at_once_and_one_that_begins_fills_its_slots() {
    // 1,700,000,000 is Wednesday 2023-11-15 07:13:20 in Seoul.
    let shift = |from: &str, until: &str| Shift::new(3, id(from), id(until));
    let mut centre = Centre::new(least_active());
    let works = AgentSpec::new().with_shifts([shift("07:14", "07:15")]);
    assert_eq!(centre.at(0).comes("kim", works), ["kim accepting"]);
    assert_eq!(centre.asks("1"), ["1+"]);
    let due = centre.router.next_deadline().unwrap();
    assert_eq!(due.since(centre.now), seconds(40));
    assert_eq!(centre.at(40).tick(), ["1>kim"]);
    assert!(centre.at(100).tick().is_empty());
    assert_eq!(centre.asks("2"), ["2+"]);
    let why = centre.router.why(&id("2")).unwrap();
    assert_eq!(why.to_string(), "place 1 in main; 1: agent is not on shift");
    let works = AgentSpec::new().with_shifts([shift("07:00", "07:30")]);
    assert_eq!(centre.set("kim", works), ["kim set", "2>kim"]);
    let bad = AgentSpec::new().with_shifts([shift("7 o'clock", "07:30")]);
    assert_eq!(centre.set("kim", bad), ["routing.bad_shift"]);
}

#[test]
fn case_75_nine_o_clock_stays_nine_o_clock_when_the_clocks_change() {
    // Clocks go forward in New York on 2026-03-08 and back on 2026-11-01.
    let mut settings = least_active();
    settings.zone = id("America/New_York");
    let mut centre = Centre::new(settings);
    let every = (1..=7).map(|day| Shift::new(day, id("09:00"), id("17:00")));
    centre.now = id("2026-03-06T20:00:00-05:00");
    centre.comes("kim", AgentSpec::new().with_shifts(every));
    for (evening, begins) in [
        ("2026-03-06T20:00:00-05:00", "2026-03-07T09:00:00-05:00"),
        ("2026-03-07T20:00:00-05:00", "2026-03-08T09:00:00-04:00"),
        ("2026-10-31T20:00:00-04:00", "2026-11-01T09:00:00-05:00"),
    ] {
        centre.now = id(evening);
        assert!(centre.tick().is_empty());
        let begins: Timestamp = id(begins);
        assert_eq!(centre.router.next_deadline(), Some(begins), "{evening}");
        assert_eq!(centre.asks(evening), [format!("{evening}+")]);
        centre.now = begins.minus(Duration::from_millis(1));
        assert!(centre.tick().is_empty());
        centre.now = begins;
        assert_eq!(centre.tick(), [format!("{evening}>kim")]);
    }
}

#[test]
fn a_shift_may_run_into_the_next_day_and_who_is_always_on_needs_no_clock() {
    // 1,700,000,000 is Wednesday 2023-11-15 07:13:20 in Seoul.
    let mut centre = Centre::new(least_active());
    let night = Shift::new(2, id("22:00"), id("07:14"));
    let joins = Shift::new(3, id("07:14"), id("24:00"));
    let works = AgentSpec::new().with_shifts([night, joins]);
    centre.at(0).comes("kim", works);
    assert_eq!(centre.asks("1"), ["1+", "1>kim"]);
    let midnight = id("2023-11-16T00:00:00+09:00");
    assert_eq!(centre.router.next_deadline(), Some(midnight));
    let always = (1..=7).map(|day| Shift::new(day, id("00:00"), id("00:00")));
    centre.set("kim", AgentSpec::new().with_shifts(always));
    assert_eq!(centre.asks("2"), ["2+", "2>kim"]);
    assert_eq!(centre.router.next_deadline(), None);
    centre.set("kim", AgentSpec::new().with_shifts([]));
    assert_eq!(centre.asks("3"), ["3+"]);
    assert_eq!(centre.router.next_deadline(), None);
    for (day, from, until) in [
        (1, "9:00", "18:00"),
        (1, "24:00", "18:00"),
        (1, "09:60", "18:00"),
        (0, "09:00", "18:00"),
        (8, "09:00", "18:00"),
    ] {
        let bad = AgentSpec::new().with_shifts([Shift::new(day, id(from), id(until))]);
        assert_eq!(centre.set("kim", bad), ["routing.bad_shift"], "{from}");
    }
}

#[test]
fn case_80_a_first_answer_at_the_exact_second_it_is_due_is_in_time_however_it_came() {
    for limit in [None, Some(seconds(600))] {
        let mut settings = Settings::new(queue("main").with_answer_within(seconds(60)));
        if let Some(limit) = limit {
            settings = settings.with_accept_limit(limit);
        }
        let mut centre = Centre::new(settings.with_mode(Mode::Hybrid));
        for name in ["in", "late", "given", "moved", "again"] {
            centre.at(0).asks(name);
        }
        centre.at(30).comes("kim", AgentSpec::new().with_cap(0));
        centre.comes("lee", AgentSpec::new().with_cap(0));
        assert_eq!(centre.picks("kim", "in"), ["in>kim pick over:pick"]);
        centre.picks("kim", "late");
        centre.is_given("given", "kim");
        centre.picks("kim", "moved");
        centre.moves("moved", "lee", TransferHow::Forced);
        centre.picks("kim", "again");
        for name in ["in", "given", "moved"] {
            assert_eq!(
                centre.at(60).says(Speaker::Agent, name),
                [format!("{name} Agent")]
            );
        }
        // What the customer writes is no answer, and a second answer is no first one.
        assert!(centre.says(Speaker::Customer, "again").is_empty());
        assert!(centre.at(61).says(Speaker::Agent, "in").is_empty());
        centre.now = centre.now.minus(Duration::from_millis(999));
        assert_eq!(centre.says(Speaker::Agent, "late"), ["late Agent"]);
        let mut stats = Stats::new(centre.router.settings());
        centre.outputs.iter().for_each(|output| stats.take(output));
        let counted = &stats.queues()[&id("main")];
        assert_eq!((counted.answered_in_time, counted.answered_late), (3, 1));
    }
}
