//! What stands on the wire, field by field, and the one way from and to it.

mod action;
mod answer;
mod bizgo_event;
mod call;
mod centre;
mod chat_send;
mod chat_write;
mod endpoint;
mod expired_session;
mod identity;
mod lenient;
mod link;
mod message;
mod metadata;
mod multipart;
mod reference;
mod surrogate;
mod talk_end;
mod tree;
mod unknown_event;

use happytalk_core::json::JsonError;
use serde::de::{DeserializeOwned, IgnoredAny};
use std::collections::BTreeMap;

use crate::error::Error;

pub(crate) use action::{actions, bubble_call, calls};
pub(crate) use answer::{RESPONSE_BYTES_MAX, read_answer};
pub(crate) use bizgo_event::BizgoEvent;
pub(crate) use call::{Api, Call};
pub use call::{CLIENT_ID_HEADER, CLIENT_SECRET_HEADER};
pub(crate) use centre::{
    bot_history, categories, centre_call, consult_times, receive_domains, sender, session,
    system_messages,
};
pub use endpoint::Endpoint;
pub(crate) use expired_session::ExpiredSession;
pub(crate) use lenient::Loose;
pub(crate) use message::Message;
pub(crate) use multipart::{File, Form};
pub(crate) use reference::Reference;
pub(crate) use unknown_event::{KIND_BYTES_MAX, UnknownEvent};

/// The longest body of an event, in bytes: 1 MiB.
pub const BODY_BYTES_MAX: usize = 1 << 20;

/// The most objects and lists within one another in an event.
pub const DEPTH_MAX: usize = 32;

/// Reads an event. Fields that are not known are passed over.
pub(crate) fn read<T: DeserializeOwned>(body: &[u8]) -> Result<T, Error> {
    if body.len() > BODY_BYTES_MAX {
        return Err(Error::BodyTooLong {
            bytes_max: BODY_BYTES_MAX,
        });
    }
    if is_deeper_than(body, DEPTH_MAX) {
        return Err(Error::TooDeep {
            depth_max: DEPTH_MAX,
        });
    }
    if body.trim_ascii_start().first() == Some(&b'[') {
        // serde would read a list as the fields in their order.
        serde_json::from_slice::<BTreeMap<String, IgnoredAny>>(body).map_err(bad_json)?;
    }
    // Looked at as a whole, text need not be looked at piece by piece.
    let read = match simdutf8::basic::from_utf8(body) {
        Ok(text) => serde_json::from_str(text),
        Err(_) => serde_json::from_slice(body),
    };
    read.or_else(|error| match surrogate::mended(body) {
        Some(mended) => serde_json::from_slice(&mended).map_err(bad_json),
        None => Err(bad_json(error)),
    })
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in `map_err`")]
fn bad_json(error: serde_json::Error) -> Error {
    Error::BadJson(JsonError::from(&error))
}

fn is_deeper_than(json: &[u8], depth_max: usize) -> bool {
    // Most events have fewer brackets than may be nested, which is quickly seen: `[` and `{` differ in one bit, and
    // a byte holds the count of as many as `chunks` gives. It never wraps, and told so the compiler counts in steps
    // of 16 bytes.
    let count = |bytes: &[u8]| {
        let opening = bytes.iter().map(|byte| u8::from(byte | 0x20 == b'{'));
        usize::from(opening.fold(0, u8::wrapping_add))
    };
    if json.chunks(255).map(count).sum::<usize>() <= depth_max {
        return false;
    }
    let mut depth = 0_usize;
    let mut in_text = false;
    let mut bytes = json.iter();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' if in_text => {
                bytes.next();
            }
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => {
                depth = depth.saturating_add(1);
                if depth > depth_max {
                    return true;
                }
            }
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn depth_is_counted_outside_of_texts() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(!is_deeper_than(nested(32).as_bytes(), 32));
        assert!(is_deeper_than(nested(33).as_bytes(), 32));
        let text = format!(r#"{{"a":"\"{}"}}"#, "[".repeat(99));
        assert!(!is_deeper_than(text.as_bytes(), 32));
        let wide = format!("[{}]", "[],".repeat(99));
        assert!(!is_deeper_than(wide.as_bytes(), 32));
    }
}
