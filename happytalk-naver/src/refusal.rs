//! Why the platform did not take a request: its result codes (결과 코드), and what each means to a sender.
//!
//! Source: <https://github.com/navertalk/chatbot-api> README "오류 명세", imageupload_api_v1.md and issues
//! (read 2026-11-21). The HTTP status is 200 for all of them.

use std::fmt;
use std::time::Duration;

use happytalk_core::Retry;

/// How long to leave a customer alone who has the consent page open. The page closes by itself after 1 to 3 minutes.
const BUSY: Duration = Duration::from_secs(30);
/// How long to wait after a fault that the platform does not explain.
const FAULT: Duration = Duration::from_secs(5);

/// Why the platform did not take a request. In no case has the customer seen anything.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// `01`, and the text speaks of the key: it is wrong, or was reset.
    #[error("key is not valid")]
    BadKey,
    /// `01` or `04`, and the text says that this customer cannot be sent to now: they have the consent page of a
    /// profile request open, or two profile requests came too close.
    #[error("customer cannot be sent to at the moment")]
    CustomerBusy,
    /// `01` with another text or none. Seen for a handover back to the bot while the handover function is off.
    #[error("request is not allowed")]
    NotAllowed,
    /// `02`: the platform could not read the request, or something required is missing.
    #[error("request was not understood")]
    BadRequest,
    /// `02` with a text about the customer, or `99` with one: no such customer under this account.
    #[error("customer is not known")]
    UnknownCustomer,
    /// `03`, or `02` with a text about the partner: the request named an account that is not the key's. These crates
    /// never name one.
    #[error("account is not the one of the key")]
    WrongAccount,
    /// `99`: a fault that the platform does not explain.
    #[error("platform had a fault")]
    PlatformFault,
    /// `IMG-01`: not a JPG, PNG or GIF, or it could not be processed.
    #[error("image cannot be used")]
    ImageUnusable,
    /// `IMG-02`: the platform could not fetch the image within 10 s.
    #[error("image could not be fetched in time")]
    ImageTimeout,
    /// `IMG-03`: the image has more than 20 MB.
    #[error("image is too large")]
    ImageTooLarge,
    /// `IMG-99`: another fault with the image.
    #[error("image could not be taken")]
    ImageFault,
    /// A code these crates do not know.
    #[error("code is not known. result_code=`{0}`")]
    Other(PlatformCode),
}

impl Refusal {
    /// What `result_code` means beside `message`, which alone tells the meanings of `01`, `02` and `99` apart.
    pub(crate) fn read(result_code: &str, message: &str) -> Self {
        // The platform has written these sentences with small changes over the years, so only their core is looked at.
        let busy = message.contains("보낼 수 없");
        let about_customer = message.contains("user 값");
        match result_code {
            "01" if busy => Self::CustomerBusy,
            "01" if message.to_ascii_lowercase().contains("authorization") => Self::BadKey,
            "01" => Self::NotAllowed,
            "02" | "99" if about_customer => Self::UnknownCustomer,
            "02" if message.contains("partner") => Self::WrongAccount,
            "02" => Self::BadRequest,
            "03" => Self::WrongAccount,
            "04" => Self::CustomerBusy,
            "99" => Self::PlatformFault,
            "IMG-01" => Self::ImageUnusable,
            "IMG-02" => Self::ImageTimeout,
            "IMG-03" => Self::ImageTooLarge,
            "IMG-99" => Self::ImageFault,
            other => Self::Other(PlatformCode::new(other)),
        }
    }

    /// A name for programs that never changes.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::BadKey => "naver.bad_key",
            Self::CustomerBusy => "naver.customer_busy",
            Self::NotAllowed => "naver.not_allowed",
            Self::BadRequest => "naver.bad_request",
            Self::UnknownCustomer => "naver.unknown_customer",
            Self::WrongAccount => "naver.wrong_account",
            Self::PlatformFault => "naver.platform_fault",
            Self::ImageUnusable => "naver.image_unusable",
            Self::ImageTimeout => "naver.image_timeout",
            Self::ImageTooLarge => "naver.image_too_large",
            Self::ImageFault => "naver.image_fault",
            Self::Other(_) => "naver.unknown_code",
        }
    }

    /// Whether it makes sense to try again: after 30 s where the customer is busy, after 5 s where the platform had a
    /// fault (once or twice; nobody but its support can say more), otherwise never.
    #[must_use]
    pub const fn retry(&self) -> Retry {
        match self {
            Self::CustomerBusy => Retry::After(BUSY),
            Self::PlatformFault | Self::ImageTimeout | Self::ImageFault => Retry::After(FAULT),
            Self::BadKey
            | Self::NotAllowed
            | Self::BadRequest
            | Self::UnknownCustomer
            | Self::WrongAccount
            | Self::ImageUnusable
            | Self::ImageTooLarge
            | Self::Other(_) => Retry::Never,
        }
    }
}

/// A result code as the platform wrote it: at most 32 letters, digits, `-`, `_` and `.`.
///
/// Anything else is no code, and is not repeated: it shows as `unreadable`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlatformCode(Box<str>);

impl PlatformCode {
    fn new(code: &str) -> Self {
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        let readable = !code.is_empty() && code.len() <= 32 && code.chars().all(plain);
        Self(if readable { code } else { "unreadable" }.into())
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_documented_code_has_its_meaning_and_its_retry() {
        let cannot = "현재 이 사용자에게 메시지를 보낼 수 없음";
        let busy = Retry::After(Duration::from_secs(30));
        let fault = Retry::After(Duration::from_secs(5));
        for (result_code, message, code, retry) in [
            (
                "01",
                "Authorization 정보 오류",
                "naver.bad_key",
                Retry::Never,
            ),
            ("01", cannot, "naver.customer_busy", busy),
            ("01", "", "naver.not_allowed", Retry::Never),
            (
                "02",
                "request json 문자열 파싱 오류",
                "naver.bad_request",
                Retry::Never,
            ),
            (
                "02",
                "request json 문자열 파싱 에러",
                "naver.bad_request",
                Retry::Never,
            ),
            (
                "02",
                "partner 정보 에러",
                "naver.wrong_account",
                Retry::Never,
            ),
            (
                "02",
                "잘못된 user 값",
                "naver.unknown_customer",
                Retry::Never,
            ),
            (
                "03",
                "권한 없는 파트너에 대한 요청",
                "naver.wrong_account",
                Retry::Never,
            ),
            ("04", cannot, "naver.customer_busy", busy),
            ("99", "알 수 없는 오류", "naver.platform_fault", fault),
            (
                "99",
                "잘못된 user 값 : al-2eGuGr5WQOnco1_V-FQ",
                "naver.unknown_customer",
                Retry::Never,
            ),
            ("IMG-01", "", "naver.image_unusable", Retry::Never),
            ("IMG-02", "", "naver.image_timeout", fault),
            ("IMG-03", "", "naver.image_too_large", Retry::Never),
            (
                "IMG-99",
                "이미지 업로드 중 에러",
                "naver.image_fault",
                fault,
            ),
            ("77", "", "naver.unknown_code", Retry::Never),
        ] {
            let refusal = Refusal::read(result_code, message);
            assert_eq!(
                (refusal.code(), refusal.retry()),
                (code, retry),
                "{result_code} {message}"
            );
        }
    }

    #[test]
    fn an_unknown_code_survives_and_an_unreadable_one_is_not_repeated() {
        assert_eq!(
            Refusal::read("IMG-77", "").to_string(),
            "code is not known. result_code=`IMG-77`"
        );
        assert_eq!(
            Refusal::read("010 1234 5678", "").to_string(),
            "code is not known. result_code=`unreadable`"
        );
    }
}
