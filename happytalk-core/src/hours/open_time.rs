//! What a schedule says of instants: open or not, until when, how much.

use crate::time::{Date, Timestamp, WallTime};

use super::clock_time::DAY;
use super::schedule::Schedule;

const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// Time during which a schedule is open, `[from, until)`. Open without end where `until` is `None`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    from: Timestamp,
    until: Option<Timestamp>,
}

/// The open time of a schedule day by day, in order; one day's end may touch the next one's begin.
struct DayByDay<'a> {
    schedule: &'a Schedule,
    /// The day that comes next, and its first instant.
    date: Date,
    begin: Timestamp,
    /// What is left of the day before it, the latest first.
    left: Vec<(Timestamp, Timestamp)>,
    /// Whether a day without a special date near it can be open at all.
    has_week: bool,
}

impl<'a> DayByDay<'a> {
    /// From the day of `time`. What is open on a day before it ended when that day began.
    fn reaching(schedule: &'a Schedule, time: Timestamp) -> Self {
        let date = schedule.zone.date(time);
        Self {
            schedule,
            date,
            // At the ends of the calendar the begin of a day may be outside it.
            begin: schedule.zone.start_of(date).min(time),
            left: Vec::new(),
            has_week: !schedule.week_is_empty(),
        }
    }

    /// Passes over the days before `date`.
    fn skip_to(&mut self, date: Date) {
        self.left.clear();
        self.date = date;
        self.begin = self.schedule.zone.start_of(date);
    }

    /// Puts the open time of the next day into `left`. `false` when there is no day any more.
    fn take_day(&mut self) -> bool {
        if !self.has_week && !self.is_special() {
            let date = self.date;
            let next = self.schedule.special.range(date..).next();
            let Some((date, _)) = next else {
                return false;
            };
            self.skip_to(*date);
        }
        let (date, begin) = (self.date, self.begin);
        let tomorrow = date.plus_days(1);
        if tomorrow <= date || begin >= Timestamp::MAX {
            return false;
        }
        let end = self.schedule.zone.start_of(tomorrow);
        let pieces = self.schedule.pieces(date);
        if end.as_millis() - begin.as_millis() == DAY_MS {
            let at = |minute: u16| {
                Timestamp::from_millis(begin.as_millis() + i64::from(minute) * MINUTE_MS)
            };
            let pieces = pieces.iter().rev();
            self.left
                .extend(pieces.map(|piece| (at(piece.from), at(piece.until))));
        } else {
            // The clocks change on this day, or the country passes over it.
            let at = |minute: u16| match minute {
                DAY => end,
                _ => {
                    let millis = u32::from(minute) * 60_000;
                    let time = self.schedule.zone.instant(WallTime::new(date, millis));
                    time.max(begin).min(end)
                }
            };
            let pieces = pieces.iter();
            self.left = pieces
                .map(|piece| (at(piece.from), at(piece.until)))
                .filter(|(from, until)| from < until)
                .collect();
            self.left.sort_unstable();
            self.left.dedup_by(|later, earlier| {
                let joins = later.0 <= earlier.1;
                if joins {
                    earlier.1 = earlier.1.max(later.1);
                }
                joins
            });
            self.left.reverse();
        }
        self.date = tomorrow;
        self.begin = end;
        true
    }

    /// Whether the open time of the next day depends on a special date.
    fn is_special(&self) -> bool {
        let before = self.date.plus_days(-1);
        self.schedule.is_special_near(before, self.date)
    }
}

impl Iterator for DayByDay<'_> {
    type Item = (Timestamp, Timestamp);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(next) = self.left.pop() {
                return Some(next);
            }
            if !self.take_day() {
                return None;
            }
        }
    }
}

/// The open time of a schedule in stretches with closed time between them, in order.
struct Stretches<'a> {
    days: DayByDay<'a>,
    /// The first of what the next stretch is made of.
    ahead: Option<(Timestamp, Timestamp)>,
}

impl<'a> Stretches<'a> {
    /// From the first stretch on that ends after `time`; what of it lies days before `time` is left out.
    fn after(schedule: &'a Schedule, time: Timestamp) -> Self {
        let mut days = DayByDay::reaching(schedule, time);
        let ahead = days.find(|(_, until)| *until > time);
        Self { days, ahead }
    }
}

impl Iterator for Stretches<'_> {
    type Item = Stretch;

    fn next(&mut self) -> Option<Stretch> {
        let (from, mut until) = self.ahead.take()?;
        let always = self.days.schedule.week_is_full();
        loop {
            // Where every ordinary day is open as a whole, only a special date can end it.
            let days = &mut self.days;
            if always && days.left.is_empty() && days.begin <= until && !days.is_special() {
                let Some((date, _)) = days.schedule.special.range(days.date..).next() else {
                    return Some(Stretch { from, until: None });
                };
                days.skip_to(*date);
                until = until.max(days.begin);
            }
            match self.days.next() {
                Some(next) if next.0 <= until => until = until.max(next.1),
                next => {
                    self.ahead = next;
                    let until = Some(until);
                    return Some(Stretch { from, until });
                }
            }
        }
    }
}

impl Schedule {
    /// Whether `time` is inside a window and inside no break.
    #[must_use]
    pub fn is_open(&self, time: Timestamp) -> bool {
        DayByDay::reaching(self, time)
            .find(|(_, until)| *until > time)
            .is_some_and(|(from, _)| from <= time)
    }

    /// The first instant from `time` on at which it is open: `time` itself when it is open then, `None` when it never
    /// opens again.
    #[must_use]
    pub fn next_open(&self, time: Timestamp) -> Option<Timestamp> {
        DayByDay::reaching(self, time)
            .find(|(_, until)| *until > time)
            .map(|(from, _)| from.max(time))
    }

    /// The first instant after `time` at which it opens or closes; `None` when it stays as it is.
    #[must_use]
    pub fn next_change(&self, time: Timestamp) -> Option<Timestamp> {
        let stretch = Stretches::after(self, time).next()?;
        if stretch.from > time {
            Some(stretch.from)
        } else {
            stretch.until
        }
    }

    /// How many milliseconds from `from` up to `until` it is open; 0 when `until` is not after `from`.
    ///
    /// The time this takes grows with the days between the two.
    #[must_use]
    pub fn business_ms(&self, from: Timestamp, until: Timestamp) -> u64 {
        let mut sum = 0;
        for (begin, end) in DayByDay::reaching(self, from) {
            if begin >= until {
                break;
            }
            let millis = end.min(until).since(begin.max(from)).as_millis();
            sum += u64::try_from(millis).unwrap_or(0);
        }
        sum
    }

    /// How long the manual switch lasts when it is put to `open` at `now`.
    ///
    /// On lasts to the end of the window that is running, or else of the next one; off to the start of the next window. A
    /// break ends a window here, and what follows it is the next. Where there is no such instant (open around the clock, or
    /// never) it is the start of the next day.
    #[must_use]
    pub fn switch_until(&self, open: bool, now: Timestamp) -> Timestamp {
        let mut stretches = Stretches::after(self, now);
        let next = stretches.next();
        let until = match next {
            Some(stretch) if open => stretch.until,
            Some(stretch) if stretch.from > now => Some(stretch.from),
            Some(_) => stretches.next().map(|stretch| stretch.from),
            None => None,
        };
        until.unwrap_or_else(|| self.next_day(now))
    }

    /// The first instant of a day after `now`.
    fn next_day(&self, now: Timestamp) -> Timestamp {
        let today = self.zone.date(now);
        // The second of them only where the clocks go back over midnight.
        let starts = [1, 2].map(|days| self.zone.start_of(today.plus_days(days)));
        starts.into_iter().find(|start| *start > now).unwrap_or(now)
    }
}
