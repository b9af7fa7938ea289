//! The 상담하기 button: the address and the form that open a consultation from a web page, and what they carry.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/counseling/start_from_button>,
//! <https://developer-center.happytalk.io/KakaoWebhook/Counseling/Connect/startPostMethod> (read 2026-11-21).
//! It is a page for the customer's browser: nothing here is called by a server, and no key is needed.

mod form;
#[cfg(feature = "qr")]
mod qr;
mod token;

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

pub use form::{Device, StartForm};
#[cfg(feature = "qr")]
#[cfg_attr(docsrs, doc(cfg(feature = "qr")))]
pub use qr::StartQr;
pub use token::{StartKey, StartToken};

/// The page that the button opens.
pub const START_PAGE: &str = "https://bizmessage.kakao.com/chat/open";

/// A script for pages that pass the customer on to Kakao's login: it belongs into each of those.
pub const START_SCRIPT: &str = "https://bizmessage.kakao.com/chat/includeScript";

/// The width and height, in CSS pixels, that the window must have at least on a PC. It has to be one of its own.
pub const PC_WINDOW_PX_MIN: (u32, u32) = (1024, 800);

/// The longest channel name, in characters, with its `@`.
///
/// Assumed: longer than any that Kakao gives out; the documents tell a limit of 40 for another key in this place.
const CHANNEL_CHARS_MAX: usize = 40;

/// The longest event of a bot, in characters.
const EVENT_CHARS_MAX: usize = 100;

/// Which part of a 상담하기 button cannot be used, and what it has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum StartPart {
    /// The channel: its search id.
    Channel,
    /// What comes back with the customer.
    Extra,
    /// The bot's event.
    Event,
    /// A signing key.
    Key,
}

impl fmt::Display for StartPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Channel => {
                "channel: its search id with the @, neither the sender key nor the id with _"
            }
            Self::Extra => "extra: 1 to 50 of [A-Za-z0-9_], and 1 to 27 where it is signed",
            Self::Event => "event: 1 to 100 of [A-Za-z0-9_]",
            Self::Key => "key: at least 16 bytes",
        })
    }
}

/// A channel by its search id (검색용 아이디), such as `@happytalk`.
///
/// A channel has three names that do not stand for each other: this one, the profile id that begins with `_`, and the
/// sender key. Bizgo's page asks for the sender key here; pages that work use the search id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct ChannelSearchId(Box<str>);

impl ChannelSearchId {
    /// The text, with its `@`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ChannelSearchId {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let part = StartPart::Channel;
        let name = text.strip_prefix('@').ok_or(Error::BadStart { part })?;
        let allowed = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.');
        let usable = !name.is_empty()
            && name.chars().count() < CHANNEL_CHARS_MAX
            && name.chars().all(allowed)
            && name.chars().any(char::is_alphanumeric);
        match usable {
            true => Ok(Self(text.into())),
            false => Err(Error::BadStart { part }),
        }
    }
}

impl fmt::Display for ChannelSearchId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// What the button hands over with the customer: it comes back as the parameter `extra` of
/// [`Entered`](happytalk_core::InboundKind::Entered). 1 to 50 of `[A-Za-z0-9_]`; not shown in `Debug`.
///
/// Kakao cuts what is too long in silence, and documents differ on the limit (50, and 1,000 where the button posts), so that
/// anything over the smallest is refused here. Whoever sees the page sees the value, and may send another:
/// [`StartKey::sign`] proves one that is short, [`StartToken`] stands for what does not fit or should not be seen.
#[derive(Clone, PartialEq, Eq)]
pub struct StartExtra(Box<str>);

impl StartExtra {
    /// The longest value, in characters.
    pub const CHARS_MAX: usize = 50;

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for StartExtra {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        match is_safe(text, Self::CHARS_MAX) {
            true => Ok(Self(text.into())),
            false => Err(Error::BadStart {
                part: StartPart::Extra,
            }),
        }
    }
}

impl fmt::Debug for StartExtra {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StartExtra(..)")
    }
}

/// Whether it is 1 to `chars_max` characters that no dealer changes.
fn is_safe(text: &str, chars_max: usize) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (1..=chars_max).contains(&text.len()) && text.bytes().all(allowed)
}

/// Who has the customer's first words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the parameter has these three values"
)]
pub enum FirstAnswer {
    /// 상담톡, that is us: `false`, and what the platform does where the button does not say.
    Consultation,
    /// The channel's bot of Open Builder: `true`.
    Bot,
    /// The bot, unless a session is open: `auto`.
    BotUnlessOpen,
}

impl FirstAnswer {
    /// The value on the wire. The platform does not know it in capitals.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Consultation => "false",
            Self::Bot => "true",
            Self::BotUnlessOpen => "auto",
        }
    }
}

/// How KakaoTalk opens on a phone (`app_open_type`). Only a form says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "the parameter has these two values"
)]
pub enum AppOpening {
    /// At once: `direct`.
    Direct,
    /// After a question: `modal`.
    Modal,
}

impl AppOpening {
    /// The value on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Direct => "direct",
            Self::Modal => "modal",
        }
    }
}

/// A 상담하기 button.
///
/// ```
/// use happytalk_kakao::{FirstAnswer, StartButton};
///
/// let button = StartButton::new("@happytalk".parse()?)
///     .with_extra("order_17".parse()?)
///     .with_first_answer(FirstAnswer::Consultation);
/// assert_eq!(button.url(), "https://bizmessage.kakao.com/chat/open/@happytalk?extra=order_17&bot=false");
/// assert_eq!("주문 17".parse::<happytalk_kakao::StartExtra>().unwrap_err().code(), "kakao.bad_start");
/// # Ok::<(), happytalk_kakao::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartButton {
    channel: ChannelSearchId,
    extra: Option<StartExtra>,
    first_answer: Option<FirstAnswer>,
    event: Option<Box<str>>,
    app_opening: Option<AppOpening>,
}

impl StartButton {
    /// A button that says nothing but the channel.
    #[must_use]
    pub const fn new(channel: ChannelSearchId) -> Self {
        Self {
            channel,
            extra: None,
            first_answer: None,
            event: None,
            app_opening: None,
        }
    }

    /// Hands `extra` over with the customer.
    #[must_use]
    pub fn with_extra(mut self, extra: StartExtra) -> Self {
        self.extra = Some(extra);
        self
    }

    /// Hands over a token that stands for what does not fit.
    #[must_use]
    pub fn with_token(self, token: StartToken) -> Self {
        self.with_extra(token.to_extra())
    }

    /// Says who has the customer's first words.
    #[must_use]
    pub const fn with_first_answer(mut self, first_answer: FirstAnswer) -> Self {
        self.first_answer = Some(first_answer);
        self
    }

    /// Calls an event of the channel's bot: 1 to 100 of `[A-Za-z0-9_]`.
    ///
    /// # Errors
    /// [`Error::BadStart`] where it is another text.
    pub fn with_event(mut self, event: &str) -> Result<Self, Error> {
        if !is_safe(event, EVENT_CHARS_MAX) {
            return Err(Error::BadStart {
                part: StartPart::Event,
            });
        }
        self.event = Some(event.into());
        Ok(self)
    }

    /// Says how KakaoTalk opens on a phone. An address cannot say so, only [`form`](Self::form) does.
    #[must_use]
    pub const fn with_app_opening(mut self, app_opening: AppOpening) -> Self {
        self.app_opening = Some(app_opening);
        self
    }

    /// The address to open: on a phone in the same window, on a PC in one of its own of at least [`PC_WINDOW_PX_MIN`].
    #[must_use]
    pub fn url(&self) -> String {
        let mut url = format!("{START_PAGE}/");
        for byte in self.channel.as_str().bytes() {
            let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'@' | b'_' | b'-' | b'.');
            match plain {
                true => url.push(char::from(byte)),
                false => url.push_str(&format!("%{byte:02X}")),
            }
        }
        let mut mark = '?';
        for (name, value) in self.told() {
            url.push(mark);
            url.push_str(&format!("{name}={value}"));
            mark = '&';
        }
        url
    }

    /// The same as a form that posts.
    #[must_use]
    pub fn form(&self) -> StartForm<'_> {
        let mut fields = vec![("uuid", self.channel.as_str())];
        fields.extend(self.told());
        if let Some(app_opening) = self.app_opening {
            fields.push(("app_open_type", app_opening.as_str()));
        }
        StartForm::new(fields)
    }

    /// The address as a picture to point a phone at.
    ///
    /// # Errors
    /// [`Error::BadStart`] where the address is longer than any QR code, which the limits of its parts rule out.
    #[cfg(feature = "qr")]
    #[cfg_attr(docsrs, doc(cfg(feature = "qr")))]
    pub fn qr(&self) -> Result<StartQr, Error> {
        StartQr::new(&self.url())
    }

    /// What an address and a form both say. All values are of the safe characters.
    fn told(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let first_answer = self.first_answer.map(FirstAnswer::as_str);
        [
            ("extra", self.extra.as_ref().map(StartExtra::as_str)),
            ("bot", first_answer),
            ("event", self.event.as_deref()),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }
}
