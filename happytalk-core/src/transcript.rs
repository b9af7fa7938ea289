//! A conversation to be read: by the customer, by an agent, or as an export.
//!
//! A transcript is a fold over the log. Every text in it went through the masking function it was made with, values that
//! are sealed or erased show as such, and a message that did not reach the customer says so. The customer's view has what
//! was said, the end and their rating, and no more: no notes, no whispers, nothing about who had the conversation.
//!
//! ```
//! use std::borrow::Cow;
//! use happytalk_core::Language;
//! use happytalk_core::log::lines;
//! use happytalk_core::transcript::{Audience, Transcript, View};
//!
//! let log = r#"
//! {"conversation":"c-1","seq":1,"at":1715562000000,"type":"opened","channel":"webchat","account":"a","customer":"u","opened_by":"customer","bot":false}
//! {"conversation":"c-1","seq":2,"at":1715562000000,"type":"customer_said","message":{"id":"m-1","content":[{"type":"text","text":"010-1234-5678로 전화 주세요"}]}}
//! {"conversation":"c-1","seq":3,"at":1715562060000,"type":"noted","agent":"kim","text":"VIP"}"#;
//! let lines: Vec<_> = lines(log).map(|(_, line)| line).collect::<Result<_, _>>()?;
//!
//! let view = View::new(Audience::Customer);
//! fn mask(text: &str) -> Cow<'_, str> {
//!     text.replace("1234", "****").into()
//! }
//! let transcript = Transcript::of(&"c-1".parse()?, &lines, &view, mask).ok_or("no such conversation")?;
//! let text = transcript.to_text(Language::Korean);
//! assert!(text.contains("10:00:00 고객: 010-****-5678로 전화 주세요"));
//! assert!(!text.contains("VIP"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod fold;
mod json;
mod masked;
mod text;

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::channel_name::ChannelName;
use crate::event::{Category, Event, Parameters, RequestedBy, Via};
use crate::id::{
    AccountId, AgentId, ConversationId, CustomerId, NodeId, QueueId, ScenarioId, Word,
};
use crate::language::Language;
use crate::log::Line;
use crate::sealed::Sealable;
use crate::time::{Timestamp, WallTime, Zone};

/// A masking function.
type Mask<'a> = &'a dyn for<'t> Fn(&'t str) -> Cow<'t, str>;

/// Who reads a transcript.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "who may read what is decided for each"
)]
pub enum Audience {
    /// The customer (상담내역 다시 보기): what was said, the end, their rating. Agents by display name alone; what a button
    /// sends back, platform ids, categories and parameters are left out.
    Customer,
    /// An agent: everything these crates know, and what the bot hands over.
    Agent,
    /// A file for the record: as for an agent, and a line also for each event that these crates do not know, by its type.
    Export,
}

impl Audience {
    /// The word for it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Customer => "customer",
            Self::Agent => "agent",
            Self::Export => "export",
        }
    }
}

/// How a transcript is made.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct View {
    /// For whom.
    pub audience: Audience,
    /// Whose wall clock the times are of. Default: Asia/Seoul.
    pub zone: Zone,
    /// What customers know agents as. Who is not in here is 상담사 to a customer; to others each is their id.
    pub agent_names: BTreeMap<AgentId, String>,
}

impl View {
    /// The defaults, for this audience.
    #[must_use]
    pub fn new(audience: Audience) -> Self {
        Self {
            audience,
            zone: Zone::default(),
            agent_names: BTreeMap::new(),
        }
    }

    /// With the wall clock of this zone.
    #[must_use]
    pub fn in_zone(mut self, zone: Zone) -> Self {
        self.zone = zone;
        self
    }
}

/// A conversation to be read. `Debug` shows its size alone.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Transcript {
    /// Which.
    pub conversation: ConversationId,
    /// For whom.
    pub audience: Audience,
    /// Whose wall clock the times are of.
    pub zone: Zone,
    /// The platform.
    pub channel: Option<ChannelName>,
    /// Which account of ours; not for customers.
    pub account: Option<AccountId>,
    /// Who, as the platform names them; not for customers.
    pub customer: Option<Sealable<CustomerId>>,
    /// When it began.
    pub opened_at: Option<Timestamp>,
    /// When it ended; a conversation that was reopened has not.
    pub ended_at: Option<Timestamp>,
    /// What it is about, the latest; not for customers.
    pub category: Option<Category>,
    /// Its title, the latest; not for customers.
    pub title: Option<Sealable<String>>,
    /// What came with it; not for customers.
    pub parameters: Option<Sealable<Parameters>>,
    /// What the bot handed over, where an agent was asked for after it; not for customers.
    pub handover: Option<Handover>,
    /// What was said and what happened, in order.
    pub entries: Vec<Entry>,
}

/// What the bot hands over: where the customer went, what it found out, what it is about.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Handover {
    /// When an agent was asked for.
    pub at: Timestamp,
    /// How.
    pub by: RequestedBy,
    /// In which queue, where the scenario names one.
    pub queue: Option<QueueId>,
    /// What it was about by then.
    pub category: Option<Category>,
    /// The nodes that the customer saw, in order.
    pub path: Vec<Visit>,
    /// How many times the bot did not understand.
    pub missed: u32,
    /// What the bot noted for the agent, by the name of the variable.
    pub variables: BTreeMap<String, String>,
    /// What the bot noted that cannot be read any more.
    pub closed: Vec<Sealable<String>>,
}

/// A node that the customer saw.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Visit {
    /// When.
    pub at: Timestamp,
    /// Of which scenario.
    pub scenario: ScenarioId,
    /// Which.
    pub node: NodeId,
    /// How far it is from the start, which is 1.
    pub depth: u32,
    /// By which way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub via: Option<Via>,
}

/// A line of a transcript: an event of the log, its texts masked.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Its number in the conversation; not for customers, since it tells what is left out.
    pub seq: Option<u64>,
    /// What.
    pub event: Event,
    /// Why the message did not reach the customer, where it did not.
    pub failed: Option<Word>,
}

impl Transcript {
    /// The transcript of a conversation out of the lines of a log, in their order; lines of others are passed over, and so
    /// is a line that repeats. `None` where there is no line of it. `mask` takes a text and gives it back without what
    /// should not be read; `Cow::Borrowed` where there is nothing to hide.
    #[must_use]
    pub fn of<'l>(
        conversation: &ConversationId,
        lines: impl IntoIterator<Item = &'l Line>,
        view: &View,
        mask: impl for<'t> Fn(&'t str) -> Cow<'t, str>,
    ) -> Option<Self> {
        let mut fold = fold::Fold::new(conversation, view, &mask);
        for line in lines {
            fold.take(line);
        }
        fold.end()
    }

    /// The transcript as one line of JSON. Its entries are the log's events, beside `at` with the `time` on the zone's
    /// wall clock, and with `failed` where a message did not arrive.
    #[must_use]
    pub fn to_json(&self) -> String {
        json::write(self)
    }

    /// The transcript for people, each line ended by a line break. What customers and agents wrote is indented, so that no
    /// text looks like a line of the transcript, and control characters in it are spaces.
    #[must_use]
    pub fn to_text(&self, language: Language) -> String {
        text::write(self, language)
    }
}

/// The instant on the zone's wall clock: `2024-05-13T10:00:00+09:00`.
fn local(zone: &Zone, at: Timestamp) -> String {
    let wall = zone.wall(at);
    let epoch = Timestamp::EPOCH;
    let utc = Zone::named("UTC").unwrap_or_default();
    let days = i64::from(wall.date.days_since(utc.date(epoch)));
    let shown = days * 86_400_000 + i64::from(wall.millis_of_day);
    let offset = (shown - at.as_millis()).div_euclid(60_000);
    let (sign, offset) = if offset < 0 {
        ('-', -offset)
    } else {
        ('+', offset)
    };
    format!(
        "{}T{}{sign}{:02}:{:02}",
        wall.date,
        of_day(wall),
        offset / 60,
        offset % 60
    )
}

/// `10:00:00`.
fn of_day(wall: WallTime) -> String {
    format!(
        "{:02}:{:02}:{:02}",
        wall.hour(),
        wall.minute(),
        wall.second()
    )
}

impl fmt::Debug for Transcript {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transcript")
            .field("conversation", &self.conversation)
            .field("audience", &self.audience)
            .field("entries", &self.entries.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Handover {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Handover")
            .field("by", &self.by)
            .field("visits", &self.path.len())
            .field("variables", &self.variables.len())
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry")
            .field("at", &self.at)
            .field("kind", &self.event.kind())
            .finish_non_exhaustive()
    }
}
