//! What we ask a platform to do.

use serde::{Deserialize, Serialize};

use crate::content::{Button, Content};
use crate::id::{AccountId, CustomerId, MessageId};

/// One thing for [`Channel::send`](crate::channel::Channel::send) to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Outbound {
    /// Our id of it, and its idempotency key: the same id is never delivered twice.
    pub id: MessageId,
    /// From which account of ours.
    pub account: AccountId,
    /// To whom.
    pub customer: CustomerId,
    /// What.
    pub action: Action,
}

impl Outbound {
    /// Asks for `action`.
    #[must_use]
    pub const fn new(
        id: MessageId,
        account: AccountId,
        customer: CustomerId,
        action: Action,
    ) -> Self {
        Self {
            id,
            account,
            customer,
            action,
        }
    }
}

/// What to do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Action {
    /// Say something.
    Say {
        /// At least one part.
        content: Vec<Content>,
    },
    /// End the session.
    End {},
    /// End the session and let the platform's bot go on.
    EndWithBot {
        /// The bot's event, where one is meant.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event: Option<String>,
    },
    /// Block the customer.
    Block {},
    /// Unblock the customer.
    Unblock {},
    /// Change who may speak.
    Handover {
        /// To whom.
        to: Owner,
    },
    /// Show, or stop showing, that somebody is typing.
    Typing {
        /// Show it.
        on: bool,
    },
    /// Ask the customer for a field of their profile.
    AskProfile {
        /// The field, in the platform's own word.
        field: String,
        /// Further fields to ask consent for at the same time.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        agreements: Vec<String>,
    },
    /// Replace the fixed menu of the account; without buttons, remove it.
    SetMenu {
        /// The entries.
        buttons: Vec<Button>,
    },
}

impl Action {
    /// The `type` of the JSON.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Say { .. } => "say",
            Self::End {} => "end",
            Self::EndWithBot { .. } => "end_with_bot",
            Self::Block {} => "block",
            Self::Unblock {} => "unblock",
            Self::Handover { .. } => "handover",
            Self::Typing { .. } => "typing",
            Self::AskProfile { .. } => "ask_profile",
            Self::SetMenu { .. } => "set_menu",
        }
    }
}

/// Who may speak in a room that a bot and a desk share.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Owner {
    /// The bot.
    Bot,
    /// The agents in the platform's own desk.
    Agents,
}
