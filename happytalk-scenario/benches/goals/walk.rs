//! The walk that every turn is measured on: ours, the floors' and the peer's.

use std::collections::BTreeMap;

use serde::Deserialize;

/// Eight nodes, three deep: a menu, two menus below it, five answers below these.
pub(crate) const EIGHT: &str = include_str!("eight.json");

/// What a customer says who walks about in [`EIGHT`] from its start back to its start: at each node one of its buttons,
/// by a fixed row of numbers. About a thousand turns, so that the processor does not learn the way by heart.
pub(crate) fn walk() -> Vec<&'static str> {
    #[derive(Deserialize)]
    struct Button<'t> {
        label: &'t str,
        to: &'t str,
    }
    #[derive(Deserialize)]
    struct Node<'t> {
        #[serde(borrow)]
        buttons: Vec<Button<'t>>,
    }
    #[derive(Deserialize)]
    struct Flow<'t> {
        #[serde(borrow)]
        nodes: BTreeMap<&'t str, Node<'t>>,
    }
    let flow: Flow<'static> = serde_json::from_str(EIGHT).expect("it is JSON");
    let (mut at, mut said, mut number) = ("main", Vec::new(), 1_u64);
    while said.len() < 1_000 || at != "main" {
        number = number
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // Whoever ends the talk takes no further turn.
        let buttons = flow.nodes[at].buttons.iter().filter(|it| it.to != "@end");
        let buttons: Vec<_> = buttons.collect();
        let chosen = usize::try_from(number >> 33).expect("31 bits") % buttons.len();
        said.push(buttons[chosen].label);
        at = match buttons[chosen].to {
            "@home" => "main",
            to => to,
        };
    }
    said
}

/// The inputs of a customer who takes the walk again and again.
pub(crate) struct Inputs {
    said: Vec<&'static str>,
    ids: Vec<String>,
    next: usize,
    next_id: usize,
}

impl Inputs {
    pub(crate) fn new() -> Self {
        Self {
            said: walk(),
            ids: (0..64).map(|n| format!("m-{n:06}")).collect(),
            next: 0,
            next_id: 0,
        }
    }

    /// The id of the next input, and what is said.
    pub(crate) fn next(&mut self) -> (&str, &'static str) {
        let (said, id) = (self.said[self.next], &self.ids[self.next_id]);
        self.next = if self.next + 1 == self.said.len() {
            0
        } else {
            self.next + 1
        };
        self.next_id = if self.next_id + 1 == self.ids.len() {
            0
        } else {
            self.next_id + 1
        };
        (id, said)
    }
}
