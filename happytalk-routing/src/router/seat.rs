//! Moving conversations between lines and agents, with every count that follows.

use happytalk_core::Timestamp;
use happytalk_core::id::{AgentId, ConversationId};

use super::Router;
use super::clock::Item;
use crate::agent::{Agent, AgentSpec};
use crate::conversation::{Conversation, Extra, Seat};
use crate::route::{RouteKey, Routes};
use crate::slab::{AgentNo, ConversationNo, Number, RouteNo};

impl Router {
    pub(super) fn number(&self, conversation: &ConversationId) -> Option<ConversationNo> {
        self.conversation_nos.get(conversation, &self.conversations)
    }

    /// The agent of this name, who is taken in where they are not known.
    pub(super) fn agent_or_stranger(&mut self, id: &AgentId) -> AgentNo {
        if let Some(no) = self.agent_nos.get(id) {
            return *no;
        }
        let no = self.agents.put(Agent::new(id.clone(), self.now));
        self.agent_nos.insert(id.clone(), no);
        self.post_everywhere(no);
        if self.barring {
            self.regroup(|it| it.extra().terms.barred.contains(id));
        }
        self.regroup_sticky(id);
        no
    }

    /// Lines up again what waits and is meant, because an agent of that name came.
    fn regroup(&mut self, meant: impl Fn(&Conversation) -> bool) {
        for no in self.conversations.numbers() {
            let it = self.conversations.get(no);
            if it.is_some_and(|it| it.seat == Seat::Waiting && meant(it)) {
                self.leave(no);
                self.join(no);
            }
        }
    }

    fn regroup_sticky(&mut self, id: &AgentId) {
        if self.settings.sticky.within_millis > 0 {
            self.regroup(|it| {
                let extra = it.extra();
                let last = extra.terms.sticky.as_ref();
                extra.sticks && last.is_some_and(|(agent, _)| agent == id)
            });
        }
    }

    /// Whether it takes slots of its agent.
    pub(super) fn occupies(&self, it: &Conversation) -> bool {
        let held = it.held && self.settings.hold_frees_slot;
        match it.seat {
            Seat::Waiting => false,
            Seat::With(_) => !held && !it.extra().dormant,
            Seat::AfterWork(_) => !held && !it.extra().dormant && self.settings.acw_occupies_slot,
        }
    }

    /// Whether it was left unanswered so often that the router gives it to nobody.
    pub(super) fn is_parked(&self, it: &Conversation) -> bool {
        let most = self.settings.acceptance.reassign_max;
        most > 0 && it.extra().returns >= most
    }

    /// Whether it is offered to as many agents as it may be at once.
    pub(super) fn is_offered_enough(&self, it: &Conversation) -> bool {
        let most = self.settings.acceptance.offers_at_once.get();
        u32::try_from(it.extra().offers.len()).unwrap_or(u32::MAX) >= most
    }

    /// Takes a conversation in.
    pub(super) fn begin(&mut self, mut it: Conversation) {
        let timed = self.queues.get(it.queue.place()).is_some_and(|it| it.timed);
        if timed {
            it.extra_mut();
        }
        self.barring |= !it.extra().terms.barred.is_empty();
        self.set_way(&mut it);
        if let Some(before) = self.number(&it.id) {
            self.release(before);
        }
        let id = it.id.clone();
        let no = self.conversations.put(it);
        self.conversation_nos.put(&id, no, &self.conversations);
        self.sit(no, self.now);
        self.rearm(no);
    }

    /// Takes a conversation in as it was.
    pub(super) fn begin_again(&mut self, mut it: Conversation, since: Timestamp) {
        self.barring |= !it.extra().terms.barred.is_empty();
        if it.extra.is_some() {
            let route = self.way_of(&it);
            it.extra_mut().route = route;
        }
        let id = it.id.clone();
        let no = self.conversations.put(it);
        self.conversation_nos.put(&id, no, &self.conversations);
        self.sit(no, since);
        self.rearm(no);
    }

    /// The way it goes, where that is not its queue's own.
    fn way_of(&mut self, it: &Conversation) -> Option<RouteNo> {
        let terms = &it.extra().terms;
        let own = terms.need.is_none() && terms.rules.is_empty() && terms.group.is_none();
        let key = (!own).then(|| RouteKey {
            queue: it.queue,
            rules: terms.rules.clone(),
            need: terms.need.clone(),
            group: terms.group.clone(),
        });
        key.map(|key| self.routes.number(&self.settings, key))
    }

    /// What follows for one that begins to wait: its way, and what holds it back at first.
    pub(super) fn set_way(&mut self, it: &mut Conversation) {
        let Some(extra) = it.extra.as_deref() else {
            return;
        };
        let sticks = extra.terms.sticky.is_some() && extra.waits_from.is_none();
        let route = self.way_of(it);
        let delay = self.settings.queues.get(it.queue.place());
        let delayed = delay.is_some_and(|queue| queue.delay_millis > 0);
        let silent = self.silent_at(it).is_some_and(|due| due <= self.now);
        let extra = it.extra_mut();
        extra.route = route;
        extra.stage = 0;
        extra.delayed = delayed;
        extra.sticks = sticks;
        extra.silent = silent;
        extra.dormant = false;
    }

    /// Goes to the stage that the time it has waited leads to.
    pub(super) fn catch_up(&mut self, it: &mut Conversation) {
        let waited = crate::millis(self.now.since(it.waits_from()));
        let route = self.route_of(it);
        let stage = self.routes.stage_after(route, waited);
        let delay = self.settings.queues.get(it.queue.place());
        let delay = delay.map_or(0, |queue| queue.delay_millis);
        if it.extra.is_some() || stage > 0 {
            let extra = it.extra_mut();
            extra.stage = stage;
            extra.delayed = waited < delay;
            extra.sticks = false;
        }
    }

    pub(super) fn release(&mut self, no: ConversationNo) -> Option<Conversation> {
        let since = self.stand_up(no);
        self.disarm(no);
        let it = self.conversations.take(no)?;
        self.conversation_nos.take(&it.id, no);
        self.waking.remove(&no);
        if let Some(agent) = it.seat.agent() {
            self.left(agent);
            if let Some(since) = since
                && let Some(desk) = self.queues.get_mut(it.queue.place())
            {
                desk.handled.add(self.now.since(since), self.now);
            }
        }
        Some(it)
    }

    /// Notes that a conversation left an agent.
    fn left(&mut self, no: AgentNo) {
        if let Some(agent) = self.agents.get_mut(no) {
            agent.left_at = Some(self.now);
        }
        self.refresh(no);
    }

    /// Changes a conversation, with every count and index that follows from it.
    pub(super) fn reseat(&mut self, no: ConversationNo, change: impl FnOnce(&mut Conversation)) {
        let since = self.stand_up(no);
        let Some(it) = self.conversations.get_mut(no) else {
            return;
        };
        let before = it.seat.agent();
        change(it);
        let after = it.seat.agent();
        self.sit(no, since.unwrap_or(self.now));
        if let Some(before) = before.filter(|before| after != Some(*before)) {
            self.left(before);
        }
        self.rearm(no);
    }

    /// Lets what follows be looked at again after `change`, which touches neither a place nor a count.
    pub(super) fn amend(&mut self, no: ConversationNo, change: impl FnOnce(&mut Extra)) {
        if let Some(it) = self.conversations.get_mut(no) {
            change(it.extra_mut());
        }
        self.rearm(no);
    }

    /// Puts a conversation where it belongs; one with an agent has been with agents since then.
    fn sit(&mut self, no: ConversationNo, since: Timestamp) {
        let Some(it) = self.conversations.get(no) else {
            return;
        };
        let (queue, channel, weight) = (it.queue, it.channel, it.weight);
        let Some(agent_no) = it.seat.agent() else {
            let offered: Vec<_> = it.extra().offers.iter().map(|offer| offer.agent).collect();
            for agent_no in offered {
                if let Some(agent) = self.agents.get_mut(agent_no) {
                    agent.offers.push(no);
                    agent.take_on(queue, channel, weight);
                }
                self.refresh(agent_no);
            }
            return self.join(no);
        };
        let (occupies, waking) = (self.occupies(it), it.extra().waking);
        if let Some(agent) = self.agents.get_mut(agent_no) {
            agent.conversations.push((no, since));
            if occupies {
                agent.take_on(queue, channel, weight);
            }
            if waking {
                agent.waking = agent.waking.saturating_add(1);
                self.waking.insert(no);
            }
        }
        self.refresh(agent_no);
    }

    /// Takes a conversation from where it is, and says since when it was with agents.
    fn stand_up(&mut self, no: ConversationNo) -> Option<Timestamp> {
        let it = self.conversations.get(no)?;
        let (queue, channel, weight) = (it.queue, it.channel, it.weight);
        let Some(agent_no) = it.seat.agent() else {
            let offered: Vec<_> = it.extra().offers.iter().map(|offer| offer.agent).collect();
            for agent_no in offered {
                if let Some(agent) = self.agents.get_mut(agent_no) {
                    agent.offers.retain(|it| *it != no);
                    agent.let_go(queue, channel, weight);
                }
                self.refresh(agent_no);
            }
            self.leave(no);
            return None;
        };
        let (occupies, waking) = (self.occupies(it), it.extra().waking);
        let mut since = None;
        if let Some(agent) = self.agents.get_mut(agent_no) {
            if let Some(place) = agent.conversations.iter().position(|(it, _)| *it == no) {
                since = Some(agent.conversations.swap_remove(place).1);
            }
            if occupies {
                agent.let_go(queue, channel, weight);
            }
            if waking {
                agent.waking = agent.waking.saturating_sub(1);
                self.waking.remove(&no);
            }
        }
        self.refresh(agent_no);
        since
    }

    /// Takes a spec, with the slots that what they have takes by it.
    pub(super) fn set_spec(&mut self, no: AgentNo, spec: AgentSpec) {
        let Some(agent) = self.agents.get_mut(no) else {
            return;
        };
        let heavier = agent.spec.weight.max(1) != spec.weight.max(1);
        if heavier {
            let had: Vec<_> = agent.conversations.iter().map(|(no, _)| *no).collect();
            let offered = agent.offers.clone();
            let mut counted = Vec::new();
            for (conversation, offer) in had
                .iter()
                .map(|no| (no, false))
                .chain(offered.iter().map(|no| (no, true)))
            {
                if let Some(it) = self.conversations.get(*conversation)
                    && (offer || self.occupies(it))
                {
                    counted.push((it.queue, it.channel, it.weight));
                }
            }
            if let Some(agent) = self.agents.get_mut(no) {
                for (queue, channel, weight) in &counted {
                    agent.let_go(*queue, *channel, *weight);
                }
                *agent.spec = spec;
                for (queue, channel, weight) in &counted {
                    agent.take_on(*queue, *channel, *weight);
                }
            }
        } else {
            *agent.spec = spec;
        }
    }

    /// Whether the clock has anything to do with a conversation of this queue.
    pub(super) fn is_timed(&self, it: &Conversation) -> bool {
        it.extra.is_some()
    }

    /// The way of a request that the router has room for.
    pub(super) fn has_room_for(&self, key: &RouteKey) -> bool {
        self.routes.has_room_for(key)
    }

    pub(super) fn disarm(&mut self, no: ConversationNo) {
        let Some(extra) = self
            .conversations
            .get_mut(no)
            .and_then(|it| it.extra.as_deref_mut())
        else {
            return;
        };
        let item = Item::Conversation(no);
        if let Some(at) = extra.turn_at.take() {
            self.turns_due.remove(&(at, item));
        }
        if let Some(at) = extra.call_at.take() {
            self.calls_due.remove(&(at, item));
        }
    }

    /// The way of a queue's own, where a conversation has no other.
    pub(super) fn widest_pool_holds(&self, it: &Conversation, agent: &Agent) -> bool {
        let route = it
            .extra()
            .route
            .unwrap_or_else(|| Routes::of_queue(it.queue));
        self.routes
            .widest(route)
            .is_some_and(|pool| pool.holds(&agent.id, agent.spec.group.as_ref()))
    }
}
