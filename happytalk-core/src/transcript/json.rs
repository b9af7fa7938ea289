//! A transcript for programs.

use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Audience, Entry, Handover, Transcript, Visit, local};
use crate::channel_name::ChannelName;
use crate::event::{Category, Event, Parameters, RequestedBy};
use crate::id::{AccountId, ConversationId, CustomerId, QueueId};
use crate::sealed::Sealable;
use crate::time::{Timestamp, Zone};

#[derive(Serialize)]
struct Head<'a> {
    conversation: &'a ConversationId,
    r#for: Audience,
    zone: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    channel: Option<&'a ChannelName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<&'a AccountId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    customer: Option<&'a Sealable<CustomerId>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    opened_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ended_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a Category>,
    #[serde(skip_serializing_if = "Option::is_none")]
    title: Option<&'a Sealable<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    parameters: Option<&'a Sealable<Parameters>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    handover: Option<HandoverJson<'a>>,
    entries: Vec<EntryJson<'a>>,
}

#[derive(Serialize)]
struct HandoverJson<'a> {
    at: Timestamp,
    by: RequestedBy,
    #[serde(skip_serializing_if = "Option::is_none")]
    queue: Option<&'a QueueId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    category: Option<&'a Category>,
    path: &'a [Visit],
    missed: u32,
    variables: &'a BTreeMap<String, String>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    closed: &'a [Sealable<String>],
}

pub(super) struct EntryJson<'a> {
    pub(super) entry: &'a Entry,
    pub(super) zone: &'a Zone,
}

impl Serialize for EntryJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Entry {
            at,
            seq,
            event,
            failed,
        } = self.entry;
        let mut map = serializer.serialize_map(None)?;
        if let Some(seq) = seq {
            map.serialize_entry("seq", seq)?;
        }
        map.serialize_entry("at", at)?;
        map.serialize_entry("time", &local(self.zone, *at))?;
        match event {
            // What else such a line says may be anything, a text that nobody masked too.
            Event::Unknown(unknown) => map.serialize_entry("type", unknown.kind())?,
            event => event.write(&mut map)?,
        }
        if let Some(failed) = failed {
            map.serialize_entry("failed", failed)?;
        }
        map.end()
    }
}

pub(super) fn write(transcript: &Transcript) -> String {
    let zone = &transcript.zone;
    let head = Head {
        conversation: &transcript.conversation,
        r#for: transcript.audience,
        zone: zone.name(),
        channel: transcript.channel.as_ref(),
        account: transcript.account.as_ref(),
        customer: transcript.customer.as_ref(),
        opened_at: transcript.opened_at,
        ended_at: transcript.ended_at,
        category: transcript.category.as_ref(),
        title: transcript.title.as_ref(),
        parameters: transcript.parameters.as_ref(),
        handover: transcript.handover.as_ref().map(HandoverJson::of),
        entries: transcript
            .entries
            .iter()
            .map(|entry| EntryJson { entry, zone })
            .collect(),
    };
    // Writing to memory does not fail, and every map key is a string.
    serde_json::to_string(&head).unwrap_or_default()
}

impl<'a> HandoverJson<'a> {
    fn of(handover: &'a Handover) -> Self {
        Self {
            at: handover.at,
            by: handover.by,
            queue: handover.queue.as_ref(),
            category: handover.category.as_ref(),
            path: &handover.path,
            missed: handover.missed,
            variables: &handover.variables,
            closed: &handover.closed,
        }
    }
}
