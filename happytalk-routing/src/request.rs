//! What a conversation brings with it when it asks for an agent.

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::event::Category;
use happytalk_core::id::{AgentId, GroupId, QueueId, Word};
use happytalk_core::{ChannelName, Timestamp};
use serde::{Deserialize, Serialize};

use crate::settings::RuleId;
use crate::skill::Need;

/// The agent a customer talked with last.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct LastAgent {
    /// Who.
    pub agent: AgentId,
    /// When that conversation was over.
    pub closed_at: Timestamp,
}

impl LastAgent {
    /// This agent, until then.
    #[must_use]
    pub const fn new(agent: AgentId, closed_at: Timestamp) -> Self {
        Self { agent, closed_at }
    }
}

/// What a conversation brings with it when it asks for an agent. By default: no queue named, priority 0, one slot.
///
/// `Debug` shows the names of parameters and not their values.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Request {
    /// Where it comes from.
    pub channel: ChannelName,
    /// Where it waits; by default the rule rows decide, and where none matches it is the default queue.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub queue: Option<QueueId>,
    /// Points: normal is 0, a VIP 10, a blacklisted customer (코끼리) −10.
    #[serde(default)]
    pub priority: i32,
    /// How many slots it takes; 0 is read as 1.
    #[serde(default = "one")]
    pub weight: u32,
    /// What is asked of an agent; by default what the queue asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// The agent of last time, who is preferred where the settings say so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_agent: Option<LastAgent>,
    /// Agents who must not have it: an agent and a customer who are kept apart.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub barred: BTreeSet<AgentId>,
    /// What it is about, for the rule rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// The customer's grade, for the rule rows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Word>,
    /// What came with it, for the rule rows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
    /// Since when it waits; by default from now. Later than now is now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub since: Option<Timestamp>,
    /// When the customer last did something; by default when it began to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_at: Option<Timestamp>,
    /// It waits from the beginning as after [`Input::HoldBack`](crate::Input::HoldBack): the router gives it to nobody
    /// until it is let in.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held_back: bool,
    /// The host has let it in already ([`Router::admits`](crate::Router::admits)), maybe long ago: neither a full queue nor
    /// nobody on duty turns it away.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub admitted: bool,
}

const fn one() -> u32 {
    1
}

impl Request {
    /// From this channel, and everything else by default.
    #[must_use]
    pub const fn new(channel: ChannelName) -> Self {
        Self {
            channel,
            queue: None,
            priority: 0,
            weight: 1,
            need: None,
            last_agent: None,
            barred: BTreeSet::new(),
            category: None,
            grade: None,
            parameters: BTreeMap::new(),
            since: None,
            active_at: None,
            held_back: false,
            admitted: false,
        }
    }

    /// Waits in this queue.
    #[must_use]
    pub fn with_queue(mut self, queue: QueueId) -> Self {
        self.queue = Some(queue);
        self
    }

    /// With this many points.
    #[must_use]
    pub const fn with_priority(mut self, priority: i32) -> Self {
        self.priority = priority;
        self
    }

    /// Takes this many slots.
    #[must_use]
    pub const fn with_weight(mut self, weight: u32) -> Self {
        self.weight = weight;
        self
    }

    /// Asks this of an agent.
    #[must_use]
    pub fn with_need(mut self, need: Need) -> Self {
        self.need = Some(need);
        self
    }

    /// Was with this agent last time.
    #[must_use]
    pub fn with_last_agent(mut self, last_agent: LastAgent) -> Self {
        self.last_agent = Some(last_agent);
        self
    }

    /// Must not go to this agent.
    #[must_use]
    pub fn without_agent(mut self, agent: AgentId) -> Self {
        self.barred.insert(agent);
        self
    }

    /// Is about this.
    #[must_use]
    pub fn with_category(mut self, category: Category) -> Self {
        self.category = Some(category);
        self
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Request")
            .field("channel", &self.channel)
            .field("queue", &self.queue)
            .field("priority", &self.priority)
            .field("weight", &self.weight)
            .field("need", &self.need)
            .field("last_agent", &self.last_agent)
            .field("barred", &self.barred)
            .field("category", &self.category)
            .field("grade", &self.grade)
            .field("parameters", &self.parameters.keys())
            .field("since", &self.since)
            .field("active_at", &self.active_at)
            .finish()
    }
}

/// What the router keeps of a request beside the plain things; left out where there is nothing.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Terms {
    /// What is asked of an agent, where that is not what the queue asks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub need: Option<Need>,
    /// The rule rows that matched, the one that chose the queue first, as far as they fall back on each other.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleId>,
    /// Only agents of this group, where a transfer named one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    /// The agent of last time, and until when it waits for them alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sticky: Option<(AgentId, Timestamp)>,
    /// Agents who must not have it.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub barred: BTreeSet<AgentId>,
    /// When the customer last did something, where that is not when it began to wait.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active_at: Option<Timestamp>,
}

impl Terms {
    pub(crate) fn is_plain(&self) -> bool {
        self.need.is_none()
            && self.rules.is_empty()
            && self.group.is_none()
            && self.sticky.is_none()
            && self.barred.is_empty()
            && self.active_at.is_none()
    }
}
