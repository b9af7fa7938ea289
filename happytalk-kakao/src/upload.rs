//! Files that Kakao has to hold before they can be said, and the rules they keep.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/file_upload/img_upload>,
//! <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/file_upload/file_upload>,
//! <https://kakaobusiness.gitbook.io/main/ad/bizmessage/consult> and
//! <https://developers.bizgo.io/api-sdk/api-reference/comm/kakao-counsel> (read 2026-11-21).

use std::fmt;

use imagesize::ImageType;
use serde::{Deserialize, Serialize};

use crate::dialect::Dialect;

/// The largest picture that is said alone, in bytes.
const IMAGE_BYTES_MAX: u64 = 5_000_000;

/// The largest picture of a bubble with words, in bytes.
const BUBBLE_IMAGE_BYTES_MAX: u64 = 500_000;

/// The largest sound, in bytes.
const AUDIO_BYTES_MAX: u64 = 10_000_000;

/// The narrowest picture of a bubble with words, in pixels.
const BUBBLE_IMAGE_WIDTH_MIN: usize = 500;

/// How many bytes tell the format of a picture.
const FORMAT_BYTES: usize = 16;

/// What a picture is for. One that was handed over for one cannot be used for the other.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum ImageUse {
    /// To be said alone: jpg, png or gif of at most 5 MB.
    #[default]
    Alone,
    /// To stand in a bubble with words: jpg or png of at most 0.5 MB, at least 500 pixels wide, its width to its height
    /// between 2:1 and 3:4; 720 × 720 is best. At Bizgo at most 5 MB, of any shape.
    InBubble,
}

/// What is handed over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum UploadKind {
    /// A picture.
    Image(ImageUse),
    /// A sound of at most 10 MB; a file like any other in HappyTalk's first generation.
    Audio,
    /// A film; a file like any other in HappyTalk's first generation.
    Video,
    /// Any other file, of at most [`Config::file_bytes_max`](crate::Config::file_bytes_max).
    File,
}

impl UploadKind {
    /// The kind that a media type, such as `image/png`, is handed over as; pictures to be said alone.
    #[must_use]
    pub fn of_media_type(media_type: &str) -> Self {
        let essence = media_type.split(';').next().unwrap_or_default();
        let lower = essence.trim().to_ascii_lowercase();
        match lower.split('/').next().unwrap_or_default() {
            // What Kakao takes no picture of is a file like any other.
            "image" if matches!(lower.as_str(), "image/jpeg" | "image/png" | "image/gif") => {
                Self::Image(ImageUse::Alone)
            }
            "image" if lower == "image/jpg" => Self::Image(ImageUse::Alone),
            "audio" => Self::Audio,
            "video" => Self::Video,
            _ => Self::File,
        }
    }

    /// The most bytes it may have.
    pub(crate) fn bytes_max(self, dialect: Dialect, file_bytes_max: u64) -> u64 {
        match self {
            Self::Image(ImageUse::InBubble) if dialect != Dialect::Bizgo => BUBBLE_IMAGE_BYTES_MAX,
            Self::Image(_) => IMAGE_BYTES_MAX,
            Self::Audio => file_bytes_max.min(AUDIO_BYTES_MAX),
            Self::Video | Self::File => file_bytes_max,
        }
    }

    /// What is wrong with a picture that begins with `head`; `Err` where more of it must be seen.
    pub(crate) fn fault(self, dialect: Dialect, head: &[u8]) -> Result<Option<ImageFault>, More> {
        let Self::Image(image_use) = self else {
            return Ok(None);
        };
        if head.len() < FORMAT_BYTES {
            return Err(More);
        }
        let allowed = match (imagesize::image_type(head), image_use) {
            (Ok(ImageType::Jpeg | ImageType::Png), _) => true,
            (Ok(ImageType::Gif), ImageUse::Alone) => true,
            (Ok(_) | Err(_), _) => false,
        };
        if !allowed {
            return Ok(Some(ImageFault::Format));
        }
        if image_use == ImageUse::Alone || dialect == Dialect::Bizgo {
            return Ok(None);
        }
        match imagesize::blob_size(head) {
            Ok(size) => Ok(shape_fault(size.width, size.height)),
            Err(imagesize::ImageError::IoError(_)) => Err(More),
            Err(_) => Ok(Some(ImageFault::Format)),
        }
    }
}

/// More of the file must be seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct More;

fn shape_fault(width: usize, height: usize) -> Option<ImageFault> {
    if width < BUBBLE_IMAGE_WIDTH_MIN {
        return Some(ImageFault::TooNarrow);
    }
    let too_wide = width > height.saturating_mul(2);
    let too_tall = width.saturating_mul(4) < height.saturating_mul(3);
    (too_wide || too_tall).then_some(ImageFault::Shape)
}

/// Why a picture is none that Kakao takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ImageFault {
    /// Its bytes are no jpg, png or, for a picture alone, gif, whatever its name says.
    Format,
    /// It is less than 500 pixels wide.
    TooNarrow,
    /// It is wider than 2:1, or narrower than 3:4.
    Shape,
}

impl fmt::Display for ImageFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Format => "format",
            Self::TooNarrow => "width under 500 pixels",
            Self::Shape => "shape beyond 2:1 or 3:4",
        })
    }
}

/// What the platform holds now.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Uploaded {
    /// The URL to say it by.
    pub url: String,
    /// Its name, as the platform wrote it down.
    pub name: Option<String>,
    /// Its size in bytes, as the platform counted it.
    pub size: Option<u64>,
}

impl Uploaded {
    pub(crate) const fn new(url: String, name: Option<String>, size: Option<u64>) -> Self {
        Self { url, name, size }
    }
}

impl fmt::Debug for Uploaded {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Uploaded(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_of_a_bubble_is_500_wide_and_between_2_to_1_and_3_to_4() {
        for (width, height, fault) in [
            (720, 720, None),
            (500, 500, None),
            (499, 499, Some(ImageFault::TooNarrow)),
            (1000, 500, None),
            (1001, 500, Some(ImageFault::Shape)),
            (600, 800, None),
            (599, 800, Some(ImageFault::Shape)),
            (500, usize::MAX, Some(ImageFault::Shape)),
        ] {
            assert_eq!(shape_fault(width, height), fault, "{width}x{height}");
        }
    }

    #[test]
    fn a_media_type_says_how_a_file_is_handed_over() {
        let of = UploadKind::of_media_type;
        assert_eq!(of("image/png"), UploadKind::Image(ImageUse::Alone));
        assert_eq!(of("IMAGE/JPEG; q=1"), UploadKind::Image(ImageUse::Alone));
        assert_eq!(of("image/webp"), UploadKind::File);
        assert_eq!(of("audio/mpeg"), UploadKind::Audio);
        assert_eq!(of("video/mp4"), UploadKind::Video);
        assert_eq!(of("application/pdf"), UploadKind::File);
        assert_eq!(of(""), UploadKind::File);
    }
}
