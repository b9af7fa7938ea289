//! What a site decides about its distribution (상담 배분).

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;

use happytalk_core::ChannelName;
use happytalk_core::id::{AgentId, GroupId, QueueId};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// Who gives conversations to agents.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Mode {
    /// 자동: the router does, whenever somebody may take one.
    #[default]
    Auto,
    /// 수동: every conversation waits until an agent picks it.
    Manual,
    /// 하이브리드: the router does while somebody has a free slot; what is left over may also be picked, above the
    /// limit too.
    Hybrid,
}

/// Which of the free agents gets the next conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Strategy {
    /// 상담건 기준 균등: whoever has the least; then whoever was given one longest ago, never being longest; then
    /// the lower order number; then the lower id.
    #[default]
    LeastActive,
    /// 순차적 균등: in turn. A list by order number and id whose chosen agent goes to the back; whoever cannot take
    /// one keeps their place. Only what the router chooses moves somebody to the back.
    Sequential,
}

/// Which agents serve a queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Pool {
    /// Every agent.
    #[default]
    All,
    /// Designated agents (지정): the ones named, and everybody of the groups named.
    Of {
        /// Agents.
        #[serde(default)]
        agents: BTreeSet<AgentId>,
        /// Groups.
        #[serde(default)]
        groups: BTreeSet<GroupId>,
    },
}

impl Pool {
    /// The agents named.
    #[must_use]
    pub fn agents(agents: impl IntoIterator<Item = AgentId>) -> Self {
        Self::Of {
            agents: agents.into_iter().collect(),
            groups: BTreeSet::new(),
        }
    }

    /// Everybody of the groups named.
    #[must_use]
    pub fn groups(groups: impl IntoIterator<Item = GroupId>) -> Self {
        Self::Of {
            agents: BTreeSet::new(),
            groups: groups.into_iter().collect(),
        }
    }

    /// Whether this agent, who is of this group, serves it.
    #[must_use]
    pub fn holds(&self, agent: &AgentId, group: Option<&GroupId>) -> bool {
        match self {
            Self::All => true,
            Self::Of { agents, groups } => {
                agents.contains(agent) || group.is_some_and(|group| groups.contains(group))
            }
        }
    }
}

/// A line of waiting conversations and who serves it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Queue {
    /// Its name.
    pub id: QueueId,
    /// How its agent is chosen.
    #[serde(default)]
    pub strategy: Strategy,
    /// Who serves it.
    #[serde(default)]
    pub pool: Pool,
    /// How many of this queue one agent has at once; unset is no limit, 0 takes nothing.
    #[serde(default)]
    pub cap: Option<u32>,
    /// How many may wait in it; unset is no limit.
    #[serde(default)]
    pub waiting_max: Option<u32>,
}

impl Queue {
    /// A queue that everybody serves, least active first, without limits.
    #[must_use]
    pub const fn new(id: QueueId) -> Self {
        Self {
            id,
            strategy: Strategy::LeastActive,
            pool: Pool::All,
            cap: None,
            waiting_max: None,
        }
    }

    /// Chooses by `strategy`.
    #[must_use]
    pub const fn with_strategy(mut self, strategy: Strategy) -> Self {
        self.strategy = strategy;
        self
    }

    /// Is served by `pool`.
    #[must_use]
    pub fn with_pool(mut self, pool: Pool) -> Self {
        self.pool = pool;
        self
    }

    /// Lets one agent have `cap` of this queue at once.
    #[must_use]
    pub const fn with_cap(mut self, cap: u32) -> Self {
        self.cap = Some(cap);
        self
    }

    /// Lets `waiting_max` wait.
    #[must_use]
    pub const fn with_waiting_max(mut self, waiting_max: u32) -> Self {
        self.waiting_max = Some(waiting_max);
        self
    }
}

/// How much one agent has at once, by what the site says. Unset is no limit, 0 takes nothing; every limit that is
/// set must hold, these and the agent's own and the queue's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Caps {
    /// Each agent of the site.
    #[serde(default)]
    pub site: Option<u32>,
    /// Each agent of a group.
    #[serde(default)]
    pub groups: BTreeMap<GroupId, u32>,
    /// Each agent, of one channel.
    #[serde(default)]
    pub channels: BTreeMap<ChannelName, u32>,
}

/// Who is served first among those who wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PriorityRule {
    /// A point of priority is worth this much waiting: whoever has `enqueued_at − priority × this` earliest.
    /// Nobody waits for ever.
    Aging {
        /// Milliseconds.
        millis_per_point: u32,
    },
    /// Higher priority first whatever the wait; within one priority whoever came first.
    Strict,
}

/// A minute a point.
impl Default for PriorityRule {
    fn default() -> Self {
        Self::Aging {
            millis_per_point: 60_000,
        }
    }
}

/// What happens to a request while nobody of the pool is on duty.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "there is no third way")]
pub enum NobodyOnDuty {
    /// It waits.
    #[default]
    Wait,
    /// It is turned away.
    Reject,
}

/// What happens to an agent's conversations when they go off.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum OnLogout {
    /// They stay with the agent.
    #[default]
    Keep,
    /// They wait again, with their old place.
    Requeue,
}

/// Everything a site decides about its distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// The queues, each with another id.
    pub queues: Vec<Queue>,
    /// Where a conversation waits that names no queue.
    pub default_queue: QueueId,
    /// Who gives conversations to agents, until told otherwise by [`Input::SetMode`](crate::Input::SetMode).
    #[serde(default)]
    pub mode: Mode,
    /// What the site allows each agent.
    #[serde(default)]
    pub caps: Caps,
    /// Who is served first; by default a point of priority is worth a minute.
    #[serde(default)]
    pub priority: PriorityRule,
    /// How many may wait at the site; unset, the default, is no limit.
    #[serde(default)]
    pub waiting_max: Option<u32>,
    /// What happens to a request while nobody is on duty; by default it waits.
    #[serde(default)]
    pub nobody_on_duty: NobodyOnDuty,
    /// What happens to an agent's conversations when they go off; by default they stay.
    #[serde(default)]
    pub on_logout: OnLogout,
    /// Whether after-work (후처리) takes a slot; it does by default.
    #[serde(default = "yes")]
    pub acw_occupies_slot: bool,
    /// Whether a conversation on hold (종료보류) gives its slot back; not by default.
    #[serde(default)]
    pub hold_frees_slot: bool,
    /// Whether a conversation comes off hold without a free slot, which its event then says; by default that is
    /// refused and it stays on hold.
    #[serde(default)]
    pub unhold_over_cap: bool,
    /// Whether in [`Mode::Hybrid`] an agent may pick above their limit; they may by default.
    #[serde(default = "yes")]
    pub pick_over_cap: bool,
    /// Whether in [`Mode::Hybrid`] a slot that becomes free is given the one who waits longest; it is by default.
    #[serde(default = "yes")]
    pub hybrid_backfill: bool,
    /// How many the router gives away in one call before it asks for a tick; unset, the default, is no limit.
    #[serde(default)]
    pub assignments_max: Option<NonZeroU32>,
    /// Whether each choice of the router's carries its [`Explanation`](crate::Explanation); not by default, as it
    /// looks at every agent of the pool.
    #[serde(default)]
    pub explain: bool,
}

const fn yes() -> bool {
    true
}

impl Settings {
    /// One queue, which is the default, and every setting at its default.
    #[must_use]
    pub fn new(queue: Queue) -> Self {
        Self {
            default_queue: queue.id.clone(),
            queues: vec![queue],
            mode: Mode::default(),
            caps: Caps::default(),
            priority: PriorityRule::default(),
            waiting_max: None,
            nobody_on_duty: NobodyOnDuty::default(),
            on_logout: OnLogout::default(),
            acw_occupies_slot: true,
            hold_frees_slot: false,
            unhold_over_cap: false,
            pick_over_cap: true,
            hybrid_backfill: true,
            assignments_max: None,
            explain: false,
        }
    }

    /// One more queue.
    #[must_use]
    pub fn with_queue(mut self, queue: Queue) -> Self {
        self.queues.push(queue);
        self
    }

    /// Another mode.
    #[must_use]
    pub const fn with_mode(mut self, mode: Mode) -> Self {
        self.mode = mode;
        self
    }

    /// Lets each agent of the site have `cap` at once.
    #[must_use]
    pub const fn with_site_cap(mut self, cap: u32) -> Self {
        self.caps.site = Some(cap);
        self
    }

    /// Lets each agent of `group` have `cap` at once.
    #[must_use]
    pub fn with_group_cap(mut self, group: GroupId, cap: u32) -> Self {
        self.caps.groups.insert(group, cap);
        self
    }

    /// Lets each agent have `cap` of `channel` at once.
    #[must_use]
    pub fn with_channel_cap(mut self, channel: ChannelName, cap: u32) -> Self {
        self.caps.channels.insert(channel, cap);
        self
    }

    /// Another order among those who wait.
    #[must_use]
    pub const fn with_priority(mut self, priority: PriorityRule) -> Self {
        self.priority = priority;
        self
    }

    /// Lets `waiting_max` wait at the site.
    #[must_use]
    pub const fn with_waiting_max(mut self, waiting_max: u32) -> Self {
        self.waiting_max = Some(waiting_max);
        self
    }

    /// Another answer to a request while nobody is on duty.
    #[must_use]
    pub const fn with_nobody_on_duty(mut self, nobody_on_duty: NobodyOnDuty) -> Self {
        self.nobody_on_duty = nobody_on_duty;
        self
    }

    /// Another fate for the conversations of an agent who goes off.
    #[must_use]
    pub const fn with_on_logout(mut self, on_logout: OnLogout) -> Self {
        self.on_logout = on_logout;
        self
    }

    /// Each choice of the router's carries its explanation.
    #[must_use]
    pub const fn with_explanations(mut self) -> Self {
        self.explain = true;
        self
    }

    /// Looks for what no router could work with.
    pub(crate) fn check(&self) -> Result<(), Error> {
        let mut seen = BTreeSet::new();
        for queue in &self.queues {
            if !seen.insert(&queue.id) {
                return Err(Error::DuplicateQueue);
            }
        }
        if seen.contains(&self.default_queue) {
            Ok(())
        } else {
            Err(Error::UnknownQueue)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_of_three_words_are_whole_and_a_misspelt_one_is_refused() {
        let text = r#"{"queues":[{"id":"main"}],"default_queue":"main"}"#;
        let settings: Settings = serde_json::from_str(text).unwrap();
        assert_eq!(settings, Settings::new(Queue::new("main".parse().unwrap())));
        let written = serde_json::to_string(&settings).unwrap();
        assert_eq!(
            serde_json::from_str::<Settings>(&written).unwrap(),
            settings
        );
        let misspelt = text.replace("\"default_queue\"", "\"waiting_maxx\":1,\"default_queue\"");
        assert!(serde_json::from_str::<Settings>(&misspelt).is_err());
    }

    #[test]
    fn two_queues_of_one_name_and_a_default_that_is_none_are_refused() {
        let queue = |id: &str| Queue::new(id.parse().unwrap());
        let twice = Settings::new(queue("a")).with_queue(queue("a"));
        assert_eq!(twice.check(), Err(Error::DuplicateQueue));
        let mut lost = Settings::new(queue("a"));
        lost.default_queue = "b".parse().unwrap();
        assert_eq!(lost.check(), Err(Error::UnknownQueue));
    }
}
