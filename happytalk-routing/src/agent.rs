//! An agent (상담사), as the site describes them and as the router sees them.

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use happytalk_core::event::{AgentCaps, Shift, StatusClass};
use happytalk_core::id::{AgentId, GroupId, Word};
use happytalk_core::{ChannelName, Timestamp};
use serde::{Deserialize, Serialize};

use crate::line::Post;
use crate::lookup::Named;
use crate::settings::RateLimit;
use crate::skill::Skills;
use crate::slab::{ChannelNo, ConversationNo, QueueNo};

/// Who an agent is. By default: no group, order number 0, no limits, every channel, no skills, always at work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct AgentSpec {
    /// Their group (상담 그룹).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// Their place where all else is equal; lower comes first.
    #[serde(default)]
    pub order: u32,
    /// Their own limits.
    #[serde(default)]
    pub caps: AgentCaps,
    /// What they can do.
    #[serde(default, skip_serializing_if = "Skills::is_empty")]
    pub skills: Skills,
    /// How many slots each slot of a conversation takes of theirs: 2 for one who learns the trade and has to have
    /// half as many. 1 by default; 0 is read as 1.
    #[serde(default = "one")]
    pub weight: u32,
    /// The channels they take; all when unset.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channels: Option<BTreeSet<ChannelName>>,
    /// When they work, on the wall clock of [`Settings::zone`](crate::Settings::zone); always when unset. A break is the
    /// time between two shifts of a day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shifts: Option<Vec<Shift>>,
}

const fn one() -> u32 {
    1
}

impl Default for AgentSpec {
    fn default() -> Self {
        Self {
            group: None,
            order: 0,
            caps: AgentCaps::default(),
            skills: Skills::new(),
            weight: 1,
            channels: None,
            shifts: None,
        }
    }
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

    /// Who can do this too, at that level.
    #[must_use]
    pub fn with_skill(mut self, skill: Word, level: u8) -> Self {
        self.skills.insert(skill, level);
        self
    }

    /// Of whose slots each slot of a conversation takes `weight`.
    #[must_use]
    pub const fn with_weight(mut self, weight: u32) -> Self {
        self.weight = weight;
        self
    }

    /// Who works in these shifts alone.
    #[must_use]
    pub fn with_shifts(mut self, shifts: impl IntoIterator<Item = Shift>) -> Self {
        self.shifts = Some(shifts.into_iter().collect());
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

    pub(crate) fn add(&mut self, key: K, slots: u64) {
        match self.0.iter_mut().find(|(k, _)| *k == key) {
            Some((_, n)) => *n = n.saturating_add(slots),
            None => self.0.push((key, slots)),
        }
    }

    pub(crate) fn take(&mut self, key: K, slots: u64) {
        if let Some(at) = self.0.iter().position(|(k, _)| *k == key)
            && let Some((_, n)) = self.0.get_mut(at)
        {
            *n = n.saturating_sub(slots);
            if *n == 0 {
                self.0.swap_remove(at);
            }
        }
    }
}

/// An agent as the router sees them.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) id: AgentId,
    pub(crate) spec: Box<AgentSpec>,
    pub(crate) status: Word,
    pub(crate) class: StatusClass,
    /// Whether the status takes conversations.
    pub(crate) accepts: bool,
    /// Whether the clock says that they are at work.
    pub(crate) on_shift: bool,
    /// Whether they were off and did not accept since.
    pub(crate) fresh: bool,
    /// Offers and conversations left unanswered, in a row.
    pub(crate) misses: u32,
    /// How many of theirs were woken and keep the next slot.
    pub(crate) waking: u32,
    /// Slots taken, in all, offers included.
    pub(crate) load: u64,
    pub(crate) of_queue: Tally<QueueNo>,
    pub(crate) of_channel: Tally<ChannelNo>,
    /// When a conversation last came to them, however it came.
    pub(crate) last_assigned_at: Option<Timestamp>,
    /// When a conversation last left them, or they came online.
    pub(crate) left_at: Option<Timestamp>,
    /// Since when their status is of its class.
    pub(crate) class_since: Timestamp,
    /// The last ones that came, as many as the rate limit counts.
    pub(crate) recent: VecDeque<Timestamp>,
    /// For each sequential queue, the number of the router's last choice of them.
    pub(crate) turns: Vec<(QueueNo, u64)>,
    /// What they have, after-work included, and since when it is with agents; in no order.
    pub(crate) conversations: Vec<(ConversationNo, Timestamp)>,
    /// What is offered to them.
    pub(crate) offers: Vec<ConversationNo>,
    /// Where they stand in line.
    pub(crate) posts: Vec<Post>,
    /// When the clock changes what they may take.
    pub(crate) turn_at: Option<Timestamp>,
    /// When something is to be decided about them.
    pub(crate) call_at: Option<Timestamp>,
}

impl Named for Agent {
    type Name = AgentId;
    fn name(&self) -> &AgentId {
        &self.id
    }
}

impl Agent {
    pub(crate) fn new(id: AgentId, now: Timestamp) -> Self {
        Self {
            id,
            spec: Box::default(),
            status: crate::status::named(StatusClass::Off),
            class: StatusClass::Off,
            accepts: false,
            on_shift: true,
            fresh: true,
            misses: 0,
            waking: 0,
            load: 0,
            of_queue: Tally::default(),
            of_channel: Tally::default(),
            last_assigned_at: None,
            left_at: None,
            class_since: now,
            recent: VecDeque::new(),
            turns: Vec::new(),
            conversations: Vec::new(),
            offers: Vec::new(),
            posts: Vec::new(),
            turn_at: None,
            call_at: None,
        }
    }

    /// How many of their slots a conversation takes.
    pub(crate) fn slots(&self, weight: u32) -> u64 {
        u64::from(weight) * u64::from(self.spec.weight.max(1))
    }

    pub(crate) fn take_on(&mut self, queue: QueueNo, channel: ChannelNo, weight: u32) {
        let slots = self.slots(weight);
        self.load = self.load.saturating_add(slots);
        self.of_queue.add(queue, slots);
        self.of_channel.add(channel, slots);
    }

    pub(crate) fn let_go(&mut self, queue: QueueNo, channel: ChannelNo, weight: u32) {
        let slots = self.slots(weight);
        self.load = self.load.saturating_sub(slots);
        self.of_queue.take(queue, slots);
        self.of_channel.take(channel, slots);
    }

    /// Until when the rate limit holds them back, if it does at `now`.
    pub(crate) fn rated_until(&self, rate: Option<RateLimit>, now: Timestamp) -> Option<Timestamp> {
        let rate = rate?;
        let count = usize::try_from(rate.count.get()).ok()?;
        let first = self.recent.len().checked_sub(count)?;
        let window = Duration::from_millis(rate.window_millis.saturating_add(1));
        let free_at = self.recent.get(first)?.plus(window);
        (free_at > now).then_some(free_at)
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
