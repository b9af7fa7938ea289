//! How long a store that fails is left alone.

use std::time::Duration;

use happytalk_core::time::Timestamp;

/// After the first failure.
const FIRST: Duration = Duration::from_millis(100);
/// After many.
const LONGEST: Duration = Duration::from_secs(10);

/// How long a store that fails is left alone: twice as long after each failure, until it takes something.
#[derive(Debug, Default)]
pub(super) struct Pause {
    failures: u32,
    until: Option<Timestamp>,
}

impl Pause {
    /// The store failed.
    pub(super) fn lengthen(&mut self, now: Timestamp) {
        let span = FIRST
            .saturating_mul(2_u32.saturating_pow(self.failures))
            .min(LONGEST);
        self.failures = self.failures.saturating_add(1);
        self.until = Some(now.plus(span));
    }

    /// It is `now`: the store may be asked once more where the time has come.
    pub(super) fn pass(&mut self, now: Timestamp) {
        self.until = self.until.filter(|until| now < *until);
    }

    /// The store took something.
    pub(super) fn end(&mut self) {
        *self = Self::default();
    }

    /// Until when nobody asks the store on their own.
    pub(super) const fn until(&self) -> Option<Timestamp> {
        self.until
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pause_doubles_up_to_ten_seconds_and_begins_anew_after_a_success() {
        let mut pause = Pause::default();
        let mut now = Timestamp::EPOCH;
        let mut spans = Vec::new();
        for _ in 0..9 {
            pause.lengthen(now);
            let until = pause.until().unwrap();
            pause.pass(now);
            assert_eq!(pause.until(), Some(until));
            spans.push(until.since(now).as_millis());
            now = until;
            pause.pass(now);
            assert_eq!(pause.until(), None);
        }
        assert_eq!(
            spans,
            [100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000]
        );
        pause.end();
        pause.lengthen(now);
        assert_eq!(pause.until(), Some(now.plus(FIRST)));
    }
}
