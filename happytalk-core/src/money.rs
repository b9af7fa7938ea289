//! Won, exact to a thousandth.

use std::fmt;

use serde::{Deserialize, Serialize};

/// South Korean won in thousandths, so that 6.5 won a message is exact. May be negative.
///
/// Serialised as the number of thousandths (`mwon`). Arithmetic is checked: `None`, never a wrap.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Won {
    millis: i64,
}

/// What becomes of a part of a won where an amount must be whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Rounding {
    /// Towards minus infinity (절사 of a positive amount).
    Floor,
    /// To the nearest; a half goes away from zero (반올림).
    HalfUp,
}

impl Won {
    /// No money.
    pub const ZERO: Self = Self { millis: 0 };

    /// Whole won, or `None` past ±9.2 quadrillion.
    #[must_use]
    pub const fn from_won(won: i64) -> Option<Self> {
        match won.checked_mul(1_000) {
            Some(millis) => Some(Self { millis }),
            None => None,
        }
    }

    /// Thousandths of a won.
    #[must_use]
    pub const fn from_millis(millis: i64) -> Self {
        Self { millis }
    }

    /// The amount in thousandths of a won.
    #[must_use]
    pub const fn as_millis(self) -> i64 {
        self.millis
    }

    /// The sum, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_add(self, other: Self) -> Option<Self> {
        match self.millis.checked_add(other.millis) {
            Some(millis) => Some(Self { millis }),
            None => None,
        }
    }

    /// The difference, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_sub(self, other: Self) -> Option<Self> {
        match self.millis.checked_sub(other.millis) {
            Some(millis) => Some(Self { millis }),
            None => None,
        }
    }

    /// `count` times the amount, or `None` when it does not fit.
    #[must_use]
    pub const fn checked_mul(self, count: i64) -> Option<Self> {
        match self.millis.checked_mul(count) {
            Some(millis) => Some(Self { millis }),
            None => None,
        }
    }

    /// The amount with its sign turned, or `None` for the one amount that has no opposite.
    #[must_use]
    pub const fn checked_neg(self) -> Option<Self> {
        match self.millis.checked_neg() {
            Some(millis) => Some(Self { millis }),
            None => None,
        }
    }

    /// `part` of `whole` of the amount in whole won: `floor(self × part / whole)` and its like.
    /// `None` when `whole` is 0 or the result does not fit.
    #[must_use]
    pub fn share(self, part: u32, whole: u32, rounding: Rounding) -> Option<Self> {
        let numerator = i128::from(self.millis).checked_mul(i128::from(part))?;
        let denominator = i128::from(whole).checked_mul(1_000)?;
        let won = divide(numerator, denominator, rounding)?;
        i64::try_from(won).ok().and_then(Self::from_won)
    }

    /// Whole won, rounded as named.
    #[must_use]
    pub fn to_won(self, rounding: Rounding) -> i64 {
        let won = divide(i128::from(self.millis), 1_000, rounding);
        won.and_then(|won| i64::try_from(won).ok())
            .unwrap_or(self.millis / 1_000)
    }
}

fn divide(numerator: i128, denominator: i128, rounding: Rounding) -> Option<i128> {
    if denominator <= 0 {
        return None;
    }
    match rounding {
        Rounding::Floor => Some(numerator.div_euclid(denominator)),
        Rounding::HalfUp => {
            let doubled = numerator.abs().checked_mul(2)?.checked_add(denominator)?;
            Some(doubled / denominator.checked_mul(2)? * numerator.signum())
        }
    }
}

/// Won with thousands separators, and the thousandths where there are any: `-1,234.5`.
impl fmt::Display for Won {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = (self.millis.unsigned_abs() / 1_000).to_string();
        let mut text = String::new();
        if self.millis < 0 {
            text.push('-');
        }
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                text.push(',');
            }
            text.push(digit);
        }
        let part = self.millis.unsigned_abs() % 1_000;
        if part > 0 {
            text.push('.');
            text.push_str(format!("{part:03}").trim_end_matches('0'));
        }
        f.pad(&text)
    }
}

impl fmt::Debug for Won {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Won({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_of_a_fee_is_cut_to_the_won() {
        // DOMAIN 11.4: one Pro account added on 17 June, 14 of 30 days.
        let fee = Won::from_won(85_000).unwrap();
        assert_eq!(fee.share(14, 30, Rounding::Floor), Won::from_won(39_666));
        assert_eq!(fee.share(14, 30, Rounding::HalfUp), Won::from_won(39_667));
        assert_eq!(fee.share(1, 0, Rounding::Floor), None);
    }

    #[test]
    fn halves_go_away_from_zero_and_floors_go_down() {
        assert_eq!(Won::from_millis(1_500).to_won(Rounding::HalfUp), 2);
        assert_eq!(Won::from_millis(-1_500).to_won(Rounding::HalfUp), -2);
        assert_eq!(Won::from_millis(-1_500).to_won(Rounding::Floor), -2);
        assert_eq!(Won::from_millis(1_500).to_won(Rounding::Floor), 1);
    }

    #[test]
    fn an_amount_is_written_as_people_write_it() {
        assert_eq!(Won::from_millis(-1_234_567_500).to_string(), "-1,234,567.5");
        assert_eq!(Won::from_millis(900_000).to_string(), "900");
        assert_eq!(Won::from_millis(6_500).to_string(), "6.5");
    }

    #[test]
    fn no_sum_wraps() {
        let most = Won::from_millis(i64::MAX);
        assert_eq!(most.checked_add(Won::from_millis(1)), None);
        assert_eq!(most.checked_mul(2), None);
        assert_eq!(Won::from_won(i64::MAX), None);
        assert_eq!(Won::from_millis(i64::MIN).checked_neg(), None);
    }
}
