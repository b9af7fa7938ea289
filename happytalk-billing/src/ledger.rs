//! The ledger: commands become events, events become state.

mod command;
mod draft;
mod due;
mod reservation;
mod site;
mod state;
mod today;

use std::collections::{BTreeSet, VecDeque};
use std::num::NonZeroU64;
use std::slice;
use std::sync::Arc;
use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::id::{MessageId, Word};
use happytalk_core::time::{Date, Zone};

use crate::digest::Fingerprint;
use crate::entry::{Entry, EntryKind, Key, LedgerAccount, Place};
use crate::error::Error;
use crate::lookup::{Index, Named};
use crate::pages::Pages;
use crate::plan::Plan;
use crate::price_book::PriceBook;
use crate::purse::Purse;
use crate::settings::Settings;
pub use command::{Command, Due, LedgerEvent, Standing, Terms};
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
    first: Option<NonZeroU64>,
    others: Box<[u64]>,
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
    entries: Pages<Entry>,
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
            entries: Pages::default(),
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
    /// Where the command is refused; see [`Error`]. [`Error::OutOfOrder`] where `now` lies behind the last entry by more
    /// than [`Ledger::SKEW_MAX`]. [`Error::Unbalanced`] refuses all where events were applied whose
    /// sides differ.
    pub fn decide(&self, command: &Command, now: Timestamp) -> Result<Vec<LedgerEvent>, Error> {
        self.decide_together(slice::from_ref(command), now, Vec::with_capacity(2))
    }

    /// What `commands` lead to, one after the other and all or none of them. No two are about the same key, reservation
    /// or plan. `events` is empty, and comes back with what was decided.
    pub(crate) fn decide_together(
        &self,
        commands: &[Command],
        now: Timestamp,
        events: Vec<LedgerEvent>,
    ) -> Result<Vec<LedgerEvent>, Error> {
        let mut draft = Draft::new(self, now, events)?;
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
                    let case = self.cases.get(key.as_str());
                    if let Some(charged) = case.and_then(|case| self.entry(case.entry?)) {
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
        self.note(event);
        match event {
            LedgerEvent::Recorded {
                key,
                fingerprint,
                entries,
            } => self.record(key.clone(), *fingerprint, *entries),
            LedgerEvent::Booked(entry) => self.entries.push(entry.clone()),
            _ => {}
        }
    }

    /// As [`Ledger::apply`] of the events of one decision, without a copy of what they hold. Leaves `events` empty.
    pub(crate) fn take(&mut self, events: &mut Vec<LedgerEvent>) {
        for event in &*events {
            self.note(event);
        }
        for event in events.drain(..) {
            match event {
                LedgerEvent::Recorded {
                    key,
                    fingerprint,
                    entries,
                } => self.record(key, fingerprint, entries),
                LedgerEvent::Booked(entry) => self.entries.push(entry),
                _ => {}
            }
        }
    }

    /// Puts a key down for ever, before the entries that it led to.
    fn record(&mut self, key: Word, fingerprint: Fingerprint, entries: u32) {
        let first_entry = self.next_id();
        self.keys.put(Record {
            key,
            fingerprint,
            first_entry,
            entries,
        });
    }

    /// Takes an event into everything but the keys and the list of entries.
    fn note(&mut self, event: &LedgerEvent) {
        match event {
            // No deadline hangs on it.
            LedgerEvent::Recorded { .. } => return,
            LedgerEvent::Booked(entry) => self.note_entry(entry),
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
        self.deadline = self.first_deadline();
    }

    fn note_entry(&mut self, entry: &Entry) {
        self.purse.apply(entry.moves.as_slice());
        for (account, amount) in entry.postings() {
            if amount != 0
                && let Some(sum) = self.sums.get_mut(account.place())
            {
                *sum = sum.saturating_add(amount);
                self.off_by = self.off_by.saturating_add(amount);
            }
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
                self.messages.change_or_add(
                    message.as_str(),
                    |sent| sent.add(entry.id),
                    || Sent::new(message, entry.id),
                );
            }
            (EntryKind::MessageRefund, Some(given_back), Some(message)) => {
                if let Some(sent) = self.messages.get_mut(message.as_str()) {
                    sent.remove(given_back);
                }
            }
            _ => {}
        }
    }
}

impl Sent {
    fn new(id: &MessageId, entry: u64) -> Self {
        Self {
            id: id.clone(),
            first: NonZeroU64::new(entry),
            others: Box::default(),
        }
    }

    fn open(&self) -> impl Iterator<Item = u64> + '_ {
        let first = self.first.map(NonZeroU64::get);
        first.into_iter().chain(self.others.iter().copied())
    }

    fn add(&mut self, entry: u64) {
        if self.first.is_none() && self.others.is_empty() {
            self.first = NonZeroU64::new(entry);
        } else {
            self.others = self.others.iter().copied().chain([entry]).collect();
        }
    }

    fn remove(&mut self, entry: u64) {
        if self.first.map(NonZeroU64::get) == Some(entry) {
            self.first = None;
        }
        if self.others.contains(&entry) {
            let others = self.others.iter().filter(|other| **other != entry);
            self.others = others.copied().collect();
        }
    }
}
