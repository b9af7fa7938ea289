//! Parts of a log, split and merged in any way, come to the same bits.

use happytalk_core::{Line, Stream};
use happytalk_sqi::{Figures, Options, Partial};
use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};
use serde_json::json;

use crate::properties::{logs, wide_logs};
use crate::reference_rows::DIMENSIONS;
use crate::script::{MONDAY, line};

/// Everything there is to ask.
fn options(words: &str) -> Options {
    Options::new()
        .with("by", words)
        .unwrap()
        .with("service-level", "30s")
        .unwrap()
        .with_horizon(None)
}

/// The streams of the agents, which go into every part.
fn agents() -> Vec<Line> {
    let mut lines = Vec::new();
    for (agent, group) in [("kim", "교환"), ("lee", "교환"), ("park", "환불")] {
        let set = json!({"type": "agent_set", "group": group, "caps": {"agent": 3}});
        let status = json!({"type": "agent_status", "status": "상담가능", "class": "accepting"});
        for (seq, event) in [set, status].into_iter().enumerate() {
            let text = line(("agent", agent), seq + 1, MONDAY, event);
            lines.push(Line::parse(&text).unwrap());
        }
    }
    lines
}

fn part(options: &Options, lines: &[Line]) -> Figures {
    let mut figures = Figures::new(options.clone());
    for line in agents().iter().chain(lines) {
        figures.push(line).unwrap();
    }
    figures
}

proptest! {
    #[test]
    fn any_split_in_any_order_with_any_repeats_merges_to_the_same_bits(
        lines in logs(),
        parts in 1..5_usize,
        turn in any::<prop::sample::Index>(),
        again in any::<prop::sample::Index>(),
        sketch in any::<bool>(),
    ) {
        let words = if sketch { "sketch" } else { "exact" };
        let options = options("hour,agent,group,category").with("quantiles", words).unwrap();
        let whole = part(&options, &lines);
        let mut shards: Vec<Vec<Line>> = vec![Vec::new(); parts];
        for line in &lines {
            let Stream::Conversation(id) = &line.stream else { unreachable!() };
            let number: usize = id.as_str()[2..].parse().unwrap();
            shards[(number * 7 + parts / 2) % parts].push(line.clone());
        }
        let mut results: Vec<Partial> = shards
            .iter()
            .map(|lines| {
                let repeated: Vec<Line> = match lines.len() {
                    0 => Vec::new(),
                    count => lines[..again.index(count)].iter().chain(lines).cloned().collect(),
                };
                // Through bytes, as from another machine.
                let json = part(&options, &repeated).partial().to_json();
                Partial::parse(&json, &options).unwrap()
            })
            .collect();
        results.rotate_left(turn.index(parts));
        let mut merged = results.remove(0);
        // A tree, not a chain: pairs first.
        while results.len() > 1 {
            let other = results.pop().unwrap();
            results[0].merge(&other).unwrap();
        }
        for other in &results {
            merged.merge(other).unwrap();
        }
        prop_assert!(merged == whole.partial());
        prop_assert_eq!(merged.to_json(), whole.partial().to_json());
        prop_assert_eq!(merged.report(), whole.report());
    }

    #[test]
    fn every_figure_of_a_wide_log_merges_to_the_same_bits(
        lines in wide_logs(),
        parts in 1..5_usize,
        turn in any::<prop::sample::Index>(),
        by in prop::sample::subsequence(DIMENSIONS.to_vec(), 0..4),
    ) {
        let mut options = options("day");
        options.by = by.into_iter().map(|word| word.parse().unwrap()).collect();
        let push = |lines: &[Line]| {
            let mut figures = Figures::new(options.clone());
            for line in lines {
                figures.push(line).unwrap();
            }
            figures.partial()
        };
        let whole = push(&lines);
        // The agents' own lines go into every part, each conversation into one.
        let mut shards: Vec<Vec<Line>> = vec![Vec::new(); parts];
        for line in &lines {
            match &line.stream {
                Stream::Conversation(id) => {
                    let number: usize = id.as_str()[2..].parse().unwrap();
                    shards[(number * 5 + 1) % parts].push(line.clone());
                }
                _ => shards.iter_mut().for_each(|shard| shard.push(line.clone())),
            }
        }
        let mut results: Vec<Partial> = shards.iter().map(|lines| push(lines)).collect();
        results.rotate_left(turn.index(parts));
        let mut merged = results.pop().unwrap();
        for other in &results {
            merged.merge(other).unwrap();
        }
        prop_assert_eq!(merged.to_json(), whole.to_json());
        prop_assert_eq!(merged.report().to_json(), whole.report().to_json());
        let again = Partial::parse(&whole.to_json(), &options).unwrap();
        prop_assert!(again == whole);
    }

    #[test]
    fn both_ways_to_read_a_log_agree(lines in logs()) {
        let options = options("hour,agent,group,category,end,channel,returning,inflow");
        let pushed = part(&options, &lines);
        let mut read = Figures::new(options);
        let all = agents();
        let text: Vec<String> = all.iter().chain(&lines).map(Line::to_json).collect();
        read.read(text.join("\n").as_bytes()).unwrap();
        prop_assert!(read.partial() == pushed.partial());
        prop_assert_eq!(read.report().to_json(), pushed.report().to_json());
    }
}
