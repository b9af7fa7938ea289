//! The adapter against the sandbox: what people do comes in, what is said reaches them.

use std::time::Duration;

use happytalk_core::content::{Button, ButtonAction, Card, Media, Text};
use happytalk_core::inbound::Author;
use happytalk_core::outbound::Owner;
use happytalk_core::testing::{assert_contract, poll_once};
use happytalk_core::{Action, Channel, Content, InboundKind, Retry};
use happytalk_naver::message::{
    self, Calendar, Menu, MenuEntry, Message, ProductDisplay, Products, SendOptions,
};
use happytalk_naver::room::{Answer, EchoOf, Greeting, Room, RoomEvent, RoomInput};
use happytalk_naver::sandbox::{
    AgentAct, EventFault, Fault, Impossible, Inflow, PictureFault, UserAct,
};

use crate::sandbox_stage::{ANN, Stage};

fn card_with_buttons() -> Card {
    let mut card = Card::new();
    card.text = Some("무엇을 도와드릴까요?".to_owned());
    card.buttons = vec![
        Button::new("교환", ButtonAction::Postback, "exchange"),
        Button::new("쇼핑몰", ButtonAction::Url, "https://shop.example/"),
    ];
    card
}

#[test]
fn the_adapter_keeps_its_contract_over_the_sandbox_too() {
    let stage = Stage::new();
    let platform = &stage.platform;
    let sent = || platform.with(|sandbox| sandbox.exchanges().count());
    assert_contract(&stage.naver, &sent);
}

#[test]
fn a_customer_comes_in_presses_and_is_answered() {
    let mut stage = Stage::new();
    stage.does(&UserAct::Enter(Inflow::page(
        "https://smartstore.naver.com/shop/products/7",
    )));
    let [InboundKind::Entered { parameters, .. }] = &stage.told()[..] else {
        panic!("one event")
    };
    assert_eq!(
        parameters.as_ref().unwrap()["entry_point"].as_str(),
        "smart_store"
    );

    stage.say(Content::Card(card_with_buttons())).unwrap();
    assert_eq!(stage.words(), ["무엇을 도와드릴까요?"]);
    stage.told();
    stage.does(&UserAct::press("교환"));
    let [
        InboundKind::Message {
            postback, input, ..
        },
    ] = &stage.told()[..]
    else {
        panic!("one message")
    };
    assert_eq!(postback.as_ref().unwrap().as_str(), "exchange");
    assert_eq!(input.as_deref(), Some("button"));
    // A link leads away and tells nobody.
    stage.does(&UserAct::press("쇼핑몰"));
    assert!(stage.events().is_empty());
    assert_eq!(
        stage.user(&UserAct::press("환불")),
        Err(Impossible::NothingToPress)
    );
}

#[test]
fn quick_replies_are_gone_once_anything_follows() {
    let mut stage = Stage::new();
    stage.does(&UserAct::write("안녕하세요"));
    let mut text = Text::new("골라 주세요");
    text.quick_replies = vec![Button::new("네", ButtonAction::Postback, "y")];
    stage.say(Content::Text(text.clone())).unwrap();
    stage.does(&UserAct::press("네"));
    assert!(stage.user(&UserAct::press("네")).is_err());
    stage.say(Content::Text(text)).unwrap();
    stage.say(Content::text("하나 더")).unwrap();
    assert!(stage.user(&UserAct::press("네")).is_err());
}

/// A bot that answers whatever its memory of the room tells it to, as often as it is told.
fn play(stage: &mut Stage, room: &mut Room) -> (u32, Vec<EchoOf>) {
    let (mut said, mut echoes) = (0, Vec::new());
    loop {
        let events = stage.events();
        if events.is_empty() {
            return (said, echoes);
        }
        for event in events {
            let request = event.request("https://desk.invalid/").unwrap();
            let inbound = stage.naver.receive(&request, stage.now).unwrap().remove(0);
            let facts = room.decide(&RoomInput::Told(&inbound), stage.now);
            for fact in &facts {
                room.apply(fact, stage.now);
            }
            for fact in facts {
                let speaks = match fact {
                    RoomEvent::Entered { greeting } => greeting == Greeting::Due,
                    RoomEvent::Spoke { answer } => answer == Answer::Yes,
                    RoomEvent::Echoed { of } => {
                        echoes.push(of);
                        false
                    }
                    _ => false,
                };
                if speaks {
                    said += 1;
                    assert!(said < 100, "a loop");
                    let content = vec![Content::text("네, 말씀하세요.")];
                    let outbound = stage.outbound(Action::Say { content });
                    for fact in room.decide(&RoomInput::Sending(&outbound), stage.now) {
                        room.apply(&fact, stage.now);
                    }
                    poll_once(stage.naver.send(&outbound, stage.now))
                        .expect("nothing waits")
                        .unwrap();
                }
            }
        }
    }
}

#[test]
fn a_customer_goes_from_the_bot_to_an_agent_and_back_with_echoes_on_and_no_loop() {
    let mut stage = Stage::new();
    let mut room = Room::new();
    // The platform tells that they came in twice.
    stage
        .platform
        .with(|sandbox| sandbox.fail_next_event(EventFault::Twice));
    stage.does(&UserAct::Enter(Inflow::Address));
    let (said, echoes) = play(&mut stage, &mut room);
    assert_eq!(said, 1);
    assert!(matches!(echoes[..], [EchoOf::Ours { .. }]), "{echoes:?}");

    stage.does(&UserAct::write("상담원 연결"));
    assert_eq!(play(&mut stage, &mut room).0, 1);
    let hand_over = stage.outbound(Action::Handover { to: Owner::Agents });
    poll_once(stage.naver.send(&hand_over, stage.now))
        .expect("nothing waits")
        .unwrap();
    for fact in room.decide(&RoomInput::Sent(&hand_over), stage.now) {
        room.apply(&fact, stage.now);
    }

    stage.does(&UserAct::write("배송이 늦어요"));
    stage.agent(&AgentAct::write("확인해 드릴게요."));
    stage.does(&UserAct::Enter(Inflow::Address));
    let (said, echoes) = play(&mut stage, &mut room);
    assert_eq!((said, echoes), (0, vec![EchoOf::Agent]));
    assert_eq!(room.owner(), Some(Owner::Agents));

    stage.agent(&AgentAct::Complete);
    // The agent types once more, though the room is the bot's.
    stage.agent(&AgentAct::write("좋은 하루 되세요."));
    stage.does(&UserAct::write("감사합니다"));
    let (said, echoes) = play(&mut stage, &mut room);
    assert_eq!(said, 1);
    assert!(
        matches!(echoes[..], [EchoOf::Agent, EchoOf::Ours { .. }]),
        "{echoes:?}"
    );
    assert_eq!(room.owner(), Some(Owner::Bot));
}

#[test]
fn an_agents_file_keeps_the_day_on_which_its_address_dies() {
    let stage = Stage::new();
    stage.does(&UserAct::write("견적서 부탁해요"));
    stage.told();
    stage.agent(&AgentAct::SendFile {
        name: "견적서.pdf".to_owned(),
        expires_on: "2026-12-21".to_owned(),
    });
    let [
        InboundKind::Echo {
            author,
            content,
            parameters,
        },
    ] = &stage.told()[..]
    else {
        panic!("one echo")
    };
    assert_eq!(*author, Author::Agent);
    assert!(
        matches!(&content[..], [Content::File(file)] if file.name.as_deref() == Some("견적서.pdf"))
    );
    assert_eq!(
        parameters.as_ref().unwrap()["expireDate"].as_str(),
        "2026-12-21"
    );
}

#[test]
fn the_platforms_own_messages_come_back_as_its_own() {
    let stage = Stage::new();
    stage.does(&UserAct::write("안녕하세요"));
    stage.told();
    stage.agent(&AgentAct::Advertise("주말 특가".to_owned()));
    stage.agent(&AgentAct::Notify("예약 안내".to_owned()));
    stage.agent(&AgentAct::Leave);
    let told = stage.told();
    let authors: Vec<_> = told
        .iter()
        .map(|what| match what {
            InboundKind::Echo { author, .. } => *author,
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(authors, [Author::System, Author::System, Author::Agent]);
}

#[test]
fn pickers_and_the_fixed_menu_come_back_as_they_were_pressed() {
    let stage = Stage::new();
    stage.does(&UserAct::write("예약할게요"));
    let calendar = message::Button::Calendar(Calendar::new("day"));
    stage
        .show(&Message::text("언제요?").with_quick_replies(vec![calendar]))
        .unwrap();
    stage.told();
    stage.does(&UserAct::Pick {
        label: "날짜 선택하기".to_owned(),
        value: "20261224".to_owned(),
    });
    let [
        InboundKind::Message {
            content,
            input,
            postback,
            ..
        },
    ] = &stage.told()[..]
    else {
        panic!("a message")
    };
    assert_eq!(
        (
            content[0].words(),
            input.as_deref(),
            postback.as_ref().unwrap().as_str()
        ),
        (Some("20261224"), Some("calendar"), "day")
    );

    let track = MenuEntry::Text {
        label: "배송 조회".to_owned(),
        code: "track".to_owned(),
    };
    let menu = Menu::new(vec![MenuEntry::Nested {
        label: "주문".to_owned(),
        entries: vec![track],
    }]);
    poll_once(stage.naver.set_menu(&menu))
        .expect("nothing waits")
        .unwrap();
    stage.does(&UserAct::press("배송 조회"));
    let [InboundKind::Message { postback, .. }] = &stage.told()[..] else {
        panic!("a message")
    };
    assert_eq!(postback.as_ref().unwrap().as_str(), "track");
    poll_once(stage.naver.set_menu(&Menu::default()))
        .expect("nothing waits")
        .unwrap();
    assert!(stage.user(&UserAct::press("배송 조회")).is_err());
}

#[test]
fn whatever_a_customer_sends_is_read() {
    let stage = Stage::new();
    let kind = |act: &UserAct| {
        stage.does(act);
        match &stage.told()[..] {
            [InboundKind::Message { content, input, .. }] => {
                (content[0].kind(), input.clone().unwrap_or_default())
            }
            other => panic!("{other:?}"),
        }
    };
    let picture = UserAct::SendPicture {
        url: "https://shop-phinf.pstatic.netnull/1.jpg".to_owned(),
    };
    let number = UserAct::SendSafeNumber {
        number: "050712345678".to_owned(),
        expires_on: "2026-12-01".to_owned(),
    };
    let product = (
        "린넨 셔츠".to_owned(),
        "https://smartstore.naver.com/s/1".to_owned(),
    );
    assert_eq!(
        kind(&UserAct::SendSticker),
        ("sticker", "sticker".to_owned())
    );
    assert_eq!(kind(&picture), ("image", String::new()));
    assert_eq!(kind(&number), ("text", "vphone".to_owned()));
    assert_eq!(
        kind(&UserAct::AskAboutProduct(Some(product))),
        ("text", "product".to_owned())
    );
    assert_eq!(
        kind(&UserAct::AskAboutProduct(None)),
        ("text", "product".to_owned())
    );
    stage.does(&UserAct::AddFriend);
    stage.does(&UserAct::RemoveFriend);
    assert_eq!(
        stage.told(),
        [
            InboundKind::FriendChanged { friend: true },
            InboundKind::FriendChanged { friend: false }
        ]
    );
}

#[test]
fn a_picture_is_handed_over_and_shown_by_its_id() {
    let mut stage = Stage::new();
    stage.does(&UserAct::write("사진 보여 주세요"));
    let url = "https://img.example/1.png";
    let id = poll_once(stage.naver.upload_image(url)).expect("nothing waits");
    let id = id.unwrap().as_str().to_owned();
    stage.say(Content::Image(Media::new(id))).unwrap();
    stage.platform.with(|sandbox| {
        assert_eq!(sandbox.room(ANN).unwrap().shown()[0].pictures, [url]);
        sandbox.break_picture(url, PictureFault::TooLarge);
    });
    let refused = poll_once(stage.naver.upload_image(url)).expect("nothing waits");
    assert_eq!(refused.unwrap_err().code(), "naver.image_too_large");
    // In a message the address shows instead, and nobody is told.
    stage.say(Content::Image(Media::new(url))).unwrap();
    assert_eq!(stage.words().last().unwrap(), url);
}

#[test]
fn products_typing_the_read_mark_and_a_notification_reach_the_room() {
    let mut stage = Stage::new();
    stage.does(&UserAct::write("추천해 주세요"));
    let room = |stage: &Stage| {
        stage
            .platform
            .with(|sandbox| sandbox.room(ANN).unwrap().clone())
    };
    assert!(room(&stage).is_unread());
    stage.send(Action::Typing { on: true }).unwrap();
    assert!(room(&stage).is_typing());
    let products = Products::new(vec![7, 8], ProductDisplay::Single);
    let options = SendOptions::new().with_notification().with_read_mark();
    let message = Message::new(message::Body::Products(products)).with_options(options);
    stage.show(&message).unwrap();
    let room = room(&stage);
    assert!(!room.is_unread() && !room.is_typing());
    assert_eq!(room.shown()[0].products, [7, 8]);
    assert!(room.shown()[0].has_notified);
}

#[test]
fn nothing_is_told_again_and_too_many_failures_stop_it_all() {
    let stage = Stage::new();
    let fail = || {
        stage.does(&UserAct::write("여보세요"));
        for event in stage.events() {
            stage
                .platform
                .with(|sandbox| sandbox.event_answered(&event, None));
        }
    };
    fail();
    assert!(stage.events().is_empty(), "no retry");
    (0..19).for_each(|_| fail());
    stage.does(&UserAct::write("여보세요"));
    assert!(stage.events().is_empty(), "the platform stopped calling");
    stage.platform.with(|sandbox| {
        assert!(sandbox.has_stopped());
        sandbox.save_address();
    });
    stage.does(&UserAct::write("여보세요"));
    assert_eq!(stage.told().len(), 1);
}

#[test]
fn a_webhook_is_lost_or_comes_twice() {
    let stage = Stage::new();
    stage.platform.with(|sandbox| {
        sandbox.fail_next_event(EventFault::Lost);
        sandbox.fail_next_event(EventFault::Twice);
    });
    stage.does(&UserAct::Enter(Inflow::List));
    assert!(stage.events().is_empty());
    stage.does(&UserAct::Enter(Inflow::List));
    assert_eq!(stage.events().len(), 2);
}

#[test]
fn whoever_leaves_an_empty_room_is_not_told_of() {
    let stage = Stage::new();
    stage.does(&UserAct::Enter(Inflow::Address));
    stage.events();
    stage.does(&UserAct::Leave);
    assert!(stage.events().is_empty());
    stage.does(&UserAct::write("안녕하세요"));
    stage.does(&UserAct::Leave);
    assert!(matches!(
        &stage.told()[..],
        [InboundKind::Message { .. }, InboundKind::Left {}]
    ));
}

#[test]
fn a_lost_answer_may_have_been_a_delivery() {
    let mut stage = Stage::new();
    stage.does(&UserAct::write("안녕하세요"));
    stage.told();
    stage
        .platform
        .with(|sandbox| sandbox.fail_next(Fault::AnswerLost));
    let error = stage.say(Content::text("네")).unwrap_err();
    assert_eq!(error.retry, Retry::Unknown);
    assert_eq!(stage.words(), ["네"]);
    stage
        .platform
        .with(|sandbox| sandbox.fail_next(Fault::NotReached));
    let error = stage.say(Content::text("네")).unwrap_err();
    assert_eq!(error.retry, Retry::Unknown);
    assert_eq!(stage.words(), ["네"]);
    stage
        .platform
        .with(|sandbox| sandbox.fail_next(Fault::TooMany));
    let error = stage.say(Content::text("네")).unwrap_err();
    assert_eq!(
        (error.code, error.retry),
        ("naver.rate_limited", Retry::After(Duration::from_secs(3)))
    );
    let fault = Fault::Code {
        code: "99".to_owned(),
        message: "알 수 없는 오류".to_owned(),
    };
    stage.platform.with(|sandbox| sandbox.fail_next(fault));
    let error = stage.say(Content::text("네")).unwrap_err();
    assert_eq!(error.code, "naver.platform_fault");
}
