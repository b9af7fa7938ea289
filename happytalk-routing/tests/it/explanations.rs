//! Why somebody was chosen, or nobody.

use happytalk_core::ChannelName;
use happytalk_core::event::StatusClass;
use happytalk_routing::{AgentSpec, CapLevel, Ineligible, Mode, Pool, Settings};

use crate::centre::{Centre, id, least_active, queue};

#[test]
fn every_candidate_stands_with_the_first_reason_against_them() {
    let group = || id("first");
    let main = queue("main").with_pool(Pool::groups([group()])).with_cap(2);
    let settings = Settings::new(main).with_site_cap(9);
    let mut centre = Centre::new(settings.with_group_cap(group(), 4));
    let spec = || AgentSpec::new().with_group(group());
    centre.comes("full", spec().with_cap(0));
    centre.comes("kakao", spec().with_channels([ChannelName::KAKAO_CONSULT]));
    centre.comes("other", AgentSpec::new());
    centre.comes("busy", spec());
    centre.asks("1");
    centre.asks("2");
    centre.comes("free", spec());
    centre.comes("away", spec());
    centre.status("away", StatusClass::Paused);

    let candidates = centre.router.candidates(&id("main"), &ChannelName::WEBCHAT);
    let seen: Vec<_> = candidates.iter().map(ToString::to_string).collect();
    assert_eq!(
        seen,
        [
            "free 0/4: free",
            "away 0/4: agent does not accept conversations. class=`paused`",
            "full 0/0: agent is at a limit. level=`agent`",
            "kakao 0/4: agent does not take the channel",
            "other 0/9: agent does not serve the queue",
            "busy 2/4: agent is at a limit. level=`queue`",
        ]
    );
    assert_eq!(
        candidates[5].eligible,
        Err(Ineligible::Cap(CapLevel::Queue))
    );
    assert_eq!(candidates[5].last_assigned_at, Some(centre.now));
    assert!(
        centre
            .router
            .candidates(&id("none"), &ChannelName::WEBCHAT)
            .is_empty()
    );
}

#[test]
fn each_choice_carries_its_reason_where_the_settings_ask_for_it() {
    let mut centre = Centre::new(least_active().with_explanations());
    centre.comes("kim", AgentSpec::new().with_cap(1));
    centre.asks("1");
    centre.comes("lee", AgentSpec::new().with_cap(1));
    centre.asks("2");
    centre.asks("3");
    centre.ends("1");
    let whys: Vec<_> = centre
        .outputs
        .iter()
        .filter_map(|output| output.why.as_ref())
        .map(|why| {
            let names = why.candidates.iter().map(|it| it.agent.to_string());
            (
                why.chosen().unwrap().agent.to_string(),
                names.collect::<Vec<_>>(),
            )
        })
        .collect();
    let both = |first: &str, second: &str| vec![first.to_owned(), second.to_owned()];
    assert_eq!(
        whys,
        [
            ("kim".to_owned(), vec!["kim".to_owned()]),
            ("lee".to_owned(), both("lee", "kim")),
            ("kim".to_owned(), both("kim", "lee")),
        ]
    );
}

#[test]
fn one_that_came_back_says_whom_it_came_back_from() {
    let mut centre = Centre::new(least_active());
    centre.comes("kim", AgentSpec::new());
    centre.asks("1");
    centre.comes("lee", AgentSpec::new().with_cap(0));
    centre.returns("1", None);
    let why = centre.router.explain(&id("1")).unwrap();
    let reasons: Vec<_> = why.candidates.iter().map(|it| it.eligible).collect();
    assert_eq!(
        reasons,
        [
            Err(Ineligible::Cap(CapLevel::Agent)),
            Err(Ineligible::Tried)
        ]
    );
    assert_eq!(centre.router.explain(&id("9")), None);
}

#[test]
fn in_manual_mode_the_candidates_are_who_may_pick() {
    let mut centre = Centre::with_agents(least_active().with_mode(Mode::Manual), &["kim"]);
    centre.asks("1");
    let why = centre.router.explain(&id("1")).unwrap();
    assert_eq!(why.chosen().unwrap().agent, id("kim"));
    assert_eq!(centre.owner("1"), "queue:main");
}
