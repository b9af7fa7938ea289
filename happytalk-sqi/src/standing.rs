//! What the standard metrics need beside cells: agents over time, and who came back.

use std::collections::BTreeMap;

use happytalk_core::Timestamp;
use happytalk_core::event::StatusClass;

use crate::activity::{self, Activity};
use crate::bucket::Buckets;
use crate::contacts::{Chain, Contact, Contacts, repeats};
use crate::fact::{Fact, What};
use crate::label::{Label, Labels};
use crate::options::{Options, Standard};
use crate::report::AgentRow;
use crate::room::Room;
use crate::settled::handling;

/// Agents by label, and contacts by conversation.
#[derive(Clone, Default)]
pub(crate) struct Standing {
    pub(crate) agents: BTreeMap<Label, Activity<Label>>,
    pub(crate) contacts: Contacts<u32, Label>,
}

impl Standing {
    pub(crate) fn take_of_agent(&mut self, agent: Label, fact: &Fact<'_>, labels: &mut Labels) {
        let activity = self.agents.entry(agent).or_default();
        activity.seq = fact.seq;
        match fact.what {
            What::AgentSet { cap, .. } => activity.change(fact.at, |change| change.cap = cap),
            What::AgentStatus { status, class } => {
                let status = labels.of(status);
                activity.change(fact.at, |change| {
                    change.status = Some(status);
                    change.class = class;
                });
            }
            What::AgentRemoved => activity.change(fact.at, |change| {
                change.status = None;
                change.class = StatusClass::Off;
            }),
            _ => {}
        }
    }

    /// The conversation called `id` begins, after `previous` of the same customer.
    pub(crate) fn came_after(&mut self, id: &str, previous: Option<&str>) {
        let chain = Chain {
            previous: previous.map(Into::into),
            contacts: Vec::new(),
        };
        self.contacts.insert(id.into(), chain);
    }

    /// An episode begins.
    pub(crate) fn open(&mut self, id: &str, room: &Room) {
        if let Some(chain) = self.contacts.get_mut(id) {
            chain.contacts.push(Contact {
                row: None,
                main: room.matter().main,
                opened_ms: room.episode.opened_at.as_millis(),
                closed_ms: None,
            });
        }
    }

    /// What the open episode is about changed.
    pub(crate) fn change_main(&mut self, id: &str, main: Label) {
        let chain = self.contacts.get_mut(id);
        if let Some(contact) = chain.and_then(|chain| chain.contacts.last_mut()) {
            contact.main = main;
        }
    }

    /// It closed at `at`, and counts in the row at `cell`.
    #[expect(
        clippy::too_many_arguments,
        reason = "the tables of the figures are borrowed apart"
    )]
    pub(crate) fn close(
        &mut self,
        room: &Room,
        id: &str,
        at: Timestamp,
        cell: Option<u32>,
        options: &Options,
        buckets: &mut Buckets,
        labels: &mut Labels,
    ) {
        let chain = self.contacts.get_mut(id);
        if let Some(contact) = chain.and_then(|chain| chain.contacts.last_mut()) {
            contact.row = cell;
            contact.main = room.matter().main;
            contact.closed_ms = Some(at.as_millis());
        }
        let mut seen = Vec::new();
        for owned in handling(&room.episode.marks, at) {
            let activity = self.agents.entry(owned.agent).or_default();
            activity.handle(owned.span);
            if !seen.contains(&owned.agent) && options.counts(at) {
                seen.push(owned.agent);
                let keys = activity::dimensions(options)
                    .map(|dimension| buckets.label(dimension, &options.zone, at, labels));
                *activity.handled.entry(keys.collect()).or_default() += 1;
            }
        }
    }

    /// How many that closed in each row came back with the same matter.
    pub(crate) fn repeats(&self, standard: &Standard) -> BTreeMap<u32, u64> {
        repeats(&self.contacts, standard.settled_after)
    }

    pub(crate) fn agent_rows(
        &self,
        labels: &Labels,
        options: &Options,
        latest: Timestamp,
    ) -> Vec<AgentRow> {
        let rows = self.agents.iter().flat_map(|(agent, activity)| {
            activity.rows(labels.text(*agent), options, latest, |status| {
                labels.text(*status)
            })
        });
        sorted(rows.collect())
    }
}

/// In the order of their keys, then of the agents.
pub(crate) fn sorted(mut rows: Vec<AgentRow>) -> Vec<AgentRow> {
    rows.sort_by(|one, other| (&one.keys, &one.agent).cmp(&(&other.keys, &other.agent)));
    rows
}
