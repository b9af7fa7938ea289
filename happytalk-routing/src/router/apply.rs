//! Taking facts. Nothing here decides or fails.

use happytalk_core::Timestamp;
use happytalk_core::event::{AssignedHow, DeclinedBy, ReturnCause, StatusClass};
use happytalk_core::id::{AgentId, ConversationId, QueueId, Word};

use super::Router;
use crate::agent::{AgentSpec, Moment};
use crate::conversation::{Conversation, Extra, Offer, Seat};
use crate::fact::Fact;
use crate::input::Speaker;
use crate::line::Order;
use crate::lookup::Digest;
use crate::slab::{AgentNo, ConversationNo, Number, QueueNo};
use crate::status;

impl Router {
    /// Takes a fact that was decided before, so that a router can be built again from what was kept.
    ///
    /// Decides nothing and never fails: a conversation that is not known is passed over, an agent who is not known is
    /// taken for one without limits who is off, and a queue that is not known is the default one. A [`Fact::Said`] that
    /// counts for nothing is passed over too. When all facts are taken, [`Router::next_deadline`] says whether a tick is
    /// due.
    pub fn apply(&mut self, fact: &Fact, at: Timestamp) {
        self.pass_time(at);
        if let Fact::Said { conversation, by } = fact
            && !self.counts(conversation, *by)
        {
            return;
        }
        self.note(fact);
        self.fold(fact);
    }

    /// Counts a fact.
    pub(super) fn note(&mut self, fact: &Fact) {
        self.revision = self.revision.saturating_add(1);
        if let Some(no) = fact.conversation().and_then(|id| self.number(id)) {
            self.note_of(no);
        }
    }

    /// Counts a fact of this conversation.
    fn note_of(&mut self, no: ConversationNo) {
        if let Some(it) = self.conversations.get_mut(no) {
            it.revision = it.revision.saturating_add(1);
        }
    }

    /// Counts a fact of this conversation in both numbers.
    pub(super) fn note_both(&mut self, no: ConversationNo) {
        self.revision = self.revision.saturating_add(1);
        self.note_of(no);
    }

    pub(super) fn fold(&mut self, fact: &Fact) {
        match fact {
            Fact::AgentSet { agent, spec } => self.agent_set(agent, spec),
            Fact::AgentStatus {
                agent,
                status,
                class,
            } => self.agent_status(agent, status, *class),
            Fact::AgentRemoved { agent } => self.agent_removed(agent),
            Fact::Enqueued {
                conversation,
                queue,
                channel,
                priority,
                weight,
                enqueued_at,
                terms,
            } => {
                let queue = self.queue_or_default(Some(queue));
                let channel = self.channel_no(channel);
                let mut it = Conversation::waiting(conversation.clone(), queue, channel);
                it.priority = *priority;
                it.weight = (*weight).max(1);
                it.enqueued_at = *enqueued_at;
                if let Some(terms) = terms {
                    it.extra_mut().terms = terms.as_ref().clone();
                }
                self.begin(it);
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
                let queue = self.queue_or_default(Some(queue));
                let channel = self.channel_no(channel);
                let mut it = Conversation::waiting(conversation.clone(), queue, channel);
                it.weight = (*weight).max(1);
                it.enqueued_at = self.now;
                it.seat = Seat::With(agent);
                let limited = self.settings.acceptance.limit_millis.is_some();
                let watched = self.settings.inactive.is_some();
                it.extra = (limited || watched).then(|| {
                    Box::new(Extra {
                        active_at: watched.then_some(self.now),
                        answered: true,
                        ..Extra::default()
                    })
                });
                self.came_to(agent);
                self.begin(it);
            }
            _ => {
                if let Some(no) = fact.conversation().and_then(|id| self.number(id)) {
                    self.fold_of(no, fact);
                } else {
                    match fact {
                        Fact::ModeSet { mode } => self.mode = *mode,
                        Fact::OpenSet { open } => self.open = *open,
                        _ => {}
                    }
                }
            }
        }
    }

    /// Takes a fact of a conversation that is known.
    fn fold_of(&mut self, no: ConversationNo, fact: &Fact) {
        match fact {
            Fact::Offered { agent, until, .. } => {
                let agent = self.agent_or_stranger(agent);
                self.offered(no, agent, *until);
            }
            Fact::Declined { agent, by, .. } => self.declined(no, agent, *by),
            Fact::Assigned { agent, how, .. } => {
                let agent = self.agent_or_stranger(agent);
                self.assigned(no, agent, *how);
            }
            Fact::Transferred { to, .. } => {
                let to = self.agent_or_stranger(to);
                self.came_to(to);
                let now = self.now;
                let limited = self.settings.acceptance.limit_millis.is_some();
                let watched = self.settings.inactive.is_some();
                self.reseat(no, |it| {
                    it.seat = Seat::With(to);
                    if limited || watched || it.extra.is_some() {
                        let extra = it.extra_mut();
                        // Nobody answered yet: whoever has it from here on has the whole time to.
                        extra.assigned_at = (limited && !extra.answered).then_some(now);
                        extra.waking = false;
                        extra.dormant = false;
                        extra.active_at = watched.then_some(now);
                    }
                });
            }
            Fact::Returned {
                agent,
                cause,
                queue,
                group,
                ..
            } => {
                let had_it = self.agent_number(agent);
                if *cause == ReturnCause::AcceptTimeout
                    && let Some(agent) = had_it.and_then(|no| self.agents.get_mut(no))
                {
                    agent.misses = agent.misses.saturating_add(1);
                }
                let queue = queue.as_ref().map(|it| self.queue_or_default(Some(it)));
                self.returned(no, had_it, *cause, |it| {
                    if queue.is_some() || group.is_some() {
                        it.queue = queue.unwrap_or(it.queue);
                        let terms = &mut it.extra_mut().terms;
                        terms.rules.clear();
                        terms.group.clone_from(group);
                    }
                });
            }
            Fact::Said { by, .. } => self.said(no, *by),
            Fact::Woken { .. } => {
                let now = self.now;
                self.reseat(no, |it| {
                    let extra = it.extra_mut();
                    extra.waking = false;
                    extra.dormant = false;
                    extra.active_at = Some(now);
                });
            }
            Fact::AfterWorkStarted { .. } => self.reseat(no, |it| {
                if let Some(agent) = it.seat.agent() {
                    it.seat = Seat::AfterWork(agent);
                    // One that took no slot takes none for being written up either; nor is it unanswered any more.
                    if let Some(extra) = it.extra.as_deref_mut() {
                        extra.waking = false;
                        extra.assigned_at = None;
                    }
                }
            }),
            Fact::Resumed { .. } => {
                let now = self.now;
                let watched = self.settings.inactive.is_some();
                self.reseat(no, |it| {
                    if let Some(agent) = it.seat.agent() {
                        it.seat = Seat::With(agent);
                        if watched {
                            let extra = it.extra_mut();
                            extra.active_at = Some(now);
                            extra.dormant = false;
                        }
                    }
                });
            }
            Fact::Released { .. } | Fact::TimedOut { .. } => {
                self.release(no);
            }
            Fact::Held { .. } => self.reseat(no, |it| it.held = true),
            Fact::Unheld { .. } => self.reseat(no, |it| it.held = false),
            Fact::HeldBack { .. } => self.reseat(no, |it| it.extra_mut().held_back = true),
            Fact::LetIn { .. } => self.reseat(no, |it| it.extra_mut().held_back = false),
            _ => {}
        }
    }

    fn queue_or_default(&self, queue: Option<&QueueId>) -> QueueNo {
        let known = queue.and_then(|queue| self.queue_nos.get(queue));
        known.copied().unwrap_or(self.default_queue)
    }

    fn agent_set(&mut self, id: &AgentId, spec: &AgentSpec) {
        let no = self.agent_or_stranger(id);
        self.unpost(no);
        if let Some(agent) = self.agents.get_mut(no) {
            agent.set_spec(spec.clone(), &self.settings, &self.zone);
        }
        self.rearm_agent(no);
        self.post_everywhere(no);
    }

    fn agent_status(&mut self, id: &AgentId, status: &Word, class: StatusClass) {
        let no = self.agent_or_stranger(id);
        let now = self.now;
        let away_takes = self.settings.away_takes && status.as_str() == status::AWAY;
        let status_no = self.status_no(status);
        let Some(agent) = self.agents.get_mut(no) else {
            return;
        };
        if agent.class == StatusClass::Off && class != StatusClass::Off {
            agent.left_at = Moment::of(Some(now));
        }
        if agent.class != class {
            agent.class_since = now;
        }
        if class == StatusClass::Accepting {
            agent.misses = 0;
        }
        agent.status = status_no;
        agent.class = class;
        agent.accepts =
            class == StatusClass::Accepting || (away_takes && class == StatusClass::Paused);
        let came_online = agent.fresh && agent.accepts;
        agent.fresh = class == StatusClass::Off || (agent.fresh && !agent.accepts);
        let meant = status::class_of(status);
        let pauses = self.settings.pause_after_current
            && class == StatusClass::Finishing
            && matches!(meant, Some(StatusClass::Paused | StatusClass::Off));
        match pauses {
            true => self.pausing.insert(no),
            false => self.pausing.remove(&no),
        };
        self.rearm_agent(no);
        self.refresh(no);
        if came_online {
            for conversation in self.tried_by_others(no) {
                self.reseat(conversation, |it| {
                    let extra = it.extra_mut();
                    extra.tried.clear();
                    extra.returns = 0;
                });
            }
        }
    }

    /// What waits that came back from somebody, and that this agent may come to serve.
    fn tried_by_others(&self, no: AgentNo) -> Vec<ConversationNo> {
        let Some(agent) = self.agents.get(no) else {
            return Vec::new();
        };
        let lines = self.lines.iter().map(|(_, line)| line);
        // What came back stands in lines that tell so, or in closed ones.
        let lines = lines
            .filter(|line| !line.key.tried.is_empty() || line.key.came_back || line.key.closed);
        let waiting = lines.flat_map(|line| line.waiting.iter().map(|(_, no)| no));
        let meant = waiting.filter(|no| {
            self.conversations.get(*no).is_some_and(|it| {
                let extra = it.extra();
                let came_back = !extra.tried.is_empty() || extra.returns > 0;
                came_back && self.widest_pool_holds(it, agent)
            })
        });
        meant.collect()
    }

    fn agent_removed(&mut self, id: &AgentId) {
        let Some(no) = self.agent_number(id) else {
            return;
        };
        let (had, offers) = match self.agents.get(no) {
            Some(agent) => (agent.conversations.clone(), agent.kept().offers.clone()),
            None => return,
        };
        for conversation in had.iter().map(|held| held.conversation) {
            match self.conversations.get(conversation).map(|it| it.seat) {
                Some(Seat::With(_)) => {
                    self.returned(conversation, Some(no), ReturnCause::Offline, |_| {});
                }
                Some(Seat::AfterWork(_)) => {
                    self.release(conversation);
                }
                Some(Seat::Waiting) | None => {}
            }
        }
        for conversation in offers.iter().map(|held| held.conversation) {
            self.reseat(conversation, |it| {
                it.extra_mut().offers.retain(|offer| offer.agent != no);
            });
        }
        for conversation in self.conversations.numbers() {
            let Some(it) = self.conversations.get(conversation) else {
                continue;
            };
            let extra = it.extra();
            let last = extra.terms.sticky.as_ref();
            let meant = extra.tried.contains(&no)
                || extra.terms.barred.contains(id)
                || (extra.sticks && last.is_some_and(|(agent, _)| agent == id));
            if meant {
                // Its line names the agent by a number that is about to mean nobody.
                let seat = it.seat;
                if seat == Seat::Waiting {
                    self.leave(conversation);
                }
                if let Some(it) = self.conversations.get_mut(conversation) {
                    it.extra_mut().tried.retain(|agent| *agent != no);
                }
                if seat == Seat::Waiting {
                    self.agent_nos.take(Digest::of(id), no);
                    self.join(conversation);
                    self.agent_nos.put(Digest::of(id), no, &self.agents);
                }
            }
        }
        self.unpost(no);
        self.pausing.remove(&no);
        self.agent_nos.take(Digest::of(id), no);
        if let Some(agent) = self.agents.take(no) {
            let item = super::clock::Item::Agent(no);
            if let Some(at) = agent.kept().turn_at {
                self.turns_due.remove(&(at, item));
            }
            if let Some(at) = agent.kept().call_at {
                self.calls_due.remove(&(at, item));
            }
        }
    }

    pub(super) fn offered(&mut self, no: ConversationNo, agent: AgentNo, until: Timestamp) {
        let it = self.conversations.get(no).map(Conversation::extra);
        let sticks = it.is_some_and(|extra| extra.sticks);
        // Whoever is told the facts of the instant at which that ends, or of a later one, has come to its end before them.
        let last = self.last_agent(no);
        let last = last.filter(|(_, until)| *until == self.now || (sticks && *until > self.now));
        let sticky = last.is_some_and(|(last, _)| last == agent);
        if !sticky {
            self.move_turn(no, agent);
        }
        let offer = Offer {
            agent,
            until,
            sticky,
        };
        self.reseat(no, |it| {
            let extra = it.extra_mut();
            if extra.tried.contains(&agent) {
                // Everybody had it; the round begins again.
                extra.tried.clear();
            }
            extra.offers.retain(|it| it.agent != agent);
            extra.offers.push(offer);
        });
    }

    /// The agent of last time, and until when it waits for them.
    fn last_agent(&self, no: ConversationNo) -> Option<(AgentNo, Timestamp)> {
        let extra = self.conversations.get(no).map(Conversation::extra)?;
        let (agent, until) = extra.terms.sticky.as_ref()?;
        Some((self.agent_number(agent)?, *until))
    }

    /// Lets the router's choice of an agent count in the turns of a sequential queue.
    fn move_turn(&mut self, no: ConversationNo, agent: AgentNo) {
        let queue = self.conversations.get(no).map(|it| it.queue);
        if let Some(Order::Turns(queue)) = queue.map(|queue| self.order_of(queue)) {
            self.turns = self.turns.saturating_add(1);
            if let Some(agent) = self.agents.get_mut(agent) {
                agent.set_turn(queue, self.turns);
            }
        }
    }

    fn declined(&mut self, no: ConversationNo, agent: &AgentId, by: DeclinedBy) {
        let Some(agent_no) = self.agent_number(agent) else {
            return;
        };
        if by == DeclinedBy::Timeout
            && let Some(agent) = self.agents.get_mut(agent_no)
        {
            agent.misses = agent.misses.saturating_add(1);
        }
        let was_last = self.last_agent(no).is_some_and(|(it, _)| it == agent_no);
        self.reseat(no, |it| {
            let extra = it.extra_mut();
            // Whom it waited for does not want it: it is everybody's.
            extra.sticks &= !was_last;
            extra.offers.retain(|offer| offer.agent != agent_no);
            if let Err(place) = extra.tried.binary_search(&agent_no) {
                extra.tried.insert(place, agent_no);
            }
        });
    }

    pub(super) fn assigned(&mut self, no: ConversationNo, agent: AgentNo, how: AssignedHow) {
        let extra = self.conversations.get(no);
        let extra = extra.and_then(|it| it.extra.as_deref());
        let was_offered =
            extra.is_some_and(|extra| extra.offers.iter().any(|it| it.agent == agent));
        if how == AssignedHow::Auto && !was_offered {
            self.move_turn(no, agent);
        }
        if (was_offered || how == AssignedHow::Pick)
            && let Some(agent) = self.agents.get_mut(agent)
        {
            agent.misses = 0;
        }
        self.came_to(agent);
        let now = self.now;
        let acceptance = &self.settings.acceptance;
        let limited = acceptance.limit_millis.is_some();
        let watched = self.settings.inactive.is_some();
        self.reseat(no, |it| {
            it.seat = Seat::With(agent);
            if limited || watched || it.extra.is_some() {
                let extra = it.extra_mut();
                extra.offers.clear();
                if extra.tried.contains(&agent) {
                    extra.tried.clear();
                }
                extra.assigned_at = limited.then_some(now);
                extra.answered = false;
                extra.active_at = watched.then_some(now);
                extra.waking = false;
                extra.dormant = false;
                // What the clock did while it waited is over.
                extra.silent = false;
                extra.sticks = false;
                extra.delayed = false;
                extra.stage = 0;
            }
        });
    }

    fn returned(
        &mut self,
        no: ConversationNo,
        had_it: Option<AgentNo>,
        cause: ReturnCause,
        change: impl FnOnce(&mut Conversation),
    ) {
        let now = self.now;
        let since = self.conversations.get(no).map(|it| it.seat);
        if since.is_none_or(|seat| seat == Seat::Waiting) {
            return;
        }
        // Off the agent first: the way it goes from here may be another.
        let mut changed = None;
        if let Some(it) = self.conversations.get(no) {
            let mut it = it.clone();
            it.seat = Seat::Waiting;
            change(&mut it);
            let extra = it.extra_mut();
            if let Some(agent) = had_it
                && let Err(place) = extra.tried.binary_search(&agent)
            {
                extra.tried.insert(place, agent);
            }
            extra.assigned_at = None;
            extra.answered = false;
            extra.waking = false;
            extra.dormant = false;
            extra.active_at = self.settings.silent_max_millis.map(|_| now);
            match cause {
                ReturnCause::AcceptTimeout => extra.returns = extra.returns.saturating_add(1),
                _ => {
                    extra.waits_from = Some(now);
                    extra.returns = 0;
                }
            }
            // What it is waiting by, its clock being where it was.
            let clock = (extra.turn_at, extra.call_at);
            self.set_way(&mut it);
            if cause == ReturnCause::AcceptTimeout {
                self.catch_up(&mut it);
            }
            let extra = it.extra_mut();
            extra.sticks = false;
            (extra.turn_at, extra.call_at) = clock;
            changed = Some(it);
        }
        if let Some(changed) = changed {
            self.reseat(no, |it| *it = changed);
        }
    }

    /// Whether it matters that somebody wrote.
    pub(super) fn counts(&self, conversation: &ConversationId, by: Speaker) -> bool {
        let it = self.number(conversation);
        let Some(it) = it.and_then(|no| self.conversations.get(no)) else {
            return false;
        };
        let queue = self.settings.queues.get(it.queue.place());
        let owed = self.settings.acceptance.limit_millis.is_some()
            || queue.is_some_and(|queue| queue.answer_within_millis.is_some());
        match it.seat {
            Seat::Waiting => by == Speaker::Customer && self.settings.silent_max_millis.is_some(),
            Seat::With(_) => {
                self.settings.inactive.is_some()
                    || (owed && by == Speaker::Agent && !it.extra().answered)
            }
            Seat::AfterWork(_) => false,
        }
    }

    fn said(&mut self, no: ConversationNo, by: Speaker) {
        let now = self.now;
        let Some(it) = self.conversations.get(no) else {
            return;
        };
        let slept = it.extra().dormant;
        let agent = it.seat.agent();
        if by == Speaker::Agent
            && let Some(agent) = agent.and_then(|no| self.agents.get_mut(no))
        {
            agent.misses = 0;
        }
        let change = |extra: &mut Extra| {
            extra.active_at = Some(now);
            extra.silent = false;
            if by == Speaker::Agent {
                extra.answered = true;
                extra.returns = 0;
            }
        };
        match agent {
            Some(_) if !slept => self.amend(no, change),
            _ => self.reseat(no, |it| {
                change(it.extra_mut());
                if slept {
                    it.extra_mut().waking = true;
                }
            }),
        }
    }

    /// Notes that one came to an agent now. What follows puts them in their place.
    fn came_to(&mut self, no: AgentNo) {
        let now = self.now;
        let rate = self.settings.rate;
        let Some(agent) = self.agents.get_mut(no) else {
            return;
        };
        agent.last_assigned_at = agent.last_assigned_at.max(Moment::of(Some(now)));
        if let Some(rate) = rate {
            let recent = &mut agent.kept_mut().recent;
            recent.push_back(now);
            let most = usize::try_from(rate.count.get()).unwrap_or(usize::MAX);
            while recent.len() > most {
                recent.pop_front();
            }
            self.rearm_agent(no);
        }
    }
}
