//! Which queue a conversation waits in, and that it waits in one whenever it waits.

use happytalk::core::ChannelName;
use happytalk::core::conversation::Phase;
use happytalk::core::event::{Category, StatusClass, TransferTarget};
use happytalk::core::hours::Calendar;
use happytalk::core::id::ConversationId;
use happytalk::routing::{Pool, Queue, Rule, RuleId};
use happytalk::{DeskCommand, Settings};

use crate::scene::{Scene, settings};

const KAKAO: ChannelName = ChannelName::KAKAO_CONSULT;

fn conversation(id: &str) -> ConversationId {
    id.parse().unwrap()
}

/// Where it waits by the router, and what it is by the log.
fn stands(scene: &Scene, id: &str) -> (Option<String>, Phase) {
    let id = conversation(id);
    let router = scene.desk.router();
    let queue = router.place(&id).and_then(|_| router.queue_of(&id));
    let phase = scene.desk.conversation(&id).unwrap().phase();
    (queue.map(ToString::to_string), phase)
}

/// Conversations of 상담톡 wait in a queue of one place, by a rule row.
fn by_channel() -> Settings {
    let mut settings = settings();
    let kakao = || "kakao".parse().unwrap();
    settings.routing = settings
        .routing
        .with_queue(Queue::new(kakao()).with_waiting_max(1))
        .with_rule(Rule::new(RuleId(1), kakao()).with_channel(KAKAO));
    settings
}

#[test]
fn whoever_finds_the_queue_of_their_rule_row_full_is_told_so() {
    let mut scene = Scene::new(by_channel());
    scene.says(KAKAO, "ann", "문의");
    assert_eq!(
        stands(&scene, "c-1"),
        (Some("kakao".to_owned()), Phase::Waiting)
    );
    scene.says(KAKAO, "bo", "문의");
    assert_eq!(scene.kinds("c-2").last(), Some(&"rejected"));
    assert!(scene.restored(by_channel()) == scene.desk);
}

#[test]
fn whoever_was_let_in_at_night_waits_in_the_morning_however_many_there_are() {
    let night = || {
        let mut settings = by_channel();
        let calendar = r#"{"zone":"Asia/Seoul","intake":true,"weekly":[{"days":[1,2,3,4,5],"from":"09:00","until":"18:00"}]}"#;
        settings.calendar = Some(Calendar::read(calendar).unwrap());
        settings
    };
    let mut scene = Scene::new(night()).with_agents(&["kim"]);
    scene.status("kim", StatusClass::Off);
    scene.pass(10 * 3_600);
    for customer in ["ann", "bo", "cho"] {
        scene.says(KAKAO, customer, "문의");
    }
    scene.now = "2026-11-17T09:00:00+09:00".parse().unwrap();
    scene.tick();
    for id in ["c-1", "c-2", "c-3"] {
        let stands = stands(&scene, id);
        assert_eq!(stands, (Some("kakao".to_owned()), Phase::Waiting), "{id}");
    }
    scene.status("kim", StatusClass::Accepting);
    assert!(scene.kinds("c-2").contains(&"assigned"));
    assert!(scene.restored(night()) == scene.desk);
}

#[test]
fn a_transfer_to_a_category_goes_where_its_rule_row_leads() {
    let with_refunds = || {
        let mut settings = settings();
        let refunds = "refunds".parse().unwrap();
        let served = Queue::new("refunds".parse().unwrap());
        let row = Rule::new(RuleId(1), refunds).with_main("환불".parse().unwrap());
        settings.routing = settings
            .routing
            .with_queue(served.with_pool(Pool::agents(["lee".parse().unwrap()])))
            .with_rule(row);
        settings
    };
    let mut scene = Scene::new(with_refunds()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    scene
        .command(DeskCommand::RequestTransfer {
            agent: "kim".parse().unwrap(),
            conversation: conversation("c-1"),
            to: TransferTarget::Category(Category::new("환불".parse().unwrap())),
        })
        .unwrap();
    assert_eq!(
        stands(&scene, "c-1"),
        (Some("refunds".to_owned()), Phase::Waiting)
    );
    assert!(scene.restored(with_refunds()) == scene.desk);
    let scene = scene.with_agents(&["lee"]);
    let owner = scene.desk.conversation(&conversation("c-1")).unwrap();
    assert_eq!(owner.agent().map(ToString::to_string), Some("lee".into()));
}
