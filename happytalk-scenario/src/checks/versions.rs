//! What changed since the version that customers are in: V1 to V5.

use std::collections::BTreeSet;

use super::Found;
use crate::diagnostic::{Diagnostic, escape};
use crate::document::{Document, content, node_pointer};
use crate::host::Against;

pub(super) fn check(document: &Document, text: &str, against: &Against<'_>, found: &mut Found) {
    let Some(previous) = against.previous else {
        return;
    };
    if let Some(before) = against.previous_text
        && document.version == previous.version
        && content(text) != content(before)
    {
        found.push(Diagnostic::error(
            "V1",
            "/version",
            format!(
                "내용이 바뀌었는데 version이 그대로 {}입니다.",
                document.version
            ),
            format!(
                "the content changed and the version is still {}",
                document.version
            ),
            format!("write \"version\": {}", document.version.saturating_add(1)),
        ));
    }
    // How names of that version are called now.
    let named =
        |pick: fn(&crate::document::Migration) -> &std::collections::BTreeMap<String, String>,
         old: &str| {
            let mut steps: Vec<_> = document.migrate.iter().collect();
            steps.sort_by_key(|step| step.from);
            let steps = steps
                .into_iter()
                .filter(|step| step.from >= previous.version);
            steps.fold(old.to_owned(), |name, step| {
                pick(step).get(&name).cloned().unwrap_or(name)
            })
        };
    for old in previous.nodes.iter().filter(|node| node.waits()) {
        let id = old.id.as_str();
        let now = named(|step| &step.nodes, id);
        let new = document.nodes.iter().find(|node| node.id.as_str() == now);
        let Some(new) = new.filter(|node| node.waits()) else {
            found.push(Diagnostic::warning(
                "V2",
                node_pointer(id),
                format!("고객이 기다리고 있을 수 있는 노드 '{id}'이(가) 없어졌습니다."),
                format!("the node '{id}', at which customers may be waiting, is gone"),
                format!("say in 'migrate' what '{id}' is called now: {{\"from\": {}, \"nodes\": {{\"{id}\": \"…\"}}}}", previous.version),
            ));
            continue;
        };
        let kept: BTreeSet<&str> = new
            .every_button()
            .map(|button| button.id.as_str())
            .collect();
        for gone in old
            .buttons()
            .iter()
            .filter(|b| !kept.contains(b.id.as_str()))
        {
            found.push(Diagnostic::warning(
                "V3",
                format_args!("{}/buttons", node_pointer(&now)),
                format!(
                    "버튼 id '{}'이(가) 없어졌습니다. 이미 보낸 메시지의 버튼이 듣지 않습니다.",
                    gone.id
                ),
                format!(
                    "the button id '{}' is gone: buttons of messages already sent will not work",
                    gone.id
                ),
                format!("keep the id '{}', whatever its label is", gone.id),
            ));
        }
    }
    let defaulted = |name: &str| {
        let steps = document.migrate.iter();
        let mut steps = steps.filter(|step| step.from >= previous.version);
        steps.any(|step| step.defaults.contains_key(name))
    };
    for (old, var) in &previous.vars {
        let now = named(|step| &step.vars, old);
        let Some(new) = document.vars.get(&now) else {
            continue;
        };
        let narrower = match (&new.kind, &var.kind) {
            (crate::expr::Kind::Enum(new), crate::expr::Kind::Enum(old)) => {
                old.iter().any(|value| !new.contains(value))
            }
            (new, old) => new != old,
        };
        if narrower && !defaulted(&now) {
            found.push(Diagnostic::error(
                "V4",
                format!("/vars/{}", escape(&now)),
                format!("변수 '{now}'의 타입이 {}에서 {}(으)로 바뀌었습니다.", var.kind.name(), new.kind.name()),
                format!("the type of '{now}' changed from {} to {}", var.kind.name(), new.kind.name()),
                format!("give it a value in 'migrate': {{\"from\": {}, \"defaults\": {{\"{now}\": …}}}}, or use another name", previous.version),
            ));
        }
    }
    chain(document, previous, found);
}

/// V5: the steps from that version to this one follow one another without a gap.
fn chain(document: &Document, previous: &Document, found: &mut Found) {
    let steps: BTreeSet<u32> = document.migrate.iter().map(|step| step.from).collect();
    let Some(first) = steps.first().copied() else {
        return;
    };
    let from = first.min(previous.version);
    let missing: Vec<String> = (from..document.version)
        .filter(|version| !steps.contains(version))
        .take(10)
        .map(|version| version.to_string())
        .collect();
    if missing.is_empty() {
        return;
    }
    let missing = missing.join(", ");
    found.push(Diagnostic::error(
        "V5",
        "/migrate",
        format!("migrate 사슬에 빠진 버전이 있습니다: {missing}"),
        format!("the chain of 'migrate' lacks the step from: {missing}"),
        "add a step for each, empty where nothing was renamed: {\"from\": 3}",
    ));
}
