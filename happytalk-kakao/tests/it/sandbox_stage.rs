//! A sandbox with an adapter before it, in one process.

use std::sync::Arc;
use std::time::Duration;

use happytalk_core::channel::{Receipt, Verdict};
use happytalk_core::testing::poll_once;
use happytalk_core::{
    Action, Channel, ChannelError, Content, Inbound, InboundKind, Outbound, Timestamp,
};
use happytalk_kakao::sandbox::{LocalSandbox, Sandbox, Shown, UserAct};
use happytalk_kakao::{Dialect, Kakao};

use crate::fixture::SENDER_KEY;

pub(crate) struct Stage {
    pub(crate) local: Arc<LocalSandbox>,
    pub(crate) kakao: Kakao,
    pub(crate) now: Timestamp,
    messages: u32,
}

impl Stage {
    pub(crate) fn new(dialect: Dialect) -> Self {
        Self::of(Sandbox::new(dialect, SENDER_KEY.parse().unwrap()))
    }

    pub(crate) fn of(mut sandbox: Sandbox) -> Self {
        let now = "2026-11-16T09:00:00+09:00".parse().unwrap();
        sandbox.tick(now);
        let config = sandbox.config("http://sandbox.example");
        let local = Arc::new(LocalSandbox::new(sandbox));
        let kakao = Kakao::new(config, Arc::clone(&local) as _).unwrap();
        Self {
            local,
            kakao,
            now,
            messages: 0,
        }
    }

    pub(crate) fn pass(&mut self, span: Duration) {
        self.now = self.now.plus(span);
        self.local.with(|sandbox| sandbox.tick(self.now));
    }

    /// Somebody does something, and the centre takes what comes of it.
    pub(crate) fn user(&mut self, user: &str, act: &UserAct) -> Vec<Inbound> {
        let now = self.now;
        self.local
            .with(|sandbox| sandbox.user(user, act, now))
            .unwrap();
        self.events()
    }

    /// What the centre reads out of all that is on its way.
    pub(crate) fn events(&mut self) -> Vec<Inbound> {
        let mut all = Vec::new();
        while let Some(event) = self.local.with(Sandbox::poll_event) {
            let request = event.request("https://centre.example/kakao/x").unwrap();
            all.extend(self.kakao.receive(&request, self.now).unwrap());
            let answer = self.kakao.reply(&request, &Verdict::Accepted);
            self.local
                .with(|sandbox| sandbox.event_answered(event, Some(&answer)));
        }
        all
    }

    pub(crate) fn outbound(&mut self, user: &str, action: Action) -> Outbound {
        self.messages += 1;
        let id = format!("m-{}", self.messages).parse().unwrap();
        Outbound::new(
            id,
            SENDER_KEY.parse().unwrap(),
            user.parse().unwrap(),
            action,
        )
    }

    pub(crate) fn sends(&self, outbound: &Outbound) -> Result<Receipt, ChannelError> {
        poll_once(self.kakao.send(outbound, self.now)).expect("the sandbox is always ready")
    }

    pub(crate) fn does(&mut self, user: &str, action: Action) -> Result<Receipt, ChannelError> {
        let outbound = self.outbound(user, action);
        self.sends(&outbound)
    }

    pub(crate) fn says(&mut self, user: &str, words: &str) -> Result<Receipt, ChannelError> {
        let content = vec![Content::text(words)];
        self.does(user, Action::Say { content })
    }

    pub(crate) fn shown(&self, user: &str) -> Vec<Shown> {
        self.local.with(|sandbox| {
            let room = sandbox.room(user);
            room.map(|room| room.shown().to_vec()).unwrap_or_default()
        })
    }

    pub(crate) fn is_open(&self, user: &str) -> bool {
        self.local.with(|sandbox| {
            let room = sandbox.room(user);
            room.is_some_and(|room| room.session().is_open())
        })
    }
}

/// The kinds of what came in.
pub(crate) fn kinds(inbound: &[Inbound]) -> Vec<&'static str> {
    inbound
        .iter()
        .map(|one| match one.what {
            InboundKind::Message { .. } => "message",
            InboundKind::Entered { .. } => "entered",
            InboundKind::SessionEnded {} => "session_ended",
            InboundKind::Delivery { .. } => "delivery",
            InboundKind::Seen {} => "seen",
            InboundKind::ProfileShared { .. } => "profile_shared",
            _ => "another",
        })
        .collect()
}

/// The same, without what only tells how a send went.
pub(crate) fn told(inbound: &[Inbound]) -> Vec<&'static str> {
    let mut kinds = kinds(inbound);
    kinds.retain(|kind| *kind != "delivery");
    kinds
}
