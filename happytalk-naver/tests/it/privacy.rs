//! Keys, customers and their words show in no `Debug` and in no error.

use std::error::Error as _;
use std::fmt::Write as _;
use std::sync::Arc;

use happytalk_core::content::{Button, ButtonAction, Card};
use happytalk_core::testing::ScriptedTransport;
use happytalk_core::{Content, Outbound, Secret};
use happytalk_naver::{Config, Naver, decode, encode};

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
