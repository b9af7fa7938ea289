//! What the adapter for KakaoTalk 상담톡 takes from outside: webhooks, the platform's answers, bubbles and calls of a
//! host, and pictures.

use std::sync::{Arc, LazyLock};

use happytalk_core::channel::{Channel, Media};
use happytalk_core::testing::{ScriptedTransport, poll_once};
use happytalk_core::transport::Body;
use happytalk_core::{Action, Content, Outbound, Secret, Timestamp};
use happytalk_kakao::{
    Bubble, CentreCall, Config, Dialect, ImageUse, Kakao, Kind, UploadKind, encode_bubble,
    encode_call,
};

use super::receive;

static CHANNELS: LazyLock<Vec<Kakao>> = LazyLock::new(|| {
    let of = |dialect: &Dialect| kakao(*dialect, &Arc::default());
    Dialect::ALL.iter().map(of).collect()
});

fn config(dialect: Dialect) -> Config {
    let account = "sender".parse().expect("an id");
    let config = Config::new("http://127.0.0.1:1", "id", Secret::new("secret"), account);
    config.with_dialect(dialect).with_unconfirmed()
}

fn kakao(dialect: Dialect, transport: &Arc<ScriptedTransport>) -> Kakao {
    Kakao::new(config(dialect), Arc::clone(transport) as _).expect("a plain configuration")
}

/// The dialect and what else the first byte chooses, and the rest.
fn chosen(data: &[u8]) -> (usize, Dialect, &[u8]) {
    let (choice, rest) = data.split_first().unwrap_or((&0, &[]));
    let choice = usize::from(*choice);
    let dialect = Dialect::ALL[choice % Dialect::ALL.len()];
    (choice / Dialect::ALL.len(), dialect, rest)
}

/// A webhook call of a dealer; the first byte chooses the dialect and the event.
pub fn kakao_receive(data: &[u8]) {
    let (choice, dialect, body) = chosen(data);
    let path = match Kind::ALL.get(choice % (Kind::ALL.len() + 1)) {
        Some(kind) => format!("/{kind}"),
        None => "/else".to_owned(),
    };
    let channels = Dialect::ALL.iter().zip(CHANNELS.iter());
    for (_, channel) in channels.filter(|(one, _)| **one == dialect) {
        receive(channel, &path, body);
    }
}

/// The answer of a dealer to whatever it was asked; the first byte chooses the dialect.
pub fn kakao_answer(data: &[u8]) {
    let (choice, dialect, body) = chosen(data);
    let answer = || {
        let mut response = http::Response::new(body.to_vec());
        if choice % 8 == 7 {
            *response.status_mut() = http::StatusCode::INTERNAL_SERVER_ERROR;
        }
        let transport = Arc::new(ScriptedTransport::default());
        transport.then(Ok(response));
        kakao(dialect, &transport)
    };
    let customer = "u-1".parse().expect("an id");
    let say = Action::Say {
        content: vec![Content::text("x")],
    };
    for action in [say, Action::End {}] {
        let id = "m-1".parse().expect("an id");
        let account = "sender".parse().expect("an id");
        let outbound = Outbound::new(id, account, "u-1".parse().expect("an id"), action);
        let _ = poll_once(answer().send(&outbound, Timestamp::EPOCH));
    }
    let _ = poll_once(answer().sender());
    let _ = poll_once(answer().receive_domains());
    let _ = poll_once(answer().categories(None));
    let _ = poll_once(answer().system_messages(None));
    let _ = poll_once(answer().session(&customer));
    let _ = poll_once(answer().consult_times());
    let _ = poll_once(answer().bot_history(&customer));
}

/// A bubble or a call as a host would store it: what can be sent is JSON, in every dialect.
pub fn kakao_bubble(data: &[u8]) {
    let (id, customer) = ("m-1".parse().expect("an id"), "u-1".parse().expect("an id"));
    let bubble = serde_json::from_slice::<Bubble>(data);
    let call = serde_json::from_slice::<CentreCall>(data);
    for dialect in Dialect::ALL {
        let config = config(*dialect);
        let requests = [
            bubble
                .as_ref()
                .ok()
                .and_then(|bubble| encode_bubble(&id, &customer, bubble, &config).ok()),
            call.as_ref()
                .ok()
                .and_then(|call| encode_call(call, &config).ok()),
        ];
        for request in requests.into_iter().flatten() {
            let is_json = serde_json::from_slice::<serde::de::IgnoredAny>(request.body()).is_ok();
            assert!(is_json || request.body().is_empty(), "{dialect}");
        }
    }
}

/// A picture that a customer or an agent chose; the first byte chooses the dialect.
pub fn kakao_picture(data: &[u8]) {
    let (_, dialect, bytes) = chosen(data);
    for image_use in [ImageUse::Alone, ImageUse::InBubble] {
        let account = "sender".parse().expect("an id");
        let body = Body::from(bytes.to_vec());
        let media = Media::new(account, "a.png".to_owned(), "image/png".to_owned(), body);
        let kakao = kakao(dialect, &Arc::default());
        let _ = poll_once(kakao.upload_as(media, UploadKind::Image(image_use)));
    }
}
