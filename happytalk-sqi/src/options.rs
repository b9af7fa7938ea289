//! What is asked of a report.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use happytalk_core::time::Zone;

use crate::dimension::Dimension;
use crate::error::Error;

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
}

impl Quantiles {
    /// The word of the report.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exact => "linear",
        }
    }
}

/// Reads `exact`; `sketch` is refused with [`Error::NotAvailable`].
impl FromStr for Quantiles {
    type Err = Error;
    fn from_str(word: &str) -> Result<Self, Error> {
        match word {
            "exact" => Ok(Self::Exact),
            "sketch" => Err(Error::NotAvailable {
                option: "quantiles sketch",
            }),
            _ => Err(Error::UnknownQuantiles),
        }
    }
}

/// What is asked of a report: by default one row, `Asia/Seoul`, the closing clock, every abandonment counted.
///
/// ```
/// use happytalk_sqi::{Clock, Dimension, Options};
///
/// let options = Options::new()
///     .with_by([Dimension::Day, Dimension::Agent])
///     .with_clock(Clock::Opening);
/// let same = Options::new().with("by", "day,agent")?.with("clock", "opening")?;
/// assert_eq!(options, same);
/// assert_eq!(same.with("business", "seoul.json").unwrap_err().code(), "sqi.not_available");
/// # Ok::<(), happytalk_sqi::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Options {
    /// Whose calendar the days, hours, weeks and months are of.
    pub zone: Zone,
    /// Which instant puts a conversation into one of them.
    pub clock: Clock,
    /// What rows are made by, in this order. A word that repeats counts once.
    pub by: Vec<Dimension>,
    /// Who left no later than this after asking is in neither side of the rate of abandonment, nor in its wait.
    /// Zero, the default, counts everybody.
    pub short_abandon: Duration,
    /// How quantiles are taken.
    pub quantiles: Quantiles,
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

    /// Without those who left no later than this after asking.
    #[must_use]
    pub const fn with_short_abandon(mut self, short_abandon: Duration) -> Self {
        self.short_abandon = short_abandon;
        self
    }

    /// With one option in the words of the command line: `by`, `zone`, `clock`, `short-abandon`, `quantiles`.
    ///
    /// # Errors
    /// [`Error::UnknownOption`] for another name, [`Error::NotAvailable`] for `business`, for `by` with `hours`
    /// and for `quantiles` with `sketch`; and the error that names the option for a value it cannot have.
    pub fn with(self, name: &str, value: &str) -> Result<Self, Error> {
        Ok(match name {
            "by" => self.with_by(Dimension::list(value)?),
            "zone" => self.with_zone(Zone::named(value).map_err(|_| Error::UnknownZone)?),
            "clock" => self.with_clock(value.parse()?),
            "short-abandon" => self.with_short_abandon(span(value)?),
            "quantiles" => Self {
                quantiles: value.parse()?,
                ..self
            },
            "business" => return Err(Error::NotAvailable { option: "business" }),
            _ => return Err(Error::UnknownOption),
        })
    }
}

/// Reads `500ms`, `5s`, `2m`, `1h`; nothing else, but a bare 0.
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
    fn what_cannot_be_done_yet_is_refused_and_not_passed_over() {
        for (name, value) in [
            ("business", "c.json"),
            ("by", "day,hours"),
            ("quantiles", "sketch"),
        ] {
            let error = Options::new().with(name, value).unwrap_err();
            assert_eq!(error.code(), "sqi.not_available", "{name}");
        }
        for (name, value, code) in [
            ("colour", "red", "sqi.unknown_option"),
            ("zone", "Mars/Base", "sqi.unknown_zone"),
            ("clock", "wall", "sqi.unknown_clock"),
            ("quantiles", "guess", "sqi.unknown_quantiles"),
        ] {
            assert_eq!(Options::new().with(name, value).unwrap_err().code(), code);
        }
    }
}
