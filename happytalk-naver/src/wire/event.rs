//! What we ask the platform to do: one event a request, all to one address.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "보내기 API", "action 이벤트", handover_v1.md,
//! profile_api_v1.md (read 2026-11-21). Observed: `readBySend`.

pub(crate) mod button;
pub(crate) mod composite;
mod image;
mod menu;
mod payment;
mod picker;
mod product;

use happytalk_core::id::CustomerId;
use happytalk_core::outbound::Owner;
use happytalk_core::{Action, Content, Outbound};
use http::header::{AUTHORIZATION, CONTENT_TYPE};
use http::{HeaderValue, Method, Request, Uri};
use serde::Serialize;

use self::button::QuickReply;
use self::composite::Composite;
use self::image::ImageRef;
use self::menu::MenuContent;
use self::product::CustomButtons;
use crate::error::Error;
use crate::message::{Body, Menu, Message, SendOptions};

/// The address of every event, below the base URL.
pub(crate) const PATH: &str = "/chatbot/v1/event";
/// The longest text of a message, in UTF-16 units; also of a card that is nothing but text.
pub(crate) const TEXT_MAX: usize = 10_000;
/// The agents' number in a handover. The platform has no other.
const AGENTS: u32 = 1;

/// An event. Exactly one of the contents, or the options, stands in it.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Event<'a> {
    event: &'static str,
    /// Nobody where the account itself is meant.
    #[serde(skip_serializing_if = "Option::is_none")]
    user: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    text_content: Option<TextContent<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_content: Option<ImageContent<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    composite_content: Option<CompositeContent<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    menu_content: Option<Vec<MenuContent<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    options: Option<Options<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct TextContent<'a> {
    text: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    quick_reply: Option<QuickReply<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct ImageContent<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    image_url: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    image_id: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quick_reply: Option<QuickReply<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct CompositeContent<'a> {
    composite_list: Vec<Composite<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quick_reply: Option<QuickReply<'a>>,
}

/// The options of all events; an event has the few that are its own.
#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct Options<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    action: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    control: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    target_id: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    metadata: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<&'a str>,
    #[serde(skip_serializing_if = "is_empty")]
    agreements: &'a [String],
    #[serde(skip_serializing_if = "Option::is_none")]
    ids: Option<&'a [u64]>,
    #[serde(skip_serializing_if = "Option::is_none")]
    display_type: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quick_reply: Option<QuickReply<'a>>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    custom_button_list: Vec<CustomButtons<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    notification: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    read_by_send: Option<bool>,
}

const fn is_empty(list: &&[String]) -> bool {
    list.is_empty()
}

/// One message of the platform.
enum Part<'a> {
    Text(&'a str),
    Image(ImageRef<'a>),
    Composites(Vec<Composite<'a>>),
}

impl<'a> Event<'a> {
    /// The events that do what `outbound` asks, in order; at least one. What is said is sent as `options` say, the
    /// notification and the read mark with the first event.
    ///
    /// # Errors
    /// [`Error::Unsupported`], [`Error::Empty`], [`Error::OverLimit`] and [`Error::BareCard`].
    pub(crate) fn list(outbound: &'a Outbound, options: SendOptions) -> Result<Vec<Self>, Error> {
        let user = outbound.customer.as_str();
        let with_options = |event, options| {
            vec![Self {
                event,
                user: Some(user),
                options: Some(options),
                ..Self::default()
            }]
        };
        Ok(match &outbound.action {
            Action::Say { content } => {
                let mut events = Self::say(user, content)?;
                if let Some(first) = events.first_mut() {
                    first.send_as(options);
                }
                events
            }
            Action::Typing { on } => with_options(
                "action",
                Options {
                    action: Some(if *on { "typingOn" } else { "typingOff" }),
                    ..Options::default()
                },
            ),
            Action::Handover { to: Owner::Agents } => with_options(
                "handover",
                Options {
                    control: Some("passThread"),
                    target_id: Some(AGENTS),
                    ..Options::default()
                },
            ),
            Action::Handover { to: Owner::Bot } => with_options(
                "handover",
                Options {
                    control: Some("takeThread"),
                    metadata: Some(""),
                    ..Options::default()
                },
            ),
            Action::AskProfile { field, agreements } => with_options(
                "profile",
                Options {
                    field: Some(not_empty("field", field)?),
                    agreements,
                    ..Options::default()
                },
            ),
            Action::SetMenu { buttons } => vec![Self::with_menu(MenuContent::new(buttons)?)],
            other => return Err(Error::Unsupported { what: other.kind() }),
        })
    }

    /// The event that shows `message` to `customer`; labels on rows have at most `row_label_max`.
    ///
    /// # Errors
    /// As [`Event::list`], [`Error::Misplaced`], [`Error::OutOfRange`] and [`Error::BadValue`].
    pub(crate) fn of_message(
        customer: &'a CustomerId,
        message: &'a Message,
        row_label_max: usize,
    ) -> Result<Self, Error> {
        let quick_reply = QuickReply::of(&message.quick_replies)?;
        let user = customer.as_str();
        let part = match &message.body {
            Body::Text { text } => Part::Text(within("text", text, TEXT_MAX)?),
            Body::Image { image } => Part::Image(ImageRef::new(image)?),
            Body::Cards { cards } => Part::Composites(composite::own(cards, row_label_max)?),
            Body::Products(products) => {
                let options = Options {
                    ids: Some(product::ids(products)?),
                    display_type: Some(product::display(products)),
                    custom_button_list: product::custom_buttons(products)?,
                    quick_reply,
                    ..Options::default()
                };
                let mut event = Self {
                    event: "product",
                    user: Some(user),
                    options: Some(options),
                    ..Self::default()
                };
                event.send_as(message.options);
                return Ok(event);
            }
        };
        let mut event = Self::of(user, part, quick_reply);
        event.send_as(message.options);
        Ok(event)
    }

    /// The event that gives the account this fixed menu.
    ///
    /// # Errors
    /// [`Error::Empty`] and [`Error::OverLimit`].
    pub(crate) fn of_menu(menu: &'a Menu) -> Result<Self, Error> {
        Ok(Self::with_menu(MenuContent::of(menu)?))
    }

    fn with_menu(menu_content: Vec<MenuContent<'a>>) -> Self {
        Self {
            event: "persistentMenu",
            menu_content: Some(menu_content),
            ..Self::default()
        }
    }

    fn send_as(&mut self, options: SendOptions) {
        if options.is_plain() {
            return;
        }
        let all = self.options.get_or_insert_default();
        all.notification = options.notification.then_some(true);
        all.read_by_send = options.mark_read.then_some(true);
    }

    /// The same without the notification, which has no effect in a synchronous reply.
    pub(crate) fn without_notification(mut self) -> Self {
        if let Some(options) = &mut self.options {
            options.notification = None;
        }
        self
    }

    /// Quick replies vanish as soon as anything follows them, so they all go with the last event.
    fn say(user: &'a str, content: &'a [Content]) -> Result<Vec<Self>, Error> {
        let mut parts = Vec::new();
        let mut quick_replies = Vec::new();
        for item in content {
            match item {
                Content::Text(text) => {
                    parts.push(Part::Text(within("text", &text.text, TEXT_MAX)?));
                    quick_replies.extend(&text.quick_replies);
                }
                Content::Image(media) => {
                    let url = not_empty("image.url", &media.url)?;
                    parts.push(Part::Image(ImageRef::of_text(url)));
                    // The platform has no words beside a picture.
                    if let Some(comment) = filled(media.comment.as_deref()) {
                        parts.push(Part::Text(within("image.comment", comment, TEXT_MAX)?));
                    }
                }
                Content::Card(card) => {
                    parts.push(composite::part(card)?);
                    quick_replies.extend(&card.quick_replies);
                }
                Content::Carousel { cards } => {
                    parts.push(composite::parts(cards)?);
                    quick_replies.extend(cards.iter().flat_map(|card| &card.quick_replies));
                }
                other => return Err(Error::Unsupported { what: other.kind() }),
            }
        }
        let mut quick_reply = QuickReply::new(&quick_replies)?;
        let mut events = Vec::with_capacity(parts.len());
        while let Some(part) = parts.pop() {
            events.push(Self::of(user, part, quick_reply.take()));
        }
        if events.is_empty() {
            return Err(Error::Empty { place: "content" });
        }
        events.reverse();
        Ok(events)
    }

    fn of(user: &'a str, part: Part<'a>, quick_reply: Option<QuickReply<'a>>) -> Self {
        let mut event = Self {
            event: "send",
            user: Some(user),
            ..Self::default()
        };
        match part {
            Part::Text(text) => event.text_content = Some(TextContent { text, quick_reply }),
            Part::Image(image) => {
                let (image_url, image_id) = match image {
                    ImageRef::Url(url) => (Some(url), None),
                    ImageRef::Id(id) => (None, Some(id)),
                };
                event.image_content = Some(ImageContent {
                    image_url,
                    image_id,
                    quick_reply,
                });
            }
            Part::Composites(composite_list) => {
                event.composite_content = Some(CompositeContent {
                    composite_list,
                    quick_reply,
                });
            }
        }
        event
    }

    /// The request, to `uri` with `authorization` as its key.
    pub(crate) fn to_http(&self, uri: &Uri, authorization: &HeaderValue) -> Request<Vec<u8>> {
        post(self.to_body(), uri, authorization)
    }

    /// The document.
    pub(crate) fn to_body(&self) -> Vec<u8> {
        // Writing to memory does not fail, and no key of the document is anything but a text.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

/// A request to `uri` with `authorization` as its key.
pub(crate) fn post(body: Vec<u8>, uri: &Uri, authorization: &HeaderValue) -> Request<Vec<u8>> {
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    *request.uri_mut() = uri.clone();
    let headers = request.headers_mut();
    headers.insert(AUTHORIZATION, authorization.clone());
    headers.insert(CONTENT_TYPE, JSON);
    request
}

/// What every body is, in both directions.
pub(crate) const JSON: HeaderValue = HeaderValue::from_static("application/json;charset=UTF-8");

/// The text, unless it is empty.
fn filled(text: Option<&str>) -> Option<&str> {
    text.filter(|text| !text.is_empty())
}

fn not_empty<'a>(place: &'static str, text: &'a str) -> Result<&'a str, Error> {
    filled(Some(text)).ok_or(Error::Empty { place })
}

/// The text, where it is not empty and has at most `count_max` UTF-16 units.
///
/// Assumed: the platform says "characters" and no more; UTF-16 units are the strictest reading.
fn within<'a>(place: &'static str, text: &'a str, count_max: usize) -> Result<&'a str, Error> {
    at_most(place, text.encode_utf16().count(), count_max)?;
    not_empty(place, text)
}

const fn at_most(place: &'static str, count: usize, count_max: usize) -> Result<(), Error> {
    if count > count_max {
        return Err(Error::OverLimit {
            place,
            count,
            count_max,
        });
    }
    Ok(())
}

const fn in_range(place: &'static str, value: u64, min: u64, max: u64) -> Result<(), Error> {
    if value < min || value > max {
        return Err(Error::OutOfRange { place, min, max });
    }
    Ok(())
}
