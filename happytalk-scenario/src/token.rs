//! What a button carries through a platform and back.

use std::sync::OnceLock;

use sha2::{Digest, Sha256};

use crate::button_id::ButtonId;
use crate::table::{Table, hash};

/// `h`, 22 base62 characters of a hash, `_` and the version: at most 40 letters, digits and underscores.
pub(crate) fn token(scenario: &str, node: &str, button: &str, version: u32) -> String {
    format!("{}_{version}", stem(scenario, node, button))
}

/// The part of a token that does not change with the version.
pub(crate) fn stem(scenario: &str, node: &str, button: &str) -> String {
    let mut text = String::from("h");
    text.push_str(&digest(&[scenario, node, button]));
    text
}

/// 22 base62 characters of the hash of these texts in this order.
pub(crate) fn digest(parts: &[&str]) -> String {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut hash = Sha256::new();
    for part in parts {
        // The length in front keeps ("ab", "c") and ("a", "bc") apart.
        hash.update(u64::try_from(part.len()).unwrap_or(u64::MAX).to_le_bytes());
        hash.update(part.as_bytes());
    }
    let bytes = hash.finalize();
    let mut number = bytes
        .iter()
        .take(16)
        .fold(0_u128, |number, byte| (number << 8) | u128::from(*byte));
    let mut text = String::with_capacity(22);
    for _ in 0..22 {
        let digit = usize::try_from(number % 62).unwrap_or(0);
        text.push(DIGITS.get(digit).copied().map_or('0', char::from));
        number /= 62;
    }
    text
}

/// Whether a token has the form of ours, so that it is a button of an older message rather than a platform's own.
pub(crate) fn is_ours(token: &str) -> bool {
    let Some((stem, version)) = token.split_once('_') else {
        return false;
    };
    let hash = stem.strip_prefix('h').unwrap_or("");
    hash.len() == 22
        && hash.bytes().all(|byte| byte.is_ascii_alphanumeric())
        && !version.is_empty()
        && version.bytes().all(|byte| byte.is_ascii_digit())
}

/// What a token stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Meaning {
    /// A button of a node, by the node's place and its own id.
    Button { node: usize, button: ButtonId },
    /// Passing over a question of a form, by the node's place.
    Skip(usize),
    /// An item of a form that is to be corrected.
    Slot { node: usize, slot: u32 },
    /// A command, by its place.
    Command(usize),
    /// The answer to "did you mean …?".
    Confirm(bool),
}

/// The tokens of a scenario.
#[derive(Default)]
pub(crate) struct Tokens {
    all: Vec<(String, Meaning)>,
    table: OnceLock<Table>,
}

impl Tokens {
    /// Before the first look-up; later ones are not found.
    pub(crate) fn insert(&mut self, stem: String, meaning: Meaning) {
        self.all.push((stem, meaning));
    }

    /// What `token` stands for, whichever version it was made by.
    pub(crate) fn get(&self, token: &str) -> Option<Meaning> {
        let (stem, version) = token.split_once('_')?;
        let numbered = !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit());
        if !numbered {
            return None;
        }
        let table = self.table.get_or_init(|| {
            let mut table = Table::with_room(self.all.len());
            for (place, (stem, _)) in self.all.iter().enumerate() {
                table.insert(hash(stem.as_bytes()), place);
            }
            table
        });
        let is = |place: usize| self.all.get(place).is_some_and(|(other, _)| other == stem);
        let place = table.find(hash(stem.as_bytes()), is)?;
        self.all.get(place).map(|(_, meaning)| meaning.clone())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_short_plain_and_the_same_for_every_version() {
        let token = token("exchange-return", "main", "ex", u32::MAX);
        assert!(token.len() <= 40, "{token}");
        assert!(token.chars().all(|c| c.is_ascii_alphanumeric() || c == '_'));
        let mut tokens = Tokens::default();
        tokens.insert(stem("s", "n", "b"), Meaning::Command(1));
        let older = super::token("s", "n", "b", 1);
        assert_eq!(tokens.get(&older), Some(Meaning::Command(1)));
        assert_eq!(tokens.get("h_x"), None);
        assert_ne!(digest(&["ab", "c"]), digest(&["a", "bc"]));
    }

    #[test]
    fn tokens_already_sent_keep_their_form() {
        assert_eq!(
            token("exchange-return", "main", "ex", 3),
            "h4dr54w0lnIU8xfjUnvbYD4_3"
        );
    }
}
