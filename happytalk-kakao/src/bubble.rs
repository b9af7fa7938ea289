//! One message as Kakao draws it (말풍선), in no dialect.
//!
//! [`Content`](happytalk_core::Content) is what every channel has; a bubble is what Kakao has beyond that: system
//! messages, wide pictures, lists, carousels, coupons, consents. Both go out through the same codecs.

mod button;
mod check;
mod content;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use button::{AppLink, BubbleButton, Press, WebLink};
pub(crate) use check::{
    BUTTONS_MAX, QUICK_REPLIES_MAX, QUICK_REPLY_LABEL_CHARS_MAX, TEXT_CHARS_MAX, VALUE_CHARS_MAX,
    check, event,
};
pub(crate) use content::bubbles;

/// One message as Kakao draws it. The name of its JSON `type` stands in quotes beside each.
///
/// Its limits are checked before anything is sent. `Debug` shows the kind and never what is said.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Bubble {
    /// Words, and what can be pressed below them: `text`.
    Text(TextBubble),
    /// A picture, alone or with words below it: `image`.
    Image(ImageBubble),
    /// A picture over the whole width, with words: `wide_image`. Not in HappyTalk's first generation.
    WideImage(ImageBubble),
    /// A table of titles and words: `item_list`. Its fields are [unconfirmed](crate::Config::with_unconfirmed).
    ItemList(ItemListBubble),
    /// Rows with a small picture each: `wide_item_list`. [Unconfirmed](crate::Config::with_unconfirmed).
    WideItemList(WideItemListBubble),
    /// Cards side by side: `carousel`. [Unconfirmed](crate::Config::with_unconfirmed).
    Carousel(CarouselBubble),
    /// A film: `video`. Not in HappyTalk's first generation.
    Video(FileBubble),
    /// A sound: `audio`. [Unconfirmed](crate::Config::with_unconfirmed) in HappyTalk's first generation.
    Audio(FileBubble),
    /// Any other file: `file`.
    File(FileBubble),
    /// Asks for the customer's phone number and nickname: `personal`. Bizgo alone has it; the answer comes as
    /// [`ProfileShared`](happytalk_core::InboundKind::ProfileShared).
    Personal(ConsentBubble),
    /// Asks the customer to prove who they are with Kakao's certificate: `certificate`. Bizgo alone has it, for channels
    /// that Kakao lets; nothing of the answer's content is ever read here.
    Certificate(CertificateBubble),
}

/// Words, and what can be pressed below them.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct TextBubble {
    /// The words, at most 1,000 characters; needed.
    pub text: String,
    /// At most 5, with a coupon 4.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<BubbleButton>,
    /// At most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<BubbleButton>,
    /// A coupon below the words. [Unconfirmed](crate::Config::with_unconfirmed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Coupon>,
    /// The system message to be shown with it, which Kakao must have approved before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auto_answer: Option<AutoAnswer>,
    /// Whether it cannot be forwarded (보안 메시지). Not in HappyTalk's first generation.
    #[serde(skip_serializing_if = "is_false")]
    pub lock: bool,
}

impl TextBubble {
    /// Words alone.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            text,
            ..Self::default()
        }
    }
}

/// A picture, alone or with words below it.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ImageBubble {
    /// The URL that an upload gave. One with words needs an upload for
    /// [`ImageUse::InBubble`](crate::ImageUse::InBubble).
    pub image: String,
    /// The words, at most 1,000 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// At most 5, with a coupon 4; of a wide picture 2. They need words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<BubbleButton>,
    /// At most 10. They need words.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<BubbleButton>,
    /// A coupon below the words. [Unconfirmed](crate::Config::with_unconfirmed).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Coupon>,
    /// Whether it cannot be forwarded. Not in HappyTalk's first generation.
    #[serde(skip_serializing_if = "is_false")]
    pub lock: bool,
}

impl ImageBubble {
    /// A picture alone.
    #[must_use]
    pub fn new(image: impl Into<String>) -> Self {
        let image = image.into();
        Self {
            image,
            ..Self::default()
        }
    }
}

/// A table of titles and words.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct ItemListBubble {
    /// What stands above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub header: Option<String>,
    /// The words, at most 1,000 characters; needed.
    pub text: String,
    /// What stands below the table.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    /// 2 to 10.
    pub items: Vec<ListItem>,
    /// At most 5, with a coupon 4.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<BubbleButton>,
    /// At most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<BubbleButton>,
    /// A coupon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Coupon>,
}

impl ItemListBubble {
    /// Words and a table.
    #[must_use]
    pub fn new(text: impl Into<String>, items: Vec<ListItem>) -> Self {
        let text = text.into();
        Self {
            text,
            items,
            ..Self::default()
        }
    }
}

/// A row of a table.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ListItem {
    /// On the left.
    pub title: String,
    /// On the right.
    pub description: String,
}

impl ListItem {
    /// A row.
    #[must_use]
    pub fn new(title: impl Into<String>, description: impl Into<String>) -> Self {
        Self {
            title: title.into(),
            description: description.into(),
        }
    }
}

/// Rows with a small picture each.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct WideItemListBubble {
    /// What stands above; needed.
    pub header: String,
    /// 3 or 4.
    pub items: Vec<WideItem>,
    /// At most 2.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<BubbleButton>,
    /// At most 10.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quick_replies: Vec<BubbleButton>,
    /// A coupon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Coupon>,
}

impl WideItemListBubble {
    /// Rows below a header.
    #[must_use]
    pub fn new(header: impl Into<String>, items: Vec<WideItem>) -> Self {
        let header = header.into();
        Self {
            header,
            items,
            ..Self::default()
        }
    }
}

/// A row with a small picture.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WideItem {
    /// What it is.
    pub title: String,
    /// The URL that an upload gave.
    pub image: String,
    /// Where it leads.
    pub link: WebLink,
}

impl WideItem {
    /// A row.
    #[must_use]
    pub fn new(title: impl Into<String>, image: impl Into<String>, link: WebLink) -> Self {
        Self {
            title: title.into(),
            image: image.into(),
            link,
        }
    }
}

/// Cards side by side.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CarouselBubble {
    /// 2 to 10.
    pub cards: Vec<FeedCard>,
    /// Where a last card that says "more" leads.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more: Option<WebLink>,
}

impl CarouselBubble {
    /// Cards.
    #[must_use]
    pub const fn new(cards: Vec<FeedCard>) -> Self {
        Self { cards, more: None }
    }
}

/// One card of a carousel.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct FeedCard {
    /// What stands above; needed.
    pub header: String,
    /// The words; needed.
    pub text: String,
    /// The URL that an upload gave.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// At most 2.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub buttons: Vec<BubbleButton>,
    /// A coupon.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coupon: Option<Coupon>,
}

impl FeedCard {
    /// Words alone.
    #[must_use]
    pub fn new(header: impl Into<String>, text: impl Into<String>) -> Self {
        Self {
            header: header.into(),
            text: text.into(),
            ..Self::default()
        }
    }
}

/// A film, a sound or any other file that was handed over before.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct FileBubble {
    /// The URL that the upload gave.
    pub url: String,
    /// Its name, which a `file` needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Its size in bytes, which a `file` needs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<u64>,
}

impl FileBubble {
    /// The file at `url`.
    #[must_use]
    pub fn new(url: impl Into<String>) -> Self {
        Self {
            url: url.into(),
            name: None,
            size: None,
        }
    }
}

/// Asks for the customer's phone number and nickname.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConsentBubble {
    /// Why they are asked for, at most 1,000 characters.
    pub text: String,
}

impl ConsentBubble {
    /// Asks with these words.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self { text: text.into() }
    }
}

/// Asks the customer to prove who they are.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct CertificateBubble {
    /// Why, at most 1,000 characters.
    pub text: String,
    /// How long they have, in minutes; the platform decides where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expiry_minutes: Option<u32>,
}

impl CertificateBubble {
    /// Asks with these words.
    #[must_use]
    pub fn new(text: impl Into<String>) -> Self {
        Self {
            text: text.into(),
            expiry_minutes: None,
        }
    }
}

/// A coupon of the channel.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Coupon {
    /// What it is, in one of the forms Kakao allows, such as `3000원 할인 쿠폰`.
    pub title: String,
    /// When it counts: at most 12 characters, in a wide bubble or a card 18.
    pub description: String,
    /// Where it is to be had.
    pub link: WebLink,
}

impl Coupon {
    /// A coupon.
    #[must_use]
    pub fn new(title: impl Into<String>, description: impl Into<String>, link: WebLink) -> Self {
        Self {
            title: title.into(),
            description: description.into(),
            link,
        }
    }
}

/// Which approved system message (시스템 메시지) is shown.
///
/// Observed: in code of a receiver. A page of HappyTalk repeats the table of message types in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum AutoAnswer {
    /// No consultation is possible (상담불가): `S1`.
    #[serde(rename = "S1")]
    Impossible,
    /// The agent is away (상담부재): `S2`.
    #[serde(rename = "S2")]
    Away,
    /// Ended because nobody answered (무응답 상담종료): `S3`.
    #[serde(rename = "S3")]
    Unanswered,
    /// Waiting for an agent (상담대기): `S4`.
    #[serde(rename = "S4")]
    Waiting,
}

impl AutoAnswer {
    /// The code, as it stands on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Impossible => "S1",
            Self::Away => "S2",
            Self::Unanswered => "S3",
            Self::Waiting => "S4",
        }
    }
}

impl Bubble {
    /// The `type` of the JSON.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "text",
            Self::Image(_) => "image",
            Self::WideImage(_) => "wide_image",
            Self::ItemList(_) => "item_list",
            Self::WideItemList(_) => "wide_item_list",
            Self::Carousel(_) => "carousel",
            Self::Video(_) => "video",
            Self::Audio(_) => "audio",
            Self::File(_) => "file",
            Self::Personal(_) => "personal",
            Self::Certificate(_) => "certificate",
        }
    }
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands it over so")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

impl fmt::Debug for Bubble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Bubble({})", self.kind())
    }
}

macro_rules! debug_hides {
    ($($name:ident),* $(,)?) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
debug_hides!(
    TextBubble,
    ImageBubble,
    ItemListBubble,
    ListItem,
    WideItemListBubble,
    WideItem,
    CarouselBubble,
    FeedCard,
    FileBubble,
    ConsentBubble,
    CertificateBubble,
    Coupon,
);
