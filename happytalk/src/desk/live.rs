//! A conversation the desk holds, with its bot.

use std::sync::Arc;

use happytalk_core::Sealable;
use happytalk_core::conversation::{Conversation, Phase};
use happytalk_core::event::Event;
use happytalk_core::time::Timestamp;
use happytalk_scenario::{Compiled, State};

/// The parameter by which a site tells a customer's name (DOMAIN 12.8).
const NAME_PARAMETER: &str = "cus_extra_username";

/// Where the bot stands.
#[derive(Debug, Clone)]
pub(super) struct BotSession {
    pub(super) flow: Arc<Compiled>,
    pub(super) state: State,
}

impl PartialEq for BotSession {
    fn eq(&self, other: &Self) -> bool {
        self.flow.id() == other.flow.id() && self.state.to_bytes() == other.state.to_bytes()
    }
}

/// A conversation the desk holds.
#[derive(Clone, PartialEq)]
pub(super) struct Live {
    pub(super) conversation: Conversation,
    pub(super) bot: Option<BotSession>,
    /// What the customer said they are called, when it began.
    pub(super) customer_name: Option<String>,
}

impl Live {
    pub(super) const fn new() -> Self {
        Self {
            conversation: Conversation::new(),
            bot: None,
            customer_name: None,
        }
    }

    pub(super) fn apply(&mut self, event: &Event, at: Timestamp) {
        self.conversation.apply(event, at);
        if let Event::Opened {
            parameters: Some(Sealable::Open(parameters)),
            ..
        } = event
        {
            self.customer_name = parameters
                .get(NAME_PARAMETER)
                .and_then(|name| name.open().cloned());
        }
        if self.conversation.phase() != Phase::Bot && !self.conversation.phase().is_live() {
            self.bot = None;
        }
    }
}
