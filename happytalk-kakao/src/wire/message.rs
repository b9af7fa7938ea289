//! `POST {domain}/message`: the customer wrote.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21).
//! Observed: `app_user_id`, `support_button`, `reference` and `last_reference`, in code of receivers; and both the
//! older `content` and the `contents` of Kakao's notice 296, which such receivers take side by side.

use std::collections::BTreeMap;
use std::fmt;

use happytalk_core::content::{Content, Media, Text};
use happytalk_core::id::{AccountId, CustomerId, ProviderId, SessionId};
use happytalk_core::inbound::Private;
use happytalk_core::{Inbound, InboundKind};
use serde::de::Visitor;
use serde::{Deserialize, Deserializer};

use super::identity::{Identity, required};
use super::lenient::{Id, Item, Items, Loose, Millis, Nested};
use super::metadata::{LAST_REFERENCE, Metadata};
use crate::error::Error;

/// The body.
#[derive(Deserialize)]
pub(crate) struct Message {
    user_key: Option<Id<CustomerId>>,
    sender_key: Option<Id<AccountId>>,
    session_id: Option<Id<SessionId>>,
    time: Option<Millis>,
    serial_number: Option<Id<ProviderId>>,
    #[serde(rename = "type")]
    kind: Option<MessageType>,
    #[serde(default)]
    contents: Items,
    #[serde(default)]
    content: Items,
    #[serde(default)]
    attachment: Items,
    #[serde(default)]
    extra: Loose,
    #[serde(default)]
    app_user_id: Loose,
    #[serde(default)]
    support_button: Loose,
    reference: Option<Nested<Metadata>>,
    last_reference: Option<Nested<Metadata>>,
}

impl Message {
    /// What it says. A `type` that nobody documented is an [`InboundKind::Unknown`] of that name.
    pub(crate) fn into_inbound(self, account: Option<&AccountId>) -> Result<Inbound, Error> {
        let identity = Identity {
            user_key: self.user_key,
            sender_key: self.sender_key,
            session_id: self.session_id,
            time: self.time,
        };
        // Filled below: who and where are looked at before what.
        let mut inbound = identity.into_inbound(account, InboundKind::SessionEnded {})?;
        inbound.id = Some(required("/serial_number", self.serial_number)?);
        let kind = match self.kind {
            None => return Err(Error::MissingField { pointer: "/type" }),
            Some(MessageType::Unknown(kind)) => {
                inbound.what = InboundKind::unknown(&kind);
                return Ok(inbound);
            }
            Some(MessageType::Known(kind)) => kind,
        };
        let content = kind.said(self.contents, self.content, self.attachment)?;

        let mut parameters = BTreeMap::new();
        for (name, value) in [
            ("app_user_id", self.app_user_id),
            ("support_button", self.support_button),
        ] {
            if let Some(text) = value.non_empty() {
                parameters.insert(name.to_owned(), Private::from(text));
            }
        }
        for (prefix, metadata) in [("", self.reference), (LAST_REFERENCE, self.last_reference)] {
            if let Some(Nested(metadata)) = metadata {
                metadata.fill(prefix, &mut parameters);
            }
        }

        inbound.what = InboundKind::Message {
            content,
            input: None,
            postback: self.extra.non_empty().map(Private::from),
            standby: None,
            parameters: (!parameters.is_empty()).then_some(parameters),
        };
        Ok(inbound)
    }
}

/// What `type` says.
pub(crate) enum MessageType {
    /// One of the documented.
    Known(KnownType),
    /// A word that nobody documented.
    Unknown(Box<str>),
}

/// What a customer can send.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KnownType {
    Text,
    Photo,
    Video,
    Audio,
    File,
}

impl<'de> Deserialize<'de> for MessageType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TypeVisitor;
        impl Visitor<'_> for TypeVisitor {
            type Value = MessageType;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("text")
            }
            fn visit_str<E>(self, text: &str) -> Result<MessageType, E> {
                Ok(MessageType::Known(match text {
                    "text" => KnownType::Text,
                    "photo" => KnownType::Photo,
                    "video" => KnownType::Video,
                    "audio" => KnownType::Audio,
                    "file" => KnownType::File,
                    other => return Ok(MessageType::Unknown(other.into())),
                }))
            }
        }
        deserializer.deserialize_str(TypeVisitor)
    }
}

impl KnownType {
    /// What was said: `contents`, or the older `content` where that is empty, and the rest of a long text.
    pub(crate) fn said(
        self,
        contents: Items,
        content: Items,
        attachment: Items,
    ) -> Result<Vec<Content>, Error> {
        let mut said = self.content(contents);
        if said.is_empty() {
            said = self.content(content);
        }
        if self == Self::Text {
            let full_text_url = attachment.into_iter().find_map(url);
            add_full_text(&mut said, full_text_url);
        }
        if said.is_empty() {
            let pointer = "/contents";
            return Err(Error::MissingField { pointer });
        }
        Ok(said)
    }

    /// Each item as a part of the message; several photos come in one event.
    fn content(self, items: Items) -> Vec<Content> {
        items.into_iter().map(|item| self.part(item)).collect()
    }

    fn part(self, item: Item) -> Content {
        match (self, item) {
            (Self::Text, Item::Words(words)) => Content::text(words),
            (
                Self::Text,
                Item::Part {
                    url,
                    comment: Some(words),
                },
            ) => {
                let mut text = Text::new(words);
                text.full_text_url = url;
                Content::Text(text)
            }
            (_, Item::Part { url: None, comment }) => Content::text(comment.unwrap_or_default()),
            (_, Item::Words(url)) => self.media(url, None),
            (
                _,
                Item::Part {
                    url: Some(url),
                    comment,
                },
            ) => self.media(url, comment),
        }
    }

    fn media(self, url: String, comment: Option<String>) -> Content {
        let mut media = Media::new(url);
        media.comment = comment.filter(|words| !words.is_empty());
        match self {
            Self::Photo => Content::Image(media),
            Self::Video => Content::Video(media),
            Self::Audio => Content::Audio(media),
            Self::Text | Self::File => Content::File(media),
        }
    }
}

fn url(item: Item) -> Option<String> {
    match item {
        Item::Words(url) => Some(url).filter(|url| !url.is_empty()),
        Item::Part { url, .. } => url,
    }
}

/// With an attachment the text is only the beginning, however long it is: documents do not agree on the limit.
fn add_full_text(content: &mut Vec<Content>, full_text_url: Option<String>) {
    let Some(full_text_url) = full_text_url else {
        return;
    };
    let texts = content.iter_mut().find_map(|part| match part {
        Content::Text(text) => Some(text),
        _ => None,
    });
    match texts {
        Some(text) => text.full_text_url = Some(full_text_url),
        None => {
            let mut text = Text::new("");
            text.full_text_url = Some(full_text_url);
            content.push(Content::Text(text));
        }
    }
}
