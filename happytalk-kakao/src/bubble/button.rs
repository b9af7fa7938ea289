//! What can be pressed in a bubble.

use std::fmt;

use happytalk_core::content::{Button, ButtonAction};
use serde::{Deserialize, Serialize};

use super::check::is_web;
use crate::error::Error;

/// A button, or a quick reply.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct BubbleButton {
    /// What stands on it: at most 14 characters, unless
    /// [set otherwise](crate::Config::with_button_label_chars_max) for buttons.
    pub label: String,
    /// What pressing it does.
    pub press: Press,
}

impl BubbleButton {
    /// A button.
    #[must_use]
    pub fn new(label: impl Into<String>, press: Press) -> Self {
        let label = label.into();
        Self { label, press }
    }

    /// What Kakao has for a button of any channel.
    pub(super) fn from_content(button: &Button) -> Result<Self, Error> {
        let value = button.value.as_str();
        let carried = || (!value.is_empty()).then(|| value.to_owned());
        let targets = button.targets.clone().unwrap_or_default();
        let press = match button.action {
            // The customer sends the label, and `extra` comes back beside it.
            ButtonAction::Postback | ButtonAction::Agent => Press::Keyword { extra: carried() },
            ButtonAction::Bot => Press::Bot { event: carried() },
            ButtonAction::Url => Press::Web(WebLink {
                mobile: targets.web.unwrap_or_else(|| value.to_owned()),
                pc: targets.pc,
                outside: false,
            }),
            ButtonAction::App => {
                // The value is the web page where it is one, and otherwise the scheme of whichever device has none.
                let scheme = || (!is_web(value)).then(carried).flatten();
                let page = || is_web(value).then(carried).flatten();
                Press::App(AppLink {
                    android: targets.android.or_else(scheme),
                    ios: targets.ios.or_else(scheme),
                    mobile: targets.web.or_else(page),
                    pc: targets.pc,
                })
            }
            ButtonAction::Phone => {
                let what = "phone button";
                return Err(Error::NotCarried { what });
            }
            _ => {
                let what = "button of this action";
                return Err(Error::NotCarried { what });
            }
        };
        Ok(Self::new(button.label.clone(), press))
    }
}

/// What pressing does. Kakao's own code stands beside each.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum Press {
    /// Opens a web page: `WL`.
    Web(WebLink),
    /// Opens an app: `AL`.
    App(AppLink),
    /// The customer says the label: `BK`.
    Keyword {
        /// What comes back beside it: at most 50 of `[A-Za-z0-9_]`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        extra: Option<String>,
    },
    /// The customer says the label and the words of the bubble: `MD`. In HappyTalk's first generation
    /// [unconfirmed](crate::Config::with_unconfirmed).
    Deliver {
        /// What comes back beside it: at most 50 of `[A-Za-z0-9_]`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        extra: Option<String>,
    },
    /// Hands over to the channel's bot, which ends the session: `BT`.
    Bot {
        /// The bot's event: at most 50 of `[A-Za-z0-9_]`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        event: Option<String>,
    },
    /// Opens a form of Kakao's (비즈니스폼): `BF`. [Unconfirmed](crate::Config::with_unconfirmed).
    Form {
        /// The form's key.
        key: String,
    },
}

impl Press {
    /// Kakao's own code.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Web(_) => "WL",
            Self::App(_) => "AL",
            Self::Keyword { .. } => "BK",
            Self::Deliver { .. } => "MD",
            Self::Bot { .. } => "BT",
            Self::Form { .. } => "BF",
        }
    }
}

/// A web page, by `http` or `https`.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct WebLink {
    /// On a phone, and where no other is named.
    pub mobile: String,
    /// On a computer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pc: Option<String>,
    /// Whether it opens outside of KakaoTalk's own browser.
    #[serde(default, skip_serializing_if = "super::is_false")]
    pub outside: bool,
}

impl WebLink {
    /// A page for every device, in KakaoTalk's own browser.
    #[must_use]
    pub fn new(mobile: impl Into<String>) -> Self {
        Self {
            mobile: mobile.into(),
            pc: None,
            outside: false,
        }
    }
}

/// An app: two of `android`, `ios` and `mobile` are needed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct AppLink {
    /// The Android scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub android: Option<String>,
    /// The iOS scheme.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ios: Option<String>,
    /// The web page on a phone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mobile: Option<String>,
    /// The web page on a computer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pc: Option<String>,
}

impl AppLink {
    /// A link that leads nowhere yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

impl fmt::Debug for Press {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Press({})", self.code())
    }
}

macro_rules! debug_hides {
    ($($name:ident),*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "(..)"))
            }
        }
    )*};
}
debug_hides!(BubbleButton, WebLink, AppLink);
