//! Which words of a log are chargeable on 상담톡, and to which case they belong (DOMAIN 11.3).

use std::collections::BTreeMap;
use std::sync::Arc;

use happytalk_core::id::{AccountId, ConversationId, CustomerId, MessageId, SessionId};
use happytalk_core::time::{Date, Zone};
use happytalk_core::{ChannelName, Event, Message, Sealable, Timestamp};
use sha2::{Digest, Sha256};

use crate::error::Error;
use crate::settings::{DayCasePolicy, Settings};

/// What a line means to the bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Something chargeable was said.
    Said {
        key: Box<str>,
        day: Date,
        episode: u32,
        /// `None` where it cannot fail, or its id cannot be read.
        message: Option<MessageId>,
    },
    /// A message did not arrive, and its conversation has not been closed since.
    Failed { message: MessageId, episode: u32 },
    /// The conversation reached its end: what was said before stays said.
    Closed,
}

/// What is known of a conversation on 상담톡.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Room {
    seq: u64,
    account: AccountId,
    /// Stands for the customer: no text of the platform's key can be read off it.
    holder: Arc<str>,
    session: Option<SessionId>,
    /// From 1; a re-opening begins another.
    episode: u32,
    is_open: bool,
}

/// The conversations of a log, as far as the bill must know them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CaseWatch {
    /// `None` for a conversation on a channel that has no day-cases.
    rooms: BTreeMap<ConversationId, Option<Room>>,
}

impl CaseWatch {
    /// What the line means. Changes nothing; [`CaseWatch::take`] does.
    pub(crate) fn read(
        &self,
        conversation: &ConversationId,
        seq: u64,
        at: Timestamp,
        event: &Event,
        (settings, zone): (&Settings, &Zone),
    ) -> Result<Option<Sign>, Error> {
        let Some(known) = self.rooms.get(conversation) else {
            let chargeable = matches!(
                event,
                Event::AgentSaid { .. } | Event::BotSaid { .. } | Event::ProfileRequested { .. }
            );
            return if chargeable {
                Err(Error::NotOpened)
            } else {
                Ok(None)
            };
        };
        let Some(room) = known.as_ref().filter(|room| seq > room.seq) else {
            return Ok(None);
        };
        let message = match event {
            Event::AgentSaid { message, .. } | Event::BotSaid { message } => message_id(message),
            Event::ProfileRequested { .. } => None,
            Event::MessageFailed { message, .. } if room.is_open => {
                return Ok(Some(Sign::Failed {
                    message: message.clone(),
                    episode: room.episode,
                }));
            }
            _ if closes(event) || matches!(event, Event::Reopened { .. }) => {
                return Ok(Some(Sign::Closed));
            }
            _ => return Ok(None),
        };
        let day = settings.boundary.day_of(at, zone);
        Ok(Some(Sign::Said {
            key: room.key(conversation, settings.day_case, day),
            day,
            episode: room.episode,
            message,
        }))
    }

    /// Takes the line as a fact.
    pub(crate) fn take(&mut self, conversation: &ConversationId, seq: u64, event: &Event) {
        let Some(known) = self.rooms.get_mut(conversation) else {
            if let Event::Opened {
                channel,
                account,
                customer,
                session,
                previous,
                ..
            } = event
            {
                let room = (*channel == ChannelName::KAKAO_CONSULT).then(|| Room {
                    seq,
                    account: account.clone(),
                    holder: self.holder(conversation, account, customer, previous.as_ref()),
                    session: session.clone(),
                    episode: 1,
                    is_open: true,
                });
                self.rooms.insert(conversation.clone(), room);
            }
            return;
        };
        let Some(room) = known.as_mut().filter(|room| seq > room.seq) else {
            return;
        };
        room.seq = seq;
        if let Event::Reopened { session, .. } = event {
            room.episode = room.episode.saturating_add(1);
            room.session.clone_from(session);
            room.is_open = true;
        } else if closes(event) {
            room.is_open = false;
        }
    }

    /// A closed customer is recognised by the conversation before, else by the sealed text, else not at all.
    fn holder(
        &self,
        conversation: &ConversationId,
        account: &AccountId,
        customer: &Sealable<CustomerId>,
        previous: Option<&ConversationId>,
    ) -> Arc<str> {
        let closed = match customer {
            Sealable::Open(customer) => return digest("open", account, customer.as_str()),
            Sealable::Closed(closed) => closed,
        };
        let before = previous
            .and_then(|previous| self.rooms.get(previous))
            .and_then(Option::as_ref)
            .filter(|room| room.account == *account);
        if let Some(room) = before {
            return Arc::clone(&room.holder);
        }
        if closed.as_json().contains("\"sealed\"") {
            digest("sealed", account, closed.as_json())
        } else {
            digest("erased", account, conversation.as_str())
        }
    }
}

impl Room {
    fn key(&self, conversation: &ConversationId, policy: DayCasePolicy, day: Date) -> Box<str> {
        let account = self.account.as_str();
        let holder = &self.holder;
        let key = match (policy, &self.session) {
            (DayCasePolicy::PerCustomerDay, _) => format!("day_case/{account}/{holder}/{day}"),
            (DayCasePolicy::PerSession, Some(session)) => {
                format!("day_case/{account}/{holder}/session:{session}/{day}")
            }
            (DayCasePolicy::PerSession, None) => {
                let episode = self.episode;
                format!("day_case/{account}/{holder}/room:{conversation}:{episode}/{day}")
            }
        };
        key.into()
    }
}

/// The first 128 bits, in hexadecimal.
fn digest(kind: &str, account: &AccountId, text: &str) -> Arc<str> {
    let mut hash = Sha256::new();
    // Neither an id nor a JSON text holds a zero byte.
    for part in [kind, account.as_str(), text] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let mut digits = String::with_capacity(32);
    for byte in hash.finalize().iter().take(16) {
        for digit in [byte >> 4, byte & 15] {
            digits.extend(char::from_digit(u32::from(digit), 16));
        }
    }
    digits.into()
}

fn message_id(message: &Sealable<Message>) -> Option<MessageId> {
    message.open().map(|message| message.id.clone())
}

/// Whether the conversation is over after `event`: nothing of its after-work is left either.
fn closes(event: &Event) -> bool {
    match event {
        Event::Ended { after_work, .. } => !after_work,
        Event::Rejected { is_final, .. } => *is_final,
        Event::BotEnded { .. } | Event::AfterWorkEnded { .. } => true,
        _ => false,
    }
}
