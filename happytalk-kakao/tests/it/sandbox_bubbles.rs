//! Everything that Kakao draws, handed over and said to the sandbox in every dialect: what the adapter lets through, a
//! platform that reads by the documents takes too.

use std::sync::Arc;

use happytalk_core::channel::Media;
use happytalk_core::testing::poll_once;
use happytalk_kakao::sandbox::{Sandbox, Shown, UserAct};
use happytalk_kakao::{
    AppLink, AutoAnswer, Bubble, BubbleButton, CarouselBubble, ConsentBubble, Coupon, Dialect,
    Error, FeedCard, FileBubble, ImageBubble, ImageUse, ItemListBubble, Kakao, ListItem, Press,
    TextBubble, UploadKind, WebLink, WideItem, WideItemListBubble,
};

use crate::fixture::SENDER_KEY;
use crate::sandbox_stage::{Stage, kinds};

/// A stage with an open session whose adapter also sends what no document confirms.
fn stage(dialect: Dialect) -> Stage {
    let mut stage = Stage::of(Sandbox::new(dialect, SENDER_KEY.parse().unwrap()));
    let config = stage
        .local
        .with(|sandbox| sandbox.config("http://sandbox.example"));
    let config = config.with_unconfirmed();
    stage.kakao = Kakao::new(config, Arc::clone(&stage.local) as _).unwrap();
    stage.user("ann", &UserAct::write("문의"));
    stage
}

fn png(width: u32, height: u32) -> Vec<u8> {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend(width.to_be_bytes());
    png.extend(height.to_be_bytes());
    png.extend([0; 20]);
    png
}

fn upload(stage: &Stage, name: &str, bytes: Vec<u8>, kind: UploadKind) -> FileBubble {
    let account = SENDER_KEY.parse().unwrap();
    let media = Media::new(account, name.to_owned(), String::new(), bytes.into());
    let uploaded = poll_once(stage.kakao.upload_as(media, kind))
        .unwrap()
        .unwrap();
    let mut file = FileBubble::new(uploaded.url);
    file.name = uploaded.name;
    file.size = uploaded.size;
    file
}

fn picture(stage: &Stage, image_use: ImageUse) -> String {
    upload(stage, "a.png", png(720, 720), UploadKind::Image(image_use)).url
}

fn say(stage: &Stage, id: &str, bubble: &Bubble) -> Result<(), Error> {
    let (id, customer) = (id.parse().unwrap(), "ann".parse().unwrap());
    let sent = poll_once(stage.kakao.send_bubble(&id, &customer, bubble));
    sent.unwrap().map(|_| ())
}

fn buttons(count: usize) -> Vec<BubbleButton> {
    let app = {
        let mut app = AppLink::new();
        app.ios = Some("shop://".to_owned());
        app.mobile = Some("https://shop.example".to_owned());
        app
    };
    let web = WebLink::new("https://shop.example/한글?a=1");
    let extra = Some("order_17".to_owned());
    let presses = [
        Press::Keyword {
            extra: extra.clone(),
        },
        Press::Web(web),
        Press::App(app),
        Press::Bot {
            event: extra.clone(),
        },
        Press::Deliver { extra },
    ];
    let presses = presses.into_iter().take(count);
    presses
        .map(|press| BubbleButton::new("열네자까지쓸수있는버튼이름", press))
        .collect()
}

fn link() -> WebLink {
    WebLink::new("https://shop.example")
}

/// Each bubble as large as it may be.
fn bubbles(stage: &Stage) -> Vec<Bubble> {
    let (alone, in_bubble) = (
        picture(stage, ImageUse::Alone),
        picture(stage, ImageUse::InBubble),
    );
    let file = upload(stage, "가 나.pdf", vec![7; 99], UploadKind::File);
    let (audio, video) = (
        upload(stage, "a.m4a", vec![7; 99], UploadKind::Audio),
        upload(stage, "a.mp4", vec![7; 99], UploadKind::Video),
    );
    let words = "가".repeat(1000);
    let replies: Vec<_> = buttons(1).into_iter().cycle().take(10).collect();

    let mut text = TextBubble::new(words.as_str());
    text.buttons = buttons(5);
    text.quick_replies = replies;
    let mut system = TextBubble::new("기다려 주세요");
    system.auto_answer = Some(AutoAnswer::Waiting);
    let mut with_coupon = TextBubble::new("쿠폰");
    with_coupon.coupon = Some(Coupon::new("3000원 할인 쿠폰", "오늘까지", link()));
    with_coupon.buttons = buttons(4);
    let mut image = ImageBubble::new(in_bubble.as_str());
    image.text = Some(words.clone());
    image.buttons = buttons(5);
    let mut wide = ImageBubble::new(in_bubble.as_str());
    wide.text = Some(words);
    wide.buttons = buttons(2);
    let rows = vec![ListItem::new("상품", "셔츠"); 10];
    let items = vec![WideItem::new("셔츠", in_bubble.as_str(), link()); 4];
    let mut card = FeedCard::new("셔츠", "새로 나왔어요");
    card.image = Some(in_bubble);
    card.buttons = buttons(2);
    vec![
        Bubble::Text(TextBubble::new("네")),
        Bubble::Text(text),
        Bubble::Text(system),
        Bubble::Text(with_coupon),
        Bubble::Image(ImageBubble::new(alone)),
        Bubble::Image(image),
        Bubble::WideImage(wide),
        Bubble::ItemList(ItemListBubble::new("주문 내역", rows)),
        Bubble::WideItemList(WideItemListBubble::new("새 상품", items)),
        Bubble::Carousel(CarouselBubble::new(vec![card; 10])),
        Bubble::File(file),
        Bubble::Audio(audio),
        Bubble::Video(video),
        Bubble::Personal(ConsentBubble::new("연락처를 알려 주세요")),
    ]
}

#[test]
fn what_the_adapter_lets_through_the_platform_takes() {
    for dialect in Dialect::ALL {
        let stage = stage(*dialect);
        let mut said = Vec::new();
        for (index, bubble) in bubbles(&stage).iter().enumerate() {
            match say(&stage, &format!("m-{index}"), bubble) {
                Ok(()) => said.push(bubble.kind()),
                Err(Error::NotCarried { .. }) => {}
                Err(error) => panic!("{dialect} {} {index}: {error}", bubble.kind()),
            }
        }
        let shown = stage.shown("ann");
        assert_eq!(shown.len(), said.len(), "{dialect}");
        let everywhere = ["text", "image", "file", "audio"];
        let beyond = [
            "wide_image",
            "item_list",
            "wide_item_list",
            "carousel",
            "video",
        ];
        let has = |kind: &str| said.contains(&kind);
        assert!(everywhere.into_iter().all(has), "{dialect} {said:?}");
        let first = matches!(dialect, Dialect::HappytalkV1 | Dialect::Hub);
        assert_eq!(beyond.into_iter().all(has), !first, "{dialect} {said:?}");
        assert_eq!(has("personal"), *dialect == Dialect::Bizgo);
    }
}

#[test]
fn what_is_shown_is_what_was_said() {
    for dialect in Dialect::ALL {
        let stage = stage(*dialect);
        let mut image = ImageBubble::new(picture(&stage, ImageUse::InBubble));
        image.text = Some("골라 주세요".to_owned());
        image.buttons = buttons(5);
        let url = image.image.clone();
        say(&stage, "m-1", &Bubble::Image(image)).unwrap();
        let Shown {
            words,
            media,
            buttons,
            ..
        } = &stage.shown("ann")[0];
        assert_eq!(
            (words.as_str(), &media[..]),
            ("골라 주세요", &[url][..]),
            "{dialect}"
        );
        let found: Vec<_> = buttons
            .iter()
            .map(|button| (button.kind.as_str(), button.carries.as_deref()))
            .collect();
        let extra = Some("order_17");
        let all = [
            ("BK", extra),
            ("WL", None),
            ("AL", None),
            ("BT", extra),
            ("MD", extra),
        ];
        assert_eq!(found, all, "{dialect}");
    }
}

#[test]
fn a_button_that_delivers_brings_the_words_of_its_message() {
    for dialect in Dialect::ALL {
        let mut stage = stage(*dialect);
        let mut text = TextBubble::new("교환 규정");
        let press = Press::Deliver {
            extra: Some("rule_1".to_owned()),
        };
        text.buttons = vec![BubbleButton::new("이 내용으로 문의", press)];
        say(&stage, "m-1", &Bubble::Text(text)).unwrap();
        stage.events();
        let came = stage.user("ann", &UserAct::press("이 내용으로 문의"));
        assert_eq!(kinds(&came), ["message"], "{dialect}");
        let json = came[0].to_json();
        assert!(json.contains("이 내용으로 문의\\n교환 규정"), "{dialect}");
        assert!(json.contains(r#""postback":"rule_1""#), "{dialect}");
    }
}

#[test]
fn who_agreed_to_share_their_number_shares_it() {
    let mut stage = stage(Dialect::Bizgo);
    let share = UserAct::ShareProfile {
        phone_number: "010-0000-0000".to_owned(),
        nickname: "앤".to_owned(),
    };
    let now = stage.now;
    let before = stage.local.with(|sandbox| sandbox.user("ann", &share, now));
    assert_eq!(before.unwrap_err().code(), "kakao.sandbox.no_button");
    let asks = Bubble::Personal(ConsentBubble::new("연락처를 알려 주세요"));
    say(&stage, "m-1", &asks).unwrap();
    stage.events();
    let came = stage.user("ann", &share);
    assert_eq!(kinds(&came), ["profile_shared"]);
    assert!(came[0].to_json().contains("010-0000-0000"));
}

#[test]
fn a_film_that_streams_arrives_whole() {
    for dialect in Dialect::ALL {
        let stage = stage(*dialect);
        let bytes: Vec<u8> = (0..=255).cycle().take(70_000).collect();
        let file = upload(&stage, "a.bin", bytes, UploadKind::File);
        assert_eq!(file.size, Some(70_000), "{dialect}");
        assert_eq!(file.name.as_deref(), Some("a.bin"));
    }
}
