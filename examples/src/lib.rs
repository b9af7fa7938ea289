//! What the example servers share: the two platforms as a sandbox on loopback, the webhook routes, a clock that is
//! passed in, a shop with orders, and the printing.

pub mod clock;
pub mod print;
pub mod sandbox;
pub mod shop;
pub mod webhooks;
