//! What agents do with their time, slowly: from one instant at which anything changes to the next.

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::event::{Event, StatusClass};
use happytalk_core::{Line, Stream};
use happytalk_sqi::AgentRow;

use crate::reference::{Episode, episodes};

/// One row, as it adds up.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sums {
    handled: u64,
    handling_ms: u64,
    busy_ms: u64,
    logged_in_ms: u64,
    paused_ms: u64,
    at_desk_ms: u64,
    busy_at_desk_ms: u64,
    slots_ms: u64,
    in_slots_ms: u64,
    statuses: BTreeMap<String, u64>,
}

type Rows = BTreeMap<(Vec<String>, String), Sums>;

fn millis(line: &Line) -> u64 {
    u64::try_from(line.at.as_millis()).unwrap()
}

/// Who had an episode, from when until when.
fn held(episode: &Episode<'_>) -> Vec<(String, u64, u64)> {
    let closed = episode.events[episode.events.len() - 1].0;
    let mut found = Vec::new();
    let mut now = episode
        .owner_before
        .clone()
        .map(|agent| (agent, episode.events[0].0));
    for (at, event) in &episode.events {
        let next = match event {
            Event::Assigned { agent, .. } => Some(agent.to_string()),
            Event::Transferred { to, .. } => Some(to.to_string()),
            Event::ReturnedToQueue { .. } => None,
            _ => continue,
        };
        found.extend(now.take().map(|(agent, since)| (agent, since, *at)));
        now = next.map(|agent| (agent, *at));
    }
    found.extend(now.map(|(agent, since)| (agent, since, closed)));
    found
}

/// The rows of all agents: `counts` says of an instant whether it is in the period, `keys` in which row it is.
pub(crate) fn rows(
    lines: &[Line],
    counts: impl Fn(u64) -> bool,
    keys: impl Fn(u64) -> Vec<String>,
) -> Rows {
    let mut conversations: BTreeMap<&Stream, Vec<&Line>> = BTreeMap::new();
    let mut streams: BTreeMap<String, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        match &line.stream {
            Stream::Agent(id) => streams.entry(id.to_string()).or_default().push(line),
            stream => conversations.entry(stream).or_default().push(line),
        }
    }
    let mut rows = Rows::new();
    let mut spans: BTreeMap<String, Vec<(u64, u64)>> = BTreeMap::new();
    for lines in conversations.values() {
        for episode in episodes(lines) {
            let closed = episode.events[episode.events.len() - 1].0;
            let mut seen = BTreeSet::new();
            for (agent, from, until) in held(&episode) {
                spans.entry(agent.clone()).or_default().push((from, until));
                if seen.insert(agent.clone()) && counts(closed) {
                    rows.entry((keys(closed), agent)).or_default().handled += 1;
                }
            }
        }
    }
    let latest = lines.iter().map(millis).max().unwrap();
    let agents: BTreeSet<&String> = streams.keys().chain(spans.keys()).collect();
    for agent in agents {
        let stream = streams.get(agent).map_or(&[][..], Vec::as_slice);
        let spans = spans.get(agent).map_or(&[][..], Vec::as_slice);
        // Every instant at which anything can change, each full hour among them.
        let mut instants: BTreeSet<u64> = stream.iter().map(|line| millis(line)).collect();
        instants.extend(spans.iter().flat_map(|(from, until)| [*from, *until]));
        instants.insert(latest);
        let first = *instants.first().unwrap();
        instants.extend((first / 3_600_000..=latest / 3_600_000).map(|hour| hour * 3_600_000));
        let instants: Vec<u64> = instants.into_iter().filter(|at| *at <= latest).collect();
        for pair in instants.windows(2) {
            let (from, length) = (pair[0], pair[1] - pair[0]);
            if counts(from) {
                stretch(
                    &mut rows,
                    (keys(from), agent),
                    (from, length),
                    stream,
                    spans,
                );
            }
        }
    }
    rows
}

/// A stretch in which nothing changes.
fn stretch(
    rows: &mut Rows,
    (keys, agent): (Vec<String>, &str),
    (from, length): (u64, u64),
    stream: &[&Line],
    spans: &[(u64, u64)],
) {
    let (mut status, mut class, mut cap) = (None, StatusClass::Off, None);
    for line in stream.iter().filter(|line| millis(line) <= from) {
        match &line.event {
            Event::AgentSet { caps, .. } => cap = caps.as_ref().and_then(|caps| caps.agent),
            Event::AgentStatus {
                status: next,
                class: next_class,
            } => (status, class) = (Some(next.to_string()), *next_class),
            Event::AgentRemoved {} => (status, class) = (None, StatusClass::Off),
            _ => {}
        }
    }
    let at_once = spans
        .iter()
        .filter(|(begin, end)| *begin <= from && from < *end);
    let at_once = at_once.count() as u64;
    if status.is_none() && at_once == 0 {
        return;
    }
    let sums = rows.entry((keys, agent.to_owned())).or_default();
    let busy = if at_once > 0 { length } else { 0 };
    sums.handling_ms += length * at_once;
    sums.busy_ms += busy;
    if let Some(status) = status {
        *sums.statuses.entry(status).or_default() += length;
    }
    match class {
        StatusClass::Paused => {
            sums.logged_in_ms += length;
            sums.paused_ms += length;
        }
        StatusClass::Accepting | StatusClass::Finishing => {
            sums.logged_in_ms += length;
            sums.at_desk_ms += length;
            sums.busy_at_desk_ms += busy;
            if let Some(cap) = cap {
                sums.slots_ms += length * u64::from(cap);
                sums.in_slots_ms += length * at_once;
            }
        }
        _ => {}
    }
}

pub(crate) fn compare(shown: &[AgentRow], expected: &Rows) {
    let keys: Vec<_> = shown
        .iter()
        .map(|row| (row.keys.clone(), row.agent.clone()))
        .collect();
    assert_eq!(keys, expected.keys().cloned().collect::<Vec<_>>());
    for (row, sums) in shown.iter().zip(expected.values()) {
        let (occupancy, slots) = (row.occupancy(), row.slot_utilisation());
        let told = Sums {
            handled: row.handled,
            handling_ms: row.handling_ms,
            busy_ms: row.busy_ms,
            logged_in_ms: row.logged_in_ms,
            paused_ms: row.paused_ms,
            at_desk_ms: occupancy.of,
            busy_at_desk_ms: occupancy.count,
            slots_ms: slots.of,
            in_slots_ms: slots.count,
            statuses: row.statuses.iter().cloned().collect(),
        };
        assert_eq!(&told, sums, "{:?} {}", row.keys, row.agent);
        let adjusted =
            (sums.handled > 0).then(|| (2 * sums.busy_ms + sums.handled) / (2 * sums.handled));
        assert_eq!(row.concurrency_adjusted_ms(), adjusted);
    }
}
