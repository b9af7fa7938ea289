//! The bill, from log lines and site lines to the statement.

#[cfg(test)]
mod charges;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod scene;
#[cfg(test)]
mod worked_examples;
