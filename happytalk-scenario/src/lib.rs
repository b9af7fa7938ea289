#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod checks;
mod compiled;
mod depth;
mod diagnostic;
mod document;
mod embedded;
mod env;
mod error;
mod expr;
mod hangul;
mod host;
mod matching;
mod normal;
mod slot;
mod state;
mod step;
mod template;
mod token;
mod tree;

pub use compiled::{Compiled, TestFailure, check, check_against};
pub use diagnostic::{Bilingual, Diagnostic, Diagnostics, Severity};
pub use document::{
    DOCUMENT_BYTES_MAX, Document, FORMAT, NODES_MAX, Persona, TEXT_CHARS_MAX, parse,
};
pub use env::{Env, Hours, HoursKind};
pub use error::Error;
pub use host::{Against, Catalogue, ChannelLimits};
pub use matching::Stage;
pub use state::{SEEN_MAX, SLOTS_BYTES_MAX, STATE_BYTES_MAX, SUBS_MAX, State, Status, TRAIL_MAX};
pub use step::{
    ApprovalOutcome, CallOutcome, Effect, HandoffOutcome, Input, Output, STEPS_MAX, Step, Trace,
    step, step_from, step_into,
};
