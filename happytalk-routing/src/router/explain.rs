//! Saying why, off the hot path.

use std::collections::BTreeMap;

use happytalk_core::ChannelName;
use happytalk_core::id::{AgentId, ConversationId, QueueId};

use super::Router;
use crate::agent::Agent;
use crate::cap::{self, Ask, Ineligible};
use crate::conversation::{Conversation, Seat};
use crate::explanation::{Candidate, Explanation, HeldBy, Why};
use crate::line::{Order, Rank};
use crate::route::Routes;
use crate::slab::{AgentNo, ChannelNo, ConversationNo, Number};

/// Who is out of the question for one conversation.
#[derive(Default)]
struct Passed<'a> {
    tried: &'a [AgentNo],
    offered: Vec<AgentNo>,
    barred: Vec<AgentNo>,
    /// It waits for this agent alone.
    only: Option<Option<AgentNo>>,
    /// Everybody had it, so that it may go back to one of them.
    again: bool,
}

impl Router {
    /// Every agent, as a conversation of weight 1 would find them that came into this queue now: first who may take it
    /// in the order they would be chosen, then the others with the first reason why not. Empty where no queue has
    /// this id.
    ///
    /// Looks at every agent: ask before [`Input::Enqueue`](crate::Input::Enqueue) to see why somebody was chosen, or let
    /// [`Settings::explain`](crate::Settings::explain) put it beside each choice.
    #[must_use]
    pub fn candidates(&self, queue: &QueueId, channel: &ChannelName) -> Vec<Candidate> {
        let Some(queue_no) = self.queue_nos.get(queue).copied() else {
            return Vec::new();
        };
        let Some(settings) = self.settings.queues.get(queue_no.place()) else {
            return Vec::new();
        };
        let stage = self.routes.stage(Routes::of_queue(queue_no), 0);
        let Some(need) = stage.and_then(|stage| self.routes.need(stage.need)) else {
            return Vec::new();
        };
        // No agent has anything of a channel that was never seen, as none has of the number after the last.
        let unseen = || ChannelNo::from_place(u32::MAX);
        let channel_no = self.channel_nos.get(channel).copied();
        let ask = Ask {
            queue_no,
            queue: settings,
            pool: &settings.pool,
            need,
            channel_no: channel_no.unwrap_or_else(unseen),
            channel,
            weight: 1,
        };
        self.judged_all(ask, &Passed::default())
    }

    /// Who is about to get a conversation, or why nobody is: its place and every agent with the first reason against
    /// them. `None` when it does not wait.
    #[must_use]
    pub fn explain(&self, conversation: &ConversationId) -> Option<Explanation> {
        self.explain_no(self.number(conversation)?)
    }

    pub(super) fn explain_no(&self, no: ConversationNo) -> Option<Explanation> {
        let it = self.conversations.get(no)?;
        if it.seat != Seat::Waiting {
            return None;
        }
        let ask = self.ask_of(it)?;
        Some(Explanation {
            queue: ask.queue.id.clone(),
            strategy: ask.queue.strategy,
            place: self.place_no(no)?,
            candidates: self.judged_all(ask, &self.passed(no, it, ask)),
        })
    }

    /// Why a conversation still waits; `None` when it does not wait.
    ///
    /// Looks at every agent once and says how many there are to each reason; [`Router::explain`] names them.
    #[must_use]
    pub fn why(&self, conversation: &ConversationId) -> Option<Why> {
        let no = self.number(conversation)?;
        let it = self.conversations.get(no)?;
        if it.seat != Seat::Waiting {
            return None;
        }
        let ask = self.ask_of(it)?;
        let extra = it.extra();
        let passed = self.passed(no, it, ask);
        let mut against = BTreeMap::new();
        let mut free = false;
        for (agent_no, agent) in self.agents.iter() {
            match self.judged_one(agent_no, agent, ask, &passed) {
                Ok(()) => free = true,
                Err(why) => *against.entry(why).or_default() += 1,
            }
        }
        let offers = extra.offers.iter();
        let offered_to = offers.filter_map(|it| Some(self.agents.get(it.agent)?.id.clone()));
        let changes = extra.turn_at.into_iter().chain(extra.call_at);
        Some(Why {
            queue: ask.queue.id.clone(),
            place: self.place_no(no)?,
            since: it.waits_from(),
            held_by: self.held_by(it, free),
            against,
            steps: u32::try_from(extra.stage).unwrap_or(u32::MAX),
            offered_to: offered_to.collect(),
            changes_at: changes.min(),
            times_out_at: self.timeout_at(it),
        })
    }

    fn held_by(&self, it: &Conversation, somebody_is_free: bool) -> Option<HeldBy> {
        let extra = it.extra();
        let reasons = [
            (!self.open, HeldBy::Closed),
            (extra.held_back, HeldBy::Host),
            (extra.delayed, HeldBy::Delay),
            (extra.silent, HeldBy::Silence),
            (self.is_parked(it), HeldBy::Unanswered),
            (self.is_offered_enough(it), HeldBy::Offered),
            (!self.gives_out(), HeldBy::Mode),
            (somebody_is_free, HeldBy::NextTick),
        ];
        let found = reasons.into_iter().find(|(holds, _)| *holds);
        found.map(|(_, reason)| reason)
    }

    fn passed<'a>(&self, no: ConversationNo, it: &'a Conversation, ask: Ask<'_>) -> Passed<'a> {
        let extra = it.extra();
        let number = |agent: &AgentId| self.agent_number(agent);
        let barred: Vec<_> = extra.terms.barred.iter().filter_map(number).collect();
        let again = match extra.tried.is_empty() {
            true => true,
            // The shelf knows how many are eligible without asking each.
            false => match self.shelf_of(no) {
                Some(shelf) => self.all_tried(shelf, &extra.tried, &barred),
                None => self
                    .agents
                    .iter()
                    .filter(|(_, agent)| cap::would_take(agent, ask).is_ok())
                    .all(|(no, _)| extra.tried.contains(&no)),
            },
        };
        let last = extra.terms.sticky.as_ref().filter(|_| extra.sticks);
        Passed {
            tried: &extra.tried,
            offered: extra.offers.iter().map(|offer| offer.agent).collect(),
            barred,
            only: last.map(|(agent, _)| number(agent)),
            again,
        }
    }

    fn judged_one(
        &self,
        no: AgentNo,
        agent: &Agent,
        ask: Ask<'_>,
        passed: &Passed<'_>,
    ) -> Result<(), Ineligible> {
        cap::would_take(agent, ask)?;
        if passed.barred.contains(&no) {
            return Err(Ineligible::Barred);
        }
        if passed.only.is_some_and(|only| only != Some(no)) {
            return Err(Ineligible::NotLastAgent);
        }
        if !passed.again && passed.tried.contains(&no) {
            return Err(Ineligible::Tried);
        }
        if passed.offered.contains(&no) {
            return Err(Ineligible::Offered);
        }
        if let Some(why) = cap::held_up(self.house(), agent, ask) {
            return Err(why);
        }
        match cap::reached(&self.settings, agent, ask) {
            Some(level) => Err(Ineligible::Cap(level)),
            None => Ok(()),
        }
    }

    fn judged_all(&self, ask: Ask<'_>, passed: &Passed<'_>) -> Vec<Candidate> {
        let order = self.order_of(ask.queue_no);
        let scored = matches!(order, Order::Score(_)).then_some(ask.queue);
        let mut judged: Vec<_> = self
            .agents
            .iter()
            .map(|(no, agent)| {
                let eligible = self.judged_one(no, agent, ask, passed);
                let rank = Rank::new(agent, order, scored);
                (eligible.is_err(), rank, agent, eligible)
            })
            .collect();
        judged.sort_unstable_by(|a, b| (a.0, a.1, &a.2.id).cmp(&(b.0, b.1, &b.2.id)));
        judged
            .into_iter()
            .map(|(_, _, agent, eligible)| Candidate {
                agent: agent.id.clone(),
                load: u32::try_from(agent.load).unwrap_or(u32::MAX),
                cap: agent.lowest_cap(),
                last_assigned_at: agent.last_assigned_at.get(),
                eligible,
            })
            .collect()
    }
}
