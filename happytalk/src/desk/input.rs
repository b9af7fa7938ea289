//! What goes into a desk and what comes out.

use std::fmt;
use std::sync::Arc;

use happytalk_billing::{Notice as LedgerNotice, TopUpRequest};
use happytalk_core::Sealable;
use happytalk_core::Value;
use happytalk_core::actor::Actor;
use happytalk_core::content::Content;
use happytalk_core::customer::{ChannelUser, Consent};
use happytalk_core::effect::{Effect, EffectResult};
use happytalk_core::event::{Category, StatusClass, SuperviseMode, TransferEnd, TransferTarget};
use happytalk_core::hours::{Calendar, HoursCommand};
use happytalk_core::id::{AgentId, ConversationId, EffectId, MessageId, PersonId, TagName, Word};
use happytalk_core::inbound::Inbound;
use happytalk_core::log::Line;
use happytalk_core::time::Timestamp;
use happytalk_routing::{AgentSpec, Explanation, Mode};
use happytalk_scenario::{ApprovalOutcome, Compiled};

use super::Door;
use crate::Error;

/// One thing for a desk to take in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Input {
    /// What a platform told.
    Inbound {
        /// What. Its account and customer must be known; without them it is passed over.
        inbound: Inbound,
        /// The id to give a conversation, if this opens one.
        conversation: ConversationId,
        /// What the host knows of the customer, an object: `customer.…` in scenarios, and what their variables of the
        /// customer begin with. Kept with the bot's state. Null: nothing new.
        known: Value,
    },
    /// What an agent, a manager or an operator wants.
    Command {
        /// Comes back with the [`Output::Answer`].
        ticket: u64,
        /// What.
        command: DeskCommand,
    },
    /// What became of an effect. A second result of the same effect does nothing.
    EffectDone {
        /// Which.
        id: EffectId,
        /// What.
        result: EffectResult,
    },
    /// Time has passed.
    Tick,
}

impl Input {
    /// What a platform told, of a customer of whom the host knows nothing more.
    #[must_use]
    pub const fn inbound(inbound: Inbound, conversation: ConversationId) -> Self {
        Self::Inbound {
            inbound,
            conversation,
            known: Value::Null,
        }
    }
}

/// What an agent, a manager or an operator wants.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DeskCommand {
    /// Say who an agent is.
    SetAgent {
        /// Who.
        agent: AgentId,
        /// The whole of it.
        spec: AgentSpec,
    },
    /// Say what an agent does now.
    SetStatus {
        /// Who.
        agent: AgentId,
        /// The status, as the site calls it.
        status: Word,
        /// What it means for distribution.
        class: StatusClass,
    },
    /// The agent is no more.
    RemoveAgent {
        /// Who.
        agent: AgentId,
    },
    /// A command of somebody whose permissions are asked first (역할, 권한): refused with
    /// [`Error::Forbidden`] where they may not. A command that comes bare is the host's own and is not asked.
    As {
        /// Who.
        actor: Actor,
        /// What.
        command: Box<Self>,
    },
    /// Open or close by hand (수동 상담 시간 전환), or follow the calendar again.
    SwitchHours {
        /// Which of the three.
        command: HoursCommand,
    },
    /// Replace the working hours; they count at once. The host gives the same to a desk it makes anew.
    SetCalendar {
        /// The calendar.
        calendar: Box<Calendar>,
    },
    /// Write to a customer first. Not possible on Kakao.
    Open {
        /// Who, whose conversation it then is.
        agent: AgentId,
        /// The id to give it.
        conversation: ConversationId,
        /// Over which channel, from which account, to whom.
        customer: ChannelUser,
        /// About what.
        category: Option<Category>,
    },
    /// Take a conversation that was offered.
    AcceptOffer {
        /// Who.
        agent: AgentId,
        /// Which.
        conversation: ConversationId,
    },
    /// Do not take a conversation that was offered.
    DeclineOffer {
        /// Who.
        agent: AgentId,
        /// Which.
        conversation: ConversationId,
    },
    /// Take a waiting conversation from the shared list. Not one that waits for the hours to open.
    Pick {
        /// Who.
        agent: AgentId,
        /// Which.
        conversation: ConversationId,
    },
    /// Give a waiting conversation to an agent, above their limit where need be, and before the hours open.
    Assign {
        /// Which.
        conversation: ConversationId,
        /// To whom.
        agent: AgentId,
    },
    /// Write to the customer.
    Say {
        /// Who.
        agent: AgentId,
        /// In which conversation.
        conversation: ConversationId,
        /// The id of the message: a second one with it is not sent.
        message: MessageId,
        /// What.
        content: Vec<Content>,
    },
    /// Ask somebody else to take a conversation. To a queue or a category it goes at once.
    RequestTransfer {
        /// Who asks.
        agent: AgentId,
        /// Which.
        conversation: ConversationId,
        /// Who is asked.
        to: TransferTarget,
    },
    /// Take a conversation that one was asked to take.
    AcceptTransfer {
        /// Who.
        agent: AgentId,
        /// Which.
        conversation: ConversationId,
    },
    /// Say no to a transfer, or take the request back.
    EndTransfer {
        /// Which.
        conversation: ConversationId,
        /// Which of the two.
        why: TransferEnd,
    },
    /// Give a conversation to another agent without asking; a manager's.
    ForceTransfer {
        /// Which.
        conversation: ConversationId,
        /// To whom.
        to: AgentId,
    },
    /// Take a conversation over from its agent; a supervisor's.
    TakeOver {
        /// Which.
        conversation: ConversationId,
        /// Who.
        by: AgentId,
    },
    /// Look in, in a way, or no longer.
    Supervise {
        /// Which.
        conversation: ConversationId,
        /// Who.
        by: AgentId,
        /// How.
        mode: SuperviseMode,
    },
    /// Take a conversation from its agent, back into the queue; a manager's.
    Withdraw {
        /// Which.
        conversation: ConversationId,
    },
    /// End a conversation.
    End {
        /// Which.
        conversation: ConversationId,
        /// The agent who has it; `None` for a manager.
        agent: Option<AgentId>,
    },
    /// End a conversation and begin another with the bot (챗봇으로 돌려보내기), in the platform's same session: where the
    /// hand-off's `returned` leads, or from the start. Without the closing text and the survey. Nothing where the bot has
    /// the conversation.
    ReturnToBot {
        /// Which.
        conversation: ConversationId,
        /// The agent who has it; `None` for a manager.
        agent: Option<AgentId>,
        /// The id to give the conversation with the bot.
        next: ConversationId,
    },
    /// Say what comes of something a bot would say ([`EffectKind::Approve`](happytalk_core::effect::EffectKind::Approve)).
    Approve {
        /// In which conversation.
        conversation: ConversationId,
        /// The id of the effect that asked.
        approval: EffectId,
        /// Who looked at it.
        by: AgentId,
        /// What they decided.
        outcome: ApprovalOutcome,
    },
    /// Release a newer version of a scenario. Customers inside the older one go on as its versions say
    /// ([`Bots::with_versions`](crate::Bots::with_versions)). The host gives the same to a desk it makes anew.
    ReleaseBot {
        /// The version.
        newer: NewVersion,
    },
    /// From here on, give conversations out like this (수동, 자동, 하이브리드 배정). The host gives the same to a desk it makes
    /// anew.
    SetMode {
        /// How.
        mode: Mode,
    },
    /// Take requests for an agent, or not. The host gives the same to a desk it makes anew.
    SetDoor {
        /// How.
        door: Door,
    },
    /// The customer ended it by our own button or command.
    EndByCustomer {
        /// Which.
        conversation: ConversationId,
    },
    /// Block the customer (차단), which ends the conversation.
    Block {
        /// Which.
        conversation: ConversationId,
        /// Who.
        by: AgentId,
    },
    /// Lift the block of a conversation's customer.
    Unblock {
        /// In which they were blocked.
        conversation: ConversationId,
        /// Who.
        by: AgentId,
    },
    /// The conversation is written up.
    EndAfterWork {
        /// Which.
        conversation: ConversationId,
    },
    /// Exempt from automatic closing, or no longer.
    Hold {
        /// Which.
        conversation: ConversationId,
        /// Exempt it, or not.
        on: bool,
        /// By whom.
        by: Word,
    },
    /// Say what a conversation is about.
    Categorise {
        /// Which.
        conversation: ConversationId,
        /// About what.
        category: Category,
        /// By whom.
        by: Word,
    },
    /// Put a tag on.
    Tag {
        /// Which.
        conversation: ConversationId,
        /// The tag.
        tag: TagName,
        /// By whom.
        by: Word,
    },
    /// Take a tag off.
    Untag {
        /// Which.
        conversation: ConversationId,
        /// The tag.
        tag: TagName,
        /// By whom.
        by: Word,
    },
    /// Set a coloured flag, or take it off.
    Flag {
        /// Which conversation.
        conversation: ConversationId,
        /// Which flag.
        kind: Word,
        /// Set, or take off.
        set: bool,
        /// By whom.
        by: Word,
    },
    /// Give a title.
    Title {
        /// Which.
        conversation: ConversationId,
        /// The title.
        title: Sealable<String>,
        /// By whom.
        by: Word,
    },
    /// Ring for its agent at a time (알람); a time that is not ahead takes the alarm off.
    SetAlarm {
        /// Which.
        conversation: ConversationId,
        /// When.
        at: Timestamp,
        /// By whom.
        by: Word,
    },
    /// Write a memo.
    Note {
        /// Who.
        agent: AgentId,
        /// In which conversation.
        conversation: ConversationId,
        /// What.
        text: Sealable<String>,
    },
    /// Ask somebody to look at a conversation (상담내용 검토 요청).
    RequestReview {
        /// Who asks.
        agent: AgentId,
        /// At which.
        conversation: ConversationId,
        /// About what.
        text: Option<Sealable<String>>,
    },
    /// Answer who asked for a look.
    AnswerReview {
        /// Who answers.
        agent: AgentId,
        /// About which conversation.
        conversation: ConversationId,
        /// With what.
        text: Option<Sealable<String>>,
    },
    /// The customer said how it was (만족도 조사).
    Rate {
        /// Which conversation.
        conversation: ConversationId,
        /// The score.
        score: u8,
        /// The best score: 5 or 10.
        scale: u8,
        /// What they wrote.
        comment: Option<Sealable<String>>,
    },
    /// The customer of a conversation is known to be this person.
    Link {
        /// Which.
        conversation: ConversationId,
        /// Who.
        person: PersonId,
    },
    /// Book a command of the ledger on the site's stream: a JSON object with its `type` and `key`, such as a top-up.
    Book {
        /// The object, without `site`, `seq` and `at`.
        json: String,
    },
}

impl DeskCommand {
    /// The command as `actor`'s, whose permissions are asked first.
    #[must_use]
    pub fn by(self, actor: Actor) -> Self {
        Self::As {
            actor,
            command: Box::new(self),
        }
    }
}

/// A newer version of a scenario. Two are equal that have the scenario and the version in common.
#[derive(Clone)]
pub struct NewVersion(pub(super) Arc<Compiled>);

impl NewVersion {
    /// This version.
    #[must_use]
    pub const fn new(flow: Arc<Compiled>) -> Self {
        Self(flow)
    }
}

impl fmt::Debug for NewVersion {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "NewVersion({} {})", self.0.id(), self.0.version())
    }
}

impl PartialEq for NewVersion {
    fn eq(&self, other: &Self) -> bool {
        (self.0.id(), self.0.version()) == (other.0.id(), other.0.version())
    }
}

impl Eq for NewVersion {}

/// One thing a desk puts out. Lines come before the effects that rest on them.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Output {
    /// A fact, to be committed.
    Line(Line),
    /// Where the bot stands in a conversation, to be committed with the lines; `None` once it is over.
    State {
        /// Which.
        conversation: ConversationId,
        /// Opaque; personal data.
        bytes: Option<Vec<u8>>,
    },
    /// A platform's message was taken; to be committed with the lines.
    Seen(String),
    /// Something to do once the lines are committed.
    Effect(Effect),
    /// An effect that need not be kept any more.
    Settled(EffectId),
    /// What became of a command.
    Answer {
        /// The command's ticket.
        ticket: u64,
        /// How it went.
        result: Result<(), Error>,
    },
    /// Why a conversation went to the agent it went to, where the routing settings ask for explanations.
    Explained {
        /// Which.
        conversation: ConversationId,
        /// Every candidate and what spoke against them.
        why: Box<Explanation>,
    },
    /// What a platform told and no conversation is about: a profile shared or withdrawn, a friend, a payment, a delivery (a
    /// failed one of ours stands in the log too, as `message_failed`), a message seen, a hand-over, or something unknown. It is
    /// the host's.
    Told(Box<Inbound>),
    /// A customer agreed to something a bot asked: the host keeps the record, beside what it keeps on the strength of it.
    Consented(Box<Consent>),
    /// The site's owner should be told of the prepaid money: it runs low, a fee is not covered, the site is suspended.
    LedgerNotice(LedgerNotice),
    /// The automatic top-up of the prepaid money is wanted (자동 충전): pay, and book a `top_up` under its key. Wanted again
    /// after a restart, while nothing is booked under it.
    TopUpWanted(TopUpRequest),
    /// Something that came in was passed over, and why, for the host's own log.
    PassedOver {
        /// A name that never changes.
        code: &'static str,
    },
}

/// Without what a bot remembers and without keys that name customers.
impl fmt::Debug for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Line(line) => f.debug_tuple("Line").field(line).finish(),
            Self::State {
                conversation,
                bytes,
            } => f
                .debug_struct("State")
                .field("conversation", conversation)
                .field("bytes", &bytes.as_ref().map(Vec::len))
                .finish(),
            Self::Seen(_) => f.write_str("Seen(..)"),
            Self::Effect(effect) => f.debug_tuple("Effect").field(effect).finish(),
            Self::Settled(id) => f.debug_tuple("Settled").field(id).finish(),
            Self::Answer { ticket, result } => f
                .debug_struct("Answer")
                .field("ticket", ticket)
                .field("result", result)
                .finish(),
            Self::Explained { conversation, why } => f
                .debug_struct("Explained")
                .field("conversation", conversation)
                .field("why", why)
                .finish(),
            Self::Told(inbound) => f.debug_tuple("Told").field(inbound).finish(),
            Self::Consented(consent) => f.debug_tuple("Consented").field(consent).finish(),
            Self::LedgerNotice(notice) => f.debug_tuple("LedgerNotice").field(notice).finish(),
            Self::TopUpWanted(request) => f.debug_tuple("TopUpWanted").field(request).finish(),
            Self::PassedOver { code } => f.debug_struct("PassedOver").field("code", code).finish(),
        }
    }
}
