//! Effects under way: one at a time for a customer, so that they arrive in order; any number side by side.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::StreamExt;
use futures_util::future::BoxFuture;
use futures_util::stream::FuturesUnordered;
use happytalk_core::Retry;
use happytalk_core::call::{CallHandler, CallOutcome};
use happytalk_core::channel::Channel;
use happytalk_core::effect::{Effect, EffectKind, EffectResult};
use happytalk_core::id::{ConversationId, EffectId};
use happytalk_core::time::Timestamp;

/// An effect that came to something.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub(super) effect: Effect,
    pub(super) tries: u32,
    pub(super) result: EffectResult,
}

/// How an effect is performed.
#[derive(Clone)]
enum Port {
    Channel(Arc<dyn Channel>),
    Calls(Arc<dyn CallHandler>),
    None,
}

#[derive(Clone)]
struct Pending {
    effect: Effect,
    port: Port,
    tries: u32,
}

/// Which effects wait for each other: what is said in a conversation, and, beside it, what it calls.
type Lane = (ConversationId, bool);

#[derive(Default)]
pub(super) struct Lanes {
    lanes: BTreeMap<Lane, VecDeque<Pending>>,
    ids: BTreeSet<EffectId>,
    retries: BTreeSet<(Timestamp, Lane)>,
    under_way: FuturesUnordered<BoxFuture<'static, Done>>,
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lanes({} effects)", self.ids.len())
    }
}

fn lane(effect: &Effect) -> Lane {
    (
        effect.conversation.clone(),
        matches!(effect.what, EffectKind::Call { .. }),
    )
}

impl Lanes {
    pub(super) fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub(super) fn holds(&self, id: &EffectId) -> bool {
        self.ids.contains(id)
    }

    pub(super) fn next_retry(&self) -> Option<Timestamp> {
        self.retries.first().map(|(at, _)| *at)
    }

    pub(super) fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<Done>> {
        self.under_way.poll_next_unpin(context)
    }

    pub(super) fn push(
        &mut self,
        effect: Effect,
        channel: Option<Arc<dyn Channel>>,
        calls: Option<Arc<dyn CallHandler>>,
        now: Timestamp,
    ) {
        if !self.ids.insert(effect.id.clone()) {
            return;
        }
        let port = match &effect.what {
            EffectKind::Send { .. } => channel.map_or(Port::None, Port::Channel),
            EffectKind::Call { .. } => calls.map_or(Port::None, Port::Calls),
            _ => Port::None,
        };
        let key = lane(&effect);
        let waiting = self.lanes.entry(key.clone()).or_default();
        waiting.push_back(Pending {
            effect,
            port,
            tries: 0,
        });
        if waiting.len() == 1 {
            self.start(&key, now);
        }
    }

    /// Starts the first effect of a lane.
    fn start(&mut self, key: &Lane, now: Timestamp) {
        if let Some(first) = self.lanes.get_mut(key).and_then(VecDeque::front_mut) {
            first.tries += 1;
            self.under_way.push(Box::pin(perform(first.clone(), now)));
        }
    }

    /// The effect is done for good: the next one of its lane may start.
    pub(super) fn settle(&mut self, done: &Done, now: Timestamp) {
        let key = lane(&done.effect);
        if !self.ids.remove(&done.effect.id) {
            return;
        }
        let Some(waiting) = self.lanes.get_mut(&key) else {
            return;
        };
        waiting.pop_front();
        if waiting.is_empty() {
            self.lanes.remove(&key);
        } else {
            self.start(&key, now);
        }
    }

    /// The effect is tried again at `at`; its lane waits for it.
    pub(super) fn retry_at(&mut self, done: &Done, at: Timestamp) {
        self.retries.insert((at, lane(&done.effect)));
    }

    pub(super) fn start_retries(&mut self, now: Timestamp) {
        while let Some((at, _)) = self.retries.first()
            && *at <= now
        {
            if let Some((_, key)) = self.retries.pop_first() {
                self.start(&key, now);
            }
        }
    }
}

async fn perform(pending: Pending, now: Timestamp) -> Done {
    let Pending {
        effect,
        port,
        tries,
    } = pending;
    let result = match (&effect.what, port) {
        (EffectKind::Send { outbound, .. }, Port::Channel(channel)) => {
            match channel.send(outbound, now).await {
                Ok(_) => EffectResult::Sent,
                Err(error) => EffectResult::SendFailed {
                    code: error.code,
                    retry: error.retry,
                },
            }
        }
        (EffectKind::Call { call }, Port::Calls(calls)) => {
            EffectResult::Called(calls.call(call).await)
        }
        (EffectKind::Call { .. }, _) => EffectResult::Called(CallOutcome::Error),
        _ => EffectResult::SendFailed {
            code: "center.no_channel",
            retry: Retry::Never,
        },
    };
    Done {
        effect,
        tries,
        result,
    }
}
