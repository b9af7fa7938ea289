//! What a platform reports later of a message it took.

use happytalk::Settings;
use happytalk::core::effect::{Effect, EffectKind, Notice};
use happytalk::core::event::Event;
use happytalk::core::inbound::InboundKind;
use happytalk::core::{Action, Capabilities, ChannelName};

use crate::scene::{Scene, settings};

const KAKAO: ChannelName = ChannelName::KAKAO_CONSULT;

/// 상담톡 as a dealer has it who reports.
fn reporting(delivered: Option<&'static str>) -> Settings {
    let mut capabilities = Capabilities::none();
    capabilities.content = &["text"];
    capabilities.actions = &["say", "end"];
    capabilities.text_max = 1_000;
    capabilities.delivered = delivered;
    settings().with_capabilities(KAKAO, capabilities)
}

/// What kim said last, as it went over the wire.
fn wire_name(scene: &Scene) -> String {
    let said = |effect: &Effect| match &effect.what {
        EffectKind::Send { outbound, .. } if matches!(outbound.action, Action::Say { .. }) => {
            Some(outbound.id.to_string())
        }
        _ => None,
    };
    scene.effects.iter().rev().find_map(said).unwrap()
}

fn reported(scene: &mut Scene, customer: &str, message: &str, status: &str) {
    let what = InboundKind::Delivery {
        message: message.to_owned(),
        status: status.to_owned(),
    };
    scene.told(KAKAO, customer, None, what);
}

fn failed(scene: &Scene) -> Vec<(String, String)> {
    let events = scene.events("c-1").into_iter();
    events
        .filter_map(|event| match event {
            Event::MessageFailed { message, code } => Some((message.to_string(), code.to_string())),
            _ => None,
        })
        .collect()
}

#[test]
fn a_report_that_a_message_did_not_arrive_stands_in_the_log_once() {
    let mut scene = Scene::new(reporting(Some("A000"))).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    let name = wire_name(&scene);
    assert!(name.starts_with("c-1-"), "not the agent's own: {name}");
    reported(&mut scene, "ann", &name, "A000");
    reported(&mut scene, "bo", &name, "E104");
    for other in ["c-1-1", "c-1-99", "c-9-3", "c-1", "a-3", "", "-", "c-1--3"] {
        reported(&mut scene, "ann", other, "E104");
    }
    assert_eq!(failed(&scene), []);
    reported(&mut scene, "ann", &name, "E104");
    reported(&mut scene, "ann", &name, "E104");
    let own = ("a-2".to_owned(), "not_delivered.E104".to_owned());
    assert_eq!(failed(&scene), [own]);
    let told = scene.effects.iter().filter(|effect| {
        matches!(&effect.what, EffectKind::Notify { notice: Notice::MessageFailed, agent } if agent.as_str() == "kim")
    });
    assert_eq!(told.count(), 1);
    assert!(scene.restored(reporting(Some("A000"))) == scene.desk);
}

#[test]
fn where_reports_mean_nothing_they_are_the_hosts_alone() {
    let mut scene = Scene::new(reporting(None)).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    let name = wire_name(&scene);
    reported(&mut scene, "ann", &name, "E104");
    assert_eq!(failed(&scene), []);
}
