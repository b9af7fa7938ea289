//! The fixed menu of an account (고정 메뉴).

use serde::{Deserialize, Serialize};

use super::debug_hides;

/// The fixed menu of an account: every customer sees the same one, after their room was opened anew.
///
/// At most 4 entries on each level, at most 3 levels, labels of at most 20 UTF-16 units. A menu without entries takes
/// the menu away.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Menu {
    /// The first level.
    pub entries: Vec<MenuEntry>,
}

impl Menu {
    /// A menu of these entries.
    #[must_use]
    pub const fn new(entries: Vec<MenuEntry>) -> Self {
        Self { entries }
    }
}

/// An entry of the fixed menu.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum MenuEntry {
    /// `TEXT`: comes back as a press of a button.
    Text {
        /// What stands there.
        label: String,
        /// What it carries, at most 1,000 UTF-16 units.
        code: String,
    },
    /// `LINK`: opens a page, or dials a `tel:` address on a phone.
    Link {
        /// What stands there.
        label: String,
        /// The page.
        url: String,
        /// The page on a phone; `url` where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mobile_url: Option<String>,
    },
    /// `NESTED`: opens the next level. Assumed: which holds 4 entries as the first does.
    Nested {
        /// What stands there.
        label: String,
        /// The next level.
        entries: Vec<Self>,
    },
}

debug_hides!(Menu, MenuEntry);
