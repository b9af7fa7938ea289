//! Who has a conversation: an agent who writes first, transfers, withdrawals.

use happytalk_core::conversation::{Command, Opening, Phase};
use happytalk_core::customer::ChannelUser;
use happytalk_core::effect::Notice;
use happytalk_core::event::{
    Category, OpenedBy, RejectReason, ReturnCause, TransferEnd, TransferHow, TransferTarget,
};
use happytalk_core::id::{AgentId, ConversationId, GroupId, QueueId};
use happytalk_routing::Input;

use super::live::Live;
use super::{Conversation, Desk};
use crate::Error;

impl Desk {
    pub(super) fn held_here(&self, conversation: &ConversationId) -> Result<&Conversation, Error> {
        self.conversation(conversation)
            .ok_or_else(|| Error::NoConversation {
                conversation: conversation.clone(),
            })
    }

    /// An agent writes first: theirs from the beginning, and never queued.
    pub(super) fn open_by_agent(
        &mut self,
        agent: AgentId,
        id: ConversationId,
        customer: ChannelUser,
        category: Option<Category>,
    ) -> Result<(), Error> {
        self.known(&agent)?;
        self.may_send()?;
        let key = (customer.channel, customer.account, customer.customer);
        let record = self.customers.get(&key);
        if record.is_some_and(|record| record.live.is_some()) || self.live.contains_key(&id) {
            return Err(happytalk_core::Error::AlreadyOpen.into());
        }
        if record.is_some_and(|record| record.blocked) {
            return Err(Error::Refused {
                reason: RejectReason::Blocked,
            });
        }
        let previous = record.map(|record| record.last.clone());
        let mut opening = Opening::by_customer(key.0.clone(), key.1, key.2);
        opening.opened_by = OpenedBy::Agent;
        opening.category.clone_from(&category);
        opening.previous = previous;
        // Decided on one that has not begun, before anything of it is kept.
        Conversation::new().decide(&Command::Open(opening.clone()), self.clock)?;
        self.live.insert(id.clone(), Live::new());
        self.act(&id, &Command::Open(opening))?;
        let queue = self.settings.queue_for(None, category.as_ref());
        self.route(Input::Open {
            conversation: id.clone(),
            agent,
            queue: Some(queue),
            channel: key.0,
            weight: 1,
        })
    }

    /// A manager gives a waiting conversation away, also one that waits for the hours to open or is asked who it is.
    pub(super) fn assign(
        &mut self,
        conversation: ConversationId,
        agent: AgentId,
    ) -> Result<(), Error> {
        if self.unpark(&conversation)
            && let Some(mut request) = self.request_of(&conversation)
        {
            // Not to whom distribution would give it.
            request.held_back = true;
            self.route(Input::Enqueue {
                conversation: conversation.clone(),
                request,
            })?;
        }
        self.route(Input::Assign {
            conversation: conversation.clone(),
            agent,
        })?;
        if self.router.is_held_back(&conversation) {
            self.route(Input::LetIn { conversation })?;
        }
        Ok(())
    }

    pub(super) fn request_transfer(
        &mut self,
        agent: AgentId,
        conversation: &ConversationId,
        to: TransferTarget,
    ) -> Result<(), Error> {
        let queue = match &to {
            TransferTarget::Agent(target) => {
                self.known(target)?;
                None
            }
            TransferTarget::Group(group) if self.members(group).is_empty() => {
                return Err(Error::NoGroup {
                    group: group.clone(),
                });
            }
            TransferTarget::Queue(queue) => {
                Some(self.settings.queue(queue).ok_or_else(|| Error::NoQueue {
                    queue: queue.clone(),
                })?)
            }
            TransferTarget::Category(category) => {
                Some(self.queue_of_category(conversation, category))
            }
            _ => None,
        };
        let asked = self.act(
            conversation,
            &Command::RequestTransfer {
                from: agent.clone(),
                to: to.clone(),
            },
        )?;
        if !asked {
            return Ok(());
        }
        let Some(queue) = queue else {
            for target in self.asked(&to) {
                self.tell(conversation, &target, Notice::TransferRequested);
            }
            return Ok(());
        };
        self.act(
            conversation,
            &Command::ReturnToQueue {
                cause: ReturnCause::Transfer,
                to: Some(to),
            },
        )?;
        self.tell(conversation, &agent, Notice::TakenAway);
        self.return_to(conversation, queue)
    }

    /// The agents who may answer a request for a transfer.
    fn asked(&self, to: &TransferTarget) -> Vec<AgentId> {
        match to {
            TransferTarget::Agent(agent) => vec![agent.clone()],
            TransferTarget::Group(group) => self.members(group),
            _ => Vec::new(),
        }
    }

    fn members(&self, group: &GroupId) -> Vec<AgentId> {
        self.router
            .agents()
            .filter(|agent| self.router.group(agent) == Some(group))
            .cloned()
            .collect()
    }

    fn return_to(&mut self, conversation: &ConversationId, queue: QueueId) -> Result<(), Error> {
        self.route(Input::Return {
            conversation: conversation.clone(),
            cause: ReturnCause::Transfer,
            queue: Some(queue),
        })
    }

    pub(super) fn transfer(
        &mut self,
        conversation: &ConversationId,
        to: &AgentId,
        how: TransferHow,
    ) -> Result<(), Error> {
        self.known(to)?;
        let held = self.held_here(conversation)?;
        // The conversation's own rules first: a router that had moved it could not take that back.
        let hand_on = Command::Transfer {
            to: to.clone(),
            how,
        };
        held.decide(&hand_on, self.clock)?;
        if how == TransferHow::Accepted
            && let Some(pending) = held.transfer()
            && let TransferTarget::Group(group) = &pending.to
            && !self.members(group).contains(to)
        {
            return Err(Error::NotOfGroup { agent: to.clone() });
        }
        self.route(Input::Transfer {
            conversation: conversation.clone(),
            to: TransferTarget::Agent(to.clone()),
            how,
        })
    }

    pub(super) fn end_transfer(
        &mut self,
        conversation: &ConversationId,
        why: TransferEnd,
    ) -> Result<(), Error> {
        let pending = self.held_here(conversation)?.transfer().cloned();
        if self.act(conversation, &Command::EndTransfer { why })?
            && let Some(pending) = pending
        {
            match why {
                TransferEnd::Cancelled => {
                    for target in self.asked(&pending.to) {
                        self.tell(conversation, &target, Notice::TransferEnded);
                    }
                }
                _ => self.tell(conversation, &pending.from, Notice::TransferEnded),
            }
        }
        Ok(())
    }

    pub(super) fn withdraw(&mut self, conversation: ConversationId) -> Result<(), Error> {
        let held = self.held_here(&conversation)?;
        let give_back = Command::ReturnToQueue {
            cause: ReturnCause::Withdrawn,
            to: None,
        };
        held.decide(&give_back, self.clock)?;
        self.route(Input::Return {
            conversation,
            cause: ReturnCause::Withdrawn,
            queue: None,
        })
    }

    /// The customer wrote during after-work: the same agent goes on, unless they have left for the day and what is
    /// theirs goes back to the queue then.
    pub(super) fn resume(&mut self, id: &ConversationId) -> Result<(), Error> {
        self.route(Input::Resume {
            conversation: id.clone(),
        })?;
        let gone = self
            .live
            .get(id)
            .filter(|live| live.conversation.phase() == Phase::InProgress)
            .and_then(|live| live.conversation.agent())
            .is_some_and(|agent| {
                self.router.status(agent) == Some(happytalk_core::event::StatusClass::Off)
            });
        if gone && self.settings.routing.on_logout == happytalk_routing::OnLogout::Requeue {
            self.route(Input::Return {
                conversation: id.clone(),
                cause: ReturnCause::Offline,
                queue: None,
            })?;
        }
        Ok(())
    }
}
