//! What comes back from the host, and what comes back from an older version of the scenario.

use happytalk_core::id::NodeId;

use super::run::Run;
use super::{CallOutcome, HandoffOutcome, Trace};
use crate::compiled::contract;
use crate::document::{CallStep, Exit, HandoffStep, Node, Target};
use crate::expr::Kind;
use crate::state::{Phase, Wait};

impl<'r> Run<'r> {
    /// The wait that `id` answers, or the reason why there is none.
    fn awaited(&self, phase: Phase, id: &str) -> Result<Wait, &'static str> {
        match &self.state.wait {
            Some(wait) if wait.id == id && self.state.phase == phase => Ok(wait.clone()),
            Some(wait) if wait.id == id && phase == Phase::HandedOff && wait.accepted => {
                Ok(wait.clone())
            }
            Some(wait) if wait.id == id => Err("wrong_result"),
            _ => Err("unknown_result"),
        }
    }

    pub(super) fn call_result(&mut self, id: &str, outcome: CallOutcome) {
        let wait = match self.awaited(Phase::Call, id) {
            Ok(wait) => wait,
            Err(code) => return self.ignore(code),
        };
        self.state.turn = self.state.turn.saturating_add(1);
        self.upgrade();
        let at = self.state.at.clone();
        let node = at.as_ref().and_then(|at| self.flow.node(at));
        let Some((node, call)) = node.and_then(calls) else {
            return self.lost();
        };
        let rule = self.flow.document.calls.get(&call.name);
        let again = matches!(outcome, CallOutcome::Timeout | CallOutcome::Error)
            && rule.is_some_and(|rule| wait.attempt <= rule.retry);
        if again {
            self.resumed(&node.id, "retry");
            let input = self.object(&call.with);
            return self.request(call, input, wait.key, wait.attempt.saturating_add(1));
        }
        let way = match outcome {
            CallOutcome::Ok(value) => match self.result_kind(call) {
                Some(kind) if !kind.holds(&value) => "error".to_owned(),
                kind => {
                    if let Some(into) = &call.into {
                        let value = kind.map_or(value.clone(), |kind| kind.trim(value));
                        self.store(into, value);
                    }
                    "ok".to_owned()
                }
            },
            CallOutcome::Declared(code) if call.on.contains_key(&code) => code,
            CallOutcome::Declared(_) | CallOutcome::Error => "error".to_owned(),
            CallOutcome::Timeout => "timeout".to_owned(),
        };
        self.resumed(&node.id, &way);
        let to = call.on.get(&way).or_else(|| call.on.get("error"));
        self.go(to.unwrap_or(&Target::End));
    }

    /// The declared kind of a call's result.
    fn result_kind(&self, call: &CallStep) -> Option<Kind> {
        let document = &self.flow.document;
        let out = document.calls.get(&call.name)?.out.as_ref()?;
        match document.vars.get(out) {
            Some(var) => Some(var.kind.clone()),
            None => Kind::read(out).map(|(kind, _)| kind),
        }
    }

    fn resumed(&mut self, node: &NodeId, way: &str) {
        self.note(Trace::Resumed {
            node: node.clone(),
            way: way.to_owned(),
        });
    }

    pub(super) fn handoff_result(&mut self, id: &str, outcome: HandoffOutcome) {
        let wait = match self.awaited(Phase::HandedOff, id) {
            Ok(wait) => wait,
            Err(code) => return self.ignore(code),
        };
        let stale = match outcome {
            HandoffOutcome::Accepted | HandoffOutcome::Unavailable => wait.accepted,
            // Already over for the bot, which has nothing left to end.
            HandoffOutcome::Closed => wait.accepted && self.state.phase == Phase::Ended,
            HandoffOutcome::Returned => false,
        };
        if stale {
            return self.ignore("unknown_result");
        }
        self.state.turn = self.state.turn.saturating_add(1);
        self.state.steps = 0;
        self.upgrade();
        let at = self.state.at.clone();
        let node = at.as_ref().and_then(|at| self.flow.node(at));
        let handoff = node.and_then(hands_off);
        let way = match outcome {
            HandoffOutcome::Accepted => "accepted",
            HandoffOutcome::Closed => "closed",
            HandoffOutcome::Unavailable => "unavailable",
            HandoffOutcome::Returned => "returned",
        };
        if let Some(at) = &at {
            self.resumed(at, way);
        }
        let to = handoff.and_then(|handoff| handoff.on.get(way));
        match outcome {
            HandoffOutcome::Accepted => {
                if let Some(to) = to {
                    self.go(to);
                }
                // The agent may still give the customer back.
                if matches!(self.state.phase, Phase::HandedOff | Phase::Ended) {
                    self.state.wait = Some(Wait {
                        accepted: true,
                        ..wait
                    });
                }
            }
            HandoffOutcome::Closed if wait.accepted => self.end("handed_off"),
            HandoffOutcome::Closed | HandoffOutcome::Unavailable if handoff.is_none() => {
                self.no_agent();
            }
            HandoffOutcome::Closed | HandoffOutcome::Unavailable => {
                self.go(to.unwrap_or(&Target::End));
            }
            HandoffOutcome::Returned => {
                self.state.outcome = None;
                self.go(to.unwrap_or(&Target::Home));
            }
        }
    }

    /// Brings the state to this version of the scenario; nothing where it is of this version.
    fn upgrade(&mut self) -> bool {
        let (from, to) = (self.state.version, self.flow.version());
        if from == to {
            return false;
        }
        self.state.version = to;
        let mut steps: Vec<_> = self.flow.document.migrate.iter().collect();
        steps.sort_by_key(|step| step.from);
        let mut renamed = false;
        for step in steps.into_iter().filter(|step| step.from >= from) {
            let name = |id: &NodeId| step.nodes.get(id.as_str())?.parse::<NodeId>().ok();
            for id in self.state.trail.iter_mut().chain(self.state.at.as_mut()) {
                if let Some(new) = name(id) {
                    *id = new;
                    renamed = true;
                }
            }
            for (old, new) in &step.vars {
                if let Some(value) = self.state.slots.remove(old) {
                    self.state.slots.insert(new.clone(), value);
                }
            }
        }
        let vars = &self.flow.document.vars;
        self.state.slots.retain(|name, value| {
            vars.get(name)
                .is_some_and(|var| value.is_null() || var.kind.holds(value))
        });
        let flow = self.flow;
        self.state
            .trail
            .retain(|id| flow.node(id).is_some_and(Node::waits));
        renamed
    }

    /// The node a waiting customer is at, in this version; `None` when something had to be shown instead.
    pub(super) fn upgraded(&mut self) -> Option<&'r Node> {
        let before = self.state.version;
        let renamed = self.upgrade();
        let flow = self.flow;
        let node = self.state.at.as_ref().and_then(|at| flow.node(at));
        let Some(node) = node.filter(|node| node.waits()) else {
            self.lost();
            return None;
        };
        if before == flow.version() {
            return Some(node);
        }
        if self.state.contract == Some(contract(node)) {
            self.note(Trace::Upgraded { how: "same" });
            return Some(node);
        }
        let how = if renamed { "renamed" } else { "shown_again" };
        self.note(Trace::Upgraded { how });
        self.state.tries = 0;
        self.state.confirm = None;
        let shown = self.shown(node, false);
        self.say(&node.id, shown);
        self.wait_at(node);
        None
    }

    /// The node is gone: on to the nearest one the customer waited at that is still there, or to the start.
    fn lost(&mut self) {
        let flow = self.flow;
        let waits = |id: &&NodeId| flow.node(id).is_some_and(Node::waits);
        let ancestor = self.state.trail.iter().rev().find(waits).cloned();
        self.state.wait = None;
        match ancestor {
            Some(id) => {
                self.note(Trace::Upgraded { how: "ancestor" });
                self.go(&Target::Node(id));
            }
            None => {
                self.note(Trace::Upgraded { how: "restarted" });
                self.go(&Target::Home);
            }
        }
    }
}

fn calls(node: &Node) -> Option<(&Node, &CallStep)> {
    match &node.exit {
        Some(Exit::Call(call)) => Some((node, call)),
        _ => None,
    }
}

fn hands_off(node: &Node) -> Option<&HandoffStep> {
    match &node.exit {
        Some(Exit::Handoff(handoff)) => Some(handoff),
        _ => None,
    }
}
