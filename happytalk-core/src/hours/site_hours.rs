//! The hours of a live site: its calendar, and what was done to the switch.

use crate::event::Event;
use crate::time::Timestamp;

use super::calendar::{Asker, Calendar};
use super::switch::{Hours, Overrides};

/// What an operator asks of the hours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum HoursCommand {
    /// Open now, whatever the calendar says: to the end of the window that is running or of the next one.
    SwitchOn,
    /// Close now, whatever the calendar says: to the start of the next window.
    SwitchOff,
    /// Leave it to the calendar again.
    FollowCalendar,
}

/// The hours of a site as they are: the calendar as it was last set, and the manual switch (수동 상담 시간 전환).
///
/// The switch is the site's: it counts for every schedule of the calendar, and lasts as long as the site's own schedule
/// says. A calendar that is set takes effect at once; how long the switch lasts was decided when it was switched.
///
/// ```
/// use happytalk_core::hours::{Asker, Calendar, HoursCommand, SiteHours};
/// use happytalk_core::Timestamp;
///
/// let mut site = SiteHours::new(Calendar::read(r#"{"zone": "Asia/Seoul",
///     "weekly": [{"days": [1], "from": "09:00", "until": "12:00"}, {"days": [1], "from": "13:00", "until": "18:00"}]}"#)?);
/// let now: Timestamp = "2026-11-23T10:00:00+09:00".parse()?;
/// for event in site.decide(HoursCommand::SwitchOff, now) {
///     site.apply(&event, now); // and commit it to the site's stream of the log
/// }
/// let status = site.hours(Asker::anybody()).status(now);
/// assert_eq!(status.why.as_str(), "switched_off");
/// assert_eq!(status.next_open, Some("2026-11-23T13:00:00+09:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteHours {
    calendar: Calendar,
    overrides: Overrides,
}

impl SiteHours {
    /// With a switch that nobody touched.
    #[must_use]
    pub const fn new(calendar: Calendar) -> Self {
        Self {
            calendar,
            overrides: Overrides::none(),
        }
    }

    /// Replaces the calendar; the next question is answered from this one.
    pub fn set_calendar(&mut self, calendar: Calendar) {
        self.calendar = calendar;
    }

    /// The calendar.
    #[must_use]
    pub const fn calendar(&self) -> &Calendar {
        &self.calendar
    }

    /// What was done to the switch.
    #[must_use]
    pub const fn overrides(&self) -> &Overrides {
        &self.overrides
    }

    /// The hours that count for `asker`.
    #[must_use]
    pub fn hours(&self, asker: Asker<'_>) -> Hours<'_> {
        Hours::new(self.calendar.schedule_for(asker), &self.overrides)
    }

    /// The hours of the schedule of that name, as the calendar of a scenario's `hours` node; [`Calendar::SITE`] is the
    /// site's own.
    #[must_use]
    pub fn hours_named(&self, name: &str) -> Option<Hours<'_>> {
        let schedule = self.calendar.schedule_named(name)?;
        Some(Hours::new(schedule, &self.overrides))
    }

    /// The fact that `command` is, at most one; none where nothing would change. No command is refused.
    #[must_use]
    pub fn decide(&self, command: HoursCommand, now: Timestamp) -> Vec<Event> {
        let running = self.overrides.at(now);
        let site = self.calendar.site();
        let event = match command {
            HoursCommand::SwitchOn | HoursCommand::SwitchOff => {
                let open = command == HoursCommand::SwitchOn;
                let until = site.switch_until(open, now);
                let same = running.is_some_and(|turn| turn.open == open && turn.until == until);
                (!same).then_some(Event::HoursOverridden { open, until })
            }
            HoursCommand::FollowCalendar => running.map(|_| Event::HoursOverridden {
                open: site.is_open(now),
                until: now,
            }),
        };
        event.into_iter().collect()
    }

    /// Takes a fact of the site's stream; every event but `hours_overridden` changes nothing.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        self.overrides.apply(event, at);
    }

    /// Drops what the switch did and was over by `time`; what counts from then on stays the same.
    pub fn forget_before(&mut self, time: Timestamp) {
        self.overrides.forget_before(time);
    }
}
