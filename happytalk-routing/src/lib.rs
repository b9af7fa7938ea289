#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]

mod agent;
mod cap;
mod conversation;
mod error;
mod explanation;
mod fact;
mod input;
mod line;
mod lookup;
mod router;
mod settings;
mod slab;

pub use agent::AgentSpec;
pub use cap::{CapLevel, Ineligible};
pub use conversation::Owner;
pub use error::Error;
pub use explanation::{Candidate, Explanation};
pub use fact::{Fact, Output, Refusal, What};
pub use input::Input;
pub use router::Router;
pub use settings::{
    Caps, Mode, NobodyOnDuty, OnLogout, Pool, PriorityRule, Queue, Settings, Strategy,
};
