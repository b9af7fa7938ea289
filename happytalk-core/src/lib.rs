#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

pub mod actor;
pub mod automatic;
pub mod call;
pub mod capability;
mod channel_name;
pub mod closing;
pub mod content;
pub mod conversation;
pub mod customer;
pub mod effect;
mod error;
pub mod event;
pub mod fit;
pub mod hours;
pub mod id;
pub mod inbound;
pub mod json;
mod language;
pub mod launcher;
pub mod log;
mod message;
mod money;
pub mod notification;
pub mod outbound;
pub mod parameters;
mod sealed;
mod secret;
pub mod session;
pub mod source;
mod tagged;
pub mod time;
pub mod transcript;
pub mod value;

#[cfg(feature = "transport")]
pub mod channel;
#[cfg(feature = "transport")]
pub mod payment;
#[cfg(feature = "reqwest")]
mod reqwest_transport;
#[cfg(feature = "sandbox")]
pub mod sandbox;
#[cfg(feature = "transport")]
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
#[cfg(feature = "transport")]
pub mod transport;

pub use capability::{Capabilities, TextUnit};
pub use channel_name::ChannelName;
pub use content::Content;
pub use conversation::{Command, Conversation};
pub use effect::Effect;
pub use error::{ChannelError, Error, Retry};
pub use event::Event;
pub use inbound::{Inbound, InboundKind};
pub use language::Language;
pub use log::{Line, Stream};
pub use message::Message;
pub use money::{Rounding, Won};
pub use outbound::{Action, Outbound};
pub use sealed::{Closed, Sealable};
pub use secret::Secret;
pub use time::Timestamp;
pub use value::Value;

#[cfg(feature = "transport")]
pub use call::CallHandler;
#[cfg(feature = "transport")]
pub use channel::Channel;
#[cfg(feature = "transport")]
pub use store::Store;
#[cfg(feature = "transport")]
pub use transport::HttpTransport;
