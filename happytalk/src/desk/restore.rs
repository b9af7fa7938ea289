//! A desk out of its log.

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::Action;
use happytalk_core::conversation::Phase;
use happytalk_core::effect::{Effect, EffectKind};
use happytalk_core::event::{AssignedHow, Event, TransferTarget};
use happytalk_core::id::{AgentId, ConversationId, MessageId};
use happytalk_core::log::{Line, Stream};
use happytalk_core::time::Timestamp;
use happytalk_routing::{AgentSpec, Fact, Speaker};

use super::memory::{Memory, Which};
use super::{Awaited, Desk};
use crate::Error;

impl Desk {
    /// Makes this desk, which must be new, the one that `lines` led to, with where its bots stand and the effects
    /// that are still under way. `seen` are the keys of the platforms' messages that were taken, of
    /// [`Stored::seen`](happytalk_core::store::Stored::seen).
    ///
    /// # Errors
    /// [`Error::Log`] where a stream has a gap or a conversation does not begin with its opening.
    pub fn restore(
        mut self,
        lines: &[Line],
        states: &[(ConversationId, Vec<u8>)],
        effects: &[Effect],
        seen: &[String],
    ) -> Result<Self, Error> {
        let refused = refused_requests(lines);
        let mut sent: BTreeMap<MessageId, Option<MessageId>> = effects
            .iter()
            .filter_map(said)
            .map(|outbound| (outbound, None))
            .collect();
        for (index, line) in lines.iter().enumerate() {
            self.check_place(line)
                .map_err(|()| Error::Log { line: index + 1 })?;
            self.clock = self.clock.max(line.at);
            self.let_in_before(line);
            self.fold(line);
            if let Some((outbound, message)) = said_line(line)
                && let Some(known) = sent.get_mut(&outbound)
            {
                *known = Some(message);
            }
            if !refused.contains(&index) {
                self.tell_router(line);
            }
        }
        for (conversation, bytes) in states {
            self.restore_bot(conversation, bytes);
        }
        for effect in effects {
            if let Some(awaited) = self.awaited(effect, &sent) {
                self.awaited.insert(effect.id.clone(), awaited);
            }
        }
        for key in seen {
            self.seen.insert(key.clone(), self.clock);
        }
        self.look_for_opening();
        self.told_before();
        Ok(self)
    }

    fn check_place(&self, line: &Line) -> Result<(), ()> {
        let before = match &line.stream {
            Stream::Conversation(id) => match self.live.get(id) {
                Some(live) => live.conversation.seq(),
                None if matches!(line.event, Event::Opened { .. }) => 0,
                None => return Err(()),
            },
            Stream::Agent(id) => self.agents.get(id).map_or(0, |record| record.seq),
            Stream::Site(_) => self.site_seq,
        };
        if line.seq == before + 1 {
            Ok(())
        } else {
            Err(())
        }
    }

    /// Those whose hours had opened by then were given to distribution, and one that somebody took before was too.
    fn let_in_before(&mut self, line: &Line) {
        for id in self.opened_for(line.at) {
            self.unpark(&id);
            self.enqueue_again(&id, line.at);
        }
        if let (Stream::Conversation(id), Event::Assigned { .. }) = (&line.stream, &line.event)
            && self.unpark(id)
        {
            self.enqueue_again(id, line.at);
            if !self.router.is_held_back(id) {
                let conversation = id.clone();
                self.router.apply(&Fact::HeldBack { conversation }, line.at);
            }
        }
    }

    fn enqueue_again(&mut self, id: &ConversationId, at: Timestamp) {
        if let Some(request) = self.request_of(id)
            && let Ok(fact) = self.router.enqueued(id, &request, at)
        {
            self.router.apply(&fact, at);
            self.hold_back_again(id, at);
        }
    }

    /// Where the profile bot asks, distribution was told to hold it back.
    fn hold_back_again(&mut self, id: &ConversationId, at: Timestamp) {
        if self.is_held_for_profile(id)
            && self.router.owner(id).is_some()
            && !self.router.is_held_back(id)
        {
            let conversation = id.clone();
            self.router.apply(&Fact::HeldBack { conversation }, at);
        }
    }

    /// And it was told to hold it back no more.
    fn let_in_again(&mut self, id: &ConversationId, at: Timestamp) {
        if !self.is_held_for_profile(id) && self.router.is_held_back(id) {
            let conversation = id.clone();
            self.router.apply(&Fact::LetIn { conversation }, at);
        }
    }

    fn tell_router(&mut self, line: &Line) {
        let waits = matches!(
            line.event,
            Event::AgentRequested { .. } | Event::Reopened { .. }
        );
        if let Stream::Conversation(id) = &line.stream
            && waits
            && self
                .live
                .get(id)
                .is_some_and(|live| live.conversation.phase() == Phase::Waiting)
        {
            if self.waits_for_opening(id, line.at) {
                self.park(id);
            } else {
                self.enqueue_again(id, line.at);
            }
            return;
        }
        let fact = match &line.stream {
            Stream::Agent(agent) => agent_fact(agent.clone(), &line.event),
            Stream::Conversation(id) => self.conversation_fact(id, line),
            Stream::Site(_) => None,
        };
        // A status by another name, of the same class, is nothing to the router.
        let nothing = match &fact {
            Some(Fact::AgentStatus {
                agent,
                status,
                class,
            }) => {
                self.router.status(agent) == Some(*class)
                    && self.router.status_name(agent) == Some(status)
            }
            Some(Fact::Opened { .. }) | None => false,
            // A conversation that was with the bot all along is none of the router's business.
            Some(_) => match &line.stream {
                Stream::Conversation(id) => self.router.owner(id).is_none(),
                Stream::Agent(_) | Stream::Site(_) => false,
            },
        };
        if let Some(fact) = fact.filter(|_| !nothing) {
            self.router.apply(&fact, line.at);
        }
        if let Stream::Conversation(id) = &line.stream {
            match line.event {
                Event::ProfileRequested { .. } => self.hold_back_again(id, line.at),
                Event::ProfileCompleted { .. }
                | Event::ProfileSkipped { .. }
                | Event::Assigned { .. } => self.let_in_again(id, line.at),
                _ => {}
            }
        }
    }

    fn conversation_fact(&self, id: &ConversationId, line: &Line) -> Option<Fact> {
        let conversation = id.clone();
        Some(match &line.event {
            Event::Assigned {
                agent,
                how: AssignedHow::Opener,
                over_cap,
            } => {
                let known = &self.live.get(id)?.conversation;
                Fact::Opened {
                    conversation,
                    agent: agent.clone(),
                    queue: self.settings.queue_for(None, known.category()),
                    channel: known.party()?.channel.clone(),
                    weight: 1,
                    over_cap: *over_cap,
                }
            }
            Event::Assigned {
                agent,
                how,
                over_cap,
            } => Fact::Assigned {
                conversation,
                agent: agent.clone(),
                how: *how,
                over_cap: *over_cap,
            },
            Event::Transferred { from, to, how } => Fact::Transferred {
                conversation,
                from: from.clone(),
                to: to.clone(),
                how: *how,
                over_cap: None,
            },
            Event::CustomerSaid { .. } => Fact::Said {
                conversation,
                by: Speaker::Customer,
            },
            Event::AgentSaid { .. } => Fact::Said {
                conversation,
                by: Speaker::Agent,
            },
            Event::Offered { agent, until } => Fact::Offered {
                conversation,
                agent: agent.clone(),
                until: *until,
            },
            Event::Declined { agent, by } => Fact::Declined {
                conversation,
                agent: agent.clone(),
                by: *by,
            },
            Event::Woken { over_cap } => Fact::Woken {
                conversation,
                over_cap: *over_cap,
            },
            Event::ReturnedToQueue { agent, cause, to } => {
                let queue = match to {
                    Some(TransferTarget::Queue(queue)) => {
                        Some(self.settings.queue_for(Some(queue), None))
                    }
                    Some(TransferTarget::Category(category)) => {
                        Some(self.queue_of_category(id, category))
                    }
                    _ => None,
                };
                let group = match to {
                    Some(TransferTarget::Group(group)) => Some(group.clone()),
                    _ => None,
                };
                Fact::Returned {
                    conversation,
                    agent: agent.clone(),
                    cause: *cause,
                    queue,
                    group,
                }
            }
            Event::Held { .. } => Fact::Held { conversation },
            Event::Unheld { over_cap, .. } => Fact::Unheld {
                conversation,
                over_cap: *over_cap,
            },
            Event::Reopened { .. } => Fact::Resumed {
                conversation,
                over_cap: None,
            },
            Event::Ended {
                after_work: true, ..
            } => Fact::AfterWorkStarted { conversation },
            Event::Ended {
                after_work: false, ..
            }
            | Event::AfterWorkEnded { .. } => Fact::Released { conversation },
            _ => return None,
        })
    }

    fn restore_bot(&mut self, id: &ConversationId, bytes: &[u8]) {
        let Some(live) = self.live.get_mut(id) else {
            return;
        };
        if !live.conversation.phase().is_live() {
            return;
        }
        match Memory::from_bytes(bytes) {
            Some(memory) => live.memory = memory,
            // The bot begins again at the customer's next message.
            None => self.pass_over("desk.bot_state"),
        }
    }

    /// What the effect is for; `None` where nothing comes of it.
    fn awaited(
        &mut self,
        effect: &Effect,
        sent: &BTreeMap<MessageId, Option<MessageId>>,
    ) -> Option<Awaited> {
        let conversation = effect.conversation.clone();
        let memory = self
            .live
            .get_mut(&conversation)
            .map(|live| &mut live.memory);
        let which = |memory: Option<&Memory>, call: &str| {
            let asks = memory.and_then(|memory| memory.profile.as_ref()?.awaits());
            match asks == Some(call) {
                true => Which::Profile,
                false => Which::Front,
            }
        };
        match &effect.what {
            EffectKind::Send { channel, outbound } if outbound.action == (Action::End {}) => {
                let (account, customer) = (outbound.account.clone(), outbound.customer.clone());
                let key = (channel.clone(), account, customer);
                if let Some(record) = self.customers.get_mut(&key) {
                    record.ending = Some(effect.id.clone());
                }
                Some(Awaited::SessionEnd(key))
            }
            EffectKind::Send { outbound, .. } => Some(match sent.get(&outbound.id) {
                Some(Some(message)) => Awaited::Said {
                    conversation,
                    message: message.clone(),
                },
                _ => Awaited::Nothing,
            }),
            EffectKind::Call { call } => Some(match &call.id {
                Some(id) => Awaited::Call {
                    conversation,
                    which: which(memory.as_deref(), id),
                    call: id.clone(),
                },
                None => Awaited::Nothing,
            }),
            EffectKind::Approve { approval } => {
                let memory = memory?;
                memory.approval = Some(effect.id.clone());
                Some(Awaited::Approval {
                    conversation,
                    which: which(Some(memory), &approval.call),
                    call: approval.call.clone(),
                })
            }
            _ => None,
        }
    }
}

/// The lines that asked for an agent and were then turned away: the router never heard of them.
fn refused_requests(lines: &[Line]) -> BTreeSet<usize> {
    let mut asked = BTreeMap::new();
    let mut refused = BTreeSet::new();
    for (index, line) in lines.iter().enumerate() {
        let Stream::Conversation(id) = &line.stream else {
            continue;
        };
        match line.event {
            Event::AgentRequested { .. } => {
                asked.insert(id, index);
            }
            Event::Rejected { .. } => refused.extend(asked.remove(id)),
            Event::Assigned { .. } => {
                asked.remove(id);
            }
            _ => {}
        }
    }
    refused
}

fn agent_fact(agent: AgentId, event: &Event) -> Option<Fact> {
    Some(match event {
        Event::AgentSet {
            group,
            order,
            caps,
            skills,
            weight,
            channels,
            shifts,
        } => {
            let mut spec = AgentSpec::new()
                .with_order(order.unwrap_or(0))
                .with_caps(caps.clone().unwrap_or_default());
            spec.group.clone_from(group);
            spec.channels = channels
                .as_ref()
                .map(|channels| channels.iter().cloned().collect());
            spec.skills = skills.clone().unwrap_or_default();
            spec.weight = weight.unwrap_or(1).max(1);
            spec.shifts.clone_from(shifts);
            let spec = Box::new(spec);
            Fact::AgentSet { agent, spec }
        }
        Event::AgentStatus { status, class } => Fact::AgentStatus {
            agent,
            status: status.clone(),
            class: *class,
        },
        Event::AgentRemoved {} => Fact::AgentRemoved { agent },
        _ => return None,
    })
}

/// The id under which a message goes over the wire, where the effect is the sending of one.
fn said(effect: &Effect) -> Option<MessageId> {
    match &effect.what {
        EffectKind::Send { outbound, .. } if matches!(outbound.action, Action::Say { .. }) => {
            Some(outbound.id.clone())
        }
        _ => None,
    }
}

/// The id under which what a line says went over the wire, and its id in the log.
fn said_line(line: &Line) -> Option<(MessageId, MessageId)> {
    let Stream::Conversation(id) = &line.stream else {
        return None;
    };
    let (Event::BotSaid { message }
    | Event::AgentSaid { message, .. }
    | Event::AutoSaid { message, .. }) = &line.event
    else {
        return None;
    };
    let message = message.open()?;
    Some((MessageId::numbered(id, line.seq), message.id.clone()))
}
