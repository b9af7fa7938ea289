//! Taking requests in: where each is to wait, and whether it may.

use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::event::{OverCap, RejectReason, StatusClass};
use happytalk_core::id::{AgentId, ConversationId, QueueId};

use super::{CHANNELS_MAX, Router};
use crate::cap;
use crate::conversation::{Conversation, Seat};
use crate::error::Error;
use crate::fact::Fact;
use crate::lookup::Digest;
use crate::request::{Request, Terms};
use crate::route::{ROUTES_MAX, RouteKey, Routes, trimmed};
use crate::settings::{Mode, NobodyOnDuty, RuleId};
use crate::slab::{ChannelNo, ConversationNo, Number, QueueNo};

/// Where a request is to wait, and with what.
struct Placed {
    queue: QueueNo,
    priority: i32,
    /// Where it comes from, if anything came from there before.
    channel: Option<ChannelNo>,
    /// Nothing where it asks nothing that its queue does not ask.
    terms: Option<Box<Terms>>,
}

impl Router {
    /// Whether one of that number is to be taken for held already; refused while its last agent is at work on it.
    fn is_held(&self, no: ConversationNo) -> Result<bool, Error> {
        match self.conversations.get(no).map(|it| it.seat) {
            Some(Seat::AfterWork(agent)) => Err(self.taken_by(agent)),
            Some(Seat::Waiting | Seat::With(_)) => Ok(true),
            None => Ok(false),
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
                match matching.first() {
                    Some(rule) => {
                        rules = trimmed(&matching);
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
            channel: self.channel_nos.get(&request.channel).copied(),
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
        Ok(Fact::Enqueued {
            conversation: conversation.clone(),
            queue: self.queue_id(placed.queue)?,
            channel: request.channel.clone(),
            priority: placed.priority,
            weight: request.weight.max(1),
            enqueued_at: request.since.map_or(now, |since| since.min(now)),
            terms: placed.terms,
        })
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

    pub(super) fn on_enqueue(
        &mut self,
        conversation: ConversationId,
        digest: Digest,
        request: &Request,
    ) {
        let mut placed = match self.placed(request, self.now) {
            Ok(placed) => placed,
            Err(error) => return self.refuse(Some(conversation), None, error),
        };
        match self.lets_in(digest, &conversation, request, &mut placed) {
            Ok(true) => {}
            Ok(false) => return,
            Err(error) => return self.refuse(Some(conversation), None, error),
        }
        let Ok(queue) = self.queue_id(placed.queue) else {
            return;
        };
        // What `commit` does, without looking for what is not there yet.
        self.revision = self.revision.saturating_add(1);
        let channel = match placed.channel {
            Some(channel) => channel,
            None => self.channel_no(&request.channel),
        };
        let mut it = Conversation::waiting(conversation.clone(), placed.queue, channel);
        it.priority = placed.priority;
        it.weight = request.weight.max(1);
        it.enqueued_at = request.since.map_or(self.now, |since| since.min(self.now));
        if let Some(terms) = &placed.terms {
            it.extra_mut().terms = terms.as_ref().clone();
        }
        let fact = Fact::Enqueued {
            conversation,
            queue,
            channel: request.channel.clone(),
            priority: it.priority,
            weight: it.weight,
            enqueued_at: it.enqueued_at,
            terms: placed.terms,
        };
        let no = self.begin_another(it, digest);
        self.say(fact, 1, None);
        match request.held_back {
            true => self.hold_back(no),
            false if self.mode == Mode::Hybrid => self.give_out_at_once(no),
            false => {}
        }
    }

    /// Whether a request is to be taken in, and not held already; where its queue is full it is placed where the
    /// overflow leads.
    #[inline]
    fn lets_in(
        &self,
        digest: Digest,
        conversation: &ConversationId,
        request: &Request,
        placed: &mut Placed,
    ) -> Result<bool, Error> {
        if let Some(no) = self.number_as(digest, conversation)
            && self.is_held(no)?
        {
            return Ok(false);
        }
        self.overflow(placed);
        if !request.admitted {
            self.admitted(placed.queue)?;
        }
        self.has_kind(placed)?;
        Ok(true)
    }

    /// Whether the router tells apart what this request asks from everything else.
    fn has_kind(&self, placed: &Placed) -> Result<(), Error> {
        if placed.channel.is_none() && self.channels.len() >= CHANNELS_MAX {
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
            channel: None,
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

    pub(super) fn on_open(
        &mut self,
        conversation: &ConversationId,
        agent: &AgentId,
        request: &Request,
    ) -> Result<(), Error> {
        let queue = self.queue_no(request.queue.as_ref())?;
        let agent_no = self.agent_no(agent)?;
        if let Some(no) = self.number(conversation)
            && self.is_held(no)?
        {
            return Ok(());
        }
        let placed = self.placed(request, self.now)?;
        self.has_kind(&placed)?;
        let channel_no = self.channel_no(&request.channel);
        let weight = request.weight.max(1);
        let way = (Routes::of_queue(queue), 0);
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
}
