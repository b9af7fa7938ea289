//! Who may call the webhook: the account's own route, the platform's addresses, customers of its form.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use happytalk_core::channel::Verdict;
use happytalk_core::testing::ScriptedTransport;
use happytalk_core::{Channel, InboundKind, Secret, Timestamp};
use happytalk_naver::{
    ANSWER_WITHIN, AllowedSources, BODY_BYTES_MAX, Config, ENTRY_POINT, EntryPoints, Naver,
};
use http::Request;

use crate::desk::{CUSTOMER, config};

const SEGMENT: &str = "p7Rw4ZkY1cQx9LmT";

fn naver(config: Config) -> Naver {
    Naver::new(config, Arc::new(ScriptedTransport::default())).unwrap()
}

fn call(uri: &str, user: &str) -> Request<Vec<u8>> {
    let body = format!(r#"{{"event":"leave","user":"{user}"}}"#);
    Request::post(uri).body(body.into_bytes()).unwrap()
}

fn today() -> Timestamp {
    "2026-11-21T12:00:00+09:00".parse().unwrap()
}

fn code(config: Config, call: &Request<Vec<u8>>) -> Option<&'static str> {
    let received = naver(config).receive(call, today());
    received.map_err(|error| error.code).err()
}

#[test]
fn a_webhook_comes_on_the_accounts_own_route() {
    let ours = || config().with_route_segment(Secret::new(SEGMENT));
    let on = |path: &str| code(ours(), &call(path, CUSTOMER));
    assert_eq!(on(&format!("/naver/{SEGMENT}")), None);
    assert_eq!(on(&format!("/naver/{SEGMENT}/")), None);
    assert_eq!(on("/naver/p7Rw4ZkY1cQx9LmX"), Some("naver.wrong_route"));
    assert_eq!(on("/"), Some("naver.wrong_route"));
    // Without the setting the host's own routes are all there is.
    assert_eq!(code(config(), &call("/", CUSTOMER)), None);
}

#[test]
fn a_segment_that_could_be_guessed_or_is_none_is_no_setting() {
    for segment in ["", "short", "p7Rw4ZkY1c/Qx9LmTp7"] {
        let config = config().with_route_segment(Secret::new(segment));
        let error = Naver::new(config, Arc::new(ScriptedTransport::default())).unwrap_err();
        assert_eq!(error.code(), "naver.bad_setting");
    }
}

#[test]
fn a_webhook_comes_from_the_platforms_addresses_of_the_day() {
    let from = |sources: AllowedSources, address: Option<&str>| {
        let mut call = call("/", CUSTOMER);
        if let Some(address) = address {
            call.extensions_mut()
                .insert(address.parse::<IpAddr>().unwrap());
        }
        code(config().with_allowed_sources(sources), &call)
    };
    let refused = Some("naver.source_refused");
    assert_eq!(from(AllowedSources::Platform, Some("211.249.68.1")), None);
    assert_eq!(from(AllowedSources::Platform, Some("203.0.113.9")), refused);
    assert_eq!(
        from(AllowedSources::Platform, Some("117.52.141.193")),
        refused
    );
    assert_eq!(from(AllowedSources::Platform, None), refused);
    let relay = || AllowedSources::These(vec!["203.0.113.0/24".parse().unwrap()]);
    assert_eq!(from(relay(), Some("203.0.113.9")), None);
    assert_eq!(from(relay(), Some("211.249.68.1")), refused);
    assert_eq!(from(AllowedSources::Any, None), None);
}

#[test]
fn a_customer_has_an_id_of_the_platforms_form() {
    for user in ["u", "al-2eGuGr5WQOnco1_V-F", "al 2eGuGr5WQOnco1 V FQ"] {
        let call = call("/", user);
        assert_eq!(code(config(), &call), Some("naver.unexpected_user"));
        assert_eq!(code(config().with_any_user(), &call), None);
    }
    // An event of tomorrow may name nobody.
    let call = Request::post("/").body(br#"{"event":"wink"}"#.to_vec());
    assert_eq!(code(config(), &call.unwrap()), None);
}

#[test]
fn only_a_post_is_an_event() {
    let mut call = call("/", CUSTOMER);
    *call.method_mut() = http::Method::GET;
    assert_eq!(code(config(), &call), Some("naver.not_an_event"));
}

#[test]
fn a_megabyte_is_read_and_a_byte_more_is_not() {
    let body = |bytes: usize| {
        let mut body = format!(r#"{{"event":"leave","user":"{CUSTOMER}","x":""#);
        body.push_str(&"x".repeat(bytes - body.len() - 2));
        body.push_str("\"}");
        Request::post("/").body(body.into_bytes()).unwrap()
    };
    assert_eq!(BODY_BYTES_MAX, 1024 * 1024);
    assert_eq!(code(config(), &body(BODY_BYTES_MAX)), None);
    assert_eq!(
        code(config(), &body(BODY_BYTES_MAX + 1)),
        Some("naver.body_too_long")
    );
}

#[test]
fn what_is_refused_is_not_answered_with_200() {
    let call = call("/", "u");
    let status = naver(config()).reply(&call, &Verdict::Refused).status();
    assert!(!status.is_success());
    assert_eq!(ANSWER_WITHIN, Duration::from_secs(5));
}

#[test]
fn the_door_by_which_a_customer_came_stands_beside_what_came_with_them() {
    let open = format!(
        r#"{{"event":"open","user":"{CUSTOMER}","options":{{"inflow":"button","from":"qr","referer":"https://m.place.naver.com/1"}}}}"#
    );
    let inquiry = format!(
        r#"{{"event":"send","user":"{CUSTOMER}","textContent":{{"text":"문의","inputType":"product"}},"options":{{"product":{{"url":"https://smartstore.naver.com/shop/products/1"}}}}}}"#
    );
    let from_an_order = format!(
        r#"{{"event":"send","user":"{CUSTOMER}","textContent":{{"text":"문의","inputType":"product"}}}}"#
    );
    let typed = format!(
        r#"{{"event":"send","user":"{CUSTOMER}","textContent":{{"text":"문의","inputType":"typing"}}}}"#
    );
    let door = |doors: EntryPoints, body: &str| {
        let call = Request::post("/").body(body.as_bytes().to_vec()).unwrap();
        let naver = naver(config().with_entry_points(doors));
        let inbound = naver.receive(&call, today()).unwrap().remove(0);
        let (InboundKind::Entered { parameters, .. } | InboundKind::Message { parameters, .. }) =
            inbound.what
        else {
            panic!("{inbound:?}")
        };
        let parameters = parameters.unwrap_or_default();
        parameters
            .get(ENTRY_POINT)
            .map(|door| door.as_str().to_owned())
    };
    let shipped = EntryPoints::shipped;
    assert_eq!(door(shipped(), &open).as_deref(), Some("place"));
    assert_eq!(
        door(shipped().with_from("qr", "poster"), &open).as_deref(),
        Some("poster")
    );
    assert_eq!(door(shipped(), &inquiry).as_deref(), Some("smart_store"));
    assert_eq!(door(shipped(), &from_an_order).as_deref(), Some("pay"));
    assert_eq!(door(shipped(), &typed), None);
    assert_eq!(door(EntryPoints::none(), &open), None);
}
