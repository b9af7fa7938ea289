//! The facts of the log: every type, with its JSON exactly as the log holds it.
//!
//! An event is in the past tense and never changes. Whatever is shown (state, figures, bill, transcript) is a
//! fold over events. See [`crate::log`] for the line around an event.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize};

pub use crate::tagged::Unknown;

use crate::channel_name::ChannelName;
use crate::id::{
    AccountId, AgentId, ConversationId, CustomerId, GroupId, MessageId, NodeId, PersonId, QueueId,
    ScenarioId, SessionId, TagName, Word,
};
use crate::json::JsonError;
use crate::message::Message;
use crate::sealed::Sealable;
use crate::tagged::tagged;
use crate::time::Timestamp;

mod words;

pub use words::*;

/// What a conversation is about (상담 분류).
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Category {
    /// 대분류.
    pub main: Word,
    /// 중분류.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sub: Option<Word>,
    /// 소분류: free text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<Word>,
}

impl Category {
    /// A main category alone.
    #[must_use]
    pub const fn new(main: Word) -> Self {
        Self {
            main,
            sub: None,
            extra: None,
        }
    }
}

/// Where a transfer (이관) is meant to go: `{"agent":"kim"}` and its like.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum TransferTarget {
    /// One agent.
    Agent(AgentId),
    /// Anybody of a group.
    Group(GroupId),
    /// Distribution again, under this category.
    Category(Category),
    /// A queue.
    Queue(QueueId),
}

/// How many conversations an agent takes at once. Unset is no limit, 0 takes nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentCaps {
    /// In all.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agent: Option<u32>,
    /// Of one queue.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub queues: BTreeMap<QueueId, u32>,
    /// Of one channel.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub channels: BTreeMap<ChannelName, u32>,
}

/// Working time of an agent on one day of the week, on the site's wall clock.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Shift {
    /// Monday is 1, Sunday 7.
    pub day: u8,
    /// `HH:MM`.
    pub from: Word,
    /// `HH:MM`; at or before `from` it is on the next day.
    pub until: Word,
}

impl Shift {
    /// On this day, Monday being 1, from `HH:MM` until `HH:MM`.
    #[must_use]
    pub const fn new(day: u8, from: Word, until: Word) -> Self {
        Self { day, from, until }
    }
}

/// Text by name, each of it personal until told otherwise.
pub type Parameters = BTreeMap<String, Sealable<String>>;

tagged! {
    /// A fact. The `type` of its JSON stands in quotes beside each; what is marked `opt` may be left out.
    pub enum Event {
        /// A conversation began. Always its first line, also of one that is then rejected.
        Opened = "opened" {
            /// Which platform.
            channel: ChannelName,
            /// Which account of ours.
            account: AccountId,
            /// Who, as the platform names them.
            customer: Sealable<CustomerId>,
            /// Who wrote first.
            opened_by: OpenedBy,
            /// Whether a bot answers first.
            bot: bool,
            /// The platform's session.
            session? opt: SessionId,
            /// What it is about, where a link or parameter told.
            category? opt: Category,
            /// What came with it.
            parameters? opt: Sealable<Parameters>,
            /// The conversation before, of the same customer.
            previous? opt: ConversationId,
            /// Its title.
            title? opt: Sealable<String>,
        },
        /// It, or its request for an agent, was turned away.
        Rejected = "rejected" {
            /// Why.
            reason: RejectReason,
            /// Whether it is over; when not, the bot goes on.
            is_final as "final": bool,
        },
        /// The customer wrote.
        CustomerSaid = "customer_said" {
            /// What.
            message: Sealable<Message>,
        },
        /// The bot wrote.
        BotSaid = "bot_said" {
            /// What.
            message: Sealable<Message>,
        },
        /// An agent wrote.
        AgentSaid = "agent_said" {
            /// Who.
            agent: AgentId,
            /// What.
            message: Sealable<Message>,
        },
        /// One of our own texts went out; never an answer.
        AutoSaid = "auto_said" {
            /// Which.
            kind: AutoKind,
            /// What.
            message: Sealable<Message>,
        },
        /// A message did not reach the customer. Before the close it counts as never said.
        MessageFailed = "message_failed" {
            /// Which.
            message: MessageId,
            /// Why, in the word of the adapter's error.
            code: Word,
        },
        /// The bot came to a node that says something and then waits or ends.
        BotEntered = "bot_entered" {
            /// The scenario.
            scenario: ScenarioId,
            /// Its version.
            version: u32,
            /// The node.
            node: NodeId,
            /// How far the node is from the start, which is 1.
            depth: u32,
            /// Whether the node is marked as a goal.
            goal? opt: bool,
            /// By which way.
            via? opt: Via,
        },
        /// The bot did not understand.
        BotMissed = "bot_missed" {
            /// The scenario.
            scenario: ScenarioId,
            /// Its version.
            version: u32,
            /// The node.
            node: NodeId,
            /// The customer's message.
            message: MessageId,
            /// How many times in a row.
            count: u32,
        },
        /// A conversation still with the bot ended.
        BotEnded = "bot_ended" {
            /// By whom.
            by: BotEndedBy,
        },
        /// A person is wanted.
        AgentRequested = "agent_requested" {
            /// How.
            by: RequestedBy,
            /// About what.
            category? opt: Category,
            /// In which queue; without it the rules decide.
            queue? opt: QueueId,
        },
        /// The profile bot asked.
        ProfileRequested = "profile_requested" {
            /// For what.
            fields: Vec<Word>,
            /// Whether the conversation is kept from the agents meanwhile.
            holds_queue: bool,
        },
        /// The profile bot has what it asked for.
        ProfileCompleted = "profile_completed" {
            /// What.
            fields: Vec<Word>,
        },
        /// The profile bot gave up.
        ProfileSkipped = "profile_skipped" {
            /// What it does not have.
            fields: Vec<Word>,
            /// Why.
            reason: ProfileSkip,
        },
        /// The conversation was offered to an agent.
        Offered = "offered" {
            /// Whom.
            agent: AgentId,
            /// Until when the offer stands.
            until: Timestamp,
        },
        /// The offer was not taken.
        Declined = "declined" {
            /// Whose.
            agent: AgentId,
            /// By whom or what.
            by: DeclinedBy,
        },
        /// An agent has it.
        Assigned = "assigned" {
            /// Who.
            agent: AgentId,
            /// How.
            how: AssignedHow,
            /// Why above their limit, where it is.
            over_cap? opt: OverCap,
        },
        /// It waits again.
        ReturnedToQueue = "returned_to_queue" {
            /// Who had it.
            agent: AgentId,
            /// Why.
            cause: ReturnCause,
            /// Where it waits now, where that changed.
            to? opt: TransferTarget,
        },
        /// Somebody else is asked to take it.
        TransferRequested = "transfer_requested" {
            /// Who asks.
            from: AgentId,
            /// Who is asked.
            to: TransferTarget,
        },
        /// Nobody took it.
        TransferEnded = "transfer_ended" {
            /// Why.
            why: TransferEnd,
        },
        /// Another agent has it.
        Transferred = "transferred" {
            /// Who had it.
            from: AgentId,
            /// Who has it.
            to: AgentId,
            /// How.
            how: TransferHow,
        },
        /// Exempt from automatic closing (종료보류).
        Held = "held" {
            /// By whom.
            by: Word,
        },
        /// No longer exempt.
        Unheld = "unheld" {
            /// By whom.
            by: Word,
            /// Why above the agent's limit, where it is.
            over_cap? opt: OverCap,
        },
        /// A conversation that had become inactive counts again.
        Woken = "woken" {
            /// Why above the agent's limit, where it is.
            over_cap? opt: OverCap,
        },
        /// It is about something else.
        CategoryChanged = "category_changed" {
            /// About what.
            category: Category,
            /// By whom.
            by: Word,
        },
        /// A tag was put on.
        Tagged = "tagged" {
            /// Which.
            tag: TagName,
            /// By whom.
            by: Word,
        },
        /// A tag was taken off.
        Untagged = "untagged" {
            /// Which.
            tag: TagName,
            /// By whom.
            by: Word,
        },
        /// A memo (메모); the customer never sees it.
        Noted = "noted" {
            /// Who wrote it.
            agent: AgentId,
            /// What.
            text: Sealable<String>,
        },
        /// It has a title.
        Titled = "titled" {
            /// Which.
            title: Sealable<String>,
            /// By whom.
            by: Word,
        },
        /// A coloured flag was set or taken off.
        FlagChanged = "flag_changed" {
            /// Which.
            kind: Word,
            /// Set, or taken off.
            set: bool,
            /// By whom.
            by: Word,
        },
        /// An alarm (알람) was set.
        AlarmSet = "alarm_set" {
            /// For when.
            for_time as "for": Timestamp,
            /// By whom.
            by: Word,
        },
        /// An agent wants it looked at (상담내용 검토 요청).
        ReviewRequested = "review_requested" {
            /// Who.
            agent: AgentId,
            /// About what.
            text? opt: Sealable<String>,
        },
        /// Somebody looked.
        ReviewAnswered = "review_answered" {
            /// Who.
            agent: AgentId,
            /// With what.
            text? opt: Sealable<String>,
        },
        /// The talk is over.
        Ended = "ended" {
            /// By whom.
            by: EndedBy,
            /// Whether after-work (후처리) begins.
            after_work: bool,
            /// By which rule, when `by` is auto.
            rule? opt: EndRule,
            /// Why, when `by` is channel.
            cause? opt: ChannelEnd,
        },
        /// After-work is over.
        AfterWorkEnded = "after_work_ended" {
            /// By whom or what.
            by: AfterWorkEndedBy,
        },
        /// It goes on: a second episode, whose opening and request are this instant.
        Reopened = "reopened" {
            /// By whom.
            by: Word,
            /// The platform's session.
            session? opt: SessionId,
        },
        /// The customer said how it was.
        Rated = "rated" {
            /// The score.
            score: u8,
            /// The best score: 5 or 10.
            scale: u8,
            /// What they wrote.
            comment? opt: Sealable<String>,
        },
        /// The customer was blocked (차단).
        Blocked = "blocked" {
            /// By whom.
            by: Word,
        },
        /// The block was lifted.
        Unblocked = "unblocked" {
            /// By whom.
            by: Word,
        },
        /// A supervisor takes part.
        Supervised = "supervised" {
            /// Who.
            by: Word,
            /// How.
            mode: SuperviseMode,
        },
        /// An offer of the scenario was taken.
        Converted = "converted" {
            /// Which.
            offer: Word,
            /// For how much, in whole won.
            amount_won: i64,
        },
        /// The customer is known to be this person.
        CustomerLinked = "customer_linked" {
            /// Who.
            person: Sealable<PersonId>,
        },
        /// Agent stream: who the agent is, the whole of it.
        AgentSet = "agent_set" {
            /// Whose group.
            group? opt: GroupId,
            /// Their place where all else is equal.
            order? opt: u32,
            /// Their limits.
            caps? opt: AgentCaps,
            /// What they can do, each with a level from 1 to 5.
            skills? opt: BTreeMap<Word, u8>,
            /// How many slots one conversation takes.
            weight? opt: u32,
            /// The channels they take; all when left out.
            channels? opt: Vec<ChannelName>,
            /// When they work; always when left out.
            shifts? opt: Vec<Shift>,
        },
        /// Agent stream: what the agent does now.
        AgentStatus = "agent_status" {
            /// The status, as the site calls it.
            status: Word,
            /// What it means for distribution.
            class: StatusClass,
        },
        /// Agent stream: the agent is no more.
        AgentRemoved = "agent_removed" {},
        /// Site stream: settings of a kind were replaced.
        SettingsSet = "settings_set" {
            /// Of which kind.
            kind: Word,
            /// Their version.
            version: u32,
            /// Their hash.
            hash: Word,
        },
        /// Site stream: the manual switch of the hours.
        HoursOverridden = "hours_overridden" {
            /// Open, or closed.
            open: bool,
            /// Until when.
            until: Timestamp,
        },
    }
}

impl Event {
    /// The event of `kind` whose JSON object is `text`; [`Event::Unknown`] where `kind` is not known.
    ///
    /// # Errors
    /// [`JsonError`] where a known kind lacks a field or has a wrong one.
    pub fn read(kind: &str, text: &str) -> Result<Self, JsonError> {
        Ok(Self::read_fields(kind, text)?
            .unwrap_or_else(|| Self::Unknown(Unknown::new(kind, text))))
    }

    pub(crate) fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        map.serialize_entry("type", self.kind())?;
        self.write_fields(map)
    }

    /// Whether this kind stands on an agent's stream.
    #[must_use]
    pub const fn is_of_agent(&self) -> bool {
        matches!(
            self,
            Self::AgentSet { .. } | Self::AgentStatus { .. } | Self::AgentRemoved { .. }
        )
    }
}
