//! The map of a scenario: its nodes, and what leads where.

use std::fmt::Write as _;

use happytalk_core::id::NodeId;
use serde::Serialize;

use crate::checks::walk::Graph;
use crate::compiled::Compiled;
use crate::document::{Exit, Node, Target};

/// A node of a [`Map`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Stop {
    /// Its id.
    pub id: NodeId,
    /// What it ends with: `buttons`, `ask`, `form`, `if`, `hours`, `call`, `handoff`, `sub`, `to` or `end`.
    pub kind: &'static str,
    /// How deep it lies; see [`Compiled::depth`].
    pub depth: Option<u32>,
    /// Whether it is marked as a goal.
    pub goal: bool,
    /// The first words it says.
    pub says: String,
}

/// A way between two nodes of a [`Map`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Way {
    /// Where it begins.
    pub from: NodeId,
    /// A node, or `@home`, `@back`, `@end` or `@agent`.
    pub to: String,
    /// What is pressed, answered or found: a button's label, a condition, an outcome.
    pub by: String,
    /// Where it stands in the document, as a JSON pointer.
    pub pointer: String,
}

/// The nodes of a scenario in the author's order, and the ways between them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Map {
    /// Where it starts.
    pub start: String,
    /// The nodes.
    pub nodes: Vec<Stop>,
    /// The ways; those of commands and of the scenario's own fallback are not among them.
    pub ways: Vec<Way>,
}

/// The shortest way to a node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Route {
    /// Where it leads.
    pub to: NodeId,
    /// How many times the customer presses or answers on it.
    pub presses: u32,
    /// The nodes on it, the start first.
    pub nodes: Vec<NodeId>,
    /// What is pressed, answered or found between them.
    pub by: Vec<String>,
}

fn kind(node: &Node) -> &'static str {
    match &node.exit {
        Some(Exit::Buttons(_)) => "buttons",
        Some(Exit::Ask(_)) => "ask",
        Some(Exit::Form(_)) => "form",
        Some(Exit::If(_)) => "if",
        Some(Exit::Hours(_)) => "hours",
        Some(Exit::Call(_)) => "call",
        Some(Exit::Handoff(_)) => "handoff",
        Some(Exit::Sub(_)) => "sub",
        Some(Exit::End(_)) => "end",
        Some(Exit::To(_)) | None => "to",
    }
}

fn first_words(node: &Node) -> String {
    let mut words = String::new();
    let mut take = |template: &crate::document::Words| {
        if let (true, Ok(template)) = (words.is_empty(), template) {
            words = template.source();
        }
    };
    for say in &node.says {
        say.each_words(&mut |_, template| take(template));
    }
    match &node.exit {
        Some(Exit::Ask(ask)) => take(&ask.prompt),
        Some(Exit::Form(form)) => form
            .slots
            .iter()
            .take(1)
            .for_each(|slot| take(&slot.ask.prompt)),
        _ => {}
    }
    words
}

fn name_of(target: &Target) -> String {
    match target {
        Target::Node(id) => id.as_str().to_owned(),
        Target::Home => "@home".to_owned(),
        Target::Back => "@back".to_owned(),
        Target::End => "@end".to_owned(),
        Target::Agent => "@agent".to_owned(),
        Target::Unknown(name) => name.clone(),
    }
}

impl Compiled {
    /// The map of the scenario.
    #[must_use]
    pub fn map(&self) -> Map {
        let document = &self.document;
        let graph = Graph::new(document);
        let nodes = document.nodes.iter().map(|node| Stop {
            id: node.id.clone(),
            kind: kind(node),
            depth: self.depth(&node.id),
            goal: node.goal,
            says: first_words(node),
        });
        let mut ways = Vec::new();
        for (place, node) in document.nodes.iter().enumerate() {
            for edge in graph.edges(place) {
                ways.push(Way {
                    from: node.id.clone(),
                    to: name_of(edge.target),
                    by: by(node, edge),
                    pointer: format!(
                        "{}{}",
                        crate::document::node_pointer(node.id.as_str()),
                        edge.place
                    ),
                });
            }
        }
        Map {
            start: document.start.clone(),
            nodes: nodes.collect(),
            ways,
        }
    }

    /// The shortest way from the start to every node that can be reached by presses, answers and outcomes, in the
    /// author's order.
    #[must_use]
    pub fn routes(&self) -> Vec<Route> {
        let graph = Graph::new(&self.document);
        let Some(start) = graph.start else {
            return Vec::new();
        };
        let waits = |place: usize| graph.node(place).is_some_and(Node::waits);
        let mut best: Vec<Option<(u32, usize, usize, String)>> = vec![None; graph.len()];
        let mut queue = std::collections::VecDeque::from([(start, 0_u32)]);
        let mut far: Vec<Option<u32>> = vec![None; graph.len()];
        if let Some(cell) = far.get_mut(start) {
            *cell = Some(0);
        }
        while let Some((place, presses)) = queue.pop_front() {
            if far.get(place).copied().flatten() != Some(presses) {
                continue;
            }
            let Some(node) = graph.node(place) else {
                continue;
            };
            for edge in graph.edges(place) {
                let Target::Node(_) = edge.target else {
                    continue;
                };
                let Some(to) = edge.to else { continue };
                let total = presses + u32::from(waits(place));
                match far.get_mut(to) {
                    Some(cell) if cell.is_none_or(|known| known > total) => *cell = Some(total),
                    _ => continue,
                }
                if let Some(cell) = best.get_mut(to) {
                    *cell = Some((total, place, to, by(node, edge)));
                }
                match waits(place) {
                    true => queue.push_back((to, total)),
                    false => queue.push_front((to, total)),
                }
            }
        }
        let id = |place: usize| graph.node(place).map(|node| node.id.clone());
        let mut routes = Vec::new();
        for (place, presses) in far.iter().enumerate() {
            let Some(presses) = presses else { continue };
            let (mut nodes, mut by) = (Vec::new(), Vec::new());
            let mut at = place;
            nodes.extend(id(at));
            while at != start && nodes.len() <= graph.len() {
                let Some(Some((_, before, _, how))) = best.get(at) else {
                    break;
                };
                by.push(how.clone());
                at = *before;
                nodes.extend(id(at));
            }
            nodes.reverse();
            by.reverse();
            if let Some(to) = id(place) {
                routes.push(Route {
                    to,
                    presses: *presses,
                    nodes,
                    by,
                });
            }
        }
        routes
    }
}

fn by(node: &Node, edge: &crate::checks::walk::Edge<'_>) -> String {
    use crate::checks::targets::Place;
    match &edge.place {
        Place::Button(_) | Place::Variant(..) => {
            Graph::button(node, &edge.place).map_or_else(String::new, |b| b.label.clone())
        }
        Place::To | Place::Branch(_) => match (&edge.place, &node.exit) {
            (Place::Branch(at), Some(Exit::If(choose))) => choose
                .branches
                .get(*at)
                .and_then(|branch| branch.when.as_ref().ok())
                .map_or_else(String::new, ToString::to_string),
            (_, Some(Exit::Ask(ask))) => format!("{{{}}}", ask.var),
            _ => String::new(),
        },
        Place::Else(_) => "else".to_owned(),
        Place::Hours(way) | Place::Call(way) | Place::Handoff(way) | Place::Form(way) => {
            (*way).to_owned()
        }
        Place::Slot(_) | Place::Retry | Place::Fallback => "fallback".to_owned(),
    }
}

fn clip(text: &str, chars: usize) -> String {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if line.chars().count() <= chars {
        return line;
    }
    let mut short: String = line.chars().take(chars.saturating_sub(1)).collect();
    short.push('…');
    short
}

impl Map {
    /// The map in Graphviz's language.
    #[must_use]
    pub fn to_dot(&self) -> String {
        let quote = |text: &str| format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\""));
        let mut out = String::from("digraph scenario {\n  rankdir=LR;\n  node [shape=box];\n");
        for node in &self.nodes {
            let label = match node.says.is_empty() {
                true => node.id.as_str().to_owned(),
                false => format!("{}: {}", node.id, clip(&node.says, 30)),
            };
            let shape = match node.kind {
                "if" | "hours" => ", shape=diamond",
                "call" | "sub" => ", shape=component",
                "end" | "handoff" => ", shape=oval",
                _ => "",
            };
            let goal = if node.goal { ", peripheries=2" } else { "" };
            let _ = writeln!(
                out,
                "  {} [label={}{shape}{goal}];",
                quote(node.id.as_str()),
                quote(&label)
            );
        }
        for way in &self.ways {
            let label = quote(&clip(&way.by, 24));
            let _ = writeln!(
                out,
                "  {} -> {} [label={label}];",
                quote(way.from.as_str()),
                quote(&way.to)
            );
        }
        out.push_str("}\n");
        out
    }

    /// The map in Mermaid's language, which many wikis draw.
    #[must_use]
    pub fn to_mermaid(&self) -> String {
        let safe = |text: &str, chars: usize| {
            let text = clip(text, chars);
            let text = text.replace('&', "&amp;").replace('"', "&quot;");
            text.replace('<', "&lt;")
                .replace('>', "&gt;")
                .replace('|', "&#124;")
        };
        let name = |id: &str| match id.strip_prefix('@') {
            Some(special) => format!("at_{special}"),
            None => format!("n_{id}"),
        };
        let mut out = String::from("flowchart LR\n");
        for node in &self.nodes {
            let id = node.id.as_str();
            let label = match node.says.is_empty() {
                true => id.to_owned(),
                false => format!("{id}: {}", safe(&node.says, 30)),
            };
            let (open, close) = match node.kind {
                "if" | "hours" => ("{", "}"),
                "end" | "handoff" => ("([", "])"),
                "call" | "sub" => ("[[", "]]"),
                _ => ("[", "]"),
            };
            let _ = writeln!(out, "  {}{open}\"{label}\"{close}", name(id));
        }
        let mut specials: Vec<&str> = self.ways.iter().map(|way| way.to.as_str()).collect();
        specials.retain(|to| to.starts_with('@'));
        specials.sort_unstable();
        specials.dedup();
        for special in specials {
            let _ = writeln!(out, "  {}(({special}))", name(special));
        }
        for way in &self.ways {
            let (from, to) = (name(way.from.as_str()), name(&way.to));
            let _ = match way.by.is_empty() {
                true => writeln!(out, "  {from} --> {to}"),
                false => writeln!(out, "  {from} -->|\"{}\"| {to}", safe(&way.by, 24)),
            };
        }
        out
    }
}
