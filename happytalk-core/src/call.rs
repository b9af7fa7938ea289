//! The port through which a scenario asks a system of the company's: an order, a booking, a claim.

use std::fmt;

use crate::value::Value;

/// One call that a scenario makes. URLs and secrets stand in the host's configuration, never in here.
#[derive(Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Call {
    /// Which, as the scenario declares it, such as `order.lookup`.
    pub name: String,
    /// The scenario's own number for it; without one, nobody waits for what it comes to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// What goes in, as declared. May be personal.
    pub input: Value,
    /// The same key means the same call: a second one with it must not act twice.
    pub key: String,
    /// How long to wait, in milliseconds.
    pub timeout_millis: u32,
    /// Which try this is, from 1.
    pub attempt: u32,
}

impl Call {
    /// A first try.
    #[must_use]
    pub const fn new(name: String, input: Value, key: String, timeout_millis: u32) -> Self {
        Self {
            name,
            id: None,
            input,
            key,
            timeout_millis,
            attempt: 1,
        }
    }
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Call({} attempt {})", self.name, self.attempt)
    }
}

/// What a call came to.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a scenario handles each of these")]
pub enum CallOutcome {
    /// What came out, as declared.
    Ok(Value),
    /// One of the errors the scenario declares for this call.
    Declared(String),
    /// No answer in time.
    Timeout,
    /// Anything else.
    Error,
}

/// Performs the calls of scenarios.
///
/// # Contract
/// Answers within [`Call::timeout_millis`], with [`CallOutcome::Timeout`] where it must. A key that was taken before
/// gives the outcome of that time.
#[cfg(feature = "transport")]
#[async_trait::async_trait]
pub trait CallHandler: fmt::Debug + Send + Sync {
    /// Performs `call`.
    async fn call(&self, call: &Call) -> CallOutcome;
}
