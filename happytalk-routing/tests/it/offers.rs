//! Offers, answers that do not come, and the agent of last time: the numbered cases of ROUTING 4.

use std::num::NonZeroU32;
use std::time::Duration;

use happytalk_core::ChannelName;
use happytalk_core::event::{ReturnCause, StatusClass};
use happytalk_routing::{
    AgentSpec, Fact, Input, LastAgent, Mode, OnLogout, RateLimit, Request, Settings, Speaker,
};

use crate::centre::{Centre, id, least_active, queue};

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn offering() -> Settings {
    least_active().with_offers(seconds(20))
}

#[test]
fn an_offer_is_a_reservation_until_it_is_accepted() {
    let mut centre = Centre::new(offering());
    centre.comes("kim", AgentSpec::new().with_cap(1));
    assert_eq!(centre.at(1).asks("1"), ["1+", "1?kim"]);
    assert_eq!(centre.owner("1"), "queue:main");
    assert_eq!((centre.load("kim"), centre.waiting("main").len()), (1, 1));
    assert_eq!(centre.asks("2"), ["2+"]);
    assert_eq!(
        centre.router.next_deadline(),
        Some(centre.now.plus(seconds(20)))
    );
    assert_eq!(centre.accepts("lee", "1"), ["routing.unknown_agent"]);
    assert_eq!(centre.accepts("kim", "2"), ["routing.not_offered"]);
    assert_eq!(centre.at(5).accepts("kim", "1"), ["1>kim"]);
    assert!(centre.accepts("kim", "1").is_empty());
    assert_eq!((centre.owner("1"), centre.load("kim")), ("kim".into(), 1));
    assert_eq!(centre.router.next_deadline(), None);
    assert_eq!(centre.ends("1"), ["1-", "2?kim"]);
}

#[test]
fn case_54_whoever_stops_accepting_has_their_offers_back_in_the_queue_in_the_same_step() {
    let mut centre = Centre::new(offering());
    centre.comes("kim", AgentSpec::new().with_cap(2));
    centre.asks("1");
    centre.asks("2");
    centre.comes("lee", AgentSpec::new().with_cap(1));
    assert_eq!(centre.load("kim"), 2);
    let said = centre.status("kim", StatusClass::Finishing);
    assert_eq!(
        said,
        ["kim finishing", "1xkim agent", "2xkim agent", "1?lee"]
    );
    assert_eq!(centre.load("kim"), 0);
    assert_eq!(centre.waiting("main"), ["1", "2"]);
}

#[test]
fn case_57_of_two_who_are_asked_at_once_one_may_decline_and_the_other_be_late() {
    let mut settings = offering();
    settings.acceptance.offers_at_once = NonZeroU32::new(2).unwrap();
    let mut centre = Centre::with_agents(settings, &["a", "b"]);
    centre.comes("full", AgentSpec::new().with_cap(0));
    assert_eq!(centre.at(0).asks("1"), ["1+", "1?a", "1?b"]);
    assert_eq!(centre.at(5).declines("a", "1"), ["1xa agent"]);
    let offered = centre.router.offers(&id("1"));
    assert_eq!(offered.len(), 1);
    assert_eq!(centre.at(19).tick(), Vec::<String>::new());
    assert_eq!(centre.at(20).tick(), ["1xb timeout"]);
    assert_eq!(centre.owner("1"), "queue:main");
    assert_eq!(centre.waiting("main"), ["1"]);
    assert!(centre.at(21).tick().is_empty());
    // The third comes free: the first two are asked again only when all of them declined.
    let said = centre.set("full", AgentSpec::new());
    assert_eq!(said, ["full set", "1?full"]);
    // One that comes too late declines nothing.
    assert!(centre.declines("b", "1").is_empty());
}

#[test]
fn of_two_who_are_asked_at_once_the_first_to_accept_has_it_and_the_other_is_free() {
    let mut settings = offering();
    settings.acceptance.offers_at_once = NonZeroU32::new(2).unwrap();
    let mut centre = Centre::with_agents(settings, &["a", "b"]);
    centre.asks("1");
    assert_eq!(centre.accepts("b", "1"), ["1>b"]);
    assert_eq!(centre.accepts("a", "1"), ["routing.already_taken"]);
    assert_eq!((centre.load("a"), centre.load("b")), (0, 1));
}

#[test]
fn case_59_and_73_without_an_answer_it_moves_on_with_its_old_place() {
    let settings = least_active().with_accept_limit(seconds(20));
    let mut centre = Centre::new(settings);
    centre.comes("kim", AgentSpec::new().with_cap(1));
    centre.at(0).asks("1");
    centre.comes("lee", AgentSpec::new().with_cap(1));
    centre.at(10).asks("2");
    centre.at(11).says(Speaker::Agent, "2");
    centre.at(12).asks("3");
    assert_eq!(centre.at(19).tick(), Vec::<String>::new());
    // It came back from kim, whose slot 3 gets; it goes to lee when there is room.
    assert_eq!(centre.at(20).tick(), ["1<kim accept_timeout", "3>kim"]);
    assert_eq!(centre.router.place(&id("1")), Some(1));
    assert_eq!(centre.at(25).ends("2"), ["2-", "1>lee"]);
    assert_eq!(centre.at(26).says(Speaker::Agent, "1"), ["1 Agent"]);
    assert_eq!(centre.at(40).tick(), ["3<kim accept_timeout"]);
    // Whoever answered in time keeps it.
    assert!(centre.at(4000).says(Speaker::Agent, "1").is_empty());
    assert_eq!(centre.owner("1"), "lee");
}

#[test]
fn what_is_left_unanswered_too_often_waits_for_a_manager_or_for_somebody_who_comes() {
    let mut settings = least_active().with_accept_limit(seconds(10));
    settings.acceptance.miss_to_away = 0;
    let mut centre = Centre::with_agents(settings, &["a", "b"]);
    centre.at(0).asks("1");
    assert_eq!(centre.at(10).tick(), ["1<a accept_timeout", "1>b"]);
    assert_eq!(centre.at(20).tick(), ["1<b accept_timeout", "1>a"]);
    assert_eq!(centre.at(30).tick(), ["1<a accept_timeout", "1>b"]);
    // Three times it went to another; that is enough.
    assert_eq!(centre.at(40).tick(), ["1<b accept_timeout", "1!"]);
    assert_eq!(centre.router.next_deadline(), None);
    let why = centre.router.why(&id("1")).unwrap();
    assert_eq!(why.held_by.map(|held| held.code()), Some("unanswered"));
    let mut given = Centre::new(least_active());
    given.router = centre.router.clone();
    given.now = centre.now;
    assert_eq!(given.is_given("1", "a"), ["1>a manager"]);
    let said = centre.comes("c", AgentSpec::new());
    assert_eq!(said, ["c accepting", "1>c"]);
}

#[test]
fn whoever_misses_three_in_a_row_is_set_away_and_an_answer_counts_anew() {
    let mut centre = Centre::with_agents(offering(), &["kim"]);
    let mut at = 0;
    let mut miss = |centre: &mut Centre, conversation: &str| {
        centre.at(at).asks(conversation);
        at += 20;
        let said = centre.at(at).tick();
        centre.ends(conversation);
        said
    };
    miss(&mut centre, "1");
    miss(&mut centre, "2");
    centre.asks("3");
    centre.accepts("kim", "3");
    assert_eq!(miss(&mut centre, "4"), ["4xkim timeout", "4?kim"]);
    assert_eq!(miss(&mut centre, "5"), ["5xkim timeout", "5?kim"]);
    assert_eq!(miss(&mut centre, "6"), ["6xkim timeout", "kim paused"]);
    assert_eq!(centre.router.status_name(&id("kim")), Some(&id("away")));
    assert_eq!(centre.asks("7"), ["7+"]);
    let said = centre.status("kim", StatusClass::Accepting);
    assert_eq!(said, ["kim accepting", "7?kim"]);
}

#[test]
fn case_61_a_missed_offer_goes_to_the_next_best_agent_of_the_step_it_is_in() {
    use happytalk_routing::{Need, Requirement};

    let need = Need::new(Requirement::of(id("english"), 5))
        .then(seconds(10), Requirement::of(id("english"), 2));
    let settings = Settings::new(queue("main").with_need(need)).with_offers(seconds(12));
    let mut centre = Centre::new(settings);
    centre.comes("best", AgentSpec::new().with_skill(id("english"), 5));
    centre.comes("good", AgentSpec::new().with_skill(id("english"), 3));
    centre.comes("none", AgentSpec::new());
    assert_eq!(centre.at(0).asks("1"), ["1+", "1?best"]);
    assert!(centre.at(11).tick().is_empty());
    assert_eq!(centre.at(12).tick(), ["1xbest timeout", "1?good"]);
    assert_eq!(centre.at(24).tick(), ["1xgood timeout", "1?best"]);
}

fn back(last: &str, closed_at: i64) -> Request {
    let closed_at = happytalk_core::Timestamp::from_millis(1_700_000_000_000 + closed_at * 1000);
    Request::new(ChannelName::WEBCHAT).with_last_agent(LastAgent::new(id(last), closed_at))
}

#[test]
fn case_63_without_a_wait_the_last_agent_is_asked_first_and_then_everybody() {
    let settings = least_active().with_sticky(seconds(3600), seconds(0));
    let mut centre = Centre::with_agents(settings, &["a", "b"]);
    centre.comes("last", AgentSpec::new().with_cap(1));
    let said = centre.at(10).requests("1", back("last", 0));
    assert_eq!(said, ["1+", "1>last sticky"]);
    // At the limit, then off, and longer ago than counts: as everybody.
    assert_eq!(centre.requests("2", back("last", 0)), ["2+", "2>a"]);
    centre.ends("1");
    centre.status("last", StatusClass::Off);
    assert_eq!(centre.requests("3", back("last", 0)), ["3+", "3>b"]);
    centre.status("last", StatusClass::Accepting);
    centre.asks("4");
    assert_eq!(centre.owner("4"), "last");
    centre.ends("4");
    // Closed less than an hour ago, to the millisecond.
    let said = centre.at(3600).requests("5", back("a", 0));
    assert_eq!(said, ["5+", "5>last"]);
    centre.ends("5");
    centre.now = happytalk_core::Timestamp::from_millis(centre.now.as_millis() + 1_000);
    let mut just = back("a", 2);
    if let Some(last) = &mut just.last_agent {
        last.closed_at = centre.now.minus(Duration::from_millis(3_599_999));
    }
    assert_eq!(centre.requests("6", just), ["6+", "6>a sticky"]);
}

#[test]
fn a_last_agent_who_declines_or_does_not_answer_is_not_waited_for_any_longer() {
    for declines in [true, false] {
        let settings = offering().with_sticky(seconds(3600), seconds(300));
        let mut centre = Centre::with_agents(settings, &["last", "other"]);
        let said = centre.at(0).requests("1", back("last", 0));
        assert_eq!(said, ["1+", "1?last"]);
        let said = match declines {
            true => centre.at(1).declines("last", "1"),
            false => centre.at(20).tick(),
        };
        let by = if declines { "agent" } else { "timeout" };
        assert_eq!(said, [format!("1xlast {by}"), "1?other".to_owned()]);
        // Everybody else said no too: it goes round, as with everybody.
        let said = centre.at(20).declines("other", "1");
        assert_eq!(said, ["1xother agent", "1?last"]);
        assert_eq!(centre.accepts("last", "1"), ["1>last"]);
    }
}

#[test]
fn a_last_agent_the_strategy_chooses_when_the_wait_is_over_is_chosen_like_anybody() {
    use happytalk_routing::Strategy;

    let main = queue("main").with_strategy(Strategy::Sequential);
    let settings = Settings::new(main).with_offers(seconds(20));
    let settings = settings.with_sticky(seconds(3600), seconds(10));
    let mut centre = Centre::new(settings);
    centre.set("last", AgentSpec::new());
    centre.set("next", AgentSpec::new());
    centre.at(0).requests("1", back("last", 0));
    assert_eq!(
        centre.at(15).status("last", StatusClass::Accepting),
        ["last accepting", "1?last"]
    );
    assert_eq!(centre.accepts("last", "1"), ["1>last"]);
    // It was their turn.
    centre.status("next", StatusClass::Accepting);
    assert_eq!(centre.asks("2"), ["2+", "2?next"]);
}

#[test]
fn case_73_however_an_agent_came_by_one_they_never_answered_it_goes_back() {
    use happytalk_core::event::TransferHow;

    // Picked.
    let manual = least_active().with_mode(Mode::Manual);
    let mut centre = Centre::with_agents(manual.with_accept_limit(seconds(60)), &["a", "b"]);
    centre.at(0).asks("1");
    centre.at(5).asks("2");
    centre.at(10).picks("a", "1");
    assert!(centre.at(69).tick().is_empty());
    assert_eq!(centre.at(70).tick(), ["1<a accept_timeout"]);
    assert_eq!(centre.waiting("main"), ["1", "2"]);
    // Given by a manager.
    centre.at(80).is_given("1", "b");
    assert_eq!(centre.at(140).tick(), ["1<b accept_timeout"]);
    // Passed on before the first word: whoever has it now has the whole time.
    centre.at(150).picks("a", "2");
    centre.at(200).moves("2", "b", TransferHow::Accepted);
    assert!(centre.at(259).tick().is_empty());
    assert_eq!(centre.at(260).tick(), ["2<b accept_timeout"]);
    // Passed on after it: nobody waits for a first word any more.
    centre.at(270).picks("a", "2");
    centre.at(271).says(Speaker::Agent, "2");
    centre.at(272).moves("2", "b", TransferHow::Forced);
    assert!(centre.at(9_000).tick().is_empty());
    assert_eq!(centre.owner("2"), "b");
    // Nor where the agent wrote first, or is at work on what is over.
    let opened = Input::Open {
        conversation: id("3"),
        agent: id("a"),
        queue: None,
        channel: ChannelName::WEBCHAT,
        weight: 1,
    };
    centre.input(opened);
    centre.moves("3", "b", TransferHow::Forced);
    centre.picks("a", "1");
    let conversation = id("1");
    centre.input(Input::StartAfterWork { conversation });
    assert!(centre.at(9_100).tick().is_empty());
    let conversation = id("1");
    assert_eq!(centre.input(Input::Resume { conversation }).len(), 1);
    assert_eq!(
        (centre.owner("1"), centre.owner("3")),
        ("a".into(), "b".into())
    );
}

#[test]
fn case_63_with_a_wait_it_is_kept_for_the_last_agent_and_then_for_nobody() {
    let settings = least_active().with_sticky(seconds(3600), seconds(30));
    let mut centre = Centre::with_agents(settings, &["other"]);
    centre.comes("last", AgentSpec::new().with_cap(1));
    centre.status("other", StatusClass::Paused);
    centre.at(0).asks("busy");
    assert_eq!(centre.owner("busy"), "last");
    centre.status("other", StatusClass::Accepting);
    assert_eq!(centre.at(1).requests("1", back("last", 0)), ["1+"]);
    let why = centre.router.explain(&id("1")).unwrap();
    assert_eq!(
        why.candidates[0].to_string(),
        "other 0: conversation waits for another agent"
    );
    let mut late = Centre::new(least_active());
    late.router = centre.router.clone();
    assert_eq!(centre.at(20).ends("busy"), ["busy-", "1>last sticky"]);
    assert!(late.at(30).tick().is_empty());
    assert_eq!(late.at(31).tick(), ["1>other"]);
}

#[test]
fn the_turns_of_a_sequential_queue_do_not_move_for_the_last_agent() {
    use happytalk_routing::Strategy;

    let settings = Settings::new(queue("main").with_strategy(Strategy::Sequential));
    let settings = settings.with_sticky(seconds(3600), seconds(0));
    let mut centre = Centre::with_agents(settings, &["a", "b", "c"]);
    centre.asks("1");
    assert_eq!(centre.requests("2", back("b", 0)), ["2+", "2>b sticky"]);
    assert_eq!(centre.asks("3"), ["3+", "3>b"]);
}

#[test]
fn case_71_who_is_back_in_time_keeps_what_they_had() {
    let mut settings = least_active();
    settings.on_logout = OnLogout::RequeueAfter { millis: 60_000 };
    let mut centre = Centre::with_agents(settings, &["kim"]);
    for name in ["1", "2", "3"] {
        centre.at(0).asks(name);
    }
    assert_eq!(centre.at(10).status("kim", StatusClass::Off), ["kim off"]);
    assert_eq!(
        centre.at(69).status("kim", StatusClass::Accepting),
        ["kim accepting"]
    );
    assert!(centre.at(200).tick().is_empty());
    assert_eq!(centre.load("kim"), 3);
    centre.at(300).status("kim", StatusClass::Off);
    assert!(centre.at(359).tick().is_empty());
    let said = centre.at(360).tick();
    assert_eq!(said, ["1<kim offline", "2<kim offline", "3<kim offline"]);
    assert_eq!(centre.waiting("main"), ["1", "2", "3"]);
    assert_eq!(centre.router.next_deadline(), None);
}

#[test]
fn a_pause_may_wait_until_nothing_is_left() {
    let mut settings = least_active();
    settings.pause_after_current = true;
    let mut centre = Centre::with_agents(settings, &["kim"]);
    centre.asks("1");
    let meal = |class| Input::SetStatus {
        agent: id("kim"),
        status: id("meal"),
        class,
    };
    assert_eq!(
        centre.input(meal(StatusClass::Paused)),
        ["kim meal finishing"]
    );
    assert!(centre.input(meal(StatusClass::Paused)).is_empty());
    assert_eq!(centre.asks("2"), ["2+"]);
    assert_eq!(centre.ends("1"), ["1-", "kim meal paused"]);
    assert_eq!(
        centre.status("kim", StatusClass::Accepting),
        ["kim accepting", "2>kim"]
    );
}

#[test]
fn a_pause_waits_for_slots_and_not_for_what_takes_none() {
    let mut settings = least_active();
    settings.pause_after_current = true;
    settings.hold_frees_slot = true;
    settings.acw_occupies_slot = false;
    let mut centre = Centre::with_agents(settings, &["kim"]);
    for name in ["1", "2", "3"] {
        centre.asks(name);
    }
    let conversation = id("1");
    centre.input(Input::Hold { conversation });
    let conversation = id("2");
    centre.input(Input::StartAfterWork { conversation });
    let said = centre.input(Input::SetStatus {
        agent: id("kim"),
        status: id("break"),
        class: StatusClass::Paused,
    });
    assert_eq!(said, ["kim break finishing"]);
    assert_eq!(centre.ends("3"), ["3-", "kim break paused"]);
    assert_eq!(
        (centre.owner("1"), centre.owner("2")),
        ("kim".into(), "after:kim".into())
    );
}

#[test]
fn case_69_whoever_is_off_gone_away_or_of_another_group_is_never_chosen() {
    use happytalk_routing::Pool;

    for away_takes in [false, true] {
        let pool = Pool::groups([id("cs")]);
        let mut settings = Settings::new(queue("main").with_pool(pool));
        settings.away_takes = away_takes;
        let mut centre = Centre::new(settings);
        let of = |group: &str| AgentSpec::new().with_group(id(group));
        centre.comes("elsewhere", of("sales"));
        centre.comes("nowhere", AgentSpec::new());
        centre.set("never came", of("cs"));
        for name in ["off", "disabled", "pausing", "away"] {
            centre.comes(name, of("cs"));
        }
        centre.status("off", StatusClass::Off);
        let agent = id("disabled");
        centre.input(Input::RemoveAgent { agent });
        for (name, status) in [("pausing", "break"), ("away", "away")] {
            centre.input(Input::SetStatus {
                agent: id(name),
                status: id(status),
                class: StatusClass::Paused,
            });
        }
        centre.asks("1");
        let expected = if away_takes { "away" } else { "queue:main" };
        assert_eq!(centre.owner("1"), expected);
    }
}

#[test]
fn case_69_who_is_away_takes_some_only_where_the_site_says_so() {
    for away_takes in [false, true] {
        let mut settings = least_active();
        settings.away_takes = away_takes;
        let mut centre = Centre::with_agents(settings, &["kim"]);
        centre.status("kim", StatusClass::Paused);
        let said = centre.asks("1");
        assert_eq!(said.len(), if away_takes { 2 } else { 1 });
        centre.input(Input::SetStatus {
            agent: id("kim"),
            status: id("meal"),
            class: StatusClass::Paused,
        });
        assert_eq!(centre.asks("2"), ["2+"]);
    }
}

#[test]
fn case_79_a_hand_off_is_resolved_only_by_whoever_has_it_and_what_expired_is_over() {
    let wait = queue("main").with_wait_max(seconds(120));
    let mut centre = Centre::new(Settings::new(wait).with_mode(Mode::Manual));
    centre.comes("kim", AgentSpec::new());
    centre.at(0).asks("1");
    let resolve = || Input::StartAfterWork {
        conversation: id("1"),
    };
    assert_eq!(centre.input(resolve()), ["routing.not_assigned"]);
    centre.picks("kim", "1");
    assert_eq!(centre.input(resolve()).len(), 1);
    for name in ["rejected while pending", "rejected while assigned"] {
        centre.asks(name);
        if name.ends_with("assigned") {
            centre.picks("kim", name);
        }
        assert_eq!(centre.ends(name), [format!("{name}-")]);
    }
    centre.at(10).asks("2");
    assert_eq!(centre.at(130).tick(), ["2 timed out"]);
    assert_eq!(centre.picks("kim", "2"), ["routing.unknown_conversation"]);
}

#[test]
fn a_return_by_the_host_counts_like_one_of_the_clock() {
    let mut centre = Centre::with_agents(least_active(), &["kim"]);
    centre.asks("1");
    let miss = || Input::Return {
        conversation: id("1"),
        cause: ReturnCause::AcceptTimeout,
        queue: None,
    };
    assert_eq!(centre.input(miss()), ["1<kim accept_timeout", "1>kim"]);
    centre.input(miss());
    centre.input(miss());
    assert_eq!(centre.input(miss()), ["1<kim accept_timeout", "1!"]);
}

#[test]
fn whoever_comes_online_makes_an_end_of_counting_also_where_the_one_it_came_back_from_is_gone() {
    let mut settings = least_active().with_accept_limit(seconds(60));
    settings.acceptance.reassign_max = 1;
    let mut centre = Centre::with_agents(settings, &["kim"]);
    assert_eq!(centre.at(0).asks("1"), ["1+", "1>kim"]);
    centre.status("kim", StatusClass::Finishing);
    assert_eq!(centre.at(60).tick(), ["1<kim accept_timeout", "1!"]);
    let agent = id("kim");
    centre.input(Input::RemoveAgent { agent });
    // Left unanswered once, by somebody who is no more; lee begins at nought.
    assert_eq!(
        centre.comes("lee", AgentSpec::new()),
        ["lee accepting", "1>lee"]
    );
    assert_eq!(centre.at(120).tick(), ["1<lee accept_timeout", "1>lee"]);
    assert_eq!(centre.at(180).tick(), ["1<lee accept_timeout", "1!"]);
}

#[test]
fn a_tick_that_comes_late_chooses_among_those_whose_rate_limit_was_over_by_then() {
    let rate = RateLimit::new(NonZeroU32::MIN, seconds(60));
    let mut settings = least_active()
        .with_accept_limit(seconds(45))
        .with_rate(rate);
    settings.explain = true;
    let mut centre = Centre::new(settings);
    for name in ["kim", "lee"] {
        centre.at(0).comes(name, AgentSpec::new());
    }
    assert_eq!(centre.asks("1"), ["1+", "1>kim"]);
    assert_eq!(centre.asks("2"), ["2+", "2>lee"]);
    // Both come back at 45, and neither may have the other's before 60; the host sleeps until 100.
    let said = centre.at(100).tick();
    assert_eq!(
        said,
        [
            "1<kim accept_timeout",
            "2<lee accept_timeout",
            "1>lee",
            "2>kim"
        ]
    );
    for output in &centre.outputs {
        if let (Some(Fact::Assigned { agent, .. }), Some(why)) = (output.fact(), &output.why) {
            assert_eq!(why.chosen().map(|it| &it.agent), Some(agent));
        }
    }
}
