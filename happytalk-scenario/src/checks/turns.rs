//! What one turn says: T1, T8; hand-offs that nobody has asked the hours about: H3.

use std::collections::BTreeMap;
use std::fmt::{self, Arguments};

use super::Found;
use super::cycles::told;
use super::targets::Place;
use super::walk::Graph;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Exit, Node, Say, Target, node_pointer};
use crate::host::ChannelLimits;
use crate::table::hash;

pub(super) fn check(
    graph: &Graph<'_>,
    limits: &[(String, ChannelLimits, Severity)],
    found: &mut Found,
) {
    too_many(graph, limits, found);
    same_text(graph, found);
    unknown_hours(graph, found);
}

/// How many messages a node sends before it waits or goes on.
fn outputs(node: &Node) -> usize {
    // Buttons stand under the last words; under a picture or a link they are a message of their own.
    let has_buttons = matches!(node.exit, Some(Exit::Buttons(_)));
    let count = |says: &Vec<Say>| {
        let carries = matches!(
            says.last(),
            None | Some(Say::Text(_) | Say::Card(_) | Say::List { .. })
        );
        says.len() + usize::from(has_buttons && !carries)
    };
    let most = node
        .variants
        .iter()
        .filter_map(|variant| variant.says.as_ref().map(count));
    let said = most.chain([count(&node.says)]).max().unwrap_or(0);
    let more = match &node.exit {
        Some(Exit::Ask(_) | Exit::Form(_)) => 1,
        Some(Exit::Call(call)) => usize::from(call.slow.is_some()),
        _ => 0,
    };
    said + more
}

/// T1: the way on which most is said between two waits.
fn too_many(graph: &Graph<'_>, limits: &[(String, ChannelLimits, Severity)], found: &mut Found) {
    let part = graph.silent_parts();
    // Parts are numbered from the last to the first, so that what follows is counted before.
    let mut order: Vec<usize> = (0..graph.len()).collect();
    order.sort_by_key(|place| part.get(*place).copied());
    let mut most: Vec<(usize, Option<usize>)> = vec![(0, None); graph.len()];
    for place in &order {
        let own = graph.node(*place).map_or(0, outputs);
        let same = |to: &usize| part.get(*to) == part.get(*place);
        let further = graph.at_once(*place).iter().copied();
        let further = further.filter(|to| !same(to));
        let best = further
            .filter_map(|to| Some((most.get(to)?.0, to)))
            .max_by_key(|(count, to)| (*count, std::cmp::Reverse(*to)));
        let (count, to) = best.map_or((0, None), |(count, to)| (count, Some(to)));
        if let Some(cell) = most.get_mut(*place) {
            *cell = (own + count, to);
        }
    }
    // A turn begins at the start, and behind everything that waits.
    let mut begins = vec![false; graph.len()];
    let waiting = (0..graph.len()).filter(|at| graph.node(*at).is_some_and(Node::waits));
    let heads = waiting.flat_map(|at| graph.next(at).iter().copied());
    let heads = heads.chain(graph.start);
    let returned = (0..graph.len()).flat_map(|at| {
        let back = graph.edges(at).iter();
        back.filter(|e| matches!(e.place, Place::Handoff("returned")))
            .filter_map(|e| e.to)
    });
    for head in heads.chain(returned) {
        if let Some(flag) = begins.get_mut(head) {
            *flag = true;
        }
    }
    for (channel, limit, severity) in limits {
        let Some(max) = limit.outputs_max else {
            continue;
        };
        for (head, _) in begins.iter().enumerate().filter(|(_, begins)| **begins) {
            let count = most.get(head).map_or(0, |(count, _)| *count);
            if count <= usize::try_from(max).unwrap_or(usize::MAX) {
                continue;
            }
            let mut way = vec![head];
            let mut at = head;
            while let Some(to) = most.get(at).and_then(|(_, to)| *to) {
                way.push(to);
                at = to;
            }
            let way = told(graph, &way);
            found.push(Diagnostic::of(
                "T1",
                *severity,
                node_pointer(graph.id(head)),
                format!("한 번에 메시지 {count}개를 보내는 경로가 있습니다. ({channel} 한도 {max}개): {way}"),
                format!("{count} messages between two waits on this path, over the {max} of {channel}: {way}"),
                "join texts, or wait for the customer in between",
            ));
        }
    }
}

/// Where a text stands in a node.
#[derive(Clone, Copy)]
enum TextPlace {
    Say,
    SayAt(usize),
    Prompt,
}

impl fmt::Display for TextPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Say => f.write_str("/say"),
            Self::SayAt(at) => write!(f, "/say/{at}"),
            Self::Prompt => f.write_str("/ask/prompt"),
        }
    }
}

/// The plain texts of a node, each with its place.
fn texts<'d>(node: &'d Node, visit: &mut dyn FnMut(&'d str, TextPlace)) {
    for (at, say) in node.says.iter().enumerate() {
        if let Say::Text(Ok(words)) = say
            && let Some(text) = words.as_words()
        {
            let at = match node.says_one {
                true => TextPlace::Say,
                false => TextPlace::SayAt(at),
            };
            visit(text.trim(), at);
        }
    }
    if let Some(Exit::Ask(ask)) = &node.exit
        && let Ok(words) = &ask.prompt
        && let Some(text) = words.as_words()
    {
        visit(text.trim(), TextPlace::Prompt);
    }
}

/// T8: the same text twice in one turn.
fn same_text(graph: &Graph<'_>, found: &mut Found) {
    // By hash first: hardly a text is there twice, and only those have to be put in order.
    let mut all = Vec::new();
    for (place, node) in graph.document.nodes.iter().enumerate() {
        texts(node, &mut |text, at| {
            all.push((hash(text.as_bytes()), text, place, at))
        });
    }
    all.sort_by_key(|(hash, ..)| *hash);
    let mut owners: BTreeMap<&str, Vec<(usize, TextPlace)>> = BTreeMap::new();
    for same in all.chunk_by(|(one, ..), (other, ..)| one == other) {
        for (_, text, place, at) in same.iter().filter(|_| same.len() > 1) {
            owners.entry(text).or_default().push((*place, *at));
        }
    }
    for (text, owners) in owners.iter().filter(|(_, owners)| owners.len() > 1) {
        for (number, (place, _)) in owners.iter().enumerate() {
            let others = owners.iter().enumerate();
            let within = others
                .clone()
                .find(|(other, (at, _))| other > &number && at == place);
            let reached = graph.reach(graph.at_once(*place).iter().copied(), |at| {
                graph.at_once(at)
            });
            let after = others
                .clone()
                .find(|(_, (at, _))| at != place && reached.get(*at) == Some(&true));
            if let Some((_, (at, pointer))) = within.or(after) {
                let short: String = text.chars().take(20).collect();
                found.push(Diagnostic::warning(
                    "T8",
                    format!("{}{pointer}", node_pointer(graph.id(*at))),
                    format!("같은 말이 한 번에 두 번 나갑니다: '{short}'"),
                    format!("the same text twice in one turn: '{short}'"),
                    "say it once",
                ));
            }
        }
        if owners.len() > 50 {
            break;
        }
    }
}

/// H3: a person is asked for where nobody has looked whether anyone is there.
fn unknown_hours(graph: &Graph<'_>, found: &mut Found) {
    let asks_hours = |place: usize| {
        let Some(node) = graph.node(place) else {
            return false;
        };
        let by_when = |formula: &crate::document::Formula| {
            let mut paths = Vec::new();
            if let Ok(expr) = formula {
                expr.paths(&mut paths);
            }
            paths.iter().any(|path| path.root == "hours")
        };
        match &node.exit {
            Some(Exit::Hours(_)) => true,
            Some(Exit::If(choose)) => choose.branches.iter().any(|b| by_when(&b.when)),
            _ => false,
        }
    };
    let Some(start) = graph.start else { return };
    let blind = graph.reach([start], |place| match asks_hours(place) {
        true => &[],
        false => graph.next(place),
    });
    let mut warn = |pointer: Arguments<'_>| {
        found.push(Diagnostic::warning(
            "H3",
            pointer,
            "상담 시간을 확인하지 않고 상담원을 연결합니다.",
            "a person is asked for, and nothing says what happens outside working hours",
            "ask an 'hours' node first, or lead to a 'handoff' node with a 'closed' way",
        ));
    };
    for (place, _) in blind.iter().enumerate().filter(|(_, blind)| **blind) {
        let Some(node) = graph.node(place) else {
            continue;
        };
        let pointer = format_args!("{}", node_pointer(node.id.as_str()));
        for edge in graph.edges(place) {
            let is_open = matches!(edge.place, Place::Hours("open"));
            if *edge.target == Target::Agent && !is_open && !asks_hours(place) {
                warn(format_args!("{pointer}{}", edge.place));
            }
        }
        if let Some(Exit::Handoff(handoff)) = &node.exit
            && !handoff.on.contains_key("closed")
        {
            warn(format_args!("{pointer}/handoff"));
        }
    }
    let document = graph.document;
    for (place, command) in document.commands.iter().flatten().enumerate() {
        if command.to == Some(Target::Agent) {
            warn(format_args!("/commands/{place}/to"));
        }
    }
    if graph.limit == Some(&Target::Agent) {
        warn(format_args!("/fallback/then"));
    }
}
