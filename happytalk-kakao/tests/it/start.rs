//! The 상담하기 button (3.5 of the wire's description): its address, its form, what it carries, its picture.

use happytalk_core::Secret;
use happytalk_kakao::{
    AppOpening, ChannelSearchId, Device, Error, FirstAnswer, START_PAGE, StartButton, StartExtra,
    StartKey, StartToken,
};
use proptest::prelude::*;

fn button() -> StartButton {
    StartButton::new("@happytalk".parse().unwrap())
}

fn full() -> StartButton {
    button()
        .with_extra("order_17".parse().unwrap())
        .with_first_answer(FirstAnswer::BotUnlessOpen)
        .with_event("welcome")
        .unwrap()
        .with_app_opening(AppOpening::Direct)
}

#[test]
fn an_address_names_the_channel_and_says_what_is_set_and_nothing_else() {
    assert_eq!(
        button().url(),
        "https://bizmessage.kakao.com/chat/open/@happytalk"
    );
    assert_eq!(
        full().url(),
        "https://bizmessage.kakao.com/chat/open/@happytalk?extra=order_17&bot=auto&event=welcome"
    );
    let hangul = StartButton::new("@해피톡".parse().unwrap());
    let url: http::Uri = hangul.url().parse().unwrap();
    assert_eq!(url.path(), "/chat/open/@%ED%95%B4%ED%94%BC%ED%86%A1");
}

#[test]
fn a_form_has_the_same_fields_and_how_the_app_opens() {
    let full = full();
    let form = full.form();
    assert_eq!(form.action(), START_PAGE);
    assert_eq!(
        form.fields(),
        [
            ("uuid", "@happytalk"),
            ("extra", "order_17"),
            ("bot", "auto"),
            ("event", "welcome"),
            ("app_open_type", "direct"),
        ]
    );
    assert_eq!(
        button().form().to_html("상담하기", Device::Phone),
        "<form method=\"post\" action=\"https://bizmessage.kakao.com/chat/open\" accept-charset=\"utf-8\">\n\
         \x20 <input type=\"hidden\" name=\"uuid\" value=\"@happytalk\">\n\
         \x20 <button type=\"submit\">상담하기</button>\n</form>\n"
    );
}

#[test]
fn on_a_pc_the_window_is_its_own_and_large_enough() {
    let html = full().form().to_html("A & <b>\"'", Device::Pc);
    assert!(html.contains("target=\"kakao_consult\""));
    assert!(html.contains("window.open('', 'kakao_consult', 'width=1024,height=800')"));
    assert!(html.contains("A &amp; &lt;b&gt;&quot;&#39;</button>"));
}

#[test]
fn who_answers_first_is_written_in_small_letters() {
    let words = [
        FirstAnswer::Consultation,
        FirstAnswer::Bot,
        FirstAnswer::BotUnlessOpen,
    ];
    assert_eq!(words.map(FirstAnswer::as_str), ["false", "true", "auto"]);
}

#[test]
fn rule_10_18_what_would_be_cut_in_silence_is_refused() {
    let longest = "a".repeat(50);
    assert_eq!(longest.parse::<StartExtra>().unwrap().as_str(), longest);
    for text in [
        "",
        &"a".repeat(51),
        "a b",
        "a-b",
        "a=b&bot=true",
        "주문",
        "a\n",
    ] {
        let error = text.parse::<StartExtra>().unwrap_err();
        assert_eq!(error.code(), "kakao.bad_start", "{text}");
        assert!(error.to_string().contains("extra: 1 to 50"), "{error}");
        assert!(button().with_event(text).is_err() || text.len() == 51);
    }
    assert!(button().with_event(&"e".repeat(100)).is_ok());
    assert!(button().with_event(&"e".repeat(101)).is_err());
}

#[test]
fn rule_10_32_the_three_names_of_a_channel_do_not_stand_for_each_other() {
    for text in [
        "happytalk",
        "_xkQxbC",
        "0c1f4e7ab29d83556e0af1b7c2d94e6688aa13f0",
        "12345678",
        "@",
        "@_",
        "@a b",
        "@a/b",
        "@a?extra=x",
        "@\u{202e}a",
        &format!("@{}", "a".repeat(40)),
    ] {
        let error = text.parse::<ChannelSearchId>().unwrap_err();
        assert_eq!(error.code(), "kakao.bad_start", "{text}");
        assert!(error.to_string().contains("search id"), "{error}");
    }
    assert!("@shop.official-1_a".parse::<ChannelSearchId>().is_ok());
}

#[test]
fn a_token_stands_for_what_does_not_fit() {
    let token = StartToken::from_random([0xff; 16]);
    let button = button().with_token(token);
    let extra = button.form().fields()[1].1.to_owned();
    assert_eq!(extra.len(), 25);
    let back: StartToken = extra.parse().unwrap();
    assert_eq!(back.to_bytes(), [0xff; 16]);
    let another = StartToken::from_random([0xfe; 16]);
    assert_ne!(another.to_extra(), token.to_extra());
    for text in ["", "tk_", "order_17", &extra[3..], &format!("{extra}0")] {
        assert!(text.parse::<StartToken>().is_err(), "{text}");
    }
}

fn key(text: &str) -> StartKey {
    StartKey::new(&Secret::new(text)).unwrap()
}

#[test]
fn a_signed_value_is_known_again_and_a_forged_one_is_not() {
    let ours = key("sixteen bytes or more");
    let longest = "v".repeat(StartKey::VALUE_CHARS_MAX);
    for value in ["order_17", "a", "_", longest.as_str()] {
        let extra = ours.sign(value).unwrap();
        assert_eq!(ours.verify(extra.as_str()).unwrap(), value);
        assert!(extra.as_str().len() <= StartExtra::CHARS_MAX);
        assert!(key("another key of ours").verify(extra.as_str()).is_err());
    }
    assert!(ours.sign(&"v".repeat(28)).is_err());
    assert!(ours.sign("주문").is_err());
    for text in ["", "_", "order_17", "order_17_0000000000000000000000"] {
        let error = ours.verify(text).unwrap_err();
        assert_eq!(error.code(), "kakao.start_not_ours", "{text}");
    }
    let error = StartKey::new(&Secret::new("fifteen bytes..")).unwrap_err();
    assert_eq!(error.code(), "kakao.bad_start");
}

#[test]
fn a_signature_is_the_first_half_of_the_hmac() {
    // HMAC-SHA256 of "order_17" under "sixteen bytes or more", worked out elsewhere: its first 16 bytes, in base 62.
    let extra = key("sixteen bytes or more").sign("order_17").unwrap();
    assert_eq!(extra.as_str(), "order_17_5ZonJtJ0UaY24yZOPkRrNC");
}

#[test]
fn nothing_that_a_button_carries_shows() {
    let key = key("sixteen bytes or more");
    let signed = key.sign("order_17").unwrap();
    let token = StartToken::from_random([7; 16]);
    let button = full();
    let form = button.form();
    let shown = format!(
        "{key:?} {signed:?} {token:?} {button:?} {form:?} {:?}",
        Error::StartNotOurs
    );
    for hidden in [
        "order_17",
        "sixteen",
        token.to_extra().as_str(),
        signed.as_str(),
    ] {
        assert!(!shown.contains(hidden), "{hidden} in {shown}");
    }
}

proptest! {
    #[test]
    fn whatever_is_taken_stays_one_value_of_the_address(extra in "\\PC{0,60}", event in "\\PC{0,60}") {
        let mut button = button();
        if let Ok(extra) = extra.parse() {
            button = button.with_extra(extra);
        }
        if let Ok(with_event) = button.clone().with_event(&event) {
            button = with_event;
        }
        let uri: http::Uri = button.url().parse().unwrap();
        prop_assert_eq!(uri.path(), "/chat/open/@happytalk");
        for pair in uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()) {
            let (name, value) = pair.split_once('=').unwrap();
            prop_assert_eq!(value, if name == "extra" { &extra } else { &event });
        }
    }

    #[test]
    fn no_change_to_a_signed_value_is_taken(value in "[A-Za-z0-9_]{1,27}", at in 0_usize..50, to in "[A-Za-z0-9_]") {
        let ours = key("sixteen bytes or more");
        let extra = ours.sign(&value).unwrap();
        let mut changed: Vec<char> = extra.as_str().chars().collect();
        let at = at % changed.len();
        changed[at] = to.chars().next().unwrap();
        let changed: String = changed.into_iter().collect();
        prop_assert_eq!(ours.verify(&changed).is_ok(), changed == extra.as_str());
    }
}

/// The squares of a picture in half blocks, dark ones true, line by line.
#[cfg(feature = "qr")]
fn squares(text: &str) -> Vec<Vec<bool>> {
    let mut rows = Vec::new();
    for line in text.lines() {
        // On the dark ground of a terminal a letter lights up what is light on paper.
        let pair = |c: char| match c {
            ' ' => (true, true),
            '▀' => (false, true),
            '▄' => (true, false),
            '█' => (false, false),
            other => panic!("{other:?}"),
        };
        let (above, below): (Vec<_>, Vec<_>) = line.chars().map(pair).unzip();
        rows.extend([above, below]);
    }
    rows
}

#[cfg(feature = "qr")]
#[test]
fn a_camera_reads_the_address_off_the_picture() {
    let longest = button()
        .with_extra("e".repeat(50).parse().unwrap())
        .with_first_answer(FirstAnswer::BotUnlessOpen)
        .with_event(&"v".repeat(100))
        .unwrap();
    for button in [button(), full(), longest] {
        let qr = button.qr().unwrap();
        let squares = squares(&qr.to_text());
        let scale = 3;
        let side = squares.len() * scale;
        let mut photo = rqrr::PreparedImage::prepare_from_bitmap(side, side, |x, y| {
            let row = squares.get(y / scale);
            row.and_then(|row| row.get(x / scale))
                .copied()
                .unwrap_or_default()
        });
        let found = photo.detect_grids();
        assert_eq!(found.len(), 1);
        let (meta, read) = found[0].decode().unwrap();
        assert_eq!(read, button.url());
        assert_eq!(meta.version.to_size(), qr.squares());
        assert!(!format!("{qr:?}").contains("http"));
    }
}

#[cfg(feature = "qr")]
#[test]
fn the_picture_for_paper_is_as_large_as_asked_for() {
    let qr = full().qr().unwrap();
    let svg = qr.to_svg(300);
    assert!(svg.starts_with("<?xml") && svg.contains("<svg") && svg.ends_with("</svg>"));
    let width = svg
        .split("width=\"")
        .nth(1)
        .unwrap()
        .split('"')
        .next()
        .unwrap();
    assert!(width.parse::<u32>().unwrap() >= 300, "{width}");
}
