//! The centre when its store cannot hold what somebody wrote.

use std::sync::Arc;

use async_trait::async_trait;
use happytalk::Error;
use happytalk::core::Value;
use happytalk::core::call::{Call, CallHandler, CallOutcome};
use happytalk::core::time::Timestamp;

use crate::house::{Fault, House, restored, say};

const REFUSED: Error = Error::Store {
    code: "store.refused",
};

/// What PostgreSQL takes neither in `text` nor in `jsonb`.
const NUL: &str = "\\u0000";

#[test]
fn what_cannot_be_written_is_turned_away_alone() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.store.cannot_write(NUL);
    let bodies = ["ann|2|어디까지", "bob|1|여기\0저기", "cat|1|저도요"];
    let mut webhooks: Vec<_> = bodies.iter().map(|body| house.bring(body).0).collect();
    let (mut said, _) = house.give(say("c-1", "a-1", "네"));
    let (mut odd, _) = house.give(say("c-1", "a-2", "네\0"));
    let delivered = house.deliver();
    let answers: Vec<_> = webhooks.iter_mut().map(|it| it.answer().unwrap()).collect();
    assert_eq!(
        answers,
        [200, 400, 200],
        "the platform does not send it again"
    );
    assert_eq!(said.answer(), Some(Ok(())));
    assert_eq!(odd.answer(), Some(Err(REFUSED)));
    assert_eq!(delivered.passed_over, ["store.refused", "store.refused"]);
    assert_eq!(delivered.store_failed, None);
    assert_eq!(house.wire.words(), ["네"]);
    assert_eq!(house.logged("customer_said"), 3);
    assert!(house.center.is_idle());
    assert_eq!(*house.center.desk(), restored(&house));
    // And everything goes together again.
    assert_eq!(house.receive("bob|2|여기저기"), 200);
}

#[test]
fn more_than_one_delivery_takes_apart_is_all_answered() {
    let mut house = House::fresh(true);
    house.store.cannot_write(NUL);
    let mut webhooks: Vec<_> = (1..200)
        .map(|number| {
            house
                .bring(&format!(
                    "ann|{number}|{}",
                    if number % 50 == 0 { "\0" } else { "또" }
                ))
                .0
        })
        .collect();
    while house.is_ready() {
        house.deliver();
    }
    let answers = webhooks.iter_mut().filter_map(|it| it.answer());
    assert_eq!(answers.filter(|status| *status == 400).count(), 3);
    assert_eq!(house.logged("customer_said"), 196);
    assert!(house.center.is_idle());
}

#[test]
fn a_store_that_goes_away_meanwhile_turns_nothing_away() {
    let mut house = House::fresh(true);
    house.store.cannot_write(NUL);
    house.store.break_loads(1);
    assert_eq!(house.receive("ann|1|\0"), 503, "it may be tried again");
    // What was refused before is known by now to be in no store, and what comes is taken as ever.
    assert_eq!(house.receive("ann|2|안녕하세요"), 200);
    assert_eq!(house.receive("ann|1|\0"), 400);
    house.store.will(Fault::Lost);
    assert_eq!(house.receive("ann|3|여보세요"), 503);
    assert_eq!(house.receive("ann|3|여보세요"), 200);
    assert_eq!(house.logged("customer_said"), 2);
}

/// A system that knows of 777 points.
#[derive(Debug)]
struct Points;

#[async_trait]
impl CallHandler for Points {
    async fn call(&self, _: &Call) -> CallOutcome {
        CallOutcome::Ok(Value::Object(
            [("left".to_owned(), Value::from(777))].into(),
        ))
    }
}

#[test]
fn an_answer_that_cannot_be_written_counts_as_an_error_of_its_call() {
    let mut house = House::with_bot().calling(Arc::new(Points));
    house.store.cannot_write("777점");
    assert_eq!(house.receive("ann|1|안녕하세요"), 200);
    assert_eq!(house.receive("ann|2|포인트"), 200);
    let words = house.wire.words();
    assert_eq!(
        words.last().map(String::as_str),
        Some("지금은 연결할 수 없어요.")
    );
    assert!(house.center.is_idle());
    assert_eq!(*house.center.desk(), restored(&house));
}

#[test]
fn what_the_clock_writes_and_the_store_refuses_is_tried_less_and_less_often() {
    let mut house = House::fresh(true);
    house.receive("ann|1|안녕하세요");
    house.kim_says("a-1", "네").unwrap();
    let before = house.log();
    let due: Timestamp = house
        .center
        .next_deadline()
        .expect("somebody may fall silent");
    house.now = due;
    house.store.cannot_write("\"at\"");
    assert_eq!(house.receive("ann|2|저기요"), 503);
    assert!(!house.is_ready(), "nobody spins");
    assert_eq!(house.log(), before);
    house.now = house.center.next_deadline().unwrap();
    assert!(house.now > due);
    assert_eq!(house.deliver().store_failed, Some("store.refused"));
    house.store.heal();
    assert_eq!(house.receive("ann|2|저기요"), 200);
    assert_eq!(*house.center.desk(), restored(&house));
}
