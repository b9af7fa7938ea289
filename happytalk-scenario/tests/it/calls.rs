//! SCENARIO 5 E: calls out, results in.

use happytalk_core::Value;
use happytalk_scenario::{CallOutcome, Effect, HandoffOutcome, Status};

use crate::chat::{Chat, FLOW_A, call, handoff_id, ignored, words};

const NODES: &str = r#"
    "memo": {"ask": {"var": "memo", "as": "text", "prompt": "메모요."}, "to": "save"},
    "save": {"call": "ticket", "with": {"memo": "memo"}, "into": "ticket", "slow": "저장 중이에요…",
             "on": {"ok": "saved", "full": "full", "timeout": "fail", "error": "fail"}},
    "saved": {"say": "접수번호 {{ticket.no}}", "end": "ok"},
    "full": {"say": "가득 찼어요.", "end": "full"},
    "fail": {"say": "실패했어요.", "buttons": [{"id": "again", "label": "다시 시도", "to": "save"},
                                              {"id": "edit", "label": "고치기", "to": "memo"}]}"#;

fn chat(more: &str) -> Chat {
    let more = format!(
        r#""vars":{{"memo":{{"type":"string"}},"ticket":{{"type":"object","fields":{{"no":"string","at":"date?"}}}}}},
           "calls":{{"ticket":{{"in":{{"memo":"string"}},"out":"ticket","timeout_ms":2500,"errors":["full"]{more}}}}},"#
    );
    let mut chat = Chat::with(NODES, &more);
    chat.start();
    chat
}

fn ticket(no: Value) -> CallOutcome {
    let members = [
        ("no".to_owned(), no),
        ("extra".to_owned(), Value::Bool(true)),
    ];
    CallOutcome::Ok(Value::Object(members.into_iter().collect()))
}

#[test]
fn case_50_a_call_is_one_effect_with_an_id() {
    let mut chat = chat("");
    let step = chat.say("사과 세 개");
    assert_eq!(words(&step), ["저장 중이에요…"]);
    assert_eq!(step.status, Status::WaitingCall);
    let [
        Effect::Call {
            name,
            input,
            timeout_ms,
            attempt,
            ..
        },
    ] = step.effects.as_slice()
    else {
        panic!("{:?}", step.effects)
    };
    assert_eq!((name.as_str(), *timeout_ms, *attempt), ("ticket", 2_500, 1));
    assert_eq!(input.get("memo"), Some(&Value::from("사과 세 개")));
}

#[test]
fn case_51_each_result_has_its_way() {
    let after = |outcome: CallOutcome| {
        let mut chat = chat("");
        let (id, ..) = call(&chat.say("메모"));
        let step = chat.answer(&id, outcome);
        words(&step).pop().unwrap()
    };
    assert_eq!(after(ticket("T-1".into())), "접수번호 T-1");
    assert_eq!(after(CallOutcome::Declared("full".into())), "가득 찼어요.");
    assert_eq!(after(CallOutcome::Timeout), "실패했어요.");
    assert_eq!(after(CallOutcome::Error), "실패했어요.");
    assert_eq!(
        after(CallOutcome::Declared("unheard_of".into())),
        "실패했어요."
    );
    // No service can say `ok` without a result.
    assert_eq!(after(CallOutcome::Declared("ok".into())), "실패했어요.");
    // A result of another kind than declared is an error, not a surprise later.
    assert_eq!(after(ticket(Value::Int(1))), "실패했어요.");
    assert_eq!(after(CallOutcome::Ok(Value::Null)), "실패했어요.");
}

#[test]
fn only_what_is_declared_is_kept_of_a_result() {
    let mut chat = chat("");
    let (id, ..) = call(&chat.say("메모"));
    chat.answer(&id, ticket("T-1".into()));
    let kept = chat.state.slot("ticket").unwrap();
    assert_eq!(
        (kept.get("no"), kept.get("extra")),
        (Some(&Value::from("T-1")), None)
    );
}

#[test]
fn case_53_a_result_counts_once() {
    let mut chat = chat("");
    let (id, ..) = call(&chat.say("메모"));
    chat.answer(&id, CallOutcome::Timeout);
    let before = chat.state.clone();
    let step = chat.answer(&id, ticket("T-1".into()));
    assert_eq!(ignored(&step), Some("unknown_result"));
    assert!(chat.state == before && step.outputs.is_empty());
}

#[test]
fn case_54_who_writes_meanwhile_is_told_once_and_the_call_goes_on() {
    let mut chat = chat("");
    let (id, ..) = call(&chat.say("메모"));
    let step = chat.say("아직인가요?");
    assert_eq!(words(&step), ["처리 중이에요. 잠시만 기다려 주세요."]);
    assert_eq!(
        (step.status.clone(), ignored(&step)),
        (Status::WaitingCall, Some("call_pending"))
    );
    assert!(chat.say("여보세요?").outputs.is_empty());
    assert_eq!(
        words(&chat.answer(&id, ticket("T-1".into()))),
        ["접수번호 T-1"]
    );
}

#[test]
fn case_55_the_same_request_has_the_same_key_when_it_is_made_once() {
    let mut once = chat(r#","once":true"#);
    let (id, key, _) = call(&once.say("메모"));
    once.answer(&id, CallOutcome::Timeout);
    let (second, again, _) = call(&once.say("다시 시도"));
    assert_eq!(key, again);
    assert_ne!(id, second);
    // Another request is another one.
    once.answer(&second, CallOutcome::Timeout);
    once.say("고치기");
    let (_, other, _) = call(&once.say("다른 메모"));
    assert_ne!(key, other);

    let mut often = chat("");
    let (id, key, _) = call(&often.say("메모"));
    often.answer(&id, CallOutcome::Error);
    assert_ne!(key, call(&often.say("다시 시도")).1);
}

#[test]
fn case_56_a_result_of_the_wrong_kind_changes_nothing() {
    let mut chat = chat("");
    let (id, ..) = call(&chat.say("메모"));
    let before = chat.state.clone();
    let step = chat.agents(&id, HandoffOutcome::Accepted);
    assert_eq!(ignored(&step), Some("wrong_result"));
    assert!(chat.state == before);

    let mut chat = Chat::of(FLOW_A);
    chat.start();
    let id = handoff_id(&chat.say("상담원 연결"));
    let before = chat.state.clone();
    assert_eq!(
        ignored(&chat.answer(&id, CallOutcome::Error)),
        Some("wrong_result")
    );
    assert!(chat.state == before);
}

#[test]
fn case_57_a_retry_is_a_second_effect_with_the_same_key() {
    let mut chat = chat(r#","retry":1"#);
    let (first, key, _) = call(&chat.say("메모"));
    let (second, again, attempt) = call(&chat.answer(&first, CallOutcome::Error));
    assert_eq!((attempt, again == key, second != first), (2, true, true));
    assert_eq!(
        ignored(&chat.answer(&first, ticket("T-0".into()))),
        Some("unknown_result")
    );
    let step = chat.answer(&second, CallOutcome::Timeout);
    assert_eq!(words(&step), ["실패했어요."]);
}
