//! The fixed menu (고정 메뉴) of an account.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "persistentMenu 이벤트" (read 2026-11-21)

use happytalk_core::content::{Button, ButtonAction};
use serde::Serialize;

use super::button::{CODE_MAX, pages, tel};
use super::{at_most, filled, not_empty, within};
use crate::error::Error;
use crate::message::{Menu, MenuEntry};

/// The most entries of a level. Assumed for the levels below the first, of which no page says it.
pub(crate) const ENTRIES_MAX: usize = 4;
/// The most levels.
const LEVELS_MAX: usize = 3;
/// The longest title, in UTF-16 units.
const LABEL_MAX: usize = 20;

/// The platform takes a list of menus and uses the first; no menu at all takes it away.
#[derive(Debug, Serialize)]
pub(super) struct MenuContent<'a> {
    menus: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
struct Entry<'a> {
    r#type: &'static str,
    data: EntryData<'a>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct EntryData<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    menus: Option<Vec<Entry<'a>>>,
}

impl<'a> MenuContent<'a> {
    /// The menu of buttons that every channel knows.
    pub(super) fn new(buttons: &'a [Button]) -> Result<Vec<Self>, Error> {
        at_most("menu.entries", buttons.len(), ENTRIES_MAX)?;
        let entries = buttons.iter().map(Entry::new);
        Ok(Self::list(entries.collect::<Result<_, _>>()?))
    }

    /// The menu, with its levels.
    pub(super) fn of(menu: &'a Menu) -> Result<Vec<Self>, Error> {
        Ok(Self::list(level(&menu.entries, LEVELS_MAX)?))
    }

    fn list(menus: Vec<Entry<'a>>) -> Vec<Self> {
        let there = (!menus.is_empty()).then_some(Self { menus });
        there.into_iter().collect()
    }
}

/// One level, with at most `levels` counting itself.
fn level(entries: &[MenuEntry], levels: usize) -> Result<Vec<Entry<'_>>, Error> {
    let Some(below) = levels.checked_sub(1) else {
        return Err(Error::OverLimit {
            place: "menu.levels",
            count: LEVELS_MAX + 1,
            count_max: LEVELS_MAX,
        });
    };
    at_most("menu.entries", entries.len(), ENTRIES_MAX)?;
    entries
        .iter()
        .map(|entry| Entry::of(entry, below))
        .collect()
}

impl<'a> Entry<'a> {
    fn new(button: &'a Button) -> Result<Self, Error> {
        let title = within("menu.label", &button.label, LABEL_MAX)?;
        let value = filled(Some(&button.value));
        let missing = Error::Empty {
            place: "menu.value",
        };
        match button.action {
            // The platform wants a code; where there is none, the label says as much.
            ButtonAction::Postback | ButtonAction::Agent => {
                Self::text(title, value.unwrap_or(title))
            }
            ButtonAction::Url => {
                let (url, mobile_url) = pages(button, value).ok_or(missing)?;
                Ok(Self::link(title, url, Some(mobile_url)))
            }
            ButtonAction::App => {
                let page = value.filter(|value| value.starts_with("http"));
                let (url, mobile_url) =
                    pages(button, page).ok_or(Error::Unsupported { what: "button.app" })?;
                Ok(Self::link(title, url, Some(mobile_url)))
            }
            ButtonAction::Phone => Ok(Self::link(title, tel(value.ok_or(missing)?), None)),
            ButtonAction::Bot => Err(Error::Unsupported { what: "button.bot" }),
            _ => Err(Error::Unsupported { what: "button" }),
        }
    }

    fn of(entry: &'a MenuEntry, levels_below: usize) -> Result<Self, Error> {
        let title = |label: &'a str| within("menu.label", label, LABEL_MAX);
        match entry {
            MenuEntry::Text { label, code } => Self::text(title(label)?, code),
            MenuEntry::Link {
                label,
                url,
                mobile_url,
            } => {
                let url = not_empty("menu.url", url)?.to_owned();
                let mobile_url = filled(mobile_url.as_deref()).map(ToOwned::to_owned);
                Ok(Self::link(title(label)?, url, mobile_url))
            }
            MenuEntry::Nested { label, entries } => {
                let title = title(label)?;
                let menus = level(entries, levels_below)?;
                if menus.is_empty() {
                    return Err(Error::Empty {
                        place: "menu.entries",
                    });
                }
                let data = EntryData {
                    title,
                    menus: Some(menus),
                    ..EntryData::default()
                };
                Ok(Self {
                    r#type: "NESTED",
                    data,
                })
            }
        }
    }

    fn text(title: &'a str, code: &'a str) -> Result<Self, Error> {
        let data = EntryData {
            title,
            code: Some(within("menu.code", code, CODE_MAX)?),
            ..EntryData::default()
        };
        Ok(Self {
            r#type: "TEXT",
            data,
        })
    }

    fn link(title: &'a str, url: String, mobile_url: Option<String>) -> Self {
        let data = EntryData {
            title,
            url: Some(url),
            mobile_url,
            ..EntryData::default()
        };
        Self {
            r#type: "LINK",
            data,
        }
    }
}
