//! Stretches of time, and how long they are: on the calendar, or within working hours.

use std::fmt;
use std::sync::Arc;

use happytalk_core::Timestamp;
use happytalk_core::hours::{self, Asker, Hours, Overrides};

/// Working hours (상담 운영시간), as far as figures ask for them.
///
/// Anything that knows when a centre is open can stand here: a calendar of the site, or a closure over one. It must
/// give the same answer on every call; windows are half-open, the end does not belong to them.
pub trait WorkingTime: Send + Sync {
    /// The milliseconds of `[from, to)` in which the centre is open; 0 where `to` is not after `from`. Never more than
    /// there are, and what two halves of a stretch have together is what the whole has.
    fn working_ms(&self, from: Timestamp, to: Timestamp) -> u64;

    /// Whether the centre is open at `at`.
    fn is_open(&self, at: Timestamp) -> bool {
        self.working_ms(at, at.plus(std::time::Duration::from_millis(1))) > 0
    }
}

/// `|from, to|` to the milliseconds of it in which the centre is open.
impl<F: Fn(Timestamp, Timestamp) -> u64 + Send + Sync> WorkingTime for F {
    fn working_ms(&self, from: Timestamp, to: Timestamp) -> u64 {
        self(from, to)
    }
}

/// A calendar of working hours under the name that the report tells it by.
#[derive(Clone)]
pub struct Calendar {
    name: Arc<str>,
    kind: Kind,
}

#[derive(Clone)]
enum Kind {
    Site(Arc<hours::Calendar>),
    Given(Arc<dyn WorkingTime>),
}

impl Calendar {
    /// The hours of a site, called `name`, with the manual switch as the log's `hours_overridden` tell of it. Two
    /// calendars of one name are taken to be the same, and partial results are merged only where they are.
    #[must_use]
    pub fn of_site(name: &str, calendar: hours::Calendar) -> Self {
        Self {
            name: name.into(),
            kind: Kind::Site(Arc::new(calendar)),
        }
    }

    /// Any other working hours, called `name`. The log's manual switch does not count for them.
    #[must_use]
    pub fn new(name: &str, time: impl WorkingTime + 'static) -> Self {
        Self {
            name: name.into(),
            kind: Kind::Given(Arc::new(time)),
        }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn is_open(&self, at: Timestamp, switched: &Overrides) -> bool {
        match &self.kind {
            Kind::Site(calendar) => {
                Hours::new(calendar.schedule_for(Asker::anybody()), switched).is_open(at)
            }
            Kind::Given(time) => time.is_open(at),
        }
    }

    /// How much of a stretch the centre is open, in milliseconds; at most all of it.
    fn working_ms(&self, span: Span, switched: &Overrides) -> u64 {
        let millis = match &self.kind {
            Kind::Site(calendar) => Hours::new(calendar.schedule_for(Asker::anybody()), switched)
                .business_ms(span.from, span.to),
            Kind::Given(time) => time.working_ms(span.from, span.to),
        };
        millis.min(span.millis())
    }
}

impl PartialEq for Calendar {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for Calendar {}

impl fmt::Debug for Calendar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Calendar").field(&self.name).finish()
    }
}

/// From an instant up to another, not before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Span {
    pub(crate) from: Timestamp,
    pub(crate) to: Timestamp,
}

impl Span {
    /// Empty where `to` is before `from`.
    pub(crate) fn new(from: Timestamp, to: Timestamp) -> Self {
        let to = to.max(from);
        Self { from, to }
    }

    /// How long it is on the calendar.
    pub(crate) fn millis(self) -> u64 {
        u64::try_from(self.to.as_millis() - self.from.as_millis()).unwrap_or(0)
    }

    /// How long it is as the report measures, when the switch did what `switched` says.
    pub(crate) fn measured(self, business: Option<&Calendar>, switched: &Overrides) -> u64 {
        business.map_or_else(
            || self.millis(),
            |calendar| calendar.working_ms(self, switched),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn working_time_is_never_more_than_there_is() {
        let span = |from, to| Span::new(Timestamp::from_millis(from), Timestamp::from_millis(to));
        let none = Overrides::none();
        let too_much = Calendar::new("x", |_, _| u64::MAX);
        assert_eq!(span(5, 9).measured(Some(&too_much), &none), 4);
        assert_eq!(span(9, 5).measured(Some(&too_much), &none), 0);
        assert!(too_much.is_open(Timestamp::EPOCH, &none));
    }
}
