//! Whatever comes, nothing panics, and what is read can be written and read again.

use happytalk_core::{Channel, Inbound, Timestamp};
use happytalk_kakao::{Dialect, Kind, decode};
use proptest::prelude::{Strategy, any, prop};
use proptest::{prop_assert, prop_assert_eq, proptest};
use serde_json::Value;

use crate::fixture::{self, idle, post};

const KINDS: [&str; 7] = [
    "message",
    "reference",
    "expired_session",
    "seen_info",
    "personal_info",
    "cert_result",
    "result",
];

/// The surface that takes bytes: each kind, by itself and through the channel.
fn take(kind: &str, body: &[u8]) -> Option<Inbound> {
    let parsed: Kind = kind.parse().unwrap();
    let decoded = decode(parsed, body, None);
    let request = post(&format!("/{kind}"), body);
    let received = idle().receive(&request, Timestamp::EPOCH);
    if let Ok(received) = received {
        assert_eq!(decoded.as_ref().unwrap(), &received);
    }
    for dialect in Dialect::ALL {
        let account = fixture::SENDER_KEY.parse().unwrap();
        for inbound in dialect
            .decode(parsed, body, Some(&account))
            .unwrap_or_default()
        {
            let line = inbound.to_json();
            assert_eq!(Inbound::parse(&line).unwrap().to_json(), line, "{dialect}");
        }
    }
    decoded.ok().map(|mut all| all.remove(0))
}

/// A captured event with one of its bytes, or one of its values, replaced.
fn changed() -> impl Strategy<Value = (String, Vec<u8>)> {
    let of_happytalk =
        ["message", "reference", "expired_session"].map(|kind| (kind, kind.to_owned()));
    let of_bizgo = KINDS.map(|kind| (kind, format!("bizgo/{kind}")));
    let fixtures: Vec<(String, Value)> = of_happytalk
        .into_iter()
        .chain(of_bizgo)
        .flat_map(|(kind, folder)| {
            let all = fixture::all(&folder).into_iter();
            all.map(move |(_, fixture)| (kind.to_owned(), fixture["event"].clone()))
        })
        .collect();
    let index = any::<prop::sample::Index>();
    let values = prop::sample::select(vec![
        "null",
        "true",
        "-1",
        "1e400",
        "1e30",
        "18446744073709551616",
        "\"\"",
        "\"\\ud800\"",
        "[]",
        "{}",
        "[[{}]]",
        "{\"url\":[]}",
        "{\"comment\":{\"a\":1.5}}",
        "[{\"url\":\"u\",\"url\":\"v\"}]",
    ]);
    (
        prop::sample::select(fixtures),
        index,
        any::<u8>(),
        values,
        any::<bool>(),
    )
        .prop_map(|((kind, mut event), index, byte, value, whole_value)| {
            if whole_value {
                let members = event.as_object_mut().unwrap();
                let name = index
                    .get(&members.keys().cloned().collect::<Vec<_>>())
                    .clone();
                members.insert(name, Value::String("@here@".to_owned()));
                let body = event.to_string().replace("\"@here@\"", value);
                return (kind, body.into_bytes());
            }
            let mut body = event.to_string().into_bytes();
            let at = index.index(body.len());
            body[at] = byte;
            (kind, body)
        })
}

proptest! {
    #[test]
    fn any_bytes_are_taken_without_a_panic(
        kind in prop::sample::select(KINDS.to_vec()),
        body in prop::collection::vec(any::<u8>(), 0..256),
    ) {
        let _ = take(kind, &body);
    }

    #[test]
    fn any_path_is_taken_without_a_panic(path in "/[!-~&&[^#\"<>\\\\^`{|}?]]{0,80}") {
        if let Ok(request) = http::Request::post(path).body(b"{}".to_vec()) {
            let _ = idle().receive(&request, Timestamp::EPOCH);
        }
    }

    #[test]
    fn a_changed_event_is_an_error_or_an_event((kind, body) in changed()) {
        if let Some(inbound) = take(&kind, &body) {
            let line = inbound.to_json();
            prop_assert_eq!(Inbound::parse(&line).unwrap().to_json(), line);
            prop_assert!(inbound.channel.as_str() == "kakao_consult");
        }
    }
}
