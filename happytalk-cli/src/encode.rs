//! `encode`: what is to be done in, the HTTP requests that would do it out.

mod kakao;
mod naver;

use std::collections::BTreeMap;
use std::io::Write;

use happytalk_core::json::JsonError;
use happytalk_kakao::{CLIENT_ID_HEADER, CLIENT_SECRET_HEADER};
use happytalk_naver::message::SendOptions;
use http::HeaderValue;
use http::header::AUTHORIZATION;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use crate::args::{Encode, EncodeChannel};
use crate::failure::{Failure, Outcome, Place};
use crate::source::Source;

/// The most bytes of Outbound that are read at once: 64 MiB.
const BYTES_MAX: usize = 64 << 20;

/// What stands in place of a credential.
const MASK: &str = "***";

/// A request as it is shown.
#[derive(Serialize)]
struct Shown<'a> {
    method: &'a str,
    path: &'a str,
    headers: BTreeMap<&'a str, String>,
    body: ShownBody<'a>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum ShownBody<'a> {
    /// As it goes out, the order of its members too.
    Json(&'a RawValue),
    Text(String),
    None,
}

pub(crate) fn run(args: &Encode, out: &mut dyn Write) -> Result<Outcome, Failure> {
    match &args.channel {
        EncodeChannel::Kakao { dialect } => {
            let dialect = dialect.parse().map_err(Failure::usage)?;
            each(out, |line: &kakao::Line| line.requests(dialect))
        }
        EncodeChannel::Naver {
            notification,
            mark_read,
        } => {
            let mut options = SendOptions::new();
            (options.notification, options.mark_read) = (*notification, *mark_read);
            each(out, |line: &naver::Line| line.requests(options))
        }
    }
}

/// Prints the requests of each value on standard input, up to the first fault.
fn each<T: DeserializeOwned>(
    out: &mut dyn Write,
    requests: impl Fn(&T) -> Result<Vec<http::Request<Vec<u8>>>, String>,
) -> Result<Outcome, Failure> {
    let (name, bytes) = Source::stdin().bytes(BYTES_MAX)?;
    if bytes.len() > BYTES_MAX {
        let why = format!("input is too long. bytes_max=`{BYTES_MAX}`");
        return Err(Failure::at(&name, Place::START, why));
    }
    let mut outbounds = serde_json::Deserializer::from_slice(&bytes).into_iter::<T>();
    let mut count = 0_u64;
    loop {
        let rest = bytes.get(outbounds.byte_offset()..).unwrap_or_default();
        let space = rest.len() - rest.trim_ascii_start().len();
        let place = Place::of(&bytes, outbounds.byte_offset() + space);
        let outbound = match outbounds.next() {
            Some(Ok(outbound)) => outbound,
            Some(Err(error)) => return Err(Failure::json(&name, &JsonError::from(&error))),
            None if count == 0 => return Err(Failure::at(&name, place, "no outbound to encode")),
            None => return Ok(Outcome::Fine),
        };
        count += 1;
        let requests = requests(&outbound).map_err(|why| Failure::at(&name, place, why))?;
        for request in &requests {
            writeln!(out, "{}", to_json(request))?;
        }
    }
}

fn to_json(request: &http::Request<Vec<u8>>) -> String {
    let headers = request.headers().iter().map(|(name, value)| {
        let value = if is_secret(name, value) {
            MASK.to_owned()
        } else {
            String::from_utf8_lossy(value.as_bytes()).into_owned()
        };
        (name.as_str(), value)
    });
    let body = request.body();
    let body = match serde_json::from_slice::<&RawValue>(body) {
        Ok(json) => ShownBody::Json(json),
        Err(_) if body.is_empty() => ShownBody::None,
        Err(_) => ShownBody::Text(String::from_utf8_lossy(body).into_owned()),
    };
    let path = request.uri().path_and_query();
    let shown = Shown {
        method: request.method().as_str(),
        path: path.map_or("/", http::uri::PathAndQuery::as_str),
        headers: headers.collect(),
        body,
    };
    // Writing to memory does not fail, and every map key is a string.
    serde_json::to_string(&shown).unwrap_or_default()
}

/// Adapters mark credentials; the names are a second lock on the same door.
fn is_secret(name: &http::HeaderName, value: &HeaderValue) -> bool {
    value.is_sensitive()
        || *name == AUTHORIZATION
        || [CLIENT_ID_HEADER, CLIENT_SECRET_HEADER]
            .iter()
            .any(|secret| name.as_str().eq_ignore_ascii_case(secret))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_credential_would_not_show_either() {
        let mut marked = HeaderValue::from_static("k-9");
        marked.set_sensitive(true);
        let request = http::Request::post("https://example.com/a/b?c=d")
            .header("X-Key", marked)
            .header("Authorization", "k-1")
            .header("HT-Client-Secret", "k-2")
            .header("Accept", "text/plain")
            .body(br#"{"z":1,"a":[1.50]}"#.to_vec())
            .unwrap();
        assert_eq!(
            to_json(&request),
            r#"{"method":"POST","path":"/a/b?c=d","headers":{"accept":"text/plain","authorization":"***","ht-client-secret":"***","x-key":"***"},"body":{"z":1,"a":[1.50]}}"#
        );
    }

    #[test]
    fn a_body_that_is_no_json_is_a_text_and_none_is_null() {
        let body = |bytes: &[u8]| {
            let shown = to_json(&http::Request::new(bytes.to_vec()));
            shown.rsplit_once("\"body\":").unwrap().1.to_owned()
        };
        assert_eq!(body(b"a=1"), "\"a=1\"}");
        assert_eq!(body(b""), "null}");
    }
}
