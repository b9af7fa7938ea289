//! The stretches behind each figure of one conversation.

use happytalk_sqi::{Explanation, Options, explain};
use proptest::prelude::{prop_assert_eq, proptest};

use crate::examples::{A, B, C, D, day};
use crate::properties::logs;
use crate::reference::of_row;
use crate::script::{clock, conversation, figures};

fn why(story: &str) -> Explanation {
    let log = conversation("c", story).join("\n");
    explain(log.as_bytes(), &"c".parse().unwrap(), &Options::new()).unwrap()
}

/// The parts of a figure, as seconds of the day and agents.
fn parts(why: &Explanation, figure: &str) -> Vec<(i64, i64, String)> {
    let told = &why.episodes[0].figures;
    let told = told.iter().find(|told| told.figure == figure).unwrap();
    let seconds = |at: happytalk_core::Timestamp| (at.as_millis() - clock("00:00:00")) / 1_000;
    let parts = told.parts.iter();
    parts
        .map(|part| {
            (
                seconds(part.from),
                seconds(part.to),
                part.agent.clone().unwrap_or_default(),
            )
        })
        .collect()
}

#[test]
fn the_waits_of_a_are_those_of_the_worked_example() {
    let why = why(A);
    let lengths: Vec<i64> = parts(&why, "agent_wait")
        .iter()
        .map(|(from, to, _)| to - from)
        .collect();
    assert_eq!(lengths, [30, 90, 20]);
    let lengths: Vec<i64> = parts(&why, "customer_wait")
        .iter()
        .map(|(from, to, _)| to - from)
        .collect();
    assert_eq!(lengths, [80, 20]);
    let episode = &why.episodes[0];
    assert_eq!(episode.outcome, Some("answered"));
    assert_eq!(episode.answered_at.unwrap().as_millis(), clock("10:02:50"));
    assert!(episode.without.is_empty() && !why.open);
}

#[test]
fn a_transfer_cuts_a_wait_between_its_agents() {
    let whose = |figure: &str| {
        let cut = parts(&why(B), figure);
        cut.into_iter()
            .map(|(from, to, agent)| (to - from, agent))
            .collect::<Vec<_>>()
    };
    let (one, two) = (
        |seconds| (seconds, "A1".to_owned()),
        |seconds| (seconds, "A2".to_owned()),
    );
    assert_eq!(whose("agent_wait"), [one(30), one(35), two(60), two(10)]);
    assert_eq!(whose("transfer_wait"), [two(60)]);
}

#[test]
fn what_a_conversation_is_not_in_is_said_with_the_reason() {
    let c = why(C);
    let without = &c.episodes[0].without;
    assert!(without.iter().all(|absence| absence.why == "not_answered"));
    assert_eq!(without.len(), 6);
    let d = why(D);
    assert_eq!(d.episodes[0].without[0].why, "not_assigned");
    let bot = why("10:00:00 opened bot\n 10:00:05 bot-ended customer");
    assert!(
        bot.episodes[0]
            .without
            .iter()
            .all(|absence| absence.why == "bot_only")
    );
    let log = conversation("c", D).join("\n");
    let short = Options::new().with("short-abandon", "5s").unwrap();
    let why = explain(log.as_bytes(), &"c".parse().unwrap(), &short).unwrap();
    assert!(
        why.episodes[0]
            .without
            .iter()
            .any(|absence| absence.why == "short_abandon")
    );
}

#[test]
fn the_profile_bots_part_of_the_queue_is_taken_off() {
    let why = why("10:00:00 opened
         10:00:10 profile holds
         10:00:30 profile-done
         10:01:00 assigned kim
         10:02:00 ended agent");
    let queue = &why.episodes[0].figures[0];
    assert_eq!((queue.value, queue.parts.len()), (40_000, 2));
    assert!(queue.parts[1].off && queue.parts[1].ms == 20_000);
}

#[test]
fn a_conversation_that_is_not_there_is_an_error() {
    let log = day().join("\n");
    let error = explain(log.as_bytes(), &"zzz".parse().unwrap(), &Options::new()).unwrap_err();
    assert_eq!(error.code(), "sqi.unknown_conversation");
}

proptest! {
    #[test]
    fn the_explanations_of_a_log_add_up_to_its_report(lines in logs()) {
        let texts: Vec<String> = lines.iter().map(happytalk_core::Line::to_json).collect();
        let report = figures(Options::new(), &texts).report();
        let mut sums = std::collections::BTreeMap::<&str, (u64, u128)>::new();
        for index in 0..5 {
            let id = format!("c-{index}").parse().unwrap();
            let Ok(why) = explain(texts.join("\n").as_bytes(), &id, &Options::new()) else {
                continue;
            };
            for told in why.episodes.iter().flat_map(|episode| &episode.figures) {
                let sum = sums.entry(told.figure).or_default();
                sum.0 += 1;
                sum.1 += u128::from(told.value);
                if told.figure != "abandon_rate" && told.figure != "missed" {
                    let parts: i128 = told.parts.iter().map(|part| {
                        if part.off { -i128::from(part.ms) } else { i128::from(part.ms) }
                    }).sum();
                    prop_assert_eq!(parts, i128::from(told.value));
                }
            }
        }
        for row in &report.rows {
            for (name, figure) in of_row(row) {
                let name = match name {
                    "from_request" => "first_response_from_request",
                    "from_assignment" => "first_response_from_assignment",
                    name => name,
                };
                let told = sums.get(name).copied().unwrap_or_default();
                let sum = figure.spread.map_or(0, |spread| spread.sum_ms);
                prop_assert_eq!(told, (figure.count, sum), "{}", name);
            }
            prop_assert_eq!(sums.get("abandon_rate").map_or(0, |sum| sum.0), row.abandon_rate.of);
        }
    }
}
