//! What an error means to the one who has to act.

use std::time::Duration;

/// Whether it makes sense to try again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a caller must decide on each")]
pub enum Retry {
    /// The same would fail again.
    Never,
    /// Nothing was done; try again under the same id after this time.
    After(Duration),
    /// It may have been done. Ask, or resend under the same id where the platform recognises one.
    Unknown,
}

/// Why a channel did not do what was asked, or what came in is not what its platform sends.
#[derive(Debug, thiserror::Error)]
#[error("channel failed. code=`{code}`")]
#[non_exhaustive]
pub struct ChannelError {
    /// The adapter's code, such as `kakao.no_session`.
    pub code: &'static str,
    /// Whether to try again.
    pub retry: Retry,
    /// The adapter's own error.
    #[source]
    pub source: Box<dyn std::error::Error + Send + Sync>,
}

impl ChannelError {
    /// An adapter's error, as the rest of the system sees it.
    #[must_use]
    pub fn new(
        code: &'static str,
        retry: Retry,
        source: impl std::error::Error + Send + Sync + 'static,
    ) -> Self {
        Self {
            code,
            retry,
            source: Box::new(source),
        }
    }
}
