//! What the desk has taken and the store may not have.

use std::collections::BTreeMap;

use happytalk_core::effect::{Effect, EffectKind};
use happytalk_core::id::EffectId;
use happytalk_core::store::{Batch, StoreError, StoreErrorKind, Stored};

use super::Delivered;
use super::inbox::Job;
use super::lanes::Done;
use super::portion::Portion;
use crate::Error;
use crate::desk::{Desk, Output};

/// One batch, from when the desk takes its first input until it is known what the store did with it.
pub(super) struct Transaction {
    pub(super) batch: Batch,
    /// What it was made of.
    pub(super) portion: Portion,
    /// The results of effects that are in it.
    pub(super) done: Vec<Done>,
    /// What came in and is in it.
    pub(super) jobs: Vec<Job>,
    /// What the desk said to commands, by their places in `jobs`: nothing where it agreed.
    results: BTreeMap<u64, Result<(), Error>>,
    report: Delivered,
    /// How the store failed to say that it took the batch.
    failure: StoreErrorKind,
}

impl Transaction {
    /// A transaction after the first `after` lines.
    pub(super) fn after(after: u64, portion: Portion) -> Self {
        Self {
            batch: Batch::after(after),
            portion,
            done: Vec::new(),
            jobs: Vec::new(),
            results: BTreeMap::new(),
            report: Delivered::default(),
            // So it is when nobody waited for what the store says.
            failure: StoreErrorKind::Unavailable,
        }
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
                self.results.insert(ticket, result);
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

    /// The code of that failure.
    pub(super) fn failure_code(&self) -> &'static str {
        StoreError::new(self.failure).code()
    }

    /// Whether the store will never take it, for what it says.
    pub(super) fn is_refused(&self) -> bool {
        self.failure == StoreErrorKind::Refused
    }

    /// Whether `stored`, which was read later, holds this batch.
    ///
    /// Lines are told by their place, instant and type: what they say may come back sealed.
    pub(super) fn is_in(&self, stored: &Stored) -> bool {
        let batch = &self.batch;
        if self.failure != StoreErrorKind::Unavailable {
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
        let mut results = self.results;
        for (place, job) in (0..).zip(self.jobs) {
            job.accept(results.remove(&place).unwrap_or(Ok(())));
        }
        let mut report = self.report;
        report.lines = self.batch.lines;
        let is_done = |id: &EffectId| self.done.iter().any(|done| done.effect.id == *id);
        let mut settled = self.batch.settled;
        settled.retain(|id| !is_done(id));
        (self.done, settled, self.batch.effects, report)
    }

    /// Answers everybody who still waits that it failed this time.
    pub(super) fn refuse(&mut self, code: &'static str) {
        for job in self.jobs.drain(..) {
            job.refuse(code);
        }
    }
}
