//! Giving out what waits.

use std::time::Duration;

use happytalk_core::event::{AssignedHow, DeclinedBy, OverCap, ReturnCause, StatusClass};
use happytalk_core::id::{AgentId, ConversationId, Word};

use super::Router;
use crate::cap;
use crate::conversation::Seat;
use crate::fact::Fact;
use crate::settings::{Mode, WakeRule};
use crate::slab::{AgentNo, ConversationNo, Number};
use crate::status;

impl Router {
    /// Whether the router gives out what waits whenever somebody may take it.
    pub(super) const fn gives_out(&self) -> bool {
        self.open
            && match self.mode {
                Mode::Auto => true,
                Mode::Manual => false,
                Mode::Hybrid => self.settings.hybrid_backfill,
            }
    }

    /// Brings everything to rest that an instant set in motion.
    pub(super) fn settle(&mut self) {
        if !self.waking.is_empty() {
            self.wake_whom_there_is_room_for();
        }
        if !self.pausing.is_empty() {
            self.pause_whoever_has_nothing();
        }
        if !self.ready.is_empty() {
            self.give_out();
        }
    }

    #[inline]
    fn give_out(&mut self) {
        if !self.gives_out() {
            return;
        }
        while self.left != Some(0) {
            let Some((conversation, agent)) = self.next_pair() else {
                return;
            };
            self.give(conversation, agent);
            self.left = self.left.map(|left| left - 1);
        }
    }

    /// In hybrid mode without back-fill, one that just came has this one chance to be given out.
    pub(super) fn give_out_at_once(&mut self, no: ConversationNo) {
        if self.mode != Mode::Hybrid || self.settings.hybrid_backfill || !self.open {
            return;
        }
        loop {
            let waits = self.conversations.get(no).map(|it| it.seat) == Some(Seat::Waiting);
            let Some(line) = self
                .conversations
                .get(no)
                .and_then(|it| self.lines.get(it.line))
            else {
                return;
            };
            if !waits || line.key.closed {
                return;
            }
            let Some(it) = self.conversations.get(no) else {
                return;
            };
            let choice = self.shelf_of(no);
            let choice = choice.and_then(|shelf| self.choice(shelf, it.line));
            let Some(agent) = choice else {
                return;
            };
            self.give(no, agent);
        }
    }

    pub(super) fn give_out_named(&mut self, conversation: &ConversationId) {
        if let Some(no) = self.number(conversation) {
            self.give_out_at_once(no);
        }
    }

    /// Gives it to the agent, or offers it where agents are asked.
    #[inline]
    fn give(&mut self, no: ConversationNo, agent_no: AgentNo) {
        let (Some(it), Some(agent)) = (self.conversations.get(no), self.agents.get(agent_no))
        else {
            return;
        };
        let (conversation, agent) = (it.id.clone(), agent.id.clone());
        let sticks = it.extra().sticks;
        let why = match self.settings.explain {
            true => self.explain_no(no).map(Box::new),
            false => None,
        };
        // What `fold` does, without looking the names up again.
        self.note_both(no);
        let fact = match self.settings.acceptance.offer_millis {
            Some(millis) => {
                let until = self.now.plus(Duration::from_millis(millis.max(1)));
                self.offered(no, agent_no, until);
                Fact::Offered {
                    conversation,
                    agent,
                    until,
                }
            }
            None => {
                let how = match sticks {
                    true => AssignedHow::Sticky,
                    false => AssignedHow::Auto,
                };
                self.assigned(no, agent_no, how);
                Fact::Assigned {
                    conversation,
                    agent,
                    how,
                    over_cap: None,
                }
            }
        };
        let revision = self.conversations.get(no).map_or(0, |it| it.revision);
        self.say(fact, revision, why);
    }

    fn pause_whoever_has_nothing(&mut self) {
        let idle = |no: &&AgentNo| {
            let agent = self.agents.get(**no);
            agent.is_some_and(|agent| !agent.is_occupied())
        };
        let idle: Vec<_> = self.pausing.iter().filter(idle).copied().collect();
        for no in idle {
            if let Some(agent) = self.agents.get(no)
                && let Some(status) = self.statuses.get(agent.status.place())
                && let Some(class) = status::class_of(status)
            {
                let (id, status) = (agent.id.clone(), status.clone());
                self.change_status(no, id, status, class);
            }
        }
    }

    /// Lets woken conversations take a slot, the one that was woken first before the others.
    fn wake_whom_there_is_room_for(&mut self) {
        let mut woken: Vec<_> = self
            .waking
            .iter()
            .filter_map(|no| {
                let it = self.conversations.get(*no)?;
                Some((it.extra().active_at, it.id.clone(), *no))
            })
            .collect();
        woken.sort();
        for (_, _, no) in woken {
            self.wake(no, None);
        }
    }

    /// Lets a woken conversation take a slot where there is one; else `rule` decides, and without one it goes on
    /// waiting for a slot.
    pub(super) fn wake(&mut self, no: ConversationNo, rule: Option<WakeRule>) {
        let Some(it) = self.conversations.get(no).filter(|it| it.extra().waking) else {
            return;
        };
        let Some(agent) = it.seat.agent().and_then(|no| self.agents.get(no)) else {
            return;
        };
        let held = it.held && self.settings.hold_frees_slot;
        let over = self.ask_of(it).filter(|_| !held);
        let over = over.and_then(|ask| cap::reached(&self.settings, agent, ask));
        let conversation = it.id.clone();
        let over_cap = match (over, rule) {
            (None, _) => None,
            (Some(_), Some(WakeRule::OverCap)) => Some(OverCap::Forced),
            (Some(_), Some(WakeRule::Queue)) => {
                let agent = agent.id.clone();
                self.commit(Fact::Returned {
                    conversation,
                    agent,
                    cause: ReturnCause::Withdrawn,
                    queue: None,
                    group: None,
                });
                return self.give_out_at_once(no);
            }
            (Some(_), Some(WakeRule::Reserve) | None) => return,
        };
        self.commit(Fact::Woken {
            conversation,
            over_cap,
        });
    }

    /// Lets an agent do something else, with what follows for their offers and conversations.
    pub(super) fn change_status(
        &mut self,
        no: AgentNo,
        agent: AgentId,
        status: Word,
        class: StatusClass,
    ) {
        let goes_off = class == StatusClass::Off
            && self.agents.get(no).map(|agent| agent.class) != Some(StatusClass::Off);
        self.commit(Fact::AgentStatus {
            agent: agent.clone(),
            status,
            class,
        });
        let mut back = Vec::new();
        if self.agents.get(no).is_some_and(|agent| !agent.accepts) {
            back = self.withdraw_offers(no, &agent);
        }
        if goes_off && self.requeues() {
            back.extend(self.give_back_all(no, &agent));
        }
        for conversation in back {
            self.give_out_named(&conversation);
        }
    }

    /// What is offered to an agent, in no order.
    pub(super) fn offered_to(&self, no: AgentNo) -> Vec<ConversationId> {
        let agent = self.agents.get(no);
        let offers = agent.into_iter().flat_map(|agent| &agent.kept().offers);
        let offered = offers.filter_map(|held| self.conversations.get(held.conversation));
        offered.map(|it| it.id.clone()).collect()
    }

    /// Takes back what is offered to an agent who takes nothing more, in the order of their ids.
    pub(super) fn withdraw_offers(&mut self, no: AgentNo, agent: &AgentId) -> Vec<ConversationId> {
        let mut offered = self.offered_to(no);
        offered.sort();
        for conversation in &offered {
            self.commit(Fact::Declined {
                conversation: conversation.clone(),
                agent: agent.clone(),
                by: DeclinedBy::Agent,
            });
        }
        offered
    }
}
