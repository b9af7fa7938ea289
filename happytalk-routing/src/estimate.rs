//! How long a place in the line takes.

use std::collections::VecDeque;
use std::time::Duration;

use happytalk_core::Timestamp;

/// How long somebody at a place will wait, as far as the last hour tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Estimate {
    /// One in ten waits less than this.
    pub low: Duration,
    /// Place × mean handling time ÷ slots of the accepting agents, in whole seconds, rounded up.
    pub middle: Duration,
    /// One in ten waits more than this.
    pub high: Duration,
}

const MINUTE_MILLIS: i64 = 60_000;
const HOUR_MINUTES: i64 = 60;
/// Thousandths. Of the normal distribution one in ten lies beyond 1.282 deviations.
const DEVIATIONS: i128 = 1_282;

impl Estimate {
    /// The place counts from 1; `handled` is how many conversations took `total_millis`, all together.
    ///
    /// Slots that become free at a steady rate make the wait for the k-th one a sum of k alike waits (an Erlang
    /// distribution). Its tenths are taken by the cube-root rule of Wilson and Hilferty.
    pub(crate) fn new(place: u32, handled: u64, total_millis: u64, slots: u64) -> Option<Self> {
        let per = u128::from(slots).checked_mul(u128::from(handled))?;
        if per == 0 {
            return None;
        }
        let mean = u128::from(place) * u128::from(total_millis);
        let seconds = mean.div_ceil(per).div_ceil(1000);
        Some(Self {
            low: spread(place, mean, per, -DEVIATIONS)?,
            middle: Duration::from_secs(u64::try_from(seconds).ok()?),
            high: spread(place, mean, per, DEVIATIONS)?,
        })
    }
}

/// `mean / per × (1 − 1/(9k) + z/(3√k))³`, in whole seconds rounded up.
fn spread(place: u32, mean: u128, per: u128, deviations: i128) -> Option<Duration> {
    const UNIT: i128 = 1_000_000;
    let k = i128::from(place.max(1));
    let root = i128::try_from(u128::try_from(k * UNIT * UNIT).ok()?.isqrt()).ok()?;
    let factor = UNIT - UNIT / (9 * k) + deviations * UNIT * UNIT / (3 * 1000 * root);
    let factor = u128::try_from(factor.max(0)).ok()?;
    let unit = u128::try_from(UNIT).ok()?;
    let cubed = factor * factor / unit * factor / unit;
    let millis = mean.checked_mul(cubed)? / unit / per;
    Some(Duration::from_secs(
        u64::try_from(millis.div_ceil(1000)).ok()?,
    ))
}

/// How many conversations were handled and how long that took, by the minute in which they were over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Handled(VecDeque<(i64, u64, u64)>);

impl Handled {
    pub(crate) fn add(&mut self, span: Duration, now: Timestamp) {
        let minute = now.as_millis().div_euclid(MINUTE_MILLIS);
        let millis = crate::millis(span);
        match self.0.back_mut() {
            Some((last, count, total)) if *last == minute => {
                *count += 1;
                *total = total.saturating_add(millis);
            }
            _ => self.0.push_back((minute, 1, millis)),
        }
        while let Some((first, ..)) = self.0.front()
            && *first <= minute - HOUR_MINUTES
        {
            self.0.pop_front();
        }
    }

    /// How many in the last hour, to the minute, and how long that took.
    pub(crate) fn last_hour(&self, now: Timestamp) -> (u64, u64) {
        let minute = now.as_millis().div_euclid(MINUTE_MILLIS);
        let recent = self.0.iter().filter(|(at, ..)| *at > minute - HOUR_MINUTES);
        recent.fold((0, 0), |(count, total), (_, n, millis)| {
            (count + n, total.saturating_add(*millis))
        })
    }

    pub(crate) fn entries(&self) -> impl Iterator<Item = (i64, u64, u64)> {
        self.0.iter().copied()
    }

    pub(crate) fn from_entries(entries: impl IntoIterator<Item = (i64, u64, u64)>) -> Self {
        Self(entries.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_is_the_place_times_the_mean_over_the_slots() {
        // DOMAIN 3.5: position 3, AHT 300 s, nine slots.
        let estimate = Estimate::new(3, 4, 1_200_000, 9).unwrap();
        assert_eq!(estimate.middle, Duration::from_secs(100));
        assert_eq!(Estimate::new(3, 4, 1_200_000, 0), None);
        assert_eq!(Estimate::new(3, 0, 0, 9), None);
    }

    #[test]
    fn the_tenths_are_those_of_the_distribution() {
        // Means of k: the tenths of Erlang(k, 1) are 0.1054, 2.3026 (k = 1), 0.5318, 3.8897 (k = 2), 6.2213, 14.2060 (k = 10).
        for (place, low, high) in [(1, 105, 2303), (2, 532, 3890), (10, 6221, 14_206)] {
            let it = Estimate::new(place, 1, 1_000_000, 1).unwrap();
            let near = |got: Duration, wanted: u64| {
                let off = got.as_secs().abs_diff(wanted);
                assert!(off <= 30, "{place}: {got:?} for {wanted}");
            };
            near(it.low, low);
            near(it.high, high);
        }
    }
}
