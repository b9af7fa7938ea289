//! Why a figure of one conversation is what it is: the stretches of time behind it.

use std::io::BufRead;

use happytalk_core::Timestamp;
use happytalk_core::event::Event;
use happytalk_core::hours::Overrides;
use happytalk_core::id::ConversationId;
use serde::Serialize;

use crate::episode::{Ending, Episode, Step};
use crate::error::Error;
use crate::fact::{Fact, Place, What};
use crate::figures::Refusal;
use crate::label::{Label, Labels};
use crate::meter::Meter;
use crate::options::{Missed, Options};
use crate::reader::read_facts;
use crate::room::Room;
use crate::settled::{Outcome, Owned, Settled, Waits};
use crate::span::Span;

/// One conversation, an episode after the other, with what each figure of it is made of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Explanation {
    /// The conversation.
    pub conversation: String,
    /// Whether it has not reached its end: its last episode is in no figure yet.
    pub open: bool,
    /// Those that have reached their end.
    pub episodes: Vec<EpisodeExplanation>,
}

/// One episode: its instants, and its figures.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct EpisodeExplanation {
    /// When it was opened, or opened again.
    pub opened_at: Timestamp,
    /// When an agent was asked for.
    pub requested_at: Option<Timestamp>,
    /// When it was first assigned.
    pub assigned_at: Option<Timestamp>,
    /// When a human agent first answered.
    pub answered_at: Option<Timestamp>,
    /// When the talk was over: its end, or the last message where silence or the channel ended it.
    pub talk_ended_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Timestamp,
    /// When after-work was over, or it ended without.
    pub closed_at: Timestamp,
    /// Who ended it.
    pub ended_by: &'static str,
    /// What became of the request: `answered`, `abandoned`, `missed` (by a rule) or `dismissed` (by an agent or a
    /// manager); `None` without one.
    pub outcome: Option<&'static str>,
    /// Every figure it counts in.
    pub figures: Vec<FigureExplanation>,
    /// Every figure of the eight that it does not count in.
    pub without: Vec<Absence>,
}

/// One value of one figure.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct FigureExplanation {
    /// The figure, by its name in the report.
    pub figure: &'static str,
    /// Whose it is; `None` for a figure that is split among agents, whose parts say so, or that nobody had.
    pub agent: Option<String>,
    /// The value: its parts, those that are taken off taken off. For the rate of abandonment 1 or 0.
    pub value: u64,
    /// What it is made of, in order.
    pub parts: Vec<Part>,
}

/// A stretch of time in a value.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Part {
    /// Its beginning.
    pub from: Timestamp,
    /// Its end.
    pub to: Timestamp,
    /// How long it is, as the report measures: within working hours, where those were asked for.
    pub ms: u64,
    /// Whether it is taken off rather than added: what the profile bot held of the queue.
    pub off: bool,
    /// Whose it is.
    pub agent: Option<String>,
}

/// A figure that an episode is not in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Absence {
    /// The figure, by its name in the report.
    pub figure: &'static str,
    /// Why: `bot_only`, `rejected`, `not_requested`, `not_assigned`, `never_waited` (opened by an agent, or still with
    /// the agent of before), `not_answered`, `short_abandon`.
    pub why: &'static str,
}

const EIGHT: [&str; 8] = [
    "queue_time",
    "abandon_rate",
    "first_response",
    "agent_wait",
    "customer_wait",
    "talk_time",
    "after_work",
    "total_time",
];

/// Reads a log and explains the figures of one conversation under these options.
///
/// ```
/// let log = r#"{"conversation":"c","seq":1,"at":0,"type":"opened","channel":"webchat","account":"a","customer":"u","opened_by":"customer","bot":false}
/// {"conversation":"c","seq":2,"at":4000,"type":"assigned","agent":"kim","how":"auto"}
/// {"conversation":"c","seq":3,"at":9000,"type":"ended","by":"customer","after_work":false}"#;
/// let options = happytalk_sqi::Options::new();
/// let why = happytalk_sqi::explain(log.as_bytes(), &"c".parse()?, &options)?;
/// let queue = &why.episodes[0].figures[0];
/// assert_eq!((queue.figure, queue.value, queue.agent.as_deref()), ("queue_time", 4000, Some("kim")));
/// assert_eq!(why.episodes[0].without[0].why, "not_answered");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
/// As [`Figures::read`](crate::Figures::read), of the lines of this conversation alone where they do not follow on each
/// other; [`Error::UnknownConversation`] where the log has none of it.
pub fn explain(
    log: impl BufRead,
    conversation: &ConversationId,
    options: &Options,
) -> Result<Explanation, Error> {
    let mut teller = Teller {
        id: conversation.as_str(),
        options,
        labels: Labels::new(),
        switched: Overrides::none(),
        meter: Meter::new(options.business.as_ref()),
        room: Room::default(),
        seq: 0,
        last_at: Timestamp::MIN,
        episode: None,
        told: Vec::new(),
    };
    read_facts(log, |_| (), |fact| teller.take(fact), Refusal::of)?;
    if teller.seq == 0 {
        return Err(Error::UnknownConversation);
    }
    Ok(Explanation {
        conversation: conversation.as_str().to_owned(),
        open: teller.episode.is_some(),
        episodes: teller.told,
    })
}

impl Explanation {
    /// The JSON that `happytalk explain --format json` prints, on one line.
    #[must_use]
    pub fn to_json(&self) -> String {
        // Writing to memory does not fail.
        serde_json::to_string(self).unwrap_or_default()
    }
}

/// The engine of the figures, for one conversation.
struct Teller<'a> {
    id: &'a str,
    options: &'a Options,
    labels: Labels,
    switched: Overrides,
    meter: Meter,
    /// For its matter alone.
    room: Room,
    seq: u64,
    last_at: Timestamp,
    episode: Option<Episode>,
    told: Vec<EpisodeExplanation>,
}

impl Teller<'_> {
    fn take(&mut self, fact: &Fact<'_>) -> Result<(), Refusal> {
        match fact.place {
            Place::Conversation(id) if id == self.id => {}
            Place::Site(_) => {
                if let What::HoursOverridden { open, until } = fact.what {
                    let event = Event::HoursOverridden { open, until };
                    self.switched.apply(&event, fact.at);
                    self.meter.forget();
                }
                return Ok(());
            }
            Place::Conversation(_) | Place::Agent(_) => return Ok(()),
        }
        if fact.seq > 0 && fact.seq <= self.seq {
            return Ok(());
        }
        if fact.seq != self.seq + 1 {
            let expected = self.seq + 1;
            return Err(Refusal::Gap { expected });
        }
        if (self.seq == 0) != matches!(fact.what, What::Opened(_)) {
            return Err(Refusal::Opened);
        }
        self.seq = fact.seq;
        self.last_at = self.last_at.max(fact.at);
        self.step(fact);
        Ok(())
    }

    fn step(&mut self, fact: &Fact<'_>) {
        let at = self.last_at;
        self.room.hear(&fact.what, &[], &mut self.labels);
        if let What::Opened(opening) = &fact.what {
            self.room.open(fact, opening, &[], &mut self.labels);
            self.episode = Some(Episode::opened(at, opening.by_agent, opening.bot));
            return;
        }
        let mut owner = None;
        if let Some(mut episode) = self.episode.take() {
            let place = (self.id, fact.seq);
            if episode.apply(&fact.what, at, place, &mut self.labels) == Step::Open {
                self.episode = Some(episode);
                return;
            }
            owner = episode.owner;
            let told = self.tell(&episode, at);
            self.told.push(told);
        }
        if matches!(fact.what, What::Reopened) {
            self.episode = Some(Episode::reopened(at, owner));
        }
    }

    fn tell(&mut self, episode: &Episode, closed_at: Timestamp) -> EpisodeExplanation {
        match Settled::of(episode, closed_at) {
            Some(settled) => {
                self.meter.choose(self.room.matter(), &self.labels);
                self.tell_settled(&settled)
            }
            None => {
                let ended = episode.ended;
                let why = match ended {
                    Some((_, Ending::Rejected)) => "rejected",
                    _ => "bot_only",
                };
                EpisodeExplanation {
                    opened_at: episode.opened_at,
                    requested_at: None,
                    assigned_at: None,
                    answered_at: None,
                    talk_ended_at: None,
                    ended_at: ended.map_or(closed_at, |(at, _)| at),
                    closed_at,
                    ended_by: match ended {
                        Some((_, Ending::Bot(by))) => by.as_str(),
                        Some((_, Ending::Talk { by, .. })) => by.as_str(),
                        Some((_, Ending::Rejected)) | None => "rejected",
                    },
                    outcome: None,
                    figures: Vec::new(),
                    without: EIGHT.map(|figure| Absence { figure, why }).to_vec(),
                }
            }
        }
    }

    fn tell_settled(&mut self, settled: &Settled) -> EpisodeExplanation {
        let mut figures = Vec::new();
        if let Some(queue) = &settled.queue {
            let mut parts = vec![self.part(queue.whole)];
            parts.extend(queue.held.iter().map(|span| Part {
                off: true,
                ..self.part(Owned {
                    span: *span,
                    agent: Label::NONE,
                })
            }));
            figures.push(FigureExplanation {
                figure: "queue_time",
                agent: self.name(queue.whole.agent),
                value: value(&parts),
                parts,
            });
        }
        let mut is_short = false;
        if let Some((outcome, agent)) = settled.outcome {
            let waited = match outcome {
                Outcome::Abandoned { waited } => Some(waited),
                Outcome::Answered | Outcome::Missed | Outcome::Dismissed => None,
            };
            let short = self.options.short_abandon.as_millis();
            is_short = short > 0 && waited.is_some_and(|span| u128::from(span.millis()) <= short);
            if !is_short {
                let is_lost =
                    outcome == Outcome::Missed && self.options.missed == Missed::Abandoned;
                figures.push(FigureExplanation {
                    figure: "abandon_rate",
                    agent: self.name(agent),
                    value: u64::from(waited.is_some() || is_lost),
                    parts: Vec::new(),
                });
                figures
                    .extend(waited.map(|span| self.single("abandon_wait", Owned { span, agent })));
                if outcome == Outcome::Missed {
                    figures.push(FigureExplanation {
                        figure: "missed",
                        agent: self.name(agent),
                        value: 1,
                        parts: Vec::new(),
                    });
                }
            }
        }
        if let Some(talk) = &settled.talk {
            let of = |waits: Waits| {
                let parts = talk
                    .intervals
                    .iter()
                    .filter(move |part| part.waits == waits);
                parts.map(|part| (part.span, part.agent))
            };
            let all = || talk.intervals.iter().map(|part| (part.span, part.agent));
            let after_work = (talk.after_work.span, talk.after_work.agent);
            figures.push(self.single("first_response", talk.first_response));
            figures.push(self.split("agent_wait", of(Waits::Agent)));
            figures.push(self.split("customer_wait", of(Waits::Customer)));
            figures.push(self.split("talk_time", all()));
            figures.push(self.single("after_work", talk.after_work));
            figures.push(self.split("total_time", all().chain([after_work])));
            let from_request = talk.from_request;
            figures.extend(
                from_request.map(|owned| self.single("first_response_from_request", owned)),
            );
            let from_assignment = talk.from_assignment;
            figures.extend(
                from_assignment.map(|owned| self.single("first_response_from_assignment", owned)),
            );
            figures.push(self.single("idle_tail", talk.idle_tail));
        }
        for transfer in &settled.transfers {
            figures.push(self.single("transfer_wait", *transfer));
        }
        let without = EIGHT
            .iter()
            .filter(|name| !figures.iter().any(|told| told.figure == **name))
            .map(|figure| Absence {
                figure,
                why: why_not(figure, settled, is_short),
            })
            .collect();
        EpisodeExplanation {
            opened_at: settled.opened_at,
            requested_at: settled.requested_at,
            assigned_at: settled.assigned.map(|(at, _)| at),
            answered_at: settled
                .talk
                .as_ref()
                .map(|talk| talk.first_response.span.to),
            talk_ended_at: settled.talk.as_ref().map(|talk| talk.idle_tail.span.from),
            ended_at: settled.ended_at,
            closed_at: settled.closed_at,
            ended_by: settled.ended_by,
            outcome: settled.outcome.map(|(outcome, _)| match outcome {
                Outcome::Answered => "answered",
                Outcome::Abandoned { .. } => "abandoned",
                Outcome::Missed => "missed",
                Outcome::Dismissed => "dismissed",
            }),
            figures,
            without,
        }
    }

    fn name(&self, agent: Label) -> Option<String> {
        (agent != Label::NONE).then(|| self.labels.text(agent).to_owned())
    }

    fn part(&mut self, owned: Owned) -> Part {
        let Span { from, to } = owned.span;
        Part {
            from,
            to,
            ms: self.meter.millis(owned.span, &self.switched),
            off: false,
            agent: self.name(owned.agent),
        }
    }

    /// A value of one stretch.
    fn single(&mut self, figure: &'static str, owned: Owned) -> FigureExplanation {
        let part = self.part(owned);
        FigureExplanation {
            figure,
            agent: self.name(owned.agent),
            value: part.ms,
            parts: vec![part],
        }
    }

    /// A value of several, each its own agent's.
    fn split(
        &mut self,
        figure: &'static str,
        parts: impl Iterator<Item = (Span, Label)>,
    ) -> FigureExplanation {
        let parts: Vec<Part> = parts
            .map(|(span, agent)| self.part(Owned { span, agent }))
            .collect();
        FigureExplanation {
            figure,
            agent: None,
            value: value(&parts),
            parts,
        }
    }
}

/// What parts come to.
fn value(parts: &[Part]) -> u64 {
    let sum = |off: bool| {
        let parts = parts.iter().filter(|part| part.off == off);
        parts.map(|part| part.ms).sum::<u64>()
    };
    sum(false).saturating_sub(sum(true))
}

fn why_not(figure: &str, settled: &Settled, is_short: bool) -> &'static str {
    match figure {
        "queue_time" if settled.assigned.is_some() => "never_waited",
        "queue_time" if settled.talk.is_some() => "never_waited",
        "queue_time" => "not_assigned",
        "abandon_rate" if is_short => "short_abandon",
        "abandon_rate" => "not_requested",
        _ => "not_answered",
    }
}
