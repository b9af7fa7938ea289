//! A router as data.

use std::collections::BTreeMap;

use happytalk_core::event::StatusClass;
use happytalk_core::id::{AgentId, ConversationId, QueueId, Word};
use happytalk_core::{ChannelName, Timestamp};
use serde::{Deserialize, Serialize};

use crate::agent::AgentSpec;
use crate::request::Terms;
use crate::settings::Mode;

/// What a [`Router`](crate::Router) holds beside its settings, to be kept in whatever format the host likes.
///
/// Two routers that are equal give equal snapshots, byte for byte in any one format.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Snapshot {
    pub(crate) version: u32,
    pub(crate) now: Timestamp,
    pub(crate) revision: u64,
    pub(crate) turns: u64,
    pub(crate) mode: Mode,
    pub(crate) open: bool,
    pub(crate) handled: BTreeMap<QueueId, Vec<(i64, u64, u64)>>,
    pub(crate) agents: Vec<AgentImage>,
    pub(crate) conversations: Vec<ConversationImage>,
}

/// Snapshots of another version are refused: the log builds the router again.
pub(crate) const VERSION: u32 = 1;

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct AgentImage {
    pub(crate) agent: AgentId,
    pub(crate) spec: AgentSpec,
    pub(crate) status: Word,
    pub(crate) class: StatusClass,
    pub(crate) class_since: Timestamp,
    pub(crate) fresh: bool,
    pub(crate) misses: u32,
    pub(crate) last_assigned_at: Option<Timestamp>,
    pub(crate) left_at: Option<Timestamp>,
    pub(crate) recent: Vec<Timestamp>,
    pub(crate) turns: BTreeMap<QueueId, u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum SeatImage {
    Waiting,
    /// With whom, and since when it is with agents.
    With(AgentId, Timestamp),
    AfterWork(AgentId, Timestamp),
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ConversationImage {
    pub(crate) conversation: ConversationId,
    pub(crate) queue: QueueId,
    pub(crate) channel: ChannelName,
    pub(crate) priority: i32,
    pub(crate) weight: u32,
    pub(crate) enqueued_at: Timestamp,
    pub(crate) revision: u32,
    pub(crate) held: bool,
    pub(crate) seat: SeatImage,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) extra: Option<Box<ExtraImage>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExtraImage {
    pub(crate) terms: Terms,
    pub(crate) tried: Vec<AgentId>,
    pub(crate) offers: Vec<(AgentId, Timestamp, bool)>,
    pub(crate) waits_from: Option<Timestamp>,
    pub(crate) returns: u32,
    pub(crate) held_back: bool,
    pub(crate) answered: bool,
    pub(crate) waking: bool,
    pub(crate) assigned_at: Option<Timestamp>,
    pub(crate) active_at: Option<Timestamp>,
    /// What follows from the clock, where it is.
    pub(crate) stage: u32,
    pub(crate) sticks: bool,
    pub(crate) delayed: bool,
    pub(crate) silent: bool,
    pub(crate) dormant: bool,
}
