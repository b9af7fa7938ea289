//! The ledger: commands become events, events become state.

mod command;
mod draft;
mod due;
mod reservation;
mod site;
mod state;
mod today;

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::id::{MessageId, Word};
use happytalk_core::time::{Date, Zone};

use crate::digest::Fingerprint;
use crate::entry::{Entry, EntryKind, Key, LedgerAccount};
use crate::error::Error;
use crate::lookup::{Index, Named};
use crate::plan::Plan;
use crate::price_book::PriceBook;
use crate::purse::Purse;
use crate::settings::Settings;
pub use command::{Command, Due, LedgerEvent, Place, Standing, Terms};
use draft::{Draft, Origin};
use reservation::Reservations;
use today::{MonthlyUse, Today};

/// What a command left behind: its fingerprint, and which entries it led to.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Record {
    key: Word,
    fingerprint: Fingerprint,
    first_entry: u64,
    entries: u32,
}

impl Named for Record {
    fn name(&self) -> &str {
        self.key.as_str()
    }
}

/// A day-case, and the entry that charged it where that was not taken back.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Case {
    key: Key,
    entry: Option<u64>,
}

impl Named for Case {
    fn name(&self) -> &str {
        self.key.as_str()
    }
}

/// The charges of a message that were not given back: one as a rule, a fall-back's beside it.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sent {
    id: MessageId,
    first: Option<u64>,
    others: Vec<u64>,
}

impl Named for Sent {
    fn name(&self) -> &str {
        self.id.as_str()
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
    entries: Vec<Entry>,
    purse: Purse,
    /// Every command ever taken, by its key.
    keys: Index<Record>,
    cases: Index<Case>,
    messages: Index<Sent>,
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
            entries: Vec::new(),
            purse: Purse::default(),
            keys: Index::default(),
            cases: Index::default(),
            messages: Index::default(),
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
    /// Where the command is refused; see [`Error`]. [`Error::Unbalanced`] refuses all where events were applied whose
    /// sides differ.
    pub fn decide(&self, command: &Command, now: Timestamp) -> Result<Vec<LedgerEvent>, Error> {
        if !self.is_balanced() {
            return Err(Error::Unbalanced);
        }
        match command {
            Command::Site(line) => self.decide_site(line, now),
            Command::DayCase { key, day, place } => {
                if self.has_case(key) {
                    return Ok(Vec::new());
                }
                let price = self.book.day_case(*day)?;
                let mut draft = Draft::new(self, now);
                let origin = Origin {
                    place: Some(place),
                    ..Origin::key(key)
                };
                draft.debit(EntryKind::DayCase, price, origin)?;
                Ok(draft.finish())
            }
            Command::VoidDayCase { key } => {
                let case = self.cases.get(key.as_str());
                let charged = case.and_then(|case| self.entry(case.entry?));
                let Some(charged) = charged else {
                    return Ok(Vec::new());
                };
                let mut draft = Draft::new(self, now);
                let void = Key::made(&format!("{key}/void"));
                draft.give_back(EntryKind::DayCase, charged, &void)?;
                Ok(draft.finish())
            }
            Command::BotDay { key, day, place } => self.decide_bot_day(key, *day, place, now),
            Command::FallDue => self.decide_due(now),
        }
    }

    fn decide_bot_day(
        &self,
        key: &Key,
        day: Date,
        place: &Place,
        now: Timestamp,
    ) -> Result<Vec<LedgerEvent>, Error> {
        if self.bot.seen.contains(key.as_str()) {
            return Ok(Vec::new());
        }
        let month = day.first_of_month();
        // A word that comes late belongs to a month that is counted no more: it is beyond what was included.
        let before = match self.bot.month {
            Some(counted) if counted == month => self.bot.days,
            Some(counted) if counted > month => u32::MAX,
            _ => 0,
        };
        let mut draft = Draft::new(self, now);
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
                ..Origin::key(key)
            };
            draft.debit(EntryKind::BotOver, price.over, origin)?;
        }
        Ok(draft.finish())
    }

    /// Takes `event` as a fact: never fails, decides nothing.
    pub fn apply(&mut self, event: &LedgerEvent) {
        self.take(event.clone());
    }

    /// As [`Ledger::apply`], without a copy.
    pub(crate) fn take(&mut self, event: LedgerEvent) {
        match event {
            LedgerEvent::Recorded {
                key,
                fingerprint,
                entries,
            } => {
                let first_entry = self.next_id();
                self.keys.put(Record {
                    key,
                    fingerprint,
                    first_entry,
                    entries,
                });
                // No deadline hangs on it.
                return;
            }
            LedgerEvent::Booked(entry) => self.take_entry(entry),
            LedgerEvent::PlanChanged(plan) => self.plan = Some(plan),
            LedgerEvent::SettingsChanged(settings) => self.settings = settings,
            LedgerEvent::FeeDue(due) => self.dues.push_back(due),
            LedgerEvent::FeeSettled => {
                self.dues.pop_front();
            }
            LedgerEvent::Suspended { .. } => self.suspended = true,
            LedgerEvent::Resumed { .. } => self.suspended = false,
            LedgerEvent::ReservationMade { id, expires_at } => {
                self.reservations.make(&id, expires_at);
            }
            LedgerEvent::ReservationClosed { id } => self.reservations.close(&id),
            LedgerEvent::BotDayCounted { key, month } => {
                if self.bot.month < Some(month) {
                    self.bot.month = Some(month);
                    self.bot.days = 0;
                }
                if self.bot.month == Some(month) {
                    self.bot.days = self.bot.days.saturating_add(1);
                }
                self.bot.seen.put(key);
            }
            LedgerEvent::BalanceLow { percent, .. } => {
                self.low.insert(percent);
            }
            LedgerEvent::BalanceRecovered { percent } => {
                self.low.remove(&percent);
            }
            LedgerEvent::TopUpWanted { at, .. } => self.top_up_wanted_at = Some(at),
        }
        self.deadline = self.first_deadline();
    }

    fn take_entry(&mut self, entry: Entry) {
        self.purse.apply(entry.moves.as_slice());
        for (account, amount) in entry.postings() {
            if let Some(sum) = self.sums.get_mut(account.place()) {
                *sum = sum.saturating_add(amount);
            }
            self.off_by = self.off_by.saturating_add(amount);
        }
        if !self.today.has(entry.at) {
            self.today = Today::of(entry.at, &self.zone);
        }
        if entry.kind.is_use() {
            let used = entry.amount.as_millis().saturating_neg();
            self.used.add(self.today.date(entry.at, &self.zone), used);
        }
        if let Some(id) = &entry.reservation
            && matches!(entry.kind, EntryKind::Reserve | EntryKind::Release)
        {
            self.reservations.take(id, entry.id, entry.moves.as_slice());
        }
        match (entry.kind, entry.gives_back, &entry.message) {
            (EntryKind::DayCase, None, _) => self.cases.put(Case {
                key: entry.key.clone(),
                entry: Some(entry.id),
            }),
            (EntryKind::DayCase, Some(given_back), _) => {
                if let Some(charged) = self.entry(given_back) {
                    let key = charged.key.clone();
                    self.cases.put(Case { key, entry: None });
                }
            }
            (EntryKind::Message, None, Some(message)) => {
                match self.messages.get_mut(message.as_str()) {
                    Some(sent) => sent.add(entry.id),
                    None => self.messages.put(Sent {
                        id: message.clone(),
                        first: Some(entry.id),
                        others: Vec::new(),
                    }),
                }
            }
            (EntryKind::MessageRefund, Some(given_back), Some(message)) => {
                if let Some(sent) = self.messages.get_mut(message.as_str()) {
                    sent.remove(given_back);
                }
            }
            _ => {}
        }
        self.entries.push(entry);
    }
}

impl Sent {
    fn open(&self) -> impl Iterator<Item = u64> + '_ {
        self.first.iter().chain(&self.others).copied()
    }

    fn add(&mut self, entry: u64) {
        if self.first.is_none() && self.others.is_empty() {
            self.first = Some(entry);
        } else {
            self.others.push(entry);
        }
    }

    fn remove(&mut self, entry: u64) {
        if self.first == Some(entry) {
            self.first = None;
        }
        self.others.retain(|other| *other != entry);
    }
}
