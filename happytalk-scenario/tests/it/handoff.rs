//! SCENARIO 5 G: people and their hours.

use happytalk_core::event::{RequestedBy, Via};
use happytalk_scenario::{CallOutcome, Effect, HandoffOutcome, Hours, HoursKind, Status, Trace};

use crate::chat::{Chat, FLOW_A, call, ended, handoff_id, ignored, pressables, words};

const RETURNING: &str = r#"
    "menu": {"say": "메뉴", "buttons": [{"id": "a", "label": "사람", "to": "desk"}]},
    "desk": {"handoff": {"queue": "cs", "note": ["phone", "name", "gone"],
             "on": {"closed": "closed", "unavailable": "busy", "returned": "back"}}},
    "closed": {"say": "문 닫았어요.", "end": "closed"},
    "busy": {"say": "바빠요.", "to": "menu"},
    "back": {"say": "더 도와드릴까요?", "buttons": [{"id": "no", "label": "아니요, 됐어요", "to": "@end"}]}"#;

fn returning() -> Chat {
    let vars =
        r#""vars":{"phone":{"type":"phone"},"name":{"type":"string"},"gone":{"type":"string"}},"#;
    let nodes = RETURNING.replace(
        r#""menu": {"say""#,
        r#""door": {"set": {"phone": "'01012345678'", "name": "'콩'"}, "to": "menu"}, "menu": {"say""#,
    );
    let mut chat = Chat::with(&nodes, vars);
    chat.start();
    chat
}

#[test]
fn case_63_an_agent_is_asked_for_and_the_bot_falls_silent() {
    let mut chat = returning();
    let step = chat.say("사람");
    let [
        Effect::Handoff {
            id,
            queue,
            by,
            note,
        },
    ] = step.effects.as_slice()
    else {
        panic!("{:?}", step.effects)
    };
    assert_eq!(queue.as_ref().map(|queue| queue.as_str()), Some("cs"));
    assert_eq!(*by, RequestedBy::Keyword);
    let note: Vec<_> = note
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    assert_eq!(note, [("phone", "010-****-5678"), ("name", "콩")]);
    assert_eq!(step.status, Status::HandedOff);

    for text in ["처음으로", "사람", "안녕하세요"] {
        let step = chat.say(text);
        assert_eq!(ignored(&step), Some("handed_off"));
        assert!(step.outputs.is_empty() && step.effects.is_empty());
    }
    let step = chat.agents(id, HandoffOutcome::Accepted);
    assert_eq!(step.status, Status::HandedOff);
    assert_eq!(
        ignored(&chat.agents(id, HandoffOutcome::Accepted)),
        Some("unknown_result")
    );
    let step = chat.agents(id, HandoffOutcome::Returned);
    assert_eq!(words(&step), ["더 도와드릴까요?"]);
    assert_eq!(step.status, Status::Waiting);
}

#[test]
fn the_end_of_the_consultation_is_the_end_of_the_bot() {
    let mut chat = returning();
    let id = handoff_id(&chat.say("사람"));
    chat.agents(&id, HandoffOutcome::Accepted);
    let step = chat.agents(&id, HandoffOutcome::Closed);
    assert_eq!(ended(&step.status), Some(("handed_off", false)));
    assert_eq!(ignored(&chat.say("안녕")), Some("ended"));
}

#[test]
fn case_64_closed_and_unavailable_have_their_ways() {
    let mut chat = returning();
    chat.env.hours = Hours::closed(HoursKind::Closed, None);
    let step = chat.say("사람");
    assert!(step.effects.is_empty());
    assert_eq!(ended(&step.status), Some(("closed", false)));

    let mut chat = returning();
    let id = handoff_id(&chat.say("사람"));
    let step = chat.agents(&id, HandoffOutcome::Unavailable);
    assert_eq!(words(&step), ["바빠요.", "메뉴"]);
    assert_eq!(step.status, Status::Waiting);

    let mut chat = Chat::of(FLOW_A);
    let opens = "2026-01-13T09:00:00+09:00".parse().unwrap();
    chat.env.hours = Hours::closed(HoursKind::Closed, Some(opens));
    chat.start();
    let step = chat.say("상담원 연결");
    assert_eq!(
        words(&step),
        ["지금은 상담 시간이 아니에요. 내일 오전 9시에 다시 찾아 주세요."]
    );
    assert_eq!(ended(&step.status), Some(("after_hours", false)));
}

#[test]
fn in_the_shipped_scenario_an_accepted_hand_off_ends_the_bot_and_may_come_back() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    let id = handoff_id(&chat.say("상담원 연결"));
    let step = chat.agents(&id, HandoffOutcome::Accepted);
    assert_eq!(ended(&step.status), Some(("end", false)));
    let step = chat.agents(&id, HandoffOutcome::Returned);
    assert_eq!((chat.at(), step.status), ("main", Status::Waiting));
}

fn by(step: &happytalk_scenario::Step) -> Option<RequestedBy> {
    step.effects.iter().find_map(|effect| match effect {
        Effect::Handoff { by, .. } => Some(*by),
        _ => None,
    })
}

#[test]
fn the_hand_off_says_what_led_to_it() {
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    assert_eq!(by(&chat.say("상담사 바꿔 주세요")), None); // 바꿔 is a word for 교환
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    assert_eq!(
        by(&chat.say("직원이랑 얘기할래요")),
        Some(RequestedBy::Keyword)
    );
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    assert_eq!(by(&chat.press("agent")), Some(RequestedBy::Button));
    let mut chat = Chat::of(FLOW_A);
    chat.start();
    chat.say("교환");
    chat.say("20260101-00001");
    let (id, ..) = call(&chat.say("01012345678"));
    let (id, ..) = call(&chat.answer(&id, CallOutcome::Error));
    let step = chat.answer(&id, CallOutcome::Error);
    assert_eq!(by(&step), Some(RequestedBy::Flow));
    assert_eq!(
        words(&step),
        ["지금 조회가 원활하지 않아요. 상담원이 도와드릴게요."]
    );
}

#[test]
fn the_hours_choose_a_way() {
    let nodes = r#"
        "door": {"hours": {"calendar": "cs", "open": "open", "lunch": "lunch", "closed": "closed"}},
        "open": {"say": "열림", "end": "o"}, "lunch": {"say": "{{hours.next_open|when}}부터 상담해요.", "end": "l"},
        "closed": {"say": "{{hours.holiday|default:'닫음'}}", "end": "c"}"#;
    let at = |hours: Hours| {
        let mut chat = Chat::with(nodes, "");
        chat.env.hours = hours;
        words(&chat.start()).join("")
    };
    assert_eq!(at(Hours::open()), "열림");
    let one = "2026-01-12T13:00:00+09:00".parse().ok();
    assert_eq!(
        at(Hours::closed(HoursKind::Lunch, one)),
        "오늘 오후 1시부터 상담해요."
    );
    let holiday = Hours::closed(HoursKind::Holiday, None).with_holiday("설날");
    assert_eq!(at(holiday), "설날");
    assert_eq!(at(Hours::closed(HoursKind::Closed, None)), "닫음");
}

#[test]
fn an_agent_without_a_node_of_its_own_may_be_away() {
    let nodes =
        r#""menu": {"say": "메뉴", "buttons": [{"id": "a", "label": "사람", "to": "@agent"}]}"#;
    let mut chat = Chat::with(nodes, "");
    chat.start();
    chat.env.hours = Hours::closed(HoursKind::Holiday, None);
    let step = chat.say("사람");
    assert_eq!(words(&step), ["지금은 상담원을 연결할 수 없어요."]);
    assert_eq!((chat.at(), step.status), ("menu", Status::Waiting));
    chat.env.hours = Hours::open();
    let id = handoff_id(&chat.say("사람"));
    let step = chat.agents(&id, HandoffOutcome::Unavailable);
    assert_eq!((chat.at(), step.status), ("menu", Status::Waiting));
}

#[test]
fn a_goal_is_told_in_the_trace_and_at_the_end() {
    let mut chat = Chat::with(
        r#""menu": {"say": "메뉴", "buttons": [{"id": "a", "label": "신청", "to": "done"}]},
           "done": {"goal": true, "say": "됐어요.", "buttons": [{"id": "ok", "label": "확인", "to": "@end"}]}"#,
        "",
    );
    chat.start();
    let step = chat.say("신청");
    assert!(step.trace.iter().any(|trace| matches!(
        trace,
        Trace::Entered {
            depth: 2,
            goal: true,
            via: Via::Text,
            ..
        }
    )));
    let (ok, _) = pressables(&step);
    let step = chat.press(&ok[0].value);
    assert_eq!(ended(&step.status), Some(("end", true)));
}

#[test]
fn a_host_can_ask_whether_the_customer_may_come_back_and_what_is_asked_of_it() {
    let mut chat = returning();
    assert_eq!(chat.flow.returns_to(&chat.state), None);
    let step = chat.say("사람");
    let id = handoff_id(&step);
    assert_eq!(chat.flow.returns_to(&chat.state), None, "not accepted yet");
    chat.agents(&id, HandoffOutcome::Accepted);
    assert_eq!(chat.flow.returns_to(&chat.state), Some(id.as_str()));

    let mut chat = Chat::of(FLOW_A);
    chat.start();
    let step = chat.say("상담원");
    let id = handoff_id(&step);
    chat.agents(&id, HandoffOutcome::Accepted);
    assert_eq!(
        chat.flow.returns_to(&chat.state),
        None,
        "its hand-off does not say what comes after"
    );
}
