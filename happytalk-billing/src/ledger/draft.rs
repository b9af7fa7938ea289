//! The facts of one decision, with the balance they lead to.

mod fees;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use happytalk_core::id::{MessageId, Word};
use happytalk_core::time::Date;
use happytalk_core::{Timestamp, Won};

use super::{Body, Fact, Ledger, LedgerEvent, Terms};
use crate::digest::Digest;
use crate::entry::{Content, EntryKind, Key, KeyRef, Lot, LotKind, Move, Moves, Place};
use crate::error::Error;
use crate::purse::Purse;
use crate::row::{Row, RowKey};
use crate::rules::{Rules, VatTerms};
use crate::site_line::SiteCommand;

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

/// What an entry will say that does not follow from where it stands.
struct Booking<'a> {
    kind: EntryKind,
    amount: Won,
    moves: Moves,
    origin: Origin<'a>,
    vat: Won,
    fee: Won,
    gives_back: Option<u64>,
}

impl<'a> Booking<'a> {
    const fn new(kind: EntryKind, amount: Won, origin: Origin<'a>, moves: Moves) -> Self {
        Self {
            kind,
            amount,
            moves,
            origin,
            vat: Won::ZERO,
            fee: Won::ZERO,
            gives_back: None,
        }
    }
}

/// Facts that follow one another.
#[derive(Debug)]
pub(super) struct Draft<'a> {
    ledger: &'a Ledger,
    now: Timestamp,
    date: Date,
    rules: &'a Rules,
    /// The lots as they are after the first `moved` facts: a decision with one entry never copies them.
    purse: Cow<'a, Purse>,
    moved: usize,
    balance: Won,
    next_id: u64,
    hash: Digest,
    facts: Vec<Fact>,
    /// The levels the balance is known to be low at.
    low: Cow<'a, BTreeSet<u8>>,
    wants_cash: bool,
    fees_wait: bool,
    /// How many of the fees that waited are paid by now.
    settled: usize,
    suspended: bool,
}

impl<'a> Draft<'a> {
    /// A decision at `now` whose facts go into `facts`, which is empty.
    ///
    /// # Errors
    /// [`Error::Unbalanced`] where the ledger is: nothing more is decided. [`Error::OutOfOrder`] where `now` lies too far
    /// behind the last entry; a little behind, it counts as that.
    pub(super) fn new(ledger: &'a Ledger, now: Timestamp, facts: Vec<Fact>) -> Result<Self, Error> {
        if !ledger.is_balanced() {
            return Err(Error::Unbalanced);
        }
        let last = ledger.rows.last().map_or(now, |row| row.at);
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
            facts,
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
        self.facts.push(Fact::Told(Box::new(event)));
    }

    /// Begins with a command of the site, to whose key all belongs that follows.
    pub(super) fn record(&mut self, key: &Word) {
        self.facts.push(Fact::Recorded {
            key: key.into(),
            body: Body::AsBooked,
            entries: 0,
        });
    }

    /// Ends what [`Draft::record`] began.
    pub(super) fn finish_record(&mut self, command: &SiteCommand) {
        let count = self.next_id.saturating_sub(self.ledger.next_id());
        if let [Fact::Recorded { body, entries, .. }, rest @ ..] = self.facts.as_mut_slice() {
            *entries = u32::try_from(count).unwrap_or(u32::MAX);
            if !matches!(rest.first(), Some(Fact::Booked(first)) if first.says(command, &self.ledger.book))
            {
                *body = Body::Digest(command.fingerprint());
            }
        }
    }

    /// The lots after everything that was booked so far.
    fn purse(&mut self) -> &Purse {
        for fact in self.facts.iter().skip(self.moved) {
            if let Fact::Booked(row) = fact {
                self.purse.to_mut().apply(row.moves().as_slice());
            }
        }
        self.moved = self.facts.len();
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
        let mut booking = Booking::new(kind, amount, Origin::key(key), moves.into());
        booking.vat = vat;
        self.book(&booking)?;
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
        self.wants_cash = true;
        self.book(&Booking::new(kind, change, origin, moves))
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
        let mut booking = Booking::new(EntryKind::Refund, change, Origin::key(key), moves.into());
        booking.fee = fee;
        booking.vat = vat;
        self.wants_cash = true;
        self.book(&booking)
    }

    /// Whether nothing of a top-up was spent, and it was made few days ago.
    fn is_untouched(&self, lot: &Lot) -> bool {
        let Some(brought) = self.ledger.row(lot.entry) else {
            return false;
        };
        let days = self.date.days_since(self.ledger.date(brought.at));
        // What went back before was not used either.
        let since = self.ledger.rows.iter().rev();
        let since = since.take(
            usize::try_from(
                self.ledger
                    .next_id()
                    .saturating_sub(lot.entry)
                    .saturating_sub(1),
            )
            .unwrap_or(usize::MAX),
        );
        let paid_out = since
            .filter(|row| row.kind == EntryKind::Refund)
            .map(Row::moves)
            .fold(0, |sum: i64, moves| {
                let of_lot = moves.iter().filter(|part| part.lot == *lot);
                of_lot.fold(sum, |sum, part| sum.saturating_sub(part.amount.as_millis()))
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
        (number, charged): (u64, &Row),
        key: KeyRef<'_>,
    ) -> Result<(), Error> {
        let amount = charged.amount.checked_neg().ok_or(Error::Overflow)?;
        let reservation = charged.reservation();
        let reservation = reservation.filter(|id| self.ledger.reservations.open(id).is_some());
        let taken = charged.moves();
        let moves = if reservation.is_some() {
            turned(taken.as_slice())?
        } else {
            self.back_to_lots(taken.as_slice(), amount)?
        };
        let origin = Origin {
            item: charged.item(&self.ledger.book),
            place: charged.place.as_ref(),
            message: charged.message.as_ref(),
            ..Origin::key(key)
        };
        let mut booking = Booking::new(kind, amount, origin, moves.into());
        booking.gives_back = Some(number);
        self.book(&booking)?;
        if reservation.is_some() {
            let again = Origin {
                reservation,
                ..Origin::key(key)
            };
            let kind = EntryKind::Reserve;
            return self.book(&Booking::new(kind, charged.amount, again, taken));
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
        let kind = EntryKind::Release;
        self.book(&Booking::new(kind, price, origin, set_aside.into()))?;
        let change = price.checked_neg().ok_or(Error::Overflow)?;
        let kind = EntryKind::Message;
        self.book(&Booking::new(kind, change, origin, charge.into()))
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
            let origin = Origin {
                reservation: Some(id),
                ..Origin::key(key)
            };
            let mut booking = Booking::new(EntryKind::Release, amount, origin, moves.into());
            booking.gives_back = Some(reservation.entry);
            self.book(&booking)?;
        }
        self.push(LedgerEvent::ReservationClosed { id: id.clone() });
        self.expire_returned()?;
        self.settle_dues()
    }

    /// What is left of a lot of free cash is gone.
    pub(super) fn expire(&mut self, lot: Lot, left: Won) -> Result<(), Error> {
        let key = match self.ledger.key_of(lot.entry) {
            Some(grant) => format!("expire/{grant}/{}", self.next_id),
            None => format!("expire/{}", self.next_id),
        };
        let amount = left.checked_neg().ok_or(Error::Overflow)?;
        let moves = Move::new(lot, amount).into();
        let key = Key::made(&key);
        let origin = Origin::key((&key).into());
        self.book(&Booking::new(EntryKind::Expire, amount, origin, moves))
    }

    /// What came back to a lot that has expired meanwhile expires with it, before anything is paid from it.
    fn expire_returned(&mut self) -> Result<(), Error> {
        let now = self.now;
        let came_back = self.facts.iter().rev().find_map(|fact| match fact {
            Fact::Booked(row) => Some(row.moves()),
            Fact::Recorded { .. } | Fact::Told(_) => None,
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

    fn book(&mut self, booking: &Booking<'_>) -> Result<(), Error> {
        if booking.moves.sum() != Some(booking.amount) {
            return Err(Error::Unbalanced);
        }
        let (id, origin) = (self.next_id, &booking.origin);
        let balance = self.balance.checked_add(booking.amount);
        let book = &self.ledger.book;
        let content = Content {
            id,
            at: self.now,
            kind: booking.kind,
            amount: booking.amount,
            balance: balance.ok_or(Error::Overflow)?,
            vat: booking.vat,
            fee: booking.fee,
            key: origin.key.as_str(),
            item: origin.item,
            place: origin.place,
            message: origin.message,
            reservation: origin.reservation,
            gives_back: booking.gives_back,
            price_book: book.shared_name(),
            moves: booking.moves.as_slice(),
        };
        self.hash = content.hash_behind(&self.hash);
        let row = Row::new(&content, self.hash, self.row_key(origin.key), id, book);
        self.balance = content.balance;
        self.next_id = id.saturating_add(1);
        self.facts.push(Fact::Booked(row));
        if self.ledger.terms == Terms::Prepaid {
            self.watch_levels(id, booking.amount < Won::ZERO);
        }
        Ok(())
    }

    /// Whether a key is that of the last command, this one or the one before.
    fn row_key(&self, key: KeyRef<'_>) -> RowKey {
        let commands = &self.ledger.commands;
        let (index, of_command) = match self.facts.first() {
            Some(Fact::Recorded { key, .. }) => (commands.count(), Some(key)),
            _ => {
                let last = commands.last().map(|command| &command.key);
                (commands.count().saturating_sub(1), last)
            }
        };
        match key {
            KeyRef::Made(key) if of_command != Some(key) => RowKey::Made(key.clone()),
            KeyRef::Made(_) | KeyRef::Command(_) => RowKey::Command(index),
        }
    }

    /// Tells of a level once when a debit reaches it, and again only after the balance was above it.
    fn watch_levels(&mut self, entry: u64, is_debit: bool) {
        let used = i128::from(self.ledger.used.before(self.date));
        let balance = self.balance.as_millis();
        let rules = self.rules;
        // Where the highest level is not reached, none is.
        let highest = rules
            .alert_percents
            .iter()
            .max()
            .copied()
            .map_or(0, i128::from);
        if balance > 0 && i128::from(balance) * 100 > used * highest && self.low.is_empty() {
            return;
        }
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

    /// The facts, and after a debit the wish for an automatic top-up where the balance asks for one.
    pub(super) fn finish(mut self) -> Vec<Fact> {
        let Some(auto) = self.ledger.settings.auto_top_up.filter(|_| self.wants_cash) else {
            return self.facts;
        };
        let minutes = u64::from(self.rules.auto_top_up_pause_min);
        let pause = Duration::from_secs(minutes.saturating_mul(60));
        let asked = self.ledger.top_up_wanted_at;
        let pause_over = asked.is_none_or(|asked| self.now >= asked.plus(pause));
        if pause_over && (self.fees_wait || self.balance <= auto.threshold) {
            self.push(LedgerEvent::TopUpWanted {
                at: self.now,
                amount: auto.amount,
            });
        }
        self.facts
    }
}

fn turned(moves: &[Move]) -> Result<Vec<Move>, Error> {
    moves
        .iter()
        .map(|part| part.turned().ok_or(Error::Overflow))
        .collect()
}
