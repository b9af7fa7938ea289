//! The laws of fitting, over contents and channels at random: nothing that can be read or pressed is lost, every message
//! is within every limit, and what was fitted once stays as it is.

use happytalk_core::Content;
use happytalk_core::capability::{Capabilities, TextUnit};
use happytalk_core::content::{Button, ButtonAction, Card, Media, Text};
use happytalk_core::fit::{CONTINUED, FitError, PARTS_MAX, fit};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::{Strategy, any, prop_oneof};
use proptest::sample::select;
use proptest::{prop_assert, prop_assert_eq, prop_compose, proptest};

fn words() -> impl Strategy<Value = String> {
    let word = select(vec![
        "안녕하세요",
        "배송",
        "👩\u{200d}👧",
        "😀",
        "\u{1112}\u{1161}\u{11ab}",
        "return",
        "a.b?c",
        "3.5",
        "끝났습니다.",
        "정말요?",
        "これ。",
        "\n",
        "  ",
        "“네.”",
        "e\u{301}",
    ]);
    vec((word, select(vec![" ", "", ". ", "\n"])), 1..40).prop_map(|all| {
        all.into_iter()
            .flat_map(|(word, gap)| [word, gap])
            .collect()
    })
}

fn labels() -> impl Strategy<Value = String> {
    prop_oneof!["[가-힣]{1,6}", "[가-힣]{2}( [가-힣a-z]{2,5}){2,4}",]
}

fn address() -> impl Strategy<Value = String> {
    "https://[a-z]{3,8}\\.kr/[a-z0-9]{1,10}"
}

fn buttons(most: usize) -> impl Strategy<Value = Vec<Button>> {
    let one = (labels(), 0_u8..5, "[a-z][a-z0-9_]{1,8}", address()).prop_map(
        |(label, kind, value, page)| match kind {
            0 => Button::new(label, ButtonAction::Url, page),
            1 => Button::new(label, ButtonAction::Phone, "1588-0000"),
            2 => Button::new(label, ButtonAction::Agent, value),
            _ => Button::new(label, ButtonAction::Postback, value),
        },
    );
    vec(one, 0..most)
}

fn cards() -> impl Strategy<Value = Card> {
    (
        option::of(labels()),
        option::of(words()),
        option::of(address()),
        buttons(9),
        buttons(3),
    )
        .prop_map(|(title, text, image, buttons, quick_replies)| {
            let mut card = Card::new();
            (card.title, card.text, card.image) = (title, text, image);
            (card.buttons, card.quick_replies) = (buttons, quick_replies);
            card
        })
}

fn contents() -> impl Strategy<Value = Vec<Content>> {
    let one = prop_oneof![
        (words(), buttons(6)).prop_map(|(text, quick_replies)| {
            let mut text = Text::new(text);
            text.quick_replies = quick_replies;
            Content::Text(text)
        }),
        (address(), option::of(words())).prop_map(|(url, comment)| {
            let mut media = Media::new(url);
            media.comment = comment;
            Content::Image(media)
        }),
        cards().prop_map(Content::Card),
        vec(cards(), 1..5).prop_map(|cards| Content::Carousel { cards }),
    ];
    vec(one, 1..4)
}

const NO_ACTIONS: &[ButtonAction] = &[];
const SOME_ACTIONS: &[ButtonAction] = &[ButtonAction::Postback, ButtonAction::Agent];
const ALL_ACTIONS: &[ButtonAction] = &[
    ButtonAction::Postback,
    ButtonAction::Agent,
    ButtonAction::Url,
    ButtonAction::Phone,
];
const KINDS: [&[&str]; 3] = [
    &["text", "image"],
    &["text", "image", "card"],
    &["text", "image", "card", "carousel"],
];

prop_compose! {
    fn channels()(
        content in select(KINDS.to_vec()),
        unit in select(vec![TextUnit::Chars, TextUnit::Utf16]),
        text_max in 40_usize..200,
        card_title_max in select(vec![0_usize, 5, 40]),
        card_text_max in select(vec![0_usize, 20, 60, 200]),
        card_words_max in 20_usize..260,
        flags in any::<(bool, bool, bool)>(),
        button_actions in select(vec![NO_ACTIONS, SOME_ACTIONS, ALL_ACTIONS]),
        label_max in 6_usize..20,
        quick_reply_label_max in 6_usize..20,
        counts in (0_usize..5, 0_usize..6, 0_usize..5),
    ) -> Capabilities {
        let mut to = Capabilities::none();
        (to.content, to.unit, to.text_max) = (content, unit, text_max);
        (to.card_title_max, to.card_text_max) = (card_title_max, card_text_max);
        to.card_words_max = card_words_max;
        (to.bare_cards, to.comments, to.value_is_token) = flags;
        (to.button_actions, to.value_max) = (button_actions, 20);
        (to.label_max, to.quick_reply_label_max) = (label_max, quick_reply_label_max);
        (to.buttons_max, to.quick_replies_max, to.cards_max) = counts;
        to
    }
}
/// Cards of a part, also those of a carousel.
fn cards_of(part: &Content) -> &[Card] {
    match part {
        Content::Card(card) => std::slice::from_ref(card),
        Content::Carousel { cards } => cards,
        _ => &[],
    }
}

fn pressed(part: &Content) -> Vec<&Button> {
    let replies = match part {
        Content::Text(text) => &text.quick_replies[..],
        _ => &[],
    };
    let on_cards = cards_of(part)
        .iter()
        .flat_map(|card| card.buttons.iter().chain(&card.quick_replies));
    replies.iter().chain(on_cards).collect()
}

/// What stands to be read, without buttons, in order.
fn read(part: &Content) -> Vec<&str> {
    match part {
        Content::Card(_) | Content::Carousel { .. } => cards_of(part)
            .iter()
            .flat_map(|card| [card.title.as_deref(), card.text.as_deref()])
            .flatten()
            .collect(),
        other => other.words().into_iter().collect(),
    }
}

fn solid(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

fn pictures(part: &Content) -> Vec<&str> {
    match part {
        Content::Image(media) => vec![&media.url],
        other => cards_of(other)
            .iter()
            .filter_map(|card| card.image.as_deref())
            .collect(),
    }
}

/// `Debug` hides what failed.
fn json(content: &[Content]) -> String {
    serde_json::to_string(content).unwrap()
}

/// The first limit that a part breaks.
fn broken(part: &Content, to: &Capabilities) -> Option<&'static str> {
    let over = |text: &str, max| to.unit.count(text) > max;
    if !to.carries(part) {
        return Some("kind");
    }
    for button in pressed(part) {
        if !to.button_actions.contains(&button.action) {
            return Some("action");
        }
    }
    match part {
        Content::Text(text) => {
            if over(&text.text, to.text_max) || text.text.trim().is_empty() {
                return Some("text");
            }
            if text.quick_replies.len() > to.quick_replies_max {
                return Some("quick replies");
            }
            let long = |reply: &Button| over(&reply.label, to.quick_reply_label_max);
            text.quick_replies
                .iter()
                .any(long)
                .then_some("quick reply label")
        }
        Content::Image(media) => (media.comment.is_some() && !to.comments).then_some("comment"),
        Content::Carousel { cards } if cards.len() > to.cards_max => Some("cards"),
        cards => cards_of(cards).iter().find_map(|card| {
            let title = card.title.as_deref().unwrap_or_default();
            let text = card.text.as_deref().unwrap_or_default();
            let both = [card.title.as_deref(), card.text.as_deref()];
            let both: Vec<&str> = both.into_iter().flatten().collect();
            if both.iter().any(|words| words.trim().is_empty()) {
                return Some("blank words");
            }
            let fields = [card.title.is_some(), card.text.is_some()];
            let beside = [card.image.is_some(), !card.buttons.is_empty()];
            let count = |list: &[bool]| list.iter().filter(|there| **there).count();
            let bare = count(&fields) == 0 || count(&fields) + count(&beside) < 2;
            let limits = [
                ("card title", over(title, to.card_title_max)),
                ("card text", over(text, to.card_text_max)),
                ("card words", over(&both.join("\n"), to.card_words_max)),
                ("bare card", bare && !to.bare_cards),
                ("buttons", card.buttons.len() > to.buttons_max),
                ("replies", card.quick_replies.len() > to.quick_replies_max),
                (
                    "label",
                    card.buttons.iter().any(|b| over(&b.label, to.label_max)),
                ),
            ];
            limits.into_iter().find(|(_, is)| *is).map(|(what, _)| what)
        }),
    }
}

proptest! {
    #[test]
    fn nothing_is_lost_every_limit_holds_and_twice_is_once(content in contents(), to in channels()) {
        let parts = match fit(&content, &to) {
            Ok(parts) => parts,
            Err(FitError::TooMany { .. } | FitError::Empty { what: "content" }) => return Ok(()),
            // A picture alone, and a title, on a channel where cards have neither place for words.
            Err(FitError::NotCarried { what: "words of a card" }) => {
                prop_assert!(to.card_text_max == 0 && to.card_title_max == 0);
                return Ok(());
            }
            Err(error) => panic!("{error}"),
        };
        prop_assert!(!parts.is_empty() && parts.len() <= PARTS_MAX);
        for part in &parts {
            prop_assert_eq!(broken(part, &to), None);
        }
        prop_assert!(fit(&parts, &to).as_ref() == Ok(&parts), "{}", json(&content));

        let out: String = parts.iter().flat_map(read).map(solid).collect();
        let whole = |link: &str| parts.iter().flat_map(read).any(|words| words.contains(link));
        let mut from = 0;
        for words in content.iter().flat_map(read).map(solid) {
            let found = out.get(from..).and_then(|rest| rest.find(&words));
            prop_assert!(found.is_some(), "words are missing, or out of their order: {}", json(&content));
            from += found.unwrap() + words.len();
        }
        let shown: Vec<&str> = parts.iter().flat_map(pictures).collect();
        for picture in content.iter().flat_map(pictures) {
            prop_assert!(shown.contains(&picture) || whole(picture), "a picture is missing: {}", json(&content));
        }
        let after: Vec<&Button> = parts.iter().flat_map(pressed).collect();
        for before in content.iter().flat_map(pressed) {
            let read = out.contains(&solid(&before.label));
            let same = after.iter().any(|button| {
                let readable = button.label == before.label || read;
                readable && button.action == before.action && button.value == before.value
            });
            let said = read && match before.action {
                ButtonAction::Url | ButtonAction::Phone => whole(&before.value),
                _ => !to.button_actions.contains(&before.action)
                    || !to.carries(&Content::Card(Card::new()))
                    || to.buttons_max == 0,
            };
            prop_assert!(same || said, "a button is missing: {}", json(&content));
        }
    }

    #[test]
    fn what_a_channel_carries_as_it_is_comes_back_as_it_is(content in contents()) {
        let mut to = Capabilities::none();
        to.content = KINDS[2];
        (to.text_max, to.card_title_max, to.card_text_max) = (9999, 9999, 9999);
        (to.card_words_max, to.value_max) = (99_999, 999);
        (to.label_max, to.quick_reply_label_max) = (999, 999);
        (to.buttons_max, to.quick_replies_max, to.cards_max) = (99, 99, 99);
        (to.button_actions, to.bare_cards, to.comments) = (ALL_ACTIONS, true, true);
        let mut content = content;
        for part in &mut content {
            match part {
                Content::Text(text) => text.quick_replies.clear(),
                Content::Card(card) => settled(card),
                Content::Carousel { cards } => {
                    cards.iter_mut().for_each(settled);
                    if let [card] = &cards[..] {
                        *part = Content::Card(card.clone());
                    }
                }
                _ => {}
            }
        }
        content.push(Content::text("끝"));
        content.retain(|part| !read(part).iter().all(|words| words.trim().is_empty()));
        prop_assert!(fit(&content, &to).unwrap() == content);
    }

    #[test]
    fn pieces_of_a_text_are_the_text(text in words(), max in 12_usize..60) {
        let mut to = Capabilities::none();
        (to.content, to.text_max, to.unit) = (&["text"], max, TextUnit::Utf16);
        if let Ok(parts) = fit(&[Content::text(text.clone())], &to) {
            let pieces: String = parts.iter().flat_map(read).map(solid).collect();
            prop_assert_eq!(pieces, solid(&text));
            prop_assert!(parts.iter().flat_map(read).all(|piece| TextUnit::Utf16.count(piece) <= max));
        }
    }
}

/// Without what is nothing on a card, and without quick replies.
fn settled(card: &mut Card) {
    card.quick_replies.clear();
    card.title.get_or_insert_with(|| CONTINUED.to_owned());
    card.text = card.text.take().filter(|text| !text.trim().is_empty());
}
