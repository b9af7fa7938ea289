//! One full cycle (a conversation ends, another asks, the slot goes to whoever waits longest) among many agents with
//! many waiting, and draining many in one call. The numbers stand in the README.

#![expect(
    clippy::expect_used,
    reason = "a bench stops where its own ids or settings are wrong"
)]

use std::collections::VecDeque;
use std::hint::black_box;
use std::time::Duration;

use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use happytalk_core::event::StatusClass;
use happytalk_core::id::{AgentId, ConversationId};
use happytalk_core::{ChannelName, Timestamp};
use happytalk_routing::{AgentSpec, Fact, Input, Mode, Queue, Request, Router, Settings, Strategy};

const SLOTS: u32 = 3;

fn conversation(n: u64) -> ConversationId {
    format!("conversation-{n:09}").parse().expect("an id")
}

fn enqueue(n: u64) -> Input {
    let priority = match n % 4 {
        0 => 0,
        1 => 10,
        2 => -10,
        _ => 5,
    };
    Input::Enqueue {
        conversation: conversation(n),
        request: Request::new(ChannelName::KAKAO_CONSULT).with_priority(priority),
    }
}

struct Centre {
    router: Router,
    now: Timestamp,
    next: u64,
    /// What is with somebody, oldest first.
    talking: VecDeque<ConversationId>,
}

impl Centre {
    /// Agents who are all full, and `waiting` who wait, with limits at agent, queue and site.
    fn new(strategy: Strategy, agents: u32, waiting: u64) -> Self {
        let queue = Queue::new("main".parse().expect("an id"));
        let queue = queue.with_strategy(strategy).with_cap(SLOTS + 1);
        let settings = Settings::new(queue).with_site_cap(SLOTS + 2);
        let mut centre = Self {
            router: Router::new(settings).expect("sound settings"),
            now: Timestamp::from_millis(1_700_000_000_000),
            next: 0,
            talking: VecDeque::new(),
        };
        for n in 0..agents {
            let agent: AgentId = format!("agent-{n:05}").parse().expect("an id");
            let spec = AgentSpec::new().with_cap(SLOTS);
            let set = Input::SetAgent {
                agent: agent.clone(),
                spec,
            };
            centre.router.handle_input(set, centre.now);
            let come = Input::status(agent, StatusClass::Accepting);
            centre.router.handle_input(come, centre.now);
        }
        for _ in 0..u64::from(agents * SLOTS) + waiting {
            centre.ask();
        }
        centre
    }

    fn ask(&mut self) {
        self.now = self.now.plus(Duration::from_millis(7));
        self.router.handle_input(enqueue(self.next), self.now);
        self.next += 1;
        self.drain();
    }

    fn drain(&mut self) {
        while let Some(output) = self.router.poll_output() {
            if let Some(Fact::Assigned { conversation, .. }) = output.fact() {
                self.talking.push_back(conversation.clone());
            }
        }
    }

    fn cycle(&mut self) {
        if let Some(conversation) = self.talking.pop_front() {
            self.router
                .handle_input(Input::Release { conversation }, self.now);
            self.drain();
        }
        self.ask();
    }
}

fn cycles(c: &mut Criterion) {
    let mut group = c.benchmark_group("cycle");
    for strategy in [Strategy::LeastActive, Strategy::Sequential] {
        for agents in [100, 1_000, 10_000] {
            let mut centre = Centre::new(strategy, agents, 100_000);
            let name = BenchmarkId::new(format!("{strategy:?}"), agents);
            group.bench_function(name, |b| b.iter(|| black_box(&mut centre).cycle()));
        }
    }
    group.finish();
}

fn drains(c: &mut Criterion) {
    let mut group = c.benchmark_group("drain");
    group.sample_size(10);
    for (waiting, agents, slots) in [(100, 100, 1), (100_000, 1_000, 100)] {
        let queue = Queue::new("main".parse().expect("an id"));
        let settings = Settings::new(queue).with_mode(Mode::Manual);
        let mut router = Router::new(settings).expect("sound settings");
        let now = Timestamp::from_millis(1_700_000_000_000);
        for n in 0..agents {
            let agent: AgentId = format!("agent-{n:05}").parse().expect("an id");
            let spec = AgentSpec::new().with_cap(slots);
            let set = Input::SetAgent {
                agent: agent.clone(),
                spec,
            };
            router.handle_input(set, now);
            router.handle_input(Input::status(agent, StatusClass::Accepting), now);
        }
        for n in 0..waiting {
            let at = now.plus(Duration::from_millis(n));
            router.handle_input(enqueue(n), at);
        }
        while router.poll_output().is_some() {}
        let mode = Mode::Auto;
        group.bench_function(BenchmarkId::new("in one call", waiting), |b| {
            b.iter_batched_ref(
                || router.clone(),
                |router| router.handle_input(Input::SetMode { mode }, now),
                BatchSize::PerIteration,
            );
        });
    }
    group.finish();
}

criterion_group!(benches, cycles, drains);
criterion_main!(benches);
