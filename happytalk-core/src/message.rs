//! A message of the log.

use serde::{Deserialize, Serialize};

use crate::content::Content;
use crate::id::{MessageId, ProviderId};
use crate::sealed::Sealable;

/// A message as the log keeps it. The id stays readable when the rest is sealed or erased.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Message {
    /// Our id.
    pub id: MessageId,
    /// What it says.
    pub content: Sealable<Vec<Content>>,
    /// The platform's id, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub provider_id: Option<ProviderId>,
    /// How it was made, in the platform's own word (`typing`, `button`, …).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub input: Option<String>,
    /// What the pressed button of ours carried.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postback: Option<Sealable<String>>,
}

impl Message {
    /// A message.
    #[must_use]
    pub fn new(id: MessageId, content: Vec<Content>) -> Self {
        Self {
            id,
            content: Sealable::Open(content),
            provider_id: None,
            input: None,
            postback: None,
        }
    }

    /// All its words, parts apart by a line break; empty when it is closed or has none.
    #[must_use]
    pub fn words(&self) -> String {
        let parts = self.content.open().map_or(&[][..], Vec::as_slice);
        parts
            .iter()
            .filter_map(Content::words)
            .collect::<Vec<_>>()
            .join("\n")
    }
}
