//! What a host may ask.

use happytalk_core::Timestamp;
use happytalk_core::event::StatusClass;
use happytalk_core::id::{AgentId, ConversationId, GroupId, QueueId, Word};

use super::Router;
use super::index::by_place;
use crate::agent::{Agent, AgentSpec};
use crate::conversation::{Owner, Seat};
use crate::estimate::Estimate;
use crate::settings::{Mode, Settings};
use crate::slab::{ConversationNo, Number, QueueNo};

impl Router {
    /// The settings it was made with.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How conversations are given out, as [`Input::SetMode`](crate::Input::SetMode) said last; as the settings say at
    /// first.
    #[must_use]
    pub const fn mode(&self) -> Mode {
        self.mode
    }

    /// How many facts it has taken.
    #[must_use]
    pub const fn revision(&self) -> u64 {
        self.revision
    }

    /// Who wait in a queue, in the order they will be served; empty where no queue has this id.
    #[must_use]
    pub fn waiting(&self, queue: &QueueId) -> Vec<&ConversationId> {
        let Some(desk) = self.desk(queue) else {
            return Vec::new();
        };
        let lines = desk.lines.iter().filter_map(|no| self.lines.get(*no));
        let mut waiting: Vec<_> = lines
            .flat_map(|line| line.waiting.iter().map(|(_, no)| no))
            .collect();
        let order = by_place(&self.settings, &self.conversations);
        waiting.sort_unstable_by(|a, b| order(*a, *b));
        let waiting = waiting.into_iter();
        let waiting = waiting.filter_map(|no| self.conversations.get(no));
        waiting.map(|it| &it.id).collect()
    }

    /// How many wait in a queue; `None` where no queue has this id.
    #[must_use]
    pub fn waiting_count(&self, queue: &QueueId) -> Option<u32> {
        self.desk(queue).map(|desk| desk.waiting)
    }

    /// How many wait at the site.
    #[must_use]
    pub const fn waiting_total(&self) -> u32 {
        self.waiting
    }

    /// The place of one that waits among those of its queue, from 1; `None` when it does not wait.
    #[must_use]
    pub fn place(&self, conversation: &ConversationId) -> Option<u32> {
        self.place_no(self.number(conversation)?)
    }

    pub(super) fn place_no(&self, no: ConversationNo) -> Option<u32> {
        let conversation = self.conversations.get(no)?;
        if conversation.seat != Seat::Waiting {
            return None;
        }
        let queue = self.settings.queues.get(conversation.queue.place())?;
        let packed = conversation.packed(self.settings.priority, queue);
        let desk = self.queues.get(conversation.queue.place())?;
        let lines = desk.lines.iter().filter_map(|no| self.lines.get(*no));
        let ahead: usize = lines
            .map(|line| {
                let order = by_place(&self.settings, &self.conversations);
                line.waiting.before(packed, no, order)
            })
            .sum();
        u32::try_from(ahead + 1).ok()
    }

    /// How long the one that waits at this place of the queue will wait, by what was handled in the last hour, to the
    /// minute, from the first agent to the end of after-work; at the site where that queue had nothing.
    ///
    /// `None` where no queue has this id, nothing was handled, the accepting agents of the queue have no slots, or one
    /// of them has no limit.
    #[must_use]
    pub fn expected_wait(&self, queue: &QueueId, place: u32) -> Option<Estimate> {
        let queue_no = *self.queue_nos.get(queue)?;
        let pool = &self.settings.queues.get(queue_no.place())?.pool;
        let mut slots = 0_u64;
        for (_, agent) in self.agents.iter() {
            let serves = pool.holds(&agent.id, agent.group.as_ref());
            if serves && agent.accepts && agent.on_shift {
                let cap = agent.lowest_cap()?;
                slots = slots.saturating_add(u64::from(cap / agent.weight));
            }
        }
        let (mut count, mut millis) = self.desk(queue)?.handled.last_hour(self.now);
        if count == 0 {
            for desk in &self.queues {
                let (n, total) = desk.handled.last_hour(self.now);
                count += n;
                millis = millis.saturating_add(total);
            }
        }
        Estimate::new(place, count, millis, slots)
    }

    /// Who has a conversation; `None` when the router does not hold it.
    #[must_use]
    pub fn owner(&self, conversation: &ConversationId) -> Option<Owner<'_>> {
        let it = self.conversations.get(self.number(conversation)?)?;
        let name = |no| self.agents.get(no).map(|agent| &agent.id);
        match it.seat {
            Seat::Waiting => self.queue_name(it.queue).map(Owner::Queue),
            Seat::With(agent) => name(agent).map(Owner::Agent),
            Seat::AfterWork(agent) => name(agent).map(Owner::AfterWork),
        }
    }

    /// Whether the host holds a conversation back ([`Input::HoldBack`](crate::Input::HoldBack)). Also one that somebody
    /// was given nevertheless, until it is let in.
    #[must_use]
    pub fn is_held_back(&self, conversation: &ConversationId) -> bool {
        let held = self.number(conversation).and_then(|no| {
            let it = self.conversations.get(no)?;
            Some(it.extra().held_back)
        });
        held == Some(true)
    }

    /// The queue a conversation waits in, or came from; `None` when the router does not hold it.
    #[must_use]
    pub fn queue_of(&self, conversation: &ConversationId) -> Option<&QueueId> {
        let it = self.conversations.get(self.number(conversation)?)?;
        self.queue_name(it.queue)
    }

    /// How many slots an agent has taken; `None` where nobody has this id.
    #[must_use]
    pub fn load(&self, agent: &AgentId) -> Option<u32> {
        let agent = self.agent(agent)?;
        Some(u32::try_from(agent.load).unwrap_or(u32::MAX))
    }

    /// What an agent does; `None` where nobody has this id.
    #[must_use]
    pub fn status(&self, agent: &AgentId) -> Option<StatusClass> {
        self.agent(agent).map(|agent| agent.class)
    }

    /// What an agent does, as the site calls it; `None` where nobody has this id.
    #[must_use]
    pub fn status_name(&self, agent: &AgentId) -> Option<&Word> {
        let agent = self.agent(agent)?;
        self.statuses.get(agent.status.place())
    }

    /// To whom a conversation is offered and until when, in the order it was.
    #[must_use]
    pub fn offers(&self, conversation: &ConversationId) -> Vec<(&AgentId, Timestamp)> {
        let it = self.number(conversation);
        let it = it.and_then(|no| self.conversations.get(no));
        let offers = it.map(|it| it.extra().offers.as_slice());
        let offers = offers.unwrap_or_default().iter();
        offers
            .filter_map(|offer| Some((&self.agents.get(offer.agent)?.id, offer.until)))
            .collect()
    }

    /// How many facts there are of a conversation; `None` when the router does not hold it.
    #[must_use]
    pub fn conversation_revision(&self, conversation: &ConversationId) -> Option<u32> {
        let it = self.conversations.get(self.number(conversation)?)?;
        Some(it.revision)
    }

    /// Whether the window is open, as [`Input::SetOpen`](crate::Input::SetOpen) said last; it is at first.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.open
    }

    /// Who an agent is; `None` where nobody has this id.
    #[must_use]
    pub fn spec(&self, agent: &AgentId) -> Option<AgentSpec> {
        self.agent(agent).map(Agent::spec)
    }

    /// An agent's group; `None` where they have none, or nobody has this id.
    #[must_use]
    pub fn group(&self, agent: &AgentId) -> Option<&GroupId> {
        self.agent(agent)?.group.as_ref()
    }

    /// When a conversation last came to an agent; `None` for never, or where nobody has this id.
    #[must_use]
    pub fn last_assigned_at(&self, agent: &AgentId) -> Option<Timestamp> {
        self.agent(agent)?.last_assigned_at.get()
    }

    /// The agents, by id.
    pub fn agents(&self) -> impl Iterator<Item = &AgentId> {
        let mut ids: Vec<_> = self.agents.iter().map(|(_, agent)| &agent.id).collect();
        ids.sort_unstable();
        ids.into_iter()
    }

    /// What an agent has, after-work included, by id; empty where nobody has this id.
    #[must_use]
    pub fn conversations_of(&self, agent: &AgentId) -> Vec<&ConversationId> {
        let Some(agent) = self.agent(agent) else {
            return Vec::new();
        };
        let had = agent.conversations.iter();
        let had = had.filter_map(|held| self.conversations.get(held.conversation));
        let mut had: Vec<_> = had.map(|it| &it.id).collect();
        had.sort();
        had
    }

    fn agent(&self, agent: &AgentId) -> Option<&Agent> {
        self.agents.get(self.agent_number(agent)?)
    }

    fn desk(&self, queue: &QueueId) -> Option<&super::Desk> {
        self.queues.get(self.queue_nos.get(queue)?.place())
    }

    pub(super) fn queue_name(&self, queue: QueueNo) -> Option<&QueueId> {
        self.settings.queues.get(queue.place()).map(|it| &it.id)
    }
}
