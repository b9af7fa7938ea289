//! The JSON of a calendar, read with the place of every fault.

use std::collections::{BTreeMap, BTreeSet};

use serde::de::IgnoredAny;
use serde::{Deserialize, Serialize};
use serde_path_to_error::Segment;

use crate::id::{AgentId, Word};
use crate::json::JsonError;
use crate::time::{Date, Zone};

use super::calendar::{Calendar, Scope, TeamSchedule};
use super::clock_time::{ClockTime, Days, Window};
use super::error::{CalendarError, CalendarFault};
use super::schedule::{Break, Schedule, SpecialDay, WeeklyRow};

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CalendarDocument {
    #[serde(rename = "$schema", default, skip_serializing)]
    _schema: IgnoredAny,
    zone: String,
    #[serde(default)]
    intake: bool,
    weekly: Vec<RowDocument>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    breaks: Vec<BreakDocument>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    special: Vec<SpecialDocument>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    schedules: Vec<TeamDocument>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    agent_breaks: BTreeMap<String, Vec<BreakDocument>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct RowDocument {
    days: Vec<u8>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    all_day: bool,
    #[serde(default = "yes", skip_serializing_if = "is_true")]
    on: bool,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct BreakDocument {
    from: String,
    until: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    days: Option<Vec<u8>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct SpecialDocument {
    date: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    windows: Vec<WindowDocument>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    breaks: Option<Vec<DayBreakDocument>>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct WindowDocument {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    from: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    until: Option<String>,
    #[serde(default, skip_serializing_if = "is_false")]
    all_day: bool,
}

/// A break of one date: it has no days.
#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct DayBreakDocument {
    from: String,
    until: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    name: Option<String>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct TeamDocument {
    name: String,
    #[serde(rename = "for", default, skip_serializing_if = "Vec::is_empty")]
    scopes: Vec<ScopeDocument>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    zone: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    intake: Option<bool>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    weekly: Option<Vec<RowDocument>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    breaks: Option<Vec<BreakDocument>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    special: Option<Vec<SpecialDocument>>,
}

#[derive(Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
enum ScopeDocument {
    Group(String),
    Queue(String),
    Category(CategoryDocument),
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct CategoryDocument {
    main: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sub: Option<String>,
}

const fn yes() -> bool {
    true
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_true(value: &bool) -> bool {
    *value
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_false(value: &bool) -> bool {
    !*value
}

pub(super) fn read(text: &str) -> Result<Calendar, CalendarError> {
    if text.len() > Calendar::BYTES_MAX {
        let bytes_max = Calendar::BYTES_MAX;
        return Err(CalendarError::new("", CalendarFault::TooLong { bytes_max }));
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    let fault = |error: &serde_json::Error| CalendarFault::Json(JsonError::from(error));
    let document: CalendarDocument = serde_path_to_error::deserialize(&mut reader)
        .map_err(|error| CalendarError::new(pointer(error.path()), fault(error.inner())))?;
    reader
        .end()
        .map_err(|error| CalendarError::new("", fault(&error)))?;
    calendar(document)
}

pub(super) fn write(calendar: &Calendar) -> String {
    // Every part of it is text, numbers and lists: there is nothing that JSON cannot say.
    serde_json::to_string(&CalendarDocument::from(calendar)).unwrap_or_default()
}

/// A path as a JSON pointer.
fn pointer(path: &serde_path_to_error::Path) -> String {
    let mut text = String::new();
    for segment in path {
        match segment {
            Segment::Seq { index } => text.push_str(&format!("/{index}")),
            Segment::Map { key } => text.push_str(&format!("/{}", escaped(key))),
            // A variant is written as a member with its name.
            Segment::Enum { variant } => text.push_str(&format!("/{}", escaped(variant))),
            Segment::Unknown => {}
        }
    }
    text
}

/// A name as a part of a JSON pointer.
fn escaped(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

fn calendar(document: CalendarDocument) -> Result<Calendar, CalendarError> {
    let mut site = Schedule::new(zone(&document.zone, "/zone")?).with_intake(document.intake);
    site.weekly = rows(document.weekly, "/weekly")?;
    site.breaks = breaks(document.breaks, "/breaks")?;
    site.special = special(document.special, "/special")?;
    let mut calendar = Calendar::new(site.settled());
    for (index, one) in document.schedules.into_iter().enumerate() {
        calendar = calendar.with_team(team(one, &format!("/schedules/{index}"))?)?;
    }
    at_most(
        document.agent_breaks.len(),
        Calendar::AGENTS_MAX,
        "/agent_breaks",
    )?;
    for (agent, list) in document.agent_breaks {
        let place = format!("/agent_breaks/{}", escaped(&agent));
        let agent: AgentId = id(agent, &place)?;
        calendar = calendar.with_agent_breaks(agent, breaks(list, &place)?);
    }
    Ok(calendar)
}

fn team(document: TeamDocument, place: &str) -> Result<TeamSchedule, CalendarError> {
    let mut team = TeamSchedule::new(id(document.name, &format!("{place}/name"))?);
    for (index, scope) in document.scopes.into_iter().enumerate() {
        let place = format!("{place}/for/{index}");
        team = team.counts_for(match scope {
            ScopeDocument::Group(name) => Scope::Group(id(name, &format!("{place}/group"))?),
            ScopeDocument::Queue(name) => Scope::Queue(id(name, &format!("{place}/queue"))?),
            ScopeDocument::Category(category) => Scope::Category {
                main: id(category.main, &format!("{place}/category/main"))?,
                sub: category
                    .sub
                    .map(|sub| id(sub, &format!("{place}/category/sub")))
                    .transpose()?,
            },
        });
    }
    team.zone = document
        .zone
        .map(|name| zone(&name, &format!("{place}/zone")))
        .transpose()?;
    team.intake = document.intake;
    team.weekly = document
        .weekly
        .map(|list| rows(list, &format!("{place}/weekly")))
        .transpose()?;
    team.breaks = document
        .breaks
        .map(|list| breaks(list, &format!("{place}/breaks")))
        .transpose()?;
    team.special = document
        .special
        .map(|list| special(list, &format!("{place}/special")))
        .transpose()?;
    Ok(team)
}

fn rows(list: Vec<RowDocument>, place: &str) -> Result<Vec<WeeklyRow>, CalendarError> {
    at_most(list.len(), Calendar::ROWS_MAX, place)?;
    let rows = list.into_iter().enumerate().map(|(index, row)| {
        let place = format!("{place}/{index}");
        let days = days(&row.days, &format!("{place}/days"))?;
        let parts = (row.from.as_deref(), row.until.as_deref(), row.all_day);
        let row_on = row.on;
        let mut row = WeeklyRow::new(days, window(parts, &place)?);
        row.on = row_on;
        Ok(row)
    });
    rows.collect()
}

fn breaks(list: Vec<BreakDocument>, place: &str) -> Result<Vec<Break>, CalendarError> {
    at_most(list.len(), Calendar::ROWS_MAX, place)?;
    let breaks = list.into_iter().enumerate().map(|(index, pause)| {
        let place = format!("{place}/{index}");
        let span = window((Some(&pause.from), Some(&pause.until), false), &place)?;
        let mut read = Break::new(span);
        if let Some(list) = &pause.days {
            read.days = days(list, &format!("{place}/days"))?;
        }
        read.name = name(pause.name, &place)?;
        Ok(read)
    });
    breaks.collect()
}

fn special(
    list: Vec<SpecialDocument>,
    place: &str,
) -> Result<BTreeMap<Date, SpecialDay>, CalendarError> {
    at_most(list.len(), Calendar::SPECIAL_MAX, place)?;
    let mut dates = BTreeSet::new();
    let days = list.into_iter().enumerate().map(|(index, entry)| {
        let place = format!("{place}/{index}");
        let at_date = |fault| CalendarError::new(format!("{place}/date"), fault);
        let date: Date = entry
            .date
            .parse()
            .map_err(|_| at_date(CalendarFault::NotADate))?;
        if !dates.insert(date) {
            return Err(at_date(CalendarFault::DateTwice));
        }
        let mut day = SpecialDay::holiday();
        at_most(
            entry.windows.len(),
            Calendar::ROWS_MAX,
            &format!("{place}/windows"),
        )?;
        for (index, one) in entry.windows.iter().enumerate() {
            let parts = (one.from.as_deref(), one.until.as_deref(), one.all_day);
            day.windows
                .push(window(parts, &format!("{place}/windows/{index}"))?);
        }
        let own = entry.breaks.map(|list| {
            let list = list.into_iter().map(|pause| BreakDocument {
                from: pause.from,
                until: pause.until,
                days: None,
                name: pause.name,
            });
            breaks(list.collect(), &format!("{place}/breaks"))
        });
        day.breaks = own.transpose()?;
        day.name = name(entry.name, &place)?;
        Ok((date, day))
    });
    days.collect()
}

/// `from`, `until` and `all_day` as a window.
fn window(
    (from, until, all_day): (Option<&str>, Option<&str>, bool),
    place: &str,
) -> Result<Window, CalendarError> {
    let not_a_window = || CalendarError::new(place, CalendarFault::NotAWindow);
    let time = |member: &str, text: &str| -> Result<ClockTime, CalendarError> {
        let place = format!("{place}/{member}");
        text.parse()
            .map_err(|_| CalendarError::new(place, CalendarFault::NotATime))
    };
    match (from, until, all_day) {
        (None, None, true) => Ok(Window::ALL_DAY),
        (Some(from), Some(until), false) => {
            let (from, until) = (time("from", from)?, time("until", until)?);
            Window::new(from, until).ok_or_else(not_a_window)
        }
        _ => Err(not_a_window()),
    }
}

fn days(list: &[u8], place: &str) -> Result<Days, CalendarError> {
    let mut days = Days::NONE;
    for (index, day) in list.iter().enumerate() {
        days = days.with(*day).ok_or_else(|| {
            CalendarError::new(format!("{place}/{index}"), CalendarFault::NotADay)
        })?;
    }
    if days.is_empty() {
        return Err(CalendarError::new(place, CalendarFault::NoDays));
    }
    Ok(days)
}

fn zone(text: &str, place: &str) -> Result<Zone, CalendarError> {
    Zone::named(text).map_err(|_| CalendarError::new(place, CalendarFault::UnknownZone))
}

fn name(text: Option<String>, place: &str) -> Result<Option<Word>, CalendarError> {
    text.map(|text| id(text, &format!("{place}/name")))
        .transpose()
}

fn id<T: TryFrom<String, Error = crate::id::IdError>>(
    text: String,
    place: &str,
) -> Result<T, CalendarError> {
    T::try_from(text).map_err(|error| CalendarError::new(place, CalendarFault::BadName(error)))
}

fn at_most(many: usize, max: usize, place: &str) -> Result<(), CalendarError> {
    if many > max {
        return Err(CalendarError::new(place, CalendarFault::TooMany { max }));
    }
    Ok(())
}

impl From<&Calendar> for CalendarDocument {
    fn from(calendar: &Calendar) -> Self {
        let site = calendar.site();
        let teams = calendar.teams().iter();
        let agents = calendar.agent_breaks().iter();
        Self {
            _schema: IgnoredAny,
            zone: site.zone().name().to_owned(),
            intake: site.intake(),
            weekly: site.weekly().iter().map(RowDocument::from).collect(),
            breaks: site.breaks().iter().map(BreakDocument::from).collect(),
            special: site.special().iter().map(SpecialDocument::from).collect(),
            schedules: teams.map(TeamDocument::from).collect(),
            agent_breaks: agents
                .map(|(agent, list)| {
                    let list = list.iter().map(BreakDocument::from);
                    (agent.as_str().to_owned(), list.collect())
                })
                .collect(),
        }
    }
}

impl From<&WeeklyRow> for RowDocument {
    fn from(row: &WeeklyRow) -> Self {
        let window = WindowDocument::from(&row.window);
        Self {
            days: row.days.numbers().collect(),
            from: window.from,
            until: window.until,
            all_day: window.all_day,
            on: row.on,
        }
    }
}

impl From<&Window> for WindowDocument {
    fn from(window: &Window) -> Self {
        let all_day = *window == Window::ALL_DAY;
        let text = |time: ClockTime| (!all_day).then(|| time.to_string());
        Self {
            from: text(window.from),
            until: text(window.until),
            all_day,
        }
    }
}

impl From<&Break> for BreakDocument {
    fn from(pause: &Break) -> Self {
        Self {
            from: pause.window.from.to_string(),
            until: pause.window.until.to_string(),
            days: (pause.days != Days::ALL).then(|| pause.days.numbers().collect()),
            name: text(pause.name.as_ref()),
        }
    }
}

impl From<(&Date, &SpecialDay)> for SpecialDocument {
    fn from((date, day): (&Date, &SpecialDay)) -> Self {
        Self {
            date: date.to_string(),
            name: text(day.name.as_ref()),
            windows: day.windows.iter().map(WindowDocument::from).collect(),
            breaks: day.breaks.as_ref().map(|breaks| {
                let breaks = breaks.iter().map(|pause| DayBreakDocument {
                    from: pause.window.from.to_string(),
                    until: pause.window.until.to_string(),
                    name: text(pause.name.as_ref()),
                });
                breaks.collect()
            }),
        }
    }
}

impl From<&TeamSchedule> for TeamDocument {
    fn from(team: &TeamSchedule) -> Self {
        let rows = |list: &Vec<WeeklyRow>| list.iter().map(RowDocument::from).collect();
        let breaks = |list: &Vec<Break>| list.iter().map(BreakDocument::from).collect();
        Self {
            name: team.name.as_str().to_owned(),
            scopes: team.scopes.iter().map(ScopeDocument::from).collect(),
            zone: team.zone.as_ref().map(|zone| zone.name().to_owned()),
            intake: team.intake,
            weekly: team.weekly.as_ref().map(rows),
            breaks: team.breaks.as_ref().map(breaks),
            special: team
                .special
                .as_ref()
                .map(|days| days.iter().map(SpecialDocument::from).collect()),
        }
    }
}

impl From<&Scope> for ScopeDocument {
    fn from(scope: &Scope) -> Self {
        match scope {
            Scope::Group(id) => Self::Group(id.as_str().to_owned()),
            Scope::Queue(id) => Self::Queue(id.as_str().to_owned()),
            Scope::Category { main, sub } => Self::Category(CategoryDocument {
                main: main.as_str().to_owned(),
                sub: text(sub.as_ref()),
            }),
        }
    }
}

fn text(name: Option<&Word>) -> Option<String> {
    name.map(|name| name.as_str().to_owned())
}

/// The document; see [`Calendar::read`] for errors with the place in the document itself.
impl<'de> Deserialize<'de> for Calendar {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        calendar(CalendarDocument::deserialize(deserializer)?).map_err(serde::de::Error::custom)
    }
}

impl Serialize for Calendar {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        CalendarDocument::from(self).serialize(serializer)
    }
}
