//! The names of the platforms.

use std::borrow::Cow;
use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::id::IdError;

/// A platform (채널): one of the constants, or a name an integrator gives their own.
///
/// Not empty, at most 64 bytes, no control characters.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ChannelName(Cow<'static, str>);

impl ChannelName {
    /// KakaoTalk 상담톡.
    pub const KAKAO_CONSULT: Self = Self(Cow::Borrowed("kakao_consult"));
    /// Naver TalkTalk (네이버 톡톡).
    pub const NAVER_TALKTALK: Self = Self(Cow::Borrowed("naver_talktalk"));
    /// The site's own web chat.
    pub const WEBCHAT: Self = Self(Cow::Borrowed("webchat"));
    /// The ticker of a home-shopping broadcast.
    pub const TICKER: Self = Self(Cow::Borrowed("ticker"));
    /// Facebook Messenger.
    pub const MESSENGER: Self = Self(Cow::Borrowed("messenger"));
    /// WeChat.
    pub const WECHAT: Self = Self(Cow::Borrowed("wechat"));

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for ChannelName {
    type Err = IdError;
    fn from_str(text: &str) -> Result<Self, IdError> {
        crate::id::check(text, "ChannelName", 64)?;
        let known = [
            Self::KAKAO_CONSULT,
            Self::NAVER_TALKTALK,
            Self::WEBCHAT,
            Self::TICKER,
            Self::MESSENGER,
            Self::WECHAT,
        ];
        Ok(known
            .into_iter()
            .find(|name| name.as_str() == text)
            .unwrap_or_else(|| Self(Cow::Owned(text.to_owned()))))
    }
}

impl fmt::Display for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ChannelName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ChannelName({})", self.0)
    }
}

impl Serialize for ChannelName {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de> Deserialize<'de> for ChannelName {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}
