//! Random inputs to the router and to a slow, obvious one beside it, which must say the same; and a router that is
//! given the facts alone, which must be equal.

mod naive;
mod random;
mod whole;

use std::collections::BTreeMap;

use happytalk_core::Timestamp;
use happytalk_routing::{Fact, Input, Router, What};

use self::naive::Naive;
use self::random::Random;
use crate::centre::id;

/// How many steps a run has: a hundred thousand, or what `ROUTING_STEPS` says.
#[expect(
    clippy::disallowed_methods,
    reason = "a longer run is asked for by the environment"
)]
fn steps() -> u64 {
    let asked = std::env::var("ROUTING_STEPS").ok();
    asked.and_then(|it| it.parse().ok()).unwrap_or(100_000)
}

/// Runs `steps` random inputs from `seed` and counts what was said by its kind.
fn run(seed: u64, steps: u32, kinds: &mut BTreeMap<String, u32>) {
    let mut random = Random::new(seed);
    let settings = random.settings();
    let mut router = Router::new(settings.clone()).unwrap();
    let mut replayed = Router::new(settings.clone()).unwrap();
    let mut naive = Naive::new(settings.clone());
    let mut revision = 0;
    let mut latest = Timestamp::MIN;
    for step in 0..steps {
        let input = random.input();
        let now = random.now();
        latest = latest.max(now);
        let context = || format!("seed {seed}, step {step}, {input:?}, {settings:?}");
        router.handle_input(input.clone(), now);
        let mut said = Vec::new();
        while let Some(output) = router.poll_output() {
            said.push(match output.what {
                What::Fact(fact) => {
                    assert!(output.revision > revision, "I10: {}", context());
                    revision = output.revision;
                    replayed.apply(&fact, output.at);
                    Ok(fact)
                }
                What::Refused(refusal) => Err(refusal.error.code()),
                What::Unserved(_) => continue,
            });
        }
        for it in &said {
            *kinds.entry(kind(it)).or_default() += 1;
        }
        assert_eq!(said, naive.step(&input, now), "{}", context());
        assert_eq!(router.next_deadline(), None, "{}", context());
        if step % 16 == 0 {
            assert_eq!(router, replayed, "I7: {}", context());
            for queue in ["q0", "q1", "q2"] {
                let waiting = router.waiting(&id(queue));
                assert_eq!(waiting, naive.waiting(queue), "I6: {}", context());
            }
        }
        if step % 512 == 511 {
            // From here on the one that was built from facts decides.
            router = replayed.clone();
            router.handle_input(Input::Tick, latest);
        }
    }
}

fn kind(said: &Result<Fact, &'static str>) -> String {
    match said {
        Err(code) => (*code).to_owned(),
        Ok(Fact::Assigned { how, over_cap, .. }) => match over_cap {
            None => format!("Assigned {how}"),
            Some(_) => format!("Assigned {how} over"),
        },
        Ok(fact) => {
            let text = format!("{fact:?}");
            text.split(' ').next().unwrap_or_default().to_owned()
        }
    }
}

#[test]
fn case_81_a_hundred_thousand_random_inputs_agree_with_the_obvious_router() {
    let mut kinds = BTreeMap::new();
    for seed in 1..=steps() / 1000 {
        run(seed, 1000, &mut kinds);
    }
    // Luck that never comes to a rule proves nothing of it.
    for kind in [
        "Assigned auto",
        "Assigned pick",
        "Assigned pick over",
        "Assigned manager over",
        "Transferred",
        "Returned",
        "AfterWorkStarted",
        "Resumed",
        "Unheld",
        "Opened",
        "AgentRemoved",
        "ModeSet",
        "routing.already_taken",
        "routing.not_in_pool",
        "routing.channel_not_taken",
        "routing.agent_cap",
        "routing.group_cap",
        "routing.queue_cap",
        "routing.channel_cap",
        "routing.site_cap",
        "routing.queue_full",
        "routing.no_agent_on_duty",
    ] {
        let count = kinds.get(kind).copied().unwrap_or(0);
        assert!(count >= 20, "{kind}: {count} of {kinds:?}");
    }
}
