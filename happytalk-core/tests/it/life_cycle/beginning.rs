//! Rows 1 to 3: a conversation begins, is turned away, and asks for a person.

use happytalk_core::conversation::{Command, Phase};
use happytalk_core::event::{OpenedBy, RejectReason, RequestedBy, ReturnCause};
use happytalk_core::{ChannelName, Event, Sealable};

use crate::scene::{Scene, answers, category, give_back, kinds, opening, says, wants_agent};

fn kinds_of_log(scene: &Scene) -> Vec<&str> {
    scene.log.iter().map(|line| line.event.kind()).collect()
}

#[test]
fn row_01_a_conversation_with_a_bot_begins_with_the_bot() {
    let mut scene = Scene::new();
    assert_eq!(scene.phase(), Phase::New);
    let mut opening = opening(ChannelName::KAKAO_CONSULT);
    opening.bot = true;
    opening.category = Some(category("배송"));
    opening
        .parameters
        .insert("grade".to_owned(), Sealable::Open("VIP".to_owned()));
    opening.previous = Some("c-0".parse().unwrap());
    let events = scene.does(Command::Open(opening));
    assert_eq!(kinds(&events), ["opened"]);
    assert_eq!(scene.phase(), Phase::Bot);
    assert_eq!(scene.agent(), None);
    assert!(scene.conversation.session_open());
    assert_eq!(scene.conversation.category(), Some(&category("배송")));
    let party = scene.conversation.party().unwrap();
    assert_eq!(party.previous.as_ref().unwrap().as_str(), "c-0");
    let json = scene.log[0].to_json();
    assert!(
        json.contains(r#""parameters":{"grade":"VIP"},"previous":"c-0""#),
        "{json}"
    );
}

#[test]
fn row_01_a_conversation_without_a_bot_waits_from_the_same_instant() {
    let mut scene = Scene::new();
    let opened = scene.now;
    for command in [
        Command::Open(opening(ChannelName::NAVER_TALKTALK)),
        Command::RequestAgent {
            by: RequestedBy::Customer,
            category: None,
            queue: None,
        },
    ] {
        let events = scene.conversation.decide(&command, opened).unwrap();
        scene.takes(&events);
    }
    assert_eq!(scene.phase(), Phase::Waiting);
    assert_eq!(scene.conversation.requested_at(), Some(opened));
}

#[test]
fn row_02_a_conversation_that_is_turned_away_has_begun_and_is_over() {
    for bot in [true, false] {
        let mut scene = Scene::new();
        let mut opening = opening(ChannelName::KAKAO_CONSULT);
        opening.bot = bot;
        scene.does(Command::Open(opening));
        let events = scene.does(Command::Reject {
            reason: RejectReason::Blocked,
        });
        assert_eq!(
            events,
            [Event::Rejected {
                reason: RejectReason::Blocked,
                is_final: true
            }]
        );
        assert_eq!(scene.phase(), Phase::Rejected);
        assert_eq!(scene.conversation.closed_at(), Some(scene.now));
        assert!(!scene.conversation.session_open());
        assert!(!scene.conversation.abandoned());
        assert_eq!(kinds_of_log(&scene), ["opened", "rejected"]);
    }
}

#[test]
fn row_03_a_request_for_a_person_makes_it_wait() {
    for by in [
        RequestedBy::Button,
        RequestedBy::Fallback,
        RequestedBy::Keyword,
        RequestedBy::Schedule,
        RequestedBy::Flow,
    ] {
        let mut scene = Scene::with_bot();
        let events = scene.does(Command::RequestAgent {
            by,
            category: Some(category("배송")),
            queue: Some("delivery".parse().unwrap()),
        });
        assert_eq!(kinds(&events), ["agent_requested"]);
        assert_eq!(scene.phase(), Phase::Waiting);
        assert_eq!(scene.conversation.requested_at(), Some(scene.now));
        assert_eq!(scene.conversation.category(), Some(&category("배송")));
        assert_eq!(scene.conversation.queue().unwrap().as_str(), "delivery");
    }
}

#[test]
fn row_03_a_second_request_does_not_move_the_first() {
    let mut scene = Scene::waiting();
    let first = scene.now;
    assert_eq!(scene.does(wants_agent()), []);
    assert_eq!(scene.conversation.requested_at(), Some(first));
}

#[test]
fn row_03_a_refused_request_leaves_the_bot_going_on() {
    let mut scene = Scene::waiting();
    let events = scene.does(Command::Reject {
        reason: RejectReason::OffHours,
    });
    assert_eq!(
        events,
        [Event::Rejected {
            reason: RejectReason::OffHours,
            is_final: false
        }]
    );
    assert_eq!(scene.phase(), Phase::Bot);
    assert!(scene.conversation.session_open());
    // The refused request is not the one that counts.
    assert_eq!(scene.conversation.requested_at(), None);
    scene.does(wants_agent());
    assert_eq!(scene.conversation.requested_at(), Some(scene.now));
    assert_eq!(scene.phase(), Phase::Waiting);
}

#[test]
fn row_03_a_refusal_that_comes_twice_leaves_the_bot_going_on() {
    let mut scene = Scene::waiting();
    let reject = Command::Reject {
        reason: RejectReason::QueueFull,
    };
    scene.does(reject.clone());
    assert_eq!(scene.does(reject.clone()), []);
    assert_eq!(scene.phase(), Phase::Bot);
    scene.does(wants_agent());
    assert_eq!(kinds(&scene.does(reject)), ["rejected"]);
    assert_eq!(scene.phase(), Phase::Bot);
}

#[test]
fn row_03_a_request_that_was_let_in_is_not_turned_away_later() {
    let mut scene = Scene::assigned();
    scene.does(give_back(ReturnCause::AcceptTimeout));
    let reject = Command::Reject {
        reason: RejectReason::QueueFull,
    };
    assert_eq!(scene.refuses(reject), "conversation.wrong_phase");
}

#[test]
fn row_03_a_refused_request_without_a_bot_is_the_end() {
    let mut scene = Scene::new();
    scene.does(Command::Open(opening(ChannelName::KAKAO_CONSULT)));
    scene.does(wants_agent());
    scene.does(Command::Reject {
        reason: RejectReason::QueueFull,
    });
    assert_eq!(scene.phase(), Phase::Rejected);
}

#[test]
fn rows_03_to_09_a_customer_who_writes_changes_no_state() {
    for mut scene in Scene::every_live() {
        if scene.phase() == Phase::AfterWork {
            continue;
        }
        let before = scene.phase();
        let events = scene.does(says("m-77"));
        assert_eq!(kinds(&events), ["customer_said"]);
        assert_eq!(scene.phase(), before);
    }
}

#[test]
fn invariant_e_on_kakao_only_the_customer_writes_first() {
    let opens = |channel| {
        let mut opening = opening(channel);
        opening.opened_by = OpenedBy::Agent;
        Command::Open(opening)
    };
    assert_eq!(
        Scene::new().refuses(opens(ChannelName::KAKAO_CONSULT)),
        "conversation.agent_cannot_open"
    );
    let mut scene = Scene::opened_by_agent();
    assert_eq!(kinds_of_log(&scene), ["opened", "assigned"]);
    assert_eq!(scene.phase(), Phase::InProgress);
    assert_eq!(scene.conversation.requested_at(), None);
    scene.does(answers("kim", "m-1"));
}
