//! Reading a webhook body, beside what JSON alone costs: serde into a plain struct of the same fields.

#![expect(clippy::unwrap_used, reason = "a bench stops where something is wrong")]

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
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

fn webhook(criterion: &mut Criterion) {
    let account = "wc1234".parse().unwrap();
    for (name, body) in [("text", TEXT), ("product", PRODUCT)] {
        let mut group = criterion.benchmark_group(name);
        group.throughput(Throughput::Elements(1));
        group.bench_function("decode", |bencher| {
            bencher.iter(|| happytalk_naver::decode(black_box(body), Some(&account)).unwrap());
        });
        group.bench_function("plain serde_json", |bencher| {
            bencher.iter(|| serde_json::from_slice::<Plain>(black_box(body)).unwrap());
        });
        group.finish();
    }
}

criterion_group!(benches, webhook);
criterion_main!(benches);
