//! What happens to an input that fits nothing.

use happytalk_core::content::Content;
use happytalk_core::event::{RequestedBy, Via};

use super::Trace;
use super::run::Run;
use crate::document::{Exit, Fallback, Node, Target};

impl<'r> Run<'r> {
    pub(super) fn show_again(&mut self, node: &Node) {
        let shown = self.shown(node, true);
        self.say(&node.id, shown);
    }

    /// An old button: the text for an input that fits nothing, and the step again; no try is spent.
    pub(super) fn refuse_old(&mut self, node: &Node) {
        if let Some(Ok(words)) = self.limit(node).and_then(|limit| limit.say.as_ref()) {
            let text = self.render(words);
            self.say(&node.id, vec![Content::text(text)]);
        }
        self.show_again(node);
    }

    /// What happens at a node to an input that fits nothing.
    fn limit(&self, node: &'r Node) -> Option<&'r Fallback> {
        let asked = match &node.exit {
            Some(Exit::Ask(ask)) => ask.retry.as_ref(),
            Some(Exit::Form(form)) => self
                .form_slot(form)
                .and_then(|(_, slot)| slot.ask.retry.as_ref()),
            _ => None,
        };
        asked
            .or(node.fallback.as_ref())
            .or(self.flow.document.fallback.as_ref())
    }

    /// Counts a miss; past the limit it leads the customer on and says so.
    pub(super) fn counted(&mut self, node: &'r Node) -> bool {
        self.state.tries = self.state.tries.saturating_add(1);
        self.note(Trace::Missed {
            node: node.id.clone(),
            count: self.state.tries,
        });
        let limit = self.limit(node);
        let max = limit.and_then(|limit| limit.max).unwrap_or(0);
        if i64::from(self.state.tries) <= max {
            return false;
        }
        self.by = RequestedBy::Fallback;
        self.via = Via::Auto;
        if let Some(Exit::Form(form)) = &node.exit {
            self.form_gives_up(node, form);
            return true;
        }
        let default = limit.and_then(|limit| limit.default.clone());
        if let (Some(value), Some(Exit::Ask(ask))) = (default, &node.exit) {
            self.store(&ask.var, value);
            if let Some(Ok(words)) = limit.and_then(|limit| limit.default_say.as_ref()) {
                let text = self.render(words);
                self.say(&node.id, vec![Content::text(text)]);
            }
            self.go(ask.to.as_ref().unwrap_or(&Target::End));
        } else {
            let then = limit.and_then(|limit| limit.then.as_ref());
            self.go(then.unwrap_or(&Target::End));
        }
        true
    }

    /// A child may not give personal data alone: nothing is kept, and the customer is led where no answer would lead.
    pub(super) fn too_young(&mut self, node: &'r Node) {
        self.note(Trace::Form {
            node: node.id.clone(),
            what: "under_14",
            fields: Vec::new(),
        });
        let all = self.flow.document.fallback.as_ref();
        let then = self.limit(node).and_then(|limit| limit.then.as_ref());
        let then = then.or_else(|| all.and_then(|all| all.then.as_ref()));
        self.go(then.unwrap_or(&Target::End));
    }

    pub(super) fn miss(&mut self, node: &'r Node) {
        if self.counted(node) {
            return;
        }
        let limit = self.limit(node);
        let said = match self.is_refused_number {
            true => self.flow.document.limits.number_say.as_ref().ok(),
            false => limit.and_then(|limit| limit.say.as_ref()?.as_ref().ok()),
        };
        let text = said.map(|words| self.render(words));
        match text {
            Some(text) if limit.is_some_and(|limit| !limit.repeat) => {
                let told = self.told_again(node, text);
                self.say(&node.id, told);
            }
            text => {
                if let Some(text) = text {
                    self.say(&node.id, vec![Content::text(text)]);
                }
                self.show_again(node);
            }
        }
    }
}
