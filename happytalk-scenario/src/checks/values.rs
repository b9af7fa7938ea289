//! Names and kinds inside conditions, assignments and templates: R5, D3, D5, D6, D9, D11.

use super::Found;
use crate::compiled::options;
use crate::diagnostic::{Diagnostic, escape};
use crate::document::{
    Actions, Ask, Button, Document, Exit, Fallback, Formula, Node, Say, Words, nearest,
    node_pointer,
};
use crate::expr::{ExprError, Kind, Path, TypeError, Types};
use crate::slot::{self, Slot};
use crate::template::{FILTERS, Filter, TemplateError};
use std::fmt::Arguments;

struct Checker<'d> {
    document: &'d Document,
    found: &'d mut Found,
}

pub(super) fn check(document: &Document, found: &mut Found) {
    let mut checker = Checker { document, found };
    if let Some(fallback) = &document.fallback {
        checker.fallback(fallback, format_args!("/fallback"));
    }
    for (place, command) in document.commands.iter().flatten().enumerate() {
        checker.button(command, format_args!("/commands/{place}"));
    }
    let limits = &document.limits;
    for (name, words) in limits.words() {
        checker.words(words, format_args!("/limits/{name}"));
    }
    for node in &document.nodes {
        checker.node(node, format_args!("{}", node_pointer(node.id.as_str())));
    }
}

impl<'d> Checker<'d> {
    fn error(
        &mut self,
        code: &'static str,
        pointer: Arguments<'_>,
        ko: String,
        en: String,
        hint: &str,
    ) {
        self.found
            .push(Diagnostic::error(code, pointer, ko, en, hint));
    }

    const fn types(&self) -> Types<'d> {
        Types {
            vars: &self.document.vars,
        }
    }

    fn undeclared(&mut self, path: &str, pointer: Arguments<'_>) {
        let names: Vec<&str> = self.document.vars.keys().map(String::as_str).collect();
        let root = path.split('.').next().unwrap_or(path);
        let hint = if self.document.vars.contains_key(root) {
            format!("'{root}' has no such field")
        } else {
            nearest(root, &names).map_or_else(
                || "declare it in 'vars'".to_owned(),
                |meant| format!("did you mean '{meant}'?"),
            )
        };
        let ko = format!("변수 '{path}'이(가) 선언되지 않았습니다.");
        let en = format!("'{path}' is not declared");
        self.error("R5", pointer, ko, en, &hint);
    }

    fn report(&mut self, errors: Vec<TypeError>, pointer: Arguments<'_>) {
        for error in errors {
            match error {
                TypeError::Undeclared(path) => self.undeclared(&path, pointer),
                TypeError::Mismatch(a, b) => self.error(
                    "D3",
                    pointer,
                    format!("타입이 맞지 않습니다: {a}와(과) {b}."),
                    format!("{a} does not go with {b}"),
                    "compare and store values of the same type",
                ),
            }
        }
    }

    /// The kind of an expression; what is wrong with it is reported.
    fn kind(&mut self, formula: &Formula, pointer: Arguments<'_>) -> Option<Kind> {
        match formula {
            Ok(expr) => {
                let mut errors = Vec::new();
                let kind = self.types().kind(expr, &mut errors);
                let sound = errors.is_empty();
                self.report(errors, pointer);
                sound.then_some(kind)
            }
            Err(error) => {
                self.unread(*error, pointer);
                None
            }
        }
    }

    fn unread(&mut self, error: ExprError, pointer: Arguments<'_>) {
        let (code, ko, en) = match error {
            ExprError::At(place) => (
                "D3",
                format!("식을 이해할 수 없습니다. {}번째 글자.", place + 1),
                format!(
                    "the expression is not understood at character {}",
                    place + 1
                ),
            ),
            ExprError::Number => (
                "D3",
                "소수이거나 너무 큰 수입니다.".to_owned(),
                "a number with a fraction, or too large a one".to_owned(),
            ),
            ExprError::Depth => (
                "S6",
                "식이 너무 깊습니다.".to_owned(),
                "the expression is nested too deeply".to_owned(),
            ),
            ExprError::Shape => (
                "D3",
                "식이 아닙니다.".to_owned(),
                "this is no expression".to_owned(),
            ),
        };
        let hint = "texts stand in single quotes: kind == 'return' && has(order)";
        self.error(code, pointer, ko, en, hint);
    }

    fn condition(&mut self, formula: &Formula, pointer: Arguments<'_>) {
        match formula {
            Ok(expr) => {
                let mut errors = Vec::new();
                self.types().condition(expr, &mut errors);
                self.report(errors, pointer);
            }
            Err(error) => self.unread(*error, pointer),
        }
    }

    fn words(&mut self, words: &Words, pointer: Arguments<'_>) {
        let template = match words {
            Ok(template) => template,
            Err(error) => return self.template_error(error, pointer),
        };
        for (path, filters) in template.holes() {
            match self.types().path(path) {
                Err(error) => self.report(vec![error], pointer),
                Ok((kind, _)) => self.filters(&kind, filters, pointer),
            }
        }
    }

    fn filters(&mut self, kind: &Kind, filters: &[Filter], pointer: Arguments<'_>) {
        for filter in filters {
            let (fits, wanted) = match filter {
                Filter::Won => (matches!(kind, Kind::Int | Kind::Any), "int"),
                Filter::Date(_) | Filter::When => (
                    matches!(kind, Kind::Date | Kind::Instant | Kind::Text | Kind::Any),
                    "date",
                ),
                Filter::Mask | Filter::Upper => {
                    (!matches!(kind, Kind::Bool | Kind::Object(_)), "string")
                }
                Filter::Word => (
                    matches!(kind, Kind::Enum(_) | Kind::Text | Kind::Any),
                    "enum",
                ),
                Filter::Josa(_) | Filter::Default(_) => (true, ""),
            };
            if !fits {
                self.report(vec![TypeError::Mismatch(kind.name(), wanted)], pointer);
            }
        }
        if matches!(kind, Kind::Object(_)) {
            self.report(vec![TypeError::Mismatch("object", "string")], pointer);
        }
    }

    fn template_error(&mut self, error: &TemplateError, pointer: Arguments<'_>) {
        let (ko, en, hint) = match error {
            TemplateError::Open => (
                "'{{'가 닫히지 않았습니다.".to_owned(),
                "a '{{' is not closed".to_owned(),
                "write '}}' behind the name".to_owned(),
            ),
            TemplateError::Path(name) => (
                format!("'{name}'은(는) 변수 이름이 아닙니다."),
                format!("'{name}' is no name of a variable"),
                "write {{name}} or {{name.field}}".to_owned(),
            ),
            TemplateError::Filter(name) => (
                format!("알 수 없는 필터 '{name}'입니다."),
                format!("unknown filter '{name}'"),
                nearest(name, &FILTERS).map_or_else(
                    || format!("the filters are: {}", FILTERS.join(", ")),
                    |meant| format!("did you mean '{meant}'?"),
                ),
            ),
            TemplateError::Argument(name) => (
                format!("필터 '{name}'의 인자가 맞지 않습니다."),
                format!("the argument of '{name}' does not fit"),
                "date:'M월 D일', josa:'은/는' and default:'…' take one in quotes; others none"
                    .to_owned(),
            ),
        };
        self.error("D9", pointer, ko, en, &hint);
    }

    fn sets(&mut self, sets: &[(String, Formula)], pointer: Arguments<'_>) {
        for (name, formula) in sets {
            let pointer = format_args!("{pointer}/{}", escape(name));
            let given = self.kind(formula, pointer);
            let Some(path) = Path::read(name) else {
                self.undeclared(name, pointer);
                continue;
            };
            if !self.document.vars.contains_key(&path.root) {
                self.undeclared(name, pointer);
                continue;
            }
            let wanted = match self.types().path(&path) {
                Ok((kind, _)) => kind,
                Err(error) => {
                    self.report(vec![error], pointer);
                    continue;
                }
            };
            let literal = formula.as_ref().ok().and_then(|expr| expr.as_text());
            if let (Kind::Enum(of), Some(value)) = (&wanted, literal)
                && !of.iter().any(|known| known == value)
            {
                let known: Vec<&str> = of.iter().map(String::as_str).collect();
                let hint = nearest(value, &known).map_or_else(
                    || format!("one of: {}", known.join(", ")),
                    |meant| format!("did you mean '{meant}'?"),
                );
                let ko = format!("'{value}'은(는) '{name}'의 값이 아닙니다.");
                let en = format!("'{value}' is no value of '{name}'");
                self.error("D11", pointer, ko, en, &hint);
                continue;
            }
            let is_day =
                wanted == Kind::Date && literal.is_some_and(|text| Kind::Date.holds(&text.into()));
            let is_no_number = wanted == Kind::Phone
                && literal.is_some_and(|text| !Kind::Phone.holds(&text.into()));
            if let Some(given) = given
                && (!given.fits(&wanted) && !is_day || is_no_number)
            {
                self.report(
                    vec![TypeError::Mismatch(given.name(), wanted.name())],
                    pointer,
                );
            }
        }
    }

    fn button(&mut self, button: &Button, pointer: Arguments<'_>) {
        self.sets(&button.set, format_args!("{pointer}/set"));
        if let Some(when) = &button.when {
            self.condition(when, format_args!("{pointer}/when"));
        }
    }

    fn fallback(&mut self, fallback: &Fallback, pointer: Arguments<'_>) {
        for (name, words) in fallback.words() {
            self.words(words, format_args!("{pointer}/{name}"));
        }
    }

    fn name(&mut self, name: &str, pointer: Arguments<'_>) {
        match Path::read(name) {
            Some(path) => {
                if let Err(error) = self.types().path(&path) {
                    self.report(vec![error], pointer);
                }
            }
            None => self.undeclared(name, pointer),
        }
    }

    fn actions(&mut self, actions: &Actions, pointer: Arguments<'_>) {
        self.sets(&actions.set, format_args!("{pointer}/set"));
        for (place, name) in actions.clear.iter().enumerate() {
            if !self.document.vars.contains_key(name) {
                self.undeclared(name, format_args!("{pointer}/clear/{place}"));
            }
        }
        for (name, formula) in actions.emit.iter().flat_map(|(_, with)| with) {
            self.kind(formula, format_args!("{pointer}/with/{}", escape(name)));
        }
    }

    fn say(&mut self, say: &Say, at: Arguments<'_>) {
        say.each_words(&mut |inner, words| self.words(words, format_args!("{at}{inner}")));
    }

    fn node(&mut self, node: &Node, pointer: Arguments<'_>) {
        for (place, say) in node.every_say() {
            self.say(say, format_args!("{pointer}{place}"));
        }
        self.actions(&node.actions, pointer);
        if let Some(fallback) = &node.fallback {
            self.fallback(fallback, format_args!("{pointer}/fallback"));
        }
        for (list, buttons) in node.button_lists() {
            for (place, button) in buttons.iter().enumerate() {
                self.button(button, format_args!("{pointer}{list}/{place}"));
            }
        }
        match &node.exit {
            Some(Exit::Ask(ask)) => {
                self.ask(ask, format_args!("{pointer}/ask"));
                self.answers(node, ask, pointer);
            }
            Some(Exit::Form(form)) => {
                for (place, slot) in form.slots.iter().enumerate() {
                    self.ask(&slot.ask, format_args!("{pointer}/form/slots/{place}"));
                }
                if let Some(review) = &form.review {
                    self.words(review, format_args!("{pointer}/form/review"));
                }
            }
            Some(Exit::Sub(sub)) => {
                for (name, formula) in &sub.with {
                    self.kind(formula, format_args!("{pointer}/sub/with/{}", escape(name)));
                }
                for (ours, _) in &sub.out {
                    self.name(ours, format_args!("{pointer}/sub/out/{}", escape(ours)));
                }
            }
            Some(Exit::If(choose)) => {
                for (place, branch) in choose.branches.iter().enumerate() {
                    self.condition(&branch.when, format_args!("{pointer}/if/{place}/when"));
                }
            }
            Some(Exit::Call(call)) => {
                if let Some(slow) = &call.slow {
                    self.words(slow, format_args!("{pointer}/slow"));
                }
                let rule = self.document.calls.get(&call.name);
                for (name, formula) in &call.with {
                    let at = format_args!("{pointer}/with/{}", escape(name));
                    let given = self.kind(formula, at);
                    let wanted = rule.and_then(|rule| rule.inputs.get(name)?.as_ref());
                    if let (Some(given), Some((wanted, _))) = (given, wanted)
                        && !given.fits(wanted)
                    {
                        let ko = format!("입력 '{name}'의 타입이 다릅니다: {}", given.name());
                        let en = format!(
                            "'{name}' is {}, declared as {}",
                            given.name(),
                            wanted.name()
                        );
                        self.error("C3", at, ko, en, "give a value of the declared type");
                    }
                }
                if let Some(into) = &call.into {
                    self.name(into, format_args!("{pointer}/into"));
                }
            }
            Some(Exit::Handoff(handoff)) => {
                for (place, name) in handoff.note.iter().enumerate() {
                    self.name(name, format_args!("{pointer}/handoff/note/{place}"));
                }
            }
            _ => {}
        }
    }

    /// The answers that the buttons of a question stand for: what they store has to be of the variable's kind.
    fn answers(&mut self, node: &Node, ask: &Ask, pointer: Arguments<'_>) {
        let kind = Path::read(&ask.var).and_then(|path| self.types().path(&path).ok());
        let Some((kind, _)) = kind else { return };
        let rule = slot::Rule {
            slot: ask.slot,
            pattern: ask.pattern.as_ref().and_then(|p| p.regex.as_ref()),
            min: ask.min,
            max: ask.max,
            landline: ask.landline,
            options: options(self.document, ask),
        };
        let env = crate::env::Env::new(happytalk_core::Timestamp::EPOCH);
        for (list, buttons) in node.button_lists() {
            for (place, button) in buttons.iter().enumerate() {
                let Some(value) = &button.value else { continue };
                let given = slot::Answer {
                    text: Some(value),
                    media: None,
                    id: "",
                };
                if rule.accept(given, &env).is_some() || kind.holds(&value.as_str().into()) {
                    continue;
                }
                let at = format_args!("{pointer}{list}/{place}/value");
                if let Kind::Enum(of) = &kind {
                    let known: Vec<&str> = of.iter().map(String::as_str).collect();
                    let hint = nearest(value, &known).map_or_else(
                        || format!("one of: {}", known.join(", ")),
                        |meant| format!("did you mean '{meant}'?"),
                    );
                    let ko = format!("'{value}'은(는) '{}'의 값이 아닙니다.", ask.var);
                    let en = format!("'{value}' is no value of '{}'", ask.var);
                    self.error("D11", at, ko, en, &hint);
                } else {
                    self.report(vec![TypeError::Mismatch("value", kind.name())], at);
                }
            }
        }
    }

    fn ask(&mut self, ask: &Ask, pointer: Arguments<'_>) {
        self.words(&ask.prompt, format_args!("{pointer}/prompt"));
        if let Some(retry) = &ask.retry {
            self.fallback(retry, format_args!("{pointer}/retry"));
        }
        let var = format_args!("{pointer}/var");
        let declared = Path::read(&ask.var)
            .filter(|path| self.document.vars.contains_key(&path.root))
            .and_then(|path| self.types().path(&path).ok());
        let Some((wanted, _)) = declared else {
            return self.undeclared(&ask.var, var);
        };
        let given = slot::stored(ask.slot, options(self.document, ask));
        if !given.fits(&wanted) {
            self.report(vec![TypeError::Mismatch(given.name(), wanted.name())], var);
        }
        let default = ask.retry.as_ref().and_then(|retry| retry.default.as_ref());
        if default.is_some_and(|value| !value.is_null() && !wanted.holds(value)) {
            let at = format_args!("{pointer}/retry/default");
            self.report(vec![TypeError::Mismatch("default", wanted.name())], at);
        }
        let no_regex = |pattern: &crate::document::Pattern| pattern.regex.is_none();
        if ask.pattern.as_ref().is_some_and(no_regex) {
            let ko = "정규식이 잘못되었거나 너무 큽니다.".to_owned();
            let en = "the pattern is no regular expression, or too large a one".to_owned();
            let at = format_args!("{pointer}/pattern");
            self.error("D5", at, ko, en, "test it with a short example");
        }
        if let Some(pattern) = ask.pattern.as_ref()
            && pattern.regex.is_some()
            && (never_whole(&pattern.source) || is_only_ends(&pattern.source))
        {
            let ko =
                "답 전체와 맞을 수 없는 정규식입니다. ^와 $는 양 끝에만 쓸 수 있습니다.".to_owned();
            let en = "the pattern can never match a whole answer: ^ and $ stand at its ends alone"
                .to_owned();
            let at = format_args!("{pointer}/pattern");
            self.error(
                "D5",
                at,
                ko,
                en,
                "take ^ and $ out: the whole answer has to match anyway",
            );
        }
        if ask.slot == Slot::Pattern && ask.pattern.is_none() {
            let ko = "'pattern'이 없습니다.".to_owned();
            let en = "'pattern' is missing".to_owned();
            self.error(
                "D5",
                pointer,
                ko,
                en,
                "add the pattern the answer must have",
            );
        }
        let turned = ask.min.zip(ask.max).is_some_and(|(min, max)| min > max);
        let is_words = matches!(ask.slot, Slot::Text | Slot::Pattern | Slot::Order);
        let turned = turned || is_words && ask.max.is_some_and(|max| max < 1);
        let counts_options = matches!(ask.slot, Slot::Choice | Slot::Multi);
        if turned || counts_options && options(self.document, ask).is_empty() {
            let ko = "어떤 답도 맞을 수 없습니다.".to_owned();
            let en = "no answer can ever fit".to_owned();
            self.error(
                "D6",
                pointer,
                ko,
                en,
                "min must not be above max, and a choice needs options",
            );
        }
    }
}

/// Whether nothing stands between the ends, so that only an empty answer would do, which is none.
fn is_only_ends(pattern: &str) -> bool {
    pattern
        .chars()
        .all(|c| matches!(c, '^' | '$' | '(' | ')' | '|'))
}

/// Whether an anchor stands where a whole answer has no end.
fn never_whole(pattern: &str) -> bool {
    let letters: Vec<char> = pattern.chars().collect();
    let last = letters.len().saturating_sub(1);
    let (mut escaped, mut inside) = (false, false);
    for (at, c) in letters.iter().enumerate() {
        let plain = !std::mem::replace(&mut escaped, false);
        match c {
            '\\' if plain => escaped = true,
            '[' if plain => inside = true,
            ']' if plain => inside = false,
            // Behind a bar or a bracket it may still be an end.
            '^' if plain && !inside => {
                let before = at.checked_sub(1).and_then(|at| letters.get(at));
                if before.is_some_and(|c| !matches!(c, '(' | '|' | ':')) {
                    return true;
                }
            }
            '$' if plain && !inside => {
                let after = letters.get(at + 1);
                if at != last && after.is_some_and(|c| !matches!(c, ')' | '|')) {
                    return true;
                }
            }
            _ => {}
        }
    }
    false
}
