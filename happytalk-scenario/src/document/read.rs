//! Reads the top of a document; the nodes have a file of their own.

use std::collections::BTreeMap;

use happytalk_core::json::JsonError;

use super::fields::{Fields, Found, check_slug, list, nearest, text};
use super::node_reader::{self, read_button, read_fallback};
use super::test_reader::{read_cases, read_migrations};
use super::{CallRule, DOCUMENT_BYTES_MAX, Document, FORMAT, Limits, NODES_MAX, Persona, Var};
use crate::diagnostic::{Diagnostic, escape};
use crate::expr::Kind;
use crate::layout::Lines;
use crate::template::Template;
use crate::tree::{Place, Tree};

/// In the order in which they are written.
pub(super) const TOP: [&str; 17] = [
    "format", "id", "version", "name", "locale", "persona", "entry", "start", "vars", "calls",
    "words", "commands", "fallback", "limits", "nodes", "migrate", "tests",
];

pub(super) const PERSONA: [&str; 3] = ["name", "tone", "avatar"];
pub(super) const VAR: [&str; 7] = ["type", "of", "fields", "pii", "basis", "scope", "default"];
pub(super) const CALL: [&str; 7] = [
    "in",
    "out",
    "timeout_ms",
    "retry",
    "once",
    "errors",
    "mutates",
];
pub(super) const LIMITS: [&str; 6] = [
    "steps_max",
    "steps_say",
    "busy_say",
    "unavailable_say",
    "number_say",
    "restart_say",
];

/// The document as far as it could be read, and what is wrong with its shape.
pub(crate) fn read(json: &str) -> (Option<Document>, Found) {
    let mut found = Found::new();
    if json.len() > DOCUMENT_BYTES_MAX {
        found.push(Diagnostic::error(
            "S6",
            "",
            format!("문서가 {DOCUMENT_BYTES_MAX}바이트를 넘습니다."),
            format!("the document has more than {DOCUMENT_BYTES_MAX} bytes"),
            "split it into several scenarios",
        ));
        return (None, found);
    }
    let json = json.strip_prefix('\u{FEFF}').unwrap_or(json);
    let mut tree: Tree = match serde_json::from_str(json) {
        Ok(tree) => tree,
        Err(error) => {
            let error = JsonError::from(&error);
            let (line, column) = Lines::of(json).of_bytes(error.line(), error.column());
            found.push(Diagnostic::error(
                "S1",
                "",
                format!("JSON 문법 오류입니다. {line}번째 줄 {column}번째 칸."),
                format!("{} at line {line} column {column}", error.reason()),
                "repair the JSON there, or just before",
            ));
            return (None, found);
        }
    };
    tree.strip(&mut found);
    let Some(top) = Fields::open(&tree, Place::Top, &mut found) else {
        return (None, found);
    };
    if !is_known_format(&top, &mut found) {
        return (None, found);
    }
    let document =
        Fields::new(&tree, Place::Top, &TOP, &mut found).and_then(|top| read_top(&top, &mut found));
    (document, found)
}

fn is_known_format(top: &Fields<'_>, found: &mut Found) -> bool {
    if top.get("format") == Some(&Tree::Int(FORMAT)) {
        return true;
    }
    let (ko, en) = if top.has("format") {
        ("알 수 없는 format입니다.", "unknown format")
    } else {
        ("format이 없습니다.", "there is no format")
    };
    found.push(Diagnostic::error(
        "S2",
        "/format",
        ko,
        en,
        format!("write \"format\": {FORMAT}"),
    ));
    false
}

fn read_top(top: &Fields<'_>, found: &mut Found) -> Option<Document> {
    let id = top.need_text("id", found);
    if let Some(id) = id {
        check_slug(id, "-", "/id", found);
    }
    if !top.has("version") {
        top.missing("version", found);
    }
    let version = top.count("version", 1, u32::MAX, found).unwrap_or(1);
    let nodes = match top.get("nodes") {
        Some(tree) => read_nodes(tree, found),
        None => {
            top.missing("nodes", found);
            Vec::new()
        }
    };
    let mut document = Document {
        id: id?.parse().ok()?,
        version,
        locale: top.text("locale", found).unwrap_or("ko-KR").to_owned(),
        start: top.text("start", found).unwrap_or("").to_owned(),
        vars: map(top, "vars", found, |name, tree, pointer, found| {
            check_slug(name, "", pointer, found);
            read_var(tree, pointer, found)
        }),
        words: map(top, "words", found, |_, tree, pointer, found| {
            let items = list(tree, &pointer, found).into_iter();
            let words = items.filter_map(|(item, at)| text(item, at, found).map(str::to_owned));
            Some(words.collect::<Vec<_>>())
        }),
        commands: top.has("commands").then(|| {
            let items = top.list("commands", found).into_iter();
            items
                .filter_map(|(tree, pointer)| read_button(tree, pointer, found))
                .collect()
        }),
        fallback: top
            .get("fallback")
            .and_then(|tree| read_fallback(tree, top.at("fallback"), found)),
        calls: map(top, "calls", found, |name, tree, pointer, found| {
            check_slug(name, ".", pointer, found);
            read_call_rule(tree, pointer, found)
        }),
        nodes,
        limits: read_limits(top, found),
        migrate: read_migrations(top, found),
        tests: read_cases(top, found),
        entry: top.texts("entry", found),
        persona: read_persona(top, found),
    };
    name_kinds(&mut document, found);
    Some(document)
}

/// Inputs and results of calls that are declared by the name of a variable take its kind.
fn name_kinds(document: &mut Document, found: &mut Found) {
    let vars = &document.vars;
    let mut undeclared = |pointer: String, name: &str| {
        let names: Vec<&str> = vars.keys().map(String::as_str).collect();
        found.push(Diagnostic::error(
            "R5",
            pointer,
            format!("'{name}'은(는) 타입도, 선언된 변수도 아닙니다."),
            format!("'{name}' is neither a type nor a declared variable"),
            nearest(name, &names).map_or_else(
                || "write a type such as string, or declare the variable".to_owned(),
                |meant| format!("did you mean '{meant}'?"),
            ),
        ));
    };
    for (call, rule) in &mut document.calls {
        for (input, name) in &rule.like {
            let Some(var) = vars.get(name) else {
                undeclared(
                    format!("/calls/{}/in/{}", escape(call), escape(input)),
                    name,
                );
                continue;
            };
            rule.inputs
                .insert(input.clone(), Some((var.kind.clone(), var.nullable)));
            if var.pii {
                rule.personal.push(input.clone());
            }
        }
        if let Some(out) = &rule.out
            && Kind::read(out).is_none()
            && !vars.contains_key(out)
        {
            undeclared(format!("/calls/{}/out", escape(call)), out);
        }
    }
}

fn read_persona(top: &Fields<'_>, found: &mut Found) -> Option<Persona> {
    let fields = Fields::new(top.get("persona")?, top.at("persona"), &PERSONA, found)?;
    let mut part = |name: &str| fields.text(name, found).map(str::to_owned);
    Some(Persona {
        name: part("name"),
        tone: part("tone"),
        avatar: part("avatar"),
    })
}

/// An object whose members are all of one kind.
pub(super) fn map<T>(
    top: &Fields<'_>,
    name: &str,
    found: &mut Found,
    mut one: impl FnMut(&str, &Tree, Place<'_>, &mut Found) -> Option<T>,
) -> BTreeMap<String, T> {
    let Some(tree) = top.get(name) else {
        return BTreeMap::new();
    };
    let Some(fields) = Fields::open(tree, top.at(name), found) else {
        return BTreeMap::new();
    };
    fields
        .each()
        .filter_map(|(name, tree, pointer)| {
            Some((name.to_owned(), one(name, tree, pointer, found)?))
        })
        .collect()
}

fn read_nodes(tree: &Tree, found: &mut Found) -> Vec<super::Node> {
    let Some(fields) = Fields::open(tree, Place::Member(&Place::Top, "nodes"), found) else {
        return Vec::new();
    };
    let count = fields.each().count();
    if count > NODES_MAX {
        found.push(Diagnostic::error(
            "S6",
            "/nodes",
            format!("노드가 {NODES_MAX}개를 넘습니다. ({count}개)"),
            format!("there are more than {NODES_MAX} nodes: {count}"),
            "split the scenario",
        ));
        return Vec::new();
    }
    let mut nodes = Vec::with_capacity(count);
    for (id, tree, pointer) in fields.each() {
        check_slug(id, "", pointer, found);
        if let Ok(id) = id.parse()
            && let Some(mut node) = node_reader::read_node(id, tree, pointer, found)
        {
            node.place = nodes.len();
            nodes.push(node);
        }
    }
    nodes
}

fn unknown_kind(pointer: Place<'_>, text: &str, found: &mut Found) {
    found.push(Diagnostic::error(
        "S3",
        pointer,
        format!("알 수 없는 타입 '{text}'입니다."),
        format!("unknown type '{text}'"),
        "the types are: enum, string, phone, int, money, bool, date, time, instant, object, and each with [] or ?",
    ));
}

fn read_var(tree: &Tree, pointer: Place<'_>, found: &mut Found) -> Option<Var> {
    let fields = Fields::new(tree, pointer, &VAR, found)?;
    let mut nullable = false;
    let kind = match fields.need_text("type", found)? {
        "enum" => {
            let of = fields.texts("of", found);
            if of.is_empty() {
                found.push(Diagnostic::error(
                    "D6",
                    fields.at("of"),
                    "enum에 값이 없습니다.",
                    "the enum has no values",
                    "list its values in 'of'",
                ));
            }
            Kind::Enum(of)
        }
        "object" => Kind::Object(map(&fields, "fields", found, |_, tree, pointer, found| {
            let text = text(tree, pointer, found)?;
            let kind = Kind::read(text);
            if kind.is_none() {
                unknown_kind(pointer, text, found);
            }
            kind
        })),
        "list" => Kind::List(Box::new(
            fields
                .text("of", found)
                .and_then(Kind::read)
                .map_or(Kind::Any, |(kind, _)| kind),
        )),
        other => match Kind::read(other) {
            Some((kind, optional)) => {
                nullable = optional;
                kind
            }
            None => {
                unknown_kind(fields.at("type"), other, found);
                Kind::Any
            }
        },
    };
    one_of(&fields, "basis", &["contract", "law", "consent"], found);
    one_of(&fields, "scope", &["session", "customer"], found);
    let default = fields.get("default").and_then(Tree::to_value);
    if default
        .as_ref()
        .is_some_and(|it| !it.is_null() && !kind.holds(it))
    {
        found.push(Diagnostic::error(
            "D3",
            fields.at("default"),
            format!("기본값이 {} 타입이 아닙니다.", kind.name()),
            format!("the default is no {}", kind.name()),
            "give a value of the declared type",
        ));
    }
    Some(Var {
        kind,
        nullable,
        basis: fields.text("basis", found).map(str::to_owned),
        default: default.filter(|it| !it.is_null()),
        pii: fields.flag("pii", found),
        of_customer: fields.get("scope") == Some(&Tree::Text("customer".to_owned())),
    })
}

/// Reports a text that is none of `allowed`.
pub(super) fn one_of(fields: &Fields<'_>, name: &str, allowed: &[&str], found: &mut Found) {
    if let Some(text) = fields.text(name, found)
        && !allowed.contains(&text)
    {
        found.push(Diagnostic::error(
            "S3",
            fields.at(name),
            format!("'{text}'은(는) 쓸 수 없는 값입니다."),
            format!("'{text}' does not belong here"),
            format!("one of: {}", allowed.join(", ")),
        ));
    }
}

/// The kinds of values that tell who somebody is.
const PERSONAL: [&str; 4] = ["phone", "email", "name", "address"];

/// What people write into a call that belongs to the host.
const WIRE: [&str; 8] = [
    "url",
    "headers",
    "method",
    "authorization",
    "token",
    "secret",
    "password",
    "api_key",
];

fn read_call_rule(tree: &Tree, pointer: Place<'_>, found: &mut Found) -> Option<CallRule> {
    // Where a call goes and with what secret is the host's to know (C6).
    let known: Vec<&str> = CALL.into_iter().chain(WIRE).collect();
    let fields = Fields::new(tree, pointer, &known, found)?;
    for name in WIRE.into_iter().filter(|name| fields.has(name)) {
        found.push(Diagnostic::error(
            "C6",
            fields.at(name),
            format!("호출 주소·헤더·비밀값('{name}')은 시나리오에 쓸 수 없습니다."),
            format!("where a call goes and how it proves itself ('{name}') does not belong in a scenario"),
            "keep it in the host's configuration, under the call's name",
        ));
    }
    let mut personal = Vec::new();
    let mut like = Vec::new();
    let inputs = map(&fields, "in", found, |name, tree, pointer, found| {
        let text = text(tree, pointer, found)?;
        if PERSONAL.contains(&text.trim_end_matches('?')) {
            personal.push(name.to_owned());
        }
        let kind = Kind::read(text);
        match kind {
            Some(_) => {}
            // A name of a variable instead of a kind takes that variable's kind.
            None if super::fields::is_slug(text, "") => {
                like.push((name.to_owned(), text.to_owned()))
            }
            None => unknown_kind(pointer, text, found),
        }
        Some(kind)
    });
    Some(CallRule {
        mutates: fields.flag("mutates", found),
        inputs,
        like,
        personal,
        out: fields.text("out", found).map(str::to_owned),
        timeout_ms: fields
            .count("timeout_ms", 1, 600_000, found)
            .unwrap_or(3_000),
        retry: fields.count("retry", 0, 10, found).unwrap_or(0),
        once: fields.flag("once", found),
        errors: fields.texts("errors", found),
    })
}

fn read_limits(top: &Fields<'_>, found: &mut Found) -> Limits {
    let fields = top
        .get("limits")
        .and_then(|tree| Fields::new(tree, top.at("limits"), &LIMITS, found));
    let mut words = |name: &str, otherwise: &str| {
        let said = fields.as_ref().and_then(|fields| fields.text(name, found));
        said.map_or_else(|| Ok(Template::words(otherwise)), Template::parse)
    };
    Limits {
        steps_say: words("steps_say", "처리하지 못했어요. 다시 한 번 입력해 주세요."),
        busy_say: words("busy_say", "처리 중이에요. 잠시만 기다려 주세요."),
        unavailable_say: words("unavailable_say", "지금은 상담원을 연결할 수 없어요."),
        number_say: words(
            "number_say",
            "주민등록번호는 받지 않아요. 다른 내용으로 입력해 주세요.",
        ),
        restart_say: words(
            "restart_say",
            "안내가 새로 바뀌어 처음부터 다시 도와드릴게요.",
        ),
        steps_max: fields
            .as_ref()
            .and_then(|fields| fields.count("steps_max", 1, crate::STEPS_MAX, found))
            .unwrap_or(crate::STEPS_MAX),
    }
}

/// A pointer to a member of `nodes`, written out when it is shown.
#[derive(Clone, Copy)]
pub(crate) struct NodePointer<'i>(&'i str);

impl std::fmt::Display for NodePointer<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/nodes/{}", escape(self.0))
    }
}

pub(crate) const fn node_pointer(id: &str) -> NodePointer<'_> {
    NodePointer(id)
}

/// What a document means, without comments, its version and its tests, in one order: two texts with the same content
/// are the same scenario.
pub(crate) fn content(json: &str) -> Option<Tree> {
    let json = json.strip_prefix('\u{FEFF}').unwrap_or(json);
    let mut tree: Tree = serde_json::from_str(json).ok()?;
    tree.strip(&mut Found::new());
    if let Tree::Object(members) = &mut tree {
        members.retain(|(name, _)| name != "version" && name != "tests");
    }
    tree.sort();
    Some(tree)
}
