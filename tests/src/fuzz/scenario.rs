//! What authors, stores and customers give the scenario engine.

use std::str;
use std::sync::LazyLock;

use happytalk_core::time::Timestamp;
use happytalk_scenario::{
    CallOutcome, Compiled, Effect, Env, HandoffOutcome, Input, Matcher, Name, State, Step, check,
    format, keyboard_repaired, normal_form, sarif, step, upgrade,
};

static FLOW: LazyLock<Compiled> = LazyLock::new(|| {
    Compiled::load(include_str!(
        "../../../happytalk-scenario/scenarios/exchange-return.json"
    ))
    .expect("the shipped flow loads")
});

/// A question of every kind, each behind a button with the number of the kind.
static QUESTIONS: LazyLock<Compiled> = LazyLock::new(|| {
    let kinds = [
        "text",
        "name_kr",
        "phone_kr",
        "email",
        "order",
        "pattern",
        "date",
        "time",
        "number",
        "money",
        "choice",
        "multi",
        "yesno",
        "address_kr",
        "birth_kr",
        "image",
        "consent",
    ];
    let stored = |kind: &str| match kind {
        "phone_kr" => r#""phone","pii":true,"basis":"contract""#,
        "date" => r#""date""#,
        "birth_kr" => r#""date","pii":true,"basis":"contract""#,
        "number" | "money" => r#""int""#,
        "multi" => r#""list","of":"string""#,
        "yesno" | "consent" => r#""bool""#,
        "name_kr" | "email" | "address_kr" => r#""string","pii":true,"basis":"contract""#,
        _ => r#""string""#,
    };
    let each = |write: &dyn Fn(usize, &str) -> String| {
        let all = kinds.iter().enumerate();
        all.map(|(at, kind)| write(at, kind))
            .collect::<Vec<_>>()
            .join(",")
    };
    let vars = each(&|at, kind| format!(r#""v{at}":{{"type":{}}}"#, stored(kind)));
    let buttons =
        each(&|at, kind| format!(r#"{{"id":"b{at}","label":"{kind} 묻기","to":"q{at}"}}"#));
    let asks = each(&|at, kind| {
        let more = match kind {
            "pattern" => r#","pattern":"([a-z]+)+[0-9]{2,4}""#,
            "choice" | "multi" => r#","options":["빨강","파랑","Green tea"]"#,
            "phone_kr" => r#","landline":true"#,
            _ => "",
        };
        format!(
            r#""q{at}":{{"ask":{{"var":"v{at}","as":"{kind}","prompt":"?","retry":{{"max":2,"say":"다시요.","then":"menu"}}{more}}},"to":"menu"}}"#
        )
    });
    let text = format!(
        r#"{{"format":1,"id":"questions","version":1,"start":"menu","vars":{{{vars}}},
            "fallback":{{"say":"골라 주세요.","repeat":true,"max":1,"then":"@end"}},
            "nodes":{{"menu":{{"menu":true,"say":"메뉴","buttons":[{buttons},{{"id":"bye","label":"끝","to":"@end"}}]}},{asks}}}}}"#
    );
    Compiled::load(&text).unwrap_or_else(|refused| panic!("{refused:#?}"))
});

fn said<'a>(id: &'a str, text: Option<&'a str>, token: Option<&'a str>) -> Input<'a> {
    Input::Customer {
        id,
        text,
        token,
        media: None,
    }
}

/// A step, and the state through the host's store in both of its forms.
fn stepped(flow: &Compiled, state: &mut State, input: Input<'_>, env: &Env) -> Step {
    let made = step(flow, state, input, env);
    for bytes in [state.to_bytes(), state.to_packed()] {
        let again = State::from_bytes(&bytes).expect("what is written can be read");
        assert!(again == *state, "and is the same");
    }
    made
}

/// A talk with the host's answers in it.
fn talk(flow: &Compiled, state: &mut State, texts: &[&str]) {
    let env = Env::new(Timestamp::EPOCH);
    let mut made = stepped(flow, state, Input::Start, &env);
    for (at, text) in texts.iter().enumerate() {
        let effects = std::mem::take(&mut made.effects);
        for effect in &effects {
            match effect {
                Effect::Call { id, .. } => {
                    let outcome = CallOutcome::Timeout;
                    stepped(flow, state, Input::CallResult { id, outcome }, &env);
                }
                Effect::Handoff { id, .. } => {
                    let outcome = HandoffOutcome::Returned;
                    stepped(flow, state, Input::HandoffResult { id, outcome }, &env);
                }
                _ => {}
            }
        }
        let id = at.to_string();
        made = stepped(flow, state, said(&id, Some(text), None), &env);
    }
}

/// A scenario document. One that loads is talked to, drawn and compared with itself.
pub fn scenario_load(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    let found = check(text);
    let told = sarif([("flow.json", text, found.as_slice())]);
    assert!(told.starts_with('{') && told.trim_end().ends_with('}'));
    let Ok(flow) = Compiled::load(text) else {
        assert!(!found.is_empty(), "what is refused is told");
        return;
    };
    let mut state = State::new(&flow);
    talk(
        &flow,
        &mut state,
        &[
            "1",
            "네",
            "교환",
            "처음으로",
            "이전으로",
            "마지막",
            "01012345678",
        ],
    );
    assert_eq!(flow.diff(&flow, [&state]).see_again, 0);
    let _ = (flow.run_tests(), flow.needed_subs());
}

/// A document through the formatter and the way from older formats.
pub fn scenario_written(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else {
        return;
    };
    if let Ok(written) = format(text) {
        assert_eq!(
            format(&written).as_ref(),
            Ok(&written),
            "written once is written for good"
        );
        assert_eq!(
            Compiled::load(text).is_ok(),
            Compiled::load(&written).is_ok(),
            "and means the same"
        );
    }
    if let Ok(newer) = upgrade(text) {
        assert_eq!(upgrade(&newer).as_ref(), Ok(&newer));
    }
}

/// The state of a bot, and, after its first line break, what the customer writes. The bytes are tried as they are, and
/// with a right checksum around them.
pub fn scenario_state(data: &[u8]) {
    let (bytes, said) = match data.iter().position(|byte| *byte == b'\n') {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &b"\xea\xb5\x90\xed\x99\x98"[..]),
    };
    let text = String::from_utf8_lossy(said);
    let json = {
        let body = bytes.strip_prefix(b"{").unwrap_or(bytes);
        let mut whole = format!("{{\"crc\":\"{:08x}\",", crc32(body)).into_bytes();
        whole.extend_from_slice(body);
        whole
    };
    let packed = {
        let mut whole = vec![0xB1];
        whole.extend_from_slice(bytes);
        whole.extend(crc32(&whole).to_le_bytes());
        whole
    };
    for bytes in [bytes, &json, &packed] {
        let Ok(mut state) = State::from_bytes(bytes) else {
            continue;
        };
        talk(&FLOW, &mut state, &[&text, "교환", "처음으로", &text]);
    }
    let mut state = State::new(&FLOW);
    talk(&FLOW, &mut state, &[&text]);
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}

/// What a customer types: at a menu, at a question of every kind, and to a matcher with many words.
pub fn scenario_text(data: &[u8]) {
    static MANY: LazyLock<Matcher> = LazyLock::new(|| {
        let words: Vec<String> = (0..300).map(|n| format!("낱말 {n} word{n}")).collect();
        let names = words
            .chunks(30)
            .map(|words| Name::new(&words[0]).with_words(words[1..].iter().map(String::as_str)));
        Matcher::new(&names.collect::<Vec<_>>())
    });
    let text = String::from_utf8_lossy(data);
    let form = normal_form(&text);
    assert_eq!(normal_form(&form), form, "what is normal stays as it is");
    let _ = keyboard_repaired(&text);
    assert_eq!(MANY.find(&text), MANY.find(&text));
    let env = Env::new(Timestamp::EPOCH);
    for at in 0..17 {
        let mut state = State::new(&QUESTIONS);
        stepped(&QUESTIONS, &mut state, Input::Start, &env);
        let button = format!("b{at}");
        stepped(&QUESTIONS, &mut state, said("1", None, Some(&button)), &env);
        stepped(&QUESTIONS, &mut state, said("2", Some(&text), None), &env);
        stepped(
            &QUESTIONS,
            &mut state,
            said("3", Some(&text), Some(&text)),
            &env,
        );
    }
}
