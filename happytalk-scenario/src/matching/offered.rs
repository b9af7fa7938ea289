//! What is meant right after a few answers were offered.

use super::places::{Place, place};
use super::yes_or_no;
use crate::normal;

/// The place in a list of so many that the whole text names, from 0.
pub(crate) fn listed(text: &str, count: usize) -> Option<usize> {
    let place = match place(&normal::n1(text))? {
        Place::Last => count.checked_sub(1)?,
        Place::From0(place) => place,
    };
    (place < count).then_some(place)
}

/// What is meant where yes and no are offered, in this order: one of them, or its place.
pub(crate) fn yes_or_no_offered(text: &str) -> Option<bool> {
    yes_or_no(text).or_else(|| listed(text, 2).map(|place| place == 0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_named_or_counted() {
        assert_eq!(listed("2번이요", 3), Some(1));
        assert_eq!(listed("마지막", 3), Some(2));
        assert_eq!(
            (listed("4", 3), listed("마지막", 0), listed("글쎄요", 3)),
            (None, None, None)
        );
        assert_eq!(
            (yes_or_no_offered("네"), yes_or_no_offered("1")),
            (Some(true), Some(true))
        );
        assert_eq!(
            (yes_or_no_offered("아뇨"), yes_or_no_offered("두 번째")),
            (Some(false), Some(false))
        );
        assert_eq!(yes_or_no_offered("3"), None);
    }
}
