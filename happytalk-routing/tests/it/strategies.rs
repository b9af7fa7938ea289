//! Who is chosen and who is served first: strategies, weights and priorities. The numbered cases of ROUTING 4.

use std::time::Duration;

use happytalk_core::ChannelName;
use happytalk_routing::{AgentSpec, Fact, PriorityRule, Settings, Strategy};

use crate::centre::{Centre, id, least_active, queue};

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

#[test]
fn utilisation_is_compared_exactly_and_no_limit_is_none() {
    let settings = Settings::new(queue("main").with_strategy(Strategy::LeastUtilised));
    let mut centre = Centre::new(settings);
    centre.comes("three", AgentSpec::new().with_cap(3));
    centre.comes("seven", AgentSpec::new().with_cap(7).with_order(1));
    let mut given = Vec::new();
    for n in 0..10 {
        let name = n.to_string();
        centre.at(n).asks(&name);
        given.push(centre.owner(&name));
    }
    let expected = [
        "three", "seven", "seven", "seven", "three", "seven", "seven", "three", "seven", "seven",
    ];
    assert_eq!(given, expected);
    centre.comes("free", AgentSpec::new().with_order(2));
    centre.asks("x");
    centre.asks("y");
    assert_eq!(
        (centre.owner("x"), centre.owner("y")),
        ("free".into(), "free".into())
    );
}

#[test]
fn the_longest_idle_comes_first_and_the_busy_after_them() {
    let settings = Settings::new(queue("main").with_strategy(Strategy::LongestIdle));
    let mut centre = Centre::new(settings);
    for (at, name) in [(0, "b"), (1, "a"), (2, "c")] {
        centre.at(at).comes(name, AgentSpec::new());
    }
    let mut ask = |at: i64, name: &str| {
        centre.at(at).asks(name);
        centre.owner(name)
    };
    assert_eq!(ask(10, "1"), "b");
    assert_eq!(ask(11, "2"), "a");
    centre.at(12).ends("1");
    assert_eq!(centre.at(13).asks("3"), ["3+", "3>c"]);
    assert_eq!(centre.at(14).asks("4"), ["4+", "4>b"]);
    assert_eq!(centre.at(15).asks("5"), ["5+", "5>a"]);
    centre.at(16).ends("3");
    centre.at(17).ends("4");
    assert_eq!(centre.at(18).asks("6"), ["6+", "6>c"]);
}

#[test]
fn the_hosts_score_decides_and_then_the_load() {
    let main = queue("main")
        .with_strategy(Strategy::Score)
        .with_score(id("good"), 70)
        .with_score(id("bad"), -5);
    let mut centre = Centre::new(Settings::new(main));
    for name in ["bad", "plain", "other"] {
        centre.comes(name, AgentSpec::new().with_cap(1));
    }
    centre.comes("good", AgentSpec::new().with_cap(2));
    let mut given = Vec::new();
    for name in ["1", "2", "3", "4", "5"] {
        centre.asks(name);
        given.push(centre.owner(name));
    }
    assert_eq!(given, ["good", "good", "other", "plain", "bad"]);
}

#[test]
fn case_67_under_endless_urgent_arrivals_a_low_one_is_served_within_the_bound() {
    let rules = [
        PriorityRule::default(),
        PriorityRule::Aging {
            millis_per_point: 7_000,
        },
        PriorityRule::Slack {
            answer_within_millis: 90_000,
            millis_per_point: 30_000,
        },
    ];
    for rule in rules {
        let bound = rule.overtaken_within(20).unwrap();
        let mut centre = Centre::new(least_active().with_priority(rule));
        centre.comes("kim", AgentSpec::new().with_cap(1));
        centre.at(0).asks_with("first", 10, 1);
        centre.asks_with("low", -10, 1);
        let began = centre.now;
        let mut last = "first".to_owned();
        for n in 1..5_000 {
            let name = format!("urgent-{n}");
            // Two come for each that goes: the line of the urgent never ends.
            centre.at(n).asks_with(&name, 10, 1);
            centre.asks_with(&format!("more-{n}"), 10, 1);
            let said = centre.ends(&last);
            last = said[1].split_once('>').unwrap().0.to_owned();
            if last == "low" {
                break;
            }
        }
        assert_eq!(last, "low", "{rule:?}");
        // Whoever was served before came no later than the bound after it.
        let late = centre
            .outputs
            .iter()
            .rev()
            .filter_map(|output| output.fact());
        let latest = late
            .filter_map(|fact| match fact {
                Fact::Enqueued {
                    conversation,
                    enqueued_at,
                    ..
                } if centre.owner(conversation.as_str()) == "nobody" => Some(*enqueued_at),
                _ => None,
            })
            .max();
        assert!(latest.unwrap() <= began.plus(bound), "{rule:?}");
    }
    assert_eq!(PriorityRule::Strict.overtaken_within(1), None);
}

#[test]
fn what_is_due_first_is_served_first_across_queues() {
    let slack = PriorityRule::Slack {
        answer_within_millis: 100_000,
        millis_per_point: 1_000,
    };
    let settings = Settings::new(queue("slow"))
        .with_queue(queue("fast").with_answer_within(seconds(10)))
        .with_priority(slack);
    let mut centre = Centre::new(settings);
    centre.at(0).asks("slow");
    centre
        .at(50)
        .asks_in("fast", Some("fast"), ChannelName::WEBCHAT);
    centre
        .at(95)
        .asks_in("late", Some("fast"), ChannelName::WEBCHAT);
    let said = centre.comes("kim", AgentSpec::new());
    assert_eq!(said, ["kim accepting", "fast>kim", "slow>kim", "late>kim"]);
}

#[test]
fn an_agent_of_double_weight_has_half_as_many() {
    let mut centre = Centre::new(least_active());
    centre.comes("new", AgentSpec::new().with_cap(4).with_weight(2));
    for name in ["1", "2", "3"] {
        centre.asks(name);
    }
    assert_eq!(
        (centre.load("new"), centre.waiting("main")),
        (4, vec!["3".to_owned()])
    );
    let said = centre.set("new", AgentSpec::new().with_cap(4));
    assert_eq!(said, ["new set", "3>new"]);
    assert_eq!(centre.load("new"), 3);
}

#[test]
fn case_26_what_takes_more_slots_waits_for_more() {
    let mut centre = Centre::new(least_active());
    centre.comes("kim", AgentSpec::new().with_cap(6));
    for name in ["1", "2", "3"] {
        assert_eq!(centre.asks_with(name, 0, 2).len(), 2);
    }
    assert_eq!(centre.asks_with("4", 0, 2), ["4+"]);
    centre.ends("4");
    assert_eq!(centre.asks_with("call", 0, 6), ["call+"]);
    centre.ends("1");
    centre.ends("2");
    assert_eq!(centre.ends("3"), ["3-", "call>kim"]);
}
