//! Working hours (상담 시간): when a site, a team or an agent is there, in the wall time of any zone.
//!
//! - [`Schedule`]: one timetable: weekly rows, breaks, special dates. It answers `is_open`, `why`, `next_open`,
//!   `next_change` and `business_ms`.
//! - [`Calendar`]: the document a site keeps: its schedule, up to 30 others that override it for teams, queues and
//!   categories, and the breaks of agents. [`Holidays`] reads days off out of an iCalendar file.
//! - [`SiteHours`]: a calendar with the manual switch; [`Hours`] is a schedule seen through that switch, and answers the
//!   same questions.
//! - [`OpenTable`]: the open time of a month or of years reckoned once, for whoever asks it a million times.
//!
//! Hours are no state: nothing has to be told when a window opens. Whoever waits for it asks `next_open`, waits until
//! then, and asks again after every edit.

mod calendar;
mod clock_time;
mod document;
mod error;
mod icalendar;
mod open_table;
mod open_time;
mod pieces;
mod schedule;
mod shift;
mod site_hours;
mod switch;
mod why;

pub use calendar::{Asker, Calendar, Scope, TeamSchedule};
pub use clock_time::{ClockTime, Days, NotAClockTime, Window};
pub use error::{CalendarError, CalendarFault};
pub use icalendar::{Holidays, HolidaysError, SkipReason, Skipped};
pub use open_table::OpenTable;
pub use schedule::{Break, Schedule, SpecialDay, WeeklyRow};
pub use site_hours::{HoursCommand, SiteHours};
pub use switch::{Hours, Override, Overrides, Status};
pub use why::Why;
