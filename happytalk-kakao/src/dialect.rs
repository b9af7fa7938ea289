//! How a dealer writes Kakao's protocol, and the kinds of event there are.

use std::fmt;
use std::str::FromStr;

use happytalk_core::id::AccountId;
use happytalk_core::{Inbound, Outbound};

use crate::config::Config;
use crate::error::Error;
use crate::wire;

/// How a dealer writes Kakao's one protocol.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Dialect {
    /// HappyTalk's first generation, paths `/v1/…`: `happytalk-v1`.
    #[default]
    HappytalkV1,
}

impl Dialect {
    /// The name, as the command line has it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::HappytalkV1 => "happytalk-v1",
        }
    }

    /// Reads the body of one event. `account` stands in where the body names no sender key.
    ///
    /// A kind that the dialect does not have comes back as [`Unknown`](happytalk_core::InboundKind::Unknown).
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
        match self {
            Self::HappytalkV1 => Ok(vec![match kind {
                Kind::Message => wire::read::<wire::Message>(body)?.into_inbound(account)?,
                Kind::Reference => wire::read::<wire::Reference>(body)?.into_inbound(account)?,
                Kind::ExpiredSession => {
                    wire::read::<wire::ExpiredSession>(body)?.into_inbound(account)?
                }
                Kind::SeenInfo | Kind::PersonalInfo | Kind::CertResult | Kind::Result => {
                    self.decode_unknown(kind.as_str(), body, account)?
                }
            }]),
        }
    }

    /// Reads what can be read of an event whose kind nobody documented.
    pub(crate) fn decode_unknown(
        self,
        kind: &str,
        body: &[u8],
        account: Option<&AccountId>,
    ) -> Result<Inbound, Error> {
        match self {
            Self::HappytalkV1 => {
                Ok(wire::read::<wire::UnknownEvent>(body)?.into_inbound(kind, account))
            }
        }
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
        let unsupported = |dialect| Err(Error::UnsupportedDialect { dialect });
        match text {
            "happytalk-v1" => Ok(Self::HappytalkV1),
            "happytalk-v3" => unsupported("happytalk-v3"),
            "bizgo" => unsupported("bizgo"),
            "hub" => unsupported("hub"),
            _ => Err(Error::UnknownDialect),
        }
    }
}

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
    /// The customer has read: `seen_info`. Not in HappyTalk's first generation.
    SeenInfo,
    /// The customer shared personal data: `personal_info`. Not in HappyTalk's first generation.
    PersonalInfo,
    /// The customer proved who they are: `cert_result`. Not in HappyTalk's first generation.
    CertResult,
    /// What became of something sent: `result`. Not in HappyTalk's first generation.
    Result,
}

impl Kind {
    const ALL: [Self; 7] = [
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
        Self::ALL
            .into_iter()
            .find(|kind| kind.as_str() == text)
            .ok_or(Error::UnknownKind)
    }
}

/// Reads the body of one event in the default dialect; [`Dialect::decode`] takes another.
///
/// ```
/// use happytalk_kakao::{Kind, decode};
///
/// let body = br#"{"user_key":"u7Lk2bQx0a_1","sender_key":"0123456789abcdef","session_id":"88",
///     "time":1715562130000,"serial_number":1787654321098765432,"type":"text","contents":["hello"]}"#;
/// let inbound = decode(Kind::Message, body, None)?;
/// assert_eq!(inbound[0].id.as_ref().unwrap().as_str(), "1787654321098765432");
///
/// let error = decode(Kind::Message, b"{\"user_key\":\"u\"", None).unwrap_err();
/// assert_eq!(error.code(), "kakao.bad_json");
/// # Ok::<(), happytalk_kakao::Error>(())
/// ```
///
/// # Errors
/// As [`Dialect::decode`].
pub fn decode(kind: Kind, body: &[u8], account: Option<&AccountId>) -> Result<Vec<Inbound>, Error> {
    Dialect::default().decode(kind, body, account)
}

/// The requests that [`Kakao`](crate::Kakao) would make for `outbound`, in their order. Nothing is sent.
///
/// They carry the credentials in the headers [`CLIENT_ID_HEADER`](crate::CLIENT_ID_HEADER) and
/// [`CLIENT_SECRET_HEADER`](crate::CLIENT_SECRET_HEADER); with [`Config::for_display`] these are `***`.
///
/// ```
/// use happytalk_core::{Action, Content, Outbound};
/// use happytalk_kakao::{Config, encode};
///
/// let say = Action::Say { content: vec![Content::text("hello")] };
/// let outbound = Outbound::new("m-1".parse()?, "0123456789abcdef".parse()?, "u7Lk2bQx0a_1".parse()?, say);
/// let requests = encode(&outbound, &Config::for_display(outbound.account.clone()))?;
/// assert_eq!(requests[0].uri().path(), "/v1/chat/write");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// [`Error::BadSetting`] where `config` cannot be used, [`Error::WrongAccount`] where `outbound` is for another
/// profile, and [`Error::NotCarried`], [`Error::OverLimit`] and [`Error::Incomplete`] where the platform would
/// not take it.
pub fn encode(outbound: &Outbound, config: &Config) -> Result<Vec<http::Request<Vec<u8>>>, Error> {
    let calls = wire::calls(outbound, config, &wire::Api::new(config)?)?;
    Ok(calls.into_iter().map(|call| call.request).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dialect_that_comes_later_says_so() {
        assert_eq!(
            "happytalk-v1".parse::<Dialect>().unwrap(),
            Dialect::HappytalkV1
        );
        for name in ["happytalk-v3", "bizgo", "hub"] {
            let error = name.parse::<Dialect>().unwrap_err();
            assert_eq!(error.code(), "kakao.unsupported_dialect");
            assert!(error.to_string().contains(name));
        }
        let error = "HappyTalk".parse::<Dialect>().unwrap_err();
        assert_eq!(error.code(), "kakao.unknown_dialect");
    }

    #[test]
    fn every_kind_is_read_from_its_name_and_nothing_else_is() {
        for kind in Kind::ALL {
            assert_eq!(kind.as_str().parse::<Kind>().unwrap(), kind);
        }
        let error = "Message".parse::<Kind>().unwrap_err();
        assert_eq!(error.code(), "kakao.unknown_kind");
    }
}
