//! How a dealer writes Kakao's protocol.

use std::fmt;
use std::str::FromStr;

use happytalk_core::Inbound;
use happytalk_core::id::AccountId;

use crate::error::Error;
use crate::kind::Kind;
use crate::wire;

/// How a dealer writes Kakao's one protocol.
///
/// What comes in is read into the same [`Inbound`] and what goes out is made from the same
/// [`Bubble`](crate::Bubble)s whatever the dialect: a dialect is names of fields, paths, credentials and codes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// HappyTalk's first generation, paths `/v1/…`: `happytalk-v1`.
    #[default]
    HappytalkV1,
    /// HappyTalk's second generation, paths `/kakaoWebhook/v3/…`: `happytalk-v3`. What has no page there (ending a
    /// session, blocking, most calls of the centre) goes to the first generation's path at the same host.
    HappytalkV3,
    /// Infobank Bizgo, paths `/api/comm/v1/…`: `bizgo`.
    Bizgo,
    /// Kakao's own interface for its hub partners, with the partner's key in the path: `hub`.
    ///
    /// Observed: that it writes as HappyTalk's first generation does, in code of partners; Kakao's document is not
    /// public.
    Hub,
}

impl Dialect {
    /// Every dialect.
    pub const ALL: &'static [Self] =
        &[Self::HappytalkV1, Self::HappytalkV3, Self::Bizgo, Self::Hub];

    /// The name, as the command line has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HappytalkV1 => "happytalk-v1",
            Self::HappytalkV3 => "happytalk-v3",
            Self::Bizgo => "bizgo",
            Self::Hub => "hub",
        }
    }

    /// Whether the platform itself recognises a message that was sent before, by its serial number.
    #[must_use]
    pub const fn is_idempotent(self) -> bool {
        match self {
            Self::HappytalkV1 | Self::HappytalkV3 | Self::Hub => true,
            Self::Bizgo => false,
        }
    }

    /// Reads the body of one event. `account` stands in where the body names no sender key.
    ///
    /// A kind that the dialect does not have comes back as [`Unknown`](happytalk_core::InboundKind::Unknown), as does
    /// a certificate, of which nothing is read in any dialect.
    ///
    /// # Errors
    /// [`Error::BodyTooLong`], [`Error::TooDeep`], [`Error::BadJson`], [`Error::MissingField`] and
    /// [`Error::BadId`], where the body is not what the dialect documents.
    pub fn decode(
        self,
        kind: Kind,
        body: &[u8],
        account: Option<&AccountId>,
    ) -> Result<Vec<Inbound>, Error> {
        let inbound = match self {
            Self::HappytalkV1 | Self::HappytalkV3 | Self::Hub => match kind {
                Kind::Message => wire::read::<wire::Message>(body)?.into_inbound(account)?,
                Kind::Reference => wire::read::<wire::Reference>(body)?.into_inbound(account)?,
                Kind::ExpiredSession => {
                    wire::read::<wire::ExpiredSession>(body)?.into_inbound(account)?
                }
                Kind::SeenInfo | Kind::PersonalInfo | Kind::CertResult | Kind::Result => {
                    self.decode_unknown(kind.as_str(), body, account)?
                }
            },
            Self::Bizgo => match kind {
                Kind::CertResult => self.decode_unknown(kind.as_str(), body, account)?,
                _ => wire::read::<wire::BizgoEvent>(body)?.into_inbound(kind, account)?,
            },
        };
        Ok(vec![inbound])
    }

    /// Reads what can be read of an event whose kind nobody documented.
    pub(crate) fn decode_unknown(
        self,
        kind: &str,
        body: &[u8],
        account: Option<&AccountId>,
    ) -> Result<Inbound, Error> {
        let event = wire::read::<wire::UnknownEvent>(body)?;
        Ok(match self {
            Self::HappytalkV1 | Self::HappytalkV3 | Self::Hub => event.into_inbound(kind, account),
            Self::Bizgo => event.into_inbound_of_bizgo(kind, account),
        })
    }
}

impl fmt::Display for Dialect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl FromStr for Dialect {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut all = Self::ALL.iter().copied();
        all.find(|dialect| dialect.as_str() == text)
            .ok_or(Error::UnknownDialect)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_dialect_is_read_from_its_name_and_nothing_else_is() {
        for dialect in Dialect::ALL {
            assert_eq!(dialect.as_str().parse::<Dialect>().unwrap(), *dialect);
        }
        let error = "HappyTalk".parse::<Dialect>().unwrap_err();
        assert_eq!(error.code(), "kakao.unknown_dialect");
        for dialect in Dialect::ALL {
            assert!(error.to_string().contains(dialect.as_str()));
        }
    }
}
