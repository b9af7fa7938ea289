#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod codec;
mod config;
mod dialect;
mod error;
mod kakao;
mod kind;
mod refusal;
mod serial;
mod wire;

pub use codec::{decode, encode};
pub use config::{ButtonKeys, Config, HAPPYTALK_DEVELOPMENT, HAPPYTALK_PRODUCTION, HUB_PRODUCTION};
pub use dialect::Dialect;
pub use error::{Error, IncompletePart, LimitedPart};
pub use happytalk_core::source::SourceRange;
pub use kakao::Kakao;
pub use kind::Kind;
pub use refusal::{CodeTable, PlatformCode, Refusal};
pub use wire::{BODY_BYTES_MAX, CLIENT_ID_HEADER, CLIENT_SECRET_HEADER, DEPTH_MAX, Endpoint};

#[cfg(feature = "reqwest")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
pub use reqwest;
