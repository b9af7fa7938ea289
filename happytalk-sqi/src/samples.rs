//! The values of one time in one cell, and what is read off them.

use serde::{Deserialize, Serialize};

use crate::cell::COUNT_MAX;
use crate::options::Quantiles;
use crate::report::{Spread, TimeFigure};
use crate::sketch::Sketch;

/// The most values that are kept each for themselves where quantiles are sketched.
pub(crate) const SKETCH_FROM: u64 = 512;

/// The values of one time. What there is after some were added, and others merged in, depends on the values alone:
/// neither on their order nor on how they were split.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Samples {
    #[serde(rename = "n")]
    count: u64,
    #[serde(rename = "sum")]
    sum_ms: u128,
    #[serde(rename = "min")]
    min_ms: u64,
    #[serde(rename = "max")]
    max_ms: u64,
    /// How many are zero: many times are, and they need no room.
    #[serde(rename = "zero", default, skip_serializing_if = "is_zero")]
    zeros: u64,
    /// Those above zero that take four bytes: up to 49 days, which is nearly all.
    #[serde(rename = "short", default, skip_serializing_if = "Vec::is_empty")]
    short: Vec<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    rare: Option<Box<Rare>>,
}

/// What most times never have.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Rare {
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    long: Vec<u64>,
    /// In place of `short` and `long` once there are too many.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sketch: Option<Sketch>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks so")]
const fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Samples {
    pub(crate) fn push(&mut self, millis: u64, quantiles: Quantiles) {
        self.min_ms = if self.count == 0 {
            millis
        } else {
            self.min_ms.min(millis)
        };
        self.max_ms = self.max_ms.max(millis);
        self.count += 1;
        self.sum_ms += u128::from(millis);
        if millis == 0 {
            self.zeros += 1;
        } else if let Some(sketch) = self.rare.as_mut().and_then(|rare| rare.sketch.as_mut()) {
            sketch.push(millis, 1);
        } else {
            match u32::try_from(millis) {
                Ok(millis) => self.short.push(millis),
                Err(_) => self.rare.get_or_insert_default().long.push(millis),
            }
        }
        self.settle(quantiles);
    }

    /// Adds what `other` has.
    pub(crate) fn merge(&mut self, other: &Self, quantiles: Quantiles) {
        if other.count == 0 {
            return;
        }
        self.min_ms = if self.count == 0 {
            other.min_ms
        } else {
            self.min_ms.min(other.min_ms)
        };
        self.max_ms = self.max_ms.max(other.max_ms);
        self.count += other.count;
        self.sum_ms += other.sum_ms;
        self.zeros += other.zeros;
        self.short.extend_from_slice(&other.short);
        if let Some(other) = &other.rare {
            let rare = self.rare.get_or_insert_default();
            rare.long.extend_from_slice(&other.long);
            if let Some(other) = &other.sketch {
                rare.sketch.get_or_insert_default().merge(other);
            }
        }
        if self.rare.as_ref().is_some_and(|rare| rare.sketch.is_some()) {
            self.fold();
        }
        self.settle(quantiles);
    }

    /// Puts the values in order, so that equal ones are equal to the bit.
    pub(crate) fn sort(&mut self) {
        self.short.sort_unstable();
        self.short.shrink_to_fit();
        if let Some(rare) = &mut self.rare {
            rare.long.sort_unstable();
        }
    }

    /// Whether this can be what values came to.
    pub(crate) fn is_sound(&self, quantiles: Quantiles) -> bool {
        let empty = Rare::default();
        let rare = self.rare.as_deref().unwrap_or(&empty);
        let kept = (self.short.len() + rare.long.len()) as u64;
        let sketched = rare.sketch.as_ref().map_or(0, Sketch::count);
        let is_sketch = rare.sketch.is_some();
        let must_be = quantiles == Quantiles::Sketch && self.count > SKETCH_FROM;
        let limits = if self.count == 0 {
            self.max_ms == 0
        } else {
            self.min_ms <= self.max_ms
        };
        self.zeros
            .checked_add(kept)
            .and_then(|sum| sum.checked_add(sketched))
            == Some(self.count)
            && self.count <= COUNT_MAX
            && self.sum_ms <= u128::from(self.count) * u128::from(self.max_ms)
            && is_sketch == must_be
            && (kept == 0 || !is_sketch)
            && limits
    }

    fn settle(&mut self, quantiles: Quantiles) {
        let is_sketch = self.rare.as_ref().is_some_and(|rare| rare.sketch.is_some());
        if quantiles == Quantiles::Sketch && self.count > SKETCH_FROM && !is_sketch {
            self.fold();
        }
    }

    /// Puts every value that is kept for itself into the sketch.
    fn fold(&mut self) {
        let rare = self.rare.get_or_insert_default();
        let sketch = rare.sketch.get_or_insert_default();
        for millis in std::mem::take(&mut self.short) {
            sketch.push(u64::from(millis), 1);
        }
        for millis in std::mem::take(&mut rare.long) {
            sketch.push(millis, 1);
        }
    }

    pub(crate) fn figure(&self) -> TimeFigure {
        if self.count == 0 {
            return TimeFigure::default();
        }
        let quantiles = match self.rare.as_ref().and_then(|rare| rare.sketch.as_ref()) {
            Some(sketch) => {
                let limits = (self.min_ms, self.max_ms);
                let at = |rank: u64| match rank.checked_sub(self.zeros) {
                    Some(rank) => sketch.at(rank).clamp(limits.0, limits.1),
                    None => 0,
                };
                PERCENTS.map(|percent| quantile(self.count, percent, at))
            }
            None => {
                let mut short = self.short.clone();
                short.sort_unstable();
                let mut long = self
                    .rare
                    .as_ref()
                    .map_or_else(Vec::new, |rare| rare.long.clone());
                long.sort_unstable();
                let at = |rank: u64| {
                    let Some(rank) = rank.checked_sub(self.zeros) else {
                        return 0;
                    };
                    let rank = usize::try_from(rank).unwrap_or(usize::MAX);
                    match short.get(rank) {
                        Some(millis) => u64::from(*millis),
                        None => long.get(rank - short.len()).map_or(0, |millis| *millis),
                    }
                };
                PERCENTS.map(|percent| quantile(self.count, percent, at))
            }
        };
        let [p50_ms, p90_ms, p99_ms] = quantiles;
        TimeFigure {
            count: self.count,
            spread: Some(Spread {
                sum_ms: self.sum_ms,
                min_ms: self.min_ms,
                max_ms: self.max_ms,
                mean_ms: mean(self.sum_ms, self.count),
                p50_ms,
                p90_ms,
                p99_ms,
            }),
        }
    }
}

const PERCENTS: [u64; 3] = [50, 90, 99];

/// Sum over count, rounded half up.
pub(crate) fn mean(sum: u128, count: u64) -> u64 {
    let count = u128::from(count);
    // No mean is above the greatest value, which is an `u64`.
    u64::try_from((2 * sum + count) / (2 * count)).unwrap_or(u64::MAX)
}

/// Linear between ranks ("type 7"), rounded half up.
fn quantile(count: u64, percent: u64, at: impl Fn(u64) -> u64) -> u64 {
    let last = count - 1;
    let hundredths = u128::from(last) * u128::from(percent);
    let rank = last / 100 * percent + last % 100 * percent / 100;
    let below = at(rank);
    let above = at((rank + 1).min(last));
    let part = u128::from(above.saturating_sub(below)) * (hundredths % 100);
    // At most `above - below`.
    below + u64::try_from((2 * part + 100) / 200).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn samples(values: &[u64], quantiles: Quantiles) -> Samples {
        let mut samples = Samples::default();
        for value in values {
            samples.push(*value, quantiles);
        }
        samples
    }

    fn spread(values: &[u64]) -> Spread {
        samples(values, Quantiles::Exact).figure().spread.unwrap()
    }

    #[test]
    fn the_documented_quantiles_come_out() {
        let spread = spread(&[40_000, 5_000, 30_000, 20_000]);
        assert_eq!((spread.sum_ms, spread.mean_ms), (95_000, 23_750));
        assert_eq!((spread.min_ms, spread.max_ms), (5_000, 40_000));
        assert_eq!(
            (spread.p50_ms, spread.p90_ms, spread.p99_ms),
            (25_000, 37_000, 39_700)
        );
    }

    #[test]
    fn halves_are_rounded_up() {
        assert_eq!(spread(&[1, 2]).mean_ms, 2);
        assert_eq!(spread(&[1, 2]).p50_ms, 2);
        assert_eq!(spread(&[0, 1, 1]).mean_ms, 1);
        assert_eq!(spread(&[0, 0, 1]).mean_ms, 0);
        // 0.9 between the ranks, then 0.99.
        assert_eq!(spread(&[0, 5]).p90_ms, 5);
        assert_eq!(spread(&[0, 50]).p99_ms, 50);
    }

    #[test]
    fn values_beyond_four_bytes_keep_their_rank() {
        let long = u64::from(u32::MAX) + 10;
        let spread = spread(&[long, 3, u64::from(u32::MAX)]);
        assert_eq!((spread.min_ms, spread.max_ms), (3, long));
        assert_eq!(spread.p50_ms, u64::from(u32::MAX));
        assert_eq!(spread.p90_ms, long - 2);
    }

    #[test]
    fn no_values_are_no_value() {
        assert_eq!(Samples::default().figure().spread, None);
    }

    #[test]
    fn a_sketch_is_exact_up_to_its_limit_and_then_within_one_percent() {
        let values: Vec<u64> = (0..5_000_u64).map(|n| n * n * 7 % 900_001).collect();
        for count in [512, 513, 5_000] {
            let values = &values[..count];
            let exact = spread(values);
            let sketch = samples(values, Quantiles::Sketch).figure().spread.unwrap();
            assert_eq!(
                (sketch.sum_ms, sketch.min_ms, sketch.max_ms),
                (exact.sum_ms, exact.min_ms, exact.max_ms)
            );
            for (shown, true_one) in [
                (sketch.p50_ms, exact.p50_ms),
                (sketch.p90_ms, exact.p90_ms),
                (sketch.p99_ms, exact.p99_ms),
            ] {
                assert!(
                    shown.abs_diff(true_one) * 100 <= true_one,
                    "{shown} for {true_one} of {count}"
                );
            }
            assert_eq!(count > 512, sketch != exact);
        }
    }

    #[test]
    fn any_split_comes_to_the_same_bits() {
        let values: Vec<u64> = (0..1_500_u64)
            .map(|n| n * n * n % 40_009 * if n % 97 == 0 { 1 << 30 } else { 1 })
            .collect();
        for quantiles in [Quantiles::Exact, Quantiles::Sketch] {
            let mut whole = samples(&values, quantiles);
            whole.sort();
            assert!(whole.is_sound(quantiles));
            for (step, turned) in [
                (1, false),
                (7, true),
                (300, false),
                (513, true),
                (1_400, true),
            ] {
                let mut parts: Vec<Samples> = values
                    .chunks(step)
                    .map(|part| samples(part, quantiles))
                    .collect();
                if turned {
                    parts.reverse();
                }
                let mut merged = Samples::default();
                for part in &parts {
                    merged.merge(part, quantiles);
                }
                merged.sort();
                assert_eq!(merged, whole, "{step}");
            }
        }
    }
}
