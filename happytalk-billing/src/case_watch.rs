//! Which words of a log are chargeable on 상담톡, and to which case they belong (DOMAIN 11.3).

use std::collections::BTreeMap;
use std::sync::Arc;

use happytalk_core::id::{
    AccountId, AgentId, ConversationId, CustomerId, GroupId, MessageId, SessionId,
};
use happytalk_core::time::{Date, Zone};
use happytalk_core::{ChannelName, Event, Message, Sealable, Timestamp};
use sha2::{Digest, Sha256};

use crate::entry::{Key, Place};
use crate::error::Error;
use crate::ledger::Ledger;
use crate::price_book::PriceBook;
use crate::settings::{Boundary, DayCasePolicy, Settings};

/// What says which day an instant belongs to, and what a case is on it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Calendar<'a> {
    settings: &'a Settings,
    book: &'a PriceBook,
    zone: &'a Zone,
}

impl<'a> Calendar<'a> {
    pub(crate) const fn of(ledger: &'a Ledger) -> Self {
        Self {
            settings: ledger.settings(),
            book: ledger.book(),
            zone: ledger.zone(),
        }
    }

    /// The policy and the charging day.
    fn charging_day(self, at: Timestamp) -> (DayCasePolicy, Date) {
        let rules = self.book.rules(self.zone.date(at));
        let (policy, boundary) = self.settings.day_case_under(rules);
        (policy, boundary.day_of(at, self.zone))
    }
}

/// What a line means to the bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Sign {
    /// Something chargeable was said.
    Said {
        key: Key,
        day: Date,
        place: Arc<Place>,
        episode: u32,
        /// `None` where it cannot fail, or its id cannot be read.
        message: Option<MessageId>,
    },
    /// A message did not arrive, and its conversation has not been closed since.
    Failed { message: MessageId, episode: u32 },
    /// The conversation reached its end: what was said before stays said.
    Closed,
}

/// What is known of a conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Room {
    seq: u64,
    channel: ChannelName,
    account: AccountId,
    /// Stands for the customer: no text of the platform's key can be read off it.
    holder: Arc<str>,
    session: Option<SessionId>,
    /// From 1; a re-opening begins another.
    episode: u32,
    is_open: bool,
}

/// The conversations of a log, as far as the bill must know them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CaseWatch {
    /// `None` for a conversation on a channel where nothing is charged.
    rooms: BTreeMap<ConversationId, Option<Room>>,
    groups: BTreeMap<AgentId, GroupId>,
    /// Whether bot traffic is counted, which every channel has.
    counts_bots: bool,
}

impl CaseWatch {
    pub(crate) const fn new(counts_bots: bool) -> Self {
        Self {
            rooms: BTreeMap::new(),
            groups: BTreeMap::new(),
            counts_bots,
        }
    }

    /// The conversation, where the line is its next.
    fn room(&self, conversation: &ConversationId, seq: u64) -> Option<&Room> {
        let room = self.rooms.get(conversation)?.as_ref()?;
        (seq > room.seq).then_some(room)
    }

    /// What the line means to day-cases. Changes nothing; [`CaseWatch::take`] does.
    pub(crate) fn read(
        &self,
        conversation: &ConversationId,
        seq: u64,
        at: Timestamp,
        event: &Event,
        calendar: Calendar<'_>,
    ) -> Result<Option<Sign>, Error> {
        let chargeable = matches!(
            event,
            Event::AgentSaid { .. } | Event::BotSaid { .. } | Event::ProfileRequested { .. }
        );
        if chargeable && !self.rooms.contains_key(conversation) {
            return Err(Error::NotOpened);
        }
        let on_kakao = |room: &&Room| room.channel == ChannelName::KAKAO_CONSULT;
        let Some(room) = self.room(conversation, seq).filter(on_kakao) else {
            return Ok(None);
        };
        let (message, agent) = match event {
            Event::AgentSaid { message, agent } => (message_id(message), Some(agent)),
            Event::BotSaid { message } => (message_id(message), None),
            Event::ProfileRequested { .. } => (None, None),
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
        let (policy, day) = calendar.charging_day(at);
        let mut place = Place::new(conversation.clone(), room.channel.clone());
        place.group = agent.and_then(|agent| self.groups.get(agent).cloned());
        Ok(Some(Sign::Said {
            key: room.key(conversation, policy, day),
            day,
            place: Arc::new(place),
            episode: room.episode,
            message,
        }))
    }

    /// The customer's day on which a bot did something, where bot traffic is counted: the calendar day of the site.
    pub(crate) fn bot_day(
        &self,
        conversation: &ConversationId,
        seq: u64,
        at: Timestamp,
        event: &Event,
        calendar: Calendar<'_>,
    ) -> Option<(Key, Date, Arc<Place>)> {
        if !self.counts_bots || !matches!(event, Event::BotSaid { .. } | Event::BotEntered { .. }) {
            return None;
        }
        let room = self.room(conversation, seq)?;
        let day = Boundary::MIDNIGHT.day_of(at, calendar.zone);
        let key = format!(
            "bot_over/{}/{}/{}/{day}",
            room.channel, room.account, room.holder
        );
        let place = Place::new(conversation.clone(), room.channel.clone());
        Some((Key::made(&key), day, Arc::new(place)))
    }

    /// Takes a line of an agent's stream: whose group they are in.
    pub(crate) fn take_agent(&mut self, agent: &AgentId, event: &Event) {
        match event {
            Event::AgentSet {
                group: Some(group), ..
            } => {
                self.groups.insert(agent.clone(), group.clone());
            }
            Event::AgentSet { group: None, .. } | Event::AgentRemoved { .. } => {
                self.groups.remove(agent);
            }
            _ => {}
        }
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
                let is_charged = self.counts_bots || *channel == ChannelName::KAKAO_CONSULT;
                let room = is_charged.then(|| Room {
                    seq,
                    channel: channel.clone(),
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
    fn key(&self, conversation: &ConversationId, policy: DayCasePolicy, day: Date) -> Key {
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
        Key::made(&key)
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
