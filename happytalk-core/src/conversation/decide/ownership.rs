//! Who has it: asking for a person, offers, assignment, return, transfer.

use super::super::{Command, Conversation, Phase};
use crate::error::Error;
use crate::event::{
    AssignedHow, Event, OpenedBy, OverCap, ReturnCause, TransferHow, TransferTarget,
};
use crate::id::AgentId;
use crate::time::Timestamp;

impl Conversation {
    pub(super) fn decide_ownership(
        &self,
        command: &Command,
        now: Timestamp,
    ) -> Result<Vec<Event>, Error> {
        match command {
            Command::RequestAgent {
                by,
                category,
                queue,
            } => match self.phase {
                Phase::Waiting if self.requested_at.is_some() => Ok(Vec::new()),
                Phase::Bot | Phase::Waiting => Ok(vec![Event::AgentRequested {
                    by: *by,
                    category: category.clone(),
                    queue: queue.clone(),
                }]),
                _ => Err(self.wrong_phase(command)),
            },
            Command::RequestProfile { .. }
            | Command::CompleteProfile { .. }
            | Command::SkipProfile { .. } => self.decide_profile(command),
            Command::Offer { agent, until } => self.offer_to(agent, *until, command, now),
            Command::Decline { by } => match &self.offer {
                Some(offer) => Ok(vec![Event::Declined {
                    agent: offer.agent.clone(),
                    by: *by,
                }]),
                None => Ok(Vec::new()),
            },
            Command::Assign {
                agent,
                how,
                over_cap,
            } => self.assign(agent, *how, *over_cap, command),
            Command::ReturnToQueue { cause, to } => {
                // An agent who has answered is not late (row 6).
                let from: &[Phase] = if *cause == ReturnCause::AcceptTimeout {
                    &[Phase::Assigned]
                } else {
                    &[Phase::Assigned, Phase::InProgress]
                };
                self.in_phase(from, command)?;
                let agent = self.owner_for(command)?;
                Ok(vec![Event::ReturnedToQueue {
                    agent,
                    cause: *cause,
                    to: to.clone(),
                }])
            }
            Command::RequestTransfer { from, to } => self.request_transfer(from, to, command),
            Command::EndTransfer { why } => match &self.transfer {
                Some(_) => Ok(vec![Event::TransferEnded { why: *why }]),
                None => Ok(Vec::new()),
            },
            Command::Transfer { to, how } => self.hand_on(to, *how, command),
            _ => Err(self.wrong_phase(command)),
        }
    }

    fn decide_profile(&self, command: &Command) -> Result<Vec<Event>, Error> {
        match command {
            Command::RequestProfile {
                fields,
                holds_queue,
            } => {
                self.in_phase(&[Phase::Bot, Phase::Waiting], command)?;
                if fields.is_empty() {
                    return Err(Error::Empty { what: "fields" });
                }
                let asked = self.profile.as_ref().is_some_and(|pending| {
                    pending.fields == *fields && pending.holds_queue == *holds_queue
                });
                Ok(if asked {
                    Vec::new()
                } else {
                    vec![Event::ProfileRequested {
                        fields: fields.clone(),
                        holds_queue: *holds_queue,
                    }]
                })
            }
            Command::CompleteProfile { fields } if self.profile.is_some() => {
                Ok(vec![Event::ProfileCompleted {
                    fields: fields.clone(),
                }])
            }
            Command::SkipProfile { fields, reason } if self.profile.is_some() => {
                Ok(vec![Event::ProfileSkipped {
                    fields: fields.clone(),
                    reason: *reason,
                }])
            }
            _ => Err(Error::NoProfile),
        }
    }

    /// Whether the profile bot keeps it from the agents.
    fn kept_by_profile(&self) -> bool {
        self.profile
            .as_ref()
            .is_some_and(|pending| pending.holds_queue)
    }

    fn offer_to(
        &self,
        agent: &AgentId,
        until: Timestamp,
        command: &Command,
        now: Timestamp,
    ) -> Result<Vec<Event>, Error> {
        self.in_phase(&[Phase::Waiting], command)?;
        if self.kept_by_profile() {
            return Err(Error::KeptBack);
        }
        if until <= now {
            return Err(Error::NoOffer);
        }
        match &self.offer {
            Some(offer) if offer.agent == *agent && offer.until == until => Ok(Vec::new()),
            Some(_) => Err(Error::KeptBack),
            None => Ok(vec![Event::Offered {
                agent: agent.clone(),
                until,
            }]),
        }
    }

    fn assign(
        &self,
        agent: &AgentId,
        how: AssignedHow,
        over_cap: Option<OverCap>,
        command: &Command,
    ) -> Result<Vec<Event>, Error> {
        match self.phase {
            Phase::Waiting => {}
            Phase::Assigned | Phase::InProgress if self.agent.as_ref() == Some(agent) => {
                return Ok(Vec::new());
            }
            Phase::Assigned | Phase::InProgress => {
                return Err(Error::AlreadyTaken {
                    by: self.agent.clone(),
                });
            }
            _ => return Err(self.wrong_phase(command)),
        }
        let by_agent = self
            .party
            .as_ref()
            .is_some_and(|party| party.opened_by == OpenedBy::Agent);
        if how == AssignedHow::Opener {
            // Only the agent who wrote first, and only at the beginning.
            if !by_agent || self.agent.is_some() || self.requested_at.is_some() {
                return Err(self.wrong_phase(command));
            }
        } else if how != AssignedHow::Manager {
            // A manager may give away what is kept back; nobody else may.
            let kept_for_other = self
                .offer
                .as_ref()
                .is_some_and(|offer| offer.agent != *agent);
            if kept_for_other || self.kept_by_profile() {
                return Err(Error::KeptBack);
            }
        }
        Ok(vec![Event::Assigned {
            agent: agent.clone(),
            how,
            over_cap,
        }])
    }

    fn request_transfer(
        &self,
        from: &AgentId,
        to: &TransferTarget,
        command: &Command,
    ) -> Result<Vec<Event>, Error> {
        self.in_phase(&[Phase::Assigned, Phase::InProgress], command)?;
        self.owned_by(from)?;
        if *to == TransferTarget::Agent(from.clone()) {
            return Err(Error::SameAgent);
        }
        match &self.transfer {
            Some(pending) if pending.to == *to => Ok(Vec::new()),
            Some(_) => Err(Error::TransferPending),
            None => Ok(vec![Event::TransferRequested {
                from: from.clone(),
                to: to.clone(),
            }]),
        }
    }

    fn hand_on(
        &self,
        to: &AgentId,
        how: TransferHow,
        command: &Command,
    ) -> Result<Vec<Event>, Error> {
        self.in_phase(&[Phase::Assigned, Phase::InProgress], command)?;
        let from = self.owner_for(command)?;
        if from == *to {
            return Err(Error::SameAgent);
        }
        // Whether `to` belongs to the group, or takes that queue, is the host's to know.
        let asked = self
            .transfer
            .as_ref()
            .is_some_and(|pending| match &pending.to {
                TransferTarget::Agent(agent) => agent == to,
                TransferTarget::Group(_)
                | TransferTarget::Category(_)
                | TransferTarget::Queue(_) => true,
            });
        if how == TransferHow::Accepted && !asked {
            return Err(Error::NoTransfer);
        }
        Ok(vec![Event::Transferred {
            from,
            to: to.clone(),
            how,
        }])
    }

    fn owner_for(&self, command: &Command) -> Result<AgentId, Error> {
        self.agent.clone().ok_or_else(|| self.wrong_phase(command))
    }
}
