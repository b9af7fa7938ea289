//! Runs the tests that stand in a document.

use std::collections::BTreeMap;

use happytalk_core::Timestamp;
use happytalk_core::content::Content;

use crate::compiled::{Compiled, TestFailure};
use crate::document::{CallAnswer, Case};
use crate::env::{Env, Hours, HoursKind};
use crate::state::{State, Status};
use crate::step::{
    ApprovalOutcome, CallOutcome, Effect, HandoffOutcome, Input, Output, Step, step,
};

/// How often the host is answered for in one turn, before the test is given up.
const ANSWERS_MAX: usize = 100;

pub(crate) fn run(flow: &Compiled) -> Vec<TestFailure> {
    let cases = flow.document.tests.iter().enumerate();
    cases
        .filter_map(|(place, case)| run_case(flow, case, &format!("/tests/{place}")).err())
        .collect()
}

struct Player<'a> {
    flow: &'a Compiled,
    case: &'a Case,
    env: Env,
    state: State,
    answered: BTreeMap<String, usize>,
}

fn run_case(flow: &Compiled, case: &Case, pointer: &str) -> Result<(), TestFailure> {
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

impl Player<'_> {
    /// One input and the host's answers to what follows from it.
    fn play(&mut self, input: Input<'_>) -> Vec<Output> {
        let mut said = Vec::new();
        let made = step(self.flow, &mut self.state, input, &self.env);
        let mut pending = take(made, &mut said);
        for _ in 0..ANSWERS_MAX {
            let Some(effect) = pending.pop() else { break };
            let made = match effect {
                Effect::Call { id, name, .. } => {
                    let outcome = self.answer(&name);
                    let input = Input::CallResult { id: &id, outcome };
                    step(self.flow, &mut self.state, input, &self.env)
                }
                Effect::Handoff { id, .. } => {
                    let outcome = match self.case.handoff.as_deref() {
                        Some("unavailable") => HandoffOutcome::Unavailable,
                        _ => HandoffOutcome::Accepted,
                    };
                    let input = Input::HandoffResult { id: &id, outcome };
                    step(self.flow, &mut self.state, input, &self.env)
                }
                Effect::Approve { id, .. } => {
                    let outcome = ApprovalOutcome::Approved;
                    let input = Input::Approval { id: &id, outcome };
                    step(self.flow, &mut self.state, input, &self.env)
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
    let contents = said.iter().flat_map(|output| &output.content);
    contents.filter_map(Content::words).collect()
}
