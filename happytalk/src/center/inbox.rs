//! What waits to be taken in: bounded, and one bound for everybody who puts something in.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use futures_channel::{mpsc, oneshot};
use futures_util::StreamExt;
use happytalk_core::Inbound;
use happytalk_core::channel::Verdict;

use crate::Error;
use crate::desk::DeskCommand;

/// What waits to be taken in, and who waits for the answer: they may have gone away meanwhile, and then nobody needs it.
pub(super) enum Job {
    Inbound {
        inbounds: Vec<Inbound>,
        taken: oneshot::Sender<Verdict>,
    },
    Command {
        command: Box<DeskCommand>,
        answer: oneshot::Sender<Result<(), Error>>,
    },
}

impl Job {
    /// Answers that it is committed, and what the desk said to it.
    pub(super) fn accept(self, result: Result<(), Error>) {
        match self {
            Self::Inbound { taken, .. } => drop(taken.send(Verdict::Accepted)),
            Self::Command { answer, .. } => drop(answer.send(result)),
        }
    }

    /// Answers that the store will never take it.
    pub(super) fn turn_away(self, code: &'static str) {
        match self {
            Self::Inbound { taken, .. } => drop(taken.send(Verdict::Refused)),
            Self::Command { answer, .. } => drop(answer.send(Err(Error::Store { code }))),
        }
    }

    /// Answers that the store did not take it this time.
    pub(super) fn refuse(self, code: &'static str) {
        match self {
            Self::Inbound { taken, .. } => drop(taken.send(Verdict::Failed)),
            Self::Command { answer, .. } => drop(answer.send(Err(Error::Store { code }))),
        }
    }
}

/// One of the places of an inbox: free again once it is dropped.
struct Place(Arc<AtomicUsize>);

impl Place {
    fn take(taken: &Arc<AtomicUsize>, places_max: usize) -> Option<Self> {
        taken
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |taken| {
                (taken < places_max).then_some(taken + 1)
            })
            .ok()?;
        Some(Self(Arc::clone(taken)))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::AcqRel);
    }
}

/// Where jobs are put in, from any number of tasks.
#[derive(Clone)]
pub(super) struct Slot {
    jobs: mpsc::UnboundedSender<(Job, Place)>,
    taken: Arc<AtomicUsize>,
    jobs_max: usize,
}

impl Slot {
    /// Puts `job` in, or gives it back with why not: every place is taken, or nobody will ever look.
    pub(super) fn put(&self, job: Job) -> Result<(), Error> {
        // The channel has no bound of its own: that of `futures` grows with each clone of its sender.
        let place = Place::take(&self.taken, self.jobs_max).ok_or(Error::Full)?;
        self.jobs
            .unbounded_send((job, place))
            .map_err(|_| Error::Gone)
    }
}

/// Where jobs are taken out, by one task.
pub(super) struct Inbox {
    jobs: mpsc::UnboundedReceiver<(Job, Place)>,
    taken: Arc<AtomicUsize>,
}

impl fmt::Debug for Inbox {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Inbox({} jobs)", self.taken.load(Ordering::Acquire))
    }
}

impl Inbox {
    /// An inbox in which at most `jobs_max` jobs wait, whoever put them in.
    pub(super) fn new(jobs_max: usize) -> (Slot, Self) {
        let (sender, jobs) = mpsc::unbounded();
        let taken = Arc::new(AtomicUsize::new(0));
        let slot = Slot {
            jobs: sender,
            taken: Arc::clone(&taken),
            jobs_max,
        };
        (slot, Self { jobs, taken })
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.taken.load(Ordering::Acquire) == 0
    }

    /// The next job, if one is there.
    pub(super) fn take(&mut self) -> Option<Job> {
        self.jobs.try_recv().ok().map(|(job, _place)| job)
    }

    /// Waits for the next job.
    pub(super) fn poll_take(&mut self, context: &mut Context<'_>) -> Poll<Job> {
        match self.jobs.poll_next_unpin(context) {
            Poll::Ready(Some((job, _place))) => Poll::Ready(job),
            // The centre holds a slot itself, so that the channel never closes.
            Poll::Ready(None) | Poll::Pending => Poll::Pending,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn job() -> Job {
        let (taken, _) = oneshot::channel();
        Job::Inbound {
            inbounds: Vec::new(),
            taken,
        }
    }

    #[test]
    fn the_bound_is_one_for_all_slots_and_a_place_is_free_once_its_job_was_taken() {
        let (slot, mut inbox) = Inbox::new(2);
        let other = slot.clone();
        assert!(inbox.is_empty());
        assert_eq!(slot.put(job()), Ok(()));
        assert_eq!(other.put(job()), Ok(()));
        assert_eq!(slot.put(job()), Err(Error::Full));
        assert!(inbox.take().is_some());
        assert!(!inbox.is_empty());
        assert_eq!(other.put(job()), Ok(()));
        assert_eq!(other.put(job()), Err(Error::Full));
        drop(inbox);
        // What waited is dropped with it, and so are its places.
        assert_eq!(slot.put(job()), Err(Error::Gone));
    }
}
