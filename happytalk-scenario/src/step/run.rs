//! Walks from node to node until something has to be waited for.

use std::collections::BTreeMap;

use happytalk_core::event::{RequestedBy, Via};
use happytalk_core::id::NodeId;
use happytalk_core::{Value, content::Content};

use super::{Effect, Output, Trace};
use crate::compiled::{Compiled, contract};
use crate::document::{Actions, CallStep, Exit, Formula, HandoffStep, Node, Target};
use crate::env::{Env, HoursKind};
use crate::expr::{Kind, Path, Scope, Types};
use crate::state::{Inner, Phase, SLOTS_BYTES_MAX, TRAIL_MAX, Wait};
use crate::template::{Template, mask, plain};
use crate::token;

/// One step while it is being made.
pub(super) struct Run<'r> {
    pub(super) flow: &'r Compiled,
    pub(super) state: &'r mut Inner,
    pub(super) env: &'r Env,
    outputs: Vec<Output>,
    effects: Vec<Effect>,
    trace: Vec<Trace>,
    /// How the customer came to the node that is entered next.
    pub(super) via: Via,
    /// What would be said to have asked for a person.
    pub(super) by: RequestedBy,
    /// The state before the walk, to go back to.
    before: Option<Box<Inner>>,
}

impl<'r> Run<'r> {
    pub(super) fn new(flow: &'r Compiled, state: &'r mut Inner, env: &'r Env) -> Self {
        Self {
            flow,
            state,
            env,
            outputs: Vec::new(),
            effects: Vec::new(),
            trace: Vec::new(),
            via: Via::Auto,
            by: RequestedBy::Flow,
            before: None,
        }
    }

    pub(super) fn finish(self) -> (Vec<Output>, Vec<Effect>, Vec<Trace>) {
        (self.outputs, self.effects, self.trace)
    }

    pub(super) fn note(&mut self, trace: Trace) {
        self.trace.push(trace);
    }

    pub(super) fn ignore(&mut self, code: &'static str) {
        self.note(Trace::Ignored { code });
    }

    pub(super) fn say(&mut self, node: &NodeId, content: Vec<Content>) {
        if !content.is_empty() {
            self.outputs.push(Output {
                node: node.clone(),
                content,
            });
        }
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(super) fn scope(&self) -> Scope<'_> {
        Scope {
            vars: &self.flow.document.vars,
            slots: &self.state.slots,
            env: self.env,
        }
    }

    pub(super) fn holds(&self, formula: &Formula) -> bool {
        formula.as_ref().is_ok_and(|expr| self.scope().holds(expr))
    }

    pub(super) fn render(&self, words: &Template) -> String {
        words.render(&self.scope(), &|path, value| self.flow.word(path, value))
    }

    pub(super) fn start(&mut self) {
        if self.state.phase == Phase::Fresh {
            self.state.turn = self.state.turn.saturating_add(1);
            self.go(&Target::Home);
        } else {
            self.ignore("started");
        }
    }

    /// Goes to `target`, and on from there until something has to be waited for.
    pub(super) fn go(&mut self, target: &Target) {
        self.before = Some(Box::new(self.state.clone()));
        let mut next = Some(target.clone());
        while let Some(target) = next {
            next = match target {
                Target::Node(id) => self.enter(&id),
                Target::Home => {
                    self.state.trail.clear();
                    let start = self.flow.start().map(|node| node.id.clone());
                    start.and_then(|id| self.enter(&id))
                }
                Target::Back => {
                    // From a step that did not wait, back is where the customer waited last.
                    if self.state.trail.last() == self.state.at.as_ref() {
                        self.state.trail.pop();
                    }
                    match self.state.trail.last().cloned() {
                        Some(id) => self.enter(&id),
                        None => Some(Target::Home),
                    }
                }
                Target::End => {
                    self.end("end");
                    None
                }
                Target::Agent => self.ask_for_agent(),
                // No scenario with one loads; a state of a newer version may still lead here.
                Target::Unknown(_) => Some(Target::Home),
            };
        }
    }

    fn enter(&mut self, id: &NodeId) -> Option<Target> {
        self.state.steps = self.state.steps.saturating_add(1);
        if self.state.steps > self.flow.document.limits.steps_max {
            self.over_limit(id);
            return None;
        }
        let flow = self.flow;
        let Some(node) = flow.node(id) else {
            return Some(Target::Home);
        };
        self.state.at = Some(node.id.clone());
        self.state.contract = None;
        self.state.confirm = None;
        self.state.wait = None;
        self.state.tries = 0;
        if let Some(to) = self.refused_consent(node) {
            return Some(to);
        }
        if node.goal {
            self.state.goal = true;
        }
        if node.is_stop() || node.goal {
            self.note(Trace::Entered {
                node: node.id.clone(),
                depth: flow.depth(&node.id).unwrap_or(1),
                goal: node.goal,
                via: self.via,
            });
        }
        // The words stand before what the node sets; its buttons and its question after.
        let mut said = self.said(node);
        if !node.waits() {
            self.say(&node.id, std::mem::take(&mut said));
        }
        self.act(&node.actions);
        match node.exit.as_ref()? {
            Exit::Buttons(_) | Exit::Ask(_) => {
                let shown = self.asked(node, said, false);
                self.say(&node.id, shown);
                self.wait_at(node);
                None
            }
            Exit::If(choose) => {
                self.by = RequestedBy::Flow;
                let met = choose
                    .branches
                    .iter()
                    .find(|branch| self.holds(&branch.when));
                let otherwise = choose.otherwise.as_ref().map(|(_, to)| to);
                let last = choose.branches.last().map(|branch| &branch.to);
                // An exhaustive switch over an enum that is not set takes its last way.
                met.map(|branch| &branch.to).or(otherwise).or(last).cloned()
            }
            Exit::Hours(ways) => {
                let kind = self.env.hours.kind.as_str();
                ways.get(kind).or_else(|| ways.get("closed")).cloned()
            }
            Exit::Call(call) => {
                self.call(node, call);
                None
            }
            Exit::Handoff(handoff) => self.hand_off(handoff),
            Exit::To(to) => Some(to.clone()),
            Exit::End(outcome) => {
                self.end(outcome);
                None
            }
        }
    }

    /// A question that needs a consent which was not given is not asked.
    fn refused_consent(&self, node: &Node) -> Option<Target> {
        let Some(Exit::Ask(ask)) = &node.exit else {
            return None;
        };
        let needed = ask.needs.as_ref()?;
        if self.state.consents.contains(needed) {
            return None;
        }
        let limit = ask.retry.as_ref().or(self.flow.document.fallback.as_ref());
        limit
            .and_then(|limit| limit.then.clone())
            .or(Some(Target::End))
    }

    pub(super) fn wait_at(&mut self, node: &Node) {
        self.state.phase = Phase::Waiting;
        self.state.contract = Some(contract(node));
        if self.state.trail.last() != Some(&node.id) {
            if self.state.trail.len() >= TRAIL_MAX {
                self.state.trail.remove(0);
            }
            self.state.trail.push(node.id.clone());
        }
    }

    pub(super) fn end(&mut self, outcome: &str) {
        self.state.phase = Phase::Ended;
        self.state.wait = None;
        self.state.outcome = Some(outcome.to_owned());
    }

    /// Sets, clears and tells the host.
    fn act(&mut self, actions: &Actions) {
        self.assign(&actions.set);
        for name in &actions.clear {
            match self.flow.document.vars.get(name) {
                // Null rather than gone: what is known of the customer must not shine through again.
                Some(var) if var.of_customer => {
                    self.state.slots.insert(name.clone(), Value::Null);
                }
                _ => {
                    self.state.slots.remove(name);
                }
            }
        }
        if let Some((name, with)) = &actions.emit {
            let with = self.object(with);
            self.effect(Effect::Emit {
                name: name.clone(),
                with,
            });
        }
        for tag in &actions.tags {
            self.effect(Effect::Tag { tag: tag.clone() });
        }
        if let Some((main, sub)) = &actions.category {
            self.effect(Effect::Category {
                main: main.clone(),
                sub: sub.clone(),
            });
        }
        if let Some((id, amount_won)) = &actions.offer {
            self.effect(Effect::Offer {
                id: id.clone(),
                amount_won: *amount_won,
            });
        }
    }

    pub(super) fn assign(&mut self, set: &[(String, Formula)]) {
        for (name, formula) in set {
            let value = match formula {
                Ok(expr) => self.scope().eval(expr).into_owned(),
                Err(_) => Value::Null,
            };
            self.store(name, value);
        }
    }

    /// Stores a value under a path such as `profile.name`; a value of another kind than declared is null.
    pub(super) fn store(&mut self, path: &str, value: Value) {
        let Some(path) = Path::read(path) else { return };
        let Some(var) = self.flow.document.vars.get(&path.root) else {
            return;
        };
        let mut kind = &var.kind;
        for name in &path.fields {
            match kind {
                Kind::Object(fields) => match fields.get(name) {
                    Some((inner, _)) => kind = inner,
                    None => return,
                },
                _ => return,
            }
        }
        let value = if value.is_null() || kind.holds(&value) {
            kind.trim(value)
        } else {
            Value::Null
        };
        let root = match path.fields.is_empty() {
            true => value,
            false => {
                let whole = Path {
                    root: path.root.clone(),
                    fields: Vec::new(),
                };
                let before = self.scope().lookup(&whole).into_owned();
                put(before, &path.fields, value)
            }
        };
        let others = self
            .state
            .slots
            .iter()
            .filter(|(name, _)| **name != path.root);
        let total: usize = others
            .map(|(name, value)| name.len() + 4 + weight(value))
            .sum();
        if total + weight(&root) > SLOTS_BYTES_MAX {
            self.note(Trace::TooLarge {
                var: path.root.clone(),
            });
            self.state.slots.remove(&path.root);
            return;
        }
        self.state.slots.insert(path.root, root);
    }

    pub(super) fn object(&self, members: &[(String, Formula)]) -> Value {
        let scope = self.scope();
        let values = members.iter().map(|(name, formula)| {
            let value = formula
                .as_ref()
                .map_or(Value::Null, |e| scope.eval(e).into_owned());
            (name.clone(), value)
        });
        Value::Object(values.collect())
    }

    fn next_id(&mut self, kind: &str) -> String {
        self.state.effects = self.state.effects.saturating_add(1);
        format!("{kind}-{}", self.state.effects)
    }

    fn call(&mut self, node: &Node, call: &CallStep) {
        if let Some(Ok(slow)) = &call.slow {
            let text = self.render(slow);
            self.say(&node.id, vec![Content::text(text)]);
        }
        self.by = RequestedBy::Flow;
        let input = self.object(&call.with);
        let once = self
            .flow
            .document
            .calls
            .get(&call.name)
            .is_some_and(|rule| rule.once);
        // An object is written with its members in order, so the same input is the same text.
        let written = serde_json::to_string(&input).unwrap_or_default();
        let turn = self.state.effects.to_string();
        let entry = if once {
            written.as_str()
        } else {
            turn.as_str()
        };
        let key = token::digest(&[self.flow.id().as_str(), node.id.as_str(), &call.name, entry]);
        self.request(call, input, key, 1);
    }

    /// Asks the host for a try of a call.
    pub(super) fn request(&mut self, call: &CallStep, input: Value, key: String, attempt: u32) {
        let id = self.next_id("c");
        let rule = self.flow.document.calls.get(&call.name);
        self.state.phase = Phase::Call;
        let told = self.state.wait.as_ref().is_some_and(|wait| wait.told);
        self.state.wait = Some(Wait {
            id: id.clone(),
            attempt,
            key: key.clone(),
            told,
            accepted: false,
        });
        self.effect(Effect::Call {
            id,
            name: call.name.clone(),
            input,
            key,
            timeout_ms: rule.map_or(3_000, |rule| rule.timeout_ms),
            attempt,
        });
    }

    fn hand_off(&mut self, handoff: &HandoffStep) -> Option<Target> {
        if self.env.hours.kind != HoursKind::Open {
            return Some(handoff.on.get("closed").cloned().unwrap_or(Target::End));
        }
        let vars = &self.flow.document.vars;
        let mut note = Vec::new();
        for name in &handoff.note {
            let Some(path) = Path::read(name) else {
                continue;
            };
            let value = self.scope().lookup(&path).into_owned();
            if value.is_null() {
                continue;
            }
            let text = plain(&value);
            let text = self.flow.word(&path, &text).map_or(text, str::to_owned);
            let is_phone = matches!(Types { vars }.path(&path), Ok((Kind::Phone, _)));
            let personal = is_phone || vars.get(&path.root).is_some_and(|var| var.pii);
            note.push((name.clone(), if personal { mask(&text) } else { text }));
        }
        let id = self.next_id("h");
        self.wait_for_agent(id.clone());
        self.effect(Effect::Handoff {
            id,
            queue: handoff.queue.clone(),
            by: self.by,
            note,
        });
        None
    }

    fn wait_for_agent(&mut self, id: String) {
        self.state.phase = Phase::HandedOff;
        self.state.wait = Some(Wait {
            id,
            attempt: 0,
            key: String::new(),
            told: false,
            accepted: false,
        });
    }

    /// `@agent`: a person, without a node that says what to do when there is none.
    fn ask_for_agent(&mut self) -> Option<Target> {
        if self.env.hours.kind != HoursKind::Open {
            self.no_agent();
            return None;
        }
        if self.state.at.is_none() {
            self.state.at = self.flow.start().map(|node| node.id.clone());
        }
        let id = self.next_id("h");
        self.wait_for_agent(id.clone());
        self.effect(Effect::Handoff {
            id,
            queue: None,
            by: self.by,
            note: Vec::new(),
        });
        None
    }

    /// Says that nobody is there, and stays where the customer last waited.
    pub(super) fn no_agent(&mut self) {
        let at = self.state.trail.last().or(self.state.at.as_ref()).cloned();
        let Some(at) = at else {
            self.end("unavailable");
            return;
        };
        if let Ok(words) = &self.flow.document.limits.unavailable_say {
            let text = self.render(words);
            self.say(&at, vec![Content::text(text)]);
        }
        self.state.wait = None;
        match self.flow.node(&at).filter(|node| node.waits()) {
            Some(node) => {
                self.state.at = Some(at);
                self.wait_at(node);
            }
            None => self.end("unavailable"),
        }
    }

    /// Too many nodes in a row: as if the walk had not begun, but for one text.
    fn over_limit(&mut self, id: &NodeId) {
        if let Some(before) = self.before.take() {
            let (turn, seen) = (self.state.turn, std::mem::take(&mut self.state.seen));
            *self.state = *before;
            (self.state.turn, self.state.seen) = (turn, seen);
        }
        self.outputs.clear();
        self.effects.clear();
        self.trace
            .retain(|trace| !matches!(trace, Trace::Entered { .. }));
        self.note(Trace::StepLimit { node: id.clone() });
        self.state.wait = None;
        self.state.steps = 0;
        let rest = self.state.trail.last().cloned();
        let at = rest.clone().unwrap_or_else(|| id.clone());
        if let Ok(words) = &self.flow.document.limits.steps_say {
            let text = self.render(words);
            self.say(&at, vec![Content::text(text)]);
        }
        match rest.and_then(|rest| self.flow.node(&rest)) {
            Some(node) => {
                self.state.at = Some(node.id.clone());
                self.wait_at(node);
            }
            None => {
                self.state.at = Some(at);
                self.end("step_limit");
            }
        }
    }
}

/// `object` with `value` at the end of `fields`.
fn put(object: Value, fields: &[String], value: Value) -> Value {
    let Some((first, rest)) = fields.split_first() else {
        return value;
    };
    let mut members = match object {
        Value::Object(members) => members,
        _ => BTreeMap::new(),
    };
    let inner = members.remove(first).unwrap_or(Value::Null);
    members.insert(first.clone(), put(inner, rest, value));
    Value::Object(members)
}

/// How many bytes a value has as JSON, at most.
fn weight(value: &Value) -> usize {
    let text = |text: &str| {
        let escaped = text.bytes().map(|byte| match byte {
            0..0x20 => 6,
            b'"' | b'\\' => 2,
            _ => 1,
        });
        escaped.sum::<usize>() + 2
    };
    match value {
        Value::Null | Value::Bool(_) => 5,
        Value::Int(_) => 20,
        Value::Text(words) => text(words),
        Value::List(items) => items.iter().map(|item| weight(item) + 1).sum::<usize>() + 2,
        Value::Object(members) => {
            let members = members
                .iter()
                .map(|(name, value)| text(name) + weight(value) + 2);
            members.sum::<usize>() + 2
        }
    }
}
