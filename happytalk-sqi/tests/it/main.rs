//! The figures of whole logs.

#[cfg(test)]
mod business;
#[cfg(test)]
mod edges;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod explained;
#[cfg(test)]
mod horizon;
#[cfg(test)]
mod json;
#[cfg(test)]
mod merge;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod reference_agents;
#[cfg(test)]
mod reference_keys;
#[cfg(test)]
mod reference_rows;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod script;
#[cfg(test)]
mod standard;
