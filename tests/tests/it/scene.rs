//! A site to test with: a desk, its inputs and what came out.

use happytalk::core::event::{Event, StatusClass};
use happytalk::core::id::{AgentId, ConversationId, SiteId};
use happytalk::core::inbound::{Inbound, InboundKind};
use happytalk::core::log::{Line, Stream};
use happytalk::core::time::Timestamp;
use happytalk::core::{ChannelName, Content, Effect, Value};
use happytalk::routing::{self, AgentSpec, Queue};
use happytalk::scenario::Compiled;
use happytalk::{Desk, DeskCommand, Error, Input, Output, Settings};

/// A small bot: a menu with a way to a person and a way to the end.
pub(crate) const FLOW: &str = r#"{
  "format": 1, "id": "door", "version": 1, "locale": "ko-KR", "start": "menu",
  "commands": [{ "id": "agent", "label": "상담원 연결", "to": "agent", "words": ["상담원"] }],
  "fallback": { "say": "다시 골라 주세요.", "repeat": true, "max": 1, "then": "agent" },
  "nodes": {
    "menu": { "menu": true, "say": "무엇을 도와드릴까요?", "buttons": [
      { "id": "hours", "label": "영업시간", "to": "hours" } ] },
    "hours": { "goal": true, "say": "매일 9시부터 18시까지입니다.", "end": "told" },
    "agent": { "handoff": { "queue": "cs", "on": { "accepted": "@end", "closed": "sorry", "unavailable": "sorry" } } },
    "sorry": { "say": "지금은 연결할 수 없어요.", "end": "sorry" }
  }
}"#;

/// A desk, what it put out, and a clock.
pub(crate) struct Scene {
    pub(crate) desk: Desk,
    pub(crate) now: Timestamp,
    pub(crate) lines: Vec<Line>,
    pub(crate) states: Vec<(ConversationId, Vec<u8>)>,
    pub(crate) effects: Vec<Effect>,
    pub(crate) passed_over: Vec<&'static str>,
    pub(crate) seen: Vec<String>,
    pub(crate) consents: Vec<happytalk::core::customer::Consent>,
    /// What the ledger had to say, by name.
    pub(crate) ledger: Vec<String>,
    number: u32,
}

/// Settings with the small bot on TalkTalk alone and one queue.
pub(crate) fn settings() -> Settings {
    let mut settings = Settings::new(routing::Settings::new(Queue::new("cs".parse().unwrap())));
    let flow = Compiled::load(FLOW).unwrap_or_else(|diagnostics| panic!("{diagnostics:?}"));
    settings.bots =
        happytalk::Bots::on_channel(ChannelName::NAVER_TALKTALK, std::sync::Arc::new(flow));
    settings
}

pub(crate) fn site() -> SiteId {
    "shop".parse().unwrap()
}

impl Scene {
    pub(crate) fn new(settings: Settings) -> Self {
        Self {
            desk: Desk::new(site(), settings).unwrap(),
            now: "2026-11-16T09:00:00+09:00".parse().unwrap(),
            lines: Vec::new(),
            states: Vec::new(),
            effects: Vec::new(),
            passed_over: Vec::new(),
            seen: Vec::new(),
            consents: Vec::new(),
            ledger: Vec::new(),
            number: 0,
        }
    }

    /// With a ledger.
    pub(crate) fn with_account(mut self, account: happytalk::billing::Account) -> Self {
        self.desk = self.desk.with_account(account);
        self
    }

    /// Agents who take two conversations each and accept.
    pub(crate) fn with_agents(mut self, names: &[&str]) -> Self {
        for name in names {
            let agent: AgentId = name.parse().unwrap();
            let spec = AgentSpec::new().with_cap(2);
            self.command(DeskCommand::SetAgent {
                agent: agent.clone(),
                spec,
            })
            .unwrap();
            self.status(name, StatusClass::Accepting);
        }
        self
    }

    pub(crate) fn status(&mut self, agent: &str, class: StatusClass) {
        let command = DeskCommand::SetStatus {
            agent: agent.parse().unwrap(),
            status: class.as_str().parse().unwrap(),
            class,
        };
        self.command(command).unwrap();
    }

    pub(crate) fn pass(&mut self, seconds: i64) {
        self.now = Timestamp::from_millis(self.now.as_millis() + seconds * 1_000);
    }

    pub(crate) fn tick(&mut self) {
        self.input(Input::Tick);
    }

    pub(crate) fn input(&mut self, input: Input) -> Option<Result<(), Error>> {
        self.desk.handle_input(input, self.now);
        let mut answer = None;
        let mut effects_began = false;
        while let Some(output) = self.desk.poll_output() {
            match output {
                Output::Line(line) => {
                    assert!(!effects_began, "lines come before what rests on them");
                    self.lines.push(line);
                }
                Output::State {
                    conversation,
                    bytes,
                } => {
                    self.states.retain(|(id, _)| *id != conversation);
                    self.states.extend(bytes.map(|bytes| (conversation, bytes)));
                }
                Output::Effect(effect) => {
                    effects_began = true;
                    self.effects.push(effect);
                }
                Output::Settled(id) => self.effects.retain(|effect| effect.id != id),
                Output::Answer { result, .. } => answer = Some(result),
                Output::Seen(key) => self.seen.push(key),
                Output::Consented(consent) => self.consents.push(*consent),
                Output::LedgerNotice(notice) => self.ledger.push(notice.key().to_string()),
                Output::TopUpWanted(request) => self.ledger.push(request.key.to_string()),
                Output::PassedOver { code } => self.passed_over.push(code),
                _ => {}
            }
        }
        if let Some(deadline) = self.desk.next_deadline() {
            assert!(
                deadline > self.now,
                "after a drain, the next deadline lies ahead"
            );
        }
        answer
    }

    pub(crate) fn command(&mut self, command: DeskCommand) -> Result<(), Error> {
        self.input(Input::Command { ticket: 7, command })
            .expect("every command is answered")
    }

    /// Something that `customer` does on a channel.
    pub(crate) fn told(
        &mut self,
        channel: ChannelName,
        customer: &str,
        id: Option<&str>,
        what: InboundKind,
    ) {
        let mut inbound = Inbound::new(channel, what);
        inbound.account = Some("account".parse().unwrap());
        inbound.customer = Some(customer.parse().unwrap());
        inbound.id = id.map(|id| id.parse().unwrap());
        self.number += 1;
        let conversation = format!("c-{}", self.number).parse().unwrap();
        self.input(Input::Inbound {
            inbound,
            conversation,
            known: Value::Null,
        });
    }

    /// The same, in a session of the platform.
    pub(crate) fn told_in(
        &mut self,
        channel: ChannelName,
        customer: &str,
        session: &str,
        what: InboundKind,
    ) {
        let mut inbound = Inbound::new(channel, what);
        inbound.account = Some("account".parse().unwrap());
        inbound.customer = Some(customer.parse().unwrap());
        inbound.session = Some(session.parse().unwrap());
        self.number += 1;
        let conversation = format!("c-{}", self.number).parse().unwrap();
        self.input(Input::Inbound {
            inbound,
            conversation,
            known: Value::Null,
        });
    }

    pub(crate) fn says(&mut self, channel: ChannelName, customer: &str, words: &str) {
        let id = format!("in-{}", self.number);
        self.told(channel, customer, Some(&id), message(words));
    }

    /// The same, of somebody whom the host knows.
    pub(crate) fn says_known(
        &mut self,
        channel: ChannelName,
        customer: &str,
        words: &str,
        known: Value,
    ) {
        let mut inbound = Inbound::new(channel, message(words));
        inbound.account = Some("account".parse().unwrap());
        inbound.customer = Some(customer.parse().unwrap());
        self.number += 1;
        let conversation = format!("c-{}", self.number).parse().unwrap();
        self.input(Input::Inbound {
            inbound,
            conversation,
            known,
        });
    }

    pub(crate) fn agent_says(
        &mut self,
        agent: &str,
        conversation: &str,
        words: &str,
    ) -> Result<(), Error> {
        self.number += 1;
        self.command(DeskCommand::Say {
            agent: agent.parse().unwrap(),
            conversation: conversation.parse().unwrap(),
            message: format!("a-{}", self.number).parse().unwrap(),
            content: vec![Content::text(words)],
        })
    }

    /// The kinds of the events of a conversation, in order.
    pub(crate) fn kinds(&self, conversation: &str) -> Vec<&str> {
        self.events(conversation)
            .into_iter()
            .map(Event::kind)
            .collect()
    }

    pub(crate) fn events(&self, conversation: &str) -> Vec<&Event> {
        let stream = Stream::Conversation(conversation.parse().unwrap());
        self.lines
            .iter()
            .filter(|line| line.stream == stream)
            .map(|line| &line.event)
            .collect()
    }

    /// A desk made anew out of what this one put out.
    pub(crate) fn restored(&self, settings: Settings) -> Desk {
        // As a store would hold it: as text.
        let log: Vec<Line> = self
            .lines
            .iter()
            .map(|line| Line::parse(&line.to_json()).unwrap())
            .collect();
        let effects: Vec<Effect> = self
            .effects
            .iter()
            .filter(|effect| {
                !matches!(
                    effect.what,
                    happytalk::core::effect::EffectKind::Notify { .. }
                )
            })
            .cloned()
            .collect();
        Desk::new(site(), settings)
            .unwrap()
            .restore(&log, &self.states, &effects, &self.seen)
            .unwrap()
    }
}

pub(crate) fn message(words: &str) -> InboundKind {
    InboundKind::message(vec![Content::text(words)])
}
