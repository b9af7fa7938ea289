//! What the centre sends, and what becomes of it.

use std::time::Duration;

use happytalk_core::outbound::Owner;
use serde_json::{Value, json};

use super::answer::Denied;
use super::event::EchoBy;
use super::room::{Page, Shown, ShownButton};
use super::tree::{at, put};
use super::{PictureFault, Sandbox, check};

/// How long a consent page stays open.
const PAGE: Duration = Duration::from_secs(180);
/// How close two profile requests are too close.
const TOO_CLOSE: Duration = Duration::from_millis(100);
/// What can be asked for.
const FIELDS: [&str; 3] = ["nickname", "cellphone", "address"];

impl Sandbox {
    /// Does what an outgoing event asks.
    pub(super) fn performed(&mut self, body: &Value) -> Result<(), Denied> {
        match at(body, "partner") {
            Value::Null => {}
            Value::String(partner) if *partner == self.account.to_string() => {}
            _ => return Err(Denied::new("03", "권한 없는 파트너에 대한 요청")),
        }
        let event = at(body, "event").as_str().ok_or_else(Denied::malformed)?;
        if event == "persistentMenu" {
            return self.set_menu(at(body, "menuContent"));
        }
        let user = at(body, "user").as_str().ok_or_else(Denied::malformed)?;
        let now = self.now;
        let Some(room) = self.rooms.get_mut(user) else {
            let text = format!("잘못된 user 값 : {user}");
            return Err(Denied("99", text));
        };
        room.close_page(now);
        if room.page.is_some() {
            return Err(Denied::busy());
        }
        let options = at(body, "options");
        let malformed = |_| Denied::malformed();
        match event {
            "send" => {
                check::send(body).map_err(malformed)?;
                self.show(user, body, "send");
            }
            "product" => {
                check::product(options).map_err(malformed)?;
                self.show(user, body, "product");
            }
            "action" => {
                room.is_typing = match at(options, "action").as_str() {
                    Some("typingOn") => true,
                    Some("typingOff") => false,
                    _ => return Err(Denied::malformed()),
                };
            }
            "handover" => {
                let (control, target) = (at(options, "control").as_str(), at(options, "targetId"));
                if !self.hands_over {
                    return Err(Denied::new("01", ""));
                }
                room.owner = match control {
                    Some("passThread") if *target == 1 => Owner::Agents,
                    Some("takeThread") => Owner::Bot,
                    _ => return Err(Denied::malformed()),
                };
            }
            "profile" => return self.ask_profile(user, options),
            _ => return Err(Denied::malformed()),
        }
        Ok(())
    }

    fn set_menu(&mut self, content: &Value) -> Result<(), Denied> {
        let all = content.as_array().ok_or_else(Denied::malformed)?;
        let mut entries = Vec::new();
        if let Some(first) = all.first() {
            check::menu(at(first, "menus"), 3).map_err(|_| Denied::malformed())?;
            collect(at(first, "menus"), &mut entries);
        }
        self.menu = entries;
        Ok(())
    }

    fn ask_profile(&mut self, user: &str, options: &Value) -> Result<(), Denied> {
        let now = self.now;
        let field = at(options, "field").as_str().unwrap_or_default();
        let agreements = at(options, "agreements").as_array().into_iter().flatten();
        let agreements: Vec<&str> = agreements.filter_map(Value::as_str).collect();
        let known = |field: &str| FIELDS.contains(&field);
        if !known(field) || !agreements.iter().all(|field| known(field)) {
            return Err(Denied::malformed());
        }
        let room = self.enter(user);
        if room
            .asked_at
            .is_some_and(|asked| now.since(asked) < TOO_CLOSE)
        {
            return Err(Denied::busy());
        }
        room.asked_at = Some(now);
        // An address is picked anew each time, so its page opens each time.
        if field != "address" && room.consents.contains(field) {
            let value = match field {
                "nickname" => "네이버",
                _ => "01012345678",
            };
            let options = json!({field: value, "result": "SUCCESS"});
            self.tell("profile", user, json!({"options": options}));
        } else {
            room.page = Some(Page {
                field: field.into(),
                agreements: agreements.into_iter().map(Into::into).collect(),
                closes_at: now.plus(PAGE),
            });
        }
        Ok(())
    }

    /// Shows a message, and echoes it.
    fn show(&mut self, user: &str, body: &Value, event: &str) {
        let mut shown = Shown::default();
        let options = at(body, "options");
        let mut content = json!({});
        let mut lines = Vec::new();
        for key in ["textContent", "imageContent", "compositeContent"] {
            let part = at(body, key);
            if part.is_null() {
                continue;
            }
            words(part, &mut lines);
            self.pictures_of(part, &mut shown.pictures, &mut lines);
            collect(at(part, "compositeList"), &mut shown.buttons);
            collect(at(part, "quickReply"), &mut shown.quick_replies);
            let copy = self.copied(part);
            put(&mut content, key, copy);
        }
        if event == "product" {
            let ids = at(options, "ids").as_array().into_iter().flatten();
            shown.products = ids.filter_map(Value::as_u64).collect();
            collect(at(options, "customButtonList"), &mut shown.buttons);
            collect(at(options, "quickReply"), &mut shown.quick_replies);
        }
        shown.words = lines.join("\n");
        shown.has_notified = at(options, "notification") == true;
        let marks_read = at(options, "readBySend") == true;
        let says_nothing = content.as_object().is_none_or(serde_json::Map::is_empty);
        let says_something = !says_nothing || event == "product";
        let is_seen = says_something && !check::is_invisible(body);
        let room = self.enter(user);
        room.is_typing = false;
        room.is_unread &= !marks_read;
        if is_seen {
            room.has_talk = true;
            room.has_spoken_since = false;
            room.shown.push(shown);
        }
        self.echo(user, event, EchoBy::Bot, content);
    }

    /// The pictures of a part. One that the platform could not fetch shows as its address.
    fn pictures_of(&self, part: &Value, pictures: &mut Vec<String>, lines: &mut Vec<String>) {
        each_picture(part, &mut |picture| {
            let by_id = at(picture, "imageId")
                .as_str()
                .and_then(|id| self.pictures.get(id))
                .map(|url| url.to_string());
            let Some(url) = by_id.or_else(|| at(picture, "imageUrl").as_str().map(str::to_owned))
            else {
                return;
            };
            match self.broken_pictures.get(url.as_str()) {
                Some(PictureFault::Unusable | PictureFault::Slow | PictureFault::TooLarge) => {
                    lines.push(url)
                }
                None => pictures.push(url),
            }
        });
    }

    /// A part as its echo has it. Assumed: a picture stands there by the address of the platform's own copy.
    fn copied(&mut self, part: &Value) -> Value {
        let mut copy = part.clone();
        let mut number = self.counter;
        each_picture_mut(&mut copy, &mut |picture| {
            number = number.saturating_add(1);
            let url = format!("https://pictures.sandbox.invalid/{number}");
            *picture = json!({"imageUrl": url});
        });
        self.counter = number;
        copy
    }
}

/// Visits every object that is a picture.
fn each_picture(value: &Value, visit: &mut dyn FnMut(&Value)) {
    if is_picture(value) {
        visit(value);
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| each_picture(item, visit)),
        Value::Object(members) => members
            .values()
            .for_each(|member| each_picture(member, visit)),
        _ => {}
    }
}

fn each_picture_mut(value: &mut Value, visit: &mut dyn FnMut(&mut Value)) {
    if is_picture(value) {
        let quick_reply = at(value, "quickReply").clone();
        visit(value);
        if !quick_reply.is_null() {
            put(value, "quickReply", quick_reply);
        }
        return;
    }
    match value {
        Value::Array(items) => items
            .iter_mut()
            .for_each(|item| each_picture_mut(item, visit)),
        Value::Object(members) => members
            .values_mut()
            .for_each(|member| each_picture_mut(member, visit)),
        _ => {}
    }
}

fn is_picture(value: &Value) -> bool {
    at(value, "imageUrl").is_string() || at(value, "imageId").is_string()
}

/// The words of a message, in the order of the screen, without those on buttons.
fn words(value: &Value, lines: &mut Vec<String>) {
    for key in ["text", "title", "description", "subDescription"] {
        lines.extend(at(value, key).as_str().map(str::to_owned));
    }
    for key in ["compositeList", "elementList", "data"] {
        match at(value, key) {
            Value::Array(items) => items.iter().for_each(|item| words(item, lines)),
            Value::Null => {}
            one => words(one, lines),
        }
    }
}

/// Every button of a message, wherever it stands; one inside a menu after the one that opens it.
fn collect(value: &Value, found: &mut Vec<ShownButton>) {
    if let (Some(kind), data @ Value::Object(_)) = (at(value, "type").as_str(), at(value, "data")) {
        let carries = [at(data, "code"), at(data, "url")];
        let carries = carries.into_iter().find_map(Value::as_str);
        let label = match (at(data, "title"), kind) {
            (Value::String(title), _) => title,
            (_, "PAY") => "네이버페이",
            (_, "CALENDAR") => "날짜 선택하기",
            _ => "시간 선택하기",
        };
        found.push(ShownButton {
            label: label.to_owned(),
            kind: kind.to_owned(),
            carries: carries.map(str::to_owned),
            payment: data.get("paymentInfo").cloned(),
        });
    }
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, found)),
        Value::Object(members) => {
            let inner = members.iter().filter(|(key, _)| *key != "quickReply");
            inner.for_each(|(_, member)| collect(member, found));
        }
        _ => {}
    }
}
