//! Days off out of an iCalendar file (RFC 5545), such as the public holidays that a state or a mail provider publishes.
//!
//! Own reading of the small part that such files use: no library known to us is small, kept and free of a clock.

use std::collections::BTreeMap;

use crate::id::Word;
use crate::time::Date;

use self::line::{ContentLine, unfolded};
use self::rule::{RuleError, YearlyRule};

mod line;
mod rule;

/// The days off that an iCalendar file names, each with what it is called.
///
/// Every `VEVENT` that lasts whole days is a day off, or several: `DTEND` is not part of it, and without one (or a
/// `DURATION`) it is one day. `RRULE` is followed where it is yearly, with `INTERVAL`, `COUNT`, `UNTIL`, `BYMONTH`,
/// `BYMONTHDAY` and `BYDAY`; so are `EXDATE` and `RDATE` with dates. Of two events on one date the first names it. What is
/// not understood is in [`Holidays::skipped`], and nothing of it is taken: an event with a time of the day is a meeting
/// rather than a holiday, and closes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Holidays {
    /// The days, with their names where they have one.
    pub days: BTreeMap<Date, Option<Word>>,
    /// What was passed over, in the order of the file.
    pub skipped: Vec<Skipped>,
}

/// Something of an iCalendar file that was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Skipped {
    /// The line of the file, from 1: that of the `BEGIN:VEVENT`.
    pub line: usize,
    /// Why.
    pub why: SkipReason,
}

/// Why something of an iCalendar file was passed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum SkipReason {
    /// It begins or ends at a time of the day.
    Timed,
    /// It was cancelled.
    Cancelled,
    /// It replaces one occurrence of another event.
    Exception,
    /// It has no `DTSTART`, or one that is no date from the year 1900 on.
    BadStart,
    /// Its `DTEND` or `DURATION` is not understood, or lies before its start.
    BadEnd,
    /// It lasts longer than [`Holidays::EVENT_DAYS_MAX`].
    TooLong,
    /// Its `RRULE`, `EXDATE` or `RDATE` is not understood.
    BadRule,
    /// One of its lines is not `NAME:value`.
    BadLine,
    /// The file ends within it.
    Unfinished,
    /// Its name is too long for a [`Word`]: the day is taken without it.
    LongName,
}

impl SkipReason {
    /// The word for programs.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Timed => "timed",
            Self::Cancelled => "cancelled",
            Self::Exception => "exception",
            Self::BadStart => "bad_start",
            Self::BadEnd => "bad_end",
            Self::TooLong => "too_long",
            Self::BadRule => "bad_rule",
            Self::BadLine => "bad_line",
            Self::Unfinished => "unfinished",
            Self::LongName => "long_name",
        }
    }
}

/// Why a text is no holiday calendar at all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum HolidaysError {
    /// The file is longer than [`Holidays::BYTES_MAX`].
    #[error("iCalendar file is too long. bytes_max=`{bytes_max}`")]
    TooLong {
        /// How long it may be.
        bytes_max: usize,
    },
    /// It does not begin with `BEGIN:VCALENDAR`.
    #[error("not an iCalendar file: it does not begin with BEGIN:VCALENDAR")]
    NotICalendar,
    /// The dates that are asked for are the wrong way round, or more than [`Holidays::RANGE_DAYS_MAX`] apart.
    #[error("the last day is before the first, or too far from it. days_max=`{days_max}`")]
    BadRange {
        /// How many days they may be apart.
        days_max: i32,
    },
}

impl HolidaysError {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "holidays.too_long",
            Self::NotICalendar => "holidays.not_icalendar",
            Self::BadRange { .. } => "holidays.bad_range",
        }
    }
}

impl Holidays {
    /// The most bytes a file may have.
    pub const BYTES_MAX: usize = 1 << 20;
    /// The most days one event may last.
    pub const EVENT_DAYS_MAX: i32 = 366;
    /// The most days between the first and the last that are asked for: a century.
    pub const RANGE_DAYS_MAX: i32 = 36_525;

    /// The days off from `first` to `last`, both included.
    ///
    /// # Errors
    /// Any variant of [`HolidaysError`].
    ///
    /// ```
    /// use happytalk_core::hours::Holidays;
    ///
    /// let file = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nDTSTART;VALUE=DATE:20260216\r\nDTEND;VALUE=DATE:20260219\r\n\
    ///     SUMMARY:설날\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    /// let holidays = Holidays::read(file, "2026-01-01".parse()?, "2026-12-31".parse()?)?;
    /// let days: Vec<String> = holidays.days.keys().map(ToString::to_string).collect();
    /// assert_eq!(days, ["2026-02-16", "2026-02-17", "2026-02-18"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read(text: &str, first: Date, last: Date) -> Result<Self, HolidaysError> {
        if text.len() > Self::BYTES_MAX {
            let bytes_max = Self::BYTES_MAX;
            return Err(HolidaysError::TooLong { bytes_max });
        }
        let days = last.days_since(first);
        if !(0..=Self::RANGE_DAYS_MAX).contains(&days) {
            let days_max = Self::RANGE_DAYS_MAX;
            return Err(HolidaysError::BadRange { days_max });
        }
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        let mut lines = unfolded(text).map(|(number, text)| (number, ContentLine::read(&text)));
        match lines.next() {
            Some((_, Some(line))) if line.is("BEGIN", "VCALENDAR") => {}
            _ => return Err(HolidaysError::NotICalendar),
        }
        let mut holidays = Self::default();
        // The event that is open, and how many components are open inside it (alarms).
        let mut event: Option<VEvent> = None;
        let mut inner = 0_u32;
        for (number, line) in lines {
            let Some(open) = event.as_mut() else {
                if line.is_some_and(|line| line.is("BEGIN", "VEVENT")) {
                    event = Some(VEvent::new(number));
                }
                continue;
            };
            match line {
                None => open.bad_line = true,
                Some(line) if line.is("END", "VEVENT") && inner == 0 => {
                    if let Some(event) = event.take() {
                        holidays.take(&event, first, last);
                    }
                }
                Some(line) if line.name == "BEGIN" => inner = inner.saturating_add(1),
                Some(line) if line.name == "END" => inner = inner.saturating_sub(1),
                Some(line) if inner == 0 => open.note(line),
                Some(_) => {}
            }
        }
        if let Some(open) = event {
            holidays.skip(open.line, SkipReason::Unfinished);
        }
        Ok(holidays)
    }

    fn skip(&mut self, line: usize, why: SkipReason) {
        self.skipped.push(Skipped { line, why });
    }

    fn take(&mut self, event: &VEvent, first: Date, last: Date) {
        let starts = event.span().and_then(|(start, days)| {
            let early = first.plus_days(1 - days);
            Ok((event.starts(start, early, last)?, days))
        });
        let (starts, days) = match starts {
            Ok(found) => found,
            Err(why) => return self.skip(event.line, why),
        };
        let name = event.name();
        if name.is_err() {
            self.skip(event.line, SkipReason::LongName);
        }
        let name = name.unwrap_or(None);
        for start in starts {
            for date in (0..days).map(|many| start.plus_days(many)) {
                if first <= date && date <= last {
                    self.days.entry(date).or_insert_with(|| name.clone());
                }
            }
        }
    }
}

/// The lines of one event that matter.
struct VEvent {
    line: usize,
    bad_line: bool,
    exception: bool,
    cancelled: bool,
    start: Option<ContentLine>,
    end: Option<ContentLine>,
    duration: Option<String>,
    summary: Option<String>,
    rules: Vec<String>,
    without: Vec<ContentLine>,
    also: Vec<ContentLine>,
}

impl VEvent {
    const fn new(line: usize) -> Self {
        Self {
            line,
            bad_line: false,
            exception: false,
            cancelled: false,
            start: None,
            end: None,
            duration: None,
            summary: None,
            rules: Vec::new(),
            without: Vec::new(),
            also: Vec::new(),
        }
    }

    fn note(&mut self, line: ContentLine) {
        match line.name.as_str() {
            "DTSTART" => self.start = Some(line),
            "DTEND" => self.end = Some(line),
            "DURATION" => self.duration = Some(line.value),
            "SUMMARY" => self.summary = Some(line.text()),
            "RRULE" => self.rules.push(line.value),
            "EXDATE" => self.without.push(line),
            "RDATE" => self.also.push(line),
            "RECURRENCE-ID" => self.exception = true,
            "STATUS" => self.cancelled = line.value.eq_ignore_ascii_case("CANCELLED"),
            _ => {}
        }
    }

    /// Its first day, and how many days it lasts.
    fn span(&self) -> Result<(Date, i32), SkipReason> {
        if self.bad_line {
            return Err(SkipReason::BadLine);
        }
        if self.cancelled {
            return Err(SkipReason::Cancelled);
        }
        if self.exception {
            return Err(SkipReason::Exception);
        }
        let start = self.start.as_ref().ok_or(SkipReason::BadStart)?;
        if start.is_timed() {
            return Err(SkipReason::Timed);
        }
        let start = date(&start.value).filter(|date| date.year() >= rule::YEAR_MIN);
        let start = start.ok_or(SkipReason::BadStart)?;
        let days = match (&self.end, &self.duration) {
            (Some(end), _) if end.is_timed() => return Err(SkipReason::Timed),
            (Some(end), _) => {
                let end = date(&end.value).ok_or(SkipReason::BadEnd)?;
                // An end on the first day is written by those who mean the last day.
                end.days_since(start).max(i32::from(end == start))
            }
            (None, Some(duration)) => whole_days(duration).ok_or(SkipReason::BadEnd)?,
            (None, None) => 1,
        };
        match days {
            ..=0 => Err(SkipReason::BadEnd),
            days if days > Holidays::EVENT_DAYS_MAX => Err(SkipReason::TooLong),
            days => Ok((start, days)),
        }
    }

    /// The first days of its occurrences from `first` to `last`.
    fn starts(&self, start: Date, first: Date, last: Date) -> Result<Vec<Date>, SkipReason> {
        let mut starts = match self.rules.as_slice() {
            [] => vec![start],
            [rule] => YearlyRule::read(rule)
                .map_err(|RuleError| SkipReason::BadRule)?
                .occurrences(start, first, last),
            [..] => return Err(SkipReason::BadRule),
        };
        starts.extend(dates(&self.also)?);
        let without = dates(&self.without)?;
        starts.retain(|date| first <= *date && *date <= last && !without.contains(date));
        Ok(starts)
    }

    fn name(&self) -> Result<Option<Word>, crate::id::IdError> {
        let Some(text) = &self.summary else {
            return Ok(None);
        };
        let text = text.replace(char::is_control, " ");
        let text = text.trim();
        if text.is_empty() {
            return Ok(None);
        }
        text.parse().map(Some)
    }
}

/// The dates of all these lines.
fn dates(lines: &[ContentLine]) -> Result<Vec<Date>, SkipReason> {
    let values = lines.iter().flat_map(|line| line.value.split(','));
    let dates = values.map(|value| date(value).ok_or(SkipReason::BadRule));
    dates.collect()
}

/// `20260217`.
fn date(text: &str) -> Option<Date> {
    let text = text.trim();
    if text.len() != 8 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year = text.get(..4)?.parse().ok()?;
    Date::new(
        year,
        text.get(4..6)?.parse().ok()?,
        text.get(6..)?.parse().ok()?,
    )
}

/// `P3D` or `P1W`.
fn whole_days(text: &str) -> Option<i32> {
    let text = text.trim().to_ascii_uppercase();
    let text = text.strip_prefix('+').unwrap_or(&text);
    let count = text.strip_prefix('P')?;
    let (count, each) = match (count.strip_suffix('D'), count.strip_suffix('W')) {
        (Some(count), _) => (count, 1),
        (None, Some(count)) => (count, 7),
        (None, None) => return None,
    };
    if !count.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    count.parse::<i32>().ok()?.checked_mul(each)
}
