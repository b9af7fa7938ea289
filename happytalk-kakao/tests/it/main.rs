//! The adapter from outside: webhooks in, requests out, and what must never show.

#[cfg(test)]
mod contract;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod receive;
#[cfg(test)]
mod send;
