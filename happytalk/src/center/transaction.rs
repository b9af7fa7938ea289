//! What the desk has taken and the store may not have.

use std::collections::BTreeMap;

use futures_channel::oneshot;
use happytalk_core::channel::Verdict;
use happytalk_core::effect::{Effect, EffectKind};
use happytalk_core::id::EffectId;
use happytalk_core::store::{Batch, StoreError, StoreErrorKind, Stored};

use super::Delivered;
use super::lanes::Done;
use crate::Error;
use crate::desk::{Desk, Output};

/// Who waits for what became of a command, and what the desk said to it.
struct Asked {
    answer: oneshot::Sender<Result<(), Error>>,
    result: Result<(), Error>,
}

/// One batch, from when the desk takes its first input until it is known what the store did with it.
pub(super) struct Transaction {
    pub(super) batch: Batch,
    /// The results of effects that are in it.
    pub(super) done: Vec<Done>,
    taken: Vec<oneshot::Sender<Verdict>>,
    asked: BTreeMap<u64, Asked>,
    report: Delivered,
    /// How the store failed to say that it took the batch.
    failure: StoreErrorKind,
}

impl Transaction {
    /// A transaction after the first `after` lines.
    pub(super) fn after(after: u64) -> Self {
        Self {
            batch: Batch::after(after),
            done: Vec::new(),
            taken: Vec::new(),
            asked: BTreeMap::new(),
            report: Delivered::default(),
            // So it is when nobody waited for what the store says.
            failure: StoreErrorKind::Unavailable,
        }
    }

    /// Somebody waits for what becomes of a webhook.
    pub(super) fn answer_webhook(&mut self, taken: oneshot::Sender<Verdict>) {
        self.taken.push(taken);
    }

    /// Somebody waits for what becomes of a command. Gives the ticket to give it with.
    pub(super) fn answer_command(&mut self, answer: oneshot::Sender<Result<(), Error>>) -> u64 {
        let ticket = self.asked.last_key_value().map_or(0, |(last, _)| last + 1);
        let result = Ok(());
        self.asked.insert(ticket, Asked { answer, result });
        ticket
    }

    /// An effect failed for good.
    pub(super) fn report_failed(&mut self, id: EffectId, code: &'static str) {
        self.report.failed.push((id, code));
    }

    /// Takes all that `desk` puts out.
    pub(super) fn drain(&mut self, desk: &mut Desk) {
        while let Some(output) = desk.poll_output() {
            self.take(output);
        }
    }

    fn take(&mut self, output: Output) {
        match output {
            Output::Line(line) => self.batch.lines.push(line),
            Output::State {
                conversation,
                bytes,
            } => {
                self.batch.states.retain(|(id, _)| *id != conversation);
                self.batch.states.push((conversation, bytes));
            }
            Output::Seen(key) => self.batch.seen.push(key),
            Output::Settled(id) => self.batch.settled.push(id),
            Output::Effect(Effect {
                conversation,
                what: EffectKind::Notify { agent, notice },
                ..
            }) => self.report.notices.push((agent, conversation, notice)),
            Output::Effect(effect) => self.batch.effects.push(effect),
            Output::Answer { ticket, result } => {
                if let Some(asked) = self.asked.get_mut(&ticket) {
                    asked.result = result;
                }
            }
            Output::Explained { conversation, why } => {
                self.report.explanations.push((conversation, why));
            }
            Output::Told(inbound) => self.report.told.push(*inbound),
            Output::Consented(consent) => self.report.consents.push(*consent),
            Output::LedgerNotice(notice) => self.report.ledger_notices.push(notice),
            Output::TopUpWanted(request) => self.report.top_ups_wanted.push(request),
            Output::PassedOver { code } => self.report.passed_over.push(code),
        }
    }

    /// The store did not say that it took the batch.
    pub(super) const fn fail(&mut self, error: &StoreError) {
        self.failure = error.kind;
    }

    /// Whether `stored`, which was read later, holds this batch.
    ///
    /// Lines are told by their place, instant and type: what they say may come back sealed.
    pub(super) fn is_in(&self, stored: &Stored) -> bool {
        let batch = &self.batch;
        if self.failure == StoreErrorKind::Conflict {
            return false;
        }
        if batch.lines.is_empty() {
            // Nothing but what can be told by what it left behind.
            let holds = |id: &EffectId| stored.effects.iter().any(|effect| effect.id == *id);
            return batch.effects.iter().all(|effect| holds(&effect.id))
                && !batch.settled.iter().any(holds)
                && batch.seen.iter().all(|key| stored.seen.contains(key))
                && batch.states.iter().all(|(conversation, bytes)| {
                    let state = stored.states.iter().find(|(id, _)| id == conversation);
                    state.map(|(_, state)| state) == bytes.as_ref()
                });
        }
        let written = usize::try_from(batch.after)
            .ok()
            .and_then(|after| stored.lines.get(after..)?.get(..batch.lines.len()));
        written.is_some_and(|written| {
            written.iter().zip(&batch.lines).all(|(there, here)| {
                (&there.stream, there.seq, there.at) == (&here.stream, here.seq, here.at)
                    && there.event.kind() == here.event.kind()
            })
        })
    }

    /// Answers everybody that it is committed. What is left is what to do about it: the results that are in it, the effects
    /// that the desk takes back, and those it asks for.
    pub(super) fn accept(self) -> (Vec<Done>, Vec<EffectId>, Vec<Effect>, Delivered) {
        // Whoever asked may have gone away meanwhile; then nobody needs the answer.
        for taken in self.taken {
            let _ = taken.send(Verdict::Accepted);
        }
        for asked in self.asked.into_values() {
            let _ = asked.answer.send(asked.result);
        }
        let mut report = self.report;
        report.lines = self.batch.lines;
        let is_done = |id: &EffectId| self.done.iter().any(|done| done.effect.id == *id);
        let mut settled = self.batch.settled;
        settled.retain(|id| !is_done(id));
        (self.done, settled, self.batch.effects, report)
    }

    /// Answers everybody who still waits that it failed, and gives the code they were told.
    pub(super) fn refuse(&mut self) -> &'static str {
        let code = StoreError::new(self.failure).code();
        for taken in self.taken.drain(..) {
            let _ = taken.send(Verdict::Failed);
        }
        for asked in std::mem::take(&mut self.asked).into_values() {
            let _ = asked.answer.send(Err(Error::Store { code }));
        }
        code
    }
}
