//! A customer and a host who talk with a scenario.

use happytalk_core::Content;
use happytalk_core::content::Button;
use happytalk_scenario::{
    CallOutcome, Compiled, Effect, Env, HandoffOutcome, Input, Output, State, Status, Step, Trace,
    step,
};

pub(crate) const FLOW_A: &str = include_str!("../../scenarios/exchange-return.json");

pub(crate) struct Chat {
    pub(crate) flow: Compiled,
    pub(crate) state: State,
    pub(crate) env: Env,
    inputs: usize,
}

impl Chat {
    pub(crate) fn of(text: &str) -> Self {
        let flow = Compiled::load(text).unwrap_or_else(|refused| panic!("{refused:#?}"));
        Self {
            state: State::new(&flow),
            flow,
            env: Env::new("2026-01-12T10:00:00+09:00".parse().unwrap()),
            inputs: 0,
        }
    }

    /// A scenario whose other parts are of no matter: these nodes, and what is given beside them.
    pub(crate) fn with(nodes: &str, more: &str) -> Self {
        Self::of(&document(nodes, more))
    }

    pub(crate) fn give(&mut self, input: Input<'_>) -> Step {
        step(&self.flow, &mut self.state, input, &self.env)
    }

    pub(crate) fn start(&mut self) -> Step {
        self.give(Input::Start)
    }

    /// The same customer at the same moment, to try another way.
    pub(crate) fn fork(&self, text: &str) -> Self {
        Self {
            state: self.state.clone(),
            inputs: self.inputs,
            ..Self::of(text)
        }
    }

    fn id(&mut self) -> String {
        self.inputs += 1;
        format!("m-{}", self.inputs)
    }

    pub(crate) fn say(&mut self, text: &str) -> Step {
        let id = self.id();
        self.give(Input::Customer {
            id: &id,
            text: Some(text),
            token: None,
            media: Some("text"),
        })
    }

    pub(crate) fn press(&mut self, token: &str) -> Step {
        let id = self.id();
        self.give(Input::Customer {
            id: &id,
            text: Some("무엇이든"),
            token: Some(token),
            media: None,
        })
    }

    pub(crate) fn send(&mut self, media: &str) -> Step {
        let id = self.id();
        self.give(Input::Customer {
            id: &id,
            text: None,
            token: None,
            media: Some(media),
        })
    }

    pub(crate) fn answer(&mut self, id: &str, outcome: CallOutcome) -> Step {
        self.give(Input::CallResult { id, outcome })
    }

    pub(crate) fn agents(&mut self, id: &str, outcome: HandoffOutcome) -> Step {
        self.give(Input::HandoffResult { id, outcome })
    }

    pub(crate) fn at(&self) -> &str {
        self.state.at().map_or("", |node| node.as_str())
    }
}

pub(crate) fn document(nodes: &str, more: &str) -> String {
    let fallback = if more.contains("\"fallback\"") {
        String::new()
    } else {
        r#""fallback":{"say":"아래에서 골라 주세요.","repeat":true,"max":2,"then":"@end"},"#
            .to_owned()
    };
    let start = nodes.split('"').nth(1).unwrap();
    format!(
        r#"{{"format":1,"id":"test","version":1,"start":"{start}",{fallback}{more}"nodes":{{{nodes}}}}}"#
    )
}

pub(crate) fn words(step: &Step) -> Vec<String> {
    contents(&step.outputs)
        .filter_map(|content| content.words().map(str::to_owned))
        .collect()
}

fn contents(outputs: &[Output]) -> impl Iterator<Item = &Content> {
    outputs.iter().flat_map(|output| &*output.content)
}

/// The buttons and quick replies that are shown.
pub(crate) fn pressables(step: &Step) -> (Vec<Button>, Vec<Button>) {
    let (mut buttons, mut replies) = (Vec::new(), Vec::new());
    for content in contents(&step.outputs) {
        match content {
            Content::Card(card) => {
                buttons.extend(card.buttons.clone());
                replies.extend(card.quick_replies.clone());
            }
            Content::Text(text) => replies.extend(text.quick_replies.clone()),
            _ => {}
        }
    }
    (buttons, replies)
}

pub(crate) fn labels(buttons: &[Button]) -> Vec<&str> {
    buttons.iter().map(|button| button.label.as_str()).collect()
}

pub(crate) fn stage(step: &Step) -> Option<&'static str> {
    step.trace.iter().find_map(|trace| match trace {
        Trace::Matched { stage, .. } => Some(stage.as_str()),
        _ => None,
    })
}

pub(crate) fn ignored(step: &Step) -> Option<&'static str> {
    step.trace.iter().find_map(|trace| match trace {
        Trace::Ignored { code } => Some(*code),
        _ => None,
    })
}

/// The one call that is asked for: its id, key and try.
pub(crate) fn call(step: &Step) -> (String, String, u32) {
    match step.effects.as_slice() {
        [
            Effect::Call {
                id, key, attempt, ..
            },
        ] => (id.clone(), key.clone(), *attempt),
        other => panic!("one call was expected: {other:?}"),
    }
}

pub(crate) fn handoff_id(step: &Step) -> String {
    match step.effects.as_slice() {
        [Effect::Handoff { id, .. }] => id.clone(),
        other => panic!("one hand-off was expected: {other:?}"),
    }
}

pub(crate) fn ended(status: &Status) -> Option<(&str, bool)> {
    match status {
        Status::Ended { outcome, goal } => Some((outcome, *goal)),
        _ => None,
    }
}
