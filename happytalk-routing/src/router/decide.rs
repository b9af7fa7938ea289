//! What follows from an input.

use std::hint;

use happytalk_core::Timestamp;
use happytalk_core::event::StatusClass;
use happytalk_core::hours::Schedule;
use happytalk_core::id::{AgentId, ConversationId, QueueId, Word};

use super::{Router, STATUSES_MAX};
use crate::agent::AgentSpec;
use crate::conversation::Conversation;
use crate::error::Error;
use crate::fact::Fact;
use crate::input::Input;
use crate::lookup::Digest;
use crate::request::Request;
use crate::settings::{OnLogout, Queue};
use crate::slab::{AgentNo, ConversationNo, Number, QueueNo};
use crate::status;

impl Router {
    /// Takes one input. Afterwards drain [`Router::poll_output`] until it is `None`.
    ///
    /// A `now` before that of an earlier input is read as that one. What the clock brought since comes first.
    pub fn handle_input(&mut self, input: Input, now: Timestamp) {
        let digest = self.await_soon(&input);
        self.set_clock(now);
        self.left = self.settings.assignments_max.map(|max| max.get());
        self.run_due();
        match input {
            Input::Release { conversation } => self.on_release(conversation, digest),
            Input::Enqueue {
                conversation,
                ref request,
            } => self.on_enqueue(conversation, digest, request),
            other => self.react_to_rare(other),
        }
        self.settle();
        self.run_due();
        self.assert_sound();
    }

    /// Asks the memory for what the input is going to look at, all at once and without waiting for it: of its own
    /// conversation, and of those who may be given out next. Each step of the latter rests on one that an earlier input
    /// took. Gives the digest of the name, where that is wanted.
    #[inline]
    fn await_soon(&self, input: &Input) -> Digest {
        let [first, second] = self.up_next;
        let first = first.and_then(|no| self.conversations.get(no));
        match input {
            Input::Release { conversation } => {
                let digest = Digest::of(conversation);
                let own = self.talking_nos.hint(digest);
                let own = own.and_then(|no| self.conversations.get(no));
                hint::black_box(own.is_some());
                // Somebody becomes free: who waited is about to be found by name no longer among the waiting.
                if let Some(first) = first {
                    self.waiting_nos.await_soon(Digest::of(&first.id));
                }
                digest
            }
            Input::Enqueue { conversation, .. } => {
                let digest = Digest::of(conversation);
                self.waiting_nos.await_soon(digest);
                let second = second.and_then(|no| self.conversations.get(no));
                hint::black_box(second.is_some());
                let name = first.map(|it| it.id.as_str().as_bytes());
                hint::black_box(name.and_then(|name| name.first().copied()));
                digest
            }
            _ => Digest::default(),
        }
    }

    #[inline(never)]
    fn react_to_rare(&mut self, input: Input) {
        match input {
            Input::Release { .. } | Input::Enqueue { .. } | Input::Tick => {}
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
        }
    }

    fn on_release(&mut self, conversation: ConversationId, digest: Digest) {
        let Some(no) = self.number_as(digest, &conversation) else {
            return;
        };
        // What `commit` does, without looking the name up again.
        self.revision = self.revision.saturating_add(1);
        let revision = self.release_as(no, digest).saturating_add(1);
        self.say(Fact::Released { conversation }, revision, None);
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

    pub(super) fn queue_at(&self, no: QueueNo) -> Result<&Queue, Error> {
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
