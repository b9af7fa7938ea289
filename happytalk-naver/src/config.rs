//! The settings of one TalkTalk account.

use happytalk_core::Secret;
use happytalk_core::id::AccountId;

/// Where the platform takes requests.
///
/// Source: <https://github.com/navertalk/chatbot-api> README (read 2026-11-21)
pub const BASE_URL: &str = "https://gw.talk.naver.com";

/// The longest webhook body that is read unless [`Config::with_body_bytes_max`] says otherwise: 1 MiB.
///
/// Assumed: profile results have been too long for receivers that allowed less.
pub const BODY_BYTES_MAX: usize = 1 << 20;

/// The settings of one TalkTalk account (톡톡 계정).
///
/// An account has one key, and its customers have ids of their own under it; so a site with two accounts has two
/// adapters.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// The account. The wire never names it: what comes in is marked with this, and what goes out must be for it.
    pub account: AccountId,
    /// The key of the send API (보내기 API), exactly as the partner centre issued it: no `Bearer`, no prefix.
    pub authorization: Secret,
    /// Where requests go: scheme, host and port, perhaps a path. Default [`BASE_URL`].
    pub base_url: String,
    /// The longest webhook body that is read, in bytes. Default [`BODY_BYTES_MAX`].
    pub body_bytes_max: usize,
    /// The longest answer that is read, in bytes. Default 64 KiB; an answer has about 100 bytes.
    pub response_bytes_max: usize,
}

impl Config {
    /// The settings of `account`, whose requests carry the key `authorization`.
    #[must_use]
    pub fn new(account: AccountId, authorization: Secret) -> Self {
        Self {
            account,
            authorization,
            base_url: BASE_URL.to_owned(),
            body_bytes_max: BODY_BYTES_MAX,
            response_bytes_max: 1 << 16,
        }
    }

    /// Sends requests to `base_url`, such as a sandbox of one's own.
    #[must_use]
    pub fn with_base_url(mut self, base_url: impl Into<String>) -> Self {
        self.base_url = base_url.into();
        self
    }

    /// Reads webhook bodies of at most `body_bytes_max` bytes.
    #[must_use]
    pub const fn with_body_bytes_max(mut self, body_bytes_max: usize) -> Self {
        self.body_bytes_max = body_bytes_max;
        self
    }

    /// Reads answers of at most `response_bytes_max` bytes.
    #[must_use]
    pub const fn with_response_bytes_max(mut self, response_bytes_max: usize) -> Self {
        self.response_bytes_max = response_bytes_max;
        self
    }
}
