#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod bubble;
mod centre;
mod codec;
mod config;
mod dialect;
mod error;
mod kakao;
mod kind;
mod refusal;
#[cfg(feature = "sandbox")]
#[cfg_attr(docsrs, doc(cfg(feature = "sandbox")))]
pub mod sandbox;
mod serial;
mod start;
mod upload;
mod wire;

pub use bubble::{
    AppLink, AutoAnswer, Bubble, BubbleButton, CarouselBubble, CertificateBubble, ConsentBubble,
    Coupon, FeedCard, FileBubble, ImageBubble, ItemListBubble, ListItem, Press, TextBubble,
    WebLink, WideItem, WideItemListBubble,
};
pub use centre::{
    Category, CentreCall, ConsultDay, ConsultSession, ConsultTime, InspectComment, NewSender,
    ProfileStatus, ReceiveDomain, ReceiveDomains, Sender, SystemMessage, SystemMessageText,
};
pub use codec::{decode, encode, encode_bubble, encode_call};
pub use config::{ButtonKeys, Config, HAPPYTALK_DEVELOPMENT, HAPPYTALK_PRODUCTION, HUB_PRODUCTION};
pub use dialect::Dialect;
pub use error::{Error, IncompletePart, LimitedPart};
pub use happytalk_core::source::SourceRange;
pub use kakao::Kakao;
pub use kind::Kind;
pub use refusal::{CodeTable, PlatformCode, Refusal};
#[cfg(feature = "qr")]
#[cfg_attr(docsrs, doc(cfg(feature = "qr")))]
pub use start::StartQr;
pub use start::{
    AppOpening, ChannelSearchId, Device, FirstAnswer, PC_WINDOW_PX_MIN, START_PAGE, START_SCRIPT,
    StartButton, StartExtra, StartForm, StartKey, StartPart, StartToken,
};
pub use upload::{ImageFault, ImageUse, UploadKind, Uploaded};
pub use wire::{BODY_BYTES_MAX, CLIENT_ID_HEADER, CLIENT_SECRET_HEADER, DEPTH_MAX, Endpoint};

#[cfg(feature = "reqwest")]
#[cfg_attr(docsrs, doc(cfg(feature = "reqwest")))]
pub use reqwest;
