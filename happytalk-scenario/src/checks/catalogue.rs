//! What the document names of the host's: R3, R4, R7, G8.

use std::collections::BTreeSet;
use std::fmt::Arguments;

use super::Found;
use crate::diagnostic::{Diagnostic, escape};
use crate::document::{Document, Exit, SubStep, nearest, node_pointer};
use crate::host::Catalogue;

pub(super) fn check(document: &Document, catalogue: Option<&Catalogue>, found: &mut Found) {
    let empty = Catalogue::new();
    let host = catalogue.unwrap_or(&empty);
    if let Some(calls) = &host.calls {
        for name in document.calls.keys().filter(|name| !calls.contains(*name)) {
            let at = format_args!("/calls/{}", escape(name));
            unknown("R4", at, "호출", "call", name, calls.iter(), found);
        }
    }
    for node in &document.nodes {
        let pointer = format_args!("{}", node_pointer(node.id.as_str()));
        match &node.exit {
            Some(Exit::Sub(sub)) => {
                sub_step(document, sub, host, format_args!("{pointer}/sub"), found)
            }
            Some(Exit::Hours(hours)) => {
                if let (Some(name), Some(known)) = (&hours.calendar, &host.calendars)
                    && !known.contains(name)
                {
                    let at = format_args!("{pointer}/hours/calendar");
                    unknown("R7", at, "캘린더", "calendar", name, known.iter(), found);
                }
            }
            Some(Exit::Handoff(handoff)) => {
                if let (Some(queue), Some(known)) = (&handoff.queue, &host.queues)
                    && !known.contains(queue.as_str())
                {
                    let at = format_args!("{pointer}/handoff/queue");
                    unknown("R7", at, "큐", "queue", queue.as_str(), known.iter(), found);
                }
            }
            _ => {}
        }
        if let Some(known) = &host.channels {
            for variant in node
                .variants
                .iter()
                .filter(|v| !known.contains_key(&v.channel))
            {
                let name = &variant.channel;
                let at = format_args!("{pointer}/channels/{}", escape(name));
                unknown("R7", at, "채널", "channel", name, known.keys(), found);
            }
        }
    }
}

fn unknown<'k>(
    code: &'static str,
    pointer: Arguments<'_>,
    ko: &str,
    en: &str,
    name: &str,
    known: impl Iterator<Item = &'k String>,
    found: &mut Found,
) {
    let known: Vec<&str> = known.map(String::as_str).collect();
    let hint = nearest(name, &known).map_or_else(
        || format!("the host has: {}", known.join(", ")),
        |meant| format!("did you mean '{meant}'?"),
    );
    found.push(Diagnostic::error(
        code,
        pointer,
        format!("{ko} '{name}'이(가) 호스트에 없습니다."),
        format!("the host has no {en} '{name}'"),
        hint,
    ));
}

fn sub_step(
    document: &Document,
    sub: &SubStep,
    host: &Catalogue,
    pointer: Arguments<'_>,
    found: &mut Found,
) {
    let name = &sub.scenario;
    if sub.version.is_none() {
        found.push(Diagnostic::error(
            "R3",
            pointer,
            format!("하위 시나리오 '{name}'의 버전이 고정되지 않았습니다."),
            format!("the sub-scenario '{name}' is not pinned to a version"),
            "add \"version\": the revision that was tested",
        ));
    }
    if name == document.id.as_str() {
        found.push(Diagnostic::error(
            "G8",
            format_args!("{pointer}/scenario"),
            format!("시나리오가 자기 자신을 실행합니다: {name} → {name}"),
            format!("the scenario runs itself: {name} → {name}"),
            "jump with 'to' instead",
        ));
        return;
    }
    if let Some(known) = &host.scenarios {
        match (known.get(name), sub.version) {
            (None, _) => {
                let at = format_args!("{pointer}/scenario");
                unknown("R3", at, "시나리오", "scenario", name, known.keys(), found);
            }
            (Some(versions), Some(version)) if !versions.contains(&version) => {
                let has: Vec<String> = versions.iter().map(u32::to_string).collect();
                found.push(Diagnostic::error(
                    "R3",
                    format_args!("{pointer}/version"),
                    format!("하위 시나리오 '{name}'의 버전 {version}이(가) 호스트에 없습니다."),
                    format!("the host has no version {version} of the scenario '{name}'"),
                    format!("its versions are: {}", has.join(", ")),
                ));
            }
            _ => {}
        }
    }
    if let Some(way) = way_back(host, name, document.id.as_str()) {
        found.push(Diagnostic::error(
            "G8",
            format_args!("{pointer}/scenario"),
            format!("시나리오가 서로를 끝없이 실행합니다: {way}"),
            format!("the scenarios run one another without end: {way}"),
            "let one of them end instead",
        ));
    }
}

/// How the other scenario comes back to this one.
fn way_back(host: &Catalogue, from: &str, own: &str) -> Option<String> {
    let mut seen = BTreeSet::new();
    let mut open = vec![vec![own, from]];
    while let Some(way) = open.pop() {
        let last = way.last().copied()?;
        for next in host.runs.get(last).into_iter().flatten() {
            let mut further = way.clone();
            further.push(next);
            if next == own {
                return Some(further.join(" → "));
            }
            if seen.insert(next) {
                open.push(further);
            }
        }
    }
    None
}
