//! What the bots remember of one conversation, and how it is kept.

use happytalk_core::Value;
use happytalk_core::id::{ConversationId, EffectId};
use happytalk_core::json;
use happytalk_scenario::State;
use serde::{Deserialize, Serialize};

use super::{Desk, Output};

/// Which of a conversation's bots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// The one that answers first. After it handed the customer over it is silent, and may have them back.
    Front,
    /// The one that asks who they are while they wait.
    Profile,
}

/// What the bots remember of one conversation. Personal data, deleted with their part in it.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Memory {
    pub(super) front: Option<State>,
    pub(super) profile: Option<State>,
    /// What the host told of the customer.
    pub(super) known: Value,
    /// What somebody has to look at before it is said.
    pub(super) approval: Option<EffectId>,
}

/// The same as it is kept: a JSON object. The states are JSON with their own checksums.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Kept {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    front: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    profile: Option<String>,
    #[serde(default, skip_serializing_if = "Value::is_null")]
    known: Value,
}

impl Memory {
    pub(super) const fn of(&self, which: Which) -> Option<&State> {
        match which {
            Which::Front => self.front.as_ref(),
            Which::Profile => self.profile.as_ref(),
        }
    }

    pub(super) const fn slot(&mut self, which: Which) -> &mut Option<State> {
        match which {
            Which::Front => &mut self.front,
            Which::Profile => &mut self.profile,
        }
    }

    /// `None` where there is nothing to keep.
    fn to_bytes(&self) -> Option<Vec<u8>> {
        if self.front.is_none() && self.profile.is_none() {
            return None;
        }
        let text = |state: &Option<State>| {
            let bytes = state.as_ref()?.to_bytes();
            String::from_utf8(bytes).ok()
        };
        let kept = Kept {
            front: text(&self.front),
            profile: text(&self.profile),
            known: self.known.clone(),
        };
        // An object of texts and plain values can always be written.
        serde_json::to_vec(&kept).ok()
    }

    /// `None` where the bytes are none of ours, or one of the states is damaged.
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        let kept: Kept = json::from_slice(bytes).ok()?;
        let state = |text: Option<String>| match text {
            Some(text) => State::from_bytes(text.as_bytes()).map(Some),
            None => Ok(None),
        };
        Some(Self {
            front: state(kept.front).ok()?,
            profile: state(kept.profile).ok()?,
            known: kept.known,
            approval: None,
        })
    }
}

impl Desk {
    /// Has the store keep what the bots of a conversation remember now.
    pub(super) fn keep_memory(&mut self, id: &ConversationId) {
        let bytes = self.live.get(id).and_then(|live| live.memory.to_bytes());
        self.others.push_back(Output::State {
            conversation: id.clone(),
            bytes,
        });
    }

    /// What the host told of the customer.
    pub(super) fn take_known(&mut self, id: &ConversationId, known: &Value) {
        if !known.is_null()
            && self
                .live
                .get(id)
                .is_some_and(|live| live.memory.known != *known)
            && let Some(live) = self.live.get_mut(id)
        {
            live.memory.known = known.clone();
            if live.memory.front.is_some() || live.memory.profile.is_some() {
                self.keep_memory(id);
            }
        }
    }

    /// What the host told of the customer is kept as long as there is a bot that may ask for it.
    pub(super) fn settle_memory(&mut self, id: &ConversationId) {
        if let Some(live) = self.live.get_mut(id)
            && live.memory.front.is_none()
            && live.memory.profile.is_none()
            && !live.memory.known.is_null()
        {
            live.memory.known = Value::Null;
        }
    }

    /// The bots' part is over: what they remember is deleted, and nobody has to look at what one would say.
    pub(super) fn drop_bot(&mut self, id: &ConversationId) {
        self.drop_approval(id);
        if let Some(live) = self.live.get_mut(id) {
            live.memory = Memory::default();
        }
        self.keep_memory(id);
    }

    /// A person has the customer. What the bot remembers is kept only where it may have them back.
    pub(super) fn hand_over_bot(&mut self, id: &ConversationId) {
        self.drop_approval(id);
        let bots = &self.settings.bots;
        if let Some(live) = self.live.get_mut(id) {
            let returns = live.memory.front.as_mut().is_some_and(|state| {
                let flow = bots.going_on(state);
                flow.is_some_and(|flow| flow.returns_to(state).is_some())
            });
            if !returns {
                live.memory.front = None;
            }
        }
        self.keep_memory(id);
    }
}
