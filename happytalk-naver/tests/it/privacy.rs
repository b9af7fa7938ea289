//! Keys, customers and their words show in no `Debug` and in no error.

use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::Arc;

use happytalk_core::content::{Button, ButtonAction, Card};
use happytalk_core::testing::ScriptedTransport;
use happytalk_core::{Content, Outbound, Secret, Timestamp};
use happytalk_naver::message::{
    self, Body, Calendar, Image, Menu, MenuEntry, Message, Payment, PaymentItem, ProductDisplay,
    Products, Row, SendOptions, TimeInterval, Webview,
};
use happytalk_naver::room::{HandoverNote, Room, RoomInput};
use happytalk_naver::{
    AllowedSources, Config, EntryPoints, Naver, SyncReply, decode, encode, encode_image_upload,
    encode_message,
};

use crate::desk::{CUSTOMER, KEY, config, over, say, send};

const WORDS: &str = "홍길동입니다";
const PHONE: &str = "010-1234-5678";

/// All that an error shows, its sources included.
fn shown(error: &(dyn std::error::Error + 'static)) -> String {
    let mut text = format!("{error:?}");
    let mut next = Some(error);
    while let Some(error) = next {
        write!(text, " {error}").unwrap();
        next = error.source();
    }
    text
}

fn assert_hidden(text: &str) {
    for secret in [KEY, CUSTOMER, WORDS, PHONE] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn the_settings_and_the_adapter_hide_the_key() {
    assert_hidden(&format!("{:?}", config()));
    let transport = Arc::new(ScriptedTransport::default());
    assert_hidden(&format!("{:?}", over(&transport)));
    let key = format!("{KEY}\n");
    let config = Config::new("wc1234".parse().unwrap(), Secret::new(key));
    let error = Naver::new(config, transport).unwrap_err();
    assert_eq!(error.code(), "naver.unusable_key");
    assert_hidden(&shown(&error));
}

#[test]
fn an_address_that_could_hold_a_password_is_not_shown() {
    let config = config().with_base_url(format!("https://user:{KEY}@example.com"));
    let error = Naver::new(config, Arc::new(ScriptedTransport::default())).unwrap_err();
    assert_eq!(error.code(), "naver.bad_base_url");
    assert_hidden(&shown(&error));
}

#[test]
fn what_is_read_hides_the_customer_and_their_words() {
    for body in [
        format!(
            r#"{{"event":"send","user":"{CUSTOMER}","textContent":{{"text":"{WORDS}","code":"{PHONE}"}}}}"#
        ),
        format!(
            r#"{{"event":"open","user":"{CUSTOMER}","options":{{"from":"{PHONE}","referer":"{WORDS}"}}}}"#
        ),
        format!(
            r#"{{"event":"profile","user":"{CUSTOMER}","options":{{"result":"SUCCESS","cellphone":"{PHONE}"}}}}"#
        ),
        format!(
            r#"{{"event":"handover","user":"{CUSTOMER}","options":{{"control":"passThread","metadata":"{WORDS}"}}}}"#
        ),
    ] {
        let inbound = decode(body.as_bytes(), None).unwrap();
        assert_hidden(&format!("{inbound:?}"));
    }
}

#[test]
fn an_error_about_a_body_does_not_repeat_it() {
    for body in [
        format!(r#"{{"event":{{"{WORDS}":1}},"user":"{CUSTOMER}"}}"#),
        format!(r#"["{WORDS}","{CUSTOMER}"]"#),
        format!(r#"{{"event":"send","user":"{CUSTOMER}","textContent":{{"text":"{WORDS}"#),
        format!(r#"{{"event":"send","user":"{CUSTOMER}\n{PHONE}"}}"#),
        format!(r#"{{"event":"send","options":{{"from":"{PHONE}"}}}}"#),
        format!(r#"{{"event":"{}"}}"#, WORDS.repeat(100)),
    ] {
        let error = decode(body.as_bytes(), None).unwrap_err();
        assert_hidden(&shown(&error));
    }
}

#[test]
fn an_error_about_a_message_does_not_repeat_it() {
    let mut card = Card::new();
    card.text = Some(WORDS.to_owned());
    card.buttons = vec![Button::new(WORDS.repeat(9), ButtonAction::Postback, PHONE)];
    let card = Content::Card(card);
    let message: Outbound = say(vec![card]);
    assert_hidden(&format!("{message:?}"));
    assert_hidden(&shown(&encode(&message).unwrap_err()));

    let answers = [
        format!(
            r#"{{"success":false,"resultCode":"99","resultMessage":"잘못된 user 값 : {CUSTOMER}"}}"#
        ),
        format!(r#"{{"success":false,"resultCode":"{PHONE} {WORDS}"}}"#),
        format!("{PHONE} {WORDS}"),
    ];
    for answer in answers {
        let transport = Arc::new(ScriptedTransport::answering(&[&answer]));
        let error = send(&over(&transport), &say(vec![Content::text(WORDS)])).unwrap_err();
        assert_hidden(&shown(&error));
        assert!(error.source().is_some());
    }
}

/// A message of TalkTalk's own with something of everything on it, all of it private.
fn whole_message() -> Message {
    let item = PaymentItem::new(("BOOKING", "GENERAL"), PHONE, WORDS, PHONE);
    let mut payment = Payment::new(PHONE, 10_000, vec![item]);
    payment.purchaser_name = Some(WORDS.to_owned());
    let mut interval = TimeInterval::new(PHONE);
    interval.label = Some(WORDS.to_owned());
    let mut calendar = Calendar::new(PHONE);
    calendar.placeholder = Some(WORDS.to_owned());
    let mut webview = Webview::new();
    webview.title = Some(WORDS.to_owned());
    let mut row = Row::new(WORDS);
    row.image = Some(Image::Url(PHONE.to_owned()));
    row.button = Some(message::Button::text(WORDS, PHONE));
    let mut card = message::Card::new();
    card.title = Some(WORDS.to_owned());
    card.rows = vec![row];
    card.buttons = vec![
        message::Button::Menu {
            label: WORDS.to_owned(),
            buttons: vec![message::Button::link(WORDS, PHONE)],
        },
        message::Button::Pay {
            payment: Box::new(payment),
        },
        message::Button::TimeInterval(interval),
        message::Button::Calendar(calendar),
        message::Button::Link {
            label: WORDS.to_owned(),
            url: PHONE.to_owned(),
            mobile_url: None,
            webview: Some(webview),
        },
    ];
    let replies = vec![message::Button::text(WORDS, PHONE)];
    Message::new(Body::Cards { cards: vec![card] }).with_quick_replies(replies)
}

#[test]
fn nothing_private_shows_in_any_public_type() {
    let config = config()
        .with_route_segment(Secret::new("p7Rw4ZkY1cQx9LmT"))
        .with_allowed_sources(AllowedSources::Platform)
        .with_send_options(SendOptions::new().with_notification());
    let settings = format!("{config:?}{config:#?}");
    assert_hidden(&settings);
    assert!(!settings.contains("p7Rw4ZkY1cQx9LmT"));

    let whole = whole_message();
    let Body::Cards { cards } = &whole.body else {
        unreachable!("cards")
    };
    let card = &cards[0];
    let menu = Menu::new(vec![MenuEntry::Text {
        label: WORDS.to_owned(),
        code: PHONE.to_owned(),
    }]);
    let products = Products::new(vec![7], ProductDisplay::Single);
    assert_hidden(&format!(
        "{whole:?}{whole:#?}{:?}{card:?}{:?}{:?}{:?}{menu:?}{:?}{products:?}",
        whole.body, card.rows, card.buttons, card.image, menu.entries
    ));
    for button in card.buttons.iter().chain(&whole.quick_replies) {
        if let message::Button::Pay { payment } = button {
            assert_hidden(&format!("{payment:?}{:?}", payment.items));
        }
        if let message::Button::TimeInterval(picker) = button {
            assert_hidden(&format!("{picker:?}"));
        }
        if let message::Button::Calendar(picker) = button {
            assert_hidden(&format!("{picker:?}"));
        }
        if let message::Button::Link { webview, .. } = button {
            assert_hidden(&format!("{webview:?}"));
        }
    }

    let said = say(vec![Content::text(WORDS)]);
    let echo = format!(
        r#"{{"event":"echo","user":"{CUSTOMER}","messageId":7,"textContent":{{"text":"{WORDS}"}},"options":{{"managerNickname":"{WORDS}","threadOwnerId":1}}}}"#
    );
    let echo = decode(echo.as_bytes(), None).unwrap().remove(0);
    let mut room = Room::new();
    for input in [
        RoomInput::Sending(&said),
        RoomInput::SendingMessage(&said.id, &whole),
        RoomInput::Sent(&said),
        RoomInput::Told(&echo),
    ] {
        assert_hidden(&format!("{input:?}"));
        for event in room.decide(&input, Timestamp::EPOCH) {
            assert_hidden(&format!("{event:?}"));
            room.apply(&event, Timestamp::EPOCH);
        }
    }
    assert_hidden(&format!("{room:?}"));
    let note = HandoverNote::read(&format!(r#"{{"managerNickname":"{WORDS}"}}"#));
    assert_hidden(&format!("{note:?}"));
    for reply in [
        SyncReply::Outbound(&said),
        SyncReply::Message(&whole),
        SyncReply::Menu(&menu),
    ] {
        assert_hidden(&format!("{reply:?}"));
    }
}

#[test]
fn an_error_about_what_talktalk_alone_has_does_not_repeat_it() {
    let customer = CUSTOMER.parse().unwrap();
    let long = message::Button::text(WORDS.repeat(9), PHONE);
    let messages = [
        whole_message(),
        Message::text(WORDS.repeat(10_000)),
        Message::text(WORDS).with_quick_replies(vec![long]),
    ];
    for message in &messages {
        assert_hidden(&shown(&encode_message(&customer, message).unwrap_err()));
    }
    assert_hidden(&shown(&encode_image_upload(PHONE).unwrap_err()));
    let json = format!(r#"{{"body":{{"type":"{WORDS}","text":"{PHONE}"}}}}"#);
    let error = happytalk_core::json::from_str::<Message>(&json).unwrap_err();
    assert_hidden(&shown(&error));
    let doors = format!(r#"{{"hosts":["{WORDS}"]}}"#);
    assert_hidden(&shown(&EntryPoints::read(&doors).unwrap_err()));
}
