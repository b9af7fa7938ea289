//! What an integrator sets.

use happytalk_core::Secret;
use happytalk_core::id::AccountId;
use happytalk_core::source::SourceRange;

use crate::dialect::Dialect;

/// The largest file of HappyTalk's first generation, in bytes.
///
/// Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/file_upload/file_upload> (read 2026-11-21).
const FILE_BYTES_MAX_OF_V1: u64 = 20_000_000;

/// The largest file of the others, in bytes.
///
/// Source: <https://kakaobusiness.gitbook.io/main/ad/bizmessage/consult> (read 2026-11-21).
const FILE_BYTES_MAX: u64 = 300_000_000;

/// HappyTalk's web-hook API for real customers.
///
/// Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21).
pub const HAPPYTALK_PRODUCTION: &str = "https://kakao-api.happytalk.io";

/// HappyTalk's web-hook API for trying things out.
///
/// Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21).
pub const HAPPYTALK_DEVELOPMENT: &str = "https://patch-kakao-api.happytalk.io";

/// Kakao's own interface for hub partners.
///
/// Observed: in code of partners.
pub const HUB_PRODUCTION: &str = "https://bzc-api.kakao.com";

/// The settings of one channel profile (발신프로필) at one dealer.
///
/// [`new`](Self::new) is for HappyTalk, of either generation; [`bizgo`](Self::bizgo) and [`hub`](Self::hub) for the
/// others.
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
    /// The value of `HT-Client-Id`, as the dealer issued it. HappyTalk's alone.
    pub client_id: Secret,
    /// What proves who calls, as the dealer issued it: the value of `HT-Client-Secret`; at Bizgo the API key; at the
    /// hub the hub partner key, which stands in the path of every request.
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
    /// The version that begins the path at the hub. Default: `v2`. Observed: `v2` and `v3`, in code of partners.
    pub hub_version: String,
    /// The most bytes of a file that is handed over; a picture has its own limit. Default: what the dealer documents,
    /// which is 20 MB in HappyTalk's first generation and 300 MB elsewhere. Bizgo's sandbox takes 10 MB.
    pub file_bytes_max: u64,
    /// Which names the fields of a button have that come back when it is pressed. Default: [`ButtonKeys::Consult`].
    pub button_keys: ButtonKeys,
    /// Whether what no document confirms is sent too. Default: no. See
    /// [`with_unconfirmed`](Self::with_unconfirmed).
    pub unconfirmed: bool,
}

/// Which names the fields of a button have that come back when it is pressed.
///
/// Assumed: outside HappyTalk's first generation no page names them; those of its first generation are the likely ones.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum ButtonKeys {
    /// `extra` and `event`, as in `links` of HappyTalk's first generation.
    #[default]
    Consult,
    /// `chat_extra` and `chat_event`, as in 비즈메시지 and in quick replies.
    Bizmessage,
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
            hub_version: "v2".to_owned(),
            file_bytes_max: FILE_BYTES_MAX_OF_V1,
            button_keys: ButtonKeys::default(),
            unconfirmed: false,
        }
    }

    /// Settings for Infobank Bizgo. Its pages name paths and no host: ask for the `base_url` with the `api_key`.
    #[must_use]
    pub fn bizgo(base_url: impl Into<String>, api_key: Secret, sender_key: AccountId) -> Self {
        Self::new(base_url, "", api_key, sender_key).with_dialect(Dialect::Bizgo)
    }

    /// Settings for Kakao's own interface, at [`HUB_PRODUCTION`] for one. The key stands in the path of every request:
    /// whatever logs requests on the way logs it too.
    #[must_use]
    pub fn hub(base_url: impl Into<String>, partner_key: Secret, sender_key: AccountId) -> Self {
        Self::new(base_url, "", partner_key, sender_key).with_dialect(Dialect::Hub)
    }

    /// Settings for a request that is looked at and never sent: HappyTalk's real address, and `***` for both
    /// credentials.
    #[must_use]
    pub fn for_display(sender_key: AccountId) -> Self {
        Self::new(HAPPYTALK_PRODUCTION, "***", Secret::new("***"), sender_key)
    }

    /// With another dialect, and the size that files may have there.
    #[must_use]
    pub const fn with_dialect(mut self, dialect: Dialect) -> Self {
        self.dialect = dialect;
        self.file_bytes_max = match dialect {
            Dialect::HappytalkV1 => FILE_BYTES_MAX_OF_V1,
            Dialect::HappytalkV3 | Dialect::Bizgo | Dialect::Hub => FILE_BYTES_MAX,
        };
        self
    }

    /// With another limit for files, in bytes.
    #[must_use]
    pub const fn with_file_bytes_max(mut self, file_bytes_max: u64) -> Self {
        self.file_bytes_max = file_bytes_max;
        self
    }

    /// With another version at the beginning of the hub's paths, such as `v3`.
    #[must_use]
    pub fn with_hub_version(mut self, hub_version: impl Into<String>) -> Self {
        self.hub_version = hub_version.into();
        self
    }

    /// With other names for what a button carries.
    #[must_use]
    pub const fn with_button_keys(mut self, button_keys: ButtonKeys) -> Self {
        self.button_keys = button_keys;
        self
    }

    /// Sends also what no document of the dealer confirms, in the shape that is likely:
    ///
    /// - in HappyTalk's first generation and at the hub, a sound as `AU`, and buttons `MD` and `BF`;
    /// - elsewhere lists of items, carousels and coupons, whose names and limits are known and whose fields are not:
    ///   they are written as Kakao's brand messages have them.
    ///
    /// Without it these are refused before anything is sent. Try them in the dealer's test zone first.
    #[must_use]
    pub const fn with_unconfirmed(mut self) -> Self {
        self.unconfirmed = true;
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
