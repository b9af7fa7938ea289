//! What the host is asked to do.

use happytalk_core::Value;
use happytalk_core::content::Content;
use happytalk_core::event::RequestedBy;
use happytalk_core::id::{NodeId, QueueId, TagName};

/// Something the host is asked to do.
///
/// `Debug` shows no value of the customer.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effect {
    /// Call the host's service of that name and answer with [`Input::CallResult`](crate::Input::CallResult).
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
        /// How long the host waits before it answers [`CallOutcome::Timeout`](crate::CallOutcome::Timeout), from the request's start.
        timeout_ms: u32,
        /// Which try this is, from 1.
        attempt: u32,
    },
    /// Connect the customer with a person and answer with [`Input::HandoffResult`](crate::Input::HandoffResult).
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
    /// Show an agent what the scenario would say and answer with [`Input::Approval`](crate::Input::Approval). Nothing is said until then.
    Approve {
        /// Names it; unique within the state's life.
        id: String,
        /// The node that would say it.
        node: NodeId,
        /// What it would say.
        content: Vec<Content>,
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
            Self::Approve { id, node, .. } => write!(f, "Approve({id}, {node}, ..)"),
            Self::Emit { name, .. } => write!(f, "Emit({name}, ..)"),
            Self::Tag { tag } => write!(f, "Tag({tag})"),
            Self::Category { main, sub } => write!(f, "Category({main:?}, {sub:?})"),
            Self::Offer { id, amount_won } => write!(f, "Offer({id}, {amount_won})"),
        }
    }
}
