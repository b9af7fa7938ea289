//! What customers write, who they are and what keys there are shows in no `Debug` and in no error.

use std::fmt::{Debug, Display};

use happytalk_core::call::{Call, CallOutcome};
use happytalk_core::content::{Button, ButtonAction, ButtonTargets, Card, Content, Media, Text};
use happytalk_core::conversation::{Command, Opening};
use happytalk_core::effect::{EffectKind, EffectResult};
use happytalk_core::event::{Category, TransferTarget};
use happytalk_core::fit::fit;
use happytalk_core::id::{CustomerId, PersonId};
use happytalk_core::inbound::Private;
use happytalk_core::launcher::Launcher;
use happytalk_core::parameters::{Latest, ParameterRules};
use happytalk_core::time::Zone;
use happytalk_core::transcript::{Audience, Transcript, View};
use happytalk_core::{
    Action, Capabilities, ChannelName, Conversation, Effect, Event, Inbound, InboundKind, Line,
    Message, Outbound, Sealable, Secret, Timestamp, Value, json,
};

const DAY: std::time::Duration = std::time::Duration::from_secs(24 * 60 * 60);

const CANARY: &str = "01047112358";

/// Looks at both ways to format a value for a log.
fn hides<T: Debug>(value: &T) {
    for shown in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!shown.contains(CANARY), "{shown}");
        assert!(!shown.is_empty());
    }
}

fn hides_in_words<E: Debug + Display>(error: &E) {
    hides(error);
    let said = error.to_string();
    assert!(!said.contains(CANARY), "{said}");
}

fn button() -> Button {
    let mut button = Button::new(CANARY, ButtonAction::Url, CANARY);
    let mut targets = ButtonTargets::default();
    targets.web = Some(CANARY.to_owned());
    targets.pc = Some(CANARY.to_owned());
    targets.ios = Some(CANARY.to_owned());
    targets.android = Some(CANARY.to_owned());
    hides(&targets);
    button.targets = Some(targets);
    button
}

fn card() -> Card {
    let mut card = Card::new();
    card.title = Some(CANARY.to_owned());
    card.text = Some(CANARY.to_owned());
    card.image = Some(CANARY.to_owned());
    card.buttons = vec![button()];
    card.quick_replies = vec![button()];
    card
}

fn media() -> Media {
    let mut media = Media::new(CANARY);
    media.comment = Some(CANARY.to_owned());
    media.name = Some(CANARY.to_owned());
    media
}

fn every_content() -> Vec<Content> {
    let mut text = Text::new(CANARY);
    text.full_text_url = Some(CANARY.to_owned());
    text.quick_replies = vec![button()];
    hides(&text);
    vec![
        Content::Text(text),
        Content::Image(media()),
        Content::Video(media()),
        Content::Audio(media()),
        Content::File(media()),
        Content::Card(card()),
        Content::Carousel {
            cards: vec![card()],
        },
    ]
}

fn message() -> Message {
    let mut message = Message::new("m-1".parse().unwrap(), every_content());
    message.postback = Some(Sealable::Open(CANARY.to_owned()));
    message
}

fn customer() -> CustomerId {
    CANARY.parse().unwrap()
}

fn value() -> Value {
    Value::Object([("phone".to_owned(), Value::List(vec![CANARY.into()]))].into())
}

fn call() -> Call {
    Call::new(
        "order.lookup".to_owned(),
        value(),
        "c-1/7".to_owned(),
        3_000,
    )
}

fn outbound(action: Action) -> Outbound {
    Outbound::new(
        "m-1".parse().unwrap(),
        "sender-key".parse().unwrap(),
        customer(),
        action,
    )
}

fn opening() -> Opening {
    let mut opening = Opening::by_customer(
        ChannelName::KAKAO_CONSULT,
        "sender-key".parse().unwrap(),
        customer(),
    );
    opening
        .parameters
        .insert("phone".to_owned(), Sealable::Open(CANARY.to_owned()));
    opening
}

#[test]
fn content_shows_its_kind_alone() {
    for content in every_content() {
        hides(&content);
        assert_eq!(
            format!("{content:?}"),
            format!("Content({})", content.kind())
        );
    }
    hides(&button());
    hides(&card());
    hides(&media());
    hides(&message());
}

#[test]
fn names_of_people_and_keys_are_hidden() {
    hides(&customer());
    hides(&CANARY.parse::<PersonId>().unwrap());
    hides(&Secret::new(CANARY));
    hides(&Private::from(CANARY));
    hides(&Sealable::Open(CANARY));
    hides(&value());
    hides(&value().get("phone"));
    // What is hidden is there for the one who needs it.
    assert_eq!(Secret::new(CANARY).expose(), CANARY);
    assert_eq!(Private::from(CANARY).as_str(), CANARY);
}

#[test]
fn no_line_of_the_log_shows_what_people_wrote() {
    let personal = format!(
        r#"{{"id":"m-1","content":[{{"type":"text","text":"{CANARY}"}}],"postback":"{CANARY}"}}"#
    );
    for fields in [
        format!(
            r#""type":"opened","channel":"webchat","account":"a","customer":"{CANARY}","opened_by":"customer","bot":true,"parameters":{{"phone":"{CANARY}"}},"title":"{CANARY}""#
        ),
        format!(r#""type":"customer_said","message":{personal}"#),
        format!(r#""type":"bot_said","message":{personal}"#),
        format!(r#""type":"auto_said","kind":"survey","message":{personal}"#),
        format!(r#""type":"agent_said","agent":"kim","message":{personal}"#),
        format!(r#""type":"customer_said","message":{{"sealed":"{CANARY}"}}"#),
        format!(r#""type":"noted","agent":"kim","text":"{CANARY}""#),
        format!(r#""type":"titled","title":"{CANARY}","by":"kim""#),
        format!(r#""type":"review_requested","agent":"kim","text":"{CANARY}""#),
        format!(r#""type":"review_answered","agent":"kim","text":"{CANARY}""#),
        format!(r#""type":"rated","score":1,"scale":5,"comment":"{CANARY}""#),
        format!(r#""type":"customer_linked","person":"{CANARY}""#),
        format!(r#""type":"later","who":"{CANARY}""#),
    ] {
        let text = format!(r#"{{"conversation":"c","seq":1,"at":1,{fields}}}"#);
        let line = Line::parse(&text).unwrap();
        assert_eq!(line.to_json(), text, "it is hidden and not lost");
        hides(&line);
        hides(&line.event);
        let mut conversation = Conversation::new();
        conversation.apply(&line.event, line.at);
        hides(&conversation);
        if let Event::CustomerSaid {
            message: Sealable::Closed(closed),
        } = &line.event
        {
            hides(closed);
        }
    }
}

#[test]
fn no_command_shows_what_people_wrote() {
    for command in [
        Command::Open(opening()),
        Command::CustomerSay {
            message: message(),
            session: None,
        },
        Command::BotSay { message: message() },
        Command::Note {
            agent: "kim".parse().unwrap(),
            text: Sealable::Open(CANARY.to_owned()),
        },
        Command::Rate {
            score: 1,
            scale: 5,
            comment: Some(Sealable::Open(CANARY.to_owned())),
            within: DAY,
        },
    ] {
        hides(&command);
        let mut conversation = Conversation::new();
        let opened = conversation
            .decide(&Command::Open(opening()), Timestamp::EPOCH)
            .unwrap();
        conversation.apply(&opened[0], Timestamp::EPOCH);
        hides(&conversation);
        hides(&conversation.party());
        match conversation.decide(&command, Timestamp::EPOCH) {
            Ok(events) => hides(&events),
            Err(error) => hides_in_words(&error),
        }
    }
}

#[test]
fn nothing_a_platform_told_shows() {
    for fields in [
        format!(
            r#""type":"message","content":[{{"type":"text","text":"{CANARY}"}}],"postback":"{CANARY}","parameters":{{"phone":"{CANARY}"}}"#
        ),
        format!(r#""type":"entered","parameters":{{"phone":"{CANARY}"}},"referrer":"{CANARY}""#),
        format!(
            r#""type":"echo","author":"agent","content":[{{"type":"text","text":"{CANARY}"}}]"#
        ),
        format!(r#""type":"handed_over","control":"passThread","metadata":"{CANARY}""#),
        format!(r#""type":"profile_shared","fields":{{"phone":"{CANARY}"}},"result":"SUCCESS""#),
        format!(
            r#""type":"paid","payment":"p-1","result":"SUCCESS","parameters":{{"name":"{CANARY}"}}"#
        ),
        format!(
            r#""type":"payment_confirmed","payment":"p-1","result":"FAIL","parameters":{{"name":"{CANARY}"}}"#
        ),
        format!(r#""type":"later","name":"{CANARY}""#),
    ] {
        let text = format!(r#"{{"channel":"naver_talktalk","customer":"{CANARY}",{fields}}}"#);
        let inbound = Inbound::parse(&text).unwrap();
        assert!(inbound.to_json().contains(CANARY));
        hides(&inbound);
        hides(&inbound.what);
    }
    hides(&InboundKind::unknown("cert_result"));
}

#[test]
fn nothing_that_goes_out_shows() {
    let actions = [
        Action::Say {
            content: every_content(),
        },
        Action::SetMenu {
            buttons: vec![button()],
        },
    ];
    for action in actions {
        hides(&action);
        let outbound = outbound(action);
        hides(&outbound);
        let what = EffectKind::Send {
            channel: ChannelName::WEBCHAT,
            outbound,
        };
        hides(&what);
        hides(&Effect::new(
            "e-1".parse().unwrap(),
            "c-1".parse().unwrap(),
            what,
        ));
    }
    hides(&call());
    hides(&EffectKind::Call { call: call() });
    hides(&CallOutcome::Ok(value()));
    hides(&EffectResult::Called(CallOutcome::Ok(value())));
}

/// Every way in which a text can be the wrong thing, read as many things.
#[test]
fn no_error_repeats_what_was_read() {
    fn wrong<T: serde::de::DeserializeOwned + Debug>(text: &str) {
        if let Err(error) = json::from_str::<T>(text) {
            hides_in_words(&error);
            assert!(!error.reason().contains(CANARY), "{}", error.reason());
        }
        if let Err(error) = json::from_slice::<T>(text.as_bytes()) {
            hides_in_words(&error);
        }
    }
    let number = CANARY.trim_start_matches('0');
    for text in [
        format!("\"{CANARY}\""),
        CANARY.to_owned(),
        number.to_owned(),
        format!("{number}.5"),
        format!("-{number}"),
        format!("{number}000000000000000000"),
        format!("[\"{CANARY}\"]"),
        format!("{{\"{CANARY}\":1}}"),
        format!("{{\"type\":\"{CANARY}\"}}"),
        format!("{{\"id\":\"{CANARY}\\n\"}}"),
        format!("\"{CANARY}\\n\""),
        format!("\"{CANARY}"),
        format!("{{\"{CANARY}"),
        format!("{CANARY}x"),
        format!("\"{}\"", CANARY.repeat(50)),
        format!("\"{CANARY}, expected {CANARY}\""),
        format!("\"x, expected {CANARY} at line 7\""),
        format!("{{\"type\":\"x, expected {CANARY} at line 7\"}}"),
        format!("{{\"type\":\"say\",\"content\":[{{\"type\":\"{CANARY}\"}}]}}"),
        format!("{{\"main\":\"{CANARY}\",\"sub\":{number}}}"),
    ] {
        wrong::<u8>(&text);
        wrong::<bool>(&text);
        wrong::<Vec<u8>>(&text);
        wrong::<Content>(&text);
        wrong::<Button>(&text);
        wrong::<ButtonAction>(&text);
        wrong::<Message>(&text);
        wrong::<Outbound>(&text);
        wrong::<Action>(&text);
        wrong::<Call>(&text);
        wrong::<CallOutcome>(&text);
        wrong::<Category>(&text);
        wrong::<TransferTarget>(&text);
        wrong::<CustomerId>(&text);
        wrong::<ChannelName>(&text);
        wrong::<Sealable<String>>(&text);
        wrong::<Sealable<Message>>(&text);
        wrong::<Timestamp>(&text);
        wrong::<happytalk_core::time::Date>(&text);
        wrong::<happytalk_core::Won>(&text);
        for of in [
            format!(r#""type":"customer_said","message":{text}"#),
            format!(r#""type":"noted","agent":"kim","text":{text}"#),
            format!(r#""type":"rated","score":{text},"scale":5"#),
            format!(r#""type":"held","by":{text}"#),
            format!(r#""type":{text}"#),
            format!(r#""agent":{text},"type":"held","by":"kim""#),
        ] {
            let line = format!(r#"{{"conversation":"c","seq":1,"at":1,{of}}}"#);
            if let Err(error) = Line::parse(&line) {
                hides_in_words(&error);
            }
        }
        if let Err(error) = Line::parse(&text) {
            hides_in_words(&error);
        }
        if let Err(error) = Inbound::parse(&text) {
            hides_in_words(&error);
        }
        if let Err(error) = text.parse::<Timestamp>() {
            hides_in_words(&error);
        }
        if let Err(error) = text.parse::<Zone>() {
            hides_in_words(&error);
        }
        if let Err(error) = format!("{text}\u{7}").parse::<CustomerId>() {
            hides_in_words(&error);
        }
    }
}

#[cfg(feature = "transport")]
#[test]
fn no_body_of_a_request_shows() {
    use happytalk_core::transport::Body;
    let body = Body::from(CANARY.as_bytes().to_vec());
    hides(&body);
    assert_eq!(format!("{body:?}"), "Body(11 bytes)");
    hides(&happytalk_core::channel::Media::new(
        "sender-key".parse().unwrap(),
        "a.png".to_owned(),
        "image/png".to_owned(),
        body,
    ));
}

#[cfg(feature = "transport")]
#[test]
fn no_batch_of_a_store_shows_what_people_wrote() {
    use happytalk_core::store::{Batch, Stored};
    let line = Line::parse(&format!(
        r#"{{"conversation":"c","seq":1,"at":1,"type":"noted","agent":"kim","text":"{CANARY}"}}"#
    ))
    .unwrap();
    let effect = Effect::new(
        "e-1".parse().unwrap(),
        "c".parse().unwrap(),
        EffectKind::Call { call: call() },
    );
    let mut batch = Batch::after(7);
    batch.lines = vec![line.clone()];
    batch.effects = vec![effect.clone()];
    batch.seen = vec![format!("kakao_consult/{CANARY}/1")];
    batch.states = vec![("c".parse().unwrap(), Some(CANARY.as_bytes().to_vec()))];
    hides(&batch);
    hides_bytes(&batch);
    let mut stored = Stored::default();
    stored.lines = vec![line];
    stored.effects = vec![effect];
    stored.seen = batch.seen;
    stored.states = vec![("c".parse().unwrap(), CANARY.as_bytes().to_vec())];
    hides(&stored);
    hides_bytes(&stored);
}

/// `Debug` writes bytes as a list of numbers, in which a reader finds the text again.
#[cfg(feature = "transport")]
fn hides_bytes<T: Debug>(value: &T) {
    let numbers = format!("{:?}", CANARY.as_bytes());
    let shown = format!("{value:?}");
    assert!(!shown.contains(numbers.trim_matches(['[', ']'])), "{shown}");
}

#[test]
fn what_is_made_of_content_and_parameters_hides_them_too() {
    let line = format!(
        r#"{{"conversation":"c","seq":1,"at":0,"type":"opened","channel":"webchat","account":"a","customer":"{CANARY}","opened_by":"customer","bot":true,"title":"{CANARY}"}}
{{"conversation":"c","seq":2,"at":0,"type":"bot_entered","scenario":"s","version":1,"node":"n","depth":1}}
{{"conversation":"c","seq":3,"at":0,"type":"noted","agent":"bot","text":"phone: {CANARY}"}}
{{"conversation":"c","seq":4,"at":0,"type":"agent_requested","by":"flow"}}"#
    );
    let lines: Vec<Line> = line
        .lines()
        .map(|line| Line::parse(line).unwrap())
        .collect();
    let view = View::new(Audience::Export);
    let id = "c".parse().unwrap();
    let transcript = Transcript::of(&id, &lines, &view, |text| text.into()).unwrap();
    hides(&transcript);
    hides(transcript.handover.as_ref().unwrap());
    transcript.entries.iter().for_each(hides);

    let given = [("uuid", CANARY), ("parameter1", CANARY)];
    let taken = ParameterRules::new().take(given).unwrap();
    hides(&taken);
    let mut latest = Latest::new();
    latest.learn(&taken.parameters, Timestamp::EPOCH);
    hides(&latest);
    for name in ["bot", "phone_os"] {
        hides_in_words(&ParameterRules::strict().take([(name, CANARY)]).unwrap_err());
    }
    let long = CANARY.repeat(9);
    let document =
        format!(r#"{{"channels":[{{"channel":"webchat","account":"a","label":"{long}"}}]}}"#);
    hides_in_words(&Launcher::read(&document).unwrap_err());
    hides_in_words(&fit(&every_content(), &Capabilities::none()).unwrap_err());
}
