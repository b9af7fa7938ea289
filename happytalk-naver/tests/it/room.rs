//! The memory of one room: who may speak, whose words come back, who is greeted, and when nothing can be sent.

use std::time::Duration;

use happytalk_core::content::{Button, ButtonAction, Card, Media, Text};
use happytalk_core::outbound::Owner;
use happytalk_core::{Action, ChannelError, Content, Inbound, Outbound, Retry, Timestamp};
use happytalk_naver::message::{self, Message};
use happytalk_naver::room::{
    AWAITED_MAX, Answer, ECHO_WITHIN, EchoOf, Greeting, HANDOVER_SETTLES, OPEN_REPEATS_WITHIN,
    PAGE_WITHIN, Room, RoomEvent, RoomInput,
};
use happytalk_naver::{decode, encode};
use proptest::prelude::*;

use crate::desk::{CUSTOMER, outbound, say};

/// A room, and a clock.
struct Scene {
    room: Room,
    now: Timestamp,
}

impl Scene {
    fn new() -> Self {
        Self {
            room: Room::new(),
            now: "2026-11-16T09:00:00+09:00".parse().unwrap(),
        }
    }

    fn does(&mut self, input: &RoomInput<'_>) -> Vec<RoomEvent> {
        let events = self.room.decide(input, self.now);
        for event in &events {
            self.room.apply(event, self.now);
        }
        events
    }

    /// A webhook: an event's name and the rest of its members.
    fn told(&mut self, event: &str, rest: &str) -> Vec<RoomEvent> {
        let inbound = read(event, rest);
        self.does(&RoomInput::Told(&inbound))
    }

    fn greeting(&mut self, inflow: &str) -> Greeting {
        let events = self.told("open", &format!(r#""options":{{"inflow":"{inflow}"}}"#));
        match events.last() {
            Some(RoomEvent::Entered { greeting }) => *greeting,
            other => panic!("{other:?}"),
        }
    }

    fn answer(&mut self, input: &str, standby: bool) -> Answer {
        let standby = if standby { r#""standby":true,"# } else { "" };
        let rest = format!(r#"{standby}"textContent":{{"text":"네","inputType":"{input}"}}"#);
        match self.told("send", &rest).last() {
            Some(RoomEvent::Spoke { answer }) => *answer,
            other => panic!("{other:?}"),
        }
    }

    fn echo_of(&mut self, rest: &str) -> EchoOf {
        match self.told("echo", rest).pop() {
            Some(RoomEvent::Echoed { of }) => of,
            other => panic!("{other:?}"),
        }
    }

    fn sends(&mut self, message: &Outbound) {
        self.does(&RoomInput::Sending(message));
        self.does(&RoomInput::Sent(message));
    }

    fn hands_over(&mut self, to: Owner) {
        self.sends(&outbound(Action::Handover { to }));
    }

    fn pass(&mut self, span: Duration) {
        self.now = self.now.plus(span);
    }
}

fn read(event: &str, rest: &str) -> Inbound {
    let comma = if rest.is_empty() { "" } else { "," };
    let body = format!(r#"{{"event":"{event}","user":"{CUSTOMER}"{comma}{rest}}}"#);
    decode(body.as_bytes(), None).unwrap().remove(0)
}

fn ours(message: &str) -> EchoOf {
    EchoOf::Ours {
        message: message.parse().unwrap(),
    }
}

fn failed(code: &'static str, retry: Retry) -> ChannelError {
    ChannelError::new(code, retry, std::fmt::Error)
}

/// The echo of a request of ours, as the platform sends it.
fn echo_body(message: &Outbound, part: usize) -> String {
    let body = encode(message).unwrap()[part].body().clone();
    let body = String::from_utf8(body).unwrap();
    let content = body
        .split_once(&format!(r#""user":"{CUSTOMER}","#))
        .unwrap();
    content.1.strip_suffix('}').unwrap().to_owned()
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn whoever_comes_in_by_a_button_or_an_address_is_greeted_once() {
    let mut scene = Scene::new();
    assert_eq!(scene.greeting("button"), Greeting::Due);
    scene.pass(SECOND);
    assert_eq!(scene.greeting("button"), Greeting::CameTwice);
    scene.pass(OPEN_REPEATS_WITHIN);
    assert_eq!(scene.greeting("none"), Greeting::Due);
}

#[test]
fn a_third_open_counts_from_the_first() {
    let mut scene = Scene::new();
    scene.greeting("button");
    scene.pass(OPEN_REPEATS_WITHIN - SECOND);
    assert_eq!(scene.greeting("button"), Greeting::CameTwice);
    scene.pass(SECOND);
    assert_eq!(scene.greeting("button"), Greeting::Due);
}

#[test]
fn whoever_wrote_and_comes_in_anew_is_no_repetition() {
    let mut scene = Scene::new();
    scene.greeting("button");
    scene.pass(SECOND);
    scene.answer("typing", false);
    scene.pass(SECOND);
    assert_eq!(scene.greeting("button"), Greeting::Due);
}

#[test]
fn whoever_comes_by_the_list_is_only_reading() {
    let mut scene = Scene::new();
    assert_eq!(scene.greeting("list"), Greeting::Reading);
    assert_eq!(scene.room.last_spoke_at(), None);
    scene.answer("typing", false);
    assert_eq!(scene.room.last_spoke_at(), Some(scene.now));
}

#[test]
fn nobody_is_greeted_in_a_room_of_the_agents() {
    let mut scene = Scene::new();
    scene.hands_over(Owner::Agents);
    assert_eq!(scene.greeting("button"), Greeting::AgentsOwn);
    scene.pass(OPEN_REPEATS_WITHIN);
    scene.told("handover", r#""options":{"control":"passThread"}"#);
    assert_eq!(scene.greeting("button"), Greeting::Due);
}

#[test]
fn standby_is_a_veto_and_its_absence_is_no_proof() {
    let mut scene = Scene::new();
    assert_eq!(scene.answer("typing", false), Answer::Yes);
    assert_eq!(scene.room.owner(), None);
    assert_eq!(scene.answer("typing", true), Answer::No);
    assert_eq!(scene.room.owner(), Some(Owner::Agents));
    scene.pass(HANDOVER_SETTLES * 2);
    assert_eq!(scene.answer("button", false), Answer::Button);
    assert_eq!(scene.room.owner(), Some(Owner::Agents));
}

#[test]
fn the_room_goes_to_the_agents_and_back() {
    let mut scene = Scene::new();
    scene.hands_over(Owner::Agents);
    assert_eq!(scene.room.owner(), Some(Owner::Agents));
    let events = scene.told(
        "handover",
        r#""options":{"control":"passThread","metadata":"not JSON"}"#,
    );
    assert_eq!(events, [RoomEvent::OwnerChanged { to: Owner::Bot }]);
    scene.hands_over(Owner::Agents);
    scene.hands_over(Owner::Bot);
    assert_eq!(scene.room.owner(), Some(Owner::Bot));
    assert_eq!(scene.answer("typing", false), Answer::Yes);
}

#[test]
fn a_handover_that_was_not_taken_changes_nothing() {
    let mut scene = Scene::new();
    let message = outbound(Action::Handover { to: Owner::Agents });
    scene.does(&RoomInput::Sending(&message));
    let error = failed("naver.not_allowed", Retry::Never);
    assert_eq!(scene.does(&RoomInput::Failed(&message, &error)), []);
    assert_eq!(scene.room.owner(), None);
}

#[test]
fn a_word_that_was_under_way_at_the_handover_is_the_agents() {
    let mut scene = Scene::new();
    scene.hands_over(Owner::Agents);
    assert_eq!(scene.answer("typing", false), Answer::No);
    assert_eq!(scene.room.owner(), Some(Owner::Agents));
}

#[test]
fn when_the_end_of_a_consultation_is_lost_the_next_word_tells_of_it() {
    let mut scene = Scene::new();
    scene.hands_over(Owner::Agents);
    scene.pass(HANDOVER_SETTLES);
    assert_eq!(scene.answer("typing", false), Answer::Yes);
    assert_eq!(scene.room.owner(), Some(Owner::Bot));
}

#[test]
fn an_echo_says_who_owns_the_room() {
    let mut scene = Scene::new();
    let agent = r#""options":{"managerNickname":"가","sourceId":1,"threadOwnerId":1},"textContent":{"text":"네"}"#;
    assert_eq!(
        scene.told("echo", agent),
        [
            RoomEvent::OwnerChanged { to: Owner::Agents },
            RoomEvent::Echoed { of: EchoOf::Agent }
        ]
    );
    // After 상담 완료하기 the agent types again: the words are the agent's, the room is the bot's.
    let agent = agent.replace(r#""threadOwnerId":1"#, r#""threadOwnerId":10007"#);
    assert_eq!(
        scene.told("echo", &agent),
        [
            RoomEvent::OwnerChanged { to: Owner::Bot },
            RoomEvent::Echoed { of: EchoOf::Agent }
        ]
    );
}

#[test]
fn our_own_words_are_known_when_they_come_back() {
    let mut card = Card::new();
    (card.title, card.text) = (Some("교환".to_owned()), Some("접수할까요?".to_owned()));
    card.buttons = vec![Button::new("네", ButtonAction::Postback, "yes")];
    let mut asks = Text::new("더 있나요?");
    asks.quick_replies = vec![Button::new("네", ButtonAction::Postback, "y")];
    let message = say(vec![
        Content::text("안녕하세요"),
        Content::Image(Media::new("https://img.example/1.png")),
        Content::Card(card),
        Content::Text(asks),
    ]);
    let mut scene = Scene::new();
    // The echoes come before the answers do.
    scene.does(&RoomInput::Sending(&message));
    for part in 0..4 {
        assert!(scene.room.awaits(&message.id));
        assert_eq!(scene.echo_of(&echo_body(&message, part)), ours("m-1"));
    }
    assert!(!scene.room.awaits(&message.id));
    // A fifth is somebody else's, who says the same.
    assert_eq!(scene.echo_of(&echo_body(&message, 0)), EchoOf::Bot);
}

#[test]
fn a_picture_comes_back_from_the_platforms_own_address() {
    let message = say(vec![Content::Image(Media::new(
        "https://img.example/1.png",
    ))]);
    let mut scene = Scene::new();
    scene.sends(&message);
    let copy = r#""imageContent":{"imageUrl":"https://phinf.pstatic.example/x.png"}"#;
    assert_eq!(scene.echo_of(copy), ours("m-1"));
}

#[test]
fn what_talktalk_alone_can_say_is_known_too() {
    let mut row = message::Row::new("린넨 셔츠");
    row.button = Some(message::Button::text("보기", "p1"));
    let mut card = message::Card::new();
    card.title = Some("오늘의 상품".to_owned());
    card.rows = vec![row];
    let message = Message::new(message::Body::Cards { cards: vec![card] });
    let id = "m-9".parse().unwrap();
    let mut scene = Scene::new();
    scene.does(&RoomInput::SendingMessage(&id, &message));
    let echo = r#""compositeContent":{"compositeList":[{"title":"오늘의 상품","elementList":{"type":"LIST","data":[{"title":"린넨 셔츠","button":{"type":"TEXT","data":{"title":"보기","code":"p1"}}}]}}]}"#;
    assert_eq!(scene.echo_of(echo), ours("m-9"));
}

#[test]
fn an_echo_tells_that_a_message_of_unknown_outcome_arrived() {
    let message = say(vec![Content::text("안녕하세요")]);
    let mut scene = Scene::new();
    scene.does(&RoomInput::Sending(&message));
    let lost = failed("naver.no_answer", Retry::Unknown);
    assert_eq!(scene.does(&RoomInput::Failed(&message, &lost)), []);
    assert!(scene.room.awaits(&message.id));
    assert_eq!(scene.echo_of(&echo_body(&message, 0)), ours("m-1"));

    scene.does(&RoomInput::Sending(&message));
    let refused = failed("naver.bad_key", Retry::Never);
    scene.does(&RoomInput::Failed(&message, &refused));
    assert!(!scene.room.awaits(&message.id));
    assert_eq!(scene.echo_of(&echo_body(&message, 0)), EchoOf::Bot);
}

#[test]
fn an_echo_that_comes_too_late_is_nobodys() {
    let message = say(vec![Content::text("안녕하세요")]);
    let mut scene = Scene::new();
    scene.sends(&message);
    scene.pass(ECHO_WITHIN + SECOND);
    assert_eq!(scene.echo_of(&echo_body(&message, 0)), EchoOf::Bot);
}

#[test]
fn the_same_words_twice_are_two_messages_in_their_order() {
    let mut scene = Scene::new();
    let mut first = say(vec![Content::text("네")]);
    first.id = "m-1".parse().unwrap();
    let mut second = first.clone();
    second.id = "m-2".parse().unwrap();
    scene.sends(&first);
    scene.sends(&second);
    assert_eq!(scene.echo_of(&echo_body(&first, 0)), ours("m-1"));
    assert_eq!(scene.echo_of(&echo_body(&first, 0)), ours("m-2"));
}

#[test]
fn marketing_and_notifications_are_the_platforms() {
    let mut scene = Scene::new();
    let marketing =
        r#""textContent":{},"marketingContent":{"marketingMessageNo":7,"marketingText":"특가"}"#;
    assert_eq!(scene.echo_of(marketing), EchoOf::System);
    let alarm = r#""textContent":{"text":"예약 안내","inputType":"alarm"}"#;
    assert_eq!(scene.echo_of(alarm), EchoOf::System);
}

#[test]
fn a_message_that_comes_again_is_known_by_its_number() {
    let mut scene = Scene::new();
    let words = r#""messageId":41,"textContent":{"text":"네","inputType":"typing"}"#;
    let first = scene.told("send", words);
    assert_eq!(
        first,
        [
            RoomEvent::Numbered { number: 41 },
            RoomEvent::Spoke {
                answer: Answer::Yes
            }
        ]
    );
    assert_eq!(scene.told("send", words), [RoomEvent::Repeated]);
    // Nothing promises an order, so a lower number is no repetition.
    assert_ne!(
        scene.told("send", &words.replace("41", "40")),
        [RoomEvent::Repeated]
    );
}

#[test]
fn while_a_consent_page_is_open_nothing_can_be_sent() {
    let ask = outbound(Action::AskProfile {
        field: "nickname".to_owned(),
        agreements: Vec::new(),
    });
    let mut scene = Scene::new();
    scene.sends(&ask);
    assert_eq!(
        scene.room.busy_until(scene.now),
        Some(scene.now.plus(PAGE_WITHIN))
    );
    let answer = r#""options":{"nickname":"가","result":"SUCCESS"}"#;
    assert_eq!(scene.told("profile", answer), [RoomEvent::PageClosed]);
    assert_eq!(scene.room.busy_until(scene.now), None);

    // Nobody is told of a page that closes by itself.
    scene.sends(&ask);
    scene.pass(PAGE_WITHIN);
    assert_eq!(scene.room.busy_until(scene.now), None);

    // A customer who writes has no page in front of them.
    scene.sends(&ask);
    scene.answer("typing", false);
    assert_eq!(scene.room.busy_until(scene.now), None);
}

#[test]
fn a_withdrawal_closes_no_page_that_another_request_opened() {
    let ask = outbound(Action::AskProfile {
        field: "nickname".to_owned(),
        agreements: Vec::new(),
    });
    let mut scene = Scene::new();
    scene.sends(&ask);
    let withdrawal = r#""options":{"result":"WITHDRAW","withdrawals":["cellphone"]}"#;
    assert_eq!(scene.told("profile", withdrawal), []);
    assert!(scene.room.busy_until(scene.now).is_some());
}

#[test]
fn a_refusal_because_of_a_page_is_remembered() {
    let message = say(vec![Content::text("안녕하세요")]);
    let mut scene = Scene::new();
    scene.does(&RoomInput::Sending(&message));
    let busy = failed("naver.customer_busy", Retry::After(SECOND));
    let events = scene.does(&RoomInput::Failed(&message, &busy));
    assert!(matches!(
        events[..],
        [RoomEvent::PageOpened { .. }, RoomEvent::NotAwaited { .. }]
    ));
    let until = scene.room.busy_until(scene.now);
    scene.pass(SECOND);
    // A second refusal does not lengthen it.
    scene.does(&RoomInput::Failed(&message, &busy));
    assert_eq!(scene.room.busy_until(scene.now), until);
}

#[test]
fn whoever_leaves_takes_the_room_with_them() {
    let mut scene = Scene::new();
    scene.hands_over(Owner::Agents);
    assert_eq!(scene.told("leave", ""), [RoomEvent::Left]);
    assert_eq!(scene.room.owner(), None);
    assert_eq!(scene.greeting("button"), Greeting::Due);
}

#[test]
fn a_room_is_kept_as_json_without_a_word_of_what_was_said() {
    let mut scene = Scene::new();
    scene.greeting("button");
    scene.hands_over(Owner::Agents);
    scene.sends(&say(vec![Content::text("홍길동님")]));
    let json = serde_json::to_string(&scene.room).unwrap();
    assert!(!json.contains("홍길동"), "{json}");
    assert_eq!(serde_json::from_str::<Room>(&json).unwrap(), scene.room);
    assert_eq!(serde_json::from_str::<Room>("{}").unwrap(), Room::new());
}

/// What may happen in a room.
#[derive(Debug, Clone)]
enum Step {
    Told(&'static str, String),
    Says(String),
    HandsOver(bool),
    Fails,
    Pass(u64),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let words = prop::sample::select(vec!["네", "아니요", "교환"]);
    let step = prop_oneof![
        prop::sample::select(vec!["button", "list", "none"]).prop_map(|inflow| Step::Told(
            "open",
            format!(r#""options":{{"inflow":"{inflow}"}}"#)
        )),
        (words.clone(), any::<bool>(), 0..99_u32).prop_map(|(text, standby, id)| Step::Told(
            "send",
            format!(r#""standby":{standby},"messageId":{id},"textContent":{{"text":"{text}","inputType":"typing"}}"#)
        )),
        (words.clone(), 1..3_u32).prop_map(|(text, owner)| Step::Told(
            "echo",
            format!(r#""options":{{"threadOwnerId":{owner}}},"textContent":{{"text":"{text}"}}"#)
        )),
        Just(Step::Told("leave", String::new())),
        Just(Step::Told("handover", r#""options":{"control":"passThread"}"#.to_owned())),
        words.prop_map(|text| Step::Says(text.to_owned())),
        any::<bool>().prop_map(Step::HandsOver),
        Just(Step::Fails),
        (0..400_u64).prop_map(Step::Pass),
    ];
    prop::collection::vec(step, 0..120)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn an_echo_is_never_answered_and_the_memory_is_bounded(steps in steps()) {
        let mut scene = Scene::new();
        for (number, step) in steps.into_iter().enumerate() {
            match step {
                Step::Told(event, rest) => {
                    let owner = scene.room.owner();
                    let events = scene.told(event, &rest);
                    let speaks = events.iter().any(|event| matches!(
                        event,
                        RoomEvent::Spoke { answer: Answer::Yes | Answer::Button }
                            | RoomEvent::Entered { greeting: Greeting::Due }
                    ));
                    if event == "echo" {
                        prop_assert!(!speaks);
                    }
                    if rest.contains(r#""standby":true"#) {
                        prop_assert!(!speaks);
                    }
                    if owner == Some(Owner::Agents) && event == "open" {
                        prop_assert!(!speaks);
                    }
                    // Deciding twice is deciding once.
                    let again = scene.room.decide(&RoomInput::Told(&read(event, &rest)), scene.now);
                    if events.iter().any(|event| matches!(event, RoomEvent::Numbered { .. })) {
                        prop_assert_eq!(again, [RoomEvent::Repeated]);
                    }
                }
                Step::Says(text) => {
                    let mut message = say(vec![Content::text(text)]);
                    message.id = format!("m-{number}").parse().unwrap();
                    scene.sends(&message);
                }
                Step::HandsOver(to_agents) => {
                    scene.hands_over(if to_agents { Owner::Agents } else { Owner::Bot });
                }
                Step::Fails => {
                    let message = say(vec![Content::text("네")]);
                    let busy = failed("naver.customer_busy", Retry::After(SECOND));
                    scene.does(&RoomInput::Failed(&message, &busy));
                }
                Step::Pass(seconds) => scene.pass(Duration::from_secs(seconds)),
            }
            let json = serde_json::to_value(&scene.room).unwrap();
            prop_assert!(json["awaited"].as_array().unwrap().len() <= AWAITED_MAX);
            prop_assert!(json["recent"].as_array().unwrap().len() <= happytalk_naver::room::RECENT_MAX);
            prop_assert_eq!(&serde_json::from_value::<Room>(json).unwrap(), &scene.room);
        }
    }
}
