//! Digests: what stands for an entry in the hash chain, and for a command under its key.

use std::fmt;

use serde::{Serialize, Serializer};
use sha2::block_api::compress256;
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
///
/// Most lists fit the buffer and are hashed in one go, without an allocation.
pub(crate) struct Canon {
    buffer: [u8; Self::BUFFER_BYTES],
    /// How much of the buffer is written.
    length: usize,
    /// What did not fit the buffer before.
    before: Option<Sha256>,
}

impl Canon {
    const BUFFER_BYTES: usize = 256;

    pub(crate) const fn new() -> Self {
        Self {
            buffer: [0; Self::BUFFER_BYTES],
            length: 0,
            before: None,
        }
    }

    fn written(&self) -> &[u8] {
        self.buffer.get(..self.length).unwrap_or_default()
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let end = self.length.saturating_add(bytes.len());
        if let Some(free) = self.buffer.get_mut(self.length..end) {
            free.copy_from_slice(bytes);
            self.length = end;
        } else {
            self.spill(bytes);
        }
    }

    #[cold]
    fn spill(&mut self, bytes: &[u8]) {
        let mut before = self.before.take().unwrap_or_default();
        before.update(self.written());
        before.update(bytes);
        self.before = Some(before);
        self.length = 0;
    }

    #[inline]
    pub(crate) fn byte(&mut self, byte: u8) -> &mut Self {
        if let Some(free) = self.buffer.get_mut(self.length) {
            *free = byte;
            self.length += 1;
        } else {
            self.spill(&[byte]);
        }
        self
    }

    #[inline]
    pub(crate) fn digest(&mut self, digest: &Digest) -> &mut Self {
        self.write(&digest.0);
        self
    }

    /// Seven bits a byte, the lowest first, all but the last with the high bit set.
    #[inline]
    pub(crate) fn count(&mut self, mut count: u64) -> &mut Self {
        while count >= 0x80 {
            self.byte(count.to_le_bytes()[0] | 0x80);
            count >>= 7;
        }
        self.byte(count.to_le_bytes()[0])
    }

    /// Small amounts of either sign take few bytes.
    #[inline]
    pub(crate) fn int(&mut self, int: i64) -> &mut Self {
        self.count((int.cast_unsigned() << 1) ^ (int >> 63).cast_unsigned())
    }

    #[inline]
    pub(crate) fn text(&mut self, text: &str) -> &mut Self {
        self.count(u64::try_from(text.len()).unwrap_or(u64::MAX));
        self.write(text.as_bytes());
        self
    }

    /// No name of ours is empty, so that an empty text says that there is none.
    #[inline]
    pub(crate) fn name(&mut self, name: Option<&str>) -> &mut Self {
        self.text(name.unwrap_or_default())
    }

    pub(crate) fn finish(mut self) -> Digest {
        Digest(match self.before.take() {
            None => sha_256_of_start(&mut self.buffer, self.length)
                .unwrap_or_else(|| Sha256::digest(self.written()).into()),
            Some(mut before) => {
                before.update(self.written());
                before.finalize().into()
            }
        })
    }
}

/// What SHA-256 begins with (FIPS 180-4, 5.3.3).
const SHA_256_START: [u32; 8] = [
    0x6A09_E667,
    0xBB67_AE85,
    0x3C6E_F372,
    0xA54F_F53A,
    0x510E_527F,
    0x9B05_688C,
    0x1F83_D9AB,
    0x5BE0_CD19,
];

/// The SHA-256 of the first `length` bytes, padded in place, which spares a hasher's own buffer; zeros follow them.
/// `None` where the padding has no room; what is written stays.
fn sha_256_of_start(buffer: &mut [u8; Canon::BUFFER_BYTES], length: usize) -> Option<[u8; 32]> {
    // A bit that is set, zeros, and the length in bits at the end of a block.
    let end = length.checked_add(9)?.checked_next_multiple_of(64)?;
    let bits = u64::try_from(length).ok()?.checked_mul(8)?;
    *buffer.get_mut(length)? = 0x80;
    let size = buffer.get_mut(end.checked_sub(8)?..end)?;
    size.copy_from_slice(&bits.to_be_bytes());
    let (blocks, _) = buffer.get(..end)?.as_chunks::<64>();
    let mut state = SHA_256_START;
    compress256(&mut state, blocks);
    let mut digest = [0; 32];
    let (words, _) = digest.as_chunks_mut::<4>();
    for (to, word) in words.iter_mut().zip(state) {
        *to = word.to_be_bytes();
    }
    Some(digest)
}

/// The first 128 bits of a digest: enough to tell one body from every other that stands under the same key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(u128);

impl Fingerprint {
    pub(crate) fn of(canon: Canon) -> Self {
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
        canon.written().to_vec()
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
        let abc = || {
            let mut canon = Canon::new();
            canon.write(b"abc");
            canon
        };
        assert_eq!(
            abc().finish().to_string(),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        );
        assert_eq!(
            Fingerprint::of(abc()).to_string(),
            "ba7816bf8f01cfea414140de5dae2223"
        );
    }

    #[test]
    fn what_is_longer_than_the_buffer_has_the_digest_of_all_of_it() {
        let text = "0123456789".repeat(70);
        for length in (0..270).chain([300, 700]) {
            let text = &text[..length];
            let mut plain = Canon::new();
            plain.write(text.as_bytes());
            let expected: [u8; 32] = Sha256::digest(text).into();
            assert_eq!(plain.finish(), Digest(expected), "{length}");
            let mut canon = Canon::new();
            canon.byte(7).text(text).byte(9).text(text);
            let mut whole = vec![7];
            for end in [Some(9), None] {
                whole.extend(bytes(|canon| {
                    canon.count(u64::try_from(length).unwrap());
                }));
                whole.extend(text.as_bytes());
                whole.extend(end);
            }
            let expected: [u8; 32] = Sha256::digest(&whole).into();
            assert_eq!(canon.finish(), Digest(expected), "{length}");
        }
    }
}
