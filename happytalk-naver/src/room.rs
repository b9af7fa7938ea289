//! What one room (대화방) has to be remembered by, since the wire does not say it: who may speak, what is ours among the
//! echoes, whether the customer was greeted, and whether a consent page is open.
//!
//! [`Room::decide`] says what an input comes to and changes nothing; [`Room::apply`] takes that as a fact. The host keeps
//! one [`Room`] for each customer of an account, in memory or as JSON, and tells it three things: every webhook, every
//! send before it leaves, and how that send went.
//!
//! ```
//! use happytalk_core::{Action, Content, Outbound, Timestamp};
//! use happytalk_naver::decode;
//! use happytalk_naver::room::{Answer, EchoOf, Greeting, Room, RoomEvent, RoomInput};
//!
//! let mut room = Room::new();
//! let now = Timestamp::EPOCH;
//! let mut told = |room: &mut Room, body: &str| {
//!     let inbound = decode(body.as_bytes(), None).unwrap();
//!     let events = room.decide(&RoomInput::Told(&inbound[0]), now);
//!     events.iter().for_each(|event| room.apply(event, now));
//!     events
//! };
//! let open = r#"{"event":"open","user":"u","options":{"inflow":"button"}}"#;
//! assert_eq!(told(&mut room, open), [RoomEvent::Entered { greeting: Greeting::Due }]);
//! assert_eq!(told(&mut room, open), [RoomEvent::Entered { greeting: Greeting::CameTwice }]);
//!
//! let content = vec![Content::text("무엇을 도와드릴까요?")];
//! let greeting = Outbound::new("m-1".parse()?, "wc1234".parse()?, "u".parse()?, Action::Say { content });
//! for event in room.decide(&RoomInput::Sending(&greeting), now) {
//!     room.apply(&event, now);
//! }
//! let echo = r#"{"event":"echo","echoedEvent":"send","user":"u","textContent":{"text":"무엇을 도와드릴까요?"}}"#;
//! assert_eq!(told(&mut room, echo), [RoomEvent::Echoed { of: EchoOf::Ours { message: "m-1".parse()? } }]);
//!
//! let to_agent = r#"{"event":"send","user":"u","standby":true,"textContent":{"text":"네","inputType":"typing"}}"#;
//! assert!(told(&mut room, to_agent).contains(&RoomEvent::Spoke { answer: Answer::No }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod echo;
mod handover;

use std::collections::{BTreeSet, VecDeque};
use std::time::Duration;

use happytalk_core::id::MessageId;
use happytalk_core::inbound::{Author, Inbound, InboundKind};
use happytalk_core::outbound::Owner;
use happytalk_core::{Action, ChannelError, Outbound, Retry, Timestamp};
use serde::{Deserialize, Serialize};

pub use self::handover::HandoverNote;
use crate::message::Message;
use crate::refusal::Refusal;

/// How long a second `open` (재입장) is the first one repeated. Assumed: the platform does send it twice, and no page
/// says how far apart.
pub const OPEN_REPEATS_WITHIN: Duration = Duration::from_secs(10);
/// How long an echo of ours is waited for. Assumed: sending takes up to 8 s, and an echo comes at once.
pub const ECHO_WITHIN: Duration = Duration::from_secs(120);
/// How long a consent page (동의 화면) keeps a customer, at most, counted from the request.
///
/// Observed: the document says a minute, the platform's own people up to three.
pub const PAGE_WITHIN: Duration = Duration::from_secs(180);
/// How long a message without `standby` may have been under way when the room was handed to the agents. Assumed.
pub const HANDOVER_SETTLES: Duration = Duration::from_secs(10);
/// The most numbers of messages that are remembered to recognise a repetition.
pub const RECENT_MAX: usize = 64;
/// The most echoes of ours that are waited for.
pub const AWAITED_MAX: usize = 64;

/// What happened in a room.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum RoomInput<'a> {
    /// A webhook.
    Told(&'a Inbound),
    /// A message is about to be sent. Its echo may be here before the answer to the request is.
    Sending(&'a Outbound),
    /// The same of what TalkTalk alone can say, under an id of ours.
    SendingMessage(&'a MessageId, &'a Message),
    /// The platform took it.
    Sent(&'a Outbound),
    /// The platform did not take it, or may not have.
    Failed(&'a Outbound, &'a ChannelError),
}

/// What became of a room.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RoomEvent {
    /// The customer came in.
    Entered {
        /// Whether to greet them.
        greeting: Greeting,
    },
    /// The customer wrote or pressed.
    Spoke {
        /// Whether to answer.
        answer: Answer,
    },
    /// A webhook that was here before. Nothing else follows from it.
    Repeated,
    /// A number of a message, to recognise it by when it comes again.
    Numbered {
        /// The platform's `messageId`.
        number: u64,
    },
    /// Something that was said came back. It is never answered.
    Echoed {
        /// Whose it is.
        of: EchoOf,
    },
    /// Another one owns the room, or it was learnt who does.
    OwnerChanged {
        /// Who.
        to: Owner,
    },
    /// A message left, and comes back as that many echoes.
    Awaited {
        /// Ours.
        message: MessageId,
        /// One mark for each echo, of which nothing can be read back.
        marks: Vec<u64>,
    },
    /// No echo of it will come.
    NotAwaited {
        /// Ours.
        message: MessageId,
    },
    /// A consent page opened, or is found to be open: nothing can be sent, and nothing that the customer does is told.
    PageOpened {
        /// Until when at the latest.
        until: Timestamp,
    },
    /// The consent page is closed: the next field can be asked for.
    PageClosed,
    /// The customer left the room.
    Left,
}

/// Whether a customer who came in is greeted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Greeting {
    /// Yes.
    Due,
    /// No: from the list of chats they may only be reading. [`Room::last_spoke_at`] says how old the talk is.
    Reading,
    /// No: the platform told it before.
    CameTwice,
    /// No: the agents of the partner centre have the room.
    AgentsOwn,
}

/// Whether what a customer did is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Answer {
    /// Yes.
    Yes,
    /// It may be: a button of ours was pressed, in a room that the agents have.
    Button,
    /// No: the platform says that the agents of the partner centre do.
    No,
}

/// Whose words came back.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EchoOf {
    /// Ours. It is in the log already, and where its answer was lost it is known now that it arrived.
    Ours {
        /// Which.
        message: MessageId,
    },
    /// An agent's, in the partner centre.
    Agent,
    /// Somebody else's bot, or ours from before the memory begins.
    Bot,
    /// The platform's.
    System,
}

/// The memory of one room. Holds nothing that was said.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Room {
    owner: Option<Owner>,
    owner_since: Option<Timestamp>,
    entered_at: Option<Timestamp>,
    spoke_at: Option<Timestamp>,
    page_until: Option<Timestamp>,
    recent: BTreeSet<u64>,
    awaited: VecDeque<Awaited>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Awaited {
    mark: u64,
    message: MessageId,
    until: Timestamp,
}

impl Room {
    /// A room of which nothing is known.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Who may speak, as far as is known: from handovers, from echoes, and from `standby`.
    #[must_use]
    pub const fn owner(&self) -> Option<Owner> {
        self.owner
    }

    /// When the customer last wrote or pressed.
    #[must_use]
    pub const fn last_spoke_at(&self) -> Option<Timestamp> {
        self.spoke_at
    }

    /// Until when nothing can be sent, at the latest, because a consent page is open; `None` where something can. What is
    /// sent all the same fails with `naver.customer_busy`, and a second profile request with the same.
    #[must_use]
    pub fn busy_until(&self, now: Timestamp) -> Option<Timestamp> {
        self.page_until.filter(|until| now < *until)
    }

    /// Whether an echo of `message` is still waited for. One that was sent with an unknown outcome and is no longer waited
    /// for has arrived, once its [`RoomEvent::Echoed`] was seen.
    #[must_use]
    pub fn awaits(&self, message: &MessageId) -> bool {
        self.awaited.iter().any(|one| one.message == *message)
    }

    /// What `input` comes to. Changes nothing.
    #[must_use]
    pub fn decide(&self, input: &RoomInput<'_>, now: Timestamp) -> Vec<RoomEvent> {
        match input {
            RoomInput::Told(inbound) => self.told(inbound, now),
            RoomInput::Sending(outbound) => awaited(&outbound.id, echo::marks_of(outbound)),
            RoomInput::SendingMessage(id, message) => awaited(id, echo::marks_of_message(message)),
            RoomInput::Sent(outbound) => match &outbound.action {
                Action::Handover { to } => self.owned_by(*to).into_iter().collect(),
                Action::AskProfile { .. } => vec![page_opened(now)],
                _ => Vec::new(),
            },
            RoomInput::Failed(outbound, error) => {
                let is_busy = error.code == Refusal::CustomerBusy.code();
                let page = (is_busy && self.busy_until(now).is_none()).then(|| page_opened(now));
                let may_come = error.retry == Retry::Unknown;
                let message = outbound.id.clone();
                let gone = (!may_come && self.awaits(&message))
                    .then_some(RoomEvent::NotAwaited { message });
                page.into_iter().chain(gone).collect()
            }
        }
    }

    fn told(&self, inbound: &Inbound, now: Timestamp) -> Vec<RoomEvent> {
        let number = inbound.id.as_ref().and_then(|id| id.as_str().parse().ok());
        if number.is_some_and(|number| self.recent.contains(&number)) {
            return vec![RoomEvent::Repeated];
        }
        // While a consent page is open, nothing that a customer does is told; so what is told closes it.
        let mut events = Vec::from_iter(number.map(|number| RoomEvent::Numbered { number }));
        match &inbound.what {
            InboundKind::Entered { inflow, .. } => {
                let greeting = self.greeting(inflow.as_deref(), now);
                events.extend(self.page_until.map(|_| RoomEvent::PageClosed));
                events.push(RoomEvent::Entered { greeting });
            }
            InboundKind::Message { input, standby, .. } => {
                let pressed = input.as_deref().is_some_and(is_press);
                let answer = match (standby, self.owner) {
                    (Some(true), _) => {
                        events.extend(self.owned_by(Owner::Agents));
                        Answer::No
                    }
                    (_, Some(Owner::Agents)) if pressed => Answer::Button,
                    (_, Some(Owner::Agents)) if !self.is_settled(now) => Answer::No,
                    // What is typed to agents comes with `standby`; so the word that they gave the room back was lost.
                    (_, Some(Owner::Agents)) => {
                        events.extend(self.owned_by(Owner::Bot));
                        Answer::Yes
                    }
                    _ => Answer::Yes,
                };
                events.extend(self.page_until.map(|_| RoomEvent::PageClosed));
                events.push(RoomEvent::Spoke { answer });
            }
            InboundKind::Echo { author, .. } => {
                events.extend(owner_in(inbound).and_then(|owner| self.owned_by(owner)));
                let of = self.echo_of(*author, inbound, now);
                events.push(RoomEvent::Echoed { of });
            }
            InboundKind::HandedOver { control, .. } => {
                let to = match control.as_str() {
                    "passThread" => Some(Owner::Bot),
                    "takeThread" => Some(Owner::Agents),
                    _ => None,
                };
                events.extend(to.and_then(|to| self.owned_by(to)));
            }
            InboundKind::ProfileShared { .. } => {
                events.extend(self.page_until.map(|_| RoomEvent::PageClosed));
            }
            InboundKind::Left {} => events.push(RoomEvent::Left),
            _ => {}
        }
        events
    }

    fn greeting(&self, inflow: Option<&str>, now: Timestamp) -> Greeting {
        let again = self.entered_at.is_some_and(|entered| {
            now.since(entered) < OPEN_REPEATS_WITHIN
                && self.spoke_at.is_none_or(|spoke| spoke < entered)
        });
        match inflow {
            _ if self.owner == Some(Owner::Agents) => Greeting::AgentsOwn,
            _ if again => Greeting::CameTwice,
            Some("list") => Greeting::Reading,
            _ => Greeting::Due,
        }
    }

    fn echo_of(&self, author: Author, inbound: &Inbound, now: Timestamp) -> EchoOf {
        match author {
            Author::Agent => EchoOf::Agent,
            Author::System => EchoOf::System,
            _ => {
                let mark = echo::mark_of(&inbound.what);
                let ours = self
                    .awaited
                    .iter()
                    .find(|one| Some(one.mark) == mark && now <= one.until);
                ours.map_or(EchoOf::Bot, |one| EchoOf::Ours {
                    message: one.message.clone(),
                })
            }
        }
    }

    fn owned_by(&self, to: Owner) -> Option<RoomEvent> {
        (self.owner != Some(to)).then_some(RoomEvent::OwnerChanged { to })
    }

    fn is_settled(&self, now: Timestamp) -> bool {
        self.owner_since
            .is_none_or(|since| now.since(since) >= HANDOVER_SETTLES)
    }

    /// Takes `event` as a fact of `now`: never fails, decides nothing.
    pub fn apply(&mut self, event: &RoomEvent, now: Timestamp) {
        match event {
            RoomEvent::Entered { greeting } => {
                // A second one does not lengthen the time in which a third is a repetition.
                if *greeting != Greeting::CameTwice {
                    self.entered_at = Some(now);
                }
            }
            RoomEvent::Spoke { .. } => self.spoke_at = Some(now),
            RoomEvent::Repeated => {}
            RoomEvent::Numbered { number } => {
                self.recent.insert(*number);
                if self.recent.len() > RECENT_MAX {
                    self.recent.pop_first();
                }
            }
            RoomEvent::Echoed { of } => {
                if let EchoOf::Ours { message } = of {
                    let first = self.awaited.iter().position(|one| one.message == *message);
                    let _ = first.and_then(|first| self.awaited.remove(first));
                }
            }
            RoomEvent::OwnerChanged { to } => {
                self.owner = Some(*to);
                self.owner_since = Some(now);
            }
            RoomEvent::Awaited { message, marks } => {
                self.awaited.retain(|one| now <= one.until);
                self.awaited.extend(marks.iter().map(|mark| Awaited {
                    mark: *mark,
                    message: message.clone(),
                    until: now.plus(ECHO_WITHIN),
                }));
                while self.awaited.len() > AWAITED_MAX {
                    self.awaited.pop_front();
                }
            }
            RoomEvent::NotAwaited { message } => self.awaited.retain(|one| one.message != *message),
            RoomEvent::PageOpened { until } => self.page_until = Some(*until),
            RoomEvent::PageClosed => self.page_until = None,
            RoomEvent::Left => {
                self.owner = None;
                self.owner_since = None;
                self.entered_at = None;
                self.page_until = None;
            }
        }
    }
}

fn awaited(message: &MessageId, marks: Vec<u64>) -> Vec<RoomEvent> {
    let message = message.clone();
    let awaited = (!marks.is_empty()).then_some(RoomEvent::Awaited { message, marks });
    awaited.into_iter().collect()
}

fn page_opened(now: Timestamp) -> RoomEvent {
    RoomEvent::PageOpened {
        until: now.plus(PAGE_WITHIN),
    }
}

/// Whether a message was pressed rather than written: a button, or a picker of ours.
fn is_press(input: &str) -> bool {
    matches!(input, "button" | "time" | "timeInterval" | "calendar")
}

/// Who owns the room by an echo: 1 is the partner centre, another number a bot.
fn owner_in(inbound: &Inbound) -> Option<Owner> {
    let InboundKind::Echo { parameters, .. } = &inbound.what else {
        return None;
    };
    match parameters.as_ref()?.get("threadOwnerId")?.as_str() {
        "" => None,
        "1" => Some(Owner::Agents),
        _ => Some(Owner::Bot),
    }
}
