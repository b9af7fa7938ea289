//! The yearly rules of holiday calendars: the same date each year, or the fourth Thursday of November.

use crate::time::Date;

/// The first year in which anything of a holiday calendar may lie.
pub(super) const YEAR_MIN: i16 = 1900;

/// A rule that is not understood.
#[derive(Debug)]
pub(super) struct RuleError;

/// A weekday, Monday being 1; of a month the first (1), the last (-1) and so on, or each of them.
#[derive(Clone, Copy)]
struct MonthWeekday {
    weekday: i8,
    which: Option<i8>,
}

/// `FREQ=YEARLY` with what holiday calendars use beside it.
pub(super) struct YearlyRule {
    interval: i16,
    count: Option<usize>,
    until: Option<Date>,
    months: Vec<i8>,
    month_days: Vec<i8>,
    weekdays: Vec<MonthWeekday>,
}

impl YearlyRule {
    pub(super) fn read(text: &str) -> Result<Self, RuleError> {
        let mut rule = Self {
            interval: 1,
            count: None,
            until: None,
            months: Vec::new(),
            month_days: Vec::new(),
            weekdays: Vec::new(),
        };
        let mut yearly = false;
        for part in text.trim().to_ascii_uppercase().split(';') {
            let (name, value) = part.split_once('=').ok_or(RuleError)?;
            match name {
                "FREQ" => yearly = value == "YEARLY",
                "INTERVAL" => rule.interval = number(value, 1, 1_000)?,
                "COUNT" => {
                    rule.count = Some(value.parse().map_err(|_| RuleError)?);
                }
                "UNTIL" => {
                    let day = value.get(..8).and_then(super::date);
                    rule.until = Some(day.ok_or(RuleError)?);
                }
                "BYMONTH" => rule.months = list(value, |one| number(one, 1, 12))?,
                "BYMONTHDAY" => {
                    rule.month_days = list(value, |one| match number(one, -31, 31)? {
                        0 => Err(RuleError),
                        day => Ok(day),
                    })?;
                }
                "BYDAY" => rule.weekdays = list(value, MonthWeekday::read)?,
                // Weeks begin on Monday or Sunday; no rule understood here counts weeks.
                "WKST" => {}
                _ => return Err(RuleError),
            }
        }
        // Without a month a weekday is counted within the year.
        let known = rule.weekdays.is_empty() || !rule.months.is_empty();
        if yearly && known {
            Ok(rule)
        } else {
            Err(RuleError)
        }
    }

    /// The dates that the rule gives from `first` to `last`, `start` being the first of all.
    pub(super) fn occurrences(&self, start: Date, first: Date, last: Date) -> Vec<Date> {
        let end = self.until.map_or(last, |until| until.min(last));
        let mut year = start.year();
        if self.count.is_none() && first.year() > year {
            // Nothing is counted, so the years before can be passed over.
            year += (first.year() - year) / self.interval * self.interval;
        }
        let years = std::iter::successors(Some(year), |year| year.checked_add(self.interval))
            .take_while(|year| *year <= end.year());
        // The start is the first one, whether the rule gives it or not.
        std::iter::once(start)
            .filter(|start| start.year() == year)
            .chain(
                years
                    .flat_map(|year| self.of_year(year, start))
                    .filter(|date| *date > start),
            )
            .take(self.count.unwrap_or(usize::MAX))
            .take_while(|date| *date <= end)
            .filter(|date| first <= *date)
            .collect()
    }

    fn of_year(&self, year: i16, start: Date) -> Vec<Date> {
        let by_day = !self.month_days.is_empty() || !self.weekdays.is_empty();
        let months = match (self.months.is_empty(), by_day) {
            (false, _) => self.months.clone(),
            (true, true) => (1..=12).collect(),
            (true, false) => vec![start.month()],
        };
        let mut dates = Vec::new();
        for month in months {
            if by_day {
                let days = (1..=31).filter_map(|day| Date::new(year, month, day));
                dates.extend(days.filter(|date| self.takes(*date)));
            } else {
                dates.extend(Date::new(year, month, start.day()));
            }
        }
        dates.sort_unstable();
        dates.dedup();
        dates
    }

    fn takes(&self, date: Date) -> bool {
        let from_end = date.day() - date.days_in_month() - 1;
        let mut days = self.month_days.iter();
        let day =
            self.month_days.is_empty() || days.any(|day| [date.day(), from_end].contains(day));
        let mut weekdays = self.weekdays.iter();
        day && (self.weekdays.is_empty() || weekdays.any(|one| one.takes(date, from_end)))
    }
}

impl MonthWeekday {
    fn read(text: &str) -> Result<Self, RuleError> {
        let names = ["MO", "TU", "WE", "TH", "FR", "SA", "SU"];
        let (weekday, name) = (1..)
            .zip(names)
            .find(|(_, name)| text.ends_with(name))
            .ok_or(RuleError)?;
        let which = match text.strip_suffix(name) {
            None | Some("") => None,
            Some(which) => match number(which, -5, 5)? {
                0 => return Err(RuleError),
                which => Some(which),
            },
        };
        Ok(Self { weekday, which })
    }

    fn takes(self, date: Date, from_end: i8) -> bool {
        let which = [(date.day() - 1) / 7 + 1, (from_end + 1) / 7 - 1];
        date.weekday() == self.weekday && self.which.is_none_or(|own| which.contains(&own))
    }
}

fn list<T>(text: &str, read: impl Fn(&str) -> Result<T, RuleError>) -> Result<Vec<T>, RuleError> {
    text.split(',').map(read).collect()
}

fn number<T: std::str::FromStr + PartialOrd>(text: &str, min: T, max: T) -> Result<T, RuleError> {
    let number = text.parse().map_err(|_| RuleError)?;
    if min <= number && number <= max {
        Ok(number)
    } else {
        Err(RuleError)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dates(rule: &str, start: &str, first: &str, last: &str) -> Vec<String> {
        let date = |text: &str| text.parse().unwrap();
        let rule = YearlyRule::read(rule).unwrap();
        let found = rule.occurrences(date(start), date(first), date(last));
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn the_same_date_comes_each_year() {
        assert_eq!(
            dates("FREQ=YEARLY", "2000-03-01", "2025-01-01", "2026-12-31"),
            ["2025-03-01", "2026-03-01"]
        );
        assert_eq!(
            dates(
                "FREQ=YEARLY;INTERVAL=4",
                "2000-02-29",
                "2010-01-01",
                "2020-12-31"
            ),
            ["2012-02-29", "2016-02-29", "2020-02-29"]
        );
        assert_eq!(
            dates(
                "FREQ=YEARLY",
                "2023-02-29".replace("2023", "2024").as_str(),
                "2024-01-01",
                "2028-12-31"
            ),
            ["2024-02-29", "2028-02-29"]
        );
    }

    #[test]
    fn a_count_counts_from_the_first_one_and_an_end_is_included() {
        let (first, last) = ("2025-01-01", "2030-12-31");
        assert_eq!(
            dates("FREQ=YEARLY;COUNT=7", "2020-05-05", first, last),
            ["2025-05-05", "2026-05-05"]
        );
        assert_eq!(
            dates("FREQ=YEARLY;UNTIL=20260505", "2020-05-05", first, last),
            ["2025-05-05", "2026-05-05"]
        );
        assert_eq!(
            dates(
                "FREQ=YEARLY;UNTIL=20260504T150000Z",
                "2020-05-05",
                first,
                last
            ),
            ["2025-05-05"]
        );
    }

    #[test]
    fn weekdays_of_a_month_are_counted_from_either_end() {
        let of = |rule: &str, start: &str| dates(rule, start, "2026-01-01", "2026-12-31");
        let thanksgiving = "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH";
        assert_eq!(of(thanksgiving, "2020-11-26"), ["2026-11-26"]);
        let memorial_day = "FREQ=YEARLY;BYDAY=-1MO;BYMONTH=5";
        assert_eq!(of(memorial_day, "2020-05-25"), ["2026-05-25"]);
        let election_day = "FREQ=YEARLY;BYMONTH=11;BYDAY=TU;BYMONTHDAY=2,3,4,5,6,7,8";
        assert_eq!(of(election_day, "2020-11-03"), ["2026-11-03"]);
        assert_eq!(
            of("FREQ=YEARLY;BYMONTH=2,12;BYMONTHDAY=-1", "2020-12-31"),
            ["2026-02-28", "2026-12-31"]
        );
        assert_eq!(
            of("FREQ=YEARLY;BYMONTH=8;BYDAY=5MO", "2020-08-31"),
            ["2026-08-31"]
        );
        assert!(of("FREQ=YEARLY;BYMONTH=9;BYDAY=5MO", "2025-09-29").is_empty());
    }

    #[test]
    fn what_is_not_understood_is_said() {
        for rule in [
            "FREQ=MONTHLY",
            "FREQ=YEARLY;BYDAY=1MO",
            "FREQ=YEARLY;BYWEEKNO=3",
            "FREQ=YEARLY;BYMONTH=13",
            "FREQ=YEARLY;INTERVAL=0",
            "FREQ=YEARLY;BYMONTH=1;BYDAY=0MO",
            "FREQ",
            "",
        ] {
            assert!(YearlyRule::read(rule).is_err(), "{rule}");
        }
    }
}
