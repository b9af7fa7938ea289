//! Effects under way: one at a time for a customer, so that what they read arrives in order; any number side by side.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::fmt;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use futures_util::StreamExt;
use futures_util::future::{BoxFuture, poll_fn};
use futures_util::stream::FuturesUnordered;
use happytalk_core::call::{CallHandler, CallOutcome};
use happytalk_core::channel::Channel;
use happytalk_core::effect::{Effect, EffectKind, EffectResult};
use happytalk_core::id::{AccountId, ConversationId, CustomerId, EffectId};
use happytalk_core::time::Timestamp;
use happytalk_core::{ChannelName, Retry};

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

/// Which effects wait for each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Lane {
    /// What one customer gets, in whichever of their conversations: the end of the last one comes before the first
    /// words of the next.
    Customer(ChannelName, AccountId, CustomerId),
    /// What a conversation asks of other systems.
    Calls(ConversationId),
}

impl Lane {
    fn of(effect: &Effect) -> Self {
        match &effect.what {
            EffectKind::Send { channel, outbound } => Self::Customer(
                channel.clone(),
                outbound.account.clone(),
                outbound.customer.clone(),
            ),
            _ => Self::Calls(effect.conversation.clone()),
        }
    }
}

/// The effects of one lane. Never empty.
#[derive(Default)]
struct Queue {
    waiting: VecDeque<Pending>,
    /// Whether the first is being performed.
    is_under_way: bool,
    /// When the first is tried again, where it is.
    again: Option<Timestamp>,
}

impl Queue {
    fn begins_with(&self, effect: &Effect) -> bool {
        let first = self.waiting.front();
        first.is_some_and(|first| key(&first.effect) == key(effect))
    }
}

/// What an effect is told by. Of another conversation it is another effect, also under the same id.
pub(super) fn key(effect: &Effect) -> (&ConversationId, &EffectId) {
    (&effect.conversation, &effect.id)
}

#[derive(Default)]
pub(super) struct Lanes {
    queues: BTreeMap<Lane, Queue>,
    held: BTreeSet<(ConversationId, EffectId)>,
    retries: BTreeSet<(Timestamp, Lane)>,
    under_way: FuturesUnordered<BoxFuture<'static, Done>>,
}

impl fmt::Debug for Lanes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Lanes({} effects)", self.held.len())
    }
}

impl Lanes {
    pub(super) fn is_empty(&self) -> bool {
        self.held.is_empty()
    }

    /// Whether the effect waits, is being performed, or came to something that was not settled yet.
    pub(super) fn holds(&self, effect: &Effect) -> bool {
        self.held
            .contains(&(effect.conversation.clone(), effect.id.clone()))
    }

    /// When something is tried again.
    pub(super) fn next_retry(&self) -> Option<Timestamp> {
        self.retries.first().map(|(at, _)| *at)
    }

    /// Moves on whatever is under way, and adds what came to something to `done`.
    pub(super) fn poll_into(&mut self, done: &mut Vec<Done>, context: &mut Context<'_>) {
        while let Poll::Ready(Some(next)) = self.under_way.poll_next_unpin(context) {
            if let Some(queue) = self.queues.get_mut(&Lane::of(&next.effect)) {
                queue.is_under_way = false;
            }
            done.push(next);
        }
    }

    /// Waits for `what`; effects that are under way go on meanwhile.
    pub(super) async fn beside<T>(
        &mut self,
        done: &mut Vec<Done>,
        what: impl Future<Output = T>,
    ) -> T {
        let mut what = pin!(what);
        poll_fn(|context| {
            self.poll_into(done, context);
            what.as_mut().poll(context)
        })
        .await
    }

    /// Performs `effect` once those before it in its lane are settled. One that is held already is not taken again.
    pub(super) fn push(
        &mut self,
        effect: Effect,
        channel: Option<Arc<dyn Channel>>,
        calls: Option<Arc<dyn CallHandler>>,
        now: Timestamp,
    ) {
        let held = (effect.conversation.clone(), effect.id.clone());
        if !self.held.insert(held) {
            return;
        }
        let port = match &effect.what {
            EffectKind::Send { .. } => channel.map_or(Port::None, Port::Channel),
            EffectKind::Call { .. } => calls.map_or(Port::None, Port::Calls),
            _ => Port::None,
        };
        let lane = Lane::of(&effect);
        let queue = self.queues.entry(lane.clone()).or_default();
        queue.waiting.push_back(Pending {
            effect,
            port,
            tries: 0,
        });
        if queue.waiting.len() == 1 {
            self.start(&lane, now);
        }
    }

    /// Starts the first effect of a lane, unless it is being performed.
    fn start(&mut self, lane: &Lane, now: Timestamp) {
        let Some(queue) = self.queues.get_mut(lane) else {
            return;
        };
        if let Some(at) = queue.again.take() {
            self.retries.remove(&(at, lane.clone()));
        }
        if let Some(first) = queue.waiting.front_mut().filter(|_| !queue.is_under_way) {
            first.tries += 1;
            queue.is_under_way = true;
            self.under_way.push(Box::pin(perform(first.clone(), now)));
        }
    }

    /// The effect is done for good: the next one of its lane may start.
    pub(super) fn settle(&mut self, effect: &Effect, now: Timestamp) {
        let lane = Lane::of(effect);
        let Some(queue) = self.queues.get_mut(&lane) else {
            return;
        };
        if !queue.begins_with(effect) {
            return;
        }
        queue.waiting.pop_front();
        let is_last = queue.waiting.is_empty();
        self.held
            .remove(&(effect.conversation.clone(), effect.id.clone()));
        if is_last {
            self.queues.remove(&lane);
        } else {
            self.start(&lane, now);
        }
    }

    /// Nobody wants the effect any more: unless it is being performed at this moment, it is not.
    pub(super) fn take_back(&mut self, id: &EffectId, now: Timestamp) {
        let Some(held) = self.held.iter().find(|(_, held)| held == id).cloned() else {
            return;
        };
        let found = self.queues.iter().find_map(|(lane, queue)| {
            let is_it = |pending: &Pending| key(&pending.effect) == (&held.0, &held.1);
            let place = queue.waiting.iter().position(is_it)?;
            Some((lane.clone(), place))
        });
        let Some((lane, place)) = found else { return };
        let Some(queue) = self.queues.get_mut(&lane) else {
            return;
        };
        if place == 0 && queue.is_under_way {
            return;
        }
        let Some(pending) = queue.waiting.remove(place) else {
            return;
        };
        if place > 0 {
            self.held.remove(&held);
            return;
        }
        // As if it had come to something.
        queue.waiting.push_front(pending.clone());
        if let Some(at) = queue.again.take() {
            self.retries.remove(&(at, lane));
        }
        self.settle(&pending.effect, now);
    }

    /// The effect is tried again at `at`; its lane waits for it.
    pub(super) fn retry_at(&mut self, effect: &Effect, at: Timestamp) {
        let lane = Lane::of(effect);
        let Some(queue) = self.queues.get_mut(&lane) else {
            return;
        };
        if !queue.begins_with(effect) {
            return;
        }
        if let Some(before) = queue.again.replace(at) {
            self.retries.remove(&(before, lane.clone()));
        }
        self.retries.insert((at, lane));
    }

    /// Starts what is to be tried again by now.
    pub(super) fn start_retries(&mut self, now: Timestamp) {
        while let Some((at, lane)) = self.retries.first().cloned()
            && at <= now
        {
            self.retries.remove(&(at, lane.clone()));
            self.start(&lane, now);
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
