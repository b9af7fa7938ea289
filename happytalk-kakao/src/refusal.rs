//! Kakao's error codes for sending and ending, with what each means to the one who has to act.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/reference_docs/api_code_dict> (read
//! 2026-11-21). The page names and explains the codes; what to do about each is our reading.

use std::fmt;
use std::time::Duration;

use happytalk_core::Retry;

/// A code that is not in Kakao's table, as the platform wrote it: 1 to 16 of `[A-Za-z0-9_-]`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformCode(Box<str>);

impl PlatformCode {
    /// The code, where the text can be one.
    pub(crate) fn new(text: &str) -> Option<Self> {
        let one = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
        ((1..=16).contains(&text.len()) && text.bytes().all(one)).then(|| Self(text.into()))
    }

    /// The code.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for PlatformCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

macro_rules! refusals {
    ($( $(#[$meta:meta])* $name:ident = $number:literal, $code:literal, $means:literal, $retry:expr; )*) => {
        /// Why Kakao did not do it.
        #[derive(Debug, Clone, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Refusal {
            $( $(#[$meta])* $name, )*
            /// A code that is not in Kakao's table.
            Unlisted(PlatformCode),
        }

        impl Refusal {
            /// Every refusal that is in Kakao's table, in its order.
            pub const LISTED: &'static [Self] = &[$(Self::$name),*];

            /// What the platform's code says, its digits with or without quotes around them on the wire.
            pub(crate) fn from_code(text: &str) -> Option<Self> {
                match text {
                    $( stringify!($number) => Some(Self::$name), )*
                    other => PlatformCode::new(other).map(Self::Unlisted),
                }
            }

            /// The platform's own code.
            #[must_use]
            pub fn platform_code(&self) -> &str {
                match self {
                    $( Self::$name => stringify!($number), )*
                    Self::Unlisted(code) => code.as_str(),
                }
            }

            /// A name for programs that never changes.
            #[must_use]
            pub const fn code(&self) -> &'static str {
                match self {
                    $( Self::$name => $code, )*
                    Self::Unlisted(_) => "kakao.unlisted_code",
                }
            }

            /// Whether it makes sense to try again.
            #[must_use]
            pub const fn retry(&self) -> Retry {
                match self {
                    $( Self::$name => $retry, )*
                    Self::Unlisted(_) => Retry::Unknown,
                }
            }
        }

        impl fmt::Display for Refusal {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                match self {
                    $( Self::$name => f.write_str($means), )*
                    Self::Unlisted(_) => f.write_str("the code is not in Kakao's table"),
                }
            }
        }
    };
}

refusals! {
    /// `ForbiddenException`: our credentials do not allow this.
    Forbidden = -400, "kakao.forbidden", "the credentials do not allow this", Retry::Never;
    /// `UnauthorizedException`: our credentials are not right.
    Unauthorized = -500, "kakao.unauthorized", "the credentials are not right", Retry::Never;
    /// `InvalidSenderException`: the profile is not valid, not activated, or does not use 상담톡.
    InvalidSender = -501, "kakao.invalid_sender", "the profile is not valid or does not use 상담톡", Retry::Never;
    /// `InvalidSessionException`: the session is over, or there never was one. Only the customer can open one.
    NoSession = -502, "kakao.no_session", "the customer has no open session", Retry::Never;
    /// `InvalidUserKeyException`: no such user key can be.
    InvalidUserKey = -503, "kakao.invalid_user_key", "the user key is malformed", Retry::Never;
    /// `DuplicateSerialNumberException`: this serial number was taken before. Since ours come from the message's
    /// id, it was the same message; [`Kakao`](crate::Kakao) reports it as taken.
    Duplicate = -504, "kakao.duplicate", "the serial number was used before", Retry::Never;
    /// `InvalidImageException`: the picture's format or size.
    InvalidImage = -505, "kakao.invalid_image", "the picture is not one that Kakao takes", Retry::Never;
    /// `MessageLengthOverLimitException`: over 1,000 characters.
    TextTooLong = -506, "kakao.text_too_long", "the text is over 1,000 characters", Retry::Never;
    /// `InvalidHubPartnerException`: the dealer's own key is not valid.
    InvalidHubPartner = -507, "kakao.invalid_hub_partner", "the dealer's own key is not valid", Retry::Never;
    /// `InvalidProfileChatStatusException`: the channel's chat function is switched off.
    ChatOff = -508, "kakao.chat_off", "the channel's chat function is switched off", Retry::Never;
    /// `InvalidJsonException`: the request's JSON.
    InvalidJson = -509, "kakao.invalid_json", "the request was not understood", Retry::Never;
    /// `InvalidMessageException`: the message's type and its fields do not fit.
    InvalidMessage = -510, "kakao.invalid_message", "the message's type and fields do not fit", Retry::Never;
    /// `BlockedUserMessageException`: we blocked this customer.
    UserBlocked = -511, "kakao.user_blocked", "the customer is blocked", Retry::Never;
    /// `ContractNotFoundException`: there is no valid 상담톡 contract.
    NoContract = -512, "kakao.no_contract", "there is no valid 상담톡 contract", Retry::Never;
    /// `FailedToSendMessageException`: it did not go out. Whether its serial number is used up is not documented.
    SendFailed = -600, "kakao.send_failed", "the platform failed to send", Retry::Unknown;
    /// `InternalSystemErrorException`. The same serial number may be sent again: if it went out, that is recognised.
    InternalError = -601, "kakao.internal_error", "the platform failed inside", Retry::After(Duration::from_secs(5));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_code_of_the_table_has_its_name_and_its_retry() {
        let table = [
            ("-400", "kakao.forbidden", Retry::Never),
            ("-500", "kakao.unauthorized", Retry::Never),
            ("-501", "kakao.invalid_sender", Retry::Never),
            ("-502", "kakao.no_session", Retry::Never),
            ("-503", "kakao.invalid_user_key", Retry::Never),
            ("-504", "kakao.duplicate", Retry::Never),
            ("-505", "kakao.invalid_image", Retry::Never),
            ("-506", "kakao.text_too_long", Retry::Never),
            ("-507", "kakao.invalid_hub_partner", Retry::Never),
            ("-508", "kakao.chat_off", Retry::Never),
            ("-509", "kakao.invalid_json", Retry::Never),
            ("-510", "kakao.invalid_message", Retry::Never),
            ("-511", "kakao.user_blocked", Retry::Never),
            ("-512", "kakao.no_contract", Retry::Never),
            ("-600", "kakao.send_failed", Retry::Unknown),
            (
                "-601",
                "kakao.internal_error",
                Retry::After(Duration::from_secs(5)),
            ),
        ];
        assert_eq!(table.len(), Refusal::LISTED.len());
        for (text, code, retry) in table {
            let refusal = Refusal::from_code(text).unwrap();
            assert_eq!(refusal.platform_code(), text);
            assert_eq!((refusal.code(), refusal.retry()), (code, retry));
            assert!(Refusal::LISTED.contains(&refusal));
        }
    }

    #[test]
    fn a_code_nobody_documented_survives() {
        let refusal = Refusal::from_code("-777").unwrap();
        assert_eq!(refusal.platform_code(), "-777");
        assert_eq!(refusal.code(), "kakao.unlisted_code");
        assert_eq!(refusal.retry(), Retry::Unknown);
    }

    #[test]
    fn a_sentence_is_no_code() {
        assert_eq!(Refusal::from_code(""), None);
        assert_eq!(Refusal::from_code("call 010-1234-5678"), None);
    }
}
