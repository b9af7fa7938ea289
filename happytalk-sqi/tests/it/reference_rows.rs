//! The slow and obvious computation for every cell of a report: each dimension, each clock, with and without working
//! hours, and the standard metrics.

use std::collections::{BTreeMap, BTreeSet};

use happytalk_core::event::{AutoKind, Event};
use happytalk_core::{Line, Stream, Timestamp};
use happytalk_sqi::{Clock, Figures, Missed, Options, Rate, StandardRow};
use proptest::prelude::{Just, Strategy, any, prop, prop_oneof, proptest};

use crate::properties::wide_logs;
use crate::reference::{Episode, Reading, check, episodes, moves, of_row, readings};
use crate::reference_agents;
use crate::reference_keys::{bucket, calendar, category, keys, working_ms};
use crate::script::MONDAY;

/// What is asked.
struct Asked {
    by: Vec<&'static str>,
    clock: Clock,
    short_ms: u64,
    within_ms: u64,
    worked: bool,
    missed: Missed,
    /// On or after the first instant, before the second.
    period: Option<(u64, u64)>,
}

impl Asked {
    fn options(&self) -> Options {
        let mut options = Options::new()
            .with("by", &self.by.join(","))
            .unwrap()
            .with("service-level", &format!("{}ms", self.within_ms))
            .unwrap()
            .with("short-abandon", &format!("{}ms", self.short_ms))
            .unwrap()
            .with_clock(self.clock)
            .with_missed(self.missed)
            .with_horizon(None)
            .with_hours(calendar());
        if self.worked {
            options = options.with_business(calendar());
        }
        if let Some((from, until)) = self.period {
            let at = |millis: u64| Timestamp::from_millis(i64::try_from(millis).unwrap());
            options = options.with_period(at(from), at(until));
        }
        options
    }

    fn counts(&self, at: u64) -> bool {
        self.period
            .is_none_or(|(from, until)| from <= at && at < until)
    }
}

/// One closed episode that people had to do with.
struct Told {
    keys: BTreeMap<&'static str, String>,
    readings: Vec<Reading>,
    moves: Vec<(String, String)>,
    reopened: bool,
    surveyed: bool,
    rated: Option<(u8, u8)>,
    contact: (String, usize),
}

/// An episode as a contact of a customer.
struct Contact {
    main: Option<String>,
    opened: u64,
    closed: Option<u64>,
}

/// What one row adds up.
#[derive(Default)]
struct Sums {
    values: BTreeMap<&'static str, Vec<u64>>,
    count: BTreeMap<&'static str, u64>,
    five: Vec<u64>,
    ten: Vec<u64>,
}

fn add(sums: &mut Sums, name: &'static str, many: u64) {
    *sums.count.entry(name).or_default() += many;
}

fn closed_told(asked: &Asked, lines: &[Line]) -> (Vec<Told>, BTreeMap<(String, usize), Contact>) {
    let mut conversations: BTreeMap<String, Vec<&Line>> = BTreeMap::new();
    for line in lines {
        if let Stream::Conversation(id) = &line.stream {
            conversations.entry(id.to_string()).or_default().push(line);
        }
    }
    let measure = |from: u64, to: u64| {
        if asked.worked {
            working_ms(from, to)
        } else {
            to - from
        }
    };
    let (mut told, mut contacts) = (Vec::new(), BTreeMap::new());
    for (id, lines) in &conversations {
        let found = episodes(lines);
        for (index, episode) in found.iter().enumerate() {
            let until = lines.iter().find(|line| {
                line.seq >= episode.lines.1 && matches!(line.event, Event::Reopened { .. })
            });
            let until = until.map_or(u64::MAX, |line| line.seq);
            let last = episode.events.len() - 1;
            let category = category(lines, episode.lines.1);
            contacts.insert(
                (id.clone(), index),
                Contact {
                    main: category.as_ref().map(|category| category.main.to_string()),
                    opened: episode.events[0].0,
                    closed: Some(episode.events[last].0),
                },
            );
            let readings = readings(episode, &measure);
            let Some((_, requested, _)) = readings.iter().find(|(name, ..)| *name == "@requested")
            else {
                continue;
            };
            let counted_at = match asked.clock {
                Clock::Opening => episode.events[0].0,
                Clock::Request => *requested,
                _ => episode.events[last].0,
            };
            if !asked.counts(counted_at) {
                continue;
            }
            let after: Vec<&Line> = lines
                .iter()
                .copied()
                .filter(|line| line.seq > episode.lines.0 && line.seq < until)
                .collect();
            told.push(Told {
                keys: keys(lines, episode, category.as_ref(), counted_at, *requested),
                moves: moves(episode),
                reopened: !episode.first,
                surveyed: after.iter().any(|line| {
                    matches!(
                        line.event,
                        Event::AutoSaid {
                            kind: AutoKind::Survey,
                            ..
                        }
                    )
                }),
                rated: after.iter().find_map(|line| match line.event {
                    Event::Rated { score, scale, .. } => Some((score, scale)),
                    _ => None,
                }),
                contact: (id.clone(), index),
                readings,
            });
        }
        // One that is open is a contact too.
        let closed_by = found.last().map_or(0, |episode| episode.lines.1);
        let goes_on = lines.iter().rposition(|line| {
            line.seq >= closed_by
                && matches!(line.event, Event::Opened { .. } | Event::Reopened { .. })
        });
        if let Some(begins) = goes_on.filter(|_| is_open_at_the_end(lines, &found)) {
            contacts.insert(
                (id.clone(), found.len()),
                Contact {
                    main: category(lines, u64::MAX).map(|category| category.main.to_string()),
                    opened: u64::try_from(lines[begins].at.as_millis()).unwrap(),
                    closed: None,
                },
            );
        }
    }
    (told, contacts)
}

fn is_open_at_the_end(lines: &[&Line], found: &[Episode<'_>]) -> bool {
    let Some(last) = found.last() else {
        return true;
    };
    lines.iter().any(|line| {
        // The reopening that closed an episode out of after-work opened the next one.
        line.seq >= last.lines.1 && matches!(line.event, Event::Reopened { .. })
    })
}

/// The row of what is `agent`'s.
fn row(asked: &Asked, told: &Told, agent: &str) -> Vec<String> {
    let text = |name: &&'static str| match *name {
        "agent" => agent.to_owned(),
        "group" if matches!(agent, "kim" | "lee") => "상담1팀".to_owned(),
        "group" => "(none)".to_owned(),
        name => told.keys[name].clone(),
    };
    asked.by.iter().map(text).collect()
}

fn sums(asked: &Asked, lines: &[Line]) -> BTreeMap<Vec<String>, Sums> {
    let (told, contacts) = closed_told(asked, lines);
    let mut rows: BTreeMap<Vec<String>, Sums> = BTreeMap::new();
    for one in &told {
        let find = |name: &str| one.readings.iter().find(|(found, ..)| *found == name);
        let value = |name: &str| find(name).map(|(_, value, _)| *value);
        let is_short = |waited: Option<u64>| {
            waited.is_some_and(|waited| asked.short_ms > 0 && waited <= asked.short_ms)
        };
        let is_within =
            |waited: Option<u64>| u64::from(waited.is_some_and(|waited| waited <= asked.within_ms));
        let short = is_short(value("@patience"));

        let mut shared: BTreeMap<(Vec<String>, &'static str), u64> = BTreeMap::new();
        for (name, value, agent) in &one.readings {
            let key = row(asked, one, agent);
            match *name {
                name if name.starts_with('@') => {}
                "of" | "abandoned" | "abandon_wait" if short => {}
                // One value a row: agents of one row are one.
                "agent_wait" | "customer_wait" | "talk_time" | "total_time" => {
                    *shared.entry((key, name)).or_default() += value;
                }
                name => rows
                    .entry(key)
                    .or_default()
                    .values
                    .entry(name)
                    .or_default()
                    .push(*value),
            }
        }
        for ((key, name), value) in shared {
            rows.entry(key)
                .or_default()
                .values
                .entry(name)
                .or_default()
                .push(value);
        }

        let (_, _, agent) = find("of").unwrap();
        let sums = rows.entry(row(asked, one, agent)).or_default();
        add(sums, "offered", 1);
        add(sums, "short", u64::from(short));
        let answered = value("first_response");
        add(sums, "answered", u64::from(answered.is_some()));
        add(sums, "answered_within", is_within(value("from_request")));
        add(sums, "abandoned_within", is_within(value("abandon_wait")));
        if let Some(assigned) = value("@assigned") {
            let ended = value("@ended").unwrap();
            let left = value("@patience").map(|_| {
                (
                    ended - assigned,
                    if asked.worked {
                        working_ms(assigned, ended)
                    } else {
                        ended - assigned
                    },
                )
            });
            add(sums, "given", 1);
            add(
                sums,
                "given_short",
                u64::from(is_short(left.map(|(patience, _)| patience))),
            );
            add(
                sums,
                "given_answered",
                u64::from(value("from_assignment").is_some()),
            );
            add(
                sums,
                "given_answered_within",
                is_within(value("from_assignment")),
            );
            add(
                sums,
                "given_abandoned_within",
                is_within(left.map(|(_, measured)| measured)),
            );
        }
        for (from, to) in &one.moves {
            add(rows.entry(row(asked, one, from)).or_default(), "out", 1);
            add(rows.entry(row(asked, one, to)).or_default(), "in", 1);
        }
        let mut before = None;
        for (name, _, agent) in &one.readings {
            let turn = match *name {
                "@agent_waits" => "agent_turns",
                "@customer_waits" => "customer_turns",
                _ => continue,
            };
            let now = Some((row(asked, one, agent), turn));
            if now != before {
                add(rows.entry(row(asked, one, agent)).or_default(), turn, 1);
            }
            before = now;
        }
        let (_, _, last) = find("@last").unwrap();
        let sums = rows.entry(row(asked, one, last)).or_default();
        add(sums, "closed", 1);
        add(sums, "reopened", u64::from(one.reopened));
        let was_asked = one.surveyed || one.rated.is_some();
        add(sums, "surveyed", u64::from(was_asked));
        match one.rated {
            Some((score, 5)) => sums.five.push(u64::from(score)),
            Some((score, _)) => sums.ten.push(u64::from(score)),
            None => {}
        }
        add(
            sums,
            "came_back",
            u64::from(came_back(one, &contacts, lines)),
        );
    }
    rows
}

/// Whether the same customer came back with the same matter within a week.
fn came_back(one: &Told, contacts: &BTreeMap<(String, usize), Contact>, lines: &[Line]) -> bool {
    let previous: BTreeMap<String, String> = lines
        .iter()
        .filter_map(|line| match (&line.stream, &line.event) {
            (
                Stream::Conversation(id),
                Event::Opened {
                    previous: Some(previous),
                    ..
                },
            ) => Some((id.to_string(), previous.to_string())),
            _ => None,
        })
        .collect();
    let this = &contacts[&one.contact];
    contacts.iter().any(|((id, index), other)| {
        // Those before it: earlier ones of its own conversation, and all of those before that.
        let mut ancestors = BTreeSet::from([id.clone()]);
        let mut at = id;
        while let Some(before) = previous
            .get(at)
            .filter(|before| !ancestors.contains(*before))
        {
            ancestors.insert(before.clone());
            at = before;
        }
        let (this_id, this_index) = &one.contact;
        let comes_after = if id == this_id {
            index > this_index
        } else {
            ancestors.contains(this_id)
        };
        comes_after
            && other.main == this.main
            && other.opened.saturating_sub(this.closed.unwrap()) <= 7 * 86_400_000
    })
}

fn mean(values: &[u64], of: u64) -> Option<u64> {
    (of > 0).then(|| {
        let sum: u128 = values.iter().map(|value| u128::from(*value)).sum();
        u64::try_from((2 * sum + u128::from(of)) / (2 * u128::from(of))).unwrap()
    })
}

fn compare_standard(asked: &Asked, sums: &Sums, row: &StandardRow) {
    let count = |name: &str| sums.count.get(name).copied().unwrap_or(0);
    let values = |name: &str| sums.values.get(name).map_or(&[][..], Vec::as_slice);
    let many = |name: &str| values(name).len() as u64;
    let rate = |name: &str, shown: Rate, count: u64, of: u64| {
        assert_eq!((shown.count, shown.of), (count, of), "{name}");
    };
    assert_eq!(
        (row.offered, row.answered),
        (count("offered"), count("answered"))
    );
    assert_eq!(row.short_abandoned, count("short"));
    let abandoned = match asked.missed {
        Missed::Abandoned => many("abandoned") + many("missed"),
        _ => many("abandoned"),
    };
    assert_eq!(row.abandoned, abandoned);
    rate(
        "abandonment",
        row.abandonment,
        abandoned,
        abandoned + count("answered"),
    );
    let (customer, agent) = (row.service_level.customer, row.service_level.agent);
    let (offered, within) = (count("offered"), count("answered_within"));
    rate("sl1", customer.sl1, within, offered);
    rate("sl2", customer.sl2, within, offered - count("short"));
    rate("sl3", customer.sl3, within, count("answered"));
    rate(
        "sl4",
        customer.sl4,
        within + count("abandoned_within"),
        offered,
    );
    let (given, within) = (count("given"), count("given_answered_within"));
    rate("agent sl1", agent.sl1, within, given);
    rate("agent sl2", agent.sl2, within, given - count("given_short"));
    rate("agent sl3", agent.sl3, within, count("given_answered"));
    rate(
        "agent sl4",
        agent.sl4,
        within + count("given_abandoned_within"),
        given,
    );
    assert_eq!(
        row.asa_ms,
        mean(values("from_request"), many("from_request"))
    );
    assert_eq!(row.aht_ms, mean(values("total_time"), many("total_time")));
    for (interval, figure, turns) in [
        (row.agent_wait_interval, "agent_wait", "agent_turns"),
        (
            row.customer_wait_interval,
            "customer_wait",
            "customer_turns",
        ),
    ] {
        assert_eq!(interval.count, count(turns), "{turns}");
        assert_eq!(
            interval.mean_ms,
            mean(values(figure), count(turns)),
            "{turns}"
        );
    }
    assert_eq!(
        (row.transfers_in, row.transfers_out),
        (count("in"), count("out"))
    );
    rate(
        "transfers",
        row.transfer_rate,
        count("in"),
        count("answered"),
    );
    rate(
        "reopened",
        row.reopen_rate,
        count("reopened"),
        count("answered"),
    );
    rate("missed", row.missed_rate, many("missed"), count("answered"));
    rate(
        "first contact",
        row.first_contact,
        count("closed") - count("came_back"),
        count("closed"),
    );
    let satisfied = sums.five.iter().filter(|score| **score >= 4).count() as u64;
    rate("csat", row.csat, satisfied, sums.five.len() as u64);
    let hundredfold: Vec<u64> = sums.five.iter().map(|score| score * 100).collect();
    assert_eq!(
        row.csat_mean_hundredths,
        mean(&hundredfold, hundredfold.len() as u64)
    );
    let between = |from: u64, to: u64| {
        sums.ten
            .iter()
            .filter(|score| (from..=to).contains(score))
            .count() as u64
    };
    let nps = (row.nps.promoters, row.nps.passives, row.nps.detractors);
    assert_eq!(nps, (between(9, 10), between(7, 8), between(0, 6)));
    let scores = (sums.five.len() + sums.ten.len()) as u64;
    rate("response", row.response_rate, scores, count("surveyed"));
}

fn compare(asked: &Asked, lines: &[Line]) {
    let mut figures = Figures::new(asked.options());
    for line in lines {
        figures.push(line).unwrap();
    }
    let report = figures.report();
    let expected = sums(asked, lines);
    let shown: Vec<_> = report.rows.iter().map(|row| &row.keys).collect();
    assert_eq!(shown, expected.keys().collect::<Vec<_>>());
    for (row, sums) in report.rows.iter().zip(expected.values()) {
        let of = |name: &str| sums.values.get(name).map_or(&[][..], Vec::as_slice);
        for (name, figure) in of_row(row) {
            check(name, figure, of(name));
        }
        let missed = of("missed").len() as u64;
        let also = if asked.missed == Missed::Abandoned {
            missed
        } else {
            0
        };
        assert_eq!(row.abandon_rate.count, of("abandoned").len() as u64 + also);
        assert_eq!(row.abandon_rate.of, of("of").len() as u64);
        assert_eq!(row.missed, missed);
        compare_standard(asked, sums, row.standard.as_ref().unwrap());
    }
    for by in ["", "day", "hour"] {
        let has = |word: &str| asked.by.contains(&word);
        let is_that = match by {
            "" => !["day", "hour", "week", "month"].into_iter().any(has),
            by => {
                has(by)
                    && !["day", "hour", "week", "month"]
                        .into_iter()
                        .any(|other| other != by && has(other))
            }
        };
        if is_that {
            let expected = reference_agents::rows(
                lines,
                |at| asked.counts(at),
                |at| {
                    if by.is_empty() {
                        Vec::new()
                    } else {
                        vec![bucket(by, at)]
                    }
                },
            );
            reference_agents::compare(&report.agents, &expected);
        }
    }
}

/// Everything that rows can be made by.
pub(crate) const DIMENSIONS: [&str; 14] = [
    "day",
    "hour",
    "week",
    "month",
    "agent",
    "channel",
    "category",
    "sub",
    "group",
    "end",
    "returning",
    "inflow",
    "hours",
    "parameter:campaign",
];

proptest! {
    #[test]
    fn every_cell_is_what_the_slow_computation_says(
        lines in wide_logs(),
        by in prop::sample::subsequence(DIMENSIONS.to_vec(), 1..4),
        turned in any::<bool>(),
        clock in prop_oneof![Just(Clock::Closing), Just(Clock::Opening), Just(Clock::Request)],
        short_ms in prop_oneof![Just(0_u64), Just(900), Just(60_000)],
        within_ms in prop_oneof![Just(500_u64), Just(60_000)],
        worked in any::<bool>(),
        missed in any::<bool>(),
        period in prop_oneof![Just(None), (0..90_u64, 1..200_u64).prop_map(Some)],
    ) {
        let monday = u64::try_from(MONDAY).unwrap();
        let asked = Asked {
            by: if turned { by.into_iter().rev().collect() } else { by },
            clock,
            short_ms,
            within_ms,
            worked,
            missed: if missed { Missed::Abandoned } else { Missed::Apart },
            period: period.map(|(from, hours)| {
                let from = monday + from * 3_600_000;
                (from, from + hours * 3_600_000)
            }),
        };
        compare(&asked, &lines);
    }
}
