//! What the engine did, for the log and for metrics.

use happytalk_core::event::Via;
use happytalk_core::id::{NodeId, ScenarioId};

use crate::button_id::ButtonId;
use crate::matching::Stage;

/// What the engine did.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Trace {
    /// The customer came to a node that says something and then waits, ends or hands off, or to one marked as a
    /// goal. A node said again is not entered again.
    Entered {
        /// The node.
        node: NodeId,
        /// How deep it lies; see [`Compiled::depth`](crate::Compiled::depth).
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
        choice: ButtonId,
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
        choice: ButtonId,
        /// Which way of comparing decided.
        stage: Stage,
    },
    /// An input may have meant any of these choices; the customer is asked.
    Ambiguous {
        /// The node.
        node: NodeId,
        /// The buttons or commands.
        choices: Vec<ButtonId>,
        /// Which way of comparing decided.
        stage: Stage,
    },
    /// An input meant a button that is not shown to this customer.
    Hidden {
        /// The node.
        node: NodeId,
        /// The button.
        choice: ButtonId,
    },
    /// A button of an older message was pressed, and its node is no menu: the current step was said again.
    OldButton {
        /// The button's node; the one the customer is at where that is no more.
        node: NodeId,
        /// The button; `None` of a node, or a version, that is no more.
        choice: Option<ButtonId>,
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
    /// The customer agreed to something by pressing a button, or took it back.
    Consented {
        /// The node of the button.
        node: NodeId,
        /// The name of the consent.
        consent: String,
    },
    /// A question that needs a consent was reached without it, and not asked.
    ConsentMissing {
        /// The node.
        node: NodeId,
        /// The name of the consent.
        consent: String,
    },
    /// A form began, or came to its end.
    Form {
        /// The node.
        node: NodeId,
        /// `asked`, `done`, `gave_up` or `under_14`.
        what: &'static str,
        /// The variables: those that are asked for, or those that were answered.
        fields: Vec<String>,
    },
    /// Another scenario began, or ended, inside this one.
    Sub {
        /// The node that runs it.
        node: NodeId,
        /// The other scenario.
        scenario: ScenarioId,
        /// `began`, `ended`, or `missing`: the host did not link it, and it was passed over.
        what: &'static str,
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
