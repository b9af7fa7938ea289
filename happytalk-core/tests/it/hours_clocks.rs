//! Working hours where clocks change.

use happytalk_core::hours::Schedule;

use crate::hours::{NINE_TO_SIX, at, site};

#[test]
fn routing_75_nine_stays_nine_on_both_sides_of_a_change_of_clocks() {
    let site = site(
        r#"{"zone":"America/New_York","weekly":[{"days":[1,2,3,4,5,6,7],"from":"09:00","until":"17:00"}]}"#,
    );
    for (night, open) in [
        ("2026-03-08T01:00:00-05:00", "2026-03-08T09:00:00-04:00"),
        ("2026-03-07T01:00:00-05:00", "2026-03-07T09:00:00-05:00"),
        ("2026-11-01T01:00:00-04:00", "2026-11-01T09:00:00-05:00"),
    ] {
        assert_eq!(site.next_open(at(night)), Some(at(open)));
    }
}

#[test]
fn seoul_had_summer_time_in_1988() {
    let nights = site(
        r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5,6,7],"from":"01:00","until":"04:00"}]}"#,
    );
    let hours = |schedule: &Schedule, from: &str, until: &str| {
        schedule.business_ms(at(from), at(until)) / 60_000
    };
    // On 8 May 02:00 became 03:00; on 9 October 03:00 became 02:00 again.
    assert_eq!(
        hours(&nights, "1988-05-07T15:00:00Z", "1988-05-08T14:00:00Z"),
        120
    );
    assert_eq!(
        hours(&nights, "1988-10-08T14:00:00Z", "1988-10-09T15:00:00Z"),
        240
    );
    assert_eq!(
        hours(&nights, "1988-10-09T15:00:00Z", "1988-10-10T15:00:00Z"),
        180
    );
    let always = site(r#"{"zone":"Asia/Seoul","weekly":[{"days":[7],"all_day":true}]}"#);
    assert_eq!(
        hours(&always, "1988-05-01T00:00:00Z", "1988-05-09T00:00:00Z"),
        23 * 60 + 15 * 60
    );
    assert_eq!(
        always.next_open(at("1988-10-07T00:00:00Z")),
        Some(at("1988-10-08T14:00:00Z"))
    );
    assert_eq!(
        always.next_change(at("1988-10-08T14:00:00Z")),
        Some(at("1988-10-09T15:00:00Z"))
    );
    let office = site(NINE_TO_SIX);
    assert_eq!(
        office.next_open(at("1988-07-03T21:00:00Z")),
        Some(at("1988-07-03T23:00:00Z"))
    );
    assert_eq!(
        office.next_open(at("1989-07-02T21:00:00Z")),
        Some(at("1989-07-03T00:00:00Z"))
    );
}

#[test]
fn a_wall_time_that_is_skipped_is_later_and_one_that_comes_twice_is_the_first() {
    let site = site(
        r#"{"zone":"America/New_York","weekly":[{"days":[7],"from":"02:30","until":"04:00"},
        {"days":[7],"from":"00:30","until":"01:30"}]}"#,
    );
    // 8 March: 02:30 is not there.
    assert_eq!(
        site.next_open(at("2026-03-08T06:45:00Z")),
        Some(at("2026-03-08T07:30:00Z"))
    );
    // 1 November: 01:30 comes twice, and closes the first time.
    assert_eq!(
        site.next_change(at("2026-11-01T05:00:00Z")),
        Some(at("2026-11-01T05:30:00Z"))
    );
    assert!(
        !site.is_open(at("2026-11-01T06:15:00Z")),
        "01:15 for the second time"
    );
}

#[test]
fn a_day_that_a_country_skipped_has_no_windows() {
    let site =
        site(r#"{"zone":"Pacific/Apia","weekly":[{"days":[5],"from":"09:00","until":"17:00"}]}"#);
    // 29 December 2011, a Thursday, was followed by the 31st.
    assert_eq!(
        site.next_open(at("2011-12-30T00:00:00Z")),
        Some(at("2012-01-05T19:00:00Z"))
    );
}

#[test]
fn a_day_may_begin_after_midnight() {
    let site = site(r#"{"zone":"America/Sao_Paulo","weekly":[{"days":[6,7],"all_day":true}]}"#);
    // On Sunday 4 November 2018 the clocks went from 00:00 to 01:00.
    let saturday = at("2018-11-03T03:00:00Z");
    assert_eq!(site.next_open(at("2018-11-02T12:00:00Z")), Some(saturday));
    assert_eq!(site.next_change(saturday), Some(at("2018-11-05T02:00:00Z")));
}
