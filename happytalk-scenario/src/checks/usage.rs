//! Names that nothing uses, or nothing fills: D2; lists of words that are not there: R6.

use std::collections::BTreeSet;
use std::fmt::Arguments;

use super::Found;
use crate::diagnostic::{Diagnostic, escape};
use crate::document::{
    Button, Document, Exit, Fallback, Formula, Node, Words, nearest, node_pointer,
};

#[derive(Default)]
struct Used<'d> {
    read: BTreeSet<String>,
    set: BTreeSet<&'d str>,
}

fn root(name: &str) -> &str {
    name.split('.').next().unwrap_or("")
}

impl<'d> Used<'d> {
    fn formula(&mut self, formula: &Formula) {
        if let Ok(expr) = formula {
            let mut paths = Vec::new();
            expr.paths(&mut paths);
            self.read
                .extend(paths.into_iter().map(|path| path.root.clone()));
        }
    }

    fn words(&mut self, words: &Words) {
        if let Ok(template) = words {
            self.read
                .extend(template.holes().map(|(path, _)| path.root.clone()));
        }
    }

    fn limit(&mut self, limit: Option<&Fallback>) {
        for (_, words) in limit.into_iter().flat_map(Fallback::words) {
            self.words(words);
        }
    }

    fn button(&mut self, button: &'d Button) {
        for (name, formula) in &button.set {
            self.set.insert(root(name));
            self.formula(formula);
            // What is stored beside a consent is the record of it.
            if button.consent.is_some() {
                self.read.insert(root(name).to_owned());
            }
        }
        if let Some(when) = &button.when {
            self.formula(when);
        }
    }

    fn node(&mut self, node: &'d Node) {
        for (_, say) in node.every_say() {
            say.each_words(&mut |_, words| self.words(words));
        }
        for (name, formula) in &node.actions.set {
            self.set.insert(root(name));
            // Counting up is no use of what is counted.
            let mut paths = Vec::new();
            if let Ok(expr) = formula {
                expr.paths(&mut paths);
            }
            let others = paths.into_iter().filter(|path| path.root != root(name));
            self.read.extend(others.map(|path| path.root.clone()));
        }
        for (_, formula) in node.actions.emit.iter().flat_map(|(_, with)| with) {
            self.formula(formula);
        }
        for button in node.every_button() {
            self.button(button);
        }
        self.limit(node.fallback.as_ref());
        match &node.exit {
            Some(Exit::Ask(ask)) => {
                self.set.insert(root(&ask.var));
                self.words(&ask.prompt);
                self.limit(ask.retry.as_ref());
            }
            Some(Exit::Form(form)) => {
                for slot in &form.slots {
                    self.set.insert(root(&slot.ask.var));
                    self.words(&slot.ask.prompt);
                    self.limit(slot.ask.retry.as_ref());
                    if form.skip_known {
                        self.read.insert(root(&slot.ask.var).to_owned());
                    }
                }
                if let Some(review) = &form.review {
                    self.words(review);
                }
            }
            Some(Exit::If(choose)) => {
                for branch in &choose.branches {
                    self.formula(&branch.when);
                }
            }
            Some(Exit::Call(call)) => {
                for (_, formula) in &call.with {
                    self.formula(formula);
                }
                if let Some(slow) = &call.slow {
                    self.words(slow);
                }
                self.set.extend(call.into.iter().map(|into| root(into)));
            }
            Some(Exit::Handoff(handoff)) => {
                let names = handoff.note.iter();
                self.read.extend(names.map(|name| root(name).to_owned()));
            }
            Some(Exit::Sub(sub)) => {
                for (_, formula) in &sub.with {
                    self.formula(formula);
                }
                self.set.extend(sub.out.iter().map(|(ours, _)| root(ours)));
            }
            _ => {}
        }
    }
}

pub(super) fn check(document: &Document, found: &mut Found) {
    let mut used = Used::default();
    for node in &document.nodes {
        used.node(node);
    }
    for command in document.commands.iter().flatten() {
        used.button(command);
    }
    used.limit(document.fallback.as_ref());
    for (_, words) in document.limits.words() {
        used.words(words);
    }
    for (name, var) in &document.vars {
        let pointer = format_args!("/vars/{}", escape(name));
        let (read, set) = (used.read.contains(name), used.set.contains(name.as_str()));
        let filled = set || var.of_customer || var.default.is_some();
        let (ko, en) = match (read, filled) {
            (true, true) => continue,
            (false, true) if var.of_customer && set => continue,
            (false, true) => ("정해지지만 한 번도 읽지 않습니다.", "is set and never read"),
            (true, false) => ("읽지만 한 번도 정해지지 않습니다.", "is read and never set"),
            (false, false) => ("쓰이지 않습니다.", "is neither set nor read"),
        };
        found.push(Diagnostic::warning(
            "D2",
            pointer,
            format!("변수 '{name}'은(는) {ko}"),
            format!("the variable '{name}' {en}"),
            format!("use '{name}', or take it out of 'vars'"),
        ));
    }
    lists(document, found);
}

/// R6: `@name` among words names a list, which then has to be there.
fn lists(document: &Document, found: &mut Found) {
    let known: Vec<&str> = document.words.keys().map(String::as_str).collect();
    let mut look = |words: &[String], pointer: Arguments<'_>| {
        for (place, word) in words.iter().enumerate() {
            let Some(name) = word.strip_prefix('@') else {
                continue;
            };
            if document.words.contains_key(name) {
                continue;
            }
            let hint = nearest(name, &known).map_or_else(
                || format!("declare '{name}' in 'words'"),
                |meant| format!("did you mean '@{meant}'?"),
            );
            found.push(Diagnostic::error(
                "R6",
                format_args!("{pointer}/{place}"),
                format!("낱말 목록 '{name}'이(가) words에 없습니다."),
                format!("the word list '{name}' is not declared"),
                hint,
            ));
        }
    };
    look(&document.entry, format_args!("/entry"));
    for (place, command) in document.commands.iter().flatten().enumerate() {
        look(&command.words, format_args!("/commands/{place}/words"));
    }
    for node in &document.nodes {
        for (list, buttons) in node.button_lists() {
            for (place, button) in buttons.iter().enumerate() {
                let at = format_args!("{}{list}/{place}/words", node_pointer(node.id.as_str()));
                look(&button.words, at);
            }
        }
    }
}
