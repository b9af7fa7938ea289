//! One consultation (상담방): its states, and what may happen in each.
//!
//! [`Conversation::decide`] turns a command into facts or refuses it; [`Conversation::apply`] takes a fact. The
//! rules are those of the platform (DOMAIN 2): one owner at a time (the bot, the queue, one agent, nobody), nothing
//! said to a KakaoTalk user outside an open session, nothing but notes once it is over.

mod command;
mod decide;

use std::collections::{BTreeMap, BTreeSet};

pub use command::{Command, Ending, Opening};

use crate::channel_name::ChannelName;
use crate::event::{Category, EndedBy, Event, OpenedBy, TransferTarget};
use crate::id::{
    AccountId, AgentId, ConversationId, CustomerId, MessageId, QueueId, SessionId, TagName,
};
use crate::message::Message;
use crate::sealed::Sealable;
use crate::time::Timestamp;

/// Where a conversation stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a conversation is in exactly one of these"
)]
pub enum Phase {
    /// Not begun.
    New,
    /// The bot talks (챗봇 진행중).
    Bot,
    /// A person is wanted and nobody has it (상담대기).
    Waiting,
    /// An agent has it and has not answered (접수).
    Assigned,
    /// An agent answered (진행중).
    InProgress,
    /// The talk is over, the agent writes it up (후처리).
    AfterWork,
    /// Over (종료).
    Closed,
    /// Over without an agent (챗봇 종료).
    BotEnded,
    /// Turned away.
    Rejected,
}

impl Phase {
    /// Whether anything but notes may still happen.
    #[must_use]
    pub const fn is_live(self) -> bool {
        matches!(
            self,
            Self::Bot | Self::Waiting | Self::Assigned | Self::InProgress | Self::AfterWork
        )
    }

    /// A name for errors and screens.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Bot => "bot",
            Self::Waiting => "waiting",
            Self::Assigned => "assigned",
            Self::InProgress => "in_progress",
            Self::AfterWork => "after_work",
            Self::Closed => "closed",
            Self::BotEnded => "bot_ended",
            Self::Rejected => "rejected",
        }
    }
}

/// Whose message is the latest of a conversation in progress.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a talk has two sides")]
pub enum Turn {
    /// The customer's (문의): the customer waits.
    Customer,
    /// The agent's (응대): the agent waits.
    Agent,
}

/// Who said a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Side {
    Customer,
    Agent,
    Automatic,
}

/// A transfer that waits for an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingTransfer {
    /// Who asked.
    pub from: AgentId,
    /// Who is asked.
    pub to: TransferTarget,
    /// Since when.
    pub since: Timestamp,
}

/// Who and where, known from the first line on.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Party {
    /// The platform.
    pub channel: ChannelName,
    /// Which account of ours.
    pub account: AccountId,
    /// Who, as the platform names them.
    pub customer: Sealable<CustomerId>,
    /// Who wrote first.
    pub opened_by: OpenedBy,
    /// The conversation before, of the same customer.
    pub previous: Option<ConversationId>,
}

/// One consultation: the fold of its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    phase: Phase,
    turn: Turn,
    party: Option<Party>,
    session: Option<SessionId>,
    session_open: bool,
    category: Option<Category>,
    queue: Option<QueueId>,
    agent: Option<AgentId>,
    answers: u32,
    abandoned: bool,
    refused: bool,
    held: bool,
    transfer: Option<PendingTransfer>,
    tags: BTreeSet<TagName>,
    messages: BTreeMap<MessageId, Side>,
    failed: BTreeSet<MessageId>,
    rated: bool,
    bot: bool,
    episode: u32,
    seq: u64,
    opened_at: Timestamp,
    requested_at: Option<Timestamp>,
    closed_at: Option<Timestamp>,
    last_at: Timestamp,
}

impl Default for Conversation {
    fn default() -> Self {
        Self::new()
    }
}

impl Conversation {
    /// A conversation that has not begun.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            phase: Phase::New,
            turn: Turn::Customer,
            party: None,
            session: None,
            session_open: false,
            category: None,
            queue: None,
            agent: None,
            answers: 0,
            abandoned: false,
            refused: false,
            held: false,
            transfer: None,
            tags: BTreeSet::new(),
            messages: BTreeMap::new(),
            failed: BTreeSet::new(),
            rated: false,
            bot: false,
            episode: 1,
            seq: 0,
            opened_at: Timestamp::MIN,
            requested_at: None,
            closed_at: None,
            last_at: Timestamp::MIN,
        }
    }

    /// Where it stands.
    #[must_use]
    pub const fn phase(&self) -> Phase {
        self.phase
    }

    /// Whose message is the latest, while it is in progress.
    #[must_use]
    pub fn turn(&self) -> Option<Turn> {
        (self.phase == Phase::InProgress).then_some(self.turn)
    }

    /// Who and where; `None` before it began.
    #[must_use]
    pub const fn party(&self) -> Option<&Party> {
        self.party.as_ref()
    }

    /// The platform's session.
    #[must_use]
    pub const fn session(&self) -> Option<&SessionId> {
        self.session.as_ref()
    }

    /// Whether something may be said to the customer.
    #[must_use]
    pub const fn session_open(&self) -> bool {
        self.session_open
    }

    /// What it is about.
    #[must_use]
    pub const fn category(&self) -> Option<&Category> {
        self.category.as_ref()
    }

    /// The queue that was asked for by name.
    #[must_use]
    pub const fn queue(&self) -> Option<&QueueId> {
        self.queue.as_ref()
    }

    /// The agent who has it, or had it last.
    #[must_use]
    pub const fn agent(&self) -> Option<&AgentId> {
        self.agent.as_ref()
    }

    /// Whether it ended by the customer or the platform before an agent answered.
    #[must_use]
    pub const fn abandoned(&self) -> bool {
        self.abandoned
    }

    /// Whether it is exempt from automatic closing.
    #[must_use]
    pub const fn held(&self) -> bool {
        self.held
    }

    /// The transfer that waits for an answer.
    #[must_use]
    pub const fn transfer(&self) -> Option<&PendingTransfer> {
        self.transfer.as_ref()
    }

    /// Its tags.
    #[must_use]
    pub const fn tags(&self) -> &BTreeSet<TagName> {
        &self.tags
    }

    /// Which episode this is, from 1.
    #[must_use]
    pub const fn episode(&self) -> u32 {
        self.episode
    }

    /// How many events it has.
    #[must_use]
    pub const fn seq(&self) -> u64 {
        self.seq
    }

    /// When a person was first asked for, in this episode.
    #[must_use]
    pub const fn requested_at(&self) -> Option<Timestamp> {
        self.requested_at
    }

    /// When it was over.
    #[must_use]
    pub const fn closed_at(&self) -> Option<Timestamp> {
        self.closed_at
    }

    /// When its last event was; [`Timestamp::MIN`] before the first.
    #[must_use]
    pub const fn last_at(&self) -> Timestamp {
        self.last_at
    }

    /// Takes `event`, which happened at `at`, as a fact: never fails, decides nothing.
    pub fn apply(&mut self, event: &Event, at: Timestamp) {
        self.seq += 1;
        self.last_at = self.last_at.max(at);
        match event {
            Event::Opened {
                channel,
                account,
                customer,
                opened_by,
                bot,
                session,
                category,
                previous,
                ..
            } => {
                self.party = Some(Party {
                    channel: channel.clone(),
                    account: account.clone(),
                    customer: customer.clone(),
                    opened_by: *opened_by,
                    previous: previous.clone(),
                });
                self.session.clone_from(session);
                self.session_open = true;
                self.category.clone_from(category);
                self.bot = *bot;
                // Without a bot a request follows at the same instant; until it does, nobody has it.
                self.phase = if *bot { Phase::Bot } else { Phase::Waiting };
                self.opened_at = at;
            }
            Event::Rejected { is_final: true, .. } => {
                self.requested_at = None;
                self.close(Phase::Rejected, at);
            }
            Event::Rejected {
                is_final: false, ..
            } => {
                self.requested_at = None;
                self.refused = true;
                self.phase = Phase::Bot;
            }
            Event::CustomerSaid { message } => {
                self.turn = Turn::Customer;
                self.remember(message, Side::Customer);
            }
            Event::AgentSaid { message, .. } => {
                self.turn = Turn::Agent;
                self.answers += 1;
                self.remember(message, Side::Agent);
                if self.phase == Phase::Assigned {
                    self.phase = Phase::InProgress;
                }
            }
            Event::BotSaid { message } | Event::AutoSaid { message, .. } => {
                self.remember(message, Side::Automatic)
            }
            Event::MessageFailed { message, .. } => {
                let fresh = self.failed.insert(message.clone());
                if fresh && self.messages.get(message) == Some(&Side::Agent) {
                    self.answers = self.answers.saturating_sub(1);
                }
            }
            Event::BotEnded { .. } => self.close(Phase::BotEnded, at),
            Event::AgentRequested {
                category, queue, ..
            } => {
                self.phase = Phase::Waiting;
                self.refused = false;
                self.requested_at = self.requested_at.or(Some(at));
                if category.is_some() {
                    self.category.clone_from(category);
                }
                if queue.is_some() {
                    self.queue.clone_from(queue);
                }
            }
            Event::Assigned { agent, how, .. } => {
                self.agent = Some(agent.clone());
                self.phase = if *how == crate::event::AssignedHow::Opener {
                    Phase::InProgress
                } else {
                    Phase::Assigned
                };
            }
            Event::ReturnedToQueue { to, .. } => {
                self.phase = Phase::Waiting;
                self.transfer = None;
                match to {
                    Some(TransferTarget::Queue(queue)) => self.queue = Some(queue.clone()),
                    Some(TransferTarget::Category(category)) => {
                        self.category = Some(category.clone());
                        self.queue = None;
                    }
                    Some(TransferTarget::Agent(_) | TransferTarget::Group(_)) | None => {}
                }
            }
            Event::TransferRequested { from, to } => {
                self.transfer = Some(PendingTransfer {
                    from: from.clone(),
                    to: to.clone(),
                    since: at,
                });
            }
            Event::TransferEnded { .. } => self.transfer = None,
            Event::Transferred { to, .. } => {
                self.agent = Some(to.clone());
                self.transfer = None;
            }
            Event::Held { .. } => self.held = true,
            Event::Unheld { .. } => self.held = false,
            Event::CategoryChanged { category, .. } => self.category = Some(category.clone()),
            Event::Tagged { tag, .. } => {
                self.tags.insert(tag.clone());
            }
            Event::Untagged { tag, .. } => {
                self.tags.remove(tag);
            }
            Event::Ended { by, after_work, .. } => {
                self.session_open = false;
                self.transfer = None;
                self.abandoned =
                    self.answers == 0 && matches!(by, EndedBy::Customer | EndedBy::Channel);
                if *after_work {
                    self.phase = Phase::AfterWork;
                } else {
                    self.close(Phase::Closed, at);
                }
            }
            Event::AfterWorkEnded { .. } => self.close(Phase::Closed, at),
            Event::Reopened { session, .. } => {
                if session.is_some() {
                    self.session.clone_from(session);
                }
                self.session_open = true;
                self.episode += 1;
                self.opened_at = at;
                self.requested_at = Some(at);
                self.closed_at = None;
                self.abandoned = false;
                self.rated = false;
                self.phase = if self.phase == Phase::AfterWork {
                    Phase::InProgress
                } else {
                    Phase::Waiting
                };
                self.answers = 0;
            }
            Event::Rated { .. } => self.rated = true,
            Event::BotEntered { .. }
            | Event::BotMissed { .. }
            | Event::ProfileRequested { .. }
            | Event::ProfileCompleted { .. }
            | Event::ProfileSkipped { .. }
            | Event::Offered { .. }
            | Event::Declined { .. }
            | Event::Woken { .. }
            | Event::Noted { .. }
            | Event::Titled { .. }
            | Event::FlagChanged { .. }
            | Event::AlarmSet { .. }
            | Event::ReviewRequested { .. }
            | Event::ReviewAnswered { .. }
            | Event::Blocked { .. }
            | Event::Supervised { .. }
            | Event::Converted { .. }
            | Event::CustomerLinked { .. }
            | Event::AgentSet { .. }
            | Event::AgentStatus { .. }
            | Event::AgentRemoved {}
            | Event::SettingsSet { .. }
            | Event::HoursOverridden { .. }
            | Event::Unknown(_) => {}
        }
    }

    fn close(&mut self, phase: Phase, at: Timestamp) {
        self.phase = phase;
        self.session_open = false;
        self.transfer = None;
        self.closed_at = Some(at);
    }

    fn remember(&mut self, message: &Sealable<Message>, side: Side) {
        if let Some(message) = message.open() {
            self.messages.insert(message.id.clone(), side);
        }
    }
}
