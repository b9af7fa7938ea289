//! Stretches of time, and how long they are: on the calendar, or within working hours.

use std::fmt;
use std::sync::Arc;

use happytalk_core::Timestamp;
use happytalk_core::hours;

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

/// Whose hours they are.
#[derive(Clone)]
pub(crate) enum Kind {
    Site(Arc<hours::Calendar>),
    Given(Arc<dyn WorkingTime>),
}

impl Calendar {
    /// The hours of a site, called `name`, with the manual switch as the log's `hours_overridden` tell of it. For a
    /// conversation those hours count that its category at closing, or its queue, has of its own; else the site's. Two
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

    pub(crate) const fn kind(&self) -> &Kind {
        &self.kind
    }

    /// The hours of a site, where it is those.
    pub(crate) fn site(&self) -> Option<&hours::Calendar> {
        match &self.kind {
            Kind::Site(calendar) => Some(calendar),
            Kind::Given(_) => None,
        }
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
}
