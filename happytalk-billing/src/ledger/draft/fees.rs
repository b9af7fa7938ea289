//! Fees, and what becomes of one that the balance does not cover.

use std::collections::BTreeMap;

use happytalk_core::Won;
use happytalk_core::id::Word;

use super::{Booking, Draft, Origin};
use crate::entry::{EntryKind, Key, KeyRef, Lot, LotKind};
use crate::error::Error;
use crate::ledger::{Due, LedgerEvent, Terms};
use crate::plan::Charge;
use crate::row::Row;

impl Draft<'_> {
    /// Fees and credits of fees. What is not covered falls due and waits behind what waits already.
    pub(in crate::ledger) fn fees(
        &mut self,
        charges: Vec<Charge>,
        key: KeyRef<'_>,
    ) -> Result<(), Error> {
        for charge in charges {
            let key = if charge.is_add_on {
                Key::made(&format!("{}/{}", key.as_str(), charge.item.as_str()))
            } else {
                key.to_key()
            };
            let origin = Origin {
                item: Some(&charge.item),
                ..Origin::key((&key).into())
            };
            let amount = charge.amount;
            if amount < Won::ZERO {
                let back = amount.checked_neg().ok_or(Error::Overflow)?;
                let sources = self.fees_taken(&charge.item);
                // What no cash was taken for yet is no cash to pay out, nor is free cash whose time is up.
                let rest = Lot::free(self.next_id, None);
                let moves = self.purse().take_in(back, &sources, rest);
                let kind = EntryKind::AccountFee;
                self.book(&Booking::new(kind, back, origin, moves.into()))?;
                self.settle_dues()?;
                continue;
            }
            let covered = !self.fees_wait && self.balance >= amount;
            if covered || self.ledger.terms == Terms::OnInvoice {
                self.debit(EntryKind::AccountFee, amount, origin)?;
                continue;
            }
            let zone = &self.ledger.zone;
            let mut wall = zone.wall(self.now);
            wall.date = wall.date.plus_days(i32::from(self.rules.grace_days));
            let grace_until = zone.instant(wall);
            self.fees_wait = true;
            self.wants_cash = true;
            self.push(LedgerEvent::FeeDue(Due {
                key,
                item: charge.item,
                amount,
                since: self.now,
                grace_until,
            }));
        }
        Ok(())
    }

    /// What the fees of a plan have taken out of each lot in this month and is not given back, the last first. Lots whose
    /// time is up are left out: a credit should be spent.
    fn fees_taken(&self, plan: &Word) -> Vec<(Lot, Won)> {
        let begun = self.ledger.zone.start_of(self.date.first_of_month());
        let rows = self.ledger.rows.iter().rev();
        let of_month = rows.take_while(|row| row.at >= begun);
        let fees = of_month.filter(|row| {
            row.kind == EntryKind::AccountFee && row.item(&self.ledger.book) == Some(plan)
        });
        let mut taken: BTreeMap<Lot, i64> = BTreeMap::new();
        for moves in fees.map(Row::moves) {
            for part in &moves {
                let sum = taken.entry(part.lot).or_default();
                *sum = sum.saturating_sub(part.amount.as_millis());
            }
        }
        let lasts = |lot: &Lot| lot.kind != LotKind::Owed && lot.expires_at > self.now;
        let cash = taken
            .into_iter()
            .filter(|(lot, taken)| lasts(lot) && *taken > 0);
        let cash = cash.map(|(lot, taken)| (lot, Won::from_millis(taken)));
        cash.rev().collect()
    }

    /// Fees that wait are paid, the oldest first.
    pub(super) fn settle_dues(&mut self) -> Result<(), Error> {
        let ledger = self.ledger;
        let mut dues = ledger.dues.iter().skip(self.settled);
        let before = self.settled;
        let next = loop {
            let Some(due) = dues.next() else { break None };
            if self.balance < due.amount {
                break Some(due);
            }
            let origin = Origin {
                item: Some(&due.item),
                ..Origin::key((&due.key).into())
            };
            self.debit(EntryKind::AccountFee, due.amount, origin)?;
            self.push(LedgerEvent::FeeSettled);
            self.settled += 1;
        };
        self.fees_wait = next.is_some();
        let is_over = next.is_none_or(|due| self.now < due.grace_until);
        if self.settled > before && is_over && self.suspended {
            self.suspended = false;
            self.push(LedgerEvent::Resumed { at: self.now });
        }
        Ok(())
    }
}
