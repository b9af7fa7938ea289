//! Both directions of the wire, without a transport.

use happytalk_core::id::AccountId;
use happytalk_core::{Inbound, Outbound};
use http::{HeaderValue, Request, Uri};

use crate::config::BODY_BYTES_MAX;
use crate::error::Error;
use crate::wire::event::{Event, PATH};
use crate::wire::webhook;

/// Reads the body of one webhook call. `account` is the one it was sent to, which the body never says.
///
/// A body holds one event, so the list has one entry. An event that is not known, or lacks what would make sense of
/// it, is [`InboundKind::Unknown`](happytalk_core::InboundKind::Unknown) of its name; fields that are not known are
/// passed over. `id` is the `messageId`, a number that grows within one customer's room: it tells a repetition only
/// together with `customer`.
///
/// # Errors
/// What is no event at all: [`Error::BodyTooLong`] over 1 MiB, [`Error::BadBody`] where the body is not an object with
/// an `event`, [`Error::EventNameTooLong`], and [`Error::MissingField`] or [`Error::BadUser`] where an event that is
/// known names nobody.
///
/// ```
/// let body = r#"{"event":"open","user":"al-2eGuGr5WQOnco1_V-FQ","options":{"inflow":"button"}}"#;
/// let inbound = happytalk_naver::decode(body.as_bytes(), None)?;
/// assert_eq!(
///     inbound[0].to_json(),
///     r#"{"type":"entered","channel":"naver_talktalk","customer":"al-2eGuGr5WQOnco1_V-FQ","inflow":"button"}"#
/// );
///
/// let error = happytalk_naver::decode(b"{}", None).unwrap_err();
/// assert_eq!(error.code(), "naver.bad_body");
/// assert_eq!(
///     error.to_string(),
///     "webhook body is not an event: missing field `event`. line=`1` column=`2`"
/// );
/// # Ok::<(), happytalk_naver::Error>(())
/// ```
pub fn decode(body: &[u8], account: Option<&AccountId>) -> Result<Vec<Inbound>, Error> {
    Ok(vec![webhook::read(body, BODY_BYTES_MAX, account)?])
}

/// The requests that would do what `outbound` asks, in the order they would go out. The key in their `authorization`
/// header is `***`.
///
/// Several parts of a message are several requests. A picture with a comment is two: the platform has no words beside
/// a picture. Quick replies go with the last request, since anything that follows makes them vanish. A card that is
/// nothing but text goes as text.
///
/// # Errors
/// [`Error::Unsupported`], [`Error::Empty`], [`Error::OverLimit`] and [`Error::BareCard`]: what the platform cannot do,
/// or would refuse.
///
/// ```
/// use happytalk_core::Outbound;
///
/// let outbound: Outbound = serde_json::from_str(
///     r#"{"id":"m-1","account":"wc1234","customer":"al-2eGuGr5WQOnco1_V-FQ",
///         "action":{"type":"say","content":[{"type":"text","text":"안녕하세요"}]}}"#,
/// )?;
/// let requests = happytalk_naver::encode(&outbound)?;
/// assert_eq!(requests[0].uri().path(), "/chatbot/v1/event");
/// assert_eq!(requests[0].headers()["authorization"], "***");
/// assert_eq!(
///     std::str::from_utf8(requests[0].body())?,
///     r#"{"event":"send","user":"al-2eGuGr5WQOnco1_V-FQ","textContent":{"text":"안녕하세요"}}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn encode(outbound: &Outbound) -> Result<Vec<Request<Vec<u8>>>, Error> {
    let uri = event_uri(crate::config::BASE_URL)?;
    let authorization = HeaderValue::from_static("***");
    let events = Event::list(outbound)?;
    let requests = events
        .iter()
        .map(|event| event.to_http(&uri, &authorization));
    Ok(requests.collect())
}

/// The address of every event, below `base_url`.
pub(crate) fn event_uri(base_url: &str) -> Result<Uri, Error> {
    let uri: Uri = format!("{}{PATH}", base_url.trim_end_matches('/'))
        .parse()
        .map_err(|_| Error::BadBaseUrl)?;
    let http = matches!(uri.scheme_str(), Some("http" | "https"));
    // A user name or a query has no place there, and would show where the address does.
    if http && !base_url.contains(['@', '?', '#']) {
        Ok(uri)
    } else {
        Err(Error::BadBaseUrl)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_an_http_address_with_nothing_personal_in_it() {
        for (base_url, uri) in [
            (
                "https://gw.talk.naver.com",
                "https://gw.talk.naver.com/chatbot/v1/event",
            ),
            (
                "http://127.0.0.1:8080/",
                "http://127.0.0.1:8080/chatbot/v1/event",
            ),
            (
                "https://proxy.example/naver/",
                "https://proxy.example/naver/chatbot/v1/event",
            ),
        ] {
            assert_eq!(event_uri(base_url).unwrap().to_string(), uri);
        }
        for base_url in [
            "",
            "gw.talk.naver.com",
            "/naver",
            "ftp://gw.talk.naver.com",
            "https://",
            "https://user:password@example.com",
            "https://example.com?key=1",
            "https://exa mple.com",
        ] {
            assert!(
                matches!(event_uri(base_url), Err(Error::BadBaseUrl)),
                "{base_url}"
            );
        }
    }
}
