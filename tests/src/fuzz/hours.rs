//! Calendars of working hours and holiday files from hostile authors.

use std::str;

use happytalk_core::hours::{Asker, Calendar, Holidays, HoursCommand, SiteHours};
use happytalk_core::time::Timestamp;

/// A calendar document, and questions around a change of clocks.
pub fn calendar(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let Ok(calendar) = Calendar::read(text) else {
        return;
    };
    let again = Calendar::read(&calendar.to_json()).expect("what is written can be read");
    assert_eq!(again, calendar);
    let mut hours = SiteHours::new(calendar);
    // 28 October 2026 in UTC, and from there in steps of a bit more than five hours.
    for step in 0..40 {
        let now = Timestamp::from_millis(1_793_145_600_000 + step * 18_765_432);
        if step == 20 {
            for event in hours.decide(HoursCommand::SwitchOn, now) {
                hours.apply(&event, now);
            }
            assert!(hours.hours(Asker::anybody()).is_open(now));
        }
        let view = hours.hours(Asker::anybody());
        let status = view.status(now);
        assert_eq!(status.is_open(), view.is_open(now));
        assert_eq!(status.is_open(), status.next_open == Some(now));
        if let Some(change) = status.next_change {
            assert_ne!(view.is_open(change), status.is_open());
            let soon = change.min(now.plus(std::time::Duration::from_secs(86_400)));
            let millis = u64::try_from(soon.since(now).as_millis()).expect("a day");
            let open = if status.is_open() { millis } else { 0 };
            assert_eq!(view.business_ms(now, soon), open);
        }
    }
}

/// An iCalendar file.
pub fn holidays(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let (first, last) = ("2026-01-01", "2027-12-31");
    let (first, last) = (first.parse().expect("a day"), last.parse().expect("a day"));
    if let Ok(holidays) = Holidays::read(text, first, last) {
        assert!(holidays.days.keys().all(|day| (first..=last).contains(day)));
        let lines = text.split('\n').count();
        assert!(holidays.skipped.iter().all(|one| one.line <= lines));
    }
}
