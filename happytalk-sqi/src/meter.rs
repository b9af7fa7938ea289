//! How long a stretch of time is as a report measures it: on the calendar, or within the working hours that count for
//! the conversation.

use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::event::Category;
use happytalk_core::hours::{self, Asker, Hours, OpenTable, Overrides};

use crate::label::{Label, Labels};
use crate::lookup::Lookup;
use crate::span::{Calendar, Kind, Span};

/// What a conversation is about and where it waits: the working hours of a site may differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Matter {
    pub(crate) main: Label,
    pub(crate) sub: Label,
    pub(crate) queue: Label,
}

/// Measures for one conversation after the other.
#[derive(Debug, Clone)]
pub(crate) struct Meter {
    /// None where time is on the calendar.
    calendar: Option<Calendar>,
    /// Each schedule of a site that counted so far.
    schedules: Vec<Schedule>,
    by_matter: Lookup<Matter, usize>,
    /// The one that counts now.
    chosen: usize,
}

#[derive(Debug, Clone)]
struct Schedule {
    /// Whose; none for the site's own.
    team: Option<Box<str>>,
    /// What was reckoned of it, to be looked up: a log asks about the same days again and again.
    table: Option<OpenTable>,
    /// Where the log is: nothing opens or closes in it.
    steady: Option<Steady>,
}

/// From an instant up to another it is open all along, or closed all along.
#[derive(Debug, Clone, Copy)]
struct Steady {
    from: Timestamp,
    until: Timestamp,
    is_open: bool,
}

/// How much more than was asked for is reckoned at first, on both sides.
const MARGIN: Duration = Duration::from_secs(2 * 86_400);

/// Instants further apart than this, about thirty years, are not reckoned together: one of them is out of all reason.
const TABLE_MAX: Duration = Duration::from_secs(30 * 366 * 86_400);

impl Meter {
    pub(crate) fn new(calendar: Option<&Calendar>) -> Self {
        Self {
            calendar: calendar.cloned(),
            schedules: vec![Schedule {
                team: None,
                table: None,
                steady: None,
            }],
            by_matter: Lookup::default(),
            chosen: 0,
        }
    }

    /// From here on measures for a conversation about `matter`.
    pub(crate) fn choose(&mut self, matter: Matter, labels: &Labels) {
        let Some(calendar) = self.calendar.as_ref().and_then(Calendar::site) else {
            return;
        };
        if calendar.teams().is_empty() {
            return;
        }
        self.chosen = match self.by_matter.get(&matter) {
            Some(place) => *place,
            None => {
                let team = team(calendar, matter, labels);
                let known = self.schedules.iter();
                let mut known = known.map(|schedule| schedule.team.as_deref());
                let place = known.position(|known| known == team).unwrap_or_else(|| {
                    self.schedules.push(Schedule {
                        team: team.map(Into::into),
                        table: None,
                        steady: None,
                    });
                    self.schedules.len() - 1
                });
                self.by_matter.insert(matter, place);
                place
            }
        };
    }

    /// The manual switch was turned: what was reckoned may be wrong.
    pub(crate) fn forget(&mut self) {
        for schedule in &mut self.schedules {
            schedule.table = None;
            schedule.steady = None;
        }
    }

    /// How long `span` is, when the switch did what `switched` says: at most as long as on the calendar.
    pub(crate) fn millis(&mut self, span: Span, switched: &Overrides) -> u64 {
        let whole = span.millis();
        let Some(calendar) = &self.calendar else {
            return whole;
        };
        if whole == 0 {
            return 0;
        }
        let worked = match calendar.kind() {
            Kind::Given(time) => time.working_ms(span.from, span.to),
            Kind::Site(site) => {
                let Some(schedule) = self.schedules.get_mut(self.chosen) else {
                    return whole;
                };
                let hours = Hours::new(schedule.of(site), switched);
                if let Some(is_open) = schedule.steadily(&hours, span) {
                    return if is_open { whole } else { 0 };
                }
                let table = schedule.table(&hours, span);
                table
                    .and_then(|table| table.business_ms(span.from, span.to))
                    .unwrap_or_else(|| {
                        let hours = Hours::new(schedule.of(site), switched);
                        hours.business_ms(span.from, span.to)
                    })
            }
        };
        worked.min(whole)
    }

    /// Whether it is open at `at`; `None` where there are no working hours.
    pub(crate) fn is_open(&self, at: Timestamp, switched: &Overrides) -> Option<bool> {
        Some(match self.calendar.as_ref()?.kind() {
            Kind::Given(time) => time.is_open(at),
            Kind::Site(site) => {
                let schedule = self.schedules.get(self.chosen);
                let schedule = schedule.map_or_else(|| site.site(), |schedule| schedule.of(site));
                Hours::new(schedule, switched).is_open(at)
            }
        })
    }
}

impl Schedule {
    fn of<'a>(&self, site: &'a hours::Calendar) -> &'a hours::Schedule {
        let named = self.team.as_deref();
        named
            .and_then(|team| site.schedule_named(team))
            .unwrap_or_else(|| site.site())
    }

    /// Whether it is open, or closed, in all of `span`, where that is known without reckoning: a log mostly asks about
    /// the part of the day it has come to.
    fn steadily(&mut self, hours: &Hours<'_>, span: Span) -> Option<bool> {
        if self.steady.is_none_or(|steady| steady.until <= span.from) {
            self.steady = Some(Steady {
                from: span.from,
                until: hours.next_change(span.from).unwrap_or(Timestamp::MAX),
                is_open: hours.is_open(span.from),
            });
        }
        let steady = self.steady?;
        let is_in = steady.from <= span.from && span.to <= steady.until;
        is_in.then_some(steady.is_open)
    }

    /// What is reckoned of these hours, `span` in it; `None` where that would be too much.
    fn table(&mut self, hours: &Hours<'_>, span: Span) -> Option<&OpenTable> {
        let known = self.table.as_ref();
        let (from, until) = known.map_or((span.from, span.to), |known| {
            (known.from().min(span.from), known.until().max(span.to))
        });
        let is_known = known.is_some_and(|known| known.from() == from && known.until() == until);
        if !is_known {
            let length = until.since(from);
            if length > TABLE_MAX {
                return None;
            }
            // As much again as there is: a log that goes on and on asks for few tables.
            let margin = if known.is_some() {
                length.max(MARGIN)
            } else {
                MARGIN
            };
            let from = if known.is_none_or(|known| span.from < known.from()) {
                from.minus(margin)
            } else {
                from
            };
            let until = if known.is_none_or(|known| span.to > known.until()) {
                until.plus(margin)
            } else {
                until
            };
            self.table = Some(hours.table(from, until));
        }
        self.table.as_ref()
    }
}

/// Whose schedule counts for a conversation about `matter`; `None` for the site's own.
fn team<'a>(calendar: &'a hours::Calendar, matter: Matter, labels: &Labels) -> Option<&'a str> {
    let word = |label: Label| {
        (label != Label::NONE)
            .then(|| labels.text(label).parse().ok())
            .flatten()
    };
    let category = word(matter.main).map(|main| {
        let mut category = Category::new(main);
        category.sub = word(matter.sub);
        category
    });
    let queue = (matter.queue != Label::NONE)
        .then(|| labels.text(matter.queue).parse().ok())
        .flatten();
    let mut asker = Asker::anybody();
    asker.category = category.as_ref();
    asker.queue = queue.as_ref();
    let team = calendar.team_for(asker)?;
    Some(team.name.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn span(from: i64, to: i64) -> Span {
        Span::new(Timestamp::from_millis(from), Timestamp::from_millis(to))
    }

    #[test]
    fn working_time_is_never_more_than_there_is() {
        let none = Overrides::none();
        let mut too_much = Meter::new(Some(&Calendar::new("x", |_, _| u64::MAX)));
        assert_eq!(too_much.millis(span(5, 9), &none), 4);
        assert_eq!(too_much.millis(span(9, 5), &none), 0);
        assert_eq!(too_much.is_open(Timestamp::EPOCH, &none), Some(true));
        assert_eq!(Meter::new(None).is_open(Timestamp::EPOCH, &none), None);
    }

    #[test]
    fn what_was_reckoned_is_what_the_hours_say_wherever_one_asks() {
        let week = r#"{"zone":"Asia/Seoul","weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"},{"days":[6],"from":"22:00","until":"03:00"}]}"#;
        let calendar = hours::Calendar::read(week).unwrap();
        let none = Overrides::none();
        let mut meter = Meter::new(Some(&Calendar::of_site("week", calendar.clone())));
        let hours = Hours::new(calendar.site(), &none);
        // Forth, back, far away, and longer than anything was reckoned.
        for (from, hours_long) in [
            (0, 1),
            (1_000, 50),
            (-9_000, 3),
            (5, 20_000),
            (90_000, 7),
            (-400_000, 2),
            (3_000, 400_000),
            (17, 30),
        ] {
            let asked = span(from * HOUR + 7, (from + hours_long) * HOUR + 1_234);
            let said = hours.business_ms(asked.from, asked.to);
            assert_eq!(meter.millis(asked, &none), said, "{from} {hours_long}");
        }
    }
}
