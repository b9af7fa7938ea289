//! What holds of every log.

use std::collections::BTreeMap;

use happytalk_core::{Line, Stream};
use happytalk_sqi::{Figures, Options, Report, TimeFigure};
use serde_json::json;

use proptest::prelude::{Just, Strategy, any, prop, prop_assert_eq, prop_oneof, proptest};

use crate::reference;
use crate::script::{MONDAY, conversation, line};

const AGENTS: [&str; 3] = ["kim", "lee", "park"];

#[derive(Debug, Clone, Copy, PartialEq)]
enum Phase {
    Bot,
    Waiting,
    Assigned,
    AfterWork,
    Closed,
}

/// One conversation that goes where the bytes take it, every step a legal one.
fn story(bot: bool, opening: &str, choices: &[(u8, u32)]) -> String {
    let mut told = vec![];
    let mut now = 0_u32;
    let mut tell = |now: u32, what: String| {
        let (seconds, millis) = (now / 1000, now % 1000);
        let (minutes, hours) = (seconds / 60 % 60, seconds / 3600);
        told.push(format!(
            "{hours}:{minutes}:{}.{millis} {what}",
            seconds % 60
        ));
    };
    let mut phase = if bot { Phase::Bot } else { Phase::Waiting };
    let begins = if bot { "opened bot" } else { "opened" };
    tell(now, format!("{begins} {opening}"));
    let (mut agent, mut asked, mut messages) = (0_usize, None, vec![]);
    for (index, (choice, later)) in choices.iter().enumerate() {
        now += later;
        let id = format!("id-{index}");
        let other = AGENTS[(usize::from(choice / 16) + 1 + agent) % 3];
        let is_other = other != AGENTS[agent];
        let (what, next) = match (phase, choice % 16) {
            (Phase::Closed, 0..3) => ("category 환불 부분".to_owned(), Phase::Closed),
            (Phase::Closed, 3..6) => (rating(choice / 16), Phase::Closed),
            (Phase::Closed, 6..8) => ("survey".to_owned(), Phase::Closed),
            (Phase::AfterWork, 8) => (rating(choice / 16), phase),
            (Phase::Assigned, 13) => {
                let main = ["환불", "교환", "배송"][usize::from(choice / 16) % 3];
                (format!("category {main} 전체"), phase)
            }
            (Phase::Closed, _) => ("reopened".to_owned(), Phase::Waiting),
            (Phase::AfterWork, 0..4) => ("reopened".to_owned(), Phase::Assigned),
            (Phase::AfterWork, 4..8) if !messages.is_empty() => {
                let failed: String = messages.pop().unwrap();
                (format!("failed {failed}"), phase)
            }
            (Phase::AfterWork, _) => ("worked".to_owned(), Phase::Closed),
            (Phase::Bot, 0..8) => ("requested".to_owned(), Phase::Waiting),
            (Phase::Bot, 8) => ("bot-ended idle".to_owned(), Phase::Closed),
            (Phase::Bot, 9) => ("profile holds".to_owned(), phase),
            (Phase::Bot, _) => ("bot".to_owned(), phase),
            (Phase::Waiting, 0..6) => {
                agent = usize::from(choice / 16) % 3;
                (format!("assigned {}", AGENTS[agent]), Phase::Assigned)
            }
            (Phase::Waiting, 6) => ("profile holds".to_owned(), phase),
            (Phase::Waiting, 7) => ("profile-done".to_owned(), phase),
            (Phase::Waiting, 8) if bot && asked.is_none() && messages.is_empty() => {
                ("rejected".to_owned(), Phase::Bot)
            }
            (Phase::Waiting, 9) => ("ended channel left".to_owned(), Phase::Closed),
            (Phase::Waiting, 10) => ("ended auto queue_timeout".to_owned(), Phase::Closed),
            (Phase::Assigned, 0..4) => {
                messages.push(id.clone());
                (format!("agent {} {id}", AGENTS[agent]), phase)
            }
            (Phase::Assigned, 4) if !messages.is_empty() => {
                let failed: String = messages.pop().unwrap();
                (format!("failed {failed}"), phase)
            }
            (Phase::Assigned, 5) if asked.is_none() => {
                asked = Some(index);
                (format!("asks {} {other}", AGENTS[agent]), phase)
            }
            (Phase::Assigned, 6) if asked.is_some() => ("keeps".to_owned(), phase),
            (Phase::Assigned, 7) if is_other => {
                let from = AGENTS[agent];
                agent = AGENTS.iter().position(|name| *name == other).unwrap();
                (format!("transferred {from} {other} forced"), phase)
            }
            (Phase::Assigned, 8) => {
                let causes = ["transfer", "offline", "accept_timeout", "transfer"];
                let cause = causes[usize::from(choice / 16) % 4];
                (
                    format!("returned {} {cause}", AGENTS[agent]),
                    Phase::Waiting,
                )
            }
            (Phase::Assigned, 9) => ("ended auto customer_silent".to_owned(), Phase::Closed),
            (Phase::Assigned, 10) => ("ended channel expired".to_owned(), Phase::Closed),
            (Phase::Assigned, 11) => ("ended agent then-work".to_owned(), Phase::AfterWork),
            (Phase::Assigned, 12) => ("ended customer then-work".to_owned(), Phase::AfterWork),
            (Phase::Waiting | Phase::Assigned, _) => {
                messages.push(id.clone());
                (format!("customer {id}"), phase)
            }
        };
        if what == "keeps" || what.starts_with("transferred") || next != Phase::Assigned {
            asked = None;
        }
        if next == Phase::Closed || what == "reopened" {
            messages.clear();
        }
        tell(now, what);
        phase = next;
    }
    told.join("\n")
}

fn rating(choice: u8) -> String {
    if choice.is_multiple_of(2) {
        format!("rated {} 5", choice % 6)
    } else {
        format!("rated {} 10", choice % 11)
    }
}

/// Conversations over days, that come from everywhere and after each other, with streams of agents.
pub(crate) fn wide_logs() -> impl Strategy<Value = Vec<Line>> {
    let later = prop_oneof![
        Just(0_u32),
        1..2_000_u32,
        Just(60_000),
        1_000_000..4_000_000_u32,
        Just(50_000_000),
    ];
    let choices = prop::collection::vec((any::<u8>(), later.clone()), 0..30);
    let conversation_of = (any::<bool>(), any::<u8>(), choices);
    let agent = prop::collection::vec((any::<u8>(), later), 0..8);
    let agents = prop::collection::vec(agent, 3);
    let conversations = prop::collection::vec(conversation_of, 1..6);
    (conversations, agents).prop_map(|(conversations, agents)| {
        let mut lines: Vec<Line> = Vec::new();
        // Groups are known before anybody belongs to one.
        for (name, choices) in AGENTS.iter().zip(&agents) {
            lines.extend(stream_of(name, choices));
        }
        for (index, (bot, from, choices)) in conversations.iter().enumerate() {
            let mut opening = Vec::new();
            opening.extend((from % 2 == 0).then(|| "channel=kakao_consult".to_owned()));
            opening.extend((from & 2 > 0).then(|| format!("inflow=way-{}", from % 5)));
            opening.extend((from & 4 > 0).then(|| format!("campaign=spring {}", from % 3)));
            opening.extend((from & 8 > 0).then(|| "main=환불".to_owned()));
            let before = usize::from(from / 16) % 6;
            opening.extend((before < index).then(|| format!("previous=c-{before}")));
            let opening = opening.join(" ").replace("spring ", "spring-");
            let told = conversation(&format!("c-{index}"), &story(*bot, &opening, choices));
            lines.extend(told.iter().map(|line| Line::parse(line).unwrap()));
        }
        lines.sort_by_key(|line| line.at);
        lines
    })
}

/// An agent's own lines: who they are, first, and then what they do.
fn stream_of(agent: &str, choices: &[(u8, u32)]) -> Vec<Line> {
    let group = (agent != "park").then_some("상담1팀");
    let set = json!({"type": "agent_set", "group": group, "caps": {"agent": agent.len()}});
    let mut events = vec![(MONDAY, set)];
    let mut now = MONDAY;
    for (choice, later) in choices {
        now += i64::from(*later);
        let (status, class) = [
            ("상담가능", "accepting"),
            ("신규 배정 중지", "finishing"),
            ("식사", "paused"),
            ("로그아웃", "off"),
        ][usize::from(choice % 4)];
        events.push((
            now,
            match choice / 4 % 8 {
                0 => json!({"type": "agent_removed"}),
                1 => json!({"type": "agent_set", "group": group, "caps": {"agent": choice / 32}}),
                2 => json!({"type": "agent_set", "group": group}),
                _ => json!({"type": "agent_status", "status": status, "class": class}),
            },
        ));
    }
    let lines = events.into_iter().enumerate();
    lines
        .map(|(index, (at, event))| {
            Line::parse(&line(("agent", agent), index + 1, at, event)).unwrap()
        })
        .collect()
}

/// Some conversations, their lines mixed by time.
pub(crate) fn logs() -> impl Strategy<Value = Vec<Line>> {
    let later = prop_oneof![Just(0_u32), 1..2_000_u32, Just(60_000)];
    let conversation_of = (
        any::<bool>(),
        prop::collection::vec((any::<u8>(), later), 0..40),
    );
    prop::collection::vec(conversation_of, 1..5).prop_map(|conversations| {
        let mut lines: Vec<Line> = Vec::new();
        for (index, (bot, choices)) in conversations.iter().enumerate() {
            let told = conversation(&format!("c-{index}"), &story(*bot, "", choices));
            lines.extend(told.iter().map(|line| Line::parse(line).unwrap()));
        }
        lines.sort_by_key(|line| line.at);
        lines
    })
}

fn report(by: &str, lines: &[Line]) -> Report {
    let mut figures = Figures::new(options(by));
    for line in lines {
        figures.push(line).unwrap();
    }
    figures.report()
}

fn options(by: &str) -> Options {
    if by.is_empty() {
        Options::new()
    } else {
        Options::new().with("by", by).unwrap()
    }
}

fn sum(figure: TimeFigure) -> u128 {
    figure.spread.map_or(0, |spread| spread.sum_ms)
}

fn compare(lines: &[Line], by_agent: bool) {
    let report = report(if by_agent { "agent" } else { "" }, lines);
    let expected = reference::rows(lines, by_agent);
    let shown: Vec<_> = report.rows.iter().map(|row| &row.keys).collect();
    assert_eq!(shown, expected.keys().collect::<Vec<_>>());
    for (row, values) in report.rows.iter().zip(expected.values()) {
        let of = |name| values.get(name).map_or(&[][..], Vec::as_slice);
        for (name, figure) in reference::of_row(row) {
            reference::check(name, figure, of(name));
        }
        assert_eq!(row.abandon_rate.count, of("abandoned").len() as u64);
        assert_eq!(row.abandon_rate.of, of("of").len() as u64);
        assert_eq!(row.missed, of("missed").len() as u64);
    }
}

proptest! {
    #[test]
    fn the_slow_computation_agrees(lines in logs()) {
        compare(&lines, false);
        compare(&lines, true);
    }

    #[test]
    fn agent_wait_and_customer_wait_are_the_talk(lines in logs()) {
        for by in ["", "agent", "hour,agent,end"] {
            for row in report(by, &lines).rows {
                prop_assert_eq!(sum(row.agent_wait) + sum(row.customer_wait), sum(row.talk_time));
                prop_assert_eq!(sum(row.talk_time) + sum(row.after_work), sum(row.total_time));
            }
        }
    }

    #[test]
    fn rows_add_up_to_the_total(lines in logs()) {
        let total = report("", &lines);
        for by in ["hour", "agent", "day,agent", "end,category", "group"] {
            let rows = report(by, &lines).rows;
            let mut sums: BTreeMap<&str, u128> = BTreeMap::new();
            for row in rows.iter() {
                for (name, figure) in reference::of_row(row) {
                    *sums.entry(name).or_default() += sum(figure);
                }
                *sums.entry("of").or_default() += u128::from(row.abandon_rate.of);
                *sums.entry("abandoned").or_default() += u128::from(row.abandon_rate.count);
                *sums.entry("missed").or_default() += u128::from(row.missed);
            }
            prop_assert_eq!(rows.is_empty(), total.rows.is_empty());
            for row in &total.rows {
                for (name, figure) in reference::of_row(row) {
                    prop_assert_eq!(sums[name], sum(figure), "{} by {}", name, by);
                }
                prop_assert_eq!(sums["of"], u128::from(row.abandon_rate.of));
                prop_assert_eq!(sums["abandoned"], u128::from(row.abandon_rate.count));
                prop_assert_eq!(sums["missed"], u128::from(row.missed));
            }
        }
    }

    #[test]
    fn repeats_anywhere_change_nothing(lines in logs(), again in any::<prop::sample::Index>()) {
        let once = report("agent", &lines);
        let mut figures = Figures::new(options("agent"));
        let back = again.index(lines.len());
        for line in lines[..=back].iter().chain(&lines) {
            figures.push(line).unwrap();
        }
        let twice = figures.report();
        prop_assert_eq!(&twice.rows, &once.rows);
        prop_assert_eq!((twice.open, twice.repeated), (once.open, back as u64 + 1));
    }

    #[test]
    fn how_the_streams_are_mixed_changes_nothing(lines in logs()) {
        let mut apart = lines.clone();
        apart.sort_by(|one, other| (&one.stream, one.seq).cmp(&(&other.stream, other.seq)));
        prop_assert_eq!(report("agent,hour", &apart), report("agent,hour", &lines));
    }

    #[test]
    fn no_log_of_known_events_panics(
        choices in prop::collection::vec((0..KINDS.len(), 0..5_000_i64), 0..60)
    ) {
        let mut now = MONDAY;
        let mut figures = Figures::new(options("agent,group,day,category,end"));
        for (index, (kind, later)) in choices.iter().enumerate() {
            now += later - 500;
            let kind = if index == 0 { "opened bot" } else { KINDS[*kind] };
            let mut line = Line::parse(&conversation("c", &format!("00:00:00 {kind}"))[0]).unwrap();
            line.seq = index as u64 + 1;
            line.at = happytalk_core::Timestamp::from_millis(now);
            line.stream = Stream::Conversation("c".parse().unwrap());
            figures.push(&line).unwrap();
        }
        for row in figures.report().rows {
            prop_assert_eq!(sum(row.agent_wait) + sum(row.customer_wait), sum(row.talk_time));
        }
    }

    #[test]
    fn no_bytes_panic(bytes in prop::collection::vec(any::<u8>(), 0..300)) {
        let mut figures = Figures::new(Options::new());
        if let Err(error) = figures.read(bytes.as_slice()) {
            assert!(error.line().is_some());
        }
    }
}

/// Every kind the figures look at, in any order.
const KINDS: [&str; 21] = [
    "requested",
    "rejected",
    "rejected final",
    "assigned kim",
    "assigned lee opener",
    "agent kim m-1",
    "agent lee m-2",
    "customer m-3",
    "failed m-1",
    "asks kim lee",
    "keeps",
    "transferred kim lee accepted",
    "returned lee transfer",
    "returned kim withdrawn 환불",
    "profile holds",
    "profile-done",
    "bot-ended customer",
    "ended auto customer_silent",
    "ended channel unknown then-work",
    "worked",
    "reopened",
];
