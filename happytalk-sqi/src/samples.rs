//! The values of one time in one cell, and what is read off them.

use crate::report::{Spread, TimeFigure};

/// Every value, so that quantiles are exact. Nearly all are below 49 days and take four bytes.
#[derive(Debug, Clone, Default)]
pub(crate) struct Samples {
    short: Vec<u32>,
    long: Vec<u64>,
    sum_ms: u128,
}

impl Samples {
    pub(crate) fn push(&mut self, millis: u64) {
        self.sum_ms += u128::from(millis);
        match u32::try_from(millis) {
            Ok(millis) => self.short.push(millis),
            Err(_) => self.long.push(millis),
        }
    }

    pub(crate) fn figure(&self) -> TimeFigure {
        let count = self.short.len() + self.long.len();
        let mut short = self.short.clone();
        let mut long = self.long.clone();
        short.sort_unstable();
        long.sort_unstable();
        let ranked = Ranked { short, long };
        let spread = (count > 0).then(|| Spread {
            sum_ms: self.sum_ms,
            min_ms: ranked.at(0),
            max_ms: ranked.at(count - 1),
            mean_ms: mean(self.sum_ms, count),
            p50_ms: ranked.quantile(50),
            p90_ms: ranked.quantile(90),
            p99_ms: ranked.quantile(99),
        });
        TimeFigure {
            count: count as u64,
            spread,
        }
    }
}

/// Sum over count, rounded half up.
fn mean(sum: u128, count: usize) -> u64 {
    let count = count as u128;
    // No mean is above the greatest value, which is an `u64`.
    u64::try_from((2 * sum + count) / (2 * count)).unwrap_or(u64::MAX)
}

/// The values in order: every long one is above every short one.
struct Ranked {
    short: Vec<u32>,
    long: Vec<u64>,
}

impl Ranked {
    fn at(&self, rank: usize) -> u64 {
        match self.short.get(rank) {
            Some(value) => u64::from(*value),
            None => self.long.get(rank - self.short.len()).map_or(0, |v| *v),
        }
    }

    /// Linear between ranks ("type 7"), rounded half up.
    fn quantile(&self, percent: usize) -> u64 {
        let last = self.short.len() + self.long.len() - 1;
        let hundredths = last as u128 * percent as u128;
        let rank = last / 100 * percent + last % 100 * percent / 100;
        let below = self.at(rank);
        let above = self.at((rank + 1).min(last));
        let part = u128::from(above - below) * (hundredths % 100);
        // At most `above - below`.
        below + u64::try_from((2 * part + 100) / 200).unwrap_or(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(values: &[u64]) -> Spread {
        let mut samples = Samples::default();
        for value in values {
            samples.push(*value);
        }
        samples.figure().spread.unwrap()
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
}
