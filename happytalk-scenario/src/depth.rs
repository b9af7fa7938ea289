//! How deep nodes lie.

use std::collections::{BTreeMap, VecDeque};

use crate::checks::targets;
use crate::document::{Document, Node, Target};

/// The shortest way to each node, counted in stops. Nodes that only a command or a fallback leads to come second.
pub(crate) fn of(document: &Document) -> Vec<Option<u32>> {
    let nodes = &document.nodes;
    let places = nodes.iter().enumerate();
    let index: BTreeMap<&str, usize> = places.map(|(at, node)| (node.id.as_str(), at)).collect();
    let Some(&start) = index.get(document.start.as_str()) else {
        return vec![None; nodes.len()];
    };
    let commands = document.commands.as_deref().unwrap_or_default();
    let mut depths: Vec<Option<u32>> = vec![None; nodes.len()];
    let mut queue = VecDeque::from([(start, 0)]);
    for by_side_doors in [false, true] {
        if by_side_doors {
            let reached = depths.iter().flatten().copied().min().unwrap_or(1);
            let doors = commands.iter().filter_map(|command| command.to.as_ref());
            let limit = document.fallback.iter().filter_map(|f| f.then.as_ref());
            for target in doors.chain(limit) {
                if let Target::Node(id) = target
                    && let Some(place) = index.get(id.as_str())
                    && depths.get(*place).is_some_and(Option::is_none)
                {
                    queue.push_back((*place, reached));
                }
            }
        }
        while let Some((place, before)) = queue.pop_front() {
            let Some(node) = nodes.get(place) else {
                continue;
            };
            let depth = before + u32::from(node.is_stop());
            let Some(cell) = depths.get_mut(place) else {
                continue;
            };
            if cell.is_some_and(|known| known <= depth) {
                continue;
            }
            *cell = Some(depth);
            targets::of(node, &mut |_, target| {
                if let Target::Node(id) = target
                    && let Some(next) = index.get(id.as_str())
                {
                    // Silent nodes cost nothing, so what they lead to comes first.
                    match nodes.get(*next).is_some_and(Node::is_stop) {
                        true => queue.push_back((*next, depth)),
                        false => queue.push_front((*next, depth)),
                    }
                }
            });
        }
    }
    depths
        .iter()
        .map(|depth| depth.map(|depth| depth.max(1)))
        .collect()
}
