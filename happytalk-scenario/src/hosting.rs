//! What a host asks of a scenario beside running it.

use std::collections::BTreeSet;

use crate::compiled::Compiled;
use crate::document::{Document, Exit};
use crate::state::State;

impl Compiled {
    /// The calendars that its `hours` nodes ask by name, for [`Env::calendars`](crate::Env::calendars); each once, in
    /// order of the alphabet.
    #[must_use]
    pub fn calendars(&self) -> &[String] {
        &self.calendars
    }

    /// What its forms ask for (프로필 항목): the last part of each variable's name, in the order of the document, each
    /// once. Looks through the whole document.
    #[must_use]
    pub fn form_fields(&self) -> Vec<&str> {
        let mut fields = Vec::new();
        let exits = self.document.nodes.iter().filter_map(|n| n.exit.as_ref());
        for exit in exits {
            let Exit::Form(form) = exit else { continue };
            for slot in &form.slots {
                let field = field(&slot.ask.var);
                if !fields.contains(&field) {
                    fields.push(field);
                }
            }
        }
        fields
    }

    /// What is asked for on the strength of a consent (수집 항목): the last part of the name of each variable whose question
    /// or form needs it, in the order of the document, each once. Looks through the whole document.
    #[must_use]
    pub fn consent_items(&self, consent: &str) -> Vec<&str> {
        let mut items = Vec::new();
        let exits = self.document.nodes.iter().filter_map(|n| n.exit.as_ref());
        for exit in exits {
            let vars: Vec<&str> = match exit {
                Exit::Ask(ask) if ask.needs.as_deref() == Some(consent) => vec![&ask.var],
                Exit::Form(form) if form.needs.as_deref() == Some(consent) => {
                    form.slots.iter().map(|slot| &*slot.ask.var).collect()
                }
                _ => Vec::new(),
            };
            for item in vars.into_iter().map(field) {
                if !items.contains(&item) {
                    items.push(item);
                }
            }
        }
        items
    }

    /// Whether the customer may come back to where `state` handed them to a person: the id of the accepted
    /// [`Effect::Handoff`](crate::Effect::Handoff), for [`HandoffOutcome::Returned`](crate::HandoffOutcome::Returned).
    /// `None` where none was accepted, or its node does not say what comes after.
    #[must_use]
    pub fn returns_to<'s>(&self, state: &'s State) -> Option<&'s str> {
        let inner = &state.inner;
        let wait = inner.wait.as_ref().filter(|wait| wait.accepted)?;
        let node = self.node(inner.at.as_ref()?)?;
        match &node.exit {
            Some(Exit::Handoff(handoff)) if handoff.on.contains_key("returned") => Some(&wait.id),
            _ => None,
        }
    }
}

impl State {
    /// The id of the effect whose result is awaited; of an accepted hand-off too. `None` while the customer's word is.
    #[must_use]
    pub fn awaits(&self) -> Option<&str> {
        self.inner.wait.as_ref().map(|wait| wait.id.as_str())
    }
}

/// What a variable is called as an item of a profile: `phone` of `profile.phone`.
pub(crate) fn field(var: &str) -> &str {
    var.rsplit_once('.').map_or(var, |(_, field)| field)
}

pub(crate) fn calendars(document: &Document) -> Vec<String> {
    let exits = document.nodes.iter().filter_map(|n| n.exit.as_ref());
    let named = exits.filter_map(|exit| match exit {
        Exit::Hours(hours) => hours.calendar.clone(),
        _ => None,
    });
    named.collect::<BTreeSet<_>>().into_iter().collect()
}
