//! The dealer and its users, to try a centre out against: takes what the adapter sends, keeps the platform's limits, sessions
//! and codes, and gives the events that users cause. It opens no socket; the host carries requests and events.
//!
//! What no document tells is marked as assumed where it is decided. What it lets through the platform may still refuse.

mod answer;
mod centre;
mod chat;
mod event;
mod multipart;
mod room;
mod shape;
mod upload;
mod user;

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;

use happytalk_core::id::AccountId;
use happytalk_core::sandbox::{Exchanges, Local};
use happytalk_core::session::{SessionEnd, SessionInput};
use happytalk_core::{Secret, Timestamp};
use http::{Request, Response};

use crate::config::Config;
use crate::dialect::Dialect;
use crate::wire::Endpoint;

pub use event::Event;
pub use happytalk_core::sandbox::{Exchange, Platform};
pub use room::{Room, Shown, ShownButton};
pub use user::{Impossible, UserAct, UserMedia};

use answer::Denied;
use upload::Upload;

/// The client id that the sandbox knows.
const CLIENT_ID: &str = "sandbox-client";

/// The secret, the API key and the partner's key that the sandbox knows.
const CLIENT_SECRET: &str = "sandbox-secret";

/// The first serial number of an event: past 2⁵³, as the platform's are.
const SERIAL_FIRST: u64 = 1_700_000_000_000_000_000;

/// The first session.
const SESSION_FIRST: u64 = 800_000_000_000;

/// What goes wrong with the next request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is done, and the answer is lost: a gateway answers 504 in its place.
    AnswerLost,
    /// It never arrives: a gateway answers 502, which looks no different from outside.
    NotReached,
    /// There were too many: 429, and to be tried again after so many seconds.
    TooMany {
        /// What `Retry-After` says.
        after_secs: u32,
    },
    /// It is not done, under this code, such as `-601` or `A999`.
    Code(String),
}

/// A dealer with one channel profile, and the people who write to it.
///
/// - [`answer`](Self::answer) takes a request of the centre's, [`user`](Self::user) what a person does,
///   [`tick`](Self::tick) that time passed; afterwards [`poll_event`](Self::poll_event) gives what the dealer posts.
/// - [`room`](Self::room) is what a person sees.
/// - `now` may stand still and does not go back: the latest that was given counts.
///
/// ```
/// use happytalk_core::{Channel, Timestamp};
/// use happytalk_kakao::sandbox::{Sandbox, UserAct};
/// use happytalk_kakao::{Dialect, encode};
///
/// let mut sandbox = Sandbox::new(Dialect::HappytalkV1, "0123456789abcdef0123456789abcdef01234567".parse()?);
/// let now: Timestamp = "2026-11-16T09:00:00+09:00".parse()?;
/// sandbox.user("ann", &UserAct::write("안녕하세요"), now)?;
/// let event = sandbox.poll_event().ok_or("a message")?;
/// assert!(event.path().ends_with("/message"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Sandbox {
    dialect: Dialect,
    sender_key: AccountId,
    now: Timestamp,
    counter: u64,
    rooms: BTreeMap<Box<str>, Room>,
    serials: BTreeSet<Box<str>>,
    uploads: BTreeMap<Box<str>, Upload>,
    files: BTreeMap<Box<str>, Box<str>>,
    is_activated: bool,
    is_chat_on: bool,
    tells_of_bot: bool,
    domains: Vec<(String, Timestamp)>,
    times: Option<Box<str>>,
    events: VecDeque<Event>,
    event_tries: u32,
    exchanges: Exchanges,
    faults: VecDeque<Fault>,
}

impl Sandbox {
    /// A dealer of that dialect with one profile that uses 상담톡 and has its chat function on.
    #[must_use]
    pub const fn new(dialect: Dialect, sender_key: AccountId) -> Self {
        Self {
            dialect,
            sender_key,
            now: Timestamp::MIN,
            counter: 0,
            rooms: BTreeMap::new(),
            serials: BTreeSet::new(),
            uploads: BTreeMap::new(),
            files: BTreeMap::new(),
            is_activated: true,
            is_chat_on: true,
            tells_of_bot: true,
            domains: Vec::new(),
            times: None,
            events: VecDeque::new(),
            event_tries: match dialect {
                Dialect::Bizgo => 3,
                _ => 1,
            },
            exchanges: Exchanges::new(),
            faults: VecDeque::new(),
        }
    }

    /// With another number of tries for an event that is not taken. Default: 3 of Bizgo, which documents it, and 1 elsewhere.
    #[must_use]
    pub const fn with_event_tries(mut self, event_tries: u32) -> Self {
        self.event_tries = event_tries;
        self
    }

    /// Says nothing when a session ends by a change to the platform's bot. Assumed: the platform does say so, as it does of
    /// every other end.
    #[must_use]
    pub const fn without_events_of_bot(mut self) -> Self {
        self.tells_of_bot = false;
        self
    }

    /// The settings of an adapter that talks to this sandbox at `base_url`.
    #[must_use]
    pub fn config(&self, base_url: impl Into<String>) -> Config {
        let secret = Secret::new(CLIENT_SECRET);
        let sender_key = self.sender_key.clone();
        match self.dialect {
            Dialect::HappytalkV1 | Dialect::HappytalkV3 => {
                Config::new(base_url, CLIENT_ID, secret, sender_key).with_dialect(self.dialect)
            }
            Dialect::Bizgo => Config::bizgo(base_url, secret, sender_key),
            Dialect::Hub => Config::hub(base_url, secret, sender_key),
        }
    }

    /// The dialect.
    #[must_use]
    pub const fn dialect(&self) -> Dialect {
        self.dialect
    }

    /// The profile.
    #[must_use]
    pub const fn sender_key(&self) -> &AccountId {
        &self.sender_key
    }

    /// The latest time that was given.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// Lets something go wrong with the next request; several, one request each.
    pub fn fail_next(&mut self, fault: Fault) {
        self.faults.push_back(fault);
    }

    /// Nothing goes wrong any more that was going to.
    pub fn heal(&mut self) {
        self.faults.clear();
    }

    /// Answers a request of the centre's.
    pub fn answer(&mut self, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
        self.tick(now);
        let response = match self.faults.pop_front() {
            Some(Fault::AnswerLost) => {
                let _ = self.answered(request);
                answer::gateway(504)
            }
            Some(Fault::NotReached) => answer::gateway(502),
            Some(Fault::TooMany { after_secs }) => answer::too_many(after_secs),
            Some(Fault::Code(code)) => answer::coded(self.dialect, &code),
            None => self.answered(request),
        };
        let path = request.uri().path().replace(CLIENT_SECRET, "***");
        self.exchanges.keep(&path, request, &response);
        response
    }

    /// What the dealer posts next, in the order in which it came to it.
    pub fn poll_event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// How many events wait to be posted.
    #[must_use]
    pub fn events_waiting(&self) -> usize {
        self.events.len()
    }

    /// Says how the centre answered an event, `None` where it did not: one that was not taken comes again, as often as
    /// [`with_event_tries`](Self::with_event_tries) says.
    pub fn event_answered(&mut self, event: Event, response: Option<&Response<Vec<u8>>>) {
        let taken = response.is_some_and(|response| match self.dialect {
            Dialect::Bizgo => {
                let body: serde_json::Value =
                    serde_json::from_slice(response.body()).unwrap_or_default();
                response.status() == http::StatusCode::OK
                    && body.get("code").is_some_and(|code| code == "A000")
            }
            _ => response.status().is_success(),
        });
        if !taken && event.tries() < self.event_tries {
            self.events.push_back(event.again());
        }
    }

    /// Takes the time. Sessions that ran out end.
    pub fn tick(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        while let Some((at, user)) = self.next_end()
            && at <= self.now
        {
            self.end_session(&user, SessionEnd::RanOut);
        }
    }

    /// When [`tick`](Self::tick) has something to do at the earliest.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.next_end().map(|(at, _)| at)
    }

    /// What this person sees and does; `None` before they did anything.
    #[must_use]
    pub fn room(&self, user: &str) -> Option<&Room> {
        self.rooms.get(user)
    }

    /// The requests that came and what was answered, the latest 10,000.
    pub fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter()
    }

    /// What stands at an address that an event gave: the whole of a long text.
    #[must_use]
    pub fn file(&self, url: &str) -> Option<&str> {
        self.files.get(url).map(|text| &**text)
    }

    fn answered(&mut self, request: &Request<Vec<u8>>) -> Response<Vec<u8>> {
        let Some((endpoint, rest)) = answer::endpoint(self.dialect, request, CLIENT_SECRET) else {
            return answer::not_found();
        };
        if !answer::is_authorized(self.dialect, request, rest, CLIENT_ID, CLIENT_SECRET) {
            return answer::denied(self.dialect, endpoint, &Denied::Unauthorized);
        }
        let done = match endpoint {
            Endpoint::ChatWrite | Endpoint::SendPlain | Endpoint::SendRich => {
                self.say(endpoint, request)
            }
            Endpoint::ChatEnd | Endpoint::EndWithBot => self.end(endpoint, request),
            Endpoint::UserBlock | Endpoint::UserUnblock => self.block(endpoint, request),
            Endpoint::ImageUpload | Endpoint::FileUpload => self.upload(endpoint, request),
            _ => self.ask_centre(endpoint, request),
        };
        match done {
            Ok(done) => answer::done(self.dialect, endpoint, done),
            Err(denied) => answer::denied(self.dialect, endpoint, &denied),
        }
    }

    const fn next(&mut self) -> u64 {
        self.counter = self.counter.saturating_add(1);
        self.counter
    }

    fn next_end(&self) -> Option<(Timestamp, Box<str>)> {
        let ends = self.rooms.iter().filter_map(|(user, room)| {
            let at = room.session.runs_out_at()?;
            Some((at, user.clone()))
        });
        ends.min()
    }

    /// Ends the session of `user`, where one is open, and tells the centre so; gives its id.
    fn end_session(&mut self, user: &str, why: SessionEnd) -> Option<String> {
        let room = self.rooms.get_mut(user)?;
        let now = self.now;
        let id = room.session.id()?.to_string();
        let input = match why {
            SessionEnd::RanOut => SessionInput::Tick,
            _ => SessionInput::EndedByUs,
        };
        let events = room.session.decide(&input, now);
        if events.is_empty() {
            return None;
        }
        for event in &events {
            room.session.apply(event, now);
        }
        room.ended_at = Some(now);
        self.tell_expired(user, &id);
        Some(id)
    }
}

/// The sandbox as a transport, for a centre in the same process.
pub type LocalSandbox = Local<Sandbox>;

impl Platform for Sandbox {
    fn now(&self) -> Timestamp {
        self.now()
    }

    fn answer(&mut self, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
        self.answer(request, now)
    }

    fn poll_request(&mut self, registered: &str) -> Option<Request<Vec<u8>>> {
        let mut events = std::iter::from_fn(|| self.poll_event());
        events.find_map(|event| event.request(registered))
    }
}

/// Counts, and nothing of what anybody wrote.
impl fmt::Debug for Sandbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sandbox")
            .field("dialect", &self.dialect)
            .field("rooms", &self.rooms.len())
            .field("events", &self.events.len())
            .finish_non_exhaustive()
    }
}
