//! An agent (상담사), as the site describes them and as the router sees them.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::time::Duration;

use happytalk_core::event::{AgentCaps, Shift, StatusClass};
use happytalk_core::hours::Schedule;
use happytalk_core::id::{AgentId, GroupId, QueueId, Word};
use happytalk_core::time::Zone;
use happytalk_core::{ChannelName, Timestamp};
use serde::{Deserialize, Serialize};

use crate::line::Post;
use crate::lookup::Named;
use crate::settings::{RateLimit, Settings};
use crate::skill::Skills;
use crate::slab::{ChannelNo, ConversationNo, QueueNo, StatusNo};

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
}

/// What few agents have of their own.
#[derive(Debug, Clone, Default)]
pub(crate) struct Own {
    pub(crate) queue_caps: BTreeMap<QueueId, u32>,
    pub(crate) channel_caps: BTreeMap<ChannelName, u32>,
    pub(crate) skills: Skills,
    pub(crate) channels: Option<BTreeSet<ChannelName>>,
    shifts: Option<Vec<Shift>>,
    /// What the shifts come to.
    pub(crate) hours: Option<Schedule>,
}

static OWN_NOTHING: Own = Own {
    queue_caps: BTreeMap::new(),
    channel_caps: BTreeMap::new(),
    skills: BTreeMap::new(),
    channels: None,
    shifts: None,
    hours: None,
};

/// What the shifts come to; a shift that is none counts for nothing.
fn hours(zone: &Zone, shifts: &[Shift]) -> Option<Schedule> {
    let of = |shifts: &[Shift]| Schedule::of_shifts(zone.clone(), shifts);
    let sound = || -> Vec<Shift> {
        let sound = shifts.iter();
        let sound = sound.filter(|shift| of(std::slice::from_ref(*shift)).is_ok());
        sound.cloned().collect()
    };
    of(shifts).or_else(|_| of(&sound())).ok()
}

/// What is kept of few agents: of those who take turns, are asked, or are watched by the clock.
#[derive(Debug, Clone, Default)]
pub(crate) struct Kept {
    /// What is offered to them.
    pub(crate) offers: Vec<Held>,
    /// When the last ones came, as many as the rate limit counts.
    pub(crate) recent: VecDeque<Timestamp>,
    /// For each sequential queue, the number of the router's last choice of them.
    pub(crate) turns: Vec<(QueueNo, u64)>,
    /// When the clock changes what they may take.
    pub(crate) turn_at: Option<Timestamp>,
    /// When something is to be decided about them.
    pub(crate) call_at: Option<Timestamp>,
}

static KEPT_NOTHING: Kept = Kept {
    offers: Vec::new(),
    recent: VecDeque::new(),
    turns: Vec::new(),
    turn_at: None,
    call_at: None,
};

/// One conversation of an agent's, or one that is offered to them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Held {
    pub(crate) conversation: ConversationNo,
    pub(crate) weight: u32,
    /// Since when it is with agents.
    pub(crate) since: Timestamp,
    pub(crate) queue: QueueNo,
    pub(crate) channel: ChannelNo,
    /// Whether it takes slots.
    pub(crate) counts: bool,
    /// Whether the agent talks in it, or would: not so in after-work.
    pub(crate) talks: bool,
}

/// An instant or none, in eight bytes: the first instant there is stands for none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(Timestamp);

impl Moment {
    pub(crate) const NEVER: Self = Self(Timestamp::MIN);

    pub(crate) fn of(at: Option<Timestamp>) -> Self {
        at.map_or(Self::NEVER, Self)
    }

    pub(crate) fn get(self) -> Option<Timestamp> {
        (self != Self::NEVER).then_some(self.0)
    }

    /// Milliseconds; never is the lowest.
    pub(crate) const fn as_millis(self) -> i64 {
        self.0.as_millis()
    }
}

/// No limit in all.
const UNLIMITED: u64 = u64::MAX;

/// An agent as the router sees them: what every choice looks at, in as few bytes as it takes.
#[derive(Debug, Clone)]
pub(crate) struct Agent {
    pub(crate) id: AgentId,
    pub(crate) group: Option<GroupId>,
    own: Option<Box<Own>>,
    kept: Option<Box<Kept>>,
    /// What they have, after-work included; in no order.
    pub(crate) conversations: Vec<Held>,
    /// Where they stand in line.
    pub(crate) posts: Box<[Post]>,
    /// Slots taken, in all, offers included.
    pub(crate) load: u64,
    /// The lowest of their own limit in all, their group's and the site's.
    limit: u64,
    /// When a conversation last came to them, however it came.
    pub(crate) last_assigned_at: Moment,
    /// When a conversation last left them, or they came online.
    pub(crate) left_at: Moment,
    /// Since when their status is of its class.
    pub(crate) class_since: Timestamp,
    /// Their own limit in all.
    pub(crate) cap: Option<u32>,
    pub(crate) order: u32,
    pub(crate) weight: u32,
    /// Offers and conversations left unanswered, in a row.
    pub(crate) misses: u32,
    /// How many of theirs were woken and keep the next slot.
    pub(crate) waking: u32,
    pub(crate) status: StatusNo,
    pub(crate) class: StatusClass,
    /// Whether the status takes conversations.
    pub(crate) accepts: bool,
    /// Whether the clock says that they are at work.
    pub(crate) on_shift: bool,
    /// Whether they were off and did not accept since.
    pub(crate) fresh: bool,
    /// Whether the rate limit holds them back, as far as the clock was followed.
    pub(crate) rated: bool,
}

impl Named for Agent {
    type Name = AgentId;
    fn name(&self) -> &AgentId {
        &self.id
    }
}

impl Agent {
    /// Somebody without limits who is off.
    pub(crate) fn new(id: AgentId, status: StatusNo, now: Timestamp) -> Self {
        Self {
            id,
            group: None,
            own: None,
            kept: None,
            conversations: Vec::new(),
            posts: Box::default(),
            load: 0,
            limit: UNLIMITED,
            last_assigned_at: Moment::NEVER,
            left_at: Moment::NEVER,
            class_since: now,
            cap: None,
            order: 0,
            weight: 1,
            misses: 0,
            waking: 0,
            status,
            class: StatusClass::Off,
            accepts: false,
            on_shift: true,
            fresh: true,
            rated: false,
        }
    }

    pub(crate) fn own(&self) -> &Own {
        self.own.as_deref().unwrap_or(&OWN_NOTHING)
    }

    pub(crate) fn kept(&self) -> &Kept {
        self.kept.as_deref().unwrap_or(&KEPT_NOTHING)
    }

    pub(crate) fn kept_mut(&mut self) -> &mut Kept {
        self.kept.get_or_insert_default()
    }

    /// Who they are, put together again.
    pub(crate) fn spec(&self) -> AgentSpec {
        let own = self.own();
        let mut caps = AgentCaps::default();
        caps.agent = self.cap;
        caps.queues.clone_from(&own.queue_caps);
        caps.channels.clone_from(&own.channel_caps);
        AgentSpec {
            group: self.group.clone(),
            order: self.order,
            caps,
            skills: own.skills.clone(),
            weight: self.weight,
            channels: own.channels.clone(),
            shifts: own.shifts.clone(),
        }
    }

    /// Makes them who the site says they are, with the slots that what they have takes by it.
    pub(crate) fn set_spec(&mut self, spec: AgentSpec, settings: &Settings, zone: &Zone) {
        let shifts = spec.shifts.as_deref();
        let own = Own {
            hours: shifts.and_then(|shifts| hours(zone, shifts)),
            queue_caps: spec.caps.queues,
            channel_caps: spec.caps.channels,
            skills: spec.skills,
            channels: spec.channels,
            shifts: spec.shifts,
        };
        let has_own = !own.queue_caps.is_empty()
            || !own.channel_caps.is_empty()
            || !own.skills.is_empty()
            || own.channels.is_some()
            || own.shifts.is_some();
        let of_group = spec.group.as_ref();
        let of_group = of_group.and_then(|group| settings.caps.groups.get(group).copied());
        let limits = [spec.caps.agent, of_group, settings.caps.site];
        self.limit = limits
            .into_iter()
            .flatten()
            .min()
            .map_or(UNLIMITED, u64::from);
        self.own = has_own.then(|| Box::new(own));
        self.group = spec.group;
        self.cap = spec.caps.agent;
        self.order = spec.order;
        self.weight = spec.weight.max(1);
        self.load = self.counted(|_| true);
    }

    pub(crate) fn takes(&self, channel: &ChannelName) -> bool {
        let channels = self.own().channels.as_ref();
        channels.is_none_or(|channels| channels.contains(channel))
    }

    /// The lowest of their own limit in all, their group's and the site's; `None` where there is none.
    pub(crate) fn lowest_cap(&self) -> Option<u32> {
        u32::try_from(self.limit).ok()
    }

    /// Whether that many slots more are within the limits in all.
    pub(crate) const fn has_room_for(&self, slots: u64) -> bool {
        self.limit == UNLIMITED || self.load.saturating_add(slots) <= self.limit
    }

    /// How many of their slots a conversation takes.
    pub(crate) fn slots(&self, weight: u32) -> u64 {
        u64::from(weight) * u64::from(self.weight)
    }

    /// The slots that some of what they have takes, offers included.
    fn counted(&self, meant: impl Fn(&Held) -> bool) -> u64 {
        let kept = self.kept.as_deref();
        let offers = kept.map_or(&[][..], |kept| &kept.offers);
        let mut sum = 0_u64;
        for all in [self.conversations.as_slice(), offers] {
            for held in all.iter().filter(|held| held.counts && meant(held)) {
                sum = sum.saturating_add(self.slots(held.weight));
            }
        }
        sum
    }

    pub(crate) fn load_of_queue(&self, queue: QueueNo) -> u64 {
        self.counted(|held| held.queue == queue)
    }

    pub(crate) fn load_of_channel(&self, channel: ChannelNo) -> u64 {
        self.counted(|held| held.channel == channel)
    }

    /// Whether anything that they have takes a slot.
    pub(crate) fn is_occupied(&self) -> bool {
        self.conversations.iter().any(|held| held.counts)
    }

    /// Gives them one to have.
    pub(crate) fn take_on(&mut self, held: Held) {
        if held.counts {
            self.load = self.load.saturating_add(self.slots(held.weight));
        }
        self.conversations.push(held);
    }

    /// Takes one that they have from them.
    pub(crate) fn let_go(&mut self, conversation: ConversationNo) -> Option<Held> {
        let mut all = self.conversations.iter();
        let place = all.position(|held| held.conversation == conversation)?;
        let held = self.conversations.swap_remove(place);
        if held.counts {
            self.load = self.load.saturating_sub(self.slots(held.weight));
        }
        Some(held)
    }

    /// Lets an offer take a slot of theirs.
    pub(crate) fn reserve(&mut self, held: Held) {
        self.load = self.load.saturating_add(self.slots(held.weight));
        self.kept_mut().offers.push(held);
    }

    /// Gives the slot of an offer back.
    pub(crate) fn unreserve(&mut self, conversation: ConversationNo) {
        let mut offers = self.kept().offers.iter();
        if let Some(place) = offers.position(|held| held.conversation == conversation) {
            let held = self.kept_mut().offers.swap_remove(place);
            self.load = self.load.saturating_sub(self.slots(held.weight));
        }
    }

    /// Until when the rate limit holds them back, if it does at `now`.
    pub(crate) fn rated_until(&self, rate: Option<RateLimit>, now: Timestamp) -> Option<Timestamp> {
        let rate = rate?;
        let recent = &self.kept().recent;
        let count = usize::try_from(rate.count.get()).ok()?;
        let first = recent.len().checked_sub(count)?;
        let window = Duration::from_millis(rate.window_millis.saturating_add(1));
        let free_at = recent.get(first)?.plus(window);
        (free_at > now).then_some(free_at)
    }

    pub(crate) fn turn(&self, queue: QueueNo) -> u64 {
        let entry = self.kept().turns.iter().find(|(q, _)| *q == queue);
        entry.map_or(0, |(_, turn)| *turn)
    }

    pub(crate) fn set_turn(&mut self, queue: QueueNo, turn: u64) {
        let turns = &mut self.kept_mut().turns;
        match turns.iter_mut().find(|(q, _)| *q == queue) {
            Some((_, last)) => *last = turn,
            None => turns.push((queue, turn)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Queue;
    use crate::slab::Number;

    #[test]
    fn an_agent_of_few_words_takes_few_bytes() {
        assert!(size_of::<Agent>() <= 168, "{}", size_of::<Agent>());
        assert_eq!(size_of::<Option<Agent>>(), size_of::<Agent>());
        assert!(size_of::<Post>() <= 32, "{}", size_of::<Post>());
    }

    #[test]
    fn who_somebody_is_comes_back_as_it_was_set() {
        let word = |text: &str| text.parse::<Word>().unwrap();
        let mut caps = AgentCaps::default();
        caps.queues.insert("q".parse().unwrap(), 2);
        let spec = AgentSpec::new()
            .with_caps(caps)
            .with_cap(4)
            .with_group("g".parse().unwrap())
            .with_order(7)
            .with_weight(2)
            .with_skill(word("refund"), 3)
            .with_channels([ChannelName::WEBCHAT])
            .with_shifts([Shift::new(1, word("09:00"), word("18:00"))]);
        let settings = Settings::new(Queue::new("q".parse().unwrap())).with_site_cap(3);
        let (status, zone) = (StatusNo::from_place(0), Zone::default());
        let mut agent = Agent::new("kim".parse().unwrap(), status, Timestamp::EPOCH);
        assert_eq!(agent.spec(), AgentSpec::new());
        agent.set_spec(spec.clone(), &settings, &zone);
        assert_eq!(agent.spec(), spec);
        assert_eq!(agent.lowest_cap(), Some(3));
        agent.set_spec(AgentSpec::new(), &settings, &zone);
        assert!(agent.own.is_none());
    }
}
