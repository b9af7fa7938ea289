//! Who may call, what is called, and how each dialect writes an answer.

use happytalk_core::Timestamp;
use http::{HeaderMap, HeaderValue, Request, Response, StatusCode, header};
use serde_json::{Map, Value, json};

use super::event::wall;
use crate::dialect::Dialect;
use crate::wire::{CLIENT_ID_HEADER, CLIENT_SECRET_HEADER, Endpoint};

/// Why something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Denied {
    Unauthorized,
    Sender,
    NoSession,
    UserKey,
    Duplicate,
    Image,
    TooLong,
    ChatOff,
    Json,
    Message,
    Button,
    QuickReply,
    UserBlocked,
    File,
    Parameter,
    NoData,
    NoProfile,
}

impl Denied {
    /// HappyTalk's code and name, which are Kakao's, and Bizgo's code.
    ///
    /// Assumed, of Bizgo: what its list has no own code for is `A213`, a wrong request.
    const fn told(&self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Unauthorized => ("-500", "UnauthorizedException", "A401"),
            Self::Sender => ("-501", "InvalidSenderException", "A502"),
            Self::NoSession => ("-502", "InvalidSessionException", "A821"),
            Self::UserKey => ("-503", "InvalidUserKeyException", "A507"),
            Self::Duplicate => ("-504", "DuplicateSerialNumberException", "A213"),
            Self::Image => ("-505", "InvalidImageException", "A513"),
            Self::TooLong => ("-506", "MessageLengthOverLimitException", "A572"),
            Self::ChatOff => ("-508", "InvalidProfileChatStatusException", "A213"),
            Self::Json => ("-509", "InvalidJsonException", "A213"),
            Self::Message => ("-510", "InvalidMessageException", "A573"),
            Self::Button => ("-510", "InvalidMessageException", "A503"),
            Self::QuickReply => ("-510", "InvalidMessageException", "A564"),
            Self::UserBlocked => ("-511", "BlockedUserMessageException", "A213"),
            Self::File => ("-505", "FailedToUploadFileException", "A200"),
            Self::Parameter => ("405", "InvalidParameterException", "A213"),
            Self::NoData => ("508", "NoDataFoundException", "A820"),
            Self::NoProfile => ("515", "InvalidProfileException", "A502"),
        }
    }
}

/// What an answer says beside its code.
#[derive(Debug, Default)]
pub(super) struct Done {
    /// Beside `code`; at Bizgo in `data`.
    pub(super) beside: Map<String, Value>,
    /// At Bizgo one level deeper.
    pub(super) deeper: Option<Value>,
}

impl Done {
    pub(super) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.beside.insert(name.to_owned(), value.into());
        self
    }

    pub(super) fn deeper(value: Value) -> Self {
        Self {
            beside: Map::new(),
            deeper: Some(value),
        }
    }
}

/// What a request calls, and the part of the path before it.
pub(super) fn endpoint<'a>(
    dialect: Dialect,
    request: &'a Request<Vec<u8>>,
    partner_key: &str,
) -> Option<(Endpoint, &'a str)> {
    let whole = request.uri().path();
    let (before, path) = match dialect {
        Dialect::Hub => {
            // Version and key stand before.
            let at = whole.find(partner_key)?.checked_add(partner_key.len())?;
            whole.split_at_checked(at)?
        }
        _ => ("", whole),
    };
    let mut all = Endpoint::ALL.iter().copied();
    let endpoint = all.find(|endpoint| {
        endpoint.path(dialect) == Some(path)
            && endpoint.method(dialect).as_ref() == Some(request.method())
    })?;
    Some((endpoint, before))
}

pub(super) fn is_authorized(
    dialect: Dialect,
    request: &Request<Vec<u8>>,
    before: &str,
    client_id: &str,
    secret: &str,
) -> bool {
    let headers = request.headers();
    match dialect {
        Dialect::HappytalkV1 | Dialect::HappytalkV3 => {
            is(headers, CLIENT_ID_HEADER, client_id) && is(headers, CLIENT_SECRET_HEADER, secret)
        }
        // The bare key: with `Bearer` before it, it is another.
        Dialect::Bizgo => is(headers, header::AUTHORIZATION.as_str(), secret),
        Dialect::Hub => {
            matches!(before.split('/').collect::<Vec<_>>()[..], ["", "v2" | "v3", key] if key == secret)
        }
    }
}

fn is(headers: &HeaderMap, name: &str, value: &str) -> bool {
    headers.get(name).is_some_and(|sent| sent == value)
}

/// It was done.
pub(super) fn done(dialect: Dialect, endpoint: Endpoint, done: Done) -> Response<Vec<u8>> {
    let Done { mut beside, deeper } = done;
    if dialect == Dialect::Bizgo {
        beside.insert("code".to_owned(), "A000".into());
        beside.insert("result".to_owned(), "Success".into());
        if let Some(deeper) = deeper {
            beside.insert("data".to_owned(), deeper);
        }
        return bizgo(StatusCode::OK, "A000", Some(beside));
    }
    // Some are numbers and some are texts.
    let code = match endpoint.success_codes(dialect) {
        ["0", ..] => json!(0),
        [code, ..] => json!(code),
        [] => json!(0),
    };
    beside.insert("code".to_owned(), code);
    if let Some(deeper) = deeper {
        beside.insert("data".to_owned(), deeper);
    }
    response(StatusCode::OK, &Value::from(beside))
}

/// It was not done.
pub(super) fn denied(dialect: Dialect, endpoint: Endpoint, denied: &Denied) -> Response<Vec<u8>> {
    let (code, name, of_bizgo) = denied.told();
    if dialect == Dialect::Bizgo {
        if *denied == Denied::Unauthorized {
            return bizgo(StatusCode::UNAUTHORIZED, of_bizgo, None);
        }
        return coded(dialect, of_bizgo);
    }
    // Failed uploads have their code as text in the first generation; chats have a number.
    let number = code
        .parse::<i64>()
        .map_or(json!(code), |number| json!(number));
    let code = match endpoint.success_codes(dialect) {
        ["0", ..] => number,
        _ => json!(code),
    };
    response(StatusCode::OK, &json!({"code": code, "message": name}))
}

/// It was not done, under this code.
pub(super) fn coded(dialect: Dialect, code: &str) -> Response<Vec<u8>> {
    if dialect == Dialect::Bizgo {
        let data = json!({"code": code, "result": "Fail"});
        return bizgo(StatusCode::OK, "A000", data.as_object().cloned());
    }
    let code = code
        .parse::<i64>()
        .map_or(json!(code), |number| json!(number));
    response(
        StatusCode::OK,
        &json!({"code": code, "message": "Exception"}),
    )
}

fn bizgo(status: StatusCode, auth: &str, data: Option<Map<String, Value>>) -> Response<Vec<u8>> {
    let mut body = json!({"common": {
        "authCode": auth,
        "authResult": if auth == "A000" { "Success" } else { "Fail" },
        "infobankTrId": "sandbox",
    }});
    if let (Some(data), Some(body)) = (data, body.as_object_mut()) {
        body.insert("data".to_owned(), data.into());
    }
    response(status, &body)
}

fn response(status: StatusCode, body: &Value) -> Response<Vec<u8>> {
    let mut response = Response::new(body.to_string().into_bytes());
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}

/// What a gateway says in the place of the platform.
pub(super) fn gateway(status: u16) -> Response<Vec<u8>> {
    let mut response = Response::new(b"<html><body>gateway</body></html>".to_vec());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    response
}

pub(super) fn too_many(after_secs: u32) -> Response<Vec<u8>> {
    let mut response = response(StatusCode::TOO_MANY_REQUESTS, &json!({"code": "A020"}));
    let after = HeaderValue::from(after_secs);
    response.headers_mut().insert(header::RETRY_AFTER, after);
    response
}

pub(super) fn not_found() -> Response<Vec<u8>> {
    gateway(404)
}

/// `createdAt` of what was said.
pub(super) fn created_at(now: Timestamp) -> Value {
    wall(now).into()
}
