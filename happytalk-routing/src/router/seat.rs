//! Moving conversations between lines and agents, with every count that follows.

use std::hint;

use happytalk_core::Timestamp;
use happytalk_core::event::StatusClass;
use happytalk_core::id::{AgentId, ConversationId, Word};

use super::clock::Item;
use super::{Router, STATUSES_MAX, numbered};
use crate::agent::{Agent, AgentSpec, Held, Moment};
use crate::conversation::{Conversation, Extra, Seat};
use crate::lookup::{Digest, Lookup};
use crate::route::{RouteKey, Routes};
use crate::slab::{AgentNo, ConversationNo, Number, RouteNo, StatusNo};
use crate::status;

impl Router {
    pub(super) fn number(&self, conversation: &ConversationId) -> Option<ConversationNo> {
        self.number_as(Digest::of(conversation), conversation)
    }

    /// The number of the conversation whose name has this digest.
    #[inline]
    pub(super) fn number_as(
        &self,
        digest: Digest,
        conversation: &ConversationId,
    ) -> Option<ConversationNo> {
        let among =
            |nos: &Lookup<ConversationNo>| nos.find(digest, conversation, &self.conversations);
        among(&self.talking_nos).or_else(|| among(&self.waiting_nos))
    }

    /// Lets one that sits there be found by its name.
    #[inline]
    fn put_name(&mut self, seat: Seat, digest: Digest, no: ConversationNo) {
        let nos = match seat {
            Seat::Waiting => &mut self.waiting_nos,
            Seat::With(_) | Seat::AfterWork(_) => &mut self.talking_nos,
        };
        nos.put(digest, no, &self.conversations);
    }

    /// Lets one that sat there be found no more.
    #[inline]
    fn take_name(&mut self, seat: Seat, digest: Digest, no: ConversationNo) {
        let nos = match seat {
            Seat::Waiting => &mut self.waiting_nos,
            Seat::With(_) | Seat::AfterWork(_) => &mut self.talking_nos,
        };
        nos.take(digest, no);
    }

    pub(super) fn agent_number(&self, agent: &AgentId) -> Option<AgentNo> {
        self.agent_nos.get(agent, &self.agents)
    }

    /// The number of a status; that of the last one where there are too many.
    pub(super) fn status_no(&mut self, status: &Word) -> StatusNo {
        if let Some(no) = self.status_nos.get(status) {
            return *no;
        }
        if self.statuses.len() >= STATUSES_MAX {
            return numbered(STATUSES_MAX - 1);
        }
        let no = numbered(self.statuses.len());
        self.statuses.push(status.clone());
        self.status_nos.insert(status.clone(), no);
        no
    }

    /// The agent of this name, who is taken in where they are not known.
    pub(super) fn agent_or_stranger(&mut self, id: &AgentId) -> AgentNo {
        if let Some(no) = self.agent_number(id) {
            return no;
        }
        let status = self.status_no(&status::named(StatusClass::Off));
        let mut agent = Agent::new(id.clone(), status, self.now);
        agent.set_spec(AgentSpec::new(), &self.settings, &self.zone);
        let no = self.agents.put(agent);
        self.agent_nos.put(Digest::of(id), no, &self.agents);
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
        most > 0 && it.extra().returns > most
    }

    /// Whether it is offered to as many agents as it may be at once.
    pub(super) fn is_offered_enough(&self, it: &Conversation) -> bool {
        let most = self.settings.acceptance.offers_at_once.get();
        u32::try_from(it.extra().offers.len()).unwrap_or(u32::MAX) >= most
    }

    /// Takes a conversation in, in the place of one of the same name.
    pub(super) fn begin(&mut self, it: Conversation) {
        if let Some(before) = self.number(&it.id) {
            self.release(before);
        }
        let digest = Digest::of(&it.id);
        self.begin_another(it, digest);
    }

    /// Takes a conversation in that is not there yet.
    #[inline]
    pub(super) fn begin_another(&mut self, mut it: Conversation, digest: Digest) -> ConversationNo {
        let timed = self.queues.get(it.queue.place()).is_some_and(|it| it.timed);
        if timed {
            it.extra_mut();
        }
        let (is_plain, seat) = (it.extra.is_none(), it.seat);
        if !is_plain {
            self.barring |= !it.extra().terms.barred.is_empty();
            self.set_way(&mut it);
        }
        let no = self.conversations.put(it);
        self.put_name(seat, digest, no);
        self.sit(no, self.now);
        if !is_plain {
            self.rearm(no);
        }
        no
    }

    /// Takes a conversation in as it was.
    pub(super) fn begin_again(&mut self, mut it: Conversation, since: Timestamp) {
        self.barring |= !it.extra().terms.barred.is_empty();
        if it.extra.is_some() {
            let route = self.way_of(&it);
            it.extra_mut().route = route;
        }
        let (digest, seat) = (Digest::of(&it.id), it.seat);
        let no = self.conversations.put(it);
        self.put_name(seat, digest, no);
        self.sit(no, since);
        self.rearm(no);
    }

    /// The way it goes, where that is not its queue's own.
    fn way_of(&mut self, it: &Conversation) -> Option<RouteNo> {
        let terms = &it.extra.as_deref()?.terms;
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

    pub(super) fn release(&mut self, no: ConversationNo) {
        if let Some(it) = self.conversations.get(no) {
            self.release_as(no, Digest::of(&it.id));
        }
    }

    /// Lets one go whose name has this digest; how many facts there were of it.
    #[inline]
    pub(super) fn release_as(&mut self, no: ConversationNo, digest: Digest) -> u32 {
        let since = self.stand_up(no);
        self.disarm(no);
        let Some(it) = self.conversations.take(no) else {
            return 0;
        };
        self.take_name(it.seat, digest, no);
        if let Some(agent) = it.seat.agent() {
            self.left(agent);
            if let Some(since) = since
                && let Some(desk) = self.queues.get_mut(it.queue.place())
            {
                desk.handled.add(self.now.since(since), self.now);
            }
        }
        it.revision
    }

    /// Notes that a conversation left an agent.
    #[inline]
    fn left(&mut self, no: AgentNo) {
        if let Some(agent) = self.agents.get_mut(no) {
            agent.left_at = Moment::of(Some(self.now));
            // Whoever becomes free is about to be named.
            hint::black_box(agent.id.as_str().as_bytes().first().copied());
        }
        self.refresh(no);
    }

    /// Changes a conversation, with every count and index that follows from it.
    pub(super) fn reseat(&mut self, no: ConversationNo, change: impl FnOnce(&mut Conversation)) {
        let since = self.stand_up(no);
        let Some(it) = self.conversations.get_mut(no) else {
            return;
        };
        let was = it.seat;
        change(it);
        let (is, is_plain) = (it.seat, it.extra.is_none());
        let (before, after) = (was.agent(), is.agent());
        if before.is_some() != after.is_some() {
            let digest = Digest::of(&it.id);
            self.take_name(was, digest, no);
            self.put_name(is, digest, no);
        }
        self.sit(no, since.unwrap_or(self.now));
        // Whoever has it still was looked at again as it sat down.
        if let Some(before) = before.filter(|before| after != Some(*before)) {
            self.left(before);
        }
        if !is_plain {
            self.rearm(no);
        }
    }

    /// Lets what follows be looked at again after `change`, which touches neither a place nor a count.
    pub(super) fn amend(&mut self, no: ConversationNo, change: impl FnOnce(&mut Extra)) {
        if let Some(it) = self.conversations.get_mut(no) {
            change(it.extra_mut());
        }
        self.rearm(no);
    }

    /// Puts a conversation where it belongs; one with an agent has been with agents since then.
    #[inline]
    fn sit(&mut self, no: ConversationNo, since: Timestamp) {
        let Some(it) = self.conversations.get(no) else {
            return;
        };
        let mut held = Held {
            conversation: no,
            weight: it.weight,
            since,
            queue: it.queue,
            channel: it.channel,
            counts: true,
            talks: !matches!(it.seat, Seat::AfterWork(_)),
        };
        let Some(agent_no) = it.seat.agent() else {
            if it.extra.is_some() {
                for agent_no in Self::asked(it) {
                    if let Some(agent) = self.agents.get_mut(agent_no) {
                        agent.reserve(held);
                    }
                    self.refresh(agent_no);
                }
            }
            return self.join(no);
        };
        held.counts = self.occupies(it);
        let waking = it.extra().waking;
        if let Some(agent) = self.agents.get_mut(agent_no) {
            agent.take_on(held);
            if waking {
                agent.waking = agent.waking.saturating_add(1);
                self.waking.insert(no);
            }
        }
        self.refresh(agent_no);
    }

    fn asked(it: &Conversation) -> Vec<AgentNo> {
        it.extra().offers.iter().map(|offer| offer.agent).collect()
    }

    /// Takes a conversation from where it is, and says since when it was with agents.
    ///
    /// The agent who had it is still to be looked at again: by [`Router::sit`] or [`Router::left`].
    #[inline]
    fn stand_up(&mut self, no: ConversationNo) -> Option<Timestamp> {
        let it = self.conversations.get(no)?;
        let Some(agent_no) = it.seat.agent() else {
            if it.extra.is_some() {
                for agent_no in Self::asked(it) {
                    if let Some(agent) = self.agents.get_mut(agent_no) {
                        agent.unreserve(no);
                    }
                    self.refresh(agent_no);
                }
            }
            self.leave(no);
            return None;
        };
        let waking = it.extra().waking;
        let agent = self.agents.get_mut(agent_no)?;
        let held = agent.let_go(no);
        if waking {
            agent.waking = agent.waking.saturating_sub(1);
            self.waking.remove(&no);
        }
        held.map(|held| held.since)
    }

    /// Whether the clock has anything to do with a conversation of this queue.
    pub(super) fn is_timed(&self, it: &Conversation) -> bool {
        it.extra.is_some()
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
            .is_some_and(|pool| pool.holds(&agent.id, agent.group.as_ref()))
    }
}
