//! What a customer types means one thing: I1, I2, I3, I4, I12.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt::Arguments;

use super::Found;
use crate::compiled::words_of;
use crate::diagnostic::Diagnostic;
use crate::document::{Button, Document, node_pointer};
use crate::normal;

fn n2(text: &str) -> Cow<'_, str> {
    let n2 = normal::n2_of(text);
    if n2.is_empty() { normal::n1(text) } else { n2 }
}

pub(super) fn check(document: &Document, found: &mut Found) {
    let declared: &[Button] = document.commands.as_deref().unwrap_or_default();
    let commands: BTreeMap<Cow<'_, str>, &str> = declared
        .iter()
        .map(|command| (n2(&command.label), command.label.as_str()))
        .collect();
    scope(document, declared, format_args!("/commands"), found);
    for node in &document.nodes {
        for (list, buttons) in node.button_lists() {
            let pointer = format_args!("{}{list}", node_pointer(node.id.as_str()));
            let names = scope(document, buttons, pointer, found);
            labels(buttons, &names, &commands, pointer, found);
        }
    }
}

/// What a label is, against the commands and the places in the list.
fn labels(
    buttons: &[Button],
    names: &[Cow<'_, str>],
    commands: &BTreeMap<Cow<'_, str>, &str>,
    pointer: Arguments<'_>,
    found: &mut Found,
) {
    for (place, (button, label)) in buttons.iter().zip(names).enumerate() {
        if let Some(command) = commands.get(label) {
            found.push(Diagnostic::error(
                "I2",
                format_args!("{pointer}/{place}/label"),
                format!(
                    "버튼 '{}'이(가) 명령 '{command}'과(와) 같습니다.",
                    button.label
                ),
                format!(
                    "the button '{}' is called like the command '{command}'",
                    button.label
                ),
                "rename the button, or take it out: the command is always there",
            ));
        }
        if !label.is_empty() && label.chars().all(|c| c.is_ascii_digit()) {
            found.push(Diagnostic::warning(
                "I12",
                format_args!("{pointer}/{place}/label"),
                format!(
                    "숫자만 있는 버튼 '{}'은(는) 번호 선택과 헷갈립니다.",
                    button.label
                ),
                format!(
                    "the label '{}' is a number, as the places in the list are",
                    button.label
                ),
                "add a unit, such as 2개",
            ));
        }
    }
}

/// The choices that are offered together; gives the names by which their labels are compared.
fn scope<'d>(
    document: &'d Document,
    buttons: &'d [Button],
    pointer: Arguments<'_>,
    found: &mut Found,
) -> Vec<Cow<'d, str>> {
    let names: Vec<Cow<'d, str>> = buttons.iter().map(|button| n2(&button.label)).collect();
    let mut owners: Vec<(Cow<'d, str>, usize)> = names.iter().cloned().zip(0..).collect();
    for (place, button) in buttons.iter().enumerate() {
        let words = words_of(document, button).into_iter();
        owners.extend(words.map(|word| (n2(word), place)));
    }
    owners.sort_unstable();
    let mut ids: Vec<&str> = buttons.iter().map(|button| button.id.as_str()).collect();
    ids.sort_unstable();
    let is_shared = |pair: &[_]| matches!(pair, [(one, _), (other, _)] if one == other);
    let is_taken = |pair: &[&str]| matches!(pair, [one, other] if one == other);
    if owners.windows(2).any(is_shared) || ids.windows(2).any(is_taken) {
        owners = shared(document, buttons, &names, pointer, found);
    }
    nested(&owners, pointer, found);
    names
}

/// I1, I3 and the ids: what more than one choice is called. Gives whose each name is.
fn shared<'d>(
    document: &'d Document,
    buttons: &'d [Button],
    names: &[Cow<'d, str>],
    pointer: Arguments<'_>,
    found: &mut Found,
) -> Vec<(Cow<'d, str>, usize)> {
    let mut labels: BTreeMap<Cow<'_, str>, usize> = BTreeMap::new();
    let mut ids: BTreeMap<&str, usize> = BTreeMap::new();
    for (place, (button, name)) in buttons.iter().zip(names).enumerate() {
        if let Some(first) = ids.insert(button.id.as_str(), place) {
            found.push(Diagnostic::error(
                "S5",
                format_args!("{pointer}/{place}/id"),
                format!(
                    "id '{}'을(를) {first}번 버튼이 이미 쓰고 있습니다.",
                    button.id
                ),
                format!("the id '{}' is taken by button {first}", button.id),
                "give each button an id of its own",
            ));
        }
        if let Some(first) = labels.insert(name.clone(), place) {
            let first = buttons
                .get(first)
                .map_or("", |button| button.label.as_str());
            found.push(Diagnostic::error(
                "I1",
                format_args!("{pointer}/{place}/label"),
                format!(
                    "버튼 '{first}'과(와) '{}'을(를) 구별할 수 없습니다.",
                    button.label
                ),
                format!(
                    "the buttons '{first}' and '{}' cannot be told apart",
                    button.label
                ),
                "give them labels that differ in more than spaces, case or punctuation",
            ));
        }
    }
    // A word as a label is that button's own, so it may not be another one's word.
    let mut owners = labels;
    for (place, button) in buttons.iter().enumerate() {
        for word in words_of(document, button) {
            let other = match owners.get(&n2(word)) {
                Some(owner) if *owner != place => *owner,
                Some(_) => continue,
                None => {
                    owners.insert(n2(word), place);
                    continue;
                }
            };
            if buttons
                .get(other)
                .is_some_and(|other| other.to == button.to)
            {
                continue;
            }
            let other = buttons
                .get(other)
                .map_or("", |button| button.label.as_str());
            found.push(Diagnostic::error(
                "I3",
                format_args!("{pointer}/{place}/words"),
                format!(
                    "낱말 '{word}'이(가) '{other}'과(와) '{}' 둘 다를 가리킵니다.",
                    button.label
                ),
                format!(
                    "the word '{word}' means both '{other}' and '{}'",
                    button.label
                ),
                "keep it at one of them",
            ));
        }
    }
    owners.into_iter().collect()
}

/// I4: names that stand inside longer ones.
fn nested(owners: &[(Cow<'_, str>, usize)], pointer: Arguments<'_>, found: &mut Found) {
    let inside = owners.iter().flat_map(|(word, owner)| {
        let longer = owners.iter().filter(move |(other, place)| {
            place != owner && other.len() > word.len() && other.contains(&**word)
        });
        longer.map(move |(other, place)| (word, other, *place))
    });
    // A quick look is enough for lists a person can read; longer ones are keyword tables.
    for (word, other, place) in inside.take(if owners.len() > 200 { 0 } else { usize::MAX }) {
        found.push(Diagnostic::info(
            "I4",
            format_args!("{pointer}/{place}"),
            format!("낱말 '{word}'이(가) '{other}' 안에 들어 있습니다. 긴 쪽이 우선합니다."),
            format!("the word '{word}' stands inside '{other}': the longer one wins"),
            "nothing to do where that is meant",
        ));
    }
}
