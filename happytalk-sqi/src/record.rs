//! Puts a closed episode into cells: which figure counts in which row.

use crate::bucket;
use crate::cell::{Cell, Cells, Time};
use crate::dimension::Dimension;
use crate::label::{Label, Labels};
use crate::lookup::Lookup;
use crate::options::{Clock, Options};
use crate::settled::{Outcome, Owned, Settled, Talk, Waits};

/// What a closed episode is recorded with.
pub(crate) struct Recorder<'a> {
    pub(crate) options: &'a Options,
    pub(crate) labels: &'a mut Labels,
    pub(crate) groups: &'a Lookup<Label, Label>,
    pub(crate) cells: &'a mut Cells,
}

impl Recorder<'_> {
    /// Records `settled`, of a conversation that itself says `of_room` to the dimensions.
    pub(crate) fn record(&mut self, of_room: &[Label], settled: &Settled) {
        let row = self.row(of_room, settled);
        let mut rows = Rows {
            by: &self.options.by,
            groups: self.groups,
            cells: &mut *self.cells,
            row,
        };
        if let Some(queue) = settled.queue {
            rows.push(Time::Queue, queue);
        }
        if let Some((outcome, agent)) = settled.outcome {
            let short = u64::try_from(self.options.short_abandon.as_millis()).unwrap_or(u64::MAX);
            rows.count(outcome, agent, short);
        }
        if let Some(talk) = &settled.talk {
            rows.talk(talk);
        }
        for transfer in &settled.transfers {
            rows.push(Time::TransferWait, *transfer);
        }
    }

    /// The row of the episode, as far as it does not depend on the agent.
    fn row(&mut self, of_room: &[Label], settled: &Settled) -> Vec<Label> {
        let bucket_at = match self.options.clock {
            Clock::Closing => Some(settled.closed_at),
            Clock::Opening => Some(settled.opened_at),
            Clock::Request => settled.requested_at,
        };
        let slots = self.options.by.iter().zip(of_room);
        slots
            .map(|(dimension, label)| match dimension {
                Dimension::Day | Dimension::Hour | Dimension::Week | Dimension::Month => bucket_at
                    .map_or(Label::NONE, |at| {
                        let name = bucket::name(dimension, &self.options.zone, at);
                        self.labels.of(&name)
                    }),
                Dimension::End => self.labels.of(settled.ended_by),
                Dimension::Agent
                | Dimension::Group
                | Dimension::Channel
                | Dimension::Category
                | Dimension::Sub
                | Dimension::Returning
                | Dimension::Inflow
                | Dimension::Parameter(_) => *label,
            })
            .collect()
    }
}

/// The rows of one episode: they differ in agent and group alone.
struct Rows<'a> {
    by: &'a [Dimension],
    groups: &'a Lookup<Label, Label>,
    cells: &'a mut Cells,
    row: Vec<Label>,
}

/// What one row has of the talk.
struct Share {
    /// One of the agents of this row.
    agent: Label,
    talk: Option<TalkShare>,
    after_work_ms: u64,
}

#[derive(Clone, Copy, Default)]
struct TalkShare {
    agent_wait_ms: u64,
    customer_wait_ms: u64,
}

impl Rows<'_> {
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
            | Dimension::Parameter(_) => None,
        }
    }

    /// Whether the figures of both stand in one row.
    fn same_row(&self, one: Label, other: Label) -> bool {
        one == other
            || self
                .by
                .iter()
                .all(|dimension| self.of_agent(dimension, one) == self.of_agent(dimension, other))
    }

    fn update(&mut self, agent: Label, change: impl FnOnce(&mut Cell)) {
        let mut row = std::mem::take(&mut self.row);
        for (slot, dimension) in row.iter_mut().zip(self.by) {
            if let Some(label) = self.of_agent(dimension, agent) {
                *slot = label;
            }
        }
        self.cells.update(&row, change);
        self.row = row;
    }

    fn push(&mut self, time: Time, owned: Owned) {
        self.update(owned.agent, |cell| cell.push(time, owned.millis));
    }

    fn count(&mut self, outcome: Outcome, agent: Label, short_ms: u64) {
        match outcome {
            Outcome::Abandoned { millis } if short_ms > 0 && millis <= short_ms => {}
            Outcome::Abandoned { millis } => self.update(agent, |cell| {
                cell.abandoned += 1;
                cell.abandonable += 1;
                cell.push(Time::AbandonWait, millis);
            }),
            Outcome::Missed => self.update(agent, |cell| {
                cell.missed += 1;
                cell.abandonable += 1;
            }),
            Outcome::Answered | Outcome::Dismissed => {
                self.update(agent, |cell| cell.abandonable += 1);
            }
        }
    }

    fn talk(&mut self, talk: &Talk) {
        self.push(Time::FirstResponse, talk.first_response);
        if let Some(from_request) = talk.from_request {
            self.push(Time::FromRequest, from_request);
        }
        if let Some(from_assignment) = talk.from_assignment {
            self.push(Time::FromAssignment, from_assignment);
        }
        self.push(Time::AfterWork, talk.after_work);
        self.push(Time::IdleTail, talk.idle_tail);
        for share in self.shares(talk) {
            self.update(share.agent, |cell| {
                let mut total_ms = share.after_work_ms;
                if let Some(talk) = share.talk {
                    let talk_ms = talk.agent_wait_ms + talk.customer_wait_ms;
                    cell.push(Time::AgentWait, talk.agent_wait_ms);
                    cell.push(Time::CustomerWait, talk.customer_wait_ms);
                    cell.push(Time::Talk, talk_ms);
                    total_ms += talk_ms;
                }
                cell.push(Time::Total, total_ms);
            });
        }
    }

    /// The talk by row: a conversation is one value in each row that had a part in it.
    fn shares(&self, talk: &Talk) -> Vec<Share> {
        let mut shares: Vec<Share> = Vec::new();
        for interval in &talk.intervals {
            self.give(&mut shares, interval.agent, |share| {
                let talk = share.talk.get_or_insert_default();
                match interval.waits {
                    Waits::Agent => talk.agent_wait_ms += interval.millis,
                    Waits::Customer => talk.customer_wait_ms += interval.millis,
                }
            });
        }
        self.give(&mut shares, talk.after_work.agent, |share| {
            share.after_work_ms += talk.after_work.millis;
        });
        shares
    }

    /// Adds to the share of the row `agent` is in, a blank one at first.
    fn give(&self, shares: &mut Vec<Share>, agent: Label, add: impl FnOnce(&mut Share)) {
        let known = shares
            .iter_mut()
            .find(|share| self.same_row(share.agent, agent));
        match known {
            Some(share) => add(share),
            None => {
                let mut share = Share {
                    agent,
                    talk: None,
                    after_work_ms: 0,
                };
                add(&mut share);
                shares.push(share);
            }
        }
    }
}
