//! The figures of 100,000 conversations: from JSON lines, and from lines that were parsed before.
#![expect(clippy::unwrap_used, reason = "a bench stops at what it cannot do")]

use std::fmt::Write as _;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};
use happytalk_core::Line;
use happytalk_sqi::{Dimension, Figures, Options, read_log};

const CONVERSATIONS: u64 = 100_000;
/// Lines of one conversation.
const LINES: u64 = 11;

/// A month of a centre of 40 agents; conversations overlap, and the lines are in the order of time.
fn log() -> String {
    let step = 26_000;
    let mut lines: Vec<(u64, String)> = Vec::new();
    for index in 0..CONVERSATIONS {
        let start = 1_714_489_200_000 + index * step;
        let agent = index * 7 % 40;
        let pause = 1_000 + index % 977 * 60;
        let events = [
            r#""type":"opened","channel":"kakao_consult","account":"sender","customer":"user-1","opened_by":"customer","bot":true"#.to_owned(),
            r#""type":"bot_said","message":{"id":"b-1","content":[{"type":"text","text":"무엇을 도와드릴까요?"}]}"#.to_owned(),
            r#""type":"agent_requested","by":"button","category":{"main":"배송"}"#.to_owned(),
            format!(r#""type":"assigned","agent":"agent-{agent}","how":"auto""#),
            format!(r#""type":"agent_said","agent":"agent-{agent}","message":{{"id":"m-1","content":[{{"type":"text","text":"안녕하세요."}}]}}"#),
            r#""type":"customer_said","message":{"id":"m-2","content":[{"type":"text","text":"교환하고 싶어요."}]}"#.to_owned(),
            r#""type":"customer_said","message":{"id":"m-3","content":[{"type":"text","text":"주문 번호는 1234예요."}]}"#.to_owned(),
            format!(r#""type":"agent_said","agent":"agent-{agent}","message":{{"id":"m-4","content":[{{"type":"text","text":"접수했습니다."}}]}}"#),
            r#""type":"customer_said","message":{"id":"m-5","content":[{"type":"text","text":"고맙습니다."}]}"#.to_owned(),
            r#""type":"ended","by":"agent","after_work":true"#.to_owned(),
            r#""type":"after_work_ended","by":"agent""#.to_owned(),
        ];
        for (place, event) in (0..).zip(events) {
            let at = start + place * pause;
            let seq = place + 1;
            let text = format!(r#"{{"conversation":"c-{index}","seq":{seq},"at":{at},{event}}}"#);
            lines.push((at, text));
        }
    }
    lines.sort_by_key(|(at, _)| *at);
    let mut log = String::new();
    for (_, line) in lines {
        writeln!(log, "{line}").unwrap();
    }
    log
}

fn figures() -> Figures {
    Figures::new(Options::new().with_by([Dimension::Day, Dimension::Agent]))
}

fn bench(criterion: &mut Criterion) {
    let log = log();
    let mut group = criterion.benchmark_group("sqi_100k_conversations");
    group.sample_size(10);
    group.measurement_time(Duration::from_secs(10));
    group.throughput(Throughput::Elements(CONVERSATIONS * LINES));
    group.bench_function("read_parse_push_report", |bencher| {
        bencher.iter(|| {
            let mut figures = figures();
            figures.read(log.as_bytes()).unwrap();
            black_box(figures.report())
        });
    });
    let lines: Vec<Line> = read_log(log.as_bytes()).map(Result::unwrap).collect();
    group.bench_function("push", |bencher| {
        bencher.iter_batched(
            figures,
            |mut figures| {
                for line in &lines {
                    figures.push(line).unwrap();
                }
                figures
            },
            BatchSize::PerIteration,
        );
    });
    let mut whole = figures();
    for line in &lines {
        whole.push(line).unwrap();
    }
    group.bench_function("report", |bencher| {
        bencher.iter(|| whole.report().to_json())
    });
    group.finish();
}

criterion_group!(benches, bench);
criterion_main!(benches);
