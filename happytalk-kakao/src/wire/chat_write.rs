//! `POST /v1/chat/write`: says something.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/counseling/send_chat> (read 2026-11-21).
//! Media must have been uploaded to Kakao before; another host's URL is refused by the platform, not here.

use std::borrow::Cow;

use happytalk_core::content::{Card, Content, Media, Text};
use happytalk_core::{Outbound, TextUnit};
use serde::Serialize;

use super::link::{self, Link, Supplement};
use crate::config::Config;
use crate::error::{Error, IncompletePart, LimitedPart};
use crate::serial::serial_number;

/// The longest text of one message, in characters, Korean and others alike.
pub(crate) const TEXT_CHARS_MAX: usize = 1000;

/// The most requests that one message becomes. Ours: far more than anybody reads at once.
const REQUESTS_MAX: usize = 100;

/// The longest URL and file name, in characters.
const URL_CHARS_MAX: usize = 1000;

/// The body.
#[derive(Default, Serialize)]
pub(crate) struct ChatWrite<'a> {
    user_key: &'a str,
    sender_key: &'a str,
    serial_number: String,
    /// `TX`, `IM`, `FI` or `LI`.
    message_type: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    message: Option<Cow<'a, str>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_name: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    file_size: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    links: Vec<Link<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    supplement: Option<Supplement<'a>>,
}

/// The messages that say `content`, in its order, each with its own serial number.
pub(crate) fn messages<'a>(
    outbound: &'a Outbound,
    content: &'a [Content],
    config: &Config,
) -> Result<Vec<ChatWrite<'a>>, Error> {
    let mut all = Vec::new();
    for part in content {
        all.extend(said(part, config)?);
        if all.len() > REQUESTS_MAX {
            return Err(Error::OverLimit {
                part: LimitedPart::Requests,
                max: REQUESTS_MAX,
            });
        }
    }
    if all.is_empty() {
        return Err(Error::Incomplete {
            part: IncompletePart::Content,
        });
    }
    for (index, message) in all.iter_mut().enumerate() {
        message.user_key = outbound.customer.as_str();
        message.sender_key = outbound.account.as_str();
        message.serial_number = serial_number(&outbound.id, index);
    }
    Ok(all)
}

/// What says one part; whom to and under which number is filled in afterwards.
fn said<'a>(content: &'a Content, config: &Config) -> Result<Vec<ChatWrite<'a>>, Error> {
    match content {
        Content::Text(text) => Ok(vec![said_text(text)?]),
        Content::Image(media) => with_comment(said_image(&media.url)?, media),
        Content::File(media) => with_comment(said_file(media)?, media),
        Content::Card(card) => Ok(vec![said_card(card, config)?]),
        other => Err(Error::NotCarried { what: other.kind() }),
    }
}

fn said_text(text: &Text) -> Result<ChatWrite<'_>, Error> {
    if text.full_text_url.is_some() {
        let what = "text that goes on elsewhere";
        return Err(Error::NotCarried { what });
    }
    let supplement = link::supplement(&text.quick_replies)?;
    Ok(ChatWrite {
        message_type: if supplement.is_some() { "LI" } else { "TX" },
        message: Some(words(Cow::Borrowed(&text.text))?),
        supplement,
        ..ChatWrite::default()
    })
}

fn said_image(url: &str) -> Result<ChatWrite<'_>, Error> {
    Ok(ChatWrite {
        message_type: "IM",
        image_url: Some(media_url(url)?),
        ..ChatWrite::default()
    })
}

fn said_file(media: &Media) -> Result<ChatWrite<'_>, Error> {
    let name = media.name.as_deref().filter(|name| !name.is_empty());
    let name = name.ok_or(Error::Incomplete {
        part: IncompletePart::FileName,
    })?;
    if TextUnit::Chars.count(name) > URL_CHARS_MAX {
        return Err(Error::OverLimit {
            part: LimitedPart::FileName,
            max: URL_CHARS_MAX,
        });
    }
    let size = media.size.ok_or(Error::Incomplete {
        part: IncompletePart::FileSize,
    })?;
    Ok(ChatWrite {
        message_type: "FI",
        file_url: Some(media_url(&media.url)?),
        file_name: Some(name),
        file_size: Some(size),
        ..ChatWrite::default()
    })
}

/// Neither a picture nor a file has room for words, so they follow as a text.
fn with_comment<'a>(said: ChatWrite<'a>, media: &'a Media) -> Result<Vec<ChatWrite<'a>>, Error> {
    let mut all = vec![said];
    if let Some(comment) = media.comment.as_deref().filter(|words| !words.is_empty()) {
        all.push(ChatWrite {
            message_type: "TX",
            message: Some(words(Cow::Borrowed(comment))?),
            ..ChatWrite::default()
        });
    }
    Ok(all)
}

/// A card is an `LI`: its title and its words one below the other. One with words alone is a text, one with a
/// picture alone a picture; buttons cannot stand without words.
fn said_card<'a>(card: &'a Card, config: &Config) -> Result<ChatWrite<'a>, Error> {
    let title = card.title.as_deref().filter(|title| !title.is_empty());
    let text = card.text.as_deref().filter(|text| !text.is_empty());
    let message = match (title, text) {
        (Some(title), Some(text)) => Some(Cow::Owned(format!("{title}\n{text}"))),
        (Some(words), None) | (None, Some(words)) => Some(Cow::Borrowed(words)),
        (None, None) => None,
    };
    let image = card.image.as_deref().filter(|url| !url.is_empty());
    let links = link::links(&card.buttons, config.button_label_chars_max)?;
    let supplement = link::supplement(&card.quick_replies)?;
    let to_press = !links.is_empty() || supplement.is_some();
    match (message, image) {
        (None, Some(url)) if !to_press => said_image(url),
        (None, _) => Err(Error::Incomplete {
            part: IncompletePart::Text,
        }),
        (Some(message), image) => Ok(ChatWrite {
            message_type: if to_press || image.is_some() {
                "LI"
            } else {
                "TX"
            },
            message: Some(words(message)?),
            image_url: image.map(media_url).transpose()?,
            links,
            supplement,
            ..ChatWrite::default()
        }),
    }
}

fn words(text: Cow<'_, str>) -> Result<Cow<'_, str>, Error> {
    if TextUnit::Chars.count(&text) > TEXT_CHARS_MAX {
        return Err(Error::OverLimit {
            part: LimitedPart::Text,
            max: TEXT_CHARS_MAX,
        });
    }
    if text.trim().is_empty() {
        return Err(Error::Incomplete {
            part: IncompletePart::Text,
        });
    }
    Ok(text)
}

fn media_url(url: &str) -> Result<&str, Error> {
    if TextUnit::Chars.count(url) > URL_CHARS_MAX {
        return Err(Error::OverLimit {
            part: LimitedPart::Url,
            max: URL_CHARS_MAX,
        });
    }
    if link::is_web(url) {
        Ok(url)
    } else {
        Err(Error::Incomplete {
            part: IncompletePart::Url,
        })
    }
}
