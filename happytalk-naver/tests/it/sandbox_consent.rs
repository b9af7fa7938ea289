//! The adapter against the sandbox: consent pages, payments, and answers that speak at once.

use std::collections::BTreeMap;
use std::time::Duration;

use happytalk_core::channel::Verdict;
use happytalk_core::{Action, Content, InboundKind, Retry};
use happytalk_naver::SyncReply;
use happytalk_naver::message::{self, Message, Payment, PaymentItem, SendOptions};
use happytalk_naver::sandbox::{Impossible, UserAct};

use crate::sandbox_stage::{ANN, Stage};

#[test]
fn a_profile_is_shared_refused_or_let_lie() {
    let mut stage = Stage::new();
    stage.does(&UserAct::write("안녕하세요"));
    stage.told();
    let ask = |field: &str| Action::AskProfile {
        field: field.to_owned(),
        agreements: vec!["nickname".to_owned()],
    };
    stage.send(ask("cellphone")).unwrap();
    // The page stands in front of the room: nothing comes, and nothing can be said.
    assert_eq!(stage.user(&UserAct::write("네")), Err(Impossible::PageOpen));
    let error = stage.say(Content::text("네")).unwrap_err();
    assert_eq!(
        (error.code, error.retry),
        ("naver.customer_busy", Retry::After(Duration::from_secs(30)))
    );
    let number = BTreeMap::from([("cellphone".to_owned(), "01012345678".to_owned())]);
    stage.does(&UserAct::Share(number));
    let [InboundKind::ProfileShared { fields, result }] = &stage.told()[..] else {
        panic!("a result")
    };
    assert_eq!(
        (fields["cellphone"].as_str(), result.as_str()),
        ("01012345678", "SUCCESS")
    );

    // Consent to the nickname was given in passing: it comes without a page, but not at once after another request.
    let error = stage.send(ask("nickname")).unwrap_err();
    assert_eq!(error.code, "naver.customer_busy");
    stage.pass(Duration::from_secs(1));
    stage.send(ask("nickname")).unwrap();
    assert!(matches!(
        &stage.told()[..],
        [InboundKind::ProfileShared { .. }]
    ));

    stage.pass(Duration::from_secs(1));
    stage.send(ask("address")).unwrap();
    stage.does(&UserAct::CloseConsentPage);
    let [InboundKind::ProfileShared { fields, result }] = &stage.told()[..] else {
        panic!("a result")
    };
    assert_eq!((fields.len(), result.as_str()), (0, "CANCEL"));

    stage.pass(Duration::from_secs(1));
    stage.send(ask("address")).unwrap();
    stage.pass(Duration::from_secs(180));
    assert!(stage.events().is_empty(), "a page closes without a word");
    stage.say(Content::text("네")).unwrap();

    stage.does(&UserAct::Withdraw(vec!["cellphone".to_owned()]));
    let told = stage.told();
    assert!(
        matches!(&told[..], [InboundKind::Echo { .. }, InboundKind::ProfileWithdrawn { fields }] if fields == &["cellphone"]),
        "{told:?}"
    );
}

#[test]
fn a_payment_is_good_once_it_is_confirmed() {
    let stage = Stage::new();
    stage.does(&UserAct::write("결제할게요"));
    stage.told();
    let item = PaymentItem::new(("BOOKING", "GENERAL"), "u-1", "예약금", "s-1");
    let payment = Payment::new("o-7", 10_000, vec![item]);
    let button = message::Button::Pay {
        payment: Box::new(payment),
    };
    let ask = Message::text("결제해 주세요").with_quick_replies(vec![button]);
    stage.show(&ask).unwrap();
    stage.told();

    // Answered with a bare "taken", it is declined, and nothing follows.
    stage.does(&UserAct::Pay { paid: true });
    assert!(matches!(&stage.told()[..], [InboundKind::Paid { .. }]));
    assert!(stage.events().is_empty());

    stage.does(&UserAct::Pay { paid: true });
    let [
        InboundKind::Paid {
            payment,
            result,
            parameters,
        },
    ] = &stage.answered(Verdict::Approve)[..]
    else {
        panic!("a payment")
    };
    assert_eq!(result, "Success");
    assert_eq!(
        parameters.as_ref().unwrap()["merchantPayKey"].as_str(),
        "o-7"
    );
    let [
        InboundKind::PaymentConfirmed {
            payment: confirmed,
            result,
            parameters,
        },
    ] = &stage.told()[..]
    else {
        panic!("a confirmation")
    };
    assert_eq!((confirmed, result.as_str()), (payment, "Success"));
    assert_eq!(
        parameters.as_ref().unwrap()["detail.totalPayAmount"].as_str(),
        "10000"
    );

    stage.does(&UserAct::Pay { paid: false });
    let [InboundKind::Paid { result, .. }] = &stage.answered(Verdict::Decline)[..] else {
        panic!("a payment")
    };
    assert_eq!(result, "Fail");
}

#[test]
fn a_declined_payment_may_say_why_in_the_answer() {
    let stage = Stage::new();
    stage.does(&UserAct::write("결제할게요"));
    let item = PaymentItem::new(("BOOKING", "GENERAL"), "u-1", "예약금", "s-1");
    let payment = Box::new(Payment::new("o-7", 10_000, vec![item]));
    let ask = Message::text("결제").with_quick_replies(vec![message::Button::Pay { payment }]);
    stage.show(&ask).unwrap();
    stage.told();
    stage.does(&UserAct::Pay { paid: true });
    let event = stage.events().remove(0);
    let request = event.request("https://desk.invalid/").unwrap();
    let sorry = Message::text("품절되었습니다.");
    let response = stage
        .naver
        .reply_with(&request, &Verdict::Decline, SyncReply::Message(&sorry))
        .unwrap();
    stage
        .platform
        .with(|sandbox| sandbox.event_answered(&event, Some(&response)));
    assert_eq!(stage.words().last().unwrap(), "품절되었습니다.");
    let told = stage.told();
    assert!(matches!(&told[..], [InboundKind::Echo { .. }]), "{told:?}");
}

#[test]
fn an_answer_may_speak_at_once_but_not_to_whoever_left() {
    let mut stage = Stage::new();
    let answer = |stage: &mut Stage, words: &str| {
        let event = stage.events().remove(0);
        let request = event.request("https://desk.invalid/").unwrap();
        let message = Message::text(words).with_options(SendOptions::new().with_notification());
        let response =
            stage
                .naver
                .reply_with(&request, &Verdict::Accepted, SyncReply::Message(&message));
        let response = response.unwrap_or_else(|_| {
            http::Response::new(br#"{"event":"send","textContent":{"text":"x"}}"#.to_vec())
        });
        stage
            .platform
            .with(|sandbox| sandbox.event_answered(&event, Some(&response)));
    };
    stage.does(&UserAct::write("안녕하세요"));
    answer(&mut stage, "네");
    assert_eq!(stage.words(), ["네"]);
    stage.platform.with(|sandbox| {
        assert!(!sandbox.room(ANN).unwrap().shown()[0].has_notified);
    });
    stage.told();
    stage.does(&UserAct::Leave);
    answer(&mut stage, "안녕히 가세요");
    assert!(stage.words().is_empty());
}
