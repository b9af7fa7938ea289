//! The desk and the sessions of 상담톡: they run out, are left behind, and are spoken of too late.

use happytalk::Settings;
use happytalk::core::ChannelName;
use happytalk::core::conversation::Phase;
use happytalk::core::event::{ChannelEnd, Event};
use happytalk::core::inbound::{InboundKind, Private};

use crate::scene::{Scene, message, settings};

const KAKAO: ChannelName = ChannelName::KAKAO_CONSULT;
const DAY_SECONDS: i64 = 24 * 60 * 60;

fn entered(extra: &str) -> InboundKind {
    let extra = ("extra".to_owned(), Private::from(extra.to_owned()));
    InboundKind::Entered {
        parameters: Some([extra].into()),
        inflow: None,
        referrer: None,
        bot: None,
    }
}

/// Nothing closes a silent conversation but the platform.
fn patient() -> Settings {
    let mut settings = settings();
    settings.closing.customer_silent = None;
    settings
}

fn phase(scene: &Scene, conversation: &str) -> Phase {
    let id = conversation.parse().unwrap();
    scene.desk.conversation(&id).unwrap().phase()
}

fn how_it_ended(scene: &Scene, conversation: &str) -> Option<ChannelEnd> {
    let events = scene.events(conversation);
    events.into_iter().rev().find_map(|event| match event {
        Event::Ended { cause, .. } => *cause,
        _ => None,
    })
}

#[test]
fn a_session_that_runs_out_ends_its_conversation_by_the_channel_and_the_echo_finds_nothing() {
    let mut scene = Scene::new(patient()).with_agents(&["kim"]);
    scene.told_in(KAKAO, "ann", "s-1", message("문의"));
    scene.agent_says("kim", "c-1", "네").unwrap();
    scene.pass(29 * DAY_SECONDS);
    scene.agent_says("kim", "c-1", "아직 계신가요?").unwrap();
    // The scene begins on a full hour, so the time is up an hour after 30 days.
    scene.pass(DAY_SECONDS + 3_599);
    scene.tick();
    assert_eq!(phase(&scene, "c-1"), Phase::InProgress);
    assert!(scene.desk.next_deadline().is_some());
    scene.pass(1);
    let refused = scene.agent_says("kim", "c-1", "여보세요").unwrap_err();
    assert_eq!(refused.code(), "conversation.wrong_phase");
    assert_eq!(how_it_ended(&scene, "c-1"), Some(ChannelEnd::Expired));
    let lines = scene.lines.len();
    scene.told_in(KAKAO, "ann", "s-1", InboundKind::SessionEnded {});
    assert_eq!(scene.lines.len(), lines);
}

#[test]
fn a_customer_who_asks_again_begins_another_conversation_with_what_the_button_carried() {
    let mut scene = Scene::new(patient()).with_agents(&["kim"]);
    scene.told_in(KAKAO, "ann", "s-1", entered("first"));
    assert_eq!(phase(&scene, "c-1"), Phase::Assigned);
    scene.told_in(KAKAO, "ann", "s-1", entered("again"));
    assert_eq!(scene.kinds("c-2"), [""; 0], "the same session goes on");
    // They ended it and asked again, and the second is told before the first.
    scene.told_in(KAKAO, "ann", "s-2", entered("second"));
    assert_eq!(how_it_ended(&scene, "c-1"), Some(ChannelEnd::Unknown));
    assert_eq!(scene.kinds("c-3")[0], "opened");
    let Event::Opened {
        parameters: Some(parameters),
        session,
        ..
    } = scene.events("c-3")[0]
    else {
        panic!("it carries what came along");
    };
    let parameters = parameters.open().unwrap();
    assert_eq!(parameters["extra"].open().unwrap(), "second");
    assert_eq!(session.as_ref().unwrap().as_str(), "s-2");
    scene.told_in(KAKAO, "ann", "s-1", InboundKind::SessionEnded {});
    assert_eq!(phase(&scene, "c-3"), Phase::Assigned);
}

#[test]
fn a_reference_that_comes_after_the_end_of_its_session_opens_nothing() {
    let mut scene = Scene::new(patient()).with_agents(&["kim"]);
    scene.told_in(KAKAO, "ann", "s-1", message("문의"));
    scene.told_in(KAKAO, "ann", "s-1", InboundKind::SessionEnded {});
    let lines = scene.lines.len();
    scene.told_in(KAKAO, "ann", "s-1", entered("late"));
    assert_eq!(scene.lines.len(), lines);
    assert_eq!(scene.passed_over, ["desk.session_over"]);
    let restored = scene.restored(patient());
    assert!(restored == scene.desk, "it is known from the log alone");
    scene.told_in(KAKAO, "ann", "s-2", entered("in time"));
    assert!(scene.lines.len() > lines);
}

#[test]
fn what_came_with_a_customer_is_kept_also_when_it_is_told_after_their_first_words() {
    let mut scene = Scene::new(patient()).with_agents(&["kim"]);
    scene.told_in(KAKAO, "ann", "s-1", message("문의"));
    let value = |text: &str| Private::from(text.to_owned());
    let given = [
        ("category_id".to_owned(), value("배송")),
        ("title".to_owned(), value("주문 문의")),
        ("parameter1".to_owned(), value("20260101-00001")),
    ];
    let reference = InboundKind::Entered {
        parameters: Some(given.into()),
        inflow: None,
        referrer: None,
        bot: None,
    };
    scene.told_in(KAKAO, "ann", "s-1", reference);
    let kinds = scene.kinds("c-1");
    let added = &kinds[kinds.len() - 3..];
    assert_eq!(added, ["category_changed", "titled", "noted"]);
    let noted = scene.events("c-1").pop().unwrap();
    let Event::Noted { text, .. } = noted else {
        panic!("a memo for the agent");
    };
    let memo = text.open().unwrap();
    assert!(memo.contains("parameter1: 20260101-00001"), "{memo}");
    assert!(scene.restored(patient()) == scene.desk);
}

#[test]
fn last_words_that_come_after_the_end_of_their_session_are_taken_as_if_they_had_come_before() {
    let mut scene = Scene::new(patient()).with_agents(&["kim"]);
    scene.told_in(KAKAO, "ann", "s-1", InboundKind::SessionEnded {});
    assert!(scene.lines.iter().all(|line| line.event.kind() != "opened"));
    scene.told_in(KAKAO, "ann", "s-1", message("문의요"));
    let kinds = scene.kinds("c-2");
    assert_eq!((kinds[0], kinds.last()), ("opened", Some(&"ended")));
    assert!(kinds.contains(&"customer_said"), "nothing is lost");
    assert_eq!(how_it_ended(&scene, "c-2"), Some(ChannelEnd::Unknown));
    assert!(scene.restored(patient()) == scene.desk);
    // Somebody else's session of that name is another, and so is their next.
    scene.told_in(KAKAO, "bo", "s-1", message("문의"));
    assert_eq!(phase(&scene, "c-3"), Phase::Assigned);
    scene.told_in(KAKAO, "ann", "s-2", message("문의"));
    assert_eq!(phase(&scene, "c-4"), Phase::Assigned);
    // What is later still disturbs nobody.
    scene.told_in(KAKAO, "ann", "s-1", message("늦은 말"));
    assert_eq!(phase(&scene, "c-4"), Phase::Assigned);
    assert_eq!(scene.kinds("c-4").last(), Some(&"customer_said"));
}
