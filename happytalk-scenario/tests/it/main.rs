//! The crate through its public API.

#[cfg(test)]
mod against;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod calls;
#[cfg(test)]
mod chat;
#[cfg(test)]
mod choosing;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod engine_words;
#[cfg(test)]
mod every_check;
#[cfg(test)]
mod forms;
#[cfg(test)]
mod handoff;
#[cfg(test)]
mod hours;
#[cfg(test)]
mod limits;
#[cfg(test)]
mod loading;
#[cfg(test)]
mod matrix;
#[cfg(test)]
mod memory;
#[cfg(test)]
mod nested;
#[cfg(test)]
mod random;
#[cfg(test)]
mod sarif;
#[cfg(test)]
mod saving;
#[cfg(test)]
mod schema;
#[cfg(test)]
mod versions;
