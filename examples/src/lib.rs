//! What the example servers share: the two platforms as a sandbox on loopback, the webhook routes, a clock that is
//! passed in, a shop with orders, and the printing.

pub mod clock;
pub mod ids;
pub mod print;
pub mod sandbox;
pub mod shop;
pub mod webhooks;

/// What the environment says under `name`, or `otherwise`.
#[must_use]
pub fn setting(name: &str, otherwise: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| otherwise.to_owned())
}
