//! Which code means what, at each dealer.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/reference_docs/api_code_dict> (read
//! 2026-11-21) and <https://developers.bizgo.io/api-sdk/api-reference/error-codes> (read 2026-11-21). The pages name
//! and explain the codes; what to do about each is our reading.

use super::Refusal;

/// A list of codes. The same code means different things in different lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodeTable {
    /// Kakao's own, which HappyTalk passes on: negative ones for chats and uploads, positive ones for the centre.
    Kakao,
    /// Bizgo's for what was asked of 상담톡: `data.code`.
    Bizgo,
    /// Bizgo's for whether the call was let in: `common.authCode`. Assumed: those that mirror an HTTP status mean what
    /// it means.
    BizgoGateway,
}

impl CodeTable {
    /// Every code in the list, with what it means. Codes of success are not in it.
    #[must_use]
    pub const fn listed(self) -> &'static [(&'static str, Refusal)] {
        match self {
            Self::Kakao => KAKAO,
            Self::Bizgo => BIZGO,
            Self::BizgoGateway => BIZGO_GATEWAY,
        }
    }

    /// What `code` means; [`Refusal::Unlisted`] where nobody says.
    #[must_use]
    pub fn meaning(self, code: &str) -> Refusal {
        let mut listed = self.listed().iter();
        listed
            .find(|(listed, _)| *listed == code)
            .map_or(Refusal::Unlisted, |(_, refusal)| *refusal)
    }
}

const KAKAO: &[(&str, Refusal)] = &[
    // `ForbiddenException`
    ("-400", Refusal::Forbidden),
    // `UnauthorizedException`
    ("-500", Refusal::Unauthorized),
    // `InvalidSenderException`
    ("-501", Refusal::InvalidSender),
    // `InvalidSessionException`
    ("-502", Refusal::NoSession),
    // `InvalidUserKeyException`
    ("-503", Refusal::InvalidUserKey),
    // `DuplicateSerialNumberException`
    ("-504", Refusal::Duplicate),
    // `InvalidImageException`, `InvalidImageSizeException`
    ("-505", Refusal::InvalidImage),
    // `MessageLengthOverLimitException`
    ("-506", Refusal::TextTooLong),
    // `InvalidHubPartnerException`
    ("-507", Refusal::InvalidHubPartner),
    // `InvalidProfileChatStatusException`
    ("-508", Refusal::ChatOff),
    // `InvalidJsonException`
    ("-509", Refusal::InvalidJson),
    // `InvalidMessageException`
    ("-510", Refusal::InvalidMessage),
    // `BlockedUserMessageException`
    ("-511", Refusal::UserBlocked),
    // `ContractNotFoundException`
    ("-512", Refusal::NoContract),
    // `FailedToSendMessageException`
    ("-600", Refusal::SendFailed),
    // `InternalSystemErrorException`
    ("-601", Refusal::InternalError),
    ("403", Refusal::Forbidden),
    ("405", Refusal::InvalidParameter),
    ("504", Refusal::TemplateExists),
    ("505", Refusal::TemplateExists),
    ("506", Refusal::TextTooLong),
    ("507", Refusal::InvalidSender),
    ("508", Refusal::NotFound),
    ("509", Refusal::WrongState),
    ("510", Refusal::InvalidButton),
    ("512", Refusal::RegistrationBlocked),
    ("513", Refusal::InvalidParameter),
    ("514", Refusal::UnverifiedBusiness),
    ("515", Refusal::InvalidSender),
    ("516", Refusal::NoContract),
    ("517", Refusal::NotFound),
    ("520", Refusal::InvalidTemplate),
    ("525", Refusal::InvalidTemplate),
    ("530", Refusal::InvalidTemplate),
    ("600", Refusal::UploadFailed),
    ("610", Refusal::UploadFailed),
    ("611", Refusal::InvalidFile),
    ("612", Refusal::InvalidFile),
    ("613", Refusal::InvalidFile),
    ("614", Refusal::InvalidFile),
    ("801", Refusal::RegistrationBlocked),
    ("802", Refusal::RegistrationBlocked),
    ("803", Refusal::RegistrationBlocked),
    ("804", Refusal::RegistrationBlocked),
    ("805", Refusal::RegistrationBlocked),
    // One list prints "810 ~ 805" where the other says 801 to 805.
    ("810", Refusal::RegistrationBlocked),
    ("811", Refusal::RegistrationBlocked),
    ("4060", Refusal::ProfileTaken),
];

const BIZGO: &[(&str, Refusal)] = &[
    ("A020", Refusal::TooMany),
    ("A100", Refusal::InvalidAccount),
    ("A110", Refusal::InvalidAccount),
    ("A111", Refusal::InvalidAccount),
    ("A200", Refusal::InvalidFile),
    ("A201", Refusal::InvalidFile),
    ("A202", Refusal::InvalidFile),
    ("A203", Refusal::InvalidFile),
    ("A204", Refusal::InvalidFile),
    ("A205", Refusal::InvalidFile),
    ("A206", Refusal::InvalidFile),
    ("A207", Refusal::InvalidFile),
    ("A208", Refusal::InvalidFile),
    ("A213", Refusal::InvalidParameter),
    ("A220", Refusal::InvalidMessage),
    ("A305", Refusal::InvalidParameter),
    ("A502", Refusal::InvalidSender),
    ("A503", Refusal::InvalidButton),
    ("A507", Refusal::InvalidUserKey),
    ("A513", Refusal::InvalidImage),
    ("A521", Refusal::InvalidItems),
    ("A560", Refusal::InvalidItems),
    ("A561", Refusal::InvalidItems),
    ("A562", Refusal::InvalidButton),
    ("A563", Refusal::InvalidButton),
    ("A564", Refusal::InvalidButton),
    ("A565", Refusal::InvalidMessage),
    ("A567", Refusal::InvalidItems),
    ("A572", Refusal::InvalidMessage),
    ("A573", Refusal::InvalidMessage),
    ("A820", Refusal::NotFound),
    ("A821", Refusal::NoSession),
    ("A822", Refusal::WrongState),
    ("A910", Refusal::PlatformFailed),
    ("A920", Refusal::PlatformFailed),
    ("A999", Refusal::PlatformFailed),
];

const BIZGO_GATEWAY: &[(&str, Refusal)] = &[
    ("A020", Refusal::TooMany),
    ("A401", Refusal::Unauthorized),
    ("A403", Refusal::Forbidden),
    ("A404", Refusal::NotFound),
    ("A406", Refusal::InvalidParameter),
    ("A413", Refusal::InvalidFile),
    ("A415", Refusal::InvalidParameter),
    ("A501", Refusal::PlatformFailed),
    ("A502", Refusal::PlatformFailed),
    ("A503", Refusal::PlatformFailed),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn no_code_stands_twice_in_a_table() {
        for table in [CodeTable::Kakao, CodeTable::Bizgo, CodeTable::BizgoGateway] {
            let by_code: BTreeMap<_, _> = table.listed().iter().copied().collect();
            assert_eq!(by_code.len(), table.listed().len(), "{table:?}");
            for (code, refusal) in table.listed() {
                assert_eq!(table.meaning(code), *refusal);
                assert!(Refusal::ALL.contains(refusal));
            }
        }
    }

    #[test]
    fn a_code_nobody_documented_means_that_nobody_knows() {
        for table in [CodeTable::Kakao, CodeTable::Bizgo, CodeTable::BizgoGateway] {
            assert_eq!(table.meaning("-777"), Refusal::Unlisted);
        }
    }

    #[test]
    fn the_same_code_means_another_thing_in_another_table() {
        assert_eq!(CodeTable::Bizgo.meaning("A502"), Refusal::InvalidSender);
        assert_eq!(
            CodeTable::BizgoGateway.meaning("A502"),
            Refusal::PlatformFailed
        );
    }

    #[test]
    fn chat_off_is_not_no_session_is_not_blocked() {
        assert_eq!(CodeTable::Kakao.meaning("-508").code(), "kakao.chat_off");
        assert_eq!(CodeTable::Kakao.meaning("-502").code(), "kakao.no_session");
        assert_eq!(CodeTable::Bizgo.meaning("A821").code(), "kakao.no_session");
        assert_eq!(
            CodeTable::Kakao.meaning("-511").code(),
            "kakao.user_blocked"
        );
    }
}
