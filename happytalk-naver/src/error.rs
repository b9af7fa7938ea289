//! What can go wrong between us and TalkTalk.

use std::time::Duration;

use happytalk_core::id::IdError;
use happytalk_core::json::JsonError;
use happytalk_core::transport::{TransportError, TransportErrorKind};
use happytalk_core::{ChannelError, Retry};

use crate::refusal::Refusal;

/// How long to wait when no connection could be made.
const UNREACHABLE: Duration = Duration::from_secs(1);
/// How long to wait when the platform says that requests come too fast. Assumed: its only figure is per 3 s.
const TOO_FAST: Duration = Duration::from_secs(3);

/// What can go wrong between us and TalkTalk. Holds no key, no customer and no words of theirs.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The base URL of the settings is not one.
    #[error("base url is not an http address")]
    BadBaseUrl,
    /// The key of the settings cannot stand in a header: it is empty or holds a control character.
    #[error("authorization key cannot stand in a header")]
    UnusableKey,
    /// A setting cannot be used.
    #[error("setting cannot be used. setting=`{setting}`")]
    BadSetting {
        /// The field of [`Config`](crate::Config).
        setting: &'static str,
    },

    /// A webhook call is no `POST`.
    #[error("webhook call is not one of the platform's")]
    NotAnEvent,
    /// A webhook call came on another route than the account's own.
    #[error("webhook call came on another route")]
    WrongRoute,
    /// A webhook call came from an address that the settings do not allow, or the host did not say from where.
    #[error("webhook call came from an address that is not allowed")]
    SourceRefused,
    /// A webhook body has more bytes than the settings allow.
    #[error("webhook body is too long. bytes=`{bytes}` bytes_max=`{bytes_max}`")]
    BodyTooLong {
        /// How many it has.
        bytes: usize,
        /// How many it may have.
        bytes_max: usize,
    },
    /// A webhook body is not an event of the platform.
    #[error("webhook body is not an event: {fault}")]
    BadBody {
        /// What is wrong, and where in the body.
        fault: JsonError,
    },
    /// The name of a webhook event is longer than any name is.
    #[error("event name is too long. bytes=`{bytes}` bytes_max=`{bytes_max}`")]
    EventNameTooLong {
        /// How many bytes it has.
        bytes: usize,
        /// How many it may have.
        bytes_max: usize,
    },
    /// A webhook event lacks what the platform always sends.
    #[error("event lacks a field. event=`{event}` field=`{field}`")]
    MissingField {
        /// The event.
        event: &'static str,
        /// The field.
        field: &'static str,
    },
    /// The `user` of a webhook event is not a customer's id.
    #[error("user of the event is not an id. event=`{event}`")]
    BadUser {
        /// The event.
        event: &'static str,
        /// What is wrong with it.
        #[source]
        source: IdError,
    },

    /// The `user` of a webhook event has not the form that the platform documents for one.
    #[error("user of the event has not the platform's form. event=`{event}`")]
    UnexpectedUser {
        /// The event.
        event: &'static str,
    },

    /// The message is for another account than the adapter's. The customer would not be known there.
    #[error("message is for another account")]
    OtherAccount,
    /// The platform has nothing of the kind.
    #[error("channel cannot do this. what=`{what}`")]
    Unsupported {
        /// What.
        what: &'static str,
    },
    /// Something that must say something is empty.
    #[error("nothing stands where something must. place=`{place}`")]
    Empty {
        /// Where.
        place: &'static str,
    },
    /// More than the platform takes at that place. Texts are counted in UTF-16 units.
    #[error(
        "more than the platform takes. place=`{place}` count=`{count}` count_max=`{count_max}`"
    )]
    OverLimit {
        /// Where.
        place: &'static str,
        /// How much there is.
        count: usize,
        /// How much there may be.
        count_max: usize,
    },
    /// A card of a carousel, or one with a picture or buttons, has no title and no text, or nothing beside one of them.
    #[error("card has too little on it")]
    BareCard,

    /// A button stands where the platform has none of its kind.
    #[error("a button of this kind cannot stand there. what=`{what}` place=`{place}`")]
    Misplaced {
        /// The kind.
        what: &'static str,
        /// Where.
        place: &'static str,
    },
    /// A number outside of what the platform takes at that place.
    #[error("number is not within its limits. place=`{place}` min=`{min}` max=`{max}`")]
    OutOfRange {
        /// Where.
        place: &'static str,
        /// The least.
        min: u64,
        /// The most.
        max: u64,
    },
    /// What stands there is not what the platform takes: an end before its beginning, a time between its steps, a page
    /// that is not `https` where it must be.
    #[error("value cannot stand there. place=`{place}`")]
    BadValue {
        /// Where.
        place: &'static str,
    },
    /// A text is no id of a picture that the platform holds.
    #[error("not an id of a picture")]
    BadImageId,
    /// The platform reads nothing from the answer to that event, or must not: it would be lost, or go round for ever.
    #[error("nothing can be said in the answer to this event. event=`{event}`")]
    NoSyncReply {
        /// The event; `unknown` for one these crates do not know.
        event: &'static str,
    },
    /// The answer to an event holds one message of the platform, and this is several.
    #[error("answer to an event holds one message. parts=`{parts}`")]
    TooManyForReply {
        /// How many it is.
        parts: usize,
    },

    /// No whole answer arrived.
    #[error("request got no answer")]
    Transport {
        /// Why.
        #[source]
        source: TransportError,
    },
    /// The platform says that requests come too fast.
    #[error("requests come too fast")]
    RateLimited,
    /// The HTTP status is not 200, which is what the platform answers even to what it refuses.
    #[error("answer has another status than documented. status=`{status}`")]
    BadStatus {
        /// The status.
        status: u16,
    },
    /// The answer is not what the platform documents.
    #[error("answer was not understood: {fault}")]
    BadAnswer {
        /// What is wrong, and where in the answer.
        fault: JsonError,
    },
    /// The answer says neither that the request was taken nor that it was not.
    #[error("answer does not say how it went")]
    NoVerdict,
    /// The platform took a picture and did not say under which id.
    #[error("answer names no picture")]
    NoImageId,
    /// The platform did not take the request.
    #[error("platform refused the request")]
    Refused {
        /// Why.
        #[source]
        refusal: Refusal,
    },
    /// The first parts of the message were taken and a later one was not. Sending it again would double the first.
    #[error("message was sent in part. taken=`{taken}` parts=`{parts}`")]
    SentInPart {
        /// How many requests the platform took.
        taken: usize,
        /// How many the message needs.
        parts: usize,
        /// Why it took no more.
        #[source]
        source: Box<Self>,
    },
}

impl Error {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadBaseUrl => "naver.bad_base_url",
            Self::UnusableKey => "naver.unusable_key",
            Self::BadSetting { .. } => "naver.bad_setting",
            Self::NotAnEvent => "naver.not_an_event",
            Self::WrongRoute => "naver.wrong_route",
            Self::SourceRefused => "naver.source_refused",
            Self::UnexpectedUser { .. } => "naver.unexpected_user",
            Self::Misplaced { .. } => "naver.misplaced",
            Self::OutOfRange { .. } => "naver.out_of_range",
            Self::BadValue { .. } => "naver.bad_value",
            Self::BadImageId => "naver.bad_image_id",
            Self::NoSyncReply { .. } => "naver.no_sync_reply",
            Self::TooManyForReply { .. } => "naver.too_many_for_reply",
            Self::NoImageId => "naver.no_image_id",
            Self::BodyTooLong { .. } => "naver.body_too_long",
            Self::BadBody { .. } => "naver.bad_body",
            Self::EventNameTooLong { .. } => "naver.event_name_too_long",
            Self::MissingField { .. } => "naver.missing_field",
            Self::BadUser { .. } => "naver.bad_user",
            Self::OtherAccount => "naver.other_account",
            Self::Unsupported { .. } => "naver.unsupported",
            Self::Empty { .. } => "naver.empty",
            Self::OverLimit { .. } => "naver.over_limit",
            Self::BareCard => "naver.bare_card",
            Self::Transport { source } => match source.kind {
                TransportErrorKind::Connect => "naver.unreachable",
                _ => "naver.no_answer",
            },
            Self::RateLimited => "naver.rate_limited",
            Self::BadStatus { .. } => "naver.bad_status",
            Self::BadAnswer { .. } => "naver.bad_answer",
            Self::NoVerdict => "naver.no_verdict",
            Self::Refused { refusal } => refusal.code(),
            Self::SentInPart { .. } => "naver.sent_in_part",
        }
    }

    /// Whether it makes sense to try again.
    ///
    /// The platform does not recognise a repeated message, so what may have been taken, or was taken in part, is
    /// [`Retry::Unknown`]: it must not be sent again blindly.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        match self {
            Self::BadBaseUrl
            | Self::UnusableKey
            | Self::BadSetting { .. }
            | Self::NotAnEvent
            | Self::WrongRoute
            | Self::SourceRefused
            | Self::UnexpectedUser { .. }
            | Self::Misplaced { .. }
            | Self::OutOfRange { .. }
            | Self::BadValue { .. }
            | Self::BadImageId
            | Self::NoSyncReply { .. }
            | Self::TooManyForReply { .. }
            | Self::BodyTooLong { .. }
            | Self::BadBody { .. }
            | Self::EventNameTooLong { .. }
            | Self::MissingField { .. }
            | Self::BadUser { .. }
            | Self::OtherAccount
            | Self::Unsupported { .. }
            | Self::Empty { .. }
            | Self::OverLimit { .. }
            | Self::BareCard => Retry::Never,
            Self::Transport { source } => match source.kind {
                TransportErrorKind::Connect => Retry::After(UNREACHABLE),
                _ => Retry::Unknown,
            },
            Self::RateLimited => Retry::After(TOO_FAST),
            Self::BadStatus { status } => match *status {
                // The gateway gave up waiting for a request that it may have had in full.
                408 => Retry::Unknown,
                300..=499 => Retry::Never,
                _ => Retry::Unknown,
            },
            Self::BadAnswer { .. }
            | Self::NoVerdict
            | Self::NoImageId
            | Self::SentInPart { .. } => Retry::Unknown,
            Self::Refused { refusal } => refusal.retry(),
        }
    }
}

impl From<Error> for ChannelError {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.retry(), error)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_error_has_its_code_and_its_retry() {
        let fault = || happytalk_core::json::from_str::<u8>("x").unwrap_err();
        let transport = |kind| Error::Transport {
            source: TransportError::new(kind),
        };
        let after = |seconds| Retry::After(Duration::from_secs(seconds));
        let never = Retry::Never;
        let cases = [
            (Error::BadBaseUrl, "naver.bad_base_url", never),
            (Error::UnusableKey, "naver.unusable_key", never),
            (
                Error::BadSetting {
                    setting: "row_label_max",
                },
                "naver.bad_setting",
                never,
            ),
            (Error::NotAnEvent, "naver.not_an_event", never),
            (Error::WrongRoute, "naver.wrong_route", never),
            (Error::SourceRefused, "naver.source_refused", never),
            (
                Error::UnexpectedUser { event: "send" },
                "naver.unexpected_user",
                never,
            ),
            (
                Error::Misplaced {
                    what: "menu",
                    place: "row",
                },
                "naver.misplaced",
                never,
            ),
            (
                Error::OutOfRange {
                    place: "interval.minutes",
                    min: 5,
                    max: 720,
                },
                "naver.out_of_range",
                never,
            ),
            (
                Error::BadValue {
                    place: "calendar.days",
                },
                "naver.bad_value",
                never,
            ),
            (Error::BadImageId, "naver.bad_image_id", never),
            (
                Error::NoSyncReply { event: "leave" },
                "naver.no_sync_reply",
                never,
            ),
            (
                Error::TooManyForReply { parts: 2 },
                "naver.too_many_for_reply",
                never,
            ),
            (Error::NoImageId, "naver.no_image_id", Retry::Unknown),
            (
                Error::BodyTooLong {
                    bytes: 2,
                    bytes_max: 1,
                },
                "naver.body_too_long",
                never,
            ),
            (Error::BadBody { fault: fault() }, "naver.bad_body", never),
            (
                Error::EventNameTooLong {
                    bytes: 2,
                    bytes_max: 1,
                },
                "naver.event_name_too_long",
                never,
            ),
            (
                Error::MissingField {
                    event: "send",
                    field: "user",
                },
                "naver.missing_field",
                never,
            ),
            (
                Error::BadUser {
                    event: "send",
                    source: IdError::Empty { kind: "CustomerId" },
                },
                "naver.bad_user",
                never,
            ),
            (Error::OtherAccount, "naver.other_account", never),
            (
                Error::Unsupported { what: "video" },
                "naver.unsupported",
                never,
            ),
            (Error::Empty { place: "text" }, "naver.empty", never),
            (
                Error::OverLimit {
                    place: "text",
                    count: 2,
                    count_max: 1,
                },
                "naver.over_limit",
                never,
            ),
            (Error::BareCard, "naver.bare_card", never),
            (
                transport(TransportErrorKind::Connect),
                "naver.unreachable",
                after(1),
            ),
            (
                transport(TransportErrorKind::Timeout),
                "naver.no_answer",
                Retry::Unknown,
            ),
            (
                transport(TransportErrorKind::Other),
                "naver.no_answer",
                Retry::Unknown,
            ),
            (
                transport(TransportErrorKind::TooLarge),
                "naver.no_answer",
                Retry::Unknown,
            ),
            (Error::RateLimited, "naver.rate_limited", after(3)),
            (Error::BadStatus { status: 404 }, "naver.bad_status", never),
            (
                Error::BadStatus { status: 502 },
                "naver.bad_status",
                Retry::Unknown,
            ),
            (
                Error::BadAnswer { fault: fault() },
                "naver.bad_answer",
                Retry::Unknown,
            ),
            (Error::NoVerdict, "naver.no_verdict", Retry::Unknown),
            (
                Error::Refused {
                    refusal: Refusal::CustomerBusy,
                },
                "naver.customer_busy",
                after(30),
            ),
            (
                Error::SentInPart {
                    taken: 1,
                    parts: 2,
                    source: Box::new(Error::RateLimited),
                },
                "naver.sent_in_part",
                Retry::Unknown,
            ),
        ];
        for (error, code, retry) in cases {
            assert_eq!((error.code(), error.retry()), (code, retry), "{error}");
            let channel = ChannelError::from(error);
            assert_eq!((channel.code, channel.retry), (code, retry));
        }
    }
}
