//! What a platform can carry, as data.

use crate::content::Content;
use crate::outbound::Action;

/// How a platform counts the length of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TextUnit {
    /// Unicode scalar values.
    Chars,
    /// UTF-16 code units.
    Utf16,
}

impl TextUnit {
    /// How long `text` is.
    #[must_use]
    pub fn count(self, text: &str) -> usize {
        match self {
            Self::Chars => text.chars().count(),
            Self::Utf16 => text.encode_utf16().count(),
        }
    }
}

/// What a channel can do. What is left out here is refused before any I/O.
///
/// [`Capabilities::none`] can do nothing; an adapter sets what its platform can. A limit of 0 on buttons, quick
/// replies or cards means that there are none.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Capabilities {
    /// The kinds of [`Content`] it carries, by [`Content::kind`].
    pub content: &'static [&'static str],
    /// The kinds of [`Action`] it carries, by [`Action::kind`].
    pub actions: &'static [&'static str],
    /// What the limits below are counted in.
    pub unit: TextUnit,
    /// The longest text of one message.
    pub text_max: usize,
    /// The longest label of a button.
    pub label_max: usize,
    /// The longest label of a quick reply.
    pub quick_reply_label_max: usize,
    /// The most buttons of one card.
    pub buttons_max: usize,
    /// The most quick replies of one message.
    pub quick_replies_max: usize,
    /// The most cards of one carousel.
    pub cards_max: usize,
    /// Whether an agent may write first, outside a session that the customer opened.
    pub agent_opens: bool,
    /// Whether the platform itself refuses a second message with the same id.
    pub idempotent: bool,
}

impl Capabilities {
    /// A channel that can do nothing.
    #[must_use]
    pub const fn none() -> Self {
        Self {
            content: &[],
            actions: &[],
            unit: TextUnit::Chars,
            text_max: 0,
            label_max: 0,
            quick_reply_label_max: 0,
            buttons_max: 0,
            quick_replies_max: 0,
            cards_max: 0,
            agent_opens: false,
            idempotent: false,
        }
    }

    /// Whether the channel carries this kind of action.
    #[must_use]
    pub fn allows(&self, action: &Action) -> bool {
        self.actions.contains(&action.kind())
    }

    /// Whether the channel carries this kind of content.
    #[must_use]
    pub fn carries(&self, content: &Content) -> bool {
        self.content.contains(&content.kind())
    }
}
