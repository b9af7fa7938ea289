//! What is looked for, and how far.

use std::borrow::Cow;

use crate::normal;

/// Which stages are gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Reach {
    /// 1, 3 and 4: the whole text is the label, or the label with an ending.
    pub(super) whole: bool,
    /// 2: it is the place in the list.
    pub(super) listed: bool,
    /// 5 to 8: the words stand anywhere in the text, or were mistyped.
    pub(super) beyond: bool,
}

impl Reach {
    /// The whole text is the label, or the label with an ending.
    pub(crate) const WHOLE: Self = Self {
        whole: true,
        listed: false,
        beyond: false,
    };
    /// As [`Reach::WHOLE`], and the place in the list.
    pub(crate) const LISTED: Self = Self {
        listed: true,
        ..Self::WHOLE
    };
    /// Every stage.
    pub(crate) const ANYWHERE: Self = Self {
        beyond: true,
        ..Self::LISTED
    };

    /// Without the stages that `tried` has gone through in vain.
    pub(crate) const fn after(self, tried: Self) -> Self {
        Self {
            whole: self.whole && !tried.whole,
            listed: self.listed && !tried.listed,
            beyond: self.beyond && !tried.beyond,
        }
    }
}

/// What was typed, in the forms in which it is compared.
pub(crate) struct Typed<'t> {
    text: &'t str,
    n1: Cow<'t, str>,
}

impl<'t> Typed<'t> {
    pub(crate) fn new(text: &'t str) -> Self {
        Self {
            text,
            n1: normal::n1(text),
        }
    }

    pub(super) fn n1(&self) -> &str {
        &self.n1
    }

    pub(crate) const fn text(&self) -> &'t str {
        self.text
    }
}
