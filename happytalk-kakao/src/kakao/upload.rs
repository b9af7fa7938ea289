//! Handing over files.

use happytalk_core::channel::Media;
use happytalk_core::transport::Body;
use http::HeaderValue;
use http::header::CONTENT_TYPE;
use serde::Deserialize;

use super::Kakao;
use crate::dialect::Dialect;
use crate::error::{Error, IncompletePart, LimitedPart};
use crate::upload::{ImageUse, UploadKind, Uploaded};
use crate::wire::{self, Endpoint, File, Form, Loose};

/// The longest name of a file, in characters.
const NAME_CHARS_MAX: usize = 1000;

impl Kakao {
    /// Hands a file over to the platform. Its size, its format and its shape are looked at before anything is sent, in
    /// its bytes and not in its name; a stream is never held whole.
    ///
    /// ```
    /// # use happytalk_core::channel::Media;
    /// # use happytalk_kakao::{Bubble, Error, ImageBubble, ImageUse, Kakao, UploadKind};
    /// # async fn picture(kakao: &Kakao, media: Media) -> Result<Bubble, Error> {
    /// let uploaded = kakao.upload_as(media, UploadKind::Image(ImageUse::InBubble)).await?;
    /// let mut bubble = ImageBubble::new(uploaded.url);
    /// bubble.text = Some("Your parcel.".to_owned());
    /// # Ok(Bubble::Image(bubble))
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error::WrongAccount`], [`Error::OverLimit`], [`Error::Incomplete`] and [`Error::ImageRefused`] where the
    /// platform would not take it, [`Error::MediaUnreadable`] where its beginning could not be read, and what any
    /// call gives.
    pub async fn upload_as(&self, media: Media, kind: UploadKind) -> Result<Uploaded, Error> {
        self.own(Some(&media.account))?;
        let endpoint = match kind {
            UploadKind::Image(_) => Endpoint::ImageUpload,
            UploadKind::Audio | UploadKind::Video | UploadKind::File => Endpoint::FileUpload,
        };
        let Media {
            name,
            media_type,
            body,
            ..
        } = media;
        let file = self.checked(&name, body, kind).await?;
        let form = self.form(&name, file.bytes(), kind);
        let media_type = HeaderValue::from_str(&media_type)
            .ok()
            .filter(|value| !value.is_empty());
        let media_type = media_type
            .as_ref()
            .and_then(|value| value.to_str().ok())
            .unwrap_or("application/octet-stream");
        let content_type = HeaderValue::from_str(&form.content_type());
        let field = match endpoint {
            Endpoint::ImageUpload => "image",
            _ => "file",
        };
        let body = form.into_body(field, &name, media_type, file);
        let mut request = self.api.request(endpoint, "", body)?;
        if let Ok(content_type) = content_type {
            request.headers_mut().insert(CONTENT_TYPE, content_type);
        }
        let response = self.exchange(endpoint, request).await?;
        let answered = wire::read_answer(endpoint, self.config.dialect, &response)?;
        let bad_reply = || Error::BadReply {
            endpoint,
            status: response.status().as_u16(),
        };
        let held: Held = serde_json::from_str(answered.payload).map_err(|_| bad_reply())?;
        let url = [held.image, held.file, held.img_url, held.file_url]
            .into_iter()
            .find_map(Loose::non_empty);
        let name = held.name.non_empty().or(held.file_name.non_empty());
        let size = held.size.non_empty().and_then(|size| size.parse().ok());
        Ok(Uploaded::new(url.ok_or_else(bad_reply)?, name, size))
    }

    async fn checked(&self, name: &str, body: Body, kind: UploadKind) -> Result<File, Error> {
        let dialect = self.config.dialect;
        let incomplete = |part| Error::Incomplete { part };
        if name.is_empty() {
            return Err(incomplete(IncompletePart::FileName));
        }
        if name.chars().count() > NAME_CHARS_MAX {
            let (part, max) = (LimitedPart::FileName, NAME_CHARS_MAX);
            return Err(Error::OverLimit { part, max });
        }
        let mut file = File::new(body).ok_or(Error::NotCarried { what: "body" })?;
        if file.bytes() == 0 {
            return Err(incomplete(IncompletePart::FileBytes));
        }
        let max = kind.bytes_max(dialect, self.config.file_bytes_max);
        if file.bytes() > max {
            return Err(Error::OverLimit {
                part: LimitedPart::FileBytes,
                max: usize::try_from(max).unwrap_or(usize::MAX),
            });
        }
        let head = file.head(|head| kind.fault(dialect, head).is_ok()).await;
        let head = head.map_err(|source| Error::MediaUnreadable { source })?;
        match kind.fault(dialect, &head) {
            Ok(None) => Ok(file),
            Ok(Some(fault)) => Err(Error::ImageRefused { fault }),
            // All of it was seen, and it is no picture.
            Err(_) => Err(Error::ImageRefused {
                fault: crate::upload::ImageFault::Format,
            }),
        }
    }

    /// The fields beside the file. Assumed: Bizgo's are those of HappyTalk, in its spelling.
    fn form(&self, name: &str, bytes: u64, kind: UploadKind) -> Form {
        let dialect = self.config.dialect;
        let form = Form::new(self.config.client_secret.expose(), name, bytes);
        let (sender_key, image_type) = match dialect {
            Dialect::Bizgo => ("senderKey", "imageType"),
            Dialect::HappytalkV1 | Dialect::HappytalkV3 | Dialect::Hub => {
                ("sender_key", "image_type")
            }
        };
        let form = form.field(sender_key, self.config.sender_key.as_str());
        match (kind, dialect) {
            (UploadKind::Image(ImageUse::Alone), _) => form,
            (UploadKind::Image(ImageUse::InBubble), Dialect::HappytalkV1 | Dialect::Hub) => {
                form.field(image_type, "link")
            }
            (UploadKind::Image(ImageUse::InBubble), Dialect::HappytalkV3 | Dialect::Bizgo) => {
                form.field(image_type, "rich")
            }
            (UploadKind::Audio, Dialect::HappytalkV3) => form.field("file_type", "audio"),
            (UploadKind::Video, Dialect::HappytalkV3) => form.field("file_type", "video"),
            (UploadKind::File, Dialect::HappytalkV3) => form.field("file_type", "file"),
            (UploadKind::Audio | UploadKind::Video | UploadKind::File, _) => form,
        }
    }
}

/// Where the platform holds it: `image` and `file` at HappyTalk, `imgUrl` and `fileUrl` at Bizgo.
#[derive(Deserialize)]
struct Held {
    #[serde(default)]
    image: Loose,
    #[serde(default)]
    file: Loose,
    #[serde(default, rename = "imgUrl")]
    img_url: Loose,
    #[serde(default, rename = "fileUrl")]
    file_url: Loose,
    #[serde(default)]
    name: Loose,
    #[serde(default, rename = "fileName")]
    file_name: Loose,
    /// A number, at Bizgo text.
    #[serde(default)]
    size: Loose,
}
