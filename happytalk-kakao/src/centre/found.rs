//! What the centre answers.

use std::fmt;

use happytalk_core::Timestamp;
use happytalk_core::id::{AccountId, SessionId};
use happytalk_core::inbound::Private;

/// What is known of a profile. What the dealer did not say, or said with an empty text, is `None`.
///
/// Dates are as the dealer wrote them, `yyyy-MM-dd HH:mm:ss` without a zone; one of zeros is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sender {
    /// The profile's key.
    pub sender_key: Option<AccountId>,
    /// The channel's search id, with its `@`.
    pub channel_id: Option<String>,
    /// The channel's name.
    pub name: Option<String>,
    /// The dealer's own word: `A` is normal.
    pub status: Option<String>,
    /// What Kakao says of the profile.
    pub profile_status: Option<ProfileStatus>,
    /// Whether it is blocked.
    pub blocked: Option<bool>,
    /// Whether it sleeps, for want of use.
    pub dormant: Option<bool>,
    /// Whether 상담톡 is used.
    pub consult: Option<bool>,
    /// The company that the content is entrusted to (위탁사).
    pub company: Option<String>,
    /// The class of the channel: 11 digits.
    pub category_code: Option<String>,
    /// The dealer's own word, such as `BUSINESS`.
    pub business_type: Option<String>,
    /// When it was registered.
    pub created_at: Option<String>,
    /// When it was changed.
    pub modified_at: Option<String>,
}

/// What Kakao says of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProfileStatus {
    /// In use: `A`.
    Activated,
    /// Blocked: `B`.
    Blocked,
    /// Not in use: `C`.
    Deactivated,
    /// Deleted: `D`.
    Deleted,
    /// About to be deleted: `E`.
    Deleting,
    /// A word that nobody documented.
    Other,
}

impl ProfileStatus {
    pub(crate) fn from_code(code: &str) -> Self {
        match code {
            "A" => Self::Activated,
            "B" => Self::Blocked,
            "C" => Self::Deactivated,
            "D" => Self::Deleted,
            "E" => Self::Deleting,
            _ => Self::Other,
        }
    }
}

/// Where events are posted to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceiveDomains {
    /// The addresses.
    pub domains: Vec<ReceiveDomain>,
    /// Whether it is a leased line, where the dealer says so.
    pub direct: Option<bool>,
}

/// An address that events are posted below.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ReceiveDomain {
    /// The address. Its path may be the one thing that keeps others from posting, so `Debug` hides it.
    pub domain: String,
    /// When it was set.
    pub created_at: Option<String>,
    /// When it was changed.
    pub modified_at: Option<String>,
}

impl ReceiveDomain {
    pub(crate) const fn new(
        domain: String,
        created_at: Option<String>,
        modified_at: Option<String>,
    ) -> Self {
        Self {
            domain,
            created_at,
            modified_at,
        }
    }
}

impl fmt::Debug for ReceiveDomain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ReceiveDomain(..)")
    }
}

/// A class that a channel can be of.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Category {
    /// 11 digits: 3 of the large class, 4 of the middle one, 4 of the small one.
    pub code: String,
    /// The three names, with commas between.
    pub name: String,
}

impl Category {
    pub(crate) const fn new(code: String, name: String) -> Self {
        Self { code, name }
    }

    /// The names of the large, the middle and the small class.
    pub fn levels(&self) -> impl Iterator<Item = &str> {
        self.name.split(',').map(str::trim)
    }
}

/// A message that the platform shows by itself (시스템 메시지).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct SystemMessage {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Option<String>,
    /// The dealer's own word: `A`, `T` or `S`.
    pub status: Option<String>,
    /// `REG` registered, `REQ` asked for, `APR` approved, `REJ` turned down.
    pub inspect_status: Option<String>,
    /// When it was made.
    pub created_at: Option<String>,
    /// When it was changed.
    pub modified_at: Option<String>,
    /// Its texts, by occasion.
    pub messages: Vec<SystemMessageText>,
    /// What was said about it at the inspection.
    pub comments: Vec<InspectComment>,
}

impl SystemMessage {
    /// Whether Kakao approved it, without which it cannot be shown.
    #[must_use]
    pub fn is_approved(&self) -> bool {
        self.inspect_status.as_deref() == Some("APR")
    }
}

/// The text of a system message for one occasion.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct SystemMessageText {
    /// `ST` at the start of a session, `S1` to `S4` as in [`AutoAnswer`](crate::AutoAnswer).
    pub occasion: String,
    /// The words.
    pub content: String,
}

impl SystemMessageText {
    pub(crate) const fn new(occasion: String, content: String) -> Self {
        Self { occasion, content }
    }
}

/// What was said at an inspection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InspectComment {
    /// What.
    pub content: Private,
    /// The dealer's own word, such as `REJ`.
    pub status: Option<String>,
    /// When.
    pub created_at: Option<String>,
}

impl InspectComment {
    pub(crate) const fn new(
        content: Private,
        status: Option<String>,
        created_at: Option<String>,
    ) -> Self {
        Self {
            content,
            status,
            created_at,
        }
    }
}

/// A session with a customer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ConsultSession {
    /// Its id: a number here, text in events, the same digits.
    pub id: SessionId,
    /// The profile.
    pub sender_key: Option<AccountId>,
    /// How it began, in the dealer's own word. Assumed: `UM` is by a message of the user.
    pub started_by: Option<String>,
    /// When it began.
    pub started_at: Option<Timestamp>,
    /// How it ended or will end, in the dealer's own word. Assumed: `AE` is by itself.
    pub expired_by: Option<String>,
    /// When it ended; in the future, when it will end if the customer says no more: 30 days after the full hour that
    /// follows their last message.
    pub expires_at: Option<Timestamp>,
}

impl ConsultSession {
    pub(crate) const fn new(id: SessionId) -> Self {
        Self {
            id,
            sender_key: None,
            started_by: None,
            started_at: None,
            expired_by: None,
            expires_at: None,
        }
    }

    /// Whether something can be said in it at `now`.
    #[must_use]
    pub fn is_open(&self, now: Timestamp) -> bool {
        self.expires_at.is_none_or(|end| end > now)
    }
}
