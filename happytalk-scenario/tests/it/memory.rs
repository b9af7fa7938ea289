//! SCENARIO 6, P-2 and P-15: what a turn allocates, and what sessions weigh. Counts, not timings.

use happytalk_core::Timestamp;
use happytalk_scenario::{Compiled, Env, Input, State, Step, step_into};

/// Eight nodes, three deep: the scenario that is measured in `benches/goals.rs`.
const EIGHT: &str = include_str!("../../benches/goals/eight.json");
const ROUND: [&str; 6] = [
    "상품 문의",
    "재고 확인",
    "처음으로",
    "배송 문의",
    "배송비 안내",
    "처음으로",
];

struct Round {
    env: Env,
    ids: Vec<String>,
    made: Step,
}

impl Round {
    fn new() -> Self {
        Self {
            env: Env::new(Timestamp::EPOCH),
            ids: (0..30).map(|n| format!("m-{n}")).collect(),
            made: Step::empty(),
        }
    }

    fn go(&mut self, flow: &Compiled, state: &mut State) {
        for (id, text) in self.ids.iter().zip(ROUND.iter().cycle()) {
            let said = Input::Customer {
                id,
                text: Some(text),
                token: None,
                media: None,
            };
            step_into(flow, state, said, &self.env, &mut self.made);
            assert_eq!((self.made.outputs.len(), self.made.trace.len()), (1, 2));
        }
    }
}

fn started(flow: &Compiled, round: &mut Round) -> State {
    let mut state = State::new(flow);
    step_into(flow, &mut state, Input::Start, &round.env, &mut round.made);
    round.go(flow, &mut state);
    state
}

#[test]
fn goal_p_2_a_turn_with_buffers_used_again_allocates_nothing() {
    let flow = Compiled::load(EIGHT).unwrap();
    let mut round = Round::new();
    let mut state = started(&flow, &mut round);
    let told = allocation_counter::measure(|| {
        for _ in 0..20 {
            round.go(&flow, &mut state);
        }
    });
    assert_eq!(told.count_total, 0, "allocations in 600 turns");
}

#[test]
fn goal_p_15_ten_thousand_sessions_weigh_less_than_five_megabytes() {
    let flow = Compiled::load(EIGHT).unwrap();
    let mut round = Round::new();
    let mut sessions = Vec::with_capacity(10_000);
    let told = allocation_counter::measure(|| {
        for _ in 0..10_000 {
            sessions.push(started(&flow, &mut round));
        }
    });
    let inline = i64::try_from(size_of::<State>() * sessions.len()).unwrap();
    let bytes = told.bytes_current + inline;
    assert!(
        bytes <= 5 * 1024 * 1024,
        "{bytes} bytes, {inline} of them inline"
    );
}

#[test]
fn goal_p_6_a_state_is_small() {
    let flow = Compiled::load(EIGHT).unwrap();
    let state = started(&flow, &mut Round::new());
    let (json, packed) = (state.to_bytes().len(), state.to_packed().len());
    assert!(json <= 256 && packed <= 96, "{json} and {packed} bytes");
}
