//! SCENARIO 5 H, I and K: states as bytes, and the same again every time.

use happytalk_scenario::{
    CallOutcome, Compiled, Effect, Env, HandoffOutcome, Input, State, Step, step,
};
use proptest::prelude::*;

use crate::chat::{Chat, FLOW_A};

#[test]
fn case_73_damaged_bytes_are_refused_whole() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    chat.say("교환");
    chat.say("20260101-00001");
    let bytes = chat.state.to_bytes();
    for place in 0..bytes.len() {
        for bit in [0, 5, 7] {
            let mut flipped = bytes.clone();
            flipped[place] ^= 1 << bit;
            let error = State::from_bytes(&flipped).unwrap_err();
            assert_eq!(error.code(), "scenario.state_damaged", "byte {place}");
        }
        assert!(State::from_bytes(&bytes[..place]).is_err());
    }
}

#[test]
fn a_state_is_small_and_shows_nothing_of_the_customer() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    chat.say("교환");
    assert!(
        chat.state.to_bytes().len() <= 256,
        "{}",
        chat.state.to_bytes().len()
    );
    chat.say("20260101-00001");
    let step = chat.say("010-1234-5678");
    let debug = format!("{:?} {step:?} {:?}", chat.state, chat.env);
    assert!(
        !debug.contains("1234") && !debug.contains("20260101"),
        "{debug}"
    );
}

const TYPED: [&str; 16] = [
    "교환",
    "반품",
    "1",
    "20260101-00001",
    "01012345678",
    "처음으로",
    "이전으로",
    "아무말",
    "상담원",
    "단순변심",
    "확인",
    "접수하기",
    "네",
    "교환 반품",
    "교한",
    "취소",
];

#[derive(Debug, Clone)]
enum Act {
    Say(usize, u8),
    Press(usize),
    Answer(u8),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let act = prop_oneof![
        4 => (0..TYPED.len(), 0..4_u8).prop_map(|(typed, id)| Act::Say(typed, id)),
        1 => (0..6_usize).prop_map(Act::Press),
        2 => (0..4_u8).prop_map(Act::Answer),
    ];
    proptest::collection::vec(act, 1..40)
}

/// Plays the acts; `save` decides whether the state goes through bytes after each.
fn play(flow: &Compiled, acts: &[Act], save: bool) -> (Vec<Step>, Vec<u8>) {
    let env = Env::new("2026-01-12T10:00:00+09:00".parse().unwrap());
    let mut state = State::new(flow);
    let mut steps = vec![step(flow, &mut state, Input::Start, &env)];
    let mut pending = String::from("c-1");
    let tokens = ["ex", "re", "home", "back", "mind", "y"];
    for (place, act) in acts.iter().enumerate() {
        if save {
            state = State::from_bytes(&state.to_bytes()).unwrap();
        }
        // Some inputs come twice, so ids are made of few numbers.
        let id = match act {
            Act::Say(_, id) => format!("{}-{id}", place / 4),
            Act::Press(_) | Act::Answer(_) => place.to_string(),
        };
        let input = match act {
            Act::Say(typed, _) => Input::Customer {
                id: &id,
                text: Some(TYPED[*typed]),
                token: None,
                media: None,
            },
            Act::Press(token) => Input::Customer {
                id: &id,
                text: None,
                token: Some(tokens[*token]),
                media: None,
            },
            Act::Answer(0) => Input::CallResult {
                id: &pending,
                outcome: CallOutcome::Timeout,
            },
            Act::Answer(1) => Input::CallResult {
                id: &pending,
                outcome: CallOutcome::Declared("not_found".into()),
            },
            Act::Answer(2) => Input::HandoffResult {
                id: &pending,
                outcome: HandoffOutcome::Returned,
            },
            Act::Answer(_) => Input::HandoffResult {
                id: &pending,
                outcome: HandoffOutcome::Unavailable,
            },
        };
        let made = step(flow, &mut state, input, &env);
        for effect in &made.effects {
            if let Effect::Call { id, .. } | Effect::Handoff { id, .. } = effect {
                pending.clone_from(id);
            }
        }
        steps.push(made);
    }
    (steps, state.to_bytes())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn cases_74_and_85_a_saved_state_goes_on_as_a_live_one(acts in acts()) {
        let flow = Compiled::load(FLOW_A).unwrap();
        let live = play(&flow, &acts, false);
        let saved = play(&flow, &acts, true);
        prop_assert!(live.0 == saved.0, "outputs differ");
        prop_assert_eq!(live.1, saved.1);
    }

    #[test]
    fn no_bytes_and_no_text_make_it_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200), text in "\\PC{0,80}") {
        let _ = State::from_bytes(&bytes);
        let _ = Compiled::load(&text);
        let mut chat = Chat::of(FLOW_A);
        chat.start();
        chat.say(&text);
        chat.say("교환");
        chat.say(&text);
    }

    #[test]
    fn a_document_with_a_piece_cut_out_is_read_or_refused(from in 0..9_000_usize, length in 1..60_usize) {
        let cut: String = FLOW_A.chars().enumerate()
            .filter(|(place, _)| !(from..from + length).contains(place))
            .map(|(_, c)| c)
            .collect();
        let _ = Compiled::load(&cut);
    }
}

#[test]
fn case_78_the_turn_tells_two_steps_from_the_same_state_apart() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    let base = chat.state.turn();
    let mut other = chat.state.clone();
    chat.say("교환");
    let second = Input::Customer {
        id: "other",
        text: Some("반품"),
        token: None,
        media: None,
    };
    step(&chat.flow, &mut other, second, &chat.env);
    // Whoever saves second finds that the stored turn is no longer the one the step was made from.
    assert_eq!((chat.state.turn(), other.turn()), (base + 1, base + 1));
}
