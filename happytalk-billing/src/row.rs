//! Entries as a ledger keeps them: half as long as an [`Entry`], which is made of one when somebody asks for it.

use std::num::NonZeroU8;
use std::sync::Arc;

use happytalk_core::id::{MessageId, Word};
use happytalk_core::{Timestamp, Won};

use crate::digest::Digest;
use crate::entry::{Content, Entry, EntryKind, Key, Lot, LotKind, Move, Moves, Place};
use crate::price_book::PriceBook;
use crate::site_line::SiteCommand;

/// The key of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RowKey {
    /// That of the last command before it, which stands in the list of commands at this index.
    Command(u32),
    /// One that the ledger made.
    Made(Key),
}

/// One entry, and whether it was given back since. Its number follows from where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Row {
    pub(crate) at: Timestamp,
    pub(crate) amount: Won,
    pub(crate) balance: Won,
    pub(crate) hash: Digest,
    pub(crate) key: RowKey,
    pub(crate) place: Option<Arc<Place>>,
    pub(crate) message: Option<MessageId>,
    /// What few entries have.
    rest: Option<Box<Rest>>,
    /// The one lot that it moves by its amount, unless `rest` has the moves.
    lot_expires_at: Timestamp,
    lot_entry: u32,
    lot_kind: LotKind,
    /// The price book's number of the item, unless `rest` has the name.
    item: Option<NonZeroU8>,
    pub(crate) kind: EntryKind,
    /// No part of the entry, which never changes: a later one gives it back.
    pub(crate) is_given_back: bool,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Rest {
    vat: Won,
    fee: Won,
    reservation: Option<Word>,
    gives_back: Option<u64>,
    /// Where it is not one whole lot that moves.
    moves: Option<Moves>,
    /// Where it is not the place in the list: a fact that no ledger decided.
    id: Option<u64>,
    /// Where the ledger's price book has no number for it.
    item: Option<Word>,
    /// Where it is not the ledger's.
    price_book: Option<Arc<str>>,
}

impl Row {
    /// An entry at `place` in the list, counted from 1, of a ledger with the price book `book`.
    pub(crate) fn new(
        content: &Content<'_>,
        hash: Digest,
        key: RowKey,
        place: u64,
        book: &PriceBook,
    ) -> Self {
        let whole = whole_move(content);
        let name = book.shared_name();
        let is_of_book = Arc::ptr_eq(content.price_book, name) || content.price_book == name;
        let item = content.item.and_then(|item| book.item_number(item));
        let is_plain = whole.is_some()
            && is_of_book
            && item.is_some() == content.item.is_some()
            && content.vat == Won::ZERO
            && content.fee == Won::ZERO
            && content.reservation.is_none()
            && content.gives_back.is_none()
            && content.id == place;
        let rest = (!is_plain).then(|| {
            Box::new(Rest {
                vat: content.vat,
                fee: content.fee,
                reservation: content.reservation.cloned(),
                gives_back: content.gives_back,
                moves: whole.is_none().then(|| content.moves.to_vec().into()),
                id: (content.id != place).then_some(content.id),
                item: content.item.filter(|_| item.is_none()).cloned(),
                price_book: (!is_of_book).then(|| Arc::clone(content.price_book)),
            })
        });
        let (lot, lot_entry) = whole.unwrap_or((Lot::OWED, 0));
        Self {
            at: content.at,
            amount: content.amount,
            balance: content.balance,
            hash,
            key,
            item,
            place: content.place.cloned(),
            message: content.message.cloned(),
            rest,
            lot_expires_at: lot.expires_at,
            lot_entry,
            lot_kind: lot.kind,
            kind: content.kind,
            is_given_back: false,
        }
    }

    pub(crate) fn vat(&self) -> Won {
        self.rest.as_ref().map_or(Won::ZERO, |rest| rest.vat)
    }

    pub(crate) fn fee(&self) -> Won {
        self.rest.as_ref().map_or(Won::ZERO, |rest| rest.fee)
    }

    /// What was charged, by the names of the ledger's price book.
    pub(crate) fn item<'a>(&'a self, book: &'a PriceBook) -> Option<&'a Word> {
        match self.item {
            Some(number) => book.item_name(number),
            None => self.rest.as_ref()?.item.as_ref(),
        }
    }

    pub(crate) fn reservation(&self) -> Option<&Word> {
        self.rest.as_ref()?.reservation.as_ref()
    }

    pub(crate) fn gives_back(&self) -> Option<u64> {
        self.rest.as_ref()?.gives_back
    }

    /// The lots it moves.
    pub(crate) fn moves(&self) -> Moves {
        let rest = self.rest.as_ref().and_then(|rest| rest.moves.as_ref());
        rest.cloned().unwrap_or_else(|| {
            let lot = Lot {
                kind: self.lot_kind,
                expires_at: self.lot_expires_at,
                entry: u64::from(self.lot_entry),
            };
            Move::new(lot, self.amount).into()
        })
    }

    /// Whether everything that `command` says can be read off this entry alone, so that no other command says the same.
    pub(crate) fn says(&self, command: &SiteCommand, book: &PriceBook) -> bool {
        match command {
            SiteCommand::MessageSent {
                id,
                kind,
                reservation: None,
            } => {
                self.kind == EntryKind::Message
                    && self.reservation().is_none()
                    && self.message.as_ref() == Some(id)
                    && self.item(book) == Some(kind)
            }
            SiteCommand::MessageFailed { id } => {
                self.kind == EntryKind::MessageRefund && self.message.as_ref() == Some(id)
            }
            _ => false,
        }
    }

    /// The entry, at `place` in the list, under `key`, of a ledger with the price book `book`.
    pub(crate) fn to_entry(&self, place: u64, key: Key, book: &PriceBook) -> Entry {
        let rest = self.rest.as_deref();
        let foreign = rest.and_then(|rest| rest.price_book.as_ref());
        Entry {
            id: rest.and_then(|rest| rest.id).unwrap_or(place),
            at: self.at,
            kind: self.kind,
            amount: self.amount,
            balance: self.balance,
            vat: self.vat(),
            fee: self.fee(),
            key,
            item: self.item(book).cloned(),
            place: self.place.clone(),
            message: self.message.clone(),
            reservation: self.reservation().cloned(),
            gives_back: self.gives_back(),
            price_book: Arc::clone(foreign.unwrap_or(book.shared_name())),
            moves: self.moves(),
            hash: self.hash,
        }
    }
}

/// The one lot that an entry moves by its amount; `None` where it is otherwise.
fn whole_move(content: &Content<'_>) -> Option<(Lot, u32)> {
    let [Move { lot, amount }] = content.moves else {
        return None;
    };
    let entry = u32::try_from(lot.entry).ok()?;
    (*amount == content.amount).then_some((*lot, entry))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_is_no_longer_than_it_must_be() {
        assert_eq!(size_of::<RowKey>(), 16);
        assert!(size_of::<Row>() <= 120, "{}", size_of::<Row>());
    }
}
