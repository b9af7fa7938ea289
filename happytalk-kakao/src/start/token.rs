//! What proves a value that fits into the button, and what stands for one that does not.

use std::fmt;
use std::str::FromStr;

use happytalk_core::Secret;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::{StartExtra, StartPart, is_safe};
use crate::error::Error;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

/// How many digits 128 bits are.
const DIGITS_COUNT: usize = 22;

/// What a token begins with, so that it is told apart from plain words.
const MARK: &str = "tk_";

/// The fewest bytes of a key.
const KEY_BYTES_MIN: usize = 16;

/// A name for metadata that the host keeps: what is longer than the button carries, or personal, stays with the host under
/// it, and is looked up when the customer comes in with it.
///
/// Nobody can guess one whose 128 bits came from a source of randomness that is meant for keys. Not shown in `Debug`.
///
/// ```
/// use happytalk_kakao::StartToken;
///
/// let random = [0x5a; 16]; // from the host's own source
/// let token = StartToken::from_random(random);
/// let extra = token.to_extra();
/// assert_eq!(extra.as_str(), "tk_2kUbFcayHlZ5Lgs9xZNmDS");
/// assert_eq!(extra.as_str().parse::<StartToken>()?, token);
/// # Ok::<(), happytalk_kakao::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct StartToken(u128);

impl StartToken {
    /// The token of these random bytes.
    #[must_use]
    pub const fn from_random(bytes: [u8; 16]) -> Self {
        Self(u128::from_be_bytes(bytes))
    }

    /// The bytes again, such as for a key of a table.
    #[must_use]
    pub const fn to_bytes(self) -> [u8; 16] {
        self.0.to_be_bytes()
    }

    /// What the button carries: 25 characters.
    #[must_use]
    pub fn to_extra(self) -> StartExtra {
        StartExtra(format!("{MARK}{}", digits(self.0)).into())
    }
}

impl FromStr for StartToken {
    type Err = Error;
    fn from_str(text: &str) -> Result<Self, Error> {
        let token = text.strip_prefix(MARK).and_then(number);
        token.map(Self).ok_or(Error::BadStart {
            part: StartPart::Extra,
        })
    }
}

impl fmt::Debug for StartToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StartToken(..)")
    }
}

/// Proves that what a customer comes in with stood on a button of ours: a value of 1 to 27 of `[A-Za-z0-9_]`, followed by `_`
/// and the first 128 bits of its HMAC-SHA256.
///
/// It does not say when or for whom the button was made; a value that must not be used twice, or by another, has to say so
/// itself.
///
/// ```
/// use happytalk_core::Secret;
/// use happytalk_kakao::StartKey;
///
/// let key = StartKey::new(&Secret::new("at least 16 bytes of key"))?;
/// let extra = key.sign("order_17")?;
/// assert_eq!(key.verify(extra.as_str())?, "order_17");
/// let forged = extra.as_str().replace("17", "18");
/// assert_eq!(key.verify(&forged).unwrap_err().code(), "kakao.start_not_ours");
/// # Ok::<(), happytalk_kakao::Error>(())
/// ```
#[derive(Clone)]
pub struct StartKey(Hmac<Sha256>);

impl StartKey {
    /// The longest value that can be signed, in characters.
    pub const VALUE_CHARS_MAX: usize = StartExtra::CHARS_MAX - DIGITS_COUNT - 1;

    /// A key, of at least 16 bytes.
    ///
    /// # Errors
    /// [`Error::BadStart`] where it is shorter.
    pub fn new(key: &Secret) -> Result<Self, Error> {
        let key = key.expose().as_bytes();
        let bad_key = Error::BadStart {
            part: StartPart::Key,
        };
        if key.len() < KEY_BYTES_MIN {
            return Err(bad_key);
        }
        Hmac::new_from_slice(key).map(Self).map_err(|_| bad_key)
    }

    /// What the button carries for `value`.
    ///
    /// # Errors
    /// [`Error::BadStart`] where `value` is too long or of other characters.
    pub fn sign(&self, value: &str) -> Result<StartExtra, Error> {
        if !is_safe(value, Self::VALUE_CHARS_MAX) {
            return Err(Error::BadStart {
                part: StartPart::Extra,
            });
        }
        let tag = self.over(value).finalize().into_bytes();
        let mut first = [0; 16];
        for (first, byte) in first.iter_mut().zip(tag) {
            *first = byte;
        }
        let tag = digits(u128::from_be_bytes(first));
        Ok(StartExtra(format!("{value}_{tag}").into()))
    }

    /// The value that was signed. The comparison takes as long for a wrong proof as for the right one.
    ///
    /// # Errors
    /// [`Error::StartNotOurs`] where it was not signed with this key.
    pub fn verify<'a>(&self, extra: &'a str) -> Result<&'a str, Error> {
        let (value, tag) = extra.rsplit_once('_').ok_or(Error::StartNotOurs)?;
        let tag = number(tag).filter(|_| is_safe(value, Self::VALUE_CHARS_MAX));
        let tag = tag.ok_or(Error::StartNotOurs)?;
        self.over(value)
            .verify_truncated_left(&tag.to_be_bytes())
            .map_err(|_| Error::StartNotOurs)?;
        Ok(value)
    }

    fn over(&self, value: &str) -> Hmac<Sha256> {
        self.0.clone().chain_update(value)
    }
}

impl fmt::Debug for StartKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("StartKey(..)")
    }
}

/// The number in 22 digits of base 62.
fn digits(mut number: u128) -> String {
    let mut text = [b'0'; DIGITS_COUNT];
    for place in text.iter_mut().rev() {
        let digit = usize::try_from(number % 62).unwrap_or_default();
        *place = DIGITS.get(digit).copied().unwrap_or(b'0');
        number /= 62;
    }
    text.iter().map(|byte| char::from(*byte)).collect()
}

/// The number that [`digits`] wrote; `None` where the text is another.
fn number(text: &str) -> Option<u128> {
    if text.len() != DIGITS_COUNT {
        return None;
    }
    text.bytes().try_fold(0_u128, |number, byte| {
        let digit = DIGITS.iter().position(|digit| *digit == byte)?;
        number
            .checked_mul(62)?
            .checked_add(u128::try_from(digit).ok()?)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_22_digits_and_no_other_text_is_a_number() {
        for value in [0, 1, 61, 62, u128::from(u64::MAX), u128::MAX] {
            let text = digits(value);
            assert_eq!((text.len(), number(&text)), (22, Some(value)));
        }
        let most = digits(u128::MAX);
        let mut over = most.clone().into_bytes();
        *over.last_mut().unwrap() += 1;
        for text in [
            "".to_owned(),
            most.replace('7', "-"),
            most[1..].to_owned(),
            String::from_utf8(over).unwrap(),
            "z".repeat(22),
        ] {
            assert_eq!(number(&text), None, "{text}");
        }
    }
}
