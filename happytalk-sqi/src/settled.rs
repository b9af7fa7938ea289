//! What a closed episode comes to: its instants (DOMAIN 6.2) and the intervals its figures are made of.

use happytalk_core::Timestamp;
use happytalk_core::event::EndedBy;

use crate::episode::{Ending, Episode, Mark, span};
use crate::label::Label;

/// Who waits for whom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Waits {
    /// The agent for the customer.
    Agent,
    /// The customer for the agent.
    Customer,
}

/// A part of the talk in which one side waits and one agent has it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Interval {
    pub(crate) millis: u64,
    pub(crate) waits: Waits,
    pub(crate) agent: Label,
}

/// A time and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owned {
    pub(crate) millis: u64,
    pub(crate) agent: Label,
}

/// What became of a request for an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A human agent answered.
    Answered,
    /// The customer or the channel ended it before any answer, this long after the request.
    Abandoned { millis: u64 },
    /// A rule ended it before any answer.
    Missed,
    /// An agent or a manager ended it without an answer.
    Dismissed,
}

/// The talk, from the first answer on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Talk {
    pub(crate) first_response: Owned,
    pub(crate) from_request: Option<Owned>,
    pub(crate) from_assignment: Option<Owned>,
    /// At least one, in order; together they are the talk.
    pub(crate) intervals: Vec<Interval>,
    pub(crate) after_work: Owned,
    pub(crate) idle_tail: Owned,
}

/// A closed episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) opened_at: Timestamp,
    pub(crate) requested_at: Option<Timestamp>,
    pub(crate) closed_at: Timestamp,
    pub(crate) ended_by: &'static str,
    pub(crate) queue: Option<Owned>,
    /// Whose the outcome is (`(none)` where nobody had it), where an agent was asked for.
    pub(crate) outcome: Option<(Outcome, Label)>,
    pub(crate) talk: Option<Talk>,
    /// One for each transfer after which the agent who then had it wrote.
    pub(crate) transfers: Vec<Owned>,
}

/// The first answer: its mark, instant and agent.
#[derive(Debug, Clone, Copy)]
struct Answer {
    mark: usize,
    at: Timestamp,
    agent: Label,
}

impl Settled {
    /// What `episode` comes to that closed at `closed_at`; `None` where it was never with people.
    pub(crate) fn of(episode: &Episode, closed_at: Timestamp) -> Option<Self> {
        let (ended_at, ending) = episode.ended?;
        let (ended_by, ended, idle) = match ending {
            Ending::Talk { by, idle } => (by.as_str(), Some(by), idle),
            Ending::Bot(by) => (by, None, false),
            Ending::Rejected => return None,
        };
        let request = request(episode);
        let answer = request
            .map(|(_, mark)| mark)
            .or_else(|| taken_over(episode))
            .and_then(|mark| answer_after(&episode.marks, mark));
        if request.is_none() && episode.first_assigned.is_none() {
            return None;
        }
        let requested_at = request.map(|(at, _)| at);
        let talk = answer.map(|answer| {
            let over_at = if idle {
                last_said(&episode.marks).max(answer.at)
            } else {
                ended_at
            };
            let last = episode.owner.unwrap_or(answer.agent);
            let from = |since: Timestamp| Owned {
                millis: span(since, answer.at),
                agent: answer.agent,
            };
            Talk {
                first_response: from(episode.opened_at),
                from_request: requested_at.map(from),
                from_assignment: episode
                    .first_assigned
                    .filter(|first| first.mark <= answer.mark)
                    .map(|first| from(first.at)),
                intervals: intervals(&episode.marks, answer, over_at),
                after_work: Owned {
                    millis: span(ended_at, closed_at),
                    agent: last,
                },
                idle_tail: Owned {
                    millis: span(over_at, ended_at),
                    agent: last,
                },
            }
        });
        let outcome = requested_at.map(|requested_at| match (answer, ended) {
            (Some(answer), _) => (Outcome::Answered, episode.owner.unwrap_or(answer.agent)),
            (None, ended) => {
                let outcome = match ended {
                    Some(EndedBy::Customer | EndedBy::Channel) => Outcome::Abandoned {
                        millis: span(requested_at, ended_at),
                    },
                    Some(EndedBy::Auto) => Outcome::Missed,
                    Some(_) | None => Outcome::Dismissed,
                };
                (outcome, episode.holder.unwrap_or(Label::NONE))
            }
        });
        Some(Self {
            opened_at: episode.opened_at,
            requested_at,
            closed_at,
            ended_by,
            queue: episode.first_assigned.and_then(|first| {
                first.queue_ms.map(|millis| Owned {
                    millis,
                    agent: first.agent,
                })
            }),
            outcome,
            talk,
            transfers: transfers(&episode.marks),
        })
    }
}

/// When an agent was asked for, and before which mark. Where an agent opened the conversation, it is the
/// customer's first message.
fn request(episode: &Episode) -> Option<(Timestamp, usize)> {
    let told = episode
        .requested
        .map(|requested| (requested.at, requested.mark));
    if !episode.opened_by_agent {
        return told;
    }
    let said = episode
        .marks
        .iter()
        .enumerate()
        .find_map(|(mark, what)| match what {
            Mark::Customer { at, .. } => Some((*at, mark)),
            Mark::Agent { .. } | Mark::Owner { .. } | Mark::Failed => None,
        });
    match (told, said) {
        (Some(told), Some(said)) => Some(if said.1 < told.1 { said } else { told }),
        (told, said) => told.or(said),
    }
}

/// The mark from which people answer although nobody was asked for: an agent took it from the bot.
fn taken_over(episode: &Episode) -> Option<usize> {
    if episode.opened_by_agent {
        return None;
    }
    episode.first_assigned.map(|first| first.mark)
}

fn answer_after(marks: &[Mark], from: usize) -> Option<Answer> {
    marks
        .iter()
        .enumerate()
        .skip(from)
        .find_map(|(mark, what)| match what {
            Mark::Agent { at, agent, .. } => Some(Answer {
                mark,
                at: *at,
                agent: *agent,
            }),
            Mark::Customer { .. } | Mark::Owner { .. } | Mark::Failed => None,
        })
}

fn last_said(marks: &[Mark]) -> Timestamp {
    marks
        .iter()
        .rev()
        .find_map(|what| match what {
            Mark::Customer { at, .. } | Mark::Agent { at, .. } => Some(*at),
            Mark::Owner { .. } | Mark::Failed => None,
        })
        .unwrap_or(Timestamp::MIN)
}

/// The talk from the first answer to `over_at`, cut where the turn or the agent changes.
fn intervals(marks: &[Mark], answer: Answer, over_at: Timestamp) -> Vec<Interval> {
    let first_owner = marks
        .iter()
        .take(answer.mark)
        .rev()
        .find_map(|what| match what {
            Mark::Owner { agent, .. } => Some(*agent),
            Mark::Customer { .. } | Mark::Agent { .. } | Mark::Failed => None,
        })
        .unwrap_or(answer.agent);
    let mut parts = Vec::new();
    let (mut from, mut waits, mut agent) = (answer.at, Waits::Agent, first_owner);
    for what in marks.iter().skip(answer.mark + 1) {
        let (at, next_waits, next_agent) = match what {
            Mark::Customer { at, .. } => (*at, Waits::Customer, agent),
            Mark::Agent { at, .. } => (*at, Waits::Agent, agent),
            Mark::Owner { at, agent, .. } => (*at, waits, *agent),
            Mark::Failed => continue,
        };
        // Only a change matters: a burst is one turn.
        if next_waits == waits && next_agent == agent {
            continue;
        }
        let at = at.min(over_at);
        push_part(&mut parts, span(from, at), waits, agent);
        (from, waits, agent) = (from.max(at), next_waits, next_agent);
    }
    push_part(&mut parts, span(from, over_at), waits, agent);
    if parts.is_empty() {
        parts.push(Interval {
            millis: 0,
            waits: Waits::Agent,
            agent: first_owner,
        });
    }
    parts
}

fn push_part(parts: &mut Vec<Interval>, millis: u64, waits: Waits, agent: Label) {
    if millis > 0 {
        parts.push(Interval {
            millis,
            waits,
            agent,
        });
    }
}

/// How long the customer waited for the agent each transfer led to.
fn transfers(marks: &[Mark]) -> Vec<Owned> {
    let mut waits = Vec::new();
    let mut awaited: Option<(Timestamp, Label)> = None;
    for what in marks {
        match what {
            Mark::Owner {
                agent,
                transfer_since: Some(since),
                ..
            } => awaited = Some((*since, *agent)),
            // The agent it was given to let it go without a word: the same transfer still waits.
            Mark::Owner { agent, .. } => awaited = awaited.map(|(since, _)| (since, *agent)),
            Mark::Agent { at, agent, .. } => {
                if let Some((since, _)) = awaited.take_if(|(_, awaited)| awaited == agent) {
                    waits.push(Owned {
                        millis: span(since, *at),
                        agent: *agent,
                    });
                }
            }
            Mark::Customer { .. } | Mark::Failed => {}
        }
    }
    waits
}
