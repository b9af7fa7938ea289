//! Inputs and settings out of one number.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::str::FromStr;
use std::time::Duration;

use happytalk_core::event::{AgentCaps, ReturnCause, StatusClass, TransferHow, TransferTarget};
use happytalk_core::{ChannelName, Timestamp};
use happytalk_routing::{
    AgentSpec, Input, Mode, NobodyOnDuty, OnLogout, Pool, PriorityRule, Queue, Request, Settings,
    Strategy,
};

pub(super) struct Random {
    state: u64,
    now: Timestamp,
}

impl Random {
    pub(super) fn new(seed: u64) -> Self {
        // Mixed, so that the next seed is not the same luck one step later.
        Self {
            state: mix(seed),
            now: Timestamp::from_millis(1_700_000_000_000),
        }
    }

    /// From 0 up to and without `end`.
    fn below(&mut self, end: u64) -> u64 {
        self.state = self.state.wrapping_add(0x9E37_79B9_7F4A_7C15);
        mix(self.state) % end
    }

    fn one_in(&mut self, n: u64) -> bool {
        self.below(n) == 0
    }

    fn small(&mut self, end: u32) -> u32 {
        u32::try_from(self.below(u64::from(end))).unwrap()
    }

    fn maybe(&mut self, end: u32) -> Option<u32> {
        self.one_in(2).then(|| self.small(end))
    }

    fn named<T: FromStr<Err: Debug>>(&mut self, kind: &str, end: u64) -> T {
        format!("{kind}{}", self.below(end)).parse().unwrap()
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    fn channel(&mut self) -> ChannelName {
        [ChannelName::WEBCHAT, ChannelName::KAKAO_CONSULT][usize::from(self.one_in(2))].clone()
    }

    /// Often the same instant, sometimes one before.
    pub(super) fn now(&mut self) -> Timestamp {
        match self.below(4) {
            0 => self.now = self.now.plus(Duration::from_secs(20)),
            1 => self.now = self.now.plus(Duration::from_millis(1)),
            2 => return self.now.minus(Duration::from_secs(1)),
            _ => {}
        }
        self.now
    }

    pub(super) fn settings(&mut self) -> Settings {
        let mut queues = (0..3).map(|n| {
            let mut queue = Queue::new(format!("q{n}").parse().unwrap())
                .with_strategy(self.one_of(&[Strategy::LeastActive, Strategy::Sequential]));
            if self.one_in(3) {
                queue = queue.with_pool(match self.one_in(2) {
                    true => Pool::agents((0..4).map(|_| self.named("a", 6))),
                    false => Pool::groups([self.named("g", 2)]),
                });
            }
            if self.one_in(3) {
                queue = queue.with_cap(self.small(4));
            }
            if self.one_in(4) {
                queue = queue.with_waiting_max(self.small(6));
            }
            queue
        });
        let queues: Vec<_> = queues.by_ref().collect();
        let mut settings = Settings::new(queues[0].clone())
            .with_queue(queues[1].clone())
            .with_queue(queues[2].clone());
        settings.mode = self.one_of(&[Mode::Auto, Mode::Auto, Mode::Hybrid, Mode::Manual]);
        if self.one_in(3) {
            settings = settings.with_site_cap(self.small(6));
        }
        if self.one_in(3) {
            settings = settings.with_group_cap("g0".parse().unwrap(), self.small(4));
        }
        if self.one_in(3) {
            settings = settings.with_channel_cap(ChannelName::WEBCHAT, self.small(3));
        }
        settings.priority = match self.one_in(2) {
            true => PriorityRule::Strict,
            false => PriorityRule::default(),
        };
        if self.one_in(4) {
            settings = settings.with_waiting_max(self.small(8));
        }
        settings.nobody_on_duty = self.one_of(&[NobodyOnDuty::Wait, NobodyOnDuty::Reject]);
        settings.on_logout = self.one_of(&[OnLogout::Keep, OnLogout::Requeue]);
        settings.acw_occupies_slot = !self.one_in(3);
        settings.hold_frees_slot = self.one_in(2);
        settings.unhold_over_cap = self.one_in(2);
        settings.pick_over_cap = self.one_in(2);
        settings.hybrid_backfill = !self.one_in(3);
        settings
    }

    fn spec(&mut self) -> AgentSpec {
        let mut caps = AgentCaps::default();
        caps.agent = self.maybe(5);
        if self.one_in(4) {
            caps.queues = BTreeMap::from([(self.named("q", 3), self.small(3))]);
        }
        if self.one_in(4) {
            caps.channels = BTreeMap::from([(self.channel(), self.small(3))]);
        }
        let mut spec = AgentSpec::new().with_caps(caps).with_order(self.small(3));
        if self.one_in(2) {
            spec = spec.with_group(self.named("g", 2));
        }
        if self.one_in(5) {
            spec = spec.with_channels([self.channel()]);
        }
        spec
    }

    pub(super) fn input(&mut self) -> Input {
        let conversation = self.named("c", 14);
        let agent = self.named("a", 6);
        match self.below(40) {
            0..4 => Input::SetAgent {
                agent,
                spec: self.spec(),
            },
            4..9 => {
                let class = self.one_of(&[
                    StatusClass::Accepting,
                    StatusClass::Accepting,
                    StatusClass::Finishing,
                    StatusClass::Paused,
                    StatusClass::Off,
                ]);
                Input::status(agent, class)
            }
            9 if self.one_in(8) => Input::RemoveAgent { agent },
            9..18 => {
                let mut request = Request::new(self.channel());
                request.queue = (!self.one_in(3)).then(|| self.named("q", 3));
                request.priority = self.one_of(&[0, 0, 1, 10, -10]);
                request.weight = self.one_of(&[0, 1, 1, 1, 2, 3]);
                Input::Enqueue {
                    conversation,
                    request,
                }
            }
            18 => Input::Open {
                conversation,
                agent,
                queue: None,
                channel: self.channel(),
                weight: 1,
            },
            19..21 => Input::Pick {
                conversation,
                agent,
            },
            21 => Input::Assign {
                conversation,
                agent,
            },
            22..24 => Input::Transfer {
                conversation,
                to: TransferTarget::Agent(agent),
                how: self.one_of(&[TransferHow::Accepted, TransferHow::Forced]),
            },
            24..29 => Input::Return {
                conversation,
                cause: self.one_of(&[ReturnCause::AcceptTimeout, ReturnCause::Transfer]),
                queue: self.one_in(3).then(|| self.named("q", 4)),
            },
            29..31 => Input::StartAfterWork { conversation },
            31 => Input::Resume { conversation },
            32..36 => Input::Release { conversation },
            36 => Input::Hold { conversation },
            37 => Input::Unhold { conversation },
            38 if self.one_in(4) => Input::SetMode {
                mode: self.one_of(&[Mode::Auto, Mode::Manual, Mode::Hybrid]),
            },
            _ => Input::Tick,
        }
    }
}

fn mix(mut z: u64) -> u64 {
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}
