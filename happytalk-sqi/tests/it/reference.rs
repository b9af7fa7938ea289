//! A slow and obvious computation of the same figures, straight from the words of DOMAIN 6.2, 6.3 and 6.8.

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::event::{
    AssignedHow, ChannelEnd, EndRule, EndedBy, Event, OpenedBy, ReturnCause,
};
use happytalk_core::{Line, Sealable, Stream};
use happytalk_sqi::{Row, TimeFigure};

/// The values of one row, by the name of the figure. A count of conversations is a list of zeros.
pub(crate) type Values = BTreeMap<&'static str, Vec<u64>>;

/// A figure's name, its value, and whose it is.
///
/// Names that begin with `@` are no figures, but what else one has to know of the episode.
pub(crate) type Reading = (&'static str, u64, String);

/// Every reading of the log: put into one row when `by_agent` is false, else into a row an agent.
/// How long it is from one instant to another.
pub(crate) type Measure<'a> = &'a dyn Fn(u64, u64) -> u64;

pub(crate) fn rows(lines: &[Line], by_agent: bool) -> BTreeMap<Vec<String>, Values> {
    let mut conversations: BTreeMap<&Stream, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        conversations.entry(&line.stream).or_default().push(line);
    }
    let mut rows: BTreeMap<Vec<String>, Values> = BTreeMap::new();
    for conversation in conversations.values() {
        for episode in episodes(conversation) {
            let mut in_total: BTreeMap<&str, u64> = BTreeMap::new();
            let measured = readings(&episode, &|from, to| to - from);
            let measured = measured.into_iter();
            for (figure, value, agent) in measured.filter(|(name, ..)| !name.starts_with('@')) {
                let split = ["agent_wait", "customer_wait", "talk_time", "total_time"];
                if !by_agent && split.contains(&figure) {
                    *in_total.entry(figure).or_default() += value;
                } else {
                    let key = if by_agent { vec![agent] } else { Vec::new() };
                    let row = rows.entry(key).or_default();
                    row.entry(figure).or_default().push(value);
                }
            }
            for (figure, value) in in_total {
                let row = rows.entry(Vec::new()).or_default();
                let figure = readings_name(figure);
                row.entry(figure).or_default().push(value);
            }
        }
    }
    rows
}

fn readings_name(figure: &str) -> &'static str {
    match figure {
        "agent_wait" => "agent_wait",
        "customer_wait" => "customer_wait",
        "talk_time" => "talk_time",
        _ => "total_time",
    }
}

/// A closed episode: its events, the last of them its close; and who had it before it began.
pub(crate) struct Episode<'a> {
    pub(crate) events: Vec<(u64, &'a Event)>,
    pub(crate) first: bool,
    pub(crate) owner_before: Option<String>,
    /// The numbers of its first and its last line.
    pub(crate) lines: (u64, u64),
}

pub(crate) fn episodes<'a>(lines: &[&'a Line]) -> Vec<Episode<'a>> {
    let mut found = Vec::new();
    let mut events: Vec<(u64, &Event)> = Vec::new();
    let (mut first, mut live, mut in_after_work) = (true, true, false);
    let mut owner_before = None;
    let mut begins = 1;
    for line in lines {
        let at = u64::try_from(line.at.as_millis()).unwrap();
        if live {
            events.push((at, &line.event));
        }
        let closes = match &line.event {
            Event::Ended { after_work, .. } => {
                in_after_work = *after_work;
                !after_work
            }
            Event::BotEnded { .. } | Event::AfterWorkEnded { .. } => true,
            Event::Rejected { is_final, .. } => *is_final,
            Event::Reopened { .. } => in_after_work && live,
            _ => false,
        };
        if closes && live {
            let events = std::mem::take(&mut events);
            let goes_on = matches!(line.event, Event::Reopened { .. });
            let episode = Episode {
                events,
                first,
                owner_before: owner_before.take(),
                lines: (begins, line.seq),
            };
            owner_before = goes_on
                .then(|| owner(&episode, episode.events.len()))
                .flatten();
            found.push(episode);
            (first, live, in_after_work) = (false, false, false);
        }
        if matches!(line.event, Event::Reopened { .. }) && !live {
            live = true;
            begins = line.seq;
            events.push((at, &line.event));
        }
    }
    found
}

/// Who owns what happens before event `until`.
pub(crate) fn owner(episode: &Episode<'_>, until: usize) -> Option<String> {
    let mut owner = episode.owner_before.clone();
    for (_, event) in &episode.events[..until] {
        match event {
            Event::Assigned { agent, .. } => owner = Some(agent.to_string()),
            Event::Transferred { to, .. } => owner = Some(to.to_string()),
            _ => {}
        }
    }
    owner
}

pub(crate) fn readings(episode: &Episode<'_>, measure: Measure<'_>) -> Vec<Reading> {
    let events = &episode.events;
    let open = events[0].0;
    let closed = events[events.len() - 1].0;
    let at = |index: usize| events[index].0;
    let position = |wanted: &dyn Fn(&Event) -> bool| events.iter().position(|(_, e)| wanted(e));
    let Some(end) = position(&|e| matches!(e, Event::Ended { .. })) else {
        return Vec::new();
    };
    let Event::Ended {
        by, rule, cause, ..
    } = events[end].1
    else {
        unreachable!()
    };

    let failed: BTreeSet<&str> = events
        .iter()
        .filter_map(|(_, event)| match event {
            Event::MessageFailed { message, .. } => Some(message.as_str()),
            _ => None,
        })
        .collect();
    // Who said something at this place: `Some(None)` is the customer.
    let said = |index: usize| -> Option<Option<String>> {
        let (message, who) = match events[index].1 {
            Event::CustomerSaid { message } => (message, None),
            Event::AgentSaid { agent, message } => (message, Some(agent.to_string())),
            _ => return None,
        };
        let Sealable::Open(message) = message else {
            unreachable!()
        };
        (index < end && !failed.contains(message.id.as_str())).then_some(who)
    };
    let speaks = |index: usize, side_is_agent: bool| {
        said(index).is_some_and(|who| who.is_some() == side_is_agent)
    };

    let (by_agent, without_bot) = match events[0].1 {
        Event::Opened { opened_by, bot, .. } => (*opened_by == OpenedBy::Agent, !bot),
        _ => (false, false),
    };
    let refused = events
        .iter()
        .rposition(|(_, e)| matches!(e, Event::Rejected { .. }));
    let requested = (refused.map_or(0, |index| index + 1)..events.len())
        .find(|index| matches!(events[*index].1, Event::AgentRequested { .. }));
    let request = if by_agent {
        (0..end).find(|index| speaks(*index, false))
    } else if !episode.first && refused.is_none() {
        Some(0)
    } else {
        requested.or((without_bot && refused.is_none()).then_some(0))
    };
    let Some(request) = request else {
        return Vec::new();
    };

    let mut found: Vec<Reading> = vec![("@requested", at(request), String::new())];
    // Out of after-work the agent is there already.
    let assigned = (refused.map_or(0, |index| index + 1)..events.len())
        .find(|index| matches!(events[*index].1, Event::Assigned { .. }))
        .filter(|_| episode.owner_before.is_none() || refused.is_some());
    if let Some(assigned) = assigned {
        found.push(("@assigned", at(assigned), String::new()));
    }
    found.push(("@ended", at(end), String::new()));
    if let Some(assigned) = assigned
        && let Event::Assigned { agent, how, .. } = events[assigned].1
        && *how != AssignedHow::Opener
        && !by_agent
    {
        let mut held = 0;
        // Millisecond by millisecond would be slow even here: from event to event.
        for index in request..assigned {
            let asked = events[..=index].iter().rposition(
                |(_, e)| matches!(e, Event::ProfileRequested { holds_queue, .. } if *holds_queue),
            );
            let done = events[..=index].iter().rposition(|(_, e)| {
                matches!(
                    e,
                    Event::ProfileCompleted { .. }
                        | Event::ProfileSkipped { .. }
                        | Event::Assigned { .. }
                )
            });
            if asked.is_some() && asked > done {
                held += measure(at(index), at(index + 1));
            }
        }
        let queue = measure(at(request), at(assigned)) - held;
        found.push(("queue_time", queue, agent.to_string()));
    }

    let first = (request..end).find(|index| speaks(*index, true));
    let none = || "(none)".to_owned();
    let last = owner(episode, events.len());
    let Some(first) = first else {
        let mut holder = episode.owner_before.clone();
        for (_, event) in events {
            match event {
                Event::Assigned { agent, .. } => holder = Some(agent.to_string()),
                Event::Transferred { to, .. } => holder = Some(to.to_string()),
                Event::ReturnedToQueue { .. } => holder = None,
                _ => {}
            }
        }
        let holder = holder.unwrap_or_else(none);
        found.push(("of", 0, holder.clone()));
        match by {
            EndedBy::Customer | EndedBy::Channel => {
                found.push(("abandoned", 0, holder.clone()));
                let waited = at(end) - at(request);
                found.push(("@patience", waited, String::new()));
                found.push(("abandon_wait", measure(at(request), at(end)), holder));
            }
            EndedBy::Auto => found.push(("missed", 0, holder)),
            _ => {}
        }
        found.extend(transfer_waits(episode, &said, measure));
        found.push(("@last", 0, last.unwrap_or_else(none)));
        return found;
    };

    let answerer = said(first).flatten().unwrap();
    let last = last.unwrap_or_else(|| answerer.clone());
    found.push(("of", 0, last.clone()));
    found.push(("first_response", measure(open, at(first)), answerer.clone()));
    found.push((
        "from_request",
        measure(at(request), at(first)),
        answerer.clone(),
    ));
    if let Some(assigned) = assigned {
        let Event::Assigned { agent, .. } = events[assigned].1 else {
            unreachable!()
        };
        let given = agent.to_string();
        found.push(("from_assignment", measure(at(assigned), at(first)), given));
    }
    let idle = *rule == Some(EndRule::CustomerSilent)
        || matches!(cause, Some(ChannelEnd::Expired | ChannelEnd::Unknown));
    let last_said = (0..end).rev().find(|index| said(*index).is_some()).unwrap();
    let over = if idle { at(last_said) } else { at(end) };
    found.push(("@last", 0, last.clone()));
    found.push(("after_work", measure(at(end), closed), last.clone()));
    found.push(("idle_tail", measure(over, at(end)), last.clone()));

    let mut talk: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    let mut agent_waits = true;
    for index in first..end {
        if let Some(who) = said(index) {
            agent_waits = who.is_some();
        }
        let until = at(index + 1).min(over);
        if until > at(index) {
            let millis = measure(at(index), until);
            let whose = owner(episode, index + 1).unwrap_or_else(|| answerer.clone());
            let turn = if agent_waits {
                "@agent_waits"
            } else {
                "@customer_waits"
            };
            found.push((turn, millis, whose.clone()));
            let waits = talk.entry(whose).or_default();
            *(if agent_waits {
                &mut waits.0
            } else {
                &mut waits.1
            }) += millis;
        }
    }
    if talk.is_empty() {
        let whose = owner(episode, first).unwrap_or_else(|| answerer.clone());
        talk.insert(whose, (0, 0));
    }
    let mut totals: BTreeMap<String, u64> = BTreeMap::new();
    *totals.entry(last).or_default() += measure(at(end), closed);
    for (agent, (agent_wait, customer_wait)) in talk {
        found.push(("agent_wait", agent_wait, agent.clone()));
        found.push(("customer_wait", customer_wait, agent.clone()));
        found.push(("talk_time", agent_wait + customer_wait, agent.clone()));
        *totals.entry(agent).or_default() += agent_wait + customer_wait;
    }
    found.extend(
        totals
            .into_iter()
            .map(|(agent, total)| ("total_time", total, agent)),
    );
    found.extend(transfer_waits(episode, &said, measure));
    found
}

fn transfer_waits(
    episode: &Episode<'_>,
    said: &dyn Fn(usize) -> Option<Option<String>>,
    measure: Measure<'_>,
) -> Vec<Reading> {
    let mut found = Vec::new();
    for (index, (moved_at, event)) in episode.events.iter().enumerate() {
        let moves = match event {
            Event::Transferred { .. } => true,
            Event::ReturnedToQueue { cause, .. } => *cause == ReturnCause::Transfer,
            _ => false,
        };
        if !moves {
            continue;
        }
        // The request of this move: nothing that ends a request lies between.
        let mut since = *moved_at;
        for (at, event) in episode.events[..index].iter().rev() {
            match event {
                Event::TransferRequested { .. } => {
                    since = *at;
                    break;
                }
                Event::TransferEnded { .. }
                | Event::Transferred { .. }
                | Event::Assigned { .. }
                | Event::ReturnedToQueue { .. } => break,
                _ => {}
            }
        }
        // The first word of whoever has it then, unless it is moved on first.
        let mut agent = match event {
            Event::Transferred { to, .. } => Some(to.to_string()),
            _ => None,
        };
        for (later, (at, event)) in episode.events.iter().enumerate().skip(index + 1) {
            match event {
                Event::Assigned { agent: next, .. } => agent = Some(next.to_string()),
                Event::Transferred { .. } => break,
                Event::ReturnedToQueue { cause, .. } if *cause == ReturnCause::Transfer => break,
                _ => {}
            }
            if agent.is_some() && said(later) == Some(agent.clone()) {
                found.push(("transfer_wait", measure(since, *at), agent.clone().unwrap()));
                break;
            }
        }
    }
    found
}

/// The transfers that came to somebody: from whom, to whom.
pub(crate) fn moves(episode: &Episode<'_>) -> Vec<(String, String)> {
    let mut found = Vec::new();
    for (index, (_, event)) in episode.events.iter().enumerate() {
        let to = match event {
            Event::Transferred { to, .. } => to.to_string(),
            Event::Assigned { agent, .. } => {
                let back = episode.events[..index].iter().rev().find(|(_, event)| {
                    matches!(
                        event,
                        Event::ReturnedToQueue { .. }
                            | Event::Assigned { .. }
                            | Event::Transferred { .. }
                    )
                });
                match back {
                    Some((
                        _,
                        Event::ReturnedToQueue {
                            cause: ReturnCause::Transfer,
                            ..
                        },
                    )) => agent.to_string(),
                    _ => continue,
                }
            }
            _ => continue,
        };
        found.extend(owner(episode, index).map(|from| (from, to)));
    }
    found
}

/// The same of a report's row, to be compared.
pub(crate) fn of_row(row: &Row) -> Vec<(&'static str, TimeFigure)> {
    vec![
        ("queue_time", row.queue_time),
        ("first_response", row.first_response),
        ("agent_wait", row.agent_wait),
        ("customer_wait", row.customer_wait),
        ("talk_time", row.talk_time),
        ("after_work", row.after_work),
        ("total_time", row.total_time),
        ("from_request", row.first_response_from_request),
        ("from_assignment", row.first_response_from_assignment),
        ("abandon_wait", row.abandon_wait),
        ("idle_tail", row.idle_tail),
        ("transfer_wait", row.transfer_wait),
    ]
}

/// Every value of a figure, as its sum and ends; quantiles by walking hundredths of a rank.
pub(crate) fn check(name: &str, figure: TimeFigure, values: &[u64]) {
    let mut values = values.to_vec();
    values.sort_unstable();
    assert_eq!(figure.count, values.len() as u64, "{name}");
    let Some(spread) = figure.spread else {
        assert!(values.is_empty(), "{name}");
        return;
    };
    let sum: u128 = values.iter().map(|value| u128::from(*value)).sum();
    assert_eq!(spread.sum_ms, sum, "{name}");
    assert_eq!(spread.min_ms, values[0], "{name}");
    assert_eq!(spread.max_ms, values[values.len() - 1], "{name}");
    let half_up = |part: u128, of: u128| u64::try_from((part + of / 2) / of).unwrap();
    // An even denominator keeps `of / 2` exact.
    assert_eq!(
        spread.mean_ms,
        half_up(2 * sum, 2 * values.len() as u128),
        "{name}"
    );
    for (percent, shown) in [
        (50, spread.p50_ms),
        (90, spread.p90_ms),
        (99, spread.p99_ms),
    ] {
        let rank = (values.len() - 1) * percent;
        let (below, part) = (rank / 100, (rank % 100) as u128);
        let above = values[(below + 1).min(values.len() - 1)];
        let hundredfold = u128::from(values[below]) * (100 - part) + u128::from(above) * part;
        assert_eq!(shown, half_up(hundredfold, 100), "{name} p{percent}");
    }
}
