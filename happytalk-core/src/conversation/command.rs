//! What may be asked of a conversation.

use std::time::Duration;

use crate::channel_name::ChannelName;
use crate::event::{
    AfterWorkEndedBy, AssignedHow, AutoKind, BotEndedBy, Category, ChannelEnd, DeclinedBy, EndRule,
    OpenedBy, OverCap, Parameters, ProfileSkip, RejectReason, RequestedBy, ReturnCause,
    SuperviseMode, TransferEnd, TransferHow, TransferTarget, Via,
};
use crate::id::{
    AccountId, AgentId, ConversationId, CustomerId, MessageId, NodeId, PersonId, QueueId,
    ScenarioId, SessionId, TagName, Word,
};
use crate::message::Message;
use crate::sealed::Sealable;
use crate::time::Timestamp;

/// How a conversation begins.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opening {
    /// The platform.
    pub channel: ChannelName,
    /// Which account of ours.
    pub account: AccountId,
    /// Who.
    pub customer: CustomerId,
    /// Who wrote first.
    pub opened_by: OpenedBy,
    /// Whether a bot answers first.
    pub bot: bool,
    /// The platform's session, where it has such.
    pub session: Option<SessionId>,
    /// What it is about, where a link or parameter told.
    pub category: Option<Category>,
    /// What came with it.
    pub parameters: Parameters,
    /// The conversation before, of the same customer.
    pub previous: Option<ConversationId>,
    /// Its title.
    pub title: Option<Sealable<String>>,
}

impl Opening {
    /// A customer wrote first and no bot answers.
    #[must_use]
    pub const fn by_customer(
        channel: ChannelName,
        account: AccountId,
        customer: CustomerId,
    ) -> Self {
        Self {
            channel,
            account,
            customer,
            opened_by: OpenedBy::Customer,
            bot: false,
            session: None,
            category: None,
            parameters: Parameters::new(),
            previous: None,
            title: None,
        }
    }
}

/// By whom, or by what, a conversation ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Ending {
    /// The agent who has it.
    Agent,
    /// The customer, by our own button or command.
    Customer,
    /// A manager.
    Manager,
    /// A rule.
    Rule(EndRule),
    /// The platform.
    Channel(ChannelEnd),
}

/// What may be asked of a [`Conversation`](super::Conversation).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Command {
    /// Begin.
    Open(Opening),
    /// Turn it, or its request for an agent, away.
    Reject {
        /// Why.
        reason: RejectReason,
    },
    /// The customer wrote. In after-work this takes the conversation up again.
    CustomerSay {
        /// What.
        message: Message,
        /// In which session of the platform, where it says. Where the conversation is taken up again, that is its
        /// session from now on.
        session: Option<SessionId>,
    },
    /// The bot writes.
    BotSay {
        /// What.
        message: Message,
    },
    /// The bot came to a node.
    BotEnter {
        /// The scenario.
        scenario: ScenarioId,
        /// Its version.
        version: u32,
        /// The node.
        node: NodeId,
        /// How far it is from the start, which is 1.
        depth: u32,
        /// Whether it is marked as a goal.
        goal: bool,
        /// By which way.
        via: Option<Via>,
    },
    /// The bot did not understand.
    BotMiss {
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
    /// End the bot's part without an agent.
    EndBot {
        /// By whom.
        by: BotEndedBy,
    },
    /// Ask for a person.
    RequestAgent {
        /// How.
        by: RequestedBy,
        /// About what.
        category: Option<Category>,
        /// In which queue.
        queue: Option<QueueId>,
    },
    /// Keep it for an agent who has to accept first.
    Offer {
        /// For whom.
        agent: AgentId,
        /// Until when.
        until: Timestamp,
    },
    /// The offer was not taken.
    Decline {
        /// By whom or what.
        by: DeclinedBy,
    },
    /// The profile bot asks.
    RequestProfile {
        /// For what.
        fields: Vec<Word>,
        /// Whether the conversation is kept from the agents meanwhile.
        holds_queue: bool,
    },
    /// The profile bot has all it asked for.
    CompleteProfile {
        /// What.
        fields: Vec<Word>,
    },
    /// The profile bot gives up.
    SkipProfile {
        /// What it does not have.
        fields: Vec<Word>,
        /// Why.
        reason: ProfileSkip,
    },
    /// Give it to an agent.
    Assign {
        /// To whom.
        agent: AgentId,
        /// How they were chosen.
        how: AssignedHow,
        /// Why above their limit, where it is.
        over_cap: Option<OverCap>,
    },
    /// Take it from its agent, back into the queue.
    ReturnToQueue {
        /// Why.
        cause: ReturnCause,
        /// Where it waits then, where that changes.
        to: Option<TransferTarget>,
    },
    /// The agent who has it writes.
    AgentSay {
        /// Who.
        agent: AgentId,
        /// What.
        message: Message,
    },
    /// One of our own texts goes out.
    AutoSay {
        /// Which.
        kind: AutoKind,
        /// What.
        message: Message,
    },
    /// A message did not reach the customer.
    FailMessage {
        /// Which.
        message: MessageId,
        /// Why.
        code: Word,
    },
    /// The agent who has it asks somebody else to take it (이관 요청).
    RequestTransfer {
        /// Who asks.
        from: AgentId,
        /// Who is asked.
        to: TransferTarget,
    },
    /// The request came to nothing.
    EndTransfer {
        /// Why.
        why: TransferEnd,
    },
    /// Give it from its agent to another.
    Transfer {
        /// To whom.
        to: AgentId,
        /// How.
        how: TransferHow,
    },
    /// Exempt it from automatic closing (종료보류).
    Hold {
        /// By whom.
        by: Word,
    },
    /// No longer exempt it.
    Unhold {
        /// By whom.
        by: Word,
        /// Why above its agent's limit, where it is.
        over_cap: Option<OverCap>,
    },
    /// It counts again, having been inactive.
    Wake {
        /// Why above its agent's limit, where it is.
        over_cap: Option<OverCap>,
    },
    /// Ring for its agent at a time; one that is not ahead takes the alarm off.
    SetAlarm {
        /// When.
        at: Timestamp,
        /// By whom.
        by: Word,
    },
    /// Set a coloured flag, or take it off.
    Flag {
        /// Which.
        kind: Word,
        /// Set, or take off.
        set: bool,
        /// By whom.
        by: Word,
    },
    /// Give it a title.
    Title {
        /// Which; at most [`TITLE_CHARS_MAX`](super::TITLE_CHARS_MAX) characters.
        title: Sealable<String>,
        /// By whom.
        by: Word,
    },
    /// Ask somebody to look at it (상담내용 검토 요청).
    RequestReview {
        /// Who asks.
        agent: AgentId,
        /// About what.
        text: Option<Sealable<String>>,
    },
    /// Answer who asked for a look.
    AnswerReview {
        /// Who answers.
        agent: AgentId,
        /// With what.
        text: Option<Sealable<String>>,
    },
    /// A supervisor takes part, takes part in another way, or no longer.
    Supervise {
        /// Who.
        by: Word,
        /// How.
        mode: SuperviseMode,
    },
    /// The customer is known to be this person.
    Link {
        /// Who.
        person: PersonId,
    },
    /// Block the customer (차단), which ends it.
    Block {
        /// By whom.
        by: Word,
        /// Whether a manager does it, not the agent who has it.
        manager: bool,
    },
    /// Say what it is about.
    Categorise {
        /// What.
        category: Category,
        /// By whom.
        by: Word,
    },
    /// Put a tag on.
    Tag {
        /// Which.
        tag: TagName,
        /// By whom.
        by: Word,
    },
    /// Take a tag off.
    Untag {
        /// Which.
        tag: TagName,
        /// By whom.
        by: Word,
    },
    /// Write a memo.
    Note {
        /// Who.
        agent: AgentId,
        /// What.
        text: Sealable<String>,
    },
    /// An offer of the scenario was taken.
    Convert {
        /// Which.
        offer: Word,
        /// For how much, in whole won.
        amount_won: i64,
    },
    /// End it.
    End {
        /// By whom or what.
        by: Ending,
        /// Whether the site has after-work (후처리) switched on.
        after_work: bool,
    },
    /// The platform's session ended. Ignored when it was another session than this conversation's.
    EndChannel {
        /// Why.
        cause: ChannelEnd,
        /// Which session, where the platform says.
        session: Option<SessionId>,
        /// Whether the site has after-work (후처리) switched on.
        after_work: bool,
    },
    /// Lift the block; nothing where the customer was not blocked in it.
    Unblock {
        /// By whom.
        by: Word,
    },
    /// Take it up again after it was over (`ReopenWithin`); what the customer wrote follows.
    Reopen {
        /// By whom.
        by: Word,
        /// The platform's session from now on.
        session: Option<SessionId>,
        /// How long after the close that is allowed.
        within: Duration,
    },
    /// End after-work.
    EndAfterWork {
        /// By whom or what.
        by: AfterWorkEndedBy,
    },
    /// The customer says how it was.
    Rate {
        /// The score.
        score: u8,
        /// The best score: 5 or 10.
        scale: u8,
        /// What they wrote.
        comment: Option<Sealable<String>>,
        /// How long after the end an answer counts.
        within: Duration,
    },
}

impl Command {
    /// A name for errors.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Reject { .. } => "reject",
            Self::CustomerSay { .. } => "customer_say",
            Self::BotSay { .. } => "bot_say",
            Self::BotEnter { .. } => "bot_enter",
            Self::BotMiss { .. } => "bot_miss",
            Self::EndBot { .. } => "end_bot",
            Self::RequestAgent { .. } => "request_agent",
            Self::Offer { .. } => "offer",
            Self::Decline { .. } => "decline",
            Self::RequestProfile { .. } => "request_profile",
            Self::CompleteProfile { .. } => "complete_profile",
            Self::SkipProfile { .. } => "skip_profile",
            Self::Assign { .. } => "assign",
            Self::ReturnToQueue { .. } => "return_to_queue",
            Self::AgentSay { .. } => "agent_say",
            Self::AutoSay { .. } => "auto_say",
            Self::FailMessage { .. } => "fail_message",
            Self::RequestTransfer { .. } => "request_transfer",
            Self::EndTransfer { .. } => "end_transfer",
            Self::Transfer { .. } => "transfer",
            Self::Hold { .. } => "hold",
            Self::Unhold { .. } => "unhold",
            Self::Wake { .. } => "wake",
            Self::SetAlarm { .. } => "set_alarm",
            Self::Flag { .. } => "flag",
            Self::Title { .. } => "title",
            Self::RequestReview { .. } => "request_review",
            Self::AnswerReview { .. } => "answer_review",
            Self::Supervise { .. } => "supervise",
            Self::Link { .. } => "link",
            Self::Block { .. } => "block",
            Self::Unblock { .. } => "unblock",
            Self::Reopen { .. } => "reopen",
            Self::Categorise { .. } => "categorise",
            Self::Tag { .. } => "tag",
            Self::Untag { .. } => "untag",
            Self::Note { .. } => "note",
            Self::Convert { .. } => "convert",
            Self::End { .. } => "end",
            Self::EndChannel { .. } => "end_channel",
            Self::EndAfterWork { .. } => "end_after_work",
            Self::Rate { .. } => "rate",
        }
    }
}
