//! The settings of one TalkTalk account.

use std::time::Duration;

use happytalk_core::Secret;
use happytalk_core::id::AccountId;

use crate::entry_point::EntryPoints;
use crate::message::SendOptions;
use crate::source::AllowedSources;
use crate::wire::event::button::ROW_LABEL_MAX;

/// Where the platform takes requests.
///
/// Source: <https://github.com/navertalk/chatbot-api> README (read 2026-11-21)
pub const BASE_URL: &str = "https://gw.talk.naver.com";

/// The longest webhook body that is read unless [`Config::with_body_bytes_max`] says otherwise: 1 MiB.
///
/// Assumed: profile results have been too long for receivers that allowed less.
pub const BODY_BYTES_MAX: usize = 1 << 20;

/// Within what time a webhook call must be answered, from the platform's request to our whole answer. A later answer is
/// a failure, nothing comes twice, and after many of them the platform stops calling until the address is saved anew in
/// the partner centre.
///
/// Source: <https://github.com/navertalk/chatbot-api> README "Webhook 요구 사항" (read 2026-11-21)
pub const ANSWER_WITHIN: Duration = Duration::from_secs(5);

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
    /// The last segment of the account's own route. See [`with_route_segment`](Self::with_route_segment).
    pub route_segment: Option<Secret>,
    /// From where a webhook may come. Default: from anywhere.
    pub allowed_sources: AllowedSources,
    /// Whether a customer may have another id than the platform documents. Default: no.
    pub any_user: bool,
    /// How messages of every channel's kind are sent. Default: without a notification, without a read mark.
    pub send_options: SendOptions,
    /// The longest label of a button on a row, in UTF-16 units: 4 to 10. Default 4.
    pub row_label_max: usize,
    /// By which door a customer came. Default: the shipped table.
    pub entry_points: EntryPoints,
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
            route_segment: None,
            allowed_sources: AllowedSources::Any,
            any_user: false,
            send_options: SendOptions::new(),
            row_label_max: ROW_LABEL_MAX,
            entry_points: EntryPoints::shipped(),
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

    /// Takes webhooks only where the path ends in `segment`, at least 16 characters that nobody can guess.
    ///
    /// The platform signs nothing and its body names no account, so such a segment, another for each account, is what
    /// tells the platform from anybody else and one account from another.
    #[must_use]
    pub fn with_route_segment(mut self, segment: Secret) -> Self {
        self.route_segment = Some(segment);
        self
    }

    /// Takes webhooks from `allowed_sources` only.
    #[must_use]
    pub fn with_allowed_sources(mut self, allowed_sources: AllowedSources) -> Self {
        self.allowed_sources = allowed_sources;
        self
    }

    /// Takes webhooks of customers whose id has not the documented form, 22 characters of base64url: a sandbox of one's
    /// own, or a platform that changed it.
    #[must_use]
    pub const fn with_any_user(mut self) -> Self {
        self.any_user = true;
        self
    }

    /// Sends what every channel can say in that way.
    #[must_use]
    pub const fn with_send_options(mut self, send_options: SendOptions) -> Self {
        self.send_options = send_options;
        self
    }

    /// Allows labels of `row_label_max` UTF-16 units on the buttons of rows, 4 to 10: the platform's table says 10, a
    /// comment in its sample 4.
    #[must_use]
    pub const fn with_row_label_max(mut self, row_label_max: usize) -> Self {
        self.row_label_max = row_label_max;
        self
    }

    /// Names the doors by which customers come in this way.
    #[must_use]
    pub fn with_entry_points(mut self, entry_points: EntryPoints) -> Self {
        self.entry_points = entry_points;
        self
    }
}
