//! Content fitted to a channel, part by part as the table of the module says it; the properties are in `fit_laws`.

use happytalk_core::Content;
use happytalk_core::capability::{Capabilities, TextUnit};
use happytalk_core::content::{Button, ButtonAction, ButtonTargets, Card, Media, Text};
use happytalk_core::fit::{CONTINUED, FitError, PARTS_MAX, fit};

/// A channel like 상담톡.
pub(crate) fn consult_talk() -> Capabilities {
    let mut to = Capabilities::none();
    to.content = &["text", "image", "file", "card"];
    to.text_max = 1000;
    (to.card_title_max, to.card_text_max, to.card_words_max) = (1000, 1000, 1000);
    to.button_actions = &[
        ButtonAction::Postback,
        ButtonAction::Url,
        ButtonAction::App,
        ButtonAction::Agent,
        ButtonAction::Bot,
    ];
    (to.value_max, to.value_is_token) = (50, true);
    (to.label_max, to.quick_reply_label_max) = (14, 14);
    (to.buttons_max, to.quick_replies_max) = (5, 10);
    to
}

/// A channel like TalkTalk.
pub(crate) fn talktalk() -> Capabilities {
    let mut to = Capabilities::none();
    to.content = &["text", "image", "card", "carousel"];
    to.unit = TextUnit::Utf16;
    to.text_max = 10_000;
    (to.card_title_max, to.card_text_max, to.card_words_max) = (200, 1000, 1201);
    to.button_actions = &[
        ButtonAction::Postback,
        ButtonAction::Url,
        ButtonAction::Phone,
        ButtonAction::Agent,
    ];
    to.value_max = 1000;
    (to.label_max, to.quick_reply_label_max) = (18, 10);
    (to.buttons_max, to.quick_replies_max, to.cards_max) = (10, 10, 10);
    to
}

/// A channel that has words and nothing else.
pub(crate) fn words_alone() -> Capabilities {
    let mut to = Capabilities::none();
    to.content = &["text"];
    to.text_max = 200;
    to
}

fn choice(label: &str, value: &str) -> Button {
    Button::new(label, ButtonAction::Postback, value)
}

fn choices(count: usize) -> Vec<Button> {
    let one = |n: usize| choice(&format!("선택 {n}"), &format!("c{n}"));
    (1..=count).map(one).collect()
}

fn card(title: Option<&str>, text: Option<&str>, buttons: Vec<Button>) -> Card {
    let mut card = Card::new();
    card.title = title.map(str::to_owned);
    card.text = text.map(str::to_owned);
    card.buttons = buttons;
    card
}

fn asked(text: &str, quick_replies: Vec<Button>) -> Content {
    let mut said = Text::new(text);
    said.quick_replies = quick_replies;
    Content::Text(said)
}

#[test]
fn what_fits_comes_back_as_it_is() {
    let mut picture = card(Some("제목"), Some("내용"), choices(5));
    picture.image = Some("https://example.com/a.png".to_owned());
    picture.quick_replies = choices(10);
    for content in [
        vec![Content::text("안녕하세요")],
        vec![Content::text(" 앞뒤 공백 ")],
        vec![
            Content::Image(Media::new("https://example.com/a.png")),
            Content::text("보셨나요?"),
        ],
        vec![Content::Card(picture)],
        vec![asked("골라 주세요.", choices(10))],
    ] {
        assert!(fit(&content, &consult_talk()).unwrap() == content);
    }
}

#[test]
fn a_long_text_is_cut_after_a_sentence_and_nothing_is_lost() {
    let sentence = "주문하신 상품은 오늘 출고됩니다. ";
    let text = sentence.repeat(100);
    let parts = fit(&[Content::text(text.clone())], &consult_talk()).unwrap();
    let words: Vec<&str> = parts.iter().filter_map(Content::words).collect();
    assert_eq!(words.len(), 2);
    assert!(words.iter().all(|piece| piece.ends_with("됩니다.")));
    assert_eq!(words.join(" "), text.trim());
}

#[test]
fn a_card_without_cards_is_words_with_links_and_numbered_choices() {
    let mut page = Button::new("상세 보기", ButtonAction::Url, "https://m.example.com/1");
    let mut targets = ButtonTargets::default();
    targets.pc = Some("https://example.com/1".to_owned());
    page.targets = Some(targets);
    let phone = Button::new("전화", ButtonAction::Phone, "tel:1588-0000");
    let mut card = card(
        Some("면 티셔츠"),
        Some("19,900원"),
        vec![page, phone, choice("담기", "add")],
    );
    card.image = Some("https://example.com/a.png".to_owned());
    let parts = fit(&[Content::Card(card)], &words_alone()).unwrap();
    let words = "https://example.com/a.png\n면 티셔츠\n19,900원\n\
        상세 보기: https://m.example.com/1\n상세 보기: https://example.com/1\n전화: 1588-0000\n3. 담기";
    assert!(parts == [Content::text(words)]);
}

#[test]
fn a_phone_number_that_no_button_dials_is_a_line_of_the_card() {
    let phone = Button::new("고객센터", ButtonAction::Phone, "1588-0000");
    let shown = card(None, Some("문의"), vec![phone, choice("접수", "a")]);
    let parts = fit(&[Content::Card(shown)], &consult_talk()).unwrap();
    let expected = card(
        None,
        Some("문의\n고객센터: 1588-0000"),
        vec![choice("접수", "a")],
    );
    assert!(parts == [Content::Card(expected)]);
}

#[test]
fn an_app_link_that_no_button_opens_leads_to_its_page() {
    let mut app = Button::new("앱에서 보기", ButtonAction::App, "shop://order");
    let mut targets = ButtonTargets::default();
    targets.web = Some("https://m.example.com".to_owned());
    app.targets = Some(targets);
    let parts = fit(
        &[Content::Card(card(None, Some("주문"), vec![app.clone()]))],
        &talktalk(),
    );
    let [Content::Card(card_said)] = &parts.unwrap()[..] else {
        panic!("one card")
    };
    let link = &card_said.buttons[0];
    assert_eq!(link.action, ButtonAction::Url);
    assert_eq!(link.value, "https://m.example.com");
    app.targets = None;
    let refused = fit(
        &[Content::Card(card(None, Some("주문"), vec![app]))],
        &talktalk(),
    );
    assert_eq!(refused, Err(FitError::NotCarried { what: "app button" }));
}

#[test]
fn buttons_beyond_the_limit_move_to_a_second_message() {
    let of = |title| Content::Card(card(title, Some("무엇을 도와드릴까요?"), choices(12)));
    let buttons = |part: &Content| match part {
        Content::Card(card) => card.buttons.clone(),
        _ => Vec::new(),
    };
    for (title, heading) in [(None, CONTINUED), (Some("문의"), "문의")] {
        let parts = fit(&[of(title)], &consult_talk()).unwrap();
        assert_eq!(
            parts.iter().map(|part| buttons(part).len()).sum::<usize>(),
            12
        );
        assert!(parts.iter().flat_map(buttons).eq(choices(12)));
        assert_eq!(parts.len(), 3);
        assert!(parts[1..].iter().all(|part| part.words() == Some(heading)));
    }
}

#[test]
fn a_card_with_a_long_text_keeps_its_buttons_under_the_end() {
    let text = "가나다라 마바사. ".repeat(150);
    let mut long = card(Some("안내"), Some(&text), choices(2));
    long.image = Some("https://example.com/a.png".to_owned());
    let parts = fit(&[Content::Card(long)], &talktalk()).unwrap();
    let [Content::Card(first), Content::Card(last)] = &parts[..] else {
        panic!("{parts:?}")
    };
    assert_eq!(first.title.as_deref(), Some("안내"));
    assert!(first.image.is_some() && first.buttons.is_empty());
    assert!(last.buttons == choices(2) && last.image.is_none());
    let words = [first, last]
        .map(|card| card.text.clone().unwrap())
        .join(" ");
    assert_eq!(words, text.trim());
}

#[test]
fn a_title_that_is_too_long_opens_the_text() {
    let title = "긴 제목 ".repeat(60);
    let parts = fit(
        &[Content::Card(card(Some(&title), Some("내용"), choices(1)))],
        &talktalk(),
    );
    let [Content::Card(said)] = &parts.unwrap()[..] else {
        panic!("one card")
    };
    assert_eq!(said.title, None);
    assert_eq!(said.text, Some(format!("{title}\n내용")));
}

#[test]
fn a_long_label_is_shortened_and_listed_in_full() {
    let (domestic, abroad) = (
        "배송 조회하기 (국내 택배 상품)",
        "배송 조회하기 (해외 직구 상품)",
    );
    let shown = card(
        None,
        Some("고르세요."),
        vec![
            choice(domestic, "d"),
            choice("반품", "r"),
            choice(abroad, "a"),
        ],
    );
    let parts = fit(&[Content::Card(shown)], &consult_talk()).unwrap();
    let [Content::Card(said)] = &parts[..] else {
        panic!("one card")
    };
    let text = format!("고르세요.\n1. {domestic}\n3. {abroad}");
    assert_eq!(said.text.as_deref(), Some(text.as_str()));
    let labels: Vec<&str> = said.buttons.iter().map(|b| b.label.as_str()).collect();
    assert_eq!(
        labels,
        ["1. 배송 조회하기 (국…", "반품", "3. 배송 조회하기 (해…"]
    );
    assert!(labels.iter().all(|label| label.chars().count() <= 14));
}

#[test]
fn a_label_that_is_all_that_comes_back_is_not_shortened() {
    let shown = card(None, Some("고르세요."), vec![choice(&"긴".repeat(15), "")]);
    let refused = fit(&[Content::Card(shown)], &consult_talk());
    let what = "label";
    assert_eq!(refused, Err(FitError::TooLong { what, max: 14 }));
}

#[test]
fn quick_replies_beyond_the_limit_become_buttons() {
    let parts = fit(&[asked("고르세요.", choices(12))], &consult_talk()).unwrap();
    assert_eq!(parts.len(), 3);
    let Content::Card(first) = &parts[0] else {
        panic!("a card")
    };
    assert_eq!(first.text.as_deref(), Some("고르세요."));
    assert!(first.quick_replies.is_empty() && first.buttons == choices(5));
}

#[test]
fn quick_replies_beyond_the_limit_are_numbered_lines_where_there_are_no_buttons() {
    let mut to = words_alone();
    (to.quick_replies_max, to.quick_reply_label_max, to.value_max) = (2, 10, 10);
    to.button_actions = &[ButtonAction::Postback];
    let parts = fit(&[asked("고르세요.", choices(3))], &to).unwrap();
    assert!(parts == [asked("고르세요.\n3. 선택 3", choices(2))]);
}

#[test]
fn quick_replies_go_with_the_last_message_since_they_vanish_when_anything_follows() {
    let content = [asked("하나", choices(1)), Content::text("둘")];
    let parts = fit(&content, &talktalk()).unwrap();
    assert!(parts == [Content::text("하나"), asked("둘", choices(1))]);
    let content = [
        asked("하나", choices(1)),
        Content::Image(Media::new("https://example.com/a.png")),
    ];
    let parts = fit(&content, &talktalk()).unwrap();
    assert!(parts[2..] == [asked(CONTINUED, choices(1))]);
}

#[test]
fn a_carousel_with_too_many_cards_is_several() {
    let one = |n: usize| card(Some(&format!("상품 {n}")), Some("내용"), choices(1));
    let cards: Vec<Card> = (1..=21).map(one).collect();
    let parts = fit(
        &[Content::Carousel {
            cards: cards.clone(),
        }],
        &talktalk(),
    )
    .unwrap();
    let shown: Vec<usize> = parts
        .iter()
        .map(|part| match part {
            Content::Carousel { cards } => cards.len(),
            Content::Card(_) => 1,
            _ => 0,
        })
        .collect();
    assert_eq!(shown, [10, 10, 1]);
    let parts = fit(
        &[Content::Carousel {
            cards: cards.clone(),
        }],
        &consult_talk(),
    )
    .unwrap();
    assert!(parts.into_iter().eq(cards.into_iter().map(Content::Card)));
}

#[test]
fn a_card_that_does_not_fit_stands_beside_its_row() {
    let one = |n: usize| card(Some(&format!("상품 {n}")), Some("내용"), choices(1));
    let mut cards: Vec<Card> = (1..=5).map(one).collect();
    cards[2].buttons = choices(11);
    let parts = fit(&[Content::Carousel { cards }], &talktalk()).unwrap();
    let kinds: Vec<&str> = parts.iter().map(Content::kind).collect();
    assert_eq!(kinds, ["carousel", "card", "card", "carousel"]);
}

#[test]
fn a_comment_that_media_do_not_carry_follows_as_a_text() {
    let mut media = Media::new("https://example.com/a.png");
    media.comment = Some("영수증입니다".to_owned());
    let said = [Content::Image(media.clone())];
    let mut to = consult_talk();
    let parts = fit(&said, &to).unwrap();
    media.comment = None;
    assert!(parts == [Content::Image(media), Content::text("영수증입니다")]);
    to.comments = true;
    assert!(fit(&said, &to).unwrap() == said);
}

#[test]
fn buttons_and_pictures_without_words_get_what_the_platform_wants() {
    let mut picture = Card::new();
    picture.image = Some("https://example.com/a.png".to_owned());
    let parts = fit(&[Content::Card(picture.clone())], &talktalk()).unwrap();
    assert!(parts == [Content::Image(Media::new("https://example.com/a.png"))]);
    picture.buttons = choices(1);
    let parts = fit(&[Content::Card(picture.clone())], &talktalk()).unwrap();
    assert_eq!(parts[0].words(), Some(CONTINUED));
    let mut to = talktalk();
    to.bare_cards = true;
    let said = [Content::Card(picture)];
    assert!(fit(&said, &to).unwrap() == said);
}

#[test]
fn what_cannot_be_carried_is_refused_with_its_code() {
    let with = |button| vec![Content::Card(card(None, Some("글"), vec![button]))];
    let mut elsewhere = Text::new("처음 300자");
    elsewhere.full_text_url = Some("https://example.com/full.txt".to_owned());
    let long_link = format!("https://example.com/{}", "a".repeat(200));
    let cases = [
        (vec![Content::Sticker], talktalk(), "fit.not_carried"),
        (
            vec![Content::Video(Media::new("https://example.com/a.mp4"))],
            talktalk(),
            "fit.not_carried",
        ),
        (
            vec![Content::Text(elsewhere)],
            talktalk(),
            "fit.not_carried",
        ),
        (
            with(Button::new("챗봇", ButtonAction::Bot, "start")),
            talktalk(),
            "fit.not_carried",
        ),
        (Vec::new(), talktalk(), "fit.empty"),
        (vec![Content::text(" \n ")], talktalk(), "fit.empty"),
        (with(choice(" ", "a")), talktalk(), "fit.empty"),
        (
            with(Button::new("보기", ButtonAction::Url, "")),
            talktalk(),
            "fit.empty",
        ),
        (
            with(Button::new("보기", ButtonAction::Url, long_link)),
            words_alone(),
            "fit.too_long",
        ),
        (
            with(choice("값", &"v".repeat(51))),
            consult_talk(),
            "fit.too_long",
        ),
        (with(choice("값", "한글")), consult_talk(), "fit.bad_value"),
        (
            vec![Content::text("가".repeat(200 * PARTS_MAX + 1))],
            words_alone(),
            "fit.too_many",
        ),
    ];
    for (content, to, code) in cases {
        let error = fit(&content, &to).unwrap_err();
        assert_eq!(error.code(), code, "{content:?}");
        assert!(!error.to_string().is_empty());
    }
    let mut narrow = words_alone();
    narrow.text_max = 2;
    let family = Content::text("👨\u{200d}👩\u{200d}👧");
    assert_eq!(fit(&[family], &narrow).unwrap_err().code(), "fit.too_long");
}
