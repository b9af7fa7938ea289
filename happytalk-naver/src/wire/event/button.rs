//! Buttons, which are alike in every place but for the length of their titles and a few that do not stand everywhere.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "버튼", "퀵버튼", ui_component_v1.md (read 2026-11-21)

use happytalk_core::content::{Button, ButtonAction};
use serde::Serialize;

use super::payment::PaymentInfo;
use super::picker::PickerOptions;
use super::{at_most, filled, within};
use crate::error::Error;
use crate::message::{self, Webview};

/// The longest title of a button on a composite, in UTF-16 units.
pub(crate) const LABEL_MAX: usize = 18;
/// The longest title of a quick reply and of a button inside a menu, in UTF-16 units.
pub(crate) const QUICK_REPLY_LABEL_MAX: usize = 10;
/// The longest title of a row's button, in UTF-16 units: the platform's table says 10, a comment in its sample 4.
pub(crate) const ROW_LABEL_MAX: usize = 4;
/// The most quick replies of a message. Assumed: the platform states a number only for other lists of buttons.
pub(crate) const QUICK_REPLIES_MAX: usize = 10;
/// The most buttons inside a menu (`OPTION`).
const MENU_BUTTONS_MAX: usize = 10;
/// The longest code of a button, in UTF-16 units.
pub(crate) const CODE_MAX: usize = 1_000;
/// How much of the screen a webview takes, in percent.
const WEBVIEW_HEIGHTS: (u64, u64) = (30, 90);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct QuickReply<'a> {
    button_list: Vec<WireButton<'a>>,
}

impl<'a> QuickReply<'a> {
    /// The quick replies below a message; nothing where there are none.
    pub(super) fn new(buttons: &[&'a Button]) -> Result<Option<Self>, Error> {
        let list = buttons
            .iter()
            .map(|button| WireButton::new(button, Place::QUICK_REPLY));
        Self::of_list(list)
    }

    /// The same, of buttons that TalkTalk alone knows.
    pub(super) fn of(buttons: &'a [message::Button]) -> Result<Option<Self>, Error> {
        let list = buttons
            .iter()
            .map(|button| WireButton::of(button, Place::QUICK_REPLY));
        Self::of_list(list)
    }

    fn of_list(
        list: impl ExactSizeIterator<Item = Result<WireButton<'a>, Error>>,
    ) -> Result<Option<Self>, Error> {
        at_most("quick_replies", list.len(), QUICK_REPLIES_MAX)?;
        let button_list = list.collect::<Result<Vec<_>, _>>()?;
        Ok((!button_list.is_empty()).then_some(Self { button_list }))
    }
}

/// Where a button stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    label: &'static str,
    label_max: usize,
    /// What does not stand there.
    menu: Standing,
    payment: Standing,
}

/// Whether a kind of button may stand in a place.
#[derive(Clone, Copy)]
enum Standing {
    Fine,
    /// The place, for the error.
    Not(&'static str),
}

impl Place {
    pub(super) const CARD: Self = Self {
        label: "button.label",
        label_max: LABEL_MAX,
        menu: Standing::Fine,
        payment: Standing::Fine,
    };
    pub(super) const QUICK_REPLY: Self = Self {
        label: "quick_reply.label",
        label_max: QUICK_REPLY_LABEL_MAX,
        menu: Standing::Not("quick_reply"),
        payment: Standing::Fine,
    };
    const MENU: Self = Self {
        label: "menu.button.label",
        label_max: QUICK_REPLY_LABEL_MAX,
        menu: Standing::Not("menu"),
        payment: Standing::Fine,
    };

    /// On a row, whose labels have at most `label_max`.
    pub(super) const fn row(label_max: usize) -> Self {
        Self {
            label: "row.button.label",
            label_max,
            // Observed: a menu on a row makes the whole message invisible.
            menu: Standing::Not("row"),
            payment: Standing::Not("row"),
        }
    }
}

impl Standing {
    const fn check(self, what: &'static str) -> Result<(), Error> {
        match self {
            Self::Fine => Ok(()),
            Self::Not(place) => Err(Error::Misplaced { what, place }),
        }
    }
}

#[derive(Debug, Serialize)]
pub(super) struct WireButton<'a> {
    r#type: &'static str,
    data: ButtonData<'a>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct ButtonData<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_target: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_target_attr: Option<WebviewAttributes<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    button_list: Vec<WireButton<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    payment_info: Option<Box<PaymentInfo<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<PickerOptions<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct WebviewAttributes<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    webview_title: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    webview_height: Option<u8>,
}

impl<'a> WireButton<'a> {
    /// A button that every channel knows.
    pub(super) fn new(button: &'a Button, place: Place) -> Result<Self, Error> {
        let label = within(place.label, &button.label, place.label_max)?;
        let value = filled(Some(&button.value));
        let (url, mobile_url) = match button.action {
            // Nobody but us answers for the agents, so asking for one is a word to us.
            ButtonAction::Postback | ButtonAction::Agent => {
                return Self::text(label, value);
            }
            ButtonAction::Url => pages(button, value).ok_or(Error::Empty {
                place: "button.value",
            })?,
            // An app cannot be opened, but the page that stands in for it can.
            ButtonAction::App => {
                let page = value.filter(|value| value.starts_with("http"));
                pages(button, page).ok_or(Error::Unsupported { what: "button.app" })?
            }
            ButtonAction::Phone => {
                let number = value.ok_or(Error::Empty {
                    place: "button.value",
                })?;
                let url = tel(number);
                (url.clone(), url)
            }
            ButtonAction::Bot => return Err(Error::Unsupported { what: "button.bot" }),
            _ => return Err(Error::Unsupported { what: "button" }),
        };
        Ok(Self::link(label, url, mobile_url))
    }

    /// A button that TalkTalk alone knows.
    pub(super) fn of(button: &'a message::Button, place: Place) -> Result<Self, Error> {
        use message::Button as Talk;
        let label = |label: &'a str| within(place.label, label, place.label_max);
        let optional = |text: &'a Option<String>| text.as_deref().map(label).transpose();
        Ok(match button {
            Talk::Text { label: text, code } => Self::text(label(text)?, filled(code.as_deref()))?,
            Talk::Link {
                label: text,
                url,
                mobile_url,
                webview,
            } => {
                let text = label(text)?;
                let url = super::not_empty("button.url", url)?;
                let mobile_url = filled(mobile_url.as_deref()).unwrap_or(url);
                let mut link = Self::link(text, url.to_owned(), mobile_url.to_owned());
                if let Some(webview) = webview {
                    if !mobile_url.starts_with("https://") {
                        return Err(Error::BadValue {
                            place: "webview.url",
                        });
                    }
                    link.data.mobile_target = Some("webview");
                    link.data.mobile_target_attr = WebviewAttributes::new(webview)?;
                }
                link
            }
            Talk::Menu {
                label: text,
                buttons,
            } => {
                place.menu.check("menu")?;
                let title = Some(label(text)?);
                at_most("menu.buttons", buttons.len(), MENU_BUTTONS_MAX)?;
                if buttons.is_empty() {
                    return Err(Error::Empty {
                        place: "menu.buttons",
                    });
                }
                let buttons = buttons.iter().map(|button| Self::of(button, Place::MENU));
                let button_list = buttons.collect::<Result<_, _>>()?;
                let data = ButtonData {
                    title,
                    button_list,
                    ..ButtonData::default()
                };
                Self::with("OPTION", data)
            }
            Talk::Pay { payment } => {
                place.payment.check("payment")?;
                let data = ButtonData {
                    payment_info: Some(Box::new(PaymentInfo::new(payment)?)),
                    ..ButtonData::default()
                };
                Self::with("PAY", data)
            }
            Talk::Time { label: text, code } => Self::picker("TIME", optional(text)?, code, None)?,
            Talk::TimeInterval(times) => {
                let options = PickerOptions::times(times)?;
                let title = optional(&times.label)?;
                Self::picker("TIMEINTERVAL", title, &times.code, options)?
            }
            Talk::Calendar(calendar) => {
                let options = PickerOptions::calendar(calendar)?;
                let title = optional(&calendar.label)?;
                Self::picker("CALENDAR", title, &calendar.code, options)?
            }
        })
    }

    fn text(title: &'a str, code: Option<&'a str>) -> Result<Self, Error> {
        let code = code.map(|code| within("button.value", code, CODE_MAX));
        let data = ButtonData {
            title: Some(title),
            code: code.transpose()?,
            ..ButtonData::default()
        };
        Ok(Self::with("TEXT", data))
    }

    fn link(title: &'a str, url: String, mobile_url: String) -> Self {
        let data = ButtonData {
            title: Some(title),
            url: Some(url),
            mobile_url: Some(mobile_url),
            ..ButtonData::default()
        };
        Self::with("LINK", data)
    }

    fn picker(
        kind: &'static str,
        title: Option<&'a str>,
        code: &'a str,
        options: Option<PickerOptions<'a>>,
    ) -> Result<Self, Error> {
        let data = ButtonData {
            title,
            code: Some(within("button.value", code, CODE_MAX)?),
            options,
            ..ButtonData::default()
        };
        Ok(Self::with(kind, data))
    }

    const fn with(r#type: &'static str, data: ButtonData<'a>) -> Self {
        Self { r#type, data }
    }
}

impl<'a> WebviewAttributes<'a> {
    /// Nothing where the platform's own title and height will do.
    fn new(webview: &'a Webview) -> Result<Option<Self>, Error> {
        if let Some(height) = webview.height_percent {
            let (min, max) = WEBVIEW_HEIGHTS;
            super::in_range("webview.height_percent", u64::from(height), min, max)?;
        }
        let attributes = Self {
            webview_title: filled(webview.title.as_deref()),
            webview_height: webview.height_percent,
        };
        let plain = attributes.webview_title.is_none() && attributes.webview_height.is_none();
        Ok((!plain).then_some(attributes))
    }
}

/// Observed: a `tel:` address dials, on a phone.
pub(super) fn tel(number: &str) -> String {
    format!("tel:{}", number.strip_prefix("tel:").unwrap_or(number))
}

/// The pages for a computer and for a phone, both of which the platform wants.
pub(super) fn pages(button: &Button, value: Option<&str>) -> Option<(String, String)> {
    let targets = button.targets.as_ref();
    let pc = targets
        .and_then(|targets| filled(targets.pc.as_deref()))
        .or(value);
    let web = targets
        .and_then(|targets| filled(targets.web.as_deref()))
        .or(value);
    Some((pc.or(web)?.to_owned(), web.or(pc)?.to_owned()))
}
