//! Scenarios that run another one.

use std::collections::BTreeMap;

use happytalk_core::Value;

use super::run::Run;
use super::{Effect, Trace};
use crate::compiled::Compiled;
use crate::document::{Exit, Node, SubStep, Target};
use crate::state::{Frame, Phase, SUBS_MAX, Wait};
use crate::token::Meaning;
use happytalk_core::content::Content;

impl<'r> Run<'r> {
    /// Finds the scenario the customer is in. Where the host links it no more, the customer is at the node that ran
    /// it, and goes on from the last place before.
    #[inline]
    pub(super) fn find_flow(&mut self) {
        if !self.state.below.is_empty() {
            self.find_inner_flow();
        }
    }

    fn find_inner_flow(&mut self) {
        loop {
            match self.flow_at(self.state.below.len()) {
                Some(flow) => {
                    self.flow = flow;
                    return;
                }
                None if self.leave() => {}
                None => return,
            }
        }
    }

    /// The scenario that runs at that depth: 0 is the one the host knows.
    pub(super) fn flow_at(&self, depth: usize) -> Option<&'r Compiled> {
        let mut flow = self.root;
        for level in 1..=depth {
            let (id, version) = match self.state.below.get(level) {
                Some(frame) => (&frame.scenario, frame.version),
                None => (&self.state.scenario, self.state.version),
            };
            flow = flow.sub(id.as_str(), version)?;
        }
        Some(flow)
    }

    /// What a token means to a scenario that runs this one, and how deep that is.
    pub(super) fn meaning_outside(&self, token: &str) -> Option<(usize, Meaning)> {
        (0..self.state.below.len()).rev().find_map(|depth| {
            let meaning = self.flow_at(depth)?.meaning(token)?;
            Some((depth, meaning))
        })
    }

    /// Gives the word back to the scenario that runs this one, without its results; false in the outermost.
    pub(super) fn leave(&mut self) -> bool {
        let Some(frame) = self.state.below.pop() else {
            return false;
        };
        self.state.scenario = frame.scenario;
        self.state.version = frame.version;
        self.state.at = Some(frame.at);
        self.state.trail = frame.trail;
        self.state.slots = frame.slots;
        self.state.contract = None;
        self.state.confirm = None;
        self.state.form = None;
        if let Some(flow) = self.flow_at(self.state.below.len()) {
            self.flow = flow;
        }
        true
    }

    pub(super) fn leave_all(&mut self) {
        while self.leave() {}
    }

    pub(super) fn begin_sub(&mut self, node: &Node, sub: &SubStep) -> Option<Target> {
        let version = sub.version.unwrap_or(0);
        let other = self.flow.sub(&sub.scenario, version);
        let room = self.state.below.len() < SUBS_MAX;
        let Some((other, start)) = other
            .filter(|_| room)
            .and_then(|other| Some((other, other.start()?)))
        else {
            if let Ok(scenario) = sub.scenario.parse() {
                self.note(Trace::Sub {
                    node: node.id.clone(),
                    scenario,
                    what: "missing",
                });
            }
            return sub.to.clone().or(Some(Target::End));
        };
        self.note(Trace::Sub {
            node: node.id.clone(),
            scenario: other.id().clone(),
            what: "began",
        });
        let given = self.object(&sub.with);
        self.state.below.push(Frame {
            scenario: std::mem::replace(&mut self.state.scenario, other.id().clone()),
            version: std::mem::replace(&mut self.state.version, other.version()),
            at: node.id.clone(),
            trail: std::mem::take(&mut self.state.trail),
            slots: std::mem::take(&mut self.state.slots),
        });
        self.flow = other;
        if let Value::Object(members) = given {
            for (name, value) in members {
                self.store(&name, value);
            }
        }
        Some(Target::Node(start.id.clone()))
    }

    /// The other scenario is over: its results are ours, and we go on.
    pub(super) fn end_sub(&mut self) -> Option<Target> {
        let results: BTreeMap<String, Value> = std::mem::take(&mut self.state.slots);
        let other = self.flow.id().clone();
        self.leave();
        let flow = self.flow;
        let at = self.state.at.clone();
        let node = at.as_ref().and_then(|at| flow.node(at));
        let Some(Exit::Sub(sub)) = node.and_then(|node| node.exit.as_ref()) else {
            return Some(Target::Home);
        };
        for (ours, theirs) in &sub.out {
            let path = crate::expr::Path::read(theirs);
            let value = path.and_then(|path| {
                let mut value = results.get(&path.root)?;
                for field in &path.fields {
                    value = value.get(field)?;
                }
                Some(value.clone())
            });
            self.store(ours, value.unwrap_or(Value::Null));
        }
        if let Some(node) = at {
            self.note(Trace::Sub {
                node,
                scenario: other,
                what: "ended",
            });
        }
        sub.to.clone().or(Some(Target::End))
    }

    /// Asks an agent to look at what a node would say.
    pub(super) fn ask_approval(&mut self, node: &Node, content: Vec<Content>) {
        let id = self.next_id("a");
        self.state.phase = Phase::Approval;
        self.state.wait = Some(Wait::on(id.clone()));
        self.effect(Effect::Approve {
            id,
            node: node.id.clone(),
            content,
        });
    }
}
