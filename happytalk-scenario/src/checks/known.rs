//! What is set on every way to a node: D1, D4, D8, followed over the ways through the scenario.

mod reader;

use std::collections::{BTreeSet, VecDeque};

use super::Found;
use super::cycles::told;
use super::targets::Place;
use super::walk::Graph;
use crate::diagnostic::escape;
use crate::document::{Button, Exit, Form, Formula, Interrupt, Node, node_pointer};
use crate::expr::{Expr, Types, shown};
use crate::slot::Slot;
use reader::Reader;

/// What is known: paths that hold a value (`order`, `order.item`), and consents that were given (`consent:name`).
type Facts = BTreeSet<String>;

fn consent(name: &str) -> String {
    format!("consent:{name}")
}

/// What happens to what is known on one way.
#[derive(Clone)]
enum Change {
    /// A value is there.
    Gain(String),
    /// A value, and everything inside it, may be gone.
    Lose(String),
}

fn apply(facts: &mut Facts, changes: &[Change]) {
    for change in changes {
        match change {
            Change::Gain(path) => {
                // Something inside a value makes the value be there.
                for (at, _) in path.match_indices('.') {
                    facts.insert(path.get(..at).unwrap_or("").to_owned());
                }
                facts.insert(path.clone());
            }
            Change::Lose(path) => {
                let inside = format!("{path}.");
                facts.retain(|fact| fact != path && !fact.starts_with(&inside));
            }
        }
    }
}

struct Step {
    to: usize,
    changes: Vec<Change>,
}

struct Known<'g, 'd> {
    graph: &'g Graph<'d>,
    types: Types<'d>,
    /// Before anything happens.
    first: Facts,
    steps: Vec<Vec<Step>>,
    /// What is known whenever a node is come to; nothing for a node that is never reached.
    at: Vec<Option<Facts>>,
}

pub(super) fn check(graph: &Graph<'_>, found: &mut Found) {
    let mut known = Known::new(graph);
    known.follow();
    for place in 0..graph.len() {
        known.node(place, found);
    }
    known.everywhere(found);
}

fn name_of(formula: &Formula) -> Option<&Expr> {
    formula.as_ref().ok()
}

impl<'g, 'd> Known<'g, 'd> {
    fn new(graph: &'g Graph<'d>) -> Self {
        let vars = &graph.document.vars;
        let defaults = vars.iter().filter(|(_, var)| var.default.is_some());
        let mut known = Self {
            graph,
            types: Types { vars },
            first: defaults.map(|(name, _)| name.clone()).collect(),
            steps: Vec::new(),
            at: vec![None; graph.len()],
        };
        known.steps = (0..graph.len())
            .map(|place| known.steps_of(place))
            .collect();
        known
    }

    /// What the assignments of a node or a button do.
    fn sets(&self, sets: &[(String, Formula)]) -> Vec<Change> {
        let mut changes = Vec::new();
        for (name, formula) in sets {
            changes.push(Change::Lose(name.clone()));
            let gives = match name_of(formula) {
                Some(Expr::Literal(value)) => !value.is_null(),
                // A value that may be missing leaves the variable as unsure as it is itself.
                Some(Expr::Path(path)) => {
                    !self.types.path(path).is_ok_and(|(_, missing)| missing)
                        && !self.is_unsure(&path.root)
                }
                Some(_) => true,
                None => true,
            };
            if gives {
                changes.push(Change::Gain(name.clone()));
            }
        }
        changes
    }

    fn pressed(&self, button: &Button) -> Vec<Change> {
        let mut changes = Vec::new();
        if let Some(when) = button.when.as_ref().and_then(name_of) {
            let shown = shown(when, true);
            changes.extend(shown.iter().map(|path| Change::Gain(path.to_string())));
        }
        if let Some(name) = &button.consent {
            changes.push(Change::Gain(consent(name)));
        }
        changes.extend(self.sets(&button.set));
        changes
    }

    /// What a node does before it waits or goes on.
    fn acts(&self, node: &Node) -> Vec<Change> {
        let mut changes = self.sets(&node.actions.set);
        let clear = node.actions.clear.iter();
        changes.extend(clear.map(|name| Change::Lose(name.clone())));
        changes
    }

    fn steps_of(&self, place: usize) -> Vec<Step> {
        let Some(node) = self.graph.node(place) else {
            return Vec::new();
        };
        let acts = self.acts(node);
        let mut steps = Vec::new();
        let mut push = |to: Option<usize>, more: Vec<Change>| {
            let Some(to) = to else { return };
            let mut changes = acts.clone();
            changes.extend(more);
            steps.push(Step { to, changes });
        };
        let asked = match &node.exit {
            Some(Exit::Ask(ask)) => Some(&ask.var),
            _ => None,
        };
        for edge in self.graph.edges(place) {
            let mut more = Vec::new();
            match (&edge.place, &node.exit) {
                (Place::Button(_) | Place::Variant(..), _) => {
                    if let Some(button) = Graph::button(node, &edge.place) {
                        more = self.pressed(button);
                        if let (Some(var), Some(_)) = (asked, &button.value) {
                            more.push(Change::Gain(var.clone()));
                        }
                    }
                }
                (Place::To, Some(Exit::Ask(ask))) => {
                    more.push(Change::Gain(ask.var.clone()));
                    if ask.slot == Slot::Consent && ask.buttons.iter().all(|b| b.value.is_none()) {
                        more.push(Change::Gain(consent(&ask.var)));
                    }
                }
                (Place::To, Some(Exit::Sub(sub))) => {
                    more.extend(sub.out.iter().map(|(ours, _)| Change::Gain(ours.clone())));
                }
                (Place::Form(way), Some(Exit::Form(form))) => more = filled(form, way),
                (Place::Branch(at), Some(Exit::If(choose))) => {
                    for branch in choose.branches.iter().take(*at) {
                        more.extend(self.proved(&branch.when, false));
                    }
                    if let Some(branch) = choose.branches.get(*at) {
                        more.extend(self.proved(&branch.when, true));
                    }
                }
                (Place::Else(_), Some(Exit::If(choose))) => {
                    for branch in &choose.branches {
                        more.extend(self.proved(&branch.when, false));
                    }
                }
                (Place::Call("ok"), Some(Exit::Call(call))) => {
                    if let Some(into) = &call.into {
                        more = vec![Change::Lose(into.clone()), Change::Gain(into.clone())];
                    }
                }
                _ => {}
            }
            push(edge.to, more);
        }
        if node.waits() {
            if node.interrupt != Interrupt::None {
                let commands = self.graph.document.commands.as_deref();
                for command in commands.unwrap_or_default() {
                    let to = command.to.as_ref().and_then(|to| self.graph.place(to));
                    push(to, self.pressed(command));
                }
            }
            if self.graph.falls_through(node) {
                push(
                    self.graph.limit.and_then(|to| self.graph.place(to)),
                    Vec::new(),
                );
            }
            if let Some(Exit::Ask(ask)) = &node.exit
                && ask
                    .retry
                    .as_ref()
                    .is_some_and(|retry| retry.default.is_some())
            {
                let to = ask.to.as_ref().and_then(|to| self.graph.place(to));
                push(to, vec![Change::Gain(ask.var.clone())]);
            }
        }
        steps
    }

    fn proved(&self, when: &Formula, outcome: bool) -> Vec<Change> {
        let paths = name_of(when).map(|expr| shown(expr, outcome));
        let paths = paths.into_iter().flatten();
        paths.map(|path| Change::Gain(path.to_string())).collect()
    }

    /// Follows every way until nothing changes. What is known at a node is what is known on all ways to it.
    fn follow(&mut self) {
        let mut open: VecDeque<usize> = VecDeque::new();
        let mut waiting = vec![false; self.graph.len()];
        if let Some(start) = self.graph.start {
            if let Some(cell) = self.at.get_mut(start) {
                *cell = Some(self.first.clone());
            }
            open.push_back(start);
        }
        while let Some(place) = open.pop_front() {
            if let Some(cell) = waiting.get_mut(place) {
                *cell = false;
            }
            let Some(Some(here)) = self.at.get(place).cloned() else {
                continue;
            };
            for step in self.steps.get(place).into_iter().flatten() {
                let mut facts = here.clone();
                apply(&mut facts, &step.changes);
                let Some(cell) = self.at.get_mut(step.to) else {
                    continue;
                };
                let changed = match cell {
                    None => {
                        *cell = Some(facts);
                        true
                    }
                    Some(known) => {
                        let before = known.len();
                        known.retain(|fact| facts.contains(fact));
                        known.len() != before
                    }
                };
                if let (true, Some(flag)) = (changed, waiting.get_mut(step.to))
                    && !std::mem::replace(flag, true)
                {
                    open.push_back(step.to);
                }
            }
        }
    }

    /// The shortest way to a node on which `fact` is never there at its end.
    fn way_without(&self, fact: &str, end: usize) -> String {
        let Some(start) = self.graph.start else {
            return self.graph.id(end).to_owned();
        };
        let count = self.graph.len();
        // Each node twice: with the fact, and without it.
        let holds = self.first.contains(fact);
        let from = start + if holds { count } else { 0 };
        let next = |at: usize| -> Vec<usize> {
            let (place, holds) = if at >= count {
                (at - count, true)
            } else {
                (at, false)
            };
            let steps = self.steps.get(place).into_iter().flatten();
            steps
                .map(|step| {
                    let mut facts = Facts::new();
                    if holds {
                        facts.insert(fact.to_owned());
                    }
                    apply(&mut facts, &step.changes);
                    step.to + if facts.contains(fact) { count } else { 0 }
                })
                .collect()
        };
        if from == end {
            return self.graph.id(end).to_owned();
        }
        let way = super::walk::shortest(count * 2, from, next, |at| at == end);
        let way: Vec<usize> = way.unwrap_or_else(|| vec![end]);
        let way: Vec<usize> = way
            .into_iter()
            .map(|at| if at >= count { at - count } else { at })
            .collect();
        told(self.graph, &way)
    }

    /// A variable that may be nothing although the scenario did all it could.
    fn is_unsure(&self, root: &str) -> bool {
        let var = self.graph.document.vars.get(root);
        var.is_some_and(|var| (var.nullable || var.of_customer) && var.default.is_none())
    }

    fn node(&self, place: usize, found: &mut Found) {
        let (Some(node), Some(Some(facts))) = (self.graph.node(place), self.at.get(place)) else {
            return;
        };
        let pointer = format_args!("{}", node_pointer(node.id.as_str()));
        let mut after = facts.clone();
        apply(&mut after, &self.acts(node));
        let mut reader = Reader {
            known: self,
            place,
            facts: facts.clone(),
            told: BTreeSet::new(),
            found,
        };
        for (at, say) in node.every_say() {
            reader.say(say, format_args!("{pointer}{at}"));
        }
        for (name, formula) in &node.actions.set {
            reader.formula(formula, format_args!("{pointer}/set/{}", escape(name)));
            apply(
                &mut reader.facts,
                &self.sets(&[(name.clone(), formula.clone())]),
            );
        }
        reader.facts = after;
        if let Some((_, with)) = &node.actions.emit {
            for (name, formula) in with {
                reader.formula(formula, format_args!("{pointer}/with/{}", escape(name)));
            }
        }
        // A node that waits says its words again after a miss, when its own changes are made.
        if node.waits() {
            for (at, say) in node.every_say() {
                reader.say(say, format_args!("{pointer}{at}"));
            }
        }
        if let Some(fallback) = &node.fallback {
            reader.limit(fallback, format_args!("{pointer}/fallback"));
        }
        for (list, buttons) in node.button_lists() {
            for (at, button) in buttons.iter().enumerate() {
                reader.button(button, format_args!("{pointer}{list}/{at}"));
            }
        }
        reader.exit(node, pointer);
    }

    /// The words of the engine itself, which may be said from the start on, and those of the scenario's own fallback,
    /// which may be said wherever one waits.
    fn everywhere(&self, found: &mut Found) {
        let mut reader = Reader {
            known: self,
            place: self.graph.start.unwrap_or(0),
            facts: self.first.clone(),
            told: BTreeSet::new(),
            found,
        };
        for (name, words) in self.graph.document.limits.words() {
            reader.some(Some(words), format_args!("/limits/{name}"));
        }
        let Some(fallback) = &self.graph.document.fallback else {
            return;
        };
        for (place, facts) in self.at.iter().enumerate() {
            let (Some(node), Some(facts)) = (self.graph.node(place), facts) else {
                continue;
            };
            if !self.graph.falls_through(node) {
                continue;
            }
            let before = found.len();
            let mut reader = Reader {
                known: self,
                place,
                facts: facts.clone(),
                told: BTreeSet::new(),
                found,
            };
            apply(&mut reader.facts, &self.acts(node));
            reader.limit(fallback, format_args!("/fallback"));
            if found.len() > before {
                return;
            }
        }
    }
}

fn filled(form: &Form, way: &str) -> Vec<Change> {
    let each = |change: fn(String) -> Change| {
        let slots = form.slots.iter();
        slots
            .map(move |slot| change(slot.ask.var.clone()))
            .collect::<Vec<_>>()
    };
    match way {
        "done" => form
            .slots
            .iter()
            .filter_map(|slot| {
                let var = slot.ask.var.clone();
                match (&slot.optional, form.skip_known && !slot.always) {
                    (None, _) => Some(Change::Gain(var)),
                    (Some(_), false) => Some(Change::Lose(var)),
                    (Some(_), true) => None,
                }
            })
            .collect(),
        "under_14" => each(Change::Lose),
        _ => Vec::new(),
    }
}
