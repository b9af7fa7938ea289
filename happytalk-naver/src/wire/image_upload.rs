//! Handing a picture over for later, by its address: the platform takes no bytes.
//!
//! Source: <https://github.com/navertalk/chatbot-api> imageupload_api_v1.md (read 2026-11-21)

use serde::Serialize;

use crate::error::Error;

/// The address, below the base URL: another one than that of events.
pub(crate) const PATH: &str = "/chatbot/v1/imageUpload";

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageUpload<'a> {
    image_url: &'a str,
}

/// The document that asks the platform to fetch `image_url`.
///
/// # Errors
/// [`Error::BadValue`] where that is no address of the web.
pub(crate) fn body(image_url: &str) -> Result<Vec<u8>, Error> {
    if !["http://", "https://"]
        .iter()
        .any(|scheme| image_url.len() > scheme.len() && image_url.starts_with(scheme))
    {
        return Err(Error::BadValue { place: "image.url" });
    }
    // Writing to memory does not fail.
    Ok(serde_json::to_vec(&ImageUpload { image_url }).unwrap_or_default())
}
