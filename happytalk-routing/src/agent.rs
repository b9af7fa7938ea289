//! An agent (상담사), as the site describes them and as the router sees them.

use std::collections::BTreeSet;
use std::sync::Arc;

use happytalk_core::event::{AgentCaps, StatusClass};
use happytalk_core::id::{AgentId, GroupId};
use happytalk_core::{ChannelName, Timestamp};
use serde::{Deserialize, Serialize};

use crate::line::Post;
use crate::slab::{ChannelNo, ConversationNo, QueueNo};

/// Who an agent is. By default: no group, order number 0, no limits, every channel.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AgentSpec {
    /// Their group (상담 그룹).
    #[serde(default)]
    pub group: Option<GroupId>,
    /// Their place where all else is equal; lower comes first.
    #[serde(default)]
    pub order: u32,
    /// Their own limits.
    #[serde(default)]
    pub caps: AgentCaps,
    /// The channels they take; all when unset.
    #[serde(default)]
    pub channels: Option<BTreeSet<ChannelName>>,
}

impl AgentSpec {
    /// An agent who takes everything.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Of this group.
    #[must_use]
    pub fn with_group(mut self, group: GroupId) -> Self {
        self.group = Some(group);
        self
    }

    /// With this place where all else is equal.
    #[must_use]
    pub const fn with_order(mut self, order: u32) -> Self {
        self.order = order;
        self
    }

    /// With at most `cap` at once, in all; 0 takes nothing.
    #[must_use]
    pub const fn with_cap(mut self, cap: u32) -> Self {
        self.caps.agent = Some(cap);
        self
    }

    /// With these limits.
    #[must_use]
    pub fn with_caps(mut self, caps: AgentCaps) -> Self {
        self.caps = caps;
        self
    }

    /// Who takes these channels alone.
    #[must_use]
    pub fn with_channels(mut self, channels: impl IntoIterator<Item = ChannelName>) -> Self {
        self.channels = Some(channels.into_iter().collect());
        self
    }

    pub(crate) fn takes(&self, channel: &ChannelName) -> bool {
        self.channels
            .as_ref()
            .is_none_or(|channels| channels.contains(channel))
    }
}

/// How much of the load is of each queue, or of each channel. Few at a time, so a list does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Tally<K>(Vec<(K, u64)>);

impl<K> Default for Tally<K> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K: Copy + Eq> Tally<K> {
    pub(crate) fn of(&self, key: K) -> u64 {
        let entry = self.0.iter().find(|(k, _)| *k == key);
        entry.map_or(0, |(_, n)| *n)
    }

    pub(crate) fn add(&mut self, key: K, weight: u32) {
        match self.0.iter_mut().find(|(k, _)| *k == key) {
            Some((_, n)) => *n += u64::from(weight),
            None => self.0.push((key, u64::from(weight))),
        }
    }

    pub(crate) fn take(&mut self, key: K, weight: u32) {
        if let Some(at) = self.0.iter().position(|(k, _)| *k == key)
            && let Some((_, n)) = self.0.get_mut(at)
        {
            *n = n.saturating_sub(u64::from(weight));
            if *n == 0 {
                self.0.swap_remove(at);
            }
        }
    }
}

/// An agent as the router sees them.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) id: Arc<AgentId>,
    pub(crate) spec: AgentSpec,
    pub(crate) class: StatusClass,
    /// Slots taken, in all.
    pub(crate) load: u64,
    pub(crate) of_queue: Tally<QueueNo>,
    pub(crate) of_channel: Tally<ChannelNo>,
    /// When a conversation last came to them, however it came.
    pub(crate) last_assigned_at: Option<Timestamp>,
    /// For each sequential queue, the number of the router's last choice of them.
    pub(crate) turns: Vec<(QueueNo, u64)>,
    /// What they have, after-work included, in no order.
    pub(crate) conversations: Vec<ConversationNo>,
    /// Where they stand in line.
    pub(crate) posts: Vec<Post>,
}

impl Agent {
    pub(crate) fn new(id: AgentId) -> Self {
        Self {
            id: Arc::new(id),
            spec: AgentSpec::default(),
            class: StatusClass::Off,
            load: 0,
            of_queue: Tally::default(),
            of_channel: Tally::default(),
            last_assigned_at: None,
            turns: Vec::new(),
            conversations: Vec::new(),
            posts: Vec::new(),
        }
    }

    pub(crate) fn turn(&self, queue: QueueNo) -> u64 {
        let entry = self.turns.iter().find(|(q, _)| *q == queue);
        entry.map_or(0, |(_, turn)| *turn)
    }

    pub(crate) fn set_turn(&mut self, queue: QueueNo, turn: u64) {
        match self.turns.iter_mut().find(|(q, _)| *q == queue) {
            Some((_, last)) => *last = turn,
            None => self.turns.push((queue, turn)),
        }
    }
}
