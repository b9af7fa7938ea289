//! The ledger: commands become events, events become state.

mod draft;

use std::collections::{BTreeMap, VecDeque};
use std::time::Duration;

use happytalk_core::id::{ConversationId, MessageId, Word};
use happytalk_core::time::{Date, Zone};
use happytalk_core::{Timestamp, Won};

use crate::entry::{Entry, EntryKind, LedgerAccount, LotKind};
use crate::error::Error;
use crate::plan::{Cover, Plan};
use crate::price_book::PriceBook;
use crate::purse::Purse;
use crate::settings::Settings;
use crate::site_line::{SiteCommand, SiteLine};
use draft::{Draft, Fund, Origin};

/// When a site pays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Terms {
    /// 선불: from the balance; what it does not cover waits, fails, or suspends the site. The default.
    #[default]
    Prepaid,
    /// 후불: everything is booked, the balance below zero is what is owed, and nothing is held up.
    OnInvoice,
}

/// Where a site stands with its account fees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// Everything is paid.
    Active,
    /// A fee is not covered. Full service until then.
    Grace {
        /// Seven days after the fee fell due.
        until: Timestamp,
    },
    /// The grace is over: no new conversations, no sends; history stays readable. A top-up ends it.
    Suspended,
}

/// A fee that the balance did not cover when it fell due. It is tried again with every credit, the oldest first.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Due {
    /// The key it will be booked under.
    pub key: Box<str>,
    /// How much.
    pub amount: Won,
    /// Since when.
    pub since: Timestamp,
    /// When its grace ends.
    pub grace_until: Timestamp,
}

/// What the ledger can be asked to do.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// A command of the site.
    Site(SiteLine),
    /// A chargeable word on 상담톡: charges once a key.
    DayCase {
        /// Which case.
        key: Box<str>,
        /// The charging day, which prices it.
        day: Date,
        /// Where it was said.
        conversation: ConversationId,
    },
    /// Takes the charge of a case back: nothing that was said for it arrived.
    VoidDayCase {
        /// Which case.
        key: Box<str>,
    },
    /// Books the one thing that is due first: an expiry, a trial's end, or a month's fees.
    FallDue,
}

/// What the ledger decided.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LedgerEvent {
    /// A site's command was taken under its key.
    Recorded {
        /// The key and the body.
        line: SiteLine,
    },
    /// An entry was booked.
    Booked(Entry),
    /// The site has this plan.
    PlanChanged(Plan),
    /// The settings are these.
    SettingsChanged(Settings),
    /// A fee fell due that the balance does not cover.
    FeeDue(Due),
    /// The oldest due fee was booked.
    FeeSettled,
    /// The balance is at the threshold of the automatic top-up.
    TopUpWanted {
        /// When.
        at: Timestamp,
        /// How much, VAT not counted.
        amount: Won,
    },
}

/// A charge of a message that has not been given back.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Sent {
    entry: u64,
    kind: Word,
}

/// One site's money. Append-only, double entry, every amount in thousandths of a won, checked.
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
    keys: BTreeMap<Word, SiteCommand>,
    /// The entry that charged a case.
    cases: BTreeMap<Box<str>, u64>,
    /// The charges of a message that stand; empty when all were given back.
    messages: BTreeMap<MessageId, Vec<Sent>>,
    plan: Option<Plan>,
    dues: VecDeque<Due>,
    settings: Settings,
    top_up_wanted_at: Option<Timestamp>,
    sums: BTreeMap<LedgerAccount, i128>,
}

impl Ledger {
    /// How often the automatic top-up is asked for at the most: once in 10 minutes.
    pub const TOP_UP_PAUSE: Duration = Duration::from_secs(600);

    /// How many days an uncovered fee may wait before the site is suspended.
    pub const GRACE_DAYS: i32 = 7;

    /// An empty ledger of a site in `zone`.
    #[must_use]
    pub fn new(book: PriceBook, zone: Zone, terms: Terms) -> Self {
        Self {
            book,
            zone,
            terms,
            entries: Vec::new(),
            purse: Purse::default(),
            keys: BTreeMap::new(),
            cases: BTreeMap::new(),
            messages: BTreeMap::new(),
            plan: None,
            dues: VecDeque::new(),
            settings: Settings::default(),
            top_up_wanted_at: None,
            sums: BTreeMap::new(),
        }
    }

    /// What `command` leads to at `now`; nothing where it was taken before.
    ///
    /// # Errors
    /// Where the command is refused; see [`Error`].
    pub fn decide(&self, command: &Command, now: Timestamp) -> Result<Vec<LedgerEvent>, Error> {
        match command {
            Command::Site(line) => self.decide_site(line, now),
            Command::DayCase {
                key,
                day,
                conversation,
            } => {
                if self.cases.contains_key(key) {
                    return Ok(Vec::new());
                }
                let price = self.book.day_case(*day)?;
                let mut draft = Draft::new(self, now);
                let origin = Origin {
                    conversation: Some(conversation),
                    ..Origin::key(key)
                };
                draft.debit(EntryKind::DayCase, price, origin)?;
                Ok(draft.finish())
            }
            Command::VoidDayCase { key } => {
                let charged = self.cases.get(key).and_then(|id| self.entry(*id));
                let Some(charged) = charged else {
                    return Ok(Vec::new());
                };
                let mut draft = Draft::new(self, now);
                draft.give_back(EntryKind::DayCase, charged, &format!("{key}/void"))?;
                Ok(draft.finish())
            }
            Command::FallDue => self.decide_due(now),
        }
    }

    fn decide_site(&self, line: &SiteLine, now: Timestamp) -> Result<Vec<LedgerEvent>, Error> {
        if self.is_repeat(line)? {
            return Ok(Vec::new());
        }
        let mut draft = Draft::new(self, now);
        draft.push(LedgerEvent::Recorded { line: line.clone() });
        let key = line.key.as_str();
        match &line.command {
            SiteCommand::TopUp { amount, vat } => draft.top_up(*amount, *vat, key)?,
            SiteCommand::Granted { amount, expires_at } => {
                if expires_at.is_some_and(|expires_at| expires_at <= now) {
                    return Err(Error::Expired);
                }
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
                let date = self.zone.date(now);
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
                self.change_plan(&mut draft, wanted, *trial_until, key)?;
            }
            SiteCommand::MessageSent { id, kind } => {
                if self.standing(now) == Standing::Suspended {
                    return Err(Error::Suspended);
                }
                let open = self.messages.get(id).map_or(&[][..], Vec::as_slice);
                if open.iter().any(|sent| sent.kind == *kind) {
                    return Err(Error::MessageRepeated);
                }
                let price = self.book.message(kind, self.zone.date(now))?;
                if self.terms == Terms::Prepaid && self.balance() < price {
                    return Err(Error::InsufficientCash);
                }
                let origin = Origin {
                    message: Some(id),
                    ..Origin::key(key)
                };
                draft.debit(EntryKind::Message, price, origin)?;
            }
            SiteCommand::MessageFailed { id } => {
                let open = self.messages.get(id).ok_or(Error::UnknownMessage)?;
                // Every charge given back: the failure was told before, under another key.
                if let Some(charged) = open.first().and_then(|sent| self.entry(sent.entry)) {
                    draft.give_back(EntryKind::MessageRefund, charged, key)?;
                }
            }
            SiteCommand::Refunded { amount } => {
                if *amount > self.purse.sum(LotKind::Paid) {
                    return Err(Error::NotRefundable);
                }
                let origin = Origin {
                    paid_alone: true,
                    ..Origin::key(key)
                };
                draft.debit(EntryKind::Refund, *amount, origin)?;
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
        Ok(draft.finish())
    }

    fn change_plan(
        &self,
        draft: &mut Draft<'_>,
        wanted: Cover,
        trial_until: Option<Timestamp>,
        key: &str,
    ) -> Result<(), Error> {
        let now = draft.now();
        let date = self.zone.date(now);
        let month = date.first_of_month();
        let paid = self.plan.as_ref().filter(|plan| plan.trial_until.is_none());
        if let Some(until) = trial_until.filter(|until| *until > now) {
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
        let (charges, cover) = match paid {
            Some(plan) => plan.change(&wanted, &self.book, date)?,
            None => (
                Plan::rest_of_month(&wanted, &self.book, date)?,
                wanted.clone(),
            ),
        };
        draft.push(LedgerEvent::PlanChanged(Plan::new(
            cover, wanted, month, &self.zone,
        )));
        draft.fees(charges, key)
    }

    /// When the next thing falls due by itself; `None` while nothing will.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let expiry = self.purse.first_to_expire().map(|(lot, _)| lot.expires_at);
        let plan = self.plan.as_ref();
        let trial = plan.and_then(|plan| plan.trial_until);
        let month = plan.and_then(|plan| plan.next_month_at);
        [expiry, trial, month].into_iter().flatten().min()
    }

    /// The first of: an expiry, the end of a trial, the 1st of a month; in this order where they fall together.
    fn decide_due(&self, now: Timestamp) -> Result<Vec<LedgerEvent>, Error> {
        let Some(deadline) = self.next_deadline().filter(|deadline| *deadline <= now) else {
            return Ok(Vec::new());
        };
        let mut draft = Draft::new(self, now);
        if let Some((lot, left)) = self.purse.first_to_expire()
            && lot.expires_at == deadline
        {
            draft.expire(lot, left)?;
            return Ok(draft.finish());
        }
        let Some(plan) = &self.plan else {
            return Ok(Vec::new());
        };
        if plan.trial_until == Some(deadline) {
            let date = self.zone.date(deadline);
            let ended = Plan {
                trial_until: None,
                ..plan.clone()
            };
            draft.push(LedgerEvent::PlanChanged(ended));
            // A trial that ends as a month begins leaves the charge to that month.
            if date.first_of_month() == plan.month {
                let charges = Plan::rest_of_month(&plan.cover, &self.book, date)?;
                draft.fees(charges, &format!("account_fee/{}/trial", month_name(date)))?;
            }
            return Ok(draft.finish());
        }
        let next = plan.next_month(&self.zone);
        let date = next.month;
        let charged = next.trial_until.is_none();
        let charges = if charged {
            Plan::monthly(&next.cover, &self.book, date)?
        } else {
            Vec::new()
        };
        draft.push(LedgerEvent::PlanChanged(next));
        draft.fees(charges, &format!("account_fee/{}", month_name(date)))?;
        Ok(draft.finish())
    }

    /// Whether the line was taken before.
    ///
    /// # Errors
    /// [`Error::Conflict`] where its key was, with another body. The time is no part of the body.
    pub fn is_repeat(&self, line: &SiteLine) -> Result<bool, Error> {
        match self.keys.get(&line.key) {
            None => Ok(false),
            Some(command) if *command == line.command => Ok(true),
            Some(_) => Err(Error::Conflict),
        }
    }

    /// Takes `event` as a fact: never fails, decides nothing.
    pub fn apply(&mut self, event: &LedgerEvent) {
        match event {
            LedgerEvent::Recorded { line } => {
                self.keys.insert(line.key.clone(), line.command.clone());
                if let SiteCommand::MessageSent { id, kind } = &line.command {
                    let entry = self.next_id();
                    let kind = kind.clone();
                    let sent = self.messages.entry(id.clone()).or_default();
                    sent.push(Sent { entry, kind });
                }
            }
            LedgerEvent::Booked(entry) => self.apply_entry(entry),
            LedgerEvent::PlanChanged(plan) => self.plan = Some(plan.clone()),
            LedgerEvent::SettingsChanged(settings) => self.settings = settings.clone(),
            LedgerEvent::FeeDue(due) => self.dues.push_back(due.clone()),
            LedgerEvent::FeeSettled => {
                self.dues.pop_front();
            }
            LedgerEvent::TopUpWanted { at, .. } => self.top_up_wanted_at = Some(*at),
        }
    }

    fn apply_entry(&mut self, entry: &Entry) {
        self.purse.apply(&entry.moves);
        for (account, amount) in entry.postings() {
            let sum = self.sums.entry(account).or_insert(0);
            *sum = sum.saturating_add(amount);
        }
        match (entry.kind, entry.gives_back, &entry.message) {
            (EntryKind::DayCase, None, _) => {
                self.cases.insert(entry.key.clone(), entry.id);
            }
            (EntryKind::DayCase, Some(given_back), _) => {
                let charged = self.entry(given_back).map(|charged| charged.key.clone());
                if let Some(key) = charged {
                    self.cases.remove(&key);
                }
            }
            (EntryKind::MessageRefund, Some(given_back), Some(message)) => {
                if let Some(sent) = self.messages.get_mut(message) {
                    sent.retain(|sent| sent.entry != given_back);
                }
            }
            _ => {}
        }
        self.entries.push(entry.clone());
    }

    /// Every entry, in the order of booking.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    fn entry(&self, id: u64) -> Option<&Entry> {
        let index = usize::try_from(id.checked_sub(1)?).ok()?;
        self.entries.get(index)
    }

    fn next_id(&self) -> u64 {
        u64::try_from(self.entries.len()).map_or(u64::MAX, |count| count.saturating_add(1))
    }

    /// The balance; below zero it is what the site owes.
    #[must_use]
    pub const fn balance(&self) -> Won {
        self.purse.balance()
    }

    /// How much of the balance is of one kind.
    #[must_use]
    pub fn balance_of(&self, kind: LotKind) -> Won {
        self.purse.sum(kind)
    }

    /// What stands on an account of the double entry, in thousandths of a won.
    #[must_use]
    pub fn sum_of(&self, account: LedgerAccount) -> i128 {
        self.sums.get(&account).copied().unwrap_or(0)
    }

    /// Whether all accounts together are zero and the wallet is the balance. Always true.
    #[must_use]
    pub fn is_balanced(&self) -> bool {
        let total: i128 = self.sums.values().sum();
        let wallet = i128::from(self.balance().as_millis());
        total == 0 && self.sum_of(LedgerAccount::Wallet) == wallet
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
    pub fn has_case(&self, key: &str) -> bool {
        self.cases.contains_key(key)
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
            let unit = self.book.day_case(self.zone.date(now));
            let ten = unit.ok().and_then(|unit| unit.checked_mul(10));
            ten.unwrap_or(Won::ZERO)
        })
    }

    /// Whether one more day-case stays within the credit limit at `now`.
    #[must_use]
    pub fn has_credit(&self, now: Timestamp) -> bool {
        let unit = self.book.day_case(self.zone.date(now)).ok();
        let after = unit.and_then(|unit| self.balance().checked_sub(unit));
        let least = self.credit_limit(now).checked_neg();
        match (self.terms, after, least) {
            (Terms::OnInvoice, ..) => true,
            (Terms::Prepaid, Some(after), Some(least)) => after >= least,
            (Terms::Prepaid, ..) => false,
        }
    }
}

fn month_name(date: Date) -> String {
    format!("{:04}-{:02}", date.year(), date.month())
}
