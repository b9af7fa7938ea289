//! What a site decides about its distribution (상담 배분).

mod check;
mod queue;
mod rule;

use std::collections::{BTreeMap, BTreeSet};
use std::num::NonZeroU32;
use std::time::Duration;

use happytalk_core::ChannelName;
use happytalk_core::id::{GroupId, QueueId, Word};
use serde::{Deserialize, Serialize};

pub use queue::{Overflow, Pool, Queue, Strategy};
pub use rule::{Fallback, Rule, RuleId};

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

/// How much one agent has at once, by what the site says, in slots. Unset is no limit, 0 takes nothing; every limit that
/// is set must hold, these and the agent's own and the queue's. Each of them is a limit of every single agent: that of a
/// group binds each agent of the group for all they have, that of a channel binds each agent for what they have of it.
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
#[serde(rename_all = "snake_case", deny_unknown_fields)]
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
    /// Whoever's first answer is due earliest: `enqueued_at` and what the queue owes ([`Queue::answer_within_millis`],
    /// else this), a point of priority taking something off. Nobody waits for ever.
    Slack {
        /// Milliseconds, for queues that say nothing.
        answer_within_millis: u64,
        /// Milliseconds.
        millis_per_point: u32,
    },
}

impl PriorityRule {
    /// How much later somebody may come who has this many points more and still be served first in the same queue;
    /// `None` where there is no such bound. Whoever comes later than that is served after.
    #[must_use]
    pub fn overtaken_within(self, points_more: u32) -> Option<Duration> {
        match self {
            Self::Aging { millis_per_point }
            | Self::Slack {
                millis_per_point, ..
            } => {
                let millis = u64::from(points_more) * u64::from(millis_per_point);
                Some(Duration::from_millis(millis))
            }
            Self::Strict => (points_more == 0).then_some(Duration::ZERO),
        }
    }
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
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum OnLogout {
    /// They stay with the agent.
    #[default]
    Keep,
    /// They wait again, with their old place.
    Requeue,
    /// They wait again, with their old place, when the agent is not back by then.
    RequeueAfter {
        /// Milliseconds.
        millis: u64,
    },
}

/// What happens when the customer of an inactive conversation writes again and its agent has no free slot.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum WakeRule {
    /// The next slot of the agent is kept for it; nothing else is given to them before.
    #[default]
    Reserve,
    /// It waits again, with its old place, and goes to whoever may take it.
    Queue,
    /// It counts again at once, above the limit; its event says so.
    OverCap,
}

/// When a conversation that nobody writes in stops taking a slot, and how it takes one again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Inactive {
    /// Milliseconds since anybody wrote.
    pub after_millis: u64,
    /// What happens without a free slot.
    #[serde(default)]
    pub wake: WakeRule,
}

impl Inactive {
    /// After this much silence.
    #[must_use]
    pub fn after(span: Duration, wake: WakeRule) -> Self {
        Self {
            after_millis: crate::millis(span),
            wake,
        }
    }
}

/// How many conversations may come to one agent within a time that slides along.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct RateLimit {
    /// How many.
    pub count: NonZeroU32,
    /// Milliseconds, both ends counted: with 2 in 3,600 s the third comes a millisecond after an hour at the earliest.
    pub window_millis: u64,
}

impl RateLimit {
    /// So many in so long.
    #[must_use]
    pub fn new(count: NonZeroU32, window: Duration) -> Self {
        Self {
            count,
            window_millis: crate::millis(window),
        }
    }
}

/// How an agent comes by what the router gives them, and what happens when they do not answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Acceptance {
    /// How long an offer stands. Unset, the default: conversations are given, not offered. Milliseconds.
    #[serde(default)]
    pub offer_millis: Option<u64>,
    /// To how many agents one conversation is offered at once; 1 by default.
    #[serde(default = "one")]
    pub offers_at_once: NonZeroU32,
    /// Within how long the agent who has one must write to its customer for the first time, however they came by it, or
    /// it goes back. Unset, the default: no limit. Milliseconds.
    #[serde(default)]
    pub limit_millis: Option<u64>,
    /// How often one that was left unanswered goes to another agent: after that the router gives it to nobody until an
    /// agent comes online, and tells a manager. 3 by default, 0 is without end.
    #[serde(default = "three")]
    pub reassign_max: u32,
    /// After how many misses in a row (an offer or a conversation left unanswered) the agent is set away (이석);
    /// 3 by default, 0 is never.
    #[serde(default = "three")]
    pub miss_to_away: u32,
}

const fn one() -> NonZeroU32 {
    NonZeroU32::MIN
}

const fn three() -> u32 {
    3
}

impl Default for Acceptance {
    fn default() -> Self {
        Self {
            offer_millis: None,
            offers_at_once: one(),
            limit_millis: None,
            reassign_max: three(),
            miss_to_away: three(),
        }
    }
}

/// When the agent of last time is asked first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Sticky {
    /// Less than how long ago the last conversation must have closed; 0, the default, is off. Milliseconds.
    #[serde(default)]
    pub within_millis: u64,
    /// How long it waits for that agent alone; 0, the default: not at all. An offer that they decline or leave
    /// unanswered ends that wait. Milliseconds.
    #[serde(default)]
    pub wait_millis: u64,
}

/// Everything a site decides about its distribution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Settings {
    /// The queues, each with another id.
    pub queues: Vec<Queue>,
    /// Where a conversation waits that names no queue and that no rule row matches.
    pub default_queue: QueueId,
    /// Rule rows, each with another id.
    #[serde(default)]
    pub rules: Vec<Rule>,
    /// Who gives conversations to agents, until told otherwise by [`Input::SetMode`](crate::Input::SetMode).
    #[serde(default)]
    pub mode: Mode,
    /// What the site allows each agent.
    #[serde(default)]
    pub caps: Caps,
    /// While an agent talks on the first channel, they take nothing of the others: no chats during a call.
    #[serde(default)]
    pub excludes: BTreeMap<ChannelName, BTreeSet<ChannelName>>,
    /// Who is served first; by default a point of priority is worth a minute.
    #[serde(default)]
    pub priority: PriorityRule,
    /// How many may wait at the site; unset, the default, is no limit.
    #[serde(default)]
    pub waiting_max: Option<u32>,
    /// What happens to a request while nobody is on duty; by default it waits.
    #[serde(default)]
    pub nobody_on_duty: NobodyOnDuty,
    /// Offers, and what happens without an answer.
    #[serde(default)]
    pub acceptance: Acceptance,
    /// How much may come to one agent in a time; unset, the default, is no limit.
    #[serde(default)]
    pub rate: Option<RateLimit>,
    /// The agent of last time first; off by default.
    #[serde(default)]
    pub sticky: Sticky,
    /// When a silent conversation gives its slot back; unset, the default: never.
    #[serde(default)]
    pub inactive: Option<Inactive>,
    /// One that waits is passed over while its customer did nothing for this long. Milliseconds; unset, the default:
    /// never.
    #[serde(default)]
    pub silent_max_millis: Option<u64>,
    /// What happens to an agent's conversations when they go off; by default they stay.
    #[serde(default)]
    pub on_logout: OnLogout,
    /// Whether an agent who chooses a pause or to leave while slots of theirs are taken is set so only when none is;
    /// until then they take nothing more. Not by default. Only of the statuses that every site has (`break`, `meal`, `away`,
    /// `training`, `meeting`, `offline`): what a code of the site's own means is told with it each time.
    #[serde(default)]
    pub pause_after_current: bool,
    /// Whether agents whose status is called `away` take conversations nevertheless; not by default.
    #[serde(default)]
    pub away_takes: bool,
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
    /// Whose wall clock the shifts of agents are on; `Asia/Seoul` by default.
    #[serde(default = "seoul")]
    pub zone: Word,
    /// Whether each choice of the router's carries its [`Explanation`](crate::Explanation); not by default, as it
    /// looks at every agent of the pool.
    #[serde(default)]
    pub explain: bool,
}

const fn yes() -> bool {
    true
}

fn seoul() -> Word {
    Word::from_code("Asia/Seoul")
}

impl Settings {
    /// One queue, which is the default, and every setting at its default.
    #[must_use]
    pub fn new(queue: Queue) -> Self {
        Self {
            default_queue: queue.id.clone(),
            queues: vec![queue],
            rules: Vec::new(),
            mode: Mode::default(),
            caps: Caps::default(),
            excludes: BTreeMap::new(),
            priority: PriorityRule::default(),
            waiting_max: None,
            nobody_on_duty: NobodyOnDuty::default(),
            acceptance: Acceptance::default(),
            rate: None,
            sticky: Sticky::default(),
            inactive: None,
            silent_max_millis: None,
            on_logout: OnLogout::default(),
            pause_after_current: false,
            away_takes: false,
            acw_occupies_slot: true,
            hold_frees_slot: false,
            unhold_over_cap: false,
            pick_over_cap: true,
            hybrid_backfill: true,
            assignments_max: None,
            zone: seoul(),
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

    /// One more rule row.
    #[must_use]
    pub fn with_rule(mut self, rule: Rule) -> Self {
        self.rules.push(rule);
        self
    }

    /// While an agent talks on `channel`, they take nothing of `other`.
    #[must_use]
    pub fn with_exclusion(mut self, channel: ChannelName, other: ChannelName) -> Self {
        self.excludes.entry(channel).or_default().insert(other);
        self
    }

    /// Offers conversations, each for this long.
    #[must_use]
    pub fn with_offers(mut self, span: Duration) -> Self {
        self.acceptance.offer_millis = Some(crate::millis(span));
        self
    }

    /// Takes back what the agent does not answer within this.
    #[must_use]
    pub fn with_accept_limit(mut self, span: Duration) -> Self {
        self.acceptance.limit_millis = Some(crate::millis(span));
        self
    }

    /// Lets no more than that come to one agent.
    #[must_use]
    pub const fn with_rate(mut self, rate: RateLimit) -> Self {
        self.rate = Some(rate);
        self
    }

    /// Asks the agent of last time first, whose conversation closed within `within`, and waits `wait` for them.
    #[must_use]
    pub fn with_sticky(mut self, within: Duration, wait: Duration) -> Self {
        self.sticky = Sticky {
            within_millis: crate::millis(within),
            wait_millis: crate::millis(wait),
        };
        self
    }

    /// Silent conversations give their slot back.
    #[must_use]
    pub const fn with_inactive(mut self, inactive: Inactive) -> Self {
        self.inactive = Some(inactive);
        self
    }
}
