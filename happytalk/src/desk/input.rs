//! What goes into a desk and what comes out.

use happytalk_core::content::Content;
use happytalk_core::effect::{Effect, EffectResult};
use happytalk_core::event::{Category, StatusClass, TransferEnd, TransferTarget};
use happytalk_core::id::{AgentId, ConversationId, EffectId, MessageId, TagName, Word};
use happytalk_core::inbound::Inbound;
use happytalk_core::log::Line;
use happytalk_routing::{AgentSpec, Explanation};

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
    /// Take a waiting conversation from the shared list.
    Pick {
        /// Who.
        agent: AgentId,
        /// Which.
        conversation: ConversationId,
    },
    /// Give a waiting conversation to an agent, above their limit where need be.
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
    /// Write a memo.
    Note {
        /// Who.
        agent: AgentId,
        /// In which conversation.
        conversation: ConversationId,
        /// What.
        text: String,
    },
    /// Book a command of the ledger on the site's stream: a JSON object with its `type` and `key`, such as a top-up.
    Book {
        /// The object, without `site`, `seq` and `at`.
        json: String,
    },
}

/// One thing a desk puts out. Lines come before the effects that rest on them.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Something that came in was passed over, and why, for the host's own log.
    PassedOver {
        /// A name that never changes.
        code: &'static str,
    },
}
