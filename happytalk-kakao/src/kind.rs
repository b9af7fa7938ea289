//! The kinds of event there are.

use std::fmt;
use std::str::FromStr;

use crate::error::Error;

/// What happened, by the last segment of the path that the dealer posts to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// The customer wrote: `message`.
    Message,
    /// The customer asked for a consultation, with what the button carried: `reference` (메타 정보).
    Reference,
    /// The session is over: `expired_session`.
    ExpiredSession,
    /// The customer has read: `seen_info`. Bizgo alone has it.
    SeenInfo,
    /// The customer shared personal data: `personal_info`. Bizgo alone has it.
    PersonalInfo,
    /// The customer proved who they are: `cert_result`. Bizgo alone has it; nothing of its content is ever read.
    CertResult,
    /// What became of something sent: `result`. Bizgo alone has it.
    Result,
}

impl Kind {
    /// Every kind.
    pub const ALL: &'static [Self] = &[
        Self::Message,
        Self::Reference,
        Self::ExpiredSession,
        Self::SeenInfo,
        Self::PersonalInfo,
        Self::CertResult,
        Self::Result,
    ];

    /// The name, as it ends the path.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Message => "message",
            Self::Reference => "reference",
            Self::ExpiredSession => "expired_session",
            Self::SeenInfo => "seen_info",
            Self::PersonalInfo => "personal_info",
            Self::CertResult => "cert_result",
            Self::Result => "result",
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Kind {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut all = Self::ALL.iter().copied();
        all.find(|kind| kind.as_str() == text)
            .ok_or(Error::UnknownKind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_read_from_its_name_and_nothing_else_is() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse::<Kind>().unwrap(), *kind);
        }
        let error = "Message".parse::<Kind>().unwrap_err();
        assert_eq!(error.code(), "kakao.unknown_kind");
    }
}
