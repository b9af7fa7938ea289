//! What a person sees in the channel's room.

use std::fmt;

use happytalk_core::Timestamp;
use happytalk_core::session::Session;

/// A person's room. Shows nothing of what was said in `Debug`.
#[derive(Clone)]
pub struct Room {
    pub(super) session: Session,
    pub(super) opened_at: Option<Timestamp>,
    pub(super) ended_at: Option<Timestamp>,
    pub(super) shown: Vec<Shown>,
    pub(super) is_blocked: bool,
    pub(super) has_blocked: bool,
    pub(super) last_extra: Option<Box<str>>,
    pub(super) last_asked_at: Option<Timestamp>,
    pub(super) bot_talk: Vec<(bool, Box<str>)>,
    pub(super) said_at: Option<Timestamp>,
}

impl Room {
    pub(super) fn new() -> Self {
        Self {
            session: Session::on(&happytalk_core::ChannelName::KAKAO_CONSULT),
            opened_at: None,
            ended_at: None,
            shown: Vec::new(),
            is_blocked: false,
            has_blocked: false,
            last_extra: None,
            last_asked_at: None,
            bot_talk: Vec::new(),
            said_at: None,
        }
    }

    /// The session, the last one where none is open.
    #[must_use]
    pub const fn session(&self) -> &Session {
        &self.session
    }

    /// What the centre said, in its order, in all sessions.
    #[must_use]
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// Whether the centre blocked them.
    #[must_use]
    pub const fn is_blocked(&self) -> bool {
        self.is_blocked
    }

    /// The button with this label that was shown last.
    pub(super) fn button(&self, label: &str) -> Option<&ShownButton> {
        let mut buttons = self.shown.iter().rev().flat_map(|shown| &shown.buttons);
        buttons.find(|button| button.label == label)
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room")
            .field("is_open", &self.session.is_open())
            .field("shown", &self.shown.len())
            .finish_non_exhaustive()
    }
}

/// Something that the centre said.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shown {
    /// Under which serial number; Bizgo's own key there.
    pub serial: String,
    /// The type on the wire, such as `TX` or `CAROUSEL_FEED`.
    pub kind: String,
    /// All words of it, a line each: headers, titles, texts.
    pub words: String,
    /// The media of it, by their URLs.
    pub media: Vec<String>,
    /// Its buttons, then its quick replies.
    pub buttons: Vec<ShownButton>,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown")
            .field("kind", &self.kind)
            .field("media", &self.media.len())
            .field("buttons", &self.buttons.len())
            .finish_non_exhaustive()
    }
}

/// A button or quick reply that the centre showed.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShownButton {
    /// What stands on it.
    pub label: String,
    /// Its type on the wire, such as `BK`.
    pub kind: String,
    /// What it sends along, or the bot's event that it calls.
    pub carries: Option<String>,
}

impl fmt::Debug for ShownButton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShownButton")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
