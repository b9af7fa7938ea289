//! Which keys belong to one person.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Block, BlockScope, Claim, Key, Profile};
use crate::channel_name::ChannelName;
use crate::id::{MemberId, PersonId};
use crate::time::Timestamp;

/// All the people of a site: the fold of [`Change`]s.
///
/// As a conversation does, it decides first and changes only by facts: [`Directory::resolve`] says who a claim means
/// and which changes that brings; [`Directory::apply`] takes a change and never fails. The host keeps the changes;
/// a fresh directory that takes them again is equal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    people: BTreeMap<PersonId, Person>,
    keys: BTreeMap<Key, PersonId>,
    /// Where a person went who turned out to be another.
    merged: BTreeMap<PersonId, PersonId>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Person {
    keys: BTreeSet<Key>,
    profile: Profile,
    blocks: Vec<Block>,
}

/// A fact about people.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Change {
    /// A key belongs to a person; the person exists from then on.
    Linked {
        /// The key.
        key: Key,
        /// Whose it is.
        person: PersonId,
    },
    /// Two people are one: all of `from` is `into`'s.
    Merged {
        /// Who is no more.
        from: PersonId,
        /// Who they are.
        into: PersonId,
    },
    /// More is known of a person. What is not set stays.
    ProfileSet {
        /// Who.
        person: PersonId,
        /// What.
        profile: Profile,
    },
    /// A person is blocked. A block of the same scope before is replaced.
    Blocked {
        /// Who.
        person: PersonId,
        /// How.
        block: Block,
    },
    /// A block is lifted.
    Unblocked {
        /// Who.
        person: PersonId,
        /// Which.
        scope: BlockScope,
    },
    /// A person is forgotten: keys, profile, blocks.
    Erased {
        /// Who.
        person: PersonId,
    },
}

/// Who a claim means.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Resolved {
    /// The person.
    pub person: PersonId,
    /// What that brings, to be kept and applied.
    pub changes: Vec<Change>,
    /// Keys of the claim that stay with somebody else, because that person carries another member id: two who share
    /// a phone, say. They are not linked.
    pub kept_apart: Vec<Key>,
}

/// Why a directory refuses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum DirectoryError {
    /// A claim without any key.
    #[error("nothing says who this is")]
    NoKey,
    /// The id that was given for somebody new is somebody's already.
    #[error("the id for somebody new is taken")]
    IdTaken,
}

impl DirectoryError {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NoKey => "customer.no_key",
            Self::IdTaken => "customer.id_taken",
        }
    }
}

impl Directory {
    /// Nobody is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Who `claim` means, and what that brings: the member id counts first, then the platform's key, then the cookie.
    /// `fresh` is the id for somebody new.
    ///
    /// Keys of one claim belong together. Where they are two people's, the two become one, unless each carries a
    /// member id and they differ: then what counts most wins and the others stay apart.
    ///
    /// # Errors
    /// [`DirectoryError::NoKey`], and [`DirectoryError::IdTaken`] where somebody new is needed and `fresh` is in use.
    pub fn resolve(&self, claim: &Claim, fresh: &PersonId) -> Result<Resolved, DirectoryError> {
        let keys: Vec<Key> = claim.keys().collect();
        if keys.is_empty() {
            return Err(DirectoryError::NoKey);
        }
        // Somebody known whom the claim can mean: with another member id than the claim's they cannot.
        let fits = |person: &PersonId| match (&claim.member, self.member_of(person)) {
            (Some(claimed), Some(theirs)) => claimed == theirs,
            _ => true,
        };
        let known = keys
            .iter()
            .filter_map(|key| self.keys.get(key))
            .find(|person| fits(person));
        let person = match known {
            Some(person) => person.clone(),
            None if self.people.contains_key(fresh) || self.merged.contains_key(fresh) => {
                return Err(DirectoryError::IdTaken);
            }
            None => fresh.clone(),
        };
        let mut member = self.member_of(&person).or(claim.member.as_ref());
        let mut resolved = Resolved {
            person: person.clone(),
            changes: Vec::new(),
            kept_apart: Vec::new(),
        };
        let mut gone = BTreeSet::new();
        for key in keys {
            match self.keys.get(&key) {
                None => resolved.changes.push(Change::Linked {
                    key,
                    person: person.clone(),
                }),
                Some(owner) if *owner == person || gone.contains(owner) => {}
                Some(owner) => {
                    let theirs = self.member_of(owner);
                    if theirs.is_some() && member.is_some() && theirs != member {
                        resolved.kept_apart.push(key);
                    } else {
                        member = member.or(theirs);
                        gone.insert(owner.clone());
                        resolved.changes.push(Change::Merged {
                            from: owner.clone(),
                            into: person.clone(),
                        });
                    }
                }
            }
        }
        Ok(resolved)
    }

    /// Takes a change as a fact: never fails, decides nothing.
    pub fn apply(&mut self, change: &Change) {
        match change {
            Change::Linked { key, person } => {
                let person = self.current(person).clone();
                if let Some(before) = self.keys.insert(key.clone(), person.clone())
                    && before != person
                    && let Some(other) = self.people.get_mut(&before)
                {
                    other.keys.remove(key);
                }
                self.people
                    .entry(person)
                    .or_default()
                    .keys
                    .insert(key.clone());
            }
            Change::Merged { from, into } => self.merge(from, into),
            Change::ProfileSet { person, profile } => {
                let person = self.person_mut(person);
                person.profile = std::mem::take(&mut person.profile).updated(profile);
            }
            Change::Blocked { person, block } => {
                let person = self.person_mut(person);
                person.blocks.retain(|known| known.scope != block.scope);
                person.blocks.push(block.clone());
            }
            Change::Unblocked { person, scope } => {
                self.person_mut(person)
                    .blocks
                    .retain(|known| known.scope != *scope);
            }
            Change::Erased { person } => {
                let person = self.current(person).clone();
                if let Some(erased) = self.people.remove(&person) {
                    for key in &erased.keys {
                        self.keys.remove(key);
                    }
                }
                self.merged.retain(|_, into| *into != person);
            }
        }
    }

    /// The person of a key.
    #[must_use]
    pub fn by_key(&self, key: &Key) -> Option<&PersonId> {
        self.keys.get(key)
    }

    /// Who a person is now: themselves, or whom they turned out to be.
    #[must_use]
    pub fn current<'a>(&'a self, person: &'a PersonId) -> &'a PersonId {
        self.merged.get(person).unwrap_or(person)
    }

    /// All keys of a person, those that count most first.
    pub fn keys_of(&self, person: &PersonId) -> impl Iterator<Item = &Key> {
        let known = self.people.get(self.current(person));
        known.into_iter().flat_map(|person| &person.keys)
    }

    /// What is known of a person.
    #[must_use]
    pub fn profile(&self, person: &PersonId) -> Option<&Profile> {
        let known = self.people.get(self.current(person))?;
        Some(&known.profile)
    }

    /// The block that keeps a person out on `channel` at `now`.
    #[must_use]
    pub fn block(
        &self,
        person: &PersonId,
        channel: &ChannelName,
        now: Timestamp,
    ) -> Option<&Block> {
        let known = self.people.get(self.current(person))?;
        known.blocks.iter().find(|block| block.holds(channel, now))
    }

    fn member_of(&self, person: &PersonId) -> Option<&MemberId> {
        let known = self.people.get(person)?;
        known.keys.iter().find_map(|key| match key {
            Key::Member(member) => Some(member),
            Key::User(_) | Key::Cookie(_) => None,
        })
    }

    fn person_mut(&mut self, person: &PersonId) -> &mut Person {
        let person = self.current(person).clone();
        self.people.entry(person).or_default()
    }

    fn merge(&mut self, from: &PersonId, into: &PersonId) {
        let from = self.current(from).clone();
        let into = self.current(into).clone();
        if from == into {
            return;
        }
        let gone = self.people.remove(&from).unwrap_or_default();
        for key in &gone.keys {
            self.keys.insert(key.clone(), into.clone());
        }
        let person = self.people.entry(into.clone()).or_default();
        person.keys.extend(gone.keys);
        person.profile = gone.profile.updated(&std::mem::take(&mut person.profile));
        for block in gone.blocks {
            // A block is not shaken off by turning out to be somebody who has none.
            if !person.blocks.iter().any(|known| known.scope == block.scope) {
                person.blocks.push(block);
            }
        }
        for target in self.merged.values_mut() {
            if *target == from {
                *target = into.clone();
            }
        }
        self.merged.insert(from, into);
    }
}
