//! One episode of a conversation while it is open: from its opening, or its reopening, to its close.
//!
//! Nothing is decided about figures here, since a message may still turn out to have failed: what matters of the
//! events is kept in order, and read off at the close (`settled`).

use happytalk_core::Timestamp;
use happytalk_core::event::{AssignedHow, BotEndedBy, EndedBy, ReturnCause};

use crate::fact::What;
use crate::label::{Label, Labels};
use crate::span::Span;

/// What matters of one event for waiting and talking.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Mark {
    /// The customer wrote.
    Customer { at: Timestamp, said: Said },
    /// A human agent wrote.
    Agent {
        at: Timestamp,
        agent: Label,
        said: Said,
    },
    /// An agent has it from here on.
    Owner {
        at: Timestamp,
        agent: Label,
        /// Since when the customer waits for this agent, where it came by a transfer.
        transfer_since: Option<Timestamp>,
    },
    /// Nobody has it from here on; its time is still that of who had it.
    Nobody { at: Timestamp },
    /// A message that did not arrive: never said.
    Failed,
}

/// What a message is known by: its id, a part of the episode's `ids`, and the number of its line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Said {
    from: u32,
    to: u32,
    seq: u64,
}

/// When an agent was asked for, and how many marks there were by then.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Requested {
    pub(crate) at: Timestamp,
    pub(crate) mark: usize,
    /// Whether an event said so; else it is the opening of a conversation without a bot.
    told: bool,
}

/// The first assignment.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FirstAssigned {
    pub(crate) at: Timestamp,
    pub(crate) agent: Label,
    /// The mark of it.
    pub(crate) mark: usize,
    /// Since when it waited in the queue; none where it never waited there.
    pub(crate) queued_at: Option<Timestamp>,
}

/// How the talk ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// `ended`.
    Talk {
        by: EndedBy,
        /// Whether what came after the last message was nobody's waiting.
        idle: bool,
    },
    /// `bot_ended`.
    Bot(BotEndedBy),
    /// A final `rejected`.
    Rejected,
}

/// Whether an episode goes on after an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    Open,
    Closed,
}

/// One episode while it is open.
#[derive(Debug, Clone)]
pub(crate) struct Episode {
    pub(crate) opened_at: Timestamp,
    pub(crate) opened_by_agent: bool,
    /// Whether it began by a reopening.
    pub(crate) reopened: bool,
    pub(crate) requested: Option<Requested>,
    pub(crate) first_assigned: Option<FirstAssigned>,
    /// Who has it now; nobody after a return to the queue.
    pub(crate) holder: Option<Label>,
    /// Whose its time is: the holder, and after a return to the queue still the one before.
    pub(crate) owner: Option<Label>,
    pub(crate) marks: Vec<Mark>,
    /// When the talk ended, and how.
    pub(crate) ended: Option<(Timestamp, Ending)>,
    /// When the profile bot kept it from the queue after the request, before the first assignment.
    pub(crate) profile: Vec<Span>,
    /// The last score the customer gave while it was open.
    pub(crate) rated: Option<(u8, u8)>,
    pub(crate) surveyed: bool,
    /// Whether an agent had it all along, out of after-work, and was never waited for.
    continued: bool,
    profile_since: Option<Timestamp>,
    transfer_asked: Option<Timestamp>,
    returned_since: Option<Timestamp>,
    /// The ids of its messages, one after the other.
    ids: String,
}

impl Default for Episode {
    fn default() -> Self {
        Self::bare(Timestamp::EPOCH)
    }
}

impl Episode {
    /// The first episode of a conversation.
    pub(crate) fn opened(at: Timestamp, by_agent: bool, bot: bool) -> Self {
        let told = false;
        Self {
            opened_by_agent: by_agent,
            requested: (!bot && !by_agent).then_some(Requested { at, mark: 0, told }),
            ..Self::bare(at)
        }
    }

    /// A later one. `owner` is the agent who had it all along, where it comes back out of after-work.
    pub(crate) fn reopened(at: Timestamp, owner: Option<Label>) -> Self {
        let mut episode = Self::bare(at);
        episode.reopened = true;
        episode.requested = Some(Requested {
            at,
            mark: 0,
            told: true,
        });
        if let Some(agent) = owner {
            episode.continued = true;
            episode.own(at, agent, None);
        }
        episode
    }

    /// Becomes `next`, in the room that this one needed.
    pub(crate) fn begin(&mut self, mut next: Self) {
        self.marks.clear();
        self.marks.append(&mut next.marks);
        self.profile.clear();
        self.ids.clear();
        next.marks = std::mem::take(&mut self.marks);
        next.profile = std::mem::take(&mut self.profile);
        next.ids = std::mem::take(&mut self.ids);
        *self = next;
    }

    const fn bare(opened_at: Timestamp) -> Self {
        Self {
            opened_at,
            opened_by_agent: false,
            reopened: false,
            requested: None,
            first_assigned: None,
            holder: None,
            owner: None,
            marks: Vec::new(),
            ended: None,
            profile: Vec::new(),
            rated: None,
            surveyed: false,
            continued: false,
            profile_since: None,
            transfer_asked: None,
            returned_since: None,
            ids: String::new(),
        }
    }

    /// Takes an event of line `seq` of the conversation called `id`, at `at`, which is not before any other.
    pub(crate) fn apply(
        &mut self,
        what: &What<'_>,
        at: Timestamp,
        (id, seq): (&str, u64),
        labels: &mut Labels,
    ) -> Step {
        match what {
            // The first answer wins.
            What::Rated { score, scale } => self.rated = self.rated.or(Some((*score, *scale))),
            What::Surveyed => self.surveyed = true,
            What::MessageFailed { message } => self.fail(id, message),
            What::AfterWorkEnded | What::Reopened if self.ended.is_some() => return Step::Closed,
            // The talk is over; a message may still turn out to have failed until after-work is over too.
            _ if self.ended.is_some() => {}
            What::Rejected { is_final: true } => {
                self.requested = None;
                return self.close(at, Ending::Rejected);
            }
            What::Rejected { is_final: false } => {
                // As if nobody had been asked for yet.
                self.requested = None;
                self.first_assigned = None;
                self.continued = false;
                self.profile.clear();
            }
            What::BotEnded { by } => return self.close(at, Ending::Bot(*by)),
            What::CustomerSaid { message } => {
                let said = self.said(message.as_deref(), seq);
                self.marks.push(Mark::Customer { at, said });
            }
            What::AgentSaid { agent, message } => {
                let said = self.said(message.as_deref(), seq);
                let agent = labels.of(agent);
                self.marks.push(Mark::Agent { at, agent, said });
            }
            What::Requested { .. } => self.request(at),
            What::ProfileRequested { holds_queue: true } => {
                self.profile_since = self.profile_since.or(Some(at));
            }
            What::ProfileDone => self.end_profile(at),
            What::Assigned { agent, how } => self.assign(at, labels.of(agent), *how),
            What::Returned { cause, .. } => {
                let asked = self.transfer_asked.take();
                self.holder = None;
                self.marks.push(Mark::Nobody { at });
                self.returned_since =
                    (*cause == ReturnCause::Transfer).then(|| asked.unwrap_or(at));
            }
            What::TransferRequested => self.transfer_asked = Some(at),
            What::TransferEnded => self.transfer_asked = None,
            What::Transferred { to } => {
                let since = self.transfer_asked.unwrap_or(at);
                self.own(at, labels.of(to), Some(since));
            }
            What::Ended {
                by,
                after_work,
                idle,
            } => {
                let (by, idle) = (*by, *idle);
                let step = self.close(at, Ending::Talk { by, idle });
                return if *after_work { Step::Open } else { step };
            }
            What::Opened(_)
            | What::ProfileRequested { holds_queue: false }
            | What::CategoryChanged { .. }
            | What::AfterWorkEnded
            | What::Reopened
            | What::AgentSet { .. }
            | What::AgentStatus { .. }
            | What::AgentRemoved
            | What::HoursOverridden { .. }
            | What::Other => {}
        }
        Step::Open
    }

    fn close(&mut self, at: Timestamp, ending: Ending) -> Step {
        self.ended = Some((at, ending));
        Step::Closed
    }

    fn request(&mut self, at: Timestamp) {
        let told = self.requested.is_some_and(|requested| requested.told);
        if told || self.first_assigned.is_some() {
            return;
        }
        self.profile.clear();
        self.requested = Some(Requested {
            at,
            mark: self.marks.len(),
            told: true,
        });
    }

    fn end_profile(&mut self, at: Timestamp) {
        if let (Some(since), Some(requested)) = (self.profile_since, self.requested)
            && self.first_assigned.is_none()
        {
            self.profile.push(Span::new(since.max(requested.at), at));
        }
        self.profile_since = None;
    }

    fn assign(&mut self, at: Timestamp, agent: Label, how: AssignedHow) {
        self.end_profile(at);
        if self.first_assigned.is_none() && !self.continued {
            let waited = !self.opened_by_agent && how != AssignedHow::Opener;
            self.first_assigned = Some(FirstAssigned {
                at,
                agent,
                mark: self.marks.len(),
                queued_at: self
                    .requested
                    .filter(|_| waited)
                    .map(|requested| requested.at),
            });
        }
        let since = self.returned_since;
        self.own(at, agent, since);
    }

    fn own(&mut self, at: Timestamp, agent: Label, transfer_since: Option<Timestamp>) {
        self.holder = Some(agent);
        self.owner = Some(agent);
        self.transfer_asked = None;
        self.returned_since = None;
        self.marks.push(Mark::Owner {
            at,
            agent,
            transfer_since,
        });
    }

    fn said(&mut self, message: Option<&str>, seq: u64) -> Said {
        let place = |ids: &String| u32::try_from(ids.len()).unwrap_or(u32::MAX);
        let from = place(&self.ids);
        self.ids.push_str(message.unwrap_or_default());
        let to = place(&self.ids);
        Said { from, to, seq }
    }

    /// The message called `failed` was never said. One whose id was erased still has the id of its line.
    fn fail(&mut self, id: &str, failed: &str) {
        let line = failed
            .strip_prefix(id)
            .and_then(|rest| rest.strip_prefix('-'))
            .and_then(|seq| seq.parse::<u64>().ok());
        let ids = self.ids.as_str();
        let is_failed = |said: &Said| match ids.get(said.from as usize..said.to as usize) {
            None | Some("") => Some(said.seq) == line,
            Some(id) => id == failed,
        };
        let mark = self.marks.iter_mut().rev().find(|mark| match mark {
            Mark::Customer { said, .. } | Mark::Agent { said, .. } => is_failed(said),
            Mark::Owner { .. } | Mark::Nobody { .. } | Mark::Failed => false,
        });
        if let Some(mark) = mark {
            *mark = Mark::Failed;
        }
    }
}
