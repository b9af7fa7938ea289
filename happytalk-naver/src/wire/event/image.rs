//! Pictures, by their address or by the platform's id.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "imageContent", imageupload_api_v1.md (read 2026-11-21)

use serde::Serialize;

use super::not_empty;
use crate::error::Error;
use crate::message::Image;

#[derive(Debug, Clone, Copy, Serialize)]
pub(super) enum ImageRef<'a> {
    #[serde(rename = "imageUrl")]
    Url(&'a str),
    #[serde(rename = "imageId")]
    Id(&'a str),
}

impl<'a> ImageRef<'a> {
    pub(super) fn new(image: &'a Image) -> Result<Self, Error> {
        Ok(match image {
            Image::Url(url) => Self::Url(not_empty("image.url", url)?),
            Image::Id(id) => Self::Id(id.as_str()),
        })
    }

    /// What stands where every channel has the address of a picture: an address, or, without a scheme, an id.
    pub(super) fn of_text(text: &'a str) -> Self {
        if text.contains("://") {
            Self::Url(text)
        } else {
            Self::Id(text)
        }
    }
}
