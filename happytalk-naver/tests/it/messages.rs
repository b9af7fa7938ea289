//! What TalkTalk alone can say: every fixture, and every limit by its place.

use std::sync::Arc;

use happytalk_core::hours::ClockTime;
use happytalk_core::testing::{ScriptedTransport, poll_once};
use happytalk_naver::message::{
    Body, Button, Calendar, Card, DayOff, Image, ImageId, Menu, MenuEntry, Message, Payment,
    PaymentItem, ProductButtons, ProductDisplay, Products, Row, SendOptions, TimeInterval, TimeOff,
    Webview,
};
use happytalk_naver::{
    Error, Naver, encode_image_upload, encode_menu, encode_message, encode_with,
};
use serde_json::Value;

use crate::desk::{CUSTOMER, KEY, TAKEN, config, over, say};
use crate::golden::cases;

fn encoded(message: &Message) -> Result<Value, Error> {
    let request = encode_message(&CUSTOMER.parse().unwrap(), message)?;
    Ok(serde_json::from_slice(request.body()).unwrap())
}

#[test]
fn every_message_goes_out_as_its_fixture_says() {
    for (case, (body, message)) in cases("message", ".message", 10) {
        let message: Message = serde_json::from_str(&message).unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        assert_eq!(encoded(&message).unwrap(), body, "{case}");

        let again = serde_json::to_string(&message).unwrap();
        assert_eq!(
            serde_json::from_str::<Message>(&again).unwrap(),
            message,
            "{case}"
        );

        let transport = Arc::new(ScriptedTransport::answering(&[TAKEN]));
        let naver = over(&transport);
        poll_once(naver.send_message(&CUSTOMER.parse().unwrap(), &message))
            .expect("nothing waits")
            .unwrap();
        let seen = &transport.seen()[0];
        assert_eq!(seen.uri.path(), "/chatbot/v1/event");
        assert_eq!(seen.headers["authorization"], KEY);
        assert_eq!(serde_json::from_slice::<Value>(&seen.body).unwrap(), body);
    }
}

#[test]
fn every_menu_goes_out_as_its_fixture_says() {
    for (case, (body, menu)) in cases("menu", ".menu", 2) {
        let menu: Menu = serde_json::from_str(&menu).unwrap();
        let body: Value = serde_json::from_str(&body).unwrap();
        let request = encode_menu(&menu).unwrap();
        let sent: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(sent, body, "{case}");
        let transport = Arc::new(ScriptedTransport::answering(&[TAKEN]));
        poll_once(over(&transport).set_menu(&menu))
            .expect("nothing waits")
            .unwrap();
        assert_eq!(transport.seen()[0].body, *request.body());
    }
}

#[test]
fn a_picture_is_handed_over_on_another_path_and_comes_back_as_an_id() {
    let answer = r#"{"success":true,"resultCode":"00","imageId":"nid-1"}"#;
    let transport = Arc::new(ScriptedTransport::answering(&[answer]));
    let url = "https://img.example/1.png";
    let id = poll_once(over(&transport).upload_image(url)).expect("nothing waits");
    assert_eq!(id.unwrap().as_str(), "nid-1");
    let seen = &transport.seen()[0];
    assert_eq!(seen.uri, "https://gw.talk.naver.com/chatbot/v1/imageUpload");
    assert_eq!(seen.body, br#"{"imageUrl":"https://img.example/1.png"}"#);
    assert_eq!(encode_image_upload(url).unwrap().body(), &seen.body);
    for url in ["", "https://", "nid-1", "file:///etc/passwd"] {
        assert_eq!(
            encode_image_upload(url).unwrap_err().code(),
            "naver.bad_value",
            "{url}"
        );
    }
}

#[test]
fn how_a_message_is_sent_goes_with_its_first_part() {
    use happytalk_core::Content;
    let options = SendOptions::new().with_notification().with_read_mark();
    let message = say(vec![Content::text("하나"), Content::text("둘")]);
    let requests = encode_with(&message, options).unwrap();
    let bodies = requests.iter().map(|request| {
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        body["options"].clone()
    });
    assert_eq!(
        bodies.collect::<Vec<_>>(),
        [
            serde_json::json!({"notification": true, "readBySend": true}),
            Value::Null
        ]
    );

    let transport = Arc::new(ScriptedTransport::answering(&[TAKEN]));
    let config = config().with_send_options(SendOptions::new().with_read_mark());
    let naver = Naver::new(config, transport.clone()).unwrap();
    crate::desk::send(&naver, &say(vec![Content::text("하나")])).unwrap();
    let body: Value = serde_json::from_slice(&transport.seen()[0].body).unwrap();
    assert_eq!(body["options"]["readBySend"], true);
}

fn refused(message: Message) -> Error {
    encoded(&message).unwrap_err()
}

fn card(change: impl FnOnce(&mut Card)) -> Message {
    let mut card = Card::new();
    (card.title, card.text) = (Some("제목".to_owned()), Some("내용".to_owned()));
    change(&mut card);
    Message::new(Body::Cards { cards: vec![card] })
}

fn row(change: impl FnOnce(&mut Row)) -> Message {
    card(|card| {
        let mut row = Row::new("줄");
        change(&mut row);
        card.rows = vec![row];
    })
}

fn with_button(button: Button) -> Message {
    card(|card| card.buttons = vec![button])
}

fn with_quick_reply(button: Button) -> Message {
    Message::text("말").with_quick_replies(vec![button])
}

fn in_menu(button: Button) -> Message {
    with_button(Button::Menu {
        label: "메뉴".to_owned(),
        buttons: vec![button],
    })
}

fn on_row(button: Button) -> Message {
    row(|row| row.button = Some(button))
}

fn ga(count: usize) -> String {
    "가".repeat(count)
}

fn labelled(count: usize) -> Button {
    Button::text(ga(count), "x")
}

/// A limit of a place: a message with that much of it.
fn assert_limit(place: &str, count_max: usize, with: impl Fn(usize) -> Message) {
    assert!(encoded(&with(count_max)).is_ok(), "{place} {count_max}");
    match refused(with(count_max + 1)) {
        Error::OverLimit {
            place: found,
            count,
            count_max: max,
        } => assert_eq!((found, count, max), (place, count_max + 1, count_max)),
        other => panic!("{place}: {other}"),
    }
}

#[test]
fn a_label_has_the_limit_of_the_place_where_its_button_stands() {
    assert_limit("button.label", 18, |count| with_button(labelled(count)));
    assert_limit("button.label", 18, |count| {
        with_button(Button::Menu {
            label: ga(count),
            buttons: vec![labelled(1)],
        })
    });
    assert_limit("menu.button.label", 10, |count| in_menu(labelled(count)));
    assert_limit("quick_reply.label", 10, |count| {
        with_quick_reply(labelled(count))
    });
    assert_limit("row.button.label", 4, |count| on_row(labelled(count)));
    let picker = |count| Button::Time {
        label: Some(ga(count)),
        code: "t".to_owned(),
    };
    assert_limit("button.label", 18, |count| with_button(picker(count)));
    assert_limit("quick_reply.label", 10, |count| {
        with_quick_reply(picker(count))
    });
    assert_limit("row.button.label", 4, |count| on_row(picker(count)));
}

#[test]
fn a_row_takes_labels_of_ten_where_the_settings_say_so() {
    let send = |max, count| {
        let transport = Arc::new(ScriptedTransport::answering(&[TAKEN]));
        let naver = Naver::new(config().with_row_label_max(max), transport)?;
        let message = on_row(labelled(count));
        poll_once(naver.send_message(&CUSTOMER.parse().unwrap(), &message)).expect("nothing waits")
    };
    assert!(send(10, 10).is_ok());
    assert_eq!(send(10, 11).unwrap_err().code(), "naver.over_limit");
    for max in [3, 11] {
        assert_eq!(send(max, 1).unwrap_err().code(), "naver.bad_setting");
    }
}

#[test]
fn words_and_lists_have_the_limit_of_their_place() {
    assert_limit("text", 10_000, |count| Message::text(ga(count)));
    assert_limit("card.title", 200, |count| {
        card(|card| card.title = Some(ga(count)))
    });
    assert_limit("card.text", 1_000, |count| {
        card(|card| card.text = Some(ga(count)))
    });
    assert_limit("row.title", 100, |count| row(|row| row.title = ga(count)));
    assert_limit("row.text", 100, |count| {
        row(|row| row.text = Some(ga(count)))
    });
    assert_limit("row.note", 100, |count| {
        row(|row| row.note = Some(ga(count)))
    });
    assert_limit("button.value", 1_000, |count| {
        with_button(Button::text("버튼", ga(count)))
    });
    assert_limit("card.rows", 3, |count| {
        card(|card| card.rows = vec![Row::new("줄"); count])
    });
    assert_limit("card.buttons", 10, |count| {
        card(|card| card.buttons = vec![labelled(1); count])
    });
    assert_limit("menu.buttons", 10, |count| {
        with_button(Button::Menu {
            label: "메뉴".to_owned(),
            buttons: vec![labelled(1); count],
        })
    });
    assert_limit("quick_replies", 10, |count| {
        Message::text("말").with_quick_replies(vec![labelled(1); count])
    });
    let cards = |count| {
        let Body::Cards { cards } = card(|_| {}).body else {
            unreachable!("cards")
        };
        Message::new(Body::Cards {
            cards: vec![cards[0].clone(); count],
        })
    };
    assert_limit("carousel.cards", 10, cards);
    for (display, count_max) in [(ProductDisplay::Single, 15), (ProductDisplay::List, 4)] {
        assert_limit("products.ids", count_max, |count| {
            let ids = (1..=count as u64).collect();
            Message::new(Body::Products(Products::new(ids, display)))
        });
    }
}

#[test]
fn what_does_not_stand_in_a_place_is_refused_there() {
    let menu = || Button::Menu {
        label: "메뉴".to_owned(),
        buttons: vec![labelled(1)],
    };
    let pay = || Button::Pay {
        payment: Box::new(payment()),
    };
    let misplaced = |message| match refused(message) {
        Error::Misplaced { what, place } => (what, place),
        other => panic!("{other}"),
    };
    assert_eq!(misplaced(on_row(menu())), ("menu", "row"));
    assert_eq!(misplaced(in_menu(menu())), ("menu", "menu"));
    assert_eq!(misplaced(with_quick_reply(menu())), ("menu", "quick_reply"));
    assert_eq!(misplaced(on_row(pay())), ("payment", "row"));
    for fine in [with_button(pay()), in_menu(pay()), with_quick_reply(pay())] {
        assert!(encoded(&fine).is_ok());
    }
}

fn payment() -> Payment {
    let item = PaymentItem::new(("BOOKING", "GENERAL"), "u-1", "예약금", "s-1");
    Payment::new("o-7", 10_000, vec![item])
}

fn pay(change: impl FnOnce(&mut Payment)) -> Message {
    let mut payment = payment();
    change(&mut payment);
    with_button(Button::Pay {
        payment: Box::new(payment),
    })
}

#[test]
fn a_payment_adds_up() {
    let code = |message| encoded(&message).map_err(|error| error.code()).err();
    assert_eq!(code(pay(|_| {})), None);
    assert_eq!(code(pay(|pay| pay.total_won = 100)), None);
    assert_eq!(
        code(pay(|pay| pay.total_won = 99)),
        Some("naver.out_of_range")
    );
    assert_eq!(
        code(pay(|pay| pay.delivery_won = Some(10_001))),
        Some("naver.out_of_range")
    );
    let taxes =
        |taxed, untaxed| pay(|pay| (pay.taxed_won, pay.untaxed_won) = (Some(taxed), Some(untaxed)));
    assert_eq!(code(taxes(9_000, 1_000)), None);
    assert_eq!(code(taxes(9_000, 999)), Some("naver.bad_value"));
    assert_eq!(code(pay(|pay| pay.items.clear())), Some("naver.empty"));
    assert_eq!(
        code(pay(|pay| pay.merchant_pay_key.clear())),
        Some("naver.empty")
    );
    assert_eq!(
        code(pay(|pay| pay.items[0].seller_id.clear())),
        Some("naver.empty")
    );
    assert_eq!(
        code(pay(|pay| pay.items[0].count = Some(0))),
        Some("naver.out_of_range")
    );
    let day = |text: &str| Some(text.parse().unwrap());
    assert_eq!(
        code(pay(|pay| {
            let item = &mut pay.items[0];
            (item.starts_on, item.ends_on) = (day("2026-12-02"), day("2026-12-01"));
        })),
        Some("naver.bad_value")
    );
}

#[test]
fn a_picker_has_times_and_days_in_their_order() {
    let time = |text: &str| text.parse::<ClockTime>().unwrap();
    let day = |text: &str| text.parse().unwrap();
    let times = |change: &dyn Fn(&mut TimeInterval)| {
        let mut picker = TimeInterval::new("slot");
        change(&mut picker);
        let result = encoded(&with_button(Button::TimeInterval(picker)));
        result.map_err(|error| error.code()).err()
    };
    let bad = Some("naver.bad_value");
    let out = Some("naver.out_of_range");
    assert_eq!(times(&|all| all.minutes = Some(5)), None);
    assert_eq!(times(&|all| all.minutes = Some(720)), None);
    assert_eq!(times(&|all| all.minutes = Some(725)), out);
    assert_eq!(times(&|all| all.minutes = Some(0)), out);
    assert_eq!(times(&|all| all.minutes = Some(7)), bad);
    assert_eq!(times(&|all| all.from = Some(time("09:01"))), bad);
    assert_eq!(times(&|all| all.until = Some(time("24:00"))), bad);
    let reversed = (Some(time("10:00")), Some(time("09:00")));
    assert_eq!(times(&|all| (all.from, all.until) = reversed), bad);
    let off = TimeOff::between(time("10:00"), time("09:00"));
    assert_eq!(times(&|all| all.off = vec![off]), bad);
    assert_eq!(
        times(&|all| all.off = vec![TimeOff::at(time("09:02"))]),
        bad
    );
    assert_eq!(times(&|all| all.code.clear()), Some("naver.empty"));

    let days = |change: &dyn Fn(&mut Calendar)| {
        let mut picker = Calendar::new("day");
        change(&mut picker);
        let result = encoded(&with_button(Button::Calendar(picker)));
        result.map_err(|error| error.code()).err()
    };
    let (first, last) = (day("2026-12-01"), day("2026-12-24"));
    assert_eq!(days(&|all| all.days = Some((first, last))), None);
    assert_eq!(days(&|all| all.days = Some((last, first))), bad);
    assert_eq!(days(&|all| all.off = vec![DayOff::Weekday(6)]), None);
    assert_eq!(days(&|all| all.off = vec![DayOff::Weekday(7)]), bad);
    assert_eq!(days(&|all| all.off = vec![DayOff::Days(last, first)]), bad);
}

#[test]
fn a_webview_is_a_safe_page_of_30_to_90_percent() {
    let open = |url: &str, height| {
        let mut webview = Webview::new();
        webview.height_percent = Some(height);
        let button = Button::Link {
            label: "열기".to_owned(),
            url: url.to_owned(),
            mobile_url: None,
            webview: Some(webview),
        };
        let result = encoded(&with_button(button));
        result.map_err(|error| error.code()).err()
    };
    assert_eq!(open("https://shop.example", 30), None);
    assert_eq!(open("https://shop.example", 90), None);
    assert_eq!(open("https://shop.example", 29), Some("naver.out_of_range"));
    assert_eq!(open("https://shop.example", 91), Some("naver.out_of_range"));
    assert_eq!(open("http://shop.example", 50), Some("naver.bad_value"));
    assert_eq!(open("", 50), Some("naver.empty"));
}

#[test]
fn a_card_of_rows_needs_something_beside_them() {
    let only_rows = |buttons: Vec<Button>| {
        let mut card = Card::new();
        card.rows = vec![Row::new("줄")];
        card.buttons = buttons;
        encoded(&Message::new(Body::Cards { cards: vec![card] }))
    };
    assert_eq!(only_rows(vec![]).unwrap_err().code(), "naver.bare_card");
    assert!(only_rows(vec![labelled(1)]).is_ok());
}

#[test]
fn buttons_of_a_product_name_one_of_the_message() {
    let products = |id| {
        let mut products = Products::new(vec![7], ProductDisplay::Single);
        products.buttons = vec![ProductButtons::new(id, vec![labelled(18)])];
        encoded(&Message::new(Body::Products(products)))
    };
    assert!(products(7).is_ok());
    assert_eq!(products(8).unwrap_err().code(), "naver.bad_value");
    let none = Products::new(Vec::new(), ProductDisplay::List);
    let none = encoded(&Message::new(Body::Products(none)));
    assert_eq!(none.unwrap_err().code(), "naver.empty");
}

#[test]
fn the_fixed_menu_has_four_entries_on_three_levels() {
    let text = |count: usize| MenuEntry::Text {
        label: ga(count),
        code: "c".to_owned(),
    };
    let nested = |entries| MenuEntry::Nested {
        label: "아래".to_owned(),
        entries,
    };
    let code = |entries: Vec<MenuEntry>| {
        let result = encode_menu(&Menu::new(entries));
        result.map_err(|error| error.code()).err()
    };
    let over = Some("naver.over_limit");
    assert_eq!(code(vec![text(20); 4]), None);
    assert_eq!(code(vec![text(20); 5]), over);
    assert_eq!(code(vec![text(21)]), over);
    assert_eq!(code(vec![nested(vec![text(1); 5])]), over);
    assert_eq!(code(vec![nested(vec![nested(vec![text(1)])])]), None);
    assert_eq!(
        code(vec![nested(vec![nested(vec![nested(vec![text(1)])])])]),
        over
    );
    assert_eq!(code(vec![nested(Vec::new())]), Some("naver.empty"));
    let long = MenuEntry::Text {
        label: "가".to_owned(),
        code: ga(1_001),
    };
    assert_eq!(code(vec![long]), over);
}

#[test]
fn an_id_of_a_picture_is_no_address() {
    assert!(ImageId::try_from("nid-1".to_owned()).is_ok());
    for text in ["", "https://img.example/1", "a\nb", &"x".repeat(513)] {
        let error = ImageId::try_from(text.to_owned()).unwrap_err();
        assert_eq!(error.code(), "naver.bad_image_id");
    }
    let empty = Message::new(Body::Image {
        image: Image::Url(String::new()),
    });
    assert_eq!(refused(empty).code(), "naver.empty");
}
