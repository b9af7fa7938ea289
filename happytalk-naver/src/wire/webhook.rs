//! What the platform tells us: one event a call.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "Webhook 요구 사항", "이벤트 기본 구조", handover_v1.md,
//! profile_api_v1.md, pay_api_v1.md (read 2026-11-21). Observed: `messageId`, and the keys of an echo.

mod content;
mod options;

use std::borrow::Cow;

use happytalk_core::id::{AccountId, CustomerId};
use happytalk_core::inbound::Author;
use happytalk_core::json::{self, JsonError};
use happytalk_core::{ChannelName, Content, Inbound, InboundKind};
use serde::Deserialize;

use self::content::{CompositeContent, FileContent, ImageContent, MarketingContent, TextContent};
use self::options::{Options, Payment, ProfileOptions};
use super::lenient::{Maybe, Object, Scalar};
use crate::error::Error;

/// The longest name of an event, in bytes. The longest known has 14.
const EVENT_NAME_BYTES_MAX: usize = 128;

const PAY_COMPLETE: &str = "pay_complete";

/// An event, whichever it is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Event<'a> {
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(default, borrow)]
    user: Scalar<'a>,
    #[serde(default, borrow)]
    options: Maybe<Options<'a>>,
    #[serde(default, borrow)]
    standby: Scalar<'a>,
    #[serde(default, borrow)]
    message_id: Scalar<'a>,
    #[serde(default, borrow)]
    echoed_event: Scalar<'a>,
    #[serde(default, borrow)]
    text_content: Maybe<TextContent<'a>>,
    #[serde(default, borrow)]
    image_content: Maybe<ImageContent<'a>>,
    #[serde(default, borrow)]
    composite_content: Maybe<Box<CompositeContent<'a>>>,
    #[serde(default, borrow)]
    file_content: Maybe<Box<FileContent<'a>>>,
    #[serde(default, borrow)]
    marketing_content: Maybe<Box<MarketingContent<'a>>>,
    /// The place where the first draft of the document had it.
    #[serde(default, borrow)]
    payment_result: Maybe<Box<Payment<'a>>>,
}

/// A profile result, for which alone the keys of `options` are open.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProfileEvent {
    options: Maybe<ProfileOptions>,
}

#[derive(Deserialize)]
struct EventName<'a> {
    #[serde(borrow)]
    event: Cow<'a, str>,
}

/// The events that are known.
const KNOWN: [&str; 9] = [
    "open",
    "leave",
    "friend",
    "send",
    "echo",
    "profile",
    "handover",
    PAY_COMPLETE,
    "pay_confirm",
];

/// Reads a webhook body of at most `bytes_max` bytes, sent to `account`.
///
/// # Errors
/// [`Error::BodyTooLong`], [`Error::BadBody`], [`Error::EventNameTooLong`], [`Error::MissingField`] and
/// [`Error::BadUser`].
pub(crate) fn read(
    body: &[u8],
    bytes_max: usize,
    account: Option<&AccountId>,
) -> Result<Inbound, Error> {
    if body.len() > bytes_max {
        return Err(Error::BodyTooLong {
            bytes: body.len(),
            bytes_max,
        });
    }
    let bad_body = |fault| Error::BadBody { fault };
    let Object(event) = parse::<Event<'_>>(body).map_err(bad_body)?;
    let mut profile = ProfileOptions::default();
    if event.event == "profile" {
        let Object(again) = parse::<ProfileEvent>(body).map_err(bad_body)?;
        profile = again.options.0.unwrap_or_default();
    }
    let mut inbound = event.into_inbound(profile)?;
    inbound.account = account.cloned();
    Ok(inbound)
}

/// Reads an object. To look at all bytes once is quicker than at those of each text; what is not UTF-8 has its error, with
/// its place, from the slower way.
fn parse<'a, T: Deserialize<'a>>(body: &'a [u8]) -> Result<Object<T>, JsonError> {
    match std::str::from_utf8(body) {
        Ok(text) => json::from_str(text),
        Err(_) => json::from_slice(body),
    }
}

/// Whether the platform takes the HTTP status of our answer for our word on a payment.
pub(crate) fn asks_for_a_verdict(body: &[u8]) -> bool {
    event_name(body) == PAY_COMPLETE
}

/// The name of the event; `unknown` for one that is not known, or no event at all.
pub(crate) fn event_name(body: &[u8]) -> &'static str {
    let event = parse::<EventName<'_>>(body);
    let known = event.ok().and_then(|Object(name)| known(&name.event));
    known.unwrap_or("unknown")
}

/// Who the event is about.
///
/// # Errors
/// As [`read`], where nobody is named.
pub(crate) fn customer(body: &[u8]) -> Result<CustomerId, Error> {
    let inbound = read(body, usize::MAX, None)?;
    inbound.customer.ok_or(Error::MissingField {
        event: event_name(body),
        field: "user",
    })
}

fn known(event: &str) -> Option<&'static str> {
    KNOWN.into_iter().find(|known| *known == event)
}

impl Event<'_> {
    fn into_inbound(self, profile: ProfileOptions) -> Result<Inbound, Error> {
        let id = self.message_id.0.and_then(|id| id.parse().ok());
        // An event that names nobody is of no use, but of an event that is not known that cannot be said.
        let Some(event) = known(&self.event) else {
            if self.event.len() > EVENT_NAME_BYTES_MAX {
                return Err(Error::EventNameTooLong {
                    bytes: self.event.len(),
                    bytes_max: EVENT_NAME_BYTES_MAX,
                });
            }
            let mut inbound = inbound(InboundKind::unknown(&self.event));
            inbound.customer = self.user.0.and_then(|user| user.parse().ok());
            inbound.id = id;
            return Ok(inbound);
        };
        let user = self.user.0.ok_or(Error::MissingField {
            event,
            field: "user",
        })?;
        let customer: CustomerId = user
            .parse()
            .map_err(|source| Error::BadUser { event, source })?;
        let options = self.options.0.unwrap_or_default();
        let mut text = self.text_content.0.unwrap_or_default();
        let mut said = Said {
            content: Vec::from_iter(text.take_content()),
            file: self.file_content.0.is_some(),
            marketing: self.marketing_content.0.is_some(),
            input: text.input_type,
            postback: text.code,
        };
        let mut expires = Scalar::default();
        let mut marketing_number = Scalar::default();
        let parts = &mut said.content;
        parts.extend(self.image_content.0.and_then(ImageContent::into_content));
        if let Some(composite) = self.composite_content.0 {
            parts.extend(composite.into_content());
        }
        if let Some(mut file) = self.file_content.0 {
            expires = std::mem::take(&mut file.expire_date);
            parts.extend(file.into_content());
        }
        if let Some(mut marketing) = self.marketing_content.0 {
            marketing_number = std::mem::take(&mut marketing.marketing_message_no);
            parts.extend(marketing.into_content());
        }
        let what = match event {
            "open" => Some(entered(options)),
            "leave" => Some(InboundKind::Left {}),
            "friend" => friend_changed(&options),
            "send" => said.into_message(self.standby.is_true(), options),
            "echo" => {
                let further = [
                    ("echoedEvent", self.echoed_event),
                    ("expireDate", expires),
                    ("marketingMessageNo", marketing_number),
                ];
                Some(said.into_echo(options, further))
            }
            "handover" => handed_over(options),
            "profile" => profile_result(profile),
            PAY_COMPLETE => {
                let payment = options.payment_result.0.or(self.payment_result.0);
                payment.map(|payment| paid(*payment))
            }
            "pay_confirm" => options
                .payment_confirm_result
                .0
                .map(|payment| payment_confirmed(*payment)),
            _ => None,
        };
        let mut inbound = inbound(what.unwrap_or_else(|| InboundKind::unknown(event)));
        inbound.customer = Some(customer);
        inbound.id = id;
        Ok(inbound)
    }
}

const fn inbound(what: InboundKind) -> Inbound {
    Inbound::new(ChannelName::NAVER_TALKTALK, what)
}

/// What a `send` or an `echo` says, and what tells who said it.
struct Said<'a> {
    content: Vec<Content>,
    input: Scalar<'a>,
    postback: Scalar<'a>,
    file: bool,
    marketing: bool,
}

impl<'a> Said<'a> {
    /// Nothing where there is no content of a known kind.
    fn into_message(self, standby: bool, options: Options<'_>) -> Option<InboundKind> {
        if self.content.is_empty() {
            return None;
        }
        Some(InboundKind::Message {
            content: self.content,
            input: self.input.0.map(Cow::into_owned),
            postback: self.postback.private(),
            standby: standby.then_some(true),
            parameters: options.parameters(),
        })
    }

    /// The content is empty where the echo is of something that says nothing, such as an agent's leaving.
    fn into_echo(
        self,
        options: Options<'_>,
        [event, expires, marketing_number]: [(&'static str, Scalar<'a>); 3],
    ) -> InboundKind {
        InboundKind::Echo {
            author: self.author(&options),
            content: self.content,
            parameters: options.of_echo([
                event,
                expires,
                marketing_number,
                ("inputType", self.input),
            ]),
        }
    }

    /// Who said it. The platform names an agent where a person typed; elsewhere `sourceId` is 1 for the partner centre
    /// and another number for a bot. Marketing messages and smart notifications (스마트알림) come from neither.
    fn author(&self, options: &Options<'_>) -> Author {
        if options.manager_nickname.is_filled() {
            return Author::Agent;
        }
        if self.marketing || self.input.is("alarm") {
            return Author::System;
        }
        match options.source_id.0.as_deref() {
            Some("1") => Author::Agent,
            Some(_) => Author::Bot,
            // Only agents can send files.
            None if self.file => Author::Agent,
            None => Author::Bot,
        }
    }
}

fn entered(mut options: Options<'_>) -> InboundKind {
    let inflow = std::mem::take(&mut options.inflow).owned();
    let referrer = std::mem::take(&mut options.referer).private();
    InboundKind::Entered {
        inflow,
        referrer,
        bot: None,
        parameters: options.parameters(),
    }
}

fn friend_changed(options: &Options<'_>) -> Option<InboundKind> {
    let friend = if options.set.is("on") {
        true
    } else if options.set.is("off") {
        false
    } else {
        return None;
    };
    Some(InboundKind::FriendChanged { friend })
}

/// The metadata is text that should be JSON and sometimes is not, so it stays text.
fn handed_over(options: Options<'_>) -> Option<InboundKind> {
    let control = options.control.owned()?;
    Some(InboundKind::HandedOver {
        control,
        metadata: options.metadata.private(),
    })
}

fn profile_result(options: ProfileOptions) -> Option<InboundKind> {
    let result = options.result?;
    if result == "WITHDRAW" {
        // Without the names there is nothing to delete by; an order to delete nothing would hide that.
        let fields = options.withdrawals.0;
        return (!fields.is_empty()).then_some(InboundKind::ProfileWithdrawn { fields });
    }
    Some(InboundKind::ProfileShared {
        fields: options.fields,
        result,
    })
}

/// A payment that failed or was cancelled may have no id yet.
fn paid(payment: Payment<'_>) -> InboundKind {
    let (payment, result, parameters) = payment.into_parts();
    InboundKind::Paid {
        payment,
        result,
        parameters,
    }
}

fn payment_confirmed(payment: Payment<'_>) -> InboundKind {
    let (payment, result, parameters) = payment.into_parts();
    InboundKind::PaymentConfirmed {
        payment,
        result,
        parameters,
    }
}
