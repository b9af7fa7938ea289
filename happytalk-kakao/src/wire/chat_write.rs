//! `POST /v1/chat/write`: says something, in HappyTalk's first generation and at the hub.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/counseling/send_chat> (read 2026-11-21).
//! Media must have been uploaded to Kakao before; another host's URL is refused by the platform, not here.
//! Observed: the type `AU`, in code of a receiver. Assumed: its fields are those of `FI`.

use happytalk_core::id::{AccountId, CustomerId};
use serde::Serialize;

use super::link::{Link, Place, Supplement};
use crate::bubble::{AutoAnswer, Bubble, BubbleButton, FileBubble, ImageBubble, TextBubble};
use crate::error::Error;

/// The body.
#[derive(Default, Serialize)]
pub(crate) struct ChatWrite<'a> {
    user_key: &'a str,
    sender_key: &'a str,
    serial_number: &'a str,
    /// `TX`, `IM`, `FI`, `AU` or `LI`.
    message_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    auto_answer: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplement: Option<Supplement<'a>>,
}

impl<'a> ChatWrite<'a> {
    /// Says `bubble`, which was checked before.
    pub(crate) fn new(
        customer: &'a CustomerId,
        account: &'a AccountId,
        serial_number: &'a str,
        bubble: &'a Bubble,
    ) -> Result<Self, Error> {
        let mut body = match bubble {
            Bubble::Text(text) => Self::text(text),
            Bubble::Image(image) => Self::image(image),
            Bubble::File(file) => Self::file("FI", file),
            Bubble::Audio(file) => Self::file("AU", file),
            other => return Err(Error::NotCarried { what: other.kind() }),
        };
        body.user_key = customer.as_str();
        body.sender_key = account.as_str();
        body.serial_number = serial_number;
        Ok(body)
    }

    /// A text alone is a `TX`; whatever stands beside it makes it an `LI`.
    fn text(text: &'a TextBubble) -> Self {
        let body = Self {
            message: Some(&text.text),
            auto_answer: text.auto_answer.map(AutoAnswer::as_str),
            ..Self::default()
        };
        let body = body.pressed(&text.buttons, &text.quick_replies);
        let rich =
            body.auto_answer.is_some() || !body.links.is_empty() || body.supplement.is_some();
        Self {
            message_type: if rich { "LI" } else { "TX" },
            ..body
        }
    }

    /// A picture alone is an `IM`, one with words an `LI`.
    fn image(image: &'a ImageBubble) -> Self {
        let body = Self {
            message_type: if image.text.is_some() { "LI" } else { "IM" },
            message: image.text.as_deref(),
            image_url: Some(&image.image),
            ..Self::default()
        };
        body.pressed(&image.buttons, &image.quick_replies)
    }

    fn file(message_type: &'static str, file: &'a FileBubble) -> Self {
        Self {
            message_type,
            file_url: Some(&file.url),
            file_name: file.name.as_deref(),
            file_size: file.size,
            ..Self::default()
        }
    }

    fn pressed(self, buttons: &'a [BubbleButton], quick_replies: &'a [BubbleButton]) -> Self {
        Self {
            links: Link::all(buttons, Place::Links),
            supplement: Supplement::new(quick_replies),
            ..self
        }
    }
}
