//! One `message` event: this crate beside serde_json into an equal plain struct, which keeps nothing and checks
//! nothing. First the allocations of each are printed, then the times measured.

#![expect(
    clippy::expect_used,
    clippy::print_stdout,
    reason = "a bench stops where it cannot go on, and says what it found"
)]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use happytalk_core::{Channel, Inbound, Secret, Timestamp, testing::ScriptedTransport};
use happytalk_kakao::{Config, HAPPYTALK_PRODUCTION, Kakao, Kind, decode};
use serde::Deserialize;
use serde::de::DeserializeOwned;

const TEXT: &str = r#"{"user_key":"u7Lk2bQx0a_1","sender_key":"0c1f4e7ab29d83556e0af1b7c2d94e6688aa13f0","session_id":"4611686018427388904","time":1715562130000,"serial_number":1787654321098765433,"type":"text","contents":["교환하고 싶은데 어떻게 하면 되나요?"],"extra":"h3fK9_12","app_user_id":null}"#;

const PHOTOS: &str = r#"{"user_key":"u7Lk2bQx0a_1","sender_key":"0c1f4e7ab29d83556e0af1b7c2d94e6688aa13f0","session_id":"4611686018427388904","time":1715562130000,"serial_number":1787654321098765433,"type":"photo","contents":[{"url":"http://dn-m.talk.kakao.com/talkm/oYaaaaaaaa/1.jpg","comment":"왼쪽"},{"url":"http://dn-m.talk.kakao.com/talkm/oYaaaaaaaa/2.jpg","comment":""},{"url":"http://dn-m.talk.kakao.com/talkm/oYaaaaaaaa/3.jpg","comment":""}]}"#;

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read and not looked at")]
struct PlainText {
    user_key: String,
    sender_key: String,
    session_id: String,
    time: i64,
    serial_number: u64,
    #[serde(rename = "type")]
    kind: String,
    contents: Vec<String>,
    extra: Option<String>,
    app_user_id: Option<i64>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read and not looked at")]
struct PlainPhotos {
    user_key: String,
    sender_key: String,
    session_id: String,
    time: i64,
    serial_number: u64,
    #[serde(rename = "type")]
    kind: String,
    contents: Vec<PlainPhoto>,
}

#[derive(Deserialize)]
#[expect(dead_code, reason = "it is read and not looked at")]
struct PlainPhoto {
    url: String,
    comment: String,
}

fn ours(body: &str) -> Vec<Inbound> {
    decode(Kind::Message, black_box(body.as_bytes()), None).expect("a message")
}

fn plain<T: DeserializeOwned>(body: &str) -> T {
    serde_json::from_slice(black_box(body.as_bytes())).expect("a message")
}

fn allocations(c: &mut Criterion) {
    let print = |name: &str, work: &dyn Fn()| {
        let counted = allocation_counter::measure(work);
        let (times, bytes) = (counted.count_total, counted.bytes_total);
        println!("{name}: {times} allocations, {bytes} bytes");
    };
    print("message/text/happytalk-kakao", &|| {
        drop(black_box(ours(TEXT)))
    });
    print("message/text/serde_json", &|| {
        drop(black_box(plain::<PlainText>(TEXT)));
    });
    print("message/photos/happytalk-kakao", &|| {
        drop(black_box(ours(PHOTOS)));
    });
    print("message/photos/serde_json", &|| {
        drop(black_box(plain::<PlainPhotos>(PHOTOS)));
    });
    let _ = c;
}

fn message(c: &mut Criterion) {
    let mut group = c.benchmark_group("message");

    group.throughput(Throughput::Bytes(TEXT.len() as u64));
    group.bench_function("text/happytalk-kakao", |b| {
        b.iter(|| ours(TEXT));
    });
    group.bench_function("text/serde_json", |b| b.iter(|| plain::<PlainText>(TEXT)));

    group.throughput(Throughput::Bytes(PHOTOS.len() as u64));
    group.bench_function("photos/happytalk-kakao", |b| {
        b.iter(|| ours(PHOTOS));
    });
    group.bench_function("photos/serde_json", |b| {
        b.iter(|| plain::<PlainPhotos>(PHOTOS))
    });

    let sender_key = "0c1f4e7ab29d83556e0af1b7c2d94e6688aa13f0";
    let config = Config::new(
        HAPPYTALK_PRODUCTION,
        "client",
        Secret::new("secret"),
        sender_key.parse().expect("a sender key"),
    );
    let transport = std::sync::Arc::new(ScriptedTransport::default());
    let kakao = Kakao::new(config, transport).expect("usable settings");
    let request = http::Request::post("/kakao/unguessable/message");
    let request = request.body(TEXT.as_bytes().to_vec()).expect("a request");
    group.throughput(Throughput::Bytes(TEXT.len() as u64));
    group.bench_function("text/receive", |b| {
        b.iter(|| {
            let inbound = kakao.receive(black_box(&request), Timestamp::EPOCH);
            inbound.expect("a message")
        });
    });
    group.finish();
}

criterion_group!(benches, allocations, message);
criterion_main!(benches);
