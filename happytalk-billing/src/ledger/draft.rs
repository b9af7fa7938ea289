//! The events of one decision, with the balance they lead to.

use happytalk_core::id::{ConversationId, MessageId};
use happytalk_core::{Timestamp, Won};

use super::{Due, Ledger, LedgerEvent, Terms};
use crate::entry::{Entry, EntryKind, Lot, LotKind, Move};
use crate::error::Error;
use crate::plan::Charge;
use crate::purse::Purse;
use crate::site_line::VatTerms;

/// What kind of cash a credit brings.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fund {
    Paid,
    Free(Option<Timestamp>),
}

/// Why a debit is booked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) key: &'a str,
    pub(super) conversation: Option<&'a ConversationId>,
    pub(super) message: Option<&'a MessageId>,
    /// Free cash is left alone.
    pub(super) paid_alone: bool,
}

impl<'a> Origin<'a> {
    pub(super) const fn key(key: &'a str) -> Self {
        Self {
            key,
            conversation: None,
            message: None,
            paid_alone: false,
        }
    }
}

/// Events that follow one another, on a copy of the lots.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    ledger: &'a Ledger,
    now: Timestamp,
    purse: Purse,
    next_id: u64,
    events: Vec<LedgerEvent>,
    spent: bool,
    fees_wait: bool,
}

impl<'a> Draft<'a> {
    pub(super) fn new(ledger: &'a Ledger, now: Timestamp) -> Self {
        Self {
            ledger,
            now,
            purse: ledger.purse.clone(),
            next_id: ledger.next_id(),
            events: Vec::new(),
            spent: false,
            fees_wait: !ledger.dues.is_empty(),
        }
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) fn push(&mut self, event: LedgerEvent) {
        self.events.push(event);
    }

    pub(super) fn top_up(&mut self, amount: Won, terms: VatTerms, key: &str) -> Result<(), Error> {
        let rule = self.ledger.book.vat_rule();
        let (supply, vat) = match terms {
            VatTerms::Excluded => (amount, rule.on_top(amount).ok_or(Error::Overflow)?),
            VatTerms::Included => {
                let vat = rule.inside(amount).ok_or(Error::Overflow)?;
                (amount.checked_sub(vat).ok_or(Error::Overflow)?, vat)
            }
        };
        self.credit(EntryKind::TopUp, supply, Fund::Paid, vat, key)
    }

    /// Cash comes in. Fees that wait are paid from it first.
    pub(super) fn credit(
        &mut self,
        kind: EntryKind,
        amount: Won,
        fund: Fund,
        vat: Won,
        key: &str,
    ) -> Result<(), Error> {
        let lot = match fund {
            Fund::Paid => Lot::paid(self.next_id),
            Fund::Free(expires_at) => Lot::free(self.next_id, expires_at),
        };
        let moves = self.purse.take_in(amount, &[], lot);
        let mut entry = self.entry(kind, amount, key, moves)?;
        entry.vat = vat;
        self.book(entry);
        self.settle_dues()
    }

    /// Cash goes out, in the order of the lots and then on credit.
    pub(super) fn debit(
        &mut self,
        kind: EntryKind,
        amount: Won,
        origin: Origin<'_>,
    ) -> Result<(), Error> {
        let moves = if origin.paid_alone {
            self.purse
                .spend_where(amount, |lot| lot.kind == LotKind::Paid)
        } else {
            self.purse.spend(amount)
        };
        let change = amount.checked_neg().ok_or(Error::Overflow)?;
        let mut entry = self.entry(kind, change, origin.key, moves)?;
        entry.conversation = origin.conversation.cloned();
        entry.message = origin.message.cloned();
        self.book(entry);
        self.spent = true;
        Ok(())
    }

    /// What `charged` took goes back to the lots it came from.
    pub(super) fn give_back(
        &mut self,
        kind: EntryKind,
        charged: &Entry,
        key: &str,
    ) -> Result<(), Error> {
        let amount = charged.amount.checked_neg().ok_or(Error::Overflow)?;
        let sources: Vec<(Lot, Won)> = charged
            .moves
            .iter()
            .filter(|part| part.lot.kind != LotKind::Owed)
            .filter_map(|part| Some((part.lot, part.amount.checked_neg()?)))
            .collect();
        let moves = self
            .purse
            .take_in(amount, &sources, Lot::paid(self.next_id));
        let mut entry = self.entry(kind, amount, key, moves)?;
        entry.conversation.clone_from(&charged.conversation);
        entry.message.clone_from(&charged.message);
        entry.gives_back = Some(charged.id);
        self.book(entry);
        self.settle_dues()
    }

    /// What is left of a lot of free cash is gone.
    pub(super) fn expire(&mut self, lot: Lot, left: Won) -> Result<(), Error> {
        let key = match self.ledger.entry(lot.entry) {
            Some(grant) => format!("expire/{}/{}", grant.key, self.next_id),
            None => format!("expire/{}", self.next_id),
        };
        let amount = left.checked_neg().ok_or(Error::Overflow)?;
        let entry = self.entry(
            EntryKind::Expire,
            amount,
            &key,
            vec![Move::new(lot, amount)],
        )?;
        self.book(entry);
        Ok(())
    }

    /// Fees and credits of fees. What is not covered falls due and waits behind what waits already.
    pub(super) fn fees(&mut self, charges: Vec<Charge>, key: &str) -> Result<(), Error> {
        for (amount, add_on) in charges {
            let key = match add_on {
                Some(name) => format!("{key}/{}", name.as_str()),
                None => key.to_owned(),
            };
            if amount < Won::ZERO {
                let back = amount.checked_neg().ok_or(Error::Overflow)?;
                let moves = self.purse.take_in(back, &[], Lot::paid(self.next_id));
                let entry = self.entry(EntryKind::AccountFee, back, &key, moves)?;
                self.book(entry);
                continue;
            }
            let covered = !self.fees_wait && self.purse.balance() >= amount;
            if covered || self.ledger.terms == Terms::OnInvoice {
                self.debit(EntryKind::AccountFee, amount, Origin::key(&key))?;
                continue;
            }
            let zone = &self.ledger.zone;
            let mut wall = zone.wall(self.now);
            wall.date = wall.date.plus_days(Ledger::GRACE_DAYS);
            self.fees_wait = true;
            self.events.push(LedgerEvent::FeeDue(Due {
                key: key.into(),
                amount,
                since: self.now,
                grace_until: zone.instant(wall),
            }));
        }
        Ok(())
    }

    fn settle_dues(&mut self) -> Result<(), Error> {
        for due in &self.ledger.dues {
            if self.purse.balance() < due.amount {
                break;
            }
            self.debit(EntryKind::AccountFee, due.amount, Origin::key(&due.key))?;
            self.events.push(LedgerEvent::FeeSettled);
        }
        Ok(())
    }

    fn entry(
        &self,
        kind: EntryKind,
        amount: Won,
        key: &str,
        moves: Vec<Move>,
    ) -> Result<Entry, Error> {
        let balance = self.purse.balance().checked_add(amount);
        Ok(Entry {
            id: self.next_id,
            at: self.now,
            kind,
            amount,
            balance: balance.ok_or(Error::Overflow)?,
            vat: Won::ZERO,
            key: key.into(),
            conversation: None,
            message: None,
            gives_back: None,
            price_book: self.ledger.book.shared_name(),
            moves,
        })
    }

    fn book(&mut self, entry: Entry) {
        self.purse.apply(&entry.moves);
        self.next_id = self.next_id.saturating_add(1);
        self.events.push(LedgerEvent::Booked(entry));
    }

    /// The events, and after a debit the wish for an automatic top-up where the balance asks for one.
    pub(super) fn finish(mut self) -> Vec<LedgerEvent> {
        let pause_over = self
            .ledger
            .top_up_wanted_at
            .is_none_or(|asked| self.now >= asked.plus(Ledger::TOP_UP_PAUSE));
        if let Some(auto) = self.ledger.settings.auto_top_up
            && self.spent
            && pause_over
            && self.purse.balance() <= auto.threshold
        {
            self.events.push(LedgerEvent::TopUpWanted {
                at: self.now,
                amount: auto.amount,
            });
        }
        self.events
    }
}
