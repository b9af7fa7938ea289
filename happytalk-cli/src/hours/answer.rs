//! What is said of an instant: a table for people, an object for programs.

use std::io::Write;

use happytalk_core::Timestamp;
use happytalk_core::hours::{Skipped, Status, Why};
use happytalk_core::time::{Date, WallTime, Zone};
use serde::Serialize;

use crate::args::Lang;
use crate::failure::Failure;
use crate::table::table;

/// What is said of an instant.
pub(super) struct Answer {
    pub(super) at: Timestamp,
    /// The name of the schedule.
    pub(super) schedule: String,
    pub(super) status: Status,
    pub(super) zone: Zone,
    /// What the clock on the wall of that zone shows.
    pub(super) wall: WallTime,
    /// Up to when working time was counted, and how much there is.
    pub(super) business: Option<(Timestamp, u64)>,
    /// Where the switch was turned: what it says, unless nothing changed.
    pub(super) switched: Option<Option<(bool, Timestamp)>>,
    pub(super) imported: Option<Imported>,
}

/// What became of a holiday file.
pub(super) struct Imported {
    /// How many days off came out of it.
    pub(super) taken: usize,
    /// Dates of which the calendar says something already.
    pub(super) kept: Vec<Date>,
    pub(super) skipped: Vec<Skipped>,
}

#[derive(Serialize)]
struct Object<'a> {
    at: Timestamp,
    zone: &'a str,
    wall: String,
    schedule: &'a str,
    open: bool,
    why: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    intake: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_open: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_change: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    business_ms: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hours_overridden: Option<Turn>,
    #[serde(skip_serializing_if = "Option::is_none")]
    holidays: Option<ImportedObject<'a>>,
}

#[derive(Serialize)]
struct Turn {
    open: bool,
    until: Timestamp,
}

#[derive(Serialize)]
struct ImportedObject<'a> {
    taken: usize,
    kept: &'a [Date],
    skipped: Vec<SkippedObject>,
}

#[derive(Serialize)]
struct SkippedObject {
    line: usize,
    why: &'static str,
}

impl Answer {
    pub(super) fn to_json(&self) -> String {
        let turn = self.switched.flatten();
        let object = Object {
            at: self.at,
            zone: self.zone.name(),
            wall: format!("{}T{}", self.wall.date, clock(self.wall)),
            schedule: &self.schedule,
            open: self.status.is_open(),
            why: self.status.why.as_str(),
            name: self.status.why.name().map(AsRef::as_ref),
            intake: self.status.intake,
            next_open: self.status.next_open,
            next_change: self.status.next_change,
            until: self.business.map(|(until, _)| until),
            business_ms: self.business.map(|(_, millis)| millis),
            hours_overridden: turn.map(|(open, until)| Turn { open, until }),
            holidays: self.imported.as_ref().map(|imported| {
                let skipped = imported.skipped.iter();
                ImportedObject {
                    taken: imported.taken,
                    kept: &imported.kept,
                    skipped: skipped
                        .map(|one| SkippedObject {
                            line: one.line,
                            why: one.why.as_str(),
                        })
                        .collect(),
                }
            }),
        };
        // Nothing in it is a map with keys that are no text.
        serde_json::to_string(&object).unwrap_or_default()
    }

    pub(super) fn write_table(&self, lang: Lang, out: &mut dyn Write) -> Result<(), Failure> {
        let korean = lang == Lang::Ko;
        let words = |ko: &'static str, en: &'static str| if korean { ko } else { en };
        let never = || words("없음", "never").to_owned();
        let time =
            |time: Option<Timestamp>| time.map_or_else(never, |time| self.shown(time, korean));
        let mut rows = vec![
            [words("시각", "Time"), &self.shown(self.at, korean)].map(str::to_owned),
            [words("시간대", "Zone"), self.zone.name()].map(str::to_owned),
            [words("상담 시간표", "Schedule"), &self.schedule].map(str::to_owned),
            [words("상태", "State"), &self.state(korean)].map(str::to_owned),
        ];
        let mut row = |ko, en, value: String| rows.push([words(ko, en).to_owned(), value]);
        let intake = if self.status.intake {
            words("받음", "yes")
        } else {
            words("받지 않음", "no")
        };
        row("상담시간 외 접수", "Intake while closed", intake.to_owned());
        row("여는 시각", "Next open", time(self.status.next_open));
        row("바뀌는 시각", "Next change", time(self.status.next_change));
        if let Some((until, millis)) = self.business {
            let until = self.shown(until, korean);
            let (minutes, rest) = (millis / 60_000, millis % 60_000);
            let (seconds, rest) = (rest / 1_000, rest % 1_000);
            let (hours, minutes) = (minutes / 60, minutes % 60);
            row("업무 시간 계산", "Working time up to", until);
            row(
                "업무 시간",
                "Working time",
                format!("{hours:02}:{minutes:02}:{seconds:02}.{rest:03}"),
            );
        }
        if let Some(turn) = self.switched {
            let value = match turn {
                None => words("바뀌지 않음", "nothing changes").to_owned(),
                Some((true, until)) => {
                    let until = self.shown(until, korean);
                    format!("{} {until}", words("열림, 종료", "open until"))
                }
                Some((false, until)) => {
                    let until = self.shown(until, korean);
                    format!("{} {until}", words("닫힘, 종료", "closed until"))
                }
            };
            row("수동 전환", "Manual switch", value);
        }
        if let Some(imported) = &self.imported {
            row(
                "가져온 휴무일",
                "Holidays taken",
                imported.taken.to_string(),
            );
            let kept: Vec<String> = imported.kept.iter().map(ToString::to_string).collect();
            if !kept.is_empty() {
                row("그대로 둔 날짜", "Dates kept as they were", kept.join(", "));
            }
            for one in &imported.skipped {
                let value = format!("{}: {}", one.line, one.why.as_str());
                row("읽지 못한 일정 (줄)", "Entry not taken (line)", value);
            }
        }
        let head = [words("상담 시간", "Working hours"), ""].map(str::to_owned);
        let rows = std::iter::once(head).chain(rows).map(Vec::from);
        writeln!(out, "{}", table(rows.collect()))?;
        Ok(())
    }

    fn state(&self, korean: bool) -> String {
        let words = |ko: &'static str, en: &'static str| if korean { ko } else { en };
        let said = match self.status.why {
            Why::InHours => words("열림", "open"),
            Why::SwitchedOn => words("열림 (수동 전환)", "open (manual switch)"),
            Why::OffHours => words("닫힘 (상담시간 외)", "closed (off hours)"),
            Why::Break { .. } => words("닫힘 (휴게시간)", "closed (break)"),
            Why::Holiday { .. } => words("닫힘 (휴무일)", "closed (holiday)"),
            Why::SwitchedOff => words("닫힘 (수동 전환)", "closed (manual switch)"),
        };
        match self.status.why.name() {
            Some(name) => format!("{said}: {name}"),
            None => said.to_owned(),
        }
    }

    /// An instant on the wall of the schedule's zone.
    fn shown(&self, time: Timestamp, korean: bool) -> String {
        let wall = self.zone.wall(time);
        let names = if korean {
            ["월", "화", "수", "목", "금", "토", "일"]
        } else {
            ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        };
        let day = usize::try_from(wall.date.weekday() - 1).unwrap_or(0);
        let day = names.get(day).copied().unwrap_or_default();
        format!("{} ({day}) {}", wall.date, clock(wall))
    }
}

fn clock(wall: WallTime) -> String {
    let (hour, minute, second) = (wall.hour(), wall.minute(), wall.second());
    format!("{hour:02}:{minute:02}:{second:02}")
}
