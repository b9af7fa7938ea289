//! Reads one node.

use std::collections::BTreeMap;

use happytalk_core::id::NodeId;

use super::fields::{Fields, Found, check_slug, text};
use super::form_reader::{read_ask, read_form};
use super::say_reader::read_says;
use super::{
    Actions, Branch, Button, CallStep, Choose, Exit, Fallback, Formula, HandoffStep, HoursStep,
    Interrupt, Node, Press, SubStep, Target, Variant, formula, target,
};
use crate::button_id::ButtonId;
use crate::diagnostic::Diagnostic;
use crate::template::Template;
use crate::tree::{Place, Tree};

/// In the order in which they are written.
pub(super) const NODE: [&str; 27] = [
    "menu",
    "goal",
    "approve",
    "say",
    "channels",
    "set",
    "clear",
    "emit",
    "tag",
    "category",
    "offer",
    "ask",
    "form",
    "buttons",
    "if",
    "hours",
    "call",
    "with",
    "into",
    "slow",
    "on",
    "handoff",
    "sub",
    "fallback",
    "interrupt",
    "to",
    "end",
];
pub(super) const HANDOFF: [&str; 3] = ["queue", "note", "on"];
pub(super) const BRANCH: [&str; 3] = ["when", "to", "else"];
pub(super) const BUTTON: [&str; 12] = [
    "id", "label", "to", "value", "set", "when", "words", "url", "consent", "phone", "app", "event",
];
pub(super) const FALLBACK: [&str; 6] = ["say", "repeat", "max", "then", "default", "default_say"];
pub(super) const HOURS: [&str; 5] = ["calendar", "open", "lunch", "holiday", "closed"];
pub(super) const SUB: [&str; 4] = ["scenario", "version", "with", "out"];

pub(super) fn read_node(
    id: NodeId,
    tree: &Tree,
    pointer: Place<'_>,
    found: &mut Found,
) -> Option<Node> {
    let before = found.len();
    let fields = Fields::new(tree, pointer, &NODE, found)?;
    let (says, says_one) = read_says(&fields, found);
    let exit = read_exit(&fields, found);
    let interrupt = match &exit {
        // An `ask` and a `form` say it inside.
        Some(Exit::Ask(_) | Exit::Form(_)) if !fields.has("interrupt") => ["ask", "form"]
            .into_iter()
            .find_map(|name| Some((fields.get(name)?, fields.at(name))))
            .and_then(|(tree, at)| Fields::open(tree, at, found))
            .map_or(Interrupt::Commands, |inner| read_interrupt(&inner, found)),
        _ => read_interrupt(&fields, found),
    };
    Some(Node {
        id,
        says,
        says_one,
        menu: fields.flag("menu", found),
        goal: fields.flag("goal", found),
        approve: fields.flag("approve", found),
        variants: read_variants(&fields, found),
        actions: read_actions(&fields, found),
        exit,
        fallback: fields
            .get("fallback")
            .and_then(|tree| read_fallback(tree, fields.at("fallback"), found)),
        interrupt,
        print: tree.print(),
        place: 0,
        broken: found.len() > before,
    })
}

fn read_interrupt(fields: &Fields<'_>, found: &mut Found) -> Interrupt {
    match fields.text("interrupt", found) {
        None | Some("commands") => Interrupt::Commands,
        Some("none") => Interrupt::None,
        Some("all") => Interrupt::All,
        Some(other) => {
            found.push(Diagnostic::error(
                "S3",
                fields.at("interrupt"),
                format!("'{other}'은(는) 쓸 수 없는 값입니다."),
                format!("'{other}' does not belong here"),
                "one of: none, commands, all",
            ));
            Interrupt::Commands
        }
    }
}

fn read_variants(fields: &Fields<'_>, found: &mut Found) -> Vec<Variant> {
    let Some(tree) = fields.get("channels") else {
        return Vec::new();
    };
    let Some(members) = Fields::open(tree, fields.at("channels"), found) else {
        return Vec::new();
    };
    let mut variants = Vec::new();
    for (channel, tree, pointer) in members.each() {
        if channel.parse::<happytalk_core::ChannelName>().is_err() {
            check_slug(channel, "-", pointer, found);
        }
        let Some(inner) = Fields::new(tree, pointer, &["say", "buttons"], found) else {
            continue;
        };
        let (says, says_one) = read_says(&inner, found);
        if inner.has("buttons") && !fields.has("buttons") {
            found.push(Diagnostic::error(
                "S3",
                inner.at("buttons"),
                "버튼이 없는 노드의 채널 변형에는 버튼을 쓸 수 없습니다.",
                "a node without buttons has none on a channel either",
                "add 'buttons' to the node, or take these out",
            ));
        }
        variants.push(Variant {
            channel: channel.to_owned(),
            says: inner.has("say").then_some(says),
            says_one,
            buttons: inner.has("buttons").then(|| read_buttons(&inner, found)),
        });
    }
    variants
}

fn read_sub(fields: &Fields<'_>, to: Option<Target>, found: &mut Found) -> Option<SubStep> {
    let inner = Fields::new(fields.get("sub")?, fields.at("sub"), &SUB, found)?;
    let scenario = inner.need_text("scenario", found)?.to_owned();
    check_slug(&scenario, "-", inner.at("scenario"), found);
    let mut out = Vec::new();
    if let Some(tree) = inner.get("out")
        && let Some(members) = Fields::open(tree, inner.at("out"), found)
    {
        for (ours, tree, at) in members.each() {
            if let Some(theirs) = text(tree, at, found) {
                out.push((ours.to_owned(), theirs.to_owned()));
            }
        }
    }
    Some(SubStep {
        scenario,
        version: inner.count("version", 1, u32::MAX, found),
        with: read_sets(&inner, "with", found),
        out,
        to,
    })
}

fn read_sets(fields: &Fields<'_>, name: &str, found: &mut Found) -> Vec<(String, Formula)> {
    let Some(tree) = fields.get(name) else {
        return Vec::new();
    };
    let Some(members) = Fields::open(tree, fields.at(name), found) else {
        return Vec::new();
    };
    members
        .each()
        .map(|(name, tree, _)| (name.to_owned(), formula(tree)))
        .collect()
}

fn read_actions(fields: &Fields<'_>, found: &mut Found) -> Actions {
    let emit = fields.text("emit", found).map(|name| {
        check_slug(name, ".", fields.at("emit"), found);
        let with = if fields.has("call") {
            Vec::new()
        } else {
            read_sets(fields, "with", found)
        };
        (name.to_owned(), with)
    });
    let mut tags = Vec::new();
    for tag in fields.texts("tag", found) {
        match tag.parse() {
            Ok(tag) => tags.push(tag),
            Err(_) => found.push(Diagnostic::error(
                "S5",
                fields.at("tag"),
                "잘못된 태그입니다.",
                "this is no tag: 1 to 128 bytes without control characters",
                "shorten it",
            )),
        }
    }
    Actions {
        set: read_sets(fields, "set", found),
        clear: fields.texts("clear", found),
        emit,
        tags,
        category: fields.get("category").and_then(|tree| match tree {
            Tree::Text(main) => Some((main.clone(), None)),
            tree => {
                let inner = Fields::new(tree, fields.at("category"), &["main", "sub"], found)?;
                let main = inner.need_text("main", found)?.to_owned();
                Some((main, inner.text("sub", found).map(str::to_owned)))
            }
        }),
        offer: fields.get("offer").and_then(|tree| {
            let inner = Fields::new(tree, fields.at("offer"), &["id", "amount_won"], found)?;
            let id = inner.need_text("id", found)?.to_owned();
            if !inner.has("amount_won") {
                inner.missing("amount_won", found);
            }
            Some((id, inner.int("amount_won", found)?))
        }),
    }
}

/// The one thing a node ends with; `to` goes with some of the others.
fn read_exit(fields: &Fields<'_>, found: &mut Found) -> Option<Exit> {
    const EXITS: [&str; 9] = [
        "buttons", "ask", "form", "if", "hours", "call", "handoff", "sub", "end",
    ];
    let mut present = EXITS.iter().copied().filter(|name| fields.has(name));
    let first = present.next();
    for extra in present {
        let is_pair = first == Some("buttons") && extra == "ask";
        if !is_pair {
            let first = first.unwrap_or("");
            fields.clash(extra, first, "give each a node of its own", found);
        }
    }
    for (name, owner) in [("into", "call"), ("slow", "call"), ("on", "call")] {
        if fields.has(name) && !fields.has(owner) {
            found.push(Diagnostic::error(
                "S3",
                fields.at(name),
                format!("'{name}'은(는) '{owner}' 노드에만 쓸 수 있습니다."),
                format!("'{name}' belongs to a node with '{owner}'"),
                format!("move it into the '{owner}', or take it out"),
            ));
        }
    }
    if fields.has("with") && !fields.has("call") && !fields.has("emit") {
        found.push(Diagnostic::error(
            "S3",
            fields.at("with"),
            "'with'는 call이나 emit과 함께만 쓸 수 있습니다.",
            "'with' belongs to a node with 'call' or 'emit'",
            "take it out",
        ));
    }
    let to = fields.text("to", found).map(target);
    if let (Some(exit), true) = (first, to.is_some())
        && !matches!(exit, "ask" | "sub")
        && !fields.has("ask")
    {
        found.push(Diagnostic::error(
            "S3",
            fields.at("to"),
            format!("'{exit}' 노드에는 'to'를 쓸 수 없습니다."),
            format!("a node with '{exit}' has no 'to'"),
            "take it out",
        ));
    }
    match first {
        Some("buttons") if !fields.has("ask") => Some(Exit::Buttons(read_buttons(fields, found))),
        Some("ask" | "buttons") => {
            let tree = fields.get("ask")?;
            let mut ask = read_ask(tree, fields.at("ask"), found)?;
            ask.buttons = read_buttons(fields, found);
            ask.to = to;
            Some(Exit::Ask(Box::new(ask)))
        }
        Some("if") => Some(Exit::If(read_if(fields, found))),
        Some("hours") => {
            let hours = Fields::new(fields.get("hours")?, fields.at("hours"), &HOURS, found)?;
            let calendar = hours.text("calendar", found).map(str::to_owned);
            let ways = HOURS.iter().skip(1).filter_map(|name| {
                let to = hours.text(name, found)?;
                Some(((*name).to_owned(), target(to)))
            });
            let ways = ways.collect();
            Some(Exit::Hours(HoursStep { calendar, ways }))
        }
        Some("call") => Some(Exit::Call(Box::new(CallStep {
            name: fields.text("call", found)?.to_owned(),
            with: read_sets(fields, "with", found),
            into: fields.text("into", found).map(str::to_owned),
            slow: fields.text("slow", found).map(Template::parse),
            on: read_targets(fields, "on", found),
        }))),
        Some("handoff") => {
            let at = fields.at("handoff");
            let inner = Fields::new(fields.get("handoff")?, at, &HANDOFF, found)?;
            let queue = inner.text("queue", found).and_then(|queue| {
                let id = queue.parse().ok();
                if id.is_none() {
                    check_slug(queue, "-.", inner.at("queue"), found);
                }
                id
            });
            Some(Exit::Handoff(Box::new(HandoffStep {
                queue,
                note: inner.texts("note", found),
                on: read_targets(&inner, "on", found),
            })))
        }
        Some("form") => {
            let form = read_form(fields.get("form")?, fields.at("form"), found)?;
            Some(Exit::Form(Box::new(form)))
        }
        Some("sub") => Some(Exit::Sub(Box::new(read_sub(fields, to, found)?))),
        Some("end") => {
            let outcome = fields.text("end", found)?;
            if outcome.trim().is_empty() {
                found.push(Diagnostic::error(
                    "S5",
                    fields.at("end"),
                    "끝의 이름(outcome)이 비어 있습니다.",
                    "the outcome has no name",
                    "name it, such as resolved",
                ));
            }
            Some(Exit::End(outcome.to_owned()))
        }
        Some(_) => None,
        None => to.map(Exit::To),
    }
}

pub(super) fn read_targets(
    fields: &Fields<'_>,
    name: &str,
    found: &mut Found,
) -> BTreeMap<String, Target> {
    let Some(tree) = fields.get(name) else {
        return BTreeMap::new();
    };
    let Some(inner) = Fields::open(tree, fields.at(name), found) else {
        return BTreeMap::new();
    };
    inner
        .each()
        .filter_map(|(name, tree, at)| Some((name.to_owned(), target(text(tree, at, found)?))))
        .collect()
}

fn read_buttons(fields: &Fields<'_>, found: &mut Found) -> Vec<Button> {
    let items = fields.list("buttons", found).into_iter();
    items
        .filter_map(|(tree, pointer)| read_button(tree, pointer, found))
        .collect()
}

pub(super) fn read_button(tree: &Tree, pointer: Place<'_>, found: &mut Found) -> Option<Button> {
    let fields = Fields::new(tree, pointer, &BUTTON, found)?;
    let id = fields.need_text("id", found)?;
    check_slug(id, "", fields.at("id"), found);
    let opens = [
        ("url", Press::Url as fn(String) -> Press),
        ("app", Press::App),
        ("phone", Press::Phone),
        ("event", Press::Event),
    ];
    let mut presses = opens.into_iter().filter_map(|(name, press)| {
        let value = fields.text(name, found)?;
        Some(press(value.to_owned()))
    });
    let press = presses.next();
    let extra = presses.next().is_some();
    if extra {
        found.push(Diagnostic::error(
            "S3",
            fields.pointer,
            "url, app, phone, event 가운데 하나만 쓸 수 있습니다.",
            "a button does one of url, app, phone and event",
            "keep one of them",
        ));
    }
    let to = fields.text("to", found).map(target);
    if to.is_none() && press.is_none() && !fields.has("value") {
        fields.missing("to", found);
    }
    Some(Button {
        id: ButtonId::new(id),
        label: fields.need_text("label", found)?.to_owned(),
        to,
        to_place: None,
        value: fields.text("value", found).map(str::to_owned),
        set: read_sets(&fields, "set", found),
        when: fields.get("when").map(formula),
        words: fields.texts("words", found),
        press: press.unwrap_or(Press::Postback),
        consent: fields.text("consent", found).map(str::to_owned),
    })
}

pub(super) fn read_fallback(
    tree: &Tree,
    pointer: Place<'_>,
    found: &mut Found,
) -> Option<Fallback> {
    let fields = Fields::new(tree, pointer, &FALLBACK, found)?;
    Some(Fallback {
        say: fields.text("say", found).map(Template::parse),
        repeat: fields.flag("repeat", found),
        max: fields.int("max", found),
        then: fields.text("then", found).map(target),
        default: fields.get("default").and_then(Tree::to_value),
        default_say: fields.text("default_say", found).map(Template::parse),
    })
}

fn read_if(fields: &Fields<'_>, found: &mut Found) -> Choose {
    let mut choose = Choose {
        branches: Vec::new(),
        otherwise: None,
    };
    let items = fields.list("if", found);
    let count = items.len();
    for (place, (tree, pointer)) in items.into_iter().enumerate() {
        let Some(branch) = Fields::new(tree, pointer, &BRANCH, found) else {
            continue;
        };
        if let Some(to) = branch.text("else", found) {
            choose.otherwise = Some((place, target(to)));
            if place + 1 < count || branch.has("when") || branch.has("to") {
                found.push(Diagnostic::error(
                    "S3",
                    branch.pointer,
                    "else는 마지막에 혼자 와야 합니다.",
                    "'else' stands alone and last",
                    "move it to the end of the list",
                ));
            }
            continue;
        }
        let when = branch.get("when").map(formula);
        if when.is_none() {
            branch.missing("when", found);
        }
        let to = branch.need_text("to", found).map(target);
        if let (Some(when), Some(to)) = (when, to) {
            choose.branches.push(Branch { when, to });
        }
    }
    choose
}
