//! A conversation the desk holds, with its bots.

use std::collections::BTreeMap;

use happytalk_core::Sealable;
use happytalk_core::conversation::Conversation;
use happytalk_core::event::Event;
use happytalk_core::time::Timestamp;

use super::memory::Memory;

/// The parameter by which a site tells a customer's name (DOMAIN 12.8).
pub(super) const NAME_PARAMETER: &str = "cus_extra_username";

/// A conversation the desk holds.
#[derive(Clone, PartialEq)]
pub(super) struct Live {
    pub(super) conversation: Conversation,
    /// What its bots remember.
    pub(super) memory: Memory,
    /// What came with the customer when it began, as far as it can be read.
    pub(super) parameters: BTreeMap<String, String>,
}

impl Live {
    pub(super) fn new() -> Self {
        Self {
            conversation: Conversation::new(),
            memory: Memory::default(),
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
        if !self.conversation.phase().is_live() {
            // What somebody has to look at is taken back when the end is dealt with.
            self.memory = Memory {
                approval: self.memory.approval.take(),
                ..Memory::default()
            };
        }
    }
}
