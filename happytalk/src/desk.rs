//! One site: its live conversations, bots, agents and clocks. Pure: no clock, no I/O, nothing awaited.
//!
//! A desk is an engine: give it an [`Input`], drain [`Desk::poll_output`], and come back at [`Desk::next_deadline`]
//! at the latest. The lines it puts out are facts; everything else here is a fold over them, so that
//! [`Desk::restore`] of the log equals the live desk.

mod agents;
mod approval;
mod back_to_bot;
mod bot;
mod bots;
mod customers;
mod due;
mod ending;
mod hours;
mod input;
mod late_reference;
mod ledger;
mod live;
mod marks;
mod memory;
mod ownership;
mod permissions;
mod profile;
mod reports;
mod restore;
mod routes;
mod seen;
mod sending;
mod settings;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::time::Duration;

use happytalk_billing::Account;
use happytalk_core::closing::ClosingRules;
use happytalk_core::conversation::{Command, Conversation, Phase, Reopening};
use happytalk_core::event::{AutoKind, Event};
use happytalk_core::hours::SiteHours;
use happytalk_core::id::{
    AccountId, AgentId, ConversationId, CustomerId, EffectId, MessageId, SiteId, Word,
};
use happytalk_core::log::{Line, Stream};
use happytalk_core::session::Session;
use happytalk_core::time::Timestamp;
use happytalk_core::{Capabilities, ChannelName};
use happytalk_routing::Router;

pub use bots::{Bots, ProfileBot};
pub use input::{DeskCommand, Input, NewVersion, Output};
pub use settings::{Door, Settings};

use crate::Error;
use live::Live;
use memory::Which;
use seen::Seen;

/// How long a conversation that is over can still be noted on, rated, or told of a failed message.
const KEPT_AFTER_CLOSE: Duration = Duration::from_secs(24 * 60 * 60);

/// A customer as one account of ours knows them.
type CustomerKey = (ChannelName, AccountId, CustomerId);

/// What the desk knows of a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
struct CustomerRecord {
    live: Option<ConversationId>,
    last: ConversationId,
    notices: BTreeMap<AutoKind, Timestamp>,
    /// Who talked with them last, and until when.
    last_agent: Option<(AgentId, Timestamp)>,
    /// Their session at the platform, and the one before: what still comes in that is late.
    session: Session,
    /// Our end of their session, while the platform has not taken it.
    ending: Option<EffectId>,
    /// They answered all that the profile bot asks.
    has_profile: bool,
    blocked: bool,
    /// Since when they have no live conversation.
    gone_at: Option<Timestamp>,
}

/// What the desk knows of an agent beside the router.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct AgentRecord {
    seq: u64,
    status: Option<Word>,
}

/// What an effect that is under way is for.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Awaited {
    Said {
        conversation: ConversationId,
        message: MessageId,
    },
    /// That the platform ends the session of this customer.
    SessionEnd(CustomerKey),
    Call {
        conversation: ConversationId,
        which: Which,
        call: String,
    },
    Approval {
        conversation: ConversationId,
        which: Which,
        call: String,
    },
    Nothing,
}

/// One site: its live conversations, bots, agents and clocks. `Debug` shows how much there is, and of whom nothing.
pub struct Desk {
    site: SiteId,
    settings: Settings,
    rules: ClosingRules,
    hours: Option<SiteHours>,
    /// Those that asked for an agent outside hours, and since when.
    parked: BTreeSet<(Timestamp, ConversationId)>,
    opens_at: Option<Timestamp>,
    router: Router,
    account: Option<Account>,
    /// How much of what the ledger announced was told.
    announced: u64,
    /// Whether the host knows that the ledger stands still.
    stands_still: bool,
    live: BTreeMap<ConversationId, Live>,
    closed: VecDeque<(Timestamp, ConversationId)>,
    customers: BTreeMap<CustomerKey, CustomerRecord>,
    gone: VecDeque<(Timestamp, CustomerKey)>,
    agents: BTreeMap<AgentId, AgentRecord>,
    site_seq: u64,
    seen: Seen,
    awaited: BTreeMap<EffectId, Awaited>,
    deadlines: BTreeSet<(Timestamp, ConversationId)>,
    armed: BTreeMap<ConversationId, Timestamp>,
    position: u64,
    clock: Timestamp,
    steps_back: u64,
    facts: VecDeque<Output>,
    others: VecDeque<Output>,
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk")
            .field("site", &self.site)
            .field("position", &self.position)
            .field("conversations", &self.live.len())
            .field("customers", &self.customers.len())
            .field("agents", &self.agents.len())
            .field("awaited", &self.awaited.len())
            .field("next_deadline", &self.next_deadline())
            .finish_non_exhaustive()
    }
}

/// Two desks are equal when the same log led to both: what was not yet put out, the clock and the settings do not
/// count.
impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        self.site == other.site
            && self.router == other.router
            && self.hours == other.hours
            && self.parked == other.parked
            && self.statement_at(self.clock.max(other.clock))
                == other.statement_at(self.clock.max(other.clock))
            && self.live == other.live
            && self.closed == other.closed
            && self.customers == other.customers
            && self.gone == other.gone
            && self.agents == other.agents
            && self.site_seq == other.site_seq
            && self.seen == other.seen
            && self.awaited == other.awaited
            && self.deadlines == other.deadlines
            && self.position == other.position
    }
}

impl Desk {
    /// A site with no conversations, no agents and no ledger.
    ///
    /// # Errors
    /// [`Error::Settings`] and [`Error::Routing`] where the settings cannot be worked with.
    pub fn new(site: SiteId, settings: Settings) -> Result<Self, Error> {
        settings.check()?;
        let router = Router::new(settings.routing.clone())
            .map_err(|error| Error::Routing { code: error.code() })?;
        Ok(Self {
            site,
            rules: settings.rules(),
            hours: settings.calendar.clone().map(SiteHours::new),
            parked: BTreeSet::new(),
            opens_at: None,
            settings,
            router,
            account: None,
            announced: 0,
            stands_still: false,
            live: BTreeMap::new(),
            closed: VecDeque::new(),
            customers: BTreeMap::new(),
            gone: VecDeque::new(),
            agents: BTreeMap::new(),
            site_seq: 0,
            seen: Seen::default(),
            awaited: BTreeMap::new(),
            deadlines: BTreeSet::new(),
            armed: BTreeMap::new(),
            position: 0,
            clock: Timestamp::MIN,
            steps_back: 0,
            facts: VecDeque::new(),
            others: VecDeque::new(),
        })
    }

    /// With a prepaid ledger (톡캐시): a site that is suspended starts no conversation.
    #[must_use]
    pub fn with_account(mut self, account: Account) -> Self {
        self.account = Some(account);
        self
    }

    /// Takes one input. Afterwards drain [`Desk::poll_output`] until it is `None`.
    ///
    /// A `now` before the last one counts as the last one.
    pub fn handle_input(&mut self, input: Input, now: Timestamp) {
        if now < self.clock {
            self.steps_back += 1;
        } else {
            self.clock = now;
        }
        if let Some(account) = &mut self.account {
            // What is due and cannot be booked makes the ledger stand still, which is told below; conversations do not stop
            // for it.
            let _ = account.advance(self.clock);
        }
        self.run_due();
        match input {
            Input::Inbound {
                inbound,
                conversation,
                known,
            } => self.take_inbound(inbound, conversation, known),
            Input::Command { ticket, command } => {
                let result = self.take_command(command);
                self.others.push_back(Output::Answer { ticket, result });
            }
            Input::EffectDone { id, result } => self.take_result(&id, result),
            Input::Tick => {}
        }
        // What the input made due at once.
        self.run_due();
        self.tell_of_ledger();
    }

    /// What the host has to do next, in order: first the lines to commit, then what rests on them.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.facts.pop_front().or_else(|| self.others.pop_front())
    }

    /// When to send [`Input::Tick`] at the latest; `None` while nothing waits.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let own = self.deadlines.first().map(|(at, _)| *at);
        let ledger = self.account.as_ref().and_then(Account::next_deadline);
        [own, self.router.next_deadline(), ledger, self.opens_at]
            .into_iter()
            .flatten()
            .min()
    }

    /// What is said on this channel is fitted to it from now on, unless the settings say what it can carry.
    pub(crate) fn fit_to(&mut self, channel: ChannelName, capabilities: Capabilities) {
        let known = &mut self.settings.capabilities;
        known.entry(channel).or_insert(capabilities);
    }

    /// The site.
    #[must_use]
    pub const fn site(&self) -> &SiteId {
        &self.site
    }

    /// The conversation of that id, while it is live and a day longer.
    #[must_use]
    pub fn conversation(&self, id: &ConversationId) -> Option<&Conversation> {
        self.live.get(id).map(|live| &live.conversation)
    }

    /// The conversations that are held, live ones and those of the last day, by id.
    pub fn conversations(&self) -> impl Iterator<Item = (&ConversationId, &Conversation)> {
        self.live.iter().map(|(id, live)| (id, &live.conversation))
    }

    /// The conversations that asked for an agent outside working hours and wait for them to open, in the order in
    /// which they asked. The router hears of them then.
    pub fn waits_for_hours(&self) -> impl Iterator<Item = &ConversationId> {
        self.parked.iter().map(|(_, id)| id)
    }

    /// The router, to ask who waits, who has what and why.
    #[must_use]
    pub const fn router(&self) -> &Router {
        &self.router
    }

    /// The ledger, where the site has one.
    #[must_use]
    pub const fn account(&self) -> Option<&Account> {
        self.account.as_ref()
    }

    /// How many lines the site's log has.
    #[must_use]
    pub const fn position(&self) -> u64 {
        self.position
    }

    /// How many times an input came with an earlier time than the one before.
    #[must_use]
    pub const fn steps_back(&self) -> u64 {
        self.steps_back
    }

    /// The statement as it will be at `now`, whatever was asked of the ledger since.
    fn statement_at(&self, now: Timestamp) -> Option<happytalk_billing::Statement> {
        let mut account = self.account.clone()?;
        // What cannot be charged stands in the statement as refused.
        let _ = account.advance(now);
        Some(account.statement())
    }

    /// Decides `command` for a conversation and takes what it leads to. Says whether that was anything.
    fn act(&mut self, id: &ConversationId, command: &Command) -> Result<bool, Error> {
        let live = self.live.get(id).ok_or_else(|| Error::NoConversation {
            conversation: id.clone(),
        })?;
        let events = live.conversation.decide(command, self.clock)?;
        let changed = !events.is_empty();
        for event in events {
            self.emit(Stream::Conversation(id.clone()), event);
        }
        Ok(changed)
    }

    /// Makes `event` the next line of `stream`.
    fn emit(&mut self, stream: Stream, event: Event) {
        let seq = 1 + match &stream {
            Stream::Conversation(id) => self.live.get(id).map_or(0, |live| live.conversation.seq()),
            Stream::Agent(id) => self.agents.get(id).map_or(0, |record| record.seq),
            Stream::Site(_) => self.site_seq,
        };
        let line = Line {
            stream,
            seq,
            at: self.clock,
            event,
        };
        self.fold(&line);
        self.facts.push_back(Output::Line(line));
    }

    /// Takes a line as a fact. All that a desk knows, but for the router and the bots, comes through here.
    fn fold(&mut self, line: &Line) {
        self.position += 1;
        if let Some(account) = &mut self.account {
            // The ledger watches; what it cannot book, it answers for in its own statement.
            let _ = account.observe(line);
        }
        match &line.stream {
            Stream::Conversation(id) => self.fold_conversation(id, line),
            Stream::Agent(id) => {
                let record = self.agents.entry(id.clone()).or_default();
                record.seq = line.seq;
                if let Event::AgentStatus { status, .. } = &line.event {
                    record.status = Some(status.clone());
                }
            }
            Stream::Site(_) => {
                self.site_seq = line.seq;
                if let Some(hours) = &mut self.hours {
                    hours.apply(&line.event, line.at);
                }
            }
        }
        self.forget(line.at);
    }

    fn fold_conversation(&mut self, id: &ConversationId, line: &Line) {
        let live = self.live.entry(id.clone()).or_insert_with(Live::new);
        live.apply(&line.event, line.at);
        if let Some(closed_at) = live.conversation.closed_at()
            && closed_at == line.at
            && !live.conversation.phase().is_live()
        {
            self.closed.push_back((closed_at, id.clone()));
        }
        let phase = live.conversation.phase();
        let is_live = phase.is_live();
        let agent = live.conversation.agent().cloned();
        if matches!(line.event, Event::Unblocked { .. })
            && let Some(closed_at) = live.conversation.closed_at()
        {
            // It was kept while the block stood.
            self.closed.push_back((closed_at, id.clone()));
        }
        let key = live.conversation.party().and_then(|party| {
            let customer = party.customer.open()?;
            Some((
                party.channel.clone(),
                party.account.clone(),
                customer.clone(),
            ))
        });
        self.arm_again(id);
        if !matches!(phase, Phase::Waiting) {
            self.unpark(id);
        }
        let Some(key) = key else { return };
        let gone = key.clone();
        if let Event::CustomerSaid { message } = &line.event
            && let Some(provider_id) = message
                .open()
                .and_then(|message| message.provider_id.as_ref())
        {
            self.seen
                .insert(seen::key(&key.0, &key.1, &key.2, provider_id), line.at);
        }
        let record = self.customers.entry(key).or_insert_with(|| CustomerRecord {
            live: None,
            last: id.clone(),
            notices: BTreeMap::new(),
            last_agent: None,
            session: Session::new(),
            ending: None,
            has_profile: false,
            blocked: false,
            gone_at: None,
        });
        record.session.fold(&line.event, line.at);
        match &line.event {
            Event::ProfileCompleted { .. } => record.has_profile = true,
            Event::Blocked { .. } => record.blocked = true,
            Event::Unblocked { .. } => record.blocked = false,
            Event::Opened { .. } => {
                record.last = id.clone();
                record.live = Some(id.clone());
                record.gone_at = None;
            }
            Event::Reopened { .. } => {
                record.live = Some(id.clone());
                record.gone_at = None;
            }
            Event::AutoSaid { kind, .. } => {
                record.notices.insert(*kind, line.at);
            }
            _ => {}
        }
        if !is_live && record.live.as_ref() == Some(id) {
            record.live = None;
            if let Some(agent) = agent {
                record.last_agent = Some((agent, line.at));
            }
            record.gone_at = Some(line.at);
            self.gone.push_back((line.at, gone));
        }
    }

    fn kept_after_close(&self) -> Duration {
        match self.settings.reopening {
            Reopening::Within(span) => KEPT_AFTER_CLOSE.max(span),
            _ => KEPT_AFTER_CLOSE,
        }
    }

    /// Forgets what nobody will ask for any more, counted by the lines of the log.
    fn forget(&mut self, now: Timestamp) {
        while let Some((at, id)) = self.closed.front().cloned()
            && now.since(at) >= self.kept_after_close()
        {
            self.closed.pop_front();
            if self.live.get(&id).is_some_and(|live| {
                live.conversation.closed_at() == Some(at) && !live.conversation.blocked()
            }) {
                self.live.remove(&id);
            }
        }
        while let Some((at, key)) = self.gone.front().cloned()
            && now.since(at) >= self.settings.customer_kept
        {
            self.gone.pop_front();
            if self
                .customers
                .get(&key)
                .is_some_and(|record| record.gone_at == Some(at) && !record.blocked)
            {
                self.customers.remove(&key);
            }
        }
    }

    /// Looks anew when something is due in a conversation.
    fn arm_again(&mut self, id: &ConversationId) {
        let due = self
            .live
            .get(id)
            .and_then(|live| self.due(live))
            .map(|(at, _)| at);
        self.arm(id, due);
    }

    fn arm(&mut self, id: &ConversationId, due: Option<Timestamp>) {
        let before = match due {
            Some(at) => self.armed.insert(id.clone(), at),
            None => self.armed.remove(id),
        };
        if before == due {
            return;
        }
        if let Some(at) = before {
            self.deadlines.remove(&(at, id.clone()));
        }
        if let Some(at) = due {
            self.deadlines.insert((at, id.clone()));
        }
    }
}
