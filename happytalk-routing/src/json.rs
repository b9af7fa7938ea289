//! Commands and outputs as JSON lines.

use happytalk_core::Timestamp;
use happytalk_core::json::{JsonError, from_str};
use serde::de::{Error as _, IgnoredAny};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::explanation::Explanation;
use crate::fact::{Fact, Output, What};
use crate::input::Input;
use crate::settings::Settings;

/// Longer lines are refused.
pub const LINE_BYTES_MAX: usize = 1 << 20;

/// One line of commands: `{"at":1715562130000,"type":"pick","conversation":"c-1","agent":"kim"}`, or, as the first line,
/// `{"type":"settings","settings":{…}}`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a reader must act on both")]
pub enum CommandLine {
    /// What the site decides.
    Settings(Box<Settings>),
    /// What the router is told.
    Input {
        /// When.
        at: Timestamp,
        /// What.
        input: Box<Input>,
    },
}

/// A line of settings.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SettingsLine {
    #[serde(rename = "type")]
    _type: IgnoredAny,
    /// Every other line has one; here it means nothing.
    #[serde(default, rename = "at")]
    _at: Option<Timestamp>,
    settings: Box<Settings>,
}

fn refused(error: &serde_json::Error) -> JsonError {
    JsonError::from(error)
}

fn taken<T: for<'de> Deserialize<'de>>(
    object: &mut Map<String, Value>,
    name: &'static str,
) -> Result<T, JsonError> {
    let value = object
        .remove(name)
        .ok_or_else(|| refused(&serde_json::Error::missing_field(name)))?;
    serde_json::from_value(value).map_err(|error| refused(&error))
}

fn object(text: &str) -> Result<Map<String, Value>, JsonError> {
    if text.len() > LINE_BYTES_MAX {
        let error = serde_json::Error::custom(format_args!(
            "expected a line of at most {LINE_BYTES_MAX} bytes"
        ));
        return Err(refused(&error));
    }
    from_str(text)
}

impl CommandLine {
    /// Reads a line.
    ///
    /// # Errors
    /// [`JsonError`], which repeats nothing of the line: not JSON, an unknown type, a field that is missing, unknown or
    /// of another kind, or longer than [`LINE_BYTES_MAX`]. What is not JSON has a column, and so has what is wrong in
    /// settings.
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        let mut object = object(text)?;
        if object.get("type").and_then(Value::as_str) == Some("settings") {
            // Once more from the text, so that an error has its place.
            return from_str(text).map(|line: SettingsLine| Self::Settings(line.settings));
        }
        let at = taken(&mut object, "at")?;
        let members = object.len();
        let input = serde_json::from_value(Value::Object(object));
        let input = input.map_err(|error| refused(&error))?;
        // A type without fields passes over what stands beside it.
        if input == Input::Tick && members > 1 {
            let error = serde_json::Error::custom("expected no other field");
            return Err(refused(&error));
        }
        Ok(Self::Input {
            at,
            input: Box::new(input),
        })
    }

    /// Writes the line, without a line break.
    #[must_use]
    pub fn to_json(&self) -> String {
        match self {
            Self::Settings(settings) => {
                let settings = serde_json::to_string(settings).unwrap_or_default();
                format!("{{\"type\":\"settings\",\"settings\":{settings}}}")
            }
            Self::Input { at, input } => {
                let input = serde_json::to_string(input).unwrap_or_default();
                let rest = input.strip_prefix('{').unwrap_or_default();
                format!("{{\"at\":{},{rest}", at.as_millis())
            }
        }
    }
}

/// A line that the router said, read again.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OutputLine {
    /// When.
    pub at: Timestamp,
    /// As in [`Output::revision`].
    pub revision: u64,
    /// As in [`Output::conversation_revision`].
    pub conversation_revision: u32,
    /// The fact, for [`Router::apply`](crate::Router::apply); `None` for what is no fact.
    pub fact: Option<Fact>,
}

impl OutputLine {
    /// Reads a line that [`Output::to_json`] wrote.
    ///
    /// # Errors
    /// [`JsonError`], which repeats nothing of the line.
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        let mut object = object(text)?;
        let at = taken(&mut object, "at")?;
        let revision = taken(&mut object, "revision")?;
        let conversation_revision = match object.contains_key("conversation_revision") {
            true => taken(&mut object, "conversation_revision")?,
            false => 0,
        };
        let kind = object.get("type").and_then(Value::as_str);
        let fact = match kind {
            Some("refused" | "unserved") => None,
            _ => {
                let fact = serde_json::from_value(Value::Object(object));
                Some(fact.map_err(|error| refused(&error))?)
            }
        };
        Ok(Self {
            at,
            revision,
            conversation_revision,
            fact,
        })
    }
}

#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum Other<'a> {
    Refused {
        #[serde(skip_serializing_if = "Option::is_none")]
        conversation: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        agent: Option<&'a str>,
        code: &'static str,
    },
    Unserved {
        conversation: &'a str,
    },
}

#[derive(Serialize)]
struct CandidateJson<'a> {
    agent: &'a str,
    load: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    cap: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    last_assigned_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
}

impl Output {
    /// Writes it as a line, without a line break:
    /// `{"at":1715562130000,"revision":7,"conversation_revision":2,"type":"assigned","conversation":"c-1","agent":"kim","how":"auto"}`.
    #[must_use]
    pub fn to_json(&self) -> String {
        let what = match &self.what {
            What::Fact(fact) => serde_json::to_string(fact),
            What::Refused(refusal) => serde_json::to_string(&Other::Refused {
                conversation: refusal.conversation.as_ref().map(AsRef::as_ref),
                agent: refusal.agent.as_ref().map(AsRef::as_ref),
                code: refusal.error.code(),
            }),
            What::Unserved(conversation) => serde_json::to_string(&Other::Unserved {
                conversation: conversation.as_str(),
            }),
        };
        // What is written has string keys alone, so it cannot fail.
        let what = what.unwrap_or_default();
        let rest = what.strip_prefix('{').unwrap_or_default();
        let mut line = format!(
            "{{\"at\":{},\"revision\":{},",
            self.at.as_millis(),
            self.revision
        );
        if self.conversation_revision > 0 {
            line.push_str(&format!(
                "\"conversation_revision\":{},",
                self.conversation_revision
            ));
        }
        line.push_str(rest);
        if let Some(why) = &self.why
            && line.pop().is_some()
        {
            line.push_str(",\"why\":");
            line.push_str(&why.to_json());
            line.push('}');
        }
        line
    }
}

impl Explanation {
    /// The candidates as a JSON list, in their order.
    #[must_use]
    pub fn to_json(&self) -> String {
        let candidates: Vec<_> = self
            .candidates
            .iter()
            .map(|it| CandidateJson {
                agent: it.agent.as_str(),
                load: it.load,
                cap: it.cap,
                last_assigned_at: it.last_assigned_at,
                reason: it.eligible.err().map(|why| why.code()),
            })
            .collect();
        serde_json::to_string(&candidates).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_read_as_it_is_written() {
        let text = r#"{"at":1715562130000,"type":"enqueue","conversation":"c-1","request":{"channel":"webchat"}}"#;
        let line = CommandLine::parse(text).unwrap();
        assert_eq!(CommandLine::parse(&line.to_json()).unwrap(), line);
        let CommandLine::Input { at, input } = line else {
            panic!("no input");
        };
        assert_eq!(at.as_millis(), 1_715_562_130_000);
        let conversation = "c-1".parse().unwrap();
        let channel = happytalk_core::ChannelName::WEBCHAT;
        assert_eq!(*input, Input::enqueue(conversation, channel));
        let tick = CommandLine::parse(r#"{"at":5,"type":"tick"}"#).unwrap();
        assert_eq!(tick.to_json(), r#"{"at":5,"type":"tick"}"#);
    }

    #[test]
    fn a_bad_command_says_what_is_wrong_and_nothing_of_the_line() {
        for (text, reason) in [
            ("{", "not JSON"),
            (r#"{"type":"tick"}"#, "missing field `at`"),
            (
                r#"{"at":1,"type":"pick","agent":"010-1234"}"#,
                "missing field `conversation`",
            ),
            (r#"{"at":1,"type":"010-1234"}"#, "expected one of"),
            (r#"{"at":1,"type":"tick","at2":"010-1234"}"#, "expected"),
            (r#"{"at":"010-1234","type":"tick"}"#, "expected"),
            (
                r#"{"type":"settings","settings":{"010-1234":1}}"#,
                "expected",
            ),
            (
                r#"{"type":"settings","settings":{"queues":[{"id":"q"}],"default_queue":"q"},"010-1234":1}"#,
                "expected one of `type`, `at`, `settings`",
            ),
        ] {
            let error = CommandLine::parse(text).unwrap_err();
            assert!(
                error.reason().starts_with(reason) || error.reason() == "not the documented shape",
                "{text}: {error}"
            );
            assert!(!error.to_string().contains("010-1234"), "{error}");
        }
        let long = format!("{{\"at\":1,\"x\":\"{}\"}}", "y".repeat(LINE_BYTES_MAX));
        let error = CommandLine::parse(&long).unwrap_err();
        assert!(error.reason().starts_with("expected a line of at most"));
    }
}
