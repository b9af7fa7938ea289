//! Opening, turning away, taking up again.

use std::time::Duration;

use super::super::{Command, Conversation, Opening, Phase, TITLE_CHARS_MAX};
use super::check_text;
use crate::channel_name::ChannelName;
use crate::error::Error;
use crate::event::{Event, OpenedBy, RejectReason};
use crate::id::{SessionId, Word};
use crate::sealed::Sealable;
use crate::time::Timestamp;

impl Conversation {
    pub(super) fn open(&self, opening: &Opening) -> Result<Vec<Event>, Error> {
        if self.phase != Phase::New {
            return Err(Error::AlreadyOpen);
        }
        if opening.opened_by == OpenedBy::Agent && opening.channel == ChannelName::KAKAO_CONSULT {
            return Err(Error::AgentCannotOpen);
        }
        if let Some(title) = opening.title.as_ref().and_then(Sealable::open) {
            check_text("title", title, TITLE_CHARS_MAX)?;
        }
        Ok(vec![Event::Opened {
            channel: opening.channel.clone(),
            account: opening.account.clone(),
            customer: Sealable::Open(opening.customer.clone()),
            opened_by: opening.opened_by,
            bot: opening.bot,
            session: opening.session.clone(),
            category: opening.category.clone(),
            parameters: (!opening.parameters.is_empty())
                .then(|| Sealable::Open(opening.parameters.clone())),
            previous: opening.previous.clone(),
            title: opening.title.clone(),
        }])
    }

    /// A refused request leaves a bot going on; where there is none, it is over.
    pub(super) fn reject(
        &self,
        reason: RejectReason,
        command: &Command,
    ) -> Result<Vec<Event>, Error> {
        self.in_phase(&[Phase::Bot, Phase::Waiting], command)?;
        if self.agent.is_some() {
            // It was let in before an agent had it; to turn it away now would unmake that request.
            return Err(self.wrong_phase(command));
        }
        if self.refused {
            return Ok(Vec::new());
        }
        let bot_goes_on = self.bot && self.phase == Phase::Waiting;
        Ok(vec![Event::Rejected {
            reason,
            is_final: !bot_goes_on,
        }])
    }

    pub(super) fn reopen(
        &self,
        by: &Word,
        session: Option<&SessionId>,
        within: Duration,
        now: Timestamp,
    ) -> Result<Vec<Event>, Error> {
        let Some(closed_at) = self.closed_at else {
            // It goes on already.
            return Ok(Vec::new());
        };
        if self.blocked || now.since(closed_at) > within {
            return Err(Error::TooLate {
                command: "reopen",
                within_ms: u64::try_from(within.as_millis()).unwrap_or(u64::MAX),
            });
        }
        Ok(vec![Event::Reopened {
            by: by.clone(),
            session: session.cloned(),
        }])
    }
}
