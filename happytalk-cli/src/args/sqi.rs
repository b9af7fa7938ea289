//! The shape of `happytalk sqi` and `happytalk explain`.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::{Format, Lang};

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  happytalk sqi log.jsonl
  happytalk sqi log.jsonl --by day,agent --zone Asia/Seoul --clock closing --format json
  happytalk sqi log.jsonl.gz --by parameter:campaign --short-abandon 5s --format csv > sqi.csv
  happytalk sqi log.jsonl --by agent --from 2024-05-13 --until 2024-05-20 --preceding
  happytalk sqi may.jsonl --by channel --against april.jsonl")]
pub(crate) struct Sqi {
    /// The log, JSON lines, packed by gzip or not; - is standard input
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// What rows are made by, apart by commas: day, hour, week, month, agent, channel, category, sub, group, end,
    /// returning, inflow, hours, parameter:NAME
    #[arg(long, value_name = "WORDS")]
    pub(crate) by: Option<String>,
    /// Whose calendar days, hours, weeks and months are of [default: Asia/Seoul]
    #[arg(long, value_name = "NAME")]
    pub(crate) zone: Option<String>,
    /// Which instant puts a conversation into a bucket: closing, opening, request [default: closing]
    #[arg(long, value_name = "CLOCK")]
    pub(crate) clock: Option<String>,
    /// Leaves out who left no later than this after asking, such as 5s [default: 0]
    #[arg(long, value_name = "SPAN")]
    pub(crate) short_abandon: Option<String>,
    /// What a conversation that a rule ended before any answer is: apart; or abandoned, too [default: apart]
    #[arg(long, value_name = "HOW")]
    pub(crate) missed: Option<String>,
    /// Counts only what the clock puts on or after this: a day of the zone, RFC 3339, or milliseconds since 1970
    #[arg(long, value_name = "TIME")]
    pub(crate) from: Option<String>,
    /// Counts only what the clock puts before this
    #[arg(long, value_name = "TIME")]
    pub(crate) until: Option<String>,
    /// How p50, p90 and p99 are taken: exact; or sketch, within one percent and in less memory [default: exact]
    #[arg(long, value_name = "HOW")]
    pub(crate) quantiles: Option<String>,
    /// How long after its end a conversation is still known, such as 7d, in a log in the order of time: what comes for
    /// it later is an error, and less memory is needed [default: none, which is for ever]
    #[arg(long, value_name = "SPAN")]
    pub(crate) horizon: Option<String>,
    /// Adds the standard metrics, with this as the limit of the service level, such as 20s
    #[arg(long, value_name = "SPAN")]
    pub(crate) service_level: Option<String>,
    /// Measures every time within the working hours of this calendar, which `--by hours` asks too
    #[arg(long, value_name = "CALENDAR")]
    pub(crate) business: Option<PathBuf>,
    /// Sets the means and the rate against those of this other log: another period, or another policy
    #[arg(long, value_name = "LOG")]
    pub(crate) against: Option<PathBuf>,
    /// Sets the means and the rate against those of as long a period before --from
    #[arg(
        long,
        requires = "from",
        requires = "until",
        conflicts_with = "against"
    )]
    pub(crate) preceding: bool,
    /// table: means for people; json: every figure on one line; csv: means for a spreadsheet
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: SqiFormat,
    /// The language of the table
    #[arg(long, value_enum, default_value = "ko")]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  happytalk explain log.jsonl --conversation c-17
  happytalk explain log.jsonl --conversation c-17 --business hours.json --format json")]
pub(crate) struct Explain {
    /// The log, JSON lines, packed by gzip or not; - is standard input
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// The conversation
    #[arg(long, value_name = "ID")]
    pub(crate) conversation: String,
    /// The zone that times are shown in
    #[arg(long, value_name = "NAME", default_value = "Asia/Seoul")]
    pub(crate) zone: String,
    /// Leaves out who left no later than this after asking, such as 5s [default: 0]
    #[arg(long, value_name = "SPAN")]
    pub(crate) short_abandon: Option<String>,
    /// What a conversation that a rule ended before any answer is: apart; or abandoned, too [default: apart]
    #[arg(long, value_name = "HOW")]
    pub(crate) missed: Option<String>,
    /// Measures every time within the working hours of this calendar
    #[arg(long, value_name = "CALENDAR")]
    pub(crate) business: Option<PathBuf>,
    /// table: for people; json: for programs, on one line
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: Format,
    /// The language of the table
    #[arg(long, value_enum, default_value = "ko")]
    pub(crate) lang: Lang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum SqiFormat {
    Table,
    Json,
    Csv,
}
