//! The serial numbers we send: text of at most 30 characters, ours to choose, never used twice.

use std::fmt::Write as _;

use happytalk_core::id::MessageId;
use sha2::{Digest, Sha256};

/// The longest serial number, in characters.
///
/// Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/counseling/send_chat> (read 2026-11-21).
const CHARS_MAX: usize = 30;

/// The serial number of part `index` (from 0) of the message `id`: the same for the same two, always, so that a
/// repeated send is recognised by the platform.
///
/// The first part of a short plain id is the id itself. Whatever else holds a dot, which a plain id does not,
/// so that the part of one message is never taken for another message. `index` is under 999, which the caller sees
/// to.
pub(crate) fn serial_number(id: &MessageId, index: usize) -> String {
    let id = id.as_str();
    let part = if index == 0 {
        String::new()
    } else {
        format!(".{}", index.saturating_add(1))
    };
    let plain = id
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_');
    if plain && id.len().saturating_add(part.len()) <= CHARS_MAX {
        return format!("{id}{part}");
    }
    let mut serial = String::from("h.");
    for byte in Sha256::digest(id).iter().take(12) {
        // Writing to memory does not fail.
        let _ = write!(serial, "{byte:02x}");
    }
    serial.push_str(&part);
    serial
}

#[cfg(test)]
mod tests {
    use super::*;

    fn serial(id: &str, index: usize) -> String {
        serial_number(&id.parse().unwrap(), index)
    }

    #[test]
    fn a_short_plain_id_is_its_own_serial_number() {
        assert_eq!(serial("m-1", 0), "m-1");
        assert_eq!(serial("m-1", 1), "m-1.2");
        assert_eq!(serial(&"a".repeat(30), 0), "a".repeat(30));
    }

    #[test]
    fn any_other_id_gets_a_digest_that_stays_the_same() {
        assert_eq!(serial("상담-1", 0), "h.896cfb31b6af9b571f935db0");
        assert_eq!(serial("상담-1", 1), "h.896cfb31b6af9b571f935db0.2");
        assert_eq!(serial(&"a".repeat(31), 0), "h.61c60b487d1a921e0bcc9bf8");
    }

    #[test]
    fn no_part_is_taken_for_another_message() {
        let of_parts = serial("m-1", 1);
        assert_ne!(serial(&of_parts, 0), of_parts);
        let digest = serial("상담-1", 0);
        assert_ne!(serial(&digest, 0), digest);
        assert_ne!(serial(&"a".repeat(29), 1), serial(&"a".repeat(28), 1));
        for index in [0, 1, 98, 99] {
            assert!(serial(&"가".repeat(40), index).chars().count() <= CHARS_MAX);
        }
    }
}
