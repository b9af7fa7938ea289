//! Taking facts. Nothing here decides or fails.

use std::sync::Arc;

use happytalk_core::Timestamp;
use happytalk_core::event::{AssignedHow, StatusClass};
use happytalk_core::id::{AgentId, ConversationId, QueueId};

use super::Router;
use crate::agent::{Agent, AgentSpec};
use crate::conversation::{Conversation, Seat};
use crate::fact::Fact;
use crate::settings::OnLogout;
use crate::slab::{AgentNo, ConversationNo, QueueNo};

impl Router {
    /// Takes a fact that was decided before, so that a router can be built again from what was kept.
    ///
    /// Decides nothing and never fails: a conversation that is not known is passed over, an agent who is not known is
    /// taken for one without limits who is off, and a queue that is not known is the default one. When all facts are
    /// taken, [`Router::next_deadline`] says whether a tick is due.
    pub fn apply(&mut self, fact: &Fact, at: Timestamp) {
        self.note(at);
        match fact {
            Fact::AgentSet { agent, spec } => self.agent_set(agent, spec),
            Fact::AgentStatus { agent, class } => self.agent_status(agent, *class),
            Fact::AgentRemoved { agent } => self.agent_removed(agent),
            Fact::Enqueued {
                conversation,
                queue,
                channel,
                priority,
                weight,
                enqueued_at,
            } => {
                let conversation = Conversation {
                    id: Arc::new(conversation.clone()),
                    queue: self.queue_or_default(Some(queue)),
                    channel: self.channel_no(channel),
                    priority: *priority,
                    weight: (*weight).max(1),
                    enqueued_at: *enqueued_at,
                    held: false,
                    tried: Vec::new(),
                    seat: Seat::Waiting,
                };
                self.begin(conversation);
            }
            Fact::Opened {
                conversation,
                agent,
                queue,
                channel,
                weight,
                over_cap: _,
            } => {
                let agent = self.agent_or_stranger(agent);
                let conversation = Conversation {
                    id: Arc::new(conversation.clone()),
                    queue: self.queue_or_default(Some(queue)),
                    channel: self.channel_no(channel),
                    priority: 0,
                    weight: (*weight).max(1),
                    enqueued_at: at,
                    held: false,
                    tried: Vec::new(),
                    seat: Seat::With(agent),
                };
                self.came_to(agent, at);
                self.begin(conversation);
            }
            Fact::Assigned {
                conversation,
                agent,
                how,
                over_cap: _,
            } => {
                if let Some(no) = self.number(conversation) {
                    let agent = self.agent_or_stranger(agent);
                    self.assigned(no, agent, *how, at);
                }
            }
            Fact::Transferred {
                conversation,
                from: _,
                to,
                how: _,
            } => {
                if let Some(no) = self.number(conversation) {
                    let to = self.agent_or_stranger(to);
                    self.came_to(to, at);
                    self.reseat(no, |it| it.seat = Seat::With(to));
                }
            }
            Fact::Returned {
                conversation,
                agent,
                cause: _,
                queue,
            } => {
                if let Some(no) = self.number(conversation) {
                    let had_it = self.agent_nos.get(agent).copied();
                    let queue = queue
                        .as_ref()
                        .map(|queue| self.queue_or_default(Some(queue)));
                    self.reseat(no, |it| {
                        it.seat = Seat::Waiting;
                        it.queue = queue.unwrap_or(it.queue);
                        if let Some(agent) = had_it
                            && let Err(place) = it.tried.binary_search(&agent)
                        {
                            it.tried.insert(place, agent);
                        }
                    });
                }
            }
            Fact::AfterWorkStarted { conversation } => {
                if let Some(no) = self.number(conversation) {
                    self.reseat(no, |it| {
                        if let Some(agent) = it.seat.agent() {
                            it.seat = Seat::AfterWork(agent);
                        }
                    });
                }
            }
            Fact::Resumed {
                conversation,
                over_cap: _,
            } => {
                if let Some(no) = self.number(conversation) {
                    self.reseat(no, |it| {
                        if let Some(agent) = it.seat.agent() {
                            it.seat = Seat::With(agent);
                        }
                    });
                }
            }
            Fact::Released { conversation } => {
                if let Some(no) = self.number(conversation) {
                    self.release(no);
                }
            }
            Fact::Held { conversation } => self.set_held(conversation, true),
            Fact::Unheld {
                conversation,
                over_cap: _,
            } => self.set_held(conversation, false),
            Fact::ModeSet { mode } => self.mode = *mode,
        }
    }

    /// Counts a fact.
    pub(super) fn note(&mut self, at: Timestamp) {
        self.now = self.now.max(at);
        self.revision = self.revision.saturating_add(1);
    }

    pub(super) fn number(&self, conversation: &ConversationId) -> Option<ConversationNo> {
        self.conversation_nos.get(conversation)
    }

    fn queue_or_default(&self, queue: Option<&QueueId>) -> QueueNo {
        let known = queue.and_then(|queue| self.queue_nos.get(queue));
        known.copied().unwrap_or(self.default_queue)
    }

    /// The agent of this name, who is taken in where they are not known.
    fn agent_or_stranger(&mut self, id: &AgentId) -> AgentNo {
        if let Some(no) = self.agent_nos.get(id) {
            return *no;
        }
        let agent = Agent::new(id.clone());
        let id = Arc::clone(&agent.id);
        let no = self.agents.put(agent);
        self.agent_nos.insert(id, no);
        self.post_everywhere(no);
        no
    }

    fn agent_set(&mut self, id: &AgentId, spec: &AgentSpec) {
        let no = self.agent_or_stranger(id);
        self.unpost(no);
        if let Some(agent) = self.agents.get_mut(no) {
            agent.spec = spec.clone();
        }
        self.post_everywhere(no);
    }

    fn agent_status(&mut self, id: &AgentId, class: StatusClass) {
        let no = self.agent_or_stranger(id);
        let Some(agent) = self.agents.get_mut(no) else {
            return;
        };
        let came_online = agent.class == StatusClass::Off && class == StatusClass::Accepting;
        agent.class = class;
        self.refresh(no);
        if came_online {
            for conversation in self.returned_to_pools_of(no) {
                self.reseat(conversation, |it| it.tried.clear());
            }
        }
    }

    fn agent_removed(&mut self, id: &AgentId) {
        let Some(no) = self.agent_nos.get(id).copied() else {
            return;
        };
        let had = self.agents.get(no).map(|it| it.conversations.clone());
        for conversation in had.unwrap_or_default() {
            match self.conversations.get(conversation).map(|it| it.seat) {
                Some(Seat::With(_)) => self.reseat(conversation, |it| it.seat = Seat::Waiting),
                Some(Seat::AfterWork(_)) => self.release(conversation),
                Some(Seat::Waiting) | None => {}
            }
        }
        for conversation in self.conversations.numbers() {
            if self
                .conversations
                .get(conversation)
                .is_some_and(|it| it.tried.contains(&no))
            {
                self.reseat(conversation, |it| it.tried.retain(|agent| *agent != no));
            }
        }
        self.unpost(no);
        self.agents.take(no);
        self.agent_nos.remove(id);
    }

    pub(super) fn assigned(
        &mut self,
        no: ConversationNo,
        agent: AgentNo,
        how: AssignedHow,
        at: Timestamp,
    ) {
        let queue = self.conversations.get(no).map(|it| it.queue);
        if how == AssignedHow::Auto
            && let Some(queue) = queue.and_then(|queue| self.turns_of(queue))
        {
            self.turns = self.turns.saturating_add(1);
            if let Some(agent) = self.agents.get_mut(agent) {
                agent.set_turn(queue, self.turns);
            }
        }
        self.came_to(agent, at);
        self.reseat(no, |it| {
            it.seat = Seat::With(agent);
            if it.tried.contains(&agent) {
                // Everybody had it; the round begins again.
                it.tried.clear();
            }
        });
    }

    /// Notes when an agent was last given one. What follows puts them in their place.
    fn came_to(&mut self, agent: AgentNo, at: Timestamp) {
        if let Some(agent) = self.agents.get_mut(agent) {
            agent.last_assigned_at = agent.last_assigned_at.max(Some(at));
        }
    }

    fn begin(&mut self, conversation: Conversation) {
        let id = Arc::clone(&conversation.id);
        let no = self.conversations.put(conversation);
        if let Some(before) = self.conversation_nos.put(id, no) {
            self.stand_up(before);
            self.conversations.take(before);
        }
        self.sit(no);
    }

    pub(super) fn release(&mut self, no: ConversationNo) {
        self.stand_up(no);
        if let Some(conversation) = self.conversations.take(no) {
            self.conversation_nos.take(&conversation.id);
        }
    }

    fn set_held(&mut self, conversation: &ConversationId, held: bool) {
        if let Some(no) = self.number(conversation) {
            self.reseat(no, |it| it.held = held);
        }
    }

    /// Changes a conversation, with every count and index that follows from it.
    fn reseat(&mut self, no: ConversationNo, change: impl FnOnce(&mut Conversation)) {
        self.stand_up(no);
        if let Some(conversation) = self.conversations.get_mut(no) {
            change(conversation);
        }
        self.sit(no);
    }

    /// Whether it takes slots of its agent.
    pub(super) fn occupies(&self, conversation: &Conversation) -> bool {
        let held = conversation.held && self.settings.hold_frees_slot;
        match conversation.seat {
            Seat::Waiting => false,
            Seat::With(_) => !held,
            Seat::AfterWork(_) => !held && self.settings.acw_occupies_slot,
        }
    }

    fn sit(&mut self, no: ConversationNo) {
        let Some(conversation) = self.conversations.get(no) else {
            return;
        };
        let Some(agent_no) = conversation.seat.agent() else {
            return self.join(no);
        };
        let occupies = self.occupies(conversation);
        if let Some(agent) = self.agents.get_mut(agent_no) {
            agent.conversations.push(no);
            if occupies {
                agent.load += u64::from(conversation.weight);
                agent.of_queue.add(conversation.queue, conversation.weight);
                agent
                    .of_channel
                    .add(conversation.channel, conversation.weight);
            }
        }
        self.refresh(agent_no);
    }

    fn stand_up(&mut self, no: ConversationNo) {
        let Some(conversation) = self.conversations.get(no) else {
            return;
        };
        let Some(agent_no) = conversation.seat.agent() else {
            return self.leave(no);
        };
        let occupies = self.occupies(conversation);
        if let Some(agent) = self.agents.get_mut(agent_no) {
            if let Some(place) = agent.conversations.iter().position(|it| *it == no) {
                agent.conversations.swap_remove(place);
            }
            if occupies {
                agent.load = agent.load.saturating_sub(u64::from(conversation.weight));
                agent.of_queue.take(conversation.queue, conversation.weight);
                agent
                    .of_channel
                    .take(conversation.channel, conversation.weight);
            }
        }
        self.refresh(agent_no);
    }

    /// Whether what an agent has is to wait again when they go off.
    pub(super) const fn requeues(&self) -> bool {
        matches!(self.settings.on_logout, OnLogout::Requeue)
    }
}
