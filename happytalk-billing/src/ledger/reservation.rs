//! Cash that is set aside for messages which are to be sent.

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::id::Word;
use happytalk_core::{Timestamp, Won};

use crate::entry::Move;

/// An open reservation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Reservation {
    /// What is left in it by lot, in the order in which it is spent; above zero each.
    left: Vec<Move>,
    pub(super) expires_at: Timestamp,
    /// The entry that set it aside; 0 until it is booked.
    pub(super) entry: u64,
}

impl Reservation {
    pub(super) fn sum(&self) -> Won {
        let parts = self.left.iter().map(|part| part.amount.as_millis());
        Won::from_millis(parts.fold(0, i64::saturating_add))
    }

    pub(super) fn left(&self) -> &[Move] {
        &self.left
    }

    /// The first `amount` of it by lot; `None` where there is less.
    pub(super) fn part(&self, amount: Won) -> Option<Vec<Move>> {
        let mut wanted = amount.as_millis();
        let mut part = Vec::new();
        for kept in &self.left {
            if wanted <= 0 {
                break;
            }
            let taken = wanted.min(kept.amount.as_millis());
            part.push(Move::new(kept.lot, Won::from_millis(taken)));
            wanted = wanted.saturating_sub(taken);
        }
        (wanted <= 0).then_some(part)
    }

    /// Takes the moves of an entry: what left the wallet is here, what went back is not.
    fn take(&mut self, moves: &[Move]) {
        for part in moves {
            let change = part.amount.as_millis().saturating_neg();
            match self.left.iter_mut().find(|kept| kept.lot == part.lot) {
                Some(kept) => {
                    let sum = kept.amount.as_millis().saturating_add(change);
                    kept.amount = Won::from_millis(sum);
                }
                None => self
                    .left
                    .push(Move::new(part.lot, Won::from_millis(change))),
            }
        }
        self.left.retain(|kept| kept.amount > Won::ZERO);
    }
}

/// All reservations of a site.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reservations {
    open: BTreeMap<Word, Reservation>,
    by_expiry: BTreeSet<(Timestamp, Word)>,
    /// Every name there ever was.
    names: BTreeSet<Word>,
}

impl Reservations {
    pub(super) fn is_known(&self, id: &Word) -> bool {
        self.names.contains(id)
    }

    pub(super) fn open(&self, id: &Word) -> Option<&Reservation> {
        self.open.get(id)
    }

    pub(super) fn first_to_expire(&self) -> Option<(Timestamp, &Word)> {
        self.by_expiry.first().map(|(at, id)| (*at, id))
    }

    pub(super) fn make(&mut self, id: &Word, expires_at: Timestamp) {
        self.names.insert(id.clone());
        self.by_expiry.insert((expires_at, id.clone()));
        let made = Reservation {
            left: Vec::new(),
            expires_at,
            entry: 0,
        };
        self.open.insert(id.clone(), made);
    }

    /// Takes an entry of the reservation.
    pub(super) fn take(&mut self, id: &Word, entry: u64, moves: &[Move]) {
        if let Some(reservation) = self.open.get_mut(id) {
            if reservation.entry == 0 {
                reservation.entry = entry;
            }
            reservation.take(moves);
        }
    }

    pub(super) fn close(&mut self, id: &Word) {
        if let Some(closed) = self.open.remove(id) {
            self.by_expiry.remove(&(closed.expires_at, id.clone()));
        }
    }

    /// What is set aside in all of them.
    pub(super) fn sum(&self) -> Won {
        let sums = self.open.values().map(|one| one.sum().as_millis());
        Won::from_millis(sums.fold(0, i64::saturating_add))
    }
}
