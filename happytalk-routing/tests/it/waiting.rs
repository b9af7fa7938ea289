//! What changes while somebody waits: steps, overflow, rules, delays, limits of time. The numbered cases of ROUTING 4.

use std::num::NonZeroU32;
use std::time::Duration;

use happytalk_core::ChannelName;
use happytalk_core::event::{Category, StatusClass, TransferHow, TransferTarget};
use happytalk_routing::{
    AgentSpec, Fallback, Inactive, Input, Need, Overflow, Pool, Queue, RateLimit, Request,
    Requirement, Rule, RuleId, Settings, Speaker, WakeRule,
};

use crate::centre::{Centre, id, least_active, queue};

const fn seconds(n: u64) -> Duration {
    Duration::from_secs(n)
}

fn of_group(name: &str) -> AgentSpec {
    AgentSpec::new().with_group(id(name))
}

fn served_by(name: &str, group: &str) -> Queue {
    queue(name).with_pool(Pool::groups([id(group)]))
}

#[test]
fn skills_are_relaxed_step_by_step_and_the_place_is_kept() {
    let need = Need::new(Requirement::of(id("english"), 4).and(id("refund"), 1))
        .then(seconds(10), Requirement::of(id("english"), 4))
        .then(seconds(20), Requirement::none());
    let mut centre = Centre::new(Settings::new(queue("main").with_need(need)));
    centre.comes("plain", AgentSpec::new().with_cap(1));
    centre.at(0).asks("1");
    centre.at(5).asks("2");
    let why = centre.router.why(&id("1")).unwrap();
    assert_eq!(why.to_string(), "place 1 in main; 1: agent lacks a skill");
    assert_eq!(
        why.changes_at.map(|at| at.as_millis()),
        Some(1_700_000_010_000)
    );
    assert!(centre.at(10).tick().is_empty());
    let english = AgentSpec::new().with_skill(id("english"), 4).with_cap(1);
    assert_eq!(
        centre.comes("english", english),
        ["english accepting", "1>english"]
    );
    assert_eq!(centre.router.place(&id("2")), Some(1));
    assert_eq!(centre.at(25).tick(), ["2>plain"]);
}

#[test]
fn a_tick_that_comes_late_skips_no_step() {
    let need = Need::new(Requirement::of(id("best"), 1))
        .then(seconds(10), Requirement::of(id("good"), 1))
        .then(seconds(20), Requirement::none());
    let mut centre = Centre::new(Settings::new(queue("main").with_need(need)));
    centre.at(0).asks("1");
    centre.at(2).comes("any", AgentSpec::new());
    centre.at(3).comes(
        "good",
        AgentSpec::new().with_skill(id("good"), 1).with_order(9),
    );
    assert_eq!(centre.at(60).tick(), ["1>good"]);
}

#[test]
fn any_of_two_skills_may_do() {
    let need = Requirement::none().and_any([(id("japanese"), 2), (id("english"), 3)]);
    let request = || Request::new(ChannelName::WEBCHAT).with_need(Need::new(need.clone()));
    let mut centre = Centre::new(least_active());
    centre.comes("a", AgentSpec::new().with_skill(id("english"), 2));
    assert_eq!(centre.requests("1", request()), ["1+"]);
    let said = centre.comes("b", AgentSpec::new().with_skill(id("japanese"), 2));
    assert_eq!(said, ["b accepting", "1>b"]);
    let learned = AgentSpec::new().with_skill(id("english"), 3);
    centre.set("a", learned);
    assert_eq!(centre.requests("2", request()), ["2+", "2>a"]);
}

#[test]
fn case_65_a_higher_tier_is_served_when_the_lower_are_empty_and_its_delay_is_over() {
    let settings = Settings::new(queue("first"))
        .with_queue(queue("second").with_tier(1))
        .with_queue(queue("third").with_tier(2).with_delay(seconds(20)));
    let mut centre = Centre::new(settings);
    let ask = |centre: &mut Centre, name: &str, queue: &str| {
        centre.asks_in(name, Some(queue), ChannelName::WEBCHAT)
    };
    ask(centre.at(0), "c", "third");
    ask(centre.at(1), "b", "second");
    ask(centre.at(2), "a", "first");
    let one = || AgentSpec::new().with_cap(1);
    assert_eq!(centre.at(3).comes("kim", one()), ["kim accepting", "a>kim"]);
    assert_eq!(centre.ends("a"), ["a-", "b>kim"]);
    assert_eq!(centre.ends("b"), ["b-"]);
    let why = centre.router.why(&id("c")).unwrap();
    assert_eq!(why.held_by.map(|held| held.code()), Some("delay"));
    assert!(centre.at(19).tick().is_empty());
    assert_eq!(centre.at(20).tick(), ["c>kim"]);
    // Older by far, but of a higher tier.
    ask(centre.at(21), "d", "third");
    ask(centre.at(90), "e", "first");
    assert_eq!(centre.at(91).ends("c"), ["c-", "e>kim"]);
}

#[test]
fn case_39_at_the_longest_wait_it_is_let_go_once() {
    let mut centre = Centre::new(Settings::new(queue("main").with_wait_max(seconds(600))));
    centre.comes("kim", AgentSpec::new().with_cap(1));
    centre.at(0).asks("talks");
    centre.at(0).asks("waits");
    assert_eq!(
        centre.router.next_deadline(),
        Some(centre.now.plus(seconds(600)))
    );
    assert!(centre.at(599).tick().is_empty());
    assert_eq!(centre.at(600).tick(), ["waits timed out"]);
    assert!(centre.at(601).tick().is_empty());
    assert_eq!(
        (centre.load("kim"), centre.owner("waits")),
        (1, "nobody".into())
    );
}

#[test]
fn case_42_one_whose_customer_is_long_silent_is_passed_over() {
    let day = 24 * 3600;
    let now = happytalk_core::Timestamp::from_millis(1_700_000_000_000);
    let ask = |centre: &mut Centre, name: &str, silent: u64| {
        let mut request = Request::new(ChannelName::WEBCHAT);
        request.since = Some(now.minus(seconds(30 * day)));
        request.active_at = Some(now.minus(seconds(silent)));
        centre.at(0).requests(name, request)
    };
    let mut settings = least_active();
    settings.silent_max_millis = Some(day * 1000);
    let mut centre = Centre::with_agents(settings, &["kim"]);
    assert_eq!(ask(&mut centre, "1", 3600), ["1+", "1>kim"]);
    assert_eq!(ask(&mut centre, "2", 25 * 3600), ["2+"]);
    let why = centre.router.why(&id("2")).unwrap();
    assert_eq!(why.held_by.map(|held| held.code()), Some("silence"));
    let said = centre.at(5).says(Speaker::Customer, "2");
    assert_eq!(said, ["2 Customer", "2>kim"]);
    let mut unset = Centre::with_agents(least_active(), &["kim"]);
    assert_eq!(ask(&mut unset, "3", 25 * 3600), ["3+", "3>kim"]);
}

#[test]
fn case_52_each_queue_of_an_overflow_chain_helps_out_once_and_the_place_stays() {
    let settings =
        Settings::new(served_by("a", "ga").with_overflow(Overflow::to(id("b")).after(seconds(30))))
            .with_queue(
                served_by("b", "gb").with_overflow(Overflow::to(id("c")).after(seconds(30))),
            )
            .with_queue(served_by("c", "gc"));
    let mut centre = Centre::new(settings);
    centre.at(0).asks("1");
    centre.comes("c1", of_group("gc"));
    centre.at(10).asks("2");
    assert!(centre.at(59).tick().is_empty());
    assert_eq!(centre.waiting("a"), ["1", "2"]);
    assert_eq!(centre.at(60).tick(), ["1>c1"]);
    assert_eq!(centre.router.queue_of(&id("1")), Some(&id("a")));
    assert_eq!(centre.comes("b1", of_group("gb")), ["b1 accepting", "2>b1"]);
}

#[test]
fn one_that_finds_its_queue_full_waits_where_the_overflow_leads() {
    let settings = Settings::new(
        queue("a")
            .with_waiting_max(1)
            .with_overflow(Overflow::to(id("b")).when_full()),
    )
    .with_queue(queue("b").with_waiting_max(1));
    let mut centre = Centre::new(settings);
    for name in ["1", "2"] {
        assert_eq!(centre.asks(name), [format!("{name}+")]);
    }
    assert_eq!(
        (centre.waiting("a"), centre.waiting("b")),
        (vec!["1".into()], vec!["2".into()])
    );
    assert_eq!(centre.asks("3"), ["routing.queue_full"]);
}

#[test]
fn a_rule_row_chooses_the_queue_and_falls_back_on_the_next() {
    let settings = Settings::new(served_by("main", "all"))
        .with_queue(served_by("delivery", "delivery"))
        .with_queue(served_by("late", "late"))
        .with_rule(
            Rule::new(RuleId(1), id("delivery"))
                .with_main(id("배송"))
                .with_fallback(Fallback::DefaultPool, seconds(60)),
        )
        .with_rule(
            Rule::new(RuleId(2), id("late"))
                .with_sub(id("배송"), id("지연"))
                .with_points(10)
                .with_fallback(Fallback::NextRow, seconds(30)),
        );
    let mut centre = Centre::new(settings);
    let mut category = Category::new(id("배송"));
    category.sub = Some(id("지연"));
    let request = || Request::new(ChannelName::WEBCHAT).with_category(category.clone());
    centre.at(0).requests("1", request());
    centre.at(1).requests("2", request());
    centre.at(1).requests("3", request());
    assert_eq!(centre.waiting("late"), ["1", "2", "3"]);
    let spec = |group: &str| of_group(group).with_cap(1);
    assert_eq!(centre.comes("kim", spec("delivery")), ["kim accepting"]);
    assert_eq!(centre.at(30).tick(), ["1>kim"]);
    assert_eq!(centre.at(31).comes("park", spec("all")), ["park accepting"]);
    assert_eq!(centre.at(91).tick(), ["2>park"]);
    assert_eq!(
        centre.comes("lee", spec("late")),
        ["lee accepting", "3>lee"]
    );
}

#[test]
fn a_fallback_without_a_wait_comes_after_the_own_pool_all_the_same() {
    let settings = Settings::new(queue("main"))
        .with_queue(served_by("own", "own"))
        .with_rule(
            Rule::new(RuleId(1), id("own"))
                .with_fallback(Fallback::ToGroup(id("help")), seconds(0)),
        );
    let mut centre = Centre::new(settings);
    centre.comes("a help", of_group("help").with_cap(1));
    centre.comes("own", of_group("own").with_cap(1));
    assert_eq!(centre.asks("1"), ["1+", "1>own"]);
    assert_eq!(centre.asks("2"), ["2+", "2>a help"]);
}

#[test]
fn behind_the_last_row_that_matches_stands_the_default_row() {
    let settings = Settings::new(served_by("main", "all"))
        .with_queue(served_by("delivery", "delivery"))
        .with_rule(
            Rule::new(RuleId(1), id("delivery"))
                .with_main(id("배송"))
                .with_fallback(Fallback::NextRow, seconds(30)),
        );
    let mut centre = Centre::new(settings);
    centre.at(0).comes("kim", of_group("all"));
    let request = Request::new(ChannelName::WEBCHAT).with_category(Category::new(id("배송")));
    assert_eq!(centre.requests("1", request), ["1+"]);
    assert!(centre.at(29).tick().is_empty());
    assert_eq!(centre.at(30).tick(), ["1>kim"]);
}

#[test]
fn case_28_the_third_within_the_hour_goes_to_another_agent() {
    let rate = RateLimit::new(NonZeroU32::new(2).unwrap(), seconds(3600));
    let mut centre = Centre::new(least_active().with_rate(rate));
    centre.comes("kim", AgentSpec::new());
    centre.at(0).asks("1");
    centre.at(10).asks("2");
    assert_eq!(centre.at(20).asks("3"), ["3+"]);
    let said = centre.comes("lee", AgentSpec::new().with_order(5));
    assert_eq!(said, ["lee accepting", "3>lee"]);
    centre.asks("4");
    assert_eq!(centre.asks("5"), ["5+"]);
    let why = centre.router.why(&id("5")).unwrap();
    assert_eq!(
        why.to_string(),
        "place 1 in main; 2: agent is at the rate limit"
    );
    assert!(centre.at(3600).tick().is_empty());
    assert_eq!(centre.at(3601).tick(), ["5>kim"]);
}

#[test]
fn case_27_no_chats_during_a_call() {
    let voice = || id::<ChannelName>("voice");
    let settings = least_active()
        .with_channel_cap(voice(), 1)
        .with_channel_cap(ChannelName::WEBCHAT, 3)
        .with_exclusion(voice(), ChannelName::WEBCHAT);
    let mut centre = Centre::with_agents(settings, &["kim"]);
    centre.asks_in("call", None, voice());
    assert_eq!(centre.owner("call"), "kim");
    assert_eq!(centre.at(1).asks("chat"), ["chat+"]);
    assert_eq!(centre.at(2).asks_in("call-2", None, voice()), ["call-2+"]);
    let said = centre.ends("call");
    assert_eq!(said[..2], ["call-", "chat>kim"]);
    // The other way round nothing is excluded.
    assert_eq!(centre.owner("call-2"), "kim");
}

#[test]
fn a_silent_conversation_gives_its_slot_back_and_wakes_by_the_rule() {
    for rule in [WakeRule::Reserve, WakeRule::Queue, WakeRule::OverCap] {
        let inactive = Inactive::after(seconds(300), rule);
        let mut centre = Centre::new(least_active().with_inactive(inactive));
        centre.comes("kim", AgentSpec::new().with_cap(1));
        centre.at(0).asks("1");
        centre.asks("2");
        centre.asks("3");
        centre.at(100).says(Speaker::Agent, "1");
        assert!(centre.at(399).tick().is_empty());
        assert_eq!(centre.at(400).tick(), ["2>kim"]);
        assert_eq!((centre.load("kim"), centre.owner("1")), (1, "kim".into()));
        let said = centre.at(500).says(Speaker::Customer, "1");
        match rule {
            WakeRule::OverCap => {
                assert_eq!(said, ["1 Customer", "1 woken over:forced"]);
                assert_eq!(centre.load("kim"), 2);
            }
            WakeRule::Queue => {
                // It came first, so it goes before 3 to whoever comes.
                assert_eq!(said, ["1 Customer", "1<kim withdrawn"]);
                assert_eq!(centre.waiting("main"), ["1", "3"]);
            }
            _ => {
                assert_eq!(said, ["1 Customer"]);
                assert_eq!((centre.load("kim"), centre.owner("1")), (1, "kim".into()));
                let why = centre.router.why(&id("3")).unwrap();
                assert_eq!(
                    why.to_string(),
                    "place 1 in main; 1: agent's next slot is kept"
                );
                assert_eq!(centre.at(501).ends("2"), ["2-", "1 woken"]);
                assert_eq!(centre.load("kim"), 1);
            }
        }
    }
}

#[test]
fn one_that_wakes_while_there_is_room_simply_counts_again() {
    let inactive = Inactive::after(seconds(300), WakeRule::OverCap);
    let mut centre = Centre::new(least_active().with_inactive(inactive));
    centre.comes("kim", AgentSpec::new().with_cap(1));
    centre.at(0).asks("1");
    centre.at(300).tick();
    assert_eq!(centre.load("kim"), 0);
    let said = centre.at(301).says(Speaker::Agent, "1");
    assert_eq!(said, ["1 Agent", "1 woken"]);
    assert_eq!(centre.load("kim"), 1);
}

#[test]
fn an_agent_and_a_customer_may_be_kept_apart_whoever_comes_first() {
    let mut centre = Centre::new(least_active());
    let request = || Request::new(ChannelName::WEBCHAT).without_agent(id("kim"));
    centre.requests("1", request());
    assert_eq!(centre.comes("kim", AgentSpec::new()), ["kim accepting"]);
    assert_eq!(centre.picks("kim", "1"), ["routing.barred"]);
    assert_eq!(centre.asks("2"), ["2+", "2>kim"]);
    assert_eq!(
        centre.comes("lee", AgentSpec::new()),
        ["lee accepting", "1>lee"]
    );
    assert_eq!(centre.requests("3", request()), ["3+", "3>lee"]);
}

#[test]
fn a_transfer_to_a_group_a_category_or_a_queue_waits_there_and_a_refused_one_changes_nothing() {
    let settings = Settings::new(queue("main")).with_queue(served_by("배송", "delivery"));
    let mut centre = Centre::new(settings);
    centre.comes("kim", AgentSpec::new().with_cap(3));
    for name in ["1", "2", "3"] {
        centre.asks(name);
    }
    let mut to = |name: &str, to: TransferTarget| {
        centre.input(Input::Transfer {
            conversation: id(name),
            to,
            how: TransferHow::Accepted,
        })
    };
    assert_eq!(
        to("1", TransferTarget::Group(id("nobody"))),
        ["routing.unknown_group"]
    );
    assert_eq!(
        to("1", TransferTarget::Queue(id("none"))),
        ["routing.unknown_queue"]
    );
    assert_eq!(centre.owner("1"), "kim");
    centre.comes("lee", of_group("second").with_cap(1));
    let mut to = |name: &str, to: TransferTarget| {
        centre.input(Input::Transfer {
            conversation: id(name),
            to,
            how: TransferHow::Forced,
        })
    };
    assert_eq!(
        to("1", TransferTarget::Group(id("second"))),
        ["1<kim transfer", "1>lee"]
    );
    assert_eq!(
        to("2", TransferTarget::Group(id("second"))),
        ["2<kim transfer"]
    );
    let category = TransferTarget::Category(Category::new(id("배송")));
    assert_eq!(to("3", category), ["3<kim transfer"]);
    assert_eq!(centre.waiting("배송"), ["3"]);
    // kim and everybody else stay out of what is meant for the second group.
    centre.comes("park", AgentSpec::new());
    assert_eq!(centre.waiting("main"), ["2"]);
    assert_eq!(centre.ends("1"), ["1-", "2>lee"]);
}

#[test]
fn a_closed_window_lets_them_wait_and_an_open_one_gives_them_out_in_order() {
    let mut centre = Centre::with_agents(least_active(), &["kim"]);
    centre.input(Input::SetOpen { open: false });
    centre.at(2).asks("b");
    centre.at(1).asks("a");
    centre.input(Input::HoldBack {
        conversation: id("b"),
    });
    assert_eq!(centre.waiting("main"), ["a", "b"]);
    let why = centre.router.why(&id("a")).unwrap();
    assert_eq!(why.held_by.map(|held| held.code()), Some("closed"));
    let said = centre.input(Input::SetOpen { open: true });
    assert_eq!(said[1..], ["a>kim"]);
    let said = centre.input(Input::LetIn {
        conversation: id("b"),
    });
    assert_eq!(said[1..], ["b>kim"]);
}

#[test]
fn one_that_comes_held_back_is_given_to_nobody_until_it_is_let_in_or_given_by_hand() {
    let mut centre = Centre::with_agents(least_active(), &["kim", "lee"]);
    let mut request = Request::new(id("kakao_consult"));
    request.held_back = true;
    for name in ["a", "b"] {
        let said = centre.input(Input::Enqueue {
            conversation: id(name),
            request: request.clone(),
        });
        assert!(!said.iter().any(|said| said.contains('>')), "{said:?}");
        assert!(centre.router.is_held_back(&id(name)));
    }
    let said = centre.input(Input::LetIn {
        conversation: id("a"),
    });
    assert_eq!(said[1..], ["a>kim"]);
    let said = centre.input(Input::Assign {
        conversation: id("b"),
        agent: id("kim"),
    });
    assert_eq!(said, ["b>kim manager"]);
    assert!(centre.router.is_held_back(&id("b")));
    let said = centre.input(Input::LetIn {
        conversation: id("b"),
    });
    assert_eq!(said.len(), 1, "nothing is given out: {said:?}");
    assert!(!centre.router.is_held_back(&id("b")));
}

#[test]
fn the_expected_wait_is_the_place_by_what_the_last_hour_took() {
    let mut centre = Centre::new(least_active());
    centre.comes("kim", AgentSpec::new().with_cap(4));
    centre.comes("lee", AgentSpec::new().with_cap(5));
    let wait = |centre: &Centre, place| centre.router.expected_wait(&id("main"), place);
    assert_eq!(wait(&centre, 3), None);
    centre.at(0).asks("1");
    centre.at(300).ends("1");
    let estimate = wait(&centre, 3).unwrap();
    assert_eq!(estimate.middle, seconds(100));
    assert!(estimate.low < estimate.middle && estimate.middle < estimate.high);
    centre.status("lee", StatusClass::Paused);
    assert_eq!(wait(&centre, 3).unwrap().middle, seconds(225));
    centre.comes("park", AgentSpec::new());
    assert_eq!(wait(&centre, 3), None);
    centre.status("park", StatusClass::Off);
    centre.at(300 + 3660).tick();
    assert_eq!(wait(&centre, 3), None);
}

#[test]
fn case_29_what_two_agents_took_part_in_frees_them_both_when_it_ends() {
    let mut centre = Centre::new(least_active());
    centre.comes("kim", AgentSpec::new().with_cap(1));
    centre.asks("1");
    centre.comes("lee", AgentSpec::new().with_cap(1));
    centre.moves("1", "lee", TransferHow::Accepted);
    assert_eq!(centre.asks("2"), ["2+", "2>kim"]);
    centre.moves("1", "kim", TransferHow::Forced);
    assert_eq!((centre.load("kim"), centre.load("lee")), (2, 0));
    centre.ends("2");
    centre.ends("1");
    assert_eq!((centre.load("kim"), centre.load("lee")), (0, 0));
    assert_eq!(centre.asks("3"), ["3+", "3>kim"]);
    assert_eq!(centre.asks("4"), ["4+", "4>lee"]);
}
