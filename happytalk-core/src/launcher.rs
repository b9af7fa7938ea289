//! The floating button of a web page (플로팅 버튼, 둥둥이) that opens a chooser of channels: its document, and what is shown of
//! it at a time.
//!
//! ```
//! use happytalk_core::launcher::Launcher;
//!
//! let launcher = Launcher::read(r#"{
//!     "position": {"corner": "bottom_right", "side_px": 24, "edge_px": 24},
//!     "channels": [
//!         {"channel": "webchat", "account": "shop", "order": 2, "hours": "site"},
//!         {"channel": "kakao_consult", "account": "@shop", "order": 1, "label": "카카오톡 상담", "category": {"main": "주문"}}
//!     ]}"#)?;
//! let closed = |_: &_| false;
//! let shown = launcher.shown(|_, _| true, closed);
//! let names: Vec<&str> = shown.iter().map(|one| one.entry.channel.as_str()).collect();
//! assert_eq!(names, ["kakao_consult"]); // web chat is closed
//! # Ok::<(), happytalk_core::launcher::LauncherError>(())
//! ```

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::channel_name::ChannelName;
use crate::event::Category;
use crate::hours::SiteHours;
use crate::id::{AccountId, Word};
use crate::json::{self, JsonError};
use crate::parameters::{ParameterError, ParameterRules};
use crate::time::Timestamp;

/// The longest names of a category in characters: 대분류 and 중분류, and 소분류.
const CATEGORY_CHARS_MAX: (usize, usize) = (15, 8);

/// The chooser of one page or site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Launcher {
    position: Position,
    entries: Vec<Entry>,
}

/// Where the button floats.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct Position {
    /// The corner of the window. Default: at the bottom, on the right.
    pub corner: Corner,
    /// How far from the left or right side, in CSS pixels.
    pub side_px: u16,
    /// How far from the top or bottom, in CSS pixels.
    pub edge_px: u16,
}

/// A corner of the window.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "a window has four")]
pub enum Corner {
    /// At the bottom, on the right.
    #[default]
    BottomRight,
    /// At the bottom, on the left.
    BottomLeft,
    /// At the top, on the right.
    TopRight,
    /// At the top, on the left.
    TopLeft,
}

/// What becomes of a channel outside its hours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[expect(clippy::exhaustive_enums, reason = "it is shown or not")]
pub enum OutsideHours {
    /// It is not shown.
    #[default]
    Hide,
    /// It is shown, for a bot or for what customers leave until the next day.
    Show,
}

/// A channel of the chooser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Entry {
    /// Which platform.
    pub channel: ChannelName,
    /// Which account of ours.
    pub account: AccountId,
    /// What stands on it; the page knows the platform's own name otherwise. At most 30 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Its place, the lowest first; where two are equal, as in the document. Default: 0.
    #[serde(default)]
    pub order: i32,
    /// Whether it is on. Default: yes. What is off is not shown.
    #[serde(default = "yes")]
    pub on: bool,
    /// The schedule that it keeps to, by name; `site` is the site's own. Without one it is always open.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hours: Option<Word>,
    /// What becomes of it outside its hours.
    #[serde(default)]
    pub outside_hours: OutsideHours,
    /// What a conversation that begins here is about: how one page reaches one team.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub category: Option<Category>,
    /// What such a conversation brings along, within the limits of [`crate::parameters`].
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, String>,
}

const fn yes() -> bool {
    true
}

impl Entry {
    /// The parameters to start a conversation with: its own, and its category as `category_id` and `division_id`.
    #[must_use]
    pub fn start_parameters(&self) -> BTreeMap<String, String> {
        let mut all = self.parameters.clone();
        if let Some(category) = &self.category {
            all.insert("category_id".to_owned(), category.main.to_string());
            if let Some(sub) = &category.sub {
                all.insert("division_id".to_owned(), sub.to_string());
            }
        }
        all
    }
}

/// A channel that is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Shown<'a> {
    /// Which.
    pub entry: &'a Entry,
    /// Whether it is inside its hours.
    pub open: bool,
}

/// Why a document is no launcher, and where: `pointer` is a JSON pointer (RFC 6901).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum LauncherError {
    /// Longer than [`Launcher::BYTES_MAX`].
    #[error("launcher is too long. bytes_max=`{bytes_max}`")]
    TooLong {
        /// How long it may be.
        bytes_max: usize,
    },
    /// Not JSON, or not the documented shape: a member is missing, unknown, or of another kind.
    #[error("{0}")]
    Json(JsonError),
    /// There is no channel, or there are more than [`Launcher::CHANNELS_MAX`].
    #[error(
        "a launcher has 1 to {} channels. count=`{count}`",
        Launcher::CHANNELS_MAX
    )]
    ChannelCount {
        /// How many there are.
        count: usize,
    },
    /// A label or a name of a category that is blank or too long.
    #[error("text is blank or too long. pointer=`{pointer}` chars_max=`{chars_max}`")]
    BadText {
        /// Where.
        pointer: String,
        /// How long it may be.
        chars_max: usize,
    },
    /// A parameter that breaks its limit.
    #[error("parameter cannot be sent. pointer=`{pointer}`")]
    Parameter {
        /// Where.
        pointer: String,
        /// Why.
        #[source]
        source: ParameterError,
    },
    /// The same channel and account once more, and nothing that tells them apart: neither a label nor a category.
    #[error("another entry is for the same. pointer=`{pointer}`")]
    Twice {
        /// Where.
        pointer: String,
    },
}

impl LauncherError {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "launcher.too_long",
            Self::Json(_) => "launcher.json",
            Self::ChannelCount { .. } => "launcher.channel_count",
            Self::BadText { .. } => "launcher.bad_text",
            Self::Parameter { .. } => "launcher.parameter",
            Self::Twice { .. } => "launcher.twice",
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(default)]
    position: Position,
    channels: Vec<Entry>,
}

impl Launcher {
    /// The most bytes of a document: 64 KiB.
    pub const BYTES_MAX: usize = 64 * 1024;
    /// The most channels.
    pub const CHANNELS_MAX: usize = 20;
    /// The longest label, in characters.
    pub const LABEL_CHARS_MAX: usize = 30;

    /// Reads a document: {`position` {`corner` `side_px` `edge_px`} `channels` [{`channel` `account` · `label` `order` `on`
    /// `hours` `outside_hours` `category` `parameters`}]}.
    ///
    /// # Errors
    /// Any variant of [`LauncherError`].
    pub fn read(text: &str) -> Result<Self, LauncherError> {
        if text.len() > Self::BYTES_MAX {
            return Err(LauncherError::TooLong {
                bytes_max: Self::BYTES_MAX,
            });
        }
        let document: Document = json::from_str(text).map_err(LauncherError::Json)?;
        let Document {
            position,
            channels: mut entries,
        } = document;
        if entries.is_empty() || entries.len() > Self::CHANNELS_MAX {
            return Err(LauncherError::ChannelCount {
                count: entries.len(),
            });
        }
        let rules = ParameterRules::strict();
        let mut known = BTreeSet::new();
        for (index, entry) in entries.iter().enumerate() {
            let at = format!("/channels/{index}");
            check(entry, &at, &rules)?;
            let same = (
                entry.channel.clone(),
                entry.account.clone(),
                entry.label.clone(),
                entry.category.clone(),
            );
            if !known.insert(same) {
                return Err(LauncherError::Twice { pointer: at });
            }
        }
        // Those of one order stay as they stand.
        entries.sort_by_key(|entry| entry.order);
        Ok(Self { position, entries })
    }

    /// The document, channels in their order.
    #[must_use]
    pub fn to_json(&self) -> String {
        let document = Document {
            position: self.position,
            channels: self.entries.clone(),
        };
        // Writing to memory does not fail, and every map key is a string.
        serde_json::to_string(&document).unwrap_or_default()
    }

    /// Where the button floats.
    #[must_use]
    pub const fn position(&self) -> Position {
        self.position
    }

    /// The channels, in their order, those that are off too.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// What is shown, in its order. `is_on` says whether an account of a channel can be reached at all (its contract, its
    /// chat function): what is off is not shown. `is_open` says whether the schedule of that name is open.
    #[must_use]
    pub fn shown(
        &self,
        is_on: impl Fn(&ChannelName, &AccountId) -> bool,
        is_open: impl Fn(&Word) -> bool,
    ) -> Vec<Shown<'_>> {
        let on = |entry: &&Entry| entry.on && is_on(&entry.channel, &entry.account);
        let shown = self.entries.iter().filter(on).map(|entry| Shown {
            entry,
            open: entry.hours.as_ref().is_none_or(&is_open),
        });
        shown
            .filter(|shown| shown.open || shown.entry.outside_hours == OutsideHours::Show)
            .collect()
    }

    /// What is shown at `now` by these hours. A schedule that the calendar does not have is closed.
    #[must_use]
    pub fn shown_at(
        &self,
        hours: &SiteHours,
        is_on: impl Fn(&ChannelName, &AccountId) -> bool,
        now: Timestamp,
    ) -> Vec<Shown<'_>> {
        self.shown(is_on, |name| {
            let hours = hours.hours_named(name.as_str());
            hours.is_some_and(|hours| hours.is_open(now))
        })
    }
}

fn check(entry: &Entry, at: &str, rules: &ParameterRules) -> Result<(), LauncherError> {
    let text = |name: &str, text: Option<&str>, chars_max: usize| {
        let length = text.map(|text| (text.trim().is_empty(), text.chars().count()));
        match length {
            Some((is_blank, length)) if is_blank || length > chars_max => {
                Err(LauncherError::BadText {
                    pointer: format!("{at}/{name}"),
                    chars_max,
                })
            }
            _ => Ok(()),
        }
    };
    text("label", entry.label.as_deref(), Launcher::LABEL_CHARS_MAX)?;
    if let Some(category) = &entry.category {
        let (names, extra) = CATEGORY_CHARS_MAX;
        text("category/main", Some(category.main.as_str()), names)?;
        text(
            "category/sub",
            category.sub.as_ref().map(Word::as_str),
            names,
        )?;
        text(
            "category/extra",
            category.extra.as_ref().map(Word::as_str),
            extra,
        )?;
    }
    let taken = rules.take(&entry.start_parameters());
    taken.map(|_| ()).map_err(|source| {
        // A pointer writes `~` as `~0` and `/` as `~1`.
        let name = source
            .name()
            .map(|name| name.replace('~', "~0").replace('/', "~1"));
        let name = name.map_or_else(String::new, |name| format!("/{name}"));
        LauncherError::Parameter {
            pointer: format!("{at}/parameters{name}"),
            source,
        }
    })
}
