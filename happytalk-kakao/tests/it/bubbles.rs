//! What Kakao allows in a bubble, at and beyond each limit.

use happytalk_kakao::{
    Bubble, BubbleButton, ButtonKeys, Coupon, Dialect, Error, Press, TextBubble, WebLink,
    encode_bubble,
};
use serde_json::{Value, json};

use crate::dialects::config;
use crate::fixture::USER_KEY;

const IMAGE: &str = "https://mud-kage.kakao.com/a.jpg";

fn said(dialect: Dialect, bubble: Value) -> Result<Value, Error> {
    let bubble: Bubble = serde_json::from_value(bubble).unwrap();
    let config = config(dialect).with_unconfirmed();
    let (id, customer) = ("m-1".parse().unwrap(), USER_KEY.parse().unwrap());
    let request = encode_bubble(&id, &customer, &bubble, &config)?;
    Ok(serde_json::from_slice(request.body()).unwrap())
}

fn code(dialect: Dialect, bubble: Value) -> &'static str {
    said(dialect, bubble).map_or_else(|error| error.code(), |_| "fine")
}

fn many(count: usize) -> Value {
    json!(vec![
        json!({"label": "교환", "press": {"type": "keyword"}});
        count
    ])
}

fn coupon(description: &str) -> Value {
    json!({"title": "배송비 할인 쿠폰", "description": description, "link": {"mobile": "https://a.example"}})
}

#[test]
fn a_coupon_takes_the_place_of_the_fifth_button() {
    let text = |count, coupon: Value| json!({"type": "text", "text": "네", "buttons": many(count), "coupon": coupon});
    for dialect in [Dialect::HappytalkV3, Dialect::Bizgo] {
        assert_eq!(code(dialect, text(5, Value::Null)), "fine");
        assert_eq!(code(dialect, text(4, coupon("오늘만"))), "fine");
        assert_eq!(code(dialect, text(5, coupon("오늘만"))), "kakao.over_limit");
    }
}

#[test]
fn a_coupon_has_12_characters_and_below_a_wide_bubble_18() {
    let text =
        |chars: usize| json!({"type": "text", "text": "네", "coupon": coupon(&"가".repeat(chars))});
    let wide = |chars: usize| json!({"type": "wide_image", "image": IMAGE, "text": "네", "coupon": coupon(&"가".repeat(chars))});
    assert_eq!(code(Dialect::Bizgo, text(12)), "fine");
    assert_eq!(code(Dialect::Bizgo, text(13)), "kakao.over_limit");
    assert_eq!(code(Dialect::Bizgo, wide(18)), "fine");
    assert_eq!(code(Dialect::Bizgo, wide(19)), "kakao.over_limit");
}

#[test]
fn a_wide_bubble_has_two_buttons_and_words() {
    let wide = |count, text: Value| json!({"type": "wide_image", "image": IMAGE, "text": text, "buttons": many(count)});
    assert_eq!(code(Dialect::HappytalkV3, wide(2, json!("네"))), "fine");
    assert_eq!(
        code(Dialect::HappytalkV3, wide(3, json!("네"))),
        "kakao.over_limit"
    );
    assert_eq!(
        code(Dialect::HappytalkV3, wide(0, Value::Null)),
        "kakao.incomplete"
    );
}

#[test]
fn a_table_has_2_to_10_rows_a_list_of_pictures_3_or_4_and_a_carousel_2_to_10_cards() {
    let table = |count| {
        let rows = vec![json!({"title": "수량", "description": "1개"}); count];
        json!({"type": "item_list", "text": "네", "items": rows})
    };
    let rows = |count| {
        let row = json!({"title": "하나", "image": IMAGE, "link": {"mobile": "https://a.example"}});
        json!({"type": "wide_item_list", "header": "네", "items": vec![row; count]})
    };
    let cards = |count| {
        let card = json!({"header": "하나", "text": "네"});
        json!({"type": "carousel", "cards": vec![card; count]})
    };
    for dialect in [Dialect::HappytalkV3, Dialect::Bizgo] {
        let of = |bubble| code(dialect, bubble);
        assert_eq!(
            [1, 2, 10, 11].map(|n| of(table(n))),
            ["kakao.too_few", "fine", "fine", "kakao.over_limit"]
        );
        assert_eq!(
            [2, 3, 4, 5].map(|n| of(rows(n))),
            ["kakao.too_few", "fine", "fine", "kakao.over_limit"]
        );
        assert_eq!(
            [1, 2, 10, 11].map(|n| of(cards(n))),
            ["kakao.too_few", "fine", "fine", "kakao.over_limit"]
        );
    }
    let error = said(Dialect::Bizgo, cards(1)).unwrap_err();
    assert_eq!(error.to_string(), "there are too few. part=`cards` min=`2`");
}

#[test]
fn a_card_of_a_carousel_has_two_buttons() {
    let cards = |count| json!({"type": "carousel", "cards": [{"header": "하나", "text": "네", "buttons": many(count)}, {"header": "둘", "text": "네"}]});
    assert_eq!(code(Dialect::Bizgo, cards(2)), "fine");
    assert_eq!(code(Dialect::Bizgo, cards(3)), "kakao.over_limit");
}

#[test]
fn words_have_a_thousand_characters_wherever_they_stand() {
    let long = "가".repeat(1001);
    for bubble in [
        json!({"type": "text", "text": long}),
        json!({"type": "image", "image": IMAGE, "text": long}),
        json!({"type": "personal", "text": long}),
        json!({"type": "certificate", "text": long}),
    ] {
        assert_eq!(code(Dialect::Bizgo, bubble), "kakao.over_limit");
    }
    assert_eq!(
        code(Dialect::Bizgo, json!({"type": "personal", "text": " "})),
        "kakao.incomplete"
    );
}

#[test]
fn a_certificate_is_waited_for_some_minutes() {
    let minutes =
        |minutes: u32| json!({"type": "certificate", "text": "네", "expiry_minutes": minutes});
    assert_eq!(code(Dialect::Bizgo, minutes(1)), "fine");
    assert_eq!(code(Dialect::Bizgo, minutes(43_200)), "fine");
    assert_eq!(code(Dialect::Bizgo, minutes(43_201)), "kakao.over_limit");
    assert_eq!(code(Dialect::Bizgo, minutes(0)), "kakao.incomplete");
}

#[test]
fn a_file_needs_a_name_and_a_size_and_an_address() {
    let url = "https://mud-kage.kakao.com/a.pdf";
    for dialect in Dialect::ALL {
        let of = |bubble| code(*dialect, bubble);
        assert_eq!(
            of(json!({"type": "file", "url": url, "name": "a.pdf", "size": 1})),
            "fine"
        );
        assert_eq!(
            of(json!({"type": "file", "url": url, "size": 1})),
            "kakao.incomplete"
        );
        assert_eq!(
            of(json!({"type": "file", "url": url, "name": "a.pdf"})),
            "kakao.incomplete"
        );
        assert_eq!(
            of(json!({"type": "file", "url": "a.pdf", "name": "a.pdf", "size": 1})),
            "kakao.incomplete"
        );
        let name = "a".repeat(1001);
        assert_eq!(
            of(json!({"type": "file", "url": url, "name": name, "size": 1})),
            "kakao.over_limit"
        );
    }
}

#[test]
fn a_form_needs_its_key() {
    let form = |key: &str| json!({"type": "text", "text": "네", "buttons": [{"label": "설문", "press": {"type": "form", "key": key}}]});
    assert_eq!(code(Dialect::HappytalkV1, form("f-1")), "fine");
    assert_eq!(code(Dialect::HappytalkV1, form("")), "kakao.incomplete");
}

#[test]
fn what_a_button_carries_is_named_as_the_settings_say() {
    let mut text = TextBubble::new("네");
    let extra = Some("ex".to_owned());
    text.buttons = vec![BubbleButton::new("교환", Press::Keyword { extra })];
    let (id, customer) = ("m-1".parse().unwrap(), USER_KEY.parse().unwrap());
    for (keys, name) in [
        (ButtonKeys::Consult, "extra"),
        (ButtonKeys::Bizmessage, "chat_extra"),
    ] {
        let config = config(Dialect::HappytalkV3).with_button_keys(keys);
        let request = encode_bubble(&id, &customer, &Bubble::Text(text.clone()), &config).unwrap();
        let body: Value = serde_json::from_slice(request.body()).unwrap();
        assert_eq!(body["attachment"]["buttons"][0][name], "ex");
    }
}

#[test]
fn a_coupon_is_made_as_any_other_part() {
    let mut text = TextBubble::new("네");
    text.coupon = Some(Coupon::new(
        "배송비 할인 쿠폰",
        "오늘만",
        WebLink::new("ftp://a.example"),
    ));
    let bubble = serde_json::to_value(Bubble::Text(text)).unwrap();
    assert_eq!(code(Dialect::HappytalkV3, bubble), "kakao.incomplete");
}
