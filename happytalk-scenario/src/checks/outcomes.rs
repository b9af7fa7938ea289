//! Every way a call, a hand-off, a form or the hours can go is answered: C1, C2, C3, C5, R4, H1, H2, H4.

use std::collections::BTreeSet;
use std::fmt::Arguments;

use super::Found;
use crate::diagnostic::Diagnostic;
use crate::document::{CallStep, Document, Exit, Target, nearest, node_pointer};
use crate::expr::Kind;

pub(super) fn check(document: &Document, found: &mut Found) {
    for node in &document.nodes {
        let pointer = format_args!("{}", node_pointer(node.id.as_str()));
        match &node.exit {
            Some(Exit::Call(call)) => call_step(document, call, pointer, found),
            Some(Exit::Handoff(handoff)) => {
                let known = ["accepted", "closed", "unavailable", "returned"];
                for way in ["closed", "unavailable"] {
                    if !handoff.on.contains_key(way) {
                        found.push(Diagnostic::error(
                            "H2",
                            format_args!("{pointer}/handoff"),
                            format!("상담원 연결에 '{way}'일 때의 행선지가 없습니다."),
                            format!("the hand-off does not say where to go when it is '{way}'"),
                            format!("add \"{way}\" to its 'on'"),
                        ));
                    }
                }
                let back = handoff.on.get("returned");
                let is_silent_end = |target: &Target| match target {
                    Target::End => true,
                    Target::Node(id) => document.nodes.iter().any(|node| {
                        node.id == *id
                            && node.says.is_empty()
                            && matches!(node.exit, Some(Exit::End(_)))
                    }),
                    _ => false,
                };
                let same = back == Some(&Target::Node(node.id.clone()));
                if same || back.is_some_and(is_silent_end) {
                    found.push(Diagnostic::error(
                        "H4",
                        format_args!("{pointer}/handoff/on/returned"),
                        "상담원에게서 돌아온 뒤 할 일이 없습니다.",
                        "after the agent gave the customer back, there is nothing to do",
                        "lead to a menu",
                    ));
                }
                for way in handoff
                    .on
                    .keys()
                    .filter(|way| !known.contains(&way.as_str()))
                {
                    found.push(unknown_way(
                        format_args!("{pointer}/handoff/on/{way}"),
                        way,
                        &known,
                    ));
                }
            }
            Some(Exit::Hours(ways)) => {
                for way in ["open", "closed"] {
                    if !ways.ways.contains_key(way) && !node.broken {
                        found.push(Diagnostic::error(
                            "H1",
                            format_args!("{pointer}/hours"),
                            format!("상담 시간 분기에 '{way}'이(가) 없습니다."),
                            format!("the hours do not say where to go when it is '{way}'"),
                            format!("add \"{way}\""),
                        ));
                    }
                }
            }
            Some(Exit::Form(form)) => {
                let known = ["done", "gave_up", "under_14"];
                for way in form.on.keys().filter(|way| !known.contains(&way.as_str())) {
                    let at = format_args!("{pointer}/form/on/{}", crate::diagnostic::escape(way));
                    found.push(unknown_way(at, way, &known));
                }
            }
            _ => {}
        }
    }
}

fn unknown_way(pointer: Arguments<'_>, way: &str, known: &[&str]) -> Diagnostic {
    let hint = nearest(way, known).map_or_else(
        || format!("one of: {}", known.join(", ")),
        |meant| format!("did you mean '{meant}'?"),
    );
    Diagnostic::error(
        "S3",
        pointer,
        format!("알 수 없는 결과 '{way}'입니다."),
        format!("unknown way '{way}'"),
        hint,
    )
}

/// How long Kakao and Naver wait for an answer, in milliseconds.
const BUDGET_MILLIS: u64 = 5_000;

fn call_step(document: &Document, call: &CallStep, pointer: Arguments<'_>, found: &mut Found) {
    let Some(rule) = document.calls.get(&call.name) else {
        let names: Vec<&str> = document.calls.keys().map(String::as_str).collect();
        let hint = nearest(&call.name, &names).map_or_else(
            || "declare it in 'calls'".to_owned(),
            |meant| format!("did you mean '{meant}'?"),
        );
        found.push(Diagnostic::error(
            "R4",
            format_args!("{pointer}/call"),
            format!("호출 '{}'이(가) calls에 없습니다.", call.name),
            format!("the call '{}' is not declared", call.name),
            hint,
        ));
        return;
    };
    let waits = u64::from(rule.timeout_ms) * (u64::from(rule.retry) + 1);
    if waits > BUDGET_MILLIS && call.slow.is_none() {
        found.push(Diagnostic::warning(
            "C5",
            format_args!("{pointer}/call"),
            format!(
                "호출 '{}'이(가) {waits}ms까지 걸릴 수 있는데 slow 안내가 없습니다. (카카오·네이버 {BUDGET_MILLIS}ms)",
                call.name
            ),
            format!(
                "the call '{}' may take {waits} ms, over the {BUDGET_MILLIS} ms of Kakao and Naver, and 'slow' says nothing meanwhile",
                call.name
            ),
            "add 'slow' with a word of patience, or shorten the timeout",
        ));
    }
    let declared = rule.errors.iter().map(String::as_str);
    let needed: BTreeSet<&str> = ["ok", "timeout", "error"]
        .into_iter()
        .chain(declared)
        .collect();
    for way in needed.iter().filter(|way| !call.on.contains_key(**way)) {
        found.push(Diagnostic::error(
            "C1",
            format_args!("{pointer}/on"),
            format!(
                "호출 '{}'의 결과 '{way}'에 대한 행선지가 없습니다.",
                call.name
            ),
            format!(
                "the call '{}' does not say where to go on '{way}'",
                call.name
            ),
            format!("add \"{way}\" to its 'on'"),
        ));
    }
    for way in call.on.keys().filter(|way| !needed.contains(way.as_str())) {
        let known: Vec<&str> = needed.iter().copied().collect();
        let hint = nearest(way, &known).map_or_else(
            || {
                format!(
                    "take it out, or declare it in the 'errors' of '{}'",
                    call.name
                )
            },
            |meant| format!("did you mean '{meant}'?"),
        );
        found.push(Diagnostic::error(
            "C2",
            format_args!("{pointer}/on/{}", crate::diagnostic::escape(way)),
            format!(
                "호출 '{}'은(는) '{way}'을(를) 선언하지 않았습니다.",
                call.name
            ),
            format!("the call '{}' declares no '{way}'", call.name),
            hint,
        ));
    }
    let mut unlike = |place: String, ko: String, en: String, hint: String| {
        found.push(Diagnostic::error(
            "C3",
            format_args!("{pointer}{place}"),
            ko,
            en,
            hint,
        ));
    };
    for (name, _) in &call.with {
        if !rule.inputs.contains_key(name) {
            unlike(
                format!("/with/{}", crate::diagnostic::escape(name)),
                format!("호출 '{}'에 '{name}'이라는 입력은 없습니다.", call.name),
                format!("the call '{}' takes no '{name}'", call.name),
                "take it out, or declare it in 'in'".to_owned(),
            );
        }
    }
    for (name, kind) in &rule.inputs {
        let optional = kind.as_ref().is_some_and(|(_, optional)| *optional);
        if !optional && !call.with.iter().any(|(given, _)| given == name) {
            unlike(
                if call.with.is_empty() {
                    String::new()
                } else {
                    "/with".to_owned()
                },
                format!("호출 '{}'에 입력 '{name}'이(가) 빠졌습니다.", call.name),
                format!("the call '{}' needs '{name}'", call.name),
                format!("add \"{name}\" to 'with'"),
            );
        }
    }
    if call.into.is_some() && rule.out.is_none() {
        unlike(
            "/into".to_owned(),
            format!("호출 '{}'에 결과(out)가 선언되지 않았습니다.", call.name),
            format!("the call '{}' declares no result", call.name),
            "declare its 'out', or take 'into' out".to_owned(),
        );
    }
    let into = call.into.as_ref().and_then(|into| document.vars.get(into));
    if let (Some(var), Some(out)) = (into, &rule.out) {
        let kind = match document.vars.get(out) {
            Some(declared) => Some(declared.kind.clone()),
            None => Kind::read(out).map(|(kind, _)| kind),
        };
        if let Some(kind) = kind
            && !var.kind.fits(&kind)
        {
            unlike(
                "/into".to_owned(),
                format!(
                    "결과({})를 담을 변수의 타입({})이 다릅니다.",
                    kind.name(),
                    var.kind.name()
                ),
                format!(
                    "the result is {}, the variable {}",
                    kind.name(),
                    var.kind.name()
                ),
                "store it in a variable of the declared type".to_owned(),
            );
        }
    }
}
