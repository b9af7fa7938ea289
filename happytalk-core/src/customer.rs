//! Who a customer is across channels: the keys by which they are known, one person behind them, what is known of
//! that person, and whether they are blocked.
//!
//! A platform names a customer by a key of its own, which on Kakao changes when they leave and join again; a site may
//! name them by a member id (`site_uid`) when they are logged in; a web page knows a cookie. [`Directory`] keeps which
//! keys belong to one person (DOMAIN 1). Two people who carry two different member ids are never made one.

mod consent;
mod directory;
mod history;
mod profile;

pub use consent::Consent;
pub use directory::{Change, Directory, DirectoryError, Resolved};
pub use history::{
    Cursor, HistoryEntry, HistoryIndex, HistoryPage, HistoryQuery, PAGE_DEFAULT, PAGE_MAX, Whose,
};
pub use profile::{Block, BlockScope, Profile};

use serde::{Deserialize, Serialize};

use crate::channel_name::ChannelName;
use crate::id::{AccountId, CookieId, CustomerId, MemberId};

/// One way by which a customer is known, in the order in which they count.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(
    clippy::exhaustive_enums,
    reason = "the order in which keys count has these three steps"
)]
pub enum Key {
    /// By the site's member id.
    Member(MemberId),
    /// By the key of a platform, for one account of ours.
    User(ChannelUser),
    /// By a cookie.
    Cookie(CookieId),
}

/// A customer as one platform names them, for one account of ours.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ChannelUser {
    /// The platform.
    pub channel: ChannelName,
    /// The account of ours.
    pub account: AccountId,
    /// The customer.
    pub customer: CustomerId,
}

impl ChannelUser {
    /// A customer of this account.
    #[must_use]
    pub const fn new(channel: ChannelName, account: AccountId, customer: CustomerId) -> Self {
        Self {
            channel,
            account,
            customer,
        }
    }
}

/// What one request says of who it comes from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Claim {
    /// The member id, when they are logged in.
    pub member: Option<MemberId>,
    /// The platform's key.
    pub user: Option<ChannelUser>,
    /// The cookie.
    pub cookie: Option<CookieId>,
}

impl Claim {
    /// Nothing is said yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// With a member id.
    #[must_use]
    pub fn with_member(mut self, member: MemberId) -> Self {
        self.member = Some(member);
        self
    }

    /// With a platform's key.
    #[must_use]
    pub fn with_user(mut self, user: ChannelUser) -> Self {
        self.user = Some(user);
        self
    }

    /// With a cookie.
    #[must_use]
    pub fn with_cookie(mut self, cookie: CookieId) -> Self {
        self.cookie = Some(cookie);
        self
    }

    /// Its keys, those that count most first.
    pub fn keys(&self) -> impl Iterator<Item = Key> + '_ {
        let member = self.member.clone().map(Key::Member);
        let user = self.user.clone().map(Key::User);
        let cookie = self.cookie.clone().map(Key::Cookie);
        [member, user, cookie].into_iter().flatten()
    }
}
