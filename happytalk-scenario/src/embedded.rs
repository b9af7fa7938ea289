//! Runs the tests that stand in a document.

mod coverage;

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::id::NodeId;

use happytalk_core::Timestamp;
use happytalk_core::content::Content;

use crate::compiled::{Compiled, TestFailure};
use crate::diagnostic::Diagnostic;
use crate::document::{CallAnswer, Case};
use crate::env::{Env, Hours, HoursKind};
use crate::state::{State, Status};
use crate::step::{
    ApprovalOutcome, CallOutcome, Effect, HandoffOutcome, Input, Output, Step, Trace, step_watched,
};

/// What the tests have been to.
#[derive(Default)]
pub(crate) struct Covered {
    nodes: BTreeSet<NodeId>,
    /// Which ways calls and hand-offs went.
    ways: BTreeSet<(NodeId, String)>,
    /// Whether some test was played outside working hours.
    is_closed: bool,
}

/// How often the host is answered for in one turn, before the test is given up.
const ANSWERS_MAX: usize = 100;

pub(crate) fn run(flow: &Compiled) -> Vec<TestFailure> {
    let mut covered = Covered::default();
    run_all(flow, &mut covered)
}

fn run_all(flow: &Compiled, covered: &mut Covered) -> Vec<TestFailure> {
    let cases = flow.document.tests.iter().enumerate();
    cases
        .filter_map(|(place, case)| {
            let pointer = format!("/tests/{place}");
            run_case(flow, case, &pointer, covered).err()
        })
        .collect()
}

/// X1, X2, X3.
pub(crate) fn check(flow: &Compiled) -> Vec<Diagnostic> {
    let mut covered = Covered::default();
    let mut found = Vec::new();
    for failure in run_all(flow, &mut covered) {
        found.push(Diagnostic::error(
            "X1",
            failure.pointer,
            format!(
                "테스트 '{}' 실패: '{}'을(를) 기대했지만 {}",
                failure.test, failure.expected, failure.got
            ),
            format!(
                "test '{}' failed: expected '{}', got {}",
                failure.test, failure.expected, failure.got
            ),
            "repair the flow, or what the test expects",
        ));
    }
    if found.is_empty() {
        coverage::check(&flow.document, &covered, &mut found);
    }
    found
}

struct Player<'a, 'c> {
    covered: &'c mut Covered,
    flow: &'a Compiled,
    case: &'a Case,
    env: Env,
    state: State,
    answered: BTreeMap<String, usize>,
}

fn run_case(
    flow: &Compiled,
    case: &Case,
    pointer: &str,
    covered: &mut Covered,
) -> Result<(), TestFailure> {
    let mut env = Env::new(case.now.unwrap_or(Timestamp::EPOCH));
    env.hours = match case.hours.as_deref() {
        Some("lunch") => Hours::closed(HoursKind::Lunch, None),
        Some("holiday") => Hours::closed(HoursKind::Holiday, None),
        Some("closed") => Hours::closed(HoursKind::Closed, None),
        _ => Hours::open(),
    };
    env.customer = case.customer.clone();
    env.settings = case.settings.clone();
    let mut player = Player {
        covered,
        flow,
        case,
        env,
        state: State::new(flow),
        answered: BTreeMap::new(),
    };
    player.play(Input::Start);
    for (place, (typed, expected)) in case.turns.iter().enumerate() {
        let id = format!("t-{place}");
        let said = player.play(Input::Customer {
            id: &id,
            text: Some(typed),
            token: None,
            media: None,
        });
        if !player.is_met(expected, &said) {
            let at = player.state.at().map_or("", |node| node.as_str());
            return Err(TestFailure {
                test: case.name.clone(),
                pointer: format!("{pointer}/turns/{place}"),
                expected: expected.clone(),
                got: format!("@{at}: {}", words(&said).join(" / ")),
            });
        }
    }
    Ok(())
}

impl Player<'_, '_> {
    /// One input and the host's answers to what follows from it.
    fn play(&mut self, input: Input<'_>) -> Vec<Output> {
        let mut said = Vec::new();
        let made = self.step(input);
        let mut pending = take(made, &mut said);
        for _ in 0..ANSWERS_MAX {
            let Some(effect) = pending.pop() else { break };
            let made = match effect {
                Effect::Call { id, name, .. } => {
                    let outcome = self.answer(&name);
                    let input = Input::CallResult { id: &id, outcome };
                    self.step(input)
                }
                Effect::Handoff { id, .. } => {
                    let outcome = match self.case.handoff.as_deref() {
                        Some("unavailable") => HandoffOutcome::Unavailable,
                        _ => HandoffOutcome::Accepted,
                    };
                    let input = Input::HandoffResult { id: &id, outcome };
                    self.step(input)
                }
                Effect::Approve { id, .. } => {
                    let outcome = ApprovalOutcome::Approved;
                    let input = Input::Approval { id: &id, outcome };
                    self.step(input)
                }
                Effect::Emit { .. }
                | Effect::Tag { .. }
                | Effect::Category { .. }
                | Effect::Offer { .. } => continue,
            };
            pending.extend(take(made, &mut said));
        }
        said
    }

    fn step(&mut self, input: Input<'_>) -> Step {
        let mut made = Step::empty();
        let nodes = &mut self.covered.nodes;
        step_watched(
            self.flow,
            &mut self.state,
            input,
            &self.env,
            &mut made,
            nodes,
        );
        for trace in &made.trace {
            if let Trace::Resumed { node, way } = trace {
                self.covered.ways.insert((node.clone(), way.clone()));
            }
        }
        self.covered.is_closed |= !self.env.hours.is_open();
        made
    }

    /// The next answer the test has for a call; the last one goes on; a call the test says nothing of fails.
    fn answer(&mut self, name: &str) -> CallOutcome {
        let Some(answers) = self.case.calls.get(name) else {
            return CallOutcome::Error;
        };
        let count = self.answered.entry(name.to_owned()).or_insert(0);
        let answer = answers.get(*count).or_else(|| answers.last());
        *count += 1;
        match answer {
            Some(CallAnswer::Ok(value)) => CallOutcome::Ok(value.clone()),
            Some(CallAnswer::Declared(code)) => CallOutcome::Declared(code.clone()),
            Some(CallAnswer::Timeout) => CallOutcome::Timeout,
            Some(CallAnswer::Error) | None => CallOutcome::Error,
        }
    }

    /// `@node` is met at that node, `@end` when the scenario is over, other words when they were said.
    fn is_met(&self, expected: &str, said: &[Output]) -> bool {
        match expected.strip_prefix('@') {
            Some("end") => matches!(self.state.status(), Status::Ended { .. }),
            Some(node) => self.state.at().is_some_and(|at| at.as_str() == node),
            None => words(said).iter().any(|words| words.contains(expected)),
        }
    }
}

fn take(made: Step, said: &mut Vec<Output>) -> Vec<Effect> {
    said.extend(made.outputs);
    made.effects
}

fn words(said: &[Output]) -> Vec<&str> {
    let contents = said.iter().flat_map(|output| &*output.content);
    contents.filter_map(Content::words).collect()
}
