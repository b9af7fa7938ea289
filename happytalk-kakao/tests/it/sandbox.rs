//! The adapter against the sandbox, in every dialect: sessions, buttons, ends, repetitions, and the events of users.

use std::time::Duration;

use happytalk_core::channel::Verdict;
use happytalk_core::content::{Button, ButtonAction, Card, Content};
use happytalk_core::{Action, Channel, Inbound, InboundKind, Retry};
use happytalk_kakao::sandbox::{Fault, Impossible, Sandbox, UserAct, UserMedia};
use happytalk_kakao::{Dialect, FirstAnswer, Refusal};

use crate::fixture::SENDER_KEY;
use crate::sandbox_stage::{Stage, kinds, told};

const DAY: Duration = Duration::from_secs(24 * 60 * 60);

fn every(test: impl Fn(Dialect)) {
    for dialect in Dialect::ALL {
        test(*dialect);
    }
}

fn words(inbound: &Inbound) -> String {
    match &inbound.what {
        InboundKind::Message { content, .. } => match &content[..] {
            [Content::Text(text)] => text.text.clone(),
            other => panic!("{} parts", other.len()),
        },
        _ => panic!("not a message"),
    }
}

fn postback(inbound: &Inbound) -> Option<&str> {
    match &inbound.what {
        InboundKind::Message { postback, .. } => postback.as_ref().map(|text| text.as_str()),
        _ => panic!("not a message"),
    }
}

fn parameter<'a>(inbound: &'a Inbound, name: &str) -> Option<&'a str> {
    match &inbound.what {
        InboundKind::Entered { parameters, .. } => Some(parameters.as_ref()?.get(name)?.as_str()),
        _ => panic!("not an entrance"),
    }
}

fn choice(label: &str, action: ButtonAction, value: &str) -> Content {
    let mut card = Card::new();
    card.text = Some("골라 주세요".to_owned());
    card.buttons = vec![Button::new(label, action, value)];
    Content::Card(card)
}

#[test]
fn somebody_writes_and_is_answered() {
    every(|dialect| {
        let mut stage = Stage::new(dialect);
        let came = stage.user("ann", &UserAct::write("안녕하세요"));
        assert_eq!(kinds(&came), ["message"], "{dialect}");
        assert_eq!(words(&came[0]), "안녕하세요");
        assert_eq!(came[0].customer.as_ref().unwrap().as_str(), "ann");
        assert_eq!(came[0].account.as_ref().unwrap().as_str(), SENDER_KEY);
        assert_eq!(came[0].at, Some(stage.now), "{dialect}");
        assert!(came[0].session.is_some() && came[0].id.is_some());
        stage.says("ann", "무엇을 도와드릴까요?").unwrap();
        let shown = stage.shown("ann");
        assert_eq!(shown[0].words, "무엇을 도와드릴까요?", "{dialect}");
        assert_eq!(told(&stage.events()), [""; 0]);
    });
}

#[test]
fn rule_3_1_1_the_centre_cannot_speak_first() {
    every(|dialect| {
        let mut stage = Stage::new(dialect);
        let error = stage.says("ann", "안녕하세요").unwrap_err();
        assert_eq!(
            (error.code, error.retry),
            ("kakao.no_session", Retry::Never)
        );
        assert_eq!(error.code, Refusal::NoSession.code());
        assert!(stage.shown("ann").is_empty(), "{dialect}");
    });
}

#[test]
fn rule_3_1_3_the_session_lasts_30_days_from_the_next_hour_after_the_last_message_of_the_user() {
    every(|dialect| {
        let mut stage = Stage::new(dialect);
        stage.user("ann", &UserAct::write("하나"));
        stage.pass(10 * DAY);
        stage.user("ann", &UserAct::write("둘"));
        let end = stage.now.plus(30 * DAY).plus(Duration::from_secs(3600));
        stage.pass(29 * DAY);
        stage.says("ann", "상담사의 말은 늘리지 않아요").unwrap();
        stage.events();
        assert_eq!(
            stage.local.with(|sandbox| sandbox.next_deadline()),
            Some(end)
        );
        stage.pass(end.since(stage.now) - Duration::from_millis(1));
        assert!(stage.is_open("ann"), "{dialect}");
        stage.pass(Duration::from_millis(1));
        assert!(!stage.is_open("ann"));
        assert_eq!(kinds(&stage.events()), ["session_ended"]);
        let error = stage.says("ann", "늦었어요").unwrap_err();
        assert_eq!(error.code, "kakao.no_session");
    });
}

#[test]
fn rule_3_1_5_every_end_of_the_users_is_told_without_a_reason() {
    for act in [
        UserAct::write("!종료"),
        UserAct::Leave,
        UserAct::BlockChannel,
    ] {
        every(|dialect| {
            let mut stage = Stage::new(dialect);
            let first = stage.user("ann", &UserAct::write("문의"));
            let ended = stage.user("ann", &act);
            assert_eq!(kinds(&ended), ["session_ended"], "{dialect} {act:?}");
            assert_eq!(ended[0].session, first[0].session);
            assert_eq!(
                stage.says("ann", "네").unwrap_err().code,
                "kakao.no_session"
            );
            if act != UserAct::BlockChannel {
                let again = stage.user("ann", &UserAct::write("다시"));
                assert_ne!(again[0].session, first[0].session, "another session");
                stage.says("ann", "네").unwrap();
            }
        });
    }
}

#[test]
fn rule_3_1_5_our_end_comes_back_and_a_second_one_counts_as_done() {
    every(|dialect| {
        let mut stage = Stage::new(dialect);
        stage.user("ann", &UserAct::write("문의"));
        let end = stage.outbound("ann", Action::End {});
        assert!(!stage.sends(&end).unwrap().repeated);
        assert_eq!(told(&stage.events()), ["session_ended"], "{dialect}");
        assert!(stage.sends(&end).unwrap().repeated);
        assert_eq!(told(&stage.events()), [""; 0]);
    });
}

#[test]
fn rule_3_1_5_a_block_ends_the_session_and_holds_until_it_is_taken_back() {
    for dialect in [Dialect::HappytalkV1, Dialect::HappytalkV3, Dialect::Hub] {
        let mut stage = Stage::new(dialect);
        stage.user("ann", &UserAct::write("문의"));
        stage.does("ann", Action::Block {}).unwrap();
        assert_eq!(kinds(&stage.events()), ["session_ended"], "{dialect}");
        assert_eq!(
            stage.says("ann", "네").unwrap_err().code,
            "kakao.user_blocked"
        );
        assert_eq!(
            kinds(&stage.user("ann", &UserAct::write("여보세요"))),
            [""; 0]
        );
        stage.does("ann", Action::Unblock {}).unwrap();
        assert_eq!(
            stage.says("ann", "네").unwrap_err().code,
            "kakao.no_session"
        );
        stage.user("ann", &UserAct::write("다시"));
        stage.says("ann", "네").unwrap();
    }
}

#[test]
fn a_button_sends_its_label_and_what_it_carries() {
    every(|dialect| {
        let mut stage = Stage::new(dialect);
        stage.user("ann", &UserAct::write("교환하고 싶어요"));
        let content = vec![choice("교환", ButtonAction::Postback, "exchange_17")];
        stage.does("ann", Action::Say { content }).unwrap();
        stage.events();
        let came = stage.user("ann", &UserAct::press("교환"));
        assert_eq!(kinds(&came), ["message"], "{dialect}");
        assert_eq!(words(&came[0]), "교환");
        assert_eq!(postback(&came[0]), Some("exchange_17"), "{dialect}");
    });
}

#[test]
fn rule_3_3_a_button_to_the_bot_ends_the_session() {
    every(|dialect| {
        for told_of in [true, false] {
            let mut sandbox = Sandbox::new(dialect, SENDER_KEY.parse().unwrap());
            if !told_of {
                sandbox = sandbox.without_events_of_bot();
            }
            let mut stage = Stage::of(sandbox);
            stage.user("ann", &UserAct::write("문의"));
            let content = vec![choice("챗봇으로", ButtonAction::Bot, "home")];
            stage.does("ann", Action::Say { content }).unwrap();
            stage.events();
            let came = stage.user("ann", &UserAct::press("챗봇으로"));
            let expected: &[&str] = if told_of { &["session_ended"] } else { &[] };
            assert_eq!(kinds(&came), expected, "{dialect}");
            assert_eq!(
                stage.says("ann", "네").unwrap_err().code,
                "kakao.no_session"
            );
        }
    });
}

#[test]
fn rule_3_3_who_has_the_first_words_is_as_the_button_says() {
    let ask = |first_answer| UserAct::Ask {
        extra: Some("order_17".to_owned()),
        first_answer,
    };
    every(|dialect| {
        let mut stage = Stage::new(dialect);
        for to_bot in [FirstAnswer::Bot, FirstAnswer::BotUnlessOpen] {
            assert_eq!(kinds(&stage.user("ann", &ask(to_bot))), [""; 0]);
            assert!(!stage.is_open("ann"), "{dialect}");
        }
        let came = stage.user("ann", &ask(FirstAnswer::Consultation));
        assert_eq!(kinds(&came), ["entered"], "{dialect}");
        assert_eq!(parameter(&came[0], "extra"), Some("order_17"));
        let again = stage.user("ann", &ask(FirstAnswer::BotUnlessOpen));
        assert_eq!(kinds(&again), ["entered"], "it is open");
        assert_eq!(again[0].session, came[0].session, "and goes on");
        assert_eq!(
            parameter(&again[0], "last_reference.extra"),
            Some("order_17")
        );
    });
}

#[test]
fn a_long_text_comes_as_its_beginning_and_where_the_whole_stands() {
    every(|dialect| {
        let mut stage = Stage::new(dialect);
        let (longest, kept) = match dialect {
            Dialect::Bizgo => (4000, 4000),
            _ => (1000, 300),
        };
        for (length, is_long) in [(longest, false), (longest + 1, true)] {
            let text = "가".repeat(length);
            let came = stage.user("ann", &UserAct::write(text.as_str()));
            let InboundKind::Message { content, .. } = &came[0].what else {
                panic!("not a message");
            };
            let [Content::Text(read)] = &content[..] else {
                panic!("not one text");
            };
            let whole = read.full_text_url.as_deref();
            assert_eq!(whole.is_some(), is_long, "{dialect}");
            if let Some(url) = whole {
                assert_eq!(read.text.chars().count(), kept);
                let stands = stage
                    .local
                    .with(|sandbox| sandbox.file(url).map(str::to_owned));
                assert_eq!(stands, Some(text));
            }
        }
    });
}

#[test]
fn every_kind_of_media_comes_several_at_once() {
    every(|dialect| {
        let mut stage = Stage::new(dialect);
        for (media, kind) in [
            (UserMedia::Photo, "image"),
            (UserMedia::Video, "video"),
            (UserMedia::Audio, "audio"),
            (UserMedia::File, "file"),
        ] {
            let came = stage.user("ann", &UserAct::Send { media, count: 3 });
            let InboundKind::Message { content, .. } = &came[0].what else {
                panic!("not a message");
            };
            let found: Vec<_> = content.iter().map(Content::kind).collect();
            assert_eq!(found, [kind; 3], "{dialect}");
        }
    });
}

#[test]
fn rule_10_3_an_answer_that_was_lost_is_asked_for_again_and_nothing_is_said_twice() {
    for dialect in [Dialect::HappytalkV1, Dialect::HappytalkV3, Dialect::Hub] {
        for (fault, was_done) in [(Fault::AnswerLost, true), (Fault::NotReached, false)] {
            let mut stage = Stage::new(dialect);
            stage.user("ann", &UserAct::write("문의"));
            let content = vec![Content::text("네")];
            let answer = stage.outbound("ann", Action::Say { content });
            stage.local.with(|sandbox| sandbox.fail_next(fault.clone()));
            let error = stage.sends(&answer).unwrap_err();
            assert_eq!(
                (error.code, error.retry),
                ("kakao.bad_reply", Retry::Unknown)
            );
            let receipt = stage.sends(&answer).unwrap();
            assert_eq!(receipt.repeated, was_done, "{dialect} {fault:?}");
            assert_eq!(stage.shown("ann").len(), 1);
        }
    }
}

#[test]
fn what_goes_wrong_inside_the_platform_says_whether_to_come_again() {
    let mut stage = Stage::new(Dialect::HappytalkV1);
    stage.user("ann", &UserAct::write("문의"));
    for (fault, code, retry) in [
        (
            Fault::TooMany { after_secs: 7 },
            "kakao.rate_limited",
            Retry::After(Duration::from_secs(7)),
        ),
        (
            Fault::Code("-601".to_owned()),
            "kakao.internal_error",
            Retry::After(Duration::from_secs(5)),
        ),
        (
            Fault::Code("-512".to_owned()),
            "kakao.no_contract",
            Retry::Never,
        ),
    ] {
        stage.local.with(|sandbox| sandbox.fail_next(fault));
        let error = stage.says("ann", "네").unwrap_err();
        assert_eq!((error.code, error.retry), (code, retry));
    }
    assert!(stage.shown("ann").is_empty());
    stage.says("ann", "네").unwrap();
}

#[test]
fn bizgo_tells_how_each_send_went_and_tries_an_event_three_times() {
    let mut stage = Stage::new(Dialect::Bizgo);
    let now = stage.now;
    stage.local.with(|sandbox| {
        sandbox.user("ann", &UserAct::write("문의"), now).unwrap();
        for tries in 1..=3 {
            let event = sandbox.poll_event().unwrap();
            assert_eq!((event.path(), event.tries()), ("/cstalk/message", tries));
            let unread = http::Response::new(b"{\"code\":\"A999\"}".to_vec());
            let answer = (tries == 2).then_some(&unread);
            sandbox.event_answered(event, answer);
        }
        assert_eq!(sandbox.poll_event(), None, "given up");
    });
    stage.says("ann", "네").unwrap();
    let came = stage.events();
    let InboundKind::Delivery { message, status } = &came[0].what else {
        panic!("{:?}", kinds(&came));
    };
    assert_eq!((message.as_str(), status.as_str()), ("m-1", "A000"));
}

#[test]
fn bizgo_tells_that_it_was_read_within_a_day_and_only_within_the_session() {
    let mut stage = Stage::new(Dialect::Bizgo);
    stage.user("ann", &UserAct::write("문의"));
    assert_eq!(
        kinds(&stage.user("ann", &UserAct::Read)),
        [""; 0],
        "nothing was said"
    );
    stage.says("ann", "네").unwrap();
    stage.events();
    assert_eq!(kinds(&stage.user("ann", &UserAct::Read)), ["seen"]);
    stage.pass(DAY + Duration::from_millis(1));
    assert_eq!(kinds(&stage.user("ann", &UserAct::Read)), [""; 0]);
    stage.says("ann", "네").unwrap();
    stage.events();
    stage.user("ann", &UserAct::Leave);
    assert_eq!(kinds(&stage.user("ann", &UserAct::Read)), [""; 0]);
}

#[test]
fn an_event_that_is_refused_is_not_repeated_where_no_document_says_so() {
    let mut stage = Stage::new(Dialect::HappytalkV1);
    let now = stage.now;
    let event = stage.local.with(|sandbox| {
        sandbox.user("ann", &UserAct::write("문의"), now).unwrap();
        sandbox.poll_event().unwrap()
    });
    let request = event.request("https://centre.example").unwrap();
    let refused = stage.kakao.reply(&request, &Verdict::Failed);
    stage
        .local
        .with(|sandbox| sandbox.event_answered(event, Some(&refused)));
    assert_eq!(kinds(&stage.events()), [""; 0]);
}

#[test]
fn what_nobody_could_do_is_refused() {
    let mut sandbox = Sandbox::new(Dialect::HappytalkV1, SENDER_KEY.parse().unwrap());
    let now = "2026-11-16T09:00:00+09:00".parse().unwrap();
    let mut code = |user: &str, act: UserAct| {
        let done = sandbox.user(user, &act, now);
        done.err().map(Impossible::code)
    };
    assert_eq!(code("", UserAct::Leave), Some("kakao.sandbox.user_key"));
    let long = "u".repeat(21);
    assert_eq!(code(&long, UserAct::Leave), Some("kakao.sandbox.user_key"));
    assert_eq!(
        code("ann", UserAct::press("없음")),
        Some("kakao.sandbox.no_button")
    );
    assert_eq!(
        code("ann", UserAct::write("")),
        Some("kakao.sandbox.nothing")
    );
    assert_eq!(code("ann", UserAct::BlockChannel), None);
    assert_eq!(
        code("ann", UserAct::write("네")),
        Some("kakao.sandbox.blocked_channel")
    );
    assert_eq!(code("ann", UserAct::UnblockChannel), None);
    assert_eq!(code("ann", UserAct::write("네")), None);
}
