//! What the clock does: what follows from it alone, and what is to be decided when it comes to an instant.

use std::collections::BTreeSet;
use std::time::Duration;

use happytalk_core::Timestamp;
use happytalk_core::event::{DeclinedBy, ReturnCause, StatusClass};

use super::Router;
use crate::conversation::{Conversation, Seat};
use crate::fact::{Fact, What};
use crate::settings::OnLogout;
use crate::slab::{AgentNo, ConversationNo, Number};
use crate::status;

/// What an instant is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Item {
    Agent(AgentNo),
    Conversation(ConversationNo),
}

/// A day before the last instant that the calendar can name.
const LAST: Timestamp = Timestamp::from_millis(Timestamp::MAX.as_millis() - 24 * 60 * 60 * 1000);

fn span(millis: u64) -> Duration {
    Duration::from_millis(millis)
}

impl Router {
    /// Goes on to `at`, and never back. The last day that the calendar can name is not reached, so that whatever is
    /// due after a span is due later than now.
    pub(super) fn set_clock(&mut self, at: Timestamp) {
        self.now = self.now.max(at).min(LAST);
    }

    /// Brings what follows from the clock up to `at`, and decides nothing.
    pub(super) fn pass_time(&mut self, at: Timestamp) {
        self.set_clock(at);
        while let Some((due, item)) = self.turns_due.first().copied()
            && due <= self.now
        {
            self.turn(item, due);
        }
        // An agent's instant that is behind a fact was acted on before that fact: what they had is in the facts.
        let passed = self
            .calls_due
            .iter()
            .take_while(|(due, _)| *due <= self.now);
        let passed = passed.filter_map(|(_, item)| match item {
            Item::Agent(no) => Some(*no),
            Item::Conversation(_) => None,
        });
        for no in passed.collect::<Vec<_>>() {
            self.forget_call(no);
        }
    }

    /// Does what is due, if anything is.
    #[inline]
    pub(super) fn run_due(&mut self) {
        let due = |all: &BTreeSet<(Timestamp, Item)>| {
            let first = all.first();
            first.is_some_and(|(at, _)| *at <= self.now)
        };
        if due(&self.turns_due) || due(&self.calls_due) {
            self.run_clock();
        }
    }

    /// Does everything that is due, instant by instant, and gives out what each set free.
    ///
    /// At one instant what the clock changes comes first, then what is to be decided, in the order of waiting and of
    /// names: the numbers of things decide nothing.
    fn run_clock(&mut self) {
        loop {
            let turn = self.turns_due.first().map(|(at, _)| *at);
            let call = self.calls_due.first().map(|(at, _)| *at);
            let Some(at) = turn
                .into_iter()
                .chain(call)
                .min()
                .filter(|at| *at <= self.now)
            else {
                return;
            };
            if turn == Some(at) {
                let mut turned = Vec::new();
                while let Some((due, item)) = self.turns_due.first().copied()
                    && due == at
                {
                    self.turn(item, at);
                    turned.push(item);
                }
                if self.gives_out() {
                    self.settle();
                    continue;
                }
                for item in self.in_order(turned) {
                    if let Item::Conversation(no) = item {
                        self.give_out_at_once(no);
                    }
                }
                self.settle();
                continue;
            }
            let due = self.calls_due.iter().take_while(|(due, _)| *due == at);
            let due = due.map(|(_, item)| *item).collect();
            for item in self.in_order(due) {
                // What came before it may have settled it.
                if self.calls_due.contains(&(at, item)) {
                    self.call(item);
                    self.settle();
                }
            }
        }
    }

    /// Agents by name, then conversations as they are served.
    fn in_order(&self, items: Vec<Item>) -> Vec<Item> {
        let mut named: Vec<_> = items
            .into_iter()
            .filter_map(|item| {
                let key = match item {
                    Item::Agent(no) => (0, None, self.agents.get(no)?.id.as_str()),
                    Item::Conversation(no) => {
                        let it = self.conversations.get(no)?;
                        let queue = self.settings.queues.get(it.queue.place())?;
                        let place = it.place(self.settings.priority, queue);
                        (queue.tier, Some(place), it.id.as_str())
                    }
                };
                Some((key, item))
            })
            .collect();
        named.sort_by_key(|(key, _)| *key);
        named.into_iter().map(|(_, item)| item).collect()
    }

    /// The instant `at` has come for `item`.
    fn turn(&mut self, item: Item, at: Timestamp) {
        match item {
            Item::Agent(no) => {
                self.rearm_agent(no);
                self.refresh(no);
            }
            Item::Conversation(no) => {
                let Some(it) = self.conversations.get(no) else {
                    self.turns_due.remove(&(at, item));
                    return;
                };
                let from = it.waits_from();
                let extra = it.extra();
                let delay = self.delay_of(it);
                let next = self.routes.stage(self.route_of(it), extra.stage + 1);
                let stage = next
                    .filter(|next| from.plus(span(next.after)) <= at)
                    .is_some();
                let sticks = extra.sticks && self.sticky_until(it).is_some_and(|until| until > at);
                let delayed = extra.delayed && from.plus(delay) > at;
                let silent = extra.silent || self.silent_at(it).is_some_and(|due| due <= at);
                let dormant = extra.dormant || self.dormant_at(it).is_some_and(|due| due <= at);
                self.reseat(no, |it| {
                    let waits = it.seat == Seat::Waiting;
                    let extra = it.extra_mut();
                    extra.stage += usize::from(stage && waits);
                    extra.sticks = sticks;
                    extra.delayed = delayed;
                    extra.silent = silent;
                    extra.dormant = dormant;
                });
            }
        }
    }

    fn delay_of(&self, it: &Conversation) -> Duration {
        let queue = self.settings.queues.get(it.queue.place());
        span(queue.map_or(0, |queue| queue.delay_millis))
    }

    fn sticky_until(&self, it: &Conversation) -> Option<Timestamp> {
        it.extra().terms.sticky.as_ref().map(|(_, until)| *until)
    }

    /// When the customer of one that waits has done nothing for too long.
    pub(super) fn silent_at(&self, it: &Conversation) -> Option<Timestamp> {
        let most = self.settings.silent_max_millis?;
        let extra = it.extra();
        let active = extra.active_at.or(extra.terms.active_at);
        (it.seat == Seat::Waiting).then(|| active.unwrap_or(it.enqueued_at).plus(span(most)))
    }

    /// When one with an agent takes no slot any more.
    pub(super) fn dormant_at(&self, it: &Conversation) -> Option<Timestamp> {
        let inactive = self.settings.inactive?;
        let active = it.extra().active_at?;
        matches!(it.seat, Seat::With(_)).then(|| active.plus(span(inactive.after_millis)))
    }

    fn turn_at(&self, it: &Conversation) -> Option<Timestamp> {
        let extra = it.extra();
        match it.seat {
            Seat::Waiting => {
                let from = it.waits_from();
                let delay = extra.delayed.then(|| from.plus(self.delay_of(it)));
                let sticky = self.sticky_until(it).filter(|_| extra.sticks);
                let next = self.routes.stage(self.route_of(it), extra.stage + 1);
                let next = next.map(|stage| from.plus(span(stage.after)));
                let silent = self.silent_at(it).filter(|_| !extra.silent);
                [delay, sticky, next, silent].into_iter().flatten().min()
            }
            Seat::With(_) => self.dormant_at(it).filter(|_| !extra.dormant),
            Seat::AfterWork(_) => None,
        }
    }

    fn call_at(&self, it: &Conversation) -> Option<Timestamp> {
        let extra = it.extra();
        match it.seat {
            Seat::Waiting => {
                let offer = extra.offers.iter().map(|offer| offer.until).min();
                self.timeout_at(it).into_iter().chain(offer).min()
            }
            Seat::With(_) if !extra.answered => {
                let limit = self.settings.acceptance.limit_millis?;
                Some(extra.assigned_at?.plus(span(limit.max(1))))
            }
            Seat::With(_) | Seat::AfterWork(_) => None,
        }
    }

    /// When one that waits has waited as long as its queue allows.
    pub(super) fn timeout_at(&self, it: &Conversation) -> Option<Timestamp> {
        let queue = self.settings.queues.get(it.queue.place())?;
        Some(it.waits_from().plus(span(queue.wait_max_millis?)))
    }

    /// Notes anew when the clock matters to a conversation.
    pub(super) fn rearm(&mut self, no: ConversationNo) {
        let Some(it) = self.conversations.get(no).filter(|it| self.is_timed(it)) else {
            return;
        };
        let (turn, call) = (self.turn_at(it), self.call_at(it));
        let extra = it.extra();
        if (extra.turn_at, extra.call_at) == (turn, call) {
            return;
        }
        self.disarm(no);
        let item = Item::Conversation(no);
        self.turns_due.extend(turn.map(|at| (at, item)));
        self.calls_due.extend(call.map(|at| (at, item)));
        if let Some(it) = self.conversations.get_mut(no) {
            let extra = it.extra_mut();
            extra.turn_at = turn;
            extra.call_at = call;
        }
    }

    /// Notes anew when the clock matters to an agent, and whether they are at work.
    pub(super) fn rearm_agent(&mut self, no: AgentNo) {
        let Some(agent) = self.agents.get(no) else {
            return;
        };
        let hours = agent.own().hours.as_ref();
        let on_shift = hours.is_none_or(|hours| hours.is_open(self.now));
        let change = hours.and_then(|hours| hours.next_change(self.now));
        let rated = agent.rated_until(self.settings.rate, self.now);
        let turn = change.into_iter().chain(rated).min();
        // That instant comes once: what a manager gives them after it stays.
        let call = match self.settings.on_logout {
            OnLogout::RequeueAfter { millis } if agent.class == StatusClass::Off => {
                let due = agent.class_since.plus(span(millis.max(1)));
                (due > self.now || agent.kept().call_at == Some(due)).then_some(due)
            }
            _ => None,
        };
        let item = Item::Agent(no);
        let Some(agent) = self.agents.get_mut(no) else {
            return;
        };
        (agent.on_shift, agent.rated) = (on_shift, rated.is_some());
        let before = (agent.kept().turn_at, agent.kept().call_at);
        if before == (turn, call) {
            return;
        }
        let kept = agent.kept_mut();
        (kept.turn_at, kept.call_at) = (turn, call);
        if before.0 != turn {
            if let Some(at) = before.0 {
                self.turns_due.remove(&(at, item));
            }
            self.turns_due.extend(turn.map(|at| (at, item)));
        }
        if before.1 != call {
            if let Some(at) = before.1 {
                self.calls_due.remove(&(at, item));
            }
            self.calls_due.extend(call.map(|at| (at, item)));
        }
    }

    fn forget_call(&mut self, no: AgentNo) {
        let agent = self.agents.get_mut(no);
        if let Some(agent) = agent.filter(|it| it.kept().call_at.is_some())
            && let Some(at) = agent.kept_mut().call_at.take()
        {
            self.calls_due.remove(&(at, Item::Agent(no)));
        }
    }

    /// Decides what is due for `item`.
    fn call(&mut self, item: Item) {
        match item {
            Item::Agent(no) => {
                self.forget_call(no);
                if let Some(id) = self.agents.get(no).map(|agent| agent.id.clone()) {
                    for conversation in self.give_back_all(no, &id) {
                        self.give_out_named(&conversation);
                    }
                }
            }
            Item::Conversation(no) => self.call_conversation(no),
        }
    }

    fn call_conversation(&mut self, no: ConversationNo) {
        let Some(it) = self.conversations.get(no) else {
            return;
        };
        let conversation = it.id.clone();
        match it.seat {
            Seat::Waiting if self.timeout_at(it).is_some_and(|at| at <= self.now) => {
                self.commit(Fact::TimedOut { conversation });
            }
            Seat::Waiting => {
                let offers = it.extra().offers.iter();
                let late = offers.filter(|offer| offer.until <= self.now);
                let Some(late) = late.min_by_key(|offer| offer.until).map(|it| it.agent) else {
                    return;
                };
                let Some(agent) = self.agents.get(late).map(|agent| agent.id.clone()) else {
                    return;
                };
                let by = DeclinedBy::Timeout;
                self.commit(Fact::Declined {
                    conversation,
                    agent,
                    by,
                });
                self.missed(late);
                self.give_out_at_once(no);
            }
            Seat::With(agent_no) => {
                let Some(agent) = self.agents.get(agent_no).map(|agent| agent.id.clone()) else {
                    return;
                };
                self.commit(Fact::Returned {
                    conversation,
                    agent,
                    cause: ReturnCause::AcceptTimeout,
                    queue: None,
                    group: None,
                });
                self.missed(agent_no);
                self.alert(no);
                self.give_out_at_once(no);
            }
            Seat::AfterWork(_) => {}
        }
    }

    /// Tells a manager of one that nobody is going to be given.
    pub(super) fn alert(&mut self, no: ConversationNo) {
        let Some(it) = self.conversations.get(no) else {
            return;
        };
        let nobody = self.shelf_of(no).is_none_or(|shelf| shelf.eligible == 0);
        if self.is_parked(it) || nobody {
            let what = What::Unserved(it.id.clone());
            self.outputs.push_back(crate::fact::Output {
                at: self.now,
                revision: self.revision,
                conversation_revision: it.revision,
                what,
                why: None,
            });
        }
    }

    /// Whoever misses too often in a row is set away.
    fn missed(&mut self, no: AgentNo) {
        let most = self.settings.acceptance.miss_to_away;
        let Some(agent) = self.agents.get(no) else {
            return;
        };
        if most > 0 && agent.misses >= most && agent.class == StatusClass::Accepting {
            let id = agent.id.clone();
            let away = happytalk_core::id::Word::from_code(status::AWAY);
            self.change_status(no, id, away, StatusClass::Paused);
        }
    }
}
