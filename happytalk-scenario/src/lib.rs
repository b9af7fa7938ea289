#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod binding;
mod button_id;
mod checks;
mod compiled;
mod depth;
mod diagnostic;
mod document;
mod edit;
mod embedded;
mod env;
mod error;
mod expr;
mod face;
mod format;
mod hangul;
mod host;
mod hosting;
mod layout;
mod map;
mod matching;
mod normal;
mod recording;
mod sarif;
mod schema;
mod slot;
mod state;
mod step;
mod table;
mod template;
mod token;
mod tree;

pub use binding::{Binding, Bindings};
pub use button_id::ButtonId;
pub use compiled::{Compiled, TestFailure, check, check_against};
pub use diagnostic::{Bilingual, Diagnostic, Diagnostics, Severity};
pub use document::{
    DOCUMENT_BYTES_MAX, Document, FORMAT, NODES_MAX, Persona, TEXT_CHARS_MAX, parse,
};
pub use edit::{Diff, Fate, NodeFate, Policy, Versions};
pub use env::{Env, Hours, HoursKind};
pub use error::Error;
pub use format::format;
pub use host::{Against, Catalogue, ChannelLimits};
pub use map::{Map, Route, Stop, Way};
pub use matching::{Answer, Matcher, Name, Stage, keyboard_repaired};
pub use normal::normal_form;
pub use recording::{Mismatch, Recording, Turn};
pub use sarif::sarif;
pub use schema::{schema, upgrade};
pub use state::{SEEN_MAX, SLOTS_BYTES_MAX, STATE_BYTES_MAX, SUBS_MAX, State, Status, TRAIL_MAX};
pub use step::{
    ApprovalOutcome, CallOutcome, Effect, HandoffOutcome, Input, Output, STEPS_MAX, Step, Trace,
    step, step_from, step_into,
};
