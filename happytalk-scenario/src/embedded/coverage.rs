//! What no test has been to (X2), and tests that depend on a clock nobody set (X3).

use super::Covered;
use crate::diagnostic::{Diagnostic, escape};
use crate::document::{Document, Exit, Node, Target, node_pointer};
use crate::expr::{Expr, Function};
use crate::template::Filter;

pub(super) fn check(document: &Document, covered: &Covered, found: &mut Vec<Diagnostic>) {
    if document.tests.is_empty() {
        found.push(Diagnostic::info(
            "X2",
            "/tests",
            "테스트가 없습니다.",
            "there is no test",
            "add a test for each way a customer should be able to go",
        ));
        return;
    }
    for node in &document.nodes {
        let pointer = node_pointer(node.id.as_str());
        if !covered.nodes.contains(&node.id) {
            found.push(Diagnostic::info(
                "X2",
                pointer,
                format!("'{}' 노드를 지나는 테스트가 없습니다.", node.id),
                format!("no test comes to '{}'", node.id),
                "add a test that does",
            ));
            continue;
        }
        for (way, at) in ways(node) {
            let went = covered.ways.contains(&(node.id.clone(), way.to_owned()));
            if went || way == "closed" && covered.is_closed {
                continue;
            }
            found.push(Diagnostic::info(
                "X2",
                format!("{pointer}{at}/{}", escape(way)),
                format!(
                    "'{}'의 결과 '{way}'을(를) 지나는 테스트가 없습니다.",
                    node.id
                ),
                format!("no test goes the way '{way}' of '{}'", node.id),
                "add a test in which the call or the hand-off goes that way",
            ));
        }
    }
    if reads_clock(document) {
        for (place, case) in document.tests.iter().enumerate() {
            if case.now.is_none() {
                found.push(Diagnostic::warning(
                    "X3",
                    format!("/tests/{place}"),
                    format!(
                        "시각을 쓰는 흐름인데 테스트 '{}'에 now가 없습니다.",
                        case.name
                    ),
                    format!(
                        "the scenario reads the clock and the test '{}' has no 'now'",
                        case.name
                    ),
                    "add \"now\": \"2026-01-12T10:00:00+09:00\"",
                ));
            }
        }
    }
}

fn ways(node: &Node) -> Vec<(&str, &'static str)> {
    let (on, at): (&std::collections::BTreeMap<String, Target>, _) = match &node.exit {
        Some(Exit::Call(call)) => (&call.on, "/on"),
        Some(Exit::Handoff(handoff)) => (&handoff.on, "/handoff/on"),
        _ => return Vec::new(),
    };
    on.keys().map(|way| (way.as_str(), at)).collect()
}

fn reads_clock(document: &Document) -> bool {
    let by_words = |words: &crate::document::Words| {
        words.as_ref().is_ok_and(|template| {
            template.holes().any(|(path, filters)| {
                path.root == "now" || filters.iter().any(|filter| matches!(filter, Filter::When))
            })
        })
    };
    let by_formula = |formula: &crate::document::Formula| formula.as_ref().is_ok_and(clock);
    document.nodes.iter().any(|node| {
        let mut said = false;
        for (_, say) in node.every_say() {
            say.each_words(&mut |_, words| said |= by_words(words));
        }
        let sets = node
            .actions
            .set
            .iter()
            .any(|(_, formula)| by_formula(formula));
        let buttons = node.every_button().any(|button| {
            button.when.as_ref().is_some_and(by_formula)
                || button.set.iter().any(|(_, formula)| by_formula(formula))
        });
        let exits = match &node.exit {
            Some(Exit::If(choose)) => choose.branches.iter().any(|b| by_formula(&b.when)),
            Some(Exit::Call(call)) => call.with.iter().any(|(_, formula)| by_formula(formula)),
            _ => false,
        };
        said || sets || buttons || exits
    })
}

fn clock(expr: &Expr) -> bool {
    match expr {
        Expr::Literal(_) => false,
        Expr::Path(path) => path.root == "now",
        Expr::Call(Function::DaysSince, _) => true,
        Expr::List(items) | Expr::Call(_, items) => items.iter().any(clock),
        Expr::Not(inner) => clock(inner),
        Expr::Binary(_, left, right) => clock(left) || clock(right),
    }
}
