//! Walks from node to node until something has to be waited for.

use std::collections::BTreeSet;
use std::sync::Arc;

use happytalk_core::event::{RequestedBy, Via};
use happytalk_core::id::NodeId;
use happytalk_core::{Value, content::Content};

use super::{Effect, Output, Step, Trace};
use crate::compiled::Compiled;
use crate::document::{Actions, CallStep, Exit, Formula, HandoffStep, Node, Target};
use crate::env::{Env, HoursKind};
use crate::expr::{Kind, Path, Scope, Types};
use crate::state::{Guess, Inner, Phase, TRAIL_MAX, Wait};
use crate::template::{Template, mask, plain};
use crate::token;

/// One step while it is being made.
pub(super) struct Run<'r> {
    /// The scenario that the host knows.
    pub(super) root: &'r Compiled,
    /// The scenario the customer is in: the same, or one that it runs.
    pub(super) flow: &'r Compiled,
    pub(super) state: &'r mut Inner,
    pub(super) env: &'r Env,
    made: &'r mut Step,
    /// How the customer came to the node that is entered next.
    pub(super) via: Via,
    /// What would be said to have asked for a person.
    pub(super) by: RequestedBy,
    /// The state before the walk, to go back to.
    before: Option<Box<Inner>>,
    /// Where the nodes are noted that are entered.
    pub(super) watch: Option<&'r mut BTreeSet<NodeId>>,
    /// An agent has let the node pass, perhaps in other words.
    pub(super) approved: Option<Option<String>>,
    /// The answer held a number that may not be collected.
    pub(super) is_refused_number: bool,
}

impl<'r> Run<'r> {
    pub(super) fn new(
        root: &'r Compiled,
        state: &'r mut Inner,
        env: &'r Env,
        made: &'r mut Step,
    ) -> Self {
        Self {
            root,
            flow: root,
            state,
            env,
            made,
            via: Via::Auto,
            by: RequestedBy::Flow,
            before: None,
            watch: None,
            approved: None,
            is_refused_number: false,
        }
    }

    pub(super) fn note(&mut self, trace: Trace) {
        self.made.trace.push(trace);
    }

    /// As [`Run::note`], for what nearly every turn notes: there is room before it is made, so that it is made in its
    /// place rather than moved there from the stack, which would have to wait for its parts.
    pub(super) fn note_with(&mut self, trace: impl FnOnce() -> Trace) {
        self.made.trace.extend(std::iter::once_with(trace));
    }

    pub(super) fn ignore(&mut self, code: &'static str) {
        self.note(Trace::Ignored { code });
    }

    pub(super) fn say(&mut self, node: &NodeId, content: impl Into<Arc<[Content]>>) {
        let content = content.into();
        if !content.is_empty() {
            self.made.outputs.push(Output {
                node: node.clone(),
                content,
            });
        }
    }

    pub(super) fn effect(&mut self, effect: Effect) {
        self.made.effects.push(effect);
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
        let first = match target {
            Target::Node(id) => self.flow.node(id),
            Target::Home if self.state.below.is_empty() => self.flow.start(),
            Target::Back => self.behind(),
            Target::Home | Target::End | Target::Agent | Target::Unknown(_) => None,
        };
        self.go_to(target, first);
    }

    /// As [`Run::go`], where the node that is come to first is known.
    pub(super) fn go_to(&mut self, target: &Target, first: Option<&'r Node>) {
        if !self.stops_in_time(target, first) {
            self.before = Some(Box::new(self.state.clone()));
        }
        let mut next = match (target, first) {
            (Target::Node(_), Some(node)) => self.enter(node),
            _ => self.follow(target),
        };
        while let Some(target) = next {
            next = self.follow(&target);
        }
    }

    /// One step of a walk, and where it goes on.
    fn follow(&mut self, target: &Target) -> Option<Target> {
        match target {
            Target::Node(id) => match self.flow.node(id) {
                Some(node) => self.enter(node),
                None if self.is_too_many(id) => None,
                None => Some(Target::Home),
            },
            Target::Home => {
                if !self.state.below.is_empty() {
                    self.leave_all();
                }
                self.state.trail.clear();
                self.enter(self.flow.start()?)
            }
            Target::Back => {
                // From a step that did not wait, back is where the customer waited last.
                if self.state.trail.last() == self.state.at.as_ref() {
                    self.state.trail.pop();
                }
                match self.state.trail.last().cloned() {
                    Some(id) => Some(Target::Node(id)),
                    None if self.leave() => Some(Target::Back),
                    None => Some(Target::Home),
                }
            }
            Target::End => self.end("end"),
            Target::Agent => self.ask_for_agent(),
            // No scenario with one loads; a state of a newer version may still lead here.
            Target::Unknown(_) => Some(Target::Home),
        }
    }

    /// The node that 이전으로 leads to.
    fn behind(&self) -> Option<&'r Node> {
        let mut trail = self.state.trail.iter().rev();
        let here = self.state.at.as_ref();
        let back = trail.find(|id| Some(*id) != here);
        back.and_then(|id| self.flow.node(id))
    }

    /// Whether the walk, of which `first` is the first node, surely stops before there are too many nodes, so that there
    /// is nothing to take back.
    fn stops_in_time(&self, target: &Target, first: Option<&Node>) -> bool {
        if matches!(target, Target::End | Target::Agent) {
            return self.state.below.is_empty();
        }
        let Some(node) = first else { return false };
        // Whatever ends inside another scenario goes on in that one.
        if !self.state.below.is_empty() && !node.waits() {
            return false;
        }
        let most = self.state.steps.saturating_add(self.flow.walk(node));
        most <= self.flow.document.limits.steps_max
    }

    /// Counts a node that is come to; where that is one too many, the walk is over.
    #[inline]
    fn is_too_many(&mut self, id: &NodeId) -> bool {
        self.state.steps = self.state.steps.saturating_add(1);
        let over = self.state.steps > self.flow.document.limits.steps_max;
        if over {
            self.over_limit(id);
        }
        over
    }

    fn enter(&mut self, node: &'r Node) -> Option<Target> {
        if self.is_too_many(&node.id) {
            return None;
        }
        let flow = self.flow;
        if let Some(watch) = &mut self.watch {
            watch.insert(node.id.clone());
        }
        // Over the one that is there: a value that is moved through an `Option` byte by byte costs more than it should.
        match &mut self.state.at {
            Some(at) => at.clone_from(&node.id),
            at => *at = Some(node.id.clone()),
        }
        self.state.at_place = Guess(node.place);
        self.state.contract = None;
        self.state.confirm = None;
        self.state.wait = None;
        self.state.form = None;
        self.state.tries = 0;
        if let Some(to) = self.refused_consent(node) {
            return Some(to);
        }
        if node.goal {
            self.state.goal = true;
        }
        if let Some(Exit::Form(form)) = &node.exit
            && !self.begin_form(node, form)
        {
            // Everything is known, so that nothing is said.
            return form.on.get("done").cloned().or(Some(Target::End));
        }
        if node.is_stop() || node.goal {
            let (depth, via) = (flow.depth_at(node.place).unwrap_or(1), self.via);
            self.note_with(|| Trace::Entered {
                node: node.id.clone(),
                depth,
                goal: node.goal,
                via,
            });
        }
        if node.approve {
            let said = self.said(node);
            match self.approved.take() {
                None if !said.is_empty() => {
                    self.ask_approval(node, said);
                    return None;
                }
                None | Some(None) => self.show(node, said),
                Some(Some(words)) => self.show(node, in_other_words(said, words)),
            }
        } else if let Some(shown) = self.shown_to_all(node) {
            self.say(&node.id, shown);
            self.act(&node.actions);
        } else {
            let said = self.said(node);
            self.show(node, said);
        }
        match node.exit.as_ref()? {
            Exit::Buttons(_) | Exit::Ask(_) | Exit::Form(_) => {
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
                let hours = self.env.hours_of(ways.calendar.as_deref());
                let ways = &ways.ways;
                let way = ways.get(hours.kind.as_str());
                way.or_else(|| ways.get("closed")).cloned()
            }
            Exit::Call(call) => {
                self.call(node, call);
                None
            }
            Exit::Handoff(handoff) => self.hand_off(handoff),
            Exit::Sub(sub) => self.begin_sub(node, sub),
            Exit::To(to) => Some(to.clone()),
            Exit::End(outcome) => self.end(outcome),
        }
    }

    /// Says what the node says, and does what it does: its words stand before what it sets, its buttons and its question
    /// after.
    fn show(&mut self, node: &Node, mut said: Vec<Content>) {
        if !node.waits() {
            self.say(&node.id, std::mem::take(&mut said));
        }
        self.act(&node.actions);
        if node.waits() {
            let shown = self.asked(node, said, false);
            self.say(&node.id, shown);
        }
    }

    /// A question that needs a consent which was not given is not asked.
    fn refused_consent(&mut self, node: &Node) -> Option<Target> {
        let (needed, then) = match &node.exit {
            Some(Exit::Ask(ask)) => {
                let limit = ask.retry.as_ref().or(node.fallback.as_ref());
                let limit = limit.or(self.flow.document.fallback.as_ref());
                (ask.needs.as_ref()?, limit.and_then(|it| it.then.clone()))
            }
            Some(Exit::Form(form)) => (form.needs.as_ref()?, form.on.get("gave_up").cloned()),
            _ => return None,
        };
        if self.state.consents.contains(needed) {
            return None;
        }
        self.note(Trace::ConsentMissing {
            node: node.id.clone(),
            consent: needed.clone(),
        });
        then.or(Some(Target::End))
    }

    pub(super) fn wait_at(&mut self, node: &Node) {
        self.state.phase = Phase::Waiting;
        self.state.contract = Some(self.flow.contract(node));
        if self.state.trail.last() != Some(&node.id) {
            if self.state.trail.len() >= TRAIL_MAX {
                self.state.trail.remove(0);
            }
            self.state.trail.push(node.id.clone());
        }
    }

    /// Ends the scenario the customer is in; the one that runs it goes on where it leads.
    pub(super) fn end(&mut self, outcome: &str) -> Option<Target> {
        if !self.state.below.is_empty() {
            return self.end_sub();
        }
        self.end_all(outcome);
        None
    }

    /// Ends everything.
    pub(super) fn end_all(&mut self, outcome: &str) {
        self.state.phase = Phase::Ended;
        self.state.wait = None;
        self.state.outcome = Some(outcome.to_owned());
    }

    /// Sets, clears and tells the host.
    #[inline]
    fn act(&mut self, actions: &Actions) {
        // Most nodes do nothing.
        if !actions.is_empty() {
            self.act_all(actions);
        }
    }

    fn act_all(&mut self, actions: &Actions) {
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

    pub(super) fn next_id(&mut self, kind: &str) -> String {
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
        self.state.wait = Some(Wait::on(id));
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
            self.end_all("unavailable");
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
            None => self.end_all("unavailable"),
        }
    }

    /// Too many nodes in a row: as if the walk had not begun, but for one text.
    #[cold]
    fn over_limit(&mut self, id: &NodeId) {
        if let Some(before) = self.before.take() {
            let (turn, seen) = (self.state.turn, std::mem::take(&mut self.state.seen));
            *self.state = *before;
            (self.state.turn, self.state.seen) = (turn, seen);
            self.find_flow();
        }
        self.made.outputs.clear();
        self.made.effects.clear();
        self.made
            .trace
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
                self.end_all("step_limit");
            }
        }
    }
}

/// What an agent let pass in other words: these stand where the first words stood.
fn in_other_words(mut said: Vec<Content>, words: String) -> Vec<Content> {
    let is_words = |content: &Content| matches!(content, Content::Text(_));
    let at = said.iter().position(is_words).unwrap_or(0);
    said.retain(|content| !is_words(content));
    said.insert(at.min(said.len()), Content::text(words));
    said
}
