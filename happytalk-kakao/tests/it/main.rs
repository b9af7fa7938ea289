//! The adapter from outside: webhooks in, requests out, and what must never show.

#[cfg(test)]
mod bubbles;
#[cfg(test)]
mod centre;
#[cfg(test)]
mod contract;
#[cfg(test)]
mod dialects;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod first_exchange;
#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hostile;
#[cfg(test)]
mod privacy;
#[cfg(test)]
mod receive;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox_bubbles;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox_centre;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox_limits;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox_random;
#[cfg(test)]
#[cfg(feature = "sandbox")]
mod sandbox_stage;
#[cfg(test)]
mod send;
#[cfg(test)]
mod start;
#[cfg(test)]
mod uploads;
