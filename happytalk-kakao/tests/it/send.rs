//! What goes out, and what the answers mean.

use std::sync::Arc;
use std::time::Duration;

use happytalk_core::channel::Receipt;
use happytalk_core::content::{Button, ButtonAction, ButtonTargets, Card, Content, Media, Text};
use happytalk_core::testing::{ScriptedTransport, poll_once};
use happytalk_core::transport::TransportErrorKind;
use happytalk_core::{Action, Channel, ChannelError, Outbound, Retry, Secret, Timestamp};
use happytalk_kakao::{
    CLIENT_ID_HEADER, CLIENT_SECRET_HEADER, Config, Error, HAPPYTALK_PRODUCTION, Kakao, encode,
};
use serde_json::{Value, json};

use crate::fixture::{self, SENDER_KEY, kakao, outbound, say};

const DONE: &str = r#"{"code":0,"createdAt":"2026-11-21T10:00:00.000"}"#;

fn send(transport: &Arc<ScriptedTransport>, message: &Outbound) -> Result<Receipt, ChannelError> {
    let kakao = kakao(transport);
    poll_once(kakao.send(message, Timestamp::EPOCH)).expect("the transport is always ready")
}

fn answered(bodies: &[&str], message: &Outbound) -> Result<Receipt, ChannelError> {
    send(&Arc::new(ScriptedTransport::answering(bodies)), message)
}

fn hello() -> Outbound {
    say(vec![Content::text("안녕하세요")])
}

/// Why nothing went out.
fn refused(content: Content) -> Error {
    let outbound = say(vec![content]);
    let error = encode(&outbound, &fixture::config()).unwrap_err();
    assert_eq!(error.retry(), Retry::Never);
    let transport = Arc::new(ScriptedTransport::answering(&[DONE]));
    assert_eq!(send(&transport, &outbound).unwrap_err().code, error.code());
    assert!(transport.seen().is_empty(), "refused before any I/O");
    error
}

fn body(outbound: &Outbound) -> Value {
    let requests = encode(outbound, &fixture::config()).unwrap();
    assert_eq!(requests.len(), 1);
    serde_json::from_slice(requests[0].body()).unwrap()
}

fn card(buttons: Vec<Button>) -> Content {
    let mut card = Card::new();
    card.text = Some("골라 주세요".to_owned());
    card.buttons = buttons;
    Content::Card(card)
}

fn quick(buttons: Vec<Button>) -> Content {
    let mut text = Text::new("골라 주세요");
    text.quick_replies = buttons;
    Content::Text(text)
}

fn button(action: ButtonAction, value: &str) -> Button {
    Button::new("교환", action, value)
}

fn code_and_text(error: &Error) -> (&'static str, String) {
    (error.code(), error.to_string())
}

#[test]
fn every_action_becomes_the_requests_its_fixture_says() {
    for endpoint in ["chat_write", "chat_end", "user_block"] {
        for (name, fixture) in fixture::all(endpoint) {
            let text = fixture["outbound"].to_string();
            let outbound: Outbound = serde_json::from_str(&text).unwrap();
            let expected = fixture["requests"].as_array().unwrap();

            let transport = Arc::new(ScriptedTransport::answering(&vec![DONE; expected.len()]));
            let receipt = send(&transport, &outbound).unwrap();
            assert_eq!(receipt, Receipt::new(), "{endpoint}/{name}");

            let seen = transport.seen();
            assert_eq!(seen.len(), expected.len(), "{endpoint}/{name}");
            let pure = encode(&outbound, &fixture::config()).unwrap();
            for ((seen, pure), expected) in seen.iter().zip(&pure).zip(expected) {
                assert_eq!(seen.uri.host(), Some("dealer.example.com"));
                let headers: serde_json::Map<String, Value> = seen
                    .headers
                    .iter()
                    .map(|(name, value)| (name.to_string(), value.to_str().unwrap().into()))
                    .collect();
                let request = json!({
                    "method": seen.method.as_str(),
                    "path": seen.uri.path(),
                    "headers": headers,
                    "body": serde_json::from_slice::<Value>(&seen.body).unwrap(),
                });
                assert_eq!(&request, expected, "{endpoint}/{name}");
                assert_eq!((&seen.method, &seen.uri), (pure.method(), pure.uri()));
                assert_eq!((&seen.headers, &seen.body), (pure.headers(), pure.body()));
            }
        }
    }
}

#[test]
fn credentials_go_in_the_two_headers_and_nowhere_else() {
    let request = encode(&hello(), &fixture::config()).unwrap().remove(0);
    assert_eq!(request.headers()[CLIENT_ID_HEADER], "client-7");
    assert_eq!(request.headers()[CLIENT_SECRET_HEADER], "secret-7");
    assert!(request.headers()[CLIENT_SECRET_HEADER].is_sensitive());

    let config = Config::for_display(SENDER_KEY.parse().unwrap());
    let request = encode(&hello(), &config).unwrap().remove(0);
    assert_eq!(request.headers()[CLIENT_ID_HEADER], "***");
    assert_eq!(request.headers()[CLIENT_SECRET_HEADER], "***");
    assert!(request.uri().to_string().starts_with(HAPPYTALK_PRODUCTION));
}

#[test]
fn outside_a_session_nothing_can_be_sent_and_no_retry_changes_that() {
    let error = answered(&[r#"{"code":-502}"#], &hello()).unwrap_err();
    assert_eq!(
        (error.code, error.retry),
        ("kakao.no_session", Retry::Never)
    );
}

#[test]
fn a_serial_number_used_before_means_that_it_was_sent() {
    let receipt = answered(&[r#"{"code":"-504"}"#], &hello()).unwrap();
    assert!(receipt.repeated);
}

#[test]
fn a_repeated_send_delivers_what_is_missing_and_nothing_twice() {
    let parts = say(vec![Content::text("하나"), Content::text("둘")]);
    let transport = Arc::new(ScriptedTransport::answering(&[DONE]));
    let error = send(&transport, &parts).unwrap_err();
    assert_eq!(error.code, "transport.connect");
    assert_eq!(error.retry, Retry::After(Duration::from_secs(1)));

    let again = Arc::new(ScriptedTransport::answering(&[r#"{"code":-504}"#, DONE]));
    let receipt = send(&again, &parts).unwrap();
    assert!(!receipt.repeated, "the second part had not been taken");
    let bodies = |transport: &ScriptedTransport| -> Vec<Vec<u8>> {
        transport.seen().into_iter().map(|seen| seen.body).collect()
    };
    assert_eq!(
        bodies(&transport),
        bodies(&again),
        "same parts, same serial numbers"
    );
}

#[test]
fn ending_what_is_over_is_no_error() {
    let end = outbound(Action::End {});
    let receipt = answered(&[r#"{"code":-502}"#], &end).unwrap();
    assert!(receipt.repeated);
    let receipt = answered(&[r#"{"code":0,"sessionId":"88"}"#], &end).unwrap();
    assert!(!receipt.repeated);
    let error = answered(&[r#"{"code":-501}"#], &end).unwrap_err();
    assert_eq!(error.code, "kakao.invalid_sender");
}

#[test]
fn a_code_nobody_documented_is_told_with_its_number() {
    let error = answered(&[r#"{"code":-777,"message":"010-1234-5678"}"#], &hello()).unwrap_err();
    assert_eq!(
        (error.code, error.retry),
        ("kakao.unlisted_code", Retry::Unknown)
    );
    assert!(error.source.to_string().contains("platform_code=`-777`"));
    assert!(!error.source.to_string().contains("010"));
}

#[test]
fn no_answer_says_whether_it_may_have_been_sent() {
    for (kind, code, retry) in [
        (
            TransportErrorKind::Connect,
            "transport.connect",
            Retry::After(Duration::from_secs(1)),
        ),
        (
            TransportErrorKind::Timeout,
            "transport.timeout",
            Retry::Unknown,
        ),
        (TransportErrorKind::Other, "transport.other", Retry::Unknown),
    ] {
        let transport = Arc::new(ScriptedTransport::default());
        transport.then(Err(kind));
        let error = send(&transport, &hello()).unwrap_err();
        assert_eq!((error.code, error.retry), (code, retry));
    }
}

#[test]
fn an_answer_that_is_too_long_is_not_read() {
    let long = format!("{{\"code\":0,\"x\":\"{}\"}}", "x".repeat(64 << 10));
    let error = answered(&[&long], &hello()).unwrap_err();
    assert_eq!(
        (error.code, error.retry),
        ("transport.too_large", Retry::Unknown)
    );
}

#[test]
fn a_text_has_one_to_a_thousand_characters() {
    let longest = "가".repeat(1000);
    assert_eq!(
        body(&say(vec![Content::text(&longest)]))["message"],
        longest
    );
    let error = refused(Content::text("가".repeat(1001)));
    let expected = "part is over its limit. part=`text` max=`1000`".to_owned();
    assert_eq!(code_and_text(&error), ("kakao.over_limit", expected));
    for blank in ["", " \n"] {
        assert_eq!(refused(Content::text(blank)).code(), "kakao.incomplete");
    }
    let outbound = say(Vec::new());
    let error = encode(&outbound, &fixture::config()).unwrap_err();
    assert_eq!(error.code(), "kakao.incomplete");
}

#[test]
fn a_message_has_a_hundred_parts_at_most() {
    let parts = |count| say(vec![Content::text("가"); count]);
    let requests = encode(&parts(100), &fixture::config()).unwrap();
    let body: Value = serde_json::from_slice(requests[99].body()).unwrap();
    assert_eq!(body["serial_number"], "m-1.100");
    let error = encode(&parts(101), &fixture::config()).unwrap_err();
    assert_eq!(error.code(), "kakao.over_limit");
}

#[test]
fn a_card_may_not_be_longer_than_a_text() {
    let mut card = Card::new();
    card.title = Some("가".repeat(500));
    card.text = Some("가".repeat(499));
    assert!(encode(&say(vec![Content::Card(card.clone())]), &fixture::config()).is_ok());
    card.text = Some("가".repeat(500));
    assert_eq!(refused(Content::Card(card)).code(), "kakao.over_limit");
}

#[test]
fn buttons_cannot_stand_without_words() {
    let mut card = Card::new();
    card.image = Some("http://mud-kage.kakao.com/a.jpg".to_owned());
    card.buttons = vec![button(ButtonAction::Postback, "ex")];
    assert_eq!(refused(Content::Card(card)).code(), "kakao.incomplete");
    assert_eq!(
        refused(Content::Card(Card::new())).code(),
        "kakao.incomplete"
    );
}

#[test]
fn one_part_that_cannot_be_said_keeps_all_parts_back() {
    let transport = Arc::new(ScriptedTransport::answering(&[DONE, DONE]));
    let parts = say(vec![Content::text("하나"), Content::text("")]);
    assert_eq!(
        send(&transport, &parts).unwrap_err().code,
        "kakao.incomplete"
    );
    assert!(transport.seen().is_empty());
}

#[test]
fn a_message_has_five_buttons_and_ten_quick_replies_at_most() {
    let many = |count| vec![button(ButtonAction::Postback, "ex"); count];
    assert!(encode(&say(vec![card(many(5))]), &fixture::config()).is_ok());
    assert!(
        refused(card(many(6)))
            .to_string()
            .contains("part=`buttons` max=`5`")
    );
    assert!(encode(&say(vec![quick(many(10))]), &fixture::config()).is_ok());
    let error = refused(quick(many(11)));
    assert!(error.to_string().contains("part=`quick replies` max=`10`"));
}

#[test]
fn a_label_has_one_to_fourteen_characters_unless_set_otherwise() {
    let labelled = |chars| Button::new("가".repeat(chars), ButtonAction::Postback, "");
    assert!(encode(&say(vec![card(vec![labelled(14)])]), &fixture::config()).is_ok());
    assert!(encode(&say(vec![quick(vec![labelled(14)])]), &fixture::config()).is_ok());
    for content in [card(vec![labelled(15)]), quick(vec![labelled(15)])] {
        assert_eq!(refused(content).code(), "kakao.over_limit");
    }
    for content in [card(vec![labelled(0)]), quick(vec![labelled(0)])] {
        assert_eq!(refused(content).code(), "kakao.incomplete");
    }
    let longer = fixture::config().with_button_label_chars_max(28);
    assert!(encode(&say(vec![card(vec![labelled(28)])]), &longer).is_ok());
    assert!(encode(&say(vec![card(vec![labelled(29)])]), &longer).is_err());
    assert!(encode(&say(vec![quick(vec![labelled(15)])]), &longer).is_err());
}

#[test]
fn what_a_button_sends_back_is_refused_rather_than_cut() {
    for action in [
        ButtonAction::Postback,
        ButtonAction::Bot,
        ButtonAction::Agent,
    ] {
        let with = |value: &str| card(vec![button(action, value)]);
        assert!(encode(&say(vec![with(&"aZ_9".repeat(12))]), &fixture::config()).is_ok());
        assert_eq!(refused(with(&"a".repeat(51))).code(), "kakao.over_limit");
        for value in ["a-b", "a b", "교환", "{}"] {
            assert_eq!(refused(with(value)).code(), "kakao.incomplete", "{value}");
        }
    }
}

#[test]
fn a_web_link_is_http_or_https() {
    for url in [
        "https://shop.example.com",
        "HTTP://shop.example.com/a?b=c#d",
        "https://[::1]/",
    ] {
        let content = card(vec![button(ButtonAction::Url, url)]);
        let body = body(&say(vec![content]));
        assert_eq!(body["links"][0]["url_mobile"], url);
    }
    for url in [
        "",
        "javascript:alert(1)",
        "data:text/html,x",
        "shop.example.com",
        "https://",
        "https:///a",
        "https://a b",
        "httpsé://",
    ] {
        let error = refused(card(vec![button(ButtonAction::Url, url)]));
        assert_eq!(error.code(), "kakao.incomplete", "{url}");
    }
    let mut with_pc = button(ButtonAction::Url, "https://shop.example.com");
    let mut targets = ButtonTargets::default();
    targets.pc = Some("ftp://shop.example.com".to_owned());
    with_pc.targets = Some(targets);
    assert_eq!(refused(card(vec![with_pc])).code(), "kakao.incomplete");
}

#[test]
fn an_app_link_needs_two_of_its_three_addresses() {
    let app = |value: &str, targets: [Option<&str>; 3]| {
        let [web, ios, android] = targets.map(|target| target.map(str::to_owned));
        let mut button = button(ButtonAction::App, value);
        let mut targets = ButtonTargets::default();
        (targets.web, targets.ios, targets.android) = (web, ios, android);
        button.targets = Some(targets);
        card(vec![button])
    };
    let web = Some("https://m.example.com");
    for (value, targets) in [
        ("", [web, Some("shop://"), None]),
        ("", [web, None, Some("shop://")]),
        ("", [None, Some("shop://"), Some("shop://")]),
        ("https://m.example.com", [None, Some("shop://"), None]),
        ("shop://", [None, None, None]),
    ] {
        assert!(encode(&say(vec![app(value, targets)]), &fixture::config()).is_ok());
    }
    for (value, targets) in [
        ("", [web, None, None]),
        ("", [None, Some("shop://"), None]),
        ("", [web, Some(""), None]),
        ("https://m.example.com", [None, None, None]),
        ("", [None, None, None]),
    ] {
        assert_eq!(refused(app(value, targets)).code(), "kakao.incomplete");
    }
}

#[test]
fn what_kakao_has_no_place_for_is_refused() {
    let media = || Media::new("http://mud-kage.kakao.com/a");
    let mut cut = Text::new("처음 300자");
    cut.full_text_url = Some("http://dn-m.talk.kakao.com/full.txt".to_owned());
    for content in [
        Content::Video(media()),
        Content::Audio(media()),
        Content::Sticker,
        Content::Location,
        Content::Carousel {
            cards: vec![Card::new()],
        },
        Content::Text(cut),
        card(vec![button(ButtonAction::Phone, "1588-0000")]),
        quick(vec![button(ButtonAction::Phone, "1588-0000")]),
    ] {
        let error = refused(content);
        assert_eq!(error.code(), "kakao.not_carried");
        assert!(!error.to_string().contains("1588"), "{error}");
    }
}

#[test]
fn media_need_what_the_platform_needs() {
    let file = |url: &str, name: Option<&str>, size| {
        let mut media = Media::new(url);
        media.name = name.map(str::to_owned);
        media.size = size;
        Content::File(media)
    };
    let url = "http://mud-kage.kakao.com/a.pdf";
    let part = |content| refused(content).to_string();
    assert!(part(file(url, None, Some(1))).contains("`file name`"));
    assert!(part(file(url, Some(""), Some(1))).contains("`file name`"));
    assert!(part(file(url, Some("a.pdf"), None)).contains("`file size`"));
    assert!(part(file("a.pdf", Some("a.pdf"), Some(1))).contains("`url`"));
    assert!(part(Content::Image(Media::new(""))).contains("`url`"));
    let long = format!("https://a.example/{}", "a".repeat(1000));
    assert_eq!(
        refused(Content::Image(Media::new(long))).code(),
        "kakao.over_limit"
    );
}

#[test]
fn a_message_of_another_profile_is_not_sent() {
    let mut message = hello();
    message.account = "another".parse().unwrap();
    let transport = Arc::new(ScriptedTransport::answering(&[DONE]));
    let error = send(&transport, &message).unwrap_err();
    assert_eq!(
        (error.code, error.retry),
        ("kakao.wrong_account", Retry::Never)
    );
    assert!(transport.seen().is_empty());
}

#[test]
fn a_setting_that_cannot_be_used_is_named() {
    let new = |base: &str, id: &str, secret: &str| {
        Config::new(base, id, Secret::new(secret), SENDER_KEY.parse().unwrap())
    };
    let setting = |config| match Kakao::new(config, Arc::new(ScriptedTransport::default())) {
        Err(error @ Error::BadSetting { setting }) => {
            assert_eq!(error.code(), "kakao.bad_setting");
            setting
        }
        other => panic!("{other:?}"),
    };
    for base in [
        "",
        "dealer.example.com",
        "ftp://a.example",
        "https://",
        "https://a.example/?k=1",
        "https://a.example/#f",
    ] {
        assert_eq!(setting(new(base, "a", "b")), "base_url", "{base}");
    }
    assert_eq!(setting(new(HAPPYTALK_PRODUCTION, "", "b")), "client_id");
    assert_eq!(
        setting(new(HAPPYTALK_PRODUCTION, "a", "b\nc")),
        "client_secret"
    );
    let config = fixture::config().with_accepted_status(302);
    assert_eq!(setting(config), "accepted_status");
}

#[test]
fn a_base_url_may_have_a_path_before_the_dealers() {
    let sender_key = SENDER_KEY.parse().unwrap();
    let config = Config::new(
        "http://127.0.0.1:8080/kakao//",
        "a",
        Secret::new("b"),
        sender_key,
    );
    let request = encode(&hello(), &config).unwrap().remove(0);
    assert_eq!(
        request.uri().to_string(),
        "http://127.0.0.1:8080/kakao/v1/chat/write"
    );
}
