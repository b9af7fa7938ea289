//! Bots at the desk: which one answers, who is asked who they are, what somebody looks at first, the way back.

use happytalk::core::ChannelName;
use happytalk::core::Value;
use happytalk::core::call::CallOutcome;
use happytalk::core::effect::{EffectKind, EffectResult};
use happytalk::core::event::{AutoKind, Event, ProfileSkip, StatusClass};
use happytalk::core::hours::Calendar;
use happytalk::core::id::EffectId;
use happytalk::routing::Owner;
use happytalk::scenario::{ApprovalOutcome, Binding, Bindings, HoursKind, Policy, Versions};
use happytalk::{Bots, DeskCommand, Door, Input, NewVersion, Settings};

use crate::bots::{FRONT, bots, flow};
use crate::scene::{Scene, message, settings};

const KAKAO: ChannelName = ChannelName::KAKAO_CONSULT;
const NAVER: ChannelName = ChannelName::NAVER_TALKTALK;

fn asking(holds_queue: bool) -> Settings {
    let mut settings = settings();
    settings.bots = bots(true, holds_queue);
    settings
}

/// What was said in a conversation, by whom and in words.
fn said(scene: &Scene, conversation: &str) -> Vec<(&'static str, String)> {
    let events = scene.events(conversation).into_iter();
    events
        .filter_map(|event| {
            let (by, message) = match event {
                Event::BotSaid { message } => ("bot", message),
                Event::AutoSaid { kind, message } if *kind == AutoKind::Profile => {
                    ("profile", message)
                }
                Event::AutoSaid { message, .. } => ("auto", message),
                _ => return None,
            };
            Some((by, message.open()?.words()))
        })
        .collect()
}

fn fields(event: &Event) -> Vec<&str> {
    match event {
        Event::ProfileRequested { fields, .. }
        | Event::ProfileCompleted { fields }
        | Event::ProfileSkipped { fields, .. } => fields.iter().map(|it| it.as_str()).collect(),
        _ => Vec::new(),
    }
}

/// The only effect under way of this sort.
fn effect(scene: &Scene, sort: impl Fn(&EffectKind) -> bool) -> EffectId {
    let mut found = scene.effects.iter().filter(|effect| sort(&effect.what));
    let id = found.next().expect("one is asked for").id.clone();
    assert!(found.next().is_none(), "and no other");
    id
}

fn assert_restores(scene: &Scene, settings: Settings) {
    let mut restored = scene.restored(settings);
    restored.handle_input(Input::Tick, scene.now);
    while restored.poll_output().is_some() {}
    assert!(restored == scene.desk, "a desk made anew is this one");
}

#[test]
fn the_bot_of_the_channel_the_category_and_the_hour_answers() {
    let door = |id: &str, says: &str| {
        let text = format!(
            r#"{{ "format": 1, "id": "{id}", "version": 1, "locale": "ko-KR", "start": "a",
                "nodes": {{ "a": {{ "say": "{says}", "end": "told" }} }} }}"#
        );
        flow(&text)
    };
    let binding = |id: &str| Binding::default_bot(id.parse().unwrap());
    let bindings = Bindings::new(vec![
        binding("all"),
        binding("night").during(HoursKind::Closed),
        binding("claims").in_category("클레임"),
        binding("talktalk").on(NAVER),
    ]);
    let scenarios = [
        door("all", "누구나"),
        door("night", "밤"),
        door("claims", "클레임"),
        door("talktalk", "톡톡"),
    ];
    let mut settings = settings();
    settings.bots = Bots::new(bindings.unwrap(), scenarios).unwrap();
    let calendar = r#"{"zone": "Asia/Seoul", "weekly": [
        {"days": [1, 2, 3, 4, 5], "from": "09:00", "until": "18:00"}]}"#;
    settings.calendar = Some(Calendar::read(calendar).unwrap());
    let mut scene = Scene::new(settings);
    scene.says(NAVER, "a", "안녕");
    scene.says(KAKAO, "b", "안녕");
    let mut entered = happytalk::core::inbound::InboundKind::Entered {
        parameters: None,
        inflow: None,
        referrer: None,
        bot: None,
    };
    if let happytalk::core::inbound::InboundKind::Entered { parameters, .. } = &mut entered {
        let category = ("category_id".to_owned(), "클레임".to_owned().into());
        *parameters = Some([category].into());
    }
    scene.told(KAKAO, "c", None, entered);
    scene.pass(12 * 3_600);
    scene.says(KAKAO, "d", "안녕");
    let words = |conversation: &str| said(&scene, conversation).remove(0).1;
    assert_eq!(words("c-1"), "톡톡");
    assert_eq!(words("c-2"), "누구나");
    assert_eq!(words("c-4"), "밤");
    assert_eq!(words("c-3"), "클레임");
    let unknown = Bindings::new(vec![binding("nobody")]).unwrap();
    let refused = Bots::new(unknown, []).unwrap_err();
    assert_eq!(refused.code(), "desk.no_scenario");
}

#[test]
fn a_customer_is_asked_who_they_are_before_an_agent_has_them() {
    let mut scene = Scene::new(asking(true)).with_agents(&["kim"]);
    scene.says(KAKAO, "u", "문의요");
    assert_eq!(
        scene.kinds("c-1"),
        [
            "opened",
            "customer_said",
            "agent_requested",
            "profile_requested",
            "auto_said"
        ],
        "nobody has it while it is asked"
    );
    let requested = scene.events("c-1")[3];
    assert_eq!(fields(requested), ["name", "phone"]);
    assert!(matches!(
        requested,
        Event::ProfileRequested {
            holds_queue: true,
            ..
        }
    ));
    assert_restores(&scene, asking(true));
    let pick = DeskCommand::Pick {
        agent: "kim".parse().unwrap(),
        conversation: "c-1".parse().unwrap(),
    };
    assert_eq!(
        scene.command(pick).unwrap_err().code(),
        "conversation.kept_back"
    );
    scene.says(KAKAO, "u", "동의합니다");
    let [consent] = scene.consents.as_slice() else {
        panic!("one is given: {:?}", scene.consents);
    };
    assert_eq!(consent.name, "profile");
    assert_eq!(consent.items, ["name", "phone"]);
    assert_eq!(consent.scenario.as_ref().unwrap().as_str(), "who-are-you");
    assert_eq!(consent.customer.customer.as_str(), "u");
    let yes = consent.message.clone();
    assert!(scene.events("c-1").iter().any(|event| match event {
        Event::CustomerSaid { message } => message.open().map(|it| it.id.clone()) == yes,
        _ => false,
    }));
    scene.says(KAKAO, "u", "김콩쥐");
    assert_restores(&scene, asking(true));
    scene.says(KAKAO, "u", "010-1234-5678");
    let kinds = scene.kinds("c-1");
    assert_eq!(kinds[kinds.len() - 2..], ["profile_completed", "assigned"]);
    assert_eq!(
        said(&scene, "c-1"),
        [
            (
                "profile",
                "상담을 위해 성함과 연락처를 수집합니다.".to_owned()
            ),
            ("profile", "성함을 입력해 주세요.".to_owned()),
            ("profile", "휴대폰 번호를 입력해 주세요.".to_owned()),
        ]
    );
    let saved = scene.effects.iter().find_map(|effect| match &effect.what {
        EffectKind::Call { call } => Some(call),
        _ => None,
    });
    assert_eq!(saved.map(|call| call.name.as_str()), Some("profile.save"));
    assert!(scene.states.is_empty(), "what it was told is not kept here");
    assert_restores(&scene, asking(true));

    // They are not asked another time.
    scene
        .command(DeskCommand::End {
            conversation: "c-1".parse().unwrap(),
            agent: Some("kim".parse().unwrap()),
        })
        .unwrap();
    scene
        .command(DeskCommand::EndAfterWork {
            conversation: "c-1".parse().unwrap(),
        })
        .unwrap();
    scene.says(KAKAO, "u", "하나 더요");
    let last = scene.lines.last().unwrap();
    assert_eq!(last.event.kind(), "assigned");
    assert_restores(&scene, asking(true));
}

#[test]
fn who_does_not_agree_goes_on_to_an_agent_and_the_log_says_why_nothing_is_known() {
    let mut scene = Scene::new(asking(true)).with_agents(&["kim"]);
    scene.says(KAKAO, "u", "문의요");
    scene.says(KAKAO, "u", "동의하지 않음");
    let events = scene.events("c-1");
    let skipped = events.iter().find_map(|event| match event {
        Event::ProfileSkipped { reason, .. } => Some((*reason, fields(event))),
        _ => None,
    });
    assert_eq!(skipped, Some((ProfileSkip::Refused, vec!["name", "phone"])));
    assert_eq!(scene.kinds("c-1").last(), Some(&"assigned"));

    scene.says(KAKAO, "v", "문의요");
    for words in ["동의합니다", "c", "d"] {
        scene.says(KAKAO, "v", words);
    }
    let events = scene.lines.iter().map(|line| &line.event);
    let reasons: Vec<ProfileSkip> = events
        .filter_map(|event| match event {
            Event::ProfileSkipped { reason, .. } => Some(*reason),
            _ => None,
        })
        .collect();
    assert_eq!(reasons, [ProfileSkip::Refused, ProfileSkip::NotFilled]);
    assert_restores(&scene, asking(true));
}

#[test]
fn who_is_known_to_the_host_is_asked_nothing() {
    let known = |name: &str, value: &str| (name.to_owned(), Value::Text(value.to_owned()));
    let profile = Value::Object([known("name", "김콩쥐"), known("phone", "01012345678")].into());
    let customer = Value::Object([("profile".to_owned(), profile)].into());
    let mut scene = Scene::new(asking(true)).with_agents(&["kim"]);
    scene.says_known(KAKAO, "u", "문의요", customer);
    assert_eq!(
        scene.kinds("c-1"),
        ["opened", "customer_said", "agent_requested", "assigned"]
    );
    assert_restores(&scene, asking(true));
}

#[test]
fn a_site_may_ask_and_distribute_anyway() {
    let mut scene = Scene::new(asking(false)).with_agents(&["kim"]);
    scene.status("kim", StatusClass::Paused);
    scene.says(KAKAO, "u", "문의요");
    scene.says(KAKAO, "u", "동의합니다");
    assert_eq!(said(&scene, "c-1").len(), 2);
    scene.status("kim", StatusClass::Accepting);
    assert_eq!(scene.kinds("c-1").last(), Some(&"assigned"));
    scene.says(KAKAO, "u", "김콩쥐");
    assert_eq!(
        said(&scene, "c-1").len(),
        2,
        "from here on the customer talks with the agent"
    );
    assert_restores(&scene, asking(false));
    scene.says(KAKAO, "v", "문의요");
    assert_eq!(
        scene.kinds("c-4"),
        ["opened", "customer_said", "agent_requested", "assigned"],
        "and whom an agent has at once is not asked"
    );
}

#[test]
fn a_manager_may_give_away_one_that_is_asked_who_it_is_and_nobody_overtakes_them() {
    let mut scene = Scene::new(asking(true)).with_agents(&["kim", "lee"]);
    scene.says(KAKAO, "u", "문의요");
    scene
        .command(DeskCommand::Assign {
            conversation: "c-1".parse().unwrap(),
            agent: "lee".parse().unwrap(),
        })
        .unwrap();
    let id = "c-1".parse().unwrap();
    let lee = "lee".parse().unwrap();
    assert_eq!(scene.desk.router().owner(&id), Some(Owner::Agent(&lee)));
    assert_restores(&scene, asking(true));

    // The same outside hours.
    let mut night = settings();
    let calendar = r#"{"zone": "Asia/Seoul", "intake": true, "weekly": [
        {"days": [1, 2, 3, 4, 5], "from": "20:00", "until": "21:00"}]}"#;
    night.calendar = Some(Calendar::read(calendar).unwrap());
    let mut scene = Scene::new(night.clone()).with_agents(&["kim", "lee"]);
    scene.says(KAKAO, "u", "문의요");
    assert_eq!(scene.desk.waits_for_hours().count(), 1);
    scene
        .command(DeskCommand::Assign {
            conversation: "c-1".parse().unwrap(),
            agent: "lee".parse().unwrap(),
        })
        .unwrap();
    assert_eq!(scene.desk.router().owner(&id), Some(Owner::Agent(&lee)));
    assert_restores(&scene, night);
}

#[test]
fn a_form_of_the_bot_stands_in_the_log_too() {
    let mut scene = Scene::new(asking(true)).with_agents(&["kim"]);
    scene.says(NAVER, "u", "안녕");
    scene.says(NAVER, "u", "회원 등록");
    scene.says(NAVER, "u", "김콩쥐");
    let events = scene.events("c-1");
    let told: Vec<(&str, Vec<&str>)> = events
        .iter()
        .filter(|event| event.kind().starts_with("profile"))
        .map(|event| (event.kind(), fields(event)))
        .collect();
    assert_eq!(
        told,
        [
            ("profile_requested", vec!["name"]),
            ("profile_completed", vec!["name"])
        ]
    );
    assert_restores(&scene, asking(true));
}

#[test]
fn what_somebody_has_to_look_at_is_said_when_they_let_it() {
    let mut settings = settings();
    settings.bots = bots(false, true);
    for (outcome, expected) in [
        (ApprovalOutcome::Approved, "쿠폰을 드릴게요."),
        (
            ApprovalOutcome::Changed("다음에요.".to_owned()),
            "다음에요.",
        ),
    ] {
        let mut scene = Scene::new(settings.clone()).with_agents(&["kim"]);
        scene.says(NAVER, "u", "안녕");
        scene.says(NAVER, "u", "보상");
        let before = said(&scene, "c-1").len();
        let approval = effect(&scene, |what| matches!(what, EffectKind::Approve { .. }));
        assert_restores(&scene, settings.clone());
        let approve = |approval: &EffectId| DeskCommand::Approve {
            conversation: "c-1".parse().unwrap(),
            approval: approval.clone(),
            by: "kim".parse().unwrap(),
            outcome: outcome.clone(),
        };
        scene.command(approve(&approval)).unwrap();
        let said = said(&scene, "c-1");
        assert_eq!(said.len(), before + 1);
        assert!(said[before].1.contains(expected), "{said:?}");
        assert!(!scene.effects.iter().any(|effect| effect.id == approval));
        let again = scene.command(approve(&approval)).unwrap_err();
        assert_eq!(again.code(), "desk.no_approval");
        assert_restores(&scene, settings.clone());
    }
}

#[test]
fn what_is_not_let_leads_to_a_person_and_what_nobody_waits_for_is_not_asked_any_more() {
    let mut settings = settings();
    settings.bots = bots(false, true);
    let mut scene = Scene::new(settings.clone()).with_agents(&["kim"]);
    scene.says(NAVER, "u", "안녕");
    scene.says(NAVER, "u", "보상");
    let approval = effect(&scene, |what| matches!(what, EffectKind::Approve { .. }));
    scene
        .command(DeskCommand::Approve {
            conversation: "c-1".parse().unwrap(),
            approval,
            by: "kim".parse().unwrap(),
            outcome: ApprovalOutcome::Refused,
        })
        .unwrap();
    assert_eq!(scene.kinds("c-1").last(), Some(&"assigned"));

    scene.says(NAVER, "v", "안녕");
    scene.says(NAVER, "v", "보상");
    let left = happytalk::core::inbound::InboundKind::Left {};
    scene.told(NAVER, "v", None, left);
    let open = scene.effects.iter();
    let open = open.filter(|effect| matches!(effect.what, EffectKind::Approve { .. }));
    assert_eq!(open.count(), 0, "the customer is gone");
    assert_restores(&scene, settings);
}

#[test]
fn an_agent_gives_a_customer_back_to_the_bot_where_the_hand_off_says() {
    let mut settings = settings();
    settings.bots = bots(false, true);
    let mut scene = Scene::new(settings.clone()).with_agents(&["kim"]);
    scene.says(NAVER, "u", "안녕");
    scene.says(NAVER, "u", "상담원");
    assert_eq!(scene.states.len(), 1, "it may have them back");
    scene.agent_says("kim", "c-1", "네").unwrap();
    assert_restores(&scene, settings.clone());
    let back = DeskCommand::ReturnToBot {
        conversation: "c-1".parse().unwrap(),
        agent: Some("kim".parse().unwrap()),
        next: "c-9".parse().unwrap(),
    };
    scene.command(back).unwrap();
    let kinds = scene.kinds("c-1");
    assert_eq!(kinds.last(), Some(&"ended"));
    let Some(Event::Opened { previous, bot, .. }) = scene.events("c-9").first().copied() else {
        panic!("another conversation begins");
    };
    assert_eq!(previous.as_ref().map(|id| id.as_str()), Some("c-1"));
    assert!(*bot);
    assert_eq!(
        said(&scene, "c-9"),
        [("bot", "더 도와드릴까요?".to_owned())]
    );
    assert_restores(&scene, settings.clone());
    scene.says(NAVER, "u", "아니요, 됐어요");
    assert_eq!(scene.kinds("c-9").last(), Some(&"bot_ended"));
    assert_restores(&scene, settings);
}

#[test]
fn without_a_place_to_come_back_to_the_bot_begins_anew_and_without_a_bot_it_is_refused() {
    let mut settings = settings();
    settings.bots = Bots::one(flow(crate::scene::FLOW));
    let mut scene = Scene::new(settings.clone()).with_agents(&["kim"]);
    scene.told_in(KAKAO, "u", "s-1", message("안녕"));
    scene.told_in(KAKAO, "u", "s-1", message("상담원"));
    assert!(scene.states.is_empty());
    let back = |agent: &str| DeskCommand::ReturnToBot {
        conversation: "c-1".parse().unwrap(),
        agent: Some(agent.parse().unwrap()),
        next: "c-9".parse().unwrap(),
    };
    assert!(scene.command(back("lee")).is_err(), "it is not theirs");
    scene.command(back("kim")).unwrap();
    let Some(Event::Opened { session, .. }) = scene.events("c-9").first().copied() else {
        panic!("another conversation begins");
    };
    assert_eq!(session.as_ref().map(|id| id.as_str()), Some("s-1"));
    let ends = scene.effects.iter().filter(|effect| {
        matches!(&effect.what, EffectKind::Send { outbound, .. }
            if matches!(outbound.action, happytalk::core::Action::End {}))
    });
    assert_eq!(ends.count(), 0, "the platform's session goes on");
    scene.told_in(KAKAO, "u", "s-1", message("영업시간"));
    assert_eq!(scene.kinds("c-9").last(), Some(&"bot_ended"));
    assert_restores(&scene, settings);

    let mut scene = Scene::new(crate::scene::settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "u", "안녕");
    assert_eq!(
        scene.command(back("kim")).unwrap_err().code(),
        "desk.no_bot"
    );
}

#[test]
fn an_hours_node_that_names_a_schedule_or_a_queue_is_told_of_those_hours() {
    let text = r#"{ "format": 1, "id": "hours", "version": 1, "locale": "ko-KR", "start": "door",
      "nodes": {
        "door": { "hours": { "calendar": "cs", "open": "open", "lunch": "shut", "holiday": "shut", "closed": "shut" } },
        "open": { "say": "열려 있어요.", "end": "open" },
        "shut": { "say": "{{hours.next_open|when}}에 열어요.", "end": "shut" } } }"#;
    let calendar = r#"{"zone": "Asia/Seoul", "weekly": [
        {"days": [1, 2, 3, 4, 5], "from": "08:00", "until": "21:00"}],
        "schedules": [{"name": "NAME", "for": [{"queue": "cs"}],
            "weekly": [{"days": [1, 2, 3, 4, 5], "from": "13:00", "until": "14:00"}]}]}"#;
    let mut settings = settings();
    settings.bots = Bots::one(flow(text));
    // Asked by the schedule's name, and by the name of the queue that it is for.
    for name in ["cs", "desk hours"] {
        let calendar = calendar.replace("NAME", name);
        settings.calendar = Some(Calendar::read(&calendar).unwrap());
        let mut scene = Scene::new(settings.clone());
        scene.says(KAKAO, "u", "안녕");
        assert_eq!(said(&scene, "c-1")[0].1, "오늘 오후 1시에 열어요.");
    }
}

#[test]
fn a_newer_version_goes_on_with_those_who_are_inside_as_the_site_decided() {
    let newer = || {
        flow(
            &FRONT
                .replace(r#""version": 1"#, r#""version": 2"#)
                .replace("무엇을 도와드릴까요?", "어떻게 도와드릴까요?")
                .replace("매일 9시부터 18시까지입니다.", "매일 10시부터입니다."),
        )
    };
    let hear = |policy: Policy| {
        let mut settings = settings();
        let versions = Versions::new(flow(FRONT), policy);
        settings.bots = bots(false, true).with_versions(versions).unwrap();
        let mut scene = Scene::new(settings).with_agents(&[]);
        scene.says(NAVER, "u", "안녕");
        let newer = NewVersion::new(newer());
        scene.command(DeskCommand::ReleaseBot { newer }).unwrap();
        scene.says(NAVER, "u", "영업시간");
        scene.says(NAVER, "v", "안녕");
        let first = said(&scene, "c-1").pop().unwrap().1;
        let second = said(&scene, "c-3").pop().unwrap().1;
        (first, second)
    };
    let follows = hear(Policy::Follow);
    assert!(follows.0.contains("10시"), "{follows:?}");
    assert!(follows.1.contains("어떻게"), "{follows:?}");
    let pinned = hear(Policy::Pin);
    assert!(pinned.0.contains("9시"), "{pinned:?}");
    assert!(pinned.1.contains("어떻게"), "{pinned:?}");
    let restarted = hear(Policy::Restart);
    assert!(restarted.0.contains("어떻게"), "{restarted:?}");
}

#[test]
fn a_call_that_comes_back_after_a_restart_is_still_the_bot_s() {
    let mut settings = settings();
    settings.bots = bots(false, true);
    let mut scene = Scene::new(settings.clone());
    scene.says(NAVER, "u", "안녕");
    scene.says(NAVER, "u", "포인트");
    scene.desk = scene.restored(settings.clone());
    let id = effect(&scene, |what| matches!(what, EffectKind::Call { .. }));
    let points = Value::Object([("left".to_owned(), Value::Int(70))].into());
    let result = EffectResult::Called(CallOutcome::Ok(points));
    scene.input(Input::EffectDone { id, result });
    let said = said(&scene, "c-1");
    assert!(
        said.iter().any(|(_, words)| words == "70점 있어요."),
        "{said:?}"
    );
    assert_restores(&scene, settings);
}

#[test]
fn an_operator_closes_the_door_and_changes_how_conversations_are_given_out() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene
        .command(DeskCommand::SetMode {
            mode: happytalk::routing::Mode::Manual,
        })
        .unwrap();
    scene.says(KAKAO, "u", "문의요");
    assert_eq!(scene.kinds("c-1").last(), Some(&"agent_requested"));
    scene
        .command(DeskCommand::SetDoor { door: Door::Closed })
        .unwrap();
    scene.says(KAKAO, "v", "문의요");
    assert_eq!(scene.kinds("c-2").last(), Some(&"rejected"));
}
