//! The obvious router: lists that are gone through, loads that are counted, nothing kept that can be worked out.

mod choice;

use std::collections::BTreeMap;

use happytalk_core::event::{
    AssignedHow, OverCap, ReturnCause, StatusClass, TransferHow, TransferTarget,
};
use happytalk_core::id::{AgentId, ConversationId, QueueId};
use happytalk_core::{ChannelName, Timestamp};
use happytalk_routing::{
    AgentSpec, Fact, Input, Mode, NobodyOnDuty, OnLogout, Request, Settings, Strategy,
};

use self::choice::takes;

struct Agent {
    spec: AgentSpec,
    class: StatusClass,
    /// Whether they were off and did not accept since.
    fresh: bool,
    last: Option<Timestamp>,
    turns: BTreeMap<QueueId, u64>,
}

#[derive(Clone, PartialEq)]
enum At {
    Waiting,
    With(AgentId),
    After(AgentId),
}

#[derive(Clone)]
struct Conversation {
    queue: QueueId,
    channel: ChannelName,
    priority: i32,
    weight: u32,
    since: Timestamp,
    held: bool,
    tried: Vec<AgentId>,
    /// How often it was left unanswered.
    unanswered: u32,
    at: At,
}

type Said = Result<Fact, &'static str>;

pub(super) struct Naive {
    settings: Settings,
    mode: Mode,
    agents: BTreeMap<AgentId, Agent>,
    conversations: BTreeMap<ConversationId, Conversation>,
    turns: u64,
    now: Timestamp,
}

impl Naive {
    pub(super) fn new(settings: Settings) -> Self {
        Self {
            mode: settings.mode,
            settings,
            agents: BTreeMap::new(),
            conversations: BTreeMap::new(),
            turns: 0,
            now: Timestamp::MIN,
        }
    }

    pub(super) fn waiting(&self, queue: &str) -> Vec<&ConversationId> {
        let order = self.order();
        let known = order
            .iter()
            .filter_map(|id| self.conversations.get_key_value(id));
        known
            .filter(|(_, it)| it.queue.as_str() == queue)
            .map(|(id, _)| id)
            .collect()
    }

    pub(super) fn step(&mut self, input: &Input, now: Timestamp) -> Vec<Said> {
        self.now = self.now.max(now);
        let mut said = Vec::new();
        if let Err(code) = self.react(input, &mut said) {
            said.push(Err(code));
        }
        let gives_out = match self.mode {
            Mode::Auto => true,
            Mode::Hybrid => self.settings.hybrid_backfill,
            _ => false,
        };
        while let Some((conversation, agent)) = self.next_pair().filter(|_| gives_out) {
            self.assign(&conversation, &agent, AssignedHow::Auto, None, &mut said);
        }
        said
    }

    fn next_pair(&self) -> Option<(ConversationId, AgentId)> {
        self.order().into_iter().find_map(|id| {
            let agent = self.choice(&self.conversations[&id])?;
            Some((id, agent))
        })
    }

    fn assign(
        &mut self,
        conversation: &ConversationId,
        agent: &AgentId,
        how: AssignedHow,
        over_cap: Option<OverCap>,
        said: &mut Vec<Said>,
    ) {
        let it = self.conversations.get_mut(conversation).unwrap();
        it.at = At::With(agent.clone());
        if it.tried.contains(agent) {
            it.tried.clear();
        }
        let queue = it.queue.clone();
        let in_turns = self.queue(&queue).strategy == Strategy::Sequential;
        let known = self.agents.get_mut(agent).unwrap();
        known.last = Some(self.now);
        if in_turns && how == AssignedHow::Auto {
            self.turns += 1;
            known.turns.insert(queue, self.turns);
        }
        said.push(Ok(Fact::Assigned {
            conversation: conversation.clone(),
            agent: agent.clone(),
            how,
            over_cap,
        }));
    }

    /// In hybrid mode without back-fill one that just came is tried once.
    fn at_once(&mut self, conversation: &ConversationId, said: &mut Vec<Said>) {
        if self.mode == Mode::Hybrid
            && !self.settings.hybrid_backfill
            && let Some(agent) = self.choice(&self.conversations[conversation])
        {
            self.assign(conversation, &agent, AssignedHow::Auto, None, said);
        }
    }

    fn give_back(
        &mut self,
        conversation: &ConversationId,
        cause: ReturnCause,
        queue: Option<&QueueId>,
        said: &mut Vec<Said>,
    ) {
        let it = self.conversations.get_mut(conversation).unwrap();
        let At::With(agent) = it.at.clone() else {
            panic!("nobody has it");
        };
        let queue = queue.filter(|queue| **queue != it.queue);
        it.queue = queue.unwrap_or(&it.queue).clone();
        it.at = At::Waiting;
        it.unanswered = match cause {
            ReturnCause::AcceptTimeout => it.unanswered + 1,
            _ => 0,
        };
        if !it.tried.contains(&agent) {
            it.tried.push(agent.clone());
        }
        said.push(Ok(Fact::Returned {
            conversation: conversation.clone(),
            agent,
            cause,
            queue: queue.cloned(),
            group: None,
        }));
    }

    fn give_back_all(&mut self, agent: &AgentId, said: &mut Vec<Said>) -> Vec<ConversationId> {
        let mut mine = self.conversations.clone();
        mine.retain(|_, it| it.at == At::With(agent.clone()));
        let before = self.conversations.clone();
        for it in self.conversations.values_mut() {
            it.at = At::With(agent.clone());
        }
        for id in mine.keys() {
            self.conversations.get_mut(id).unwrap().at = At::Waiting;
        }
        let order = self.order();
        self.conversations = before;
        for id in &order {
            self.give_back(id, ReturnCause::Offline, None, said);
        }
        order
    }

    fn queue_or_default(&self, queue: Option<&QueueId>) -> Result<QueueId, &'static str> {
        let queue = queue.unwrap_or(&self.settings.default_queue);
        let known = self.settings.queues.iter().any(|it| it.id == *queue);
        if known {
            Ok(queue.clone())
        } else {
            Err("routing.unknown_queue")
        }
    }

    fn known(&self, conversation: &ConversationId) -> Result<Conversation, &'static str> {
        let it = self.conversations.get(conversation).cloned();
        it.ok_or("routing.unknown_conversation")
    }

    fn known_agent(&self, agent: &AgentId) -> Result<&Agent, &'static str> {
        self.agents.get(agent).ok_or("routing.unknown_agent")
    }

    fn react(&mut self, input: &Input, said: &mut Vec<Said>) -> Result<(), &'static str> {
        match input {
            Input::SetAgent { agent, spec } => {
                match self.agents.get_mut(agent) {
                    Some(known) if known.spec == *spec => return Ok(()),
                    Some(known) => known.spec = spec.clone(),
                    None => {
                        let fresh = Agent {
                            spec: spec.clone(),
                            class: StatusClass::Off,
                            fresh: true,
                            last: None,
                            turns: BTreeMap::new(),
                        };
                        self.agents.insert(agent.clone(), fresh);
                    }
                }
                let (agent, spec) = (agent.clone(), Box::new(spec.clone()));
                said.push(Ok(Fact::AgentSet { agent, spec }));
            }
            Input::SetStatus {
                agent,
                status,
                class,
            } => {
                let before = self.known_agent(agent)?.class;
                if before == *class {
                    return Ok(());
                }
                self.agents.get_mut(agent).unwrap().class = *class;
                said.push(Ok(Fact::AgentStatus {
                    agent: agent.clone(),
                    status: status.clone(),
                    class: *class,
                }));
                let known = self.agents.get_mut(agent).unwrap();
                let came = known.fresh && *class == StatusClass::Accepting;
                known.fresh = *class == StatusClass::Off || (known.fresh && !came);
                if came {
                    let group = self.agents[agent].spec.group.clone();
                    let queues = self.settings.queues.clone();
                    for it in self
                        .conversations
                        .values_mut()
                        .filter(|it| it.at == At::Waiting)
                    {
                        let queue = queues.iter().find(|queue| queue.id == it.queue).unwrap();
                        if queue.pool.holds(agent, group.as_ref()) {
                            it.tried.clear();
                            it.unanswered = 0;
                        }
                    }
                }
                if *class == StatusClass::Off && self.settings.on_logout == OnLogout::Requeue {
                    for conversation in self.give_back_all(agent, said) {
                        self.at_once(&conversation, said);
                    }
                }
            }
            Input::RemoveAgent { agent } => {
                if self.agents.contains_key(agent) {
                    let returned = self.give_back_all(agent, said);
                    self.agents.remove(agent);
                    self.conversations
                        .retain(|_, it| it.at != At::After(agent.clone()));
                    for it in self.conversations.values_mut() {
                        it.tried.retain(|tried| tried != agent);
                    }
                    let agent = agent.clone();
                    said.push(Ok(Fact::AgentRemoved { agent }));
                    for conversation in returned {
                        self.at_once(&conversation, said);
                    }
                }
            }
            Input::Enqueue {
                conversation,
                request,
            } => {
                let Request {
                    queue,
                    channel,
                    priority,
                    weight,
                    ..
                } = request;
                let queue = self.queue_or_default(queue.as_ref())?;
                match self.conversations.get(conversation).map(|it| &it.at) {
                    Some(At::After(_)) => return Err("routing.already_taken"),
                    Some(_) => return Ok(()),
                    None => {}
                }
                let waits = |it: &&Conversation| it.at == At::Waiting;
                let all = self.conversations.values().filter(waits).count();
                let here = self.waiting(queue.as_str()).len();
                let full = |n: usize, max: Option<u32>| max.is_some_and(|max| n >= max as usize);
                let settings = self.queue(&queue);
                let staffed = self.agents.iter().any(|(id, it)| {
                    it.class != StatusClass::Off && settings.pool.holds(id, it.spec.group.as_ref())
                });
                if self.settings.nobody_on_duty == NobodyOnDuty::Reject && !staffed {
                    return Err("routing.no_agent_on_duty");
                }
                if full(here, settings.waiting_max) || full(all, self.settings.waiting_max) {
                    return Err("routing.queue_full");
                }
                self.begin(
                    conversation,
                    &queue,
                    channel,
                    (*priority, *weight),
                    At::Waiting,
                );
                said.push(Ok(Fact::Enqueued {
                    conversation: conversation.clone(),
                    queue,
                    channel: channel.clone(),
                    priority: *priority,
                    weight: (*weight).max(1),
                    enqueued_at: self.now,
                    terms: None,
                }));
                self.at_once(conversation, said);
            }
            Input::Open {
                conversation,
                agent,
                queue,
                channel,
                weight,
            } => {
                let queue = self.queue_or_default(queue.as_ref())?;
                self.known_agent(agent)?;
                match self.conversations.get(conversation).map(|it| &it.at) {
                    Some(At::After(_)) => return Err("routing.already_taken"),
                    Some(_) => return Ok(()),
                    None => {}
                }
                self.begin(conversation, &queue, channel, (0, *weight), At::Waiting);
                let over_cap = self.forced(agent, &self.conversations[conversation].clone());
                self.conversations.get_mut(conversation).unwrap().at = At::With(agent.clone());
                self.agents.get_mut(agent).unwrap().last = Some(self.now);
                said.push(Ok(Fact::Opened {
                    conversation: conversation.clone(),
                    agent: agent.clone(),
                    queue,
                    channel: channel.clone(),
                    weight: (*weight).max(1),
                    over_cap,
                }));
            }
            Input::Pick {
                conversation,
                agent,
            } => {
                let it = self.known(conversation)?;
                self.known_agent(agent)?;
                match &it.at {
                    At::Waiting => {}
                    At::With(by) if by == agent => return Ok(()),
                    _ => return Err("routing.already_taken"),
                }
                if let Some(code) = self.unfit(agent, &it) {
                    return Err(code);
                }
                let over_cap = match self.cap(agent, &it) {
                    None => None,
                    Some(_) if self.mode == Mode::Hybrid && self.settings.pick_over_cap => {
                        Some(OverCap::Pick)
                    }
                    Some(code) => return Err(code),
                };
                self.assign(conversation, agent, AssignedHow::Pick, over_cap, said);
            }
            Input::Assign {
                conversation,
                agent,
            } => {
                let it = self.known(conversation)?;
                self.known_agent(agent)?;
                match &it.at {
                    At::Waiting => {}
                    At::With(by) if by == agent => return Ok(()),
                    _ => return Err("routing.already_taken"),
                }
                let over_cap = self.forced(agent, &it);
                self.assign(conversation, agent, AssignedHow::Manager, over_cap, said);
            }
            Input::Transfer {
                conversation,
                to: TransferTarget::Agent(to),
                how,
            } => self.transfer(conversation, to, *how, said)?,
            Input::Return {
                conversation,
                cause,
                queue,
            } => {
                let it = self.known(conversation)?;
                let to = queue
                    .as_ref()
                    .map(|queue| self.queue_or_default(Some(queue)));
                let to = to.transpose()?;
                match &it.at {
                    At::With(_) => {}
                    At::After(_) => return Err("routing.already_taken"),
                    At::Waiting if to.is_none_or(|to| to == it.queue) => return Ok(()),
                    At::Waiting => return Err("routing.not_assigned"),
                }
                self.give_back(conversation, *cause, queue.as_ref(), said);
                self.at_once(conversation, said);
            }
            Input::StartAfterWork { conversation } => match self.known(conversation)?.at {
                At::Waiting => return Err("routing.not_assigned"),
                At::After(_) => {}
                At::With(agent) => {
                    self.conversations.get_mut(conversation).unwrap().at = At::After(agent);
                    let conversation = conversation.clone();
                    said.push(Ok(Fact::AfterWorkStarted { conversation }));
                }
            },
            Input::Resume { conversation } => {
                let it = self.known(conversation)?;
                match &it.at {
                    At::Waiting => return Err("routing.not_assigned"),
                    At::With(_) => {}
                    At::After(agent) => {
                        let at = At::With(agent.clone());
                        let talks = Conversation { at, ..it.clone() };
                        let more = self.counts(&talks) && !self.counts(&it);
                        let over_cap = if more { self.forced(agent, &it) } else { None };
                        self.conversations.insert(conversation.clone(), talks);
                        said.push(Ok(Fact::Resumed {
                            conversation: conversation.clone(),
                            over_cap,
                        }));
                    }
                }
            }
            Input::Release { conversation } => {
                if self.conversations.remove(conversation).is_some() {
                    let conversation = conversation.clone();
                    said.push(Ok(Fact::Released { conversation }));
                }
            }
            Input::Hold { conversation } => {
                if !self.known(conversation)?.held {
                    self.conversations.get_mut(conversation).unwrap().held = true;
                    let conversation = conversation.clone();
                    said.push(Ok(Fact::Held { conversation }));
                }
            }
            Input::Unhold { conversation } => self.unhold(conversation, said)?,
            Input::SetMode { mode } => {
                if self.mode != *mode {
                    self.mode = *mode;
                    said.push(Ok(Fact::ModeSet { mode: *mode }));
                }
            }
            Input::Tick => {}
            other => panic!("not part of the model: {other:?}"),
        }
        Ok(())
    }

    fn begin(
        &mut self,
        id: &ConversationId,
        queue: &QueueId,
        channel: &ChannelName,
        (priority, weight): (i32, u32),
        at: At,
    ) {
        let it = Conversation {
            queue: queue.clone(),
            channel: channel.clone(),
            priority,
            weight: weight.max(1),
            since: self.now,
            held: false,
            tried: Vec::new(),
            unanswered: 0,
            at,
        };
        self.conversations.insert(id.clone(), it);
    }

    fn forced(&self, agent: &AgentId, it: &Conversation) -> Option<OverCap> {
        self.cap(agent, it).map(|_| OverCap::Forced)
    }

    fn transfer(
        &mut self,
        conversation: &ConversationId,
        to: &AgentId,
        how: TransferHow,
        said: &mut Vec<Said>,
    ) -> Result<(), &'static str> {
        let it = self.known(conversation)?;
        let target = self.known_agent(to)?;
        let from = match it.at.clone() {
            At::With(from) => from,
            At::After(_) => return Err("routing.already_taken"),
            At::Waiting => return Err("routing.not_assigned"),
        };
        if from == *to {
            return Ok(());
        }
        let over = match self.counts(&it) {
            true => self.cap(to, &it),
            false => None,
        };
        if how == TransferHow::Accepted {
            if [StatusClass::Off, StatusClass::Paused].contains(&target.class) {
                return Err("routing.not_accepting");
            }
            if !takes(target, &it) {
                return Err("routing.channel_not_taken");
            }
            if let Some(code) = over {
                return Err(code);
            }
        }
        self.conversations.get_mut(conversation).unwrap().at = At::With(to.clone());
        self.agents.get_mut(to).unwrap().last = Some(self.now);
        said.push(Ok(Fact::Transferred {
            conversation: conversation.clone(),
            from,
            to: to.clone(),
            how,
            over_cap: over.map(|_| OverCap::Forced),
        }));
        Ok(())
    }

    fn unhold(
        &mut self,
        conversation: &ConversationId,
        said: &mut Vec<Said>,
    ) -> Result<(), &'static str> {
        let it = self.known(conversation)?;
        if !it.held {
            return Ok(());
        }
        let loose = Conversation {
            held: false,
            ..it.clone()
        };
        let mut over_cap = None;
        if let At::With(agent) | At::After(agent) = &it.at
            && self.counts(&loose)
            && !self.counts(&it)
            && let Some(code) = self.cap(agent, &it)
        {
            if !self.settings.unhold_over_cap {
                return Err(code);
            }
            over_cap = Some(OverCap::Forced);
        }
        self.conversations.insert(conversation.clone(), loose);
        said.push(Ok(Fact::Unheld {
            conversation: conversation.clone(),
            over_cap,
        }));
        Ok(())
    }
}
