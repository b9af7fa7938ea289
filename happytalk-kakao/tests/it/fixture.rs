//! The fixtures, and the adapter that the tests put them through.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use happytalk_core::testing::ScriptedTransport;
use happytalk_core::{Action, Content, Outbound, Secret};
use happytalk_kakao::{Config, Kakao};
use serde_json::Value;

pub(crate) const SENDER_KEY: &str = "0c1f4e7ab29d83556e0af1b7c2d94e6688aa13f0";
pub(crate) const USER_KEY: &str = "u7Lk2bQx0a_1";

pub(crate) fn config() -> Config {
    let secret = Secret::new("secret-7");
    let sender_key = SENDER_KEY.parse().unwrap();
    Config::new(
        "https://dealer.example.com/",
        "client-7",
        secret,
        sender_key,
    )
}

pub(crate) fn kakao(transport: &Arc<ScriptedTransport>) -> Kakao {
    kakao_with(config(), transport)
}

pub(crate) fn kakao_with(config: Config, transport: &Arc<ScriptedTransport>) -> Kakao {
    Kakao::new(config, Arc::clone(transport) as _).unwrap()
}

pub(crate) fn idle() -> Kakao {
    kakao(&Arc::default())
}

pub(crate) fn post(path: &str, body: impl Into<Vec<u8>>) -> http::Request<Vec<u8>> {
    http::Request::post(path).body(body.into()).unwrap()
}

pub(crate) fn outbound(action: Action) -> Outbound {
    Outbound::new(
        "m-1".parse().unwrap(),
        SENDER_KEY.parse().unwrap(),
        USER_KEY.parse().unwrap(),
        action,
    )
}

pub(crate) fn say(content: Vec<Content>) -> Outbound {
    outbound(Action::Say { content })
}

/// Every fixture of an endpoint: its name and its members.
pub(crate) fn all(endpoint: &str) -> Vec<(String, Value)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let entries = std::fs::read_dir(folder.join(endpoint)).unwrap();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    assert!(!paths.is_empty(), "{endpoint} has fixtures");
    let read = |path: PathBuf| {
        let text = std::fs::read_to_string(&path).unwrap();
        let name = path.file_stem().unwrap().to_string_lossy().into_owned();
        (name, serde_json::from_str(&text).unwrap())
    };
    paths.into_iter().map(read).collect()
}
