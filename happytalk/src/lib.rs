#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod center;
mod desk;
mod error;
mod memory_store;

pub use center::{ContactCenter, Delivered, Entrance};
pub use desk::{Bots, Desk, DeskCommand, Door, Input, NewVersion, Output, ProfileBot, Settings};
pub use error::Error;
pub use memory_store::MemoryStore;

pub use happytalk_billing as billing;
pub use happytalk_core as core;
pub use happytalk_routing as routing;
pub use happytalk_scenario as scenario;

#[cfg(feature = "kakao")]
pub use happytalk_kakao as kakao;
#[cfg(feature = "naver")]
pub use happytalk_naver as naver;
#[cfg(feature = "sqi")]
pub use happytalk_sqi as sqi;
