//! Requests, before they go out.

use happytalk_core::Secret;
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderName, HeaderValue, Request, Uri};
use serde::Serialize;

use super::endpoint::Endpoint;
use crate::config::Config;
use crate::dialect::Dialect;
use crate::error::Error;

/// HappyTalk's header that says who calls.
///
/// Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21).
pub const CLIENT_ID_HEADER: &str = "HT-Client-Id";

/// HappyTalk's header that proves it.
///
/// Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/> (read 2026-11-21).
pub const CLIENT_SECRET_HEADER: &str = "HT-Client-Secret";

/// Where to call, and as whom.
#[derive(Clone)]
pub(crate) struct Api {
    dialect: Dialect,
    base: Box<str>,
    credentials: Credentials,
}

#[derive(Clone)]
enum Credentials {
    /// HappyTalk's two headers.
    Headers {
        id: HeaderValue,
        secret: HeaderValue,
    },
    /// Bizgo's one: the bare key, with no word before it.
    Key(HeaderValue),
    /// The hub's: version and key, in the path.
    Path(Box<str>),
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
        let credentials = match config.dialect {
            Dialect::HappytalkV1 | Dialect::HappytalkV3 => Credentials::Headers {
                id: credential(&config.client_id, "client_id")?,
                secret: credential(&config.client_secret, "client_secret")?,
            },
            Dialect::Bizgo => Credentials::Key(credential(&config.client_secret, "client_secret")?),
            Dialect::Hub => {
                let version = segment(&config.hub_version, "hub_version")?;
                let key = segment(config.client_secret.expose(), "client_secret")?;
                Credentials::Path(format!("/{version}/{key}").into())
            }
        };
        Ok(Self {
            dialect: config.dialect,
            base: base.into(),
            credentials,
        })
    }

    pub(crate) const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// A call with a body of JSON.
    pub(crate) fn post(&self, endpoint: Endpoint, body: &impl Serialize) -> Result<Call, Error> {
        let not_built = |_| Error::BadSetting {
            setting: "base_url",
        };
        let json = serde_json::to_vec(body).map_err(not_built)?;
        let mut call = self.call(endpoint, "", json)?;
        let headers = call.request.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        Ok(call)
    }

    /// A call with what is asked in `query`, which is empty or begins with a question mark.
    pub(crate) fn get(&self, endpoint: Endpoint, query: &str) -> Result<Call, Error> {
        self.call(endpoint, query, Vec::new())
    }

    fn call(&self, endpoint: Endpoint, query: &str, body: Vec<u8>) -> Result<Call, Error> {
        let request = self.request(endpoint, query, body)?;
        Ok(Call { endpoint, request })
    }

    /// A call with any body, and no word on what it is.
    pub(crate) fn request<B>(
        &self,
        endpoint: Endpoint,
        query: &str,
        body: B,
    ) -> Result<Request<B>, Error> {
        let dialect = self.dialect;
        let (Some(path), Some(method)) = (endpoint.path(dialect), endpoint.method(dialect)) else {
            return Err(Error::NotInDialect { endpoint, dialect });
        };
        let before = match &self.credentials {
            Credentials::Path(before) => before,
            Credentials::Headers { .. } | Credentials::Key(_) => "",
        };
        let uri = format!("{}{before}{path}{query}", self.base);
        let mut request = Request::new(body);
        *request.method_mut() = method;
        *request.uri_mut() = uri.parse().map_err(|_| Error::BadSetting {
            setting: "base_url",
        })?;
        let headers = request.headers_mut();
        match &self.credentials {
            Credentials::Headers { id, secret } => {
                headers.insert(HeaderName::from_static("ht-client-id"), id.clone());
                headers.insert(HeaderName::from_static("ht-client-secret"), secret.clone());
            }
            Credentials::Key(key) => {
                headers.insert(AUTHORIZATION, key.clone());
            }
            Credentials::Path(_) => {}
        }
        Ok(request)
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

/// What may stand between two slashes of a path; `***` may, in a request that is only looked at.
fn segment<'a>(text: &'a str, setting: &'static str) -> Result<&'a str, Error> {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_*".contains(&byte);
    if text.is_empty() || !text.bytes().all(allowed) {
        return Err(Error::BadSetting { setting });
    }
    Ok(text)
}

/// One request, and what it asks for.
pub(crate) struct Call {
    pub(crate) endpoint: Endpoint,
    pub(crate) request: Request<Vec<u8>>,
}
