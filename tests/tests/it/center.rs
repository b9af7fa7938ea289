//! The centre with its ports: what is answered, what is sent, in which order, and how often.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use async_trait::async_trait;
use happytalk::core::channel::{Channel, Receipt, Verdict};
use happytalk::core::id::AccountId;
use happytalk::core::inbound::{Inbound, InboundKind};
use happytalk::core::outbound::Outbound;
use happytalk::core::payment::PaymentHandler;
use happytalk::core::testing::poll_once;
use happytalk::core::time::Timestamp;
use happytalk::core::{Capabilities, ChannelError, ChannelName, Retry, Value};
use happytalk::{DeskCommand, Entrance};

use crate::house::{Answer, Fault, House, NOW, Wire, account, restored, say};

#[test]
fn a_webhook_is_answered_after_the_commit_and_garbage_at_once() {
    let mut house = House::fresh(true);
    assert_eq!(house.receive("ann|1|안녕하세요"), 200);
    assert!(house.log().contains("customer_said"));
    assert_eq!(house.receive("garbage"), 400);
    assert_eq!(house.receive("ann|2|있나요?"), 200);
    assert_eq!(house.log().matches("customer_said").count(), 2);
}

#[test]
fn a_route_of_an_account_nobody_gave_is_not_found() {
    let house = House::fresh(true);
    let request = http::Request::post("/").body(Vec::new()).unwrap();
    let stranger: AccountId = "stranger".parse().unwrap();
    let response = poll_once(house.entrance.receive(
        &ChannelName::WEBCHAT,
        &stranger,
        request,
        NOW,
    ))
    .unwrap();
    assert_eq!(response.status(), 404);
}

#[test]
fn a_commit_that_failed_is_as_if_the_batch_had_not_come() {
    let mut house = House::fresh(true);
    house.store.will(Fault::Lost);
    assert_eq!(house.receive("ann|1|안녕하세요"), 503);
    assert!(!house.log().contains("customer_said"));
    // The platform sends it again, and it is taken.
    assert_eq!(house.receive("ann|1|안녕하세요"), 200);
    assert_eq!(house.log().matches("customer_said").count(), 1);
}

#[test]
fn a_commit_whose_answer_was_lost_is_found_in_the_store_and_not_taken_twice() {
    for idempotent in [true, false] {
        let mut house = House::fresh(idempotent);
        house.store.will(Fault::Unheard);
        assert_eq!(house.receive("ann|1|안녕하세요"), 200);
        assert_eq!(house.receive("ann|1|안녕하세요"), 200);
        assert_eq!(house.logged("customer_said"), 1);

        house.store.will(Fault::Unheard);
        assert_eq!(house.kim_says("a-1", "네"), Ok(()));
        assert_eq!(house.kim_says("a-1", "네"), Ok(()));
        assert_eq!(house.logged("agent_said"), 1);
        assert_eq!(
            house.wire.words(),
            ["네"],
            "nobody had sent it: that is known"
        );
        assert_eq!(house.logged("message_failed"), 0);
        assert!(house.center.is_idle());
    }
}

#[test]
fn what_was_not_done_is_tried_again_in_time_and_in_order() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house
        .wire
        .will(Answer::Refuses(Retry::After(Duration::from_secs(2))));
    house.kim_says("a-1", "하나").unwrap();
    house.kim_says("a-2", "둘").unwrap();
    assert_eq!(
        house.wire.words(),
        ["하나"],
        "the second waits for the first"
    );
    assert_eq!(
        house.center.next_deadline(),
        Some(NOW.plus(Duration::from_secs(2)))
    );
    house.now = NOW.plus(Duration::from_secs(2));
    house.deliver();
    assert_eq!(house.wire.words(), ["하나", "하나", "둘"]);
    let ids: Vec<_> = house
        .wire
        .sent
        .lock()
        .unwrap()
        .iter()
        .map(|outbound| outbound.id.clone())
        .collect();
    assert_eq!(ids[0], ids[1], "a second try has the same id");
    assert!(house.center.is_idle());
    assert!(!house.log().contains("message_failed"));
}

#[test]
fn what_will_never_work_is_a_failed_message_and_the_next_goes_out() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.wire.will(Answer::Refuses(Retry::Never));
    house.kim_says("a-1", "하나").unwrap();
    house.kim_says("a-2", "둘").unwrap();
    assert_eq!(house.wire.words(), ["하나", "둘"]);
    assert!(
        house
            .log()
            .contains(r#""type":"message_failed","message":"a-1","code":"wire.refused""#)
    );
}

#[test]
fn an_unknown_outcome_is_repeated_only_where_the_platform_recognises_it() {
    for (idempotent, tries) in [(true, 2), (false, 1)] {
        let mut house = House::fresh(idempotent);
        house.receive("ann|1|안녕하세요");
        house.wire.will(Answer::Refuses(Retry::Unknown));
        house.kim_says("a-1", "하나").unwrap();
        house.now = NOW.plus(Duration::from_secs(60));
        house.deliver();
        assert_eq!(house.wire.words().len(), tries);
        assert_eq!(house.log().contains("message_failed"), !idempotent);
    }
}

#[test]
fn a_message_that_fails_every_time_fails_in_the_end() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house
        .wire
        .script
        .lock()
        .unwrap()
        .extend([Answer::Refuses(Retry::After(Duration::from_secs(1))); 9]);
    house.kim_says("a-1", "하나").unwrap();
    for second in 1..=9 {
        house.now = NOW.plus(Duration::from_secs(second));
        house.deliver();
    }
    assert_eq!(house.wire.words().len(), 4);
    assert!(house.log().contains("message_failed"));
    assert!(house.center.is_idle());
}

#[test]
fn a_process_that_stopped_between_commit_and_send_sends_or_says_that_it_does_not_know() {
    for idempotent in [true, false] {
        let mut house = House::fresh(idempotent);
        house.receive("ann|1|안녕하세요");
        // Committed, and its effect lost with the process: a commit is made and the centre dropped before it sends.
        house
            .wire
            .will(Answer::Refuses(Retry::After(Duration::from_secs(600))));
        house.kim_says("a-1", "네").unwrap();
        house.wire.sent.lock().unwrap().clear();
        let mut again = house.restart();
        assert!(!again.center.is_idle());
        assert!(again.is_ready(), "what is left to do does not wait");
        again.pass(5_000);
        again.deliver();
        assert_eq!(
            again.wire.words(),
            if idempotent {
                vec!["네".to_owned()]
            } else {
                Vec::new()
            }
        );
        assert_eq!(again.log().contains("center.outcome_unknown"), !idempotent);
        assert!(again.center.is_idle());
    }
}

#[test]
fn the_log_of_a_site_has_no_gap_and_reads_back() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.kim_says("a-1", "네").unwrap();
    let mut next = std::collections::BTreeMap::new();
    for (number, line) in happytalk::core::log::lines(&house.log()) {
        let line = line.unwrap_or_else(|error| panic!("line {number}: {error}"));
        let seq = next.entry(line.stream.clone()).or_insert(0);
        *seq += 1;
        assert_eq!(line.seq, *seq, "line {number}");
    }
}

#[test]
fn a_customer_gets_one_thing_at_a_time_also_across_conversations() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    let soon = Retry::After(Duration::from_secs(2));
    house.wire.will(Answer::Refuses(soon));
    house.kim_says("a-1", "안녕히 가세요").unwrap();
    let end = DeskCommand::End {
        conversation: "c-1".parse().unwrap(),
        agent: Some("kim".parse().unwrap()),
    };
    house.command(end).unwrap();
    let written_up = DeskCommand::EndAfterWork {
        conversation: "c-1".parse().unwrap(),
    };
    house.command(written_up).unwrap();
    house.receive("ann|2|또 왔어요");
    house.command(say("c-2", "a-2", "또 오셨네요")).unwrap();
    house.receive("bob|1|저도요");
    house.command(say("c-3", "a-3", "어서 오세요")).unwrap();
    assert_eq!(
        house.wire.heard(),
        ["어서 오세요"],
        "another customer need not wait"
    );
    house.pass(2_000);
    house.deliver();
    assert_eq!(
        house.wire.heard(),
        ["어서 오세요", "안녕히 가세요", "또 오셨네요"]
    );
}

#[test]
fn a_message_with_the_id_of_one_under_way_elsewhere_goes_out_too() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.receive("bob|2|안녕하세요");
    let soon = Retry::After(Duration::from_secs(2));
    house.wire.will(Answer::Refuses(soon));
    house.command(say("c-1", "m-1", "앤에게")).unwrap();
    house.command(say("c-2", "m-1", "밥에게")).unwrap();
    house.pass(2_000);
    house.deliver();
    assert_eq!(house.wire.words(), ["앤에게", "밥에게", "앤에게"]);
    assert!(house.center.is_idle());
}

#[test]
fn no_more_waits_than_may_wait_whichever_way_it_came() {
    let mut house = House::fresh(true);
    let mut waiting: Vec<_> = (0..4_096)
        .map(|number| house.bring(&format!("ann|{number}|또")).0)
        .collect();
    assert_eq!(house.bring("ann|full|또").1, Some(503));
    let (_, refused) = house.give(say("c-1", "a-1", "네"));
    assert_eq!(refused, Some(Err(happytalk::Error::Full)));
    assert!(!house.center.is_idle());
    assert!(house.is_ready());
    house.deliver();
    assert!(waiting.iter_mut().all(|it| it.answer() == Some(200)));
    assert!(house.center.is_idle());
    assert_eq!(house.receive("ann|full|또"), 200);
}

/// A platform on which every message brings the next one of the same agent, with no end.
#[derive(Debug, Default)]
struct Mirror {
    wire: Wire,
    entrance: Mutex<Option<Entrance>>,
}

#[async_trait]
impl Channel for Mirror {
    fn name(&self) -> ChannelName {
        self.wire.name()
    }
    fn capabilities(&self) -> Capabilities {
        self.wire.capabilities()
    }
    async fn send(&self, message: &Outbound, now: Timestamp) -> Result<Receipt, ChannelError> {
        let receipt = self.wire.send(message, now).await;
        let next = format!("a-{}", self.wire.words().len());
        let entrance = self.entrance.lock().unwrap().clone().unwrap();
        // It is in the inbox once it was polled; nobody waits for the answer.
        assert!(poll_once(entrance.command(say("c-1", &next, "또"))).is_none());
        receipt
    }
    fn receive(
        &self,
        request: &http::Request<Vec<u8>>,
        now: Timestamp,
    ) -> Result<Vec<Inbound>, ChannelError> {
        self.wire.receive(request, now)
    }
    fn reply(
        &self,
        request: &http::Request<Vec<u8>>,
        verdict: &Verdict,
    ) -> http::Response<Vec<u8>> {
        self.wire.reply(request, verdict)
    }
}

#[test]
fn a_delivery_comes_to_an_end_though_what_it_does_brings_more() {
    let mut house = House::fresh(true);
    let mirror = Arc::new(Mirror::default());
    house.center = house.center.with_channel(account(), mirror.clone());
    house.entrance = house.center.entrance();
    *mirror.entrance.lock().unwrap() = Some(house.entrance.clone());
    house.receive("ann|1|안녕하세요");
    house.kim_says("a-0", "또").unwrap();
    let before = mirror.wire.words().len();
    assert!(before > 1);
    assert!(house.is_ready(), "the rest does not wait");
    house.deliver();
    assert!(mirror.wire.words().len() > before);
}

#[test]
fn an_explanation_alone_is_something_that_happened() {
    let mut house = House::fresh(true);
    let (_waiting, _) = house.bring("ann|1|안녕하세요");
    let mut delivered = house.deliver();
    assert_eq!(delivered.explanations.len(), 1);
    delivered.lines.clear();
    delivered.notices.clear();
    assert!(!delivered.is_empty());
    delivered.explanations.clear();
    assert!(delivered.is_empty());
}

#[test]
fn what_a_bot_wants_looked_at_is_shown_again_after_a_restart_and_said_when_it_is_let() {
    let mut house = House::with_bot();
    house.receive("ann|1|안녕하세요");
    assert_eq!(house.bring_in("ann|2|보상").approvals.len(), 1);
    let mut house = house.restart();
    let shown = house.deliver().approvals;
    let [(approval, conversation, asked)] = shown.as_slice() else {
        panic!("one text waits to be looked at: {shown:?}");
    };
    assert_eq!(asked.scenario.as_str(), "front");
    assert!(house.deliver().approvals.is_empty(), "once is enough");
    let before = house.wire.words().len();
    house
        .command(DeskCommand::Approve {
            conversation: conversation.clone(),
            approval: approval.clone(),
            by: "kim".parse().unwrap(),
            outcome: happytalk::scenario::ApprovalOutcome::Approved,
        })
        .unwrap();
    assert_eq!(house.wire.words()[before..], ["쿠폰을 드릴게요."]);
    let mut house = house.restart();
    assert!(house.deliver().approvals.is_empty(), "it was answered");
}

#[test]
fn what_the_host_knows_of_a_customer_is_not_asked() {
    let text = |words: &str| Value::Text(words.to_owned());
    let profile = [
        ("name".to_owned(), text("김콩쥐")),
        ("phone".to_owned(), text("01012345678")),
    ];
    let known = Value::Object([("profile".to_owned(), Value::Object(profile.into()))].into());
    for (known, asked) in [(Value::Null, 1), (known, 0)] {
        let mut house = House::with_bot().knowing(known);
        house.receive("ann|1|안녕하세요");
        house.receive("ann|2|상담원");
        assert_eq!(house.logged("profile_requested"), asked);
        assert_eq!(house.logged(r#""type":"assigned""#), 1 - asked);
    }
}

#[test]
fn an_end_that_the_platform_did_not_take_yet_does_not_end_what_the_customer_began_since() {
    let later = Retry::After(Duration::from_secs(60));
    let ends = |house: &House| {
        let sent = house.wire.sent.lock().unwrap();
        let is_end = |outbound: &&Outbound| outbound.action == happytalk::core::Action::End {};
        sent.iter().filter(is_end).count()
    };
    for restarts in [false, true] {
        let mut house = House::with_sessions();
        house.receive("ann|1|안녕하세요");
        house.wire.will(Answer::Refuses(later));
        house
            .command(DeskCommand::End {
                conversation: "c-1".parse().unwrap(),
                agent: Some("kim".parse().unwrap()),
            })
            .unwrap();
        house.deliver();
        assert_eq!(ends(&house), 1, "it was tried");
        if restarts {
            house.wire.will(Answer::Refuses(later));
            house = house.restart();
            house.deliver();
            assert_eq!(ends(&house), 2, "and again by another process");
        }
        let tries = ends(&house);
        house.receive("ann|2|하나 더요");
        assert_eq!(restored(&house), *house.center.desk());
        house.pass(120_000);
        house.deliver();
        assert_eq!(ends(&house), tries);
        assert_eq!(house.command(say("c-2", "a-1", "네")), Ok(()));
        assert!(house.center.is_idle());
    }
}

/// A till that approves what it is told to.
#[derive(Debug)]
struct Till(bool);

#[async_trait]
impl PaymentHandler for Till {
    async fn approve(&self, paid: &Inbound) -> bool {
        assert!(matches!(paid.what, InboundKind::Paid { .. }));
        self.0
    }
}

#[test]
fn what_is_no_conversation_s_goes_to_the_host_and_a_payment_is_approved_by_whoever_may() {
    let mut house = House::fresh(true);
    let delivered = house.bring_in("ann|1|!shared");
    let [told] = delivered.told.as_slice() else {
        panic!("the host is told: {delivered:?}");
    };
    assert!(matches!(told.what, InboundKind::ProfileShared { .. }));
    assert!(house.bring_in("ann|1|!shared").told.is_empty(), "once");
    assert_eq!(house.receive("ann|2|!paid"), 403, "nobody may approve it");
    for (approves, status) in [(true, 200), (false, 403)] {
        let mut house = House::fresh(true).with_payments(Arc::new(Till(approves)));
        assert_eq!(house.receive("ann|2|!paid"), status);
        assert_eq!(house.logged("opened"), 0);
    }
}
