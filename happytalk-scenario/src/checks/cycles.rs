//! What goes round: G3, C4, D12.

use super::Found;
use super::targets::Place;
use super::walk::{Graph, parts, rings, shortest};
use crate::diagnostic::Diagnostic;
use crate::document::{CallStep, Exit, Formula, Node, node_pointer};
use crate::expr::{Expr, Op, Path};
use happytalk_core::Value;

pub(super) fn check(graph: &Graph<'_>, found: &mut Found) {
    wait_free(graph, found);
    repeated_calls(graph, found);
    counters(graph, found);
}

/// A way as people read it.
pub(super) fn told(graph: &Graph<'_>, way: &[usize]) -> String {
    let names: Vec<&str> = way.iter().map(|place| graph.id(*place)).collect();
    match names.as_slice() {
        [first @ .., _, _, _] if names.len() > 12 => {
            let head: Vec<&str> = first.iter().take(6).copied().collect();
            let tail: Vec<&str> = names.iter().rev().take(3).rev().copied().collect();
            format!("{} → … → {}", head.join(" → "), tail.join(" → "))
        }
        _ => names.join(" → "),
    }
}

/// G3. A call is no wait: its answer may lead round at once. A ring of calls is let through only where a counter
/// that is tested and counted on every round ends it.
fn wait_free(graph: &Graph<'_>, found: &mut Found) {
    for ring in rings(graph.silent_parts(), |place| graph.at_once(place)) {
        let inside = |place: &usize| ring.binary_search(place).is_ok();
        let within = |place: usize| {
            let mut next = graph.at_once(place).to_vec();
            next.retain(inside);
            next
        };
        if is_bounded(graph, &ring, within) {
            continue;
        }
        let first = ring.first().copied().unwrap_or(0);
        let way = shortest(graph.len(), first, within, |at| at == first);
        let way = told(graph, &way.unwrap_or_else(|| ring.clone()));
        found.push(Diagnostic::error(
            "G3",
            node_pointer(graph.id(first)),
            format!("입력을 기다리지 않고 끝없이 돕니다: {way}"),
            format!("a cycle in which nobody is waited for: {way}"),
            "let one of them wait for the customer, or count the rounds and leave at a limit",
        ));
    }
}

/// Whether no ring is left once the nodes of `gone` are taken out.
fn falls_apart(
    count: usize,
    within: impl Fn(usize) -> Vec<usize>,
    gone: impl Fn(usize) -> bool,
) -> bool {
    let next = |place: usize| {
        if gone(place) {
            return Vec::new();
        }
        let mut next = within(place);
        next.retain(|to| !gone(*to));
        next
    };
    rings(&parts(count, next), next).is_empty()
}

fn is_bounded(graph: &Graph<'_>, ring: &[usize], within: impl Fn(usize) -> Vec<usize>) -> bool {
    let node = |place: usize| graph.node(place);
    let calls = |place: usize| node(place).is_some_and(|n| matches!(n.exit, Some(Exit::Call(_))));
    // A ring without a call is a cycle whatever it counts.
    if !falls_apart(graph.len(), &within, calls) {
        return false;
    }
    let mut counters: Vec<&str> = Vec::new();
    for place in ring {
        for (name, formula) in node(*place).into_iter().flat_map(|n| &n.actions.set) {
            if counted(name, formula).is_some() && !counters.contains(&name.as_str()) {
                counters.push(name);
            }
        }
    }
    counters.into_iter().any(|name| {
        let upset = ring.iter().filter_map(|place| node(*place)).any(|node| {
            let other = |(set, formula): &(String, Formula)| {
                set == name && counted(set, formula) != Some(true)
            };
            node.actions.set.iter().any(other)
                || node.actions.clear.iter().any(|cleared| cleared == name)
        });
        let counts = |place: usize| {
            node(place).is_some_and(|n| n.actions.set.iter().any(|(set, _)| set == name))
        };
        let leaves = |place: usize| {
            let Some(Exit::If(choose)) = node(place).and_then(|n| n.exit.as_ref()) else {
                return false;
            };
            let tests = choose
                .branches
                .iter()
                .any(|branch| branch.when.as_ref().is_ok_and(|when| compares(when, name)));
            let out = graph.edges(place).iter();
            let mut out = out.filter(|e| e.to.is_none_or(|to| ring.binary_search(&to).is_err()));
            tests && out.next().is_some()
        };
        !upset
            && falls_apart(graph.len(), &within, counts)
            && falls_apart(graph.len(), &within, leaves)
    })
}

/// Whether a formula counts its own variable: up (`true`) or down.
fn counted(name: &str, formula: &Formula) -> Option<bool> {
    let own = Path::read(name)?;
    match formula.as_ref().ok()? {
        Expr::Binary(op @ (Op::Add | Op::Subtract), left, right) => {
            let (path, step) = match (&**left, &**right, op) {
                (Expr::Path(path), Expr::Literal(Value::Int(step)), _)
                | (Expr::Literal(Value::Int(step)), Expr::Path(path), Op::Add) => (path, *step),
                _ => return None,
            };
            (*path == own && step != 0).then_some((step > 0) == (*op == Op::Add))
        }
        _ => None,
    }
}

/// Whether an expression tests the size of a variable against a number.
fn compares(expr: &Expr, name: &str) -> bool {
    match expr {
        Expr::Binary(Op::And | Op::Or, left, right) => {
            compares(left, name) || compares(right, name)
        }
        Expr::Not(inner) => compares(inner, name),
        Expr::Binary(op, left, right) => {
            let is_size = matches!(
                op,
                Op::Less | Op::LessEqual | Op::Greater | Op::GreaterEqual
            );
            let is_it = |side: &Expr| matches!(side, Expr::Path(p) if p.to_string() == name);
            let is_number = |side: &Expr| matches!(side, Expr::Literal(Value::Int(_)));
            is_size && (is_it(left) && is_number(right) || is_number(left) && is_it(right))
        }
        _ => false,
    }
}

/// C4: a call that changes something, asked for twice without the customer having pressed anything in between.
fn repeated_calls(graph: &Graph<'_>, found: &mut Found) {
    let calls = |place: usize| match graph.node(place).and_then(|node| node.exit.as_ref()) {
        Some(Exit::Call(call)) => Some(&**call),
        _ => None,
    };
    let risky = |call: &CallStep| {
        let rule = graph.document.calls.get(&call.name);
        rule.is_some_and(|rule| rule.mutates && !rule.once)
    };
    // A press is a confirmation; a typed answer, an agent's return or a result of a call is none.
    let unconfirmed = |place: usize| {
        let pressed =
            |e: &&super::walk::Edge<'_>| !matches!(e.place, Place::Button(_) | Place::Variant(..));
        let edges = graph.edges(place).iter().filter(pressed);
        edges.filter_map(|edge| edge.to).collect::<Vec<_>>()
    };
    for place in 0..graph.len() {
        let Some(call) = calls(place).filter(|call| risky(call)) else {
            continue;
        };
        let rule = graph.document.calls.get(&call.name);
        let retried = rule.is_some_and(|rule| rule.retry > 0);
        let same = |at: usize| calls(at).is_some_and(|other| other.name == call.name);
        let again = shortest(graph.len(), place, unconfirmed, same);
        let way = match (retried, again) {
            (_, Some(way)) => told(graph, &way),
            (true, None) => format!("{0} → retry → {0}", graph.id(place)),
            (false, None) => continue,
        };
        let name = &call.name;
        found.push(Diagnostic::error(
            "C4",
            format_args!("{}/call", node_pointer(graph.id(place))),
            format!("고객 확인 없이 '{name}' 호출이 두 번 일어날 수 있습니다: {way}"),
            format!("the call '{name}' changes something and can happen twice without the customer's confirmation: {way}"),
            "declare it \"once\": true, or let the customer press a button in between",
        ));
    }
}

/// D12: a counter that goes round with nothing to stop it.
fn counters(graph: &Graph<'_>, found: &mut Found) {
    let grows_in = |sets: &[(String, Formula)]| {
        let mut sets = sets.iter();
        sets.any(|(name, formula)| formula.as_ref().is_ok_and(|expr| grows(name, expr)))
    };
    let mut nodes = graph.document.nodes.iter();
    let any = nodes.any(|node| {
        let mut buttons = node.every_button();
        grows_in(&node.actions.set) || buttons.any(|button| grows_in(&button.set))
    });
    if !any {
        return;
    }
    let next = |place: usize| graph.next(place);
    let part = parts(graph.len(), next);
    for ring in rings(&part, next) {
        let nodes = || ring.iter().filter_map(|place| graph.node(*place));
        let tests = |name: &str| nodes().any(|node| tests(node, name));
        for node in nodes() {
            let pointer = format_args!("{}", node_pointer(node.id.as_str()));
            let own = std::iter::once((None, &node.actions.set));
            let buttons = node.button_lists().flat_map(|(list, buttons)| {
                let each = buttons.iter().enumerate();
                each.map(move |(at, button)| (Some((list, at)), &button.set))
            });
            for (at, sets) in own.chain(buttons) {
                for (name, formula) in sets {
                    let grows = formula.as_ref().is_ok_and(|expr| grows(name, expr));
                    if !grows || tests(name) {
                        continue;
                    }
                    let name_at = crate::diagnostic::escape(name);
                    let at = match at {
                        Some((list, at)) => format!("{pointer}{list}/{at}/set/{name_at}"),
                        None => format!("{pointer}/set/{name_at}"),
                    };
                    found.push(Diagnostic::warning(
                        "D12",
                        at,
                        format!("'{name}'이(가) 순환 안에서 끝없이 커질 수 있습니다. 넘치면 값이 없어집니다."),
                        format!("'{name}' may grow without end in a cycle; past 64 bits it is nothing"),
                        format!("test {name} against a limit, such as {name} < 100"),
                    ));
                }
            }
        }
    }
}

/// Whether a sum holds the variable it is stored in.
fn grows(name: &str, expr: &Expr) -> bool {
    let Expr::Binary(Op::Add | Op::Subtract, left, right) = expr else {
        return false;
    };
    let holds = |side: &Expr| match side {
        Expr::Path(path) => path.to_string() == name,
        other => grows(name, other),
    };
    holds(left) || holds(right)
}

fn tests(node: &Node, name: &str) -> bool {
    let mut whens = node
        .every_button()
        .filter_map(|button| button.when.as_ref());
    let test = |when: &Formula| when.as_ref().is_ok_and(|expr| compares(expr, name));
    whens.any(test)
        || match &node.exit {
            Some(Exit::If(choose)) => choose.branches.iter().any(|branch| test(&branch.when)),
            _ => false,
        }
}
