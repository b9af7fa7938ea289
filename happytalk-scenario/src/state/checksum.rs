//! The checksum in front of a saved state.

const POLYNOMIAL: u32 = 0xedb8_8320;

/// `TABLES[n][b]` is what a byte `b` does to the sum `n` bytes later.
const TABLES: [[u32; 256]; 8] = tables();

#[expect(
    clippy::indexing_slicing,
    clippy::cast_possible_truncation,
    reason = "worked out while compiling, where a slip is an error; the places are below 256"
)]
const fn tables() -> [[u32; 256]; 8] {
    let mut tables = [[0; 256]; 8];
    let mut byte = 0;
    while byte < 256 {
        let mut sum = byte as u32;
        let mut bit = 0;
        while bit < 8 {
            sum = if sum & 1 == 1 {
                (sum >> 1) ^ POLYNOMIAL
            } else {
                sum >> 1
            };
            bit += 1;
        }
        tables[0][byte] = sum;
        byte += 1;
    }
    let mut place = 256;
    while place < 256 * 8 {
        let before = tables[place / 256 - 1][place % 256];
        tables[place / 256][place % 256] = (before >> 8) ^ tables[0][(before & 255) as usize];
        place += 1;
    }
    tables
}

fn look(later: usize, byte: u32) -> u32 {
    let place = usize::try_from(byte & 255).unwrap_or(0);
    let row = TABLES.get(later).unwrap_or(&TABLES[0]);
    row.get(place).copied().unwrap_or(0)
}

/// CRC-32 (IEEE 802.3), eight bytes at a time: finds every single changed byte.
pub(crate) fn crc32(bytes: &[u8]) -> u32 {
    let (words, rest) = bytes.as_chunks::<8>();
    let mut crc = !0_u32;
    for [a, b, c, d, e, f, g, h] in words {
        let first = crc ^ u32::from_le_bytes([*a, *b, *c, *d]);
        let last = u32::from_le_bytes([*e, *f, *g, *h]);
        crc = look(7, first)
            ^ look(6, first >> 8)
            ^ look(5, first >> 16)
            ^ look(4, first >> 24)
            ^ look(3, last)
            ^ look(2, last >> 8)
            ^ look(1, last >> 16)
            ^ look(0, last >> 24);
    }
    !rest.iter().fold(crc, |crc, byte| {
        (crc >> 8) ^ look(0, crc ^ u32::from(*byte))
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_checksum_is_the_usual_one() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
    }

    proptest! {
        #[test]
        fn eight_at_a_time_are_as_one_bit_at_a_time(bytes in prop::collection::vec(any::<u8>(), 0..70)) {
            let slow = bytes.iter().fold(!0_u32, |crc, byte| {
                (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
                    (crc >> 1) ^ if crc & 1 == 1 { POLYNOMIAL } else { 0 }
                })
            });
            prop_assert_eq!(crc32(&bytes), !slow);
        }
    }
}
