//! `links` and `supplement` of HappyTalk's first generation: buttons, and the quick replies below them.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/counseling/send_chat> (read 2026-11-21).
//! Observed: `biz_form_key`, in code of a receiver.

use serde::Serialize;

use crate::bubble::{BubbleButton, Press};

/// Which of the two lists a button stands in: the same thing has another name in each.
#[derive(Clone, Copy)]
pub(crate) enum Place {
    /// In `links`.
    Links,
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
    target: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    extra: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    event: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat_extra: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    chat_event: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    biz_form_key: Option<&'a str>,
}

/// What stands below the message.
#[derive(Serialize)]
pub(crate) struct Supplement<'a> {
    quick_reply: Vec<Link<'a>>,
}

impl<'a> Supplement<'a> {
    /// The quick replies, where there are any.
    pub(crate) fn new(quick_replies: &'a [BubbleButton]) -> Option<Self> {
        let quick_reply = Link::all(quick_replies, Place::QuickReply);
        (!quick_reply.is_empty()).then_some(Self { quick_reply })
    }
}

impl<'a> Link<'a> {
    pub(crate) fn all(buttons: &'a [BubbleButton], place: Place) -> Vec<Self> {
        let links = buttons.iter().map(|button| Self::new(button, place));
        links.collect()
    }

    fn new(button: &'a BubbleButton, place: Place) -> Self {
        let mut link = Self {
            name: &button.label,
            kind: button.press.code(),
            ..Self::default()
        };
        match &button.press {
            Press::Web(page) => {
                link.url_mobile = Some(&page.mobile);
                link.url_pc = page.pc.as_deref();
                link.target = page.outside.then_some("out");
            }
            Press::App(app) => {
                link.url_mobile = app.mobile.as_deref();
                link.url_pc = app.pc.as_deref();
                link.scheme_android = app.android.as_deref();
                link.scheme_ios = app.ios.as_deref();
            }
            Press::Keyword { extra } | Press::Deliver { extra } => match place {
                Place::Links => link.extra = extra.as_deref(),
                Place::QuickReply => link.chat_extra = extra.as_deref(),
            },
            Press::Bot { event } => match place {
                Place::Links => link.event = event.as_deref(),
                Place::QuickReply => link.chat_event = event.as_deref(),
            },
            Press::Form { key } => link.biz_form_key = Some(key),
        }
        link
    }
}
