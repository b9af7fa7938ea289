//! SCENARIO 5, case 86: talks in YAML, played by the library's own public API. A host keeps and plays its own like this.

use happytalk_scenario::{Compiled, Recording};

use crate::chat::FLOW_A;

const PROFILE_BOT: &str = include_str!("../../scenarios/profile-bot.json");

fn recordings(yaml: &str) -> Vec<Recording> {
    serde_saphyr::from_str(yaml).unwrap_or_else(|error| panic!("{error}"))
}

#[track_caller]
fn go_as_written(flow: &str, yaml: &str) {
    let flow = Compiled::load(flow).unwrap();
    let all = recordings(yaml);
    assert!(!all.is_empty());
    for talk in all {
        let found = talk.play(&flow);
        let found: Vec<_> = found.iter().map(ToString::to_string).collect();
        assert!(found.is_empty(), "{}:\n{}", talk.name, found.join("\n"));
    }
}

#[test]
fn case_86_the_talks_of_the_corpus_go_as_they_are_written() {
    go_as_written(FLOW_A, include_str!("../../corpus/exchange-return.yaml"));
    go_as_written(PROFILE_BOT, include_str!("../../corpus/profile-bot.yaml"));
}

#[test]
fn case_86_a_talk_that_goes_another_way_says_where() {
    let flow = Compiled::load(FLOW_A).unwrap();
    let talk = "
- name: wrong
  turns:
    - { say: 교환, at: main, buttons: [], says: [없는 말], effects: [call x], stage: typo, status: call, ignored: ended, slots: { kind: return } }
    - { handoff: perhaps }
";
    let found = recordings(talk)[0].play(&flow);
    let what: Vec<_> = found.iter().map(|it| (it.turn, it.what)).collect();
    let expected = [
        "at", "status", "effects", "stage", "ignored", "slots", "says",
    ];
    let expected: Vec<_> = expected
        .iter()
        .map(|it| (0, *it))
        .chain([(1, "input")])
        .collect();
    assert_eq!(what, expected);
    assert_eq!(
        found[0].to_string(),
        "turn 0, at: expected main, got ask_order"
    );
    assert!(serde_json::from_str::<Recording>(r#"{"name":"x","turns":[{"sya":"교환"}]}"#).is_err());
}
