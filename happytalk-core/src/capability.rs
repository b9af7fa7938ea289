//! What a platform can carry, as data.

use crate::content::{ButtonAction, Content};
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

/// What a channel can do. What is left out here is refused before any I/O; [`fit`](crate::fit::fit) turns what is too
/// long or too much into what the channel can do.
///
/// [`Capabilities::none`] can do nothing; an adapter sets what its platform can. A limit of 0 means that there is no
/// such thing: no buttons, no quick replies, no cards, no titles on cards.
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
    /// The longest title of a card.
    pub card_title_max: usize,
    /// The longest text of a card.
    pub card_text_max: usize,
    /// The longest title and text of a card together, a line break between them counted.
    pub card_words_max: usize,
    /// Whether a card may stand without words, and whether it may hold words of one kind and nothing beside them.
    /// Where not, a card needs words, and with them a picture, buttons or both a title and a text.
    pub bare_cards: bool,
    /// What buttons and quick replies may do.
    pub button_actions: &'static [ButtonAction],
    /// The longest value of a button that sends something back or calls a bot.
    pub value_max: usize,
    /// Whether such a value may hold nothing but ASCII letters, digits and `_`.
    pub value_is_token: bool,
    /// Whether pictures, films, sounds and files carry their comment.
    pub comments: bool,
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
    /// Where the platform reports later what became of a message ([`InboundKind::Delivery`](crate::InboundKind::Delivery)):
    /// the status that says it arrived. Every other says it did not.
    pub delivered: Option<&'static str>,
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
            card_title_max: 0,
            card_text_max: 0,
            card_words_max: 0,
            bare_cards: false,
            button_actions: &[],
            value_max: 0,
            value_is_token: false,
            comments: false,
            label_max: 0,
            quick_reply_label_max: 0,
            buttons_max: 0,
            quick_replies_max: 0,
            cards_max: 0,
            agent_opens: false,
            idempotent: false,
            delivered: None,
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
