//! The desk with its ports: channels, the store, the systems that scenarios call.
//!
//! [`Entrance::receive`] and [`Entrance::command`] are called from many tasks; one task owns the [`ContactCenter`]
//! and calls [`ContactCenter::deliver`] whenever [`ContactCenter::ready`] resolves or the next deadline comes. Nothing
//! is spawned, no clock is read, and no runtime is named.

mod entrance;
mod lanes;

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use futures_channel::{mpsc, oneshot};
use futures_util::StreamExt;
use futures_util::future::poll_fn;
use happytalk_core::call::CallHandler;
use happytalk_core::channel::{Channel, Verdict};
use happytalk_core::effect::{Effect, EffectKind, EffectResult, Notice};
use happytalk_core::id::{AccountId, AgentId, ConversationId, EffectId};
use happytalk_core::log::Line;
use happytalk_core::store::{Batch, Store};
use happytalk_core::time::Timestamp;
use happytalk_core::{ChannelName, Inbound, Retry};
use happytalk_routing::Explanation;

pub use entrance::Entrance;

use crate::Error;
use crate::desk::{Desk, DeskCommand, Input, Output};
use lanes::{Done, Lanes};

/// How many inputs may wait to be delivered.
const INBOX_MAX: usize = 4_096;
/// How many inputs are committed in one transaction.
const BATCH_MAX: usize = 256;
/// How often an effect is tried in all.
const TRIES_MAX: u32 = 4;
/// How long to wait before an effect whose outcome is unknown is sent again to a platform that recognises it.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// The channels of a site by platform and account.
type Channels = BTreeMap<(ChannelName, AccountId), Arc<dyn Channel>>;

/// What waits to be delivered.
enum Job {
    Inbound {
        inbounds: Vec<Inbound>,
        taken: oneshot::Sender<Verdict>,
    },
    Command {
        command: Box<DeskCommand>,
        answer: oneshot::Sender<Result<(), Error>>,
    },
}

/// What one [`ContactCenter::deliver`] did, for the host to show and to log.
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct Delivered {
    /// The facts that were committed, in order.
    pub lines: Vec<Line>,
    /// What agents should be told, and about which conversation.
    pub notices: Vec<(AgentId, ConversationId, Notice)>,
    /// Why conversations went where they went, where the routing settings ask for it.
    pub explanations: Vec<(ConversationId, Box<Explanation>)>,
    /// What came in and was passed over, by a code that never changes.
    pub passed_over: Vec<&'static str>,
    /// Effects that failed for good, by the adapter's code.
    pub failed: Vec<(EffectId, &'static str)>,
    /// Why the store did not take a batch, where it did not: everything in it was answered with a failure.
    pub store_failed: Option<&'static str>,
}

impl Delivered {
    /// Whether nothing happened.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.lines.is_empty()
            && self.notices.is_empty()
            && self.passed_over.is_empty()
            && self.failed.is_empty()
            && self.store_failed.is_none()
    }
}

/// One site with its ports.
pub struct ContactCenter {
    blank: Box<dyn Fn() -> Result<Desk, Error> + Send + Sync>,
    desk: Desk,
    store: Arc<dyn Store>,
    channels: Arc<Channels>,
    calls: Option<Arc<dyn CallHandler>>,
    mint: Box<dyn FnMut() -> ConversationId + Send>,
    spare: Option<ConversationId>,
    inbox: mpsc::Receiver<Job>,
    entrance: Entrance,
    waiting: Vec<Job>,
    lanes: Lanes,
    done: Vec<Done>,
    /// What the store held when the desk was last made out of it.
    unfinished: Vec<Effect>,
}

impl fmt::Debug for ContactCenter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "ContactCenter(site {}, {} lines)",
            self.desk.site(),
            self.desk.position()
        )
    }
}

impl ContactCenter {
    /// Opens the site that `blank` makes a desk of, as far as `store` has it.
    ///
    /// `blank` is called again when a commit failed: the desk is dropped and restored. `mint` gives each
    /// conversation its id, which must never have been used before. Effects that were under way when the site was
    /// last open are performed again where the platform recognises them, and else count as failed.
    ///
    /// # Errors
    /// [`Error::Store`] where the store cannot be read, [`Error::Log`] where its log is none, and what `blank` says.
    pub async fn open(
        blank: impl Fn() -> Result<Desk, Error> + Send + Sync + 'static,
        store: Arc<dyn Store>,
        mint: impl FnMut() -> ConversationId + Send + 'static,
    ) -> Result<Self, Error> {
        let (sender, inbox) = mpsc::channel(INBOX_MAX);
        let channels = Arc::new(Channels::new());
        let mut center = Self {
            desk: blank()?,
            blank: Box::new(blank),
            store,
            channels: Arc::clone(&channels),
            calls: None,
            mint: Box::new(mint),
            spare: None,
            inbox,
            entrance: Entrance::new(sender, channels),
            waiting: Vec::new(),
            lanes: Lanes::default(),
            done: Vec::new(),
            unfinished: Vec::new(),
        };
        center.restore().await?;
        Ok(center)
    }

    /// With a channel for one account.
    #[must_use]
    pub fn with_channel(mut self, account: AccountId, channel: Arc<dyn Channel>) -> Self {
        let channels = Arc::make_mut(&mut self.channels);
        channels.insert((channel.name(), account), channel);
        self.entrance.set_channels(Arc::clone(&self.channels));
        self
    }

    /// With the systems that scenarios call. Without it every call comes to an error.
    #[must_use]
    pub fn with_calls(mut self, calls: Arc<dyn CallHandler>) -> Self {
        self.calls = Some(calls);
        self
    }

    /// Where webhooks and commands come in. Cheap to clone; take it once the channels are given.
    #[must_use]
    pub fn entrance(&self) -> Entrance {
        self.entrance.clone()
    }

    /// The desk, to look at.
    #[must_use]
    pub const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// When to call [`ContactCenter::deliver`] at the latest; `None` while nothing waits for a time.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        self.desk
            .next_deadline()
            .into_iter()
            .chain(self.lanes.next_retry())
            .min()
    }

    /// Whether no input waits and no effect is under way.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.waiting.is_empty()
            && self.done.is_empty()
            && self.unfinished.is_empty()
            && self.lanes.is_empty()
    }

    /// Waits until there is something to deliver. Effects that are under way go on while this is polled.
    pub async fn ready(&mut self) {
        if !self.waiting.is_empty() || !self.done.is_empty() {
            return;
        }
        poll_fn(|context| {
            let mut any = false;
            if let std::task::Poll::Ready(Some(job)) = self.inbox.poll_next_unpin(context) {
                self.waiting.push(job);
                any = true;
            }
            while let std::task::Poll::Ready(Some(done)) = self.lanes.poll_next(context) {
                self.done.push(done);
                any = true;
            }
            if any {
                std::task::Poll::Ready(())
            } else {
                std::task::Poll::Pending
            }
        })
        .await;
    }

    /// Takes in what waits, commits it, answers for it, and starts the effects that rest on it. Effects that are done
    /// at once are taken in too; the others go on in [`ContactCenter::ready`].
    pub async fn deliver(&mut self, now: Timestamp) -> Delivered {
        let mut delivered = Delivered::default();
        self.take_up(now);
        loop {
            self.lanes.start_retries(now);
            self.poll_effects_once().await;
            let jobs = self.take_jobs();
            let done = std::mem::take(&mut self.done);
            let due = self.desk.next_deadline().is_some_and(|at| at <= now);
            if jobs.is_empty() && done.is_empty() && !due {
                break;
            }
            self.deliver_batch(jobs, done, now, &mut delivered).await;
            if delivered.store_failed.is_some() {
                break;
            }
        }
        delivered
    }

    fn take_jobs(&mut self) -> Vec<Job> {
        let mut jobs = std::mem::take(&mut self.waiting);
        while jobs.len() < BATCH_MAX
            && let Ok(job) = self.inbox.try_recv()
        {
            jobs.push(job);
        }
        jobs
    }

    /// Lets effects that need not wait come to their end.
    async fn poll_effects_once(&mut self) {
        poll_fn(|context| {
            while let std::task::Poll::Ready(Some(done)) = self.lanes.poll_next(context) {
                self.done.push(done);
            }
            std::task::Poll::Ready(())
        })
        .await;
    }

    async fn deliver_batch(
        &mut self,
        jobs: Vec<Job>,
        done: Vec<Done>,
        now: Timestamp,
        delivered: &mut Delivered,
    ) {
        let mut batch = Batch::after(self.desk.position());
        let mut answers: BTreeMap<u64, oneshot::Sender<Result<(), Error>>> = BTreeMap::new();
        let mut results: BTreeMap<u64, Result<(), Error>> = BTreeMap::new();
        let mut taken = Vec::new();
        let mut report = Delivered::default();

        self.desk.handle_input(Input::Tick, now);
        self.drain(&mut batch, &mut results, &mut report);
        for done in &done {
            if let Some(result) = self.settle(done, now, &mut report) {
                self.desk.handle_input(
                    Input::EffectDone {
                        id: done.effect.id.clone(),
                        result,
                    },
                    now,
                );
                self.drain(&mut batch, &mut results, &mut report);
            }
        }
        for job in jobs {
            match job {
                Job::Inbound {
                    inbounds,
                    taken: sender,
                } => {
                    for inbound in inbounds {
                        self.take_inbound(inbound, now);
                        self.drain(&mut batch, &mut results, &mut report);
                    }
                    taken.push(sender);
                }
                Job::Command { command, answer } => {
                    let ticket = u64::try_from(answers.len()).unwrap_or(u64::MAX);
                    answers.insert(ticket, answer);
                    self.desk.handle_input(
                        Input::Command {
                            ticket,
                            command: *command,
                        },
                        now,
                    );
                    self.drain(&mut batch, &mut results, &mut report);
                }
            }
        }

        let committed = if batch.is_empty() {
            Ok(())
        } else {
            self.store.commit(self.desk.site(), &batch).await
        };
        // Whoever asked may have gone away meanwhile; then nobody needs the answer.
        match committed {
            Ok(()) => {
                for sender in taken {
                    let _ = sender.send(Verdict::Accepted);
                }
                for (ticket, answer) in answers {
                    let _ = answer.send(results.remove(&ticket).unwrap_or(Ok(())));
                }
                for effect in batch.effects {
                    self.start(effect, now);
                }
                delivered.lines.append(&mut batch.lines);
                delivered.notices.append(&mut report.notices);
                delivered.explanations.append(&mut report.explanations);
                delivered.passed_over.append(&mut report.passed_over);
                delivered.failed.append(&mut report.failed);
            }
            Err(error) => {
                let code = error.code();
                for sender in taken {
                    let _ = sender.send(Verdict::Failed);
                }
                for answer in answers.into_values() {
                    let _ = answer.send(Err(Error::Store { code }));
                }
                delivered.store_failed = Some(code);
                // As if the batch had not come, but for the results of effects: those did happen.
                self.done.extend(done);
                if let Err(error) = self.restore().await {
                    delivered.store_failed = Some(error.code());
                }
            }
        }
    }

    fn take_inbound(&mut self, inbound: Inbound, now: Timestamp) {
        let conversation = self.spare.take().unwrap_or_else(|| (self.mint)());
        self.desk.handle_input(
            Input::Inbound {
                inbound,
                conversation: conversation.clone(),
            },
            now,
        );
        if self.desk.conversation(&conversation).is_none() {
            self.spare = Some(conversation);
        }
    }

    fn drain(
        &mut self,
        batch: &mut Batch,
        results: &mut BTreeMap<u64, Result<(), Error>>,
        report: &mut Delivered,
    ) {
        while let Some(output) = self.desk.poll_output() {
            match output {
                Output::Line(line) => batch.lines.push(line),
                Output::State {
                    conversation,
                    bytes,
                } => {
                    batch.states.retain(|(id, _)| *id != conversation);
                    batch.states.push((conversation, bytes));
                }
                Output::Seen(key) => batch.seen.push(key),
                Output::Settled(id) => batch.settled.push(id),
                Output::Effect(Effect {
                    conversation,
                    what: EffectKind::Notify { agent, notice },
                    ..
                }) => {
                    report.notices.push((agent, conversation, notice));
                }
                Output::Effect(effect) => batch.effects.push(effect),
                Output::Answer { ticket, result } => {
                    results.insert(ticket, result);
                }
                Output::Explained { conversation, why } => {
                    report.explanations.push((conversation, why))
                }
                Output::PassedOver { code } => report.passed_over.push(code),
            }
        }
    }

    /// What an effect came to; `None` while it is tried again.
    fn settle(
        &mut self,
        done: &Done,
        now: Timestamp,
        report: &mut Delivered,
    ) -> Option<EffectResult> {
        let EffectResult::SendFailed { code, retry } = &done.result else {
            self.lanes.settle(done, now);
            return Some(done.result.clone());
        };
        let again = match retry {
            Retry::Never => None,
            Retry::After(span) => Some(*span),
            // A platform that recognises the id delivers it once; any other might deliver it twice.
            Retry::Unknown => self.recognises(&done.effect).then_some(ASK_AGAIN),
        };
        if let Some(span) = again.filter(|_| done.tries < TRIES_MAX) {
            self.lanes.retry_at(done, now.plus(span));
            return None;
        }
        self.lanes.settle(done, now);
        report.failed.push((done.effect.id.clone(), code));
        Some(done.result.clone())
    }

    fn recognises(&self, effect: &Effect) -> bool {
        self.channel_of(effect)
            .is_some_and(|channel| channel.capabilities().idempotent)
    }

    fn channel_of(&self, effect: &Effect) -> Option<&Arc<dyn Channel>> {
        match &effect.what {
            EffectKind::Send { channel, outbound } => self
                .channels
                .get(&(channel.clone(), outbound.account.clone())),
            _ => None,
        }
    }

    fn start(&mut self, effect: Effect, now: Timestamp) {
        let channel = self.channel_of(&effect).cloned();
        self.lanes.push(effect, channel, self.calls.clone(), now);
    }

    /// Makes the desk anew out of the store.
    async fn restore(&mut self) -> Result<(), Error> {
        let blank = (self.blank)()?;
        let stored = self
            .store
            .load(blank.site())
            .await
            .map_err(|error| Error::Store { code: error.code() })?;
        self.desk = blank.restore(&stored.lines, &stored.states, &stored.effects)?;
        self.unfinished = stored.effects;
        Ok(())
    }

    /// Takes up the effects that a store held and that are under way nowhere.
    fn take_up(&mut self, now: Timestamp) {
        for effect in std::mem::take(&mut self.unfinished) {
            if self.lanes.holds(&effect.id)
                || self.done.iter().any(|done| done.effect.id == effect.id)
            {
                continue;
            }
            let unsure =
                matches!(effect.what, EffectKind::Send { .. }) && !self.recognises(&effect);
            if unsure {
                let result = EffectResult::SendFailed {
                    code: "center.outcome_unknown",
                    retry: Retry::Never,
                };
                self.done.push(Done {
                    effect,
                    tries: TRIES_MAX,
                    result,
                });
            } else {
                self.start(effect, now);
            }
        }
    }
}
