//! What channels carry: T2, T3, T4.

use std::collections::BTreeMap;
use std::fmt::Arguments;

use super::Found;
use crate::diagnostic::{Diagnostic, Severity};
use crate::document::{Button, Document, Exit, Fallback, Node, Say, Words, node_pointer};
use crate::expr::{Kind, Types};
use crate::host::ChannelLimits;
use crate::slot::Slot;
use crate::template::Filter;

/// How long a value is taken to be of which nobody says how long it may be, in characters.
const VALUE_CHARS: usize = 100;

struct Limiter<'d> {
    document: &'d Document,
    channel: &'d str,
    limits: &'d ChannelLimits,
    severity: Severity,
    /// How long the answers to questions may be, by variable.
    longest: BTreeMap<&'d str, usize>,
    found: &'d mut Found,
}

pub(super) fn check(
    document: &Document,
    limits: &[(String, ChannelLimits, Severity)],
    found: &mut Found,
) {
    let mut longest: BTreeMap<&str, usize> = BTreeMap::new();
    for node in &document.nodes {
        let asks: Vec<_> = match &node.exit {
            Some(Exit::Ask(ask)) => vec![&**ask],
            Some(Exit::Form(form)) => form.slots.iter().map(|slot| &slot.ask).collect(),
            _ => Vec::new(),
        };
        for ask in asks {
            let chars = match ask.slot {
                Slot::Text => ask.max.and_then(|max| usize::try_from(max).ok()),
                Slot::NameKr => Some(20),
                Slot::AddressKr => Some(200),
                _ => Some(40),
            };
            let known = longest.entry(&ask.var).or_default();
            *known = (*known).max(chars.unwrap_or(VALUE_CHARS));
        }
    }
    for (channel, limits, severity) in limits {
        let mut limiter = Limiter {
            document,
            channel,
            limits,
            severity: *severity,
            longest: longest.clone(),
            found,
        };
        for node in &document.nodes {
            limiter.node(node, format_args!("{}", node_pointer(node.id.as_str())));
        }
        if let Some(fallback) = &document.fallback {
            limiter.limit(fallback, format_args!("/fallback"));
        }
        for (name, words) in document.limits.words() {
            limiter.words(words, format_args!("/limits/{name}"));
        }
        for (place, command) in document.commands.iter().flatten().enumerate() {
            limiter.label(command, format_args!("/commands/{place}/label"));
        }
    }
}

fn over(count: usize, max: Option<u32>) -> Option<u32> {
    max.filter(|max| usize::try_from(*max).is_ok_and(|max| count > max))
}

impl Limiter<'_> {
    fn tell(
        &mut self,
        code: &'static str,
        pointer: Arguments<'_>,
        ko: String,
        en: String,
        hint: &str,
    ) {
        let severity = self.severity;
        self.found
            .push(Diagnostic::of(code, severity, pointer, ko, en, hint));
    }

    fn label(&mut self, button: &Button, pointer: Arguments<'_>) {
        let count = button.label.chars().count();
        if let Some(max) = over(count, self.limits.label_chars_max) {
            let channel = self.channel;
            self.tell(
                "T4",
                pointer,
                format!("버튼 이름이 {count}자입니다. ({channel} 한도 {max}자)"),
                format!("the label has {count} characters, over the {max} of {channel}"),
                "shorten the label",
            );
        }
    }

    /// The most characters a text may come to.
    fn longest(&self, words: &Words) -> usize {
        let Ok(template) = words else { return 0 };
        let fixed: usize = template.literals().map(|text| text.chars().count()).sum();
        let types = Types {
            vars: &self.document.vars,
        };
        let holes = template.holes().map(|(path, filters)| {
            let whole = path.to_string();
            let kind = types.path(path).map(|(kind, _)| kind);
            let labels = filters.iter().any(|filter| matches!(filter, Filter::Word));
            let value = match &kind {
                Ok(Kind::Enum(_)) if labels => 30,
                Ok(Kind::Enum(of)) => of.iter().map(|v| v.chars().count()).max().unwrap_or(0),
                Ok(Kind::Int) => 27,
                Ok(Kind::Bool) => 3,
                Ok(Kind::Phone | Kind::Date | Kind::Instant) => 30,
                _ => {
                    let own = self.longest.get(whole.as_str()).copied();
                    own.unwrap_or(VALUE_CHARS)
                }
            };
            // A text that stands in for a missing value may be the longer one.
            let instead = filters.iter().filter_map(|filter| match filter {
                Filter::Default(text) => Some(text.chars().count()),
                _ => None,
            });
            value.max(instead.max().unwrap_or(0))
                + filters
                    .iter()
                    .filter(|f| matches!(f, Filter::Josa(_)))
                    .count()
                    * 4
        });
        fixed + holes.sum::<usize>()
    }

    fn words(&mut self, words: &Words, pointer: Arguments<'_>) {
        let count = self.longest(words);
        if let Some(max) = over(count, self.limits.text_chars_max) {
            let channel = self.channel;
            self.tell(
                "T3",
                pointer,
                format!("글이 {count}자까지 길어질 수 있습니다. ({channel} 한도 {max}자)"),
                format!("the text may come to {count} characters, over the {max} of {channel}"),
                "shorten it, or say it in two messages",
            );
        }
    }

    fn limit(&mut self, limit: &Fallback, pointer: Arguments<'_>) {
        for (name, words) in limit.words() {
            self.words(words, format_args!("{pointer}/{name}"));
        }
    }

    fn node(&mut self, node: &Node, pointer: Arguments<'_>) {
        if let Some(fallback) = &node.fallback {
            self.limit(fallback, format_args!("{pointer}/fallback"));
        }
        for (at, say) in node.every_say() {
            say.each_words(&mut |inner, words| {
                self.words(words, format_args!("{pointer}{at}{inner}"));
            });
        }
        match &node.exit {
            Some(Exit::Ask(ask)) => {
                self.words(&ask.prompt, format_args!("{pointer}/ask/prompt"));
                if let Some(retry) = &ask.retry {
                    self.limit(retry, format_args!("{pointer}/ask/retry"));
                }
            }
            Some(Exit::Form(form)) => {
                for (at, slot) in form.slots.iter().enumerate() {
                    let at = format_args!("{pointer}/form/slots/{at}");
                    self.words(&slot.ask.prompt, format_args!("{at}/prompt"));
                    if let Some(retry) = &slot.ask.retry {
                        self.limit(retry, format_args!("{at}/retry"));
                    }
                }
                if let Some(review) = &form.review {
                    self.words(review, format_args!("{pointer}/form/review"));
                }
            }
            Some(Exit::Call(call)) => {
                if let Some(slow) = &call.slow {
                    self.words(slow, format_args!("{pointer}/slow"));
                }
            }
            _ => {}
        }
        for (list, buttons) in node.button_lists() {
            // A list for another channel is not shown on this one, nor is the node's own where there is another.
            let other = list.0.is_some_and(|channel| channel != self.channel);
            let replaced =
                list.0.is_none() && !std::ptr::eq(node.buttons_on(self.channel), node.buttons());
            if other || replaced {
                continue;
            }
            for (at, button) in buttons.iter().enumerate() {
                self.label(button, format_args!("{pointer}{list}/{at}/label"));
            }
            let is_card = matches!(node.says.last(), Some(Say::Card(_)));
            let max = match is_card {
                true => self.limits.card_buttons_max,
                false => self.limits.buttons_max,
            };
            if let Some(max) = over(buttons.len(), max) {
                let (count, channel) = (buttons.len(), self.channel);
                self.tell(
                    "T2",
                    format_args!("{pointer}{list}"),
                    format!("버튼이 {count}개입니다. ({channel} 한도 {max}개)"),
                    format!("{count} buttons, over the {max} of {channel}"),
                    "split them over two menus",
                );
            }
        }
    }
}
