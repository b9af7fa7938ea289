//! What was fitted to an adapter's capabilities, that adapter takes: one request each, none refused.

use std::sync::Arc;

use happytalk_core::channel::Channel;
use happytalk_core::content::{Button, ButtonAction, Card, Media, Text};
use happytalk_core::fit::{FitError, fit};
use happytalk_core::testing::ScriptedTransport;
use happytalk_core::{Action, Capabilities, Content, Outbound, Secret};
use happytalk_kakao::Kakao;
use happytalk_naver::Naver;
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{ProptestConfig, Strategy, prop_oneof};
use proptest::{prop_assert_eq, proptest};

fn kakao_config() -> happytalk_kakao::Config {
    happytalk_kakao::Config::for_display("0123456789abcdef".parse().unwrap())
}

fn kakao() -> Capabilities {
    let transport = Arc::new(ScriptedTransport::default());
    let channel = Kakao::new(kakao_config(), transport).unwrap();
    channel.capabilities()
}

fn naver() -> Capabilities {
    let transport = Arc::new(ScriptedTransport::default());
    let account = "wc1234".parse().unwrap();
    let config = happytalk_naver::Config::new(account, Secret::new("key".to_owned()));
    Naver::new(config, transport).unwrap().capabilities()
}

fn say(content: Vec<Content>) -> Outbound {
    let id = "m-1".parse().unwrap();
    let account = "0123456789abcdef".parse().unwrap();
    let customer = "u-1".parse().unwrap();
    Outbound::new(id, account, customer, Action::Say { content })
}

fn texts() -> impl Strategy<Value = String> {
    let word = "([가-힣]{1,8}[.?!]?|😀|[a-z]{1,9}) ";
    vec(word, 1..700).prop_map(|words| words.concat())
}

fn buttons() -> impl Strategy<Value = Vec<Button>> {
    let one = ("[가-힣 a-z]{0,30}[가-힣]", 0_u8..5, "[a-z][a-z0-9_]{1,8}");
    let one = one.prop_map(|(label, kind, value)| match kind {
        0 => Button::new(
            label,
            ButtonAction::Url,
            format!("https://example.com/{value}"),
        ),
        1 => Button::new(label, ButtonAction::Phone, "1588-0000"),
        2 => Button::new(label, ButtonAction::Agent, value),
        _ => Button::new(label, ButtonAction::Postback, value),
    });
    vec(one, 0..14)
}

fn cards() -> impl Strategy<Value = Card> {
    let parts = (
        option::of("[가-힣 ]{0,300}[가-힣]"),
        option::of(texts()),
        option::of("https://example\\.com/[a-z]{1,9}"),
        buttons(),
        buttons(),
    );
    parts.prop_map(|(title, text, image, buttons, quick_replies)| {
        let mut card = Card::new();
        (card.title, card.text, card.image) = (title, text, image);
        (card.buttons, card.quick_replies) = (buttons, quick_replies);
        card
    })
}

fn contents() -> impl Strategy<Value = Vec<Content>> {
    let one = prop_oneof![
        (texts(), buttons()).prop_map(|(text, quick_replies)| {
            let mut text = Text::new(text);
            text.quick_replies = quick_replies;
            Content::Text(text)
        }),
        option::of(texts()).prop_map(|comment| {
            let mut media = Media::new("https://example.com/a.png");
            media.comment = comment;
            Content::Image(media)
        }),
        cards().prop_map(Content::Card),
        vec(cards(), 1..14).prop_map(|cards| Content::Carousel { cards }),
    ];
    vec(one, 1..4)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn what_was_fitted_to_an_adapter_it_sends_with_one_request_each(content in contents()) {
        match fit(&content, &kakao()) {
            Ok(parts) => for part in parts {
                let requests = happytalk_kakao::encode(&say(vec![part]), &kakao_config());
                prop_assert_eq!(requests.map(|all| all.len()).map_err(|error| error.to_string()), Ok(1));
            },
            Err(error) => prop_assert_eq!(error.code(), refusal_of_nothing_or_too_much(error)),
        }
        match fit(&content, &naver()) {
            Ok(parts) => for part in parts {
                let requests = happytalk_naver::encode(&say(vec![part]));
                prop_assert_eq!(requests.map(|all| all.len()).map_err(|error| error.to_string()), Ok(1));
            },
            Err(error) => prop_assert_eq!(error.code(), refusal_of_nothing_or_too_much(error)),
        }
    }
}

/// The only ways in which these contents can be refused: there is nothing in them, or far too much.
fn refusal_of_nothing_or_too_much(error: FitError) -> &'static str {
    match error {
        FitError::Empty { what: "content" } => "fit.empty",
        FitError::TooMany { .. } => "fit.too_many",
        _ => "no other",
    }
}
