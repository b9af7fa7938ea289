//! The commands of a site.

use happytalk_core::id::{MessageId, Word};
use happytalk_core::{Timestamp, Won};

use super::draft::{Draft, Fund, Origin};
use super::{Fact, Ledger, LedgerEvent, Record, Standing, Terms};
use crate::entry::{EntryKind, KeyRef, LotKind};
use crate::error::Error;
use crate::plan::{Cover, Plan};
use crate::site_line::{SiteCommand, SiteLine};

impl Ledger {
    /// Whether the line was taken before.
    ///
    /// # Errors
    /// [`Error::Conflict`] where its key was, with another body. The time is no part of the body.
    pub fn is_repeat(&self, line: &SiteLine) -> Result<bool, Error> {
        if let SiteCommand::MessageSent { id, .. } | SiteCommand::MessageFailed { id } =
            &line.command
        {
            self.messages.await_soon(id.as_str());
        }
        match self.commands.get(line.key.as_str()) {
            None => Ok(false),
            Some(record) if self.was(record, &line.command) => Ok(true),
            Some(_) => Err(Error::Conflict),
        }
    }

    /// Whether what was recorded is this very command.
    fn was(&self, record: &Record, command: &SiteCommand) -> bool {
        let digest = usize::try_from(record.digest).ok();
        match digest.and_then(|place| place.checked_sub(1)) {
            Some(index) => self.digests.get(index) == Some(&command.fingerprint()),
            None => {
                let first = self.row(record.first_entry);
                record.entries > 0 && first.is_some_and(|first| first.says(command, &self.book))
            }
        }
    }

    /// What a line leads to that was not taken before. `facts` is empty, and comes back with what was decided.
    pub(crate) fn decide_first(
        &self,
        line: &SiteLine,
        now: Timestamp,
        facts: Vec<Fact>,
    ) -> Result<Vec<Fact>, Error> {
        let mut draft = Draft::new(self, now, facts)?;
        self.take_line(&mut draft, line)?;
        Ok(draft.finish())
    }

    pub(super) fn take_line(&self, draft: &mut Draft<'_>, line: &SiteLine) -> Result<(), Error> {
        let now = draft.now();
        draft.record(&line.key);
        let key = KeyRef::Command(&line.key);
        match &line.command {
            SiteCommand::TopUp { amount, vat } => draft.top_up(*amount, *vat, key)?,
            SiteCommand::Granted { amount, expires_at } => {
                is_ahead(*expires_at, now)?;
                let fund = Fund::Free(*expires_at);
                draft.credit(EntryKind::FreeGrant, *amount, fund, Won::ZERO, key)?;
            }
            SiteCommand::PlanSet {
                plan,
                accounts,
                trial_until,
                add_ons,
            } => {
                if *accounts > Plan::ACCOUNTS_MAX {
                    return Err(Error::Accounts {
                        accounts_max: Plan::ACCOUNTS_MAX,
                    });
                }
                let date = draft.date();
                self.book.account_fee(plan, date)?;
                let add_ons = add_ons
                    .iter()
                    .map(|name| self.book.add_on(name, date).map(|(name, _)| name.clone()))
                    .collect::<Result<_, _>>()?;
                let wanted = Cover {
                    plan: plan.clone(),
                    accounts: *accounts,
                    add_ons,
                };
                self.change_plan(draft, wanted, *trial_until, key)?;
            }
            SiteCommand::MessageSent {
                id,
                kind,
                reservation,
            } => self.send(draft, id, kind, reservation.as_ref(), key)?,
            SiteCommand::MessageFailed { id } => {
                let sent = self.first_of_message(id).ok_or(Error::UnknownMessage)?;
                // Every charge given back: the failure was told before, under another key.
                if let Some(charged) = self.messages.open(sent, &self.rows).next() {
                    draft.give_back(EntryKind::MessageRefund, charged, key)?;
                }
            }
            SiteCommand::Reserved {
                id,
                amount,
                expires_at,
            } => self.reserve(draft, id, *amount, *expires_at, key)?,
            SiteCommand::Released { id } => {
                if !self.reservations.is_known(id) {
                    return Err(Error::UnknownReservation);
                }
                draft.release(id, key)?;
            }
            SiteCommand::Refunded { amount } => {
                if *amount > self.purse.sum(LotKind::Paid) {
                    return Err(Error::NotRefundable);
                }
                draft.refund(*amount, key)?;
            }
            SiteCommand::Adjusted { amount, .. } => {
                if *amount > Won::ZERO {
                    draft.credit(EntryKind::Adjustment, *amount, Fund::Paid, Won::ZERO, key)?;
                } else {
                    let amount = amount.checked_neg().ok_or(Error::Overflow)?;
                    draft.debit(EntryKind::Adjustment, amount, Origin::key(key))?;
                }
            }
            SiteCommand::Settings(change) => {
                draft.push(LedgerEvent::SettingsChanged(self.settings.with(change)));
            }
        }
        draft.finish_record(&line.command);
        Ok(())
    }

    /// A message leaves, once for each kind that has not failed: out of its reservation, or out of the balance.
    fn send(
        &self,
        draft: &mut Draft<'_>,
        id: &MessageId,
        kind: &Word,
        reservation: Option<&Word>,
        key: KeyRef<'_>,
    ) -> Result<(), Error> {
        if self.standing(draft.now()) == Standing::Suspended {
            return Err(Error::Suspended);
        }
        let (item, price) = self.book.message(kind, draft.date())?;
        if let Some(sent) = self.first_of_message(id) {
            let mut charged = self.messages.open(sent, &self.rows);
            if charged.any(|(_, row)| row.item(&self.book) == Some(item)) {
                return Err(Error::MessageRepeated);
            }
        }
        let origin = Origin {
            item: Some(item),
            message: Some(id),
            reservation,
            ..Origin::key(key)
        };
        if let Some(reservation) = reservation {
            let open = self.reservations.open(reservation);
            let part = open.ok_or(Error::UnknownReservation)?.part(price);
            return draft.post(price, part.ok_or(Error::InsufficientCash)?, origin);
        }
        if self.terms == Terms::Prepaid && draft.balance() < price {
            return Err(Error::InsufficientCash);
        }
        draft.debit(EntryKind::Message, price, origin)
    }

    fn reserve(
        &self,
        draft: &mut Draft<'_>,
        id: &Word,
        amount: Won,
        expires_at: Option<Timestamp>,
        key: KeyRef<'_>,
    ) -> Result<(), Error> {
        if self.standing(draft.now()) == Standing::Suspended {
            return Err(Error::Suspended);
        }
        is_ahead(expires_at, draft.now())?;
        if self.reservations.is_known(id) {
            return Err(Error::ReservationRepeated);
        }
        if self.terms == Terms::Prepaid && draft.balance() < amount {
            return Err(Error::InsufficientCash);
        }
        draft.push(LedgerEvent::ReservationMade {
            id: id.clone(),
            expires_at: expires_at.unwrap_or_else(|| draft.now().plus(Self::RESERVATION_KEPT)),
        });
        let origin = Origin {
            reservation: Some(id),
            ..Origin::key(key)
        };
        draft.debit(EntryKind::Reserve, amount, origin)
    }

    fn change_plan(
        &self,
        draft: &mut Draft<'_>,
        wanted: Cover,
        trial_until: Option<Timestamp>,
        key: KeyRef<'_>,
    ) -> Result<(), Error> {
        let date = draft.date();
        let month = date.first_of_month();
        let paid = self.plan.as_ref().filter(|plan| plan.trial_until.is_none());
        if let Some(until) = trial_until.filter(|until| *until > draft.now()) {
            if let Some(plan) = paid
                && !Plan::monthly(&plan.cover, &self.book, date)?.is_empty()
            {
                return Err(Error::TrialTooLate);
            }
            let mut plan = Plan::new(wanted.clone(), wanted, month, &self.zone);
            plan.trial_until = Some(until);
            draft.push(LedgerEvent::PlanChanged(plan));
            return Ok(());
        }
        let (charges, cover, priced_on) = match paid {
            Some(plan) => plan.change(&wanted, &self.book, date)?,
            None => (
                Plan::rest_of_month(&wanted, &self.book, date)?,
                wanted.clone(),
                date,
            ),
        };
        let mut plan = Plan::new(cover, wanted, month, &self.zone);
        plan.priced_on = priced_on;
        draft.push(LedgerEvent::PlanChanged(plan));
        draft.fees(charges, key)
    }
}

fn is_ahead(expires_at: Option<Timestamp>, now: Timestamp) -> Result<(), Error> {
    match expires_at {
        Some(expires_at) if expires_at <= now => Err(Error::Expired),
        _ => Ok(()),
    }
}
