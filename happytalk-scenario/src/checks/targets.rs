//! Everything that is named exists: R1, R2, R8.

use std::collections::BTreeSet;
use std::fmt;

use super::Found;
use super::ids::Ids;
use crate::diagnostic::{Diagnostic, escape};
use crate::document::{Document, Exit, Fallback, Node, Target};
use crate::document::{nearest, node_pointer};

/// Where inside a node a target stands.
#[derive(Clone, Copy)]
pub(crate) enum Place<'n> {
    To,
    Button(usize),
    /// A button of a channel's own list.
    Variant(&'n str, usize),
    Form(&'n str),
    /// Of a question of a form.
    Slot(usize),
    Branch(usize),
    Else(usize),
    Hours(&'n str),
    Call(&'n str),
    Handoff(&'n str),
    Retry,
    Fallback,
}

impl fmt::Display for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::To => f.write_str("/to"),
            Self::Button(place) => write!(f, "/buttons/{place}/to"),
            Self::Variant(channel, place) => {
                write!(f, "/channels/{}/buttons/{place}/to", escape(channel))
            }
            Self::Form(way) => write!(f, "/form/on/{}", escape(way)),
            Self::Slot(place) => write!(f, "/form/slots/{place}/retry/then"),
            Self::Branch(place) => write!(f, "/if/{place}/to"),
            Self::Else(place) => write!(f, "/if/{place}/else"),
            Self::Hours(way) => write!(f, "/hours/{way}"),
            Self::Call(way) => write!(f, "/on/{}", escape(way)),
            Self::Handoff(way) => write!(f, "/handoff/on/{}", escape(way)),
            Self::Retry => f.write_str("/ask/retry/then"),
            Self::Fallback => f.write_str("/fallback/then"),
        }
    }
}

fn then(fallback: Option<&Fallback>) -> Option<&Target> {
    fallback.and_then(|fallback| fallback.then.as_ref())
}

/// Every target of a node, in the order of the document.
pub(crate) fn of<'n>(node: &'n Node, visit: &mut dyn FnMut(Place<'n>, &'n Target)) {
    for (place, button) in node.buttons().iter().enumerate() {
        if let Some(to) = &button.to {
            visit(Place::Button(place), to);
        }
    }
    for variant in &node.variants {
        for (place, button) in variant.buttons.iter().flatten().enumerate() {
            if let Some(to) = &button.to {
                visit(Place::Variant(&variant.channel, place), to);
            }
        }
    }
    match &node.exit {
        Some(Exit::Buttons(_) | Exit::End(_)) | None => {}
        Some(Exit::Form(form)) => {
            for (place, slot) in form.slots.iter().enumerate() {
                if let Some(to) = then(slot.ask.retry.as_ref()) {
                    visit(Place::Slot(place), to);
                }
            }
            for (way, to) in &form.on {
                visit(Place::Form(way), to);
            }
        }
        Some(Exit::Sub(sub)) => {
            if let Some(to) = &sub.to {
                visit(Place::To, to);
            }
        }
        Some(Exit::Ask(ask)) => {
            if let Some(to) = then(ask.retry.as_ref()) {
                visit(Place::Retry, to);
            }
            if let Some(to) = &ask.to {
                visit(Place::To, to);
            }
        }
        Some(Exit::If(choose)) => {
            for (place, branch) in choose.branches.iter().enumerate() {
                visit(Place::Branch(place), &branch.to);
            }
            if let Some((place, to)) = &choose.otherwise {
                visit(Place::Else(*place), to);
            }
        }
        Some(Exit::Hours(hours)) => {
            for (way, to) in &hours.ways {
                visit(Place::Hours(way), to);
            }
        }
        Some(Exit::Call(call)) => {
            for (way, to) in &call.on {
                visit(Place::Call(way), to);
            }
        }
        Some(Exit::Handoff(handoff)) => {
            for (way, to) in &handoff.on {
                visit(Place::Handoff(way), to);
            }
        }
        Some(Exit::To(to)) => visit(Place::To, to),
    }
    if let Some(to) = then(node.fallback.as_ref()) {
        visit(Place::Fallback, to);
    }
}

pub(super) fn check(document: &Document, ids: &Ids<'_>, found: &mut Found) {
    // Sorted, so that the first of two names that are as near is always the same.
    let names = || -> Vec<&str> {
        let names: BTreeSet<_> = document.nodes.iter().map(|node| node.id.as_str()).collect();
        names.into_iter().collect()
    };
    if !ids.has(&document.start) {
        let (ko, en) = if document.start.is_empty() {
            (
                "시작 노드(start)가 없습니다.".to_owned(),
                "there is no start".to_owned(),
            )
        } else {
            let start = &document.start;
            (
                format!("시작 노드 '{start}'이(가) 없습니다."),
                format!("the start node '{start}' does not exist"),
            )
        };
        let first = "name the node that comes first";
        let hint = match document.start.starts_with('@') {
            // The start is a node and no special target.
            true => first.to_owned(),
            false => guess(&document.start, &names(), first),
        };
        found.push(Diagnostic::error("R1", "/start", ko, en, hint));
    }
    let dangling = |pointer: String, name: &str| {
        let hint = guess(name, &names(), "add the node, or lead to one that exists");
        Diagnostic::error(
            "R2",
            pointer,
            format!("대상 노드 '{name}'이(가) 없습니다."),
            format!("the target '{name}' does not exist"),
            hint,
        )
    };
    let missing = |target: &Target| match target {
        Target::Node(id) if !ids.has(id.as_str()) => Some(id.as_str().to_owned()),
        Target::Unknown(name) => Some(name.clone()),
        Target::Node(_) | Target::Home | Target::Back | Target::End | Target::Agent => None,
    };
    for node in &document.nodes {
        of(node, &mut |place, target| {
            if let Some(name) = missing(target) {
                let pointer = format!("{}{place}", node_pointer(node.id.as_str()));
                found.push(dangling(pointer, &name));
            }
        });
    }
    for (place, command) in document.commands.iter().flatten().enumerate() {
        if let Some(name) = command.to.as_ref().and_then(missing) {
            found.push(dangling(format!("/commands/{place}/to"), &name));
        }
    }
    if let Some(name) = then(document.fallback.as_ref()).and_then(missing) {
        found.push(dangling("/fallback/then".to_owned(), &name));
    }
    for (place, migration) in document.migrate.iter().enumerate() {
        let gone = |pointer: String, name: &str| {
            Diagnostic::error(
                "R8",
                pointer,
                format!("migrate의 '{name}'이(가) 이 버전에 없습니다."),
                format!("'{name}' does not exist in this version"),
                "name what it is called now",
            )
        };
        for (old, new) in &migration.nodes {
            if !ids.has(new) {
                found.push(gone(format!("/migrate/{place}/nodes/{}", escape(old)), new));
            }
        }
        for (old, new) in &migration.vars {
            if !document.vars.contains_key(new) {
                found.push(gone(format!("/migrate/{place}/vars/{}", escape(old)), new));
            }
        }
    }
}

fn guess(name: &str, names: &[&str], otherwise: &str) -> String {
    const SPECIAL: [&str; 4] = ["@home", "@back", "@end", "@agent"];
    let known = if name.starts_with('@') {
        &SPECIAL[..]
    } else {
        names
    };
    nearest(name, known).map_or_else(
        || otherwise.to_owned(),
        |meant| format!("did you mean '{meant}'?"),
    )
}
