//! One timetable: rows of the week, breaks, special dates.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::id::Word;
use crate::time::{Date, Zone};

use super::clock_time::{DAY, Days, Window, weekday_index};
use super::pieces::{Piece, without};

/// Working time of some days of the week.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct WeeklyRow {
    /// On which days it starts.
    pub days: Days,
    /// From when until when.
    pub window: Window,
    /// A row that is off counts for nothing, and is kept for when it is on again. Default: on.
    pub on: bool,
}

impl WeeklyRow {
    /// A row that is on.
    #[must_use]
    pub const fn new(days: Days, window: Window) -> Self {
        Self {
            days,
            window,
            on: true,
        }
    }

    /// The same row, off.
    #[must_use]
    pub const fn switched_off(mut self) -> Self {
        self.on = false;
        self
    }
}

/// A pause within working time, such as lunch (점심시간).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Break {
    /// From when until when, by the wall clock.
    pub window: Window,
    /// On which days it starts. Default: all.
    pub days: Days,
    /// What it is called.
    pub name: Option<Word>,
}

impl Break {
    /// A break of every day.
    #[must_use]
    pub const fn new(window: Window) -> Self {
        Self {
            window,
            days: Days::ALL,
            name: None,
        }
    }

    /// On these days only.
    #[must_use]
    pub const fn on(mut self, days: Days) -> Self {
        self.days = days;
        self
    }

    /// With a name.
    #[must_use]
    pub fn named(mut self, name: Word) -> Self {
        self.name = Some(name);
        self
    }
}

/// A date that is not as its weekday is: a holiday (휴무일), or other windows.
///
/// It stands in the place of the weekly rows for the windows that *start* on that date. One that started the day before
/// runs to its end.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SpecialDay {
    /// What it is called.
    pub name: Option<Word>,
    /// The windows that start on that date. None: closed the whole day.
    pub windows: Vec<Window>,
    /// The breaks that start on that date, in the place of the schedule's. Default: those of the schedule.
    pub breaks: Option<Vec<Break>>,
}

impl SpecialDay {
    /// A whole day off.
    #[must_use]
    pub fn holiday() -> Self {
        Self::default()
    }

    /// Other windows than those of the weekday.
    #[must_use]
    pub fn changed(windows: Vec<Window>) -> Self {
        Self {
            windows,
            ..Self::default()
        }
    }

    /// With a name.
    #[must_use]
    pub fn named(mut self, name: Word) -> Self {
        self.name = Some(name);
        self
    }

    /// With breaks of its own.
    #[must_use]
    pub fn with_breaks(mut self, breaks: Vec<Break>) -> Self {
        self.breaks = Some(breaks);
        self
    }

    /// Whether nothing starts on that date.
    #[must_use]
    pub const fn is_holiday(&self) -> bool {
        self.windows.is_empty()
    }
}

/// When a site, a team or an agent works (상담 시간).
///
/// Everything is in the wall time of the schedule's zone, so 09:00 stays 09:00 when the clocks change. Windows that
/// overlap or touch are one; breaks are taken out of them; a date with a special entry has its windows in the place of the
/// weekly rows. A wall time that the clocks skip or show twice is meant as [`Zone::instant`] says, and what is left of a
/// day stays within it: a day that a country skipped has no windows.
///
/// Nothing is remembered between two questions: each is answered from the schedule as it is.
///
/// ```
/// use happytalk_core::Timestamp;
/// use happytalk_core::hours::{Days, Schedule, WeeklyRow, Window};
/// use happytalk_core::time::Zone;
///
/// let nine_to_six = Window::new("09:00".parse()?, "18:00".parse()?).unwrap();
/// let schedule = Schedule::new(Zone::default()).with_row(WeeklyRow::new(Days::WEEKDAYS, nine_to_six));
/// let friday: Timestamp = "2026-11-20T17:55:00+09:00".parse()?;
/// let monday: Timestamp = "2026-11-23T09:05:00+09:00".parse()?;
/// assert!(schedule.is_open(friday));
/// assert_eq!(schedule.business_ms(friday, monday), 600_000);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    pub(super) zone: Zone,
    pub(super) intake: bool,
    pub(super) weekly: Vec<WeeklyRow>,
    pub(super) breaks: Vec<Break>,
    pub(super) special: BTreeMap<Date, SpecialDay>,
    /// What the rows and breaks above make of each weekday that is not special and does not follow a special one.
    week: [Vec<Piece>; 7],
}

impl Schedule {
    /// A schedule that is never open.
    #[must_use]
    pub const fn new(zone: Zone) -> Self {
        Self {
            zone,
            intake: false,
            weekly: Vec::new(),
            breaks: Vec::new(),
            special: BTreeMap::new(),
            week: [const { Vec::new() }; 7],
        }
    }

    /// With one more weekly row.
    #[must_use]
    pub fn with_row(mut self, row: WeeklyRow) -> Self {
        self.weekly.push(row);
        self.settled()
    }

    /// With one more break.
    #[must_use]
    pub fn with_break(mut self, pause: Break) -> Self {
        self.breaks.push(pause);
        self.settled()
    }

    /// With an entry for a date, in the place of the one it had.
    #[must_use]
    pub fn with_special(mut self, date: Date, day: SpecialDay) -> Self {
        self.special.insert(date, day);
        self
    }

    /// Whether requests are taken while it is closed (상담시간 외 접수). Default: no.
    #[must_use]
    pub const fn with_intake(mut self, intake: bool) -> Self {
        self.intake = intake;
        self
    }

    /// Whose wall clock it is written in.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    /// Whether requests are taken while it is closed: they wait for the next window. When not, they are turned away.
    #[must_use]
    pub const fn intake(&self) -> bool {
        self.intake
    }

    /// The weekly rows, in the order in which they were given.
    #[must_use]
    pub fn weekly(&self) -> &[WeeklyRow] {
        &self.weekly
    }

    /// The breaks, in the order in which they were given.
    #[must_use]
    pub fn breaks(&self) -> &[Break] {
        &self.breaks
    }

    /// The special dates, in order.
    #[must_use]
    pub const fn special(&self) -> &BTreeMap<Date, SpecialDay> {
        &self.special
    }

    /// Takes the parts as they are now into account.
    pub(super) fn settled(mut self) -> Self {
        for today in 0..7 {
            let yesterday = (today + 6) % 7;
            let open = self.rows(today).map(Piece::today);
            let open = open.chain(self.rows(yesterday).map(Piece::tomorrow));
            let taken = self.pauses(today).map(|pause| pause.window.piece().today());
            let before = self.pauses(yesterday);
            let taken = taken.chain(before.map(|pause| pause.window.piece().tomorrow()));
            let pieces = without(open, taken);
            if let Some(place) = self.week.get_mut(today) {
                *place = pieces;
            }
        }
        self
    }

    fn rows(&self, weekday: usize) -> impl Iterator<Item = Piece> {
        let rows = self.weekly.iter();
        let rows = rows.filter(move |row| row.on && row.days.holds_index(weekday));
        rows.map(|row| row.window.piece())
    }

    fn pauses(&self, weekday: usize) -> impl Iterator<Item = &Break> {
        let breaks = self.breaks.iter();
        breaks.filter(move |pause| pause.days.holds_index(weekday))
    }

    /// The windows that start on `date`, in its minutes.
    pub(super) fn windows_of(&self, date: Date) -> impl Iterator<Item = Piece> {
        let special = self.special.get(&date);
        let changed = special.into_iter().flat_map(|day| &day.windows);
        let weekly = special.is_none().then(|| self.rows(weekday_index(date)));
        changed
            .map(|window| window.piece())
            .chain(weekly.into_iter().flatten())
    }

    /// What would start on `date` if it were not special, in its minutes.
    pub(super) fn weekly_of(&self, date: Date) -> impl Iterator<Item = Piece> {
        self.rows(weekday_index(date))
    }

    /// The breaks that start on `date`.
    pub(super) fn breaks_of(&self, date: Date) -> impl Iterator<Item = &Break> {
        let own = self.special.get(&date).and_then(|day| day.breaks.as_ref());
        let weekly = own.is_none().then(|| self.pauses(weekday_index(date)));
        own.into_iter()
            .flatten()
            .chain(weekly.into_iter().flatten())
    }

    /// The minutes of `date` that are open: sorted, apart, within the day.
    pub(super) fn pieces(&self, date: Date) -> Cow<'_, [Piece]> {
        let before = date.plus_days(-1);
        if !self.is_special_near(before, date) {
            let week = self.week.get(weekday_index(date));
            return Cow::Borrowed(week.map_or(&[], Vec::as_slice));
        }
        let open = self.windows_of(date).map(Piece::today);
        let open = open.chain(self.windows_of(before).map(Piece::tomorrow));
        let taken = self.breaks_of(date);
        let taken = taken.map(|pause| pause.window.piece().today());
        let earlier = self.breaks_of(before);
        let taken = taken.chain(earlier.map(|pause| pause.window.piece().tomorrow()));
        Cow::Owned(without(open, taken))
    }

    /// Whether a date from `first` to `last` has an entry of its own.
    pub(super) fn is_special_near(&self, first: Date, last: Date) -> bool {
        !self.special.is_empty() && self.special.range(first..=last).next().is_some()
    }

    /// Whether no ordinary day has a minute that is open.
    pub(super) fn week_is_empty(&self) -> bool {
        self.week.iter().all(Vec::is_empty)
    }

    /// Whether every minute of every ordinary day is open.
    pub(super) fn week_is_full(&self) -> bool {
        let whole = [Piece::new(0, DAY)];
        self.week.iter().all(|day| day.as_slice() == whole)
    }
}
