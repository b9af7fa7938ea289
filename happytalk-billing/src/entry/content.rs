//! All that an entry says, wherever it stands, and the hash over it.

use std::sync::Arc;

use happytalk_core::id::{GroupId, MessageId, Word};
use happytalk_core::{Timestamp, Won};

use super::{Entry, EntryKind, Move, Place};
use crate::digest::{Canon, Digest};

/// An entry's fields but its hash, each where it is kept.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Content<'a> {
    pub(crate) id: u64,
    pub(crate) at: Timestamp,
    pub(crate) kind: EntryKind,
    pub(crate) amount: Won,
    pub(crate) balance: Won,
    pub(crate) vat: Won,
    pub(crate) fee: Won,
    pub(crate) key: &'a str,
    pub(crate) item: Option<&'a Word>,
    pub(crate) place: Option<&'a Arc<Place>>,
    pub(crate) message: Option<&'a MessageId>,
    pub(crate) reservation: Option<&'a Word>,
    pub(crate) gives_back: Option<u64>,
    pub(crate) price_book: &'a Arc<str>,
    pub(crate) moves: &'a [Move],
}

impl<'a> Content<'a> {
    pub(crate) fn of(entry: &'a Entry) -> Self {
        Self {
            id: entry.id,
            at: entry.at,
            kind: entry.kind,
            amount: entry.amount,
            balance: entry.balance,
            vat: entry.vat,
            fee: entry.fee,
            key: entry.key.as_str(),
            item: entry.item.as_ref(),
            place: entry.place.as_ref(),
            message: entry.message.as_ref(),
            reservation: entry.reservation.as_ref(),
            gives_back: entry.gives_back,
            price_book: &entry.price_book,
            moves: entry.moves.as_slice(),
        }
    }

    /// As [`Entry::hash_behind`] says.
    pub(crate) fn hash_behind(&self, before: &Digest) -> Digest {
        let key = match self.kind {
            EntryKind::DayCase | EntryKind::BotOver => {
                let days = self.key.rsplit_once('/');
                days.map_or(self.key, |(_, day)| day)
            }
            _ => self.key,
        };
        let mut canon = Canon::new();
        canon
            .digest(before)
            .count(self.id)
            .int(self.at.as_millis())
            .byte(self.kind.code())
            .int(self.amount.as_millis())
            .int(self.balance.as_millis())
            .text(key)
            .text(self.price_book)
            .byte(self.parts());
        for amount in [self.vat, self.fee] {
            if amount != Won::ZERO {
                canon.int(amount.as_millis());
            }
        }
        if let Some(place) = self.place {
            let group = place.group.as_ref().map(GroupId::as_str);
            canon.text(place.conversation.as_str());
            canon.text(place.channel.as_str()).name(group);
        }
        for word in [self.item, self.reservation].into_iter().flatten() {
            canon.text(word.as_str());
        }
        if let Some(message) = self.message {
            canon.text(message.as_str());
        }
        if let Some(entry) = self.gives_back {
            canon.count(entry);
        }
        for part in self.moves {
            let lot = &part.lot;
            canon.byte(lot.code()).count(lot.entry);
            if lot.expires_at < Timestamp::MAX {
                canon.int(lot.expires_at.as_millis());
            }
            canon.int(part.amount.as_millis());
        }
        canon.finish()
    }

    /// Which of the parts that an entry may have or not have it has, a bit each.
    fn parts(&self) -> u8 {
        let has = [
            self.vat != Won::ZERO,
            self.fee != Won::ZERO,
            self.place.is_some(),
            self.item.is_some(),
            self.reservation.is_some(),
            self.message.is_some(),
            self.gives_back.is_some(),
        ];
        has.iter().fold(0, |bits, has| bits << 1 | u8::from(*has))
    }
}
