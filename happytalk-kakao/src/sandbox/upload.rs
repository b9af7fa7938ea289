//! Media that the centre hands over before it sends them.

use http::Request;
use serde_json::json;

use super::Sandbox;
use super::answer::{Denied, Done};
use super::multipart::{self, Field};
use crate::dialect::Dialect;
use crate::wire::Endpoint;

/// The most bytes of a picture, of one within a bubble of HappyTalk's first generation, and of a file there and elsewhere.
const PICTURE_BYTES_MAX: usize = 5_000_000;
const LINK_PICTURE_BYTES_MAX: usize = 500_000;
const FILE_BYTES_MAX_OF_V1: usize = 20_000_000;
const FILE_BYTES_MAX_OF_BIZGO: usize = 10_000_000;
const FILE_BYTES_MAX: usize = 300_000_000;

/// The narrowest picture within a bubble, in pixels.
const LINK_PICTURE_WIDTH_MIN: usize = 500;

/// What a picture may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum UploadUse {
    /// Alone.
    Alone,
    /// With words or buttons.
    InBubble,
}

/// Something that was handed over.
#[derive(Debug, Clone)]
pub(super) enum Upload {
    Picture(UploadUse),
    File,
}

impl Upload {
    /// Of a picture, what for; nothing of a file.
    pub(super) const fn used_for(&self) -> Option<UploadUse> {
        match self {
            Self::Picture(used_for) => Some(*used_for),
            Self::File => None,
        }
    }
}

impl Sandbox {
    pub(super) fn upload(
        &mut self,
        endpoint: Endpoint,
        request: &Request<Vec<u8>>,
    ) -> Result<Done, Denied> {
        let fields = multipart::read(request.headers(), request.body()).ok_or(Denied::Json)?;
        let text = |names: [&str; 2]| {
            let field = fields.iter().find(|field| names.contains(&field.name));
            field.and_then(|field| std::str::from_utf8(field.bytes).ok())
        };
        // Bizgo knows the sender by its key.
        let is_bizgo = self.dialect == Dialect::Bizgo;
        let sender = text(["sender_key", "senderKey"]);
        if !is_bizgo && sender != Some(self.sender_key.as_str()) {
            return Err(Denied::Sender);
        }
        let file = fields.iter().find(|field| field.file_name.is_some());
        let file = file
            .filter(|file| !file.bytes.is_empty())
            .ok_or(Denied::File)?;
        let number = self.next();
        if endpoint == Endpoint::ImageUpload {
            let used_for = match text(["image_type", "imageType"]) {
                None | Some("") => UploadUse::Alone,
                Some("link") if matches!(self.dialect, Dialect::HappytalkV1 | Dialect::Hub) => {
                    UploadUse::InBubble
                }
                Some("rich") if matches!(self.dialect, Dialect::HappytalkV3 | Dialect::Bizgo) => {
                    UploadUse::InBubble
                }
                Some(_) => return Err(Denied::Image),
            };
            self.check_picture(file, used_for)?;
            let url = format!("http://mud-kage.kakao.com/dn/sandbox/{number}/img_l.jpg");
            self.uploads
                .insert(url.as_str().into(), Upload::Picture(used_for));
            return Ok(match is_bizgo {
                true => Done::deeper(json!({"imgUrl": url})),
                false => Done::default().with("image", url),
            });
        }
        if let Some(kind) = text(["file_type", "fileType"])
            && !["file", "audio", "video"].contains(&kind)
        {
            return Err(Denied::File);
        }
        let bytes_max = match self.dialect {
            Dialect::HappytalkV1 | Dialect::Hub => FILE_BYTES_MAX_OF_V1,
            Dialect::Bizgo => FILE_BYTES_MAX_OF_BIZGO,
            Dialect::HappytalkV3 => FILE_BYTES_MAX,
        };
        if file.bytes.len() > bytes_max {
            return Err(Denied::File);
        }
        let url = format!("http://dn-m.talk.kakao.com/talkm/sandbox/{number}/file");
        self.uploads.insert(url.as_str().into(), Upload::File);
        let (name, size) = (file.file_name.unwrap_or_default(), file.bytes.len());
        Ok(match is_bizgo {
            // Bizgo writes the size as a text.
            true => {
                Done::deeper(json!({"fileUrl": url, "fileName": name, "size": size.to_string()}))
            }
            false => Done::default()
                .with("file", url)
                .with("name", name)
                .with("size", size),
        })
    }

    fn check_picture(&self, picture: &Field<'_>, used_for: UploadUse) -> Result<(), Denied> {
        let bytes = picture.bytes;
        // Assumed: HappyTalk's second generation keeps the first one's rules; it documents the refusal and not the limit.
        let is_link = used_for == UploadUse::InBubble && self.dialect != Dialect::Bizgo;
        let kind = imagesize::image_type(bytes).map_err(|_| Denied::Image)?;
        let is_known = match kind {
            imagesize::ImageType::Jpeg | imagesize::ImageType::Png => true,
            imagesize::ImageType::Gif => !is_link,
            _ => false,
        };
        let bytes_max = match is_link {
            true => LINK_PICTURE_BYTES_MAX,
            false => PICTURE_BYTES_MAX,
        };
        if !is_known || bytes.len() > bytes_max {
            return Err(Denied::Image);
        }
        if is_link {
            let size = imagesize::blob_size(bytes).map_err(|_| Denied::Image)?;
            let (width, height) = (size.width, size.height);
            // From twice as wide as high to three wide and four high.
            let is_shaped = width <= height.saturating_mul(2)
                && width.saturating_mul(4) >= height.saturating_mul(3);
            if width < LINK_PICTURE_WIDTH_MIN || !is_shaped {
                return Err(Denied::Image);
            }
        }
        Ok(())
    }
}
