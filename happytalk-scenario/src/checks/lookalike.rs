//! Words that customers and the matcher may take for one another: I5, I9, I10, I11.

use std::borrow::Cow;
use std::fmt::Arguments;

use super::Found;
use crate::compiled::words_of;
use crate::diagnostic::Diagnostic;
use crate::document::{Ask, Button, Document, Exit, Interrupt, node_pointer};
use crate::hangul;
use crate::matching::is_within;
use crate::normal;
use crate::slot::{Answer, Rule, Slot};

/// A label or word, and where it stands.
struct Called<'d> {
    text: &'d str,
    n2: Cow<'d, str>,
    /// Of a label.
    keys: Vec<char>,
    /// The list it is in.
    list: Arguments<'d>,
    choice: (bool, usize),
    is_label: bool,
}

impl Called<'_> {
    fn at(&self) -> String {
        let what = if self.is_label { "label" } else { "words" };
        format!("{}/{}/{what}", self.list, self.choice.1)
    }
}

fn called<'d>(
    document: &'d Document,
    buttons: &'d [Button],
    is_command: bool,
    list: Arguments<'d>,
) -> Vec<Called<'d>> {
    let mut all = Vec::new();
    for (place, button) in buttons.iter().enumerate() {
        let mut push = |text: &'d str, is_label: bool| {
            let n2 = normal::n2_of(text);
            all.push(Called {
                keys: match is_label {
                    true => hangul::keystrokes(&n2),
                    false => Vec::new(),
                },
                text,
                n2,
                list,
                choice: (is_command, place),
                is_label,
            });
        };
        push(&button.label, true);
        for word in words_of(document, button) {
            push(word, false);
        }
    }
    all
}

pub(super) fn check(document: &Document, found: &mut Found) {
    let declared = document.commands.as_deref().unwrap_or_default();
    let commands = called(document, declared, true, format_args!("/commands"));
    for node in &document.nodes {
        let pointer = format_args!("{}", node_pointer(node.id.as_str()));
        for (list, buttons) in node.button_lists() {
            let list = format_args!("{pointer}{list}");
            let mut scope = called(document, buttons, false, list);
            // Whole keyword tables are for the host's own tools; a person reads up to a few hundred words.
            scope.truncate(200);
            pairs(&scope, &commands, found);
        }
        if let Some(Exit::Ask(ask)) = &node.exit
            && node.interrupt == Interrupt::All
        {
            let list = format_args!("{pointer}/buttons");
            let own = called(document, node.buttons(), false, list);
            let words = own.iter().chain(&commands);
            swallowed(document, ask, words.map(|c| c.text), pointer, found);
        }
    }
}

fn pairs(scope: &[Called<'_>], commands: &[Called<'_>], found: &mut Found) {
    for (place, one) in scope.iter().enumerate() {
        let others = scope.iter().skip(place + 1).chain(commands);
        for other in others.filter(|other| other.choice != one.choice) {
            let (first, last) = match other.choice.0 {
                true => (other, one),
                false => (one, other),
            };
            if one.is_label && other.is_label {
                near(first, last, found);
                initials(first, last, found);
            }
            keyboard(first, last, found);
            keyboard(last, first, found);
        }
    }
}

fn near(first: &Called<'_>, last: &Called<'_>, found: &mut Found) {
    let short = first.keys.len().min(last.keys.len()) < 4;
    let alike = first.n2 == last.n2 || first.keys.len().abs_diff(last.keys.len()) > 1;
    if short || alike || !is_within(&first.keys, &last.keys, 2) {
        return;
    }
    found.push(Diagnostic::warning(
        "I9",
        last.at(),
        format!(
            "'{}'과(와) '{}'은(는) 한 글쇠 차이입니다.",
            first.text, last.text
        ),
        format!(
            "'{}' and '{}' are one keystroke apart",
            first.text, last.text
        ),
        "give one of them another name, so that a slip does not choose the other",
    ));
}

fn initials(first: &Called<'_>, last: &Called<'_>, found: &mut Found) {
    let of = |text| str::chars(text).map(hangul::initial);
    let hangul =
        |text: &str| text.chars().all(hangul::is_syllable) && text.chars().nth(1).is_some();
    if !hangul(&first.n2) || !hangul(&last.n2) || first.n2 == last.n2 {
        return;
    }
    if !of(&first.n2).eq(of(&last.n2)) {
        return;
    }
    let short: String = of(&first.n2).collect();
    found.push(Diagnostic::warning(
        "I10",
        last.at(),
        format!(
            "'{}'과(와) '{}'의 초성이 '{short}'로 같습니다.",
            first.text, last.text
        ),
        format!(
            "'{}' and '{}' have the same initials '{short}'",
            first.text, last.text
        ),
        "whoever types the initials will be asked which; rename one where that matters",
    ));
}

/// A Latin word that is another word typed with the keyboard in the other language.
fn keyboard(latin: &Called<'_>, other: &Called<'_>, found: &mut Found) {
    let is_latin = latin.n2.len() >= 2 && latin.n2.bytes().all(|b| b.is_ascii_alphabetic());
    if !is_latin || hangul::from_latin(&latin.n2) != other.n2 {
        return;
    }
    found.push(Diagnostic::warning(
        "I11",
        latin.at(),
        format!(
            "'{}'은(는) 한글 자판으로 '{}'이(가) 됩니다.",
            latin.text, other.text
        ),
        format!(
            "'{}' typed on the Korean keyboard is '{}'",
            latin.text, other.text
        ),
        "give one of them another name",
    ));
}

/// I5: where everything interrupts, a word that is also a good answer never becomes one.
fn swallowed<'d>(
    document: &Document,
    ask: &Ask,
    words: impl Iterator<Item = &'d str>,
    pointer: Arguments<'_>,
    found: &mut Found,
) {
    // Any text is an answer to these, so that every word would be told.
    if matches!(
        ask.slot,
        Slot::Text | Slot::Image | Slot::Consent | Slot::YesNo
    ) {
        return;
    }
    let rule = Rule {
        slot: ask.slot,
        pattern: ask.pattern.as_ref().and_then(|p| p.regex.as_ref()),
        min: ask.min,
        max: ask.max,
        landline: ask.landline,
        options: crate::compiled::options(document, ask),
    };
    let env = crate::env::Env::new(happytalk_core::Timestamp::EPOCH);
    let mut told = std::collections::BTreeSet::new();
    for word in words {
        let answer = Answer {
            text: Some(word),
            media: None,
            id: "",
        };
        if rule.accept(answer, &env).is_none() || !told.insert(word) {
            continue;
        }
        found.push(Diagnostic::warning(
            "I5",
            format_args!("{pointer}/ask"),
            format!("낱말 '{word}'은(는) 답으로도 맞지만, interrupt가 all이라 답이 되지 못합니다."),
            format!(
                "'{word}' would do as an answer, and with \"interrupt\": \"all\" never becomes one"
            ),
            "write \"interrupt\": \"commands\", or make the pattern narrower",
        ));
    }
}
