//! What the platform tells us: one event a call.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "Webhook 요구 사항", "이벤트 기본 구조", handover_v1.md,
//! profile_api_v1.md, pay_api_v1.md (read 2026-11-21). Observed: `messageId`, and the keys of an echo.

mod content;
mod options;

use happytalk_core::id::{AccountId, CustomerId, ProviderId};
use happytalk_core::inbound::{Author, Private};
use happytalk_core::{ChannelName, Content, Inbound, InboundKind, json};
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
struct Event {
    event: String,
    #[serde(default)]
    user: Scalar,
    #[serde(default)]
    options: Maybe<Options>,
    #[serde(default)]
    standby: Scalar,
    #[serde(default)]
    message_id: Scalar,
    #[serde(default)]
    text_content: Maybe<TextContent>,
    #[serde(default)]
    image_content: Maybe<ImageContent>,
    #[serde(default)]
    composite_content: Maybe<Box<CompositeContent>>,
    #[serde(default)]
    file_content: Maybe<Box<FileContent>>,
    #[serde(default)]
    marketing_content: Maybe<Box<MarketingContent>>,
}

/// A profile result, for which alone the keys of `options` are open.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct ProfileEvent {
    options: Maybe<ProfileOptions>,
}

#[derive(Deserialize)]
struct EventName {
    event: String,
}

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
    let Object(event) = json::from_slice::<Object<Event>>(body).map_err(bad_body)?;
    let mut profile = ProfileOptions::default();
    if event.event == "profile" {
        let Object(again) = json::from_slice::<Object<ProfileEvent>>(body).map_err(bad_body)?;
        profile = again.options.0.unwrap_or_default();
    }
    let mut inbound = event.into_inbound(profile)?;
    inbound.account = account.cloned();
    Ok(inbound)
}

/// Whether the platform takes the HTTP status of our answer for our word on a payment.
pub(crate) fn asks_for_a_verdict(body: &[u8]) -> bool {
    json::from_slice::<Object<EventName>>(body).is_ok_and(|Object(name)| name.event == PAY_COMPLETE)
}

impl Event {
    fn into_inbound(self, profile: ProfileOptions) -> Result<Inbound, Error> {
        let id = self
            .message_id
            .0
            .and_then(|id| ProviderId::try_from(id).ok());
        // An event that names nobody is of no use, but of an event that is not known that cannot be said.
        let event = match self.event.as_str() {
            "open" => "open",
            "leave" => "leave",
            "friend" => "friend",
            "send" => "send",
            "echo" => "echo",
            "profile" => "profile",
            "handover" => "handover",
            PAY_COMPLETE => PAY_COMPLETE,
            "pay_confirm" => "pay_confirm",
            other if other.len() > EVENT_NAME_BYTES_MAX => {
                return Err(Error::EventNameTooLong {
                    bytes: other.len(),
                    bytes_max: EVENT_NAME_BYTES_MAX,
                });
            }
            other => {
                let mut inbound = inbound(InboundKind::unknown(other));
                inbound.customer = self.user.0.and_then(|user| user.parse().ok());
                inbound.id = id;
                return Ok(inbound);
            }
        };
        let user = self.user.0.ok_or(Error::MissingField {
            event,
            field: "user",
        })?;
        let customer =
            CustomerId::try_from(user).map_err(|source| Error::BadUser { event, source })?;
        let options = self.options.0.unwrap_or_default();
        let mut text = self.text_content.0.unwrap_or_default();
        let mut said = Said {
            content: Vec::from_iter(text.take_content()),
            file: self.file_content.0.is_some(),
            marketing: self.marketing_content.0.is_some(),
            input: text.input_type.0,
            postback: text.code.filled(),
        };
        let parts = &mut said.content;
        parts.extend(self.image_content.0.and_then(ImageContent::into_content));
        parts.extend(
            self.composite_content
                .0
                .and_then(|composite| composite.into_content()),
        );
        parts.extend(self.file_content.0.and_then(|file| file.into_content()));
        parts.extend(
            self.marketing_content
                .0
                .and_then(|marketing| marketing.into_content()),
        );
        let what = match event {
            "open" => Some(entered(options)),
            "leave" => Some(InboundKind::Left {}),
            "friend" => friend_changed(&options),
            "send" => said.into_message(self.standby.is_true(), options),
            "echo" => Some(said.into_echo(&options)),
            "handover" => handed_over(options),
            "profile" => profile_result(profile),
            PAY_COMPLETE => options.payment_result.0.map(|payment| paid(*payment)),
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
struct Said {
    content: Vec<Content>,
    input: Option<String>,
    postback: Option<String>,
    file: bool,
    marketing: bool,
}

impl Said {
    /// Nothing where there is no content of a known kind.
    fn into_message(self, standby: bool, options: Options) -> Option<InboundKind> {
        if self.content.is_empty() {
            return None;
        }
        Some(InboundKind::Message {
            content: self.content,
            input: self.input,
            postback: self.postback.map(Private::from),
            standby: standby.then_some(true),
            parameters: options.parameters(),
        })
    }

    /// The content is empty where the echo is of something that says nothing, such as an agent's leaving.
    fn into_echo(self, options: &Options) -> InboundKind {
        InboundKind::Echo {
            author: self.author(options),
            content: self.content,
            parameters: None,
        }
    }

    /// Who said it. The platform names an agent where a person typed; elsewhere `sourceId` is 1 for the partner centre
    /// and another number for a bot. Marketing messages and smart notifications (스마트알림) come from neither.
    fn author(&self, options: &Options) -> Author {
        if options.manager_nickname.is_filled() {
            return Author::Agent;
        }
        if self.marketing || self.input.as_deref() == Some("alarm") {
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

fn entered(mut options: Options) -> InboundKind {
    let inflow = std::mem::take(&mut options.inflow).filled();
    let referrer = std::mem::take(&mut options.referer).filled();
    InboundKind::Entered {
        inflow,
        referrer: referrer.map(Private::from),
        bot: None,
        parameters: options.parameters(),
    }
}

fn friend_changed(options: &Options) -> Option<InboundKind> {
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
fn handed_over(options: Options) -> Option<InboundKind> {
    let control = options.control.filled()?;
    Some(InboundKind::HandedOver {
        control,
        metadata: options.metadata.filled().map(Private::from),
    })
}

fn profile_result(options: ProfileOptions) -> Option<InboundKind> {
    let result = options.result.filled()?;
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
fn paid(mut payment: Payment) -> InboundKind {
    InboundKind::Paid {
        payment: std::mem::take(&mut payment.payment_id)
            .0
            .unwrap_or_default(),
        result: std::mem::take(&mut payment.code).0.unwrap_or_default(),
        parameters: payment.parameters(),
    }
}

fn payment_confirmed(mut payment: Payment) -> InboundKind {
    InboundKind::PaymentConfirmed {
        payment: std::mem::take(&mut payment.payment_id)
            .0
            .unwrap_or_default(),
        result: std::mem::take(&mut payment.code).0.unwrap_or_default(),
        parameters: payment.parameters(),
    }
}
