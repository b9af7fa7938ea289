//! The profile, its switches, and what else a centre asks of the dealer.

use http::Request;
use serde_json::{Value, json};

use super::Sandbox;
use super::answer::{Denied, Done};
use super::chat::{field, json_of, text};
use super::event::wall;
use crate::dialect::Dialect;
use crate::wire::Endpoint;

/// The classes of a channel that the sandbox knows: eleven digits, and three names.
const CATEGORIES: [(&str, &str); 2] = [
    ("00100010001", "건강,병원,종합병원"),
    ("00500050001", "쇼핑,종합몰,오픈마켓"),
];

impl Sandbox {
    pub(super) fn ask_centre(
        &mut self,
        endpoint: Endpoint,
        request: &Request<Vec<u8>>,
    ) -> Result<Done, Denied> {
        let body = match request.body().is_empty() {
            true => Value::Null,
            false => json_of(request)?,
        };
        // Bizgo wraps what the centre is asked.
        let body = body.get("cstalk").cloned().unwrap_or(body);
        match endpoint {
            Endpoint::Category => return categories(&body),
            Endpoint::SenderToken => {
                return match text(&body, "yellow_id").starts_with('@')
                    && !text(&body, "phone_number").is_empty()
                {
                    true => Ok(Done::default()),
                    false => Err(Denied::Parameter),
                };
            }
            Endpoint::SenderCreate => {
                let needed = [
                    "token",
                    "yellow_id",
                    "phone_number",
                    "category_code",
                    "company_name",
                ];
                if needed.iter().any(|name| text(&body, name).is_empty())
                    || !is_category(text(&body, "category_code"))
                {
                    return Err(Denied::Parameter);
                }
                return Ok(Done::default().with("data", self.profile()));
            }
            Endpoint::Session => return self.last_session(request),
            _ => {}
        }
        self.check_profile(&body, request)?;
        match endpoint {
            Endpoint::ChatActivate | Endpoint::ChatDeactivate => {
                self.is_chat_on = endpoint == Endpoint::ChatActivate;
                Ok(Done::default())
            }
            Endpoint::SenderActivate | Endpoint::SenderDeactivate => {
                if field(&body, "committal_company", "committalCompany").is_empty() {
                    return Err(Denied::Parameter);
                }
                self.is_activated = endpoint == Endpoint::SenderActivate;
                if !self.is_activated {
                    self.times = None;
                }
                Ok(Done::default())
            }
            Endpoint::Sender => Ok(Done::default().with("data", self.profile())),
            Endpoint::DomainSearch => {
                let domains = self.domains.iter().map(|(domain, at)| {
                    let at = day(&wall(*at));
                    json!({"domain": domain, "createdAt": at, "modifiedAt": at})
                });
                let domains: Value = domains.collect();
                Ok(Done::default()
                    .with("data", domains)
                    .with("isDirect", false))
            }
            Endpoint::DomainUpdate => {
                let domain = text(&body, "domain");
                if !domain.starts_with("https://") && !domain.starts_with("http://") {
                    return Err(Denied::Parameter);
                }
                self.domains = vec![(domain.to_owned(), self.now)];
                Ok(Done::default())
            }
            Endpoint::SystemMessages => {
                let wanted = query(request, "id");
                let known = wanted.is_none_or(|id| id == "1");
                let at = day(&wall(self.now));
                let message = json!({
                    "id": 1, "name": "기본", "status": "A", "createdAt": at, "modifiedAt": at,
                    "inspectStatus": "APR", "inspectRequestAt": at, "inspectedAt": at,
                    "messages": [{"messageType": "ST", "content": "1:1 상담을 시작합니다.", "buttons": []}],
                    "comments": []
                });
                // An id that is not known is an empty list and no error.
                let list = if known { json!([message]) } else { json!([]) };
                Ok(Done::default().with("data", list))
            }
            Endpoint::MessageDelete => {
                let key = text(&body, "msgKey");
                let user = text(&body, "userKey");
                let room = self.rooms.get_mut(user).ok_or(Denied::UserKey)?;
                let before = room.shown.len();
                room.shown.retain(|shown| shown.serial != key);
                match room.shown.len() < before {
                    true => Ok(Done::default()),
                    false => Err(Denied::Sender),
                }
            }
            Endpoint::ConsultTimes => {
                let times = self.times.as_deref().ok_or(Denied::NoData)?;
                let times: Value = serde_json::from_str(times).map_err(|_| Denied::NoData)?;
                Ok(Done::deeper(times))
            }
            Endpoint::SetConsultTimes => {
                let table = body.get("weekTimeTable").and_then(Value::as_array);
                let table = table.ok_or(Denied::Parameter)?;
                self.times = Some(json!({"weekTimeTable": table}).to_string().into());
                Ok(Done::default())
            }
            Endpoint::BotHistory => {
                let user = text(&body, "user_key");
                let talk = self.rooms.get(user).map(|room| &room.bot_talk);
                let messages = talk.into_iter().flatten().map(|(is_bot, words)| {
                    let by = if *is_bot { "bot" } else { "user" };
                    json!({"sender": by, "message": words})
                });
                let messages: Value = messages.collect();
                Ok(Done::default().with("chatbot_messages", messages))
            }
            _ => Err(Denied::Parameter),
        }
    }

    /// Whether the profile is ours; its switches do not matter here.
    fn check_profile(&self, body: &Value, request: &Request<Vec<u8>>) -> Result<(), Denied> {
        let sender = match field(body, "sender_key", "senderKey") {
            "" => query(request, "senderKey").unwrap_or_default(),
            sender => sender,
        };
        // Bizgo knows the sender by its key where it is not named.
        let is_ours = sender == self.sender_key.as_str()
            || (sender.is_empty() && self.dialect == Dialect::Bizgo);
        match is_ours {
            true => Ok(()),
            false => Err(Denied::NoProfile),
        }
    }

    fn profile(&self) -> Value {
        let at = day(&wall(self.now));
        json!({
            "senderKey": self.sender_key.as_str(), "uuid": "@sandbox", "name": "샌드박스",
            "status": "A", "block": false, "dormant": false,
            "profileStatus": if self.is_activated { "A" } else { "C" },
            "createdAt": at, "modifiedAt": "", "categoryCode": CATEGORIES[1].0,
            "bizchat": self.is_activated, "brandtalk": false, "committalCompanyName": "샌드박스",
            "businessProfile": true, "businessType": "BUSINESS"
        })
    }

    /// The last session of a customer: where it is open, its end is the one that is planned.
    fn last_session(&self, request: &Request<Vec<u8>>) -> Result<Done, Denied> {
        let user = query(request, "userKey").ok_or(Denied::UserKey)?;
        let room = self.rooms.get(user).ok_or(Denied::NoData)?;
        let id: u64 = room
            .session
            .id()
            .and_then(|id| id.as_str().parse().ok())
            .ok_or(Denied::NoSession)?;
        let at = |at| format!("{}+09:00", wall(at));
        let planned = room.session.runs_out_at();
        let mut session = json!({
            "sessionId": id, "senderKey": self.sender_key.as_str(), "startedType": "UM",
            "startedAt": room.opened_at.map(at), "expiredAt": planned.or(room.ended_at).map(at),
        });
        if let (true, Some(session)) = (planned.is_some(), session.as_object_mut()) {
            // Of the other ends no document has the words.
            session.insert("expiredType".to_owned(), "AE".into());
        }
        Ok(Done::deeper(session))
    }
}

fn categories(body: &Value) -> Result<Done, Denied> {
    let wanted = text(body, "category_code");
    if wanted != "CATEGORY_ALL" && !is_category(wanted) {
        return Err(Denied::Parameter);
    }
    let all = CATEGORIES.iter();
    let found = all.filter(|(code, _)| wanted == "CATEGORY_ALL" || wanted == *code);
    let found: Vec<Value> = found
        .map(|(code, name)| json!({"code": code, "name": name}))
        .collect();
    match found.is_empty() {
        true => Err(Denied::NoData),
        false => Ok(Done::default().with("data", found)),
    }
}

fn is_category(code: &str) -> bool {
    code.len() == 11 && code.bytes().all(|byte| byte.is_ascii_digit())
}

/// A parameter of the address, as it stands there.
fn query<'a>(request: &'a Request<Vec<u8>>, name: &str) -> Option<&'a str> {
    let pairs = request.uri().query()?.split('&');
    let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
    pairs
        .find(|(found, _)| *found == name)
        .map(|(_, value)| value)
}

/// `yyyy-MM-dd HH:mm:ss`, as the centre writes times.
fn day(wall: &str) -> String {
    let seconds = wall.split('.').next().unwrap_or_default();
    seconds.replace('T', " ")
}
