//! The names of buttons and commands.

use std::fmt;

use smol_str::SmolStr;

/// A button (버튼) of a node or a command (명령) of a scenario, as its author named it. At most 40 bytes.
///
/// A copy takes 24 bytes and counts nothing: traces carry one for every turn.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ButtonId(SmolStr);

impl ButtonId {
    /// Of a document, whose checks look at how it is written.
    pub(crate) fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for ButtonId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ButtonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ButtonId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ButtonId({:?})", self.0)
    }
}
