//! Whom the obvious router would choose, and who waits before whom.

use happytalk_core::event::StatusClass;
use happytalk_core::id::{AgentId, ConversationId, QueueId};
use happytalk_routing::{PriorityRule, Queue, Strategy};

use super::{Agent, At, Conversation, Naive};

impl Naive {
    pub(super) fn queue(&self, queue: &QueueId) -> &Queue {
        self.settings
            .queues
            .iter()
            .find(|it| it.id == *queue)
            .unwrap()
    }

    pub(super) fn counts(&self, it: &Conversation) -> bool {
        let free = it.held && self.settings.hold_frees_slot;
        match it.at {
            At::Waiting => false,
            At::With(_) => !free,
            At::After(_) => !free && self.settings.acw_occupies_slot,
        }
    }

    pub(super) fn load(&self, agent: &AgentId, wanted: impl Fn(&Conversation) -> bool) -> u32 {
        let all = self.conversations.values();
        let mine =
            all.filter(|it| it.at == At::With(agent.clone()) || it.at == At::After(agent.clone()));
        mine.filter(|it| self.counts(it) && wanted(it))
            .map(|it| it.weight)
            .sum()
    }

    /// Which limit one more would break, in the order they are asked.
    pub(super) fn cap(&self, id: &AgentId, it: &Conversation) -> Option<&'static str> {
        let agent = &self.agents[id];
        let queue = self.queue(&it.queue);
        let over = |load: u32, cap: Option<u32>| cap.is_some_and(|cap| load + it.weight > cap);
        let all = self.load(id, |_| true);
        let of_queue = self.load(id, |other| other.queue == it.queue);
        let of_channel = self.load(id, |other| other.channel == it.channel);
        let group = agent.spec.group.as_ref();
        let group = group.and_then(|group| self.settings.caps.groups.get(group));
        let caps = &agent.spec.caps;
        if over(all, caps.agent) {
            Some("routing.agent_cap")
        } else if over(all, group.copied()) {
            Some("routing.group_cap")
        } else if over(of_queue, caps.queues.get(&it.queue).copied()) || over(of_queue, queue.cap) {
            Some("routing.queue_cap")
        } else if over(of_channel, caps.channels.get(&it.channel).copied())
            || over(
                of_channel,
                self.settings.caps.channels.get(&it.channel).copied(),
            )
        {
            Some("routing.channel_cap")
        } else if over(all, self.settings.caps.site) {
            Some("routing.site_cap")
        } else {
            None
        }
    }

    /// Why they would not take it even with every slot free.
    pub(super) fn unfit(&self, id: &AgentId, it: &Conversation) -> Option<&'static str> {
        let agent = &self.agents[id];
        if !self
            .queue(&it.queue)
            .pool
            .holds(id, agent.spec.group.as_ref())
        {
            Some("routing.not_in_pool")
        } else if agent.class != StatusClass::Accepting {
            Some("routing.not_accepting")
        } else if !takes(agent, it) {
            Some("routing.channel_not_taken")
        } else {
            None
        }
    }

    pub(super) fn choice(&self, it: &Conversation) -> Option<AgentId> {
        if it.unanswered > self.settings.acceptance.reassign_max {
            return None;
        }
        let mut fit: Vec<_> = self
            .agents
            .keys()
            .filter(|id| self.unfit(id, it).is_none())
            .collect();
        if !fit.iter().all(|id| it.tried.contains(id)) {
            fit.retain(|id| !it.tried.contains(id));
        }
        fit.retain(|id| self.cap(id, it).is_none());
        let best = fit.into_iter().min_by_key(|id| {
            let agent = &self.agents[*id];
            let order = agent.spec.order;
            match self.queue(&it.queue).strategy {
                Strategy::Sequential => {
                    let turn = agent.turns.get(&it.queue).copied().unwrap_or(0);
                    (turn, None, order, (*id).clone())
                }
                _ => (
                    u64::from(self.load(id, |_| true)),
                    agent.last,
                    order,
                    (*id).clone(),
                ),
            }
        });
        best.cloned()
    }

    pub(super) fn order(&self) -> Vec<ConversationId> {
        let all = self.conversations.iter();
        let mut waiting: Vec<_> = all.filter(|(_, it)| it.at == At::Waiting).collect();
        waiting.sort_by_key(|(id, it)| {
            let since = it.since.as_millis();
            let first = match self.settings.priority {
                PriorityRule::Aging { millis_per_point } => {
                    since - i64::from(it.priority) * i64::from(millis_per_point)
                }
                _ => -i64::from(it.priority),
            };
            (first, since, (*id).clone())
        });
        waiting.into_iter().map(|(id, _)| id.clone()).collect()
    }
}

pub(super) fn takes(agent: &Agent, it: &Conversation) -> bool {
    let channels = agent.spec.channels.as_ref();
    channels.is_none_or(|channels| channels.contains(&it.channel))
}
