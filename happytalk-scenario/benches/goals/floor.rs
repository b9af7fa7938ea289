//! What nobody can be faster than: the same walk over the same eight steps, written out by hand, without anything that
//! makes it a product (no tokens, no trace, no conditions, no list of inputs that were seen, no contract).
//!
//! There are three, each doing all of the one before:
//!
//! - [`turn`] finds what was said among the labels of the step and copies the whole answer, its text and every label,
//!   into a buffer that is used again;
//! - [`turn_with_answer`] gives the answer as a value of its own instead: a text and a list of labels, newly allocated,
//!   as `step` gives outputs of its own;
//! - [`turn_through_json`] reads what is kept between two inputs from JSON with serde, takes that turn, and writes it
//!   back: the step by its name (a place in a list would not survive an edit), the input that came last (so that one
//!   that comes twice is known), how many there were, and the variables, of which this scenario has none.

use std::collections::BTreeMap;

use happytalk_scenario::Compiled;
use serde::{Deserialize, Serialize};

use crate::walk::EIGHT;

/// A step: what it says, and where its labels lead.
pub(crate) struct Bare {
    name: String,
    text: String,
    labels: Vec<(String, usize)>,
}

/// What is said to the customer, as a value of its own.
pub(crate) struct Answer {
    #[expect(dead_code, reason = "made for whoever would send it")]
    text: String,
    #[expect(dead_code, reason = "made for whoever would send it")]
    labels: Vec<String>,
}

/// The steps of [`EIGHT`], read without a check; the first is the start.
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
        nodes: BTreeMap<String, Node>,
    }
    Compiled::load(EIGHT).expect("the scenario that is measured loads");
    let flow: Flow = serde_json::from_str(EIGHT).expect("it is JSON");
    let mut nodes: Vec<_> = flow.nodes.iter().collect();
    nodes.sort_by_key(|(name, _)| *name != "main");
    let place = |to: &str| nodes.iter().position(|(name, _)| *name == to);
    let bare = |(name, node): &(&String, &Node)| Bare {
        name: (*name).clone(),
        text: node.say.clone(),
        labels: node
            .buttons
            .iter()
            .map(|button| (button.label.clone(), place(&button.to).unwrap_or_default()))
            .collect(),
    };
    nodes.iter().map(bare).collect()
}

/// Compares the labels and goes there.
fn go<'s>(steps: &'s [Bare], at: &mut usize, said: &str) -> &'s Bare {
    let found = steps[*at].labels.iter().find(|(label, _)| label == said);
    *at = found.map_or(*at, |(_, to)| *to);
    &steps[*at]
}

/// A turn whose answer is copied into a buffer that is used again: the text, then a line for each label.
pub(crate) fn turn(steps: &[Bare], at: &mut usize, said: &str, answer: &mut String) {
    let step = go(steps, at, said);
    answer.clear();
    answer.push_str(&step.text);
    for (label, _) in &step.labels {
        answer.push('\n');
        answer.push_str(label);
    }
}

/// A turn whose answer is a value of its own.
pub(crate) fn turn_with_answer(steps: &[Bare], at: &mut usize, said: &str) -> Answer {
    let step = go(steps, at, said);
    let labels = step.labels.iter().map(|(label, _)| label.clone());
    Answer {
        text: step.text.clone(),
        labels: labels.collect(),
    }
}

/// What such a loop has to keep between two inputs.
#[derive(Serialize, Deserialize)]
struct Kept {
    at: String,
    last: String,
    turn: u64,
    slots: BTreeMap<String, String>,
}

/// What is kept before the first input.
pub(crate) fn kept() -> String {
    let kept = Kept {
        at: "main".to_owned(),
        last: String::new(),
        turn: 0,
        slots: BTreeMap::new(),
    };
    serde_json::to_string(&kept).expect("plain fields")
}

/// As [`turn_with_answer`], from JSON and back to JSON.
pub(crate) fn turn_through_json(steps: &[Bare], json: &mut String, id: &str, said: &str) -> Answer {
    let mut kept: Kept = serde_json::from_str(json).expect("its own JSON");
    let mut at = steps
        .iter()
        .position(|step| step.name == kept.at)
        .expect("a step of these");
    let answer = turn_with_answer(steps, &mut at, said);
    kept.at.clone_from(&steps[at].name);
    id.clone_into(&mut kept.last);
    kept.turn += 1;
    *json = serde_json::to_string(&kept).expect("plain fields");
    answer
}
