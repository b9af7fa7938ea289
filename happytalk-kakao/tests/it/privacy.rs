//! Nothing secret and nothing personal shows where somebody may log it.

use std::error::Error as _;
use std::fmt::{Debug, Display, Write as _};
use std::sync::Arc;
use std::time::Duration;

use happytalk_core::channel::Media;
use happytalk_core::content::{Button, ButtonAction, Card, Content};
use happytalk_core::testing::{ScriptedTransport, poll_once};
use happytalk_core::transport::{Body, TransportError, TransportErrorKind};
use happytalk_core::{Channel, ChannelError, Secret, Timestamp};
use happytalk_kakao::{
    Bubble, ButtonKeys, CentreCall, CodeTable, Config, Dialect, Endpoint, Error, ImageFault,
    ImageUse, IncompletePart, Kind, LimitedPart, Press, Refusal, SourceRange, UploadKind, decode,
    encode,
};

use crate::fixture::{self, idle, post, say};

/// What must not show: credentials, who the customer is, what they wrote and what was written to them.
const HIDDEN: [&str; 8] = [
    "client-7",
    "secret-7",
    "u7Lk2bQx0a_1",
    "010-1234-5678",
    "교환",
    "dn-m.talk",
    "order_17",
    "30012",
];

#[derive(Default)]
struct Shown(String);

impl Shown {
    fn debug(&mut self, value: &impl Debug) {
        write!(self.0, "{value:?}\n{value:#?}\n").unwrap();
    }

    fn both(&mut self, value: &(impl Debug + Display)) {
        self.debug(value);
        writeln!(self.0, "{value}").unwrap();
    }

    fn error(&mut self, error: Error) {
        self.both(&error);
        let error = ChannelError::from(error);
        self.both(&error);
        let mut source = error.source();
        while let Some(inner) = source {
            writeln!(self.0, "{inner} {inner:?}").unwrap();
            source = inner.source();
        }
    }
}

#[test]
fn nothing_hidden_shows_in_any_public_type() {
    let mut shown = Shown::default();
    let config = fixture::config();
    shown.debug(&config);
    shown.debug(&idle());
    shown.debug(&Config::for_display(fixture::SENDER_KEY.parse().unwrap()));
    for dialect in Dialect::ALL {
        shown.both(dialect);
    }
    for kind in Kind::ALL {
        shown.both(kind);
    }
    shown.both(&"203.0.113.0/24".parse::<SourceRange>().unwrap());
    for refusal in Refusal::ALL {
        shown.both(refusal);
    }

    for endpoint in ["message", "reference", "expired_session"] {
        for (_, fixture) in fixture::all(endpoint) {
            let body = fixture["event"].to_string();
            let kind: Kind = endpoint.parse().unwrap();
            shown.debug(&decode(kind, body.as_bytes(), None).unwrap());
        }
    }
    for endpoint in ["chat_write", "chat_end", "user_block"] {
        for (_, fixture) in fixture::all(endpoint) {
            let outbound = fixture["outbound"].to_string();
            let outbound = serde_json::from_str(&outbound).unwrap();
            shown.debug(&outbound);
            for request in encode(&outbound, &config).unwrap() {
                shown.debug(&request.headers().get("ht-client-secret"));
                shown.debug(&request.headers().get("ht-client-id"));
                shown.both(request.uri());
            }
        }
    }
    for kind in Kind::ALL {
        for (_, fixture) in fixture::all(&format!("bizgo/{kind}")) {
            let body = fixture["event"].to_string();
            let account = fixture::SENDER_KEY.parse().unwrap();
            let decoded = Dialect::Bizgo.decode(*kind, body.as_bytes(), Some(&account));
            shown.debug(&decoded.unwrap());
        }
    }
    for hidden in HIDDEN {
        assert!(!shown.0.contains(hidden), "{hidden} shows");
    }
}

/// Bubbles and calls of every kind with hidden words wherever they hold any, and what the centre answers.
#[test]
fn nothing_hidden_shows_of_what_kakao_alone_has() {
    let mut shown = Shown::default();
    for dialect in Dialect::ALL {
        let config = Config::new(
            "https://dealer.example.com",
            "client-7",
            Secret::new("secret-7"),
            fixture::SENDER_KEY.parse().unwrap(),
        );
        shown.debug(&config.clone().with_dialect(*dialect));
        shown.debug(&fixture::kakao_with(
            config.with_dialect(*dialect),
            &Default::default(),
        ));
        for (_, fixture) in fixture::all(&format!("dialect/{dialect}/bubble")) {
            let text = fixture["line"]["bubble"].to_string();
            let bubble: Bubble = serde_json::from_str(&text).unwrap();
            shown.debug(&bubble);
            match &bubble {
                Bubble::Text(text) => {
                    shown.debug(text);
                    shown.debug(&text.auto_answer);
                    shown.debug(&text.coupon);
                    for button in text.buttons.iter().chain(&text.quick_replies) {
                        shown.debug(button);
                        shown.debug(&button.press);
                        if let Press::Web(link) = &button.press {
                            shown.debug(link);
                        }
                        if let Press::App(link) = &button.press {
                            shown.debug(link);
                        }
                    }
                }
                Bubble::Image(image) | Bubble::WideImage(image) => shown.debug(image),
                Bubble::ItemList(list) => {
                    shown.debug(list);
                    shown.debug(&list.items);
                }
                Bubble::WideItemList(list) => {
                    shown.debug(list);
                    shown.debug(&list.items);
                }
                Bubble::Carousel(carousel) => {
                    shown.debug(carousel);
                    shown.debug(&carousel.cards);
                }
                Bubble::Video(file) | Bubble::Audio(file) | Bubble::File(file) => shown.debug(file),
                Bubble::Personal(consent) => shown.debug(consent),
                Bubble::Certificate(certificate) => shown.debug(certificate),
                other => panic!("{other:?} is not looked at"),
            }
        }
        for (_, fixture) in fixture::all(&format!("dialect/{dialect}/centre")) {
            let text = fixture["line"]["call"].to_string();
            let call: CentreCall = serde_json::from_str(&text).unwrap();
            shown.debug(&call);
            shown.debug(&call.endpoint());
            if let CentreCall::CreateSender(sender) = &call {
                shown.debug(sender);
            }
            if let CentreCall::SetConsultTimes { days } = &call {
                shown.debug(days);
            }
        }
    }
    let answers = [
        r#"{"code":"0000","image":"https://dn-m.talk.kakao.com/a.png","name":"교환.png"}"#,
        r#"{"code":"200","data":[{"domain":"https://chat.example.com/order_17"}]}"#,
        r#"{"code":"200","data":[{"id":"1","messages":[],"comments":[{"content":"교환 010-1234-5678"}]}]}"#,
    ];
    let transport = Arc::new(ScriptedTransport::answering(&answers));
    let config = fixture::config().with_dialect(Dialect::HappytalkV3);
    let kakao = fixture::kakao_with(config, &transport);
    let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0".to_vec();
    let account = fixture::SENDER_KEY.parse().unwrap();
    let media = Media::new(
        account,
        "교환.png".to_owned(),
        String::new(),
        Body::from(png),
    );
    shown.debug(&media.body);
    let kind = UploadKind::Image(ImageUse::Alone);
    shown.debug(&kind);
    shown.debug(&poll_once(kakao.upload_as(media, kind)).unwrap().unwrap());
    shown.debug(&poll_once(kakao.receive_domains()).unwrap().unwrap());
    shown.debug(&poll_once(kakao.system_messages(None)).unwrap().unwrap());
    let body = r#"{"common":{},"data":{"code":"A000","data":{"sessionId":1,"senderKey":"s"}}}"#;
    let transport = Arc::new(ScriptedTransport::answering(&[body]));
    let config = fixture::config().with_dialect(Dialect::Bizgo);
    let kakao = fixture::kakao_with(config, &transport);
    let customer = fixture::USER_KEY.parse().unwrap();
    shown.debug(&poll_once(kakao.session(&customer)).unwrap().unwrap());
    for table in [CodeTable::Kakao, CodeTable::Bizgo, CodeTable::BizgoGateway] {
        shown.debug(&table);
    }
    shown.both(&ImageFault::Shape);
    shown.debug(&ButtonKeys::Consult);
    for hidden in HIDDEN {
        assert!(!shown.0.contains(hidden), "{hidden} shows");
    }
}

#[test]
fn nothing_hidden_shows_in_an_error() {
    let mut shown = Shown::default();
    let endpoint = Endpoint::ChatWrite;
    for error in [
        Error::UnknownKind,
        Error::UnknownDialect,
        Error::BadSetting {
            setting: "base_url",
        },
        Error::NotAnEvent,
        Error::SourceRefused,
        Error::WrongAccount,
        Error::BodyTooLong { bytes_max: 1 },
        Error::TooDeep { depth_max: 1 },
        Error::MissingField { pointer: "/type" },
        Error::NotInDialect {
            endpoint,
            dialect: Dialect::Hub,
        },
        Error::TooFew {
            part: LimitedPart::Cards,
            min: 2,
        },
        Error::ImageRefused {
            fault: ImageFault::Format,
        },
        Error::MediaUnreadable {
            source: std::io::Error::other("disk"),
        },
        Error::PartlySent {
            parts_sent: 1,
            parts: 2,
            source: Box::new(Error::NotAnEvent),
        },
        Error::NotCarried { what: "video" },
        Error::OverLimit {
            part: LimitedPart::Text,
            max: 1,
        },
        Error::Incomplete {
            part: IncompletePart::Text,
        },
        Error::RateLimited {
            endpoint,
            after: Duration::from_secs(1),
        },
        Error::BadReply {
            endpoint,
            status: 500,
        },
        Error::Transport {
            endpoint,
            source: TransportError::new(TransportErrorKind::Timeout),
        },
    ] {
        shown.error(error);
    }
    for body in [
        r#"{"user_key":{"010-1234-5678":"교환"}}"#,
        r#"{"user_key":"u7Lk2bQx0a_1\n","sender_key":"교환"}"#,
        r#"{"user_key":"u7Lk2bQx0a_1","user_key":"010-1234-5678"}"#,
        r#"{"user_key":"u7Lk2bQx0a_1","sender_key":"s","session_id":"1","serial_number":1.5,"type":"교환"}"#,
        r#"{"user_key":"u7Lk2bQx0a_1","sender_key":"s","session_id":"1","extra":"010-1234-5678" 교환"#,
        "교환 010-1234-5678",
    ] {
        shown.error(decode(Kind::Message, body.as_bytes(), None).unwrap_err());
        let received = idle().receive(&post("/010-1234-5678/message", body), Timestamp::EPOCH);
        shown.debug(&received.unwrap_err());
    }

    let mut card = Card::new();
    card.text = Some("교환".to_owned());
    card.buttons = vec![Button::new("교환", ButtonAction::Postback, "010-1234-5678")];
    shown.error(encode(&say(vec![Content::Card(card)]), &fixture::config()).unwrap_err());
    let sender_key = fixture::SENDER_KEY.parse().unwrap();
    let config = Config::new(
        "http://client-7:secret-7@",
        "client-7",
        Secret::new("secret-7"),
        sender_key,
    );
    shown.error(encode(&say(vec![Content::text("교환")]), &config).unwrap_err());

    for answer in [
        r#"{"code":-502,"message":"u7Lk2bQx0a_1 교환"}"#,
        r#"{"code":"010-1234-5678 u7Lk2bQx0a_1"}"#,
        "교환 010-1234-5678",
    ] {
        let transport = Arc::new(ScriptedTransport::answering(&[answer]));
        let kakao = fixture::kakao(&transport);
        let message = say(vec![Content::text("교환")]);
        let error = poll_once(kakao.send(&message, Timestamp::EPOCH))
            .unwrap()
            .unwrap_err();
        shown.both(&error);
        shown.both(&error.source);
        shown.debug(&kakao);
    }
    for hidden in HIDDEN {
        assert!(!shown.0.contains(hidden), "{hidden} shows");
    }
}
