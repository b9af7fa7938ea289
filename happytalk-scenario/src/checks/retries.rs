//! Nobody is asked for ever, and nobody is left without an answer: I6, I7, I8.

use super::Found;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, Exit, Fallback, node_pointer};
use std::fmt::Arguments;

pub(super) fn check(document: &Document, found: &mut Found) {
    if let Some(fallback) = &document.fallback {
        limits(fallback, false, format_args!("/fallback"), found);
    }
    for node in &document.nodes {
        let pointer = format_args!("{}", node_pointer(node.id.as_str()));
        if let Some(fallback) = &node.fallback {
            limits(fallback, false, format_args!("{pointer}/fallback"), found);
        }
        let retry = match &node.exit {
            Some(Exit::Ask(ask)) => ask.retry.as_ref(),
            _ => None,
        };
        if let Some(retry) = retry {
            limits(retry, false, format_args!("{pointer}/ask/retry"), found);
        }
        if let Some(Exit::Form(form)) = &node.exit {
            for (place, slot) in form.slots.iter().enumerate() {
                if let Some(retry) = &slot.ask.retry {
                    let way = form.on.contains_key("gave_up") || slot.optional.is_some();
                    let at = format_args!("{pointer}/form/slots/{place}/retry");
                    limits(retry, way, at, found);
                }
            }
            let all = node.fallback.is_some() || document.fallback.is_some();
            let each = form.slots.iter().all(|slot| slot.ask.retry.is_some());
            let sure = all || each && form.review.is_none();
            if !sure && !node.broken {
                unanswered(pointer, found);
            }
            continue;
        }
        let caught = retry
            .or(node.fallback.as_ref())
            .or(document.fallback.as_ref());
        if node.waits() && caught.is_none() && !node.broken {
            unanswered(pointer, found);
        }
    }
}

fn unanswered(pointer: Arguments<'_>, found: &mut Found) {
    found.push(Diagnostic::error(
        "I6",
        pointer,
        "입력을 기다리지만 이해하지 못한 입력을 처리할 fallback이 없습니다.",
        "it waits for an input, and nothing says what happens to one that does not fit",
        "add a 'fallback' to the scenario or to this node",
    ));
}

/// `way`: whether something else says where to go when the limit is passed.
fn limits(fallback: &Fallback, way: bool, pointer: Arguments<'_>, found: &mut Found) {
    let mut lacks = |name: &str| {
        found.push(Diagnostic::error(
            "I7",
            pointer,
            format!("'{name}'이(가) 없습니다. 다시 묻는 횟수와 그다음 행선지가 모두 필요합니다."),
            format!(
                "'{name}' is missing: how often to ask again, and where to go then, are both needed"
            ),
            match name {
                "max" => "add \"max\": 2",
                _ => "add \"then\": the node to go to when the limit is passed",
            },
        ));
    };
    if fallback.max.is_none() {
        lacks("max");
    }
    if fallback.then.is_none() && fallback.default.is_none() && !way {
        lacks("then");
    }
    if fallback.max.is_some_and(|max| max <= 0) {
        found.push(Diagnostic::error(
            "I8",
            format_args!("{pointer}/max"),
            "'max'는 1 이상이어야 합니다.",
            "'max' must be 1 or more",
            "write how often to ask again, such as 2",
        ));
    }
}
