//! One consultation (상담방): its states, and what may happen in each.
//!
//! [`Conversation::decide`] turns a command into facts or refuses it; [`Conversation::apply`] takes a fact. The
//! rules are those of the platform (DOMAIN 2): one owner at a time (the bot, the queue, one agent, nobody), nothing
//! said to a KakaoTalk user outside an open session, nothing but notes once it is over. What a site may choose comes
//! with the command that needs it, or stands in [`ClosingRules`](crate::closing::ClosingRules).

mod apply;
mod command;
mod decide;
mod talk;

use std::collections::{BTreeMap, BTreeSet};

pub use command::{Command, Ending, Opening};

use crate::channel_name::ChannelName;
use crate::event::{AutoKind, Category, OpenedBy, SuperviseMode, TransferTarget};
use crate::id::{
    AccountId, AgentId, ConversationId, CustomerId, MessageId, PersonId, QueueId, SessionId,
    TagName, Word,
};
use crate::sealed::Sealable;
use crate::session::Session;
use crate::time::Timestamp;
use talk::Talk;

/// The most characters a title may have (DOMAIN 12.8).
pub const TITLE_CHARS_MAX: usize = 100;

/// The most characters the third level of a category may have (DOMAIN 1).
pub const CATEGORY_EXTRA_CHARS_MAX: usize = 8;

/// The most characters of a text that an agent writes for other agents: a memo, a review.
pub const NOTE_CHARS_MAX: usize = 10_000;

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

/// Who has a conversation: always exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a conversation has one owner out of these"
)]
pub enum Owner<'a> {
    /// The bot.
    Bot,
    /// The queue: a person is wanted.
    Queue,
    /// One agent, who talks or writes it up.
    Agent(&'a AgentId),
    /// Nobody: it has not begun, or it is over.
    Nobody,
}

/// Who said a message.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Side {
    Customer,
    /// An agent, in this episode, with the line of this number.
    Agent(AgentId, u32, u64),
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

/// What becomes of a customer who writes after their conversation was over (DOMAIN 2.3 row 17).
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Reopening {
    /// Another conversation begins, which names this one.
    #[default]
    NewRoom,
    /// The same goes on, with its last agent first, when no more than this has passed since it was over.
    Within(std::time::Duration),
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

/// An offer to an agent that was not answered yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingOffer {
    /// Whom.
    pub agent: AgentId,
    /// Until when it stands.
    pub until: Timestamp,
}

/// What the profile bot still waits for.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PendingProfile {
    /// The fields that were asked for.
    pub fields: Vec<Word>,
    /// Whether the conversation is kept from the agents meanwhile.
    pub holds_queue: bool,
    /// Since when.
    pub since: Timestamp,
}

/// One consultation: the fold of its events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conversation {
    phase: Phase,
    party: Option<Party>,
    session: Session,
    category: Option<Category>,
    queue: Option<QueueId>,
    agent: Option<AgentId>,
    talk: Talk,
    abandoned: bool,
    refused: bool,
    held: bool,
    transfer: Option<PendingTransfer>,
    offer: Option<PendingOffer>,
    profile: Option<PendingProfile>,
    supervisors: BTreeMap<Word, SuperviseMode>,
    review_asked: bool,
    title: Option<Sealable<String>>,
    tags: BTreeSet<TagName>,
    flags: BTreeSet<Word>,
    alarm: Option<Timestamp>,
    person: Option<Sealable<PersonId>>,
    messages: BTreeMap<MessageId, Side>,
    failed: BTreeSet<MessageId>,
    auto_sent: BTreeSet<AutoKind>,
    rated: bool,
    blocked: bool,
    bot: bool,
    episode: u32,
    seq: u64,
    opened_at: Timestamp,
    requested_at: Option<Timestamp>,
    assigned_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
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
            party: None,
            session: Session::new(),
            category: None,
            queue: None,
            agent: None,
            talk: Talk::new(),
            abandoned: false,
            refused: false,
            held: false,
            transfer: None,
            offer: None,
            profile: None,
            supervisors: BTreeMap::new(),
            review_asked: false,
            title: None,
            tags: BTreeSet::new(),
            flags: BTreeSet::new(),
            alarm: None,
            person: None,
            messages: BTreeMap::new(),
            failed: BTreeSet::new(),
            auto_sent: BTreeSet::new(),
            rated: false,
            blocked: false,
            bot: false,
            episode: 1,
            seq: 0,
            opened_at: Timestamp::MIN,
            requested_at: None,
            assigned_at: None,
            ended_at: None,
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
        (self.phase == Phase::InProgress).then_some(self.talk.turn)
    }

    /// Who has it now.
    #[must_use]
    pub const fn owner(&self) -> Owner<'_> {
        match (self.phase, &self.agent) {
            (Phase::Bot, _) => Owner::Bot,
            (Phase::Assigned | Phase::InProgress | Phase::AfterWork, Some(agent)) => {
                Owner::Agent(agent)
            }
            (Phase::Waiting | Phase::Assigned | Phase::InProgress | Phase::AfterWork, _) => {
                Owner::Queue
            }
            (Phase::New | Phase::Closed | Phase::BotEnded | Phase::Rejected, _) => Owner::Nobody,
        }
    }

    /// Who and where; `None` before it began.
    #[must_use]
    pub const fn party(&self) -> Option<&Party> {
        self.party.as_ref()
    }

    /// The platform's session.
    #[must_use]
    pub const fn session(&self) -> Option<&SessionId> {
        self.session.id()
    }

    /// Whether something may be said to the customer, as far as its events say: see
    /// [`session_runs_out_at`](Self::session_runs_out_at) for what the clock says.
    #[must_use]
    pub const fn session_open(&self) -> bool {
        self.session.is_open()
    }

    /// When the platform's session is over unless the customer writes again: from then on nothing may be said. `None`
    /// where none is open, or the platform's do not run out.
    #[must_use]
    pub fn session_runs_out_at(&self) -> Option<Timestamp> {
        self.session.runs_out_at()
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

    /// The offer that waits for an answer.
    #[must_use]
    pub const fn offer(&self) -> Option<&PendingOffer> {
        self.offer.as_ref()
    }

    /// What the profile bot waits for.
    #[must_use]
    pub const fn profile(&self) -> Option<&PendingProfile> {
        self.profile.as_ref()
    }

    /// Who looks in besides its agent, and how.
    #[must_use]
    pub const fn supervisors(&self) -> &BTreeMap<Word, SuperviseMode> {
        &self.supervisors
    }

    /// Whether an agent asked for it to be looked at and nobody answered yet.
    #[must_use]
    pub const fn review_asked(&self) -> bool {
        self.review_asked
    }

    /// Its title.
    #[must_use]
    pub const fn title(&self) -> Option<&Sealable<String>> {
        self.title.as_ref()
    }

    /// The coloured flags that are set.
    #[must_use]
    pub const fn flags(&self) -> &BTreeSet<Word> {
        &self.flags
    }

    /// When its alarm (알람) rings.
    #[must_use]
    pub const fn alarm(&self) -> Option<Timestamp> {
        self.alarm
    }

    /// The person behind the customer, where that is known.
    #[must_use]
    pub const fn person(&self) -> Option<&Sealable<PersonId>> {
        self.person.as_ref()
    }

    /// Whether the customer was blocked in it.
    #[must_use]
    pub const fn blocked(&self) -> bool {
        self.blocked
    }

    /// How many messages of agents reached the customer, in this episode.
    #[must_use]
    pub const fn answers(&self) -> u32 {
        self.talk.answers
    }

    /// Whether one of our own texts of this kind went out since it came to stand where it stands.
    #[must_use]
    pub fn was_sent(&self, kind: AutoKind) -> bool {
        self.auto_sent.contains(&kind)
    }

    /// The agent who wrote a message; `None` for the customer's, the bot's and our own texts.
    #[must_use]
    pub fn author_of(&self, message: &MessageId) -> Option<&AgentId> {
        match self.messages.get(message) {
            Some(Side::Agent(agent, ..)) => Some(agent),
            Some(Side::Customer | Side::Automatic) | None => None,
        }
    }

    /// The message of an agent's that the line with this `seq` holds.
    #[must_use]
    pub fn agent_message_at(&self, seq: u64) -> Option<&MessageId> {
        let mut messages = self.messages.iter();
        let found = messages.find(|(_, side)| matches!(side, Side::Agent(_, _, at) if *at == seq));
        found.map(|(message, _)| message)
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

    /// When it began, or was taken up again.
    #[must_use]
    pub const fn opened_at(&self) -> Timestamp {
        self.opened_at
    }

    /// When its agent got it, by assignment or transfer; the last time, where it was more than one.
    #[must_use]
    pub const fn assigned_at(&self) -> Option<Timestamp> {
        self.assigned_at
    }

    /// When the talk was over and after-work began, or it closed.
    #[must_use]
    pub const fn ended_at(&self) -> Option<Timestamp> {
        self.ended_at
    }

    /// The last message of anybody but our own texts, or when it began or was released from a hold: what the rules
    /// of closing count silence from.
    #[must_use]
    pub const fn silent_since(&self) -> Timestamp {
        self.talk.silent_since
    }

    /// The first message of the side that wrote last, or when it was released from a hold: what the rule for a late
    /// agent counts from.
    #[must_use]
    pub const fn turn_since(&self) -> Timestamp {
        self.talk.turn_since
    }

    /// How many reminders went out since the rule that they remind of began to count.
    #[must_use]
    pub const fn reminders(&self) -> u8 {
        self.talk.reminders
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
}
