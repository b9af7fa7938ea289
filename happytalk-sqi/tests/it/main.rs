//! The figures of whole logs.

#[cfg(test)]
mod edges;
#[cfg(test)]
mod examples;
#[cfg(test)]
mod json;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod reference;
#[cfg(test)]
mod rows;
#[cfg(test)]
mod script;
