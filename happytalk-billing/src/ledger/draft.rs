//! The events of one decision, with the balance they lead to.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use happytalk_core::id::{MessageId, Word};
use happytalk_core::time::Date;
use happytalk_core::{Timestamp, Won};

use super::{Due, Ledger, LedgerEvent, Terms};
use crate::digest::Digest;
use crate::entry::{Entry, EntryKind, Key, KeyRef, Lot, LotKind, Move, Moves, Place};
use crate::error::Error;
use crate::plan::Charge;
use crate::purse::Purse;
use crate::rules::{Rules, VatTerms};

/// What kind of cash a credit brings.
#[derive(Debug, Clone, Copy)]
pub(super) enum Fund {
    Paid,
    Free(Option<Timestamp>),
}

/// Why something is booked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Origin<'a> {
    pub(super) key: KeyRef<'a>,
    pub(super) item: Option<&'a Word>,
    pub(super) place: Option<&'a Arc<Place>>,
    pub(super) message: Option<&'a MessageId>,
    pub(super) reservation: Option<&'a Word>,
}

impl<'a> Origin<'a> {
    pub(super) const fn key(key: KeyRef<'a>) -> Self {
        Self {
            key,
            item: None,
            place: None,
            message: None,
            reservation: None,
        }
    }
}

/// Events that follow one another.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    ledger: &'a Ledger,
    now: Timestamp,
    date: Date,
    rules: &'a Rules,
    /// The lots as they are after the first `moved` events: a decision with one entry never copies them.
    purse: Cow<'a, Purse>,
    moved: usize,
    balance: Won,
    next_id: u64,
    hash: Digest,
    events: Vec<LedgerEvent>,
    /// The levels the balance is known to be low at.
    low: Cow<'a, BTreeSet<u8>>,
    wants_cash: bool,
    fees_wait: bool,
    /// How many of the fees that waited are paid by now.
    settled: usize,
    suspended: bool,
}

impl<'a> Draft<'a> {
    /// A decision at `now` whose events go into `events`, which is empty.
    ///
    /// # Errors
    /// [`Error::Unbalanced`] where the ledger is: nothing more is decided. [`Error::OutOfOrder`] where `now` lies too far
    /// behind the last entry; a little behind, it counts as that.
    pub(super) fn new(
        ledger: &'a Ledger,
        now: Timestamp,
        events: Vec<LedgerEvent>,
    ) -> Result<Self, Error> {
        if !ledger.is_balanced() {
            return Err(Error::Unbalanced);
        }
        let last = ledger.entries.last().map_or(now, |entry| entry.at);
        Ledger::check_order(last, now)?;
        let now = now.max(last);
        let date = ledger.date(now);
        Ok(Self {
            ledger,
            now,
            date,
            rules: ledger.book.rules(date),
            purse: Cow::Borrowed(&ledger.purse),
            moved: 0,
            balance: ledger.balance(),
            next_id: ledger.next_id(),
            hash: ledger.head(),
            events,
            low: Cow::Borrowed(&ledger.low),
            wants_cash: false,
            fees_wait: !ledger.dues.is_empty(),
            settled: 0,
            suspended: ledger.suspended,
        })
    }

    pub(super) const fn now(&self) -> Timestamp {
        self.now
    }

    pub(super) const fn date(&self) -> Date {
        self.date
    }

    pub(super) const fn balance(&self) -> Won {
        self.balance
    }

    pub(super) fn push(&mut self, event: LedgerEvent) {
        self.events.push(event);
    }

    /// The lots after everything that was booked so far.
    fn purse(&mut self) -> &Purse {
        for event in self.events.iter().skip(self.moved) {
            if let LedgerEvent::Booked(entry) = event {
                self.purse.to_mut().apply(entry.moves.as_slice());
            }
        }
        self.moved = self.events.len();
        &self.purse
    }

    /// Cash that was paid in. Where prices have their VAT inside, so has the balance.
    pub(super) fn top_up(
        &mut self,
        amount: Won,
        terms: VatTerms,
        key: KeyRef<'_>,
    ) -> Result<(), Error> {
        let rule = self.rules.vat;
        let (supply, vat) = match terms {
            VatTerms::Excluded => (amount, rule.on_top(amount).ok_or(Error::Overflow)?),
            VatTerms::Included => {
                let vat = rule.inside(amount).ok_or(Error::Overflow)?;
                (amount.checked_sub(vat).ok_or(Error::Overflow)?, vat)
            }
        };
        let (amount, vat) = match self.rules.prices {
            VatTerms::Excluded => (supply, vat),
            VatTerms::Included => (supply.checked_add(vat).ok_or(Error::Overflow)?, Won::ZERO),
        };
        self.credit(EntryKind::TopUp, amount, Fund::Paid, vat, key)
    }

    /// Cash comes in. Fees that wait are paid from it first.
    pub(super) fn credit(
        &mut self,
        kind: EntryKind,
        amount: Won,
        fund: Fund,
        vat: Won,
        key: KeyRef<'_>,
    ) -> Result<(), Error> {
        let lot = match fund {
            Fund::Paid => Lot::paid(self.next_id),
            Fund::Free(expires_at) => Lot::free(self.next_id, expires_at),
        };
        let moves = self.purse().take_in(amount, &[], lot);
        let mut entry = self.entry(kind, amount, Origin::key(key), moves.into())?;
        entry.vat = vat;
        self.book(entry)?;
        self.settle_dues()
    }

    /// Cash goes out, in the order of the lots and then on credit.
    pub(super) fn debit(
        &mut self,
        kind: EntryKind,
        amount: Won,
        origin: Origin<'_>,
    ) -> Result<(), Error> {
        let moves = self.purse().spend(amount);
        let change = amount.checked_neg().ok_or(Error::Overflow)?;
        let entry = self.entry(kind, change, origin, moves)?;
        self.wants_cash = true;
        self.book(entry)
    }

    /// Paid cash goes back to the site's owner, less what is kept of cash that was used or kept long.
    pub(super) fn refund(&mut self, amount: Won, key: KeyRef<'_>) -> Result<(), Error> {
        let is_paid = |lot: &Lot| lot.kind == LotKind::Paid;
        let moves = self.purse().spend_where(amount, is_paid);
        let whole: i64 = moves
            .iter()
            .filter(|part| !self.is_untouched(&part.lot))
            .fold(0, |sum: i64, part| {
                sum.saturating_sub(part.amount.as_millis())
            });
        let percent = u32::from(self.rules.refund_fee_percent);
        let fee = Won::from_millis(whole)
            .share(percent, 100, happytalk_core::Rounding::Floor)
            .ok_or(Error::Overflow)?;
        let vat = match self.rules.prices {
            VatTerms::Excluded => amount
                .checked_sub(fee)
                .and_then(|back| self.rules.vat.on_top(back)?.checked_neg())
                .ok_or(Error::Overflow)?,
            VatTerms::Included => Won::ZERO,
        };
        let change = amount.checked_neg().ok_or(Error::Overflow)?;
        let mut entry = self.entry(EntryKind::Refund, change, Origin::key(key), moves.into())?;
        entry.fee = fee;
        entry.vat = vat;
        self.wants_cash = true;
        self.book(entry)
    }

    /// Whether nothing of a top-up was spent, and it was made few days ago.
    fn is_untouched(&self, lot: &Lot) -> bool {
        let Some(brought) = self.ledger.entry(lot.entry) else {
            return false;
        };
        let days = self.date.days_since(self.ledger.date(brought.at));
        // What went back before was not used either.
        let since = self.ledger.entries().rev();
        let since = since.take_while(|entry| entry.id > lot.entry);
        let paid_out = since
            .filter(|entry| entry.kind == EntryKind::Refund)
            .flat_map(|refund| &refund.moves)
            .filter(|part| part.lot == *lot)
            .fold(0, |sum: i64, part| {
                sum.saturating_sub(part.amount.as_millis())
            });
        let kept = self.purse.held(lot).as_millis().saturating_add(paid_out);
        brought.kind == EntryKind::TopUp
            && kept == brought.amount.as_millis()
            && days <= i32::from(self.rules.refund_free_days)
    }

    /// What `charged` took goes back to the lots it came from; into its reservation where that is still open.
    pub(super) fn give_back(
        &mut self,
        kind: EntryKind,
        charged: &Entry,
        key: KeyRef<'_>,
    ) -> Result<(), Error> {
        let amount = charged.amount.checked_neg().ok_or(Error::Overflow)?;
        let reservation = charged.reservation.as_ref();
        let reservation = reservation.filter(|id| self.ledger.reservations.open(id).is_some());
        let moves = if reservation.is_some() {
            turned(charged.moves.as_slice())?
        } else {
            self.back_to_lots(charged.moves.as_slice(), amount)?
        };
        let mut entry = self.entry(kind, amount, Origin::key(key), moves.into())?;
        entry.item.clone_from(&charged.item);
        entry.place.clone_from(&charged.place);
        entry.message.clone_from(&charged.message);
        entry.gives_back = Some(charged.id);
        self.book(entry)?;
        if let Some(id) = reservation {
            let mut again = Origin::key(key);
            again.reservation = Some(id);
            let moves = charged.moves.clone();
            let entry = self.entry(EntryKind::Reserve, charged.amount, again, moves)?;
            return self.book(entry);
        }
        self.expire_returned()?;
        self.settle_dues()
    }

    /// The moves that bring what `taken` took out back in; what was on credit is paid cash by then.
    fn back_to_lots(&mut self, taken: &[Move], amount: Won) -> Result<Vec<Move>, Error> {
        let mut sources = Vec::with_capacity(taken.len());
        for part in taken.iter().filter(|part| part.lot.kind != LotKind::Owed) {
            let back = part.turned().ok_or(Error::Overflow)?;
            sources.push((back.lot, back.amount));
        }
        let rest = Lot::paid(self.next_id);
        Ok(self.purse().take_in(amount, &sources, rest))
    }

    /// A message is paid out of a reservation: released from it and charged to the very lots it was set aside from.
    pub(super) fn post(
        &mut self,
        price: Won,
        set_aside: Vec<Move>,
        origin: Origin<'_>,
    ) -> Result<(), Error> {
        let charge = turned(&set_aside)?;
        let released = self.entry(EntryKind::Release, price, origin, set_aside.into())?;
        self.book(released)?;
        let change = price.checked_neg().ok_or(Error::Overflow)?;
        let charged = self.entry(EntryKind::Message, change, origin, charge.into())?;
        self.book(charged)
    }

    /// What is left of a reservation is free again, in the lots it came from.
    pub(super) fn release(&mut self, id: &Word, key: KeyRef<'_>) -> Result<(), Error> {
        let Some(reservation) = self.ledger.reservations.open(id) else {
            return Ok(());
        };
        let amount = reservation.sum();
        if amount > Won::ZERO {
            let taken = turned(reservation.left())?;
            let moves = self.back_to_lots(&taken, amount)?;
            let mut origin = Origin::key(key);
            origin.reservation = Some(id);
            let mut entry = self.entry(EntryKind::Release, amount, origin, moves.into())?;
            entry.gives_back = Some(reservation.entry);
            self.book(entry)?;
        }
        self.push(LedgerEvent::ReservationClosed { id: id.clone() });
        self.expire_returned()?;
        self.settle_dues()
    }

    /// What is left of a lot of free cash is gone.
    pub(super) fn expire(&mut self, lot: Lot, left: Won) -> Result<(), Error> {
        let key = match self.ledger.entry(lot.entry) {
            Some(grant) => format!("expire/{}/{}", grant.key, self.next_id),
            None => format!("expire/{}", self.next_id),
        };
        let amount = left.checked_neg().ok_or(Error::Overflow)?;
        let moves = Move::new(lot, amount).into();
        let key = Key::made(&key);
        let entry = self.entry(EntryKind::Expire, amount, Origin::key((&key).into()), moves)?;
        self.book(entry)
    }

    /// What came back to a lot that has expired meanwhile expires with it, before anything is paid from it.
    fn expire_returned(&mut self) -> Result<(), Error> {
        let now = self.now;
        let came_back = self.events.iter().rev().find_map(|event| match event {
            LedgerEvent::Booked(entry) => Some(&entry.moves),
            _ => None,
        });
        let is_over = |part: &Move| part.lot.expires_at <= now;
        if !came_back.is_some_and(|moves| moves.iter().any(is_over)) {
            return Ok(());
        }
        while let Some((lot, left)) = self.purse().first_to_expire()
            && lot.expires_at <= now
        {
            self.expire(lot, left)?;
        }
        Ok(())
    }

    /// Fees and credits of fees. What is not covered falls due and waits behind what waits already.
    pub(super) fn fees(&mut self, charges: Vec<Charge>, key: KeyRef<'_>) -> Result<(), Error> {
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
                let entry = self.entry(EntryKind::AccountFee, back, origin, moves.into())?;
                self.book(entry)?;
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
        let entries = self.ledger.entries().rev();
        let of_month = entries.take_while(|entry| entry.at >= begun);
        let fees = of_month.filter(|entry| {
            entry.kind == EntryKind::AccountFee && entry.item.as_ref() == Some(plan)
        });
        let mut taken: BTreeMap<Lot, i64> = BTreeMap::new();
        for part in fees.flat_map(|fee| &fee.moves) {
            let sum = taken.entry(part.lot).or_default();
            *sum = sum.saturating_sub(part.amount.as_millis());
        }
        let lasts = |lot: &Lot| lot.kind != LotKind::Owed && lot.expires_at > self.now;
        let cash = taken
            .into_iter()
            .filter(|(lot, taken)| lasts(lot) && *taken > 0);
        let cash = cash.map(|(lot, taken)| (lot, Won::from_millis(taken)));
        cash.rev().collect()
    }

    /// Fees that wait are paid, the oldest first.
    fn settle_dues(&mut self) -> Result<(), Error> {
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

    fn entry(
        &self,
        kind: EntryKind,
        amount: Won,
        origin: Origin<'_>,
        moves: Moves,
    ) -> Result<Entry, Error> {
        let balance = self.balance.checked_add(amount);
        Ok(Entry {
            id: self.next_id,
            at: self.now,
            kind,
            amount,
            balance: balance.ok_or(Error::Overflow)?,
            vat: Won::ZERO,
            fee: Won::ZERO,
            key: origin.key.to_key(),
            item: origin.item.cloned(),
            place: origin.place.cloned(),
            message: origin.message.cloned(),
            reservation: origin.reservation.cloned(),
            gives_back: None,
            price_book: self.ledger.book.shared_name(),
            moves,
            hash: Digest::GENESIS,
        })
    }

    fn book(&mut self, entry: Entry) -> Result<(), Error> {
        if entry.moves.sum() != Some(entry.amount) {
            return Err(Error::Unbalanced);
        }
        let (id, is_debit) = (entry.id, entry.amount < Won::ZERO);
        self.next_id = self.next_id.saturating_add(1);
        self.balance = entry.balance;
        self.events.push(LedgerEvent::Booked(entry));
        if let Some(LedgerEvent::Booked(entry)) = self.events.last_mut() {
            entry.hash = entry.hash_behind(&self.hash);
            self.hash = entry.hash;
        }
        if self.ledger.terms == Terms::Prepaid {
            self.watch_levels(id, is_debit);
        }
        Ok(())
    }

    /// Tells of a level once when a debit reaches it, and again only after the balance was above it.
    fn watch_levels(&mut self, entry: u64, is_debit: bool) {
        let used = i128::from(self.ledger.used.before(self.date));
        let balance = self.balance.as_millis();
        let rules = self.rules;
        for percent in rules.alert_percents.iter().copied().chain([0]) {
            let is_low = if percent == 0 {
                balance <= 0
            } else {
                used > 0 && i128::from(balance) * 100 <= used * i128::from(percent)
            };
            let was_low = self.low.contains(&percent);
            if is_low && !was_low && is_debit {
                self.low.to_mut().insert(percent);
                self.push(LedgerEvent::BalanceLow {
                    at: self.now,
                    percent,
                    balance: self.balance,
                    entry,
                });
            } else if !is_low && was_low {
                self.low.to_mut().remove(&percent);
                self.push(LedgerEvent::BalanceRecovered { percent });
            }
        }
    }

    /// The events, and after a debit the wish for an automatic top-up where the balance asks for one.
    pub(super) fn finish(mut self) -> Vec<LedgerEvent> {
        let booked = self.next_id.saturating_sub(self.ledger.next_id());
        if let Some(LedgerEvent::Recorded { entries, .. }) = self.events.first_mut() {
            *entries = u32::try_from(booked).unwrap_or(u32::MAX);
        }
        let Some(auto) = self.ledger.settings.auto_top_up.filter(|_| self.wants_cash) else {
            return self.events;
        };
        let minutes = u64::from(self.rules.auto_top_up_pause_min);
        let pause = Duration::from_secs(minutes.saturating_mul(60));
        let asked = self.ledger.top_up_wanted_at;
        let pause_over = asked.is_none_or(|asked| self.now >= asked.plus(pause));
        if pause_over && (self.fees_wait || self.balance <= auto.threshold) {
            self.events.push(LedgerEvent::TopUpWanted {
                at: self.now,
                amount: auto.amount,
            });
        }
        self.events
    }
}

fn turned(moves: &[Move]) -> Result<Vec<Move>, Error> {
    moves
        .iter()
        .map(|part| part.turned().ok_or(Error::Overflow))
        .collect()
}
