//! What the desk says is fitted to the channel first, and refused before anything of it is in the log.

use happytalk::core::content::{Button, ButtonAction, Card};
use happytalk::core::effect::EffectKind;
use happytalk::core::event::{AutoKind, Event};
use happytalk::core::{Action, Capabilities, ChannelName, Content};
use happytalk::{DeskCommand, Settings};

use crate::scene::{Scene, settings};

const KAKAO: ChannelName = ChannelName::KAKAO_CONSULT;

/// Settings that know 상담톡 as one that takes 20 characters at a time and nothing else.
fn narrow() -> Settings {
    let mut to = Capabilities::none();
    to.content = &["text"];
    to.text_max = 20;
    settings().with_capabilities(KAKAO, to)
}

/// What was said in a conversation: the message's id and its words.
fn said(scene: &Scene) -> Vec<(String, String)> {
    let messages = scene
        .events("c-1")
        .into_iter()
        .filter_map(|event| match event {
            Event::AgentSaid { message, .. } | Event::AutoSaid { message, .. } => message.open(),
            _ => None,
        });
    messages
        .map(|message| (message.id.to_string(), message.words()))
        .collect()
}

/// What left for the platform: the id and the words.
fn sent(scene: &Scene) -> Vec<(String, String)> {
    let effects = scene
        .effects
        .iter()
        .filter_map(|effect| match &effect.what {
            EffectKind::Send { outbound, .. } => match &outbound.action {
                Action::Say { content } => {
                    let words = content.iter().filter_map(Content::words).collect();
                    Some((outbound.id.to_string(), words))
                }
                _ => None,
            },
            _ => None,
        });
    effects.collect()
}

#[test]
fn a_long_answer_is_several_messages_each_with_its_own_id_and_event() {
    let mut scene = Scene::new(narrow()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의드려요");
    let answer = "오늘 출고됩니다. 내일 도착할 예정입니다. 정말 감사합니다.";
    scene.agent_says("kim", "c-1", answer).unwrap();
    let said = said(&scene);
    let words: Vec<&str> = said.iter().map(|(_, words)| words.as_str()).collect();
    assert_eq!(
        words,
        [
            "오늘 출고됩니다.",
            "내일 도착할 예정입니다.",
            "정말 감사합니다."
        ]
    );
    let sent = sent(&scene);
    assert!(sent.iter().map(|(_, words)| words).eq(words));
    for ids in [&said, &sent] {
        assert!(ids[0].0 != ids[1].0 && ids[1].0 != ids[2].0 && ids[0].0 != ids[2].0);
    }
    assert!(
        said[0].0.starts_with("a-"),
        "the first has the agent's own id"
    );
    assert!(scene.restored(narrow()) == scene.desk);
    assert_eq!(
        scene.kinds("c-1")[3..],
        ["assigned", "agent_said", "agent_said", "agent_said"]
    );
}

#[test]
fn an_answer_that_was_given_twice_is_said_once() {
    let mut scene = Scene::new(narrow()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의드려요");
    let say = DeskCommand::Say {
        agent: "kim".parse().unwrap(),
        conversation: "c-1".parse().unwrap(),
        message: "mine".parse().unwrap(),
        content: vec![Content::text("오늘 출고됩니다. 내일 도착할 예정입니다.")],
    };
    scene.command(say.clone()).unwrap();
    scene.command(say).unwrap();
    assert_eq!((said(&scene).len(), sent(&scene).len()), (2, 2));
}

#[test]
fn what_the_channel_cannot_carry_is_refused_and_nothing_of_it_is_said() {
    let mut scene = Scene::new(narrow()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의드려요");
    let before = scene.lines.len();
    let mut card = Card::new();
    card.text = Some("무엇을 도와드릴까요?".to_owned());
    card.buttons = vec![Button::new("챗봇", ButtonAction::Bot, "start")];
    let refused = scene.command(DeskCommand::Say {
        agent: "kim".parse().unwrap(),
        conversation: "c-1".parse().unwrap(),
        message: "mine".parse().unwrap(),
        content: vec![Content::text("먼저"), Content::Card(card)],
    });
    assert_eq!(refused.unwrap_err().code(), "fit.not_carried");
    assert_eq!(scene.lines.len(), before);
    assert!(sent(&scene).is_empty());
}

#[test]
fn the_sites_own_long_text_goes_out_whole() {
    let text = "안녕하세요, 고객님. 곧 상담사가 연결됩니다. 기다려 주세요.";
    let settings = narrow().with_text(AutoKind::Greeting, text.parse().unwrap());
    let mut scene = Scene::new(settings).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의드려요");
    let words: Vec<String> = said(&scene).into_iter().map(|(_, words)| words).collect();
    assert_eq!(words, [text.replace(". ", ".\n")], "one event of a kind");
    assert_eq!(sent(&scene).len(), 1);
}

#[test]
fn on_a_channel_nobody_described_it_goes_out_as_it_is() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의드려요");
    let answer = "오늘 출고됩니다. 내일 도착할 예정입니다. 정말 감사합니다.";
    scene.agent_says("kim", "c-1", answer).unwrap();
    assert_eq!(said(&scene).len(), 1);
}
