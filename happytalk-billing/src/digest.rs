//! Digests: what stands for an entry in the hash chain, and for a command under its key.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::{Digest as _, Sha256};

/// A SHA-256. Shown and serialised as 64 hexadecimal digits.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Digest([u8; 32]);

impl Digest {
    /// What the first entry's chain begins with: 32 zero bytes.
    pub const GENESIS: Self = Self([0; 32]);

    /// The digest of 32 bytes that were kept elsewhere.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Digest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Digest({self})")
    }
}

impl Serialize for Digest {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Values in bytes, one after the other, such that no two lists of values of the same kinds give the same bytes.
#[derive(Debug)]
pub(crate) struct Canon(Vec<u8>);

impl Canon {
    pub(crate) fn new() -> Self {
        Self(Vec::with_capacity(192))
    }

    pub(crate) fn byte(&mut self, byte: u8) -> &mut Self {
        self.0.push(byte);
        self
    }

    pub(crate) fn digest(&mut self, digest: &Digest) -> &mut Self {
        self.0.extend_from_slice(&digest.0);
        self
    }

    /// Seven bits a byte, the lowest first, all but the last with the high bit set.
    pub(crate) fn count(&mut self, mut count: u64) -> &mut Self {
        while count >= 0x80 {
            self.0.push(count.to_le_bytes()[0] | 0x80);
            count >>= 7;
        }
        self.byte(count.to_le_bytes()[0])
    }

    /// Small amounts of either sign take few bytes.
    pub(crate) fn int(&mut self, int: i64) -> &mut Self {
        self.count((int.cast_unsigned() << 1) ^ (int >> 63).cast_unsigned())
    }

    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.count(u64::try_from(text.len()).unwrap_or(u64::MAX));
        self.0.extend_from_slice(text.as_bytes());
        self
    }

    /// No name of ours is empty, so that an empty text says that there is none.
    pub(crate) fn name(&mut self, name: Option<&str>) -> &mut Self {
        self.text(name.unwrap_or_default())
    }

    pub(crate) fn finish(&self) -> Digest {
        Digest(Sha256::digest(&self.0).into())
    }
}

/// The first 128 bits of a digest: enough to tell one body from every other that stands under the same key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u128);

impl Fingerprint {
    pub(crate) fn of(canon: &Canon) -> Self {
        let mut half = [0; 16];
        for (to, from) in half.iter_mut().zip(canon.finish().0) {
            *to = from;
        }
        Self(u128::from_be_bytes(half))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fingerprint({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(write: impl Fn(&mut Canon)) -> Vec<u8> {
        let mut canon = Canon::new();
        write(&mut canon);
        canon.0
    }

    #[test]
    fn numbers_of_every_size_have_bytes_of_their_own() {
        let mut seen = std::collections::BTreeSet::new();
        for int in [0, 1, -1, 63, -64, 64, i64::MAX, i64::MIN, 1 << 40] {
            assert!(seen.insert(bytes(|canon| {
                canon.int(int);
            })));
        }
        assert_eq!(
            bytes(|canon| {
                canon.int(-1);
            }),
            [1]
        );
        assert_eq!(
            bytes(|canon| {
                canon.count(300);
            }),
            [0xAC, 2]
        );
    }

    #[test]
    fn a_text_does_not_run_into_the_next() {
        let ab_c = bytes(|canon| {
            canon.text("ab").text("c");
        });
        let a_bc = bytes(|canon| {
            canon.text("a").text("bc");
        });
        assert_ne!(ab_c, a_bc);
    }

    #[test]
    fn a_digest_is_sha_256() {
        let mut canon = Canon::new();
        canon.0.extend_from_slice(b"abc");
        assert_eq!(
            canon.finish().to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            Fingerprint::of(&canon).to_string(),
            "ba7816bf8f01cfea414140de5dae2223"
        );
    }
}
