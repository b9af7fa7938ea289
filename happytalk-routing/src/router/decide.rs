//! What follows from an input.

use std::sync::Arc;

use happytalk_core::Timestamp;
use happytalk_core::event::{
    AssignedHow, OverCap, RejectReason, ReturnCause, StatusClass, TransferHow,
};
use happytalk_core::id::{AgentId, ConversationId, QueueId};

use super::Router;
use crate::agent::AgentSpec;
use crate::cap::{self, Ineligible};
use crate::conversation::{Conversation, Seat};
use crate::error::Error;
use crate::fact::Fact;
use crate::input::Input;
use crate::settings::{Mode, NobodyOnDuty};
use crate::slab::{AgentNo, ConversationNo, Number, QueueNo};

impl Router {
    /// Takes one input. Afterwards drain [`Router::poll_output`] until it is `None`.
    ///
    /// A `now` before that of an earlier input is read as that one.
    pub fn handle_input(&mut self, input: Input, now: Timestamp) {
        self.now = self.now.max(now);
        match input {
            Input::SetAgent { agent, spec } => self.on_set_agent(agent, spec),
            Input::SetStatus { agent, class } => {
                let done = self.on_status(&agent, class);
                self.say(None, Some(agent), done);
            }
            Input::RemoveAgent { agent } => self.on_remove(agent),
            Input::Enqueue {
                conversation,
                queue,
                channel,
                priority,
                weight,
            } => {
                match self.may_wait(&conversation, queue.as_ref()) {
                    Ok(None) => {}
                    Ok(Some(queue)) => {
                        // Only hybrid mode asks for the name again.
                        let name = (self.mode == Mode::Hybrid).then(|| conversation.clone());
                        self.commit(Fact::Enqueued {
                            conversation,
                            queue,
                            channel,
                            priority,
                            weight: weight.max(1),
                            enqueued_at: self.now,
                        });
                        if let Some(name) = name {
                            self.give_out_at_once(&name);
                        }
                    }
                    Err(error) => self.refuse(Some(conversation), None, error),
                }
            }
            Input::Open {
                conversation,
                agent,
                queue,
                channel,
                weight,
            } => {
                let done = self.queue_no(queue.as_ref()).and_then(|queue| {
                    let agent_no = self.agent_no(&agent)?;
                    if self.is_known(&conversation)? {
                        return Ok(());
                    }
                    let channel_no = self.channel_no(&channel);
                    let over_cap = self.ask(queue, channel_no, weight.max(1)).and_then(|ask| {
                        let agent = self.agents.get(agent_no)?;
                        cap::reached(&self.settings, agent, ask)
                    });
                    let queue = self.queue_id(queue)?;
                    self.commit(Fact::Opened {
                        conversation: conversation.clone(),
                        agent: agent.clone(),
                        queue,
                        channel,
                        weight: weight.max(1),
                        over_cap: over_cap.map(|_| OverCap::Forced),
                    });
                    Ok(())
                });
                self.say(Some(conversation), Some(agent), done);
            }
            Input::Pick {
                conversation,
                agent,
            } => {
                let done = self.on_pick(&conversation, &agent);
                self.say(Some(conversation), Some(agent), done);
            }
            Input::Assign {
                conversation,
                agent,
            } => {
                let done = self.on_assign(&conversation, &agent);
                self.say(Some(conversation), Some(agent), done);
            }
            Input::Transfer {
                conversation,
                to,
                how,
            } => {
                let done = self.on_transfer(&conversation, &to, how);
                self.say(Some(conversation), Some(to), done);
            }
            Input::Return {
                conversation,
                cause,
                queue,
            } => {
                let done = self.on_return(&conversation, cause, queue.as_ref());
                self.say(Some(conversation), None, done);
            }
            Input::StartAfterWork { conversation } => {
                let done = self.on_after_work(&conversation);
                self.say(Some(conversation), None, done);
            }
            Input::Resume { conversation } => {
                let done = self.on_resume(&conversation);
                self.say(Some(conversation), None, done);
            }
            Input::Release { conversation } => {
                if let Some(no) = self.number(&conversation) {
                    // What `apply` does, without looking the name up again.
                    self.note(self.now);
                    self.release(no);
                    self.push(Fact::Released { conversation }, None);
                }
            }
            Input::Hold { conversation } => {
                let held = self.known(&conversation).map(|(_, it)| it.held);
                let done = held.map(|held| {
                    if !held {
                        let conversation = conversation.clone();
                        self.commit(Fact::Held { conversation });
                    }
                });
                self.say(Some(conversation), None, done);
            }
            Input::Unhold { conversation } => {
                let done = self.on_unhold(&conversation);
                self.say(Some(conversation), None, done);
            }
            Input::SetMode { mode } => {
                if mode != self.mode {
                    self.commit(Fact::ModeSet { mode });
                }
            }
            Input::Tick => {}
        }
        self.give_out();
        self.assert_sound();
    }

    fn say(
        &mut self,
        conversation: Option<ConversationId>,
        agent: Option<AgentId>,
        done: Result<(), Error>,
    ) {
        if let Err(error) = done {
            self.refuse(conversation, agent, error);
        }
    }

    /// Whether the router gives out what waits whenever somebody may take it.
    pub(super) const fn gives_out(&self) -> bool {
        match self.mode {
            Mode::Auto => true,
            Mode::Manual => false,
            Mode::Hybrid => self.settings.hybrid_backfill,
        }
    }

    fn give_out(&mut self) {
        if !self.gives_out() {
            return;
        }
        let mut left = self.settings.assignments_max.map(|max| max.get());
        while left != Some(0) {
            let Some((conversation, agent)) = self.next_pair() else {
                return;
            };
            self.give(conversation, agent);
            left = left.map(|left| left - 1);
        }
    }

    /// In hybrid mode without back-fill, one that just came has this one chance to be given out.
    fn give_out_at_once(&mut self, conversation: &ConversationId) {
        if self.mode != Mode::Hybrid || self.settings.hybrid_backfill {
            return;
        }
        let choice = self.number(conversation).and_then(|no| {
            let tried = self.conversations.get(no)?.tried.as_slice();
            Some((no, self.choice(self.shelf_of(no)?, tried)?))
        });
        if let Some((conversation, agent)) = choice {
            self.give(conversation, agent);
        }
    }

    fn give(&mut self, no: ConversationNo, agent_no: AgentNo) {
        let (Some(it), Some(agent)) = (self.conversations.get(no), self.agents.get(agent_no))
        else {
            return;
        };
        let how = AssignedHow::Auto;
        let fact = Fact::Assigned {
            conversation: it.id.as_ref().clone(),
            agent: agent.id.as_ref().clone(),
            how,
            over_cap: None,
        };
        let why = match self.settings.explain {
            true => self.explain_no(no).map(Box::new),
            false => None,
        };
        // What `apply` does, without looking the names up again.
        self.note(self.now);
        self.assigned(no, agent_no, how, self.now);
        self.push(fact, why);
    }

    fn queue_no(&self, queue: Option<&QueueId>) -> Result<QueueNo, Error> {
        match queue {
            None => Ok(self.default_queue),
            Some(queue) => {
                let no = self.queue_nos.get(queue).copied();
                no.ok_or(Error::UnknownQueue)
            }
        }
    }

    fn queue_id(&self, queue: QueueNo) -> Result<QueueId, Error> {
        let settings = self.settings.queues.get(queue.place());
        settings.map(|it| it.id.clone()).ok_or(Error::UnknownQueue)
    }

    fn agent_no(&self, agent: &AgentId) -> Result<AgentNo, Error> {
        let no = self.agent_nos.get(agent).copied();
        no.ok_or(Error::UnknownAgent)
    }

    fn known(
        &self,
        conversation: &ConversationId,
    ) -> Result<(ConversationNo, &Conversation), Error> {
        let no = self.number(conversation);
        no.and_then(|no| Some((no, self.conversations.get(no)?)))
            .ok_or(Error::UnknownConversation)
    }

    /// The queue where a conversation that asks may wait; `None` when it is held already.
    fn may_wait(
        &self,
        conversation: &ConversationId,
        queue: Option<&QueueId>,
    ) -> Result<Option<QueueId>, Error> {
        let queue = self.queue_no(queue)?;
        if self.is_known(conversation)? {
            return Ok(None);
        }
        self.admitted(queue)?;
        self.queue_id(queue).map(Some)
    }

    /// Whether it is held already; refused while its last agent is at work on it.
    fn is_known(&self, conversation: &ConversationId) -> Result<bool, Error> {
        match self.known(conversation).map(|(_, it)| it.seat) {
            Ok(Seat::AfterWork(agent)) => Err(self.taken_by(agent)),
            Ok(Seat::Waiting | Seat::With(_)) => Ok(true),
            Err(_) => Ok(false),
        }
    }

    fn taken_by(&self, agent: AgentNo) -> Error {
        match self.agents.get(agent) {
            Some(agent) => Error::AlreadyTaken {
                by: agent.id.as_ref().clone(),
            },
            None => Error::UnknownAgent,
        }
    }

    /// Whether one more may wait in the queue.
    fn admitted(&self, queue: QueueNo) -> Result<(), Error> {
        let settings = self.settings.queues.get(queue.place());
        let waiting = self.queues.get(queue.place()).map_or(0, |it| it.waiting);
        let queue_max = settings.and_then(|it| it.waiting_max);
        if queue_max.is_some_and(|max| waiting >= max)
            || self
                .settings
                .waiting_max
                .is_some_and(|max| self.waiting >= max)
        {
            return Err(Error::QueueFull);
        }
        match self.settings.nobody_on_duty {
            NobodyOnDuty::Reject if !self.is_staffed(queue) => Err(Error::NoAgentOnDuty),
            NobodyOnDuty::Reject | NobodyOnDuty::Wait => Ok(()),
        }
    }

    /// Why a request for an agent in this queue would be turned away now; `None` when it would be admitted, or the
    /// queue is not known. Without a queue the default one is asked.
    ///
    /// On duty is whoever serves the queue and is not off, also one on a break.
    #[must_use]
    pub fn admits(&self, queue: Option<&QueueId>) -> Option<RejectReason> {
        match self.admitted(self.queue_no(queue).ok()?) {
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
                    && queue.pool.holds(&agent.id, agent.spec.group.as_ref())
            })
        })
    }

    fn on_set_agent(&mut self, agent: AgentId, spec: AgentSpec) {
        let known = self.agent_nos.get(&agent);
        let known = known.and_then(|no| self.agents.get(*no));
        if known.is_none_or(|known| known.spec != spec) {
            self.commit(Fact::AgentSet { agent, spec });
        }
    }

    fn on_status(&mut self, id: &AgentId, class: StatusClass) -> Result<(), Error> {
        let no = self.agent_no(id)?;
        if self.agents.get(no).map(|agent| agent.class) == Some(class) {
            return Ok(());
        }
        let agent = id.clone();
        self.commit(Fact::AgentStatus { agent, class });
        if class == StatusClass::Off && self.requeues() {
            for conversation in self.give_back_all(no, id) {
                self.give_out_at_once(&conversation);
            }
        }
        Ok(())
    }

    fn on_remove(&mut self, agent: AgentId) {
        if let Some(no) = self.agent_nos.get(&agent).copied() {
            // Nobody is given anything between these facts: that comes at the end of the input.
            let returned = self.give_back_all(no, &agent);
            self.commit(Fact::AgentRemoved { agent });
            for conversation in returned {
                self.give_out_at_once(&conversation);
            }
        }
    }

    /// Lets wait again what the agent talks about, in the order of waiting.
    fn give_back_all(&mut self, no: AgentNo, agent: &AgentId) -> Vec<ConversationId> {
        let had = self.agents.get(no).map(|it| it.conversations.as_slice());
        let had = had.unwrap_or_default().iter();
        let talks = had.filter_map(|no| self.conversations.get(*no));
        let talks = talks.filter(|it| matches!(it.seat, Seat::With(_)));
        let mut talks: Vec<_> = talks
            .map(|it| (it.key(self.settings.priority), Arc::clone(&it.id)))
            .collect();
        talks.sort();
        let talks = talks.into_iter().map(|(_, id)| id.as_ref().clone());
        let talks: Vec<ConversationId> = talks.collect();
        for conversation in &talks {
            self.commit(Fact::Returned {
                conversation: conversation.clone(),
                agent: agent.clone(),
                cause: ReturnCause::Offline,
                queue: None,
            });
        }
        talks
    }

    fn on_pick(&mut self, conversation: &ConversationId, agent: &AgentId) -> Result<(), Error> {
        let (_, it) = self.known(conversation)?;
        let no = self.agent_no(agent)?;
        match it.seat {
            Seat::Waiting => {}
            Seat::With(by) if by == no => return Ok(()),
            Seat::With(by) | Seat::AfterWork(by) => return Err(self.taken_by(by)),
        }
        let picker = self.agents.get(no).ok_or(Error::UnknownAgent)?;
        let ask = self.ask_of(it).ok_or(Error::UnknownQueue)?;
        cap::would_take(picker, ask)?;
        let over_cap = match cap::reached(&self.settings, picker, ask) {
            None => None,
            Some(_) if self.mode == Mode::Hybrid && self.settings.pick_over_cap => {
                Some(OverCap::Pick)
            }
            Some(level) => return Err(Ineligible::Cap(level).into()),
        };
        self.commit(Fact::Assigned {
            conversation: conversation.clone(),
            agent: agent.clone(),
            how: AssignedHow::Pick,
            over_cap,
        });
        Ok(())
    }

    fn on_assign(&mut self, conversation: &ConversationId, agent: &AgentId) -> Result<(), Error> {
        let (_, it) = self.known(conversation)?;
        let no = self.agent_no(agent)?;
        match it.seat {
            Seat::Waiting => {}
            Seat::With(by) if by == no => return Ok(()),
            Seat::With(by) | Seat::AfterWork(by) => return Err(self.taken_by(by)),
        }
        let over_cap = self.forced_over(no, it);
        self.commit(Fact::Assigned {
            conversation: conversation.clone(),
            agent: agent.clone(),
            how: AssignedHow::Manager,
            over_cap,
        });
        Ok(())
    }

    /// What an event says that gives this to the agent whatever the limits.
    fn forced_over(&self, agent: AgentNo, it: &Conversation) -> Option<OverCap> {
        let agent = self.agents.get(agent)?;
        cap::reached(&self.settings, agent, self.ask_of(it)?).map(|_| OverCap::Forced)
    }

    fn on_transfer(
        &mut self,
        conversation: &ConversationId,
        to: &AgentId,
        how: TransferHow,
    ) -> Result<(), Error> {
        let (_, it) = self.known(conversation)?;
        let to_no = self.agent_no(to)?;
        let from = match it.seat {
            Seat::With(from) => from,
            Seat::AfterWork(by) => return Err(self.taken_by(by)),
            Seat::Waiting => return Err(Error::NotAssigned),
        };
        if from == to_no {
            return Ok(());
        }
        let target = self.agents.get(to_no).ok_or(Error::UnknownAgent)?;
        if how == TransferHow::Accepted {
            let ask = self.ask_of(it).ok_or(Error::UnknownQueue)?;
            if matches!(target.class, StatusClass::Off | StatusClass::Paused) {
                return Err(Ineligible::Status(target.class).into());
            }
            if !target.spec.takes(ask.channel) {
                return Err(Ineligible::Channel.into());
            }
            if self.occupies(it)
                && let Some(level) = cap::reached(&self.settings, target, ask)
            {
                return Err(Ineligible::Cap(level).into());
            }
        }
        let from = self.agents.get(from).ok_or(Error::UnknownAgent)?;
        self.commit(Fact::Transferred {
            conversation: conversation.clone(),
            from: from.id.as_ref().clone(),
            to: to.clone(),
            how,
        });
        Ok(())
    }

    fn on_return(
        &mut self,
        conversation: &ConversationId,
        cause: ReturnCause,
        queue: Option<&QueueId>,
    ) -> Result<(), Error> {
        let (_, it) = self.known(conversation)?;
        let to = queue.map(|queue| self.queue_no(Some(queue))).transpose()?;
        let to = to.filter(|to| *to != it.queue);
        let agent = match it.seat {
            Seat::With(agent) => agent,
            Seat::AfterWork(by) => return Err(self.taken_by(by)),
            Seat::Waiting if to.is_none() => return Ok(()),
            Seat::Waiting => return Err(Error::NotAssigned),
        };
        let agent = self.agents.get(agent).ok_or(Error::UnknownAgent)?;
        let agent = agent.id.as_ref().clone();
        let queue = to.map(|to| self.queue_id(to)).transpose()?;
        self.commit(Fact::Returned {
            conversation: conversation.clone(),
            agent,
            cause,
            queue,
        });
        self.give_out_at_once(conversation);
        Ok(())
    }

    fn on_after_work(&mut self, conversation: &ConversationId) -> Result<(), Error> {
        match self.known(conversation)?.1.seat {
            Seat::Waiting => Err(Error::NotAssigned),
            Seat::AfterWork(_) => Ok(()),
            Seat::With(_) => {
                let conversation = conversation.clone();
                self.commit(Fact::AfterWorkStarted { conversation });
                Ok(())
            }
        }
    }

    fn on_resume(&mut self, conversation: &ConversationId) -> Result<(), Error> {
        let (_, it) = self.known(conversation)?;
        let agent = match it.seat {
            Seat::Waiting => return Err(Error::NotAssigned),
            Seat::With(_) => return Ok(()),
            Seat::AfterWork(agent) => agent,
        };
        let on_hold = it.held && self.settings.hold_frees_slot;
        let takes_a_slot = !self.settings.acw_occupies_slot && !on_hold;
        let over_cap = match takes_a_slot {
            true => self.forced_over(agent, it),
            false => None,
        };
        self.commit(Fact::Resumed {
            conversation: conversation.clone(),
            over_cap,
        });
        Ok(())
    }

    fn on_unhold(&mut self, conversation: &ConversationId) -> Result<(), Error> {
        let (_, it) = self.known(conversation)?;
        if !it.held {
            return Ok(());
        }
        let mut over_cap = None;
        let counts = match it.seat {
            Seat::Waiting => None,
            Seat::With(agent) => Some(agent),
            Seat::AfterWork(agent) => self.settings.acw_occupies_slot.then_some(agent),
        };
        if let Some(agent) = counts
            && self.settings.hold_frees_slot
            && let Some(agent) = self.agents.get(agent)
            && let Some(ask) = self.ask_of(it)
            && let Some(level) = cap::reached(&self.settings, agent, ask)
        {
            if !self.settings.unhold_over_cap {
                return Err(Ineligible::Cap(level).into());
            }
            over_cap = Some(OverCap::Forced);
        }
        self.commit(Fact::Unheld {
            conversation: conversation.clone(),
            over_cap,
        });
        Ok(())
    }
}
