//! The ways through a scenario: G1, G2, G3, G5.

use std::collections::{BTreeMap, BTreeSet};

use super::Found;
use super::targets::{self, Place};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Exit, Node, Target, node_pointer};

struct Graph<'d> {
    document: &'d Document,
    index: BTreeMap<&'d str, usize>,
    start: Option<usize>,
}

impl<'d> Graph<'d> {
    fn new(document: &'d Document) -> Self {
        let ids = document.nodes.iter().enumerate();
        let index: BTreeMap<_, _> = ids.map(|(place, node)| (node.id.as_str(), place)).collect();
        let start = index.get(document.start.as_str()).copied();
        Self {
            document,
            index,
            start,
        }
    }

    fn place(&self, target: &Target) -> Option<usize> {
        match target {
            Target::Node(id) => self.index.get(id.as_str()).copied(),
            // Back leads to where the customer waited before, or home when there is nothing before.
            Target::Home | Target::Back => self.start,
            Target::End | Target::Agent | Target::Unknown(_) => None,
        }
    }

    fn edges(&self, node: &'d Node) -> Vec<(Place<'d>, &'d Target)> {
        let mut edges = Vec::new();
        targets::of(node, &mut |place, target| edges.push((place, target)));
        edges
    }

    /// The nodes to which one leads without the customer or an agent.
    fn at_once(&self, node: &'d Node) -> Vec<usize> {
        if node.waits() {
            return Vec::new();
        }
        let waits = |place: &Place<'_>| {
            matches!(
                place,
                Place::Handoff("returned") | Place::Handoff("accepted")
            )
        };
        let edges = self.edges(node).into_iter();
        edges
            .filter(|(place, _)| !waits(place))
            .filter_map(|(_, target)| self.place(target))
            .collect()
    }
}

pub(super) fn check(document: &Document, found: &mut Found) {
    let graph = Graph::new(document);
    dead_ends(document, found);
    wait_free_cycles(&graph, found);
    // What a part that could not be read leads to is not known.
    if !document.nodes.iter().any(|node| node.broken) {
        unreachable(&graph, found);
        no_terminal(&graph, found);
    }
}

fn dead_ends(document: &Document, found: &mut Found) {
    for node in document.nodes.iter().filter(|node| !node.broken) {
        let stuck = match &node.exit {
            None => true,
            Some(Exit::Ask(ask)) => ask.to.is_none(),
            Some(Exit::Form(form)) => !form.on.contains_key("done"),
            Some(Exit::Sub(sub)) => sub.to.is_none(),
            _ => false,
        };
        if stuck {
            found.push(Diagnostic::error(
                "G2",
                node_pointer(node.id.as_str()),
                "나갈 길도 end도 없는 막다른 노드입니다.",
                "a dead end: it leads nowhere and does not end",
                "add 'to', 'buttons' or 'end'",
            ));
        }
    }
}

fn unreachable(graph: &Graph<'_>, found: &mut Found) {
    let document = graph.document;
    let mut reached = BTreeSet::new();
    let commands = document.commands.iter().flatten();
    let doors = commands.filter_map(|command| command.to.as_ref());
    let limit = document.fallback.iter().filter_map(|f| f.then.as_ref());
    let moved = document.migrate.iter().flat_map(|m| m.nodes.values());
    let moved = moved.filter_map(|name| graph.index.get(name.as_str()).copied());
    let mut open: Vec<usize> = doors.chain(limit).filter_map(|t| graph.place(t)).collect();
    open.extend(moved);
    open.extend(graph.start);
    while let Some(place) = open.pop() {
        if !reached.insert(place) {
            continue;
        }
        if let Some(node) = document.nodes.get(place) {
            let edges = graph.edges(node).into_iter();
            open.extend(edges.filter_map(|(_, target)| graph.place(target)));
        }
    }
    for (place, node) in document.nodes.iter().enumerate() {
        if !reached.contains(&place) {
            found.push(Diagnostic::warning(
                "G1",
                node_pointer(node.id.as_str()),
                format!("'{}'에 이르는 길이 없습니다.", node.id),
                format!("no way leads to '{}'", node.id),
                format!(
                    "add a button or a 'to' that leads to '{}', or take it out",
                    node.id
                ),
            ));
        }
    }
}

/// Finds cycles in which nobody is waited for. A call is no wait: its answer may lead round at once.
fn wait_free_cycles(graph: &Graph<'_>, found: &mut Found) {
    #[derive(Clone, Copy, PartialEq)]
    enum Mark {
        Fresh,
        Open,
        Done,
    }
    let nodes = &graph.document.nodes;
    let mut marks = vec![Mark::Fresh; nodes.len()];
    for root in 0..nodes.len() {
        if marks.get(root) != Some(&Mark::Fresh) {
            continue;
        }
        // A stack of our own: a scenario may be a line of thousands of nodes.
        let mut path: Vec<(usize, Vec<usize>)> = Vec::new();
        let mut enter = Some(root);
        loop {
            if let Some(place) = enter.take() {
                if let Some(mark) = marks.get_mut(place) {
                    *mark = Mark::Open;
                }
                let next = nodes.get(place).map(|node| graph.at_once(node));
                path.push((place, next.unwrap_or_default()));
            }
            let Some((place, next)) = path.last_mut() else {
                break;
            };
            let Some(to) = next.pop() else {
                if let Some(mark) = marks.get_mut(*place) {
                    *mark = Mark::Done;
                }
                path.pop();
                continue;
            };
            match marks.get(to) {
                Some(Mark::Fresh) => enter = Some(to),
                Some(Mark::Open) => {
                    let ring = path
                        .iter()
                        .map(|(place, _)| *place)
                        .skip_while(|p| *p != to);
                    let names: Vec<&str> = ring
                        .chain([to])
                        .filter_map(|place| nodes.get(place).map(|node| node.id.as_str()))
                        .collect();
                    let first = names.first().copied().unwrap_or("");
                    found.push(Diagnostic::error(
                        "G3",
                        node_pointer(first),
                        format!("입력을 기다리지 않고 끝없이 돕니다: {}", names.join(" → ")),
                        format!(
                            "a cycle in which nobody is waited for: {}",
                            names.join(" → ")
                        ),
                        "let one of them wait for the customer",
                    ));
                }
                Some(Mark::Done) | None => {}
            }
        }
    }
}

fn no_terminal(graph: &Graph<'_>, found: &mut Found) {
    let document = graph.document;
    let ends = |node: &Node| {
        matches!(node.exit, Some(Exit::End(_) | Exit::Handoff(_)))
            || graph
                .edges(node)
                .iter()
                .any(|(_, target)| matches!(target, Target::End | Target::Agent))
    };
    let mut reached = BTreeSet::new();
    let mut open: Vec<usize> = graph.start.into_iter().collect();
    let doors = document
        .commands
        .iter()
        .flatten()
        .filter_map(|c| c.to.as_ref());
    let limit = document.fallback.iter().filter_map(|f| f.then.as_ref());
    let sides: Vec<&Target> = doors.chain(limit).collect();
    if sides
        .iter()
        .any(|target| matches!(target, Target::End | Target::Agent))
    {
        return;
    }
    open.extend(sides.into_iter().filter_map(|target| graph.place(target)));
    while let Some(place) = open.pop() {
        let Some(node) = document.nodes.get(place) else {
            continue;
        };
        if !reached.insert(place) {
            continue;
        }
        if ends(node) {
            return;
        }
        open.extend(
            graph
                .edges(node)
                .into_iter()
                .filter_map(|(_, t)| graph.place(t)),
        );
    }
    found.push(Diagnostic::error(
        "G5",
        "/start",
        "시작에서 끝(end)이나 상담원 연결에 이르는 길이 없습니다.",
        "no way leads from the start to an end or a hand-off",
        "let some node end, or lead to @end",
    ));
}
