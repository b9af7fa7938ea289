//! What is asked of a report.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::time::Zone;

use crate::dimension::Dimension;
use crate::error::Error;
use crate::span::Calendar;

/// Which instant of a conversation says in which day, hour, week or month it counts.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Clock {
    /// When it reached its end: after-work included, where there is any.
    #[default]
    Closing,
    /// When it was opened, or opened again.
    Opening,
    /// When an agent was asked for; `(none)` where nobody was.
    Request,
}

impl Clock {
    /// The word of the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Closing => "closing",
            Self::Opening => "opening",
            Self::Request => "request",
        }
    }
}

impl fmt::Display for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Clock {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "closing" => Ok(Self::Closing),
            "opening" => Ok(Self::Opening),
            "request" => Ok(Self::Request),
            _ => Err(Error::UnknownClock),
        }
    }
}

/// How p50, p90 and p99 are taken.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Quantiles {
    /// From every value, linear between ranks ("type 7"), in integers, rounded half up. `linear` in the report.
    #[default]
    Exact,
    /// From every value up to 512 of a time in a row; beyond that from buckets, within one percent of the true value.
    /// Count, sum, mean, least and greatest stay exact. `sketch` in the report.
    Sketch,
}

impl Quantiles {
    /// The word of the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "linear",
            Self::Sketch => "sketch",
        }
    }
}

/// Reads `exact` and `sketch`.
impl FromStr for Quantiles {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "exact" => Ok(Self::Exact),
            "sketch" => Ok(Self::Sketch),
            _ => Err(Error::UnknownQuantiles),
        }
    }
}

/// What a conversation that a rule ended before any answer is for the rate of abandonment. It is counted as missed in
/// either case.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Missed {
    /// Not abandoned: its customer may still be there.
    #[default]
    Apart,
    /// Abandoned, beside those who left.
    Abandoned,
}

impl Missed {
    /// The word of the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Apart => "apart",
            Self::Abandoned => "abandoned",
        }
    }
}

impl FromStr for Missed {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "apart" => Ok(Self::Apart),
            "abandoned" => Ok(Self::Abandoned),
            _ => Err(Error::UnknownMissed),
        }
    }
}

/// What is asked for beside the eight indicators: the metrics that centres elsewhere are led by.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Standard {
    /// Who is answered no later than this is within the service level. 20 seconds by default.
    pub within: Duration,
    /// A matter is settled at the first contact (FCR) when the customer does not come back with one of the same main
    /// category within this. Seven days by default.
    pub settled_after: Duration,
}

impl Default for Standard {
    fn default() -> Self {
        Self {
            within: Duration::from_secs(20),
            settled_after: Duration::from_secs(7 * 86_400),
        }
    }
}

impl Standard {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With another limit of the service level.
    #[must_use]
    pub const fn with_within(mut self, within: Duration) -> Self {
        self.within = within;
        self
    }

    /// With another time after which a matter is settled.
    #[must_use]
    pub const fn with_settled_after(mut self, settled_after: Duration) -> Self {
        self.settled_after = settled_after;
        self
    }
}

/// What is asked of a report: by default one row, `Asia/Seoul`, the closing clock, every abandonment counted, time on
/// the calendar, and repeats known for seven days.
///
/// ```
/// use happytalk_sqi::{Clock, Dimension, Options};
///
/// let options = Options::new()
///     .with_by([Dimension::Day, Dimension::Agent])
///     .with_clock(Clock::Opening);
/// let same = Options::new().with("by", "day,agent")?.with("clock", "opening")?;
/// assert_eq!(options, same);
/// # Ok::<(), happytalk_sqi::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Whose calendar the days, hours, weeks and months are of.
    pub zone: Zone,
    /// Which instant puts a conversation into one of them.
    pub clock: Clock,
    /// What rows are made by, in this order. A word that repeats counts once.
    pub by: Vec<Dimension>,
    /// Only what that instant puts on or after the first and before the second counts. `None`, the default, for all.
    pub period: Option<(Timestamp, Timestamp)>,
    /// Who left no later than this after asking, on the calendar, is in neither side of the rate of abandonment, nor
    /// in its wait. Zero, the default, counts everybody.
    pub short_abandon: Duration,
    /// Whether what was missed counts as abandoned too. Not, by default.
    pub missed: Missed,
    /// How quantiles are taken.
    pub quantiles: Quantiles,
    /// How long after its last line a closed conversation is still known, counted back from the latest line of the log.
    /// What comes for one later is [`Error::TooLate`]. Seven days by default; `None` knows all of them for ever, for
    /// about 35 bytes and the id of each, and takes lines in whatever order of time.
    pub horizon: Option<Duration>,
    /// Working hours that every time is measured in, in place of the calendar.
    pub business: Option<Calendar>,
    /// Working hours that [`Dimension::Hours`] asks; where they are not given, those of `business`.
    pub hours: Option<Calendar>,
    /// Whether rows have the standard metrics too, and there are rows of agents.
    pub standard: Option<Standard>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            zone: Zone::default(),
            clock: Clock::default(),
            by: Vec::new(),
            period: None,
            short_abandon: Duration::ZERO,
            missed: Missed::default(),
            quantiles: Quantiles::default(),
            horizon: Some(Duration::from_secs(7 * 86_400)),
            business: None,
            hours: None,
            standard: None,
        }
    }
}

impl Options {
    /// The defaults.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With another zone.
    #[must_use]
    pub fn with_zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self
    }

    /// With another clock.
    #[must_use]
    pub const fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// With rows by these, in this order.
    #[must_use]
    pub fn with_by(mut self, by: impl IntoIterator<Item = Dimension>) -> Self {
        self.by.clear();
        for dimension in by {
            if !self.by.contains(&dimension) {
                self.by.push(dimension);
            }
        }
        self
    }

    /// With what the clock puts from `from` up to `until` alone.
    #[must_use]
    pub const fn with_period(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.period = Some((from, until));
        self
    }

    /// Without those who left no later than this after asking.
    #[must_use]
    pub const fn with_short_abandon(mut self, short_abandon: Duration) -> Self {
        self.short_abandon = short_abandon;
        self
    }

    /// With what was missed counted as abandoned, or not.
    #[must_use]
    pub const fn with_missed(mut self, missed: Missed) -> Self {
        self.missed = missed;
        self
    }

    /// With quantiles taken another way.
    #[must_use]
    pub const fn with_quantiles(mut self, quantiles: Quantiles) -> Self {
        self.quantiles = quantiles;
        self
    }

    /// With closed conversations known for this long, or for ever.
    #[must_use]
    pub const fn with_horizon(mut self, horizon: Option<Duration>) -> Self {
        self.horizon = horizon;
        self
    }

    /// With every time measured in working hours, which [`Dimension::Hours`] asks too.
    #[must_use]
    pub fn with_business(mut self, calendar: Calendar) -> Self {
        self.business = Some(calendar);
        self
    }

    /// With the working hours that [`Dimension::Hours`] asks; times stay on the calendar.
    #[must_use]
    pub fn with_hours(mut self, calendar: Calendar) -> Self {
        self.hours = Some(calendar);
        self
    }

    /// With the standard metrics.
    #[must_use]
    pub fn with_standard(mut self, standard: Standard) -> Self {
        self.standard = Some(standard);
        self
    }

    /// With one option in the words of the command line: `by`, `zone`, `clock`, `short-abandon`, `missed`,
    /// `quantiles`, `horizon` (a span, or `none`), `service-level` (a span; asks for the standard metrics).
    ///
    /// # Errors
    /// [`Error::UnknownOption`] for another name, `business` among them: a calendar is no word, see
    /// [`Options::with_business`]. Else the error that names the option for a value it cannot have.
    pub fn with(self, name: &str, value: &str) -> Result<Self, Error> {
        Ok(match name {
            "by" => self.with_by(Dimension::list(value)?),
            "zone" => self.with_zone(Zone::named(value).map_err(|_| Error::UnknownZone)?),
            "clock" => self.with_clock(value.parse()?),
            "short-abandon" => self.with_short_abandon(span(value)?),
            "missed" => self.with_missed(value.parse()?),
            "quantiles" => self.with_quantiles(value.parse()?),
            "horizon" if value == "none" => self.with_horizon(None),
            "horizon" => self.with_horizon(Some(span(value)?)),
            "service-level" => {
                let within = span(value)?;
                let standard = self.standard.clone().unwrap_or_default();
                self.with_standard(standard.with_within(within))
            }
            _ => return Err(Error::UnknownOption),
        })
    }

    /// Whether all that is asked for can be answered; [`Figures::new`](crate::Figures::new) takes any options, and
    /// says `(none)` where it cannot.
    ///
    /// # Errors
    /// [`Error::NoCalendar`] where rows are made by [`Dimension::Hours`] and no working hours are given.
    pub fn check(&self) -> Result<(), Error> {
        if self.by.contains(&Dimension::Hours) && self.calendar().is_none() {
            return Err(Error::NoCalendar);
        }
        Ok(())
    }

    /// Whether what happened at `at` is in the period.
    pub(crate) fn counts(&self, at: Timestamp) -> bool {
        self.period
            .is_none_or(|(from, until)| from <= at && at < until)
    }

    /// The working hours that rows ask.
    pub(crate) fn calendar(&self) -> Option<&Calendar> {
        self.hours.as_ref().or(self.business.as_ref())
    }
}

/// Reads `500ms`, `5s`, `2m`, `1h`, `7d`; nothing else, but a bare 0.
fn span(text: &str) -> Result<Duration, Error> {
    let digits = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().map_err(|_| Error::NotASpan)?;
    let millis_each = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        "" if number == 0 => 0,
        _ => return Err(Error::NotASpan),
    };
    let millis = number.checked_mul(millis_each).ok_or(Error::NotASpan)?;
    Ok(Duration::from_millis(millis))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_span_has_a_unit() {
        for (text, millis) in [("500ms", 500), ("5s", 5_000), ("2m", 120_000), ("0", 0)] {
            assert_eq!(span(text).unwrap(), Duration::from_millis(millis), "{text}");
        }
        for text in ["5", "s", "-5s", "1.5s", "5 s", "99999999999999999h"] {
            assert_eq!(span(text).unwrap_err().code(), "sqi.not_a_span", "{text}");
        }
    }

    #[test]
    fn an_option_that_cannot_be_is_refused_and_not_passed_over() {
        for (name, value, code) in [
            ("colour", "red", "sqi.unknown_option"),
            ("business", "c.json", "sqi.unknown_option"),
            ("zone", "Mars/Base", "sqi.unknown_zone"),
            ("clock", "wall", "sqi.unknown_clock"),
            ("missed", "lost", "sqi.unknown_missed"),
            ("quantiles", "guess", "sqi.unknown_quantiles"),
            ("horizon", "long", "sqi.not_a_span"),
            ("service-level", "20", "sqi.not_a_span"),
        ] {
            assert_eq!(Options::new().with(name, value).unwrap_err().code(), code);
        }
        let by_hours = Options::new().with("by", "day,hours").unwrap();
        assert_eq!(by_hours.check().unwrap_err().code(), "sqi.no_calendar");
        let hours = Calendar::new("always", |from: Timestamp, to: Timestamp| {
            u64::try_from(to.as_millis() - from.as_millis()).unwrap_or(0)
        });
        assert!(by_hours.with_hours(hours).check().is_ok());
    }

    #[test]
    fn a_horizon_is_a_span_or_none() {
        let horizon = |text| Options::new().with("horizon", text).unwrap().horizon;
        assert_eq!(horizon("2d"), Some(Duration::from_secs(172_800)));
        assert_eq!(horizon("none"), None);
        let options = Options::new().with("service-level", "60s").unwrap();
        assert_eq!(options.standard.unwrap().within, Duration::from_secs(60));
    }
}
