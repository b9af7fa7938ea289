//! Order and draining: the numbered cases of ROUTING 4 and the worked examples of DOMAIN 3.5.

use happytalk_core::ChannelName;
use happytalk_core::event::{ReturnCause, StatusClass};
use happytalk_routing::{
    AgentSpec, Input, Mode, NobodyOnDuty, Pool, PriorityRule, Settings, Strategy,
};

use crate::centre::{Centre, id, in_turns, least_active, queue};

/// Each conversation's agent, asked for one after the other in the same instant.
fn served(centre: &mut Centre, names: &[&str]) -> Vec<String> {
    names
        .iter()
        .map(|name| {
            centre.asks(name);
            centre.owner(name)
        })
        .collect()
}

#[test]
fn case_1_rotation_goes_round() {
    let mut centre = Centre::with_agents(in_turns(), &["a", "b", "c"]);
    let names = ["1", "2", "3", "4", "5", "6", "7"];
    assert_eq!(
        served(&mut centre, &names),
        ["a", "b", "c", "a", "b", "c", "a"]
    );
}

#[test]
fn case_2_whoever_is_passed_over_keeps_their_place_ahead() {
    let mut centre = Centre::with_agents(in_turns(), &["1", "2", "3", "4", "5"]);
    for agent in ["1", "2", "5"] {
        centre.status(agent, StatusClass::Paused);
    }
    assert_eq!(served(&mut centre, &["x", "y"]), ["3", "4"]);
    for agent in ["1", "2", "5"] {
        centre.status(agent, StatusClass::Accepting);
    }
    assert_eq!(
        served(&mut centre, &["p", "q", "r", "s", "t"]),
        ["1", "2", "5", "3", "4"]
    );
}

#[test]
fn case_3_nobody_allowed_leaves_the_order_as_it_was() {
    let mut centre = Centre::with_agents(in_turns(), &["a", "b", "c"]);
    assert_eq!(served(&mut centre, &["1"]), ["a"]);
    for agent in ["a", "b", "c"] {
        centre.status(agent, StatusClass::Paused);
    }
    assert_eq!(served(&mut centre, &["2"]), ["queue:main"]);
    centre.ends("2");
    for agent in ["c", "a", "b"] {
        centre.status(agent, StatusClass::Accepting);
    }
    assert_eq!(served(&mut centre, &["3", "4", "5"]), ["b", "c", "a"]);
}

#[test]
fn case_5_a_pool_that_names_somebody_who_is_gone_gives_nobody() {
    let pool = Pool::agents([id("gone")]);
    let settings = Settings::new(
        queue("main")
            .with_strategy(Strategy::Sequential)
            .with_pool(pool),
    );
    let mut centre = Centre::with_agents(settings, &["gone", "other"]);
    assert_eq!(served(&mut centre, &["1"]), ["gone"]);
    let agent = id("gone");
    assert_eq!(
        centre.input(Input::RemoveAgent { agent }),
        ["1<gone offline", "gone removed"]
    );
    assert_eq!(served(&mut centre, &["2"]), ["queue:main"]);
    assert_eq!(centre.waiting("main"), ["1", "2"]);
}

#[test]
fn case_7_each_queue_has_its_own_rotation() {
    let second = queue("second").with_strategy(Strategy::Sequential);
    let mut centre = Centre::with_agents(in_turns().with_queue(second), &["a", "b"]);
    let mut ask = |name: &str, queue: &str| {
        centre.asks_in(name, Some(queue), ChannelName::WEBCHAT);
        centre.owner(name)
    };
    assert_eq!(ask("1", "main"), "a");
    assert_eq!(ask("2", "second"), "a");
    assert_eq!(ask("3", "second"), "b");
    assert_eq!(ask("4", "main"), "b");
}

#[test]
fn case_8_the_rotation_goes_on_after_the_last_served_is_removed() {
    let mut centre = Centre::with_agents(in_turns(), &["a", "b", "c"]);
    assert_eq!(served(&mut centre, &["1", "2"]), ["a", "b"]);
    centre.ends("2");
    centre.input(Input::RemoveAgent { agent: id("b") });
    assert_eq!(served(&mut centre, &["3", "4", "5"]), ["c", "a", "c"]);
}

#[test]
fn case_9_the_fuller_agent_waits_for_the_emptier() {
    let mut centre = Centre::new(least_active());
    centre.comes("a", AgentSpec::new().with_cap(3));
    assert_eq!(served(&mut centre, &["1", "2", "3"]), ["a", "a", "a"]);
    centre.comes("b", AgentSpec::new().with_cap(3));
    assert_eq!(served(&mut centre, &["4"]), ["b"]);
    assert_eq!((centre.load("a"), centre.load("b")), (3, 1));
    // b gets two before a gets one, and a only when there is room.
    assert_eq!(
        served(&mut centre, &["5", "6", "7"]),
        ["b", "b", "queue:main"]
    );
    assert_eq!(centre.ends("1"), ["1-", "7>a"]);
    // With room at both it is whoever has less.
    centre.ends("4");
    centre.ends("5");
    centre.ends("7");
    assert_eq!((centre.load("a"), centre.load("b")), (2, 1));
    assert_eq!(served(&mut centre, &["8", "9"]), ["b", "a"]);
}

#[test]
fn case_10_equal_loads_go_to_whoever_was_assigned_longest_ago() {
    let mut centre = Centre::with_agents(least_active(), &["a", "b"]);
    centre.status("a", StatusClass::Paused);
    centre.at(5).asks("1");
    centre.status("a", StatusClass::Accepting);
    centre.at(10).asks("2");
    assert_eq!(
        (centre.owner("1"), centre.owner("2")),
        ("b".into(), "a".into())
    );
    assert_eq!(served(&mut centre, &["3"]), ["b"]);
}

#[test]
fn case_11_two_in_a_row_go_to_the_empty_one() {
    let mut centre = Centre::with_agents(least_active(), &["a"]);
    served(&mut centre, &["1", "2"]);
    centre.comes("b", AgentSpec::new());
    assert_eq!(served(&mut centre, &["3", "4"]), ["b", "b"]);
}

#[test]
fn case_12_whoever_never_had_a_turn_comes_first() {
    let mut centre = Centre::with_agents(in_turns(), &["a"]);
    assert_eq!(served(&mut centre, &["1"]), ["a"]);
    centre.comes("b", AgentSpec::new());
    assert_eq!(served(&mut centre, &["2", "3"]), ["b", "a"]);
}

#[test]
fn case_14_and_84_ties_go_by_order_number_then_id_whoever_was_set_first() {
    for turn in 0..1000_usize {
        let mut agents = vec![("d", 1), ("c", 2), ("b", 2), ("a", 3)];
        agents.rotate_left(turn % 4);
        if turn % 3 == 0 {
            agents.swap(0, 2);
        }
        let settings = if turn % 2 == 0 {
            in_turns()
        } else {
            least_active()
        };
        let mut centre = Centre::new(settings);
        for (name, order) in agents {
            centre.comes(name, AgentSpec::new().with_order(order));
        }
        let names = ["1", "2", "3", "4", "5", "6"];
        assert_eq!(served(&mut centre, &names), ["d", "b", "c", "a", "d", "b"]);
    }
}

#[test]
fn the_worked_example_of_least_active() {
    let mut centre = Centre::new(least_active());
    for name in ["a", "b", "c"] {
        centre.set(name, AgentSpec::new().with_cap(3));
    }
    let mut give = |at: i64, conversation: &str, agent: &str| {
        centre.at(at).status(agent, StatusClass::Accepting);
        centre.asks(conversation);
        assert_eq!(centre.owner(conversation), agent);
        centre.status(agent, StatusClass::Finishing);
    };
    give(-10, "a1", "a");
    give(0, "a2", "a");
    give(120, "c1", "c");
    give(300, "b1", "b");
    for name in ["a", "b", "c"] {
        centre.status(name, StatusClass::Accepting);
    }
    let mut on_break = centre.router.clone();
    assert_eq!(served(&mut centre, &["new"]), ["c"]);

    let (agent, class) = (id("c"), StatusClass::Paused);
    on_break.handle_input(Input::status(agent, class), centre.now);
    let mut other = Centre::new(least_active());
    other.router = on_break;
    assert_eq!(served(&mut other, &["new"]), ["b"]);

    served(&mut centre, &["x", "y", "z", "w"]);
    assert_eq!(served(&mut centre, &["late"]), ["queue:main"]);
    let why = centre.router.explain(&id("late")).unwrap();
    assert_eq!(why.chosen(), None);
    assert_eq!((why.place, why.candidates.len()), (1, 3));
}

#[test]
fn the_worked_example_of_sequential() {
    let mut centre = Centre::with_agents(in_turns(), &["a", "b", "d"]);
    centre.comes("c", AgentSpec::new().with_cap(0));
    assert_eq!(served(&mut centre, &["1", "2"]), ["a", "b"]);
    assert_eq!(served(&mut centre, &["3", "4"]), ["d", "a"]);
}

#[test]
fn the_worked_example_of_priority_a_point_is_a_minute() {
    let mut centre = Centre::new(least_active());
    centre.at(0).asks("normal");
    centre.at(660).asks_with("vip", 10, 1);
    assert_eq!(centre.waiting("main"), ["normal", "vip"]);
    centre.at(661).asks_with("bad", -10, 1);
    centre.at(599).asks("never back in time");
    assert_eq!(centre.router.place(&id("vip")), Some(2));
    centre.comes("kim", AgentSpec::new().with_cap(1));
    assert_eq!(centre.owner("normal"), "kim");
}

#[test]
fn case_68_with_strict_priority_the_urgent_go_first_and_then_by_arrival() {
    let mut centre = Centre::new(least_active().with_priority(PriorityRule::Strict));
    for n in 0..5 {
        centre.at(n).asks(&format!("normal-{}", 5 - n));
    }
    centre.at(1000).asks_with("urgent-2", 3, 1);
    centre.at(1001).asks_with("urgent-1", 3, 1);
    let order = [
        "urgent-2", "urgent-1", "normal-5", "normal-4", "normal-3", "normal-2", "normal-1",
    ];
    assert_eq!(centre.waiting("main"), order);
    let drained = centre.comes("kim", AgentSpec::new());
    let expected: Vec<_> = order.iter().map(|name| format!("{name}>kim")).collect();
    assert_eq!(drained[1..], expected);
}

#[test]
fn case_31_the_fourth_comes_before_the_fifth() {
    let mut centre = Centre::new(least_active());
    centre.comes("a", AgentSpec::new().with_cap(3));
    served(&mut centre, &["1", "2", "3", "4"]);
    assert_eq!(centre.at(1).ends("2"), ["2-", "4>a"]);
    assert_eq!(centre.asks("5"), ["5+"]);
}

#[test]
fn case_32_a_hundred_are_given_to_a_hundred_in_one_call_oldest_first() {
    let mut centre = Centre::new(least_active().with_mode(Mode::Manual));
    for n in 0..100 {
        centre.comes(&format!("agent-{n:03}"), AgentSpec::new().with_cap(1));
        centre.at(n).asks(&format!("c-{:03}", 999 - n));
    }
    let mode = Mode::Auto;
    let said = centre.input(Input::SetMode { mode });
    let expected = (0..100).map(|n| format!("c-{:03}>agent-{n:03}", 999 - n));
    assert_eq!(said[1..], expected.collect::<Vec<_>>());
}

#[test]
fn case_33_the_two_oldest_go_to_whoever_comes_online() {
    let mut centre = Centre::new(least_active());
    for (at, name) in [(3, "c"), (5, "a"), (7, "e"), (9, "b"), (11, "d")] {
        centre.at(at).asks(name);
    }
    let said = centre.comes("kim", AgentSpec::new().with_cap(2));
    assert_eq!(said, ["kim accepting", "c>kim", "a>kim"]);
}

#[test]
fn case_36_and_37_who_is_not_taken_waits_and_is_in_view() {
    let mut centre = Centre::with_agents(least_active().with_mode(Mode::Manual), &["kim"]);
    centre.asks("1");
    centre.status("kim", StatusClass::Off);
    assert_eq!(centre.owner("1"), "queue:main");
    assert_eq!(centre.asks("2"), ["2+"]);
    centre.status("kim", StatusClass::Accepting);
    assert_eq!(centre.waiting("main"), ["1", "2"]);
    assert_eq!(centre.picks("kim", "2"), ["2>kim pick"]);
}

#[test]
fn case_38_the_eleventh_is_turned_away_and_whoever_comes_when_the_last_agent_left_is_told_so() {
    use happytalk_core::event::RejectReason::{NoAgentOnDuty, QueueFull};

    let main = queue("main").with_waiting_max(10);
    let settings = Settings::new(main).with_queue(queue("other"));
    let mut centre = Centre::new(settings.clone());
    for n in 0..10 {
        assert_eq!(centre.asks(&n.to_string()), [format!("{n}+")]);
    }
    assert_eq!(centre.router.admits(None), Some(QueueFull));
    assert_eq!(centre.router.admits(Some(&id("other"))), None);
    assert_eq!(centre.asks("10"), ["routing.queue_full"]);
    assert_eq!(centre.owner("10"), "nobody");

    let settings = settings.with_nobody_on_duty(NobodyOnDuty::Reject);
    let mut centre = Centre::with_agents(settings, &["kim"]);
    centre.status("kim", StatusClass::Paused);
    for n in 0..10 {
        assert_eq!(centre.router.admits(None), None);
        assert_eq!(centre.asks(&n.to_string()), [format!("{n}+")]);
    }
    assert_eq!(centre.asks("10"), ["routing.queue_full"]);
    // From the instant the last one leaves; those who wait go on waiting.
    centre.status("kim", StatusClass::Off);
    assert_eq!(centre.router.admits(None), Some(NoAgentOnDuty));
    assert_eq!(centre.asks("10"), ["routing.no_agent_on_duty"]);
    assert_eq!(centre.waiting("main").len(), 10);
    centre.ends("0");
    assert_eq!(centre.asks("10"), ["routing.no_agent_on_duty"]);
    centre.status("kim", StatusClass::Finishing);
    assert_eq!(centre.asks("10"), ["10+"]);
}

#[test]
fn what_the_host_let_in_already_is_turned_away_neither_by_a_full_queue_nor_by_an_empty_office() {
    let main = queue("main").with_waiting_max(1);
    let settings = Settings::new(main).with_nobody_on_duty(NobodyOnDuty::Reject);
    let mut centre = Centre::new(settings);
    let mut request = happytalk_routing::Request::new(ChannelName::WEBCHAT);
    assert_eq!(
        centre.requests("0", request.clone()),
        ["routing.no_agent_on_duty"]
    );
    request.admitted = true;
    for name in ["1", "2"] {
        assert_eq!(centre.requests(name, request.clone()), [format!("{name}+")]);
    }
    assert_eq!(centre.waiting("main"), ["1", "2"]);
}

#[test]
fn case_70_with_nobody_online_a_request_is_turned_away_or_waits_as_the_site_wants_it() {
    let reject = least_active().with_nobody_on_duty(NobodyOnDuty::Reject);
    let mut centre = Centre::with_agents(reject, &["kim"]);
    centre.status("kim", StatusClass::Off);
    assert_eq!(centre.asks("1"), ["routing.no_agent_on_duty"]);
    assert_eq!(centre.owner("1"), "nobody");
    centre.status("kim", StatusClass::Accepting);
    assert_eq!(centre.asks("1"), ["1+", "1>kim"]);
    let mut centre = Centre::with_agents(least_active(), &["kim"]);
    centre.status("kim", StatusClass::Off);
    assert_eq!(centre.asks("1"), ["1+"]);
    assert_eq!(
        centre.status("kim", StatusClass::Accepting),
        ["kim accepting", "1>kim"]
    );
}

#[test]
fn case_49_what_is_with_the_bot_is_given_to_nobody() {
    // The router hears of it when a person is wanted, and not before; a profile bot holds it back after that.
    let mut centre = Centre::with_agents(least_active(), &["kim"]);
    assert_eq!(centre.picks("kim", "1"), ["routing.unknown_conversation"]);
    assert_eq!(
        centre.is_given("1", "kim"),
        ["routing.unknown_conversation"]
    );
    centre.status("kim", StatusClass::Finishing);
    centre.asks("1");
    let conversation = id("1");
    centre.input(Input::HoldBack { conversation });
    assert_eq!(
        centre.status("kim", StatusClass::Accepting),
        ["kim accepting"]
    );
    assert!(centre.at(3600).tick().is_empty());
    assert_eq!(centre.owner("1"), "queue:main");
    assert!(centre.router.is_held_back(&id("1")));
    let conversation = id("1");
    let said = centre.input(Input::LetIn { conversation });
    assert!(!centre.router.is_held_back(&id("1")));
    assert_eq!(said.last().map(String::as_str), Some("1>kim"));
}

#[test]
fn a_site_may_let_fewer_wait_than_its_queues() {
    let settings = least_active()
        .with_queue(queue("other"))
        .with_waiting_max(2);
    let mut centre = Centre::new(settings);
    centre.asks("1");
    centre.asks_in("2", Some("other"), ChannelName::WEBCHAT);
    assert_eq!(centre.asks("3"), ["routing.queue_full"]);
}

#[test]
fn case_43_what_is_over_the_limit_of_one_call_is_due_a_millisecond_later() {
    let mut settings = least_active();
    settings.assignments_max = std::num::NonZeroU32::new(2);
    let mut centre = Centre::new(settings);
    for name in ["1", "2", "3"] {
        centre.asks(name);
    }
    let said = centre.comes("kim", AgentSpec::new());
    assert_eq!(said, ["kim accepting", "1>kim", "2>kim"]);
    let due = centre.router.next_deadline().unwrap();
    assert_eq!(due.as_millis(), centre.now.as_millis() + 1);
    centre.now = due;
    assert_eq!(centre.input(Input::Tick), ["3>kim"]);
    assert_eq!(centre.router.next_deadline(), None);
}

#[test]
fn who_waits_longest_across_the_queues_an_agent_serves_is_first() {
    let settings = Settings::new(queue("main")).with_queue(queue("vip"));
    let mut centre = Centre::new(settings);
    centre.at(1).asks_in("a", Some("vip"), ChannelName::WEBCHAT);
    centre
        .at(2)
        .asks_in("b", Some("main"), ChannelName::KAKAO_CONSULT);
    centre
        .at(3)
        .asks_in("c", Some("vip"), ChannelName::KAKAO_CONSULT);
    let said = centre.comes("kim", AgentSpec::new().with_cap(2));
    assert_eq!(said, ["kim accepting", "a>kim", "b>kim"]);
    assert_eq!(centre.router.place(&id("c")), Some(1));
}

#[test]
fn one_that_nobody_can_take_does_not_stand_in_the_way_of_the_others() {
    let mut centre = Centre::new(least_active());
    let only_web = AgentSpec::new().with_channels([ChannelName::WEBCHAT]);
    centre.comes("kim", only_web.with_cap(4));
    centre.asks_in("kakao", None, ChannelName::KAKAO_CONSULT);
    centre.asks_with("heavy", 0, 5);
    assert_eq!(centre.asks("web"), ["web+", "web>kim"]);
    assert_eq!(centre.waiting("main"), ["heavy", "kakao"]);
}

#[test]
fn a_transfer_to_another_queue_keeps_the_time_of_asking() {
    let vip = queue("vip").with_pool(Pool::agents([id("lee")]));
    let mut centre = Centre::with_agents(least_active().with_queue(vip), &["kim"]);
    centre.at(0).asks("1");
    centre
        .at(10)
        .asks_in("2", Some("vip"), ChannelName::WEBCHAT);
    let said = centre.at(20).input(Input::Return {
        conversation: id("1"),
        cause: ReturnCause::Transfer,
        queue: Some(id("vip")),
    });
    assert_eq!(said, ["1<kim transfer"]);
    assert_eq!(centre.waiting("vip"), ["1", "2"]);
    let said = centre.comes("lee", AgentSpec::new().with_cap(1));
    assert_eq!(said, ["lee accepting", "1>lee"]);
}
