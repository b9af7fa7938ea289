//! A conversation the desk holds, with its bot.

use std::collections::BTreeMap;
use std::sync::Arc;

use happytalk_core::Sealable;
use happytalk_core::conversation::{Conversation, Phase};
use happytalk_core::event::Event;
use happytalk_core::time::Timestamp;
use happytalk_scenario::{Compiled, State};

/// The parameter by which a site tells a customer's name (DOMAIN 12.8).
pub(super) const NAME_PARAMETER: &str = "cus_extra_username";

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
    /// What came with the customer when it began, as far as it can be read.
    pub(super) parameters: BTreeMap<String, String>,
}

impl Live {
    pub(super) const fn new() -> Self {
        Self {
            conversation: Conversation::new(),
            bot: None,
            parameters: BTreeMap::new(),
        }
    }

    pub(super) fn apply(&mut self, event: &Event, at: Timestamp) {
        self.conversation.apply(event, at);
        if let Event::Opened {
            parameters: Some(Sealable::Open(parameters)),
            ..
        } = event
        {
            self.parameters = parameters
                .iter()
                .filter_map(|(name, value)| Some((name.clone(), value.open()?.clone())))
                .collect();
        }
        if self.conversation.phase() != Phase::Bot && !self.conversation.phase().is_live() {
            self.bot = None;
        }
    }
}
