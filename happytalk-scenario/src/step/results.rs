//! What comes back from the host.

use happytalk_core::id::NodeId;

use super::run::Run;
use super::{ApprovalOutcome, CallOutcome, HandoffOutcome, Trace};
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
            // No error is called `ok`, whatever a service says.
            CallOutcome::Declared(code) if rule.is_some_and(|rule| rule.errors.contains(&code)) => {
                code
            }
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

    pub(super) fn approval(&mut self, id: &str, outcome: ApprovalOutcome) {
        if let Err(code) = self.awaited(Phase::Approval, id) {
            return self.ignore(code);
        }
        self.state.turn = self.state.turn.saturating_add(1);
        self.upgrade();
        let Some(at) = self
            .state
            .at
            .clone()
            .filter(|at| self.flow.node(at).is_some())
        else {
            return self.lost();
        };
        let way = match &outcome {
            ApprovalOutcome::Approved => "approved",
            ApprovalOutcome::Changed(_) => "changed",
            ApprovalOutcome::Refused => "refused",
        };
        self.resumed(&at, way);
        self.approved = match outcome {
            ApprovalOutcome::Approved => Some(None),
            ApprovalOutcome::Changed(words) => Some(Some(words)),
            ApprovalOutcome::Refused => return self.go(&Target::Agent),
        };
        self.go(&Target::Node(at));
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
                match to {
                    // Over for every scenario that runs this one too: a person has taken over.
                    Some(Target::End) => self.end_all("end"),
                    Some(to) => self.go(to),
                    None => {}
                }
                // The agent may still give the customer back.
                if matches!(self.state.phase, Phase::HandedOff | Phase::Ended) {
                    self.state.wait = Some(Wait {
                        accepted: true,
                        ..wait
                    });
                }
            }
            HandoffOutcome::Closed if wait.accepted => self.end_all("handed_off"),
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
