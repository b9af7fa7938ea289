//! What customers agreed to.

use serde::{Deserialize, Serialize};

use super::ChannelUser;
use crate::id::{ConversationId, MessageId, NodeId, ScenarioId};
use crate::time::Timestamp;

/// That a customer agreed to something a bot asked (동의 기록): who, to what, when, and where it can be read. What the
/// notice said, for what purpose and how long things are kept, stands in that version of the scenario. Each consent stands
/// for itself: one to marketing is another than one to the consultation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Consent {
    /// To what, by the scenario's name for it.
    pub name: String,
    /// Who.
    pub customer: ChannelUser,
    /// What is asked for on the strength of it (수집 항목): names, no values.
    pub items: Vec<String>,
    /// The scenario whose notice it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scenario: Option<ScenarioId>,
    /// Its version: that of the notice.
    pub version: u32,
    /// The node that asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub node: Option<NodeId>,
    /// When.
    pub at: Timestamp,
    /// The conversation in whose log both stand: the notice and the yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conversation: Option<ConversationId>,
    /// The customer's message that said yes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<MessageId>,
}

impl Consent {
    /// `customer` agreed at `at` to what is called `name`, and nothing more is known.
    #[must_use]
    pub fn new(name: impl Into<String>, customer: ChannelUser, at: Timestamp) -> Self {
        Self {
            name: name.into(),
            customer,
            items: Vec::new(),
            scenario: None,
            version: 0,
            node: None,
            at,
            conversation: None,
            message: None,
        }
    }
}
