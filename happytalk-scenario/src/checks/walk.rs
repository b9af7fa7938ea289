//! The scenario as a graph: what leads where, and what hangs together.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use super::ids::Ids;
use super::targets::{self, Place};
use crate::document::{Button, Document, Exit, Interrupt, Node, Target};

/// One way out of a node.
pub(crate) struct Edge<'d> {
    pub(crate) place: Place<'d>,
    pub(crate) target: &'d Target,
    /// The node it leads to, where it leads to one.
    pub(crate) to: Option<usize>,
}

/// What each node leads to, one list behind the other.
#[derive(Default)]
pub(crate) struct Ways {
    /// Where the list of each node ends.
    ends: Vec<usize>,
    to: Vec<usize>,
}

/// Where a list begins and ends among others that stand behind one another.
fn bounds(ends: &[usize], place: usize) -> (usize, usize) {
    let end = |place: usize| ends.get(place).copied();
    let begin = place.checked_sub(1).and_then(end);
    (begin.unwrap_or_default(), end(place).unwrap_or_default())
}

impl Ways {
    fn new(count: usize, mut next: impl FnMut(usize, &mut Vec<usize>)) -> Self {
        let mut ways = Self {
            ends: Vec::with_capacity(count),
            to: Vec::with_capacity(count.saturating_mul(2)),
        };
        for place in 0..count {
            next(place, &mut ways.to);
            ways.ends.push(ways.to.len());
        }
        ways
    }

    pub(crate) fn from(&self, place: usize) -> &[usize] {
        let (begin, end) = bounds(&self.ends, place);
        self.to.get(begin..end).unwrap_or_default()
    }

    /// The same ways from where they lead; the nodes of one list are in order.
    fn turned(&self) -> Self {
        let count = self.ends.len();
        let mut ends = vec![0; count];
        for to in &self.to {
            if let Some(cell) = ends.get_mut(*to) {
                *cell += 1_usize;
            }
        }
        let mut sum = 0;
        for cell in &mut ends {
            sum += *cell;
            *cell = sum;
        }
        // From the last to the first, each list is filled from its end.
        let (mut free, mut turned) = (ends.clone(), vec![0; sum]);
        for place in (0..count).rev() {
            for to in self.from(place) {
                let Some(free) = free.get_mut(*to) else {
                    continue;
                };
                *free = free.saturating_sub(1);
                if let Some(cell) = turned.get_mut(*free) {
                    *cell = place;
                }
            }
        }
        Self { ends, to: turned }
    }
}

/// The nodes by their places, with their ways out.
pub(crate) struct Graph<'d> {
    pub(crate) document: &'d Document,
    ids: Ids<'d>,
    pub(crate) start: Option<usize>,
    edges: Vec<Edge<'d>>,
    /// Where the edges of each node end.
    ends: Vec<usize>,
    /// Where the ways lead that every waiting node has: commands, and the limit of the scenario's fallback.
    pub(crate) doors: Vec<&'d Target>,
    pub(crate) limit: Option<&'d Target>,
    next: OnceCell<Ways>,
    before: OnceCell<Ways>,
    at_once: OnceCell<Ways>,
    silent_parts: OnceCell<Vec<usize>>,
}

/// 처음으로 and 이전으로, which are there where the document says nothing of commands.
const HOME: Target = Target::Home;

impl<'d> Graph<'d> {
    pub(crate) fn new(document: &'d Document) -> Self {
        Self::with(document, Ids::of(document))
    }

    /// The same with the places of the nodes known.
    pub(crate) fn with(document: &'d Document, ids: Ids<'d>) -> Self {
        let doors = match &document.commands {
            Some(commands) => commands.iter().filter_map(|c| c.to.as_ref()).collect(),
            None => vec![&HOME],
        };
        let limit = document.fallback.as_ref().and_then(|it| it.then.as_ref());
        let mut graph = Self {
            document,
            start: ids.find(&document.start),
            ids,
            edges: Vec::new(),
            ends: Vec::new(),
            doors,
            limit,
            next: OnceCell::new(),
            before: OnceCell::new(),
            at_once: OnceCell::new(),
            silent_parts: OnceCell::new(),
        };
        let count = document.nodes.len();
        let (mut edges, mut ends) = (
            Vec::with_capacity(count.saturating_mul(2)),
            Vec::with_capacity(count),
        );
        for node in &document.nodes {
            targets::of(node, &mut |place, target| {
                let to = graph.place(target);
                edges.push(Edge { place, target, to });
            });
            ends.push(edges.len());
        }
        (graph.edges, graph.ends) = (edges, ends);
        graph
    }

    pub(crate) const fn ids(&self) -> &Ids<'d> {
        &self.ids
    }

    /// The place of the node of that name.
    pub(crate) fn find(&self, id: &str) -> Option<usize> {
        self.ids.find(id)
    }

    pub(crate) fn place(&self, target: &Target) -> Option<usize> {
        match target {
            Target::Node(id) => self.find(id.as_str()),
            // Back leads to where the customer waited before, or home when there is nothing before.
            Target::Home | Target::Back => self.start,
            Target::End | Target::Agent | Target::Unknown(_) => None,
        }
    }

    /// The nodes that are come to by a command, the limit of the scenario's fallback, or a move of an older version.
    pub(crate) fn entrances(&self) -> impl Iterator<Item = usize> {
        let doors = self.doors.iter().copied().chain(self.limit);
        let moved = self
            .document
            .migrate
            .iter()
            .flat_map(|step| step.nodes.values());
        let moved = moved.filter_map(|name| self.find(name));
        doors.filter_map(|target| self.place(target)).chain(moved)
    }

    pub(crate) fn node(&self, place: usize) -> Option<&'d Node> {
        self.document.nodes.get(place)
    }

    pub(crate) fn id(&self, place: usize) -> &'d str {
        self.node(place).map_or("", |node| node.id.as_str())
    }

    pub(crate) fn edges(&self, place: usize) -> &[Edge<'d>] {
        let (begin, end) = bounds(&self.ends, place);
        self.edges.get(begin..end).unwrap_or_default()
    }

    pub(crate) fn len(&self) -> usize {
        self.document.nodes.len()
    }

    /// The nodes to which one leads without the customer or an agent.
    pub(crate) fn at_once(&self, place: usize) -> &[usize] {
        let ways = || Ways::new(self.len(), |place, to| self.walk_at_once(place, to));
        self.at_once.get_or_init(ways).from(place)
    }

    fn walk_at_once(&self, place: usize, to: &mut Vec<usize>) {
        let Some(node) = self.node(place) else {
            return;
        };
        let silent = |edge: &&Edge<'_>| match (&node.exit, &edge.place) {
            (Some(Exit::Form(form)), Place::Form("done")) => form.skip_known,
            (Some(Exit::Form(_) | Exit::Buttons(_) | Exit::Ask(_)), _) => false,
            (_, Place::Handoff("returned" | "accepted")) => false,
            _ => !node.approve,
        };
        let edges = self.edges(place).iter().filter(silent);
        to.extend(edges.filter_map(|edge| edge.to));
    }

    /// The parts that hang together without the customer or an agent; see [`parts`].
    pub(crate) fn silent_parts(&self) -> &[usize] {
        let parts = || parts(self.len(), |place| self.at_once(place));
        self.silent_parts.get_or_init(parts)
    }

    /// Everything one press or answer further, and the commands where they may interrupt.
    pub(crate) fn next(&self, place: usize) -> &[usize] {
        self.every_next().from(place)
    }

    fn every_next(&self) -> &Ways {
        self.next.get_or_init(|| {
            let doors = self.doors.iter().filter_map(|target| self.place(target));
            let doors: Vec<usize> = doors.collect();
            Ways::new(self.len(), |place, to| self.walk_next(place, &doors, to))
        })
    }

    fn walk_next(&self, place: usize, doors: &[usize], to: &mut Vec<usize>) {
        to.extend(self.edges(place).iter().filter_map(|edge| edge.to));
        let Some(node) = self.node(place) else {
            return;
        };
        if node.waits() {
            if node.interrupt != Interrupt::None {
                to.extend(doors);
            }
            if self.falls_through(node) {
                to.extend(self.limit.and_then(|target| self.place(target)));
            }
        }
    }

    /// The nodes from which one is come to in one step of [`Graph::next`].
    pub(crate) fn before(&self, place: usize) -> &[usize] {
        let turned = || self.every_next().turned();
        self.before.get_or_init(turned).from(place)
    }

    /// Whether the scenario's own fallback says what happens after too many misses at a node.
    pub(crate) fn falls_through(&self, node: &Node) -> bool {
        let own = match &node.exit {
            Some(Exit::Ask(ask)) => ask.retry.is_some(),
            Some(Exit::Form(form)) => form.on.contains_key("gave_up"),
            _ => false,
        };
        node.waits() && node.fallback.is_none() && !own
    }

    /// Whether the conversation can be over, or with a person, right after a node.
    pub(crate) fn is_terminal(&self, place: usize) -> bool {
        let Some(node) = self.node(place) else {
            return false;
        };
        let over = |target: &Target| matches!(target, Target::End | Target::Agent);
        let doors = node.waits() && node.interrupt != Interrupt::None;
        matches!(node.exit, Some(Exit::End(_) | Exit::Handoff(_)))
            || self.edges(place).iter().any(|edge| over(edge.target))
            || doors && self.doors.iter().any(|target| over(target))
            || self.falls_through(node) && self.limit.is_some_and(over)
    }

    /// Everything that can be reached from these nodes, over `next`.
    pub(crate) fn reach<'w>(
        &self,
        from: impl IntoIterator<Item = usize>,
        next: impl Fn(usize) -> &'w [usize],
    ) -> Vec<bool> {
        let mut reached = vec![false; self.len()];
        let mut open: Vec<usize> = from.into_iter().collect();
        while let Some(place) = open.pop() {
            match reached.get_mut(place) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            open.extend(next(place));
        }
        reached
    }

    /// The buttons of a node on every channel.
    pub(crate) fn button(node: &'d Node, place: &Place<'_>) -> Option<&'d Button> {
        match place {
            Place::Button(at) => node.buttons().get(*at),
            Place::Variant(channel, at) => {
                let mut variants = node.variants.iter();
                let own = variants.find(|variant| variant.channel == *channel)?;
                own.buttons.as_ref()?.get(*at)
            }
            _ => None,
        }
    }
}

/// The number of the part each node belongs to: nodes of one part lead to one another. Parts are numbered from the
/// last to the first. Tarjan's way, with a stack of our own: a scenario may be a line of thousands of nodes.
pub(crate) fn parts<W: AsRef<[usize]>>(count: usize, next: impl Fn(usize) -> W) -> Vec<usize> {
    const NONE: usize = usize::MAX;
    let (mut order, mut low) = (vec![NONE; count], vec![NONE; count]);
    let mut part = vec![NONE; count];
    let (mut clock, mut parts) = (0, 0);
    let mut held: Vec<usize> = Vec::new();
    let at = |list: &[usize], place: usize| list.get(place).copied().unwrap_or(NONE);
    let put = |list: &mut [usize], place: usize, value: usize| {
        if let Some(cell) = list.get_mut(place) {
            *cell = value;
        }
    };
    for root in 0..count {
        if at(&order, root) != NONE {
            continue;
        }
        // The ways of a node, and how many of them are not followed yet.
        let open = |place: usize| {
            let ways = next(place);
            let count = ways.as_ref().len();
            (place, ways, count)
        };
        let mut path = vec![open(root)];
        put(&mut order, root, clock);
        put(&mut low, root, clock);
        clock += 1;
        held.push(root);
        while let Some((place, ways, left)) = path.last_mut() {
            let place = *place;
            *left = left.wrapping_sub(1);
            if let Some(to) = ways.as_ref().get(*left).copied() {
                if at(&order, to) == NONE && to < count {
                    put(&mut order, to, clock);
                    put(&mut low, to, clock);
                    clock += 1;
                    held.push(to);
                    path.push(open(to));
                } else if at(&part, to) == NONE {
                    let least = at(&low, place).min(at(&order, to));
                    put(&mut low, place, least);
                }
                continue;
            }
            path.pop();
            if let Some((before, ..)) = path.last() {
                let least = at(&low, *before).min(at(&low, place));
                put(&mut low, *before, least);
            }
            if at(&low, place) == at(&order, place) {
                while let Some(inner) = held.pop() {
                    put(&mut part, inner, parts);
                    if inner == place {
                        break;
                    }
                }
                parts += 1;
            }
        }
    }
    part
}

/// The parts that are rings: more than one node, or one that leads to itself.
pub(crate) fn rings<W: AsRef<[usize]>>(
    part: &[usize],
    next: impl Fn(usize) -> W,
) -> Vec<Vec<usize>> {
    // No part has a number as large as the count of the nodes.
    let mut sizes = vec![0_usize; part.len()];
    for number in part {
        if let Some(size) = sizes.get_mut(*number) {
            *size += 1;
        }
    }
    let mut members: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (place, number) in part.iter().enumerate() {
        let is_one = sizes.get(*number) == Some(&1);
        if !is_one || next(place).as_ref().contains(&place) {
            members.entry(*number).or_default().push(place);
        }
    }
    let mut rings: Vec<_> = members.into_values().collect();
    rings.sort();
    rings
}

/// The shortest way from `from` to a node for which `is_end` holds, over `next`; both ends are part of it.
pub(crate) fn shortest<W: AsRef<[usize]>>(
    count: usize,
    from: usize,
    next: impl Fn(usize) -> W,
    is_end: impl Fn(usize) -> bool,
) -> Option<Vec<usize>> {
    let mut before = vec![None; count];
    let mut queue = std::collections::VecDeque::from([from]);
    let mut seen = vec![false; count];
    while let Some(place) = queue.pop_front() {
        for to in next(place).as_ref().iter().copied() {
            match seen.get_mut(to) {
                Some(seen) if !*seen => *seen = true,
                _ => continue,
            }
            if let Some(cell) = before.get_mut(to) {
                *cell = Some(place);
            }
            if is_end(to) {
                let mut way = vec![to];
                let mut at = place;
                while at != from && way.len() <= count {
                    way.push(at);
                    at = before.get(at).copied().flatten()?;
                }
                way.push(from);
                way.reverse();
                return Some(way);
            }
            queue.push_back(to);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_and_rings_are_found() {
        let ways = [vec![1], vec![2], vec![0, 3], vec![4], vec![4], vec![]];
        let next = |place: usize| ways[place].clone();
        let part = parts(ways.len(), next);
        assert!(part[0] == part[1] && part[1] == part[2] && part[2] != part[3]);
        assert_eq!(rings(&part, next), [vec![0, 1, 2], vec![4]]);
        assert_eq!(
            shortest(6, 0, next, |at| at == 4),
            Some(vec![0, 1, 2, 3, 4])
        );
        assert_eq!(shortest(6, 0, next, |at| at == 0), Some(vec![0, 1, 2, 0]));
        assert_eq!(shortest(6, 0, next, |at| at == 5), None);
    }
}
