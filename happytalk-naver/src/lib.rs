#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod codec;
mod config;
mod error;
mod naver;
mod refusal;
mod wire;

pub use codec::{decode, encode};
pub use config::{BASE_URL, BODY_BYTES_MAX, Config};
pub use error::Error;
pub use naver::Naver;
pub use refusal::{PlatformCode, Refusal};

#[cfg(feature = "reqwest")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
pub use reqwest;
