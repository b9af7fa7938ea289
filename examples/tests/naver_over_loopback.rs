//! The adapter and the sandbox over real HTTP on loopback: a greeting, a picture, a payment, and the echoes of it all.

use std::error::Error;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::post;
use happytalk::core::channel::Verdict;
use happytalk::core::{Channel, InboundKind, Secret};
use happytalk_examples::clock::Clock;
use happytalk_examples::sandbox::{Hooks, Sandbox};
use happytalk_kakao::Dialect;
use happytalk_naver::message::{Body as Shown, Button, Image, Message, Payment, PaymentItem};
use happytalk_naver::sandbox::{Inflow, UserAct};
use happytalk_naver::{Naver, SyncReply};

const SEGMENT: &str = "p7Rw4ZkY1cQx9LmT";
const ANN: &str = "al-2eGuGr5WQOnco1_V-FQ";

/// A centre that greets at once, approves payments, and keeps what it is told.
#[derive(Clone)]
struct Centre {
    naver: Arc<Naver>,
    clock: Clock,
    told: Arc<Mutex<Vec<InboundKind>>>,
}

async fn receive(State(centre): State<Centre>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 20).await.expect("a short body");
    let request = axum::http::Request::from_parts(parts, body.to_vec());
    let naver = &centre.naver;
    let Ok(mut inbound) = naver.receive(&request, centre.clock.now()) else {
        return naver.reply(&request, &Verdict::Refused).map(Body::from);
    };
    let what = inbound.remove(0).what;
    let response = match &what {
        InboundKind::Entered { .. } => {
            let greeting = Message::text("안녕하세요");
            let reply = SyncReply::Message(&greeting);
            naver
                .reply_with(&request, &Verdict::Accepted, reply)
                .expect("a greeting")
        }
        InboundKind::Paid { .. } => naver.reply(&request, &Verdict::Approve),
        _ => naver.reply(&request, &Verdict::Accepted),
    };
    centre.told.lock().expect("no panic").push(what);
    response.map(Body::from)
}

#[tokio::test]
async fn a_customer_is_greeted_pays_and_every_word_comes_back_once() -> Result<(), Box<dyn Error>> {
    let clock = Clock::new("2026-11-16T09:00:00+09:00".parse()?);
    let dealer = happytalk_kakao::sandbox::Sandbox::new(Dialect::HappytalkV1, "sender".parse()?);
    let talk = happytalk_naver::sandbox::Sandbox::new("wc1a2b".parse()?);
    let (sandbox, platforms) = Sandbox::start(clock.clone(), dealer, talk).await?;
    let config = sandbox.naver().with(|platform| platform.config(platforms));
    let config = config.with_route_segment(Secret::new(SEGMENT));
    let naver = Arc::new(Naver::new(config, Arc::new(reqwest::Client::new()))?);
    let told = Arc::default();
    let centre = Centre {
        naver: Arc::clone(&naver),
        clock,
        told: Arc::clone(&told),
    };
    let routes = Router::new()
        .route("/naver/{segment}", post(receive))
        .with_state(centre);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
    let host = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move { axum::serve(listener, routes).await });
    let naver_hook = |segment: &str| Hooks {
        kakao: String::new(),
        naver: format!("{host}/naver/{segment}"),
    };

    // Whoever does not know the route is not heard.
    sandbox.call_back(naver_hook("p7Rw4ZkY1cQx9LmX"));
    let ann = sandbox.naver_user(ANN);
    assert_eq!(ann.say("여보세요").await, 400);

    sandbox.call_back(naver_hook(SEGMENT));
    let page = Inflow::page("https://booking.naver.com/1");
    assert_eq!(ann.does(&UserAct::Enter(page)).await, 200);
    let customer = ANN.parse()?;
    let id = naver.upload_image("https://img.example/1.png").await?;
    let picture = Message::new(Shown::Image {
        image: Image::Id(id),
    });
    naver.send_message(&customer, &picture).await?;
    let item = PaymentItem::new(("BOOKING", "GENERAL"), "u-1", "예약금", "s-1");
    let payment = Box::new(Payment::new("o-7", 10_000, vec![item]));
    let ask = Message::text("결제해 주세요").with_quick_replies(vec![Button::Pay { payment }]);
    naver.send_message(&customer, &ask).await?;
    // What is told after an answer may carry this along.
    ann.does(&UserAct::Pay { paid: true }).await;
    while !sandbox.is_quiet() {
        tokio::task::yield_now().await;
    }

    assert_eq!(sandbox.echoes(), 3);
    let shown = sandbox
        .naver()
        .with(|platform| platform.room(ANN).map(|room| room.shown().to_vec()));
    let words: Vec<_> = shown
        .iter()
        .flatten()
        .map(|one| one.words.as_str())
        .collect();
    assert_eq!(words, ["안녕하세요", "", "결제해 주세요"]);
    let told = told.lock().expect("no panic");
    let count = |kind: fn(&InboundKind) -> bool| told.iter().filter(|what| kind(what)).count();
    assert_eq!(count(|what| matches!(what, InboundKind::Echo { .. })), 3);
    assert_eq!(
        count(|what| matches!(what, InboundKind::PaymentConfirmed { .. })),
        1
    );
    Ok(())
}
