//! When an agent is at work.

use happytalk_core::Timestamp;
use happytalk_core::event::Shift;
use happytalk_core::time::{WallTime, Zone};

const DAY_MILLIS: u32 = 86_400_000;

/// `HH:MM` as milliseconds of the day; 24:00 is the end of the day.
fn of_day(text: &str) -> Option<u32> {
    let (hour, minute) = text.split_once(':')?;
    let number = |text: &str| match text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit()) {
        true => text.parse::<u32>().ok(),
        false => None,
    };
    let (hour, minute) = (number(hour)?, number(minute)?);
    let millis = (hour * 60 + minute) * 60_000;
    (minute < 60 && millis <= DAY_MILLIS).then_some(millis)
}

/// Whether a shift names a day and two times of a day.
pub(crate) fn is_sound(shift: &Shift) -> bool {
    (1..=7).contains(&shift.day)
        && of_day(shift.from.as_str()).is_some_and(|from| from < DAY_MILLIS)
        && of_day(shift.until.as_str()).is_some()
}

/// Whether somebody is at work at `now`, and when that changes next.
///
/// Shifts that touch or overlap are one. One whose end is at or before its beginning ends on the next day.
pub(crate) fn at(shifts: &[Shift], zone: &Zone, now: Timestamp) -> (bool, Option<Timestamp>) {
    let today = zone.date(now);
    let mut windows: Vec<(Timestamp, Timestamp)> = Vec::new();
    // What began yesterday may still run; what begins within a week comes next.
    for ahead in -1..=8 {
        let date = today.plus_days(ahead);
        for shift in shifts {
            let (Some(from), Some(until)) =
                (of_day(shift.from.as_str()), of_day(shift.until.as_str()))
            else {
                continue;
            };
            if i64::from(date.weekday()) != i64::from(shift.day) || from >= DAY_MILLIS {
                continue;
            }
            let start = zone.instant(WallTime::new(date, from));
            let end = match (until > from, until) {
                (true, DAY_MILLIS) => zone.start_of(date.plus_days(1)),
                (true, until) => zone.instant(WallTime::new(date, until)),
                (false, until) => zone.instant(WallTime::new(date.plus_days(1), until)),
            };
            windows.push((start, end));
        }
    }
    windows.sort_unstable();
    let mut working: Option<Timestamp> = None;
    let mut next = None;
    for (start, end) in windows {
        match working {
            Some(until) if start <= until => working = Some(until.max(end)),
            Some(until) => return (true, Some(until)),
            None if end <= now => {}
            None if start <= now => working = Some(end),
            None => {
                next = Some(start);
                break;
            }
        }
    }
    match working {
        Some(until) => (true, Some(until)),
        None => (false, next),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shift(day: u8, from: &str, until: &str) -> Shift {
        Shift::new(day, from.parse().unwrap(), until.parse().unwrap())
    }

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_break_is_the_time_between_two_shifts() {
        let zone = Zone::default();
        // 2026-01-12 is a Monday.
        let day = [shift(1, "09:00", "12:00"), shift(1, "13:00", "18:00")];
        let seen = |text: &str| at(&day, &zone, instant(text));
        let noon = instant("2026-01-12T12:00:00+09:00");
        assert_eq!(seen("2026-01-12T09:00:00+09:00"), (true, Some(noon)));
        let one = instant("2026-01-12T13:00:00+09:00");
        assert_eq!(seen("2026-01-12T12:00:00+09:00"), (false, Some(one)));
        let monday = instant("2026-01-19T09:00:00+09:00");
        assert_eq!(seen("2026-01-12T18:00:00+09:00"), (false, Some(monday)));
        assert_eq!(at(&[], &zone, noon), (false, None));
    }

    #[test]
    fn a_shift_may_run_into_the_next_day_and_join_the_one_after() {
        let zone = Zone::default();
        let nights = [shift(1, "22:00", "06:00"), shift(2, "06:00", "24:00")];
        let end = instant("2026-01-14T00:00:00+09:00");
        let night = instant("2026-01-13T03:00:00+09:00");
        assert_eq!(at(&nights, &zone, night), (true, Some(end)));
        let all: Vec<_> = (1..=7).map(|day| shift(day, "00:00", "00:00")).collect();
        let (working, until) = at(&all, &zone, night);
        assert!(working && until.unwrap() > night);
    }

    #[test]
    fn case_75_nine_o_clock_stays_nine_o_clock_when_the_clocks_change() {
        let zone = Zone::named("America/New_York").unwrap();
        let every: Vec<_> = (1..=7).map(|day| shift(day, "09:00", "17:00")).collect();
        // Clocks go forward on 2026-03-08.
        let before = instant("2026-03-07T20:00:00-05:00");
        let (_, next) = at(&every, &zone, before);
        assert_eq!(next, Some(instant("2026-03-08T09:00:00-04:00")));
        let (_, next) = at(&every, &zone, instant("2026-03-06T20:00:00-05:00"));
        assert_eq!(next, Some(instant("2026-03-07T09:00:00-05:00")));
    }

    #[test]
    fn what_is_no_time_of_day_is_no_shift() {
        for (from, until) in [
            ("9:00", "18:00"),
            ("24:00", "25:00"),
            ("09:60", "10:00"),
            ("+9:00", "12:00"),
        ] {
            assert!(!is_sound(&shift(1, from, until)), "{from} {until}");
        }
        assert!(is_sound(&shift(7, "00:00", "24:00")));
        assert!(!is_sound(&shift(0, "00:00", "24:00")) && !is_sound(&shift(8, "00:00", "24:00")));
    }
}
