//! A centre to test with: its platform, its store, and everything that reaches it.

use std::collections::VecDeque;
use std::future::Future;
use std::pin::Pin;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::task::{Context, Poll, Waker};

use async_trait::async_trait;
use happytalk::core::call::CallHandler;
use happytalk::core::channel::{Channel, Receipt, Verdict};
use happytalk::core::content::ButtonAction;
use happytalk::core::event::StatusClass;
use happytalk::core::id::{AccountId, AgentId, ConversationId, CustomerId, SiteId};
use happytalk::core::inbound::{Inbound, InboundKind};
use happytalk::core::log::Line;
use happytalk::core::outbound::{Action, Outbound};
use happytalk::core::payment::PaymentHandler;
use happytalk::core::store::{Batch, Store, StoreError, StoreErrorKind, Stored};
use happytalk::core::testing::poll_once;
use happytalk::core::time::Timestamp;
use happytalk::core::{Capabilities, ChannelError, ChannelName, Content, Retry, Value};
use happytalk::routing::AgentSpec;
use happytalk::{Bots, ContactCenter, Delivered, Desk, DeskCommand, Entrance, Error, MemoryStore};

use crate::bots::{FRONT, PROFILE, flow};
use crate::scene::{settings, site};

pub(crate) const NOW: Timestamp = Timestamp::from_millis(1_794_787_200_000);

/// What the platform does with one send; with nothing to do it takes it and says so.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Answer {
    /// It does not take it, and says this.
    Refuses(Retry),
    /// It takes it, and the answer is lost.
    TakesUnheard,
}

/// A platform whose webhook body is `customer|id|words`, and that answers sends from a script.
#[derive(Debug, Default)]
pub(crate) struct Wire {
    pub(crate) idempotent: bool,
    pub(crate) script: Mutex<VecDeque<Answer>>,
    /// What was asked of it, each try.
    pub(crate) sent: Mutex<Vec<Outbound>>,
    /// What reached the customer.
    pub(crate) taken: Mutex<Vec<Outbound>>,
    /// For whom something is being sent at this moment.
    busy: Mutex<Vec<CustomerId>>,
    is_held: Mutex<bool>,
    held: Mutex<Vec<Waker>>,
}

#[derive(Debug)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

fn words(outbounds: &[Outbound]) -> Vec<String> {
    let said = outbounds
        .iter()
        .filter_map(|outbound| match &outbound.action {
            Action::Say { content } => Some(content.iter().filter_map(Content::words).collect()),
            _ => None,
        });
    said.collect()
}

impl Wire {
    pub(crate) fn new(idempotent: bool) -> Self {
        Self {
            idempotent,
            ..Self::default()
        }
    }

    /// The words of every try.
    pub(crate) fn words(&self) -> Vec<String> {
        words(&self.sent.lock().unwrap())
    }

    /// The words that reached customers.
    pub(crate) fn heard(&self) -> Vec<String> {
        words(&self.taken.lock().unwrap())
    }

    pub(crate) fn will(&self, answer: Answer) {
        self.script.lock().unwrap().push_back(answer);
    }

    /// Lets every send wait for its answer.
    pub(crate) fn hold(&self) {
        *self.is_held.lock().unwrap() = true;
    }

    pub(crate) fn release(&self) {
        *self.is_held.lock().unwrap() = false;
        for waker in self.held.lock().unwrap().drain(..) {
            waker.wake();
        }
    }

    async fn while_held(&self) {
        std::future::poll_fn(|context| {
            if !*self.is_held.lock().unwrap() {
                return Poll::Ready(());
            }
            self.held.lock().unwrap().push(context.waker().clone());
            Poll::Pending
        })
        .await;
    }

    fn take(&self, message: &Outbound) {
        let mut taken = self.taken.lock().unwrap();
        if !(self.idempotent && taken.iter().any(|before| before.id == message.id)) {
            taken.push(message.clone());
        }
    }
}

/// Something is being sent to this customer, until it is dropped.
struct Busy<'a>(&'a Wire, CustomerId);

impl<'a> Busy<'a> {
    fn new(wire: &'a Wire, customer: &CustomerId) -> Self {
        let mut busy = wire.busy.lock().unwrap();
        assert!(
            !busy.contains(customer),
            "one send at a time for a customer"
        );
        busy.push(customer.clone());
        Self(wire, customer.clone())
    }
}

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        let mut busy = self
            .0
            .busy
            .lock()
            .unwrap_or_else(|error| error.into_inner());
        busy.retain(|customer| *customer != self.1);
    }
}

#[async_trait]
impl Channel for Wire {
    fn name(&self) -> ChannelName {
        ChannelName::WEBCHAT
    }
    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::none();
        capabilities.content = &["text", "card"];
        capabilities.actions = &["say", "end"];
        capabilities.text_max = 1_000;
        capabilities.card_title_max = 1_000;
        capabilities.card_text_max = 1_000;
        capabilities.card_words_max = 2_000;
        capabilities.bare_cards = true;
        capabilities.button_actions = &[ButtonAction::Postback];
        capabilities.value_max = 1_000;
        capabilities.label_max = 100;
        capabilities.quick_reply_label_max = 100;
        capabilities.buttons_max = 10;
        capabilities.quick_replies_max = 10;
        capabilities.idempotent = self.idempotent;
        capabilities
    }
    async fn send(&self, message: &Outbound, _now: Timestamp) -> Result<Receipt, ChannelError> {
        self.sent.lock().unwrap().push(message.clone());
        let _busy = Busy::new(self, &message.customer);
        self.while_held().await;
        let answer = self.script.lock().unwrap().pop_front();
        if !matches!(answer, Some(Answer::Refuses(_))) {
            self.take(message);
        }
        match answer {
            None => Ok(Receipt::new()),
            Some(Answer::Refuses(retry)) => Err(ChannelError::new("wire.refused", retry, Refused)),
            Some(Answer::TakesUnheard) => {
                Err(ChannelError::new("wire.timeout", Retry::Unknown, Refused))
            }
        }
    }
    fn receive(
        &self,
        request: &http::Request<Vec<u8>>,
        _now: Timestamp,
    ) -> Result<Vec<Inbound>, ChannelError> {
        let body = String::from_utf8_lossy(request.body());
        let mut parts = body.split('|');
        let (Some(customer), Some(id), Some(words)) = (parts.next(), parts.next(), parts.next())
        else {
            return Err(ChannelError::new("wire.shape", Retry::Never, Refused));
        };
        // The wire does not name the account: the route does.
        let what = match words {
            "!shared" => InboundKind::ProfileShared {
                fields: [("nickname".to_owned(), "콩쥐".to_owned().into())].into(),
                result: "SUCCESS".to_owned(),
            },
            "!paid" => InboundKind::Paid {
                payment: "p-1".to_owned(),
                result: "Success".to_owned(),
                parameters: None,
            },
            words => InboundKind::message(vec![Content::text(words)]),
        };
        let mut inbound = Inbound::new(self.name(), what);
        inbound.customer = customer.parse().ok();
        inbound.id = id.parse().ok();
        Ok(vec![inbound])
    }
    fn reply(
        &self,
        _request: &http::Request<Vec<u8>>,
        verdict: &Verdict,
    ) -> http::Response<Vec<u8>> {
        let mut response = http::Response::new(Vec::new());
        *response.status_mut() = match verdict {
            Verdict::Accepted | Verdict::Approve => http::StatusCode::OK,
            Verdict::Decline => http::StatusCode::FORBIDDEN,
            Verdict::Failed => http::StatusCode::SERVICE_UNAVAILABLE,
            _ => http::StatusCode::BAD_REQUEST,
        };
        response
    }
}

/// What goes wrong with one commit.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Fault {
    /// Nothing is written.
    Lost,
    /// All of it is written, and the answer is lost.
    Unheard,
    /// Nothing is written, and no answer ever comes.
    Hangs,
    /// All of it is written, and no answer ever comes.
    HangsWritten,
}

/// A store whose next commits and loads fail as told.
#[derive(Debug, Default)]
pub(crate) struct Moody {
    pub(crate) inner: MemoryStore,
    pub(crate) faults: Mutex<VecDeque<Fault>>,
    /// What it cannot write, if anything.
    cannot_write: Mutex<Option<&'static str>>,
    /// How many of the next loads fail.
    pub(crate) broken_loads: Mutex<u32>,
    loads_hang: AtomicBool,
    /// How often it was loaded.
    pub(crate) loads: AtomicU32,
    minted: AtomicU32,
}

impl Moody {
    pub(crate) fn will(&self, fault: Fault) {
        self.faults.lock().unwrap().push_back(fault);
    }

    /// Refuses every line that has this in its JSON.
    pub(crate) fn cannot_write(&self, text: &'static str) {
        *self.cannot_write.lock().unwrap() = Some(text);
    }

    pub(crate) fn hang_loads(&self, do_hang: bool) {
        self.loads_hang.store(do_hang, Ordering::Relaxed);
    }

    pub(crate) fn loads_hang(&self) -> bool {
        self.loads_hang.load(Ordering::Relaxed)
    }

    /// Nothing goes wrong from here on.
    pub(crate) fn heal(&self) {
        self.faults.lock().unwrap().clear();
        *self.cannot_write.lock().unwrap() = None;
        self.break_loads(0);
        self.hang_loads(false);
    }

    pub(crate) fn break_loads(&self, count: u32) {
        *self.broken_loads.lock().unwrap() = count;
    }
}

#[async_trait]
impl Store for Moody {
    async fn commit(&self, site: &SiteId, batch: &Batch) -> Result<(), StoreError> {
        let fault = self.faults.lock().unwrap().pop_front();
        if let Some(text) = *self.cannot_write.lock().unwrap() {
            let mut lines = batch.lines.iter().map(Line::to_json);
            if lines.any(|line| line.contains(text)) {
                return Err(StoreError::new(StoreErrorKind::Refused));
            }
        }
        if !matches!(fault, Some(Fault::Lost | Fault::Hangs)) {
            self.inner.commit(site, batch).await?;
        }
        match fault {
            None => Ok(()),
            Some(Fault::Lost | Fault::Unheard) => Err(StoreError::new(StoreErrorKind::Unavailable)),
            Some(Fault::Hangs | Fault::HangsWritten) => std::future::pending().await,
        }
    }
    async fn load(&self, site: &SiteId) -> Result<Stored, StoreError> {
        self.loads.fetch_add(1, Ordering::Relaxed);
        if self.loads_hang.load(Ordering::Relaxed) {
            std::future::pending::<()>().await;
        }
        {
            let mut broken = self.broken_loads.lock().unwrap();
            if *broken > 0 {
                *broken -= 1;
                return Err(StoreError::new(StoreErrorKind::Unavailable));
            }
        }
        self.inner.load(site).await
    }
}

pub(crate) fn account() -> AccountId {
    "account".parse().unwrap()
}

pub(crate) fn say(conversation: &str, id: &str, words: &str) -> DeskCommand {
    DeskCommand::Say {
        agent: "kim".parse().unwrap(),
        conversation: conversation.parse().unwrap(),
        message: id.parse().unwrap(),
        content: vec![Content::text(words)],
    }
}

/// Who waits for an answer, or the answer, where it came at once.
pub(crate) type Asked<T> = (Waiting<T>, Option<T>);

/// Somebody who waits for an answer. The same future is polled until it is there.
pub(crate) struct Waiting<T>(Pin<Box<dyn Future<Output = T>>>);

impl<T: 'static> Waiting<T> {
    pub(crate) fn map<U: 'static>(self, into: impl Fn(T) -> U + 'static) -> Waiting<U> {
        Waiting(Box::pin(async move { into(self.0.await) }))
    }

    fn new(future: impl Future<Output = T> + 'static) -> Asked<T> {
        let mut waiting = Self(Box::pin(future));
        let answer = waiting.answer();
        (waiting, answer)
    }

    pub(crate) fn answer(&mut self) -> Option<T> {
        match self
            .0
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()))
        {
            Poll::Ready(answer) => Some(answer),
            Poll::Pending => None,
        }
    }
}

/// A centre, everything that reaches it, and everything it did.
pub(crate) struct House {
    pub(crate) center: ContactCenter,
    blank: Blank,
    pub(crate) entrance: Entrance,
    pub(crate) wire: Arc<Wire>,
    pub(crate) store: Arc<Moody>,
    pub(crate) now: Timestamp,
}

impl House {
    pub(crate) fn open(wire: Arc<Wire>, store: Arc<Moody>) -> Self {
        Self::open_as(blank, wire, store)
    }

    fn open_as(blank: Blank, wire: Arc<Wire>, store: Arc<Moody>) -> Self {
        let numbers = Arc::clone(&store);
        let mint = move || {
            let number = 1 + numbers.minted.fetch_add(1, Ordering::Relaxed);
            format!("c-{number}").parse::<ConversationId>().unwrap()
        };
        let center = poll_once(ContactCenter::open(blank, store.clone(), mint))
            .unwrap()
            .unwrap();
        let center = center.with_channel(account(), wire.clone());
        let entrance = center.entrance();
        Self {
            blank,
            center,
            entrance,
            wire,
            store,
            now: NOW,
        }
    }

    /// With one agent, who takes whatever comes.
    pub(crate) fn fresh(idempotent: bool) -> Self {
        let wire = Arc::new(Wire::new(idempotent));
        Self::open(wire, Arc::default()).with_kim()
    }

    /// The same, with a bot in front.
    pub(crate) fn with_bot() -> Self {
        let wire = Arc::new(Wire::new(true));
        Self::open_as(blank_with_bot, wire, Arc::default()).with_kim()
    }

    /// The same on a platform whose sessions we end.
    pub(crate) fn with_sessions() -> Self {
        let wire = Arc::new(Wire::new(true));
        Self::open_as(blank_with_sessions, wire, Arc::default()).with_kim()
    }

    fn with_kim(self) -> Self {
        let mut house = self;
        let agent: AgentId = "kim".parse().unwrap();
        let set = DeskCommand::SetAgent {
            agent: agent.clone(),
            spec: AgentSpec::new(),
        };
        house.command(set).unwrap();
        let on = DeskCommand::SetStatus {
            agent,
            status: "on".parse().unwrap(),
            class: StatusClass::Accepting,
        };
        house.command(on).unwrap();
        house
    }

    pub(crate) fn with_payments(mut self, payments: Arc<dyn PaymentHandler>) -> Self {
        self.center = self.center.with_payments(payments);
        self.entrance = self.center.entrance();
        self
    }

    pub(crate) fn calling(mut self, calls: Arc<dyn CallHandler>) -> Self {
        self.center = self.center.with_calls(calls);
        self
    }

    /// With what the host knows of every customer.
    pub(crate) fn knowing(mut self, known: Value) -> Self {
        self.center = self.center.with_known_customers(move |_| known.clone());
        self
    }

    /// The process stops, and another opens the site.
    pub(crate) fn restart(self) -> Self {
        let (wire, store, now) = (self.wire.clone(), self.store.clone(), self.now);
        let blank = self.blank;
        drop(self);
        let mut again = Self::open_as(blank, wire, store);
        again.now = now;
        again
    }

    pub(crate) fn pass(&mut self, millis: i64) {
        self.now = Timestamp::from_millis(self.now.as_millis() + millis);
    }

    pub(crate) fn deliver(&mut self) -> Delivered {
        poll_once(self.center.deliver(self.now)).expect("nothing here waits")
    }

    /// Polls a delivery once; `None` where it would have to wait, and is dropped.
    pub(crate) fn try_deliver(&mut self) -> Option<Delivered> {
        poll_once(self.center.deliver(self.now))
    }

    /// Polls a delivery once and drops it: the host had enough.
    pub(crate) fn begin_to_deliver(&mut self) {
        assert!(poll_once(self.center.deliver(self.now)).is_none());
    }

    pub(crate) fn is_ready(&mut self) -> bool {
        poll_once(self.center.ready()).is_some()
    }

    /// A webhook comes in, and is not delivered yet.
    pub(crate) fn bring(&self, body: &str) -> Asked<u16> {
        let request = http::Request::post("/")
            .body(body.as_bytes().to_vec())
            .unwrap();
        let (entrance, now) = (self.entrance.clone(), self.now);
        Waiting::new(async move {
            let account = account();
            let received = entrance.receive(&ChannelName::WEBCHAT, &account, request, now);
            received.await.status().as_u16()
        })
    }

    pub(crate) fn receive(&mut self, body: &str) -> u16 {
        let (mut waiting, answer) = self.bring(body);
        answer.unwrap_or_else(|| {
            self.deliver();
            waiting
                .answer()
                .expect("a webhook is answered once it is delivered")
        })
    }

    /// The same for a webhook that is taken: what the delivery did.
    pub(crate) fn bring_in(&mut self, body: &str) -> Delivered {
        let _waits = self.bring(body);
        self.deliver()
    }

    /// A command comes in, and is not delivered yet.
    pub(crate) fn give(&self, command: DeskCommand) -> Asked<Result<(), Error>> {
        let entrance = self.entrance.clone();
        Waiting::new(async move { entrance.command(command).await })
    }

    pub(crate) fn command(&mut self, command: DeskCommand) -> Result<(), Error> {
        let (mut waiting, answer) = self.give(command);
        answer.unwrap_or_else(|| {
            self.deliver();
            waiting
                .answer()
                .expect("a command is answered once it is delivered")
        })
    }

    pub(crate) fn kim_says(&mut self, id: &str, words: &str) -> Result<(), Error> {
        self.command(say("c-1", id, words))
    }

    pub(crate) fn log(&self) -> String {
        self.store.inner.log(&site())
    }

    pub(crate) fn logged(&self, what: &str) -> usize {
        self.log().matches(what).count()
    }
}

/// A desk made out of what the store holds.
pub(crate) fn restored(house: &House) -> Desk {
    let stored = poll_once(house.store.inner.load(&site())).unwrap().unwrap();
    (house.blank)()
        .unwrap()
        .restore(&stored.lines, &stored.states, &stored.effects, &stored.seen)
        .unwrap()
}

/// How a desk of the house is made.
type Blank = fn() -> Result<Desk, Error>;

fn blank_with_sessions() -> Result<Desk, Error> {
    let mut settings = settings();
    settings.sessions.insert(ChannelName::WEBCHAT);
    Desk::new(site(), settings)
}

fn blank_with_bot() -> Result<Desk, Error> {
    let mut settings = settings();
    settings.bots = Bots::one(flow(FRONT)).with_profile(flow(PROFILE), |asks| asks);
    Desk::new(site(), settings)
}

fn blank() -> Result<Desk, Error> {
    let mut settings = settings();
    settings.routing = settings.routing.with_explanations();
    Desk::new(site(), settings)
}
