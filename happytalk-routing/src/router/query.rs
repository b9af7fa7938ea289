//! What a host may ask.

use happytalk_core::Timestamp;
use happytalk_core::event::StatusClass;
use happytalk_core::id::{AgentId, ConversationId, QueueId};

use super::Router;
use crate::agent::{Agent, AgentSpec};
use crate::conversation::{Owner, Seat};
use crate::settings::{Mode, Settings};
use crate::slab::{ConversationNo, Number, QueueNo};

impl Router {
    /// The settings it was made with.
    #[must_use]
    pub const fn settings(&self) -> &Settings {
        &self.settings
    }

    /// How conversations are given out.
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
        let mut waiting: Vec<_> = lines.flat_map(|line| line.waiting.iter()).collect();
        waiting.sort();
        let waiting = waiting.into_iter();
        let waiting = waiting.filter_map(|(_, no)| self.conversations.get(*no));
        waiting.map(|it| it.id.as_ref()).collect()
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
        let (_, place) = self.standing(no)?;
        let desk = self.queues.get(conversation.queue.place())?;
        let lines = desk.lines.iter().filter_map(|no| self.lines.get(*no));
        let ahead: usize = lines.map(|line| line.waiting.range(..&place).count()).sum();
        u32::try_from(ahead + 1).ok()
    }

    /// Who has a conversation; `None` when the router does not hold it.
    #[must_use]
    pub fn owner(&self, conversation: &ConversationId) -> Option<Owner<'_>> {
        let it = self.conversations.get(self.number(conversation)?)?;
        let name = |no| self.agents.get(no).map(|agent| agent.id.as_ref());
        match it.seat {
            Seat::Waiting => self.queue_name(it.queue).map(Owner::Queue),
            Seat::With(agent) => name(agent).map(Owner::Agent),
            Seat::AfterWork(agent) => name(agent).map(Owner::AfterWork),
        }
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

    /// Who an agent is; `None` where nobody has this id.
    #[must_use]
    pub fn spec(&self, agent: &AgentId) -> Option<&AgentSpec> {
        self.agent(agent).map(|agent| &agent.spec)
    }

    /// When a conversation last came to an agent; `None` for never, or where nobody has this id.
    #[must_use]
    pub fn last_assigned_at(&self, agent: &AgentId) -> Option<Timestamp> {
        self.agent(agent)?.last_assigned_at
    }

    /// The agents, by id.
    pub fn agents(&self) -> impl Iterator<Item = &AgentId> {
        self.agent_nos.keys().map(AsRef::as_ref)
    }

    /// What an agent has, after-work included, by id; empty where nobody has this id.
    #[must_use]
    pub fn conversations_of(&self, agent: &AgentId) -> Vec<&ConversationId> {
        let Some(agent) = self.agent(agent) else {
            return Vec::new();
        };
        let had = agent.conversations.iter();
        let had = had.filter_map(|no| self.conversations.get(*no));
        let mut had: Vec<_> = had.map(|it| it.id.as_ref()).collect();
        had.sort();
        had
    }

    fn agent(&self, agent: &AgentId) -> Option<&Agent> {
        self.agents.get(*self.agent_nos.get(agent)?)
    }

    fn desk(&self, queue: &QueueId) -> Option<&super::Desk> {
        self.queues.get(self.queue_nos.get(queue)?.place())
    }

    pub(super) fn queue_name(&self, queue: QueueNo) -> Option<&QueueId> {
        self.settings.queues.get(queue.place()).map(|it| &it.id)
    }
}
