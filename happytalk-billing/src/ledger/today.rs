//! The day of the last entry, so that most instants need no calendar.

use happytalk_core::Timestamp;
use happytalk_core::time::{Date, Zone};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Today {
    date: Date,
    from: Timestamp,
    until: Timestamp,
}

impl Today {
    pub(super) fn of(at: Timestamp, zone: &Zone) -> Self {
        let date = zone.date(at);
        let next = date.plus_days(1);
        Self {
            date,
            from: zone.start_of(date),
            // The calendar ends; its last day is looked up each time.
            until: if next > date { zone.start_of(next) } else { at },
        }
    }

    pub(super) fn has(&self, at: Timestamp) -> bool {
        self.from <= at && at < self.until
    }

    pub(super) fn date(&self, at: Timestamp, zone: &Zone) -> Date {
        if self.has(at) {
            self.date
        } else {
            zone.date(at)
        }
    }
}

/// What was used in one calendar month and in the one before, in thousandths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MonthlyUse {
    month: Date,
    this: i64,
    last: i64,
}

impl MonthlyUse {
    pub(super) fn new(date: Date) -> Self {
        Self {
            month: date.first_of_month(),
            this: 0,
            last: 0,
        }
    }

    /// What was used in the month before that of `date`.
    pub(super) fn before(&self, date: Date) -> i64 {
        let month = date.first_of_month();
        if month == self.month {
            self.last
        } else if month == self.month.first_of_next_month() {
            self.this
        } else {
            0
        }
    }

    pub(super) fn add(&mut self, date: Date, used: i64) {
        let month = date.first_of_month();
        if month != self.month {
            *self = Self {
                month,
                this: 0,
                last: self.before(date),
            };
        }
        self.this = self.this.saturating_add(used);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_of_seoul_is_known_from_its_first_to_its_last_millisecond() {
        let zone = Zone::default();
        let noon: Timestamp = "2024-02-29T12:00:00+09:00".parse().unwrap();
        let day = Today::of(noon, &zone);
        let first: Timestamp = "2024-02-29T00:00:00+09:00".parse().unwrap();
        let next: Timestamp = "2024-03-01T00:00:00+09:00".parse().unwrap();
        assert!(day.has(first) && !day.has(next));
        assert!(!day.has(Timestamp::from_millis(first.as_millis() - 1)));
        assert_eq!(day.date(next, &zone).to_string(), "2024-03-01");
        for at in [Timestamp::MIN, Timestamp::MAX] {
            assert_eq!(Today::of(at, &zone).date(at, &zone), zone.date(at));
        }
    }

    #[test]
    fn use_moves_from_month_to_month_and_is_forgotten_after_two() {
        let date = |text: &str| text.parse::<Date>().unwrap();
        let mut used = MonthlyUse::new(date("2024-01-31"));
        used.add(date("2024-01-31"), 5);
        assert_eq!(used.before(date("2024-01-31")), 0);
        assert_eq!(used.before(date("2024-02-01")), 5);
        assert_eq!(used.before(date("2024-03-01")), 0);
        used.add(date("2024-02-29"), 7);
        assert_eq!(used.before(date("2024-02-29")), 5);
        assert_eq!(used.before(date("2024-03-31")), 7);
        used.add(date("2024-05-01"), 1);
        assert_eq!(used.before(date("2024-05-01")), 0);
    }
}
