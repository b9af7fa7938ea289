//! One step: an input in, a changed state and everything that follows out.

mod customer;
mod results;
mod run;
mod speak;

use happytalk_core::Value;
pub use happytalk_core::call::CallOutcome;
use happytalk_core::content::Content;
use happytalk_core::event::{RequestedBy, Via};
use happytalk_core::id::{NodeId, QueueId, TagName};

use crate::compiled::Compiled;
use crate::env::Env;
use crate::matching::Stage;
use crate::state::{State, Status};
use run::Run;

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
}

/// `Debug` shows neither words nor tokens.
impl std::fmt::Debug for Input<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Start => f.write_str("Start"),
            Self::Customer { id, .. } => write!(f, "Customer({id}, ..)"),
            Self::CallResult { id, outcome } => write!(f, "CallResult({id}, {outcome:?})"),
            Self::HandoffResult { id, outcome } => write!(f, "HandoffResult({id}, {outcome:?})"),
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
    /// Never empty.
    pub content: Vec<Content>,
}

/// Something the host is asked to do.
///
/// `Debug` shows no value of the customer.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Call the host's service of that name and answer with [`Input::CallResult`].
    Call {
        /// Names this try; unique within the state's life.
        id: String,
        /// The service.
        name: String,
        /// An object with the declared inputs.
        input: Value,
        /// What the service may use to recognise a repeated request: the same for all tries of one call, and for
        /// every re-entry of a `once` call with the same input. Unique within one conversation only: put the
        /// conversation's id in front.
        key: String,
        /// How long the host waits before it answers [`CallOutcome::Timeout`], from the request's start.
        timeout_ms: u32,
        /// Which try this is, from 1.
        attempt: u32,
    },
    /// Connect the customer with a person and answer with [`Input::HandoffResult`].
    Handoff {
        /// Names it; unique within the state's life.
        id: String,
        /// The queue; `None` where the site's rules decide.
        queue: Option<QueueId>,
        /// What made the scenario ask.
        by: RequestedBy,
        /// What the agent should know: names of variables and their values in words, personal ones masked.
        note: Vec<(String, String)>,
    },
    /// Tell the host that something happened; no answer.
    Emit {
        /// The event.
        name: String,
        /// An object.
        with: Value,
    },
    /// Put a tag on the conversation; no answer.
    Tag {
        /// The tag.
        tag: TagName,
    },
    /// Put the conversation into a category; no answer.
    Category {
        /// The main category.
        main: String,
        /// The sub-category.
        sub: Option<String>,
    },
    /// Something was offered to the customer whose acceptance counts as a conversion; no answer.
    Offer {
        /// The offer.
        id: String,
        /// What it is worth, in won.
        amount_won: i64,
    },
}

impl std::fmt::Debug for Effect {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Call {
                id, name, attempt, ..
            } => write!(f, "Call({id}, {name}, attempt {attempt}, ..)"),
            Self::Handoff { id, queue, by, .. } => write!(f, "Handoff({id}, {queue:?}, {by}, ..)"),
            Self::Emit { name, .. } => write!(f, "Emit({name}, ..)"),
            Self::Tag { tag } => write!(f, "Tag({tag})"),
            Self::Category { main, sub } => write!(f, "Category({main:?}, {sub:?})"),
            Self::Offer { id, amount_won } => write!(f, "Offer({id}, {amount_won})"),
        }
    }
}

/// What the engine did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trace {
    /// The customer came to a node that says something and then waits, ends or hands off, or to one marked as a
    /// goal. A node said again is not entered again.
    Entered {
        /// The node.
        node: NodeId,
        /// How deep it lies; see [`Compiled::depth`].
        depth: u32,
        /// Whether it is marked as a goal.
        goal: bool,
        /// By which way.
        via: Via,
    },
    /// An input was taken as a choice.
    Matched {
        /// The node at which the customer was.
        node: NodeId,
        /// The button or command.
        choice: String,
        /// Which way of comparing decided.
        stage: Stage,
    },
    /// An input was taken as the answer to a question.
    Answered {
        /// The node.
        node: NodeId,
        /// The variable.
        var: String,
    },
    /// An input may have meant this choice; the customer is asked.
    Unsure {
        /// The node.
        node: NodeId,
        /// The button or command.
        choice: String,
        /// Which way of comparing decided.
        stage: Stage,
    },
    /// An input may have meant any of these choices; the customer is asked.
    Ambiguous {
        /// The node.
        node: NodeId,
        /// The buttons or commands.
        choices: Vec<String>,
        /// Which way of comparing decided.
        stage: Stage,
    },
    /// An input meant a button that is not shown to this customer.
    Hidden {
        /// The node.
        node: NodeId,
        /// The button.
        choice: String,
    },
    /// A button of an older message was pressed, and its node is no menu: the current step was said again.
    OldButton {
        /// The button's node.
        node: NodeId,
        /// The button.
        choice: String,
    },
    /// An input fitted nothing.
    Missed {
        /// The node.
        node: NodeId,
        /// How often in a row, from 1; past the limit the customer is led on.
        count: u32,
    },
    /// An input was not taken; the state is as before, but for ids that are remembered.
    Ignored {
        /// Why: `duplicate_input`, `started`, `handed_off`, `ended`, `call_pending`, `unknown_result`,
        /// `wrong_result`, `other_scenario`.
        code: &'static str,
    },
    /// The host's result went this way.
    Resumed {
        /// The node that waited.
        node: NodeId,
        /// The way: `ok`, an error's code, `timeout`, `error`, `accepted`, `retry` …
        way: String,
    },
    /// The state was made by another version of the scenario.
    Upgraded {
        /// `same`, `shown_again`, `renamed`, `ancestor` or `restarted`.
        how: &'static str,
    },
    /// A value was not stored, because the variables together would be more than
    /// [`SLOTS_BYTES_MAX`](crate::SLOTS_BYTES_MAX); the variable is not set.
    TooLarge {
        /// The variable.
        var: String,
    },
    /// More nodes were entered in a row than may be; the customer is where they last waited.
    StepLimit {
        /// The node that would have been one too many.
        node: NodeId,
    },
}

/// Takes one input. Pure: the same scenario, state, input and environment give the same step, byte for byte.
///
/// Never fails: what cannot be taken is in the trace as [`Trace::Ignored`].
pub fn step(flow: &Compiled, state: &mut State, input: Input<'_>, env: &Env) -> Step {
    let mut run = Run::new(flow, &mut state.inner, env);
    if run.state.scenario != *flow.id() {
        run.ignore("other_scenario");
    } else {
        match input {
            Input::Start => run.start(),
            Input::Customer {
                id,
                text,
                token,
                media,
            } => run.customer(id, text, token, media),
            Input::CallResult { id, outcome } => run.call_result(id, outcome),
            Input::HandoffResult { id, outcome } => run.handoff_result(id, outcome),
        }
    }
    let (outputs, effects, trace) = run.finish();
    Step {
        outputs,
        effects,
        status: state.status(),
        trace,
    }
}
