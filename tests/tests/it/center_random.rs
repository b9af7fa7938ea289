//! Random mornings with a platform and a store that fail: in the end nothing is lost, doubled or out of order.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use happytalk::core::id::{ConversationId, MessageId};
use happytalk::core::log::{Line, Stream};
use happytalk::core::{Event, Retry};
use happytalk::{DeskCommand, Error};
use proptest::prelude::*;

use crate::house::{Answer, Fault, House, Waiting, restored, say};

/// What a random morning is made of.
#[derive(Debug, Clone)]
enum Deed {
    /// A customer writes.
    Writes(u8),
    /// The agent writes in one of the conversations.
    Says(u8),
    Delivers,
    /// The host waits for something to deliver, and delivers it.
    WaitsReady,
    StoreFails(u8),
    LoadsFail(u8),
    LoadsHang(bool),
    PlatformFails(u8),
    PlatformWaits(bool),
    Passes(u16),
    /// The process stops, and another goes on.
    Restarts,
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        6 => (0_u8..3).prop_map(Deed::Writes),
        8 => (0_u8..4).prop_map(Deed::Says),
        6 => Just(Deed::Delivers),
        6 => Just(Deed::WaitsReady),
        4 => (0_u8..4).prop_map(Deed::StoreFails),
        1 => (0_u8..3).prop_map(Deed::LoadsFail),
        1 => any::<bool>().prop_map(Deed::LoadsHang),
        4 => (0_u8..4).prop_map(Deed::PlatformFails),
        2 => any::<bool>().prop_map(Deed::PlatformWaits),
        6 => (0_u16..3_000).prop_map(Deed::Passes),
        2 => Just(Deed::Restarts),
    ]
}

/// One thing that somebody asked for, as often as it took.
struct Asked<T> {
    what: T,
    waiting: Option<Waiting<bool>>,
    is_taken: bool,
}

/// A morning: what was asked, and what came of it.
struct Morning {
    house: House,
    webhooks: Vec<Asked<String>>,
    says: Vec<Asked<DeskCommand>>,
    told: Vec<Line>,
    restarts: u32,
}

impl Morning {
    fn new(idempotent: bool) -> Self {
        let house = House::fresh(idempotent);
        let told = lines(&house);
        Self {
            house,
            webhooks: Vec::new(),
            says: Vec::new(),
            told,
            restarts: 0,
        }
    }

    fn do_it(&mut self, deed: &Deed) {
        match deed {
            Deed::Writes(who) => {
                let body = format!("customer-{who}|in-{0}|w-{0}|", self.webhooks.len());
                self.webhooks.push(Asked {
                    what: body,
                    waiting: None,
                    is_taken: false,
                });
                self.ask();
            }
            Deed::Says(which) => {
                let number = self.says.len();
                let (id, words) = (format!("a-{number}"), format!("s-{number}"));
                let Some(conversation) = self.conversation(*which) else {
                    return;
                };
                self.says.push(Asked {
                    what: say(&conversation, &id, &words),
                    waiting: None,
                    is_taken: false,
                });
                self.ask();
            }
            Deed::Delivers => self.deliver(),
            Deed::WaitsReady => {
                let now = self.house.now;
                let is_due = self
                    .house
                    .center
                    .next_deadline()
                    .is_some_and(|at| at <= now);
                if self.house.is_ready() || is_due {
                    self.deliver();
                }
            }
            Deed::StoreFails(how) => self.house.store.will(match how {
                0 => Fault::Lost,
                1 => Fault::Unheard,
                2 => Fault::Hangs,
                _ => Fault::HangsWritten,
            }),
            Deed::LoadsFail(count) => self.house.store.break_loads(u32::from(*count)),
            Deed::LoadsHang(hang) => self.house.store.hang_loads(*hang),
            Deed::PlatformFails(how) => self.house.wire.will(match how {
                0 => Answer::Refuses(Retry::Never),
                1 => Answer::Refuses(Retry::After(Duration::from_secs(1))),
                2 => Answer::Refuses(Retry::Unknown),
                _ => Answer::TakesUnheard,
            }),
            Deed::PlatformWaits(true) => self.house.wire.hold(),
            Deed::PlatformWaits(false) => self.house.wire.release(),
            Deed::Passes(millis) => self.house.pass(i64::from(*millis)),
            Deed::Restarts => {
                if !self.house.store.loads_hang() {
                    self.house.store.break_loads(0);
                    let (wire, store) = (self.house.wire.clone(), self.house.store.clone());
                    let mut again = House::open(wire, store);
                    again.now = self.house.now;
                    self.house = again;
                    self.restarts += 1;
                }
            }
        }
        self.listen();
    }

    /// The conversation that was opened as number `which`.
    fn conversation(&self, which: u8) -> Option<String> {
        let opened = lines(&self.house).into_iter().filter_map(|line| {
            let Stream::Conversation(id) = line.stream else {
                return None;
            };
            matches!(line.event, Event::Opened { .. }).then(|| id.to_string())
        });
        opened.into_iter().nth(usize::from(which))
    }

    /// Asks for whatever was not asked or not taken.
    fn ask(&mut self) {
        for webhook in &mut self.webhooks {
            if webhook.waiting.is_none() && !webhook.is_taken {
                let (waiting, _) = self.house.bring(&webhook.what);
                webhook.waiting = Some(waiting.map(|status| status == 200));
            }
        }
        for say in &mut self.says {
            if say.waiting.is_none() && !say.is_taken {
                let (waiting, _) = self.house.give(say.what.clone());
                say.waiting = Some(waiting.map(|result| match result {
                    Ok(()) => true,
                    Err(Error::Store { .. } | Error::Gone | Error::NoConversation { .. }) => false,
                    Err(error) => panic!("{error}"),
                }));
            }
        }
    }

    /// Takes the answers that are there.
    fn listen(&mut self) {
        let webhooks = self
            .webhooks
            .iter_mut()
            .map(|it| (&mut it.waiting, &mut it.is_taken));
        let says = self
            .says
            .iter_mut()
            .map(|it| (&mut it.waiting, &mut it.is_taken));
        for (waiting, is_taken) in webhooks.chain(says) {
            if let Some(answer) = waiting.as_mut().and_then(Waiting::answer) {
                *is_taken = answer;
                *waiting = None;
            }
        }
    }

    /// Delivers, and drops the delivery where it would have to wait.
    fn deliver(&mut self) {
        if let Some(delivered) = self.house.try_deliver() {
            self.told.extend(delivered.lines);
        }
    }

    /// Everything works again, and everybody asks until they are answered.
    fn come_to_rest(&mut self) {
        self.house.store.heal();
        self.house.wire.script.lock().unwrap().clear();
        self.house.wire.release();
        for _ in 0..200 {
            self.ask();
            self.deliver();
            self.listen();
            let everybody = self.webhooks.iter().all(|it| it.is_taken)
                && self.says.iter().all(|it| it.is_taken);
            if everybody && self.house.center.is_idle() {
                return;
            }
            self.house.pass(500);
        }
        panic!("it never comes to rest");
    }

    fn check(&self) {
        let lines = lines(&self.house);
        if self.restarts == 0 {
            assert_eq!(self.told, lines, "each line is told once, in order");
        }
        let (mut written, mut said, mut failed) = (Vec::new(), Vec::new(), BTreeSet::new());
        for line in &lines {
            let Stream::Conversation(conversation) = &line.stream else {
                continue;
            };
            match &line.event {
                Event::CustomerSaid { message } => written.push(message.open().unwrap().words()),
                Event::AgentSaid { message, .. } => {
                    let message = message.open().unwrap();
                    // Over the wire a message has the number of its line.
                    let outbound = MessageId::numbered(conversation, line.seq);
                    said.push((conversation.clone(), outbound, message.id.clone()));
                }
                Event::MessageFailed { message, .. } => {
                    failed.insert(message.clone());
                }
                _ => {}
            }
        }
        for number in 0..self.webhooks.len() {
            let words = format!("w-{number}");
            let times = written.iter().filter(|it| **it == words).count();
            assert_eq!(times, 1, "{words} was taken once");
        }
        assert_eq!(said.len(), self.says.len());
        assert_eq!(said.iter().collect::<BTreeSet<_>>().len(), said.len());
        self.check_sent(&said, &failed);
        assert_eq!(*self.house.center.desk(), restored(&self.house));
    }

    fn check_sent(
        &self,
        said: &[(ConversationId, MessageId, MessageId)],
        failed: &BTreeSet<MessageId>,
    ) {
        let taken = self.house.wire.taken.lock().unwrap();
        let mut place = BTreeMap::new();
        for (index, outbound) in taken.iter().enumerate() {
            let before = place.insert(outbound.id.clone(), index);
            assert!(
                before.is_none(),
                "{} reached the customer twice",
                outbound.id
            );
        }
        let mut last = BTreeMap::new();
        for (conversation, outbound, message) in said {
            match place.get(outbound) {
                Some(place) => {
                    let before = last.insert(conversation, place);
                    assert!(before < Some(place), "in the order of the log");
                }
                None => assert!(failed.contains(message), "{message} is lost"),
            }
        }
    }
}

fn lines(house: &House) -> Vec<Line> {
    happytalk::core::log::lines(&house.log())
        .map(|(_, line)| line.unwrap())
        .collect()
}

fn live(idempotent: bool, deeds: &[Deed]) {
    let mut morning = Morning::new(idempotent);
    for deed in deeds {
        morning.do_it(deed);
    }
    morning.come_to_rest();
    morning.check();
}

proptest! {
    // `PROPTEST_CASES` makes it more than 256 mornings each.
    #[test]
    fn nothing_is_lost_doubled_or_out_of_order(
        idempotent in any::<bool>(),
        mut deeds in prop::collection::vec(deed(), 0..120),
    ) {
        deeds.retain(|deed| !matches!(deed, Deed::Restarts));
        live(idempotent, &deeds);
    }

    #[test]
    fn nothing_is_lost_or_doubled_when_the_process_stops(
        idempotent in any::<bool>(),
        deeds in prop::collection::vec(deed(), 0..120),
    ) {
        live(idempotent, &deeds);
    }
}
