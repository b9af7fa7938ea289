//! What one node reads, against what is known there.

use std::collections::BTreeSet;
use std::fmt::Arguments;

use happytalk_core::Value;

use super::{Change, Facts, Known, apply, consent};
use crate::checks::Found;
use crate::diagnostic::{Diagnostic, escape};
use crate::document::{Button, Exit, Fallback, Formula, Node, Say, Words};
use crate::expr::{Expr, Function, Kind, Op, Path, shown};
use crate::template::Filter;

/// Looks at what one node reads.
pub(super) struct Reader<'k, 'g, 'd> {
    pub(super) known: &'k Known<'g, 'd>,
    pub(super) place: usize,
    pub(super) facts: Facts,
    /// What was told of this node already.
    pub(super) told: BTreeSet<(String, String)>,
    pub(super) found: &'k mut Found,
}

impl Reader<'_, '_, '_> {
    /// `safe`: a guard, a default, or a comparison that nothing is harmless in.
    fn read(&mut self, path: &Path, facts: &Facts, safe: bool, pointer: Arguments<'_>) {
        let vars = &self.known.graph.document.vars;
        if !vars.contains_key(&path.root) {
            return;
        }
        let whole = path.to_string();
        if facts.contains(&whole) {
            return;
        }
        let optional = self
            .known
            .types
            .path(path)
            .is_ok_and(|(_, missing)| missing);
        let has_root = facts.contains(&path.root);
        let unsure = self.known.is_unsure(&path.root);
        if has_root && !optional || safe && (has_root || unsure) {
            return;
        }
        if !self.told.insert((whole.clone(), pointer.to_string())) {
            return;
        }
        let unset = !has_root && !unsure;
        if !unset || optional && !safe {
            self.found.push(Diagnostic::error(
                "D4",
                pointer,
                format!("'{whole}'은(는) 없을 수 있는데 확인하지 않았습니다."),
                format!("'{whole}' may be missing and is not guarded"),
                format!(
                    "test has({whole}) first, or give it a default: {{{{{whole}|default:'…'}}}}"
                ),
            ));
        }
        if !unset {
            return;
        }
        let way = self.known.way_without(&path.root, self.place);
        let root = &path.root;
        self.found.push(Diagnostic::error(
            "D1",
            pointer,
            format!("'{root}'을(를) 정하기 전에 읽는 경로가 있습니다: {way}"),
            format!("'{root}' is read before it is set on this path: {way}"),
            format!("set or ask '{root}' on that path, or test has({root}) first"),
        ));
    }

    fn words(&mut self, words: &Words, pointer: Arguments<'_>) {
        let Ok(template) = words else { return };
        let facts = self.facts.clone();
        for (path, filters) in template.holes() {
            let has_default = filters.iter().any(|f| matches!(f, Filter::Default(_)));
            if !has_default {
                self.read(path, &facts, false, pointer);
            }
        }
    }

    pub(super) fn some(&mut self, words: Option<&Words>, pointer: Arguments<'_>) {
        if let Some(words) = words {
            self.words(words, pointer);
        }
    }

    /// The words for an input that fits nothing.
    pub(super) fn limit(&mut self, limit: &Fallback, pointer: Arguments<'_>) {
        for (name, words) in limit.words() {
            self.words(words, format_args!("{pointer}/{name}"));
        }
    }

    pub(super) fn say(&mut self, say: &Say, at: Arguments<'_>) {
        say.each_words(&mut |inner, words| self.words(words, format_args!("{at}{inner}")));
    }

    pub(super) fn formula(&mut self, formula: &Formula, pointer: Arguments<'_>) {
        if let Ok(expr) = formula {
            let mut facts = self.facts.clone();
            self.expr(expr, &mut facts, false, pointer);
        }
    }

    fn expr(&mut self, expr: &Expr, facts: &mut Facts, safe: bool, pointer: Arguments<'_>) {
        match expr {
            Expr::Literal(_) => {}
            Expr::Path(path) => self.read(path, facts, safe, pointer),
            Expr::List(items) => {
                for item in items {
                    self.expr(item, facts, safe, pointer);
                }
            }
            Expr::Not(inner) => self.expr(inner, facts, true, pointer),
            Expr::Binary(op @ (Op::And | Op::Or), left, right) => {
                self.expr(left, facts, true, pointer);
                let mut inner = facts.clone();
                let proved = shown(left, *op == Op::And);
                inner.extend(proved.iter().map(Path::to_string));
                inner.extend(proved.iter().map(|path| path.root.clone()));
                self.expr(right, &mut inner, true, pointer);
            }
            Expr::Binary(op, left, right) => {
                let safe = matches!(op, Op::Equal | Op::NotEqual | Op::In);
                let is_null = |side: &Expr| matches!(side, Expr::Literal(Value::Null));
                // x == null asks whether it is there, as has(x) does.
                if safe && (is_null(left) || is_null(right)) {
                    return;
                }
                self.expr(left, facts, safe, pointer);
                self.expr(right, facts, safe, pointer);
            }
            Expr::Call(Function::Has, _) => {}
            Expr::Call(_, operands) => {
                for operand in operands {
                    self.expr(operand, facts, false, pointer);
                }
            }
        }
    }

    fn condition(&mut self, formula: &Formula, pointer: Arguments<'_>) {
        if let Ok(expr) = formula {
            let mut facts = self.facts.clone();
            self.expr(expr, &mut facts, true, pointer);
        }
    }

    pub(super) fn button(&mut self, button: &Button, pointer: Arguments<'_>) {
        if let Some(when) = &button.when {
            self.condition(when, format_args!("{pointer}/when"));
        }
        let before = self.facts.clone();
        for (name, formula) in &button.set {
            self.formula(formula, format_args!("{pointer}/set/{}", escape(name)));
        }
        self.facts = before;
    }

    pub(super) fn exit(&mut self, node: &Node, pointer: Arguments<'_>) {
        match &node.exit {
            Some(Exit::Ask(ask)) => {
                self.words(&ask.prompt, format_args!("{pointer}/ask/prompt"));
                if let Some(retry) = &ask.retry {
                    self.limit(retry, format_args!("{pointer}/ask/retry"));
                }
                let at = format_args!("{pointer}/ask");
                self.asked(&ask.var, ask.needs.as_deref(), at);
            }
            Some(Exit::Form(form)) => {
                let before = self.facts.clone();
                for (at, slot) in form.slots.iter().enumerate() {
                    let at = format_args!("{pointer}/form/slots/{at}");
                    self.words(&slot.ask.prompt, format_args!("{at}/prompt"));
                    if let Some(retry) = &slot.ask.retry {
                        self.limit(retry, format_args!("{at}/retry"));
                    }
                    self.asked(&slot.ask.var, form.needs.as_deref(), at);
                    if slot.optional.is_none() {
                        apply(&mut self.facts, &[Change::Gain(slot.ask.var.clone())]);
                    }
                }
                self.some(form.review.as_ref(), format_args!("{pointer}/form/review"));
                self.facts = before;
            }
            Some(Exit::If(choose)) => {
                let before = self.facts.clone();
                for (at, branch) in choose.branches.iter().enumerate() {
                    self.condition(&branch.when, format_args!("{pointer}/if/{at}/when"));
                    let proved = self.known.proved(&branch.when, false);
                    apply(&mut self.facts, &proved);
                }
                self.facts = before;
            }
            Some(Exit::Call(call)) => {
                self.some(call.slow.as_ref(), format_args!("{pointer}/slow"));
                let rule = self.known.graph.document.calls.get(&call.name);
                for (name, formula) in &call.with {
                    let at = format_args!("{pointer}/with/{}", escape(name));
                    let input = rule.and_then(|rule| rule.inputs.get(name)?.as_ref());
                    let takes_null =
                        input.is_some_and(|(kind, optional)| *optional || *kind == Kind::Any);
                    match formula {
                        Ok(Expr::Path(path)) if takes_null => {
                            let facts = self.facts.clone();
                            self.read(path, &facts, true, at);
                        }
                        formula => self.formula(formula, at),
                    }
                }
            }
            Some(Exit::Sub(sub)) => {
                for (name, formula) in &sub.with {
                    self.formula(formula, format_args!("{pointer}/sub/with/{}", escape(name)));
                }
            }
            _ => {}
        }
    }

    /// D8: a personal variable is asked for only with its consent, or on another basis.
    fn asked(&mut self, var: &str, needs: Option<&str>, pointer: Arguments<'_>) {
        let root = var.split('.').next().unwrap_or("");
        let declared = self.known.graph.document.vars.get(root);
        let on_basis = |basis: &str| matches!(basis, "contract" | "law");
        let covered =
            declared.is_none_or(|var| !var.pii || var.basis.as_deref().is_some_and(on_basis));
        if covered || needs.is_some_and(|needs| self.facts.contains(&consent(needs))) {
            return;
        }
        let (way, named) = match needs {
            Some(needs) => (self.known.way_without(&consent(needs), self.place), needs),
            None => (self.known.way_without("consent:", self.place), root),
        };
        self.found.push(Diagnostic::error(
            "D8",
            pointer,
            format!("개인정보 '{var}'을(를) 동의 '{named}' 없이 묻는 경로가 있습니다: {way}"),
            format!("'{var}' is personal and asked without the consent '{named}' on this path: {way}"),
            match needs {
                Some(needs) => format!("put a button with \"consent\": \"{needs}\" on that path, or declare a 'basis'"),
                None => format!("add \"needs\": \"{named}\" and a button with \"consent\": \"{named}\" before it, or declare a 'basis' (contract, law)"),
            },
        ));
    }
}
