//! What the platform posts to the centre, and what it takes from the answer.

use std::fmt;

use http::{Method, Request, Response, StatusCode, Uri, header};
use serde_json::{Map, Value, json};

use super::tree::put_all;
use super::{BOT, EventFault, Sandbox};
use crate::wire::event::JSON;
use happytalk_core::outbound::Owner;

/// An event on its way. Shows nothing of its content in `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Event {
    name: &'static str,
    user: Box<str>,
    body: Vec<u8>,
}

impl Event {
    /// What it tells, such as `open`.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The JSON.
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// The request to the address that the centre registered; `None` where that is no address or path.
    #[must_use]
    pub fn request(&self, registered: &str) -> Option<Request<Vec<u8>>> {
        let uri: Uri = registered.parse().ok()?;
        let mut request = Request::new(self.body.clone());
        *request.method_mut() = Method::POST;
        *request.uri_mut() = uri;
        request.headers_mut().insert(header::CONTENT_TYPE, JSON);
        Some(request)
    }
}

impl fmt::Debug for Event {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Event")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Sandbox {
    /// Says how the centre answered an event within five seconds, `None` where it did not. Nothing is posted again. On a
    /// payment the status is the word on it; of another event, the body of a 200 may say something at once.
    pub fn event_answered(&mut self, event: &Event, response: Option<&Response<Vec<u8>>>) {
        let taken = response.filter(|response| response.status() == StatusCode::OK);
        self.failures = match taken {
            Some(_) => 0,
            None if event.name == "pay_complete" && response.is_some() => 0,
            None => self.failures.saturating_add(1),
        };
        let said = match event.name {
            "pay_complete" => {
                self.payment_answered(event, taken.is_some());
                // The one case where a refusal may say something.
                response
            }
            // What answers a leave is dropped.
            "leave" => None,
            _ => taken,
        };
        let said = said.and_then(|response| serde_json::from_slice(response.body()).ok());
        if let Some(Value::Object(mut said)) = said
            && said.get("event").is_some_and(Value::is_string)
        {
            // Whoever it names, it goes to the customer of the call; and it never rings a phone.
            said.insert("user".to_owned(), (*event.user).into());
            if let Some(Value::Object(options)) = said.get_mut("options") {
                options.remove("notification");
            }
            let _ = self.performed(&Value::Object(said));
        }
    }

    /// Puts an event about `user` on its way.
    pub(super) fn tell(&mut self, name: &'static str, user: &str, rest: Value) {
        let mut body = Map::new();
        body.insert("event".to_owned(), name.into());
        body.insert("user".to_owned(), user.into());
        if let Value::Object(rest) = rest {
            body.extend(rest);
        }
        let event = Event {
            name,
            user: user.into(),
            body: Value::Object(body).to_string().into_bytes(),
        };
        match self.event_faults.pop_front() {
            Some(EventFault::Lost) => {}
            Some(EventFault::Twice) => self.events.extend([event.clone(), event]),
            None => self.events.push_back(event),
        }
    }

    /// Puts the echo of something that was said on its way, where the switch is on.
    pub(super) fn echo(&mut self, user: &str, echoed: &str, by: EchoBy<'_>, content: Value) {
        if !self.echoes {
            return;
        }
        let room = self.enter(user);
        let owner = match room.owner {
            Owner::Agents => 1,
            _ => BOT,
        };
        let number = room.next_number();
        let mut options = json!({"mobile": true, "noReflectBot": false, "threadOwnerId": owner});
        if let Value::Object(options) = &mut options {
            match by {
                EchoBy::Bot => options.insert("sourceId".to_owned(), BOT.into()),
                EchoBy::Agent(nickname) => {
                    options.insert("managerNickname".to_owned(), nickname.into());
                    options.insert("sourceId".to_owned(), 1.into())
                }
                EchoBy::Platform => options.insert("sourceId".to_owned(), 1.into()),
            };
        }
        let mut rest = json!({"echoedEvent": echoed, "messageId": number, "options": options});
        put_all(&mut rest, content);
        self.tell("echo", user, rest);
    }
}

/// Whose words come back.
#[derive(Clone, Copy)]
pub(super) enum EchoBy<'a> {
    Bot,
    /// An agent of the partner centre, by their name there.
    Agent(&'a str),
    Platform,
}
