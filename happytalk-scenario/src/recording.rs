//! Talks that were written down, to be played again: what goes in, and what has to come out.

use std::collections::BTreeMap;
use std::fmt;

use happytalk_core::content::Content;
use happytalk_core::{ChannelName, Timestamp, Value};
use serde::Deserialize;

use crate::compiled::Compiled;
use crate::env::{Env, Hours, HoursKind};
use crate::state::{State, Status};
use crate::step::{ApprovalOutcome, CallOutcome, Effect, HandoffOutcome, Input, Step, Trace, step};

/// A talk with a scenario: what the customer and the host do in turn, and what has to follow.
///
/// Read with serde, from JSON, YAML or whatever a host keeps its tests in. What a turn does not say is not looked at.
///
/// ```
/// use happytalk_scenario::{Compiled, Recording};
///
/// let flow = Compiled::load(include_str!("../scenarios/exchange-return.json"))?;
/// let talk: Recording = serde_json::from_str(r#"{"name": "교환", "turns": [
///     {"say": "교환이요", "at": "ask_order", "stage": "ending"},
///     {"say": "처음으로", "at": "main", "buttons": ["교환", "반품"]}]}"#)?;
/// assert!(talk.play(&flow).is_empty());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Recording {
    /// What it shows.
    pub name: String,
    /// When it is, as RFC 3339 or in milliseconds since 1970. Default: 2026-01-01T00:00:00Z.
    #[serde(default, deserialize_with = "instant")]
    pub now: Option<Timestamp>,
    /// The platform the customer is on. Default: web chat.
    #[serde(default)]
    pub channel: Option<ChannelName>,
    /// What the calendar says. Default: open.
    #[serde(default)]
    pub hours: Option<HoursKind>,
    /// When agents are there again.
    #[serde(default, deserialize_with = "instant")]
    pub next_open: Option<Timestamp>,
    /// The name of the day off.
    #[serde(default)]
    pub holiday: Option<String>,
    /// What is known about the customer. Default: nothing.
    #[serde(default)]
    pub customer: Value,
    /// The site's settings. Default: nothing.
    #[serde(default)]
    pub settings: Value,
    /// What happens, in order. The scenario is started before the first one.
    pub turns: Vec<Turn>,
}

/// One thing that happens, and what has to follow.
#[derive(Clone, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct Turn {
    /// Words of the customer.
    pub say: Option<String>,
    /// The label of a button or quick reply that was shown before, or the id of one.
    pub press: Option<String>,
    /// A kind of content other than words: `image`, `sticker` …
    pub send: Option<String>,
    /// How the call that is awaited goes: `{"ok": …}`, the name of an error, `timeout` or `error`.
    pub call: Option<Value>,
    /// How the hand-off goes: `accepted`, `closed`, `unavailable` or `returned`.
    pub handoff: Option<String>,
    /// What the agent says to a text: `approved`, `refused`, or other words.
    pub approval: Option<String>,
    /// The node the customer is at then.
    pub at: Option<String>,
    /// What is said, in this order, among other things. Each is part of one text.
    pub says: Option<Vec<String>>,
    /// The labels of all buttons.
    pub buttons: Option<Vec<String>>,
    /// The labels of all quick replies.
    pub replies: Option<Vec<String>>,
    /// What the host is asked to do: `call NAME`, `handoff QUEUE`, `approve`, `emit NAME`, `tag NAME`, `category MAIN`,
    /// `offer ID`.
    pub effects: Option<Vec<String>>,
    /// `waiting`, `call`, `approval`, `handed_off`, or `ended` with its outcome behind a colon.
    pub status: Option<String>,
    /// The stage of the matcher that decided.
    pub stage: Option<String>,
    /// Why nothing was done.
    pub ignored: Option<String>,
    /// The values of variables; null for one that is not set.
    pub slots: BTreeMap<String, Value>,
}

/// Where a talk went another way than was written down.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Mismatch {
    /// Which turn, from 0.
    pub turn: usize,
    /// Which of its members.
    pub what: &'static str,
    /// What was written down.
    pub expected: String,
    /// What came.
    pub got: String,
}

impl fmt::Display for Mismatch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (turn, what) = (self.turn, self.what);
        write!(
            f,
            "turn {turn}, {what}: expected {}, got {}",
            self.expected, self.got
        )
    }
}

/// `Debug` shows the name alone: what people say in it may have been said by somebody.
impl fmt::Debug for Recording {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Recording")
            .field("name", &self.name)
            .field("turns", &self.turns.len())
            .finish_non_exhaustive()
    }
}

/// `Debug` shows nothing that is said.
impl fmt::Debug for Turn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Turn")
            .field("at", &self.at)
            .finish_non_exhaustive()
    }
}

impl Recording {
    /// Plays it against a scenario; gives everything that came out differently, nothing when it went as written.
    #[must_use]
    pub fn play(&self, flow: &Compiled) -> Vec<Mismatch> {
        let mut env = Env::new(self.now.unwrap_or(NOW));
        if let Some(kind) = self.hours.filter(|kind| *kind != HoursKind::Open) {
            env.hours = Hours::closed(kind, self.next_open);
            env.hours.holiday.clone_from(&self.holiday);
        }
        if let Some(channel) = &self.channel {
            env.channel = channel.clone();
        }
        env.customer = self.customer.clone();
        env.settings = self.settings.clone();
        let mut state = State::new(flow);
        let mut made = step(flow, &mut state, Input::Start, &env);
        let mut shown: Vec<(String, String)> = Vec::new();
        let mut awaited = String::new();
        let mut found = Vec::new();
        for (place, turn) in self.turns.iter().enumerate() {
            look(&made, &mut shown, &mut awaited);
            let id = format!("turn-{place}");
            match turn.input(&id, &awaited, &shown) {
                Some(input) => made = step(flow, &mut state, input, &env),
                // A turn in which nothing happens looks at how it began, or at what came last.
                None if place == 0 || turn.is_look() => {}
                None => {
                    found.push(Mismatch {
                        turn: place,
                        what: "input",
                        expected: "one of say, press, send, call, handoff, approval".to_owned(),
                        got: "none that is one".to_owned(),
                    });
                    continue;
                }
            }
            turn.compare(place, &state, &made, &mut found);
        }
        found
    }
}

/// An instant as people write it, or in milliseconds.
fn instant<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Timestamp>, D::Error> {
    let wrong = || serde::de::Error::custom("expected an instant as RFC 3339, or milliseconds");
    match Value::deserialize(from)? {
        Value::Null => Ok(None),
        Value::Int(millis) => Ok(Some(Timestamp::from_millis(millis))),
        Value::Text(text) => text.parse().map(Some).map_err(|_| wrong()),
        _ => Err(wrong()),
    }
}

/// 2026-01-01T00:00:00Z, where nobody says when the talk is.
const NOW: Timestamp = Timestamp::from_millis(1_767_225_600_000);

/// Remembers what may be pressed and answered next.
fn look(made: &Step, shown: &mut Vec<(String, String)>, awaited: &mut String) {
    let (buttons, replies) = pressables(made);
    let all = buttons.into_iter().chain(replies);
    shown.extend(all.map(|button| (button.label.clone(), button.value.clone())));
    for effect in &made.effects {
        if let Effect::Call { id, .. } | Effect::Handoff { id, .. } | Effect::Approve { id, .. } =
            effect
        {
            awaited.clone_from(id);
        }
    }
}

type Buttons<'m> = Vec<&'m happytalk_core::content::Button>;

/// The buttons that stay, and those that vanish.
fn pressables(made: &Step) -> (Buttons<'_>, Buttons<'_>) {
    let (mut buttons, mut replies) = (Vec::new(), Vec::new());
    for content in made.outputs.iter().flat_map(|output| &*output.content) {
        match content {
            Content::Card(card) => {
                buttons.extend(&card.buttons);
                replies.extend(&card.quick_replies);
            }
            Content::Text(text) => replies.extend(&text.quick_replies),
            _ => {}
        }
    }
    (buttons, replies)
}

impl Turn {
    fn is_look(&self) -> bool {
        self.say.is_none()
            && self.press.is_none()
            && self.send.is_none()
            && self.call.is_none()
            && self.handoff.is_none()
            && self.approval.is_none()
    }

    fn input<'t>(
        &'t self,
        id: &'t str,
        awaited: &'t str,
        shown: &'t [(String, String)],
    ) -> Option<Input<'t>> {
        let said = |text, token, media| Input::Customer {
            id,
            text,
            token,
            media,
        };
        if let Some(text) = &self.say {
            return Some(said(Some(text), None, None));
        }
        if let Some(pressed) = &self.press {
            let button = shown.iter().rev().find(|(label, _)| label == pressed);
            return Some(match button {
                Some((label, token)) => said(Some(label), Some(token), None),
                None => said(None, Some(pressed), None),
            });
        }
        if let Some(media) = &self.send {
            return Some(said(None, None, Some(media)));
        }
        if let Some(value) = &self.call {
            let outcome = outcome(value)?;
            return Some(Input::CallResult {
                id: awaited,
                outcome,
            });
        }
        if let Some(word) = &self.handoff {
            let outcome = match word.as_str() {
                "accepted" => HandoffOutcome::Accepted,
                "closed" => HandoffOutcome::Closed,
                "unavailable" => HandoffOutcome::Unavailable,
                "returned" => HandoffOutcome::Returned,
                _ => return None,
            };
            return Some(Input::HandoffResult {
                id: awaited,
                outcome,
            });
        }
        let outcome = match self.approval.as_deref()? {
            "approved" => ApprovalOutcome::Approved,
            "refused" => ApprovalOutcome::Refused,
            words => ApprovalOutcome::Changed(words.to_owned()),
        };
        Some(Input::Approval {
            id: awaited,
            outcome,
        })
    }

    fn compare(&self, turn: usize, state: &State, made: &Step, found: &mut Vec<Mismatch>) {
        let mut same = |what, expected: Option<String>, got: String| {
            if let Some(expected) = expected.filter(|expected| *expected != got) {
                found.push(Mismatch {
                    turn,
                    what,
                    expected,
                    got,
                });
            }
        };
        let at = state.at().map_or("", |node| node.as_str());
        same("at", self.at.clone(), at.to_owned());
        same("status", self.status.clone(), status(&made.status));
        let (buttons, replies) = pressables(made);
        let labels = |all: &[&happytalk_core::content::Button]| {
            let labels: Vec<_> = all.iter().map(|button| button.label.as_str()).collect();
            labels.join(" | ")
        };
        let told = |list: &Option<Vec<String>>| list.as_ref().map(|list| list.join(" | "));
        same("buttons", told(&self.buttons), labels(&buttons));
        same("replies", told(&self.replies), labels(&replies));
        let effects: Vec<String> = made.effects.iter().map(effect).collect();
        same("effects", told(&self.effects), effects.join(" | "));
        let stage = made.trace.iter().find_map(|trace| match trace {
            Trace::Matched { stage, .. }
            | Trace::Unsure { stage, .. }
            | Trace::Ambiguous { stage, .. } => Some(stage.as_str()),
            _ => None,
        });
        same(
            "stage",
            self.stage.clone(),
            stage.unwrap_or("none").to_owned(),
        );
        let ignored = made.trace.iter().find_map(|trace| match trace {
            Trace::Ignored { code } => Some(*code),
            _ => None,
        });
        same(
            "ignored",
            self.ignored.clone(),
            ignored.unwrap_or("none").to_owned(),
        );
        let written = |value: &Value| serde_json::to_string(value).unwrap_or_default();
        for (name, value) in &self.slots {
            let kept = state.slot(name).unwrap_or(&Value::Null);
            same(
                "slots",
                Some(format!("{name} = {}", written(value))),
                format!("{name} = {}", written(kept)),
            );
        }
        if let Some(says) = &self.says {
            let words = made.outputs.iter().flat_map(|output| &*output.content);
            let words: Vec<&str> = words.filter_map(Content::words).collect();
            let mut rest = words.iter();
            let all = says
                .iter()
                .all(|said| rest.any(|words| words.contains(said.as_str())));
            if !all {
                let (expected, got) = (says.join(" / "), words.join(" / "));
                same("says", Some(expected), got);
            }
        }
    }
}

fn status(status: &Status) -> String {
    match status {
        Status::Waiting => "waiting".to_owned(),
        Status::WaitingCall => "call".to_owned(),
        Status::WaitingApproval => "approval".to_owned(),
        Status::HandedOff => "handed_off".to_owned(),
        Status::Ended { outcome, .. } => format!("ended:{outcome}"),
    }
}

fn effect(effect: &Effect) -> String {
    match effect {
        Effect::Call { name, .. } => format!("call {name}"),
        Effect::Handoff { queue, .. } => match queue {
            Some(queue) => format!("handoff {queue}"),
            None => "handoff".to_owned(),
        },
        Effect::Approve { .. } => "approve".to_owned(),
        Effect::Emit { name, .. } => format!("emit {name}"),
        Effect::Tag { tag } => format!("tag {tag}"),
        Effect::Category { main, .. } => format!("category {main}"),
        Effect::Offer { id, .. } => format!("offer {id}"),
    }
}

fn outcome(value: &Value) -> Option<CallOutcome> {
    match value {
        Value::Text(word) => Some(match word.as_str() {
            "timeout" => CallOutcome::Timeout,
            "error" => CallOutcome::Error,
            code => CallOutcome::Declared(code.to_owned()),
        }),
        Value::Object(members) if members.len() == 1 => members
            .get("ok")
            .map(|value| CallOutcome::Ok(value.clone())),
        _ => None,
    }
}
