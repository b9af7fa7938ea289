//! What a channel gives and takes, as JSON: content, `Inbound`, `Outbound`.

use happytalk_core::content::Content;
use happytalk_core::{Action, Inbound, InboundKind, Message, Outbound};

fn content(text: &str) -> Content {
    let content: Content = serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    assert_eq!(serde_json::to_string(&content).unwrap(), text);
    content
}

fn inbound(text: &str) -> Inbound {
    let inbound = Inbound::parse(text).unwrap_or_else(|error| panic!("{error}: {text}"));
    assert_eq!(inbound.to_json(), text);
    assert_eq!(serde_json::to_string(&inbound).unwrap(), text);
    inbound
}

fn outbound(text: &str) -> Outbound {
    let outbound: Outbound = serde_json::from_str(text).unwrap_or_else(|e| panic!("{e}: {text}"));
    assert_eq!(serde_json::to_string(&outbound).unwrap(), text);
    outbound
}

#[test]
fn every_kind_of_content_is_read_and_written_back() {
    for (kind, text) in [
        ("text", r#"{"type":"text","text":"안녕하세요"}"#),
        (
            "text",
            r#"{"type":"text","text":"긴 글…","full_text_url":"https://example.com/t","quick_replies":[{"label":"네","action":"postback","value":"yes"}]}"#,
        ),
        (
            "image",
            r#"{"type":"image","url":"https://example.com/a.png"}"#,
        ),
        (
            "image",
            r#"{"type":"image","url":"https://example.com/a.png","comment":"사진","name":"a.png","size":9007199254740993}"#,
        ),
        (
            "video",
            r#"{"type":"video","url":"https://example.com/a.mp4","size":0}"#,
        ),
        (
            "audio",
            r#"{"type":"audio","url":"https://example.com/a.m4a","comment":""}"#,
        ),
        (
            "file",
            r#"{"type":"file","url":"not a URL at all","name":"영수증.pdf"}"#,
        ),
        ("sticker", r#"{"type":"sticker"}"#),
        ("location", r#"{"type":"location"}"#),
        ("card", r#"{"type":"card"}"#),
        (
            "card",
            r#"{"type":"card","title":"제목","text":"본문","image":"https://example.com/a.png","buttons":[{"label":"열기","action":"url","value":"https://example.com"}],"quick_replies":[{"label":"네","action":"postback","value":""}]}"#,
        ),
        (
            "carousel",
            r#"{"type":"carousel","cards":[{"title":"하나"},{"text":"둘"}]}"#,
        ),
    ] {
        assert_eq!(content(text).kind(), kind);
    }
}

#[test]
fn every_button_is_read_and_written_back() {
    for action in ["postback", "url", "app", "phone", "agent", "bot"] {
        content(&format!(
            r#"{{"type":"card","buttons":[{{"label":"누르기","action":"{action}","value":"v"}}]}}"#
        ));
    }
    content(
        r#"{"type":"card","buttons":[{"label":"앱","action":"app","value":"","targets":{"web":"https://m.example.com","pc":"https://example.com","ios":"shop://","android":"shop://a"}}]}"#,
    );
    // A button that needs no value may come without one.
    let button = r#"{"type":"card","buttons":[{"label":"상담원","action":"agent"}]}"#;
    assert!(serde_json::from_str::<Content>(button).is_ok());
    let unknown = r#"{"type":"card","buttons":[{"label":"x","action":"explode"}]}"#;
    assert!(serde_json::from_str::<Content>(unknown).is_err());
}

#[test]
fn the_words_of_a_message_are_those_a_customer_reads() {
    let message: Message = serde_json::from_str(
        r#"{"id":"m","content":[{"type":"text","text":"하나"},{"type":"sticker"},{"type":"image","url":"u","comment":"둘"},{"type":"card","title":"제목","text":"셋"},{"type":"card","title":"넷"},{"type":"location"}]}"#,
    )
    .unwrap();
    assert_eq!(message.words(), "하나\n둘\n셋\n넷");
}

#[test]
fn every_kind_of_inbound_is_read_and_written_back() {
    let lines = [
        (
            "message",
            r#"{"type":"message","channel":"kakao_consult","account":"sender","customer":"user","session":"900719925474099312","id":"9007199254740993","at":1715562000000,"content":[{"type":"text","text":"안녕"}],"input":"typing","postback":"a/b","standby":true,"parameters":{"friend":"true","under14":"false"}}"#,
        ),
        (
            "message",
            r#"{"type":"message","channel":"naver_talktalk","content":[{"type":"sticker"}]}"#,
        ),
        (
            "entered",
            r#"{"type":"entered","channel":"naver_talktalk","customer":"u","parameters":{"from":"product"},"inflow":"list","referrer":"https://example.com","bot":"Y"}"#,
        ),
        ("entered", r#"{"type":"entered","channel":"webchat"}"#),
        (
            "left",
            r#"{"type":"left","channel":"naver_talktalk","customer":"u"}"#,
        ),
        (
            "session_ended",
            r#"{"type":"session_ended","channel":"kakao_consult","customer":"u","session":"1"}"#,
        ),
        (
            "friend_changed",
            r#"{"type":"friend_changed","channel":"naver_talktalk","customer":"u","friend":false}"#,
        ),
        (
            "echo",
            r#"{"type":"echo","channel":"naver_talktalk","customer":"u","author":"bot","content":[{"type":"text","text":"네"}]}"#,
        ),
        (
            "handed_over",
            r#"{"type":"handed_over","channel":"naver_talktalk","customer":"u","control":"passThread","metadata":"{\"a\":1}"}"#,
        ),
        (
            "handed_over",
            r#"{"type":"handed_over","channel":"naver_talktalk","control":"take_thread"}"#,
        ),
        (
            "profile_shared",
            r#"{"type":"profile_shared","channel":"kakao_consult","customer":"u","fields":{"name":"홍길동","phone_number":"010-0000-0000"},"result":"SUCCESS"}"#,
        ),
        (
            "profile_withdrawn",
            r#"{"type":"profile_withdrawn","channel":"kakao_consult","fields":["name"]}"#,
        ),
        (
            "paid",
            r#"{"type":"paid","channel":"naver_talktalk","payment":"p-1","result":"SUCCESS","parameters":{"amount":"1000"}}"#,
        ),
        (
            "payment_confirmed",
            r#"{"type":"payment_confirmed","channel":"naver_talktalk","payment":"p-1","result":"SUCCESS"}"#,
        ),
        (
            "delivery",
            r#"{"type":"delivery","channel":"kakao_consult","message":"m-1","status":"failed"}"#,
        ),
        (
            "seen",
            r#"{"type":"seen","channel":"kakao_consult","customer":"u","session":"1"}"#,
        ),
    ];
    for (kind, text) in lines {
        assert_eq!(inbound(text).what.kind(), kind);
    }
    for kind in InboundKind::KINDS {
        assert!(lines.iter().any(|(seen, _)| seen == kind), "{kind}");
    }
}

#[test]
fn an_inbound_of_no_known_kind_is_unknown_and_names_its_kind() {
    let text = r#"{"type":"unknown","channel":"kakao_consult","customer":"u","id":"7","kind":"cert_result"}"#;
    assert_eq!(inbound(text).what, InboundKind::unknown("cert_result"));
    let later = r#"{"type":"waved","channel":"webchat","hand":"left"}"#;
    let later = Inbound::parse(later).unwrap();
    assert_eq!(later.what.kind(), "waved");
    assert_eq!(
        later.to_json(),
        r#"{"type":"unknown","channel":"webchat","kind":"waved"}"#
    );
    assert_eq!(Inbound::parse(&later.to_json()), Ok(later));
}

#[test]
fn an_inbound_that_is_not_one_is_an_error_with_a_place() {
    for text in [
        "",
        "null",
        "[]",
        "{}",
        r#"{"type":"message"}"#,
        r#"{"type":"message","channel":""}"#,
        r#"{"type":"message","channel":"webchat"}"#,
        r#"{"type":"message","channel":"webchat","content":"x"}"#,
        r#"{"type":"echo","channel":"webchat","author":"ghost","content":[]}"#,
    ] {
        let error = Inbound::parse(text).expect_err(text);
        assert_eq!(error.line(), 1, "{text}: {error}");
    }
}

#[test]
fn the_example_of_an_outbound_is_read_and_written_back() {
    let outbound = outbound(
        r#"{"id":"m-1","account":"…","customer":"…","action":{"type":"say","content":[{"type":"text","text":"안녕하세요"}]}}"#,
    );
    assert_eq!(outbound.id.as_str(), "m-1");
    assert_eq!(
        outbound.action,
        Action::Say {
            content: vec![Content::text("안녕하세요")]
        }
    );
}

#[test]
fn every_action_is_read_and_written_back() {
    for (kind, action) in [
        ("say", r#"{"type":"say","content":[{"type":"sticker"}]}"#),
        ("end", r#"{"type":"end"}"#),
        ("end_with_bot", r#"{"type":"end_with_bot"}"#),
        ("end_with_bot", r#"{"type":"end_with_bot","event":"bye"}"#),
        ("block", r#"{"type":"block"}"#),
        ("unblock", r#"{"type":"unblock"}"#),
        ("handover", r#"{"type":"handover","to":"agents"}"#),
        ("handover", r#"{"type":"handover","to":"bot"}"#),
        ("typing", r#"{"type":"typing","on":true}"#),
        (
            "ask_profile",
            r#"{"type":"ask_profile","field":"nickname"}"#,
        ),
        (
            "ask_profile",
            r#"{"type":"ask_profile","field":"nickname","agreements":["cellphone"]}"#,
        ),
        ("set_menu", r#"{"type":"set_menu","buttons":[]}"#),
        (
            "set_menu",
            r#"{"type":"set_menu","buttons":[{"label":"처음으로","action":"postback","value":"home"}]}"#,
        ),
    ] {
        let text = format!(r#"{{"id":"m","account":"a","customer":"u","action":{action}}}"#);
        assert_eq!(outbound(&text).action.kind(), kind);
    }
    let unknown = r#"{"id":"m","account":"a","customer":"u","action":{"type":"sing"}}"#;
    assert!(serde_json::from_str::<Outbound>(unknown).is_err());
}
