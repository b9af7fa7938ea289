//! What follows from an input.

use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::event::{OverCap, RejectReason, StatusClass};
use happytalk_core::hours::Schedule;
use happytalk_core::id::{AgentId, ConversationId, QueueId, Word};

use super::{CHANNELS_MAX, Router, STATUSES_MAX};
use crate::agent::AgentSpec;
use crate::cap;
use crate::conversation::{Conversation, Seat};
use crate::error::Error;
use crate::fact::Fact;
use crate::input::Input;
use crate::request::{Request, Terms};
use crate::route::{ROUTES_MAX, RouteKey, trimmed};
use crate::settings::{NobodyOnDuty, OnLogout, Queue, RuleId};
use crate::slab::{AgentNo, ConversationNo, Number, QueueNo};
use crate::status;

/// Where a request is to wait, and with what.
struct Placed {
    queue: QueueNo,
    priority: i32,
    /// Nothing where it asks nothing that its queue does not ask.
    terms: Option<Box<Terms>>,
}

impl Router {
    /// Takes one input. Afterwards drain [`Router::poll_output`] until it is `None`.
    ///
    /// A `now` before that of an earlier input is read as that one. What the clock brought since comes first.
    pub fn handle_input(&mut self, input: Input, now: Timestamp) {
        self.set_clock(now);
        self.left = self.settings.assignments_max.map(|max| max.get());
        self.run_clock();
        self.react(input);
        self.settle();
        self.run_clock();
        self.assert_sound();
    }

    fn react(&mut self, input: Input) {
        match input {
            Input::Release { conversation } => {
                if let Some(no) = self.number(&conversation) {
                    // What `fold` does, without looking the name up again.
                    self.note_both(no);
                    let revision = self.release(no).map_or(0, |it| it.revision);
                    self.say(Fact::Released { conversation }, revision, None);
                }
            }
            Input::Enqueue {
                conversation,
                request,
            } => {
                let done = self.on_enqueue(&conversation, request);
                self.tell(Some(conversation), None, done);
            }
            Input::SetAgent { agent, spec } => {
                let done = self.on_set_agent(&agent, spec);
                self.tell(None, Some(agent), done);
            }
            Input::SetStatus {
                agent,
                status,
                class,
            } => {
                let done = self.on_status(&agent, status, class);
                self.tell(None, Some(agent), done);
            }
            Input::RemoveAgent { agent } => self.on_remove(agent),
            Input::Open {
                conversation,
                agent,
                queue,
                channel,
                weight,
            } => {
                let mut request = Request::new(channel).with_weight(weight);
                request.queue = queue;
                let done = self.on_open(&conversation, &agent, &request);
                self.tell(Some(conversation), Some(agent), done);
            }
            Input::Pick {
                conversation,
                agent,
            } => {
                let done = self.on_pick(&conversation, &agent);
                self.tell(Some(conversation), Some(agent), done);
            }
            Input::Accept {
                conversation,
                agent,
            } => {
                let done = self.on_accept(&conversation, &agent);
                self.tell(Some(conversation), Some(agent), done);
            }
            Input::Decline {
                conversation,
                agent,
            } => {
                let done = self.on_decline(&conversation, &agent);
                self.tell(Some(conversation), Some(agent), done);
            }
            Input::Assign {
                conversation,
                agent,
            } => {
                let done = self.on_assign(&conversation, &agent);
                self.tell(Some(conversation), Some(agent), done);
            }
            Input::Transfer {
                conversation,
                to,
                how,
            } => {
                let done = self.on_transfer(&conversation, &to, how);
                self.tell(Some(conversation), None, done);
            }
            Input::Return {
                conversation,
                cause,
                queue,
            } => {
                let done = self.on_return(&conversation, cause, queue.as_ref());
                self.tell(Some(conversation), None, done);
            }
            Input::Said { conversation, by } => {
                let done = self.on_said(&conversation, by);
                self.tell(Some(conversation), None, done);
            }
            Input::StartAfterWork { conversation } => {
                let done = self.on_after_work(&conversation);
                self.tell(Some(conversation), None, done);
            }
            Input::Resume { conversation } => {
                let done = self.on_resume(&conversation);
                self.tell(Some(conversation), None, done);
            }
            Input::Hold { conversation } => {
                let held = self.known(&conversation).map(|(_, it)| it.held);
                let done = held.map(|held| {
                    if !held {
                        let conversation = conversation.clone();
                        self.commit(Fact::Held { conversation });
                    }
                });
                self.tell(Some(conversation), None, done);
            }
            Input::Unhold { conversation } => {
                let done = self.on_unhold(&conversation);
                self.tell(Some(conversation), None, done);
            }
            Input::HoldBack { conversation } => {
                let done = self.on_hold_back(&conversation);
                self.tell(Some(conversation), None, done);
            }
            Input::LetIn { conversation } => {
                let done = self.on_let_in(&conversation);
                self.tell(Some(conversation), None, done);
            }
            Input::SetMode { mode } => {
                if mode != self.mode {
                    self.commit(Fact::ModeSet { mode });
                }
            }
            Input::SetOpen { open } => {
                if open != self.open {
                    self.commit(Fact::OpenSet { open });
                }
            }
            Input::Tick => {}
        }
    }

    fn tell(
        &mut self,
        conversation: Option<ConversationId>,
        agent: Option<AgentId>,
        done: Result<(), Error>,
    ) {
        if let Err(error) = done {
            self.refuse(conversation, agent, error);
        }
    }

    pub(super) fn queue_no(&self, queue: Option<&QueueId>) -> Result<QueueNo, Error> {
        match queue {
            None => Ok(self.default_queue),
            Some(queue) => {
                let no = self.queue_nos.get(queue).copied();
                no.ok_or(Error::UnknownQueue)
            }
        }
    }

    fn queue_at(&self, no: QueueNo) -> Result<&Queue, Error> {
        let queue = self.settings.queues.get(no.place());
        queue.ok_or(Error::UnknownQueue)
    }

    pub(super) fn queue_id(&self, no: QueueNo) -> Result<QueueId, Error> {
        self.queue_at(no).map(|queue| queue.id.clone())
    }

    pub(super) fn agent_no(&self, agent: &AgentId) -> Result<AgentNo, Error> {
        self.agent_number(agent).ok_or(Error::UnknownAgent)
    }

    pub(super) fn known(
        &self,
        conversation: &ConversationId,
    ) -> Result<(ConversationNo, &Conversation), Error> {
        let no = self.number(conversation);
        no.and_then(|no| Some((no, self.conversations.get(no)?)))
            .ok_or(Error::UnknownConversation)
    }

    pub(super) fn taken_by(&self, agent: AgentNo) -> Error {
        match self.agents.get(agent) {
            Some(agent) => Error::AlreadyTaken {
                by: agent.id.clone(),
            },
            None => Error::UnknownAgent,
        }
    }

    /// Whether it is held already; refused while its last agent is at work on it.
    fn is_known(&self, conversation: &ConversationId) -> Result<bool, Error> {
        match self.known(conversation).map(|(_, it)| it.seat) {
            Ok(Seat::AfterWork(agent)) => Err(self.taken_by(agent)),
            Ok(Seat::Waiting | Seat::With(_)) => Ok(true),
            Err(_) => Ok(false),
        }
    }

    /// Where a request waits, by its own word, the rule rows, or a queue named like its main category.
    fn placed(&self, request: &Request, now: Timestamp) -> Result<Placed, Error> {
        let mut rules = Vec::new();
        let mut points = 0_i32;
        let queue = match &request.queue {
            Some(queue) => self.queue_no(Some(queue))?,
            None => {
                let matching = match self.settings.rules.is_empty() {
                    true => Vec::new(),
                    false => self.settings.rules_for(request),
                };
                rules = trimmed(&matching);
                match matching.first() {
                    Some(rule) => {
                        points = rule.points;
                        self.queue_no(Some(&rule.queue))?
                    }
                    None => self.queue_named_like(request),
                }
            }
        };
        Ok(Placed {
            queue,
            priority: request.priority.saturating_add(points),
            terms: self.terms(request, rules, now),
        })
    }

    fn terms(&self, request: &Request, rules: Vec<RuleId>, now: Timestamp) -> Option<Box<Terms>> {
        let sticky = request.last_agent.as_ref().and_then(|last| {
            let within = Duration::from_millis(self.settings.sticky.within_millis);
            let lately = last.closed_at.plus(within) > now && !within.is_zero();
            let is_known = lately && self.agent_number(&last.agent).is_some();
            let wait = Duration::from_millis(self.settings.sticky.wait_millis);
            is_known.then(|| (last.agent.clone(), now.plus(wait)))
        });
        let is_plain = rules.is_empty()
            && sticky.is_none()
            && request.need.is_none()
            && request.barred.is_empty()
            && request.active_at.is_none();
        (!is_plain).then(|| {
            Box::new(Terms {
                need: request.need.clone(),
                rules,
                group: None,
                sticky,
                barred: request.barred.clone(),
                active_at: request.active_at.map(|at| at.min(now)),
            })
        })
    }

    /// The queue a request waits in, whether there is room or not.
    ///
    /// # Errors
    /// [`Error::UnknownQueue`] where it names a queue that is not known.
    pub fn queue_for(&self, request: &Request) -> Result<QueueId, Error> {
        self.queue_id(self.placed(request, self.now)?.queue)
    }

    fn queue_named_like(&self, request: &Request) -> QueueNo {
        let main = request.category.as_ref().map(|category| &category.main);
        let named = main.and_then(|main| {
            let queues = self.settings.queues.iter();
            let found = queues
                .map(|queue| &queue.id)
                .find(|id| id.as_str() == main.as_str())?;
            self.queue_nos.get(found).copied()
        });
        named.unwrap_or(self.default_queue)
    }

    /// The fact that enqueuing this request at `at` would be, whether it would be admitted or not: for a host whose log
    /// holds the request. Where the request is held back, a [`Fact::HeldBack`] follows it.
    ///
    /// # Errors
    /// [`Error::UnknownQueue`] where it names a queue that is not known.
    pub fn enqueued(
        &self,
        conversation: &ConversationId,
        request: &Request,
        at: Timestamp,
    ) -> Result<Fact, Error> {
        let now = self.now.max(at);
        let mut placed = self.placed(request, now)?;
        self.overflow(&mut placed);
        self.enqueued_as(conversation, request, placed, now)
    }

    /// Lets a request that finds its queue full wait where the overflow leads.
    fn overflow(&self, placed: &mut Placed) {
        let mut queue = placed.queue;
        while self.is_full(queue)
            && let Ok(settings) = self.queue_at(queue)
            && let Some(overflow) = settings.overflow.as_ref().filter(|it| it.when_full)
            && let Ok(next) = self.queue_no(Some(&overflow.to))
        {
            queue = next;
        }
        if queue != placed.queue && !self.is_full(queue) {
            placed.queue = queue;
            if let Some(terms) = &mut placed.terms {
                terms.rules.clear();
                if terms.is_plain() {
                    placed.terms = None;
                }
            }
        }
    }

    fn is_full(&self, queue: QueueNo) -> bool {
        let settings = self.settings.queues.get(queue.place());
        let waiting = self.queues.get(queue.place()).map_or(0, |it| it.waiting);
        let most = settings.and_then(|it| it.waiting_max);
        most.is_some_and(|max| waiting >= max)
    }

    fn enqueued_as(
        &self,
        conversation: &ConversationId,
        request: &Request,
        placed: Placed,
        now: Timestamp,
    ) -> Result<Fact, Error> {
        let Placed {
            queue,
            priority,
            terms,
        } = placed;
        Ok(Fact::Enqueued {
            conversation: conversation.clone(),
            queue: self.queue_id(queue)?,
            channel: request.channel.clone(),
            priority,
            weight: request.weight.max(1),
            enqueued_at: request.since.map_or(now, |since| since.min(now)),
            terms,
        })
    }

    fn on_enqueue(&mut self, conversation: &ConversationId, request: Request) -> Result<(), Error> {
        let mut placed = self.placed(&request, self.now)?;
        if self.is_known(conversation)? {
            return Ok(());
        }
        self.overflow(&mut placed);
        if !request.admitted {
            self.admitted(placed.queue)?;
        }
        self.has_kind(&request, &placed)?;
        // What `commit` does, without looking for what is not there yet.
        self.revision = self.revision.saturating_add(1);
        let channel = self.channel_no(&request.channel);
        let mut it = Conversation::waiting(conversation.clone(), placed.queue, channel);
        let fact = self.enqueued_as(conversation, &request, placed, self.now)?;
        if let Fact::Enqueued {
            priority,
            weight,
            enqueued_at,
            terms,
            ..
        } = &fact
        {
            (it.priority, it.weight, it.enqueued_at) = (*priority, *weight, *enqueued_at);
            if let Some(terms) = terms {
                it.extra_mut().terms = terms.as_ref().clone();
            }
        }
        self.begin_another(it);
        self.say(fact, 1, None);
        if request.held_back {
            return self.on_hold_back(conversation);
        }
        self.give_out_named_in_hybrid(conversation);
        Ok(())
    }

    fn give_out_named_in_hybrid(&mut self, conversation: &ConversationId) {
        if self.mode == crate::settings::Mode::Hybrid {
            self.give_out_named(conversation);
        }
    }

    /// Whether the router tells apart what this request asks from everything else.
    fn has_kind(&self, request: &Request, placed: &Placed) -> Result<(), Error> {
        if !self.channel_nos.contains_key(&request.channel) && self.channels.len() >= CHANNELS_MAX {
            return Err(Error::TooManyKinds {
                kinds_max: CHANNELS_MAX,
            });
        }
        // Only where the last way was taken is it of any account which ones there are.
        let Some(terms) = placed.terms.as_ref().filter(|_| self.routes.is_full()) else {
            return Ok(());
        };
        let own = terms.need.is_none() && terms.rules.is_empty();
        let key = RouteKey {
            queue: placed.queue,
            rules: terms.rules.clone(),
            need: terms.need.clone(),
            group: None,
        };
        match own || self.routes.has(&key) {
            true => Ok(()),
            false => Err(Error::TooManyKinds {
                kinds_max: ROUTES_MAX,
            }),
        }
    }

    /// Whether one more may wait in the queue.
    fn admitted(&self, queue: QueueNo) -> Result<(), Error> {
        // While nobody is there, that is what the customer should hear, however many wait.
        if self.settings.nobody_on_duty == NobodyOnDuty::Reject && !self.is_staffed(queue) {
            return Err(Error::NoAgentOnDuty);
        }
        let most = self.settings.waiting_max;
        match self.is_full(queue) || most.is_some_and(|max| self.waiting >= max) {
            true => Err(Error::QueueFull),
            false => Ok(()),
        }
    }

    /// Why a request for an agent in this queue would be turned away now; `None` when it would be admitted, there or
    /// where the overflow leads, or the queue is not known. Without a queue the default one is asked. Where nobody is on
    /// duty and the queue is full, it is the first that is told.
    ///
    /// On duty is whoever serves the queue, is on shift and is not off, also one on a break.
    #[must_use]
    pub fn admits(&self, queue: Option<&QueueId>) -> Option<RejectReason> {
        let mut placed = Placed {
            queue: self.queue_no(queue).ok()?,
            priority: 0,
            terms: None,
        };
        self.overflow(&mut placed);
        match self.admitted(placed.queue) {
            Err(Error::QueueFull) => Some(RejectReason::QueueFull),
            Err(_) => Some(RejectReason::NoAgentOnDuty),
            Ok(()) => None,
        }
    }

    fn is_staffed(&self, queue: QueueNo) -> bool {
        let settings = self.settings.queues.get(queue.place());
        settings.is_some_and(|queue| {
            self.agents.iter().any(|(_, agent)| {
                agent.class != StatusClass::Off
                    && agent.on_shift
                    && queue.pool.holds(&agent.id, agent.group.as_ref())
            })
        })
    }

    fn on_open(
        &mut self,
        conversation: &ConversationId,
        agent: &AgentId,
        request: &Request,
    ) -> Result<(), Error> {
        let queue = self.queue_no(request.queue.as_ref())?;
        let agent_no = self.agent_no(agent)?;
        if self.is_known(conversation)? {
            return Ok(());
        }
        let placed = self.placed(request, self.now)?;
        self.has_kind(request, &placed)?;
        let channel_no = self.channel_no(&request.channel);
        let weight = request.weight.max(1);
        let way = (crate::route::Routes::of_queue(queue), 0);
        let over_cap = self
            .ask((queue, channel_no, weight), way)
            .and_then(|ask| cap::reached(&self.settings, self.agents.get(agent_no)?, ask));
        self.commit(Fact::Opened {
            conversation: conversation.clone(),
            agent: agent.clone(),
            queue: self.queue_id(queue)?,
            channel: request.channel.clone(),
            weight,
            over_cap: over_cap.map(|_| OverCap::Forced),
        });
        Ok(())
    }

    fn on_set_agent(&mut self, agent: &AgentId, mut spec: AgentSpec) -> Result<(), Error> {
        spec.weight = spec.weight.max(1);
        let shifts = spec.shifts.as_deref().unwrap_or_default();
        if Schedule::of_shifts(self.zone.clone(), shifts).is_err() {
            return Err(Error::BadShift);
        }
        let known = self.agent_number(agent);
        let known = known.and_then(|no| self.agents.get(no));
        if known.is_none_or(|known| known.spec() != spec) {
            let agent = agent.clone();
            let spec = Box::new(spec);
            self.commit(Fact::AgentSet { agent, spec });
        }
        Ok(())
    }

    fn on_status(&mut self, id: &AgentId, status: Word, class: StatusClass) -> Result<(), Error> {
        let no = self.agent_no(id)?;
        let Some(agent) = self.agents.get(no) else {
            return Err(Error::UnknownAgent);
        };
        // Whose slots are taken pauses after that, where that is the rule and the code says which pause is meant.
        let later = self.settings.pause_after_current
            && matches!(class, StatusClass::Paused | StatusClass::Off)
            && status::class_of(&status) == Some(class)
            && agent.is_occupied();
        let class = match later {
            true => StatusClass::Finishing,
            false => class,
        };
        let known = self.status_nos.get(&status).copied();
        if known.is_none() && self.statuses.len() >= STATUSES_MAX {
            return Err(Error::TooManyKinds {
                kinds_max: STATUSES_MAX,
            });
        }
        if agent.class != class || Some(agent.status) != known {
            self.change_status(no, id.clone(), status, class);
        }
        Ok(())
    }

    fn on_remove(&mut self, agent: AgentId) {
        if let Some(no) = self.agent_number(&agent) {
            // Nobody is given anything between these facts: that comes at the end of the input.
            let mut back = self.give_back_all(no, &agent);
            back.extend(self.offered_to(no));
            self.commit(Fact::AgentRemoved { agent });
            for conversation in back {
                self.give_out_named(&conversation);
            }
        }
    }

    /// Whether what an agent has is to wait again as soon as they go off.
    pub(super) const fn requeues(&self) -> bool {
        matches!(self.settings.on_logout, OnLogout::Requeue)
    }
}
