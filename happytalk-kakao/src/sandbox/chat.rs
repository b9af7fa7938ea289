//! Saying, ending, blocking.

use happytalk_core::session::SessionEnd;
use http::Request;
use serde_json::{Map, Value, json};

use super::Sandbox;
use super::answer::{Denied, Done, created_at};
use super::room::Room;
use super::shape;
use crate::dialect::Dialect;
use crate::kind::Kind;
use crate::wire::Endpoint;

/// The longest key of a person, in characters.
const USER_KEY_CHARS_MAX: usize = 20;

/// The longest serial number, in characters.
const SERIAL_CHARS_MAX: usize = 30;

/// The longest `ref` of Bizgo, in characters.
const REF_CHARS_MAX: usize = 200;

impl Sandbox {
    pub(super) fn say(
        &mut self,
        endpoint: Endpoint,
        request: &Request<Vec<u8>>,
    ) -> Result<Done, Denied> {
        let body = json_of(request)?;
        self.check_sender(&body)?;
        let user = self.user_of(&body)?;
        let is_bizgo = self.dialect == Dialect::Bizgo;
        let serial = match is_bizgo {
            true => format!("msg-{}", self.next()),
            false => text(&body, "serial_number").to_owned(),
        };
        let serial_chars = serial.chars().count();
        if serial_chars == 0 || serial_chars > SERIAL_CHARS_MAX {
            return Err(Denied::Json);
        }
        if text(&body, "ref").chars().count() > REF_CHARS_MAX {
            return Err(Denied::Parameter);
        }
        let room = self.rooms.get(user.as_str());
        // Assumed: of somebody who is blocked the platform says so, and not that their session is over too.
        if room.is_some_and(|room| room.is_blocked) {
            return Err(Denied::UserBlocked);
        }
        if !room.is_some_and(|room| room.session.may_speak(self.now)) {
            return Err(Denied::NoSession);
        }
        // Looked at before the shape: what comes again is the same as before, and was fine then.
        if self.serials.contains(serial.as_str()) {
            return Err(Denied::Duplicate);
        }
        let shown = shape::read(self.dialect, endpoint, &body, &self.uploads, &serial)?;
        self.serials.insert(serial.as_str().into());
        let now = self.now;
        let room = self.rooms.entry(user.as_str().into());
        let room = room.or_insert_with(Room::new);
        room.shown.push(shown);
        room.said_at = Some(now);
        if is_bizgo {
            self.tell_result(&user, &serial, "write", &body);
            let done = Done::default().with("msgKey", serial);
            return Ok(match body.get("ref") {
                Some(reference) => done.with("ref", reference.clone()),
                None => done,
            });
        }
        Ok(Done::default().with("createdAt", created_at(self.now)))
    }

    pub(super) fn end(
        &mut self,
        endpoint: Endpoint,
        request: &Request<Vec<u8>>,
    ) -> Result<Done, Denied> {
        let body = json_of(request)?;
        self.check_sender(&body)?;
        let user = self.user_of(&body)?;
        let to_bot = endpoint == Endpoint::EndWithBot;
        let ended = match to_bot {
            true => self.goes_to_bot(&user),
            false => self.end_session(&user, SessionEnd::Platform),
        };
        if self.dialect == Dialect::Bizgo {
            if ended.is_none() {
                return Err(Denied::NoSession);
            }
            let key = format!("msg-{}", self.next());
            let what = if to_bot { "endwithbot" } else { "end" };
            self.tell_result(&user, &key, what, &body);
            return Ok(Done::deeper(json!({"msgKey": key})));
        }
        match (ended, to_bot) {
            (Some(session), true) => Ok(Done::default().with("session_id", session)),
            (Some(session), false) => Ok(Done::default().with("sessionId", session)),
            // The page says that the id is there only where the call ended a session, so without one it succeeds.
            (None, true) => Ok(Done::default()),
            (None, false) => Err(Denied::NoSession),
        }
    }

    pub(super) fn block(
        &mut self,
        endpoint: Endpoint,
        request: &Request<Vec<u8>>,
    ) -> Result<Done, Denied> {
        let body = json_of(request)?;
        self.check_sender(&body)?;
        let user = self.user_of(&body)?;
        let room = self.rooms.get_mut(user.as_str()).ok_or(Denied::UserKey)?;
        room.is_blocked = endpoint == Endpoint::UserBlock;
        if room.is_blocked {
            self.end_session(&user, SessionEnd::Platform);
        }
        Ok(Done::default())
    }

    /// Whether the profile is ours, uses 상담톡, and may chat.
    pub(super) fn check_sender(&self, body: &Value) -> Result<(), Denied> {
        let sender = field(body, "sender_key", "senderKey");
        if sender != self.sender_key.as_str() || !self.is_activated {
            return Err(Denied::Sender);
        }
        match self.is_chat_on {
            true => Ok(()),
            false => Err(Denied::ChatOff),
        }
    }

    fn user_of(&self, body: &Value) -> Result<String, Denied> {
        let user = field(body, "user_key", "userKey");
        let chars = user.chars().count();
        match (1..=USER_KEY_CHARS_MAX).contains(&chars) {
            true => Ok(user.to_owned()),
            false => Err(Denied::UserKey),
        }
    }

    /// What became of it, which Bizgo tells apart from the answer.
    fn tell_result(&mut self, user: &str, key: &str, what: &str, body: &Value) {
        let at = format!("{}+09:00", super::event::wall(self.now));
        let mut rest = Map::new();
        for (name, value) in [
            ("msgKey", key),
            ("msgType", "RESULT"),
            ("requestType", what),
            ("reportCode", "A000"),
            ("reportText", "Success"),
            ("kakaoResCreatedAt", at.as_str()),
        ] {
            rest.insert(name.to_owned(), value.into());
        }
        if let Some(reference) = body.get("ref") {
            rest.insert("ref".to_owned(), reference.clone());
        }
        self.tell_bizgo(Kind::Result, user, rest);
    }
}

/// The body as an object.
pub(super) fn json_of(request: &Request<Vec<u8>>) -> Result<Value, Denied> {
    let body: Value = serde_json::from_slice(request.body()).map_err(|_| Denied::Json)?;
    match body.is_object() {
        true => Ok(body),
        false => Err(Denied::Json),
    }
}

/// A field under whichever of its two names.
pub(super) fn field<'a>(body: &'a Value, snake: &str, camel: &str) -> &'a str {
    match text(body, snake) {
        "" => text(body, camel),
        text => text,
    }
}

/// A text, or nothing.
pub(super) fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    let value = body.get(name);
    value.and_then(Value::as_str).unwrap_or_default()
}
