//! What is put on a conversation: a hold, a category, tags, flags, notes; and who looks in.

use happytalk_core::conversation::Command;
use happytalk_core::effect::Notice;
use happytalk_core::event::SuperviseMode;
use happytalk_core::id::{AgentId, ConversationId, Word};
use happytalk_routing::Input;

use super::{Desk, DeskCommand};
use crate::Error;

impl Desk {
    pub(super) fn take_mark(&mut self, command: DeskCommand) -> Result<(), Error> {
        let (conversation, command) = match command {
            DeskCommand::Hold {
                conversation,
                on,
                by,
            } => return self.hold(&conversation, on, by),
            DeskCommand::Supervise {
                conversation,
                by,
                mode,
            } => return self.supervise(&conversation, &by, mode),
            DeskCommand::Note {
                agent,
                conversation,
                text,
            } => {
                if agent == AgentId::bot() {
                    return Err(Error::ReservedId);
                }
                (conversation, Command::Note { agent, text })
            }
            DeskCommand::Categorise {
                conversation,
                category,
                by,
            } => (conversation, Command::Categorise { category, by }),
            DeskCommand::Tag {
                conversation,
                tag,
                by,
            } => (conversation, Command::Tag { tag, by }),
            DeskCommand::Untag {
                conversation,
                tag,
                by,
            } => (conversation, Command::Untag { tag, by }),
            DeskCommand::Flag {
                conversation,
                kind,
                set,
                by,
            } => (conversation, Command::Flag { kind, set, by }),
            DeskCommand::Title {
                conversation,
                title,
                by,
            } => (conversation, Command::Title { title, by }),
            DeskCommand::SetAlarm {
                conversation,
                at,
                by,
            } => (conversation, Command::SetAlarm { at, by }),
            DeskCommand::RequestReview {
                agent,
                conversation,
                text,
            } => (conversation, Command::RequestReview { agent, text }),
            DeskCommand::AnswerReview {
                agent,
                conversation,
                text,
            } => {
                if self.act(&conversation, &Command::AnswerReview { agent, text })? {
                    self.tell_owner(&conversation, Notice::ReviewAnswered);
                }
                return Ok(());
            }
            DeskCommand::Rate {
                conversation,
                score,
                scale,
                comment,
            } => {
                let within = self.settings.survey_valid;
                (
                    conversation,
                    Command::Rate {
                        score,
                        scale,
                        comment,
                        within,
                    },
                )
            }
            DeskCommand::Link {
                conversation,
                person,
            } => (conversation, Command::Link { person }),
            // Every other command is done where it belongs.
            _ => return Ok(()),
        };
        self.act(&conversation, &command)?;
        Ok(())
    }

    /// The router may refuse to take a hold off, where it freed a slot; so it is asked first and says so in the log.
    fn hold(&mut self, id: &ConversationId, on: bool, by: Word) -> Result<(), Error> {
        let command = if on {
            Command::Hold { by: by.clone() }
        } else {
            Command::Unhold {
                by: by.clone(),
                over_cap: None,
            }
        };
        let decided = self.held_here(id)?.decide(&command, self.clock)?;
        if decided.is_empty() {
            return Ok(());
        }
        if self.router.owner(id).is_none() {
            // With the bot: none of the router's business.
            self.act(id, &command)?;
            return Ok(());
        }
        let conversation = id.clone();
        let input = if on {
            Input::Hold { conversation }
        } else {
            Input::Unhold { conversation }
        };
        self.route_by(input, Some(&by))
    }

    fn supervise(
        &mut self,
        id: &ConversationId,
        by: &AgentId,
        mode: SuperviseMode,
    ) -> Result<(), Error> {
        self.known(by)?;
        let by = by
            .as_str()
            .parse()
            .map_err(|_| Error::NoAgent { agent: by.clone() })?;
        self.act(id, &Command::Supervise { by, mode })?;
        Ok(())
    }
}
