//! One site's money, folded over its log and its site file.

use std::collections::BTreeMap;
use std::mem;
use std::sync::Arc;
use std::time::Duration;

use happytalk_core::id::{ConversationId, MessageId, Word};
use happytalk_core::time::Zone;
use happytalk_core::{ChannelName, Event, Line, Stream, Timestamp, Won};

use crate::case_watch::{Calendar, CaseWatch, Sign};
use crate::doubt::Doubts;
use crate::entry::Key;
use crate::error::Error;
use crate::ledger::{Command, Fact, Ledger, LedgerEvent, Standing, Terms};
use crate::notice::{Notice, Notices};
use crate::price_book::PriceBook;
use crate::site_line::SiteLine;
use crate::statement::Statement;

/// An automatic top-up the host should try. The money counts when its `top_up` is booked.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TopUpRequest {
    /// When the balance reached the threshold.
    pub at: Timestamp,
    /// How much the balance should get, VAT not counted.
    pub amount: Won,
    /// The key to book it under, so that a repeated payment is booked once.
    pub key: Box<str>,
}

/// Messages that failed before their conversation closed, by conversation and episode: the `seq` of the failure.
pub(crate) type Failures = BTreeMap<(ConversationId, u32, MessageId), u64>;

/// The fold of one site's money: [`Ledger`], clock, and what the log's conversations mean to it.
///
/// Feed it every line of the log ([`Account::observe`]) and of the site file ([`Account::command`]) in the order of
/// time. It keeps its own clock, the latest instant it was given; whatever falls due up to there is booked first, at
/// its own instant and once: expiries, ends of trials, the fees of the 1st.
///
/// A line that repeats does nothing. What a line in the past leads to is booked at the clock, on the past's day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    ledger: Ledger,
    now: Timestamp,
    watch: CaseWatch,
    /// Charged cases all of whose messages may yet fail.
    doubts: Doubts,
    /// Known where the whole log is: what failed is then never charged at all.
    hindsight: Option<Failures>,
    top_up_request: Option<TopUpRequest>,
    /// Which of all that were announced it is.
    top_up_wanted: u64,
    notices: Notices,
    announced: u64,
    fault: Option<Error>,
    /// Empty; kept for its room.
    facts: Vec<Fact>,
}

/// What a line means to the cases in doubt.
enum Doubt {
    Begin(Key, MessageId),
    Support(Key, MessageId),
    Settle(Key),
    Fail(MessageId),
    Close,
}

impl Account {
    /// How far a site's command may lie behind the clock; it is then booked at the clock. 10 minutes.
    pub const SKEW_MAX: Duration = Ledger::SKEW_MAX;

    /// An empty prepaid account.
    #[must_use]
    pub fn new(book: PriceBook, zone: Zone) -> Self {
        Self::on_terms(book, zone, Terms::Prepaid)
    }

    /// An empty account that pays on `terms`.
    #[must_use]
    pub fn on_terms(book: PriceBook, zone: Zone, terms: Terms) -> Self {
        Self {
            watch: CaseWatch::new(book.prices_bot_traffic()),
            ledger: Ledger::new(book, zone, terms),
            now: Timestamp::MIN,
            doubts: Doubts::default(),
            hindsight: None,
            top_up_request: None,
            top_up_wanted: 0,
            notices: Notices::default(),
            announced: 0,
            fault: None,
            facts: Vec::new(),
        }
    }

    pub(crate) fn knowing(mut self, failures: Failures) -> Self {
        self.hindsight = Some(failures);
        self
    }

    /// Takes a line of the log. Conversations are watched for what is chargeable on 상담톡; a line of the site's
    /// stream may be a ledger command; every other line passes.
    ///
    /// # Errors
    /// [`Error::NotOpened`], [`Error::NoPrices`], and all of [`Account::book`]. The line is then not taken: the account is
    /// as [`Account::advance`] to the line's time leaves it.
    pub fn observe(&mut self, line: &Line) -> Result<(), Error> {
        let conversation = match &line.stream {
            Stream::Conversation(conversation) => conversation,
            Stream::Agent(agent) => {
                self.watch.take_agent(agent, &line.event);
                return Ok(());
            }
            Stream::Site(_) => {
                return match SiteLine::from_log(line)? {
                    Some(command) => self.book(&command),
                    None => Ok(()),
                };
            }
        };
        self.advance(line.at)?;
        let calendar = Calendar::of(&self.ledger);
        let (seq, at, event) = (line.seq, line.at, &line.event);
        let sign = self.watch.read(conversation, seq, at, event, calendar)?;
        let bot_day = self.watch.bot_day(conversation, seq, at, event, calendar);
        let mut commands = Vec::new();
        if let Some((key, day, place)) = bot_day {
            commands.push(Command::BotDay { key, day, place });
        }
        let sign = sign.filter(|sign| !self.is_known_to_fail(conversation, seq, sign));
        match &sign {
            Some(Sign::Said {
                key, day, place, ..
            }) => commands.push(Command::DayCase {
                key: key.clone(),
                day: *day,
                place: Arc::clone(place),
            }),
            Some(Sign::Failed { message, .. }) => {
                let unsaid = self.doubts.resting_on(conversation, message).into_iter();
                commands.extend(unsaid.map(|key| Command::VoidDayCase { key }));
            }
            Some(Sign::Closed) | None => {}
        }
        let doubt = sign.map(|sign| self.doubt_of(sign));
        if !commands.is_empty() {
            self.run(&commands, self.now)?;
        }
        // Nothing is refused from here on.
        if let Some(doubt) = doubt {
            self.take_doubt(conversation, doubt);
        }
        self.watch.take(conversation, line.seq, &line.event);
        Ok(())
    }

    /// Whether the whole log is known, and what was said failed before its conversation closed.
    fn is_known_to_fail(&self, conversation: &ConversationId, seq: u64, sign: &Sign) -> bool {
        let (
            Some(failures),
            Sign::Said {
                episode,
                message: Some(message),
                ..
            },
        ) = (&self.hindsight, sign)
        else {
            return false;
        };
        let id = (conversation.clone(), *episode, message.clone());
        failures.get(&id).is_some_and(|failed| *failed > seq)
    }

    /// What a sign means to what is in doubt, before its charge is taken.
    fn doubt_of(&self, sign: Sign) -> Doubt {
        match sign {
            Sign::Said { key, message, .. } => match message {
                Some(id) if self.hindsight.is_none() => {
                    if self.ledger.has_case(&key) {
                        Doubt::Support(key, id)
                    } else {
                        Doubt::Begin(key, id)
                    }
                }
                _ => Doubt::Settle(key),
            },
            Sign::Failed { message, .. } => Doubt::Fail(message),
            Sign::Closed => Doubt::Close,
        }
    }

    fn take_doubt(&mut self, of: &ConversationId, doubt: Doubt) {
        match doubt {
            Doubt::Begin(key, id) => self.doubts.begin(key, of.clone(), id),
            Doubt::Support(key, id) => self.doubts.support(&key, of.clone(), id),
            Doubt::Settle(key) => self.doubts.settle(&key),
            Doubt::Fail(id) => self.doubts.fail(of, id),
            Doubt::Close => self.doubts.close(of),
        }
    }

    /// Takes a line of the site file.
    ///
    /// # Errors
    /// Those of [`SiteLine::parse`] and [`Account::book`]. Nothing is then booked.
    pub fn command(&mut self, json_line: &str) -> Result<(), Error> {
        self.book(&SiteLine::parse(json_line)?)
    }

    /// Books a command of the site; once a key, all of it or nothing.
    ///
    /// # Errors
    /// [`Error::Conflict`], [`Error::OutOfOrder`], [`Error::InsufficientCash`] and the other refusals of [`Error`].
    /// Nothing is then booked under the key, which may be used again: the account is as [`Account::advance`] to the
    /// line's time leaves it, so that nobody need try a command on a copy.
    pub fn book(&mut self, line: &SiteLine) -> Result<(), Error> {
        if self.ledger.is_repeat(line)? {
            return Ok(());
        }
        if self.now > Timestamp::MIN {
            Ledger::check_order(self.now, line.at)?;
        }
        self.advance(line.at)?;
        let facts = mem::take(&mut self.facts);
        let facts = self.ledger.decide_first(line, self.now, facts)?;
        self.take(facts)?;
        // A grace of no days is over at once. The command is booked, whatever becomes of that.
        let _ = self.advance(self.now);
        Ok(())
    }

    /// Books what falls due by itself up to `now`, each at its own instant and once. An earlier `now` does nothing.
    ///
    /// # Errors
    /// [`Error::NoPrices`] and [`Error::NotInBook`] where the price book does not price a month that begins,
    /// [`Error::Overflow`]. The account stays before that instant, and says so in [`Account::fault`].
    pub fn advance(&mut self, now: Timestamp) -> Result<(), Error> {
        while let Some(deadline) = self.ledger.next_deadline() {
            if deadline > now.max(self.now) {
                break;
            }
            let at = deadline.max(self.now);
            if let Err(error) = self.run(&[Command::FallDue], at) {
                self.fault = Some(error.clone());
                return Err(error);
            }
            self.now = at;
        }
        self.fault = None;
        self.now = now.max(self.now);
        Ok(())
    }

    fn run(&mut self, commands: &[Command], at: Timestamp) -> Result<(), Error> {
        let facts = mem::take(&mut self.facts);
        let facts = self.ledger.decide_together(commands, at, facts)?;
        self.take(facts)
    }

    fn take(&mut self, mut facts: Vec<Fact>) -> Result<(), Error> {
        for fact in &facts {
            let Fact::Told(event) = fact else { continue };
            let event = &**event;
            if let LedgerEvent::TopUpWanted { at, amount } = event {
                self.announced = self.announced.saturating_add(1);
                self.top_up_wanted = self.announced;
                self.top_up_request = Some(TopUpRequest {
                    at: *at,
                    amount: *amount,
                    key: format!("auto_top_up/{}", self.announced).into(),
                });
            }
            if let Some(notice) = Notice::of(event) {
                self.announced = self.announced.saturating_add(1);
                self.notices.add(self.announced, notice);
            }
        }
        self.ledger.take(&mut facts);
        self.facts = facts;
        if self.ledger.is_balanced() {
            Ok(())
        } else {
            Err(Error::Unbalanced)
        }
    }

    /// The entries so far, their totals and the balance.
    #[must_use]
    pub fn statement(&self) -> Statement {
        Statement::of(&self.ledger)
    }

    /// The balance; below zero it is what the site owes.
    #[must_use]
    pub const fn balance(&self) -> Won {
        self.ledger.balance()
    }

    /// Where the site stands with its fees, at the account's clock.
    #[must_use]
    pub fn standing(&self) -> Standing {
        self.ledger.standing(self.now)
    }

    /// Whether a conversation may start on any channel: not suspended, and one more day-case is within the credit.
    #[must_use]
    pub fn may_start(&self) -> bool {
        self.may_start_on(&ChannelName::KAKAO_CONSULT)
    }

    /// Whether a conversation may start on `channel`. Only 상담톡 is charged, so only it needs credit.
    #[must_use]
    pub fn may_start_on(&self, channel: &ChannelName) -> bool {
        let is_free = *channel != ChannelName::KAKAO_CONSULT;
        self.may_send() && (is_free || self.ledger.has_credit(self.now))
    }

    /// Whether a live conversation may go on: always, unless the site is suspended. Its day-case may take the balance
    /// past the credit limit, so that nobody is cut off.
    #[must_use]
    pub fn may_send(&self) -> bool {
        self.standing() != Standing::Suspended
    }

    /// What somebody should be told since this was asked last, in the order in which it came about: a low balance, a fee
    /// that is not covered, a suspension and its end. Of one kind the last alone, so that nobody need ever ask.
    ///
    /// A replayed log brings its notices again, under the same keys; [`Account::forget_announced`] leaves out those that
    /// were told before.
    pub fn take_notices(&mut self) -> Vec<Notice> {
        self.notices.take()
    }

    /// How many notices and wanted top-ups came about so far, taken or not. The same lines bring the same, in the same
    /// order.
    #[must_use]
    pub const fn announced(&self) -> u64 {
        self.announced
    }

    /// After a restore: forgets the first `count` notices and wanted top-ups, which were told before it.
    ///
    /// A host that keeps [`Account::announced`] with what it told hears of everything once, however often it starts
    /// again.
    pub fn forget_announced(&mut self, count: u64) {
        self.notices.forget(count);
        if self.top_up_wanted <= count {
            self.top_up_request = None;
        }
    }

    /// The automatic top-up that is wanted, once. Where the card is refused, book `settings` with `auto_top_up` null:
    /// one that fails is not tried again.
    pub fn take_top_up_request(&mut self) -> Option<TopUpRequest> {
        self.top_up_request.take()
    }

    /// Whether the money of a top-up that was wanted is still to come: nothing is booked under its key, and automatic
    /// top-ups are not switched off. A host that starts again asks before it tries to pay once more.
    #[must_use]
    pub fn still_wants(&self, request: &TopUpRequest) -> bool {
        let key: Option<Word> = request.key.parse().ok();
        let is_booked = key.is_some_and(|key| self.ledger.booked_under(&key).is_some());
        self.ledger.settings().auto_top_up.is_some() && !is_booked
    }

    /// The latest instant the account was given.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// When [`Account::advance`] has something to book; `None` while nothing falls due by itself, and while what is due
    /// cannot be booked ([`Account::fault`]), so that no host asks again and again.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let deadline = self.ledger.next_deadline();
        deadline.filter(|_| self.fault.is_none())
    }

    /// Why the account stands still: what is due next cannot be booked, such as the fee of a month that the price book
    /// does not cover. `None` while all is well.
    ///
    /// Every line and command after that instant is refused with this error, and nothing is lost: an account with a book
    /// that covers it, given the same lines, charges them all.
    #[must_use]
    pub const fn fault(&self) -> Option<&Error> {
        self.fault.as_ref()
    }

    /// The ledger.
    #[must_use]
    pub const fn ledger(&self) -> &Ledger {
        &self.ledger
    }
}

/// The messages of a log that failed before their conversation closed.
pub(crate) fn failures(lines: &[&Line], book: &PriceBook, zone: &Zone) -> Failures {
    let ledger = Ledger::new(book.clone(), zone.clone(), Terms::OnInvoice);
    let calendar = Calendar::of(&ledger);
    let mut watch = CaseWatch::new(false);
    let mut failures = Failures::new();
    for line in lines {
        let Stream::Conversation(conversation) = &line.stream else {
            continue;
        };
        let (seq, at, event) = (line.seq, line.at, &line.event);
        if matches!(event, Event::MessageFailed { .. })
            && let Ok(Some(sign)) = watch.read(conversation, seq, at, event, calendar)
            && let Sign::Failed { message, episode } = sign
        {
            failures.insert((conversation.clone(), episode, message), seq);
        }
        watch.take(conversation, seq, event);
    }
    failures
}
