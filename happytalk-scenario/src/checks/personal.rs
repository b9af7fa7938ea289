//! Personal data stays where it may be, and secrets stay out: D7, C6, D10.

use super::Found;
use crate::diagnostic::{Diagnostic, escape};
use crate::document::{Document, Exit, Fallback, Formula, Node, Words, node_pointer};
use crate::expr::{Expr, Kind, Path, Types};
use crate::template::Filter;
use happytalk_core::Value;
use std::collections::BTreeSet;
use std::fmt::Arguments;

struct Looker<'d> {
    document: &'d Document,
    /// The variables that are personal, and those that are copied from them.
    personal: BTreeSet<&'d str>,
    found: &'d mut Found,
}

/// What is declared personal, and whatever a personal value is copied to.
fn personal(document: &Document) -> BTreeSet<&str> {
    let declared = document.vars.iter().filter(|(_, var)| var.pii);
    let mut personal: BTreeSet<&str> = declared.map(|(name, _)| name.as_str()).collect();
    if personal.is_empty() {
        return personal;
    }
    let nodes = document.nodes.iter();
    let of_nodes = nodes.flat_map(|node| {
        let buttons = node.every_button().map(|button| &button.set);
        std::iter::once(&node.actions.set).chain(buttons)
    });
    let commands = document
        .commands
        .iter()
        .flatten()
        .map(|command| &command.set);
    let copies = of_nodes
        .chain(commands)
        .flatten()
        .filter_map(|(name, formula)| match formula {
            Ok(Expr::Path(from)) => Some((from.root.as_str(), name.split('.').next()?)),
            _ => None,
        });
    let copies: Vec<(&str, &str)> = copies.collect();
    loop {
        let before = personal.len();
        for (from, to) in &copies {
            if personal.contains(from) {
                personal.insert(to);
            }
        }
        if personal.len() == before {
            return personal;
        }
    }
}

pub(super) fn check(document: &Document, found: &mut Found) {
    let mut looker = Looker {
        document,
        personal: personal(document),
        found,
    };
    if let Some(fallback) = &document.fallback {
        looker.limit(fallback, format_args!("/fallback"));
    }
    for (name, words) in document.limits.words() {
        looker.words(words, true, format_args!("/limits/{name}"));
    }
    for node in &document.nodes {
        looker.node(node, format_args!("{}", node_pointer(node.id.as_str())));
    }
    for (place, command) in document.commands.iter().flatten().enumerate() {
        looker.literals(&command.set, format_args!("/commands/{place}/set"));
    }
}

impl Looker<'_> {
    fn is_personal(&self, path: &Path) -> bool {
        self.personal.contains(path.root.as_str())
    }

    fn leak(&mut self, pointer: Arguments<'_>, ko: String, en: String, hint: &str) {
        self.found
            .push(Diagnostic::error("D7", pointer, ko, en, hint));
    }

    fn some(&mut self, words: Option<&Words>, masks: bool, pointer: Arguments<'_>) {
        if let Some(words) = words {
            self.words(words, masks, pointer);
        }
    }

    fn limit(&mut self, limit: &Fallback, pointer: Arguments<'_>) {
        for (name, words) in limit.words() {
            self.words(words, true, format_args!("{pointer}/{name}"));
        }
    }

    /// `masks`: personal values have to be masked here.
    fn words(&mut self, words: &Words, masks: bool, pointer: Arguments<'_>) {
        let Ok(template) = words else { return };
        if let Some(secret) = template.literals().find_map(secret) {
            self.secret(secret, pointer);
        }
        for (path, filters) in template.holes() {
            let masked = filters.iter().any(|filter| matches!(filter, Filter::Mask));
            if masks && self.is_personal(path) && !masked {
                self.leak(
                    pointer,
                    format!("개인정보 '{path}'을(를) 가리지 않고 보여 줍니다."),
                    format!("'{path}' is personal and shown unmasked"),
                    &format!("write {{{{{path}|mask}}}}"),
                );
            }
            self.particle(path, filters, pointer);
        }
    }

    /// D10: a particle follows how a word ends; of a number or a yes nobody knows how it is read out.
    fn particle(&mut self, path: &Path, filters: &[Filter], pointer: Arguments<'_>) {
        let josa = filters
            .iter()
            .position(|filter| matches!(filter, Filter::Josa(_)));
        let Some(josa) = josa else { return };
        let worded = filters.iter().take(josa).any(|filter| {
            matches!(
                filter,
                Filter::Won | Filter::Date(_) | Filter::When | Filter::Word | Filter::Mask
            )
        });
        let types = Types {
            vars: &self.document.vars,
        };
        let Ok((kind, _)) = types.path(path) else {
            return;
        };
        if worded || matches!(kind, Kind::Text | Kind::Enum(_) | Kind::Phone | Kind::Any) {
            return;
        }
        self.found.push(Diagnostic::warning(
            "D10",
            pointer,
            format!(
                "'{path}'은(는) 글이 아니라({}) 조사가 맞지 않을 수 있습니다.",
                kind.name()
            ),
            format!(
                "'{path}' is no text but {}, so the particle may not fit",
                kind.name()
            ),
            "put won, date, when or word in front of josa",
        ));
    }

    fn secret(&mut self, what: &str, pointer: Arguments<'_>) {
        self.found.push(Diagnostic::error(
            "C6",
            pointer,
            format!("시나리오에 {what}이(가) 들어 있습니다."),
            format!("a URL, a header or a secret stands in the scenario ({what})"),
            "keep it in the host's configuration, under the call's name",
        ));
    }

    /// Literals among what is stored or sent.
    fn literals(&mut self, sets: &[(String, Formula)], pointer: Arguments<'_>) {
        for (name, formula) in sets {
            let at = format_args!("{pointer}/{}", escape(name));
            if is_header(name) {
                self.secret("헤더", at);
                continue;
            }
            let what = formula.as_ref().ok().and_then(|expr| literal(expr));
            if let Some(what) = what {
                self.secret(what, at);
            }
        }
    }

    fn node(&mut self, node: &Node, pointer: Arguments<'_>) {
        for (at, say) in node.every_say() {
            say.each_words(&mut |inner, words| {
                self.words(words, true, format_args!("{pointer}{at}{inner}"));
            });
        }
        if let Some(fallback) = &node.fallback {
            self.limit(fallback, format_args!("{pointer}/fallback"));
        }
        self.literals(&node.actions.set, format_args!("{pointer}/set"));
        if let Some((_, with)) = &node.actions.emit {
            self.literals(with, format_args!("{pointer}/with"));
        }
        for (list, buttons) in node.button_lists() {
            for (at, button) in buttons.iter().enumerate() {
                self.literals(&button.set, format_args!("{pointer}{list}/{at}/set"));
            }
        }
        match &node.exit {
            Some(Exit::Ask(ask)) => {
                self.words(&ask.prompt, true, format_args!("{pointer}/ask/prompt"));
                if let Some(retry) = &ask.retry {
                    self.limit(retry, format_args!("{pointer}/ask/retry"));
                }
            }
            Some(Exit::Form(form)) => {
                for (at, slot) in form.slots.iter().enumerate() {
                    let at = format_args!("{pointer}/form/slots/{at}");
                    self.words(&slot.ask.prompt, true, format_args!("{at}/prompt"));
                    if let Some(retry) = &slot.ask.retry {
                        self.limit(retry, format_args!("{at}/retry"));
                    }
                }
                // The customer looks at what they typed themselves a moment ago.
                self.some(
                    form.review.as_ref(),
                    false,
                    format_args!("{pointer}/form/review"),
                );
            }
            Some(Exit::Handoff(handoff)) => {
                for (at, name) in handoff.note.iter().enumerate() {
                    let personal = Path::read(name).is_some_and(|path| self.is_personal(&path));
                    if personal {
                        self.leak(
                            format_args!("{pointer}/handoff/note/{at}"),
                            format!("개인정보 '{name}'을(를) 상담 메모에 넣습니다."),
                            format!("'{name}' is personal and put in the hand-off note"),
                            "take it out: the agent sees the customer's profile beside the chat",
                        );
                    }
                }
            }
            Some(Exit::Call(call)) => {
                self.some(call.slow.as_ref(), true, format_args!("{pointer}/slow"));
                self.literals(&call.with, format_args!("{pointer}/with"));
                let rule = self.document.calls.get(&call.name);
                for (name, formula) in &call.with {
                    let Ok(expr) = formula else { continue };
                    let mut paths = Vec::new();
                    expr.paths(&mut paths);
                    let personal = paths.into_iter().find(|path| self.is_personal(path));
                    if let (Some(path), Some(rule)) = (personal, rule)
                        && rule.inputs.contains_key(name)
                        && !rule.personal.contains(name)
                    {
                        self.leak(
                            format_args!("{pointer}/with/{}", escape(name)),
                            format!("개인정보 '{path}'을(를), 그렇게 선언하지 않은 호출 입력 '{name}'(으)로 보냅니다."),
                            format!("'{path}' is personal and sent to the input '{name}', which is not declared so"),
                            "declare the input as phone, email, name or address, or by the name of the variable",
                        );
                    }
                }
            }
            _ => {}
        }
    }
}

fn literal(expr: &Expr) -> Option<&'static str> {
    match expr {
        Expr::Literal(Value::Text(text)) => address(text).or_else(|| secret(text)),
        Expr::List(items) | Expr::Call(_, items) => items.iter().find_map(literal),
        Expr::Binary(_, left, right) => literal(left).or_else(|| literal(right)),
        _ => None,
    }
}

fn address(text: &str) -> Option<&'static str> {
    let lower = text.to_ascii_lowercase();
    let is_url = lower.contains("http://") || lower.contains("https://");
    is_url.then_some("URL")
}

fn is_header(name: &str) -> bool {
    const HEADERS: [&str; 8] = [
        "authorization",
        "x-api-key",
        "x_api_key",
        "api_key",
        "apikey",
        "access_token",
        "secret",
        "password",
    ];
    HEADERS.contains(&name.to_ascii_lowercase().as_str())
}

/// What reads like a key, a token or a header.
fn secret(text: &str) -> Option<&'static str> {
    // Each of them has a Latin letter in it, and most that is said has none.
    if !text.bytes().any(|byte| byte.is_ascii_alphabetic()) {
        return None;
    }
    let word = |text: &str, head: &str, least: usize| {
        text.match_indices(head).any(|(at, _)| {
            let before = text.get(..at).and_then(|t| t.chars().next_back());
            let rest = text.get(at + head.len()..).unwrap_or("");
            let run = rest
                .chars()
                .take_while(|c| c.is_ascii_alphanumeric() || "-_.+/=".contains(*c))
                .count();
            !before.is_some_and(|c| c.is_ascii_alphanumeric()) && run >= least
        })
    };
    let lower = text.to_ascii_lowercase();
    if word(&lower, "bearer ", 8) || word(&lower, "basic ", 16) || lower.contains("authorization:")
    {
        return Some("헤더");
    }
    let keys = [
        ("sk-", 16),
        ("sk_live_", 8),
        ("akia", 16),
        ("ghp_", 20),
        ("eyj", 20),
        ("xoxb-", 10),
    ];
    let is_key = keys.iter().any(|(head, least)| word(&lower, head, *least));
    (is_key || text.contains("-----BEGIN ")).then_some("비밀값")
}
