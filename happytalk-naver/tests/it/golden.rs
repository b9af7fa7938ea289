//! Every fixture: webhook bodies to what they are read as, what the host asks to the requests that go out.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use happytalk_core::testing::ScriptedTransport;
use happytalk_core::{Channel, Inbound, Outbound, Timestamp};
use happytalk_naver::{EntryPoints, decode, encode};
use serde_json::Value;

use crate::desk::{ACCOUNT, KEY, TAKEN, over, send};

/// The cases of a folder by name, at least `count_min`: the platform's file, and ours with `suffix`.
pub(crate) fn cases(
    folder: &str,
    suffix: &str,
    count_min: usize,
) -> BTreeMap<String, (String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures")
        .join(folder);
    let read = |path: PathBuf| {
        std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    };
    let mut cases = BTreeMap::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        let case = name.strip_suffix(".json").unwrap();
        let case = case.strip_suffix(suffix).unwrap_or(case);
        let pair = (
            read(folder.join(format!("{case}.json"))),
            read(folder.join(format!("{case}{suffix}.json"))),
        );
        cases.insert(case.to_owned(), pair);
    }
    assert!(
        cases.len() >= count_min,
        "the fixtures are where they should be"
    );
    cases
}

#[test]
fn every_webhook_body_is_read_as_its_fixture_says() {
    let transport = Arc::new(ScriptedTransport::default());
    let naver = over(&transport);
    for (case, (body, expected)) in cases("webhook", ".inbound", 40) {
        let decoded = decode(body.as_bytes(), Some(&ACCOUNT.parse().unwrap())).unwrap();
        let expected: Value = serde_json::from_str(&expected).unwrap();
        let shown: Value = serde_json::from_str(&decoded[0].to_json()).unwrap();
        assert_eq!(shown, expected, "{case}");
        assert_eq!(decoded.len(), 1, "{case}");
        assert_eq!(Inbound::parse(&decoded[0].to_json()).unwrap(), decoded[0]);

        let request = http::Request::post("/").body(body.into_bytes()).unwrap();
        let received = naver.receive(&request, Timestamp::EPOCH).unwrap();
        let mut marked = decoded;
        EntryPoints::shipped().mark(&mut marked[0]);
        assert_eq!(received, marked, "{case}");
    }
}

#[test]
fn every_outbound_goes_out_as_its_fixture_says() {
    for (case, (bodies, outbound)) in cases("event", ".outbound", 15) {
        let outbound: Outbound = serde_json::from_str(&outbound).unwrap();
        let bodies: Vec<Value> = serde_json::from_str(&bodies).unwrap();
        let transport = Arc::new(ScriptedTransport::answering(&vec![TAKEN; bodies.len()]));
        let receipt = send(&over(&transport), &outbound).unwrap();
        assert_eq!((receipt.provider_id, receipt.repeated), (None, false));

        let seen = transport.seen();
        assert_eq!(seen.len(), bodies.len(), "{case}");
        for (seen, body) in seen.iter().zip(&bodies) {
            assert_eq!(seen.method, http::Method::POST, "{case}");
            assert_eq!(
                seen.uri, "https://gw.talk.naver.com/chatbot/v1/event",
                "{case}"
            );
            let headers: Vec<_> = seen
                .headers
                .iter()
                .map(|(name, value)| (name.as_str(), value.to_str().unwrap()))
                .collect();
            assert_eq!(
                headers,
                [
                    ("authorization", KEY),
                    ("content-type", "application/json;charset=UTF-8")
                ],
                "{case}"
            );
            let sent: Value = serde_json::from_slice(&seen.body).unwrap();
            assert_eq!(&sent, body, "{case}");
        }

        let encoded = encode(&outbound).unwrap();
        assert_eq!(encoded.len(), seen.len(), "{case}");
        for (encoded, seen) in encoded.iter().zip(&seen) {
            assert_eq!(encoded.method(), seen.method, "{case}");
            assert_eq!(*encoded.uri(), seen.uri, "{case}");
            assert_eq!(encoded.headers()["authorization"], "***", "{case}");
            assert_eq!(
                encoded.headers()["content-type"],
                seen.headers["content-type"]
            );
            assert_eq!(*encoded.body(), seen.body, "{case}");
        }
    }
}

#[test]
fn the_echo_of_what_was_said_reads_back_as_what_was_said() {
    for case in [
        "text_quick_replies",
        "card_text_and_buttons",
        "carousel",
        "image",
    ] {
        let (_, outbound) = &cases("event", ".outbound", 15)[case];
        let outbound: Outbound = serde_json::from_str(outbound).unwrap();
        let body = encode(&outbound).unwrap()[0].body().clone();
        let echo = String::from_utf8(body)
            .unwrap()
            .replacen("\"send\"", "\"echo\"", 1);
        let inbound = decode(echo.as_bytes(), None).unwrap();
        let echoed: Value = serde_json::from_str(&inbound[0].to_json()).unwrap();
        let said = serde_json::to_value(&outbound).unwrap();
        assert_eq!(echoed["content"], said["action"]["content"], "{case}");
        assert_eq!(echoed["author"], "bot");
    }
}
