//! Counts of values in buckets that grow with them: quantiles within one in a hundred, in a fixed room.

use serde::{Deserialize, Serialize};

/// How many buckets an octave has, as a power of two: one is at most 1/64 of its values wide, and its middle at most
/// half that away from any of them.
const BITS: u32 = 6;

/// By how many buckets a sketch grows: there are as many sketches as cells, and room that is not used counts.
const GROWTH: usize = 16;

/// How many values there are of each bucket. Values below 128 are buckets of their own.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<(u16, u64)>", into = "Vec<(u16, u64)>")]
pub(crate) struct Sketch {
    /// Those that hold something, in order.
    buckets: Vec<u16>,
    /// How much each of them holds.
    counts: Vec<u32>,
    /// What is above `u32::MAX` in a bucket: never in practice.
    above: Vec<(u16, u64)>,
}

impl Sketch {
    /// Adds `count` values of `millis`.
    pub(crate) fn push(&mut self, millis: u64, count: u64) {
        self.add(bucket(millis), count);
    }

    pub(crate) fn merge(&mut self, other: &Self) {
        for (bucket, count) in other.pairs() {
            self.add(bucket, count);
        }
    }

    /// How many values there are.
    pub(crate) fn count(&self) -> u64 {
        self.pairs()
            .fold(0, |sum, (_, count)| sum.saturating_add(count))
    }

    /// The value of that rank, from 0: the middle of its bucket.
    pub(crate) fn at(&self, rank: u64) -> u64 {
        let mut below = 0;
        let mut last = 0;
        for (bucket, count) in self.pairs() {
            below += count;
            last = bucket;
            if rank < below {
                break;
            }
        }
        middle(last)
    }

    fn add(&mut self, bucket: u16, count: u64) {
        let place = match self.buckets.binary_search(&bucket) {
            Ok(place) => place,
            Err(place) => {
                if self.buckets.len() == self.buckets.capacity() {
                    self.buckets.reserve_exact(GROWTH);
                    self.counts.reserve_exact(GROWTH);
                }
                self.buckets.insert(place, bucket);
                self.counts.insert(place, 0);
                place
            }
        };
        let Some(slot) = self.counts.get_mut(place) else {
            return;
        };
        let whole = u64::from(*slot) + count;
        match u32::try_from(whole) {
            Ok(whole) => *slot = whole,
            Err(_) => {
                *slot = u32::MAX;
                let more = whole - u64::from(u32::MAX);
                match self
                    .above
                    .binary_search_by_key(&bucket, |(bucket, _)| *bucket)
                {
                    Ok(found) => {
                        if let Some((_, above)) = self.above.get_mut(found) {
                            *above += more;
                        }
                    }
                    Err(missing) => self.above.insert(missing, (bucket, more)),
                }
            }
        }
    }

    fn pairs(&self) -> impl Iterator<Item = (u16, u64)> + '_ {
        self.buckets
            .iter()
            .zip(&self.counts)
            .map(|(bucket, count)| {
                let above = self
                    .above
                    .binary_search_by_key(bucket, |(bucket, _)| *bucket);
                let above = above.ok().and_then(|found| self.above.get(found));
                (
                    *bucket,
                    u64::from(*count) + above.map_or(0, |(_, above)| *above),
                )
            })
    }
}

/// Why pairs of buckets and counts are not a sketch.
#[derive(Debug, thiserror::Error)]
#[error("buckets are not in order, or hold nothing")]
pub(crate) struct NotASketch;

impl TryFrom<Vec<(u16, u64)>> for Sketch {
    type Error = NotASketch;
    fn try_from(pairs: Vec<(u16, u64)>) -> Result<Self, NotASketch> {
        let mut sketch = Self::default();
        for (bucket, count) in pairs {
            let is_next = sketch.buckets.last().is_none_or(|last| *last < bucket);
            // Two that are too great together would not be countable.
            if !is_next || count == 0 || count > u64::MAX >> 16 || bucket > LAST {
                return Err(NotASketch);
            }
            sketch.add(bucket, count);
        }
        Ok(sketch)
    }
}

impl From<Sketch> for Vec<(u16, u64)> {
    fn from(sketch: Sketch) -> Self {
        sketch.pairs().collect()
    }
}

/// The bucket of `u64::MAX`.
const LAST: u16 = (64 - 6) * 64 + 63;

/// The bucket of a value: the octave, and the first bits after the leading one.
fn bucket(millis: u64) -> u16 {
    let shift = (u64::BITS - millis.leading_zeros()).saturating_sub(BITS + 1);
    let bucket = (u64::from(shift) << BITS) + (millis >> shift);
    u16::try_from(bucket).unwrap_or(LAST)
}

/// The middle of a bucket, rounded down.
fn middle(bucket: u16) -> u64 {
    let shift = u32::from(bucket >> BITS).saturating_sub(1);
    let low = (u64::from(bucket) - (u64::from(shift) << BITS)) << shift;
    low + ((1_u64 << shift) - 1) / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_of_a_bucket_is_within_one_percent_of_its_values() {
        let mut value = 1_u64;
        while value < u64::MAX / 3 {
            for near in [value - 1, value, value + 1] {
                let shown = middle(bucket(near));
                assert!(
                    u128::from(shown.abs_diff(near)) * 100 <= u128::from(near),
                    "{shown} for {near}"
                );
                assert!(near >= 128 || shown == near);
                assert!(bucket(near) <= bucket(near + 1));
            }
            value += value / 50 + 1;
        }
        assert_eq!(bucket(u64::MAX), LAST);
        assert!(middle(LAST).abs_diff(u64::MAX) < u64::MAX / 100);
    }

    #[test]
    fn a_bucket_counts_beyond_four_bytes() {
        let mut sketch = Sketch::default();
        sketch.push(1_000, u64::from(u32::MAX));
        sketch.push(1_000, 5);
        sketch.push(7, 2);
        assert_eq!(sketch.count(), u64::from(u32::MAX) + 7);
        let json = serde_json::to_string(&sketch).unwrap();
        assert_eq!(json, "[[7,2],[317,4294967300]]");
        assert_eq!(serde_json::from_str::<Sketch>(&json).unwrap(), sketch);
        for wrong in [
            "[[2,1],[1,1]]",
            "[[1,0]]",
            "[[65535,1]]",
            "[[1,18446744073709551615]]",
        ] {
            assert!(serde_json::from_str::<Sketch>(wrong).is_err(), "{wrong}");
        }
    }
}
