//! What the platform would refuse is refused before any request, by its place.

use std::sync::Arc;

use happytalk_core::content::{Button, ButtonAction, Card, Media, Text};
use happytalk_core::testing::ScriptedTransport;
use happytalk_core::{Content, Retry};
use happytalk_naver::{Error, encode};

use crate::desk::{over, say, send};

fn refused(content: Content) -> String {
    let message = say(vec![Content::text("이것은 나가지 않는다"), content]);
    let transport = Arc::new(ScriptedTransport::default());
    let error = send(&over(&transport), &message).unwrap_err();
    assert_eq!(error.retry, Retry::Never);
    assert!(
        transport.seen().is_empty(),
        "nothing goes out, not even the part that could"
    );
    error.source.to_string()
}

fn taken(content: Content) -> usize {
    encode(&say(vec![content])).unwrap().len()
}

fn postback(label: &str, value: &str) -> Button {
    Button::new(label, ButtonAction::Postback, value)
}

/// A card that is fine, but for what `change` does to it.
fn card(change: impl FnOnce(&mut Card)) -> Content {
    let mut card = Card::new();
    card.title = Some("제목".to_owned());
    card.text = Some("내용".to_owned());
    change(&mut card);
    Content::Card(card)
}

fn quick(replies: Vec<Button>) -> Content {
    let mut text = Text::new("골라 주세요");
    text.quick_replies = replies;
    Content::Text(text)
}

fn over_limit(place: &str, count: usize, count_max: usize) -> String {
    format!("more than the platform takes. place=`{place}` count=`{count}` count_max=`{count_max}`")
}

/// A limit of a place: a content with that much of it.
fn assert_limit(place: &str, count_max: usize, with: impl Fn(usize) -> Content) {
    assert_eq!(taken(with(count_max)), 1, "{place}");
    assert_eq!(
        refused(with(count_max + 1)),
        over_limit(place, count_max + 1, count_max)
    );
}

#[test]
fn texts_have_the_limit_of_their_place() {
    let ga = |count| "가".repeat(count);
    assert_limit("text", 10_000, |count| Content::text(ga(count)));
    assert_limit("card.title", 200, |count| {
        card(|card| card.title = Some(ga(count)))
    });
    assert_limit("card.text", 1_000, |count| {
        card(|card| card.text = Some(ga(count)))
    });
    assert_limit("button.label", 18, |count| {
        card(|card| card.buttons = vec![postback(&ga(count), "x")])
    });
    assert_limit("quick_reply.label", 10, |count| {
        quick(vec![postback(&ga(count), "x")])
    });
    assert_limit("button.value", 1_000, |count| {
        card(|card| card.buttons = vec![postback("버튼", &ga(count))])
    });
}

#[test]
fn a_card_that_is_only_text_has_the_limit_of_a_text() {
    assert_limit("card.text", 10_000, |count| {
        card(|card| {
            card.title = None;
            card.text = Some("가".repeat(count));
        })
    });
}

#[test]
fn lists_have_the_limit_of_their_place() {
    let buttons = |count| vec![postback("버튼", "x"); count];
    assert_limit("card.buttons", 10, |count| {
        card(|card| card.buttons = buttons(count))
    });
    assert_limit("quick_replies", 10, |count| quick(buttons(count)));
    assert_limit("carousel.cards", 10, |count| {
        let Content::Card(card) = card(|_| {}) else {
            unreachable!("a card")
        };
        Content::Carousel {
            cards: vec![card; count],
        }
    });
}

#[test]
fn a_text_is_counted_in_utf16_units() {
    assert_eq!(taken(Content::text("😀".repeat(5_000))), 1);
    assert_eq!(
        refused(Content::text("😀".repeat(5_001))),
        over_limit("text", 10_002, 10_000)
    );
}

#[test]
fn quick_replies_of_several_parts_count_together() {
    let replies = || quick(vec![postback("네", "yes"); 6]);
    let error = encode(&say(vec![replies(), replies()])).unwrap_err();
    assert_eq!(error.to_string(), over_limit("quick_replies", 12, 10));
}

#[test]
fn what_must_say_something_is_not_empty() {
    let empty = |place| format!("nothing stands where something must. place=`{place}`");
    assert_eq!(refused(Content::text("")), empty("text"));
    assert_eq!(refused(Content::Image(Media::new(""))), empty("image.url"));
    assert_eq!(
        refused(Content::Carousel { cards: Vec::new() }),
        empty("carousel.cards")
    );
    let button = |button| card(|card| card.buttons = vec![button]);
    assert_eq!(refused(button(postback("", "x"))), empty("button.label"));
    for action in [ButtonAction::Url, ButtonAction::Phone] {
        assert_eq!(
            refused(button(Button::new("버튼", action, ""))),
            empty("button.value")
        );
    }
    assert_eq!(
        encode(&say(Vec::new())).unwrap_err().to_string(),
        empty("content")
    );
}

#[test]
fn a_composite_has_words_and_something_beside_them() {
    let image = || Some("https://img.example/1.jpg".to_owned());
    let with = |title: bool, text: bool, picture: bool, buttons: bool| {
        card(|card| {
            card.title = card.title.take().filter(|_| title);
            card.text = card.text.take().filter(|_| text);
            card.image = image().filter(|_| picture);
            card.buttons = vec![postback("버튼", "x"); usize::from(buttons)];
        })
    };
    for bits in 0..16_u8 {
        let [title, text, picture, buttons] = [1, 2, 4, 8].map(|bit| bits & bit != 0);
        let result = encode(&say(vec![with(title, text, picture, buttons)]));
        match (title || text, result) {
            (true, Ok(requests)) => {
                let body = std::str::from_utf8(requests[0].body()).unwrap();
                let bare = (title ^ text) && !picture && !buttons;
                assert_eq!(body.contains("textContent"), bare, "{body}");
                assert_eq!(body.contains("compositeContent"), !bare, "{body}");
            }
            (false, Err(error)) => assert!(matches!(error, Error::BareCard)),
            (words, result) => panic!("{bits} {words} {result:?}"),
        }
    }
}

#[test]
fn a_card_with_nothing_beside_its_text_cannot_stand_among_others() {
    let mut bare = Card::new();
    bare.text = Some("말만".to_owned());
    assert_eq!(
        refused(Content::Carousel {
            cards: vec![bare.clone(), bare.clone()]
        }),
        "card has too little on it"
    );
    assert_eq!(taken(Content::Carousel { cards: vec![bare] }), 1);
}

#[test]
fn a_button_that_the_platform_does_not_have_is_refused() {
    let button =
        |action, value| card(|card| card.buttons = vec![Button::new("버튼", action, value)]);
    let unsupported = |what| format!("channel cannot do this. what=`{what}`");
    assert_eq!(
        refused(button(ButtonAction::App, "myapp://home")),
        unsupported("button.app")
    );
    assert_eq!(
        refused(button(ButtonAction::Bot, "event")),
        unsupported("button.bot")
    );
    assert_eq!(refused(Content::Sticker), unsupported("sticker"));
}
