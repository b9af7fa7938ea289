//! Claims, transfers and returns: the numbered cases of ROUTING 4.

use happytalk_core::ChannelName;
use happytalk_core::event::{StatusClass, TransferHow};
use happytalk_routing::{AgentSpec, Error, Input, Mode, OnLogout, What};

use crate::centre::{Centre, id, least_active, queue};

#[test]
fn case_44_of_two_who_take_the_same_one_wins() {
    let mut centre = Centre::with_agents(least_active().with_mode(Mode::Manual), &["kim", "lee"]);
    centre.asks("1");
    assert_eq!(centre.picks("kim", "1"), ["1>kim pick"]);
    assert_eq!(centre.picks("lee", "1"), ["routing.already_taken"]);
    let Some(What::Refused(refusal)) = centre.outputs.last().map(|output| &output.what) else {
        panic!("not refused");
    };
    assert_eq!(refusal.error, Error::AlreadyTaken { by: id("kim") });
    assert_eq!(refusal.conversation, Some(id("1")));
    assert_eq!(refusal.agent, Some(id("lee")));
    assert!(centre.picks("kim", "1").is_empty());
    assert_eq!((centre.owner("1"), centre.load("kim")), ("kim".into(), 1));
}

#[test]
fn case_46_fifty_ends_at_once_give_each_one_that_waits_exactly_once() {
    let mut centre = Centre::new(least_active());
    for n in 0..10 {
        centre.comes(&format!("agent-{n}"), AgentSpec::new().with_cap(5));
    }
    for n in 0..120 {
        centre.asks(&format!("c-{n:03}"));
    }
    let mut given = Vec::new();
    for n in 0..50 {
        let said = centre.ends(&format!("c-{n:03}"));
        given.extend(
            said.iter()
                .filter_map(|it| Some(it.split_once('>')?.0.to_owned())),
        );
    }
    let expected: Vec<_> = (50..100).map(|n| format!("c-{n:03}")).collect();
    assert_eq!(given, expected);
}

#[test]
fn case_47_and_48_what_a_manager_gave_is_not_given_again() {
    let mut centre = Centre::new(least_active());
    centre.set("kim", AgentSpec::new());
    centre.asks("1");
    // The manager gives it to somebody who is not even there.
    assert_eq!(centre.is_given("1", "kim"), ["1>kim manager"]);
    assert_eq!(centre.comes("lee", AgentSpec::new()), ["lee accepting"]);
    assert_eq!(centre.picks("lee", "1"), ["routing.already_taken"]);
    assert_eq!(centre.is_given("1", "lee"), ["routing.already_taken"]);
    assert!(centre.is_given("1", "kim").is_empty());
    assert_eq!(centre.owner("1"), "kim");
}

#[test]
fn a_manager_gives_above_every_limit_and_the_event_says_so() {
    let mut centre = Centre::new(least_active());
    centre.comes("kim", AgentSpec::new().with_cap(1));
    centre.asks("1");
    centre.asks("2");
    assert_eq!(centre.is_given("2", "kim"), ["2>kim manager over:forced"]);
    assert_eq!(centre.load("kim"), 2);
}

#[test]
fn case_51_a_transfer_to_an_agent_at_the_limit_changes_nothing_unless_forced() {
    let mut centre = Centre::with_agents(least_active(), &["kim"]);
    centre.comes("lee", AgentSpec::new().with_cap(1));
    centre.asks("1");
    centre.asks("2");
    let before = centre.router.clone();
    let how = TransferHow::Accepted;
    assert_eq!(centre.moves("1", "lee", how), ["routing.agent_cap"]);
    assert_eq!(centre.router, before);
    assert_eq!(centre.owner("1"), "kim");
    let how = TransferHow::Forced;
    assert_eq!(
        centre.moves("1", "lee", how),
        ["1:kim>lee forced over:forced"]
    );
    assert_eq!((centre.load("kim"), centre.load("lee")), (0, 2));
}

#[test]
fn a_transfer_frees_a_slot_that_is_filled_in_the_same_call() {
    let mut centre = Centre::new(least_active());
    centre.comes("kim", AgentSpec::new().with_cap(1));
    centre.asks("1");
    centre.comes("lee", AgentSpec::new().with_cap(2));
    centre.asks("2");
    centre.asks("3");
    centre.asks("4");
    centre.ends("2");
    assert_eq!((centre.load("kim"), centre.load("lee")), (1, 2));
    centre.ends("3");
    let how = TransferHow::Accepted;
    assert_eq!(centre.moves("1", "lee", how), ["1:kim>lee accepted"]);
    assert_eq!(centre.asks("5"), ["5+", "5>kim"]);
    assert_eq!(centre.asks("6"), ["6+"]);
    centre.ends("4");
    assert_eq!(centre.moves("1", "lee", how), Vec::<String>::new());
    assert_eq!(centre.owner("6"), "lee");
}

#[test]
fn a_transfer_names_what_is_with_an_agent_and_an_agent_who_is_there() {
    let mut centre = Centre::with_agents(least_active(), &["kim"]);
    let only_web = AgentSpec::new().with_channels([ChannelName::WEBCHAT]);
    centre.set("lee", only_web);
    centre.asks_in("1", None, ChannelName::KAKAO_CONSULT);
    let how = TransferHow::Accepted;
    assert_eq!(centre.moves("1", "lee", how), ["routing.not_accepting"]);
    centre.status("lee", StatusClass::Finishing);
    assert_eq!(centre.moves("1", "lee", how), ["routing.channel_not_taken"]);
    assert_eq!(centre.moves("1", "who", how), ["routing.unknown_agent"]);
    assert_eq!(
        centre.moves("9", "lee", how),
        ["routing.unknown_conversation"]
    );
    centre.status("kim", StatusClass::Off);
    centre.asks("2");
    assert_eq!(centre.moves("2", "lee", how), ["routing.not_assigned"]);
}

#[test]
fn case_53_from_every_live_state_it_can_be_released() {
    let mut centre = Centre::with_agents(least_active(), &["kim"]);
    centre.asks("assigned");
    centre.asks("after-work");
    let conversation = id("after-work");
    centre.input(Input::StartAfterWork { conversation });
    centre.asks("held");
    let conversation = id("held");
    centre.input(Input::Hold { conversation });
    centre.status("kim", StatusClass::Off);
    centre.asks("waiting");
    for name in ["assigned", "after-work", "held", "waiting"] {
        assert_ne!(centre.owner(name), "nobody");
        assert_eq!(centre.ends(name), [format!("{name}-")]);
        assert_eq!(centre.owner(name), "nobody");
    }
    assert_eq!((centre.load("kim"), centre.router.waiting_total()), (0, 0));
}

#[test]
fn case_54_whoever_goes_off_gives_back_what_they_have_in_the_same_step_where_the_site_wants_it() {
    let settings = least_active().with_on_logout(OnLogout::Requeue);
    let mut centre = Centre::new(settings);
    centre.comes("kim", AgentSpec::new());
    for (at, name) in [(1, "2"), (2, "1")] {
        centre.at(at).asks(name);
    }
    centre.comes("lee", AgentSpec::new().with_cap(1));
    let said = centre.status("kim", StatusClass::Off);
    assert_eq!(said, ["kim off", "2<kim offline", "1<kim offline", "2>lee"]);
    assert_eq!(centre.waiting("main"), ["1"]);
}

#[test]
fn what_comes_back_goes_to_somebody_else_with_its_old_place() {
    let mut centre = Centre::new(least_active());
    centre.comes("kim", AgentSpec::new().with_cap(1));
    centre.comes("lee", AgentSpec::new().with_cap(1));
    centre.at(1).asks("1");
    centre.at(2).asks("2");
    centre.at(3).asks("3");
    // It came back from kim, whose slot the next one gets; lee, who may still take it, is busy.
    assert_eq!(
        centre.at(4).returns("1", None),
        ["1<kim withdrawn", "3>kim"]
    );
    assert_eq!(centre.router.place(&id("1")), Some(1));
    assert_eq!(centre.ends("3"), ["3-"]);
    assert_eq!(centre.ends("2"), ["2-", "1>lee"]);
}

#[test]
fn what_came_back_from_everybody_goes_round_again() {
    let mut centre = Centre::with_agents(least_active(), &["kim", "lee"]);
    centre.at(1).asks("1");
    assert_eq!(
        centre.at(2).returns("1", None),
        ["1<kim withdrawn", "1>lee"]
    );
    assert_eq!(
        centre.at(3).returns("1", None),
        ["1<lee withdrawn", "1>kim"]
    );
    assert_eq!(
        centre.at(4).returns("1", None),
        ["1<kim withdrawn", "1>lee"]
    );
}

#[test]
fn what_came_back_may_go_to_the_same_agent_when_the_others_leave_or_one_comes_online() {
    let mut centre = Centre::new(least_active());
    centre.comes("kim", AgentSpec::new());
    centre.comes("lee", AgentSpec::new().with_cap(0));
    centre.asks("1");
    assert_eq!(centre.returns("1", None), ["1<kim withdrawn"]);
    let said = centre.status("lee", StatusClass::Paused);
    assert_eq!(said, ["lee paused", "1>kim"]);
    centre.status("lee", StatusClass::Accepting);
    assert_eq!(centre.returns("1", None), ["1<kim withdrawn"]);
    let said = centre.comes("park", AgentSpec::new().with_cap(0));
    assert_eq!(said, ["park accepting", "1>kim"]);
}

#[test]
fn whoever_is_removed_leaves_nothing_ownerless() {
    let mut centre = Centre::with_agents(least_active(), &["kim"]);
    for name in ["1", "2"] {
        centre.asks(name);
    }
    let conversation = id("2");
    centre.input(Input::StartAfterWork { conversation });
    centre.comes("lee", AgentSpec::new());
    let agent = || id("kim");
    let said = centre.input(Input::RemoveAgent { agent: agent() });
    assert_eq!(said, ["1<kim offline", "kim removed", "1>lee"]);
    assert_eq!(centre.owner("2"), "nobody");
    assert!(
        centre
            .input(Input::RemoveAgent { agent: agent() })
            .is_empty()
    );
    assert_eq!(
        centre.status("kim", StatusClass::Off),
        ["routing.unknown_agent"]
    );
}

#[test]
fn an_input_that_repeats_does_nothing_twice() {
    let mut centre = Centre::with_agents(least_active(), &["kim"]);
    centre.asks("1");
    assert!(centre.asks("1").is_empty());
    assert!(centre.comes_again("kim").is_empty());
    let after_work = || Input::StartAfterWork {
        conversation: id("1"),
    };
    assert_eq!(centre.input(after_work()).len(), 1);
    assert!(centre.input(after_work()).is_empty());
    assert_eq!(centre.asks("1"), ["routing.already_taken"]);
    assert_eq!(centre.returns("1", None), ["routing.already_taken"]);
    let resume = || Input::Resume {
        conversation: id("1"),
    };
    assert_eq!(centre.input(resume()).len(), 1);
    assert!(centre.input(resume()).is_empty());
    assert_eq!(centre.load("kim"), 1);
}

#[test]
fn one_an_agent_opens_is_theirs_from_the_start() {
    let mut centre = Centre::new(least_active());
    centre.comes("kim", AgentSpec::new().with_cap(1));
    let open = |name: &str| Input::Open {
        conversation: id(name),
        agent: id("kim"),
        queue: None,
        channel: ChannelName::NAVER_TALKTALK,
        weight: 1,
    };
    assert!(centre.input(open("1"))[0].contains("over_cap: None"));
    assert!(centre.input(open("2"))[0].contains("over_cap: Some(Forced)"));
    assert!(centre.input(open("1")).is_empty());
    assert_eq!((centre.owner("2"), centre.load("kim")), ("kim".into(), 2));
    assert_eq!(centre.asks("3"), ["3+"]);
}

#[test]
fn a_queue_nobody_set_up_is_refused() {
    let mut centre = Centre::with_agents(least_active().with_queue(queue("vip")), &["kim"]);
    let said = centre.asks_in("1", Some("vpi"), ChannelName::WEBCHAT);
    assert_eq!(said, ["routing.unknown_queue"]);
    centre.asks("2");
    assert_eq!(centre.returns("2", Some("vpi")), ["routing.unknown_queue"]);
    assert_eq!(centre.owner("2"), "kim");
}

impl Centre {
    fn comes_again(&mut self, name: &str) -> Vec<String> {
        let mut said = self.set(name, AgentSpec::new());
        said.extend(self.status(name, StatusClass::Accepting));
        said
    }
}
