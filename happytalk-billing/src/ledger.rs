//! The ledger: commands become events, events become state.

mod charges;
mod command;
mod draft;
mod due;
mod entries;
mod fact;
mod reservation;
mod site;
mod state;
mod today;

use std::collections::{BTreeSet, VecDeque};
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::time::{Date, Zone};

use crate::digest::Fingerprint;
use crate::entry::{EntryKind, Key, LedgerAccount, Place, postings};
use crate::error::Error;
use crate::lookup::{Index, Named};
use crate::pages::Pages;
use crate::plan::Plan;
use crate::price_book::PriceBook;
use crate::purse::Purse;
use crate::row::{Row, RowKey};
use crate::settings::Settings;
use charges::Charges;
pub use command::{Body, Command, Due, LedgerEvent, Standing, Terms};
use draft::{Draft, Origin};
pub use entries::Entries;
pub(crate) use fact::Fact;
use reservation::Reservations;
use today::{MonthlyUse, Today};

/// What a command left behind: which entries it led to, and what tells its body from any other.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    key: Key,
    first_entry: u64,
    entries: u32,
    /// Where its digest stands, from 1 on; 0 where the first entry says all that the body did.
    digest: u32,
}

impl Named for Record {
    fn name(&self) -> &str {
        self.key.as_str()
    }
}

impl Named for Key {
    fn name(&self) -> &str {
        self.as_str()
    }
}

/// The bot traffic of a month.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct BotTraffic {
    seen: Index<Key>,
    month: Option<Date>,
    days: u32,
}

/// One site's money. Append-only, double entry, hash-chained, every amount in thousandths of a won, checked.
///
/// Pure: [`Ledger::decide`] judges and changes nothing, [`Ledger::apply`] takes an event as a fact.
/// [`Account`](crate::Account) drives both over a log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ledger {
    book: PriceBook,
    zone: Zone,
    terms: Terms,
    rows: Pages<Row>,
    purse: Purse,
    /// Every command ever taken, by its key.
    commands: Index<Record>,
    digests: Pages<Fingerprint>,
    /// By the keys of the cases.
    cases: Charges,
    /// By the ids of the messages.
    messages: Charges,
    reservations: Reservations,
    bot: BotTraffic,
    plan: Option<Plan>,
    dues: VecDeque<Due>,
    suspended: bool,
    settings: Settings,
    top_up_wanted_at: Option<Timestamp>,
    /// The levels, in per cent of last month's use, that the balance is at or below.
    low: BTreeSet<u8>,
    used: MonthlyUse,
    today: Today,
    /// What stands on each account, by [`LedgerAccount::place`], and what all come to.
    sums: [i128; LedgerAccount::ALL.len()],
    off_by: i128,
    deadline: Option<Timestamp>,
}

impl Ledger {
    /// How long a reservation is kept where it does not say: 72 hours, past every platform's last word on a message.
    pub const RESERVATION_KEPT: Duration = Duration::from_secs(72 * 3_600);

    /// How far a command may lie behind the last entry; it is then booked at the same time as that. 10 minutes.
    pub const SKEW_MAX: Duration = Duration::from_secs(600);

    /// An empty ledger of a site in `zone`.
    #[must_use]
    pub fn new(book: PriceBook, zone: Zone, terms: Terms) -> Self {
        let today = Today::of(Timestamp::EPOCH, &zone);
        Self {
            used: MonthlyUse::new(today.date(Timestamp::EPOCH, &zone)),
            today,
            book,
            zone,
            terms,
            rows: Pages::default(),
            purse: Purse::default(),
            commands: Index::default(),
            digests: Pages::default(),
            cases: Charges::default(),
            messages: Charges::default(),
            reservations: Reservations::default(),
            bot: BotTraffic::default(),
            plan: None,
            dues: VecDeque::new(),
            suspended: false,
            settings: Settings::default(),
            top_up_wanted_at: None,
            low: BTreeSet::new(),
            sums: [0; LedgerAccount::ALL.len()],
            off_by: 0,
            deadline: None,
        }
    }

    /// What `command` leads to at `now`; nothing where it was taken before.
    ///
    /// # Errors
    /// Where the command is refused; see [`Error`]. [`Error::OutOfOrder`] where `now` lies behind the last entry by more
    /// than [`Ledger::SKEW_MAX`]. [`Error::Unbalanced`] refuses all where events were applied whose
    /// sides differ.
    pub fn decide(&self, command: &Command, now: Timestamp) -> Result<Vec<LedgerEvent>, Error> {
        let command = slice::from_ref(command);
        let facts = self.decide_together(command, now, Vec::with_capacity(2))?;
        Ok(self.events(facts))
    }

    /// What `commands` lead to, one after the other and all or none of them. No two are about the same key, reservation
    /// or plan. `facts` is empty, and comes back with what was decided.
    pub(crate) fn decide_together(
        &self,
        commands: &[Command],
        now: Timestamp,
        facts: Vec<Fact>,
    ) -> Result<Vec<Fact>, Error> {
        let mut draft = Draft::new(self, now, facts)?;
        for command in commands {
            match command {
                Command::Site(line) => {
                    if !self.is_repeat(line)? {
                        self.take_line(&mut draft, line)?;
                    }
                }
                Command::DayCase { key, day, place } => {
                    if !self.has_case(key) {
                        let origin = Origin {
                            place: Some(place),
                            ..Origin::key(key.into())
                        };
                        draft.debit(EntryKind::DayCase, self.book.day_case(*day)?, origin)?;
                    }
                }
                Command::VoidDayCase { key } => {
                    if let Some(charged) = self.charged_case(key) {
                        let void = Key::made(&format!("{key}/void"));
                        draft.give_back(EntryKind::DayCase, charged, (&void).into())?;
                    }
                }
                Command::BotDay { key, day, place } => {
                    self.count_bot_day(&mut draft, key, *day, place)?;
                }
                Command::FallDue => self.fall_due(&mut draft)?,
            }
        }
        Ok(draft.finish())
    }

    /// Whether `now` is late enough after `last`.
    pub(crate) fn check_order(last: Timestamp, now: Timestamp) -> Result<(), Error> {
        let behind = last.since(now);
        if behind > Self::SKEW_MAX {
            return Err(Error::OutOfOrder {
                behind_ms: u64::try_from(behind.as_millis()).unwrap_or(u64::MAX),
            });
        }
        Ok(())
    }

    fn count_bot_day(
        &self,
        draft: &mut Draft<'_>,
        key: &Key,
        day: Date,
        place: &Arc<Place>,
    ) -> Result<(), Error> {
        if self.bot.seen.contains(key.as_str()) {
            return Ok(());
        }
        let month = day.first_of_month();
        // A word that comes late belongs to a month that is counted no more: it is beyond what was included.
        let before = match self.bot.month {
            Some(counted) if counted == month => self.bot.days,
            Some(counted) if counted > month => u32::MAX,
            _ => 0,
        };
        draft.push(LedgerEvent::BotDayCounted {
            key: key.clone(),
            month,
        });
        // Nothing is charged in a trial, nor where no plan was ever set.
        let plan = self.plan.as_ref().filter(|plan| plan.trial_until.is_none());
        if let Some(plan) = plan
            && let Some(price) = self.book.bot_traffic(&plan.cover.plan, day)?
            && before >= price.included
        {
            let origin = Origin {
                item: Some(&plan.cover.plan),
                place: Some(place),
                ..Origin::key(key.into())
            };
            draft.debit(EntryKind::BotOver, price.over, origin)?;
        }
        Ok(())
    }

    /// Takes `event` as a fact: never fails, decides nothing.
    pub fn apply(&mut self, event: &LedgerEvent) {
        match self.fact(event) {
            // Whoever applies events may apply one twice.
            Fact::Recorded { key, body, entries } => {
                let record = self.record(key, body, entries);
                self.commands.put(record);
            }
            Fact::Booked(row) => {
                self.note_row(&row);
                self.rows.push(row);
            }
            Fact::Told(event) => self.note(&event),
        }
        self.deadline = self.first_deadline();
    }

    /// As [`Ledger::apply`] of the events of one decision of this ledger as it is. Leaves `facts` empty.
    pub(crate) fn take(&mut self, facts: &mut Vec<Fact>) {
        for fact in facts.drain(..) {
            match fact {
                Fact::Recorded { key, body, entries } => {
                    let record = self.record(key, body, entries);
                    // What it decided on first it did not know.
                    self.commands.put_new(record);
                }
                Fact::Booked(row) => {
                    self.note_row(&row);
                    self.rows.push(row);
                }
                Fact::Told(event) => self.note(&event),
            }
        }
        self.deadline = self.first_deadline();
    }

    /// What is put down for ever of a command, before the entries that it led to.
    fn record(&mut self, key: Key, body: Body, entries: u32) -> Record {
        let digest = match body {
            Body::AsBooked => 0,
            Body::Digest(digest) => {
                self.digests.push(digest);
                u32::try_from(self.digests.len()).unwrap_or(u32::MAX)
            }
        };
        Record {
            key,
            first_entry: self.next_id(),
            entries,
            digest,
        }
    }

    /// Takes an entry into everything but the list of them, which it is the next of.
    fn note_row(&mut self, row: &Row) {
        let number = self.next_id();
        let moves = row.moves();
        self.purse.apply(moves.as_slice());
        for (account, amount) in postings(row.kind, row.amount, row.vat(), row.fee()) {
            if amount != 0
                && let Some(sum) = self.sums.get_mut(account.place())
            {
                *sum = sum.saturating_add(amount);
                self.off_by = self.off_by.saturating_add(amount);
            }
        }
        if !self.today.has(row.at) {
            self.today = Today::of(row.at, &self.zone);
        }
        if row.kind.is_use() {
            let used = row.amount.as_millis().saturating_neg();
            self.used.add(self.today.date(row.at, &self.zone), used);
        }
        if let Some(id) = row.reservation()
            && matches!(row.kind, EntryKind::Reserve | EntryKind::Release)
        {
            self.reservations.take(id, number, moves.as_slice());
        }
        match (row.kind, row.gives_back(), &row.message) {
            (EntryKind::DayCase, None, _) => {
                let (rows, commands) = (&self.rows, &self.commands);
                let key = key_text(row, commands);
                let has_key = |number| {
                    let row = rows.of_number(number);
                    row.is_some_and(|row| key_text(row, commands) == key)
                };
                self.cases.add(key, number, has_key);
            }
            (EntryKind::Message, None, Some(message)) => {
                let rows = &self.rows;
                let is_of_it = |number| {
                    let row = rows.of_number(number);
                    row.is_some_and(|row| row.message.as_ref() == Some(message))
                };
                self.messages.add(message.as_str(), number, is_of_it);
            }
            (EntryKind::DayCase | EntryKind::MessageRefund, Some(charged), _) => {
                self.mark_given_back(charged, row.kind);
            }
            _ => {}
        }
    }

    /// The charge with that number was given back by an entry of that kind.
    fn mark_given_back(&mut self, charged: u64, by: EntryKind) {
        let Some(row) = self.rows.of_number(charged) else {
            return;
        };
        match (by, row.kind, &row.message) {
            (EntryKind::DayCase, EntryKind::DayCase, _) => {
                let key = key_text(row, &self.commands);
                if let Some(first) = self.first_of_case(key) {
                    self.cases.remove(first, charged);
                }
            }
            (EntryKind::MessageRefund, EntryKind::Message, Some(message)) => {
                if let Some(first) = self.first_of_message(message) {
                    self.messages.remove(first, charged);
                }
            }
            // No ledger decides such a thing.
            _ => return,
        }
        if let Some(row) = self.rows.of_number_mut(charged) {
            row.is_given_back = true;
        }
    }

    /// Takes an event that is neither a record nor an entry.
    fn note(&mut self, event: &LedgerEvent) {
        match event {
            // Facts of their own.
            LedgerEvent::Recorded { .. } | LedgerEvent::Booked(_) => {}
            LedgerEvent::PlanChanged(plan) => self.plan = Some(plan.clone()),
            LedgerEvent::SettingsChanged(settings) => self.settings = settings.clone(),
            LedgerEvent::FeeDue(due) => self.dues.push_back(due.clone()),
            LedgerEvent::FeeSettled => {
                self.dues.pop_front();
            }
            LedgerEvent::Suspended { .. } => self.suspended = true,
            LedgerEvent::Resumed { .. } => self.suspended = false,
            LedgerEvent::ReservationMade { id, expires_at } => {
                self.reservations.make(id, *expires_at);
            }
            LedgerEvent::ReservationClosed { id } => self.reservations.close(id),
            LedgerEvent::BotDayCounted { key, month } => {
                if self.bot.month < Some(*month) {
                    self.bot.month = Some(*month);
                    self.bot.days = 0;
                }
                if self.bot.month == Some(*month) {
                    self.bot.days = self.bot.days.saturating_add(1);
                }
                self.bot.seen.put(key.clone());
            }
            LedgerEvent::BalanceLow { percent, .. } => {
                self.low.insert(*percent);
            }
            LedgerEvent::BalanceRecovered { percent } => {
                self.low.remove(percent);
            }
            LedgerEvent::TopUpWanted { at, .. } => self.top_up_wanted_at = Some(*at),
        }
    }
}

/// The key of an entry, which its command may have.
fn key_text<'a>(row: &'a Row, commands: &'a Index<Record>) -> &'a str {
    match &row.key {
        RowKey::Made(key) => key.as_str(),
        RowKey::Command(index) => commands.nth(*index).map_or("", Named::name),
    }
}
