//! Facts: the events of a decision in the form in which a ledger keeps them.

use super::{Body, Ledger, LedgerEvent};
use crate::entry::{Content, Entry, Key};
use crate::pages::Pages;
use crate::row::{Row, RowKey};

/// A [`LedgerEvent`], as short as the ledger keeps it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fact {
    /// [`LedgerEvent::Recorded`].
    Recorded { key: Key, body: Body, entries: u32 },
    /// [`LedgerEvent::Booked`].
    Booked(Row),
    /// Any other, of which there are few.
    Told(Box<LedgerEvent>),
}

impl Ledger {
    /// The events that the facts of a decision stand for.
    pub(super) fn events(&self, facts: Vec<Fact>) -> Vec<LedgerEvent> {
        let mut recorded = None;
        let mut number = self.next_id();
        let event = |fact| match fact {
            Fact::Recorded { key, body, entries } => {
                recorded = Some(key.clone());
                LedgerEvent::Recorded { key, body, entries }
            }
            Fact::Booked(row) => {
                let of_command = match &recorded {
                    Some(key) => Some(key),
                    None => self.commands.last().map(|command| &command.key),
                };
                let entry = self.entry_of(&row, number, of_command);
                number = number.saturating_add(1);
                LedgerEvent::Booked(entry)
            }
            Fact::Told(event) => *event,
        };
        facts.into_iter().map(event).collect()
    }

    /// The fact that an event stands for.
    pub(super) fn fact(&self, event: &LedgerEvent) -> Fact {
        match event {
            LedgerEvent::Recorded { key, body, entries } => Fact::Recorded {
                key: key.clone(),
                body: *body,
                entries: *entries,
            },
            LedgerEvent::Booked(entry) => {
                let command = self.commands.last();
                let is_of_command = command.is_some_and(|command| command.key == entry.key);
                let key = if is_of_command {
                    RowKey::Command(self.commands.count().saturating_sub(1))
                } else {
                    RowKey::Made(entry.key.clone())
                };
                let (place, book) = (self.next_id(), &self.book);
                let content = Content::of(entry);
                Fact::Booked(Row::new(&content, entry.hash, key, place, book))
            }
            _ => Fact::Told(Box::new(event.clone())),
        }
    }

    /// The entry of a row: at `number` in the list, by a command with the key `of_command` where it has such a key.
    fn entry_of(&self, row: &Row, number: u64, of_command: Option<&Key>) -> Entry {
        let key = match &row.key {
            RowKey::Made(key) => Some(key),
            RowKey::Command(_) => of_command,
        };
        // A row never names a command that is not there.
        let key = key.cloned().unwrap_or_else(|| Key::made(""));
        row.to_entry(number, key, &self.book)
    }

    /// The entry at `index`, from 0 on.
    pub(super) fn entry_at(&self, index: usize) -> Option<Entry> {
        let row = self.rows.get(index)?;
        let of_command = match &row.key {
            RowKey::Command(command) => self.commands.nth(*command).map(|command| &command.key),
            RowKey::Made(_) => None,
        };
        let number = Pages::<Row>::number_of(index);
        Some(self.entry_of(row, number, of_command))
    }
}
