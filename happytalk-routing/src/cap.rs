//! Who may take what: the reasons against, in the order they are asked.

use std::fmt;

use happytalk_core::ChannelName;
use happytalk_core::event::StatusClass;

use crate::agent::Agent;
use crate::settings::{Pool, Queue, Settings};
use crate::skill::Requirement;
use crate::slab::{ChannelNo, QueueNo};

/// Which limit is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum CapLevel {
    /// The agent's own, in all.
    Agent,
    /// Their group's.
    Group,
    /// The queue's, or the agent's own for the queue.
    Queue,
    /// The channel's, or the agent's own for the channel.
    Channel,
    /// The site's.
    Site,
}

/// `agent`, `group`, `queue`, `channel` or `site`.
impl fmt::Display for CapLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Agent => "agent",
            Self::Group => "group",
            Self::Queue => "queue",
            Self::Channel => "channel",
            Self::Site => "site",
        })
    }
}

/// Why an agent may not take a conversation: the first reason found, in the order they stand here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
#[non_exhaustive]
pub enum Ineligible {
    /// They do not serve the queue.
    #[error("agent does not serve the queue")]
    NotInPool,
    /// Their status takes nothing more.
    #[error("agent does not accept conversations. class=`{0}`")]
    Status(StatusClass),
    /// It is outside their shifts.
    #[error("agent is not on shift")]
    Shift,
    /// They lack a skill that is asked.
    #[error("agent lacks a skill")]
    Skill,
    /// They do not take this channel.
    #[error("agent does not take the channel")]
    Channel,
    /// They and the customer are kept apart.
    #[error("agent and customer are kept apart")]
    Barred,
    /// It waits for the agent of last time.
    #[error("conversation waits for another agent")]
    NotLastAgent,
    /// It came back from them, and somebody else may still take it.
    #[error("conversation came back from the agent")]
    Tried,
    /// It is offered to them.
    #[error("conversation is offered to the agent")]
    Offered,
    /// Their next slot is kept for a conversation that was woken.
    #[error("agent's next slot is kept")]
    Reserved,
    /// As many came to them as may come in the time.
    #[error("agent is at the rate limit")]
    RateLimit,
    /// They talk on a channel that excludes this one.
    #[error("agent talks on a channel that excludes this one")]
    Excluded,
    /// A limit is reached.
    #[error("agent is at a limit. level=`{0}`")]
    Cap(CapLevel),
}

/// What the judgement of agents rests on.
#[derive(Debug, Clone, Copy)]
pub(crate) struct House<'a> {
    pub(crate) settings: &'a Settings,
    pub(crate) channels: &'a [ChannelName],
    /// Of two channels, that on the first nothing of the second is taken.
    pub(crate) excludes: &'a [(ChannelNo, ChannelNo)],
}

/// What a conversation asks of an agent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) queue_no: QueueNo,
    pub(crate) queue: &'a Queue,
    pub(crate) pool: &'a Pool,
    pub(crate) need: &'a Requirement,
    pub(crate) channel_no: ChannelNo,
    pub(crate) channel: &'a ChannelName,
    pub(crate) weight: u32,
}

fn exceeds(load: u64, slots: u64, cap: Option<&u32>) -> bool {
    cap.is_some_and(|cap| load.saturating_add(slots) > u64::from(*cap))
}

/// The first limit in all that `slots` more would break.
fn total_cap(settings: &Settings, agent: &Agent, slots: u64) -> Option<CapLevel> {
    if agent.has_room_for(slots) {
        return None;
    }
    if exceeds(agent.load, slots, agent.cap.as_ref()) {
        return Some(CapLevel::Agent);
    }
    if let Some(group) = &agent.group
        && exceeds(agent.load, slots, settings.caps.groups.get(group))
    {
        return Some(CapLevel::Group);
    }
    exceeds(agent.load, slots, settings.caps.site.as_ref()).then_some(CapLevel::Site)
}

pub(crate) fn queue_cap_reached(
    agent: &Agent,
    queue_no: QueueNo,
    queue: &Queue,
    slots: u64,
) -> bool {
    let caps = &agent.own().queue_caps;
    let own = match caps.is_empty() {
        true => None,
        false => caps.get(&queue.id),
    };
    if own.is_none() && queue.cap.is_none() {
        return false;
    }
    let load = agent.load_of_queue(queue_no);
    exceeds(load, slots, own) || exceeds(load, slots, queue.cap.as_ref())
}

pub(crate) fn channel_cap_reached(
    settings: &Settings,
    agent: &Agent,
    channel_no: ChannelNo,
    channel: &ChannelName,
    slots: u64,
) -> bool {
    let own = agent.own().channel_caps.get(channel);
    let site = settings.caps.channels.get(channel);
    if own.is_none() && site.is_none() {
        return false;
    }
    let load = agent.load_of_channel(channel_no);
    exceeds(load, slots, own) || exceeds(load, slots, site)
}

/// The first limit of any level that taking it would break.
pub(crate) fn reached(settings: &Settings, agent: &Agent, ask: Ask<'_>) -> Option<CapLevel> {
    let slots = agent.slots(ask.weight);
    let total = total_cap(settings, agent, slots);
    match total {
        Some(CapLevel::Site) | None => {}
        found => return found,
    }
    if queue_cap_reached(agent, ask.queue_no, ask.queue, slots) {
        return Some(CapLevel::Queue);
    }
    if channel_cap_reached(settings, agent, ask.channel_no, ask.channel, slots) {
        return Some(CapLevel::Channel);
    }
    total
}

/// Whether the agent talks on a channel, or is offered something of one, beside which they take nothing of `channel`.
pub(crate) fn excluded(house: House<'_>, agent: &Agent, channel: ChannelNo) -> bool {
    let mut by = house.excludes.iter().filter(|(_, other)| *other == channel);
    by.any(|(on, _)| {
        let mut all = agent.conversations.iter().chain(&agent.kept().offers);
        all.any(|held| held.talks && held.channel == *on)
    })
}

/// Whether the agent would take it with every slot free.
pub(crate) fn would_take(agent: &Agent, ask: Ask<'_>) -> Result<(), Ineligible> {
    if !ask.pool.holds(&agent.id, agent.group.as_ref()) {
        return Err(Ineligible::NotInPool);
    }
    if !agent.accepts {
        return Err(Ineligible::Status(agent.class));
    }
    if !agent.on_shift {
        return Err(Ineligible::Shift);
    }
    if !ask.need.is_met_by(&agent.own().skills) {
        return Err(Ineligible::Skill);
    }
    if !agent.takes(ask.channel) {
        return Err(Ineligible::Channel);
    }
    Ok(())
}

/// What holds the agent back for now that is no limit of slots.
pub(crate) fn held_up(house: House<'_>, agent: &Agent, ask: Ask<'_>) -> Option<Ineligible> {
    if agent.waking > 0 {
        return Some(Ineligible::Reserved);
    }
    if agent.rated {
        return Some(Ineligible::RateLimit);
    }
    excluded(house, agent, ask.channel_no).then_some(Ineligible::Excluded)
}
