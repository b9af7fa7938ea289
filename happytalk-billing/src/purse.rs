//! The lots behind a balance, and the order in which they are spent.

use std::collections::BTreeMap;

use happytalk_core::{Timestamp, Won};

use crate::entry::{Lot, LotKind, Move, Moves};

/// Lots that hold something. Either some are filled or something is owed, never both.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Purse {
    /// In thousandths; in the order in which they are spent.
    lots: BTreeMap<Lot, i64>,
    balance: i64,
}

impl Purse {
    pub(crate) const fn balance(&self) -> Won {
        Won::from_millis(self.balance)
    }

    /// How much there is of one kind.
    pub(crate) fn sum(&self, kind: LotKind) -> Won {
        let of_kind = self.lots.iter().filter(|(lot, _)| lot.kind == kind);
        Won::from_millis(of_kind.fold(0, |sum: i64, (_, held)| sum.saturating_add(*held)))
    }

    /// What a lot holds.
    pub(crate) fn held(&self, lot: &Lot) -> Won {
        Won::from_millis(self.lots.get(lot).copied().unwrap_or(0))
    }

    /// The lot that expires first, and what it holds.
    pub(crate) fn first_to_expire(&self) -> Option<(Lot, Won)> {
        let (lot, held) = self.lots.first_key_value()?;
        (lot.expires_at < Timestamp::MAX).then(|| (*lot, Won::from_millis(*held)))
    }

    /// The moves that spend `amount`: every lot in its order, then on credit.
    pub(crate) fn spend(&self, amount: Won) -> Moves {
        if let Some((lot, held)) = self.lots.first_key_value()
            && *held >= amount.as_millis()
            && let Some(less) = amount.checked_neg()
        {
            return Move::new(*lot, less).into();
        }
        self.spend_where(amount, |_| true).into()
    }

    /// The moves that spend `amount` from the lots that `allowed` names, then on credit.
    pub(crate) fn spend_where(&self, amount: Won, allowed: impl Fn(&Lot) -> bool) -> Vec<Move> {
        let mut left = amount.as_millis();
        let mut moves = Vec::new();
        for (lot, held) in &self.lots {
            if left <= 0 {
                break;
            }
            if *held > 0 && allowed(lot) {
                let part = left.min(*held);
                moves.push(Move::new(*lot, Won::from_millis(part.saturating_neg())));
                left = left.saturating_sub(part);
            }
        }
        if left > 0 {
            let rest = Won::from_millis(left.saturating_neg());
            moves.push(Move::new(Lot::OWED, rest));
        }
        moves
    }

    /// The moves that take in `amount`: what is owed first, then `lots`, each up to its part; the rest into the last.
    pub(crate) fn take_in(&self, amount: Won, lots: &[(Lot, Won)], rest: Lot) -> Vec<Move> {
        let mut left = amount.as_millis();
        let mut moves = Vec::new();
        let mut put = |lot: Lot, most: i64| {
            let part = left.min(most);
            if part > 0 {
                moves.push(Move::new(lot, Won::from_millis(part)));
                left = left.saturating_sub(part);
            }
        };
        let owed = self.lots.get(&Lot::OWED).copied().unwrap_or(0);
        put(Lot::OWED, owed.saturating_neg());
        for (lot, part) in lots {
            put(*lot, part.as_millis());
        }
        put(rest, i64::MAX);
        moves
    }

    pub(crate) fn apply(&mut self, moves: &[Move]) {
        for Move { lot, amount } in moves {
            let held = self.lots.entry(*lot).or_insert(0);
            *held = held.saturating_add(amount.as_millis());
            if *held == 0 {
                self.lots.remove(lot);
            }
            self.balance = self.balance.saturating_add(amount.as_millis());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn millis(millis: i64) -> Won {
        Won::from_millis(millis)
    }

    fn time(millis: i64) -> Timestamp {
        Timestamp::from_millis(millis)
    }

    #[test]
    fn free_cash_goes_first_and_the_earliest_expiry_before_the_rest() {
        let mut purse = Purse::default();
        let lots = [
            (Lot::paid(1), 10),
            (Lot::free(2, None), 10),
            (Lot::free(3, Some(time(9))), 10),
            (Lot::free(4, Some(time(5))), 10),
            (Lot::paid(5), 10),
        ];
        for (lot, held) in lots {
            purse.apply(&[Move::new(lot, millis(held))]);
        }
        let spent: Vec<u64> = purse
            .spend(millis(55))
            .iter()
            .map(|part| part.lot.entry)
            .collect();
        assert_eq!(spent, [4, 3, 2, 1, 5, 0]);
    }

    #[test]
    fn what_is_owed_is_paid_back_before_a_lot_is_filled() {
        let mut purse = Purse::default();
        let debt = purse.spend(millis(30));
        purse.apply(debt.as_slice());
        assert_eq!(purse.balance(), millis(-30));
        let paid = purse.take_in(millis(50), &[], Lot::paid(2));
        purse.apply(&paid);
        assert_eq!(purse.sum(LotKind::Paid), millis(20));
        assert_eq!(purse.sum(LotKind::Owed), Won::ZERO);
    }
}
