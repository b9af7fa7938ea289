//! Who has a conversation: taking, giving, passing on and giving back.

use std::collections::BTreeSet;

use happytalk_core::event::{
    AssignedHow, DeclinedBy, OverCap, ReturnCause, StatusClass, TransferHow, TransferTarget,
};
use happytalk_core::id::{AgentId, ConversationId, GroupId, QueueId};

use super::Router;
use crate::cap::{self, Ineligible};
use crate::conversation::{Conversation, Seat};
use crate::error::Error;
use crate::fact::Fact;
use crate::input::Speaker;
use crate::request::Request;
use crate::settings::Mode;
use crate::slab::{AgentNo, ConversationNo, Number};

impl Router {
    /// Lets wait again what the agent talks about, in the order of waiting.
    pub(super) fn give_back_all(&mut self, no: AgentNo, agent: &AgentId) -> Vec<ConversationId> {
        let agent_had = self.agents.get(no);
        let had = agent_had.into_iter().flat_map(|it| &it.conversations);
        let talks = had.filter_map(|held| self.conversations.get(held.conversation));
        let talks = talks.filter(|it| matches!(it.seat, Seat::With(_)));
        let mut talks: Vec<_> = talks
            .filter_map(|it| {
                let queue = self.settings.queues.get(it.queue.place())?;
                let place = it.place(self.settings.priority, queue);
                Some((queue.tier, place, it.id.clone()))
            })
            .collect();
        talks.sort();
        let talks: Vec<_> = talks.into_iter().map(|(_, _, id)| id).collect();
        for conversation in &talks {
            self.commit(Fact::Returned {
                conversation: conversation.clone(),
                agent: agent.clone(),
                cause: ReturnCause::Offline,
                queue: None,
                group: None,
            });
        }
        talks
    }

    /// One that waits, and the agent who wants it; `None` when they have it already.
    fn wanted(
        &self,
        conversation: &ConversationId,
        agent: &AgentId,
    ) -> Result<Option<(ConversationNo, AgentNo)>, Error> {
        let (conversation, it) = self.known(conversation)?;
        let no = self.agent_no(agent)?;
        match it.seat {
            Seat::Waiting => Ok(Some((conversation, no))),
            Seat::With(by) if by == no => Ok(None),
            Seat::With(by) | Seat::AfterWork(by) => Err(self.taken_by(by)),
        }
    }

    fn is_offered_to(it: &Conversation, agent: AgentNo) -> bool {
        it.extra().offers.iter().any(|offer| offer.agent == agent)
    }

    pub(super) fn on_pick(
        &mut self,
        conversation: &ConversationId,
        agent: &AgentId,
    ) -> Result<(), Error> {
        let Some((no, agent_no)) = self.wanted(conversation, agent)? else {
            return Ok(());
        };
        let it = self.conversations.get(no);
        let it = it.ok_or(Error::UnknownConversation)?;
        let picker = self.agents.get(agent_no).ok_or(Error::UnknownAgent)?;
        let mut over_cap = None;
        // Who is offered it has its slot already.
        if !Self::is_offered_to(it, agent_no) {
            let ask = self.ask_of(it).ok_or(Error::UnknownQueue)?;
            cap::would_take(picker, ask)?;
            if it.extra().terms.barred.contains(agent) {
                return Err(Ineligible::Barred.into());
            }
            if let Some(why) = cap::held_up(self.house(), picker, ask) {
                return Err(why.into());
            }
            over_cap = match cap::reached(&self.settings, picker, ask) {
                None => None,
                Some(_) if self.mode == Mode::Hybrid && self.settings.pick_over_cap => {
                    Some(OverCap::Pick)
                }
                Some(level) => return Err(Ineligible::Cap(level).into()),
            };
        }
        self.commit(Fact::Assigned {
            conversation: conversation.clone(),
            agent: agent.clone(),
            how: AssignedHow::Pick,
            over_cap,
        });
        Ok(())
    }

    pub(super) fn on_accept(
        &mut self,
        conversation: &ConversationId,
        agent: &AgentId,
    ) -> Result<(), Error> {
        let Some((no, agent_no)) = self.wanted(conversation, agent)? else {
            return Ok(());
        };
        let offers = self.conversations.get(no).map(|it| &it.extra().offers);
        let mut offers = offers.into_iter().flatten();
        let offer = offers.find(|offer| offer.agent == agent_no);
        let how = match offer.ok_or(Error::NotOffered)?.sticky {
            true => AssignedHow::Sticky,
            false => AssignedHow::Auto,
        };
        self.commit(Fact::Assigned {
            conversation: conversation.clone(),
            agent: agent.clone(),
            how,
            over_cap: None,
        });
        Ok(())
    }

    pub(super) fn on_decline(
        &mut self,
        conversation: &ConversationId,
        agent: &AgentId,
    ) -> Result<(), Error> {
        let (no, it) = self.known(conversation)?;
        let agent_no = self.agent_no(agent)?;
        // One that comes too late has nothing left to decline.
        if Self::is_offered_to(it, agent_no) {
            self.commit(Fact::Declined {
                conversation: conversation.clone(),
                agent: agent.clone(),
                by: DeclinedBy::Agent,
            });
            self.give_out_at_once(no);
        }
        Ok(())
    }

    pub(super) fn on_assign(
        &mut self,
        conversation: &ConversationId,
        agent: &AgentId,
    ) -> Result<(), Error> {
        let Some((no, agent_no)) = self.wanted(conversation, agent)? else {
            return Ok(());
        };
        let it = self.conversations.get(no);
        let it = it.ok_or(Error::UnknownConversation)?;
        let over_cap = match Self::is_offered_to(it, agent_no) {
            true => None,
            false => self.forced_over(agent_no, it),
        };
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

    pub(super) fn on_transfer(
        &mut self,
        conversation: &ConversationId,
        to: &TransferTarget,
        how: TransferHow,
    ) -> Result<(), Error> {
        match to {
            TransferTarget::Agent(agent) => self.transfer_to_agent(conversation, agent, how),
            TransferTarget::Group(group) => {
                if !self.groups().contains(group) {
                    return Err(Error::UnknownGroup);
                }
                self.give_back(conversation, ReturnCause::Transfer, None, Some(group))
            }
            TransferTarget::Queue(queue) => {
                self.give_back(conversation, ReturnCause::Transfer, Some(queue), None)
            }
            TransferTarget::Category(category) => {
                let (_, it) = self.known(conversation)?;
                let channel = self.channels.get(it.channel.place());
                let channel = channel.ok_or(Error::UnknownQueue)?;
                let request = Request::new(channel.clone()).with_category(category.clone());
                let queue = self.queue_for(&request)?;
                self.give_back(conversation, ReturnCause::Transfer, Some(&queue), None)
            }
            // A target of a later version of the log.
            _ => Err(Error::UnknownQueue),
        }
    }

    /// The groups that anybody is of.
    fn groups(&self) -> BTreeSet<&GroupId> {
        let agents = self.agents.iter();
        agents
            .filter_map(|(_, agent)| agent.group.as_ref())
            .collect()
    }

    fn transfer_to_agent(
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
        let ask = self.ask_of(it).ok_or(Error::UnknownQueue)?;
        // It is awake from here on, so it counts unless it is held.
        let counts = !(it.held && self.settings.hold_frees_slot);
        let over = cap::reached(&self.settings, target, ask).filter(|_| counts);
        if how == TransferHow::Accepted {
            if matches!(target.class, StatusClass::Off | StatusClass::Paused) {
                return Err(Ineligible::Status(target.class).into());
            }
            if !target.takes(ask.channel) {
                return Err(Ineligible::Channel.into());
            }
            if let Some(level) = over {
                return Err(Ineligible::Cap(level).into());
            }
        }
        let from = self.agents.get(from).ok_or(Error::UnknownAgent)?;
        self.commit(Fact::Transferred {
            conversation: conversation.clone(),
            from: from.id.clone(),
            to: to.clone(),
            how,
            over_cap: over.map(|_| OverCap::Forced),
        });
        Ok(())
    }

    pub(super) fn on_return(
        &mut self,
        conversation: &ConversationId,
        cause: ReturnCause,
        queue: Option<&QueueId>,
    ) -> Result<(), Error> {
        let (_, it) = self.known(conversation)?;
        let to = queue.map(|queue| self.queue_no(Some(queue))).transpose()?;
        if it.seat == Seat::Waiting && to.is_none_or(|to| to == it.queue) {
            return Ok(());
        }
        self.give_back(conversation, cause, queue, None)
    }

    /// Lets one wait again that is with an agent.
    fn give_back(
        &mut self,
        conversation: &ConversationId,
        cause: ReturnCause,
        queue: Option<&QueueId>,
        group: Option<&GroupId>,
    ) -> Result<(), Error> {
        let (no, it) = self.known(conversation)?;
        let to = queue.map(|queue| self.queue_no(Some(queue))).transpose()?;
        let to = to.filter(|to| *to != it.queue);
        let agent = match it.seat {
            Seat::With(agent) => agent,
            Seat::AfterWork(by) => return Err(self.taken_by(by)),
            Seat::Waiting => return Err(Error::NotAssigned),
        };
        let agent = self.agents.get(agent).ok_or(Error::UnknownAgent)?;
        let agent = agent.id.clone();
        let queue = to.map(|to| self.queue_id(to)).transpose()?;
        self.commit(Fact::Returned {
            conversation: conversation.clone(),
            agent,
            cause,
            queue,
            group: group.cloned(),
        });
        if cause == ReturnCause::AcceptTimeout {
            self.alert(no);
        }
        self.give_out_at_once(no);
        Ok(())
    }

    pub(super) fn on_said(
        &mut self,
        conversation: &ConversationId,
        by: Speaker,
    ) -> Result<(), Error> {
        let (no, _) = self.known(conversation)?;
        if !self.counts(conversation, by) {
            return Ok(());
        }
        let conversation = conversation.clone();
        self.commit(Fact::Said { conversation, by });
        let rule = self.settings.inactive.map(|inactive| inactive.wake);
        self.wake(no, rule);
        Ok(())
    }

    pub(super) fn on_after_work(&mut self, conversation: &ConversationId) -> Result<(), Error> {
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

    pub(super) fn on_resume(&mut self, conversation: &ConversationId) -> Result<(), Error> {
        let (_, it) = self.known(conversation)?;
        let agent = match it.seat {
            Seat::Waiting => return Err(Error::NotAssigned),
            Seat::With(_) => return Ok(()),
            Seat::AfterWork(agent) => agent,
        };
        let on_hold = it.held && self.settings.hold_frees_slot;
        let over_cap = match !self.occupies(it) && !on_hold {
            true => self.forced_over(agent, it),
            false => None,
        };
        self.commit(Fact::Resumed {
            conversation: conversation.clone(),
            over_cap,
        });
        Ok(())
    }

    pub(super) fn on_unhold(&mut self, conversation: &ConversationId) -> Result<(), Error> {
        let (_, it) = self.known(conversation)?;
        if !it.held {
            return Ok(());
        }
        let mut over_cap = None;
        let counts = match it.seat {
            Seat::Waiting => None,
            Seat::With(agent) => (!it.extra().dormant).then_some(agent),
            Seat::AfterWork(agent) => {
                let counts = self.settings.acw_occupies_slot && !it.extra().dormant;
                counts.then_some(agent)
            }
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

    pub(super) fn on_hold_back(&mut self, conversation: &ConversationId) -> Result<(), Error> {
        let (no, _) = self.known(conversation)?;
        self.hold_back(no);
        Ok(())
    }

    pub(super) fn hold_back(&mut self, no: ConversationNo) {
        if let Some(it) = self.conversations.get(no)
            && !it.extra().held_back
        {
            let conversation = it.id.clone();
            self.commit(Fact::HeldBack { conversation });
        }
    }

    pub(super) fn on_let_in(&mut self, conversation: &ConversationId) -> Result<(), Error> {
        let (no, it) = self.known(conversation)?;
        if it.extra().held_back {
            let conversation = conversation.clone();
            self.commit(Fact::LetIn { conversation });
            self.give_out_at_once(no);
        }
        Ok(())
    }
}
