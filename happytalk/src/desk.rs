//! One site: its live conversations, bots, agents and clocks. Pure: no clock, no I/O, nothing awaited.
//!
//! A desk is an engine: give it an [`Input`], drain [`Desk::poll_output`], and come back at [`Desk::next_deadline`]
//! at the latest. The lines it puts out are facts; everything else here is a fold over them, so that
//! [`Desk::restore`] of the log equals the live desk.

mod agents;
mod bot;
mod customers;
mod due;
mod input;
mod live;
mod restore;
mod seen;
mod settings;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use happytalk_billing::Account;
use happytalk_core::Message;
use happytalk_core::conversation::{Command, Conversation, Ending};
use happytalk_core::effect::{Effect, EffectKind, EffectResult, Notice};
use happytalk_core::event::{AutoKind, EndRule, Event, ReturnCause};
use happytalk_core::id::{
    AccountId, AgentId, ConversationId, CustomerId, EffectId, MessageId, SiteId, Word,
};
use happytalk_core::log::{Line, Stream};
use happytalk_core::time::Timestamp;
use happytalk_core::{Action, ChannelName, Content, Outbound};
use happytalk_routing::{Explanation, Fact, Router, What};

pub use input::{DeskCommand, Input, Output};
pub use settings::{Bots, Settings};

use crate::Error;
use live::Live;
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
    Call {
        conversation: ConversationId,
        call: String,
    },
    Nothing,
}

/// One site: its live conversations, bots, agents and clocks.
#[derive(Debug)]
pub struct Desk {
    site: SiteId,
    settings: Settings,
    router: Router,
    account: Option<Account>,
    live: BTreeMap<ConversationId, Live>,
    closed: VecDeque<(Timestamp, ConversationId)>,
    customers: BTreeMap<CustomerKey, CustomerRecord>,
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

/// Two desks are equal when the same log led to both: what was not yet put out, the clock and the settings do not
/// count.
impl PartialEq for Desk {
    fn eq(&self, other: &Self) -> bool {
        self.site == other.site
            && self.router == other.router
            && self.account.as_ref().map(Account::statement)
                == other.account.as_ref().map(Account::statement)
            && self.live == other.live
            && self.closed == other.closed
            && self.customers == other.customers
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
            settings,
            router,
            account: None,
            live: BTreeMap::new(),
            closed: VecDeque::new(),
            customers: BTreeMap::new(),
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
            // What cannot be charged stands in the statement as refused; conversations do not stop for it.
            let _ = account.advance(self.clock);
        }
        self.run_due();
        match input {
            Input::Inbound {
                inbound,
                conversation,
            } => self.take_inbound(inbound, conversation),
            Input::Command { ticket, command } => {
                let result = self.take_command(command);
                self.others.push_back(Output::Answer { ticket, result });
            }
            Input::EffectDone { id, result } => self.take_result(&id, result),
            Input::Tick => {}
        }
    }

    /// What the host has to do next, in order: first the lines to commit, then what rests on them.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.facts.pop_front().or_else(|| self.others.pop_front())
    }

    /// When to send [`Input::Tick`] at the latest; `None` while nothing waits.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let own = self.deadlines.first().map(|(at, _)| *at);
        own.into_iter().chain(self.router.next_deadline()).min()
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
            Stream::Site(_) => self.site_seq = line.seq,
        }
        while let Some((at, id)) = self.closed.front().cloned()
            && line.at.since(at) >= KEPT_AFTER_CLOSE
        {
            self.closed.pop_front();
            if self
                .live
                .get(&id)
                .is_some_and(|live| live.conversation.closed_at() == Some(at))
            {
                self.live.remove(&id);
            }
        }
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
        let due = live.deadline(&self.settings).map(|(at, _)| at);
        let is_live = live.conversation.phase().is_live();
        let key = live.conversation.party().and_then(|party| {
            let customer = party.customer.open()?;
            Some((
                party.channel.clone(),
                party.account.clone(),
                customer.clone(),
            ))
        });
        self.arm(id, due);
        let Some(key) = key else { return };
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
        });
        match &line.event {
            Event::Opened { .. } => {
                record.last = id.clone();
                record.live = Some(id.clone());
            }
            Event::AutoSaid { kind, .. } => {
                record.notices.insert(*kind, line.at);
            }
            _ => {}
        }
        if !is_live && record.live.as_ref() == Some(id) {
            record.live = None;
        }
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

    /// Puts an input to the router and takes what it decides.
    fn route(&mut self, input: happytalk_routing::Input) -> Result<(), Error> {
        self.router.handle_input(input, self.clock);
        let mut refused = Ok(());
        while let Some(output) = self.router.poll_output() {
            match output.what {
                What::Fact(fact) => self.take_fact(&fact, output.why)?,
                What::Refused(refusal) => {
                    refused = Err(Error::Routing {
                        code: refusal.error.code(),
                    })
                }
                What::Unserved(_) => self.pass_over("routing.unserved"),
            }
        }
        refused
    }

    fn take_fact(&mut self, fact: &Fact, why: Option<Box<Explanation>>) -> Result<(), Error> {
        match fact {
            Fact::Assigned {
                conversation,
                agent,
                how,
                over_cap,
            } => {
                self.act(
                    conversation,
                    &Command::Assign {
                        agent: agent.clone(),
                        how: *how,
                        over_cap: *over_cap,
                    },
                )?;
                self.tell(conversation, agent, Notice::Assigned);
                if let Some(why) = why {
                    self.others.push_back(Output::Explained {
                        conversation: conversation.clone(),
                        why,
                    });
                }
            }
            Fact::Transferred {
                conversation,
                from,
                to,
                how,
                ..
            } => {
                self.act(
                    conversation,
                    &Command::Transfer {
                        to: to.clone(),
                        how: *how,
                    },
                )?;
                self.tell(conversation, from, Notice::TakenAway);
                self.tell(conversation, to, Notice::Assigned);
            }
            Fact::Returned {
                conversation,
                agent,
                cause,
                ..
            } if *cause != ReturnCause::Transfer => {
                self.act(
                    conversation,
                    &Command::ReturnToQueue {
                        cause: *cause,
                        to: None,
                    },
                )?;
                self.tell(conversation, agent, Notice::TakenAway);
            }
            Fact::AgentStatus {
                agent,
                status,
                class,
            } => self.emit(
                Stream::Agent(agent.clone()),
                Event::AgentStatus {
                    status: status.clone(),
                    class: *class,
                },
            ),
            Fact::Offered {
                conversation,
                agent,
                until,
            } => self.emit(
                Stream::Conversation(conversation.clone()),
                Event::Offered {
                    agent: agent.clone(),
                    until: *until,
                },
            ),
            Fact::Declined {
                conversation,
                agent,
                by,
            } => self.emit(
                Stream::Conversation(conversation.clone()),
                Event::Declined {
                    agent: agent.clone(),
                    by: *by,
                },
            ),
            Fact::Woken {
                conversation,
                over_cap,
            } => self.emit(
                Stream::Conversation(conversation.clone()),
                Event::Woken {
                    over_cap: *over_cap,
                },
            ),
            Fact::TimedOut { conversation } => {
                self.end_by(conversation, Ending::Rule(EndRule::QueueTimeout))?;
            }
            // The desk wrote the line before it told the router.
            _ => {}
        }
        Ok(())
    }

    /// Sends `content` and says so in the log with `said`.
    fn say(
        &mut self,
        id: &ConversationId,
        message: Option<MessageId>,
        content: Vec<Content>,
        said: impl FnOnce(Message) -> Command,
    ) -> Result<bool, Error> {
        let live = self.live.get(id).ok_or_else(|| Error::NoConversation {
            conversation: id.clone(),
        })?;
        let message_id = match message {
            Some(message) => message,
            None => MessageId::numbered(id, live.conversation.seq() + 1),
        };
        let message = Message::new(message_id.clone(), content.clone());
        if !self.act(id, &said(message))? {
            return Ok(false);
        }
        let awaited = Awaited::Said {
            conversation: id.clone(),
            message: message_id.clone(),
        };
        self.send(id, &message_id, Action::Say { content }, awaited);
        Ok(true)
    }

    /// Sends the site's own text of this kind, where it has one.
    fn say_own(&mut self, id: &ConversationId, kind: AutoKind) -> Result<(), Error> {
        if let Some(text) = self.settings.texts.get(&kind).cloned() {
            let content = vec![Content::text(text)];
            self.say(id, None, content, |message| Command::AutoSay {
                kind,
                message,
            })?;
        }
        Ok(())
    }

    /// Asks the platform to do something, under `message` as its idempotency key.
    fn send(&mut self, id: &ConversationId, message: &MessageId, action: Action, awaited: Awaited) {
        let Some(party) = self.live.get(id).and_then(|live| live.conversation.party()) else {
            return;
        };
        let Some(customer) = party.customer.open() else {
            return;
        };
        let outbound = Outbound::new(
            message.clone(),
            party.account.clone(),
            customer.clone(),
            action,
        );
        let what = EffectKind::Send {
            channel: party.channel.clone(),
            outbound,
        };
        self.effect(EffectId::of_message(message), id, what, awaited);
    }

    fn effect(
        &mut self,
        id: EffectId,
        conversation: &ConversationId,
        what: EffectKind,
        awaited: Awaited,
    ) {
        self.awaited.insert(id.clone(), awaited);
        self.others
            .push_back(Output::Effect(Effect::new(id, conversation.clone(), what)));
    }

    /// Tells an agent. Nothing is awaited, so nothing is kept.
    fn tell(&mut self, conversation: &ConversationId, agent: &AgentId, notice: Notice) {
        let id = EffectId::numbered("tell", conversation, self.position);
        let what = EffectKind::Notify {
            agent: agent.clone(),
            notice,
        };
        self.others
            .push_back(Output::Effect(Effect::new(id, conversation.clone(), what)));
    }

    fn take_result(&mut self, id: &EffectId, result: EffectResult) {
        let Some(awaited) = self.awaited.remove(id) else {
            return;
        };
        self.others.push_back(Output::Settled(id.clone()));
        match (awaited, result) {
            (
                Awaited::Said {
                    conversation,
                    message,
                },
                EffectResult::SendFailed { code, .. },
            ) => {
                let code = Word::from_code(code);
                let agent = self
                    .live
                    .get(&conversation)
                    .and_then(|live| live.conversation.agent().cloned());
                match self.act(&conversation, &Command::FailMessage { message, code }) {
                    Ok(true) => {
                        if let Some(agent) = agent {
                            self.tell(&conversation, &agent, Notice::MessageFailed);
                        }
                    }
                    Ok(false) => {}
                    Err(error) => self.pass_over(error.code()),
                }
            }
            (Awaited::Call { conversation, call }, EffectResult::Called(outcome)) => {
                self.take_call_result(&conversation, &call, outcome);
            }
            _ => {}
        }
    }

    fn pass_over(&mut self, code: &'static str) {
        self.others.push_back(Output::PassedOver { code });
    }
}
