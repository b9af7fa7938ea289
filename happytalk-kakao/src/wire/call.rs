//! The requests that go out.

use std::fmt;

use happytalk_core::{Action, Outbound, Secret};
use http::header::CONTENT_TYPE;
use http::{HeaderName, HeaderValue, Method, Request, Uri};
use serde::Serialize;

use super::chat_end::ChatEnd;
use super::chat_write;
use super::user_block::UserBlock;
use crate::config::Config;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::refusal::Refusal;

/// The header that says who calls.
///
/// Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21).
pub const CLIENT_ID_HEADER: &str = "HT-Client-Id";

/// The header that proves it.
///
/// Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21).
pub const CLIENT_SECRET_HEADER: &str = "HT-Client-Secret";

/// What is called.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Endpoint {
    /// Says something: `chat/write`.
    ChatWrite,
    /// Ends the session: `chat/end`.
    ChatEnd,
    /// Blocks a customer, which ends the session too: `profile/user/block`.
    UserBlock,
    /// Takes a block back: `profile/user/unblock`.
    UserUnblock,
}

impl Endpoint {
    const fn path(self) -> &'static str {
        match self {
            Self::ChatWrite => "/v1/chat/write",
            Self::ChatEnd => "/v1/chat/end",
            Self::UserBlock => "/v1/profile/user/block",
            Self::UserUnblock => "/v1/profile/user/unblock",
        }
    }

    /// Success is not one value; of block and unblock the table and the sample differ, so both count.
    pub(crate) const fn success_codes(self) -> &'static [&'static str] {
        match self {
            Self::ChatWrite | Self::ChatEnd => &["0"],
            Self::UserBlock | Self::UserUnblock => &["0", "200"],
        }
    }

    /// Whether the refusal says that what was asked for is so already.
    ///
    /// Assumed: an end without a session is the repetition of an end that worked, or came after the customer's.
    pub(crate) const fn was_done_before(self, refusal: &Refusal) -> bool {
        match self {
            Self::ChatWrite => matches!(refusal, Refusal::Duplicate),
            Self::ChatEnd => matches!(refusal, Refusal::NoSession),
            Self::UserBlock | Self::UserUnblock => false,
        }
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::ChatWrite => "chat/write",
            Self::ChatEnd => "chat/end",
            Self::UserBlock => "profile/user/block",
            Self::UserUnblock => "profile/user/unblock",
        })
    }
}

/// Where to call, and as whom.
#[derive(Clone)]
pub(crate) struct Api {
    base: Box<str>,
    client_id: HeaderValue,
    client_secret: HeaderValue,
}

impl Api {
    pub(crate) fn new(config: &Config) -> Result<Self, Error> {
        let base = config.base_url.trim_end_matches('/');
        let usable = base.parse::<Uri>().is_ok_and(|uri| {
            matches!(uri.scheme_str(), Some("http" | "https"))
                && uri.host().is_some_and(|host| !host.is_empty())
                && uri.query().is_none()
        });
        if !usable || base.contains('#') {
            let setting = "base_url";
            return Err(Error::BadSetting { setting });
        }
        Ok(Self {
            base: base.into(),
            client_id: credential(&config.client_id, "client_id")?,
            client_secret: credential(&config.client_secret, "client_secret")?,
        })
    }

    fn post(&self, endpoint: Endpoint, body: &impl Serialize) -> Result<Call, Error> {
        let not_built = || Error::BadSetting {
            setting: "base_url",
        };
        let uri = format!("{}{}", self.base, endpoint.path());
        let mut request = Request::new(serde_json::to_vec(body).map_err(|_| not_built())?);
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri.parse().map_err(|_| not_built())?;
        let headers = request.headers_mut();
        let json = HeaderValue::from_static("application/json");
        headers.insert(CONTENT_TYPE, json);
        headers.insert(
            HeaderName::from_static("ht-client-id"),
            self.client_id.clone(),
        );
        headers.insert(
            HeaderName::from_static("ht-client-secret"),
            self.client_secret.clone(),
        );
        Ok(Call { endpoint, request })
    }
}

fn credential(secret: &Secret, setting: &'static str) -> Result<HeaderValue, Error> {
    let text = secret.expose();
    let mut value = HeaderValue::from_str(text).map_err(|_| Error::BadSetting { setting })?;
    if text.is_empty() {
        return Err(Error::BadSetting { setting });
    }
    value.set_sensitive(true);
    Ok(value)
}

/// One request, and what it asks for.
pub(crate) struct Call {
    pub(crate) endpoint: Endpoint,
    pub(crate) request: Request<Vec<u8>>,
}

/// All the requests of `outbound`, in their order; none where one of them could not be made.
pub(crate) fn calls(outbound: &Outbound, config: &Config, api: &Api) -> Result<Vec<Call>, Error> {
    if outbound.account != config.sender_key {
        return Err(Error::WrongAccount);
    }
    match config.dialect {
        Dialect::HappytalkV1 => {}
    }
    match &outbound.action {
        Action::Say { content } => chat_write::messages(outbound, content, config)?
            .iter()
            .map(|message| api.post(Endpoint::ChatWrite, message))
            .collect(),
        Action::End {} => Ok(vec![api.post(Endpoint::ChatEnd, &ChatEnd::new(outbound))?]),
        Action::Block {} => Ok(vec![
            api.post(Endpoint::UserBlock, &UserBlock::new(outbound))?,
        ]),
        Action::Unblock {} => Ok(vec![
            api.post(Endpoint::UserUnblock, &UserBlock::new(outbound))?,
        ]),
        other => Err(Error::NotCarried { what: other.kind() }),
    }
}
