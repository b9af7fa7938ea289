//! What the dealer posts to the centre.

use std::fmt;

use happytalk_core::Timestamp;
use happytalk_core::time::Zone;
use http::{HeaderValue, Method, Request, Uri, header};
use serde_json::{Map, Value, json};

use super::user::UserMedia;
use super::{SERIAL_FIRST, Sandbox};
use crate::dialect::Dialect;
use crate::kind::Kind;

/// An event on its way. Shows nothing of its content in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    path: String,
    body: Vec<u8>,
    tries: u32,
}

impl Event {
    /// The path below the address that the centre registered, such as `/message`.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The JSON.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Which try this is, from 1.
    #[must_use]
    pub const fn tries(&self) -> u32 {
        self.tries
    }

    /// The request below the address that the centre registered; `None` where that is no address or path.
    #[must_use]
    pub fn request(&self, registered: &str) -> Option<Request<Vec<u8>>> {
        let uri: Uri = format!("{}{}", registered.trim_end_matches('/'), self.path)
            .parse()
            .ok()?;
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        let json = HeaderValue::from_static("application/json");
        request.headers_mut().insert(header::CONTENT_TYPE, json);
        Some(request)
    }

    pub(super) fn again(mut self) -> Self {
        self.tries = self.tries.saturating_add(1);
        self
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("path", &self.path)
            .field("tries", &self.tries)
            .finish_non_exhaustive()
    }
}

/// What a person wrote, as far as it goes out in an event.
pub(super) struct Written<'a> {
    pub(super) media: Option<UserMedia>,
    /// Words, or the address of each medium.
    pub(super) parts: Vec<String>,
    /// Where the whole text stands.
    pub(super) full_text: Option<String>,
    pub(super) extra: Option<&'a str>,
}

impl Sandbox {
    pub(super) fn tell_message(&mut self, user: &str, session: &str, written: &Written<'_>) {
        let is_bizgo = self.dialect == Dialect::Bizgo;
        let kind = match written.media {
            None => "text",
            Some(media) => media.as_str(),
        };
        let parts = written.parts.iter().map(|part| match written.media {
            Some(_) => json!({"url": part}),
            None if is_bizgo => json!({"comment": part}),
            None => json!(part),
        });
        let mut rest = Map::new();
        rest.insert("contents".to_owned(), parts.collect());
        if let Some(url) = &written.full_text {
            rest.insert("attachment".to_owned(), json!({"url": url}));
        }
        if let Some(extra) = written.extra {
            rest.insert("extra".to_owned(), extra.into());
        }
        if is_bizgo {
            rest.insert("msgType".to_owned(), kind.to_ascii_uppercase().into());
        } else {
            let serial = SERIAL_FIRST.saturating_add(self.next());
            rest.insert("serial_number".to_owned(), serial.into());
            rest.insert("type".to_owned(), kind.into());
        }
        self.tell(Kind::Message, user, Some(session), rest);
    }

    pub(super) fn tell_reference(
        &mut self,
        user: &str,
        session: &str,
        extra: Option<&str>,
        last: Option<(&str, bool, Timestamp)>,
    ) {
        let mut reference = Map::new();
        if let Some(extra) = extra {
            reference.insert("extra".to_owned(), extra.into());
        }
        let mut last_reference = Map::new();
        if let Some((extra, bot, at)) = last {
            // The bot is a text here, and the time has no zone.
            let at = wall(at);
            let at = match self.dialect {
                Dialect::Bizgo => format!("{at}+09:00"),
                _ => at,
            };
            for (name, value) in [
                ("extra", extra),
                ("bot", if bot { "true" } else { "false" }),
                ("bot_event", ""),
                ("created_at", at.as_str()),
            ] {
                last_reference.insert(name.to_owned(), value.into());
            }
        }
        let last_name = match self.dialect {
            Dialect::Bizgo => "lastReference",
            _ => "last_reference",
        };
        let mut rest = Map::new();
        rest.insert("reference".to_owned(), reference.into());
        rest.insert(last_name.to_owned(), last_reference.into());
        match self.dialect {
            Dialect::Bizgo => rest.insert("msgType".to_owned(), "REFERENCE".into()),
            _ => rest.insert("app_user_id".to_owned(), Value::Null),
        };
        self.tell(Kind::Reference, user, Some(session), rest);
    }

    pub(super) fn tell_expired(&mut self, user: &str, session: &str) {
        let mut rest = Map::new();
        if self.dialect == Dialect::Bizgo {
            rest.insert("msgType".to_owned(), "SESSION".into());
        }
        self.tell(Kind::ExpiredSession, user, Some(session), rest);
    }

    /// What Bizgo alone tells.
    pub(super) fn tell_bizgo(&mut self, kind: Kind, user: &str, rest: Map<String, Value>) {
        if self.dialect == Dialect::Bizgo {
            self.tell(kind, user, None, rest);
        }
    }

    fn tell(
        &mut self,
        kind: Kind,
        user: &str,
        session: Option<&str>,
        mut body: Map<String, Value>,
    ) {
        let sender_key = self.sender_key.to_string();
        let path = if self.dialect == Dialect::Bizgo {
            let at = format!("{}+09:00", wall(self.now));
            let key = format!("evt-{}", self.next());
            for (name, value) in [
                ("msgKey", key.as_str()),
                ("userKey", user),
                ("senderKey", &sender_key),
                ("serviceType", "CSTALK"),
                ("sendTime", &at),
                ("reportTime", &at),
                ("kakaoTime", &at),
            ] {
                let name = name.to_owned();
                body.entry(name).or_insert_with(|| value.into());
            }
            if kind == Kind::Result {
                // It is told by the dealer, so that Kakao has no time for it.
                body.remove("kakaoTime");
            }
            if let Some(session) = session {
                body.insert("sessionId".to_owned(), session.into());
            }
            format!("/cstalk/{kind}")
        } else {
            body.insert("user_key".to_owned(), user.into());
            body.insert("sender_key".to_owned(), sender_key.into());
            body.insert("time".to_owned(), self.now.as_millis().into());
            if let Some(session) = session {
                body.insert("session_id".to_owned(), session.into());
            }
            format!("/{kind}")
        };
        let body = Value::from(body).to_string().into_bytes();
        let tries = 1;
        self.events.push_back(Event { path, body, tries });
    }
}

/// `yyyy-MM-ddTHH:mm:ss.SSS` on the wall of Seoul.
pub(super) fn wall(at: Timestamp) -> String {
    let wall = Zone::default().wall(at);
    format!(
        "{}T{:02}:{:02}:{:02}.{:03}",
        wall.date,
        wall.hour(),
        wall.minute(),
        wall.second(),
        wall.millis_of_day % 1000
    )
}
