//! `links` and `supplement`: buttons, and the quick replies below them.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/counseling/send_chat> (read 2026-11-21).

use happytalk_core::TextUnit;
use happytalk_core::content::{Button, ButtonAction};
use serde::Serialize;

use crate::error::{Error, IncompletePart, LimitedPart};

/// The most buttons of one message.
pub(crate) const BUTTONS_MAX: usize = 5;

/// The most quick replies of one message.
pub(crate) const QUICK_REPLIES_MAX: usize = 10;

/// The longest label of a quick reply, in characters.
pub(crate) const QUICK_REPLY_LABEL_CHARS_MAX: usize = 14;

/// The longest text that a button sends back, or event that it calls.
///
/// Observed: a validator takes 50 of `[A-Za-z0-9_]`, as does Kakao's error 3026; HappyTalk's table says 100.
pub(crate) const VALUE_CHARS_MAX: usize = 50;

/// Which of the two lists a button stands in: the same thing has another name in each.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// In `links`, with labels of at most so many characters.
    Links { label_chars_max: usize },
    /// In `supplement.quick_reply`.
    QuickReply,
}

/// A button.
#[derive(Default, Serialize)]
pub(crate) struct Link<'a> {
    name: &'a str,
    #[serde(rename = "type")]
    kind: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    url_mobile: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url_pc: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheme_android: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    scheme_ios: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat_extra: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat_event: Option<&'a str>,
}

/// What stands below the message.
#[derive(Serialize)]
pub(crate) struct Supplement<'a> {
    quick_reply: Vec<Link<'a>>,
}

/// The buttons of a message.
pub(crate) fn links(buttons: &[Button], label_chars_max: usize) -> Result<Vec<Link<'_>>, Error> {
    if buttons.len() > BUTTONS_MAX {
        return Err(Error::OverLimit {
            part: LimitedPart::Buttons,
            max: BUTTONS_MAX,
        });
    }
    let place = Place::Links { label_chars_max };
    let links = buttons.iter().map(|button| Link::new(button, place));
    links.collect()
}

/// The quick replies of a message, where there are any.
pub(crate) fn supplement(quick_replies: &[Button]) -> Result<Option<Supplement<'_>>, Error> {
    if quick_replies.len() > QUICK_REPLIES_MAX {
        return Err(Error::OverLimit {
            part: LimitedPart::QuickReplies,
            max: QUICK_REPLIES_MAX,
        });
    }
    if quick_replies.is_empty() {
        return Ok(None);
    }
    let links = quick_replies
        .iter()
        .map(|button| Link::new(button, Place::QuickReply));
    Ok(Some(Supplement {
        quick_reply: links.collect::<Result<_, _>>()?,
    }))
}

impl<'a> Link<'a> {
    fn new(button: &'a Button, place: Place) -> Result<Self, Error> {
        let mut link = Self {
            name: label(button, place)?,
            ..Self::default()
        };
        match button.action {
            // The customer sends the label, and `extra` comes back beside it.
            ButtonAction::Postback | ButtonAction::Agent => {
                link.kind = "BK";
                let value = value(button)?;
                match place {
                    Place::Links { .. } => link.extra = value,
                    Place::QuickReply => link.chat_extra = value,
                }
            }
            ButtonAction::Bot => {
                link.kind = "BT";
                let value = value(button)?;
                match place {
                    Place::Links { .. } => link.event = value,
                    Place::QuickReply => link.chat_event = value,
                }
            }
            ButtonAction::Url => {
                link.kind = "WL";
                let targets = button.targets.as_ref();
                let mobile = targets.and_then(|targets| targets.web.as_deref());
                link.url_mobile = Some(web_page(mobile.unwrap_or(&button.value))?);
                link.url_pc = targets
                    .and_then(|targets| targets.pc.as_deref())
                    .map(web_page)
                    .transpose()?;
            }
            ButtonAction::App => {
                link.kind = "AL";
                link.lead_to_app(button)?;
            }
            ButtonAction::Phone => {
                let what = "phone button";
                return Err(Error::NotCarried { what });
            }
            _ => {
                let what = "button of this action";
                return Err(Error::NotCarried { what });
            }
        }
        Ok(link)
    }

    /// An app link needs two of its three addresses. The button's own value is the web page where it is one, and
    /// otherwise the scheme of whichever device has none of its own.
    fn lead_to_app(&mut self, button: &'a Button) -> Result<(), Error> {
        if let Some(targets) = &button.targets {
            self.scheme_ios = targets.ios.as_deref();
            self.scheme_android = targets.android.as_deref();
            self.url_mobile = targets.web.as_deref().map(web_page).transpose()?;
            self.url_pc = targets.pc.as_deref().map(web_page).transpose()?;
        }
        let value = button.value.as_str();
        if is_web(value) {
            self.url_mobile = self.url_mobile.or(Some(value));
        } else if !value.is_empty() {
            self.scheme_ios = self.scheme_ios.or(Some(value));
            self.scheme_android = self.scheme_android.or(Some(value));
        }
        let addresses = [self.scheme_ios, self.scheme_android, self.url_mobile];
        let usable = addresses.iter().flatten();
        if usable.filter(|address| !address.is_empty()).count() < 2 {
            return Err(Error::Incomplete {
                part: IncompletePart::AppTargets,
            });
        }
        Ok(())
    }
}

fn label(button: &Button, place: Place) -> Result<&str, Error> {
    let (part, max) = match place {
        Place::Links { label_chars_max } => (LimitedPart::ButtonLabel, label_chars_max),
        Place::QuickReply => (LimitedPart::QuickReplyLabel, QUICK_REPLY_LABEL_CHARS_MAX),
    };
    if TextUnit::Chars.count(&button.label) > max {
        return Err(Error::OverLimit { part, max });
    }
    if button.label.trim().is_empty() {
        return Err(Error::Incomplete {
            part: IncompletePart::ButtonLabel,
        });
    }
    Ok(&button.label)
}

/// Refused rather than cut: the platform cuts in silence, and what comes back would be something else.
fn value(button: &Button) -> Result<Option<&str>, Error> {
    let value = button.value.as_str();
    if TextUnit::Chars.count(value) > VALUE_CHARS_MAX {
        return Err(Error::OverLimit {
            part: LimitedPart::ButtonValue,
            max: VALUE_CHARS_MAX,
        });
    }
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    if !value.bytes().all(allowed) {
        return Err(Error::Incomplete {
            part: IncompletePart::ButtonValue,
        });
    }
    Ok((!value.is_empty()).then_some(value))
}

fn web_page(url: &str) -> Result<&str, Error> {
    if is_web(url) {
        Ok(url)
    } else {
        Err(Error::Incomplete {
            part: IncompletePart::ButtonUrl,
        })
    }
}

/// Whether it is an `http` or `https` address of some host. Whether somebody answers there is not our question.
pub(crate) fn is_web(url: &str) -> bool {
    let after = |scheme: &str| {
        let head = url.get(..scheme.len())?;
        head.eq_ignore_ascii_case(scheme)
            .then(|| url.get(scheme.len()..))
            .flatten()
    };
    let rest = after("https://").or_else(|| after("http://"));
    rest.is_some_and(|rest| {
        let host_starts = rest.starts_with(|c: char| c.is_alphanumeric() || c == '[');
        host_starts && !rest.contains(|c: char| c.is_whitespace() || c.is_control())
    })
}
