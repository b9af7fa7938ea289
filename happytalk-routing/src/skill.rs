//! What an agent can do and what a conversation asks for (스킬).

use std::collections::BTreeMap;
use std::sync::Arc;

use happytalk_core::id::Word;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// What an agent can do, each with a level from 1 to 5.
pub type Skills = BTreeMap<Word, u8>;

/// What is asked of an agent: every entry of the list must hold, and of an entry any one skill at its level or above.
/// An empty list asks nothing.
///
/// As JSON `[{"english":3,"japanese":2},{"refund":1}]`: English at 3 or Japanese at 2, and refunds.
///
/// A copy shares the list.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Requirement(Option<Arc<Vec<BTreeMap<Word, u8>>>>);

impl Serialize for Requirement {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.entries().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Requirement {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let entries = Vec::deserialize(deserializer)?;
        Ok(Self((!entries.is_empty()).then(|| Arc::new(entries))))
    }
}

impl Requirement {
    /// Nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    fn entries(&self) -> &[BTreeMap<Word, u8>] {
        self.0.as_deref().map_or(&[], Vec::as_slice)
    }

    /// One skill at this level or above.
    #[must_use]
    pub fn of(skill: Word, level: u8) -> Self {
        Self::none().and(skill, level)
    }

    /// And this skill at this level or above.
    #[must_use]
    pub fn and(self, skill: Word, level: u8) -> Self {
        self.and_any([(skill, level)])
    }

    /// And any of these skills, each at its level or above.
    #[must_use]
    pub fn and_any(mut self, skills: impl IntoIterator<Item = (Word, u8)>) -> Self {
        let entries = self.0.get_or_insert_default();
        Arc::make_mut(entries).push(skills.into_iter().collect());
        self
    }

    /// Whether somebody with these skills meets it.
    #[must_use]
    pub fn is_met_by(&self, skills: &Skills) -> bool {
        self.entries().iter().all(|any| {
            any.iter()
                .any(|(skill, level)| skills.get(skill).is_some_and(|has| has >= level))
        })
    }

    /// Whether it asks nothing.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.0.is_none()
    }
}

/// After this much waiting, something else is asked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Step {
    /// Milliseconds since it began to wait.
    pub after_millis: u64,
    /// What is asked from there on, instead of what was asked before.
    #[serde(default)]
    pub skills: Requirement,
}

impl Step {
    /// After this much waiting, this is asked.
    #[must_use]
    pub fn new(after: std::time::Duration, skills: Requirement) -> Self {
        Self {
            after_millis: crate::millis(after),
            skills,
        }
    }
}

/// What a conversation asks for at first, and what it makes do with as it waits.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Need {
    /// At first.
    #[serde(default)]
    pub skills: Requirement,
    /// Later, in the order of waiting. Its place in the line is not touched.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<Step>,
}

impl Need {
    /// This, however long it takes.
    #[must_use]
    pub const fn new(skills: Requirement) -> Self {
        Self {
            skills,
            steps: Vec::new(),
        }
    }

    /// After this much waiting, this instead.
    #[must_use]
    pub fn then(mut self, after: std::time::Duration, skills: Requirement) -> Self {
        self.steps.push(Step::new(after, skills));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_entry_must_hold_and_any_skill_of_an_entry_does() {
        let json = r#"[{"english":3,"japanese":2},{"refund":1}]"#;
        let need: Requirement = serde_json::from_str(json).unwrap();
        let skills = |text: &str| serde_json::from_str::<Skills>(text).unwrap();
        assert!(need.is_met_by(&skills(r#"{"english":3,"refund":1}"#)));
        assert!(need.is_met_by(&skills(r#"{"japanese":5,"refund":2}"#)));
        assert!(!need.is_met_by(&skills(r#"{"english":2,"refund":1}"#)));
        assert!(!need.is_met_by(&skills(r#"{"english":5}"#)));
        assert!(Requirement::none().is_met_by(&Skills::new()));
        assert_eq!(serde_json::to_string(&need).unwrap(), json);
    }
}
