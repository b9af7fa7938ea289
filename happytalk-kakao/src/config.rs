//! What an integrator sets.

use happytalk_core::Secret;
use happytalk_core::id::AccountId;
use happytalk_core::source::SourceRange;

use crate::dialect::Dialect;

/// HappyTalk's web-hook API for real customers.
///
/// Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21).
pub const HAPPYTALK_PRODUCTION: &str = "https://kakao-api.happytalk.io";

/// HappyTalk's web-hook API for trying things out.
///
/// Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21).
pub const HAPPYTALK_DEVELOPMENT: &str = "https://patch-kakao-api.happytalk.io";

/// The settings of one channel profile (발신프로필) at one dealer.
///
/// ```
/// use happytalk_core::Secret;
/// use happytalk_kakao::{Config, HAPPYTALK_DEVELOPMENT};
///
/// let sender_key = "0123456789abcdef0123456789abcdef01234567".parse()?;
/// let config = Config::new(HAPPYTALK_DEVELOPMENT, "client", Secret::new("key"), sender_key)
///     .with_allowed_sources(vec!["203.0.113.0/24".parse()?]);
/// assert!(!format!("{config:?}").contains("key\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Config {
    /// Scheme, host and, behind a gateway, the beginning of the path; a slash at the end does not matter.
    pub base_url: String,
    /// The value of `HT-Client-Id`, as the dealer issued it.
    pub client_id: Secret,
    /// The value of `HT-Client-Secret`, as the dealer issued it.
    pub client_secret: Secret,
    /// The profile that receives and sends (발신프로필키). An event for another one is refused.
    pub sender_key: AccountId,
    /// How the dealer writes Kakao's protocol. Default: [`Dialect::HappytalkV1`].
    pub dialect: Dialect,
    /// From where an event may come; empty, the default, means from anywhere. See
    /// [`with_allowed_sources`](Self::with_allowed_sources).
    pub allowed_sources: Vec<SourceRange>,
    /// The HTTP status that tells the dealer that an event was taken. Default: 200.
    pub accepted_status: u16,
    /// The longest label of a button, in characters. Default: 14.
    pub button_label_chars_max: usize,
}

impl Config {
    /// The longest label a button gets unless
    /// [`with_button_label_chars_max`](Self::with_button_label_chars_max) says otherwise.
    pub const BUTTON_LABEL_CHARS_DEFAULT: usize = 14;

    /// Settings with the defaults named at each field.
    #[must_use]
    pub fn new(
        base_url: impl Into<String>,
        client_id: impl Into<Box<str>>,
        client_secret: Secret,
        sender_key: AccountId,
    ) -> Self {
        Self {
            base_url: base_url.into(),
            client_id: Secret::new(client_id),
            client_secret,
            sender_key,
            dialect: Dialect::default(),
            allowed_sources: Vec::new(),
            accepted_status: 200,
            button_label_chars_max: Self::BUTTON_LABEL_CHARS_DEFAULT,
        }
    }

    /// Settings for a request that is looked at and never sent: HappyTalk's real address, and `***` for both
    /// credentials.
    #[must_use]
    pub fn for_display(sender_key: AccountId) -> Self {
        Self::new(HAPPYTALK_PRODUCTION, "***", Secret::new("***"), sender_key)
    }

    /// With another dialect.
    #[must_use]
    pub const fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self
    }

    /// Takes events from these addresses only.
    ///
    /// The host says where a request came from by putting a [`std::net::IpAddr`] into its
    /// [extensions](http::Request::extensions_mut); with this list set, an event without one is refused. Dealers
    /// publish no addresses for HappyTalk's dialect: ask yours.
    #[must_use]
    pub fn with_allowed_sources(mut self, allowed_sources: Vec<SourceRange>) -> Self {
        self.allowed_sources = allowed_sources;
        self
    }

    /// With another status for an event that was taken; it must be 200 to 299.
    ///
    /// Observed: of two receivers in production one answers 200 and one 201; no document names either.
    #[must_use]
    pub const fn with_accepted_status(mut self, accepted_status: u16) -> Self {
        self.accepted_status = accepted_status;
        self
    }

    /// Allows longer labels on buttons, counted in characters.
    ///
    /// HappyTalk's table says 28 where Kakao's other documents say 14; 28 may well count bytes. 14 is safe.
    #[must_use]
    pub const fn with_button_label_chars_max(mut self, button_label_chars_max: usize) -> Self {
        self.button_label_chars_max = button_label_chars_max;
        self
    }
}
