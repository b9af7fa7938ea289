//! Who may take what: the reasons against, in the order they are asked.

use happytalk_core::ChannelName;
use happytalk_core::event::StatusClass;

use crate::agent::Agent;
use crate::settings::{Queue, Settings};
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

/// Why an agent may not take a conversation: the first reason found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Ineligible {
    /// They do not serve the queue.
    #[error("agent does not serve the queue")]
    NotInPool,
    /// Their status takes nothing more.
    #[error("agent does not accept conversations. class=`{0}`")]
    Status(StatusClass),
    /// They do not take this channel.
    #[error("agent does not take the channel")]
    Channel,
    /// It came back from them, and somebody else may still take it.
    #[error("conversation came back from the agent")]
    Tried,
    /// A limit is reached.
    #[error("agent is at a limit. level=`{0:?}`")]
    Cap(CapLevel),
}

/// What a conversation asks of an agent.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ask<'a> {
    pub(crate) queue_no: QueueNo,
    pub(crate) queue: &'a Queue,
    pub(crate) channel_no: ChannelNo,
    pub(crate) channel: &'a ChannelName,
    pub(crate) weight: u32,
}

fn exceeds(load: u64, weight: u32, cap: Option<&u32>) -> bool {
    cap.is_some_and(|cap| load + u64::from(weight) > u64::from(*cap))
}

/// The first limit in all that `weight` more would break.
pub(crate) fn total_cap(settings: &Settings, agent: &Agent, weight: u32) -> Option<CapLevel> {
    if exceeds(agent.load, weight, agent.spec.caps.agent.as_ref()) {
        return Some(CapLevel::Agent);
    }
    if let Some(group) = &agent.spec.group
        && exceeds(agent.load, weight, settings.caps.groups.get(group))
    {
        return Some(CapLevel::Group);
    }
    exceeds(agent.load, weight, settings.caps.site.as_ref()).then_some(CapLevel::Site)
}

pub(crate) fn queue_cap_reached(
    agent: &Agent,
    queue_no: QueueNo,
    queue: &Queue,
    weight: u32,
) -> bool {
    let load = agent.of_queue.of(queue_no);
    exceeds(load, weight, agent.spec.caps.queues.get(&queue.id))
        || exceeds(load, weight, queue.cap.as_ref())
}

pub(crate) fn channel_cap_reached(
    settings: &Settings,
    agent: &Agent,
    channel_no: ChannelNo,
    channel: &ChannelName,
    weight: u32,
) -> bool {
    let load = agent.of_channel.of(channel_no);
    exceeds(load, weight, agent.spec.caps.channels.get(channel))
        || exceeds(load, weight, settings.caps.channels.get(channel))
}

/// The first limit of any level that taking it would break.
pub(crate) fn reached(settings: &Settings, agent: &Agent, ask: Ask<'_>) -> Option<CapLevel> {
    match total_cap(settings, agent, ask.weight) {
        Some(CapLevel::Site) | None => {}
        found => return found,
    }
    if queue_cap_reached(agent, ask.queue_no, ask.queue, ask.weight) {
        return Some(CapLevel::Queue);
    }
    if channel_cap_reached(settings, agent, ask.channel_no, ask.channel, ask.weight) {
        return Some(CapLevel::Channel);
    }
    total_cap(settings, agent, ask.weight)
}

/// Whether the agent serves the queue, accepts, and takes the channel; limits are not asked.
pub(crate) fn would_take(agent: &Agent, ask: Ask<'_>) -> Result<(), Ineligible> {
    if !ask.queue.pool.holds(&agent.id, agent.spec.group.as_ref()) {
        return Err(Ineligible::NotInPool);
    }
    if agent.class != StatusClass::Accepting {
        return Err(Ineligible::Status(agent.class));
    }
    if !agent.spec.takes(ask.channel) {
        return Err(Ineligible::Channel);
    }
    Ok(())
}

/// The limit in all that binds the agent: the lowest of their own, their group's and the site's.
pub(crate) fn lowest(settings: &Settings, agent: &Agent) -> Option<u32> {
    let group = agent.spec.group.as_ref();
    let group = group.and_then(|group| settings.caps.groups.get(group).copied());
    [agent.spec.caps.agent, group, settings.caps.site]
        .into_iter()
        .flatten()
        .min()
}
