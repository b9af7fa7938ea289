//! All schedules of a site: its own, and those of teams and categories that override it.

use std::collections::BTreeMap;

use crate::event::{Category, Shift};
use crate::id::{AgentId, GroupId, QueueId, Word};
use crate::time::{Date, Timestamp, Zone};

use super::document;
use super::error::{CalendarError, CalendarFault};
use super::icalendar::Holidays;
use super::schedule::{Break, Schedule, SpecialDay, WeeklyRow};
use super::shift;

/// For whom a schedule overrides the site's.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Scope {
    /// Agents under one manager (상담 그룹).
    Group(GroupId),
    /// What waits in one queue.
    Queue(QueueId),
    /// What is about one main category (대분류), or one sub category (중분류) of it.
    Category {
        /// 대분류.
        main: Word,
        /// 중분류; all of them when left out.
        sub: Option<Word>,
    },
}

/// Who asks whether it is open. What is not known is left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Asker<'a> {
    /// What the conversation is about.
    pub category: Option<&'a Category>,
    /// Where it waits.
    pub queue: Option<&'a QueueId>,
    /// Whose agents answer.
    pub group: Option<&'a GroupId>,
}

impl<'a> Asker<'a> {
    /// Somebody of whom nothing is known: the site's own schedule counts.
    #[must_use]
    pub const fn anybody() -> Self {
        Self {
            category: None,
            queue: None,
            group: None,
        }
    }

    /// About this.
    #[must_use]
    pub const fn about(mut self, category: &'a Category) -> Self {
        self.category = Some(category);
        self
    }

    /// Waiting here.
    #[must_use]
    pub const fn in_queue(mut self, queue: &'a QueueId) -> Self {
        self.queue = Some(queue);
        self
    }

    /// Answered by these.
    #[must_use]
    pub const fn of_group(mut self, group: &'a GroupId) -> Self {
        self.group = Some(group);
        self
    }
}

/// A schedule that counts in the place of the site's for some teams, queues or categories (팀별·상담 분류별 상담 시간).
///
/// What it does not say is the site's: a team with rows of its own keeps the site's breaks and holidays until it has its
/// own list of them, which may be empty.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TeamSchedule {
    /// What it is called; a scenario's `hours` node may ask for it by this name.
    pub name: Word,
    /// For whom it counts.
    pub scopes: Vec<Scope>,
    /// Its zone. Default: the site's.
    pub zone: Option<Zone>,
    /// Whether requests are taken while it is closed. Default: as the site.
    pub intake: Option<bool>,
    /// Its weekly rows. Default: the site's.
    pub weekly: Option<Vec<WeeklyRow>>,
    /// Its breaks. Default: the site's.
    pub breaks: Option<Vec<Break>>,
    /// Its special dates. Default: the site's.
    pub special: Option<BTreeMap<Date, SpecialDay>>,
}

impl TeamSchedule {
    /// The same as the site's, under another name, for nobody yet.
    #[must_use]
    pub const fn new(name: Word) -> Self {
        Self {
            name,
            scopes: Vec::new(),
            zone: None,
            intake: None,
            weekly: None,
            breaks: None,
            special: None,
        }
    }

    /// Counts for these, too.
    #[must_use]
    pub fn counts_for(mut self, scope: Scope) -> Self {
        self.scopes.push(scope);
        self
    }

    /// With weekly rows of its own.
    #[must_use]
    pub fn with_weekly(mut self, rows: Vec<WeeklyRow>) -> Self {
        self.weekly = Some(rows);
        self
    }

    fn over(&self, site: &Schedule) -> Schedule {
        let mut schedule = site.clone();
        if let Some(zone) = &self.zone {
            schedule.zone = zone.clone();
        }
        if let Some(intake) = self.intake {
            schedule.intake = intake;
        }
        if let Some(weekly) = &self.weekly {
            schedule.weekly.clone_from(weekly);
        }
        if let Some(breaks) = &self.breaks {
            schedule.breaks.clone_from(breaks);
        }
        if let Some(special) = &self.special {
            schedule.special.clone_from(special);
        }
        schedule.settled()
    }
}

/// The working hours of a site as a document (상담 시간 설정): the site's schedule, those that override it, and the breaks
/// of single agents.
///
/// It is a value: an edit is another calendar, and whoever asks that one has the edit at once. The JSON is described in
/// `docs/formats.md`; what is not known in it is an error, because hours that are silently not kept are worse than a
/// calendar that is refused.
///
/// ```
/// use happytalk_core::hours::{Asker, Calendar};
///
/// let calendar = Calendar::read(r#"{"zone": "Asia/Seoul",
///     "weekly": [{"days": [1, 2, 3, 4, 5], "from": "09:00", "until": "18:00"}],
///     "breaks": [{"from": "12:00", "until": "13:00", "name": "점심시간"}],
///     "special": [{"date": "2026-02-17", "name": "설날"}]}"#)?;
/// let lunch = "2026-02-16T12:30:00+09:00".parse()?;
/// let site = calendar.schedule_for(Asker::anybody());
/// assert_eq!(site.why(lunch).as_str(), "break");
/// assert_eq!(site.next_open(lunch), Some("2026-02-16T13:00:00+09:00".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    pub(super) site: Schedule,
    pub(super) teams: Vec<TeamSchedule>,
    /// What counts for each of `teams`, in the same order.
    schedules: Vec<Schedule>,
    pub(super) agent_breaks: BTreeMap<AgentId, Vec<Break>>,
}

impl Calendar {
    /// The most bytes a document may have.
    pub const BYTES_MAX: usize = 1 << 20;
    /// The most schedules that override the site's.
    pub const SCHEDULES_MAX: usize = 30;
    /// The most weekly rows, the most breaks, and the most windows of a date.
    pub const ROWS_MAX: usize = 200;
    /// The most special dates of a schedule.
    pub const SPECIAL_MAX: usize = 4_000;
    /// The most agents with breaks of their own.
    pub const AGENTS_MAX: usize = 10_000;
    /// The name under which the site's own schedule is asked for.
    pub const SITE: &'static str = "site";

    /// A site without teams.
    #[must_use]
    pub const fn new(site: Schedule) -> Self {
        Self {
            site,
            teams: Vec::new(),
            schedules: Vec::new(),
            agent_breaks: BTreeMap::new(),
        }
    }

    /// Reads a document.
    ///
    /// # Errors
    /// [`CalendarError`] with the place, of any [`CalendarFault`].
    pub fn read(text: &str) -> Result<Self, CalendarError> {
        document::read(text)
    }

    /// The document on one line. What is read from it is equal to this calendar.
    #[must_use]
    pub fn to_json(&self) -> String {
        document::write(self)
    }

    /// With one more schedule that overrides the site's.
    ///
    /// # Errors
    /// [`CalendarFault::TooMany`], [`CalendarFault::NameTwice`], [`CalendarFault::ScopeTwice`].
    pub fn with_team(mut self, team: TeamSchedule) -> Result<Self, CalendarError> {
        let place = format!("/schedules/{}", self.teams.len());
        if self.teams.len() >= Self::SCHEDULES_MAX {
            let max = Self::SCHEDULES_MAX;
            return Err(CalendarError::new(
                "/schedules",
                CalendarFault::TooMany { max },
            ));
        }
        if team.name.as_str() == Self::SITE || self.schedule_named(team.name.as_str()).is_some() {
            let place = format!("{place}/name");
            return Err(CalendarError::new(place, CalendarFault::NameTwice));
        }
        for (index, scope) in team.scopes.iter().enumerate() {
            let own = team.scopes.iter().take(index);
            let others = self.teams.iter().flat_map(|team| &team.scopes);
            if own.chain(others).any(|other| other == scope) {
                let place = format!("{place}/for/{index}");
                return Err(CalendarError::new(place, CalendarFault::ScopeTwice));
            }
        }
        self.schedules.push(team.over(&self.site));
        self.teams.push(team);
        Ok(self)
    }

    /// With breaks that one agent has beside the site's.
    #[must_use]
    pub fn with_agent_breaks(mut self, agent: AgentId, breaks: Vec<Break>) -> Self {
        self.agent_breaks.insert(agent, breaks);
        self
    }

    /// With days off out of a holiday calendar, on the site's schedule and on those that have no special dates of their
    /// own. A date that has an entry keeps it: the operator knows better. Gives those dates back, too.
    ///
    /// # Errors
    /// [`CalendarFault::TooMany`] where there would be more than [`Calendar::SPECIAL_MAX`] special dates.
    pub fn with_holidays(
        mut self,
        holidays: &Holidays,
    ) -> Result<(Self, Vec<Date>), CalendarError> {
        let mut kept = Vec::new();
        for (date, name) in &holidays.days {
            if self.site.special.contains_key(date) {
                kept.push(*date);
            } else {
                let mut day = SpecialDay::holiday();
                day.name.clone_from(name);
                self.site.special.insert(*date, day);
            }
        }
        if self.site.special.len() > Self::SPECIAL_MAX {
            let max = Self::SPECIAL_MAX;
            return Err(CalendarError::new(
                "/special",
                CalendarFault::TooMany { max },
            ));
        }
        self.schedules = self
            .teams
            .iter()
            .map(|team| team.over(&self.site))
            .collect();
        Ok((self, kept))
    }

    /// The site's own schedule.
    #[must_use]
    pub const fn site(&self) -> &Schedule {
        &self.site
    }

    /// What overrides it, in the order of the document.
    #[must_use]
    pub fn teams(&self) -> &[TeamSchedule] {
        &self.teams
    }

    /// The schedule of that name; [`Calendar::SITE`] is the site's own.
    #[must_use]
    pub fn schedule_named(&self, name: &str) -> Option<&Schedule> {
        if name == Self::SITE {
            return Some(&self.site);
        }
        let mut named = self.teams.iter().zip(&self.schedules);
        named
            .find(|(team, _)| team.name.as_str() == name)
            .map(|(_, schedule)| schedule)
    }

    /// The schedule that counts for `asker`: the one for the sub category, else for the main category, else for the queue,
    /// else for the group, else the site's.
    #[must_use]
    pub fn schedule_for(&self, asker: Asker<'_>) -> &Schedule {
        let found = self.place_for(asker);
        let schedule = found.and_then(|place| self.schedules.get(place));
        schedule.unwrap_or(&self.site)
    }

    /// Whose schedule counts for `asker`; `None` where it is the site's own.
    #[must_use]
    pub fn team_for(&self, asker: Asker<'_>) -> Option<&TeamSchedule> {
        self.teams.get(self.place_for(asker)?)
    }

    /// Which of the teams counts: the one with the most particular scope. No two have the same.
    fn place_for(&self, asker: Asker<'_>) -> Option<usize> {
        let rank = |scope: &Scope| match scope {
            Scope::Category { main, sub } => {
                let category = asker.category?;
                let meant = category.main == *main && (sub.is_none() || category.sub == *sub);
                meant.then_some(if sub.is_some() { 4 } else { 3 })
            }
            Scope::Queue(queue) => (asker.queue == Some(queue)).then_some(2),
            Scope::Group(group) => (asker.group == Some(group)).then_some(1),
        };
        let teams = self.teams.iter().enumerate();
        let ranked = teams.filter_map(|(place, team)| {
            let rank = team.scopes.iter().filter_map(rank).max()?;
            Some((rank, place))
        });
        ranked.max().map(|(_, place)| place)
    }

    /// The breaks that agents have beside the site's.
    #[must_use]
    pub const fn agent_breaks(&self) -> &BTreeMap<AgentId, Vec<Break>> {
        &self.agent_breaks
    }

    /// When `agent` works: the shifts of `agent_set` (always when there are none) on the site's wall clock, without the
    /// agent's own breaks. Whether the site is open is another question.
    ///
    /// # Errors
    /// [`CalendarFault::NotADay`] and [`CalendarFault::NotATime`], the place being that in the list of shifts.
    pub fn agent_schedule(
        &self,
        agent: &AgentId,
        shifts: Option<&[Shift]>,
    ) -> Result<Schedule, CalendarError> {
        let mut schedule = shift::schedule(self.site.zone.clone(), shifts)?;
        if let Some(breaks) = self.agent_breaks.get(agent) {
            schedule.breaks.clone_from(breaks);
        }
        Ok(schedule.settled())
    }

    /// Whether `agent` works at `time`: inside a shift and inside no break of their own.
    ///
    /// # Errors
    /// As [`Calendar::agent_schedule`].
    pub fn is_on_shift(
        &self,
        agent: &AgentId,
        shifts: Option<&[Shift]>,
        time: Timestamp,
    ) -> Result<bool, CalendarError> {
        Ok(self.agent_schedule(agent, shifts)?.is_open(time))
    }
}
