//! What the answer to a webhook says at once.

use std::sync::Arc;

use happytalk_core::channel::Verdict;
use happytalk_core::content::Text;
use happytalk_core::outbound::Owner;
use happytalk_core::testing::ScriptedTransport;
use happytalk_core::{Action, Content};
use happytalk_naver::message::{Menu, Message, SendOptions};
use happytalk_naver::{Error, Naver, SyncReply};
use http::{Request, Response};
use serde_json::{Value, json};

use crate::desk::{CUSTOMER, config, outbound, say};

fn reply(event: &str, verdict: Verdict, reply: SyncReply<'_>) -> Result<Response<Vec<u8>>, Error> {
    let body = format!(r#"{{"event":"{event}","user":"{CUSTOMER}"}}"#);
    let call = Request::post("/").body(body.into_bytes()).unwrap();
    let config = config().with_send_options(SendOptions::new().with_notification());
    let naver = Naver::new(config, Arc::new(ScriptedTransport::default())).unwrap();
    naver.reply_with(&call, &verdict, reply)
}

fn body(response: &Response<Vec<u8>>) -> Value {
    serde_json::from_slice(response.body()).unwrap()
}

#[test]
fn an_event_is_answered_with_one_event() {
    let greeting = say(vec![Content::text("안녕하세요")]);
    let response = reply("open", Verdict::Accepted, SyncReply::Outbound(&greeting)).unwrap();
    assert_eq!(response.status(), 200);
    assert_eq!(
        response.headers()["content-type"],
        "application/json;charset=UTF-8"
    );
    // The notification of the settings has no effect here, so it is not there.
    assert_eq!(
        body(&response),
        json!({"event": "send", "user": CUSTOMER, "textContent": {"text": "안녕하세요"}, "options": {}})
    );
}

#[test]
fn any_kind_of_event_may_stand_there() {
    let ask = outbound(Action::AskProfile {
        field: "cellphone".to_owned(),
        agreements: Vec::new(),
    });
    let hand_over = outbound(Action::Handover { to: Owner::Agents });
    let menu = Menu::default();
    let message = Message::text("말");
    for (said, event) in [
        (SyncReply::Outbound(&ask), "profile"),
        (SyncReply::Outbound(&hand_over), "handover"),
        (SyncReply::Menu(&menu), "persistentMenu"),
        (SyncReply::Message(&message), "send"),
    ] {
        let response = reply("send", Verdict::Accepted, said).unwrap();
        assert_eq!(body(&response)["event"], event);
    }
}

#[test]
fn several_messages_do_not_fit_into_one_answer() {
    let two = say(vec![
        Content::text("하나"),
        Content::Text(Text::new("둘")),
        Content::text("셋"),
    ]);
    let error = reply("send", Verdict::Accepted, SyncReply::Outbound(&two)).unwrap_err();
    assert!(
        matches!(error, Error::TooManyForReply { parts: 3 }),
        "{error}"
    );
}

#[test]
fn nothing_is_said_where_it_would_be_lost_or_go_round() {
    let words = say(vec![Content::text("말")]);
    for (event, verdict) in [
        ("leave", Verdict::Accepted),
        ("echo", Verdict::Accepted),
        ("wink", Verdict::Accepted),
        ("send", Verdict::Refused),
        ("send", Verdict::Failed),
        ("send", Verdict::Approve),
        ("pay_complete", Verdict::Accepted),
        ("pay_complete", Verdict::Failed),
    ] {
        let result = reply(event, verdict, SyncReply::Outbound(&words));
        assert!(
            matches!(result, Err(Error::NoSyncReply { .. })),
            "{event} {verdict:?}"
        );
    }
}

#[test]
fn a_payment_is_declined_with_a_word_to_the_customer() {
    let words = say(vec![Content::text("품절되었습니다.")]);
    let declined = reply(
        "pay_complete",
        Verdict::Decline,
        SyncReply::Outbound(&words),
    );
    let declined = declined.unwrap();
    assert!(!declined.status().is_success());
    assert_eq!(body(&declined)["textContent"]["text"], "품절되었습니다.");
    let approved = reply(
        "pay_complete",
        Verdict::Approve,
        SyncReply::Outbound(&words),
    );
    assert_eq!(approved.unwrap().status(), 200);
}
