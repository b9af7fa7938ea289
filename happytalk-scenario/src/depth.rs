//! How deep nodes lie.

use std::collections::VecDeque;

use crate::checks::ids::Ids;
use crate::checks::targets;
use crate::document::{Document, Exit, Node, Target};

/// The shortest way to each node, counted in stops. Nodes that only a command or a fallback leads to come second.
pub(crate) fn of(document: &Document, ids: &Ids<'_>) -> Vec<Option<u32>> {
    let nodes = &document.nodes;
    let Some(start) = ids.find(&document.start) else {
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
                    && let Some(place) = ids.find(id.as_str())
                    && depths.get(place).is_some_and(Option::is_none)
                {
                    queue.push_back((place, reached));
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
                    && let Some(next) = ids.find(id.as_str())
                {
                    // Silent nodes cost nothing, so what they lead to comes first.
                    match nodes.get(next).is_some_and(Node::is_stop) {
                        true => queue.push_back((next, depth)),
                        false => queue.push_front((next, depth)),
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

/// For each node how many nodes a walk that begins with it enters at most before the customer or the host has the word;
/// [`u32::MAX`] where the document does not say: in a ring, and where another scenario or the trail decides.
pub(crate) fn walks(document: &Document, ids: &Ids<'_>) -> Vec<u32> {
    let nodes = &document.nodes;
    let start = ids.find(&document.start);
    let next = |node: &Node| -> Vec<Option<usize>> {
        let place = |target: &Target| match target {
            Target::Node(id) => Some(ids.find(id.as_str())),
            Target::Home => Some(start),
            Target::End | Target::Agent => None,
            Target::Back | Target::Unknown(_) => Some(None),
        };
        let silent = match &node.exit {
            Some(Exit::Ask(ask)) if ask.needs.is_some() => return vec![None],
            Some(Exit::Form(form)) if form.needs.is_some() => return vec![None],
            Some(Exit::Sub(_)) => return vec![None],
            Some(Exit::Form(form)) => form.on.get("done").into_iter().collect(),
            Some(Exit::Handoff(handoff)) => handoff.on.get("closed").into_iter().collect(),
            Some(Exit::If(_) | Exit::Hours(_) | Exit::To(_)) => {
                let mut all = Vec::new();
                targets::of(node, &mut |_, target| all.push(target));
                all
            }
            Some(Exit::Buttons(_) | Exit::Ask(_) | Exit::Call(_) | Exit::End(_)) | None => {
                Vec::new()
            }
        };
        silent.into_iter().filter_map(place).collect()
    };
    let mut walks: Vec<Option<u32>> = vec![None; nodes.len()];
    let mut is_open = vec![false; nodes.len()];
    for first in 0..nodes.len() {
        let mut stack = vec![(first, false)];
        while let Some((place, is_back)) = stack.pop() {
            let (Some(node), Some(None)) = (nodes.get(place), walks.get(place)) else {
                continue;
            };
            let follow = next(node);
            if !is_back && let Some(open @ false) = is_open.get_mut(place) {
                *open = true;
                stack.push((place, true));
                stack.extend(follow.into_iter().flatten().map(|next| (next, false)));
                continue;
            }
            // What is not known by now is in a ring with this one.
            let known = |next: Option<usize>| next.and_then(|next| *walks.get(next)?);
            let longest = follow
                .into_iter()
                .map(|next| known(next).unwrap_or(u32::MAX))
                .max();
            if let Some(walk) = walks.get_mut(place) {
                *walk = Some(longest.unwrap_or(0).saturating_add(1));
            }
        }
    }
    walks
        .into_iter()
        .map(|walk| walk.unwrap_or(u32::MAX))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(nodes: &str) -> Vec<u32> {
        let text = format!(
            r#"{{"format":1,"id":"walk","version":1,"start":"a","fallback":{{"say":"?","max":1,"then":"@end"}},"nodes":{{{nodes}}}}}"#
        );
        let document = crate::document::parse(&text).unwrap();
        walks(&document, &Ids::of(&document))
    }

    #[test]
    fn a_walk_is_counted_to_where_it_stops() {
        let stop = r#""z":{"say":"z","buttons":[{"id":"b","label":"b","to":"a"}]}"#;
        let hours = r#""c":{"hours":{"open":"z","closed":"@end"}}"#;
        let all = format!(r#""a":{{"to":"b"}},"b":{{"to":"c"}},{hours},{stop}"#);
        assert_eq!(walk(&all), [4, 3, 2, 1]);
    }

    #[test]
    fn a_ring_and_what_leads_into_it_have_no_end() {
        let max = u32::MAX;
        let ring = r#""a":{"to":"b"},"b":{"to":"c"},"c":{"to":"b"},"d":{"end":"x"}"#;
        assert_eq!(walk(ring), [max, max, max, 1]);
        assert_eq!(walk(r#""a":{"to":"@back"},"b":{"to":"@end"}"#), [max, 1]);
    }
}
