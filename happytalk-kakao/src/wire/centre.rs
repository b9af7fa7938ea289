//! The centre's calls: what is asked, and what comes back.
//!
//! Source: as in [`crate::CentreCall`]. `senderKey` is in camel case in some calls of HappyTalk's second generation,
//! though its chat calls have `sender_key`. Assumed: the consult times are asked for by `senderKey`.

use happytalk_core::Timestamp;
use happytalk_core::id::AccountId;
use happytalk_core::inbound::Private;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::action::post;
use super::call::{Api, Call};
use super::endpoint::Endpoint;
use super::lenient::{Loose, Token};
use super::tree::{Members, Node, Spelled, Spelling};
use crate::centre::{
    CATEGORY_ALL, Category, CentreCall, ConsultDay, ConsultSession, ConsultTime, InspectComment,
    ProfileStatus, ReceiveDomain, ReceiveDomains, Sender, SystemMessage, SystemMessageText,
};
use crate::config::Config;
use crate::dialect::Dialect;
use crate::error::Error;

/// The request that asks it.
pub(crate) fn centre_call(call: &CentreCall, config: &Config, api: &Api) -> Result<Call, Error> {
    call.check()?;
    let (endpoint, dialect) = (call.endpoint(), api.dialect());
    let sender_key = config.sender_key.as_str();
    if endpoint.method(dialect) == Some(http::Method::GET) {
        let mut query = format!("?senderKey={}", encoded(sender_key));
        match call {
            CentreCall::Session { customer } => {
                query = format!("?userKey={}", encoded(customer.as_str()));
            }
            CentreCall::SystemMessages { id: Some(id) } => {
                query.push_str("&id=");
                query.push_str(&encoded(id));
            }
            _ => {}
        }
        return api.get(endpoint, &query);
    }
    let members = body(call, sender_key);
    if dialect == Dialect::Bizgo {
        let wrapped = Members::new().node("cstalk", members.into_node());
        return post(api, endpoint, &wrapped.into_node());
    }
    // The page of this one call prints its only field in camel case.
    let camel = dialect == Dialect::HappytalkV3 && endpoint == Endpoint::ChatDeactivate;
    let spelling = if camel {
        Spelling::Camel
    } else {
        Spelling::Snake
    };
    api.post(endpoint, &Spelled(&members.into_node(), spelling))
}

fn body<'a>(call: &'a CentreCall, sender_key: &'a str) -> Members<'a> {
    let own = Members::new().text("sender_key", sender_key);
    match call {
        CentreCall::SenderToken { channel_id, phone } => Members::new()
            .text("yellow_id", channel_id)
            .text("phone_number", phone),
        CentreCall::CreateSender(sender) => Members::new()
            .text("token", &sender.token)
            .text("yellow_id", &sender.channel_id)
            .text("phone_number", &sender.phone)
            .text("category_code", &sender.category_code)
            .node("biz_chat", Node::Flag(sender.consult))
            .text("company_name", &sender.company),
        CentreCall::SetReceiveDomain { domain } => own.text("domain", domain),
        CentreCall::Categories { code } => {
            let code = code.as_deref().unwrap_or(CATEGORY_ALL);
            Members::new().text("category_code", code)
        }
        CentreCall::SystemMessages { id } => own.text_if("id", id.as_deref()),
        CentreCall::ActivateSender { company } | CentreCall::DeactivateSender { company } => {
            own.text("committal_company", company)
        }
        CentreCall::Session { customer } => Members::new().text("user_key", customer.as_str()),
        CentreCall::DeleteMessage { customer, message } => own
            .text("user_key", customer.as_str())
            .text("msg_key", message.as_str()),
        CentreCall::SetConsultTimes { days } => {
            let days = days.iter().map(|time| {
                let day = Members::new().text("day", time.day.as_str());
                let day = day.text("start_at", &time.start);
                day.text("end_at", &time.end).into_node()
            });
            own.list_if("week_time_table", days.collect())
        }
        CentreCall::BotHistory { customer } => Members::new()
            .text("user_key", customer.as_str())
            .text("sender_key", sender_key),
        CentreCall::Sender {}
        | CentreCall::ReceiveDomains {}
        | CentreCall::ActivateChat {}
        | CentreCall::DeactivateChat {}
        | CentreCall::ConsultTimes {} => own,
    }
}

/// Text as it may stand in a query.
fn encoded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// What stands in `data`, or in the whole where there is none.
#[derive(Deserialize)]
struct Wrapped<T> {
    data: Option<T>,
}

fn read<T: DeserializeOwned>(payload: &str) -> Option<T> {
    let wrapped: Wrapped<T> = serde_json::from_str(payload).ok()?;
    wrapped.data
}

/// A date as it was written; an empty one or one of zeros is none.
fn date(text: Loose) -> Option<String> {
    text.non_empty().filter(|text| !text.starts_with("0000"))
}

fn flag(text: Loose) -> Option<bool> {
    match text.non_empty()?.as_str() {
        "true" | "Y" | "y" | "1" => Some(true),
        "false" | "N" | "n" | "0" => Some(false),
        _ => None,
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", default)]
#[derive(Default)]
struct WireSender {
    sender_key: Loose,
    uuid: Loose,
    name: Loose,
    status: Loose,
    profile_status: Loose,
    block: Loose,
    dormant: Loose,
    bizchat: Loose,
    /// One dealer writes a single t.
    #[serde(alias = "commitalCompanyName")]
    committal_company_name: Loose,
    category_code: Loose,
    business_type: Loose,
    created_at: Loose,
    modified_at: Loose,
}

pub(crate) fn sender(payload: &str) -> Option<Sender> {
    let wire: WireSender = read(payload)?;
    let code = wire.profile_status.non_empty();
    let key = wire.sender_key.non_empty();
    Some(Sender {
        sender_key: key.and_then(|key| AccountId::try_from(key).ok()),
        channel_id: wire.uuid.non_empty(),
        name: wire.name.non_empty(),
        status: wire.status.non_empty(),
        profile_status: code.as_deref().map(ProfileStatus::from_code),
        blocked: flag(wire.block),
        dormant: flag(wire.dormant),
        consult: flag(wire.bizchat),
        company: wire.committal_company_name.non_empty(),
        category_code: wire.category_code.non_empty(),
        business_type: wire.business_type.non_empty(),
        created_at: date(wire.created_at),
        modified_at: date(wire.modified_at),
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireDomain {
    #[serde(default)]
    domain: Loose,
    #[serde(default)]
    created_at: Loose,
    #[serde(default)]
    modified_at: Loose,
}

#[derive(Deserialize)]
struct WireDomains {
    data: Option<Vec<WireDomain>>,
    #[serde(default, rename = "isDirect")]
    is_direct: Loose,
}

pub(crate) fn receive_domains(payload: &str) -> Option<ReceiveDomains> {
    let wire: WireDomains = serde_json::from_str(payload).ok()?;
    let domains = wire.data.unwrap_or_default().into_iter();
    let domains = domains.filter_map(|one| {
        let (created_at, modified_at) = (date(one.created_at), date(one.modified_at));
        let domain = one.domain.non_empty()?;
        Some(ReceiveDomain::new(domain, created_at, modified_at))
    });
    Some(ReceiveDomains {
        domains: domains.collect(),
        direct: flag(wire.is_direct),
    })
}

#[derive(Deserialize)]
struct WireCategory {
    #[serde(default)]
    code: Loose,
    #[serde(default)]
    name: Loose,
}

pub(crate) fn categories(payload: &str) -> Option<Vec<Category>> {
    let wire: Vec<WireCategory> = read(payload)?;
    let named = wire.into_iter().filter_map(|one| {
        let name = one.name.non_empty().unwrap_or_default();
        Some(Category::new(one.code.non_empty()?, name))
    });
    Some(named.collect())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSystemMessage {
    #[serde(default)]
    id: Loose,
    #[serde(default)]
    name: Loose,
    #[serde(default)]
    status: Loose,
    #[serde(default)]
    inspect_status: Loose,
    #[serde(default)]
    created_at: Loose,
    #[serde(default)]
    modified_at: Loose,
    messages: Option<Vec<WireSystemText>>,
    comments: Option<Vec<WireComment>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSystemText {
    #[serde(default)]
    message_type: Loose,
    #[serde(default)]
    content: Loose,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireComment {
    #[serde(default)]
    content: Loose,
    #[serde(default)]
    status: Loose,
    #[serde(default)]
    created_at: Loose,
}

/// An id that is not known gives an empty list.
pub(crate) fn system_messages(payload: &str) -> Option<Vec<SystemMessage>> {
    let wire: Vec<WireSystemMessage> = read(payload)?;
    let all = wire.into_iter().filter_map(|one| {
        let texts = one.messages.unwrap_or_default().into_iter().map(|text| {
            let occasion = text.message_type.non_empty().unwrap_or_default();
            SystemMessageText::new(occasion, text.content.non_empty().unwrap_or_default())
        });
        let comments = one.comments.unwrap_or_default().into_iter().map(|said| {
            let content = Private::from(said.content.non_empty().unwrap_or_default());
            InspectComment::new(content, said.status.non_empty(), date(said.created_at))
        });
        Some(SystemMessage {
            id: one.id.non_empty()?,
            name: one.name.non_empty(),
            status: one.status.non_empty(),
            inspect_status: one.inspect_status.non_empty(),
            created_at: date(one.created_at),
            modified_at: date(one.modified_at),
            messages: texts.collect(),
            comments: comments.collect(),
        })
    });
    Some(all.collect())
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireSession {
    session_id: Option<Token>,
    #[serde(default)]
    sender_key: Loose,
    #[serde(default)]
    started_type: Loose,
    #[serde(default)]
    started_at: Loose,
    #[serde(default)]
    expired_type: Loose,
    #[serde(default)]
    expired_at: Loose,
}

pub(crate) fn session(payload: &str) -> Option<ConsultSession> {
    let wire: WireSession = serde_json::from_str(payload).ok()?;
    let Token(id) = wire.session_id?;
    let time = |text: Loose| -> Option<Timestamp> { date(text)?.parse().ok() };
    let mut session = ConsultSession::new(id.try_into().ok()?);
    let key = wire.sender_key.non_empty();
    session.sender_key = key.and_then(|key| AccountId::try_from(key).ok());
    session.started_by = wire.started_type.non_empty();
    session.started_at = time(wire.started_at);
    session.expired_by = wire.expired_type.non_empty();
    session.expires_at = time(wire.expired_at);
    Some(session)
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireTimes {
    week_time_table: Option<Vec<WireTime>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireTime {
    day: ConsultDay,
    #[serde(default)]
    start_at: Loose,
    #[serde(default)]
    end_at: Loose,
}

pub(crate) fn consult_times(payload: &str) -> Option<Vec<ConsultTime>> {
    let wire: WireTimes = serde_json::from_str(payload).ok()?;
    let days = wire.week_time_table.unwrap_or_default().into_iter();
    let days = days.map(|time| {
        let (start, end) = (time.start_at.non_empty(), time.end_at.non_empty());
        ConsultTime::new(time.day, start.unwrap_or_default(), end.unwrap_or_default())
    });
    Some(days.collect())
}

/// The members of a message of the bot are not documented, so each is told as its JSON.
#[derive(Deserialize)]
struct WireHistory {
    chatbot_messages: Option<Vec<Loose>>,
}

pub(crate) fn bot_history(payload: &str) -> Option<Vec<Private>> {
    let wire: WireHistory = serde_json::from_str(payload).ok()?;
    let messages = wire.chatbot_messages?.into_iter();
    let messages = messages.filter_map(Loose::non_empty);
    Some(messages.map(Private::from).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_query_cannot_leave_it() {
        assert_eq!(encoded("u7Lk2bQx0a_1"), "u7Lk2bQx0a_1");
        assert_eq!(encoded("a&b=c d/가"), "a%26b%3Dc%20d%2F%EA%B0%80");
    }
}
