//! The conversations of before (상담 이력): what may be asked for, and the answer out of a log.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::ChannelUser;
use crate::channel_name::ChannelName;
use crate::conversation::{Conversation, Phase};
use crate::event::Category;
use crate::id::{AgentId, ConversationId, PersonId};
use crate::log::{Line, Stream};
use crate::sealed::Sealable;
use crate::time::Timestamp;

/// The most entries of a page where the query names none.
pub const PAGE_DEFAULT: u32 = 50;
/// The most entries of a page.
pub const PAGE_MAX: u32 = 500;

/// Whose conversations.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Whose {
    /// Those of a customer of one account.
    User(ChannelUser),
    /// Those in which the customer was linked to this person.
    Person(PersonId),
}

/// Which conversations are wanted: the latest opened first, as the list of conversations counts by opening.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryQuery {
    /// Whose; everybody's where it is left out.
    pub whose: Option<Whose>,
    /// Opened at this instant or later.
    pub opened_from: Option<Timestamp>,
    /// Opened before this instant.
    pub opened_until: Option<Timestamp>,
    /// At most so many; [`PAGE_DEFAULT`] where it is left out, [`PAGE_MAX`] at the most.
    pub limit: Option<u32>,
    /// After this place in the order, from the page before.
    pub after: Option<Cursor>,
}

impl HistoryQuery {
    /// Everything, the latest first.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Of `whose`.
    #[must_use]
    pub fn of(mut self, whose: Whose) -> Self {
        self.whose = Some(whose);
        self
    }

    /// Opened in `[from, until)`.
    #[must_use]
    pub const fn opened(mut self, from: Timestamp, until: Timestamp) -> Self {
        self.opened_from = Some(from);
        self.opened_until = Some(until);
        self
    }

    /// How many entries a page has at the most.
    #[must_use]
    pub fn page(&self) -> u32 {
        self.limit.unwrap_or(PAGE_DEFAULT).clamp(1, PAGE_MAX)
    }
}

/// A place in the order of a history.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Cursor {
    /// When the conversation there was opened.
    pub opened_at: Timestamp,
    /// Which it is.
    pub conversation: ConversationId,
}

/// One conversation of a history.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryEntry {
    /// Which.
    pub conversation: ConversationId,
    /// The conversation before, of the same customer.
    pub previous: Option<ConversationId>,
    /// Over which channel.
    pub channel: ChannelName,
    /// When it was first opened.
    pub opened_at: Timestamp,
    /// When it was over.
    pub closed_at: Option<Timestamp>,
    /// Where it stands.
    pub phase: Phase,
    /// The agent who has it, or had it last.
    pub agent: Option<AgentId>,
    /// What it was about.
    pub category: Option<Category>,
    /// Its title.
    pub title: Option<Sealable<String>>,
}

/// Some of a history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct HistoryPage {
    /// The latest opened first.
    pub entries: Vec<HistoryEntry>,
    /// Where the next page begins; `None` at the end.
    pub next: Option<Cursor>,
}

/// A history that is folded out of a log and kept in memory: what a store with tables of its own has to answer too.
#[derive(Debug, Clone, Default)]
pub struct HistoryIndex {
    conversations: BTreeMap<ConversationId, (Timestamp, Conversation)>,
    by_opening: BTreeSet<Cursor>,
    by_user: BTreeMap<ChannelUser, BTreeSet<Cursor>>,
    by_person: BTreeMap<PersonId, BTreeSet<Cursor>>,
}

impl HistoryIndex {
    /// Nothing has happened.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes a line of the log; lines of other streams are passed over.
    pub fn observe(&mut self, line: &Line) {
        let Stream::Conversation(id) = &line.stream else {
            return;
        };
        let fresh = !self.conversations.contains_key(id);
        let (opened_at, conversation) = self
            .conversations
            .entry(id.clone())
            .or_insert_with(|| (line.at, Conversation::new()));
        conversation.apply(&line.event, line.at);
        let cursor = Cursor {
            opened_at: *opened_at,
            conversation: id.clone(),
        };
        if let Some(Sealable::Open(person)) = conversation.person() {
            self.by_person
                .entry(person.clone())
                .or_default()
                .insert(cursor.clone());
        }
        if fresh {
            if let Some(party) = conversation.party()
                && let Some(customer) = party.customer.open()
            {
                let user = ChannelUser::new(
                    party.channel.clone(),
                    party.account.clone(),
                    customer.clone(),
                );
                self.by_user.entry(user).or_default().insert(cursor.clone());
            }
            self.by_opening.insert(cursor);
        }
    }

    /// The page that `query` asks for.
    #[must_use]
    pub fn find(&self, query: &HistoryQuery) -> HistoryPage {
        let nothing = BTreeSet::new();
        let order = match &query.whose {
            None => &self.by_opening,
            Some(Whose::User(user)) => self.by_user.get(user).unwrap_or(&nothing),
            Some(Whose::Person(person)) => self.by_person.get(person).unwrap_or(&nothing),
        };
        let limit = usize::try_from(query.page()).unwrap_or(usize::MAX);
        let mut wanted = order
            .iter()
            .rev()
            .filter(|cursor| query.after.as_ref().is_none_or(|after| *cursor < after))
            .skip_while(|cursor| {
                query
                    .opened_until
                    .is_some_and(|until| cursor.opened_at >= until)
            })
            .take_while(|cursor| {
                query
                    .opened_from
                    .is_none_or(|from| cursor.opened_at >= from)
            });
        let entries: Vec<_> = wanted
            .by_ref()
            .take(limit)
            .filter_map(|cursor| self.entry(cursor))
            .collect();
        let next = entries
            .last()
            .filter(|_| wanted.next().is_some())
            .map(|entry| Cursor {
                opened_at: entry.opened_at,
                conversation: entry.conversation.clone(),
            });
        HistoryPage { entries, next }
    }

    fn entry(&self, cursor: &Cursor) -> Option<HistoryEntry> {
        let (opened_at, conversation) = self.conversations.get(&cursor.conversation)?;
        let party = conversation.party()?;
        Some(HistoryEntry {
            conversation: cursor.conversation.clone(),
            previous: party.previous.clone(),
            channel: party.channel.clone(),
            opened_at: *opened_at,
            closed_at: conversation.closed_at(),
            phase: conversation.phase(),
            agent: conversation.agent().cloned(),
            category: conversation.category().cloned(),
            title: conversation.title().cloned(),
        })
    }
}
