//! The log: JSON lines, one event a line. A public contract.
//!
//! ```
//! use happytalk_core::log::{Line, Stream};
//!
//! let text = r#"{"conversation":"c-17","seq":4,"at":1715562130000,"type":"assigned","agent":"kim","how":"auto"}"#;
//! let line = Line::parse(text)?;
//! assert_eq!(line.stream, Stream::Conversation("c-17".parse()?));
//! assert_eq!(line.to_json(), text);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::borrow::Cow;
use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};

use crate::event::{Event, Unknown};
use crate::id::{AgentId, ConversationId, SiteId};
use crate::json::JsonError;
use crate::time::Timestamp;

/// What a line belongs to. `seq` counts from 1 without gaps within one of these.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(clippy::exhaustive_enums, reason = "the log has these three streams")]
pub enum Stream {
    /// A conversation.
    Conversation(ConversationId),
    /// An agent.
    Agent(AgentId),
    /// The site itself.
    Site(SiteId),
}

/// One line of the log.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_structs,
    reason = "a line is a stream, a number, an instant and an event"
)]
pub struct Line {
    /// What it belongs to.
    pub stream: Stream,
    /// Its number in that stream, from 1.
    pub seq: u64,
    /// When it happened.
    pub at: Timestamp,
    /// What happened.
    pub event: Event,
}

/// Why a text is not a line of the log. Holds nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LineError {
    /// Longer than [`Line::BYTES_MAX`].
    #[error("line is too long. bytes=`{bytes}` bytes_max=`{}`", Line::BYTES_MAX)]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// Not JSON, or not the fields its type has.
    #[error("{reason}. column=`{column}`")]
    Json {
        /// Where, in bytes from 1.
        column: usize,
        /// What is wrong.
        reason: Box<str>,
    },
    /// Names no conversation, no agent and no site.
    #[error("line names no conversation, agent or site")]
    NoStream,
}

impl LineError {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "log.too_long",
            Self::Json { .. } => "log.json",
            Self::NoStream => "log.no_stream",
        }
    }
}

impl From<JsonError> for LineError {
    fn from(error: JsonError) -> Self {
        Self::Json {
            column: error.column(),
            reason: error.reason().into(),
        }
    }
}

#[derive(Deserialize)]
struct Head<'a> {
    conversation: Option<ConversationId>,
    agent: Option<AgentId>,
    site: Option<SiteId>,
    seq: u64,
    at: Timestamp,
    #[serde(rename = "type", borrow)]
    kind: Cow<'a, str>,
}

impl Line {
    /// The most bytes a line may have: 1 MiB.
    pub const BYTES_MAX: usize = 1024 * 1024;

    /// Reads a line. A `type` that is not known is kept whole; a field that is not known is passed over.
    ///
    /// # Errors
    /// Any variant of [`LineError`].
    pub fn parse(text: &str) -> Result<Self, LineError> {
        let text = text.trim_end_matches(['\n', '\r']);
        if text.len() > Self::BYTES_MAX {
            return Err(LineError::TooLong { bytes: text.len() });
        }
        let head: Head<'_> = serde_json::from_str(text).map_err(|error| JsonError::from(&error))?;
        let stream = match (head.conversation, head.agent, head.site) {
            (Some(conversation), _, _) => Stream::Conversation(conversation),
            (None, Some(agent), _) => Stream::Agent(agent),
            (None, None, Some(site)) => Stream::Site(site),
            (None, None, None) => return Err(LineError::NoStream),
        };
        // A type is known on its own stream only: the site's holds the ledger's commands too (`message_failed` is one
        // of them there), and an agent's line could not tell its stream from a field called `agent`.
        let of_agent = matches!(&*head.kind, "agent_set" | "agent_status" | "agent_removed");
        let of_site = matches!(&*head.kind, "settings_set" | "hours_overridden");
        let in_place = match stream {
            Stream::Conversation(_) => !of_agent && !of_site,
            Stream::Agent(_) => of_agent,
            Stream::Site(_) => of_site,
        };
        let event = if in_place {
            Event::read(&head.kind, text)?
        } else {
            Event::Unknown(Unknown::new(&head.kind, text))
        };
        Ok(Self {
            stream,
            seq: head.seq,
            at: head.at,
            event,
        })
    }

    /// A line of a site's stream out of a command that was written without its place: `json` is an object with a
    /// `type`, to which `site`, `seq` and `at` are given.
    ///
    /// # Errors
    /// [`LineError::Json`] where it is no such object, or has one of the three already.
    pub fn of_site(site: SiteId, seq: u64, at: Timestamp, json: &str) -> Result<Self, LineError> {
        let command: BTreeMap<String, &serde_json::value::RawValue> =
            serde_json::from_str(json).map_err(|error| JsonError::from(&error))?;
        if ["site", "seq", "at", "conversation", "agent"]
            .iter()
            .any(|name| command.contains_key(*name))
        {
            return Err(LineError::Json {
                column: 0,
                reason: "a command of the site has no place yet".into(),
            });
        }
        let text = json.trim_start().trim_start_matches('{').trim_start();
        let site_json = serde_json::to_string(&site).map_err(|error| JsonError::from(&error))?;
        let line = format!(
            r#"{{"site":{site_json},"seq":{seq},"at":{},{}"#,
            at.as_millis(),
            text.trim_end()
        );
        // JSON has line breaks between values only, where a space is as good; a line has none.
        Self::parse(&line.replace(['\n', '\r'], " "))
    }

    /// The line as JSON, without a line break. What was not known is as it was read.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing to memory does not fail, and every map key is a string.
        serde_json::to_string(self).unwrap_or_default()
    }
}

impl Serialize for Line {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if let Event::Unknown(unknown) = &self.event {
            let raw: &serde_json::value::RawValue =
                serde_json::from_str(unknown.raw()).map_err(serde::ser::Error::custom)?;
            return raw.serialize(serializer);
        }
        let mut map = serializer.serialize_map(None)?;
        match &self.stream {
            Stream::Conversation(id) => map.serialize_entry("conversation", id)?,
            Stream::Agent(id) => map.serialize_entry("agent", id)?,
            Stream::Site(id) => map.serialize_entry("site", id)?,
        }
        map.serialize_entry("seq", &self.seq)?;
        map.serialize_entry("at", &self.at)?;
        self.event.write(&mut map)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Line {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&serde_json::value::RawValue>::deserialize(deserializer)?;
        Self::parse(raw.get()).map_err(serde::de::Error::custom)
    }
}

/// Reads a log: each line that is not blank, with its number from 1.
pub fn lines(text: &str) -> impl Iterator<Item = (usize, Result<Line, LineError>)> {
    text.lines()
        .enumerate()
        .filter(|(_, line)| !line.trim().is_empty())
        .map(|(index, line)| (index + 1, Line::parse(line)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_type_is_written_back_unchanged() {
        let text =
            r#"{"seq":1, "at":5,"conversation":"c","type":"teleported","to":{"b":1,"a":[1.50]}}"#;
        let line = Line::parse(text).unwrap();
        assert_eq!(line.event.kind(), "teleported");
        assert_eq!(line.to_json(), text);
    }

    #[test]
    fn a_conversation_wins_over_an_agent_and_an_agent_over_a_site() {
        let read = |text| Line::parse(text).unwrap().stream;
        let all =
            r#"{"site":"s","agent":"a","conversation":"c","seq":1,"at":1,"type":"held","by":"a"}"#;
        assert_eq!(read(all), Stream::Conversation("c".parse().unwrap()));
        let two = r#"{"site":"s","agent":"a","seq":1,"at":1,"type":"agent_removed"}"#;
        assert_eq!(read(two), Stream::Agent("a".parse().unwrap()));
        let failed = r#"{"site":"s","seq":1,"at":1,"type":"message_failed","id":"m"}"#;
        assert_eq!(Line::parse(failed).unwrap().event.kind(), "message_failed");
    }

    #[test]
    fn a_command_of_the_site_is_given_its_place() {
        let site: SiteId = "shop".parse().unwrap();
        let of = |json| Line::of_site(site.clone(), 3, Timestamp::from_millis(9), json);
        let line = of(r#" { "type":"top_up","key":"t1","amount_won":1} "#).unwrap();
        assert_eq!(
            line.to_json(),
            r#"{"site":"shop","seq":3,"at":9,"type":"top_up","key":"t1","amount_won":1}"#
        );
        assert_eq!((line.seq, &line.stream), (3, &Stream::Site(site.clone())));
        assert!(of("{}").is_err() && of("[]").is_err() && of(r#"{"type":"x","seq":1}"#).is_err());
    }

    #[test]
    fn an_error_has_a_column_and_no_text() {
        let error = Line::parse(
            r#"{"conversation":"c","seq":1,"at":1,"type":"assigned","agent":"k","how":"secretly"}"#,
        );
        let LineError::Json { column, reason } = error.unwrap_err() else {
            panic!("not a JSON error")
        };
        assert_eq!(column, 81);
        assert!(
            reason.contains("auto") && !reason.contains("secretly"),
            "{reason}"
        );
        assert_eq!(
            Line::parse(r#"{"seq":1,"at":1,"type":"x"}"#),
            Err(LineError::NoStream)
        );
    }
}
