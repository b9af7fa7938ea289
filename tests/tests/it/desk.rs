//! The desk: conversations from the first word to the last line, and the same desk out of its log.

use happytalk::core::effect::{EffectKind, EffectResult};
use happytalk::core::event::{AutoKind, Event, StatusClass, TransferTarget};
use happytalk::core::inbound::InboundKind;
use happytalk::core::time::Zone;
use happytalk::core::{Action, ChannelName, Retry};
use happytalk::{DeskCommand, Error, Input};

use crate::scene::{FLOW, Scene, message, settings};

const KAKAO: ChannelName = ChannelName::KAKAO_CONSULT;
const NAVER: ChannelName = ChannelName::NAVER_TALKTALK;

#[test]
fn without_a_bot_a_customer_goes_straight_to_an_agent() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의드려요");
    assert_eq!(
        scene.kinds("c-1"),
        ["opened", "customer_said", "agent_requested", "assigned"]
    );
    scene.pass(30);
    scene.agent_says("kim", "c-1", "안녕하세요").unwrap();
    scene.says(KAKAO, "ann", "네");
    let end = DeskCommand::End {
        conversation: "c-1".parse().unwrap(),
        agent: Some("kim".parse().unwrap()),
    };
    scene.command(end).unwrap();
    scene
        .command(DeskCommand::EndAfterWork {
            conversation: "c-1".parse().unwrap(),
        })
        .unwrap();
    assert_eq!(
        scene.kinds("c-1")[4..],
        ["agent_said", "customer_said", "ended", "after_work_ended"]
    );
    assert_eq!(scene.desk.router().load(&"kim".parse().unwrap()), Some(0));
}

#[test]
fn a_session_of_kakao_is_ended_with_its_conversation_and_its_echo_changes_nothing() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의드려요");
    scene.agent_says("kim", "c-1", "안녕하세요").unwrap();
    let end = DeskCommand::End {
        conversation: "c-1".parse().unwrap(),
        agent: Some("kim".parse().unwrap()),
    };
    scene.command(end).unwrap();
    let ends = scene.effects.iter().filter(|effect| {
        matches!(&effect.what, EffectKind::Send { outbound, .. } if outbound.action == Action::End {})
    });
    assert_eq!(ends.count(), 1);
    let before = scene.lines.len();
    scene.told(KAKAO, "ann", None, InboundKind::SessionEnded {});
    assert_eq!(scene.lines.len(), before);
}

#[test]
fn the_bot_answers_first_and_hands_over_when_asked() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.told(
        NAVER,
        "bo",
        None,
        InboundKind::Entered {
            parameters: None,
            inflow: None,
            referrer: None,
            bot: None,
        },
    );
    assert_eq!(scene.kinds("c-1"), ["opened", "bot_entered", "bot_said"]);
    scene.says(NAVER, "bo", "상담원");
    assert_eq!(
        scene.kinds("c-1")[3..],
        ["customer_said", "agent_requested", "assigned"]
    );
    assert!(
        scene.states.is_empty(),
        "what the bot remembers is deleted at the hand-off"
    );
}

#[test]
fn what_the_bot_found_out_is_there_for_the_agent() {
    let flow = FLOW
        .replace(
            r#""queue": "cs", "on""#,
            r#""queue": "cs", "note": ["topic"], "on""#,
        )
        .replace(
            r#""commands": ["#,
            r#""vars": { "topic": { "type": "string" } }, "commands": ["#,
        )
        .replace(
            r#""label": "영업시간", "to""#,
            r#""label": "영업시간", "set": { "topic": "'hours'" }, "to""#,
        )
        .replace(r#""end": "told""#, r#""to": "agent""#);
    let mut settings = settings();
    let flow = happytalk::scenario::Compiled::load(&flow).unwrap_or_else(|it| panic!("{it:?}"));
    settings.bots = happytalk::Bots::on_channel(NAVER, std::sync::Arc::new(flow));
    let mut scene = Scene::new(settings).with_agents(&["kim"]);
    scene.says(NAVER, "bo", "안녕");
    scene.says(NAVER, "bo", "영업시간");
    let events = scene.events("c-1");
    let noted = events.iter().find_map(|event| match event {
        Event::Noted { agent, text } => Some((agent.as_str(), text.open().map(String::as_str))),
        _ => None,
    });
    assert_eq!(noted, Some(("bot", Some("topic: 영업시간"))));
}

#[test]
fn the_bot_ends_at_a_goal_and_the_next_word_opens_another_conversation() {
    let mut scene = Scene::new(settings());
    scene.says(NAVER, "bo", "안녕");
    scene.says(NAVER, "bo", "영업시간");
    assert_eq!(
        scene.kinds("c-1"),
        [
            "opened",
            "customer_said",
            "bot_entered",
            "bot_said",
            "customer_said",
            "bot_entered",
            "bot_said",
            "bot_ended"
        ]
    );
    scene.says(NAVER, "bo", "하나 더요");
    let Some(Event::Opened { previous, .. }) = scene.events("c-3").first().copied() else {
        panic!("not opened")
    };
    assert_eq!(previous.as_ref().map(|id| id.as_str()), Some("c-1"));
}

#[test]
fn a_bot_that_does_not_understand_hands_over_at_its_limit() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(NAVER, "bo", "안녕");
    scene.says(NAVER, "bo", "포인트 질문이요");
    scene.says(NAVER, "bo", "그게 아니라요");
    let kinds = scene.kinds("c-1");
    assert_eq!(
        kinds.iter().filter(|kind| **kind == "bot_missed").count(),
        2
    );
    assert_eq!(kinds[kinds.len() - 2..], ["agent_requested", "assigned"]);
}

#[test]
fn a_customer_from_the_chat_list_is_not_greeted() {
    let mut scene = Scene::new(settings());
    let entered = InboundKind::Entered {
        parameters: None,
        inflow: Some("list".to_owned()),
        referrer: None,
        bot: None,
    };
    scene.told(NAVER, "bo", None, entered);
    assert!(scene.lines.is_empty());
}

#[test]
fn a_repeated_message_does_nothing_and_an_echo_is_never_answered() {
    let mut scene = Scene::new(settings());
    scene.told(NAVER, "bo", Some("17"), message("안녕"));
    let before = scene.lines.len();
    scene.told(NAVER, "bo", Some("17"), message("안녕"));
    let echo = InboundKind::Echo {
        author: happytalk::core::inbound::Author::Bot,
        content: Vec::new(),
        parameters: None,
    };
    scene.told(NAVER, "bo", Some("18"), echo);
    assert_eq!(scene.lines.len(), before);
    assert!(scene.passed_over.contains(&"desk.repeated"));
    // The same number in another room is another message.
    scene.told(NAVER, "cha", Some("17"), message("안녕"));
    assert!(scene.lines.len() > before);
}

#[test]
fn somebody_elses_room_is_left_alone() {
    let mut scene = Scene::new(settings());
    let standby = InboundKind::Message {
        content: vec![happytalk::core::Content::text("상담사님?")],
        input: None,
        postback: None,
        standby: Some(true),
        parameters: None,
    };
    scene.told(NAVER, "bo", None, standby);
    assert!(scene.lines.is_empty());
}

#[test]
fn a_transfer_is_asked_for_accepted_and_moves_the_load() {
    let mut scene = Scene::new(settings()).with_agents(&["kim", "lee"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    let conversation: happytalk::core::id::ConversationId = "c-1".parse().unwrap();
    let accept = DeskCommand::AcceptTransfer {
        agent: "lee".parse().unwrap(),
        conversation: conversation.clone(),
    };
    assert_eq!(
        scene.command(accept.clone()).unwrap_err().code(),
        "conversation.no_transfer"
    );
    scene
        .command(DeskCommand::RequestTransfer {
            agent: "kim".parse().unwrap(),
            conversation: conversation.clone(),
            to: TransferTarget::Agent("lee".parse().unwrap()),
        })
        .unwrap();
    scene.command(accept).unwrap();
    let kinds = scene.kinds("c-1");
    assert_eq!(
        kinds[kinds.len() - 2..],
        ["transfer_requested", "transferred"]
    );
    assert_eq!(scene.desk.router().load(&"kim".parse().unwrap()), Some(0));
    assert_eq!(scene.desk.router().load(&"lee".parse().unwrap()), Some(1));
    assert_eq!(
        scene.agent_says("kim", "c-1", "저예요").unwrap_err().code(),
        "conversation.not_owner"
    );
    scene.agent_says("lee", "c-1", "이어받았습니다").unwrap();
}

#[test]
fn case_51_a_forward_to_an_agent_at_their_limit_is_refused_and_nothing_moves() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    for customer in ["a", "b"] {
        scene.says(KAKAO, customer, "문의");
    }
    let mut scene = scene.with_agents(&["lee"]);
    for customer in ["c", "d"] {
        scene.says(KAKAO, customer, "문의");
    }
    let conversation: happytalk::core::id::ConversationId = "c-1".parse().unwrap();
    let ask = DeskCommand::RequestTransfer {
        agent: "kim".parse().unwrap(),
        conversation: conversation.clone(),
        to: TransferTarget::Agent("lee".parse().unwrap()),
    };
    scene.command(ask).unwrap();
    let accept = DeskCommand::AcceptTransfer {
        agent: "lee".parse().unwrap(),
        conversation,
    };
    assert_eq!(
        scene.command(accept).unwrap_err().code(),
        "routing.agent_cap"
    );
    let owner = scene
        .desk
        .conversation(&"c-1".parse().unwrap())
        .and_then(|it| it.agent())
        .unwrap();
    assert_eq!(owner.as_str(), "kim");
}

#[test]
fn a_waiting_customer_who_leaves_is_abandoned_and_leaves_the_queue() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.status("kim", StatusClass::Paused);
    scene.says(KAKAO, "ann", "문의");
    assert_eq!(scene.desk.router().place(&"c-1".parse().unwrap()), Some(1));
    scene.told(KAKAO, "ann", None, InboundKind::SessionEnded {});
    assert_eq!(scene.desk.router().place(&"c-1".parse().unwrap()), None);
    assert!(
        scene
            .desk
            .conversation(&"c-1".parse().unwrap())
            .unwrap()
            .abandoned()
    );
    scene.status("kim", StatusClass::Accepting);
    assert_eq!(scene.kinds("c-1").last(), Some(&"ended"));
}

#[test]
fn the_end_of_another_session_is_not_ours() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    let mut inbound = happytalk::core::Inbound::new(KAKAO, message("문의"));
    inbound.account = Some("account".parse().unwrap());
    inbound.customer = Some("ann".parse().unwrap());
    inbound.session = Some("s-2".parse().unwrap());
    scene.input(Input::Inbound {
        inbound: inbound.clone(),
        conversation: "c-1".parse().unwrap(),
        known: happytalk::core::Value::Null,
    });
    inbound.what = InboundKind::SessionEnded {};
    inbound.session = Some("s-1".parse().unwrap());
    scene.input(Input::Inbound {
        inbound,
        conversation: "c-2".parse().unwrap(),
        known: happytalk::core::Value::Null,
    });
    assert_eq!(scene.kinds("c-1").last(), Some(&"assigned"));
}

#[test]
fn a_silent_customer_is_closed_at_the_very_millisecond_and_a_held_one_is_not() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    let due = scene.desk.next_deadline().unwrap();
    assert_eq!(due, scene.now.plus(std::time::Duration::from_secs(30 * 60)));
    scene.now = happytalk::core::Timestamp::from_millis(due.as_millis() - 1);
    scene.tick();
    assert_eq!(scene.kinds("c-1").last(), Some(&"agent_said"));
    scene.now = due;
    scene.tick();
    assert_eq!(scene.kinds("c-1").last(), Some(&"ended"));

    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    let hold = |on| DeskCommand::Hold {
        conversation: "c-1".parse().unwrap(),
        on,
        by: "kim".parse().unwrap(),
    };
    scene.command(hold(true)).unwrap();
    let session_ends = "2026-12-16T10:00:00+09:00".parse().unwrap();
    assert_eq!(
        scene.desk.next_deadline(),
        Some(session_ends),
        "nothing but 상담톡's own end"
    );
    scene.pass(7_200);
    scene.command(hold(false)).unwrap();
    assert_eq!(
        scene.desk.next_deadline(),
        Some(scene.now.plus(std::time::Duration::from_secs(30 * 60)))
    );
}

#[test]
fn after_work_holds_the_slot_until_its_limit() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    let end = DeskCommand::End {
        conversation: "c-1".parse().unwrap(),
        agent: Some("kim".parse().unwrap()),
    };
    scene.command(end).unwrap();
    assert_eq!(scene.desk.router().load(&"kim".parse().unwrap()), Some(1));
    scene.pass(600);
    scene.tick();
    assert_eq!(scene.kinds("c-1").last(), Some(&"after_work_ended"));
    assert_eq!(scene.desk.router().load(&"kim".parse().unwrap()), Some(0));
}

#[test]
fn a_customer_who_writes_during_after_work_goes_back_to_the_same_agent() {
    let mut scene = Scene::new(settings()).with_agents(&["kim", "lee"]);
    scene.says(NAVER, "bo", "안녕");
    scene.says(NAVER, "bo", "상담원");
    scene.agent_says("kim", "c-1", "네").unwrap();
    let end = DeskCommand::End {
        conversation: "c-1".parse().unwrap(),
        agent: Some("kim".parse().unwrap()),
    };
    scene.command(end).unwrap();
    scene.says(NAVER, "bo", "하나만 더요");
    let kinds = scene.kinds("c-1");
    assert_eq!(kinds[kinds.len() - 2..], ["reopened", "customer_said"]);
    scene.agent_says("kim", "c-1", "말씀하세요").unwrap();
    assert_eq!(scene.desk.router().load(&"kim".parse().unwrap()), Some(1));
}

#[test]
fn a_message_that_fails_is_in_the_log_once() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    scene.agent_says("kim", "c-1", "네").unwrap();
    let sent = scene
        .effects
        .iter()
        .find(|effect| matches!(effect.what, EffectKind::Send { .. }))
        .unwrap()
        .id
        .clone();
    let result = EffectResult::SendFailed {
        code: "kakao.no_session",
        retry: Retry::Never,
    };
    for _ in 0..2 {
        scene.input(Input::EffectDone {
            id: sent.clone(),
            result: result.clone(),
        });
    }
    let kinds = scene.kinds("c-1");
    assert_eq!(
        kinds
            .iter()
            .filter(|kind| **kind == "message_failed")
            .count(),
        1
    );
}

#[test]
fn the_queue_full_notice_goes_to_one_customer_once_an_hour() {
    let mut settings = settings().with_text(
        AutoKind::QueueFull,
        "지금은 상담이 많아요.".parse().unwrap(),
    );
    settings.routing = settings.routing.with_waiting_max(0);
    let mut scene = Scene::new(settings);
    for _ in 0..2 {
        scene.says(KAKAO, "ann", "문의");
        scene.pass(60);
    }
    let notices = scene
        .lines
        .iter()
        .filter(|line| line.event.kind() == "auto_said")
        .count();
    let rejected = scene
        .lines
        .iter()
        .filter(|line| line.event.kind() == "rejected")
        .count();
    assert_eq!((notices, rejected), (1, 2));
    scene.pass(3_600);
    scene.says(KAKAO, "ann", "문의");
    assert_eq!(
        scene
            .lines
            .iter()
            .filter(|line| line.event.kind() == "auto_said")
            .count(),
        2
    );
}

#[test]
fn a_refused_request_leaves_the_customer_with_the_bot() {
    let mut settings = settings();
    settings.routing = settings.routing.with_waiting_max(0);
    let mut scene = Scene::new(settings);
    scene.says(NAVER, "bo", "안녕");
    scene.says(NAVER, "bo", "상담원");
    let kinds = scene.kinds("c-1");
    assert_eq!(
        kinds[5..],
        [
            "agent_requested",
            "rejected",
            "bot_entered",
            "bot_said",
            "bot_ended"
        ]
    );
    let Some(Event::Rejected { is_final, .. }) = scene.events("c-1").get(6).copied() else {
        panic!("not rejected")
    };
    assert!(!is_final);
}

#[test]
fn what_is_not_there_is_a_typed_refusal() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    assert_eq!(
        scene.agent_says("kim", "c-9", "?").unwrap_err().code(),
        "desk.no_conversation"
    );
    let pick = DeskCommand::Pick {
        agent: "nobody".parse().unwrap(),
        conversation: "c-9".parse().unwrap(),
    };
    assert_eq!(
        scene.command(pick),
        Err(Error::NoAgent {
            agent: "nobody".parse().unwrap()
        })
    );
    let mut bad = settings();
    bad.closing.customer_silent = Some(std::time::Duration::from_secs(59));
    assert_eq!(
        happytalk::Desk::new(crate::scene::site(), bad)
            .unwrap_err()
            .code(),
        "desk.settings"
    );
}

#[test]
fn a_clock_that_steps_back_is_counted_and_not_followed() {
    let mut scene = Scene::new(settings()).with_agents(&["kim"]);
    scene.says(KAKAO, "ann", "문의");
    let last = scene.lines.last().unwrap().at;
    scene.pass(-60);
    scene.desk.handle_input(Input::Tick, scene.now);
    assert_eq!(scene.desk.steps_back(), 1);
    scene.pass(60);
    scene.says(KAKAO, "ann", "있나요?");
    assert!(
        scene
            .lines
            .iter()
            .all(|line| line.at <= last.plus(std::time::Duration::from_secs(1)))
    );
    assert!(scene.lines.windows(2).all(|pair| pair[0].at <= pair[1].at));
}

#[test]
fn a_suspended_site_starts_nothing_and_says_so_and_a_top_up_opens_it_again() {
    use happytalk::billing::{Account, PriceBook};
    let settings = settings().with_text(
        AutoKind::Unavailable,
        "지금은 상담을 시작할 수 없어요.".parse().unwrap(),
    );
    let mut scene =
        Scene::new(settings).with_account(Account::new(PriceBook::shipped(), Zone::default()));
    scene = scene.with_agents(&["kim"]);
    let book = |json: &str| DeskCommand::Book {
        json: json.to_owned(),
    };
    scene
        .command(book(
            r#"{"type":"plan_set","key":"p","plan":"pro","accounts":1}"#,
        ))
        .unwrap_or(());
    scene
        .command(book(
            r#"{"type":"top_up","key":"t1","amount_won":100000,"vat":"excluded"}"#,
        ))
        .unwrap();
    scene
        .command(book(
            r#"{"type":"plan_set","key":"p2","plan":"pro","accounts":1}"#,
        ))
        .unwrap();
    scene.says(KAKAO, "ann", "문의");
    assert_eq!(scene.kinds("c-1").last(), Some(&"assigned"));
    // December's fee is not covered; a week later the site is suspended.
    scene.pass(24 * 24 * 3_600);
    scene.says(KAKAO, "bo", "문의");
    assert_eq!(
        scene.kinds("c-2"),
        ["opened", "customer_said", "auto_said", "rejected"]
    );
    let refused = scene.agent_says("kim", "c-1", "네").unwrap_err();
    assert!(
        matches!(refused.code(), "billing.suspended" | "desk.no_conversation"),
        "{refused}"
    );
    scene
        .command(book(
            r#"{"type":"top_up","key":"t2","amount_won":500000,"vat":"excluded"}"#,
        ))
        .unwrap();
    scene.says(KAKAO, "cha", "문의");
    assert_eq!(
        scene.kinds("c-4").last(),
        Some(&"assigned"),
        "{:?}",
        scene.kinds("c-4")
    );
    // A command the ledger has booked already is not written twice; another body under its key is a conflict.
    let lines = scene.lines.len();
    let other = scene.command(book(
        r#"{"type":"top_up","key":"t2","amount_won":1,"vat":"excluded"}"#,
    ));
    assert!(other.is_err());
    assert_eq!(scene.lines.len(), lines);
}
