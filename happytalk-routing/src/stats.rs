//! What a router's outputs come to.

use std::collections::BTreeMap;
use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::event::{DeclinedBy, StatusClass};
use happytalk_core::id::{AgentId, ConversationId, QueueId, Word};

use crate::fact::{Fact, Output, What};
use crate::input::Speaker;
use crate::settings::Settings;

/// What came of the conversations of a queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct QueueStats {
    /// How many asked.
    pub asked: u64,
    /// How many came to an agent, each counted once.
    pub assigned: u64,
    /// How many ended while they waited, before any agent had them.
    pub left_waiting: u64,
    /// How many waited too long.
    pub timed_out: u64,
    /// How many were answered within what the queue owes; at the very instant is within.
    pub answered_in_time: u64,
    /// How many were answered later than that.
    pub answered_late: u64,
    waits: Vec<Duration>,
}

impl QueueStats {
    /// How long those waited that came to an agent, until they first did: the wait that this many of a hundred do not
    /// exceed (the smallest such one there was). `None` where nobody came to an agent.
    #[must_use]
    pub fn wait(&self, percent: u32) -> Option<Duration> {
        let mut waits = self.waits.clone();
        waits.sort_unstable();
        let count = u64::try_from(waits.len()).ok()?;
        let rank = (count * u64::from(percent.min(100))).div_ceil(100).max(1);
        waits.get(usize::try_from(rank - 1).ok()?).copied()
    }
}

/// What an agent was given and did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct AgentStats {
    /// How many came to them, by how they came: `auto`, `pick`, `manager`, `sticky`, `opener`, `transfer`.
    pub assigned: BTreeMap<&'static str, u64>,
    /// How many of those went above a limit.
    pub over_cap: u64,
    /// How many offers they declined.
    pub declined: u64,
    /// How many offers and conversations they left unanswered.
    pub missed: u64,
    /// How long they were in each status, as far as the outputs go; off is not counted.
    pub statuses: BTreeMap<Word, Duration>,
    doing: Option<(Word, StatusClass, Timestamp)>,
}

#[derive(Debug, Clone)]
struct Asked {
    queue: QueueId,
    at: Timestamp,
    assigned: bool,
    answered: bool,
}

/// The sums of a router's outputs, taken one by one.
#[derive(Debug, Clone, Default)]
pub struct Stats {
    owed: BTreeMap<QueueId, Duration>,
    /// By queue.
    queues: BTreeMap<QueueId, QueueStats>,
    agents: BTreeMap<AgentId, AgentStats>,
    refused: BTreeMap<&'static str, u64>,
    unserved: u64,
    open: BTreeMap<ConversationId, Asked>,
    at: Option<Timestamp>,
}

impl Stats {
    /// Nothing yet, of a router with these settings.
    #[must_use]
    pub fn new(settings: &Settings) -> Self {
        let queues = settings.queues.iter();
        let owed = queues.clone().filter_map(|queue| {
            let millis = queue.answer_within_millis?;
            Some((queue.id.clone(), Duration::from_millis(millis)))
        });
        Self {
            owed: owed.collect(),
            queues: queues
                .map(|queue| (queue.id.clone(), QueueStats::default()))
                .collect(),
            ..Self::default()
        }
    }

    /// The queues, by id.
    #[must_use]
    pub const fn queues(&self) -> &BTreeMap<QueueId, QueueStats> {
        &self.queues
    }

    /// The agents, by id; of those who were removed too.
    #[must_use]
    pub const fn agents(&self) -> &BTreeMap<AgentId, AgentStats> {
        &self.agents
    }

    /// How many inputs were refused, by the code of the error.
    #[must_use]
    pub const fn refused(&self) -> &BTreeMap<&'static str, u64> {
        &self.refused
    }

    /// How many times a manager was told of a conversation that nobody is given.
    #[must_use]
    pub const fn unserved(&self) -> u64 {
        self.unserved
    }

    /// How many conversations are with the router.
    #[must_use]
    pub fn open(&self) -> usize {
        self.open.len()
    }

    /// Takes the next output.
    pub fn take(&mut self, output: &Output) {
        match &output.what {
            What::Fact(fact) => self.take_fact(fact, output.at),
            What::Refused(refusal) => {
                *self.refused.entry(refusal.error.code()).or_default() += 1;
            }
            What::Unserved(_) => self.unserved += 1,
        }
    }

    /// Counts statuses up to `at`, which is the end of what is looked at.
    pub fn close(&mut self, at: Timestamp) {
        for agent in self.agents.values_mut() {
            agent.change(None, at);
        }
    }

    fn agent(&mut self, agent: &AgentId) -> &mut AgentStats {
        self.agents.entry(agent.clone()).or_default()
    }

    fn came(&mut self, agent: &AgentId, how: &'static str, over: bool) {
        let agent = self.agent(agent);
        *agent.assigned.entry(how).or_default() += 1;
        agent.over_cap += u64::from(over);
    }

    fn take_fact(&mut self, fact: &Fact, at: Timestamp) {
        self.at = self.at.max(Some(at));
        match fact {
            Fact::AgentSet { agent, .. } => {
                self.agent(agent);
            }
            Fact::AgentStatus {
                agent,
                status,
                class,
            } => self.agent(agent).change(Some((status, *class)), at),
            Fact::AgentRemoved { agent } => self.agent(agent).change(None, at),
            Fact::Enqueued {
                conversation,
                queue,
                enqueued_at,
                ..
            } => {
                self.queues.entry(queue.clone()).or_default().asked += 1;
                let asked = Asked {
                    queue: queue.clone(),
                    at: *enqueued_at,
                    assigned: false,
                    answered: false,
                };
                self.open.insert(conversation.clone(), asked);
            }
            Fact::Opened {
                conversation,
                agent,
                queue,
                over_cap,
                ..
            } => {
                self.came(agent, "opener", over_cap.is_some());
                let asked = Asked {
                    queue: queue.clone(),
                    at,
                    assigned: true,
                    answered: true,
                };
                self.open.insert(conversation.clone(), asked);
            }
            Fact::Assigned {
                conversation,
                agent,
                how,
                over_cap,
            } => {
                self.came(agent, how.as_str(), over_cap.is_some());
                if let Some(it) = self.open.get_mut(conversation)
                    && !it.assigned
                {
                    it.assigned = true;
                    let queue = self.queues.entry(it.queue.clone()).or_default();
                    queue.assigned += 1;
                    queue.waits.push(at.since(it.at));
                }
            }
            Fact::Transferred { to, over_cap, .. } => {
                self.came(to, "transfer", over_cap.is_some());
            }
            Fact::Declined { agent, by, .. } => {
                let agent = self.agent(agent);
                match by {
                    DeclinedBy::Timeout => agent.missed += 1,
                    _ => agent.declined += 1,
                }
            }
            Fact::Returned {
                conversation,
                agent,
                cause,
                queue,
                ..
            } => {
                if *cause == happytalk_core::event::ReturnCause::AcceptTimeout {
                    self.agent(agent).missed += 1;
                }
                if let (Some(it), Some(queue)) = (self.open.get_mut(conversation), queue) {
                    it.queue = queue.clone();
                }
            }
            Fact::Said { conversation, by } if *by == Speaker::Agent => {
                self.answered(conversation, at);
            }
            Fact::TimedOut { conversation } => {
                if let Some(it) = self.open.remove(conversation) {
                    self.queues.entry(it.queue).or_default().timed_out += 1;
                }
            }
            Fact::Released { conversation } => {
                if let Some(it) = self.open.remove(conversation)
                    && !it.assigned
                {
                    self.queues.entry(it.queue).or_default().left_waiting += 1;
                }
            }
            _ => {}
        }
    }

    fn answered(&mut self, conversation: &ConversationId, at: Timestamp) {
        let Some(it) = self.open.get_mut(conversation).filter(|it| !it.answered) else {
            return;
        };
        it.answered = true;
        if let Some(owed) = self.owed.get(&it.queue) {
            let queue = self.queues.entry(it.queue.clone()).or_default();
            match at.since(it.at) <= *owed {
                true => queue.answered_in_time += 1,
                false => queue.answered_late += 1,
            }
        }
    }
}

impl AgentStats {
    fn change(&mut self, to: Option<(&Word, StatusClass)>, at: Timestamp) {
        if let Some((status, class, since)) = self.doing.take()
            && class != StatusClass::Off
        {
            *self.statuses.entry(status).or_default() += at.since(since);
        }
        self.doing = to.map(|(status, class)| (status.clone(), class, at));
    }
}
