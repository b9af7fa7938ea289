//! What a closed episode comes to: its instants (DOMAIN 6.2) and the stretches of time its figures are made of.

use happytalk_core::Timestamp;
use happytalk_core::event::{BotEndedBy, EndedBy};

use crate::episode::{Ending, Episode, FirstAssigned, Mark};
use crate::label::Label;
use crate::span::Span;

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
    pub(crate) span: Span,
    pub(crate) waits: Waits,
    pub(crate) agent: Label,
}

/// A stretch and whose it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Owned {
    pub(crate) span: Span,
    pub(crate) agent: Label,
}

/// The time in the queue, without what the profile bot held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Queue {
    pub(crate) whole: Owned,
    pub(crate) held: Vec<Span>,
}

/// What became of a request for an agent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// A human agent answered.
    Answered,
    /// The customer or the channel ended it before any answer, this long after the request.
    Abandoned { waited: Span },
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
    /// At least one, in order, without gaps; together they are the talk.
    pub(crate) intervals: Vec<Interval>,
    pub(crate) after_work: Owned,
    pub(crate) idle_tail: Owned,
}

/// A closed episode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Settled {
    pub(crate) opened_at: Timestamp,
    pub(crate) requested_at: Option<Timestamp>,
    /// The first assignment, and to whom.
    pub(crate) assigned: Option<(Timestamp, Label)>,
    pub(crate) last_said_at: Option<Timestamp>,
    pub(crate) ended_at: Timestamp,
    pub(crate) closed_at: Timestamp,
    pub(crate) ended_by: &'static str,
    pub(crate) reopened: bool,
    pub(crate) queue: Option<Queue>,
    /// Whose the outcome is (`(none)` where nobody had it), where an agent was asked for.
    pub(crate) outcome: Option<(Outcome, Label)>,
    pub(crate) talk: Option<Talk>,
    /// One for each transfer after which the agent who then had it wrote.
    pub(crate) transfers: Vec<Owned>,
    /// Who had it last; `(none)` where nobody ever had.
    pub(crate) last_agent: Label,
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
        let (ended_by, idle) = match ending {
            Ending::Talk { by, idle } => (by.as_str(), idle),
            Ending::Bot(by) => (by.as_str(), false),
            Ending::Rejected => return None,
        };
        let request = request(episode);
        if request.is_none() && episode.first_assigned.is_none() {
            return None;
        }
        let answer = request
            .map(|(_, mark)| mark)
            .or_else(|| taken_over(episode))
            .and_then(|mark| answer_after(&episode.marks, mark));
        let requested_at = request.map(|(at, _)| at);
        let last_said_at = last_said(&episode.marks);
        let last_agent = episode
            .owner
            .or(answer.map(|answer| answer.agent))
            .unwrap_or(Label::NONE);
        let talk = answer.map(|answer| {
            let over_at = if idle {
                last_said_at.unwrap_or(answer.at).max(answer.at)
            } else {
                ended_at
            };
            let since = |since: Timestamp, agent: Label| Owned {
                span: Span::new(since, answer.at),
                agent,
            };
            Talk {
                first_response: since(episode.opened_at, answer.agent),
                from_request: requested_at.map(|at| since(at, answer.agent)),
                // Who was given it first is asked how long that took, whoever answered.
                from_assignment: episode
                    .first_assigned
                    .filter(|first| first.mark <= answer.mark)
                    .map(|first| since(first.at, first.agent)),
                intervals: intervals(&episode.marks, answer, over_at),
                after_work: Owned {
                    span: Span::new(ended_at, closed_at),
                    agent: last_agent,
                },
                idle_tail: Owned {
                    span: Span::new(over_at, ended_at),
                    agent: last_agent,
                },
            }
        });
        let outcome = requested_at.map(|requested_at| {
            if answer.is_some() {
                return (Outcome::Answered, last_agent);
            }
            let outcome = match ending {
                Ending::Talk {
                    by: EndedBy::Customer | EndedBy::Channel,
                    ..
                }
                | Ending::Bot(BotEndedBy::Customer | BotEndedBy::Channel) => Outcome::Abandoned {
                    waited: Span::new(requested_at, ended_at),
                },
                Ending::Talk {
                    by: EndedBy::Auto, ..
                }
                | Ending::Bot(BotEndedBy::Idle) => Outcome::Missed,
                Ending::Talk { .. } | Ending::Bot(_) | Ending::Rejected => Outcome::Dismissed,
            };
            (outcome, episode.holder.unwrap_or(Label::NONE))
        });
        Some(Self {
            opened_at: episode.opened_at,
            requested_at,
            assigned: episode.first_assigned.map(|first| (first.at, first.agent)),
            last_said_at,
            ended_at,
            closed_at,
            ended_by,
            reopened: episode.reopened,
            queue: episode
                .first_assigned
                .and_then(|first| queue(&first, episode)),
            outcome,
            talk,
            transfers: transfers(&episode.marks),
            last_agent,
        })
    }
}

fn queue(first: &FirstAssigned, episode: &Episode) -> Option<Queue> {
    let queued_at = first.queued_at?;
    Some(Queue {
        whole: Owned {
            span: Span::new(queued_at, first.at),
            agent: first.agent,
        },
        held: episode.profile.clone(),
    })
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
            Mark::Agent { .. } | Mark::Owner { .. } | Mark::Nobody { .. } | Mark::Failed => None,
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
            Mark::Customer { .. } | Mark::Owner { .. } | Mark::Nobody { .. } | Mark::Failed => None,
        })
}

fn last_said(marks: &[Mark]) -> Option<Timestamp> {
    marks.iter().rev().find_map(|what| match what {
        Mark::Customer { at, .. } | Mark::Agent { at, .. } => Some(*at),
        Mark::Owner { .. } | Mark::Nobody { .. } | Mark::Failed => None,
    })
}

/// The talk from the first answer to `over_at`, cut where the turn or the agent changes.
fn intervals(marks: &[Mark], answer: Answer, over_at: Timestamp) -> Vec<Interval> {
    let first_owner = marks
        .iter()
        .take(answer.mark)
        .rev()
        .find_map(|what| match what {
            Mark::Owner { agent, .. } => Some(*agent),
            Mark::Customer { .. } | Mark::Agent { .. } | Mark::Nobody { .. } | Mark::Failed => None,
        })
        .unwrap_or(answer.agent);
    let mut parts = Vec::with_capacity(marks.len() - answer.mark);
    let (mut from, mut waits, mut agent) = (answer.at, Waits::Agent, first_owner);
    for what in marks.iter().skip(answer.mark + 1) {
        let (at, next_waits, next_agent) = match what {
            Mark::Customer { at, .. } => (*at, Waits::Customer, agent),
            Mark::Agent { at, .. } => (*at, Waits::Agent, agent),
            Mark::Owner { at, agent, .. } => (*at, waits, *agent),
            Mark::Nobody { .. } | Mark::Failed => continue,
        };
        // Only a change matters: a burst is one turn.
        if next_waits == waits && next_agent == agent {
            continue;
        }
        let at = at.min(over_at).max(from);
        push_part(&mut parts, Span::new(from, at), waits, agent);
        (from, waits, agent) = (at, next_waits, next_agent);
    }
    push_part(&mut parts, Span::new(from, over_at), waits, agent);
    if parts.is_empty() {
        parts.push(Interval {
            span: Span::new(answer.at, answer.at),
            waits: Waits::Agent,
            agent: first_owner,
        });
    }
    parts
}

fn push_part(parts: &mut Vec<Interval>, span: Span, waits: Waits, agent: Label) {
    if span.millis() > 0 {
        parts.push(Interval { span, waits, agent });
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
                        span: Span::new(since, *at),
                        agent: *agent,
                    });
                }
            }
            Mark::Customer { .. } | Mark::Nobody { .. } | Mark::Failed => {}
        }
    }
    waits
}

/// Who handled it and when: each agent from the assignment until it was moved on, given back or closed, after-work
/// included.
pub(crate) fn handling(marks: &[Mark], closed_at: Timestamp) -> Vec<Owned> {
    let mut spans = Vec::new();
    let mut held: Option<(Timestamp, Label)> = None;
    for what in marks {
        let (at, next) = match what {
            Mark::Owner { at, agent, .. } => (*at, Some(*agent)),
            Mark::Nobody { at } => (*at, None),
            Mark::Customer { .. } | Mark::Agent { .. } | Mark::Failed => continue,
        };
        spans.extend(held.map(|(from, agent)| Owned {
            span: Span::new(from, at),
            agent,
        }));
        held = next.map(|agent| (at, agent));
    }
    spans.extend(held.map(|(from, agent)| Owned {
        span: Span::new(from, closed_at),
        agent,
    }));
    spans
}

/// The transfers that came to somebody: from whom, and to whom.
pub(crate) fn moves(marks: &[Mark]) -> Vec<(Label, Label)> {
    let mut moves = Vec::new();
    let mut last = None;
    for what in marks {
        if let Mark::Owner {
            agent,
            transfer_since,
            ..
        } = what
        {
            if let (Some(from), Some(_)) = (last, transfer_since) {
                moves.push((from, *agent));
            }
            last = Some(*agent);
        }
    }
    moves
}
