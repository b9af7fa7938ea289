//! Whether somebody may give a command (역할, 권한): which permission it takes, and on whose.

use happytalk_core::actor::{Actor, Permission, Target};
use happytalk_core::conversation::Owner;
use happytalk_core::event::{SuperviseMode, TransferTarget};
use happytalk_core::id::{AgentId, ConversationId, GroupId};

use super::{Desk, DeskCommand};
use crate::Error;

impl Desk {
    /// # Errors
    /// [`Error::Forbidden`].
    pub(super) fn permit(&self, actor: &Actor, command: &DeskCommand) -> Result<(), Error> {
        let own = |agent: &AgentId, permission| {
            // In somebody's name only by those who may act on what is theirs.
            actor.may(permission, self.of(agent))
        };
        match command {
            // Twice the same question: the inner actor's answer stands.
            DeskCommand::As { .. } => return Ok(()),
            DeskCommand::SetAgent { agent, .. } | DeskCommand::RemoveAgent { agent } => {
                own(agent, Permission::ManageAgents)?;
            }
            DeskCommand::SetStatus { agent, .. } => own(agent, Permission::SetStatus)?,
            DeskCommand::Open { agent, .. } => own(agent, Permission::OpenConversation)?,
            DeskCommand::Pick { agent, .. }
            | DeskCommand::AcceptOffer { agent, .. }
            | DeskCommand::DeclineOffer { agent, .. } => own(agent, Permission::Pick)?,
            DeskCommand::Assign { agent, .. } => own(agent, Permission::Assign)?,
            DeskCommand::Say {
                agent,
                conversation,
                ..
            } => {
                own(agent, Permission::Say)?;
                self.on(actor, conversation, Permission::Say)?;
            }
            DeskCommand::RequestTransfer {
                agent,
                conversation,
                to,
            } => {
                own(agent, Permission::Transfer)?;
                self.on(actor, conversation, Permission::Transfer)?;
                let mine = self.group_of(agent);
                match to {
                    TransferTarget::Agent(target) => {
                        actor.may_transfer_to(mine, self.group_of(target))?;
                    }
                    TransferTarget::Group(group) => actor.may_transfer_to(mine, Some(group))?,
                    _ => {}
                }
            }
            DeskCommand::AcceptTransfer { agent, .. } => own(agent, Permission::Transfer)?,
            DeskCommand::EndTransfer { conversation, .. } => {
                self.may_answer_transfer(actor, conversation)?;
            }
            DeskCommand::ForceTransfer { conversation, .. } => {
                self.on(actor, conversation, Permission::ForceTransfer)?;
            }
            DeskCommand::TakeOver { conversation, by } => {
                own(by, Permission::Supervise)?;
                self.on(actor, conversation, Permission::Supervise)?;
            }
            DeskCommand::Supervise {
                conversation,
                by,
                mode,
            } => {
                own(by, Permission::Supervise)?;
                if *mode != SuperviseMode::Left {
                    self.on(actor, conversation, Permission::Supervise)?;
                }
            }
            DeskCommand::Withdraw { conversation } => {
                self.on(actor, conversation, Permission::Withdraw)?;
            }
            DeskCommand::Approve { by, .. } => own(by, Permission::Say)?,
            DeskCommand::End { conversation, .. }
            | DeskCommand::ReturnToBot { conversation, .. }
            | DeskCommand::EndByCustomer { conversation }
            | DeskCommand::EndAfterWork { conversation } => {
                self.on(actor, conversation, Permission::End)?;
            }
            DeskCommand::Hold { conversation, .. } | DeskCommand::SetAlarm { conversation, .. } => {
                self.on(actor, conversation, Permission::Hold)?;
            }
            DeskCommand::Block { conversation, .. } | DeskCommand::Unblock { conversation, .. } => {
                self.on(actor, conversation, Permission::Block)?;
            }
            DeskCommand::Categorise { conversation, .. }
            | DeskCommand::Tag { conversation, .. }
            | DeskCommand::Untag { conversation, .. }
            | DeskCommand::Flag { conversation, .. }
            | DeskCommand::Title { conversation, .. }
            | DeskCommand::Link { conversation, .. }
            | DeskCommand::Rate { conversation, .. } => {
                self.on(actor, conversation, Permission::Mark)?;
            }
            DeskCommand::Note {
                agent,
                conversation,
                ..
            } => {
                own(agent, Permission::Note)?;
                self.on(actor, conversation, Permission::Note)?;
            }
            DeskCommand::RequestReview {
                agent,
                conversation,
                ..
            } => {
                own(agent, Permission::RequestReview)?;
                self.on(actor, conversation, Permission::RequestReview)?;
            }
            DeskCommand::AnswerReview {
                agent,
                conversation,
                ..
            } => {
                own(agent, Permission::AnswerReview)?;
                self.on(actor, conversation, Permission::AnswerReview)?;
            }
            DeskCommand::SwitchHours { .. }
            | DeskCommand::SetCalendar { .. }
            | DeskCommand::ReleaseBot { .. }
            | DeskCommand::SetMode { .. }
            | DeskCommand::SetDoor { .. } => {
                actor.may(Permission::Configure, Target::Nobody)?;
            }
            DeskCommand::Book { .. } => actor.may(Permission::Bill, Target::Nobody)?,
        }
        Ok(())
    }

    /// Refusing is for who was asked, taking back for who asked: either way somebody's own business.
    fn may_answer_transfer(
        &self,
        actor: &Actor,
        conversation: &ConversationId,
    ) -> Result<(), Error> {
        let asked = self
            .conversation(conversation)
            .and_then(|conversation| conversation.transfer())
            .is_some_and(|pending| match &pending.to {
                TransferTarget::Agent(agent) => *agent == actor.id,
                TransferTarget::Group(group) => self.group_of(&actor.id) == Some(group),
                _ => false,
            });
        if asked {
            actor.may(Permission::Transfer, Target::Nobody)?;
            Ok(())
        } else {
            self.on(actor, conversation, Permission::Transfer)
        }
    }

    /// Whether the actor may do it to a conversation: whose it is decides.
    fn on(
        &self,
        actor: &Actor,
        conversation: &ConversationId,
        permission: Permission,
    ) -> Result<(), Error> {
        let target = match self.conversation(conversation) {
            Some(known) => match known.owner() {
                Owner::Agent(agent) => self.of(agent),
                // Over: it is still the business of who had it.
                Owner::Nobody => known.agent().map_or(Target::Nobody, |agent| self.of(agent)),
                Owner::Bot | Owner::Queue => Target::Nobody,
            },
            None => Target::Nobody,
        };
        actor.may(permission, target)?;
        Ok(())
    }

    fn of<'a>(&'a self, agent: &'a AgentId) -> Target<'a> {
        Target::Of {
            agent,
            group: self.group_of(agent),
        }
    }

    fn group_of(&self, agent: &AgentId) -> Option<&GroupId> {
        self.router.group(agent)
    }
}
