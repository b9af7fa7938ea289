//! Reading a webhook body, beside what JSON alone costs: serde into a plain struct of the same fields. First the
//! allocations of each are printed, then the times measured.

#![expect(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench stops where something is wrong, and says what it found"
)]

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use happytalk_core::id::AccountId;
use happytalk_core::testing::ScriptedTransport;
use happytalk_core::{Channel, Inbound, Secret, Timestamp};
use happytalk_naver::{Config, Naver};
use serde::Deserialize;

const TEXT: &[u8] = include_bytes!("../tests/fixtures/webhook/send_text_newer_keys.json");
const PRODUCT: &[u8] = include_bytes!("../tests/fixtures/webhook/send_product.json");

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the fields are only filled")]
struct Plain {
    event: String,
    user: String,
    standby: Option<bool>,
    message_id: Option<u64>,
    text_content: Option<PlainText>,
    options: Option<PlainOptions>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the fields are only filled")]
struct PlainText {
    text: String,
    code: Option<String>,
    input_type: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the fields are only filled")]
struct PlainOptions {
    mobile: Option<bool>,
    no_reflect_bot: Option<bool>,
    product: Option<PlainProduct>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(dead_code, reason = "the fields are only filled")]
struct PlainProduct {
    name: Option<String>,
    url: Option<String>,
    mobile_url: Option<String>,
    thumb_url: Option<String>,
    currency_price: Option<String>,
    currency_mobile_price: Option<String>,
    store_name: Option<String>,
}

fn ours(body: &[u8], account: &AccountId) -> Inbound {
    let mut inbound = happytalk_naver::decode(black_box(body), Some(account)).unwrap();
    inbound.pop().unwrap()
}

fn plain(body: &[u8]) -> Plain {
    serde_json::from_slice(black_box(body)).unwrap()
}

fn allocations(_: &mut Criterion) {
    let account: AccountId = "wc1234".parse().unwrap();
    let print = |name: &str, work: &dyn Fn()| {
        let counted = allocation_counter::measure(work);
        let (times, bytes) = (counted.count_total, counted.bytes_total);
        println!("{name}: {times} allocations, {bytes} bytes");
    };
    for (name, body) in [("text", TEXT), ("product", PRODUCT)] {
        print(&format!("{name}/decode"), &|| {
            drop(black_box(ours(body, &account)));
        });
        print(&format!("{name}/plain serde_json"), &|| {
            drop(black_box(plain(body)));
        });
    }
}

fn webhook(criterion: &mut Criterion) {
    let account: AccountId = "wc1234".parse().unwrap();
    for (name, body) in [("text", TEXT), ("product", PRODUCT)] {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(1));
        group.bench_function("decode", |bencher| bencher.iter(|| ours(body, &account)));
        group.bench_function("plain serde_json", |bencher| bencher.iter(|| plain(body)));
        group.finish();
    }
    let config = Config::new(account, Secret::new("key"));
    let naver = Naver::new(config, Arc::new(ScriptedTransport::default())).unwrap();
    let request = http::Request::post("/naver/unguessable").body(TEXT.to_vec());
    let request = request.unwrap();
    criterion.bench_function("text/receive", |bencher| {
        bencher.iter(|| {
            naver
                .receive(black_box(&request), Timestamp::EPOCH)
                .unwrap()
        });
    });
}

criterion_group!(benches, allocations, webhook);
criterion_main!(benches);
