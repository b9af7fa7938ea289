//! The desk with its ports: channels, the store, the systems that scenarios call.
//!
//! [`Entrance::receive`] and [`Entrance::command`] are called from many tasks; one task owns the [`ContactCenter`]
//! and calls [`ContactCenter::deliver`] whenever [`ContactCenter::ready`] resolves or the next deadline comes. Nothing
//! is spawned, no clock is read, and no runtime is named.

mod delivered;
mod entrance;
mod inbox;
mod lanes;
mod pause;
mod portion;
mod transaction;

use std::collections::BTreeMap;
use std::fmt;
use std::future::ready;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use futures_util::future::poll_fn;
use happytalk_core::call::CallHandler;
use happytalk_core::channel::Channel;
use happytalk_core::customer::ChannelUser;
use happytalk_core::effect::{Effect, EffectKind, EffectResult};
use happytalk_core::id::{AccountId, ConversationId};
use happytalk_core::payment::PaymentHandler;
use happytalk_core::store::Store;
use happytalk_core::time::Timestamp;
use happytalk_core::{ChannelName, Inbound, Retry, Value};

pub use delivered::Delivered;
pub use entrance::Entrance;

use crate::Error;
use crate::desk::{Desk, DeskCommand, Input};
use inbox::{Inbox, Job};
use lanes::{Done, Lanes};
use pause::Pause;
use portion::{Portion, Portions};
use transaction::Transaction;

/// How many inputs may wait to be delivered.
const INBOX_MAX: usize = 4_096;
/// How many inputs are committed in one transaction.
const BATCH_MAX: usize = 256;
/// How many transactions one call of [`ContactCenter::deliver`] makes: its `now` grows old meanwhile.
const ROUNDS_MAX: usize = 64;
/// How often an effect is tried in all.
const TRIES_MAX: u32 = 4;
/// How long to wait before an effect whose outcome is unknown is sent again to a platform that recognises it.
const ASK_AGAIN: Duration = Duration::from_secs(1);

/// The channels of a site by platform and account.
type Channels = BTreeMap<(ChannelName, AccountId), Arc<dyn Channel>>;

/// What the host knows of a customer.
type Knows = Box<dyn FnMut(&ChannelUser) -> Value + Send>;

/// One site with its ports.
///
/// # When the store fails
/// A batch that the store did not say to have taken is looked for in the store. Where it is there, everything goes on as
/// if the store had said so. Where it is not, it is as if the batch had not come: whoever waits for it is answered with
/// a failure, and the desk is made anew. While the store cannot be read at all, whatever comes in is answered with a
/// failure and nothing is given to the desk. Of its own the centre asks a store that fails again after 100 ms, and after
/// twice that each time, up to 10 s ([`ContactCenter::next_deadline`]); for what comes in it asks at once.
///
/// A batch that the store refuses for what it says ([`StoreErrorKind::Refused`]) is committed in parts: what came in one by
/// one, so that what cannot be written is turned away alone, and told in [`Delivered::passed_over`]. The answer of a call
/// that cannot be written counts as an error of that call.
///
/// [`StoreErrorKind::Refused`]: happytalk_core::store::StoreErrorKind::Refused
pub struct ContactCenter {
    blank: Box<dyn Fn() -> Result<Desk, Error> + Send + Sync>,
    desk: Desk,
    store: Arc<dyn Store>,
    channels: Arc<Channels>,
    calls: Option<Arc<dyn CallHandler>>,
    mint: Box<dyn FnMut() -> ConversationId + Send>,
    knows: Option<Knows>,
    spare: Option<ConversationId>,
    inbox: Inbox,
    entrance: Entrance,
    /// What was taken out of the inbox and not yet given to the desk.
    waiting: Vec<Job>,
    portions: Portions,
    lanes: Lanes,
    /// Results that the desk was not given, or was given in a batch that came to nothing.
    done: Vec<Done>,
    /// What the desk has taken and the store may not have: until that is known, the desk is given nothing.
    undecided: Option<Transaction>,
    /// What the store held when the desk was last made out of it.
    unfinished: Vec<Effect>,
    pause: Pause,
    /// What was done and not yet said.
    delivered: Delivered,
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
        let desk = blank()?;
        let stored = store
            .load(desk.site())
            .await
            .map_err(|error| Error::Store { code: error.code() })?;
        let desk = desk.restore(&stored.lines, &stored.states, &stored.effects, &stored.seen)?;
        let (slot, inbox) = Inbox::new(INBOX_MAX);
        let channels = Arc::new(Channels::new());
        Ok(Self {
            blank: Box::new(blank),
            desk,
            store,
            channels: Arc::clone(&channels),
            calls: None,
            mint: Box::new(mint),
            knows: None,
            spare: None,
            inbox,
            entrance: Entrance::new(slot, channels),
            waiting: Vec::new(),
            portions: Portions::default(),
            lanes: Lanes::default(),
            done: Vec::new(),
            undecided: None,
            unfinished: stored.effects,
            pause: Pause::default(),
            delivered: Delivered::default(),
        })
    }

    /// With a channel for one account. What is said there is fitted to what it can carry, unless the desk's settings say
    /// that themselves ([`Settings::capabilities`](crate::Settings::capabilities)).
    #[must_use]
    pub fn with_channel(mut self, account: AccountId, channel: Arc<dyn Channel>) -> Self {
        self.desk.fit_to(channel.name(), channel.capabilities());
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

    /// With who decides about payments. Without it every payment is declined.
    #[must_use]
    pub fn with_payments(mut self, payments: Arc<dyn PaymentHandler>) -> Self {
        self.entrance.set_payments(payments);
        self
    }

    /// With what the host knows of a customer, an object: asked for each thing they do, and given to the scenarios as
    /// `customer.…`. It must be at hand: nothing is awaited. Without it scenarios know nothing but what they are told.
    #[must_use]
    pub fn with_known_customers(
        mut self,
        knows: impl FnMut(&ChannelUser) -> Value + Send + 'static,
    ) -> Self {
        self.knows = Some(Box::new(knows));
        self
    }

    /// Where webhooks and commands come in. Cheap to clone; take it once the channels are given.
    #[must_use]
    pub fn entrance(&self) -> Entrance {
        self.entrance.clone()
    }

    /// The desk, to look at. While the store cannot be read, it may show what was not committed.
    #[must_use]
    pub const fn desk(&self) -> &Desk {
        &self.desk
    }

    /// When to call [`ContactCenter::deliver`] at the latest; `None` while nothing waits for a time.
    #[must_use]
    pub fn next_deadline(&self) -> Option<Timestamp> {
        let own = match (self.pause.until(), &self.undecided) {
            (Some(until), _) => Some(until),
            // What the desk waits for is not worth anything, and `ready` does not wait.
            (None, Some(_)) => None,
            (None, None) => self.desk.next_deadline(),
        };
        own.into_iter().chain(self.lanes.next_retry()).min()
    }

    /// Whether no input waits, no effect is under way, and the store has all that the desk has.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.inbox.is_empty()
            && self.waiting.is_empty()
            && self.done.is_empty()
            && self.undecided.is_none()
            && self.unfinished.is_empty()
            && self.lanes.is_empty()
    }

    /// Waits until there is something to deliver. Effects that are under way go on while this is polled.
    ///
    /// Where a store has failed, nothing is there to deliver but what came in, until the next deadline.
    ///
    /// # Cancellation
    /// Dropping the future loses nothing.
    pub async fn ready(&mut self) {
        poll_fn(|context| {
            if self.waiting.is_empty()
                && let Poll::Ready(job) = self.inbox.poll_take(context)
            {
                self.waiting.push(job);
            }
            self.lanes.poll_into(&mut self.done, context);
            let may_ask = self.pause.until().is_none();
            if !self.waiting.is_empty() || (may_ask && self.has_unsaid()) {
                Poll::Ready(())
            } else {
                Poll::Pending
            }
        })
        .await;
    }

    /// Whether there is something to tell the desk or the store, though nothing came in.
    fn has_unsaid(&self) -> bool {
        !self.done.is_empty() || !self.unfinished.is_empty() || self.undecided.is_some()
    }

    /// Takes in what waits, commits it, answers for it, and starts the effects that rest on it. Effects that are done
    /// at once are taken in too; the others go on in [`ContactCenter::ready`], as does what is left when 64
    /// transactions were made.
    ///
    /// # Cancellation
    /// Dropping the future loses nothing: what it did until then stands in what the next call gives. A commit that
    /// was under way counts as one that failed, and the next call looks for it in the store; whoever waits for it is
    /// answered then.
    pub async fn deliver(&mut self, now: Timestamp) -> Delivered {
        self.pause.pass(now);
        for _ in 0..ROUNDS_MAX {
            if !self.deliver_once(now).await {
                break;
            }
        }
        std::mem::take(&mut self.delivered)
    }

    /// Makes one transaction of what waits. Says whether to look for more.
    async fn deliver_once(&mut self, now: Timestamp) -> bool {
        while self.waiting.len() < BATCH_MAX
            && let Some(job) = self.inbox.take()
        {
            self.waiting.push(job);
        }
        let may_ask = self.pause.until().is_none() || !self.waiting.is_empty();
        if may_ask && let Err(code) = self.decide(now).await {
            self.give_up(code, now);
            return false;
        }
        self.take_up(now);
        self.lanes.start_retries(now);
        self.lanes.beside(&mut self.done, ready(())).await;
        self.put_off(now);
        let deadlines = [self.desk.next_deadline(), self.lanes.next_retry()];
        let due = deadlines.into_iter().flatten().any(|at| at <= now);
        if !may_ask || (self.waiting.is_empty() && self.done.is_empty() && !due) {
            return false;
        }

        let transaction = self.take_in(now);
        if transaction.batch.is_empty() {
            self.finish(transaction, now);
            return true;
        }
        // From here on the desk is ahead of the store, also when nobody polls this any further.
        let batch = &self.undecided.insert(transaction).batch;
        let commit = self.store.commit(self.desk.site(), batch);
        let committed = self.lanes.beside(&mut self.done, commit).await;
        let found = match (committed, self.undecided.take()) {
            (Ok(()), Some(transaction)) => {
                self.finish(transaction, now);
                Ok(true)
            }
            (Err(error), Some(mut transaction)) => {
                transaction.fail(&error);
                self.undecided = Some(transaction);
                self.decide(now).await
            }
            (_, None) => Ok(true),
        };
        match found {
            Ok(true) => self.pause.end(),
            Ok(false) => self.pause.lengthen(now),
            Err(code) => self.give_up(code, now),
        }
        found == Ok(true)
    }

    /// Gives the desk what waits.
    fn take_in(&mut self, now: Timestamp) -> Transaction {
        let portion = self.portions.next();
        let mut transaction = Transaction::after(self.desk.position(), portion);
        if portion != Portion::One {
            self.take_own(&mut transaction, now);
        }
        let jobs = match portion {
            Portion::All => self.waiting.len(),
            Portion::Own => 0,
            Portion::One => self.waiting.len().min(1),
        };
        for (place, job) in (0..).zip(self.waiting.drain(..jobs).collect::<Vec<_>>()) {
            match &job {
                Job::Inbound { inbounds, .. } => {
                    for inbound in inbounds {
                        self.take_inbound(inbound.clone(), now);
                        transaction.drain(&mut self.desk);
                    }
                }
                Job::Command { command, .. } => {
                    let (ticket, command) = (place, DeskCommand::clone(command));
                    self.desk
                        .handle_input(Input::Command { ticket, command }, now);
                    transaction.drain(&mut self.desk);
                }
            }
            transaction.jobs.push(job);
        }
        transaction
    }

    /// Gives the desk the time and what effects came to.
    fn take_own(&mut self, transaction: &mut Transaction, now: Timestamp) {
        self.desk.handle_input(Input::Tick, now);
        transaction.drain(&mut self.desk);
        for done in std::mem::take(&mut self.done) {
            if let EffectResult::SendFailed { code, .. } = &done.result {
                transaction.report_failed(done.effect.id.clone(), code);
            }
            let input = Input::EffectDone {
                id: done.effect.id.clone(),
                result: done.result.clone(),
            };
            self.desk.handle_input(input, now);
            transaction.drain(&mut self.desk);
            transaction.done.push(done);
        }
    }

    fn take_inbound(&mut self, inbound: Inbound, now: Timestamp) {
        let conversation = self.spare.take().unwrap_or_else(|| (self.mint)());
        let known = match (&mut self.knows, customer_of(&inbound)) {
            (Some(knows), Some(customer)) => knows(&customer),
            _ => Value::Null,
        };
        self.desk.handle_input(
            Input::Inbound {
                inbound,
                conversation: conversation.clone(),
                known,
            },
            now,
        );
        if self.desk.conversation(&conversation).is_none() {
            self.spare = Some(conversation);
        }
    }

    /// What is to be done once a transaction is committed.
    fn finish(&mut self, transaction: Transaction, now: Timestamp) {
        let (done, settled, effects, report) = transaction.accept();
        for done in &done {
            self.lanes.settle(&done.effect, now);
        }
        for id in settled {
            self.lanes.take_back(&id, now);
        }
        for effect in effects {
            self.start(effect, now);
        }
        self.delivered.append(report);
    }

    /// Where it is not known what the store did with a transaction: asks it, and makes the desk anew out of what it
    /// has. Says whether to go on: the transaction is in it, or its parts may be; the error is the code of why the store
    /// cannot be asked.
    async fn decide(&mut self, now: Timestamp) -> Result<bool, &'static str> {
        if self.undecided.is_none() {
            return Ok(true);
        }
        let load = self.store.load(self.desk.site());
        let stored = self.lanes.beside(&mut self.done, load).await;
        let stored = stored.map_err(|error| error.code())?;
        self.desk = (self.blank)()
            .and_then(|blank| {
                blank.restore(&stored.lines, &stored.states, &stored.effects, &stored.seen)
            })
            .map_err(|error| error.code())?;
        for channel in self.channels.values() {
            self.desk.fit_to(channel.name(), channel.capabilities());
        }
        self.unfinished = stored.effects.clone();
        let Some(mut transaction) = self.undecided.take() else {
            return Ok(true);
        };
        let goes_on = if transaction.is_in(&stored) {
            // Nobody has started its effects. One that is no longer there, another process has performed.
            transaction.batch.effects.retain(|effect| {
                let mut there = stored.effects.iter();
                there.any(|there| lanes::key(there) == lanes::key(effect))
            });
            self.finish(transaction, now);
            true
        } else {
            // As if the batch had not come, but for the results of effects: those did happen.
            self.done.append(&mut transaction.done);
            if transaction.is_refused() {
                self.take_apart(transaction)
            } else {
                self.fail(transaction);
                false
            }
        };
        self.take_up(now);
        Ok(goes_on)
    }

    /// Answers that the transaction came to nothing.
    fn fail(&mut self, mut transaction: Transaction) {
        let code = transaction.failure_code();
        transaction.refuse(code);
        self.delivered.store_failed = Some(code);
    }

    /// Nothing is known of the store: whoever waits is answered with a failure.
    fn give_up(&mut self, code: &'static str, now: Timestamp) {
        if let Some(transaction) = &mut self.undecided {
            transaction.refuse(code);
        }
        self.portions = Portions::All;
        for job in std::mem::take(&mut self.waiting) {
            job.refuse(code);
        }
        for _ in 0..INBOX_MAX {
            match self.inbox.take() {
                Some(job) => job.refuse(code),
                None => break,
            }
        }
        self.delivered.store_failed = Some(code);
        self.pause.lengthen(now);
    }

    /// Leaves in `done` what is done for good; the rest is tried again.
    fn put_off(&mut self, now: Timestamp) {
        for done in std::mem::take(&mut self.done) {
            match self.again_after(&done) {
                Some(span) => self.lanes.retry_at(&done.effect, now.plus(span)),
                None => self.done.push(done),
            }
        }
    }

    /// After which time an effect is tried again; `None` where it is done for good.
    fn again_after(&self, done: &Done) -> Option<Duration> {
        let EffectResult::SendFailed { retry, .. } = &done.result else {
            return None;
        };
        let span = match retry {
            Retry::Never => None,
            Retry::After(span) => Some(*span),
            // A platform that recognises the id delivers it once; any other might deliver it twice.
            Retry::Unknown => self.recognises(&done.effect).then_some(ASK_AGAIN),
        };
        span.filter(|_| done.tries < TRIES_MAX)
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
        if let EffectKind::Approve { approval } = effect.what {
            // Somebody answers it by a command.
            let asked = (effect.id, effect.conversation, approval);
            return self.delivered.approvals.push(asked);
        }
        let channel = self.channel_of(&effect).cloned();
        self.lanes.push(effect, channel, self.calls.clone(), now);
    }

    /// Takes up the effects that a store held and that are under way nowhere here: an earlier process may have
    /// performed them or not.
    fn take_up(&mut self, now: Timestamp) {
        for effect in std::mem::take(&mut self.unfinished) {
            let is_it = |done: &Done| lanes::key(&done.effect) == lanes::key(&effect);
            if self.lanes.holds(&effect) || self.done.iter().any(is_it) {
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

fn customer_of(inbound: &Inbound) -> Option<ChannelUser> {
    Some(ChannelUser::new(
        inbound.channel.clone(),
        inbound.account.clone()?,
        inbound.customer.clone()?,
    ))
}
