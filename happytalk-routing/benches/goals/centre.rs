//! Centres to measure in.

use std::collections::VecDeque;
use std::hint::black_box;
use std::time::Duration;

use happytalk_core::event::StatusClass;
use happytalk_core::id::{AgentId, ConversationId, Word};
use happytalk_core::{ChannelName, Timestamp};
use happytalk_routing::{
    AgentSpec, Fact, Input, Mode, Need, Queue, Request, Requirement, Router, Settings, Skills,
    Strategy,
};

const SLOTS: u32 = 3;

/// Of [`Centre::with_room`].
pub(crate) const AGENTS_WITH_ROOM: u32 = 1_000;
pub(crate) const SLOTS_WITH_ROOM: u32 = 10;
/// Each of its agents has another number of conversations below this.
pub(crate) const LOADS: u32 = 7;

pub(crate) fn conversation(n: u64) -> ConversationId {
    format!("conversation-{n:09}").parse().expect("an id")
}

pub(crate) fn skill(n: u64) -> Word {
    format!("skill-{n}").parse().expect("a word")
}

pub(crate) struct Centre {
    pub(crate) router: Router,
    pub(crate) now: Timestamp,
    next: u64,
    /// What is asked for, one after the other; nothing when empty.
    needs: Vec<Need>,
    /// The names of those who come next, the first of them last.
    names: Vec<ConversationId>,
    /// What is with somebody, oldest first.
    talking: VecDeque<ConversationId>,
}

/// What agents can do, to be gone through one by one.
pub(crate) struct Able(Vec<(u32, Skills)>);

impl Able {
    /// The least loaded one who meets it.
    pub(crate) fn scan(&self, need: &Requirement) -> Option<usize> {
        let able = self.0.iter().enumerate();
        let able = able.filter(|(_, (_, skills))| need.is_met_by(skills));
        able.min_by_key(|(_, (load, _))| *load).map(|(at, _)| at)
    }
}

impl Centre {
    fn of(settings: Settings) -> Self {
        Self {
            router: Router::new(settings).expect("sound settings"),
            now: Timestamp::from_millis(1_700_000_000_000),
            next: 0,
            needs: Vec::new(),
            names: Vec::new(),
            talking: VecDeque::new(),
        }
    }

    fn comes(&mut self, n: u32, spec: AgentSpec) -> AgentId {
        let agent: AgentId = format!("agent-{n:05}").parse().expect("an id");
        let set = Input::SetAgent {
            agent: agent.clone(),
            spec,
        };
        self.router.handle_input(set, self.now);
        let come = Input::status(agent.clone(), StatusClass::Accepting);
        self.router.handle_input(come, self.now);
        agent
    }

    /// Agents who are all full, and `waiting` who wait, with limits at agent, queue and site.
    pub(crate) fn new(strategy: Strategy, agents: u32, waiting: u64) -> Self {
        let queue = Queue::new("main".parse().expect("an id"));
        let queue = queue.with_strategy(strategy).with_cap(SLOTS + 1);
        let mut centre = Self::of(Settings::new(queue).with_site_cap(SLOTS + 2));
        for n in 0..agents {
            centre.comes(n, AgentSpec::new().with_cap(SLOTS));
        }
        for _ in 0..u64::from(agents * SLOTS) + waiting {
            centre.ask();
        }
        centre
    }

    /// Agents who all have room, some more and some less, with limits at agent, queue and site and a channel beside which
    /// nothing is taken; nobody waits.
    pub(crate) fn with_room() -> Self {
        let queue = Queue::new("main".parse().expect("an id"));
        let queue = queue.with_cap(SLOTS_WITH_ROOM + 1);
        let settings = Settings::new(queue)
            .with_site_cap(SLOTS_WITH_ROOM + 2)
            .with_exclusion("voice".parse().expect("a name"), ChannelName::KAKAO_CONSULT);
        let mut centre = Self::of(settings);
        for n in 0..AGENTS_WITH_ROOM {
            let spec = AgentSpec::new().with_cap(SLOTS_WITH_ROOM);
            let agent = centre.comes(n, spec);
            for _ in 0..n % LOADS {
                centre.now = centre.now.plus(Duration::from_millis(7));
                let conversation = conversation(centre.next);
                centre.next += 1;
                centre.talking.push_back(conversation.clone());
                let open = Input::Open {
                    conversation,
                    agent: agent.clone(),
                    queue: None,
                    channel: ChannelName::KAKAO_CONSULT,
                    weight: 1,
                };
                centre.router.handle_input(open, centre.now);
            }
        }
        centre.drain();
        centre
    }

    /// Agents who have one in ten of the skills each, all of them full, and a few who wait for each skill.
    pub(crate) fn skilled(agents: u32, skills: u64) -> (Self, Able) {
        let queue = Queue::new("main".parse().expect("an id"));
        let mut centre = Self::of(Settings::new(queue));
        centre.needs = (0..skills)
            .map(|n| Need::new(Requirement::of(skill(n), 1)))
            .collect();
        let mut able = Vec::new();
        for n in 0..agents {
            let mut spec = AgentSpec::new().with_cap(1);
            for k in (0..skills).filter(|k| (u64::from(n) * 7 + k * 3) % 10 == 0) {
                spec = spec.with_skill(skill(k), 1);
            }
            able.push((n % 4, spec.skills.clone()));
            centre.comes(n, spec);
        }
        for _ in 0..u64::from(agents) * 2 {
            centre.ask();
        }
        (centre, Able(able))
    }

    /// `waiting` who wait to be given out, and agents who are free.
    pub(crate) fn waiting(waiting: u64, agents: u32, slots: u32) -> Self {
        let queue = Queue::new("main".parse().expect("an id"));
        let mut centre = Self::of(Settings::new(queue).with_mode(Mode::Manual));
        for n in 0..agents {
            centre.comes(n, AgentSpec::new().with_cap(slots));
        }
        for _ in 0..waiting {
            centre.ask();
        }
        centre
    }

    pub(crate) fn ask(&mut self) {
        self.now = self.now.plus(Duration::from_millis(7));
        let priority = match self.next % 4 {
            0 => 0,
            1 => 10,
            2 => -10,
            _ => 5,
        };
        let mut request = Request::new(ChannelName::KAKAO_CONSULT).with_priority(priority);
        let kinds = u64::try_from(self.needs.len()).expect("few");
        if let Some(kind) = self.next.checked_rem(kinds) {
            request.need = usize::try_from(kind)
                .ok()
                .and_then(|kind| self.needs.get(kind).cloned());
        }
        let named = self.names.pop();
        let ask = Input::Enqueue {
            conversation: named.unwrap_or_else(|| conversation(self.next)),
            request,
        };
        self.router.handle_input(ask, self.now);
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

    /// Names the next ones who come, as a host has them named already.
    pub(crate) fn name(&mut self, count: u32) {
        let next = self.next..self.next + u64::from(count);
        self.names = next.rev().map(conversation).collect();
    }

    /// One ends, another asks, and the slot goes to whoever waits first. The name of whoever ends next has just come in, as
    /// with a message: it is near in memory.
    #[inline(never)]
    pub(crate) fn cycle(&mut self) {
        let next = self.talking.get(1).map(|it| it.as_str().as_bytes());
        black_box(next.and_then(|name| name.first().copied()));
        if let Some(conversation) = self.talking.pop_front() {
            self.router
                .handle_input(Input::Release { conversation }, self.now);
            self.drain();
        }
        self.ask();
    }
}
