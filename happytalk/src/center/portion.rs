//! How much goes into one batch, and what becomes of one that the store refuses for what it says.

use happytalk_core::call::CallOutcome;
use happytalk_core::effect::EffectResult;

use super::ContactCenter;
use super::transaction::Transaction;

/// What one batch is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Portion {
    /// All that waits.
    All,
    /// What is due by the clock and the results of effects, and nothing that came in.
    Own,
    /// The first of what came in, alone.
    One,
}

/// The portions of the next batches: all that waits, or, once a store has refused that for what it says, its parts one
/// after the other, so that whatever it is does not take the rest with it.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) enum Portions {
    #[default]
    All,
    /// First the centre's own, then so many one by one.
    Apart(usize),
    /// So many one by one.
    OneByOne(usize),
}

impl Portions {
    /// Takes the next portion.
    pub(super) const fn next(&mut self) -> Portion {
        let (portion, then) = match *self {
            Self::All => (Portion::All, Self::All),
            Self::Apart(0) => (Portion::Own, Self::All),
            Self::Apart(jobs) => (Portion::Own, Self::OneByOne(jobs)),
            Self::OneByOne(0 | 1) => (Portion::One, Self::All),
            Self::OneByOne(jobs) => (Portion::One, Self::OneByOne(jobs - 1)),
        };
        *self = then;
        portion
    }

    /// The centre's own once more, before what is left.
    pub(super) const fn own_again(&mut self) {
        if let Self::All = *self {
            *self = Self::Apart(0);
        } else if let Self::OneByOne(jobs) = *self {
            *self = Self::Apart(jobs);
        }
    }
}

impl ContactCenter {
    /// Makes smaller portions of what the store refused for what it says. Says whether there is another way to try.
    pub(super) fn take_apart(&mut self, mut transaction: Transaction) -> bool {
        match transaction.portion {
            Portion::All => {
                self.portions = Portions::Apart(transaction.jobs.len());
                self.waiting.splice(0..0, transaction.jobs);
                true
            }
            Portion::One => {
                let code = transaction.failure_code();
                for job in transaction.jobs.drain(..) {
                    job.turn_away(code);
                    self.delivered.passed_over.push(code);
                }
                true
            }
            Portion::Own => {
                // What another system answered is all that comes from outside.
                let answers = self
                    .done
                    .iter_mut()
                    .filter_map(|done| match &mut done.result {
                        EffectResult::Called(outcome) if *outcome != CallOutcome::Error => {
                            Some(outcome)
                        }
                        _ => None,
                    });
                let answers = answers.map(|outcome| *outcome = CallOutcome::Error);
                let has_answers = answers.count() > 0;
                if has_answers {
                    self.portions.own_again();
                } else {
                    // The clock's: the desk would put it into every other batch too.
                    self.portions = Portions::All;
                    transaction.jobs.append(&mut self.waiting);
                    self.fail(transaction);
                }
                has_answers
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_refused_is_taken_apart_and_then_all_goes_together_again() {
        let mut portions = Portions::default();
        assert_eq!(portions.next(), Portion::All);
        portions = Portions::Apart(2);
        let taken: Vec<_> = (0..5).map(|_| portions.next()).collect();
        let (all, own, one) = (Portion::All, Portion::Own, Portion::One);
        assert_eq!(taken, [own, one, one, all, all]);
        portions = Portions::Apart(0);
        assert_eq!([portions.next(), portions.next()], [own, all]);
        portions = Portions::Apart(1);
        assert_eq!(portions.next(), own);
        portions.own_again();
        let taken: Vec<_> = (0..3).map(|_| portions.next()).collect();
        assert_eq!(taken, [own, one, all]);
    }
}
