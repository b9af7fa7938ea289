//! Reads what stands beside the flow: embedded tests, and how older versions' names are called now.

use happytalk_core::Value;

use super::fields::{Fields, Found, list, text};
use super::read::{map, one_of};
use super::{CallAnswer, Case, Migration};
use crate::diagnostic::Diagnostic;
use crate::tree::{Place, Tree};

pub(super) const MIGRATION: [&str; 4] = ["from", "nodes", "vars", "defaults"];
pub(super) const CASE: [&str; 8] = [
    "name", "calls", "now", "turns", "hours", "handoff", "customer", "settings",
];

pub(super) fn read_migrations(top: &Fields<'_>, found: &mut Found) -> Vec<Migration> {
    let mut migrations = Vec::new();
    for (tree, pointer) in top.list("migrate", found) {
        let Some(fields) = Fields::new(tree, pointer, &MIGRATION, found) else {
            continue;
        };
        let mut names = |name: &str| {
            map(&fields, name, found, |_, tree, pointer, found| {
                text(tree, pointer, found).map(str::to_owned)
            })
        };
        let (nodes, vars) = (names("nodes"), names("vars"));
        match fields.count("from", 1, u32::MAX, found) {
            Some(from) => migrations.push(Migration {
                from,
                nodes,
                vars,
                defaults: map(&fields, "defaults", found, |_, tree, _, _| tree.to_value()),
            }),
            None if !fields.has("from") => fields.missing("from", found),
            None => {}
        }
    }
    migrations
}

pub(super) fn read_cases(top: &Fields<'_>, found: &mut Found) -> Vec<Case> {
    let mut cases = Vec::new();
    for (tree, pointer) in top.list("tests", found) {
        let Some(fields) = Fields::new(tree, pointer, &CASE, found) else {
            continue;
        };
        let now = fields.text("now", found).and_then(|text| {
            let now = text.parse().ok();
            if now.is_none() {
                found.push(Diagnostic::error(
                    "S3",
                    fields.at("now"),
                    "시각이 아닙니다.",
                    "not an instant",
                    "write RFC 3339, such as 2026-01-12T10:00:00+09:00",
                ));
            }
            now
        });
        one_of(
            &fields,
            "hours",
            &["open", "lunch", "holiday", "closed"],
            found,
        );
        one_of(&fields, "handoff", &["accepted", "unavailable"], found);
        let value = |name: &str| {
            let value = fields.get(name).and_then(Tree::to_value);
            value.unwrap_or(Value::Null)
        };
        let mut turns = Vec::new();
        for (turn, pointer) in fields.list("turns", found) {
            let pair: Vec<_> = list(turn, &pointer, found)
                .into_iter()
                .filter_map(|(item, at)| text(item, at, found))
                .collect();
            match pair.as_slice() {
                [input, expected] => turns.push(((*input).to_owned(), (*expected).to_owned())),
                _ => found.push(Diagnostic::error(
                    "S3",
                    pointer,
                    "턴은 [입력, 기대]의 두 문자열이어야 합니다.",
                    "a turn is a list of two texts: what is typed and what is expected",
                    "write [\"교환\", \"@ask_order\"]",
                )),
            }
        }
        cases.push(Case {
            name: fields.need_text("name", found).unwrap_or("").to_owned(),
            calls: map(&fields, "calls", found, read_answers),
            now,
            hours: fields.text("hours", found).map(str::to_owned),
            handoff: fields.text("handoff", found).map(str::to_owned),
            customer: value("customer"),
            settings: value("settings"),
            turns,
        });
    }
    cases
}

/// How a call answers in a test: one answer for every time, or a list of them, of which the last goes on.
fn read_answers(
    _: &str,
    tree: &Tree,
    pointer: Place<'_>,
    found: &mut Found,
) -> Option<Vec<CallAnswer>> {
    let answers = match tree {
        Tree::List(answers) => answers.iter().map(answer).collect::<Option<Vec<_>>>(),
        one => answer(one).map(|one| vec![one]),
    };
    if answers.as_ref().is_none_or(Vec::is_empty) {
        found.push(Diagnostic::error(
            "S3",
            pointer,
            "호출의 답이 아닙니다.",
            "this is no answer of a call",
            format!(
                "write {}, an error's name, \"timeout\" or \"error\"",
                "{\"ok\": …}"
            ),
        ));
        return None;
    }
    answers
}

fn answer(tree: &Tree) -> Option<CallAnswer> {
    let named = |name: &str| match name {
        "timeout" => CallAnswer::Timeout,
        "error" => CallAnswer::Error,
        code => CallAnswer::Declared(code.to_owned()),
    };
    match tree {
        Tree::Text(name) => Some(named(name)),
        Tree::Object(members) => match members.as_slice() {
            [(name, value)] if name == "ok" => value.to_value().map(CallAnswer::Ok),
            [(name, Tree::Text(code))] if name == "error" => Some(named(code)),
            [(name, _)] => Some(named(name)),
            _ => None,
        },
        _ => None,
    }
}
