//! Several questions one after the other, and the look at the answers.

use happytalk_core::Value;
use happytalk_core::content::{Button as Pressable, ButtonAction, Card, Content, Text};
use happytalk_core::event::Via;

use super::Trace;
use super::run::Run;
use crate::document::{Form, FormSlot, Node, Target};
use crate::expr::Path;
use crate::matching::{Answer, Matcher, Name, Reach, Typed, yes_or_no_offered};
use crate::slot::{Answer as Given, Slot, is_under_14};
use crate::state::FormStep;
use crate::token::Meaning;

/// Whether the whole text is that word, or that word with an ending: 건너뛰기요.
fn is_called(word: &str, text: &str) -> bool {
    let matcher = Matcher::new(&[Name::new(word)]);
    let answer = matcher.find_shown(&Typed::new(text), Reach::WHOLE, &|_| true);
    matches!(answer, Answer::Exact(..))
}

impl<'r> Run<'r> {
    /// The slot that is asked for, with its place.
    pub(super) fn form_slot<'f>(&self, form: &'f Form) -> Option<(u32, &'f FormSlot)> {
        match self.state.form {
            Some(FormStep::Ask(place) | FormStep::Fix(place)) => {
                let slot = form.slots.get(usize::try_from(place).ok()?)?;
                Some((place, slot))
            }
            Some(FormStep::Review | FormStep::Which) | None => None,
        }
    }

    fn is_known(&self, slot: &FormSlot) -> bool {
        let path = Path::read(&slot.ask.var);
        path.is_some_and(|path| !self.scope().lookup(&path).is_null())
    }

    /// The next slot that has to be asked, from that place on.
    fn next_slot(&self, form: &Form, from: u32) -> Option<u32> {
        let slots = (0_u32..).zip(&form.slots);
        let mut open = slots.skip_while(|(place, _)| *place < from);
        open.find(|(_, slot)| slot.always || !form.skip_known || !self.is_known(slot))
            .map(|(place, _)| place)
    }

    /// Begins with the first question there is to ask; false where there is none.
    pub(super) fn begin_form(&mut self, node: &Node, form: &Form) -> bool {
        let Some(first) = self.next_slot(form, 0) else {
            return false;
        };
        self.state.form = Some(FormStep::Ask(first));
        let asked = (0_u32..).zip(&form.slots).filter(|(place, slot)| {
            *place >= first && (slot.always || !form.skip_known || !self.is_known(slot))
        });
        let fields = asked.map(|(_, slot)| slot.ask.var.clone()).collect();
        self.note(Trace::Form {
            node: node.id.clone(),
            what: "asked",
            fields,
        });
        true
    }

    /// A press that belongs to the form; false where it is for somebody else.
    pub(super) fn form_pressed(
        &mut self,
        node: &'r Node,
        form: &'r Form,
        meaning: Option<&Meaning>,
    ) -> bool {
        let here = Some(node.place);
        match (meaning, self.state.form) {
            (Some(Meaning::Skip(owner)), _) if Some(*owner) == here => self.skip_slot(node, form),
            (Some(Meaning::Confirm(yes)), Some(FormStep::Review)) => {
                self.reviewed(node, form, *yes);
                true
            }
            (
                Some(Meaning::Slot { node: owner, slot }),
                Some(FormStep::Which | FormStep::Review),
            ) if Some(*owner) == here => {
                self.fix(node, *slot);
                true
            }
            _ => false,
        }
    }

    /// Words that belong to the form but are no answer to a question of it.
    pub(super) fn form_heard(&mut self, node: &'r Node, form: &'r Form, text: &str) -> bool {
        match self.state.form {
            Some(FormStep::Review) => match yes_or_no_offered(text) {
                Some(yes) => {
                    self.reviewed(node, form, yes);
                    true
                }
                None => false,
            },
            Some(FormStep::Which) => {
                let found = self
                    .flow
                    .matcher(node, "")
                    .map(|matcher| matcher.find(text));
                match found {
                    Some(Answer::Exact(place, _) | Answer::Likely(place, _)) => {
                        self.fix(node, u32::try_from(place).unwrap_or(u32::MAX));
                        true
                    }
                    _ => false,
                }
            }
            Some(FormStep::Ask(_) | FormStep::Fix(_)) => {
                let word = self.form_slot(form).and_then(|(_, s)| s.optional.as_ref());
                word.is_some_and(|word| is_called(word, text)) && self.skip_slot(node, form)
            }
            None => false,
        }
    }

    /// An answer to the question that stands; false where it will not do.
    pub(super) fn form_answered(
        &mut self,
        node: &'r Node,
        form: &'r Form,
        given: Given<'_>,
    ) -> bool {
        let Some((place, slot)) = self.form_slot(form) else {
            return false;
        };
        let Some(value) = self.accepted(&slot.ask, given) else {
            return false;
        };
        if slot.ask.slot == Slot::BirthKr && is_under_14(&value, self.env) {
            self.under_14(node, form);
            return true;
        }
        self.note(Trace::Answered {
            node: node.id.clone(),
            var: slot.ask.var.clone(),
        });
        self.via = Via::Text;
        self.store(&slot.ask.var, value);
        self.form_goes_on(node, form, place);
        true
    }

    /// Passes over an optional question.
    fn skip_slot(&mut self, node: &'r Node, form: &'r Form) -> bool {
        let Some((place, slot)) = self.form_slot(form) else {
            return false;
        };
        if slot.optional.is_none() {
            return false;
        }
        self.store(&slot.ask.var, Value::Null);
        self.form_goes_on(node, form, place);
        true
    }

    fn form_goes_on(&mut self, node: &'r Node, form: &'r Form, answered: u32) {
        let next = match self.state.form {
            Some(FormStep::Ask(_)) => self.next_slot(form, answered.saturating_add(1)),
            _ => None,
        };
        match (next, &form.review) {
            (Some(place), _) => self.form_shows(node, FormStep::Ask(place)),
            (None, Some(_)) => self.form_shows(node, FormStep::Review),
            (None, None) => self.form_is_done(node, form),
        }
    }

    fn form_shows(&mut self, node: &'r Node, step: FormStep) {
        self.state.form = Some(step);
        self.state.tries = 0;
        let shown = self.asked(node, Vec::new(), false);
        self.say(&node.id, shown);
        self.wait_at(node);
    }

    fn reviewed(&mut self, node: &'r Node, form: &'r Form, yes: bool) {
        if yes {
            return self.form_is_done(node, form);
        }
        match form.slots.len() {
            // With one item there is nothing to choose.
            1 => self.fix(node, 0),
            _ => self.form_shows(node, FormStep::Which),
        }
    }

    fn fix(&mut self, node: &'r Node, slot: u32) {
        self.form_shows(node, FormStep::Fix(slot));
    }

    fn form_ends(&mut self, node: &Node, what: &'static str, fields: Vec<String>) {
        self.note(Trace::Form {
            node: node.id.clone(),
            what,
            fields,
        });
    }

    fn form_is_done(&mut self, node: &Node, form: &Form) {
        let known = form.slots.iter().filter(|slot| self.is_known(slot));
        let fields = known.map(|slot| slot.ask.var.clone()).collect();
        self.form_ends(node, "done", fields);
        let to = form.on.get("done").cloned();
        self.go(&to.unwrap_or(Target::End));
    }

    /// One answer too many that will not do.
    pub(super) fn form_gives_up(&mut self, node: &'r Node, form: &'r Form) {
        let slot = self.form_slot(form);
        if let Some((place, slot)) = slot {
            let retry = slot.ask.retry.as_ref();
            let default = retry.and_then(|retry| retry.default.clone());
            if default.is_some() || slot.optional.is_some() {
                self.store(&slot.ask.var, default.unwrap_or(Value::Null));
                return self.form_goes_on(node, form, place);
            }
        }
        self.form_ends(node, "gave_up", Vec::new());
        let own = slot.and_then(|(_, slot)| slot.ask.retry.as_ref()?.then.clone());
        let all = self.flow.document.fallback.as_ref();
        let to = own
            .or_else(|| form.on.get("gave_up").cloned())
            .or_else(|| all.and_then(|all| all.then.clone()));
        self.go(&to.unwrap_or(Target::End));
    }

    /// A child may not consent alone: nothing of what was said in this form is kept.
    fn under_14(&mut self, node: &Node, form: &Form) {
        for slot in &form.slots {
            self.store(&slot.ask.var, Value::Null);
        }
        self.form_ends(node, "under_14", Vec::new());
        let on = &form.on;
        let to = on.get("under_14").or_else(|| on.get("gave_up")).cloned();
        self.go(&to.unwrap_or(Target::End));
    }

    /// What the form shows where it stands.
    pub(super) fn form_question(&self, node: &Node, form: &Form) -> Vec<Content> {
        match self.state.form {
            Some(FormStep::Review) => {
                let mut text = Text::new(form.review.as_ref().map_or_else(String::new, |review| {
                    review
                        .as_ref()
                        .map_or_else(|_| String::new(), |words| self.render(words))
                }));
                text.quick_replies = self.yes_and_no();
                vec![Content::Text(text)]
            }
            Some(FormStep::Which) => {
                let mut card = Card::new();
                card.text = Some("어떤 항목을 고칠까요?".to_owned());
                card.buttons = (0_u32..)
                    .zip(&form.slots)
                    .map(|(place, slot)| {
                        let token = self.flow.slot_token(&node.id, place);
                        Pressable::new(slot.label.clone(), ButtonAction::Postback, token)
                    })
                    .collect();
                vec![Content::Card(card)]
            }
            Some(FormStep::Ask(_) | FormStep::Fix(_)) | None => {
                let Some((_, slot)) = self.form_slot(form) else {
                    return Vec::new();
                };
                let prompt = slot.ask.prompt.as_ref();
                let mut text =
                    Text::new(prompt.map_or_else(|_| String::new(), |words| self.render(words)));
                if let Some(label) = &slot.optional {
                    let token = self.flow.skip_token(&node.id);
                    text.quick_replies =
                        vec![Pressable::new(label.clone(), ButtonAction::Postback, token)];
                }
                vec![Content::Text(text)]
            }
        }
    }
}
