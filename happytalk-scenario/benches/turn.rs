//! One turn of a customer, live and with the state through bytes, and the loading of a scenario.

use std::hint::black_box;

use criterion::{Criterion, criterion_group, criterion_main};
use happytalk_core::Timestamp;
use happytalk_scenario::{Compiled, Env, Input, State, step};

const FLOW: &str = include_str!("../scenarios/exchange-return.json");

#[expect(
    clippy::expect_used,
    reason = "a bench stops where the shipped scenario does not load"
)]
fn turn(c: &mut Criterion) {
    let flow = Compiled::load(FLOW).expect("the shipped scenario loads");
    let env = Env::new(Timestamp::from_millis(1_768_179_600_000));
    let mut started = State::new(&flow);
    step(&flow, &mut started, Input::Start, &env);
    let say = |text: &'static str| Input::Customer {
        id: "m-1",
        text: Some(text),
        token: None,
        media: None,
    };
    let bytes = started.to_bytes();
    c.bench_function("live turn", |b| {
        b.iter(|| {
            let mut state = started.clone();
            black_box(step(&flow, &mut state, say("교환"), &env))
        });
    });
    c.bench_function("live turn, a miss through all stages", |b| {
        b.iter(|| {
            let mut state = started.clone();
            black_box(step(&flow, &mut state, say("날씨가 좋네요"), &env))
        });
    });
    c.bench_function("saved turn", |b| {
        b.iter(|| {
            let mut state = State::from_bytes(&bytes).expect("its own bytes");
            black_box(step(&flow, &mut state, say("교환"), &env));
            black_box(state.to_bytes())
        });
    });
    c.bench_function("load 20 nodes", |b| {
        b.iter(|| black_box(Compiled::load(FLOW).is_ok()))
    });
    let many = chain(1_000);
    c.bench_function("load 1000 nodes", |b| {
        b.iter(|| black_box(Compiled::load(&many).is_ok()))
    });
}

/// A scenario of `count` menus, one behind the other.
fn chain(count: usize) -> String {
    let nodes: Vec<String> = (0..count)
        .map(|n| {
            let next = if n + 1 == count { "@end".to_owned() } else { format!("n{}", n + 1) };
            format!(
                r#""n{n}":{{"say":"{n}번째 메뉴입니다. 아래에서 골라 주세요.","buttons":[{{"id":"next","label":"다음 단계","to":"{next}"}},{{"id":"end","label":"그만두기","to":"@end"}}]}}"#
            )
        })
        .collect();
    format!(
        r#"{{"format":1,"id":"chain","version":1,"start":"n0","fallback":{{"say":"다시요.","max":2,"then":"@end"}},"nodes":{{{}}}}}"#,
        nodes.join(",")
    )
}

criterion_group!(benches, turn);
criterion_main!(benches);
