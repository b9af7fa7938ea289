//! Puts a closed episode into cells: which figure counts in which row.

use happytalk_core::Timestamp;
use happytalk_core::hours::Overrides;

use crate::bucket::Buckets;
use crate::cell::{Cell, Cells, Time};
use crate::dimension::Dimension;
use crate::episode::Episode;
use crate::label::{Label, Labels};
use crate::lookup::Lookup;
use crate::meter::Meter;
use crate::options::{Clock, Options};
use crate::room::Room;
use crate::settled::{Outcome, Owned, Settled, Talk, Waits, moves};
use crate::span::Span;

/// What a closed episode is recorded with.
pub(crate) struct Recorder<'a> {
    pub(crate) options: &'a Options,
    pub(crate) labels: &'a mut Labels,
    pub(crate) buckets: &'a mut Buckets,
    pub(crate) groups: &'a Lookup<Label, Label>,
    pub(crate) switched: &'a Overrides,
    pub(crate) business: &'a mut Meter,
    pub(crate) hours: &'a mut Meter,
    pub(crate) cells: &'a mut Cells,
    pub(crate) scratch: &'a mut Scratch,
}

/// Room that recording needs each time, kept from one time to the next. Nothing in it lasts.
#[derive(Debug, Clone, Default)]
pub(crate) struct Scratch {
    /// The row of the episode, as far as it does not depend on the agent.
    row: Vec<Label>,
    /// The rows that were needed: of which agent, and where.
    places: Vec<(Label, u32)>,
    shares: Vec<Share>,
}

impl Recorder<'_> {
    /// Records `settled`, which is what the episode of `room` comes to. Where the standard metrics are asked for, gives
    /// the place of the cell that it counts as closed in.
    pub(crate) fn record(&mut self, room: &Room, settled: &Settled) -> Option<u32> {
        let counted_at = match self.options.clock {
            Clock::Closing => Some(settled.closed_at),
            Clock::Opening => Some(settled.opened_at),
            Clock::Request => settled.requested_at,
        };
        let is_in_period = match counted_at {
            Some(at) => self.options.counts(at),
            None => self.options.period.is_none(),
        };
        if !is_in_period {
            return None;
        }
        let matter = room.matter();
        self.business.choose(matter, self.labels);
        self.hours.choose(matter, self.labels);
        self.row(&room.labels, settled, counted_at);
        let mut rows = Rows {
            options: self.options,
            groups: self.groups,
            switched: self.switched,
            business: &mut *self.business,
            cells: &mut *self.cells,
            scratch: &mut *self.scratch,
        };
        if let Some(queue) = &settled.queue {
            let held: u64 = queue.held.iter().map(|span| rows.millis(*span)).sum();
            let millis = rows.millis(queue.whole.span).saturating_sub(held);
            rows.push(Time::Queue, queue.whole.agent, millis);
        }
        if let Some((outcome, agent)) = settled.outcome {
            rows.count(outcome, agent);
        }
        if let Some(talk) = &settled.talk {
            rows.talk(talk);
        }
        for transfer in &settled.transfers {
            rows.measure(Time::TransferWait, *transfer);
        }
        self.options
            .standard
            .as_ref()
            .map(|standard| rows.standard(settled, &room.episode, standard.within.as_millis()))
    }

    /// The row of the episode, as far as it does not depend on the agent.
    fn row(&mut self, of_room: &[Label], settled: &Settled, counted_at: Option<Timestamp>) {
        self.scratch.places.clear();
        self.scratch.row.clear();
        for (dimension, label) in self.options.by.iter().zip(of_room) {
            let label = match dimension {
                Dimension::Day | Dimension::Hour | Dimension::Week | Dimension::Month => counted_at
                    .map_or(Label::NONE, |at| {
                        let zone = &self.options.zone;
                        self.buckets.label(dimension, zone, at, self.labels)
                    }),
                Dimension::End => self.labels.of(settled.ended_by),
                Dimension::Hours => {
                    let at = settled.requested_at.unwrap_or(settled.opened_at);
                    match self.hours.is_open(at, self.switched) {
                        Some(true) => self.labels.of("in"),
                        Some(false) => self.labels.of("out"),
                        None => Label::NONE,
                    }
                }
                Dimension::Agent
                | Dimension::Group
                | Dimension::Channel
                | Dimension::Category
                | Dimension::Sub
                | Dimension::Returning
                | Dimension::Inflow
                | Dimension::Parameter(_) => *label,
            };
            self.scratch.row.push(label);
        }
    }
}

/// The rows of one episode: they differ in agent and group alone.
struct Rows<'a> {
    options: &'a Options,
    groups: &'a Lookup<Label, Label>,
    switched: &'a Overrides,
    business: &'a mut Meter,
    cells: &'a mut Cells,
    scratch: &'a mut Scratch,
}

/// What one row has of the talk.
#[derive(Debug, Clone, Default)]
struct Share {
    place: u32,
    talk: Option<TalkShare>,
    after_work_ms: u64,
}

#[derive(Debug, Clone, Copy, Default)]
struct TalkShare {
    agent_wait_ms: u64,
    customer_wait_ms: u64,
    agent_waits: u64,
    customer_waits: u64,
}

impl Rows<'_> {
    /// How long a stretch is, as the report measures.
    fn millis(&mut self, span: Span) -> u64 {
        self.business.millis(span, self.switched)
    }

    /// What `agent` says to a dimension; `None` where it is not about agents.
    fn of_agent(&self, dimension: &Dimension, agent: Label) -> Option<Label> {
        match dimension {
            Dimension::Agent => Some(agent),
            Dimension::Group => Some(self.groups.get(&agent).copied().unwrap_or(Label::NONE)),
            Dimension::Day
            | Dimension::Hour
            | Dimension::Week
            | Dimension::Month
            | Dimension::Channel
            | Dimension::Category
            | Dimension::Sub
            | Dimension::End
            | Dimension::Returning
            | Dimension::Inflow
            | Dimension::Hours
            | Dimension::Parameter(_) => None,
        }
    }

    /// The place of the row `agent` is in. To be asked for only where something is then counted.
    fn place(&mut self, agent: Label) -> u32 {
        let mut places = self.scratch.places.iter();
        if let Some((_, place)) = places.find(|(known, _)| *known == agent) {
            return *place;
        }
        let mut row = std::mem::take(&mut self.scratch.row);
        for (slot, dimension) in row.iter_mut().zip(&self.options.by) {
            if let Some(label) = self.of_agent(dimension, agent) {
                *slot = label;
            }
        }
        let place = self.cells.place(&row);
        self.scratch.places.push((agent, place));
        self.scratch.row = row;
        place
    }

    fn update(&mut self, agent: Label, change: impl FnOnce(&mut Cell)) {
        let place = self.place(agent);
        if let Some(cell) = self.cells.at(place) {
            change(cell);
        }
    }

    fn push(&mut self, time: Time, agent: Label, millis: u64) {
        let quantiles = self.options.quantiles;
        self.update(agent, |cell| cell.push(time, millis, quantiles));
    }

    fn measure(&mut self, time: Time, owned: Owned) {
        let millis = self.millis(owned.span);
        self.push(time, owned.agent, millis);
    }

    /// Whether who waited so long is in no count: a patience is on the calendar, whatever else is measured.
    fn is_short(&self, waited: Span) -> bool {
        let short = self.options.short_abandon.as_millis();
        short > 0 && u128::from(waited.millis()) <= short
    }

    fn count(&mut self, outcome: Outcome, agent: Label) {
        match outcome {
            Outcome::Abandoned { waited } if self.is_short(waited) => {}
            Outcome::Abandoned { waited } => {
                self.measure(
                    Time::AbandonWait,
                    Owned {
                        span: waited,
                        agent,
                    },
                );
                self.update(agent, |cell| {
                    cell.counts.abandoned += 1;
                    cell.counts.abandonable += 1;
                });
            }
            Outcome::Missed => self.update(agent, |cell| {
                cell.counts.missed += 1;
                cell.counts.abandonable += 1;
            }),
            Outcome::Answered | Outcome::Dismissed => {
                self.update(agent, |cell| cell.counts.abandonable += 1);
            }
        }
    }

    fn talk(&mut self, talk: &Talk) {
        self.measure(Time::FirstResponse, talk.first_response);
        if let Some(from_request) = talk.from_request {
            self.measure(Time::FromRequest, from_request);
        }
        if let Some(from_assignment) = talk.from_assignment {
            self.measure(Time::FromAssignment, from_assignment);
        }
        self.measure(Time::AfterWork, talk.after_work);
        self.measure(Time::IdleTail, talk.idle_tail);
        let quantiles = self.options.quantiles;
        self.share(talk);
        for share in self.scratch.shares.drain(..) {
            let Some(cell) = self.cells.at(share.place) else {
                continue;
            };
            let mut total_ms = share.after_work_ms;
            if let Some(talk) = share.talk {
                let talk_ms = talk.agent_wait_ms + talk.customer_wait_ms;
                cell.push(Time::AgentWait, talk.agent_wait_ms, quantiles);
                cell.push(Time::CustomerWait, talk.customer_wait_ms, quantiles);
                cell.push(Time::Talk, talk_ms, quantiles);
                cell.counts.agent_wait_intervals += talk.agent_waits;
                cell.counts.customer_wait_intervals += talk.customer_waits;
                total_ms += talk_ms;
            }
            cell.push(Time::Total, total_ms, quantiles);
        }
    }

    /// The talk by row: a conversation is one value in each row that had a part in it.
    fn share(&mut self, talk: &Talk) {
        let mut shares = std::mem::take(&mut self.scratch.shares);
        shares.clear();
        let mut before = None;
        for interval in &talk.intervals {
            let millis = self.millis(interval.span);
            let place = self.place(interval.agent);
            // Who waits on under another agent of the same row waits once.
            let begins = interval.span.millis() > 0 && before != Some((place, interval.waits));
            before = Some((place, interval.waits));
            give(&mut shares, place, |share| {
                let talk = share.talk.get_or_insert_default();
                let (sum, waits) = match interval.waits {
                    Waits::Agent => (&mut talk.agent_wait_ms, &mut talk.agent_waits),
                    Waits::Customer => (&mut talk.customer_wait_ms, &mut talk.customer_waits),
                };
                *sum += millis;
                *waits += u64::from(begins);
            });
        }
        let millis = self.millis(talk.after_work.span);
        let place = self.place(talk.after_work.agent);
        give(&mut shares, place, |share| share.after_work_ms += millis);
        self.scratch.shares = shares;
    }

    /// Counts what the standard metrics need; gives the place it counts as closed in.
    fn standard(&mut self, settled: &Settled, episode: &Episode, within: u128) -> u32 {
        if let Some((outcome, agent)) = settled.outcome {
            self.service(settled, outcome, agent, within);
        }
        for (from, to) in moves(&episode.marks) {
            self.update(from, |cell| cell.counts.transfers_out += 1);
            self.update(to, |cell| cell.counts.transfers_in += 1);
        }
        let place = self.place(settled.last_agent);
        if let Some(cell) = self.cells.at(place) {
            cell.counts.closed += 1;
            cell.counts.reopened += u64::from(settled.reopened);
            // Whoever scored was asked, whether a survey is in the log or not.
            cell.counts.surveyed += u64::from(episode.surveyed || episode.rated.is_some());
            if let Some(slot) = episode.rated.and_then(|rated| cell.counts.rated(rated)) {
                *slot += 1;
            }
        }
        place
    }

    /// The service level on both clocks: the customer's, from the request, and the agent's, from the assignment.
    fn service(&mut self, settled: &Settled, outcome: Outcome, agent: Label, within: u128) {
        let is_within = |rows: &mut Self, span: Option<Span>| {
            span.is_some_and(|span| u128::from(rows.millis(span)) <= within)
        };
        let talk = settled.talk.as_ref();
        let from_request = talk.and_then(|talk| talk.from_request);
        let from_assignment = talk.and_then(|talk| talk.from_assignment);
        let answered_within = is_within(self, from_request.map(|owned| owned.span));
        let assigned_answered_within = is_within(self, from_assignment.map(|owned| owned.span));
        let abandoned = match outcome {
            Outcome::Abandoned { waited } => Some(waited),
            Outcome::Answered | Outcome::Missed | Outcome::Dismissed => None,
        };
        let assigned_abandoned = abandoned
            .and(settled.assigned)
            .map(|(at, _)| Span::new(at, settled.ended_at));
        let is_short =
            |rows: &Self, span: Option<Span>| span.is_some_and(|span| rows.is_short(span));
        let short = is_short(self, abandoned);
        let assigned_short = is_short(self, assigned_abandoned);
        let abandoned_within = is_within(self, abandoned);
        let assigned_abandoned_within = is_within(self, assigned_abandoned);
        self.update(agent, |cell| {
            let counts = &mut cell.counts;
            counts.short += u64::from(short);
            counts.answered += u64::from(talk.is_some());
            counts.answered_within += u64::from(answered_within);
            counts.abandoned_within += u64::from(abandoned_within);
            counts.assigned += u64::from(settled.assigned.is_some());
            counts.assigned_answered += u64::from(from_assignment.is_some());
            counts.assigned_answered_within += u64::from(assigned_answered_within);
            counts.assigned_abandoned_within += u64::from(assigned_abandoned_within);
            counts.assigned_short += u64::from(assigned_short);
        });
    }
}

/// Adds to the share of the row at `place`, a blank one at first.
fn give(shares: &mut Vec<Share>, place: u32, add: impl FnOnce(&mut Share)) {
    match shares.iter_mut().find(|share| share.place == place) {
        Some(share) => add(share),
        None => {
            let mut share = Share {
                place,
                ..Share::default()
            };
            add(&mut share);
            shares.push(share);
        }
    }
}
