#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod codec;
mod config;
mod entry_point;
mod error;
pub mod message;
mod naver;
mod refusal;
pub mod room;
#[cfg(feature = "sandbox")]
#[cfg_attr(docsrs, doc(cfg(feature = "sandbox")))]
pub mod sandbox;
mod source;
mod wire;

pub use codec::{decode, encode, encode_image_upload, encode_menu, encode_message, encode_with};
pub use config::{ANSWER_WITHIN, BASE_URL, BODY_BYTES_MAX, Config};
pub use entry_point::{ENTRY_POINT, EntryPoints};
pub use error::Error;
pub use happytalk_core::source::SourceRange;
pub use naver::{Naver, SyncReply};
pub use refusal::{PlatformCode, Refusal};
pub use source::{AllowedSources, PLATFORM_RANGES, PlatformRange};

#[cfg(feature = "reqwest")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
pub use reqwest;
