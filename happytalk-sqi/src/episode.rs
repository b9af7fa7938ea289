//! One episode of a conversation while it is open: from its opening, or its reopening, to its close.
//!
//! Nothing is decided about figures here, since a message may still turn out to have failed: what matters of the
//! events is kept in order, and read off at the close (`settled`).

use happytalk_core::event::{
    AssignedHow, ChannelEnd, EndRule, EndedBy, Event, OpenedBy, ReturnCause,
};
use happytalk_core::id::MessageId;
use happytalk_core::{Message, Sealable, Timestamp};
use serde::Deserialize;

use crate::label::{Label, Labels};

/// What matters of one event for waiting and talking.
#[derive(Debug, Clone)]
pub(crate) enum Mark {
    /// The customer wrote.
    Customer {
        at: Timestamp,
        message: Option<MessageId>,
    },
    /// A human agent wrote.
    Agent {
        at: Timestamp,
        agent: Label,
        message: Option<MessageId>,
    },
    /// An agent has it from here on.
    Owner {
        at: Timestamp,
        agent: Label,
        /// Since when the customer waits for this agent, where it came by a transfer.
        transfer_since: Option<Timestamp>,
    },
    /// A message that did not arrive: never said.
    Failed,
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
    /// How long it waited in the queue, the profile bot's time taken off; none where it never waited there.
    pub(crate) queue_ms: Option<u64>,
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
    Bot(&'static str),
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
    pub(crate) requested: Option<Requested>,
    pub(crate) first_assigned: Option<FirstAssigned>,
    /// Who has it now; nobody after a return to the queue.
    pub(crate) holder: Option<Label>,
    /// Whose its time is: the holder, and after a return to the queue still the one before.
    pub(crate) owner: Option<Label>,
    pub(crate) marks: Vec<Mark>,
    /// When the talk ended, and how.
    pub(crate) ended: Option<(Timestamp, Ending)>,
    /// Whether an agent had it all along, out of after-work, and was never waited for.
    continued: bool,
    profile_since: Option<Timestamp>,
    profile_ms: u64,
    transfer_asked: Option<Timestamp>,
    returned_since: Option<Timestamp>,
}

/// Whole milliseconds from `from` to `to`; zero when it is not after.
pub(crate) fn span(from: Timestamp, to: Timestamp) -> u64 {
    u64::try_from(to.as_millis() - from.as_millis()).unwrap_or(0)
}

impl Episode {
    /// The first episode of a conversation.
    pub(crate) fn opened(at: Timestamp, by: OpenedBy, bot: bool) -> Self {
        let opened_by_agent = by == OpenedBy::Agent;
        let told = false;
        Self {
            opened_by_agent,
            requested: (!bot && !opened_by_agent).then_some(Requested { at, mark: 0, told }),
            ..Self::bare(at)
        }
    }

    /// A later one. `owner` is the agent who had it all along, where it comes back out of after-work.
    pub(crate) fn reopened(at: Timestamp, owner: Option<Label>) -> Self {
        let mut episode = Self::bare(at);
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

    const fn bare(opened_at: Timestamp) -> Self {
        Self {
            opened_at,
            opened_by_agent: false,
            requested: None,
            first_assigned: None,
            holder: None,
            owner: None,
            marks: Vec::new(),
            ended: None,
            continued: false,
            profile_since: None,
            profile_ms: 0,
            transfer_asked: None,
            returned_since: None,
        }
    }

    /// Takes an event that happened at `at`, which is not before any other.
    pub(crate) fn apply(&mut self, event: &Event, at: Timestamp, labels: &mut Labels) -> Step {
        if self.ended.is_some() {
            return self.apply_in_after_work(event);
        }
        match event {
            Event::Rejected { is_final: true, .. } => {
                self.requested = None;
                return self.close(at, Ending::Rejected);
            }
            Event::Rejected {
                is_final: false, ..
            } => {
                // As if nobody had been asked for yet.
                self.requested = None;
                self.first_assigned = None;
                self.continued = false;
                self.profile_ms = 0;
            }
            Event::BotEnded { by } => return self.close(at, Ending::Bot(by.as_str())),
            Event::CustomerSaid { message } => self.marks.push(Mark::Customer {
                at,
                message: id_of(message),
            }),
            Event::AgentSaid { agent, message } => self.marks.push(Mark::Agent {
                at,
                agent: labels.of(agent.as_str()),
                message: id_of(message),
            }),
            Event::MessageFailed { message, .. } => self.fail(message),
            Event::AgentRequested { .. } => self.request(at),
            Event::ProfileRequested {
                holds_queue: true, ..
            } => self.profile_since = self.profile_since.or(Some(at)),
            Event::ProfileCompleted { .. } | Event::ProfileSkipped { .. } => self.end_profile(at),
            Event::Assigned { agent, how, .. } => self.assign(at, labels.of(agent.as_str()), *how),
            Event::ReturnedToQueue { cause, .. } => {
                let asked = self.transfer_asked.take();
                self.holder = None;
                self.returned_since =
                    (*cause == ReturnCause::Transfer).then(|| asked.unwrap_or(at));
            }
            Event::TransferRequested { .. } => self.transfer_asked = Some(at),
            Event::TransferEnded { .. } => self.transfer_asked = None,
            Event::Transferred { to, .. } => {
                let since = self.transfer_asked.unwrap_or(at);
                self.own(at, labels.of(to.as_str()), Some(since));
            }
            Event::Ended {
                by,
                after_work,
                rule,
                cause,
            } => {
                let idle = *rule == Some(EndRule::CustomerSilent)
                    || matches!(cause, Some(ChannelEnd::Expired | ChannelEnd::Unknown));
                let step = self.close(at, Ending::Talk { by: *by, idle });
                return if *after_work { Step::Open } else { step };
            }
            // Changes neither waiting nor talking, or is of a kind that came after this was written.
            _ => {}
        }
        Step::Open
    }

    /// The talk is over; a message may still turn out to have failed until after-work is over too.
    fn apply_in_after_work(&mut self, event: &Event) -> Step {
        match event {
            Event::MessageFailed { message, .. } => {
                self.fail(message);
                Step::Open
            }
            Event::AfterWorkEnded { .. } | Event::Reopened { .. } => Step::Closed,
            _ => Step::Open,
        }
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
        self.profile_ms = 0;
        self.requested = Some(Requested {
            at,
            mark: self.marks.len(),
            told: true,
        });
    }

    fn end_profile(&mut self, at: Timestamp) {
        if let (Some(since), Some(requested)) = (self.profile_since, self.requested) {
            self.profile_ms += span(since.max(requested.at), at);
        }
        self.profile_since = None;
    }

    fn assign(&mut self, at: Timestamp, agent: Label, how: AssignedHow) {
        self.end_profile(at);
        if self.first_assigned.is_none() && !self.continued {
            let waited = !self.opened_by_agent && how != AssignedHow::Opener;
            let queue_ms = self
                .requested
                .filter(|_| waited)
                .map(|requested| span(requested.at, at).saturating_sub(self.profile_ms));
            self.first_assigned = Some(FirstAssigned {
                at,
                agent,
                mark: self.marks.len(),
                queue_ms,
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

    fn fail(&mut self, failed: &MessageId) {
        let said = self.marks.iter_mut().rev().find(|mark| match mark {
            Mark::Customer { message, .. } | Mark::Agent { message, .. } => {
                message.as_ref() == Some(failed)
            }
            Mark::Owner { .. } | Mark::Failed => false,
        });
        if let Some(mark) = said {
            *mark = Mark::Failed;
        }
    }
}

/// The id of a message; of a closed one too, where its JSON still shows it.
fn id_of(message: &Sealable<Message>) -> Option<MessageId> {
    #[derive(Deserialize)]
    struct Shown {
        id: Option<MessageId>,
    }
    match message {
        Sealable::Open(message) => Some(message.id.clone()),
        Sealable::Closed(closed) => serde_json::from_str::<Shown>(closed.as_json())
            .ok()
            .and_then(|shown| shown.id),
    }
}
