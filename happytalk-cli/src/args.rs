//! The command line's shape.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

pub(crate) use self::hours::{Hours, HoursFormat, SwitchWord};
pub(crate) use self::sqi::{Explain, Sqi, SqiFormat};

mod hours;
mod sqi;

const AFTER: &str = "\
Examples:
  happytalk decode kakao message < body.json
  happytalk encode naver < outbound.json
  happytalk scenario check flows/*.json --deny warnings
  happytalk scenario play flows/exchange-return.json
  happytalk route replay commands.jsonl
  happytalk sqi log.jsonl --by day,agent --format json
  happytalk bill log.jsonl --site site.jsonl
  happytalk hours calendar.json --at 2026-02-16T12:30:00+09:00
  happytalk transcript log.jsonl --conversation c-17

Exit codes:
  0  fine
  1  a scenario has an error (with --deny warnings: or a warning)
  2  bad usage or unreadable input; one line on standard error says where and why

A file called - is standard input. The formats are described in docs/formats.md.";

/// Chat consultation at a shell prompt: platform messages, scenarios, quality figures, the bill and working hours.
#[derive(Debug, Parser)]
#[command(name = "happytalk", bin_name = "happytalk", version, after_help = AFTER)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// A captured webhook body on standard input → Inbound, one JSON object a line
    Decode(Decode),
    /// Outbound on standard input → the HTTP requests that would go out, one JSON object a line
    Encode(Encode),
    /// Check and play scenario documents
    Scenario(Scenario),
    /// The router (상담 배분): what it makes of commands, why somebody waits, and the sums
    Route(Route),
    /// The service quality figures (상담품질지표, SQI) of a log
    Sqi(Box<Sqi>),
    /// The stretches of time behind each quality figure of one conversation
    Explain(Explain),
    /// The TalkCash bill (톡캐시 명세) of a log
    Bill(Bill),
    /// Is it open, why, and when next: a calendar of working hours (상담 시간)
    Hours(Hours),
    /// The conversations of a log, to be read by a customer, by an agent, or as an export
    Transcript(Transcript),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  happytalk decode kakao message < body.json
  happytalk decode naver --account wc1234 < body.json")]
pub(crate) struct Decode {
    #[command(subcommand)]
    pub(crate) channel: DecodeChannel,
}

#[derive(Debug, Subcommand)]
pub(crate) enum DecodeChannel {
    /// KakaoTalk 상담톡
    #[command(after_help = "\
Example:
  happytalk decode kakao message < body.json")]
    Kakao {
        /// The last segment of the path it was posted to: message, reference, expired_session, seen_info,
        /// personal_info, cert_result, result
        kind: String,
        /// How the dealer writes Kakao's protocol: happytalk-v1, happytalk-v3, bizgo, hub
        #[arg(long, value_name = "DIALECT", default_value = "happytalk-v1")]
        dialect: String,
        /// The sender key, where the body does not name it
        #[arg(long, value_name = "ACCOUNT")]
        account: Option<String>,
    },
    /// Naver TalkTalk (네이버 톡톡)
    #[command(after_help = "\
Example:
  happytalk decode naver --account wc1234 < body.json")]
    Naver {
        /// The TalkTalk account it was sent to, which the body never says
        #[arg(long, value_name = "ACCOUNT")]
        account: Option<String>,
        /// Add by which door the customer came (진입점), as the parameter entry_point
        #[arg(long)]
        entry_points: bool,
    },
}

#[derive(Debug, Args)]
#[command(after_help = "\
Nothing is sent, and no credentials are needed: they stand as *** in the headers.

Example:
  echo '{\"id\":\"m-1\",\"account\":\"0123456789abcdef\",\"customer\":\"u-1\",
         \"action\":{\"type\":\"say\",\"content\":[{\"type\":\"text\",\"text\":\"안녕하세요\"}]}}' | happytalk encode kakao")]
pub(crate) struct Encode {
    #[command(subcommand)]
    pub(crate) channel: EncodeChannel,
}

#[derive(Debug, Subcommand)]
pub(crate) enum EncodeChannel {
    /// KakaoTalk 상담톡
    Kakao {
        /// How the dealer writes Kakao's protocol: happytalk-v1, happytalk-v3, bizgo, hub
        #[arg(long, value_name = "DIALECT", default_value = "happytalk-v1")]
        dialect: String,
    },
    /// Naver TalkTalk (네이버 톡톡); also what it alone has, as `talk`, `menu` and `upload` instead of `action`
    Naver {
        /// With a notification on the customer's phone (푸시 알림)
        #[arg(long)]
        notification: bool,
        /// With the room marked as read in the partner centre (읽음 처리)
        #[arg(long)]
        mark_read: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct Scenario {
    #[command(subcommand)]
    pub(crate) command: ScenarioCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum ScenarioCommand {
    /// Everything that is wrong with scenario documents; their embedded tests are run
    Check(Check),
    /// Write documents the one way they are written, comments kept
    Fmt(Fmt),
    /// The JSON Schema of scenario documents, for editors
    Schema,
    /// The nodes and what leads where, for Graphviz, Mermaid or programs
    Graph(Graph),
    /// The shortest way to every node: what has to be pressed and answered
    Paths(Paths),
    /// Talk to a scenario: what is typed goes in, what it says comes out
    Play(Play),
    /// What an edit means for the customers who are inside
    Diff(Diff),
    /// Run the tests that stand in documents
    Test(Test),
}

#[derive(Debug, Args)]
#[command(after_help = "\
Without --write one document is written to standard output. With --check nothing is written: exit code 1 where a
document is not written that way.

Examples:
  happytalk scenario fmt --write flows/*.json
  happytalk scenario fmt --check flows/*.json
  happytalk scenario fmt - < flow.json")]
pub(crate) struct Fmt {
    /// Scenario documents; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// Write the files in place
    #[arg(long, conflicts_with = "check")]
    pub(crate) write: bool,
    /// Only say which files would change
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  happytalk scenario graph flow.json | dot -Tsvg > flow.svg
  happytalk scenario graph flow.json --format mermaid")]
pub(crate) struct Graph {
    /// A scenario document; - is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// What draws it
    #[arg(long, value_enum, default_value = "dot")]
    pub(crate) format: GraphFormat,
}

/// Who reads a graph.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum GraphFormat {
    /// Graphviz
    Dot,
    /// Mermaid
    Mermaid,
    /// Programs
    Json,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Example:
  happytalk scenario paths flow.json --format json")]
pub(crate) struct Paths {
    /// A scenario document; - is standard input
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// text: for people; json: one object a node, a line each
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: TextFormat,
}

#[derive(Debug, Args)]
#[command(after_help = "\
--sessions reads the states of bot sessions, a state a line, as the host keeps them; they are counted, nothing of them
is printed.

Example:
  happytalk scenario diff released.json edited.json --sessions states.jsonl")]
pub(crate) struct Diff {
    /// The document that customers are in
    #[arg(value_name = "OLD")]
    pub(crate) old: PathBuf,
    /// The document that is to take its place
    #[arg(value_name = "NEW")]
    pub(crate) new: PathBuf,
    /// States of sessions, a line each
    #[arg(long, value_name = "FILE")]
    pub(crate) sessions: Option<PathBuf>,
    /// text: for people; json: one object
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: TextFormat,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Exit code 1 when a test fails or a document does not load.

Example:
  happytalk scenario test flows/*.json")]
pub(crate) struct Test {
    /// Scenario documents; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// text: for people; json: one object a document, a line each
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: TextFormat,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Exit code 1 when a document has an error; with --deny warnings also when it has a warning.

Example:
  happytalk scenario check flows/*.json --format json --deny warnings")]
pub(crate) struct Check {
    /// Scenario documents; - is standard input
    #[arg(required = true, value_name = "FILE")]
    pub(crate) files: Vec<PathBuf>,
    /// text: for people; json: one object a document, a line each; sarif: for code hosts and editors
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: CheckFormat,
    /// What counts as an error beside errors
    #[arg(long, value_enum, value_name = "LEVEL")]
    pub(crate) deny: Option<Deny>,
    /// The language of the text
    #[arg(long, value_enum, default_value = "ko")]
    pub(crate) lang: Lang,
    /// What the host has: calls, queues, calendars, scenarios, channels, as JSON
    #[arg(long, value_name = "FILE")]
    pub(crate) catalogue: Option<PathBuf>,
    /// The version that customers are in now
    #[arg(long, value_name = "FILE")]
    pub(crate) previous: Option<PathBuf>,
    /// In the text, hints too; other formats always have them
    #[arg(long)]
    pub(crate) info: bool,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Each line of standard input is what the customer types; a number or a label chooses a button as it would on a phone,
and #2 presses the second one that was shown. The end of the input ends the talk.

A call is answered by --calls, else by the document's first embedded test, else it is asked for at the prompt:
{\"ok\": …}, the name of an error, timeout or error.

Examples:
  happytalk scenario play flow.json
  printf '교환\\n20260101-00001\\n' | happytalk scenario play flow.json
  happytalk scenario play flow.json --calls '{\"order.lookup\":[\"timeout\",{\"ok\":{\"item\":\"신발\"}}]}'")]
pub(crate) struct Play {
    /// A scenario document
    #[arg(value_name = "FILE")]
    pub(crate) file: PathBuf,
    /// The time of the talk, RFC 3339 or milliseconds since 1970; by default that of the first embedded test, else
    /// 2026-01-01T00:00:00Z
    #[arg(long, value_name = "TIME")]
    pub(crate) now: Option<String>,
    /// How calls answer, as in an embedded test: an object with an answer, or a list of them, for each name
    #[arg(long, value_name = "JSON")]
    pub(crate) calls: Option<String>,
    /// The channel the talk is on, for nodes that say or show something else there; by default webchat
    #[arg(long, value_name = "NAME")]
    pub(crate) channel: Option<String>,
    /// What the calendar says; by default as in the first embedded test, else open
    #[arg(long, value_enum)]
    pub(crate) hours: Option<HoursWord>,
    /// How a hand-off to a person goes; by default as in the first embedded test, else accepted
    #[arg(long, value_enum)]
    pub(crate) handoff: Option<HandoffWord>,
}

#[derive(Debug, Args)]
pub(crate) struct Route {
    #[command(subcommand)]
    pub(crate) command: RouteCommand,
}

#[derive(Debug, Subcommand)]
pub(crate) enum RouteCommand {
    /// Router commands as lines → what the router says, one JSON object a line
    #[command(after_help = "\
Example:
  happytalk route replay commands.jsonl --explain")]
    Replay {
        #[command(flatten)]
        input: RouteInput,
        /// Put every candidate with the first reason against them beside each choice
        #[arg(long)]
        explain: bool,
    },
    /// Why a conversation still waits at the end of the commands, or why it went to the agent who has it
    #[command(after_help = "\
Example:
  happytalk route why commands.jsonl --conversation c-17")]
    Why {
        #[command(flatten)]
        input: RouteInput,
        /// Which
        #[arg(long, value_name = "ID")]
        conversation: String,
        /// table: for people; json: one object
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
    /// What became of everybody who asked, and what the agents did
    #[command(after_help = "\
Example:
  happytalk route stats commands.jsonl --format json")]
    Stats {
        #[command(flatten)]
        input: RouteInput,
        /// table: for people; json: one object
        #[arg(long, value_enum, default_value = "table")]
        format: Format,
    },
}

#[derive(Debug, Args)]
pub(crate) struct RouteInput {
    /// Commands, JSON lines; - is standard input
    #[arg(value_name = "FILE", default_value = "-")]
    pub(crate) file: PathBuf,
    /// The router's settings; by default the first line of the commands has them
    #[arg(long, value_name = "FILE")]
    pub(crate) settings: Option<PathBuf>,
    /// How long time goes on after the last command, RFC 3339 or milliseconds since 1970
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  happytalk bill log.jsonl --site site.jsonl
  happytalk bill log.jsonl --site site.jsonl --prices book.json --at 2026-02-01T00:00:00+09:00 --format json
  happytalk bill log.jsonl --site site.jsonl --by month,kind --format csv
  happytalk bill log.jsonl --site site.jsonl --tax 2026-01")]
pub(crate) struct Bill {
    /// The log, JSON lines; - is standard input
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// Top-ups, plans, messages and settings, JSON lines; the same lines may stand in the log's site stream
    #[arg(long, value_name = "SITE")]
    pub(crate) site: Option<PathBuf>,
    /// A price book [default: the one that comes with happytalk]
    #[arg(long, value_name = "BOOK")]
    pub(crate) prices: Option<PathBuf>,
    /// How far monthly fees run, RFC 3339 or milliseconds since 1970 [default: the latest time of both files]
    #[arg(long, value_name = "TIME")]
    pub(crate) at: Option<String>,
    /// Whose calendar the days and months are of
    #[arg(long, value_name = "NAME", default_value = "Asia/Seoul")]
    pub(crate) zone: String,
    /// Adds the entries up, apart by commas: month, day, kind, item, channel, group
    #[arg(long, value_name = "WORDS", conflicts_with = "tax")]
    pub(crate) by: Option<String>,
    /// The lines of a month's tax document (세금계산서), such as 2026-01
    #[arg(long, value_name = "MONTH")]
    pub(crate) tax: Option<String>,
    /// Adds the hash chain to the JSON: a hash each entry, and the head
    #[arg(long, conflicts_with_all = ["by", "tax"])]
    pub(crate) hashes: bool,
    /// table: for people, in won; json: for programs, in thousandths of a won; csv: for spreadsheets, in won
    #[arg(long, value_enum, default_value = "table")]
    pub(crate) format: BillFormat,
    /// The language of the table
    #[arg(long, value_enum, default_value = "ko")]
    pub(crate) lang: Lang,
}

#[derive(Debug, Args)]
#[command(after_help = "\
Texts stand as they are in the log: mask the log first, or what is printed, where personal data must not be read.

Examples:
  happytalk transcript log.jsonl
  happytalk transcript log.jsonl --conversation c-17 --for customer
  happytalk transcript log.jsonl --for export --format json")]
pub(crate) struct Transcript {
    /// The log, JSON lines; - is standard input
    #[arg(value_name = "LOG")]
    pub(crate) log: PathBuf,
    /// One conversation [default: all, in the order in which they began]
    #[arg(long, value_name = "ID")]
    pub(crate) conversation: Option<String>,
    /// Who reads it
    #[arg(
        long = "for",
        value_enum,
        value_name = "READER",
        default_value = "agent"
    )]
    pub(crate) reader: Reader,
    /// Whose wall clock the times are of
    #[arg(long, value_name = "NAME", default_value = "Asia/Seoul")]
    pub(crate) zone: String,
    /// text: for people; json: one object a conversation, a line each
    #[arg(long, value_enum, default_value = "text")]
    pub(crate) format: TextFormat,
    /// The language of the text
    #[arg(long, value_enum, default_value = "ko")]
    pub(crate) lang: Lang,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Reader {
    /// What was said, the end, the rating
    Customer,
    /// Everything, and what the bot hands over
    Agent,
    /// As for an agent, and types that are not known
    Export,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    Table,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum BillFormat {
    Table,
    Json,
    Csv,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum TextFormat {
    Text,
    Json,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum CheckFormat {
    Text,
    Json,
    Sarif,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Deny {
    Warnings,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Lang {
    Ko,
    En,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HoursWord {
    Open,
    Lunch,
    Holiday,
    Closed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum HandoffWord {
    /// Somebody takes it
    Accepted,
    /// The centre is closed
    Closed,
    /// Nobody can take it
    Unavailable,
    /// Somebody takes it and gives the customer back to the bot
    Returned,
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    #[test]
    fn the_command_line_contradicts_itself_nowhere() {
        Cli::command().debug_assert();
    }
}
