//! The centre with its ports: what is answered, what is sent, and what survives a fault at every step.

use std::collections::VecDeque;
use std::future::Future;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use happytalk::core::channel::{Channel, Receipt, Verdict};
use happytalk::core::event::StatusClass;
use happytalk::core::id::{AccountId, ConversationId, SiteId};
use happytalk::core::inbound::{Inbound, InboundKind};
use happytalk::core::outbound::{Action, Outbound};
use happytalk::core::store::{Batch, Store, StoreError, StoreErrorKind, Stored};
use happytalk::core::testing::poll_once;
use happytalk::core::time::Timestamp;
use happytalk::core::{Capabilities, ChannelError, ChannelName, Content, Retry};
use happytalk::routing::AgentSpec;
use happytalk::{ContactCenter, Delivered, Desk, DeskCommand, Entrance, MemoryStore};

use crate::scene::{settings, site};

const NOW: Timestamp = Timestamp::from_millis(1_794_787_200_000);

/// A platform whose webhook body is `customer|id|words`, and that answers sends from a script; then it accepts.
#[derive(Debug, Default)]
struct Wire {
    idempotent: bool,
    script: Mutex<VecDeque<Retry>>,
    sent: Mutex<Vec<Outbound>>,
}

#[derive(Debug)]
struct Refused;

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("refused")
    }
}

impl std::error::Error for Refused {}

impl Wire {
    fn words(&self) -> Vec<String> {
        let sent = self.sent.lock().unwrap();
        let said = sent.iter().filter_map(|outbound| match &outbound.action {
            Action::Say { content } => Some(
                content
                    .iter()
                    .filter_map(Content::words)
                    .collect::<String>(),
            ),
            _ => None,
        });
        said.collect()
    }
}

#[async_trait]
impl Channel for Wire {
    fn name(&self) -> ChannelName {
        ChannelName::WEBCHAT
    }
    fn capabilities(&self) -> Capabilities {
        let mut capabilities = Capabilities::none();
        capabilities.idempotent = self.idempotent;
        capabilities
    }
    async fn send(&self, message: &Outbound, _now: Timestamp) -> Result<Receipt, ChannelError> {
        self.sent.lock().unwrap().push(message.clone());
        match self.script.lock().unwrap().pop_front() {
            Some(retry) => Err(ChannelError::new("wire.refused", retry, Refused)),
            None => Ok(Receipt::new()),
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
        let what = InboundKind::message(vec![Content::text(words)]);
        let mut inbound = Inbound::new(self.name(), what);
        inbound.account = Some(account());
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
            Verdict::Accepted => http::StatusCode::OK,
            Verdict::Failed => http::StatusCode::SERVICE_UNAVAILABLE,
            _ => http::StatusCode::BAD_REQUEST,
        };
        response
    }
}

/// A store whose next commits fail as told.
#[derive(Debug, Default)]
struct Moody {
    inner: MemoryStore,
    faults: Mutex<VecDeque<Fault>>,
}

#[derive(Debug, Clone, Copy)]
enum Fault {
    /// Nothing is written.
    Lost,
    /// All of it is written, and the answer is lost.
    Unheard,
}

#[async_trait]
impl Store for Moody {
    async fn commit(&self, site: &SiteId, batch: &Batch) -> Result<(), StoreError> {
        let fault = self.faults.lock().unwrap().pop_front();
        match fault {
            Some(Fault::Lost) => return Err(StoreError::new(StoreErrorKind::Unavailable)),
            Some(Fault::Unheard) => self.inner.commit(site, batch).await?,
            None => return self.inner.commit(site, batch).await,
        }
        Err(StoreError::new(StoreErrorKind::Unavailable))
    }
    async fn load(&self, site: &SiteId) -> Result<Stored, StoreError> {
        self.inner.load(site).await
    }
}

fn account() -> AccountId {
    "account".parse().unwrap()
}

/// A centre, everything that reaches it, and everything it did.
struct House {
    center: ContactCenter,
    entrance: Entrance,
    wire: Arc<Wire>,
    store: Arc<Moody>,
    now: Timestamp,
}

impl House {
    fn open(wire: Arc<Wire>, store: Arc<Moody>) -> Self {
        let mut number = 0;
        let mint = move || {
            number += 1;
            format!("c-{number}").parse::<ConversationId>().unwrap()
        };
        let blank = || Desk::new(site(), settings());
        let center = poll_once(ContactCenter::open(blank, store.clone(), mint))
            .unwrap()
            .unwrap();
        let center = center.with_channel(account(), wire.clone());
        let entrance = center.entrance();
        Self {
            center,
            entrance,
            wire,
            store,
            now: NOW,
        }
    }

    fn fresh(idempotent: bool) -> Self {
        let wire = Arc::new(Wire {
            idempotent,
            ..Wire::default()
        });
        let mut house = Self::open(wire, Arc::default());
        let agent: happytalk::core::id::AgentId = "kim".parse().unwrap();
        house.command(DeskCommand::SetAgent {
            agent: agent.clone(),
            spec: AgentSpec::new(),
        });
        let status = DeskCommand::SetStatus {
            agent,
            status: "on".parse().unwrap(),
            class: StatusClass::Accepting,
        };
        house.command(status);
        house
    }

    fn deliver(&mut self) -> Delivered {
        poll_once(self.center.deliver(self.now)).expect("nothing here waits")
    }

    fn receive(&mut self, body: &str) -> u16 {
        let request = http::Request::post("/")
            .body(body.as_bytes().to_vec())
            .unwrap();
        let account = account();
        let mut received =
            Box::pin(
                self.entrance
                    .receive(&ChannelName::WEBCHAT, &account, request, self.now),
            );
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        if let std::task::Poll::Ready(response) = received.as_mut().poll(&mut context) {
            return response.status().as_u16();
        }
        let delivered = poll_once(self.center.deliver(self.now)).expect("nothing here waits");
        drop(delivered);
        match received.as_mut().poll(&mut context) {
            std::task::Poll::Ready(response) => response.status().as_u16(),
            std::task::Poll::Pending => panic!("a webhook is answered once it is committed"),
        }
    }

    fn command(&mut self, command: DeskCommand) -> Option<Result<(), happytalk::Error>> {
        let mut answer = Box::pin(self.entrance.command(command));
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        if let std::task::Poll::Ready(result) = answer.as_mut().poll(&mut context) {
            return Some(result);
        }
        drop(poll_once(self.center.deliver(self.now)).expect("nothing here waits"));
        match answer.as_mut().poll(&mut context) {
            std::task::Poll::Ready(result) => Some(result),
            std::task::Poll::Pending => None,
        }
    }

    fn kim_says(&mut self, id: &str, words: &str) -> Result<(), happytalk::Error> {
        let say = DeskCommand::Say {
            agent: "kim".parse().unwrap(),
            conversation: "c-1".parse().unwrap(),
            message: id.parse().unwrap(),
            content: vec![Content::text(words)],
        };
        self.command(say).expect("every command is answered")
    }

    fn log(&self) -> String {
        self.store.inner.log(&site())
    }
}

#[test]
fn a_webhook_is_answered_after_the_commit_and_garbage_at_once() {
    let mut house = House::fresh(true);
    assert_eq!(house.receive("ann|1|안녕하세요"), 200);
    assert!(house.log().contains("customer_said"));
    assert_eq!(house.receive("garbage"), 400);
    assert_eq!(house.receive("ann|2|있나요?"), 200);
    assert_eq!(house.log().matches("customer_said").count(), 2);
}

#[test]
fn a_route_of_an_account_nobody_gave_is_not_found() {
    let house = House::fresh(true);
    let request = http::Request::post("/").body(Vec::new()).unwrap();
    let stranger: AccountId = "stranger".parse().unwrap();
    let response = poll_once(house.entrance.receive(
        &ChannelName::WEBCHAT,
        &stranger,
        request,
        NOW,
    ))
    .unwrap();
    assert_eq!(response.status(), 404);
}

#[test]
fn a_commit_that_failed_is_as_if_the_batch_had_not_come() {
    let mut house = House::fresh(true);
    house.store.faults.lock().unwrap().push_back(Fault::Lost);
    assert_eq!(house.receive("ann|1|안녕하세요"), 503);
    assert!(!house.log().contains("customer_said"));
    // The platform sends it again, and it is taken.
    assert_eq!(house.receive("ann|1|안녕하세요"), 200);
    assert_eq!(house.log().matches("customer_said").count(), 1);
}

#[test]
fn a_commit_whose_answer_was_lost_is_not_taken_twice() {
    let mut house = House::fresh(true);
    house.store.faults.lock().unwrap().push_back(Fault::Unheard);
    assert_eq!(house.receive("ann|1|안녕하세요"), 503);
    assert_eq!(house.receive("ann|1|안녕하세요"), 200);
    assert_eq!(house.log().matches("customer_said").count(), 1);

    house.store.faults.lock().unwrap().push_back(Fault::Unheard);
    assert_eq!(
        house.kim_says("a-1", "네").unwrap_err().code(),
        "store.unavailable"
    );
    house.deliver();
    assert_eq!(house.kim_says("a-1", "네"), Ok(()));
    assert_eq!(house.log().matches("agent_said").count(), 1);
    assert_eq!(house.wire.words(), ["네"]);
}

#[test]
fn what_was_not_done_is_tried_again_in_time_and_in_order() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house
        .wire
        .script
        .lock()
        .unwrap()
        .push_back(Retry::After(Duration::from_secs(2)));
    house.kim_says("a-1", "하나").unwrap();
    house.kim_says("a-2", "둘").unwrap();
    assert_eq!(
        house.wire.words(),
        ["하나"],
        "the second waits for the first"
    );
    assert_eq!(
        house.center.next_deadline(),
        Some(NOW.plus(Duration::from_secs(2)))
    );
    house.now = NOW.plus(Duration::from_secs(2));
    house.deliver();
    assert_eq!(house.wire.words(), ["하나", "하나", "둘"]);
    let ids: Vec<_> = house
        .wire
        .sent
        .lock()
        .unwrap()
        .iter()
        .map(|outbound| outbound.id.clone())
        .collect();
    assert_eq!(ids[0], ids[1], "a second try has the same id");
    assert!(house.center.is_idle());
    assert!(!house.log().contains("message_failed"));
}

#[test]
fn what_will_never_work_is_a_failed_message_and_the_next_goes_out() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.wire.script.lock().unwrap().push_back(Retry::Never);
    house.kim_says("a-1", "하나").unwrap();
    house.kim_says("a-2", "둘").unwrap();
    assert_eq!(house.wire.words(), ["하나", "둘"]);
    assert!(
        house
            .log()
            .contains(r#""type":"message_failed","message":"a-1","code":"wire.refused""#)
    );
}

#[test]
fn an_unknown_outcome_is_repeated_only_where_the_platform_recognises_it() {
    for (idempotent, tries) in [(true, 2), (false, 1)] {
        let mut house = House::fresh(idempotent);
        house.receive("ann|1|안녕하세요");
        house.wire.script.lock().unwrap().push_back(Retry::Unknown);
        house.kim_says("a-1", "하나").unwrap();
        house.now = NOW.plus(Duration::from_secs(60));
        house.deliver();
        assert_eq!(house.wire.words().len(), tries);
        assert_eq!(house.log().contains("message_failed"), !idempotent);
    }
}

#[test]
fn a_message_that_fails_every_time_fails_in_the_end() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house
        .wire
        .script
        .lock()
        .unwrap()
        .extend([Retry::After(Duration::from_secs(1)); 9]);
    house.kim_says("a-1", "하나").unwrap();
    for second in 1..=9 {
        house.now = NOW.plus(Duration::from_secs(second));
        house.deliver();
    }
    assert_eq!(house.wire.words().len(), 4);
    assert!(house.log().contains("message_failed"));
    assert!(house.center.is_idle());
}

#[test]
fn a_process_that_stopped_between_commit_and_send_sends_or_says_that_it_does_not_know() {
    for idempotent in [true, false] {
        let mut house = House::fresh(idempotent);
        house.receive("ann|1|안녕하세요");
        // Committed, and its effect lost with the process: a commit is made and the centre dropped before it sends.
        house
            .wire
            .script
            .lock()
            .unwrap()
            .push_back(Retry::After(Duration::from_secs(600)));
        house.kim_says("a-1", "네").unwrap();
        let (wire, store) = (house.wire.clone(), house.store.clone());
        drop(house);
        wire.sent.lock().unwrap().clear();
        let mut again = House::open(wire, store);
        again.now = NOW.plus(Duration::from_secs(5));
        again.deliver();
        again.deliver();
        assert_eq!(
            again.wire.words(),
            if idempotent {
                vec!["네".to_owned()]
            } else {
                Vec::new()
            }
        );
        assert_eq!(again.log().contains("center.outcome_unknown"), !idempotent);
        assert!(again.center.is_idle());
    }
}

#[test]
fn the_log_of_a_site_has_no_gap_and_reads_back() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.kim_says("a-1", "네").unwrap();
    let mut next = std::collections::BTreeMap::new();
    for (number, line) in happytalk::core::log::lines(&house.log()) {
        let line = line.unwrap_or_else(|error| panic!("line {number}: {error}"));
        let seq = next.entry(line.stream.clone()).or_insert(0);
        *seq += 1;
        assert_eq!(line.seq, *seq, "line {number}");
    }
}
