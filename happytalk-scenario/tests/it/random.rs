//! SCENARIO 5, cases 73, 74, 76 and 85, over random scenarios and whatever customers and hosts do.
//!
//! 25 scenarios in the normal run. More with their number in `HAPPYTALK_SCENARIO_FLOWS`, from another seed on with
//! `HAPPYTALK_SCENARIO_SEED`; a failure names its seed:
//!
//! ```sh
//! HAPPYTALK_SCENARIO_FLOWS=100000 cargo test --release -p happytalk-scenario --test it random
//! ```

mod customers;
mod dice;
mod flows;

use happytalk_scenario::{
    Compiled, Env, Fate, Input, Output, State, Status, Step, Trace, step, step_into,
};

use customers::{Act, Seen, env};
use dice::Dice;

#[expect(
    clippy::disallowed_methods,
    reason = "how long to play is told from outside"
)]
fn told(name: &str, otherwise: u64) -> u64 {
    let told = std::env::var(name).ok();
    told.and_then(|it| it.parse().ok()).unwrap_or(otherwise)
}

/// Runs `play` once for each seed.
fn each_seed(play: impl Fn(u64)) {
    let first = told("HAPPYTALK_SCENARIO_SEED", 1);
    for seed in first..first + told("HAPPYTALK_SCENARIO_FLOWS", 25) {
        let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| play(seed)));
        if let Err(panic) = caught {
            eprintln!("the seed is {seed}");
            std::panic::resume_unwind(panic);
        }
    }
}

/// What holds after every step, whatever happened.
fn is_sound(flow: &Compiled, state: &State, made: &Step, text: &str) {
    for Output { node, content, .. } in &made.outputs {
        assert!(!content.is_empty(), "something is said at {node}");
        for words in content.iter().filter_map(|content| content.words()) {
            assert!(
                !words.contains("{{") && !words.contains("undefined"),
                "{words} in {text}"
            );
        }
    }
    assert_eq!(made.status, state.status());
    let (name, _) = state.scenario();
    assert_eq!(name, flow.id(), "the host knows the outermost one");
    if made.status != Status::Waiting || state.turn() > 0 {
        assert!(
            state.at().is_some() || made.status == Status::Waiting,
            "{text}"
        );
    }
}

/// Plays until the talk is long enough, and gives what happened.
fn talk(flow: &Compiled, dice: &mut Dice, text: &str) -> Vec<(Act, Env)> {
    let mut state = State::new(flow);
    let mut seen = Seen::default();
    let mut acts = vec![(Act::Start, env(dice))];
    for turn in 0..40 {
        let (act, env) = acts.last().unwrap();
        let before = state.clone();
        let made = step(flow, &mut state, act.input(), env);
        is_sound(flow, &state, &made, text);
        if let [Trace::Ignored { code }] = made.trace.as_slice()
            && *code != "call_pending"
        {
            assert!(before == state, "what is ignored changes nothing: {code}");
            assert!(made.outputs.is_empty() && made.effects.is_empty());
        }
        seen.look(&made);
        if turn < 39 {
            let moment = if dice.one_in(5) {
                customers::env(dice)
            } else {
                env.clone()
            };
            acts.push((seen.act(dice), moment));
        }
    }
    acts
}

/// How a state goes through the host's store.
#[derive(Clone, Copy)]
enum Store {
    Nothing,
    Json,
    Packed,
}

fn replay(flow: &Compiled, acts: &[(Act, Env)], store: Store) -> (Vec<Step>, State) {
    let mut state = State::new(flow);
    let mut made = Step::empty();
    let mut steps = Vec::new();
    for (act, env) in acts {
        let bytes = match store {
            Store::Nothing => None,
            Store::Json => Some(state.to_bytes()),
            Store::Packed => Some(state.to_packed()),
        };
        if let Some(bytes) = bytes {
            let again = State::from_bytes(&bytes).unwrap();
            assert!(again == state, "what is written is read as the same");
            state = again;
        }
        step_into(flow, &mut state, act.input(), env, &mut made);
        steps.push(made.clone());
    }
    (steps, state)
}

#[test]
fn cases_74_and_85_saved_after_every_input_a_talk_goes_as_the_live_one() {
    each_seed(|seed| {
        let mut dice = Dice::new(seed);
        let (text, flow) = flows::flow(&mut dice);
        let again = Compiled::load(&text).unwrap().with_subs([flows::inner()]);
        for _ in 0..4 {
            let acts = talk(&flow, &mut dice, &text);
            let live = replay(&flow, &acts, Store::Nothing);
            for (store, by) in [
                (Store::Json, &flow),
                (Store::Packed, &flow),
                (Store::Json, &again),
            ] {
                let saved = replay(by, &acts, store);
                for (place, (a, b)) in live.0.iter().zip(&saved.0).enumerate() {
                    assert!(a == b, "step {place} of {acts:?}\n{a:?}\n{b:?}\n{text}");
                }
                assert!(live.1 == saved.1, "{text}");
            }
        }
    });
}

#[test]
fn an_input_that_comes_again_does_nothing_twice() {
    each_seed(|seed| {
        let mut dice = Dice::new(seed);
        let (text, flow) = flows::flow(&mut dice);
        let acts = talk(&flow, &mut dice, &text);
        let once = replay(&flow, &acts, Store::Nothing);
        let mut state = State::new(&flow);
        for ((act, env), expected) in acts.iter().zip(&once.0) {
            let made = step(&flow, &mut state, act.input(), env);
            assert!(made == *expected, "{act:?}\n{text}");
            let before = state.clone();
            // An agent may be given back and taken again under one id, so that these results count each time.
            if matches!(act, Act::Handoff(..)) {
                continue;
            }
            let twice = step(&flow, &mut state, act.input(), env);
            let told = twice.outputs.is_empty() && twice.effects.is_empty();
            assert!(before == state && told, "{act:?} {twice:?}\n{text}");
        }
    });
}

/// The same scenario after its author went over it.
fn edited(text: &str, dice: &mut Dice) -> Option<Compiled> {
    let mut flow: serde_json::Value = serde_json::from_str(text).unwrap();
    let version = flow["version"].as_u64().unwrap();
    flow["version"] = serde_json::Value::from(version + 1);
    let nodes = flow["nodes"].as_object_mut().unwrap();
    let names: Vec<String> = nodes.keys().cloned().collect();
    for _ in 0..=dice.below(3) {
        let name = dice.pick(&names);
        let Some(node) = nodes.get_mut(name) else {
            continue;
        };
        match dice.below(5) {
            0 if name != "n0" => {
                nodes.remove(name);
                // What led there leads to the end.
                let text = serde_json::to_string(nodes).unwrap();
                let text = text.replace(&format!("\"{name}\""), "\"@end\"");
                *nodes = serde_json::from_str(&text).ok()?;
            }
            1 if node.get("buttons").is_some() => {
                node["buttons"][0]["id"] = serde_json::Value::from("other");
            }
            2 if node.get("say").is_some() => node["say"] = serde_json::Value::from("고친 말"),
            3 if node.get("ask").is_some() => {
                node["ask"]["var"] = serde_json::Value::from("item");
                node["ask"]["as"] = serde_json::Value::from("text");
            }
            _ => {}
        }
    }
    let flow = Compiled::load(&flow.to_string()).ok()?;
    Some(flow.with_subs([flows::inner()]))
}

#[test]
fn case_76_the_diff_says_who_sees_a_step_again() {
    each_seed(|seed| {
        let mut dice = Dice::new(seed);
        let (text, flow) = flows::flow(&mut dice);
        let Some(newer) = edited(&text, &mut dice) else {
            return;
        };
        let mut sessions = Vec::new();
        for _ in 0..12 {
            let acts = talk(&flow, &mut dice, &text);
            let until = dice.below(acts.len());
            let (_, state) = replay(&flow, &acts[..until], Store::Json);
            sessions.push(state);
        }
        let diff = flow.diff(&newer, &sessions);
        let moment = env(&mut dice);
        let mut noticed = 0;
        for state in &mut sessions {
            let waits = state.status() == Status::Waiting && state.turn() > 0;
            let said = Input::Customer {
                id: "after",
                text: Some("\u{1F642}"),
                token: None,
                media: None,
            };
            let node = state.at().cloned();
            let made = step(&newer, state, said, &moment);
            is_sound(&newer, state, &made, &text);
            let how = made.trace.iter().find_map(|trace| match trace {
                Trace::Upgraded { how } => Some(*how),
                _ => None,
            });
            let fate = diff.nodes.iter().find(|it| Some(&it.node) == node.as_ref());
            let is_inside = fate.is_none();
            if !waits || is_inside {
                continue;
            }
            match (&fate.unwrap().fate, how) {
                (Fate::Unchanged, Some("same"))
                | (
                    Fate::Moved {
                        unnoticed: true, ..
                    },
                    Some("same"),
                ) => {}
                (Fate::Reshown, Some("shown_again"))
                | (Fate::Moved { .. }, Some("renamed"))
                | (Fate::Lost, Some("ancestor" | "restarted")) => noticed += 1,
                other => panic!("{other:?}\n{text}"),
            }
        }
        assert!(diff.see_again >= noticed, "{text}");
    });
}

#[test]
fn case_73_what_a_host_stored_is_read_whole_or_refused() {
    each_seed(|seed| {
        let mut dice = Dice::new(seed);
        let (text, flow) = flows::flow(&mut dice);
        let acts = talk(&flow, &mut dice, &text);
        let (_, state) = replay(&flow, &acts, Store::Nothing);
        for bytes in [state.to_bytes(), state.to_packed()] {
            let mut damaged = bytes.clone();
            let place = dice.below(damaged.len());
            damaged[place] ^= 1 << dice.below(8);
            assert!(State::from_bytes(&damaged).is_err(), "byte {place}\n{text}");
            let cut = dice.below(bytes.len());
            assert!(State::from_bytes(&bytes[..cut]).is_err(), "up to {cut}");
        }
    });
}

#[test]
fn every_kind_of_node_is_thrown() {
    let mut dice = Dice::new(7);
    let (mut text, mut loads) = (String::new(), 0);
    for _ in 0..200 {
        let one = flows::document(&mut dice).to_string();
        if Compiled::load(&one).is_ok() {
            loads += 1;
            text.push_str(&one);
        }
    }
    assert!(loads > 40, "{loads} of 200 load");
    for kind in [
        "menu",
        "goal",
        "approve",
        "say",
        "channels",
        "set",
        "clear",
        "emit",
        "tag",
        "category",
        "offer",
        "ask",
        "form",
        "buttons",
        "if",
        "hours",
        "call",
        "into",
        "slow",
        "handoff",
        "sub",
        "fallback",
        "interrupt",
        "end",
        "carousel",
        "image",
        "card",
        "list",
        "link",
        "consent",
        "url",
        "phone",
        "event",
        "app",
        "review",
        "optional",
        "always",
        "retry",
        "commands",
        "limits",
    ] {
        assert!(text.contains(&format!("\"{kind}\":")), "{kind}");
    }
}
