//! The bill, from log lines and site lines to the statement.

#[cfg(test)]
mod all_or_nothing;
#[cfg(test)]
mod bot_traffic;
#[cfg(test)]
mod boundaries;
#[cfg(test)]
mod chain;
#[cfg(test)]
mod charges;
#[cfg(test)]
mod model;
#[cfg(test)]
mod policies;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod reservations;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod statements;
#[cfg(test)]
mod tampering;
#[cfg(test)]
mod till;
#[cfg(test)]
mod worked_examples;
