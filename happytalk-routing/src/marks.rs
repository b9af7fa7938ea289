//! Marks on numbered things.

use std::marker::PhantomData;

use crate::slab::Number;

/// Which of the things of one kind are marked: a bit each, in the order of their numbers.
#[derive(Debug, Clone)]
pub(crate) struct Marks<N> {
    words: Vec<u64>,
    count: u32,
    number: PhantomData<N>,
}

impl<N> Default for Marks<N> {
    fn default() -> Self {
        Self {
            words: Vec::new(),
            count: 0,
            number: PhantomData,
        }
    }
}

impl<N: Number> Marks<N> {
    #[inline]
    pub(crate) fn set(&mut self, number: N, marked: bool) {
        let (word, bit) = (number.place() / 64, number.place() % 64);
        if word >= self.words.len() {
            if !marked {
                return;
            }
            self.words.resize(word + 1, 0);
        }
        let Some(word) = self.words.get_mut(word) else {
            return;
        };
        let was = *word >> bit & 1 == 1;
        match (was, marked) {
            (false, true) => self.count += 1,
            (true, false) => self.count -= 1,
            _ => return,
        }
        *word ^= 1 << bit;
    }

    pub(crate) const fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The one that is marked, where it is the only one.
    pub(crate) fn only(&self) -> Option<N> {
        if self.count != 1 {
            return None;
        }
        let mut words = (0_u32..).step_by(64).zip(&self.words);
        let (first, word) = words.find(|(_, word)| **word != 0)?;
        Some(N::from_place(first + word.trailing_zeros()))
    }

    pub(crate) fn clear(&mut self) {
        self.words.clear();
        self.count = 0;
    }

    /// The marked ones, the lowest number first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = N> {
        let words = match self.is_empty() {
            true => &[],
            false => self.words.as_slice(),
        };
        let words = (0_u32..).step_by(64).zip(words);
        words.flat_map(|(first, word)| {
            let mut rest = *word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(N::from_place(first + bit))
            })
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slab::ShelfNo;

    #[test]
    fn what_is_marked_comes_in_order_and_once() {
        let no = ShelfNo::from_place;
        let mut marks = Marks::default();
        for place in [130, 0, 63, 64, 63, 7] {
            marks.set(no(place), true);
        }
        marks.set(no(7), false);
        marks.set(no(7), false);
        marks.set(no(999), false);
        assert!(marks.iter().eq([0, 63, 64, 130].map(no)));
        for place in [0, 63, 64, 130] {
            assert!(!marks.is_empty());
            assert_eq!(marks.only(), (place == 130).then_some(no(130)));
            marks.set(no(place), false);
        }
        assert_eq!(marks.only(), None);
        assert!(marks.is_empty() && marks.iter().next().is_none());
    }
}
