//! Limits: the numbered cases of ROUTING 4.

use std::collections::BTreeMap;

use happytalk_core::ChannelName;
use happytalk_core::event::{AgentCaps, StatusClass};
use happytalk_routing::{AgentSpec, Input, Mode, Settings};

use crate::centre::{Centre, id, least_active, queue};

#[test]
fn case_15_sixty_of_five_thousand_are_given_and_nobody_is_over() {
    let mut centre = Centre::new(least_active());
    for n in 0..20 {
        centre.comes(&format!("agent-{n}"), AgentSpec::new().with_cap(3));
    }
    let mut given = 0;
    for n in 0..5000 {
        let said = centre.at(n).asks(&format!("c-{n}"));
        given += said.iter().filter(|it| it.contains('>')).count();
    }
    assert_eq!(given, 60);
    for n in 0..20 {
        assert_eq!(centre.load(&format!("agent-{n}")), 3);
    }
    assert_eq!(centre.router.waiting_count(&id("main")), Some(4940));
    assert_eq!(centre.router.place(&id("c-4999")), Some(4940));
}

#[test]
fn case_20_every_limit_must_hold() {
    let mut centre = Centre::new(least_active().with_site_cap(100_000));
    centre.comes("kim", AgentSpec::new().with_cap(8));
    for n in 0..8 {
        centre.asks(&n.to_string());
    }
    centre.set("kim", AgentSpec::new().with_cap(4));
    assert_eq!(centre.asks("next"), ["next+"]);

    let mut centre = Centre::new(least_active().with_site_cap(6));
    centre.comes("kim", AgentSpec::new().with_cap(8));
    for n in 0..6 {
        assert_eq!(centre.asks(&n.to_string()).len(), 2);
    }
    assert_eq!(centre.asks("next"), ["next+"]);

    let settings = least_active().with_group_cap(id("first"), 1);
    let mut centre = Centre::new(settings);
    centre.comes("kim", AgentSpec::new().with_group(id("first")));
    assert_eq!(centre.asks("1"), ["1+", "1>kim"]);
    assert_eq!(centre.asks("2"), ["2+"]);
}

#[test]
fn an_unset_limit_is_none_and_zero_takes_nothing() {
    let mut centre = Centre::new(least_active());
    centre.comes("none", AgentSpec::new().with_cap(0));
    assert_eq!(centre.asks("1"), ["1+"]);
    let said = centre.set("none", AgentSpec::new());
    assert_eq!(said, ["none set", "1>none"]);
}

#[test]
fn case_21_a_lowered_limit_takes_nothing_away() {
    let mut centre = Centre::new(least_active());
    centre.comes("kim", AgentSpec::new().with_cap(5));
    for name in ["1", "2", "3", "4"] {
        centre.asks(name);
    }
    assert_eq!(centre.set("kim", AgentSpec::new().with_cap(2)), ["kim set"]);
    assert_eq!(centre.load("kim"), 4);
    assert_eq!(centre.asks("5"), ["5+"]);
    assert_eq!(centre.ends("1"), ["1-"]);
    assert_eq!(centre.ends("2"), ["2-"]);
    assert_eq!(centre.ends("3"), ["3-", "5>kim"]);
}

#[test]
fn case_22_an_agents_limit_counts_all_queues_and_a_queues_only_its_own() {
    let settings = Settings::new(queue("sales").with_cap(1)).with_queue(queue("help"));
    let mut centre = Centre::new(settings);
    centre.comes("kim", AgentSpec::new().with_cap(3));
    let mut ask = |name: &str, queue: &str| {
        centre.asks_in(name, Some(queue), ChannelName::WEBCHAT);
        centre.owner(name)
    };
    assert_eq!(ask("1", "sales"), "kim");
    assert_eq!(ask("2", "sales"), "queue:sales");
    assert_eq!(ask("3", "help"), "kim");
    assert_eq!(ask("4", "help"), "kim");
    assert_eq!(ask("5", "help"), "queue:help");
    assert_eq!(centre.ends("1"), ["1-", "2>kim"]);
    assert_eq!(centre.ends("3"), ["3-", "5>kim"]);
}

#[test]
fn an_agent_has_limits_of_their_own_by_queue_and_by_channel() {
    let mut caps = AgentCaps::default();
    caps.queues = BTreeMap::from([(id("main"), 2)]);
    caps.channels = BTreeMap::from([(ChannelName::KAKAO_CONSULT, 1)]);
    let mut centre = Centre::new(least_active().with_queue(queue("other")));
    // Those who wait before anybody has such a limit are told apart from there on.
    centre.asks_in("k1", None, ChannelName::KAKAO_CONSULT);
    centre.asks_in("k2", None, ChannelName::KAKAO_CONSULT);
    centre.asks("w1");
    centre.asks("w2");
    let said = centre.comes("kim", AgentSpec::new().with_caps(caps));
    assert_eq!(said, ["kim accepting", "k1>kim", "w1>kim"]);
    assert_eq!(centre.ends("w1"), ["w1-", "w2>kim"]);
    let said = centre.asks_in("o1", Some("other"), ChannelName::WEBCHAT);
    assert_eq!(said, ["o1+", "o1>kim"]);
    let said = centre.asks_in("o2", Some("other"), ChannelName::KAKAO_CONSULT);
    assert_eq!(said, ["o2+"]);
    assert_eq!(centre.ends("k1"), ["k1-", "k2>kim"]);
}

#[test]
fn a_site_limits_a_channel_for_everybody() {
    let settings = least_active().with_channel_cap(ChannelName::KAKAO_CONSULT, 1);
    let mut centre = Centre::with_agents(settings, &["kim"]);
    for name in ["1", "2"] {
        centre.asks_in(name, None, ChannelName::KAKAO_CONSULT);
    }
    centre.asks("3");
    let owners = ["1", "2", "3"].map(|name| centre.owner(name));
    assert_eq!(owners, ["kim", "queue:main", "kim"]);
}

#[test]
fn case_26_three_of_weight_two_fill_six_slots() {
    let mut centre = Centre::new(least_active());
    centre.comes("kim", AgentSpec::new().with_cap(6));
    for name in ["1", "2", "3"] {
        centre.asks_with(name, 0, 2);
    }
    assert_eq!(centre.load("kim"), 6);
    assert_eq!(centre.asks_with("4", 0, 2), ["4+"]);
    centre.ends("4");
    assert_eq!(centre.asks_with("call", 0, 6), ["call+"]);
    centre.ends("1");
    centre.ends("2");
    assert_eq!(centre.ends("3"), ["3-", "call>kim"]);
}

#[test]
fn case_30_a_load_is_never_negative() {
    let mut centre = Centre::with_agents(least_active(), &["kim"]);
    centre.asks("1");
    assert_eq!(centre.ends("1"), ["1-"]);
    assert!(centre.ends("1").is_empty());
    assert!(centre.ends("1").is_empty());
    assert_eq!(centre.load("kim"), 0);
    assert_eq!(centre.asks("2"), ["2+", "2>kim"]);
    assert_eq!(centre.load("kim"), 1);
}

#[test]
fn after_work_takes_a_slot_until_it_is_over_unless_told_otherwise() {
    let conversation = || id("1");
    for occupies in [true, false] {
        let mut settings = least_active();
        settings.acw_occupies_slot = occupies;
        let mut centre = Centre::new(settings);
        centre.comes("kim", AgentSpec::new().with_cap(1));
        centre.asks("1");
        centre.asks("2");
        let said = centre.input(Input::StartAfterWork {
            conversation: conversation(),
        });
        assert_eq!(said.len(), if occupies { 1 } else { 2 });
        assert_eq!(centre.owner("1"), "after:kim");
        assert_eq!(centre.load("kim"), 1);
        let said = centre.input(Input::Resume {
            conversation: conversation(),
        });
        assert_eq!(said[0].contains("Some(Forced)"), !occupies, "{said:?}");
        assert_eq!(centre.owner("1"), "kim");
        centre.input(Input::StartAfterWork {
            conversation: conversation(),
        });
        centre.ends("1");
        assert_eq!(centre.owner("2"), "kim");
    }
}

#[test]
fn case_25_a_hold_frees_the_slot_and_coming_off_it_is_never_lost() {
    for over in [false, true] {
        let mut settings = least_active();
        settings.hold_frees_slot = true;
        settings.unhold_over_cap = over;
        let mut centre = Centre::new(settings);
        centre.comes("kim", AgentSpec::new().with_cap(1));
        centre.asks("1");
        centre.asks("2");
        let conversation = id("1");
        let said = centre.input(Input::Hold { conversation });
        assert_eq!(said[1..], ["2>kim"]);
        let conversation = id("1");
        let said = centre.input(Input::Unhold { conversation });
        if over {
            assert!(said[0].contains("Some(Forced)"), "{said:?}");
            assert_eq!(centre.load("kim"), 2);
        } else {
            assert_eq!(said, ["routing.agent_cap"]);
            assert_eq!((centre.owner("1"), centre.load("kim")), ("kim".into(), 1));
            centre.ends("2");
            let conversation = id("1");
            centre.input(Input::Unhold { conversation });
            assert_eq!(centre.load("kim"), 1);
        }
    }
}

#[test]
fn a_status_that_takes_nothing_more_keeps_what_it_has() {
    for class in [
        StatusClass::Finishing,
        StatusClass::Paused,
        StatusClass::Off,
    ] {
        let mut centre = Centre::with_agents(least_active(), &["kim"]);
        centre.asks("1");
        assert_eq!(centre.status("kim", class), [format!("kim {class}")]);
        assert_eq!((centre.owner("1"), centre.load("kim")), ("kim".into(), 1));
        assert_eq!(centre.asks("2"), ["2+"]);
        let said = centre.status("kim", StatusClass::Accepting);
        assert_eq!(said, ["kim accepting", "2>kim"]);
    }
}

#[test]
fn in_hybrid_mode_an_agent_may_pick_above_their_limit_and_a_free_slot_is_filled() {
    let mut centre = Centre::new(least_active().with_mode(Mode::Hybrid));
    centre.comes("kim", AgentSpec::new().with_cap(1));
    assert_eq!(centre.asks("1"), ["1+", "1>kim"]);
    assert_eq!(centre.asks("2"), ["2+"]);
    assert_eq!(centre.asks("3"), ["3+"]);
    assert_eq!(centre.picks("kim", "2"), ["2>kim pick over:pick"]);
    assert_eq!(centre.load("kim"), 2);
    assert_eq!(centre.ends("1"), ["1-"]);
    assert_eq!(centre.ends("2"), ["2-", "3>kim"]);
}

#[test]
fn without_back_fill_what_was_left_over_is_picked_or_waits() {
    let mut settings = least_active().with_mode(Mode::Hybrid);
    settings.hybrid_backfill = false;
    settings.pick_over_cap = false;
    let mut centre = Centre::new(settings);
    centre.comes("kim", AgentSpec::new().with_cap(1));
    assert_eq!(centre.asks("1"), ["1+", "1>kim"]);
    assert_eq!(centre.asks("2"), ["2+"]);
    assert_eq!(centre.picks("kim", "2"), ["routing.agent_cap"]);
    assert_eq!(centre.ends("1"), ["1-"]);
    assert_eq!(centre.asks("3"), ["3+", "3>kim"]);
    centre.ends("3");
    assert_eq!(centre.picks("kim", "2"), ["2>kim pick"]);
}
