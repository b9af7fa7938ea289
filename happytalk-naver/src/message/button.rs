//! Buttons, as TalkTalk alone knows them.

use serde::{Deserialize, Serialize};

use super::debug_hides;
use super::payment::Payment;
use super::picker::{Calendar, TimeInterval};

/// A button. How long its label may be depends on where it stands: 18 on a card, 10 inside a menu and in a quick reply,
/// 4 on a row (UTF-16 units).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
#[non_exhaustive]
pub enum Button {
    /// `TEXT`: the label comes back as the customer's words, and `code` with it, which they never see.
    Text {
        /// What stands on it.
        label: String,
        /// What it carries, at most 1,000 UTF-16 units.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// `LINK`: opens a page, or dials a `tel:` address on a phone.
    Link {
        /// What stands on it.
        label: String,
        /// The page.
        url: String,
        /// The page on a phone; `url` where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        mobile_url: Option<String>,
        /// Where the page opens over the room on a phone instead of in its place.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        webview: Option<Webview>,
    },
    /// `OPTION`: opens a menu of words, links, payments and pickers. On cards alone.
    Menu {
        /// What stands on it.
        label: String,
        /// What the menu holds, 1 to 10.
        buttons: Vec<Self>,
    },
    /// `PAY`: opens the window of Naver Pay (네이버페이 결제). Not on rows.
    Pay {
        /// What is paid for.
        payment: Box<Payment>,
    },
    /// `TIME`: a time of the day, which comes back as `HH:mm` with the input `time`.
    Time {
        /// What stands on it; `시간 선택하기` where there is none.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        label: Option<String>,
        /// What it carries.
        code: String,
    },
    /// `TIMEINTERVAL`: one of the times that are offered; comes back as `HH:mm` with the input `timeInterval`.
    TimeInterval(TimeInterval),
    /// `CALENDAR`: a day as `yyyyMMdd`, or a range of days; comes back with the input `calendar`.
    Calendar(Calendar),
}

impl Button {
    /// A button that sends `code` back.
    #[must_use]
    pub fn text(label: impl Into<String>, code: impl Into<String>) -> Self {
        Self::Text {
            label: label.into(),
            code: Some(code.into()),
        }
    }

    /// A button that opens a page.
    #[must_use]
    pub fn link(label: impl Into<String>, url: impl Into<String>) -> Self {
        Self::Link {
            label: label.into(),
            url: url.into(),
            mobile_url: None,
            webview: None,
        }
    }
}

/// A page that opens over the room on a phone (웹뷰). It must be `https`; it cannot submit a form or redirect, closes
/// itself with `TalkWebview.close()`, and others may fetch its address first, so a token for one use breaks in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct Webview {
    /// What stands above it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// How much of the screen it takes, in percent: 30 to 90, 70 where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height_percent: Option<u8>,
}

impl Webview {
    /// A page of the height that the platform gives it.
    #[must_use]
    pub const fn new() -> Self {
        Self {
            title: None,
            height_percent: None,
        }
    }
}

impl Default for Webview {
    fn default() -> Self {
        Self::new()
    }
}

debug_hides!(Button, Webview);
