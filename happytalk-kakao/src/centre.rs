//! What is asked of the bizmessage centre (비즈메시지 센터) and about sessions, beside the talk itself.
//!
//! Source: <https://mbi-developer-center.happytalk.io/kakaotalk_webhook/sender/>,
//! <https://developer-center.happytalk.io/KakaoWebhook/Profile/search>,
//! <https://developer-center.happytalk.io/KakaoWebhook/SystemMessage/search> and
//! <https://developers.bizgo.io/api-sdk/api-reference/comm/kakao-counsel> (read 2026-11-21).

mod found;

use std::fmt;

use happytalk_core::id::{CustomerId, ProviderId};
use serde::{Deserialize, Serialize};

pub use found::{
    Category, ConsultSession, InspectComment, ProfileStatus, ReceiveDomain, ReceiveDomains, Sender,
    SystemMessage, SystemMessageText,
};

use crate::error::{Error, IncompletePart, LimitedPart};
use crate::wire::Endpoint;

/// The longest text of a field, in characters. Ours: no page has one longer.
const FIELD_CHARS_MAX: usize = 1000;

/// The code that asks for all categories.
pub(crate) const CATEGORY_ALL: &str = "CATEGORY_ALL";

/// One question or order to the centre. The `type` of its JSON stands in quotes beside each.
///
/// Which dialect has which is in [`Endpoint::path`]; what it does not have is [`Error::NotInDialect`]. `Debug` shows the
/// kind alone: a phone number may be in it.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
#[non_exhaustive]
pub enum CentreCall {
    /// Sends a token to the channel's administrator by 알림톡, good for 7 days: `sender_token`.
    SenderToken {
        /// The channel's search id, with its `@`.
        channel_id: String,
        /// The administrator's phone number.
        phone: String,
    },
    /// Registers a profile: `create_sender`.
    CreateSender(NewSender),
    /// What is known of the profile: `sender`.
    Sender {},
    /// Where events are posted to: `receive_domains`.
    ReceiveDomains {},
    /// Posts events below another address: `set_receive_domain`.
    SetReceiveDomain {
        /// An `https` address, with the path segment that nobody can guess.
        domain: String,
    },
    /// Classes a channel can be of: `categories`.
    Categories {
        /// 11 digits; all classes where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        code: Option<String>,
    },
    /// The messages that the platform shows by itself: `system_messages`.
    SystemMessages {
        /// One of them; all where none is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        id: Option<String>,
    },
    /// Switches the channel's chat function on: `activate_chat`.
    ActivateChat {},
    /// Switches the channel's chat function off: `deactivate_chat`.
    DeactivateChat {},
    /// Starts using 상담톡 with the profile: `activate_sender`.
    ActivateSender {
        /// The company that the content is entrusted to (위탁사).
        company: String,
    },
    /// Stops using 상담톡 with the profile, which deletes its [`ConsultTimes`](Self::ConsultTimes):
    /// `deactivate_sender`.
    DeactivateSender {
        /// The company that the content was entrusted to.
        company: String,
    },
    /// The customer's last session: `session`. With several channels of one account, which one's is not documented.
    Session {
        /// Whose.
        customer: CustomerId,
    },
    /// Takes a message back, for good: `delete_message`.
    DeleteMessage {
        /// Whom it was said to.
        customer: CustomerId,
        /// The platform's id of it, from the [`Receipt`](happytalk_core::channel::Receipt).
        message: ProviderId,
    },
    /// The hours that the channel's home page shows: `consult_times`.
    ConsultTimes {},
    /// Shows other hours on the channel's home page: `set_consult_times`. Once there are some they can be changed, not
    /// removed.
    SetConsultTimes {
        /// One a day at the most; a day that is not there is closed.
        days: Vec<ConsultTime>,
    },
    /// What the customer and the channel's bot said before: `bot_history`.
    BotHistory {
        /// With whom.
        customer: CustomerId,
    },
}

/// A profile to be registered.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct NewSender {
    /// What the administrator was sent.
    pub token: String,
    /// The channel's search id, with its `@`, as in the token's request.
    pub channel_id: String,
    /// The administrator's phone number, as in the token's request.
    pub phone: String,
    /// 11 digits: the class of the channel.
    pub category_code: String,
    /// The company that the content is entrusted to (위탁사).
    pub company: String,
    /// Whether 상담톡 is used. Default: yes.
    #[serde(default = "yes")]
    pub consult: bool,
}

const fn yes() -> bool {
    true
}

impl NewSender {
    /// A profile for 상담톡.
    #[must_use]
    pub const fn new(
        token: String,
        channel_id: String,
        phone: String,
        category_code: String,
        company: String,
    ) -> Self {
        Self {
            token,
            channel_id,
            phone,
            category_code,
            company,
            consult: true,
        }
    }
}

/// When somebody answers on one day of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[non_exhaustive]
pub struct ConsultTime {
    /// `mon` to `sun`.
    pub day: ConsultDay,
    /// From, four digits such as `0900`.
    pub start: String,
    /// Until, four digits such as `1800`; `2400` at the most.
    pub end: String,
}

impl ConsultTime {
    /// From `start` until `end`.
    #[must_use]
    pub fn new(day: ConsultDay, start: impl Into<String>, end: impl Into<String>) -> Self {
        Self {
            day,
            start: start.into(),
            end: end.into(),
        }
    }
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
#[expect(clippy::exhaustive_enums, reason = "a week has seven days")]
pub enum ConsultDay {
    /// 월요일.
    Mon,
    /// 화요일.
    Tue,
    /// 수요일.
    Wed,
    /// 목요일.
    Thu,
    /// 금요일.
    Fri,
    /// 토요일.
    Sat,
    /// 일요일.
    Sun,
}

impl ConsultDay {
    /// The word on the wire.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mon => "mon",
            Self::Tue => "tue",
            Self::Wed => "wed",
            Self::Thu => "thu",
            Self::Fri => "fri",
            Self::Sat => "sat",
            Self::Sun => "sun",
        }
    }
}

impl CentreCall {
    /// The `type` of the JSON.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::SenderToken { .. } => "sender_token",
            Self::CreateSender(_) => "create_sender",
            Self::Sender {} => "sender",
            Self::ReceiveDomains {} => "receive_domains",
            Self::SetReceiveDomain { .. } => "set_receive_domain",
            Self::Categories { .. } => "categories",
            Self::SystemMessages { .. } => "system_messages",
            Self::ActivateChat {} => "activate_chat",
            Self::DeactivateChat {} => "deactivate_chat",
            Self::ActivateSender { .. } => "activate_sender",
            Self::DeactivateSender { .. } => "deactivate_sender",
            Self::Session { .. } => "session",
            Self::DeleteMessage { .. } => "delete_message",
            Self::ConsultTimes {} => "consult_times",
            Self::SetConsultTimes { .. } => "set_consult_times",
            Self::BotHistory { .. } => "bot_history",
        }
    }

    /// What is called for it.
    #[must_use]
    pub const fn endpoint(&self) -> Endpoint {
        match self {
            Self::SenderToken { .. } => Endpoint::SenderToken,
            Self::CreateSender(_) => Endpoint::SenderCreate,
            Self::Sender {} => Endpoint::Sender,
            Self::ReceiveDomains {} => Endpoint::DomainSearch,
            Self::SetReceiveDomain { .. } => Endpoint::DomainUpdate,
            Self::Categories { .. } => Endpoint::Category,
            Self::SystemMessages { .. } => Endpoint::SystemMessages,
            Self::ActivateChat {} => Endpoint::ChatActivate,
            Self::DeactivateChat {} => Endpoint::ChatDeactivate,
            Self::ActivateSender { .. } => Endpoint::SenderActivate,
            Self::DeactivateSender { .. } => Endpoint::SenderDeactivate,
            Self::Session { .. } => Endpoint::Session,
            Self::DeleteMessage { .. } => Endpoint::MessageDelete,
            Self::ConsultTimes {} => Endpoint::ConsultTimes,
            Self::SetConsultTimes { .. } => Endpoint::SetConsultTimes,
            Self::BotHistory { .. } => Endpoint::BotHistory,
        }
    }

    /// Whether the platform could take it.
    pub(crate) fn check(&self) -> Result<(), Error> {
        match self {
            Self::SenderToken { channel_id, phone } => channel(channel_id).and(number(phone)),
            Self::CreateSender(sender) => {
                filled(&sender.token, IncompletePart::Token)?;
                channel(&sender.channel_id)?;
                number(&sender.phone)?;
                category(&sender.category_code)?;
                filled(&sender.company, IncompletePart::Company)
            }
            Self::SetReceiveDomain { domain } => {
                filled(domain, IncompletePart::Domain)?;
                let is_web = domain.starts_with("https://") || domain.starts_with("http://");
                let is_plain = domain.bytes().all(|byte| byte.is_ascii_graphic());
                usable(is_web && is_plain, IncompletePart::Domain)
            }
            Self::Categories { code: Some(code) } => category(code),
            Self::SystemMessages { id: Some(id) } => filled(id, IncompletePart::SystemMessage),
            Self::ActivateSender { company } | Self::DeactivateSender { company } => {
                filled(company, IncompletePart::Company)
            }
            Self::SetConsultTimes { days } => days_are_usable(days),
            Self::Sender {}
            | Self::ReceiveDomains {}
            | Self::Categories { code: None }
            | Self::SystemMessages { id: None }
            | Self::ActivateChat {}
            | Self::DeactivateChat {}
            | Self::Session { .. }
            | Self::DeleteMessage { .. }
            | Self::ConsultTimes {}
            | Self::BotHistory { .. } => Ok(()),
        }
    }
}

fn usable(is_usable: bool, part: IncompletePart) -> Result<(), Error> {
    if is_usable {
        return Ok(());
    }
    Err(Error::Incomplete { part })
}

fn filled(text: &str, part: IncompletePart) -> Result<(), Error> {
    if text.chars().count() > FIELD_CHARS_MAX {
        return Err(Error::OverLimit {
            part: LimitedPart::Field,
            max: FIELD_CHARS_MAX,
        });
    }
    usable(!text.trim().is_empty(), part)
}

fn channel(id: &str) -> Result<(), Error> {
    filled(id, IncompletePart::ChannelId)?;
    let name = id.strip_prefix('@').unwrap_or_default();
    usable(!name.is_empty(), IncompletePart::ChannelId)
}

fn number(phone: &str) -> Result<(), Error> {
    let digits = phone.bytes().filter(u8::is_ascii_digit).count();
    let plain = |byte: u8| byte.is_ascii_digit() || byte == b'-' || byte == b'+';
    let is_number = (8..=15).contains(&digits) && phone.bytes().all(plain);
    usable(is_number, IncompletePart::Phone)
}

fn category(code: &str) -> Result<(), Error> {
    let is_code = code.len() == 11 && code.bytes().all(|byte| byte.is_ascii_digit());
    usable(is_code || code == CATEGORY_ALL, IncompletePart::Category)
}

fn days_are_usable(days: &[ConsultTime]) -> Result<(), Error> {
    let mut seen = Vec::new();
    for time in days {
        let (start, end) = (minute(&time.start), minute(&time.end));
        let in_order = start.is_some() && start < end;
        usable(
            in_order && !seen.contains(&time.day),
            IncompletePart::ConsultTime,
        )?;
        seen.push(time.day);
    }
    usable(!days.is_empty(), IncompletePart::ConsultTime)
}

/// The minute of the day that four digits say.
fn minute(text: &str) -> Option<u32> {
    if text.len() != 4 || !text.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: u32 = text.parse().ok()?;
    let (hours, minutes) = (number / 100, number % 100);
    (minutes < 60 && number <= 2400).then(|| hours.saturating_mul(60).saturating_add(minutes))
}

impl fmt::Debug for CentreCall {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CentreCall({})", self.kind())
    }
}

impl fmt::Debug for NewSender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NewSender(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hours_are_four_digits_of_a_day() {
        assert_eq!(minute("0900"), Some(540));
        assert_eq!(minute("2400"), Some(1440));
        for text in ["", "900", "09:00", "2401", "0960", "24000", "-100"] {
            assert_eq!(minute(text), None, "{text}");
        }
    }
}
