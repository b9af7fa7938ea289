//! Where a customer can get to: G1, G2, G4, G5, G6, G7, G11, G12.

use std::collections::BTreeMap;

use super::Found;
use super::walk::{Graph, parts, rings};
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Exit, Target, node_pointer};

/// From how many presses on the way to an end is long (G6).
const PRESSES_MAX: u32 = 20;
/// How many findings of one kind are told one by one.
const TOLD_MAX: usize = 20;

pub(super) fn check(graph: &Graph<'_>, found: &mut Found) {
    dead_ends(graph.document, found);
    // What a part that could not be read leads to is not known.
    if graph.document.nodes.iter().any(|node| node.broken) {
        return;
    }
    let reached = reached(graph);
    unreachable(graph, &reached, found);
    if is_over_somewhere(graph, &reached, found) {
        no_way_out(graph, &reached, found);
        long_ways(graph, &reached, found);
    }
    nothing_behind(graph, found);
    same_twice(graph, found);
    histogram(graph, found);
}

fn dead_ends(document: &Document, found: &mut Found) {
    for node in document.nodes.iter().filter(|node| !node.broken) {
        let (stuck, lacks) = match &node.exit {
            None => (true, "'to', 'buttons' or 'end'"),
            Some(Exit::Ask(ask)) => (ask.to.is_none(), "'to'"),
            Some(Exit::Form(form)) => (!form.on.contains_key("done"), "'done' to the form's 'on'"),
            Some(Exit::Sub(sub)) => (sub.to.is_none(), "'to'"),
            _ => (false, ""),
        };
        if stuck {
            found.push(Diagnostic::error(
                "G2",
                node_pointer(node.id.as_str()),
                "나갈 길도 end도 없는 막다른 노드입니다.",
                "a dead end: it leads nowhere and does not end",
                format!("add {lacks}"),
            ));
        }
    }
}

/// What start, commands, the fallback and older versions lead to.
fn reached(graph: &Graph<'_>) -> Vec<bool> {
    let doors = graph.doors.iter().copied().chain(graph.limit);
    let mut open: Vec<usize> = doors.filter_map(|target| graph.place(target)).collect();
    let moved = graph.document.migrate.iter().flat_map(|m| m.nodes.values());
    open.extend(moved.filter_map(|name| graph.find(name)));
    open.extend(graph.start);
    graph.reach(open, |place| graph.next(place))
}

fn unreachable(graph: &Graph<'_>, reached: &[bool], found: &mut Found) {
    // The edit that is told reaches a whole part at once, where nothing else leads into it.
    let host = reached_host(graph, reached);
    for (place, _) in reached.iter().enumerate().filter(|(_, seen)| !**seen) {
        let id = graph.id(place);
        let from = graph.before(place).iter().find(|p| **p != place);
        let hint = match (from, host) {
            (Some(from), _) => format!("reach '{}' first, which leads to '{id}'", graph.id(*from)),
            (None, Some(host)) => format!(
                "add a button with \"to\": \"{id}\" to /nodes/{host}/buttons, or take '{id}' out"
            ),
            (None, None) => format!("lead to '{id}' from some node, or take it out"),
        };
        found.push(Diagnostic::warning(
            "G1",
            node_pointer(id),
            format!("'{id}'에 이르는 길이 없습니다."),
            format!("no way leads to '{id}'"),
            hint,
        ));
    }
}

/// The first node with buttons, from the start on: where one more button is the smallest edit.
fn reached_host<'d>(graph: &Graph<'d>, reached: &[bool]) -> Option<&'d str> {
    let has = |place: &usize| {
        reached.get(*place) == Some(&true)
            && graph
                .node(*place)
                .is_some_and(|node| matches!(node.exit, Some(Exit::Buttons(_))))
    };
    let first = graph.start.filter(has);
    first
        .or_else(|| (0..graph.len()).find(has))
        .map(|place| graph.id(place))
}

/// G5; false where the conversation can never be over.
fn is_over_somewhere(graph: &Graph<'_>, reached: &[bool], found: &mut Found) -> bool {
    let Some(start) = graph.start else {
        return false;
    };
    let from_start = graph.reach([start], |place| graph.next(place));
    let any = |seen: &[bool]| {
        (0..graph.len()).any(|p| seen.get(p) == Some(&true) && graph.is_terminal(p))
    };
    if any(&from_start) {
        return true;
    }
    found.push(Diagnostic::error(
        "G5",
        "/start",
        "시작에서 끝(end)이나 상담원 연결에 이르는 길이 없습니다.",
        "no way leads from the start to an end or a hand-off",
        "let some node end, or lead to @end",
    ));
    any(reached)
}

/// How many times the customer has to press or answer from each node to an end, with the limits of misses left out.
fn presses_to_end(graph: &Graph<'_>) -> Vec<Option<u32>> {
    let mut far: Vec<Option<u32>> = vec![None; graph.len()];
    let mut queue: std::collections::VecDeque<(usize, u32)> = (0..graph.len())
        .filter(|place| graph.is_terminal(*place))
        .map(|place| (place, 0))
        .collect();
    while let Some((place, presses)) = queue.pop_front() {
        let waits = graph.node(place).is_some_and(crate::document::Node::waits);
        let presses = presses + u32::from(waits);
        match far.get_mut(place) {
            Some(cell) if cell.is_none_or(|known| known > presses) => *cell = Some(presses),
            _ => continue,
        }
        for from in graph.before(place) {
            match graph.node(*from).is_some_and(crate::document::Node::waits) {
                true => queue.push_back((*from, presses)),
                false => queue.push_front((*from, presses)),
            }
        }
    }
    far
}

/// G4: a ring of nodes from which nothing leads to an end, a person or home.
fn no_way_out(graph: &Graph<'_>, reached: &[bool], found: &mut Found) {
    let home = |place: usize| graph.edges(place).iter().any(|e| *e.target == Target::Home);
    let door_home = graph.doors.contains(&&Target::Home);
    let leads_home = |place: usize| {
        home(place)
            || door_home
                && graph.node(place).is_some_and(|node| {
                    node.waits() && node.interrupt != crate::document::Interrupt::None
                })
    };
    let ends = (0..graph.len()).filter(|place| graph.is_terminal(*place) || leads_home(*place));
    let out = graph.reach(ends, |place| graph.before(place));
    let stuck = |place: usize| out.get(place) == Some(&false) && reached.get(place) == Some(&true);
    if !(0..graph.len()).any(stuck) {
        return;
    }
    let next = |place: usize| graph.next(place);
    let part = parts(graph.len(), next);
    for ring in rings(&part, next) {
        let Some(first) = ring.iter().copied().find(|place| stuck(*place)) else {
            continue;
        };
        let names: Vec<&str> = ring.iter().take(TOLD_MAX).map(|p| graph.id(*p)).collect();
        let names = names.join(", ");
        found.push(Diagnostic::warning(
            "G4",
            node_pointer(graph.id(first)),
            format!("끝·상담원·처음으로 나갈 길이 없는 순환입니다: {names}"),
            format!("no way leads out of here to an end, a hand-off or home: {names}"),
            "add a command with \"to\": \"@home\", or a button that ends",
        ));
    }
}

fn long_ways(graph: &Graph<'_>, reached: &[bool], found: &mut Found) {
    let far = presses_to_end(graph);
    let mut long: Vec<(u32, usize)> = far
        .iter()
        .enumerate()
        .filter_map(|(place, far)| Some(((*far)?, place)))
        .filter(|(far, place)| *far > PRESSES_MAX && reached.get(*place) == Some(&true))
        .filter(|(_, place)| graph.node(*place).is_some_and(crate::document::Node::waits))
        .collect();
    long.sort_by(|a, b| b.cmp(a));
    let more = long.len().saturating_sub(TOLD_MAX);
    for (far, place) in long.into_iter().take(TOLD_MAX) {
        let id = graph.id(place);
        found.push(Diagnostic::warning(
            "G6",
            node_pointer(id),
            format!("'{id}'에서 끝까지 {far}번 눌러야 합니다."),
            format!("from '{id}' it takes {far} presses to get to an end"),
            format!(
                "shorten the way to {PRESSES_MAX} presses, or add a command that leads to a person"
            ),
        ));
    }
    if more > 0 {
        found.push(Diagnostic::warning(
            "G6",
            "/nodes",
            format!("끝까지 {PRESSES_MAX}번 넘게 눌러야 하는 노드가 {more}개 더 있습니다."),
            format!(
                "from {more} more nodes it takes more than {PRESSES_MAX} presses to get to an end"
            ),
            "shorten the way, or add a command that leads to a person",
        ));
    }
}

/// G11: 이전으로 where the customer has not waited anywhere before.
fn nothing_behind(graph: &Graph<'_>, found: &mut Found) {
    let Some(start) = graph.start else { return };
    // The nodes that are come to before the customer has said anything.
    let first = graph.reach([start], |place| {
        let waits = graph.node(place).is_some_and(crate::document::Node::waits);
        if waits { &[] } else { graph.at_once(place) }
    });
    for (place, _) in first.iter().enumerate().filter(|(_, first)| **first) {
        for edge in graph.edges(place) {
            if *edge.target == Target::Back {
                found.push(Diagnostic::warning(
                    "G11",
                    format!("{}{}", node_pointer(graph.id(place)), edge.place),
                    "돌아갈 이전 단계가 없을 수 있습니다. 그때는 처음으로 갑니다.",
                    "there may be no step behind to go back to; it leads home then",
                    "lead to @home, or to the node that is meant",
                ));
            }
        }
    }
}

/// G12: nodes that are the same but for their names.
fn same_twice(graph: &Graph<'_>, found: &mut Found) {
    let nodes = graph.document.nodes.iter().enumerate();
    let mut prints: Vec<(u64, usize)> = nodes.map(|(place, node)| (node.print, place)).collect();
    prints.sort_unstable();
    let mut again: Vec<(usize, usize)> = Vec::new();
    for same in prints.chunk_by(|(one, _), (other, _)| one == other) {
        if let [(_, first), others @ ..] = same {
            again.extend(others.iter().map(|(_, place)| (*place, *first)));
        }
    }
    again.sort_unstable();
    for (place, first) in again {
        let (id, other) = (graph.id(place), graph.id(first));
        found.push(Diagnostic::info(
            "G12",
            node_pointer(id),
            format!("'{id}'은(는) '{other}'과(와) 내용이 같습니다."),
            format!("'{id}' is the same as '{other}'"),
            format!("lead to '{other}' instead, and take '{id}' out"),
        ));
    }
}

/// G7: how many stops lie how deep.
fn histogram(graph: &Graph<'_>, found: &mut Found) {
    let depths = crate::depth::of(graph.document, graph.ids());
    let mut counts: BTreeMap<u32, u32> = BTreeMap::new();
    for (node, depth) in graph.document.nodes.iter().zip(&depths) {
        if let (true, Some(depth)) = (node.is_stop(), depth) {
            *counts.entry(*depth).or_default() += 1;
        }
    }
    let mut list: Vec<String> = counts.iter().map(|(d, n)| format!("{d}:{n}")).collect();
    if list.len() > 40 {
        list.truncate(40);
        list.push("…".to_owned());
    }
    let list = list.join(" ");
    found.push(Diagnostic::info(
        "G7",
        "/nodes",
        format!("깊이별 노드 수 (깊이:개수) {list}"),
        format!("nodes by depth (depth:count) {list}"),
        "nothing to do; most customers are lost below depth 4",
    ));
}
