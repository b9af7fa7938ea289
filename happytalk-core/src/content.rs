//! What a message holds, on every channel alike.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One part of a message. A message is a list of these.
///
/// `Debug` shows the kind and never the text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Content {
    /// Words.
    Text(Text),
    /// A picture.
    Image(Media),
    /// A film.
    Video(Media),
    /// A sound.
    Audio(Media),
    /// Any other file.
    File(Media),
    /// A sticker (이모티콘); platforms do not tell which.
    Sticker,
    /// A place; platforms tell it as words beside this.
    Location,
    /// A title, words, a picture and buttons in one frame.
    Card(Card),
    /// Cards side by side.
    Carousel {
        /// At least one.
        cards: Vec<Card>,
    },
}

/// Words, and the short answers offered below them.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Text {
    /// The words; where `full_text_url` is set, only their beginning.
    pub text: String,
    /// Where the platform keeps the whole text, when it sent only the beginning.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub full_text_url: Option<String>,
    /// Short answers that vanish after one is pressed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<Button>,
}

impl Text {
    /// Words alone.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            full_text_url: None,
            quick_replies: Vec::new(),
        }
    }
}

/// A file somewhere on the web.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Media {
    /// Where it is; from a platform exactly as it came, so it may be no URL at all.
    pub url: String,
    /// What was said about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    /// Its file name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its size in bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

impl Media {
    /// The file at `url`.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            comment: None,
            name: None,
            size: None,
        }
    }
}

/// A title, words, a picture and buttons in one frame.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Card {
    /// The head line.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The URL of the picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Buttons that stay.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
    /// Short answers that vanish after one is pressed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<Button>,
}

impl Card {
    /// A card with nothing on it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// Something to press.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Button {
    /// What stands on it.
    pub label: String,
    /// What pressing it does.
    pub action: ButtonAction,
    /// The postback text, the URL, the phone number or the bot event, by `action`; empty where it needs none.
    #[serde(default)]
    pub value: String,
    /// Other addresses by device, for `url` and `app`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub targets: Option<ButtonTargets>,
}

impl Button {
    /// A button.
    #[must_use]
    pub fn new(label: impl Into<String>, action: ButtonAction, value: impl Into<String>) -> Self {
        Self {
            label: label.into(),
            action,
            value: value.into(),
            targets: None,
        }
    }
}

/// What pressing a button does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ButtonAction {
    /// Sends `value` back to us, and the label as the customer's words.
    Postback,
    /// Opens a web page.
    Url,
    /// Opens an app.
    App,
    /// Dials a number.
    Phone,
    /// Asks for an agent (상담원 연결).
    Agent,
    /// Hands over to the platform's own bot (챗봇 전환).
    Bot,
}

/// Where a link leads on each kind of device.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ButtonTargets {
    /// On a phone's browser.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub web: Option<String>,
    /// On a computer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pc: Option<String>,
    /// The iOS app scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ios: Option<String>,
    /// The Android app scheme.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub android: Option<String>,
}

impl Content {
    /// Words alone.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(Text::new(text))
    }

    /// The name of the kind, as the log writes it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Image(_) => "image",
            Self::Video(_) => "video",
            Self::Audio(_) => "audio",
            Self::File(_) => "file",
            Self::Sticker => "sticker",
            Self::Location => "location",
            Self::Card(_) => "card",
            Self::Carousel { .. } => "carousel",
        }
    }

    /// The words a bot may match: the text itself, of media the comment; `None` where there are none.
    #[must_use]
    pub fn words(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(&text.text),
            Self::Image(media) | Self::Video(media) | Self::Audio(media) | Self::File(media) => {
                media.comment.as_deref()
            }
            Self::Card(card) => card.text.as_deref().or(card.title.as_deref()),
            Self::Sticker | Self::Location | Self::Carousel { .. } => None,
        }
    }
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Content({})", self.kind())
    }
}

macro_rules! debug_hides {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
debug_hides!(Text, Media, Card, Button, ButtonTargets);
