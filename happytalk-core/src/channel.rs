//! The port to a platform.

use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use crate::capability::Capabilities;
use crate::channel_name::ChannelName;
use crate::error::{ChannelError, Retry};
use crate::id::{AccountId, ProviderId};
use crate::inbound::Inbound;
use crate::outbound::Outbound;
use crate::time::Timestamp;
use crate::transport::Body;

/// The platform took it. That is not yet delivery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Receipt {
    /// The platform's id of it, where it gave one.
    pub provider_id: Option<ProviderId>,
    /// The platform had taken it before, under the same id.
    pub repeated: bool,
}

impl Receipt {
    /// Taken; nothing more is known.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            provider_id: None,
            repeated: false,
        }
    }
}

/// A file for a platform to hold.
#[derive(Debug)]
#[non_exhaustive]
pub struct Media {
    /// From which account of ours it will be sent.
    pub account: AccountId,
    /// Its file name.
    pub name: String,
    /// Its media type, such as `image/png`.
    pub media_type: String,
    /// Its bytes.
    pub body: Body,
}

impl Media {
    /// A file.
    #[must_use]
    pub const fn new(account: AccountId, name: String, media_type: String, body: Body) -> Self {
        Self {
            account,
            name,
            media_type,
            body,
        }
    }
}

/// Where a platform holds a file: what a say then names as its `url`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct MediaRef {
    /// The URL or id to use.
    pub url: String,
}

impl MediaRef {
    /// A file that the platform holds.
    #[must_use]
    pub const fn new(url: String) -> Self {
        Self { url }
    }
}

/// How it went with what a platform told us, for [`Channel::reply`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// Taken and committed, or a repetition of what was.
    Accepted,
    /// Not what the platform sends, or not for us: do not send it again.
    Refused,
    /// Not taken this time: please send it again.
    Failed,
    /// A payment is approved (Naver).
    Approve,
    /// A payment is declined (Naver).
    Decline,
}

/// Why a channel cannot do something, ever.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("channel cannot do this. what=`{what}`")]
struct Unsupported {
    what: &'static str,
}

/// A platform: how to speak to it, and how to read what it tells.
///
/// # Contract
/// - [`Channel::capabilities`] and [`Channel::name`] are constant for the life of the value.
/// - What the capabilities leave out is refused with [`Retry::Never`] before any I/O.
/// - [`Channel::send`] with an [`Outbound`] whose id was taken before does not deliver twice where
///   [`Capabilities::idempotent`] is set; elsewhere the caller does not repeat what may have been taken.
/// - [`Channel::receive`] and [`Channel::reply`] do no I/O and take any bytes without a panic. A kind that is not
///   known is an [`InboundKind::Unknown`](crate::inbound::InboundKind::Unknown), never an error.
/// - Nothing secret or personal is in `Debug` or in an error.
#[async_trait]
pub trait Channel: fmt::Debug + Send + Sync {
    /// The platform's name in the log.
    fn name(&self) -> ChannelName;

    /// What it can do.
    fn capabilities(&self) -> Capabilities;

    /// Hands `message` to the platform. `Ok` means accepted, not delivered.
    async fn send(&self, message: &Outbound, now: Timestamp) -> Result<Receipt, ChannelError>;

    /// Hands media to the platform before a say needs it; refused where a channel has no such thing.
    async fn upload(&self, media: Media, now: Timestamp) -> Result<MediaRef, ChannelError> {
        let _ = (media, now);
        Err(ChannelError::new(
            "channel.unsupported",
            Retry::Never,
            Unsupported { what: "upload" },
        ))
    }

    /// Reads one webhook call: what customers did and what became of messages. No I/O.
    ///
    /// # Errors
    /// What is not the platform's documented shape at all.
    fn receive(
        &self,
        request: &http::Request<Vec<u8>>,
        now: Timestamp,
    ) -> Result<Vec<Inbound>, ChannelError>;

    /// The HTTP answer the platform expects once the host knows how it went. No I/O.
    fn reply(&self, request: &http::Request<Vec<u8>>, verdict: &Verdict)
    -> http::Response<Vec<u8>>;
}

#[async_trait]
impl<T: Channel + ?Sized> Channel for Arc<T> {
    fn name(&self) -> ChannelName {
        (**self).name()
    }
    fn capabilities(&self) -> Capabilities {
        (**self).capabilities()
    }
    async fn send(&self, message: &Outbound, now: Timestamp) -> Result<Receipt, ChannelError> {
        (**self).send(message, now).await
    }
    async fn upload(&self, media: Media, now: Timestamp) -> Result<MediaRef, ChannelError> {
        (**self).upload(media, now).await
    }
    fn receive(
        &self,
        request: &http::Request<Vec<u8>>,
        now: Timestamp,
    ) -> Result<Vec<Inbound>, ChannelError> {
        (**self).receive(request, now)
    }
    fn reply(
        &self,
        request: &http::Request<Vec<u8>>,
        verdict: &Verdict,
    ) -> http::Response<Vec<u8>> {
        (**self).reply(request, verdict)
    }
}
