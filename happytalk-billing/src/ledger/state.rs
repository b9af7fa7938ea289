//! What can be read off a ledger.

use happytalk_core::id::{MessageId, Word};
use happytalk_core::time::{Date, Zone};
use happytalk_core::{Timestamp, Won};

use super::{Due, Entries, Ledger, Standing, Terms, key_text};
use crate::digest::Digest;
use crate::entry::{Key, LedgerAccount, LotKind};
use crate::pages::Pages;
use crate::plan::Plan;
use crate::price_book::PriceBook;
use crate::row::Row;
use crate::settings::Settings;

impl Ledger {
    /// Every entry, in the order of booking.
    #[must_use]
    pub fn entries(&self) -> Entries<'_> {
        Entries::of(self)
    }

    /// The entries that a command led to when it was given; `None` where none was taken under `key`.
    #[must_use]
    pub fn booked_under(&self, key: &Word) -> Option<Entries<'_>> {
        let record = self.commands.get(key.as_str())?;
        let first = usize::try_from(record.first_entry.checked_sub(1)?).ok()?;
        let count = usize::try_from(record.entries).ok()?;
        Entries::part(self, first, count)
    }

    /// The hash of the last entry, which stands for all of them; [`Digest::GENESIS`] before the first.
    #[must_use]
    pub fn head(&self) -> Digest {
        self.rows.last().map_or(Digest::GENESIS, |last| last.hash)
    }

    pub(super) fn row(&self, number: u64) -> Option<&Row> {
        self.rows.of_number(number)
    }

    /// The key of the entry with that number.
    pub(super) fn key_of(&self, number: u64) -> Option<&str> {
        Some(key_text(self.row(number)?, &self.commands))
    }

    pub(super) fn next_id(&self) -> u64 {
        Pages::<Row>::number_of(self.rows.len())
    }

    pub(super) fn date(&self, at: Timestamp) -> Date {
        self.today.date(at, &self.zone)
    }

    /// The balance; below zero it is what the site owes. What is reserved is not in it.
    #[must_use]
    pub const fn balance(&self) -> Won {
        self.purse.balance()
    }

    /// How much of the balance is of one kind.
    #[must_use]
    pub fn balance_of(&self, kind: LotKind) -> Won {
        self.purse.sum(kind)
    }

    /// What is set aside in open reservations.
    #[must_use]
    pub fn reserved(&self) -> Won {
        self.reservations.sum()
    }

    /// What is left of an open reservation.
    #[must_use]
    pub fn left_of(&self, reservation: &Word) -> Option<Won> {
        let open = self.reservations.open(reservation)?;
        Some(open.sum())
    }

    /// What stands on an account of the double entry, in thousandths of a won.
    #[must_use]
    pub fn sum_of(&self, account: LedgerAccount) -> i128 {
        self.sums.get(account.place()).copied().unwrap_or(0)
    }

    /// Whether all accounts together are zero and the wallet is the balance. Kept up with every entry, and asked before
    /// every decision: where it is false, nothing more is booked.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        let wallet = i128::from(self.balance().as_millis());
        self.off_by == 0 && self.sum_of(LedgerAccount::Wallet) == wallet
    }

    /// The prices.
    #[must_use]
    pub const fn book(&self) -> &PriceBook {
        &self.book
    }

    /// The site's zone.
    #[must_use]
    pub const fn zone(&self) -> &Zone {
        &self.zone
    }

    /// When the site pays.
    #[must_use]
    pub const fn terms(&self) -> Terms {
        self.terms
    }

    /// How the site is charged.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// The site's plan; `None` before the first `plan_set`.
    #[must_use]
    pub const fn plan(&self) -> Option<&Plan> {
        self.plan.as_ref()
    }

    /// The fees that wait for cover, the oldest first.
    pub fn dues(&self) -> impl Iterator<Item = &Due> {
        self.dues.iter()
    }

    /// Whether the case has been charged.
    #[must_use]
    pub fn has_case(&self, key: &Key) -> bool {
        self.charged_case(key).is_some()
    }

    /// The charge of a case, and its number, where it was not taken back.
    pub(super) fn charged_case(&self, key: &Key) -> Option<(u64, &Row)> {
        let first = self.first_of_case(key.as_str())?;
        self.cases.open(first, &self.rows).next()
    }

    /// The number of the first entry that charged the case.
    pub(super) fn first_of_case(&self, key: &str) -> Option<u64> {
        let has_key = |number| self.key_of(number) == Some(key);
        self.cases.first(key, has_key)
    }

    /// The number of the first entry that charged the message.
    pub(super) fn first_of_message(&self, id: &MessageId) -> Option<u64> {
        let is_of_it = |number| {
            let row = self.row(number);
            row.is_some_and(|row| row.message.as_ref() == Some(id))
        };
        self.messages.first(id.as_str(), is_of_it)
    }

    /// How many customer-days with a bot were counted in the month of `date`.
    #[must_use]
    pub fn bot_days(&self, date: Date) -> u32 {
        if self.bot.month == Some(date.first_of_month()) {
            self.bot.days
        } else {
            0
        }
    }

    /// Where the site stands at `now`.
    #[must_use]
    pub fn standing(&self, now: Timestamp) -> Standing {
        match self.dues.front().map(|due| due.grace_until) {
            None => Standing::Active,
            Some(until) if now < until => Standing::Grace { until },
            Some(_) => Standing::Suspended,
        }
    }

    /// How far day-cases may take the balance below zero at `now`.
    #[must_use]
    pub fn credit_limit(&self, now: Timestamp) -> Won {
        self.settings.credit_limit.unwrap_or_else(|| {
            let date = self.date(now);
            let cases = i64::from(self.book.rules(date).credit_day_cases);
            let unit = self.book.day_case(date).ok();
            unit.and_then(|unit| unit.checked_mul(cases))
                .unwrap_or(Won::ZERO)
        })
    }

    /// Whether one more day-case stays within the credit limit at `now`.
    #[must_use]
    pub fn has_credit(&self, now: Timestamp) -> bool {
        let unit = self.book.day_case(self.date(now)).ok();
        let after = unit.and_then(|unit| self.balance().checked_sub(unit));
        let least = self.credit_limit(now).checked_neg();
        match (self.terms, after, least) {
            (Terms::OnInvoice, ..) => true,
            (Terms::Prepaid, Some(after), Some(least)) => after >= least,
            (Terms::Prepaid, ..) => false,
        }
    }
}
