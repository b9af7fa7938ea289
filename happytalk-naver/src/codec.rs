//! Both directions of the wire, without a transport.

use happytalk_core::id::{AccountId, CustomerId};
use happytalk_core::{Inbound, Outbound};
use http::{HeaderValue, Request, Uri};

use crate::config::{BASE_URL, BODY_BYTES_MAX};
use crate::error::Error;
use crate::message::{Menu, Message, SendOptions};
use crate::wire::event::button::ROW_LABEL_MAX;
use crate::wire::event::{Event, PATH, post};
use crate::wire::{image_upload, webhook};

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
    encode_with(outbound, SendOptions::new())
}

/// The requests of [`encode`], what is said sent as `options` say. They go with the first request.
///
/// # Errors
/// As [`encode`].
pub fn encode_with(
    outbound: &Outbound,
    options: SendOptions,
) -> Result<Vec<Request<Vec<u8>>>, Error> {
    let uri = event_uri(BASE_URL)?;
    let events = Event::list(outbound, options)?;
    let requests = events.iter().map(|event| event.to_http(&uri, &MASK));
    Ok(requests.collect())
}

/// The request that would show `message` to `customer`. The key in its `authorization` header is `***`. Labels on rows
/// have at most 4 UTF-16 units.
///
/// # Errors
/// [`Error::Empty`], [`Error::OverLimit`], [`Error::OutOfRange`], [`Error::BadValue`], [`Error::Misplaced`] and
/// [`Error::BareCard`]: what the platform would refuse, or not show.
pub fn encode_message(customer: &CustomerId, message: &Message) -> Result<Request<Vec<u8>>, Error> {
    let event = Event::of_message(customer, message, ROW_LABEL_MAX)?;
    Ok(event.to_http(&event_uri(BASE_URL)?, &MASK))
}

/// The request that would give the account this fixed menu. The key in its `authorization` header is `***`.
///
/// # Errors
/// [`Error::Empty`] and [`Error::OverLimit`].
///
/// ```
/// use happytalk_naver::encode_menu;
/// use happytalk_naver::message::{Menu, MenuEntry};
///
/// let ask = MenuEntry::Text { label: "배송 조회".to_owned(), code: "track".to_owned() };
/// let request = encode_menu(&Menu::new(vec![ask]))?;
/// assert_eq!(
///     std::str::from_utf8(request.body())?,
///     r#"{"event":"persistentMenu","menuContent":[{"menus":[{"type":"TEXT","data":{"title":"배송 조회","code":"track"}}]}]}"#
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn encode_menu(menu: &Menu) -> Result<Request<Vec<u8>>, Error> {
    let event = Event::of_menu(menu)?;
    Ok(event.to_http(&event_uri(BASE_URL)?, &MASK))
}

/// The request that would hand the picture at `image_url` over to the platform. The key in its `authorization` header
/// is `***`.
///
/// # Errors
/// [`Error::BadValue`] where that is no address of the web.
pub fn encode_image_upload(image_url: &str) -> Result<Request<Vec<u8>>, Error> {
    let body = image_upload::body(image_url)?;
    Ok(post(body, &uri(BASE_URL, image_upload::PATH)?, &MASK))
}

/// What stands for the key where a request is looked at and not sent.
const MASK: HeaderValue = HeaderValue::from_static("***");

/// The address of every event, below `base_url`.
pub(crate) fn event_uri(base_url: &str) -> Result<Uri, Error> {
    uri(base_url, PATH)
}

/// The address of `path`, below `base_url`.
pub(crate) fn uri(base_url: &str, path: &str) -> Result<Uri, Error> {
    let uri: Uri = format!("{}{path}", base_url.trim_end_matches('/'))
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
