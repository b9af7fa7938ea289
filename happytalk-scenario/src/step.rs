//! One step: an input in, a changed state and everything that follows out.

mod customer;
mod effect;
mod fallback;
mod forms;
mod nested;
mod results;
mod run;
mod speak;
mod store;
mod trace;
mod upgrade;

use std::collections::BTreeSet;
use std::sync::Arc;

pub use happytalk_core::call::CallOutcome;
use happytalk_core::content::Content;
use happytalk_core::id::NodeId;

use crate::compiled::Compiled;
use crate::env::Env;
use crate::error::Error;
use crate::state::{State, Status};
use customer::Said;
pub use effect::Effect;
use run::Run;
pub use trace::Trace;

/// The most nodes that are entered between two inputs of the customer.
pub const STEPS_MAX: u32 = 100;

/// What happened.
#[derive(Clone)]
#[non_exhaustive]
pub enum Input<'a> {
    /// The conversation begins. Ignored once it has.
    Start,
    /// The customer said or pressed something. Before [`Input::Start`] it begins the scenario.
    Customer {
        /// The id of the input; the same id a second time does nothing. The last [`SEEN_MAX`](crate::SEEN_MAX)
        /// are remembered.
        id: &'a str,
        /// The words, where there are any; of a pressed button its label.
        text: Option<&'a str>,
        /// What the pressed button carried: the value of a button of ours, or the bare id of one.
        token: Option<&'a str>,
        /// The kind of content ([`Content::kind`]), where it is more than words.
        media: Option<&'a str>,
    },
    /// How an [`Effect::Call`] went.
    CallResult {
        /// The effect's id.
        id: &'a str,
        /// How it went.
        outcome: CallOutcome,
    },
    /// How an [`Effect::Handoff`] goes.
    HandoffResult {
        /// The effect's id.
        id: &'a str,
        /// How it goes.
        outcome: HandoffOutcome,
    },
    /// What an agent thinks of an [`Effect::Approve`].
    Approval {
        /// The effect's id.
        id: &'a str,
        /// What the agent decided.
        outcome: ApprovalOutcome,
    },
}

/// What an agent decided about a text of the bot.
#[derive(Clone, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "an agent passes a text, changes it, or takes over"
)]
pub enum ApprovalOutcome {
    /// It goes out as it is.
    Approved,
    /// These words go out instead; buttons stay.
    Changed(String),
    /// It does not go out: the customer is handed to a person.
    Refused,
}

/// `Debug` does not show the agent's words.
impl std::fmt::Debug for ApprovalOutcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Approved => "Approved",
            Self::Changed(_) => "Changed(..)",
            Self::Refused => "Refused",
        })
    }
}

/// `Debug` shows neither words nor tokens.
impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Start => f.write_str("Start"),
            Self::Customer { id, .. } => write!(f, "Customer({id}, ..)"),
            Self::CallResult { id, outcome } => write!(f, "CallResult({id}, {outcome:?})"),
            Self::HandoffResult { id, outcome } => write!(f, "HandoffResult({id}, {outcome:?})"),
            Self::Approval { id, outcome } => write!(f, "Approval({id}, {outcome:?})"),
        }
    }
}

/// How a hand-off goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    clippy::exhaustive_enums,
    reason = "a `handoff` node has a way for each"
)]
pub enum HandoffOutcome {
    /// The customer is in the queue, or with an agent.
    Accepted,
    /// Before it was accepted: the centre is closed. After: the consultation is over.
    Closed,
    /// Nobody can take it.
    Unavailable,
    /// The agent gave the customer back to the bot.
    Returned,
}

/// What follows from one input.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// What is said to the customer, in order.
    pub outputs: Vec<Output>,
    /// What the host is asked to do, in order.
    pub effects: Vec<Effect>,
    /// What has to happen next.
    pub status: Status,
    /// What the engine did, for the log and for metrics.
    pub trace: Vec<Trace>,
}

/// One message to the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Output {
    /// The node that says it.
    pub node: NodeId,
    /// Never empty. What is said to every customer in the same words is kept once by the scenario, and only pointed to.
    pub content: Arc<[Content]>,
}

impl Step {
    /// A step in which nothing happened, to be filled by [`step_into`].
    #[must_use]
    pub const fn empty() -> Self {
        Self {
            outputs: Vec::new(),
            effects: Vec::new(),
            status: Status::Waiting,
            trace: Vec::new(),
        }
    }
}

/// Takes one input. Pure: the same scenario, state, input and environment give the same step, byte for byte.
///
/// Never fails: what cannot be taken is in the trace as [`Trace::Ignored`].
pub fn step(flow: &Compiled, state: &mut State, input: Input<'_>, env: &Env) -> Step {
    let mut made = Step::empty();
    step_into(flow, state, input, env, &mut made);
    made
}

/// As [`step`], into lists that are used again: what `made` held before is gone.
pub fn step_into(flow: &Compiled, state: &mut State, input: Input<'_>, env: &Env, made: &mut Step) {
    take(flow, state, input, env, made, None);
}

/// As [`step_into`], and notes every node that is entered, silent ones too.
pub(crate) fn step_watched(
    flow: &Compiled,
    state: &mut State,
    input: Input<'_>,
    env: &Env,
    made: &mut Step,
    nodes: &mut BTreeSet<NodeId>,
) {
    take(flow, state, input, env, made, Some(nodes));
}

fn take(
    flow: &Compiled,
    state: &mut State,
    input: Input<'_>,
    env: &Env,
    made: &mut Step,
    watch: Option<&mut BTreeSet<NodeId>>,
) {
    made.outputs.clear();
    made.effects.clear();
    made.trace.clear();
    let is_ours = state.inner.root().0 == flow.id();
    let mut run = Run::new(flow, &mut state.inner, env, made);
    run.watch = watch;
    run.find_flow();
    if is_ours {
        match input {
            Input::Start => run.start(),
            Input::Customer {
                id,
                text,
                token,
                media,
            } => run.customer(&Said {
                id,
                text,
                token,
                media,
            }),
            Input::CallResult { id, outcome } => run.call_result(id, outcome),
            Input::HandoffResult { id, outcome } => run.handoff_result(id, outcome),
            Input::Approval { id, outcome } => run.approval(id, outcome),
        }
    } else {
        run.ignore("other_scenario");
    }
    made.status = state.status();
}

/// As [`step`], but only where the state is still the one that the input was meant for: two inputs that were taken
/// from the same turn cannot both count.
///
/// # Errors
/// [`Error::TurnConflict`] where another input was taken since `turn`; nothing is changed then.
pub fn step_from(
    flow: &Compiled,
    state: &mut State,
    turn: u64,
    input: Input<'_>,
    env: &Env,
) -> Result<Step, Error> {
    state.expect_turn(turn)?;
    Ok(step(flow, state, input, env))
}
