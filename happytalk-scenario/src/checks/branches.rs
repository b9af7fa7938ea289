//! Conditions that decide nothing: G9, G10.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Arguments;

use happytalk_core::{Timestamp, Value};

use super::Found;
use super::walk::Graph;
use crate::diagnostic::Diagnostic;
use crate::document::{Choose, Document, Exit, node_pointer};
use crate::env::Env;
use crate::expr::{Expr, Kind, Op, Path, Scope};

pub(super) fn check(document: &Document, found: &mut Found) {
    for node in document.nodes.iter().filter(|node| !node.broken) {
        if let Some(Exit::If(choose)) = &node.exit {
            let pointer = format_args!("{}", node_pointer(node.id.as_str()));
            exhaustive(document, choose, pointer, found);
            decided(document, choose, pointer, found);
        }
    }
}

/// G9: a condition without `else` must be a switch over all values of an enum.
fn exhaustive(document: &Document, choose: &Choose, pointer: Arguments<'_>, found: &mut Found) {
    if choose.otherwise.is_some() {
        return;
    }
    let mut switched: Option<&Path> = None;
    let mut values = BTreeSet::new();
    for branch in &choose.branches {
        let equal = branch.when.as_ref().ok().and_then(equals);
        let Some((path, Value::Text(value))) = equal else {
            switched = None;
            break;
        };
        if switched.is_some_and(|before| before != path) {
            switched = None;
            break;
        }
        switched = Some(path);
        values.insert(value.as_str());
    }
    let kind = switched.and_then(|path| kind_of(document, path));
    let missing: Vec<&str> = match &kind {
        Some(Kind::Enum(of)) => {
            let lacking = of.iter().map(String::as_str);
            lacking.filter(|value| !values.contains(value)).collect()
        }
        _ => vec!["else"],
    };
    if missing.is_empty() {
        return;
    }
    let missing = missing.join(", ");
    found.push(Diagnostic::error(
        "G9",
        format_args!("{pointer}/if"),
        format!("모든 경우를 다루지 않습니다. 빠진 것: {missing}"),
        format!("not every case is covered; missing: {missing}"),
        "add {\"else\": …} at the end",
    ));
}

fn kind_of(document: &Document, path: &Path) -> Option<Kind> {
    let types = crate::expr::Types {
        vars: &document.vars,
    };
    types.path(path).ok().map(|(kind, _)| kind)
}

/// A variable and the value it is compared with.
fn equals(expr: &Expr) -> Option<(&Path, &Value)> {
    let Expr::Binary(Op::Equal, left, right) = expr else {
        return None;
    };
    match (&**left, &**right) {
        (Expr::Path(path), Expr::Literal(value)) | (Expr::Literal(value), Expr::Path(path)) => {
            Some((path, value))
        }
        _ => None,
    }
}

/// G10: branches that are taken always or never, for what stands in front of them.
fn decided(document: &Document, choose: &Choose, pointer: Arguments<'_>, found: &mut Found) {
    let mut earlier: Vec<&Expr> = Vec::new();
    // The values of an enum that earlier branches have taken away.
    let mut taken: BTreeMap<&Path, BTreeSet<&str>> = BTreeMap::new();
    let mut is_closed = false;
    for (at, branch) in choose.branches.iter().enumerate() {
        let Ok(when) = &branch.when else { continue };
        let at = format_args!("{pointer}/if/{at}");
        let never = is_closed
            || constant(when) == Some(false)
            || contradicts(when)
            || names_no_value(document, when)
            || earlier.iter().any(|before| implies(when, before))
            || used_up(document, when, &taken);
        if never {
            told(
                at,
                "이 분기는 결코 선택되지 않습니다.",
                "this branch is never taken",
                found,
            );
        } else if constant(when) == Some(true) {
            told(
                at,
                "이 분기는 언제나 선택됩니다.",
                "this branch is always taken",
                found,
            );
            is_closed = true;
        }
        if let Some((path, Value::Text(value))) = equals(when) {
            taken.entry(path).or_default().insert(value);
        }
        earlier.push(when);
    }
    let covered = taken.iter().any(|(path, values)| {
        matches!(kind_of(document, path), Some(Kind::Enum(of)) if of.iter().all(|v| values.contains(v.as_str())))
            && !document.vars.get(&path.root).is_some_and(|var| var.nullable || var.of_customer)
            && path.fields.is_empty()
    });
    if let (Some((at, _)), true) = (&choose.otherwise, is_closed || covered) {
        let at = format_args!("{pointer}/if/{at}");
        told(
            at,
            "else는 결코 선택되지 않습니다.",
            "'else' is never taken",
            found,
        );
    }
}

/// One way on which an `if` is come to straight from another: what holds on it, and what does not.
struct Way<'d> {
    holds: Option<&'d Expr>,
    fails: Vec<&'d Expr>,
}

impl Way<'_> {
    fn decides(&self, when: &Expr) -> Option<bool> {
        let holds = self.holds.is_some_and(|known| implies(known, when));
        let both = self
            .holds
            .map(|known| Expr::Binary(Op::And, Box::new(known.clone()), Box::new(when.clone())));
        let never = both.is_some_and(|both| contradicts(&both))
            || self.fails.iter().any(|known| implies(when, known));
        match (holds, never) {
            (true, _) => Some(true),
            (_, true) => Some(false),
            _ => None,
        }
    }
}

/// G10 over several nodes: an `if` that is come to from others alone, which have asked the same already.
pub(super) fn across(graph: &Graph<'_>, found: &mut Found) {
    let mut ways: BTreeMap<usize, Vec<Way<'_>>> = BTreeMap::new();
    let mut others: BTreeSet<usize> = graph.start.into_iter().collect();
    others.extend(graph.entrances());
    for place in 0..graph.len() {
        let Some(node) = graph.node(place) else {
            continue;
        };
        let Some(Exit::If(choose)) = &node.exit else {
            others.extend(graph.edges(place).iter().filter_map(|edge| edge.to));
            continue;
        };
        let mut fails = Vec::new();
        for branch in &choose.branches {
            let when = branch.when.as_ref().ok();
            if let Some(to) = graph.place(&branch.to) {
                let fails = fails.clone();
                ways.entry(to).or_default().push(Way { holds: when, fails });
            }
            fails.extend(when);
        }
        if let Some(to) = choose
            .otherwise
            .as_ref()
            .and_then(|(_, to)| graph.place(to))
        {
            ways.entry(to).or_default().push(Way { holds: None, fails });
        }
    }
    ways.retain(|place, _| !others.contains(place));
    for (place, ways) in ways {
        let Some(node) = graph.node(place) else {
            continue;
        };
        let is_silent = node.actions.set.is_empty() && node.actions.clear.is_empty();
        let (Some(Exit::If(choose)), true) = (&node.exit, is_silent) else {
            continue;
        };
        for (at, branch) in choose.branches.iter().enumerate() {
            let Ok(when) = &branch.when else { continue };
            if constant(when).is_some() {
                continue;
            }
            let first = ways.first().and_then(|way| way.decides(when));
            let all = first.filter(|yes| ways.iter().all(|way| way.decides(when) == Some(*yes)));
            let pointer = format_args!("{}/if/{at}", node_pointer(node.id.as_str()));
            match all {
                Some(true) => told(
                    pointer,
                    "앞 노드의 조건 때문에 이 분기는 언제나 선택됩니다.",
                    "this branch is always taken, for what the node before has asked",
                    found,
                ),
                Some(false) => told(
                    pointer,
                    "앞 노드의 조건 때문에 이 분기는 결코 선택되지 않습니다.",
                    "this branch is never taken, for what the node before has asked",
                    found,
                ),
                None => {}
            }
        }
    }
}

fn told(at: Arguments<'_>, ko: &str, en: &str, found: &mut Found) {
    let hint = "take it out, or change the condition in front of it";
    found.push(Diagnostic::warning("G10", at, ko, en, hint));
}

/// What an expression without variables comes to.
fn constant(expr: &Expr) -> Option<bool> {
    fn is_fixed(expr: &Expr) -> bool {
        match expr {
            Expr::Literal(_) => true,
            Expr::Path(_) => false,
            Expr::List(items) | Expr::Call(_, items) => items.iter().all(is_fixed),
            Expr::Not(inner) => is_fixed(inner),
            Expr::Binary(_, left, right) => is_fixed(left) && is_fixed(right),
        }
    }
    match expr {
        Expr::Binary(Op::Or, left, right) => match (constant(left), constant(right)) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (Some(false), other) | (other, Some(false)) => other,
            _ => None,
        },
        Expr::Binary(Op::And, left, right) => match (constant(left), constant(right)) {
            (Some(false), _) | (_, Some(false)) => Some(false),
            (Some(true), other) | (other, Some(true)) => other,
            _ => None,
        },
        Expr::Not(inner) => constant(inner).map(|yes| !yes),
        // The same on both sides, unless it is not there: then it is equal to itself all the same.
        Expr::Binary(Op::Equal, left, right) if left == right => Some(true),
        Expr::Binary(Op::NotEqual | Op::Less | Op::Greater, left, right) if left == right => {
            Some(false)
        }
        expr if is_fixed(expr) => {
            let (vars, slots) = (BTreeMap::new(), BTreeMap::new());
            let env = Env::new(Timestamp::EPOCH);
            let scope = Scope {
                vars: &vars,
                slots: &slots,
                env: &env,
            };
            Some(scope.holds(expr))
        }
        _ => None,
    }
}

/// The parts that all have to hold.
fn parts<'e>(expr: &'e Expr, into: &mut Vec<&'e Expr>) {
    match expr {
        Expr::Binary(Op::And, left, right) => {
            parts(left, into);
            parts(right, into);
        }
        other => into.push(other),
    }
}

/// Whether two parts of one condition exclude each other.
fn contradicts(expr: &Expr) -> bool {
    let mut all = Vec::new();
    parts(expr, &mut all);
    all.iter().enumerate().any(|(at, a)| {
        all.iter().skip(at + 1).any(|b| {
            let other_value = match (equals(a), equals(b)) {
                (Some((p, x)), Some((q, y))) => p == q && x != y,
                _ => false,
            };
            let denied = |x: &Expr, y: &Expr| matches!(x, Expr::Not(inner) if **inner == *y);
            let apart = match (range(a), range(b)) {
                (Some((p, x)), Some((q, y))) => p == q && (x.0 > y.1 || y.0 > x.1),
                _ => false,
            };
            other_value || denied(a, b) || denied(b, a) || apart
        })
    })
}

/// Whether an enum is asked for a value that it does not have.
fn names_no_value(document: &Document, when: &Expr) -> bool {
    let mut all = Vec::new();
    parts(when, &mut all);
    all.into_iter().filter_map(equals).any(|(path, value)| {
        let kind = kind_of(document, path);
        matches!((kind, value), (Some(Kind::Enum(of)), Value::Text(value)) if !of.contains(value))
    })
}

/// The whole numbers for which a comparison with a number holds: from and to.
fn range(expr: &Expr) -> Option<(&Path, (i64, i64))> {
    let Expr::Binary(op, left, right) = expr else {
        return None;
    };
    let (path, number, turned) = match (&**left, &**right) {
        (Expr::Path(path), Expr::Literal(Value::Int(number))) => (path, *number, false),
        (Expr::Literal(Value::Int(number)), Expr::Path(path)) => (path, *number, true),
        _ => return None,
    };
    let (low, high) = (i64::MIN, i64::MAX);
    let range = match (op, turned) {
        (Op::Equal, _) => (number, number),
        (Op::Less, false) | (Op::Greater, true) => (low, number.checked_sub(1)?),
        (Op::LessEqual, false) | (Op::GreaterEqual, true) => (low, number),
        (Op::Greater, false) | (Op::Less, true) => (number.checked_add(1)?, high),
        (Op::GreaterEqual, false) | (Op::LessEqual, true) => (number, high),
        _ => return None,
    };
    Some((path, range))
}

/// Whether `before` holds whenever `now` does.
fn implies(now: &Expr, before: &Expr) -> bool {
    if now == before {
        return true;
    }
    if let Expr::Binary(Op::Or, left, right) = before
        && (implies(now, left) || implies(now, right))
    {
        return true;
    }
    if let Expr::Binary(Op::Or, left, right) = now {
        return implies(left, before) && implies(right, before);
    }
    if let Expr::Binary(Op::And, left, right) = before {
        return implies(now, left) && implies(now, right);
    }
    let mut all = Vec::new();
    parts(now, &mut all);
    if all.len() > 1 {
        return all.iter().any(|part| implies(part, before));
    }
    match (range(now), range(before)) {
        (Some((p, x)), Some((q, y))) => p == q && y.0 <= x.0 && x.1 <= y.1,
        _ => false,
    }
}

/// Whether every value of an enum but others has been asked for already.
fn used_up(document: &Document, when: &Expr, taken: &BTreeMap<&Path, BTreeSet<&str>>) -> bool {
    let mut all = Vec::new();
    parts(when, &mut all);
    all.iter().any(|part| {
        let Expr::Binary(Op::NotEqual, left, right) = part else {
            return false;
        };
        let (Expr::Path(path), Expr::Literal(Value::Text(value))) = (&**left, &**right) else {
            return false;
        };
        match (kind_of(document, path), taken.get(path)) {
            (Some(Kind::Enum(of)), Some(gone)) => of
                .iter()
                .all(|one| one == value || gone.contains(one.as_str())),
            _ => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_node_before_has_asked_is_not_asked_again() {
        let told = |second: &str, way: &str| {
            let nodes = format!(
                r#""a":{{"if":[{{"when":"n > 5","to":"{way}"}},{{"else":"c"}}]}},
                "b":{{"if":[{{"when":"{second}","to":"d"}},{{"else":"e"}}]}},
                "c":{{"say":"c","end":"c"}},"d":{{"say":"d","end":"d"}},"e":{{"say":"e","end":"e"}}"#
            );
            let text = format!(
                r#"{{"format":1,"id":"t","version":1,"start":"a","vars":{{"n":{{"type":"int","default":0}}}},"nodes":{{{nodes}}}}}"#
            );
            let found = crate::compiled::check(&text).into_iter();
            let told = found.filter(|found| found.code == "G10");
            told.map(|found| (found.pointer, found.message.en.contains("always")))
                .collect::<Vec<_>>()
        };
        assert_eq!(told("n > 3", "b"), [("/nodes/b/if/0".to_owned(), true)]);
        assert_eq!(told("n < 2", "b"), [("/nodes/b/if/0".to_owned(), false)]);
        assert_eq!(told("n > 7", "b"), []);
    }

    #[test]
    fn what_follows_from_a_condition_is_seen() {
        let expr = |text: &str| Expr::parse(text).unwrap();
        let follows = |now: &str, before: &str| implies(&expr(now), &expr(before));
        assert!(follows("n > 7", "n > 5"));
        assert!(!follows("n > 5", "n > 7"));
        assert!(follows("a == 'x' && n > 1", "a == 'x'"));
        assert!(follows("a == 'x'", "a == 'x' || b == 'y'"));
        assert!(follows("n == 3", "n >= 3"));
        assert_eq!(constant(&expr("1 == 1")), Some(true));
        assert_eq!(constant(&expr("has(x) && false")), Some(false));
        assert_eq!(constant(&expr("has(x)")), None);
        assert!(contradicts(&expr("n > 5 && n < 3")));
        assert!(contradicts(&expr("a == 'x' && a == 'y'")));
    }
}
