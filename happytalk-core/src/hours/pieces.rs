//! Sets of minutes of a day.

use super::clock_time::DAY;

/// Minutes of a wall clock, `[from, until)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Piece {
    pub(super) from: u16,
    pub(super) until: u16,
}

impl Piece {
    pub(super) const fn new(from: u16, until: u16) -> Self {
        Self { from, until }
    }

    /// What of it lies on the day on which it starts.
    pub(super) fn today(self) -> Self {
        Self::new(self.from.min(DAY), self.until.min(DAY))
    }

    /// What of it lies on the day after, in the minutes of that day.
    pub(super) const fn tomorrow(self) -> Self {
        Self::new(
            self.from.saturating_sub(DAY),
            self.until.saturating_sub(DAY),
        )
    }

    pub(super) const fn holds(self, minute: u16) -> bool {
        self.from <= minute && minute < self.until
    }

    pub(super) const fn is_empty(self) -> bool {
        self.until <= self.from
    }
}

/// What of `open` is not in `taken`: sorted, apart, and none of them empty.
pub(super) fn without(
    open: impl Iterator<Item = Piece>,
    taken: impl Iterator<Item = Piece>,
) -> Vec<Piece> {
    let taken = merged(taken.collect());
    let mut left = Vec::new();
    for piece in merged(open.collect()) {
        let mut from = piece.from;
        for hole in &taken {
            if hole.from >= piece.until {
                break;
            }
            if hole.until > from {
                left.push(Piece::new(from, hole.from));
                from = hole.until;
            }
        }
        left.push(Piece::new(from, piece.until));
    }
    left.retain(|piece| !piece.is_empty());
    left
}

/// The same minutes, sorted; what overlaps or touches is one.
fn merged(mut pieces: Vec<Piece>) -> Vec<Piece> {
    pieces.retain(|piece| !piece.is_empty());
    pieces.sort_unstable();
    pieces.dedup_by(|later, earlier| {
        let joins = later.from <= earlier.until;
        if joins {
            earlier.until = earlier.until.max(later.until);
        }
        joins
    });
    pieces
}

#[cfg(test)]
mod tests {
    use proptest::prelude::{Strategy, any};
    use proptest::{collection, prop_assert, prop_assert_eq, proptest};

    use super::*;

    fn pieces() -> impl Strategy<Value = Vec<Piece>> {
        let piece = (any::<u16>(), any::<u16>());
        let piece = piece.prop_map(|(from, until)| Piece::new(from % 60, until % 60));
        collection::vec(piece, 0..6)
    }

    proptest! {
        #[test]
        fn a_minute_is_left_when_it_is_open_and_not_taken(open in pieces(), taken in pieces()) {
            let left = without(open.iter().copied(), taken.iter().copied());
            let within = |set: &[Piece], minute| set.iter().any(|piece| piece.holds(minute));
            for minute in 0..61 {
                let expected = within(&open, minute) && !within(&taken, minute);
                prop_assert_eq!(within(&left, minute), expected, "minute {}", minute);
            }
            prop_assert!(left.windows(2).all(|pair| pair[0].until < pair[1].from));
        }
    }
}
