//! What can go wrong, and what the caller should do about it.

use std::fmt;
use std::time::Duration;

use happytalk_core::id::IdError;
use happytalk_core::json::JsonError;
use happytalk_core::transport::{TransportError, TransportErrorKind};
use happytalk_core::{ChannelError, Retry};

use crate::dialect::Dialect;
use crate::refusal::{PlatformCode, Refusal};
use crate::start::StartPart;
use crate::upload::ImageFault;
use crate::wire::Endpoint;

/// Why an event was not read, or something was not sent. Holds nothing that a customer wrote and no credential.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The text names no kind of event.
    #[error(
        "kind of event is not known. known=`message, reference, expired_session, seen_info, personal_info, cert_result, result`"
    )]
    UnknownKind,
    /// The text names no dialect.
    #[error("dialect is not known. known=`happytalk-v1, happytalk-v3, bizgo, hub`")]
    UnknownDialect,
    /// A setting cannot be used.
    #[error("setting cannot be used. setting=`{setting}`")]
    BadSetting {
        /// The field of [`Config`](crate::Config).
        setting: &'static str,
    },
    /// A part of a 상담하기 button cannot be used. It is refused here, since the platform would cut it in silence.
    #[error("part of the button cannot be used. part=`{part}`")]
    BadStart {
        /// Which, and what it has to be.
        part: StartPart,
    },
    /// What a customer came in with was not signed with this key.
    #[error("value was not signed by us")]
    StartNotOurs,

    /// The request is none that a dealer makes: not a POST, or no event at the end of its path.
    #[error("request is not an event")]
    NotAnEvent,
    /// The request does not come from an address that is allowed.
    #[error("request comes from an address that is not allowed")]
    SourceRefused,
    /// The event, or the message to send, is of another channel profile than this adapter's.
    #[error("sender key is not this adapter's")]
    WrongAccount,
    /// The body is longer than any event.
    #[error("body is too long. bytes_max=`{bytes_max}`")]
    BodyTooLong {
        /// The most bytes it may have.
        bytes_max: usize,
    },
    /// The JSON is nested deeper than any event.
    #[error("JSON is nested too deeply. depth_max=`{depth_max}`")]
    TooDeep {
        /// The most objects and lists within one another.
        depth_max: usize,
    },
    /// The body is not JSON, or not the documented shape.
    #[error(transparent)]
    BadJson(JsonError),
    /// A field that every event of its kind has is not there.
    #[error("required field is missing. pointer=`{pointer}`")]
    MissingField {
        /// Where, as a JSON pointer.
        pointer: &'static str,
    },
    /// A field cannot be the name it should be.
    #[error("field is not a usable id. pointer=`{pointer}`")]
    BadId {
        /// Where, as a JSON pointer.
        pointer: &'static str,
        /// Why not.
        #[source]
        source: IdError,
    },

    /// The dealer has no such call, or none that anybody documented. Nothing was sent.
    #[error("dialect has no such call. endpoint=`{endpoint}` dialect=`{dialect}`")]
    NotInDialect {
        /// What was asked for.
        endpoint: Endpoint,
        /// How the dealer writes.
        dialect: Dialect,
    },
    /// The platform has nothing of the kind. Nothing was sent.
    #[error("channel does not carry this. what=`{what}`")]
    NotCarried {
        /// What was asked for.
        what: &'static str,
    },
    /// A part is over the platform's limit. Nothing was sent.
    #[error("part is over its limit. part=`{part}` max=`{max}`")]
    OverLimit {
        /// Which part.
        part: LimitedPart,
        /// The limit, in characters or in pieces.
        max: usize,
    },
    /// There are fewer of something than the platform needs. Nothing was sent.
    #[error("there are too few. part=`{part}` min=`{min}`")]
    TooFew {
        /// Of what.
        part: LimitedPart,
        /// How many there must be.
        min: usize,
    },
    /// A part that the platform needs is not there, or not usable. Nothing was sent.
    #[error("part is missing or not usable. part=`{part}`")]
    Incomplete {
        /// Which part.
        part: IncompletePart,
    },

    /// A picture is none that Kakao takes. Nothing was sent.
    #[error("picture is not one that Kakao takes. fault=`{fault}`")]
    ImageRefused {
        /// Why not.
        fault: ImageFault,
    },
    /// A file to be handed over could not be read, or is not as long as was said. Nothing was sent.
    #[error("file could not be read")]
    MediaUnreadable {
        /// What happened.
        #[source]
        source: std::io::Error,
    },

    /// The platform understood the request and did not do it.
    #[error("platform refused: {refusal}. endpoint=`{endpoint}` platform_code=`{platform_code}`")]
    Refused {
        /// Which call.
        endpoint: Endpoint,
        /// Why.
        refusal: Refusal,
        /// The platform's own code for it.
        platform_code: PlatformCode,
    },
    /// Some parts of a message went out, and one did not. The dealer recognises no repetition, so sending the whole
    /// again would say the first parts twice.
    #[error("message went out in part. parts_sent=`{parts_sent}` parts=`{parts}`")]
    PartlySent {
        /// How many parts went out.
        parts_sent: usize,
        /// How many parts there are.
        parts: usize,
        /// Why the next one did not.
        #[source]
        source: Box<Self>,
    },
    /// Too many requests.
    #[error("platform asks to slow down. endpoint=`{endpoint}` after_secs=`{}`", after.as_secs())]
    RateLimited {
        /// Which call.
        endpoint: Endpoint,
        /// How long to wait from the answer on.
        after: Duration,
    },
    /// The answer is not what the platform documents. It may have acted.
    #[error("answer was not understood. endpoint=`{endpoint}` status=`{status}`")]
    BadReply {
        /// Which call.
        endpoint: Endpoint,
        /// The HTTP status.
        status: u16,
    },
    /// No whole answer arrived.
    #[error("request had no answer. endpoint=`{endpoint}`")]
    Transport {
        /// Which call.
        endpoint: Endpoint,
        /// What happened.
        #[source]
        source: TransportError,
    },
}

impl Error {
    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::UnknownKind => "kakao.unknown_kind",
            Self::UnknownDialect => "kakao.unknown_dialect",
            Self::BadSetting { .. } => "kakao.bad_setting",
            Self::BadStart { .. } => "kakao.bad_start",
            Self::StartNotOurs => "kakao.start_not_ours",
            Self::NotAnEvent => "kakao.not_an_event",
            Self::SourceRefused => "kakao.source_refused",
            Self::WrongAccount => "kakao.wrong_account",
            Self::BodyTooLong { .. } => "kakao.body_too_long",
            Self::TooDeep { .. } => "kakao.too_deep",
            Self::BadJson(_) => "kakao.bad_json",
            Self::MissingField { .. } => "kakao.missing_field",
            Self::BadId { .. } => "kakao.bad_id",
            Self::NotInDialect { .. } => "kakao.not_in_dialect",
            Self::NotCarried { .. } => "kakao.not_carried",
            Self::OverLimit { .. } => "kakao.over_limit",
            Self::TooFew { .. } => "kakao.too_few",
            Self::Incomplete { .. } => "kakao.incomplete",
            Self::ImageRefused { .. } => "kakao.image_refused",
            Self::MediaUnreadable { .. } => "kakao.media_unreadable",
            Self::Refused { refusal, .. } => refusal.code(),
            Self::PartlySent { .. } => "kakao.partly_sent",
            Self::RateLimited { .. } => "kakao.rate_limited",
            Self::BadReply { .. } => "kakao.bad_reply",
            Self::Transport { source, .. } => source.code(),
        }
    }

    /// Whether it makes sense to try again, with the same message id.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        match self {
            Self::UnknownKind
            | Self::UnknownDialect
            | Self::BadSetting { .. }
            | Self::BadStart { .. }
            | Self::StartNotOurs
            | Self::NotAnEvent
            | Self::SourceRefused
            | Self::WrongAccount
            | Self::BodyTooLong { .. }
            | Self::TooDeep { .. }
            | Self::BadJson(_)
            | Self::MissingField { .. }
            | Self::BadId { .. }
            | Self::NotInDialect { .. }
            | Self::NotCarried { .. }
            | Self::OverLimit { .. }
            | Self::TooFew { .. }
            | Self::ImageRefused { .. }
            | Self::Incomplete { .. } => Retry::Never,
            Self::MediaUnreadable { .. } => Retry::After(Duration::from_secs(1)),
            Self::Refused { refusal, .. } => refusal.retry(),
            Self::RateLimited { after, .. } => Retry::After(*after),
            Self::PartlySent { .. } | Self::BadReply { .. } => Retry::Unknown,
            Self::Transport { source, .. } => match source.kind {
                TransportErrorKind::Connect => Retry::After(Duration::from_secs(1)),
                _ => Retry::Unknown,
            },
        }
    }
}

impl From<Error> for ChannelError {
    fn from(error: Error) -> Self {
        Self::new(error.code(), error.retry(), error)
    }
}

macro_rules! parts {
    ($(#[$meta:meta])* $name:ident { $( $(#[$vmeta:meta])* $variant:ident = $text:literal, )* }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum $name {
            $( $(#[$vmeta])* $variant, )*
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $( Self::$variant => $text, )* })
            }
        }
    };
}

parts! {
    /// What the platform limits.
    LimitedPart {
        /// How many requests one message needs.
        Requests = "requests",
        /// The words of one message, in characters.
        Text = "text",
        /// A URL, in characters.
        Url = "url",
        /// The name of a file, in characters.
        FileName = "file name",
        /// The label of a button, in characters.
        ButtonLabel = "button label",
        /// The label of a quick reply, in characters.
        QuickReplyLabel = "quick reply label",
        /// How many buttons there are.
        Buttons = "buttons",
        /// How many quick replies there are.
        QuickReplies = "quick replies",
        /// What a button sends back, or the event it calls, in characters.
        ButtonValue = "button value",
        /// The bot's event that a session is ended with, in characters.
        BotEvent = "bot event",
        /// How long a file is, in bytes.
        FileBytes = "file bytes",
        /// A field of a call to the centre, in characters.
        Field = "field",
        /// The rows of a list.
        Items = "items",
        /// The cards of a carousel.
        Cards = "cards",
        /// The words of a coupon, in characters.
        Coupon = "coupon description",
        /// How long a certificate is waited for, in minutes.
        Expiry = "expiry minutes",
    }
}

parts! {
    /// What the platform needs.
    IncompletePart {
        /// Something to say.
        Content = "content",
        /// Words: a message has to have some.
        Text = "text",
        /// An `http` or `https` URL.
        Url = "url",
        /// The name of a file.
        FileName = "file name",
        /// Bytes in a file that is handed over.
        FileBytes = "file bytes",
        /// The size of a file in bytes.
        FileSize = "file size",
        /// The label of a button.
        ButtonLabel = "button label",
        /// The web page that a button opens, by `http` or `https`.
        ButtonUrl = "button url",
        /// Two of the addresses for iOS, for Android and for the web.
        AppTargets = "two of the ios, android and web targets",
        /// The token that the channel's administrator was sent.
        Token = "token",
        /// The channel's search id, which begins with `@`.
        ChannelId = "channel id with its @",
        /// A phone number of 8 to 15 digits.
        Phone = "phone number",
        /// The class of a channel.
        Category = "category code of 11 digits",
        /// The company that the content is entrusted to.
        Company = "company",
        /// The address that events are posted below, by `http` or `https`.
        Domain = "receive domain",
        /// The id of a system message.
        SystemMessage = "system message id",
        /// Hours of a day: four digits each, the first before the second, each day once.
        ConsultTime = "consult time",
        /// The key of a form.
        FormKey = "form key",
        /// A time of more than no minutes.
        Expiry = "expiry minutes",
        /// What a button sends back, or the event it calls: `[A-Za-z0-9_]` alone.
        ButtonValue = "button value of [A-Za-z0-9_]",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_that_never_came_says_whether_it_may_have_acted() {
        let error = |kind| Error::Transport {
            endpoint: Endpoint::ChatWrite,
            source: TransportError::new(kind),
        };
        let refused = error(TransportErrorKind::Connect);
        assert_eq!(refused.code(), "transport.connect");
        assert_eq!(refused.retry(), Retry::After(Duration::from_secs(1)));
        let late = error(TransportErrorKind::Timeout);
        assert_eq!(
            (late.code(), late.retry()),
            ("transport.timeout", Retry::Unknown)
        );
        let long = error(TransportErrorKind::TooLarge);
        assert_eq!(
            (long.code(), long.retry()),
            ("transport.too_large", Retry::Unknown)
        );
    }

    #[test]
    fn the_rest_of_the_system_sees_the_same_code_and_retry() {
        let error = ChannelError::from(Error::Refused {
            endpoint: Endpoint::ChatWrite,
            refusal: Refusal::NoSession,
            platform_code: PlatformCode::new("-502").unwrap(),
        });
        assert_eq!(
            (error.code, error.retry),
            ("kakao.no_session", Retry::Never)
        );
        assert_eq!(
            error.source.to_string(),
            "platform refused: the customer has no open session. endpoint=`chat/write` platform_code=`-502`"
        );
    }
}
