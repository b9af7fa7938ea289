//! What nobody can be faster than: the same eight steps written out by hand, without anything that makes them a product.

use happytalk_scenario::Compiled;
use serde::{Deserialize, Serialize};

use crate::flows::EIGHT;

/// A step: what it says, and where its labels lead.
pub(crate) struct Bare {
    text: String,
    labels: Vec<(String, usize)>,
}

/// The steps of [`EIGHT`], read without a check.
pub(crate) fn steps() -> Vec<Bare> {
    #[derive(Deserialize)]
    struct Button {
        label: String,
        to: String,
    }
    #[derive(Deserialize)]
    struct Node {
        say: String,
        buttons: Vec<Button>,
    }
    #[derive(Deserialize)]
    struct Flow {
        nodes: std::collections::BTreeMap<String, Node>,
    }
    Compiled::load(EIGHT).expect("the scenario that is measured loads");
    let flow: Flow = serde_json::from_str(EIGHT).expect("it is JSON");
    let names: Vec<_> = flow.nodes.keys().cloned().collect();
    let place = |to: &String| names.iter().position(|name| name == to).unwrap_or_default();
    let bare = |node: &Node| Bare {
        text: node.say.clone(),
        labels: node
            .buttons
            .iter()
            .map(|button| (button.label.clone(), place(&button.to)))
            .collect(),
    };
    let mut steps: Vec<_> = flow.nodes.values().map(bare).collect();
    let main = names
        .iter()
        .position(|name| name == "main")
        .expect("a start");
    // `main` first, so that 0 is the start; the two change places everywhere.
    steps.swap(0, main);
    for step in &mut steps {
        for (_, to) in &mut step.labels {
            *to = match *to {
                0 => main,
                it if it == main => 0,
                it => it,
            };
        }
    }
    steps
}

/// Compares the labels and goes there.
pub(crate) fn turn(steps: &[Bare], at: &mut usize, said: &str) {
    let found = steps[*at].labels.iter().find(|(label, _)| label == said);
    *at = found.map_or(*at, |(_, to)| *to);
}

/// As [`turn`], and answers with a text of its own.
pub(crate) fn turn_with_text(steps: &[Bare], at: &mut usize, said: &str) -> String {
    turn(steps, at, said);
    steps[*at].text.clone()
}

/// What such a loop would keep between two inputs.
#[derive(Serialize, Deserialize)]
pub(crate) struct Kept {
    scenario: String,
    version: u32,
    at: usize,
    turn: u64,
}

pub(crate) fn kept() -> String {
    let kept = Kept {
        scenario: "bench".to_owned(),
        version: 1,
        at: 0,
        turn: 0,
    };
    serde_json::to_string(&kept).expect("plain fields")
}

/// As [`turn_with_text`], from JSON and back to JSON.
pub(crate) fn turn_through_json(steps: &[Bare], json: &mut String, said: &str) -> String {
    let mut kept: Kept = serde_json::from_str(json).expect("its own JSON");
    kept.turn += 1;
    let text = turn_with_text(steps, &mut kept.at, said);
    *json = serde_json::to_string(&kept).expect("plain fields");
    text
}
