//! Values of dimensions as small numbers.

use crate::lookup::Lookup;

/// A value of a dimension. Two are equal where their texts are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Label(usize);

impl Label {
    /// `(none)`.
    pub(crate) const NONE: Self = Self(0);
}

/// The texts of the labels.
#[derive(Debug, Clone)]
pub(crate) struct Labels {
    numbers: Lookup<Box<str>, Label>,
    texts: Vec<Box<str>>,
}

impl Labels {
    /// What stands for a missing value.
    pub(crate) const NONE: &'static str = "(none)";

    pub(crate) fn new() -> Self {
        let mut labels = Self {
            numbers: Lookup::default(),
            texts: Vec::new(),
        };
        labels.of(Self::NONE);
        labels
    }

    /// The label of `text`.
    pub(crate) fn of(&mut self, text: &str) -> Label {
        if let Some(label) = self.numbers.get(text) {
            return *label;
        }
        let label = Label(self.texts.len());
        self.texts.push(text.into());
        self.numbers.insert(text.into(), label);
        label
    }

    pub(crate) fn text(&self, label: Label) -> &str {
        self.texts.get(label.0).map_or(Self::NONE, |text| text)
    }
}
