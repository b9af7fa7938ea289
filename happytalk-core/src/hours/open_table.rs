//! Open time reckoned once and looked up often.

use crate::time::Timestamp;

use super::switch::Hours;

/// The open time between two instants as a table: how much of a span is open is two searches in it, whatever the span.
///
/// For figures over a long log, which ask for a span at each line. The table is what the hours were when it was made: an
/// edit of the calendar, or a turn of the switch, asks for another one.
///
/// ```
/// # use happytalk_core::hours::{Calendar, Hours, Overrides};
/// let calendar = Calendar::read(r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}]}"#)?;
/// let none = Overrides::none();
/// let hours = Hours::new(calendar.site(), &none);
/// let table = hours.table("2024-05-01T00:00:00+09:00".parse()?, "2024-06-01T00:00:00+09:00".parse()?);
/// let (friday, monday) = ("2024-05-10T18:50:00+09:00".parse()?, "2024-05-13T09:05:00+09:00".parse()?);
/// assert_eq!(table.business_ms(friday, monday), Some(300_000));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenTable {
    from: Timestamp,
    until: Timestamp,
    stretches: Vec<Stretch>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stretch {
    from: Timestamp,
    until: Timestamp,
    /// The open milliseconds of the table before it.
    before: u64,
}

fn millis(from: Timestamp, until: Timestamp) -> u64 {
    u64::try_from(until.since(from).as_millis()).unwrap_or(0)
}

impl OpenTable {
    /// The most stretches of open time that a table holds: more than two a day for a thousand years. It ends where there
    /// are more.
    pub const STRETCHES_MAX: usize = 1_000_000;

    pub(super) fn new(hours: &Hours<'_>, from: Timestamp, until: Timestamp) -> Self {
        let mut table = Self {
            from,
            until: until.max(from),
            stretches: Vec::new(),
        };
        let mut done = from;
        let mut before = 0;
        while let Some(open) = hours.next_open(done).filter(|open| *open < table.until) {
            if table.stretches.len() == Self::STRETCHES_MAX {
                table.until = open;
                break;
            }
            let close = hours.next_change(open);
            done = close.map_or(table.until, |close| close.min(table.until));
            table.stretches.push(Stretch {
                from: open,
                until: done,
                before,
            });
            before += millis(open, done);
        }
        table
    }

    /// From when on it knows the open time.
    #[must_use]
    pub const fn from(&self) -> Timestamp {
        self.from
    }

    /// Up to when it knows the open time.
    #[must_use]
    pub const fn until(&self) -> Timestamp {
        self.until
    }

    /// How many milliseconds from `from` up to `until` it is open, 0 when `until` is not after `from`; `None` where a part
    /// of that is not in the table.
    #[must_use]
    pub fn business_ms(&self, from: Timestamp, until: Timestamp) -> Option<u64> {
        if until <= from {
            return Some(0);
        }
        if from < self.from || until > self.until {
            return None;
        }
        Some(self.up_to(until).saturating_sub(self.up_to(from)))
    }

    /// Whether it is open at `time`; `None` where that is not in the table.
    #[must_use]
    pub fn is_open(&self, time: Timestamp) -> Option<bool> {
        if time < self.from || time >= self.until {
            return None;
        }
        Some(self.last_before(time).is_some_and(|last| time < last.until))
    }

    /// The open milliseconds from the beginning of the table up to `time`.
    fn up_to(&self, time: Timestamp) -> u64 {
        self.last_before(time).map_or(0, |last| {
            last.before + millis(last.from, time.min(last.until))
        })
    }

    /// The last stretch that begins at or before `time`.
    fn last_before(&self, time: Timestamp) -> Option<Stretch> {
        let next = self.stretches.partition_point(|one| one.from <= time);
        self.stretches.get(next.checked_sub(1)?).copied()
    }
}

impl Hours<'_> {
    /// The open time from `from` up to `until` as a table.
    #[must_use]
    pub fn table(&self, from: Timestamp, until: Timestamp) -> OpenTable {
        OpenTable::new(self, from, until)
    }
}
