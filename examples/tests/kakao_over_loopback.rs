//! The adapter and the sandbox over real HTTP on loopback, in every dialect: a question, an answer, a picture, an end.

use std::error::Error;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use happytalk::core::channel::{Media, Verdict};
use happytalk::core::{Action, Channel, Content, Inbound, InboundKind, Outbound};
use happytalk_examples::clock::Clock;
use happytalk_examples::sandbox::{Hooks, Sandbox};
use happytalk_kakao::{Dialect, ImageUse, Kakao, UploadKind};

const SENDER_KEY: &str = "6ab1c9f0d3e24758a1b2c3d4e5f60718293a4b5c";
const PATH: &str = "/kakao/n3X9qL2vT8";

/// A centre that only keeps what it is told.
#[derive(Clone)]
struct Centre {
    kakao: Arc<Kakao>,
    clock: Clock,
    told: Arc<Mutex<Vec<Inbound>>>,
}

async fn receive(State(centre): State<Centre>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a short body");
    let request = axum::http::Request::from_parts(parts, body.to_vec());
    let verdict = match centre.kakao.receive(&request, centre.clock.now()) {
        Ok(inbound) => {
            centre.told.lock().expect("no panic").extend(inbound);
            Verdict::Accepted
        }
        Err(_) => Verdict::Refused,
    };
    centre.kakao.reply(&request, &verdict).map(Body::from)
}

async fn play(dialect: Dialect) -> Result<(), Box<dyn Error>> {
    let clock = Clock::new("2026-11-16T09:00:00+09:00".parse()?);
    let dealer = happytalk_kakao::sandbox::Sandbox::new(dialect, SENDER_KEY.parse()?);
    let talk = happytalk_naver::sandbox::Sandbox::new("wc1a2b".parse()?);
    let (sandbox, platforms) = Sandbox::start(clock.clone(), dealer, talk).await?;
    let config = sandbox.kakao().with(|dealer| dealer.config(platforms));
    let kakao = Arc::new(Kakao::new(config, Arc::new(reqwest::Client::new()))?);
    let told = Arc::default();
    let centre = Centre {
        kakao: Arc::clone(&kakao),
        clock: clock.clone(),
        told: Arc::clone(&told),
    };
    let routes = Router::new()
        .route(&format!("{PATH}/{{*event}}"), post(receive))
        .with_state(centre);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let host = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    sandbox.call_back(Hooks {
        kakao: format!("{host}{PATH}"),
        naver: String::new(),
    });

    let ann = sandbox.kakao_user("ann");
    let (status, _) = ann.say("교환하고 싶어요").await;
    assert_eq!(status, 200, "{dialect}");

    let mut bytes = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10".to_vec();
    bytes.resize(100_000, 7);
    let media = Media::new(
        SENDER_KEY.parse()?,
        "a.png".to_owned(),
        "image/png".to_owned(),
        bytes.into(),
    );
    let kind = UploadKind::Image(ImageUse::Alone);
    let picture = kakao.upload_as(media, kind).await?;
    let picture = Content::Image(happytalk::core::content::Media::new(picture.url));
    let send = async |id: &str, action| {
        let (id, account, customer) = (id.parse()?, SENDER_KEY.parse()?, "ann".parse()?);
        let outbound = Outbound::new(id, account, customer, action);
        Ok::<_, Box<dyn Error>>(kakao.send(&outbound, clock.now()).await?)
    };
    let content = vec![Content::text("네, 이 사이즈로 드릴까요?"), picture];
    send("m-1", Action::Say { content }).await?;
    send("m-2", Action::End {}).await?;
    while !sandbox.is_quiet() {
        tokio::task::yield_now().await;
    }

    let shown = sandbox.kakao().with(|dealer| {
        let room = dealer.room("ann").expect("she wrote");
        room.shown()
            .iter()
            .map(|shown| shown.media.len())
            .collect::<Vec<_>>()
    });
    assert_eq!(shown, [0, 1], "{dialect}: words, then the picture");
    let told = told.lock().expect("no panic");
    let came =
        |wanted: fn(&InboundKind) -> bool| told.iter().filter(|one| wanted(&one.what)).count();
    assert_eq!(came(|what| matches!(what, InboundKind::Message { .. })), 1);
    assert_eq!(
        came(|what| matches!(what, InboundKind::SessionEnded {})),
        1,
        "{dialect}"
    );
    let results = came(|what| matches!(what, InboundKind::Delivery { .. }));
    assert_eq!(results > 0, dialect == Dialect::Bizgo, "{dialect}");
    Ok(())
}

#[tokio::test]
async fn every_dialect_speaks_over_http() -> Result<(), Box<dyn Error>> {
    for dialect in Dialect::ALL {
        play(*dialect).await?;
    }
    Ok(())
}
