//! The session of a platform that lets us speak only inside one (상담톡 세션): who opens it, how long it lasts, what ends it.
//!
//! ```
//! use happytalk_core::session::{Session, SessionInput};
//! use happytalk_core::{ChannelName, Timestamp};
//!
//! let mut session = Session::on(&ChannelName::KAKAO_CONSULT);
//! let at = |text: &str| text.parse::<Timestamp>();
//! assert!(!session.may_speak(at("2026-03-01T10:20:00+09:00")?)); // only the customer opens one
//!
//! let now = at("2026-03-01T10:20:00+09:00")?;
//! let id = "900719925474099312".parse()?;
//! for event in session.decide(&SessionInput::Heard(Some(&id)), now) {
//!     session.apply(&event, now);
//! }
//! assert_eq!(session.runs_out_at(), Some(at("2026-03-31T11:00:00+09:00")?)); // 30 days after the next full hour
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use std::time::Duration;

use crate::channel_name::ChannelName;
use crate::event::Event;
use crate::id::SessionId;
use crate::time::Timestamp;

const HOUR: Duration = Duration::from_secs(60 * 60);

/// How long a platform's session lasts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionRules {
    /// How long a session lasts after the customer's last message; what we say does not lengthen it.
    pub lasts: Duration,
    /// The span starts at the next full one of these after that message, counted from the epoch; with a span of 0 at the
    /// message itself.
    pub starts_at_full: Duration,
}

impl SessionRules {
    /// KakaoTalk 상담톡: 30 days from the next full hour after the customer's last message.
    ///
    /// Source: <https://developers.bizgo.io/api-sdk/api-reference/comm/kakao-counsel> (read 2026-11-21).
    /// Assumed: on the full hour itself, the next one is an hour later. Where that is wrong the platform refuses what is
    /// said in the last hour, which costs less than being silent while it would be heard.
    pub const KAKAO_CONSULT: Self = Self {
        lasts: Duration::from_secs(30 * 24 * 60 * 60),
        starts_at_full: HOUR,
    };

    /// The rules of a channel; `None` where it has no sessions that run out by themselves.
    #[must_use]
    pub fn of(channel: &ChannelName) -> Option<Self> {
        (*channel == ChannelName::KAKAO_CONSULT).then_some(Self::KAKAO_CONSULT)
    }

    /// When a session is over whose customer wrote last at `heard_at`.
    #[must_use]
    pub fn runs_out_at(&self, heard_at: Timestamp) -> Timestamp {
        let step = i64::try_from(self.starts_at_full.as_millis()).unwrap_or(i64::MAX);
        let millis = heard_at.as_millis();
        let start = match millis.checked_rem_euclid(step) {
            Some(past_full) => Timestamp::from_millis(millis.saturating_add(step - past_full)),
            None => heard_at,
        };
        start.plus(self.lasts)
    }
}

/// What is learnt of a session. `None` stands for a platform that names no sessions.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionInput<'a> {
    /// The customer asked for a consultation (상담하기, 상담톡 `reference`). It may come more than once in a session, after
    /// its first message, or never.
    Entered(Option<&'a SessionId>),
    /// The customer wrote (상담톡 `message`).
    Heard(Option<&'a SessionId>),
    /// The platform says that it is over (상담톡 `expired_session`), and not why. It also says so of an end of ours.
    Reported(Option<&'a SessionId>),
    /// We ended it: an end, a block, or a hand-over to the platform's own bot.
    EndedByUs,
    /// Time passed.
    Tick,
}

/// What became of a session.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionEvent {
    /// It began.
    Opened {
        /// The platform's name for it, where it has one.
        id: Option<SessionId>,
    },
    /// The customer wrote in it, so that it lasts anew.
    Lengthened,
    /// It is over.
    Ended {
        /// Why.
        why: SessionEnd,
    },
}

/// Why a session is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SessionEnd {
    /// We ended it.
    ByUs,
    /// The platform said so: the customer left, typed the end command, blocked us, went to the bot, or was silent.
    Platform,
    /// It ran out, and the platform has not said so yet.
    RanOut,
    /// The customer is in another session, and the platform has not said yet that this one is over.
    LeftBehind,
}

/// The one session that may be open with a customer.
///
/// [`decide`](Self::decide) says what an input comes to, [`apply`](Self::apply) takes that as a fact;
/// [`Conversation`](crate::conversation::Conversation) folds its own events with [`fold`](Self::fold) and asks
/// [`may_speak`](Self::may_speak) before anything is said.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Session {
    rules: Option<SessionRules>,
    id: Option<SessionId>,
    is_open: bool,
    /// When it began, or the customer wrote last.
    heard_at: Option<Timestamp>,
    /// The session before `id`.
    before: Option<SessionId>,
}

impl Session {
    /// No session yet, on a channel that is not known yet.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            rules: None,
            id: None,
            is_open: false,
            heard_at: None,
            before: None,
        }
    }

    /// No session yet, on `channel`.
    #[must_use]
    pub fn on(channel: &ChannelName) -> Self {
        Self {
            rules: SessionRules::of(channel),
            ..Self::new()
        }
    }

    /// The platform's name for it; of the last one, when none is open.
    #[must_use]
    pub const fn id(&self) -> Option<&SessionId> {
        self.id.as_ref()
    }

    /// Whether one is open, as far as facts say; by the clock it may have run out, see [`may_speak`](Self::may_speak).
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.is_open
    }

    /// When the open one is over unless the customer writes again; `None` where none is open or none runs out.
    #[must_use]
    pub fn runs_out_at(&self) -> Option<Timestamp> {
        let heard_at = self.heard_at.filter(|_| self.is_open)?;
        Some(self.rules?.runs_out_at(heard_at))
    }

    /// Whether the customer can be spoken to at `now`.
    #[must_use]
    pub fn may_speak(&self, now: Timestamp) -> bool {
        self.is_open && self.runs_out_at().is_none_or(|end| now < end)
    }

    /// Whether what names this session comes too late: it is over, and another one is open or was the last.
    #[must_use]
    pub fn is_over(&self, named: &SessionId) -> bool {
        self.before.as_ref() == Some(named) || (!self.is_open && self.id.as_ref() == Some(named))
    }

    /// What `input` comes to at `now`; nothing, where it repeats what is known, is late, or is the echo of our own end.
    #[must_use]
    pub fn decide(&self, input: &SessionInput<'_>, now: Timestamp) -> Vec<SessionEvent> {
        let ended = |why| vec![SessionEvent::Ended { why }];
        let ran_out = self.is_open && !self.may_speak(now);
        match *input {
            SessionInput::Entered(named) | SessionInput::Heard(named) => {
                if named.is_some_and(|named| self.is_over(named)) {
                    return Vec::new();
                }
                let mut events = Vec::new();
                // That they write in a session that should have run out says that it has not: the clocks differ.
                let another = self.names_another(named) || (ran_out && named.is_none());
                if self.is_open && another {
                    let why = match ran_out {
                        true => SessionEnd::RanOut,
                        false => SessionEnd::LeftBehind,
                    };
                    events.extend(ended(why));
                }
                if !self.is_open || another {
                    let id = named.cloned();
                    events.push(SessionEvent::Opened { id });
                }
                if matches!(input, SessionInput::Heard(_)) {
                    events.push(SessionEvent::Lengthened);
                }
                events
            }
            SessionInput::Reported(named) if self.is_open && !self.names_another(named) => {
                ended(SessionEnd::Platform)
            }
            SessionInput::EndedByUs if self.is_open => ended(SessionEnd::ByUs),
            SessionInput::Tick if ran_out => ended(SessionEnd::RanOut),
            SessionInput::Reported(_) | SessionInput::EndedByUs | SessionInput::Tick => Vec::new(),
        }
    }

    /// Takes `event`, which happened at `at`, as a fact: never fails, decides nothing.
    pub fn apply(&mut self, event: &SessionEvent, at: Timestamp) {
        match event {
            SessionEvent::Opened { id } => {
                if *id != self.id {
                    let before = std::mem::replace(&mut self.id, id.clone());
                    if before.is_some() {
                        self.before = before;
                    }
                }
                self.is_open = true;
                self.heard_at = Some(at);
            }
            SessionEvent::Lengthened => self.heard_at = Some(at),
            SessionEvent::Ended { .. } => self.is_open = false,
        }
    }

    /// Takes a line of a conversation's log as a fact.
    pub fn fold(&mut self, event: &Event, at: Timestamp) {
        match event {
            Event::Opened {
                channel, session, ..
            } => {
                self.rules = SessionRules::of(channel);
                let id = session.clone();
                self.apply(&SessionEvent::Opened { id }, at);
            }
            Event::Reopened { session, .. } => {
                let id = session.clone().or_else(|| self.id.clone());
                self.apply(&SessionEvent::Opened { id }, at);
            }
            Event::CustomerSaid { .. } => self.apply(&SessionEvent::Lengthened, at),
            Event::Ended { .. }
            | Event::BotEnded { .. }
            | Event::Rejected { is_final: true, .. } => {
                // Why it ended stands in the event, and nobody asks it of the session.
                let why = SessionEnd::ByUs;
                self.apply(&SessionEvent::Ended { why }, at);
            }
            _ => {}
        }
    }

    /// Whether a session is named and it is not the last we know; where either has no name, they are taken for one.
    #[must_use]
    pub fn names_another(&self, named: Option<&SessionId>) -> bool {
        matches!((named, &self.id), (Some(named), Some(ours)) if named != ours)
    }
}
