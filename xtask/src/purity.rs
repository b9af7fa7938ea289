//! Which crates and which source may do no I/O, read no clock and draw no random number.
//!
//! clippy's lists ban single functions; this looks at the whole: the tree of crates, and every path and word of the
//! source that ships.

mod paths;
mod rules;
mod source;
mod tree;

use crate::report::{Failure, conclude};
use crate::workspace::Workspace;

/// Both halves; the trees first, since a crate that came in is the more common fault.
pub(crate) fn run(workspace: &Workspace) -> Result<(), Failure> {
    conclude("purity of the crate trees", tree::check(workspace)?)?;
    conclude("purity of the source", source::check(workspace)?)
}

/// One line of a list: words, then why. Empty lines and `#` comments are no lines.
fn listed(text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
}
