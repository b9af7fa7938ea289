//! What TalkTalk alone can say, and no other channel: rows, menus, pickers, payments, product cards, the fixed menu.
//!
//! What every channel can say goes as an [`Outbound`](happytalk_core::Outbound). A [`Message`] is for the rest; it is
//! sent by [`Naver::send_message`](crate::Naver::send_message), and [`encode_message`](crate::encode_message) shows the
//! request. All of it can be written as JSON, so that a host can keep templates.
//!
//! ```
//! use happytalk_core::time::Date;
//! use happytalk_naver::encode_message;
//! use happytalk_naver::message::{Button, Calendar, Message};
//!
//! let day = |text: &str| text.parse::<Date>();
//! let mut calendar = Calendar::new("day");
//! calendar.days = Some((day("2026-12-01")?, day("2026-12-24")?));
//! let message = Message::text("언제 방문하시겠어요?").with_quick_replies(vec![Button::Calendar(calendar)]);
//! let request = encode_message(&"al-2eGuGr5WQOnco1_V-FQ".parse()?, &message)?;
//! let body = std::str::from_utf8(request.body())?;
//! assert!(body.contains(r#""calendar":{"start":"20261201","end":"20261224"}"#), "{body}");
//!
//! let again: Message = serde_json::from_str(r#"{"body":{"type":"text","text":"언제 방문하시겠어요?"},
//!     "quick_replies":[{"type":"calendar","code":"day","days":["2026-12-01","2026-12-24"]}]}"#)?;
//! assert_eq!(again, message);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod button;
mod menu;
mod payment;
mod picker;

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::error::Error;

pub use self::button::{Button, Webview};
pub use self::menu::{Menu, MenuEntry};
pub use self::payment::{Payment, PaymentItem};
pub use self::picker::{Calendar, DayOff, TimeInterval, TimeOff};

/// One message of the platform: what it shows, what can be pressed below it, and how it is sent.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Message {
    /// What it shows.
    pub body: Body,
    /// Buttons (퀵버튼) that vanish after one is pressed, or when anything follows. At most 10, labels of at most 10.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<Button>,
    /// How it is sent.
    #[serde(default, skip_serializing_if = "SendOptions::is_plain")]
    pub options: SendOptions,
}

impl Message {
    /// Shows `body`.
    #[must_use]
    pub const fn new(body: Body) -> Self {
        Self {
            body,
            quick_replies: Vec::new(),
            options: SendOptions::new(),
        }
    }

    /// Words alone.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self::new(Body::Text { text: text.into() })
    }

    /// With these quick replies below it.
    #[must_use]
    pub fn with_quick_replies(mut self, quick_replies: Vec<Button>) -> Self {
        self.quick_replies = quick_replies;
        self
    }

    /// Sent in that way.
    #[must_use]
    pub const fn with_options(mut self, options: SendOptions) -> Self {
        self.options = options;
        self
    }
}

/// What a message shows.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Body {
    /// Words, at most 10,000 UTF-16 units.
    Text {
        /// The words.
        text: String,
    },
    /// A picture: JPG, PNG or GIF, at most 20 MB.
    Image {
        /// Which.
        image: Image,
    },
    /// Composites (복합 메시지), 1 to 10; two or more stand side by side.
    Cards {
        /// Them.
        cards: Vec<Card>,
    },
    /// Products of the account's own shop (스마트스토어 상품).
    Products(Products),
}

/// How a message is sent. By default neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct SendOptions {
    /// Whether the Naver app tells the customer of it (푸시 알림). Not shown to one who is in the room, and of no effect
    /// in a synchronous reply.
    pub notification: bool,
    /// Whether the room counts as read in the partner centre (읽음 처리).
    ///
    /// Observed: `readBySend`; no page names it.
    pub mark_read: bool,
}

impl SendOptions {
    /// Neither.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            notification: false,
            mark_read: false,
        }
    }

    /// With a notification on the customer's phone.
    #[must_use]
    pub const fn with_notification(mut self) -> Self {
        self.notification = true;
        self
    }

    /// With the room marked as read in the partner centre.
    #[must_use]
    pub const fn with_read_mark(mut self) -> Self {
        self.mark_read = true;
        self
    }

    pub(crate) const fn is_plain(&self) -> bool {
        !self.notification && !self.mark_read
    }
}

/// A picture: where the platform finds it, or which of those it holds.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "the platform takes an address or an id"
)]
pub enum Image {
    /// A public address. The platform fetches it once, within 10 s, and keeps a copy.
    Url(String),
    /// The id of one that [`Naver::upload_image`](crate::Naver::upload_image) handed over.
    Id(ImageId),
}

/// The platform's id of a picture that it holds. How long it holds it is not documented.
///
/// Not empty, at most 512 bytes, no control characters, and no `://`, which would be an address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ImageId(String);

impl ImageId {
    /// The most bytes it may have.
    pub const BYTES_MAX: usize = 512;

    /// The id.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ImageId {
    type Error = Error;
    fn try_from(text: String) -> Result<Self, Error> {
        let fits = !text.is_empty() && text.len() <= Self::BYTES_MAX;
        if fits && !text.contains("://") && !text.chars().any(char::is_control) {
            Ok(Self(text))
        } else {
            Err(Error::BadImageId)
        }
    }
}

impl From<ImageId> for String {
    fn from(id: ImageId) -> Self {
        id.0
    }
}

/// A composite: a title, words, a picture, rows and buttons in one frame, always in this order on the screen.
///
/// It needs a title, a text or rows; and at least two of title, text, rows, picture and buttons.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Card {
    /// The head line, at most 200 UTF-16 units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// The words, at most 1,000 UTF-16 units.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The picture, best 530 × 290 pixels.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// Rows (엘리먼트), at most 3.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub rows: Vec<Row>,
    /// Buttons, at most 10, labels of at most 18.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<Button>,
}

impl Card {
    /// A card with nothing on it.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

/// A row of a card.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Row {
    /// The head line, at most 100 UTF-16 units; about 10 characters show.
    pub title: String,
    /// The words, at most 100 UTF-16 units; about 25 characters on two lines show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// The small print, at most 100 UTF-16 units; about 13 characters show.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// The picture.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<Image>,
    /// The button: words, a link or a picker. Its label has at most
    /// [`Config::row_label_max`](crate::Config::row_label_max), 4 unless set otherwise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub button: Option<Button>,
}

impl Row {
    /// A row with a head line alone.
    #[must_use]
    pub fn new(title: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            text: None,
            note: None,
            image: None,
            button: None,
        }
    }
}

/// How products stand in a message.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "the platform has these two")]
pub enum ProductDisplay {
    /// One frame each, side by side: at most 15 products.
    #[default]
    Single,
    /// Rows of one frame: at most 4 products.
    List,
}

impl ProductDisplay {
    /// The most products of a message.
    #[must_use]
    pub const fn count_max(self) -> usize {
        match self {
            Self::Single => 15,
            Self::List => 4,
        }
    }
}

/// Products of the account's own shop. The platform calls it a function of reduced scope, and takes the price and the
/// picture from the shop.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Products {
    /// The numbers of the products (상품 번호), at most as many as `display` takes.
    pub ids: Vec<u64>,
    /// How they stand.
    #[serde(default)]
    pub display: ProductDisplay,
    /// Buttons of one's own below single products.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<ProductButtons>,
}

impl Products {
    /// The products with these numbers.
    #[must_use]
    pub const fn new(ids: Vec<u64>, display: ProductDisplay) -> Self {
        Self {
            ids,
            display,
            buttons: Vec::new(),
        }
    }
}

/// Buttons below one product of a message.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ProductButtons {
    /// The product, one of those of the message.
    pub id: u64,
    /// The buttons. Assumed: the limits of a composite's.
    pub buttons: Vec<Button>,
}

impl ProductButtons {
    /// `buttons` below the product `id`.
    #[must_use]
    pub const fn new(id: u64, buttons: Vec<Button>) -> Self {
        Self { id, buttons }
    }
}

/// Shows the kind of a thing and nothing that stands in it.
macro_rules! debug_hides {
    ($($name:ident),*) => {$(
        impl std::fmt::Debug for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
use debug_hides;
debug_hides!(Image, Card, Row, Products, ProductButtons);

impl fmt::Debug for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Message")
            .field("body", &self.body)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Body {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Text { .. } => "Text(..)",
            Self::Image { .. } => "Image(..)",
            Self::Cards { .. } => "Cards(..)",
            Self::Products(_) => "Products(..)",
        })
    }
}
