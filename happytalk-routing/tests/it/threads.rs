//! One router under eight threads: nobody over a limit, nothing given twice or lost, turns within one of each other.

use std::collections::BTreeMap;
use std::sync::Mutex;

use happytalk_core::event::StatusClass;
use happytalk_core::id::ConversationId;
use happytalk_core::{ChannelName, Timestamp};
use happytalk_routing::{AgentSpec, Fact, Input, Router, Settings};

use crate::centre::{id, in_turns, least_active};

const CALLERS: u32 = 8;
const NOW: Timestamp = Timestamp::EPOCH;

fn staffed(settings: Settings, agents: u32, spec: &AgentSpec) -> Router {
    let mut router = Router::new(settings).unwrap();
    for n in 0..agents {
        let agent = || id(&format!("agent-{n:02}"));
        let spec = spec.clone();
        router.handle_input(
            Input::SetAgent {
                agent: agent(),
                spec,
            },
            NOW,
        );
        router.handle_input(Input::status(agent(), StatusClass::Accepting), NOW);
    }
    while router.poll_output().is_some() {}
    router
}

/// Lets eight callers give inputs, each with their own number, and gives what was assigned, in order.
fn called(
    router: &Mutex<Router>,
    each: u32,
    input: impl Fn(u32) -> Input + Sync,
) -> Vec<(ConversationId, String)> {
    let assigned = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for caller in 0..CALLERS {
            let (assigned, input) = (&assigned, &input);
            scope.spawn(move || {
                for n in 0..each {
                    // The lock is held until what was decided is taken: that is the whole contract.
                    let mut router = router.lock().unwrap();
                    router.handle_input(input(n * CALLERS + caller), NOW);
                    while let Some(output) = router.poll_output() {
                        if let Some(Fact::Assigned {
                            conversation,
                            agent,
                            ..
                        }) = output.fact()
                        {
                            let pair = (conversation.clone(), agent.to_string());
                            assigned.lock().unwrap().push(pair);
                        }
                    }
                }
            });
        }
    });
    assigned.into_inner().unwrap()
}

fn ask(n: u32) -> Input {
    Input::enqueue(id(&format!("c-{n}")), ChannelName::WEBCHAT)
}

fn by_agent(assigned: &[(ConversationId, String)]) -> BTreeMap<&str, u32> {
    let mut counts = BTreeMap::new();
    for (_, agent) in assigned {
        *counts.entry(agent.as_str()).or_default() += 1;
    }
    counts
}

#[test]
fn case_15_eight_callers_give_sixty_of_five_thousand_and_nobody_is_over() {
    let router = staffed(least_active(), 20, &AgentSpec::new().with_cap(3));
    let router = Mutex::new(router);
    let assigned = called(&router, 625, ask);
    assert_eq!(assigned.len(), 60);
    assert!(by_agent(&assigned).values().all(|count| *count == 3));
    assert_eq!(router.lock().unwrap().waiting_total(), 4940);
}

#[test]
fn turns_are_within_one_of_each_other_whoever_calls() {
    let router = Mutex::new(staffed(in_turns(), 7, &AgentSpec::new()));
    let assigned = called(&router, 250, ask);
    let counts = by_agent(&assigned);
    let (least, most) = (
        counts.values().min().unwrap(),
        counts.values().max().unwrap(),
    );
    assert_eq!((assigned.len(), counts.len()), (2000, 7));
    assert!(most - least <= 1, "{counts:?}");
}

#[test]
fn case_46_ends_from_eight_callers_give_each_that_waits_exactly_once() {
    let router = staffed(least_active(), 20, &AgentSpec::new().with_cap(5));
    let router = Mutex::new(router);
    let first = called(&router, 125, ask);
    assert_eq!(first.len(), 100);
    let ended = Mutex::new(first.clone().into_iter());
    let then = called(&router, 12, |_| {
        let (conversation, _) = ended.lock().unwrap().next().unwrap();
        Input::Release { conversation }
    });
    let mut given: Vec<_> = first.iter().chain(&then).map(|(it, _)| it).collect();
    let all = given.len();
    given.sort();
    given.dedup();
    assert_eq!((all, given.len()), (196, 196));
    let router = router.into_inner().unwrap();
    assert!(router.agents().all(|agent| router.load(agent) == Some(5)));
}
