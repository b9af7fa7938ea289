//! What a person sees in the account's room, and what the platform knows of it.

use std::collections::BTreeSet;
use std::fmt;

use happytalk_core::Timestamp;
use happytalk_core::outbound::Owner;
use serde_json::Value;

/// A person's room (대화방). Shows nothing of what was said in `Debug`.
#[derive(Clone)]
pub struct Room {
    pub(super) owner: Owner,
    pub(super) shown: Vec<Shown>,
    /// Whether they said something since the last of what is shown.
    pub(super) has_spoken_since: bool,
    pub(super) has_talk: bool,
    pub(super) is_friend: bool,
    pub(super) is_typing: bool,
    pub(super) is_unread: bool,
    pub(super) consents: BTreeSet<Box<str>>,
    pub(super) page: Option<Page>,
    pub(super) asked_at: Option<Timestamp>,
    pub(super) number: u64,
    /// The payments that a window was opened for, by id.
    pub(super) payments: Vec<(Box<str>, Value)>,
}

/// The consent page (동의 화면) of a profile request.
#[derive(Clone)]
pub(super) struct Page {
    pub(super) field: Box<str>,
    pub(super) agreements: Vec<Box<str>>,
    pub(super) closes_at: Timestamp,
}

impl Room {
    pub(super) const fn new() -> Self {
        Self {
            owner: Owner::Bot,
            shown: Vec::new(),
            has_spoken_since: false,
            has_talk: false,
            is_friend: false,
            is_typing: false,
            is_unread: false,
            consents: BTreeSet::new(),
            page: None,
            asked_at: None,
            number: 0,
            payments: Vec::new(),
        }
    }

    /// Who may speak.
    #[must_use]
    pub const fn owner(&self) -> Owner {
        self.owner
    }

    /// What was said to them, in its order, by whom ever.
    #[must_use]
    pub fn shown(&self) -> &[Shown] {
        &self.shown
    }

    /// Whether they see that somebody is typing.
    #[must_use]
    pub const fn is_typing(&self) -> bool {
        self.is_typing
    }

    /// Whether the partner centre counts what they said as unread.
    #[must_use]
    pub const fn is_unread(&self) -> bool {
        self.is_unread
    }

    /// The field that a consent page in front of them asks for.
    #[must_use]
    pub fn asked_for(&self) -> Option<&str> {
        self.page.as_ref().map(|page| &*page.field)
    }

    /// What can be pressed now: all buttons, and the quick replies of the last message while nothing has followed.
    pub(super) fn button(&self, label: &str) -> Option<&ShownButton> {
        let last = self.shown.len().checked_sub(1);
        let messages = self.shown.iter().enumerate().rev();
        let pressable = messages.flat_map(|(at, shown)| {
            let quick = Some(at) == last && !self.has_spoken_since;
            let quick = quick.then_some(&shown.quick_replies);
            quick.into_iter().flatten().chain(&shown.buttons)
        });
        let mut pressable = pressable.filter(|button| button.label == label);
        pressable.next()
    }

    pub(super) const fn next_number(&mut self) -> u64 {
        self.number = self.number.saturating_add(1);
        self.number
    }

    pub(super) fn close_page(&mut self, now: Timestamp) {
        if self.page_closes_at().is_some_and(|at| at <= now) {
            self.page = None;
        }
    }

    pub(super) fn page_closes_at(&self) -> Option<Timestamp> {
        self.page.as_ref().map(|page| page.closes_at)
    }
}

impl fmt::Debug for Room {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Room")
            .field("owner", &self.owner)
            .field("shown", &self.shown.len())
            .finish_non_exhaustive()
    }
}

/// Something that was said to a person.
#[derive(Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shown {
    /// Whether an agent of the partner centre said it.
    pub is_agent: bool,
    /// All words of it, a line each: texts, titles, rows.
    pub words: String,
    /// The pictures of it, as they were sent: addresses or ids.
    pub pictures: Vec<String>,
    /// The products of it.
    pub products: Vec<u64>,
    /// Its buttons, those of a menu after the one that opens it.
    pub buttons: Vec<ShownButton>,
    /// Its quick replies.
    pub quick_replies: Vec<ShownButton>,
    /// Whether their phone told them of it.
    pub has_notified: bool,
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shown")
            .field("is_agent", &self.is_agent)
            .field("pictures", &self.pictures.len())
            .field("buttons", &self.buttons.len())
            .finish_non_exhaustive()
    }
}

/// A button, a quick reply or an entry of the fixed menu.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ShownButton {
    /// What stands on it.
    pub label: String,
    /// Its type on the wire, such as `TEXT`.
    pub kind: String,
    /// What it carries, or the page to which it leads.
    pub carries: Option<String>,
    /// What a `PAY` button asks for.
    pub(super) payment: Option<Value>,
}

impl fmt::Debug for ShownButton {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ShownButton")
            .field("kind", &self.kind)
            .finish_non_exhaustive()
    }
}
