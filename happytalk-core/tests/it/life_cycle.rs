//! The transition table of a consultation (DOMAIN 2.3), row by row.
//!
//! Row 4 has no event of its own: where a conversation stands in its queue is the router's to say.

mod agent;
mod beginning;
mod ending;
mod marks;
