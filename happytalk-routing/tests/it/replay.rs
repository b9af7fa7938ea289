//! Building a router again from what was kept.

use happytalk_core::event::{AssignedHow, StatusClass};
use happytalk_core::id::AgentId;
use happytalk_core::{ChannelName, Timestamp};
use happytalk_routing::{AgentSpec, Fact, Input, Router};

use crate::centre::{Centre, id, in_turns, least_active, words};

#[test]
fn a_rotation_goes_on_where_it_stopped() {
    let mut centre = Centre::with_agents(in_turns(), &["a", "b", "c"]);
    for name in ["1", "2"] {
        centre.asks(name);
    }
    let mut again = Router::new(in_turns()).unwrap();
    for output in &centre.outputs {
        again.apply(output.fact().unwrap(), output.at);
    }
    assert_eq!(again, centre.router);
    assert_eq!(again.revision(), centre.router.revision());
    centre.router = again;
    assert_eq!(centre.asks("3"), ["3+", "3>c"]);
}

#[test]
fn a_log_that_stops_in_the_middle_asks_for_a_tick_and_goes_on() {
    let mut centre = Centre::with_agents(least_active(), &["kim"]);
    centre.asks("1");
    let mut again = Router::new(least_active()).unwrap();
    let assigned = |fact: &Fact| matches!(fact, Fact::Assigned { .. });
    for output in &centre.outputs {
        let fact = output.fact().unwrap();
        if !assigned(fact) {
            again.apply(fact, output.at);
        }
    }
    assert_ne!(again, centre.router);
    assert!(again.poll_output().is_none());
    let due = again.next_deadline().unwrap();
    assert_eq!(due.as_millis(), centre.now.as_millis() + 1);
    again.handle_input(Input::Tick, due);
    assert_eq!(words(&again.poll_output().unwrap()), "1>kim");
    assert_eq!(again.next_deadline(), None);
}

#[test]
fn facts_about_nobody_and_nothing_are_taken_without_a_word() {
    let mut router = Router::new(least_active()).unwrap();
    let at = Timestamp::from_millis(5);
    let (conversation, kim) = (|| id("c"), || id::<AgentId>("kim"));
    let channel = ChannelName::WEBCHAT;
    let facts = [
        Fact::AgentRemoved { agent: kim() },
        Fact::Released {
            conversation: conversation(),
        },
        Fact::Assigned {
            conversation: conversation(),
            agent: kim(),
            how: AssignedHow::Auto,
            over_cap: None,
        },
        Fact::Enqueued {
            conversation: conversation(),
            queue: id("a queue of last year"),
            channel,
            priority: 0,
            weight: 0,
            enqueued_at: at,
            terms: None,
        },
        Fact::Assigned {
            conversation: conversation(),
            agent: kim(),
            how: AssignedHow::Auto,
            over_cap: None,
        },
        Fact::AgentSet {
            agent: kim(),
            spec: Box::new(AgentSpec::new().with_cap(1)),
        },
    ];
    for fact in &facts {
        router.apply(fact, at);
    }
    assert_eq!(router.queue_of(&conversation()), Some(&id("main")));
    assert_eq!(router.load(&kim()), Some(1));
    assert_eq!(router.status(&kim()), Some(StatusClass::Off));
    router.handle_input(Input::Tick, at);
    assert!(router.poll_output().is_none());
}

#[test]
fn a_clock_that_steps_back_is_read_as_standing() {
    let mut centre = Centre::new(least_active());
    centre.at(10).asks("b");
    centre.at(0).asks("a");
    centre.at(11).asks("c");
    let stamps: Vec<_> = centre.outputs.iter().map(|output| output.at).collect();
    assert!(stamps.is_sorted());
    assert_eq!(centre.waiting("main"), ["a", "b", "c"]);
}
