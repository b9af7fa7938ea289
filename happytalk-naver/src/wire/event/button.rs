//! Buttons, which are alike in every place but for the length of their titles.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "버튼", "퀵버튼" (read 2026-11-21)

use happytalk_core::content::{Button, ButtonAction};
use serde::Serialize;

use super::{at_most, filled, within};
use crate::error::Error;

/// The longest title of a button on a composite, in UTF-16 units.
pub(crate) const LABEL_MAX: usize = 18;
/// The longest title of a quick reply, in UTF-16 units.
pub(crate) const QUICK_REPLY_LABEL_MAX: usize = 10;
/// The most quick replies of a message. Assumed: the platform states a number only for other lists of buttons.
pub(crate) const QUICK_REPLIES_MAX: usize = 10;
/// The longest code of a button, in UTF-16 units.
pub(crate) const CODE_MAX: usize = 1_000;

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct QuickReply<'a> {
    button_list: Vec<WireButton<'a>>,
}

impl<'a> QuickReply<'a> {
    /// The quick replies below a message; nothing where there are none.
    pub(super) fn new(buttons: &[&'a Button]) -> Result<Option<Self>, Error> {
        at_most("quick_replies", buttons.len(), QUICK_REPLIES_MAX)?;
        let place = Place {
            label: "quick_reply.label",
            label_max: QUICK_REPLY_LABEL_MAX,
        };
        let list = buttons.iter().map(|button| WireButton::new(button, place));
        let button_list = list.collect::<Result<Vec<_>, _>>()?;
        Ok((!button_list.is_empty()).then_some(Self { button_list }))
    }
}

/// Where a button stands.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub(super) label: &'static str,
    pub(super) label_max: usize,
}

#[derive(Debug, Serialize)]
pub(super) struct WireButton<'a> {
    r#type: &'static str,
    data: ButtonData<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ButtonData<'a> {
    title: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mobile_url: Option<String>,
}

impl<'a> WireButton<'a> {
    pub(super) fn new(button: &'a Button, place: Place) -> Result<Self, Error> {
        let title = within(place.label, &button.label, place.label_max)?;
        let value = filled(Some(&button.value));
        let (url, mobile_url) = match button.action {
            // Nobody but us answers for the agents, so asking for one is a word to us.
            ButtonAction::Postback | ButtonAction::Agent => {
                let code = value.map(|code| within("button.value", code, CODE_MAX));
                return Ok(Self {
                    r#type: "TEXT",
                    data: ButtonData {
                        title,
                        code: code.transpose()?,
                        url: None,
                        mobile_url: None,
                    },
                });
            }
            ButtonAction::Url => pages(button, value).ok_or(Error::Empty {
                place: "button.value",
            })?,
            // An app cannot be opened, but the page that stands in for it can.
            ButtonAction::App => {
                let page = value.filter(|value| value.starts_with("http"));
                pages(button, page).ok_or(Error::Unsupported { what: "button.app" })?
            }
            // Observed: a `tel:` address dials, on a phone.
            ButtonAction::Phone => {
                let number = value.ok_or(Error::Empty {
                    place: "button.value",
                })?;
                let url = format!("tel:{}", number.strip_prefix("tel:").unwrap_or(number));
                (url.clone(), url)
            }
            ButtonAction::Bot => return Err(Error::Unsupported { what: "button.bot" }),
            _ => return Err(Error::Unsupported { what: "button" }),
        };
        Ok(Self {
            r#type: "LINK",
            data: ButtonData {
                title,
                code: None,
                url: Some(url),
                mobile_url: Some(mobile_url),
            },
        })
    }
}

/// The pages for a computer and for a phone, both of which the platform wants.
fn pages(button: &Button, value: Option<&str>) -> Option<(String, String)> {
    let targets = button.targets.as_ref();
    let pc = targets
        .and_then(|targets| filled(targets.pc.as_deref()))
        .or(value);
    let web = targets
        .and_then(|targets| filled(targets.web.as_deref()))
        .or(value);
    Some((pc.or(web)?.to_owned(), web.or(pc)?.to_owned()))
}
