//! A centre and a platform in one process.

use std::sync::Arc;
use std::time::Duration;

use happytalk_core::channel::Verdict;
use happytalk_core::testing::poll_once;
use happytalk_core::{Action, Channel, ChannelError, Content, InboundKind, Outbound, Timestamp};
use happytalk_naver::Naver;
use happytalk_naver::message::Message;
use happytalk_naver::sandbox::{AgentAct, Event, Impossible, LocalSandbox, Sandbox, UserAct};

pub(crate) const ANN: &str = "al-2eGuGr5WQOnco1_V-FQ";

/// A centre and a platform in one process.
pub(crate) struct Stage {
    pub(crate) naver: Naver,
    pub(crate) platform: Arc<LocalSandbox>,
    pub(crate) now: Timestamp,
    sent: u32,
}

impl Stage {
    pub(crate) fn new() -> Self {
        Self::with(|sandbox| sandbox)
    }

    pub(crate) fn with(change: impl FnOnce(Sandbox) -> Sandbox) -> Self {
        let sandbox = change(Sandbox::new("wc1234".parse().unwrap()));
        let config = sandbox.config("http://sandbox.invalid");
        let platform = Arc::new(LocalSandbox::new(sandbox));
        Self {
            naver: Naver::new(config, platform.clone()).unwrap(),
            platform,
            now: "2026-11-16T09:00:00+09:00".parse().unwrap(),
            sent: 0,
        }
    }

    pub(crate) fn pass(&mut self, span: Duration) {
        self.now = self.now.plus(span);
        self.platform.with(|sandbox| sandbox.tick(self.now));
    }

    pub(crate) fn user(&self, act: &UserAct) -> Result<(), Impossible> {
        self.platform
            .with(|sandbox| sandbox.user(ANN, act, self.now))
    }

    pub(crate) fn does(&self, act: &UserAct) {
        self.user(act).unwrap();
    }

    pub(crate) fn agent(&self, act: &AgentAct) {
        self.platform
            .with(|sandbox| sandbox.agent(ANN, act, self.now))
            .unwrap();
    }

    pub(crate) fn events(&self) -> Vec<Event> {
        self.platform
            .with(|sandbox| std::iter::from_fn(|| sandbox.poll_event()).collect())
    }

    /// What the platform tells, as the adapter reads it; each is answered with 200.
    pub(crate) fn told(&self) -> Vec<InboundKind> {
        self.answered(Verdict::Accepted)
    }

    pub(crate) fn answered(&self, verdict: Verdict) -> Vec<InboundKind> {
        let events = self.events().into_iter().map(|event| {
            let request = event.request("https://desk.invalid/naver/x").unwrap();
            let inbound = self.naver.receive(&request, self.now).unwrap().remove(0);
            let response = self.naver.reply(&request, &verdict);
            self.platform
                .with(|sandbox| sandbox.event_answered(&event, Some(&response)));
            inbound.what
        });
        events.collect()
    }

    pub(crate) fn outbound(&mut self, action: Action) -> Outbound {
        self.sent += 1;
        Outbound::new(
            format!("m-{}", self.sent).parse().unwrap(),
            "wc1234".parse().unwrap(),
            ANN.parse().unwrap(),
            action,
        )
    }

    pub(crate) fn send(&mut self, action: Action) -> Result<(), ChannelError> {
        let outbound = self.outbound(action);
        let sent = poll_once(self.naver.send(&outbound, self.now)).expect("nothing waits");
        sent.map(drop)
    }

    pub(crate) fn say(&mut self, content: Content) -> Result<(), ChannelError> {
        self.send(Action::Say {
            content: vec![content],
        })
    }

    pub(crate) fn show(&self, message: &Message) -> Result<(), happytalk_naver::Error> {
        poll_once(self.naver.send_message(&ANN.parse().unwrap(), message)).expect("nothing waits")
    }

    pub(crate) fn words(&self) -> Vec<String> {
        self.platform.with(|sandbox| {
            let room = sandbox.room(ANN).unwrap();
            room.shown().iter().map(|one| one.words.clone()).collect()
        })
    }
}
