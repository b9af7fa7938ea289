//! Queues: who serves them, in which order, and for how long one may wait.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use happytalk_core::id::{AgentId, GroupId, QueueId};
use serde::{Deserialize, Serialize};

use crate::skill::Need;

/// Which of the free agents gets the next conversation.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Strategy {
    /// 상담건 기준 균등: whoever has the least; then whoever was given one longest ago, never being longest; then
    /// the lower order number; then the lower id.
    #[default]
    LeastActive,
    /// Whoever has the least for what they may have, load over limit as exact fractions; without a limit that is 0.
    /// Then as [`Strategy::LeastActive`].
    LeastUtilised,
    /// 순차적 균등: in turn. A list by order number and id whose chosen agent goes to the back; whoever cannot take
    /// one keeps their place. Only what the router chooses moves somebody to the back.
    Sequential,
    /// Whoever has nothing for longest, since their last one left them or they came online; then the lower id. Whoever
    /// has something comes after, as in [`Strategy::LeastActive`].
    LongestIdle,
    /// Whoever the host scores highest for this queue ([`Queue::scores`]); without a score that is 0. Then as
    /// [`Strategy::LeastActive`].
    Score,
}

/// Which agents serve a queue.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
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

    /// Whoever is in one of the two.
    pub(crate) fn or(&self, other: &Self) -> Self {
        match (self, other) {
            (
                Self::Of { agents, groups },
                Self::Of {
                    agents: more,
                    groups: others,
                },
            ) => Self::Of {
                agents: agents.union(more).cloned().collect(),
                groups: groups.union(others).cloned().collect(),
            },
            _ => Self::All,
        }
    }
}

/// Where a conversation may go that its own queue does not serve in time, or has no room for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Overflow {
    /// The queue that helps out, and after it the one that helps that one out.
    pub to: QueueId,
    /// After this much waiting (behind that of the overflow before it, in a chain) the agents of that queue may take
    /// it too. It stays where it is in its own queue. Milliseconds; never when unset.
    #[serde(default)]
    pub after_millis: Option<u64>,
    /// Whether a request that finds the queue full waits in that queue instead; not by default.
    #[serde(default)]
    pub when_full: bool,
}

impl Overflow {
    /// To this queue, but neither after a time nor when full until told so.
    #[must_use]
    pub const fn to(to: QueueId) -> Self {
        Self {
            to,
            after_millis: None,
            when_full: false,
        }
    }

    /// After this much waiting.
    #[must_use]
    pub fn after(mut self, span: Duration) -> Self {
        self.after_millis = Some(crate::millis(span));
        self
    }

    /// When the queue is full.
    #[must_use]
    pub const fn when_full(mut self) -> Self {
        self.when_full = true;
        self
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
    /// How many slots of this queue one agent has at once; unset is no limit, 0 takes nothing.
    #[serde(default)]
    pub cap: Option<u32>,
    /// How many may wait in it; unset is no limit.
    #[serde(default)]
    pub waiting_max: Option<u32>,
    /// What its conversations ask of an agent.
    #[serde(default)]
    pub need: Need,
    /// A queue of a higher tier is served by an agent only while nothing of a lower one waits that they may take,
    /// whatever the priorities. 0 by default.
    #[serde(default)]
    pub tier: u32,
    /// How long a conversation waits before it is given out at all. Milliseconds, 0 by default.
    #[serde(default)]
    pub delay_millis: u64,
    /// How long one may wait: at that instant it is let go as timed out. Milliseconds; for ever when unset.
    #[serde(default)]
    pub wait_max_millis: Option<u64>,
    /// Who helps out.
    #[serde(default)]
    pub overflow: Option<Overflow>,
    /// Within how long a first answer is due, for [`PriorityRule::Slack`](crate::PriorityRule::Slack) and for the
    /// counts of [`Stats`](crate::Stats). Milliseconds.
    #[serde(default)]
    pub answer_within_millis: Option<u64>,
    /// For [`Strategy::Score`]: how good each agent is for it, higher being better.
    #[serde(default)]
    pub scores: BTreeMap<AgentId, i64>,
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
            need: Need {
                skills: crate::skill::Requirement::none(),
                steps: Vec::new(),
            },
            tier: 0,
            delay_millis: 0,
            wait_max_millis: None,
            overflow: None,
            answer_within_millis: None,
            scores: BTreeMap::new(),
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

    /// Asks this of an agent.
    #[must_use]
    pub fn with_need(mut self, need: Need) -> Self {
        self.need = need;
        self
    }

    /// Of this tier.
    #[must_use]
    pub const fn with_tier(mut self, tier: u32) -> Self {
        self.tier = tier;
        self
    }

    /// Gives out only what waited this long.
    #[must_use]
    pub fn with_delay(mut self, delay: Duration) -> Self {
        self.delay_millis = crate::millis(delay);
        self
    }

    /// Lets nobody wait longer.
    #[must_use]
    pub fn with_wait_max(mut self, wait_max: Duration) -> Self {
        self.wait_max_millis = Some(crate::millis(wait_max));
        self
    }

    /// Is helped out.
    #[must_use]
    pub fn with_overflow(mut self, overflow: Overflow) -> Self {
        self.overflow = Some(overflow);
        self
    }

    /// Owes a first answer within this.
    #[must_use]
    pub fn with_answer_within(mut self, target: Duration) -> Self {
        self.answer_within_millis = Some(crate::millis(target));
        self
    }

    /// Scores an agent.
    #[must_use]
    pub fn with_score(mut self, agent: AgentId, score: i64) -> Self {
        self.scores.insert(agent, score);
        self
    }
}
