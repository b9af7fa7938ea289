//! Why the platform did not do it: one list of meanings, whichever dealer's code says it.

mod table;

use std::fmt;
use std::time::Duration;

use happytalk_core::Retry;

pub use table::CodeTable;

/// A code as the platform wrote it: 1 to 16 of `[A-Za-z0-9_-]`.
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
    ($( $(#[$meta:meta])* $name:ident = $code:literal, $means:literal, $retry:expr; )*) => {
        /// Why the platform did not do it. The same refusal has the same name whichever dealer's code said it; that
        /// code stands beside it in [`Error::Refused`](crate::Error::Refused), and [`CodeTable`] has them all.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Refusal {
            $( $(#[$meta])* $name, )*
        }

        impl Refusal {
            /// Every refusal.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// A name for programs that never changes.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $( Self::$name => $code, )* }
            }

            /// Whether it makes sense to try again.
            #[must_use]
            pub const fn retry(self) -> Retry {
                match self { $( Self::$name => $retry, )* }
            }
        }

        impl fmt::Display for Refusal {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(match self { $( Self::$name => $means, )* })
            }
        }
    };
}

refusals! {
    /// Our credentials do not allow this.
    Forbidden = "kakao.forbidden", "the credentials do not allow this", Retry::Never;
    /// Our credentials are not right, or are used from an address that is not registered.
    Unauthorized = "kakao.unauthorized", "the credentials are not right", Retry::Never;
    /// The profile is not valid, not activated, or does not use 상담톡.
    InvalidSender = "kakao.invalid_sender", "the profile is not valid or does not use 상담톡", Retry::Never;
    /// The session is over, or there never was one. Only the customer can open one.
    NoSession = "kakao.no_session", "the customer has no open session", Retry::Never;
    /// No such user key can be.
    InvalidUserKey = "kakao.invalid_user_key", "the user key is malformed", Retry::Never;
    /// This serial number was taken before. Since ours come from the message's id, it was the same message;
    /// [`Kakao`](crate::Kakao) reports it as taken.
    Duplicate = "kakao.duplicate", "the serial number was used before", Retry::Never;
    /// The picture's format, size or shape.
    InvalidImage = "kakao.invalid_image", "the picture is not one that Kakao takes", Retry::Never;
    /// Over 1,000 characters.
    TextTooLong = "kakao.text_too_long", "the text is over 1,000 characters", Retry::Never;
    /// The dealer's own key is not valid.
    InvalidHubPartner = "kakao.invalid_hub_partner", "the dealer's own key is not valid", Retry::Never;
    /// The channel's chat function is switched off; [`Kakao::activate_chat`](crate::Kakao::activate_chat) switches it on.
    ChatOff = "kakao.chat_off", "the channel's chat function is switched off", Retry::Never;
    /// The request's JSON.
    InvalidJson = "kakao.invalid_json", "the request was not understood", Retry::Never;
    /// The message's type and its fields do not fit.
    InvalidMessage = "kakao.invalid_message", "the message's type and fields do not fit", Retry::Never;
    /// We blocked this customer.
    UserBlocked = "kakao.user_blocked", "the customer is blocked", Retry::Never;
    /// There is no valid 상담톡 contract.
    NoContract = "kakao.no_contract", "there is no valid 상담톡 contract", Retry::Never;
    /// It did not go out. Whether its serial number is used up is not documented.
    SendFailed = "kakao.send_failed", "the platform failed to send", Retry::Unknown;
    /// The platform failed inside. The same serial number may be sent again: if it went out, that is recognised.
    InternalError = "kakao.internal_error", "the platform failed inside", Retry::After(Duration::from_secs(5));
    /// The platform failed inside and recognises no repetition: it may have acted.
    PlatformFailed = "kakao.platform_failed", "the platform failed inside and may have acted", Retry::Unknown;

    /// A field of the request is not what the platform takes.
    InvalidParameter = "kakao.invalid_parameter", "a field is not what the platform takes", Retry::Never;
    /// The buttons or quick replies.
    InvalidButton = "kakao.invalid_button", "a button or quick reply is not what the platform takes", Retry::Never;
    /// The items of a list, or the cards of a carousel.
    InvalidItems = "kakao.invalid_items", "an item or card is not what the platform takes", Retry::Never;
    /// A file: its size, its name or its kind.
    InvalidFile = "kakao.invalid_file", "the file is not one that the platform takes", Retry::Never;
    /// The platform could not keep the file. Handing it over again does no harm.
    UploadFailed = "kakao.upload_failed", "the platform could not keep the file", Retry::Unknown;
    /// No such thing, or it was deleted.
    NotFound = "kakao.not_found", "there is no such thing", Retry::Never;
    /// What was asked for is not possible in the state it is in.
    WrongState = "kakao.wrong_state", "its state does not allow this", Retry::Never;
    /// The template's code or name is taken.
    TemplateExists = "kakao.template_exists", "a template of that code or name exists", Retry::Never;
    /// The template, the system message or the plug-in in it.
    InvalidTemplate = "kakao.invalid_template", "the template is not what the platform takes", Retry::Never;
    /// The dealer may not register profiles, or was stopped from it.
    RegistrationBlocked = "kakao.registration_blocked", "the profile cannot be registered", Retry::Never;
    /// The channel's business has to be verified first.
    UnverifiedBusiness = "kakao.unverified_business", "the channel's business is not verified", Retry::Never;
    /// The profile is used for 상담톡 by another dealer.
    ProfileTaken = "kakao.profile_taken", "another dealer uses the profile", Retry::Never;
    /// The account at the dealer is not valid, or may not use this.
    InvalidAccount = "kakao.invalid_account", "the account at the dealer is not valid", Retry::Never;
    /// Too many requests.
    TooMany = "kakao.rate_limited", "the platform asks to slow down", Retry::After(Duration::from_secs(1));
    /// A code that is in no table.
    Unlisted = "kakao.unlisted_code", "the code is in no table", Retry::Unknown;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_a_name_of_its_own() {
        let mut names: Vec<_> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Refusal::ALL.len());
        assert!(names.iter().all(|name| name.starts_with("kakao.")));
    }

    #[test]
    fn a_sentence_is_no_code() {
        assert_eq!(PlatformCode::new(""), None);
        assert_eq!(PlatformCode::new("call 010-1234-5678"), None);
        assert_eq!(PlatformCode::new("-777").unwrap().as_str(), "-777");
    }
}
