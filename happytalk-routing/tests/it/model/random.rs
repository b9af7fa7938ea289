//! Inputs and settings out of one number.

use std::collections::BTreeMap;
use std::fmt::Debug;
use std::num::NonZeroU32;
use std::str::FromStr;
use std::time::Duration;

use happytalk_core::event::{AgentCaps, ReturnCause, StatusClass, TransferHow, TransferTarget};
use happytalk_core::{ChannelName, Timestamp};
use happytalk_routing::{
    AgentSpec, Fallback, Inactive, Input, LastAgent, Mode, Need, NobodyOnDuty, OnLogout, Overflow,
    Pool, PriorityRule, Queue, RateLimit, Request, Requirement, Rule, RuleId, Settings, Speaker,
    Strategy, WakeRule,
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

    /// Settings in which everything that a clock or a choice may do can happen.
    pub(super) fn rich_settings(&mut self) -> Settings {
        let mut settings = self.settings().with_explanations();
        for queue in &mut settings.queues {
            queue.strategy = self.one_of(&[
                Strategy::LeastActive,
                Strategy::LeastUtilised,
                Strategy::Sequential,
                Strategy::LongestIdle,
                Strategy::Score,
            ]);
            queue.tier = self.small(2);
            queue.waiting_max = None;
            if self.one_in(4) {
                queue.delay_millis = 20_000;
            }
            if self.one_in(4) {
                queue.wait_max_millis = Some(400_000);
            }
            if self.one_in(3) {
                queue.need = self.need();
            }
            queue
                .scores
                .insert(self.named("a", 6), i64::from(self.small(9)));
        }
        if self.one_in(2) {
            let to = Overflow::to(settings.queues[1].id.clone());
            settings.queues[0].overflow = Some(to.after(Duration::from_secs(30)));
        }
        if self.one_in(2) {
            let fallback = match self.one_in(2) {
                true => Fallback::DefaultPool,
                false => Fallback::ToGroup(self.named("g", 2)),
            };
            let rule = Rule::new(RuleId(1), settings.queues[2].id.clone());
            let rule = rule.with_channel(ChannelName::WEBCHAT);
            let after = Duration::from_secs(u64::from(self.small(2)) * 25);
            settings = settings.with_rule(rule.with_fallback(fallback, after));
        }
        if self.one_in(2) {
            settings = settings.with_offers(Duration::from_secs(25));
            settings.acceptance.offers_at_once = NonZeroU32::new(1 + self.small(3)).unwrap();
        }
        if self.one_in(2) {
            settings = settings.with_accept_limit(Duration::from_secs(45));
        }
        if self.one_in(3) {
            let count = NonZeroU32::new(1 + self.small(3)).unwrap();
            settings = settings.with_rate(RateLimit::new(count, Duration::from_secs(60)));
        }
        if self.one_in(2) {
            let wait = Duration::from_secs(u64::from(self.small(2)) * 40);
            settings = settings.with_sticky(Duration::from_secs(3600), wait);
        }
        if self.one_in(3) {
            let wake = self.one_of(&[WakeRule::Reserve, WakeRule::Queue, WakeRule::OverCap]);
            settings = settings.with_inactive(Inactive::after(Duration::from_secs(80), wake));
        }
        if self.one_in(4) {
            settings.silent_max_millis = Some(90_000);
        }
        if self.one_in(3) {
            settings = settings.with_exclusion(ChannelName::KAKAO_CONSULT, ChannelName::WEBCHAT);
        }
        if self.one_in(3) {
            settings.on_logout = OnLogout::RequeueAfter { millis: 30_000 };
        }
        settings.pause_after_current = self.one_in(3);
        settings.away_takes = self.one_in(4);
        settings
    }

    fn need(&mut self) -> Need {
        let skill = |random: &mut Self| random.named("s", 3);
        let first = Requirement::of(skill(self), 1 + u8::try_from(self.small(3)).unwrap());
        let mut need = Need::new(first);
        if self.one_in(2) {
            need = need.then(Duration::from_secs(20), Requirement::of(skill(self), 1));
        }
        if self.one_in(2) {
            need = need.then(Duration::from_secs(60), Requirement::none());
        }
        need
    }

    pub(super) fn rich_input(&mut self) -> Input {
        let conversation = self.named("c", 14);
        let agent = self.named("a", 6);
        match self.below(40) {
            0..6 => Input::Accept {
                conversation,
                agent,
            },
            6..8 => Input::Decline {
                conversation,
                agent,
            },
            8..12 => Input::Said {
                conversation,
                by: self.one_of(&[Speaker::Agent, Speaker::Customer]),
            },
            12 if self.one_in(2) => Input::HoldBack { conversation },
            13 => Input::LetIn { conversation },
            14 => Input::SetOpen {
                open: !self.one_in(8),
            },
            15 => Input::Transfer {
                conversation,
                to: match self.one_in(2) {
                    true => TransferTarget::Group(self.named("g", 2)),
                    false => TransferTarget::Queue(self.named("q", 3)),
                },
                how: TransferHow::Forced,
            },
            16 => Input::SetStatus {
                agent,
                status: self.one_of(&["meal", "away", "offline"]).parse().unwrap(),
                class: self.one_of(&[StatusClass::Paused, StatusClass::Off]),
            },
            17..26 => {
                let mut request = Request::new(self.channel());
                request.queue = (!self.one_in(3)).then(|| self.named("q", 3));
                request.priority = self.one_of(&[0, 0, 1, 10]);
                request.weight = self.one_of(&[1, 1, 1, 2]);
                if self.one_in(3) {
                    request.need = Some(self.need());
                }
                if self.one_in(2) {
                    let last = LastAgent::new(self.named("a", 6), self.now);
                    request.last_agent = Some(last);
                }
                if self.one_in(4) {
                    request.barred.insert(self.named("a", 6));
                }
                if self.one_in(6) {
                    request.since = Some(self.now.minus(Duration::from_secs(50)));
                }
                Input::Enqueue {
                    conversation,
                    request,
                }
            }
            26..28 => Input::status(agent, StatusClass::Accepting),
            28..30 => Input::Pick {
                conversation,
                agent,
            },
            _ => match self.input() {
                Input::SetAgent { agent, mut spec } => {
                    for n in 0..3_u8 {
                        if self.one_in(2) {
                            spec.skills.insert(format!("s{n}").parse().unwrap(), 1 + n);
                        }
                    }
                    spec.weight = 1 + u32::from(self.one_in(5));
                    Input::SetAgent { agent, spec }
                }
                input => input,
            },
        }
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
