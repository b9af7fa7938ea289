//! A centre to try things in: short words for the inputs, and what came of them.

use happytalk_core::event::{ReturnCause, StatusClass, TransferHow, TransferTarget};
use happytalk_core::{ChannelName, Timestamp};
use happytalk_routing::{
    AgentSpec, Fact, Input, Output, Owner, Queue, Request, Router, Settings, Speaker, Strategy,
    What,
};

pub(crate) struct Centre {
    pub(crate) router: Router,
    pub(crate) now: Timestamp,
    /// Everything the router said.
    pub(crate) outputs: Vec<Output>,
}

pub(crate) fn id<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Debug,
{
    text.parse().unwrap()
}

pub(crate) fn queue(name: &str) -> Queue {
    Queue::new(id(name))
}

pub(crate) fn in_turns() -> Settings {
    Settings::new(queue("main").with_strategy(Strategy::Sequential))
}

pub(crate) fn least_active() -> Settings {
    Settings::new(queue("main"))
}

impl Centre {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            router: Router::new(settings).unwrap(),
            now: Timestamp::from_millis(1_700_000_000_000),
            outputs: Vec::new(),
        }
    }

    /// Agents by name, all accepting, without limits.
    pub(crate) fn with_agents(settings: Settings, names: &[&str]) -> Self {
        let mut centre = Self::new(settings);
        for name in names {
            centre.comes(name, AgentSpec::new());
        }
        centre
    }

    pub(crate) fn at(&mut self, seconds: i64) -> &mut Self {
        self.now = Timestamp::from_millis(1_700_000_000_000 + seconds * 1000);
        self
    }

    /// Gives an input and what came of it; each fact in words, `c1>kim` for an assignment, or the code of a refusal.
    pub(crate) fn input(&mut self, input: Input) -> Vec<String> {
        self.router.handle_input(input, self.now);
        let mut said = Vec::new();
        while let Some(output) = self.router.poll_output() {
            said.push(words(&output));
            self.outputs.push(output);
        }
        said
    }

    pub(crate) fn comes(&mut self, agent: &str, spec: AgentSpec) -> Vec<String> {
        let agent = id(agent);
        self.input(Input::SetAgent { agent, spec });
        self.status_of(agent_name(self), StatusClass::Accepting)
    }

    fn status_of(&mut self, agent: String, class: StatusClass) -> Vec<String> {
        self.status(&agent, class)
    }

    pub(crate) fn set(&mut self, agent: &str, spec: AgentSpec) -> Vec<String> {
        let agent = id(agent);
        self.input(Input::SetAgent { agent, spec })
    }

    pub(crate) fn status(&mut self, agent: &str, class: StatusClass) -> Vec<String> {
        let agent = id(agent);
        self.input(Input::status(agent, class))
    }

    pub(crate) fn asks(&mut self, conversation: &str) -> Vec<String> {
        self.asks_in(conversation, None, ChannelName::WEBCHAT)
    }

    pub(crate) fn asks_in(
        &mut self,
        conversation: &str,
        queue: Option<&str>,
        channel: ChannelName,
    ) -> Vec<String> {
        let mut request = Request::new(channel);
        request.queue = queue.map(id);
        self.requests(conversation, request)
    }

    pub(crate) fn asks_with(
        &mut self,
        conversation: &str,
        priority: i32,
        weight: u32,
    ) -> Vec<String> {
        let request = Request::new(ChannelName::WEBCHAT);
        let request = request.with_priority(priority).with_weight(weight);
        self.requests(conversation, request)
    }

    pub(crate) fn requests(&mut self, conversation: &str, request: Request) -> Vec<String> {
        let conversation = id(conversation);
        self.input(Input::Enqueue {
            conversation,
            request,
        })
    }

    pub(crate) fn tick(&mut self) -> Vec<String> {
        self.input(Input::Tick)
    }

    pub(crate) fn accepts(&mut self, agent: &str, conversation: &str) -> Vec<String> {
        self.input(Input::Accept {
            conversation: id(conversation),
            agent: id(agent),
        })
    }

    pub(crate) fn declines(&mut self, agent: &str, conversation: &str) -> Vec<String> {
        self.input(Input::Decline {
            conversation: id(conversation),
            agent: id(agent),
        })
    }

    pub(crate) fn says(&mut self, by: Speaker, conversation: &str) -> Vec<String> {
        let conversation = id(conversation);
        self.input(Input::Said { conversation, by })
    }

    pub(crate) fn ends(&mut self, conversation: &str) -> Vec<String> {
        let conversation = id(conversation);
        self.input(Input::Release { conversation })
    }

    pub(crate) fn picks(&mut self, agent: &str, conversation: &str) -> Vec<String> {
        self.input(Input::Pick {
            conversation: id(conversation),
            agent: id(agent),
        })
    }

    pub(crate) fn is_given(&mut self, conversation: &str, agent: &str) -> Vec<String> {
        self.input(Input::Assign {
            conversation: id(conversation),
            agent: id(agent),
        })
    }

    pub(crate) fn moves(&mut self, conversation: &str, to: &str, how: TransferHow) -> Vec<String> {
        self.input(Input::Transfer {
            conversation: id(conversation),
            to: TransferTarget::Agent(id(to)),
            how,
        })
    }

    pub(crate) fn returns(&mut self, conversation: &str, queue: Option<&str>) -> Vec<String> {
        self.input(Input::Return {
            conversation: id(conversation),
            cause: ReturnCause::Withdrawn,
            queue: queue.map(id),
        })
    }

    /// Who talks about it, `queue:main` where it waits, `after:kim` in after-work, `nobody` when it is not held.
    pub(crate) fn owner(&self, conversation: &str) -> String {
        match self.router.owner(&id(conversation)) {
            Some(Owner::Agent(agent)) => agent.to_string(),
            Some(Owner::Queue(queue)) => format!("queue:{queue}"),
            Some(Owner::AfterWork(agent)) => format!("after:{agent}"),
            None => "nobody".to_owned(),
        }
    }

    pub(crate) fn load(&self, agent: &str) -> u32 {
        self.router.load(&id(agent)).unwrap()
    }

    pub(crate) fn waiting(&self, queue: &str) -> Vec<String> {
        let waiting = self.router.waiting(&id(queue));
        waiting.iter().map(ToString::to_string).collect()
    }
}

/// The agent the last fact was about.
fn agent_name(centre: &Centre) -> String {
    match centre.outputs.last().map(|output| &output.what) {
        Some(What::Fact(Fact::AgentSet { agent, .. })) => agent.to_string(),
        other => panic!("no agent was set: {other:?}"),
    }
}

/// `c1>kim` for an assignment, `c1+` for one that waits, `c1-` for one that is released …
pub(crate) fn words(output: &Output) -> String {
    let fact = match &output.what {
        What::Fact(fact) => fact,
        What::Refused(refusal) => return refusal.error.code().to_owned(),
        What::Unserved(conversation) => return format!("{conversation}!"),
    };
    match fact {
        Fact::Enqueued { conversation, .. } => format!("{conversation}+"),
        Fact::Released { conversation } => format!("{conversation}-"),
        Fact::Assigned {
            conversation,
            agent,
            how,
            over_cap,
        } => {
            let over = over_cap.map_or(String::new(), |over| format!(" over:{over}"));
            match how.as_str() {
                "auto" => format!("{conversation}>{agent}{over}"),
                how => format!("{conversation}>{agent} {how}{over}"),
            }
        }
        Fact::Transferred {
            conversation,
            from,
            to,
            how,
            over_cap,
        } => match over_cap {
            Some(over) => format!("{conversation}:{from}>{to} {how} over:{over}"),
            None => format!("{conversation}:{from}>{to} {how}"),
        },
        Fact::Offered {
            conversation,
            agent,
            ..
        } => format!("{conversation}?{agent}"),
        Fact::Declined {
            conversation,
            agent,
            by,
        } => format!("{conversation}x{agent} {by}"),
        Fact::TimedOut { conversation } => format!("{conversation} timed out"),
        Fact::Said { conversation, by } => format!("{conversation} {by:?}"),
        Fact::Woken {
            conversation,
            over_cap,
        } => match over_cap {
            Some(over) => format!("{conversation} woken over:{over}"),
            None => format!("{conversation} woken"),
        },
        Fact::Returned {
            conversation,
            agent,
            cause,
            ..
        } => format!("{conversation}<{agent} {cause}"),
        Fact::AgentSet { agent, .. } => format!("{agent} set"),
        Fact::AgentStatus {
            agent,
            status,
            class,
        } => match ["offline", "available", "not_accepting", "away"].contains(&status.as_str()) {
            true => format!("{agent} {class}"),
            false => format!("{agent} {status} {class}"),
        },
        Fact::AgentRemoved { agent } => format!("{agent} removed"),
        other => format!("{other:?}"),
    }
}
