#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod agent;
mod cap;
mod conversation;
mod error;
mod estimate;
mod explanation;
mod fact;
mod input;
mod json;
mod line;
mod lookup;
mod marks;
mod ranked;
mod request;
mod route;
mod router;
mod settings;
mod skill;
mod slab;
mod snapshot;
mod stats;
mod status;

pub use agent::AgentSpec;
pub use cap::{CapLevel, Ineligible};
pub use conversation::Owner;
pub use error::Error;
pub use estimate::Estimate;
pub use explanation::{Candidate, Explanation, HeldBy, Why};
pub use fact::{Fact, Output, Refusal, What};
pub use input::{Input, Speaker};
pub use json::{CommandLine, LINE_BYTES_MAX, OutputLine};
pub use request::{LastAgent, Request, Terms};
pub use router::Router;
pub use settings::{
    Acceptance, Caps, Fallback, Inactive, Mode, NobodyOnDuty, OnLogout, Overflow, Pool,
    PriorityRule, Queue, RateLimit, Rule, RuleId, Settings, Sticky, Strategy, WakeRule,
};
pub use skill::{Need, Requirement, Skills, Step};
pub use snapshot::Snapshot;
pub use stats::{AgentStats, QueueStats, Stats};

/// A span in whole milliseconds, as settings hold it.
fn millis(span: std::time::Duration) -> u64 {
    u64::try_from(span.as_millis()).unwrap_or(u64::MAX)
}
