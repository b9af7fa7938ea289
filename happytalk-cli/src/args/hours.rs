//! The shape of `happytalk hours`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::Lang;

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  happytalk hours calendar.json --at 2026-02-16T12:30:00+09:00
  happytalk hours calendar.json --at 2026-02-13T18:50:00+09:00 --until 2026-02-16T09:05:00+09:00 --format json
  happytalk hours calendar.json --at 2026-02-16T07:00:00+09:00 --switch on --category 반품/환불
  happytalk hours calendar.json --at 2026-01-01T00:00:00+09:00 --holidays kr.ics --format calendar > with-holidays.json")]
pub(crate) struct Hours {
    /// A calendar document; - is standard input
    #[arg(value_name = "CALENDAR")]
    pub(crate) calendar: PathBuf,
    /// The time, RFC 3339 or milliseconds since 1970
    #[arg(long, value_name = "TIME")]
    pub(crate) at: String,
    /// How much working time there is from --at up to here
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// The schedule of this name; site is the site's own
    #[arg(long, value_name = "NAME")]
    pub(crate) schedule: Option<String>,
    /// The schedule that counts for a category (상담 분류)
    #[arg(long, value_name = "MAIN[/SUB]")]
    pub(crate) category: Option<String>,
    /// The schedule that counts for a queue
    #[arg(long, value_name = "QUEUE")]
    pub(crate) queue: Option<String>,
    /// The schedule that counts for the agents of a group (상담 그룹)
    #[arg(long, value_name = "GROUP")]
    pub(crate) group: Option<String>,
    /// What the manual switch would do when it is put on, off, or left to the calendar at --at
    #[arg(long, value_enum, value_name = "WAY")]
    pub(crate) switch: Option<SwitchWord>,
    /// A log, JSON lines: what its site stream says of the manual switch counts
    #[arg(long, value_name = "LOG")]
    pub(crate) log: Option<PathBuf>,
    /// An iCalendar file: its whole days in the year of --at and the next one are days off, where the calendar says nothing
    /// of them
    #[arg(long, value_name = "FILE")]
    pub(crate) holidays: Option<PathBuf>,
    /// table: for people; json: for programs; calendar: the calendar document itself, with the holidays in it
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: HoursFormat,
    /// The language of the table
    #[arg(long, value_enum, default_value = "ko")]
    pub(crate) lang: Lang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HoursFormat {
    Table,
    Json,
    Calendar,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SwitchWord {
    /// Open, whatever the calendar says
    On,
    /// Closed, whatever the calendar says
    Off,
    /// As the calendar says
    Calendar,
}
