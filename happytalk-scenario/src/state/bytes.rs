//! A state as JSON, and which of its two written forms bytes are.

use happytalk_core::json::JsonError;
use serde_path_to_error::Segment;

use super::{Inner, STATE_BYTES_MAX, State, crc32, json, packed};
use crate::diagnostic::escape;
use crate::error::Error;

const HEAD: &[u8] = b"{\"crc\":\"";
const SUM: usize = 8;

impl State {
    /// The state as bytes: JSON with a checksum in front. The same state gives the same bytes. Personal data.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(320);
        self.to_bytes_into(&mut bytes);
        bytes
    }

    /// As [`State::to_bytes`], into a buffer that is used again: what it held before is gone.
    pub fn to_bytes_into(&self, bytes: &mut Vec<u8>) {
        bytes.clear();
        bytes.extend_from_slice(HEAD);
        bytes.extend_from_slice(&[b'0'; SUM]);
        bytes.extend_from_slice(b"\",");
        let from = bytes.len();
        json::write(&self.inner, bytes);
        let sum = crc32(bytes.get(from..).unwrap_or_default());
        let told = bytes.iter_mut().skip(HEAD.len());
        for (digit, told) in digits(sum).into_iter().zip(told) {
            *told = digit;
        }
    }

    /// The state as fewer bytes than [`State::to_bytes`] takes, in less time, but not for people to read. The same state
    /// gives the same bytes. Personal data.
    #[must_use]
    pub fn to_packed(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(192);
        self.to_packed_into(&mut bytes);
        bytes
    }

    /// As [`State::to_packed`], into a buffer that is used again: what it held before is gone.
    pub fn to_packed_into(&self, bytes: &mut Vec<u8>) {
        bytes.clear();
        packed::write(&self.inner, bytes);
    }

    /// The state of these bytes, written by [`State::to_bytes`] or [`State::to_packed`]; whole or not at all.
    ///
    /// # Errors
    /// [`Error::StateTooLong`] over [`STATE_BYTES_MAX`]; [`Error::StateDamaged`] where a byte was changed, cut or
    /// added; [`Error::StateNotUnderstood`] and [`Error::StateOverLimit`] where the bytes are whole and still no
    /// state of this release.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Error> {
        if bytes.len() > STATE_BYTES_MAX {
            return Err(Error::StateTooLong {
                bytes: bytes.len(),
                bytes_max: STATE_BYTES_MAX,
            });
        }
        let inner = match bytes.first() {
            Some(&packed::MAGIC) => packed::read(bytes)?,
            _ => from_json(bytes)?,
        };
        inner.check()?;
        Ok(Self { inner })
    }
}

/// The checksum as it is written.
fn digits(sum: u32) -> [u8; SUM] {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    std::array::from_fn(|place| {
        let nibble = usize::try_from((sum >> ((SUM - 1 - place) * 4)) & 15).unwrap_or(0);
        HEX.get(nibble).copied().unwrap_or(b'0')
    })
}

fn from_json(bytes: &[u8]) -> Result<Inner, Error> {
    let after_head = bytes.strip_prefix(HEAD);
    let (sum, rest) = after_head
        .and_then(|rest| rest.split_at_checked(SUM))
        .ok_or(Error::StateDamaged)?;
    let body = rest.strip_prefix(b"\",").ok_or(Error::StateDamaged)?;
    if *sum != digits(crc32(body)) {
        return Err(Error::StateDamaged);
    }
    match json::read(body) {
        Some(state) => Ok(state),
        None => read_whole(body),
    }
}

/// Bytes that are written in another way than ours.
#[cold]
fn read_whole(body: &[u8]) -> Result<Inner, Error> {
    let mut state = Vec::with_capacity(body.len() + 1);
    state.push(b'{');
    state.extend_from_slice(body);
    serde_json::from_slice(&state).map_err(|_| not_understood(&state))
}

/// Where the bytes are no state, which is looked for only when they are none.
#[cold]
fn not_understood(bytes: &[u8]) -> Error {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read: Result<Inner, _> = serde_path_to_error::deserialize(&mut reader);
    let trailing = || JsonError::from(&serde::de::Error::custom("expected the end"));
    let (pointer, source) = match read {
        Err(error) => {
            let steps = error.path().iter().map(|step| match step {
                Segment::Seq { index } => format!("/{index}"),
                Segment::Map { key: name } | Segment::Enum { variant: name } => {
                    format!("/{}", escape(name))
                }
                Segment::Unknown => String::new(),
            });
            (steps.collect(), JsonError::from(error.inner()))
        }
        Ok(_) => (String::new(), trailing()),
    };
    Error::StateNotUnderstood { pointer, source }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_checksum(body: &str) -> Vec<u8> {
        let mut bytes = HEAD.to_vec();
        bytes.extend(format!("{:08x}\",{body}", crc32(body.as_bytes())).bytes());
        bytes
    }

    #[test]
    fn case_73_whole_bytes_that_are_no_state_are_refused_with_a_code_and_a_pointer() {
        let refused = |body: &str| State::from_bytes(&with_checksum(body)).unwrap_err();
        let pointer = |body: &str| match refused(body) {
            Error::StateNotUnderstood { pointer, .. } => pointer,
            other => panic!("{other}"),
        };
        assert_eq!(
            pointer(r#""scenario":"s","version":1,"phase":"fresh","extra":1}"#),
            "/extra"
        );
        assert_eq!(
            pointer(r#""scenario":"s","version":99999999999,"phase":"fresh"}"#),
            "/version"
        );
        assert_eq!(
            pointer(r#""scenario":"s","version":1,"phase":"fresh","slots":{"a":{"b":[0.5]}}}"#),
            "/slots/a/b/0"
        );
        assert_eq!(
            pointer(r#""scenario":"s","version":1,"phase":"fresh","trail":["a",""]}"#),
            "/trail/1"
        );
        assert_eq!(
            refused(r#""scenario":"s","version":1,"phase":"waiting"}"#).code(),
            "scenario.state_over_limit"
        );
        let long = "AAAAAAAA".repeat(9);
        assert_eq!(
            refused(&format!(
                r#""scenario":"s","version":1,"phase":"fresh","seen":"{long}"}}"#
            )),
            Error::StateOverLimit { pointer: "/seen" }
        );
        let code = |bytes: &[u8]| State::from_bytes(bytes).unwrap_err().code();
        assert_eq!(
            code(&vec![b'{'; STATE_BYTES_MAX + 1]),
            "scenario.state_too_long"
        );
        assert_eq!(code(b"{}"), "scenario.state_damaged");
        assert_eq!(code(b""), "scenario.state_damaged");
    }
}
