//! The centre when its store fails, when nobody waits for it to finish, and when it begins anew.

use std::sync::atomic::Ordering;
use std::time::Duration;

use happytalk::Error;
use happytalk::core::Retry;
use happytalk::core::testing::poll_once;

use crate::house::{Answer, Fault, House, NOW, restored, say};

const UNAVAILABLE: Error = Error::Store {
    code: "store.unavailable",
};

#[test]
fn what_was_not_written_is_not_believed_while_the_store_cannot_be_read() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    let before = house.log();
    house.store.will(Fault::Lost);
    house.store.break_loads(3);
    assert_eq!(house.kim_says("a-1", "하나"), Err(UNAVAILABLE));
    // The same again is not taken for a repetition, nor anything else for committed.
    assert_eq!(house.kim_says("a-1", "하나"), Err(UNAVAILABLE));
    assert_eq!(house.receive("ann|2|여보세요?"), 503);
    assert_eq!(house.log(), before);
    assert_eq!(house.wire.words().len(), 0);
    assert!(!house.center.is_idle());
    // The store can be read again.
    assert_eq!(house.kim_says("a-1", "하나"), Ok(()));
    assert_eq!(house.receive("ann|2|여보세요?"), 200);
    assert_eq!(house.logged("agent_said"), 1);
    assert_eq!(house.logged("customer_said"), 2);
    assert_eq!(house.wire.words(), ["하나"]);
    assert!(house.center.is_idle());
    assert_eq!(*house.center.desk(), restored(&house));
}

#[test]
fn what_was_written_unheard_is_sent_and_told_once_the_store_can_be_read() {
    for idempotent in [true, false] {
        let mut house = House::fresh(idempotent);
        house.receive("ann|1|안녕하세요");
        house.store.will(Fault::Unheard);
        house.store.break_loads(1);
        assert_eq!(house.kim_says("a-1", "하나"), Err(UNAVAILABLE));
        assert_eq!(house.wire.words().len(), 0);
        house.pass(100);
        let delivered = house.deliver();
        assert_eq!(delivered.lines.len(), 1, "each line is told once");
        assert_eq!(delivered.store_failed, None);
        assert_eq!(house.wire.words(), ["하나"]);
        assert_eq!(house.kim_says("a-1", "하나"), Ok(()), "it was said");
        assert_eq!(house.kim_says("a-2", "둘"), Ok(()));
        assert_eq!(house.wire.words(), ["하나", "둘"]);
        assert_eq!(house.logged("agent_said"), 2);
        assert_eq!(house.logged("message_failed"), 0);
        assert!(house.center.is_idle());
        assert_eq!(*house.center.desk(), restored(&house));
    }
}

#[test]
fn everything_that_waits_is_answered_when_the_store_cannot_be_read() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.store.will(Fault::Lost);
    house.store.break_loads(1);
    let mut waiting: Vec<_> = (2..600)
        .map(|number| house.bring(&format!("ann|{number}|또")).0)
        .collect();
    let (mut said, _) = house.give(say("c-1", "a-1", "네"));
    assert_eq!(house.deliver().store_failed, Some("store.unavailable"));
    assert!(waiting.iter_mut().all(|it| it.answer() == Some(503)));
    assert_eq!(said.answer(), Some(Err(UNAVAILABLE)));
}

#[test]
fn a_delivery_that_was_dropped_while_it_committed_loses_nothing() {
    for (fault, is_written) in [(Fault::Hangs, false), (Fault::HangsWritten, true)] {
        let mut house = House::fresh(false);
        house.receive("ann|1|안녕하세요");
        house.store.will(fault);
        let (mut webhook, _) = house.bring("ann|2|여보세요?");
        let (mut said, _) = house.give(say("c-1", "a-1", "하나"));
        house.begin_to_deliver();
        assert_eq!(said.answer(), None, "nobody knows yet");
        assert!(!house.center.is_idle());
        assert!(house.is_ready(), "finding out does not wait");

        let delivered = house.deliver();
        assert_eq!(delivered.store_failed.is_some(), !is_written);
        assert_eq!(delivered.lines.len(), if is_written { 2 } else { 0 });
        if is_written {
            assert_eq!(webhook.answer(), Some(200));
            assert_eq!(said.answer(), Some(Ok(())));
        } else {
            assert_eq!(webhook.answer(), Some(503));
            assert_eq!(said.answer(), Some(Err(UNAVAILABLE)));
        }
        assert_eq!(house.receive("ann|2|여보세요?"), 200);
        assert_eq!(house.kim_says("a-1", "하나"), Ok(()));
        assert_eq!(house.logged("customer_said"), 2);
        assert_eq!(house.logged("agent_said"), 1);
        assert_eq!(house.wire.words(), ["하나"]);
        assert!(house.center.is_idle());
        assert_eq!(*house.center.desk(), restored(&house));
    }
}

#[test]
fn what_a_dropped_delivery_had_done_stands_in_what_the_next_one_gives() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    let (_said, _) = house.give(say("c-1", "a-1", "하나"));
    // The message is committed and sent; that it was sent is not.
    house.store.faults.lock().unwrap().clear();
    let (_more, _) = house.give(say("c-1", "a-2", "둘"));
    house.wire.hold();
    let first = house.deliver();
    assert_eq!(first.lines.len(), 2);
    let (_third, _) = house.give(say("c-1", "a-3", "셋"));
    house.wire.release();
    house.store.will(Fault::HangsWritten);
    house.begin_to_deliver();
    let second = house.deliver();
    assert_eq!(second.lines.len(), 1);
    assert_eq!(house.wire.words(), ["하나", "둘", "셋"]);
    assert!(house.center.is_idle());
}

#[test]
fn a_delivery_dropped_while_it_reads_the_store_goes_on_reading_in_the_next() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.store.will(Fault::Unheard);
    house.store.break_loads(1);
    let (mut said, _) = house.give(say("c-1", "a-1", "하나"));
    house.deliver();
    assert_eq!(said.answer(), Some(Err(UNAVAILABLE)));
    house.store.hang_loads(true);
    house.pass(100);
    house.begin_to_deliver();
    house.store.hang_loads(false);
    house.deliver();
    assert_eq!(house.wire.words(), ["하나"]);
    assert!(house.center.is_idle());
}

#[test]
fn a_result_in_a_batch_that_was_lost_is_tried_again_once_at_a_time() {
    let mut house = House::fresh(false);
    house.receive("ann|1|안녕하세요");
    house.wire.hold();
    for (id, words) in [("a-1", "하나"), ("a-2", "둘"), ("a-3", "셋")] {
        house.kim_says(id, words).unwrap();
    }
    let soon = Retry::After(Duration::from_secs(2));
    house.wire.will(Answer::Refuses(soon));
    house.wire.release();
    // That it is to be tried again, and a customer's word, come together, and the commit of the word fails.
    house.store.will(Fault::Lost);
    assert_eq!(house.receive("ann|2|여보세요?"), 503);
    house.pass(700);
    house.deliver();
    assert_eq!(house.wire.words(), ["하나"]);
    house.wire.hold();
    for _ in 0..3 {
        house.pass(1_000);
        house.deliver();
    }
    assert_eq!(house.wire.words(), ["하나", "하나"], "one at a time");
    house.wire.release();
    house.deliver();
    assert_eq!(house.wire.words(), ["하나", "하나", "둘", "셋"]);
    assert_eq!(house.wire.heard(), ["하나", "둘", "셋"]);
    assert!(house.center.is_idle());
}

#[test]
fn a_result_whose_commit_was_lost_is_committed_later_and_not_performed_again() {
    let mut house = House::fresh(false);
    house.receive("ann|1|안녕하세요");
    house.wire.hold();
    house.kim_says("a-1", "하나").unwrap();
    house.kim_says("a-2", "둘").unwrap();
    house.wire.will(Answer::Refuses(Retry::Never));
    house.wire.release();
    house.store.will(Fault::Lost);
    let delivered = house.deliver();
    assert_eq!(delivered.store_failed, Some("store.unavailable"));
    assert!(delivered.failed.is_empty());
    assert_eq!(house.logged("message_failed"), 0);
    house.pass(100);
    assert_eq!(house.deliver().failed.len(), 1);
    assert_eq!(house.logged("message_failed"), 1);
    assert_eq!(house.wire.words(), ["하나", "둘"]);
    assert!(house.center.is_idle());
}

#[test]
fn a_store_that_is_down_is_asked_less_and_less_often() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.wire.hold();
    house.kim_says("a-1", "하나").unwrap();
    house.wire.release();
    for _ in 0..12 {
        house.store.will(Fault::Lost);
    }
    let before = house.store.loads.load(Ordering::Relaxed);
    for _ in 0..40 {
        if house.is_ready() {
            house.deliver();
        }
    }
    let asked = house.store.loads.load(Ordering::Relaxed) - before;
    assert_eq!(asked, 1, "at one instant it is asked once");

    let mut waits = Vec::new();
    while !house.center.is_idle() {
        let next = house.center.next_deadline().expect("a result waits");
        waits.push(next.since(house.now).as_millis());
        assert!(!house.is_ready());
        house.now = next;
        assert!(house.center.next_deadline().is_some());
        house.deliver();
    }
    assert_eq!(
        waits,
        [
            100, 200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000, 10_000, 10_000, 10_000
        ]
    );
    assert_eq!(house.wire.words(), ["하나"]);
    assert_eq!(
        house.center.next_deadline(),
        house.center.desk().next_deadline()
    );
}

#[test]
fn the_clocks_of_conversations_wait_for_a_store_that_is_down() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.kim_says("a-1", "하나").unwrap();
    let due = house
        .center
        .next_deadline()
        .expect("somebody may fall silent");
    house.now = due;
    house.store.will(Fault::Lost);
    house.deliver();
    assert!(house.center.next_deadline() > Some(due), "nobody spins");
    assert!(!house.is_ready());
    house.now = house.center.next_deadline().unwrap();
    let delivered = house.deliver();
    assert!(!delivered.lines.is_empty());
    let next = house.center.next_deadline();
    assert!(next.is_none_or(|next| next > house.now));
}

#[test]
fn sends_under_way_go_on_while_the_store_takes_its_time() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.wire.hold();
    house.kim_says("a-1", "하나").unwrap();
    house.store.will(Fault::Hangs);
    let (_webhook, _) = house.bring("bob|1|저도요");
    let mut delivery = Box::pin(house.center.deliver(house.now));
    assert!(poll_once(delivery.as_mut()).is_none());
    assert!(house.wire.heard().is_empty());
    house.wire.release();
    assert!(poll_once(delivery.as_mut()).is_none());
    assert_eq!(house.wire.heard(), ["하나"]);
}

#[test]
fn a_site_that_opens_with_work_to_do_is_ready_at_once() {
    let mut house = House::fresh(true);
    assert!(!house.is_ready(), "nothing waits");
    house.receive("ann|1|안녕하세요");
    house.wire.hold();
    house.kim_says("a-1", "하나").unwrap();
    let mut again = house.restart();
    again.wire.release();
    assert!(again.is_ready());
    again.deliver();
    assert_eq!(again.wire.heard(), ["하나"]);
    assert!(again.center.is_idle());
    assert!(!again.is_ready());
    assert_eq!(again.now, NOW);
}
