//! The members of every object of the format, in the order in which they are written.

use super::form_reader::{ASK, FORM, SLOT};
use super::node_reader::{BRANCH, BUTTON, FALLBACK, HANDOFF, HOURS, NODE, SUB};
use super::read::{CALL, LIMITS, PERSONA, TOP, VAR};
use super::say_reader::{CARD, SAYS};
use super::test_reader::{CASE, MIGRATION};

/// What may stand in the object at that path; nothing where the names are the author's.
pub(crate) fn order(path: &[String]) -> &'static [&'static str] {
    let path: Vec<&str> = path.iter().map(String::as_str).collect();
    match path.as_slice() {
        [] => &TOP,
        ["persona"] => &PERSONA,
        ["vars", _] => &VAR,
        ["calls", _] => &CALL,
        ["limits"] => &LIMITS,
        ["fallback"] => &FALLBACK,
        ["commands", _] => &BUTTON,
        ["migrate", _] => &MIGRATION,
        ["tests", _] => &CASE,
        ["nodes", _] => &NODE,
        ["nodes", _, "channels", _, rest @ ..] => node(rest),
        ["nodes", _, rest @ ..] => node(rest),
        _ => &[],
    }
}

fn node(path: &[&str]) -> &'static [&'static str] {
    match path {
        [] => &["say", "buttons"],
        ["say", "link"] | ["say", _, "link"] => &["label", "url"],
        ["say", "image"] | ["say", _, "image"] => &["url", "alt"],
        ["say", .., "card"] | ["say", .., "carousel", _] => &CARD,
        ["say", "list"] | ["say", _, "list"] => &["title", "items"],
        ["say"] | ["say", _] => &SAYS,
        ["buttons", _] => &BUTTON,
        ["fallback"] | ["ask", "retry"] | ["form", "slots", _, "retry"] => &FALLBACK,
        ["ask"] => &ASK,
        ["form"] => &FORM,
        ["form", "on"] => &["done", "gave_up", "under_14"],
        ["form", "slots", _] => &SLOT,
        ["if", _] => &BRANCH,
        ["hours"] => &HOURS,
        ["on"] => &["ok"],
        ["handoff"] => &HANDOFF,
        ["handoff", "on"] => &["accepted", "closed", "unavailable", "returned"],
        ["sub"] => &SUB,
        ["category"] => &["main", "sub"],
        ["offer"] => &["id", "amount_won"],
        _ => &[],
    }
}
