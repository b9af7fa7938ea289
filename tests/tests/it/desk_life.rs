//! The desk over a conversation's whole life: hours, own texts, silence, blocks, sessions, permissions, groups.

use std::time::Duration;

use happytalk::core::actor::Actor;
use happytalk::core::conversation::{Phase, Reopening};
use happytalk::core::customer::{ChannelUser, HistoryQuery, Whose};
use happytalk::core::effect::{EffectKind, Notice};
use happytalk::core::event::{AutoKind, Event, RejectReason, TransferTarget};
use happytalk::core::hours::{Calendar, HoursCommand};
use happytalk::core::id::{AgentId, ConversationId};
use happytalk::core::inbound::InboundKind;
use happytalk::core::{Action, ChannelName, Content, Sealable};
use happytalk::routing::AgentSpec;
use happytalk::{DeskCommand, Settings};

use crate::scene::{Scene, message, settings};

const KAKAO: ChannelName = ChannelName::KAKAO_CONSULT;
const NAVER: ChannelName = ChannelName::NAVER_TALKTALK;

fn agent(id: &str) -> AgentId {
    id.parse().unwrap()
}

fn conversation(id: &str) -> ConversationId {
    id.parse().unwrap()
}

/// Open on weekdays from nine to six; the scene begins on a Monday at nine.
fn with_hours(intake: bool) -> Settings {
    let mut settings = settings().with_text(
        AutoKind::Absence,
        "지금은 상담 시간이 아니에요. {next_open}에 열어요."
            .parse()
            .unwrap(),
    );
    let calendar = format!(
        r#"{{"zone": "Asia/Seoul", "intake": {intake}, "weekly": [{{"days": [1, 2, 3, 4, 5], "from": "09:00", "until": "18:00"}}]}}"#
    );
    settings.calendar = Some(Calendar::read(&calendar).unwrap());
    settings
}

fn said(scene: &Scene, wanted: AutoKind) -> Vec<String> {
    let texts = scene.lines.iter().filter_map(|line| match &line.event {
        Event::AutoSaid { kind, message } if *kind == wanted => message.open(),
        _ => None,
    });
    texts.map(|message| message.words()).collect()
}

fn told(scene: &Scene) -> Vec<(String, Notice)> {
    let notices = scene
        .effects
        .iter()
        .filter_map(|effect| match &effect.what {
            EffectKind::Notify { agent, notice } => Some((agent.to_string(), *notice)),
            _ => None,
        });
    notices.collect()
}

fn actions(scene: &Scene) -> Vec<&'static str> {
    let sent = scene
        .effects
        .iter()
        .filter_map(|effect| match &effect.what {
            EffectKind::Send { outbound, .. } => Some(outbound.action.kind()),
            _ => None,
        });
    sent.collect()
}

#[test]
fn outside_hours_a_request_is_turned_away_with_the_time_of_the_next_opening() {
    let mut scene = Scene::new(with_hours(false)).with_agents(&["kim"]);
    scene.pass(10 * 3_600);
    scene.says(KAKAO, "ann", "문의");
    assert_eq!(
        scene.kinds("c-1"),
        [
            "opened",
            "customer_said",
            "agent_requested",
            "auto_said",
            "rejected"
        ]
    );
    assert_eq!(
        said(&scene, AutoKind::Absence),
        ["지금은 상담 시간이 아니에요. 11-17 09:00에 열어요."]
    );
    assert_eq!(actions(&scene), ["say", "end"], "the session is ended too");
}

#[test]
fn rule_4_7_a_request_outside_hours_waits_for_the_very_millisecond_of_the_opening() {
    let mut scene = Scene::new(with_hours(true)).with_agents(&["kim"]);
    scene.pass(10 * 3_600);
    scene.says(KAKAO, "ann", "문의");
    scene.pass(60);
    scene.says(KAKAO, "bo", "문의");
    let phase = |scene: &Scene, id| scene.desk.conversation(&conversation(id)).unwrap().phase();
    assert_eq!(phase(&scene, "c-1"), Phase::Waiting, "though kim is there");
    let opening = "2026-11-17T09:00:00+09:00".parse().unwrap();
    assert_eq!(scene.desk.next_deadline(), Some(opening));
    scene.now = opening.minus(Duration::from_millis(1));
    scene.tick();
    assert_eq!(phase(&scene, "c-1"), Phase::Waiting);
    let restored = scene.restored(with_hours(true));
    assert!(restored == scene.desk);
    scene.now = opening;
    scene.tick();
    let order: Vec<_> = scene
        .lines
        .iter()
        .filter(|line| line.event.kind() == "assigned")
        .map(|line| line.stream.clone())
        .collect();
    assert_eq!(order.len(), 2);
    assert_eq!(
        order[0],
        happytalk::core::Stream::Conversation(conversation("c-1")),
        "who asked first is first"
    );
}

#[test]
fn the_switch_opens_at_once_for_those_who_wait() {
    let mut scene = Scene::new(with_hours(true)).with_agents(&["kim"]);
    scene.pass(10 * 3_600);
    scene.says(KAKAO, "ann", "문의");
    let on = DeskCommand::SwitchHours {
        command: HoursCommand::SwitchOn,
    };
    scene.command(on).unwrap();
    assert!(scene.kinds("c-1").contains(&"assigned"));
    assert!(
        scene
            .lines
            .iter()
            .any(|line| line.event.kind() == "hours_overridden")
    );
}

#[test]
fn a_greeting_with_the_agents_name_waits_for_the_agent() {
    let mut settings = settings()
        .with_text(AutoKind::Greeting, "{agent}입니다.".parse().unwrap())
        .with_text(AutoKind::Closing, "감사합니다.".parse().unwrap())
        .with_text(AutoKind::Survey, "어떠셨나요?".parse().unwrap());
    settings
        .agent_names
        .insert(agent("kim"), "김상담".to_owned());
    let mut scene = Scene::new(settings).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    assert_eq!(said(&scene, AutoKind::Greeting), ["김상담입니다."]);
    scene.agent_says("kim", "c-1", "네").unwrap();
    let end = DeskCommand::End {
        conversation: conversation("c-1"),
        agent: Some(agent("kim")),
    };
    scene.command(end).unwrap();
    let kinds = scene.kinds("c-1");
    assert_eq!(
        kinds[kinds.len() - 3..],
        ["auto_said", "auto_said", "ended"],
        "goodbye and the survey before the session ends"
    );
    let rate = DeskCommand::Rate {
        conversation: conversation("c-1"),
        score: 5,
        scale: 5,
        comment: Some(Sealable::Open("친절".to_owned())),
    };
    scene.command(rate).unwrap();
    assert_eq!(scene.kinds("c-1").last(), Some(&"rated"));
}

#[test]
fn case_5_2_reminders_come_at_thirds_and_the_end_at_the_limit() {
    let mut settings = settings().with_text(AutoKind::Reminder, "계신가요?".parse().unwrap());
    settings.closing.reminders = true;
    let mut scene = Scene::new(settings).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    for (minutes, reminders, phase) in [
        (10, 1, Phase::InProgress),
        (20, 2, Phase::InProgress),
        (30, 2, Phase::Closed),
    ] {
        let began = "2026-11-16T09:00:00+09:00".parse::<happytalk::core::Timestamp>();
        let due = began.unwrap().plus(Duration::from_secs(minutes * 60));
        scene.now = due.minus(Duration::from_millis(1));
        scene.tick();
        assert!(said(&scene, AutoKind::Reminder).len() < reminders || minutes == 30);
        scene.now = due;
        scene.tick();
        assert_eq!(said(&scene, AutoKind::Reminder).len(), reminders);
        let held = scene.desk.conversation(&conversation("c-1")).unwrap();
        assert_eq!(held.phase(), phase);
    }
}

#[test]
fn a_reminder_that_cannot_be_said_does_not_keep_the_conversation_open() {
    let mut settings = settings().with_text(AutoKind::Reminder, "{customer}님?".parse().unwrap());
    settings.closing.reminders = true;
    let mut scene = Scene::new(settings).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    let end = scene.now.plus(Duration::from_secs(1_800));
    scene.pass(600);
    scene.tick();
    assert!(
        said(&scene, AutoKind::Reminder).is_empty(),
        "nobody knows the name"
    );
    assert_eq!(scene.desk.next_deadline(), Some(end));
    scene.now = end;
    scene.tick();
    let held = scene.desk.conversation(&conversation("c-1")).unwrap();
    assert_eq!(held.phase(), Phase::Closed);
}

#[test]
fn an_alarm_rings_for_its_agent_once() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    let at = scene.now.plus(Duration::from_secs(120));
    let set = DeskCommand::SetAlarm {
        conversation: conversation("c-1"),
        at,
        by: "kim".parse().unwrap(),
    };
    scene.command(set).unwrap();
    assert_eq!(scene.desk.next_deadline(), Some(at));
    scene.now = at;
    scene.tick();
    scene.pass(60);
    scene.tick();
    let rang = told(&scene)
        .into_iter()
        .filter(|(_, notice)| *notice == Notice::Alarm);
    assert_eq!(
        rang.collect::<Vec<_>>(),
        [("kim".to_owned(), Notice::Alarm)]
    );
    assert!(scene.restored(settings()) == scene.desk);
}

#[test]
fn row_18_a_blocked_customer_is_turned_away_until_the_block_is_lifted() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    let block = DeskCommand::Block {
        conversation: conversation("c-1"),
        by: agent("kim"),
    };
    scene.command(block).unwrap();
    assert_eq!(actions(&scene), ["block"]);
    // Days later too, and after a restart.
    scene.pass(3 * 24 * 3_600);
    scene.says(KAKAO, "ann", "여보세요");
    let rejected = scene.events("c-2").last().copied();
    assert!(matches!(
        rejected,
        Some(Event::Rejected {
            reason: RejectReason::Blocked,
            is_final: true
        })
    ));
    assert!(scene.restored(settings()) == scene.desk);
    let lift = DeskCommand::Unblock {
        conversation: conversation("c-1"),
        by: agent("kim"),
    };
    scene.command(lift).unwrap();
    scene.says(KAKAO, "ann", "안녕하세요");
    assert!(scene.kinds("c-3").contains(&"assigned"));
}

#[test]
fn row_17_a_customer_goes_on_in_the_conversation_before_within_its_time() {
    let mut settings = settings();
    settings.reopening = Reopening::Within(Duration::from_secs(3_600));
    settings.closing.after_work = None;
    let mut scene = Scene::new(settings.clone()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    let end = DeskCommand::End {
        conversation: conversation("c-1"),
        agent: Some(agent("kim")),
    };
    scene.command(end).unwrap();
    scene.pass(3_600);
    scene.says(KAKAO, "ann", "하나 더요");
    let kinds = scene.kinds("c-1");
    assert_eq!(
        kinds[kinds.len() - 3..],
        ["reopened", "assigned", "customer_said"]
    );
    assert!(scene.restored(settings) == scene.desk);
}

#[test]
fn a_customer_who_writes_in_another_session_was_left_behind_in_the_first() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.told_in(KAKAO, "ann", "s-1", message("문의"));
    scene.agent_says("kim", "c-1", "네").unwrap();
    scene.told_in(KAKAO, "ann", "s-2", message("또 문의"));
    let kinds = scene.kinds("c-1");
    assert_eq!(
        kinds[kinds.len() - 3..],
        ["ended", "reopened", "customer_said"],
        "the same agent goes on"
    );
    // What is only late changes nothing.
    scene.told_in(KAKAO, "ann", "s-1", InboundKind::SessionEnded {});
    scene.told_in(KAKAO, "ann", "s-1", message("늦은 말"));
    let held = scene.desk.conversation(&conversation("c-1")).unwrap();
    assert_eq!(held.phase(), Phase::InProgress);
    assert_eq!(held.session().unwrap().as_str(), "s-2");
    assert_eq!(scene.kinds("c-1").last(), Some(&"customer_said"));
    // One that nobody writes up is over, and another begins.
    scene.told_in(KAKAO, "bo", "s-3", message("문의"));
    let begun = scene.lines.len();
    scene.told_in(KAKAO, "bo", "s-4", message("또 문의"));
    let kinds: Vec<_> = scene.lines[begun..]
        .iter()
        .map(|line| line.event.kind())
        .collect();
    assert_eq!(
        kinds,
        [
            "ended",
            "opened",
            "customer_said",
            "agent_requested",
            "assigned"
        ]
    );
}

#[test]
fn a_transfer_to_a_group_is_told_to_its_members_and_taken_by_one_of_them() {
    let mut scene = Scene::new(settings()).with_agents(&["kim", "lee", "park"]);
    let mut spec = AgentSpec::new().with_cap(2);
    spec.group = Some("vip".parse().unwrap());
    let set = DeskCommand::SetAgent {
        agent: agent("lee"),
        spec,
    };
    scene.command(set).unwrap();
    scene.says(KAKAO, "ann", "문의");
    let to = |group: &str| DeskCommand::RequestTransfer {
        agent: agent("kim"),
        conversation: conversation("c-1"),
        to: TransferTarget::Group(group.parse().unwrap()),
    };
    assert_eq!(
        scene.command(to("night")).unwrap_err().code(),
        "desk.no_group"
    );
    scene.command(to("vip")).unwrap();
    assert_eq!(
        told(&scene).last(),
        Some(&("lee".to_owned(), Notice::TransferRequested))
    );
    let accept = |who| DeskCommand::AcceptTransfer {
        agent: agent(who),
        conversation: conversation("c-1"),
    };
    assert_eq!(
        scene.command(accept("park")).unwrap_err().code(),
        "desk.not_of_group"
    );
    scene.command(accept("lee")).unwrap();
    let held = scene.desk.conversation(&conversation("c-1")).unwrap();
    assert_eq!(held.agent(), Some(&agent("lee")));
}

#[test]
fn case_12_18_a_command_of_somebody_is_done_as_far_as_they_may() {
    let mut scene = Scene::new(settings()).with_agents(&["kim", "lee"]);
    scene.says(KAKAO, "ann", "문의");
    let say = |who: &str, id: &str| DeskCommand::Say {
        agent: agent(who),
        conversation: conversation("c-1"),
        message: id.parse().unwrap(),
        content: vec![Content::text("네")],
    };
    let force = || DeskCommand::ForceTransfer {
        conversation: conversation("c-1"),
        to: agent("lee"),
    };
    let kim = Actor::agent(agent("kim"));
    let lee = Actor::agent(agent("lee"));
    let code = |result: Result<(), happytalk::Error>| result.unwrap_err().code();
    // In another's name, on another's conversation, and beyond one's role.
    assert_eq!(
        code(scene.command(say("kim", "a-1").by(lee.clone()))),
        "actor.out_of_scope"
    );
    assert_eq!(
        code(scene.command(say("lee", "a-1").by(lee))),
        "actor.out_of_scope"
    );
    assert_eq!(
        code(scene.command(force().by(kim.clone()))),
        "actor.not_permitted"
    );
    scene.command(say("kim", "a-1").by(kim)).unwrap();
    scene
        .command(force().by(Actor::admin(agent("choi"))))
        .unwrap();
    let held = scene.desk.conversation(&conversation("c-1")).unwrap();
    assert_eq!(held.agent(), Some(&agent("lee")));
}

#[test]
fn an_agent_who_is_removed_leaves_nothing_behind() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    let end = DeskCommand::End {
        conversation: conversation("c-1"),
        agent: Some(agent("kim")),
    };
    scene.command(end).unwrap();
    let remove = DeskCommand::RemoveAgent {
        agent: agent("kim"),
    };
    scene.command(remove).unwrap();
    assert_eq!(scene.kinds("c-1").last(), Some(&"after_work_ended"));
    assert_eq!(
        scene.agent_says("kim", "c-1", "?").unwrap_err().code(),
        "desk.no_agent"
    );
}

#[test]
fn an_agent_writes_first_where_the_channel_allows_it() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    let open = |channel, id: &str| DeskCommand::Open {
        agent: agent("kim"),
        conversation: conversation(id),
        customer: ChannelUser::new(channel, "account".parse().unwrap(), "ann".parse().unwrap()),
        category: None,
    };
    assert_eq!(
        scene.command(open(KAKAO, "c-90")).unwrap_err().code(),
        "conversation.agent_cannot_open"
    );
    scene.command(open(NAVER, "c-91")).unwrap();
    assert_eq!(scene.kinds("c-91"), ["opened", "assigned"]);
    scene.agent_says("kim", "c-91", "안녕하세요").unwrap();
    assert!(scene.restored(settings()) == scene.desk);
}

#[test]
fn case_12_8_a_parameter_is_cut_to_its_limit_and_names_the_category() {
    let mut scene = Scene::new(settings());
    let parameters = [
        ("category_id", "cs".to_owned()),
        ("title", "가".repeat(120)),
        ("cus_extra_username", "안나".to_owned()),
    ];
    let entered = InboundKind::Entered {
        parameters: Some(
            parameters
                .map(|(name, value)| (name.to_owned(), value.into()))
                .into(),
        ),
        inflow: None,
        referrer: None,
        bot: None,
    };
    scene.told(NAVER, "ann", None, entered);
    let Some(Event::Opened {
        category, title, ..
    }) = scene.events("c-1").first().copied()
    else {
        panic!("not opened")
    };
    assert_eq!(category.as_ref().unwrap().main.as_str(), "cs");
    let title = title.as_ref().unwrap().open().unwrap();
    assert_eq!(title.chars().count(), 100);
    assert!(scene.passed_over.contains(&"desk.parameter_flagged"));
}

#[test]
fn what_was_taken_is_not_taken_again_after_a_restart() {
    let mut scene = Scene::new(settings());
    let entered = || InboundKind::Entered {
        parameters: None,
        inflow: None,
        referrer: None,
        bot: None,
    };
    scene.told(NAVER, "ann", Some("in-9"), entered());
    let before = scene.lines.len();
    scene.desk = scene.restored(settings());
    scene.told(NAVER, "ann", Some("in-9"), entered());
    assert_eq!(scene.lines.len(), before);
    assert_eq!(scene.passed_over, ["desk.repeated"]);
}

#[test]
fn the_wire_names_a_message_by_its_line_and_the_log_by_its_own_id() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    for customer in ["ann", "bo"] {
        scene.says(KAKAO, customer, "문의");
    }
    for id in ["c-1", "c-2"] {
        let say = DeskCommand::Say {
            agent: agent("kim"),
            conversation: conversation(id),
            message: "m-1".parse().unwrap(),
            content: vec![Content::text("네")],
        };
        scene.command(say).unwrap();
    }
    let ids: Vec<_> = scene
        .effects
        .iter()
        .filter_map(|effect| match &effect.what {
            EffectKind::Send { outbound, .. } if matches!(outbound.action, Action::Say { .. }) => {
                Some(outbound.id.to_string())
            }
            _ => None,
        })
        .collect();
    assert_eq!(ids, ["c-1-5", "c-2-5"]);
    let taken = DeskCommand::Say {
        agent: agent("kim"),
        conversation: conversation("c-1"),
        message: "c-1-7".parse().unwrap(),
        content: vec![Content::text("네")],
    };
    assert_eq!(scene.command(taken).unwrap_err().code(), "desk.reserved_id");
}

#[test]
fn a_history_is_found_in_the_store() {
    use happytalk::core::id::SiteId;
    use happytalk::core::store::{Batch, History, Store};
    use happytalk::core::testing::poll_once;

    let mut scene = Scene::new(settings());
    scene.says(NAVER, "ann", "하나");
    let site: SiteId = crate::scene::site();
    let store = happytalk::MemoryStore::new();
    let mut batch = Batch::default();
    batch.lines.clone_from(&scene.lines);
    poll_once(store.commit(&site, &batch)).unwrap().unwrap();
    let whose = Whose::User(ChannelUser::new(
        NAVER,
        "account".parse().unwrap(),
        "ann".parse().unwrap(),
    ));
    let page = poll_once(store.find(&site, &HistoryQuery::new().of(whose)))
        .unwrap()
        .unwrap();
    assert_eq!(page.entries.len(), 1);
    assert_eq!(page.entries[0].phase, Phase::Bot);
}
