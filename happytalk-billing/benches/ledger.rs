//! Ledger commands a second, and one month of billing.
#![expect(clippy::unwrap_used, reason = "a bench may stop")]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use happytalk_billing::{Account, PriceBook, SiteLine, bill};
use happytalk_core::Line;
use happytalk_core::time::Zone;

/// 2024-05-01 00:00 in Seoul.
const MAY: i64 = 1_714_489_200_000;
const COMMANDS: u32 = 10_000;
const CONVERSATIONS: u32 = 20_000;

fn site_line(at: i64, key: &str, fields: &str) -> SiteLine {
    let text = format!(r#"{{"at":{at},"key":"{key}","type":{fields}}}"#);
    SiteLine::parse(&text).unwrap()
}

fn commands(c: &mut Criterion) {
    let top_up = r#""top_up","amount_won":1000000,"vat":"excluded""#;
    let mut lines = vec![site_line(MAY, "t", top_up)];
    for id in 1..COMMANDS {
        let fields = format!(r#""message_sent","id":"m-{id}","kind":"alimtalk""#);
        lines.push(site_line(MAY + i64::from(id), &format!("k-{id}"), &fields));
    }
    let mut group = c.benchmark_group("ledger");
    group.throughput(Throughput::Elements(u64::from(COMMANDS)));
    group.bench_function("10,000 messages charged", |b| {
        b.iter_batched_ref(
            || Account::new(PriceBook::shipped(), Zone::default()),
            |account| {
                for line in &lines {
                    account.book(black_box(line)).unwrap();
                }
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

/// A conversation every two minutes, each with two answers; every customer comes twice.
fn month() -> (Vec<Line>, Vec<SiteLine>) {
    let mut log = Vec::new();
    for number in 0..CONVERSATIONS {
        let customer = number % (CONVERSATIONS / 2);
        let start = MAY + i64::from(number) * 120_000;
        let fields = [
            format!(
                r#""opened","channel":"kakao_consult","account":"s","customer":"user-{customer}","opened_by":"customer","bot":false"#
            ),
            r#""agent_requested","by":"customer""#.to_owned(),
            r#""assigned","agent":"kim","how":"auto""#.to_owned(),
            r#""agent_said","agent":"kim","message":{"id":"1","content":[{"type":"text","text":"안녕하세요"}]}"#.to_owned(),
            r#""agent_said","agent":"kim","message":{"id":"2","content":[{"type":"text","text":"감사합니다"}]}"#.to_owned(),
            r#""ended","by":"agent","after_work":false"#.to_owned(),
        ];
        for (index, fields) in fields.iter().enumerate() {
            let seq = index + 1;
            let at = start + i64::try_from(index).unwrap() * 10_000;
            let text =
                format!(r#"{{"conversation":"c-{number}","seq":{seq},"at":{at},"type":{fields}}}"#);
            log.push(Line::parse(&text).unwrap());
        }
    }
    let site = vec![
        site_line(
            MAY,
            "t",
            r#""top_up","amount_won":10000000,"vat":"included""#,
        ),
        site_line(MAY, "p", r#""plan_set","plan":"pro","accounts":10"#),
    ];
    (log, site)
}

fn one_month(c: &mut Criterion) {
    let (log, site) = month();
    let mut group = c.benchmark_group("month");
    group.throughput(Throughput::Elements(u64::try_from(log.len()).unwrap()));
    group.sample_size(20);
    group.bench_function("20,000 conversations billed", |b| {
        b.iter_batched(
            || (log.clone(), site.clone()),
            |(log, site)| {
                let book = PriceBook::shipped();
                bill(log.into_iter(), site.into_iter(), book, None).unwrap()
            },
            BatchSize::LargeInput,
        );
    });
    group.finish();
}

criterion_group!(benches, commands, one_month);
criterion_main!(benches);
