//! What is known of a person.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::channel_name::ChannelName;
use crate::id::{AgentId, Word};
use crate::time::Timestamp;

/// What is known of a person. All of it is personal: `Debug` shows which fields are set, and no value.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Profile {
    /// Their name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Their phone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone: Option<String>,
    /// Their e-mail address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Their grade (고객 등급), such as VIP; the site's own words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Word>,
    /// What agents noted of them (비고).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub memo: Option<String>,
}

impl Profile {
    /// Nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// `self`, with what `newer` knows in the place of it.
    #[must_use]
    pub fn updated(mut self, newer: &Self) -> Self {
        let Self {
            name,
            phone,
            email,
            grade,
            memo,
        } = newer.clone();
        self.name = name.or(self.name);
        self.phone = phone.or(self.phone);
        self.email = email.or(self.email);
        self.grade = grade.or(self.grade);
        self.memo = memo.or(self.memo);
        self
    }
}

impl fmt::Debug for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fields = [
            ("name", self.name.is_some()),
            ("phone", self.phone.is_some()),
            ("email", self.email.is_some()),
            ("grade", self.grade.is_some()),
            ("memo", self.memo.is_some()),
        ];
        let set = fields.iter().filter(|(_, set)| *set).map(|(name, _)| name);
        f.write_str("Profile")?;
        f.debug_list().entries(set).finish()
    }
}

/// How far a block (차단) reaches.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "a block is of one channel or of the site"
)]
pub enum BlockScope {
    /// One channel.
    Channel(ChannelName),
    /// All of the site.
    Site,
}

/// A block (차단): they never enter a queue.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Block {
    /// How far it reaches.
    pub scope: BlockScope,
    /// Why, for other agents.
    pub reason: String,
    /// Until when, not included; without it, until it is lifted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<Timestamp>,
    /// Who did it.
    pub author: AgentId,
}

impl Block {
    /// A block until it is lifted.
    #[must_use]
    pub fn new(scope: BlockScope, reason: impl Into<String>, author: AgentId) -> Self {
        Self {
            scope,
            reason: reason.into(),
            until: None,
            author,
        }
    }

    /// Whether it holds on `channel` at `now`.
    #[must_use]
    pub fn holds(&self, channel: &ChannelName, now: Timestamp) -> bool {
        let here = match &self.scope {
            BlockScope::Site => true,
            BlockScope::Channel(of) => of == channel,
        };
        here && self.until.is_none_or(|until| now < until)
    }
}

/// Without the reason, which speaks of a customer.
impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Block")
            .field("scope", &self.scope)
            .field("until", &self.until)
            .field("author", &self.author)
            .finish_non_exhaustive()
    }
}
