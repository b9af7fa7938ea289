//! The platform and its customers, to try a centre out against: takes what the adapter sends, keeps the platform's limits,
//! rooms and codes, and gives the webhooks that people cause. It opens no socket; the host carries requests and events.
//!
//! What no page tells is marked `Assumed:` where it is decided. What it lets through the platform may still refuse.

mod agent;
mod answer;
mod check;
mod event;
mod payment;
mod room;
mod send;
mod tree;
mod user;

use std::collections::{BTreeMap, VecDeque};
use std::fmt;

use happytalk_core::id::AccountId;
use happytalk_core::sandbox::{Exchanges, Local};
use happytalk_core::{Secret, Timestamp};
use http::{Request, Response};

use crate::config::Config;

pub use agent::AgentAct;
pub use event::Event;
pub use happytalk_core::sandbox::{Exchange, Platform};
pub use room::{Room, Shown, ShownButton};
pub use user::{Impossible, Inflow, UserAct};

/// The key that the sandbox knows.
const AUTHORIZATION: &str = "sandbox-key";

/// The number of our bot among those of the platform; the partner centre is 1.
const BOT: u32 = 10_007;

/// How many events in a row may fail before the platform stops calling. Assumed: it does stop, and no page says when.
const FAILURES_MAX: u32 = 20;

/// What goes wrong with the next request.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Fault {
    /// It is done, and the answer is lost: a gateway answers 504 in its place.
    AnswerLost,
    /// It never arrives: a gateway answers 502, which looks no different from outside.
    NotReached,
    /// There were too many: 429.
    TooMany,
    /// It is not done, under this code and with this text, such as `99` and `알 수 없는 오류`.
    Code {
        /// The code.
        code: String,
        /// The text.
        message: String,
    },
}

/// What goes wrong with the next webhook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventFault {
    /// It is lost, and nobody ever hears of it.
    Lost,
    /// It comes twice, as `open` does.
    Twice,
}

/// What is wrong with a picture that the platform is asked to fetch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum PictureFault {
    /// It is none, or of another kind than JPG, PNG and GIF: `IMG-01`.
    Unusable,
    /// It takes longer than 10 s: `IMG-02`.
    Slow,
    /// It has more than 20 MB: `IMG-03`.
    TooLarge,
}

/// TalkTalk with one account, and the people who write to it.
///
/// - [`answer`](Self::answer) takes a request of the centre's, [`user`](Self::user) what a person does,
///   [`agent`](Self::agent) what an agent of the partner centre does, [`tick`](Self::tick) that time passed; afterwards
///   [`poll_event`](Self::poll_event) gives what the platform posts, and [`event_answered`](Self::event_answered) takes the
///   answer: what it says at once, and the word on a payment.
/// - Nothing is posted a second time: what was not answered with 200 is lost.
/// - [`room`](Self::room) is what a person sees.
/// - `now` may stand still and does not go back: the latest that was given counts.
///
/// ```
/// use happytalk_core::Timestamp;
/// use happytalk_naver::sandbox::{Inflow, Sandbox, UserAct};
///
/// let mut sandbox = Sandbox::new("wc1234".parse()?);
/// let now: Timestamp = "2026-11-16T09:00:00+09:00".parse()?;
/// let ann = "al-2eGuGr5WQOnco1_V-FQ";
/// sandbox.user(ann, &UserAct::Enter(Inflow::page("https://smartstore.naver.com/shop/products/7")), now)?;
/// let event = sandbox.poll_event().ok_or("an event")?;
/// let inbound = happytalk_naver::decode(event.body(), None)?;
/// assert!(matches!(inbound[0].what, happytalk_core::InboundKind::Entered { .. }));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct Sandbox {
    account: AccountId,
    now: Timestamp,
    counter: u64,
    rooms: BTreeMap<Box<str>, Room>,
    menu: Vec<ShownButton>,
    pictures: BTreeMap<Box<str>, Box<str>>,
    broken_pictures: BTreeMap<Box<str>, PictureFault>,
    echoes: bool,
    hands_over: bool,
    failures: u32,
    events: VecDeque<Event>,
    exchanges: Exchanges,
    faults: VecDeque<Fault>,
    event_faults: VecDeque<EventFault>,
}

impl Sandbox {
    /// A platform with one account, whose switches for echoes and handovers are on.
    #[must_use]
    pub const fn new(account: AccountId) -> Self {
        Self {
            account,
            now: Timestamp::MIN,
            counter: 0,
            rooms: BTreeMap::new(),
            menu: Vec::new(),
            pictures: BTreeMap::new(),
            broken_pictures: BTreeMap::new(),
            echoes: true,
            hands_over: true,
            failures: 0,
            events: VecDeque::new(),
            exchanges: Exchanges::new(),
            faults: VecDeque::new(),
            event_faults: VecDeque::new(),
        }
    }

    /// With the switch for echoes (에코) off.
    #[must_use]
    pub const fn without_echoes(mut self) -> Self {
        self.echoes = false;
        self
    }

    /// With the switch for handovers (핸드오버) off.
    #[must_use]
    pub const fn without_handovers(mut self) -> Self {
        self.hands_over = false;
        self
    }

    /// The settings of an adapter that talks to this sandbox at `base_url`.
    #[must_use]
    pub fn config(&self, base_url: impl Into<String>) -> Config {
        Config::new(self.account.clone(), Secret::new(AUTHORIZATION)).with_base_url(base_url)
    }

    /// The account.
    #[must_use]
    pub const fn account(&self) -> &AccountId {
        &self.account
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

    /// Lets something go wrong with the next webhook; several, one webhook each.
    pub fn fail_next_event(&mut self, fault: EventFault) {
        self.event_faults.push_back(fault);
    }

    /// Lets something be wrong with the picture at `url`. An upload of it fails; in a message its address shows as text.
    pub fn break_picture(&mut self, url: &str, fault: PictureFault) {
        self.broken_pictures.insert(url.into(), fault);
    }

    /// Answers a request of the centre's.
    pub fn answer(&mut self, request: &Request<Vec<u8>>, now: Timestamp) -> Response<Vec<u8>> {
        self.tick(now);
        let response = match self.faults.pop_front() {
            Some(Fault::AnswerLost) => {
                let _ = self.answered(request);
                answer::status(504)
            }
            Some(Fault::NotReached) => answer::status(502),
            Some(Fault::TooMany) => answer::status(429),
            Some(Fault::Code { code, message }) => answer::refused(&code, &message),
            None => self.answered(request),
        };
        self.exchanges
            .keep(request.uri().path(), request, &response);
        response
    }

    /// What the platform posts next, in the order in which it came to it; nothing once it has stopped calling.
    pub fn poll_event(&mut self) -> Option<Event> {
        if self.has_stopped() {
            self.events.clear();
        }
        self.events.pop_front()
    }

    /// How many webhooks are due.
    #[must_use]
    pub fn events_waiting(&self) -> usize {
        if self.has_stopped() {
            0
        } else {
            self.events.len()
        }
    }

    /// Whether the platform has stopped calling, because too many events in a row were not answered with 200. What happens
    /// meanwhile is lost.
    #[must_use]
    pub const fn has_stopped(&self) -> bool {
        self.failures >= FAILURES_MAX
    }

    /// Saves the webhook's address anew in the partner centre: the platform calls again.
    pub const fn save_address(&mut self) {
        self.failures = 0;
    }

    /// Takes the time. Consent pages that nobody answered close without a word.
    pub fn tick(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        for room in self.rooms.values_mut() {
            room.close_page(self.now);
        }
    }

    /// When [`tick`](Self::tick) has something to do at the earliest.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.rooms.values().filter_map(Room::page_closes_at).min()
    }

    /// What this person sees; `None` before they did anything.
    #[must_use]
    pub fn room(&self, user: &str) -> Option<&Room> {
        self.rooms.get(user)
    }

    /// The entries of the fixed menu, those of deeper levels after the one that opens them.
    #[must_use]
    pub fn menu(&self) -> &[ShownButton] {
        &self.menu
    }

    /// The requests that came and what was answered, the latest 10,000.
    pub fn exchanges(&self) -> impl Iterator<Item = &Exchange> {
        self.exchanges.iter()
    }

    const fn next(&mut self) -> u64 {
        self.counter = self.counter.saturating_add(1);
        self.counter
    }

    /// The room of a person, who may never have been there.
    fn enter(&mut self, user: &str) -> &mut Room {
        self.rooms.entry(user.into()).or_insert_with(Room::new)
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
            .field("account", &self.account)
            .field("rooms", &self.rooms.len())
            .field("events", &self.events.len())
            .finish_non_exhaustive()
    }
}
