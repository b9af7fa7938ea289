//! How the outside answers while a scenario is played: from the document's first test, or as told on the command line.

use std::collections::BTreeMap;

use happytalk_core::json::{self, JsonError};
use happytalk_core::{Timestamp, Value};
use happytalk_scenario::CallOutcome;

/// How each call answers, in turn; the last answer goes on.
#[derive(Default)]
pub(super) struct Answers {
    by_name: BTreeMap<String, Vec<CallOutcome>>,
    given: BTreeMap<String, usize>,
}

impl Answers {
    /// Reads an object with an answer, or a list of them, for each name.
    ///
    /// # Errors
    /// The name whose answer is none; `None` where it is no such object at all.
    fn read(value: &Value) -> Result<Self, Option<&str>> {
        let Value::Object(members) = value else {
            return Err(None);
        };
        let mut by_name = BTreeMap::new();
        let calls = members.iter().filter(|(name, _)| !name.starts_with('_'));
        for (name, value) in calls {
            let answers: Option<Vec<_>> = match value {
                Value::List(list) => list.iter().map(outcome).collect(),
                one => outcome(one).map(|one| vec![one]),
            };
            match answers {
                Some(answers) if !answers.is_empty() => by_name.insert(name.clone(), answers),
                _ => return Err(Some(name)),
            };
        }
        Ok(Self {
            by_name,
            given: BTreeMap::new(),
        })
    }

    /// Reads the JSON of `--calls`.
    ///
    /// # Errors
    /// Why it is not that.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let value: Value = json::from_str(text).map_err(|error: JsonError| error.to_string())?;
        Self::read(&value).map_err(|name| match name {
            Some(name) => format!("no answer of a call. call=`{name}`"),
            None => "expected an object with an answer for each call".to_owned(),
        })
    }

    /// These, and of what they do not name those of `others`.
    pub(super) fn before(mut self, others: Self) -> Self {
        for (name, answers) in others.by_name {
            self.by_name.entry(name).or_insert(answers);
        }
        self
    }

    /// The next answer of a call; `None` where nobody said how it answers.
    pub(super) fn next(&mut self, name: &str) -> Option<CallOutcome> {
        let answers = self.by_name.get(name)?;
        let given = self.given.entry(name.to_owned()).or_insert(0);
        let answer = answers.get(*given).or_else(|| answers.last());
        *given += 1;
        answer.cloned()
    }
}

/// `{"ok": …}`, `timeout`, `error`, or the name of an error.
fn outcome(value: &Value) -> Option<CallOutcome> {
    match value {
        Value::Text(name) => Some(named(name)),
        Value::Object(members) => match members.iter().next() {
            Some((name, value)) if members.len() == 1 && name == "ok" => {
                Some(CallOutcome::Ok(value.clone()))
            }
            Some((name, Value::Text(code))) if members.len() == 1 && name == "error" => {
                Some(named(code))
            }
            Some((name, _)) if members.len() == 1 => Some(named(name)),
            _ => None,
        },
        _ => None,
    }
}

fn named(name: &str) -> CallOutcome {
    match name {
        "timeout" => CallOutcome::Timeout,
        "error" => CallOutcome::Error,
        code => CallOutcome::Declared(code.to_owned()),
    }
}

/// Reads what somebody typed at the prompt; `None` where it is no answer.
pub(super) fn typed(text: &str) -> Option<CallOutcome> {
    let text = text.trim();
    if text.starts_with(['{', '"']) {
        return outcome(&json::from_str(text).ok()?);
    }
    let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.' | '-');
    (!text.is_empty() && text.chars().all(is_name)).then(|| named(text))
}

/// An answer as it would be written.
pub(super) fn shown(outcome: &CallOutcome) -> String {
    match outcome {
        CallOutcome::Ok(value) => {
            let value = serde_json::to_string(value).unwrap_or_default();
            format!("{{\"ok\":{value}}}")
        }
        CallOutcome::Declared(code) => code.clone(),
        CallOutcome::Timeout => "timeout".to_owned(),
        CallOutcome::Error => "error".to_owned(),
    }
}

/// The first embedded test of a document, as far as a talk needs it.
#[derive(Default)]
pub(super) struct FirstTest {
    pub(super) name: Option<String>,
    pub(super) now: Option<Timestamp>,
    pub(super) hours: Option<String>,
    pub(super) handoff: Option<String>,
    pub(super) customer: Value,
    pub(super) settings: Value,
    pub(super) answers: Answers,
}

impl FirstTest {
    /// Reads it out of the text of a document that loads; without one everything is empty.
    pub(super) fn of(document: &str) -> Self {
        let document = document.strip_prefix('\u{FEFF}').unwrap_or(document);
        let document: Value = json::from_str(document).unwrap_or_default();
        let Some(Value::List(tests)) = document.get("tests") else {
            return Self::default();
        };
        let Some(test) = tests.first() else {
            return Self::default();
        };
        let text = |name| test.get(name).and_then(Value::as_text);
        let value = |name| test.get(name).cloned().unwrap_or_default();
        Self {
            name: text("name").map(str::to_owned),
            now: text("now").and_then(|now| now.parse().ok()),
            hours: text("hours").map(str::to_owned),
            handoff: text("handoff").map(str::to_owned),
            customer: value("customer"),
            settings: value("settings"),
            answers: test
                .get("calls")
                .and_then(|calls| Answers::read(calls).ok())
                .unwrap_or_default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_answers_in_turn_and_then_goes_on_with_the_last() {
        let told = Answers::parse(r#"{"a":["timeout",{"ok":1}],"b":"not_found"}"#).unwrap();
        let test = Answers::parse(r#"{"b":"error","c":{"ok":null},"_":7}"#).unwrap();
        let mut answers = told.before(test);
        assert_eq!(answers.next("a"), Some(CallOutcome::Timeout));
        for _ in 0..2 {
            assert_eq!(answers.next("a"), Some(CallOutcome::Ok(Value::Int(1))));
        }
        let not_found = CallOutcome::Declared("not_found".to_owned());
        assert_eq!(answers.next("b"), Some(not_found));
        assert_eq!(answers.next("c"), Some(CallOutcome::Ok(Value::Null)));
        assert_eq!(answers.next("d"), None);
    }

    #[test]
    fn what_is_no_answer_is_refused() {
        for text in [
            "[]",
            "{",
            r#"{"a":7}"#,
            r#"{"a":[]}"#,
            r#"{"a":{"ok":1.5}}"#,
        ] {
            assert!(Answers::parse(text).is_err(), "{text}");
        }
        assert_eq!(typed(" timeout \n"), Some(CallOutcome::Timeout));
        assert!(typed("").is_none() && typed("주문").is_none() && typed("{\"ok\"").is_none());
    }
}
