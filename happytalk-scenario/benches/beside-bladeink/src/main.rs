//! The same eight nodes, the same walk, this crate and bladeink in one run: `cargo run --release`.
//!
//! Processor time of this process where the system tells it, the median of nine runs of a tenth of a second.

#[path = "../../goals/walk.rs"]
mod walk;

use std::hint::black_box;
use std::time::Instant;

use bladeink::story::Story;
use happytalk_core::Timestamp;
use happytalk_scenario::{Compiled, Env, Input, State, Step, step, step_into};
use serde_json::{Map, Value, json};
use walk::{EIGHT, Inputs};


/// The same scenario as Ink's compiler writes it.
fn ink() -> String {
    let flow: Value = serde_json::from_str(EIGHT).expect("it is JSON");
    let mut knots = Map::new();
    for (id, node) in flow["nodes"].as_object().expect("nodes") {
        let say = node["say"].as_str().expect("a text");
        let mut weave = vec![json!(format!("^{say}")), json!("\n")];
        let mut choices = Map::new();
        for (place, button) in node["buttons"].as_array().expect("buttons").iter().enumerate() {
            let label = button["label"].as_str().expect("a label");
            let to = match button["to"].as_str().expect("a target") {
                "@home" => json!({"->": "main"}),
                "@end" => json!("end"),
                to => json!({"->": to}),
            };
            weave.extend([json!("ev"), json!("str"), json!(format!("^{label}")), json!("/str"), json!("/ev")]);
            // A choice that may be taken again, whose label is not said.
            weave.push(json!({"*": format!(".^.c-{place}"), "flg": 4}));
            choices.insert(format!("c-{place}"), json!(["\n", to, {"#f": 5}]));
        }
        weave.push(Value::Object(choices));
        knots.insert(id.clone(), json!([weave, {"#f": 1}]));
    }
    knots.insert("#f".to_owned(), json!(1));
    let root = json!([[{"->": "main"}, ["done", {"#f": 5, "#n": "g-0"}], null], "done", knots]);
    json!({"inkVersion": 21, "root": root, "listDefs": {}}).to_string()
}

fn take(story: &mut Story, said: &str) -> String {
    let choices = story.get_current_choices();
    let place = choices.iter().position(|choice| choice.text == said).expect("a choice");
    story.choose_choice_index(place).expect("it is there");
    let mut text = String::new();
    while story.can_continue() {
        text.push_str(&story.cont().expect("it goes on"));
    }
    text
}

fn input(inputs: &mut Inputs) -> Input<'_> {
    let (id, said) = inputs.next();
    Input::Customer {
        id,
        text: Some(said),
        token: None,
        media: None,
    }
}

/// Nanoseconds that the processor gave this process, where the system tells; else those of the wall.
fn spent(began: Instant) -> f64 {
    let told = std::fs::read_to_string("/proc/self/schedstat");
    let told = told.ok().and_then(|it| it.split(' ').next()?.parse().ok());
    told.unwrap_or_else(|| began.elapsed().as_nanos() as f64)
}

fn median(mut go: impl FnMut()) -> f64 {
    let mut run = |goes: u64| {
        let began = Instant::now();
        let before = spent(began);
        for _ in 0..goes {
            go();
        }
        spent(began) - before
    };
    let mut goes = 1;
    while run(goes) < 1e8 {
        goes *= 2;
    }
    let mut runs: Vec<f64> = (0..9).map(|_| run(goes) / goes as f64).collect();
    runs.sort_by(f64::total_cmp);
    runs[4]
}

fn main() {
    let ink = ink();
    let mut story = Story::new(&ink).expect("Ink reads it");
    story.continue_maximally().expect("it begins");
    let flow = Compiled::load(EIGHT).expect("the scenario loads");
    let env = Env::new(Timestamp::EPOCH);
    let mut state = State::new(&flow);
    let mut made = Step::empty();
    step(&flow, &mut state, Input::Start, &env);
    let mut inputs = Inputs::new();
    // Both say the same on the whole walk, which ends where it began.
    let walk = walk::walk();
    for said in &walk {
        let theirs = take(&mut story, said);
        step_into(&flow, &mut state, input(&mut inputs), &env, &mut made);
        let ours: Vec<&str> = made
            .outputs
            .iter()
            .flat_map(|it| &*it.content)
            .filter_map(|it| it.words())
            .collect();
        assert_eq!(theirs.trim(), ours.join("\n"));
    }

    let mut spoken = walk.iter().cycle();
    let theirs = median(|| {
        black_box(take(&mut story, spoken.next().expect("it goes round")));
    });
    // On from where that stopped.
    let mut saved = story.save_state().expect("it is saved");
    let theirs_saved = median(|| {
        story.load_state(&saved).expect("its own state");
        black_box(take(&mut story, spoken.next().expect("it goes round")));
        saved = story.save_state().expect("it is saved");
    });
    let owned = median(|| {
        black_box(step(&flow, &mut state, input(&mut inputs), &env));
    });
    let reused = median(|| step_into(&flow, &mut state, input(&mut inputs), &env, &mut made));
    let mut bytes = state.to_bytes();
    let json = median(|| {
        let mut state = State::from_bytes(&bytes).expect("its own bytes");
        step_into(&flow, &mut state, input(&mut inputs), &env, &mut made);
        state.to_bytes_into(&mut bytes);
    });
    let row = |what: &str, ours: f64, theirs: f64, goal: &str| {
        println!("{what:<44} {ours:>8.0} ns   bladeink {theirs:>8.0} ns   × {:>6.1}   {goal}", theirs / ours);
    };
    row("P-1 live turn, outputs and trace of its own", owned, theirs, "≥ × 12");
    row("P-2 live turn, buffers used again", reused, theirs, "≥ × 35");
    row("P-3 turn with the state through JSON", json, theirs_saved, "≥ × 33");
    println!("state: {} bytes, bladeink {} bytes", bytes.len(), saved.len());
}
